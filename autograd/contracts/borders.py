"""Contracts at the borders: NaN passes through, and what is outside the domain raises."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from autograd.contracts.comparisons import Comparison, same
from autograd.contracts.neighbourhoods import MARGIN, is_inside, number
from autograd.contracts.operands import Point, flat, moved, names, replaced, spread
from autograd.contracts.samples import outside
from autograd.contracts.spelling import partials, recorded
from autograd.namespaces import floats
from autograd.primitives import DomainError, Primitive, Requirement

PROBES = (-7.3, -1.0, 0.0, 0.37, 1.0, 11.0)
"""Numbers that are put in for one operand, to see whether the result has anything to do with it."""

POISONED = 10
"""The points at which NaN is put in for each number."""

POLE = 1e12
"""An infinity beside numbers that are smaller is a pole; beside larger ones it is an overflow."""

EXCLUDED = 4
"""The points outside each requirement that are tried."""


def not_a_number(row: Primitive, points: Sequence[Point]) -> Iterator[Comparison]:
    """NaN in gives NaN out, in the value and in each partial, wherever the result depends on that operand."""
    for point in spread(points, POISONED):
        for place, name in enumerate(names(row, point)):
            poisoned = replaced(point, place, math.nan)
            yield from _passes(lambda at: [recorded(row, at)[0].data], row, point, poisoned, place, f"{name} = nan")
            yield from _passes(lambda at: partials(row, at), row, point, poisoned, place, f"{name} = nan, partial")


def domain(row: Primitive, points: Sequence[Point]) -> Iterator[Comparison]:
    """Inside the domain the value is a number; outside, a DomainError says the operation and what it needs."""
    for point in points:
        value = number(row, point)
        yield Comparison(point, "inside the domain", "a number", value, not (_is_nan(value) or _is_pole(row, point)))
    for requirement in row.domain:
        nan = (math.nan,) * len(row.operands)
        refused = requirement.violated(floats, *nan)
        yield Comparison(nan, f"domain, {requirement.needs}", "NaN passes", "refused" if refused else "", not refused)
        for point in outside(row, requirement, wanted=EXCLUDED):
            yield _refusal(row, requirement, point)


def _passes(
    f: Callable[[Point], list[float]], row: Primitive, point: Point, poisoned: Point, place: int, what: str
) -> Iterator[Comparison]:
    answers = f(poisoned)
    changes = _changes(f, row, point, place)
    for answer, depends in zip(answers, changes):
        if depends:
            yield Comparison(point, what, math.nan, answer, _is_nan(answer))


def _changes(f: Callable[[Point], list[float]], row: Primitive, point: Point, place: int) -> list[bool]:
    """For each result whether it changes with the number in one place."""
    probes = [replaced(point, place, x) for x in (*PROBES, *flat(point))]
    answers = [f(probe) for probe in probes if is_inside(row, probe)]
    return [any(not same(answer, column[0]) for answer in column) for column in zip(*answers)]


def _refusal(row: Primitive, requirement: Requirement, point: Point) -> Comparison:
    expected = f"DomainError: {row.name} needs {requirement.needs}"
    try:
        got = f"{recorded(row, point)[0].data}"
    except DomainError as error:
        got = f"DomainError: {error}"
    return Comparison(point, "outside the domain", expected, got, got.startswith(expected))


def _is_nan(x: float) -> bool:
    return x != x


def _is_pole(row: Primitive, point: Point) -> bool:
    """Whether an infinite value stands beside ordinary ones: no overflow, but a division by zero."""
    if math.isfinite(number(row, point)) or not all(map(math.isfinite, flat(point))):
        return False
    steps = [(place, sign * MARGIN) for place in range(len(flat(point))) for sign in (1, -1)]
    around = [moved(point, place, step) for place, step in steps]
    return any(is_inside(row, other) and abs(number(row, other)) < POLE for other in around)
