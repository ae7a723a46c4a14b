"""The parts of a graph: its Values, the plain numbers in it, and every use of them.

A number that stands in a vector which several nodes share, as the neurons of a layer share their inputs, is one part.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from autograd.value import Operand, Value

EDGES_PER_NODE = 4
"""What is legible has at most so many times as many edges as nodes."""

Place: TypeAlias = "tuple[Value, int]"
"""An operand by its node and its place in `node.operands`."""


class Number(NamedTuple):
    """A plain number, by the node that uses it first, and its place in `node.operands`."""

    node: Value
    place: int
    data: float


Part: TypeAlias = "Value | Number"


class Vector(NamedTuple):
    """What a node uses, in order; `key` is that of the vector which other nodes may share."""

    key: Hashable
    parts: list[Part]


class Use(NamedTuple):
    """The part that a node uses at a place of `node.operands`."""

    node: Value
    place: int
    part: Part


class Size(NamedTuple):
    """How large a picture is."""

    nodes: int
    edges: int

    def fits(self, most: Size) -> bool:
        """Whether a picture may be so large."""
        return self.nodes <= most.nodes and self.edges <= most.edges

    def __str__(self) -> str:
        return f"{self.nodes:,} nodes and {self.edges:,} edges"


def largest(max_nodes: int) -> Size:
    """The largest picture of at most so many nodes: with more edges nobody could read it, and it would take minutes.

    Raises TypeError for what is no whole number, ValueError for one below 1.
    """
    if not isinstance(max_nodes, int):
        raise TypeError(f"max_nodes is a whole number; got {type(max_nodes).__name__} {max_nodes!r}")
    if max_nodes < 1:
        raise ValueError(f"max_nodes is a number of nodes, 1 or more; got {max_nodes}")
    return Size(max_nodes, EDGES_PER_NODE * max_nodes)


def too_large(sizes: Sequence[str], most: Size, advice: str, what: str = "a picture") -> ValueError:
    """The refusal of a picture that would have these sizes."""
    return ValueError(
        f"this graph has {', collapsed '.join(sizes)}; {what} has at most {most}: draw a part of it (an inner"
        f" Value), raise max_nodes{advice}"
    )


class Parts:
    """The parts of the graph whose Values are in `order`, each after its operands."""

    def __init__(self, order: Sequence[Value]) -> None:
        self.order = order
        self._vectors: dict[int, Vector] = {}

    def vectors(self, node: Value) -> list[Vector]:
        """The operands of a node: vectors as they are, all others as one vector, which nobody shares."""
        if not node.vectors:
            return [Vector(node, _parts(node, node.operands, 0))]
        starts = range(0, len(node.operands), len(node.vectors[0]))
        return [self._shared(node, vector, start) for vector, start in zip(node.vectors, starts)]

    def _shared(self, node: Value, vector: tuple[Operand, ...], start: int) -> Vector:
        key = id(vector)
        if key not in self._vectors:
            self._vectors[key] = Vector(key, _parts(node, vector, start))
        return self._vectors[key]

    def uses(self, node: Value) -> Iterator[Use]:
        """The uses by a node, in the order of `local_partials`: vectors element by element."""
        columns = [vector.parts for vector in self.vectors(node)]
        length = len(columns[0])
        elements = (enumerate(element) for element in zip(*columns))
        for index, element in enumerate(elements):
            for column, part in element:
                yield Use(node, column * length + index, part)

    @property
    def size(self) -> Size:
        """The size of a picture with a node for each part and an edge for each use."""
        numbers: set[Number] = set()
        edges = 0
        seen: set[Hashable] = set()
        for node in self.order:
            for key, parts in self.vectors(node):
                edges += len(parts)
                if key not in seen:
                    seen.add(key)
                    numbers.update(part for part in parts if type(part) is Number)
        return Size(len(self.order) + len(numbers), edges)


def _parts(node: Value, operands: Sequence[Operand], start: int) -> list[Part]:
    return [
        operand if type(operand) is Value else Number(node, place, operand)
        for place, operand in enumerate(operands, start)
    ]
