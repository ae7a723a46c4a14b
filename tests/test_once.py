"""What is made once for all processes of the tests: the second that asks is given what the first has made."""

from __future__ import annotations

from pathlib import Path

import pytest

from demos.failure import DataMissing
from tests.once import once


def test_what_was_made_is_given_again_and_not_made_again(tmp_path: Path) -> None:
    numbers = iter([1, 2])
    assert [once(tmp_path / "kept" / "it", lambda: next(numbers)) for _ in range(2)] == [1, 1]
    assert once(tmp_path / "kept" / "other", lambda: next(numbers)) == 2


def test_what_went_wrong_is_raised_for_each_that_asks(tmp_path: Path) -> None:
    tried = []

    def fail() -> None:
        tried.append(1)
        raise DataMissing("no points")

    for _ in range(2):
        with pytest.raises(DataMissing, match="no points"):
            once(tmp_path / "it", fail)
    assert tried == [1]
