"""Functions of one number as points to join by lines, with a gap where the function jumps.

Law: two points that are joined belong to one branch, as far as halving can tell: between two whose values are far apart
a jump is looked for, in the half where the values are further apart, until nothing lies between.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np

Function: TypeAlias = Callable[[float], float]
Point: TypeAlias = "tuple[float, float]"
Jump: TypeAlias = "tuple[Point, Point]"
"""The points on both sides, as near as can be."""

PARTS = 400
"""So many pieces are looked at, of equal width."""

STEEP = 0.02
"""What rises by less of the whole range between two points is no jump that anybody would see."""

HALVINGS = 60


class Curve(NamedTuple):
    """Points from left to right; NaN parts those that are not to be joined.

    At a jump `taken` has the point whose value the function takes, and `limits` those that it only comes near to: where
    that is known, for the jump is at a point that was looked at, or the function takes a value there that stands alone.
    """

    points: list[Point]
    taken: list[Point]
    limits: list[Point]


def curve(f: Function, low: float, high: float) -> Curve:
    """The points of a function between two numbers, 0 among them; f gives NaN where it has no value."""
    looked_at = [(x, f(x)) for x in _places(low, high)]
    least = STEEP * _range([y for _, y in looked_at])
    jumps = {left: _jumps(f, left, right, least) for left, right in pairwise(looked_at)}
    points = [point for at in looked_at for point in (at, *_parted(jumps.get(at, ())))]
    taken, limits = _dots([jump for found in jumps.values() for jump in found], {x for x, _ in looked_at})
    return Curve(points, taken, limits)


def _places(low: float, high: float) -> list[float]:
    """0 is where the activations have their kinks."""
    places = set(np.linspace(low, high, PARTS + 1).tolist())
    return sorted(places | {0.0} if low < 0 < high else places)


def _range(heights: Sequence[float]) -> float:
    finite = [y for y in heights if math.isfinite(y)]
    return max(finite, default=0.0) - min(finite, default=0.0)


def _jumps(f: Function, left: Point, right: Point, least: float) -> list[Jump]:
    """The jump between two points, and those beside it: a value that stands alone has one on either side."""
    found = _jump(f, left, right, least)
    if found is None:
        return []
    beside = _jump(f, left, found[0], least), found, _jump(f, found[1], right, least)
    return [jump for jump in beside if jump]


def _jump(f: Function, left: Point, right: Point, least: float) -> Jump | None:
    for _ in range(HALVINGS):
        x = (left[0] + right[0]) / 2
        if not _rise(left, right) > least or x in (left[0], right[0]):  # the rise to a hole is NaN
            break
        middle = (x, f(x))
        left, right = (left, middle) if _rise(left, middle) > _rise(middle, right) else (middle, right)
    return (left, right) if _rise(left, right) > least else None


def _rise(left: Point, right: Point) -> float:
    return abs(left[1] - right[1])


def _parted(jumps: Collection[Jump]) -> Iterator[Point]:
    """The points at jumps, with NaN between the two sides of each."""
    for left, right in jumps:
        yield from (left, (left[0], math.nan), right)


def _dots(jumps: Sequence[Jump], looked_at: Collection[float]) -> tuple[list[Point], list[Point]]:
    """The points at jumps whose values the function takes, and those that it comes near to."""
    alone = {left for left, _ in jumps} & {right for _, right in jumps}
    taken, limits = [], []
    for left, right in jumps:
        for at, beside in ((left, right), (right, left)):
            if at[0] in looked_at or at in alone:
                taken.append(at)
                limits.append(beside)
                break
    return list(dict.fromkeys(taken)), limits
