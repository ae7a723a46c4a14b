"""Neurons, layers and networks of layers, in the granularity of the documents: y = f(w · x + b).

Laws of this file:
- A neuron is one `dot`, its bias and its activation. Its weights are one tuple, and all neurons of a layer are given
  the same tuple of inputs: whoever reads the graph can tell a layer by these shared vectors.
- Parameters come in the order of document 000: layer after layer, neuron after neuron, the weights, then the bias.
- Labels count layers and neurons from 1, as the documents do, and weights from 0, for brackets are an index in
  Python: the label `layer1.neuron2.w[3]` belongs to `mlp.layers[0].neurons[1].w[3]`. What was made alone has the end of
  such a label: `neuron2.w[3]` in a layer, `w[3]` and `b` in a neuron.
- Weights are drawn uniformly from [-1, 1), as in document 001, in the order of the parameters: those of a layer are
  `rng.uniform(-1, 1, (n_outputs, n_inputs))`, row after row. Biases start at 0. A seed is an int or a NumPy
  Generator; the same seed gives the same weights, and without a seed they differ from run to run.
"""

from __future__ import annotations

import numbers
import operator
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import Value, dot, zero_grad
from autograd.coercion import real_number
from autograd.value import Operand, value_vector
from nn.activations import Activation, activation_of

Seed: TypeAlias = "int | np.random.Generator | None"
Array: TypeAlias = NDArray[np.float64]


class Module:
    """Something with parameters. A subclass says which, and in what order."""

    def parameters(self) -> list[Value]:
        """The leaves that are learnt, always in the same order."""
        return []

    def zero_grad(self) -> None:
        """Sets the gradient of every parameter to 0.0, not computed."""
        zero_grad(self.parameters())


class Neuron(Module):
    """y = f(w · x + b), with the weights `w`, a tuple, and the bias `b`, None where there is none.

    `nonlin` is micrograd's word for the activation: True is "relu", False is "identity".
    Raises ValueError for an unknown activation, and when there is no input.
    """

    def __init__(
        self,
        n_inputs: int,
        activation: str | Activation | bool = "relu",
        bias: bool = True,
        seed: Seed = None,
        *,
        nonlin: bool | None = None,
        label: str = "",
    ) -> None:
        self.n_inputs = _count(n_inputs, "Neuron", "input")
        self.activation = _chosen(activation, nonlin)
        self._activate = activation_of(self.activation)
        weights = np.random.default_rng(seed).uniform(-1.0, 1.0, self.n_inputs)
        place = f"{label}." if label else ""
        self.w = tuple(Value(weight, f"{place}w[{index}]") for index, weight in enumerate(weights))
        self.b = Value(0.0, f"{place}b") if bias else None

    def __call__(self, x: Any) -> Value:
        """The output for one example, a sequence or an array of numbers or Values; a lone number is a sequence of one.

        Raises ValueError for a wrong number of inputs.
        """
        # `dot` looks at the elements: what a layer hands over need not be looked at twice
        z = dot(self.w, _fitting(self, x if type(x) is tuple else vector(x)))
        return self._activate(z if self.b is None else z + self.b)

    def parameters(self) -> list[Value]:
        """The weights, then the bias."""
        return [*self.w, *_biases([self])]

    def __repr__(self) -> str:
        return f"Neuron({self.n_inputs}, {_described(self)})"


class Layer(Module):
    """Neurons side by side that all read the same inputs. The arguments are those of `Neuron`.

    Raises ValueError as `Neuron` does, and when there is no output.
    """

    def __init__(
        self,
        n_inputs: int,
        n_outputs: int,
        activation: str | Activation | bool = "relu",
        bias: bool = True,
        seed: Seed = None,
        *,
        nonlin: bool | None = None,
        label: str = "",
    ) -> None:
        rng = np.random.default_rng(seed)
        place = f"{label}." if label else ""
        self.n_inputs = _count(n_inputs, "Layer", "input")
        self.neurons = [
            Neuron(n_inputs, activation, bias, rng, nonlin=nonlin, label=f"{place}neuron{number}")
            for number in range(1, _count(n_outputs, "Layer", "output") + 1)
        ]

    # Any: only the number of neurons tells which of the two comes
    def __call__(self, x: Any) -> Any:
        """One Value for a layer of one neuron, otherwise the list of the neurons' outputs. `x` is as for a Neuron."""
        inputs = _fitting(self, vector(x))
        outputs = [neuron(inputs) for neuron in self.neurons]
        return outputs[0] if len(outputs) == 1 else outputs

    def parameters(self) -> list[Value]:
        """Those of the first neuron, then those of the second, and so on."""
        return [parameter for neuron in self.neurons for parameter in neuron.parameters()]

    def set_weights(self, W: ArrayLike, b: ArrayLike | None = None) -> None:
        """Writes the weights, and the biases where they are given: graphs recorded before are then stale.

        `W` has the shape (n_outputs, n_inputs), a row for each neuron, as in document 003; `b` has the shape
        (n_outputs,). Raises ValueError for another shape and TypeError for what is not a number, and writes nothing.
        """
        weights = _numbers_of_shape(self.weights.shape, W, "W")
        biases = [] if b is None else _numbers_of_shape(self.biases.shape, b, "b")
        _write((weight for neuron in self.neurons for weight in neuron.w), weights)
        _write(_biases(self.neurons), biases)

    @property
    def weights(self) -> Array:
        """The weights as an array of shape (n_outputs, n_inputs), a copy."""
        return np.array([[weight.data for weight in neuron.w] for neuron in self.neurons])

    @property
    def biases(self) -> Array:
        """The biases as an array of shape (n_outputs,), a copy; of shape (0,) for a layer without."""
        return np.array([bias.data for bias in _biases(self.neurons)])

    @property
    def weight_gradients(self) -> Array:
        """`grad` of each weight, in the shape of `weights`; 0.0 where it was not computed."""
        return np.array([[weight.grad for weight in neuron.w] for neuron in self.neurons])

    @property
    def bias_gradients(self) -> Array:
        """`grad` of each bias, in the shape of `biases`; 0.0 where it was not computed."""
        return np.array([bias.grad for bias in _biases(self.neurons)])

    def __repr__(self) -> str:
        return f"Layer({self.n_inputs}, {len(self.neurons)}, {_described(self.neurons[0])})"


