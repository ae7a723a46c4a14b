"""Operators and conditions of Python in place of calls to the float namespace: the same numbers, without the calls.

    divide(x, y)      x / y, which raises where y is 0
    maximum(0.0, x)   (0.0 if 0.0 >= x else x)

`inlined` rewrites an expression; what then raises where IEEE 754 has an answer is run again as it was written.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from autograd.namespaces import FUNCTIONS, floats
from autograd.symbolic import TERMS, Expression, name, python_source

SAFE: dict[str, Any] = {
    "inf": math.inf,
    "nan": math.nan,
    **{function: getattr(floats, function) for function in (*FUNCTIONS, "sum_of", "max_of", "min_of")},
}
"""The names that printed code sees: these functions never raise."""

FAST: dict[str, Any] = {
    **SAFE,
    **{function: getattr(math, function) for function in ("exp", "log", "log1p", "expm1", "sqrt", "sin", "cos")},
    "power": math.pow,
}
"""The same names: functions of `math`, which raise where numbers overflow or leave a domain."""


def inlined(expression: Any) -> Any:
    """The expression with operators and conditions for those functions that have such a form."""
    if not isinstance(expression, Expression) or expression.operation in TERMS:
        return expression
    operation, arguments = expression.operation, expression.arguments
    if operation == "reduction":
        function, body, vectors = arguments
        return Expression(operation, (function, inlined(body), vectors))
    arguments = tuple(map(inlined, arguments))
    if operation == "divide":
        return Expression("/", arguments)
    if operation in CONDITIONS and all(map(_can_be_repeated, arguments)):
        return name(f"({CONDITIONS[operation](*[python_source(argument)[1] for argument in arguments])})")
    return Expression(operation, arguments)


def _can_be_repeated(argument: Any) -> bool:
    """Whether it costs nothing to compute an argument twice: a number, a name, a name with a sign."""
    if not isinstance(argument, Expression):
        return True
    if argument.operation in TERMS:
        return not str(argument.arguments[0]).startswith("(")  # a condition
    return argument.operation == "negative" and _can_be_repeated(*argument.arguments)


def _chosen(x: str, comparison: str, y: str) -> str:
    # a NaN on the left is the answer; a number there is none
    unordered = "" if x[0].isdigit() else f" or {x} != {x}"
    return f"{x} if {x} {comparison} {y}{unordered} else {y}"


CONDITIONS: dict[str, Callable[..., str]] = {
    "maximum": lambda x, y: _chosen(x, ">=", y),
    "minimum": lambda x, y: _chosen(x, "<=", y),
    "heaviside": lambda x, at_zero: f"1.0 if {x} > 0.0 else 0.0 if {x} < 0.0 else {at_zero} if {x} == 0.0 else {x}",
    "sign": lambda x: f"1.0 if {x} > 0.0 else -1.0 if {x} < 0.0 else {x} + 0.0",
    "equal": lambda x, y: f"1.0 if {x} == {y} else 0.0 if {x} == {x} and {y} == {y} else nan",
}
"""What each function says, for operands that can be repeated."""
