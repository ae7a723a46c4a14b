"""The oracles of generated graphs, which know their derivatives without reading the table.

A recipe is evaluated in any arithmetic by the `MEANINGS` of the samples.
"""

from __future__ import annotations

import cmath
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from autograd import PRIMITIVES, Value
from autograd.contracts.comparisons import EPSILON
from autograd.contracts.operands import flat, mapped
from autograd.evaluation import evaluate
from autograd.namespaces import complexes
from autograd.strategies.recipes import LARGEST_NUMBER, Place, Recipe, Step
from tests.samples import KINKED, MEANINGS, RATIONAL

COMPLEX_STEP = 1e-50
"""Its square is nothing beside any number of a generated graph, and no slope in one underflows."""

FRACTION_STEP = Fraction(1, 10**40)
"""The truncation error of a difference quotient in exact fractions, its square, is then nothing either."""

GENERATED = tuple(PRIMITIVES)
SMOOTH = tuple(name for name in GENERATED if name not in KINKED)
RATIONAL_NAMES = (*sorted(RATIONAL - {"equal", "sign", "heaviside"}), "power")

# ---- a recipe evaluated


def evaluated(
    recipe: Recipe, leaves: Sequence[Any], functions: Any = cmath, constant: Callable[[float], Any] = complex
) -> Any:
    """The root in another arithmetic, by the meanings alone."""
    numbers = list(leaves)
    for step in recipe.steps:
        numbers.append(_meant(step, numbers, functions, constant))
    return numbers[-1]


def complex_slope(recipe: Recipe, place: Place) -> float:
    """d root / d leaf by a complex step through the whole graph (Squire and Trapp, SIAM Review 40, 1998)."""
    leaves = [complex(x, COMPLEX_STEP * (i == place)) for i, x in enumerate(recipe.leaves)]
    return slope_of(complex(evaluated(recipe, leaves)))


def stepped_slope(y: Value, x: Value) -> float:
    """dy/dx by a complex step through a recorded graph."""
    return slope_of(evaluate(y, {x: complex(x.data, COMPLEX_STEP)}, complexes))


def exact_slope(recipe: Recipe, place: Place) -> Fraction:
    """d root / d leaf in exact fractions, for rational steps."""
    return (_shifted(recipe, {place: 1}) - _shifted(recipe, {place: -1})) / (2 * FRACTION_STEP)


def exact_curvature(recipe: Recipe, place: Place, other: Place) -> Fraction:
    """d² root / d leaf d other leaf in exact fractions, for rational steps."""
    if place == other:
        both = _shifted(recipe, {place: 1}) - 2 * _shifted(recipe, {}) + _shifted(recipe, {place: -1})
        return both / FRACTION_STEP**2
    corners = (sign * turn * _shifted(recipe, {place: sign, other: turn}) for sign in (1, -1) for turn in (1, -1))
    return sum(corners, Fraction()) / (2 * FRACTION_STEP) ** 2


class Difference(NamedTuple):
    """A difference quotient, and how much of it rounding alone can make."""

    slope: float
    noise: float


def central_step(recipe: Recipe, place: Place) -> float:
    """eps^(1/3) |x|: where truncation and rounding are of one size."""
    return float(abs(recipe.leaves[place]) * EPSILON ** (1 / 3))


def central_difference(recipe: Recipe, place: Place) -> Difference:
    """d root / d leaf by difference quotients."""

    def root(moved: Recipe) -> float:
        return complex(evaluated(moved, [complex(x) for x in moved.leaves])).real

    return _difference(root, recipe, place, LARGEST_NUMBER)


def central_curvature(recipe: Recipe, place: Place, other: Place, size: float) -> Difference:
    """d² root / d leaf d other leaf by difference quotients of complex steps; `size` is the scale of the first."""
    return _difference(lambda moved: complex_slope(moved, place), recipe, other, size)


def _difference(of: Callable[[Recipe], float], recipe: Recipe, place: Place, size: float) -> Difference:
    """The quotient of a step and that of half of it, extrapolated (Richardson, 1911): what h² makes wrong cancels."""

    def quotient(step: float) -> float:
        ahead, behind = (
            of(recipe._replace(leaves=tuple(x + sign * step * (i == place) for i, x in enumerate(recipe.leaves))))
            for sign in (1, -1)
        )
        return (ahead - behind) / (2 * step)

    step = central_step(recipe, place)
    return Difference((4 * quotient(step / 2) - quotient(step)) / 3, 3 * size * EPSILON / step)


# ---- single edges, paths and scales


class Edge(NamedTuple):
    """One use of a number by a step, with the slope of the step in that use."""

    source: Place
    target: Place
    slope: float


def edges(recipe: Recipe, numbers: Sequence[float]) -> list[Edge]:
    """Every use of a place, in order, with its own complex step; `numbers` are those of all places."""
    found = []
    for target, step in enumerate(recipe.steps, start=len(recipe.leaves)):
        for use, source in enumerate(flat(step.operands)):
            if type(source) is int:
                found.append(Edge(source, target, _local_slope(step, use, numbers)))
    return found


def paths(uses: Sequence[Edge], source: Place, root: Place) -> Iterator[list[Edge]]:
    """Every way from one place to the root, as the edges that it takes."""
    if source == root:
        yield []
    for edge in uses:
        if edge.source == source:
            for rest in paths(uses, edge.target, root):
                yield [edge, *rest]


def path_scales(recipe: Recipe, numbers: Sequence[float]) -> list[float]:
    """For each leaf the sum over its paths of |product of the slopes|, summed from the root down."""
    sizes = [0.0] * len(numbers)
    sizes[-1] = 1.0
    for edge in sorted(edges(recipe, numbers), key=lambda edge: -edge.target):
        sizes[edge.source] += sizes[edge.target] * abs(edge.slope)
    return sizes[: len(recipe.leaves)]


# ---- drawing and weighing steps


def _shifted(recipe: Recipe, moves: Mapping[Place, int]) -> Fraction:
    leaves = [Fraction(x) + moves.get(place, 0) * FRACTION_STEP for place, x in enumerate(recipe.leaves)]
    return Fraction(evaluated(recipe, leaves, None, Fraction))


def _meant(step: Step, numbers: Sequence[Any], functions: Any, constant: Callable[[float], Any]) -> Any:
    operands = mapped(lambda x: numbers[x] if type(x) is int else constant(x), step.operands)
    return MEANINGS[step.name](functions, *operands)


def _local_slope(step: Step, use: int, numbers: Sequence[float]) -> float:
    uses = iter(range(len(flat(step.operands))))

    def operand(x: Any) -> complex:
        return complex(numbers[x] if type(x) is int else x, COMPLEX_STEP * (next(uses) == use))

    return slope_of(complex(MEANINGS[step.name](cmath, *mapped(operand, step.operands))))


def slope_of(stepped: complex) -> float:
    """The slope that a complex step found; at 0 the step leaves its own square of x ** 3.0."""
    slope = stepped.imag / COMPLEX_STEP
    return slope if abs(slope) > COMPLEX_STEP else 0.0
