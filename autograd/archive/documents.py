"""JSON, read strictly: every text is one document or refused.

Laws of this file:
- A finite float is written as Python's `repr`, of which it is read back to the bit; -0.0 stays. NaN and infinity, which
  JSON does not have, are the texts "nan", "inf" and "-inf".
- Nothing is guessed: a key that is there twice is refused, and so is a number that no float can hold.
- What is nested too deep is refused before the parser, which calls itself, has seen it.
"""

from __future__ import annotations

import json
import math
import re
import reprlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from autograd.notation.names import one_line
from autograd.notation.screens import shortened

DEEPEST = 100
"""So many lists and objects, one in the other, are read: no model and no graph is written so deep."""

MOST_DIGITS = 400
"""A whole number of more digits is no float, whatever they are."""

LONGEST = 500
"""Columns of what is wrong with a file: words of the file may be in it."""

NOT_FINITE = ("nan", "inf", "-inf")

MARKS = re.compile(r'\\.|["\[\]{}]', re.DOTALL)
"""What opens, closes and quotes; what is escaped does not."""


def text_of(data: Any, indent: str = "") -> str:
    """JSON of plain data, on lines that people can read: what holds only numbers and words is a line."""
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    if not any(isinstance(part, (dict, list)) for part in parts):
        return json.dumps(data, allow_nan=False)
    inner = indent + "  "
    if isinstance(data, dict):
        lines = [f"{inner}{json.dumps(key)}: {text_of(part, inner)}" for key, part in data.items()]
        return "\n".join(["{", ",\n".join(lines), f"{indent}}}"])
    return "\n".join(["[", ",\n".join(inner + text_of(part, inner) for part in data), f"{indent}]"])


def data_of(content: bytes) -> Any:
    """The data of a text. Raises ValueError that says what is wrong with it.

    The words NaN and Infinity, and what no float can hold, are floats that are not finite: `read_number` refuses them.
    """
    text = content.decode("utf-8")
    _require_shallow(text)
    return json.loads(text, object_pairs_hook=_unique, parse_int=_whole)


def require_format(data: Any, name: str, version: int) -> None:
    """Raises ValueError for what is not of that format, and for a version that is newer than the one that is known."""
    if not isinstance(data, dict) or data.get("format") != name:
        raise ValueError(f'it has not the format "{name}"')
    written = data.get("version")
    if type(written) is not int or written < 1:
        raise ValueError(f"its version needs a whole number >= 1; got {shown(written)}")
    if written > version:
        raise ValueError(f"it was written by a newer version, as version {shown(written)}; known are up to {version}")


@contextmanager
def refusing(words: str, kind: type[Exception] = ValueError) -> Iterator[None]:
    """What is found wrong inside, by anybody, as one kind of error: the words, and a line that can be shown."""
    try:
        yield
    except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
        raise kind(f"{words} {shortened(one_line(error), LONGEST)}") from error


def shown(x: Any) -> str:
    """What stands in a file, for a message: as text, and no longer than a line."""
    return reprlib.repr(x)


def written_number(x: float) -> float | str:
    """A float as JSON can have it."""
    return x if math.isfinite(x) else repr(x)


def read_numbers(data: Any, owner: str) -> list[float]:
    """The floats of a list. Raises ValueError in the name of the owner for what is none."""
    if not isinstance(data, list):
        raise ValueError(f"{owner} needs a list of numbers; got {shown(data)}")
    with refusing(owner):
        return list(map(read_number, data))


def read_number(x: Any) -> float:
    """A float; it may be written as a whole number. Raises ValueError, as the end of a sentence, for what is none."""
    is_number = type(x) in (float, int) and abs(x) <= sys.float_info.max
    if not is_number and not (type(x) is str and x in NOT_FINITE):
        raise ValueError(f'needs a number that a float can hold, or "nan", "inf", "-inf"; got {shown(x)}')
    return float(x)


def _require_shallow(text: str) -> None:
    depth, is_quoted = 0, False
    for mark in map(re.Match.group, MARKS.finditer(text)):
        if mark == '"':
            is_quoted = not is_quoted
        elif not is_quoted:
            depth += (mark in "[{") - (mark in "]}")
            if depth > DEEPEST:
                raise ValueError(f"it is nested more than {DEEPEST} deep")


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key, x in pairs:
        if key in data:
            raise ValueError(f"the key {shown(key)} is there twice")
        data[key] = x
    return data


def _whole(digits: str) -> int | float:
    """Infinity for one that no float can hold, for to read a million digits takes long; -0.0 for -0, as no int is."""
    if digits == "-0":
        return -0.0
    return int(digits) if len(digits) <= MOST_DIGITS else math.inf
