"""Which story shows which item of the documents, or why none does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from demos.inventory.claims import claimed_errata, claimed_items
from demos.inventory.errata import ERRATA
from demos.inventory.items import ITEMS
from demos.inventory.outside import NOT_YET, OUTSIDE
from demos.story import Story


class Covered(NamedTuple):
    """An item or an erratum, the names of the stories that show it, and the reason where none does."""

    number: str
    shown_by: tuple[str, ...]
    reason: str = ""
    is_outside: bool = False
    """Whether none is meant to."""

    @property
    def is_pending(self) -> bool:
        """Whether a story is still to come, and it is said what of."""
        return bool(self.reason) and not self.is_outside

    @property
    def is_missing(self) -> bool:
        """Whether no story shows it and no reason is given."""
        return not self.shown_by and not self.reason

    @property
    def is_contradiction(self) -> bool:
        """Whether it is shown, and said not to be as well."""
        return bool(self.shown_by and self.reason)


def covered_items(
    stories: Iterable[Story], outside: Mapping[str, str] = OUTSIDE, not_yet: Mapping[str, str] = NOT_YET
) -> list[Covered]:
    """Every item of the inventory, in its order. Raises ValueError, which names the story, for a claim of no item."""
    shown_by: dict[str, list[str]] = {item: [] for item in ITEMS}
    for story in stories:
        for item in _claims(story).items:
            shown_by[item].append(story.name)
    reasons = {**not_yet, **outside}
    return [Covered(item, tuple(names), reasons.get(item, ""), item in outside) for item, names in shown_by.items()]


def covered_errata(stories: Iterable[Story]) -> list[Covered]:
    """Every erratum, in order, with the stories that show it. Raises ValueError as `covered_items` does."""
    claims = {story.name: _claims(story).errata for story in stories}
    return [Covered(erratum, tuple(name for name, claim in claims.items() if erratum in claim)) for erratum in ERRATA]


class _Claims(NamedTuple):
    items: list[str]
    errata: list[str]


def _claims(story: Story) -> _Claims:
    try:
        return _Claims(claimed_items(story.items), claimed_errata(story.errata))
    except ValueError as error:
        raise ValueError(f"the story {story.name!r}: {error}") from error
