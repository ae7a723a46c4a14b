"""What is wrong in the practice of document 002 (section 4): ice creams, XOR, digits."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from demos.audit.case import (
    DEFINITIONS,
    EXECUTED,
    GRADIENTS,
    RECOMPUTED,
    RELATIVE,
    Case,
    Judgement,
    Statement,
    check,
    near,
    shown,
    slopes,
)
from demos.document_002 import ice_creams, regression_listing, xor, xor_listing
from demos.failure import DataMissing
from nn import L2, ActivityL2, Layer

PRINTED_ERROR = float(ice_creams.CONSTANT)
"""What stands in the listing of section 4.1 as the error at the end."""

XOR_ERROR = 1e-9
"""The runs of XOR in other orders of rounding, after thousands of epochs."""

REFUSING = (1, 25)
"""The NumPy that began to refuse a number for an array of one."""

SHORT = 1000
"""The epoch of which the text speaks."""


class Settings(NamedTuple):
    """What the program of section 4.1 is run with."""

    spread: float
    epochs: int


@check("002-5", EXECUTED)
def factor_of_two() -> Case:
    """Of which loss the listing of XOR follows the gradient."""
    last = xor_listing.descend().errors[-1]
    doubled = ice_creams.descent(epochs=5, rate=regression_listing.RATE).errors

    def judge(share: float) -> Judgement:
        final = xor.descent(rate=share * xor_listing.RATE).errors[-1]
        return near(last, "the listing", XOR_ERROR, f"XOR after {xor_listing.BATCH_EPOCHS} epochs: ")(final)

    return Case(
        Statement("∂MSE/∂ŷ = 2(ŷ - y), in the theory", 1.0),
        Statement(
            "the listings take ŷ - y: their loss is ½Σ(ŷ - y)²; with the 2 the errors of section 4.1 would be"
            f" {shown(doubled)}",
            0.5,
        ),
        judge,
    )


@check("002-6", EXECUTED)
def written_error() -> Case:
    """The run of which the written error is, to the last bit."""
    as_listed = Settings(regression_listing.SPREAD, regression_listing.EPOCHS)
    other = Settings(ice_creams.OTHER_SPREAD, ice_creams.OTHER_EPOCHS)

    def judge(settings: Settings) -> Judgement:
        errors = regression_listing.descend(*settings, product=regression_listing.plain_product).errors
        ours = ice_creams.descent(*settings).errors
        told = (
            f"{settings.epochs} epochs from random((2, 1)) * {settings.spread:g} print {errors[-1]!r}, the engine"
            f" {ours[-1]!r}; the written number differs by {PRINTED_ERROR - errors[-1]:.9g}"
        )
        return Judgement(errors[-1] == PRINTED_ERROR and near(ours[-1])(errors[-1]).holds, told)

    return Case(
        Statement(f"the green cross stands at {PRINTED_ERROR!r}, the error of the listing", as_listed),
        Statement("the number comes from another run of the same program", other),
        judge,
    )


@check("002-7", RECOMPUTED)
def best_line() -> Case:
    """The best line is where the gradient is 0."""
    best = ice_creams.best_line()

    def judge(line: Sequence[float]) -> Judgement:
        model = ice_creams.recorded(np.array(line))
        gradient = slopes(model.error, model.weights)
        told = (
            f"y = {line[0]:.12g} + {line[1]:.12g} x has the error {model.error:.12g} and the gradient {shown(gradient)}"
        )
        return Judgement(math.hypot(*gradient) < XOR_ERROR, told)

    return Case(
        Statement("the network computes the best line", regression_listing.descend().weights.tolist()),
        Statement("least squares, in fractions, gives the best line", (float(best.bias), float(best.slope))),
        judge,
    )


@check("002-8", EXECUTED)
def scaled_outputs() -> Case:
    """By what the listing divides what was sold."""
    last = ice_creams.descent().errors[-1]

    def judge(divisor: float) -> Judgement:
        quantity = f"with y divided by {divisor:g} the listing ends at "
        return near(last, "the engine with both divided", quantity=quantity)(
            regression_listing.descend(divisor=divisor).errors[-1]
        )

    return Case(
        Statement("the inputs are divided by 10 (and the outputs stay as they are)", 1.0),
        Statement("the outputs are divided by 10 too; the column of the bias is not", 10.0),
        judge,
    )


@check("002-9", EXECUTED)
def scalar() -> Case:
    """Whether a weight can be read as the listing reads it, with NumPy as it is today."""
    if tuple(map(int, np.__version__.split(".")[:2])) < REFUSING:
        raise DataMissing(f"NumPy {np.__version__} still takes it; newer ones do not")
    weights = np.array([[1.5], [2.5]])

    def judge(read: Callable[[Any], float]) -> Judgement:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                number = read(weights)
        except (TypeError, DeprecationWarning) as error:
            return Judgement(False, f"{type(error).__name__} with NumPy {np.__version__}: {error}")
        return Judgement(number == weights[1, 0], f"it gives {number} with NumPy {np.__version__}")

    return Case(
        Statement("float(weights[1]), for an array of the shape (2, 1)", lambda w: float(w[1])),
        Statement("weights[1].item()", lambda w: w[1].item()),
        judge,
    )


@check("002-10", EXECUTED)
def hidden_nodes() -> Case:
    """How many hidden nodes the listing of gradient descent has."""
    error = xor_listing.descend(epochs=SHORT).errors[-1]

    def judge(hidden: int) -> Judgement:
        quantity = f"the engine with {hidden} hidden nodes after {SHORT} epochs: "
        return near(error, "the listing", XOR_ERROR, quantity)(xor.descent(hidden, SHORT).errors[-1])

    return Case(
        Statement("both networks for XOR have five hidden nodes", 5),
        Statement("that of gradient descent has three in its listing", 3),
        judge,
    )


@check("002-11", EXECUTED)
def not_zero() -> Case:
    """The error after 1000 epochs."""
    ours = [xor.descent(hidden, SHORT).errors[-1] for hidden in (3, 5)]
    listed = [xor_listing.descend(hidden=hidden, epochs=SHORT).errors[-1] for hidden in (3, 5)]
    later = [xor_listing.descend(hidden=hidden).errors[-1] for hidden in (3, 5)]
    return Case(
        Statement(f"after {SHORT} epochs the error reaches 0", [0.0, 0.0]),
        Statement(
            f"it is {listed[0]:.6g} with 3 nodes and {listed[1]:.6g} with 5, and after"
            f" {xor_listing.BATCH_EPOCHS} epochs {shown(later)}: never 0",
            listed,
        ),
        near(ours, relative=XOR_ERROR, quantity="3 and 5 nodes: "),
    )


@check("002-12", GRADIENTS)
def sigmoidderiv() -> Case:
    """What the missing function has to be, so that the listing goes down the gradient."""
    model = xor.network(xor.first_weights())
    xor.error_of(model).backward()
    gradient = np.concatenate([np.ravel(part) for part in xor.half_gradient(model)])

    def judge(slope: xor_listing.Slope) -> Judgement:
        taken = np.concatenate([np.ravel(part) for part in xor.first_update(slope)])
        error = xor_listing.descend(epochs=SHORT, slope=slope).errors[-1]
        told = f"its first update is off by up to {np.max(np.abs(taken - gradient)):.3g}"
        return Judgement(
            bool(np.allclose(taken, gradient, rtol=RELATIVE, atol=0)), f"{told}; after {SHORT} epochs: {error:.9g}"
        )

    return Case(
        Statement(
            "sigmoidderiv(a2), not defined; as its name says: σ'(a2) = σ(a2)(1 - σ(a2))",
            xor_listing.slope_of_weighted_sum,
        ),
        Statement("sigmoidderiv(a) = a(1 - a): the derivative by the activation", xor_listing.sigmoidderiv),
        judge,
    )


@check("002-13", EXECUTED)
def backward_in_the_loop() -> Case:
    """Where the backward pass of SGD stands."""
    last = xor.stochastic_descent().sums[-1]

    def judge(is_inside: bool) -> Judgement:
        quantity = f"the last of {xor_listing.STOCHASTIC_EPOCHS} epochs: "
        return near(last, "the engine's SGD", XOR_ERROR, quantity)(
            xor_listing.descend_stochastically(updates_of_an_epoch=4 if is_inside else 1).sums[-1]
        )

    return Case(
        Statement("the backward pass stands behind the loop over the examples: one update in an epoch", False),
        Statement("it stands in it: an update for each example, as figures 75 and 76 have it", True),
        judge,
    )


@check("002-14", EXECUTED)
def moving_error() -> Case:
    """The error of an epoch."""
    run = xor_listing.descend_stochastically()
    network = xor.network(run.weights)
    final = float(np.sum([(network(row[:2]).data - row[2]) ** 2 for row in xor_listing.TRUTH_TABLE]))
    return Case(
        Statement("losses2 is the error of an epoch, comparable with that of gradient descent", run.sums[-1]),
        Statement("it is a sum while the weights change; the error of the weights at the end is another one", final),
        near(xor.error_of(network).data, "with its final weights the network", quantity="the last epoch: "),
    )


@check("002-26", DEFINITIONS)
def activity() -> Case:
    """What the regularizer of the listing punishes: with the same weights, twice the inputs cost more."""
    layer = Layer(2, 3, "relu", seed=2)
    once, twice = [layer([1.0, 2.0])], [layer([2.0, 4.0])]

    def judge(penalty: Callable[[Any], float]) -> Judgement:
        first, second = penalty(once), penalty(twice)
        return Judgement(second > first, f"{first:.6g} for one input, {second:.6g} for its double")

    return Case(
        Statement("the text has no penalty, and l2(0.001) looks like one of weights", lambda _: L2(0.001)(layer).data),
        Statement(
            "activity_regularizer=l2(0.001) is one of activations; whether the test gives 95 % or 96 % needs Keras",
            lambda outputs: ActivityL2(0.001)([outputs]).data,
        ),
        judge,
    )
