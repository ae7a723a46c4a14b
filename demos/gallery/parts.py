"""Each piece of a story as HTML.

Pictures are `img` elements, not SVG inside the page: what is in them can't run, ask for anything, or clash with the
page and its names, and the page stays small. Each is a link to its file, where letters can be searched and selected.
An explorer is a page, in a frame that is loaded when it is unfolded, and that may do nothing but run its own script.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import singledispatch
from pathlib import PurePath
from urllib.parse import quote

from autograd.comparison import AGREES, CUT_OFF, NOT_PRINTED, ROUNDING, WRONG, cells
from demos.gallery import formulas
from demos.gallery.accounts import Counts, counted
from demos.gallery.markup import Markup, element, joined
from demos.gallery.sizes import Size, size
from demos.pictures import Saved
from demos.pieces import (
    Animation,
    Chart,
    Diagram,
    Explorer,
    Formula,
    Heading,
    Items,
    Numbers,
    Output,
    Paragraph,
    Piece,
    Reference,
    Shapes,
    Table,
)

SIGNS = {AGREES: "✓", CUT_OFF: "…", ROUNDING: "≈", WRONG: "✗", NOT_PRINTED: "–"}
"""A verdict is told by a sign and a word; its colour only repeats them."""

CLASSES = {AGREES: "agrees", CUT_OFF: "cut", ROUNDING: "rounding", WRONG: "wrong", NOT_PRINTED: "silent"}

BRIEFLY = {AGREES: "agree", CUT_OFF: "cut off", ROUNDING: "rounding", WRONG: "wrong"}
"""What is said of several."""

WIDE = 900
"""A picture of more pixels than this is not shrunk to the width of a phone: it is moved in its box."""

STILL = "(prefers-reduced-motion: reduce)"
"""Says of a reader that what moves is to stand still."""

PICTURES = "pictures"
"""The folder beside the pages."""


def part(piece: Piece, saved: Saved) -> Markup:
    """The piece as HTML; of a picture it has to be known where it was saved."""
    return _part(piece, saved)


def referring(piece: Reference, pages: Mapping[str, str]) -> Markup:
    """The words, with the names of stories as links where there is a page: `pages` are files by name."""
    names = [element("a", name, href=pages[name]) if name in pages else name for name in piece.names]
    return element("p", piece.text, *([". See ", joined(names, ", "), "."] if names else []))


def address(path: PurePath) -> str:
    """A saved picture, from a page."""
    return f"{PICTURES}/{quote(path.name)}"


def verdicts(counts: Counts) -> Markup:
    """How many numbers agree, are cut off, differ by rounding, and are wrong."""
    signs = (
        element("span", f"{SIGNS[verdict]} {number:,} {BRIEFLY[verdict]}", class_=CLASSES[verdict])
        for verdict, number in counts.by_verdict.items()
        if number
    )
    return element("span", joined(signs, " "), class_="verdicts")


@singledispatch
def _part(piece: object, saved: Saved) -> Markup:
    raise TypeError(f"a piece of a story is shown (see demos.pieces); got {piece!r}")


@_part.register
def _(piece: Heading, _: Saved) -> Markup:
    return element("h2", piece.text)


@_part.register
def _(piece: Paragraph, _: Saved) -> Markup:
    return element("p", piece.text)


@_part.register
def _(piece: Reference, _: Saved) -> Markup:
    return referring(piece, {})


@_part.register
def _(piece: Items, _: Saved) -> Markup:
    return element("ul", *(element("li", text) for text in piece.texts), class_="items")


@_part.register
def _(piece: Output, _: Saved) -> Markup:
    return element("pre", piece.text)


@_part.register
def _(piece: Table, _: Saved) -> Markup:
    sides = ["figure" if sign == ">" else None for sign in piece.alignment]
    lines = (element("tr", *_cells("td", line, sides)) for line in piece.lines)
    return _table(element("tr", *_cells("th", piece.heading, sides)), lines)


@_part.register
def _(piece: Numbers, _: Saved) -> Markup:
    return _compared(piece, map(cells, piece.rows))


@_part.register
def _(piece: Shapes, _: Saved) -> Markup:
    return _compared(piece, piece.rows)


@_part.register
def _(piece: Formula, _: Saved) -> Markup:
    typeset = formulas.mathml(piece.latex, piece.text)
    if typeset is not None:
        return element("div", typeset, class_="formula scroll")
    remark = "" if formulas.has_library() else element("p", formulas.NO_LIBRARY, class_="remark")
    return joined([element("pre", piece.text, class_="formula"), remark])


@_part.register(Diagram)
@_part.register(Chart)
@_part.register(Animation)
def _(piece: Diagram | Chart | Animation, saved: Saved) -> Markup:
    if saved.path is None:
        return element("p", f"{piece.what}: {saved.remark}", class_="remark")
    file = address(saved.path)
    if saved.path.suffix == ".dot":
        return element("p", f"{piece.what}: ", element("a", saved.remark, href=file), class_="remark")
    shown = _image(file, piece.what, size(saved.path))
    if saved.still is not None:
        shown = element("picture", element("source", srcset=address(saved.still), media=STILL), shown)
    image = element("a", shown, href=file)
    return element(
        "figure", element("div", image, class_="scroll"), element("figcaption", piece.what), class_="picture"
    )


@_part.register
def _(piece: Explorer, saved: Saved) -> Markup:
    if saved.path is None:
        return element("p", f"{piece.what}: {saved.remark}", class_="remark")
    file = address(saved.path)
    frame = element("iframe", src=file, title=piece.what, loading="lazy", sandbox="allow-scripts")
    alone = element("a", "open it alone", href=file, class_="button")
    label = joined([element("b", "Explore"), " ", piece.what])
    return element("div", element("details", element("summary", label), frame), alone, class_="explorer")


def _image(file: str, what: str, known: Size | None) -> Markup:
    width, height = known or (None, None)
    wide = "wide" if known and known.width > WIDE else None
    return element("img", src=file, alt=what, width=width, height=height, class_=wide, loading="lazy")


def _table(heading: str, lines: Iterable[str]) -> Markup:
    table = element("table", element("thead", heading), element("tbody", joined(lines)))
    return element("div", table, class_="scroll")


def _cells(tag: str, texts: Sequence[str], sides: Sequence[str | None]) -> list[Markup]:
    return [element(tag, text, class_=side) for text, side in zip(texts, sides)]


def _compared(piece: Numbers | Shapes, lines: Iterable[tuple[str, str, str, str]]) -> Markup:
    titles = ("quantity", piece.kind.value, piece.computed, "verdict")
    table = _table(element("tr", *_cells("th", titles, (None, "figure", "figure", None))), map(_row, lines))
    return element("figure", table, element("figcaption", verdicts(counted(piece.rows))), class_="numbers")


def _row(line: tuple[str, str, str, str]) -> Markup:
    quantity, printed, computed, verdict = line
    told = element("td", f"{SIGNS[verdict]} {verdict}", class_="verdict")
    figures = _cells("td", (printed, computed), ("figure", "figure"))
    return element("tr", element("td", quantity), *figures, told, class_=CLASSES[verdict])
