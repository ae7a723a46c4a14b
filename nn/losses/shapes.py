"""Values and numbers with the shape in which they came: a lone one, a sequence, rows of a sequence, and so on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Real
from typing import Any, TypeAlias

import numpy as np

from autograd import Value
from autograd.derivatives import number_of
from autograd.value import Operand, value_vector
from nn.models.modules import Array

Row: TypeAlias = tuple[Operand, ...]


class Shaped:
    """Values and floats in one tuple, row after row, and the shape that they had: () for a lone one, (n,), (n, k) …"""

    def __init__(self, numbers: Row, shape: tuple[int, ...]) -> None:
        self.numbers = numbers
        self.shape = shape

    @property
    def rows(self) -> list[Row]:
        """The numbers in rows of the last dimension; each alone where there is none."""
        length = self.shape[-1] if self.shape else 1
        return [self.numbers[start : start + length] for start in range(0, len(self.numbers), length or 1)]

    @property
    def data(self) -> Array:
        """The plain numbers in their shape."""
        return np.array([number_of(number) for number in self.numbers]).reshape(self.shape)


def shaped(xs: Any) -> Shaped:
    """What is a number, a sequence, or a sequence of sequences, of Values or numbers, with its shape.

    Raises ValueError for sequences of different shapes side by side, and for an array of which a number is masked, and
    TypeError for what is not a real number.
    """
    if isinstance(xs, Shaped):
        return xs
    if np.ma.is_masked(xs):
        raise ValueError("losses and metrics need every number; got an array with masked ones")
    if hasattr(xs, "__array__"):
        xs = np.asarray(xs)  # a table of pandas would give the names of its columns, and a matrix never gives a vector
    if isinstance(xs, np.ndarray):
        if xs.dtype.kind in "biuf":
            return Shaped(tuple(xs.astype(np.float64).ravel().tolist()), xs.shape)
        xs = xs.tolist()
    if _is_alone(xs):
        return Shaped(value_vector((xs,)), ())
    xs = tuple(xs)
    return Shaped(value_vector(xs), (len(xs),)) if all(map(_is_alone, xs)) else _joined(list(map(shaped, xs)))


def recorded(x: Operand) -> Value:
    return x if type(x) is Value else Value(x)


def _is_alone(x: Any) -> bool:
    # the first two are what nearly all are, and an isinstance of Real takes its time
    return type(x) is Value or type(x) is float or isinstance(x, (Real, str, bytes)) or not isinstance(x, Iterable)


def _joined(parts: Sequence[Shaped]) -> Shaped:
    for place, part in enumerate(parts):
        if part.shape != parts[0].shape:
            raise ValueError(f"rows need one shape; got {parts[0].shape} and {part.shape} (row {place})")
    return Shaped(tuple(number for part in parts for number in part.numbers), (len(parts), *parts[0].shape))
