"""A run of the gallery: processes tell the stories; what is said meanwhile, and how it ends when something is wrong."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import active_children
from pathlib import Path
from typing import NamedTuple

import pytest

from demos.catalogue import stories
from demos.failure import DemoFailed
from demos.gallery import tours, workers
from demos.gallery.accounts import Account, Counts
from demos.gallery.exhibits import made, swept
from demos.gallery.tours import tour
from demos.pieces import Kind, Piece
from tests.pages import read
from tests.pictures import needs_engine

ROOT = Path(__file__).resolve().parents[1]

PATIENCE = 600.0
"""Seconds that a test waits for what takes a few, and more on a slow machine."""

PROGRAM = """
import os, sys, time
from autograd import Value, draw
from autograd.comparison import compare
from demos.catalogue import stories
from demos.failure import DataMissing
from demos.pieces import Animation, Diagram, Numbers, Paragraph

def good(*, brief):
    yield Numbers(compare("a", "1", 1.0))
    yield Diagram("good-graph", "a graph", draw(Value(1.0, "x") + 1))

def double(*, brief):
    yield Diagram("Good-graph", "another graph", draw(Value(1.0, "x") + 2))

def threads(*, brief):
    yield Paragraph(f"threads {{os.environ['OPENBLAS_NUM_THREADS']}}, brief {{brief}}")

def data(*, brief, data):
    yield Paragraph(f"data {{data}}")

def missing(*, brief):
    raise DataMissing("no files here")
    yield

def failing(*, brief):
    yield Paragraph("so far")
    raise ZeroDivisionError("by zero")

def dying(*, brief):
    os._exit(3)
    yield

def endless(*, brief):
    yield Animation("endless", "endless", write)

def write(path):
    path.write_bytes(b"half")
    time.sleep(600)

given = stories()["exercise"]
told = {{name: given._replace(name=name, tell=globals()[name], has_data=name == "data") for name in {names}}}
stories().clear()
stories().update(told)

if __name__ == "__main__":
    from demos.__main__ import main
    sys.exit(main(["--output", {folder!r}, *{arguments}]))
"""
"""A command line with other stories; the workers run it too, up to its last lines."""


def program(folder: Path, names: Sequence[str], arguments: Sequence[str] = ()) -> list[str]:
    path = folder / "program.py"
    path.write_text(
        PROGRAM.format(names=list(names), folder=str(folder / "out"), arguments=list(arguments)), encoding="utf-8"
    )
    return [sys.executable, "-W", "error", str(path)]


def run(folder: Path, names: Sequence[str], *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "OPENBLAS_NUM_THREADS": "7"}
    return subprocess.run(
        program(folder, names, arguments),
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )


TOLD = ["good", "threads", "data", "missing", "failing", "double"]


class Ran(NamedTuple):
    """A run of TOLD, of which two fail, and the folder of its gallery."""

    ended: subprocess.CompletedProcess[str]
    data: Path
    folder: Path


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("ran")
    return Ran(run(folder, TOLD, "--brief", "--data", str(folder)), folder, folder / "out")


@needs_engine
def test_a_run_tells_of_every_story_and_where_the_gallery_is(ran: Ran) -> None:
    lines = [line for line in ran.ended.stdout.splitlines() if " of 6 " in line]
    assert [line.split()[:3] for line in lines] == [[str(place), "of", "6"] for place in range(1, 7)]
    assert {line.split()[3] for line in lines} == set(TOLD)
    (good,) = [line for line in lines if " good " in line]
    assert "1 number,   1 picture" in good
    (missing,) = [line for line in lines if " missing " in line]
    assert missing.endswith("not told: no files here")
    assert "Of 1 printed number 1 agrees to its last digit" in ran.ended.stdout
    assert (ran.folder / "index.html").as_uri() in ran.ended.stdout
    assert "threads 1, brief True" in read(ran.folder / "threads.html").text
    assert f"data {ran.data}" in read(ran.folder / "data.html").text
    assert "stories 6" in read(ran.folder / "index.html").text


def test_stories_that_fail_are_told_at_the_end_and_the_others_are_written(ran: Ran) -> None:
    assert ran.ended.returncode == 1
    assert "failing failed: ZeroDivisionError: by zero" in ran.ended.stderr
    assert {path.stem for path in ran.folder.glob("*.html")} == {*TOLD, "index"}
    assert "failed: ZeroDivisionError: by zero" in read(ran.folder / "index.html").text


@needs_engine
def test_a_picture_that_would_be_one_of_two_stories_is_refused_and_the_first_is_kept(ran: Ran) -> None:
    assert ran.ended.stderr == (
        "python -m demos: failing failed: ZeroDivisionError: by zero; double failed: ValueError: a picture of the story"
        " 'double' can't be called 'Good-graph': the name belongs to 'good'\n"
    )
    assert [path.name for path in (ran.folder / "pictures").iterdir()] == ["good-graph.svg"]


def test_a_process_that_dies_fails_its_story_and_the_front_page_is_written(tmp_path: Path) -> None:
    ended = run(tmp_path, ["dying"])
    assert ended.returncode == 1
    assert ended.stderr == f"python -m demos: dying failed: {workers.DIED}\n"
    assert "dying" not in {path.stem for path in (tmp_path / "out").glob("*.html")}
    assert f"failed: {workers.DIED}" in read(tmp_path / "out" / "index.html").text


@needs_engine
@pytest.mark.skipif(os.name != "posix", reason="an interrupt is sent to a group of processes")
def test_an_interrupt_ends_all_processes_at_once_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    process = subprocess.Popen(
        program(tmp_path, ["good", "endless"]),
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if b" of 2 " in line:
                break
        wait_for(lambda: any((tmp_path / "out").rglob("endless.gif")))
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE)
        assert (process.returncode, errors) == (130, b"python -m demos: interrupted\n")
        wait_for(lambda: not is_alive(process.pid))  # what Python keeps its books with ends a little later
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    left = sorted(str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*"))
    assert left == ["good.html", "pictures", "pictures/good-graph.svg"]


def test_a_second_interrupt_does_not_disturb_what_the_first_one_ends(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found: list[object] = []
    monkeypatch.setattr(workers, "swept", lambda _: found.append((signal.getsignal(signal.SIGINT), active_children())))
    made(tmp_path)
    before, others = signal.getsignal(signal.SIGINT), active_children()
    asking = workers.all_exhibited(["exercise", "hebb"], tmp_path, True, None)
    next(asking)
    asking.close()
    assert found == [(signal.SIG_IGN, others)]
    assert signal.getsignal(signal.SIGINT) == before


@pytest.fixture
def no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where /dev/shm can't be written to."""

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(workers, "ProcessPoolExecutor", refused)


