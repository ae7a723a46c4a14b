"""Document 002, section 4.1: the listing, the engine, the typed constant, and the best line."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from autograd.comparison import AGREES
from demos.document_002 import ice_creams, regression_listing
from demos.document_002.regression_listing import Run, plain_product
from demos.pieces import Chart, Kind, Numbers, Piece
from tests.stories import words

# part H of the inventory: the regression
RELATIVE = 1e-12

LISTING = """
import numpy as np
x=np.array([[25],[26],[27],[28],[29],[29.5],[30.5],[31],[32],[33.5],[34],[36.5],[37],[37.5],[39],[40]])
y=np.array([[10],[18],[12],[20],[18],[20],[22],[30],[32],[30],[35],[36],[40],[38],[37],[41]])
x=x/10
y=y/10
bias=np.ones(len(x))
x=np.insert(x,0,bias,axis=1)
lr=0.01
weights=random((2,1))*3
for e in range(epoch):
    output=np.dot(x,weights)
    error=np.sum((output-y)**2)
    update= np.dot((output-y).T,x)
    weights -= lr*update.T
    print(error)
"""
"""The document's program, letter by letter but for what it draws; its generator is handed in."""


@pytest.fixture(scope="module")
def listing() -> Run:
    return regression_listing.descend()


@pytest.fixture(scope="module")
def engine() -> Run:
    return ice_creams.descent()


@pytest.fixture(scope="module")
def pieces() -> list[Piece]:
    return list(ice_creams.story(brief=True))


def test_the_listing_is_the_documents_program(listing: Run) -> None:
    printed: list[float] = []
    random = np.random.RandomState(714).random_sample
    exec(LISTING, {"random": random, "epoch": 1500, "print": lambda error: printed.append(float(error))})
    assert listing.errors == printed


def test_the_listing_prints_the_number_of_the_inventory(listing: Run) -> None:
    assert listing.errors[-1] == pytest.approx(1.554692312261467, rel=RELATIVE)
    assert listing.weights == pytest.approx([-3.77822706449, 2.02464619810], rel=1e-11)  # printed to 12 digits
    assert len(listing.errors) == len(listing.steps) == 1500


def test_the_engine_has_every_error_and_every_weight_of_the_listing(listing: Run, engine: Run) -> None:
    np.testing.assert_allclose(engine.errors, listing.errors, rtol=RELATIVE)
    np.testing.assert_allclose(engine.steps, listing.steps, rtol=RELATIVE)
    np.testing.assert_allclose(engine.weights, listing.weights, rtol=RELATIVE)


def test_the_typed_constant_is_that_of_another_run_bit_for_bit() -> None:
    plain = regression_listing.descend(1, 5000, product=plain_product)
    assert repr(plain.errors[-1]) == ice_creams.CONSTANT
    assert ice_creams.descent(1, 5000).errors[-1] == pytest.approx(float(ice_creams.CONSTANT), rel=RELATIVE)
    assert ice_creams.updates_until(float(ice_creams.CONSTANT), 1) == pytest.approx(4998.999, abs=0.05)
    assert ice_creams.updates_until(float(ice_creams.CONSTANT), 3) % 1 == pytest.approx(0.5, abs=0.1)


def test_the_formula_of_the_descent_counts_the_updates_of_a_run(listing: Run) -> None:
    # the steep direction has to be over
    for place in (400, 1000, 1499):
        assert ice_creams.updates_until(listing.errors[place], 3) == pytest.approx(place, abs=1e-6)


def test_a_plain_product_is_that_of_matrices() -> None:
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(4, 5)), rng.normal(size=(5, 3))
    np.testing.assert_allclose(plain_product(a, b), a @ b, rtol=1e-13)
    assert plain_product(np.array([[1e16, 1.0, -1e16]]), np.ones((3, 1))).item() == 0.0  # from left to right


def test_the_best_line_is_that_of_the_inventory_and_has_no_gradient() -> None:
    best = ice_creams.best_line()
    assert best == (Fraction(-277487, 72210), Fraction(14762, 7221), Fraction(93473, 60175))
    model = ice_creams.recorded(np.array([best.bias, best.slope], float))
    model.error.backward()
    assert [weight.grad for weight in model.weights] == pytest.approx([0, 0], abs=1e-12)
    assert model.error.data == pytest.approx(float(best.error), rel=RELATIVE)


