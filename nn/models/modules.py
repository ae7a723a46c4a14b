"""Modules, and the two of which networks are made: neurons and layers, as the documents have them: y = f(w · x + b).

Laws of this file:
- A neuron is one `dot`, its bias and its activation. Its weights are one tuple, and all neurons of a layer are given
  the same tuple of inputs: whoever reads the graph can tell a layer by these shared vectors.
- Parameters come in the order of document 000: layer after layer, neuron after neuron, the weights, then the bias.
- Labels count layers and neurons from 1, as the documents do, and weights from 0, for brackets are an index in
  Python: the label `layer1.neuron2.w[3]` belongs to `mlp.layers[0].neurons[1].w[3]`. What was made alone has the end of
  such a label: `neuron2.w[3]` in a layer, `w[3]` and `b` in a neuron.
- Weights are drawn in the order of the parameters, from [-1, 1) as in document 001 if nothing else is said: those of a
  layer are `rng.uniform(-1, 1, (n_outputs, n_inputs))`, row after row. Biases start at 0. A seed is an int or a NumPy
  Generator; the same seed gives the same weights, and without a seed they differ from run to run.
- A module predicts, until it is told to `train`: what is random in training is off in the meantime.
"""

from __future__ import annotations

import copy
import numbers
import reprlib
from collections.abc import Iterable, Sequence
from functools import wraps
from typing import Any, Literal, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import Value, dot, zero_grad
from autograd.coercion import real_number
from autograd.value import Operand, value_vector, write_data
from nn.models.activations import LAYER_ACTIVATIONS, Activation, activation_argument, activation_of, is_of_a_layer
from nn.models.initializers import Initializer, initializer_of
from nn.models.summaries import Shape, Summary, summary_of
from nn.seeds import generator

Bias: TypeAlias = "bool | Literal['ones']"
"""True, False, or "ones": no bias, but a last input that is always 1, whose weight does the same (002, section 3.8)."""

Seed: TypeAlias = "int | np.random.Generator | None"
Array: TypeAlias = NDArray[np.float64]


Self = TypeVar("Self", bound="Module")


class Module:
    """Something with parameters that is called with one example. A subclass says which, and what it is made of."""

    training = False
    """Whether it is being trained: `Dropout` then leaves out. `train` and `eval` write it."""

    # Any: one Value, or several
    def __call__(self, x: Any) -> Any:
        """What it gives for one example."""
        raise NotImplementedError(f"{type(self).__name__} needs a __call__ that says what it gives for one example")

    def children(self) -> Sequence[Module]:
        """The modules of which this one is made."""
        return ()

    def parameters(self) -> list[Value]:
        """The leaves that are learnt, always in the same order, each once."""
        return list(dict.fromkeys(parameter for child in self.children() for parameter in child.parameters()))

    def weight_parameters(self) -> list[Value]:
        """Those that L1 and L2 penalize: the weights, and no bias. Of a module of one's own, all that it adds."""
        if not self.children():
            return self.parameters()
        return list(dict.fromkeys(weight for child in self.children() for weight in child.weight_parameters()))

    def rename(self, place: str) -> None:
        """Labels the parameters by a place, such as `layer1`; by what they are alone for an empty one."""

    def output_shape(self, input_shape: Shape | None = None) -> Shape | None:
        """The shape of what it gives for one example of a shape; None where that is not known.

        Raises ValueError for a shape that does not fit.
        """
        return None

    def summary(self, input_shape: Shape | None = None) -> Summary:
        """Its layers with the shapes of their outputs and the numbers of their parameters, as a table.

        `input_shape` is the shape of one example, which only images need. Raises ValueError where layers do not fit.
        """
        return summary_of(self, input_shape)

    def train(self: Self, training: bool = True) -> Self:
        """Itself, and all that it is made of, told that it is being trained."""
        self.training = bool(training)
        for child in self.children():
            child.train(training)
        return self

    def eval(self: Self) -> Self:
        """Itself, and all that it is made of, told to predict."""
        return self.train(False)

    def zero_grad(self) -> None:
        """Sets the gradient of every parameter to 0.0, not computed."""
        zero_grad(self.parameters())

    def __copy__(self: Self) -> Self:
        twin = type(self).__new__(type(self))
        twin.__dict__.update(self.__dict__)
        return twin

    def __deepcopy__(self: Self, memo: dict[int, Any]) -> Self:
        memo[id(self)] = twin = type(self).__new__(type(self))
        twin.__dict__.update(copy.deepcopy(self.__dict__, memo))
        return twin


