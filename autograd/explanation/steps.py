"""A path cut into the steps in which people tell it: from named value to named value.

What was executed in between is multiplied, and put in order by `terms`. What has no name is written out where it is
small; else a rule names it by its number, and the path has a step that ends there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from typing import Literal, NamedTuple

from autograd import primitives
from autograd.explanation.paths import Edge, Path
from autograd.notation.graphs import node_term
from autograd.notation.names import Names
from autograd.notation.rules import rule
from autograd.notation.terms import Operand, Term, product, subterms, symbol
from autograd.value import Value

Detail = Literal["named", "all"]

FIRST_EDGES, LAST_EDGES = 24, 12
"""Of a long path so many edges are looked at, to make its first and its last steps of."""

MOST_INLINE = 4
"""A value without a name is written out if it takes so many names, numbers and operations at most."""

DIFFERENCES = (primitives.add, primitives.subtract)
"""ŷ − y says more than a number for it, even where ŷ itself is told by a number."""

MOST_MERGED = 3
"""So many rules that are not 1 are multiplied into one step: more nobody takes apart again."""


class Step(NamedTuple):
    """The derivative of one value with respect to another, along one path: rule and number.

    Of a long path the middle is one step, whose rule is not told.
    """

    upper: Value
    lower: Value
    rule: Operand
    partial: float


class Cutter:
    """Cuts paths of one graph."""

    def __init__(self, names: Names, detail: Detail) -> None:
        self.names = names
        self.is_whole = detail == "all"

    def steps(self, path: Path, first: int, last: int) -> list[Step]:
        """The steps of a path, each beginning where the one before it ends; of many so many first and last ones."""
        edges = path.edges
        if self.is_whole or len(edges) <= FIRST_EDGES + LAST_EDGES:
            steps = self._segments(edges)
            if self.is_whole or len(steps) <= first + 1 + last:
                return steps
            return _abridged(steps[:first], steps[-last:], path)
        head, tail = self._segments(edges[:FIRST_EDGES]), self._segments(edges[-LAST_EDGES:])
        return _abridged(head[:first], tail[-last:], path)

    def _segments(self, edges: Sequence[Edge]) -> list[Step]:
        """The edges in steps that end at what has a name, and at what a rule beside it names by its number."""
        found = list(map(self._rule, edges))
        told = [symbols(rule) for rule in found]
        steps, begun = [], 0
        for end, edge in enumerate(edges, start=1):
            is_last = end == len(edges) or self.is_whole or edge.operand in self.names.given
            merged = sum(type(rule) is Term for rule in found[begun:end])
            if is_last or merged >= MOST_MERGED or edge.operand in told[end - 1] or edge.operand in told[end]:
                steps.append(_step(edges[begun:end], found[begun:end]))
                begun = end
        return steps

    def _rule(self, edge: Edge) -> Operand:
        """The partial of an edge as a term: the formula of the table with the operands put in."""
        return rule(edge.node, edge.place, edge.partial, self._read)

    def _read(self, operand: Value | float) -> Operand:
        if type(operand) is not Value:
            return operand
        written = self._written_out(operand, [MOST_INLINE])
        if not written and not self.is_whole and operand.primitive in DIFFERENCES:
            return node_term(operand, lambda x: self._written_out(x, [1]) or symbol(x))
        return written or symbol(operand)

    def _written_out(self, node: Value, room: list[int]) -> Term | None:
        """A computed value without a name as the term that gives it; None where that would take too much room."""
        room[0] -= 1
        if node in self.names.given or node.primitive is None:
            return symbol(node)
        if room[0] < 0 or self.is_whole or room[0] < len(node.operands) - 1:
            return None
        room[0] -= sum(type(operand) is float for operand in node.operands)
        inside = {x: self._written_out(x, room) for x in node.operands if type(x) is Value}
        if not all(inside.values()):
            return None
        return node_term(node, inside.__getitem__)  # type: ignore[arg-type]


def symbols(rule: Operand) -> set[Value]:
    """The Values that a rule names."""
    return {term.symbol for term in subterms(rule) if type(term.symbol) is Value} if type(rule) is Term else set()


def _step(edges: Sequence[Edge], found: Sequence[Operand]) -> Step:
    partial = Path(tuple(edges)).contribution
    rule = product(iter(found))
    if math.isnan(partial) and rule == 0:  # 0 · inf: left as it stands, for 0 times anything else is 0
        rule = reduce(lambda left, right: Term(primitives.multiply, (left, right)), found)
    return Step(edges[0].node, edges[-1].operand, rule, partial)


def _abridged(first: list[Step], last: list[Step], path: Path) -> list[Step]:
    """The first steps and the last, with one step for what lies between."""
    upper, lower = first[-1].lower, last[0].upper
    nodes = [edge.node for edge in path.edges]
    between = path.edges[nodes.index(upper) : nodes.index(lower)]
    middle = Step(upper, lower, symbol(f"⋯ {len(between):,} more ⋯"), Path(between).contribution)
    return [*first, middle, *last]
