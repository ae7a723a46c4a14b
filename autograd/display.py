"""How a Value shows itself: one line in a REPL; LaTeX and, where it is small, its picture in a notebook.

Law: a display never raises, never takes long, and never hides a state: not computed, computed and stale are told apart.
"""

from __future__ import annotations

import html
from collections.abc import Container, Iterator
from contextlib import suppress
from itertools import chain
from typing import Any

from autograd.drawing.graphs import draw
from autograd.eager import scope
from autograd.notation.names import Names
from autograd.notation.rules import ELLIPSIS, operation
from autograd.notation.terms import Operand, Term, symbol
from autograd.notation.typesetting import Latex, Style, short, upright
from autograd.rendering import has_layout_engine, rendered
from autograd.value import Value, given, grad_state, newest_stamp, stale_nodes, value_operands, walk

MOST_SYMBOLS = 12
"""The line of a REPL tells an operation in so many names and numbers; what lies deeper is an ellipsis."""

MOST_OPERANDS = 6
"""Of the operands of a sum so many."""

MOST_NAMED = 72
"""So many Values below, the nearest, are looked for among the variables."""

LONGEST = 120
"""In characters, of the line of a REPL."""

ATTEMPTS = ((MOST_SYMBOLS, 40), (6, 40), (3, 40), (1, 40), (1, 12))
"""How many symbols are told, and in how many characters each name, until the line is no longer than that."""

MOST_DRAWN = 100
"""The largest graph, in nodes, that a notebook draws unasked."""


@given
def __repr__(self: Value) -> str:  # noqa: N807 - it becomes a method
    """One line: name, number, operation, and the states of the number and of the gradient."""
    try:
        return _line(self)
    except Exception:
        return f"Value = {self.data!r}"


@given
def _repr_latex_(self: Value) -> str | None:
    """The same as mathematics, for a notebook; None where that can't be told."""
    with suppress(Exception):
        return _latex(self)
    return None


@given
def _repr_html_(self: Value) -> str | None:
    """The mathematics and below it the picture, in one: of several forms a notebook shows a single one.

    None, so that the mathematics alone is shown, of a graph of more than 100 nodes, and where nothing can lay it out.
    """
    with suppress(Exception):
        if has_layout_engine() and len(nearest(self, MOST_DRAWN + 1)) <= MOST_DRAWN:
            svg = rendered(draw(self, collapse="never").source, "svg").decode()
            return f"<div>{html.escape(_latex(self))}</div>{svg[svg.index('<svg') :]}"
    return None


def nearest(y: Value, most: int) -> list[Value]:
    """The nodes below y, the nearest first, itself included, but no more than `most`."""
    found = {y: None}
    waiting: list[Value] = [y]
    for node in waiting:
        for operand in value_operands(node):
            if len(found) >= most:
                return list(found)
            if operand not in found:
                found[operand] = None
                waiting.append(operand)
    return list(found)


def _line(y: Value) -> str:
    names, states = Names(nearest(y, MOST_NAMED)), list(_states(y))
    line = ""
    for symbols, longest in ATTEMPTS:
        style = Style(lambda thing: _shortened(names[thing], longest))  # noqa: B023 - it is used up in this turn
        told = [style.write(_operation(y, names.given, symbols)), *states] if y.primitive else states
        name = style.write(symbol(y)) if y in names.given else "Value"
        line = f"{name} = {style.number(y.data)}  ({', '.join(told)})"
        if len(line) <= LONGEST:
            break
    return line


def _latex(y: Value) -> str:
    names = Names(nearest(y, MOST_NAMED))
    style = Latex(names.__getitem__)
    name = [style.write(symbol(y))] if y in names.given else []
    operation = [style.write(_operation(y, names.given, MOST_SYMBOLS))] if y.primitive else []
    states = upright(f"({', '.join(_states(y))})")
    return rf"$\displaystyle {' = '.join([*name, *operation, style.write(y.data)])} \quad {states}$"


def _states(node: Value) -> Iterator[str]:
    """Those of the number and of the gradient. The graph is walked, if any leaf ever was written."""
    leaves, inner = walk(node) if scope["clock"] else ([], [node])
    if node in stale_nodes(leaves, inner):
        yield "value stale"
    state, grad = grad_state(node, newest_stamp(leaves, inner)), short(node.grad)
    yield {"computed": f"grad {grad}", "stale": f"grad {grad} stale"}.get(state, f"grad {state}")


def _shortened(name: str, longest: int) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def _operation(y: Value, named: Container[Value], room: int) -> Operand:
    """The operation of y as a term: what has no name is written out, the nearest first, as long as there is room."""
    most = min(room, MOST_OPERANDS)
    terms = {y: Term(y.primitive, ())}
    expanded = [y]
    room -= _size(y, most)
    for node in expanded:
        for x in chain.from_iterable(_vectors(node, most)):
            if type(x) is Value and x.primitive and x not in named and x not in terms:
                room -= max(1, _size(x, most) - 1)
                if room < 0:
                    break
                terms[x] = Term(x.primitive, ())
                expanded.append(x)

    def read(x: Value) -> Operand:
        return symbol(x) if x in named else terms.get(x, ELLIPSIS) if x.primitive else x.data

    for node, term in terms.items():
        term.operands = operation(node, most, read).operands
    return terms[y]


def _vectors(node: Value, most: int) -> list[tuple[Any, ...]]:
    """The operands of a node, of each vector the first few."""
    return [vector[:most] for vector in node.vectors or (node.operands,)]


def _size(node: Value, most: int) -> int:
    return sum(map(len, _vectors(node, most)))