class Neuron(Module):
    """y = f(w · x + b), with the weights `w`, a tuple, and the bias `b`, None where there is none.

    With `bias="ones"` the last weight belongs to an input that is always 1. `nonlin` is micrograd's word for the
    activation: True is "relu", False is "identity".
    Raises ValueError for an unknown activation, initializer or bias, and when there is no input.
    """

    def __init__(
        self,
        n_inputs: int,
        activation: str | Activation | bool = "relu",
        bias: Bias = True,
        seed: Seed = None,
        *,
        initializer: str | Initializer = "uniform",
        nonlin: bool | None = None,
        label: str = "",
    ) -> None:
        self.n_inputs = count(n_inputs, "Neuron", "input")
        self.activation = _chosen(activation, nonlin)
        self.bias = _bias(bias)
        self._activate = _alone if is_of_a_layer(self.activation) else activation_of(self.activation)
        rng = generator(seed, "Neuron")
        self.w = tuple(map(Value, _drawn(initializer, rng, self.n_inputs, (self.n_inputs + (bias == "ones"),))))
        self.b = Value(0.0) if self.bias is True else None
        self.rename(label)

    def __call__(self, x: Any) -> Value:
        """The output for one example, a sequence or an array of numbers or Values; a lone number is a sequence of one.

        Raises ValueError for a wrong number of inputs.
        """
        return self._activate(self.weighted_sum(x))

    def weighted_sum(self, x: Any) -> Value:
        """z = w · x + b, of which the output is f. `x` and the errors are those of a call."""
        return self._summed(_read(self, x))

    def _summed(self, inputs: tuple[Operand, ...]) -> Value:
        z = dot(self.w, inputs)
        return z if self.b is None else z + self.b

    def parameters(self) -> list[Value]:
        """The weights, then the bias."""
        return [*self.w, *_biases([self])]

    def weight_parameters(self) -> list[Value]:
        """The weights, without that of the input that is always 1."""
        return list(self.w[: self.n_inputs])

    def rename(self, place: str) -> None:
        """Labels the weights `place.w[0]` …, and the bias `place.b`."""
        start = f"{place}." if place else ""
        for index, weight in enumerate(self.w):
            weight.label = f"{start}w[{index}]"
        for bias in _biases([self]):
            bias.label = f"{start}b"

    def output_shape(self, input_shape: Shape | None = None) -> Shape:
        """One number, of shape (1,)."""
        return _shape_after(self, input_shape, 1)

    def __repr__(self) -> str:
        return f"Neuron({self.n_inputs}, {_described(self)})"


