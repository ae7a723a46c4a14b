"""Tests of `autograd.rendering.fonts`, in processes that are told that they are on a machine without fonts.

Letters are there when "abc" and "cba" are different pictures: their boxes are the same.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autograd.rendering import engines, fonts, rendered

CONFIGURATION = (
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>{}</fontconfig>'
)

DOT = """#!/bin/sh
exec {python} -c '
import pygraphviz, sys
source, form = sys.stdin.buffer.read().decode(), sys.argv[1].removeprefix("-T")
sys.stdout.buffer.write(pygraphviz.AGraph(string=source).draw(format=form, prog="dot"))
' "$@"
"""
"""A program `dot` that is pygraphviz, with whatever fonts its environment names; a first line holds no spaces."""

TELLING = """
import json, os, re, sys, warnings
if "without matplotlib" in sys.argv:
    sys.modules["matplotlib"] = None
from autograd.rendering import rendered

def letters(form):
    abc, cba = (rendered(f'digraph {{n [label="{label}"]}}', form) for label in ("abc", "cba"))
    return re.sub(rb"D:[0-9]+", b"", abc) != re.sub(rb"D:[0-9]+", b"", cba)  # but for the date of a PDF

environment = dict(os.environ)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    rendered("digraph {abc}", "svg")
    assert not caught
    told = {"png": letters("png"), "pdf": letters("pdf")}
