"""Cross-entropies of probabilities, taught through the logits of which the graph remembers that they are."""

from __future__ import annotations

from functools import wraps
from typing import Any

from autograd import Value
from autograd.value import Operand
from nn.losses.formulas import (
    Loss,
    binary_crossentropy,
    binary_from_logits,
    categorical_crossentropy,
    categorical_from_logits,
)
from nn.losses.shapes import Row, Shaped, shaped


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
