"""The operands of a primitive as a point: numbers, or for an n-ary primitive vectors of numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, TypeAlias

from autograd.primitives import Primitive

Point: TypeAlias = tuple[Any, ...]
"""The operands of a primitive: numbers, or for an n-ary primitive vectors of numbers."""

MOST_PATTERNED = 3
"""All patterns of Values and constants are tried for at most so many numbers."""


def flat(point: Point) -> list[Any]:
    """The numbers of a point, those of its vectors one vector after the other."""
    return [x for part in point for x in (part if isinstance(part, tuple) else (part,))]


def mapped(function: Callable[[Any], Any], point: Point) -> Point:
    """The point with a function applied to each number."""
    return tuple(tuple(map(function, part)) if isinstance(part, tuple) else function(part) for part in point)


def moved(point: Point, place: int, step: Any) -> Point:
    """The point with a step added to one of its `flat` numbers."""
    return replaced(point, place, flat(point)[place] + step)


def replaced(point: Point, place: int, x: Any) -> Point:
    """The point with another number in one of its `flat` places."""
    places = iter(range(len(flat(point))))
    return mapped(lambda old: x if next(places) == place else old, point)


def patterns(point: Point) -> list[tuple[bool, ...]]:
    """For each of the `flat` numbers whether it is a Value: all ways with one at least, of long vectors some."""
    size = len(flat(point))
    if size <= MOST_PATTERNED:
        return [kinds for kinds in product((True, False), repeat=size) if any(kinds)]
    everything = (True,) * size
    return [everything, (True, False) * (size // 2), (False, True) * (size // 2), (*everything[:-1], False)]


def spread(points: Sequence[Point], most: int) -> Sequence[Point]:
    """At most so many of the points, from the first to the last: for contracts that ask much of each."""
    return points[:: -(-len(points) // most)]


def names(row: Primitive, point: Point) -> list[str]:
    """What each of the `flat` numbers is called: x, y, or xs[0], xs[1] …"""
    return [
        f"{operand}[{place}]" if isinstance(part, tuple) else operand
        for operand, part in zip(row.operands, point)
        for place in range(len(part) if isinstance(part, tuple) else 1)
    ]


def told(row: Primitive, point: Point) -> str:
    """The call at a point: `power(x = -3.0, y = 2.0)`."""
    return f"{row.name}({', '.join(f'{operand} = {part!r}' for operand, part in zip(row.operands, point))})"
