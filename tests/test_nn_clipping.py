from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from nn.optimization.clipping import SMALLEST, clip_norm, clip_value, clipped_to_norm, clipped_to_value, joint_norm
from nn.optimization.rules import SGD

ROUNDING = 1e-14  # relative: a sum of a dozen squares, a root, a quotient and a product
TINY = 1e-300  # below it numbers lose digits

gradients = st.lists(st.floats(-1e3, 1e3, allow_subnormal=False), min_size=1, max_size=12)  # none of them underflows
huge = st.lists(st.floats(-1e307, 1e307), min_size=1, max_size=12)
limits = st.floats(1e-3, 1e3)


def computed(numbers: list[float]) -> list[Value]:
    """Values with gradients as `backward` gives them: 0 is computed too."""
    values = [Value(1.0, f"w{place}") for place in range(len(numbers))]
    for value, number in zip(values, numbers):
        (value * number).backward()
    return values


def grads(values: list[Value]) -> list[float]:
    return [value.grad for value in values]


def exact_square(numbers: list[float]) -> Fraction:
    return sum((Fraction(x) ** 2 for x in numbers), Fraction(0))


# ---- laws


@given(numbers=st.one_of(gradients, huge, st.lists(st.floats(-1e-150, 1e-150), min_size=1)))
def test_the_norm_is_the_root_of_the_exact_sum_of_squares(numbers):
    norm = joint_norm(np.array(numbers))
    exact = exact_square(numbers)
    low, high = Fraction(norm) * Fraction(1 - ROUNDING), Fraction(norm) * Fraction(1 + ROUNDING)
    assert low**2 <= exact <= high**2 or norm < TINY


@given(numbers=st.one_of(gradients, huge), limit=limits)
def test_clipped_to_norm_keeps_the_direction_and_has_that_norm_at_most(numbers, limit):
    array = np.array(numbers)
    clipped = clipped_to_norm(array, limit)
    norm = joint_norm(array)
    assert joint_norm(clipped) <= limit * (1 + ROUNDING)
    if norm <= limit:
        assert clipped is array
    else:
        assert joint_norm(clipped) == pytest.approx(limit, rel=ROUNDING)
        for x, shorter in zip(numbers, clipped.tolist()):
            assert shorter == pytest.approx(
                float(Fraction(x) * Fraction(limit) / Fraction(norm)), rel=ROUNDING, abs=TINY
            )
    assert array.tolist() == numbers


@given(numbers=gradients, limit=limits)
def test_clipped_to_value_is_the_nearest_number_inside(numbers, limit):
    array = np.array(numbers)
    assert clipped_to_value(array, limit).tolist() == [min(max(x, -limit), limit) for x in numbers]
    assert array.tolist() == numbers


@given(numbers=gradients, limit=limits)
def test_values_get_what_flat_arrays_get_to_the_last_bit(numbers, limit):
    array = np.array(numbers)
    by_norm, by_value = computed(numbers), computed(numbers)
    assert clip_norm(by_norm, limit) == joint_norm(array)
    assert grads(by_norm) == clipped_to_norm(array, limit).tolist()
    assert clip_value(by_value, limit) == sum(abs(x) > limit for x in numbers)
    assert grads(by_value) == clipped_to_value(array, limit).tolist()


@given(numbers=gradients, limit=limits)
def test_to_clip_again_changes_next_to_nothing(numbers, limit):
    once = clipped_to_norm(np.array(numbers), limit)
    assert clipped_to_norm(once, limit) == pytest.approx(once, rel=ROUNDING)
    values = computed(numbers)
    clip_value(values, limit)
    assert clip_value(values, limit) == 0


# ---- examples


def test_three_and_four_are_five():
    values = computed([3.0, -4.0])
    assert clip_norm(values, 1) == 5.0
    assert grads(values) == pytest.approx([0.6, -0.8], rel=ROUNDING)
    assert clip_norm(values, 10) == pytest.approx(1.0, rel=ROUNDING)


def test_each_is_clamped_and_counted():
    values = computed([3.0, -4.0, 0.5, 2.0, -2.0])
    assert clip_value(values, 2) == 2
    assert grads(values) == [2.0, -2.0, 0.5, 2.0, -2.0]


def test_huge_gradients_do_not_overflow():
    values = computed([3e200, 4e200])
    assert clip_norm(values, 5.0) == pytest.approx(5e200, rel=ROUNDING)
    assert grads(values) == pytest.approx([3.0, 4.0], rel=ROUNDING)


def test_an_infinite_limit_measures():
    values = computed([3.0, 4.0])
    assert clip_norm(values, math.inf) == 5.0
    assert clip_value(values, math.inf) == 0
    assert grads(values) == [3.0, 4.0]


