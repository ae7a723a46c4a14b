"""Letters on a machine without fonts, where a PNG and a PDF would show empty boxes: matplotlib's fonts are lent.

Laws of this file:
- Where fontconfig, the library that finds fonts for Graphviz, finds any, nothing is touched.
- Where it finds none, an engine gets the four faces of DejaVu Sans that matplotlib carries, and every family falls back
  on them. An SVG is text, which whoever shows it draws; it gets them too, since they give the widths of its boxes.
- The environment of this process stays as it is. The fontconfig inside pygraphviz is told in memory; a program gets an
  environment of its own, with a configuration that is there as long as it runs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

LENT = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf", "DejaVuSans-BoldOblique.ttf")
"""All that is lent. The others of matplotlib hold symbols, or boxes for every letter there is."""

SYSTEM, APPLICATION = 0, 1
"""The two sets of fonts of a fontconfig (its FcSetName): those of the machine, and those that were added in memory."""


def lend_to_library(path: str, form: str) -> None:
    """Lends fonts to the fontconfig that the shared library at `path` uses, if that has none."""
    fontconfig = _fontconfig(path)
    if fontconfig and not any(_count(fontconfig, fonts) for fonts in (SYSTEM, APPLICATION)):
        for file in _carried(form):
            fontconfig.FcConfigAppFontAddFile(None, os.fsencode(file))


@contextmanager
def lent_to_programs(form: str) -> Iterator[Mapping[str, str]]:
    """The environment in which a program finds a font: that of this process, where it does."""
    files = [] if _programs_find_fonts() else _carried(form)
    if not files:
        yield os.environ
        return
    with TemporaryDirectory() as folder:
        configuration = Path(folder, "fonts.conf")
        configuration.write_text(_configuration(files), encoding="utf-8")
        yield {**os.environ, "FONTCONFIG_FILE": str(configuration)}


@contextmanager
def _silence() -> Iterator[None]:
    """Inside, the error stream of the process goes nowhere: all that is said there, by C libraries too."""
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


# ---- what is there


@cache
def _fontconfig(path: str) -> Any:
    """The library as one that can be asked for fontconfig's functions; None where it can't.

    It has read its configuration: once in a process, and it is then that it complains of the system's, which is not for
    who draws. macOS and Windows come with fonts, and Graphviz finds them there without fontconfig.
    """
    if sys.platform in ("darwin", "win32"):
        return None
    try:
        import ctypes  # here, because there are Pythons without

        library = ctypes.CDLL(path)
        library.FcConfigGetFonts.restype = ctypes.POINTER(ctypes.c_int)
    except (ImportError, OSError, AttributeError):
        return None
    with _silence():
        _count(library, SYSTEM)
    return library


def _count(fontconfig: Any, fonts: int) -> int:
    """How many fonts there are in one of the sets: the number with which its structure begins."""
    found = fontconfig.FcConfigGetFonts(None, fonts)
    return found[0] if found else 0


def _programs_find_fonts() -> bool:
    """Whether fontconfig's own program finds a font; where it is missing, fontconfig isn't what finds them."""
    program = shutil.which("fc-list")
    return not program or not subprocess.run([program, "--quiet"], capture_output=True, check=False).returncode


# ---- what is lent


def _carried(form: str) -> list[Path]:
    """The fonts of matplotlib, which is not imported. Warns, once, of a picture that will have boxes for letters."""
    matplotlib = find_spec("matplotlib")
    folders = (matplotlib and matplotlib.submodule_search_locations) or []
    files = [Path(folder, "mpl-data", "fonts", "ttf", name) for folder in folders for name in LENT]
    found = [file for file in files if file.is_file()]
    if not found and form != "svg":
        _warn_of_boxes()
    return found


@cache
def _warn_of_boxes() -> None:
    warnings.warn(
        "there is no font on this machine, so a PNG or a PDF has empty boxes for letters: install a font (Debian:"
        " fonts-dejavu-core), or matplotlib, whose fonts are then used (the extra `demos` has it); an SVG needs none",
        RuntimeWarning,
        stacklevel=2,
    )


def _configuration(files: Sequence[Path]) -> str:
    """A configuration of fontconfig: that which is in force, and of matplotlib's folder these files alone."""
    # a relative name is looked for where fontconfig looks for its own configuration, which is not /etc everywhere
    in_force = escape(os.environ.get("FONTCONFIG_FILE") or "fonts.conf")
    folder = escape(str(files[0].parent))
    accepted = "".join(f"<glob>{escape(str(file))}</glob>" for file in files)
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">{in_force}</include><dir>{folder}</dir><selectfont>'
        f"<rejectfont><glob>{folder}/*</glob></rejectfont><acceptfont>{accepted}</acceptfont></selectfont></fontconfig>"
    )
