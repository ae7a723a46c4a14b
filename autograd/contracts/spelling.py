"""How people write each primitive: as an operator, a method or a function; one of their own by its row."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence

from autograd import functions
from autograd.contracts.operands import Point, flat, mapped
from autograd.functions import recorder
from autograd.primitives import PRIMITIVES, Primitive
from autograd.value import Value

METHODS: dict[str, Callable[..., Value]] = {
    **{
        name: getattr(Value, name)
        for name in ("exp", "log", "log1p", "expm1", "sqrt", "sin", "cos", "absolute", "sign")
    },
    **{name: getattr(Value, name) for name in ("heaviside", "sigmoid", "tanh", "softplus", "relu", "leaky_relu")},
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "negative": operator.neg,
    "power": operator.pow,
    "maximum": functions.maximum,
    "minimum": functions.minimum,
    "sum": functions.sum,
    "dot": functions.dot,
    "logsumexp": functions.logsumexp,
}
"""The public spellings; `equal` alone has none, for == compares identity."""

OPERATORS = frozenset({"add", "subtract", "multiply", "divide", "power"})
"""The primitives that take a plain number on their left."""


def record(row: Primitive | str, operands: Point) -> Value:
    """One primitive recorded as people write it; what has no such spelling is recorded by its row."""
    name = row if isinstance(row, str) else row.name
    if isinstance(row, Primitive) and PRIMITIVES.get(name) is not row:
        return recorder(row)(*operands)
    if name in METHODS and (name in OPERATORS or not isinstance(operands[0], float)):
        return METHODS[name](*operands)
    return recorder(PRIMITIVES[name])(*operands)


def recorded(
    row: Primitive | str, point: Point, kinds: Sequence[bool] = (), labels: str = ""
) -> tuple[Value, list[Value]]:
    """The primitive recorded at a point, and its leaves; where `kinds` says no, a number stays a constant."""
    places = iter(range(len(flat(point))))
    leaves: list[Value] = []

    def operand(x: float) -> Value | float:
        place = next(places)
        if kinds and not kinds[place]:
            return x
        leaves.append(Value(x, label=f"{labels}{place}" if labels else ""))
        return leaves[-1]

    return record(row, mapped(operand, point)), leaves


def partials(row: Primitive | str, point: Point) -> list[float]:
    """The slope of the recorded primitive in each of its numbers, by backward."""
    y, leaves = recorded(row, point)
    y.backward()
    return [leaf.grad for leaf in leaves]


def row_of(given: Primitive | str | Callable[..., Value]) -> Primitive:
    """The row that is meant by a row, by its name, or by what `autograd.primitive` gave; TypeError for others."""
    row = PRIMITIVES.get(given) if isinstance(given, str) else getattr(given, "primitive", given)
    if not isinstance(row, Primitive):
        raise TypeError(f"a primitive is meant by its name, its row, or what autograd.primitive gave; got {given!r}")
    return row
