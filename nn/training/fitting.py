"""`fit`: a model is taught by examples, epoch after epoch.

Laws of this file:
- Everything that can be refused is refused before the first step.
- The size of the batches makes the variant of gradient descent (document 002, section 3.7): all examples, one, or some.
  Each epoch takes the examples in a new order, and every one of them; the last batch may be smaller. One batch of all
  keeps the order of the data: a training that is saved and resumed is then that without a pause, to the bit.
- The loss of an epoch is measured while it runs, before each step, so nothing is computed twice (erratum 002-14).
- A cross-entropy of probabilities is taught through their logits (`nn.losses.stability`): no log(0) on the way.
- Where numbers are no longer finite, training goes back to the last epoch whose numbers were, and says why.
"""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from autograd import Diagnosis, DomainError, Value, diagnose
from autograd.value import read_data
from nn.data import batches
from nn.losses.formulas import Loss
from nn.metrics import Metric
from nn.models.modes import Mode
from nn.models.modules import Module, Seed, count
from nn.optimization.optimizer import Optimizer
from nn.regularizers import Regularizer
from nn.training.courses import Course, course_of, several, stopping_of
from nn.training.evaluation import Measure
from nn.training.history import History
from nn.training.interruption import Interruption
from nn.training.progress import Progress
from nn.training.scoring import Tally
from nn.training.snapshots import Snapshot
from nn.training.steps import Divergence, Steps, named, steps_of
from nn.training.stopping import EarlyStopping

Callback: TypeAlias = Callable[[int, Any, History], Any]
"""Called after each epoch with its number, from 1, the model, and the history so far; True ends the training."""


FLAT = (
    "fit learnt nothing in the first epoch: every gradient was 0; the loss does not depend on the parameters, or only"
    " through slopes of 0, such as those of step, of a softmax of one output, and of a ReLU that is never active"
)
"""The warning of a training without a slope."""


class TrainingDiverged(ArithmeticError):  # noqa: N818  # what happened, as StopIteration says
    """A loss, gradient or parameter was no longer finite; the parameters are those of the last good epoch again.

    `history` has the epochs that were finished, `diagnosis` what the doctor found in the graph of the loss, or None
    where the graph could not be recorded.
    """

    def __init__(self, message: str, history: History, diagnosis: Diagnosis | None) -> None:
        super().__init__(message)
        self.history = history
        self.diagnosis = diagnosis


