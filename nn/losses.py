"""Losses: how far predictions are from their targets, as one Value.

The documents mix the factors 1/2, 1 and 1/n, and their names; each loss here says its factor. The factor carries over
into every gradient, and so into what a learning rate means. A lone prediction goes with a lone target; n predictions go
with n targets. All raise ValueError when the numbers of predictions and targets differ, and when there are none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd import Value, mean, sum
from nn.modules import vector


def half_squared_error(predictions: Any, targets: Any) -> Value:
    """1/2 · Σ (ŷ - y)²: the error of document 000 (section 1.1) and the cost of document 003."""
    return 0.5 * _combined(sum, _squares(predictions, targets, "half_squared_error"))


def sse(predictions: Any, targets: Any) -> Value:
    """Σ (ŷ - y)², factor 1: the loss that document 002 (section 3.5) calls MSE."""
    return _combined(sum, _squares(predictions, targets, "sse"))


def mse(predictions: Any, targets: Any) -> Value:
    """1/n · Σ (ŷ - y)² for n predictions: the mean squared error of documents 001 (section 1.2.1) and 004."""
    return _combined(mean, _squares(predictions, targets, "mse"))


def _squares(predictions: Any, targets: Any, wanted_by: str) -> list[Value]:
    outputs, wanted = vector(predictions), vector(targets)
    if len(outputs) != len(wanted):
        raise ValueError(f"{wanted_by} needs one target for each prediction; got {len(outputs)} and {len(wanted)}")
    if not outputs:
        raise ValueError(f"{wanted_by} needs at least one prediction; got none")
    return [((y if type(y) is Value else Value(y)) - target) ** 2 for y, target in zip(outputs, wanted)]


def _combined(combine: Callable[[list[Value]], Value], squares: list[Value]) -> Value:
    # the documents write one squared error without a sum, and so does the graph
    return combine(squares) if len(squares) > 1 else squares[0]
