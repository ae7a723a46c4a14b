"""The rewriter puts formulas in order and changes no value."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import PRIMITIVES, float_functions
from autograd.contracts.comparisons import EPSILON
from autograd.contracts.operands import Point
from autograd.namespaces import floats
from autograd.notation.terms import Operand, Term, algebra, product, sizes, subterms, symbol
from autograd.notation.typesetting import Mathematics, Python
from tests.samples import SAMPLES

ULPS = 4
"""A formula of the table has so few operations that other orders of them differ by less."""

ROUNDING = 1e-13
"""For a random formula, of the size of its terms."""

a, b, c = map(symbol, "abc")

Formula = Callable[..., Any]


def computed(term: Operand, **numbers: float) -> float:
    written = Python(str, operators=False).write(term)
    return float(eval(written, float_functions(), numbers))


def written(term: Operand) -> str:
    return Mathematics().write(term)


# ---- laws


LEAVES: list[Formula] = [
    lambda xp, a, b: a,
    lambda xp, a, b: b,
    *[lambda xp, a, b, number=number: number for number in (0, 1, -1, 2, 0.5, -3.0)],
]
CALLED = ("exp", "sin", "tanh", "absolute")


def _combined(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    return st.one_of(
        inner.map(lambda f: lambda xp, a, b: -f(xp, a, b)),
        st.tuples(inner, inner).map(lambda fs: lambda xp, a, b: fs[0](xp, a, b) + fs[1](xp, a, b)),
        st.tuples(inner, inner).map(lambda fs: lambda xp, a, b: fs[0](xp, a, b) - fs[1](xp, a, b)),
        st.tuples(inner, inner).map(lambda fs: lambda xp, a, b: fs[0](xp, a, b) * fs[1](xp, a, b)),
        st.tuples(inner, st.sampled_from(CALLED)).map(
            lambda pair: lambda xp, a, b: getattr(xp, pair[1])(xp.tanh(pair[0](xp, a, b)))
        ),
        inner.map(lambda f: lambda xp, a, b: xp.divide(f(xp, a, b), 2 + xp.sin(a))),
        st.tuples(inner, st.sampled_from([0, 1, 2, 3])).map(
            lambda pair: lambda xp, a, b: xp.power(pair[0](xp, a, b), pair[1])
        ),
    )


FORMULAS = st.recursive(st.sampled_from(LEAVES), _combined, max_leaves=10)


class Size(float):
    """The size of a number and of its error: sums and differences add, and functions are bounded by their slope."""

    def __add__(self, other: Any) -> Size:
        return Size(float(self) + abs(float(other)))

    __radd__ = __sub__ = __rsub__ = __add__

    def __mul__(self, other: Any) -> Size:
        return Size(float(self) * abs(float(other)))

    __rmul__ = __mul__

    def __neg__(self) -> Size:
        return self


class Sizes:
    """The namespace of sizes, for the functions of the formulas below."""

    def __getattr__(self, name: str) -> Callable[..., Size]:
        return lambda x, y=1.0: Size((1.0 + abs(x)) ** max(1.0, abs(y) if name == "power" else 1.0) * math.e)


@given(FORMULAS, st.floats(-2, 2), st.floats(-2, 2))
def test_a_rewritten_formula_has_the_value_of_the_formula(formula: Formula, x: float, y: float) -> None:
    plain = float(formula(floats, x, y))
    size = float(formula(Sizes(), Size(abs(x)), Size(abs(y))))
    assert abs(computed(formula(algebra, a, b), a=x, b=y) - plain) <= ROUNDING * max(1.0, abs(size))


@given(FORMULAS)
def test_rewriting_a_rewritten_term_changes_nothing(formula: Formula) -> None:
    once = formula(algebra, a, b)
    assert written(_again(once)) == written(once)


def _again(root: Operand) -> Operand:
    """The term read in the algebra once more."""
    if type(root) is not Term:
        return root
    known: dict[int, Operand] = {}
    for term in subterms(root):
        operands = [known[id(x)] if type(x) is Term else x for x in term.flat()]
        row = term.row
        known[id(term)] = row.value(algebra, *operands) if row and not row.vectors else term
    return known[id(root)]


@pytest.mark.parametrize("name", PRIMITIVES)
def test_each_partial_of_the_table_keeps_its_value(name: str) -> None:
    row = PRIMITIVES[name]
    letters = [f"x{place}" for place in range(len(row.operands))]
    for point in SAMPLES[name]:
        for numbers, out in _elements(name, point):
            for formula in row.partials:
                expected = float(formula(floats, *numbers, out))
                term = formula(algebra, *map(symbol, letters), symbol("out"))
                found = computed(term, **dict(zip(letters, numbers)), out=out)
                size = max(abs(expected), 1.0 if row.saturates else 0.0)
                both_nan = found != found and expected != expected
                assert both_nan or found == expected or abs(found - expected) <= ULPS * EPSILON * size


def _elements(name: str, point: Point) -> list[tuple[tuple[float, ...], float]]:
    row = PRIMITIVES[name]
    out = float(row.value(floats, *point))
    return [(numbers, out) for numbers in zip(*point)] if row.vectors else [(point, out)]


# ---- the rewrites, one by one


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (1 * a, "a"),
        (a * 1, "a"),
        (a * 1.0 * b, "a · b"),
        (0 + a, "a"),
        (a + 0, "a"),
        (a - 0, "a"),
        (0 - a, "−a"),
        (0 * a, "0"),
        (a * 0, "0"),
        (0.5 * (2 * a), "a"),
        (0.5 * (a * 2) * b, "a · b"),
        (a * 3, "3 · a"),
        (a * b * 3, "3 · a · b"),
        (a * (3 * b), "3 · a · b"),
        (-1 * a, "−a"),
        ((-a).__neg__(), "a"),
        (a - (-b), "a + b"),
        (a + (-b), "a − b"),
        (a + -2 * b, "a − 2 · b"),
        (a + -2, "a − 2"),
        (a - -2, "a + 2"),
        (1 - a, "1 − a"),
        (-(a * b), "−a · b"),
        (-a * -b, "a · b"),
        (a * (b * c), "a · b · c"),
        ((a * b) * (c * a), "a · b · c · a"),
        (a * (1 - a), "a(1 − a)"),
        (3 * algebra.divide(1, a), "3 / a"),
        (algebra.divide(1, a) * 3, "3 / a"),
        (-algebra.divide(1, a), "−1 / a"),
        (b * algebra.divide(3, a), "3 · b · (1 / a)"),
        (algebra.divide(a, 1), "a"),
        (algebra.divide(0, a), "0"),
        (algebra.power(a, 1), "a"),
        (algebra.power(a, 0), "1"),
        (algebra.power(a, 2), "a²"),
        (2 * algebra.power(a, 1), "2 · a"),
        (0.5 * (2 * algebra.power(b - a, 1)), "b − a"),
        (a * algebra.exp(0.0), "a"),
        (algebra.power(2.0, 3.0) * a, "8 · a"),
        (algebra.maximum(a, 0), "max(a, 0)"),
        (product(iter([])), "1"),
        (product(iter([a, 2.0, b, -1.0])), "−2 · a · b"),
    ],
)
def test_a_rewrite(term: Operand, expected: str) -> None:
    assert written(term) == expected


def test_constants_are_not_multiplied_out_of_range() -> None:
    for term, numbers in [
        ((1e-200 * a) * (1e-200 * b), {"a": 1e150, "b": 1e250}),
        ((1e200 * a) * (1e200 * b), {"a": 1e-150, "b": 1e-250}),
    ]:
        assert computed(term, **numbers) == pytest.approx(1.0, rel=1e-12)


def test_infinity_and_nan_are_constants_like_others() -> None:
    assert written(math.inf * a) == "inf · a"
    assert written(a + math.nan) == "a + nan"


def test_a_term_that_is_made_directly_stays_as_it_was_typed() -> None:
    assert written(Term(PRIMITIVES["multiply"], (1.0, Term(PRIMITIVES["add"], (0.0, a))))) == "1(0 + a)"


def test_long_products_are_no_recursion() -> None:
    names = [symbol(f"x{place}") for place in range(1200)]
    term = product(iter(names))
    assert written(-term).startswith("−x0 · x1 · x2")
    assert sizes(2 * term, 10_000) == 1201


def test_an_unknown_function_is_named_with_those_that_exist() -> None:
    with pytest.raises(AttributeError, match=r"'arctan'.*exp"):
        algebra.arctan


# ---- sizes


def test_sizes_count_each_use_and_stop() -> None:
    term: Operand = a
    for _ in range(1000):
        term = Term(PRIMITIVES["add"], (term, term))
    assert sizes(term, 12) == 12
    assert sizes(Term(PRIMITIVES["dot"], ((a, 1.0), (b, a))), 12) == 4
    assert sizes(3.0, 12) == sizes(a, 12) == 1


def test_subterms_come_once_and_after_their_operands() -> None:
    shared = a + b
    term = shared * (shared - c)
    assert isinstance(term, Term)
    order = list(subterms(term))
    assert len(order) == len(set(map(id, order)))
    place = {id(found): position for position, found in enumerate(order)}
    for found in order:
        assert all(place[id(x)] < place[id(found)] for x in found.flat() if isinstance(x, Term))
    assert order[-1] is term
