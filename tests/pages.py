"""Pages of the gallery, read back for tests with the parser of the standard library."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

VOID = {"br", "hr", "img", "link", "meta", "source"}
ADDRESSES = ("src", "href", "srcset", "action", "data", "poster", "background", "xlink:href")


class Element(NamedTuple):
    tag: str
    attributes: dict[str, str | None]


class Page(HTMLParser):
    """The elements of a page in their order, its texts, and what is wrong with its nesting."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.source = text
        self.elements: list[Element] = []
        self.texts: list[str] = []
        self.style = ""
        self.faults: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.faults += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["style"]:
            self.style += data
        else:
            self.texts.append(data)

    @property
    def text(self) -> str:
        """All that is to be read, in one line."""
        return " ".join(" ".join(self.texts).split())

    @property
    def tags(self) -> set[str]:
        return {element.tag for element in self.elements}

    @property
    def addresses(self) -> list[str]:
        """What the page names: pictures, explorers, other pages, and places in itself."""
        return [
            str(value) for element in self.elements for name, value in element.attributes.items() if name in ADDRESSES
        ]

    def all(self, tag: str, **attributes: str) -> list[Element]:
        return [
            element
            for element in self.elements
            if element.tag == tag
            and attributes.items() <= {k.rstrip("_"): v for k, v in element.attributes.items()}.items()
        ]


def read(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def target(page: Path, address: str) -> Path:
    """The file that an address in a page means."""
    return page.parent / unquote(address.partition("#")[0]) if not address.startswith("#") else page
