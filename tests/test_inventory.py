"""The inventory of the documents: what is claimed, what is left out, and that nothing is forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demos.catalogue import stories
from demos.inventory import telling
from demos.inventory.claims import claimed_errata, claimed_items
from demos.inventory.coverage import Covered, covered_errata, covered_items
from demos.inventory.errata import ERRATA
from demos.inventory.items import DOCUMENTS, ITEMS
from demos.inventory.outside import NOT_YET, OUTSIDE
from demos.pieces import Heading, Piece, Table
from demos.story import Story
from tests.stories import told

ORDERED = list(ITEMS)
ITEM, ERRATUM = 54, 51
"""Columns for a title, so that two names of stories fit beside it and its number."""


def claiming(items: str = "", errata: str = "", name: str = "some") -> Story:
    return Story(name, "002", "1", "", items, errata, 0, False, "", lambda *, brief: iter(()))


def by_number(entries: list[Covered]) -> dict[str, Covered]:
    return {entry.number: entry for entry in entries}


def lines_of(pieces: Iterable[Piece]) -> list[Sequence[str]]:
    return [line for piece in pieces if isinstance(piece, Table) for line in piece.lines]


def test_there_are_220_items_and_55_errata_in_order() -> None:
    sizes = {"A": 20, "B": 26, "C": 112, "D": 22, "E": 40}
    assert [f"{letter}{number}" for letter, size in sizes.items() for number in range(1, size + 1)] == ORDERED
    wrong = {"000": 6, "001": 8, "002": 27, "003": 7, "004": 7}
    assert [f"{document}-{number}" for document, size in wrong.items() for number in range(1, size + 1)] == list(ERRATA)
    assert list(DOCUMENTS) == list(sizes)
    assert list(DOCUMENTS.values()) == list(wrong)


def test_every_title_fits_beside_the_names_of_stories_and_no_two_of_a_document_are_the_same() -> None:
    titles = [(number[0], title) for number, title in ITEMS.items()]
    assert [title for title, times in Counter(titles).items() if times > 1 or not title[1]] == []
    assert [title for title in ITEMS.values() if len(title) > ITEM] == []
    assert [wrong.title for wrong in ERRATA.values() if len(wrong.title) > ERRATUM] == []


def test_every_item_has_a_demo_or_a_reason_and_not_both() -> None:
    for entry in covered_items(stories().values()):
        assert not entry.is_missing, f"no demo shows {entry.number} ({ITEMS[entry.number]}), and no reason is stated"
        assert not entry.is_contradiction, f"{entry.shown_by} show {entry.number}, which is outside: {entry.reason}"


def test_every_erratum_is_shown() -> None:
    assert [entry.number for entry in covered_errata(stories().values()) if not entry.shown_by or entry.reason] == []


def test_what_is_outside_or_not_yet_shown_is_in_the_inventory_and_has_a_reason() -> None:
    assert OUTSIDE.keys() | NOT_YET.keys() <= ITEMS.keys()
    assert OUTSIDE.keys() & NOT_YET.keys() == set()
    assert all((*OUTSIDE.values(), *NOT_YET.values()))


def test_stories_that_a_reason_names_are_there() -> None:
    shown = by_number(covered_items(stories().values()))
    assert shown["E1"].shown_by == ("digits",)
    assert shown["E3"].reason == "digits and feedforward show two of them"
    assert {"digits", "feedforward"} <= stories().keys()


@given(st.integers(0, len(ORDERED) - 1), st.integers(0, len(ORDERED) - 1))
def test_a_range_is_every_item_from_its_beginning_to_its_end(one: int, other: int) -> None:
    first, last = sorted((one, other))
    if ORDERED[first][0] == ORDERED[last][0] and first < last:
        assert claimed_items(f"{ORDERED[first]}-{ORDERED[last]}") == ORDERED[first : last + 1]
    assert claimed_items(ORDERED[first]) == [ORDERED[first]]


def test_claims_are_read_in_their_order() -> None:
    assert claimed_items("C98-C100 C106") == ["C98", "C99", "C100", "C106"]
    assert claimed_errata("002-6 002-7 000-1") == ["002-6", "002-7", "000-1"]
    assert claimed_items("") == claimed_errata("") == []


@pytest.mark.parametrize(
    ("claim", "complaint"),
    [
        ("C113", "there is no item 'C113': document 002 has C1 to C112"),
        ("C0", "got 'C0'"),
        ("C07", "got 'C07'"),
        ("F1", "there is no item 'F1': the letters of documents are A, B, C, D, E"),
        ("A19-A21", "there is no item 'A21': document 000 has A1 to A20"),
        ("C100-C98", "'C100-C98' is no range: its end has to come after its beginning"),
        ("C9-C9", "'C9-C9' is no range"),
        ("A20-B2", "'A20-B2' goes from one document to another: claim each by itself"),
        ("A1-3", "items are claimed like 'C98' or 'C98-C100'; got 'A1-3'"),
        ("A1,A2", "got 'A1,A2'"),
        ("A1-A3 A2", "A2 is claimed twice"),
    ],
)
def test_a_claim_of_no_item_is_refused_with_what_is_wrong(claim: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=r"there is no item|is no range|goes from|are claimed like|twice") as caught:
        claimed_items(claim)
    assert complaint in str(caught.value)


@pytest.mark.parametrize("claim", ["002-28", "2-6", "002-6-002-7", "C1"])
def test_a_claim_of_no_erratum_is_refused(claim: str) -> None:
    with pytest.raises(ValueError, match=f"there is no erratum '{claim}'"):
        claimed_errata(claim)


def test_an_erratum_is_claimed_once() -> None:
    with pytest.raises(ValueError, match="002-6 is claimed twice"):
        claimed_errata("002-6 002-6")


@pytest.mark.parametrize("story", [claiming(items="C113"), claiming(errata="002-28")])
def test_a_story_that_claims_what_is_not_there_is_named(story: Story) -> None:
    with pytest.raises(ValueError, match="the story 'some': there is no"):
        covered_items([story])
    with pytest.raises(ValueError, match="the story 'some': there is no"):
        covered_errata([story])


def test_an_item_is_shown_by_all_that_claim_it_or_outside_or_missing_or_in_contradiction() -> None:
    entries = by_number(
        covered_items(
            [claiming("A1-A2", name="x"), claiming("A2 A6", name="y")],
            {"A2": "why", "A3": "so"},
            {"A5": "later", "A6": "later"},
        )
    )
    assert entries["A1"] == Covered("A1", ("x",))
    assert entries["A2"].shown_by == ("x", "y")
    assert [item for item in entries if entries[item].is_contradiction] == ["A2", "A6"]
    assert [item for item in entries if entries[item].is_outside] == ["A2", "A3"]
    assert [item for item in entries if entries[item].is_pending] == ["A5", "A6"]
    assert not any(entries[item].is_missing for item in ("A1", "A2", "A3", "A5", "A6"))
    assert entries["A4"].is_missing


def test_an_erratum_is_shown_by_all_that_claim_it() -> None:
    entries = by_number(covered_errata([claiming(errata="002-6", name="x"), claiming(errata="002-6 002-7", name="y")]))
    assert entries["002-6"].shown_by == ("x", "y")
    assert entries["002-7"].shown_by == ("y",)
    assert entries["000-1"] == Covered("000-1", ())
    assert entries["000-1"].is_missing


def test_the_summary_counts_each_item_once_and_names_what_is_to_come() -> None:
    shown, outside = Covered("A1", ("x", "y")), Covered("A2", (), "why", is_outside=True)
    pending, missing = Covered("A3", (), "later"), Covered("A4", ())
    told = "The five documents hold 4 items: 1 shown by a demo, 1 outside with a reason"
    assert telling.summary([shown, outside, pending, missing]) == f"{told}, 1 not yet shown (A3), 1 missing (A4)."
    assert telling.summary([shown, outside]) == f"{told}.".replace("4 items", "2 items")


@pytest.mark.parametrize(
    ("names", "cell"),
    [
        (["x", "y"], "x, y"),
        (["circles-printed", "circles-right"], "circles-printed, circles-right"),
        (["circles-printed", "circles-right", "training"], "circles-printed and 2 more"),
        (["a" * 20, "b" * 20], "a" * 20 + " and 1 more"),
    ],
)
def test_a_cell_names_as_many_stories_as_there_is_room_for(
    names: list[str], cell: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {name: claiming("A1", "000-5", name) for name in [*names, "audit"]}
    monkeypatch.setattr(telling, "stories", lambda: known)
    cells = {line[0]: line[2] for line in lines_of(telling.story(brief=True))}
    assert cells["000-5"] == cell
    assert cells["A1"].startswith(names[0])
    assert (cells["A2"], cells["C7"]) == ("nothing yet", "history")
    assert len(cell) <= telling.LONGEST


def test_the_audit_is_named_where_no_other_story_shows_an_erratum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "stories", lambda: {"audit": claiming(errata="000-5", name="audit")})
    cells = {line[0]: line[2] for line in lines_of(telling.story(brief=True))}
    assert (cells["000-5"], cells["002-1"]) == ("audit", "nothing yet")


def test_reasons_stand_apart_from_the_names_of_stories(tmp_path: Path) -> None:
    tables: dict[str, set[str]] = {}
    for piece in stories()["coverage"](brief=True):
        if isinstance(piece, Heading):
            title = piece.text
        if isinstance(piece, Table):
            tables.setdefault(title, set()).update(line[0] for line in piece.lines)
    assert tables.pop("Outside, and why") == OUTSIDE.keys()
    assert tables.pop("Not yet shown") == NOT_YET.keys()
    assert all(title.startswith("Document ") for title in tables)
    assert set().union(*tables.values()) == (ITEMS.keys() | ERRATA.keys()) - OUTSIDE.keys() - NOT_YET.keys()


def test_the_table_of_coverage_names_every_item_and_every_erratum(tmp_path: Path) -> None:
    pieces = list(stories()["coverage"](brief=True))
    assert sorted(line[0] for line in lines_of(pieces)) == sorted([*ITEMS, *ERRATA])
    text = told(pieces, tmp_path)
    assert "A12 the gradient as a vector apartment" in text
    assert f"C7 {ITEMS['C7']} history" in text


def test_the_stories_about_all_documents_come_last() -> None:
    assert list(stories())[-2:] == ["audit", "coverage"]
