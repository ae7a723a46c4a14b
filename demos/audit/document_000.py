"""What is wrong in document 000: a 1-1-1 network with ReLU, its gradient and its listing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from demos.audit.case import (
    DEFINITIONS,
    EXECUTED,
    RELATIVE,
    SHAPES,
    Case,
    Judgement,
    Statement,
    check,
    near,
    shown,
    slopes,
)
from demos.document_000.apartment import EPOCHS, EVERY, PRICE, RATE, Network, Step, descent, forward, listing, predicted
from nn import half_squared_error, mse

Run = Callable[[int], list[Step]]

CLOSE = 1.0
"""A prediction within a thousand dollars has learnt the price."""

STEP_ERROR = 1e-9
"""Steps are differences of parameters, in which digits cancel."""


@check("000-1", SHAPES)
def components() -> Case:
    """The gradient has one component for each parameter, in their order."""
    network = forward()
    derivatives = dict(zip(("w1", "b1", "w2", "b2"), slopes(network.error, network.parameters)))
    x = np.array([parameter.data for parameter in network.parameters])
    moved = x - RATE * np.array([*derivatives.values()])

    def judge(names: Sequence[str]) -> Judgement:
        gradient = np.array([derivatives[name] for name in names])
        missing = [f"∂C/∂{name} = {shown(number)}" for name, number in derivatives.items() if name not in names]
        lacks = f"; {', '.join(missing)} is missing" if missing else ""
        if gradient.shape != x.shape:
            told = f"x has the shape {x.shape}, and the gradient {gradient.shape}{lacks}"
            return Judgement(False, told, f"{len(x) - len(gradient)} missing")
        off = np.max(np.abs(x - RATE * gradient - moved))
        holds = bool(np.allclose(x - RATE * gradient, moved, rtol=RELATIVE, atol=0))
        return Judgement(holds, f"∇C = {shown(gradient)}, and x - α∇C exists", f"{off:.3g}")

    return Case(
        Statement(
            "∇C = (∂C/∂w2, ∂C/∂w1, ∂C/∂b1), to be used in x - α∇C with x = (w1, b1, w2, b2)",
            ("w2", "w1", "b1"),
            "3 components",
        ),
        Statement("∇C = (∂C/∂w1, ∂C/∂b1, ∂C/∂w2, ∂C/∂b2)", ("w1", "b1", "w2", "b2"), "4 components"),
        judge,
    )


@check("000-2", EXECUTED)
def updated_weight() -> Case:
    """Steps of w1 and b1 take the w2 with which the prediction was made."""

    def judge(run: Run) -> Judgement:
        network, after = forward(), run(0)[0]
        gradient = slopes(network.error, network.parameters)
        right = [parameter.data - RATE * slope for parameter, slope in zip(network.parameters, gradient)]
        judged = near(right[:2], "a step along the checked gradient", quantity="the first step leads to w1, b1 = ")
        return judged([after.w1, after.b1])

    return Case(
        Statement("∂z_out/∂a1 is w_out, which is read after its own update", listing, "the updated w_out"),
        Statement("it is the w_out of the forward pass", descent, "w_out as it was"),
        judge,
    )


@check("000-3", EXECUTED)
def old_activation() -> Case:
    """Steps of w2 take the a1 of their own iteration."""
    final = descent()[-1]

    def judge(run: Run) -> Judgement:
        steps = run(EPOCHS)
        places = [1, 2, 5, 10, 20, 50]
        off = [abs(_step(steps, place) / _w2_step(steps[place - 1]) - 1) for place in places]
        told = (
            f"steps of w2 differ from the checked gradient by up to {max(off) * 100:.3g} % in the first"
            f" {places[-1]} iterations; at the end w1, b1, w2, b2"
            f" are {shown(steps[-1][2:])}, off by {shown(np.subtract(steps[-1][2:], final[2:]))}"
        )
        return Judgement(max(off) <= STEP_ERROR, told, f"{max(off) * 100:.3g} %")

    return Case(
        Statement(
            "∂z_out/∂w_out is the a1 that was computed before the loop, in all 1000 iterations",
            listing,
            "the first a1, always",
        ),
        Statement("it is the a1 of each iteration", descent, "the a1 of each step"),
        judge,
    )


@check("000-4", EXECUTED)
def final_prediction() -> Case:
    """The number of updates in the prediction that the listing prints."""
    steps = listing(EVERY)

    def judge(updates: int) -> Judgement:
        places = range(1, EVERY, 10)
        belonging = [predicted(steps[place + updates - 2]) for place in places]
        holds = np.allclose(belonging, [steps[place].prediction for place in places], rtol=RELATIVE, atol=0)
        told = f"after update {updates} the network predicts {belonging[0]:.12g}"
        off = f"{abs(belonging[0] - steps[1].prediction):.3g}"
        return Judgement(holds, f"iteration 1 prints {steps[1].prediction:.12g}; {told}", off)

    return Case(
        Statement("the prediction printed at the end belongs to the updated parameters", 2, "it is after update 2"),
        Statement(
            "each printed prediction is older than the update of its iteration, and one update is made before the loop:"
            f" {EPOCHS} iterations make {len(listing(EPOCHS))}",
            1,
            "it is after update 1",
        ),
        judge,
    )


@check("000-5", EXECUTED)
def indentation() -> Case:
    """How often the listing updates in its loop."""

    def judge(updates: int) -> Judgement:
        prediction = listing(updates)[-1].prediction
        off = abs(prediction - PRICE)
        return Judgement(off < CLOSE, f"the final prediction is {prediction!r}; the price is {PRICE}", f"{off:.3g}")

    return Case(
        Statement(
            "as the page has it the updates stand behind the loop: 1000 forward passes, and one update",
            1,
            "1 update in the end",
        ),
        Statement(
            "the updates belong into the loop: one in each of its 1000 iterations", EPOCHS, "1 in each iteration"
        ),
        judge,
    )


@check("000-6", DEFINITIONS, rest="that E, C and f are letters for one function, and x_i and x_1 for one input")
def half() -> Case:
    """What E is called."""
    network = forward()

    def judge(loss: Callable[[Any, Any], Any]) -> Judgement:
        return near(network.error.data, "E = ½(ŷ - y)²")(loss([network.prediction], [PRICE]).data)

    return Case(
        Statement("½(ŷ - y)² is the mean squared error, says the listing", mse, "½(ŷ - y)² is the MSE"),
        Statement("it is half the squared error", half_squared_error, "it is half of it"),
        judge,
    )


def _step(steps: Sequence[Step], place: int) -> float:
    return steps[place].w2 - steps[place - 1].w2


def _w2_step(before: Step) -> float:
    """The step of w2 that gradient descent takes from the parameters after a step."""
    network = _at(before)
    return -RATE * slopes(network.error, network.parameters)[2]


def _at(step: Step) -> Network:
    network = forward()
    for parameter, number in zip(network.parameters, step[2:]):
        parameter.data = number
    network.error.refresh()
    return network
