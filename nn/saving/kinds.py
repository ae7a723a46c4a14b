"""The types of modules that are written and read: the arguments of each, and how many parameters these claim.

Law: `KINDS` is closed. A type that is not in it is neither written nor built, whatever a file calls it; a new type of
module is one entry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from autograd.archive.documents import read_number, shown
from nn.models.convolution import Convolution2D
from nn.models.dropout import Dropout
from nn.models.modules import Layer, Module, Neuron
from nn.models.networks import MLP, Sequential
from nn.models.perceptron import Perceptron
from nn.models.pooling import Flatten, MaxPooling2D
from nn.saving.arguments import COUNT, PADDING, SIZE, Reader, activation, bias, several, truth


class Rows(NamedTuple):
    """Rows of parameters: so many neurons, with so many numbers each, the weights and then the bias."""

    neurons: int
    numbers: int


class Kind(NamedTuple):
    """A type of modules: what reads each argument, and the rows of its parameters, of which these are given.

    `told` gives the arguments of a module; without it they are attributes.
    One that `has_layers` is built of them, and their rows are its own.
    """

    type: type[Module]
    arguments: Mapping[str, Reader] = {}
    rows: Callable[..., Sequence[Rows]] = lambda **_: ()
    told: Callable[[Any], dict[str, Any]] | None = None
    has_layers: bool = False

    def arguments_of(self, module: Module) -> dict[str, Any]:
        """The arguments with which such a module can be made again. Raises TypeError where there are none."""
        return self.told(module) if self.told else _attributes(module, *self.arguments)


def _layer(layer: Layer) -> dict[str, Any]:
    _require_alike(layer, layer.neurons)
    return {**_attributes(layer, "n_inputs", "activation", "bias"), "n_outputs": len(layer.neurons)}


def _convolution(convolution: Convolution2D) -> dict[str, Any]:
    _require_alike(convolution, convolution.kernels)
    return _attributes(convolution, *KINDS["Convolution2D"].arguments)


def _mlp(mlp: MLP) -> dict[str, Any]:
    for layer in mlp.layers:
        if type(layer) is not Layer or layer.bias != mlp.layers[0].bias:
            raise TypeError(f"is an MLP with {shown(layer)} in it, which it was not made with: take a Sequential")
        _require_alike(layer, layer.neurons)
    return {
        "n_inputs": mlp.n_inputs,
        "sizes": [len(layer.neurons) for layer in mlp.layers],
        "activation": [layer.activation for layer in mlp.layers],
        "bias": mlp.layers[0].bias,
    }


def _require_alike(owner: Module, neurons: Sequence[Neuron]) -> None:
    """For neurons that were exchanged by hand: a layer is written with one activation."""
    first = neurons[0]
    for neuron in neurons:
        alike = all(getattr(neuron, name) == getattr(first, name) for name in ("n_inputs", "activation", "bias"))
        if type(neuron) is not Neuron or not alike:
            raise TypeError(f"is {shown(owner)} with {shown(neuron)} in it, which it was not made with")


def _attributes(module: Module, *names: str) -> dict[str, Any]:
    return {name: getattr(module, name) for name in names}


def _rows(n_inputs: int, n_outputs: int = 1, bias: bool | str = True, **_: Any) -> Sequence[Rows]:
    return [Rows(n_outputs, n_inputs + bool(bias))]


def _rows_of_mlp(n_inputs: int, sizes: Sequence[int], bias: bool | str, **_: Any) -> Sequence[Rows]:
    return [Rows(size, inputs + bool(bias)) for inputs, size in zip([n_inputs, *sizes], sizes)]


def _rows_of_convolution(
    n_channels: int, n_kernels: int, size: tuple[int, int], bias: bool, **_: Any
) -> Sequence[Rows]:
    return [Rows(n_kernels, n_channels * size[0] * size[1] + bias)]


_NEURON = {"n_inputs": COUNT, "activation": activation, "bias": bias}
_LAYER = {"n_inputs": COUNT, "n_outputs": COUNT, "activation": activation, "bias": bias}
_MLP = {"n_inputs": COUNT, "sizes": several(COUNT), "activation": several(activation), "bias": bias}
_CONVOLUTION = {
    "n_channels": COUNT,
    "n_kernels": COUNT,
    "size": SIZE,
    "activation": activation,
    "bias": truth,
    "stride": SIZE,
    "padding": PADDING,
}

KINDS = {
    kind.type.__name__: kind
    for kind in (
        Kind(Neuron, _NEURON, _rows),
        Kind(Layer, _LAYER, _rows, _layer),
        Kind(MLP, _MLP, _rows_of_mlp, _mlp),
        Kind(Convolution2D, _CONVOLUTION, _rows_of_convolution, _convolution),
        Kind(Perceptron, {"n_inputs": COUNT}, _rows),
        Kind(MaxPooling2D, {"size": SIZE, "stride": SIZE}),
        Kind(Flatten),
        Kind(Dropout, {"p": read_number}),
        Kind(Sequential, has_layers=True),
    )
}
"""Every type of modules that is written and read, by its name."""
