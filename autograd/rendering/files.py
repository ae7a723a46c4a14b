"""Pictures as files: SVG, PNG, PDF where there is a layout engine, and DOT source without any."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import graphviz

from autograd.archive.files import require_folder, require_path, write_whole
from autograd.rendering.engines import FORMS, rendered

ENDINGS = (*(f".{form}" for form in FORMS), ".dot")
"""What a picture can be saved as."""


def save(picture: graphviz.Digraph, path: str | os.PathLike[str]) -> None:
    """Writes a picture as `.svg`, `.png`, `.pdf` or `.dot`; a file that is there is replaced.

    Raises TypeError for what is no picture and no path, ValueError for another ending, FileNotFoundError for a folder
    that is not there, NoLayoutEngine where nothing can lay it out (`.dot` needs no engine), RuntimeError when the
    engine fails, and OSError, which names the file, where it can't be written; no file is then left or changed.
    """
    if not isinstance(picture, graphviz.Digraph):
        raise TypeError(f"save needs a picture, such as draw(y); got {type(picture).__name__} {picture!r}")
    target = file_to_write(path, "save", "picture", ENDINGS)
    ending = target.suffix.lower()
    write_whole(target, picture.source.encode() if ending == ".dot" else rendered(picture.source, ending[1:]))


def file_to_write(path: str | os.PathLike[str], asked_by: str, what: str, endings: Sequence[str]) -> Path:
    """The path of a file that can be written, as far as one can tell before.

    Raises TypeError for what is no path, ValueError for another ending, FileNotFoundError where there is no folder.
    """
    target = require_path(path, asked_by, f"{what}{endings[0]}")
    if target.suffix.lower() not in endings:
        raise ValueError(f"a {what} is saved as a file that ends in {', '.join(endings)}; got {target.name!r}")
    require_folder(target)
    return target