class Layer(Module):
    """Neurons side by side that all read the same inputs. The arguments are those of `Neuron`.

    With the activation "softmax" the outputs are the probabilities of classes, which depend on one another.
    Raises ValueError as `Neuron` does, and when there is no output.
    """

    def __init__(
        self,
        n_inputs: int,
        n_outputs: int,
        activation: str | Activation | bool = "relu",
        bias: Bias = True,
        seed: Seed = None,
        *,
        initializer: str | Initializer = "uniform",
        nonlin: bool | None = None,
        label: str = "",
    ) -> None:
        rng, draw = generator(seed, "Layer"), initializer_of(initializer)
        self.n_inputs = count(n_inputs, "Layer", "input")
        n_outputs = count(n_outputs, "Layer", "output")

        @wraps(draw)
        def row(rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, _: int) -> Array:
            return draw(rng, shape, fan_in, n_outputs)

        self.neurons = [
            Neuron(n_inputs, activation, bias, rng, initializer=row, nonlin=nonlin) for _ in range(n_outputs)
        ]
        self.activation = self.neurons[0].activation
        self.bias = self.neurons[0].bias
        self.rename(label)

    # Any: only the number of neurons tells which of the two comes
    def __call__(self, x: Any) -> Any:
        """One Value for a layer of one neuron, otherwise the list of the neurons' outputs. `x` is as for a Neuron."""
        inputs = _read(self, x)
        if is_of_a_layer(self.activation):
            zs = tuple(neuron._summed(inputs) for neuron in self.neurons)
            outputs = list(LAYER_ACTIVATIONS[str(self.activation)](zs))
        else:
            outputs = [neuron._activate(neuron._summed(inputs)) for neuron in self.neurons]
        return outputs[0] if len(outputs) == 1 else outputs

    def children(self) -> Sequence[Module]:
        """The neurons."""
        return self.neurons

    def rename(self, place: str) -> None:
        """Labels the parameters `place.neuron1.w[0]` and so on."""
        start = f"{place}." if place else ""
        for number, neuron in enumerate(self.neurons, start=1):
            neuron.rename(f"{start}neuron{number}")

    def output_shape(self, input_shape: Shape | None = None) -> Shape:
        """One number for each neuron, of shape (n_outputs,)."""
        return _shape_after(self, input_shape, len(self.neurons))

    def set_weights(self, W: ArrayLike, b: ArrayLike | None = None) -> None:
        """Writes the weights, and the biases where they are given: graphs recorded before are then stale.

        `W` has the shape (n_outputs, n_inputs), a row for each neuron, as in document 003, and one column more for an
        input that is always 1; `b` has the shape (n_outputs,).
        Raises ValueError for another shape and TypeError for what is not a number, and writes nothing.
        """
        weights = _numbers_of_shape(self.weights.shape, W, "W")
        biases = [] if b is None else _numbers_of_shape(self.biases.shape, b, "b")
        write_data((weight for neuron in self.neurons for weight in neuron.w), weights)
        if b is not None:
            write_data(_biases(self.neurons), biases)

    @property
    def weights(self) -> Array:
        """The weights in an array of shape (n_outputs, n_inputs); with a last column of those of the ones.

        It is a copy that can't be written, as all such arrays: `set_weights` writes weights.
        """
        return _read_only([[weight.data for weight in neuron.w] for neuron in self.neurons])

    @property
    def biases(self) -> Array:
        """The biases in an array of shape (n_outputs,), which can't be written; of shape (0,) for a layer without."""
        return _read_only([bias.data for bias in _biases(self.neurons)])

    @property
    def weight_gradients(self) -> Array:
        """`grad` of each weight, in the shape of `weights`; 0.0 where it was not computed."""
        return _read_only([[weight.grad for weight in neuron.w] for neuron in self.neurons])

    @property
    def bias_gradients(self) -> Array:
        """`grad` of each bias, in the shape of `biases`; 0.0 where it was not computed."""
        return _read_only([bias.grad for bias in _biases(self.neurons)])

    def __repr__(self) -> str:
        return f"Layer({self.n_inputs}, {len(self.neurons)}, {_described(self.neurons[0])})"


def vector(xs: Any, wanted_by: str = "a vector") -> tuple[Operand, ...]:
    """`xs` as a tuple of Values and floats, which is `xs` itself if it is one; a lone number is a vector of one."""
    alone = type(xs) is not tuple and (isinstance(xs, (Value, numbers.Real)) or getattr(xs, "shape", None) == ())
    return value_vector((xs,) if alone else xs, wanted_by)


def fitting(x: Any, n_inputs: int, owner: str) -> tuple[Operand, ...]:
    """`x` as a vector of that many inputs. Raises ValueError in the name of the owner for another number."""
    # a tuple of ints is made one of floats once, and not by each neuron
    inputs = _vector_of_one(x, owner)
    if len(inputs) != n_inputs:
        raise ValueError(f"{owner} of {n_inputs} inputs got {len(inputs)}")
    return inputs


