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
"""It shows nearly all errata, and is named where no other story does."""


@demo("coverage", EVERY_DOCUMENT, "1", "which demo shows which part of them")
def story(*, brief: bool) -> Iterator[Piece]:
    """A summary, and a table of the items and of the errata of each document."""
    items, errata = covered_items(stories().values()), covered_errata(stories().values())
    yield Paragraph(summary(items))
    yield Paragraph("The audit shows every erratum that can be computed; the tables name it where no other demo does.")
    for letter, document in DOCUMENTS.items():
        own = [entry for entry in items if entry.number[0] == letter]
        wrong = [entry for entry in errata if entry.number.startswith(document)]
        yield Heading(f"Document {document}")
        yield Table(("item", "what", "shown by, or why not"), [_item(entry) for entry in own], "<<<")
        yield Table(("erratum", "what", "shown by, or why not"), [_erratum(entry) for entry in wrong], "<<<")


def summary(items: Sequence[Covered]) -> str:
    """How many items are shown, left out with a reason, and missing; the missing ones by name."""
    missing = [entry.number for entry in items if entry.is_missing]
    shown = sum(bool(entry.shown_by) for entry in items)
    outside = sum(bool(entry.reason) for entry in items)
    told = (
        f"The five documents hold {len(items)} items: {shown} are shown by a demo, {outside} have a reason why none"
        f" shows them, {len(missing) or 'none'} {'is' if len(missing) == 1 else 'are'} missing."
    )
    return f"{told} Missing: {', '.join(missing)}." if missing else told


def _item(entry: Covered) -> tuple[str, str, str]:
    return entry.number, ITEMS[entry.number], _where(entry.shown_by, entry.reason)


def _erratum(entry: Covered) -> tuple[str, str, str]:
    others = tuple(name for name in entry.shown_by if name != AUDIT)
    return entry.number, ERRATA[entry.number].title, _where(others or entry.shown_by, entry.reason)


def _where(names: Sequence[str], reason: str) -> str:
    """The stories, as many as there is room for; or the reason."""
    told = (_counted(names, count) for count in range(len(names), 0, -1))
    return next((text for text in told if len(text) <= LONGEST), "") or reason or MISSING


def _counted(names: Sequence[str], count: int) -> str:
    more = len(names) - count
    return f"{', '.join(names[:count])} and {more} more" if more else ", ".join(names)
