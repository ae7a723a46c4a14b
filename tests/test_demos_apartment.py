"""Document 000, the apartment: the listing, gradient descent, and where they part."""

from __future__ import annotations

import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from autograd.comparison import AGREES, NOT_PRINTED, WRONG
from demos.document_000 import apartment
from demos.pieces import Paragraph, Table
from tests.stories import told

# rounding of a thousand updates; the inventory of the documents asks for it
RELATIVE = 1e-12

LISTING = """
import numpy as np

def relu(x):
    return np.maximum(0, x)

def relu_derivative(x):
    return np.where(x > 0, 1, 0)

def mean_squared_error(prediction, target):
    return 0.5 * np.square(prediction - target)

def mse_derivative(prediction, target):
    return prediction - target

w1 = 0.5
b1 = 0.1

w_out = 0.4
b_out = 0.2

input_data = 50
target = 300

z1 = w1 * input_data + b1
a1 = relu(z1)

z_out = w_out * a1 + b_out
prediction = z_out

print(f"Predicción inicial: {prediction}")

error = mean_squared_error(prediction, target)
print(f"Error inicial: {error}")

learning_rate = 0.00001

d_error_d_z_out = mse_derivative(prediction, target)

d_z_out_d_w_out = a1
d_z_out_d_b_out = 1

w_out -= learning_rate * d_error_d_z_out * d_z_out_d_w_out
b_out -= learning_rate * d_error_d_z_out * d_z_out_d_b_out

d_z_out_d_a1 = w_out

d_error_d_a1 = d_error_d_z_out * d_z_out_d_a1

d_a1_d_z1 = relu_derivative(z1)

d_z1_d_w1 = input_data
d_z1_d_b1 = 1

w1 -= learning_rate * d_error_d_a1 * d_a1_d_z1 * d_z1_d_w1
b1 -= learning_rate * d_error_d_a1 * d_a1_d_z1 * d_z1_d_b1

print(f"Peso w1 actualizado: {w1}")
print(f"Sesgo b1 actualizado: {b1}")
print(f"Peso w_out actualizado: {w_out}")
print(f"Sesgo b_out actualizado: {b_out}")

epochs = 1000

for epoch in range(epochs):
    z1 = w1 * input_data + b1
    a1 = relu(z1)

    z_out = w_out * a1 + b_out
    prediction = z_out

    error = mean_squared_error(prediction, target)

    d_error_d_z_out = mse_derivative(prediction, target)

    w_out -= learning_rate * d_error_d_z_out * d_z_out_d_w_out
    b_out -= learning_rate * d_error_d_z_out * d_z_out_d_b_out

    d_z_out_d_a1 = w_out
    d_error_d_a1 = d_error_d_z_out * d_z_out_d_a1
    d_a1_d_z1 = relu_derivative(z1)

    w1 -= learning_rate * d_error_d_a1 * d_a1_d_z1 * d_z1_d_w1
    b1 -= learning_rate * d_error_d_a1 * d_a1_d_z1 * d_z1_d_b1

    if epoch % 100 == 0:
        print(f"Iteración {epoch+1}/{epochs}, Error: {error}, Predicción: {prediction}")

print(f"Predicción final después del entrenamiento: {prediction}")
"""
"""The listing of document 000, section 4, without its comments, its indentation restored after the page break."""


@pytest.fixture(scope="module")
def printed() -> list[apartment.Step]:
    return apartment.listing()


@pytest.fixture(scope="module")
def true() -> list[apartment.Step]:
    return apartment.descent()


def test_the_listing_in_floats_is_the_listing_of_the_document_bit_for_bit(
    printed: list[apartment.Step], capsys: pytest.CaptureFixture[str]
) -> None:
    end: dict[str, Any] = {}
    exec(LISTING, end)
    first, last = printed[0], printed[-1]
    assert capsys.readouterr().out.splitlines() == [
        f"Predicción inicial: {first.prediction}",
        f"Error inicial: {first.error}",
        f"Peso w1 actualizado: {first.w1}",
        f"Sesgo b1 actualizado: {first.b1}",
        f"Peso w_out actualizado: {first.w2}",
        f"Sesgo b_out actualizado: {first.b2}",
        *(
            f"Iteración {place}/1000, Error: {printed[place].error}, Predicción: {printed[place].prediction}"
            for place in range(1, 1000, 100)
        ),
        f"Predicción final después del entrenamiento: {last.prediction}",
    ]
    assert (last.w1, last.b1, last.w2, last.b2) == (end["w1"], end["b1"], end["w_out"], end["b_out"])


def test_the_numbers_that_the_listing_prints(printed: list[apartment.Step]) -> None:
    assert str(printed[0].prediction) == "10.24"
    assert str(printed[0].error) == "41980.428799999994"
    assert str(printed[-1].prediction) == "299.9999999999998"
    assert printed[0][2:] == pytest.approx((0.5684890876288, 0.101369781752576, 0.47272976, 0.2028976), rel=RELATIVE)
    assert printed[-1][2:] == pytest.approx(
        (3.435033136386511, 0.158700662727730, 1.743620766558299, 0.253530707831008), rel=RELATIVE
    )
    assert len(printed) == 1001


