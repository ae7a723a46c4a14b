"""Numbers, names and terms as text, as mathematics, as LaTeX."""

from __future__ import annotations

import keyword
import math
import struct
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import primitives
from autograd.notation.terms import Term, symbol
from autograd.notation.typesetting import (
    FULL,
    Latex,
    Mathematics,
    Python,
    Style,
    latex_name,
    mathematical,
    python_name,
    short,
)

FLOATS = st.floats(allow_nan=False)

x, y, z = map(symbol, "xyz")


def term(name: str, *operands: Any) -> Term:
    return Term(primitives.PRIMITIVES[name], operands)


# ---- numbers


@given(FLOATS, st.integers(1, FULL))
def test_a_number_that_is_not_zero_never_reads_as_zero(number: float, digits: int) -> None:
    for written in (short(number, digits), mathematical(number, digits)):
        assert (float(written.replace("−", "-")) == 0) == (number == 0)


@given(FLOATS)
def test_seventeen_digits_are_exact(number: float) -> None:
    assert struct.pack("d", float(short(number, FULL))) == struct.pack("d", number)
    assert float(mathematical(number, FULL).replace("−", "-")) == number


@given(FLOATS, st.integers(1, FULL - 2))  # of 16, the one that is read back may be the next
def test_a_number_is_right_to_its_digits(number: float, digits: int) -> None:
    if math.isfinite(number) and 1e-300 < abs(number) < 1e300:
        assert abs(float(short(number, digits)) - number) <= 0.5001 * 10.0 ** (1 - digits) * abs(number)


@pytest.mark.parametrize(
    ("number", "shown", "in_mathematics"),
    [
        (-0.0, "0", "0"),
        (0.0, "0", "0"),
        (3.0, "3", "3"),
        (-2.5, "-2.5", "−2.5"),
        (0.00001234567, "1.235e-05", "1.235e−05"),
        (-1e-5, "-1e-05", "−1e−05"),
        (123456.0, "1.235e+05", "1.235e+05"),
        (math.inf, "inf", "inf"),
        (-math.inf, "-inf", "−inf"),
        (math.nan, "nan", "nan"),
    ],
)
def test_known_numbers(number: float, shown: str, in_mathematics: str) -> None:
    assert (short(number), mathematical(number)) == (shown, in_mathematics)


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (-0.0, "0"),
        (1e-5, r"1 \times 10^{-5}"),
        (-2.5e10, r"-2.5 \times 10^{10}"),
        (math.inf, r"\infty"),
        (-math.inf, r"-\infty"),
        (math.nan, r"\mathrm{NaN}"),
    ],
)
def test_numbers_in_latex(number: float, written: str) -> None:
    assert Latex().write(number) == written


@pytest.mark.parametrize("digits", [0, -1])
def test_a_precision_is_one_digit_or_more(digits: int) -> None:
    for style in (Style, Mathematics, Latex):
        with pytest.raises(ValueError, match="1 or more"):
            style(digits=digits)


# ---- names


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("x", "x"),
        ("w1_21", "w_{1,21}"),
        ("w12", "w_{12}"),
        ("w_12", "w_{12}"),
        ("w₁₂", "w_{12}"),
        ("ŷ₂", r"\hat{y}_{2}"),
        ("w₁_₂₁", "w_{1,21}"),
        ("pH₂", r"\mathrm{pH₂}"),
        ("ŷ", r"\hat{y}"),
        ("y\u0302", r"\hat{y}"),
        ("x̄", r"\bar{x}"),
        ("ŷ2", r"\hat{y}_{2}"),
        ("alpha", r"\alpha"),
        ("Delta3", r"\Delta_{3}"),
        ("δ", "δ"),
        ("w'", "w'"),
        ("w'1", "w'_{1}"),
        ("w_", r"\mathrm{w\_}"),
        ("w1_", r"\mathrm{w1\_}"),
        ("loss", r"\mathrm{loss}"),
        ("layer1.w[0]", r"\mathrm{layer1.w[0]}"),
        ("w2·y1", r"\mathrm{w2\cdot y1}"),
        ("a b", r"\mathrm{a\ b}"),
        ("$100%", r"\mathrm{\$100\%}"),
        (r"\input{x}", r"\mathrm{\backslash input\{x\}}"),
        ("a^b~c", r"\mathrm{a\wedge b\sim c}"),
        ("…", r"\mathrm{\ldots }"),
    ],
)
def test_names_in_latex(name: str, latex: str) -> None:
    assert latex_name(name) == latex


@given(st.text())
def test_a_name_in_latex_is_closed_and_opens_no_mathematics(name: str) -> None:
    written = latex_name(name)
    bare = written.replace("\\\\", "").replace(r"\{", "").replace(r"\}", "").replace(r"\$", "").replace(r"\%", "")
    assert bare.count("{") == bare.count("}")
    assert not {"$", "%"} & set(bare)


