"""Contracts of what a primitive declares of itself: that it is smooth, selects, is bilinear, saturates."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from autograd.contracts.comparisons import EPSILON, Comparison
from autograd.contracts.neighbourhoods import is_inside, number, sides, stepped
from autograd.contracts.operands import Point, flat, moved, names, replaced, spread
from autograd.contracts.samples import around
from autograd.contracts.slopes import slope_noise
from autograd.contracts.spelling import partials
from autograd.contracts.turns import landmarks
from autograd.contracts.values import noise
from autograd.primitives import Primitive, check_formulas

GRID = (-1000.0, -300.0, -100.0, -30.0, -10.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
"""Between two neighbours of these numbers, and of those beside a turn, a kink is looked for; it may be one of them."""

SEARCHED = 3
"""The points along whose operands kinks are looked for."""

NARROW = 1e-9
"""Of a number, or of 1 for a smaller one: the interval in which a kink is caged."""

WIDE, GROWS = 100, 10
"""In an interval so many times as wide a smooth function changes by more than so many times; at a kink it doesn't."""

JUMP, STEEP = 1e-3, 1e8
"""A change that is none, and numbers so large that they belong to a pole, and not to a kink."""

TIED = 1e-6
"""Of a number, or of 1 for a smaller one: how far from a tie the slopes on both sides are taken."""

BEND = 0.1
"""Of a slope beside a tie, or of 1: if it changes more towards the tie, it has no limit there to be held to."""

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
    """A primitive without `branch` has no kink; one with it is on another `branch` beyond a kink, and says its ties.

    At a kink the partial is a slope of one side, or lies between both; a jump has no slopes, and none is asked of it.
    """
    for point in spread(points, SEARCHED):
        for place in range(len(flat(point))):
            turns = landmarks(row, point, place)
            for low, high in pairwise(sorted({*GRID, *(x for turn in turns for x in around(turn))})):
                yield from _declared(row, replaced(point, place, low), replaced(point, place, high), place)
            for turn in turns:
                yield from _between(row, replaced(point, place, turn), place)
    for point in points:
        for place in range(len(flat(point))):
            yield from _between(row, point, place)
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


def _declared(row: Primitive, low: Point, high: Point, place: int) -> Iterator[Comparison]:
    caged = _caged(row, low, high, place)
    if caged and _is_kink(row, *caged, place):
        ends = [caged, _widened(*caged, place, 1)]
        told = row.branch is not None and any(sides(row, one) != sides(row, other) for one, other in ends)
        wanted = "a branch that tells its sides apart, and ties (branch=, ties= of autograd.primitive)"
        yield Comparison(caged[0], "a kink or a jump", wanted, wanted if told else "none", told)


def _between(row: Primitive, tie: Point, place: int) -> Iterator[Comparison]:
    """Of a tie, whether the partial lies between the slopes on both sides; nothing of a point that is none."""
    step = TIED * max(abs(flat(tie)[place]), 1.0)
    low, high = (moved(tie, place, sign * step) for sign in (-1, 1))
    if row.branch is None or not all(is_inside(row, at) for at in (low, tie, high)):
        return
    if sides(row, low) == sides(row, tie) == sides(row, high):
        return
    if any(len({sides(row, moved(tie, place, n * sign * step)) for n in (0.5, 1, 2)}) > 1 for sign in (-1, 1)):
        return  # another kink is as near
    slopes = [stepped(row, at, place) for at in (low, high)]
    further = [stepped(row, moved(tie, place, 2 * sign * step), place) for sign in (-1, 1)]
    slack = 2 * sum(abs(x - y) for x, y in zip(slopes, further)) + slope_noise(row, low, place)
    slack += slope_noise(row, high, place)
    largest = max(1.0, *map(abs, slopes))
    if slack <= BEND * largest and _is_continuous(row, low, tie, high, step * largest):
        got = partials(row, tie)[place]
        agrees = min(slopes) - slack <= got <= max(slopes) + slack
        what = f"∂/∂{names(row, tie)[place]} at a tie, between the slopes of both sides"
        yield Comparison(tie, what, f"{min(slopes):g} to {max(slopes):g}", got, agrees)


def _is_continuous(row: Primitive, low: Point, tie: Point, high: Point, change: float) -> bool:
    """Whether the value changes towards a tie from both sides by no more than its slope makes it."""
    allowed = 2 * change + noise(row, tie)
    return all(abs(number(row, at) - number(row, tie)) <= allowed for at in (low, high))


def _is_kink(row: Primitive, low: Point, high: Point, place: int) -> bool:
    """Whether what changes in a cage is a kink or a jump: no steep slope, no border, nothing that cancels beyond it."""
    near, wide = _widened(low, high, place, 1), _widened(low, high, place, WIDE)
    if not all(is_inside(row, at) for at in (*near, *wide)):
        return False
    change = _change(row, *near, place)
    blur = noise(row, low) + slope_noise(row, low, place)
    if change > JUMP + blur:
        return change / GROWS < _change(row, *wide, place) < GROWS * change
    alone = [min(abs(number(row, at) - number(row, end)) for end in near) for at in (low, high)]
    return JUMP + blur < max(alone) < math.inf


def _widened(low: Point, high: Point, place: int, times: float) -> tuple[Point, Point]:
    """The ends of an interval moved apart by so many times the width of a cage."""
    step = times * NARROW * max(abs(flat(low)[place]), 1.0)
    return moved(low, place, -step), moved(high, place, step)


def _caged(row: Primitive, low: Point, high: Point, place: int) -> tuple[Point, Point] | None:
    """The ends of a narrow interval across which value or slope jumps; None where there is none."""
    below, above = _course(row, low, place), _course(row, high, place)
    while _distance(below, above) > JUMP:
        ends = flat(low)[place], flat(high)[place]
        if ends[1] - ends[0] < NARROW * max(abs(ends[0]), 1.0):
            return low, high
        middle = replaced(low, place, math.fsum(ends) / 2)
        between = _course(row, middle, place)
        if _distance(below, between) >= _distance(between, above):
            high, above = middle, between
        else:
            low, below = middle, between
    return None


def _course(row: Primitive, point: Point, place: int) -> tuple[float, float] | None:
    """Value and slope; None outside the domain, and beside a pole."""
    if not is_inside(row, point):
        return None
    course = number(row, point), stepped(row, point, place)
    return course if all(abs(x) < STEEP for x in course) else None


def _distance(one: tuple[float, float] | None, other: tuple[float, float] | None) -> float:
    """How much value or slope differ; 0 where one is not there."""
    return max(abs(x - y) for x, y in zip(one, other)) if one and other else 0.0


def _change(row: Primitive, low: Point, high: Point, place: int) -> float:
    return _distance(_course(row, low, place), _course(row, high, place))


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
