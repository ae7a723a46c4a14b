"""A graph computed again elsewhere gives what the engine gives, and stays as it was."""

from fractions import Fraction

import pytest

import autograd
from autograd import Value
from autograd.evaluation import branches, evaluate
from autograd.namespaces import complexes, fractions


def test_other_numbers_give_what_recording_with_them_gives():
    def f(x, y):
        return autograd.dot([x, y, 2.0], [y, x.tanh(), x]) + autograd.logsumexp([x, y]) / y

    x, y = Value(0.5), Value(2.0)
    z = f(x, y)
    assert evaluate(z, {}) == z.data
    assert evaluate(z, {x: -1.25}) == f(Value(-1.25), Value(2.0)).data
    assert (x.data, z.is_stale) == (0.5, False)


def test_a_computed_value_that_is_given_is_not_computed():
    x = Value(3.0)
    square = x * x
    assert evaluate(square + x, {square: 100.0}) == 103.0


def test_fractions_are_exact_where_floats_round():
    x = Value(0.1)
    assert evaluate(x + 0.2 - 0.3, {x: Fraction(1, 10)}, fractions) == Fraction(1, 10) + Fraction(0.2) - Fraction(0.3)


def test_what_has_no_exact_value_says_so():
    with pytest.raises(TypeError, match="exp of a fraction has no exact value"):
        evaluate(Value(1.0).exp(), {}, fractions)


def test_complex_numbers_carry_the_derivative_in_their_imaginary_part():
    x = Value(2.0)
    assert evaluate(x * x * x, {x: 2 + 1e-30j}, complexes).imag / 1e-30 == pytest.approx(12.0, rel=1e-15)


def test_outside_the_domain_floats_give_the_answer_of_ieee():
    x = Value(1.0)
    assert evaluate(x.log(), {x: 0.0}) == -float("inf")


def test_branches_tell_the_sides_of_every_kink_in_order():
    x = Value(-2.0)
    y = x.relu() + autograd.maximum([x, 1.0]) + x * x
    assert list(branches(y, {})) == [("relu", (-1.0,)), ("maximum", (0.0, 1.0))]
    assert list(branches(y, {x: 3.0})) == [("relu", (1.0,)), ("maximum", (1.0, 0.0))]
