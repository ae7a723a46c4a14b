"""Stories told, for tests: the whole text of one, without its line breaks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from demos import terminal
from demos.pieces import Piece


def told(pieces: Iterable[Piece | str], folder: Path) -> str:
    """The text of a story in one line, with its pictures saved in the folder: where lines break is of no account."""
    texts = [piece if isinstance(piece, str) else terminal.told(piece, folder) for piece in pieces]
    return " ".join("\n".join(texts).split())
