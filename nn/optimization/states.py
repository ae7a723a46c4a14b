"""What is read back into an optimizer, checked before anything is taken over."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]


def read_moment(array: Any, count: int, name: str) -> Array:
    """A copy, as float64. It may hold infinity and NaN: what an overflow left can be saved, and restored."""
    return _array(array, count, name, "iuf", "real").astype(np.float64)


def read_counts(array: Any, count: int, name: str) -> NDArray[np.int64]:
    counts = _array(array, count, name, "iu", "whole").astype(np.int64)
    if counts.min() < 0:
        raise ValueError(f"{name} needs numbers of steps, 0 or more; got {counts.min()}")
    return counts


def _array(numbers: Any, count: int, name: str, kinds: str, words: str) -> NDArray[Any]:
    array: NDArray[Any] = np.asarray(numbers)
    if array.shape != (count,):
        raise ValueError(f"{name} needs an array of shape ({count},), an element for each parameter; got {array.shape}")
    if array.dtype.kind not in kinds:
        raise TypeError(f"{name} needs {words} numbers; got an array of {array.dtype}")
    return array


def read_steps(steps: Any, counts: NDArray[np.int64], name: str) -> int:
    if isinstance(steps, bool) or not isinstance(steps, (int, np.integer)):
        raise TypeError(f"{name} needs a whole number; got {steps!r}")
    if steps < counts.max():
        raise ValueError(f"{name} needs a number that no parameter exceeds; got {steps}, and {counts.max()} in counts")
    return int(steps)
