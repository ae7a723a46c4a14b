"""A printed number against a computed one: laws, then examples."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from autograd.comparison import (
    AGREES,
    NOT_PRINTED,
    ROUNDING,
    WRONG,
    Row,
    check_numbers,
    compare,
    summary,
    table,
    verdict,
)

NUMBERS = st.floats(min_value=-1e15, max_value=1e15)
# far from overflow, and from where a double has fewer than 17 digits
SIZES = st.floats(min_value=1e-100, max_value=1e100)
SIGNS = st.sampled_from([1.0, -1.0])
# shares by which a number is off; not 1, for a printed 0 is right to its digits beside whatever is small
FAR = st.floats(min_value=0.0101, max_value=0.99) | st.floats(min_value=1.01, max_value=1e6)
# 17 significant digits print a double without loss, and trailing zeros are kept: they are a promise too
EXACT = ".16e"


@given(NUMBERS, st.integers(0, 15), st.sampled_from(",."))
def test_a_number_rounded_to_any_digits_agrees(x: float, digits: int, mark: str) -> None:
    assert verdict(f"{x:.{digits}f}".replace(".", mark), x) == AGREES


@given(SIZES, SIGNS, st.integers(0, 16))
def test_a_number_rounded_in_scientific_notation_agrees(size: float, sign: float, digits: int) -> None:
    assert verdict(f"{sign * size:.{digits}e}", sign * size) == AGREES


@given(NUMBERS, st.integers(1, 15))
def test_a_leading_zero_may_be_left_out(x: float, digits: int) -> None:
    fraction = math.fmod(x, 1.0)
    text = f"{fraction:.{digits}f}"
    assert verdict(text.replace("0.", ".", 1), fraction) == verdict(text, fraction) == AGREES


@given(SIZES, SIGNS, st.floats(min_value=-0.0099, max_value=0.0099))
def test_a_number_within_one_percent_is_never_wrong(size: float, sign: float, share: float) -> None:
    assert verdict(format(sign * size * (1 + share), EXACT), sign * size) in {AGREES, ROUNDING}


@given(SIZES, SIGNS, FAR, SIGNS)
def test_a_number_more_than_one_percent_off_is_wrong_when_its_digits_say_so(
    size: float, sign: float, share: float, side: float
) -> None:
    assert verdict(format(sign * size * (1 + side * share), EXACT), sign * size) == WRONG


@given(SIZES, SIGNS)
def test_a_flipped_sign_is_wrong(size: float, sign: float) -> None:
    assert verdict(format(-sign * size, EXACT), sign * size) == WRONG


@given(SIZES, SIZES)
def test_flipping_both_signs_changes_no_verdict(printed: float, computed: float) -> None:
    assert verdict(f"{printed:.3e}", computed) == verdict(f"-{printed:.3e}", -computed)


@given(st.integers(-10_000, 10_000), st.integers(-10_000, 10_000), st.integers(0, 9))
def test_a_change_of_unit_changes_no_verdict(printed: int, computed: int, exponent: int) -> None:
    assert verdict(str(printed), computed) == verdict(f"{printed}e{exponent}", computed * 10**exponent)


@given(NUMBERS, NUMBERS, st.integers(0, 6))
def test_comma_and_point_mean_the_same(printed: float, computed: float, digits: int) -> None:
    text = f"{printed:.{digits}f}"
    assert verdict(text, computed) == verdict(text.replace(".", ","), computed)


@given(NUMBERS, st.integers(0, 6))
def test_a_value_counts_as_its_number(x: float, digits: int) -> None:
    assert verdict(f"{x:.{digits}f}", Value(x + 0.25)) == verdict(f"{x:.{digits}f}", x + 0.25)


@pytest.mark.parametrize(
    ("printed", "computed", "expected"),
    [
        ("0,25", 0.245, AGREES),  # in the middle, although 0.245 is stored a little below
        ("0,24", 0.245, AGREES),
        ("0,5", 0.25, WRONG),
        ("1", 0.5, AGREES),  # half a unit exactly, on either side
        ("0", 0.5, AGREES),
        ("-1,062", -1.06509570316, ROUNDING),  # truncated on the way
        ("9,99", 9.999, ROUNDING),  # truncated
        ("0,044", 0.0449, WRONG),  # truncated as well, but 2 % off
        ("99", 100.0, ROUNDING),  # 1 % exactly
        ("98,9", 100.0, WRONG),
        ("0,00", 0.001, AGREES),
        ("0,001", 0.0, WRONG),
        ("−0,25", -0.25, AGREES),  # the minus sign of typesetters
        (" +2. ", 2.0, AGREES),
        ("", 1.0, NOT_PRINTED),
        ("1", math.nan, WRONG),
        ("1", math.inf, WRONG),
    ],
)
def test_verdicts_at_the_borders(printed: str, computed: float, expected: str) -> None:
    assert verdict(printed, computed) == expected


def test_numbers_that_count_as_zero_agree_only_when_both_do() -> None:
    assert verdict("2.58e-26", 1.45e-26, zero=1e-25) == AGREES
    assert verdict("2.58e-26", 1.45e-26) == WRONG
    assert verdict("1.17e-16", 1.45e-26, zero=1e-25) == WRONG
    assert verdict("1.45e-26", 1.17e-16, zero=1e-25) == WRONG


@pytest.mark.parametrize("text", ["abc", "1.234,5", "1,2,3", ".", "--1", "1e", "inf", "nan", "0x10", "1 2"])
def test_a_string_that_is_no_number_is_refused_by_its_text(text: str) -> None:
    with pytest.raises(ValueError, match="a printed number reads like") as caught:
        verdict(text, 1.0)
    assert repr(text) in str(caught.value)


def test_a_printed_number_without_its_digits_is_refused() -> None:
    with pytest.raises(TypeError, match=r"given as a string, which keeps its digits; got 0\.5"):
        verdict(0.5, 0.5)  # type: ignore[arg-type]


def test_a_number_is_one_row_and_a_matrix_a_row_for_each_element_counted_from_1() -> None:
    assert compare("J", "10,02", 10.0237) == [Row("J", "10,02", 10.0237, AGREES)]
    rows = compare("W", [["1", "2"], ["3", "4"]], np.array([[1.0, 2.0], [3.0, -4.0]]))
    assert [(row.quantity, row.verdict) for row in rows] == [
        ("W[1,1]", AGREES),
        ("W[1,2]", AGREES),
        ("W[2,1]", AGREES),
        ("W[2,2]", WRONG),
    ]
    assert [row.quantity for row in compare("b", ["1", "2"], [Value(1.0), Value(2.0)])] == ["b[1]", "b[2]"]


def test_different_shapes_are_refused_with_both_shapes() -> None:
    with pytest.raises(ValueError, match=r"w: the shape printed is \(2,\), the shape computed \(3,\)"):
        compare("w", ["1", "2"], [1.0, 2.0, 3.0])


def test_the_columns_of_a_table_are_aligned_and_its_headings_can_be_said() -> None:
    text = table(
        compare("ŷ", "0,522", 0.5225767) + compare("∂C/∂w", ["", "1"], [2.5, -3]), printed="the listing prints"
    )
    heading, *lines = text.splitlines()
    assert heading.split("   ") == ["quantity", "the listing prints", "the engine computes", "verdict"]
    end = heading.index("the engine computes") + len("the engine computes")
    assert [line[:end].split()[-1] for line in lines] == ["0.5225767", "2.5", "-3"]
    assert [line[heading.index("verdict") :] for line in lines] == [ROUNDING, NOT_PRINTED, WRONG]
    assert not any(line.endswith(" ") for line in text.splitlines())


def test_the_summary_counts_every_printed_number_once() -> None:
    rows = compare("x", ["1", "2", "", "0,99", "1"], [1.0, 3.0, 4.0, 0.998, 1.0])
    assert summary(rows).startswith("Of 4 printed numbers 2 agree to their last digit, 1 differ by rounding")
    assert summary(rows).endswith("1 are wrong in the document.")


@given(st.dictionaries(st.text(min_size=1), st.integers(0, 6).map(str), min_size=1), st.sampled_from([0.0, 3.0]))
def test_a_document_is_checked_quantity_by_quantity_in_its_order(printed: dict[str, str], computed: float) -> None:
    check = check_numbers(printed, dict.fromkeys(reversed(printed), computed))
    assert check.rows == [row for name, text in printed.items() for row in compare(name, text, computed)]
    assert list(check) == check.rows
    assert len(check) == sum(check.counts.values()) == len(printed)
    assert check.wrong == [row for row in check if row.verdict == WRONG]
    assert len(check.wrong) == check.counts[WRONG]


def test_a_check_shows_the_table_and_the_counts_within_a_screen() -> None:
    check = check_numbers({"ŷ": "0,522", "W": [["1", ""]]}, {"ŷ": Value(0.5225767), "W": [[1.4, 2.0]], "other": 7.0})
    text = repr(check)
    assert text.startswith(table(check.rows))
    assert " ".join(text.splitlines()[4:]) == summary(check.rows)
    assert max(map(len, text.splitlines())) <= 100
    assert check.counts == {AGREES: 1, ROUNDING: 1, WRONG: 0, NOT_PRINTED: 1}
    assert check.wrong == []


def test_values_are_found_by_their_labels() -> None:
    z, y = Value(0.7, "z"), Value(0.668, "y")
    check = check_numbers({"y": "0,67", "z": "0,8"}, [z, Value(1.0), y])
    assert [(row.quantity, row.computed, row.verdict) for row in check] == [("y", 0.668, AGREES), ("z", 0.7, WRONG)]


def test_what_is_not_computed_is_refused_with_what_is() -> None:
    with pytest.raises(ValueError, match="nothing computed for 'ŷ'; it was given z, y"):
        check_numbers({"z": "1", "ŷ": "2"}, {"z": 1.0, "y": 2.0})
    with pytest.raises(ValueError, match="nothing computed for 'z'; it was given nothing"):
        check_numbers({"z": "1"}, [Value(1.0)])


def test_labels_that_two_values_have_and_what_is_no_value_are_refused() -> None:
    with pytest.raises(ValueError, match="two have the label 'z'"):
        check_numbers({"z": "1"}, [Value(1.0, "z"), Value(2.0, "z")])
    with pytest.raises(TypeError, match=r"a sequence of Values with labels; got 1\.0 in it"):
        check_numbers({"z": "1"}, [1.0])  # type: ignore[list-item]
