"""Metrics: how good predictions are, as plain numbers that nothing is learnt from.

Laws of this file:
- Predictions are n numbers in a row or in a column, which decide between two classes, or n rows of k, of which the
  first of the largest decides. Values are taken for their data.
- A target is a class in any of its usual forms: 0 or 1, -1 or 1, a label from 0 to k - 1, or a row of k, of which one
  is the largest (one-hot).
- What can't be compared is refused: NaN among the predictions or the targets, no predictions, different n. Only the
  metrics that have the name of a loss give NaN for NaN.
"""

from __future__ import annotations

import math
import operator
import reprlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd import Value, no_recording
from autograd.coercion import real_number
from nn.data import Labels, require_all, whole_labels
from nn.losses.formulas import Loss, mae, mse
from nn.losses.shapes import shaped
from nn.models.modules import Array

Metric: TypeAlias = Callable[[Any, Any], "float | Value"]
"""A function of predictions and targets; a Value is taken for its data."""

UNSURE = 0.5
"""A target up to here is of the class 0."""


def accuracy(predictions: Any, targets: Any, threshold: float = 0.5) -> float:
    """The share of the examples whose predicted class is that of the target, from 0 to 1.

    Of two classes a prediction above the threshold is the class 1, and one at the threshold the class 0, as document
    002 rounds 0.5 (section 4.2); scores, such as logits, or outputs of tanh for targets of -1 and 1, have the threshold
    0. That of a target does not depend on it.
    Raises ValueError for what can't be compared, and for targets that are no classes.
    """
    predicted, true, _ = _classes(predictions, targets, threshold, None, "accuracy")
    return float(np.mean(predicted == true))


def confusion_matrix(
    predictions: Any, targets: Any, n_classes: int | None = None, threshold: float = 0.5
) -> NDArray[np.int64]:
    """How often each class was predicted for each: a row for each true class, a column for each predicted one.

    The classes are decided as for `accuracy`; there are two for single predictions, and k for rows of k. With more
    `n_classes` there are rows and columns for those too, and single predictions are labels already, from 0 up.
    Raises what `accuracy` raises, and ValueError for fewer classes than the predictions have.
    """
    predicted, true, found = _classes(predictions, targets, threshold, n_classes, "confusion_matrix")
    matrix = np.zeros((found, found), dtype=np.int64)
    np.add.at(matrix, (true, predicted), 1)
    return matrix


def _plain(loss: Loss) -> Metric:
    """A loss as a metric: its number alone."""

    @wraps(loss)
    def measured(predictions: Any, targets: Any) -> float:
        with no_recording():
            return loss(predictions, targets).data

    return measured


METRICS: dict[str, Metric] = {"accuracy": accuracy, "mse": _plain(mse), "mae": _plain(mae)}
"""Every metric that has a name; any function of predictions and targets can be one."""


def _classes(
    predictions: Any, targets: Any, threshold: float, n_classes: int | None, wanted_by: str
) -> tuple[Labels, Labels, int]:
    """The predicted class of each example, the true one, and how many classes there are."""
    outputs, wanted = _numbers(predictions, "predictions", wanted_by), _numbers(targets, "targets", wanted_by)
    if len(outputs) != len(wanted):
        _refuse(outputs, wanted, f"{wanted_by} needs one target for each prediction")
    least = 2 if outputs.ndim == 1 else outputs.shape[1]
    found = least if n_classes is None else operator.index(n_classes)
    if found < least:
        raise ValueError(f"{wanted_by} needs at least {least} classes for such predictions; got {found}")
    if outputs.ndim == 1 and found == 2:
        return _above(outputs, threshold, wanted_by), _sides(outputs, wanted, wanted_by), found
    predicted = _largest(outputs) if outputs.ndim > 1 else whole_labels(outputs, found, "predictions", wanted_by)
    return predicted, _labels(outputs, wanted, found, wanted_by), found


def _labels(outputs: Array, wanted: Array, n_classes: int, wanted_by: str) -> Labels:
    """The true classes of many: labels, or the largest of each row."""
    if wanted.ndim == 1:
        return whole_labels(wanted, n_classes, "targets", wanted_by)
    if wanted.shape != outputs.shape:
        _refuse(outputs, wanted, f"{wanted_by} needs a label or a row of as many classes for each prediction")
    decided = (wanted == wanted.max(axis=1, keepdims=True)).sum(axis=1) == 1
    if not decided.all():
        place = int(decided.argmin())
        got = f"{reprlib.repr(wanted[place].tolist())} at targets[{place}]"
        raise ValueError(f"{wanted_by} needs rows of targets of which one number is the largest; got {got}")
    return _largest(wanted)


def _largest(rows: Array) -> Labels:
    return np.asarray(rows.argmax(axis=1), dtype=np.int64)


def _above(outputs: Array, threshold: float, wanted_by: str) -> Labels:
    """The predicted classes of two."""
    border = real_number(threshold, f"threshold of {wanted_by}")
    if math.isnan(border):
        raise ValueError(f"{wanted_by} needs a threshold that numbers are above or not; got nan")
    return (outputs > border).astype(np.int64)


def _sides(outputs: Array, wanted: Array, wanted_by: str) -> Labels:
    """The true classes of two."""
    if wanted.ndim > 1:
        _refuse(outputs, wanted, f"{wanted_by} needs one target for each prediction")
    allowed = abs(wanted) == 1 if -1 in wanted else (wanted >= 0) & (wanted <= 1)
    needs = "rows of predictions for more than two classes, and for single ones targets of 0 or 1, or of -1 or 1"
    require_all(allowed, wanted, "targets", f"{wanted_by} needs {needs}")
    return (wanted > UNSURE).astype(np.int64)


def _numbers(xs: Any, name: str, wanted_by: str) -> Array:
    """Plain numbers in one dimension, or in rows of two or more."""
    try:
        numbers = np.atleast_1d(shaped(xs).data)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{wanted_by}, for {name}: {error}") from error
    if numbers.shape[1:] == (1,):
        numbers = numbers[:, 0]
    if numbers.ndim > 2:
        raise ValueError(f"{wanted_by} needs numbers, or rows of numbers, as {name}; got the shape {numbers.shape}")
    if not numbers.size:
        raise ValueError(f"{wanted_by} needs at least one of the {name}; got none")
    require_all(~np.isnan(numbers), numbers, name, f"{wanted_by} needs {name} without NaN")
    return numbers


def _refuse(outputs: Array, wanted: Array, needs: str) -> None:
    raise ValueError(f"{needs}; got predictions of shape {outputs.shape} and targets of shape {wanted.shape}")
