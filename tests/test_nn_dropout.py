from __future__ import annotations

import copy
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, topological_order
from nn import Layer, Sequential, half_squared_error
from nn.models.dropout import Dropout

STANDARD_DEVIATIONS = 5  # of a mean of seeded draws: what one in two million would leave by chance

probabilities = st.floats(0, 0.9)
seeds = st.integers(0, 2**32)


def training(p: float, seed: int = 0) -> Dropout:
    return Dropout(p, seed).train()


def data_of(values: list[Value]) -> list[float]:
    return [value.data for value in values]


# ---- laws


@given(probabilities, seeds, st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=20))
def test_each_input_is_multiplied_by_zero_or_by_the_inverse_of_what_is_kept(p, seed, numbers):
    outputs = training(p, seed)([Value(number) for number in numbers])
    for x, y in zip(numbers, outputs):
        assert y.data in (x * 0.0, x * (1 / (1 - p)))


@given(st.fractions(0, Fraction(9, 10)))
def test_the_two_factors_have_the_mean_one(p):
    """What the factor 1 / (1 - p) is for: erratum 002-24."""
    (kept,) = set(training(float(p), 1)([1.0] * 100)) - {0.0}
    assert (1 - p) * Fraction(kept) == pytest.approx(1, rel=4 * 2**-52)


@pytest.mark.parametrize("p", [0.0, 0.1, 0.5, 0.8, 0.9, 0.99])
def test_inputs_are_expected_to_be_themselves(p):
    draws = 20_000
    factors = training(p, 7)([1.0] * draws)
    spread = math.sqrt(p / (1 - p) / draws)  # of the mean: one factor has the variance p / (1 - p)
    assert abs(np.mean(factors) - 1) <= STANDARD_DEVIATIONS * spread
    assert abs(np.mean(np.equal(factors, 0)) - p) <= STANDARD_DEVIATIONS * math.sqrt(p * (1 - p) / draws)


@given(probabilities, seeds, st.integers(1, 20))
def test_the_gradient_of_an_input_is_its_factor(p, seed, size):
    inputs = [Value(2.0) for _ in range(size)]
    outputs = training(p, seed)(inputs)
    np.sum(outputs).backward()
    assert [x.grad for x in inputs] == [y.data / 2 for y in outputs]


@given(seeds)
def test_what_is_dropped_has_the_gradient_zero(seed):
    inputs = [Value(2.0) for _ in range(30)]
    outputs = training(0.5, seed)(inputs)
    np.sum(outputs).backward()
    dropped = [x for x, y in zip(inputs, outputs) if y.data == 0]
    assert {x.grad for x in dropped} <= {0.0}
    assert {x.grad_state for x in dropped} <= {"computed"}


@given(probabilities, seeds)
def test_same_seed_drops_the_same_call_for_call(p, seed):
    first, second = training(p, seed), training(p, seed)
    assert [first([1.0] * 9) for _ in range(3)] == [second([1.0] * 9) for _ in range(3)]


def test_calls_draw_anew_and_without_a_seed_so_does_every_run():
    dropout = training(0.5)
    assert dropout([1.0] * 50) != dropout([1.0] * 50)
    assert Dropout(0.5).train()([1.0] * 50) != Dropout(0.5).train()([1.0] * 50)


def test_a_generator_is_shared_by_who_is_given_it():
    rng = np.random.default_rng(3)
    both = Dropout(0.5, rng).train()([1.0] * 10), Dropout(0.5, rng).train()([1.0] * 10)
    assert [*both[0], *both[1]] == training(0.5, 3)([1.0] * 20)


def test_the_generator_of_the_process_is_left_alone():
    before = np.random.get_state()[1].tolist()  # noqa: NPY002 - it is the global one that is meant
    training(0.5)([1.0] * 10)
    Dropout(0.5).train()([1.0] * 10)
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002


def test_calls_that_predict_draw_nothing():
    dropout, other = training(0.5, 3), training(0.5, 3)
    dropout.eval()([1.0] * 10)
    assert dropout.train()([1.0] * 20) == other([1.0] * 20)


# ---- when it is off


@pytest.mark.parametrize("x", [[1.0, Value(2.0)], Value(3.0), 4, np.ones((2, 3)), (1.0, 2.0)])
def test_what_predicts_is_given_its_inputs_themselves(x):
    assert Dropout(0.9, seed=0)(x) is x
    assert training(0.9).eval()(x) is x


