"""Free text made printable: what no XML file can hold is U+FFFD, a line break is a line break, and a label is short."""

from __future__ import annotations

import unicodedata

from autograd.notation.screens import shortened

LONGEST_LINE, MOST_LINES = 48, 8
"""A label shows so many columns of a line, and so many lines."""


def printable_lines(label: str) -> list[str]:
    """A label in lines; none for a label that shows nothing."""
    lines = label.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").split("\n")
    shown = [line if line.isprintable() else "".join(map(_visible, line)) for line in lines]
    return shown if any(line.strip() for line in shown) else []


def legible(label: str) -> str:
    """A label as there is room for it: long lines have their middle left out, and many lines their end."""
    lines = printable_lines(label)
    kept = lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], "…"]
    short = [_short(line) for line in kept]
    return label if short == lines else "\n".join(short)


def fitted(label: str) -> tuple[str, str]:
    """A label as there is room for it, and the whole label where that is another, for a tooltip; else nothing."""
    short = legible(label)
    return short, label if short != label else ""


def _short(line: str) -> str:
    most = 2 * LONGEST_LINE  # characters at each end: thousands of accents take no column at all
    ends = line if len(line) <= 2 * most else f"{line[:most]}…{line[-most:]}"
    return shortened(ends, LONGEST_LINE)


def _visible(character: str) -> str:
    """The character, or U+FFFD for control characters, surrogates and non-characters."""
    forbidden = unicodedata.category(character) in ("Cc", "Cs") or ord(character) & 0xFFFE == 0xFFFE
    return "\ufffd" if forbidden else character
