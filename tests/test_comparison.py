"""A printed number against a computed one: laws, then examples."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograd import Value
from autograd.comparison import (
    AGREES,
    CUT_OFF,
    NOT_PRINTED,
    ROUNDING,
    ROUNDING_SHARE,
    ROUNDING_UNITS,
    VERDICTS,
    WRONG,
    Row,
    check_numbers,
    compare,
    in_words,
    summary,
    table,
    verdict,
)

NUMBERS = st.floats(min_value=-1e15, max_value=1e15)
# far from overflow, and from where a double has fewer than 17 digits
SIZES = st.floats(min_value=1e-100, max_value=1e100)
SIGNS = st.sampled_from([1.0, -1.0])
# shares by which a number is off
FAR = st.floats(min_value=0.0201, max_value=1e6)
# 17 significant digits print a double without loss, and trailing zeros are kept: they are a promise too
EXACT = ".16e"


@given(NUMBERS, st.integers(0, 15), st.sampled_from(",."))
def test_a_number_rounded_to_any_digits_agrees(x: float, digits: int, mark: str) -> None:
    assume(digits or abs(x) > 0.5)  # a 0 without decimals is exact
    assert verdict(f"{x:.{digits}f}".replace(".", mark), x) == AGREES


@given(SIZES, SIGNS, st.integers(0, 16))
def test_a_number_rounded_in_scientific_notation_agrees(size: float, sign: float, digits: int) -> None:
    assert verdict(f"{sign * size:.{digits}e}", sign * size) == AGREES


@given(NUMBERS, st.integers(1, 15))
def test_a_leading_zero_may_be_left_out(x: float, digits: int) -> None:
    fraction = math.fmod(x, 1.0)
    text = f"{fraction:.{digits}f}"
    assert verdict(text.replace("0.", ".", 1), fraction) == verdict(text, fraction) == AGREES


@given(st.integers(1, 10**9), SIGNS, st.integers(1, 6), st.floats(min_value=0.51, max_value=0.99))
def test_the_first_digits_of_a_number_that_goes_on_are_cut_off(
    last: int, sign: float, digits: int, more: float
) -> None:
    unit = 10.0**-digits
    assert verdict(f"{sign * last * unit:.{digits}f}", sign * (last + more) * unit) == CUT_OFF


def off_by(units: float, last: int, digits: int = 3) -> str:
    """The verdict where the computed number is so many units larger in size than the printed one."""
    unit = 10.0**-digits
    return verdict(f"{last * unit:.{digits}f}", (last + units) * unit)


LARGE = st.integers(1000, 10**6)
"""Last digits, counted in units, so large that a share of 2 % is more than the units that are allowed."""


@given(LARGE, st.floats(min_value=1.01, max_value=3.49) | st.floats(min_value=-3.49, max_value=-0.51))
def test_a_few_units_of_the_last_digit_are_rounding(last: int, units: float) -> None:
    assert off_by(units, last) == ROUNDING


@given(LARGE, st.floats(min_value=3.51, max_value=1e6) | st.floats(min_value=-1e6, max_value=-3.51))
def test_more_units_of_the_last_digit_are_wrong(last: int, units: float) -> None:
    assert off_by(units, last) == WRONG


@given(st.integers(4, 48), st.floats(min_value=1.01, max_value=3.5))
def test_where_digits_are_few_a_few_units_are_wrong_too(last: int, units: float) -> None:
    assert off_by(units, last) == WRONG


@given(SIZES, SIGNS, FAR, SIGNS)
def test_a_number_more_than_the_share_off_is_wrong_when_its_digits_say_so(
    size: float, sign: float, share: float, side: float
) -> None:
    assert verdict(format(sign * size * (1 + side * share), EXACT), sign * size) == WRONG


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_counts_differ_by_one_or_not_and_never_by_rounding(count: int, more: int) -> None:
    assert verdict(str(count), float(count)) == AGREES
    assert verdict(str(count), float(count + more)) == verdict(str(count + more), float(count)) == WRONG


@given(SIZES, SIGNS)
def test_a_flipped_sign_is_wrong(size: float, sign: float) -> None:
    assert verdict(format(-sign * size, EXACT), sign * size) == WRONG


@given(SIZES, SIZES)
def test_flipping_both_signs_changes_no_verdict(printed: float, computed: float) -> None:
    assert verdict(f"{printed:.3e}", computed) == verdict(f"-{printed:.3e}", -computed)


@given(st.integers(-10_000, 10_000), st.integers(-10_000, 10_000), st.integers(0, 9))
def test_a_change_of_unit_changes_no_verdict(printed: int, computed: int, exponent: int) -> None:
    number, shown = computed + 0.25, 10 * printed + 3  # neither a 0, which is exact, nor counts
    assert verdict(str(shown), number) == verdict(f"{shown}e{exponent}", number * 10**exponent)


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
        ("-1,062", -1.06509570316, ROUNDING),  # document 003: cut off on the way
        ("0,045", 0.044365389456, ROUNDING),  # document 003: 0,953(1 - 0,953)
        ("0,14", -0.009911881694, WRONG),  # document 003: its least mistake, 15 units
        ("1,0", 1.35, WRONG),  # 3.5 units, and 26 %
        ("100,0", 100.35, ROUNDING),
        ("100,0", 100.36, WRONG),
        ("9,8", 10.0, ROUNDING),  # 2 % exactly
        ("9,79", 10.0, WRONG),
        ("9,99", 9.999, CUT_OFF),
        ("0,044", 0.0449, CUT_OFF),
        ("0,035", 0.03567, CUT_OFF),
        ("0,878", 0.878681162108, CUT_OFF),
        ("-0,878", -0.878681162108, CUT_OFF),
        ("0,6", 0.7, WRONG),  # a whole unit, although 0.7 is stored a little below
        ("1", 1.9, CUT_OFF),
        ("-1", 1.4, WRONG),
        ("10,0236", 10.09, WRONG),
        ("93,60", 93.2, WRONG),  # 234 of 250 points, and 233
        ("93,6", 93.2, WRONG),
        ("234", 233.0, WRONG),
        ("234", 233.4, ROUNDING),  # no count
        ("0", 0.0, AGREES),
        ("0", 1e-16, AGREES),  # what computing leaves of 0
        ("0", 0.01, WRONG),
        ("-0", 0.0, AGREES),
        ("0,0", 0.04, AGREES),
        ("0,0", 0.07, WRONG),  # a 0 has no first digits
        ("0,0", -0.07, WRONG),
        ("0,00", 0.001, AGREES),
        ("0,001", 0.0, WRONG),
        ("1e3", 1600.0, CUT_OFF),
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


@pytest.mark.parametrize(
    ("printed", "means"),
    [
        ("1.000,5", "1000.5"),
        ("1,000.5", "1000.5"),
        ("-12.345.678,25", "-12345678.25"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234", "1.234"),
        ("1,234", "1.234"),
        ("40 %", "0.40"),
        ("93,60%", "0.9360"),
        ("1.234,5 %", "12.345"),
        ("-0,5\u00a0%", "-0.005"),
        ("1,5E-3", "0.0015"),
    ],
)
@pytest.mark.parametrize("units", [0.4, 0.6, 2.0, 4.0, -0.6, -4.0])
def test_thousands_and_percents_are_read(printed: str, means: str, units: float) -> None:
    unit = 10.0 ** -len(means.partition(".")[2])
    computed = float(means) + units * unit + 1e-13
    assert verdict(printed, computed) == verdict(means, computed)
    assert verdict(printed, float(means)) == AGREES


@pytest.mark.parametrize(
    "text",
    [
        *("abc", "1,2,3", ".", "--1", "1e", "inf", "nan", "0x10", "1 2", "1.2.3", "1.00,5", "0.123,4", "1.000,", "%"),
        *("1.000.5", "1,000,5", "1234.567,8", "1.234,567.8", "1/3", "1.000,5e2"),
    ],
)
def test_a_string_that_is_no_number_is_refused_by_its_quantity_and_its_text(text: str) -> None:
    with pytest.raises(ValueError, match="a printed number reads like") as caught:
        verdict(text, 1.0)
    assert repr(text) in str(caught.value)
    assert ("has no last digit" in str(caught.value)) == ("/" in text)
    with pytest.raises(ValueError, match=r"^W\[1,2\]: a printed number reads like") as caught:
        check_numbers({"W": [["1", text]]}, {"W": [[1.0, 1.0]]})
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize(
    ("printed", "computed", "told"),
    [
        ("1.234", 1234.0, "J: '1.234' is read as 1.234; if it means 1234, write '1234'."),
        ("−1.234", -1233.7, "J: '−1.234' is read as -1.234; if it means -1234, write '-1234'."),
        ("40 %", 40.2, "J: '40 %' is read as 0.4; if it means 40, write '40'."),
        ("1.234", 1.234, ""),
        ("1.234", 1234.7, "J: '1.234' is read as 1.234; if it means 1234, write '1234'."),
        ("1.234", 5.0, ""),
        ("0 %", 0.0, ""),
        ("40 %", 0.4, ""),
        ("0.234", 234.0, ""),
        ("1.2345", 12345.0, ""),
    ],
)
def test_a_check_says_how_to_write_what_would_be_right_if_it_were_read_otherwise(
    printed: str, computed: float, told: str
) -> None:
    lines = repr(check_numbers({"J": printed}, {"J": computed})).splitlines()
    assert lines[2:-1] == [told] * bool(told)


def test_a_printed_number_without_its_digits_is_refused() -> None:
    with pytest.raises(TypeError, match=r"^a printed number is given as a string, which keeps its digits; got 0\.5"):
        verdict(0.5, 0.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^J: a printed number is given as a string"):
        compare("J", 0.5, 0.5)


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
    assert [line[heading.index("verdict") :] for line in lines] == [CUT_OFF, NOT_PRINTED, WRONG]
    assert not any(line.endswith(" ") for line in text.splitlines())


def test_the_summary_counts_every_printed_number_once() -> None:
    rows = compare("x", ["1", "2", "", "0,993", "1", "0,99"], [1.0, 3.0, 4.0, 0.996, 1.0, 0.999])
    assert summary(rows) == (
        "Of 5 printed numbers 2 agree to their last digit, 1 is cut off after its last digit, 1 differs by rounding"
        " (within 3.5 units of it and 2 %) and 1 is wrong in the document."
    )


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({WRONG: 1}, "Of 1 printed number 1 is wrong in the document."),
        ({AGREES: 1000, NOT_PRINTED: 5}, "Of 1,000 printed numbers 1,000 agree to their last digit."),
        (
            {WRONG: 2, CUT_OFF: 3},
            "Of 5 printed numbers 3 are cut off after their last digit and 2 are wrong in the document.",
        ),
        ({NOT_PRINTED: 1}, "No number is printed."),
        ({}, "No number is printed."),
    ],
)
def test_counts_are_told_in_words_without_those_that_are_0(counts: dict[str, int], told: str) -> None:
    assert in_words(Counter(counts)) == told


def test_the_words_say_the_rule() -> None:
    told = in_words(Counter({ROUNDING: 2}))
    assert f"within {float(ROUNDING_UNITS)} units of it and {float(100 * ROUNDING_SHARE):g} %" in told


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
    assert check.counts == {AGREES: 1, CUT_OFF: 1, ROUNDING: 0, WRONG: 0, NOT_PRINTED: 1}
    assert tuple(check.counts) == VERDICTS
    assert check.wrong == []


def test_values_are_found_by_their_labels_and_else_by_their_variables() -> None:
    z, y = Value(0.7, "z"), Value(0.668, "y")
    check = check_numbers({"y": "0,67", "z": "0,8"}, [z, Value(1.0), y])
    assert [(row.quantity, row.computed, row.verdict) for row in check] == [("y", 0.668, AGREES), ("z", 0.7, WRONG)]
    score, labelled = Value(0.25), Value(0.5, "score")
    assert check_numbers({"score": "0,5"}, [score, labelled]).counts[AGREES] == 1
    other = Value(0.75)
    assert check_numbers({"score": "0,25", "other": "0,75"}, [score, other]).counts[AGREES] == 2


def test_what_is_not_computed_is_refused_with_what_is_and_how_values_are_found() -> None:
    with pytest.raises(ValueError, match=r"nothing computed for 'ŷ'; it was given z, y$"):
        check_numbers({"z": "1", "ŷ": "2"}, {"z": 1.0, "y": 2.0})
    found = r"a Value is found by its label, as after y\.label = 'y', or by the variable that holds it$"
    with pytest.raises(ValueError, match=f"nothing computed for 'z'; it was given nothing; {found}"):
        check_numbers({"z": "1"}, [Value(1.0)])
    with pytest.raises(ValueError, match=f"nothing computed for 'z'; it was given y; {found}"):
        check_numbers({"z": "1"}, [Value(1.0, "y")])


def test_labels_that_two_values_have_and_what_is_no_value_are_refused() -> None:
    with pytest.raises(ValueError, match="two have the label 'z'"):
        check_numbers({"z": "1"}, [Value(1.0, "z"), Value(2.0, "z")])
    with pytest.raises(TypeError, match=r"a sequence of Values with labels; got 1\.0 in it"):
        check_numbers({"z": "1"}, [1.0])  # type: ignore[list-item]
