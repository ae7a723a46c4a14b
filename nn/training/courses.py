"""A course: all that is asked of a training, looked at before its first step and found good, or refused."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from autograd import Value
from nn.data import examples_and_targets
from nn.losses.formulas import Loss
from nn.losses.registry import check_targets, loss_of
from nn.metrics import Metric
from nn.models.modules import Module, Seed, count
from nn.optimization.optimizer import Optimizer
from nn.optimization.rules import optimizer_of
from nn.ranges import LENGTH
from nn.regularizers import Regularizer
from nn.seeds import generator
from nn.training.prediction import Array, predict, rows
from nn.training.scoring import metrics_of, output_shape, scores
from nn.training.stopping import EarlyStopping

Shape: TypeAlias = "tuple[int, ...]"


@dataclass(frozen=True)
class Examples:
    """Examples as the model takes them, and their targets."""

    inputs: Sequence[Any]
    targets: Array


@dataclass(frozen=True)
class Course:
    """What teaches, what is taught, and how."""

    model: Module
    training: Examples
    held_out: Examples | None
    loss: Loss
    optimizer: Optimizer
    batch_size: int | None
    metrics: Mapping[str, Metric]
    regularizers: Sequence[Regularizer]
    clip_norm: float | None
    rng: np.random.Generator
    n_outputs: int

    @property
    def steps_of_an_epoch(self) -> int:
        """How many batches there are."""
        return 1 if self.batch_size is None else math.ceil(len(self.training.inputs) / self.batch_size)

    @property
    def quantities(self) -> list[str]:
        """What the history will tell."""
        own = ["loss", *["penalty"] * bool(self.regularizers), *self.metrics]
        held_out = [] if self.held_out is None else [f"val_{name}" for name in ("loss", *self.metrics)]
        return [*own, *held_out, "lr"]


def course_of(
    model: Module,
    X: ArrayLike,
    Y: ArrayLike,
    *,
    loss: str | Loss,
    optimizer: str | Optimizer | Callable[[list[Value]], Optimizer],
    batch_size: int | None,
    validation: Any,
    metrics: str | Metric | Sequence[str | Metric],
    regularizer: Regularizer | Sequence[Regularizer],
    clip_norm: float | None,
    seed: Seed,
) -> Course:
    """What `fit` is asked for, by the same names. Raises ValueError and TypeError for what does not fit."""
    if not hasattr(model, "parameters"):
        raise TypeError(f"fit needs a model with parameters(), such as a Module; got {type(model).__name__} {model!r}")
    chosen = loss_of(loss)
    training, held_out = _data(X, Y, validation)
    asked = metrics_of(metrics, chosen)
    shape = output_shape(model, training.inputs, chosen)
    _try(model, shape, training, chosen, asked)
    if held_out is not None:
        _try_validation(model, shape, held_out, chosen, asked)
    return Course(
        model,
        training,
        held_out,
        chosen,
        _optimizer(optimizer, model),
        None if batch_size is None else count(batch_size, "fit", "example in a batch"),
        asked,
        _regularizers(regularizer, model),
        None if clip_norm is None else LENGTH.checked(clip_norm, "clip_norm of fit"),
        generator(seed, "fit"),
        math.prod(shape),
    )


def stopping_of(choice: Any, course: Course) -> EarlyStopping | None:
    """Early stopping, as it is or by its patience.

    Raises TypeError for what is neither, and ValueError where it looks at what the history will not tell.
    """
    if choice is None:
        return None
    if isinstance(choice, bool) or not isinstance(choice, (Integral, EarlyStopping)):
        raise TypeError(f"early_stopping is an EarlyStopping, or its patience; got {type(choice).__name__} {choice!r}")
    stopping = choice if isinstance(choice, EarlyStopping) else EarlyStopping(int(choice))
    if stopping.monitor not in course.quantities:
        known = ", ".join(course.quantities)
        raise ValueError(f"{stopping!r} needs a quantity of the history: {known}; val_ ones need validation=")
    return stopping


def several(things: Any, needs: str, fits: Callable[[Any], bool]) -> Sequence[Any]:
    """What may be one or several, as a sequence. Raises TypeError for what does not fit."""
    found = things if isinstance(things, (list, tuple)) else [things]
    for thing in found:
        if not fits(thing):
            raise TypeError(f"fit needs {needs}, or a list of them; got {thing!r}")
    return found


def _try(model: Module, shape: Shape, part: Examples, loss: Loss, metrics: Mapping[str, Metric]) -> None:
    """Raises what training would raise in its first epoch, for targets and metrics that do not fit."""
    check_targets(loss, part.targets, shape)
    if metrics:
        scores(metrics, predict(model, np.asarray(part.inputs)), part.targets)


def _try_validation(model: Module, shape: Shape, part: Examples, loss: Loss, metrics: Mapping[str, Metric]) -> None:
    try:
        _try(model, shape, part, loss, metrics)
    except ValueError as error:
        raise ValueError(f"fit, for validation: {error}") from error


def _data(X: ArrayLike, Y: ArrayLike, validation: Any) -> tuple[Examples, Examples | None]:
    """The examples that teach, and those that are held out, if there are any."""
    inputs, targets = examples_and_targets(X, Y, wanted_by="fit")
    if validation is None:
        return Examples(rows(inputs), targets), None
    if isinstance(validation, Real) and not isinstance(validation, bool):
        kept = _kept(len(inputs), float(validation))
        return Examples(rows(inputs[:kept]), targets[:kept]), Examples(rows(inputs[kept:]), targets[kept:])
    if not isinstance(validation, (tuple, list)) or len(validation) != 2:
        got = f"{type(validation).__name__} {reprlib.repr(validation)}"
        raise TypeError(f"validation is a pair (X, Y), or a fraction; got {got}")
    held_in, held_out = examples_and_targets(*validation, wanted_by="fit, for validation,")
    if held_in.shape[1:] != inputs.shape[1:]:
        raise ValueError(f"validation needs examples of the shape {inputs.shape[1:]}; got {held_in.shape[1:]}")
    return Examples(rows(inputs), targets), Examples(rows(held_in), held_out)


def _kept(n: int, fraction: float) -> int:
    """How many of n examples teach where a fraction is held out."""
    kept = n - round(n * fraction) if 0 < fraction < 1 else 0
    if not 0 < kept < n:
        needs = "validation is a pair (X, Y), or a fraction that leaves examples on both sides"
        raise ValueError(f"{needs}; got {fraction!r} of {n} examples")
    return kept


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
    regularizers = several(choice, "a Regularizer, such as L2(0.01)", lambda given: isinstance(given, Regularizer))
    for regularizer in regularizers:
        if regularizer.needs_outputs and not hasattr(model, "outputs"):
            raise TypeError(f"{regularizer!r} needs a model with outputs(x), such as a Sequential; got {model!r}")
    return regularizers
