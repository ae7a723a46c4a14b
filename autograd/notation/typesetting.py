"""How numbers, names and terms are set: as text, as mathematics in Unicode, as LaTeX, as Python.

A style says how a number and a name look and how a primitive joins its operands; the words of the primitive itself come
from the table. Law: brackets stand where the reading would change without them, and nowhere else.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from autograd import primitives
from autograd.notation.terms import Operand, Term, subterms
from autograd.primitives import ATOM, POWER, PRODUCT, SIGN, SUM, Notation, Primitive

DIGITS = 4
"""Numbers are shown with so many significant digits, if no other precision is asked for."""

FULL = 17
"""So many tell every float from its neighbours."""

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Written(NamedTuple):
    """A text and its precedence."""

    text: str
    precedence: int

    def within(self, needed: int, brackets: str = "({})") -> str:
        """The text, in brackets where it binds weaker than is needed."""
        return self.text if self.precedence >= needed else brackets.format(self.text)


def short(x: float, digits: int = DIGITS) -> str:
    """A number in significant digits, four if nothing else is said; one that is not zero never reads as zero.

    In all digits, 17, a zero keeps its sign.
    """
    return f"{x or 0.0:.{digits}g}" if digits < FULL else repr(float(x)).removesuffix(".0")


def require_digits(precision: int) -> int:
    """The precision itself. Raises TypeError for what is no whole number, ValueError for one below 1."""
    if not isinstance(precision, int):
        raise TypeError(f"precision is a whole number of digits; got {type(precision).__name__} {precision!r}")
    if precision < 1:
        raise ValueError(f"precision is a number of significant digits, 1 or more; got {precision!r}")
    return precision


def mathematical(x: float, digits: int = DIGITS) -> str:
    """A number with a real minus sign, which zero has not."""
    if x == 0:
        return "0"
    return short(x, digits).replace("-", "−")


class Style:
    """Text in the words of the table: `w * x + b`. `name` says what a symbol is called."""

    brackets = "({})"

    def __init__(self, name: Callable[[Any], str] = str, digits: int = DIGITS) -> None:
        self.name = name
        self.digits = require_digits(digits)

    def write(self, root: Operand) -> str:
        """The text of a term. Shared sub-terms are written at each use: look at the `sizes` of a large one first."""
        return self._written(root).text

    def factor(self, root: Operand) -> str:
        """The text of a term as one of several factors of a product."""
        return self._written(root).within(PRODUCT, self.brackets)

    def _written(self, root: Operand) -> Written:
        if not isinstance(root, Term):
            return self._number(root)
        known: dict[int, Written] = {}
        for term in subterms(root):
            known[id(term)] = self._term(term, known)
        return known[id(root)]

    def number(self, x: float, digits: int = 0) -> str:
        return short(x, digits or self.digits)

    def constant(self, x: float) -> str:
        """A number in a formula: 1.00001 is not written as 1, which would be another formula."""
        is_rounded_to_whole = short(x, self.digits).lstrip("-").isdecimal() and not float(x).is_integer()
        return self.number(x, FULL if is_rounded_to_whole else 0)

    def _number(self, x: float) -> Written:
        text = self.constant(x)
        return Written(text, SIGN if text[0] in "-−" else ATOM)

    def _term(self, term: Term, known: dict[int, Written]) -> Written:
        def written(operand: Operand) -> Written:
            return known[id(operand)] if isinstance(operand, Term) else self._number(operand)

        if term.row is None:
            return self._symbol(self.name(term.symbol))
        notation = self._notation(term.row)
        if term.row.vectors:
            vectors = [", ".join(written(operand).within(0) for operand in vector) for vector in term.operands]
            return Written(self._template(notation).format(*vectors), notation.precedence)
        return self._joined(term.row, notation, list(map(written, term.operands)))

    def _symbol(self, name: str) -> Written:
        return Written(name, name_precedence(name))

    def _joined(self, row: Primitive, notation: Notation, operands: Sequence[Written]) -> Written:
        needed = (*self._needed(notation, operands), *[ATOM] * len(operands))  # a user's notation may not say it
        texts = [operand.within(need, self.brackets) for operand, need in zip(operands, needed)]
        return Written(self._template(notation).format(*texts), notation.precedence)

    def _notation(self, row: Primitive) -> Notation:
        return row.notation

    def _template(self, notation: Notation) -> str:
        return notation.text

    def _needed(self, notation: Notation, operands: Sequence[Written]) -> Sequence[int]:
        return (SIGN,) if notation is primitives.negative.notation else notation.operands  # --x, as Python reads it


class Mathematics(Style):
    """Mathematics in Unicode: `w * x` becomes `w · x`, `a * (1 - a)` becomes `a(1 − a)`, `x ** 2` becomes `x²`."""

    def number(self, x: float, digits: int = 0) -> str:
        return mathematical(x, digits or self.digits)

    def _number(self, x: float) -> Written:
        text = self.constant(x)
        return Written(text, SIGN if text[0] == "−" or "e" in text else ATOM)

    def _joined(self, row: Primitive, notation: Notation, operands: Sequence[Written]) -> Written:
        if row is primitives.power and operands[1].text.lstrip("−").isdecimal() and not _is_raised(operands[0]):
            exponent = operands[1].text.replace("−", "-").translate(SUPERSCRIPTS)
            return Written(operands[0].within(ATOM) + exponent, notation.precedence)
        if row is primitives.multiply and operands[0] == operands[1] and _is_name(operands[0]):
            return Written(f"{operands[0].text}²", POWER)
        if row is primitives.multiply and operands[1].precedence < PRODUCT:
            return Written(operands[0].within(PRODUCT) + f"({operands[1].text})", notation.precedence)
        return super()._joined(row, notation, operands)

    def _notation(self, row: Primitive) -> Notation:
        text = MATHEMATICS.get(row)
        return row.notation._replace(text=text) if text else row.notation

    def _needed(self, notation: Notation, operands: Sequence[Written]) -> Sequence[int]:
        return _apart(notation.operands, operands)


MATHEMATICS = {
    primitives.subtract: "{0} − {1}",
    primitives.multiply: "{0} · {1}",
    primitives.negative: "−{0}",
    primitives.power: "{0}^{1}",
    primitives.absolute: "|{0}|",
    primitives.relu: "ReLU({0})",
}
"""What mathematics writes otherwise than Python."""


class Latex(Style):
    """LaTeX in the words of the table, for the mathematics of a notebook and of matplotlib; a (1 − a) has no dot."""

    brackets = r"\left({}\right)"

    def number(self, x: float, digits: int = 0) -> str:
        text = short(x, digits or self.digits)
        if not text[-1].isdigit():
            return {"inf": r"\infty", "-inf": r"-\infty"}.get(text, r"\mathrm{NaN}")
        mantissa, _, exponent = text.partition("e")
        return rf"{mantissa} \times 10^{{{int(exponent)}}}" if exponent else mantissa

    def _number(self, x: float) -> Written:
        text = self.constant(x)
        return Written(text, SIGN if text.startswith("-") or "times" in text else ATOM)

    def _symbol(self, name: str) -> Written:
        return Written(latex_name(name), name_precedence(name))

    def _joined(self, row: Primitive, notation: Notation, operands: Sequence[Written]) -> Written:
        if row is primitives.multiply and operands[1].precedence < PRODUCT:
            left, right = operands[0].within(PRODUCT, self.brackets), operands[1].within(ATOM, self.brackets)
            return Written(f"{left} {right}", PRODUCT)
        return super()._joined(row, notation, operands)

    def _notation(self, row: Primitive) -> Notation:
        if row is primitives.divide:
            return row.notation._replace(precedence=POWER)  # a fraction holds together, but not as a base
        return row.notation._replace(precedence=PRODUCT) if row is primitives.dot else row.notation

    def _template(self, notation: Notation) -> str:
        return notation.latex

    def _needed(self, notation: Notation, operands: Sequence[Written]) -> Sequence[int]:
        return _apart(notation.latex_operands, operands)


class Python(Style):
    """Python over one function for each primitive, called by its name; constants have all their digits.

    + - * and the minus sign are Python's own, / and ** where `operators` says that they give the same.
    """

    def __init__(self, name: Callable[[Any], str], operators: bool = True) -> None:
        super().__init__(name)
        self.own = {*ARITHMETIC, *POWERS} if operators else ARITHMETIC

    def number(self, x: float, digits: int = 0) -> str:
        return repr(float(x))

    def _symbol(self, name: str) -> Written:
        return Written(name, ATOM)

    def _notation(self, row: Primitive) -> Notation:
        if row in self.own:
            return row.notation
        places = ", ".join(("{%d}" if row.vectors < 2 else "[{%d}]") % place for place in range(len(row.operands)))
        return row.notation._replace(text=f"{row.name}({places})", precedence=ATOM, operands=(0,) * len(row.operands))


ARITHMETIC = frozenset({primitives.add, primitives.subtract, primitives.multiply, primitives.negative})
POWERS = frozenset({primitives.divide, primitives.power})


def _is_raised(written: Written) -> bool:
    """Whether a name ends high up already, as x² does."""
    return written.precedence == ATOM and written.text[-1] in "⁰¹²³⁴⁵⁶⁷⁸⁹ᵀ"


def _is_name(written: Written) -> bool:
    return written.precedence == ATOM and not written.text[0].isdecimal() and not _is_raised(written)


def _apart(needed: Sequence[int], operands: Sequence[Written]) -> Sequence[int]:
    """As is needed, but with brackets around what starts with a sign and follows one: x − (−2)."""
    first, *others = needed or (ATOM,)
    return (first, *(ATOM if need and x.text[0] in "-−" else need for x, need in zip(operands[1:], others)))


# ---- names

_INSIDE = re.compile(r"\[.*\]|\(.*\)")


def name_precedence(name: str) -> int:
    """That of an operation, for a name that reads as one: the label `ŷ − y`, or one of two words."""
    name = _INSIDE.sub("", name).strip()
    if re.search(r"[-+−±]", name):
        return SUM
    return PRODUCT if re.search(r"[\s*/·×÷^]", name) else ATOM


GREEK = frozenset(
    {
        *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu"),
        *("nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"),
        *("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"),
    }
)

SPECIAL = {
    **{character: f"\\{character}" for character in "$%_{}"},
    "#": r"{\#}",
    "&": "＆",  # mathtext has no \&
    '"': r"{\prime\prime}",
    "`": r"\backprime ",
    "\\": r"\backslash ",
    "^": r"\wedge ",
    "~": r"\sim ",
    " ": r"\ ",
    "'": r"{\prime}",
    "·": r"\cdot ",
    "−": "-",
    "⋯": r"\cdots ",
    "…": r"\ldots ",
}

LAST_READ = 0x1FFFF
"""The last character that matplotlib's mathtext knows as one."""

