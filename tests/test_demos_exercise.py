"""Document 003, the exercise: what is computed, and what is found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

from autograd.comparison import AGREES, CUT_OFF, ROUNDING, WRONG, verdict
from demos.document_003 import exercise
from tests.stories import told

# rounding of a thousand updates; the inventory of the documents asks for it
RELATIVE = 1e-12

EXACT = {
    "w(1)·x": ["1.880000000000", "2.520000000000", "1.372000000000"],
    "z(1)": ["1.980000000000", "3.020000000000", "2.172000000000"],
    "y(1)": ["0.878681162108", "0.953469525485", "0.897706771344"],
    "z(2)": "0.090368054582",
    "ŷ": "0.522576651600",
    "J": "10.023659920399",
    "∂J/∂ŷ": "-4.477423348400",
    "σ'(z(2))": "0.249490294803",
    "∂J/∂w(2)": [["-0.981551591525", "-1.065095703162", "-1.002804598679"]],
    "∂J/∂b(2)": ["-1.117073671148"],
    "∂J/∂y(1)": ["0.446829468459", "-0.223414734230", "0.558536835574"],
    "σ'(z(1))": ["0.106600577464", "0.044365389456", "0.091829324028"],
    "∂J/∂w(1)": [
        ["0.085738102859", "-0.161949749844"],
        ["-0.017841387050", "0.033700397761"],
        ["0.092322108099", "-0.174386204188"],
    ],
    "∂J/∂b(1)": ["0.047632279366", "-0.009911881694", "0.051290060055"],
}
"""Computed by hand, by differences in 50 digits, and by a computer algebra system, to twelve decimals."""


@pytest.fixture
def network() -> exercise.Network:
    recorded = exercise.forward(exercise.GIVEN)
    recorded.J.backward()
    return recorded


def cost(parameters: list[Any]) -> Any:
    """J of document 003 in mpmath, from the parameters in one list: w(1), b(1), w(2), b(2)."""
    x1, x2 = map(mpmath.mpf, ("1.8", "-3.4"))
    weights, biases, outer, last = parameters[:6], parameters[6:9], parameters[9:12], parameters[12]

    def sigma(z: Any) -> Any:
        return 1 / (1 + mpmath.exp(-z))

    y1 = [sigma(weights[2 * j] * x1 + weights[2 * j + 1] * x2 + biases[j]) for j in range(3)]
    return (sigma(sum(w * y for w, y in zip(outer, y1)) + last) - 5) ** 2 / 2


def test_the_gradient_of_the_exercise_is_that_of_differences_in_fifty_digits(network: exercise.Network) -> None:
    gradient = np.concatenate([np.ravel(part) for part in network.gradient])
    with mpmath.workdps(50):
        given = [mpmath.mpf(str(number)) for part in exercise.GIVEN for number in np.ravel(part)]
        step = mpmath.mpf(10) ** -15
        for place, derivative in enumerate(gradient):
            plus, minus = list(given), list(given)
            plus[place] += step
            minus[place] -= step
            assert derivative == pytest.approx(float((cost(plus) - cost(minus)) / (2 * step)), rel=RELATIVE)


def test_every_number_of_the_exercise_is_right_to_twelve_decimals(network: exercise.Network) -> None:
    computed = {row.quantity: row.computed for row in exercise.compared(network)}
    digits = {
        f"{quantity}[{','.join(str(i + 1) for i in place)}]" if place else quantity: np.array(numbers)[place]
        for quantity, numbers in EXACT.items()
        for place in np.ndindex(np.shape(numbers))
    }
    assert digits.keys() == computed.keys()
    assert {quantity for quantity, text in digits.items() if verdict(str(text), computed[quantity]) != AGREES} == set()


def test_the_verdicts_of_the_exercise(network: exercise.Network) -> None:
    verdicts = {row.quantity: row.verdict for row in exercise.compared(network)}
    cut_off = {"ŷ", "∂J/∂y(1)[1]", "∂J/∂y(1)[3]", "σ'(z(1))[1]"}
    rounded = {
        "∂J/∂ŷ",
        "∂J/∂w(2)[1,1]",
        "∂J/∂w(2)[1,2]",
        "∂J/∂w(2)[1,3]",
        "∂J/∂b(2)[1]",
        "σ'(z(1))[2]",
    }
    wrong = {f"∂J/∂w(1)[{j},{i}]" for j in (1, 2, 3) for i in (1, 2)} | {f"∂J/∂b(1)[{j}]" for j in (1, 2, 3)}
    expected = dict.fromkeys(verdicts, AGREES)
    expected |= dict.fromkeys(cut_off, CUT_OFF) | dict.fromkeys(rounded, ROUNDING) | dict.fromkeys(wrong, WRONG)
    assert verdicts == expected


def test_the_exercise_explains_its_wrong_numbers_by_computing_them(tmp_path: Path) -> None:
    text = told(exercise.story(), tmp_path)
    assert "(003-1); z(1) ⊙ σ'(z(1)) · xᵀ with its roundings gives (0,378 -0,714) (0,252 -0,476) (0,360 -0,680)" in text
    assert "the printed numbers in 6 of 6 places" in text
    assert (
        "(003-2); z(1) ⊙ σ'(z(1)) with its roundings gives (0,21 0,14 0,20), the printed numbers in 3 of 3 places"
        in text
    )
    assert "4.409, -14.124, 3.899 times the derivative" in text
    assert (
        "(003-4): σ'(z(1)) is off by 1.4 % at most, for y(1) rounded to three digits gives y(1)(1 - y(1)) ="
        " (0,106 0,045 0,092), the printed numbers in 3 of 3 places"
    ) in text
    assert (
        "It passes 9 of the engine's 9 derivatives for the first layer; of the document's 9 it confirms none." in text
    )
    assert "which stays above 8, its value for ŷ = 1" in text
    assert "0.52248, printed as 0,522; of z(2) itself it is 0.52258 (003-3)" in text
    assert "that is 0.107238, and with the same y in both places 0.106359 (003-5)" in text
    assert "(2,) ⊙ (3,), which does not fit; Wᵀ(dY ⊙ g'(z)) has the shape (2,) of x" in text
    assert "without brackets is 1.138; with them it is 0.879 (003-7)" in text


def test_the_wrong_gradient_goes_downhill_too(network: exercise.Network, tmp_path: Path) -> None:
    assert exercise.after_one_step(exercise.printed_gradient()) == pytest.approx(9.580392, abs=5e-7)  # six decimals
    assert exercise.after_one_step(network.gradient) == pytest.approx(9.596201, abs=5e-7)
    text = told(exercise.story(), tmp_path)
    assert "4.56 times as long" in text
    assert "cosine 0.829" in text
    assert "from 10.023660 to 9.580392 with the document's gradient, and to 9.596201 with the right one" in text


def test_errors_are_found_by_comparing_and_not_by_a_list(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(exercise.PRINTED, "∂J/∂w(1)", [["0,086", "-0,162"], ["-0,018", "0,034"], ["0,092", "-0,174"]])
    monkeypatch.setitem(exercise.PRINTED, "J", "11,02")
    text = told(exercise.story(), tmp_path)
    assert "003-1" not in text
    assert "- J, 1 of 1: no explanation is known." in text
    assert "003-2" in text
    assert "of the document's 9 it confirms 6." in text


def test_an_explanation_that_does_not_give_the_printed_numbers_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(exercise.PRINTED, "∂J/∂b(1)", ["0,21", "0,99", "0,20"])
    assert "gives (0,21 0,14 0,20), the printed numbers in 2 of 3 places" in told(exercise.story(), tmp_path)


def test_the_nodes_of_the_exercise_have_the_documents_names(network: exercise.Network) -> None:
    first, second = network.model.layers
    assert [w.label for neuron in first.neurons for w in neuron.w] == [
        "w1_11",
        "w1_12",
        "w1_21",
        "w1_22",
        "w1_31",
        "w1_32",
    ]
    assert [parameter.label for parameter in second.parameters()] == ["w2_1", "w2_2", "w2_3", "b2"]
    assert [z.label for z in network.z1] == ["z1_1", "z1_2", "z1_3"]
