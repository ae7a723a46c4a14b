"""Generated graphs as recipes, and the oracles that know their derivatives without reading the table.

A recipe is a list of steps over places: the leaves come first, then the result of each step. It can be recorded from
Values, shared or written out without sharing, and evaluated in any arithmetic by the `MEANINGS` of the samples.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from random import Random
from typing import Any, NamedTuple, TypeAlias

from hypothesis import strategies

from autograd import PRIMITIVES, Value
from tests.samples import KINKED, MEANINGS, RATIONAL, Point, flat, mapped, record

Place: TypeAlias = int
"""Where a number stands: leaves first, then results."""

EPSILON = 2.0**-52
"""One unit in the last place of 1."""

COMPLEX_STEP = 1e-50
"""Its square is nothing beside any number of a generated graph, and no slope in one underflows."""

FRACTION_STEP = Fraction(1, 10**40)
"""The truncation error of a difference quotient in exact fractions, its square, is then nothing either."""

LARGEST_NUMBER, LARGEST_SLOPE, MARGIN = 30.0, 100.0, 0.1
"""Bounds of generated graphs: the size of numbers and of slopes, and the distance from kinks and borders."""

SATURATION = 3.0
"""Beyond it 1 - out² and out(1 - out) lose digits, as the table says: their error is 4 ulp of 1."""

GENERATED = tuple(PRIMITIVES)
SMOOTH = tuple(name for name in GENERATED if name not in KINKED)
RATIONAL_NAMES = (*sorted(RATIONAL - {"equal", "sign", "heaviside"}), "power")

NARY = frozenset({"sum", "dot", "maximum", "minimum", "logsumexp"})
OPERANDS = {
    "add": 2,
    "subtract": 2,
    "multiply": 2,
    "divide": 2,
    "power": 2,
    "heaviside": 2,
    "equal": 2,
    "leaky_relu": 2,
}


class Step(NamedTuple):
    """One primitive; an operand is a place (int) or a constant (float), or for an n-ary primitive a tuple of these."""

    name: str
    operands: Point


class Recipe(NamedTuple):
    """The numbers of the leaves, and the steps; the last step is the root."""

    leaves: tuple[float, ...]
    steps: tuple[Step, ...]


def random_recipe(random: Random, names: Sequence[str] = GENERATED, leaves: int = 3, steps: int = 10) -> Recipe:
    """A recipe whose numbers all stay within the bounds above; whole powers only, if all names are rational."""
    numbers = [random.choice((-1, 1)) * random.uniform(0.3, 2.5) for _ in range(leaves)]
    unused = list(range(leaves))
    chosen: list[Step] = []
    while len(chosen) < steps:
        step = _random_step(random, names, len(numbers), unused)
        number = _sane_result(step, numbers)
        if number is None:
            continue
        unused = [place for place in unused if place not in flat(step.operands)] + [len(numbers)]
        chosen.append(step)
        numbers.append(number)
    return Recipe(tuple(numbers[:leaves]), tuple(chosen))


def recipes(names: Sequence[str] = GENERATED, leaves: int = 3, steps: int = 10) -> strategies.SearchStrategy[Recipe]:
    """The strategy of hypothesis for random recipes; a failing one is found by its seed."""
    return strategies.integers(0, 2**32 - 1).map(lambda seed: random_recipe(Random(seed), names, leaves, steps))


# ---- a recipe recorded


def recorded_leaves(recipe: Recipe) -> list[Value]:
    """A leaf for each number, labelled x0, x1 …"""
    return [Value(number, label=f"x{place}") for place, number in enumerate(recipe.leaves)]


def recorded_places(recipe: Recipe, leaves: Sequence[Value]) -> list[Value]:
    """The Values of all places, the root last; what is used twice is shared."""
    values = list(leaves)
    for step in recipe.steps:
        values.append(record(step.name, mapped(lambda x: values[x] if type(x) is int else x, step.operands)))
    return values


def recorded_root(recipe: Recipe, leaves: Sequence[Value]) -> Value:
    """The last of the recorded places."""
    return recorded_places(recipe, leaves)[-1]


def written_out(recipe: Recipe, leaves: Sequence[Value]) -> Value:
    """The root recorded anew for each use of each step: nothing but the leaves is shared."""

    def result(place: Any) -> Any:
        if type(place) is float or place < len(leaves):
            return place if type(place) is float else leaves[place]
        step = recipe.steps[place - len(leaves)]
        return record(step.name, mapped(result, step.operands))

    root: Value = result(len(leaves) + len(recipe.steps) - 1)
    return root


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
    return complex(evaluated(recipe, leaves)).imag / COMPLEX_STEP


def exact_slope(recipe: Recipe, place: Place) -> Fraction:
    """d root / d leaf in exact fractions, for rational steps."""
    ahead, behind = (
        evaluated(
            recipe,
            [Fraction(x) + sign * FRACTION_STEP * (i == place) for i, x in enumerate(recipe.leaves)],
            None,
            Fraction,
        )
        for sign in (1, -1)
    )
    return Fraction(ahead - behind) / (2 * FRACTION_STEP)


class Difference(NamedTuple):
    """A difference quotient, and how much of it rounding alone can make."""

    slope: float
    noise: float


def central_difference(recipe: Recipe, place: Place) -> Difference:
    """d root / d leaf by a difference quotient with a step of eps^(1/3) |x|."""
    step = abs(recipe.leaves[place]) * EPSILON ** (1 / 3)
    ahead, behind = (
        complex(evaluated(recipe, [complex(x + sign * step * (i == place)) for i, x in enumerate(recipe.leaves)])).real
        for sign in (1, -1)
    )
    return Difference((ahead - behind) / (2 * step), LARGEST_NUMBER * EPSILON / step)


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


def reachable(recipe: Recipe) -> set[Place]:
    """The places below the root, itself included."""
    found = {len(recipe.leaves) + len(recipe.steps) - 1}
    for place in range(len(recipe.leaves) + len(recipe.steps) - 1, len(recipe.leaves) - 1, -1):
        if place in found:
            found |= {x for x in flat(recipe.steps[place - len(recipe.leaves)].operands) if type(x) is int}
    return found


# ---- drawing and weighing steps


def _random_step(random: Random, names: Sequence[str], size: int, unused: Sequence[Place]) -> Step:
    name = random.choice(names)

    def place() -> Place:
        return random.choice(unused) if random.random() < 0.5 else random.randrange(size)

    def operand() -> Place | float:
        return random.choice((-1, 1)) * round(random.uniform(0.3, 2.5), 2) if random.random() < 0.15 else place()

    if name in NARY:
        length = random.randint(1, 4)
        vectors = [(place(), *(operand() for _ in range(length - 1))) for _ in range(1 + (name == "dot"))]
        return Step(name, tuple(vectors))
    if name == "power":
        exponent: Place | float = float(random.choice((-2, -1, 2, 3, 2, 3)))
        fractional = any(name not in RATIONAL_NAMES for name in names) and random.random() < 0.5
        return Step(name, (place(), operand() if fractional else exponent))
    return Step(name, (place(), *(operand() for _ in range(OPERANDS.get(name, 1) - 1))))


def _meant(step: Step, numbers: Sequence[Any], functions: Any, constant: Callable[[float], Any]) -> Any:
    operands = mapped(lambda x: numbers[x] if type(x) is int else constant(x), step.operands)
    return MEANINGS[step.name](functions, *operands)


def _sane_result(step: Step, numbers: Sequence[float]) -> float | None:
    """The result, or None where it or its slopes are out of bounds, or a kink or a border is near."""
    operands = mapped(lambda x: numbers[x] if type(x) is int else x, step.operands)
    if not _far_from_borders(step, operands):
        return None
    try:
        result = complex(_meant(step, numbers, cmath, complex)).real
    except (ArithmeticError, ValueError):
        return None
    if abs(result) > LARGEST_NUMBER:
        return None
    slopes = [_local_slope(step, use, numbers) for use in range(len(flat(operands)))]
    return result if max(map(abs, slopes)) <= LARGEST_SLOPE else None


def _local_slope(step: Step, use: int, numbers: Sequence[float]) -> float:
    uses = iter(range(len(flat(step.operands))))

    def operand(x: Any) -> complex:
        return complex(numbers[x] if type(x) is int else x, COMPLEX_STEP * (next(uses) == use))

    return complex(MEANINGS[step.name](cmath, *mapped(operand, step.operands))).imag / COMPLEX_STEP


def _far_from_borders(step: Step, operands: Point) -> bool:
    name, x = step.name, operands[0]
    if name in ("maximum", "minimum"):
        best = max(x) if name == "maximum" else min(x)
        places = {place for place, number in zip(step.operands[0], x) if abs(number - best) < MARGIN}
        return len(places) == 1
    if name in NARY:
        return True
    if name == "equal":
        return bool(abs(x - operands[1]) >= MARGIN)
    if name == "power":
        whole = type(step.operands[1]) is float and operands[1] % 1 == 0
        return bool(abs(x) >= MARGIN if whole else x >= MARGIN and abs(operands[1]) <= 3)
    if name in ("log", "sqrt"):
        return bool(x >= MARGIN)
    if name == "log1p":
        return bool(x >= MARGIN - 1)
    if name in ("tanh", "sigmoid"):
        return bool(abs(x) <= SATURATION)
    if name == "divide":
        return bool(abs(operands[1]) >= MARGIN)
    return name not in KINKED or bool(abs(x) >= MARGIN and math.isfinite(x))
