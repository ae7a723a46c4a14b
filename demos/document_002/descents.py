"""Gradient descent on a bowl with several rates: figure 32 of document 002."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from autograd import Value, hessian
from demos.motion import save_motion
from nn import SGD
from nn.figures import BLUE, ORANGE, PAPER, SEQUENTIAL, Axes, Figure, blank, colours, dressed

SIDE = 3.0
"""The bowl is seen from -3 to 3."""

FRAMES = 12


class Way(NamedTuple):
    """A descent: the bowl f, its rate, λmax, and the places, the first one included, with their heights."""

    f: Value
    rate: float
    curvature: float
    places: Sequence[tuple[float, float]]
    heights: Sequence[float]

    def arrival(self, low: float) -> int | None:
        """The number of steps after which it is below that height, and stays there; None if it never is."""
        above = [place for place, height in enumerate(self.heights) if not height < low]
        step = above[-1] + 1 if above else 0
        return step if step < len(self.heights) else None


def bowl(x: Value, y: Value) -> Value:
    """x² + 3y²: three times as steep along y."""
    return x**2 + 3 * y**2


def descent(rate: float, start: tuple[float, float], steps: int) -> Way:
    """So many steps of gradient descent from the start."""
    x, y = Value(start[0], "x"), Value(start[1], "y")
    f = bowl(x, y)
    curvature = float(np.linalg.eigvalsh([[entry.data for entry in row] for row in hessian(f, [x, y])])[-1])
    optimizer = SGD([x, y], rate)
    places, heights = [start], [f.data]
    for _ in range(steps):
        optimizer.zero_grad()
        f.backward()
        optimizer.step()
        f.refresh()
        places.append((x.data, y.data))
        heights.append(f.data)
    return Way(f, rate, curvature, places, heights)


def drawn_rates(ways: Sequence[Way], names: Sequence[str]) -> Figure:
    """Each way on the bowl, from the blue circle toward the lowest point, the orange star."""
    figure = blank(7.2, 6.6)
    for axes, way, name in zip(_panels(figure), ways, names):
        _draw_bowl(axes, name)
        _draw_way(axes, way.places)
    return figure


def save_descent(ways: Sequence[Way], names: Sequence[str], path: Path) -> None:
    """The same in motion."""
    figure = blank(6.0, 5.6)
    moving: list[Any] = []
    for axes, way, name in zip(_panels(figure), ways, names):
        star = _draw_bowl(axes, name)
        line, start = _draw_way(axes, way.places)
        moving += [line, star, start]

    def show(step: int) -> None:
        for line, way in zip(moving[::3], ways):
            line.set_data(*zip(*way.places[: step + 1]))

    save_motion(figure, moving, show, range(FRAMES), path, per_second=3)


def _panels(figure: Figure) -> Iterable[Axes]:
    panels: Iterable[Axes] = figure.subplots(2, 2).flat
    return panels


def _draw_bowl(axes: Axes, name: str) -> Any:
    """The star at the lowest point."""
    dressed(axes, "x", "y", name)
    places = np.linspace(-SIDE, SIDE, 25)
    heights = [[bowl(Value(x), Value(y)).data for x in places] for y in places]
    axes.contourf(places, places, heights, 8, cmap=colours(SEQUENTIAL))
    (star,) = axes.plot(0, 0, "*", color=ORANGE, markeredgecolor=PAPER, markersize=15, zorder=3)
    axes.set(xlim=(-SIDE, SIDE), ylim=(-SIDE, SIDE), aspect="equal", xticks=[-3, 0, 3], yticks=[-3, 0, 3])
    return star


def _draw_way(axes: Axes, places: Sequence[tuple[float, float]]) -> list[Any]:
    """The line, and the circle where it starts."""
    xs, ys = zip(*places)
    way = axes.plot(xs, ys, color=ORANGE, linewidth=1.2, marker=".", markersize=5)
    start = axes.plot(xs[0], ys[0], "o", color=BLUE, markeredgecolor=PAPER, markersize=10, zorder=3)
    return [*way, *start]
