"""A finding of the audit: what a document says, what is right, and one judge for both.

Laws of this package:
- Both statements go before the same judge, which computes with the engine what it judges by, at the time it is asked.
- A finding is reproduced when the document's statement does not hold and the right one does. Nothing else counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from autograd import Value, check_gradients
from autograd.checking import GradientError
from demos.failure import DemoFailed
from demos.inventory.errata import ERRATA

RECOMPUTED = "recomputation"
GRADIENTS = "gradient check"
SHAPES = "shapes"
EXECUTED = "execution of the listing"
DEFINITIONS = "comparison of definitions"

RELATIVE = 1e-12
"""What thousands of rounded operations in two orders may differ by, relatively; the mistakes differ by far more."""


FEW, MANY = 2, 6
"""Numbers that are shown with all digits, and that are shown at all."""


class Statement(NamedTuple):
    """What is said, in words, and what of it is computed with: a number, a formula, a shape, a run."""

    text: str
    value: Any


class Judgement(NamedTuple):
    """Whether a statement holds, and what the computation gave."""

    holds: bool
    gave: str


Judge: TypeAlias = Callable[[Any], Judgement]


class Case(NamedTuple):
    """The statement of the document, the right one, and who judges them."""

    says: Statement
    right: Statement
    judge: Judge


class Check(NamedTuple):
    """The case of an erratum, made when it is asked for, and how it is found."""

    erratum: str
    how: str
    case: Callable[[], Case]


class Finding(NamedTuple):
    """An erratum computed: the two statements, what the computation gave for each, and whether it is reproduced."""

    erratum: str
    how: str
    says: str
    right: str
    difference: str
    confirmation: str
    reproduced: bool

    @property
    def section(self) -> str:
        """Where the document says it; '' where nothing is numbered."""
        return ERRATA[self.erratum].section


def check(erratum: str, how: str) -> Callable[[Callable[[], Case]], Check]:
    """Makes a Check of the function that gives its case."""
    return lambda case: Check(erratum, how, case)


def found(checked: Check) -> Finding:
    """The finding of a check, computed now."""
    says, right, judge = checked.case()
    wrong, confirmed = judge(says.value), judge(right.value)
    reproduced = not wrong.holds and confirmed.holds
    return Finding(checked.erratum, checked.how, says.text, right.text, wrong.gave, confirmed.gave, reproduced)


def near(expected: Any, what: str = "the engine", relative: float = RELATIVE, quantity: str = "") -> Judge:
    """Judges a number, or several, by what was computed: each has to be within a relative distance of it.

    `what` computed it, and `quantity` says what the numbers are: 'w1, b1 = '.
    """

    def judge(value: Any) -> Judgement:
        given, computed = np.asarray(value, dtype=float), np.asarray(expected, dtype=float)
        off = np.abs(given - computed)
        gave = f"{quantity}{shown(given)}, where {what} gives {shown(computed)}; off by {np.max(off):.6g}"
        return Judgement(bool(np.all(off <= relative * np.abs(computed))), gave)

    return judge


def fits(expected: Any, compute: Callable[[], Any]) -> Judgement:
    """Judges a product of arrays: it has to be possible, and to give the array that the engine gives."""
    computed = np.asarray(expected, dtype=float)
    try:
        given = np.asarray(compute(), dtype=float)
    except ValueError as error:
        return Judgement(False, f"it can't be computed: {str(error).strip()}")
    if given.shape != computed.shape:
        return Judgement(False, f"it has the shape {given.shape}, and the engine's has {computed.shape}")
    off = float(np.max(np.abs(given - computed)))
    holds = off <= RELATIVE * float(np.max(np.abs(computed)))
    return Judgement(holds, f"it has the shape {given.shape}, and differs from the engine's by {off:.3g}")


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