def test_half_the_gradient_is_stable_and_the_whole_one_is_not() -> None:
    _, most = ice_creams.curvatures()[0]
    assert 0.01 * most / 2 == pytest.approx(1.8518, abs=5e-5)
    assert 0.01 * most == pytest.approx(3.7036, abs=5e-5)
    whole = ice_creams.descent(epochs=4, rate=0.01)
    assert whole.errors == pytest.approx(regression_listing.descend(epochs=4, factor=2).errors, rel=RELATIVE)
    assert [f"{error:.4g}" for error in whole.errors[:3]] == ["74.24", "477.8", "3428"]


def test_every_compared_number_agrees(listing: Run, engine: Run) -> None:
    rows = ice_creams.compared(listing, engine)
    assert len(rows) == 61
    rows += ice_creams.compared_weights(listing, engine)
    assert {row.verdict for row in rows} == {AGREES}


def test_the_story_shows_both_numbers_and_says_why(pieces: list[Piece], listing: Run, tmp_path: Path) -> None:
    text = words(pieces, tmp_path)
    assert f"The listing prints {listing.errors[-1]!r} at its end" in text
    assert "to be 1.339591e-03 off is no rounding, but another run" in text
    assert "updates 4999.0 5026.8 5052.5" in text
    assert "prints 1.5533527212309681, the document's number bit for bit" in text
    assert "14762/7221 -277487/72210 93473/60175" in text
    assert "The error is within 8.6e-04 of the least" in text
    assert "Half a gradient has 1.8518, the whole one 3.7036, and with it the errors are 74.242, 477.76, 3427.9" in text
    assert "where the error is 1.55468448822; what is printed last, 1.55469231226, is the error before it" in text


def test_what_is_said_of_the_constant_is_computed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(ice_creams, "CONSTANT", "1.6533527212309681")
    text = words(ice_creams.story(brief=True), tmp_path)
    assert "bit for bit" not in text
    assert "the document's number but for 1.0e-01" in text
    assert "updates 4999.0" not in text


def test_a_wrong_derivative_would_be_seen(monkeypatch: pytest.MonkeyPatch, engine: Run) -> None:
    wrong = regression_listing.descend(factor=1.01)
    verdicts = [row.verdict for row in ice_creams.compared(wrong, engine)]
    assert verdicts.count(AGREES) == 1  # what was before the first update


def test_what_the_listing_does_with_libraries_of_today_is_tried() -> None:
    assert ice_creams._ending(lambda: 1) == "works"
    assert ice_creams._ending(lambda: len(1)).startswith("TypeError, ")  # type: ignore[arg-type]


def test_the_charts_show_what_was_computed(pieces: list[Piece], engine: Run) -> None:
    pytest.importorskip("matplotlib")
    charts = [piece for piece in pieces if isinstance(piece, Chart)]
    assert [chart.name for chart in charts] == [
        f"ice-creams-{name}" for name in ("points", "line", "surface", "valley", "errors")
    ]
    figures = {chart.name: chart.draw() for chart in charts}
    (axes,) = figures["ice-creams-errors"].axes
    assert axes.lines[0].get_ydata() == pytest.approx(engine.errors, rel=RELATIVE)
    line = figures["ice-creams-line"].axes[0].lines[0]
    bias, slope = engine.weights
    assert line.get_ydata() == pytest.approx(bias + slope * line.get_xdata(), rel=RELATIVE)
    assert figures["ice-creams-line"].axes[0].get_xlim() == (2.0, 4.5)
    for name in ("surface", "valley"):
        axes = figures[f"ice-creams-{name}"].axes[0]
        assert axes.get_xlabel() == "bias b"
        assert axes.get_xlim() == pytest.approx((-5, 3), abs=0.6)  # a surface has some room


def test_what_is_printed_stands_apart_from_what_is_not(pieces: list[Piece]) -> None:
    tables = [piece for piece in pieces if isinstance(piece, Numbers)]
    assert [(piece.kind, len(piece.rows)) for piece in tables] == [
        (Kind.LISTED, 61),
        (Kind.EVALUATED, 6),
        (Kind.PRINTED, 1),
    ]
