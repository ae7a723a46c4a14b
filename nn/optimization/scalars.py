"""The rule of an optimizer on scalars, for a loop that moves one parameter after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np

from autograd import Value
from autograd.compiler.rules import ScalarRule
from autograd.recording import recording_comparisons
from nn.optimization.updates import SYMBOL

TRIED = (0.3, 0.6)
"""Two parameters with these numbers tell whether a rule mixes them."""


def scalar_rule(
    rule: Callable[..., Any], moments: Sequence[str], hyperparameters: Mapping[str, Any]
) -> ScalarRule | None:
    """The rule as a graph; None if it can't be run on Values, compares them or makes vectors, or is not elementwise."""
    p, g, t, lr, *old = (Value(SYMBOL) for _ in range(4 + len(moments)))
    with suppress(Exception), recording_comparisons() as comparisons:  # a rule of one's own may do what is not recorded
        results = rule(p, g, t, lr, *old, **hyperparameters)
        found = ScalarRule((rule, *hyperparameters.items()), p, g, t, lr, old, results)
        is_plain = not comparisons and not any(node.vectors for node in found.graph().inner)
        if is_plain and len(results) == 1 + len(old) and _is_elementwise(partial(rule, **hyperparameters), len(old)):
            return found
    return None


def _is_elementwise(rule: Callable[..., Any], count: int) -> bool:
    """Whether the rule gives for two parameters at once what it gives for each alone."""
    numbers = np.array(TRIED)
    together = np.array(rule(numbers, numbers, 1, SYMBOL, *[numbers] * count))
    alone = [np.array(rule(x, x, 1, SYMBOL, *[x] * count)) for x in np.split(numbers, len(numbers))]
    return np.array_equal(together, np.hstack(alone), equal_nan=True)
