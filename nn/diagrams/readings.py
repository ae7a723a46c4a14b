"""What is read of parameters, their numbers or their gradients, and how that is told and drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from autograd import Value
from autograd.notation.names import one_line
from autograd.notation.typesetting import FULL, mathematical

MOST_NUMBERS = 24
"""So many lines, or elements of each matrix, show their numbers at most, where nothing else is asked for."""


class Reading:
    """What is read of parameters, their numbers or their gradients, and how it is told."""

    def __init__(self, gradients: bool, precision: int) -> None:
        self.gradients = gradients
        self.precision = precision

    def number(self, parameter: Value) -> float | None:
        """The number, or the gradient, which is None where it was not computed."""
        if not self.gradients:
            return parameter.data
        return None if parameter.grad_state == "not computed" else parameter.grad

    def text(self, parameter: Value) -> str:
        """The number, or the gradient, as it is shown."""
        return self.told(self.number(parameter))

    def told(self, number: float | None) -> str:
        """A number as it is shown; a question mark for none."""
        return "?" if number is None else mathematical(number, self.precision)

    def tooltip(self, parameter: Value, name: str) -> str:
        """The label with all digits, and what is to be said of them."""
        number = self.number(parameter)
        called = one_line(parameter.label) or name
        told = "not computed" if number is None else mathematical(number, FULL)
        remark = ", stale" if self.is_stale(parameter) else ""
        return f"{'grad of ' * self.gradients}{called}: {told}{remark}"

    def is_stale(self, parameter: Value) -> bool:
        """Whether it is a gradient, and the parameter was written since it was computed."""
        return self.gradients and parameter.grad_state == "stale"

    def remarks(self, parameters: Sequence[Value]) -> Iterator[str]:
        """What is to be said of gradients before they are believed."""
        if not self.gradients:
            return
        unknown = sum(self.number(parameter) is None for parameter in parameters)
        if unknown:
            are = "is" if unknown == 1 else "are"
            some = f"{unknown:,} of {len(parameters):,} gradients {are} not computed."
            none = "No gradient was computed: call backward() on a loss."
            yield none if unknown == len(parameters) else some
        if any(map(self.is_stale, parameters)):
            yield "Stale: parameters were written since these gradients were computed."


def largest(numbers: Iterable[float | None]) -> float:
    """The largest size among those that are numbers and finite; 0 for none."""
    return max((abs(x) for x in numbers if x is not None and math.isfinite(x)), default=0.0)


def share(number: float | None, of: float) -> float:
    """The size of a number as a part of the largest: 1 for an infinite one, 0 for what is none."""
    if not number or math.isnan(number):
        return 0.0
    return abs(number) / of if math.isfinite(number) else 1.0


def look_of(number: float | None) -> str:
    """The key of `looks.EDGES` for the sign of a number."""
    if number is None or math.isnan(number):
        return "unknown"
    return "positive" if number > 0 else "negative" if number < 0 else "zero"
