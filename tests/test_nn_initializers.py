from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import MLP, Layer, Neuron
from nn.models.initializers import INITIALIZERS, initializer_of

STANDARD_DEVIATIONS = 5  # of a statistic of seeded draws: what one in two million would leave by chance
DRAWS = 20_000
FAN_IN, FAN_OUT = 6, 3

seeds = st.integers(0, 2**32)


class Law(NamedTuple):
    """What weights are drawn from: mean, variance, kurtosis, and the ends, if it has any."""

    mean: float
    variance: float
    kurtosis: float
    ends: tuple[float, float]


UNIFORM, NORMAL = 1.8, 3.0  # kurtosis
UNBOUNDED = (-math.inf, math.inf)


def uniform(low: float, high: float) -> Law:
    return Law((low + high) / 2, (high - low) ** 2 / 12, UNIFORM, (low, high))


def normal(variance: float) -> Law:
    return Law(0, variance, NORMAL, UNBOUNDED)


LAWS = {
    "uniform": uniform(-1, 1),
    "uniform01": uniform(0, 1),
    "he_uniform": uniform(-math.sqrt(6 / FAN_IN), math.sqrt(6 / FAN_IN)),
    "he_normal": normal(2 / FAN_IN),
    "xavier_uniform": uniform(-math.sqrt(6 / (FAN_IN + FAN_OUT)), math.sqrt(6 / (FAN_IN + FAN_OUT))),
    "xavier_normal": normal(2 / (FAN_IN + FAN_OUT)),
    "glorot_uniform": uniform(-math.sqrt(6 / (FAN_IN + FAN_OUT)), math.sqrt(6 / (FAN_IN + FAN_OUT))),
    "glorot_normal": normal(2 / (FAN_IN + FAN_OUT)),
}
"""From the papers and the documents, for FAN_IN and FAN_OUT."""

every_name = pytest.mark.parametrize("name", INITIALIZERS)
every_law = pytest.mark.parametrize(("name", "law"), LAWS.items())


def drawn(name: str, seed: int = 0, size: int = DRAWS) -> np.ndarray:
    return INITIALIZERS[name](np.random.default_rng(seed), (size,), FAN_IN, FAN_OUT)


# ---- laws


def test_every_initializer_has_its_law_and_zeros_has_none():
    assert {*LAWS, "zeros"} == set(INITIALIZERS)


@every_law
def test_weights_stay_between_the_ends_and_come_near_both(name, law):
    weights = drawn(name)
    low, high = law.ends
    assert low <= weights.min()
    assert weights.max() <= high
    if math.isfinite(high):
        near = 20 * (high - low) / DRAWS  # that none of so many is nearer has the probability exp(-20)
        assert weights.min() <= low + near
        assert weights.max() >= high - near
    else:
        assert abs(weights).max() > 3 * math.sqrt(law.variance)


@every_law
def test_mean_and_variance_are_those_of_the_papers(name, law):
    weights = drawn(name)
    assert abs(weights.mean() - law.mean) <= STANDARD_DEVIATIONS * math.sqrt(law.variance / DRAWS)
    spread = law.variance * math.sqrt((law.kurtosis - 1) / DRAWS)  # of the variance of a sample
    assert abs(np.mean((weights - law.mean) ** 2) - law.variance) <= STANDARD_DEVIATIONS * spread


@every_law
def test_uniform_ones_are_flat_and_normal_ones_are_not(name, law):
    weights = drawn(name)
    kurtosis = np.mean((weights - law.mean) ** 4) / law.variance**2
    assert kurtosis == pytest.approx(law.kurtosis, rel=0.1)  # 1.8 and 3 are far apart


@every_name
@given(shape=st.lists(st.integers(1, 4), min_size=1, max_size=4).map(tuple), seed=seeds)
def test_weights_have_the_shape_that_is_asked_for_and_the_seed_decides_them(name, shape, seed):
    first, second = (INITIALIZERS[name](np.random.default_rng(seed), shape, FAN_IN, FAN_OUT) for _ in range(2))
    assert first.shape == shape
    assert first.dtype == float
    assert first.tolist() == second.tolist()


@every_law
def test_another_seed_gives_other_weights(name, law):
    assert (drawn(name, seed=1, size=100) != drawn(name, seed=2, size=100)).all()


