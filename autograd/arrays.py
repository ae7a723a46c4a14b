"""NumPy meets Values: which of its functions record which primitive, and arrays element by element.

`np.exp(v)`, `np.float64(2) * v` and `array * v` record. An array gives an array of objects, with a node for each
element; a comparison gives an array of booleans, `==` by identity. Limit: functions that NumPy itself runs on an array
of objects (`np.maximum(objects, objects)`, `np.sort`) compare the data, and give one of their operands unrecorded.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograd.primitives import PRIMITIVES, Primitive

ALIASES = {"float_power": "power", "fabs": "absolute"}
"""What a primitive is called in NumPy beside its own name."""

COMPARISONS: dict[np.ufunc, Callable[[Any, Any], bool]] = {
    np.less: operator.lt,
    np.less_equal: operator.le,
    np.greater: operator.gt,
    np.greater_equal: operator.ge,
    np.equal: operator.is_,
    np.not_equal: operator.is_not,
}
"""The functions of NumPy that compare: the data, but identity for `==` and `!=`."""


def is_array(x: Any) -> bool:
    """Whether `x` is an array that is not a single number in disguise."""
    return isinstance(x, np.ndarray) and x.ndim > 0


def recorded_ufunc(ufunc: np.ufunc, method: str, options: Mapping[str, Any]) -> Primitive:
    """The primitive that a call of a NumPy function records. Raises TypeError for a function or an option without."""
    name = ALIASES.get(ufunc.__name__, ufunc.__name__)
    if name in PRIMITIVES and ufunc not in COMPARISONS and method == "__call__" and not options:
        return PRIMITIVES[name]
    names = [name for name in (*PRIMITIVES, *ALIASES) if isinstance(getattr(np, name, None), np.ufunc)]
    known = ", ".join(f"np.{name}" for name in sorted(names) if getattr(np, name) not in COMPARISONS)
    called = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
    with_options = f" with {', '.join(options)}" if options else ""
    raise TypeError(f"np.{called}{with_options} is not recorded; these are: {known}; v.data is the plain number")


def elementwise(record: Callable[..., Any], operands: Sequence[Any]) -> Any:
    """`record` of each tuple of elements, broadcast; without an array among the operands the lone result."""
    return np.frompyfunc(record, len(operands), 1)(*map(_wrapped, operands))


def filled(result: Any, out: tuple[np.ndarray[Any, Any]] | None) -> Any:
    """The result, written into NumPy's `out` where one is given; raises TypeError when that can't hold Values."""
    if out is None:
        return result
    (array,) = out
    if array.dtype != object:
        raise TypeError(f"an array of {array.dtype} can't hold Values: the result is an array of objects")
    array[...] = result
    return array


def _wrapped(x: Any) -> np.ndarray[Any, Any]:
    """An array as it is, anything else in an array of no dimension: else NumPy hands the call back to the Value."""
    if isinstance(x, np.ndarray):
        return x
    array = np.empty((), dtype=object)
    array[()] = x
    return array
