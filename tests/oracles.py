"""The figure behind "right": generated graphs against the oracles, errors in units of the scale.

    python -m tests.oracles [--graphs 10000] [--seed 0]

Prints for each oracle the largest error of a derivative, and exits with 1 when one is above its tolerance.
"""

from __future__ import annotations

import argparse
import sys
from random import Random
from typing import NamedTuple

from autograd import grad
from autograd.derivatives import scales, tangent
from autograd.strategies.recipes import Recipe, random_recipe, recorded_leaves, recorded_places
from tests.graphs import GENERATED, RATIONAL_NAMES, SMOOTH, central_difference, complex_slope, exact_slope, path_scales

TOLERANCE = 1e-12
"""The promise: of the scale, where the oracle itself is good to the last digits."""

LOOSE_TOLERANCE = 1e-5
"""Central differences: eps^(2/3) times third derivatives, which reach 1e5 in graphs of ten steps."""

SHARE_RATIONAL = 5
"""Every fifth graph is rational, so that exact fractions have their say."""


class Errors(NamedTuple):
    """The largest error of a graph's derivatives in units of their scales, by each oracle; 0.0 where it has no say."""

    forward: float
    complex_step: float
    fractions: float
    central: float
    scale: float


TOLERANCES = Errors(TOLERANCE, TOLERANCE, TOLERANCE, LOOSE_TOLERANCE, TOLERANCE)


def errors(recipe: Recipe, rational: bool) -> Errors:
    """What the oracles say of the derivatives of the root in every leaf."""
    leaves = recorded_leaves(recipe)
    places = recorded_places(recipe, leaves)
    root = places[-1]
    reverse = [derivative.data for derivative in grad(root, leaves)]
    independent = path_scales(recipe, [value.data for value in places])

    def largest(oracle: list[float]) -> float:
        return max(abs(x - y) / (size or 1.0) for x, y, size in zip(reverse, oracle, independent))

    every = range(len(leaves))
    return Errors(
        largest([tangent(root, [leaf], [1.0]) for leaf in leaves]),
        largest([complex_slope(recipe, place) for place in every]),
        largest([float(exact_slope(recipe, place)) for place in every]) if rational else 0.0,
        _central_error(recipe, reverse, independent),
        max(abs(x - y) / (y or 1.0) for x, y in zip(scales(root, leaves), independent)),
    )


def _central_error(recipe: Recipe, reverse: list[float], sizes: list[float]) -> float:
    differences = [central_difference(recipe, place) for place in range(len(reverse))]
    found = zip(reverse, differences, sizes)
    return max(max(0.0, abs(x - difference.slope) - difference.noise) / (size or 1.0) for x, difference, size in found)


def largest_errors(graphs: int, seed: int) -> Errors:
    """The largest error by each oracle over so many graphs, of three kinds: the whole table, smooth, rational."""
    random = Random(seed)
    worst = Errors(0.0, 0.0, 0.0, 0.0, 0.0)
    for graph in range(graphs):
        rational = graph % SHARE_RATIONAL == 0
        names = RATIONAL_NAMES if rational else SMOOTH if graph % 2 else GENERATED
        recipe = random_recipe(random, names, random.randint(1, 4), random.randint(1, 12), exact=rational)
        worst = Errors(*map(max, worst, errors(recipe, rational)))
    return worst


def main(arguments: list[str] | None = None) -> int:
    """Prints the table; 1 when an error is above its tolerance."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracles", description="generated graphs against the oracles")
    parser.add_argument("--graphs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    worst = largest_errors(options.graphs, options.seed)
    print(f"{options.graphs} graphs, seed {options.seed}: the largest error in units of the scale\n")
    for oracle, error, allowed in zip(Errors._fields, worst, TOLERANCES):
        print(f"  {oracle:<14}{error:10.2e}   allowed {allowed:.0e}   {'ok' if error <= allowed else 'ABOVE'}")
    return int(any(error > allowed for error, allowed in zip(worst, TOLERANCES)))


if __name__ == "__main__":
    sys.exit(main())
