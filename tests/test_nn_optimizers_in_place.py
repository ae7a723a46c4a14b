"""`Optimizer.update`: flat arrays that are moved where they are, with the bits of the rule on whole arrays."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from autograd import Value, dot
from autograd.compiler.updating import PIECE, Updating
from nn import OPTIMIZERS, SGD, Adadelta, Adam, Momentum, Optimizer, StepDecay
from tests.memory import needed

SIZES = (1, 5, PIECE, 2 * PIECE + 3)


def made(kind: Any, size: int, **settings: Any) -> tuple[Any, Any]:
    """Two optimizers of the same parameters, in the same state."""
    parameters = [Value(0.0) for _ in range(size)]
    return kind(parameters, **settings), kind(parameters, **settings)


def assert_same_state(first: Optimizer, second: Optimizer) -> None:
    one, other = first.state_dict(), second.state_dict()
    assert one["steps"] == other["steps"]
    np.testing.assert_array_equal(one["counts"], other["counts"])
    for name, moment in one["moments"].items():
        np.testing.assert_array_equal(moment, other["moments"][name], name)


def moved_both_ways(first: Any, second: Any, steps: int, size: int) -> None:
    """Moves an array in place, and by new arrays: the same bits after every step."""
    rng = np.random.default_rng(1)
    data, gradient = rng.normal(size=size), np.empty(size)
    other = data.copy()
    for _ in range(steps):
        gradient[:] = rng.normal(size=size)
        first.update(data, gradient)
        other = second.updated(other, gradient)
        np.testing.assert_array_equal(data, other)
    assert_same_state(first, second)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_what_is_moved_in_place_has_the_bits_of_the_rule(name: str, size: int) -> None:
    moved_both_ways(*made(OPTIMIZERS[name], size), steps=4, size=size)


@pytest.mark.parametrize("bias_correction", [True, False])
def test_schedules_and_choices_hold_in_place_too(bias_correction: bool) -> None:
    settings = {"lr": StepDecay(0.1, every=2, factor=0.5), "bias_correction": bias_correction}
    moved_both_ways(*made(Adam, 7, **settings), steps=6, size=7)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_float32_stays_float32_and_close(name: str) -> None:
    first, second = made(OPTIMIZERS[name], 50)
    rng = np.random.default_rng(2)
    data, gradient = rng.normal(size=50).astype(np.float32), rng.normal(size=50).astype(np.float32)
    other = data.astype(np.float64)
    for _ in range(5):
        first.update(data, gradient)
        other = second.updated(other, gradient)
    np.testing.assert_allclose(data, other, rtol=1e-5, atol=1e-6)
    assert {moment.dtype for moment in first.state_dict()["moments"].values()} <= {np.dtype(np.float64)}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_gradients_of_another_precision_are_taken_as_they_are(name: str) -> None:
    first, second = made(OPTIMIZERS[name], 5)
    data, gradient = np.linspace(-1.0, 2.0, 5), np.linspace(0.1, 0.7, 5).astype(np.float32)
    other = data.copy()
    for _ in range(3):
        first.update(data, gradient)
        other = second.updated(other, gradient)
        np.testing.assert_array_equal(data, other)
    assert_same_state(first, second)


def test_ways_of_stepping_can_be_mixed() -> None:
    first, second = made(Adam, 3, lr=0.1)
    data, gradient = np.array([1.0, 2.0, 3.0]), np.array([0.5, -1.0, 2.0])
    other = data.copy()
    for way in ("update", "updated", "update", "load", "update", "step", "update"):
        if way == "load":
            first.load_state_dict(second.state_dict())
        elif way == "step":
            for optimizer, numbers in ((first, data), (second, other)):
                for parameter, number, slope in zip(optimizer.parameters, numbers.tolist(), gradient.tolist()):
                    parameter.data, parameter.grad = number, slope
                optimizer.step()
                numbers[:] = [parameter.data for parameter in optimizer.parameters]
        elif way == "update":
            first.update(data, gradient)
            other = second.updated(other, gradient)
        else:
            data[:] = first.updated(data, gradient)
            other = second.updated(other, gradient)
        np.testing.assert_array_equal(data, other)
    assert_same_state(first, second)


def test_other_arrays_are_moved_when_they_are_given() -> None:
    sgd = SGD([Value(0.0), Value(0.0)], lr=0.5)
    one, two, gradient = np.zeros(2), np.ones(2), np.array([1.0, 2.0])
    sgd.update(one, gradient)
    sgd.update(two, gradient)
    sgd.update(two, 3 * gradient)
    sgd.update(one, gradient)
    assert (one.tolist(), two.tolist()) == ([-1.0, -2.0], [-1.0, -3.0])


def test_an_explained_step_tells_what_happened_whatever_is_moved_later() -> None:
    first, second = made(Momentum, 2, lr=0.1)
    data, gradient = np.array([1.0, 2.0]), np.array([3.0, -4.0])
    first.update(data, gradient)
    first.update(data, gradient, explained=True)
    told = first.explain()
    second.updated(np.array([1.0, 2.0]), gradient)
    second.updated(np.array([0.7, 2.4]), gradient, explained=True)
    assert repr(told) == repr(second.explain())
    before = repr(told)
    first.update(data, gradient)
    assert repr(told) == before
    with pytest.raises(RuntimeError, match="call step"):
        first.explain()


class Normalized(Optimizer):
    """A rule that mixes parameters."""

    @staticmethod
    def rule(p: Any, g: Any, t: Any, lr: Any) -> Any:
        return (p - lr * g / np.linalg.norm(g),)


class Remembering(Optimizer):
    """A rule in which every result reads what another one writes over."""

    moments = ("a", "b")
    is_formula = True

    @staticmethod
    def rule(p: Any, g: Any, t: Any, lr: Any, a: Any, b: Any) -> Any:
        return p - lr * (3 * g - a - b), g + b, a - p


def test_results_that_read_each_other_s_old_numbers_are_written_at_the_end() -> None:
    moved_both_ways(*made(Remembering, 5, lr=0.1), steps=5, size=5)


class Heavy(Optimizer):
    """The heavy ball by the iterate before: a result is the very number that another one writes over."""

    moments = ("q",)
    is_formula = True

    @staticmethod
    def rule(p: Any, g: Any, t: Any, lr: Any, q: Any) -> Any:
        return p - lr * g + 0.9 * (p - q), p


def test_what_is_remembered_stays_whatever_is_written_into_the_arrays_that_were_given() -> None:
    first, second = made(Heavy, 2, lr=0.1)
    data, gradient = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    kept = first.updated(data, gradient), second.updated(data.copy(), gradient.copy())
    data[:] = 9.0
    assert_same_state(first, second)
    np.testing.assert_array_equal(first.updated(kept[0], gradient), second.updated(kept[1], gradient))


def test_what_a_step_gave_is_explained_whatever_is_written_into_it() -> None:
    sgd = SGD([Value(0.0)], lr=0.5)
    given = sgd.updated(np.array([1.0]), np.array([2.0]), explained=True)
    given[:] = 9.0
    assert sgd.explain()[0].after == 0.0


class Signs(SGD):
    """A rule of one's own in a class that inherits, but does not say that it is a formula."""

    @staticmethod
    def rule(p: Any, g: Any, t: Any, lr: Any) -> Any:
        return (p - lr * np.where(g > 0, 1.0, -1.0),)


