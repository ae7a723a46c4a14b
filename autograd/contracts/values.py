"""Contracts of values: one formula means the same number in every namespace."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial

from autograd.contracts.comparisons import EPSILON, Comparison, to_the_bit, within
from autograd.contracts.neighbourhoods import number, value_scale
from autograd.contracts.operands import Point, flat, mapped, patterns
from autograd.contracts.spelling import record, recorded
from autograd.functions import recorder
from autograd.namespaces import complexes, fractions
from autograd.primitives import Primitive
from autograd.value import Value

TOLERANCE = 1e-13
"""Of a value: some roundings more or fewer in another arithmetic."""

ROUNDINGS = 16
"""Of each result in the formula, which another arithmetic may round differently: where terms cancel it shows."""


def recorded_values(row: Primitive, points: Sequence[Point]) -> Iterator[Comparison]:
    """The recorded value is that of the formula on floats to the bit, whichever operands are Values."""
    for point in points:
        expected = number(row, point)
        yield to_the_bit(point, "recorded of constants", expected, recorder(row)(*point).data)
        for kinds in patterns(point):
            yield to_the_bit(point, "recorded", expected, recorded(row, point, kinds)[0].data)


def refreshed_values(row: Primitive, points: Sequence[Point]) -> Iterator[Comparison]:
    """A graph that is refreshed after its leaves were written gives the value of a graph recorded anew."""
    for point in points:
        start = next(other for other in points if mapped(type, other) == mapped(type, point))
        y, leaves = recorded(row, start)
        for leaf, x in zip(leaves, flat(point)):
            leaf.data = x
        yield to_the_bit(point, "refreshed", record(row, mapped(Value, point)).data, y.refresh().data)


def complex_values(row: Primitive, points: Sequence[Point]) -> Iterator[Comparison]:
    """The value in complex numbers is the value, and has no imaginary part."""
    for point in points:
        expected = number(row, point)
        if not math.isfinite(expected):
            continue
        value = complex(row.value(complexes, *mapped(complex, point)))
        yield from within(point, "in complex numbers", expected, value.real, TOLERANCE, partial(noise, row, point))
        yield from within(point, "imaginary part", 0.0, value.imag, TOLERANCE, partial(noise, row, point))


def exact_values(row: Primitive, points: Sequence[Point]) -> Iterator[Comparison]:
    """Where every operation of the value is rational, the value in fractions is the value."""
    for point in points:
        if not all(map(math.isfinite, (*flat(point), number(row, point)))):
            continue  # no fraction is infinite
        try:
            value = float(row.value(fractions, *mapped(Fraction, point)))
        except (TypeError, ZeroDivisionError, OverflowError):  # their answers where no float is the exact value
            continue
        yield from within(point, "in exact fractions", value, number(row, point), TOLERANCE, partial(noise, row, point))


def noise(row: Primitive, point: Point) -> float:
    """What rounding does to the value, to first order."""
    return ROUNDINGS * EPSILON * value_scale(row, point)
