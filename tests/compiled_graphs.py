"""Generated graphs, compiled in both ways, against the eager engine.

What is compiled is the root of a recipe, several places of it, or it is recorded for the examples of a batch, with
leaves that they share and leaves of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import autograd
from autograd import Value, grad, topological_order
from autograd.compiler.compilation import compile
from autograd.derivatives import scales
from autograd.strategies.recipes import Recipe, recorded_leaves, recorded_places, recorded_root
from tests.specimens import in_units

SMALL = 1e-3
"""What is smaller beside the largest scale of a graph's derivatives is measured as if it were so large."""


def recorded(recipe: Recipe, random: Random) -> tuple[list[Value], list[Value]]:
    """The roots and the leaves of what is compiled."""
    leaves, kind = recorded_leaves(recipe), random.randrange(4)
    if kind < 2:
        places = recorded_places(recipe, leaves)
        return places[-1:] if kind else places[len(leaves) :][-3:], leaves
    batch = [
        [Value(leaf.data) if (place + kind) % 2 else leaf for place, leaf in enumerate(leaves)]
        for _ in range(random.randrange(2, 6))
    ]
    outputs = [recorded_root(recipe, example) for example in batch]
    total = autograd.sum(outputs) if kind == 2 else sum(outputs[1:], outputs[0])
    return [total * 0.5], list(dict.fromkeys([*leaves, *(leaf for example in batch for leaf in example)]))


def errors(roots: Sequence[Value], leaves: Sequence[Value], backend: str) -> list[float]:
    """How far values and derivatives of a program are from the eager ones, in the first run and in the second.

    A value is measured by the largest number below it: what is left where these cancel is the rounding of whoever adds.
    So is a derivative by all, where it is small beside them: x - log(exp(x)) may be a factor of each of its paths.
    """
    program = compile(roots, leaves, backend=backend)
    values, slopes = [root.data for root in roots], _summed(roots, leaves)
    sizes = [sum(parts) for parts in zip(*(scales(root, leaves) for root in roots))]
    largest = [max(abs(node.data) for node in topological_order(root)) for root in roots]
    found = []
    for _ in range(2):
        found += in_units(values, program.run(), largest)
        found += in_units(slopes, program.gradient.tolist(), [max(size, SMALL * max(sizes)) for size in sizes])
    return found


def slopes_of(roots: Sequence[Value], leaves: Sequence[Value], backend: str) -> list[float]:
    """The gradient of the sum of the roots, by a program."""
    program = compile(roots, leaves, backend=backend)
    program.run()
    slopes: list[float] = program.gradient.tolist()
    return slopes


def _summed(roots: Sequence[Value], leaves: Sequence[Value]) -> list[float]:
    return [sum(slopes) for slopes in zip(*([slope.data for slope in grad(root, leaves)] for root in roots))]