def test_a_class_that_inherits_is_not_taken_for_a_formula() -> None:
    assert Signs([Value(0.0)], lr=0.1).scalar_rule() is None
    moved_both_ways(*made(Signs, 4, lr=0.1), steps=3, size=4)


class Shifting(Optimizer):
    """Three numbers that change places."""

    moments = ("a", "b")
    is_formula = True

    @staticmethod
    def rule(p: Any, g: Any, t: Any, lr: Any, a: Any, b: Any) -> Any:
        return p - lr * (a + g), b + g, a


@pytest.mark.parametrize("kind", [Heavy, Shifting])
def test_results_that_are_each_other_s_old_numbers_are_kept_until_the_end(kind: Any) -> None:
    moved_both_ways(*made(kind, 5, lr=0.1), steps=5, size=5)


class Sharing(Optimizer):
    """A rule whose moments share a number, which p does not read."""

    moments = ("a", "b")
    is_formula = True

    @staticmethod
    def rule(p: Any, g: Any, t: Any, lr: Any, a: Any, b: Any) -> Any:
        size = np.sqrt(g * g + 1)
        return p - lr * g, a * size, b * size


class Chained(Optimizer):
    """A rule that reads a new number in which an old one is, that is written over before it."""

    moments = ("a", "b")
    is_formula = True

    @staticmethod
    def rule(p: Any, g: Any, t: Any, lr: Any, a: Any, b: Any) -> Any:
        b = b + a
        return p - lr * b, a * g + p, b


@pytest.mark.parametrize("kind", [Sharing, Chained])
def test_results_that_share_a_number_have_the_bits_of_the_rule(kind: Any) -> None:
    moved_both_ways(*made(kind, 5, lr=0.1), steps=3, size=5)


