"""What is drawn of a network: its layers in the order of their work, names, numbers, and what is left out.

The names are those of the documents: x1, x2 for inputs, h1, h2 for hidden neurons (h2,1 where there are several hidden
layers), ŷ for outputs. Nothing is computed but, for an example, what the layers themselves compute.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeAlias

from autograd import Value, dot, no_recording
from autograd.derivatives import number_of
from autograd.notation.names import one_line
from autograd.notation.screens import LONGEST_NAME, shortened
from autograd.value import Operand
from nn.modules import Neuron, vector
from nn.runs import dense_layers

MOST = 12
"""So many are drawn of the neurons of a layer, of layers, of rows and columns: the first ones and the last."""

SYMBOLS = {"identity": "", "sigmoid": "σ", "relu": "ReLU", "leaky_relu": "leaky ReLU"}
"""How activations are written whose names are not."""

LONGEST_SYMBOL = 12

Place: TypeAlias = "int | None"
"""An index, None for all those that are left out."""


class Stage(NamedTuple):
    """Neurons side by side at their place in a network; `z` and `y` are empty without an example."""

    layer: Any
    neurons: Sequence[Neuron]
    title: str
    names: Sequence[str]
    z: Sequence[float] = ()
    y: Sequence[float] = ()


class Network(NamedTuple):
    """The stages of a model in the order of their work; one that is applied twice is there twice."""

    kind: str
    inputs: Sequence[str]
    stages: Sequence[Stage]
    x: Sequence[float] = ()

    @property
    def size(self) -> int:
        """How many parameters it has, each counted once."""
        layers = {id(stage.layer): stage.layer for stage in self.stages}
        return sum(len(layer.parameters()) for layer in layers.values())


def network_of(model: Any, x: Any = None, inputs: Sequence[str] = (), outputs: Sequence[str] = ()) -> Network:
    """The network that a model is, with the numbers of an example, and with names of its inputs and outputs.

    Raises TypeError for what has no layers of neurons; ValueError where the outputs of one are not the inputs of the
    next, for an example of the wrong length and for a wrong number of names.
    """
    dense_layers(model)  # refuses what has none
    steps = [model] if isinstance(model, Neuron) or hasattr(model, "neurons") else list(model.layers)
    layers = [step for step in steps if _neurons(step)]
    sizes = _sizes(layers)
    stages = [
        Stage(layer, _neurons(layer), _title(place, len(layers)), _names(place, sizes[1:], outputs))
        for place, layer in enumerate(layers)
    ]
    told = ("…" if place is None else str(sizes[place]) for place in abridged(len(sizes)))
    kind = f"{type(model).__name__} {'-'.join(told)}"
    network = Network(kind, _chosen(inputs, _numbered("x", sizes[0]), "input"), stages)
    return network if x is None else _run(network, steps, x)


def activation_symbol(neuron: Neuron) -> str:
    """σ, ReLU, tanh …: how the activation is written; empty for the identity, f for a function without a name."""
    f = neuron.activation
    name = f if isinstance(f, str) else getattr(f, "__name__", "f").replace("<lambda>", "f")
    return shortened(one_line(SYMBOLS.get(name, name)), LONGEST_SYMBOL)


def abridged(count: int) -> list[Place]:
    """The places of what is drawn, in order; one None stands for those that are left out."""
    return list(range(count)) if count <= MOST else [*range(MOST - 1), None, count - 1]


def left_out(count: int) -> range:
    """The places that are not drawn."""
    return range(MOST - 1, max(count, MOST) - 1)


# ---- layers


def _neurons(step: Any) -> Sequence[Neuron]:
    """The neurons of a layer; none for what is no layer of neurons."""
    return [step] if isinstance(step, Neuron) else getattr(step, "neurons", ())


def _sizes(layers: Sequence[Any]) -> list[int]:
    """The number of inputs, and of the neurons of each layer. Raises ValueError where they do not fit together."""
    takes = [len(_neurons(layer)[0].w) for layer in layers]
    gives = [len(_neurons(layer)) for layer in layers]
    for number, (given, taken) in enumerate(zip(gives, takes[1:]), start=1):
        if given != taken:
            raise ValueError(
                "a network is drawn whose layers fit together; got"
                f" {given} outputs of layer {number}, and {taken} inputs of layer {number + 1}"
            )
    return [takes[0], *gives]


def _title(place: int, count: int) -> str:
    if place == count - 1:
        return "output"
    return "hidden" if count == 2 else f"hidden {place + 1}"


def _names(place: int, sizes: Sequence[int], outputs: Sequence[str]) -> Sequence[str]:
    if place == len(sizes) - 1:
        return _chosen(outputs, _numbered("ŷ", sizes[-1]), "output")
    return _numbered("h" if len(sizes) == 2 else f"h{place + 1},", sizes[place], always=True)


def _numbered(letter: str, count: int, always: bool = False) -> list[str]:
    return [letter] if count == 1 and not always else [f"{letter}{number}" for number in range(1, count + 1)]


def _chosen(given: Sequence[str], usual: Sequence[str], what: str) -> Sequence[str]:
    """The names that were given, if any were."""
    if not given:
        return usual
    if isinstance(given, str) or len(given) != len(usual):
        raise ValueError(f"draw_network needs a name for each {what}, {len(usual)} in all; got {given!r}")
    return [shortened(one_line(name), LONGEST_NAME) for name in given]


# ---- an example


def _run(network: Network, steps: Iterable[Any], x: Any) -> Network:
    """The network with the numbers that its layers give for an example."""
    waiting, stages = iter(network.stages), []
    with no_recording():
        inputs = outputs = vector(x)
        for step in steps:
            given, outputs = outputs, vector(step(outputs))
            if _neurons(step):
                z = [_weighted_sum(neuron, given) for neuron in _neurons(step)]
                stages.append(next(waiting)._replace(z=_data(z), y=_data(outputs)))
    return network._replace(stages=stages, x=_data(inputs))


def _weighted_sum(neuron: Neuron, inputs: Sequence[Operand]) -> Value:
    z = dot(neuron.w, inputs)
    return z if neuron.b is None else z + neuron.b


def _data(operands: Iterable[Operand]) -> list[float]:
    return list(map(number_of, operands))
