"""What a model gives for many examples, as plain numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import Value, no_recording
from nn.data import examples
from nn.models.modes import mode

Array = NDArray[np.float64]
Model = Callable[[Any], Any]


def predict(model: Model, X: ArrayLike) -> Array:
    """What the model gives for each example of X, without recording, and with what is random in training off.

    X has an example in each row, or is a sequence of n numbers for a model of one input. The result has the shape (n,)
    for a model of one output, and (n, k) for k outputs. Raises ValueError for X that is empty, ragged, not finite or of
    the wrong shape.
    """
    inputs = examples(X, wanted_by="predict")
    try:
        return predicted(model, rows(inputs))
    except ValueError as error:
        if inputs.ndim > 1:
            raise
        raise ValueError(f"{error}; predict needs an example in each row: write [[…]] for a single one") from error


def predicted(model: Model, inputs: Sequence[Any]) -> Array:
    """What the model gives for each of the inputs, which were looked at before."""
    with mode(model, training=False), no_recording():
        return numbers([model(x) for x in inputs])


def rows(X: Array) -> Sequence[Any]:
    """The examples one by one: vectors as tuples, which neurons share as they are, and images as arrays."""
    return [tuple(row) for row in X.reshape(len(X), -1).tolist()] if X.ndim <= 2 else list(X)


def numbers(outputs: Sequence[Any]) -> Array:
    """The numbers of what a model gave for several examples, of shape (n,), (n, k), or (n, …) for images."""
    return np.array([_data(output) for output in outputs], dtype=float)


def _data(output: Any) -> Any:
    if isinstance(output, np.ndarray):
        return [_data(x) for x in output]
    if isinstance(output, (list, tuple)):
        return [_data(x) for x in output]
    return output.data if type(output) is Value else output
