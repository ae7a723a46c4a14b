"""Where the formulas of a primitive turn: at their constants, and where what a kink, pole or border asks is zero."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Container, Iterator, Sequence
from itertools import pairwise
from numbers import Real
from typing import Any, NamedTuple

from autograd.compiler.folding import OPERATORS
from autograd.contracts.neighbourhoods import number
from autograd.contracts.operands import Point, flat, moved, replaced
from autograd.namespaces import floats
from autograd.primitives import Primitive, in_symbols
from autograd.symbolic import TERMS, Expression, constants_in, parts

TURNS: dict[str, Callable[..., Any]] = {
    **dict.fromkeys(("maximum", "minimum", "equal", "<", "<=", ">", ">="), operator.sub),
    **dict.fromkeys(("sign", "absolute", "log", "sqrt"), lambda x: x),
    "log1p": lambda x: 1 + x,
    "heaviside": lambda x, at_zero: x,
    "power": lambda x, y: x,
    "divide": lambda x, y: y,
}
"""What is zero where an operation has its kink, its pole or its border."""

KINKED = ("maximum", "minimum", "equal", "sign", "absolute", "heaviside")
"""Those that have a rule for ties."""

POLES = ("log", "log1p", "power", "divide")
"""Those that are infinite where they turn, which is no overflow."""

SIZES = (1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 50.0, 70.0, 100.0, 150.0, 200.0, 300.0, 500.0, 700.0, 1000.0)
"""Between two neighbours of these numbers, 0 and their negatives, a zero is looked for."""

LARGEST = 1e6
"""Of the constants: what is larger bounds the floats, and no operand comes near it."""

TINY = 1e-200
"""Of smaller results a complex step loses the slope."""

SHRINKING = ("exp", "power", "*", "divide")
"""What makes such results of numbers that are larger."""

DECIMALS = 12
"""Of a number that is round: what is nearer to it differs by rounding."""

NARROW = 1e-9
"""Of a number, or of 1 for 0: what holds of the one and not of those so near holds of it alone."""

HALVINGS = 60
"""Between neighbours of `SIZES` no more than these are needed to come to a float and the next."""


class _Formulas(NamedTuple):
    """What a row says: its constants, the trees but for its domain, and what is zero at a turn, and at a tie."""

    constants: tuple[float, ...]
    computed: tuple[Any, ...]
    turns: tuple[Expression, ...]
    ties: tuple[Expression, ...]


def landmarks(row: Primitive, point: Point, place: int) -> list[float]:
    """The numbers in one of the `flat` places at which a formula turns, smallest first; the others stay."""
    formulas = _formulas(row)
    steps = sorted({0.0, *SIZES, *(-size for size in SIZES), *formulas.constants})
    zeros = (_zeros(row, turn, point, place, steps) for turn in formulas.turns)
    return sorted({*formulas.constants, *(zero for found in zeros for zero in found)})


def is_tied(row: Primitive, point: Point) -> bool:
    """Whether a function inside the formulas is just at its kink or jump, and not beside it.

    A formula says there by a rule for ties what its result is, and not how it changes.
    """
    for turn in _formulas(row).ties:
        for place in range(len(flat(point))):
            around = [moved(point, place, sign * NARROW * (abs(flat(point)[place]) or 1.0)) for sign in (1, -1)]
            if _asked(row, turn, point, place) == 0 and all(_asked(row, turn, other, place) != 0 for other in around):
                return True
    return False


def leaves_range(row: Primitive, point: Point) -> bool:
    """Whether a result inside the formulas of value and partials is too large for a float, or small beyond `TINY`."""
    leaving: list[Expression] = []
    for place in range(len(flat(point)) if row.vectors else 1):
        for tree in _formulas(row).computed:
            _read(tree, _names(row, point, place), leaving)
    return bool(leaving)


def _formulas(row: Primitive) -> _Formulas:
    try:
        computed, conditions = in_symbols(row)
        trees = [*computed, *conditions]
        numbers = [abs(float(x)) for tree in trees for x in constants_in(tree) if isinstance(x, Real)]
    except Exception:  # the contracts tell what a formula raises in symbols, or for a constant that no float can hold
        return _Formulas((), (), (), ())
    constants = {x for x in numbers if 0 < x <= LARGEST}
    both = sorted({sign * x for x in constants for sign in (1, -1)})
    return _Formulas(tuple(both), tuple(computed), _turns(trees, TURNS), _turns(trees, KINKED))


def _turns(trees: Sequence[Any], operations: Container[str]) -> tuple[Expression, ...]:
    """What these operations ask in the trees, each once."""
    asked = [part for tree in trees for part in parts(tree) if part.operation in operations]
    turns = [TURNS[part.operation](*part.arguments) for part in asked]
    return tuple({turn.key: turn for turn in turns if isinstance(turn, Expression)}.values())


def _zeros(row: Primitive, turn: Any, point: Point, place: int, steps: list[float]) -> Iterator[float]:
    """Where the sign of a turn changes along one place."""

    def sign(x: float) -> float:
        return floats.sign(_asked(row, turn, replaced(point, place, x), place))

    for (low, below), (high, above) in pairwise([(x, sign(x)) for x in steps]):
        if below == below and above == above and below != above:
            yield _zero(sign, low, high)


def _zero(sign: Callable[[float], float], low: float, high: float) -> float:
    """One of two neighbours between which the sign changes; a zero, if there is one, and the round one of several.

    exp(x) - 1 is 0 in floats at 1e-16 too: a domain that leaves out 0 is no mistake for that.
    """
    below = sign(low)
    for _ in range(HALVINGS):
        middle = low + (high - low) / 2
        if sign(middle) == below:
            low = middle
        else:
            high = middle
    return next((x for x in (round(high, DECIMALS) + 0.0, low) if sign(x) == 0), high)


def _asked(row: Primitive, turn: Any, point: Point, place: int) -> float:
    """The number of a turn at a point; of a vector's elements, for the one in this place."""
    return float(_read(turn, _names(row, point, place)))


def _names(row: Primitive, point: Point, place: int) -> dict[str, Any]:
    names: dict[str, Any] = {"out": number(row, point)}
    for operand, part in enumerate(point):
        if row.vectors:
            names[f"xs{operand}"] = part
            names[f"x{operand}"] = part[place % len(part)]
        else:
            names[f"x{operand}"] = part
    return names


def _read(expression: Any, names: dict[str, Any], leaving: list[Expression] | None = None) -> Any:
    """The number of an expression where its names are those numbers; what leaves the range of floats is noted."""
    if not isinstance(expression, Expression):
        return float(expression)
    operation, arguments = expression.operation, expression.arguments
    if operation in TERMS:
        return names[arguments[0]]
    if operation == "reduction":
        function, body, vectors = arguments
        elements = zip(*(names[vector.name] for vector in vectors))
        terms = [dict(zip((vector.element for vector in vectors), numbers)) for numbers in elements]
        operands = [_read(body, {**names, **term}, leaving) for term in terms]
        result = getattr(floats, function)(operands)
    else:
        operands = [_read(argument, names, leaving) for argument in arguments]
        result = (OPERATORS.get(operation) or getattr(floats, operation))(*operands)
        if operation in POLES and TURNS[operation](*operands) == 0:
            return result
    if leaving is not None and all(map(math.isfinite, operands)):
        small = operation in SHRINKING and abs(result) < TINY and all(abs(x) >= TINY for x in operands)
        if small or math.isinf(result):
            leaving.append(expression)
    return result
