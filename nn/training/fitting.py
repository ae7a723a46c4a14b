"""`fit`: a model is taught by examples, epoch after epoch.

Laws of this file:
- Everything that can be refused is refused before the first step.
- The size of the batches makes the variant of gradient descent (document 002, section 3.7): all examples, one, or some.
  Each epoch takes the examples in a new order, and every one of them; the last batch may be smaller.
- The loss of an epoch is measured while it runs, before each step, so nothing is computed twice (erratum 002-14).
- A cross-entropy of probabilities is taught through their logits (`nn.losses.stability`): no log(0) on the way.
- Where numbers are no longer finite, training goes back to the last epoch whose numbers were, and says why.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from autograd import Diagnosis, DomainError, Value, diagnose, zero_grad
from nn.data import batches, examples
from nn.losses.formulas import Loss
from nn.losses.registry import check_targets, loss_of
from nn.losses.stability import stable
from nn.models.modes import mode
from nn.models.modules import Module, Seed, count
from nn.optimization.clipping import clip_norm as clipped
from nn.optimization.optimizer import Optimizer
from nn.optimization.rules import optimizer_of
from nn.ranges import LENGTH
from nn.regularizers import Regularizer, penalty
from nn.training.evaluation import Metric, Tally, measured, metrics_of, outputs_of
from nn.training.history import History
from nn.training.interruption import Interruption
from nn.training.prediction import Array, rows
from nn.training.progress import Progress
from nn.training.snapshots import Snapshot
from nn.training.stopping import EarlyStopping

Callback: TypeAlias = Callable[[int, Any, History], Any]
"""Called after each epoch with its number, from 1, the model, and the history so far; True ends the training."""


class TrainingDiverged(ArithmeticError):  # noqa: N818  # what happened, as StopIteration says
    """The loss or a gradient was no longer finite; the parameters are those of the last good epoch again.

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
) -> History:
    """Teaches the model to give the targets Y for the examples X, and gives the history of it.

    `X` has the shape (n, …), an example in each row; `Y` (n,) or (n, k), or n labels for a categorical loss.
    `loss` is a name of `nn.LOSSES`, or a function of predictions and targets; `optimizer` a name of
    `nn.OPTIMIZERS`, an optimizer of parameters of the model, or a function that makes one of them.
    `batch_size=None` takes all examples in one step. `validation` is a pair (X, Y), or the fraction of the examples
    that is taken from the end for it. `early_stopping` is an `EarlyStopping`, or its patience. `clip_norm` is the
    largest norm of a gradient. `seed` orders the examples; layers that are random have seeds of their own. `callbacks`
    are called as f(epoch, model, history) after each epoch, and one that returns True ends the training. `progress` is
    None for a bar where somebody can see it.

    Ctrl-C stops after the running step and gives the history so far; a second one interrupts at once, and the
    parameters are those of the beginning of the epoch.
    Raises ValueError and TypeError, before the first step, for what does not fit; TrainingDiverged when the loss or a
    gradient is no longer finite, or outside the domain of an operation.
    """
    if not hasattr(model, "parameters"):
        raise TypeError(f"fit needs a model with parameters(), such as a Module; got {type(model).__name__} {model!r}")
    chosen = loss_of(loss)
    training, held_out = _data(X, Y, validation)
    outputs = outputs_of(model, training.inputs[0])
    for part in filter(None, (training, held_out)):
        check_targets(chosen, part.targets, outputs)
    course = _Course(
        model,
        training,
        held_out,
        chosen,
        _optimizer(optimizer, model),
        None if batch_size is None else count(batch_size, "fit", "example in a batch"),
        metrics_of(metrics, chosen),
        _regularizers(regularizer, model),
        None if clip_norm is None else LENGTH.checked(clip_norm, "clip_norm of fit"),
        np.random.default_rng(seed),
    )
    stopping = EarlyStopping(early_stopping) if isinstance(early_stopping, int) else early_stopping
    if stopping is not None and stopping.monitor not in course.quantities:
        known = ", ".join(course.quantities)
        raise ValueError(f"{stopping!r} needs a quantity of the history: {known}; val_ ones need validation=")
    length, called = count(epochs, "fit", "epoch"), _several(callbacks, "a callback that can be called", callable)
    with Interruption() as interruption, mode(model, training=True):
        return _Run(course, stopping, interruption).through(length, called, progress)


@dataclass(frozen=True)
class _Examples:
    """Examples as the model takes them, and their targets."""

    inputs: Sequence[Any]
    targets: Array


