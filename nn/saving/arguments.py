"""How an argument of a module stands in a file.

Law: what is read is a number, a pair, a truth value or a word of a table, or it is refused. No word of a file is looked
up anywhere else. What reads an argument raises ValueError for what it refuses, as the end of a sentence, of which the
argument is the subject.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from autograd.archive.documents import read_number, shown
from nn.models.activations import ACTIVATIONS, LAYER_ACTIVATIONS, Activation, LeakyReLU, activation_name

Reader: TypeAlias = Callable[[Any], Any]
"""From plain data of JSON to an argument."""


def plain(argument: Any) -> Any:
    """An argument as plain data for JSON. Raises TypeError, as the end of a sentence, for a function of one's own."""
    if isinstance(argument, (list, tuple)):
        return list(map(plain, argument))
    return _named(argument) if callable(argument) else argument


def whole(least: int) -> Reader:
    """A whole number."""

    def read(x: Any) -> int:
        if type(x) is not int or x < least:
            raise ValueError(f"needs a whole number >= {least}; got {shown(x)}")
        return x

    return read


def pair(of: Reader) -> Reader:
    """Rows and columns."""

    def read(x: Any) -> tuple[Any, Any]:
        if not isinstance(x, list) or len(x) != 2:
            raise ValueError(f"needs a list of two, rows and columns; got {shown(x)}")
        return of(x[0]), of(x[1])

    return read


def several(of: Reader) -> Reader:
    """A list of any length."""
    return lambda x: list(map(of, listed(x)))


def listed(x: Any) -> list[Any]:
    """A list of anything."""
    if not isinstance(x, list):
        raise ValueError(f"needs a list; got {shown(x)}")
    return x


def truth(x: Any) -> bool:
    """True or False."""
    if type(x) is not bool:
        raise ValueError(f"needs true or false; got {shown(x)}")
    return x


def bias(x: Any) -> bool | str:
    """True, False or "ones"."""
    if type(x) is not bool and x != "ones":
        raise ValueError(f'needs true, false or "ones"; got {shown(x)}')
    return x  # type: ignore[no-any-return]  # one of these three


def activation(x: Any) -> str | Activation:
    """A name of a table, or LeakyReLU with its α."""
    if isinstance(x, dict) and x.keys() == {"type", "alpha"} and x["type"] == "LeakyReLU":
        return LeakyReLU(read_number(x["alpha"]))
    if not isinstance(x, str) or x not in {*ACTIVATIONS, *LAYER_ACTIVATIONS}:
        raise ValueError(f"needs an activation, of {_words()}; got {shown(x)}")
    return x


COUNT = whole(least=1)
SIZE = pair(whole(least=1))
PADDING = pair(whole(least=0))


def _named(function: Any) -> Any:
    if type(function) is LeakyReLU:
        return {"type": "LeakyReLU", "alpha": function.alpha}
    for name, known in ACTIVATIONS.items():
        if known is function:
            return name
    raise TypeError(f"is a function of one's own, {activation_name(function)}, which can't be written; {_words()} can")


def _words() -> str:
    return ", ".join([*ACTIVATIONS, *LAYER_ACTIVATIONS, "LeakyReLU with its alpha"])
