"""The legend of a picture: a node of each look that there is in it, which says what it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from autograd.drawing.looks import NODES
from autograd.drawing.sketches import Edge, Line, Node


class Legend(NamedTuple):
    """What is added to a picture; its edges, which nobody sees, make it a row."""

    nodes: Sequence[Node] = ()
    edges: Sequence[Edge] = ()


def legend_of(nodes: Iterable[Node]) -> Legend:
    """The legend of these nodes, in the order of the style sheet."""
    looks = sorted({node.look for node in nodes}, key=list(NODES).index)
    shown = [Node(f"legend{place}", look, lines=[Line(look)]) for place, look in enumerate(looks)]
    return Legend(shown, [Edge(before.name, after.name, "hidden") for before, after in pairwise(shown)])
