"""What a contract is made of: comparisons of what was got with what is right.

Law: a relative tolerance certifies; what is within the noise of rounding alone says nothing, and is no comparison.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

from autograd.contracts.operands import Point
from autograd.primitives import Primitive

EPSILON = 2.0**-52
"""One unit in the last place of 1."""


class Comparison(NamedTuple):
    """One thing that was asked of a primitive at a point: what, by which oracle, and both answers."""

    point: Point
    what: str
    expected: Any
    got: Any
    agrees: bool


Contract: TypeAlias = Callable[[Primitive, Sequence[Point]], Iterator[Comparison]]
"""A law that every primitive keeps: what it compares at points inside the domain."""


def same(x: float, y: float) -> bool:
    """Whether two floats are the same number, NaN being itself; the sign of zero does not count."""
    return x == y or (x != x and y != y)


def to_the_bit(point: Point, what: str, expected: float, got: float) -> Comparison:
    """Both are one and the same float."""
    return Comparison(point, what, expected, got, same(expected, got))


def within(
    point: Point, what: str, expected: float, got: float, tolerance: float, noise: Callable[[], float]
) -> Iterator[Comparison]:
    """Both differ by so much of the larger at most; nothing, where the expected is not finite or noise hides them.

    The noise, which takes time, is asked for only where they differ.
    """
    if not math.isfinite(expected):
        return
    difference = abs(expected - got)
    agrees = difference <= tolerance * max(abs(expected), abs(got))
    if agrees or not difference <= noise():
        yield Comparison(point, what, expected, got, agrees)
