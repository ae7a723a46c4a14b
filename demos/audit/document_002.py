"""What is wrong in the theory of document 002 (section 3)."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np

from autograd import Value, check_gradients, directional_derivative
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
    shown,
    slopes,
)
from demos.document_002 import descent, ice_creams
from demos.document_002.valley import rises
from nn import MLP, Convolution2D, Dropout, Momentum, Neuron, mse, sse

POINT = (1.0, 1.0)
"""Where the slopes of x² + 3y² are taken: a function of ours, for the document has no formula for its mountain."""

DEGREES = range(0, 360, 5)
SLOW = 1e-9
"""Angles are rounded, and so is what is computed from them."""

STEP = 2.0**-20
"""To both sides of 0: a power of 2, so that nothing is rounded."""

SMALL = 0.01
"""A slope that has vanished: 4 % of the largest one of the sigmoid."""

ALPHAS = (0.01, 0.1, 0.3)
RATES = (0.005, 0.006, 0.01)
STEPS = 100
FALLS, RISES, OSCILLATES = "falls", "rises", "oscillates"
"""In each step, in none, in some."""


@check("002-1", RECOMPUTED)
def steepest() -> Case:
    """In which direction a function rises most."""
    x, y = map(Value, POINT)
    f = x**2 + 3 * y**2
    ahead = math.atan2(*reversed(slopes(f, [x, y])))
    most = max(_slope(f, [x, y], ahead + math.radians(degrees)) for degrees in DEGREES)

    def judge(cosine: float) -> Judgement:
        slope = _slope(f, [x, y], ahead + math.acos(cosine))
        told = f"for f = x² + 3y² at {POINT} the slope is then {slope:.6g}; the largest of all directions is {most:.6g}"
        return Judgement(abs(slope - most) < SLOW, told, f"{abs(slope - most):.3g}")

    return Case(
        Statement("D f = ‖∇f‖‖v‖ cos α is greatest when the cosine is 0", 0.0, "cos α = 0"),
        Statement("it is greatest when the angle is 0, and the cosine 1", 1.0, "cos α = 1"),
        judge,
    )


@check("002-2", RECOMPUTED)
def lengths() -> Case:
    """Whether ‖∇f‖ is 1."""
    x, y = map(Value, POINT)
    f = x**2 + 3 * y**2
    gradient = slopes(f, [x, y])
    length = math.hypot(*gradient)
    most = _slope(f, [x, y], math.atan2(*reversed(gradient)))
    return Case(
        Statement("‖∇f‖ and ‖v‖ are unit vectors", 1.0, "‖∇f‖ = 1"),
        Statement("they are numbers; v alone is a unit vector, and ‖∇f‖ is what it is", length, f"‖∇f‖ = {length:.6g}"),
        near(most, "the steepest slope", quantity="‖∇f‖ = "),
    )


@check("002-3", GRADIENTS)
def other_weight() -> Case:
    """Which derivative belongs to the update of w2."""
    neuron = Neuron(2, "sigmoid", seed=2)
    error = sse([neuron([1.0, 3.0])], [1.0])
    w1, w2, _ = slopes(error, neuron.parameters())
    (by_oracle,) = check_gradients(error, [neuron.w[1]])
    return Case(
        Statement("new w2 = w2 - ∂MSE/∂w1", w1, "w2 - ∂MSE/∂w1"),
        Statement("new w2 = w2 - ∂MSE/∂w2", w2, "w2 - ∂MSE/∂w2"),
        near(by_oracle.expected, f"∂MSE/∂w2 by {by_oracle.oracle}", quantity="for inputs 1 and 3 it subtracts "),
    )


@check("002-4", DEFINITIONS)
def mean() -> Case:
    """Whether a sum is a mean."""
    predictions, targets = np.array([0.9, 0.2, 0.4, 0.7]), np.array([1.0, 0.0, 1.0, 1.0])

    def judge(loss: Callable[[Any, Any], Value]) -> Judgement:
        given = loss(predictions, targets).data
        told = near(np.mean((predictions - targets) ** 2), "the mean of four squares")(given)
        factor = f"{given / mse(predictions, targets).data:.6g}"
        return Judgement(told.holds, f"{told.gave}, a factor of {factor}", f"×{factor}")

    return Case(
        Statement("MSE = Σ(ŷ - y)²", sse, "Σ(ŷ - y)²"),
        Statement("MSE = 1/n Σ(ŷ - y)², as in document 004; the sum is the SSE", mse, "1/n Σ(ŷ - y)²"),
        judge,
    )


@check("002-15", SHAPES)
def shape_of_wih1() -> Case:
    """The shape of the first matrix of 2-5-3-1."""
    wanted = _tower().layers[0].weights.T.shape

    def judge(shape: tuple[int, int]) -> Judgement:
        possible = fits(np.zeros((1, wanted[1])), lambda: np.dot(np.ones((1, 2)), np.zeros(shape)))
        holds = possible.holds and shape == wanted
        return Judgement(holds, f"input (1, 2) times {shape}: {possible.gave}", possible.off)

    return Case(
        Statement("Wih1 has the shape 1 × 5 in 2-5-3-1", (1, 5), "Wih1 is 1 × 5"),
        Statement("it has the shape 2 × 5", (2, 5), "Wih1 is 2 × 5"),
        judge,
    )


@check("002-16", SHAPES)
def row_of_inputs() -> Case:
    """The shape of the input that goes through the first matrix."""
    first = _tower().layers[0]
    x = [1.0, -2.0]
    wanted = [[neuron.weighted_sum(x).data for neuron in first.neurons]]

    def judge(shape: tuple[int, int]) -> Judgement:
        return fits(wanted, lambda: np.dot(np.reshape(x, shape), first.weights.T))

    return Case(
        Statement("Z = (x1; x2)·Wih1 with the input as a column, 2 × 1", (2, 1), "a column, 2 × 1"),
        Statement("the input is a row, 1 × 2", (1, 2), "a row, 1 × 2"),
        judge,
    )


@check("002-17", RECOMPUTED)
def never_zero() -> Case:
    """The derivative of the sigmoid in its tail."""
    z = Value(10.0, "z")
    (slope,) = slopes(1 / (1 + (-z).exp()), [z])
    return Case(
        Statement(
            "the derivative of the sigmoid goes from 0 to 0.25; for large numbers it is first 'casi 0' (almost 0), and"
            " then 'es 0' (is 0)",
            0.0,
            "almost 0, then 0",
        ),
        Statement("'casi 0' is right: it is in (0, 0.25], small and never 0", slope, f"σ'(10) = {slope:.4g}"),
        near(slopes(z.sigmoid(), [z]), quantity="σ'(10) = ", relative=1e-11),  # 1 - σ loses four digits
    )


@check("002-18", RECOMPUTED)
def small_inputs() -> Case:
    """Where the derivative of the sigmoid vanishes."""

    def judge(number: float) -> Judgement:
        z = Value(number, "z")
        (slope,) = slopes(z.sigmoid(), [z])
        return Judgement(slope < SMALL, f"σ'({number:g}) = {slope:.6g}", f"{slope:.3g}")

    return Case(
        Statement("the derivative vanishes for numbers that are too large or too small", 0.001, "for small numbers"),
        Statement("too small means very negative; for small numbers it is largest", -10.0, "for very negative"),
        judge,
    )


@check("002-19", RECOMPUTED)
def leaky() -> Case:
    """How leaky ReLU of a negative number changes with α."""
    values = [Value(-2.0).leaky_relu(alpha).data for alpha in ALPHAS]

    def judge(direction: int) -> Judgement:
        told = ", ".join(f"{value:g} for α = {alpha:g}" for value, alpha in zip(values, ALPHAS))
        holds = bool(np.all(np.sign(np.diff(values)) == direction))
        return Judgement(holds, f"f(-2) = {told}", f"{values[-1] - values[0]:.3g}")

    return Case(
        Statement("the larger α, the larger the values of negative numbers", 1, "larger α, larger f"),
        Statement("the larger α, the smaller they are, and the larger in magnitude", -1, "larger α, smaller f"),
        judge,
    )


@check("002-20", DEFINITIONS, rest="that the document gives no slope at 0: it only writes x ≥ 0")
def slope_at_zero() -> Case:
    """ReLU and its slopes at 0, from the left and from the right, by differences of the function alone."""
    at_zero = Value(0.0).relu().data
    left, right = (Value(step).relu().data for step in (-STEP, STEP))
    z = Value(0.0, "z")
    z.relu().backward()
    return Case(
        Statement("ReLU is x for x ≥ 0; if that gave its slope at 0, it would be 1", [1.0, 1.0], "x for x ≥ 0"),
        Statement(
            "there are two, 0 and 1, and none that is the derivative: which of them is taken is a convention, in"
            f" documents 000 and 004 and in the engine {z.grad:g}",
            [0.0, 1.0],
            "0 left, 1 right",
        ),
        near(
            [(at_zero - left) / STEP, (right - at_zero) / STEP],
            "the function itself",
            quantity="from the left and from the right: ",
        ),
    )


@check("002-21", DEFINITIONS, rest="that hidden stands for output, z for x, and that linear maps may reflect")
def affine() -> Case:
    """Whether x·w + b is linear: f(u + v) = f(u) + f(v)."""

    def judge(has_bias: bool) -> Judgement:
        neuron = Neuron(1, "identity", bias=has_bias, seed=2)
        for parameter in neuron.parameters():
            parameter.data = 0.5
        whole, parts = neuron([3.0]).data, neuron([1.0]).data + neuron([2.0]).data
        off = abs(whole - parts)
        return Judgement(off < SLOW, f"f(1 + 2) = {whole:g}, f(1) + f(2) = {parts:g}", f"{off:.3g}")

    return Case(
        Statement("f(x) = x·w + b is a linear function", True, "x·w + b is linear"),
        Statement("it is an affine one; without b it is linear", False, "x·w is, it is affine"),
        judge,
    )


@check(
    "002-22",
    RECOMPUTED,
    rest="that the error of document 001 rises, too, whose program takes all points in each step, but not their"
    " gradient (001-2)",
)
def oscillation() -> Case:
    """How the error goes at several rates: on the ice creams of section 4.1, where it is a quadratic, and on XOR."""
    steepest = float(ice_creams.curvatures()[0][-1])
    runs = {("ice creams", rate): ice_creams.descent(epochs=STEPS, rate=rate).errors for rate in RATES}
    runs |= {("XOR", rate): descent.xor_losses(rate, 2 * STEPS) for rate in descent.XOR_RATES}
    ways = {run: _way(errors) for run, errors in runs.items()}

    def judge(expected: Mapping[tuple[str, float], Collection[str]]) -> Judgement:
        told = [f"{name}, rate {rate:g}: {_course(errors)}" for (name, rate), errors in runs.items()]
        missed = sum(ways[run] not in ways_of_it for run, ways_of_it in expected.items())
        return Judgement(not missed, "; ".join(told), f"{missed} of {len(runs)}")

    by_curvature = {("ice creams", rate): [FALLS if rate * steepest < 2 else RISES] for rate in RATES}
    return Case(
        Statement(
            "gradient descent takes all examples, so its error does not oscillate",
            dict.fromkeys(runs, (FALLS, RISES)),
            "never oscillates",
        ),
        Statement(
            f"on XOR it does with the rate {max(descent.XOR_RATES):g}; on the ice creams, a quadratic, it falls while"
            f" the rate is less than 2/λ = {2 / steepest:.4g}, λ the steepest curvature, {steepest:.5g} (λ·rate ="
            f" {', '.join(f'{rate * steepest:.4g}' for rate in RATES)}), and rises in each step with more",
            {**by_curvature, **{("XOR", rate): [way] for rate, way in zip(descent.XOR_RATES, (FALLS, OSCILLATES))}},
            "on XOR it does",
        ),
        judge,
    )


@check("002-23", DEFINITIONS, rest="that 'adadelata' is Adadelta")
def momentum() -> Case:
    """Of which gradients a step of momentum is made."""
    gradients = [1.0, 0.5, -0.25, 2.0]
    w = Value(0.0, "w")
    optimizer = Momentum([w], lr=1.0)
    for gradient in gradients:
        before, w.grad = w.data, gradient
        optimizer.step()
    newest = gradients[::-1]

    return Case(
        Statement(
            "momentum takes the gradient of the step before into account",
            newest[0] + 0.9 * newest[1],
            "the step before",
        ),
        Statement(
            "it takes all gradients before, each with a power of 0.9",
            sum(0.9**age * gradient for age, gradient in enumerate(newest)),
            "all steps before",
        ),
        near(before - w.data, "nn.Momentum", quantity=f"after gradients {shown(gradients)} the step is "),
    )


@check(
    "002-24",
    RECOMPUTED,
    rest="that early stopping looks at the test, that L2 makes no weight 0, and that Xavier is listed twice (the"
    " stories compute these)",
)
def dropout() -> Case:
    """What a neuron that is kept is multiplied by, so that a sum is expected to stay what it is."""
    p = 0.25
    kept = {factor for factor in Dropout(p, seed=2).factors(100) if factor}

    def judge(scale: float) -> Judgement:
        expected = (1 - p) * scale
        told = f"with p = {p} an input is expected to be {expected:.6g} of itself; nn.Dropout has {shown(*kept)}"
        return Judgement(abs(expected - 1) < SLOW and kept == {scale}, told, f"{abs(expected - 1):.3g}")

    return Case(
        Statement("in dropout neurons are deactivated, and nothing else", 1.0, "the others stay"),
        Statement("those that are kept are multiplied by 1/(1 - p)", 1 / (1 - p), "they are × 1/(1 - p)"),
        judge,
    )


@check("002-25", DEFINITIONS)
def convolution() -> Case:
    """What the dot product of a kernel with each patch is called."""
    image, kernel = np.array([[0.0, 1.0, 3.0, 2.0, 5.0]]), np.array([[1.0, 0.0, -2.0]])
    expected = np.convolve(image[0], kernel[0], mode="valid")

    def judge(arranged: Callable[[Any], Any]) -> Judgement:
        layer = Convolution2D(1, 1, kernel.shape, "identity", bias=False, seed=2)
        layer.set_weights(arranged(kernel)[np.newaxis, np.newaxis])
        given = [value.data for value in np.ravel(layer(image))]
        return near(expected, "np.convolve", quantity=f"row {shown(image)}, kernel {shown(kernel)}: ")(given)

    return Case(
        Statement(
            "the dot product of the kernel with each part of the image is a convolution",
            lambda kernel: kernel,
            "a convolution",
        ),
        Statement(
            "it is a cross-correlation; a convolution turns the kernel first",
            lambda kernel: kernel[::-1, ::-1],
            "a cross-correlation",
        ),
        judge,
    )


def _slope(f: Value, xs: Sequence[Value], angle: float) -> float:
    return directional_derivative(f, xs, [math.cos(angle), math.sin(angle)]).data


def _tower() -> MLP:
    return MLP(2, [5, 3, 1], "sigmoid", "sigmoid", bias=False, seed=2)


def _course(errors: Sequence[float]) -> str:
    """Where the errors go, in words."""
    return f"{errors[0]:.4g} → {errors[-1]:.4g}, {rises(errors)} of {len(errors) - 1} steps up"


def _way(errors: Sequence[float]) -> str:
    steps_up = rises(errors)
    return FALLS if not steps_up else RISES if steps_up == len(errors) - 1 else OSCILLATES
