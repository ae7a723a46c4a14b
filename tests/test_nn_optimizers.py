from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import StaleGraph, Value, grad
from nn import MLP, SGD, half_squared_error

ROUNDING = 1e-12  # relative, as the documents' numbers are to be met
PRINTED = 5e-14  # relative: true descent was computed with 50 digits and printed with 15

finite = st.floats(allow_nan=False, allow_infinity=False)


def apartment() -> MLP:
    """The network of document 000, a chain of two neurons."""
    model = MLP(1, [1, 1])
    model.layers[0].set_weights([[0.5]], [0.1])
    model.layers[1].set_weights([[0.4]], [0.2])
    return model


def with_gradients(data: list[float], gradients: list[float]) -> list[Value]:
    values = [Value(number) for number in data]
    for value, gradient in zip(values, gradients):
        value.grad = gradient
    return values


# ---- laws


@given(st.lists(st.tuples(finite, finite), min_size=1, max_size=5), st.floats(1e-6, 1e6))
def test_step_is_the_update_of_plain_floats_to_the_last_bit(pairs, lr):
    data, gradients = map(list, zip(*pairs))
    values = with_gradients(data, gradients)
    SGD(values, lr).step()
    expected = [x - lr * g for x, g in pairs]
    assert [value.data for value in values] == pytest.approx(expected, rel=0, abs=0, nan_ok=True)


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3)), min_size=1, max_size=5))
def test_flat_arrays_get_the_same_update_as_values(pairs):
    data, gradients = map(list, zip(*pairs))
    values = with_gradients(data, gradients)
    optimizer = SGD(values, lr=0.3)
    expected = optimizer.updated(np.array(data), np.array(gradients))
    optimizer.step()
    assert [value.data for value in values] == expected.tolist()


def test_updated_leaves_its_arrays_alone():
    data, gradients = np.ones(3), np.ones(3)
    assert SGD([Value(0)], lr=0.5).updated(data, gradients).tolist() == [0.5] * 3
    assert data.tolist() == gradients.tolist() == [1.0] * 3


def test_step_goes_down_the_gradient():
    x = Value(3.0)
    y = (x - 1) ** 2
    y.backward()
    SGD([x], lr=0.1).step()
    assert y.refresh().data < 4
    assert x.data == pytest.approx(3 - 0.1 * 4, rel=ROUNDING)


# ---- what it touches


def test_a_parameter_whose_gradient_was_not_computed_is_left_as_it_is():
    x, aside = Value(3.0), Value(5.0)
    y, other = x * 2, aside * 2
    y.backward()
    SGD([x, aside], lr=0.1).step()
    assert aside.data == 5.0
    assert not other.is_stale
    assert y.is_stale


def test_a_slope_of_zero_is_a_computed_gradient():
    x = Value(3.0)
    y = x * 0
    y.backward()
    SGD([x], lr=0.1).step()
    assert x.data == 3.0
    assert x.grad_state == "stale"  # it was written


def test_step_without_any_gradient_changes_nothing():
    x = Value(3.0)
    y = x * 2
    SGD([x], lr=0.1).step()
    assert x.data == 3.0
    assert not y.is_stale


def test_step_keeps_the_gradients_until_zero_grad():
    (x,) = with_gradients([3.0], [2.0])
    optimizer = SGD([x], lr=0.25)
    optimizer.step()
    assert x.grad == 2.0
    optimizer.step()
    assert x.data == 3 - 2 * 0.25 * 2
    optimizer.zero_grad()
    assert (x.grad, x.grad_state) == (0.0, "not computed")


def test_a_graph_recorded_before_the_step_is_stale():
    x = Value(3.0, "x")
    y = x * x
    y.backward()
    SGD([x], lr=0.1).step()
    with pytest.raises(StaleGraph, match="x was written"):
        y.backward()
    assert grad(y.refresh(), x).data == 2 * x.data


