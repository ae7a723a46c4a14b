"""The arithmetics agree with `math`, `numpy`, `cmath` and each other, follow IEEE 754, and pass NaN on."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.namespaces import FUNCTIONS, complexes, floats, fractions
from autograd.symbolic import symbolic

INF, NAN = math.inf, math.nan

ULPS = 4
"""Two libraries of elementary functions may differ by their last digits."""

COMPLEX_STEP = 1e-30

SECOND_ORDER = 50.0
"""A bound of the second derivatives of log1p and expm1 where they are sampled, with room."""

ROUNDING = 1e-13
"""A hundred roundings of numbers below 10."""

POINTS = (0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, 1e-300, 1e300, -1e300, 710.0, -710.0, INF, -INF, NAN)

NUMPYS = {name: getattr(np, name) for name in FUNCTIONS if name not in ("absolute", "equal")} | {"absolute": np.fabs}

EXACT = ("absolute", "sign", "heaviside", "maximum", "minimum", "equal", "divide", "power")
"""The functions that fractions have."""


def same(x: float, y: float, ulps: int = ULPS) -> bool:
    if x != x or y != y:
        return x != x and y != y
    return x == y or (math.isfinite(x) and math.isfinite(y) and abs(x - y) <= ulps * math.ulp(y))


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("namespace", [floats, complexes, symbolic], ids=["floats", "complexes", "symbolic"])
def test_every_namespace_has_every_function(namespace: Any, name: str) -> None:
    assert callable(getattr(namespace, name))


@pytest.mark.parametrize("name", NUMPYS)
def test_floats_give_what_numpy_gives_and_never_raise(name: str) -> None:
    for point in product(POINTS, repeat=FUNCTIONS[name]):
        if (name, point) == ("power", (-INF, 0.5)):
            continue  # C99 and Python say inf, which not every build of numpy does
        with np.errstate(all="ignore"):
            expected = float(NUMPYS[name](*map(np.float64, point)))
        found = getattr(floats, name)(*point)
        assert type(found) is float
        assert same(found, expected), (point, found, expected)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_floats_pass_nan_on(name: str) -> None:
    for place in range(FUNCTIONS[name]):
        point = [NAN if i == place else 2.5 for i in range(FUNCTIONS[name])]
        if (name, place) != ("heaviside", 1):  # at_zero has no say where x is not 0
            assert math.isnan(getattr(floats, name)(*point))


def test_equal_is_one_zero_or_nan() -> None:
    assert [floats.equal(1.0, 1.0), floats.equal(1.0, 2.0), floats.equal(INF, INF), floats.equal(0.0, -0.0)] == [
        1,
        0,
        1,
        1,
    ]
    assert math.isnan(floats.equal(NAN, NAN))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_complex_numbers_without_an_imaginary_part_give_what_floats_give(name: str) -> None:
    for point in product((0.5, 1.0, 2.5, 3.0), repeat=FUNCTIONS[name]):
        found = complex(getattr(complexes, name)(*map(complex, point)))
        assert same(found.real, getattr(floats, name)(*point)), point
        assert found.imag == 0


COMPLEX_FUNCTIONS: dict[str, Callable[[complex], complex]] = {
    "exp": cmath.exp,
    "log": cmath.log,
    "sqrt": cmath.sqrt,
    "sin": cmath.sin,
    "cos": cmath.cos,
    "tanh": cmath.tanh,
}


@given(st.sampled_from(sorted(COMPLEX_FUNCTIONS)), st.floats(0.1, 5), st.floats(-1, 1))
def test_complex_functions_are_those_of_cmath(name: str, x: float, y: float) -> None:
    z = complex(x, y)
    assert cmath.isclose(getattr(complexes, name)(z), COMPLEX_FUNCTIONS[name](z), rel_tol=1e-14)


@given(st.floats(-0.5, 5), st.floats(-1e-3, 1e-3))
def test_log1p_and_expm1_are_inverse_to_first_order_in_the_imaginary_part(x: float, y: float) -> None:
    """What a complex step asks of them: it is so small that its square is nothing."""
    z = complex(x, y)
    assert abs(complexes.expm1(complexes.log1p(z)) - z) <= SECOND_ORDER * y * y + ROUNDING


@given(st.integers(-300, 300), st.floats(0.5, 3), st.sampled_from([1.0, -1.0]))
def test_whole_powers_of_negative_bases_keep_a_tiny_imaginary_part(n: int, size: float, sign: float) -> None:
    x = sign * size ** (1 / 3)
    stepped = complexes.power(complex(x, COMPLEX_STEP), complex(n)).imag / COMPLEX_STEP
    exact = Fraction(x) ** (n - 1) * n if n else Fraction(0)
    if math.isfinite(stepped):
        assert abs(Fraction(stepped) - exact) <= Fraction(1, 10**12) * abs(exact)


def test_the_power_that_python_gets_wrong_is_right() -> None:
    z = complex(-3, 1e-20)
    exact = 101 * 3.0**100
    assert complexes.power(z, complex(101)).imag / 1e-20 == pytest.approx(exact, rel=1e-13)
    assert abs((z**101.0).imag / 1e-20 / exact) > 10


@pytest.mark.parametrize(("name", "arguments"), [("maximum", (1 + 5j, 2 - 1j)), ("minimum", (2 - 1j, 1 + 5j))])
def test_complex_comparisons_look_at_real_parts(name: str, arguments: tuple[complex, complex]) -> None:
    assert getattr(complexes, name)(*arguments) == arguments[1]
    assert getattr(complexes, name)(*reversed(arguments)) == arguments[1]


def test_complex_kinks_look_at_real_parts() -> None:
    assert complexes.absolute(-2 + 3j) == 2 - 3j
    assert complexes.sign(-2 + 3j) == -1
    assert complexes.heaviside(1 - 3j, 0.5) == 1
    assert complexes.heaviside(0 + 3j, 0.5) == 0.5
    assert complexes.equal(2 + 1j, 2 - 1j) == 1


RATIONALS = st.fractions(-10, 10, max_denominator=50)


@given(st.sampled_from(EXACT), RATIONALS, RATIONALS)
def test_fractions_are_exact_and_agree_with_floats(name: str, x: Fraction, y: Fraction) -> None:
    if name == "power":
        y = Fraction(int(y))
    if name in ("power", "divide") and 0 in (x, y):
        return
    point = (x, y)[: FUNCTIONS[name]]
    found = getattr(fractions, name)(*point)
    assert isinstance(found, (Fraction, int))
    assert float(found) == pytest.approx(getattr(floats, name)(*map(float, point)), rel=1e-14, abs=1e-14)


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in EXACT])
def test_fractions_refuse_what_is_irrational(name: str) -> None:
    with pytest.raises(TypeError, match=f"{name} of a fraction"):
        getattr(fractions, name)(Fraction(1, 2))


def test_fractions_refuse_broken_powers_and_unknown_names() -> None:
    with pytest.raises(TypeError, match="no exact value"):
        fractions.power(Fraction(2), Fraction(1, 2))
    with pytest.raises(AttributeError):
        fractions.arctan  # type: ignore[unused-ignore]


def test_sums_go_from_left_to_right() -> None:
    terms = [1e16, 1.0, -1e16, 1.0]
    assert floats.sum_of(terms) == ((1e16 + 1.0) - 1e16) + 1.0
    assert floats.sum_over(lambda w, x: w * x, [1e16, 1.0], [1.0, 3.0]) == 1e16 + 3.0


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8))
def test_reductions_are_those_of_python(xs: list[float]) -> None:
    assert floats.max_over(lambda x: x, xs) == max(xs)
    assert floats.min_over(lambda x: -x, xs) == min(-x for x in xs)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_largest_of_numbers_with_nan_is_nan(place: int) -> None:
    xs = [1.0, 2.0, 3.0]
    xs[place] = NAN
    assert math.isnan(floats.max_of(xs))
    assert math.isnan(floats.min_of(xs))
