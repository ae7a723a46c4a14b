"""Cross-entropies of probabilities and of logits: which of them a model gives, read off the graph of its outputs."""

from __future__ import annotations

from functools import wraps
from typing import Any

from autograd import Value
from autograd.value import Operand
from nn.data import require_all
from nn.losses.formulas import (
    Loss,
    binary_crossentropy,
    binary_crossentropy_from_logits,
    binary_from_logits,
    categorical_crossentropy,
    categorical_crossentropy_from_logits,
    categorical_from_logits,
)
from nn.losses.shapes import Row, Shaped, shaped
from nn.models.modules import Array

_ENDS: dict[Loss, tuple[Loss, str]] = {
    binary_crossentropy: (binary_crossentropy_from_logits, "sigmoid"),
    categorical_crossentropy: (categorical_crossentropy_from_logits, "softmax"),
}
"""For each loss of probabilities that of their logits, and the activation between the two."""

CROSSENTROPIES = (*_ENDS, *(from_logits for from_logits, _ in _ENDS.values()))
"""The losses to which it matters whether outputs are probabilities."""


def stable(loss: Loss) -> Loss:
    """A loss for training: the same number, also where a cross-entropy of probabilities would have log(0).

    The graph remembers how a probability was computed, so its logit is read off it. Where every prediction of a
    `binary_crossentropy` is the sigmoid of some z, or every row of a `categorical_crossentropy` the softmax of some zs,
    what is recorded is the form from logits on these z. Everywhere else, and for every other loss, it is the loss
    itself: so too for numbers computed under `no_recording`, which remember nothing.
    """
    if loss is binary_crossentropy:
        return _stable_binary
    if loss is categorical_crossentropy:
        return _stable_categorical
    return loss


def check_outputs(loss: Loss, outputs: Any) -> None:
    """Raises ValueError where what a model gives for some examples is not what the loss takes.

    That is so for a cross-entropy from logits, where the graph remembers that all outputs are sigmoids, or a softmax;
    and for one of probabilities, where an output is below 0 or above 1.
    """
    for of_probabilities, (from_logits, end) in _ENDS.items():
        if loss is of_probabilities:
            _require_probabilities(shaped(outputs).data, of_probabilities, from_logits, end)
        elif loss is from_logits and _are_probabilities(shaped(outputs)):
            raise ValueError(
                f"{from_logits.__name__} needs the z before a sigmoid or a softmax; got a model that ends in one: use"
                f" {of_probabilities.__name__}, or end the model in identity"
            )


def _require_probabilities(numbers: Array, of_probabilities: Loss, from_logits: Loss, end: str) -> None:
    outside = (numbers < 0) | (numbers > 1)  # NaN is not outside: a training says where it was born
    needs = f"probabilities, from a model that ends in {end}; {from_logits.__name__} takes any number"
    require_all(~outside, numbers, "outputs", f"{of_probabilities.__name__} needs {needs}")


def _are_probabilities(given: Shaped) -> bool:
    """Whether the graph remembers that these are all sigmoids, or rows of a softmax."""
    if _logits_of_sigmoids(given.numbers) is not None:
        return True
    return all(_logits_of_softmax(row) is not None for row in given.rows)


@wraps(binary_crossentropy)
def _stable_binary(predictions: Any, targets: Any) -> Value:
    outputs = shaped(predictions)
    logits = _logits_of_sigmoids(outputs.numbers)
    if logits is None:
        return binary_crossentropy(outputs, targets)
    return binary_from_logits(Shaped(logits, outputs.shape), targets, "binary_crossentropy")


@wraps(categorical_crossentropy)
def _stable_categorical(predictions: Any, targets: Any) -> Value:
    outputs = shaped(predictions)
    logits = [_logits_of_softmax(row) for row in outputs.rows]
    if None in logits:
        return categorical_crossentropy(outputs, targets)
    joined = tuple(z for row in logits if row is not None for z in row)
    return categorical_from_logits(Shaped(joined, outputs.shape), targets, "categorical_crossentropy")


def _logits_of_sigmoids(ps: Row) -> Row | None:
    """The z of each sigmoid; None where one of the numbers is anything else."""
    return tuple(p.operands[0] for p in ps if type(p) is Value) if all(_is_a(p, "sigmoid") for p in ps) else None


def _logits_of_softmax(ps: Row) -> Row | None:
    """The zs of which a row is `autograd.softmax`, exp(z - logsumexp(zs)) for each z; None where it is not."""
    exponents = [p.operands[0] for p in ps if type(p) is Value and _is_a(p, "exp")]
    differences = [x.operands for x in exponents if type(x) is Value and _is_a(x, "subtract")]
    totals = {total for _, total in differences}
    if len(differences) != len(ps) or len(totals) != 1:
        return None
    (total,) = totals
    if type(total) is not Value or not _is_a(total, "logsumexp"):
        return None
    zs = tuple(z for z, _ in differences)
    return zs if zs == total.vectors[0] else None  # Values are equal where they are the same


def _is_a(x: Operand, name: str) -> bool:
    return type(x) is Value and x.primitive is not None and x.primitive.name == name
