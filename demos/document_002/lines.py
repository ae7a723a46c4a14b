"""Lines in one pair of axes, in the look of the house, each with its name where it ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nn.figures import COLOURS, DASHES, End, blank, dressed, name_ends

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

WIDTH, HEIGHT = 7.2, 4.2
"""Of a figure, in inches."""

OF_AXES = 0.8
"""The share of its height that the axes take."""


class Line(NamedTuple):
    """A line and its name; xs and ys are of one length."""

    name: str
    xs: ArrayLike
    ys: ArrayLike


def line_chart(
    lines: Sequence[Line], x: str, y: str, title: str = "", *, x_log: bool = False, y_log: bool = False
) -> matplotlib.figure.Figure:
    """The lines, which differ by colour and by dashes."""
    figure = blank(WIDTH, HEIGHT)
    draw_lines(dressed(figure.add_subplot(), x, y, title), lines, HEIGHT * OF_AXES, x_log=x_log, y_log=y_log)
    return figure


def draw_lines(
    axes: matplotlib.axes.Axes, lines: Sequence[Line], height: float, *, x_log: bool = False, y_log: bool = False
) -> None:
    """Draws the lines into axes of about that height, in inches."""
    ends = []
    for number, (name, xs, ys) in enumerate(lines):
        colour, dashes = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
        axes.plot(xs, ys, color=colour, linestyle=dashes, linewidth=1.8)
        ends.append(End(float(np.ravel(xs)[-1]), float(np.ravel(ys)[-1]), name, colour))
    axes.margins(x=0.02)
    if x_log:
        axes.set_xscale("log")
    if y_log:
        axes.set_yscale("log")
    name_ends(axes, ends, height)
