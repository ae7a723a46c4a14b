"""The runs of a model, found again in a graph: which node is z, and which is y, of which neuron for which example.

The `dot` nodes of a graph hold the weights of a neuron and the inputs of an example as two tuples, by identity: neurons
share their tuple of inputs with the others of their layer, and with no other example.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from autograd import Value
from autograd.derivatives import number_of
from autograd.value import value_operands, walk
from nn.backpropagation.crossentropies import CrossEntropy, of_logits, of_sigmoids, of_softmax
from nn.models.activations import ACTIVATIONS, LAYER_ACTIVATIONS, activation_of, is_of_a_layer
from nn.models.modules import Neuron
from nn.models.networks import opened

Column: TypeAlias = "list[Value | None]"
"""A node for each neuron of a layer, for one example; None where the root does not depend on it."""

Users: TypeAlias = "Mapping[Value, Sequence[Value]]"
"""For each node the nodes that were computed from it."""


class DenseLayer(NamedTuple):
    """Neurons side by side, and the places of their layer in the model, from 1; one that occurs twice has two."""

    places: Sequence[int]
    neurons: Sequence[Neuron]

    @property
    def number(self) -> int:
        """The first place."""
        return self.places[0]


class Again(NamedTuple):
    """The activation of a layer for one example, recorded apart: leaves with the numbers of z, and each y = f(z)."""

    zs: Column
    ys: Sequence[Any]


class Runs(NamedTuple):
    """For each run of a layer, in order, its inputs and the nodes z = w · x + b and y = f(z) of its neurons.

    A y is None beside a z that is not where the root does not depend on it, or was computed from z itself, or where
    the nodes of the activation were not found: it was given random numbers, or was changed since. `again` has the
    activation of each run, recorded once more beside the graph. `losses` has the terms of a cross-entropy that stand on
    the z or the y of a run, and nothing where there are none. In a layer that `is_repeated` a run reads what comes of
    another, so that an example has several runs.
    """

    neurons: Sequence[Neuron]
    inputs: Sequence[Sequence[Any]]
    zs: Sequence[Column]
    ys: Sequence[Column]
    again: Sequence[Again]
    losses: Sequence[Sequence[CrossEntropy]]
    is_repeated: bool

    @property
    def outputs(self) -> list[list[float]]:
        """The numbers that the activation gives for each z now, NaN where it can't be asked."""
        return [[math.nan if y is None else number_of(y) for y in again.ys] for again in self.again]

    @property
    def has_ones(self) -> bool:
        """Whether the last input of each run is the 1 that does the work of a bias."""
        return self.neurons[0].bias == "ones"

    @property
    def given(self) -> Sequence[Sequence[Any]]:
        """The inputs without that 1."""
        return [inputs[: len(inputs) - self.has_ones] for inputs in self.inputs]

    @property
    def is_joint(self) -> bool:
        """Whether each y depends on all z of its run."""
        return is_of_a_layer(self.neurons[0].activation)


def steps_of(model: Any) -> list[Any]:
    """What a model applies, one after the other; a Sequential in it by its own layers. A layer alone is one step."""
    return [model] if neurons_of(model) else list(opened(getattr(model, "layers", ())))


def neurons_of(step: Any) -> Sequence[Neuron]:
    """The neurons of a layer of neurons, which one neuron is too; none for anything else."""
    return [step] if isinstance(step, Neuron) else getattr(step, "neurons", ())


def dense_layers(model: Any) -> list[DenseLayer]:
    """The layers of neurons of a model, which may be one, or one neuron; one that occurs twice is there once.

    Raises TypeError for what has none.
    """
    dense: dict[int, tuple[list[int], Sequence[Neuron]]] = {}
    for number, step in enumerate(steps_of(model), start=1):
        if neurons_of(step):
            dense.setdefault(id(step), ([], neurons_of(step)))[0].append(number)
    if not dense:
        raise TypeError(f"a model with layers of neurons is needed here; got {type(model).__name__} {model!r}")
    return [DenseLayer(*found) for found in dense.values()]


def runs_below(root: Value, layers: Sequence[DenseLayer]) -> list[Runs]:
    """For each layer its runs in the graph of the root, in the order in which they were typed.

    Lets each activation record once more for each z, beside the graph.
    """
    order = walk(root)[1]
    dots = _dots(layers, order)
    users = _users(order, {dot for columns in dots for column in columns for dot in column})
    repeated = _repeated(dots, order)
    return [
        _runs(layer.neurons, columns, users, place in repeated)
        for place, (layer, columns) in enumerate(zip(layers, dots))
    ]


def feeds(below: Runs, above: Runs) -> bool:
    """Whether the outputs of one layer are the inputs of the other, node by node, in every run.

    The 1 that does the work of a bias stands beside them.
    """
    pairs = links(below, above)
    return pairs is not None and all(y is x for y, x in pairs)


