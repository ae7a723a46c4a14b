"""Fixtures that more than one file uses, and the two profiles of hypothesis.

`quick` has the same examples in every run; `thorough` comes on request:

HYPOTHESIS_PROFILE=thorough python -m pytest        or        python -m pytest --hypothesis-profile=thorough
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Generator, Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import settings

from autograd import PRIMITIVES, eager
from autograd.compiler import templates
from autograd.diagnosis import births
from tests.browser import Browser, chromium, require_browser
from tests.once import once, shared
from tests.profiles import QUICK, THOROUGH

if TYPE_CHECKING:
    from tests.stories import Briefly

settings.register_profile("quick", max_examples=QUICK, deadline=None, derandomize=True, database=None)
settings.register_profile("thorough", max_examples=THOROUGH, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

gc.set_threshold(100_000)  # graphs are freed without the collector, which would walk the large ones in vain, and often


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # so a shell starts what is to run in its background
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True, wrapper=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """One process more than `-n auto` has of itself: some tests wait, for a browser or for what they started."""
    return (yield) + 1


@pytest.fixture
def table_restored() -> Iterator[None]:
    """For tests that add primitives."""
    before = set(PRIMITIVES)
    yield
    for name in set(PRIMITIVES) - before:
        del PRIMITIVES[name]


@pytest.fixture
def rows_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """For tests that change a row: what was written of its partials is written anew, and again after the test."""
    monkeypatch.setattr(eager, "_rules", {})
    kept = (templates.forms, templates.selected_template, templates._folds, births._stops_some)
    for written in kept:
        written.cache_clear()
    yield
    for written in kept:
        written.cache_clear()


def pytest_collection_finish() -> None:
    """Keeps modules and tests from the collector, which some tests ask for often: there is nothing to be freed."""
    gc.freeze()


@pytest.fixture
def little_to_collect() -> None:
    """For tests that collect, or count what there is: what was there before is neither walked nor listed again."""
    gc.freeze()


@pytest.fixture
def no_collector(little_to_collect: None) -> Iterator[None]:
    """For tests that what is dropped is freed by reference counting alone."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a model is saved."""
    return tmp_path / "model.json"


class Made(NamedTuple):
    """The command that made the gallery, and its folder."""

    ended: CompletedProcess[bytes]
    folder: Path


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The whole gallery, told briefly, by the command: once for all processes of the tests."""
    from tests.stories import run_demos  # which looks for data sets, and that takes as long as many a test file

    kept = shared(tmp_path_factory) / "made"
    folder = kept / "new" / "gallery"
    return Made(once(kept, lambda: run_demos("--brief", "--output", str(folder))), folder)


@pytest.fixture(scope="session")
def gallery(made: Made) -> Path:
    """The folder of the whole gallery. Nothing is written into it."""
    return made.folder


@pytest.fixture(scope="session")
def briefly(tmp_path_factory: pytest.TempPathFactory) -> Briefly:
    """Tells a story briefly, which is done once for all tests that look at it as it stands, in all processes.

    So no test changes anything of a story before it asks for it.
    """
    from tests.stories import told_briefly

    kept = shared(tmp_path_factory) / "told"
    return lambda name: once(kept / name, lambda: told_briefly(name))


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all; who uses it sets the size of its window."""
    require_browser()
    with chromium(tmp_path_factory.mktemp("profile")) as started:
        yield started
