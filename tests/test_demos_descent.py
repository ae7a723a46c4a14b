"""Document 002, section 3.7: gradient descent and its variants, on the loss of eight examples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from demos.document_002 import descent, optimizers, paths, valley
from nn import SGD
from tests.stories import Briefly, words

# the inventory of the documents asks for it, of optimizers
RELATIVE = 1e-12

X, Y = np.array(valley.X), np.array(valley.Y)
HESSIAN = 2 * X.T @ X / len(X)


def gradient(w: Any) -> Any:
    """Of the mean squared error, as linear algebra has it."""
    return 2 * X.T @ (X @ w - Y) / len(X)


def test_the_valley_is_that_of_linear_algebra() -> None:
    assert valley.minimum() == pytest.approx(np.linalg.lstsq(X, Y, rcond=None)[0], rel=RELATIVE)
    assert valley.curvatures() == pytest.approx(np.linalg.eigvalsh(HESSIAN), rel=RELATIVE)
    assert valley.gradients().mean(axis=0) == pytest.approx(gradient(np.array(valley.START)), rel=RELATIVE)


def test_gradient_descent_is_where_its_closed_form_is() -> None:
    rate, updates = 0.15, 20
    shrinking = np.linalg.matrix_power(np.eye(2) - rate * HESSIAN, updates)
    lowest = np.linalg.lstsq(X, Y, rcond=None)[0]
    ended = valley.descend(lambda w: SGD(w, rate), updates).places[-1]
    assert ended == pytest.approx(lowest + shrinking @ (np.array(valley.START) - lowest), rel=RELATIVE)


@pytest.mark.parametrize("share", [0.5, 1.9, 2.1])
def test_the_loss_rises_where_the_rate_is_above_two_over_the_largest_curvature(share: float) -> None:
    rate = share / np.linalg.eigvalsh(HESSIAN)[-1]
    rises = valley.descend(lambda w: SGD(w, rate), 30).rises
    assert rises == (30 if share > 2 else 0)


@pytest.mark.parametrize(("share", "swings"), [(0.5, 0), (1.0, 0), (1.9, 30), (2.0, 30), (2.1, 30)])
def test_weights_swing_across_the_valley_only_above_one_over_the_largest_curvature(share: float, swings: int) -> None:
    values, vectors = np.linalg.eigh(HESSIAN)
    places = valley.descend(lambda w: SGD(w, share / values[-1]), 30).places
    distances = valley.across(places)
    by_hand = (places - np.linalg.lstsq(X, Y, rcond=None)[0]) @ vectors[:, -1]
    assert abs(distances) == pytest.approx(abs(by_hand), rel=1e-9, abs=1e-12)
    assert distances[1:] == pytest.approx(distances[:-1] * (1 - share), rel=1e-9, abs=1e-12)
    assert valley.swings(distances) == swings


def test_the_swings_are_those_of_the_factor_in_the_table(briefly: Briefly) -> None:
    lines = [descent._share_line(share) for share in descent.SHARES]
    assert [line[3] for line in lines] == ["0 of 30", "0 of 30", "30 of 30", "30 of 30", "30 of 30"]
    assert "from rate · λmax = 1 on" not in briefly("descent").text


def test_smaller_batches_rise_more_often_and_have_noisier_gradients() -> None:
    runs = descent.batched(20)
    shares = [one.run.rises / (len(one.run.losses) - 1) for one in runs]
    assert 0 == shares[0] < shares[1] < min(shares[2:])
    assert [len(one.run.losses) - 1 for one in runs] == [20, 40, 80, 160]
    noise = [descent.gradient_noise(size) for size in descent.SIZES]
    assert noise[0] == pytest.approx(0, abs=1e-12)
    assert noise == sorted(noise)
    each = 2 * X * (X @ np.array(valley.START) - Y)[:, None]
    spread = np.sqrt(np.mean(np.sum((each - each.mean(axis=0)) ** 2, axis=1)))
    assert noise[-1] == pytest.approx(spread / np.linalg.norm(each.mean(axis=0)), rel=RELATIVE)


def test_sgd_with_other_orders_is_told_beside_gradient_descent() -> None:
    first, others = descent.batched(20)[0].run, descent.orders(20)
    after, at_end = (np.array([run.losses[place] for run in others]) for place in (8, -1))
    text = descent._told_orders(first, others)
    lower = int(np.sum(after < first.losses[1])), int(np.sum(at_end < first.losses[-1]))
    assert (len(others), *lower) == (8, 7, 5)
    assert f"{after.min():.3g} to {after.max():.3g} (below the {first.losses[1]:.3g}" in text
    assert f"{at_end.min():.3g} to {at_end.max():.3g} (below the {first.losses[-1]:.3g}" in text
    assert text.count("in 7 of them") == text.count("in 5 of them") == 1


def test_the_orders_are_counted(briefly: Briefly) -> None:
    high = valley.Run(np.zeros((9, 2)), np.full(9, 9.0))
    assert descent._told_orders(high, [high, high]).count("of gradient descent in none of them") == 2
    assert "Of 8 tries SGD's loss is" in briefly("descent").text


def test_the_story_of_descent_shows_that_its_error_can_oscillate(briefly: Briefly) -> None:
    text = briefly("descent").text
    assert "002-22: the error of gradient descent can oscillate: with the rate 30 it rises" in text
    assert "4 subtract it, times the learning rate optimizer.step()" in text
    assert "8, gradient descent 1 an epoch 0 of 10" in text
    assert "1, SGD 8 an epoch" in text


def test_whether_the_error_oscillates_is_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(descent, "XOR_RATES", (0.5, 1.0))
    text = words(descent.story(brief=True), tmp_path)
    assert "002-22" not in text
    assert "Neither of these rates lets the error rise" in text


# ---- momentum and the adaptive ones


def momentum(updates: int, *, looks_ahead: bool) -> Any:
    w, v, rate, fading = np.array(valley.START), np.zeros(2), 0.05, 0.9
    for _ in range(updates):
        g = gradient(w)
        v = fading * v + g
        w = w - rate * (g + fading * v if looks_ahead else v)
    return w


def adagrad(updates: int) -> Any:
    w, s = np.array(valley.START), np.zeros(2)
    for _ in range(updates):
        g = gradient(w)
        s = s + g**2
        w = w - 0.5 * g / (np.sqrt(s) + 1e-10)
    return w


def adadelta(updates: int) -> Any:
    w, v, u, eps = np.array(valley.START), np.zeros(2), np.zeros(2), 1e-2
    for _ in range(updates):
        g = gradient(w)
        v = 0.9 * v + 0.1 * g**2
        d = np.sqrt(u + eps) / np.sqrt(v + eps) * g
        u = 0.9 * u + 0.1 * d**2
        w = w - d
    return w


def rmsprop(updates: int) -> Any:
    w, v = np.array(valley.START), np.zeros(2)
    for _ in range(updates):
        g = gradient(w)
        v = 0.9 * v + 0.1 * g**2
        w = w - 0.1 * g / (np.sqrt(v) + 1e-8)
    return w


def adam(updates: int, decay: float = 0.0) -> Any:
    w, m, v = np.array(valley.START), np.zeros(2), np.zeros(2)
    for t in range(1, updates + 1):
        g = gradient(w)
        w = w * (1 - 0.3 * decay)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        w = w - 0.3 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return w


@pytest.mark.parametrize(
    ("name", "by_hand"),
    [
        ("Momentum", lambda n: momentum(n, looks_ahead=False)),
        ("Nesterov", lambda n: momentum(n, looks_ahead=True)),
        ("Adagrad", adagrad),
        ("Adadelta", adadelta),
        ("RMSProp", rmsprop),
        ("Adam", adam),
        ("AdamW", lambda n: adam(n, decay=0.05)),
    ],
)
def test_every_path_ends_where_the_rule_by_hand_does(name: str, by_hand: Any) -> None:
    ended = valley.descend(optimizers.VARIANTS[name], 20).places[-1]
    assert ended == pytest.approx(by_hand(20), rel=1e-11)  # twenty updates, each of which rounds


def test_momentum_remembers_all_past_gradients(briefly: Briefly) -> None:
    told_pulls = optimizers.pulls()
    for pull in told_pulls:
        assert pull.velocity == pytest.approx(pull.all_past, rel=RELATIVE)
    assert abs(told_pulls[-1].velocity - told_pulls[-1].only_last) > 1
    text = briefly("optimizers").text
    assert (
        "is the fading sum of all past gradients, which is -4.27349; the previous one alone would give 12.4375" in text
    )


def test_the_account_of_momentum_that_does_not_fit_is_not_told() -> None:
    pulls = [optimizers.Pull(1.0, 3.0, 5.0, 3.0)]
    assert "is the fading sum of the previous gradient alone," in optimizers._why_all_past(pulls)


def test_an_adaptive_rate_is_larger_for_the_weight_of_smaller_gradients() -> None:
    assert optimizers.rates("SGD") == [pytest.approx((0.1, 0.1), rel=RELATIVE)] * 3
    for name in optimizers.ADAPTIVE[1:]:
        first, second = optimizers.rates(name, [1])[0]
        assert second > 3 * first, name


def test_every_variant_has_its_rule_told(briefly: Briefly) -> None:
    text = briefly("optimizers").text
    for name in optimizers.VARIANTS:
        assert f"{name}: {optimizers.WORDS[name]} " in text
    assert "p ← p − η(g + μ · v)" in text
    assert "d ← sqrt(u + ε) / sqrt(v + ε) · g" in text


def test_the_first_form_of_nesterov_is_the_rule_at_other_places() -> None:
    rule = valley.descend(optimizers.VARIANTS["Nesterov"], 9).places[-1]
    assert optimizers.looked_ahead(9) == pytest.approx(tuple(rule), rel=RELATIVE)


def test_no_path_leaves_its_picture() -> None:
    path = np.array([(-1.6, -1.5), (9.0, 2.0)])
    assert paths.frame_of({"far": path})[0][1] == 9.0 + paths.MARGIN
    assert paths.frame_of({"near": path[:1]}) == (paths.W1, paths.W2)


def test_the_race_is_a_moving_picture(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    path = tmp_path / "race.gif"
    runs = {name: valley.descend(optimizers.VARIANTS[name], 6).places for name in ("SGD", "Adam")}
    optimizers.save_race(runs, path)
    with image.open(path) as moving:
        assert moving.n_frames >= 7


def test_a_method_has_one_colour_in_the_pictures_of_its_way_and_of_its_loss() -> None:
    pytest.importorskip("matplotlib")
    runs = descent.batched(2)
    panels = paths.path_panels({descent._name(one.size): one.run.places for one in runs}, 2).axes
    drawn = [
        next(line for line in axes.lines if len(line.get_xdata()) == len(one.run.places))
        for axes, one in zip(panels, runs)
    ]
    losses = descent._losses_chart(runs).axes[0].lines[: len(runs)]
    for line, loss, one in zip(drawn, losses, runs):
        assert list(loss.get_ydata()) == list(one.run.losses)
        assert line.get_color() == loss.get_color()
