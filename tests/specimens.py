"""A generated graph of a number, with the derivatives that reverse mode gives, and the scales that they are held to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cached_property
from random import Random

from autograd import Value, grad, hessian
from autograd.derivatives import scales
from autograd.strategies.recipes import Recipe, Step, random_recipe, recorded_leaves, recorded_places
from tests.graphs import GENERATED, RATIONAL_NAMES, SMOOTH, path_scales

SHARE_RATIONAL = 5
"""Every fifth graph is rational, so that exact fractions have their say."""


class Specimen:
    """A recipe recorded. The number says which it is, and nothing else: not how many there are, and not the process."""

    def __init__(self, number: int, recipe: Recipe, rational: bool) -> None:
        self.number, self.recipe, self.rational = number, recipe, rational and not _varied_powers(recipe)
        self.leaves = recorded_leaves(recipe)
        self.places = recorded_places(recipe, self.leaves)
        self.root = self.places[-1]

    @cached_property
    def first(self) -> list[Value]:
        """The gradient of the root, by `grad`."""
        return grad(self.root, self.leaves)

    @cached_property
    def sizes(self) -> list[float]:
        """The scale of each first derivative, summed over the paths without reading the table."""
        return path_scales(self.recipe, [value.data for value in self.places])

    @cached_property
    def second(self) -> list[float]:
        """The entries of `hessian`, row by row."""
        return [entry.data for line in hessian(self.root, self.leaves) for entry in line]

    @cached_property
    def second_size(self) -> float:
        """The largest scale of a derivative of a first derivative, or 1: the terms of these cancel as they like."""
        return max(1.0, *(size for first in self.first for size in scales(first, self.leaves)))

    @cached_property
    def on_a_border(self) -> bool:
        """Whether 0 is raised to an exponent that varies: x ** y has no second derivative there, as log(0) is none."""
        return any(self.places[step.operands[0]].data == 0 for step in _varied_powers(self.recipe))

    def of_first(self, found: Iterable[float]) -> list[float]:
        """How far first derivatives are from those of reverse mode, in units of their scales."""
        return in_units([first.data for first in self.first], found, self.sizes)

    def of_second(self, found: Iterable[float]) -> list[float]:
        """How far second derivatives, row by row, are from those of reverse mode."""
        return in_units(self.second, found, [self.second_size] * len(self.second))


def _varied_powers(recipe: Recipe) -> list[Step]:
    """The powers whose exponents are no constants: no fraction has them once the exponent moves."""
    return [step for step in recipe.steps if step.name == "power" and type(step.operands[1]) is int]


def in_units(expected: Sequence[float], found: Iterable[float], sizes: Sequence[float]) -> list[float]:
    """The disagreements, each in units of a size; a NaN disagrees with everything."""
    pairs = zip(expected, found, sizes, strict=True)
    disagreements = (abs(x - y) / (size or 1.0) for x, y, size in pairs)
    return [math.inf if math.isnan(disagreement) else disagreement for disagreement in disagreements]


def specimen(number: int, seed: int) -> Specimen:
    """The graph of that number, of three kinds: rational, smooth, the whole table."""
    random = Random(f"{seed}/{number}")
    rational = number % SHARE_RATIONAL == 0
    names = RATIONAL_NAMES if rational else SMOOTH if number % 2 else GENERATED
    recipe = random_recipe(random, names, random.randint(1, 4), random.randint(1, 12), exact=rational)
    return Specimen(number, recipe, rational)
