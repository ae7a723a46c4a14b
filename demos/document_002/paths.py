"""Pictures of descents: their paths upon the valley of `valley`, in one pair of axes, in panels, and moving."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from demos.document_002 import valley
from nn.figures.canvas import banded, blank, colours, dressed
from nn.figures.landscapes import Landscape, Survey
from nn.figures.palette import COLOURS, DASHES, MARKERS

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

Array = NDArray[np.float64]

W1, W2 = (-2.2, 3.8), (-2.0, 4.7)
"""What is seen of the valley."""

LAND = ("#a9b9c7", "#f8fafb")
"""From the valley up, pale: paths of all colours are seen upon it."""

POINTS, LEVELS = 40, 9

SIGN: dict[str, Any] = {"markersize": 9, "markeredgecolor": "white", "markeredgewidth": 0.6}

FRAMES, STILL, PAUSE, SHARPNESS = 32, 6, 150, 75
"""Of an animation: pictures that move, and that stand still at the end; milliseconds; dots per inch."""


def path_panels(paths: Mapping[str, Array], columns: int, title: str = "") -> matplotlib.figure.Figure:
    """A panel for each path, of places (n, 2); circles are the start, crosses the end, and a star the minimum."""
    rows = -(-len(paths) // columns)
    figure = blank(2.5 * columns, 2.5 * rows + 0.3)
    land = _land()
    for place, ((name, path), colour) in enumerate(zip(paths.items(), COLOURS), start=1):
        axes = dressed(figure.add_subplot(rows, columns, place), title=name)
        _draw_land(axes, land)
        _draw_path(axes, path, colour, "-", name)
        axes.set(xlabel="w1" if place > len(paths) - columns else "", ylabel="w2" if place % columns == 1 else "")
    if title:
        figure.suptitle(title)
    return figure


def path_picture(paths: Mapping[str, Array]) -> matplotlib.figure.Figure:
    """All paths upon one valley, told apart by colour, dashes and the sign at the end."""
    figure = blank(7.2, 5.4)
    axes = dressed(figure.add_subplot(), "w1", "w2")
    _draw_land(axes, _land())
    for number, (name, path) in enumerate(paths.items()):
        dashes = DASHES[number % len(DASHES)]
        _draw_path(axes, path, COLOURS[number % len(COLOURS)], dashes, name, MARKERS[number % len(MARKERS)])
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    return figure


def save_race(paths: Mapping[str, Array], path: Path) -> None:
    """The paths, drawn while they are walked, as a GIF: all take their steps at the same time.

    Only what moves is drawn again for each picture.
    """
    from PIL import Image

    figure = blank(6.4, 4.6)
    figure.set_dpi(SHARPNESS)
    axes = dressed(figure.add_subplot(), "w1", "w2")
    _draw_land(axes, _land())
    walkers = [_walker(axes, number, name) for number, name in enumerate(paths)]
    count = axes.text(0.0, 1.02, "", transform=axes.transAxes)
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    canvas: Any = figure.canvas
    canvas.draw()
    still = canvas.copy_from_bbox(figure.bbox)
    images = []
    for stop in _stops(max(map(len, paths.values()))):
        canvas.restore_region(still)
        count.set_text(f"after {stop} updates")
        axes.draw_artist(count)
        for (line, sign), places in zip(walkers, paths.values()):
            line.set_data(*places[: stop + 1].T)
            sign.set_data(*places[: stop + 1][-1:].T)
            axes.draw_artist(line)
            axes.draw_artist(sign)
        images.append(Image.fromarray(np.array(canvas.buffer_rgba())).convert("RGB").quantize(256))
    images[0].save(path, save_all=True, append_images=images[1:], duration=PAUSE, loop=0)


def _stops(length: int) -> list[int]:
    """After how many updates there is a picture; the last one stays for a while."""
    stops = np.unique(np.linspace(0, length - 1, min(FRAMES, length)).round().astype(int))
    return [*stops.tolist(), *[length - 1] * STILL]


def _walker(axes: Any, number: int, name: str) -> tuple[Any, Any]:
    style: dict[str, Any] = {"color": COLOURS[number % len(COLOURS)]}
    (line,) = axes.plot([], [], linestyle=DASHES[number % len(DASHES)], linewidth=1.4, **style)
    marker = MARKERS[number % len(MARKERS)]
    (sign,) = axes.plot([], [], marker, linestyle="", label=name, **SIGN, **style)
    return line, sign


def _land() -> Landscape:
    return Survey(valley.loss, None, "path_picture").landscape(np.linspace(*W1, POINTS), np.linspace(*W2, POINTS))


def _draw_land(axes: matplotlib.axes.Axes, land: Landscape) -> None:
    levels = land.levels(LEVELS)
    shades: dict[str, Any] = {"cmap": colours(LAND), "norm": banded(levels, "neither"), "zorder": -1}
    axes.contourf(land.xs, land.ys, land.heights, levels, **shades)
    axes.set_rasterization_zorder(0)  # of contours no other way to ask for it is known to matplotlib before 3.11
    axes.plot(*valley.minimum(), "*", color="white", markeredgecolor="black", markersize=11, zorder=4)
    axes.set(xlim=W1, ylim=W2)


def _draw_path(axes: matplotlib.axes.Axes, path: Array, colour: str, dashes: Any, name: str, end: str = "X") -> None:
    axes.plot(*path.T, color=colour, linestyle=dashes, linewidth=1.5, zorder=3)
    axes.plot(*path[0], "o", color="white", markeredgecolor=colour, markersize=6, zorder=4)
    axes.plot(*path[-1], end, color=colour, label=name, zorder=5, **SIGN)
