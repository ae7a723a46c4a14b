"""`plot_history`: how a training went, epoch by epoch."""

from __future__ import annotations

import operator
import reprlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.drawing.looks import FAINT, PALE
from nn.figures.canvas import AS_IT_IS, Axes, Figure, blank, dressed, whole_numbers
from nn.figures.labels import End, name_ends
from nn.figures.palette import BLUE, COLOURS, DASHES, ORANGE, SMALL
from nn.models.modules import Array

OWNER = "plot_history"

VALIDATION = "val_"
"""How the name of a quantity begins that was measured on the validation data."""

LOSS, METRICS, RATE = "loss", "metrics", "learning rate"
"""The titles of the panels, from the top."""

LOSSES, RATES = frozenset({"loss", "penalty"}), frozenset({"lr", "learning_rate"})

MARKED = 20
"""Of at most so many epochs each has a dot."""

HEIGHT = 2.7
"""Of a panel, in inches."""


class Panel(NamedTuple):
    """The quantities that share a scale, by their names."""

    title: str
    curves: dict[str, Array]


def plot_history(records: Mapping[str, Sequence[float]], *, log: bool = False, best_epoch: int | None = None) -> Figure:
    """The losses, epoch by epoch, the metrics below them, and the learning rate below these, where it changes.

    `records` has a list for each quantity, with a number for each epoch, the first of which is epoch 1: the losses are
    "loss", the "penalty" that is added to it, and whatever ends in "_loss"; the learning rate is "lr", drawn in steps;
    and a name with "val_" before it says that the same quantity was measured on validation data: it is dashed. `log`
    gives the losses a logarithmic scale, if any is above 0. What is not finite leaves a gap. `best_epoch` is marked.

    Raises TypeError for what has no names, ValueError where there is nothing to draw, or no such epoch, and ImportError
    without matplotlib.
    """
    if not isinstance(records, Mapping):
        got = f"{type(records).__name__} {reprlib.repr(records)}"
        raise TypeError(f"{OWNER} needs a History, or a list of numbers for each name; got {got}")
    curves = {str(name): _numbers(name, numbers) for name, numbers in records.items()}
    epochs = max(map(len, curves.values()), default=0)
    if not epochs:
        raise ValueError(f"{OWNER} needs at least one epoch; got none")
    if best_epoch is not None and not 1 <= operator.index(best_epoch) <= epochs:
        raise ValueError(f"{OWNER} needs best_epoch from 1 to {epochs}; got {best_epoch}")
    panels = _panels(curves)
    figure = blank(7.2, HEIGHT * len(panels) + 0.3)
    all_axes = figure.subplots(len(panels), sharex=True, squeeze=False)[:, 0]
    for axes, panel in zip(all_axes, panels):
        dressed(axes, "epoch" if panel is panels[-1] else "", panel.title)
        _draw(axes, panel, epochs, log and panel.title == LOSS)
        if best_epoch is not None:
            axes.axvline(best_epoch, color=FAINT, linewidth=1.0, linestyle=DASHES[2], zorder=0)
    all_axes[-1].xaxis.set_major_locator(whole_numbers())
    if best_epoch is not None:
        _name_best(all_axes[0], best_epoch)
    return figure


def _numbers(name: str, numbers: Sequence[float]) -> Array:
    curve = np.asarray(numbers, dtype=float)
    if curve.ndim != 1:
        raise ValueError(f"{OWNER} needs one number for each epoch in {name!r}; got an array of shape {curve.shape}")
    return curve


def _panels(curves: Mapping[str, Array]) -> list[Panel]:
    panels = {title: Panel(title, {}) for title in (LOSS, METRICS, RATE)}
    for name, curve in curves.items():
        if len(curve):
            panels[_title(_measured(name))].curves[name] = curve
    filled = [panel for panel in panels.values() if panel.curves]
    return [panel for panel in filled if panel.title != RATE or _changes(panel)] or filled


def _changes(panel: Panel) -> bool:
    return any(len(np.unique(curve)) > 1 for curve in panel.curves.values())


def _measured(name: str) -> str:
    return name.removeprefix(VALIDATION)


def _title(name: str) -> str:
    return RATE if name in RATES else LOSS if name in LOSSES or name.endswith("_loss") else METRICS


def _draw(axes: Axes, panel: Panel, epochs: int, log: bool) -> None:
    colours = _colours(panel)
    ends = []
    for name, curve in panel.curves.items():
        dashes = DASHES[1] if name.startswith(VALIDATION) else "-"
        colour, shown = colours[name], _shown(curve, log)
        marker = "o" if epochs <= MARKED else ""
        places = np.arange(1, len(curve) + 1)
        # a rate is that of a whole epoch, and does not glide to that of the next one
        style: dict[str, Any] = {"drawstyle": "steps-post" if panel.title == RATE else "default", "linestyle": dashes}
        axes.plot(places, shown, color=colour, linewidth=1.8, marker=marker, markersize=4, label=name, **style)
        finite = np.flatnonzero(np.isfinite(shown))
        if len(finite):
            ends.append(End(float(places[finite[-1]]), float(shown[finite[-1]]), name, colour))
    if log and ends:
        axes.set_yscale("log")
    axes.yaxis.grid(True, color=PALE, linewidth=0.5, alpha=0.6)
    room = 0.02 * (epochs - 1) or 0.5
    axes.set_xlim(1 - min(room, 0.9), epochs + room)  # there is no epoch 0
    name_ends(axes, ends, 0.8 * HEIGHT)


def _colours(panel: Panel) -> dict[str, str]:
    """One colour for each quantity, whether it was measured on the training or on the validation data."""
    order = (BLUE, ORANGE, *COLOURS[2:])
    measured = list(dict.fromkeys(map(_measured, panel.curves)))
    return {name: order[measured.index(_measured(name)) % len(order)] for name in panel.curves}


def _shown(curve: Array, log: bool) -> Array:
    """The numbers that have a place on the scale, and NaN for the others."""
    return np.where(np.isfinite(curve) & ((curve > 0) | (not log)), curve, np.nan)


def _name_best(axes: Axes, best_epoch: int) -> None:
    axes.annotate(
        f"best epoch {best_epoch}",
        xy=(best_epoch, 1.0),
        xycoords=axes.get_xaxis_transform(),
        xytext=(0.0, 3.0),
        textcoords="offset points",
        color=FAINT,
        fontsize=SMALL,
        ha="center",
        annotation_clip=False,
        **AS_IT_IS,
    )
