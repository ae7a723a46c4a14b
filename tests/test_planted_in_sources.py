"""The tests see mistakes in the sources: a handful here, all of them by `python -m tests.planted_in_sources`."""

from __future__ import annotations

import pytest

from tests.planted_in_sources import FAILED, MISTAKES, ROOT, Mistake, file_of, planted, with_mistake

HANDFUL = ("Adam: no correction of v", "compiled steps: not written back", "packed: a factor is lost")


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_each_mistake_has_its_place_and_its_tests(mistake: Mistake) -> None:
    text = with_mistake(mistake)
    if mistake.file.endswith(".py"):
        compile(text, mistake.file, "exec")
    assert (ROOT / file_of(mistake)).exists()


@pytest.mark.parametrize("name", HANDFUL)
def test_a_planted_mistake_is_caught(name: str) -> None:
    (mistake,) = [mistake for mistake in MISTAKES if mistake.name == name]
    assert planted(mistake) == FAILED
