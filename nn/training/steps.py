"""One step of a training on one batch: recorded and pulled back example by example, or as a compiled program.

Law of this file: both ways give the same numbers, in the same order of random draws, up to the rounding of sums. Where
they differ, it is in who holds the parameters: the Values, or a flat array that is written to them by `hand_back`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import DTypeLike

from autograd import Value, zero_grad
from autograd.value import read_data, write_data
from nn.optimization.clipping import clip_norm, clipped_to_norm
from nn.regularizers import penalty
from nn.training.courses import Course
from nn.training.prediction import Array, numbers
from nn.training.programs import Batch, Measured, is_compilable_training, rows_of_targets
from nn.training.scoring import teaching

FEWEST_STEPS = 4
"""To compile costs about as much as so many eager steps."""


class Step(NamedTuple):
    """The loss of a batch before its step, its penalty, the outputs if they are measured, whether there is a slope."""

    loss: float
    penalty: float
    outputs: Array | None
    has_slope: bool


class Divergence(Exception):  # noqa: N818  # is never seen outside
    """A step whose numbers are not finite: what is said of it, the loss, if there is one, and whether it was finite."""

    def __init__(self, told: str, objective: Value | None = None, is_of_loss: bool = False) -> None:
        super().__init__(told)
        self.objective = objective
        self.is_of_loss = is_of_loss


class Steps(Protocol):
    """A way to take steps. `begin` comes before those of an epoch, `hand_back` before somebody looks at the model."""

    def begin(self) -> None: ...
    def take(self, places: Any, is_last: bool) -> Step: ...
    def hand_back(self) -> None: ...


def steps_of(course: Course, count: int, compiled: bool | None, dtype: DTypeLike = np.float64) -> Steps:
    """The compiled way where it is known to be right, and pays for so many steps; or what is asked for.

    Raises ValueError where a compiled one is asked for, and what is trained might branch on its data; for a dtype that
    is neither float64 nor float32, and for float32 steps that are not compiled.
    """
    kind = np.dtype(dtype)
    if kind not in (np.float64, np.float32):
        raise ValueError(f"fit computes in float64 or float32; got the dtype {kind}")
    if kind == np.float32:
        if compiled is False:
            raise ValueError("fit computes in float32 in compiled steps alone; got compiled=False")
        compiled = True
    own = list(course.optimizer.parameters) == course.model.parameters()
    possible = own and is_compilable_training(course.model, course.loss, course.regularizers)
    if compiled and not possible:
        raise ValueError(
            "fit can compile models, activations, losses and regularizers of nn, taught in all their parameters;"
            f" got {course.model!r}, {course.loss!r}, {course.optimizer!r}"
        )
    wanted = count >= FEWEST_STEPS if compiled is None else compiled
    return CompiledSteps(course, kind) if possible and wanted else EagerSteps(course)


class EagerSteps:
    """Each step recorded anew."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.parameters = course.model.parameters()
        self.loss = teaching(course.loss)

    def begin(self) -> None:
        """Nothing: the Values hold the parameters."""

    def hand_back(self) -> None:
        """Nothing, again."""

    def take(self, places: Any, is_last: bool) -> Step:
        """One step on the examples at these places."""
        loss, added, outputs = self.recorded(places)
        objective = loss if added is None else loss + added
        if not math.isfinite(objective.data):
            raise Divergence(f"the loss became {objective.data!r}", objective, is_of_loss=True)
        zero_grad(self.parameters)
        objective.backward()
        for parameter in self.parameters:
            if not math.isfinite(parameter.grad):
                raise Divergence(_told_gradient(parameter, parameter.grad), objective)
        step = Step(
            loss.data,
            0.0 if added is None else added.data,
            numbers(outputs) if self.course.metrics else None,
            any(parameter.grad for parameter in self.parameters),
        )
        if self.course.clip_norm is not None:
            clip_norm(self.parameters, self.course.clip_norm)
        self.course.optimizer.step()
        return step

    def recorded(self, places: Any) -> tuple[Value, Value | None, list[Any]]:
        """The loss on some examples, the penalty, and what the model gives for them."""
        outputs, layers = self._outputs([self.course.training.inputs[place] for place in places])
        loss = self.loss(outputs, self.course.training.targets[places])
        return loss, penalty(self.course.regularizers, self.course.model, layers), outputs

    def _outputs(self, inputs: Sequence[Any]) -> tuple[list[Any], list[list[Any]]]:
        """What the model gives for each example and, where a regularizer wants it, what each of its layers gives."""
        model: Any = self.course.model
        if not any(regularizer.needs_outputs for regularizer in self.course.regularizers):
            return [model(x) for x in inputs], []
        layers = [model.outputs(x) for x in inputs]
        return [given[-1] for given in layers], layers


