"""`draw`: the recorded graph as a picture: values and adjoints in the nodes, local derivatives on the edges.

Laws of this file:
- A Value is one node, with its operation in it; an operand that is used twice has two edges.
- What a picture tells is what was executed: the symbols come from the table, the local derivatives from its formulas.
- Nodes are named in topological order (n0, n1 …), so that the same graph gives the same DOT source to the byte.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

from autograd.drawing.boxes import Boxes, computed_keys
from autograd.drawing.collapsed import MOST_TOLD, collapsed
from autograd.drawing.dot import picture_of
from autograd.drawing.legends import with_legend
from autograd.drawing.parts import Size, largest, too_large
from autograd.drawing.roles import Given
from autograd.drawing.scenes import Scene, sketched
from autograd.drawing.scopes import LEVELS
from autograd.drawing.sketches import Direction, Sketch, require_direction, require_one_of
from autograd.notation.typesetting import DIGITS
from autograd.rendering import Picture
from autograd.value import Value

Collapse: TypeAlias = Literal["auto", "never", "neuron", "layer"]

MOST_COUNTED = 10_000
"""Of more boxes than these it is only told that there are so many at least: they are not made."""

ADVICE = ", or give its Values labels such as layer1.neuron2.z, by which they collapse"


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

    In a node stand operation, name, value and gradient, on an edge the local derivative; dashed edges are those of
    constants, and a thick border is that of a root. Numbers have `precision` significant digits, 17 for all; tooltips
    have all. Without `numbers` there are labels, operations and constants. The `direction` is that of the forward pass:
    LR, RL, TB or BT. `inputs`, `parameters` (a module will do) and `targets` say what leaves are where names and
    structure don't; `legend` explains the shapes.

    `highlight` takes Values, an explanation or paths of it (`y.explain(x).paths[0]`), or a stepper or one of its steps:
    the numbers are then those that are known at that step. A graph of more than `max_nodes` nodes, or four times as
    many edges, is collapsed by neuron where that is legible, else by layer; `collapse` asks for "neuron", "layer" or
    "never". With `max_nodes` raised a layout engine can need minutes.

    Changes nothing. Raises ValueError for a graph that is too large even so, and for options that are none; TypeError
    for what is no Value; and, where a step is highlighted, StaleGraph as the stepper does.
    """
    require_direction(direction)
    require_one_of("collapse", collapse, Collapse)
    most = largest(max_nodes)
    scene = Scene(y, Given(inputs, parameters, targets), precision, has_numbers=numbers, highlight=highlight)
    boxes = _boxes(scene, collapse, most)
    nodes, edges = sketched(scene) if boxes is None else collapsed(scene, boxes)
    sketch = Sketch(nodes, edges, direction, caption=scene.emphasis.caption)
    return picture_of(with_legend(sketch) if legend else sketch)


# ---- how large a picture is


def _boxes(scene: Scene, collapse: Collapse, most: Size) -> Boxes | None:
    """The boxes that are drawn, None for a picture of each part. Raises ValueError where all of it is too large."""
    size = scene.parts.size
    if collapse in ("auto", "never") and size.fits(most):
        return None
    sizes = [str(size)]
    for level in [level for level in LEVELS if collapse in ("auto", level)]:
        keys = computed_keys(scene.parts, level)
        least = len(set(keys.values()))
        boxes = Boxes(scene.parts, scene.roles, keys) if least <= max(most.nodes, MOST_COUNTED) else None
        if boxes and boxes.size.fits(most) and (len(boxes.edges) <= MOST_TOLD or level in (collapse, LEVELS[-1])):
            return boxes
        sizes.append(f"by {level} {boxes.size if boxes else f'at least {least:,} nodes'}")
        if not any(isinstance(key, str) for key in keys.values()):
            break  # without a scope both levels are alike
    raise too_large(sizes, most, ADVICE)
