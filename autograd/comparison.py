"""Does a document agree with the engine? A printed number against a computed one, and a table of such rows.

For teachers with documents of their own. Printed numbers are given as strings, because their digits say how much was
promised; decimal comma and decimal point are both read.

>>> verdict("0,879", 0.878681162108)
'agrees'
>>> verdict("-1,115", -1.117073671148)
'rounding'
>>> verdict(".21", 0.047632279366)
'wrong in the document'
>>> print(table(compare("ŷ", "0,522", 0.5225767) + compare("∂J/∂b", ["0,21", "0,14"], [0.0476, -0.0099])))
quantity   the document prints   the engine computes   verdict
ŷ                        0,522             0.5225767   rounding
∂J/∂b[1]                  0,21                0.0476   wrong in the document
∂J/∂b[2]                  0,14               -0.0099   wrong in the document
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from autograd.notation.screens import table as aligned
from autograd.value import Value

AGREES = "agrees"
ROUNDING = "rounding"
WRONG = "wrong in the document"
NOT_PRINTED = "not printed"

ROUNDING_SHARE = Fraction(1, 100)
"""Hand arithmetic with three digits mostly loses less than 1 %; a wrong derivative is seldom so close."""

COMPUTING = Fraction(1, 10**12)
"""What the computed number may itself be off, relatively: 0.245 is stored a little below, and still rounds to 0,25."""

DIGITS = 12
"""Computed numbers are shown with so many significant digits: enough to tell them from what documents print."""

_NUMBER = re.compile(r"[+-]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)(e[+-]?[0-9]+)?")


class Row(NamedTuple):
    """One quantity: what the document prints (empty where it prints nothing), what was computed, and the verdict."""

    quantity: str
    printed: str
    computed: float
    verdict: str


def verdict(printed: str, computed: Value | float, zero: float = 0.0) -> str:
    """'agrees', 'rounding' or 'wrong in the document' for one printed number; 'not printed' for an empty string.

    It agrees when it is within half a unit of its last printed digit, so that correct rounding always agrees, up or
    down from the middle. It is rounding when it is within 1 % (and has then the same sign): digits that were cut off,
    or numbers that were computed from rounded ones. Everything else, NaN and infinity included, is wrong in the
    document. Two numbers that are both within `zero` agree: the document's own arithmetic has no digits left there.
    Raises ValueError for a string that is no number, TypeError for what is no string.
    """
    if printed == "":
        return NOT_PRINTED
    shown, half_unit = _digits(printed)
    if not math.isfinite(_number(computed)):
        return WRONG
    exact = Fraction(_number(computed))
    difference = abs(shown - exact)
    if difference <= half_unit + COMPUTING * abs(exact) or (abs(shown) <= zero and abs(exact) <= zero):
        return AGREES
    return ROUNDING if difference <= ROUNDING_SHARE * abs(exact) else WRONG


def compare(quantity: str, printed: Any, computed: Any, zero: float = 0.0) -> list[Row]:
    """The rows of one quantity: a number gives one row, a vector or a matrix one for each element, counted from 1.

    `printed` is a string or nested sequences of strings; `computed` is a number, a Value, an array, or nested
    sequences of them in the same shape; `zero` is as for `verdict`. Raises ValueError where the shapes differ or a
    string is no number.
    """
    texts, numbers = np.array(printed, dtype=object), np.array(computed, dtype=object)
    if texts.shape != numbers.shape:
        raise ValueError(f"{quantity}: the shape printed is {texts.shape}, the shape computed {numbers.shape}")
    return [_row(quantity, place, texts[place], numbers[place], zero) for place in np.ndindex(texts.shape)]


def table(rows: Sequence[Row], printed: str = "the document prints", computed: str = "the engine computes") -> str:
    """The rows as aligned text, under a heading that says whose numbers they are."""
    return "\n".join(aligned([("quantity", printed, computed, "verdict"), *map(cells, rows)], alignment="<>><"))


def cells(row: Row) -> tuple[str, str, str, str]:
    """The row as texts: quantity, printed number (- where there is none), computed number, verdict."""
    return row.quantity, row.printed or "-", f"{row.computed:.{DIGITS}g}", row.verdict


def summary(rows: Sequence[Row]) -> str:
    """How many numbers have which verdict, in a sentence that says the rule."""
    counts = Counter(row.verdict for row in rows)
    return (
        f"Of {len(rows) - counts[NOT_PRINTED]} printed numbers {counts[AGREES]} agree to their last digit,"
        f" {counts[ROUNDING]} differ by rounding (within 1 % and of the same sign), {counts[WRONG]} are wrong in the"
        " document."
    )


def _row(quantity: str, place: tuple[int, ...], printed: Any, computed: Any, zero: float) -> Row:
    name = f"{quantity}[{','.join(str(index + 1) for index in place)}]" if place else quantity
    return Row(name, printed, _number(computed), verdict(printed, computed, zero))


def _number(computed: Value | float) -> float:
    return computed.data if isinstance(computed, Value) else float(computed)


def _digits(printed: str) -> tuple[Fraction, Fraction]:
    """A printed number, exactly, and half a unit of its last digit."""
    if not isinstance(printed, str):
        raise TypeError(f"a printed number is given as a string, which keeps its digits; got {printed!r}")
    text = printed.strip().replace("−", "-").lower()
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"a printed number reads like '0,879', '.21' or '-1.5e-3'; got {printed!r}")
    mantissa, _, exponent = text.replace(",", ".").partition("e")
    decimals = len(mantissa.partition(".")[2])
    return Fraction(f"{mantissa}e{exponent or 0}"), Fraction(10) ** (int(exponent or 0) - decimals) / 2
