"""`plot_decision_boundary`: what a model says of each point of a plane, and where it changes its mind."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from autograd.coercion import real_number
from autograd.drawing.looks import INK, PAPER
from nn.data import examples
from nn.figures.canvas import Axes, Figure, add_legend, blank, centred, colour_bar, colours, dressed
from nn.figures.classes import Classes, classes_of
from nn.figures.landscapes import at_least
from nn.figures.palette import COLOURS, DIVERGING_TINTS, HOLE, MARKERS, TINTS
from nn.models.modules import Array
from nn.training.prediction import Model, predict

OWNER = "plot_decision_boundary"

MOST_UNEQUAL = 2.5
"""Where one feature has a range up to so many times that of the other, a step is as long in both directions."""

LARGEST = (4.9, 4.2)
"""The width and the height of the axes are at most these, in inches."""

NARROWEST = 4.2
"""The width of a figure, in inches, in which a legend has room."""

BESIDE, SCALE, ABOVE = 0.7, 0.9, 0.9
"""What is needed beside the axes, for a scale of colours, and for the legend and the numbers, in inches."""


class Plane(NamedTuple):
    """The points of a grid: `xs` from left to right, `ys` from bottom to top."""

    xs: Array
    ys: Array

    @property
    def points(self) -> Array:
        """(points, 2), row after row from the bottom."""
        return np.stack(np.meshgrid(self.xs, self.ys), axis=-1).reshape(-1, 2)

    def arranged(self, outputs: Array) -> Array:
        """What was computed of the points, as (…, rows, columns): what matplotlib wants has a row for each y."""
        return np.moveaxis(outputs.reshape(len(self.ys), len(self.xs), -1), -1, 0)


def plot_decision_boundary(
    model: Model,
    X: ArrayLike,
    y: ArrayLike,
    *,
    threshold: float | None = None,
    resolution: int = 100,
    margin: float = 0.12,
    class_names: Sequence[str] | None = None,
    labels: tuple[str, str] = ("x1", "x2"),
) -> Figure:
    """What the model says of each point of the plane, the boundary between the classes, and the data upon it.

    X has the shape (n, 2): the first feature goes to the right, the second up (documents 001, section 1.2.1, and 002,
    section 4.2; the map of 001 is reflected, erratum 001-4). A model of one output is shown by that output, and says
    the second class where it is above the threshold. That is 0.5, if nothing else is said, and 0 where y has -1 and 1;
    and where outputs leave [0, 1], as logits do, 0 too, unless 0.5 says the right class of more examples, as it does
    of numbers that were fitted to 0 and 1. A model of k outputs says the class of the largest. `y` has labels, 0 and 1,
    -1 and 1, or one-hot rows; labels that are no numbers are classes in the order of `class_names`, or else of the
    alphabet.

    The model is asked at resolution × resolution points, up to a margin around the data, which is a part of their
    range; where it gives no number there is a hole. Nothing is recorded, and a model in training is not while it is
    asked. Raises ValueError for another shape of X, no data, NaN in them, different numbers of rows, more or fewer
    classes than the model tells apart, a threshold for several outputs, a model of other inputs, and one that gives no
    finite number anywhere; and ImportError without matplotlib.
    """
    data = _points(X)
    plane = _plane(data, at_least(resolution, 2, "resolution", OWNER), real_number(margin, f"margin of {OWNER}"))
    maps = _maps(model, plane)
    classes = classes_of(y, max(len(maps), 2), class_names, OWNER)
    if len(classes.places) != len(data):
        raise ValueError(f"{OWNER} needs one y for each row of X; got {len(classes.places)} for {len(data)}")
    level = _usual_threshold(model, data, maps, y, classes) if threshold is None else _threshold(threshold, len(maps))
    width, height = _size(plane)
    figure = blank(max(NARROWEST, width + BESIDE + SCALE * (len(maps) == 1)), height + ABOVE)
    axes = dressed(figure.add_subplot(), *labels)
    axes.set_facecolor(HOLE)
    if len(maps) == 1:
        _draw_output(figure, axes, plane, maps[0], level)
    else:
        _draw_regions(axes, plane, maps)
    _draw_data(axes, data, classes)
    _fit(axes, plane)
    return figure


def _points(X: ArrayLike) -> Array:
    points = examples(X, wanted_by=OWNER)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"{OWNER} needs X of shape (n, 2), two features for each example; got {points.shape}")
    return points


def _maps(model: Model, plane: Plane) -> Array:
    """Each output of the model at the points of the plane, of shape (outputs, rows, columns)."""
    outputs = predict(model, plane.points)
    if outputs.ndim > 2 or not outputs.size:
        raise ValueError(f"{OWNER} needs a model of one or more outputs; got outputs of shape {outputs.shape[1:]}")
    maps = plane.arranged(outputs)
    if not np.isfinite(maps).all(axis=0).any():
        raise ValueError(f"{OWNER} needs a model that gives finite numbers; got none on the whole plane")
    return maps


def _usual_threshold(model: Model, data: Array, maps: Array, y: ArrayLike, classes: Classes) -> float:
    if -1 in np.asarray(y).ravel().tolist():
        return 0.0
    if len(maps) > 1 or _are_probabilities(maps):
        return 0.5
    outputs = predict(model, data).ravel()
    at_zero, at_half = (np.sum((outputs > level) == classes.places) for level in (0.0, 0.5))
    return 0.0 if at_zero >= at_half else 0.5


def _are_probabilities(outputs: Array) -> bool:
    """Whether they look like some: all that are finite lie between 0 and 1."""
    finite = outputs[np.isfinite(outputs)]
    return bool(((finite >= 0) & (finite <= 1)).all())


def _threshold(threshold: float, outputs: int) -> float:
    if outputs > 1:
        raise ValueError(f"{OWNER} needs no threshold for a model of {outputs} outputs; got {threshold!r}")
    if not math.isfinite(level := real_number(threshold, f"threshold of {OWNER}")):
        raise ValueError(f"{OWNER} needs a finite threshold; got {threshold!r}")
    return level


def _plane(points: Array, resolution: int, margin: float) -> Plane:
    low, high = points.min(axis=0), points.max(axis=0)
    # one point, or points on a line, have a plane around them too
    room = np.where(high > low, (high - low) * margin, 0.5 * max(1.0, float((high - low).max())))
    xs, ys = np.linspace(low - room, high + room, resolution).T
    return Plane(xs, ys)


def _ranges(plane: Plane) -> tuple[float, float]:
    return float(np.ptp(plane.xs)), float(np.ptp(plane.ys))


def _is_even(plane: Plane) -> bool:
    """Whether a step of one is as long in both directions."""
    width, height = _ranges(plane)
    return max(width / height, height / width) <= MOST_UNEQUAL


def _size(plane: Plane) -> tuple[float, float]:
    """The width and the height of the axes, in inches."""
    if not _is_even(plane):
        return LARGEST
    width, height = _ranges(plane)
    inch = min(LARGEST[0] / width, LARGEST[1] / height)
    return width * inch, height * inch


def _draw_output(figure: Figure, axes: Axes, plane: Plane, output: Array, threshold: float) -> None:
    """The output as a map, whose colour in the middle is the threshold, and its scale."""
    norm = _scale(output, threshold)
    masked = np.ma.masked_invalid(output)
    mapped = axes.pcolormesh(
        *plane, masked, cmap=colours(DIVERGING_TINTS), norm=norm, shading="gouraud", rasterized=True, zorder=0
    )
    bar = colour_bar(figure, mapped, axes, f"output of the model, boundary at {threshold:g}", aspect=30)
    bar.ax.axhline(threshold, color=INK, linewidth=1.5)
    _draw_line(axes, plane, output - threshold)


def _scale(output: Array, threshold: float) -> Any:
    """0 to 1 for what looks like probabilities, otherwise as far down as up; subnormal numbers are no distance."""
    if 0 < threshold < 1 and _are_probabilities(output):
        return centred(0.0, threshold, 1.0)
    finite = output[np.isfinite(output)]
    far = float(np.abs(finite - threshold).max())
    far = far if far >= np.finfo(float).tiny else 1.0
    return centred(threshold - far, threshold, threshold + far)


def _draw_regions(axes: Axes, plane: Plane, outputs: Array) -> None:
    """For each class the region where its output is the largest.

    A region is drawn where its output is larger than those of all classes before it, over what is there: the last that
    is drawn at a point is the largest of all, and no gap is left between two.
    """
    everywhere = np.where(np.isfinite(outputs).all(axis=0), 1.0, np.nan)
    for place, output in enumerate(outputs):
        lead = everywhere * (output - outputs[:place].max(axis=0) if place else 1.0)
        if np.nanmax(lead) > 0:
            levels = [0.0, float(np.nanmax(lead)) + 1.0]
            axes.contourf(*plane, lead, levels, colors=[TINTS[place % len(TINTS)]], zorder=0)
    for place, output in enumerate(outputs):
        _draw_line(axes, plane, everywhere * (output - np.delete(outputs, place, axis=0).max(axis=0)))


def _draw_line(axes: Axes, plane: Plane, lead: Array) -> None:
    """The line where it is 0, if there is one."""
    if np.nanmin(lead) < 0 < np.nanmax(lead):
        axes.contour(*plane, lead, [0.0], colors=[INK], linewidths=1.5, zorder=1)


def _draw_data(axes: Axes, data: Array, classes: Classes) -> None:
    size = float(np.clip(8_000 / len(data), 16, 45))
    for place, name in enumerate(classes.names):
        axes.scatter(
            data[classes.places == place, 0],
            data[classes.places == place, 1],
            s=size,
            color=COLOURS[place % len(COLOURS)],
            marker=MARKERS[place % len(MARKERS)],
            edgecolors=PAPER,
            linewidths=0.6,
            label=name,
            zorder=2,
        )
    add_legend(axes, classes.names)


def _fit(axes: Axes, plane: Plane) -> None:
    axes.set(xlim=plane.xs[[0, -1]], ylim=plane.ys[[0, -1]])
    if _is_even(plane):
        axes.set_aspect("equal")
