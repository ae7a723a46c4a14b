"""What counts as one real number, and becomes a float at the door."""

from __future__ import annotations

import math
import numbers
import reprlib
from decimal import Decimal
from typing import Any

import numpy as np


def real_number(x: Any, wanted_by: str = "a Value") -> float:
    """`x` as a float. Takes what Python and NumPy call a real number, booleans and arrays of one element included.

    Raises TypeError for anything else, OverflowError for a finite number that no float can hold.
    """
    if type(x) is float:
        return x
    # a duration is an integer to NumPy, of a unit that a float has not
    if isinstance(x, (int, numbers.Real, np.bool_, Decimal)) and not isinstance(x, np.timedelta64):
        return _held(x, wanted_by)
    if isinstance(x, np.ndarray) and x.size == 1 and x.dtype.kind in "biuf" and not np.ma.is_masked(x):
        return _held(x.item(), wanted_by)
    shape = f" of shape {x.shape}" if isinstance(x, np.ndarray) else ""
    raise TypeError(f"{wanted_by} needs one real number; got {type(x).__name__}{shape} {reprlib.repr(x)}")


def _held(x: Any, wanted_by: str) -> float:
    refusal = f"{wanted_by} needs a number that a float can hold; got "
    try:
        number = float(x)
    except OverflowError as error:
        raise OverflowError(refusal + _told(x)) from error
    if math.isinf(number) and x != number:  # so end decimal numbers and long doubles that are too large
        raise OverflowError(refusal + _told(x))
    return number


def _told(x: Any) -> str:
    try:
        return reprlib.repr(x)
    except ValueError:  # Python prints no whole number of thousands of digits
        return f"a whole number of {x.bit_length():,} bits"
