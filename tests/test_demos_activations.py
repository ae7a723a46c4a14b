"""Document 002, section 3.6: the activation functions, and gradients that vanish."""

from __future__ import annotations

import math
from pathlib import Path

import mpmath
import numpy as np
import pytest

from autograd import Value
from autograd.comparison import AGREES, WRONG
from demos.document_002 import activations, vanishing
from nn import LeakyReLU
from tests.stories import Briefly, words

# the partials of sigmoid and tanh are within 4 ulp of 1; inside of the tails that is this, relatively
RELATIVE = 1e-12


@pytest.mark.parametrize(
    ("printed", "exact"),
    [("z1 - z2", "1.02961941718"), ("z2 - z3", "1.60943791243"), ("z1 - z3", "2.63905732962")],
)
def test_the_differences_of_the_raw_scores_are_those_that_the_percentages_determine(
    printed: str, exact: str, tmp_path: Path
) -> None:
    assert f"{printed} = {exact}" in words(activations.story(), tmp_path)


def test_the_largest_slope_agrees_and_another_would_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [row.verdict for row in activations.compared()] == [AGREES]
    monkeypatch.setattr(activations, "STEEPEST", "0.28")
    assert [row.verdict for row in activations.compared()] == [WRONG]


def test_far_out_the_functions_are_at_the_ends_of_their_ranges() -> None:
    lines = [(name, *map(float, ends)) for name, _, *ends in activations.ends().lines]
    assert lines == [("sigmoid", pytest.approx(0.0, abs=1e-17), 1.0), ("tanh", -1.0, 1.0)]


@pytest.mark.parametrize("z", [-10.0, -2.0, 0.0, 0.7, 2.0])
def test_slopes_of_the_activations_are_those_of_differences_in_fifty_digits(z: float) -> None:
    for ours, theirs in (
        (Value.sigmoid, lambda x: 1 / (1 + mpmath.exp(-x))),
        (Value.tanh, lambda x: (1 - mpmath.exp(-2 * x)) / (1 + mpmath.exp(-2 * x))),
    ):
        with mpmath.workdps(50):
            slope = float(mpmath.diff(theirs, mpmath.mpf(z)))
        assert activations.slope_at(ours, z) == pytest.approx(slope, rel=RELATIVE, abs=1e-15)  # 4 ulp of 1


def test_a_larger_alpha_makes_negative_values_lower(tmp_path: Path) -> None:
    assert activations.leaky_values() == pytest.approx([-0.02, -0.2, -0.6], rel=RELATIVE)
    text = words(activations.story(), tmp_path)
    assert "002-19: the document says that with a large α the values for negative z are larger" in text
    assert "f(-2) is -0.02 -0.2 -0.6: they fall; only their size grows" in text


def test_the_verdict_on_alpha_is_found_by_comparing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(activations, "SLOPES", (0.3, 0.1, 0.01))
    text = words(activations.story(), tmp_path)
    assert "002-19" not in text
    assert "With a larger α the negative side is higher" in text


def test_the_story_of_activations_tells_the_conventions_and_the_range(tmp_path: Path) -> None:
    text = words(activations.story(), tmp_path)
    assert "f = tanh(z), f' = 1 - tanh(z) * tanh(z)" in text
    assert "none of these is 0: the range is (0, 0.25], and σ'(10) is 4.5396e-05" in text
    assert "0 with x ≥ 0 and 0 with x > 0" in text
    assert "ReLU'(0) = 0" in text
    assert activations.slope_at(LeakyReLU(0.3), 0.0) == 0.3


# ---- vanishing


@pytest.mark.parametrize(
    ("depth", "exact"), [(8, 1.52587890625e-05), (10, 9.5367431640625e-07), (15, 9.31322574615478515625e-10)]
)
def test_the_products_of_slopes_are_powers_of_a_quarter(depth: int, exact: float) -> None:
    assert vanishing.product(depth, 0.0) == exact


def test_the_slope_of_sigmoid_becomes_zero_where_sigmoid_is_rounded_to_one() -> None:
    z = vanishing.first_zero()
    assert z == 36.74
    assert Value(z).sigmoid().data == 1.0
    assert Value(z - 0.01).sigmoid().data < 1.0
    assert vanishing.slope_at(Value.sigmoid, -z) > 0.0


@pytest.mark.parametrize("kind", vanishing.KINDS)
def test_gradients_vanish_behind_sigmoids_alone(kind: str) -> None:
    fall = vanishing.measured(kind, 15).fall
    assert (fall > 1e6) == ("sigmoid" in kind)


def test_the_gradients_that_are_measured_are_those_of_differences() -> None:
    model = vanishing.network("sigmoid", "uniform", 3)
    loss = vanishing.loss_of(model, vanishing.FEWER)
    loss.backward()
    weight = model.layers[0].neurons[2].w[1]
    start, step = weight.data, 1e-5
    losses = []
    for number in (start + step, start - step):
        weight.data = number
        losses.append(vanishing.loss_of(model, vanishing.FEWER).data)
    # central differences: truncation step², rounding 1e-16 / step
    assert model.layers[0].weight_gradients[2, 1] == pytest.approx((losses[0] - losses[1]) / (2 * step), abs=1e-10)
    sizes = vanishing.measured("sigmoid, uniform", 3).sizes
    assert sizes[0] == pytest.approx(math.sqrt(np.mean(model.layers[0].weight_gradients ** 2)), rel=RELATIVE)


def test_a_dead_layer_of_relu_learns_nothing_and_a_leaky_one_does() -> None:
    dead = vanishing.killed_and_taught("ReLU", "relu", 300)
    leaky = vanishing.killed_and_taught("Leaky ReLU", LeakyReLU(0.1), 300)
    assert dead.line[1] == leaky.line[1] == "8 of 8"
    assert dead.gradient == 0.0
    assert leaky.gradient > 1.0
    assert "8 of 8 neurons of layer1 are dead" in dead.diagnosis
    variance = float(np.var(vanishing.data()[1]))
    assert float(dead.line[-1]) == pytest.approx(variance, rel=1e-3)  # shown with four digits
    assert float(leaky.line[-1]) < variance
    assert dead.opened == 0 < leaky.opened


def test_the_story_of_vanishing_tells_what_the_doctor_finds(briefly: Briefly) -> None:
    text = briefly("vanishing").text
    assert "the gradient vanishes: over 16 layers" in text
    assert "1 of 4 neurons of layer1 is saturated" in text
    assert "and once that it is 0. It is small: σ'(10) = 4.5396e-05" in text
    assert "002-18: a number 'demasiado pequeño' has to be one far below 0" in text
    assert "weights of He's or Xavier's size" in text
    assert "they do not save" in text
    assert "8 1.52587890625e-05" in text
    assert "tanh, Xavier" in text


def test_the_slopes_of_a_network_lie_within_the_range() -> None:
    low, high, largest = (float(line[2]) for line in vanishing.ends().lines)
    assert 0 < low < 1e-17
    assert 0.24 < largest < high == 0.25
