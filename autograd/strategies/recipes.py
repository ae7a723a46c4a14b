"""Generated graphs as recipes: steps over places, the leaves first and then the result of each step.

A recipe is recorded from Values, shared or written out without sharing, and can be evaluated in any arithmetic. All its
numbers and slopes are of ordinary sizes, and no kink and no border of a domain is near: what an oracle says of it
counts. Which steps are so is read off the values of the table, never off its partials.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import count
from random import Random
from typing import Any, NamedTuple, TypeAlias

from autograd.contracts.neighbourhoods import is_steady, number, stepped
from autograd.contracts.operands import Point, flat, mapped
from autograd.contracts.spelling import record
from autograd.namespaces import fractions
from autograd.primitives import PRIMITIVES, Primitive
from autograd.strategies.drafts import SIZE, Draft, Pick, draft
from autograd.value import Value

Place: TypeAlias = int
"""Where a number stands: leaves first, then results."""

LARGEST_NUMBER, LARGEST_SLOPE, MARGIN = 30.0, 100.0, 0.1
"""Bounds of generated graphs: the size of numbers and of slopes, and the distance from kinks and borders."""

LEAST_SATURATED = 0.0098
"""A smaller slope of what saturates, tanh beyond 3, has lost digits, as the table says: its error is 4 ulp of 1."""

LEAVES = (0.3, 2.5)
"""The sizes of the numbers of the leaves."""


class Step(NamedTuple):
    """One primitive; an operand is a place (int) or a constant (float), or for an n-ary primitive a tuple of these."""

    name: str
    operands: Point


class Recipe(NamedTuple):
    """The numbers of the leaves, and the steps; the last step is the root. Its repr is the program that it is."""

    leaves: tuple[float, ...]
    steps: tuple[Step, ...]

    def __repr__(self) -> str:
        return "\n".join(_program(self))


def random_recipe(
    random: Random, names: Sequence[str] | None = None, leaves: int = 3, steps: int = 10, exact: bool = False
) -> Recipe:
    """A recipe of so many steps; `exact` ones have an exact value in fractions."""
    numbers = tuple(random.choice((-1, 1)) * random.uniform(*LEAVES) for _ in range(leaves))
    chosen = tuple(names or PRIMITIVES)
    return cooked(numbers, (draft(random.randbytes(SIZE), chosen) for _ in count()), steps, exact)


def cooked(leaves: Sequence[float], drafts: Iterable[Draft], steps: int, exact: bool = False) -> Recipe:
    """The recipe of the first drafts that stay within the bounds, no more than `steps`; the others are left out."""
    numbers, unused, chosen = list(leaves), list(range(len(leaves))), list[Step]()
    as_fractions = list(map(Fraction, leaves))
    for drafted in drafts:
        step = Step(drafted.name, _operands(drafted, len(numbers), unused))
        result = _sane_result(step, numbers)
        if result is None:
            continue
        if exact:
            fraction = _exact_result(step, as_fractions)
            if fraction is None:
                continue
            as_fractions.append(fraction)
        unused = [place for place in unused if place not in flat(step.operands)] + [len(numbers)]
        chosen.append(step)
        numbers.append(result)
        if len(chosen) == steps:
            break
    return Recipe(tuple(leaves), tuple(chosen))


def reachable(recipe: Recipe) -> set[Place]:
    """The places below the root, itself included."""
    first = len(recipe.leaves)
    found = {first + len(recipe.steps) - 1}
    for place in range(first + len(recipe.steps) - 1, first - 1, -1):
        if place in found:
            found |= {x for x in flat(recipe.steps[place - first].operands) if type(x) is int}
    return found


def pruned(recipe: Recipe) -> Recipe:
    """The same root, without the leaves and steps that are not below it."""
    kept = sorted(reachable(recipe))
    place = {old: new for new, old in enumerate(kept)}
    first = len(recipe.leaves)
    steps = (recipe.steps[old - first] for old in kept if old >= first)
    return Recipe(
        tuple(recipe.leaves[old] for old in kept if old < first),
        tuple(Step(name, mapped(lambda x: place[x] if type(x) is int else x, operands)) for name, operands in steps),
    )


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


# ---- a recipe written


def _program(recipe: Recipe) -> Iterator[str]:
    first = len(recipe.leaves)
    for place, x in enumerate(recipe.leaves):
        yield f"x{place} = Value({x!r})"
    for place, step in enumerate(recipe.steps, start=first):
        row = PRIMITIVES[step.name]
        # a constant in brackets where the sign of a negative one would bind otherwise: (-2.0) ** 3.0
        written = [_written(part, first, row) for part in step.operands]
        yield f"{f'v{place}' if place < first + len(recipe.steps) - 1 else 'y'} = {row.notation.text.format(*written)}"


def _written(operand: Any, first: Place, row: Primitive) -> str:
    if isinstance(operand, tuple):
        return ", ".join(_written(x, first, row) for x in operand)
    if type(operand) is int:
        return f"x{operand}" if operand < first else f"v{operand}"
    return f"({operand!r})" if operand < 0 and any(row.notation.operands) else repr(operand)


# ---- drafts made steps


def _operands(drafted: Draft, size: int, unused: Sequence[Place]) -> Point:
    everything = range(size)

    def operand(pick: Pick) -> Place | float:
        if pick.constant is not None:
            return pick.constant
        pool = unused if pick.unused else everything
        return pool[-1 - pick.back % len(pool)]

    parts = (tuple(map(operand, part)) for part in drafted.picks)
    return tuple(part if PRIMITIVES[drafted.name].vectors else part[0] for part in parts)


def _sane_result(step: Step, numbers: Sequence[float]) -> float | None:
    """The result, or None where it or its slopes are out of bounds, or a kink or a border is near."""
    row = PRIMITIVES[step.name]
    point = _read(step, numbers)
    places = {x for x in flat(step.operands) if type(x) is int}
    around = (_read(step, numbers, {place: sign * MARGIN}) for place in places for sign in (1, -1))
    if not is_steady(row, point, around):
        return None
    result = number(row, point)
    if not abs(result) <= LARGEST_NUMBER:
        return None
    slopes = [abs(stepped(row, point, use)) for use, x in enumerate(flat(step.operands)) if type(x) is int]
    if row.saturates and min(slopes) < LEAST_SATURATED:
        return None
    return result if all(slope <= LARGEST_SLOPE for slope in slopes) else None


def _read(step: Step, numbers: Sequence[float], moves: Mapping[Place, float] | None = None) -> Point:
    shifts = moves or {}
    return mapped(lambda x: numbers[x] + shifts.get(x, 0.0) if type(x) is int else x, step.operands)


def _exact_result(step: Step, as_fractions: Sequence[Fraction]) -> Fraction | None:
    """The result in fractions, or None where it has none: an exponent that is whole in floats need not be so here."""
    point = mapped(lambda x: as_fractions[x] if type(x) is int else Fraction(x), step.operands)
    try:
        result = PRIMITIVES[step.name].value(fractions, *point)
    except TypeError:  # the answer of the fractions where there is no exact value
        return None
    return Fraction(result) if math.isfinite(result) else None
