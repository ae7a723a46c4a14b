"""Text for a terminal of 100 columns: paragraphs, columns, and printing that survives any encoding."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from textwrap import fill
from typing import TextIO

from autograd.notation.screens import table

WIDTH = 98

SPELLING = str.maketrans("ŷ∂σηαδ∇⊙·−⎡⎢⎣⎤⎥⎦ᵀ", "YdsnadDo*-[[[]]]'")
"""One character for one, so that columns stay aligned where the output lacks these letters; ŷ is not to become y."""

_OPERATOR = re.compile(r" ([-+=·⊙]) ")


def paragraph(text: str) -> str:
    """The text in lines, which do not break beside an operator: a formula stays in one piece."""
    return _filled(text, "", "")


def item(text: str) -> str:
    """The text as an item of a list, in lines."""
    return _filled(text, "- ", "  ")


def quotation(text: str) -> str:
    """A formula in lines, which stand apart from what is said about it."""
    return _filled(text, "  ", "    ")


def columns(lines: Sequence[Sequence[str]], alignment: str) -> str:
    """Lines of cells as text in columns, each aligned to the left ('<') or to the right ('>')."""
    return "\n".join(table(lines, alignment=alignment))


def percent(share: float, form: str = ".0%") -> str:
    """A share as '12 %'; `form` is that of Python, as in '+.1%'."""
    return f"{share:{form}}".replace("%", " %")


def multiples(numbers: Iterable[float]) -> str:
    """Numbers as '4, 3.5', or once, as '4', where all of them are told alike."""
    told = [f"{number:.6g}" for number in numbers]
    return ", ".join(told[:1] if len(set(told)) == 1 else told)


def show(text: str, stream: TextIO | None = None) -> None:
    """Prints a text, spelled with other letters where the stream's encoding lacks its own: it never fails on ŷ."""
    stream = stream or sys.stdout
    print("".join(_encodable(text, stream.encoding or "utf-8")), file=stream, flush=True)


def _filled(text: str, first: str, later: str) -> str:
    bound = _OPERATOR.sub("\u00a0\\1\u00a0", text)
    lines = fill(
        bound, WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False, break_long_words=False
    )
    return lines.replace("\u00a0", " ")


def _encodable(text: str, encoding: str) -> Iterator[str]:
    for character in text:
        try:
            character.encode(encoding)
            yield character
        except UnicodeEncodeError:
            spelled = character.translate(SPELLING)
            # the letter without its accent or its height: ó, ²
            yield unicodedata.normalize("NFKD", spelled)[0].encode(encoding, "replace").decode(encoding)
