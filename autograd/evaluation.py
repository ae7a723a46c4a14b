"""A recorded graph computed again, from other numbers or in another arithmetic, while the graph stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograd.namespaces import floats
from autograd.primitives import Primitive
from autograd.value import Operand, Value, walk


def evaluate(y: Value, numbers: Mapping[Value, Any], xp: Any = floats) -> Any:
    """The value of y in the namespace `xp` when the Values in `numbers` have these numbers.

    Leaves that are not named keep their data. A computed Value that is named is not computed, but taken as given.
    Outside a domain the answer is that of the namespace: floats give IEEE's, fractions raise TypeError.
    """
    return _evaluated(y, numbers, xp)[y]


def branches(y: Value, numbers: Mapping[Value, Any]) -> Iterator[tuple[str, tuple[float, ...]]]:
    """For each node with a kink or a jump, in order, its primitive and on which side of the kink it is.

    Two points with different branches have a kink between them, and differences across it say nothing.
    """
    known = _evaluated(y, numbers, floats)
    for node in walk(y)[1]:
        row = node.primitive
        if row is None or row.branch is None:
            continue
        operands = [_read(vector, known, floats) for vector in node.vectors] or _read(node.operands, known, floats)
        yield row.name, side(row, operands, known[node])


def side(row: Primitive, operands: Sequence[Any], out: float) -> tuple[float, ...]:
    """On which side of its kinks a primitive with a `branch` is: for vectors, each of their elements."""
    if row.branch is None:
        return ()
    if row.vectors:
        return tuple(row.branch(floats, *element, out) for element in zip(*operands))
    return (row.branch(floats, *operands),)


def is_checked(node: Value) -> bool:
    """Whether a computed node was recorded with the check of its domain, which derivatives are not."""
    return node._rule is not None and node._rule.key.checked


def _evaluated(y: Value, numbers: Mapping[Value, Any], xp: Any) -> dict[Value, Any]:
    leaves, inner = walk(y)
    known = {leaf: xp.number(leaf.data) for leaf in leaves}
    known.update(numbers)
    for node in inner:
        if node not in numbers:
            known[node] = _value(node, known, xp)
    return known


def _value(node: Value, known: Mapping[Value, Any], xp: Any) -> Any:
    if node.vectors:
        return node.primitive.value(xp, *[_read(vector, known, xp) for vector in node.vectors])  # type: ignore[union-attr]
    return node.primitive.value(xp, *_read(node.operands, known, xp))  # type: ignore[union-attr]


def _read(operands: tuple[Operand, ...], known: Mapping[Value, Any], xp: Any) -> list[Any]:
    return [known[operand] if type(operand) is Value else xp.number(operand) for operand in operands]
