from __future__ import annotations

import json
import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.optimization.schedules import (
    Constant,
    Cosine,
    Schedule,
    StepDecay,
    schedule_from_state,
    schedule_of,
    schedule_state,
)

ROUNDING = 4e-16  # of lr: a few roundings
POWER = 1e-13  # relative: Python's power of a factor, and a product

rates = st.floats(1e-6, 1e3)
counts = st.integers(1, 1000)
schedules = st.one_of(
    st.builds(Constant, rates),
    st.builds(StepDecay, rates, counts, st.floats(0.01, 1.0)),
    rates.flatmap(lambda lr: st.builds(Cosine, st.just(lr), counts, st.floats(0, lr))),
)


# ---- laws


@given(schedule=schedules, taken=st.integers(0, 3000))
def test_a_rate_never_rises_and_stays_between_nothing_and_the_first(schedule, taken):
    assert 0 <= schedule(taken + 1) <= schedule(taken) <= schedule(0) == schedule.lr


@given(schedule=schedules)
def test_what_is_written_is_read_back(schedule):
    state = json.loads(json.dumps(schedule_state(schedule)))
    assert schedule_from_state(state, Constant(1.0), "lr") == schedule


@given(lr=rates, taken=st.integers(0, 10**9))
def test_a_constant_is_constant(lr, taken):
    assert Constant(lr)(taken) == lr


@given(lr=rates, every=counts, factor=st.floats(0.25, 1.0), taken=st.integers(0, 3000))
def test_step_decay_multiplies_after_every_so_many_steps(lr, every, factor, taken):
    expected = Fraction(lr)
    for step in range(min(taken, 20 * every)):
        if (step + 1) % every == 0:
            expected *= Fraction(factor)
    assert StepDecay(lr, every, factor)(min(taken, 20 * every)) == pytest.approx(float(expected), rel=POWER, abs=0)


@given(lr=rates, steps=counts, fraction=st.floats(0, 1), taken=st.integers(0, 3000))
def test_cosine_is_the_square_of_half_the_angle(lr, steps, fraction, taken):
    """(1 + cos x) / 2 = cos² (x / 2), with 50 digits."""
    lowest = lr * fraction
    with mpmath.workdps(50):
        part = mpmath.mpf(min(taken, steps)) / steps
        expected = lowest + (mpmath.mpf(lr) - lowest) * mpmath.cos(mpmath.pi * part / 2) ** 2
        assert abs(Cosine(lr, steps, lowest)(taken) - expected) <= ROUNDING * lr


# ---- examples


def test_step_decay_halves_after_ten_and_twenty():
    schedule = StepDecay(1.0, every=10, factor=0.5)
    assert [schedule(taken) for taken in (0, 9, 10, 19, 20)] == [1.0, 1.0, 0.5, 0.5, 0.25]


def test_cosine_begins_at_lr_is_halfway_in_the_middle_and_stays_at_the_lowest():
    schedule = Cosine(0.5, steps=8, lowest=0.25)
    assert schedule(0) == 0.5
    assert schedule(4) == pytest.approx(0.375, rel=ROUNDING)
    assert [schedule(taken) for taken in (8, 9, 1_000_000)] == [0.25] * 3
    assert Cosine(0.1, steps=3)(3) == 0.0


