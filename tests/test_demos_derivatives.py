"""Document 002, section 3.4: losses, rates of change, and the steepest direction."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from autograd import Value, grad
from autograd.comparison import AGREES, WRONG
from demos.document_002 import derivatives, slopes
from demos.pieces import Table
from nn import MLP
from tests.pictures import needs_engine
from tests.stories import Briefly

RELATIVE = 1e-12

STEEPEST = (71.56505117707799, 6.32455532033676)
"""Of x² + 3y² at (1, 1): the angle of (2, 6) and its length, the square root of 40."""


@pytest.fixture(scope="module")
def landscape() -> derivatives.Bowl:
    return derivatives.bowl()


def test_the_steepest_direction_is_that_of_the_gradient(landscape: derivatives.Bowl) -> None:
    assert (landscape.angle, landscape.norm) == pytest.approx(STEEPEST, rel=RELATIVE)
    assert landscape.along(landscape.angle) == pytest.approx(STEEPEST[1], rel=RELATIVE)
    found = derivatives.around(landscape)
    assert abs(found.steepest - landscape.angle) < derivatives.STEP
    assert max(found.slopes) <= landscape.norm * (1 + RELATIVE)


@pytest.mark.parametrize("alpha", range(0, 360, 15))
def test_the_slope_in_a_direction_is_the_length_times_the_cosine(landscape: derivatives.Bowl, alpha: float) -> None:
    slope = landscape.along(landscape.angle + alpha)
    assert slope == pytest.approx(STEEPEST[1] * math.cos(math.radians(alpha)), abs=1e-12)


def test_it_is_the_angle_that_is_0_and_not_the_cosine(landscape: derivatives.Bowl) -> None:
    rows = derivatives.compared(landscape, derivatives.around(landscape))
    assert [row.verdict for row in rows] == [WRONG]


def test_the_verdicts_are_found_by_trying_directions(landscape: derivatives.Bowl) -> None:
    across = derivatives.Slopes([0.0, landscape.angle + 90], [0.0, 1.0])
    verdicts = [row.verdict for row in derivatives.compared(landscape, across)]
    assert verdicts == [AGREES]


def test_the_function_of_figure_25_gives_2_for_1() -> None:
    x = Value(1.0)
    y = derivatives.function(x)
    assert (y.data, grad(y, x).data) == (2.0, 2.0)


def test_rates_of_smaller_increases_come_near_to_the_derivative(briefly: Briefly) -> None:
    text = briefly("derivatives").text
    assert "1 3 3 0.5 1.25 2.5 0.1 0.21 2.1 0.01 0.0201 2.01 0.001 0.002001 2.001" in text


def test_the_shortest_of_five_ways_to_the_next_level_is_that_of_the_gradient() -> None:
    found = slopes.climbs()
    assert slopes.MOUNTAIN.start_height == 150.0
    assert min(found, key=lambda climb: climb.distance).angle == 0
    assert max(found, key=lambda climb: climb.slope).angle == 0
    for climb in found:
        assert slopes.MOUNTAIN.height(*map(Value, climb.end)).data == pytest.approx(slopes.MOUNTAIN.level)


def test_steepest_is_not_always_shortest(briefly: Briefly) -> None:
    best = slopes.shortest(slopes.climbs(slopes.NEAR_ANGLES))
    (own,) = slopes.climbs([0.0])
    assert best.angle != 0
    assert best.distance < own.distance
    text = briefly("derivatives").text
    assert f"at {best.angle:+g}° is a little shorter, {best.distance:.2f} m and not {own.distance:.2f} m" in text
    assert "soonest" not in text


def test_which_way_is_shortest_is_found_by_trying(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derivatives, "NEAR_ANGLES", (0.0, 50.0))
    assert "no way within" in derivatives._steepest_or_shortest()


def test_the_nearer_the_level_the_nearer_is_the_shortest_way_to_the_gradient() -> None:
    base = slopes.MOUNTAIN.start_height
    off = [abs(slopes.shortest(slopes.climbs(slopes.NEAR_ANGLES, base + more)).angle) for more in (50.0, 1.0)]
    assert off[1] < off[0]


def test_the_example_of_the_gradient_is_told_whole(briefly: Briefly) -> None:
    text = briefly("derivatives").text
    model = MLP(2, [1], output_activation="sigmoid", seed=derivatives.SEED)
    w1, w2, b = (parameter.data for parameter in model.parameters())
    prediction = 1 / (1 + math.exp(-(w1 * 1 - w2 * 2 + b)))
    assert "the inputs [1.0, -2.0] and the target 1" in text
    assert f"It predicts {prediction:.6f}, and the loss, MSE, is {(prediction - 1) ** 2:.6f}" in text
    slope = 2 * (prediction - 1) * prediction * (1 - prediction)
    for name, number, factor in (("w[0]", w1, 1), ("w[1]", w2, -2), ("b", b, 1)):
        label = f"layer1.neuron1.{name}"
        assert f"{label} {number:.6f} ∂loss/∂{label} {slope * factor:.6f}" in text


def test_the_losses_are_those_of_their_formulas() -> None:
    (table,) = (piece for piece in derivatives._losses() if isinstance(piece, Table))
    assert [float(line[1]) for line in table.lines] == pytest.approx(
        [(0.01 + 0.36 + 0.04) / 3, 0.9 / 3, -(math.log(0.9) + math.log(0.4) + math.log(0.8)) / 3], abs=1e-6
    )
    slopes_of = [float(cell) for line in table.lines for cell in line[2:]]
    expected = [-0.2 / 3, -1.2 / 3, 0.4 / 3, -1 / 3, -1 / 3, 1 / 3, -1 / 2.7, -1 / 1.2, 1 / 2.4]
    assert slopes_of == pytest.approx(expected, abs=1e-4)


@needs_engine
def test_the_story_says_what_is_wrong(gallery: Path, briefly: Briefly) -> None:
    text = briefly("derivatives").text
    assert "the slope is 0: one walks along the level" in text
    assert "none of them is steeper" in text
    assert "6.32455532034" in text
    for name in ("figure-24.svg", "figure-26.svg", "figure-27.svg", "rate.svg", "secants.gif"):
        assert (gallery / "pictures" / f"derivatives-{name}").exists()


def test_a_steeper_direction_would_be_told(landscape: derivatives.Bowl) -> None:
    assert derivatives._steeper(landscape, derivatives.Slopes([0.0, 1.0], [7.0, 1.0])) == "1"
