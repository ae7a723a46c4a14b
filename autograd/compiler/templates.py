"""The formulas of the table as text with places for operands, printed once for all nodes of a kind.

A template is filled with the texts of a node's operands: `{0}`, `{1}` … in the order of `node.operands`, `{out}` for
its result, `{before}` for what the operands before gave, `{t}` for the name of a temporary. Operands that are constants
are folded into the formula where their number matters (x ** 2.0, x / 4.0, 1.0 * x); elsewhere one template serves all
constants.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from autograd.compiler.folding import folded
from autograd.compiler.inlining import inlined
from autograd.namespaces import Scalars
from autograd.primitives import Primitive, is_constant_zero, shared_among_ties
from autograd.symbolic import (
    ATOM,
    PRECEDENCE,
    TERMS,
    Expression,
    Symbolic,
    Vector,
    element,
    name,
    names_in,
    operations_in,
    python_source,
    symbolic,
)

SUM, PRODUCT = PRECEDENCE["+"], PRECEDENCE["*"]

MOST_TEMPLATES = 10_000
"""Kept of each sort: a graph with a million different exponents prints some of them anew."""

UNROLLED = 16
"""Operands up to which a reduction inside a formula is written out; longer vectors become lists."""

EXACT_FACTORS = ("1.0", "-1.0")

STEPS = {"sum_of": "+", "max_of": "maximum", "min_of": "minimum"}
"""The operation that a reduction repeats, from left to right."""

Constants: TypeAlias = "tuple[str | None, ...]"
"""For each operand the text of its number, where a template is to fold it in; None where it is to be filled in."""

NAME = ATOM + 1
"""The precedence of a text that is one name or one number: it can be used again at no cost."""


class Template(NamedTuple):
    """Assignments and the text of a result, with places for operands; `sign` stands before the result.

    `used` are the operands that occur in it, `out` among them as -1.
    """

    assignments: tuple[str, ...]
    text: str
    precedence: int = ATOM
    sign: int = 1
    used: tuple[int, ...] = ()


OUT = -1

BEFORE = "{before}"


class _Unrolled(Scalars, Symbolic):  # type: ignore[misc]
    """Expressions whose reductions are written out: the vectors are tuples of expressions."""


unrolled = _Unrolled()


NUMBER = frozenset("0123456789-in")
"""The first characters of a number, where no name begins so: 2.0, -1e-05, inf, -inf, nan."""


def is_number(text: str) -> bool:
    """Whether a name or a number, as the compiler writes them, is a number."""
    return text[0] in NUMBER


class Forms(NamedTuple):
    """The templates of a row, for operands of which some are known numbers.

    `value` is that of a row of scalars. `steps` are for a row that is one reduction: its first term, and the step from
    the result `{before}` a term to that after; None where the formula is more than that. `domain` has the conditions
    under which operands violate it, without those that never hold, and `partials` one for each operand, or for one
    element of each vector; None for what is constant zero.
    """

    value: Template | None
    steps: tuple[Template, Template] | None
    domain: tuple[Template, ...]
    partials: tuple[Template | None, ...]


def constants(row: Primitive, numbers: Constants) -> Constants:
    """Which operands of a node are to be folded in, where these are numbers. Of an n-ary row: one of each vector."""
    kinds = tuple(number is not None for number in numbers)
    if True not in kinds or _folds(row, kinds):
        return numbers
    return tuple(number if number in EXACT_FACTORS else None for number in numbers)


@lru_cache(MOST_TEMPLATES)
def forms(row: Primitive, known: Constants, fast: bool) -> Forms:
    """The templates of a row for operands with these constants."""
    operands = _operands(row)
    value = None if row.vectors else _template(row.value(symbolic, *operands), known, fast)
    partials = [partial(symbolic, *operands, name("{out}")) for partial in row.partials]
    return Forms(
        value,
        _steps(row, known, fast) if row.vectors else None,
        tuple(_domain(row, known)),
        tuple(None if is_constant_zero(partial) else _template(partial, known, fast) for partial in partials),
    )


def _domain(row: Primitive, known: Constants) -> Iterator[Template]:
    for requirement in row.domain:
        condition = folded(requirement.violated(symbolic, *_operands(row)), _numbers(known))
        if condition is not False:
            yield _printed(condition, fast=False)


def _steps(row: Primitive, known: Constants, fast: bool) -> tuple[Template, Template] | None:
    reduction = _as_reduction(row)
    if reduction is None:
        return None
    function, body = reduction
    return _template(body, known, fast), _template(Expression(STEPS[function], (name(BEFORE), body)), known, fast)


@lru_cache(MOST_TEMPLATES)
def unrolled_template(row: Primitive, known: Constants, fast: bool) -> Template:
    """The value of an n-ary row, with all its reductions written out."""
    length = len(known) // row.vectors
    names = [name(f"{{{place}}}") for place in range(len(known))]
    vectors = [tuple(names[start : start + length]) for start in range(0, len(known), length)]
    return _template(row.value(unrolled, *vectors), known, fast)


@lru_cache(MOST_TEMPLATES)
def lists_template(row: Primitive, fast: bool) -> Template:
    """The value of an n-ary row whose vectors are lists."""
    vectors = [Vector(f"{{{place}}}", f"e{place}", element(f"e{place}")) for place in range(row.vectors)]
    return _template(row.value(symbolic, *vectors), (None,) * row.vectors, fast)


@lru_cache(MOST_TEMPLATES)
def selected_template(row: Primitive, known: Constants, first: bool, fast: bool) -> Template:
    """The partial for an element of a row that selects one, after the first when those before it took `{before}`."""
    partial = row.partials[0](symbolic, *_operands(row), name("{out}"))
    return _template(shared_among_ties(row, partial, 0 if first else name(BEFORE)), known, fast)


def _place(text: str) -> int:
    return OUT if text == "{out}" else int(text[1:-1])


def _operands(row: Primitive) -> list[Expression]:
    return [name(f"{{{place}}}") for place in range(len(row.operands))]


def _numbers(known: Constants) -> dict[str, float]:
    return {f"{{{place}}}": float(text) for place, text in enumerate(known) if text is not None}


def _template(formula: Any, known: Constants, fast: bool) -> Template:
    return _printed(folded(formula, _numbers(known)), fast)


def _printed(expression: Any, fast: bool) -> Template:
    sign = 1
    if isinstance(expression, Expression) and expression.operation == "negative":
        expression, sign = expression.arguments[0], -1
    used = tuple(_place(text) for text in sorted(names_in(expression)) if text[0] == "{" and text != BEFORE)
    if fast:
        expression = inlined(expression)
    if isinstance(expression, bool):
        return Template((), str(expression))
    assignments, text = python_source(expression, temporary="{t}_")
    return Template(tuple(assignments), text, _precedence(expression, text), sign, used)


def _precedence(expression: Any, text: str) -> int:
    if not isinstance(expression, Expression) or (expression.operation in TERMS and text[0] == "{"):
        return NAME
    return PRECEDENCE.get(expression.operation, ATOM)


@lru_cache
def _as_reduction(row: Primitive) -> tuple[str, Any] | None:
    elements = [element(f"{{{place}}}") for place in range(row.vectors)]
    vectors = [Vector(f"vector{place}", "", number) for place, number in enumerate(elements)]
    formula = row.value(symbolic, *vectors)
    if not isinstance(formula, Expression) or formula.operation != "reduction":
        return None
    function, body, reduced = formula.arguments
    in_order = len(reduced) == len(vectors) and all(map(operator.is_, reduced, vectors))
    return (function, body) if in_order and "reduction" not in operations_in(body) else None


@lru_cache
def _folds(row: Primitive, kinds: tuple[bool, ...]) -> bool:
    """Whether a formula of a row has an operation on constants alone, when these operands are constants."""
    names = {f"{{{place}}}" for place, is_constant in enumerate(kinds) if is_constant}
    if row.vectors and len(kinds) != len(row.operands):
        return True
    return any(_computes_with(formula, names) for formula in _formulas(row))


def _formulas(row: Primitive) -> list[Any]:
    operands = _operands(row)
    reduction = _as_reduction(row) if row.vectors else None
    values = [reduction[1]] if reduction else [] if row.vectors else [row.value(symbolic, *operands)]
    partials = [partial(symbolic, *operands, name("{out}")) for partial in row.partials]
    return [*values, *partials, *(requirement.violated(symbolic, *operands) for requirement in row.domain)]


def _computes_with(formula: Any, names: set[str]) -> bool:
    if not isinstance(formula, Expression) or formula.operation in TERMS:
        return False
    arguments = formula.arguments
    alone = all(not isinstance(each, Expression) or _is_one_of(each, names) for each in arguments)
    return alone or any(_computes_with(each, names) for each in arguments)


def _is_one_of(expression: Expression, names: set[str]) -> bool:
    return expression.operation in TERMS and expression.arguments[0] in names
