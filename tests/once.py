"""A command that is run once for all processes that share the tests."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

PATIENCE = 600.0
"""Seconds that a process waits for the one that asked first."""

PAUSE = 0.1


def shared(factory: pytest.TempPathFactory) -> Path:
    """The folder of temporary files of all processes that share the tests."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def once(folder: Path, run: Callable[[], CompletedProcess[bytes]]) -> CompletedProcess[bytes]:
    """How the command ended, which the process that asks first runs; `folder` is made to keep it, and for that alone.

    Raises TimeoutError where the first comes to no end.
    """
    kept = folder / "ended.json"
    try:
        folder.mkdir()
    except FileExistsError:
        return _waited_for(kept)
    ended = run()
    unfinished = folder / "unfinished"
    unfinished.write_text(json.dumps([ended.returncode, ended.stdout.decode(), ended.stderr.decode()]))
    unfinished.replace(kept)
    return ended


def _waited_for(kept: Path) -> CompletedProcess[bytes]:
    latest = time.monotonic() + PATIENCE
    while not kept.exists():
        if time.monotonic() > latest:
            raise TimeoutError(f"the process that asked first has not written {kept}")
        time.sleep(PAUSE)
    status, out, err = json.loads(kept.read_text())
    return CompletedProcess([], status, out.encode(), err.encode())
