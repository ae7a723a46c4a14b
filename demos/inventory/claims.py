"""What a story says that it shows: 'C98-C100 C106' of the items, '002-6 002-7' of the errata."""

from __future__ import annotations

import re
from collections.abc import Iterator

from demos.inventory.errata import ERRATA
from demos.inventory.items import DOCUMENTS, ITEMS

_ITEMS = re.compile(r"([A-Z])([1-9]\d*)(?:-([A-Z])([1-9]\d*))?")


def claimed_items(claim: str) -> list[str]:
    """The items of a claim, in its order: single ones and ranges, with spaces between them.

    Raises ValueError for what is written otherwise, for a range that runs backwards or from one document to another,
    and for an item that there is not or that is claimed twice.
    """
    return _once([item for word in claim.split() for item in _range(word)])


def claimed_errata(claim: str) -> list[str]:
    """The errata of a claim, in its order, with spaces between them.

    Raises ValueError for an erratum that there is not or that is claimed twice.
    """
    for word in claim.split():
        if word not in ERRATA:
            raise ValueError(f"there is no erratum {word!r}: they are written '002-6', and there are {len(ERRATA)}")
    return _once(claim.split())


def _range(word: str) -> Iterator[str]:
    match = _ITEMS.fullmatch(word)
    if match is None:
        raise ValueError(f"items are claimed like 'C98' or 'C98-C100'; got {word!r}")
    letter, first, last_letter, last = match.groups()
    if last_letter not in (None, letter):
        raise ValueError(f"{word!r} goes from one document to another: claim each by itself")
    if last is not None and int(last) <= int(first):
        raise ValueError(f"{word!r} is no range: its end has to come after its beginning")
    return (_known(f"{letter}{number}") for number in range(int(first), int(last or first) + 1))


def _known(item: str) -> str:
    if item not in ITEMS:
        own = [known for known in ITEMS if known[0] == item[0]]
        if not own:
            raise ValueError(f"there is no item {item!r}: the letters of documents are {', '.join(DOCUMENTS)}")
        raise ValueError(f"there is no item {item!r}: document {DOCUMENTS[item[0]]} has {own[0]} to {own[-1]}")
    return item


def _once(claimed: list[str]) -> list[str]:
    for place, number in enumerate(claimed):
        if number in claimed[:place]:
            raise ValueError(f"{number} is claimed twice")
    return claimed
