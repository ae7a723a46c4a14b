"""Shapes as the document prints them beside those of arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd.comparison import AGREES, WRONG
from demos.pieces import Shape


def sized(printed: Mapping[str, str], arrays: Mapping[str, Any]) -> list[Shape]:
    """Rows × columns of each matrix: what is printed, such as '2×5', beside the shape of the array.

    The keys are what is said of a matrix; the name of its array is the first word of them. Raises KeyError for a name
    without an array, ValueError for an array that is no matrix.
    """
    return [_sized(told, shape, arrays[told.split()[0].rstrip(",")]) for told, shape in printed.items()]


def _sized(told: str, printed: str, array: Any) -> Shape:
    rows, columns = np.shape(array)
    return beside(told, printed, f"{rows}×{columns}")


def beside(told: str, printed: str, found: str) -> Shape:
    """What is printed of an array, a size or an order, beside what is found."""
    return Shape(told, printed, found, AGREES if printed == found else WRONG)
