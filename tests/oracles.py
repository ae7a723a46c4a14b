"""The figure behind "right": generated graphs, differentiated in every way side by side.

    python -m tests.oracles [--graphs 100000] [--seed 0] [--processes 2]

Reverse mode, `grad` and `hessian`, is held to each oracle. For each the table says on how many graphs it had something
to say (a graph with a kink nearby has no difference quotient, one that is not rational no fractions, one on the border
of a domain no second derivative), the largest disagreement in units of the scale, and the number of the graph that
shows it, whose program follows. Exits with 1 when one is above its tolerance. PyTorch takes part where it is installed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from random import Random
from typing import NamedTuple, TypeAlias

from autograd import grad, jvp
from autograd.derivatives import scales, tangent
from autograd.evaluation import branches
from autograd.notation.screens import table
from tests import compiled_graphs, torch_graphs
from tests.graphs import (
    Difference,
    central_curvature,
    central_difference,
    central_step,
    complex_slope,
    exact_curvature,
    exact_slope,
    stepped_slope,
)
from tests.samples import KINKED
from tests.specimens import Specimen, in_units, specimen

TOLERANCE = 1e-12
"""The promise: of the scale, where the oracle itself is good to the last digits."""

SECOND_TOLERANCE = 1e-10
"""Of the largest scale of a second derivative, which sums many more terms."""

LOOSE_TOLERANCE = 1e-5
"""Differences, extrapolated: eps^(4/3) times fifth derivatives, and their rounding."""

SOME = 3
"""Packing a graph into calls on arrays costs as much as all other oracles: every third graph, which has all kinds."""

CHUNK = 100
"""So many graphs are handed to a process at a time."""

Say: TypeAlias = Callable[[Specimen], "Iterable[float] | None"]
"""The disagreements of an oracle on a graph, or None where it cannot say."""

# ---- first derivatives


def backward(graph: Specimen) -> list[float]:
    """What `backward` leaves in the leaves of a recording of its own."""
    apart = Specimen(graph.number, graph.recipe, graph.rational)
    apart.root.backward()
    return graph.of_first(leaf.grad for leaf in apart.leaves)


def forward(graph: Specimen) -> list[float]:
    """`jvp`, and `tangent`, which records nothing."""
    recorded = (jvp(graph.root, graph.leaves, direction).data for direction in _directions(graph))
    floats = (tangent(graph.root, [leaf], [1.0]) for leaf in graph.leaves)
    return graph.of_first(recorded) + graph.of_first(floats)


def complex_step(graph: Specimen) -> list[float]:
    """A complex step through the meanings."""
    return graph.of_first(complex_slope(graph.recipe, place) for place in range(len(graph.leaves)))


def fractions(graph: Specimen) -> list[float] | None:
    """A difference quotient in exact fractions."""
    if not graph.rational:
        return None
    return graph.of_first(float(exact_slope(graph.recipe, place)) for place in range(len(graph.leaves)))


def central(graph: Specimen) -> list[float] | None:
    """A difference quotient in floats; what rounding alone can make of it is no disagreement."""
    if _kink_is_near(graph):
        return None
    differences = [central_difference(graph.recipe, place) for place in range(len(graph.leaves))]
    return _beyond_noise([first.data for first in graph.first], differences, graph.sizes)


def compiled(graph: Specimen, backend: str) -> list[float]:
    """Values and gradients of a program, of several roots or of a batch too."""
    return compiled_graphs.errors(*compiled_graphs.recorded(graph.recipe, Random(graph.number)), backend)


def pytorch(graph: Specimen) -> list[float] | None:
    return graph.of_first(torch_graphs.slopes(graph.recipe)) if torch_graphs.INSTALLED else None


def scale(graph: Specimen) -> list[float]:
    """The scale itself, as the table gives it, beside the sum over the paths of complex steps."""
    return in_units(graph.sizes, scales(graph.root, graph.leaves), graph.sizes)


# ---- second derivatives


def grad_of_grad(graph: Specimen) -> list[float]:
    """Each entry asked for alone."""
    return graph.of_second(grad(grad(graph.root, x), z).data for x in graph.leaves for z in graph.leaves)


def forward_over_reverse(graph: Specimen) -> list[float]:
    return graph.of_second(
        jvp(first, graph.leaves, direction).data for first in graph.first for direction in _directions(graph)
    )


def reverse_over_forward(graph: Specimen) -> list[float]:
    slopes = [jvp(graph.root, graph.leaves, direction) for direction in _directions(graph)]
    return graph.of_second(entry.data for slope in slopes for entry in grad(slope, graph.leaves))


def complex_step_of_grad(graph: Specimen) -> list[float]:
    """A complex step through the recorded first derivatives."""
    return graph.of_second(stepped_slope(first, x) for first in graph.first for x in graph.leaves)


def second_fractions(graph: Specimen) -> list[float] | None:
    """A second difference quotient in exact fractions."""
    if not graph.rational:
        return None
    places = range(len(graph.leaves))
    return graph.of_second(float(exact_curvature(graph.recipe, i, j)) for i in places for j in places)


def second_central(graph: Specimen) -> list[float] | None:
    """A difference quotient of complex steps through the meanings: neither reads the table."""
    if _kink_is_near(graph):
        return None
    places = range(len(graph.leaves))
    differences = [central_curvature(graph.recipe, i, j, graph.sizes[i]) for i in places for j in places]
    return _beyond_noise(graph.second, differences, [graph.second_size] * len(differences))


def second_compiled(graph: Specimen, backend: str) -> list[float]:
    """The first derivatives compiled: the gradient of their sum is the sum of the Hessian's rows."""
    rows = [graph.second[start :: len(graph.leaves)] for start in range(len(graph.leaves))]
    found = compiled_graphs.slopes_of(graph.first, graph.leaves, backend)
    return in_units([sum(row) for row in rows], found, [graph.second_size] * len(rows))


