"""Document 002, section 3.5: temperature, thirst and water."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograd import check_gradients
from autograd.comparison import AGREES, WRONG
from demos.document_002 import chain_rule
from demos.pieces import Numbers
from tests.pictures import needs_engine
from tests.stories import Briefly


def test_the_result_of_the_document_agrees_and_its_given_rates_are_no_results() -> None:
    (row,) = chain_rule.compared(chain_rule.day())
    assert row[1:] == ("1", 1.0, AGREES)


def test_another_rate_is_found_in_what_comes_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain_rule, "WATER_BY_THIRST", 4.0)
    rows = [row for piece in chain_rule.story(brief=True) if isinstance(piece, Numbers) for row in piece.rows]
    assert [row.verdict for row in rows] == [WRONG]


@pytest.mark.parametrize("degrees", [-5.0, 20.0, 24.0, 31.0])
def test_curves_have_the_rates_of_their_place(degrees: float) -> None:
    today = chain_rule.curved_day(degrees)
    assert check_gradients(today.water, [today.temperature]).passed


@needs_engine
def test_the_story_explains_both_chains(gallery: Path, briefly: Briefly) -> None:
    text = briefly("chain-rule").text
    assert (
        "∂water/∂temperature = ∂water/∂thirst · ∂thirst/∂temperature the chain rule = 2 · 0.5 the numbers = 1" in text
    )
    assert "∂MSE/∂w1 = ∂MSE/∂ŷ · ∂ŷ/∂Z · ∂Z/∂w1 the chain rule = 2(ŷ − y) · ŷ(1 − ŷ) · x1" in text
    assert "the loss depends on w1 all the same" in text
    for name in ("figure-29.svg", "water.svg", "passes.svg", "figure-30.svg", "explorer.html"):
        assert (gallery / "pictures" / f"chain-rule-{name}").exists()
