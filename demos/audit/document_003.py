"""What is wrong in document 003: the exercise worked out by hand, whose numbers are those of its story."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np

from autograd import topological_order
from autograd.comparison import AGREES, WRONG, compare
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
from demos.document_003.exercise import GIVEN, PRINTED, Network, forward


@check("003-1", GRADIENTS)
def first_weights() -> Case:
    """The derivatives for w(1)."""
    network = _network()
    gradient = np.reshape(slopes(network.J, network.model.layers[0].parameters()), (3, 3))
    return _printed("∂J/∂w(1)", gradient[:, :2])


@check("003-2", GRADIENTS)
def first_biases() -> Case:
    """The derivatives for b(1)."""
    network = _network()
    gradient = np.reshape(slopes(network.J, network.model.layers[0].parameters()), (3, 3))
    return _printed("∂J/∂b(1)", gradient[:, 2])


@check("003-3", RECOMPUTED)
def prediction() -> Case:
    """The last digit of ŷ."""
    return _digits("ŷ", _network().y_hat.data)


@check("003-4", RECOMPUTED)
def second_layer() -> Case:
    """The last digits of ∂J/∂w(2) and ∂J/∂b(2)."""
    layer = _network().model.layers[1]
    computed = [*np.ravel(layer.weight_gradients), *layer.bias_gradients]
    printed = [*PRINTED["∂J/∂w(2)"][0], *PRINTED["∂J/∂b(2)"]]
    return _digits("∂J/∂w(2) and ∂J/∂b(2)", computed, printed)


@check("003-5", RECOMPUTED)
def product() -> Case:
    """A product of rounded numbers."""

    def judge(factors: tuple[str, str]) -> Judgement:
        y, same = map(Decimal, factors)
        exact = y * (1 - same)
        return Judgement(round(exact, 3) == Decimal("0.106"), f"{y}(1 - {same}) = {exact}; 0.106 is printed")

    return Case(
        Statement("0,879(1 - 0,878) = 0,106", ("0.879", "0.878")),
        Statement("0,879(1 - 0,879) = 0,106, for both are the same y", ("0.879", "0.879")),
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
        Statement("dJ/dX = Wᵀ · dY ⊙ g'(z), read from left to right", lambda W, dY, slope: (W @ dY) * slope),
        Statement("dJ/dX = Wᵀ(dY ⊙ g'(z))", lambda W, dY, slope: W @ (dY * slope)),
        judge,
    )


@check("003-7", DEFINITIONS)
def quotient() -> Case:
    """What is divided by."""
    first = _network().y1[0].data
    return Case(
        Statement("σ(1,98) = 1 / 1 + e^(-1,98), without brackets", 1 / 1 + math.exp(-1.98)),
        Statement("σ(1,98) = 1 / (1 + e^(-1,98))", 1 / (1 + math.exp(-1.98))),
        near(first),
    )


def _network() -> Network:
    network = forward(GIVEN)
    network.J.backward()
    return network


def _printed(quantity: str, gradient: Any) -> Case:
    """Printed derivatives beside those of an slopes, of which none may be wrong; right are its own, as far printed."""

    def judge(texts: Any) -> Judgement:
        rows = compare(quantity, texts, gradient)
        off = np.abs(_numbers(texts) - gradient)
        wrong, turned = sum(row.verdict == WRONG for row in rows), np.sum(_numbers(texts) * gradient < 0)
        told = f"{wrong} of {len(rows)} are wrong, {turned} of them in the sign; off by up to {np.max(off):.3g}"
        return Judgement(wrong == 0, told)

    return _case(quantity, PRINTED[quantity], gradient, judge)


def _digits(quantity: str, computed: Any, printed: Any = None) -> Case:
    """Printed numbers that have to agree with the engine's to their last digit."""

    def judge(texts: Any) -> Judgement:
        rows = compare(quantity, texts, computed)
        agreeing = sum(row.verdict == AGREES for row in rows)
        off = np.max(np.abs(_numbers(texts) - np.array(computed)))
        return Judgement(
            agreeing == len(rows), f"{agreeing} of {len(rows)} agree to the last digit; off by up to {off:.3g}"
        )

    return _case(quantity, PRINTED[quantity] if printed is None else printed, computed, judge)


def _case(quantity: str, printed: Any, computed: Any, judge: Judge) -> Case:
    rounded = _with_comma(computed)
    return Case(
        Statement(f"{quantity} = {_text(printed)}", printed),
        Statement(f"{quantity} = {_text(rounded)}", rounded),
        judge,
    )


def _with_comma(numbers: Any) -> Any:
    return np.vectorize(lambda number: f"{number:.3f}".replace(".", ","), otypes=[object])(np.array(numbers))[()]


def _numbers(texts: Any) -> Any:
    return np.vectorize(lambda text: float(text.replace(",", ".")), otypes=[float])(np.array(texts, dtype=object))


def _text(numbers: Any) -> str:
    array = np.array(numbers, dtype=object)
    if array.ndim == 0:
        return str(array[()])
    rows = array if array.ndim == 2 else array[np.newaxis]
    return " ".join(f"({' '.join(row)})" for row in rows)
