"""Pictures as files: SVG, PNG, PDF by whatever layout engine there is, and DOT source without any.

Engines, in this order: the program `dot` on the PATH; pygraphviz, whose wheels carry the engine. Whoever has neither
gets one exception that names both, and keeps the DOT source. A file is written whole or not at all.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import graphviz

ENDINGS = (".svg", ".png", ".pdf", ".dot")
"""What a picture can be saved as."""


class NoLayoutEngine(RuntimeError):  # noqa: N818 - it names what is missing
    """Nothing here can lay out a graph: neither the program `dot` nor pygraphviz is installed."""


class Picture(graphviz.Digraph):  # type: ignore[misc]  # graphviz publishes no types
    """A `graphviz.Digraph` that IPython and Jupyter show as SVG, or as a sentence where it can't be laid out."""

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> Mapping[str, str]:
        try:
            return {"image/svg+xml": rendered(self.source, "svg").decode()}
        except Exception as error:  # a display that raises hides the notebook behind a traceback
            return {"text/plain": f"{type(error).__name__}: {error}"}


def save(picture: graphviz.Digraph, path: str | os.PathLike[str]) -> None:
    """Writes a picture as `.svg`, `.png`, `.pdf` or `.dot`; a file that is there is replaced.

    Raises ValueError for another ending, FileNotFoundError for a folder that is not there, NoLayoutEngine where
    nothing can lay it out (`.dot` needs no engine), and RuntimeError when the engine fails; no file is then left or
    changed.
    """
    if not isinstance(picture, graphviz.Digraph):
        raise TypeError(f"save needs a picture, such as draw(y); got {type(picture).__name__} {picture!r}")
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise ValueError(f"a picture is saved as a file that ends in {', '.join(ENDINGS)}; got {target.name!r}")
    if not target.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {str(target.parent)!r} to save {target.name!r} in: make it first")
    _write(target, picture.source.encode() if ending == ".dot" else rendered(picture.source, ending[1:]))


def has_layout_engine() -> bool:
    """Whether pictures can be drawn here, and not only written as DOT source."""
    return bool(shutil.which("dot") or _pygraphviz())


def rendered(source: str, form: str) -> bytes:
    """DOT source laid out, and drawn as "svg", "png" or "pdf"."""
    program = shutil.which("dot")
    if program:
        return _by_program(program, source, form)
    pygraphviz = _pygraphviz()
    if pygraphviz:
        return _by_pygraphviz(pygraphviz, source, form)
    raise NoLayoutEngine(
        f"{form.upper()} needs a layout engine, and there is none: install Graphviz, so that its program `dot` is on"
        " the PATH, or the Python package pygraphviz 2, whose wheels carry an engine (the extra `demos` has it);"
        f"{_complaint()} the DOT source of the picture is in picture.source"
    )


def _by_program(program: str, source: str, form: str) -> bytes:
    ended = subprocess.run([program, f"-T{form}"], input=source.encode(), capture_output=True, check=False)
    if ended.returncode or not ended.stdout:
        complaint = ended.stderr.decode(errors="replace").strip()
        raise RuntimeError(f"{program} could not draw {form.upper()} (exit status {ended.returncode}): {complaint}")
    return ended.stdout


def _by_pygraphviz(pygraphviz: Any, source: str, form: str) -> bytes:
    # bytes, not a file: given a path, AGraph.draw raises on the Python 3.11.2 of Debian 12
    with _silence():
        drawn: bytes | None = pygraphviz.AGraph(string=source).draw(format=form, prog="dot")
    if not drawn:
        raise RuntimeError(f"pygraphviz could not draw {form.upper()}")
    return drawn


def _pygraphviz() -> Any:
    """The module, or None: a wheel whose system libraries are missing counts as not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pygraphviz
    except (ImportError, OSError):
        return None
    return pygraphviz


def _complaint() -> str:
    """Why pygraphviz does not load although it is installed; empty when it is not."""
    try:
        import pygraphviz  # noqa: F401 - it is the error that is wanted
    except (ImportError, OSError) as error:
        if getattr(error, "name", None) != "pygraphviz":
            return f" it is installed, but needs Pango from the system (Debian: libpangocairo-1.0-0): {error};"
    return ""


@contextmanager
def _silence() -> Iterator[None]:
    """Inside, the process's error stream goes nowhere: fontconfig, a C library, complains there about the system."""
    try:
        kept = os.dup(2)
    except OSError:  # there is no error stream
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _write(target: Path, content: bytes) -> None:
    """Writes beside the target, then renames: whoever reads the target finds the old file or the new one, whole."""
    temporary = target.with_name(f".{uuid4().hex}.part")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
