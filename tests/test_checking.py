"""The checker itself is checked: with right derivatives, and with planted mistakes that it must not certify."""

import math
from collections.abc import Callable

import numpy as np
import pytest

import autograd
from autograd import Value, check_gradients
from autograd.checking import EXACT, GradientError

CERTIFIED = 1e-15  # what the complex step reaches on a few operations: some units of the last place


@pytest.fixture
def planted(table_restored: None) -> Callable[..., Callable[..., Value]]:
    return autograd.primitive


def test_analytic_functions_are_certified_by_the_complex_step_to_the_last_digits():
    check = check_gradients(lambda x, y: x * y + (x / y).tanh().exp() - y.sin(), [0.3, -1.2])
    assert [derivative.verdict for derivative in check] == ["pass", "pass"]
    assert {derivative.oracle for derivative in check} == {"complex step"}
    assert check.worst.error <= CERTIFIED


def test_functions_with_kinks_are_certified_by_differences_away_from_them():
    check = check_gradients(lambda x, y: (x * y).relu() + abs(x) * autograd.maximum([x, y, 0.1]), [0.3, 1.2])
    assert [derivative.verdict for derivative in check] == ["pass", "pass"]
    assert {derivative.oracle for derivative in check} == {"central differences"}


@pytest.mark.parametrize("factor", [1.001, -1.0, 0.0, 2.0])
def test_a_planted_mistake_in_a_smooth_partial_fails_and_is_named(planted, factor):
    wrong = planted("wrong_square", lambda xp, x: x * x, [lambda xp, x, out: 2 * factor * x])
    check = check_gradients(lambda speed, time: wrong(speed) + time, [3.0, 1.0])
    assert not check.passed
    assert check.worst.name == "speed"
    with pytest.raises(GradientError, match=r"^speed: fail"):
        check.raise_if_failed()


@pytest.mark.parametrize("factor", [1.001, -1.0, 0.0])
def test_a_planted_mistake_in_a_partial_with_a_kink_fails(planted, factor):
    wrong = planted(
        "wrong_relu",
        lambda xp, x: xp.maximum(x, 0),
        [lambda xp, x, out: factor * xp.heaviside(x, 0)],
        branch=lambda xp, x: xp.sign(x),
    )
    assert check_gradients(wrong, [0.7]).worst.verdict == "fail"


@pytest.mark.parametrize("size", [1e-5, 1e-12, 1e-30])
def test_a_small_derivative_that_is_wrong_altogether_is_never_a_pass(planted, size):
    wrong = planted("wrong_slope", lambda xp, x: size * x, [lambda xp, x, out: 2 * size])
    assert check_gradients(wrong, [1.0]).worst.verdict == "fail"


def test_what_rounding_hides_is_unchecked_and_not_certified():
    x = Value(2.0, "x")
    check = check_gradients(0.1 * x + 0.2 * x - 0.3 * x, [x])
    assert check.worst.verdict == "unchecked"
    assert "rounding" in check.worst.reason
    assert check.raise_if_failed() is check


@pytest.mark.parametrize("f", [lambda x: x.relu(), abs, lambda x: x.sign(), lambda x: autograd.maximum([x, 0.0])])
def test_a_kink_between_the_probes_is_reported_as_a_kink(f):
    assert check_gradients(f, [0.0]).worst.verdict == "kink"
    assert check_gradients(f, [1e-3]).worst.verdict == "pass"


def test_a_branch_of_the_function_between_the_probes_is_reported_as_a_kink():
    check = check_gradients(lambda x: x * x if x < 1 else 3 * x, [1.0])
    assert check.worst.verdict == "kink"
    assert check_gradients(lambda x: x * x if x < 1 else 3 * x, [2.0]).worst.verdict == "pass"