class CompiledSteps:
    """Each step as a run of a program, of which there is one for each size of batches."""

    def __init__(self, course: Course, dtype: np.dtype[Any]) -> None:
        self.course = course
        self.dtype = dtype
        self.parameters = course.model.parameters()
        self.examples = np.array([np.asarray(x) for x in course.training.inputs], dtype=dtype)
        self.targets = rows_of_targets(course.loss, course.training.targets, course.n_outputs)
        self._batches: dict[int, Batch] = {}
        self._first: Batch | None = None
        self._size = 0

    def begin(self) -> None:
        """Takes the parameters as the Values have them."""
        if self._first is not None:
            self._first.parameters[:] = read_data(self.parameters)

    def hand_back(self) -> None:
        """Writes the parameters to the Values."""
        if self._first is not None:
            write_data(self.parameters, self._first.parameters.tolist())

    def take(self, places: Any, is_last: bool) -> Step:
        """One step on the examples at these places; of the last one of an epoch the optimizer can tell."""
        first = self._first = self._first or self._first_batch(places)
        measured = first.run_on(places) if len(places) == self._size else self._run_smaller(first, places)
        objective = measured.loss + measured.penalty
        if not math.isfinite(objective):
            raise Divergence(f"the loss became {objective!r}", self._eager(places), is_of_loss=True)
        gradient = first.gradient
        with np.errstate(all="ignore"):
            square = float(np.dot(gradient, gradient))
        if not math.isfinite(square):
            self._require_finite(gradient, places)
        has_slope = square > 0 or bool(gradient.any())
        if self.course.clip_norm is not None:
            gradient[:] = clipped_to_norm(gradient, self.course.clip_norm)
        self.course.optimizer.update(first.parameters, gradient, explained=is_last)
        return Step(measured.loss, measured.penalty, measured.outputs, has_slope)

    def _first_batch(self, places: Any) -> Batch:
        """The batch that holds the parameters, and the examples."""
        self._size = len(places)
        batch = self._recorded(self.examples[places], self.targets[places])
        batch.hold(self.examples, self.targets)
        return batch

    def _run_smaller(self, first: Batch, places: Any) -> Measured:
        """A run of a batch of another size, from the parameters of the first and into its gradient."""
        X, Y = self.examples[places], self.targets[places]
        if len(X) not in self._batches:
            self._batches[len(X)] = self._recorded(X, Y)
        batch = self._batches[len(X)]
        batch.parameters[:] = first.parameters
        measured = batch.run(X, Y)
        first.gradient[:] = batch.gradient
        return measured

    def _recorded(self, X: Array, Y: Array) -> Batch:
        self.hand_back()
        course = self.course
        return Batch(course.model, course.loss, course.regularizers, X, Y, bool(course.metrics), self.dtype)

    def _require_finite(self, gradient: Array, places: Any) -> None:
        for parameter, slope in zip(self.parameters, gradient.tolist()):
            if not math.isfinite(slope):
                raise Divergence(_told_gradient(parameter, slope), self._eager(places))

    def _eager(self, places: Any) -> Value:
        """The loss and its penalty, recorded, for the doctor."""
        self.hand_back()
        loss, added, _ = EagerSteps(self.course).recorded(places)
        return loss if added is None else loss + added


def named(parameter: Value) -> str:
    """What an error calls a parameter."""
    return parameter.label or "a parameter"


def _told_gradient(parameter: Value, slope: float) -> str:
    return f"the gradient of {named(parameter)} became {slope!r}"
