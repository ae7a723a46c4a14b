"""Document 004, "Funciones de Activación": sigmoid, ReLU and tanh, with the slopes that the engine takes."""

from __future__ import annotations

import math
from collections.abc import Iterator

from autograd import Value, grad, latex, text
from demos.pieces import Chart, Formula, Paragraph, Piece, Table
from demos.story import demo
from nn import ACTIVATIONS, Neuron, plot_activations

NAMES = ("sigmoid", "relu", "tanh")
PLACES = (-40.0, -5.0, -1.0, 0.0, 1.0, 5.0, 40.0)


@demo("three-activations", "004", "4", "sigmoid, ReLU and tanh with their slopes", items="E13-E16", errata="004-6")
def story(*, brief: bool) -> Iterator[Piece]:
    """The formulas, numbers, the ends of the ranges, and the picture."""
    yield Paragraph(
        "Without an activation, layers of neurons are together no more than one: sums of sums. The slides have three"
        " activations, which bend the line:"
    )
    yield Formula(r"\sigma(x) = \frac{1}{1 + e^{-x}}", "sigmoid: f(x) = 1 / (1 + e^(-x))")
    yield Formula(r"\mathrm{ReLU}(x) = \max(0, x)", "ReLU: f(x) = max(0, x)")
    yield Formula(r"\tanh(x) = \frac{e^x - e^{-x}}{e^x + e^{-x}}", "tanh: f(x) = (e^x - e^(-x)) / (e^x + e^(-x))")
    yield Paragraph(_tanh())
    yield Table(
        ("x", *(f"{name}{what}" for name in NAMES for what in ("(x)", "'(x)"))),
        [(f"{x:g}", *(f"{number:.6g}" for name in NAMES for number in at(name, x))) for x in PLACES],
        ">" * 7,
    )
    yield Paragraph(_ranges())
    yield Chart(
        "three-activations",
        "the three together, and their slopes below",
        lambda: plot_activations(NAMES, together=True, derivatives=True),
    )
    x = Value(1.0, "x")
    y = Neuron(1, "tanh", seed=1)(x)
    yield Paragraph("In a neuron, here one with random weights, the activation comes last:")
    yield Formula(f"y = {latex(y)}", f"y = {text(y)}")


def at(name: str, x: float) -> tuple[float, float]:
    """The activation and its slope."""
    z = Value(x)
    y = ACTIVATIONS[name](z)
    return y.data, grad(y, z).data


def _tanh() -> str:
    """The printed formula, in Values, beside the primitive."""
    apart = 0.0
    for place in (-5.0, -1.0, 0.3, 2.0, 5.0):
        x = Value(place)
        up, down = x.exp(), (-x).exp()
        printed = (up - down) / (up + down)
        value, slope = at("tanh", place)
        apart = max(apart, abs(printed.data - value), abs(grad(printed, x).data - slope))
    return (
        "The formula of tanh, typed with exponentials, gives the numbers and the slopes of the engine's own tanh to"
        f" {apart:.0e}."
    )


def _ranges() -> str:
    ends = [number for name in ("sigmoid", "tanh") for number in (at(name, -40.0)[0], at(name, 40.0)[0])]
    reached = [f"{name}({x:g}) = {at(name, x)[0]!r}" for name in ("sigmoid", "tanh") for x in (-40.0, 40.0)]
    closed = sum(number in (-1.0, 0.0, 1.0) for number in ends)
    exact = math.exp(-40.0)
    return (
        "The slides give the ranges [0, 1] of the sigmoid and [-1, 1] of tanh, with their ends; no x reaches those, and"
        f" the ranges are (0, 1) and (-1, 1) (004-6). In floats {closed} of 4 ends are reached: {', '.join(reached)}."
        f" That is rounding alone: 1 - sigmoid(40) is {exact:.3g}, and floats below 1 are {math.ulp(0.5):.2g} apart."
    )
