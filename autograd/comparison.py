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
Of 2 printed numbers 2 agree to their last digit (of at most 12).

Limit: rounding and mistakes overlap. 300 exercises like that of document 003, with other numbers, every result rounded
and computed with: at 2, 3 and 4 decimals 55, 2 and 0 of them have a number that is called wrong and is not. Of 2,700
derivatives that come of a wrong formula, that of erratum 003-2, 140, 47 and 30 are not called wrong.
Limit: derivatives jump at a kink, such as that of relu at 0. Where the document has z = 0, and rounding has made the
computed z 2.8e-17, the engine has the derivative on that side of the kink, and calls the document's wrong.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd.callers import names_of
from autograd.coercion import real_number
from autograd.notation.names import one_line
from autograd.notation.screens import sentence, shortened
from autograd.notation.screens import table as aligned
from autograd.printed_numbers import PrintedNumber, otherwise, read
from autograd.value import Value

AGREES = "agrees"
CUT_OFF = "cut off"
ROUNDING = "rounding"
WRONG = "wrong in the document"
NOT_PRINTED = "not printed"
AMBIGUOUS = "ambiguous"
NOT_READ = "not read"
NOT_FINITE = "not finite"

VERDICTS = (AGREES, CUT_OFF, ROUNDING, WRONG, AMBIGUOUS, NOT_READ, NOT_FINITE, NOT_PRINTED)
"""'ambiguous', 'not read' and 'not finite' are given by `check_numbers` alone."""

DIGITS = 12
"""So many significant digits of computed numbers are shown and compared: enough to tell them from what is printed."""

ROUNDING_UNITS = Fraction(7, 2)
"""Of the last digit: three that were carried on, and half a one of its own. In document 003, which is worked by hand,
-1,062 for -1.0651 is 3.1 units off, for -1,115 was multiplied by 0,953; what is next worse, 14 units, is a mistake."""

ENOUGH_DECIMALS = 3
"""From here on the units alone tell rounding from mistakes: what was carried on is off by units, however small the
number that comes of it."""

FEW_UNITS = Fraction(3, 2)
"""One that was carried on, and half a one: always rounding where there are decimals, but fewer than enough."""

ROUNDING_SHARE = Fraction(10, 100)
"""More units than those are rounding in numbers with few decimals only if they are no more than this share: three units
of 0,21 are 14 %."""

WHOLE_SHARE = Fraction(2, 100)
"""The same for numbers without decimals, of which one unit can be all: 0 beside a cosine of 0.9999994 is wrong."""

COMPUTING = Fraction(1, 2 * 10**DIGITS)
"""What the computed number may itself be off, relatively: 0.245 is stored a little below, and still rounds to 0,25. And
what may be left of a 0. It is half a unit of the 12th digit at most: numbers of more digits agree to that one."""

COUNTING = Fraction(1, 10**6)
"""So near to a whole number, what was computed is a count."""

AT_MOST = f"(of at most {DIGITS})"
"""How far numbers are compared; `COMPUTING` is why."""

WITHIN = f"within {float(ROUNDING_UNITS):g} units of it"
"""Of the last digit: what holds for all that differs by rounding."""

_WORDS = {
    AGREES: (f"agrees to its last digit {AT_MOST}", f"agree to their last digit {AT_MOST}"),
    CUT_OFF: ("is cut off after its last digit", "are cut off after their last digit"),
    ROUNDING: (f"differs by rounding ({WITHIN})", f"differ by rounding ({WITHIN})"),
    WRONG: ("is wrong in the {source}", "are wrong in the {source}"),
    AMBIGUOUS: ("is ambiguous", "are ambiguous"),
    NOT_READ: ("is not read", "are not read"),
    NOT_FINITE: ("has no finite number beside it", "have no finite numbers beside them"),
}
"""What is said of one number, and of several."""

HOW_TO_NAME = "a Value is found by its label, as after y.label = 'y', or by the variable that holds it"

Judge: TypeAlias = Callable[[str, Value | float], str]
"""What gives a verdict."""


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
        """What is wrong in the document, however it is read."""
        return [row for row in self.rows if row.verdict == WRONG]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        told = [*filter(None, map(_remark, self.rows)), summary(self.rows)]
        return "\n".join([table(self.rows), *(line for text in told for line in sentence(text))])


