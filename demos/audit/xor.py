"""Document 002, section 4.3: XOR by gradient descent and SGD; the engine's runs beside the listings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Value, compile
from demos.audit.descent import descent
from demos.document_002 import xor_listing
from demos.document_002.xor_listing import (
    BATCH_EPOCHS,
    BATCH_HIDDEN,
    BATCH_SEED,
    RATE,
    STOCHASTIC_EPOCHS,
    STOCHASTIC_HIDDEN,
    STOCHASTIC_SEED,
    TRUTH_TABLE,
    Slope,
    Weights,
    first_weights,
)
from nn import MLP, half_squared_error

Array = NDArray[np.float64]
Loss = Callable[[Any, Any], Value]


def model(wih: Array, who: Array) -> MLP:
    """The engine's network with these matrices."""
    network = MLP(2, [wih.shape[1], 1], "sigmoid", "sigmoid", bias=False, seed=0)
    for layer, weights in zip(network.layers, (wih, who)):
        layer.set_weights(weights.T)
    return network


def loss_of(network: MLP, loss: Loss) -> Value:
    """The loss on the four examples."""
    return loss([network(row[:2]) for row in TRUTH_TABLE], [row[2] for row in TRUTH_TABLE])


def engine(hidden: int = BATCH_HIDDEN, epochs: int = BATCH_EPOCHS, loss: Loss = half_squared_error) -> list[float]:
    """The loss before each update of gradient descent along the engine's gradient, from the listing's weights."""
    network = model(*first_weights(np.random.RandomState(BATCH_SEED), hidden))
    return descent(loss_of(network, loss), network.parameters(), RATE, epochs)


def engine_of_sgd(epochs: int = STOCHASTIC_EPOCHS) -> list[float]:
    """The sum of the squared errors of each epoch of SGD along the engine's gradient, in the listing's order."""
    rng = np.random.RandomState(STOCHASTIC_SEED)
    rng.shuffle(np.array(TRUTH_TABLE))
    network = model(*first_weights(rng, STOCHASTIC_HIDDEN))
    example = [Value(0.0), Value(0.0), Value(0.0)]
    program = compile(half_squared_error([network(example[:2])], example[2:]), network.parameters(), inputs=example)
    errors = []
    for _ in range(epochs):
        rows = np.array(TRUTH_TABLE, dtype=float)
        rng.shuffle(rows)
        errors.append(0.0)
        for row in rows:
            errors[-1] += 2 * program.run(row)
            program.parameters[...] -= RATE * program.gradient
    return errors


def first_update(slope: Slope) -> Weights:
    """What the listing subtracts first, from both matrices."""
    weights = first_weights(np.random.RandomState(BATCH_SEED), BATCH_HIDDEN)
    x, y = xor_listing.split(np.array(TRUTH_TABLE, dtype=float))
    return xor_listing.update(x, y, *xor_listing.forward(x, weights), weights, slope)


def first_gradient() -> tuple[Array, Array]:
    """The engine's gradient of half the squared error where the listing begins."""
    network = model(*first_weights(np.random.RandomState(BATCH_SEED), BATCH_HIDDEN))
    loss_of(network, half_squared_error).backward()
    first, second = (layer.weight_gradients.T for layer in network.layers)
    return first, second
