"""The paths along which a value depends on another: how many there are, and which carry most of the derivative.

The chain rule sums over paths: dy/dx is the sum, over the paths from y down to x, of the product of the partials on
them. There can be more paths than atoms; they are counted without being listed, and listed from the largest on.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from typing import Any, NamedTuple

from autograd.derivatives import between, local_partials
from autograd.notation.rules import places
from autograd.primitives import is_constant_zero
from autograd.value import Value

MOST_COUNTED = 10**15
"""A larger number of paths is only known by its logarithm."""


class Edge(NamedTuple):
    """One use of an operand by a node: its place in `node.operands`, and the partial derivative there."""

    node: Value
    operand: Value
    place: int
    partial: float
    constant_zero: bool


class Path(NamedTuple):
    """The edges from y down to x."""

    edges: tuple[Edge, ...]

    @property
    def contribution(self) -> float:
        """The product of the partials: what this path adds to dy/dx. What is constantly 0 stops an infinite one."""
        if any(edge.constant_zero for edge in self.edges):
            return 0.0
        return math.prod(edge.partial for edge in self.edges)


class Paths:
    """All paths from y to x. Raises StaleGraph when a leaf below y was written since it was recorded."""

    def __init__(self, y: Value, x: Value) -> None:
        nodes, self.reached = between(y, [x])
        self.y, self.x = y, x
        self._edges = {node: _edges(node, self.reached) for node in nodes}
        self._sizes: dict[Value, float] = {x: 0.0}
        for node in nodes:
            self._sizes[node] = max(map(self._size_below, self._edges[node]))
        self.count, self.magnitude = self._counted(nodes)

    def __bool__(self) -> bool:
        """Whether y depends on x."""
        return self.y in self.reached

    def largest_first(self) -> Iterator[Path]:
        """The paths in the order of their size |contribution|; those that carry NaN come first.

        Best first, guided by the largest product that can still come below each node: nothing is enumerated in vain.
        """
        # (what is lost beside the largest path, minus the depth, a number that settles ties), where, how one came there
        waiting: list[tuple[float, int, int, Value, Any]] = [(0.0, 0, 0, self.y, None)] if self else []
        pushed = 0
        while waiting:
            lost, depth, _, node, trail = heappop(waiting)
            if node is self.x:
                yield Path(_unwound(trail))
                continue
            for edge in self._edges[node]:
                pushed += 1
                below = lost + self._loss(node, edge)
                heappush(waiting, (below, depth - 1, pushed, edge.operand, (edge, trail)))

    def _loss(self, node: Value, edge: Edge) -> float:
        """By how much, as a logarithm, the best path below the edge is smaller than the best below the node."""
        best, here = self._sizes[node], self._size_below(edge)
        return 0.0 if here == best else best - here

    def _size_below(self, edge: Edge) -> float:
        """The logarithm of the largest product that begins with this edge; 0 · inf is NaN, and counts as infinite."""
        size = _size(edge) + self._sizes[edge.operand]
        return math.inf if math.isnan(size) else size

    def _counted(self, nodes: Sequence[Value]) -> tuple[int | None, float]:
        """How many paths there are, None for more than can be counted, and the decimal logarithm of their number."""
        counts: dict[Value, int] = {self.x: 1}
        logarithms: dict[Value, float] = {self.x: 0.0}
        for node in nodes:
            operands = [edge.operand for edge in self._edges[node]]
            counts[node] = min(MOST_COUNTED, sum(counts[operand] for operand in operands))
            largest = max(logarithms[operand] for operand in operands)
            logarithms[node] = largest + math.log10(sum(10 ** (logarithms[x] - largest) for x in operands))
        count = counts.get(self.y, 0)
        return (count if count < MOST_COUNTED else None), logarithms.get(self.y, -math.inf)


def _edges(node: Value, reached: set[Value]) -> list[Edge]:
    return [
        Edge(node, operand, place, float(partial), is_constant_zero(partial))
        for place, (operand, partial) in zip(places(node, reached), local_partials(node, among=reached))
    ]


def _size(edge: Edge) -> float:
    """log |partial|, with which products are sums that neither overflow nor vanish; NaN counts as infinite."""
    if edge.partial == 0:
        return -math.inf
    return math.log(abs(edge.partial)) if math.isfinite(edge.partial) else math.inf


def _unwound(trail: Any) -> tuple[Edge, ...]:
    edges = []
    while trail is not None:
        edge, trail = trail
        edges.append(edge)
    return tuple(reversed(edges))
