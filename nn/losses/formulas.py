"""Losses: how far predictions are from their targets, as one Value.

The documents mix the factors 1/2, 1, 1/n and 2/n, and their names; each loss here says its factor. The factor carries
over into every gradient, and so into what a learning rate means.

Laws of this file:
- Predictions are a lone number, n of them, or n examples in rows of k, as lists, tuples or arrays of Values or numbers.
  Targets have the same shape; where a model has one output, n in a row go with n in a column.
- Elementwise losses take all n · k numbers alike: a mean is divided by n · k, as PyTorch does.
- Categorical losses take n rows, or a lone row, of k classes. Their targets are rows of k probabilities (one-hot
  included), or whole labels from 0 to k - 1, of which one goes with each row.
- Targets may be Values with slopes of their own; labels are plain numbers.
- All raise ValueError for shapes that do not fit, for no predictions at all, and for targets outside the range that the
  loss can have, and record nothing then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from autograd import DomainError, Value, dot, logsumexp, mean, sum
from autograd.derivatives import number_of
from autograd.value import Operand
from nn.losses.shapes import Row, recorded
from nn.losses.targets import CATEGORICAL, examples_of, pairs

Loss: TypeAlias = Callable[[Any, Any], Value]

# ---- distances of numbers


def half_squared_error(predictions: Any, targets: Any) -> Value:
    """1/2 · Σ (ŷ - y)²: the error of document 000 (section 1.1) and the cost of document 003.

    Its gradient is ŷ - y: the listings of document 002 take it where its theory has 2 (ŷ - y) (erratum 002-5).
    """
    return 0.5 * _combined(sum, _squares(predictions, targets, "half_squared_error"))


def sse(predictions: Any, targets: Any) -> Value:
    """Σ (ŷ - y)², factor 1: the loss that document 002 (section 3.5) calls MSE (erratum 002-4)."""
    return _combined(sum, _squares(predictions, targets, "sse"))


def mse(predictions: Any, targets: Any) -> Value:
    """1/n · Σ (ŷ - y)² over all n numbers: the mean squared error of documents 001 (section 1.2.1) and 004.

    Its derivative is 2/n · (ŷ - y); the documents print it without the n (errata 001-3, 004-5).
    """
    return _combined(mean, _squares(predictions, targets, "mse"))


def mae(predictions: Any, targets: Any) -> Value:
    """1/n · Σ |ŷ - y| over all n numbers: the mean absolute error of document 002 (section 3.4). Slope 0 at ŷ = y."""
    return _combined(mean, [abs(y - target) for y, target in pairs(predictions, targets, "mae")])


def hinge(predictions: Any, targets: Any) -> Value:
    """1/n · Σ max(0, 1 - y · s) over all n scores s, with targets y of -1 or 1: the loss of micrograd's demonstration.

    Slope 0 at y · s = 1, as ReLU has it. A score above 0 decides for the class 1.
    """
    return _combined(mean, [(1 - y * score).relu() for score, y in pairs(predictions, targets, "hinge")])


# ---- cross-entropies


def binary_crossentropy(predictions: Any, targets: Any) -> Value:
    """-1/n · Σ [y log p + (1 - y) log(1 - p)] over all n probabilities p: as document 004 prints the cross-entropy.

    Targets are 0 or 1, or between. Raises DomainError for a p of 0 or 1, where the formula has log(0): it is not
    clipped, for `binary_crossentropy_from_logits` has the right number there. A sigmoid is 1 from z = 37 on.
    """
    wanted_by = "binary_crossentropy"
    terms = [
        y * _log(p, p, wanted_by) + (1 - y) * _log(1 - p, p, wanted_by)
        for p, y in pairs(predictions, targets, wanted_by)
    ]
    return -_combined(mean, terms)


def binary_crossentropy_from_logits(predictions: Any, targets: Any) -> Value:
    """1/n · Σ [softplus(z) - y · z]: `binary_crossentropy` of the sigmoids of all n numbers z, for every finite z.

    The model then ends in z, without a sigmoid; a z above 0 decides for the class 1.
    """
    return binary_from_logits(predictions, targets, "binary_crossentropy_from_logits")


def categorical_crossentropy(predictions: Any, targets: Any) -> Value:
    """-1/n · Σ Σ y log p over n examples and k classes: the loss of document 002 (section 4.4).

    The mean is over the examples, not over the numbers. With labels the graph has -log p of the right class alone. The
    probabilities are taken as they are: that their sum is 1 is softmax's to see to. Raises DomainError for a p of 0,
    where `categorical_crossentropy_from_logits` has the right number.
    """
    wanted_by = "categorical_crossentropy"

    def term(ps: Row, target: int | Row) -> Value:
        if isinstance(target, int):
            return _log(recorded(ps[target]), ps[target], wanted_by)
        return dot(target, [_log(recorded(p), p, wanted_by) for p in ps])

    return -_combined(mean, [term(*pair) for pair in examples_of(predictions, targets, wanted_by)])


def categorical_crossentropy_from_logits(predictions: Any, targets: Any) -> Value:
    """1/n · Σ Σ y (logsumexp(z) - z) over n examples: `categorical_crossentropy` of the softmax of each row z.

    The model then ends in z, without a softmax. The number is finite for every finite z, with the
    rounding of the largest z: an error of 1e-16 of it.
    """
    return categorical_from_logits(predictions, targets, "categorical_crossentropy_from_logits")


# ---- what is recorded


def _squares(predictions: Any, targets: Any, wanted_by: str) -> list[Value]:
    return [(y - target) ** 2 for y, target in pairs(predictions, targets, wanted_by)]


def binary_from_logits(predictions: Any, targets: Any, wanted_by: str) -> Value:
    return _combined(mean, [z.softplus() - y * z for z, y in pairs(predictions, targets, wanted_by)])


def categorical_from_logits(predictions: Any, targets: Any, wanted_by: str) -> Value:
    def term(zs: Row, target: int | Row) -> Value:
        total = logsumexp(zs)
        return total - zs[target] if isinstance(target, int) else dot(target, [total - z for z in zs])

    return _combined(mean, [term(*pair) for pair in examples_of(predictions, targets, wanted_by)])


def _combined(combine: Callable[[list[Value]], Value], terms: list[Value]) -> Value:
    # the documents write one squared error without a sum, and so does the graph
    return combine(terms) if len(terms) > 1 else terms[0]


def _log(x: Value, p: Operand, wanted_by: str) -> Value:
    """log x, where x is the probability p or 1 - p."""
    try:
        return x.log()
    except DomainError as error:
        label = f" ({p.label})" if type(p) is Value and p.label else ""
        within = "above 0" if wanted_by in CATEGORICAL else "above 0 and below 1"
        raise DomainError(
            f"{wanted_by} needs probabilities {within}; got {number_of(p)!r}{label}; use {wanted_by}_from_logits,"
            " which takes the z before the probability and has no log(0)"
        ) from error
