"""What is chosen at random of a graph: drafts of steps, which make sense on any graph or are left out.

A draft names no operand: it picks the second of the latest numbers that nothing uses yet, say. So drafts can be
dropped from a list, or made simpler, and the others keep their sense: that is how a failing graph shrinks.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from autograd.primitives import MOST_OPERANDS, PRIMITIVES, Primitive


class Pick(NamedTuple):
    """An operand: a constant, or a number counted back from the latest, among those that nothing uses yet, or all."""

    back: int
    unused: bool
    constant: float | None = None


class Draft(NamedTuple):
    """A primitive, and for each operand, or for each element of each vector, a pick."""

    name: str
    picks: tuple[tuple[Pick, ...], ...]


FARTHEST = 24
"""So far back is picked; it goes round where there are fewer numbers."""

CONSTANTS = (1.0, 2.0, 3.0, -1.0, -2.0, 0.5, 1.5, -0.3, 0.7, -1.2, 2.4, 0.37, -1.84)
"""Whole numbers, which exponents are that a negative base takes, and others."""

PLACES = tuple(Pick(back, unused) for back in range(FARTHEST) for unused in (True, False))
OPERANDS = (*PLACES, *(Pick(0, False, constant) for constant in CONSTANTS))
EXPONENTS = (*PLACES[: len(CONSTANTS)], *OPERANDS[len(PLACES) :])
"""What the first operand is picked from, what the others are, and what exponents are: half of them constants."""

LENGTHS = (1, 2, 3, 4)
"""Of the vectors of an n-ary primitive."""


SIZE = 2 + max(MOST_OPERANDS, 2 * len(LENGTHS))
"""The bytes of a draft: the primitive, the length of its vectors, and the picks. Smaller bytes are simpler choices."""


def draft(code: bytes, names: Sequence[str]) -> Draft:
    """What these bytes say: each is one choice, and goes round where there are fewer to choose from."""
    row = PRIMITIVES[names[code[0] % len(names)]]
    length = LENGTHS[code[1] % len(LENGTHS)] if row.vectors else 1
    picks = iter(code[2:])
    return Draft(
        row.name,
        tuple(tuple(options[next(picks) % len(options)] for options in part) for part in _choices(row, length)),
    )


@cache
def _choices(row: Primitive, length: int) -> tuple[tuple[tuple[Pick, ...], ...], ...]:
    """What the picks of each operand are chosen from, the simplest first; that of the first operand is no constant."""
    if row.vectors:
        return ((PLACES, *[OPERANDS] * (length - 1)),) * row.vectors
    others = EXPONENTS if row.name == "power" else OPERANDS
    return ((PLACES,), *[(others,)] * (len(row.operands) - 1))