def check_numbers(printed: Mapping[str, Any], computed: Mapping[str, Any] | Sequence[Value]) -> NumberCheck:
    """Every number that a document prints beside the computed one: the check of a worked exercise.

    `printed` maps each quantity to a string, or to nested sequences of strings, with the document's digits and decimal
    comma or point; '' stands for what it leaves out. `computed` maps the quantities to numbers, Values, arrays or
    nested sequences in the same shapes, or is a sequence of Values, which are found by their labels, or else by the
    caller's variables that hold them. What is computed and has no place in `printed` is passed over.
    Beside the verdicts of `verdict` there are three. 'ambiguous' would be wrong as it is read, and is not in another
    reading: 1.250 as a thousand and more, 40 % as 40. 'not read' is what is no number. 'not finite' is what was
    computed, NaN or infinity, and says nothing about the document. What is shown has a line on each of them.
    Raises ValueError for a quantity that is not computed, for a label that two Values have, and where shapes differ or
    rows have several lengths; TypeError for what is no string, and for what is no number beside one.
    """
    if not isinstance(printed, Mapping):
        raise TypeError(f"check_numbers needs what is printed as {{'y': '0,67'}}; got {_told(printed)}")
    numbers = computed if isinstance(computed, Mapping) else _named(computed)
    for quantity in printed:
        if quantity not in numbers:
            known, how = ", ".join(numbers) or "nothing", "" if numbers is computed else f"; {HOW_TO_NAME}"
            raise ValueError(f"check_numbers has nothing computed for {quantity!r}; it was given {known}{how}")
    return NumberCheck([row for name, texts in printed.items() for row in _rows(name, texts, numbers[name], _settled)])


def verdict(printed: str, computed: Value | float, zero: float = 0.0) -> str:
    """What a printed number is beside the computed one, in units of its last digit; 'not printed' for an empty string.

    - 'agrees': within half a unit, so that correct rounding always agrees, up or down from the middle.
    - 'cut off': its digits are the first ones of the computed number, which goes on, by whatever is less than a unit;
      the last was not rounded. So 1 is beside 1.99, 0,1 beside 0.199, and 0,00 beside 0.0051 or -0.0051.
    - 'rounding', as in a chain of rounded numbers: within 3.5 units where 3 decimals or more are written. Where there
      are fewer, within 1.5 units, or within 3.5 units and 10 %; where there are none, within 3.5 units and 2 %. A
      percentage is within one unit, or without decimals never. Two whole numbers are counts, and never differ by
      rounding.
    - 'wrong in the document': everything else, NaN and infinity included.

    Each limit is extended by 5e-13 of the computed number, which is what computing may be off, and no more than half a
    unit of its 12th digit: so numbers of more digits agree to the 12th. A 0 without decimals says that there is
    nothing: 0.3 beside it is wrong. Two numbers that are both within `zero` agree: the document's own arithmetic has no
    digits left there.
    What is read is told in `autograd.printed_numbers`; 1.234 has a decimal point, and 40 % is 0.40.
    Raises ValueError for a string that is no number, TypeError for what is no string, and for what is no number beside
    one.
    """
    if printed == "":
        return NOT_PRINTED
    shown = read(printed)
    if not math.isfinite(_number(computed)):
        return WRONG
    exact = Fraction(_number(computed))
    if _agrees(shown, exact) or (abs(shown.number) <= zero and abs(exact) <= zero):
        return AGREES
    if _is_cut_off(shown, exact):
        return CUT_OFF
    return ROUNDING if _is_rounding(shown, exact) else WRONG


def _agrees(shown: PrintedNumber, exact: Fraction) -> bool:
    if shown.number == 0 and shown.decimals == 0:
        return abs(exact) <= COMPUTING
    return _off(shown, exact) <= shown.unit / 2


def _off(shown: PrintedNumber, exact: Fraction) -> Fraction:
    """How far they are apart, less what computing may be off."""
    return abs(shown.number - exact) - COMPUTING * abs(exact)


def _is_cut_off(shown: PrintedNumber, exact: Fraction) -> bool:
    if shown.number == 0:
        return shown.decimals > 0 and abs(exact) < shown.unit - COMPUTING * abs(exact)
    missing = exact - shown.number if shown.number > 0 else shown.number - exact
    return 0 < missing < shown.unit - COMPUTING * abs(exact)


def _is_rounding(shown: PrintedNumber, exact: Fraction) -> bool:
    off = _off(shown, exact)
    if shown.is_percentage:
        return shown.decimals > 0 and off <= shown.unit
    if shown.decimals >= ENOUGH_DECIMALS:
        return off <= ROUNDING_UNITS * shown.unit
    if shown.decimals:
        return off <= FEW_UNITS * shown.unit or _is_in_both(off, shown.unit, ROUNDING_SHARE * abs(exact))
    are_counts = shown.is_whole and abs(exact - round(exact)) <= COUNTING
    return not are_counts and _is_in_both(off, shown.unit, WHOLE_SHARE * abs(exact))


def _is_in_both(off: Fraction, unit: Fraction, share: Fraction) -> bool:
    return off <= ROUNDING_UNITS * unit and off <= share


def compare(quantity: str, printed: Any, computed: Any, zero: float = 0.0) -> list[Row]:
    """The rows of one quantity: a number gives one row, a vector or a matrix one for each element, counted from 1.

    `printed` is a string or nested sequences of strings; `computed` is a number, a Value, an array, or nested
    sequences of them in the same shape; `zero` is as for `verdict`. Raises ValueError where the shapes differ, where
    rows have several lengths, and for a string that is no number; TypeError as `verdict` does.
    """
    return _rows(quantity, printed, computed, lambda text, number: verdict(text, number, zero))


