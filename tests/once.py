"""What is made once for all processes that share the tests."""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

T = TypeVar("T")

PATIENCE = 3600.0
"""Seconds that a process waits for the one that asked first: the whole gallery takes minutes, more on slow machines."""

PAUSE = 0.1


def shared(factory: pytest.TempPathFactory) -> Path:
    """The folder of temporary files of all processes that share the tests."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def once(folder: Path, make: Callable[[], T]) -> T:
    """What the process makes that asks first; `folder` is made to keep it pickled, and for that alone.

    An exception is kept and raised in each. Raises TimeoutError where the first comes to no end.
    """
    kept = folder / "kept.pickle"
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        return _waited_for(kept)
    unfinished = folder / "unfinished"
    unfinished.write_bytes(pickle.dumps(_outcome(make)))
    unfinished.replace(kept)
    return _waited_for(kept)


def _outcome(make: Callable[[], T]) -> tuple[T | None, Exception | None]:
    try:
        return make(), None
    except Exception as error:
        return None, error


def _waited_for(kept: Path) -> Any:
    latest = time.monotonic() + PATIENCE
    while not kept.exists():
        if time.monotonic() > latest:
            raise TimeoutError(f"the process that asked first has not written {kept}")
        time.sleep(PAUSE)
    made, error = pickle.loads(kept.read_bytes())
    if error is not None:
        raise error
    return made
