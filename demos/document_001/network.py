"""The network of document 001 in the engine, with the numbers of the listing's, and its gradient in three ways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from autograd import Value
from demos.document_001.listing import Array, Network, forward, l2_cost, steps
from nn import MLP, mse

STEP = 6e-6
"""The cube root of the machine's epsilon: where differences on both sides are most exact."""


class Slopes(NamedTuple):
    """For one array of parameters, in the listing's shape: what the listing takes for ∂C/∂p, and what it is."""

    name: str
    listing: Array
    engine: Array
    differences: Array

    @property
    def factors(self) -> Array:
        """How many times as large the listing's are."""
        return self.listing / self.engine

    @property
    def disagreement(self) -> float:
        """Between the engine and the differences, as a part of the largest."""
        return float(np.abs(self.engine - self.differences).max() / np.abs(self.engine).max())


def twin(net: Network) -> MLP:
    """A network of sigmoids with the same numbers; a row of the engine's weights is a column of the listing's."""
    model = MLP(len(net[0].W), [layer.b.size for layer in net], "sigmoid", "sigmoid")
    for own, layer in zip(model.layers, net):
        own.set_weights(layer.W.T, layer.b[0])
    return model


def cost(model: MLP, X: Array, Y: Array) -> Value:
    """The mean squared error over all examples, recorded; Y has a column."""
    return mse([model(x) for x in X], Y[:, 0])


def slopes(net: Network, X: Array, Y: Array) -> list[Slopes]:
    """The six arrays of parameters, b before W, layer after layer."""
    model = twin(net)
    cost(model, X, Y).backward()
    found = []
    for place, (layer, own, taken) in enumerate(zip(net, model.layers, steps(net, X, Y)[1]), start=1):
        engine = (own.bias_gradients[None, :], own.weight_gradients.T)
        arrays = (layer.b, layer.W)
        for name, array, listed, true in zip("bW", arrays, taken, engine):
            found.append(Slopes(f"{name}{place}", listed, true, _differences(net, array, X, Y)))
    return found


def _differences(net: Network, array: Array, X: Array, Y: Array) -> Array:
    """∂C/∂p of the listing's own cost, by differences on both sides; no rule of differentiation is used."""
    return np.reshape(list(_quotients(net, array, X, Y)), array.shape)


def _quotients(net: Network, array: Array, X: Array, Y: Array) -> Iterator[float]:
    for place in np.ndindex(array.shape):
        number, costs = array[place], []
        for moved in (number + STEP, number - STEP):
            array[place] = moved
            costs.append(l2_cost(forward(net, X)[-1], Y))
        array[place] = number
        yield (costs[0] - costs[1]) / (2 * STEP)
