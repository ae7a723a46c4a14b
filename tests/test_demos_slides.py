"""Document 004: the numbers of its slides, what is wrong with them, and what is said of that."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from autograd import Value, grad
from autograd.comparison import AGREES, NOT_PRINTED, WRONG
from demos.catalogue import stories
from demos.document_004 import activations, adam, backward, feedforward, hebb, updates
from demos.pieces import Numbers
from nn import SGD, explain_layers, mse
from tests.stories import Briefly, told, told_briefly

# the inventory of the documents asks for it
RELATIVE = 1e-12

NAMES = [story.name for story in stories().values() if story.document == "004"]


def tell(name: str) -> str:
    return told_briefly(name).text


# ---- Hebb


def test_the_example_of_hebb_agrees_but_for_the_step_at_0() -> None:
    rows = hebb.compared(hebb.taught(hebb.EXAMPLE))
    assert len(rows) == 14
    assert [row.quantity for row in rows if row.verdict != AGREES] == ["y of [0, 0]"]
    assert rows[-1].verdict == WRONG
    assert rows[-1].computed == 1.0


def test_the_step_at_0_is_explained_where_it_is_wrong_and_only_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "by that definition f(0) = 1 (004-1)" in tell("hebb")
    monkeypatch.setattr(hebb, "PRINTED_OUTPUT", "1")
    monkeypatch.setattr(hebb, "PRINTED_WEIGHTS", [["0.1", "0.3"], *hebb.PRINTED_WEIGHTS[1:]])
    text = tell("hebb")
    assert "004-1" not in text
    assert "w after point 1[2]: no explanation is known." in text


def test_hebb_classifies_two_of_three_wrongly_and_a_bias_would_mend_it(briefly: Briefly) -> None:
    text = briefly("hebb").text
    assert "its sums are 0.2, 0.1, 0.1" in text
    assert "2 of 3 are wrong (004-2), and 2 of 3 with a step that is 0 at 0" in text
    assert "A bias of at least -0.2 and below -0.1 would mend it: with b = -0.15" in text
    assert "are right for 3 of 3" in text


def test_the_exercise_of_hebb_is_solved() -> None:
    exercise = hebb.taught(hebb.EXERCISE)
    assert exercise.weights == [[0.2, 0.0], [0.2, 0.2], [0.2, 0.2]]
    assert exercise.neuron.weighted_sum([1, 1]).data == 0.4
    rows = [row for piece in hebb._exercise(exercise) if isinstance(piece, Numbers) for row in piece.rows]
    assert {row.verdict for row in rows} == {NOT_PRINTED}
    assert rows[-1].computed == 1.0


def test_the_perceptron_learns_and_but_not_xor() -> None:
    for targets, learns in ((hebb.AND, True), (hebb.XOR, False)):
        perceptron, mistakes = hebb._learnt(hebb.Lesson(hebb.CORNERS, targets, 1.0))
        assert (mistakes[-1] == 0) is learns
        assert (hebb.outputs(perceptron, hebb.CORNERS) == targets) is learns
    assert "derivatives of the neuron's output for its weights are 0." in tell("hebb")


def test_the_rate_of_the_perceptron_is_told_and_changes_mistakes_by_roundings_alone(
    monkeypatch: pytest.MonkeyPatch, briefly: Briefly
) -> None:
    def mistakes(eta: Fraction) -> list[int]:
        w, counts = [Fraction(0)] * 3, []
        while not counts or counts[-1]:
            counts.append(0)
            for x, y in zip(hebb.EXAMPLE.points, hebb.EXAMPLE.targets):
                inputs = [*map(Fraction, x), Fraction(1)]
                error = int(y) - (sum(a * b for a, b in zip(w, inputs)) >= 0)
                w = [a + eta * error * b for a, b in zip(w, inputs)]
                counts[-1] += error != 0
        return counts

    assert mistakes(Fraction(1, 10)) == mistakes(Fraction(1)) == [1, 3, 2, 2, 3, 2, 2, 0]
    text = briefly("hebb").text
    assert "for 20 epochs, with η = 1; beside it" in text
    assert "1 3 2 2 3 2 2 0" in text
    assert "With the slides' η = 0.1 floats round, and the mistakes are 1 3 2 2 3 1 0: it ends with a sum of" in text
    monkeypatch.setattr(hebb, "EXAMPLE", hebb.EXAMPLE._replace(eta=0.25))
    assert "The slides' η = 0.25 makes the same mistakes." in tell("hebb")


def test_points_on_the_learnt_line_are_told(briefly: Briefly) -> None:
    text = briefly("hebb").text
    assert "of the slides' three points it passes through [1, 1], and 2 of 3 would be right" in text
    assert "of AND it passes through [1, 1], and 3 of 4 would be right" in text
    assert "of XOR it passes" not in text
    beside = hebb.Lesson([[1.0, 1.0], [-1.0, -1.0]], [1.0, 0.0], 1.0)
    perceptron, mistakes = hebb._learnt(beside)
    assert not list(hebb._on_the_line({"two points": (beside, perceptron, mistakes)}))


# ---- activations, feedforward


def test_the_ends_of_ranges_are_reached_by_rounding_alone(briefly: Briefly) -> None:
    assert activations.at("sigmoid", 40.0)[0] == 1.0
    assert activations.at("relu", 0.0) == (0.0, 0.0)
    text = briefly("three-activations").text
    assert "In floats 3 of 4 ends are reached" in text
    assert "sigmoid(40) = 1.0" in text


def test_the_feedforward_example_is_worked_out_by_hand(tmp_path: Path) -> None:
    model = feedforward.example()
    assert feedforward._numbers(model, [2.0, 1.0]) == pytest.approx([0.7, 1.7, 0.7, 1.7, 1.1], rel=RELATIVE)
    assert feedforward._numbers(model, [1.0, 2.0]) == pytest.approx([-0.1, 1.0, 0.0, 1.0, 0.4], rel=RELATIVE)
    assert "2 inputs 1 has a neuron that gives 0" in told(feedforward._example(), tmp_path)


def test_a_window_of_a_wave_is_enough_for_the_next_number(tmp_path: Path) -> None:
    text = told(feedforward._sequences(300), tmp_path)
    assert "1.1, alone, and 1.1 after another input" in text
    assert f"-1.000000 and {2 * np.cos(0.5):.6f}: trigonometry has -1" in text


# ---- backward


def test_the_derivative_of_the_mse_lacks_its_n() -> None:
    one, three = backward.printed_derivatives(1), backward.printed_derivatives(3)
    assert {row.verdict for row in one} == {AGREES}
    assert {row.verdict for row in three} == {WRONG}
    assert [float(row.printed) / row.computed for row in three] == pytest.approx([3.0] * 3, rel=RELATIVE)


def test_the_factors_of_the_chain_multiply_to_the_derivative() -> None:
    one = backward.one_neuron()
    factors = [grad(one.L, one.y_hat), grad(one.y_hat, one.z), grad(one.z, one.w)]
    assert np.prod([factor.data for factor in factors]) == pytest.approx(grad(one.L, one.w).data, rel=RELATIVE)
    sigma = 1 / (1 + np.exp(-0.5))
    assert grad(one.L, one.w).data == pytest.approx(2 * (sigma - 1) * sigma * (1 - sigma) * 2, rel=RELATIVE)


def test_delta_comes_from_the_layer_above() -> None:
    model = backward.network()
    L = mse(model(backward.INPUTS), [1.0, 0.0])
    L.backward()
    found = backward.deltas(model)
    product = model.layers[1].weights.T @ found.above * found.slopes
    assert product == pytest.approx(found.hidden, rel=RELATIVE)
    assert explain_layers(model, L).layers[0].delta.ravel() == pytest.approx(found.hidden, rel=RELATIVE)


def test_the_story_of_the_chain_rule_says_what_it_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, briefly: Briefly, gallery: Path
) -> None:
    text = briefly("backward").text
    assert "It is 3 times as large" in text
    assert "would be 0.25 at 0, where 0.25 is right, and 0.5344 at 1, where 0.1966 is" in text
    assert "whose product does not exist; the outer product δ·xᵀ has the shape (3, 2) of W, and is the engine's" in text
    drawn = [path for path in (gallery / "pictures").glob("backward-*") if path.suffix in (".svg", ".dot")]
    assert len(drawn) == 3
    assert not any("Stale" in path.read_text(encoding="utf-8") for path in drawn)
    monkeypatch.setattr(backward, "PRINTED_PRODUCT", ["4", "10", "19"])
    assert "wrong in the document" in told(backward._hadamard(), tmp_path)


# ---- updates, Adam


def test_which_variant_is_further_is_read_from_the_losses() -> None:
    path = np.zeros((1, 2))
    walks = {"all": updates.Walk(path, [3.0, 1.0]), "one": updates.Walk(path, [2.0, 2.0])}
    assert "from the lowest, after 1 epoch one, all, and after 2 all, one; with other" in updates.compared(walks)
    walks["one"] = updates.Walk(path, [2.0, 0.5])
    assert "after 1 epoch one, all, and after 2 in the same order; with other" in updates.compared(walks)
    assert "it goes further" not in tell("updates")


def test_the_update_of_the_slides_is_0_48() -> None:
    w, optimizer = updates.updated()
    assert w.data == pytest.approx(0.48, rel=RELATIVE)
    assert optimizer.steps == 1


def test_the_variants_make_as_many_updates_as_they_have_batches() -> None:
    data = updates.points()
    walks = {size: updates.walk(data, size, 12) for size in (None, 8, 1)}
    assert [len(found.path) - 1 for found in walks.values()] == [12, 60, 480]
    best = updates.best_line(data)
    away = {size: np.linalg.norm(found.path[-1] - best) for size, found in walks.items()}
    assert away[8] < away[None]
    # mini-batches overtake single examples, which never come to rest
    assert walks[1].losses[0] < walks[8].losses[0] < walks[None].losses[0]
    assert walks[8].losses[-1] < walks[1].losses[-1] < walks[None].losses[-1]
    slope = Value(0.0)
    loss = mse([slope * x for x in data.X], data.Y)
    loss.backward()
    assert walks[None].path[1, 0] == pytest.approx(-updates.RATE * slope.grad, rel=RELATIVE)


def test_adam_as_printed_is_the_engines_without_correction() -> None:
    printed, corrected = adam.descended(False, 60), adam.descended(True, 60)
    assert {row.verdict for row in adam.compared(printed)} == {AGREES}
    assert printed.places[0] == pytest.approx(0.183772733982, abs=5e-13)
    assert corrected.places[0] == pytest.approx(0.400000005, abs=5e-10)
    ratios = printed.sizes / corrected.sizes
    assert int(np.argmax(ratios)) + 1 == 12
    assert ratios.max() == pytest.approx(6.5685, abs=5e-5)
    assert adam.algebra(60)[0] == pytest.approx(np.sqrt(10), rel=RELATIVE)
    assert ratios == pytest.approx(adam.algebra(60), rel=1e-5)  # ε is not nothing


def test_the_story_of_adam_says_what_it_found(monkeypatch: pytest.MonkeyPatch, briefly: Briefly) -> None:
    text = briefly("adam").text
    assert "the measured ratios differ from that by at most 2e-06 of it." in text
    assert "goes to 0.183772733982 where 0.400000005 is right" in text
    assert "up to 6.5685 times at step 12" in text
    assert "3.16228 at first, and 6.5685 at most" in text
    assert "1 0.02 4e-05 0.2 0.04 3.16228 1" in text
    assert "The first step as printed is 3.162 times as long" in text
    monkeypatch.setattr(adam, "BETA2", 0.99)
    assert "6.5685" not in tell("adam")


def test_updates_are_counted_until_the_loss_stays_small() -> None:
    # u = 0.9^n: u²/2 with k = 0 is below 1e-4 for the first time where 0.9^(2n) < 2e-4
    assert adam.needed(0.0, lambda parameters: SGD(parameters, lr=0.1), 100) == 41
    assert adam.needed(0.0, lambda parameters: SGD(parameters, lr=0.1), 30) is None
    assert adam.needed(0.0, lambda parameters: SGD(parameters, lr=1.0), 30) == 1


def test_a_turned_valley_is_all_one_to_gradient_descent_and_not_to_adam() -> None:
    descent, ours, _ = adam._optimizers(adam.STEEP).values()
    assert adam.needed(adam.STEEP, descent, 500) == adam.needed(adam.STEEP, descent, 500, adam.TURN) == 424
    along, turned = adam.needed(adam.STEEP, ours, 500), adam.needed(adam.STEEP, ours, 500, adam.TURN)
    assert (along, turned) == (121, 354)
    assert f"needs {adam.needed(1.0, adam._optimizers(1.0)['Adam, η = 0.1'], 300)}, {along}, " in tell("adam")


@pytest.mark.parametrize("name", NAMES)
def test_every_story_of_the_slides_can_be_told_twice(name: str) -> None:
    assert tell(name) == tell(name)
