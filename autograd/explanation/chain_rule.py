"""`explain`: why a derivative has its value, told as the chain rule that was executed.

Laws of this file:
- A path is a chain of edges of the recorded graph. Steps go from named value to named value; what was executed in
  between is multiplied, and put in order by `terms`.
- A rule that is told is the formula of the table, a number that is told is the partial that `backward` uses.
- What has no name is written out where it is small; else it is numbered, and told below: "where v3 = …".
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, islice
from typing import Literal, NamedTuple

from autograd import primitives
from autograd.explanation.paths import Edge, Path, Paths
from autograd.notation.graphs import node_term
from autograd.notation.names import Names
from autograd.notation.rules import by_name, rules
from autograd.notation.terms import Operand, Term, product, subterms, symbol
from autograd.notation.typesetting import DIGITS, Latex, Mathematics, Style, upright
from autograd.primitives import Primitive
from autograd.value import Value, adjoints, given, topological_order

Detail = Literal["named", "all"]

MOST_PATHS = 8
"""So many paths are listed, unless more are asked for."""

FIRST_STEPS, LAST_STEPS = 5, 2
"""So many steps of a path are told, unless all are asked for; what lies between becomes one step, with its number."""

FIRST_EDGES, LAST_EDGES = 24, 12
"""So many edges of a path are looked at, to make these steps of."""

WIDTH = 80
"""Where the lines of several paths would be longer, they tell the numbers, and through what the path goes."""

MOST_INLINE = 4
"""A value without a name is written out if it takes so many names, numbers and operations at most."""

DIFFERENCES = (primitives.add, primitives.subtract)
"""ŷ − y says more than a number for it, even where ŷ itself is told by a number."""

MOST_MERGED = 3
"""So many rules that are not 1 are multiplied into one step: more nobody takes apart again."""

MOST_TOLD = 8
"""So many numbered values are told below."""

CANCELLED = 1e-12
"""Of the sum of |contributions|: a total that is smaller is what rounding left of paths that cancel."""


class Step(NamedTuple):
    """The derivative of one value with respect to another, along one path: rule and number.

    Of a long path the middle is one step, whose rule is not told.
    """

    upper: Value
    lower: Value
    rule: Operand
    partial: float


class Row(NamedTuple):
    """A line of an explanation: what is equal to what, and a word about it; or below, what a number stands for."""

    left: str
    right: str
    remark: str = ""
    below: bool = False


class PathTold:
    """One path from y to x: its steps, and what it adds to dy/dx."""

    def __init__(self, told: Explanation, path: Path) -> None:
        self._told = told
        self.path = path
        self.steps = told._steps(path)

    @property
    def contribution(self) -> float:
        """The product of the partials on the path."""
        return self.path.contribution

    @property
    def share(self) -> float | None:
        """The part of dy/dx that is this path's; None where the paths cancel to nothing, or to no number."""
        total = self._told.derivative
        if not math.isfinite(total) or abs(total) <= CANCELLED * self._told.size:
            return None
        return self.contribution / total

    @property
    def closed(self) -> Edge | None:
        """The first edge that lets nothing through; None where there is no such edge."""
        return next((edge for edge in self.path.edges if edge.partial == 0), None)

    def rows(self, style: Style) -> Iterator[Row]:
        """The chain rule, the rules, the numbers, the result; what would be said twice is left out."""
        left = self._told._quotient(self._told.y, self._told.x, style)
        if len(self.steps) > 1:
            yield Row(left, self.quotients(style), "the chain rule")
            left = ""
        rules, numbers = self.rules(style), self.numbers(style)
        if rules != numbers:
            yield Row(left, rules, "the rules" if len(self.steps) > 1 else "the rule")
            left = ""
        if len(self.steps) > 1:
            yield Row(left, numbers, "the numbers")
            left = ""
        yield Row(left, style.number(self.contribution))

    def quotients(self, style: Style) -> str:
        """∂J/∂ŷ · ∂ŷ/∂z"""
        return _times(style).join(self._told._quotient(step.upper, step.lower, style) for step in self.steps)

    def rules(self, style: Style) -> str:
        """(ŷ − y) · ŷ(1 − ŷ)"""
        if len(self.steps) == 1:
            return style.write(self.steps[0].rule)
        return _times(style).join(_apart(style.factor(step.rule), style) for step in self.steps)

    def numbers(self, style: Style) -> str:
        """−4.477 · 0.2495"""
        return _times(style).join(style.number(step.partial) for step in self.steps)

    def __repr__(self) -> str:
        return _lines(self._told._with_remarks(self, self._told._style(Mathematics)))


