"""A finding of the audit: what a document says, what is right, and one judge for both.

Laws of this package:
- Both statements go before the same judge, which computes with the engine what it judges by, at the time it is asked.
- A finding is reproduced when the document's statement does not hold and the right one does. Nothing else counts.
- What of an erratum no judge was asked about is said, and the finding then counts as reproduced in part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from autograd import Value, check_gradients
from autograd.checking import GradientError
from demos.failure import DemoFailed
from demos.inventory.errata import ERRATA

RECOMPUTED = "recomputed"
GRADIENTS = "gradients"
SHAPES = "shapes"
EXECUTED = "execution"
DEFINITIONS = "definition"

REPRODUCED, IN_PART, NOT_REPRODUCED = "yes", "part", "NO"

RELATIVE = 1e-12
"""What thousands of rounded operations in two orders may differ by, relatively; the mistakes differ by far more."""


FEW, MANY = 2, 6
"""Numbers that are shown with all digits, and that are shown at all."""


class Statement(NamedTuple):
    """What is said, what of it is computed with (a number, a formula, a shape, a run), and what is said in short."""

    text: str
    value: Any
    short: str


class Judgement(NamedTuple):
    """Whether a statement holds, what the computation gave, and in short by how much the two differ."""

    holds: bool
    gave: str
    off: str


Judge: TypeAlias = Callable[[Any], Judgement]


class Case(NamedTuple):
    """The statement of the document, the right one, and who judges them."""

    says: Statement
    right: Statement
    judge: Judge


class Check(NamedTuple):
    """The case of an erratum, made when it is asked for, how it is found, and what of it is read and not computed."""

    erratum: str
    how: str
    case: Callable[[], Case]
    rest: str = ""


class Finding(NamedTuple):
    """An erratum computed: the two statements, and how each was judged."""

    erratum: str
    how: str
    says: Statement
    right: Statement
    wrong: Judgement
    confirmed: Judgement
    rest: str = ""

    @property
    def verdict(self) -> str:
        """Whether the document's statement failed and the right one held, and whether that is the whole erratum."""
        if self.wrong.holds or not self.confirmed.holds:
            return NOT_REPRODUCED
        return IN_PART if self.rest else REPRODUCED

    @property
    def section(self) -> str:
        """Where the document says it; '' where nothing is numbered."""
        return ERRATA[self.erratum].section


def check(erratum: str, how: str, rest: str = "") -> Callable[[Callable[[], Case]], Check]:
    """Makes a Check of the function that gives its case; `rest` is what of the erratum it does not compute."""
    return lambda case: Check(erratum, how, case, rest)


def found(checked: Check) -> Finding:
    """The finding of a check, computed now."""
    says, right, judge = checked.case()
    return Finding(checked.erratum, checked.how, says, right, judge(says.value), judge(right.value), checked.rest)


def failed(checked: Check, error: DemoFailed) -> Finding:
    """The finding of a check that could not be made: not reproduced, with the reason."""
    nothing, reason = Statement("it could not be judged", None, "-"), Judgement(False, str(error), "-")
    return Finding(checked.erratum, checked.how, nothing, nothing, reason, reason, checked.rest)


def near(expected: Any, what: str = "the engine", relative: float = RELATIVE, quantity: str = "") -> Judge:
    """Judges a number, or several, by what was computed: each has to be within a relative distance of it.

    `what` computed it, and `quantity` says what the numbers are: 'w1, b1 = '.
    """

    def judge(value: Any) -> Judgement:
        given, computed = np.asarray(value, dtype=float), np.asarray(expected, dtype=float)
        off = np.abs(given - computed)
        gave = f"{quantity}{shown(given)}, where {what} gives {shown(computed)}; off by {np.max(off):.6g}"
        return Judgement(bool(np.all(off <= relative * np.abs(computed))), gave, f"{np.max(off):.3g}")

    return judge


def fits(expected: Any, compute: Callable[[], Any]) -> Judgement:
    """Judges a product of arrays: it has to be possible, and to give the array that the engine gives."""
    computed = np.asarray(expected, dtype=float)
    try:
        given = np.asarray(compute(), dtype=float)
    except ValueError as error:
        return Judgement(False, f"it can't be computed: {str(error).strip()}", SHAPES)
    if given.shape != computed.shape:
        return Judgement(False, f"it has the shape {given.shape}, and the engine's has {computed.shape}", SHAPES)
    off = float(np.max(np.abs(given - computed)))
    holds = off <= RELATIVE * float(np.max(np.abs(computed)))
    return Judgement(holds, f"it has the shape {given.shape}, and differs from the engine's by {off:.3g}", f"{off:.3g}")


def slopes(y: Value, xs: Sequence[Value]) -> list[float]:
    """The derivatives of y, after a check that uses no rule has passed them. Raises DemoFailed where it does not."""
    try:
        return [entry.derivative for entry in check_gradients(y, xs).raise_if_failed()]
    except GradientError as error:
        raise DemoFailed(f"the audit can't judge by derivatives that fail their own check: {error}") from error


def shown(numbers: Any) -> str:
    """A number, or several, as text: 12 digits of one or two, 6 of each of more, and the first of very many."""
    flat = np.ravel(np.asarray(numbers, dtype=float))
    digits = 12 if flat.size <= FEW else 6
    texts = [f"{number:.{digits}g}" for number in flat[:MANY]] + ["…"] * (flat.size > MANY)
    return texts[0] if flat.size == 1 else f"({', '.join(texts)})"
