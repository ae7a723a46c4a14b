"""What stands between convolutions and layers: `MaxPooling2D`, which makes feature maps smaller, and `Flatten`.

Neither has parameters. The derivative of a maximum goes to one pixel of a window alone: to the largest, and where some
are equal to the first of these, row-major, as the table says of `maximum`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import maximum
from autograd.value import Operand, value_vector
from nn.models.images import ImageShape, Windows, array_of, grid, image_shape, pair, read_image
from nn.models.modules import Module
from nn.models.summaries import Shape


class MaxPooling2D(Module):
    """The largest pixel in each window of each channel: `MaxPooling2D(2)` halves height and width (002, section 3.9).

    `size` and `stride` are a number for rows and columns, or one for each; windows lie side by side where no stride is
    given. What is left at the right and at the bottom for an incomplete window is dropped, as PyTorch and Keras do if
    nothing else is said. Raises ValueError for a size or a stride below 1, TypeError for what is no number.
    """

    def __init__(self, size: int | tuple[int, int], stride: int | tuple[int, int] | None = None) -> None:
        self.size = pair(size, "MaxPooling2D", "size", least=1)
        self.stride = self.size if stride is None else pair(stride, "MaxPooling2D", "stride", least=1)

    def __call__(self, x: Any) -> NDArray[np.object_]:
        """An array of Values of shape (channels, height, width), one `maximum` for each window and channel.

        Raises ValueError for an image with rows of different lengths, and for one that is smaller than the window.
        """
        pixels, shape = read_image(x, "MaxPooling2D")
        given = self._given(shape)
        return array_of(map(maximum, Windows(self.size, self.stride).cuts(pixels, shape)), given)

    def output_shape(self, input_shape: Shape | None = None) -> ImageShape | None:
        """(channels, height, width) for an image of a shape, (channels, height, width) or (height, width)."""
        return None if input_shape is None else self._given(image_shape(input_shape, "MaxPooling2D"))

    def _given(self, shape: ImageShape) -> ImageShape:
        return (shape[0], *Windows(self.size, self.stride).counts(shape, "MaxPooling2D"))

    def __repr__(self) -> str:
        stride = "" if self.stride == self.size else f", stride={self.stride}"
        return f"MaxPooling2D({self.size}{stride})"


class Flatten(Module):
    """The elements of an array in one list, row-major: (p1 p2; p3 p4) → (p1 p2 p3 p4) (document 002, section 3.9).

    A layer of neurons reads feature maps by it, channel after channel, row after row.
    """

    def __call__(self, x: Any) -> list[Operand]:
        """The Values and numbers of an array or of nested lists. Raises ValueError for rows of different lengths."""
        return list(value_vector(grid(x, "Flatten").ravel().tolist()))

    def output_shape(self, input_shape: Shape | None = None) -> Shape | None:
        """(n,) for an array of n elements of any shape."""
        return None if input_shape is None else (math.prod(input_shape),)

    def __repr__(self) -> str:
        return "Flatten()"
