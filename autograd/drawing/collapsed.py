"""A picture of boxes: a large graph by neuron or by layer.

The number on an edge into a box of one output is the derivative of that output, through the box, with respect to the
one value that comes along the edge, where there are few edges; on all other edges into and out of boxes stands how many
uses they are.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from autograd.drawing.boxes import MOST_ALIKE, Alike, Boxes
from autograd.drawing.facts import Told
from autograd.drawing.labels import fitted
from autograd.drawing.parts import Number, Part
from autograd.drawing.scenes import Scene
from autograd.drawing.sketches import Edge, Line, Node
from autograd.value import NOTHING, Value, pass_on, value_operands

MOST_WIDTH = 4.0
"""In points, of an edge that stands for many uses."""

MOST_TOLD = 64
"""With more edges the derivatives through boxes are left out: their numbers would need more room than all boxes."""

MOST_OPERATIONS = 4
"""A box names so many kinds of operations."""


def collapsed(scene: Scene, boxes: Boxes) -> tuple[list[Node], list[Edge]]:
    """A node for each box, and an edge for each use of one value by another, or for all uses between two boxes."""
    picture = _Collapsed(scene, boxes)
    return list(picture.nodes()), list(picture.edges())


class _Collapsed:
    """The nodes and edges of a picture in which each box is one node."""

    def __init__(self, scene: Scene, boxes: Boxes) -> None:
        self._scene, self._boxes = scene, boxes
        self._identifiers = {
            key: scene.identifier(parts[0]) if boxes.is_alone(key) else f"b{place}"
            for place, (key, parts) in enumerate(boxes.members.items())
        }
        self._outputs = _outputs(scene, boxes)
        self._is_legible = len(boxes.edges) <= MOST_TOLD
        self._lit = {
            (boxes.of[node.operands[place]], boxes.of[node])  # type: ignore[index]  # what is lit is used by a Value
            for node, place in scene.emphasis.uses
        }

    def nodes(self) -> Iterator[Node]:
        for key, parts in self._boxes.members.items():
            yield self._scene.node(parts[0]) if self._boxes.is_alone(key) else self._box(key, parts)

    def edges(self) -> Iterator[Edge]:
        told = self._boxes.members if self._is_legible else ()
        slopes = {key: self._slopes(key) for key in told if not self._boxes.is_alone(key)}
        for (tail, head), count in self._boxes.edges.items():
            is_one = self._boxes.is_alone(tail) or self._source(tail) is not None
            if is_one and self._boxes.is_alone(head) and count <= MOST_ALIKE:
                yield from self._each_use(tail, head)
            else:
                yield self._bundle(tail, head, count, slopes.get(head, {}))

    # ---- a box

    def _box(self, key: Hashable, parts: Sequence[Part]) -> Node:
        scene, values = self._scene, [part for part in parts if type(part) is Value]
        node = Node(
            self._identifiers[key],
            "collapsed",
            lines=self._numbers(key, parts),
            is_lit=not scene.emphasis.nodes.isdisjoint(values),
            is_root=any(part in scene.roots for part in values),
        )
        if not isinstance(key, Alike):
            label, whole = fitted(str(key))
            return node._replace(label=label, lines=[*self._contents(key, values), *node.lines], tooltip=whole)
        if values and values[0].primitive:
            return node._replace(symbol=values[0].op, label=f"× {len(values):,}")
        role = scene.roles.of(parts[0])
        return node._replace(label=f"{len(parts):,} {'leaves' if role == 'leaf' else f'{role}s'}")

    def _contents(self, key: Hashable, values: Sequence[Value]) -> Iterator[Line]:
        """What belongs to a neuron or a layer: its operations, parameters and outputs."""
        operations = list(dict.fromkeys(node.op for node in values if node.primitive))
        parameters = sum(self._scene.roles.of(node) == "parameter" for node in values)
        if operations:
            yield Line(", ".join(operations[:MOST_OPERATIONS]) + ", …" * (len(operations) > MOST_OPERATIONS))
        if parameters:
            yield Line(f"{parameters:,} parameter{'s' * (parameters != 1)}")
        if len(self._outputs[key]) > 1:
            yield Line(f"{len(self._outputs[key]):,} outputs")

    def _numbers(self, key: Hashable, parts: Sequence[Part]) -> list[Line]:
        """Of the outputs of a box, and of all plain numbers in it."""
        numbers = [Told(part.data) for part in parts if type(part) is Number]
        return self._scene.numbers(self._outputs[key], self._scene.hand, numbers)

    # ---- an edge

    def _each_use(self, tail: Hashable, head: Any) -> Iterator[Edge]:
        """Of one value by what stands alone."""
        for use, edge in self._scene.edges(head):
            if self._boxes.of[use.part] == tail:
                name = self._identifiers[tail]
                yield edge._replace(head=name) if edge.is_backward else edge._replace(tail=name)

    def _bundle(self, tail: Hashable, head: Hashable, count: int, slopes: Mapping[Value, float]) -> Edge:
        """An edge that stands for all uses of what is in one box by what is in another."""
        source, text = self._source(tail), f"×{count:,}" if count > 1 else ""
        if source is not None and source in slopes:
            text = self._scene.use_text(self._outputs[head][0], slopes[source])
        return Edge(
            self._identifiers[tail],
            self._identifiers[head],
            text=text,
            width=min(MOST_WIDTH, 1 + math.log10(count)),
            is_lit=(tail, head) in self._lit,
        )

    def _source(self, key: Hashable) -> Value | None:
        """The one value that comes out of a box, if it is one."""
        numbers = any(type(part) is Number for part in self._boxes.members[key])
        return self._outputs[key][0] if len(self._outputs[key]) == 1 and not numbers else None

    def _slopes(self, key: Hashable) -> dict[Value, float]:
        """The derivatives of the one output of a box, through the box alone, with respect to all that is used in it."""
        outputs, parts = self._outputs[key], self._boxes.members[key]
        nodes = [part for part in parts if type(part) is Value and part.primitive]
        if len(outputs) != 1 or outputs[0] not in nodes:
            return {}
        sums = dict.fromkeys(chain(nodes, chain.from_iterable(map(value_operands, nodes))), NOTHING)
        sums[outputs[0]] = 1.0
        pass_on(reversed(nodes), sums)
        return sums


def _outputs(scene: Scene, boxes: Boxes) -> dict[Hashable, list[Value]]:
    """For each box the Values that are used outside of it, and roots."""
    used: set[Part] = {part for part, key in boxes.of.items() if part in scene.roots}
    seen: set[tuple[Hashable, Hashable]] = set()
    for node in scene.parts.order:
        head = boxes.of[node]
        for key, parts in scene.parts.vectors(node):
            if (key, head) not in seen:
                seen.add((key, head))
                used.update(part for part in parts if boxes.of[part] != head)
    return {
        key: [part for part in parts if type(part) is Value and part in used] for key, parts in boxes.members.items()
    }