def test_where_processes_can_share_nothing_this_one_tells_the_stories(no_locks: None, tmp_path: Path) -> None:
    made(tmp_path)
    (tmp_path / "hebb.html").mkdir()
    hebb, exercise = workers.all_exhibited(["hebb", "exercise"], tmp_path, True, None)
    assert (hebb.name, exercise.name, exercise.failure) == ("hebb", "exercise", "")
    assert "hebb.html' is there, and is no file" in hebb.failure
    assert exercise.counts.compared
    assert (tmp_path / "exercise.html").is_file()


def test_an_interrupt_of_stories_that_this_process_tells_leaves_nothing_half_done(
    monkeypatch: pytest.MonkeyPatch, no_locks: None, tmp_path: Path
) -> None:
    def interrupted(*, brief: bool) -> Iterator[Piece]:
        (tmp_path / "pictures" / ".0123.part").write_text("half")
        raise KeyboardInterrupt
        yield

    monkeypatch.setitem(stories(), "exercise", stories()["exercise"]._replace(tell=interrupted))
    made(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        list(workers.all_exhibited(["exercise"], tmp_path, True, None))
    assert [path.name for path in tmp_path.rglob("*")] == ["pictures"]


def is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(happened: Callable[[], bool]) -> None:
    latest = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > latest:
            pytest.fail("it didn't happen")
        time.sleep(0.05)


def test_what_is_half_written_is_swept_and_nothing_else(tmp_path: Path) -> None:
    made(tmp_path)
    (tmp_path / "page.html").write_text("page")
    (tmp_path / "pictures" / ".0123.part").write_text("half")
    (tmp_path / "pictures" / ".abc.part").mkdir()
    (tmp_path / "pictures" / ".abc.part" / "x.gif").write_text("half")
    swept(tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["page.html", "pictures"]


def test_the_environment_is_as_before(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "7")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    handler = signal.getsignal(signal.SIGINT)
    made(tmp_path)
    list(workers.all_exhibited([], tmp_path, True, None))
    assert os.environ["OPENBLAS_NUM_THREADS"] == "7"
    assert "OMP_NUM_THREADS" not in os.environ
    assert signal.getsignal(signal.SIGINT) is handler


def accounts_of(*accounts: Account) -> object:
    def told(*_: object) -> Iterator[Account]:
        yield from accounts

    return told


def test_what_is_wrong_may_stand_in_a_listing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    name = next(iter(stories()))
    account = Account(name, {Kind.PRINTED: Counts(wrong=12), Kind.LISTED: Counts(wrong=8)})
    monkeypatch.setattr(tours, "all_exhibited", accounts_of(account))
    *_, ending = tour(tmp_path)
    assert "20 are wrong in the document or its listing." in " ".join(ending.split())
    page = read(tmp_path / "index.html").text
    assert "wrong in the document or its listing 20" in page
    assert "else it is wrong in the document or its listing." in page


def test_all_failures_are_told_together_and_stories_stand_in_their_order(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names = list(stories())[:3]
    accounts = [
        Account(names[2], failure="one"),
        Account(names[0], {Kind.LISTED: Counts(1)}),
        Account(names[1], failure="two"),
    ]
    monkeypatch.setattr(tours, "all_exhibited", accounts_of(*accounts))
    told: list[str] = []
    with pytest.raises(DemoFailed, match=f"^{names[1]} failed: two; {names[2]} failed: one$"):
        told.extend(tour(tmp_path))
    assert "Of 1 printed number 1 agrees" in told[-1]
    links = [f"{name}.html" for name in names]
    assert [address for address in read(tmp_path / "index.html").addresses if address in links] == links
