"""A graph as a list of assignments with every intermediate value named: a Wengert list.

Each line has the value, the local derivatives, and the adjoint that reverse mode gives it: a table by which one works
out a derivative by hand (Wengert, Communications of the ACM 7, 1964). Its size grows as the graph, not as its text.
"""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from autograd.derivatives import local_partials
from autograd.moment import Moment
from autograd.notation.graphs import node_term, python_agrees, python_names
from autograd.notation.names import Names
from autograd.notation.rules import operation, rules
from autograd.notation.screens import LONGEST_NAME, shortened, table
from autograd.notation.terms import Operand, symbol
from autograd.notation.typesetting import DIGITS, FULL, Mathematics, Python, Style
from autograd.value import Value, adjoints, topological_order

COLUMNS = ("step", "name", "expression", "value", "local derivatives", "adjoint")

FIRST_LINES, LAST_LINES = 14, 6
"""A repr shows so many lines from the beginning and from the end of a long list."""

MOST_OPERANDS = 6
"""For people, an operation names so many operands of a vector, and a line so many local derivatives."""


class Slope(NamedTuple):
    """The local derivative for one use of an operand: by which the adjoint is multiplied on its way there."""

    operand: str
    rule: str
    number: float


class Assignment(NamedTuple):
    """One line: `name = expression = value`; a leaf has no expression. `adjoint` is d root / d name."""

    step: int
    name: str
    expression: str
    value: float
    slopes: tuple[Slope, ...]
    adjoint: float


class Assignments(Sequence[Assignment]):
    """The assignments of a graph, the root last; a line is made when it is asked for.

    `text`, `markdown`, `csv`, `html` give the table, `python` a program. Only `csv` and `python` leave nothing out. All
    of them raise StaleGraph when a number of the graph was changed since; the repr says so.
    """

    def __init__(self, y: Value, precision: int = DIGITS) -> None:
        self.y, self.precision = y, precision
        self.order = topological_order(y)
        self._names = Names(self.order)
        self._adjoints = adjoints(y)
        self._moment = Moment(self.order)

    def __len__(self) -> int:
        return len(self.order)

    def __getitem__(self, place):  # type: ignore[no-untyped-def]  # the two kinds of a Sequence's places
        if isinstance(place, slice):
            return [self._line(at, Style(self._names.__getitem__, FULL)) for at in range(*place.indices(len(self)))]
        return self._line(range(len(self))[place], Style(self._names.__getitem__, FULL))

    def __repr__(self) -> str:
        return self._stale() or self.text(FIRST_LINES, LAST_LINES)

    def _repr_markdown_(self) -> str:
        return self._stale() or self.markdown(FIRST_LINES, LAST_LINES)

    def _stale(self) -> str:
        return f"stale: {Moment.told('assignments')}" if self._moment.is_past else ""

    # ---- the table

    def text(self, first: int | None = None, last: int = 0) -> str:
        """Aligned columns; of a long list the first and the last lines, if so many are named."""
        return "\n".join(table([COLUMNS, *self._cells(first, last)]))

    def markdown(self, first: int | None = None, last: int = 0) -> str:
        """A Markdown table. Names are escaped."""
        lines = [COLUMNS, ("---",) * len(COLUMNS)]
        lines += [tuple(map(_markdown, line)) for line in self._cells(first, last)]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def html(self, first: int | None = None, last: int = 0) -> str:
        """An HTML table, in which every name is text: a page that typesets dollar signs is told to leave it alone."""
        lines = ["".join(f"<th>{column}</th>" for column in COLUMNS)]
        lines += ["".join(f"<td>{html.escape(cell)}</td>" for cell in line) for line in self._cells(first, last)]
        rows = "\n".join(f"<tr>{line}</tr>" for line in lines)
        return f'<table class="tex2jax_ignore mathjax_ignore">\n{rows}\n</table>'

    def csv(self) -> str:
        """Comma-separated values with a header (RFC 4180): every line, operand and digit.

        Names are written as they are: a spreadsheet takes one that begins with = for a formula.
        """
        file = io.StringIO()
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for line in self:
            slopes = [f"∂/∂{slope.operand} = {slope.rule} = {slope.number!r}" for slope in line.slopes]
            numbers = repr(line.value), "; ".join(slopes), repr(line.adjoint)
            writer.writerow((line.step, line.name, line.expression, *numbers))
        return file.getvalue()

    def python(self) -> str:
        """A program of assignments over `float_functions()` that gives every value back bit for bit.

        exec(assignments(y).python(), names := dict(float_functions()))
        """
        self._moment.require("assignments")
        names = python_names(self._names, self.order)
        style = Python(names.__getitem__, operators=python_agrees(self.order))
        return "\n".join(f"{names[node]} = {style.write(_operation(node))}" for node in self.order)

    # ---- the lines

    def _line(self, place: int, style: Style, most: int | None = None) -> Assignment:
        self._moment.require("assignments")
        node = self.order[place]
        expression = style.write(_operation(node, most)) if node.primitive else ""
        slopes = tuple(self._slopes(node, style, most))
        return Assignment(place + 1, self._names[node], expression, node.data, slopes, self._adjoints[node])

    def _slopes(self, node: Value, style: Style, most: int | None) -> Iterator[Slope]:
        for (operand, number), (_, rule) in islice(zip(local_partials(node), rules(node)), most):
            yield Slope(self._names[operand], style.write(rule), float(number))

    def _cells(self, first: int | None, last: int) -> Iterator[tuple[str, ...]]:
        style = Mathematics(lambda thing: _short(self._names[thing]), self.precision)
        left_out = 0 if first is None else len(self) - first - last
        for place in range(len(self)):
            if left_out > 0 and place == first:
                yield ("⋯", f"{left_out:,} more", "", "", "", "")
            if left_out <= 0 or not first <= place < len(self) - last:  # type: ignore[operator]
                yield self._cell(self._line(place, style, MOST_OPERANDS), style)

    def _cell(self, line: Assignment, style: Style) -> tuple[str, ...]:
        slopes = [
            f"∂/∂{_short(operand)} = {_equal(rule, style.number(number))}" for operand, rule, number in line.slopes
        ]
        more = ["…"] if len(self.order[line.step - 1].operands) > MOST_OPERANDS else []
        numbers = (style.number(line.value), ", ".join(slopes + more), style.number(line.adjoint))
        return str(line.step), _short(line.name), line.expression, *numbers


def assignments(y: Value, *, precision: int = DIGITS) -> Assignments:
    """The graph below y as a list of assignments with every intermediate value named, derivatives included.

    Changes nothing. Raises StaleGraph when a leaf was written since y was recorded, TypeError for what is no Value.
    """
    if type(y) is not Value:
        raise TypeError(f"assignments needs a Value; got {type(y).__name__} {y!r}")
    return Assignments(y, precision)


def _operation(node: Value, most: int | None = None) -> Operand:
    if node.primitive is None:
        return node.data
    return node_term(node, symbol) if most is None else operation(node, most)


def _short(name: str) -> str:
    return shortened(name, LONGEST_NAME)


def _equal(rule: str, number: str) -> str:
    return rule if rule == number else f"{rule} = {number}"


def _markdown(cell: str) -> str:
    """A cell in which nothing is markup: a name may hold anything."""
    return "".join(f"\\{character}" if character in r"\`*_{}[]<>|#!~&$" else character for character in cell)
