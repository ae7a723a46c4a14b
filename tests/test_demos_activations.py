"""Document 002, section 3.6: the activation functions, and gradients that vanish."""

from __future__ import annotations

import math
from pathlib import Path

import mpmath
import numpy as np
import pytest

from autograd import Value, softmax
from autograd.comparison import AGREES, WRONG
from demos.document_002 import activations, vanishing
from demos.pieces import Chart
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


def test_the_curves_have_the_letter_of_the_formulas() -> None:
    pytest.importorskip("matplotlib")
    (chart,) = (
        piece for piece in activations.story(brief=True) if isinstance(piece, Chart) and piece.name.endswith("curves")
    )
    panels = chart.draw().axes
    assert len(panels) == 4
    for axes in panels:
        assert [name.get_text() for name in axes.texts] == ["f(z)", "f′(z)"]
        assert axes.get_xlabel() == "z"


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


def test_an_end_that_is_shown_is_said_to_be_rounded() -> None:
    told = activations._why_ends()
    with mpmath.workdps(60):
        gaps = [1 - 1 / (1 + mpmath.exp(-40)), 1 - mpmath.tanh(40)]
    assert f"1 - σ(40) = σ(-40) = {float(gaps[0]):.2g}, and 1 - tanh(40) = 2σ(-80) = {float(gaps[1]):.2g};" in told
    assert "is 1.1e-16 less than 1" in told


def test_rows_and_columns_of_the_derivatives_of_softmax_sum_to_zero_each_for_its_reason(tmp_path: Path) -> None:
    scores = activations.raw_scores()
    *rows, columns = activations._slopes_of_softmax(softmax(scores), scores)
    assert [row[-1] for row in rows] == ["0.0000"] * 3
    assert columns == ("sum", "0.0000", "0.0000", "0.0000", "")
    text = words(activations.story(), tmp_path)
    assert "A row sums to 0, since one number added to all scores changes nothing" in text
    assert "a column sums to 0, since the probabilities still sum to 1" in text


def test_a_sum_of_slopes_is_told_with_its_sign() -> None:
    assert [activations._sum(slopes) for slopes in ([0.5, -0.75], [1e-17, -2e-17])] == ["-0.2500", "0.0000"]


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


def test_the_bound_is_one_of_slopes_and_weights_can_make_up_for_them(briefly: Briefly) -> None:
    text = briefly("vanishing").text
    assert "∂J/∂w(1) ∝" not in text
    assert "there is 1.2e-08 of δ. Their slopes alone leave 0.25^15 = 9.3e-10 at most: the weights" in text
    assert "made that at least 2 times more" in vanishing._beside_the_bound(2 * 0.25**3, 3)
    assert "the weights do not make up for them" in vanishing._beside_the_bound(0.25**3, 3)


@pytest.mark.parametrize("kind", vanishing.KINDS)
@pytest.mark.parametrize("seed", vanishing.SEEDS)
def test_gradients_vanish_behind_sigmoids_alone(kind: str, seed: int) -> None:
    fall = vanishing.measured(kind, 15, seed).fall
    assert (fall > 1e6) == ("sigmoid" in kind)


def test_weights_of_xaviers_size_do_not_save_a_network_of_sigmoids(briefly: Briefly) -> None:
    assert "in 6 of 6 pairs of networks of sigmoids the first layer gets even less" in briefly("vanishing").text
    assert "in 1 of 3 pairs" in vanishing._weights_of([[1.0, 2.0], [3.0]], [[2.0, 2.0], [1.0]])


def test_a_fall_is_told_as_the_median_of_the_seeds_with_the_ends() -> None:
    line = vanishing._fall_line("tanh, Xavier", [[3.0, 1.0, 2.0], [9.0, 4.0, 5.0], [7.0, 0.5, 80.0]])
    assert line == ("tanh, Xavier", "2", "5", "7", "0.5 to 80", "nothing to report")


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
    assert dead.loss == pytest.approx(variance, rel=1e-3)
    assert dead.closed == 8
    assert leaky.loss < variance


def test_what_came_back_is_counted_and_not_inferred_from_the_loss() -> None:
    fate = vanishing.killed_and_taught("Leaky ReLU", LeakyReLU(0.1), 1000)
    assert (fate.closed, fate.line[-1]) == (7, "7 of 8")
    told = vanishing._leaky(fate)
    assert "1 of 8 neurons came back, to z > 0 for some example; 7 have z ≤ 0 for all" in told
    assert "The loss, 0.2283, is below the 0.2429 of the best linear function" in told
    still = vanishing._leaky(fate._replace(loss=0.2435, closed=8))  # below the variance, 0.2490
    assert "0 of 8 neurons came back" in still
    assert "is not below" in still


def test_no_weights_of_a_line_do_better_than_those_of_least_squares() -> None:
    X, Y = vanishing.data()
    rng = np.random.default_rng(0)
    losses = [np.mean((X @ w + b - Y) ** 2) for *w, b in rng.normal(0, 0.5, (200, 3))]
    assert 0.2 < vanishing.best_linear_loss() < min(losses)
    assert vanishing.best_linear_loss() < np.var(Y)


def test_the_points_that_gradients_are_measured_with_are_the_first_of_those_to_learn_from(briefly: Briefly) -> None:
    few, many = vanishing.data(vanishing.FEWER)[0], vanishing.data()[0]
    assert np.array_equal(few, many[: vanishing.FEWER])
    assert "32 points now, of which those 8 are the first" in briefly("vanishing").text


def test_the_story_of_vanishing_tells_what_the_doctor_finds(briefly: Briefly) -> None:
    text = briefly("vanishing").text
    assert "the gradient vanishes: over 16 layers" in text
    assert "1 of 4 neurons of layer1 is saturated" in text
    assert "says once 'son casi 0', then 'es 0'. The first is right: σ'(10) = 4.5396e-05" in text
    assert "002-18: 'un número demasiado grande o demasiado pequeño', as the document says, has to mean far" in text
    assert "8 1.52587890625e-05" in text
    assert "tanh, Xavier" in text


def test_the_slopes_of_a_network_lie_within_the_range() -> None:
    low, high, largest = (float(line[2]) for line in vanishing.ends().lines)
    assert 0 < low < 1e-17
    assert 0.24 < largest < high == 0.25
