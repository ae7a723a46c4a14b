"""What numbers a setting may be."""

from __future__ import annotations

import math
import re

import pytest

from nn.ranges import FACTOR, FRACTION, LENGTH, NOT_NEGATIVE, POSITIVE, Range

BELOW, ZERO, HALF, ONE, MORE, INFINITE = -0.5, 0.0, 0.5, 1.0, 2.0, math.inf


@pytest.mark.parametrize(
    ("numbers", "allowed"),
    [
        (POSITIVE, {HALF, ONE, MORE}),
        (LENGTH, {HALF, ONE, MORE, INFINITE}),
        (NOT_NEGATIVE, {ZERO, HALF, ONE, MORE}),
        (FRACTION, {ZERO, HALF}),
        (FACTOR, {HALF, ONE}),
    ],
)
def test_what_is_in_a_range_is_given_back_and_anything_else_is_refused(numbers: Range, allowed: set[float]) -> None:
    for x in (BELOW, ZERO, HALF, ONE, MORE, INFINITE, -INFINITE, math.nan):
        if x in allowed:
            assert numbers.checked(x, "eps") == x
        else:
            with pytest.raises(ValueError, match=re.escape(f"eps needs {numbers.words}; got {x!r}")):
                numbers.checked(x, "eps")


@pytest.mark.parametrize("x", ["1", None, 1j, [0.5]])
def test_what_is_no_number_is_refused_with_the_name_of_the_setting(x: object) -> None:
    with pytest.raises(TypeError, match="eps"):
        POSITIVE.checked(x, "eps")
