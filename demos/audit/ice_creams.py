"""Document 002, section 4.1: ice creams sold by temperature; its listing, quoted in floats, and the engine's run."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Any, NamedTuple

import numpy as np

from autograd import Value
from demos.audit.descent import descent
from nn import half_squared_error

TEMPERATURES = (25, 26, 27, 28, 29, 29.5, 30.5, 31, 32, 33.5, 34, 36.5, 37, 37.5, 39, 40)
SOLD = (10, 18, 12, 20, 18, 20, 22, 30, 32, 30, 35, 36, 40, 38, 37, 41)

SEED, RATE, EPOCHS = 714, 0.01, 1500
TENTHS = 10
"""The listing divides by ten."""


class Line(NamedTuple):
    """y = bias + slope · x, and the error before each update that led to it."""

    bias: float
    slope: float
    errors: list[float]


def listing(epochs: int = EPOCHS, times: float = 3, divisor: float = TENTHS) -> Line:
    """What the listing computes, from random((2, 1)) · times; it divides what was sold too.

    The products of its updates are added one after another, and the last digits depend on that.
    """
    bias, slope = (np.random.RandomState(SEED).random_sample((2, 1)) * times).ravel().tolist()
    x, y = scaled(divisor)
    errors = []
    for _ in range(epochs):
        residuals = [1.0 * bias + temperature * slope - sold for temperature, sold in zip(x, y)]
        errors.append(float(np.sum(np.array(residuals) ** 2)))
        bias -= RATE * _added(residuals)
        slope -= RATE * _added([residual * temperature for residual, temperature in zip(residuals, x)])
    return Line(bias, slope, errors)


def engine(
    epochs: int = EPOCHS, times: float = 3, loss: Callable[[Any, Any], Value] = half_squared_error, rate: float = RATE
) -> Line:
    """Gradient descent along the engine's gradient of a loss, from the same numbers; its errors are that loss."""
    bias, slope = map(Value, (np.random.RandomState(SEED).random_sample((2, 1)) * times).ravel().tolist())
    errors = descent(loss_of(bias, slope, loss), [bias, slope], rate, epochs)
    return Line(bias.data, slope.data, errors)


def loss_of(bias: Value, slope: Value, loss: Callable[[Any, Any], Value]) -> Value:
    """The loss of a line on the 16 points."""
    x, y = scaled()
    return loss([bias + slope * temperature for temperature in x], y)


def scaled(divisor: float = TENTHS) -> tuple[list[float], list[float]]:
    """Temperatures by tens, and what was sold by a divisor."""
    return [temperature / TENTHS for temperature in TEMPERATURES], [sold / divisor for sold in SOLD]


def least_squares() -> tuple[Fraction, Fraction]:
    """Bias and slope of the best line, exactly."""
    n, none = len(SOLD), Fraction(0)
    x = [Fraction(str(temperature)) / TENTHS for temperature in TEMPERATURES]
    y = [Fraction(sold) / TENTHS for sold in SOLD]
    total_x, total_y = sum(x, none), sum(y, none)
    squares, products = sum((a * a for a in x), none), sum((a * b for a, b in zip(x, y)), none)
    slope = (n * products - total_x * total_y) / (n * squares - total_x**2)
    return (total_y - slope * total_x) / n, slope


def _added(numbers: list[float]) -> float:
    """Their sum, rounded after each: Python's own `sum` does so only in some of its versions."""
    return reduce(add, numbers)