class Explanation:
    """dy/dx told: `derivative`, the number of paths `count`, and the largest of them, `paths`.

    `count` is None where the paths are too many to be counted exactly. Text, LaTeX and HTML say the same.
    """

    def __init__(self, y: Value, x: Value, detail: Detail, precision: int, most: int) -> None:
        if detail not in ("named", "all"):
            raise ValueError(f"detail is 'named' or 'all'; got {detail!r}")
        self.y, self.x, self.detail, self.precision = y, x, detail, precision
        self._names = Names(_order(y, x))
        self._all = Paths(y, x)
        self.derivative = adjoints(y).get(x, 0.0)
        self.count, self._magnitude = self._all.count, self._all.magnitude
        self.paths = [PathTold(self, path) for path in islice(self._all.largest_first(), most)]

    @property
    def depends(self) -> bool:
        """Whether y depends on x at all: a derivative of zero does not say that."""
        return bool(self._all)

    @property
    def remainder(self) -> float:
        """What the paths that are not listed add."""
        return self.derivative - math.fsum(told.contribution for told in self.paths) if self._unlisted else 0.0

    @cached_property
    def size(self) -> float:
        """The sum of |contribution| over the listed paths, to measure the derivative against."""
        return math.fsum(abs(told.contribution) for told in self.paths)

    # ---- the same in three ways

    def __repr__(self) -> str:
        return _lines(self.rows(self._style(Mathematics)))

    def latex(self) -> str:
        """LaTeX with a line for each row, aligned at the equals signs; without dollar signs."""
        lines = [
            rf"{row.left} &{'=' if row.right else ''} {row.right}"
            + (f" && {upright(row.remark)}" if row.remark else "")
            for row in self.rows(self._style(Latex))
        ]
        return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def _repr_html_(self) -> str:
        rows = ((row.left, _equals(row), row.remark) for row in self.rows(self._style(Mathematics)))
        lines = ("".join(map(_cell, row)) for row in rows)
        return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"

    def rows(self, style: Style) -> Iterator[Row]:
        """What is told, line by line."""
        if self.x is self.y:
            yield Row(self._quotient(self.y, self.x, style), "1", "it is the variable itself")
        elif not self.depends:
            remark = f"{self._names[self.y]} does not depend on {self._names[self.x]}"
            yield Row(self._quotient(self.y, self.x, style), "0", remark)
        elif self.count == 1:
            yield from self._with_remarks(self.paths[0], style)
        else:
            yield from self._several(style)

    def _with_remarks(self, told: PathTold, style: Style) -> Iterator[Row]:
        *before, last = told.rows(style)
        yield from before
        yield last._replace(remark=self._why_closed(told.closed) if told.closed else "")
        yield from self._where([told], style)

    def _several(self, style: Style) -> Iterator[Row]:
        count = f"{self.count:,}" if self.count is not None else f"about 10^{self._magnitude:.0f}"
        shown = f", the largest {len(self.paths)} of them" if self._unlisted else ", the largest first"
        total = style.number(self.derivative)
        yield Row(self._quotient(self.y, self.x, style), total, f"the sum over {count} paths{shown}")
        text = self._style(Mathematics)
        too_wide = any(len(" = ".join(self._equal(told, text))) > WIDTH for told in self.paths)
        lines = [" = ".join(self._equal(told, style)[-2 if too_wide else 0 :]) for told in self.paths]
        way = [self._way(told) if too_wide else "" for told in self.paths]
        alike: dict[tuple[str, str], list[PathTold]] = {}
        for line, through, told in zip(lines, way, self.paths):
            alike.setdefault((line, through), []).append(told)
        for (line, through), group in alike.items():
            yield Row("", line, (self._share(group) + through).strip())
        if self._unlisted:
            yield Row("", style.number(self.remainder), "all the others together")
        yield from self._where(self.paths, style)

    def _equal(self, told: PathTold, style: Style) -> list[str]:
        texts = [told.quotients(style), told.rules(style), told.numbers(style), style.number(told.contribution)]
        return list(dict.fromkeys(texts))

    def _way(self, told: PathTold) -> str:
        return f"   through {', '.join(self._names[step.lower] for step in told.steps[:-1])}"

    def _share(self, alike: Sequence[PathTold]) -> str:
        """The share of paths that read alike, or why they have none."""
        first, times = alike[0], f"{len(alike)} × " if len(alike) > 1 else ""
        if first.closed:
            return times + self._why_closed(first.closed)
        share = "" if first.share is None else f"{first.share:.1%}".replace("-", "−").replace("%", " %")
        return times + share if share else times and f"{len(alike)} times"

    @property
    def _unlisted(self) -> bool:
        return self.count is None or self.count > len(self.paths)

    # ---- the words

    def _style(self, kind: type[Style]) -> Style:
        return kind(self._names.__getitem__, self.precision)

    def _quotient(self, upper: Value, lower: Value, style: Style) -> str:
        over, under = (style.write(symbol(node)) for node in (upper, lower))
        if isinstance(style, Latex):
            return rf"\frac{{\partial {over}}}{{\partial {under}}}"
        return f"∂{_bracketed(over)}/∂{_bracketed(under)}"

    def _why_closed(self, edge: Edge) -> str:
        node, operand, style = edge.node, edge.operand, self._style(Mathematics)
        row: Primitive = node.primitive  # type: ignore[assignment]
        operation = f"{self._names[node]} = {style.write(_operation(node))}"
        if row.branch is None or row.vectors:
            return f"closed at {operation}: {self._quotient(node, operand, style)} is 0"
        convention = f", by convention ({row.ties})" if operand.data == 0 else ""
        at = f"{self._names[operand]} = {style.number(operand.data)}"
        return f"closed at {operation}: the slope is 0 at {at}{convention}"

    def _where(self, told: Sequence[PathTold], style: Style) -> Iterator[Row]:
        """The values that are told by a number, and what they are."""
        numbered = sorted({node for path in told for node in self._numbered(path)}, key=self._place.__getitem__)
        for node in numbered[-MOST_TOLD:][::-1]:
            value = style.number(node.data)
            text = f"{style.write(_operation(node))} = {value}" if node.primitive else value
            yield Row(style.write(symbol(node)), text, "" if node.primitive else "a leaf", below=True)
        if len(numbered) > MOST_TOLD:
            yield Row("", "", f"and {len(numbered) - MOST_TOLD:,} more values without a name", below=True)

    @cached_property
    def _place(self) -> dict[Value, int]:
        return {node: place for place, node in enumerate(self._names.order)}

    def _numbered(self, told: PathTold) -> Iterator[Value]:
        for step in told.steps:
            for node in (step.upper, step.lower, *_symbols(step.rule)):
                if node not in self._names.given:
                    yield node

    # ---- the steps

    def _steps(self, path: Path) -> list[Step]:
        edges = path.edges
        if self.detail == "all" or len(edges) <= FIRST_EDGES + LAST_EDGES:
            steps = self._segments(edges)
            if self.detail == "all" or len(steps) <= FIRST_STEPS + 1 + LAST_STEPS:
                return steps
            return self._abridged(steps, steps, path)
        return self._abridged(self._segments(edges[:FIRST_EDGES]), self._segments(edges[-LAST_EDGES:]), path)

    def _segments(self, edges: Sequence[Edge]) -> list[Step]:
        """The edges in steps that end at what has a name, and at what a rule beside it names by its number."""
        rules = list(map(self._rule, edges))
        named = [self._names.given.keys() | _symbols(rule) for rule in rules]
        steps, begun = [], 0
        for end, edge in enumerate(edges, start=1):
            merged = sum(type(rule) is Term for rule in rules[begun:end])
            last = end == len(edges) or self.detail == "all" or merged >= MOST_MERGED
            if last or edge.operand in named[end - 1] or edge.operand in named[end]:
                rule = product(iter(rules[begun:end]))
                steps.append(Step(edges[begun].node, edge.operand, rule, Path(tuple(edges[begun:end])).contribution))
                begun = end
        return steps

    def _abridged(self, first: list[Step], last: list[Step], path: Path) -> list[Step]:
        """The first of the first steps and the last of the last, with one step for what lies between."""
        first, last = first[:FIRST_STEPS], last[-LAST_STEPS:]
        upper, lower = first[-1].lower, last[0].upper
        nodes = [edge.node for edge in path.edges]
        between = path.edges[nodes.index(upper) : nodes.index(lower)]
        middle = Step(upper, lower, symbol(f"⋯ {len(between):,} more ⋯"), Path(between).contribution)
        return [*first, middle, *last]

    def _rule(self, edge: Edge) -> Operand:
        """The partial of an edge as a term: the formula of the table with the operands put in."""
        return next(islice(rules(edge.node, self._read, self._all.reached), edge.use, None))[1]

    def _read(self, operand: Value | float) -> Operand:
        if type(operand) is not Value:
            return operand
        written = self._written_out(operand, [MOST_INLINE])
        if not written and self.detail != "all" and operand.primitive in DIFFERENCES:
            return node_term(operand, lambda x: self._written_out(x, [1]) or symbol(x))
        return written or symbol(operand)

    def _written_out(self, node: Value, room: list[int]) -> Term | None:
        """A computed value without a name as the term that gives it; None where that would take too much room."""
        room[0] -= 1
        if node in self._names.given or node.primitive is None:
            return symbol(node)
        if room[0] < 0 or self.detail == "all" or room[0] < len(node.operands) - 1:
            return None
        room[0] -= sum(type(operand) is float for operand in node.operands)
        inside = {x: self._written_out(x, room) for x in node.operands if type(x) is Value}
        if not all(inside.values()):
            return None
        return node_term(node, inside.__getitem__)  # type: ignore[arg-type]


