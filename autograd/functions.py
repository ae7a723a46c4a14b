"""Functions on sequences of Values, and the door through which users add primitives of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd import primitives
from autograd.primitives import Formula, Primitive
from autograd.value import Operand, Value, record

Recorder = Callable[..., Value]


def sum(xs: Iterable[Operand]) -> Value:
    """x1 + … + xn as one node, added from left to right; 0 for no operands."""
    vector = _tuple(xs, "sum")
    return record(primitives.sum, (vector,)) if vector else Value(0.0)


def mean(xs: Iterable[Operand]) -> Value:
    """The sum divided by the number of operands. Raises ValueError for no operands."""
    vector = _not_empty(xs, "mean")
    return sum(vector) / len(vector)


def dot(ws: Iterable[Operand], xs: Iterable[Operand]) -> Value:
    """w1·x1 + … + wn·xn as one node; 0 for no operands. Raises ValueError for vectors of different lengths.

    Tuples are kept as they are: neurons of one layer that pass the same tuple share it, which later readers exploit.
    """
    left, right = _tuple(ws, "dot"), _tuple(xs, "dot")
    return record(primitives.dot, (left, right)) if left or right else Value(0.0)


def maximum(xs: Iterable[Operand]) -> Value:
    """The largest; the first of several that tie gets the whole derivative. Raises ValueError for no operands."""
    return record(primitives.maximum, (_not_empty(xs, "maximum"),))


def minimum(xs: Iterable[Operand]) -> Value:
    """The smallest; the first of several that tie gets the whole derivative. Raises ValueError for no operands."""
    return record(primitives.minimum, (_not_empty(xs, "minimum"),))


def logsumexp(xs: Iterable[Operand]) -> Value:
    """log(exp x1 + … + exp xn) without overflow. Raises ValueError for no operands.

    Its partials, exp(x - out), have the rounding of out: as numbers grow, 1e-16 of the largest is their relative error.
    """
    return record(primitives.logsumexp, (_not_empty(xs, "logsumexp"),))


def softmax(xs: Iterable[Operand]) -> list[Value]:
    """exp(xi) / (exp x1 + … + exp xn) for each i: positive, with the sum 1. Raises ValueError for no operands.

    Their relative error is 1e-16 of the largest operand, which has lost that much: at 1e8 the sum is 1 to 1e-8.
    """
    vector = _not_empty(xs, "softmax")
    total = logsumexp(vector)
    return [(x - total).exp() for x in vector]


def primitive(name: str, value: Formula, partials: Sequence[Formula], **details: Any) -> Recorder:
    """Adds a primitive to the table, and gives the function that records it.

    `value(xp, x, …)` and, for each operand, `partials[i](xp, x, …, out)` are expressions over a namespace: they use
    + - * and `xp.divide`, `xp.power`, `xp.exp`, `xp.maximum` … (`autograd.namespaces.FUNCTIONS`), never `if` or `math`.
    `details`: `notation`; `domain`, pairs of what is needed and the formula of what violates it; `ties`, in words, and
    `branch`, the formula of the side of a kink; `n_ary`, for vectors, which `xp.sum_over(lambda x: …, xs)` reduces (see
    `autograd.primitives.Primitive`). Every reader has the new primitive at once. Raises ValueError where the formulas
    don't fit.

        cube = autograd.primitive("cube", lambda xp, x: x * x * x, [lambda xp, x, out: 3 * x * x])
        root = autograd.primitive(
            "root",
            lambda xp, x: xp.sqrt(x),
            [lambda xp, x, out: xp.divide(0.5, out)],
            domain=[("x >= 0", lambda xp, x: x < 0)],
        )
        squares = autograd.primitive(
            "squares", lambda xp, xs: xp.sum_over(lambda x: x * x, xs), [lambda xp, x, out: 2 * x], n_ary=True
        )
    """
    return recorder(primitives.primitive(name, value, partials, **details))


def recorder(row: Primitive) -> Recorder:
    """The function that computes and records one primitive, called with as many operands as the row has.

    Its attribute `primitive` is the row.
    """

    def recorded(*operands: Any) -> Value:
        if len(operands) != len(row.operands):
            named, several = ", ".join(row.operands), "s" * (len(row.operands) > 1)
            raise TypeError(f"{row.name} takes {len(row.operands)} operand{several} ({named}); got {len(operands)}")
        return record(row, operands)

    recorded.__name__ = recorded.__qualname__ = row.name
    recorded.__doc__ = f"{row.notation.text.format(*row.operands)}, recorded."
    recorded.primitive = row  # type: ignore[attr-defined]
    return recorded


def _tuple(xs: Iterable[Operand], wanted_by: str) -> tuple[Operand, ...]:
    if type(xs) is tuple:
        return xs
    if isinstance(xs, Value):
        raise TypeError(f"{wanted_by} needs a sequence of operands; got one Value, {xs!r}")
    return tuple(xs)


def _not_empty(xs: Iterable[Operand], wanted_by: str) -> tuple[Operand, ...]:
    vector = _tuple(xs, wanted_by)
    if not vector:
        raise ValueError(f"{wanted_by} needs at least one operand; got none")
    return vector
