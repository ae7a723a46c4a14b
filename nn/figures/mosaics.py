"""Images side by side, each with a text above it, in one pair of axes: cells from left to right, then downward."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from autograd.drawing.looks import INK, PALE
from autograd.notation.screens import shortened
from nn.data import require_all
from nn.figures.canvas import AS_IT_IS, Axes, Figure, bare, blank, colour_bar
from nn.figures.palette import ORANGE, SMALL
from nn.models.modules import Array, count

LETTER, LINE = 0.65 * SMALL / 72, 1.35 * SMALL / 72
"""About the width of a letter, and the height of a line, in inches."""

GAP = 0.16
"""Between cells, in inches."""

LEAST, LONGEST, WIDEST = 0.8, 32, 10.0
"""The width of an image is about this, in inches; a text has so many letters, and the cells side by side this width."""

MOST = 400
"""So many images are drawn in one figure."""

SCALE = 1.0
"""The width of a scale of colours, in inches."""


Extent: TypeAlias = "tuple[float, float, float, float]"
"""Left, right, bottom, top."""


class Cell(NamedTuple):
    """An image of shape (rows, columns), and what is written above it; one that is `marked` has a frame of its own."""

    image: Array
    text: str = ""
    marked: bool = False


def mosaic(
    cells: Sequence[Cell], columns: int | None, norm: tuple[float, float], colours: Any, *, scale: str = ""
) -> Figure:
    """The cells, in so many columns, or as many as fit; `norm` is the number of the first colour, and of the last.

    All images have one shape; the axes measure inches, downward. With the name of a `scale` that is drawn beside them.
    """
    cells = [cell._replace(text=shortened(" ".join(cell.text.split()), LONGEST)) for cell in cells]
    height, width = _size(cells[0].image.shape)
    letters = max(len(cell.text) for cell in cells)
    above = LINE if letters else 0.0
    pitch = np.array([max(width, LETTER * letters) + GAP, above + height + GAP])
    across = min(len(cells), columns or max(1, int(WIDEST / pitch[0])))
    whole = pitch * [across, -(-len(cells) // across)]
    figure = blank(max(float(whole[0]), 1.0) + 0.2 + SCALE * bool(scale), max(float(whole[1]), 1.0) + 0.2)
    axes = bare(figure.add_subplot(aspect="equal", xlim=(0.0, whole[0]), ylim=(whole[1], 0.0)))
    for place, cell in enumerate(cells):
        middle, top = pitch * [place % across + 0.5, place // across] + [0.0, GAP / 2 + above]
        mapped = _draw(axes, cell, (middle - width / 2, middle + width / 2, top + height, top), norm, colours)
    if scale:
        colour_bar(figure, mapped, axes, scale, aspect=20, fraction=0.05)
    return figure


def columns_of(columns: int | None, wanted_by: str) -> int | None:
    """The number itself. Raises ValueError for none at all."""
    return None if columns is None else count(columns, wanted_by, "column")


def finite(xs: Any, name: str, wanted_by: str) -> Array:
    """`xs` as an array. Raises ValueError for no numbers, for NaN and infinity, and TypeError for what is no number."""
    try:
        array = np.asarray(xs, dtype=float)
    except (TypeError, ValueError) as error:
        raise type(error)(
            f"{wanted_by} needs an array of numbers as {name}; got {type(xs).__name__}: {error}"
        ) from error
    if not array.size:
        raise ValueError(f"{wanted_by} needs at least one number in {name}; got the shape {array.shape}")
    require_all(np.isfinite(array), array, name, f"{wanted_by} needs finite numbers in {name}")
    return array


def _size(shape: tuple[int, ...]) -> tuple[float, float]:
    """The height and the width of an image, in inches: its pixels are square, and a thin one is still to be seen."""
    rows, columns = shape
    pixel = min(LEAST / max(rows, columns) * max(1.0, min(columns / rows, 3.0)), 0.35)
    return rows * pixel, columns * pixel


def _draw(
    axes: Axes, cell: Cell, extent: tuple[float, float, float, float], norm: tuple[float, float], colours: Any
) -> Any:
    left, right, bottom, top = extent
    mapped = axes.imshow(
        cell.image,
        extent=extent,
        origin="upper",
        vmin=norm[0],
        vmax=norm[1],
        cmap=colours,
        interpolation="nearest",
        aspect="equal",
    )
    frame, width = (ORANGE, 2.0) if cell.marked else (PALE, 0.8)
    axes.plot([left, right, right, left, left], [top, top, bottom, bottom, top], color=frame, linewidth=width)
    axes.text(
        (left + right) / 2,
        top - 0.03,
        cell.text,
        ha="center",
        va="bottom",
        fontsize=SMALL,
        color=ORANGE if cell.marked else INK,
        fontweight="bold" if cell.marked else "normal",
        **AS_IT_IS,
    )
    return mapped
