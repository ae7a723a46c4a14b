"""Document 002, annex, "XOR code": both listings, in NumPy as there, with what can be changed to explain them.

They are the document's own programs: their derivatives are quoted here, and nothing but comparisons uses them. Three
things are put right: `sigmoid` and `sigmoidderiv`, which the text does not define (erratum 002-12), the indentation of
the second listing (002-13), and its `float(error)` of a (1, 1) array, which NumPy now refuses (002-9). NumPy's legacy
generator gives the numbers of its seeds, drawn in the listings' order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

TRUTH_TABLE = [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]
"""Both inputs and their XOR: what the listing calls `matriz`."""

RATE = 1.0

BATCH_SEED, BATCH_HIDDEN, BATCH_EPOCHS = 1685, 3, 4000
STOCHASTIC_SEED, STOCHASTIC_HIDDEN, STOCHASTIC_EPOCHS = 2564, 5, 2000


class Weights(NamedTuple):
    """`wih` of shape (2, hidden) and `who` of shape (hidden, 1); there is no bias."""

    wih: Array
    who: Array


Slope: TypeAlias = Callable[[Array], Array]


class Run(NamedTuple):
    """Errors as they are printed, each before its update; the sums that figures 75 and 76 show, one an epoch, which
    gradient descent has not; and the weights at the end."""

    errors: list[float]
    sums: list[float]
    weights: Weights


def sigmoid(z: Array) -> Array:
    """σ(z); the listing uses it and does not define it."""
    return np.asarray(1 / (1 + np.exp(-z)))


def sigmoidderiv(a: Array) -> Array:
    """The slope by the activation a = σ(z), which is what the listing calls it with."""
    return a * (1 - a)


def slope_of_weighted_sum(z: Array) -> Array:
    """σ'(z), the other thing that the name `sigmoidderiv` can mean; the listing would call it with a = σ(z)."""
    return sigmoid(z) * (1 - sigmoid(z))


def descend(
    seed: int = BATCH_SEED, hidden: int = BATCH_HIDDEN, epochs: int = BATCH_EPOCHS, slope: Slope = sigmoidderiv
) -> Run:
    """The first listing: gradient descent, with all four examples in each update."""
    x, y = split(np.array(TRUTH_TABLE, float))
    weights = first_weights(np.random.RandomState(seed), hidden)
    errors = []
    for _ in range(epochs):
        a1, a2 = forward(x, weights)
        errors.append(float(np.sum((a2 - y) ** 2)))
        weights = stepped(weights, update(x, y, a1, a2, weights, slope))
    return Run(errors, [], weights)


def descend_stochastically(
    seed: int = STOCHASTIC_SEED,
    hidden: int = STOCHASTIC_HIDDEN,
    epochs: int = STOCHASTIC_EPOCHS,
    slope: Slope = sigmoidderiv,
    updates_of_an_epoch: int = 4,
) -> Run:
    """The second listing: one example in each update, in a new order in each epoch.

    With one update in an epoch it is the listing as the text has it, whose backward block stands behind its loop: the
    last example alone is learnt, and counted.
    """
    rng = np.random.RandomState(seed)
    shuffled(rng)
    weights = first_weights(rng, hidden)
    errors, sums = [], []
    for _ in range(epochs):
        x, y = shuffled(rng)
        for i in range(len(x) - updates_of_an_epoch, len(x)):
            a1, a2 = forward(x[i : i + 1], weights)
            errors.append(float(((a2 - y[i : i + 1]) ** 2).item()))
            weights = stepped(weights, update(x[i : i + 1], y[i : i + 1], a1, a2, weights, slope))
        sums.append(sum(errors[-updates_of_an_epoch:]))
    return Run(errors, sums, weights)


def shuffled(rng: np.random.RandomState) -> tuple[Array, Array]:
    """The truth table in the next order: inputs (4, 2) and targets (4, 1)."""
    table = np.array(TRUTH_TABLE, float)
    rng.shuffle(table)
    return split(table)


def split(table: Array) -> tuple[Array, Array]:
    """Inputs (4, 2) and targets (4, 1)."""
    return table[:, :2], table[:, 2:]


def first_weights(rng: np.random.RandomState, hidden: int) -> Weights:
    """Random numbers from 0 to 1, those of the hidden layer first."""
    return Weights(rng.random_sample((2, hidden)), rng.random_sample((hidden, 1)))


def forward(x: Array, weights: Weights) -> tuple[Array, Array]:
    """The activations of both layers, (n, hidden) and (n, 1)."""
    a1 = sigmoid(np.dot(x, weights.wih))
    return a1, sigmoid(np.dot(a1, weights.who))


def update(x: Array, y: Array, a1: Array, a2: Array, weights: Weights, slope: Slope = sigmoidderiv) -> Weights:
    """By what the listing moves its weights: half the gradient of its error (erratum 002-5)."""
    delta = (a2 - y) * slope(a2)
    who = np.dot(delta.T, a1).T
    wih = np.dot((np.dot(delta, weights.who.T) * slope(a1)).T, x).T
    return Weights(wih, who)


def stepped(weights: Weights, moved: Weights) -> Weights:
    """The weights after an update."""
    return Weights(*[weight - RATE * change for weight, change in zip(weights, moved)])
