"""What a printed number says: its value, exactly, and the unit of its last digit, which is how much it promises.

Read are a decimal comma and a decimal point, thousands as in 1.000,5, 1,000.5, 1 000,5 and 1'000.5, percentages, powers
of ten as in 1.5e-3, 1.5x10^-3 and 1,5·10⁻³, the minus signs and the spaces of typesetters, and the same in LaTeX, as in
$1{,}5 \\cdot 10^{-3}$.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_TYPESET = str.maketrans(
    {"−": "-", "–": "-", "‐": "-", "\u2011": "-", "⁻": "-", "⁺": "+", "’": "'"}
    | dict.fromkeys("\u00a0\u2007\u2009\u202f", " ")
)
_EXPONENT = str.maketrans(_SUPERSCRIPTS, "0123456789")
"""Of a power alone: 10³ is no 103."""

_POWER = re.compile(
    r"\s*(?:[·⋅×*x]|\\cdot|\\times)\s*10"
    rf"(?:\s*\^\s*(?:([+−–-]?[0-9]+)|\{{([+−–-]?[0-9]+)\}})|([⁺⁻]?[{_SUPERSCRIPTS}]+))$"
)
_LATEX = re.compile(r"\$(.*)\$|\\\((.*)\\\)")
"""Mathematics between its marks."""

_DIGITS = r"([0-9]+[.,]?[0-9]*|[.,][0-9]+)(e[+-]?[0-9]{1,3})?"
_POINTS_GROUP, _COMMAS_GROUP = (
    rf"[1-9][0-9]{{0,2}}(({group}[0-9]{{3}})+{mark}[0-9]+|({group}[0-9]{{3}}){{2,}})"
    for group, mark in ((r"\.", ","), (",", r"\."))
)
_GAPS_GROUP = r"[1-9][0-9]{0,2}(?P<gap>[ '])[0-9]{3}((?P=gap)[0-9]{3})*([.,][0-9]+)?"
_NUMBER = re.compile(
    rf"([+-]?)(?:(?P<plain>{_DIGITS})|(?P<points>{_POINTS_GROUP})|(?P<commas>{_COMMAS_GROUP})|(?P<gaps>{_GAPS_GROUP}))"
    r"(?P<percent>\s*%)?"
)
_GROUPS = {"plain": "", "points": ".", "commas": ",", "gaps": " '"}
"""How thousands are written, and the signs between them."""

_PERHAPS_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")


class PrintedNumber(NamedTuple):
    """A number as it was written: its digits, how many of them stand after the mark, and the power of ten."""

    number: Fraction
    decimals: int
    power: int
    is_percentage: bool

    @property
    def unit(self) -> Fraction:
        """Of the last digit."""
        return Fraction(10) ** (self.power - self.decimals)

    @property
    def is_whole(self) -> bool:
        """Written without decimals, power of ten or %."""
        return self.power == self.decimals == 0


def read(printed: str) -> PrintedNumber:
    """The number that a string prints. Raises ValueError where it is none, TypeError for what is no string."""
    if not isinstance(printed, str):
        raise TypeError(f"a printed number is given as a string, which keeps its digits; got {printed!r}")
    found = _NUMBER.fullmatch(_plain(printed))
    if not found:
        fraction = "; a fraction has no last digit" * ("/" in printed)
        raise ValueError(f"a printed number reads like '0,879', '.21' or '-1.5e-3'; got {printed!r}{fraction}")
    how = next(name for name in _GROUPS if found[name])
    digits = "".join(sign for sign in found[how] if sign not in _GROUPS[how])
    mantissa, _, exponent = f"{found[1]}{digits}".replace(",", ".").partition("e")
    is_percentage = bool(found["percent"])
    power = int(exponent or 0) - 2 * is_percentage
    return PrintedNumber(Fraction(f"{mantissa}e{power}"), len(mantissa.partition(".")[2]), power, is_percentage)


def otherwise(printed: str) -> str:
    """What else a string can mean: 1.234 a thousand and more, and 40 % a 40. Empty where it is clear."""
    text = _plain(printed)
    if text.endswith("%"):
        return text.rstrip("%").rstrip()
    return re.sub("[.,]", "", text) if _PERHAPS_THOUSANDS.fullmatch(text) else ""


def _plain(printed: str) -> str:
    """The same with the signs of a keyboard: - and spaces, and e for a power of ten."""
    text = printed.strip()
    if found := _LATEX.fullmatch(text):
        text = found[found.lastindex or 0].strip()
    text = _POWER.sub(lambda found: f"e{found[found.lastindex or 0].translate(_EXPONENT)}", text.replace("{,}", ","))
    return text.translate(_TYPESET).lower()
