"""Figures read back: what matplotlib was asked to draw, by its artists."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from numpy.typing import NDArray

Array = NDArray[Any]

PNG = b"\x89PNG\r\n\x1a\n"


def line(axes: Axes, label: str) -> Line2D:
    """The line of that name, of which there is one."""
    (found,) = [line for line in axes.get_lines() if line.get_label() == label]
    return found


def points(drawn: Line2D) -> Array:
    """(n, 2): the points of a line."""
    return np.asarray(drawn.get_xydata())


def vertices(contours: Any) -> Array:
    """(n, 2): the points of all lines of a set of contours."""
    return np.concatenate([path.vertices for path in contours.get_paths() if len(path.vertices)])


def texts(figure: Figure) -> list[Text]:
    """Everything that is written and seen, from the top of the tree."""
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]


def words(figure: Figure) -> list[str]:
    return [text.get_text() for text in texts(figure)]


def png(figure: Any) -> bytes:
    """What a notebook shows; the first bytes of it say what it is."""
    data: bytes = figure._repr_png_()
    return data
