"""Stories told, for tests: the whole text of one, without its line breaks."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest

from demos import terminal
from demos.catalogue import stories
from demos.pictures import NOWHERE, saved
from demos.pieces import Comparison, Picture, Piece

ROOT = Path(__file__).resolve().parents[1]

needs_points = pytest.mark.skipif(find_spec("sklearn") is None, reason="scikit-learn is not installed")


class Brief(NamedTuple):
    """A story told briefly: its pieces as texts for a terminal, its tables of what is compared, its pictures' names."""

    texts: Sequence[str]
    tables: Sequence[Comparison]
    pictures: Sequence[str]

    @property
    def text(self) -> str:
        """All of it in one line."""
        return _in_one_line(self.texts)


Briefly: TypeAlias = Callable[[str], Brief]
"""Tells a story of that name: the fixture `briefly`."""


def told_briefly(name: str) -> Brief:
    """A story as it stands. Raises DataMissing."""
    texts: list[str] = []
    tables: list[Comparison] = []
    pictures: list[str] = []
    for piece in stories()[name](brief=True):
        texts.append(terminal.told(piece, NOWHERE))
        tables += [piece] if isinstance(piece, Comparison) else []
        pictures += [piece.name] if isinstance(piece, Picture) else []
    return Brief(texts, tables, pictures)


def told(pieces: Iterable[Piece | str], folder: Path) -> str:
    """The text of a story in one line, with its pictures saved in the folder: where lines break is of no account."""
    texts = [piece if isinstance(piece, str) else _told(piece, folder) for piece in pieces]
    return _in_one_line(texts)


def words(pieces: Iterable[Piece], folder: Path) -> str:
    """The text of a story without its pictures, which take most of the time."""
    return told((piece for piece in pieces if not isinstance(piece, Picture)), folder)


def _in_one_line(texts: Iterable[str]) -> str:
    return " ".join("\n".join(texts).split())


def _told(piece: Piece, folder: Path) -> str:
    return terminal.told(piece, saved(piece, folder) if isinstance(piece, Picture) else NOWHERE)


def run_demos(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command `python -m demos`, in which a warning is an error.

    matplotlib is asked here first: what it says of a home that it can't write to, or while it looks for fonts for the
    first time, is not the command's. The folder that it then takes stands in the environment.
    """
    if find_spec("matplotlib"):
        import_module("matplotlib.font_manager")
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "demos", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        check=False,
    )
