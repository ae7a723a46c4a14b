"""Expressions print as Python that computes what the formula computes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import PRIMITIVES
from autograd.namespaces import FUNCTIONS, floats
from autograd.symbolic import Vector, element, name, names_in, python_source, symbolic
from tests.bad_worlds import interrupted_anywhere, needs_timer
from tests.samples import SAMPLES

SCOPE = {function: getattr(floats, function) for function in (*FUNCTIONS, "sum_of", "max_of", "min_of")}
SCOPE |= {"inf": math.inf, "nan": math.nan}
"""The names that printed code uses."""

Formula = Callable[..., Any]

LEAVES: list[Formula] = [
    lambda xp, x, y: x,
    lambda xp, x, y: y,
    lambda xp, x, y: 2,
    lambda xp, x, y: -3.5,
    lambda xp, x, y: 0,
]


def _combined(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    def negated(f: Formula) -> Formula:
        return lambda xp, x, y: -f(xp, x, y)

    def called(function: str, f: Formula) -> Formula:
        return lambda xp, x, y: getattr(xp, function)(f(xp, x, y))

    def joined(operation: str, f: Formula, g: Formula) -> Formula:
        return lambda xp, x, y: JOINED[operation](xp, f(xp, x, y), g(xp, x, y))

    return (
        st.builds(negated, inner)
        | st.builds(called, st.sampled_from(["exp", "sign", "absolute", "sin"]), inner)
        | st.builds(joined, st.sampled_from(sorted(JOINED)), inner, inner)
    )


JOINED: dict[str, Formula] = {
    "+": lambda xp, f, g: f + g,
    "-": lambda xp, f, g: f - g,
    "*": lambda xp, f, g: f * g,
    "divide": lambda xp, f, g: xp.divide(f, g),
    "maximum": lambda xp, f, g: xp.maximum(f, g),
    "heaviside": lambda xp, f, g: xp.heaviside(f, g),
    "power": lambda xp, f, g: xp.power(xp.absolute(f) + 1, xp.sign(g)),
}

FORMULAS = st.recursive(st.sampled_from(LEAVES), _combined, max_leaves=12)


def computed(expression: Any, **numbers: Any) -> Any:
    """The value of printed code."""
    assignments, result = python_source(expression)
    scope = SCOPE | numbers
    for assignment in assignments:
        exec(assignment, scope)
    return eval(result, scope)


def same(x: float, y: float) -> bool:
    return x == y or (x != x and y != y)


@given(FORMULAS, st.floats(-3, 3), st.floats(-3, 3))
def test_printed_code_computes_what_the_formula_computes(formula: Formula, x: float, y: float) -> None:
    expression = formula(symbolic, name("x"), name("y"))
    assert same(computed(expression, x=x, y=y), float(formula(floats, x, y)))


@given(FORMULAS)
def test_every_name_is_found_and_no_other(formula: Formula) -> None:
    expression = formula(symbolic, name("x"), name("y"))
    assignments, result = python_source(expression)
    code = compile("\n".join([*assignments, result]), "", "exec")
    assert names_in(expression) == {letter for letter in "xy" if letter in code.co_names}


@pytest.mark.parametrize("row", [row for row in PRIMITIVES.values() if not row.vectors], ids=lambda row: row.name)
def test_values_and_partials_of_the_table_print_as_they_compute(row: Any) -> None:
    symbols = [name(operand) for operand in row.operands]
    for point in SAMPLES[row.name]:
        numbers = dict(zip(row.operands, point))
        out = float(row.value(floats, *point))
        assert same(computed(row.value(symbolic, *symbols), **numbers), out), point
        for formula in row.partials:
            found = computed(formula(symbolic, *symbols, name("out")), **numbers, out=out)
            assert same(found, float(formula(floats, *point, out))), point


@pytest.mark.parametrize("row", [row for row in PRIMITIVES.values() if row.domain], ids=lambda row: row.name)
def test_domains_print_as_they_compute(row: Any) -> None:
    symbols = [name(operand) for operand in row.operands]
    for requirement in row.domain:
        for x in (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, math.nan):
            point = (x, -0.5)[: len(row.operands)]
            found = computed(requirement.violated(symbolic, *symbols), **dict(zip(row.operands, point)))
            assert bool(found) == bool(requirement.violated(floats, *point)), point


def test_what_is_used_twice_is_computed_once() -> None:
    x = name("x")
    e = symbolic.exp(x)
    assert python_source(e * e + e) == (["t0 = exp(x)"], "t0 * t0 + t0")
    assert python_source(x * x) == ([], "x * x")


def test_temporaries_can_be_named() -> None:
    e = symbolic.exp(name("x"))
    assert python_source(e * e, temporary="a_t") == (["a_t0 = exp(x)"], "a_t0 * a_t0")


@needs_timer
def test_after_ctrl_c_at_any_moment_of_a_loop_another_one_can_be_written() -> None:
    def loop() -> Any:
        return symbolic.sum_over(lambda x: x, Vector("xs", "x", element("x")))

    for _ in interrupted_anywhere(loop):
        loop()


def test_a_loops_own_terms_stay_inside_and_the_rest_comes_before() -> None:
    xs = Vector("xs", "x", element("x"))
    largest = symbolic.max_over(lambda x: x, xs)
    total = symbolic.sum_over(lambda x: symbolic.exp(x - largest) * symbolic.exp(x - largest), xs)
    assignments, _ = python_source(total)
    assert all("exp" not in assignment for assignment in assignments)
    numbers = [0.5, 2.0, -1.0]
    assert computed(total, xs=numbers) == pytest.approx(sum(math.exp(2 * (x - 2.0)) for x in numbers), rel=1e-15)


def test_two_vectors_are_walked_side_by_side() -> None:
    ws, xs = Vector("ws", "w", element("w")), Vector("xs", "x", element("x"))
    product = symbolic.sum_over(lambda w, x: w * x, ws, xs)
    assert computed(product, ws=[2.0, 3.0], xs=[5.0, 7.0]) == 31.0


@pytest.mark.parametrize("constant", [math.inf, -math.inf, math.nan])
def test_constants_that_are_not_finite_print_as_python(constant: float) -> None:
    assert same(computed(symbolic.minimum(name("x"), constant), x=2.0), floats.minimum(2.0, constant))


@pytest.mark.parametrize("constant", [0.1, 1e-300, 123456789.123456789, -0.0, 2**60])
def test_constants_keep_full_precision(constant: float) -> None:
    found = computed(name("x") * constant, x=1.0)
    assert (found, math.copysign(1, found)) == (constant, math.copysign(1, constant))


def test_an_unknown_function_is_named_with_those_that_exist() -> None:
    with pytest.raises(AttributeError, match=r"'arctan'.*exp"):
        symbolic.arctan
