"""The perceptron and its rule, and the rule of Hebb: how neurons learnt before gradients did it.

Neither rule is a gradient. The step has slope 0 wherever it has one, so `backward` gives 0.0 to every weight below it,
and gradient descent leaves them where they are. These rules look at inputs and outputs instead.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from autograd import Value
from autograd.coercion import real_number
from autograd.value import write_data
from nn.models.initializers import Initializer
from nn.models.modules import Neuron, Seed, count, fitting, vector
from nn.ranges import POSITIVE


class Perceptron(Neuron):
    """A neuron that says 1 for w · x + b >= 0, and else 0 (Rosenblatt, 1958; documents 002, section 3.2, and 004).

    It learns by the perceptron's rule, `learn` and `learn_all`, which is no gradient: the slope of the step is 0
    everywhere, so gradient descent can't teach it. Weights start at 0, as in document 004, if nothing else is said.
    Raises ValueError as `Neuron` does.
    """

    def __init__(self, n_inputs: int, seed: Seed = None, *, initializer: str | Initializer = "zeros") -> None:
        super().__init__(count(n_inputs, "Perceptron", "input"), "step", seed=seed, initializer=initializer)

    def learn(self, x: Any, y: float, lr: float = 1.0) -> float:
        """The error y - ŷ for one example, which is 1, 0 or -1, before what it teaches.

        w ← w + lr · (y - ŷ) · x and b ← b + lr · (y - ŷ). An example without an error writes nothing; after another one
        graphs recorded before are stale. Raises ValueError, and writes nothing, for inputs that are too many, too few
        or not finite, for a y that is neither 0 nor 1, and for a learning rate that is not positive and finite.
        """
        (inputs,), (wanted,) = _examples([x], [y], self.n_inputs)
        return self._learn(inputs, wanted, POSITIVE.checked(lr, "lr of Perceptron"))

    def learn_all(self, X: Iterable[Any], Y: Iterable[float], lr: float = 1.0, epochs: int = 100) -> list[int]:
        """How many mistakes were made in each epoch, in which it learns from all examples in order.

        It stops after an epoch without a mistake. Where a line (a plane) separates the classes there will be one, and
        (R / γ)² mistakes at most before it if the weights start at 0 (Novikoff, 1962): R is the length of the longest
        (x, 1), and γ the distance that all of these keep from a plane through 0 that separates them. Where no line
        does, as for XOR (Minsky and Papert, 1969), there will be none, and the last number is not 0.
        Raises ValueError as `learn` does, before anything is written, and for no examples, numbers of inputs and
        outputs that differ, and no epoch.
        """
        inputs, wanted = _examples(list(X), list(Y), self.n_inputs)
        rate, mistakes = POSITIVE.checked(lr, "lr of Perceptron"), []
        for _ in range(count(epochs, "Perceptron", "epoch")):
            mistakes.append(sum(self._learn(x, y, rate) != 0 for x, y in zip(inputs, wanted)))
            if not mistakes[-1]:
                break
        return mistakes

    def _learn(self, inputs: tuple[float, ...], wanted: float, rate: float) -> float:
        error = wanted - self(inputs).data
        if error:
            for weight, x in zip(self.parameters(), (*inputs, 1.0)):
                weight.data += rate * error * x
        return error

    def __repr__(self) -> str:
        return f"Perceptron({self.n_inputs})"


def hebb(neuron: Neuron, x: Any, y: float | Value, lr: float) -> list[float]:
    """The changes Δw = lr · x · y, which it has added to the weights: what is active together grows together.

    That is Hebb's rule of document 004, where y is the output that is wanted; it may as well be what the neuron gives.
    It is no gradient, and no error stops it: nothing is learnt from y = 0, and weights grow as long as it is repeated.
    The bias stays, as in the document; so does the weight of an input that is always 1.
    Raises TypeError for what is no neuron; ValueError, and writes nothing, for inputs that are too many, too few or not
    finite, for a y that is not finite, for a learning rate that is not positive and finite, and where a weight would
    become so large that no float can hold it.
    """
    if not isinstance(neuron, Neuron):
        raise TypeError(f"hebb needs a neuron; got {type(neuron).__name__} {neuron!r}")
    rate, inputs = POSITIVE.checked(lr, "lr of hebb"), _finite(x, neuron.n_inputs, "hebb")
    (output,) = _finite(y, 1, "hebb, for y,")
    weights, changes = neuron.weight_parameters(), [rate * number * output for number in inputs]
    after = [weight.data + change for weight, change in zip(weights, changes)]
    write_data(weights, _finite(after, len(weights), "hebb, for w + Δw,"))
    return changes


def _examples(X: Sequence[Any], Y: Sequence[Any], n_inputs: int) -> tuple[list[tuple[float, ...]], list[float]]:
    """The examples in numbers."""
    if len(X) != len(Y) or not X:
        raise ValueError(f"Perceptron needs inputs and as many outputs, at least one; got {len(X)} and {len(Y)}")
    wanted = [real_number(y, "Perceptron, for y,") for y in Y]
    for y in wanted:
        if y not in (0.0, 1.0):
            raise ValueError(f"Perceptron learns the outputs 0 and 1; got {y!r}")
    return [_finite(x, n_inputs, "Perceptron") for x in X], wanted


def _finite(xs: Any, n_inputs: int, owner: str) -> tuple[float, ...]:
    """So many numbers. Raises ValueError in the name of the owner for fewer, more, NaN and infinity."""
    inputs = tuple(x.data if type(x) is Value else x for x in fitting(vector(xs), n_inputs, owner))
    for x in inputs:
        if not math.isfinite(x):
            raise ValueError(f"{owner} needs finite numbers; got {x!r}")
    return inputs
