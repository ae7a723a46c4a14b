"""The legend of a picture: a node of each look that there is in it, which says what it is."""

from __future__ import annotations

from itertools import pairwise

from autograd.drawing.looks import NODES
from autograd.drawing.sketches import Edge, Line, Node, Sketch


def with_legend(sketch: Sketch) -> Sketch:
    """The sketch with its legend, in the order of the style sheet; edges that nobody sees make it a row."""
    looks = sorted({node.look for node in sketch.nodes}, key=list(NODES).index)
    shown = [Node(f"legend{place}", look, lines=[Line(look)]) for place, look in enumerate(looks)]
    row = [Edge(before.name, after.name, "hidden") for before, after in pairwise(shown)]
    return sketch._replace(nodes=[*sketch.nodes, *shown], edges=[*sketch.edges, *row])
