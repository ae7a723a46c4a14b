"""What lies around a point: the border of the domain, a kink, the slope by a complex step, and what rounding hides.

Nothing here reads a partial: these are facts about the value, by which partials are judged.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from autograd.contracts.operands import Point, flat, mapped, moved
from autograd.derivatives import recorded, scales
from autograd.evaluation import side
from autograd.namespaces import complexes, floats
from autograd.primitives import Primitive, elementwise_partials
from autograd.value import Value, adjoints

MARGIN = 1e-3
"""Of a number, or of 1 for 0: no kink and no border may be nearer where a slope is asked for."""

COMPLEX_STEP = 1e-100
"""So small that its square is nothing beside any sample, and that no imaginary part underflows."""


def is_inside(row: Primitive, point: Point) -> bool:
    """Whether the point violates no requirement of the domain."""
    return not any(requirement.violated(floats, *point) for requirement in row.domain)


def is_steady(row: Primitive, point: Point, around: Iterable[Point]) -> bool:
    """Whether the point and all `around` it are inside the domain and on the same side of every kink."""
    if not is_inside(row, point):
        return False
    here = sides(row, point)
    return all(is_inside(row, other) and sides(row, other) == here for other in around)


def is_smooth_along(row: Primitive, point: Point, place: int, margin: float = MARGIN) -> bool:
    """Whether no kink and no border is near when one of the `flat` numbers moves."""
    step = margin * (abs(flat(point)[place]) or 1.0)
    return is_steady(row, point, [moved(point, place, step), moved(point, place, -step)])


def sides(row: Primitive, point: Point) -> tuple[float, ...]:
    """On which side of its kinks the primitive is; nothing for one without kinks."""
    return () if row.branch is None else side(row, point, number(row, point))


def number(row: Primitive, point: Point) -> float:
    """The value in floats."""
    return float(row.value(floats, *point))


def stepped(row: Primitive, point: Point, place: int) -> float:
    """The slope of the value in one of the `flat` numbers, by a complex step."""
    value = complex(row.value(complexes, *moved(mapped(complex, point), place, COMPLEX_STEP * 1j)))
    return value.imag / COMPLEX_STEP if math.isfinite(value.real) else math.nan


def value_scale(row: Primitive, point: Point) -> float:
    """The sum of |∂ value / ∂ v · v| over every result v inside the formula: what rounding of the value is measured by.

    In 1 + tanh(x) the 1 counts, of which little may be left.
    """
    return _rounded_by(_written_out(row, point)[0])


def partial_scales(row: Primitive, point: Point) -> list[float]:
    """For the partial in each of the `flat` numbers, what rounding in its formula and the value's is measured by."""
    operands = mapped(Value, point)
    out = row.value(recorded, *operands)
    if row.vectors:
        by_element = elementwise_partials(row, recorded, list(zip(*operands)), out)
        return [_rounded_by(partial) for of_vector in zip(*by_element) for partial in of_vector]
    return [_rounded_by(formula(recorded, *operands, out)) for formula in row.partials]


def slope_scales(row: Primitive, point: Point) -> list[float]:
    """For each of the `flat` numbers the sum of the sizes of the slopes along the paths through the value's formula."""
    y, leaves = _written_out(row, point)
    return scales(y, leaves) if type(y) is Value else [0.0] * len(leaves)


def _rounded_by(y: Any) -> float:
    if type(y) is not Value:
        return abs(float(y))
    sizes = (abs(adjoint * node.data) for node, adjoint in adjoints(y).items())
    return math.fsum(size for size in sizes if math.isfinite(size))


def _written_out(row: Primitive, point: Point) -> tuple[Any, list[Value]]:
    """The value as a graph of the operations of its formula, and its leaves."""
    leaves = mapped(Value, point)
    return row.value(recorded, *leaves), flat(leaves)
