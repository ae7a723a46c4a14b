"""Recorded graphs as formulas: text, LaTeX, Python.

Law: the text of a graph is the graph. Brackets stand where precedence needs them, operands keep their order, and the
Python text gives the value back bit for bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from autograd import primitives
from autograd.coercion import real_number
from autograd.namespaces import floats
from autograd.notation.names import Names
from autograd.notation.terms import Operand, Term, symbol
from autograd.notation.typesetting import DIGITS, Latex, Python, Style, python_name
from autograd.primitives import PRIMITIVES, Primitive
from autograd.value import Value, require_fresh, topological_order, walk

MOST_SYMBOLS = 1_000
"""A longer text nobody reads, and shared parts double it at every level: such a graph is told in assignments."""

MOST_NESTED = 100
"""Python itself refuses a text with 200 brackets one inside the other, and needs some of its own."""

CONSTANTS = {"inf": math.inf, "nan": math.nan}
"""How Python's text of a number that is not finite is read back."""


def text(y: Value, *, precision: int = DIGITS) -> str:
    """The graph below y as text, `w * x + b`, with numbers in `precision` significant digits.

    Raises ValueError for a graph whose text would have more than 1,000 names and constants; `assignments` has none
    that is too large.
    """
    return _written(y, lambda names: Style(names.__getitem__, precision))


def latex(y: Value, *, precision: int = DIGITS) -> str:
    r"""The graph below y as LaTeX, `w \cdot x + b`, without dollar signs. Raises ValueError as `text` does."""
    return _written(y, lambda names: Latex(names.__getitem__, precision))


class PythonText(NamedTuple):
    """An expression in Python, and which Value each of its names stands for."""

    text: str
    names: dict[str, Value]


def python_text(y: Value) -> PythonText:
    """The graph below y as a Python expression over `float_functions()` that gives its value back bit for bit.

        text, names = python_text(y)
        eval(text, float_functions(), {name: leaf.data for name, leaf in names.items()}) == y.data

    Constants have all their digits; names are made valid and unique. Raises ValueError as `text` does, and StaleGraph
    when a leaf was written since y was recorded.
    """
    order = _short_enough(y)
    require_fresh(*walk(y))
    names = python_names(Names(order), [node for node in order if node.primitive is None])
    written = Python(names.__getitem__, operators=python_agrees(order)).write(graph_term(order))
    if _depth(written) > MOST_NESTED:
        raise ValueError(
            f"the Python text of this graph has more than {MOST_NESTED} brackets one inside the other"
            f" ({len(order):,} nodes): assignments(y) names every intermediate value instead"
        )
    return PythonText(written, {text: node for node, text in names.items()})


def _depth(written: str) -> int:
    """How many brackets stand one inside the other at the most; no name and no number has one."""
    return max(accumulate((character in "([") - (character in ")]") for character in written))


def float_functions() -> dict[str, Any]:
    """The functions and constants that Python texts name: each primitive of the table, on floats."""
    return {**CONSTANTS, **{name: _on_floats(row) for name, row in PRIMITIVES.items()}}


def _on_floats(row: Primitive) -> Callable[..., float]:
    if row.vectors == 1:
        return lambda *xs: float(row.value(floats, xs))
    return lambda *xs: float(row.value(floats, *xs))


def python_names(names: Names, nodes: Sequence[Value]) -> dict[Value, str]:
    """A valid and unique Python name for each of the nodes, close to the one that people read."""
    taken = {*PRIMITIVES, *CONSTANTS}
    found: dict[Value, str] = {}
    for node in nodes:
        found[node] = python_name(names[node], taken)
        taken.add(found[node])
    return found


def python_agrees(order: Sequence[Value]) -> bool:
    """Whether Python's own `/` and `**` give what the table gives, at the numbers of this graph.

    Python raises for 1 / 0 and for 1e200 ** 2, and answers (-8) ** 0.5 with a complex number.
    """
    operators: dict[Primitive | None, Callable[[float, float], Any]] = {
        primitives.divide: lambda x, y: x / y,
        primitives.power: lambda x, y: x**y,
    }
    for node in order:
        if node.primitive in operators:
            x, y = (operand.data if type(operand) is Value else real_number(operand) for operand in node.operands)
            try:
                result = operators[node.primitive](x, y)
            except ArithmeticError:
                return False
            if type(result) is complex or not _same(result, node.primitive.value(floats, x, y)):  # type: ignore[union-attr]
                return False
    return True


def _same(x: float, y: float) -> bool:
    return x == y or (x != x and y != y)


# ---- graphs as terms


def graph_term(order: Sequence[Value], stop: Container[Value] = ()) -> Operand:
    """The last node of a topological order as a term, as it was typed; leaves and what is in `stop` are symbols."""
    terms: dict[Value, Term] = {}
    for node in order:
        terms[node] = symbol(node) if node in stop and node is not order[-1] else node_term(node, terms.__getitem__)
    return terms[order[-1]]


def node_term(node: Value, read: Callable[[Value], Operand]) -> Term:
    """One operation as a term, with what `read` gives for each operand; a leaf is its own symbol."""

    def term(operand: Any) -> Operand:
        return read(operand) if type(operand) is Value else operand

    if node.primitive is None:
        return symbol(node)
    if node.vectors:
        return Term(node.primitive, tuple(tuple(map(term, vector)) for vector in node.vectors))
    return Term(node.primitive, tuple(map(term, node.operands)))


def _written(y: Value, style: Callable[[Names], Style]) -> str:
    order = _short_enough(y)
    return style(Names(order)).write(graph_term(order))


def _short_enough(y: Any) -> Sequence[Value]:
    """The graph in topological order. Raises for what is no graph, and for one of too many symbols."""
    if type(y) is not Value:
        raise TypeError(f"the text of a Value can be told; got {type(y).__name__} {y!r}")
    order = topological_order(y)
    if _symbols(order) > MOST_SYMBOLS:
        raise ValueError(
            f"the text of this graph has more than {MOST_SYMBOLS:,} names and constants ({len(order):,} nodes):"
            " assignments(y) names every intermediate value instead"
        )
    return order


def _symbols(order: Sequence[Value]) -> int:
    """The names and constants in the text of the last node, or some number above the most.

    The name of a function of one operand counts too: of such alone a text could be made that has no end.
    """
    known: dict[Value, int] = {}
    for node in order:
        operands = node.operands
        inside = sum(known[operand] if type(operand) is Value else 1 for operand in operands)
        known[node] = min(inside + (len(operands) == 1), MOST_SYMBOLS + 1) if operands else 1
    return known[order[-1]]
