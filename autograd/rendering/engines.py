"""DOT source laid out and drawn as SVG, PNG, PDF by whatever layout engine there is.

Law: the program `dot` on the PATH comes first, then pygraphviz, whose wheels carry the engine; whoever has neither gets
one exception that names both, and keeps the DOT source. The same source gives the same bytes, but for a PDF's date.
"""

from __future__ import annotations

import shutil
import subprocess
import warnings
from threading import RLock
from typing import Any

from autograd.rendering.fonts import lend_to_library, lent_to_programs

FORMS = ("svg", "png", "pdf")
"""What a layout engine draws here."""

ONE_AT_A_TIME = RLock()
"""Held while pygraphviz is imported or draws: C libraries, error stream and filters of warnings are there but once."""


class NoLayoutEngine(RuntimeError):  # noqa: N818 - it names what is missing
    """Nothing here can lay out a graph as asked: the program `dot` is missing, and pygraphviz is too or can't."""


def has_layout_engine() -> bool:
    """Whether pictures can be drawn here, and not only written as DOT source."""
    return bool(program() or _pygraphviz())


def program() -> str | None:
    """Where Graphviz's program `dot` is, if it is on the PATH."""
    return shutil.which("dot")


def rendered(source: str, form: str) -> bytes:
    """DOT source laid out, and drawn as "svg", "png" or "pdf".

    Raises ValueError for another form, TypeError for a source that is no text, NoLayoutEngine where nothing can lay it
    out, and RuntimeError, of which that is one, when the engine fails, as for a source that is no DOT.
    """
    if form not in FORMS:
        raise ValueError(f"a picture is rendered as one of {', '.join(FORMS)}; got {form!r}")
    if not isinstance(source, str):
        raise TypeError(f"rendered needs DOT source, such as picture.source; got {type(source).__name__} {source!r}")
    dot = program()
    if dot:
        return _by_program(dot, source, form)
    pygraphviz = _pygraphviz()
    if pygraphviz:
        return _by_pygraphviz(pygraphviz, source, form)
    raise NoLayoutEngine(
        f"{form.upper()} needs a layout engine, and there is none: install Graphviz, so that its program `dot` is on"
        " the PATH, or the Python package pygraphviz 2, whose wheels carry an engine (the extra `demos` has it);"
        f"{_complaint()} the DOT source of the picture is in picture.source"
    )


def _by_program(dot: str, source: str, form: str) -> bytes:
    with lent_to_programs(form) as environment:
        ended = subprocess.run(
            [dot, f"-T{form}"], input=source.encode(), env=environment, capture_output=True, check=False
        )
    if ended.returncode or not ended.stdout:
        complaint = ended.stderr.decode(errors="replace").strip()
        raise RuntimeError(f"{dot} could not draw {form.upper()} (exit status {ended.returncode}): {complaint}")
    return ended.stdout


def _by_pygraphviz(pygraphviz: Any, source: str, form: str) -> bytes:
    with ONE_AT_A_TIME:
        lend_to_library(pygraphviz._graphviz.__file__, form)
        try:
            # bytes, not a file: given a path, AGraph.draw raises on the Python 3.11.2 of Debian 12
            drawn: bytes | None = pygraphviz.AGraph(string=source).draw(format=form, prog="dot")
        except (ValueError, OSError) as error:  # a DotError is a ValueError
            raise RuntimeError(f"pygraphviz could not draw {form.upper()}: {error}") from error
    if not drawn:
        raise RuntimeError(f"pygraphviz could not draw {form.upper()}")
    return drawn


def _pygraphviz() -> Any:
    """The module, or None: a wheel whose system libraries are missing counts as not installed."""
    try:
        return _imported()
    except (ImportError, OSError):
        return None


def _complaint() -> str:
    """Why pygraphviz does not load although it is installed; empty when it is not."""
    try:
        _imported()
    except (ImportError, OSError) as error:
        if getattr(error, "name", None) != "pygraphviz":
            return f" it is installed, but needs Pango from the system (Debian: libpangocairo-1.0-0): {error};"
    return ""


def _imported() -> Any:
    """The module. Raises ImportError or OSError where it does not load."""
    with ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pygraphviz
    return pygraphviz
