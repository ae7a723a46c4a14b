"""Shapes as the document prints them beside those of arrays: two numbers each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd.comparison import Row, compare


def sized(printed: Mapping[str, str], arrays: Mapping[str, Any]) -> list[Row]:
    """The rows and the columns of each matrix: what is printed, such as '2×5', beside the shape of the array.

    The keys are what is said of a matrix; the name of its array is the first word of them. Raises KeyError for a name
    without an array, ValueError for an array that is no matrix.
    """
    rows: list[Row] = []
    for told, shape in printed.items():
        tall, wide = np.shape(arrays[told.split()[0].rstrip(",")])
        for what, digits, number in zip(("rows", "columns"), shape.split("×"), (tall, wide)):
            rows += compare(f"{told}: {what}", digits, number)
    return rows
