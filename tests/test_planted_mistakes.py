"""The tests see mistakes: a handful here, all of them by `python -m tests.planted_mistakes`."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.planted_mistakes import CONTROL, FAILED, PASSED, ROOT

HANDFUL = [
    "tanh: partial 0 * 1.001",
    "divide: partial 1 negated",
    "multiply: partials swapped",
    "relu'(0) is 1",
    "pull: = for +=",
    "walk: an inner node is missing",
]


def planted(mistake: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.planted_mistakes", "--plant", mistake]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_without_a_mistake_the_same_tests_pass() -> None:
    run = planted(CONTROL.name)
    assert run.returncode == PASSED, run.stdout[-2000:] + run.stderr[-2000:]


@pytest.mark.parametrize("mistake", HANDFUL)
def test_a_planted_mistake_is_caught(mistake: str) -> None:
    run = planted(mistake)
    assert run.returncode == FAILED, run.stdout[-2000:] + run.stderr[-2000:]
    assert "1 failed" in run.stdout
