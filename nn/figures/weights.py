"""`plot_weights`: what each neuron looks for, as an image of its weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from nn.figures.canvas import Figure, colours
from nn.figures.mosaics import MOST, Cell, columns_of, finite, mosaic
from nn.figures.palette import DIVERGING
from nn.models.modules import Array, Neuron

OWNER = "plot_weights"


def plot_weights(layer: Any, *, shape: tuple[int, int] | None = None, columns: int | None = None) -> Figure:
    """The weights of each neuron as an image, blue where they are positive and orange where they are negative.

    `layer` is a Layer or a Neuron, whose inputs are the pixels of an image of that `shape`, (h, w), row after row:
    square if their number is, and otherwise one row, if nothing is said. Or it is a Convolution2D, whose kernels are
    images, a row for each kernel and a column for each channel where there are several; or an array, or anything that
    has one as `weights`, of shape (n_outputs, n_inputs) or (kernels, channels, h, w). A weight in place of a bias is
    left out. All images have one scale, with 0 in the middle. Raises TypeError for what has no weights, ValueError for
    another shape, for NaN and for more than 400 images, and ImportError without matplotlib.
    """
    weights = _weights(layer)
    if weights.ndim == 4:
        if shape is not None:
            raise ValueError(f"{OWNER} needs no shape for kernels, which have their own; got {shape}")
        cells, across = _kernels(weights), weights.shape[1] if weights.shape[1] > 1 else columns
    else:
        images = weights.reshape(-1, *_shape(shape, weights.shape[1]))
        cells, across = [Cell(image, f"neuron {number}") for number, image in enumerate(images, start=1)], columns
    if len(cells) > MOST:
        raise ValueError(f"{OWNER} draws at most {MOST} images; got {len(cells)}")
    far = float(np.abs(weights).max()) or 1.0
    return mosaic(cells, columns_of(across, OWNER), (-far, far), colours(DIVERGING), scale="weight")


def _weights(layer: Any) -> Array:
    """Those of a layer, (n_outputs, n_inputs), or of kernels, (kernels, channels, h, w)."""
    weights = finite(_given(layer), "weights", OWNER)
    if weights.ndim not in (2, 4):
        needed = "(n_outputs, n_inputs) or (kernels, channels, h, w)"
        raise ValueError(f"{OWNER} needs weights of shape {needed}; got {weights.shape}")
    # a weight of the input that is always 1 belongs to no pixel
    return weights[:, : getattr(layer, "n_inputs", None)] if weights.ndim == 2 else weights


def _given(layer: Any) -> Any:
    if isinstance(layer, np.ndarray):
        return layer
    if isinstance(layer, Neuron):
        return [[weight.data for weight in layer.w]]
    if not hasattr(layer, "weights"):
        needed = "a Layer, a Neuron or a Convolution2D, such as model.layers[0], or an array"
        raise TypeError(f"{OWNER} needs {needed}; got {type(layer).__name__}")
    return layer.weights


def _shape(shape: Sequence[int] | None, inputs: int) -> Sequence[int]:
    if shape is None:
        side = math.isqrt(inputs)
        return (side, side) if side * side == inputs else (1, inputs)
    if len(shape) != 2 or min(shape) < 1 or math.prod(shape) != inputs:
        raise ValueError(f"{OWNER} needs a shape (h, w) with h · w = {inputs}, the number of inputs; got {shape}")
    return shape


def _kernels(weights: Array) -> list[Cell]:
    several = weights.shape[1] > 1
    return [
        Cell(image, f"kernel {kernel}, channel {channel}" if several else f"kernel {kernel}")
        for kernel, channels in enumerate(weights, start=1)
        for channel, image in enumerate(channels, start=1)
    ]
