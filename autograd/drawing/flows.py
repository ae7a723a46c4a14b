"""`draw_passes`: the forward and the backward pass in one picture, with the adjoints flowing back.

Laws of this file:
- What flows along an edge is what `backward` adds there: adjoint times local derivative, for each use.
- An adjoint is told as the sum of what flowed in, in the order of the backward pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from typing import Any

from autograd.drawing.dot import picture_of
from autograd.drawing.facts import Played, flow_text
from autograd.drawing.legends import Legend, legend_of
from autograd.drawing.parts import largest
from autograd.drawing.roles import Given
from autograd.drawing.scenes import Scene, sketched
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
    The options are those of `draw`. Raises StaleGraph as `backward` does, ValueError for a graph of more than
    `max_nodes` nodes, and TypeError for what is not one Value.
    """
    require_direction(direction)
    stepper = Stepper(y)
    scene = Scene(y, Given(inputs, parameters, targets), precision)
    if not scene.parts.size.fits(max_nodes):
        raise ValueError(
            f"this graph has {scene.parts.size}; a picture has at most {largest(max_nodes)}: draw a part of it (an"
            " inner Value), or raise max_nodes"
        )
    flows = [flow for step in stepper if isinstance(step, BackwardStep) for flow in step.flows]
    scene.facts = Played(stepper, {})
    forward, edges = sketched(scene)
    products: dict[Value, list[float]] = {node: [] for node in scene.parts.order}
    for flow in flows:
        if flow.adds:
            products[flow.operand].append(flow.product)
    sums = {scene.identifier(node): _sum(scene.hand, added, stepper.adjoints[node]) for node, added in products.items()}
    sums[scene.identifier(y)] = "1 (the seed)"
    nodes = [_with_adjoint(node, sums.get(node.name)) for node in forward]
    passed = [edge._replace(text="", tooltip="") for edge in edges]
    shown = legend_of(nodes) if legend else Legend()
    return picture_of(Sketch([*nodes, *shown.nodes], [*passed, *_back(scene, flows), *shown.edges], direction))


def _back(scene: Scene, flows: Iterable[Flow]) -> Iterator[Edge]:
    for flow in flows:
        yield Edge(
            scene.identifier(flow.node),
            scene.identifier(flow.operand),
            "adjoint",
            flow_text(flow, scene.hand),
            tooltip=repr(flow.product),
            is_backward=True,
        )


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
