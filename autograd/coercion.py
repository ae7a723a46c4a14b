"""What counts as one real number, and becomes a float at the door."""

from __future__ import annotations

import numbers
import reprlib
from decimal import Decimal
from typing import Any

import numpy as np


def real_number(x: Any, wanted_by: str = "a Value") -> float:
    """`x` as a float. Takes what Python and NumPy call a real number, booleans and arrays of one element included."""
    if type(x) is float:
        return x
    if isinstance(x, (int, numbers.Real, np.bool_, Decimal)):
        try:
            return float(x)
        except OverflowError as error:
            raise OverflowError(f"{wanted_by} needs a number that a float can hold; got {reprlib.repr(x)}") from error
    if isinstance(x, np.ndarray) and x.size == 1 and x.dtype.kind in "biuf":
        return float(x.item())
    shape = f" of shape {x.shape}" if isinstance(x, np.ndarray) else ""
    raise TypeError(f"{wanted_by} needs one real number; got {type(x).__name__}{shape} {reprlib.repr(x)}")