def test_a_network_tells_it_when_to_work():
    network = Sequential(Layer(2, 20, "identity", seed=0), Dropout(0.5, seed=1), Layer(20, 1, "identity", seed=2))
    predicted = network([1.0, 2.0]).data
    assert network.train()([1.0, 2.0]).data != predicted
    assert network.eval()([1.0, 2.0]).data == predicted


# ---- the graph


@pytest.mark.parametrize("p", [0.0, 0.5])
def test_each_value_gives_one_product_with_a_plain_number_dropped_or_not(p):
    inputs = [Value(float(number)) for number in range(1, 30)]
    outputs = training(p)(inputs)
    for x, y in zip(inputs, outputs):
        assert y.op == "*"
        assert y.operands[0] is x
        assert type(y.operands[1]) is float
    assert {y.operands[1] for y in outputs} == ({0.0, 2.0} if p else {1.0})


def test_numbers_stay_numbers():
    assert {type(y) for y in training(0.5)([1.0, 2, np.float32(3)])} == {float}
    assert type(training(0.5)(3)) is float


def test_weights_behind_what_was_dropped_have_the_gradient_zero():
    hidden = Layer(2, 10, "sigmoid", seed=0)
    network = Sequential(hidden, Dropout(0.5, seed=1), Layer(10, 1, "identity", seed=2)).train()
    given = network.outputs([1.0, 2.0])
    half_squared_error(given[-1], 1.0).backward()
    is_dropped = [y.data == 0 for y in given[1]]
    assert any(is_dropped)
    assert not all(is_dropped)
    assert [not row.any() for row in hidden.weight_gradients] == is_dropped
    assert [not gradient for gradient in hidden.bias_gradients] == is_dropped


# ---- shapes


def test_a_lone_value_stays_alone():
    y = training(0.5)(Value(3.0))
    assert type(y) is Value
    assert y.data in (0.0, 6.0)


@pytest.mark.parametrize("kind", [list, tuple])
def test_a_sequence_gives_a_list(kind):
    y = training(0.5)(kind([Value(1.0), Value(2.0)]))
    assert [type(y), len(y)] == [list, 2]


@pytest.mark.parametrize("shape", [(4,), (2, 3), (2, 3, 4), (1, 1, 1)])
def test_an_array_keeps_its_shape_and_every_element_its_place(shape):
    x = np.vectorize(Value, otypes=[object])(np.arange(1.0, 1 + math.prod(shape)).reshape(shape))
    y = training(0.3)(x)
    assert (type(y), y.shape) == (np.ndarray, shape)
    assert all(after.operands[0] is before for before, after in zip(x.flat, y.flat))


def test_nested_lists_give_an_array():
    x = [[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]]
    y = training(0.3)(x)
    assert y.shape == (2, 2)
    assert y[1, 0].operands[0] is x[1][0]


def test_an_array_of_numbers_is_not_changed():
    x = np.ones((3, 3))
    assert training(0.5)(x).shape == (3, 3)
    assert x.tolist() == np.ones((3, 3)).tolist()


def test_nothing_gives_nothing():
    assert training(0.5)([]) == []


def test_output_shape_is_that_of_the_inputs():
    assert [Dropout(0.5).output_shape(shape) for shape in (None, (3,), (2, 3, 4))] == [None, (3,), (2, 3, 4)]


# ---- what it is


def test_it_has_no_parameters():
    assert Dropout(0.5).parameters() == []


def test_repr_says_p():
    assert repr(Dropout(0.25, seed=3)) == "Dropout(0.25)"


def test_a_deep_copy_goes_on_with_the_same_draws():
    dropout = training(0.5)
    dropout([1.0] * 5)
    twin = copy.deepcopy(dropout)
    assert twin([1.0] * 20) == dropout([1.0] * 20)


@pytest.mark.parametrize("p", [1.0, -0.1, 1.5, math.nan, math.inf])
def test_p_is_at_least_zero_and_below_one(p):
    with pytest.raises(ValueError, match=f"^p of Dropout needs a number >= 0 and < 1; got {p}$"):
        Dropout(p)


@pytest.mark.parametrize("p", ["0.5", None, [0.5]])
def test_p_is_a_number(p):
    with pytest.raises(TypeError, match=r"^p of Dropout needs one real number; got"):
        Dropout(p)


def test_what_is_no_number_is_refused():
    with pytest.raises(TypeError, match="needs one real number; got str 'a'"):
        training(0.5)(["a"])
    with pytest.raises(ValueError, match="Dropout needs rows of one length"):
        training(0.5)([[1], [2, 3]])


def test_training_records_the_inputs_and_nothing_else():
    x = Value(3.0)
    y = training(0.5)(x)
    assert topological_order(y) == [x, y]
