"""Does a document agree with the engine? A printed number against a computed one, and a table of such rows.

For teachers with documents of their own. Printed numbers are given as strings, because their digits say how much was
promised; decimal comma and decimal point are both read.

>>> verdict("0,879", 0.878681162108), verdict("0,878", 0.878681162108)
('agrees', 'cut off')
>>> verdict("-1,115", -1.117073671148)
'rounding'
>>> verdict(".21", 0.047632279366)
'wrong in the document'
>>> print(table(compare("ŷ", "0,522", 0.5225767) + compare("∂J/∂b", ["0,21", "0,14"], [0.0476, -0.0099])))
quantity   the document prints   the engine computes   verdict
ŷ                        0,522             0.5225767   cut off
∂J/∂b[1]                  0,21                0.0476   wrong in the document
∂J/∂b[2]                  0,14               -0.0099   wrong in the document

A whole document at once, printed strings by their quantity, and Values by their labels or the variables that hold them:

>>> x, w = Value(2.0), Value(0.35)
>>> z = w * x
>>> y = z.sigmoid()
>>> check_numbers({"z": "0,7", "y": "0,67"}, [x, z, y])
quantity   the document prints   the engine computes   verdict
z                          0,7                   0.7   agrees
y                         0,67        0.668187772168   agrees
Of 2 printed numbers 2 agree to their last digit.

Limit: derivatives jump at a kink, such as that of relu at 0. Where the document has z = 0, and rounding has made the
computed z 2.8e-17, the engine has the derivative on that side of the kink, and calls the document's wrong.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from autograd.callers import names_of
from autograd.notation.screens import sentence
from autograd.notation.screens import table as aligned
from autograd.value import Value

AGREES = "agrees"
CUT_OFF = "cut off"
ROUNDING = "rounding"
WRONG = "wrong in the document"
NOT_PRINTED = "not printed"

VERDICTS = (AGREES, CUT_OFF, ROUNDING, WRONG, NOT_PRINTED)

ROUNDING_UNITS = Fraction(7, 2)
"""Of the last digit: three that were carried on, and half a one of its own. In document 003, which is worked by hand,
-1,062 for -1.0651 is 3.1 units off, for -1,115 was multiplied by 0,953; what is next worse, 14 units, is a mistake."""

ROUNDING_SHARE = Fraction(2, 100)
"""For where digits are few: three units of 0,21 are 14 %. 0,045 for 0.04437 in document 003, which comes from
0,953(1 - 0,953), is off by 1.4 %, and is its largest share that is rounding."""

COMPUTING = Fraction(1, 10**12)
"""What the computed number may itself be off, relatively: 0.245 is stored a little below, and still rounds to 0,25. And
what may be left of a 0."""

WITHIN = f"within {float(ROUNDING_UNITS):g} units of it and {float(ROUNDING_SHARE):.0%}".replace("%", " %")

_WORDS = {
    AGREES: ("agrees to its last digit", "agree to their last digit"),
    CUT_OFF: ("is cut off after its last digit", "are cut off after their last digit"),
    ROUNDING: (f"differs by rounding ({WITHIN})", f"differ by rounding ({WITHIN})"),
    WRONG: ("is wrong in the document", "are wrong in the document"),
}
"""What is said of one number, and of several."""

DIGITS = 12
"""Computed numbers are shown with so many significant digits: enough to tell them from what documents print."""

HOW_TO_NAME = "a Value is found by its label, as after y.label = 'y', or by the variable that holds it"

_DIGITS = r"([0-9]+[.,]?[0-9]*|[.,][0-9]+)(e[+-]?[0-9]+)?"
_POINTS_GROUP, _COMMAS_GROUP = (
    rf"[1-9][0-9]{{0,2}}(({group}[0-9]{{3}})+{mark}[0-9]+|({group}[0-9]{{3}}){{2,}})"
    for group, mark in ((r"\.", ","), (",", r"\."))
)
_NUMBER = re.compile(rf"([+-]?)(?:(?P<plain>{_DIGITS})|(?P<points>{_POINTS_GROUP})|(?P<commas>{_COMMAS_GROUP}))(\s*%)?")
_PERHAPS_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")


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
        """How many numbers have which verdict; all verdicts are there."""
        found = Counter(row.verdict for row in self.rows)
        return {verdict: found[verdict] for verdict in VERDICTS}

    @property
    def wrong(self) -> list[Row]:
        """What is wrong in the document."""
        return [row for row in self.rows if row.verdict == WRONG]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        told = [*filter(None, map(_reread, self.rows)), summary(self.rows)]
        return "\n".join([table(self.rows), *(line for text in told for line in sentence(text))])


def check_numbers(printed: Mapping[str, Any], computed: Mapping[str, Any] | Sequence[Value]) -> NumberCheck:
    """Every number that a document prints beside the computed one: the check of a worked exercise.

    `printed` maps each quantity to a string, or to nested sequences of strings, with the document's digits and decimal
    comma or point; '' stands for what it leaves out. `computed` maps the quantities to numbers, Values, arrays or
    nested sequences in the same shapes, or is a sequence of Values, which are found by their labels, or else by the
    caller's variables that hold them. What is computed and has no place in `printed` is passed over.
    Raises ValueError for a quantity that is not computed, for a label that two Values have, where shapes differ, and
    for a string that is no number.
    """
    numbers = computed if isinstance(computed, Mapping) else _named(computed)
    for quantity in printed:
        if quantity not in numbers:
            known, how = ", ".join(numbers) or "nothing", "" if numbers is computed else f"; {HOW_TO_NAME}"
            raise ValueError(f"check_numbers has nothing computed for {quantity!r}; it was given {known}{how}")
    return NumberCheck([row for name, texts in printed.items() for row in compare(name, texts, numbers[name])])


def verdict(printed: str, computed: Value | float, zero: float = 0.0) -> str:
    """What a printed number is beside the computed one, in units of its last digit; 'not printed' for an empty string.

    - 'agrees': within half a unit, so that correct rounding always agrees, up or down from the middle.
    - 'cut off': its digits are the first ones of the computed number, which goes on; the last was not rounded.
    - 'rounding': within `ROUNDING_UNITS` and within `ROUNDING_SHARE`, as in a chain of rounded numbers. Two whole
      numbers are counts, and never differ by rounding.
    - 'wrong in the document': everything else, NaN and infinity included.

    A 0 without decimals says that there is nothing: 0.3 beside it is wrong. Two numbers that are both within `zero`
    agree: the document's own arithmetic has no digits left there.
    A decimal comma and a decimal point are read, and 1.000,5 or 1,000.5; 1.234 has a decimal point; 40 % is 0.40.
    Raises ValueError for a string that is no number, TypeError for what is no string.
    """
    if printed == "":
        return NOT_PRINTED
    shown, unit = _read(printed)
    if not math.isfinite(_number(computed)):
        return WRONG
    exact = Fraction(_number(computed))
    if _agrees(shown, unit, exact) or (abs(shown) <= zero and abs(exact) <= zero):
        return AGREES
    if _is_cut_off(shown, unit, exact):
        return CUT_OFF
    return ROUNDING if _is_rounding(shown, unit, exact) else WRONG


def _agrees(shown: Fraction, unit: Fraction, exact: Fraction) -> bool:
    if shown == 0 and unit >= 1:
        return abs(exact) <= COMPUTING
    return abs(shown - exact) <= unit / 2 + COMPUTING * abs(exact)


def _is_cut_off(shown: Fraction, unit: Fraction, exact: Fraction) -> bool:
    missing = exact - shown if shown > 0 else shown - exact
    return shown != 0 and 0 < missing < unit - COMPUTING * abs(exact)


def _is_rounding(shown: Fraction, unit: Fraction, exact: Fraction) -> bool:
    off, are_counts = abs(shown - exact), unit >= 1 and exact.denominator == 1
    return not are_counts and off <= ROUNDING_UNITS * unit and off <= ROUNDING_SHARE * abs(exact)


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
    return in_words(Counter(row.verdict for row in rows))


def in_words(counts: Mapping[str, int]) -> str:
    """The same for numbers that are counted already, by verdict."""
    found = {verdict: counts[verdict] for verdict in _WORDS if counts.get(verdict)}
    if not found:
        return "No number is printed."
    *first, last = (f"{count:,} {_WORDS[verdict][count != 1]}" for verdict, count in found.items())
    told, total = f"{', '.join(first)} and {last}" if first else last, sum(found.values())
    return f"Of {total:,} printed number{'s' * (total != 1)} {told}."


def _named(values: Sequence[Value]) -> dict[str, Value]:
    """Values by their labels, else by their variables; those without a name are passed over."""
    found: dict[str, Value] = {}
    for value in values:
        if not isinstance(value, Value):
            raise TypeError(f"check_numbers needs a mapping, or a sequence of Values with labels; got {value!r} in it")
        if value.label in found:
            raise ValueError(f"check_numbers finds Values by their labels; two have the label {value.label!r}")
        if value.label:
            found[value.label] = value
    names = names_of(Value, {value for value in values if not value.label}, found)
    return found | {name: value for value, name in names.items()}


def _reread(row: Row) -> str:
    """Where a number is wrong as it was read, and right in another way: how it is to be written."""
    other = _otherwise(row.printed)
    if row.verdict != WRONG or not other or verdict(other, row.computed) == WRONG:
        return ""
    read = f"{float(_read(row.printed)[0]):g}"
    return f"{row.quantity}: {row.printed!r} is read as {read}; if it means {other}, write {other!r}."


def _otherwise(printed: str) -> str:
    """What else a string can mean: 1.234 a thousand and more, and 40 % a 40. Empty where it is clear."""
    text = _plain(printed)
    if text.endswith("%"):
        return text.rstrip("%").rstrip()
    return re.sub("[.,]", "", text) if _PERHAPS_THOUSANDS.fullmatch(text) else ""


def _row(quantity: str, place: tuple[int, ...], printed: Any, computed: Any, zero: float) -> Row:
    name = f"{quantity}[{','.join(str(index + 1) for index in place)}]" if place else quantity
    try:
        found = verdict(printed, computed, zero)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{name}: {error}") from None
    return Row(name, printed, _number(computed), found)


def _number(computed: Value | float) -> float:
    return computed.data if isinstance(computed, Value) else float(computed)


def _plain(printed: str) -> str:
    return printed.strip().replace("−", "-").lower()


def _read(printed: str) -> tuple[Fraction, Fraction]:
    """A printed number, exactly, and a unit of its last digit."""
    if not isinstance(printed, str):
        raise TypeError(f"a printed number is given as a string, which keeps its digits; got {printed!r}")
    found = _NUMBER.fullmatch(_plain(printed))
    if not found:
        fraction = "; a fraction has no last digit" * ("/" in printed)
        raise ValueError(f"a printed number reads like '0,879', '.21' or '-1.5e-3'; got {printed!r}{fraction}")
    text = "".join(filter(None, found.group(1, "plain", "points", "commas")))
    if found["points"] or found["commas"]:
        text = text.replace("." if found["points"] else ",", "")
    mantissa, _, exponent = text.replace(",", ".").partition("e")
    power = int(exponent or 0) - 2 * printed.rstrip().endswith("%")
    return Fraction(f"{mantissa}e{power}"), Fraction(10) ** (power - len(mantissa.partition(".")[2]))