def test_clipping_is_a_step_between_backward_and_the_optimizer():
    x = Value(3.0)
    (x**4).backward()
    assert x.grad == 108.0
    clip_norm([x], 2.0)
    SGD([x], lr=0.5).step()
    assert x.data == 3.0 - 0.5 * 2.0


# ---- what it touches


@pytest.mark.parametrize("clip", [clip_norm, clip_value])
def test_a_gradient_that_was_not_computed_is_left_alone(clip):
    aside, (big,) = Value(1.0), computed([10.0])
    clip([aside, big], 1.0)
    assert (aside.grad, aside.grad_state) == (0.0, "not computed")
    assert (big.grad, big.grad_state) == (1.0, "computed")


@pytest.mark.parametrize("clip", [clip_norm, clip_value])
def test_a_gradient_of_zero_stays_computed(clip):
    zero, big = computed([0.0, 10.0])
    clip([zero, big], 1.0)
    assert (zero.grad, zero.grad_state) == (0.0, "computed")


def test_a_gradient_that_becomes_too_small_stays_computed_with_its_sign():
    small, negative, big = computed([1e-200, -1e-200, 1e200])
    clip_norm([small, negative, big], 1.0)
    assert grads([small, negative, big]) == [SMALLEST, -SMALLEST, 1.0]
    assert small.grad_state == "computed"


@pytest.mark.parametrize("clip", [clip_norm, clip_value])
def test_numbers_and_graphs_are_left_alone(clip):
    x = Value(3.0, "x")
    y = x * 100
    y.backward()
    clip([x], 1.0)
    assert (x.data, x.label, y.grad) == (3.0, "x", 1.0)
    assert not y.is_stale


def test_a_parameter_named_twice_counts_once():
    (x,) = computed([3.0])
    assert clip_norm([x, x], 1.0) == 3.0
    (y,) = computed([3.0])
    assert clip_value(iter([y, y]), 1.0) == 1


@pytest.mark.parametrize("clip", [clip_norm, clip_value])
def test_without_any_computed_gradient_nothing_is_to_be_done(clip):
    assert clip([Value(1.0), Value(2.0)], 1.0) == 0


# ---- what it refuses


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ([1.0, math.nan], r"got the norm nan \(w1 has nan\)"),
        ([-math.inf, 1.0, math.nan], r"got the norm nan \(w0 has -inf, and 1 more\)"),
        ([1e3, math.inf], r"got the norm inf \(w1 has inf\)"),
        ([1.7e308, 1.7e308], r"got the norm inf \(no float can hold it\)"),
    ],
)
def test_a_norm_that_is_not_finite_is_an_error_and_writes_nothing(numbers, message):
    values = computed(numbers)
    with pytest.raises(FloatingPointError, match=f"^clip_norm needs gradients of a finite norm; {message}$"):
        clip_norm(values, 1.0)
    assert np.array_equal(grads(values), numbers, equal_nan=True)
    with pytest.raises(ArithmeticError, match=r"^clipped_to_norm needs gradients of a finite norm; got the norm"):
        clipped_to_norm(np.array(numbers), 1.0)


def test_clip_value_clamps_infinity_and_leaves_nan():
    up, down, undefined = computed([math.inf, -math.inf, math.nan])
    assert clip_value([up, down, undefined], 2.0) == 2
    assert grads([up, down]) == [2.0, -2.0]
    assert math.isnan(undefined.grad)


@pytest.mark.parametrize(("clip", "name"), [(clip_norm, "max_norm"), (clip_value, "limit")])
@pytest.mark.parametrize("wrong", [0, -1.0, math.nan])
def test_a_limit_is_positive(clip, name, wrong):
    (x,) = computed([3.0])
    with pytest.raises(ValueError, match=f"^{name} of {clip.__name__} needs a positive number; got"):
        clip([x], wrong)
    with pytest.raises(TypeError, match=f"^{name} of {clip.__name__} needs one real number; got"):
        clip([x], "1")
    assert x.grad == 3.0


@pytest.mark.parametrize("clip", [clip_norm, clip_value])
def test_what_is_no_list_of_values_is_an_error(clip):
    name = clip.__name__
    with pytest.raises(TypeError, match=f"^{name} needs a list of parameters, such as .*; got Value$"):
        clip(Value(1.0), 1.0)
    with pytest.raises(ValueError, match=f"^{name} needs at least one parameter; got none"):
        clip([], 1.0)
    with pytest.raises(TypeError, match=rf"^{name} needs Values as parameters; got float 1\.0$"):
        clip([1.0], 1.0)


def test_a_gradient_that_comes_to_nothing_stays_computed_as_the_smallest_number():
    large, small = Value(1.0), Value(2.0)
    large.grad, small.grad = 1e300, -1e-300
    clip_norm([large, small], 1e-20)
    assert (small.grad, small.grad_state) == (-5e-324, "computed")