def test_two_optimizers_on_the_same_parameters_do_not_meet():
    x, y = with_gradients([1.0, 1.0], [1.0, 1.0])
    slow, fast = SGD([x, y], lr=0.25), SGD([y], lr=0.5)
    slow.step()
    fast.step()
    slow.step()
    assert (x.data, y.data) == (1 - 2 * 0.25, 1 - 2 * 0.25 - 0.5)


def test_a_parameter_named_twice_moves_once():
    (x,) = with_gradients([1.0], [1.0])
    optimizer = SGD([x, x], lr=0.25)
    optimizer.step()
    assert x.data == 0.75
    assert optimizer.parameters == [x]


def test_overflow_follows_ieee_in_silence():
    up, undefined = with_gradients([-1e308, math.inf], [1e308, math.inf])
    SGD([up, undefined], lr=10).step()
    assert up.data == -math.inf
    assert math.isnan(undefined.data)


# ---- what it refuses


@pytest.mark.parametrize("lr", [0, 0.0, -0.1, math.inf, math.nan, -math.inf])
def test_learning_rate_is_positive_and_finite(lr):
    with pytest.raises(ValueError, match="lr of SGD needs a positive, finite number; got"):
        SGD([Value(1)], lr)
    optimizer = SGD([Value(1)], 0.1)
    with pytest.raises(ValueError, match="lr of SGD needs a positive, finite number; got"):
        optimizer.lr = lr
    assert optimizer.lr == 0.1


@pytest.mark.parametrize("lr", ["0.1", None, 1j, [0.1]])
def test_learning_rate_is_a_number(lr):
    with pytest.raises(TypeError, match="lr of SGD needs one real number"):
        SGD([Value(1)], lr)


def test_learning_rate_can_be_written_between_steps():
    (x,) = with_gradients([1.0], [1.0])
    optimizer = SGD([x], np.float32(0.5))
    optimizer.step()
    optimizer.lr = 0.25
    optimizer.step()
    assert x.data == 0.25


def test_no_parameters_are_an_error():
    used_up = iter([Value(1)])
    SGD(used_up, 0.1)
    for parameters in ([], used_up):
        with pytest.raises(ValueError, match="SGD needs at least one parameter; got none"):
            SGD(parameters, 0.1)


def test_a_computed_value_is_no_parameter():
    with pytest.raises(ValueError, match=r"SGD can only write leaves; got the computed Value Value = 2"):
        SGD([Value(1), Value(1) * 2], 0.1)


def test_a_plain_number_is_no_parameter():
    with pytest.raises(TypeError, match=r"SGD needs Values as parameters; got float 1\.0"):
        SGD([Value(1), 1.0], 0.1)


def test_repr_says_how_many_and_how_fast():
    assert repr(SGD(MLP(2, [3, 1]).parameters(), 0.1)) == "SGD(13 parameters, lr=0.1)"


# ---- document 000, section 3


def test_document_000_first_step_of_true_descent():
    model = apartment()
    error = half_squared_error(model(50), 300)
    error.backward()
    assert error.data == pytest.approx(41980.4288, rel=ROUNDING)
    assert [p.grad for p in model.parameters()] == pytest.approx([-5795.2, -115.904, -7272.976, -289.76], rel=ROUNDING)
    SGD(model.parameters(), lr=1e-5).step()
    expected = [0.557952, 0.10115904, 0.47272976, 0.2028976]
    assert [p.data for p in model.parameters()] == pytest.approx(expected, rel=ROUNDING)
    assert model(50).data == pytest.approx(13.4387442412770, rel=PRINTED)
    assert half_squared_error(model(50), 300).data == pytest.approx(41058.6766510081, rel=PRINTED)


def test_document_000_true_descent_to_the_end():
    model = apartment()
    optimizer = SGD(model.parameters(), lr=1e-5)
    for _ in range(1001):  # one step, and the loop of 1000
        optimizer.zero_grad()
        half_squared_error(model(50), 300).backward()
        optimizer.step()
    expected = [2.453694065394588, 0.139073881307892, 2.440605154027030, 0.235656448110911]
    assert [p.data for p in model.parameters()] == pytest.approx(expected, rel=ROUNDING)
    assert model(50).data == pytest.approx(300, rel=ROUNDING)
