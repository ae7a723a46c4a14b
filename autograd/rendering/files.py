"""Pictures as files: SVG, PNG, PDF where there is a layout engine, and DOT source without any.

Law: a file is written whole or not at all, and whoever reads it meanwhile finds the old one or the new one.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import graphviz

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
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"{asked_by} needs a path, such as '{what}{endings[0]}'; got {type(path).__name__} {path!r}")
    target = Path(path)
    if target.suffix.lower() not in endings:
        raise ValueError(f"a {what} is saved as a file that ends in {', '.join(endings)}; got {target.name!r}")
    if not target.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {str(target.parent)!r} to save {target.name!r} in: make it first")
    return target


def write_whole(target: Path, content: bytes) -> None:
    """Writes a file; where that fails, what was there stays, and OSError names the file."""
    temporary = target.with_name(f".{uuid4().hex}.part")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(target)) from None  # it names the temporary file
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
