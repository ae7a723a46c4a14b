"""Formulas over named Values as small trees, put in order while they are built.

`algebra` is the namespace whose numbers are `Term`s and constants: a partial of the table that is read in it comes out
as people write it, for it rewrites as it goes: 1·a, 0 + a, a¹, 0.5·2·a, a − (−b), and constants among themselves.
A term that is made directly, `Term(row, operands)`, stays as it was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from math import isfinite
from sys import float_info
from typing import Any, TypeAlias

from autograd import primitives
from autograd.namespaces import FUNCTIONS, floats
from autograd.primitives import PRIMITIVES, Primitive

Operand: TypeAlias = "Term | float"


class Term:
    """One primitive of operands that are terms and constants; or, without a row, a symbol: whatever has a name.

    The operands of an n-ary primitive are tuples, one for each vector.
    """

    __slots__ = ("operands", "row", "symbol")

    def __init__(self, row: Primitive | None, operands: tuple[Any, ...], symbol: Any = None) -> None:
        self.row = row
        self.operands = operands
        self.symbol = symbol

    def flat(self) -> Iterator[Operand]:
        """The operands, those of vectors one vector after the other."""
        for operand in self.operands:
            if type(operand) is tuple:
                yield from operand
            else:
                yield operand

    def __add__(self, other: Operand) -> Operand:
        return _sum(self, other)

    def __radd__(self, other: Operand) -> Operand:
        return _sum(other, self)

    def __sub__(self, other: Operand) -> Operand:
        return _sum(self, _negated(other))

    def __rsub__(self, other: Operand) -> Operand:
        return _sum(other, _negated(self))

    def __mul__(self, other: Operand) -> Operand:
        return _product(self, other)

    def __rmul__(self, other: Operand) -> Operand:
        return _product(other, self)

    def __neg__(self) -> Operand:
        return _negated(self)


def symbol(thing: Any) -> Term:
    """The term of something that has a name of its own."""
    return Term(None, (), thing)


class Algebra:
    """The namespace of terms. A function of constants alone is a constant."""

    def __getattr__(self, name: str) -> Callable[..., Operand]:
        if name not in FUNCTIONS:
            raise AttributeError(f"a formula has no function {name!r}; it has {', '.join(FUNCTIONS)}")
        row = PRIMITIVES[name]
        ordered = {"power": _power, "divide": _quotient}.get(name)

        def function(*operands: Operand) -> Operand:
            if not any(type(operand) is Term for operand in operands):
                return float(getattr(floats, name)(*operands))
            if ordered:
                return ordered(*operands)
            return Term(row, (operands,) if row.vectors else operands)

        return function


algebra = Algebra()


def product(factors: Iterator[Operand]) -> Operand:
    """The factors multiplied, with the constants among them in front; 1 for none."""
    one: Operand = 1.0
    return reduce(_product, factors, one)


def sizes(root: Operand, most: int) -> int:
    """How many names and constants the text of a term has, counted up to `most`; what is shared counts at each use."""
    if type(root) is not Term:
        return 1
    known: dict[int, int] = {}
    for term in subterms(root):
        inside = (known[id(x)] if type(x) is Term else 1 for x in term.flat())
        known[id(term)] = min(most, sum(inside)) if term.row else 1
    return known[id(root)]


def subterms(root: Term) -> Iterator[Term]:
    """Every term below `root`, once, each after its operands; itself the last."""
    seen: set[int] = set()
    waiting = [(root, False)]
    while waiting:
        term, ready = waiting.pop()
        if ready:
            yield term
        elif id(term) not in seen:
            seen.add(id(term))
            waiting.append((term, True))
            waiting.extend((x, False) for x in reversed(list(term.flat())) if type(x) is Term)


def _sum(x: Operand, y: Operand) -> Operand:
    if type(x) is not Term and type(y) is not Term:
        return x + y
    if type(x) is not Term and x == 0:
        return y
    sign, size = _split(y)
    if size is None:
        return x if sign == 0 else Term(*((primitives.subtract, (x, -sign)) if sign < 0 else (primitives.add, (x, y))))
    return Term(primitives.subtract, (x, _scaled(-sign, size))) if sign < 0 else Term(primitives.add, (x, y))


def _negated(x: Operand) -> Operand:
    return -x if type(x) is not Term else _product(-1.0, x)


def _product(x: Operand, y: Operand) -> Operand:
    (a, left), (b, right) = _split(x), _split(y)
    if left is None and right is None:
        return a * b
    if a == 0 or b == 0:
        return 0.0
    if left is None or right is None:
        return _scaled(a * b, left or right) if _is_safe(a, b) else Term(primitives.multiply, (x, y))  # type: ignore[arg-type]
    return _scaled(a * b, _joined(left, right)) if _is_safe(a, b) else Term(primitives.multiply, (x, y))


def _is_safe(a: float, b: float) -> bool:
    """Whether constants may be multiplied first: the product is not out of range where the whole need not be."""
    return not (isfinite(a) and isfinite(b)) or float_info.min <= abs(a * b) <= float_info.max


def _joined(left: Term, right: Term) -> Term:
    """The product with its factors side by side, from left to right."""
    factors: list[Operand] = []
    first: Operand = right
    while type(first) is Term and first.row is primitives.multiply:
        first, second = first.operands
        factors.append(second)
    return _multiplied(Term(primitives.multiply, (left, first)), factors)


def _scaled(factor: float, rest: Term) -> Term:
    """factor · rest, with the factor in front of all: −a, 2 · a · b, 3 / a."""
    if factor == 1:
        return rest
    factors: list[Operand] = []
    while rest.row is primitives.multiply and type(rest.operands[0]) is Term:
        rest, second = rest.operands
        factors.append(second)
    if rest.row is primitives.divide and type(rest.operands[0]) is not Term and rest.operands[0] == 1:
        return _multiplied(Term(primitives.divide, (factor, rest.operands[1])), factors)
    scaled = Term(primitives.negative, (rest,)) if factor == -1 else Term(primitives.multiply, (factor, rest))
    return _multiplied(scaled, factors)


def _multiplied(term: Term, factors: list[Operand]) -> Term:
    """The term times the factors, the last of which comes first."""
    return reduce(lambda product, factor: Term(primitives.multiply, (product, factor)), reversed(factors), term)


def _split(x: Operand) -> tuple[float, Term | None]:
    """The constant factor of a term, which stands at its very left, and the rest of it; None where nothing else is."""
    sign, first = 1.0, x
    joined: list[tuple[Primitive | None, Operand]] = []
    while type(first) is Term and first.row in (primitives.negative, primitives.multiply, primitives.divide):
        if first.row is primitives.negative:
            sign, first = -sign, first.operands[0]
        elif first.row is primitives.divide or type(first.operands[1]) is Term:
            joined.append((first.row, first.operands[1]))
            first = first.operands[0]
        else:
            break
    rest = first if isinstance(first, Term) else None
    factor = sign if isinstance(first, Term) else sign * first
    for row, second in reversed(joined):
        if rest is None and row is primitives.multiply:
            rest = second if type(second) is Term else None
        else:
            rest = Term(row, (1.0 if rest is None else rest, second))
    return factor, rest


def _power(x: Operand, y: Operand) -> Operand:
    if type(y) is not Term and y in (0, 1):
        return x if y == 1 else 1.0
    return Term(primitives.power, (x, y))


def _quotient(x: Operand, y: Operand) -> Operand:
    if type(x) is not Term:
        return 0.0 if x == 0 else Term(primitives.divide, (x, y))
    return x if type(y) is not Term and y == 1 else Term(primitives.divide, (x, y))
