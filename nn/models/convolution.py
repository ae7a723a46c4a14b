"""Convolution: neurons that slide over an image, `Convolution2D`.

Laws of this file:
- A kernel is a Neuron. At each position it reads a patch of the image, so a convolution is a layer with many examples:
  one `dot` for each kernel and each position, then the bias and the activation.
- A patch is one tuple, which all kernels read: whoever reads the graph finds kernels · patches, a product of matrices.
- It is a cross-correlation: the kernel is not flipped. Document 002 (section 3.9) describes that, and calls it a
  convolution, as all frameworks do (erratum 002-25); with learnt weights the two differ in how these are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn.models.activations import Activation, activation_argument, is_of_a_layer
from nn.models.images import ImageShape, Windows, array_of, image_shape, pair, read_image
from nn.models.initializers import Initializer, initializer_of
from nn.models.modules import Array, Layer, Module, Neuron, Seed, count
from nn.models.summaries import Shape


class Convolution2D(Module):
    """Feature maps of an image, one for each kernel: `Convolution2D(1, 4, 3)` has 4 kernels of 3 × 3 for one channel.

    Feature map k has at row i, column j the number f(b[k] + Σ w[k][c, r, s] · x[c, i·stride + r - padding, j·stride +
    s - padding]), where x is 0.0 outside of the image (document 002, section 3.9). `size`, `stride` and `padding` are a
    number for rows and columns, or a pair; a position at which a kernel would reach past the padding is left out.
    Weights are drawn as in a `Layer`: kernel after kernel, row-major, with a fan-in of n_channels · rows · columns, and
    a fan-out of n_kernels · rows · columns.

    Raises ValueError as `Layer` does, for no channel and no kernel, a size or a stride below 1, a padding below 0, the
    activation softmax, which needs the neurons of a whole layer, and the bias "ones"; TypeError for what is no number.
    """

    def __init__(
        self,
        n_channels: int,
        n_kernels: int,
        size: int | tuple[int, int],
        activation: str | Activation = "relu",
        bias: bool = True,
        seed: Seed = None,
        *,
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] = 0,
        initializer: str | Initializer = "uniform",
        label: str = "",
    ) -> None:
        owner = type(self).__name__
        self.n_channels = count(n_channels, owner, "channel")
        self.n_kernels = count(n_kernels, owner, "kernel")
        self.size = pair(size, owner, "size", least=1)
        self.stride = pair(stride, owner, "stride", least=1)
        self.padding = pair(padding, owner, "padding", least=0)
        _require_of_a_kernel(activation, bias)
        area, draw = self.size[0] * self.size[1], initializer_of(initializer)

        def row(rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, _: int) -> Array:
            return draw(rng, shape, fan_in, self.n_kernels * area)

        self._layer = Layer(self.n_channels * area, self.n_kernels, activation, bias, seed, initializer=row)
        self.activation, self.bias = self._layer.activation, self._layer.bias
        self.rename(label)

    @property
    def kernels(self) -> list[Neuron]:
        """The kernels, each of which has its weights in the order (channel, row, column)."""
        return self._layer.neurons

    def __call__(self, x: Any) -> NDArray[np.object_]:
        """The feature maps of an image, an array of Values of shape (n_kernels, height, width).

        Raises ValueError for an image of other channels, of rows of different lengths, or smaller than a kernel.
        """
        pixels, shape = read_image(x, type(self).__name__)
        given = self._given(shape)
        patches = self._windows.patches(pixels, shape)
        return array_of((kernel(patch) for kernel in self.kernels for patch in patches), given)

    def children(self) -> Sequence[Module]:
        """The kernels."""
        return self.kernels

    def rename(self, place: str) -> None:
        """Labels the weights `place.kernel1.w[0,0,0]` by channel, row and column, and the biases `place.kernel1.b`."""
        start = f"{place}." if place else ""
        for number, kernel in enumerate(self.kernels, start=1):
            kernel.rename(f"{start}kernel{number}")
            for (channel, row, column), weight in zip(np.ndindex(self._shape[1:]), kernel.w):
                weight.label = f"{start}kernel{number}.w[{channel},{row},{column}]"

    def output_shape(self, input_shape: Shape | None = None) -> ImageShape | None:
        """(n_kernels, height, width) for an image of a shape, (channels, height, width) or (height, width)."""
        return None if input_shape is None else self._given(image_shape(input_shape, type(self).__name__))

    def _given(self, shape: ImageShape) -> ImageShape:
        owner = type(self).__name__
        if shape[0] != self.n_channels:
            raise ValueError(
                f"{owner} of {self.n_channels} channel{'s' * (self.n_channels != 1)} got {shape[0]}"
                f", in an image of shape (channels, height, width) = {shape}"
            )
        return (self.n_kernels, *self._windows.counts(shape, owner))

    def set_weights(self, W: ArrayLike, b: ArrayLike | None = None) -> None:
        """Writes the weights, and the biases where they are given: graphs recorded before are then stale.

        `W` has the shape (n_kernels, n_channels, rows, columns), and `b` has (n_kernels,).
        Raises ValueError for another shape and TypeError for what is not a number, and writes nothing.
        """
        weights = np.asarray(W)
        if weights.shape != self._shape:
            raise ValueError(f"set_weights needs W of shape {self._shape}; got {weights.shape}")
        self._layer.set_weights(weights.reshape(self.n_kernels, -1), b)

    @property
    def weights(self) -> Array:
        """The weights in an array of shape (n_kernels, n_channels, rows, columns), which `set_weights` alone writes."""
        return self._layer.weights.reshape(self._shape)

    @property
    def biases(self) -> Array:
        """The biases in an array of shape (n_kernels,), read-only too; of shape (0,) for a convolution without."""
        return self._layer.biases

    @property
    def weight_gradients(self) -> Array:
        """`grad` of each weight, in the shape of `weights`; 0.0 where it was not computed."""
        return self._layer.weight_gradients.reshape(self._shape)

    @property
    def bias_gradients(self) -> Array:
        """`grad` of each bias, in the shape of `biases`; 0.0 where it was not computed."""
        return self._layer.bias_gradients

    @property
    def _windows(self) -> Windows:
        return Windows(self.size, self.stride, self.padding)

    @property
    def _shape(self) -> tuple[int, int, int, int]:
        return (self.n_kernels, self.n_channels, *self.size)

    def __repr__(self) -> str:
        options = {"bias": (self.bias, True), "stride": (self.stride, (1, 1)), "padding": (self.padding, (0, 0))}
        unusual = "".join(f", {name}={got}" for name, (got, usual) in options.items() if got != usual)
        activation = activation_argument(self.activation)
        return f"Convolution2D({self.n_channels}, {self.n_kernels}, {self.size}, {activation}{unusual})"


def _require_of_a_kernel(activation: str | Activation, bias: object) -> None:
    if is_of_a_layer(activation):
        raise ValueError(f"Convolution2D needs an activation of one neuron; got {activation!r}, which is of a layer")
    if not isinstance(bias, (bool, np.bool_)):
        raise ValueError(f"Convolution2D needs a bias of True or False; got {bias!r}")