@given(st.integers(1, 500), st.integers(1, 500), seeds)
def test_sizes_of_layers_scale_the_same_draws(fan_in, fan_out, seed):
    def first(name: str) -> float:
        return float(INITIALIZERS[name](np.random.default_rng(seed), (1,), fan_in, fan_out)[0])

    uniform, normal = np.random.default_rng(seed).uniform(-1, 1), np.random.default_rng(seed).normal()
    assert first("he_uniform") == pytest.approx(math.sqrt(6 / fan_in) * uniform, rel=1e-12, abs=1e-15)
    assert first("he_normal") == pytest.approx(math.sqrt(2 / fan_in) * normal, rel=1e-12)
    assert first("xavier_uniform") == pytest.approx(math.sqrt(6 / (fan_in + fan_out)) * uniform, rel=1e-12, abs=1e-15)
    assert first("xavier_normal") == pytest.approx(math.sqrt(2 / (fan_in + fan_out)) * normal, rel=1e-12)


def test_xavier_and_glorot_are_one():
    """Erratum 002-24: document 002 lists both."""
    for kind in ("uniform", "normal"):
        assert INITIALIZERS[f"xavier_{kind}"] is INITIALIZERS[f"glorot_{kind}"]


def test_zeros_are_zero_and_draw_nothing():
    rng, other = np.random.default_rng(0), np.random.default_rng(0)
    assert not INITIALIZERS["zeros"](rng, (2, 3), FAN_IN, FAN_OUT).any()
    assert rng.random() == other.random()


# ---- in neurons, layers and networks


@every_name
def test_layers_draw_row_after_row_and_biases_start_at_zero(name):
    layer, rng = Layer(3, 4, seed=7, initializer=name), np.random.default_rng(7)
    assert layer.weights.tolist() == INITIALIZERS[name](rng, (4, 3), 3, 4).tolist()
    assert not layer.biases.any()


@every_name
def test_networks_draw_layer_after_layer(name):
    model, rng = MLP(3, [4, 2], seed=7, initializer=name), np.random.default_rng(7)
    assert model.layers[0].weights.tolist() == INITIALIZERS[name](rng, (4, 3), 3, 4).tolist()
    assert model.layers[1].weights.tolist() == INITIALIZERS[name](rng, (2, 4), 4, 2).tolist()


@every_name
@given(seed=seeds)
def test_same_seed_gives_the_same_network(name, seed):
    first, second = (MLP(2, [3, 1], seed=seed, initializer=name) for _ in range(2))
    assert [p.data for p in first.parameters()] == [p.data for p in second.parameters()]


def test_a_neuron_alone_has_a_fan_out_of_one():
    told = []

    def initializer(rng, shape, fan_in, fan_out):
        told.append((shape, fan_in, fan_out))
        return np.arange(shape[0])

    neuron = Neuron(3, initializer=initializer)
    assert told == [((3,), 3, 1)]
    assert [weight.data for weight in neuron.w] == [0.0, 1.0, 2.0]
    assert {type(weight.data) for weight in neuron.w} == {float}


def test_the_fan_out_of_a_layer_is_the_number_of_its_neurons():
    told = []

    def initializer(rng, shape, fan_in, fan_out):
        told.append((shape, fan_in, fan_out))
        return np.zeros(shape)

    Layer(3, 5, initializer=initializer)
    assert told == [((3,), 3, 5)] * 5


def test_the_weight_of_an_input_that_is_always_one_is_drawn_and_does_not_count_as_an_input():
    told = []

    def initializer(rng, shape, fan_in, fan_out):
        told.append((shape, fan_in, fan_out))
        return np.ones(shape)

    layer = Layer(3, 2, bias="ones", initializer=initializer)
    assert told == [((4,), 3, 2)] * 2
    assert layer.weights.tolist() == [[1.0] * 4] * 2


# ---- names, and what is refused


def test_a_function_is_its_own_initializer():
    assert initializer_of(np.ones) is np.ones
    assert initializer_of("zeros") is INITIALIZERS["zeros"]


@pytest.mark.parametrize("name", ["he", "", None])
def test_an_unknown_name_is_an_error_that_lists_the_known(name):
    known = ", ".join(INITIALIZERS)
    with pytest.raises(ValueError, match=f"^there is no initializer {name!r}; known are {known}, and any f"):
        MLP(2, [1], initializer=name)


@pytest.mark.parametrize("weights", [np.zeros(3), np.zeros((1, 2)), 0.0, []])
def test_an_initializer_that_gives_another_shape_is_an_error_with_both(weights):
    with pytest.raises(ValueError, match=r"^Neuron needs an initializer that gives the shape \(2,\); got \("):
        Neuron(2, initializer=lambda rng, shape, fan_in, fan_out: weights)


def test_an_initializer_that_gives_no_numbers_is_an_error():
    with pytest.raises(TypeError, match="needs one real number; got str 'a'"):
        Neuron(2, initializer=lambda rng, shape, fan_in, fan_out: np.array(["a", "b"]))
