"""The rule of an optimizer on scalars, for a loop that moves one parameter after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograd import Value
from autograd.compiler.rules import ScalarRule
from nn.optimization.updates import SYMBOL


def scalar_rule(
    rule: Callable[..., Any], moments: Sequence[str], hyperparameters: Mapping[str, Any]
) -> ScalarRule | None:
    """The rule, which is one formula whatever its numbers are, as a graph; None if there are vectors in it."""
    p, g, t, lr, *old = (Value(SYMBOL) for _ in range(4 + len(moments)))
    results = rule(p, g, t, lr, *old, **hyperparameters)
    found = ScalarRule((rule, *hyperparameters.items()), p, g, t, lr, old, results)
    return None if any(node.vectors for node in found.graph().inner) else found
