"""Parameters as they are handed over: what is no Value is refused, and what can't be written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd import Value


def values_of(parameters: Any, wanted_by: str) -> list[Value]:
    """The Values, each once. Raises TypeError for what are none, ValueError for none at all."""
    if not isinstance(parameters, Iterable):
        got = type(parameters).__name__
        raise TypeError(f"{wanted_by} needs a list of parameters, such as model.parameters(); got {got}")
    values = list(parameters)
    if not values:
        raise ValueError(f"{wanted_by} needs at least one parameter; got none (an iterator is empty when it was used)")
    require_values(values, wanted_by)
    return list(dict.fromkeys(values))


def require_values(parameters: Iterable[Any], wanted_by: str) -> None:
    """Raises TypeError for the first that is no Value."""
    for value in parameters:
        if type(value) is not Value:
            raise TypeError(f"{wanted_by} needs Values as parameters; got {type(value).__name__} {value!r}")


def leaves_of(parameters: Any, wanted_by: str) -> list[Value]:
    """The same, and ValueError for a computed Value among them."""
    values = values_of(parameters, wanted_by)
    for value in values:
        if value.primitive is not None:
            raise ValueError(f"{wanted_by} can only write leaves; got the computed Value {value!r}")
    return values
