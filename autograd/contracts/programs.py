"""The contract of the compiler: compiled, a primitive gives the numbers that it gives eagerly, in both ways to run."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from autograd.compiler.compilation import BACKENDS, compile
from autograd.contracts.comparisons import EPSILON, Comparison
from autograd.contracts.neighbourhoods import partial_scales, value_scale
from autograd.contracts.operands import Point, names
from autograd.contracts.spelling import partials, recorded
from autograd.primitives import Primitive

ROUNDINGS = 8
"""Python's functions and those of NumPy may round differently, some times in a formula."""


def compiled(row: Primitive, points: Sequence[Point]) -> Iterator[Comparison]:
    """Values and partials of a program of all points, in straight-line Python and in calls on arrays, are the eager."""
    graphs = [recorded(row, point) for point in points]
    leaves = [leaf for _, leaves in graphs for leaf in leaves]
    for backend in BACKENDS:
        program = compile([y for y, _ in graphs], leaves, backend=backend)
        values, slopes = program.run(), iter(program.gradient.tolist())
        for point, (y, _), value in zip(points, graphs, values):
            yield _alike(point, f"{backend} program", y.data, value, value_scale(row, point))
            finite = [abs(partial) for partial in partials(row, point) if math.isfinite(partial)]
            for name, partial, scale in zip(names(row, point), partials(row, point), partial_scales(row, point)):
                size = max(1.0, scale, *finite)
                yield _alike(point, f"∂/∂{name} of the {backend} program", partial, next(slopes), size)


def _alike(point: Point, what: str, expected: float, got: float, size: float) -> Comparison:
    if not math.isfinite(expected):
        return Comparison(point, what, expected, got, repr(expected) == repr(float(got)))
    return Comparison(point, what, expected, got, abs(expected - got) <= ROUNDINGS * EPSILON * max(abs(expected), size))
