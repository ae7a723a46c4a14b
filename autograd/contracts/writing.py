"""Contracts of notation: what is recorded can be written as text, as LaTeX and as Python."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from autograd.contracts.comparisons import Comparison, same
from autograd.contracts.operands import Point
from autograd.contracts.spelling import recorded
from autograd.notation.graphs import float_functions, latex, python_text, text
from autograd.primitives import ATOM, SUM, Primitive

BRACES = re.compile(r"\\.|[^{}]")
"""What a text has beside its braces; those that LaTeX prints, \\{, are none."""


def notation(row: Primitive, points: Sequence[Point]) -> Iterator[Comparison]:
    """Each way of writing has a place for every operand, in order, and a precedence for each."""
    places = [str(place) for place in range(len(row.operands))]
    for way, template in (("text", row.notation.text), ("LaTeX", row.notation.latex)):
        found = _places(template, len(places))
        yield Comparison(points[0], f"places in the {way} {template!r}", places, found, places == found)
    needed = [row.notation.precedence, *row.notation.operands, *row.notation.latex_operands]
    sane = len(needed) == 1 + 2 * len(places) and needed[0] >= SUM and all(0 <= one <= ATOM for one in needed)
    wanted = f"{1 + 2 * len(places)} from 0 to {ATOM}"
    yield Comparison(points[0], "precedences, its own and those of the operands twice", wanted, needed, sane)


def writing(row: Primitive, points: Sequence[Point]) -> Iterator[Comparison]:
    """A graph of it can be written: its Python gives the value back to the bit, its LaTeX has its braces in pairs."""
    for point in points:
        y, leaves = recorded(row, point, labels="x")
        y.label = "out"  # what has a label is not looked for among the variables of all callers
        source, names = python_text(y)
        if row.name in (functions := float_functions()):
            value = eval(source, functions, {name: leaf.data for name, leaf in names.items()})
            yield Comparison(point, f"the Python text {source}", y.data, value, same(y.data, value))
        for way, written in (("text", text(y)), ("LaTeX", latex(y))):
            missing = [leaf.label for leaf in leaves if not re.search(r"x_?\{?" + leaf.label[1:], written)]
            yield Comparison(point, f"operands in the {way} {written}", [], missing, not missing)
        braces = _unpaired(latex(y))
        yield Comparison(point, f"braces in the LaTeX {latex(y)}", "", braces, not braces)


def _places(template: str, operands: int) -> list[str]:
    try:
        return re.findall(r"<(\d)>", template.format(*(f"<{place}>" for place in range(operands))))
    except (IndexError, KeyError, ValueError) as error:
        return [repr(error)]


def _unpaired(written: str) -> str:
    braces = BRACES.sub("", written)
    while "{}" in braces:
        braces = braces.replace("{}", "")
    return braces
