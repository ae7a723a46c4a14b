"""Equations of matrices as text, LaTeX and HTML."""

from __future__ import annotations

import numpy as np
import pytest

from autograd.notation.screens import COLUMNS
from nn.abridging import abridged, dots
from nn.backpropagation.equations import (
    MOST_COLUMNS,
    MOST_ROWS,
    Applied,
    Equation,
    Html,
    LatexLines,
    Matrix,
    Shape,
    Symbol,
    Text,
    Words,
)


def counted(rows: int, columns: int, flat: bool = False) -> Matrix:
    """1, 2, 3 … in rows."""
    return Matrix(np.arange(1.0, rows * columns + 1).reshape(rows, columns), flat)


def told(*numbers, digits=4):
    """The lines of A = numbers, without the first, which has the symbols."""
    return Text(digits).lines([Equation(Symbol("A"), (Symbol("B"),), (), numbers)])[1:]


def test_a_matrix_has_its_numbers_flush_right_in_columns():
    assert told(Matrix(np.array([[1.0, -20.5], [300.0, 4.0]]))) == ["    = ⎡  1 −20.5⎤", "      ⎣300     4⎦"]


def test_a_matrix_of_one_row_stands_in_its_line():
    assert told(counted(1, 3)) == ["    = [1 2 3]"]


def test_factors_stand_in_the_middle_of_the_height():
    assert told(counted(3, 1), "·", counted(1, 2)) == [
        "      ⎡1⎤",
        "    = ⎢2⎥ · [1 2]",
        "      ⎣3⎦",
    ]


def test_a_flat_column_is_a_row_transposed():
    assert told(counted(3, 1, flat=True)) == ["    = [1 2 3]ᵀ"]
    assert told(counted(1, 1, flat=True)) == ["    = [1]"]


def test_what_is_left_out_is_dots():
    assert told(counted(6, 7)) == [
        "      ⎡ 1  2  3  4 …  7⎤",
        "      ⎢ 8  9 10 11 … 14⎥",
        "    = ⎢15 16 17 18 … 21⎥",
        "      ⎢ ⋮  ⋮  ⋮  ⋮ ⋱  ⋮⎥",
        "      ⎣36 37 38 39 … 42⎦",
    ]


def test_what_is_shown_of_many_is_the_first_ones_and_the_last():
    assert abridged(5, most=5, first=3) == [0, 1, 2, 3, 4]
    assert abridged(9, most=5, first=3) == [0, 1, 2, None, 8]
    assert [[dots(i, j) for j in (0, None)] for i in (0, None)] == [["", "…"], ["⋮", "⋱"]]


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 6), (5, 1), (5, 6), (6, 7), (1000, 1000), (1, 50)])
@pytest.mark.parametrize("factors", [1, 3])
def test_lines_are_held_to_a_width_and_a_height(rows, columns, factors):
    random = Matrix(-np.random.default_rng(0).random((rows, columns)) * 1e-7)
    lines = told(*[random, "⊙"] * (factors - 1), random)
    assert len(lines) <= MOST_ROWS
    assert max(map(len, lines)) <= COLUMNS


def test_a_matrix_that_fits_is_whole():
    assert "…" not in "".join(told(counted(MOST_ROWS, MOST_COLUMNS)))


def test_rows_that_do_not_fit_side_by_side_are_stacked():
    row = Matrix(np.full((1, 6), -0.12345))
    assert [line[:7] for line in told(row, "⊙", row, "=", row)] == ["    = [", "    ⊙ [", "    = ["]


def test_minus_zero_is_zero():
    assert told(Matrix(np.array([[-0.0]]))) == ["    = [0]"]


def test_numbers_that_are_not_finite_are_shown():
    assert told(Matrix(np.array([[np.inf, -np.inf, np.nan]]))) == ["    = [inf −inf nan]"]


def test_all_digits_are_shown_when_asked_for():
    assert told(Matrix(np.array([[-0.1, 1 / 3]])), digits=17) == ["    = [−0.1 0.3333333333333333]"]


def test_shapes_stand_in_one_column_unless_the_symbols_are_too_long():
    short = Equation(Symbol("A"), (Symbol("B"),), (Shape(2, 3),))
    long = Equation(Symbol("A"), (Symbol("B" * 60),), (Shape(2, 3),))
    first, second = Text().lines([short, long])
    assert first.index("(2, 3)") == 52
    assert second.endswith("B  (2, 3)")


def test_derivatives_and_transposes_are_symbols():
    equation = Equation(Symbol("W1", "J"), (Symbol("δ1"), "·", Symbol("x", transposed=True)))
    assert Text().lines([equation]) == ["  ∂J/∂W1 = δ1 · xᵀ"]
    assert LatexLines().lines([equation]) == [r"\frac{\partial J}{\partial W_{1}} = \delta_{1} \cdot x^{T}"]


def test_a_matrix_above_a_row_of_ones_is_told_as_two_rows():
    ones = Symbol("x2", transposed=True, has_ones=True)
    assert Text().line([ones]) == "[x2; 1]ᵀ"
    assert LatexLines().lines([Equation(Symbol("A"), (ones,))]) == [r"A = [x_{2};\, 1]^{T}"]


def test_brackets_may_be_transposed_and_stand_around_matrices():
    slope = Applied("", (Symbol("z", of="y"),), transposed=True)
    column, zeros = counted(2, 1), Matrix(np.zeros((2, 1)))
    numbers = (Words("1/2"), "· (", column, "−", column, ") =", zeros)
    equation = Equation(Symbol("δ"), (slope, "−", Symbol("t")), (), numbers)
    assert Text().lines([equation]) == [
        "  δ = (∂y/∂z)ᵀ − t",
        "    = 1/2 · ( ⎡1⎤ − ⎡1⎤ ) = ⎡0⎤",
        "              ⎣2⎦   ⎣2⎦     ⎣0⎦",
    ]
    symbols, in_numbers = LatexLines().lines([equation])
    assert symbols == r"\delta = \left(\frac{\partial y}{\partial z}\right)^{T} - t"
    assert in_numbers.startswith(r"\delta = \mathrm{1/2} \cdot \left( \begin{pmatrix} 1 \\ 2 \end{pmatrix} - ")
    assert r"\right) = \begin{pmatrix} 0 " in in_numbers
    assert "<span>· (</span>" in Html().write([equation])


def test_words_stand_apart_from_the_symbols_before_them():
    told = (Words("1/2"), "·", Symbol("W"), Words("without its last row"), "+", Words("rest"))
    (line,) = LatexLines().lines([Equation(Symbol("A"), told)])
    assert line == r"A = \mathrm{1/2} \cdot W \ \mathrm{without\ its\ last\ row} + \mathrm{rest}"


def test_latex_of_a_matrix_is_abridged_too():
    (_, line) = LatexLines().lines([Equation(Symbol("A"), (Symbol("B"),), (), (counted(6, 7),))])
    assert line.startswith(r"A = \begin{pmatrix} 1 & 2 & 3 & 4 & \cdots & 7 \\ 8 & 9 ")
    assert r"\vdots & \vdots & \vdots & \vdots & \ddots & \vdots \\ 36 &" in line


def test_names_are_escaped_in_html():
    written = Html().write([Equation(Symbol("<A>"), (Symbol("&"),), (), (counted(1, 1),))])
    assert "&lt;A&gt; = &amp;" in written
    assert "<A>" not in written
