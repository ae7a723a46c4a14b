"""Document 002, section 3.8: fits of a function, and what keeps networks from overfitting."""

from __future__ import annotations

import numpy as np
import pytest

from demos.document_002 import fitting, regularization
from demos.document_002.regularization import Shrunk
from nn import L1, L2, SGD, History, evaluate, fit, predict
from tests.stories import Briefly

RELATIVE = 1e-12


def test_the_parts_of_the_data_have_no_point_in_common() -> None:
    parts = fitting.data()
    points = [set(part.X[:, 0].tolist()) for part in parts]
    assert [len(part) for part in points] == [12, 12, 12]
    assert len(set.union(*points)) == 36


def test_a_line_is_fitted_as_least_squares_does() -> None:
    X, Y = fitting.data().train
    model = fitting.network([1])
    optimizer = SGD(model.parameters(), lr=0.1)
    fit(model, X, Y, loss="mse", optimizer=optimizer, epochs=2000, batch_size=None)
    slope, height = np.polyfit(X[:, 0], Y, 1)
    assert predict(model, fitting.CURVE[:, None]) == pytest.approx(slope * fitting.CURVE + height, abs=1e-9)
    # Adam, with which the story learns, has come near to it
    best = float(np.mean((slope * X[:, 0] + height - Y) ** 2))
    line = fitting.fitted("a line", [1], fitting.data(), 1200)
    assert line.train == pytest.approx(best, rel=0.01)


def test_the_large_network_overfits_and_the_line_underfits() -> None:
    parts = fitting.data()
    line, small, large = (fitting.fitted(name, sizes, parts, 1200) for name, sizes in fitting.SHAPES.items())
    assert large.train < small.train < line.train
    assert small.test < line.test < large.test
    assert large.train < fitting.NOISE**2 / 10
    model = fitting.taught(fitting.SHAPES["small, 1-3-1"], parts.train, 1200)
    assert evaluate(model, *parts.test, loss="mse")["loss"] == pytest.approx(small.test, rel=RELATIVE)


def test_fits_are_judged_by_their_numbers() -> None:
    curve = np.zeros(3)
    fits = [fitting.Fitted("one", 1, 0.1, 0.9, curve), fitting.Fitted("two", 2, 0.5, 0.6, curve)]
    under, over, best = fitting._told_fits(fits)
    assert under.startswith("Underfitting: two, has the largest error on the data that it has seen, 0.5")
    assert over.startswith("Overfitting: one, has the smallest error on what it has seen, 0.1")
    assert over.endswith("9 times that.")
    assert best.endswith("two, with 0.6.")
    _, over, _ = fitting._told_fits([fits[0]._replace(test=0.2), fits[1]])
    assert over.startswith("No overfitting yet: one, has the smallest error on what it has seen, 0.1")


def test_where_the_error_on_unseen_points_turns_is_computed() -> None:
    assert "turns at epoch 2, and is 4 times as large at the end" in fitting._told_turn([0.5, 0.1, 0.2, 0.4])
    assert "In 3 epochs it does not turn" in fitting._told_turn([0.5, 0.4, 0.2])


def test_test_data_that_choose_the_epoch_promise_too_much() -> None:
    seen = fitting.watched(fitting.data(), fitting.LOOKED_AT)
    said, true = seen.by_test_sets()
    assert said < true
    assert seen.squares.shape == (30, 120)
    assert "is too good to be true" in fitting._why_validation(seen)


def test_what_test_data_promise_is_computed() -> None:
    history = History()
    for error in range(2 * fitting.EVERY):
        history.append({"val_loss": 1.0 - error})
    squares = np.ones((2, fitting.TEST_SETS * fitting.TEST_SIZE))
    squares[1, : fitting.TEST_SIZE] = 0.0  # the first set chooses the second measurement, where it is flattered
    seen = fitting.Watched(history, squares)
    assert seen.by_validation == 1
    assert seen.by_test_sets() == pytest.approx(((fitting.TEST_SETS - 1) / fitting.TEST_SETS, 1.0))
    assert "here not too good" in fitting._why_validation(seen._replace(squares=np.ones_like(squares)))


def test_the_story_of_fitting_stops_early(briefly: Briefly) -> None:
    text = briefly("fitting").text
    assert "002-24: the document watches the test data" in text
    assert "EarlyStopping(100) waits for 100 epochs" in text
    assert "12 to learn from, 12 for validation and 12 for the test, no point in two parts" in text


# ---- regularization


