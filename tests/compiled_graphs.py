"""The figure behind "the same numbers": generated graphs, compiled in both ways, against the eager engine.

    python -m tests.compiled_graphs [--graphs 5000] [--seed 0]

A graph is one of the whole table, several roots of it, or it is recorded for the examples of a batch, with leaves that
they share and leaves of their own. Prints for each backend the largest error of a value and of a derivative, in units
of the scale, with the graph that shows it, and exits with 1 when one is above the tolerance.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

import autograd
from autograd import Value, grad
from autograd.compiler.compilation import BACKENDS, compile
from autograd.derivatives import scales
from autograd.strategies.recipes import random_recipe, recorded_leaves, recorded_places, recorded_root

TOLERANCE = 1e-12
"""Of the scale: the sum over the paths of |product of the partials|; of a value, its own size."""


class Found(NamedTuple):
    """An error in units of the scale, and the number of the graph that shows it."""

    error: float
    graph: int


def drawn(number: int, seed: int) -> tuple[list[Value], list[Value]]:
    """The roots and the leaves of a generated graph."""
    random = Random(f"{seed}/{number}")
    recipe = random_recipe(random, steps=random.randrange(2, 14))
    leaves, kind = recorded_leaves(recipe), random.randrange(4)
    if kind < 2:
        places = recorded_places(recipe, leaves)
        return places[-1:] if kind else places[-3:], leaves
    batch = [
        [Value(leaf.data) if (place + kind) % 2 else leaf for place, leaf in enumerate(leaves)]
        for _ in range(random.randrange(2, 6))
    ]
    outputs = [recorded_root(recipe, example) for example in batch]
    total = autograd.sum(outputs) if kind == 2 else sum(outputs[1:], outputs[0])
    return [total * 0.5], list(dict.fromkeys([*leaves, *(leaf for example in batch for leaf in example)]))


def errors(roots: Sequence[Value], leaves: Sequence[Value], backend: str) -> Iterator[float]:
    """How far values and derivatives of a program are from the eager ones, in the first run and in the second."""
    program = compile(roots, leaves, backend=backend)
    wanted = [sum(slopes) for slopes in zip(*([slope.data for slope in grad(root, leaves)] for root in roots))]
    sizes = [sum(parts) for parts in zip(*(scales(root, leaves) for root in roots))]
    for _ in range(2):
        for root, value in zip(roots, program.run()):
            yield abs(root.data - value) / (abs(root.data) or 1.0)
        for slope, found, size in zip(wanted, program.gradient.tolist(), sizes):
            yield abs(slope - found) / (size or 1.0)


def largest_errors(graphs: int, seed: int, backend: str) -> Found:
    """The largest error over so many graphs."""
    worst = Found(0.0, 0)
    for number in range(graphs):
        worst = max(worst, Found(max(errors(*drawn(number, seed), backend)), number))
    return worst


def main(arguments: list[str] | None = None) -> int:
    """Prints the table; 1 when an error is above the tolerance."""
    parser = argparse.ArgumentParser(prog="python -m tests.compiled_graphs", description="compiled against eager")
    parser.add_argument("--graphs", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    print(f"{options.graphs} graphs, seed {options.seed}: the largest error in units of the scale\n")
    found = {backend: largest_errors(options.graphs, options.seed, backend) for backend in BACKENDS}
    for backend, (error, graph) in found.items():
        print(f"  {backend:<8}{error:10.2e}, graph {graph}   {'ok' if error <= TOLERANCE else 'ABOVE'}")
    return int(any(error > TOLERANCE for error, _ in found.values()))


if __name__ == "__main__":
    sys.exit(main())
