"""The activation functions of the documents by name. Each records a row of the table, which has its derivative."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from autograd import Value

Activation: TypeAlias = Callable[[Value], Value]


def identity(z: Value) -> Value:
    """z itself, without a node: the linear output of document 000."""
    return z


def step(z: Value) -> Value:
    """1 for z >= 0, else 0: the perceptron's step (document 004), whose slope is 0 wherever it has one."""
    return z.heaviside(1.0)


ACTIVATIONS: dict[str, Activation] = {
    "identity": identity,
    "step": step,
    "sigmoid": Value.sigmoid,
    "tanh": Value.tanh,
    "relu": Value.relu,
    "leaky_relu": Value.leaky_relu,
    "softplus": Value.softplus,
}
"""Every activation that has a name."""


def activation_of(choice: str | Activation) -> Activation:
    """The activation of that name, or the given function of one Value. Raises ValueError for an unknown name."""
    if callable(choice):
        return choice
    if choice not in ACTIVATIONS:
        known = ", ".join(ACTIVATIONS)
        raise ValueError(f"there is no activation {choice!r}; known are {known}, and any function of a Value")
    return ACTIVATIONS[choice]
