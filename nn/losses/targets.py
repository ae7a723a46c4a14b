"""Targets beside predictions: which shapes fit, and which targets a loss can have."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd import Value
from autograd.value import Operand
from nn.data import require_all, whole_labels
from nn.losses.shapes import Row, Shaped, recorded, shaped
from nn.models.modules import Array

CATEGORICAL = frozenset({"categorical_crossentropy", "categorical_crossentropy_from_logits"})
"""Those that take a row of classes for each example."""

SUM_ROUNDING = 1e-6
"""Probabilities that came from 32 bits have a sum that differs from 1 by some of their roundings of 6e-8."""


def pairs(predictions: Any, targets: Any, wanted_by: str) -> list[tuple[Value, Operand]]:
    """Each prediction with its target."""
    outputs, wanted = shaped(predictions), shaped(targets)
    require_targets(outputs.shape, wanted, wanted_by)
    return [(recorded(y), target) for y, target in zip(outputs.numbers, wanted.numbers)]


def examples_of(predictions: Any, targets: Any, wanted_by: str) -> list[tuple[Row, int | Row]]:
    """Each example, a row of predictions, with its label or its row of targets."""
    outputs = shaped(predictions)
    return list(zip(outputs.rows, class_targets(outputs.shape, shaped(targets), wanted_by)))


Allowed: TypeAlias = tuple[str, Callable[[Array], NDArray[np.bool_]]]

_PROBABILITY: Allowed = ("from 0 to 1", lambda y: (y >= 0) & (y <= 1))
_SIDE: Allowed = ("-1 or 1", lambda y: abs(y) == 1)

_ALLOWED: dict[str, Allowed] = {
    "hinge": _SIDE,
    "binary_crossentropy": _PROBABILITY,
    "binary_crossentropy_from_logits": _PROBABILITY,
}
"""The targets that a loss can have, in words and as a condition; any number where nothing is said."""


def require_targets(shape: tuple[int, ...], targets: Shaped, wanted_by: str) -> None:
    """Raises ValueError where targets do not fit predictions of a shape."""
    if _core(targets.shape) != _core(shape):
        _refuse_shapes(shape, targets.shape, f"{wanted_by} needs one target for each prediction")
    if not prod(shape):
        raise ValueError(f"{wanted_by} needs at least one prediction; got none")
    if wanted_by in _ALLOWED:
        needs, allowed = _ALLOWED[wanted_by]
        numbers = targets.data
        require_all(allowed(numbers), numbers, "targets", f"{wanted_by} needs targets that are {needs}")


def class_targets(shape: tuple[int, ...], targets: Shaped, wanted_by: str) -> list[int] | list[Row]:
    """For each example its label, or its row of probabilities. Raises ValueError where they do not fit."""
    if 0 in shape:
        raise ValueError(f"{wanted_by} needs at least one prediction; got none")
    if not 1 <= len(shape) <= 2 or shape[-1] < 2:
        raise ValueError(f"{wanted_by} needs a row of two classes or more for each example; got the shape {shape}")
    if targets.shape == shape:
        _require_probabilities(targets.data, wanted_by)
        return targets.rows
    if _core(targets.shape) != _core(shape[:-1]):
        needs = f"{wanted_by} needs one label, or {shape[-1]} probabilities, for each example"
        _refuse_shapes(shape, targets.shape, needs)
    recorded = next((label for label in targets.numbers if type(label) is Value), None)
    if recorded is not None:
        raise TypeError(f"{wanted_by} needs labels that are plain numbers; got a {recorded!r}")
    labels: list[int] = whole_labels(targets.data, shape[-1], "targets", wanted_by).ravel().tolist()
    return labels


def _require_probabilities(rows: Array, wanted_by: str) -> None:
    needs = f"{wanted_by} needs targets that are probabilities"
    require_all(rows >= 0, rows, "targets", f"{needs}, none negative")
    sums = np.asarray(rows.sum(-1))
    require_all(abs(sums - 1) <= SUM_ROUNDING, sums, "targets", f"{needs}, with the sum 1 for each example")


def _core(shape: tuple[int, ...]) -> tuple[int, ...]:
    """A shape without the ones at its end: n numbers in a row go with n in a column, a lone one with a list of one."""
    while shape[-1:] == (1,):
        shape = shape[:-1]
    return shape


def _refuse_shapes(predictions: tuple[int, ...], targets: tuple[int, ...], needs: str) -> None:
    raise ValueError(f"{needs}; got predictions of shape {predictions} and targets of shape {targets}")
