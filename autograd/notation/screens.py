"""Text that fits a screen of 100 columns: tables, and names that are as long as there is room for them."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

from autograd import primitives
from autograd.notation.names import Names
from autograd.notation.terms import Term
from autograd.notation.typesetting import Mathematics, Style, Written
from autograd.primitives import Notation, Primitive
from autograd.value import Value

COLUMNS = 100
"""No line that is shown is wider."""

LONGEST_NAME, SHORTEST_NAME = 32, 9
"""`model.layers[0].neurons[12].w[3]` is whole, unless there is no room: it is then `mod…w[3]`."""

SENTENCE = COLUMNS - LONGEST_NAME // 2
"""The characters of a line of words, of which one may be a name in wide characters."""


MOST_CHARACTERS = 4096
"""So many characters are kept with their widths."""


class Hand(Mathematics):
    """Mathematics as it was typed, `x · x` rather than x², with names of so many columns at most."""

    def __init__(self, names: Names, digits: int, longest: int) -> None:
        super().__init__(lambda thing: shortened(names[thing] if type(thing) is Value else thing, longest), digits)

    def product(self, x: float, y: float) -> str:
        """Two numbers and a dot: 2 · (−3)."""
        return self.write(Term(primitives.multiply, (x, y)))

    def _joined(self, row: Primitive, notation: Notation, operands: Sequence[Written]) -> Written:
        if row is primitives.multiply and operands[0] == operands[1]:
            return Style._joined(self, row, notation, operands)  # x · x has two uses, which x² would hide
        return super()._joined(row, notation, operands)


Tell = Callable[[Hand], list[str]]


def fitted(hand: Callable[[int], Hand], *tells: Tell) -> list[str]:
    """The lines of the first way to tell it that fits, with long names if one does; at last the lines are shortened."""
    for longest in (LONGEST_NAME, SHORTEST_NAME):
        for tell in tells:
            lines = tell(hand(longest))
            if max(map(width, lines)) <= COLUMNS:
                return lines
    return [shortened(line) for line in lines]


def table(rows: Sequence[Sequence[str]], gap: str = "   ", alignment: str = "") -> list[str]:
    """The rows with their cells below one another; a column whose `alignment` is '>' ends at the right."""
    widths = [max(map(width, column)) for column in zip(*rows)]
    sides = alignment or "<" * len(widths)
    padded = ([_padded(cell, most, side) for cell, most, side in zip(row, widths, sides)] for row in rows)
    return [gap.join(row).rstrip() for row in padded]


def sentence(text: str) -> list[str]:
    """Words in lines. A line holds one name at most, and a name is no longer than LONGEST_NAME."""
    return textwrap.wrap(text, SENTENCE, break_long_words=False, break_on_hyphens=False)


def shortened(text: str, longest: int = COLUMNS) -> str:
    """The text with its middle left out where it is too long: the end of `layers[0].w[3]` tells it from others."""
    if width(text) <= longest:
        return text
    ends = ((kept - kept * 2 // 3, kept * 2 // 3) for kept in range(longest - 1, 1, -1))
    shorter = (f"{text[:start]}…{text[-end:]}" for start, end in ends)
    return next(candidate for candidate in shorter if width(candidate) <= longest)


def _padded(cell: str, most: int, side: str) -> str:
    room = " " * (most - width(cell))
    return room + cell if side == ">" else cell + room


def width(text: str) -> int:
    """How many columns a terminal needs: none for an accent that combines, two for a wide character."""
    return len(text) if text.isascii() else sum(map(_columns, text))


@lru_cache(MOST_CHARACTERS)
def _columns(character: str) -> int:
    return 0 if unicodedata.combining(character) else 1 + (unicodedata.east_asian_width(character) in "WF")
