"""Document 002, section 4.2: the three networks of the moons, and what an accuracy of one seed says."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn")

from demos.document_002 import moons
from demos.learning import Trained, trained
from demos.pieces import Chart, Piece, Table
from nn import accuracy, predict
from tests.stories import words


@pytest.fixture(scope="module")
def pieces() -> list[Piece]:
    return list(moons.story(brief=True))


@pytest.fixture(scope="module")
def text(pieces: list[Piece], tmp_path_factory: pytest.TempPathFactory) -> str:
    return words(pieces, tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="module")
def relu() -> Trained:
    return trained(moons.RELU, moons.SEED)


def test_the_networks_are_those_of_the_document() -> None:
    shapes = [(*task.sizes, task.hidden, task.batch_size) for task in (moons.LARGE, moons.SIGMOID, moons.LISTED)]
    assert shapes == [(100, 70, 50, 1, "sigmoid", 100), (10, 1, "sigmoid", 32), (8, 1, "relu", 32)]
    assert (moons.LISTED.epochs, moons.LISTED.rate, moons.LISTED.points) == (3000, 0.001, 250)


def test_the_printed_accuracy_is_that_of_234_points(text: str) -> None:
    assert "Of 250 points that is 234: one more would be 94.00%." in text


def test_the_table_of_seeds_has_what_was_trained(pieces: list[Piece], relu: Trained) -> None:
    (table,) = [piece for piece in pieces if isinstance(piece, Table) and "8 ReLU, taught" in piece.heading]
    right = round(relu.on_training * 250)
    assert table.lines[0][:3] == ("0", f"{relu.on_training:.2%}, {right}/250", f"{relu.on_new:.1%}")
    assert len(table.lines) == len(moons.BRIEF.seeds)


def test_the_spread_is_counted(relu: Trained) -> None:
    def of(*shares: float) -> list[Trained]:
        return [relu._replace(on_training=share) for share in shares]

    assert moons._spread({"moons-relu": of(0.9, 0.936), "moons-sigmoid": of(0.95, 0.936)}) == (
        "So an accuracy of one seed says little: relu: 90.0% to 93.6%; sigmoid: 93.6% to 95.0%. 2 of 4 have 93.60%, 1"
        " have more."
    )


def test_the_accuracies_beside_the_printed_one_are_those_of_the_models(pieces: list[Piece], relu: Trained) -> None:
    (table,) = [piece for piece in pieces if isinstance(piece, Table) and "ours, seed 0" in piece.heading]
    assert [line[1] for line in table.lines] == ["93.60%", "93.60%"]
    assert table.lines[1][2].startswith(f"{accuracy(predict(relu.model, relu.data.X), relu.data.Y):.2%}, ")


def test_overfitting_is_judged_by_new_points_and_by_all_seeds_of_the_small_network(relu: Trained) -> None:
    large, *small = (relu._replace(on_training=0.93 + gap, on_new=0.93) for gap in (0.08, 0.01, -0.02, 0.09))
    judged = moons._judged(large, small[:2])
    told = "The 10 sigmoids, from each seed below, have 2.0 points more to 1.0 points less. Here the largest"
    assert judged.startswith(told)
    assert "does not overfit more here" in moons._judged(large, small)
    assert "from the same seed, have 1.0 points less. Here the largest overfits" in moons._judged(large, small[:1])


def test_regions_are_what_the_model_says_rounded(relu: Trained) -> None:
    found = moons.regions(relu, 0.5)
    assert found.classes.shape == (len(found.ys), len(found.xs))
    low = relu.data.X.min(axis=0) - 1
    assert (found.xs[0], found.ys[0]) == pytest.approx(tuple(low))
    for row, column in ((0, 0), (3, 5), (-1, -2)):
        said = relu.model([found.xs[column], found.ys[row]]).data
        assert found.classes[row, column] == round(said)
    assert set(np.unique(found.classes)) == {0.0, 1.0}


def test_the_first_epoch_below_a_loss_is_found() -> None:
    assert moons.epochs_until([0.9, 0.5, 0.2, 0.4], 0.3) == 3
    assert moons.epochs_until([0.9, 0.5]) is None


@pytest.mark.parametrize(("gap", "said"), [(0.013, "1.3 points less"), (-0.01, "1.0 points more")])
def test_no_points_are_said_to_be_less_by_a_negative_number(gap: float, said: str) -> None:
    assert moons._less(gap) == said


def test_what_is_said_of_speed_follows_from_the_epochs(relu: Trained) -> None:
    assert moons._when(2, relu) == "in epoch 2"
    assert moons._when(None, relu) == "in none of 150 epochs"
    told = moons._faster([(10, None), (10, 11)])
    assert told.startswith(
        "ReLU is there first for 2 of 2 seeds. A reason may be the slopes: that of a sigmoid is at most 0.25,"
    )
    for missed in ((None, None), (10, 10), (10, 9), (None, 9)):
        assert moons._faster([(10, 11), missed]) == "ReLU is there first for 1 of 2 seeds."


def test_a_brief_story_says_what_it_did_not_run(text: str, relu: Trained) -> None:
    assert "The last line has the rate of the document's code and 50 of its 3,000 epochs." in text
    assert "One seed shows no spread; the whole story tries 5." in text
    assert "So an accuracy of one seed says little" not in text
    assert moons._listed(relu._replace(task=moons.LISTED)) == "its epochs"


def test_the_border_of_the_code_is_drawn_on_its_grid(monkeypatch: pytest.MonkeyPatch, relu: Trained) -> None:
    shown: list[tuple[str, float]] = []

    def noted(result: Trained, step: float) -> moons.Regions:
        shown.append((result.task.name, step))
        return moons.Regions(np.zeros(1), np.zeros(1), np.zeros((1, 1)))

    monkeypatch.setattr(moons, "regions", noted)
    listed = relu._replace(task=moons.LISTED)
    charts = [piece for piece in moons._pictures(relu, relu, listed, relu, moons.FULL) if isinstance(piece, Chart)]
    assert [step for _, step in shown] == [0.05, 0.01, 0.01, 0.01]
    assert shown[-1][0] == "moons-listed"
    assert "figure 72, 8 ReLUs, with the rate of the code, on a grid of step 0.01" in {chart.what for chart in charts}


def test_the_first_epochs_below_the_loss_are_those_of_each_network(pieces: list[Piece], relu: Trained) -> None:
    (table,) = [piece for piece in pieces if isinstance(piece, Table) and "8 ReLU, rate 0.02" in piece.heading]
    assert table.heading[2] == "10 sigmoid, rate 0.05"
    first, later = (moons.epochs_until(trained(task, 0, metrics=()).history["loss"]) for task in moons.MOONS)
    assert table.lines == [("0", str(first), str(later))]
    assert first == moons.epochs_until(relu.history["loss"])


def test_each_border_is_drawn_over_its_points(pieces: list[Piece], relu: Trained) -> None:
    pytest.importorskip("matplotlib")
    charts = {piece.name: piece for piece in pieces if isinstance(piece, Chart)}
    assert {"moons-points", "moons-large", "moons-sigmoid", "moons-relu", "moons-losses"} <= charts.keys()
    for name in ("moons-points", "moons-relu"):
        (axes,) = charts[name].draw().axes
        for wanted, signs in zip((0, 1), axes.collections[-2:]):
            np.testing.assert_array_equal(signs.get_offsets(), relu.data.X[wanted == relu.data.Y])
        assert [text.get_text() for text in axes.get_legend().get_texts()] == ["class 0", "class 1"]
    assert axes.get_title(loc="right") == f"right for {relu.on_training:.2%} of the points that taught it"