def _vector_of_one(x: Any, owner: str) -> tuple[Operand, ...]:
    """`x` as a vector. Raises TypeError for what is none, which says what to do with several examples."""
    if not isinstance(x, (Iterable, numbers.Real, Value)):
        raise TypeError(f"{owner} needs the numbers of one example; got {type(x).__name__} {reprlib.repr(x)}")
    try:
        return vector(x, f"an input of {owner}")
    except TypeError as error:
        rows = (list, tuple, np.ndarray)
        if not isinstance(x, rows) or not all(isinstance(row, rows) for row in x):
            raise
        hint = "predict(model, X) takes many, and so does [model(x) for x in X]"
        raise TypeError(f"{owner} is called with one example; got {len(x)} rows: {hint}") from error


def count(number: Any, owner: str, what: str) -> int:
    """A number of things, such as inputs. Raises ValueError for none, TypeError for what is no whole number."""
    if isinstance(number, bool) or not isinstance(number, numbers.Integral):
        got = f"{type(number).__name__} {reprlib.repr(number)}"
        raise TypeError(f"{owner} needs at least one {what}, as a whole number; got {got}")
    whole = int(number)
    if whole < 1:
        raise ValueError(f"{owner} needs at least one {what}; got {whole}")
    return whole


def _read(module: Neuron | Layer, x: Any) -> tuple[Operand, ...]:
    """The inputs that the weights meet, of which the last is 1 where that does the work of a bias."""
    inputs = fitting(x, module.n_inputs, type(module).__name__)
    return (*inputs, 1.0) if module.bias == "ones" else inputs


def _bias(choice: Bias) -> Bias:
    if choice not in (True, False, "ones"):
        raise ValueError(f"a bias is True, False, or 'ones' for an input that is always 1; got {choice!r}")
    return choice if choice == "ones" else bool(choice)


def _alone(z: Value) -> Value:
    raise ValueError("softmax needs the z of all neurons of a layer; got one neuron: call the layer")


def _shape_after(module: Neuron | Layer, input_shape: Shape | None, n_outputs: int) -> Shape:
    if input_shape is not None and tuple(input_shape) != (module.n_inputs,):
        raise ValueError(f"{type(module).__name__} of {module.n_inputs} inputs got the shape {input_shape}")
    return (n_outputs,)


def _chosen(activation: str | Activation | bool, nonlin: bool | None) -> str | Activation:
    """The activation, in our words or in micrograd's."""
    if nonlin is not None and activation != "relu":
        raise ValueError(f"Neuron takes activation or nonlin, not both; got {activation!r} and {nonlin!r}")
    chosen = activation if nonlin is None else nonlin
    # micrograd's programs may say Neuron(2, False)
    return ("relu" if chosen else "identity") if isinstance(chosen, bool) else chosen


def _drawn(
    initializer: str | Initializer, rng: np.random.Generator, n_inputs: int, shape: tuple[int, ...]
) -> list[float]:
    """The weights of a neuron. Raises ValueError and TypeError, with the initializer, where it does not give them."""
    draw = initializer_of(initializer)
    weights, own = np.asarray(draw(rng, shape, n_inputs, 1)), getattr(draw, "__wrapped__", draw)
    name = getattr(own, "__name__", repr(own))
    if weights.shape != shape:
        raise ValueError(f"Neuron needs an initializer that gives the shape {shape}; got {weights.shape} from {name!r}")
    return [real_number(weight, f"Neuron, for a weight from {name!r},") for weight in weights.tolist()]


def _biases(neurons: Iterable[Neuron]) -> list[Value]:
    return [neuron.b for neuron in neurons if neuron.b is not None]


def _read_only(numbers: Sequence[Any]) -> Array:
    """An array that can't be written, for nothing would be learnt from what is written to a copy."""
    array = np.array(numbers, dtype=float)
    array.flags.writeable = False
    return array


def _numbers_of_shape(shape: tuple[int, ...], array: ArrayLike, name: str) -> list[float]:
    array = np.asarray(array)
    if array.shape != shape:
        raise ValueError(f"set_weights needs {name} of shape {shape}; got {array.shape}")
    return [real_number(x, f"set_weights, for {name},") for x in array.flat]


def _described(neuron: Neuron) -> str:
    return f"{activation_argument(neuron.activation)}{'' if neuron.bias is True else f', bias={neuron.bias!r}'}"
