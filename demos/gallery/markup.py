"""HTML, made of elements. Law: what is not Markup is text, and is escaped; nothing else makes Markup of a text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

VOID = frozenset({"hr", "img", "meta", "source"})
"""Elements that have no inside."""

LOST = "\ufffd"
"""Stands where a page can hold no such character."""

_CODE = re.compile("`([^`]+)`")

_BEFORE_UNIT = re.compile(r"(?<=\d) (?=%|(?:cm|m|s|degrees)\b)")

_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


class Markup(str):
    """HTML, to be used as it is."""

    __slots__ = ()


def escaped(text: str) -> Markup:
    """The text as HTML that shows it; Markup stays what it is. A control character is shown as a question mark."""
    if isinstance(text, Markup):
        return text
    return Markup(html.escape(_NO_TEXT.sub(LOST, text.replace("\r\n", "\n").replace("\r", "\n"))))


def joined(parts: Iterable[str], between: str = "") -> Markup:
    """The parts one after the other."""
    return Markup(escaped(between).join(map(escaped, parts)))


def prose(text: str) -> Markup:
    """Words, in which what stands between two ` is code, and no line breaks between a number and its unit."""
    parts = enumerate(_CODE.split(text))
    return joined(element("code", part) if place % 2 else _BEFORE_UNIT.sub("\u00a0", part) for place, part in parts)


def element(tag: str, *inside: str, **attributes: str | int | None) -> Markup:
    """An element. Attributes are named with _ where HTML has -, `class_` is class, and one that is None is left out."""
    given = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escaped(str(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{tag}{given}>" if tag in VOID else f"<{tag}{given}>{joined(inside)}</{tag}>")
