"""How good a model is on given data: its loss and its metrics, at once or again and again."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from autograd.value import read_data
from nn.data import examples_and_targets
from nn.losses.formulas import Loss
from nn.losses.registry import check_targets, loss_of
from nn.metrics import Metric
from nn.models.modes import Mode
from nn.training.prediction import ROUNDS, Array, Model, numbers, require_model, rows, together
from nn.training.programs import Batch, is_compilable_training, rows_of_targets
from nn.training.scoring import Tally, metrics_of, output_shape, teaching

CHUNK = 256
"""So many examples are recorded at a time where a loss is measured: memory does not grow with the data."""


def evaluate(
    model: Model,
    X: ArrayLike,
    Y: ArrayLike,
    loss: str | Loss,
    metrics: str | Metric | Sequence[str | Metric] = (),
    compiled: bool | None = None,
) -> dict[str, float]:
    """The loss of the model on the examples X with the targets Y, and its metrics, by name.

    `loss` and `metrics` are names (`nn.LOSSES`, `nn.METRICS`) or functions of predictions and targets. A loss gives one
    Value, which is taken for a mean over the examples that it was given; a metric gives one real number, and a Value is
    taken for its data. A model and a loss of this package are compiled where that pays; with `compiled=False` they are
    not.
    Raises ValueError and TypeError for what `fit` would refuse.
    """
    require_model(model, "evaluate")
    known = loss_of(loss)
    X, Y = examples_and_targets(X, Y, wanted_by="evaluate")
    inputs = rows(X)
    shape = output_shape(model, inputs, known)
    check_targets(known, Y, shape)
    return Measure(model, inputs, Y, known, metrics_of(metrics, known), math.prod(shape), compiled=compiled)()


class Measure:
    """Measures a model on examples that were looked at before, as often as it is called, `times` for instance.

    Chunks of examples are compiled where all is of this package, and where that pays: `compiled` is False for examples
    that are recorded each time.
    """

    def __init__(
        self,
        model: Any,
        inputs: Sequence[Any],
        targets: Array,
        loss: Loss,
        metrics: Mapping[str, Metric],
        n_outputs: int,
        times: int = 1,
        compiled: bool | None = None,
    ) -> None:
        self._model, self._inputs, self._targets = model, inputs, targets
        self._loss, self._metrics = loss, metrics
        self._chunk, self._times = CHUNK, times
        self._programs: dict[int, Batch] = {}
        self._compiles = compiled is not False and is_compilable_training(model, loss, ())
        if self._compiles:
            self._table = np.array([np.asarray(x) for x in inputs], dtype=float)
            self._rows = rows_of_targets(loss, targets, n_outputs)
            self._chunk = min(together(model, self._table), len(inputs))

    def __call__(self) -> dict[str, float]:
        """The loss and the metrics of the model as it is."""
        tally = Tally(self._loss)
        parts = [slice(start, start + self._chunk) for start in range(0, len(self._inputs), self._chunk)]
        sizes = Counter(len(self._inputs[part]) for part in parts)
        # read once: to find those of a wide model takes longer than to run a part
        parameters = np.array(read_data(self._model.parameters())) if self._compiles else np.empty(0)
        with Mode(self._model, training=False):
            for part in parts:
                size = len(self._inputs[part])
                pays = self._compiles and sizes[size] * self._times >= ROUNDS
                loss, outputs = self._run(part, parameters) if pays else self._recorded(part)
                tally.add(loss, size, outputs if self._metrics else None)
        return {"loss": tally.loss, **tally.scores(self._metrics, self._targets)}

    def _recorded(self, part: slice) -> tuple[float, Array | None]:
        outputs = [self._model(x) for x in self._inputs[part]]
        loss = teaching(self._loss)(outputs, self._targets[part])
        return loss.data, numbers(outputs) if self._metrics else None

    def _run(self, part: slice, parameters: Array) -> tuple[float, Array | None]:
        X, Y = self._table[part], self._rows[part]
        if len(X) not in self._programs:
            self._programs[len(X)] = Batch(self._model, self._loss, (), X, Y, bool(self._metrics), training=False)
        program = self._programs[len(X)]
        program.parameters[:] = parameters
        found = program.run(X, Y)
        return found.loss, found.outputs
