"""Contracts that every row of the table keeps, then the promises for single rows: ties, borders, overflow.

The oracles are the `MEANINGS` of the samples, evaluated with complex steps and with hundreds of digits.
"""

from __future__ import annotations

import cmath
import math
import operator
import re
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import mpmath  # type: ignore[import-untyped]
import pytest

import autograd
from autograd import PRIMITIVES, DomainError, Primitive, Value, grad, hessian, jvp
from autograd.contracts.checking import CONTRACTS, check_contract
from autograd.contracts.comparisons import EPSILON, same
from autograd.contracts.operands import Point, flat, mapped, moved, patterns
from autograd.contracts.spelling import METHODS, partials, record, recorded
from autograd.functions import recorder
from autograd.namespaces import complexes, floats, fractions
from autograd.symbolic import name, names_in, symbolic
from tests.samples import INF, KINKED, MEANINGS, NAN, OUTSIDE, RATIONAL, SAMPLES, SMOOTH_SAMPLES

VALUE_ULPS = 4
"""The promise of the table for values."""

PARTIAL_TOLERANCE = 1e-13
"""Of the partial: a few roundings of a formula, and a power, which multiplies a rounding by its logarithm."""

ABSOLUTE_TOLERANCE = {"tanh": 4 * EPSILON, "sigmoid": 4 * EPSILON}
"""The partials 1 - out² and out(1 - out) keep the documents' form, whose error is 4 ulp of 1."""

COMPLEX_STEP = 1e-100
"""So small that its square is nothing beside any sample, and that no imaginary part underflows."""

DIFFERENCE_TOLERANCE = 1e-6
"""Central differences with a step of eps^(1/3) |x| reach 1e-9 at ordinary points; this excuses the extraordinary."""

DIGITS = 700
"""Enough to tell exp(-300) from 0 beside 1, and to take differences with a step of 1e-200 there."""

SECOND_DIGITS = 240
"""Enough for second differences with a step of 1e-60 at ordinary points."""

SMALLEST_NORMAL, LARGEST = sys.float_info.min, sys.float_info.max

ROWS = list(PRIMITIVES.values())

each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
each_sample = pytest.mark.parametrize(
    ("row", "points"), [(row, SAMPLES[row.name]) for row in ROWS], ids=[row.name for row in ROWS]
)
each_smooth = pytest.mark.parametrize(
    ("row", "points"),
    [(row, [point for sample, point in SMOOTH_SAMPLES if sample == row.name]) for row in ROWS],
    ids=[row.name for row in ROWS],
)


@pytest.fixture(autouse=True)
def _many_digits() -> Iterator[None]:
    with mpmath.workdps(DIGITS):
        yield


def meaning(row: Primitive, point: Point) -> Any:
    """The exact value at a point, to hundreds of digits."""
    return MEANINGS[row.name](mpmath, *mapped(mpmath.mpf, point))