def links(below: Runs, above: Runs) -> list[tuple[Value | None, Any]] | None:
    """Each output of one layer with the input of the other at its place, run by run; None where they do not fit."""
    if list(map(len, below.ys)) != list(map(len, above.given)):
        return None
    return [pair for ys, xs in zip(below.ys, above.given) for pair in zip(ys, xs)]


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


def _repeated(dots: Sequence[Sequence[Column]], order: Iterable[Value]) -> set[int]:
    """The places of the layers of which a run reads what comes of another run of the same layer."""
    layer_of = {dot: place for place, columns in enumerate(dots) for column in columns for dot in column}
    below: dict[Value, frozenset[int]] = {}  # the layers on which a node depends, where there are any
    of_inputs: dict[int, frozenset[int]] = {}  # the same of a tuple that neurons share
    repeated: set[int] = set()
    for node in order:
        if node not in layer_of:
            found = _joined(below, value_operands(node))
        else:
            inputs, place = node.vectors[1], layer_of[node]
            if id(inputs) not in of_inputs:
                of_inputs[id(inputs)] = _joined(below, inputs)
            repeated |= of_inputs[id(inputs)] & {place}
            found = of_inputs[id(inputs)] | {place}
        if found:
            below[node] = found
    return repeated


def _joined(below: Mapping[Any, frozenset[int]], operands: Iterable[Any]) -> frozenset[int]:
    """The layers on which any of these depends."""
    known = {below[operand] for operand in operands if type(operand) is Value and operand in below}
    return frozenset[int]().union(*known)


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


def _runs(neurons: Sequence[Neuron], dots: Sequence[Column], users: Users, is_repeated: bool) -> Runs:
    inputs = [next(dot.vectors[1] for dot in column if dot is not None) for column in dots]
    zs = [_each(neurons, column, lambda neuron, dot: _biased(neuron, dot, users)) for column in dots]
    again = [_again(neurons, column) for column in zs]
    ys = [_found(*column, users) for column in zip(zs, again)]
    losses = [_losses(neurons, *column, users) for column in zip(zs, ys)]
    return Runs(neurons, inputs, zs, ys, again, losses, is_repeated)


def _again(neurons: Sequence[Neuron], zs: Column) -> Again:
    leaves = _each(neurons, zs, lambda _, z: Value(z.data))
    return Again(leaves, _applied(neurons, leaves))


def _losses(neurons: Sequence[Neuron], zs: Column, ys: Column, users: Users) -> Sequence[CrossEntropy]:
    if is_of_a_layer(neurons[0].activation):
        return of_softmax(zs, ys, users)
    if _have(neurons, "sigmoid"):
        return of_sigmoids(zs, ys, users)
    return of_logits(zs, users) if _have(neurons, "identity") else ()


def _have(neurons: Sequence[Neuron], activation: str) -> bool:
    return all(neuron.activation in (activation, ACTIVATIONS[activation]) for neuron in neurons)


def _each(neurons: Sequence[Neuron], column: Column, step: Callable[[Neuron, Value], Any]) -> list[Any]:
    return [None if node is None else step(neuron, node) for neuron, node in zip(neurons, column)]


def _biased(neuron: Neuron, dot: Value, users: Users) -> Value:
    """The node that adds the bias to a dot; the dot itself where there is none."""
    return next((user for user in users.get(dot, ()) if user.op == "+" and user.operands == (dot, neuron.b)), dot)


def _applied(neurons: Sequence[Neuron], zs: Column) -> list[Any]:
    """f(z) for each z; None where there is none, and where f needs a z that is not there."""
    chosen = neurons[0].activation
    if not is_of_a_layer(chosen):
        return _each(neurons, zs, lambda neuron, z: activation_of(neuron.activation)(z))
    known = [z for z in zs if z is not None]
    return list(LAYER_ACTIVATIONS[str(chosen)](known)) if len(known) == len(zs) else [None] * len(zs)


def _found(zs: Column, again: Again, users: Users) -> Column:
    """The nodes that were computed from z as those beside the graph were; None where there is none such."""
    twins: dict[Any, Value] = {leaf: z for leaf, z in zip(again.zs, zs) if leaf is not None and z is not None}
    seen: dict[Value, float] = {}
    for result in again.ys:
        for node in walk(result, seen)[1] if type(result) is Value else ():
            twin = _twin(node, twins, users)
            if twin is not None:
                twins[node] = twin
    return [twins.get(result) if type(result) is Value else None for result in again.ys]


def _twin(node: Value, twins: Mapping[Any, Value], users: Users) -> Value | None:
    """The node that was computed from twins as this one was; None for what does not depend on z, and for none such."""
    known = next((twins[operand] for operand in value_operands(node) if operand in twins), None)
    return None if known is None else next((user for user in users.get(known, ()) if _alike(user, node, twins)), None)


def _alike(user: Value, node: Value, twins: Mapping[Any, Value]) -> bool:
    # what does not depend on z is the same node in both graphs
    wanted = tuple(twins.get(operand, operand) if type(operand) is Value else operand for operand in node.operands)
    return user.primitive is node.primitive and user.operands == wanted
