"""Tables of a page: those of numbers with their verdicts, and all that are long folded behind their first lines.

A long table stands whole in the page, so that its columns keep their widths. Beside it is a `details` element without
an inside; while that is closed, the style sheet leaves out what comes after the first lines, but for what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograd.comparison import AGREES, AMBIGUOUS, CUT_OFF, NOT_FINITE, NOT_PRINTED, NOT_READ, ROUNDING, WRONG
from demos.gallery.accounts import Counts, counted, plural
from demos.gallery.markup import Markup, element, joined, prose
from demos.pieces import WRONG_IN_LISTING, Comparison, Table, lines_of

SIGNS = {
    AGREES: "✓",
    CUT_OFF: "…",
    ROUNDING: "≈",
    WRONG: "✗",
    WRONG_IN_LISTING: "✗",
    AMBIGUOUS: "?",
    NOT_READ: "?",
    NOT_FINITE: "?",
    NOT_PRINTED: "–",
}
"""A verdict is told by a sign and a word; its colour only repeats them."""

CLASSES = {AGREES: "agrees", CUT_OFF: "cut", ROUNDING: "rounding", WRONG: "wrong", WRONG_IN_LISTING: "wrong"}
CLASSES |= dict.fromkeys((AMBIGUOUS, NOT_READ, NOT_FINITE, NOT_PRINTED), "silent")

BRIEFLY = {AGREES: "agree", CUT_OFF: "cut off", ROUNDING: "rounding", WRONG: "wrong"}
"""What is said of several."""

FIRST = 8
"""So many lines are always seen; the style sheet knows it too."""

WORTH = 4
"""No fewer lines are folded."""

WORDS = 40
"""A cell of more letters is broken into lines."""


def verdicts(counts: Counts) -> Markup:
    """How many numbers agree, are cut off, differ by rounding, and are wrong."""
    signs = (
        element("span", f"{SIGNS[verdict]} {number:,} {BRIEFLY[verdict]}", class_=CLASSES[verdict])
        for verdict, number in counts.by_verdict.items()
        if number
    )
    return element("span", joined(signs, " "), class_="verdicts")


def table(piece: Table) -> Markup:
    """Cells in lines under a heading."""
    sides = ["figure" if sign == ">" else None for sign in piece.alignment]
    lines = [element("tr", *_cells("td", line, sides)) for line in piece.lines]
    return _framed(_cells("th", piece.heading, sides), lines, len(lines) - FIRST)


def comparison(piece: Comparison) -> Markup:
    """Printed numbers or shapes beside computed ones; below, outside of what is folded, how many have which verdict."""
    titles, *lines = lines_of(piece)
    heading = _cells("th", titles, (None, "figure", "figure", None))
    folded = sum(CLASSES[line[-1]] != CLASSES[WRONG] for line in lines[FIRST:])
    return _framed(heading, map(_row, lines), folded, verdicts(counted(piece.rows)), "numbers")


def _framed(
    heading: Sequence[Markup], lines: Iterable[Markup], folded: int, caption: str = "", look: str = "table"
) -> Markup:
    whole = element("table", element("thead", element("tr", *heading)), element("tbody", *lines))
    is_long = folded >= WORTH
    more = element("details", element("summary", plural(folded, "more row")), class_="more") if is_long else ""
    below = element("figcaption", caption) if caption else ""
    return element("figure", more, element("div", whole, class_="scroll"), below, class_=look + " long" * is_long)


def _cells(tag: str, texts: Sequence[str], sides: Sequence[str | None]) -> list[Markup]:
    return [element(tag, prose(text), class_=side or _width(text)) for text, side in zip(texts, sides)]


def _width(text: str) -> str | None:
    return "words" if len(text) > WORDS else None


def _row(line: tuple[str, str, str, str]) -> Markup:
    *told, verdict = line
    given = _cells("td", told, (None, "figure", "figure"))
    judged = element("td", f"{SIGNS[verdict]} {verdict}", class_="verdict")
    return element("tr", *given, judged, class_=CLASSES[verdict])
