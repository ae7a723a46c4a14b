"""What a model gives for many examples, as plain numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import Value, no_recording
from nn.data import examples
from nn.models.modes import Mode
from nn.training.programs import Outputs, is_compilable, nodes_of

Array = NDArray[np.float64]
Model = Callable[[Any], Any]


TOGETHER = 64
"""So many examples go through a compiled model at a time, at most."""

MOST_NODES = 100_000
"""Fewer go together where that many nodes are recorded for them, as for images."""

ROUNDS = 4
"""To compile pays for so many runs: it costs about as much as computing the examples of two of them one by one."""


def predict(model: Model, X: ArrayLike, compiled: bool | None = None) -> Array:
    """What the model gives for each example of X, without recording, and with what is random in training off.

    X has an example in each row, or is a sequence of n numbers for a model of one input. The result has the shape (n,)
    for a model of one output, and (n, k) for k outputs. A model of this package is compiled where that pays: `compiled`
    is True to demand that, False for examples that are computed one by one.
    Raises ValueError for X that is empty, ragged, not finite or of the wrong shape, and for a model that can't be
    compiled where that is demanded; TypeError for a model that can't be called.
    """
    require_model(model, "predict")
    inputs = examples(X, wanted_by="predict")
    if compiled and not is_compilable(model):
        raise ValueError(f"predict can compile models of nn with activations of nn; got {model!r}")
    try:
        if is_compilable(model) and compiled is not False:
            table = inputs if inputs.ndim > 1 else inputs[:, None]
            count = together(model, table)
            if compiled or len(table) >= ROUNDS * count:
                return Outputs(model, table[:count]).run(table)
        return predicted(model, rows(inputs))
    except ValueError as error:
        if inputs.ndim > 1:
            raise
        raise ValueError(f"{error}; predict needs an example in each row: write [[…]] for a single one") from error


def require_model(model: object, wanted_by: str) -> None:
    """Raises TypeError for what can't be called with an example."""
    if not callable(model):
        raise TypeError(f"{wanted_by} needs a model that can be called; got {type(model).__name__} {model!r}")


def together(model: Any, table: Array) -> int:
    """How many of the examples go through a compiled model at a time."""
    return min(TOGETHER, max(1, MOST_NODES // (1 + nodes_of(model, table[0]))))


def predicted(model: Model, inputs: Sequence[Any]) -> Array:
    """What the model gives for each of the inputs, which were looked at before."""
    with Mode(model, training=False), no_recording():
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
