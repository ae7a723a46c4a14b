"""Choices by name: the one way in which a registry of this package is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])


def chosen(choice: Any, registry: Mapping[str, Function], what: str, besides: str) -> Function:
    """The function of that name, or the given one. Raises ValueError with the known names for anything else."""
    if callable(choice):
        return choice  # type: ignore[no-any-return]
    if not isinstance(choice, str) or choice not in registry:
        raise unknown(choice, registry, what, besides)
    return registry[choice]


def unknown(choice: Any, names: Iterable[str], what: str, besides: str) -> ValueError:
    """The error of a choice that is none of the known ones."""
    return ValueError(f"there is no {what} {choice!r}; known are {', '.join(names)}, and any {besides}")
