"""Whether the systems computed the same: their losses, and the gradient or the parameters after the first iteration."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from demos.benchmark.processes import Measured, Result
from demos.benchmark.workloads import Workload

REFERENCE = ("plain", "floats")
"""What the others are compared with: the first of these that there is, else the first system."""

TOLERANCES = {"float64": (1e-10, 1e-8), "float32": (1e-4, 1e-3)}
"""Of losses, and of numbers, relative to the largest: Adam divides a small slope by its size, which shows rounding."""


class Disagreement(NamedTuple):
    """Two systems that should have computed the same, and how far apart they are."""

    workload: str
    system: str
    reference: str
    what: str
    difference: float
    tolerance: float

    def __str__(self) -> str:
        return (
            f"{self.workload}: the {self.what} of {self.system} differ from those of {self.reference} by"
            f" {self.difference:.1e}, and {self.tolerance:.0e} is allowed"
        )


def disagreements(workload: Workload, results: Mapping[str, Result]) -> list[Disagreement]:
    """All systems that differ from the reference: in as many losses as both of them have, and in all numbers."""
    found = {name: result for name, result in results.items() if isinstance(result, Measured)}
    if not found:
        return []
    reference = next((name for name in REFERENCE if name in found), next(iter(found)))
    differing = []
    for name, result in found.items():
        for what, tolerance in zip(("losses", "numbers"), TOLERANCES[workload.dtype]):
            difference = _apart(what, result, found[reference])
            if not difference <= tolerance:  # a NaN is no agreement
                differing.append(Disagreement(workload.about, name, reference, what, difference, tolerance))
    return differing


def apart(numbers: Sequence[float], others: Sequence[float]) -> float:
    """The largest difference, relative to the largest number; infinite for sequences of two lengths."""
    if len(numbers) != len(others):
        return math.inf
    x, y = np.array(numbers), np.array(others)
    scale = np.abs(y).max(initial=0.0)
    return float(np.abs(x - y).max(initial=0.0) / (scale or 1.0))


def _apart(what: str, result: Measured, reference: Measured) -> float:
    if what == "numbers":
        return apart(result.numbers, reference.numbers)
    # a system that is measured once has one loss alone
    length = min(len(result.losses), len(reference.losses))
    return apart(result.losses[:length], reference.losses[:length])
