"""How good a model is on given data: its loss and its metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nn.choices import chosen
from nn.data import examples
from nn.losses.formulas import Loss
from nn.losses.registry import SCORES, SUMS, check_targets, loss_of
from nn.losses.stability import stable
from nn.metrics import METRICS, accuracy
from nn.models.modes import mode
from nn.training.prediction import Array, Model, numbers, rows

Metric = Callable[[Any, Any], float]

CHUNK = 256
"""So many examples are recorded at a time where a loss is measured: memory does not grow with the data."""


class Tally:
    """What was measured of one batch after the other: the loss of them all, and the numbers of their predictions."""

    def __init__(self, loss: Loss) -> None:
        self._is_sum = name_of(loss) in SUMS
        self._total, self._count = 0.0, 0
        self._outputs: list[Array] = []

    def add(self, loss: float, outputs: Sequence[Any]) -> None:
        """Takes the loss of a batch, and what the model gave for it."""
        self._total += loss if self._is_sum else loss * len(outputs)
        self._count += len(outputs)
        self._outputs.append(numbers(outputs))

    @property
    def loss(self) -> float:
        """The sum, for a loss that is a sum, otherwise the mean over all examples."""
        return self._total if self._is_sum else self._total / self._count

    @property
    def predictions(self) -> Array:
        """The numbers that the model gave, in the order in which they came."""
        return np.concatenate(self._outputs)


def evaluate(
    model: Model, X: ArrayLike, Y: ArrayLike, loss: str | Loss, metrics: str | Metric | Sequence[str | Metric] = ()
) -> dict[str, float]:
    """The loss of the model on the examples X with the targets Y, and its metrics, by name.

    `loss` and `metrics` are names (`nn.LOSSES`, `nn.METRICS`) or functions of predictions and targets.
    Raises ValueError for data that `fit` would refuse.
    """
    known = loss_of(loss)
    X, Y = examples(X, Y, wanted_by="evaluate")
    inputs = rows(X)
    check_targets(known, Y, outputs_of(model, inputs[0]))
    return measured(model, inputs, Y, known, metrics_of(metrics, known))


def measured(
    model: Model, inputs: Sequence[Any], targets: Array, loss: Loss, metrics: Mapping[str, Metric]
) -> dict[str, float]:
    """The loss and the metrics on examples that were looked at before."""
    tally, safe = Tally(loss), stable(loss)
    with mode(model, training=False):
        for start in range(0, len(inputs), CHUNK):
            outputs = [model(x) for x in inputs[start : start + CHUNK]]
            tally.add(safe(outputs, targets[start : start + CHUNK]).data, outputs)
    return {"loss": tally.loss, **{name: metric(tally.predictions, targets) for name, metric in metrics.items()}}


def metrics_of(choice: str | Metric | Sequence[str | Metric], loss: Loss) -> dict[str, Metric]:
    """The metrics by their names. For a loss of scores a class is decided at 0, for one of probabilities at 1/2.

    Raises ValueError for a name that is unknown, and for two that are the same.
    """
    found: dict[str, Metric] = {}
    for metric in choice if isinstance(choice, (list, tuple)) else [choice]:
        function = chosen(metric, METRICS, "metric", "function of predictions and targets")
        name = metric if isinstance(metric, str) else name_of(metric)
        if name in found or name == "loss":
            raise ValueError(f"metrics need names of their own; got {name!r} twice")
        of_scores = function is accuracy and name_of(loss) in SCORES
        found[name] = partial(accuracy, threshold=0.0) if of_scores else function
    return found


def outputs_of(model: Model, x: Any) -> int:
    """How many outputs the model has, seen on one example. Raises what the model does for an example of wrong shape."""
    with mode(model, training=False):
        output = model(x)
    return len(output) if isinstance(output, (list, tuple, np.ndarray)) else 1


def name_of(function: Any) -> str:
    """What a loss or a metric is called."""
    return str(getattr(function, "__name__", type(function).__name__))
