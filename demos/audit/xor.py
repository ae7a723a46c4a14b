"""Document 002, section 4.3: XOR by gradient descent and SGD; its listings, quoted in NumPy, and the engine's runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd import Value, compile
from demos.audit.descent import descent
from nn import MLP, half_squared_error

Array = NDArray[np.float64]
Slope = Callable[[Array], Array]
Loss = Callable[[Any, Any], Value]

SEED, HIDDEN, EPOCHS = 1685, 3, 4000
SEED_OF_SGD, HIDDEN_OF_SGD, EPOCHS_OF_SGD = 2564, 5, 2000
RATE = 1.0

ROWS = [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]
"""Two inputs and their output."""


class Run(NamedTuple):
    """The error of each epoch, and both matrices at the end."""

    errors: list[float]
    wih: Array
    who: Array


def of_activation(a: Array) -> Array:
    """`sigmoidderiv`, which the document does not define, as a function of the activation."""
    return a * (1 - a)


def listing(hidden: int = HIDDEN, epochs: int = EPOCHS, slope: Slope = of_activation) -> Run:
    """The listing of gradient descent, with what it leaves open: `sigmoidderiv`."""
    wih, who = _drawn(np.random.RandomState(SEED), hidden)
    x, y = _columns(np.array(ROWS))
    errors = []
    for _ in range(epochs):
        a1, a2 = _forward(x, wih, who)
        errors.append(float(np.sum((a2 - y) ** 2)))
        wih, who = _updated(x, y, a1, a2, wih, who, slope)
    return Run(errors, wih, who)


def listing_of_sgd(epochs: int = EPOCHS_OF_SGD, is_inside: bool = True) -> Run:
    """The listing of SGD, whose backward pass belongs into the loop over the examples; its errors are `losses2`.

    As printed it is not inside: then it sees the last example of each epoch only.
    """
    rng = np.random.RandomState(SEED_OF_SGD)
    rng.shuffle(np.array(ROWS))  # the listing draws an order here that it does not use
    wih, who = _drawn(rng, HIDDEN_OF_SGD)
    errors = []
    for _ in range(epochs):
        rows = np.array(ROWS)
        rng.shuffle(rows)
        errors.append(0.0)
        for place in range(len(rows)):
            x, y = _columns(rows[place : place + 1])
            a1, a2 = _forward(x, wih, who)
            if is_inside or place == len(rows) - 1:
                errors[-1] += (a2 - y).item() ** 2
                wih, who = _updated(x, y, a1, a2, wih, who, of_activation)
    return Run(errors, wih, who)


def model(wih: Array, who: Array) -> MLP:
    """The engine's network with these matrices."""
    network = MLP(2, [wih.shape[1], 1], "sigmoid", "sigmoid", bias=False, seed=0)
    for layer, weights in zip(network.layers, (wih, who)):
        layer.set_weights(weights.T)
    return network


def loss_of(network: MLP, loss: Loss) -> Value:
    """The loss on the four examples."""
    return loss([network(row[:2]) for row in ROWS], [row[2] for row in ROWS])


def engine(hidden: int = HIDDEN, epochs: int = EPOCHS, loss: Loss = half_squared_error) -> list[float]:
    """The loss before each update of gradient descent along the engine's gradient, from the listing's weights."""
    network = model(*_drawn(np.random.RandomState(SEED), hidden))
    return descent(loss_of(network, loss), network.parameters(), RATE, epochs)


def engine_of_sgd(epochs: int = EPOCHS_OF_SGD) -> list[float]:
    """The sum of the squared errors of each epoch of SGD along the engine's gradient, in the listing's order."""
    rng = np.random.RandomState(SEED_OF_SGD)
    rng.shuffle(np.array(ROWS))
    network = model(*_drawn(rng, HIDDEN_OF_SGD))
    example = [Value(0.0), Value(0.0), Value(0.0)]
    program = compile(half_squared_error([network(example[:2])], example[2:]), network.parameters(), inputs=example)
    errors = []
    for _ in range(epochs):
        rows = np.array(ROWS, dtype=float)
        rng.shuffle(rows)
        errors.append(0.0)
        for row in rows:
            errors[-1] += 2 * program.run(row)
            program.parameters[...] -= RATE * program.gradient
    return errors


def first_update(slope: Slope) -> tuple[Array, Array]:
    """What the listing subtracts first, from both matrices."""
    wih, who = _drawn(np.random.RandomState(SEED), HIDDEN)
    x, y = _columns(np.array(ROWS))
    after = _updated(x, y, *_forward(x, wih, who), wih, who, slope)
    return wih - after[0], who - after[1]


def first_gradient() -> tuple[Array, Array]:
    """The engine's gradient of half the squared error where the listing begins."""
    network = model(*_drawn(np.random.RandomState(SEED), HIDDEN))
    loss_of(network, half_squared_error).backward()
    first, second = (layer.weight_gradients.T for layer in network.layers)
    return first, second


def _drawn(rng: np.random.RandomState, hidden: int) -> tuple[Array, Array]:
    return rng.random_sample((2, hidden)), rng.random_sample((hidden, 1))


def _columns(rows: NDArray[np.int_]) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    return rows[:, :2], rows[:, 2:]


def _forward(x: Any, wih: Array, who: Array) -> tuple[Array, Array]:
    a1 = 1 / (1 + np.exp(-np.dot(x, wih)))
    return a1, 1 / (1 + np.exp(-np.dot(a1, who)))


def _updated(x: Any, y: Any, a1: Array, a2: Array, wih: Array, who: Array, slope: Slope) -> tuple[Array, Array]:
    """Both matrices after one update; the first one's takes the second as it was."""
    delta = (a2 - y) * slope(a2)
    of_wih = np.dot((np.dot(delta, who.T) * slope(a1)).T, x)
    return wih - RATE * of_wih.T, who - RATE * np.dot(delta.T, a1).T
