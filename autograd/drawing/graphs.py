"""`draw`: the recorded graph as a picture: values and adjoints in the nodes, local derivatives on the edges.

Laws of this file:
- A Value is one node, with its operation in it; an operand that is used twice has two edges.
- What a picture tells is what was executed: the symbols come from the table, the local derivatives from its formulas.
- Nodes are named in topological order (n0, n1 …), so that the same graph gives the same DOT source to the byte.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, TypeAlias, get_args

from autograd.drawing.boxes import Boxes
from autograd.drawing.collapsed import collapsed
from autograd.drawing.dot import picture_of
from autograd.drawing.legends import Legend, legend_of
from autograd.drawing.parts import largest
from autograd.drawing.roles import Given
from autograd.drawing.scenes import Scene, sketched
from autograd.drawing.scopes import LEVELS
from autograd.drawing.sketches import Direction, Sketch, require_direction
from autograd.notation.typesetting import DIGITS
from autograd.rendering import Picture
from autograd.value import Value

Collapse: TypeAlias = Literal["auto", "never", "neuron", "layer"]


def draw(
    y: Value | Iterable[Value],
    *,
    numbers: bool = True,
    precision: int = DIGITS,
    direction: Direction = "LR",
    highlight: Any = None,
    collapse: Collapse = "auto",
    max_nodes: int = 300,
    inputs: Any = (),
    parameters: Any = (),
    targets: Any = (),
    legend: bool = False,
) -> Picture:
    """The graph below y (or below several Values) as a `graphviz.Digraph`; `autograd.rendering.save` writes it.

    Numbers have `precision` significant digits, 17 for all; tooltips have all. Without `numbers` there are labels,
    operations and constants. `highlight` takes Values, an explanation or one path of it (`y.explain(x).paths[0]`), or
    a stepper or one of its steps: the numbers are then those that are known at that step. A graph of more than
    `max_nodes` nodes is collapsed by neuron, or by layer, as `collapse` can also ask for. `inputs`, `parameters`
    (a module will do) and `targets` say what leaves are where names and structure don't; `legend` explains the shapes.

    Changes nothing. Raises ValueError, at once, for a graph that is too large even so, and for options that are none;
    TypeError for what is no Value; and, where a step is highlighted, StaleGraph as the stepper does.
    """
    require_direction(direction)
    if collapse not in get_args(Collapse):
        raise ValueError(f"collapse is one of {', '.join(get_args(Collapse))}; got {collapse!r}")
    scene = Scene(y, Given(inputs, parameters, targets), precision, has_numbers=numbers, highlight=highlight)
    boxes = _boxes(scene, collapse, max_nodes)
    nodes, edges = sketched(scene) if boxes is None else collapsed(scene, boxes)
    shown = legend_of(nodes) if legend else Legend()
    return picture_of(Sketch([*nodes, *shown.nodes], [*edges, *shown.edges], direction))


# ---- how large a picture is


def _boxes(scene: Scene, collapse: Collapse, max_nodes: int) -> Boxes | None:
    """The boxes that are drawn, None for a picture of each part. Raises ValueError where all of it is too large."""
    sizes = [str(scene.parts.size)]
    if collapse in ("auto", "never") and scene.parts.size.fits(max_nodes):
        return None
    for level in LEVELS:
        if collapse in ("auto", level):
            boxes = Boxes(scene.parts, scene.roles, level)
            if boxes.size.fits(max_nodes):
                return boxes
            sizes.append(f"by {level} {boxes.size}")
    raise ValueError(
        f"this graph has {', collapsed '.join(sizes)}; a picture has at most {largest(max_nodes)}: draw a part of it"
        " (an inner Value), raise max_nodes, or give its Values labels such as layer1.neuron2.z, by which they collapse"
    )
