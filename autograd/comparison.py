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

A whole document at once, printed strings by their quantity, and Values by their label:

>>> x, w = Value(2.0, "x"), Value(0.35, "w")
>>> z = w * x
>>> y = z.sigmoid()
>>> z.label, y.label = "z", "y"
>>> check_numbers({"z": "0,7", "y": "0,67"}, [x, z, y])
quantity   the document prints   the engine computes   verdict
z                          0,7                   0.7   agrees
y                         0,67        0.668187772168   agrees
Of 2 printed numbers 2 agree to their last digit, 0 differ by rounding (within 1 %
and of the same sign), 0 are wrong in the document.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from autograd.notation.screens import sentence
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


class NumberCheck:
    """The rows of all numbers of a document, in its order."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = list(rows)

    @property
    def counts(self) -> dict[str, int]:
        """How many numbers have which verdict; all four verdicts are there."""
        found = Counter(row.verdict for row in self.rows)
        return {verdict: found[verdict] for verdict in (AGREES, ROUNDING, WRONG, NOT_PRINTED)}

    @property
    def wrong(self) -> list[Row]:
        """What is wrong in the document."""
        return [row for row in self.rows if row.verdict == WRONG]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return "\n".join([table(self.rows), *sentence(summary(self.rows))])


def check_numbers(printed: Mapping[str, Any], computed: Mapping[str, Any] | Sequence[Value]) -> NumberCheck:
    """Every number that a document prints beside the computed one: the check of a worked exercise.

    `printed` maps each quantity to a string, or to nested sequences of strings, with the document's digits and decimal
    comma or point; '' stands for what it leaves out. `computed` maps the quantities to numbers, Values, arrays or
    nested sequences in the same shapes, or is a sequence of Values, which are found by their labels. What is computed
    and has no place in `printed` is passed over.
    Raises ValueError for a quantity that is not computed, for a label that two Values have, where shapes differ, and
    for a string that is no number.
    """
    numbers = computed if isinstance(computed, Mapping) else _labelled(computed)
    for quantity in printed:
        if quantity not in numbers:
            known = ", ".join(numbers) or "nothing"
            raise ValueError(f"check_numbers has nothing computed for {quantity!r}; it was given {known}")
    return NumberCheck([row for name, texts in printed.items() for row in compare(name, texts, numbers[name])])


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


def _labelled(values: Sequence[Value]) -> dict[str, Value]:
    """Values by their labels; those without one are passed over."""
    found: dict[str, Value] = {}
    for value in values:
        if not isinstance(value, Value):
            raise TypeError(f"check_numbers needs a mapping, or a sequence of Values with labels; got {value!r} in it")
        if value.label in found:
            raise ValueError(f"check_numbers finds Values by their labels; two have the label {value.label!r}")
        if value.label:
            found[value.label] = value
    return found


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
