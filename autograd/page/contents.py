"""A graph as plain data: what the explorer is told of it. Everything else it computes itself.

The parts are the Values, leaves first and each after its operands, and then the plain numbers; an operand is the place
of its part in that list. Numbers that JSON lacks are texts: "inf", "-inf", "nan".
"""

from __future__ import annotations

import math
import reprlib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from autograd.drawing.boxes import Alike, Boxes, computed_keys
from autograd.drawing.labels import fitted, printable_lines
from autograd.drawing.parts import Number, Part, Parts, largest, too_large
from autograd.drawing.roles import Given, Role, Roles
from autograd.drawing.scopes import LEVELS
from autograd.evaluation import is_checked
from autograd.explanation.chain_rule import bracketed
from autograd.notation.names import Names
from autograd.notation.screens import LONGEST_NAME, shortened
from autograd.notation.typesetting import name_precedence
from autograd.primitives import ATOM, Primitive
from autograd.stepping.passes import Passes
from autograd.value import Value

MOST_OPEN = 150
"""A graph of more parts opens collapsed, where it has groups to collapse."""

LONGEST_LABEL = 400
"""So many characters of a label stand in a tooltip."""

ADVICE = ", or compute it of fewer operands, such as fewer examples"


class Settings(NamedTuple):
    """What the explorer is told beside the graph: digits of numbers, and the learning rate at which it starts."""

    precision: int
    lr: float


class Graph:
    """The graph below y, with its names and roles, looked at while the caller's variables are there.

    Raises StaleGraph as `backward` does, and ValueError for a graph of more than `max_nodes` parts, or four times as
    many uses, and where of all that is given one role nothing is a leaf of the graph.
    """

    def __init__(self, y: Value, given: Given, precision: int, max_nodes: int) -> None:
        self.passes = Passes(y, precision)
        self.parts = Parts(self.passes.order)
        size, most = self.parts.size, largest(max_nodes)
        if not size.fits(most):
            raise too_large([str(size)], most, ADVICE, "a page")
        self.names: Names = self.passes.names
        self.roles = Roles(self.passes.order, self.names.given, given)
        _require_leaves(self.roles.given, self.passes.leaves)
        self.numbers = list(
            dict.fromkeys(part for node in self.passes.inner for part in self._of(node) if type(part) is Number)
        )
        self.all: list[Part] = [*self.passes.order, *self.numbers]
        self.place = {part: place for place, part in enumerate(self.all)}

    @property
    def name(self) -> str:
        """What the root is called, at no great length."""
        return shortened(self.names[self.passes.root], LONGEST_NAME)

    @property
    def leaves(self) -> list[int]:
        """The places of the leaves in the order in which they are listed: as the caller gave them, then as typed."""
        given = [value for value in self.roles.given if value in self.place and not value.primitive]
        return [self.place[leaf] for leaf in dict.fromkeys([*given, *self.passes.leaves])]

    @property
    def rows(self) -> list[Primitive]:
        """The rows of the table that it uses."""
        return list(dict.fromkeys(node.primitive for node in self.passes.inner if node.primitive))

    def operands(self, node: Value) -> list[int]:
        """The places of its operands, those of vectors one vector after the other."""
        return [self.place[part] for part in self._of(node)]

    def _of(self, node: Value) -> list[Part]:
        return [part for vector in self.parts.vectors(node) for part in vector.parts]


def _require_leaves(given: Mapping[Value, Role], leaves: Sequence[Value]) -> None:
    """Raises ValueError where nothing that has a role is there: a slip, such as the parameters of another model."""
    for role in dict.fromkeys(given.values()):
        told = [value for value in given if given[value] == role]
        if set(told).isdisjoint(leaves):
            raise ValueError(f"the {role}s of a page are leaves of its graph; got {reprlib.repr(told)}")


def contents(graph: Graph, settings: Settings) -> dict[str, Any]:
    """All that the explorer is told."""
    return {
        "root": graph.place[graph.passes.root],
        **settings._asdict(),
        "parts": [_part(graph, part) for part in graph.all],
        "leaves": graph.leaves,
        "groupings": list(_groupings(graph)),
        "isLarge": len(graph.all) > MOST_OPEN,
    }


def _part(graph: Graph, part: Part) -> dict[str, Any]:
    if type(part) is Number:
        return {"role": graph.roles.of(part), "data": _number(part.data)}
    node: Value = part  # type: ignore[assignment]
    if not node.primitive:
        return {**_name(graph, node), "role": graph.roles.of(node), "data": _number(node.data)}
    unchecked = {"unchecked": True} if node.primitive.domain and not is_checked(node) else {}
    return {**_name(graph, node), "row": node.primitive.name, "operands": graph.operands(node), **unchecked}


def _name(graph: Graph, node: Value) -> dict[str, Any]:
    """What it is called, and how that stands in a formula; of a long label a tooltip has more."""
    whole = graph.names[node]
    name = shortened(whole, LONGEST_NAME)
    told: dict[str, Any] = {"name": isolated(name)}
    if node not in graph.names.given:
        told["unnamed"] = True
    if name_precedence(name) != ATOM:
        told["precedence"] = name_precedence(name)
    if bracketed(name) != name:
        told["bracketed"] = True
    label = "\n".join(printable_lines(str(node.label)[:LONGEST_LABEL]))
    if label and label != name:
        told["label"] = label
    return told


def isolated(name: str) -> str:
    """A name that is written from right to left, so that it turns nothing around it: no sign, no quotient."""
    return f"\u2068{name}\u2069" if any(unicodedata.bidirectional(x) in ("R", "AL", "AN") for x in name) else name


def _groupings(graph: Graph) -> Iterator[dict[str, Any]]:
    """The levels by which the graph collapses: for each part its group, -1 for none, and what the groups are."""
    before = None
    for level in LEVELS:
        boxes = Boxes(graph.parts, graph.roles, computed_keys(graph.parts, level))
        keys = [key for key in boxes.members if not boxes.is_alone(key)]
        place = {key: group for group, key in enumerate(keys)}
        of = [place.get(boxes.of.get(part), -1) for part in graph.all]
        if keys and of != before:
            yield {"level": level, "of": of, "groups": [_group(graph, key, boxes.members[key]) for key in keys]}
        before = of


def _group(graph: Graph, key: Any, members: Sequence[Part]) -> dict[str, Any]:
    """What a box says, as in a picture."""
    if not isinstance(key, Alike):
        return {"name": fitted(str(key))[0]}
    first = members[0]
    if type(first) is Value and first.primitive:
        return {"name": f"× {len(members):,}", "row": first.primitive.name}
    role = graph.roles.of(first)
    return {"name": f"{len(members):,} {'leaves' if role == 'leaf' else f'{role}s'}"}


def _number(x: float) -> float | str:
    return x if math.isfinite(x) else repr(x)
