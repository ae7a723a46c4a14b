"""A demo: a story about a section of a document, and what is known of it before it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from demos.pieces import Piece

EVERY_DOCUMENT = "000-004"
"""The document of a story about all of them."""


class Story(NamedTuple):
    """One demo. Calling it tells it, piece by piece."""

    name: str
    """On the command line, and in the names of its files."""

    document: str
    """Three digits, or EVERY_DOCUMENT."""

    section: str
    """A section of the document, or the first of several: '3.5'."""

    title: str
    """What it is about, in a few words."""

    items: str
    """What it shows of the inventory: 'C98-C100 C106' (see `demos.inventory`)."""

    errata: str
    """Which errata it shows: '002-6 002-7'."""

    order: int
    """Its place among the stories of one section."""

    has_data: bool
    """Whether it takes the option `data`, a folder of files."""

    cover: str
    """The name of its picture that stands for it on the front page; empty where any will do."""

    tell: Callable[..., Iterator[Piece]]

    def __call__(self, *, brief: bool = False, **options: Any) -> Iterator[Piece]:
        """The pieces, one at a time; a brief story has fewer epochs and examples, and the same pieces."""
        return self.tell(brief=brief, **options)


def demo(
    name: str,
    document: str,
    section: str,
    title: str,
    *,
    items: str = "",
    errata: str = "",
    order: int = 0,
    has_data: bool = False,
    cover: str = "",
) -> Callable[[Callable[..., Iterator[Piece]]], Story]:
    """Makes a Story of the function that tells it. In its module it is called `story`, which is how it is found."""
    return lambda tell: Story(name, document, section, title, items, errata, order, has_data, cover, tell)
