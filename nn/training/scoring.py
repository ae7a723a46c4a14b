"""Loss and metrics as they are measured: which those are, and what they say of the numbers that a model gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograd import Value
from autograd.coercion import real_number
from nn.choices import chosen
from nn.losses.formulas import Loss
from nn.losses.registry import SCORES, SUMS
from nn.losses.shapes import shaped
from nn.losses.stability import CROSSENTROPIES, check_outputs, stable
from nn.metrics import METRICS, Metric, accuracy
from nn.models.modes import Mode
from nn.training.prediction import Array, Model

RESERVED = frozenset({"loss", "penalty", "lr"})
"""The quantities of a history that are no metrics; so is what begins with "val_"."""

LOOKED_AT = 32
"""On so many examples it is seen whether a model gives probabilities."""


class Tally:
    """What was measured of one batch after the other: the loss of them all, and the numbers of their predictions."""

    def __init__(self, loss: Loss) -> None:
        self._is_sum = name_of(loss) in SUMS
        self._total, self._count = 0.0, 0
        self._outputs: list[Array] = []

    def add(self, loss: float, count: int, outputs: Array | None) -> None:
        """Takes the loss of a batch of so many examples, and the numbers that the model gave, if they are measured."""
        self._total += loss if self._is_sum else loss * count
        self._count += count
        if outputs is not None:
            self._outputs.append(outputs)

    @property
    def loss(self) -> float:
        """The sum, for a loss that is a sum, otherwise the mean over all examples."""
        return self._total if self._is_sum else self._total / self._count

    def scores(self, metrics: Mapping[str, Metric], targets: Array) -> dict[str, float]:
        """What each metric says of the numbers that the model gave, in the order in which they came."""
        return scores(metrics, np.concatenate(self._outputs), targets) if metrics else {}


def scores(metrics: Mapping[str, Metric], predictions: Array, targets: Array) -> dict[str, float]:
    """What each metric says of the predictions. Raises TypeError, with its name, for what is not one real number."""
    found = {name: metric(predictions, targets) for name, metric in metrics.items()}
    return {
        name: real_number(score.data if isinstance(score, Value) else score, f"metric {name!r}, for what it gives,")
        for name, score in found.items()
    }


def teaching(loss: Loss) -> Loss:
    """The loss as it is taught: without log(0), and with a TypeError, by its name, for what is not one Value."""
    safe = stable(loss)

    def taught(predictions: Any, targets: Any) -> Value:
        found: Any = safe(predictions, targets)
        if not isinstance(found, Value):
            raise TypeError(f"loss {name_of(loss)!r} needs to give one Value; got {type(found).__name__} {found!r}")
        return found

    return taught


def metrics_of(choice: str | Metric | Sequence[str | Metric], loss: Loss) -> dict[str, Metric]:
    """The metrics by their names. For a loss of scores a class is decided at 0, for one of probabilities at 1/2.

    Raises ValueError for a name that is unknown, for one of another quantity of the history, and for two that are the
    same.
    """
    found: dict[str, Metric] = {}
    for metric in choice if isinstance(choice, (list, tuple)) else [choice]:
        function = chosen(metric, METRICS, "metric", "function of predictions and targets")
        name = metric if isinstance(metric, str) else name_of(metric)
        if name in RESERVED or name.startswith("val_"):
            raise ValueError(f"metrics need names of their own; got {name!r}, which the history has beside them")
        if name in found:
            raise ValueError(f"metrics need names of their own; got {name!r} twice")
        of_scores = function is accuracy and name_of(loss) in SCORES
        found[name] = partial(accuracy, threshold=0.0) if of_scores else function
    return found


def output_shape(model: Model, inputs: Sequence[Any], loss: Loss) -> tuple[int, ...]:
    """The shape of what the model gives for an example, seen on the first one: () for one Value, (k,) for k of them.

    Raises what the model does for an example of wrong shape, and ValueError for outputs that the loss can't take.
    """
    with Mode(model, training=False):
        outputs = [model(x) for x in inputs[: LOOKED_AT if loss in CROSSENTROPIES else 1]]
    check_outputs(loss, outputs)
    return shaped(outputs[0]).shape


def name_of(function: Any) -> str:
    """What a loss or a metric is called."""
    return str(getattr(function, "__name__", type(function).__name__))
