"""Index maps: where the elements of an operand are in a flat array, as a strided view where that is possible."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.intp]
Shape = tuple[int, ...]


class Strides(NamedTuple):
    """The element at (i, j, …) is at base + i · strides[0] + j · strides[1] + …"""

    base: int
    strides: tuple[int, ...]


def strides_of(positions: Positions) -> Strides | None:
    """The strides of a map that is affine; None for any other. An axis of length 1 has the stride 0."""
    base = int(positions.flat[0])
    strides = tuple(int(_second(positions, axis)) - base if n > 1 else 0 for axis, n in enumerate(positions.shape))
    expected = np.asarray(base)
    for axis, stride in enumerate(strides):
        steps = np.arange(positions.shape[axis]) * stride
        expected = expected + steps.reshape([-1 if other == axis else 1 for other in range(positions.ndim)])
    return Strides(base, strides) if np.array_equal(np.broadcast_to(expected, positions.shape), positions) else None


def _second(positions: Positions, axis: int) -> int:
    place = [0] * positions.ndim
    place[axis] = 1
    return int(positions[tuple(place)])


def shape_for(maps: Iterable[Positions]) -> Shape:
    """The shape, of one axis or two, in which most of these maps of equal length are affine; one axis if in doubt."""
    flat = list(maps)
    count = len(flat[0])
    candidates = {run for positions in flat for run in [_run(positions)] if run < count and count % run == 0}
    shapes: list[Shape] = [(count,), *((count // run, run) for run in sorted(candidates, reverse=True))]
    return max(shapes, key=lambda shape: sum(strides_of(positions.reshape(shape)) is not None for positions in flat))


def _run(positions: Positions) -> int:
    """The length of the first stretch of equal steps."""
    steps = np.diff(positions)
    breaks = np.flatnonzero(steps != steps[0]) if len(steps) else steps
    return int(breaks[0]) + 1 if len(breaks) else len(positions)


def is_injective(positions: Positions) -> bool:
    """Whether no position occurs twice."""
    return len(np.unique(positions)) == positions.size


def is_contiguous(shape: Sequence[int], strides: Sequence[int]) -> bool:
    """Whether a view of that shape lies in one piece, row after row."""
    expected = 1
    for n, stride in zip(reversed(shape), reversed(strides)):
        if n > 1 and stride != expected:
            return False
        expected *= n
    return True
