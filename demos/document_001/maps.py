"""The decision map of document 001: what a network says of 50 × 50 points, drawn with the points that taught it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from autograd import Value, compile  # as in "compile a program"; the builtin is not used here
from demos.document_001.listing import EDGE, RESOLUTION, Array, Network, forward, grid
from demos.motion import save_motion
from nn import MLP
from nn.figures import (
    BLUE,
    COLOURS,
    DASHES,
    DIVERGING_TINTS,
    INK,
    MARKERS,
    ORANGE,
    PAPER,
    add_legend,
    blank,
    centred,
    colour_bar,
    colours,
    dressed,
)

TOGETHER = 50
"""So many points of a map go through a compiled network at a time."""

PER_SECOND = 8


class Panel(NamedTuple):
    """A map and its title. As pcolormesh wants it, a row of the map is a place on the vertical axis."""

    title: str
    drawn: Array


def as_printed(net: Network) -> Array:
    """_Y of the listing: a row is a place of x0, which goes to the right."""
    return forward(net, grid()[1])[-1].reshape(RESOLUTION, RESOLUTION)


class Mapper:
    """Maps of one network of the engine, whose numbers may change between them."""

    def __init__(self, model: MLP) -> None:
        points = [[Value(0.0), Value(0.0)] for _ in range(TOGETHER)]
        self._program = compile([model(point) for point in points], model.parameters(), points)

    def __call__(self) -> Array:
        """The map as it is to be drawn: a row is a place of x1, which goes up."""
        points = grid()[1].reshape(-1, TOGETHER, 2)
        said = np.concatenate([self._program.forward(part) for part in points])
        return said.reshape(RESOLUTION, RESOLUTION).T


class Reflection(NamedTuple):
    """How far a map is from its reflection in the diagonal: at most, and in which part of the points the class."""

    largest: float
    changed: float


def reflection(drawn: Array) -> Reflection:
    """Erratum 001-4 in numbers: what `pcolormesh(_x0, _x1, _Y)` does to this map."""
    return Reflection(float(np.abs(drawn - drawn.T).max()), changed(drawn, drawn.T))


def changed(one: Array, other: Array) -> float:
    """The part of the points that two maps put into different classes."""
    return float(np.mean((one > 0.5) != (other > 0.5)))


def drawn_maps(rows: Sequence[Sequence[Panel]], X: Array, Y: Array) -> Any:
    """A figure of maps in rows, each with the points."""
    figure = blank(7.4, 0.5 + 3.4 * len(rows))
    all_axes: Any = figure.subplots(len(rows), len(rows[0]), squeeze=False)
    mapped = None
    for line, panels in zip(all_axes, rows):
        for axes, panel in zip(line, panels):
            dressed(axes, "x1", "x2")
            mapped = _draw(axes, panel.drawn, X, Y)[0]
            axes.text(0.0, 1.12, panel.title, transform=axes.transAxes, fontsize=10, color=INK, fontweight="bold")
            add_legend(axes, ["class 0", "class 1"])
    colour_bar(figure, mapped, all_axes, "output of the network", aspect=40)
    return figure


def animate(path: Path, maps: Sequence[Array], losses: dict[str, Array], every: int, X: Array, Y: Array) -> None:
    """Saves a GIF with a picture for each map, and the losses up to it beside it; the first is that of iteration 1.

    Raises ImportError without matplotlib.
    """
    figure = blank(7.0, 3.5)
    left, right = figure.subplots(1, 2)
    moving = _draw(dressed(left, "x1", "x2", "after 0000 iterations"), maps[0], X, Y)
    dressed(right, "iteration", "loss", " ")
    lines = [
        right.plot([], [], color=colour, linestyle=dashes, linewidth=1.5, label=name)[0]
        for name, colour, dashes in zip(losses, (BLUE, ORANGE), DASHES)
    ]
    longest = max(map(len, losses.values()))
    right.set(xlim=(0, longest), ylim=(0, 1.05 * max(float(loss.max()) for loss in losses.values())))
    right.legend(frameon=False, loc="upper right")

    def show(number: int) -> None:
        until = number * every + 1
        moving[0].set_array(maps[number])
        left.title.set_text(f"after {until} iterations")
        for line, loss in zip(lines, losses.values()):
            line.set_data(range(until), loss[:until])

    save_motion(figure, [*moving, left.title, *lines], show, range(len(maps)), path, PER_SECOND)


def _draw(axes: Any, drawn: Array, X: Array, Y: Array) -> list[Any]:
    """The map, and the points of both classes."""
    places = np.linspace(-EDGE, EDGE, RESOLUTION)
    scale = centred(0.0, 0.5, 1.0)
    artists = [
        axes.pcolormesh(
            places, places, drawn, cmap=colours(DIVERGING_TINTS), norm=scale, shading="nearest", rasterized=True
        )
    ]
    for label in (0, 1):
        xs, ys = X[Y.ravel() == label].T
        look = {"color": COLOURS[label], "marker": MARKERS[label], "edgecolors": PAPER, "linewidths": 0.4}
        artists.append(axes.scatter(xs, ys, s=14, rasterized=True, **look))
    axes.set_aspect("equal")
    return artists
