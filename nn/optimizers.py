"""Optimizers: from the gradients of the parameters to their next numbers.

Laws of this file:
- A rule is one formula on flat arrays, `updated(data, gradients)`: Values hand it their numbers, and whoever holds the
  parameters in one flat array hands it that array.
- Whatever a rule remembers, the optimizer holds: two optimizers on the same parameters do not meet.
- An optimizer reads `grad` and writes `data`, and nothing else; `zero_grad` alone resets a gradient.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd import Value, zero_grad
from autograd.coercion import real_number

Array: TypeAlias = NDArray[np.float64]


class SGD:
    """Gradient descent, p ← p - lr · dJ/dp: document 000 (section 3). On a part of the examples it is stochastic.

    Parameters are leaves; one that is named twice moves once. Raises ValueError for no parameters, for a computed
    Value among them, and for a learning rate that is not positive and finite.
    """

    def __init__(self, parameters: Iterable[Value], lr: float) -> None:
        if not isinstance(parameters, Iterable):
            got = type(parameters).__name__
            raise TypeError(f"{type(self).__name__} needs a list of parameters, such as model.parameters(); got {got}")
        self.parameters = list(dict.fromkeys(parameters))
        self.lr = lr
        _require_leaves(self.parameters, type(self).__name__)

    @property
    def lr(self) -> float:
        """The learning rate; it can be written between two steps."""
        return self._lr

    @lr.setter
    def lr(self, lr: float) -> None:
        rate = real_number(lr, f"lr of {type(self).__name__}")
        if not 0 < rate < math.inf:
            raise ValueError(f"lr of {type(self).__name__} needs a positive, finite number; got {rate!r}")
        self._lr = rate

    def updated(self, data: Array, gradients: Array) -> Array:
        """The next numbers of the parameters, elementwise, as a new array."""
        return data - self.lr * gradients

    def step(self) -> None:
        """Writes the next number of every parameter: graphs recorded before are then stale.

        A parameter whose gradient was not computed is left as it is, and does not make a graph stale.
        """
        moving = [parameter for parameter in self.parameters if parameter.grad_state != "not computed"]
        data = np.array([parameter.data for parameter in moving])
        gradients = np.array([parameter.grad for parameter in moving])
        with np.errstate(over="ignore", invalid="ignore"):  # an overflow follows IEEE in silence, as it does in Values
            numbers = self.updated(data, gradients).tolist()
        for parameter, number in zip(moving, numbers):
            parameter.data = number

    def zero_grad(self) -> None:
        """Sets the gradient of every parameter to 0.0, not computed."""
        zero_grad(self.parameters)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.parameters)} parameters, lr={self.lr!r})"


def _require_leaves(parameters: list[Value], wanted_by: str) -> None:
    if not parameters:
        raise ValueError(f"{wanted_by} needs at least one parameter; got none (an iterator is empty when it was used)")
    for parameter in parameters:
        if type(parameter) is not Value:
            raise TypeError(f"{wanted_by} needs Values as parameters; got {type(parameter).__name__} {parameter!r}")
        if parameter.primitive is not None:
            raise ValueError(f"{wanted_by} can only write leaves; got the computed Value {parameter!r}")
