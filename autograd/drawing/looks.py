"""The style sheet of all pictures. Kinds differ in shape or line, not in colour alone: they are told apart in print.

The colours are tints and shades of the Okabe-Ito palette, which people see alike whatever their colour vision.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Look(NamedTuple):
    """How a kind of node looks. `margin` is in inches, `peripheries` counts the lines around it."""

    shape: str
    fillcolor: str
    color: str
    style: str = "filled"
    margin: str = "0.08,0.05"
    peripheries: str = "1"


INK, PAPER, FAINT = "#1b1f24", "#ffffff", "#6b7682"
"""The colours of text, of what is behind it, of remarks and edges."""

DERIVATIVE = "#a63a00"
"""The colour of everything that is a derivative."""

LIT = "#d55e00"
"""The colour of the lines around, and between, what is highlighted."""

PALE = "#c3cad1"
"""The colour of the lines and texts of what is left in the background."""

FONT = "Helvetica,Arial,DejaVu Sans,sans-serif"

NODES: Mapping[str, Look] = {
    "input": Look("cylinder", "#dcecf7", "#005a8c", margin="0.1,0.05"),
    "parameter": Look("component", "#fdf1d3", "#8a6100", margin="0.14,0.05"),
    "target": Look("box", "#f6e3ef", "#8c3f6d", peripheries="2"),
    "constant": Look("ellipse", PAPER, "#8c8c8c", margin="0.03,0.02"),
    "leaf": Look("note", "#f7f4ec", "#5d5747", margin="0.1,0.05"),
    "computed": Look("box", "#eef3f8", "#34506b", style="filled,rounded"),
    "collapsed": Look("box3d", "#e3f1ea", "#00664b", margin="0.12,0.08"),
    "feature": Look("box", "#dcecf7", "#005a8c", margin="0.14,0.08"),
    "neuron": Look("circle", "#eef3f8", "#34506b", margin="0,0"),
    "loss": Look("octagon", "#f6e3ef", "#8c3f6d", margin="0.15,0.05"),
    "rest": Look("box", PAPER, PALE, style="filled,rounded", margin="0.04,0.02"),
    "weights": Look("box", "#dcecf7", "#005a8c", margin="0.08,0.05"),
    "vector": Look("box", "#eef3f8", "#34506b", style="filled,rounded", margin="0.08,0.05"),
}


class Stroke(NamedTuple):
    """How a kind of edge looks."""

    color: str = FAINT
    style: str = "solid"
    fontcolor: str = DERIVATIVE
    arrowhead: str = "normal"


EDGES: Mapping[str, Stroke] = {
    "operand": Stroke(),
    "constant": Stroke(style="dashed"),
    "hidden": Stroke(style="invis"),
    "adjoint": Stroke(color=DERIVATIVE, style="dashed", arrowhead="vee"),
    "stud": Stroke("#a9b1b9", arrowhead="none"),
    "positive": Stroke("#0072b2", fontcolor="#005a8c", arrowhead="none"),
    "negative": Stroke("#d55e00", "dashed", fontcolor="#a63a00", arrowhead="none"),
    "zero": Stroke("#a9b1b9", fontcolor=FAINT, arrowhead="none"),
    "unknown": Stroke("#a9b1b9", fontcolor=FAINT, arrowhead="odot"),
}
