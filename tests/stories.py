"""Stories told, for tests: the whole text of one, without its line breaks."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from demos import terminal
from demos.pictures import NOWHERE, saved
from demos.pieces import Animation, Chart, Diagram, Explorer, Piece
from demos.sets import has_data

ROOT = Path(__file__).resolve().parents[1]

needs_points = pytest.mark.skipif(not has_data(), reason="scikit-learn is not installed")


def told(pieces: Iterable[Piece | str], folder: Path) -> str:
    """The text of a story in one line, with its pictures saved in the folder: where lines break is of no account."""
    texts = [piece if isinstance(piece, str) else _told(piece, folder) for piece in pieces]
    return " ".join("\n".join(texts).split())


def words(pieces: Iterable[Piece], folder: Path) -> str:
    """The text of a story without its pictures, which take most of the time."""
    return told((piece for piece in pieces if not isinstance(piece, (Animation, Chart, Diagram, Explorer))), folder)


def _told(piece: Piece, folder: Path) -> str:
    is_picture = isinstance(piece, Diagram | Chart | Animation | Explorer)
    return terminal.told(piece, saved(piece, folder) if is_picture else NOWHERE)


def run_demos(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command `python -m demos`, in which a warning is an error."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "demos", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        check=False,
    )
