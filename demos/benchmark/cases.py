"""What every system offers for a workload."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple


def nothing() -> None:
    """How a case starts again that changes nothing."""


class Case(NamedTuple):
    """A workload as one system computes it, ready to run.

    `run(count)` makes so many iterations and gives the loss of the last one, before its update. `numbers()` is a flat
    array: the gradient of the last iteration, or the parameters after it where an update belongs to it. `restart()`
    goes back to the first parameters, and forgets what an optimizer remembers.
    """

    run: Callable[[int], float]
    numbers: Callable[[], Sequence[float] | Any]
    restart: Callable[[], None] = nothing
