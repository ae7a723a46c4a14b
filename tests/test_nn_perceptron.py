from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograd import Value, topological_order
from nn import SGD, Neuron, half_squared_error
from nn.models.perceptron import Perceptron, hebb

ROUNDING = 1e-15  # relative: 0.1 + 0.1 and the like, one or two roundings

INPUTS = [[0, 0], [0, 1], [1, 0], [1, 1]]
GATES = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0], "NOR": [1, 0, 0, 0], "first": [0, 0, 1, 1]}
XOR = [0, 1, 1, 0]
XNOR = [1, 0, 0, 1]

whole = st.integers(-3, 3)


def data_of(neuron: Neuron) -> list[float]:
    return [parameter.data for parameter in neuron.parameters()]


def set_to(neuron: Neuron, numbers: list[float]) -> None:
    for parameter, number in zip(neuron.parameters(), numbers, strict=True):
        parameter.data = number


def answers(neuron: Neuron, X: Any) -> list[float]:
    return [neuron(x).data for x in X]


@st.composite
def separable(draw: Any) -> tuple[list[list[int]], list[int], float]:
    """Points with whole coordinates on either side of a plane, their classes, and the bound of Novikoff, (R / γ)²."""
    plane = np.array(draw(st.lists(whole, min_size=2, max_size=4)))
    points = draw(st.lists(st.lists(whole, min_size=len(plane) - 1, max_size=len(plane) - 1), min_size=1, max_size=8))
    heights = np.array([plane @ [*point, 1] for point in points])
    assume(heights.all())
    longest = max(sum(x * x for x in point) + 1 for point in points)
    return points, (heights > 0).astype(int).tolist(), longest * (plane @ plane) / min(heights**2)


# ---- laws of the perceptron's rule


@given(
    st.lists(whole, min_size=4, max_size=4),
    st.lists(whole, min_size=3, max_size=3),
    st.sampled_from([0, 1]),
    st.sampled_from([0.25, 0.5, 1.0, 2.0]),
)
def test_learning_adds_the_error_times_the_input(parameters, x, y, lr):
    perceptron = Perceptron(3)
    set_to(perceptron, parameters)
    *w, b = parameters
    answer = 1 if np.dot(w, x) + b >= 0 else 0
    assert perceptron.learn(x, y, lr) == y - answer
    assert data_of(perceptron) == [*(wi + lr * (y - answer) * xi for wi, xi in zip(w, x)), b + lr * (y - answer)]


@given(separable())
def test_what_a_plane_separates_is_learnt_within_the_bound_of_novikoff(case):
    points, classes, bound = case
    perceptron = Perceptron(len(points[0]))
    mistakes = perceptron.learn_all(points, classes, epochs=math.floor(bound) + 1)
    assert mistakes[-1] == 0
    assert sum(mistakes) <= bound
    assert answers(perceptron, points) == classes


@given(separable(), st.sampled_from([0.125, 0.5, 2.0, 64.0]))
def test_from_zero_the_learning_rate_changes_the_size_of_the_weights_alone(case, lr):
    points, classes, bound = case
    slow, fast = Perceptron(len(points[0])), Perceptron(len(points[0]))
    epochs = math.floor(bound) + 1
    assert slow.learn_all(points, classes, lr, epochs) == fast.learn_all(points, classes, epochs=epochs)
    assert data_of(slow) == [lr * number for number in data_of(fast)]


@given(st.lists(st.floats(-3, 3), min_size=3, max_size=3), st.permutations(range(4)), st.sampled_from([XOR, XNOR]))
def test_xor_is_never_learnt(parameters, order, gate):
    perceptron = Perceptron(2)
    set_to(perceptron, parameters)
    mistakes = perceptron.learn_all([INPUTS[i] for i in order], [gate[i] for i in order], epochs=30)
    assert len(mistakes) == 30
    assert 0 not in mistakes
    assert answers(perceptron, INPUTS) != gate


@given(st.lists(st.floats(-3, 3), min_size=3, max_size=3), st.sampled_from(sorted(GATES)))
def test_a_gate_that_a_line_separates_is_learnt_from_any_weights(parameters, gate):
    perceptron = Perceptron(2)
    set_to(perceptron, parameters)
    mistakes = perceptron.learn_all(INPUTS, GATES[gate])
    assert mistakes[-1] == 0
    assert answers(perceptron, INPUTS) == GATES[gate]


def test_of_all_gates_of_two_inputs_xor_and_its_opposite_alone_are_not_learnt():
    learnt = [Perceptron(2).learn_all(INPUTS, gate)[-1] == 0 for gate in product([0, 1], repeat=4)]
    assert [list(gate) for gate, is_learnt in zip(product([0, 1], repeat=4), learnt) if not is_learnt] == [XOR, XNOR]


