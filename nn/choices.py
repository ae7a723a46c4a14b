"""Choices by name: the one way in which a registry of this package is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

ELSEWHERE = {
    "acc": "accuracy",
    "bce": "binary_crossentropy",
    "cce": "categorical_crossentropy",
    "cross_entropy": "categorical_crossentropy",
    "linear": "identity",
    "logistic": "sigmoid",
    "mean_absolute_error": "mae",
    "mean_squared_error": "mse",
}
"""What other libraries call what is here."""

NEAR = 0.7
"""From here on the similarity of two names is no accident: that of "nothing" and "hinge" is 0.67."""


def chosen(choice: Any, registry: Mapping[str, Function], what: str, besides: str) -> Function:
    """The function of that name, or the given one. Raises ValueError with the known names for anything else."""
    if callable(choice):
        return choice  # type: ignore[no-any-return]
    if not isinstance(choice, str) or choice not in registry:
        raise unknown(choice, registry, what, besides)
    return registry[choice]


def unknown(choice: Any, names: Iterable[str], what: str, besides: str) -> ValueError:
    """The error of a choice that is none of the known ones, with the one that may be meant."""
    known = list(names)
    meant = _nearest(choice.lower(), known) if isinstance(choice, str) else []
    hint = f"; did you mean {meant[0]!r}?" if meant else ""
    return ValueError(f"there is no {what} {choice!r}; known are {', '.join(known)}, and any {besides}{hint}")


def _nearest(name: str, known: list[str]) -> list[str]:
    """The known name that is meant, if one can be told."""
    return [ELSEWHERE[name]] if ELSEWHERE.get(name) in known else get_close_matches(name, known, n=1, cutoff=NEAR)