class MLP(Module):
    """Layers one after the other: `MLP(2, [16, 16, 1])` has two inputs, two hidden layers of 16, and one output.

    The last layer has the output activation, all others the activation.
    Raises ValueError as `Layer` does, and when there is no layer.
    """

    def __init__(
        self,
        n_inputs: int,
        sizes: Sequence[int],
        activation: str | Activation = "relu",
        output_activation: str | Activation = "identity",
        bias: bool = True,
        seed: Seed = None,
    ) -> None:
        rng = np.random.default_rng(seed)
        self.n_inputs = _count(n_inputs, "MLP", "input")
        if not isinstance(sizes, Sequence):
            raise TypeError(f"MLP needs the sizes of its layers, such as [4, 1]; got {sizes!r}")
        last = _count(len(sizes), "MLP", "layer")
        shapes = zip([self.n_inputs, *sizes], sizes)
        self.layers = [
            Layer(*shape, output_activation if number == last else activation, bias, rng, label=f"layer{number}")
            for number, shape in enumerate(shapes, start=1)
        ]

    # Any: only the size of the last layer tells which of the two comes
    def __call__(self, x: Any) -> Any:
        """One Value for a network of one output, otherwise a list of Values. `x` is as for a Neuron."""
        outputs: Any = _fitting(self, vector(x))
        for layer in self.layers:
            outputs = layer(outputs)
        return outputs

    def parameters(self) -> list[Value]:
        """Those of the first layer, then those of the second, and so on."""
        return [parameter for layer in self.layers for parameter in layer.parameters()]

    def __repr__(self) -> str:
        return f"MLP of [{', '.join(map(repr, self.layers))}]"


def vector(xs: Any) -> tuple[Operand, ...]:
    """`xs` as a tuple of Values and floats, which is `xs` itself if it is one; a lone number is a vector of one."""
    alone = type(xs) is not tuple and (isinstance(xs, (Value, numbers.Real)) or getattr(xs, "shape", None) == ())
    return value_vector((xs,) if alone else xs)


def _fitting(module: Neuron | Layer | MLP, inputs: tuple[Operand, ...]) -> tuple[Operand, ...]:
    if len(inputs) != module.n_inputs:
        raise ValueError(f"{type(module).__name__} of {module.n_inputs} inputs got {len(inputs)}")
    return inputs


def _count(number: Any, owner: str, what: str) -> int:
    count = operator.index(number)
    if count < 1:
        raise ValueError(f"{owner} needs at least one {what}; got {count}")
    return count


def _chosen(activation: str | Activation | bool, nonlin: bool | None) -> str | Activation:
    """The activation, in our words or in micrograd's."""
    if nonlin is not None and activation != "relu":
        raise ValueError(f"Neuron takes activation or nonlin, not both; got {activation!r} and {nonlin!r}")
    chosen = activation if nonlin is None else nonlin
    # micrograd's programs may say Neuron(2, False)
    return ("relu" if chosen else "identity") if isinstance(chosen, bool) else chosen


def _biases(neurons: Iterable[Neuron]) -> list[Value]:
    return [neuron.b for neuron in neurons if neuron.b is not None]


def _numbers_of_shape(shape: tuple[int, ...], array: ArrayLike, name: str) -> list[float]:
    array = np.asarray(array)
    if array.shape != shape:
        raise ValueError(f"set_weights needs {name} of shape {shape}; got {array.shape}")
    return [real_number(x, f"set_weights, for {name},") for x in array.flat]


def _write(values: Iterable[Value], data: Iterable[float]) -> None:
    for value, number in zip(values, data):
        value.data = number


def _described(neuron: Neuron) -> str:
    activation = neuron.activation
    named = repr(activation) if isinstance(activation, str) else getattr(activation, "__name__", repr(activation))
    return f"activation={named}{', bias=False' if neuron.b is None else ''}"