@given
def explain(
    y: Value, x: Value, *, detail: Detail = "named", precision: int = DIGITS, paths: int = MOST_PATHS
) -> Explanation:
    """Why dy/dx has its value: the chain rule along the paths from y to x, with the rules and the numbers put in.

    x may be any Value. `detail="all"` shows each executed factor and leaves out none; `precision=17` gives all digits;
    of several paths the largest are listed, as many as `paths` says. Changes nothing. Raises StaleGraph when a leaf
    was written since y was recorded, TypeError for what is no Value, ValueError for an unknown detail.
    """
    for value in (y, x):
        if type(value) is not Value:
            raise TypeError(f"explain needs two Values, y and x; got {type(value).__name__} {value!r}")
    return Explanation(y, x, detail, precision, paths)


def _order(y: Value, x: Value) -> list[Value]:
    order = topological_order(y)
    return order if x in set(order) else [x, *order]


def _operation(node: Value) -> Operand:
    return node_term(node, by_name)


def _symbols(rule: Operand) -> list[Value]:
    return [term.symbol for term in subterms(rule) if type(term.symbol) is Value] if type(rule) is Term else []


def _bracketed(name: str) -> str:
    return name if re.fullmatch(r"[^\s+*/·()−-]+", name) else f"({name})"


def _apart(factor: str, style: Style) -> str:
    """The factor, in brackets where it is a product itself, so that each step has one factor and one number."""
    parts = factor.split(_times(style))
    depths = accumulate(part.count("(") - part.count(")") for part in parts[:-1])
    return style.brackets.format(factor) if 0 in depths else factor


def _times(style: Style) -> str:
    return r" \cdot " if isinstance(style, Latex) else " · "


def _cell(text: str) -> str:
    return f'<td style="text-align:left;white-space:nowrap;padding:0 1.5em 0 0">{html.escape(text)}</td>'


def _equals(row: Row) -> str:
    return f"= {row.right}" if row.right else ""


def _lines(rows: Iterator[Row]) -> str:
    """The rows as text, with the equals signs and the remarks one below the other, and the numbered values apart."""
    listed = list(rows)
    main = [row for row in listed if not row.below]
    left, right = (max(len(text) for text in texts) for texts in zip(*((row.left, _equals(row)) for row in main)))
    lines = [f"{row.left:>{left}} {_equals(row):<{right}}   {row.remark}" for row in main]
    below = [f"{row.left} {_equals(row)}   {row.remark}".strip() for row in listed if row.below]
    lines += [f"{'':>{left}} {'' if place else 'where':5} {line}" for place, line in enumerate(below)]
    return "\n".join(line.rstrip() for line in lines)
