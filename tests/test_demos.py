"""The demos: the pictures that they save, and how their command line behaves."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from autograd.rendering import NoLayoutEngine, Picture, save
from demos import pictures
from demos.__main__ import MEASUREMENTS, main
from demos.catalogue import about, stories
from demos.document_000 import apartment
from demos.document_002 import backpropagation
from demos.document_003 import exercise
from demos.failure import DataMissing
from demos.gallery import pages
from demos.gallery.front import front
from demos.gallery.pages import BRIEF
from demos.layout import WIDTH, multiples, show
from demos.pieces import Paragraph, Piece
from tests.conftest import Made
from tests.pages import read, target
from tests.pictures import needs_engine
from tests.stories import ROOT, Briefly, run_demos, told

TITLES = {story.name: about(story) for story in stories().values()}
# terminals are that wide; paths of pictures are as long as they are
COLUMNS = 100


def test_every_demo_saves_its_graph_as_a_picture_of_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        for story in (exercise.story, apartment.story, backpropagation.story):
            assert str(folder) in told(story(), folder)
    names = sorted(path.name for path in first.iterdir())
    assert {name.partition(".")[0] for name in names} >= {"apartment", "exercise", "backpropagation-figure-35"}
    assert names == sorted(path.name for path in second.iterdir())
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_without_a_layout_engine_the_dot_source_is_saved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def no_engine(picture: Picture, path: Path) -> None:
        if path.suffix != ".dot":
            raise NoLayoutEngine("none here")
        save(picture, path)

    monkeypatch.setattr(pictures, "save", no_engine)
    text = told(exercise.story(), tmp_path)
    assert "exercise.dot (DOT source, for none here)" in text
    assert (tmp_path / "exercise.dot").read_text(encoding="utf-8").startswith("digraph")
    assert not (tmp_path / "exercise.svg").exists()


def test_without_a_name_a_gallery_of_all_stories_is_made(made: Made) -> None:
    ended, gallery = made
    text = ended.stdout.decode()
    assert (ended.returncode, ended.stderr) == (0, b"")
    for place, name in enumerate(TITLES, start=1):
        assert f" {place} of {len(TITLES)} " in text
        assert text.count(f"  {name} ") == 1
        assert (gallery / f"{name}.html").is_file()
    assert not set(MEASUREMENTS) & set(text.split())
    assert (gallery / "index.html").as_uri() in text
    may_be_long = (str(gallery), gallery.as_uri(), "not told")
    lines = [line for line in text.splitlines() if not any(words in line for words in may_be_long)]
    assert [line for line in lines if len(line) > COLUMNS] == []


@needs_engine
def test_a_story_alone_is_told_here_and_as_a_page_with_its_pictures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["chain-rule", "feedforward", "--output", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    for name in ("chain-rule", "feedforward"):
        assert f"This story as a page: {tmp_path / name}.html" in text
        page = read(tmp_path / f"{name}.html")
        files = [address for address in page.addresses if not address.startswith("#")]
        assert [address for address in files if not target(tmp_path / "x", address).exists()] == []
        assert page.all("img")
    assert "index.html" not in {path.name for path in tmp_path.iterdir()}


def test_a_quick_look_is_brief(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def telling(*, brief: bool) -> Iterator[Piece]:
        yield Paragraph(f"brief: {brief}")

    monkeypatch.setitem(stories(), "exercise", exercise.story._replace(tell=telling))
    for options, brief in (([], False), (["--brief"], True)):
        assert main(["exercise", *options, "--output", str(tmp_path)]) == 0
        assert f"brief: {brief}" in capsys.readouterr().out
        assert (pages.BRIEF in read(tmp_path / "exercise.html").text) is brief


def test_data_are_for_stories_that_take_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def telling(*, brief: bool, data: Path | None) -> Iterator[Piece]:
        yield Paragraph(f"data: {data}")

    monkeypatch.setitem(stories(), "exercise", exercise.story._replace(tell=telling, has_data=True))
    assert main(["exercise", "--data", "here", "--output", str(tmp_path)]) == 0
    assert "data: here" in capsys.readouterr().out
    assert main(["exercise", "--output", str(tmp_path)]) == 0
    assert "data: None" in capsys.readouterr().out
    assert main(["apartment", "--data", "here", "--output", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("python -m demos: --data is for ")


def test_a_bad_folder_of_data_is_refused_before_the_gallery_is_begun(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def endless(*_: object) -> Iterator[str]:
        pytest.fail("the gallery is begun")
        yield

    monkeypatch.setattr("demos.__main__.tour", endless)
    assert main(["--data", str(tmp_path / "nowhere"), "--output", str(tmp_path / "out")]) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"python -m demos: {tmp_path / 'nowhere'} has none of MNIST's files")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("option", ["--output", "--data"])
def test_a_folder_without_a_name_is_refused(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["digits", option, ""])
    assert ended.value.code == 2
    assert f"argument {option}: it needs the name of a folder" in capsys.readouterr().err


def test_a_front_page_of_others_is_refused_and_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("demos.__main__.tour", lambda *_: iter(["begun"]))
    page = tmp_path / "index.html"
    page.write_bytes(b"<title>my own \xff</title>")
    assert main(["--output", str(tmp_path)]) == 1
    told = "it is there, and no page of a gallery; --output names another folder"
    assert capsys.readouterr() == ("", f"python -m demos: {page} can't be written: {told}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
    assert page.read_bytes() == b"<title>my own \xff</title>"
    page.write_text(front([]), encoding="utf-8")
    assert main(["--output", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "begun\n"


@pytest.mark.parametrize("name", TITLES)
def test_a_story_is_told_within_the_width_of_a_terminal(name: str, briefly: Briefly) -> None:
    try:
        texts = briefly(name).texts
    except DataMissing as missing:
        pytest.skip(str(missing))
    lines = "\n".join(texts).splitlines()
    assert [line for line in lines if len(line) > COLUMNS] == []
    assert lines
    assert WIDTH <= COLUMNS


def test_a_name_runs_one_demo_under_its_title(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["updates", "--brief", "--output", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == f"updates - {TITLES['updates']}"


def test_help_lists_every_demo(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    assert all(f"  {name}" in text and about in text for name, about in (TITLES | MEASUREMENTS).items())


def test_an_unknown_name_is_refused_with_the_nearest_one_before_anything_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "pictures"
    assert main(["exercise", "Appartment", "--output", str(folder)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "python -m demos: there is no demo 'Appartment'; did you mean 'apartment'?\n"
    assert not folder.exists()
    assert main(["document 9"]) == 2
    assert capsys.readouterr().err == "python -m demos: there is no demo 'document 9'; --help lists them\n"


def test_the_number_of_a_document_tells_all_its_stories(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["003", "--brief", "--output", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert re.findall(r"^(\S+) - .*\n=+$", told, re.MULTILINE) == ["exercise"]
    assert f"=\n\n{BRIEF}\n\n" in told


def test_an_unknown_option_is_a_mistake_of_usage() -> None:
    ended = run_demos("--pictures", "here")
    assert ended.returncode == 2
    assert b"unrecognized arguments" in ended.stderr
    assert b"Traceback" not in ended.stderr


def test_a_folder_that_cannot_be_written_is_an_error_before_anything_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    occupied = tmp_path / "occupied"
    occupied.write_text("a file")
    for folder in (occupied, occupied / "below"):
        assert main(["exercise", "--output", str(folder)]) == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith(f"python -m demos: {folder} can't be written: ")
        assert err.count("\n") == 1


def test_an_interrupt_ends_with_one_line_and_130(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*, brief: bool) -> Iterator[Piece]:
        raise KeyboardInterrupt

    monkeypatch.setitem(stories(), "exercise", exercise.story._replace(tell=interrupted))
    assert main(["exercise", "--output", str(tmp_path)]) == 130
    assert capsys.readouterr().err == "python -m demos: interrupted\n"


def test_a_reader_that_leaves_early_gets_no_complaint(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "demos", "exercise", "--output", str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.fixture(scope="module")
def exercise_in(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], subprocess.CompletedProcess[bytes]]:
    """The demo of the exercise in an encoding; run once in each."""
    folder = str(tmp_path_factory.mktemp("pictures"))
    return cache(lambda encoding: run_demos("exercise", "--output", folder, PYTHONIOENCODING=encoding))


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_other_encodings_get_the_same_columns_in_other_letters(
    encoding: str, exercise_in: Callable[[str], subprocess.CompletedProcess[bytes]]
) -> None:
    here, there = exercise_in("utf-8"), exercise_in(encoding)
    assert (there.returncode, there.stderr) == (0, b"")
    text = there.stdout.decode(encoding)
    assert list(map(len, text.splitlines())) == list(map(len, here.stdout.decode().splitlines()))
    assert "?" not in text.replace("right?", "").replace("missed?", "")
    assert "dJ/dw(1)[2,1]" in text


def test_a_letter_without_a_spelling_is_shown_as_a_question_mark() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", newline="\n")
    show("ŷ ∂ ó ² 雪", stream)
    assert stream.buffer.getvalue() == b"Y d o 2 ?\n"


def test_numbers_that_are_told_alike_are_told_once() -> None:
    assert multiples([3.0, 3.0 + 1e-12, 3.0]) == "3"
    assert multiples([4.0, 3.5, 4.0]) == "4, 3.5, 4"