ACCENTS = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0307": "dot"}

_PARTS = re.compile(
    r"(?P<base>[^\W\d_₀-₉]+[\u0302-\u0304\u0307]?)(?P<prime>'*)(?:_?(?P<index>[0-9₀-₉]+(?:_[0-9₀-₉]+)*))?"
)


def latex_name(name: str) -> str:
    """A name as LaTeX: a letter with its index as mathematics writes it, anything else upright and escaped.

    >>> print(latex_name("w1_21"), latex_name("w₁₁"), latex_name("ŷ"), latex_name("alpha"), latex_name("layer1.w[0]"))
    w_{1,21} w_{11} \\hat{y} \\alpha \\mathrm{layer1.w[0]}
    """
    parts = _PARTS.fullmatch(unicodedata.normalize("NFC", name))
    base = _letter(parts["base"]) if parts else ""
    if parts and base:
        index = unicodedata.normalize("NFKC", parts["index"] or "").replace("_", ",")
        return base + parts["prime"] + (f"_{{{index}}}" if index else "")
    return upright(name)


def upright(text: str) -> str:
    """A text in mathematics that is none, in upright letters and escaped."""
    readable = (character if ord(character) <= LAST_READ else "\ufffd" for character in text)
    return rf"\mathrm{{{''.join(SPECIAL.get(character, character) for character in readable)}}}"


def _letter(base: str) -> str:
    """A single letter, with its accent, or the name of a Greek one; empty for a word."""
    if base in GREEK:
        return f"\\{base}"
    letter, *accents = list(unicodedata.normalize("NFD", base))
    if len(accents) == 1 and accents[0] in ACCENTS and letter.isascii():
        return rf"\{ACCENTS[accents[0]]}{{{letter}}}"
    return base if len(base) == 1 and base.isalpha() and ord(base) <= LAST_READ else ""


def python_name(name: str, taken: set[str]) -> str:
    """A name that Python takes and that is not `taken`, as close to the given one as can be."""
    valid = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", name)).strip("_") or "v"
    if not valid.isidentifier():
        valid = f"v_{valid}" if f"v_{valid}".isidentifier() else "v"
    candidate, number = valid, 1
    while candidate in taken or keyword.iskeyword(candidate):
        number += 1
        candidate = f"{valid}_{number}"
    return candidate
