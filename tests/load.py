"""The figures behind "a million nodes": large graphs through everything that walks a graph, a process for each.

    python -m tests.load [--size 1000000]

Prints for each shape of graph and each act its seconds, and the memory that it needs at most beyond the graph, in bytes
for each node, at a tenth of the size and at the whole; exits with 1 where one fails, or needs more memory for each node
at the whole size than at the tenth.
"""

from __future__ import annotations

import argparse
import copy
import json
import pickle
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import autograd
from autograd import Value, compile, draw, grad

DEEPEST = 100_000
"""The levels of the graph whose paths double: it has three nodes for each, and 2 ** 100_000 paths."""

MORE = 1.5
"""Buffers double, and dictionaries do; what is quadratic needs 10 times as much for each node."""

SLACK = 64 * 2**20
"""Bytes within which nothing is told about growth."""


def chain(size: int) -> tuple[Value, Value]:
    """One operation after another."""
    x = y = Value(0.5, "x")
    for _ in range(size):
        y = y.sin()
    return y, x


def wide(size: int) -> tuple[Value, Value]:
    """A sum of so many operands."""
    x = Value(0.5, "x")
    return autograd.sum([x, *(Value(1.0) for _ in range(size - 1))]), x


def doubling(size: int) -> tuple[Value, Value]:
    """Two paths at each level, which join again."""
    x = y = Value(0.5, "x")
    for _ in range(min(size // 3, DEEPEST)):
        y = 0.5 * y + 0.5 * y
    return y, x


def refused(act: Callable[[], Any]) -> None:
    """The act, which says how large the graph is."""
    try:
        act()
    except ValueError as error:
        if not any(digit.isdigit() for digit in str(error)):
            raise
    else:
        raise AssertionError("so large a graph has to be refused")


def run_compiled(y: Value, x: Value) -> None:
    program = compile(y, [x])
    if program.run() != y.data:
        raise AssertionError(f"the program gives {program.run()} and not {y.data}")


def pickle_again(y: Value, _: Value) -> None:
    if pickle.loads(pickle.dumps(y)).data != y.data:
        raise AssertionError("a pickle has another number")


SHAPES: dict[str, Callable[[int], tuple[Value, Value]]] = {"chain": chain, "wide": wide, "doubling": doubling}

ACTS: dict[str, Callable[[Value, Value], Any]] = {
    "backward": lambda y, _: y.backward(),
    "grad": grad,
    "repr": lambda y, _: repr(y),
    "explain": lambda y, x: repr(y.explain(x)),
    "draw": lambda y, _: refused(lambda: draw(y, collapse="never")),
    "deepcopy": lambda y, _: copy.deepcopy(y),
    "pickle": pickle_again,
    "compile": run_compiled,
}


def measured(shape: str, act: str, size: int) -> tuple[float, float]:
    """Seconds, and bytes beyond the graph at most, in this process; the graph and the act are then dropped."""
    y, x = SHAPES[shape](size)
    before, begun = resident(), time.perf_counter()
    ACTS[act](y, x)
    return time.perf_counter() - begun, max(0, resident() - before)


def resident() -> int:
    """The most memory that this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def apart(shape: str, act: str, size: int) -> tuple[float, float] | str:
    """What was measured in a fresh process, or how that ended."""
    worker = [sys.executable, "-m", "tests.load", "--size", str(size), "--worker", shape, act]
    run = subprocess.run(worker, capture_output=True, text=True, check=False)
    if run.returncode:
        return (run.stderr.strip().splitlines() or [f"exit status {run.returncode}"])[-1]
    seconds, more = json.loads(run.stdout)
    return seconds, more


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--worker", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        print(json.dumps(measured(*options.worker, options.size)))
        return 0
    return told(options.size)


def told(size: int) -> int:
    failed = 0
    print(f"{'':10}{'':10}{size // 10:>12,} nodes{'':9}{size:>12,} nodes")
    for shape in SHAPES:
        for act in ACTS:
            small, large = apart(shape, act, size // 10), apart(shape, act, size)
            if isinstance(small, str) or isinstance(large, str):
                print(f"{shape:10}{act:10}{small if isinstance(small, str) else large}")
                failed = 1
                continue
            is_worse = large[1] > 10 * MORE * small[1] + SLACK
            failed |= is_worse
            cells = [
                f"{seconds:8.2f} s {more / count:8.0f} B"
                for (seconds, more), count in ((small, size // 10), (large, size))
            ]
            print(f"{shape:10}{act:10}{'   '.join(cells)}{'   more than linear' if is_worse else ''}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
