"""The activation functions of the documents by name. Each records a row of the table, which has its derivative."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

from autograd import Value, softmax
from autograd.coercion import real_number
from nn.choices import chosen

Activation: TypeAlias = Callable[[Value], Value]
"""Of one neuron: y from its z."""

LayerActivation: TypeAlias = Callable[[Sequence[Value]], Sequence[Value]]
"""Of a layer: all y from all z."""


def identity(z: Value) -> Value:
    """z itself, without a node: the linear output of document 000."""
    return z


def step(z: Value) -> Value:
    """1 for z >= 0, else 0: the perceptron's step (document 004), whose slope is 0 wherever it has one."""
    return z.heaviside(1.0)


class LeakyReLU:
    """z for z > 0, else α · z (document 002, section 3.6): `LeakyReLU(0.3)`; "leaky_relu" has α = 0.01.

    Raises TypeError and ValueError for an α that is no finite number.
    """

    def __init__(self, alpha: float = 0.01) -> None:
        self.alpha = real_number(alpha, "LeakyReLU, for alpha,")
        if not math.isfinite(self.alpha):
            raise ValueError(f"LeakyReLU needs a finite alpha; got {self.alpha!r}")

    def __call__(self, z: Value) -> Value:
        return z.leaky_relu(self.alpha)

    @property
    def __name__(self) -> str:
        """How it is written in a summary and in a picture."""
        return f"leaky_relu({self.alpha!r})"

    def __repr__(self) -> str:
        return f"LeakyReLU({self.alpha!r})"


ACTIVATIONS: dict[str, Activation] = {
    "identity": identity,
    "step": step,
    "sigmoid": Value.sigmoid,
    "tanh": Value.tanh,
    "relu": Value.relu,
    "leaky_relu": Value.leaky_relu,
    "softplus": Value.softplus,
}
"""Every activation of one neuron that has a name."""

LAYER_ACTIVATIONS: dict[str, LayerActivation] = {"softmax": softmax}
"""Those of a whole layer, whose outputs depend on one another."""


def activation_of(choice: str | Activation) -> Activation:
    """The activation of that name, or the given function of one Value.

    Raises ValueError for an unknown name, and for one that belongs to a whole layer.
    """
    if is_of_a_layer(choice):
        raise ValueError(f"{choice} needs the z of all neurons of a layer; got one neuron")
    known = {**ACTIVATIONS, **dict.fromkeys(LAYER_ACTIVATIONS, identity)}
    return chosen(choice, known, "activation", "function of a Value")


def is_of_a_layer(choice: str | Activation) -> bool:
    """Whether it takes the z of all neurons of a layer."""
    return isinstance(choice, str) and choice in LAYER_ACTIVATIONS


def activation_name(choice: str | Activation) -> str:
    """What an activation is called; a function without a name by its repr."""
    return choice if isinstance(choice, str) else getattr(choice, "__name__", repr(choice))


def activation_argument(choice: str | Activation) -> str:
    """How an activation is written as an argument in a repr: `activation='relu'`."""
    return f"activation={repr(choice) if isinstance(choice, str) else activation_name(choice)}"
