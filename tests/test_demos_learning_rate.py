"""Document 002, section 3.5: the learning rate on a bowl, and the robot."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest

from demos.document_002 import descents, learning_rate, robot
from demos.pieces import Paragraph
from tests.stories import Briefly

RELATIVE = 1e-9


@pytest.mark.parametrize("rate", learning_rate.RATES)
def test_a_descent_is_that_of_the_closed_form(rate: float) -> None:
    way = descents.descent(rate, learning_rate.START, 20)
    (x, y), steps = learning_rate.START, np.arange(21)
    expected = np.stack([x * (1 - 2 * rate) ** steps, y * (1 - 6 * rate) ** steps], axis=1)
    assert np.array(way.places) == pytest.approx(expected, rel=RELATIVE)
    assert way.curvature == pytest.approx(6.0)


@pytest.mark.parametrize(
    ("rate", "word"), [(0.01, "slow"), (0.15, "good"), (0.32, "bounces"), (0.3333, "bounces"), (0.34, "runs away")]
)
def test_a_descent_is_told_in_words(rate: float, word: str) -> None:
    assert learning_rate.told(descents.descent(rate, learning_rate.START, learning_rate.STEPS)) == word


def test_arrival_is_the_first_step_after_which_it_stays_low() -> None:
    way = descents.descent(0.15, learning_rate.START, 30)._replace(heights=[3.0, 0.1, 2.0, 0.1, 0.2])
    assert way.arrival(1.0) == 3
    assert way.arrival(0.15) is None
    assert way.arrival(5.0) == 0


@pytest.mark.parametrize("x", learning_rate.INPUTS)
def test_large_inputs_make_large_gradients(x: float) -> None:
    case = learning_rate.large(x)
    assert (case.gradient, case.curvature) == pytest.approx((-2 * x**2, 2 * x**2))
    assert case.small == pytest.approx([0.5, 0.75, 0.875])
    ratio = 1 - 2 * x**2
    assert case.whole == pytest.approx([1 - ratio**step for step in (1, 2, 3)])


def test_a_rate_above_1_leads_to_the_minimum_where_the_input_is_small() -> None:
    told = " ".join(piece.text for piece in learning_rate.story(brief=True) if isinstance(piece, Paragraph))
    found = re.search(r"for x = (\S+) below, every α above 0 and below (\S+) leads to the minimum", told)
    assert found
    x, largest = map(float, found.groups())
    assert largest > 1
    assert learning_rate._updated(x, 0.95 * largest, 200)[-1] == pytest.approx(1.0, abs=1e-6)
    assert abs(learning_rate._updated(x, 1.05 * largest, 200)[-1] - 1.0) > 1e6


def test_the_robot_comes_down_and_goes_no_farther_than_it_sees() -> None:
    for walk in robot.walks(80):
        heights = [spot.height for spot in walk.spots]
        assert sorted(heights, reverse=True) == heights
        assert walk.spots[-1].slope < robot.FLAT
        for spot, after in zip(walk.spots, walk.spots[1:]):
            assert math.hypot(after.x - spot.x, after.y - spot.y) <= robot.VIEW * (1 + 1e-12)


def test_on_the_slope_the_lowest_point_seen_is_about_downhill() -> None:
    for walk in robot.walks(3):
        for spot in walk.spots:
            turned = abs((spot.lowest - spot.downhill + 180) % 360 - 180)
            assert turned < 30


def test_the_two_walks_end_in_two_valleys() -> None:
    west, east = (walk.spots[-1] for walk in robot.walks(80))
    assert west.x < 0 < east.x
    assert west.height < east.height


def test_the_story_tells_what_was_computed(gallery: Path, briefly: Briefly) -> None:
    text = briefly("learning-rate").text
    assert "would run away without it. See ice-creams." in text
    assert "2/λmax = 0.3333" in text
    for word in ("slow", "good", "bounces", "runs away"):
        assert word in text
    for name in ("figure-32.svg", "descent.gif", "figure-33.svg"):
        assert (gallery / "pictures" / f"learning-rate-{name}").exists()
