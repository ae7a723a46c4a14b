"""A large graph in few boxes: what belongs to one neuron or layer is one box, and so are many parts that are alike.

Outside of any scope, leaves and plain numbers of one role that serve the same box first are alike, and so are computed
nodes of one primitive that stand equally high above the leaves: the squared errors of 500 examples are one box.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import NamedTuple

from autograd.drawing.parts import Number, Part, Parts, Size
from autograd.drawing.roles import Roles
from autograd.drawing.scopes import Level, scopes
from autograd.value import Value

MOST_ALIKE = 12
"""So many parts that are alike are drawn one by one, and so many uses of one value by one node."""


class Alike(NamedTuple):
    """What parts outside of any scope have in common: leaves their role and whom they serve, others how they came."""

    what: Hashable
    where: Hashable


class Boxes:
    """The parts in boxes: `members` has those of each box, under its key; `edges` counts the uses between two boxes.

    Made of the keys that `computed_keys` gives. The key of a box is the name of a scope, an Alike, or, for what stands
    alone, the part itself.
    """

    def __init__(self, parts: Parts, roles: Roles, keys: dict[Part, Hashable]) -> None:
        self._parts = parts
        keys.update(_alike_leaves(parts, roles, keys))
        self.of: Mapping[Part, Hashable] = _without_small(keys)
        self.members: dict[Hashable, list[Part]] = {}
        for part, key in self.of.items():
            self.members.setdefault(key, []).append(part)
        self.edges = self._edges()

    @property
    def size(self) -> Size:
        """The size of the picture, at most."""
        edges = (count if count <= MOST_ALIKE and self.is_alone(head) else 1 for (_, head), count in self.edges.items())
        return Size(len(self.members), sum(edges))

    def is_alone(self, key: Hashable) -> bool:
        """Whether a box is one part that no other is like."""
        return type(key) in (Value, Number)

    def _edges(self) -> Counter[tuple[Hashable, Hashable]]:
        edges: Counter[tuple[Hashable, Hashable]] = Counter()
        tails: dict[Hashable, Counter[Hashable]] = {}
        for node in self._parts.order:
            head = self.of[node]
            for key, parts in self._parts.vectors(node):
                if key not in tails:
                    tails[key] = Counter(self.of[part] for part in parts)
                for tail, count in tails[key].items():
                    if tail != head:
                        edges[tail, head] += count
        return edges


def computed_keys(parts: Parts, level: Level) -> dict[Part, Hashable]:
    """The key of each Value, None for a leaf outside of scopes; what is in few boxes has few of them."""
    found = scopes(parts.order, level)
    keys: dict[Part, Hashable] = dict.fromkeys(parts.order)
    keys.update(found.items())
    keys.update(_alike_nodes(parts, found))
    return keys


def _alike_nodes(parts: Parts, scoped: Mapping[Value, str]) -> dict[Part, Hashable]:
    """The computed nodes outside of scopes, by their primitive and their height, the longest path from a leaf."""
    heights: dict[Part, int] = {}
    of_vectors: dict[Hashable, int] = {}
    found: dict[Part, Hashable] = {}
    for node in parts.order:
        for key, elements in parts.vectors(node):
            if key not in of_vectors:
                of_vectors[key] = max((heights.get(part, 0) for part in elements), default=0)
            heights[node] = max(heights.get(node, 0), 1 + of_vectors[key])
        if node.primitive and node not in scoped:
            found[node] = Alike(node.primitive.name, heights[node])
    return found


def _alike_leaves(parts: Parts, roles: Roles, keys: Mapping[Part, Hashable]) -> dict[Part, Hashable]:
    """The leaves and numbers outside of scopes, by their role and the box that uses them first."""
    found: dict[Part, Hashable] = {}
    seen: set[Hashable] = set()
    for node in parts.order:
        for key, elements in parts.vectors(node):
            if key not in seen:
                seen.add(key)
                for part in elements:
                    if keys.get(part) is None and part not in found:
                        found[part] = Alike(roles.of(part), keys[node])
    return found


def _without_small(keys: Mapping[Part, Hashable]) -> dict[Part, Hashable]:
    """The keys; a part stands alone where few others are like it."""
    counts = Counter(keys.values())
    return {
        part: part if key is None or counts[key] <= (MOST_ALIKE if type(key) is Alike else 1) else key
        for part, key in keys.items()
    }
