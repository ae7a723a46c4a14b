"""The table of coverage: for each item of the documents the stories that show it, or the reason why none does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from demos.catalogue import stories
from demos.inventory.coverage import Covered, covered_errata, covered_items
from demos.inventory.errata import ERRATA
from demos.inventory.items import DOCUMENTS, ITEMS
from demos.pieces import Heading, Paragraph, Piece, Table
from demos.story import EVERY_DOCUMENT, demo

MISSING = "nothing yet"

LONGEST = 36
"""Columns for the names of stories, which stand beside the titles."""

AUDIT = "audit"
"""The story that computes all errata; it is named where no other tells of one."""


@demo("coverage", EVERY_DOCUMENT, "1", "which demo shows which part of the documents")
def story(*, brief: bool) -> Iterator[Piece]:
    """A summary, what no demo shows, and a table of the shown items and of the errata of each document."""
    items, errata = covered_items(stories().values()), covered_errata(stories().values())
    yield Paragraph(summary(items))
    letters = ", ".join(f"{letter} is document {document}" for letter, document in DOCUMENTS.items())
    yield Paragraph(f"Items are numbered as they come in the documents: {letters}.")
    yield Paragraph(
        "The story 'audit' computes every erratum, as far as it can be computed; here are the stories that tell why it"
        " is one."
    )
    yield from _not_shown("Outside, and why", [entry for entry in items if entry.is_outside])
    yield from _not_shown("Not yet shown", [entry for entry in items if entry.is_pending])
    yield from _not_shown("Missing", [entry for entry in items if entry.is_missing])
    for letter, document in DOCUMENTS.items():
        shown = [entry for entry in items if entry.number[0] == letter and entry.shown_by]
        wrong = [entry for entry in errata if entry.number.startswith(document)]
        yield Heading(f"Document {document}")
        yield Table(("item", "what", "shown by"), [_item(entry) for entry in shown], "<<<")
        yield Table(("erratum", "what", "shown by"), [_erratum(entry) for entry in wrong], "<<<")


def summary(items: Sequence[Covered]) -> str:
    """How many items are shown, outside with a reason, not yet shown, and missing; the last two by name."""
    shown, outside = sum(bool(entry.shown_by) for entry in items), sum(entry.is_outside for entry in items)
    told = f"The five documents hold {len(items)} items: {shown} shown by a demo, {outside} outside with a reason"
    for word, numbers in (
        ("not yet shown", [entry.number for entry in items if entry.is_pending]),
        ("missing", [entry.number for entry in items if entry.is_missing]),
    ):
        told += f", {len(numbers)} {word} ({', '.join(numbers)})" if numbers else ""
    return f"{told}."


def _not_shown(title: str, entries: Sequence[Covered]) -> Iterator[Piece]:
    """The items that no demo shows, with what is said of that; nothing where there are none."""
    if entries:
        yield Heading(title)
        lines = [(entry.number, ITEMS[entry.number], entry.reason or MISSING) for entry in entries]
        yield Table(("item", "what", "reason"), lines, "<<<")


def _item(entry: Covered) -> tuple[str, str, str]:
    return entry.number, ITEMS[entry.number], _where(entry.shown_by)


def _erratum(entry: Covered) -> tuple[str, str, str]:
    others = tuple(name for name in entry.shown_by if name != AUDIT)
    return entry.number, ERRATA[entry.number].title, _where(others or entry.shown_by)


def _where(names: Sequence[str]) -> str:
    """The stories, as many as there is room for."""
    told = (_counted(names, count) for count in range(len(names), 0, -1))
    return next((text for text in told if len(text) <= LONGEST), MISSING)


def _counted(names: Sequence[str], count: int) -> str:
    more = len(names) - count
    return f"{', '.join(names[:count])} and {more} more" if more else ", ".join(names)
