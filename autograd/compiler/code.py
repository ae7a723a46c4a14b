"""A NumPy program while it is written: arrays with names, and statements that compute into them.

Laws of this file:
- Every array is a view of the flat arrays, a constant, or made once: a statement computes into what is there.
- Names are made here, and nothing else is: no label, no text of a user, is ever code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from typing import NamedTuple

import numpy as np

from autograd.compiler.maps import Positions, Shape, is_contiguous, strides_of

VALUES, ADJOINTS = "values", "adjoints"

IMPORTS = """\
from numpy import (
    absolute, add, array, broadcast_to, clip, copyto, cos, divide, dot, empty as empty_of, equal, exp, expm1, finfo,
    full as full_of, greater, greater_equal, heaviside, isinf, less, less_equal, log, log1p, logical_and, maximum,
    minimum, multiply, power, put, remainder, sign, sin, sqrt, subtract, take, tanh,
)"""

HELPERS = """\

    largest = float(finfo(kind).max)

    def number(x):
        return array(x if isinf(x) else clip(x, -largest, largest), kind)

    def empty(shape, kind=kind):
        return empty_of(shape, kind)

    def full(shape, x):
        return full_of(shape, x, kind)

    def negative(x, out):
        return multiply(x, -1, out)

"""
"""What makes arrays of a `kind`, in the function that has one; and what takes the place of numpy.negative, which before
NumPy 2.5 is wrong from the second number on where they lie 64 bytes apart, 16 in float32, and the results apart too: so
does one of 8 inputs, or of 4, of many examples."""

LONGEST_FUNCTION = 1000
"""So many statements, at most, are one function."""


class Array(NamedTuple):
    """What a statement reads or writes: its name, and its shape; a constant has the shape ()."""

    name: str
    shape: Shape


class Code:
    """The parts of the program. `body` is where statements go now."""

    def __init__(self) -> None:
        self.preamble: list[str] = []
        self.body: list[str] = []
        self.places: list[Positions] = []
        self._names: Counter[str] = Counter()
        self._views: dict[object, Array] = {}
        self._free: dict[tuple[Shape, str], list[Array]] = {}
        self._borrowed: list[tuple[Array, str]] = []
        self._transposed: dict[str, Array] = {}

    # ---- names

    def named(self, stem: str) -> str:
        """The stem, with a number where it is taken."""
        self._names[stem] += 1
        count = self._names[stem]
        return stem if count == 1 else self.named(f"{stem}_{count}")

    def statement(self, text: str) -> None:
        self.body.append(text)

    # ---- arrays that stay

    def constant(self, number: float) -> Array:
        """A number, as an array without axes: a ufunc reads it faster than a float."""
        return self._known(("constant", repr(number)), "k", (), f"number({_literal(number)})")

    def full(self, shape: Shape, number: float, stem: str) -> Array:
        """An array of one number throughout."""
        return self._known(("full", shape, repr(number)), stem, shape, f"full({shape}, {_literal(number)})")

    def view(self, buffer: str, positions: Positions, stem: str) -> Array | None:
        """A view of one of the flat arrays; None where there is none."""
        found = strides_of(positions)
        if found is None:
            return None
        base, strides = found
        size = int(np.prod(positions.shape))
        if is_contiguous(positions.shape, strides):
            text = f"{buffer}[{base}:{base + size}]"
            text += "" if positions.ndim == 1 else f".reshape({positions.shape})"
        else:
            text = f"view({buffer}, {base}, {positions.shape}, {strides})"
        return self._known((buffer, base, positions.shape, strides), stem, positions.shape, text)

    def name_of_view(self, buffer: str, positions: Positions) -> str | None:
        """What a view is called that was made before."""
        found = strides_of(positions)
        known = found and self._views.get((buffer, found.base, positions.shape, found.strides))
        return known.name if known else None

    def transposed(self, array: Array) -> Array:
        if array.name not in self._transposed:
            turned = self.derived(array, f"{array.name}T", array.shape[::-1], f"{array.name}.T")
            self._transposed[array.name], self._transposed[turned.name] = turned, array
        return self._transposed[array.name]

    def derived(self, array: Array, stem: str, shape: Shape, text: str) -> Array:
        """Another view of an array, made once."""
        return self._known(("derived", text, shape), stem, shape, text)

    def made(self, shape: Shape, stem: str) -> Array:
        """An array of its own, which keeps what is computed into it."""
        return self._known(("made", self.named(stem)), stem, shape, f"empty({shape})")

    def index(self, positions: Positions) -> str:
        """An array of positions, by which numbers are gathered or scattered."""
        self.places.append(np.ascontiguousarray(positions))
        return f"places[{len(self.places) - 1}]"

    def _known(self, key: object, stem: str, shape: Shape, text: str) -> Array:
        if key not in self._views:
            self._views[key] = Array(self.named(stem), shape)
            self.preamble.append(f"{self._views[key].name} = {text}")
        return self._views[key]

    # ---- arrays for a while

    def temporary(self, shape: Shape, kind: str = "") -> Array:
        """An array that is free again after `release`; of kind "bool" it holds conditions."""
        free = self._free.setdefault((shape, kind), [])
        if not free:
            text = f"empty({shape}{', bool' if kind else ''})"
            name = self.named("outside_" if kind else "t")
            self.preamble.append(f"{name} = {text}")
            free.append(Array(name, shape))
        array = free.pop()
        self._borrowed.append((array, kind))
        return array

    def release(self, kept: Container[str] = ()) -> None:
        """All temporary arrays are free, but for those whose names are kept."""
        borrowed, self._borrowed = self._borrowed, []
        for array, kind in borrowed:
            if array.name in kept:
                self._borrowed.append((array, kind))
            else:
                self._free[array.shape, kind].append(array)


def indented(lines: Sequence[str], width: int) -> list[str]:
    """The lines of a block, each with its end."""
    return [f"{' ' * width}{line}\n" for line in lines]


def _literal(number: float) -> str:
    return f"float({str(number)!r})" if number != number or number in (float("inf"), -float("inf")) else repr(number)
