"""What is shown of more than can be read: the first ones and the last, and dots for those that are left out."""

from __future__ import annotations

from typing import TypeAlias

Index: TypeAlias = "int | None"
"""A place in a sequence, from 0; None for all those that are left out."""


def abridged(count: int, most: int, first: int) -> list[Index]:
    """The indices of what is shown, in order: all if there are `most` at most, else the `first`, None and the last."""
    return list(range(count)) if count <= most else [*range(first), None, count - 1]


def dots(row: Index, column: Index) -> str:
    """What stands in a matrix where rows or columns are left out; empty for an element, which is shown."""
    if row is None:
        return "⋱" if column is None else "⋮"
    return "…" if column is None else ""
