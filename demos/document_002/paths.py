"""Pictures of descents: their paths upon the valley of `valley`, in one pair of axes, in panels, and moving."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from demos.document_002 import valley
from demos.motion import save_motion
from nn.figures import COLOURS, DASHES, MARKERS, Landscape, Survey, banded, blank, colours, dressed

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

Array = NDArray[np.float64]

Frame: TypeAlias = tuple[tuple[float, float], tuple[float, float]]
"""From where to where w1 and w2 are seen."""

W1, W2 = (-2.2, 3.8), (-2.0, 4.7)
"""What is seen of the valley, and more where a path leaves it."""

MARGIN = 0.3
"""Around a path."""

LAND = ("#a9b9c7", "#f8fafb")
"""From the valley up, pale: paths of all colours are seen upon it."""

POINTS, LEVELS = 40, 9

SIGN: dict[str, Any] = {"markersize": 9, "markeredgecolor": "white", "markeredgewidth": 0.6}

LEGEND = 4.0
"""As long are its lines, in letters, that dashes are told from dots."""

FRAMES, STILL, PER_SECOND = 32, 6, 7
"""Of an animation: pictures that move, and that stand still at the end."""


def path_panels(paths: Mapping[str, Array], columns: int, title: str = "") -> matplotlib.figure.Figure:
    """A panel for each path, of places (n, 2); circles are the start, crosses the end, and a star the minimum."""
    rows = -(-len(paths) // columns)
    figure = blank(2.5 * columns, 2.5 * rows + 0.3)
    seen = frame_of(paths)
    land = _land(seen)
    for place, ((name, path), colour) in enumerate(zip(paths.items(), COLOURS), start=1):
        axes = dressed(figure.add_subplot(rows, columns, place), title=name)
        _draw_land(axes, land, seen)
        _draw_path(axes, path, colour, "-", name)
        axes.set(xlabel="w1" if place > len(paths) - columns else "", ylabel="w2" if place % columns == 1 else "")
    if title:
        figure.suptitle(title)
    return figure


def path_picture(paths: Mapping[str, Array]) -> matplotlib.figure.Figure:
    """All paths upon one valley, told apart by colour, dashes and the sign at the end."""
    figure = blank(7.2, 5.4)
    axes = dressed(figure.add_subplot(), "w1", "w2")
    seen = frame_of(paths)
    _draw_land(axes, _land(seen), seen)
    for number, (name, path) in enumerate(paths.items()):
        dashes = DASHES[number % len(DASHES)]
        _draw_path(axes, path, COLOURS[number % len(COLOURS)], dashes, name, MARKERS[number % len(MARKERS)])
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, handlelength=LEGEND)
    return figure


def save_race(paths: Mapping[str, Array], path: Path) -> None:
    """The paths, drawn while they are walked, as a GIF: all take their steps at the same time."""
    figure = blank(6.4, 4.6)
    axes = dressed(figure.add_subplot(), "w1", "w2", "after 00 updates")
    seen = frame_of(paths)
    _draw_land(axes, _land(seen), seen)
    walkers = [_walker(axes, number, name) for number, name in enumerate(paths)]
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, handlelength=LEGEND)

    def show(stop: int) -> None:
        axes.title.set_text(f"after {stop} updates")
        for (line, sign), places in zip(walkers, paths.values()):
            line.set_data(*places[: stop + 1].T)
            sign.set_data(*places[: stop + 1][-1:].T)

    moving = [axes.title, *(artist for walker in walkers for artist in walker)]
    save_motion(figure, moving, show, _stops(max(map(len, paths.values()))), path, PER_SECOND)


def _stops(length: int) -> list[int]:
    """After how many updates there is a picture; the last one stays for a while."""
    stops = np.unique(np.linspace(0, length - 1, min(FRAMES, length)).round().astype(int))
    return [*stops.tolist(), *[length - 1] * STILL]


def _walker(axes: Any, number: int, name: str) -> tuple[Any, Any]:
    style: dict[str, Any] = {"color": COLOURS[number % len(COLOURS)]}
    (line,) = axes.plot([], [], linestyle=DASHES[number % len(DASHES)], linewidth=1.4, **style)
    marker = MARKERS[number % len(MARKERS)]
    (sign,) = axes.plot([], [], marker, linestyle="", **SIGN, **style)
    axes.plot([], [], marker, linestyle=DASHES[number % len(DASHES)], label=name, **SIGN, **style)
    return line, sign


def frame_of(paths: Mapping[str, Array]) -> Frame:
    """What has to be seen of w1 and w2 so that no path leaves the picture."""
    places = np.concatenate([*paths.values()])
    low, high = places.min(axis=0) - MARGIN, places.max(axis=0) + MARGIN
    first, second = ((min(low[i], usual[0]), max(high[i], usual[1])) for i, usual in enumerate((W1, W2)))
    return first, second


@cache
def _land(seen: Frame) -> Landscape:
    """The same for all pictures of some paths."""
    xs, ys = (np.linspace(*ends, POINTS) for ends in seen)
    return Survey(valley.loss, None, "path_picture").landscape(xs, ys)


def _draw_land(axes: matplotlib.axes.Axes, land: Landscape, seen: Frame) -> None:
    levels = land.levels(LEVELS)
    shades: dict[str, Any] = {"cmap": colours(LAND), "norm": banded(levels, "neither"), "zorder": -1}
    axes.contourf(land.xs, land.ys, land.heights, levels, **shades)
    axes.set_rasterization_zorder(0)  # of contours no other way to ask for it is known to matplotlib before 3.11
    axes.plot(*valley.minimum(), "*", color="white", markeredgecolor="black", markersize=11, zorder=4)
    axes.set(xlim=seen[0], ylim=seen[1])


def _draw_path(axes: matplotlib.axes.Axes, path: Array, colour: str, dashes: Any, name: str, end: str = "X") -> None:
    axes.plot(*path.T, color=colour, linestyle=dashes, linewidth=1.5, zorder=3)
    axes.plot([], [], end, color=colour, linestyle=dashes, label=name, **SIGN)  # what the legend shows
    axes.plot(*path[0], "o", color="white", markeredgecolor=colour, markersize=6, zorder=4)
    axes.plot(*path[-1], end, color=colour, zorder=5, **SIGN)
