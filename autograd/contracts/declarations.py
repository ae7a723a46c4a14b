"""Contracts of what a primitive declares of itself: that it is smooth, selects, is bilinear, saturates."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from autograd.contracts.comparisons import EPSILON, Comparison
from autograd.contracts.neighbourhoods import is_inside, number, sides, stepped
from autograd.contracts.operands import Point, flat, replaced, spread
from autograd.contracts.spelling import partials
from autograd.contracts.values import noise
from autograd.primitives import Primitive, check_formulas

GRID = tuple(float(place) for place in range(-3, 4))
"""Between two neighbours of these numbers a kink is looked for; a kink at one of them is at the end of two."""

SEARCHED = 3
"""The points along whose operands kinks are looked for."""

NARROW = 1e-9
"""The interval in which a kink is caged: a smooth function changes there by nothing."""

JUMP, STEEP = 1e-3, 1e8
"""A change that is none, and numbers so large that they belong to a pole, and not to a kink."""

TAIL = 40.0
"""Where a primitive that saturates has nothing left of its slope, on one side at least."""


def formulas(row: Primitive, points: Sequence[Point]) -> Iterator[Comparison]:
    """Every formula can be read in symbols: it has no branch on its operands, and a partial for each of them."""
    try:
        check_formulas(row)
    except ValueError as error:
        yield Comparison(points[0], "formulas", "expressions", str(error), False)
    else:
        yield Comparison(points[0], "formulas", "expressions", "expressions", True)


def kinks(row: Primitive, points: Sequence[Point]) -> Iterator[Comparison]:
    """A primitive without `branch` has no kink; one with it is on another `branch` beyond a kink, and says its ties."""
    for point in spread(points, SEARCHED):
        for place in range(len(flat(point))):
            for low, high in pairwise(GRID):
                caged = _caged(row, replaced(point, place, low), replaced(point, place, high), place)
                if caged:
                    told = row.branch is not None and sides(row, caged[0]) != sides(row, caged[1])
                    wanted = "a branch that tells its sides apart"
                    yield Comparison(caged[0], "a kink or a jump", wanted, "none" if not told else wanted, told)
    stated = bool(row.ties) == (row.branch is not None)
    got = f"ties = {row.ties!r}, {'no branch' if row.branch is None else 'a branch'}"
    yield Comparison(points[0], "ties and branch", "both or neither", got, stated)


def attributes(row: Primitive, points: Sequence[Point]) -> Iterator[Comparison]:
    """`selects`, `bilinear` and `saturates` are true of the numbers."""
    if row.vectors == 1:
        yield from _selection(row, points)
    if row.bilinear:
        yield from _bilinearity(row, points)
    if row.saturates:
        yield from _saturation(row, points[0])


def _caged(row: Primitive, low: Point, high: Point, place: int) -> tuple[Point, Point] | None:
    """The ends of a narrow interval across which value or slope jumps; None where there is none."""
    while abs(_change(row, low, high, place)) > JUMP:
        ends = flat(low)[place], flat(high)[place]
        if ends[1] - ends[0] < NARROW:
            return low, high
        middle = replaced(low, place, math.fsum(ends) / 2)
        lower, upper = _change(row, low, middle, place), _change(row, middle, high, place)
        low, high = (low, middle) if lower >= upper else (middle, high)
    return None


def _change(row: Primitive, low: Point, high: Point, place: int) -> float:
    """How much value or slope differ; 0 where one is outside the domain, or beside a pole."""
    if not (is_inside(row, low) and is_inside(row, high)):
        return 0.0
    a, b = ((number(row, at), stepped(row, at, place)) for at in (low, high))
    if not all(math.isfinite(x) and abs(x) < STEEP for x in (*a, *b)):
        return 0.0
    return max(abs(x - y) for x, y in zip(a, b))


def _selection(row: Primitive, points: Sequence[Point]) -> Iterator[Comparison]:
    """Whether the value is one of the elements, the first of which takes the whole slope, is what `selects` says."""
    several = [point for point in points if len(set(point[0])) > 1]
    selected = bool(several) and all(number(row, point) in point[0] for point in several)
    if several:
        what = "selects: the value is one of the elements"
        yield Comparison(several[0], what, row.selects, selected, row.selects == selected)
    for (xs,) in points if row.selects and selected else ():
        tied = (xs + xs,)
        first = xs.index(number(row, tied)) if number(row, tied) in xs else -1
        expected = [float(place == first) for place in range(len(xs) * 2)]
        slopes = partials(row, tied)
        yield Comparison(tied, "selects: the first that ties takes the slope", expected, slopes, expected == slopes)


def _bilinearity(row: Primitive, points: Sequence[Point]) -> Iterator[Comparison]:
    for point in points:
        expected = math.fsum(math.prod(pair) for pair in zip(*point))
        got = number(row, point)
        agrees = row.vectors == 2 and abs(expected - got) <= EPSILON * abs(expected) + noise(row, point)
        yield Comparison(point, "bilinear: the sum of the products", expected, got, agrees)


def _saturation(row: Primitive, point: Point) -> Iterator[Comparison]:
    tails = [replaced(point, 0, x) for x in (-TAIL, TAIL)]
    slopes = [abs(partials(row, tail)[0]) for tail in tails if is_inside(row, tail)]
    least = min(slopes, default=math.nan)
    yield Comparison(point, f"saturates: the slope at ±{TAIL}", 0.0, least, least <= EPSILON)
