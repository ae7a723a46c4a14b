"""What is wrong in document 003: the exercise worked out by hand, whose numbers are those of its story."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from autograd import grad, topological_order
from autograd.comparison import AGREES, WRONG, Row, compare, verdict
from demos.audit.case import (
    DEFINITIONS,
    GRADIENTS,
    RECOMPUTED,
    SHAPES,
    Case,
    Judge,
    Judgement,
    Statement,
    check,
    fits,
    near,
    slopes,
)
from demos.document_003.exercise import GIVEN, PRINTED, Network, Y, forward
from nn import half_squared_error

RIGHT: Mapping[str, Any] = {
    "∂J/∂w(1)": [["0,086", "-0,162"], ["-0,018", "0,034"], ["0,092", "-0,174"]],
    "∂J/∂b(1)": ["0,048", "-0,010", "0,051"],
    "ŷ": "0,523",
    "∂J/∂w(2)": [["-0,982", "-1,065", "-1,003"]],
    "∂J/∂b(2)": ["-1,117"],
    "σ'(z(1))": ["0,107", "0,044", "0,092"],
}
"""What should be printed: the engine is asked whether it agrees, as it is of what is printed."""

FEW = 3
"""Numbers that are shown in a line."""


@check("003-1", GRADIENTS)
def first_weights() -> Case:
    """The derivatives for w(1)."""
    return _derivatives("∂J/∂w(1)", _first_layer()[:, :2])


@check("003-2", GRADIENTS)
def first_biases() -> Case:
    """The derivatives for b(1)."""
    return _derivatives("∂J/∂b(1)", _first_layer()[:, 2])


@check("003-3", RECOMPUTED)
def prediction() -> Case:
    """The last digit of ŷ, and that of the J of the printed ŷ."""
    y_hat, printed = _network().y_hat.data, str(PRINTED["J"])

    def judge(text: str) -> Judgement:
        given = _decimal(text)
        J, off = half_squared_error(float(given), Y).data, abs(float(given) - y_hat)
        holds = verdict(text, y_hat) == AGREES and verdict(printed, J) == AGREES
        told = f"ŷ is off by {off:.3g}, and ½({text} - {Y:g})² = {J:.9g}, where {printed} is printed"
        return Judgement(holds, told, f"{off:.3g}")

    return _case("ŷ", PRINTED["ŷ"], RIGHT["ŷ"], judge)


@check("003-4", RECOMPUTED)
def derivatives() -> Case:
    """The last digits of the derivatives of layer 2, and of σ' in layer 1."""
    network = _network()
    layer, outputs = network.model.layers[1], zip(network.y1, network.z1)
    computed = {
        "∂J/∂w(2)": layer.weight_gradients,
        "∂J/∂b(2)": layer.bias_gradients,
        "σ'(z(1))": [grad(y, z).data for y, z in outputs],
    }
    return _digits(", ".join(computed), computed)


@check("003-5", RECOMPUTED)
def product() -> Case:
    """A product of rounded numbers."""
    y1, printed = (str(PRINTED[quantity][0]) for quantity in ("y(1)", "σ'(z(1))"))

    def judge(factors: tuple[str, str]) -> Judgement:
        y, same = map(_decimal, factors)
        exact = y * (1 - same)
        told = f"{y}(1 - {same}) = {exact}, where {_decimal(printed)} is printed"
        return Judgement(verdict(printed, float(exact)) == AGREES, told, f"{abs(exact - _decimal(printed)):.3g}")

    return Case(
        Statement(f"{y1}(1 - 0,878) = {printed}", (y1, "0,878"), f"{y1}(1 - 0,878)"),
        Statement(f"{y1}(1 - {y1}) = {printed}, for both are the same y", (y1, y1), f"{y1}(1 - {y1})"),
        judge,
    )


