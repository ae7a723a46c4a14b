"""What is wrong in document 004: the step, Hebb's rule, Adam, and the formulas of its slides."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import Value, dot
from demos.audit.case import (
    DEFINITIONS,
    GRADIENTS,
    RECOMPUTED,
    SHAPES,
    Case,
    Judgement,
    Statement,
    check,
    fits,
    near,
    slopes,
)
from demos.document_004.adam import BETA1, BETA2, EPSILON, ETA, GRADIENT, W, descended
from demos.document_004.hebb import EXAMPLE, EXERCISE, taught
from nn import MLP, Perceptron, half_squared_error, mse

PAST_THE_LONGEST = 30
"""So many steps of Adam: where the correction is left out, the longest is among them."""

ASKED = ([1.0, 1.0], 1.0)
"""What the exercise asks for at its end, and leaves without an answer."""


@check("004-1", DEFINITIONS)
def step_at_zero() -> Case:
    """The step at 0."""
    neuron = Perceptron(1)
    return Case(
        Statement("f(0) = 0: class 0", 0.0, "f(0) = 0"),
        Statement("by its own definition, 1 for x ≥ 0, f(0) = 1", float(0 >= 0), "f(0) = 1"),
        near(neuron([0.0]).data),
    )


@check("004-2", RECOMPUTED)
def separated() -> Case:
    """Whether the neuron that Hebb's rule taught gives the outputs that it was taught."""
    neuron, points, targets, _ = taught(EXAMPLE).neuron, *EXAMPLE

    def judge(bias: float) -> Judgement:
        return _classified([dot(neuron.w, x) + bias for x in points], targets, 1.0)

    # the wanted 1 has the larger net input; any bias between the two, with its sign changed, separates them
    nets = sorted(dot(neuron.w, x).data for x in points)
    bias = -(nets[-1] + nets[-2]) / 2
    return Case(
        Statement("w = (.1, .1) with b = 0 classifies the three points", 0.0, "b = 0"),
        Statement(
            f"it needs a bias, which Hebb's rule never changes: with b = {bias:.3g} it does", bias, f"b = {bias:.3g}"
        ),
        judge,
    )


@check("004-3", RECOMPUTED)
def exercise() -> Case:
    """The convention with which the exercise can be solved."""
    neuron, (asked, answer) = taught(EXERCISE).neuron, ASKED
    points, targets = [*EXERCISE.points, asked], [*EXERCISE.targets, answer]

    def judge(at_zero: float) -> Judgement:
        return _classified([dot(neuron.w, x) for x in points], targets, at_zero)

    return Case(
        Statement("the exercise with step(x) = 1 for x ≥ 0", 1.0, "1 for x ≥ 0"),
        Statement("the exercise with step(x) = 1 for x > 0", 0.0, "1 for x > 0"),
        judge,
    )


@check("004-4", RECOMPUTED)
def first_step_of_adam() -> Case:
    """The first step of Adam, which is the learning rate, whatever the gradient."""
    right = descended(True, PAST_THE_LONGEST)
    ratios = descended(False, PAST_THE_LONGEST).sizes / right.sizes
    peak, reached = int(np.argmax(ratios)), float(right.places[0])

    def judge(corrected: bool) -> Judgement:
        after = _adam_as_printed(corrected)
        ratio = (W - after) / (W - reached)
        told = near(reached, "the engine's Adam")(after)
        return Judgement(
            told.holds,
            f"w = .5 becomes, for the slope .2 and η = .1, {told.gave}; the step is {ratio:.6g} times as long",
            f"×{ratio:.6g}",
        )

    return Case(
        Statement("w ← w - η m/(√v + ε), with m and v as they are", False, "m and v"),
        Statement(
            f"with m/(1 - β1ᵗ) and v/(1 - β2ᵗ) in their places; without them a constant slope makes step {peak + 1} the"
            f" longest, {ratios[peak]:.6g} times",
            True,
            "m and v corrected",
        ),
        judge,
    )


