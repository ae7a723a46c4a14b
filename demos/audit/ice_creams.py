"""Document 002, section 4.1: ice creams sold by temperature; the engine's run beside the listing's."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

from autograd import Value
from demos.audit.descent import descent
from demos.document_002 import regression_listing
from demos.document_002.regression_listing import (
    EPOCHS,
    RATE,
    SOLD,
    SPREAD,
    TEMPERATURES,
    first_weights,
    plain_product,
    points,
)
from nn import half_squared_error


class Line(NamedTuple):
    """y = bias + slope · x, and the error before each update that led to it."""

    bias: float
    slope: float
    errors: list[float]


def listing(epochs: int = EPOCHS, times: float = SPREAD, divisor: float = 10) -> Line:
    """What the listing computes, from random((2, 1)) · times; it divides what was sold too.

    The products of its updates are added one after another, and the last digits depend on that.
    """
    run = regression_listing.descend(times, epochs, product=plain_product, divisor=divisor)
    bias, slope = run.weights.tolist()
    return Line(bias, slope, run.errors)


def engine(
    epochs: int = EPOCHS,
    times: float = SPREAD,
    loss: Callable[[Any, Any], Value] = half_squared_error,
    rate: float = RATE,
) -> Line:
    """Gradient descent along the engine's gradient of a loss, from the same numbers; its errors are that loss."""
    bias, slope = map(Value, first_weights(times).ravel().tolist())
    errors = descent(loss_of(bias, slope, loss), [bias, slope], rate, epochs)
    return Line(bias.data, slope.data, errors)


def loss_of(bias: Value, slope: Value, loss: Callable[[Any, Any], Value]) -> Value:
    """The loss of a line on the 16 points."""
    x, y = scaled()
    return loss([bias + slope * temperature for temperature in x], y)


def scaled() -> tuple[list[float], list[float]]:
    """Temperatures and what was sold, by tens."""
    x, y = points()
    return x[:, 1].tolist(), y[:, 0].tolist()


def least_squares() -> tuple[Fraction, Fraction]:
    """Bias and slope of the best line, exactly."""
    n, none = len(SOLD), Fraction(0)
    x = [Fraction(str(temperature)) / 10 for temperature in TEMPERATURES]
    y = [Fraction(sold) / 10 for sold in SOLD]
    total_x, total_y = sum(x, none), sum(y, none)
    squares, products = sum((a * a for a in x), none), sum((a * b for a, b in zip(x, y)), none)
    slope = (n * products - total_x * total_y) / (n * squares - total_x**2)
    return (total_y - slope * total_x) / n, slope
