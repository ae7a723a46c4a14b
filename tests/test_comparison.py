"""A printed number against a computed one: laws, then examples."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from autograd import Value
from autograd.comparison import (
    AGREES,
    AMBIGUOUS,
    COMPUTING,
    CUT_OFF,
    NOT_FINITE,
    NOT_PRINTED,
    NOT_READ,
    ROUNDING,
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
from autograd.printed_numbers import read

Array: TypeAlias = NDArray[np.float64]

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


LAST = st.integers(4, 10**6)
"""Last digits, counted in units."""

FEW = st.floats(min_value=1.01, max_value=3.49) | st.floats(min_value=-3.49, max_value=-0.51)
MANY = st.floats(min_value=3.51, max_value=1e6) | st.floats(min_value=-1e6, max_value=-3.51)


@given(LAST, FEW, st.integers(3, 6))
def test_from_three_decimals_on_a_few_units_are_rounding_however_small_the_number(
    last: int, units: float, digits: int
) -> None:
    assert off_by(units, last, digits) == ROUNDING


@given(st.integers(1, 10**6), MANY, st.integers(0, 6))
def test_more_units_are_wrong_with_any_decimals(last: int, units: float, digits: int) -> None:
    assert off_by(units, last, digits) == WRONG


@given(LAST, st.floats(min_value=1.01, max_value=1.49) | st.floats(min_value=-1.49, max_value=-0.51), st.integers(1, 2))
def test_with_few_decimals_one_unit_that_was_carried_on_is_always_rounding(
    last: int, units: float, digits: int
) -> None:
    assert off_by(units, last, digits) == ROUNDING


@given(st.integers(1, 10**6), st.floats(min_value=1.51, max_value=3.49), SIGNS, st.integers(0, 2))
def test_with_few_decimals_more_units_are_rounding_within_a_share(
    last: int, size: float, side: float, digits: int
) -> None:
    units, share = side * size, 0.1 if digits else 0.02
    off = size / abs(last + units) if last + units else math.inf
    assume(abs(off - share) > 1e-6 and abs(units - round(units)) > 1e-3)  # neither at the border nor counts
    assert off_by(units, last, digits) == (ROUNDING if off < share else WRONG if side < 0 or size > 1 else CUT_OFF)


@given(st.integers(1, 9000), st.floats(min_value=0.51, max_value=50), st.integers(0, 3))
def test_percentages_are_rounding_within_one_unit_and_without_decimals_never(
    last: int, units: float, digits: int
) -> None:
    assume(abs(units - 1) > 1e-6)
    unit = 10.0**-digits
    shown, computed = f"{last * unit:.{digits}f} %", (last - units) * unit / 100
    assert verdict(shown, computed) == (ROUNDING if units < 1 and digits else WRONG)


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
        ("0,6", 0.7, ROUNDING),  # a whole unit, and not cut off, although 0.7 is stored a little below
        ("1", 1.9, CUT_OFF),
        ("-1", 1.4, WRONG),
        ("10,0236", 10.09, WRONG),
        ("93,60", 93.2, WRONG),  # 234 of 250 points, and 233
        ("93,6", 93.2, WRONG),
        ("234", 233.0, WRONG),
        ("234", 233.4, ROUNDING),  # no count
        ("51", 50.0, WRONG),
        ("51", 50.0000001, WRONG),  # a count that was computed
        ("51", 50.00001, ROUNDING),
        ("203e2", 20125.0, ROUNDING),  # a power of ten counts nothing
        ("96 %", 0.95, WRONG),  # document 002: two sets of digits
        ("95 %", 0.9599, CUT_OFF),
        ("93,8 %", 0.936, WRONG),
        ("93,7 %", 0.936, ROUNDING),  # one unit exactly
        ("0,34", 1 / 3, ROUNDING),
        ("34", 100 / 3, ROUNDING),  # 2 % exactly
        ("1,2", 1.0, WRONG),
        ("2,7", 3.0, ROUNDING),  # 10 % exactly
        ("2,6", 2.9, WRONG),
        ("98", 100.2, WRONG),  # 2.2 %
        ("1,035", 1.0315, ROUNDING),  # 3.5 units exactly
        ("0", 0.0, AGREES),
        ("0", 1e-16, AGREES),  # what computing leaves of 0
        ("0", 0.01, WRONG),
        ("-0", 0.0, AGREES),
        ("0,0", 0.04, AGREES),
        ("0,0", 0.07, CUT_OFF),
        ("0,0", -0.07, CUT_OFF),
        ("0,0", 0.1, ROUNDING),
        ("0,0", 0.3 - 0.2, ROUNDING),  # a whole unit, although it is computed a little below
        ("0,00", 0.0051, CUT_OFF),
        ("0,00", 0.0100001, ROUNDING),
        ("0,00", 0.016, WRONG),
        ("0", 0.0051, WRONG),
        ("0", 0.9999994, WRONG),  # document 002: cos α
        ("1", 1.99, CUT_OFF),
        ("0,1", 0.1999, CUT_OFF),
        ("0,00", 0.001, AGREES),
        ("0,001", 0.0, ROUNDING),
        ("0,004", 0.0, WRONG),
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
        ("47 431 256", "47431256"),
        ("1 047 431 256", "1047431256"),
        ("1 234", "1234"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234.50", "1234.50"),
        ("1\u202f234\u202f567,5", "1234567.5"),
        ("12\u2009345", "12345"),
        ("1'234.5", "1234.5"),
        ("1’234’567,25", "1234567.25"),
        ("1,5·10⁻³", "0.0015"),
        ("1.5x10^-3", "0.0015"),
        (r"$1{,}5 \cdot 10^{-3}$", "0.0015"),
        (r"\(-1.5\times 10^{3}\)", "-1500"),
        ("$ 0{,}333 $", "0.333"),
        ("1.5×10^-3", "0.0015"),
        ("1,5 · 10^−3", "0.0015"),
        ("-1.5 * 10^2", "-150"),
        ("3⋅10⁺²", "300"),
        ("2,5·10³", "2500"),
        ("–0,25", "-0.25"),
        ("−0,25", "-0.25"),
        ("1 234,5 %", "12.345"),
    ],
)
def test_what_is_printed_is_read(printed: str, means: str) -> None:
    shown = read(printed)
    assert shown.number == Fraction(means)
    assert verdict(printed, float(means)) == AGREES
    assert verdict(printed, float(shown.number - 5 * shown.unit * (1 if shown.number > 0 else -1))) == WRONG


@pytest.mark.parametrize(
    ("printed", "unit"),
    [
        ("12", 1),
        ("1 234", 1),
        ("1,50", Fraction(1, 100)),
        ("1.000,5", Fraction(1, 10)),
        ("1'000.50", Fraction(1, 100)),
        ("93,6 %", Fraction(1, 1000)),
        ("40%", Fraction(1, 100)),
        ("1,5e3", 100),
        ("1,5·10⁻³", Fraction(1, 10_000)),
    ],
)
def test_the_last_digit_has_a_unit(printed: str, unit: Fraction | int) -> None:
    assert read(printed).unit == unit


@pytest.mark.parametrize(
    "text",
    [
        *("abc", "1,2,3", ".", "--1", "1e", "inf", "nan", "0x10", "1 2", "1.2.3", "1.00,5", "0.123,4", "1.000,", "%"),
        *("1.000.5", "1,000,5", "1234.567,8", "1.234,567.8", "1/3", "1.000,5e2", " ", "1 23", "1 2345", "1 234'567"),
        *("0 123", "1  234", "2·103", "2·10", "10⁻³", "2·11^3", "1,5·10^", "5 €", "≈0,3", "1e999999999"),
        *("$1", "$$", "$1$2$", r"\(1$", "1{,}5{,}2", "1·10^{3", "1·10^3}", "10^{3}"),
        *("10³", "0,3⁵", "2³·10²", "1.5e³"),
    ],
)
def test_a_string_that_is_no_number_is_refused_by_its_quantity_and_its_text(text: str) -> None:
    with pytest.raises(ValueError, match="a printed number reads like") as caught:
        verdict(text, 1.0)
    assert repr(text) in str(caught.value)
    assert ("has no last digit" in str(caught.value)) == ("/" in text)
    with pytest.raises(ValueError, match=r"^W\[1,2\]: a printed number reads like") as caught:
        compare("W", [["1", text]], [[1.0, 1.0]])
    assert repr(text) in str(caught.value)
    check = check_numbers({"W": [["1", text]], "J": "2"}, {"W": [[1.0, 1.0]], "J": 2.0})
    assert [row.verdict for row in check] == [AGREES, NOT_READ, AGREES]
    assert f"W[1,2]: a printed number reads like '0,879', '.21' or '-1.5e-3'; got {text!r}" in repr(check)
    assert summary(check.rows).endswith("2 agree to their last digit (of at most 12) and 1 is not read.")
    assert check.wrong == []


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
        ("0,0 %", 0.0009, ""),
        ("0.234", 234.0, ""),
        ("1.2345", 12345.0, ""),
    ],
)
def test_a_check_says_how_to_write_what_would_be_right_if_it_were_read_otherwise(
    printed: str, computed: float, told: str
) -> None:
    check = check_numbers({"J": printed}, {"J": computed})
    assert repr(check).splitlines()[2:-1] == [told] * bool(told)
    (row,) = check
    assert row.verdict == (AMBIGUOUS if told else verdict(printed, computed))
    assert row not in check.wrong or not told
    (alone,) = compare("J", printed, computed)
    assert alone.verdict == verdict(printed, computed)


@pytest.mark.parametrize("computed", [float("nan"), float("inf"), float("-inf")])
def test_what_is_computed_and_not_finite_is_no_mistake_of_the_document(computed: float) -> None:
    check = check_numbers({"y": "0,62", "J": ""}, {"y": computed, "J": computed})
    assert [row.verdict for row in check] == [NOT_FINITE, NOT_PRINTED]
    assert check.wrong == []
    assert f"y: {computed:g} was computed; autograd.diagnose(y) says where in y it was born." in repr(check)
    assert summary(check.rows) == "Of 1 printed number 1 has no finite number beside it."


def test_a_printed_number_without_its_digits_is_refused() -> None:
    with pytest.raises(TypeError, match=r"^a printed number is given as a string, which keeps its digits; got 0\.5"):
        verdict(0.5, 0.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^J: a printed number is given as a string"):
        check_numbers({"J": 0.5}, {"J": 0.5})
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


@pytest.mark.parametrize(
    ("printed", "computed", "which"),
    [
        ([["1", "2"], ["3"]], [[1, 2], [3, 4]], "printed"),
        ([["1", "2"], ["3", "4"]], [[1, 2], [3]], "computed"),
        ([["1", "2"], ["3", "4"]], [np.ones(2), np.ones(1)], "computed"),
    ],
)
def test_rows_of_several_lengths_are_refused_with_their_lengths(printed: Any, computed: Any, which: str) -> None:
    with pytest.raises(ValueError, match=f"^w, as {which}, has rows of several lengths, 2, 1, and so no shape$"):
        check_numbers({"w": printed}, {"w": computed})


def test_arrays_that_do_not_fit_together_are_refused_by_their_quantity() -> None:
    with pytest.raises(ValueError, match=r"^w, as computed, has no shape: could not broadcast"):
        compare("w", [["1"]], [np.ones((2, 2)), np.ones((2, 3))])


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
        "Of 5 printed numbers 2 agree to their last digit (of at most 12), 1 is cut off after its last digit, 1"
        " differs by rounding (within 3.5 units of it) and 1 is wrong in the document."
    )


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({WRONG: 1}, "Of 1 printed number 1 is wrong in the document."),
        ({AGREES: 1000, NOT_PRINTED: 5}, "Of 1,000 printed numbers 1,000 agree to their last digit (of at most 12)."),
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


def test_what_is_wrong_stands_where_the_caller_says() -> None:
    rows = compare("x", ["1", "2"], [1.0, 3.0])
    assert summary(rows, "listing").endswith(" and 1 is wrong in the listing.")
    assert in_words(Counter({WRONG: 2}), "listing") == "Of 2 printed numbers 2 are wrong in the listing."


def test_the_words_say_the_rule() -> None:
    told = in_words(Counter({ROUNDING: 2}))
    assert f"within {float(ROUNDING_UNITS)} units of it" in told


@given(SIZES, SIGNS)
def test_a_number_of_more_digits_than_12_agrees_to_12(size: float, side: float) -> None:
    assert verdict(format(size, EXACT), size * (1 + side * 0.9 * float(COMPUTING))) == AGREES
    assert verdict(format(size, EXACT), size * (1 + side * 1.1 * float(COMPUTING) + side * 1e-15)) != AGREES


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
    assert check.counts == dict.fromkeys(VERDICTS, 0) | {AGREES: 1, CUT_OFF: 1, NOT_PRINTED: 1}
    assert tuple(check.counts) == VERDICTS
    assert check.wrong == []


def test_values_are_found_by_their_labels_and_else_by_their_variables() -> None:
    z, y = Value(0.7, "z"), Value(0.668, "y")
    check = check_numbers({"y": "0,67", "z": "0,9"}, [z, Value(1.0), y])
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
    with pytest.raises(TypeError, match=r"a sequence of Values, \[y\]; got float 1\.0 in it"):
        check_numbers({"z": "1"}, [1.0])  # type: ignore[list-item]


@pytest.mark.parametrize("computed", [Value(2.0, "z"), "z", None, 2.0])
def test_what_is_computed_is_a_mapping_or_several_values(computed: Any) -> None:
    needed = r"check_numbers needs what is computed as \{'y': 0.668\}, or as a sequence of Values, \[y\]; got "
    with pytest.raises(TypeError, match=f"^{needed}{type(computed).__name__} "):
        check_numbers({"z": "2"}, computed)


@pytest.mark.parametrize("printed", ["2", ["2"], None])
def test_what_is_printed_is_a_mapping(printed: Any) -> None:
    with pytest.raises(TypeError, match=r"^check_numbers needs what is printed as \{'y': '0,67'\}; got "):
        check_numbers(printed, [Value(2.0, "z")])


@pytest.mark.parametrize("text", ["2", ""])
def test_what_is_computed_is_a_number(text: str) -> None:
    for computed in ("2", None, [2.0]):
        with pytest.raises(TypeError, match="what was computed needs one real number; got "):
            verdict(text or "2", computed)  # type: ignore[arg-type]
    for kind, number in ((TypeError, None), (OverflowError, 10**400)):
        with pytest.raises(kind, match=r"^z\[2\]: what was computed needs "):
            check_numbers({"z": ["1", text]}, {"z": [1.0, number]})


def test_a_quantity_stays_in_its_line() -> None:
    assert check_numbers({"c\nd": "1"}, {"c\nd": 1.0}).rows[0].quantity == "c d"


class Exercise(NamedTuple):
    """A worked exercise of the shape of document 003: what is given, and the decimals to which it is worked by hand."""

    w1: Array
    b1: Array
    w2: Array
    b2: Array
    x: Array
    target: float

    def worked(self, decimals: int | None = None, mistaken: bool = False) -> dict[str, Array]:
        """Every number of it, each rounded and computed with; mistaken, ∂J/∂b(1) is that of erratum 003-2."""

        def shown(number: Any) -> Array:
            return np.asarray(number if decimals is None else np.round(number, decimals))

        def sigmoid(z: Array) -> Array:
            return shown(1 / (1 + np.exp(-z)))

        z1 = shown(self.w1 @ self.x + self.b1)
        y1 = sigmoid(z1)
        z2 = shown(self.w2 @ y1 + self.b2)
        guess = sigmoid(z2)
        cost, off = shown((guess - self.target) ** 2 / 2), shown(guess - self.target)
        slope2, slope1 = shown(guess * (1 - guess)), shown(y1 * (1 - y1))
        to_b2 = shown(off * slope2)
        to_w2, to_y1 = shown(to_b2 * y1), shown(self.w2 * to_b2)
        to_b1 = shown((z1 if mistaken else to_y1) * slope1)
        to_w1 = shown(np.outer(to_b1, self.x))
        forward = {"z1": z1, "y1": y1, "z2": z2, "guess": guess, "cost": cost, "off": off}
        slopes = {"slope2": slope2, "slope1": slope1}
        return forward | slopes | {"b2": to_b2, "w2": to_w2, "y1'": to_y1, "b1": to_b1, "w1": to_w1}


def exercises(count: int) -> Iterator[Exercise]:
    rng = np.random.RandomState(0)
    for _ in range(count):
        w1, b1 = np.round(rng.uniform(-1, 1, (3, 2)), 1), np.round(rng.uniform(0, 1, 3), 1)
        w2, b2 = np.round(rng.uniform(-1, 1, 3), 1), np.round(rng.uniform(0, 1), 1)
        yield Exercise(w1, b1, w2, b2, np.round(rng.uniform(-4, 4, 2), 1), float(rng.choice([0.0, 1.0, 5.0])))


def called_wrong(numbers: Mapping[str, Array], exact: Mapping[str, Array], decimals: int, *names: str) -> int:
    """How many of the numbers are called wrong, all or those of these names."""
    pairs = [pair for name in names or exact for pair in zip(np.ravel(numbers[name]), np.ravel(exact[name]))]
    return sum(verdict(f"{printed:.{decimals}f}", float(computed)) == WRONG for printed, computed in pairs)


@pytest.mark.parametrize(("decimals", "documents", "missed"), [(2, 5, 15), (3, 0, 1), (4, 0, 0)])
def test_honest_chains_of_rounding_are_seldom_called_wrong_and_mistakes_nearly_always(
    decimals: int, documents: int, missed: int
) -> None:
    false = found = 0
    for exercise in exercises(40):
        exact = exercise.worked()
        false += called_wrong(exercise.worked(decimals), exact, decimals) > 0
        found += called_wrong(exercise.worked(decimals, mistaken=True), exact, decimals, "b1", "w1")
    assert (false, 40 * 9 - found) == (documents, missed)