def slope(row: Primitive, point: Point, place: int) -> Any:
    """The exact slope in one number: a central difference whose error is far below a float's last digit."""
    step = mpmath.mpf(10) ** -(DIGITS // 2)
    exact = mapped(mpmath.mpf, point)
    ahead, behind = (MEANINGS[row.name](mpmath, *moved(exact, place, h)) for h in (step, -step))
    return (ahead - behind) / (2 * step)


def second_slope(row: Primitive, point: Point, i: int, j: int) -> Any:
    """The exact second derivative in two numbers, by differences of differences."""
    step = mpmath.mpf(10) ** -(SECOND_DIGITS // 4)
    exact = mapped(mpmath.mpf, point)
    corners = [(a * b, moved(moved(exact, i, a * step), j, b * step)) for a, b in product((1, -1), repeat=2)]
    return sum(sign * MEANINGS[row.name](mpmath, *corner) for sign, corner in corners) / (4 * step * step)


def value_tolerance(row: Primitive, point: Point, exact: Any) -> float:
    """The promised error of a value; sums are measured by their magnitudes, for cancellation is no error of theirs."""
    size = abs(float(exact))
    if row.name == "sum":
        size = math.fsum(map(abs, point[0])) * len(point[0])
    elif row.name == "dot":
        size = math.fsum(abs(w * x) for w, x in zip(*point)) * len(point[0])
    elif row.name == "logsumexp":
        size = max(size, abs(max(point[0])))
    return VALUE_ULPS * math.ulp(size) if size < INF else 0.0


def rational(row: Primitive, point: Point) -> bool:
    return row.name in RATIONAL or (row.name == "power" and point[1] % 1 == 0)


def test_every_row_has_a_meaning_and_samples_of_its_own() -> None:
    assert set(MEANINGS) == set(SAMPLES) == set(PRIMITIVES)
    assert set(METHODS) == set(PRIMITIVES) - {"equal"}
    assert all(SAMPLES.values())


# ---- the contracts


@pytest.mark.parametrize("contract", CONTRACTS)
@each_sample
def test_every_row_keeps_every_contract(row: Primitive, points: list[Point], contract: str) -> None:
    if row.name == "power" and contract == "second derivatives":
        points = [point for point in points if point[1] != 0]  # a limit that the table states
    check = check_contract(row, contract, points)
    assert check.verdict != "fail", check
    assert check.verdict == "pass" or contract in ("exact values", "attributes"), check


# ---- values


@each_sample
def test_values_are_accurate_to_4_ulp(row: Primitive, points: list[Point]) -> None:
    for point in points:
        exact = meaning(row, point)
        value = record(row.name, mapped(Value, point)).data
        if abs(exact) > mpmath.mpf(1.7976931348623157e308):
            assert value == math.copysign(INF, exact), point
        elif exact == 0 or abs(exact) >= SMALLEST_NORMAL:
            assert abs(mpmath.mpf(value) - exact) <= value_tolerance(row, point, exact), (point, value)


@each_sample
def test_fractions_agree_exactly_where_the_value_is_rational(row: Primitive, points: list[Point]) -> None:
    for point in points:
        if rational(row, point):
            exact = mapped(Fraction, point)
            assert row.value(fractions, *exact) == MEANINGS[row.name](None, *exact), point


@each_row
def test_fractions_refuse_what_has_no_exact_value(row: Primitive) -> None:
    point = SAMPLES[row.name][-1]
    if row.name not in RATIONAL | {"power"}:
        with pytest.raises(TypeError, match="fraction"):
            row.value(fractions, *mapped(Fraction, point))


# ---- partials


@each_smooth
def test_partials_are_the_exact_slopes(row: Primitive, points: list[Point]) -> None:
    for point in points:
        for place, partial in enumerate(partials(row, point)):
            if row.name == "power" and place == 1 and point[0] < 0:
                assert math.isnan(partial), point
                continue
            exact = slope(row, point, place)
            if abs(exact) > LARGEST:
                assert partial == math.copysign(INF, exact), point
                continue
            allowed = ABSOLUTE_TOLERANCE.get(row.name, 0) + PARTIAL_TOLERANCE * abs(exact)
            if abs(exact) >= SMALLEST_NORMAL or exact == 0:
                assert abs(mpmath.mpf(partial) - exact) <= allowed, (point, place, partial, float(exact))


@each_smooth
def test_second_derivatives_are_the_exact_ones(row: Primitive, points: list[Point]) -> None:
    for point in points:
        if not all(1e-3 <= abs(x) <= 40 for x in flat(point)):
            continue
        y, leaves = recorded(row.name, point)
        for i, line in enumerate(hessian(y, leaves)):
            for j, entry in enumerate(line):
                if row.name == "power" and point[0] < 0 and (i, j) != (0, 0):
                    continue
                with mpmath.workdps(SECOND_DIGITS):
                    exact = second_slope(row, point, i, j)
                allowed = 4 * ABSOLUTE_TOLERANCE.get(row.name, EPSILON) + PARTIAL_TOLERANCE * abs(exact)
                assert abs(mpmath.mpf(entry.data) - exact) <= allowed, (point, i, j, entry.data, float(exact))


@each_smooth
def test_complex_second_step_matches_grad_of_grad(row: Primitive, points: list[Point]) -> None:
    """The complex step of the first partial, read from the table, is the slope of the recorded first derivative."""
    if row.vectors or row.name in KINKED:
        return
    for point in points:
        if not all(1e-3 <= abs(x) <= 40 for x in point) or (row.name == "power" and point[0] < 0):
            continue
        y, leaves = recorded(row.name, point)
        for i, formula in enumerate(row.partials):
            first = grad(y, leaves[i])
            for j, leaf in enumerate(leaves):
                z = moved(mapped(complex, point), j, COMPLEX_STEP * 1j)
                stepped = complex(formula(complexes, *z, row.value(complexes, *z))).imag / COMPLEX_STEP
                allowed = 4 * ABSOLUTE_TOLERANCE.get(row.name, EPSILON) + PARTIAL_TOLERANCE * abs(stepped)
                assert abs(grad(first, leaf).data - stepped) <= allowed, (point, i, j)


# ---- domains

OUTSIDE_CASES = [(PRIMITIVES[row], point, needs) for row, cases in OUTSIDE.items() for point, needs in cases]
each_outside = pytest.mark.parametrize(
    ("row", "point", "needs"), OUTSIDE_CASES, ids=[f"{row.name}{point}" for row, point, _ in OUTSIDE_CASES]
)


def test_every_row_with_a_domain_has_points_outside_of_each_requirement() -> None:
    stated = {(row.name, requirement.needs) for row in ROWS for requirement in row.domain}
    assert stated == {(row.name, needs) for row, _, needs in OUTSIDE_CASES}


@each_outside
def test_outside_the_domain_the_error_names_operation_need_numbers_and_labels(
    row: Primitive, point: Point, needs: str
) -> None:
    for kinds in patterns(point):
        with pytest.raises(DomainError) as caught:
            recorded(row.name, point, kinds, labels="input")
        message = str(caught.value)
        assert row.name in message
        assert needs in message
        for place, (x, is_value) in enumerate(zip(point, kinds)):
            assert repr(x) in message
            assert (f"input{place}" in message) == is_value


@each_outside
def test_outside_the_domain_constants_and_rows_raise_too(row: Primitive, point: Point, needs: str) -> None:
    for operands in (point, mapped(Value, point)):
        with pytest.raises(DomainError, match=re.escape(f"{row.name} needs {needs}")):
            recorder(row)(*operands)


@each_outside
def test_refresh_into_a_domain_error_leaves_every_value_as_it_was(row: Primitive, point: Point, needs: str) -> None:
    inside = next(p for p in SAMPLES[row.name] if p[0] == 1.0)
    leaves = [Value(x) for x in inside]
    doubled = leaves[0] * 2.0
    y = record(row.name, (doubled / 2.0, *leaves[1:])) + doubled
    before = [node.data for node in autograd.topological_order(y) if node.op]
    for leaf, x in zip(leaves, point):
        leaf.data = x
    with pytest.raises(DomainError, match=re.escape(needs)):
        y.refresh()
    assert [node.data for node in autograd.topological_order(y) if node.op] == before
    assert y.is_stale


@each_row
def test_the_domain_holds_at_every_sample_and_lets_nan_pass(row: Primitive) -> None:
    for requirement in row.domain:
        assert not any(requirement.violated(floats, *point) for point in SAMPLES[row.name])
        assert not requirement.violated(floats, *[NAN] * len(row.operands))


@each_row
def test_a_row_saturates_where_its_slope_is_right_beside_1_alone(row: Primitive) -> None:
    assert row.saturates == (row.name in ABSOLUTE_TOLERANCE)


@each_row
def test_a_row_of_two_vectors_is_the_sum_of_products_and_says_so(row: Primitive) -> None:
    assert row.bilinear == (row.vectors == 2)


LOGARITHMS = [
    ((0.0, -40.0), math.exp(-40.0)),
    ((-40.0, 0.0, 0.0), math.log(2.0)),
    ((INF, 0.0), INF),
    ((-INF, -INF), -INF),
    ((-INF, 0.0), 0.0),
    ((1e308, 1e308), 1e308),
]


@pytest.mark.parametrize(("xs", "value"), LOGARITHMS)
def test_logsumexp_keeps_what_is_small_and_what_is_infinite(xs: tuple[float, ...], value: float) -> None:
    assert recorded("logsumexp", (xs,))[0].data == pytest.approx(value, rel=4 * EPSILON, abs=0.0)


BORDERS = [("sqrt", (0.0,)), ("sqrt", (-0.0,)), ("power", (0.0, 0.5)), ("power", (-0.0, 0.0)), ("power", (-2.0, 3.0))]


@pytest.mark.parametrize(("name", "point"), BORDERS)
def test_the_border_belongs_to_the_domain_where_the_value_is_a_number(name: str, point: Point) -> None:
    for kinds in patterns(point):
        assert recorded(name, point, kinds)[0].data == math.prod(point[:1]) ** (0.5 if name == "sqrt" else point[1])


# ---- NaN

NAN_PASSES = {("power", 0, (NAN, 0.0)), ("power", 1, (1.0, NAN))}
"""pow(NaN, 0) and pow(1, NaN) are 1, as IEEE 754 says."""

SELECTED_AWAY = frozenset({("heaviside", 1)})
"""at_zero has no say where x is not 0."""


@each_row
def test_nan_in_gives_nan_out(row: Primitive) -> None:
    for point in SAMPLES[row.name]:
        for place in range(len(flat(point))):
            poisoned = moved(point, place, NAN)
            exempt = row.name == "power" and (point[1 - place] == (0.0, 1.0)[place])
            if exempt:
                assert recorded(row.name, poisoned)[0].data == 1.0
            elif (row.name, place) not in SELECTED_AWAY:
                assert math.isnan(recorded(row.name, poisoned)[0].data), poisoned


def _reads(formula: Any, row: Primitive, place: int) -> bool:
    """Whether a partial's formula mentions one operand, or the result, which is NaN with it."""
    operands = [name(operand) for operand in row.operands]
    used = names_in(formula(symbolic, *operands, name("out")))
    return row.operands[place] in used or "out" in used


@each_row
def test_nan_in_gives_nan_back_through_every_partial_that_reads_it(row: Primitive) -> None:
    point: Point = tuple((2.5,) for _ in row.operands) if row.vectors else (2.5,) * len(row.operands)
    for place in range(len(row.operands)):
        if (row.name, place) in SELECTED_AWAY:
            continue
        for formula, partial in zip(row.partials, partials(row, moved(point, place, NAN))):
            assert math.isnan(partial) == _reads(formula, row, place), (place, partial)


@pytest.mark.parametrize("adjoint", [NAN, INF, -INF])
@each_row
def test_a_nan_adjoint_is_passed_on_by_every_partial_that_is_not_constant_zero(row: Primitive, adjoint: float) -> None:
    point: Point = tuple((2.5,) for _ in row.operands) if row.vectors else (2.5,) * len(row.operands)
    y, leaves = recorded(row.name, point)
    y.backward(adjoint)
    operands = [name(operand) for operand in row.operands]
    for leaf, formula, partial in zip(leaves, row.partials, partials(row, point)):
        read = formula(symbolic, *operands, name("out"))
        constant_zero = type(read) is int and read == 0
        assert same(leaf.grad, 0.0 if constant_zero else adjoint * partial)


# ---- kinks: the tie rules

TIES = [
    ("relu", (0.0,), [0.0]),
    ("relu", (-0.0,), [0.0]),
    ("absolute", (0.0,), [0.0]),
    ("sign", (0.0,), [0.0]),
    ("leaky_relu", (0.0, 0.125), [0.125, 0.0]),
    ("heaviside", (0.0, 0.5), [0.0, 1.0]),
    ("heaviside", (3.0, 0.5), [0.0, 0.0]),
    ("equal", (2.0, 2.0), [0.0, 0.0]),
    ("maximum", ((2.0, 2.0, 1.0, 2.0),), [1.0, 0.0, 0.0, 0.0]),
    ("maximum", ((1.0, 2.0, 2.0),), [0.0, 1.0, 0.0]),
    ("minimum", ((2.0, 1.0, 1.0),), [0.0, 1.0, 0.0]),
    ("minimum", ((1.0, 1.0, 1.0, 3.0),), [1.0, 0.0, 0.0, 0.0]),
]


@pytest.mark.parametrize(("row", "point", "slopes"), TIES, ids=[f"{row}{point}" for row, point, _ in TIES])
def test_ties_fall_as_the_table_says(row: str, point: Point, slopes: list[float]) -> None:
    y, leaves = recorded(row, point)
    assert partials(PRIMITIVES[row], point) == slopes
    assert [derivative.data for derivative in grad(y, leaves)] == slopes
    assert [jvp(y, [leaf], [1.0]).data for leaf in leaves] == slopes


def test_every_row_with_a_kink_states_its_tie_rule_and_is_tested_at_it() -> None:
    assert {row.name for row in ROWS if not row.analytic} == KINKED == {row for row, _, _ in TIES}
    assert all(bool(row.ties) == (row.name in KINKED) for row in ROWS)


@pytest.mark.parametrize("function", [autograd.maximum, autograd.minimum])
def test_a_constant_that_ties_first_takes_the_derivative(function: Any) -> None:
    x = Value(2.0)
    assert grad(function([2.0, x]), x).data == 0.0
    assert grad(function([x, 2.0]), x).data == 1.0


@pytest.mark.parametrize(("at_zero", "expected"), [(0.0, 0.0), (0.5, 0.5), (1.0, 1.0), (-3.0, -3.0)])
def test_heaviside_of_zero_is_at_zero(at_zero: float, expected: float) -> None:
    for zero in (0.0, -0.0):
        assert Value(zero).heaviside(at_zero).data == expected


def test_second_derivatives_at_kinks_are_zero() -> None:
    for make in (Value.relu, Value.absolute, Value.leaky_relu):
        x = Value(0.0)
        assert grad(grad(make(x), x), x).data == 0.0
    x, y = Value(2.0), Value(2.0)
    assert [[entry.data for entry in line] for line in hessian(x.maximum(y), [x, y])] == [[0.0, 0.0], [0.0, 0.0]]


# ---- powers at the border


@pytest.mark.parametrize(("y", "expected"), [(3.0, 0.0), (2.0, 0.0), (1.5, 0.0), (1.0, 1.0), (0.5, INF), (0.0, 0.0)])
@pytest.mark.parametrize("exponent_is_value", [True, False])
def test_slope_of_a_power_at_base_zero(y: float, expected: float, exponent_is_value: bool) -> None:
    x = Value(0.0)
    result = x ** (Value(y) if exponent_is_value else y)
    result.backward()
    assert x.grad == expected
    assert grad(result, x).data == expected
    assert jvp(result, [x], [1.0]).data == expected


@pytest.mark.parametrize("y", [0.25, 1.0, 2.0, 7.5])
def test_base_zero_has_no_slope_in_a_positive_exponent(y: float) -> None:
    exponent = Value(y)
    assert grad(Value(0.0) ** exponent, exponent).data == 0.0
    assert grad(0.0**exponent, exponent).data == 0.0


def test_a_constant_whole_exponent_takes_a_negative_base() -> None:
    x = Value(-3.0)
    y = x**2
    y.backward()
    assert (y.data, x.grad) == (9.0, -6.0)
    assert [grad(y, x).data, grad(grad(y, x), x).data, grad(grad(grad(y, x), x), x).data] == [-6.0, 2.0, 0.0]


# ---- overflow follows IEEE 754

OVERFLOWS: list[tuple[Callable[[], Value], float]] = [
    (lambda: Value(1000.0).exp(), INF),
    (lambda: Value(1000.0).expm1(), INF),
    (lambda: Value(-1000.0).expm1(), -1.0),
    (lambda: Value(1e200) * 1e200, INF),
    (lambda: Value(1e200) * -1e200, -INF),
    (lambda: Value(1e200) ** 2, INF),
    (lambda: Value(-1e200) ** 3, -INF),
    (lambda: Value(1e-200) ** -2, INF),
    (lambda: Value(1e200) / 1e-200, INF),
    (lambda: Value(1000.0).tanh(), 1.0),
    (lambda: Value(-1000.0).tanh(), -1.0),
    (lambda: Value(-800.0).sigmoid(), 0.0),
    (lambda: Value(800.0).sigmoid(), 1.0),
    (lambda: Value(1000.0).softplus(), 1000.0),
    (lambda: Value(-1000.0).softplus(), 0.0),
    (lambda: autograd.logsumexp([Value(1000.0), 1000.0]), 1000.0 + math.log(2)),
    (lambda: autograd.logsumexp([Value(-1000.0), -2000.0]), -1000.0),
    (lambda: autograd.logsumexp([Value(INF), 1.0]), INF),
    (lambda: autograd.logsumexp([Value(-INF), 1.0]), 1.0),
    (lambda: autograd.sum([Value(1e308), 1e308]), INF),
]


@pytest.mark.parametrize("case", range(len(OVERFLOWS)))
def test_overflow_follows_ieee(case: int) -> None:
    make, expected = OVERFLOWS[case]
    assert make().data == pytest.approx(expected, rel=VALUE_ULPS * EPSILON, abs=0)


@pytest.mark.parametrize("x", [800.0, -800.0, 1e10])
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "softplus"])
def test_saturated_activations_have_finite_slopes(activation: str, x: float) -> None:
    leaf = Value(x)
    y = METHODS[activation](leaf)
    assert grad(y, leaf).data == (1.0 if activation == "softplus" and x > 0 else 0.0)
    assert grad(grad(y, leaf), leaf).data == 0.0