def second_pytorch(graph: Specimen) -> list[float] | None:
    if graph.on_a_border or not torch_graphs.INSTALLED:
        return None
    return graph.of_second(torch_graphs.curvatures(graph.recipe))


def _directions(graph: Specimen) -> list[list[float]]:
    return [[float(i == place) for i in range(len(graph.leaves))] for place in range(len(graph.leaves))]


def _kink_is_near(graph: Specimen) -> bool:
    """Whether a difference quotient has a kink between its ends."""
    if not any(step.name in KINKED for step in graph.recipe.steps):
        return False
    here = list(branches(graph.root, {}))
    moves = (
        {x: x.data + sign * central_step(graph.recipe, place)}
        for place, x in enumerate(graph.leaves)
        for sign in (1, -1)
    )
    return any(list(branches(graph.root, move)) != here for move in moves)


def _beyond_noise(expected: list[float], differences: list[Difference], sizes: list[float]) -> list[float]:
    raw = in_units(expected, (difference.slope for difference in differences), [1.0] * len(expected))
    return [max(0.0, x - difference.noise) / (size or 1.0) for x, difference, size in zip(raw, differences, sizes)]


# ---- all of them


class Oracle(NamedTuple):
    """What it says, what it may disagree by, and of every which graph it is asked."""

    say: Say
    tolerance: float
    every: int = 1


FIRST: dict[str, Oracle] = {
    "backward": Oracle(backward, TOLERANCE),
    "forward mode": Oracle(forward, TOLERANCE),
    "complex step": Oracle(complex_step, TOLERANCE),
    "exact fractions": Oracle(fractions, TOLERANCE),
    "central differences": Oracle(central, LOOSE_TOLERANCE),
    "compiled, python": Oracle(partial(compiled, backend="python"), TOLERANCE),
    "compiled, numpy": Oracle(partial(compiled, backend="numpy"), TOLERANCE, SOME),
    "PyTorch": Oracle(pytorch, TOLERANCE),
    "the scale itself": Oracle(scale, TOLERANCE),
}
SECOND: dict[str, Oracle] = {
    "grad of grad": Oracle(grad_of_grad, SECOND_TOLERANCE),
    "forward over reverse": Oracle(forward_over_reverse, SECOND_TOLERANCE),
    "reverse over forward": Oracle(reverse_over_forward, SECOND_TOLERANCE),
    "complex step of grad": Oracle(complex_step_of_grad, SECOND_TOLERANCE),
    "exact fractions": Oracle(second_fractions, SECOND_TOLERANCE),
    "differences of complex steps": Oracle(second_central, LOOSE_TOLERANCE),
    "grad compiled, python": Oracle(partial(second_compiled, backend="python"), SECOND_TOLERANCE),
    "grad compiled, numpy": Oracle(partial(second_compiled, backend="numpy"), SECOND_TOLERANCE, SOME),
    "PyTorch": Oracle(second_pytorch, SECOND_TOLERANCE),
}
ORACLES = {(order, name): row for order, rows in (("first", FIRST), ("second", SECOND)) for name, row in rows.items()}
"""By the order of the derivative and the name."""


