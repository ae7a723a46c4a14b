"""A robot that comes down a mountain and sees 100 m: figure 33 of document 002. The mountain is ours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from autograd import Value
from nn import SGD, clip_norm
from nn.figures import BLUE, DASHES, INK, ORANGE, PAPER, PLAIN, SEQUENTIAL, Figure, blank, colour_bar, colours, dressed

VIEW = 100.0
"""The robot sees so many metres, and goes no farther before it looks again."""

RATE = 400.0
"""Metres for a slope of 1."""

FLAT = 0.002
"""Where the slope is less, the robot has come down."""

LOOKS = 72
"""Points on the circle that it sees."""

STARTS = {"the western slope": (-150.0, 60.0), "the eastern slope": (150.0, 100.0)}


class Spot(NamedTuple):
    """A place: its height, its slope, and in degrees where minus the gradient and the lowest point seen are."""

    x: float
    y: float
    height: float
    slope: float
    downhill: float
    lowest: float


class Walk(NamedTuple):
    """The places at which the robot looked around, the last one included."""

    name: str
    spots: Sequence[Spot]


def height(x: Value, y: Value) -> Value:
    """In metres: a summit, and two valleys, of which the western one is deeper."""
    summit = 250 * _hill(x, y, 0, 0, 450)
    return 700 + summit - 350 * _hill(x, y, -800, -450, 450) - 220 * _hill(x, y, 750, 350, 400)


def _hill(x: Value, y: Value, east: float, north: float, width: float) -> Value:
    return (-(((x - east) / width) ** 2) - ((y - north) / width) ** 2).exp()


def walks(steps: int) -> list[Walk]:
    """The walks from both starts, of so many steps at most."""
    return [walk(name, start, steps) for name, start in STARTS.items()]


def walk(name: str, start: tuple[float, float], steps: int) -> Walk:
    """Down from the start, until it is flat or there were so many steps."""
    x, y = Value(start[0], "x"), Value(start[1], "y")
    h = height(x, y)
    optimizer = SGD([x, y], RATE)
    spots: list[Spot] = []
    for _ in range(steps + 1):
        optimizer.zero_grad()
        h.backward()
        spots.append(_spot(x, y, h))
        if spots[-1].slope < FLAT:
            break
        clip_norm([x, y], VIEW / RATE)
        optimizer.step()
        h.refresh()
    return Walk(name, spots)


def _spot(x: Value, y: Value, h: Value) -> Spot:
    angles = [360 * place / LOOKS for place in range(LOOKS)]
    seen = [height(*_ahead(x, y, angle)).data for angle in angles]
    downhill = math.degrees(math.atan2(-y.grad, -x.grad)) % 360
    return Spot(x.data, y.data, h.data, math.hypot(x.grad, y.grad), downhill, angles[seen.index(min(seen))])


def _ahead(x: Value, y: Value, degrees: float) -> tuple[Value, Value]:
    radians = math.radians(degrees)
    return Value(x.data + VIEW * math.cos(radians)), Value(y.data + VIEW * math.sin(radians))


def drawn_walks(found: Sequence[Walk]) -> Figure:
    """The mountain from above, the walks, and what the robot sees at first."""
    from matplotlib.patches import Circle

    figure = blank(7.0, 4.8)
    axes = dressed(figure.add_subplot(), "metres to the east of the summit", "metres to the north")
    xs, ys = np.linspace(-1300, 1200, 61), np.linspace(-900, 850, 45)
    heights = [[height(Value(x), Value(y)).data for x in xs] for y in ys]
    bands = axes.contourf(xs, ys, heights, 16, cmap=colours(SEQUENTIAL))
    axes.contour(xs, ys, heights, 16, colors=[PAPER], linewidths=0.4)
    for each, colour, dashes in zip(found, (ORANGE, INK), DASHES):
        places = [(spot.x, spot.y) for spot in each.spots]
        axes.plot(*zip(*places), color=colour, linestyle=dashes, marker=".", label=f"from {each.name}")
        axes.plot(*places[0], "o", color=BLUE, markeredgecolor=PAPER, markersize=10, zorder=3)
        axes.add_patch(Circle(places[0], VIEW, fill=False, edgecolor=BLUE, linewidth=1.2))
    axes.set_aspect("equal")
    axes.legend(fontsize=PLAIN, loc="lower right", facecolor=PAPER, framealpha=0.9)
    colour_bar(figure, bands, axes, "height in metres")
    return figure
