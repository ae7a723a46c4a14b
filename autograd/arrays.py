"""NumPy meets Values: which of its functions record which primitive, and arrays element by element.

`np.exp(v)`, `np.float64(2) * v` and `array * v` record. An array gives an array of objects, with a node for each
element. Limit: a comparison with an array is not made element by element, and is a TypeError.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograd.primitives import PRIMITIVES, Primitive, absolute, equal, power

UFUNCS: dict[np.ufunc, Primitive] = {
    **{
        getattr(np, name): row
        for name, row in PRIMITIVES.items()
        # np.equal compares, which for Values is identity
        if row is not equal and isinstance(getattr(np, name, None), np.ufunc)
    },
    np.float_power: power,
    np.fabs: absolute,
}
"""The functions of NumPy that record, with the primitives: those of one name, and two aliases."""

COMPARISONS: dict[np.ufunc, Callable[[Any, Any], bool]] = {
    np.less: operator.lt,
    np.less_equal: operator.le,
    np.greater: operator.gt,
    np.greater_equal: operator.ge,
}


def is_array(x: Any) -> bool:
    """Whether `x` is an array that is not a single number in disguise."""
    return isinstance(x, np.ndarray) and x.ndim > 0


def recorded_ufunc(ufunc: np.ufunc, method: str, options: Mapping[str, Any]) -> Primitive:
    """The primitive that a call of a NumPy function records. Raises TypeError for a function or an option without."""
    if ufunc in UFUNCS and method == "__call__" and not options:
        return UFUNCS[ufunc]
    known = ", ".join(sorted({f"np.{known.__name__}" for known in UFUNCS}))
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
