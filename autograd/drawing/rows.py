"""Where the nodes of a sketch in rows stand: row after row along the direction, each with its middle on one line.

Graphviz finds places itself, but neither an order that it keeps nor middles that agree; here they follow from the rows,
so that a network of neurons is symmetrical. Lengths are in inches. Sizes of texts are estimates, on the large side.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from autograd.drawing.looks import NODES
from autograd.drawing.sketches import Edge, Node, Sketch

LETTER, LINE = 0.1, 0.21
"""The width and the height of a letter in a node."""

LARGER = 1.2
"""How much larger a letter of a name is."""

SMALL_LETTER, SMALL_LINE = 0.08, 0.16
"""The same for the text of an edge."""

APART = 0.22
"""Between neighbours in a row."""

ROOM = 1.2
"""Between rows, at least."""

CLEAR = 0.2
"""Between the text of an edge and a node."""

STEEPEST = 0.45
"""Rows are at least so many times their length apart: no line between their ends then runs over a neighbour of one."""

ACROSS = {"LR": (0, -1), "RL": (0, -1), "TB": (1, 0), "BT": (1, 0)}
ALONG = {"LR": (1, 0), "RL": (-1, 0), "TB": (0, -1), "BT": (0, 1)}
"""The steps to the right and up from a node to the next one in its row, and from a row to the next one."""


class Place(NamedTuple):
    """To the right, and up."""

    x: float
    y: float


class Size(NamedTuple):
    """Width and height, or the extents along the direction and across it."""

    width: float
    height: float


class Places(NamedTuple):
    """Where the middles of the nodes stand, of the texts of the edges, by their place, and of the titles of the rows.

    `circle` is the diameter of all circles, which is that of the largest.
    """

    nodes: Mapping[str, Place]
    texts: Mapping[int, Place]
    titles: Sequence[Place]
    circle: float


def places_of(sketch: Sketch) -> Places:
    """The places in a sketch of which every node stands in a row."""
    return _Rows(sketch).places()


class _Rows:
    def __init__(self, sketch: Sketch) -> None:
        nodes = {node.name: node for node in sketch.nodes}
        self.sketch = sketch
        self.rows = [[nodes[name] for name in row] for row in sketch.rows]
        self.of = {name: (i, j) for i, row in enumerate(sketch.rows) for j, name in enumerate(row)}
        self.is_flat = sketch.direction in ("LR", "RL")
        self.circle = max((_size(node).width for node in sketch.nodes if _is_circle(node)), default=0.0)
        self.texts = [(place, edge) for place, edge in enumerate(sketch.edges) if edge.text]
        self.text = self._turned(_text_size(edge for _, edge in self.texts))
        self.fractions = self._fractions()
        self.pitch = self._pitch()
        self.longest = (max(map(len, self.rows)) - 1) * self.pitch
        self.starts = self._starts()

    def places(self) -> Places:
        nodes = {name: self._place(self.starts[i], self._offset(i, j)) for name, (i, j) in self.of.items()}
        texts = {place: self._between(edge, nodes) for place, edge in self.texts}
        return Places(nodes, texts, self._titles(), self.circle)

    def _place(self, along: float, across: float) -> Place:
        (dx, dy), (ax, ay) = ALONG[self.sketch.direction], ACROSS[self.sketch.direction]
        return Place(dx * along + ax * across, dy * along + ay * across)

    def _turned(self, size: Size) -> Size:
        """Along and across, of a width and a height."""
        return size if self.is_flat else Size(size.height, size.width)

    def _extent(self, node: Node) -> Size:
        return Size(self.circle, self.circle) if _is_circle(node) else self._turned(_size(node))

    def _offset(self, i: int, j: int) -> float:
        """How far a node stands from the middle of its row."""
        return (j - (len(self.rows[i]) - 1) / 2) * self.pitch

    def _pitch(self) -> float:
        """From a node to the next one in its row: room for both, and for the texts of edges beside each other."""
        nodes = max(self._extent(node).height for row in self.rows for node in row) + APART
        beside = max((1 / abs(fraction) for fraction in self.fractions.values()), default=0.0)
        return max(nodes, beside * self.text.height)

    def _starts(self) -> list[float]:
        """Where each row stands along the direction."""
        starts = [0.0]
        for i, (row, following) in enumerate(pairwise(self.rows)):
            deep = max(self._extent(node).width for node in (*row, *following))
            beside = (deep / 2 + CLEAR + self.text.width / 2) / abs(self.fractions.get(i, math.inf))
            starts.append(starts[-1] + max(deep + ROOM, beside, STEEPEST * self.longest))
        return starts

    def _fractions(self) -> dict[int, float]:
        """For each row how far from it the texts of its edges stand, as a part of their way; negative: from its end.

        Edges from n nodes a pitch apart to m others are, at the fraction 1 / (m + 1) of their way, in n groups that
        follow each other without a gap: the texts are equally far apart. With n < m the same is true at the other end.
        """
        ends: dict[int, list[tuple[int, int]]] = {}
        for _, edge in self.texts:
            (i, tail), (_, head) = self.of[edge.tail], self.of[edge.head]
            ends.setdefault(i, []).append((tail, head))
        return {i: _fraction(*map(_span, zip(*pairs))) for i, pairs in ends.items()}

    def _between(self, edge: Edge, nodes: Mapping[str, Place]) -> Place:
        fraction = self.fractions[self.of[edge.tail][0]] % 1
        (x0, y0), (x1, y1) = nodes[edge.tail], nodes[edge.head]
        return Place(x0 + fraction * (x1 - x0), y0 + fraction * (y1 - y0))

    def _titles(self) -> list[Place]:
        """All in one line, before the first node of the longest row."""
        widest = max((LETTER * len(title) for title in self.sketch.titles), default=0.0)
        across = self.longest / 2 + self.pitch / 2 + self._turned(Size(widest, LINE)).height / 2
        return [self._place(start, -across) for start in self.starts]


def _is_circle(node: Node) -> bool:
    return NODES[node.look].shape == "circle"


def _span(places: Sequence[int]) -> int:
    return max(places) - min(places) + 1


def _fraction(tails: int, heads: int) -> float:
    return 1 / (heads + 1) if tails >= heads else -1 / (tails + 1)


def _size(node: Node) -> Size:
    """The size of a node; of a circle, its diameter twice."""
    title = " ".join(part for part in (node.symbol, node.label, node.remark) if part)
    letters = max(LARGER * (len(title) + 2 * bool(node.symbol)), *(len(line.text) for line in node.lines), 0)
    width, height = LETTER * letters, LINE * (LARGER * bool(title) + len(node.lines))
    if _is_circle(node):
        # Graphviz adds to the width what the height leaves of the circle, if that is enough
        diameter = max(math.hypot(width, height), math.sqrt(2) * height + 0.01)
        return Size(diameter, diameter)
    return Size(width + 0.3, height + 0.1)


def _text_size(edges: Iterable[Edge]) -> Size:
    """The size of the longest text of an edge, with some space around it."""
    longest = max((len(edge.text) for edge in edges), default=0)
    return Size(SMALL_LETTER * longest + 0.12, SMALL_LINE)
