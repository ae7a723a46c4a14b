"""Clipping: gradients made shorter, in a step of their own between `backward` and the step of an optimizer.

Laws of this file:
- A rule works on one flat array of gradients and leaves it alone; for Values the gradients are read, and written.
- The engine never clips: `backward` gives the derivative, and this file is called by the one who wants another number.
- An infinite limit changes no gradient: `clip_norm` then measures.
- A gradient that was not computed is left alone, and stays so; so does one that need not change.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd import Value
from autograd.notation.names import Names
from nn.optimization.parameters import values_of
from nn.ranges import LENGTH

Array: TypeAlias = NDArray[np.float64]

SMALLEST = math.ulp(0.0)
"""The smallest positive number: stands for what is too small, since a gradient of 0.0 would be one not computed."""


def clip_norm(parameters: Iterable[Value], max_norm: float) -> float:
    """The Euclidean norm of all gradients together, as it was; where it exceeds `max_norm`, they are scaled to that.

    Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", 2013. The direction stays.
    Raises FloatingPointError, and writes nothing, when the norm is not finite.
    """
    limit = LENGTH.checked(max_norm, "max_norm of clip_norm")
    values, gradients = _computed(parameters, "clip_norm")
    norm = joint_norm(gradients)
    if not math.isfinite(norm):
        raise FloatingPointError(_not_finite(values, gradients, norm))
    _write(values, gradients, clipped_to_norm(gradients, limit))
    return norm


def clip_value(parameters: Iterable[Value], limit: float) -> int:
    """How many gradients were outside [-limit, limit]; they are now at its ends. NaN stays NaN, and is not counted."""
    bound = LENGTH.checked(limit, "limit of clip_value")
    values, gradients = _computed(parameters, "clip_value")
    return _write(values, gradients, clipped_to_value(gradients, bound))


def clipped_to_norm(gradients: Array, max_norm: float) -> Array:
    """The gradients, scaled to the norm `max_norm` where theirs exceeds it; otherwise the very same array.

    Raises FloatingPointError when the norm is not finite.
    """
    norm = joint_norm(gradients)
    if not math.isfinite(norm):
        raise FloatingPointError(f"clipped_to_norm needs gradients of a finite norm; got the norm {norm!r}")
    # max_norm / norm could underflow where the product does not
    return gradients / norm * max_norm if norm > max_norm else gradients


def clipped_to_value(gradients: Array, limit: float) -> Array:
    """Each gradient, or the end of [-limit, limit] that is nearest to it."""
    return np.clip(gradients, -limit, limit)


def joint_norm(gradients: Array) -> float:
    """The Euclidean norm of a flat array; it is infinite only where an element is, or no float can hold it."""
    largest = float(np.max(np.abs(gradients), initial=0.0))
    if largest == 0 or not math.isfinite(largest):
        return largest
    with np.errstate(under="ignore"):
        return largest * float(np.linalg.norm(gradients / largest))  # the square of 1e200 is no float


def _computed(parameters: Any, wanted_by: str) -> tuple[list[Value], Array]:
    """The Values whose gradient was computed, and these gradients."""
    values = values_of(parameters, wanted_by)
    computed = [value for value in values if value.grad_state != "not computed"]
    return computed, np.array([value.grad for value in computed])


def _write(values: list[Value], gradients: Array, clipped: Array) -> int:
    """Writes those that changed, and tells how many they are."""
    changed = np.flatnonzero((clipped != gradients) & ~np.isnan(clipped)).tolist()
    for place in changed:
        values[place].grad = float(clipped[place]) or math.copysign(SMALLEST, gradients[place])
    return len(changed)


def _not_finite(values: list[Value], gradients: Array, norm: float) -> str:
    names = Names(values)
    wrong = [f"{names[value]} has {value.grad!r}" for value in values if not math.isfinite(value.grad)]
    why = f"{wrong[0]}{f', and {len(wrong) - 1:,} more' * (len(wrong) > 1)}" if wrong else "no float can hold it"
    return f"clip_norm needs gradients of a finite norm; got the norm {norm!r} ({why})"