def fit(
    model: Module,
    X: ArrayLike,
    Y: ArrayLike,
    *,
    loss: str | Loss,
    optimizer: str | Optimizer | Callable[[list[Value]], Optimizer] = "adam",
    epochs: int = 100,
    batch_size: int | None = 32,
    validation: tuple[ArrayLike, ArrayLike] | float | None = None,
    metrics: str | Metric | Sequence[str | Metric] = (),
    regularizer: Regularizer | Sequence[Regularizer] = (),
    early_stopping: EarlyStopping | int | None = None,
    clip_norm: float | None = None,
    seed: Seed = None,
    callbacks: Callback | Sequence[Callback] = (),
    progress: bool | None = None,
    compiled: bool | None = None,
    dtype: DTypeLike = np.float64,
) -> History:
    """Teaches the model to give the targets Y for the examples X, and gives the history of it.

    `X` has the shape (n, …), an example in each row; `Y` (n,) or (n, k), or n labels for a categorical loss.
    `loss` is a name of `nn.LOSSES`, or a function of predictions and targets that gives one Value, which is taken for a
    mean over the examples of the batch; `optimizer` a name of `nn.OPTIMIZERS`, an optimizer of parameters of the model,
    or a class or function that makes one of them.
    `metrics` are names of `nn.METRICS`, or functions of predictions and targets that give one number; they are tried on
    the untaught model first. `batch_size=None` takes all examples in one step. `validation` is a pair (X, Y), or the
    fraction of the examples that is cut off their end as it is: shuffle examples that are sorted by class.
    `early_stopping` is an `EarlyStopping`, or its patience. `clip_norm` is the largest norm of a gradient. `seed`
    orders the examples; layers that are random have seeds of their own. `callbacks` are called as
    f(epoch, model, history) after each epoch, and one that returns True ends the training. `progress` is None for a bar
    where somebody can see it.

    A step is compiled where all that is trained is of this package, and where that pays: `compiled` is True to demand
    that, False for steps that are recorded anew. The numbers are the same, up to the rounding of sums. With the `dtype`
    float32 compiled steps compute in single precision, faster for wide layers; the parameters stay Python's floats.

    Ctrl-C stops after the running step and gives the history so far. A second one interrupts at once: the parameters
    are then those of the beginning of the epoch, as after any error of a loss or a metric, and their gradients those of
    the last step. A RuntimeWarning says so where every gradient of the first epoch is 0, though the loss is not.
    Raises ValueError and TypeError, before the first step, for what does not fit; TrainingDiverged when the loss, a
    gradient or a parameter is no longer finite, or outside the domain of an operation.
    """
    course = course_of(
        model,
        X,
        Y,
        loss=loss,
        optimizer=optimizer,
        batch_size=batch_size,
        validation=validation,
        metrics=metrics,
        regularizer=regularizer,
        clip_norm=clip_norm,
        seed=seed,
    )
    stopping = stopping_of(early_stopping, course)
    length, called = count(epochs, "fit", "epoch"), several(callbacks, "a callback that can be called", callable)
    steps = steps_of(course, length * course.steps_of_an_epoch, compiled, dtype)
    measure = _measure(course, length, compiled)
    interruption, mode = Interruption(), Mode(model, training=True)
    try:
        interruption.begin()
        mode.begin()
        return _Run(course, steps, stopping, interruption, measure).through(length, called, progress)
    finally:  # and not a `with`, for a Ctrl-C that comes as it ends would leave all as it is
        try:
            mode.restore()
            interruption.end()
        finally:
            interruption.is_over = True
            interruption.end()


def _measure(course: Course, times: int, compiled: bool | None) -> Measure | None:
    """What measures the validation data, if there are any."""
    if course.held_out is None:
        return None
    inputs, targets = course.held_out.inputs, course.held_out.targets
    return Measure(course.model, inputs, targets, course.loss, course.metrics, course.n_outputs, times, compiled)