@given(separable())
def test_learning_all_is_learning_one_after_the_other(case):
    points, classes, _ = case
    one, all_ = Perceptron(len(points[0])), Perceptron(len(points[0]))
    by_hand = [sum(one.learn(x, y) != 0 for x, y in zip(points, classes)) for _ in range(2)]
    expected = by_hand[:1] if by_hand[0] == 0 else by_hand
    assert all_.learn_all(points, classes, epochs=2) == expected
    assert data_of(all_) == data_of(one)


# ---- the perceptron's rule, by example


def test_the_and_gate_step_by_step():
    """From zero, each example in turn; our numbers, by hand: the documents tell no learning of a perceptron."""
    perceptron = Perceptron(2)
    told = [(perceptron.learn(x, y), data_of(perceptron)) for x, y in zip(INPUTS, GATES["AND"])]
    assert told == [(-1, [0, 0, -1]), (0, [0, 0, -1]), (0, [0, 0, -1]), (1, [1, 1, 0])]


def test_learning_stops_after_an_epoch_without_a_mistake():
    assert Perceptron(2).learn_all(INPUTS, GATES["OR"]) == [2, 2, 1, 0]
    assert len(Perceptron(2).learn_all(INPUTS, [0, 1, 1, 0])) == 100
    assert Perceptron(2).learn_all(INPUTS, [1, 1, 1, 1]) == [0]  # the step says 1 at 0


def test_without_an_error_nothing_is_written():
    perceptron = Perceptron(2)
    z = perceptron.weighted_sum([1.0, 2.0])
    assert perceptron.learn([1.0, 2.0], 1) == 0
    assert not z.is_stale
    assert perceptron.learn([1.0, 2.0], 0) == -1
    assert z.is_stale


def test_examples_may_be_arrays_and_inputs_values():
    by_lists, by_arrays, by_values = Perceptron(2), Perceptron(2), Perceptron(2)
    mistakes = by_lists.learn_all(INPUTS, GATES["AND"])
    assert by_arrays.learn_all(np.array(INPUTS), np.array(GATES["AND"])) == mistakes
    values = [[Value(number) for number in x] for x in INPUTS]
    assert by_values.learn_all(values, GATES["AND"]) == mistakes
    assert data_of(by_lists) == data_of(by_arrays) == data_of(by_values)


def test_one_input_may_come_alone():
    perceptron = Perceptron(1)
    assert perceptron.learn_all([-2.0, -1.0, 1.0, 2.0], [0, 0, 1, 1])[-1] == 0
    assert perceptron(1.5).data == 1


# ---- what it is


def test_a_perceptron_says_one_from_zero_on():
    perceptron = Perceptron(1)
    assert [perceptron([x]).data for x in (-1.0, 0.0, 1.0)] == [1, 1, 1]
    set_to(perceptron, [2.0, -1.0])
    assert [perceptron([x]).data for x in (0.25, 0.5, 0.75)] == [0, 1, 1]


def test_a_perceptron_is_a_neuron_with_the_step():
    perceptron = Perceptron(2)
    assert isinstance(perceptron, Neuron)
    assert perceptron.activation == "step"
    assert [node.op for node in topological_order(perceptron([1, 2])) if node.op] == ["dot", "+", "heaviside"]
    assert [parameter.label for parameter in perceptron.parameters()] == ["w[0]", "w[1]", "b"]
    assert repr(perceptron) == "Perceptron(2)"


def test_weights_start_at_zero_or_as_an_initializer_says():
    assert data_of(Perceptron(3)) == [0.0] * 4
    expected = np.random.default_rng(7).uniform(-1, 1, 3)
    assert data_of(Perceptron(3, seed=7, initializer="uniform")) == [*expected, 0.0]


def test_the_rule_is_no_gradient_and_gradient_descent_can_not_teach_it():
    perceptron = Perceptron(2, seed=0, initializer="uniform")
    before = data_of(perceptron)
    (wrong,) = 1 - np.array([perceptron([1.0, 1.0]).data])
    half_squared_error(perceptron([1.0, 1.0]), wrong).backward()
    assert [(p.grad, p.grad_state) for p in perceptron.parameters()] == [(0.0, "computed")] * 3
    SGD(perceptron.parameters(), lr=10).step()
    assert data_of(perceptron) == before
    assert perceptron.learn([1.0, 1.0], wrong) != 0
    assert data_of(perceptron) != before


# ---- what the rule refuses


