"""The numbers that a setting may have."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from autograd.coercion import real_number


class Range(NamedTuple):
    """Numbers in words, and as a predicate, which is false of NaN."""

    words: str
    holds: Callable[[float], bool]

    def checked(self, x: Any, name: str) -> float:
        """`x` as a float. Raises ValueError for one outside, TypeError for what is no number, with the name."""
        number = real_number(x, name)
        if not self.holds(number):
            raise ValueError(f"{name} needs {self.words}; got {number!r}")
        return number


POSITIVE = Range("a positive, finite number", lambda x: 0 < x < math.inf)
LENGTH = Range("a positive number", lambda x: x > 0)
NOT_NEGATIVE = Range("a finite number >= 0", lambda x: 0 <= x < math.inf)
FRACTION = Range("a number >= 0 and < 1", lambda x: 0 <= x < 1)
FACTOR = Range("a number > 0 and <= 1", lambda x: 0 < x <= 1)
