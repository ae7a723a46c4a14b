"""Document 002, section 3.5: two weights, and two hidden layers with their deltas."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from autograd import grad
from autograd.comparison import AGREES, WRONG
from demos.document_002 import backpropagation, two_weights
from demos.pieces import Diagram, Shape, Shapes
from demos.story import Story
from nn import explain_layers
from tests.pictures import needs_engine
from tests.stories import Briefly

RELATIVE = 1e-12


def rows(story: Story) -> list[Shape]:
    return [row for piece in story(brief=True) if isinstance(piece, Shapes) for row in piece.rows]


@pytest.fixture(scope="module")
def run() -> backpropagation.Run:
    recorded = backpropagation.forward()
    recorded.loss.backward()
    return recorded


# ---- two weights


def sum_of_squares(weights: list[float]) -> float:
    z = sum(x * w for x, w in zip(two_weights.X, weights))
    return float((1 / (1 + np.exp(-z)) - two_weights.Y) ** 2)


def test_the_gradient_of_two_weights_is_that_of_differences() -> None:
    step = 1e-6
    for place, slope in enumerate(two_weights.forward().gradient):
        up, down = list(two_weights.WEIGHTS), list(two_weights.WEIGHTS)
        up[place] += step
        down[place] -= step
        assert slope == pytest.approx((sum_of_squares(up) - sum_of_squares(down)) / (2 * step), rel=1e-8)


def test_the_transposed_inputs_give_the_gradient() -> None:
    network = two_weights.forward()
    assert two_weights.matrices(network)["gradient"][:, 0] == pytest.approx(network.gradient, rel=RELATIVE)


def test_every_shape_of_two_weights_agrees() -> None:
    assert {row.verdict for row in rows(two_weights.story)} == {AGREES}
    assert len(rows(two_weights.story)) == len(two_weights.PRINTED)


def test_the_update_as_printed_takes_the_derivative_of_the_other_weight() -> None:
    network = two_weights.forward()
    by_w1, by_w2 = network.gradient
    assert two_weights.as_printed(network) == [0.8 - by_w1, 0.3 - by_w1]
    assert two_weights.updated(network) == [0.8 - by_w1, 0.3 - by_w2]


def test_what_the_wrong_update_does_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    network = two_weights.forward()
    assert "the loss rises, from 0.225645 to 0.239913" in two_weights._why_w2(network)
    monkeypatch.setattr(two_weights, "as_printed", lambda _: [0.9, 0.3])
    assert "the loss falls less, from 0.225645" in two_weights._why_w2(network)


def test_the_sum_is_as_many_times_the_mean_as_there_are_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "are 4 times those of the mean" in two_weights._why_mean()
    monkeypatch.setattr(two_weights, "BATCH", two_weights.BATCH[:3])
    monkeypatch.setattr(two_weights, "TARGETS", two_weights.TARGETS[:3])
    assert "are 3 times those of the mean" in two_weights._why_mean()


@needs_engine
def test_two_weights_are_told(gallery: Path, briefly: Briefly) -> None:
    text = briefly("two-weights").text
    assert "2(ŷ − y) · ŷ(1 − ŷ) · x2" in text
    assert "2 pass" in text
    assert "from 0.225645 to 0.192105" in text
    for name in ("figure-28.svg", "figure-31.svg", "explorer.html"):
        assert (gallery / "pictures" / f"two-weights-{name}").exists()


# ---- two hidden layers


def test_the_formulas_of_the_document_give_the_gradients_of_the_engine(run: backpropagation.Run) -> None:
    found = backpropagation.matrices(run)
    assert found["ŷ"][0, 0] == pytest.approx(run.model(backpropagation.X).data, rel=RELATIVE)
    for name, own in zip(backpropagation.WEIGHTS, run.gradients):
        assert found[f"∇{name}"] == pytest.approx(own, rel=RELATIVE)
    for name, own in zip(("δh1", "δh2", "δo"), backpropagation.deltas(run)):
        assert found[name] == pytest.approx(own, rel=RELATIVE)


def test_the_gradients_are_those_of_differences(run: backpropagation.Run) -> None:
    step = 1e-6
    for parameter in run.model.parameters():
        own = parameter.grad
        losses = []
        for moved in (step, -step):
            model = backpropagation.network()
            (twin,) = (each for each in model.parameters() if each.label == parameter.label)
            twin.data += moved
            losses.append(backpropagation.forward(model).loss.data)
        assert own == pytest.approx((losses[0] - losses[1]) / (2 * step), abs=1e-9)


def test_the_wrong_shapes_are_those_of_the_column_and_of_the_first_matrix() -> None:
    wrong = [(row.quantity, row.printed, row.computed) for row in rows(backpropagation.story) if row.verdict == WRONG]
    assert wrong == [
        ("input (1), a column", "2×1", "1×2"),
        ("Wih1 in the list", "1×5", "2×5"),
        ("Wih1 before the updates", "1×5", "2×5"),
    ]


def test_a_corrected_shape_is_no_longer_wrong(monkeypatch: pytest.MonkeyPatch, run: backpropagation.Run) -> None:
    monkeypatch.setitem(backpropagation.FORWARD, "Wih1 in the list", "2×5")
    assert sum(row.verdict == WRONG for row in rows(backpropagation.story)) == 2
    assert "002-15: 1 times" in backpropagation._why_shape(backpropagation.matrices(run))


def test_numpy_refuses_the_products_as_printed_and_no_other(run: backpropagation.Run) -> None:
    found = backpropagation.matrices(run)
    assert "not aligned" in backpropagation.refusal(found["input"].T, found["Wih1"])
    assert "not aligned" in backpropagation.refusal(found["input"], np.zeros((1, 5)))
    assert backpropagation.refusal(found["input"], found["Wih1"]) == ""


def test_the_loss_falls_with_every_update() -> None:
    fell = backpropagation.losses(30)
    assert len(fell) == 31
    assert sorted(fell, reverse=True) == fell


def test_each_update_is_a_step_down_the_gradient() -> None:
    model, found = backpropagation.network(), []
    for _ in range(3):
        run = backpropagation.forward(model)
        found.append(run.loss.data)
        slopes = grad(run.loss, model.parameters())
        for parameter, slope in zip(model.parameters(), slopes):
            parameter.data -= backpropagation.ALPHA * slope.data
    assert backpropagation.losses(2) == pytest.approx(found, rel=RELATIVE)


def test_the_pictures_have_the_names_and_the_shapes_of_the_text() -> None:
    diagrams = {
        piece.name.removeprefix("backpropagation-"): piece.graph
        for piece in backpropagation.story(brief=True)
        if isinstance(piece, Diagram)
    }
    shapes = list(zip(backpropagation.WEIGHTS, ("2 × 5", "5 × 3", "3 × 1")))
    for name, prefix in (("figure-35", ""), ("gradients", "grad ")):
        matrices = [node for node in diagrams[name].sketch.nodes if node.look == "weights"]
        assert [(node.label, node.remark) for node in matrices] == [(prefix + own, shape) for own, shape in shapes]


def test_what_the_engine_tells_is_the_transpose_of_what_the_story_says_it_is(run: backpropagation.Run) -> None:
    found, layers = backpropagation.matrices(run), explain_layers(run.model, run.loss).layers
    told = dict(re.findall(r"(\w+) = (\w+|ŷ)ᵀ", backpropagation._transposed()))
    assert len(told) == 9
    for number, layer in enumerate(layers, start=1):
        for letter, own in (("W", layer.W), ("y", layer.y), ("δ", layer.delta)):
            np.testing.assert_allclose(own, found[told[f"{letter}{number}"]].T, rtol=RELATIVE)


@needs_engine
def test_two_hidden_layers_are_told(gallery: Path, briefly: Briefly) -> None:
    text = briefly("backpropagation").text
    assert "Ours are the input (0.5 -1), the target y = 1, and random weights of a seed" in text
    assert "passes 28 of the 28 derivatives" in text
    assert "2(ŷ − y) · ŷ(1 − ŷ) · Wh2o_11 · ah2_1(1 − ah2_1) · ah1_1" in text
    assert "Its 3 ways together: 0.0006097 - 0.000543 + 7.452e-05 = 0.0001412." in text
    assert "shapes (2,1) and (2,5) not aligned" in text
    for name in ("figure-35.svg", "figure-36.svg", "gradients.svg", "loss.svg", "explorer.html"):
        assert (gallery / "pictures" / f"backpropagation-{name}").exists()
