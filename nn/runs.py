"""The runs of a model, found again in a graph: which node is z, and which is y, of which neuron for which example.

The `dot` nodes of a graph hold the weights of a neuron and the inputs of an example as two tuples, by identity: neurons
share their tuple of inputs with the others of their layer, and with no other example.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from autograd import Value
from autograd.value import value_operands, walk
from nn.activations import activation_of
from nn.modules import Neuron

Column: TypeAlias = "list[Value | None]"
"""A node for each neuron of a layer, for one example; None where the root does not depend on it."""

Users: TypeAlias = "Mapping[Value, Sequence[Value]]"
"""For each node the nodes that were computed from it."""


class DenseLayer(NamedTuple):
    """Neurons side by side, and the place of their layer in the model, from 1."""

    number: int
    neurons: Sequence[Neuron]


class Runs(NamedTuple):
    """For each run of a layer, in order, its inputs and the nodes z = w · x + b and y = f(z) of its neurons.

    A y is None beside a z that is not where the nodes of the activation were not found: it was given random numbers,
    or was changed since.
    """

    neurons: Sequence[Neuron]
    inputs: Sequence[Sequence[Any]]
    zs: Sequence[Column]
    ys: Sequence[Column]


def dense_layers(model: Any) -> list[DenseLayer]:
    """The layers of neurons of a model, which may be one, or one neuron; a layer that occurs twice counts once.

    Raises TypeError for what has none.
    """
    if isinstance(model, Neuron):
        return [DenseLayer(1, [model])]
    layers = dict.fromkeys([model] if hasattr(model, "neurons") else getattr(model, "layers", ()))
    dense = [
        DenseLayer(number, [layer] if isinstance(layer, Neuron) else layer.neurons)
        for number, layer in enumerate(layers, start=1)
        if isinstance(layer, Neuron) or hasattr(layer, "neurons")
    ]
    if not dense:
        raise TypeError(f"a model with layers of neurons is needed here; got {type(model).__name__} {model!r}")
    return dense


def runs_below(root: Value, layers: Sequence[DenseLayer]) -> list[Runs]:
    """For each layer its runs in the graph of the root, in the order in which they were typed.

    Lets each activation record once more for each z, beside the graph.
    """
    order = walk(root)[1]
    dots = _dots(layers, order)
    users = _users(order, {dot for columns in dots for column in columns for dot in column})
    return [_runs(layer.neurons, columns, users) for layer, columns in zip(layers, dots)]


def feeds(below: Runs, above: Runs) -> bool:
    """Whether the outputs of one layer are the inputs of the other, node by node, in every run."""
    if len(below.ys) != len(above.inputs):
        return False
    columns = zip(below.ys, above.inputs)
    return all(len(ys) == len(xs) and all(y is x for y, x in zip(ys, xs)) for ys, xs in columns)


def _dots(layers: Sequence[DenseLayer], order: Sequence[Value]) -> list[list[Column]]:
    """For each layer the `dot` of each neuron, in columns that share their tuple of inputs."""
    places = _places(layers)
    columns: list[dict[tuple[int, int], Column]] = [{} for _ in layers]
    met: Counter[tuple[int, int]] = Counter()  # a model can be given the same tuple twice: these are two runs
    for node in order:
        vectors = node.vectors
        if len(vectors) == 2 and id(vectors[0]) in places and node.op == "dot":
            layer, neuron = places[id(vectors[0])]
            use = (id(vectors[0]), id(vectors[1]))
            column = columns[layer].setdefault((id(vectors[1]), met[use]), [None] * len(layers[layer].neurons))
            column[neuron] = node
            met[use] += 1
    return [list(found.values()) for found in columns]


def _places(layers: Sequence[DenseLayer]) -> dict[int, tuple[int, int]]:
    """The place of each neuron by its tuple of weights. Raises ValueError where two have the same."""
    places: dict[int, tuple[int, int]] = {}
    for i, layer in enumerate(layers):
        for j, neuron in enumerate(layer.neurons):
            if id(neuron.w) in places:
                known, other = places[id(neuron.w)]
                raise ValueError(
                    "neurons need weights of their own to be found in the graph; got the same for neuron"
                    f" {other + 1} of layer {layers[known].number} and neuron {j + 1} of layer {layer.number}"
                )
            places[id(neuron.w)] = (i, j)
    return places


def _users(order: Iterable[Value], apart: set[Value | None]) -> Users:
    """The users of each node, without those that are `apart`: the dots have no part in an activation, and are wide."""
    users: dict[Value, list[Value]] = {}
    for node in order:
        if node not in apart:
            for operand in value_operands(node):
                users.setdefault(operand, []).append(node)
    return users


def _runs(neurons: Sequence[Neuron], dots: Sequence[Column], users: Users) -> Runs:
    inputs = [next(dot.vectors[1] for dot in column if dot is not None) for column in dots]
    zs = [_each(neurons, column, lambda neuron, dot: _biased(neuron, dot, users)) for column in dots]
    ys = [_each(neurons, column, lambda neuron, z: _activated(neuron, z, users)) for column in zs]
    return Runs(neurons, inputs, zs, ys)


def _each(neurons: Sequence[Neuron], column: Column, step: Callable[[Neuron, Value], Value | None]) -> Column:
    return [None if node is None else step(neuron, node) for neuron, node in zip(neurons, column)]


def _biased(neuron: Neuron, dot: Value, users: Users) -> Value:
    """The node that adds the bias to a dot; the dot itself where there is none."""
    return next((user for user in users.get(dot, ()) if user.op == "+" and user.operands == (dot, neuron.b)), dot)


def _activated(neuron: Neuron, z: Value, users: Users) -> Value | None:
    """The node y = f(z): it was computed from z as f computes from another leaf; None where there is none such."""
    again = Value(z.data)
    result: Any = activation_of(neuron.activation)(again)
    twins: dict[Any, Value] = {again: z}
    for node in walk(result)[1] if type(result) is Value else ():
        known = next((twins[operand] for operand in value_operands(node) if operand in twins), None)
        if known is not None:  # what does not depend on z is the same node in both graphs
            twin = next((user for user in users.get(known, ()) if _alike(user, node, twins)), None)
            if twin is None:
                return None
            twins[node] = twin
    return twins.get(result)


def _alike(user: Value, node: Value, twins: Mapping[Any, Value]) -> bool:
    wanted = tuple(twins.get(operand, operand) if type(operand) is Value else operand for operand in node.operands)
    return user.primitive is node.primitive and user.operands == wanted
