"""The figures 69 to 72 of document 002, section 4.2, in its manner and in colours that all people can tell apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn import Part
from nn.figures import AS_IT_IS, COLOURS, DASHES, INK, MARKERS, PLAIN, TINTS, Axes, add_legend, blank, dressed

Array = NDArray[np.float64]

CLASSES = (0, 1)


class Regions(NamedTuple):
    """A grid, and the class of each of its points, with a row for each y."""

    xs: Array
    ys: Array
    classes: Array


def points(data: Part) -> Any:
    """Figure 69: the points and their classes."""
    figure = blank(7, 5)
    axes = dressed(figure.add_subplot(), "x1", "x2")
    _scatter(axes, data)
    return figure


def border(regions: Regions, data: Part, title: str) -> Any:
    """Figures 70 to 72: the regions of both classes, the points upon them, and a title beside their legend."""
    figure = blank(7, 5)
    axes = dressed(figure.add_subplot(), "x1", "x2")
    axes.set_title(title, loc="right", fontsize=PLAIN, color=INK, **AS_IT_IS)
    axes.contourf(*regions, levels=[-0.5, 0.5, 1.5], colors=TINTS[:2], zorder=0)
    axes.contour(*regions, levels=[0.5], colors=[INK], linewidths=1.2, zorder=1)
    _scatter(axes, data)
    return figure


def losses(curves: Mapping[str, Sequence[float]]) -> Any:
    """Losses by epoch, each with its name."""
    figure = blank(7, 4)
    axes = dressed(figure.add_subplot(), "epoch", "loss")
    for (name, numbers), colour, dashes in zip(curves.items(), COLOURS, DASHES):
        axes.plot(range(1, len(numbers) + 1), numbers, color=colour, linestyle=dashes, label=name)
    axes.set_ylim(0, None)
    axes.legend(frameon=False)
    return figure


def _scatter(axes: Axes, data: Part) -> None:
    for wanted, colour, marker in zip(CLASSES, COLOURS, MARKERS):
        x1, x2 = data.X[wanted == data.Y].T
        axes.scatter(x1, x2, color=colour, marker=marker, edgecolors=INK, linewidths=0.8, s=34, zorder=2)
    add_legend(axes, [f"class {wanted}" for wanted in CLASSES])
