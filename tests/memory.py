"""The memory that an act needs, as Python counts it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import NamedTuple


class Memory(NamedTuple):
    """Bytes: what is still there when the act is done, its result included, and the most that there was."""

    kept: int
    peak: int


def needed(act: Callable[[], object]) -> Memory:
    """The least of two times: what the process shares, such as its table of names, grows by megabytes now and then."""
    return Memory(*map(min, zip(_traced(act), _traced(act))))


def _traced(act: Callable[[], object]) -> tuple[int, int]:
    tracemalloc.start()
    try:
        result = act()
        memory = tracemalloc.get_traced_memory()
        del result
        return memory
    finally:
        tracemalloc.stop()
