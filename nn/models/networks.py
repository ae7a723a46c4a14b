"""Networks: layers one after the other, each of which is given what the one before it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from nn.models.activations import Activation
from nn.models.convolution import Convolution2D
from nn.models.dropout import Dropout
from nn.models.initializers import Initializer
from nn.models.modules import Bias, Layer, Module, Neuron, Seed, count, fitting
from nn.models.pooling import MaxPooling2D
from nn.models.summaries import Shape
from nn.seeds import generator


class Sequential(Module):
    """Layers in the order of their work: `Sequential(Layer(2, 3), Dropout(0.5), Layer(3, 1))`.

    A layer is a module, or any function of what the layer before it gives. Parameters are labelled by their place,
    `layer1.neuron2.w[3]`; a layer that occurs twice shares them, and has its first place. `model[0]`, `len(model)` and
    a loop reach the layers.
    Raises ValueError for no layers, and where one does not fit the one before it, such as neurons after a convolution
    without `Flatten`; TypeError for what can't be called.
    """

    def __init__(self, *layers: Callable[[Any], Any]) -> None:
        self.layers = list(layers)
        count(len(self.layers), type(self).__name__, "layer")
        for layer in self.layers:
            if not callable(layer):
                raise TypeError(f"Sequential needs layers that can be called; got {type(layer).__name__} {layer!r}")
        _require_flat(self.layers)
        self.output_shape()
        self.rename("")

    # Any: only the last layer tells what comes
    def __call__(self, x: Any) -> Any:
        """What the last layer gives for one example: one Value, a list of Values, or an array of Values."""
        return self.outputs(x)[-1]

    def outputs(self, x: Any) -> list[Any]:
        """What each layer gives for one example, first layer first: forward propagation, step by step."""
        given = []
        for layer in self.layers:
            x = layer(x)
            given.append(x)
        return given

    def children(self) -> Sequence[Module]:
        """The layers that are modules."""
        return [layer for layer in self.layers if isinstance(layer, Module)]

    def rename(self, place: str) -> None:
        """Labels the parameters `place.layer1.neuron1.w[0]` and so on."""
        start = f"{place}." if place else ""
        # from the last to the first, so that a layer which occurs twice has its first place
        for number, layer in reversed(list(enumerate(self.layers, start=1))):
            if isinstance(layer, Module):
                layer.rename(f"{start}layer{number}")

    def output_shape(self, input_shape: Shape | None = None) -> Shape | None:
        """The shape of what the last layer gives for one example of a shape; None where that is not known."""
        shape = input_shape
        for layer in self.layers:
            shape = layer.output_shape(shape) if isinstance(layer, Module) else None
        return shape

    def __len__(self) -> int:
        return len(self.layers)

    def __getitem__(self, place):  # type: ignore[no-untyped-def]  # the two kinds of a list's places
        return self.layers[place]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.layers)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self.layers))})"


class MLP(Sequential):
    """Layers of neurons: `MLP(2, [16, 16, 1])` has two inputs, two hidden layers of 16, and one output.

    The last layer has the output activation, all others the activation; or `activation` is a list, with one for each
    layer. `bias` is True, False (the XOR listings of document 002), or "ones" (its section 3.8).
    Raises ValueError as `Layer` does, when there is no layer, and for a list of another length.
    """

    layers: list[Layer]  # type: ignore[assignment]

    def __init__(
        self,
        n_inputs: int,
        sizes: Iterable[int],
        activation: str | Activation | Sequence[str | Activation] = "relu",
        output_activation: str | Activation = "identity",
        bias: Bias = True,
        seed: Seed = None,
        *,
        initializer: str | Initializer = "uniform",
    ) -> None:
        rng = generator(seed, "MLP")
        self.n_inputs = count(n_inputs, "MLP", "input")
        outputs = _listed(sizes)
        chosen = _activations(activation, output_activation, count(len(outputs), "MLP", "layer"))
        shapes = zip([self.n_inputs, *outputs], outputs)
        super().__init__(
            *(Layer(*shape, own, bias, rng, initializer=initializer) for shape, own in zip(shapes, chosen))
        )

    def outputs(self, x: Any) -> list[Any]:
        """What each layer gives for one example, first layer first: one Value, or a list of Values."""
        return super().outputs(fitting(x, self.n_inputs, "MLP"))

    def __repr__(self) -> str:
        return f"MLP of [{', '.join(map(repr, self.layers))}]"


def opened(layers: Iterable[Any]) -> Iterator[Any]:
    """The layers in the order of their work; a Sequential among them by its own layers."""
    for layer in layers:
        if isinstance(layer, Sequential):
            yield from opened(layer.layers)
        else:
            yield layer


def _require_flat(layers: Iterable[Any]) -> None:
    """Raises ValueError for neurons that are given an image."""
    image: Any = None
    for layer in opened(layers):
        if image is not None and isinstance(layer, (Layer, Neuron)):
            raise ValueError(
                f"{type(layer).__name__} needs a list of numbers, and {type(image).__name__} gives images: put"
                f" Flatten() between them; got {layer!r} after {image!r}"
            )
        if isinstance(layer, (Convolution2D, MaxPooling2D)):
            image = layer
        elif not isinstance(layer, Dropout):  # what goes through a Dropout keeps its shape
            image = None


def _listed(sizes: Any) -> list[Any]:
    if isinstance(sizes, str) or not isinstance(sizes, Iterable):
        raise TypeError(f"MLP needs the sizes of its layers, such as [4, 1]; got {sizes!r}")
    return list(sizes)


def _activations(
    activation: str | Activation | Sequence[str | Activation], output: str | Activation, layers: int
) -> Sequence[str | Activation]:
    """One for each layer."""
    if isinstance(activation, str) or not isinstance(activation, Sequence):
        return [*[activation] * (layers - 1), output]
    if output != "identity" or len(activation) != layers:
        alone = "" if output == "identity" else ", and no output_activation beside it"
        raise ValueError(f"MLP needs one activation for each of {layers} layers{alone}; got {list(activation)!r}")
    return list(activation)