@pytest.mark.parametrize(
    ("learn", "error", "message"),
    [
        (lambda p: p.learn([1, 2, 3], 1), ValueError, "^Perceptron of 2 inputs got 3$"),
        (lambda p: p.learn([1, 2], -1), ValueError, r"^Perceptron learns the outputs 0 and 1; got -1\.0$"),
        (lambda p: p.learn([1, 2], 0.5), ValueError, r"the outputs 0 and 1; got 0\.5"),
        (lambda p: p.learn([1, 2], "1"), TypeError, "Perceptron, for y, needs one real number; got str"),
        (lambda p: p.learn([1, math.nan], 0), ValueError, "Perceptron needs finite numbers; got nan"),
        (lambda p: p.learn([math.inf, 1], 0), ValueError, "Perceptron needs finite numbers; got inf"),
        (lambda p: p.learn(("1", "2"), 0), TypeError, "needs one real number; got str"),
        (lambda p: p.learn([1, 2], 0, lr=0), ValueError, "lr of Perceptron needs a positive, finite number; got 0"),
        (lambda p: p.learn([1, 2], 0, lr="1"), TypeError, "lr of Perceptron needs one real number"),
        (lambda p: p.learn_all([[1, 2], [1]], [0, 0]), ValueError, "Perceptron of 2 inputs got 1"),
        (lambda p: p.learn_all([[1, 2], [1, 2]], [0, 2]), ValueError, "the outputs 0 and 1; got 2"),
        (lambda p: p.learn_all([[1, 2]], [0, 1]), ValueError, "as many outputs, at least one; got 1 and 2"),
        (lambda p: p.learn_all([], []), ValueError, "as many outputs, at least one; got 0 and 0"),
        (lambda p: p.learn_all([[1, 2]], [0], epochs=0), ValueError, "Perceptron needs at least one epoch; got 0"),
        (lambda p: p.learn_all([[1, 2]], [0], lr=math.nan), ValueError, "lr of Perceptron needs a positive, finite"),
    ],
)
def test_what_can_not_be_learnt_is_refused_and_changes_nothing(learn, error, message):
    perceptron = Perceptron(2)
    with pytest.raises(error, match=message):
        learn(perceptron)
    assert data_of(perceptron) == [0.0, 0.0, 0.0]


def test_a_perceptron_without_inputs_is_an_error():
    with pytest.raises(ValueError, match=r"^Perceptron needs at least one input; got 0$"):
        Perceptron(0)


# ---- laws of Hebb's rule


@given(
    st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=1, max_size=5), st.floats(-9, 9), st.floats(0.1, 2)
)
def test_hebb_adds_rate_times_input_times_output_and_tells_it(pairs, y, lr):
    before, x = map(list, zip(*pairs))
    neuron = Neuron(len(x))
    set_to(neuron, [*before, 0.5])
    changes = hebb(neuron, x, y, lr)
    assert changes == [lr * xi * y for xi in x]
    assert data_of(neuron) == [*(w + change for w, change in zip(before, changes)), 0.5]


@given(st.lists(st.lists(whole, min_size=2, max_size=2), min_size=1, max_size=6), st.data())
def test_hebb_forgets_the_order_of_the_examples(points, data):
    outputs = data.draw(st.lists(whole, min_size=len(points), max_size=len(points)))
    forwards, backwards = Perceptron(2), Perceptron(2)
    examples = list(zip(points, outputs))
    for neuron, order in ((forwards, examples), (backwards, examples[::-1])):
        for x, y in order:
            hebb(neuron, x, y, lr=0.5)
    assert data_of(forwards) == data_of(backwards) == [*(0.5 * np.array(points).T @ outputs), 0.0]


def test_the_output_may_be_what_the_neuron_gives():
    neuron = Neuron(2, "identity")
    set_to(neuron, [1.0, 2.0, 0.0])
    assert hebb(neuron, [Value(3.0), 4], neuron([3, 4]), lr=0.5) == [0.5 * 3 * 11, 0.5 * 4 * 11]


def test_hebb_leaves_a_bias_alone_in_either_form():
    for bias, weights in ((True, 2), ("ones", 2), (False, 2)):
        neuron = Neuron(2, bias=bias, initializer="zeros")
        assert hebb(neuron, [1.0, 2.0], 3.0, lr=1.0) == [3.0, 6.0]
        assert data_of(neuron)[:weights] == [3.0, 6.0]
        assert not any(data_of(neuron)[weights:])


def test_hebb_makes_graphs_stale():
    neuron = Neuron(2)
    z = neuron.weighted_sum([1.0, 2.0])
    hebb(neuron, [1.0, 2.0], 1.0, lr=0.1)
    assert z.is_stale


# ---- Hebb's rule in document 004


POINTS, TARGETS = [[1, 1], [1, 0], [0, 1]], [1, 0, 0]


