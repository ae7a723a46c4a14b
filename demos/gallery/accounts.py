"""What a story showed, in numbers: for the front page, the terminal, and the totals.

Law of this file: what a document prints, by itself or by its listings, put right where they do not run, counts as a
number compared. Shapes, and what its formulas give at numbers of ours, are told beside it and never added to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from autograd.comparison import AGREES, AT_MOST, CUT_OFF, ENOUGH_DECIMALS, ROUNDING, WITHIN, WRONG, Row
from demos.pieces import Comparison, Kind, Shape

JUDGED = (AGREES, CUT_OFF, ROUNDING, WRONG)
"""The verdicts of what is printed."""


class Counts(NamedTuple):
    """How many rows have which verdict."""

    agrees: int = 0
    cut_off: int = 0
    rounding: int = 0
    wrong: int = 0

    @property
    def compared(self) -> int:
        """All of them."""
        return sum(self)

    @property
    def by_verdict(self) -> dict[str, int]:
        """The same by the names of the verdicts."""
        return dict(zip(JUDGED, self))


Tally: TypeAlias = Mapping[Kind, Counts]
"""The verdicts of each kind; a kind of which there is nothing may be absent."""

EMPTY: Tally = {}

PRINTED = (Kind.PRINTED, Kind.LISTED)
"""What documents print."""

SOURCE = "document or its listing"
"""What a number that is wrong may stand in."""

BESIDES = {Kind.SHAPE: "shape", Kind.EVALUATED: "formula value"}
"""What they don't, and what one of it is called."""


class Account(NamedTuple):
    """A story that was told. Pictures are paths below the folder of the gallery, the first of them is shown small."""

    name: str
    tally: Tally = EMPTY
    pictures: tuple[str, ...] = ()
    thumbnail: str = ""
    seconds: float = 0.0
    missing: str = ""
    """Why it was passed over, or the rest of it."""
    is_begun: bool = False
    """Whether there is something on its page."""
    failure: str = ""
    """Why it came to no end, or to a bad one."""

    @property
    def counts(self) -> Counts:
        """Of the numbers that the document prints."""
        return printed(self.tally)

    @property
    def remark(self) -> str:
        """What is to be said first of it; nothing where all is well."""
        if self.failure:
            return f"failed: {self.failure}"
        return f"not told{' in full' * self.is_begun}: {self.missing}" if self.missing else ""


def counted(rows: Iterable[Row | Shape]) -> Counts:
    """The verdicts of the rows, counted; rows without a printed number don't count."""
    found = Counter(row.verdict for row in rows)
    return Counts(*(found[verdict] for verdict in JUDGED))


def total(counts: Iterable[Counts]) -> Counts:
    """The sum of them all."""
    return Counts(*map(sum, zip(Counts(), *counts)))


def tallied(pieces: Iterable[Comparison]) -> Tally:
    """The verdicts of the tables, by their kinds."""
    return added({piece.kind: counted(piece.rows)} for piece in pieces)


def added(tallies: Iterable[Tally]) -> Tally:
    """Kind by kind, the sum of them all."""
    found: dict[Kind, Counts] = {}
    for tally in tallies:
        for kind, counts in tally.items():
            found[kind] = total([found.get(kind, Counts()), counts])
    return found


def printed(tally: Tally) -> Counts:
    """The sum of what documents print."""
    return total(tally.get(kind, Counts()) for kind in PRINTED)


def amounts(tally: Tally) -> list[str]:
    """What was compared, in words: ['27 numbers compared', '9 shapes (1 wrong)']."""
    numbers = printed(tally).compared
    return [f"{plural(numbers, 'number')} compared"] * bool(numbers) + besides(tally)


def besides(tally: Tally) -> list[str]:
    """What else is compared, in words: ['9 shapes (1 wrong)', '4 formula values']."""
    return [_told(tally[kind], noun) for kind, noun in BESIDES.items() if kind in tally and tally[kind].compared]


def sources(tally: Tally) -> str:
    """Where the numbers come from, and what else is compared, in a sentence or two."""
    by_text, by_listing = (tally.get(kind, Counts()).compared for kind in PRINTED)
    told = (
        f"{by_text:,} of the numbers stand in the documents; their listings, put right where they do not run, would"
        f" print {by_listing:,}."
    )
    others = " and ".join(besides(tally))
    return f"{told} Compared as well, and not counted: {others}." if others else told


def rule() -> str:
    """What the verdicts mean."""
    return (
        f"A number agrees within half a unit of its last digit {AT_MOST}; it is cut off where its digits are right and"
        f" the next ones would round it up; it differs by rounding {WITHIN}, or fewer where it has no more than"
        f" {ENOUGH_DECIMALS - 1} decimals; else it is wrong in the {SOURCE}."
    )


def _told(counts: Counts, noun: str) -> str:
    return plural(counts.compared, noun) + f" ({counts.wrong:,} wrong)" * bool(counts.wrong)


def plural(number: int, noun: str) -> str:
    """'1 picture', '12 pictures', '1,000 numbers'."""
    return f"{number:,} {noun}{'s' * (number != 1)}"
