"""The slope of a node with respect to one just below it, such as f'(z) of an activation, as number and as formula.

Only what lies between the two is looked at, however large the graph below. The partials are the table's; the formula is
that of one element, and the styles here write it for vectors, where the product of two of them is ⊙.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd import primitives
from autograd.derivatives import local_partials
from autograd.namespaces import floats
from autograd.notation.graphs import node_term
from autograd.notation.terms import Operand, Term, algebra, symbol
from autograd.notation.typesetting import Latex, Mathematics, Style, Written
from autograd.primitives import PRODUCT, is_constant_zero
from autograd.value import Value, value_operands, walk

Z, Y = symbol("z"), symbol("y")
"""The symbols of a formula: the two nodes."""


def slope(y: Value, z: Value) -> float:
    """dy/dz as a number, along all that lies between; 0 where y was not computed from z."""
    return float(_slope(y, z, _between(y, z), floats, lambda x: x.data if type(x) is Value else x))


def slope_formula(y: Value, z: Value) -> Operand:
    """dy/dz in the symbols `Y` and `Z`; what lies between is written out, and other Values are their numbers."""
    inner = _between(y, z)
    terms: dict[Any, Operand] = {z: Z}

    def read(operand: Any) -> Operand:
        return terms[operand] if operand in terms else operand.data if type(operand) is Value else operand

    for node in inner:
        terms[node] = Y if node is y else node_term(node, read)
    formula: Operand = _slope(y, z, inner, algebra, read)
    return formula


def _between(y: Value, z: Value) -> list[Value]:
    """The nodes that were computed from z on the way to y, each after its operands, y the last; nothing if y is z."""
    reached, nodes = {z}, []
    for node in walk(y, {z: 0.0})[1]:  # z counts as seen: nothing below it is walked
        if any(operand in reached for operand in value_operands(node)):
            reached.add(node)
            nodes.append(node)
    return nodes


def _slope(y: Value, z: Value, inner: list[Value], xp: Any, read: Callable[[Any], Any]) -> Any:
    """The chain rule from y back to z, with the numbers of the namespace."""
    found: dict[Value, Any] = {y: 1.0}
    among = {z, *inner}
    for node in reversed(inner):
        for operand, partial in local_partials(node, xp, read, among):
            if node in found and not is_constant_zero(partial):
                contribution = found[node] * partial
                found[operand] = found[operand] + contribution if operand in found else contribution
    return found.get(z, 0.0)


class _Elementwise(Style):
    """A style in which every symbol is a vector: y(1 − y) is written y ⊙ (1 − y), and a square is y ⊙ y."""

    times: str

    def _term(self, term: Term, known: dict[int, Written]) -> Written:
        factors = _factors(term)
        if factors is None:
            return super()._term(term, known)
        # unlike for other products, the order of doing does not matter: a ⊙ b ⊙ c needs no brackets
        texts = [known[id(factor)].within(PRODUCT, self.brackets) for factor in factors]
        return Written(f" {self.times} ".join(texts), PRODUCT)

    def factor(self, root: Operand) -> str:
        """As for any style, with brackets also around what starts with a minus sign: a ⊙ (−b)."""
        text = super().factor(root)
        return self.brackets.format(text) if text[0] in "-−" else text


def _factors(term: Term) -> tuple[Term, Term] | None:
    """The two vectors that a term multiplies element by element, if it does."""
    if term.row not in (primitives.multiply, primitives.power):
        return None
    x, y = term.operands
    if term.row is primitives.power:
        return (x, x) if y == 2.0 and x.row is None else None
    return (x, y) if type(x) is Term and type(y) is Term else None


class ElementwiseText(_Elementwise, Mathematics):
    """`y ⊙ (1 − y)`"""

    times = "⊙"


class ElementwiseLatex(_Elementwise, Latex):
    r"""`y \odot \left(1 - y\right)`"""

    times = r"\odot"
