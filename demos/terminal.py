"""A story as text: its pieces for a terminal of 100 columns, with the places of the pictures."""

from __future__ import annotations

from functools import singledispatch

from demos.layout import columns, item, paragraph, quotation
from demos.pictures import NOWHERE, Saved
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
    Picture,
    Piece,
    Reference,
    Shapes,
    Table,
    lines_of,
)


def told(piece: Piece, saved: Saved = NOWHERE) -> str:
    """The piece as text; that of a picture says what it shows and where it was saved."""
    return _told(piece, saved)


@singledispatch
def _told(piece: object, saved: Saved) -> str:
    raise TypeError(f"a piece of a story is told (see demos.pieces); got {piece!r}")


@_told.register
def _(piece: Heading, _: Saved) -> str:
    return f"{piece.text}\n{'-' * len(piece.text)}"


@_told.register
def _(piece: Paragraph, _: Saved) -> str:
    return paragraph(piece.text)


@_told.register
def _(piece: Reference, _: Saved) -> str:
    return paragraph(f"{piece.text}. See {', '.join(piece.names)}." if piece.names else piece.text)


@_told.register
def _(piece: Items, _: Saved) -> str:
    return "\n".join(map(item, piece.texts))


@_told.register
def _(piece: Output, _: Saved) -> str:
    return piece.text


@_told.register
def _(piece: Table, _: Saved) -> str:
    return columns([piece.heading, *piece.lines], piece.alignment)


@_told.register(Numbers)
@_told.register(Shapes)
def _(piece: Comparison, _: Saved) -> str:
    return columns(lines_of(piece), "<>><")


@_told.register
def _(piece: Formula, _: Saved) -> str:
    return quotation(piece.text)


@_told.register(Diagram)
@_told.register(Chart)
@_told.register(Animation)
@_told.register(Explorer)
def _(piece: Picture, saved: Saved) -> str:
    path, remark, _ = saved
    where = f"{path} ({remark})" if path and remark else str(path or remark)
    return item(f"{piece.what}: {where}")
