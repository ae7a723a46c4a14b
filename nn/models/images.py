"""Images, and the windows that slide over them: what a convolution and a pooling read.

An image has the shape (channels, height, width), and one of the shape (height, width) is one channel. It comes as an
array or as nested lists, of numbers or Values; its pixels are read row-major: channel after channel, row after row.
What is computed from it is an array of Values, of dtype object and of three axes.
"""

from __future__ import annotations

import math
import operator
import reprlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from autograd.value import Operand, value_vector
from nn.models.summaries import Shape

Pair: TypeAlias = "tuple[int, int]"
"""Rows and columns."""

ImageShape: TypeAlias = "tuple[int, int, int]"
"""Channels, height, width."""

Pixels: TypeAlias = "tuple[Operand, ...]"
"""Row-major."""

Places: TypeAlias = NDArray[np.intp]

MOST_SHAPES = 64
"""So many shapes of images are remembered with the places of their windows."""


class Windows(NamedTuple):
    """Windows of one size that move by strides over an image, to which padding adds rows and columns at each side."""

    size: Pair
    stride: Pair
    padding: Pair = (0, 0)

    def counts(self, shape: ImageShape, owner: str) -> Pair:
        """How many windows there are below one another and side by side; an incomplete one at an edge is none.

        Raises ValueError in the name of the owner for an image that is smaller than the window.
        """
        room = [length + 2 * border for length, border in zip(shape[1:], self.padding)]
        if any(length < needed for length, needed in zip(room, self.size)):
            padded = f" and at each side a padding of {self.padding}" if any(self.padding) else ""
            raise ValueError(f"{owner} needs an image of at least {self.size} rows, columns; got {shape[1:]}{padded}")
        rows, columns = ((length - taken) // step + 1 for length, taken, step in zip(room, self.size, self.stride))
        return rows, columns

    def patches(self, pixels: Pixels, shape: ImageShape) -> list[Pixels]:
        """For each window, row-major, what it shows of all channels, which is one tuple; the padding is 0.0."""
        return _taken((*pixels, 0.0), _patch_places(self, shape))

    def cuts(self, pixels: Pixels, shape: ImageShape) -> list[Pixels]:
        """For each channel and each window, row-major, what the window shows of it."""
        return _taken((*pixels, 0.0), _cut_places(self, shape))


def read_image(x: Any, owner: str) -> tuple[Pixels, ImageShape]:
    """The pixels of an image, and its shape. Raises ValueError in the name of the owner for another number of axes."""
    array = grid(x, owner)
    shape = image_shape(array.shape, owner)
    return value_vector(tuple(array.ravel().tolist())), shape


def image_shape(shape: Shape, owner: str) -> ImageShape:
    """The shape of an image with its channels, of which (height, width) has one. Raises ValueError for no image."""
    if len(shape) not in (2, 3) or min(shape) < 1:
        needed = "(channels, height, width), or (height, width) for one channel"
        raise ValueError(f"{owner} needs an image of shape {needed}; got the shape {tuple(shape)}")
    channels, height, width = shape if len(shape) == 3 else (1, *shape)
    return channels, height, width


def grid(x: Any, owner: str) -> NDArray[Any]:
    """An array, or nested lists as an array. Raises ValueError in the name of the owner for rows of several lengths."""
    if isinstance(x, np.ndarray):
        return x
    try:
        array = np.array(x, dtype=object)
    except ValueError:  # which NumPy raises for some of them, and makes an array of lists of the others
        array = None
    if array is None or any(isinstance(row, (list, tuple, np.ndarray)) for row in array.flat):
        raise ValueError(f"{owner} needs rows of one length; got {reprlib.repr(x)}")
    return array


def array_of(elements: Iterable[Any], shape: Shape) -> NDArray[np.object_]:
    """Values and numbers as an array of that shape, row-major."""
    # an assignment from a list would ask each of them first whether it is a sequence
    return np.fromiter(elements, dtype=object, count=math.prod(shape)).reshape(shape)


def pair(choice: Any, owner: str, what: str, least: int) -> Pair:
    """Rows and columns, which a lone number says of both.

    Raises ValueError for less than the least and for more than two numbers, TypeError for what are no whole numbers.
    """
    both = tuple(choice) if isinstance(choice, (tuple, list, np.ndarray)) else (choice, choice)
    try:
        rows, columns = map(operator.index, both)
    except TypeError as error:
        raise TypeError(f"{owner} needs a {what} of whole numbers, rows and columns; got {choice!r}") from error
    except ValueError as error:
        raise ValueError(f"{owner} needs a {what} of one number or a pair, rows and columns; got {choice!r}") from error
    if min(rows, columns) < least:
        raise ValueError(f"{owner} needs a {what} of at least {least}; got {choice!r}")
    return rows, columns


def _taken(pixels: Pixels, places: Places) -> list[Pixels]:
    return list(map(tuple, array_of(pixels, (len(pixels),))[places].tolist()))


@lru_cache(MOST_SHAPES)
def _patch_places(windows: Windows, shape: ImageShape) -> Places:
    """(windows, pixels of a window): where each pixel is, in the order of a kernel's weights."""
    return _places(windows, shape).transpose(1, 2, 0, 3, 4).reshape(-1, shape[0] * windows.size[0] * windows.size[1])


@lru_cache(MOST_SHAPES)
def _cut_places(windows: Windows, shape: ImageShape) -> Places:
    """(channels · windows, pixels of a window of one channel): where each pixel is."""
    return _places(windows, shape).reshape(-1, windows.size[0] * windows.size[1])


def _places(windows: Windows, shape: ImageShape) -> Places:
    """(channels, windows in a column, in a row, rows and columns of a window); one past the last pixel is padding."""
    count = math.prod(shape)
    border = [(0, 0), *((width, width) for width in windows.padding)]
    padded = np.pad(np.arange(count).reshape(shape), border, constant_values=count)
    return sliding_window_view(padded, windows.size, axis=(1, 2))[:, :: windows.stride[0], :: windows.stride[1]]