@given(lr=rates, steps=counts)
def test_cosine_ends_exactly_at_its_lowest(lr, steps):
    assert Cosine(lr, steps, lowest=lr / 3)(steps) == lr / 3
    assert Cosine(lr, steps, lowest=lr)(steps // 2) == lr


@given(st.floats(1e-300, 1e300), st.floats(0, 1), st.integers(1, 10**9), st.integers(0, 5))
def test_a_wave_never_comes_below_the_lowest(lr, part, steps, left):
    schedule = Cosine(lr, steps, lr * part)
    assert schedule.lowest <= schedule(max(0, steps - left)) <= lr


@pytest.mark.parametrize(("lr", "lowest"), [(1.0, 1e-17), (1.0, 0.1), (0.3, 0.1), (3.0, 1e-20)])
def test_a_wave_that_is_all_but_over_is_not_below_the_lowest_by_a_rounding(lr, lowest):
    assert Cosine(lr, 10**9, lowest)(10**9 - 1) >= lowest


# ---- what may be a rate


def test_a_rate_may_be_a_number_a_schedule_or_a_function():
    cosine = Cosine(0.1, 10)
    assert schedule_of(0.5, "lr") == schedule_of(np.float32(0.5), "lr") == Constant(0.5)
    assert schedule_of(cosine, "lr") is cosine
    halves = schedule_of(lambda taken: Fraction(1, 2 + taken), "lr")
    assert [halves(taken) for taken in range(3)] == [1 / 2, 1 / 3, 1 / 4]
    assert isinstance(halves, Schedule)


def test_a_class_of_ones_own_is_a_schedule():
    class Linear(Schedule):
        def rate(self, steps_taken: int) -> float:
            return 1 - steps_taken / 4

    schedule = schedule_of(Linear(), "lr")
    assert [schedule(taken) for taken in (0, 2, 4)] == [1.0, 0.5, 0.0]
    with pytest.raises(
        ValueError, match=r"^a rate needs to be a finite number >= 0; .*Linear.* gave -0\.25 after 5 step"
    ):
        schedule(5)
    with pytest.raises(NotImplementedError, match=r"^Schedule needs a method rate\(steps_taken\)$"):
        Schedule()(0)


@pytest.mark.parametrize("schedule", [Constant(0.1), StepDecay(0.1, 2, 0.5), Cosine(0.1, 2)])
def test_a_schedule_is_asked_with_a_whole_number_of_steps(schedule):
    with pytest.raises(ValueError, match=r"^a schedule needs the number of steps taken, 0 or more; got -1$"):
        schedule(-1)
    with pytest.raises(TypeError):
        schedule(0.5)
    assert schedule(np.int64(1)) == schedule(1)


@pytest.mark.parametrize("given", ["0.1", None, [0.1], 1j])
def test_a_rate_that_is_no_number_is_an_error(given):
    with pytest.raises(TypeError, match=r"^lr of SGD needs one real number; got"):
        schedule_of(given, "lr of SGD")


@pytest.mark.parametrize("rate", ["0.1", None])
def test_a_function_has_to_give_numbers(rate):
    with pytest.raises(TypeError, match=r"^a schedule needs one real number; got"):
        schedule_of(lambda taken: rate, "lr")(0)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Constant(0), "lr of Constant needs a positive, finite number; got 0.0"),
        (lambda: StepDecay(math.inf, 1, 0.5), "lr of StepDecay needs a positive, finite number; got inf"),
        (lambda: StepDecay(0.1, 0, 0.5), "StepDecay needs at least one step before the rate falls; got 0"),
        (lambda: StepDecay(0.1, 1, 0.0), "factor of StepDecay needs a number > 0 and <= 1; got 0.0"),
        (lambda: StepDecay(0.1, 1, 1.5), "factor of StepDecay needs a number > 0 and <= 1; got 1.5"),
        (lambda: Cosine(-1.0, 10), "lr of Cosine needs a positive, finite number; got -1.0"),
        (lambda: Cosine(0.1, -3), "Cosine needs at least one step; got -3"),
        (lambda: Cosine(0.1, 10, 0.2), "lowest of Cosine needs a number >= 0 and <= lr = 0.1; got 0.2"),
        (lambda: Cosine(0.1, 10, math.nan), "lowest of Cosine needs a number >= 0 and <= lr = 0.1; got nan"),
    ],
)
def test_a_setting_out_of_its_range_is_an_error(make, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        make()


def test_settings_are_plain_numbers_and_cannot_be_written():
    schedule = Cosine(np.float64(0.5), np.int64(10), np.float32(0.25))
    assert [type(x) for x in (schedule.lr, schedule.steps, schedule.lowest)] == [float, int, float]
    assert repr(schedule) == "Cosine(lr=0.5, steps=10, lowest=0.25)"
    with pytest.raises(AttributeError):
        schedule.lr = 0.1


# ---- written as plain data


def test_schedules_as_plain_data():
    assert schedule_state(Constant(0.5)) == 0.5
    assert schedule_state(StepDecay(0.5, 10, 0.1)) == {"class": "StepDecay", "lr": 0.5, "every": 10, "factor": 0.1}
    assert schedule_state(Cosine(0.5, 10)) == {"class": "Cosine", "lr": 0.5, "steps": 10, "lowest": 0.0}


def test_a_schedule_of_ones_own_is_written_by_its_name_and_read_where_one_is_present():
    def decay(taken):
        return 1.0

    own = schedule_of(decay, "lr")
    state = schedule_state(own)
    assert state == {"class": "own", "name": "decay"}
    assert schedule_from_state(state, own, "lr") is own
    with pytest.raises(
        ValueError, match=r"^lr was given by 'decay', which can't be written: set lr to it before loading$"
    ):
        schedule_from_state(state, Constant(0.1), "lr")


@pytest.mark.parametrize(
    ("state", "error", "message"),
    [
        (0.0, ValueError, "lr needs a positive, finite number; got 0.0"),
        (None, TypeError, "lr needs one real number; got NoneType None"),
        ({}, ValueError, "lr needs a schedule of the class Constant, StepDecay, Cosine; got None"),
        ({"class": "Schedule"}, ValueError, "lr needs a schedule of the class .*; got 'Schedule'"),
        ({"class": {}}, ValueError, "lr needs a schedule of the class .*; got {}"),
        ({"class": "Constant"}, ValueError, "lr, Constant, needs lr; got \\['class'\\]"),
        ({"class": "Constant", "lr": 0.1, "x": 1}, ValueError, "lr, Constant, has class, lr, and no 'x'"),
        ({"class": "Constant", "lr": "0.1"}, TypeError, "lr of Constant needs one real number; got str '0.1'"),
        ({"class": "own"}, ValueError, "lr, own, needs name; got \\['class'\\]"),
    ],
)
def test_what_is_no_schedule_written_as_data_is_an_error(state, error, message):
    with pytest.raises(error, match=f"^{message}$"):
        schedule_from_state(state, Constant(0.1), "lr")
