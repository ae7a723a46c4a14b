"""Derivatives as answers: `grad`, `jacobian`, `hessian`, `jvp`, directional derivatives, dependence, scales."""

from __future__ import annotations

import math

import pytest

import autograd
from autograd import StaleGraph, Value, depends, directional_derivative, grad, hessian, jacobian, jvp
from autograd.derivatives import local_partials, scales, tangent

ROUNDING = 1e-15
"""A handful of roundings of numbers near 1."""


def test_grad_of_one_value_is_one_value_and_of_a_list_a_list() -> None:
    x, y = Value(3.0), Value(2.0)
    assert grad(x * y, x).data == 2.0
    assert [derivative.data for derivative in grad(x * y, [x, y])] == [2.0, 3.0]
    assert grad(x * y, []) == []
    assert [derivative.data for derivative in grad(x * y, (z for z in (y, x)))] == [3.0, 2.0]


def test_grad_with_respect_to_an_inner_node_and_to_itself() -> None:
    x = Value(3.0)
    square = x * x
    y = square * 2.0
    assert grad(y, square).data == 2.0
    assert grad(y, y).data == 1.0
    assert grad(x, x).data == 1.0


def test_grad_asked_twice_for_one_value_answers_twice() -> None:
    x = Value(3.0)
    assert [derivative.data for derivative in grad(x * x, [x, x])] == [6.0, 6.0]


def test_grad_can_be_differentiated_as_often_as_the_function() -> None:
    x = Value(2.0)
    derivative, found = x**5, []
    for _ in range(6):
        derivative = grad(derivative, x)
        found.append(derivative.data)
    assert found == [80.0, 160.0, 240.0, 240.0, 120.0, 0.0]


def test_grad_touches_no_gradient_and_its_backward_goes_to_the_leaves() -> None:
    x = Value(2.0)
    derivative = grad(x**3, x)
    assert (x.grad, x.grad_state) == (0.0, "not computed")
    derivative.backward()
    assert x.grad == 12.0


def test_a_derivative_is_a_value_of_its_own() -> None:
    w, x = Value(2.0, "w"), Value(3.0, "x")
    derivative = grad(w * x, w)
    derivative.label = "slope"
    assert derivative is not x
    assert x.label == "x"
    assert derivative.data == 3.0


def test_what_does_not_depend_is_told_from_a_zero_slope() -> None:
    x, other = Value(0.0), Value(5.0)
    y = x * x
    assert (grad(y, x).data, depends(y, x)) == (0.0, True)
    assert (grad(y, other).data, depends(y, other)) == (0.0, False)
    assert depends(y, y)
    assert not depends(x, y)


def test_a_derivative_that_is_independent_is_a_leaf() -> None:
    derivative = grad(Value(1.0) * 2.0, Value(5.0))
    assert derivative.operands == ()


@pytest.mark.parametrize("wanted", [3.0, "x", None, [1.0]])
def test_grad_asks_for_values(wanted: object) -> None:
    x = Value(1.0)
    with pytest.raises(TypeError):
        grad(x * x, wanted)  # type: ignore[call-overload]


def test_an_infinite_partial_does_not_raise() -> None:
    x = Value(0.0)
    y = x.sqrt()
    assert grad(y, x).data == math.inf
    assert jvp(y, [x], [1.0]).data == math.inf
    y.backward()
    assert x.grad == math.inf


def test_a_constant_zero_partial_stops_infinities() -> None:
    x = Value(0.0)
    y = x.sqrt().sign()
    y.backward()
    assert (grad(y, x).data, jvp(y, [x], [1.0]).data, x.grad) == (0.0, 0.0, 0.0)


def test_an_adjoint_that_came_out_as_zero_meets_an_infinite_partial_and_is_nan() -> None:
    x = Value(0.0)
    y = x.sqrt() * 0.0
    y.backward()
    assert all(map(math.isnan, (grad(y, x).data, jvp(y, [x], [1.0]).data, tangent(y, [x], [1.0]), x.grad)))


def test_jacobian_has_a_row_for_each_function() -> None:
    x, y = Value(3.0), Value(2.0)
    matrix = jacobian([x * y, x + y, y**2], [x, y])
    assert [[entry.data for entry in row] for row in matrix] == [[2.0, 3.0], [1.0, 1.0], [0.0, 4.0]]


def test_hessian_of_a_quadratic_form_is_its_matrix() -> None:
    x, y = Value(0.3), Value(-0.7)
    form = 2.0 * x * x + 3.0 * x * y - 5.0 * y * y
    assert [[entry.data for entry in row] for row in hessian(form, [x, y])] == [[4.0, 3.0], [3.0, -10.0]]


def test_hessian_accepts_a_generator_and_differentiates_again() -> None:
    x = Value(2.0)
    ((entry,),) = hessian(x**4, (leaf for leaf in [x]))
    assert (entry.data, grad(entry, x).data) == (48.0, 48.0)


