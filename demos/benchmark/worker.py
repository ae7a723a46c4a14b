"""The process of one system and one workload: `python -m demos.benchmark.worker SYSTEM WORKLOAD`, which is JSON.

It prints a line of JSON when it is ready, and another one for each line that it reads, which is how many seconds a
round may take. Its first round also tells the losses of the first iterations, and the numbers after the first.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any, TextIO

import numpy as np

from demos.benchmark.cases import Case
from demos.benchmark.systems import SYSTEMS, case_of
from demos.benchmark.timing import best, duration
from demos.benchmark.workloads import Workload

ITERATIONS = 4
"""So many losses are compared: those after the first depend on the gradient, where an iteration has an update."""


def evidence(case: Case) -> dict[str, Any]:
    """What is compared between the systems, and how long the first iteration took."""
    case.restart()
    losses: list[float] = []
    seconds = duration(lambda: losses.append(case.run(1)))
    numbers = np.asarray(case.numbers(), np.float64).tolist()
    return {"losses": losses, "numbers": numbers, "first": seconds}


def answers(case: Case, budgets: Iterator[str]) -> Iterator[dict[str, Any]]:
    """What each round found. A single iteration that takes longer than the budget is the whole round."""
    found: dict[str, Any] = {}
    for budget in map(float, budgets):
        found = found or evidence(case)
        if found["first"] > 4 * budget:
            yield {**found, "seconds": found["first"], "is_single": True}
            continue
        if len(found["losses"]) == 1:
            found["losses"] += [case.run(1) for _ in range(ITERATIONS - 1)]
        yield {**found, "seconds": best(case.run, case.restart, budget), "is_single": False}


def main(system: str, workload: str, reads: TextIO, writes: TextIO) -> None:
    """Builds the case, and answers line by line."""
    settings = json.loads(workload)
    case = case_of(SYSTEMS[system], Workload(**{**settings, "sizes": tuple(settings["sizes"])}))
    _say(writes, {"can": case is not None})
    if case is None:
        return
    for found in answers(case, iter(reads)):
        _say(writes, found)


def _say(stream: TextIO, found: dict[str, Any]) -> None:
    print(json.dumps(found), file=stream, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.stdin, sys.stdout)
