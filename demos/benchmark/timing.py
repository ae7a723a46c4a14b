"""How long one iteration takes: the best of a few loops, each as long as the clock needs to be exact."""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import perf_counter

LOOPS = 5
"""Loops in one round, of which the best counts: what else the machine does only ever makes one slower."""


def duration(run: Callable[[], object]) -> float:
    """The seconds of one call."""
    start = perf_counter()
    run()
    return perf_counter() - start


def best(run: Callable[[int], object], restart: Callable[[], None], budget: float) -> float:
    """The seconds of one iteration, where `run` takes how many of them to make, and all loops take the budget."""
    count, seconds = 1, _loop(run, restart, 1)
    while seconds < budget / LOOPS / 2:
        # ten times at most: the first loops are slower than those to come
        count = min(10 * count, max(2 * count, int(count * budget / LOOPS / max(seconds, 1e-9))))
        seconds = _loop(run, restart, count)
    further = int(min(LOOPS - 1, budget / seconds))
    return min([seconds, *(_loop(run, restart, count) for _ in range(further))]) / count


def _loop(run: Callable[[int], object], restart: Callable[[], None], count: int) -> float:
    restart()
    gc.collect()  # what was left before is not this loop's work
    return duration(lambda: run(count))
