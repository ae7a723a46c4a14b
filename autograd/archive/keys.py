"""The keys of plain data that is read back: all that are needed, and no other."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Mapping
from typing import Any


def require_keys(data: Any, wanted: Iterable[str], owner: str) -> None:
    """Raises TypeError in the name of the owner for what has no keys, ValueError for keys that are missing, and others.

    No error is longer than a line, whatever the keys are.
    """
    if not isinstance(data, Mapping):
        raise TypeError(f"{owner} needs a dict; got {type(data).__name__}")
    keys = list(wanted)
    missing, unknown = [key for key in keys if key not in data], [key for key in data if key not in keys]
    if missing:
        raise ValueError(f"{owner} needs {', '.join(missing)}; got {reprlib.repr(list(data))}")
    if unknown:
        raise ValueError(f"{owner} has {', '.join(keys) or 'no keys'}, and no {reprlib.repr(unknown[0])}")
