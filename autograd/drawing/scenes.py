"""The node of each part of a graph, and the edge of each use, with all that a picture tells of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from autograd.derivatives import local_partials
from autograd.drawing.emphasis import emphasis_of
from autograd.drawing.facts import Facts, Recorded, Told, ranged
from autograd.drawing.labels import fitted, printable_lines
from autograd.drawing.parts import Number, Part, Parts, Use
from autograd.drawing.roles import Given, Roles
from autograd.drawing.sketches import Edge, Line, Node
from autograd.notation.names import Names
from autograd.notation.screens import LONGEST_NAME, Hand
from autograd.notation.typesetting import FULL, require_digits
from autograd.value import Value, walk


class Scene:
    """The graph below y, or below several Values, and what a picture tells of it.

    Raises TypeError for what is no Value, and ValueError for none, and for options that are none.
    """

    def __init__(
        self,
        y: Any,
        given: Given,
        precision: int,
        *,
        has_numbers: bool = True,
        highlight: Any = None,
        facts: Facts | None = None,
    ) -> None:
        roots, order = _graph(y)
        self.roots = frozenset(roots)
        self.parts, self.names = Parts(order), Names(order)
        self.roles = Roles(order, self.names.given, given)
        self.emphasis = emphasis_of(highlight, order, roots)
        self.facts: Facts = facts or self.emphasis.facts or Recorded(order)
        self.hand = Hand(self.names, require_digits(precision), LONGEST_NAME)
        self._exact = Hand(self.names, FULL, LONGEST_NAME)
        self.has_numbers = has_numbers
        self._identifiers = {node: f"n{position}" for position, node in enumerate(order)}

    def identifier(self, part: Part) -> str:
        if type(part) is Value:
            return self._identifiers[part]
        return f"{self._identifiers[part.node]}c{part.place}"

    def node(self, part: Part) -> Node:
        """The node of a Value or of a plain number."""
        return self._of_value(part) if type(part) is Value else self._of_number(part)

    def edges(self, node: Value) -> Iterator[tuple[Use, Edge]]:
        """Each use by a node, with its edge."""
        partials = local_partials(node)
        for use in self.parts.uses(node):
            if type(use.part) is Value:
                _, partial = next(partials)
                yield use, self._edge(use, float(partial))
            else:
                yield use, Edge(self.identifier(use.part), self.identifier(node), "constant")

    def numbers(self, nodes: Sequence[Value], hand: Hand, others: Sequence[Told] = ()) -> list[Line]:
        """The value and the adjoint of a node, or in what range those of several are; the `others` have no adjoints."""
        if not self.has_numbers:
            return []
        values, adjoints = chain(map(self.facts.value, nodes), others), map(self.facts.adjoint, nodes)
        grad = [Line(f"grad: {ranged(adjoints, hand)}", is_derivative=True)] if nodes else []
        return [Line(f"value: {ranged(values, hand)}"), *grad]

    def use_text(self, node: Value, partial: float, place: int = -1) -> str:
        """What stands on an edge into a node; without a place, on one that stands for several uses."""
        return self.facts.of_use(node, place, partial, self.hand) if self.has_numbers else ""

    def _of_value(self, node: Value) -> Node:
        label = str(node.label) if printable_lines(str(node.label)) else self.names.given.get(node, "")
        told = ", ".join(line.text for line in self.numbers([node], self._exact))
        short, whole = fitted(label)
        return Node(
            self.identifier(node),
            self.roles.of(node) or "computed",
            symbol=node.primitive.notation.symbol if node.primitive else "",
            label=short,
            remark=self.names[node] if self.has_numbers and node not in self.names.given else "",
            lines=self.numbers([node], self.hand),
            tooltip="\n".join(filter(None, (whole, told))),
            # x / y reads from top to bottom; in a dot, shared inputs would only tangle
            keeps_order=node.primitive is not None and not node.vectors,
            is_lit=node in self.emphasis.nodes,
            is_root=node in self.roots,
        )

    def _of_number(self, part: Number) -> Node:
        text = Line(self.hand.number(part.data))
        return Node(self.identifier(part), self.roles.of(part) or "constant", lines=[text], tooltip=repr(part.data))

    def _edge(self, use: Use, partial: float) -> Edge:
        text = self.use_text(use.node, partial, use.place)
        is_lit = (use.node, use.place) in self.emphasis.uses
        is_backward = is_lit and self.emphasis.flows_back
        tail, head = (use.node, use.part) if is_backward else (use.part, use.node)
        return Edge(
            self.identifier(tail),
            self.identifier(head),
            text=text,
            tooltip=repr(partial) if text and not self.facts.value(use.node).remark else "",
            is_lit=is_lit,
            is_backward=is_backward,
        )


def sketched(scene: Scene) -> tuple[list[Node], list[Edge]]:
    """A node for each part, and an edge for each use."""
    return nodes_of(scene), [edge for value in scene.parts.order for _, edge in scene.edges(value)]


def nodes_of(scene: Scene) -> list[Node]:
    """A node for each part, plain numbers just before the node that uses them first."""
    nodes: dict[Part, Node] = {}
    for value in scene.parts.order:
        for part in [use.part for use in scene.parts.uses(value)] + [value]:
            if part not in nodes:
                nodes[part] = scene.node(part)
    return list(nodes.values())


def _graph(y: Value | Iterable[Value]) -> tuple[list[Value], list[Value]]:
    """The roots, and every node below them, each after its operands."""
    roots: list[Any] = list(y) if isinstance(y, Iterable) else [y]
    order: list[Value] = []
    seen: dict[Value, float] = {}
    for root in roots:
        if type(root) is not Value:
            raise TypeError(f"draw needs a Value, or several; got {type(root).__name__} {root!r}")
        leaves, inner = walk(root, seen)
        order += leaves + inner
    if not order:
        raise ValueError("draw needs at least one Value; got none")
    return roots, order