@dataclass(frozen=True)
class _Course:
    """All that a training is made of, looked at and found good."""

    model: Module
    training: _Examples
    held_out: _Examples | None
    loss: Loss
    optimizer: Optimizer
    batch_size: int | None
    metrics: Mapping[str, Metric]
    regularizers: Sequence[Regularizer]
    clip_norm: float | None
    rng: np.random.Generator

    @property
    def quantities(self) -> list[str]:
        """What the history will tell."""
        own = ["loss", *["penalty"] * bool(self.regularizers), *self.metrics]
        held_out = [] if self.held_out is None else [f"val_{name}" for name in ("loss", *self.metrics)]
        return [*own, *held_out, "lr"]


class _Divergence(Exception):  # noqa: N818  # is never seen outside
    """A step whose numbers are not finite: what is said of it, and the loss, if there is one."""

    def __init__(self, told: str, objective: Value | None = None) -> None:
        super().__init__(told)
        self.objective = objective


class _Run:
    """One way through a course, with the states to which it can go back."""

    def __init__(self, course: _Course, stopping: EarlyStopping | None, interruption: Interruption) -> None:
        self.course = course
        self.stopping = stopping
        self.interruption = interruption
        self.history = History()
        self.parameters = course.model.parameters()
        self.good = self.start = self.best = self._snapshot()
        self.safe_loss = stable(course.loss)

    def through(self, epochs: int, callbacks: Sequence[Callback], wanted: bool | None) -> History:
        """The history of so many epochs, or of those before something ended them."""
        progress, began = Progress(epochs, wanted), time.perf_counter()
        try:
            for epoch in range(1, epochs + 1):
                record = self._epoch(epoch)
                if record is None:
                    break
                self.history.append(record)
                progress.advance(record)
                if self._is_over(epoch, epochs, callbacks):
                    break
        finally:
            self.history.seconds = time.perf_counter() - began
            progress.close()
        if self.history.best_epoch is not None:
            self.best.restore()
        return self.history

    def _epoch(self, epoch: int) -> dict[str, float] | None:
        """The numbers of one epoch; None where it was not finished."""
        self.start = self._snapshot()
        rate = self.course.optimizer.lr
        tally, penalties, seen = Tally(self.course.loss), 0.0, []
        for done, (places, total) in enumerate(self._batches()):
            if self.interruption.asked:
                self.history.stopped = f"interrupted in epoch {epoch}, after {done} of {total} steps"
                return None
            penalties += self._guarded(epoch, lambda places=places: self._step(places, tally)) * len(places)  # type: ignore[misc]
            seen.append(places)
        targets = self.course.training.targets[np.concatenate(seen)]
        record = {"loss": tally.loss}
        if self.course.regularizers:
            record["penalty"] = penalties / len(targets)
        record |= {name: metric(tally.predictions, targets) for name, metric in self.course.metrics.items()}
        return {**record, **self._guarded(epoch, self._validated), "lr": rate}

    def _batches(self) -> Iterator[tuple[Any, int]]:
        """The places of the examples of each batch, and how many batches there are."""
        parts = list(batches(len(self.course.training.inputs), self.course.batch_size, self.course.rng))
        return ((places, len(parts)) for places in parts)

    def _step(self, places: Sequence[int], tally: Tally) -> float:
        """One step of the optimizer on one batch; gives the penalty of the regularizers."""
        outputs, layers = self._outputs([self.course.training.inputs[place] for place in places])
        loss = self.safe_loss(outputs, self.course.training.targets[places])
        added = penalty(self.course.regularizers, self.course.model, layers)
        objective = loss if added is None else loss + added
        if not math.isfinite(objective.data):
            raise _Divergence(f"the loss became {objective.data!r}", objective)
        self.good = self.start  # a finite loss was measured with the parameters of the beginning of this epoch
        zero_grad(self.parameters)
        objective.backward()
        self._require_finite_gradients(objective)
        tally.add(loss.data, outputs)
        if self.course.clip_norm is not None:
            clipped(self.parameters, self.course.clip_norm)
        self.course.optimizer.step()
        return 0.0 if added is None else added.data

    def _outputs(self, inputs: Sequence[Any]) -> tuple[list[Any], list[list[Any]]]:
        """What the model gives for each example and, where a regularizer wants it, what each of its layers gives."""
        model: Any = self.course.model
        if not any(regularizer.needs_outputs for regularizer in self.course.regularizers):
            return [model(x) for x in inputs], []
        layers = [model.outputs(x) for x in inputs]
        return [given[-1] for given in layers], layers

    def _require_finite_gradients(self, objective: Value) -> None:
        for parameter in self.parameters:
            if not math.isfinite(parameter.grad):
                name = parameter.label or "a parameter"
                raise _Divergence(f"the gradient of {name} became {parameter.grad!r}", objective)

    def _validated(self) -> dict[str, float]:
        held_out = self.course.held_out
        if held_out is None:
            return {}
        course = self.course
        found = measured(course.model, held_out.inputs, held_out.targets, course.loss, course.metrics)
        if not math.isfinite(found["loss"]):
            raise _Divergence(f"the loss of the validation data became {found['loss']!r}")
        return {f"val_{name}": number for name, number in found.items()}

    def _guarded(self, epoch: int, act: Callable[[], Any]) -> Any:
        """What the act gives. Where numbers are not finite, the last good state is restored, and an error raised."""
        try:
            return act()
        except (_Divergence, DomainError, FloatingPointError) as error:
            objective = getattr(error, "objective", None)
            found = None if objective is None else diagnose(objective)
            told = f"{error}" if found is None else f"{error}\n{found!r}"
            self.good.restore()
            self.history.stopped = f"diverged in epoch {epoch}: {error}"
            raise TrainingDiverged(
                f"training diverged in epoch {epoch}, and went back to the last good parameters: {told}",
                self.history,
                found,
            ) from (None if isinstance(error, _Divergence) else error)
        except KeyboardInterrupt:
            self.start.restore()
            raise

    def _is_over(self, epoch: int, epochs: int, callbacks: Sequence[Callback]) -> bool:
        """Whether this was the last epoch, for whatever reason, which the history is told."""
        ended = [callback(epoch, self.course.model, self.history) is True for callback in callbacks]
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
        numbers, best = self.history[self.stopping.monitor], self.history.best_epoch
        if self.stopping.is_better(numbers[-1], None if best is None else numbers[best - 1]):
            self.history.best_epoch, self.best = epoch, self._snapshot()
        return epoch - (self.history.best_epoch or 0) >= self.stopping.patience

    def _snapshot(self) -> Snapshot:
        return Snapshot(self.course.model.parameters(), self.course.optimizer)