class Found(NamedTuple):
    """The graphs that were compared, the largest disagreement, and the number of the graph that shows it."""

    graphs: int = 0
    error: float = 0.0
    number: int = 0

    def merged(self, other: Found) -> Found:
        """Both: of equal disagreements the graph of the smaller number."""
        worst = max(self, other, key=lambda found: (found.graphs > 0, found.error, -found.number))
        return Found(self.graphs + other.graphs, worst.error, worst.number)


Findings: TypeAlias = dict[tuple[str, str], Found]


def disagreements(graph: Specimen) -> Iterator[tuple[tuple[str, str], float]]:
    """The largest disagreement of each oracle that can say something of the graph."""
    for key, oracle in ORACLES.items():
        said = None if graph.number % oracle.every else oracle.say(graph)
        if said is not None:
            yield key, max(said)


def found_among(numbers: Iterable[int], seed: int) -> Findings:
    """What the oracles find on the graphs of these numbers."""
    found = dict.fromkeys(ORACLES, Found())
    for number in numbers:
        graph = specimen(number, seed)
        try:
            for key, error in disagreements(graph):
                found[key] = found[key].merged(Found(1, error, number))
        except Exception as error:
            raise RuntimeError(f"graph {number} of seed {seed} cannot be differentiated:\n{graph.recipe}") from error
    return found


def found(graphs: int, seed: int, processes: int = 1) -> Findings:
    """What the oracles find on so many graphs: the same for any number of processes."""
    chunks = [range(start, min(start + CHUNK, graphs)) for start in range(0, graphs, CHUNK)]
    if processes == 1:
        return _merged(found_among(chunk, seed) for chunk in chunks)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return _merged(pool.map(partial(found_among, seed=seed), chunks))


def _merged(parts: Iterable[Findings]) -> Findings:
    whole = dict.fromkeys(ORACLES, Found())
    for part in parts:
        whole = {key: whole[key].merged(row) for key, row in part.items()}
    return whole


def above(findings: Findings) -> list[tuple[str, str]]:
    """The oracles that disagree by more than their tolerance."""
    return [key for key, row in findings.items() if not row.error <= ORACLES[key].tolerance]


# ---- told


def lines(findings: Findings, seed: int) -> Iterator[str]:
    """The table, and the programs of the graphs that it names."""
    wrong = above(findings)
    heading = ("derivative", "oracle", "graphs", "largest", "allowed", "graph", "")
    yield from table([heading, *(_cells(key, row, key in wrong) for key, row in findings.items())], alignment="<<>>>><")
    for number in sorted({row.number for row in findings.values() if row.error}):
        shows = [f"{name} ({order})" for (order, name), row in findings.items() if row.error and row.number == number]
        yield from ("", f"graph {number}, the worst of: {', '.join(shows)}")
        yield from (f"    {line}" for line in str(specimen(number, seed).recipe).splitlines())


def _cells(key: tuple[str, str], row: Found, is_above: bool) -> tuple[str, ...]:
    allowed = f"{ORACLES[key].tolerance:.0e}"
    if not row.graphs:
        return (*key, "0", "–", allowed, "–", "nothing to say")
    shown = str(row.number) if row.error else "none"
    return (*key, f"{row.graphs:,}", f"{row.error:.2e}", allowed, shown, "ABOVE" if is_above else "ok")


def main(arguments: list[str] | None = None) -> int:
    """Prints the table; 1 when a disagreement is above its tolerance."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracles", description="generated graphs against the oracles")
    parser.add_argument("--graphs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    findings = found(options.graphs, options.seed, options.processes)
    print(f"{options.graphs:,} graphs, seed {options.seed}: the largest disagreement in units of the scale\n")
    print(*lines(findings, options.seed), sep="\n")
    return int(bool(above(findings)))


if __name__ == "__main__":
    sys.exit(main())
