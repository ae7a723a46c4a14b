"""Tests of `autograd.rendering`: whichever engine there is draws; a file is written whole or not at all."""

from __future__ import annotations

import builtins
import errno
import os
import shutil
import stat
import subprocess
import sys
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import graphviz
import pytest

from autograd import Value
from autograd.drawing.graphs import draw
from autograd.rendering import NoLayoutEngine, Picture, engines, rendered, save

BEGINNINGS = {".svg": b"<?xml", ".png": b"\x89PNG", ".pdf": b"%PDF"}

needs_dot = pytest.mark.skipif(not shutil.which("dot"), reason="the program `dot` is not installed")
needs_pygraphviz = pytest.mark.skipif(engines._pygraphviz() is None, reason="pygraphviz is not installed")
posix = pytest.mark.skipif(os.name != "posix", reason="stands a shell script in for `dot`")


@pytest.fixture
def picture() -> Picture:
    return draw(Value(2.0, "ŵ") * Value(3.0, "x"))


@pytest.fixture
def no_dot(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("PATH", str(tmp_path_factory.mktemp("empty")))


@pytest.fixture
def no_pygraphviz(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)


@pytest.fixture
def no_engine(no_dot: None, no_pygraphviz: None) -> None:
    pass


def stand_in_for_dot(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a program `dot` on the PATH that is this shell script."""
    program = folder / "dot"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


# ---- engines


@needs_dot
@pytest.mark.parametrize("ending", BEGINNINGS)
def test_dot_draws(picture: Picture, tmp_path: Path, no_pygraphviz: None, ending: str) -> None:
    save(picture, tmp_path / f"y{ending}")
    assert (tmp_path / f"y{ending}").read_bytes().startswith(BEGINNINGS[ending])


@needs_pygraphviz
@pytest.mark.parametrize("ending", BEGINNINGS)
def test_without_dot_pygraphviz_draws(picture: Picture, tmp_path: Path, no_dot: None, ending: str) -> None:
    save(picture, tmp_path / f"y{ending}")
    assert (tmp_path / f"y{ending}").read_bytes().startswith(BEGINNINGS[ending])


@needs_pygraphviz
def test_threads_may_draw_at_once_and_the_error_stream_is_there_afterwards(
    picture: Picture, no_dot: None, capfd: pytest.CaptureFixture[str]
) -> None:
    expected = [rendered(picture.source, form) for form in ("svg", "png")]
    start = threading.Barrier(8)

    def drawn(_: int) -> list[bytes]:
        start.wait()
        return [rendered(picture.source, form) for form in ("svg", "png") * 5]

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(drawn, range(8))) == [expected * 5] * 8
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"


class Talkative:
    """Stands in for `pygraphviz.AGraph`: it says something on the error stream, and where told so it draws nothing."""

    drawn = b"<svg/>"

    def __init__(self, string: str) -> None:
        pass

    def draw(self, format: str, prog: str) -> bytes:
        os.write(2, b"meanwhile")
        return self.drawn


def stand_in_for_pygraphviz(monkeypatch: pytest.MonkeyPatch) -> None:
    module = SimpleNamespace(AGraph=Talkative, _graphviz=SimpleNamespace(__file__="no library"))
    monkeypatch.setitem(sys.modules, "pygraphviz", module)


def test_what_is_said_on_the_error_stream_while_a_picture_is_drawn_is_shown(
    picture: Picture, no_dot: None, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    stand_in_for_pygraphviz(monkeypatch)
    assert rendered(picture.source, "svg") == b"<svg/>"
    assert capfd.readouterr().err == "meanwhile"


@needs_pygraphviz
@pytest.mark.parametrize("source", ["digraph {a ->", "", 'digraph {a [label="\ud800"]}'])
def test_what_pygraphviz_raises_for_wrong_source_is_an_error_of_the_engine(no_dot: None, source: str) -> None:
    with pytest.raises(RuntimeError, match=r"pygraphviz could not draw PNG: .") as caught:
        rendered(source, "png")
    assert isinstance(caught.value.__cause__, ValueError)


@pytest.mark.parametrize("form", ["jpeg", "SVG", "dot", "", None])
def test_an_unknown_form_is_refused_first_with_those_that_are_known(no_engine: None, form: Any) -> None:
    with pytest.raises(ValueError, match=f"one of svg, png, pdf; got {form!r}"):
        rendered("digraph {a ->", form)


def test_a_source_that_is_no_text_is_refused(picture: Picture, no_engine: None) -> None:
    with pytest.raises(TypeError, match=r"needs DOT source, such as picture\.source; got Picture"):
        rendered(picture, "svg")  # type: ignore[arg-type]


def test_pygraphviz_drawing_nothing_is_an_error(
    picture: Picture, no_dot: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in_for_pygraphviz(monkeypatch)
    monkeypatch.setattr(Talkative, "drawn", b"")
    with pytest.raises(RuntimeError, match="pygraphviz could not draw SVG"):
        rendered(picture.source, "svg")


@posix
def test_dot_comes_first_and_gets_the_source(
    picture: Picture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_pygraphviz: None
) -> None:
    stand_in_for_dot(tmp_path, 'echo "$@"; echo careful >&2; cat', monkeypatch)
    assert rendered(picture.source, "svg").decode() == f"-Tsvg\n{picture.source}"


@posix
def test_an_engine_that_fails_is_an_error_with_its_own_words(
    picture: Picture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in_for_dot(tmp_path, "echo 'no plugin for png' >&2; exit 3", monkeypatch)
    (tmp_path / "old.png").write_bytes(b"old")
    with pytest.raises(RuntimeError, match=r"dot could not draw PNG \(exit status 3\): no plugin for png"):
        save(picture, tmp_path / "old.png")
    assert (tmp_path / "old.png").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dot", "old.png"]


def test_without_an_engine_one_exception_names_both_remedies_and_the_source(picture: Picture, no_engine: None) -> None:
    with pytest.raises(NoLayoutEngine, match=r"Graphviz.*`dot`.*pygraphviz.*`demos`.*picture\.source"):
        rendered(picture.source, "png")


@pytest.mark.parametrize("error", [ImportError("libcgraph.so.8 is missing"), OSError("libX11.so.6 is missing")])
def test_a_pygraphviz_that_cannot_be_imported_counts_as_not_there(
    picture: Picture, no_dot: None, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    imported = builtins.__import__

    def broken(name: str, *args: Any, **options: Any) -> Any:
        if name == "pygraphviz":
            raise error
        return imported(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", broken)
    with pytest.raises(NoLayoutEngine, match=rf"installed, but needs Pango from the system .*: {error};"):
        rendered(picture.source, "svg")


def test_why_pygraphviz_does_not_load_is_asked_without_warnings(
    no_dot: None, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    imported = builtins.__import__

    def broken(name: str, *args: Any, **options: Any) -> Any:
        if name == "pygraphviz":
            warnings.warn("a library is missing", RuntimeWarning, stacklevel=2)
            raise ImportError("libcgraph.so.8 is missing")
        return imported(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", broken)
    with pytest.raises(NoLayoutEngine, match="installed, but needs Pango"):
        rendered("digraph {}", "svg")
    assert not recwarn.list


def test_drawing_imports_no_engine() -> None:
    program = (
        "import sys\nfrom autograd import Value, draw\n"
        "from autograd.rendering import save\ndraw(Value(1.0))\nprint('pygraphviz' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    ended = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
    assert ended.stdout.split() == [b"False"]


# ---- files


def test_dot_source_needs_no_engine(picture: Picture, tmp_path: Path, no_engine: None) -> None:
    save(picture, str(tmp_path / "y.dot"))
    assert (tmp_path / "y.dot").read_bytes() == picture.source.encode()


@pytest.mark.parametrize("ending", BEGINNINGS)
def test_without_an_engine_no_file_is_left(picture: Picture, tmp_path: Path, no_engine: None, ending: str) -> None:
    with pytest.raises(NoLayoutEngine):
        save(picture, tmp_path / f"y{ending}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["y.jpg", "y", "y.svgz", ".svg", "y.png.txt"])
def test_an_unknown_ending_is_refused_with_those_that_are_known(picture: Picture, tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"ends in \.svg, \.png, \.pdf, \.dot; got '" + name):
        save(picture, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_the_case_of_an_ending_does_not_matter(picture: Picture, tmp_path: Path) -> None:
    save(picture, tmp_path / "Y.DOT")
    assert (tmp_path / "Y.DOT").exists()


def test_a_missing_folder_is_an_error_that_names_it(picture: Picture, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no folder .*pictures.* to save 'y\.dot' in"):
        save(picture, tmp_path / "pictures" / "y.dot")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_replaced_and_nothing_else_is_left(picture: Picture, tmp_path: Path) -> None:
    (tmp_path / "y.dot").write_text("old, and longer than the new one" * 1000)
    save(picture, tmp_path / "y.dot")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [picture.source.encode()]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    picture: Picture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    (tmp_path / "y.dot").write_text("old")
    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        save(picture, tmp_path / "y.dot")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


def test_a_folder_in_the_place_of_the_file_is_an_error_and_nothing_is_left(picture: Picture, tmp_path: Path) -> None:
    (tmp_path / "y.dot").mkdir()
    with pytest.raises(OSError, match=r"y\.dot"):
        save(picture, tmp_path / "y.dot")
    assert [path.name for path in tmp_path.iterdir()] == ["y.dot"]


@pytest.mark.parametrize("path", [None, 3, b"y.dot"])
def test_a_path_that_is_none_is_refused(picture: Picture, path: Any) -> None:
    with pytest.raises(TypeError, match=f"save needs a path, such as 'picture.svg'; got {type(path).__name__}"):
        save(picture, path)


def test_a_write_that_fails_names_the_file_that_was_asked_for(
    picture: Picture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(temporary: Path, _: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(temporary))

    monkeypatch.setattr(os, "replace", denied)
    with pytest.raises(PermissionError) as caught:
        save(picture, tmp_path / "y.dot")
    assert str(caught.value) == f"[Errno {errno.EACCES}] Permission denied: {str(tmp_path / 'y.dot')!r}"
    assert list(tmp_path.iterdir()) == []


@posix
def test_a_file_gets_the_permissions_of_any_new_file(picture: Picture, tmp_path: Path) -> None:
    (tmp_path / "any").touch()
    save(picture, tmp_path / "y.dot")
    assert (tmp_path / "y.dot").stat().st_mode == (tmp_path / "any").stat().st_mode


# ---- pictures


def test_a_picture_keeps_what_it_was_drawn_from_and_so_do_its_copies(picture: Picture) -> None:
    assert picture.sketch is not None
    assert picture.copy().sketch is picture.sketch
    assert picture.copy().source == picture.source
    assert Picture().sketch is None
    assert Picture().copy().sketch is None


def test_the_display_of_a_notebook_never_raises(picture: Picture, no_engine: None) -> None:
    (text,) = picture._repr_mimebundle_(include=None, exclude=None).values()
    assert text.startswith("NoLayoutEngine: ")


@posix
def test_the_display_of_a_notebook_is_an_svg(picture: Picture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in_for_dot(tmp_path, "echo '<svg/>'", monkeypatch)
    assert picture._repr_mimebundle_() == {"image/svg+xml": "<svg/>\n"}


@posix
def test_where_dot_is_there_graphviz_does_what_it_always_did(
    picture: Picture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in_for_dot(tmp_path, 'echo "$@"', monkeypatch)
    assert picture.pipe("jpeg", engine="neato") == b"-Kneato -Tjpeg\n"
    assert picture.pipe("svg", encoding="utf-8") == "-Kdot -Tsvg\n"
    assert picture.render("y", tmp_path, format="gif", cleanup=True) == str(tmp_path / "y.gif")
    assert [path.name for path in tmp_path.iterdir()] == ["dot"]


@needs_pygraphviz
def test_without_dot_a_picture_is_piped_by_pygraphviz(picture: Picture, no_dot: None) -> None:
    assert picture.pipe("svg") == rendered(picture.source, "svg")
    assert picture.pipe("SVG", encoding="utf-8", quiet=True) == rendered(picture.source, "svg").decode()
    assert picture.pipe(engine="dot").startswith(BEGINNINGS[".pdf"])


@needs_pygraphviz
def test_without_dot_a_picture_is_rendered_beside_its_source(picture: Picture, tmp_path: Path, no_dot: None) -> None:
    assert picture.render(tmp_path / "y", format="png") == str(tmp_path / "y.png")
    assert (tmp_path / "y").read_text(encoding="utf-8") == picture.source
    assert (tmp_path / "y.png").read_bytes() == rendered(picture.source, "png")
    picture.format = "svg"
    assert picture.render("z", tmp_path / "new", cleanup=True) == str(tmp_path / "new" / "z.svg")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["z.svg"]


@needs_pygraphviz
def test_without_dot_a_picture_is_viewed(
    picture: Picture, tmp_path: Path, no_dot: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewed: list[tuple[str, bool]] = []
    monkeypatch.setattr(graphviz, "view", lambda path, quiet: viewed.append((path, quiet)))
    picture.view(tmp_path / "y")
    picture.render(tmp_path / "y", quiet_view=True)
    assert viewed == [(str(tmp_path / "y.pdf"), False), (str(tmp_path / "y.pdf"), True)]


@pytest.mark.parametrize(("option", "asked"), [("format", "jpeg"), ("engine", "neato"), ("renderer", "cairo")])
def test_without_dot_all_else_is_refused_with_what_to_install(
    picture: Picture, tmp_path: Path, no_dot: None, option: str, asked: str
) -> None:
    for request in (picture.pipe, picture.render):
        with pytest.raises(NoLayoutEngine, match=rf"{asked}.* needs the program `dot`.*save\(picture"):
            request(**{option: asked})
    with pytest.raises(NoLayoutEngine, match=r"outfile.* needs the program `dot`"):
        picture.render(outfile=tmp_path / "y.svg")
    assert list(tmp_path.iterdir()) == []


def test_without_an_engine_graphviz_s_own_ways_name_both_remedies(
    picture: Picture, tmp_path: Path, no_engine: None
) -> None:
    for request in (picture.pipe, lambda: picture.render(tmp_path / "y"), lambda: picture.view(tmp_path / "y")):
        with pytest.raises(NoLayoutEngine, match=r"Graphviz.*pygraphviz"):
            request()
    assert (tmp_path / "y").read_text(encoding="utf-8") == picture.source