@pytest.mark.parametrize(("kind", "arrays"), [(Sharing, 1), (Chained, 1), (Adadelta, 4)])
def test_an_array_is_used_again_once_nothing_reads_it(kind: Any, arrays: int) -> None:
    rule = kind([Value(0.0)], lr=0.1).scalar_rule()
    p, g, a, b = (np.zeros(PIECE) for _ in range(4))
    Updating(rule, p, g, [a, b]).step(1, 0.1)
    kept = needed(lambda: Updating(rule, p, g, [a, b])).kept
    assert kept < (arrays + 0.5) * p.nbytes  # beside what is small


def test_settings_that_are_loaded_hold_for_the_arrays_that_are_moved() -> None:
    (first, second), (other, _) = made(Adam, 3, lr=0.1), made(Adam, 3, lr=0.1, betas=(0.5, 0.6))
    moved_both_ways(first, second, steps=2, size=3)
    for adam in (first, second):
        adam.load_state_dict(other.state_dict())
    moved_both_ways(first, second, steps=2, size=3)


def test_settings_that_are_loaded_hold_for_the_same_arrays_too() -> None:
    first, other = Momentum([Value(0.0)], lr=0.1, momentum=0.9), Momentum([Value(0.0)], lr=0.1, momentum=0.5)
    data, gradient = np.array([2.0]), np.array([1.0])
    for momentum in (first, other):
        momentum.update(data, gradient)
    first.load_state_dict(other.state_dict())
    first.update(data, gradient)
    assert data.tolist() == pytest.approx([2.0 - 0.1 * (1 + 1 + 1.5)])


def test_a_copy_has_arrays_of_its_own() -> None:
    sgd = Momentum([Value(0.0)], lr=0.1)
    data, gradient = np.ones(1), np.ones(1)
    sgd.update(data, gradient)
    again, numbers, slopes = copy.deepcopy((sgd, data, gradient))
    again.update(numbers, slopes)
    sgd.update(data, gradient)
    assert numbers.tolist() == data.tolist()
    assert_same_state(sgd, again)


def test_a_rule_that_mixes_parameters_is_run_on_whole_arrays() -> None:
    moved_both_ways(*made(Normalized, 4, lr=0.1), steps=3, size=4)


def test_parameters_that_took_different_numbers_of_steps_are_moved_by_their_own_counts() -> None:
    parameters = [Value(1.0), Value(1.0)]
    adams = [Adam(parameters, lr=0.1), Adam(parameters, lr=0.1)]
    (parameters[0] * 2).backward()
    for adam in adams:
        adam.step()
    moved_both_ways(*adams, steps=3, size=2)


def test_arrays_of_another_shape_are_refused_and_no_step_is_taken() -> None:
    sgd = SGD([Value(0.0), Value(0.0)])
    data = np.zeros(3)
    with pytest.raises(ValueError, match=r"SGD needs arrays of shape \(2,\)"):
        sgd.update(data, np.ones(3))
    assert sgd.steps == 0
    assert data.tolist() == [0.0, 0.0, 0.0]


def test_infinity_and_nan_follow_ieee_in_silence() -> None:
    first, second = made(Adam, 4)
    data, gradient = np.array([1.0, np.inf, np.nan, 1e308]), np.array([np.inf, 1.0, 1.0, -1e308])
    with np.errstate(all="raise"):
        wanted = second.updated(data.copy(), gradient)
        first.update(data, gradient)
    np.testing.assert_array_equal(data, wanted)


class LargestSoFar(Optimizer):
    """AMSGrad's denominator, which is one of two: Reddi et al. 2018."""

    moments = ("v", "u")
    is_formula = True

    @staticmethod
    def rule(p: Any, g: Any, t: Any, lr: Any, v: Any, u: Any) -> Any:
        v = 0.9 * v + 0.1 * g**2
        u = np.maximum(u, v)
        return p - lr * g / (np.sqrt(u) + 1e-8), v, u


def test_a_rule_with_a_vector_is_run_on_whole_arrays() -> None:
    moved_both_ways(*made(LargestSoFar, 6, lr=0.1), steps=5, size=6)


def test_moves_are_elementwise() -> None:
    rule = SGD([Value(1.0)]).scalar_rule()
    assert rule is not None
    of_vectors = rule._replace(results=[dot([rule.p, rule.g], [rule.g, rule.p])])
    with pytest.raises(ValueError, match="elementwise; got one of vectors"):
        Updating(of_vectors, np.zeros(1), np.zeros(1), [])