@check("004-5", GRADIENTS)
def slope_of_mse() -> Case:
    """The derivative of the mean squared error with its 1/n."""
    predictions, targets = [Value(number) for number in (0.9, 0.2, 0.4, 0.7)], [1.0, 0.0, 1.0, 1.0]
    gradient = slopes(mse(predictions, targets), predictions)
    difference = np.array([y.data for y in predictions]) - targets

    def judge(slope: Callable[[Any, int], Any]) -> Judgement:
        given = slope(difference, len(targets))
        told = near(gradient, "the engine, checked,")(given)
        factor = f"{np.mean(given / gradient):.4g}"
        return Judgement(told.holds, f"{told.gave}, {factor} times the derivative", f"×{factor}")

    return Case(
        Statement("for L = 1/n Σ(ŷ - y)², ∂L/∂ŷ = 2(ŷ - y)", lambda d, n: 2 * d, "2(ŷ - y)"),
        Statement("∂L/∂ŷ = 2(ŷ - y)/n", lambda d, n: 2 * d / n, "2(ŷ - y)/n"),
        judge,
    )


@check("004-6", RECOMPUTED)
def open_range() -> Case:
    """How far sigmoid and tanh are from 1: σ(-x), and for tanh 2σ(-2x), which a float does not lose."""
    computed = [Value(-40.0).sigmoid().data, 2 * Value(-40.0).sigmoid().data]
    tails = [1 / (1 + math.exp(40)), 2 / (1 + math.exp(40))]
    return Case(
        Statement("the ranges of σ and tanh are [0, 1] and [-1, 1]: they reach 1", [0.0, 0.0], "[0, 1] and [-1, 1]"),
        Statement(
            "the ranges are (0, 1) and (-1, 1): a float that is σ(40) = 1 has only been rounded",
            tails,
            "(0, 1) and (-1, 1)",
        ),
        near(computed, "σ(-40), once and twice,", quantity="1 - σ(40) and 1 - tanh(20) = "),
    )


@check(
    "004-7",
    SHAPES,
    rest="that a minus and the letter of a layer are lost, that the chain ends too early, that backpropagation, which"
    " the history dates 1980, was made popular in 1986 (Rumelhart, Hinton and Williams), and that sequences are no"
    " limit of such networks",
)
def outer_product() -> Case:
    """The derivative for a matrix of weights from δ and x."""
    network = MLP(2, [3], "sigmoid", "sigmoid", seed=4)
    x = np.array([1.0, -2.0])
    outputs = network(list(x))
    half_squared_error(outputs, [1.0, 0.0, 1.0]).backward()
    layer = network.layers[0]

    def judge(product: Callable[[Any, Any], Any]) -> Judgement:
        return fits(layer.weight_gradients, lambda: product(np.array(layer.bias_gradients), x))

    return Case(
        Statement(
            "∂L/∂W = δ · x, element by element, for three neurons and two inputs", lambda delta, x: delta * x, "δ · x"
        ),
        Statement("∂L/∂W = δxᵀ, an outer product", np.outer, "δxᵀ"),
        judge,
    )


def _classified(nets: Sequence[Value], targets: Sequence[float], at_zero: float) -> Judgement:
    """Whether the step of each net input is the output that is wanted."""
    outputs = [int(np.heaviside(net.data, at_zero)) for net in nets]
    wanted = [int(y) for y in targets]
    wrong = sum(output != y for output, y in zip(outputs, wanted))
    told = f"{wrong} of {len(wanted)}"
    return Judgement(wrong == 0, f"outputs {outputs}, wanted {wanted}: {told} are wrong", told)


def _adam_as_printed(corrected: bool) -> float:
    """The document's formulas for t = 1, in plain floats, without and with the correction that it leaves out."""
    m, v = (1 - BETA1) * GRADIENT, (1 - BETA2) * GRADIENT**2
    if corrected:
        m, v = m / (1 - BETA1), v / (1 - BETA2)
    return W - ETA * m / (math.sqrt(v) + EPSILON)
