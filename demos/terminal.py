"""A story as text: its pieces for a terminal of 100 columns, with the places of the pictures that were saved."""

from __future__ import annotations

from functools import singledispatch
from pathlib import Path

from autograd.comparison import table
from demos.layout import columns, item, paragraph, quotation
from demos.pictures import saved
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
    Table,
)


def told(piece: Piece, folder: Path) -> str:
    """The piece as text; a picture is saved in the folder, and the text says what it shows and where it is."""
    return _told(piece, folder)


@singledispatch
def _told(piece: object, folder: Path) -> str:
    raise TypeError(f"a piece of a story is told (see demos.pieces); got {piece!r}")


@_told.register
def _(piece: Heading, _: Path) -> str:
    return f"{piece.text}\n{'-' * len(piece.text)}"


@_told.register
def _(piece: Paragraph, _: Path) -> str:
    return paragraph(piece.text)


@_told.register
def _(piece: Items, _: Path) -> str:
    return "\n".join(map(item, piece.texts))


@_told.register
def _(piece: Output, _: Path) -> str:
    return piece.text


@_told.register
def _(piece: Table, _: Path) -> str:
    return columns([piece.heading, *piece.lines], piece.alignment)


@_told.register
def _(piece: Numbers, _: Path) -> str:
    return table(piece.rows, piece.printed, piece.computed)


@_told.register
def _(piece: Formula, _: Path) -> str:
    return quotation(piece.text)


@_told.register(Diagram)
@_told.register(Chart)
@_told.register(Animation)
@_told.register(Explorer)
def _(piece: Diagram | Chart | Animation | Explorer, folder: Path) -> str:
    path, remark = saved(piece, folder)
    where = f"{path} ({remark})" if path and remark else str(path or remark)
    return item(f"{piece.what}: {where}")
