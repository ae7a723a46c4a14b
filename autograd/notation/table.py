"""The table of primitives as people read it."""

from __future__ import annotations

from autograd.notation.terms import algebra, symbol
from autograd.notation.typesetting import Style
from autograd.primitives import PRIMITIVES, Formula, Primitive

COLUMNS = ("primitive", "written", "∂out/∂operand, in order", "needs", "conventions and limits")
TAILS = "in the tails the slope has the absolute error of 1, 4 ulp"


def primitives_table() -> str:
    """A Markdown table with a row for each primitive: its notation, its partial derivatives, its domain, its ties."""
    rows = [COLUMNS, ("---",) * len(COLUMNS), *map(_row, PRIMITIVES.values())]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def partial_text(row: Primitive, formula: Formula) -> str:
    """One partial of a primitive with its operands by name: `out * (1 - out)`."""
    return Style().write(formula(algebra, *map(symbol, _elements(row)), symbol("out")))


def _elements(row: Primitive) -> list[str]:
    """The operands; of an n-ary primitive the names of one element of each vector: `xs` holds `x`."""
    return [operand.removesuffix("s") for operand in row.operands] if row.vectors else list(row.operands)


def _row(row: Primitive) -> tuple[str, ...]:
    places = [f"{element}1, …, {element}n" for element in _elements(row)] if row.vectors else row.operands
    partials = ", ".join(f"`{partial_text(row, formula)}`" for formula in row.partials)
    needs = "; ".join(requirement.needs for requirement in row.domain)
    conventions = row.ties or (TAILS if row.saturates else "")
    return row.name, f"`{row.notation.text.format(*places)}`", partials, needs, conventions
