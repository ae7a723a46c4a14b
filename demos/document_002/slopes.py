"""Pictures of derivatives for section 3.4 of document 002: secants, a mountain, and slopes in all directions."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd import Value, directional_derivative, grad
from demos.motion import save_motion
from nn.figures import (
    AS_IT_IS,
    BLUE,
    COLOURS,
    DASHES,
    FAINT,
    INK,
    ORANGE,
    PAPER,
    PLAIN,
    SEQUENTIAL,
    SMALL,
    Axes,
    Figure,
    blank,
    colour_bar,
    colours,
    dressed,
)

ANGLES = (-50, -25, 0, 25, 50)
"""Of the ways up the mountain, to the gradient, in degrees."""

NEAR_ANGLES = tuple(place / 2 for place in range(-20, 21))
"""Half a degree apart, about the gradient: among these the shortest way is looked for."""

LITTLE = 1.0
"""Metres: a level that is so much higher is near."""

FRAMES = 10
"""Of the picture in motion."""

ENDS = np.array([0.0, 2.2])
"""Between these inputs functions and secants are drawn."""

FAR, HALVINGS = 1000.0, 50
"""No way is longer, in metres; its end is found by halving."""


class Mountain(NamedTuple):
    """Ours: a summit of so many metres, longer than wide, and where we stand; the next level is at `level`."""

    summit: float
    length: float
    width: float
    start: tuple[float, float]
    level: float

    def height(self, x: Value, y: Value) -> Value:
        """In metres, at x metres to the east of the summit and y to the north."""
        return self.summit * (-((x / self.length) ** 2) - (y / self.width) ** 2).exp()

    @property
    def start_height(self) -> float:
        return round(self.height(*map(Value, self.start)).data, 1)


MOUNTAIN = Mountain(400.0, 800.0, 600.0, (-500.0, -460.95), 200.0)


class Secant(NamedTuple):
    """The line through two points of a function: its heights above ENDS, the second point, and what is said of it."""

    heights: NDArray[np.float64]
    end: tuple[float, float]
    name: str


class Climb(NamedTuple):
    """A straight way up: its angle to the gradient, the slope at its start, its length, and where it ends."""

    angle: float
    slope: float
    distance: float
    end: tuple[float, float]


def climbs(angles: Sequence[float] = ANGLES, level: float = MOUNTAIN.level) -> list[Climb]:
    """The straight ways from the start to the level, at such angles to the gradient, which go up at first."""
    x, y = map(Value, MOUNTAIN.start)
    height = MOUNTAIN.height(x, y)
    east, north = (slope.data for slope in grad(height, [x, y]))
    found = []
    for angle in angles:
        radians = math.atan2(north, east) + math.radians(angle)
        v = (math.cos(radians), math.sin(radians))
        distance = _distance(v, level)
        end = (x.data + distance * v[0], y.data + distance * v[1])
        found.append(Climb(angle, directional_derivative(height, [x, y], v).data, distance, end))
    return found


def shortest(found: Sequence[Climb]) -> Climb:
    """Of these ways."""
    return min(found, key=lambda climb: climb.distance)


def _distance(v: tuple[float, float], level: float) -> float:
    """How far it is to the level in that direction, which goes up at first."""
    places = np.linspace(0, FAR, 200)
    far = next(float(place) for place in places if _height(place, v) >= level)
    near = 0.0
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        near, far = (middle, far) if _height(middle, v) < level else (near, middle)
    return far


def _height(place: float, v: tuple[float, float]) -> float:
    x, y = (Value(start + place * part) for start, part in zip(MOUNTAIN.start, v))
    return MOUNTAIN.height(x, y).data


# ---- the pictures


def drawn_climbs(found: Sequence[Climb]) -> Figure:
    """Levels of the mountain, and the ways to the next one."""
    figure = blank(6.4, 4.4)
    axes = dressed(figure.add_subplot(), "metres to the east of the summit", "metres to the north")
    x, y = np.meshgrid(np.linspace(-800, 100, 80), np.linspace(-620, 100, 60))
    heights = np.vectorize(lambda east, north: MOUNTAIN.height(Value(east), Value(north)).data)(x, y)
    levels = list(range(0, 401, 50))
    bands = axes.contourf(x, y, heights, levels, cmap=colours(SEQUENTIAL))
    named = levels[3:-1]
    axes.contour(x, y, heights, [*levels[:3], levels[-1]], colors=[PAPER], linewidths=0.8)
    lines = axes.contour(x, y, heights, named, colors=[PAPER], linewidths=0.8)
    below = [(0.0, -MOUNTAIN.width * math.sqrt(math.log(MOUNTAIN.summit / level))) for level in named]
    axes.clabel(lines, fmt=lambda level: f"{level:g}", fontsize=SMALL, colors=[INK], manual=below)
    for climb in sorted(found, key=lambda climb: climb.angle == 0):
        colour, width = (BLUE, 3.0) if climb.angle == 0 else (INK, 1.0)
        arrow = {"arrowstyle": "->", "color": colour, "linewidth": width, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", climb.end, MOUNTAIN.start, arrowprops=arrow)
    axes.plot(*MOUNTAIN.start, "o", color=BLUE, markeredgecolor=PAPER, markersize=9)
    axes.set_aspect("equal")
    colour_bar(figure, bands, axes, "height in metres")
    return figure


def drawn_angles(degrees: Sequence[float], slopes: Sequence[float], steepest: float) -> Figure:
    """The slope in every direction, with the steepest marked."""
    figure = blank(6.4, 3.8)
    axes = dressed(figure.add_subplot(), "direction of v, in degrees from the x axis", "D_v f")
    axes.axhline(0, color=FAINT, linewidth=0.8)
    axes.plot(degrees, slopes, color=BLUE)
    for place, (name, turned) in enumerate((("α = 0°", 0), ("α = 90°", 90), ("α = 180°", 180), ("α = 270°", 270))):
        angle = (steepest + turned) % 360
        height = float(np.interp(angle, degrees, slopes, period=360))
        axes.plot([angle], [height], "os"[place % 2], color=ORANGE, markersize=7)
        aside = (0, -16) if height > 1 else (0, 8) if height < -1 else (26, 8) if turned == 90 else (-30, 8)
        placed: dict[str, Any] = {"textcoords": "offset points", "ha": "center"}
        axes.annotate(name, (angle, height), aside, fontsize=PLAIN, color=INK, **placed, **AS_IT_IS)
    axes.set(xlim=(0, 360), xticks=range(0, 361, 45))
    return figure


def drawn_secants(function: Callable[[Value], Value], x: Value, increases: Sequence[float]) -> Figure:
    """The function, the lines through two of its points, and the line of its derivative."""
    figure = blank(6.0, 4.2)
    axes = dressed(figure.add_subplot(), "input", "output")
    _draw_function(axes, function, x)
    for place, by in enumerate(increases[:3]):
        _draw_secant(axes, _secant(function, x, by), COLOURS[place + 2], DASHES[place + 1])
    axes.legend(frameon=False, fontsize=PLAIN, loc="upper left")
    return figure


def save_secants(function: Callable[[Value], Value], x: Value, path: Path) -> None:
    """The same in motion: the increase becomes smaller."""
    figure = blank(6.0, 4.2)
    axes = dressed(figure.add_subplot(), "input", "output")
    point = _draw_function(axes, function, x)
    secants = [_secant(function, x, float(by)) for by in np.geomspace(1.0, 0.01, FRAMES)]
    line, end = _draw_secant(axes, secants[0], COLOURS[2], DASHES[1])
    legend = axes.legend(frameon=False, fontsize=PLAIN, loc="upper left")

    def show(secant: Secant) -> None:
        line.set_ydata(secant.heights)
        end.set_data([secant.end[0]], [secant.end[1]])
        legend.get_texts()[-1].set_text(secant.name)

    save_motion(figure, [line, end, point, legend], show, secants, path, per_second=2)


def _draw_function(axes: Axes, function: Callable[[Value], Value], x: Value) -> Any:
    """The point at which the derivative is taken."""
    inputs = np.linspace(ENDS[0], ENDS[1], 60)
    axes.plot(
        inputs, [function(Value(number)).data for number in inputs], color=BLUE, linewidth=2, label="the function"
    )
    y = function(x)
    slope = grad(y, x).data
    axes.plot(inputs, y.data + slope * (inputs - x.data), color=ORANGE, label=f"the derivative at 1: {slope:g}")
    (point,) = axes.plot([x.data], [y.data], "o", color=INK, markersize=7, zorder=3)
    axes.set(xlim=tuple(ENDS), ylim=(0, 6))
    return point


def _secant(function: Callable[[Value], Value], x: Value, by: float) -> Secant:
    low, high = function(x).data, function(Value(x.data + by)).data
    rate = (high - low) / by
    return Secant(low + rate * (ENDS - x.data), (x.data + by, high), f"input + {by:.3g}: rate {rate:.3g}")


def _draw_secant(axes: Axes, secant: Secant, colour: str, dashes: object) -> list[Any]:
    """The line, and the second point."""
    line = axes.plot(ENDS, secant.heights, color=colour, linestyle=dashes, label=secant.name)
    return [*line, *axes.plot(*secant.end, "o", color=colour, markersize=6)]