def test_jvp_is_linear_in_the_direction_and_differentiable() -> None:
    x, y = Value(3.0), Value(2.0)
    z = x * x * y
    assert jvp(z, [x, y], [1.0, 0.0]).data == 12.0
    assert jvp(z, [x, y], [2.0, -1.0]).data == 2 * 12.0 - 9.0
    assert jvp(jvp(z, [x], [1.0]), [x], [1.0]).data == 4.0


def test_a_variable_that_does_not_move_adds_nothing_whatever_its_slope_is() -> None:
    x, z = Value(0.0), Value(3.0)
    y = x.sqrt() * z
    assert (jvp(y, [x, z], [0.0, 1.0]).data, tangent(y, [x, z], [0.0, 1.0])) == (0.0, 0.0)


def test_jvp_takes_values_as_a_direction() -> None:
    x, v = Value(3.0), Value(0.5)
    slope = jvp(x * x, [x], [v])
    assert (slope.data, grad(slope, v).data) == (3.0, 6.0)


def test_a_variable_named_twice_moves_by_both_components() -> None:
    x = Value(3.0)
    assert jvp(x * x, [x, x], [1.0, 0.5]).data == 9.0


@pytest.mark.parametrize("direction", [[], [1.0, 2.0]])
def test_a_direction_needs_one_number_for_each_variable(direction: list[float]) -> None:
    x = Value(3.0)
    with pytest.raises(ValueError, match=f"{len(direction)} for 1"):
        jvp(x * x, [x], direction)


def test_directional_derivative_normalises_the_direction() -> None:
    x, y = Value(1.0), Value(2.0)
    z = x * x + y * y
    slope = directional_derivative(z, [x, y], [3.0, 4.0])
    assert slope.data == pytest.approx((2 * 3 + 4 * 4) / 5, rel=ROUNDING)
    assert directional_derivative(z, [x, y], [300.0, 400.0]).data == pytest.approx(slope.data, rel=ROUNDING)


def test_the_steepest_direction_is_the_gradient() -> None:
    x, y = Value(1.0), Value(2.0)
    z = x.exp() * y
    gradient = [derivative.data for derivative in grad(z, [x, y])]
    assert directional_derivative(z, [x, y], gradient).data == pytest.approx(math.hypot(*gradient), rel=ROUNDING)


@pytest.mark.parametrize("direction", [[0.0, 0.0], [math.inf, 1.0], [math.nan, 1.0]])
def test_a_direction_needs_a_length(direction: list[float]) -> None:
    x, y = Value(1.0), Value(2.0)
    with pytest.raises(ValueError, match="direction"):
        directional_derivative(x * y, [x, y], direction)


def test_tangent_is_jvp_as_a_number() -> None:
    x, y = Value(3.0), Value(2.0)
    assert tangent(x**2 * y, [x, y], [1.0, 2.0]) == jvp(x**2 * y, [x, y], [1.0, 2.0]).data


def test_scale_is_the_sum_of_magnitudes_over_paths() -> None:
    x = Value(1.0)
    y = 0.1 * x + 0.2 * x - 0.3 * x
    assert abs(grad(y, x).data) <= 2**-52
    assert scales(y, [x, Value(0.0)]) == [pytest.approx(0.6, rel=ROUNDING), 0.0]


def test_local_partials_name_an_operand_as_often_as_it_is_used() -> None:
    x = Value(3.0)
    assert list(local_partials(x * x)) == [(x, 3.0), (x, 3.0)]
    assert list(local_partials(x)) == []
    assert list(local_partials(autograd.dot([x, 2.0], [5.0, x]))) == [(x, 5.0), (x, 2.0)]


def test_formulas_of_operands_that_are_left_out_are_not_asked() -> None:
    x, exponent = Value(-3.0), Value(2.0)
    y = x**exponent
    assert grad(y, x).data == -6.0
    assert math.isnan(grad(y, exponent).data)
    assert list(local_partials(y, among={x})) == [(x, -6.0)]


@pytest.mark.parametrize("ask", [grad, lambda y, x: jvp(y, [x], [1.0]), lambda y, x: hessian(y, [x])])
def test_a_stale_graph_is_not_differentiated(ask: object) -> None:
    x = Value(3.0, "weight")
    y = x * x
    x.data = 4.0
    with pytest.raises(StaleGraph, match="weight"):
        ask(y, x)  # type: ignore[operator]
    y.refresh()
    ask(y, x)  # type: ignore[operator]


def test_a_derivative_goes_stale_with_its_leaf_and_can_be_refreshed() -> None:
    x = Value(3.0)
    slope = grad(x**2, x)
    x.data = 5.0
    assert slope.is_stale
    assert slope.refresh().data == 10.0


def test_derivatives_of_a_deep_chain_need_no_recursion() -> None:
    x = Value(1.0)
    y = x
    for _ in range(20_000):
        y = y * 1.0 + 0.0
    assert grad(y, x).data == 1.0
    assert jvp(y, [x], [1.0]).data == 1.0
