"""`plot_loss_surface`: the loss as a landscape over two parameters, and the way of a descent through it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from autograd import Value
from autograd.drawing.looks import FAINT, INK, PAPER
from autograd.drawing.sketches import require_one_of
from autograd.notation.typesetting import mathematical
from nn.figures.canvas import AS_IT_IS, Axes, Figure, banded, beside, blank, colour_bar, colours, dressed, rooted
from nn.figures.landscapes import (
    Bounds,
    Landscape,
    Loss,
    Pair,
    Survey,
    Way,
    at_least,
    parameters_of,
    places_of,
    steps,
)
from nn.figures.palette import BLUE, HOLE, ORANGE, PLAIN, SEQUENTIAL, SMALL
from nn.models.modules import Array

OWNER = "plot_loss_surface"

View: TypeAlias = Literal["contour", "surface"]

MARKED = 60
"""Of a way of at most so many steps each is marked."""

LABEL: dict[str, Any] = {
    "fontsize": SMALL,
    "color": INK,
    "bbox": {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 1.0},
    **AS_IT_IS,
}
"""How it is written upon the landscape."""


def plot_loss_surface(
    loss: Loss,
    x_range: Bounds | None = None,
    y_range: Bounds | None = None,
    *,
    parameters: tuple[Value, Value] | None = None,
    path: ArrayLike | None = None,
    view: View = "contour",
    labels: tuple[str, str] | None = None,
    name: str = "loss",
    resolution: int = 60,
    levels: int = 12,
) -> Figure:
    """The loss over two parameters, as lines of equal height or as a surface, and the path of a descent upon it.

    `loss` is a function of two Values, which gives a Value, or of two floats. With two `parameters` of a model, it is a
    function of no argument, which works the loss out from the numbers that they have: they are written, and have theirs
    again afterwards, whatever happens; graphs recorded before are then stale until `refresh`. Either is called at
    resolution × resolution points, and nothing is recorded; where it gives no finite number, or leaves its domain,
    there is a hole. `path` has the positions (x, y), step by step, of shape (n, 2): its start is blue and its end is
    orange, in the view "contour" (document 002, figure 32) and in the view "surface" (figure 68), where it lies upon
    the surface and is seen through a hill. What lies outside of the ranges is not seen; a range that is not given is
    that of the path, or is around the number of the parameter, with some room.

    Levels lie closer together near the lowest point; where a few points rise far above all others, these are cut off.
    Raises TypeError for a loss that is no function or gives no number, ValueError for a range that is none, a path of
    another shape, parameters that are not two leaves and a loss without a finite value, and ImportError without
    matplotlib.
    """
    if not callable(loss):
        needed = "a function that works the loss out, such as lambda w, b: mse(…)"
        raise TypeError(f"{OWNER} needs {needed}; got {type(loss).__name__} {loss!r}")
    require_one_of("view", view, View)
    count = at_least(levels, 2, "levels", OWNER)
    pair = parameters_of(parameters, OWNER)
    places = None if path is None else places_of(path, OWNER)
    xs, ys = (
        steps(bounds, _seen(places, pair, which), resolution, f"{'xy'[which]}_range", OWNER)
        for which, bounds in enumerate((x_range, y_range))
    )
    figure = blank(*((6.4, 5.0) if view == "contour" else (7.0, 5.8)))
    survey = Survey(loss, pair, OWNER)
    land, way = survey.landscape(xs, ys), None if places is None else survey.way(places)
    names = (*(labels or _names(pair)), name)
    if view == "contour":
        _draw_contours(figure, land, way, names, count)
    else:
        _draw_surface(figure, land, way, names)
    return figure


def _seen(places: Array | None, pair: Pair | None, which: int) -> list[float]:
    """The numbers that a range is to hold where none is given."""
    if places is not None:
        return [float(x) for x in places[:, which]]
    return [] if pair is None else [pair[which].data]


def _names(pair: Pair | None) -> tuple[str, str]:
    first, second = ("", "") if pair is None else (parameter.label for parameter in pair)
    return first or "w", second or "b"


# ---- lines of equal height


def _draw_contours(figure: Figure, land: Landscape, way: Way | None, names: Sequence[str], count: int) -> None:
    axes = dressed(figure.add_subplot(), *names[:2])
    axes.set_facecolor(HOLE)
    levels, grid = land.levels(count), (land.xs, land.ys, np.ma.masked_invalid(land.heights))
    extend = "max" if land.is_cut else "neither"
    scale = {"cmap": colours(SEQUENTIAL), "norm": banded(levels, extend)}
    bands = axes.contourf(*grid, levels, extend=extend, zorder=0, **scale)
    axes.contour(*grid, levels[1:-1], colors=[PAPER], linewidths=0.5, zorder=1)
    _add_scale(figure, bands, axes, names[2], levels)
    axes.set(xlim=land.xs[[0, -1]], ylim=land.ys[[0, -1]])
    if way:
        _draw_way(axes, way)


def _add_scale(figure: Figure, mapped: Any, axes: Axes, name: str, levels: Array) -> None:
    shown = levels[:: max(1, len(levels) // 6)]
    bar = colour_bar(figure, mapped, axes, name, ticks=shown, spacing="uniform", aspect=30)
    bar.minorticks_off()
    bar.ax.set_yticklabels(list(map(_told, shown.tolist())))


def _told(height: float) -> str:
    return f"{height:,.0f}".replace("-", "−") if 1_000 <= abs(height) < 1e6 else mathematical(height, 3)


def _draw_way(axes: Any, way: Way) -> None:
    marker = "." if len(way.xs) <= MARKED else ""
    axes.plot(way.xs, way.ys, color=PAPER, linewidth=3.2, zorder=2, solid_capstyle="round")
    axes.plot(way.xs, way.ys, color=INK, linewidth=1.4, marker=marker, markersize=5, zorder=3, label="path")
    rises = way.ys[-1] > way.ys[0]
    for number, (place, colour, sign, text) in enumerate(_ends(way)):
        axes.plot(*place[:2], sign, color=colour, markeredgecolor=PAPER, markersize=10, zorder=4)
        _name(axes, place[:2], text, above=rises == (number == 1))


def _name(axes: Any, place: Sequence[float], text: str, above: bool) -> None:
    """Writes a name away from the way, and towards the middle of the axes."""
    x, _ = axes.transAxes.inverted().transform(axes.transData.transform(place))
    right, up = (8, "left") if x < 0.5 else (-8, "right"), (8, "bottom") if above else (-8, "top")
    offset = (right[0], up[0])
    axes.annotate(text, place, offset, textcoords="offset points", ha=right[1], va=up[1], zorder=5, **LABEL)


def _ends(way: Way) -> list[tuple[tuple[float, ...], str, str, str]]:
    """Where a way starts and ends: the place, its colour, its sign and its text."""
    places = list(zip(*(numbers.tolist() for numbers in way)))
    steps = len(places) - 1
    start = (places[0], BLUE, "o", "start")
    return [start, (places[-1], ORANGE, "X", f"end, {steps} step{'s' * (steps != 1)}")] if steps else [start]


# ---- a surface


def _draw_surface(figure: Figure, land: Landscape, way: Way | None, names: Sequence[str]) -> None:
    # what lies upon the surface is drawn after it, whatever matplotlib takes for nearer
    axes: Any = figure.add_subplot(projection="3d", computed_zorder=False)
    _dress_surface(axes, names)
    shown = np.minimum(land.heights, land.top)
    axes.plot_surface(
        *np.meshgrid(land.xs, land.ys),
        shown,
        cmap=colours(SEQUENTIAL),
        norm=rooted(float(np.nanmin(shown)), land.top),
        rcount=len(land.ys),
        ccount=len(land.xs),
        linewidth=0,
        antialiased=False,
        zorder=1,
    )
    if way:
        _draw_way_upon(axes, land, way)


def _dress_surface(axes: Any, names: Sequence[str]) -> None:
    for axis, name in zip((axes.xaxis, axes.yaxis, axes.zaxis), names):
        axis.labelpad = 8.0
        axis.set_label_text(name, fontsize=PLAIN, color=INK, **AS_IT_IS)
        axis.set_pane_color(PAPER)
        axis.line.set_color(FAINT)
    axes.tick_params(colors=FAINT, labelcolor=INK, labelsize=SMALL)
    axes.set_facecolor(PAPER)
    axes.view_init(elev=32, azim=-58)


def _draw_way_upon(axes: Any, land: Landscape, way: Way) -> None:
    """The way lifted to the surface; in space nothing is cut off at the limits, so what lies outside is left out."""
    inside = (way.xs >= land.xs[0]) & (way.xs <= land.xs[-1]) & (way.ys >= land.ys[0]) & (way.ys <= land.ys[-1])
    heights = np.where(inside & (way.heights <= land.top), way.heights, math.nan)
    marker = "." if len(way.xs) <= MARKED else ""
    axes.plot(way.xs, way.ys, heights, color=PAPER, linewidth=3.2, zorder=2)
    axes.plot(way.xs, way.ys, heights, color=INK, linewidth=1.4, marker=marker, markersize=5, zorder=3, label="path")
    for place, colour, sign, text in _ends(way._replace(heights=heights)):
        if math.isfinite(place[2]):
            axes.plot(*([x] for x in place), sign, color=colour, markeredgecolor=PAPER, markersize=10, zorder=5)
            axes.text(*place, text, zorder=4, va="bottom", transform=beside(axes, 10, 4), **LABEL)