@pytest.mark.parametrize("f", [lambda x: x * x.data, lambda x: Value(x.data**2), lambda x: x.detach() * 2])
def test_a_number_that_left_the_graph_is_a_failure(f):
    assert check_gradients(f, [3.0]).worst.verdict == "fail"


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: x**3, 0.0),
        (lambda x: (x - 1) * (x - 1) * (x - 1), 1.0),
        (lambda x: x**1.5, 0.0),
        (lambda x: (x + 1e5) - 1e5, 0.31),
        (lambda x: (x.exp() - 1) / x, 1e-9),
        (lambda x: x.tanh(), 15.0),
        (lambda x: (1 - x.sigmoid()).log(), 12.0),
        (lambda x: x.sin(), math.inf),
        (lambda x: x**math.inf, 2.0),
        (lambda x: x.sin(), 1e6),
        (lambda x: (x * 1e6).sin(), 1.0),
        (lambda x: (x - 1e6).tanh(), 1e6),
        (lambda x: x.log() / x, 1e-25),
        (lambda x: 1 / x, 1e-40),
        (lambda x: x * x, 1e-200),
    ],
)
def test_what_rounding_or_the_oracle_itself_explains_is_no_failure(f, x):
    assert check_gradients(f, [x]).passed


def test_a_wrong_derivative_fails_where_the_slope_of_the_oracle_vanishes_with_its_step(planted):
    wrong = planted("wrong_cube", lambda xp, x: x * x * x, [lambda xp, x, out: 3 * x * x + 5])
    x = Value(0.0)
    assert check_gradients(wrong(x), [x]).worst.verdict == "fail"


@pytest.mark.parametrize("wrong", [math.inf, math.nan])
@pytest.mark.parametrize("branch", [None, lambda xp, x: xp.sign(x)])
def test_a_derivative_that_is_no_number_where_the_slope_is_one_fails(planted, wrong, branch):
    square = planted("no_slope", lambda xp, x: x * x, [lambda xp, x, out: x * wrong], branch=branch)
    assert check_gradients(square, [2.0]).worst.verdict == "fail"


def test_a_kink_in_one_variable_leaves_the_others_certified():
    x, y = Value(0.0, "x"), Value(2.0, "y")
    verdicts = {check.name: check.verdict for check in check_gradients(x.relu() + y * y, [x, y])}
    assert verdicts == {"x": "kink", "y": "pass"}


def test_independence_is_told_from_a_slope_of_zero():
    x, stranger = Value(0.0, "x"), Value(1.0, "stranger")
    slope, independent = check_gradients(x * x, [x, stranger])
    assert (slope.verdict, slope.reason) == ("pass", "")
    assert "does not depend" in independent.reason


def test_an_infinite_derivative_is_unchecked():
    check = check_gradients(lambda x: x.sqrt(), [0.0]).worst
    assert check.derivative == math.inf
    assert check.verdict == "unchecked"


def test_a_probe_outside_the_domain_is_unchecked_and_says_why():
    check = check_gradients(lambda x: (abs(x - 1.0)).log(), [1.0 + 1e-9]).worst
    assert check.verdict in ("unchecked", "kink")


def test_a_recorded_graph_is_checked_without_a_trace():
    x, w = Value(1.5, "x"), Value(-0.4, "w")
    y = (w * x).sigmoid() * x
    y.backward()
    before = [(v.data, v.grad, v.grad_state) for v in autograd.topological_order(y)]
    assert check_gradients(y, [x, w]).passed
    assert [(v.data, v.grad, v.grad_state) for v in autograd.topological_order(y)] == before


def test_the_result_names_the_worst_derivative_and_counts_the_verdicts():
    text = repr(check_gradients(lambda a, b: a * b, [2.0, 3.0]))
    assert "2 pass" in text
    assert "worst a" in text or "worst b" in text


@pytest.mark.parametrize("seed", range(20))
def test_random_expressions_pass(seed):
    rng = np.random.default_rng(seed)
    a, b, c = rng.uniform(0.2, 2.0, size=3)
    check = check_gradients(
        lambda x, y, z: autograd.logsumexp([x * y, y / z, z**x]) - autograd.dot([x, y], [z, x.tanh()]), [a, b, c]
    )
    assert [derivative.verdict for derivative in check] == ["pass"] * 3
    assert all(derivative.error <= EXACT for derivative in check)


def test_bad_questions_are_refused_with_the_reason():
    with pytest.raises(ValueError, match="at least one variable"):
        check_gradients(lambda: Value(1.0), [])
    with pytest.raises(TypeError, match=r"needs a function that gives a Value; got float 2\.0"):
        check_gradients(lambda x: x.data, [2.0])
    with pytest.raises(TypeError, match="with respect to Values; got float"):
        check_gradients(Value(1.0) * 2, [1.0])
