"""Equations of matrices, in symbols, numbers and shapes, as text, LaTeX and HTML.

An equation is said once, in tokens; each writer says the same. Matrices that are too large to read are abridged. What
stands between two tokens is a sign, and is a plain string: =, +, −, ·, ⊙, which may have a bracket beside it.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd.explanation.slopes import ElementwiseLatex, ElementwiseText
from autograd.notation.screens import COLUMNS
from autograd.notation.terms import Operand
from autograd.notation.typesetting import DIGITS, latex_name, upright
from nn.abridging import Index, abridged, dots

Array: TypeAlias = NDArray[np.float64]

MOST_ROWS = 5
MOST_COLUMNS = 6
"""A matrix with more is abridged; so is one with fewer, where a line would be wider than a screen."""

NARROWEST = 3
"""The first column, an ellipsis, the last."""

SHAPES_AT = 52
"""The column of the shapes, where the symbols leave room."""


class Symbol(NamedTuple):
    """A matrix by its name; with `of`, the derivative of that with respect to it: ∂J/∂W.

    One that `has_ones` stands for the matrix above a row of ones: [x; 1].
    """

    name: str
    of: str = ""
    transposed: bool = False
    has_ones: bool = False


class Formula(NamedTuple):
    """A term of `slopes` over y and z, by their names, as a factor of an elementwise product."""

    term: Operand
    z: str
    y: str


class Applied(NamedTuple):
    """A function of what the tokens say; without one, these in brackets, which may be transposed."""

    function: str
    tokens: tuple[Any, ...]
    transposed: bool = False


class Words(NamedTuple):
    """What is said in words."""

    text: str


class Shape(NamedTuple):
    """Rows and columns."""

    rows: int
    columns: int


class Matrix(NamedTuple):
    """The numbers of a matrix; a column that is `flat` is written as the transpose of a row, in one line."""

    numbers: Array
    flat: bool = False


Token: TypeAlias = "Symbol | Formula | Applied | Words | Shape | Matrix | str"
Tokens: TypeAlias = "tuple[Token, ...]"


class Equation(NamedTuple):
    """left = symbols, with the shapes of both sides, = numbers."""

    left: Symbol
    symbols: Tokens
    shapes: Tokens = ()
    numbers: Tokens = ()


class Heading(NamedTuple):
    """Opens a part: some words, and a formula with its shapes."""

    words: str
    tokens: Tokens = ()
    shapes: Tokens = ()


class Note(NamedTuple):
    """A sentence."""

    words: str


Paragraph: TypeAlias = "Equation | Heading | Note"


class Text:
    """Lines of text; a matrix has as many lines as rows."""

    def __init__(self, digits: int = DIGITS) -> None:
        self.digits = digits

    def lines(self, paragraphs: Iterable[Paragraph]) -> list[str]:
        """The paragraphs, equations and notes indented below their heading."""
        return [line.rstrip() for paragraph in paragraphs for line in self._lines(paragraph)]

    def line(self, tokens: Iterable[Token]) -> str:
        """Tokens that are no matrices, in one line."""
        return " ".join(map(self._token, tokens))

    def _lines(self, paragraph: Paragraph) -> list[str]:
        if isinstance(paragraph, Note):
            return ["  " + paragraph.words]
        if isinstance(paragraph, Heading):
            return [self._with_shapes(f"{paragraph.words}{self.line(paragraph.tokens)}", paragraph.shapes)]
        left = f"  {self._token(paragraph.left)} "
        first = self._with_shapes(f"{left}= {self.line(paragraph.symbols)}", paragraph.shapes)
        return [first, *self._numbers(len(left), paragraph.numbers)]

    def _with_shapes(self, text: str, shapes: Tokens) -> str:
        return f"{text:<{SHAPES_AT - 2}}  {self.line(shapes)}" if shapes else text

    def _token(self, token: Token) -> str:
        if isinstance(token, Symbol):
            name = (f"[{token.name}; 1]" if token.has_ones else token.name) + "ᵀ" * token.transposed
            return f"∂{token.of}/∂{name}" if token.of else name
        if isinstance(token, Formula):
            return ElementwiseText({"z": token.z, "y": token.y}.__getitem__, self.digits).factor(token.term)
        if isinstance(token, Applied):
            return f"{token.function}({self.line(token.tokens)})" + "ᵀ" * token.transposed
        if isinstance(token, Shape):
            return f"({token.rows}, {token.columns})"
        return token.text if isinstance(token, Words) else str(token)

    def _numbers(self, indent: int, tokens: Tokens) -> list[str]:
        """The side in numbers, side by side; where that is too wide, rows are stacked, and columns left out."""
        if not tokens:
            return []
        for most in range(MOST_COLUMNS, NARROWEST - 1, -1):
            blocks = [["="], *(self._block(token, most) for token in tokens)]
            lines = beside(blocks)
            if indent + len(lines[0]) <= COLUMNS:
                break
            if len(lines) == 1:
                lines = [f"{sign[0]} {row[0]}" for sign, row in zip(blocks[::2], blocks[1::2])]
                break
        return [" " * indent + line for line in lines]

    def _block(self, token: Token, most: int) -> list[str]:
        if not isinstance(token, Matrix):
            return [self._token(token)]
        cells = _cells(token, most, ElementwiseText(digits=self.digits))
        return [line + ("ᵀ" if token.flat and len(token.numbers) > 1 else "") for line in bracketed(cells)]


class LatexLines:
    """Lines of LaTeX, each of which stands alone, without dollar signs."""

    def __init__(self, digits: int = DIGITS) -> None:
        self.digits = digits

    def lines(self, paragraphs: Iterable[Paragraph]) -> list[str]:
        """A line for each heading and note, and for an equation one in symbols and one in numbers."""
        return [line for paragraph in paragraphs for line in self._lines(paragraph)]

    def _lines(self, paragraph: Paragraph) -> list[str]:
        if isinstance(paragraph, Note):
            return [upright(paragraph.words)]
        if isinstance(paragraph, Heading):
            words = upright(paragraph.words) if paragraph.words else ""
            return [" ".join(filter(None, (words, self._line(paragraph.tokens), self._shapes(paragraph.shapes))))]
        left, symbols = self._token(paragraph.left), self._line(paragraph.symbols)
        lines = [f"{left} = {symbols}{self._shapes(paragraph.shapes)}"]
        return [*lines, f"{left} = {self._line(paragraph.numbers)}"] if paragraph.numbers else lines

    def _line(self, tokens: Tokens) -> str:
        """The tokens; mathematics has no space before words but one that is asked for."""
        spaces = (
            r"\ " if isinstance(token, Words) and not isinstance(before, str) else ""
            for before, token in zip(("", *tokens), tokens)
        )
        return " ".join(space + self._token(token) for space, token in zip(spaces, tokens))

    def _shapes(self, shapes: Tokens) -> str:
        return rf" \qquad {self._line(shapes)}" if shapes else ""

    def _token(self, token: Token) -> str:
        if isinstance(token, Symbol):
            name = _latex_symbol(token.name)
            name = (f"[{name};\\, 1]" if token.has_ones else name) + "^{T}" * token.transposed
            return rf"\frac{{\partial {_latex_symbol(token.of)}}}{{\partial {name}}}" if token.of else name
        if isinstance(token, Formula):
            return ElementwiseLatex({"z": token.z, "y": token.y}.__getitem__, self.digits).factor(token.term)
        if isinstance(token, Applied):
            function = _latex_symbol(token.function) if token.function else ""
            return rf"{function}\left({self._line(token.tokens)}\right)" + "^{T}" * token.transposed
        if isinstance(token, Matrix):
            return self._matrix(token)
        if isinstance(token, Shape):
            return rf"({token.rows} \times {token.columns})"
        return upright(token.text) if isinstance(token, Words) else SIGNS[token]

    def _matrix(self, matrix: Matrix) -> str:
        cells = _cells(matrix, MOST_COLUMNS, ElementwiseLatex(digits=self.digits))
        rows = r" \\ ".join(" & ".join(DOTS.get(cell, cell) for cell in row) for row in cells)
        transposed = "^{T}" if matrix.flat and len(matrix.numbers) > 1 else ""
        return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}{transposed}"


class Html:
    """HTML that needs no script and no style sheet: matrices are tables, everything else is escaped text."""

    def __init__(self, digits: int = DIGITS) -> None:
        self.text = Text(digits)

    def write(self, paragraphs: Iterable[Paragraph]) -> str:
        """A `div` with one `div` for each line."""
        rows = "".join(row for paragraph in paragraphs for row in self._rows(paragraph))
        return f'<div style="line-height:1.3">{rows}</div>'

    def _rows(self, paragraph: Paragraph) -> list[str]:
        if not isinstance(paragraph, Equation):
            weight = "font-weight:bold;margin-top:0.6em" if isinstance(paragraph, Heading) else "margin-left:2em"
            formula = "" if isinstance(paragraph, Note) else self.text.line(paragraph.tokens)
            shapes = () if isinstance(paragraph, Note) else paragraph.shapes
            return [_row([html.escape(paragraph.words + formula), self._shapes(shapes)], weight)]
        left = html.escape(self.text.line([paragraph.left]))
        symbols = html.escape(self.text.line(paragraph.symbols))
        rows = [_row([f"{left} = {symbols}", self._shapes(paragraph.shapes)], "margin-left:2em")]
        if paragraph.numbers:
            rows.append(_row(["=", *map(self._token, paragraph.numbers)], "margin-left:4em"))
        return rows

    def _shapes(self, shapes: Tokens) -> str:
        return f'<span style="opacity:0.6;margin-left:2em">{html.escape(self.text.line(shapes))}</span>'

    def _token(self, token: Token) -> str:
        return self._matrix(token) if isinstance(token, Matrix) else html.escape(self.text.line([token]))

    def _matrix(self, matrix: Matrix) -> str:
        cells = _cells(matrix, MOST_COLUMNS, ElementwiseText(digits=self.text.digits))
        rows = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in cells)
        transposed = "<sup>T</sup>" if matrix.flat and len(matrix.numbers) > 1 else ""
        border = "border-left:1px solid;border-right:1px solid;border-radius:6px"
        return f'<table style="{border};display:inline-table;margin:2px;text-align:right">{rows}</table>{transposed}'


def _row(parts: Sequence[str], style: str) -> str:
    inside = " ".join(f"<span>{part}</span>" for part in parts)
    return f'<div style="display:flex;align-items:center;gap:0.4em;{style}">{inside}</div>'


# ---- matrices as cells

SIGNS = {
    "=": "=",
    "+": "+",
    "−": "-",
    "·": r"\cdot",
    "⊙": r"\odot",
    "· (": r"\cdot \left(",
    ") =": r"\right) =",
}

DOTS = {"…": r"\cdots", "⋮": r"\vdots", "⋱": r"\ddots"}


def _cells(matrix: Matrix, most_columns: int, style: Any) -> list[list[str]]:
    """The numbers as texts, in rows; where there are too many, dots stand for all but the first ones and the last."""
    numbers = matrix.numbers.T if matrix.flat else matrix.numbers
    rows, columns = (
        abridged(count, most, first=most - 2) for count, most in zip(numbers.shape, (MOST_ROWS, most_columns))
    )
    return [[_cell(numbers, i, j, style) for j in columns] for i in rows]


def _cell(numbers: Array, i: Index, j: Index, style: Any) -> str:
    if i is None or j is None:
        return dots(i, j)
    text: str = style.number(float(numbers[i, j]) + 0.0)  # -0.0 + 0.0 is 0.0
    return text


def bracketed(cells: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a matrix: its columns flush right, in the brackets of as many lines."""
    widths = [max(map(len, column)) for column in zip(*cells)]
    rows = [" ".join(cell.rjust(width) for cell, width in zip(row, widths)) for row in cells]
    if len(rows) == 1:
        return [f"[{rows[0]}]"]
    lefts, rights = (f"{top}{side * (len(rows) - 2)}{bottom}" for top, side, bottom in ("⎡⎢⎣", "⎤⎥⎦"))
    return [left + row + right for left, row, right in zip(lefts, rows, rights)]


def beside(blocks: Sequence[Sequence[str]]) -> list[str]:
    """Blocks of lines side by side, a space apart, each in the middle of the height."""
    height = max(map(len, blocks))
    padded = []
    for block in blocks:
        above, width = (height - len(block)) // 2, max(map(len, block))
        lines = [*[""] * above, *block, *[""] * (height - len(block) - above)]
        padded.append([line.ljust(width) for line in lines])
    return [" ".join(line) for line in zip(*padded)]


def _latex_symbol(name: str) -> str:
    return latex_name(name.replace("δ", "delta"))
