"""A mistake in a source, and what the tests that are about it say, in a copy of the project that goes with the run.

A process loads what all tests need and nothing of the project, makes a copy, and forks for each mistake: a mistake
costs the tests that see it, and not the start of Python.
"""

from __future__ import annotations

import importlib
import os
import resource
import selectors
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import Phase, settings

ROOT = Path(__file__).parent.parent
COPIED = ("autograd", "nn", "tests", "demos", "README.md", "pyproject.toml")
REWRITTEN = shutil.ignore_patterns("*-pytest-*.pyc")
"""What pytest compiled names its source where that was; the rest of what is compiled saves a copy its compiling."""

LOADED = (
    *("numpy", "pytest", "_pytest.doctest"),
    *("hypothesis", "hypothesis.strategies", "hypothesis.internal.conjecture.engine"),
    *("graphviz", "mpmath"),
)
PROJECT = ("autograd", "nn", "demos", "tests")

PYTEST = (
    *("-q", "-x", "-p", "no:cacheprovider", "--no-header", "--tb=no", "-o", "addopts="),
    *("-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning"),  # so it is, on purpose
    *("-k", "not thousand and not million and not five_hundred and not 100_000 and not 2000_mutated"),
)
"""What is as large as that costs more than it sees. Tests that are asked by a `-k` of their own are all asked."""

LONGEST, MOST_WORK = 180, 30
"""Seconds, and seconds of work, after which tests that do not end count as having seen the mistake."""

MISSED = ""

END = "="
"""Before what is told: of a process that was ended there is nothing."""


class Mistake(NamedTuple):
    """A piece of a file, from `start` to `end`, and the wrong text in its place; `tests` are arguments of pytest.

    `place` is where it is, for people and for the registry: a file and a name in it.
    """

    kind: str
    place: str
    name: str
    tests: tuple[str, ...]
    file: str
    start: int
    end: int
    wrong: str


class Verdict(NamedTuple):
    """The first test that failed, or what else told of the mistake, or MISSED; and in how many seconds."""

    caught_by: str
    seconds: float


def copied(folder: Path) -> None:
    """Copies the project into a folder."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=REWRITTEN)
        else:
            shutil.copy(source, folder)


def with_mistake(mistake: Mistake, text: str) -> str:
    """The text of its file with the mistake in it."""
    return text[: mistake.start] + mistake.wrong + text[mistake.end :]


def load() -> None:
    """Loads what all tests need, so that forked processes have it."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for name in LOADED:
        importlib.import_module(name)


def verdict(mistake: Mistake, folder: Path) -> Verdict:
    """What its tests say in the copy in `folder`, which is as before afterwards."""
    file = folder / mistake.file
    right = file.read_text(encoding="utf-8")
    try:
        _write(file, with_mistake(mistake, right))
        return tested(mistake.tests, folder)
    finally:
        _write(file, right)


def tested(tests: Sequence[str], folder: Path) -> Verdict:
    """The first of the tests that fails in the copy."""
    started = time.monotonic()
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        os.close(reading)
        _test(tests, folder, writing)
    os.close(writing)
    told = _read(reading)
    if told is None:
        os.killpg(process, signal.SIGKILL)
    os.waitpid(process, 0)
    caught_by = told.removeprefix(END) if told and told.startswith(END) else "the tests come to no end"
    return Verdict(caught_by, time.monotonic() - started)


class FirstFailure:
    """A plugin of pytest that keeps the name of the first test that fails, for which no smaller example is sought."""

    def __init__(self) -> None:
        self.name = ""

    def pytest_collection(self) -> None:
        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("planted", settings.default, phases=phases)
        settings.load_profile("planted")

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed and not self.name:
            self.name = report.nodeid

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed and not self.name:
            self.name = f"{report.nodeid} can't be read"


def _test(tests: Sequence[str], folder: Path, writing: int) -> None:
    """Runs tests in this process, which ends with it."""
    told = ""
    try:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_WORK, MOST_WORK))
        _move_to(folder)
        first = FirstFailure()
        status = importlib.import_module("pytest").main([*PYTEST, *tests], plugins=[first])
        told = first.name or (MISSED if status == 0 else f"the package can't be loaded (status {int(status)})")
    except BaseException as error:
        told = f"no test begins: {error!r}"
    finally:
        os.write(writing, f"{END}{told}".encode())
        os._exit(0)


def _move_to(folder: Path) -> None:
    """Makes the copy what this process works in, and imports from."""
    os.chdir(folder)
    os.environ["PYTHONPATH"] = str(folder)
    for name in [name for name in sys.modules if name.partition(".")[0] in PROJECT]:
        del sys.modules[name]
    sys.path[:] = [str(folder), *(path for path in sys.path if Path(path or ".").resolve() != ROOT)]
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)


def _read(reading: int) -> str | None:
    """What the forked process tells at its end; None where it takes too long."""
    with selectors.DefaultSelector() as selector, os.fdopen(reading, "rb") as pipe:
        selector.register(pipe, selectors.EVENT_READ)
        return pipe.read().decode() if selector.select(LONGEST) else None


def _write(file: Path, text: str) -> None:
    # a file that is as long and as old as the one that was compiled would not be compiled again
    file.write_text(text, encoding="utf-8")
    Path(cache_from_source(str(file))).unlink(missing_ok=True)
