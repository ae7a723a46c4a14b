"""The scope of a Value: the neuron or the layer to which it belongs, read from labels; nothing is recorded about it.

The scope of `layer1.neuron2.w[3]` is the neuron `layer1.neuron2`, and the layer `layer1`; a kernel, as in
`layer1.kernel2.w[0,1,2]`, is such a neuron. That of any other label with dots, such as `encoder.z1`, is what stands
before the last dot. What has another label has no scope. A node without a label belongs where its labelled leaves
belong (z = w · x, z + b), a sum where all its terms do, and an activation where its z does. Limit: an activation that
is composed of several operations belongs nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from autograd import primitives
from autograd.diagnosis.neurons import is_activation
from autograd.value import Value, value_operands

Level: TypeAlias = Literal["neuron", "layer"]

LEVELS: tuple[Level, ...] = ("neuron", "layer")
"""The finer first."""

LABEL = re.compile(r"([^\W\d].*)\.[^\W\d][^.]*", re.DOTALL)
"""A place, and a name in it, both of which begin with a letter: 3.14 has no place."""

NEURON = re.compile(r"(?:(.*)\.)?(?:neuron|kernel)\d+")
"""A kernel is a neuron that slides over an image."""

SUMS = (primitives.add, primitives.sum)


def scopes(order: Sequence[Value], level: Level) -> dict[Value, str]:
    """The scope of each Value that has one; the `order` is topological."""
    found: dict[Value, str] = {}
    by_vector: dict[int, str] = {}
    for node in order:
        label = str(node.label)
        scope = _place(label, level) if label else _of_operands(node, found, by_vector)
        if scope:
            found[node] = scope
    return found


def _place(label: str, level: Level) -> str:
    placed = LABEL.fullmatch(label)
    if not placed:
        return ""
    neuron = NEURON.fullmatch(placed[1])
    return (neuron[1] or "layer") if neuron and level == "layer" else placed[1]


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
    return _common(filter(None, parts)) or _of_terms(node, found)


def _of_leaves(operands: Iterable[object], found: dict[Value, str]) -> str:
    return _common(found[x] for x in operands if type(x) is Value and not x.primitive and x in found)


def _of_terms(node: Value, found: dict[Value, str]) -> str:
    """The scope of a sum of what belongs to one scope: a neuron that was typed as w1 * x1 + w2 * x2 + b."""
    if node.primitive not in SUMS:
        return ""
    return _common("" if is_activation(x) else found.get(x, "") for x in value_operands(node))


def _common(scopes: Iterable[str]) -> str:
    """The scope, if there is one and no other."""
    several = set(scopes)
    return several.pop() if len(several) == 1 else ""