def taught(X: Any, Y: Any, lr: float) -> tuple[Perceptron, list[list[float]]]:
    """A neuron taught one example after the other, and its weights after each."""
    neuron = Perceptron(len(X[0]))
    after = []
    for x, y in zip(X, Y):
        hebb(neuron, x, y, lr)
        after.append(data_of(neuron)[:-1])
    return neuron, after


def test_document_004_example_of_hebb():
    neuron, after = taught(POINTS, TARGETS, lr=0.1)
    assert after == [[0.1, 0.1]] * 3
    assert neuron.weighted_sum([0, 0]).data == 0
    assert neuron.b.data == 0


def test_erratum_004_1_the_step_at_zero_is_one():
    """The document says f(0) = 0, of the step that it defines as 1 for x >= 0."""
    neuron, _ = taught(POINTS, TARGETS, lr=0.1)
    assert neuron([0, 0]).data == 1


def test_erratum_004_2_two_of_three_points_are_classified_wrongly():
    neuron, _ = taught(POINTS, TARGETS, lr=0.1)
    nets = [neuron.weighted_sum(x).data for x in POINTS]
    assert nets == pytest.approx([0.2, 0.1, 0.1], rel=ROUNDING)
    assert answers(neuron, POINTS) == [1, 1, 1] != TARGETS
    assert [float(net > 0) for net in nets] == [1, 1, 1]  # and a step that is 0 at 0 does not help


@pytest.mark.parametrize("bias", [-0.2, -0.15, -0.100001])
def test_erratum_004_2_a_bias_would_classify_all_of_them(bias):
    neuron, _ = taught(POINTS, TARGETS, lr=0.1)
    neuron.b.data = bias
    assert answers(neuron, POINTS) == TARGETS


@pytest.mark.parametrize("bias", [-0.21, -0.1, 0.0])
def test_erratum_004_2_a_bias_elsewhere_would_not(bias):
    neuron, _ = taught(POINTS, TARGETS, lr=0.1)
    neuron.b.data = bias
    assert answers(neuron, POINTS) != TARGETS


def test_erratum_004_2_the_rule_of_the_perceptron_learns_them():
    perceptron = Perceptron(2)
    assert perceptron.learn_all(POINTS, TARGETS, lr=0.1)[-1] == 0
    assert answers(perceptron, POINTS) == TARGETS


def test_document_004_exercise_of_hebb():
    """Erratum 004-3: the slide of the solution is blank."""
    neuron, after = taught([[1, 0], [0, 1], [0, 0]], [1, 1, 0], lr=0.2)
    assert after == [[0.2, 0.0], [0.2, 0.2], [0.2, 0.2]]
    assert neuron.weighted_sum([1, 1]).data == 0.4
    assert neuron([1, 1]).data == 1


def test_erratum_004_3_with_the_step_of_the_document_the_third_point_is_wrong():
    points, targets = [[1, 0], [0, 1], [0, 0]], [1, 1, 0]
    neuron, _ = taught(points, targets, lr=0.2)
    assert answers(neuron, points) == [1, 1, 1] != targets
    assert [float(neuron.weighted_sum(x).data > 0) for x in points] == targets


# ---- what Hebb's rule refuses


@pytest.mark.parametrize(
    ("details", "error", "message"),
    [
        ({"x": [1.0]}, ValueError, "^hebb of 2 inputs got 1$"),
        ({"x": [1.0, math.nan]}, ValueError, "hebb needs finite numbers; got nan"),
        ({"y": math.inf}, ValueError, "hebb, for y, needs finite numbers; got inf"),
        ({"y": "1"}, TypeError, "needs one real number; got str '1'"),
        ({"lr": 0.0}, ValueError, r"lr of hebb needs a positive, finite number; got 0\.0"),
        ({"lr": -0.1}, ValueError, r"lr of hebb needs a positive, finite number; got -0\.1"),
    ],
)
def test_hebb_refuses_what_does_not_fit_and_changes_nothing(details, error, message):
    neuron = Neuron(2, initializer="zeros")
    with pytest.raises(error, match=message):
        hebb(neuron, **{"x": [1.0, 1.0], "y": 1.0, "lr": 0.1, **details})
    assert data_of(neuron) == [0.0, 0.0, 0.0]


def test_hebb_refuses_a_weight_that_no_float_can_hold_and_changes_nothing():
    neuron = Neuron(2, initializer="zeros")
    with pytest.raises(ValueError, match=r"^hebb, for w \+ Δw, needs finite numbers; got inf$"):
        hebb(neuron, [1.0, 1e200], 1e200, 1.0)
    assert data_of(neuron) == [0.0, 0.0, 0.0]


def test_hebb_needs_a_neuron():
    with pytest.raises(TypeError, match="hebb needs a neuron; got list"):
        hebb([Neuron(2)], [1.0, 1.0], 1.0, 0.1)