# ---- what is asked for


def _data(X: ArrayLike, Y: ArrayLike, validation: Any) -> tuple[_Examples, _Examples | None]:
    """The examples that teach, and those that are held out, if there are any."""
    inputs, targets = examples(X, Y, wanted_by="fit")
    if validation is None:
        return _Examples(rows(inputs), targets), None
    if isinstance(validation, (int, float)):
        kept = len(inputs) - round(len(inputs) * validation)
        if not 0 < validation < 1 or not 0 < kept < len(inputs):
            raise ValueError(
                f"validation is a pair (X, Y), or a fraction that leaves examples on both sides; got {validation!r}"
                f" of {len(inputs)} examples"
            )
        return _Examples(rows(inputs[:kept]), targets[:kept]), _Examples(rows(inputs[kept:]), targets[kept:])
    if len(validation) != 2:
        raise ValueError(f"validation is a pair (X, Y), or a fraction; got {len(validation)} things")
    held_in, held_out = examples(*validation, wanted_by="fit, for validation,")
    if held_in.shape[1:] != inputs.shape[1:]:
        raise ValueError(f"validation needs examples of the shape {inputs.shape[1:]}; got {held_in.shape[1:]}")
    return _Examples(rows(inputs), targets), _Examples(rows(held_in), held_out)


def _optimizer(choice: Any, model: Module) -> Optimizer:
    """The optimizer, of parameters that are all the model's."""
    optimizer = optimizer_of(choice, model.parameters())
    own = set(model.parameters())
    if not own.issuperset(optimizer.parameters):
        strange = sum(parameter not in own for parameter in optimizer.parameters)
        raise ValueError(f"fit needs an optimizer of the model's parameters; got {strange} that are not in {model!r}")
    return optimizer


def _regularizers(choice: Any, model: Module) -> Sequence[Regularizer]:
    """The regularizers, of which one that needs the outputs of the layers needs a model that gives them."""
    regularizers = _several(choice, "a Regularizer, such as L2(0.01)", lambda given: isinstance(given, Regularizer))
    for regularizer in regularizers:
        if regularizer.needs_outputs and not hasattr(model, "outputs"):
            raise TypeError(f"{regularizer!r} needs a model with outputs(x), such as a Sequential; got {model!r}")
    return regularizers


def _several(things: Any, needs: str, fits: Callable[[Any], bool]) -> Sequence[Any]:
    """What may be one or several, as a sequence. Raises TypeError for what does not fit."""
    found = things if isinstance(things, (list, tuple)) else [things]
    for thing in found:
        if not fits(thing):
            raise TypeError(f"fit needs {needs}, or a list of them; got {thing!r}")
    return found
