"""The layers and neurons of a network, read from the graph alone, whatever recorded it.

An activation is a node of a primitive that saturates or that has a flat side, applied to one Value, z. A layer is all
activations with equally many activations between them and y, on the longest path. A neuron is all activations of a
layer that apply the same weights: its examples. Limits: a sigmoid that is written out as 1 / (1 + exp(-z)) is no
activation; where the inputs of a neuron without `dot` are Values, each of its examples is a neuron by itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, TypeAlias

from autograd import primitives
from autograd.derivatives import local_partials
from autograd.diagnosis.findings import Case
from autograd.primitives import Primitive
from autograd.value import Operand, Value, value_operands

RECTIFIERS = frozenset({primitives.relu, primitives.leaky_relu, primitives.softplus})
"""The activations with one flat side. Those with two are marked in the table: they saturate."""

AFFINE = frozenset({primitives.add, primitives.subtract, primitives.multiply, primitives.sum, primitives.negative})
"""What, beside dot, makes z from weights, inputs and a bias."""

MOST_WEIGHTS = 32
"""So many nodes below z are looked at to tell one neuron from another; a vector of weights counts with its two ends."""


class Activation(NamedTuple):
    """One activation in one example, the z that it is applied to, and its slope there."""

    node: Value
    z: Value
    slope: float


class Neuron(NamedTuple):
    """The activations of one neuron, one for each example.

    `steepest` is the largest |slope| over the examples; infinite where one is NaN, which has a finding of its own.
    """

    activations: list[Activation]
    steepest: float

    @property
    def weights(self) -> tuple[Value, ...]:
        """The leaves that tell it from others."""
        return _weights(self.activations[0].z)

    @property
    def row(self) -> Primitive:
        return self.activations[0].node.primitive  # type: ignore[return-value]

    @property
    def examples(self) -> int:
        return len(self.activations)

    @property
    def varies(self) -> bool:
        """Whether z is not the same in all examples."""
        low, high = self.reach
        return low < high

    @property
    def reach(self) -> tuple[float, float]:
        """The smallest and the largest z over the examples."""
        numbers = [z.data for _, z, _ in self.activations]
        return min(numbers), max(numbers)


Layer: TypeAlias = list[Neuron]


def layers_below(case: Case) -> list[Layer]:
    """The layers of a graph, the nearest to the root first, each with its neurons in the order of recording."""
    found: dict[int, list[Activation]] = {}
    for depth, node in _activations(case.nodes_above_leaves):
        if case.reached(node):
            z, slope = next(local_partials(node))
            found.setdefault(depth, []).append(Activation(node, z, slope))
    return [_neurons(found[depth][::-1]) for depth in sorted(found)]


def neuron_name(case: Case, neuron: Neuron) -> str:
    """What the labels of the weights have in common, `layer1.neuron2`; else the formula of the activation."""
    place = _place(case, neuron)
    if place:
        return place
    if neuron.examples == 1 or not neuron.weights:
        return case.formula(neuron.activations[0].node)
    return f"the neuron of {', '.join(map(case.name, dict.fromkeys(neuron.weights[:3])))}"


def layer_name(case: Case, layer: Layer) -> str:
    """What the names of the neurons begin with, `layer1`; empty where they have no such names."""
    return _place(case, layer[0]).rpartition(".")[0]


def _place(case: Case, neuron: Neuron) -> str:
    """`layer1.neuron2` for weights that are called `layer1.neuron2.w[0]`; empty for other names."""
    first = case.name(neuron.weights[0]) if neuron.weights else ""
    place, _, last = first.rpartition(".")
    return place if last == "b" or last.startswith("w[") else ""


# ---- layers


def _activations(inner: Sequence[Value]) -> Iterator[tuple[int, Value]]:
    """Each activation, with how many there are on the longest path from it to the root, itself included."""
    depths: dict[Value, int] = {}
    deepened: dict[int, int] = {}
    for node in reversed(inner):
        depth = depths.pop(node, 0)
        if is_activation(node):
            depth += 1
            yield depth, node
        if depth:
            for operand in _not_yet(node, depth, deepened):
                if type(operand) is Value and operand.primitive and depths.get(operand, 0) < depth:
                    depths[operand] = depth


def _not_yet(node: Value, depth: int, deepened: dict[int, int]) -> Iterable[Operand]:
    """The operands of a node, without the vectors that another node at this depth or deeper has already."""
    if not node.vectors:
        return node.operands
    new = [vector for vector in node.vectors if deepened.get(id(vector), 0) < depth]
    deepened.update((id(vector), depth) for vector in new)
    return [operand for vector in new for operand in vector]


def is_activation(node: Value) -> bool:
    """Whether a node is an activation of one Value: of a primitive that saturates, or has a flat side."""
    row = node.primitive
    return bool(row and (row.saturates or row in RECTIFIERS) and not row.vectors and type(node.operands[0]) is Value)


# ---- neurons


def _neurons(activations: list[Activation]) -> Layer:
    """The activations of one layer by their weights; one without weights is a neuron by itself."""
    if len(activations) == 1:
        return [Neuron(activations, _steepest(activations))]
    groups: dict[tuple[object, ...], list[Activation]] = {}
    for activation in activations:
        weights = _weights(activation.z)
        mark = activation.node.primitive if weights else activation.node
        groups.setdefault((mark, *weights), []).append(activation)
    return [Neuron(group, _steepest(group)) for group in groups.values()]


def _steepest(activations: Iterable[Activation]) -> float:
    largest = 0.0
    for _, _, slope in activations:
        if slope != slope:
            return math.inf
        largest = max(largest, abs(slope))
    return largest


def _weights(z: Value) -> tuple[Value, ...]:
    """The leaves of which z is an affine combination: the same for all examples, where the inputs are numbers."""
    leaves: list[Value] = []
    waiting, seen = [z], 0
    while waiting and seen < MOST_WEIGHTS:
        node, seen = waiting.pop(), seen + 1
        row = node.primitive
        if row is primitives.dot:
            leaves += _ends(node)
        elif row in AFFINE:
            waiting += list(islice(value_operands(node), MOST_WEIGHTS))[::-1]
        elif row is None:
            leaves.append(node)
    return tuple(leaves)


def _ends(dot: Value) -> Sequence[Value]:
    """The first and the last of the vector of weights: of the two vectors, the first that consists of leaves."""
    for first, *_, last in (vector if len(vector) > 1 else vector * 2 for vector in dot.vectors):
        if type(first) is Value and type(last) is Value and not first.primitive and not last.primitive:
            return first, last
    return ()
