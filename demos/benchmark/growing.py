"""What one size costs, in a process of its own: `python -m demos.benchmark.growing NETWORK-OR-CHAIN`, which is JSON.

It prints one line of JSON: how many nodes were recorded, the seconds to record, to compile, and to run forward and
backward, and the most memory that the process ever had, less what it had before it began.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

import autograd
import nn
from autograd import Value
from demos.benchmark.cases import nothing
from demos.benchmark.ours import chain
from demos.benchmark.timing import best, duration

BUDGET = 0.1
SEED = 7


def measured(sizes: list[int], examples: int, operations: int, budget: float = BUDGET) -> dict[str, Any]:
    """A network of these sizes on so many examples, or without sizes a chain of so many operations."""
    before = peak_mebibytes()
    made: dict[str, Any] = {}

    def record() -> None:
        made["root"], made["leaves"] = _network(sizes, examples) if sizes else _chain(operations)

    def compiled() -> None:
        made["program"] = autograd.compile(made["root"], made["leaves"])

    recording, compiling = duration(record), duration(compiled)
    program = made["program"]

    def run(count: int) -> None:
        for _ in range(count):
            program.run()

    program.run()  # the first run makes what later ones use again
    running = best(run, nothing, budget)
    peak = peak_mebibytes()
    return {
        "nodes": len(program.graph.inner),
        "record": recording,
        "compile": compiling,
        "run": running,
        "memory": None if peak is None or before is None else peak - before,
    }


def peak_mebibytes() -> float | None:
    """The most memory that this process ever had; None where the system does not tell.

    Linux tells in /proc what is this process's own: `getrusage` begins with that of the process that started it.
    """
    status = Path("/proc/self/status")
    lines = dict(line.partition(":")[::2] for line in status.read_text().splitlines()) if status.exists() else {}
    if "VmHWM" in lines:
        return int(lines["VmHWM"].split()[0]) / 1024
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # kibibytes, but bytes on macOS
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _network(sizes: list[int], examples: int) -> tuple[Value, list[Value]]:
    rng = np.random.default_rng(SEED)
    n_inputs, *layers = sizes
    X, Y = rng.uniform(-1.0, 1.0, (examples, n_inputs)), rng.uniform(-1.0, 1.0, (examples, sizes[-1]))
    model = nn.MLP(n_inputs, layers, "tanh", seed=SEED, initializer="xavier_uniform")
    return nn.mse([model(x) for x in X.tolist()], Y), model.parameters()


def _chain(operations: int) -> tuple[Value, list[Value]]:
    x = Value(1.0)
    return chain(x, operations), [x]


if __name__ == "__main__":
    print(json.dumps(measured(**json.loads(sys.argv[1]))))
