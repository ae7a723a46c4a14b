"""Document 002, annex, "Regression code": the listing, in NumPy as there, with what can be changed to explain it.

It is the document's own program: its update, which is half of the gradient (erratum 002-5), is quoted here, and
nothing but comparisons uses it. Put right are the lines that break behind `y=`, `float(weights[1])` (002-9), and the
indentation of the loop, from `steps.append` on. NumPy's legacy generator gives the numbers of its seed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import add, mul
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

TEMPERATURES = [25, 26, 27, 28, 29, 29.5, 30.5, 31, 32, 33.5, 34, 36.5, 37, 37.5, 39, 40]
SOLD = [10, 18, 12, 20, 18, 20, 22, 30, 32, 30, 35, 36, 40, 38, 37, 41]
"""Ice creams."""

SEED = 714
SPREAD = 3
"""The first weights are random numbers below it."""

RATE = 0.01
EPOCHS = 1500


class Run(NamedTuple):
    """What a run leaves: errors, one an epoch, as it prints them; `steps`, the weights (bias, slope) before each
    update, of shape (epochs, 2); and those after the last, of shape (2,)."""

    errors: list[float]
    steps: Array
    weights: Array


def points(divisor: float = 10) -> tuple[Array, Array]:
    """The inputs with their column of ones, (16, 2), and the targets, (16, 1); the ones alone are not divided by 10.

    The targets are divided by the divisor.
    """
    x = np.array(TEMPERATURES).reshape(-1, 1) / 10
    y = np.array(SOLD).reshape(-1, 1) / divisor
    return np.insert(x, 0, np.ones(len(x)), axis=1), y


def first_weights(spread: float = SPREAD) -> Array:
    """Bias and slope, (2, 1), as the seed gives them."""
    return np.random.RandomState(SEED).random_sample((2, 1)) * spread


def descend(
    spread: float = SPREAD,
    epochs: int = EPOCHS,
    factor: float = 1,
    product: Callable[[Array, Array], Array] = np.dot,
    divisor: float = 10,
) -> Run:
    """The listing; `factor` is 2 for the gradient of its error, `product` is how matrices are multiplied.

    The divisor is that of the targets.
    """
    x, y = points(divisor)
    weights = first_weights(spread)
    errors, steps = [], []
    for _ in range(epochs):
        output = product(x, weights)
        errors.append(float(np.sum((output - y) ** 2)))
        steps.append(weights.ravel().copy())
        update = product((output - y).T, x)
        weights -= RATE * factor * update.T
    return Run(errors, np.array(steps), weights.ravel())


def plain_product(a: Array, b: Array) -> Array:
    """The product of matrices with each sum taken from left to right, and every operation rounded by itself."""
    columns = b.T.tolist()
    return np.array([[reduce(add, map(mul, row, column)) for column in columns] for row in a.tolist()])
