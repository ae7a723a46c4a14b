"""Branches: what a function compared while it was recorded, and whether it would compare alike on a run.

Law of this file: a program follows the branches that were taken while it was recorded, or raises; a wrong number in
silence is not among its answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.compiler.recorded import recorded
from autograd.compiler.straight import Straight
from autograd.primitives import DomainError
from autograd.recording import Comparison, recording_comparisons
from autograd.value import Value

SYMBOLS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}


class BranchChanged(ArithmeticError):  # noqa: N818  # what happened, as StaleGraph says
    """On these data the function would take another branch than the one that was compiled."""


class Guards:
    """The comparisons of a recorded function, which every run has to repeat."""

    def __init__(self, comparisons: Sequence[Comparison], parameters: Sequence[Value], inputs: Sequence[Value]) -> None:
        self.comparisons = [found for found in comparisons if _can_change(found, {*parameters, *inputs})]
        self._parameters, self._inputs = parameters, inputs
        values = [x for comparison in self.comparisons for x in (comparison.a, comparison.b) if type(x) is Value]
        self._values = list(dict.fromkeys(values))
        self._compared = Straight(recorded(self._values, parameters, inputs)) if self._values else None

    def check(self, parameters: Sequence[float], inputs: Sequence[float]) -> None:
        """Raises BranchChanged where a comparison comes out otherwise than when it was recorded."""
        if self._compared is None:
            return
        try:
            numbers = dict(zip(self._values, self._compared.forward(parameters, inputs)))
        except DomainError:  # perhaps on a branch that is not taken now: a comparison before it tells
            for found in self.comparisons if len(self.comparisons) > 1 else ():
                Guards([found], self._parameters, self._inputs).check(parameters, inputs)
            raise
        for comparison, a, b, result in self.comparisons:
            x, y = (numbers[side] if type(side) is Value else float(side) for side in (a, b))
            if bool(comparison(x, y)) != result:
                told = f"{_name(a, 'a')} {SYMBOLS[comparison.__name__]} {_name(b, 'b')}"
                sides = ((a, "a", x), (b, "b", y))
                now = " and ".join(f"{_name(v, other)} = {n!r}" for v, other, n in sides if type(v) is Value)
                raise BranchChanged(
                    f"the program was compiled where {told} was {result}, and it is {not result} for {now}"
                    "; compile the function again for these data"
                )


def guarded(function: Callable[[Any], Any], example: Any) -> tuple[Any, Any, list[Comparison]]:
    """What a function gives for Values in the shape of an example, these Values as an array, and what it compared."""
    numbers = np.asarray(example, dtype=float)
    leaves = np.empty(numbers.shape, dtype=object)
    for place in np.ndindex(numbers.shape):
        label = f"inputs[{', '.join(map(str, place))}]" if place else "inputs"
        leaves[place] = Value(float(numbers[place]), label)
    with recording_comparisons() as comparisons:
        root = function(leaves.tolist() if numbers.ndim else leaves[()])
    return root, leaves, comparisons


def _can_change(comparison: Comparison, written: set[Value]) -> bool:
    """Whether something that a run writes is below one of the sides."""
    return any(
        type(side) is Value and not written.isdisjoint(recorded([side], [], []).leaves)
        for side in (comparison.a, comparison.b)
    )


def _name(side: Any, other: str) -> str:
    return (side.label or other) if type(side) is Value else repr(side)