@pytest.mark.parametrize("x", [1e-20, 1e-9, -1e-12])
def test_softmax_of_far_operands_keeps_its_small_terms(x: float) -> None:
    result = autograd.logsumexp([Value(0.0), Value(-40.0 + x)])
    assert result.data == pytest.approx(math.exp(-40.0 + x), rel=VALUE_ULPS * EPSILON, abs=0)


# ---- notation


@pytest.mark.parametrize(
    ("operation", "symbol"), [("add", "+"), ("subtract", "-"), ("multiply", "*"), ("divide", "/"), ("power", "**")]
)
def test_text_is_python_whose_brackets_follow_the_precedences(operation: str, symbol: str) -> None:
    """a op (b op c) and (a op b) op c need brackets exactly where Python would read the bare text otherwise."""
    row = PRIMITIVES[operation]
    a, b, c = 7.0, 3.0, 2.0
    python = {
        "add": operator.add,
        "subtract": operator.sub,
        "multiply": operator.mul,
        "divide": operator.truediv,
        "power": operator.pow,
    }
    bare = eval(f"{a} {symbol} {b} {symbol} {c}")
    left_bare = row.notation.precedence >= row.notation.operands[0]
    assert left_bare == (python[operation](python[operation](a, b), c) == bare)
    if row.notation.precedence >= row.notation.operands[1]:
        assert python[operation](a, python[operation](b, c)) == bare


def test_repr_names_the_row() -> None:
    assert repr(PRIMITIVES["tanh"]) == "<primitive tanh>"


# ---- the analytic rows are analytic


@each_row
def test_analytic_rows_are_differentiable_in_every_complex_direction(row: Primitive) -> None:
    """Cauchy and Riemann: the slope along the imaginary axis is that along the real axis, but for rows with kinks."""
    if not row.analytic:
        return
    point = next(
        point for name_, point in SMOOTH_SAMPLES if name_ == row.name and all(0.1 < abs(x) < 4 for x in flat(point))
    )
    step = EPSILON ** (1 / 3)
    for place, partial in enumerate(partials(row, point)):
        if not math.isnan(partial):
            ahead, behind = (
                complex(MEANINGS[row.name](cmath, *moved(mapped(complex, point), place, h)))
                for h in (step * 1j, -step * 1j)
            )
            along = (ahead - behind) / (2j * step)
            assert abs(along - partial) <= DIFFERENCE_TOLERANCE * max(1, abs(partial))