def test_the_numbers_of_true_gradient_descent(true: list[apartment.Step]) -> None:
    assert true[0] == pytest.approx((10.24, 41980.4288, 0.557952, 0.10115904, 0.47272976, 0.2028976), rel=RELATIVE)
    assert true[1][:2] == pytest.approx((13.4387442412770, 41058.6766510081), rel=RELATIVE)
    assert true[-1][2:] == pytest.approx(
        (2.453694065394588, 0.139073881307892, 2.440605154027030, 0.235656448110911), rel=RELATIVE
    )
    assert len(true) == 1001


def test_the_gradient_of_the_apartment() -> None:
    network = apartment.forward()
    network.error.backward()
    gradient = [parameter.grad for parameter in network.parameters]
    assert gradient == pytest.approx([-5795.2, -115.904, -7272.976, -289.76], rel=RELATIVE)


def test_the_runs_part_at_the_first_w1(printed: list[apartment.Step], true: list[apartment.Step]) -> None:
    found = apartment.parting(printed, true)
    assert found is not None
    assert (found.step, found.name) == (1, "w1")
    assert found.listing - found.descent == pytest.approx(0.0105370876288, rel=RELATIVE)


def test_a_run_does_not_part_from_itself(true: list[apartment.Step]) -> None:
    assert apartment.parting(true, true) is None


def test_the_verdicts_of_the_apartment(printed: list[apartment.Step], true: list[apartment.Step]) -> None:
    network = apartment.forward()
    network.error.backward()
    verdicts = {row.quantity: row.verdict for row in apartment.compared(network, printed, true)}
    assert {quantity for quantity, found in verdicts.items() if found == WRONG} == {
        "Peso w1 actualizado",
        "Iteración 1, Predicción",
        "Iteración 101, Error",
        "Iteración 201, Error",
        "Sesgo b1 actualizado",
        "Iteración 1, Error",
        "Iteración 101, Predicción",
        "Iteración 201, Predicción",
    }
    assert Counter(verdicts.values()) == {AGREES: 12, WRONG: 8, NOT_PRINTED: 4}


def test_errors_in_which_no_digit_is_left_are_shown_and_not_compared(
    printed: list[apartment.Step], true: list[apartment.Step]
) -> None:
    places = [301, 401, 501, 601, 701, 801, 901]
    assert apartment._vanished(printed, true) == places
    words, table = apartment._nothing_left(printed, true)
    assert isinstance(words, Paragraph)
    assert isinstance(table, Table)
    assert "Both count as 0 there" in words.text
    assert [line[0] for line in table.lines] == [str(place) for place in places]
    assert all(0 <= float(error) <= apartment.NOTHING for line in table.lines for error in line[1:])
    assert list(apartment._nothing_left(printed[:2], true[:2])) == []
    # an error of one run alone is compared
    assert apartment._vanished(printed, [true[0]._replace(error=1.0)] * len(true)) == []


def test_the_apartment_says_why_the_document_is_wrong_with_numbers(tmp_path: Path) -> None:
    text = told(apartment.story(), tmp_path)
    assert "000-1: section 2 prints ∇C with three components" in text
    assert "∂C/∂b2 = -289.76 is missing" in text
    assert "the first w1 is 0.5684890876288, where 0.557952 is right" in text
    assert "18.2 % too long" in text
    assert "it stays the first a1 = 25.1, while a1 grows to 171.9" in text
    assert "at iteration 101 the error is 1.2358e-05" in text
    assert "'Iteración 1' says 13.6879, while the parameters that it leaves predict" in text
    assert "is that of 1000 updates, and with the one before the loop 1001 are made" in text
    assert "the first number that differs is w1 at update 1" in text
    assert "-0.0834 at the end; with the listing it is -8.784" in text
    assert "there is one in all, and the final prediction is 13.687903610468227" in text
    assert "83960.8576 for this one example: E = 41980.4288 is 0.5 of it" in text
    assert "takes E from 41980.4 to 41058.7, and one along it to 42789" in text
    assert "at z = 0, by agreement, 0:" in text


def test_the_layers_of_the_picture_are_the_network() -> None:
    network = apartment.forward()
    assert apartment._layers(network)([apartment.SIZE]).data == network.prediction.data


def test_what_an_iteration_leaves_is_what_the_next_one_predicts(true: list[apartment.Step]) -> None:
    for before, after in pairwise(true):
        assert apartment.predicted(before) == after.prediction


def test_without_matplotlib_the_apartment_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert "not drawn (pip install matplotlib)" in told(apartment.story(), tmp_path)
    assert not (tmp_path / "apartment-runs.svg").exists()
