"""What a story showed, in numbers: for the front page, the terminal, and the totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from autograd.comparison import AGREES, ROUNDING, WRONG, Row


class Counts(NamedTuple):
    """How many printed numbers have which verdict."""

    agrees: int = 0
    rounding: int = 0
    wrong: int = 0

    @property
    def compared(self) -> int:
        """All of them."""
        return sum(self)


class Account(NamedTuple):
    """A story that was told. Pictures are paths below the folder of the gallery, the first of them is shown small."""

    name: str
    counts: Counts = Counts()
    pictures: tuple[str, ...] = ()
    thumbnail: str = ""
    seconds: float = 0.0
    missing: str = ""
    """Why it was passed over."""
    failure: str = ""
    """Why it came to no end, or to a bad one."""

    @property
    def remark(self) -> str:
        """What is to be said first of it; nothing where all is well."""
        if self.failure:
            return f"failed: {self.failure}"
        return f"not told: {self.missing}" if self.missing else ""


def counted(rows: Iterable[Row]) -> Counts:
    """The verdicts of the rows, counted; rows without a printed number don't count."""
    found = Counter(row.verdict for row in rows)
    return Counts(found[AGREES], found[ROUNDING], found[WRONG])


def total(counts: Iterable[Counts]) -> Counts:
    """The sum of them all."""
    return Counts(*map(sum, zip(Counts(), *counts)))


def plural(number: int, noun: str) -> str:
    """'1 picture', '12 pictures', '1,000 numbers'."""
    return f"{number:,} {noun}{'s' * (number != 1)}"
