"""The slope of an activation as a number and as a formula, against derivatives that are found another way."""

from __future__ import annotations

import math

import pytest

import autograd
from autograd import Value
from autograd.derivatives import grad
from autograd.explanation import slopes
from autograd.explanation.slopes import ElementwiseLatex, ElementwiseText, slope, slope_formula
from autograd.notation.graphs import float_functions
from autograd.notation.typesetting import Python
from autograd.value import walk

ROUNDING = 1e-14

FUNCTIONS = {
    "itself": (lambda z: z, "1", "1"),
    "step": (lambda z: z.heaviside(1.0), "0", "0"),
    "sigmoid": (Value.sigmoid, "y ⊙ (1 − y)", r"y \odot \left(1 - y\right)"),
    "tanh": (Value.tanh, "1 − y ⊙ y", r"1 - y \odot y"),
    "relu": (Value.relu, "heaviside(z, 0)", r"\operatorname{heaviside}\left(z, 0\right)"),
    "softplus": (Value.softplus, "−expm1(−y)", r"-\operatorname{expm1}\left(-y\right)"),
    "maximum": (lambda z: z.maximum(0.0), "equal(z, y)", r"\operatorname{equal}\left(z, y\right)"),
    "square": (lambda z: z**2, "2 · z", r"2 \cdot z"),
    "twice": (lambda z: 2 * z, "2", "2"),
    "used twice": (lambda z: z * z, "z + z", "z + z"),
    "swish": (
        lambda z: z * z.sigmoid(),
        "sigmoid(z) + z ⊙ sigmoid(z) ⊙ (1 − sigmoid(z))",
        r"\sigma\left(z\right) + z \odot \sigma\left(z\right) \odot \left(1 - \sigma\left(z\right)\right)",
    ),
    "dot": (lambda z: autograd.dot([z, z.exp()], [2.0, 3.0]), "2 + 3 · exp(z)", r"2 + 3 \cdot \exp\left(z\right)"),
    "softsign": (
        lambda z: z / (1 + abs(z)),
        "1 / (1 + |z|) − y / (1 + |z|) ⊙ sign(z)",
        r"\frac{1}{1 + \left|z\right|} - \frac{y}{1 + \left|z\right|} \odot \operatorname{sign}\left(z\right)",
    ),
}

each_function = pytest.mark.parametrize(("f", "text", "latex"), FUNCTIONS.values(), ids=FUNCTIONS)


def inside(x: float) -> Value:
    """A node that has a graph below it."""
    return Value(x) * 1.0


@each_function
@pytest.mark.parametrize("x", [0.7, -1.3, 2.0])
def test_the_number_is_the_derivative(f, text, latex, x):
    z = inside(x)
    y = f(z)
    assert slope(y, z) == pytest.approx(grad(y, z).data, rel=ROUNDING)


@each_function
@pytest.mark.parametrize("x", [0.7, -1.3, 2.0])
def test_the_formula_has_the_value_of_the_number(f, text, latex, x):
    z = inside(x)
    y = f(z)
    written = Python(str).write(slope_formula(y, z))
    assert eval(written, float_functions(), {"z": z.data, "y": y.data}) == pytest.approx(slope(y, z), rel=ROUNDING)


@each_function
def test_the_formula_is_written_for_vectors(f, text, latex):
    z = inside(0.7)
    formula = slope_formula(f(z), z)
    assert ElementwiseText().write(formula) == text
    assert ElementwiseLatex().write(formula) == latex


@pytest.mark.parametrize(
    ("f", "factor"),
    [(Value.sigmoid, "y ⊙ (1 − y)"), (Value.tanh, "(1 − y ⊙ y)"), (Value.softplus, "(−expm1(−y))"), (Value.exp, "y")],
)
def test_a_factor_has_brackets_where_it_needs_them(f, factor):
    z = inside(0.7)
    assert ElementwiseText().factor(slope_formula(f(z), z)) == factor


def test_what_z_was_computed_from_is_not_walked(monkeypatch):
    walked: list[int] = []

    def counted(*arguments):
        leaves, inner = walk(*arguments)
        walked.append(len(leaves) + len(inner))
        return leaves, inner

    monkeypatch.setattr(slopes, "walk", counted)
    deep = Value(0.5)
    for _ in range(1_000):
        deep = deep + 0.0
    y = deep.tanh()
    assert slope(y, deep) == pytest.approx(1 - math.tanh(0.5) ** 2)
    assert slope_formula(y, deep)
    assert walked == [1, 1]


def test_other_values_are_their_numbers():
    z, w = inside(-0.5), Value(0.25, "w")
    y = z.leaky_relu(w)
    assert slope(y, z) == 0.25
    assert ElementwiseText().write(slope_formula(y, z)) == "heaviside(z, 0) + 0.25 · heaviside(−z, 1)"


def test_what_was_not_computed_from_z_has_no_slope():
    z, other = inside(0.5), inside(0.5)
    assert slope(other.tanh(), z) == 0
    assert slope_formula(other.tanh(), z) == 0