def ridge(strength: float, seed: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The lowest point of mse + λ Σ w², by linear algebra; the bias is not penalized."""
    X, Y = regularization.data(seed).train
    ones = np.column_stack([X, np.ones(len(X))])
    penalized = np.diag([strength] * X.shape[1] + [0.0])
    solved: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = np.linalg.solve(
        ones.T @ ones / len(X) + penalized, ones.T @ Y / len(X)
    )
    return solved[:-1]


@pytest.mark.parametrize(("strength", "seed"), [(0.0, regularization.SEED), (0.3, 0), (3.0, regularization.SEED)])
def test_l2_shrinks_weights_to_where_linear_algebra_has_them(strength: float, seed: int) -> None:
    weights = regularization.shrunk(L2, strength, 500, seed).weights
    assert weights == pytest.approx(ridge(strength, seed), abs=1e-3)  # where 500 steps have come to


@pytest.mark.parametrize("strength", [0.3, 1.0])
def test_l1_ends_where_no_change_of_a_weight_helps(strength: float) -> None:
    """The conditions of Karush, Kuhn and Tucker: the slope of the error is -λ sign w, or within ±λ where w is 0."""
    X, Y = regularization.data().train
    weights = regularization.shrunk(L1, strength, 2000).weights
    bias = np.mean(Y - X @ weights)
    slopes = 2 * X.T @ (X @ weights + bias - Y) / len(X)
    zero = np.abs(weights) < regularization.ZERO
    assert slopes[~zero] == pytest.approx(-strength * np.sign(weights[~zero]), abs=0.01)
    assert (np.abs(slopes[zero]) <= strength + 0.01).all()
    assert zero.any()


@pytest.fixture(scope="module")
def runs() -> dict[str, list[Shrunk]]:
    """A neuron that learnt with each λ of both penalties, as the whole story has it."""
    return regularization.both(regularization.EPOCHS)


def test_only_l1_sets_weights_to_zero(runs: dict[str, list[Shrunk]]) -> None:
    ones, squares = runs["L1"], runs["L2"]
    assert [run.zeros for run in ones] == sorted(run.zeros for run in ones)
    assert ones[-2].zeros == 5
    assert all(np.abs(ones[-2].weights[: regularization.RELEVANT]) > 0.1)
    assert max(run.zeros for run in squares) == 0
    told = regularization._why_selection(ones, squares)
    assert "with its best λ 2 weights are 0 (w5, w8), while with L2 none of the weights are 0" in told
    assert told.endswith("larger than at the one before: w5, w6, w7, w8.")
    assert "These runs do not tell the two apart" in regularization._why_selection(squares, squares)
    assert "with L2 6 of the weights are 0" in regularization._why_selection(ones, ones)


def test_what_the_weights_that_matter_keep_is_told_as_a_mean(runs: dict[str, list[Shrunk]]) -> None:
    best, without = regularization._best(runs["L1"]), runs["L1"][0]
    shares = [abs(best.weights[place] / without.weights[place]) for place in range(regularization.RELEVANT)]
    assert max(shares) - min(shares) > 0.05  # a mean, and no share of each
    told = f"keep on average {np.mean(shares):.0%}".replace("%", " %")
    assert told in regularization._told_path("L1", runs["L1"])


def test_whether_the_test_misjudges_is_computed(runs: dict[str, list[Shrunk]]) -> None:
    misjudged = regularization._told_path("L2", runs["L2"])
    assert "misjudge by chance" in misjudged  # the test rises, and what is expected falls
    assert "misjudge" not in regularization._told_path("L1", runs["L1"])


def test_the_error_to_be_expected_is_that_of_many_examples(runs: dict[str, list[Shrunk]]) -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(100_000, len(regularization.TRUE)))
    Y = X @ np.array(regularization.TRUE) + rng.normal(0.0, regularization.NOISE, len(X))
    for run in (runs["L1"][0], runs["L2"][4]):
        for biased in (run, run._replace(bias=1.0)):
            errors = X @ biased.weights + biased.bias - Y
            assert np.mean(errors**2) == pytest.approx(biased.expected, rel=0.02)


def test_every_seed_has_data_of_its_own() -> None:
    first, second = ({number for part in regularization.data(seed) for number in part.X.flat} for seed in (0, 1))
    assert len(first) == len(second) == 90 * len(regularization.TRUE)
    assert not first & second


def test_how_often_a_penalty_helps_is_counted(runs: dict[str, list[Shrunk]]) -> None:
    without, best, worst = runs["L1"][0], runs["L1"][4], runs["L1"][-1]
    sets = [[without, best], [without, worst._replace(validation=0.0)], [without], [without, best]]
    told = regularization._told_seeds("L1", sets)
    assert "L1 lowers the error in 2 of 4 data sets, raises it in 1, and is not chosen in 1; " in told
    change = (2 * best.expected + worst.expected - 3 * without.expected) / 4
    assert told.endswith(f"the mean change is {change:+.3f}.")


@pytest.mark.parametrize(("name", "formula"), regularization.VARIANCES.items())
def test_initial_weights_have_the_variance_of_their_formula(name: str, formula: tuple[str, float]) -> None:
    numerator, _, denominator = formula[0].partition("/")
    inputs, neurons = regularization.FANS
    parts = [float(part) for part in denominator.strip("()").split(" + ")]
    assert sum(parts) in (3, inputs, inputs + neurons)
    assert formula[1] == pytest.approx(float(numerator) / sum(parts))
    shown = regularization._initializer_line(name, formula)[1]
    assert float(shown) == pytest.approx(formula[1], rel=0.15)  # of a thousand draws


def test_he_keeps_relu_at_its_size_and_xavier_does_not() -> None:
    sizes = {name: regularization.size_after(name, "relu") for name in ("uniform", "xavier_uniform", "he_uniform")}
    assert sizes["uniform"] > 30
    assert sizes["xavier_uniform"] < 0.05
    assert 0.3 < sizes["he_uniform"] < 3


def test_larger_inputs_have_larger_gradients_and_smaller_rates() -> None:
    unit, hundred = (regularization.curvature(regularization._ranges()[f"from 0 to {top}"]) for top in (1, 100))
    assert hundred[0] == pytest.approx(100 * unit[0], rel=RELATIVE)
    X = np.column_stack([regularization._ranges()["from 0 to 1"], np.ones(20)])
    assert unit[1] == pytest.approx(np.linalg.eigvalsh(2 * X.T @ X / 20), rel=1e-9)
    standard = regularization.curvature(regularization._ranges()["standardized"])[1]
    assert standard[-1] / standard[0] < 3 < 1e4 < hundred[1][-1] / hundred[1][0]


def test_a_bias_is_the_weight_of_a_one() -> None:
    found = [regularization.biased(*way) for way in regularization._neurons().values()]
    for z, slopes, learnt in found:
        assert z == pytest.approx(1.8 * 0.4 + 3.4 * 0.7 + 0.25, rel=RELATIVE)
        assert slopes == pytest.approx(found[0][1], rel=RELATIVE)
        assert learnt == pytest.approx(found[0][2], rel=1e-9)
    assert found[0][1][:2] == pytest.approx(np.array(regularization.POINT) * found[0][1][2], rel=RELATIVE)


def test_the_story_of_regularization_shows_each_remedy(briefly: Briefly) -> None:
    text = briefly("regularization").text
    assert "the forces on w1 and w2 are as 1 : 1." in text
    assert "here they are as 20 : 1." in text
    assert "0.1 * sum(abs(w1), abs(w2))" in text
    assert "L2 0.401 0.4 -0.02" in text  # the force of L2 is weaker on the smaller weight
    assert "002-24: what is kept has to be enlarged by 1/(1 - p)" in text
    assert "the engine has one function for both names" in text
    assert "z = x1·w1 + x2·w2 + 1·w0" in text
    assert 'bias="ones" 3.35' in text
    assert "Dropout(0.4) turns each neuron of a layer off with the probability 0.4" in text
    assert "its variance is 1.25 times Xavier's for this layer, and 2 times where" in text
    assert "larger on what was learnt from in " in text
    assert " of 2 data sets, and smaller on new examples in " in text


def test_what_dropout_does_is_counted_over_data_sets() -> None:
    errors = np.array([[[0.0, 2.0], [0.3, 1.0]], [[0.0, 1.0], [0.2, 1.5]], [[0.4, 1.0], [0.2, 0.5]]])
    assert regularization._told_dropout(errors) == (
        "With dropout the error is larger on what was learnt from in 2 of 3 data sets,"
        " and smaller on new examples in 2."
    )


def test_he_by_xavier_is_the_quotient_of_the_variances_shown() -> None:
    quotient = regularization.VARIANCES["he_uniform"][1] / regularization.VARIANCES["xavier_uniform"][1]
    assert regularization._he_by_xavier(*regularization.FANS) == pytest.approx(quotient, rel=RELATIVE)
    assert regularization._he_by_xavier(16, 16) == 2


def test_draws_of_initial_weights_vary() -> None:
    sizes = [regularization.size_after("he_normal", "relu", seed) for seed in regularization.OTHERS]
    assert f"he_normal with relu {min(sizes):.2g} to {max(sizes):.2g}" in regularization._how_draws_vary()
    assert max(sizes) > 3 * min(sizes)