@given(st.text(), st.sets(st.sampled_from(["x", "x_2", "v", "v_2", "exp"])))
def test_a_python_name_is_valid_as_python_reads_it_and_not_taken(name: str, taken: set[str]) -> None:
    found = python_name(name, taken)
    assert found.isidentifier()
    assert not keyword.iskeyword(found)
    assert found not in taken
    assert unicodedata.normalize("NFKC", found) == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("w", "w"),
        ("w[0]", "w_0"),
        ("2x", "v_2x"),
        ("", "v"),
        ("if", "if_2"),
        ("sum", "sum_2"),
        ("ŷ", "ŷ"),
        ("__debug__", "debug"),
        ("ﬁ", "fi"),
        ("'; import os", "import_os"),
    ],
)
def test_python_names(name: str, found: str) -> None:
    assert python_name(name, {"sum"}) == found


# ---- terms


@pytest.mark.parametrize(
    ("written", "text", "mathematics", "latex"),
    [
        (term("power", x, 2.0), "x ** 2", "x²", "{x}^{2}"),
        (term("power", x, -12.0), "x ** -12", "x⁻¹²", "{x}^{-12}"),
        (term("power", x, 0.5), "x ** 0.5", "x^0.5", "{x}^{0.5}"),
        (term("power", term("add", x, y), 2.0), "(x + y) ** 2", "(x + y)²", r"{\left(x + y\right)}^{2}"),
        (term("multiply", x, x), "x * x", "x²", r"x \cdot x"),
        (term("multiply", y, term("multiply", x, x)), "y * (x * x)", "y · x²", r"y \cdot \left(x \cdot x\right)"),
        (term("power", term("multiply", x, x), 3.0), "(x * x) ** 3", "(x²)³", r"{\left(x \cdot x\right)}^{3}"),
        (term("multiply", x, term("subtract", 1.0, x)), "x * (1 - x)", "x(1 − x)", r"x \left(1 - x\right)"),
        (term("subtract", x, -2.0), "x - -2", "x − (−2)", r"x - \left(-2\right)"),
        (term("multiply", x, term("negative", y)), "x * -y", "x · (−y)", r"x \cdot \left(-y\right)"),
        (term("negative", term("negative", x)), "--x", "−(−x)", r"-\left(-x\right)"),
        (term("negative", term("add", x, y)), "-(x + y)", "−(x + y)", r"-\left(x + y\right)"),
        (term("divide", x, term("divide", y, z)), "x / (y / z)", "x / (y / z)", r"\frac{x}{\frac{y}{z}}"),
        (term("relu", x), "relu(x)", "ReLU(x)", r"\operatorname{ReLU}\left(x\right)"),
        (term("absolute", x), "abs(x)", "|x|", r"\left|x\right|"),
        (
            term("dot", (x, 1.0), (y, z)),
            "dot([x, 1], [y, z])",
            "dot([x, 1], [y, z])",
            r"\left(x, 1\right) \cdot \left(y, z\right)",
        ),
    ],
)
def test_known_terms(written: Term, text: str, mathematics: str, latex: str) -> None:
    assert [style().write(written) for style in (Style, Mathematics, Latex)] == [text, mathematics, latex]


@pytest.mark.parametrize(
    ("factor", "written"),
    [
        (x, "x"),
        (2.0, "2"),
        (-2.0, "−2"),
        (term("multiply", x, y), "x · y"),
        (term("add", x, y), "(x + y)"),
        (term("subtract", 1.0, x), "(1 − x)"),
        (term("exp", term("add", x, y)), "exp(x + y)"),
        (symbol("ŷ − y"), "(ŷ − y)"),
    ],
)
def test_a_sum_is_in_brackets_as_one_of_several_factors(factor: Any, written: str) -> None:
    assert Mathematics().factor(factor) == written


@pytest.mark.parametrize(
    ("name", "squared"),
    [
        ("w[-1]", "w[-1] ** 2"),
        ("params['a b']", "params['a b'] ** 2"),
        ("f(x, y)", "f(x, y) ** 2"),
        ("layer1.w", "layer1.w ** 2"),
        ("learning-rate", "(learning-rate) ** 2"),
        ("w2·y1", "(w2·y1) ** 2"),
        ("two words", "(two words) ** 2"),
    ],
)
def test_a_name_that_reads_as_an_operation_has_its_precedence(name: str, squared: str) -> None:
    assert Style().write(term("power", symbol(name), 2.0)) == squared


def test_python_calls_what_its_operators_would_answer_otherwise() -> None:
    written = term("add", term("divide", x, 0.0), term("power", x, y))
    assert Python(str).write(written) == "x / 0.0 + x ** y"
    assert Python(str, operators=False).write(written) == "divide(x, 0.0) + power(x, y)"
    assert Python(str).write(term("dot", (x,), (2.0,))) == "dot([x], [2.0])"


def test_what_is_shared_is_written_at_each_use() -> None:
    shared = term("add", x, y)
    assert Style().write(term("multiply", shared, shared)) == "(x + y) * (x + y)"
