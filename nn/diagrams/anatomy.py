"""What is drawn of a network: its layers in the order of their work, names, numbers, and what is left out.

The names are those of the documents: x1, x2 for inputs, h1, h2 for hidden neurons (h2,1 where there are several hidden
layers), ŷ for outputs, and W1, W2 for matrices of weights (W where there is one). Nothing is computed but, for an
example, what the layers themselves compute.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from autograd import Value, no_recording
from autograd.derivatives import number_of
from autograd.notation.names import one_line
from autograd.notation.screens import LONGEST_NAME, shortened
from autograd.value import Operand
from nn.abridging import Index, abridged
from nn.backpropagation.chains import passed_over
from nn.backpropagation.runs import dense_layers, neurons_of, steps_of
from nn.models.activations import Activation, activation_name, is_of_a_layer
from nn.models.modes import Mode
from nn.models.modules import Neuron, vector

MOST = 12
"""So many are drawn of the neurons of a layer, of layers, of rows and columns: the first ones and the last."""

SYMBOLS = {"identity": "", "sigmoid": "σ", "relu": "ReLU", "leaky_relu": "leaky ReLU"}
"""How activations are written whose names are not."""

LONGEST_SYMBOL = 16


class Stage(NamedTuple):
    """Neurons side by side at their place in a network; `z` and `y` are empty without an example.

    `matrix` is the name of that of their weights.
    """

    layer: Any
    neurons: Sequence[Neuron]
    title: str
    names: Sequence[str]
    matrix: str
    z: Sequence[float] = ()
    y: Sequence[float] = ()

    @property
    def has_ones(self) -> bool:
        """Whether the last weight of each neuron is that of an input that is always 1."""
        return self.neurons[0].bias == "ones"


class Network(NamedTuple):
    """The stages of a model in the order of their work; one that is applied twice is there twice.

    `undrawn` names the layers without neurons.
    """

    kind: str
    inputs: Sequence[str]
    stages: Sequence[Stage]
    undrawn: str = ""
    x: Sequence[float] = ()

    def reads_ones(self, stage: int) -> bool:
        """Whether a 1 stands beside what a stage gives, for the next one reads it; the inputs are the stage -1."""
        return stage + 1 < len(self.stages) and self.stages[stage + 1].has_ones

    @property
    def remarks(self) -> list[str]:
        """What is to be said of layers whose work a picture does not show."""
        joint = any(is_of_a_layer(stage.neurons[0].activation) for stage in self.stages)
        told = ["softmax: each output depends on all z of its layer."] if joint else []
        return [*told, f"Not drawn: {self.undrawn}."] if self.undrawn else told

    @property
    def parameters(self) -> list[Value]:
        """Those of all neurons, drawn or not, each once."""
        neurons = (neuron for stage in self.stages for neuron in stage.neurons)
        return list({id(parameter): parameter for neuron in neurons for parameter in neuron.parameters()}.values())

    @property
    def title(self) -> str:
        """What it is, and how large: MLP 2-3-1, 13 parameters."""
        size = len(self.parameters)
        return f"{self.kind}, {size:,} parameter{'s' * (size != 1)}"


def network_of(
    model: Any,
    x: Any = None,
    inputs: Iterable[str] = (),
    outputs: Iterable[str] = (),
    matrices: Iterable[str] = (),
) -> Network:
    """The network that a model is, with the numbers of an example, and names of inputs, outputs and matrices.

    Raises TypeError for what has no layers of neurons, for an example that is no vector of numbers and names that are
    no sequence; ValueError where the outputs of a layer are not the inputs of the next, for an example of the wrong
    length and for a wrong number of names.
    """
    dense_layers(model)  # refuses what has none
    steps = steps_of(model)
    layers = [step for step in steps if neurons_of(step)]
    sizes = _sizes(layers)
    called = _chosen(matrices, _numbered("W", len(layers)), "matrix")
    stages = [
        Stage(layer, neurons_of(layer), _title(place, len(layers)), _names(place, sizes[1:], outputs), called[place])
        for place, layer in enumerate(layers)
    ]
    told = ("…" if place is None else str(sizes[place]) for place in shown(len(sizes)))
    kind = f"{type(model).__name__} {'-'.join(told)}"
    network = Network(kind, _chosen(inputs, _numbered("x", sizes[0]), "input"), stages, passed_over(steps))
    if x is None:
        return network
    with Mode(model, training=False), no_recording():
        return _run(network, steps, x)


def activation_symbol(neuron: Neuron) -> str:
    """How the activation of a neuron is written."""
    return written(neuron.activation)


def written(f: str | Activation) -> str:
    """σ, ReLU, tanh …: how an activation is written; empty for the identity, f for a function without a name."""
    name = activation_name(f).replace("<lambda>", "f") if isinstance(f, str) or hasattr(f, "__name__") else "f"
    function, bracket, numbers = name.partition("(")
    return shortened(one_line(SYMBOLS.get(function, function) + bracket + numbers), LONGEST_SYMBOL)


def shown(count: int) -> list[Index]:
    """The indices of what is drawn, in order; one None stands for those that are left out."""
    return abridged(count, MOST, first=MOST - 1)


def left_out(count: int) -> range:
    """The indices of what is not drawn."""
    return range(MOST - 1, max(count, MOST) - 1)


# ---- layers


def _sizes(layers: Sequence[Any]) -> list[int]:
    """The number of inputs, and of the neurons of each layer. Raises ValueError where they do not fit together."""
    takes = [neurons_of(layer)[0].n_inputs for layer in layers]
    gives = [len(neurons_of(layer)) for layer in layers]
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


def _names(place: int, sizes: Sequence[int], outputs: Iterable[str]) -> Sequence[str]:
    if place == len(sizes) - 1:
        return _chosen(outputs, _numbered("ŷ", sizes[-1]), "output")
    return _numbered("h" if len(sizes) == 2 else f"h{place + 1},", sizes[place], always=True)


def _numbered(letter: str, count: int, always: bool = False) -> list[str]:
    return [letter] if count == 1 and not always else [f"{letter}{number}" for number in range(1, count + 1)]


def _chosen(given: Iterable[str], usual: Sequence[str], what: str) -> Sequence[str]:
    """The names that were given, if any were."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise TypeError(
            f"{what}_names is a sequence of names, one for each {what}; got {type(given).__name__} {given!r}"
        )
    names = list(given)
    if len(names) not in (0, len(usual)):
        raise ValueError(f"draw_network needs a name for each {what}, {len(usual)} in all; got {names!r}")
    return [shortened(one_line(name), LONGEST_NAME) for name in names] or usual


# ---- an example


def _run(network: Network, steps: Iterable[Any], x: Any) -> Network:
    """The network with the numbers that its layers give for an example."""
    waiting, stages = iter(network.stages), []
    inputs = outputs = _example(x, len(network.inputs))
    for step in steps:
        given, outputs = outputs, vector(step(outputs))
        if neurons_of(step):
            z = [neuron.weighted_sum(given) for neuron in neurons_of(step)]
            stages.append(next(waiting)._replace(z=_data(z), y=_data(outputs)))
    return network._replace(stages=stages, x=_data(inputs))


def _example(x: Any, count: int) -> Sequence[Operand]:
    """The numbers of an example, which are as many as the inputs."""
    needed = f"draw_network needs x with {count} number{'s' * (count != 1)}, one for each input"
    try:
        numbers = vector(x)
    except TypeError as error:
        raise TypeError(f"{needed}: {error}") from error
    if len(numbers) != count:
        raise ValueError(f"{needed}; got {len(numbers)}")
    return numbers


def _data(operands: Iterable[Operand]) -> list[float]:
    return list(map(number_of, operands))
