"""A formula of the table as a tree of named operations: what code and text are printed from.

`symbolic` is the namespace whose numbers are `Expression`s: a formula read in it computes nothing and gives its
own tree. Code is printed from the tree, so that a generated program is the formula of the table and no copy of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from numbers import Real
from typing import Any, NoReturn, Protocol

from autograd.namespaces import FUNCTIONS

PRECEDENCE = {"&": 1, "<=": 2, "<": 2, ">": 2, ">=": 2, "+": 3, "-": 3, "*": 4, "/": 4, "%": 4, "negative": 5}
ATOM = 9
TERMS = ("name", "element")
FOR_DOMAINS = {"<", "<=", ">", ">=", "&", "%"}
"""Operations on numbers that no Value has: domains are only asked of numbers."""

NO_REMAINDER = "x % y has no answer for y = 0: a remainder is by a number other than 0, as in x % 1"

_in_loop: ContextVar[bool] = ContextVar("in_loop", default=False)


@dataclass(frozen=True, eq=False)
class Expression:
    """One operation on expressions and plain numbers.

    `name` holds a name, `element` the number of one element of a vector, `reduction` a loop over vectors. Two
    expressions are the same when their keys are: `==` and `if` are refused, for no branch can be taken on a symbol.
    """

    operation: str
    arguments: tuple[Any, ...]

    @cached_property
    def key(self) -> str:
        return f"{self.operation}({', '.join(map(_key, self.arguments))})"

    def __bool__(self) -> NoReturn:
        raise TypeError("a formula can't branch on its operands; kinks go through xp.maximum, xp.heaviside, xp.sign")

    def __eq__(self, other: object) -> NoReturn:
        raise TypeError("a formula can't compare its operands with ==; xp.equal gives 1 or 0")

    __hash__ = None  # type: ignore[assignment]

    def __add__(self, other: Any) -> Expression:
        return Expression("+", (self, other))

    def __radd__(self, other: Any) -> Expression:
        return Expression("+", (other, self))

    def __sub__(self, other: Any) -> Expression:
        return Expression("-", (self, other))

    def __rsub__(self, other: Any) -> Expression:
        return Expression("-", (other, self))

    def __mul__(self, other: Any) -> Expression:
        return Expression("*", (self, other))

    def __rmul__(self, other: Any) -> Expression:
        return Expression("*", (other, self))

    def __truediv__(self, other: Any) -> NoReturn:
        raise TypeError("xp.divide(x, y) has an answer for y = 0 in every namespace; x / y has not")

    __rtruediv__ = __truediv__

    def __mod__(self, other: Any) -> Expression:
        if not isinstance(other, Real) or other == 0:
            raise TypeError(NO_REMAINDER)
        return Expression("%", (self, other))

    def __rmod__(self, other: Any) -> NoReturn:
        raise TypeError(NO_REMAINDER)

    def __and__(self, other: Any) -> Expression:
        return Expression("&", (self, other))

    def __or__(self, other: Any) -> NoReturn:
        raise TypeError("a domain has no |: list two requirements in its place, each a pair (needs, violated)")

    __ror__ = __or__

    def __pow__(self, other: Any) -> NoReturn:
        raise TypeError("xp.power(x, y) has an answer for every x and y in every namespace; x ** y has not")

    __rpow__ = __pow__

    def __abs__(self) -> NoReturn:
        raise TypeError("xp.absolute(x) has a derivative in every namespace; abs(x) has not")

    def __pos__(self) -> Expression:
        return self

    def __neg__(self) -> Expression:
        return Expression("negative", (self,))

    def __lt__(self, other: Any) -> Expression:
        return Expression("<", (self, other))

    def __le__(self, other: Any) -> Expression:
        return Expression("<=", (self, other))

    def __gt__(self, other: Any) -> Expression:
        return Expression(">", (self, other))

    def __ge__(self, other: Any) -> Expression:
        return Expression(">=", (self, other))


@dataclass(frozen=True)
class Vector:
    """A vector operand in symbols: its name, the name of one element in a loop, and how that element's number reads.

    It has no length and no elements of its own: only `xp.sum_over` and its like can read it.
    """

    name: str
    element: str
    number: Expression


def name(text: str) -> Expression:
    """The expression that is printed as `text`; brackets are never put around it."""
    return Expression("name", (text,))


def element(text: str) -> Expression:
    """The number of one element of a vector, printed as `text`: it has a meaning inside a loop only."""
    return Expression("element", (text,))


class Symbolic:
    """The namespace of expressions: every function gives the tree of its own call."""

    def __getattr__(self, function: str) -> Callable[..., Expression]:
        if function not in FUNCTIONS:
            known = ", ".join((*FUNCTIONS, "sum_over(term, xs)", "max_over(term, xs)", "min_over(term, xs)"))
            raise AttributeError(f"a formula has no function {function!r}; it has {known}")

        def called(*arguments: Any) -> Expression:
            if len(arguments) != FUNCTIONS[function]:
                raise TypeError(f"xp.{function} takes {FUNCTIONS[function]} operands; got {len(arguments)}")
            return Expression(function, arguments)

        return called

    def sum_over(self, term: Callable[..., Any], *vectors: Vector) -> Expression:
        return _reduction("sum_of", term, vectors)

    def max_over(self, term: Callable[..., Any], *vectors: Vector) -> Expression:
        return _reduction("max_of", term, vectors)

    def min_over(self, term: Callable[..., Any], *vectors: Vector) -> Expression:
        return _reduction("min_of", term, vectors)


symbolic = Symbolic()


def _reduction(function: str, term: Callable[..., Any], vectors: tuple[Vector, ...]) -> Expression:
    if _in_loop.get():
        raise TypeError("a loop over a vector can't stand inside another; write the inner one before it")
    try:
        _in_loop.set(True)  # in here, for Ctrl-C may come after it
        body = term(*[vector.number for vector in vectors])
    finally:
        _in_loop.set(False)
    return Expression("reduction", (function, body, vectors))


def _key(argument: Any) -> str:
    if isinstance(argument, tuple):
        return ", ".join(map(_key, argument))
    return argument.key if isinstance(argument, Expression) else repr(argument)


def names_in(expression: Any) -> set[str]:
    """Every name that occurs in an expression."""
    if not isinstance(expression, Expression):
        return set()
    if expression.operation in TERMS:
        return {expression.arguments[0]}
    if expression.operation == "reduction":
        return names_in(expression.arguments[1]) | {vector.name for vector in expression.arguments[2]}
    return set().union(*map(names_in, expression.arguments))


def operations_in(expression: Any) -> set[str]:
    """The name of every operation in an expression."""
    return {part.operation for part in parts(expression)}


def constants_in(expression: Any) -> list[Any]:
    """What stands in an expression, or for it, and is neither an operation nor a name."""
    if not isinstance(expression, Expression):
        return [expression]
    calls = [part for part in parts(expression) if part.operation not in (*TERMS, "reduction")]
    bodies = [part.arguments[1] for part in parts(expression) if part.operation == "reduction"]
    arguments = [argument for part in calls for argument in part.arguments]
    return [argument for argument in (*arguments, *bodies) if not isinstance(argument, Expression)]


def is_condition(expression: Any) -> bool:
    """Whether an expression is a comparison, or several that must all hold."""
    if not isinstance(expression, Expression):
        return False
    if expression.operation == "&":
        return all(map(is_condition, expression.arguments))
    return expression.operation in ("<", "<=", ">", ">=")


class Printer(Protocol):
    """Prints an expression in some language; what is `known` is printed as its name."""

    @property
    def known(self) -> dict[str, str]:
        """The names of what was assigned, by the keys of its expressions."""

    def text(self, expression: Any) -> str:
        """The expression as code."""


def python_source(expression: Any, temporary: str = "t") -> tuple[list[str], str]:
    """Python for an expression over floats: assignments of what is used twice, and the text of the result.

    The text uses the functions of a namespace of scalars by their bare names, and constants in full precision.
    """
    assigned, text = source(expression, _Printer({}), temporary)
    return [f"{name} = {value}" for name, value in assigned], text


def source(expression: Any, printer: Printer, temporary: str) -> tuple[list[tuple[str, str]], str]:
    """What is used twice in an expression, each with the name that stands for it, and the text of the result."""
    assigned: list[tuple[str, str]] = []
    counts = Counter(part.key for part in parts(expression))
    for part in parts(expression):
        # what a loop's body uses of its own elements stays in the loop; the rest is computed once, before it
        used_again = counts[part.key] > 1 and part.key not in printer.known
        if used_again and part.operation not in TERMS and not _free_elements(part):
            text = printer.text(part)
            printer.known[part.key] = f"{temporary}{len(assigned)}"
            assigned.append((printer.known[part.key], text))
    return assigned, printer.text(expression)


def parts(expression: Any) -> Iterator[Expression]:
    """The operations of an expression, each after those inside it, as often as it is used."""
    if not isinstance(expression, Expression):
        return
    if expression.operation == "reduction":
        yield from parts(expression.arguments[1])
    elif expression.operation not in TERMS:
        for argument in expression.arguments:
            yield from parts(argument)
    yield expression


def _free_elements(expression: Any) -> set[str]:
    """The elements of vectors that occur in an expression outside the loop that binds them."""
    if not isinstance(expression, Expression) or expression.operation == "name":
        return set()
    if expression.operation == "element":
        return {expression.key}
    if expression.operation == "reduction":
        _, body, vectors = expression.arguments
        return _free_elements(body) - {vector.number.key for vector in vectors}
    return set().union(*map(_free_elements, expression.arguments))


@dataclass(frozen=True)
class _Printer:
    """Prints expressions as Python, with no more brackets than precedence needs; what is `known` under its name."""

    known: dict[str, str]

    def text(self, expression: Any) -> str:
        return self._printed(expression)[0]

    def _printed(self, expression: Any) -> tuple[str, int]:
        """The text and its precedence."""
        if not isinstance(expression, Expression):
            return repr(float(expression)), ATOM if expression >= 0 else PRECEDENCE["negative"]
        if expression.key in self.known:
            return self.known[expression.key], ATOM
        operation, arguments = expression.operation, expression.arguments
        if operation in TERMS:
            return arguments[0], ATOM
        if operation == "reduction":
            function, body, vectors = arguments
            return f"{function}([{self.text(body)} for {_loop(vectors)}])", ATOM
        if operation not in PRECEDENCE:
            return f"{operation}({', '.join(map(self.text, arguments))})", ATOM
        return self._operator(operation, arguments), PRECEDENCE[operation]

    def _operator(self, operation: str, arguments: tuple[Any, ...]) -> str:
        if operation == "negative":
            return f"-{self._bracketed(arguments[0], PRECEDENCE[operation])}"
        left, right = PRECEDENCE[operation], PRECEDENCE[operation] + 1
        if operation in ("<", "<=", ">", ">="):
            left += 1  # a < b < c would be a chain
        # `and` stops at the first false condition, and binds weaker than a comparison, as `&` does not
        symbol = "and" if operation == "&" else operation
        return f"{self._bracketed(arguments[0], left)} {symbol} {self._bracketed(arguments[1], right)}"

    def _bracketed(self, expression: Any, needed: int) -> str:
        text, precedence = self._printed(expression)
        return text if precedence >= needed else f"({text})"


def _loop(vectors: tuple[Vector, ...]) -> str:
    """The loop over vectors side by side: `x in xs`, `w, x in zip(ws, xs)`."""
    elements = ", ".join(vector.element for vector in vectors)
    names = ", ".join(vector.name for vector in vectors)
    return f"{elements} in {names}" if len(vectors) == 1 else f"{elements} in zip({names})"
