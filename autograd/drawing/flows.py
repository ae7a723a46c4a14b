"""`draw_passes`: the forward and the backward pass in one picture, with the adjoints flowing back.

Laws of this file:
- What flows along an edge is what `backward` adds there: adjoint times local derivative, for each use.
- An adjoint is told as the sum of what flowed in, in the order of the backward pass.
"""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from typing import Any

from autograd.drawing.dot import picture_of
from autograd.drawing.facts import Played, flow_text
from autograd.drawing.legends import with_legend
from autograd.drawing.parts import largest, too_large
from autograd.drawing.roles import Given
from autograd.drawing.scenes import Scene, nodes_of
from autograd.drawing.sketches import Direction, Edge, Line, Node, Sketch, require_direction
from autograd.notation.screens import Hand
from autograd.notation.typesetting import DIGITS
from autograd.rendering import Picture
from autograd.stepping.passes import BackwardStep, Flow, plus
from autograd.stepping.stepper import Stepper
from autograd.value import Value

MOST_ADDED = 4
"""An adjoint is told as a sum of so many numbers; of more, as their number."""


def draw_passes(
    y: Value,
    *,
    precision: int = DIGITS,
    direction: Direction = "LR",
    max_nodes: int = 300,
    inputs: Any = (),
    parameters: Any = (),
    targets: Any = (),
    legend: bool = False,
) -> Picture:
    """Both passes through the graph of y: values flow along solid edges, adjoints flow back along dashed ones.

    On a dashed edge stands what flows: adjoint · local derivative = product. In a node, below the value, stands its
    adjoint, the sum of what flowed in. The passes are played for the picture: `grad` is neither needed nor changed.
    The options are as for `draw`, which alone highlights, collapses and leaves numbers out. Raises StaleGraph as
    `backward` does, ValueError for a graph of more than `max_nodes` nodes or four times as many edges, both ways
    counted, and TypeError for what is not one Value.
    """
    require_direction(direction)
    if type(y) is not Value:
        raise TypeError(f"draw_passes draws the passes of one Value; got {type(y).__name__} {reprlib.repr(y)}")
    most, stepper = largest(max_nodes), Stepper(y)
    scene = Scene(y, Given(inputs, parameters, targets), precision, facts=Played(stepper, {}))
    size = scene.parts.size._replace(edges=2 * scene.parts.size.edges)
    if not size.fits(most):
        raise too_large([str(size)], most, ", or let draw collapse it")
    flows = [flow for step in stepper if isinstance(step, BackwardStep) for flow in step.flows]
    sums = _sums(scene, stepper, flows)
    nodes = [_with_adjoint(node, sums.get(node.name)) for node in nodes_of(scene)]
    sketch = Sketch(nodes, list(_edges(scene, flows, direction)), direction)
    return picture_of(with_legend(sketch) if legend else sketch)


def _edges(scene: Scene, flows: Iterable[Flow], direction: Direction) -> Iterator[Edge]:
    """For each use the edge of the forward pass, and beside it that along which its adjoint flows back."""
    room = " " if direction in ("TB", "BT") else ""  # else the two edges would coincide there
    by_use = {(flow.node, flow.place): flow for flow in flows}
    for node in scene.parts.order:
        for use, edge in scene.edges(node):
            yield edge._replace(text=room, tooltip="")
            flow = by_use.get((use.node, use.place))
            if flow:
                yield _back(scene, flow)


def _back(scene: Scene, flow: Flow) -> Edge:
    return Edge(
        scene.identifier(flow.node),
        scene.identifier(flow.operand),
        "adjoint",
        flow_text(flow, scene.hand),
        tooltip=repr(flow.product),
        is_backward=True,
    )


def _sums(scene: Scene, stepper: Stepper, flows: Iterable[Flow]) -> dict[str, str]:
    """For each node of a Value how its adjoint adds up."""
    products: dict[Value, list[float]] = {node: [] for node in scene.parts.order}
    for flow in flows:
        if flow.adds:
            products[flow.operand].append(flow.product)
    sums = {scene.identifier(node): _sum(scene.hand, added, stepper.adjoints[node]) for node, added in products.items()}
    return {**sums, scene.identifier(stepper.root): "1 (the seed)"}


def _with_adjoint(node: Node, adjoint: str | None) -> Node:
    """A node with its value and this adjoint; a plain number has none."""
    if adjoint is None:
        return node
    return node._replace(lines=[node.lines[0], Line(f"grad: {adjoint}", is_derivative=True)])


def _sum(hand: Hand, products: Sequence[float], adjoint: float) -> str:
    """What flowed in, added up."""
    if not products:
        return f"{hand.number(adjoint)} (nothing flows in)"
    if len(products) > MOST_ADDED:
        return f"{hand.number(adjoint)} (the sum of {len(products):,})"
    terms = reduce(plus, map(hand.number, products))
    return terms if len(products) == 1 else f"{terms} = {hand.number(adjoint)}"