told["warnings"] = [str(warning.message) for warning in caught]
told["environment"] = "changed" if os.environ != environment else "as before"
told["imported"] = sorted({"matplotlib", "PIL"} & {name for name, module in sys.modules.items() if module})
print(json.dumps(told))
"""

DRAWING = "import sys; from autograd.rendering import rendered; sys.stdout.buffer.write(rendered(sys.argv[1], 'png'))"

SERIF = 'digraph {n [label="abc" fontname="DejaVu Sans"]}'
"""Drawn with serifs where there is no other font, and without where DejaVu Sans was lent."""

pytestmark = [
    pytest.mark.skipif(engines._pygraphviz() is None, reason="pygraphviz is not installed"),
    pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="the machine finds fonts without fontconfig"),
]
needs_matplotlib = pytest.mark.skipif(not find_spec("matplotlib"), reason="matplotlib, whose fonts these are")
needs_fc_list = pytest.mark.skipif(not shutil.which("fc-list"), reason="fontconfig's program fc-list is not installed")
each_engine = pytest.mark.parametrize("engine", ["pygraphviz", pytest.param("dot", marks=needs_fc_list)])


@pytest.fixture
def no_fonts(tmp_path: Path) -> Path:
    """The configuration of a machine without fonts."""
    configuration = tmp_path / "none.conf"
    configuration.write_text(CONFIGURATION.format(""))
    return configuration


@pytest.fixture
def serif(tmp_path: Path) -> Path:
    """The configuration of a machine with a single font, which is not one of those that are lent."""
    (tmp_path / "fonts").mkdir()
    (sans,) = (file for file in fonts._carried("svg") if file.name == "DejaVuSans.ttf")
    shutil.copy(sans.with_name("DejaVuSerif.ttf"), tmp_path / "fonts")
    configuration = tmp_path / "serif.conf"
    configuration.write_text(CONFIGURATION.format(f"<dir>{tmp_path / 'fonts'}</dir>"))
    return configuration


def with_engine(engine: str, folder: Path, configuration: Path) -> dict[str, str]:
    """An environment with this engine and this configuration of fontconfig."""
    programs = folder / "programs"
    programs.mkdir()
    if engine == "dot":
        (programs / "dot").write_text(DOT.format(python=shlex.quote(sys.executable)))
        (programs / "dot").chmod(0o700)
        (programs / "fc-list").symlink_to(str(shutil.which("fc-list")))
    paths = os.pathsep.join(filter(None, sys.path))
    return {**os.environ, "PATH": str(programs), "FONTCONFIG_FILE": str(configuration), "PYTHONPATH": paths}


def ended(program: str, *arguments: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-c", program, *arguments], env=environment, capture_output=True, check=True)


def told(*arguments: str, environment: Mapping[str, str]) -> Any:
    return json.loads(ended(TELLING, *arguments, environment=environment).stdout)


@needs_matplotlib
@each_engine
def test_without_fonts_letters_are_letters_and_the_process_stays_as_it_was(
    engine: str, tmp_path: Path, no_fonts: Path
) -> None:
    assert told(environment=with_engine(engine, tmp_path, no_fonts)) == {
        "png": True,
        "pdf": True,
        "warnings": [],
        "environment": "as before",
        "imported": [],
    }


@each_engine
def test_without_fonts_and_matplotlib_letters_are_boxes_and_one_warning_says_what_to_install(
    engine: str, tmp_path: Path, no_fonts: Path
) -> None:
    found = told("without matplotlib", environment=with_engine(engine, tmp_path, no_fonts))
    assert (found["png"], found["pdf"]) == (False, False)
    (warning,) = found["warnings"]
    assert all(word in warning for word in ("empty boxes", "fonts-dejavu-core", "matplotlib", "`demos`"))


@needs_matplotlib
@each_engine
def test_where_there_is_a_font_nothing_is_lent(engine: str, tmp_path: Path, serif: Path, no_fonts: Path) -> None:
    environment = with_engine(engine, tmp_path, serif)
    plain = "import pygraphviz, sys; sys.stdout.buffer.write(pygraphviz.AGraph(sys.argv[1]).draw(None, 'png', 'dot'))"
    untouched = ended(plain, SERIF, environment=environment).stdout
    assert ended(DRAWING, SERIF, environment=environment).stdout == untouched
    environment["FONTCONFIG_FILE"] = str(no_fonts)
    assert ended(DRAWING, SERIF, environment=environment).stdout != untouched


@needs_matplotlib
@each_engine
def test_without_fonts_every_family_falls_back_on_the_same_letters(engine: str, tmp_path: Path, no_fonts: Path) -> None:
    environment = with_engine(engine, tmp_path, no_fonts)
    times, roman = SERIF.replace("DejaVu Sans", "Times"), SERIF.replace("DejaVu Sans", "cmr10")  # matplotlib has cmr10
    expected = ended(DRAWING, SERIF, environment=environment).stdout
    assert [ended(DRAWING, source, environment=environment).stdout for source in (times, roman)] == [expected] * 2


class Fontconfig:
    """Stands in for the library: a machine without fonts, and those that were added."""

    def __init__(self) -> None:
        self.added: list[bytes] = []

    def FcConfigGetFonts(self, _: None, fonts_of: int) -> list[int] | None:  # noqa: N802
        return [len(self.added)] if fonts_of == fonts.APPLICATION else None

    def FcConfigAppFontAddFile(self, _: None, file: bytes) -> None:  # noqa: N802
        self.added.append(file)


@needs_matplotlib
def test_a_library_is_lent_each_font_once(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Fontconfig()
    monkeypatch.setattr(fonts, "_fontconfig", lambda path: library)
    for form in engines.FORMS:
        fonts.lend_to_library("", form)
    assert [Path(os.fsdecode(file)).name for file in library.added] == list(fonts.LENT)


def test_a_configuration_that_is_missing_is_not_complained_of(tmp_path: Path) -> None:
    environment = with_engine("pygraphviz", tmp_path, tmp_path / "missing.conf")
    assert ended(DRAWING, SERIF, environment=environment).stderr == b""


def test_a_library_is_silenced_once_while_it_reads_its_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fonts_of(_: None, __: int) -> list[int]:
        os.write(2, b"Fontconfig warning")
        return [1]

    monkeypatch.setattr("ctypes.CDLL", lambda path: SimpleNamespace(FcConfigGetFonts=fonts_of))
    path = str(tmp_path)
    assert fonts._fontconfig(path) is fonts._fontconfig(path)
    assert capfd.readouterr().err == ""
    fonts.lend_to_library(path, "svg")
    assert capfd.readouterr().err == "Fontconfig warning"


@needs_matplotlib
@needs_fc_list
def test_the_configuration_of_a_program_is_gone_with_it(
    tmp_path: Path, no_fonts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = with_engine("dot", tmp_path, no_fonts)
    (tmp_path / "programs" / "dot").write_text('#!/bin/sh\necho "$FONTCONFIG_FILE"\n')
    for name in ("PATH", "FONTCONFIG_FILE"):
        monkeypatch.setenv(name, environment[name])
    configuration = Path(rendered(SERIF, "png").decode().strip())
    assert configuration.is_absolute()
    assert configuration != no_fonts
    assert not configuration.parent.exists()
