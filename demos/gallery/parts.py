"""Each piece of a story as HTML.

Pictures are `img` elements, not SVG inside the page: what is in them can't run, ask for anything, or clash with the
page and its names, and the page stays small. Each is a link to its file, where letters can be searched and selected.
An explorer is a page, in a frame that is loaded when it is unfolded, and that may do nothing but run its own script.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch
from pathlib import PurePath
from urllib.parse import quote

from demos.gallery import formulas, tables
from demos.gallery.markup import Markup, element, joined, prose
from demos.gallery.sizes import Size, size
from demos.pictures import Saved
from demos.pieces import (
    Animation,
    Chart,
    Comparison,
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


@singledispatch
def _part(piece: object, saved: Saved) -> Markup:
    raise TypeError(f"a piece of a story is shown (see demos.pieces); got {piece!r}")


@_part.register
def _(piece: Heading, _: Saved) -> Markup:
    return element("h2", prose(piece.text))


@_part.register
def _(piece: Paragraph, _: Saved) -> Markup:
    return element("p", prose(piece.text))


@_part.register
def _(piece: Reference, _: Saved) -> Markup:
    return referring(piece, {})


@_part.register
def _(piece: Items, _: Saved) -> Markup:
    return element("ul", *(element("li", prose(text)) for text in piece.texts), class_="items")


@_part.register
def _(piece: Output, _: Saved) -> Markup:
    return element("pre", piece.text)


@_part.register
def _(piece: Table, _: Saved) -> Markup:
    return tables.table(piece)


@_part.register(Numbers)
@_part.register(Shapes)
def _(piece: Comparison, _: Saved) -> Markup:
    return tables.comparison(piece)


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