class _Run:
    """One way through a course, with the states to which it can go back."""

    def __init__(
        self,
        course: Course,
        steps: Steps,
        stopping: EarlyStopping | None,
        interruption: Interruption,
        measure: Measure | None,
    ) -> None:
        self.course = course
        self.steps = steps
        self.stopping = stopping
        self.interruption = interruption
        self.history = History()
        self.parameters = course.model.parameters()
        self.good = self.start = self.best = self._snapshot()
        self.best_epoch: int | None = None
        self.has_slope = False
        self.measure = measure

    def through(self, epochs: int, callbacks: Sequence[Callback], wanted: bool | None) -> History:
        """The history of so many epochs, or of those before something ended them."""
        progress, began = Progress(epochs, wanted), time.perf_counter()
        try:
            for epoch in range(1, epochs + 1):
                self.start = self._snapshot()
                record = self._guarded(epoch)
                if record is None:
                    break
                self.history.append(record)
                progress.advance(record)
                if epoch == 1 and record["loss"] and not self.has_slope:
                    warnings.warn(FLAT, RuntimeWarning, stacklevel=3)  # at the line that calls fit
                if self._is_over(epoch, epochs, callbacks):
                    break
        finally:
            self.history.seconds = time.perf_counter() - began
            progress.close()
        if self.best_epoch is not None:
            self._restore_best()
            self.history.best_epoch = self.best_epoch
        return self.history

    def _restore_best(self) -> None:
        """Goes back to the best epoch, wholly: once more where Ctrl-C comes on the way."""
        try:
            self.best.restore()
        except BaseException:
            self.interruption.is_over = True
            self.best.restore()
            raise

    def _epoch(self, epoch: int) -> dict[str, float] | None:
        """The numbers of one epoch; None where it was not finished."""
        rate = self.course.optimizer.lr
        tally, penalties, seen = Tally(self.course.loss), 0.0, []
        self.steps.begin()
        for done, (places, total) in enumerate(self._batches()):
            if self.interruption.asked:
                self.steps.hand_back()
                self._require_finite_parameters()
                self.history.stopped = f"interrupted in epoch {epoch}, after {done} of {total} steps"
                return None
            penalties += self._step(places, done == total - 1, tally) * len(places)
            seen.append(places)
        self.steps.hand_back()
        self._require_finite_parameters()
        targets = self.course.training.targets[np.concatenate(seen)]
        record = {"loss": tally.loss}
        if self.course.regularizers:
            record["penalty"] = penalties / len(targets)
        record |= tally.scores(self.course.metrics, targets)
        return {**record, **self._validated(), "lr": rate}

    def _batches(self) -> Iterator[tuple[Any, int]]:
        """The places of the examples of each batch, and how many batches there are."""
        parts = list(batches(len(self.course.training.inputs), self.course.batch_size, self.course.rng))
        return ((places, len(parts)) for places in parts)

    def _step(self, places: Any, is_last: bool, tally: Tally) -> float:
        """One step of the optimizer on one batch; gives the penalty of the regularizers."""
        try:
            step = self.steps.take(places, is_last)
        except Divergence as error:
            if not error.is_of_loss:
                self.good = self.start
            raise
        self.good = self.start  # a finite loss was measured with the parameters of the beginning of this epoch
        self.has_slope = self.has_slope or step.has_slope
        tally.add(step.loss, len(places), step.outputs)
        return step.penalty

    def _require_finite_parameters(self) -> None:
        if not all(map(math.isfinite, read_data(self.parameters))):
            lost = next(parameter for parameter in self.parameters if not math.isfinite(parameter.data))
            raise Divergence(f"{named(lost)} became {lost.data!r}")

    def _validated(self) -> dict[str, float]:
        if self.measure is None:
            return {}
        found = self.measure()
        if not math.isfinite(found["loss"]):
            raise Divergence(f"the loss of the validation data became {found['loss']!r}")
        return {f"val_{name}": number for name, number in found.items()}

    def _guarded(self, epoch: int) -> dict[str, float] | None:
        """The numbers of one epoch. After an error nothing is half-done: parameters are those of a whole epoch."""
        back: Snapshot | None = self.start
        try:
            record, back = self._epoch(epoch), None
            return record
        except (Divergence, DomainError, FloatingPointError) as error:
            back = self.good
            raise self._diverged(epoch, error) from (None if isinstance(error, Divergence) else error)
        finally:
            if back is not None:
                self.interruption.is_over = True
                back.restore()

    def _diverged(self, epoch: int, error: Exception) -> TrainingDiverged:
        """What is raised for an error of numbers."""
        objective = getattr(error, "objective", None)
        found = None if objective is None else diagnose(objective)
        told = f"{error}" if found is None else f"{error}\n{found!r}"
        self.history.stopped = f"diverged in epoch {epoch}: {error}"
        begins = f"training diverged in epoch {epoch}, and went back to the last good parameters"
        return TrainingDiverged(f"{begins}: {told}", self.history, found)

    def _is_over(self, epoch: int, epochs: int, callbacks: Sequence[Callback]) -> bool:
        """Whether this was the last epoch, for whatever reason, which the history is told."""
        answers = [callback(epoch, self.course.model, self.history) for callback in callbacks]
        ended = [isinstance(answer, (bool, np.bool_)) and bool(answer) for answer in answers]
        reasons = {
            "early stopping": self._is_enough(epoch),
            "a callback ended it": any(ended),
            "all epochs done": epoch == epochs,
        }
        self.history.stopped = next((reason for reason, holds in reasons.items() if holds), "")
        return bool(self.history.stopped)

    def _is_enough(self, epoch: int) -> bool:
        """Whether nothing got better for as long as early stopping has patience; keeps the best epoch."""
        if self.stopping is None:
            return False
        numbers, best = self.history[self.stopping.monitor], self.best_epoch
        if self.stopping.is_better(numbers[-1], None if best is None else numbers[best - 1]):
            self.best_epoch, self.best = epoch, self._snapshot()
        return epoch - (self.best_epoch or 0) >= self.stopping.patience

    def _snapshot(self) -> Snapshot:
        return Snapshot(self.parameters, self.course.optimizer)