@check("003-6", SHAPES)
def brackets() -> Case:
    """Where the brackets of the summary belong."""
    network = _network()
    inputs = {node.label: node for node in topological_order(network.J) if node.label in ("x1", "x2")}
    upstream = np.array([y.grad for y in network.y1])
    slope = np.array(network.gradient.b1) / upstream
    transposed = np.array(GIVEN.w1).T

    def judge(formula: Callable[[Any, Any, Any], Any]) -> Judgement:
        return fits([inputs["x1"].grad, inputs["x2"].grad], lambda: formula(transposed, upstream, slope))

    return Case(
        Statement(
            "dJ/dX = Wᵀ · dY ⊙ g'(z), read from left to right",
            lambda W, dY, slope: (W @ dY) * slope,
            "Wᵀ · dY ⊙ g'(z)",
        ),
        Statement("dJ/dX = Wᵀ(dY ⊙ g'(z))", lambda W, dY, slope: W @ (dY * slope), "Wᵀ(dY ⊙ g'(z))"),
        judge,
    )


@check("003-7", DEFINITIONS, rest="that σ' is set as τ' and ∇'")
def quotient() -> Case:
    """What is divided by."""
    first = _network().y1[0].data
    return Case(
        Statement("σ(1,98) = 1 / 1 + e^(-1,98), without brackets", 1 / 1 + math.exp(-1.98), "1 / 1 + e^(-1,98)"),
        Statement("σ(1,98) = 1 / (1 + e^(-1,98))", 1 / (1 + math.exp(-1.98)), "1 / (1 + e^(-1,98))"),
        near(first),
    )


def _network() -> Network:
    network = forward(GIVEN)
    network.J.backward()
    return network


def _first_layer() -> Any:
    """The checked derivatives of J by the weights and the bias of each neuron of layer 1: (3, 3)."""
    network = _network()
    return np.reshape(slopes(network.J, network.model.layers[0].parameters()), (3, 3))


def _derivatives(quantity: str, gradient: Any) -> Case:
    """Derivatives, as printed and as they should be, and how many are wrong."""

    def told(rows: Sequence[Row], texts: Any) -> str:
        wrong, turned = sum(row.verdict == WRONG for row in rows), np.sum(_numbers(texts) * gradient < 0)
        return f"{wrong} of {len(rows)} are wrong, {turned} of them in the sign"

    return _asked(quantity, PRINTED[quantity], RIGHT[quantity], gradient, told)


def _digits(name: str, computed: Mapping[str, Any]) -> Case:
    """Numbers, as printed and as they should be, and how many agree."""

    def told(rows: Sequence[Row], _: Any) -> str:
        return f"{sum(row.verdict == AGREES for row in rows)} of {len(rows)} agree to the last digit"

    printed, right = (_flat({quantity: texts[quantity] for quantity in computed}) for texts in (PRINTED, RIGHT))
    return _asked(name, printed, right, _flat(computed), told)


def _asked(name: str, printed: Any, right: Any, computed: Any, told: Callable[[Sequence[Row], Any], str]) -> Case:
    """Numbers, as printed and as they should be, that have to agree with the engine's to their last digit."""

    def judge(texts: Any) -> Judgement:
        rows, off = compare(name, texts, computed), np.max(np.abs(_numbers(texts) - computed))
        agree = all(row.verdict == AGREES for row in rows)
        return Judgement(agree, f"{told(rows, texts)}; off by up to {off:.3g}", f"{off:.3g}")

    return _case(name, printed, right, judge)


def _flat(quantities: Mapping[str, Any]) -> Any:
    """The numbers of all quantities, one after the other."""
    return np.concatenate([np.ravel(numbers) for numbers in quantities.values()])


def _case(quantity: str, printed: Any, right: Any, judge: Judge) -> Case:
    return Case(
        Statement(f"{quantity} = {_text(printed)}", printed, _in_short(printed)),
        Statement(f"{quantity} = {_text(right)}", right, _in_short(right)),
        judge,
    )


def _in_short(numbers: Any) -> str:
    """All of them, or the first and the last of many."""
    flat = np.ravel(np.array(numbers, dtype=object))
    return " ".join(flat) if len(flat) <= FEW else f"{flat[0]} … {flat[-1]}"


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _numbers(texts: Any) -> Any:
    return np.vectorize(lambda text: float(text.replace(",", ".")), otypes=[float])(np.array(texts, dtype=object))


def _text(numbers: Any) -> str:
    array = np.array(numbers, dtype=object)
    if array.size == 1:
        return str(array.item())
    rows = array if array.ndim == 2 else array[np.newaxis]
    return " ".join(f"({' '.join(row)})" for row in rows)
