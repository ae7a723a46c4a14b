"""Tests of `autograd.screens`: text is as wide as it may be, in the columns of a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.notation.screens import COLUMNS, sentence, shortened, table, width


@pytest.mark.parametrize(("text", "columns"), [("", 0), ("w1", 2), ("x\u0302", 1), ("权重", 4), ("∂y/∂x", 5)])
def test_width_counts_the_columns_of_a_terminal(text: str, columns: int) -> None:
    assert width(text) == columns


@given(st.text(), st.integers(9, 40))
def test_a_shortened_text_fits_and_one_that_fits_stays(text: str, longest: int) -> None:
    assert width(shortened(text, longest)) <= longest
    assert (shortened(text, longest) == text) == (width(text) <= longest)


def test_a_shortened_name_keeps_the_end_that_tells_it_from_others() -> None:
    assert shortened("model.layers[0].neurons[12].w[3]", 16) == "model…s[12].w[3]"


def test_the_cells_of_a_table_are_below_one_another() -> None:
    assert table([("x", "1"), ("权重", "22"), ("", "3")], " ") == ["x    1", "权重 22", "     3"]


@given(st.lists(st.text("ab", min_size=1, max_size=12)))
def test_a_sentence_is_its_words_in_lines(words: list[str]) -> None:
    lines = sentence(" ".join(words))
    assert " ".join(lines) == " ".join(words)
    assert all(width(line) <= COLUMNS for line in lines)