def table(rows: Sequence[Row], printed: str = "the document prints", computed: str = "the engine computes") -> str:
    """The rows as aligned text, under a heading that says whose numbers they are."""
    return "\n".join(aligned([("quantity", printed, computed, "verdict"), *map(cells, rows)], alignment="<>><"))


def cells(row: Row) -> tuple[str, str, str, str]:
    """The row as texts: quantity, printed number (- where there is none), computed number, verdict."""
    return row.quantity, row.printed or "-", f"{row.computed:.{DIGITS}g}", row.verdict


def summary(rows: Sequence[Row], source: str = "document") -> str:
    """How many numbers have which verdict, in a sentence that says the rule, and what those that are wrong stand in."""
    return in_words(Counter(row.verdict for row in rows), source)


def in_words(counts: Mapping[str, int], source: str = "document") -> str:
    """The same for numbers that are counted already, by verdict."""
    found = {verdict: counts[verdict] for verdict in _WORDS if counts.get(verdict)}
    if not found:
        return "No number is printed."
    *first, last = (
        f"{count:,} {_WORDS[verdict][count != 1].format(source=source)}" for verdict, count in found.items()
    )
    told, total = f"{', '.join(first)} and {last}" if first else last, sum(found.values())
    return f"Of {total:,} printed number{'s' * (total != 1)} {told}."


def _named(values: Any) -> dict[str, Value]:
    """Values by their labels, else by their variables; those without a name are passed over."""
    needs = "check_numbers needs what is computed as {'y': 0.668}, or as a sequence of Values, [y]"
    if isinstance(values, (Value, str)) or not isinstance(values, Iterable):
        raise TypeError(f"{needs}; got {_told(values)}")
    found: dict[str, Value] = {}
    for value in values:
        if not isinstance(value, Value):
            raise TypeError(f"{needs}; got {_told(value)} in it")
        if value.label in found:
            raise ValueError(f"check_numbers finds Values by their labels; two have the label {value.label!r}")
        if value.label:
            found[value.label] = value
    names = names_of(Value, {value for value in values if not value.label}, found)
    return found | {name: value for value, name in names.items()}


def _settled(printed: str, computed: Value | float) -> str:
    """The verdict, also where a string has two readings or none, and where the computed number says nothing of it."""
    if printed and _refusal(printed):
        return NOT_READ
    if printed and not math.isfinite(_number(computed)):
        return NOT_FINITE
    found = verdict(printed, computed)
    other = otherwise(printed) if found == WRONG else ""
    return AMBIGUOUS if other and verdict(other, computed) != WRONG else found


def _remark(row: Row) -> str:
    """What is ambiguous, and how it is to be written; what is not read or not finite, and why."""
    if row.verdict == AMBIGUOUS:
        number, other = float(read(row.printed).number), otherwise(row.printed)
        return f"{row.quantity}: {row.printed!r} is read as {number:g}; if it means {other}, write {other!r}."
    if row.verdict == NOT_FINITE:
        return f"{row.quantity}: {row.computed:g} was computed; autograd.diagnose(y) says where in y it was born."
    return f"{row.quantity}: {_refusal(row.printed)}." if row.verdict == NOT_READ else ""


def _refusal(printed: str) -> str:
    try:
        read(printed)
    except ValueError as error:
        return str(error)
    return ""


def _rows(quantity: str, printed: Any, computed: Any, judge: Judge) -> list[Row]:
    texts, numbers = _array(f"{quantity}, as printed,", printed), _array(f"{quantity}, as computed,", computed)
    if texts.shape != numbers.shape:
        raise ValueError(f"{quantity}: the shape printed is {texts.shape}, the shape computed {numbers.shape}")
    return [_row(quantity, place, texts[place], numbers[place], judge) for place in np.ndindex(texts.shape)]


def _row(quantity: str, place: tuple[int, ...], printed: Any, computed: Any, judge: Judge) -> Row:
    name = one_line(quantity) + (f"[{','.join(str(index + 1) for index in place)}]" if place else "")
    try:
        return Row(name, printed, _number(computed), judge(printed, computed))
    except (TypeError, ValueError, OverflowError) as error:
        raise type(error)(f"{name}: {error}") from None


def _array(what: str, given: Any) -> NDArray[np.object_]:
    """The elements in their shape; rows of several lengths have none."""
    try:
        array = np.array(given, dtype=object)
    except ValueError as error:
        raise ValueError(f"{what} has no shape: {error}") from None
    lengths = [len(row) for row in array.flat if isinstance(row, (list, tuple, np.ndarray))]
    if lengths:
        raise ValueError(f"{what} has rows of several lengths, {', '.join(map(str, lengths))}, and so no shape")
    return array


def _number(computed: Value | float) -> float:
    return computed.data if isinstance(computed, Value) else real_number(computed, "what was computed")


def _told(thing: object) -> str:
    return f"{type(thing).__name__} {shortened(repr(thing))}"
