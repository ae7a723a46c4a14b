"""The figure behind "of any depth": large graphs through pickle, JSON and deepcopy.

    python -m tests.large_archives [--scale 1.0]

A chain of a million nodes, a sum of a million operands, paths that double at each of 100,000 levels, a list of all
nodes of a chain of 10,000, and a network with its loss. Each case runs in a process of its own. Prints the nodes, the
bytes of each in a pickle or in JSON, the seconds there and back, and the memory that this took for each node beyond the
graph itself. Exits with 1 when a case failed.
"""

from __future__ import annotations

import argparse
import copy
import pickle
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import autograd
from autograd import Value, from_json, to_json, topological_order
from nn import MLP, sse

Sized = Callable[[int], list[Value]]


def chain(length: int) -> list[Value]:
    """So many additions, one after the other."""
    y = Value(1.0)
    for _ in range(length):
        y = y + 1.0
    return [y]


def wide(length: int) -> list[Value]:
    """One sum of so many operands."""
    return [autograd.sum([Value(float(place)) for place in range(length)])]


def doubling(levels: int) -> list[Value]:
    """Two paths at each level: as many as no number counts."""
    y = Value(0.5)
    for level in range(levels):
        y = y + y if level % 2 else y * 0.5
    return [y]


def every_node(length: int) -> list[Value]:
    """All nodes of a chain."""
    return topological_order(chain(length)[0])


def network(examples: int) -> list[Value]:
    """The parameters of a network of the shape of MNIST, and its loss over a batch."""
    rng = np.random.default_rng(0)
    model = MLP(784, [32, 1], "tanh", seed=0)
    outputs = [model(rng.uniform(0, 1, 784)) for _ in range(examples)]
    return [*model.parameters(), sse(outputs, [0.5] * examples)]


class Case(NamedTuple):
    """What makes a graph, and how large it is."""

    make: Sized
    size: int


CASES = {
    "a chain": Case(chain, 1_000_000),
    "a sum": Case(wide, 1_000_000),
    "doubling paths": Case(doubling, 100_000),
    "every node": Case(every_node, 10_000),
    "a network": Case(network, 100),
}

WAYS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "pickle": (pickle.dumps, pickle.loads),
    "JSON": (to_json, lambda text: from_json(text, max_bytes=sys.maxsize)),
    "deepcopy": (lambda roots: roots, copy.deepcopy),
}
"""There, and back."""


def peak() -> int:
    """The most memory that this process had so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def measured(name: str, way: str, scale: float) -> str:
    """A line of the table."""
    case, (there, back) = CASES[name], WAYS[way]
    roots = case.make(max(1, int(case.size * scale)))
    before, begun = peak(), time.perf_counter()
    content = there(roots)
    written = time.perf_counter()
    again = back(content)
    read, after = time.perf_counter(), peak()
    nodes = len(set().union(*(topological_order(root) for root in again[-1:])))
    if len(again) != len(roots) or again[-1].data.hex() != roots[-1].data.hex() or again[-1] is roots[-1]:
        raise ValueError(f"{name} is another one after {way}")
    again[-1].backward()
    size = f"{len(content) / nodes:>8.0f}" if isinstance(content, (str, bytes)) else " " * 8
    seconds = f"{written - begun:>10.2f}{read - written:>10.2f}"
    return f"  {name:<16}{way:<10}{nodes:>12,}{size}{seconds}{(after - before) / nodes:>12.0f}"


def main(arguments: list[str] | None = None) -> int:
    """Prints the table; 1 when a case failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.large_archives", description="large graphs there and back")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--only", nargs=2, metavar=("CASE", "WAY"), help="in this process")
    options = parser.parse_args(arguments)
    if options.only:
        print(measured(*options.only, options.scale))
        return 0
    print(f"  {'graph':<16}{'way':<10}{'nodes':>12}{'bytes':>8}{'s there':>10}{'s back':>10}{'memory':>12}")
    command = [sys.executable, "-m", "tests.large_archives", "--scale", str(options.scale), "--only"]
    runs = [subprocess.run([*command, name, way], check=False) for name in CASES for way in WAYS]
    return int(any(run.returncode for run in runs))


if __name__ == "__main__":
    sys.exit(main())
