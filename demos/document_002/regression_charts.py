"""The figures 65, 67 and 68 of document 002, section 4.1, and the two descents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograd import Value
from demos.document_002.regression_listing import SOLD, TEMPERATURES, Array, Run
from nn import plot_loss_surface
from nn.figures import BLUE, COLOURS, DASHES, MARKERS, ORANGE, PAPER, blank, dressed

BIASES, SLOPES = (-5.0, 3.0), (-1.0, 4.0)
"""The part of the plane that figure 68 shows."""


def points() -> Any:
    """Figure 65: what was sold by temperature."""
    figure = blank(5, 5)
    axes = dressed(figure.add_subplot(), "temperature (degrees)", "ice creams sold", "Regression")
    axes.scatter(TEMPERATURES, SOLD, color=BLUE)
    return figure


def fitted(lines: Mapping[str, Array]) -> Any:
    """Figure 67: the points, divided by 10, and lines of bias and slope through them."""
    figure = blank(5, 5)
    axes = dressed(figure.add_subplot(), "temperature / 10", "ice creams / 10")
    axes.scatter(np.array(TEMPERATURES) / 10, np.array(SOLD) / 10, color=BLUE, label="days")
    xs = np.linspace(23, 43, 100) / 10
    for (name, (bias, slope)), colour, dashes in zip(lines.items(), (ORANGE, COLOURS[2]), DASHES):
        axes.plot(xs, bias + slope * xs, color=colour, linestyle=dashes, label=name)
    axes.set_xlim(2.0, 4.5)
    axes.legend(frameon=False)
    return figure


def surface(height: Callable[[Value, Value], float], run: Run, marked: int, view: Any) -> Any:
    """Figure 68: the error over bias and slope, and the way of the descent, with the place after so many epochs."""
    way, names = np.vstack([run.steps, run.weights]), ("bias b", "slope w")
    figure = plot_loss_surface(height, BIASES, SLOPES, path=way, view=view, labels=names, name="error E")
    axes: Any = figure.axes[0]
    place = run.steps[marked - 1]
    above = [run.errors[marked - 1]] if view == "surface" else []
    axes.plot(*([number] for number in (*place, *above)), MARKERS[1], color=COLOURS[2], zorder=6, markeredgecolor=PAPER)
    if view == "surface":
        axes.collections[0].set_rasterized(True)
    return figure


def errors(half: Sequence[float], whole: Sequence[float]) -> Any:
    """The error by epoch of both descents: the whole gradient is stopped early, for it diverges."""
    figure = blank(7.2, 4)
    axes = dressed(figure.add_subplot(), "epoch", "error E")
    for numbers, colour, dashes, name in (
        (half, BLUE, DASHES[0], "half the gradient, as listed"),
        (whole, ORANGE, DASHES[1], "the whole gradient: it diverges"),
    ):
        axes.plot(range(1, len(numbers) + 1), numbers, color=colour, linestyle=dashes, label=name)
    axes.set(xscale="log", yscale="log")
    axes.legend(frameon=False)
    return figure


def axes_as_listed() -> Any:
    """What the listing does for axes of three dimensions."""
    from matplotlib.figure import Figure

    figure: Any = Figure()
    return figure.gca(projection="3d")
