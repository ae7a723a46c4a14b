"""The scope of a Value: the neuron or the layer to which it belongs, read from labels; nothing is recorded about it.

The scope of `layer1.neuron2.w[3]` is the neuron `layer1.neuron2`, and the layer `layer1`; that of any other label with
dots, such as `encoder.z1`, is what stands before the last dot. A node without such a label belongs where its labelled
leaves belong (z = w · x, z + b), and an activation where its z does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from autograd.diagnosis.neurons import is_activation
from autograd.value import Value

Level: TypeAlias = Literal["neuron", "layer"]

LEVELS: tuple[Level, ...] = ("neuron", "layer")
"""The finer first."""

NEURON = re.compile(r"(?:(.*)\.)?neuron\d+")


def scopes(order: Sequence[Value], level: Level) -> dict[Value, str]:
    """The scope of each Value that has one; the `order` is topological."""
    found: dict[Value, str] = {}
    by_vector: dict[int, str] = {}
    for node in order:
        scope = _place(str(node.label), level) or _of_operands(node, found, by_vector)
        if scope:
            found[node] = scope
    return found


def _place(label: str, level: Level) -> str:
    place = label.rpartition(".")[0]
    neuron = NEURON.fullmatch(place)
    if neuron and level == "layer":
        return neuron[1] or "layer"
    return place


def _of_operands(node: Value, found: dict[Value, str], by_vector: dict[int, str]) -> str:
    if not node.primitive:
        return ""
    if is_activation(node):
        z = node.operands[0]
        return "" if is_activation(z) else found.get(z, "")  # type: ignore[arg-type]
    for vector in node.vectors:
        if id(vector) not in by_vector:
            by_vector[id(vector)] = _of_leaves(vector, found)
    parts = [by_vector[id(vector)] for vector in node.vectors] or [_of_leaves(node.operands, found)]
    return _common(filter(None, parts))


def _of_leaves(operands: Iterable[object], found: dict[Value, str]) -> str:
    return _common(found[x] for x in operands if type(x) is Value and not x.primitive and x in found)


def _common(scopes: Iterable[str]) -> str:
    """The scope, if there is one and no other."""
    several = set(scopes)
    return several.pop() if len(several) == 1 else ""
