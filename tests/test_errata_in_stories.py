"""What stories find wrong in the documents belongs to an erratum that they claim, and what they claim they tell."""

from __future__ import annotations

import re

import pytest

from autograd.comparison import WRONG
from demos.catalogue import is_of_document, stories
from demos.failure import DataMissing
from tests.stories import Brief, Briefly

BELONGS = {
    "apartment": {"Peso w1": "000-2", "Sesgo b1": "000-2", "Iteración 1,": "000-2", "Iteración": "000-3"},
    "circles": {"σ'(": "001-1"},
    "circles-printed": {"∂C/∂": "001-2"},
    "derivatives": {"cos α": "002-1"},
    "backpropagation": {"input (1), a column": "002-16", "Wih1 ": "002-15"},
    "ice-creams": {"error of 1500 epochs": "002-6"},
    "exercise": {"∂J/∂w(1)": "003-1", "∂J/∂b(1)": "003-2"},
    "hebb": {"y of [0, 0]": "004-1"},
    "backward": {"∂L/∂ŷ": "004-5"},
}
"""To which erratum the wrong numbers of a story belong: by the beginnings of their names, the first that fits."""

each_story = pytest.mark.parametrize("name", [name for name, story in stories().items() if is_of_document(story)])


@pytest.fixture
def brief(name: str, briefly: Briefly) -> Brief:
    try:
        return briefly(name)
    except DataMissing as missing:
        pytest.skip(str(missing))


def wrong(brief: Brief) -> list[str]:
    """The names of what a story finds wrong."""
    rows = [row for table in brief.tables for row in table.rows]
    return [row.quantity for row in rows if row.verdict == WRONG]


def belonging(name: str, quantity: str) -> str:
    """The erratum of a wrong number; '' where it belongs to none."""
    return next((known for begins, known in BELONGS.get(name, {}).items() if quantity.startswith(begins)), "")


@each_story
def test_every_number_that_is_wrong_belongs_to_an_erratum_that_its_story_claims(name: str, brief: Brief) -> None:
    claimed = stories()[name].errata.split()
    assert [quantity for quantity in wrong(brief) if belonging(name, quantity) not in claimed] == []


@pytest.mark.parametrize("name", BELONGS)
def test_no_number_is_said_to_be_wrong_that_is_not(name: str, brief: Brief) -> None:
    assert {belonging(name, quantity) for quantity in wrong(brief)} == set(BELONGS[name].values())


@each_story
def test_every_erratum_that_a_story_claims_is_named_where_it_is_told(name: str, brief: Brief) -> None:
    text = "\n".join(brief.texts)
    assert [erratum for erratum in stories()[name].errata.split() if not re.search(rf"\b{erratum}\b", text)] == []


@each_story
def test_a_story_claims_every_erratum_that_it_names(name: str, brief: Brief) -> None:
    named = set(re.findall(r"\b00[0-4]-\d+\b", "\n".join(brief.texts)))
    assert named <= set(stories()[name].errata.split())
