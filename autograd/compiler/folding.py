"""Expressions made smaller before code is printed from them: what needs only numbers is computed once, here.

Law: a folded expression has the same number as before, for every operand. So 1 * x is x and -1 * x is -x, but 0 * x
stays, for infinity and NaN. One fold rounds anew: x ** 2 becomes x * x, which is the closer of the two.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from autograd.namespaces import FUNCTIONS, floats
from autograd.symbolic import TERMS, Expression

Folded: TypeAlias = "Expression | float | bool"

OPERATORS: dict[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "%": operator.mod,
    "negative": operator.neg,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "&": operator.and_,
}
"""What the operators of an expression mean for numbers."""


def folded(expression: Any, numbers: Mapping[str, float] | None = None) -> Folded:
    """The expression with its constant parts computed; a name that has one of the `numbers` is a constant too.

    A condition without operands becomes a bool.
    """
    if not isinstance(expression, Expression):
        return expression if isinstance(expression, bool) else float(expression)
    operation, arguments = expression.operation, expression.arguments
    if operation in TERMS:
        return (numbers or {}).get(arguments[0], expression)
    if operation == "reduction":
        function, body, vectors = arguments
        return Expression(operation, (function, folded(body, numbers), vectors))
    return simplified(operation, tuple(folded(argument, numbers) for argument in arguments))


def simplified(operation: str, arguments: tuple[Any, ...]) -> Folded:
    """One operation on folded arguments, in its simplest form."""
    if not any(isinstance(argument, Expression) for argument in arguments):
        return _computed(operation, arguments)
    simpler = _SIMPLER.get(operation)
    found = simpler(*arguments) if simpler else None
    return Expression(operation, arguments) if found is None else found


def _computed(operation: str, arguments: tuple[Any, ...]) -> Folded:
    if operation in FUNCTIONS:
        return float(getattr(floats, operation)(*arguments))
    result: Folded = OPERATORS[operation](*arguments)
    return result


# ---- what is simpler where one argument is a number: None where nothing is


def _product(a: Any, b: Any) -> Any:
    for factor, other in ((a, b), (b, a)):
        if not isinstance(factor, Expression) and factor in (1, -1):
            return other if factor == 1 else simplified("negative", (other,))
    return None


def _quotient(a: Any, b: Any) -> Any:
    return a if not isinstance(b, Expression) and b == 1 else None


def _power(x: Any, y: Any) -> Any:
    if isinstance(y, Expression) or y not in (0, 1, 2):
        return None
    return 1.0 if y == 0 else x if y == 1 else Expression("*", (x, x))


def _negative(x: Any) -> Any:
    return x.arguments[0] if x.operation == "negative" else None


def _both(a: Any, b: Any) -> Any:
    condition, other = (b, a) if isinstance(a, Expression) else (a, b)
    if isinstance(condition, Expression):
        return None
    return other if condition else False


_SIMPLER: dict[str, Callable[..., Any]] = {
    "*": _product,
    "divide": _quotient,
    "power": _power,
    "negative": _negative,
    "&": _both,
}
