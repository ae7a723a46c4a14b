"""Regularizers: what is added to a loss so that weights, or outputs of layers, stay small (document 002, section 3.8).

Laws of this file:
- A regularizer is called with the model, or with the outputs of its layers where it has `needs_outputs`, and gives one
  Value, λ included, which is added to the loss as it is.
- Weights are penalized, and biases are not: `model.weight_parameters()` says which is which. A bias only moves what a
  neuron decides, and makes nothing steeper.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Protocol

from autograd import Value, dot, mean, sum
from nn.losses.shapes import shaped
from nn.ranges import NOT_NEGATIVE


class Weighted(Protocol):
    """A model that knows its weights from its biases, as every `Module` does."""

    def weight_parameters(self) -> list[Value]: ...


class Regularizer:
    """λ times a measure of a model. A subclass gives it, and says whether it is one of the layers' outputs.

    Raises ValueError for a strength λ that is negative or not finite.
    """

    needs_outputs: ClassVar[bool] = False
    """Whether it is called with the outputs of the layers, and not with the model."""

    def __init__(self, strength: float) -> None:
        self.strength = NOT_NEGATIVE.checked(strength, f"strength of {type(self).__name__}")

    def __call__(self, subject: Any) -> Value:
        """The penalty of a model, or of the outputs of its layers."""
        raise NotImplementedError(f"{type(self).__name__} has to say how it penalizes")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.strength!r})"


class L1(Regularizer):
    """λ Σ |w| over all weights: document 002, section 3.8. Its slope is λ towards 0, and 0 at w = 0."""

    def __call__(self, model: Weighted) -> Value:
        return self.strength * sum(abs(weight) for weight in _weights(model, self))


class L2(Regularizer):
    """λ Σ w² over all weights, without 1/2: document 002, section 3.8. Its gradient is 2 λ w."""

    def __call__(self, model: Weighted) -> Value:
        weights = _weights(model, self)
        return self.strength * dot(weights, weights)


class ActivityL2(Regularizer):
    """λ/n · Σ Σ a² over the n examples, and over the outputs a of one layer, which is counted from 1.

    It penalizes what a layer gives and not its weights, as `activity_regularizer=l2(λ)` in the MNIST listing of
    document 002 does (erratum 002-26). Its Keras (2.x) divides by the examples of the batch, and so does this.
    """

    needs_outputs = True

    def __init__(self, strength: float, layer: int = 1) -> None:
        super().__init__(strength)
        self.layer = operator.index(layer)
        if self.layer < 1:
            raise ValueError(f"ActivityL2 counts layers from 1; got the layer {layer}")

    def __call__(self, outputs: Sequence[Sequence[Any]]) -> Value:
        """The penalty of n examples, of which each has what every layer gave: a Value, or a list or array of Values.

        Raises ValueError where there is no example, and where an example has fewer layers.
        """
        if not len(outputs):
            raise ValueError("ActivityL2 needs the outputs of at least one example; got none")
        activities = [shaped(self._of_layer(layers)).numbers for layers in outputs]
        return self.strength * mean(dot(activity, activity) for activity in activities)

    def _of_layer(self, layers: Sequence[Any]) -> Any:
        if len(layers) < self.layer:
            raise ValueError(f"ActivityL2 of layer {self.layer} got the outputs of {len(layers)} layers")
        return layers[self.layer - 1]

    def __repr__(self) -> str:
        return f"ActivityL2({self.strength!r}, layer={self.layer})"


def penalty(
    regularizers: Iterable[Regularizer], model: Weighted, outputs: Sequence[Sequence[Any]] | None = None
) -> Value | None:
    """The sum of all penalties, to be added to the loss; None without a regularizer.

    `outputs` has, for each example, what every layer gave; only regularizers with `needs_outputs` ask for it, and
    where it is missing they raise ValueError.
    """
    penalties = [_penalty(regularizer, model, outputs) for regularizer in regularizers]
    return sum(penalties) if len(penalties) > 1 else next(iter(penalties), None)


def _penalty(regularizer: Regularizer, model: Weighted, outputs: Sequence[Sequence[Any]] | None) -> Value:
    if not regularizer.needs_outputs:
        return regularizer(model)
    if outputs is None:
        raise ValueError(f"{regularizer!r} needs the outputs of the layers; got none")
    return regularizer(outputs)


def _weights(model: Weighted, wanted_by: Regularizer) -> tuple[Value, ...]:
    if not hasattr(model, "weight_parameters"):
        raise TypeError(f"{wanted_by!r} needs a model with weight_parameters(); got {type(model).__name__} {model!r}")
    return tuple(model.weight_parameters())
