"""Contracts of partials: each is the slope of the value, however it is asked for."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator, Sequence

from autograd.contracts.comparisons import EPSILON, Comparison, to_the_bit, within
from autograd.contracts.neighbourhoods import (
    COMPLEX_STEP,
    is_smooth_along,
    number,
    partial_scales,
    slope_scales,
    stepped,
    value_scale,
)
from autograd.contracts.operands import Point, flat, moved, names, patterns, spread
from autograd.contracts.spelling import partials, recorded
from autograd.contracts.turns import is_tied
from autograd.derivatives import grad, hessian, jvp, local_partials
from autograd.primitives import Primitive

TOLERANCE = 1e-12
"""Of a partial beside the complex step: neither takes a difference, and both round a few times."""

ROUNDINGS = 16
"""Of the value, divided by the operand, or of the slopes that add up: what cancels is lost to this size."""

SATURATED = 4 * EPSILON
"""The error of 1 - out * out and its like, whatever is left of the difference."""

STEP = EPSILON ** (1 / 3)
"""Of the operand: rounding and truncation of central differences are of one size there."""

DIFFERENCES = 1e-6
"""What central differences with that step reach on functions that are not steep."""

ORDINARY = (1e-3, 40.0)
"""The sizes of the operands at which differences say something."""

STEPPABLE = (1e-50, 1e50)
"""The sizes of the operands at which a complex step neither shows in the value nor underflows in the slope."""

TWICE = 24
"""The points of second derivatives, each of which asks four times for all partials."""

NEAR, APART, LEVEL = 1e-7, 1e-2, 1e-3
"""Slopes so near to each other are one; at a kink they differ by so much of the larger, or of what is nearly level."""

SEED = 1.7
"""The adjoint with which backward begins where patterns are compared: no factor 1 hides that it is left out."""


def complex_step(row: Primitive, points: Sequence[Point]) -> Iterator[Comparison]:
    """Each partial is the complex step of the value, away from kinks and borders."""
    for point, place, name, partial in _smooth_places(row, points, STEPPABLE):
        slope = stepped(row, point, place)
        if _is_steady_slope(row, point, place, slope):
            noise = functools.partial(slope_noise, row, point, place)
            yield from within(point, f"∂/∂{name}, complex step", slope, partial, TOLERANCE, noise)


def differences(row: Primitive, points: Sequence[Point]) -> Iterator[Comparison]:
    """Each partial is the limit of difference quotients of the value, away from kinks and borders."""
    for point, place, name, partial in _smooth_places(row, points, ORDINARY):
        slope, noise = difference(functools.partial(number, row), point, place, value_scale(row, point))
        what = f"∂/∂{name}, central differences"
        yield from within(point, what, slope, partial, DIFFERENCES, functools.partial(float, noise))


def second_derivatives(row: Primitive, points: Sequence[Point]) -> Iterator[Comparison]:
    """Each second derivative is the limit of difference quotients of a partial, away from kinks and borders.

    Nothing is asked where a kink or a jump inside a formula is just at its tie: it says there what it is, not how it
    changes.
    """
    for point in spread(points, TWICE):
        places = [place for place in range(len(flat(point))) if _is_ordinary(row, point, place, ORDINARY)]
        if not places or is_tied(row, point):
            continue
        table, scales = hessian(*recorded(row, point)), partial_scales(row, point)
        for i in places:
            for j in places:
                f = lambda at, i=i: partials(row, at)[i]  # noqa: E731
                slope, rounding = difference(f, point, j, scales[i])
                noise = functools.partial(float, rounding + _bend(f, point, j))
                what = f"∂²/∂{names(row, point)[i]}∂{names(row, point)[j]}, central differences"
                yield from within(point, what, slope, table[i][j].data, DIFFERENCES, noise)


def single_partials(row: Primitive, points: Sequence[Point]) -> Iterator[Comparison]:
    """A partial is the same whether it is asked for alone or with others, and backward adds it for each pattern."""
    for point in points:
        y, leaves = recorded(row, point)
        together = dict(zip(leaves, partials(row, point)))
        for leaf, place in zip(leaves, range(len(leaves))):
            alone = [partial for _, partial in local_partials(y, among={leaf})]
            yield to_the_bit(point, f"∂/∂{names(row, point)[place]} alone", together[leaf], float(alone[0]))
        yield from _patterns_pulled(row, point)


def modes(row: Primitive, points: Sequence[Point]) -> Iterator[Comparison]:
    """`backward`, `grad` and forward mode give the same number to the bit."""
    for point in points:
        y, leaves = recorded(row, point)
        derivatives = grad(y, leaves)
        pulled = partials(row, point)
        for leaf, name, derivative, partial in zip(leaves, names(row, point), derivatives, pulled):
            yield to_the_bit(point, f"∂/∂{name} by grad", partial, derivative.data)
            yield to_the_bit(point, f"∂/∂{name} by jvp", partial, jvp(y, [leaf], [1.0]).data)


def difference(f: Callable[[Point], float], point: Point, place: int, scale: float) -> tuple[float, float]:
    """A difference quotient extrapolated from two steps, and how much of it rounding and truncation can make.

    `scale` is what the rounding of f is measured by.
    """
    step = STEP * (abs(flat(point)[place]) or 1.0)
    wide, narrow = (_quotient(f, point, place, h) for h in (step, step / 2))
    sizes = abs(f(moved(point, place, step))) + abs(f(moved(point, place, -step)))
    # near a pole, or a kink, the smaller step is no better than the larger
    truncation = math.inf if _are_apart(wide, narrow) else abs(wide - narrow)
    return (4 * narrow - wide) / 3, ROUNDINGS * EPSILON * max(sizes, scale, 1.0) / step + 2 * truncation


def slope_noise(row: Primitive, point: Point, place: int) -> float:
    """What rounding does to a partial and to the slope by a complex step."""
    quotient = abs(value_scale(row, point) / (flat(point)[place] or 1.0))
    scale = max(quotient, slope_scales(row, point)[place], partial_scales(row, point)[place])
    return SATURATED * row.saturates + ROUNDINGS * EPSILON * scale + COMPLEX_STEP


def _is_steady_slope(row: Primitive, point: Point, place: int, slope: float) -> bool:
    """Whether the complex step gives on both sides what it gives here: at a kink it takes the slope of one of them."""
    step = NEAR * (abs(flat(point)[place]) or 1.0)
    around = [stepped(row, moved(point, place, sign * step), place) for sign in (1, -1)]
    return not any(_are_apart(other, slope) for other in around)


def _bend(f: Callable[[Point], float], point: Point, place: int) -> float:
    """How much the difference quotients ahead and behind differ, where it is no matter of the step: f has a kink."""
    step = STEP * (abs(flat(point)[place]) or 1.0)
    here, ahead, behind = f(point), f(moved(point, place, step)), f(moved(point, place, -step))
    slopes = (ahead - here) / step, (here - behind) / step
    return abs(slopes[0] - slopes[1]) if _are_apart(*slopes) else 0.0


def _are_apart(one: float, other: float) -> bool:
    return abs(one - other) > APART * max(abs(one), abs(other), LEVEL)


def _quotient(f: Callable[[Point], float], point: Point, place: int, h: float) -> float:
    return (f(moved(point, place, h)) - f(moved(point, place, -h))) / (2 * h)


def _smooth_places(
    row: Primitive, points: Sequence[Point], sizes: tuple[float, float]
) -> Iterator[tuple[Point, int, str, float]]:
    """Each place of each point along which the value is smooth, with its name and its partial."""
    for point in points:
        for place, (name, partial) in enumerate(zip(names(row, point), partials(row, point))):
            if _is_ordinary(row, point, place, sizes) and math.isfinite(number(row, point)):
                yield point, place, name, partial


def _is_ordinary(row: Primitive, point: Point, place: int, sizes: tuple[float, float]) -> bool:
    ordinary = all(x == 0 or sizes[0] <= abs(x) <= sizes[1] for x in flat(point))
    return ordinary and is_smooth_along(row, point, place)


def _patterns_pulled(row: Primitive, point: Point) -> Iterator[Comparison]:
    """For every pattern of Values and constants, what backward adds to each leaf."""
    for kinds in patterns(point):
        y, leaves = recorded(row, point, kinds)
        y.backward(SEED)
        named = [name for name, is_value in zip(names(row, point), kinds) if is_value]
        expected = dict.fromkeys(leaves, 0.0)
        for leaf, partial in local_partials(y):
            expected[leaf] += SEED * partial
        for leaf, name in zip(leaves, named):
            yield to_the_bit(point, f"∂/∂{name} by backward({SEED})", expected[leaf], leaf.grad)
