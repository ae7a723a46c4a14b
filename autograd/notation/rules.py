"""The rule of a node as people read it: its operation and each local derivative as a term, with the operands put in."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from typing import Any

from autograd.derivatives import local_partials
from autograd.notation.graphs import node_term
from autograd.notation.terms import Operand, Term, algebra, symbol
from autograd.value import Value

ELLIPSIS = symbol("…")


def by_name(operand: Value | float) -> Operand:
    """A Value as a symbol, a constant as it is."""
    return symbol(operand) if type(operand) is Value else operand


def operation(node: Value, most: int, read: Callable[[Value], Operand] = symbol) -> Term:
    """The operation of a node as a term, with the first `most` operands of each vector and an ellipsis for the others.

    `read` says what stands for an operand that is a Value. A leaf is its own symbol.
    """
    if not node.vectors:
        return node_term(node, read)
    return Term(node.primitive, tuple(_abridged(vector, most, read) for vector in node.vectors))


def rules(node: Value) -> Iterator[tuple[Value, Operand]]:
    """Each operand of a node that is a Value, in order and as often as used, with the partial for that use as a term.

    The uses are those of `local_partials`.
    """
    for place, (operand, partial) in zip(places(node), local_partials(node)):
        yield operand, rule(node, place, partial)


def rule(node: Value, place: int, partial: float, read: Callable[[Any], Operand] = by_name) -> Operand:
    """The formula of the partial for the operand at a place of `node.operands`, as a term.

    Of a maximum it reads as for one element alone, since what those before it took where they tie would fill pages;
    where the number `partial` says that others took all, it is 0.
    """
    row = node.primitive
    if row is None or (row.selects and not partial):
        return 0.0
    formula, element = divmod(place, _length(node))
    operands = [vector[element] for vector in node.vectors] if node.vectors else node.operands
    return row.partials[formula](algebra, *map(read, operands), read(node))  # type: ignore[no-any-return]


def places(node: Value, among: Container[Value] | None = None) -> Iterator[int]:
    """Where in `node.operands` its Values are, or those `among` the given ones, in the order of `local_partials`."""
    operands = node.operands
    values = (place for place in _all_places(node) if type(operands[place]) is Value)
    return values if among is None else (place for place in values if operands[place] in among)


def _all_places(node: Value) -> Iterator[int]:
    """The places of all operands, constants included, in the order of `local_partials`: vectors element by element."""
    size, length = len(node.operands), _length(node)
    return (place for element in range(length) for place in range(element, size, length))


def _length(node: Value) -> int:
    """The length of the node's vectors; 1 where its operands are numbers."""
    return len(node.vectors[0]) if node.vectors else 1


def _abridged(vector: Sequence[Value | float], most: int, read: Callable[[Value], Operand]) -> tuple[Operand, ...]:
    shown = (read(operand) if type(operand) is Value else operand for operand in vector[:most])
    return (*shown, *[ELLIPSIS] * (len(vector) > most))
