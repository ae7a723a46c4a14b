"""Document 002, sections 3.1 and 3.2: a line through data, a line between data, and a network where none helps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from demos.document_002 import perceptron
from nn import Part, accuracy, predict
from tests.pictures import needs_engine
from tests.stories import Briefly, words


@pytest.fixture(scope="module")
def rings() -> perceptron.Separated:
    return perceptron.separated(perceptron.ring(), 20)


def test_gradient_descent_finds_the_line_of_least_squares() -> None:
    line = perceptron.fitted()
    assert (line.slope, line.height_at_birth) == pytest.approx(np.polyfit(perceptron.YEARS, perceptron.HEIGHTS, 1))


def test_the_line_predicts_the_height_that_the_document_prints() -> None:
    assert round(perceptron.fitted()(perceptron.NEW_AGE)) == 109


def test_the_height_that_is_told_is_that_of_the_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(perceptron, "HEIGHTS", perceptron.HEIGHTS + 20)
    text = words(perceptron._regression(perceptron.fitted()), tmp_path)
    assert "The new child is 10 years old, and 128.97 cm tall." in text


def test_a_line_separates_the_first_data_and_the_perceptron_finds_one() -> None:
    apart = perceptron.separated(perceptron.blobs(), 100)
    assert apart.mistakes[-1] == 0
    assert accuracy(predict(apart.model, apart.data.X), apart.data.Y) == 1.0


def test_no_line_separates_the_second_data() -> None:
    X, Y = perceptron.ring()
    angles = np.radians(np.arange(0, 180, 1))
    for direction in np.stack([np.cos(angles), np.sin(angles)], axis=1):
        inside, outside = X[Y == 1] @ direction, X[Y == 0] @ direction
        assert outside.min() < inside.min()
        assert inside.max() < outside.max()


def test_the_perceptron_never_ends_on_data_that_no_line_separates(rings: perceptron.Separated) -> None:
    assert len(rings.mistakes) == 20
    assert min(rings.mistakes) > 0


def test_a_hidden_layer_separates_them(rings: perceptron.Separated) -> None:
    assert perceptron.curved(rings.data, 300).right == 1.0


def test_the_same_data_and_weights_come_each_time() -> None:
    for made in (perceptron.blobs, perceptron.ring):
        first, second = made(), made()
        assert np.array_equal(first.X, second.X)
        assert isinstance(first, Part)
    assert perceptron.fitted(5).slope == perceptron.fitted(5).slope


def test_the_line_of_a_perceptron_is_drawn_straight_and_where_it_is(rings: perceptron.Separated) -> None:
    pytest.importorskip("matplotlib")
    w1, w2, b = (parameter.data for parameter in rings.model.parameters())
    axes, scale = perceptron._sums(rings).axes
    (line,) = [each for each in axes.collections if type(each).__name__ == "QuadContourSet"]
    (drawn,) = line.get_paths()
    assert len(drawn.vertices) > 50
    assert np.abs(drawn.vertices @ [w1, w2] + b).max() < 1e-9
    assert scale.get_ylabel() == "sum before the step, boundary at 0"


@needs_engine
def test_the_story_counts_what_it_tells(gallery: Path, briefly: Briefly, rings: perceptron.Separated) -> None:
    text = briefly("perceptron").text
    assert f"After 20 epochs it still makes {rings.mistakes[-1]} mistakes" in text
    assert f"never made fewer than {min(rings.mistakes)}." in text
    assert "The new child is 10 years old, and 108.97 cm tall." in text
    for name in ("regression", "figure-08", "figure-09", "figure-10", "figure-11", "figure-12", "figure-22"):
        assert (gallery / "pictures" / f"perceptron-{name}.svg").exists()


def test_the_step_gives_0_and_1_and_has_no_slope() -> None:
    table = perceptron._stepped(perceptron.Neuron(3, "identity", seed=perceptron.SEED))
    for _, z, step, slope in table.lines:
        assert (step, slope) == ("1" if float(z) >= 0 else "0", "0")
    assert {line[2] for line in table.lines} == {"0", "1"}


def test_long_lists_of_mistakes_are_shortened() -> None:
    assert perceptron._listed([3, 1, 0]) == "3, 1, 0"
    assert perceptron._listed([9] * 8 + [8, 7, 6]) == "9, 9, 9, 9, 9, 9, 9, 9, …, 7, 6"
