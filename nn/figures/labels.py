"""Names written where the lines end: nobody has to look them up in a legend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nn.figures.canvas import AS_IT_IS, Axes
from nn.figures.palette import SMALL

LINE = 1.3 * SMALL / 72
"""The height of a line of text, in inches."""

MARGIN = 6.0
"""In points, between the axes and the names."""


class End(NamedTuple):
    """Where a line ends, in the numbers of the axes, and what it is called."""

    x: float
    y: float
    name: str
    colour: str


def name_ends(axes: Axes, ends: Sequence[End], height: float) -> None:
    """Writes each name at the right of the axes, as high as its line ends; the limits of the axes stay as they are.

    `height` is about that of the axes, in inches: where two names would meet they move apart.
    """
    axes.set(xlim=axes.get_xlim(), ylim=axes.get_ylim())
    inside = axes.transAxes.inverted()
    heights = [float(inside.transform(axes.transData.transform((end.x, end.y)))[1]) for end in ends]
    for end, place in zip(ends, spread(heights, LINE / height)):
        axes.annotate(
            end.name,
            xy=(1.0, place),
            xycoords="axes fraction",
            xytext=(MARGIN, 0.0),
            textcoords="offset points",
            color=end.colour,
            fontsize=SMALL,
            va="center",
            annotation_clip=False,
            **AS_IT_IS,
        )


def spread(places: Sequence[float], gap: float) -> list[float]:
    """The places that are nearest to the given ones, in the same order, and no two closer than the gap."""
    order = np.argsort(places, kind="stable")
    steps = gap * np.arange(len(places))
    moved = np.empty(len(places))
    moved[order] = _ascending(np.asarray(places, float)[order] - steps) + steps
    return moved.tolist()


def _ascending(numbers: Sequence[float]) -> list[float]:
    """The numbers that are nearest to the given ones and never fall: those that do become their mean."""
    runs: list[list[float]] = []
    for number in numbers:
        run = [number]
        while runs and np.mean(runs[-1]) > np.mean(run):
            run = runs.pop() + run
        runs.append(run)
    return [float(np.mean(run)) for run in runs for _ in run]
