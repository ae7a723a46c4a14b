from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, topological_order
from nn import L1, L2, MLP, ActivityL2, Convolution2D, Flatten, Layer, Module, Neuron, Regularizer, Sequential, mse
from nn.regularizers import penalty

ROUNDING = 1e-14  # relative: all terms have one sign, so nothing cancels in sums of some ten
STEP = 1e-30  # complex step: nothing is subtracted, so it may be as small as we like

strengths = st.sampled_from([0.0, 0.001, 0.5, 3.0])
weights = st.lists(st.floats(-1e3, 1e3).map(lambda x: round(x, 3)), min_size=1, max_size=10)

# of complex weights too
FORMULAS: dict[Any, Any] = {
    L1: lambda w: np.sum(w * np.sign(w.real)),
    L2: lambda w: np.sum(w**2),
}

of_weights = pytest.mark.parametrize("kind", [L1, L2])


class Weights(Module):
    """A module of one's own, of which all parameters are weights."""

    def __init__(self, numbers: list[float]) -> None:
        self.leaves = [Value(number) for number in numbers]

    def parameters(self) -> list[Value]:
        return self.leaves


def network(seed: int) -> Sequential:
    """A net with kernels, neurons that have a bias, an input that is always 1, or none, all biases far from 0."""
    model = Sequential(
        Convolution2D(1, 2, 2, seed=seed),
        Flatten(),
        Layer(8, 3, "tanh", seed=seed + 1),
        Layer(3, 2, "sigmoid", bias="ones", seed=seed + 2),
        Layer(2, 1, bias=False, seed=seed + 3),
    )
    for parameter in set(model.parameters()) - set(weights_of(model)):
        parameter.data = 100.0
    return model


def weights_of(model: Sequential) -> list[Value]:
    kernels, _, *layers = model.children()
    neurons = [*kernels.kernels, *(neuron for layer in layers for neuron in layer.neurons)]
    return [w for neuron in neurons for w in (neuron.w[:-1] if neuron.bias == "ones" else neuron.w)]


# ---- L1 and L2


@of_weights
@given(weights, strengths)
def test_value_and_gradient_are_those_of_the_formula(kind, numbers, strength):
    model = Weights(numbers)
    found = kind(strength)(model)
    found.backward()
    array = np.array(numbers)
    assert found.data == pytest.approx(strength * FORMULAS[kind](array), rel=ROUNDING, abs=0)
    for leaf, unit in zip(model.leaves, np.eye(len(numbers))):
        slope = strength * FORMULAS[kind](array + 1j * STEP * unit).imag / STEP
        assert leaf.grad == pytest.approx(slope, rel=ROUNDING, abs=0)


@given(weights, strengths)
def test_slopes_are_two_lambda_w_and_lambda_towards_zero(numbers, strength):
    """Document 002, section 3.8: L2 without 1/2, and L1 with the slope 0 where w is 0."""
    first, second = Weights([*numbers, 0.0]), Weights([*numbers, 0.0])
    L1(strength)(first).backward()
    L2(strength)(second).backward()
    assert [w.grad for w in first.leaves] == [strength * float(np.sign(w.data)) for w in first.leaves]
    doubled = [2 * strength * w.data for w in second.leaves]
    assert [w.grad for w in second.leaves] == pytest.approx(doubled, rel=ROUNDING)


@of_weights
@given(seed=st.integers(0, 1000))
def test_kernels_and_weights_are_penalized_and_biases_are_not(kind, seed):
    model = network(seed)
    found = kind(0.5)(model)
    found.backward()
    penalized = weights_of(model)
    expected = 0.5 * FORMULAS[kind](np.array([w.data for w in penalized]))
    assert found.data == pytest.approx(expected, rel=ROUNDING)
    assert {w for w in topological_order(found) if w.primitive is None} == set(penalized)
    assert all(w.grad != 0 for w in penalized)
    assert {p.grad for p in set(model.parameters()) - set(penalized)} == {0.0}


@of_weights
@pytest.mark.parametrize(
    "model", [Neuron(3, seed=1), Layer(3, 2, seed=1), MLP(2, [3, 1], seed=1), Convolution2D(2, 3, 2, seed=1)]
)
def test_every_module_can_be_penalized(kind, model):
    array = np.array([w.data for w in model.weight_parameters()])
    assert kind(0.25)(model).data == pytest.approx(0.25 * FORMULAS[kind](array), rel=ROUNDING)


@of_weights
def test_a_weight_that_two_layers_share_is_penalized_once(kind):
    layer = Layer(2, 2, seed=1)
    assert kind(1.0)(Sequential(layer, layer)).data == kind(1.0)(layer).data


@of_weights
def test_a_model_without_weights_has_the_penalty_0(kind):
    assert kind(0.5)(Sequential(Flatten())).data == 0.0


@of_weights
@pytest.mark.parametrize("model", [None, [Value(1.0)], print])
def test_what_has_no_weights_is_refused(kind, model):
    with pytest.raises(TypeError, match=rf"^{kind.__name__}\(0\.5\) needs a model with weight_parameters\(\); got "):
        kind(0.5)(model)


# ---- outputs of layers

activities = st.integers(1, 4).flatmap(
    lambda size: st.lists(st.lists(st.floats(-10, 10), min_size=size, max_size=size), min_size=1, max_size=5)
)


@given(activities, strengths)
def test_activity_is_squared_and_summed_and_divided_by_the_examples(rows, strength):
    values = [[Value(a) for a in row] for row in rows]
    found = ActivityL2(strength)([[row, Value(9.0)] for row in values])
    found.backward()
    array = np.array(rows)
    assert found.data == pytest.approx(strength * np.sum(array**2) / len(array), rel=1e-12, abs=1e-300)
    slopes = 2 * strength * array / len(array)
    assert np.allclose([[a.grad for a in row] for row in values], slopes, rtol=1e-12, atol=1e-300)


def test_activity_is_that_of_the_layer_that_is_named():
    model = network(3)
    images = np.random.default_rng(0).uniform(-1, 1, (4, 3, 3))
    outputs = [model.outputs(image) for image in images]
    for layer in range(1, 6):
        squares = [a.data**2 for given in outputs for a in np.ravel(np.array(given[layer - 1], dtype=object))]
        assert ActivityL2(0.5, layer)(outputs).data == pytest.approx(0.5 * sum(squares) / 4, rel=ROUNDING)


def test_activity_reaches_the_parameters_of_the_layers_below_and_no_others():
    model = MLP(2, [3, 2, 1], "tanh", seed=1)
    ActivityL2(0.5, layer=2)([model.outputs(x) for x in ([0.5, -1.0], [2.0, 0.25])]).backward()
    for layer, reached in zip(model.layers, (True, True, False)):
        assert {p.grad != 0 for p in layer.parameters()} == {reached}


def test_activity_of_mnist_is_that_of_the_listing():
    """Document 002, section 4.4: l2(0.001) of the 64 outputs of the first layer, which is not of its weights."""
    layer = [Value(0.5)] * 64
    assert ActivityL2(0.001)([[layer]] * 128).data == pytest.approx(0.001 * 64 * 0.25, rel=ROUNDING)


def test_activity_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match=r"^ActivityL2 needs the outputs of at least one example; got none$"):
        ActivityL2(0.5)([])
    with pytest.raises(ValueError, match=r"^ActivityL2 of layer 2 got the outputs of 1 layers$"):
        ActivityL2(0.5, layer=2)([[Value(1.0), Value(2.0)], [Value(1.0)]])
    for layer in (0, -1):
        with pytest.raises(ValueError, match=f"^ActivityL2 counts layers from 1; got the layer {layer}$"):
            ActivityL2(0.5, layer)
    with pytest.raises(TypeError):
        ActivityL2(0.5, 1.0)


# ---- all regularizers


@pytest.mark.parametrize("kind", [L1, L2, ActivityL2])
@pytest.mark.parametrize("strength", [-0.1, math.nan, math.inf, -math.inf])
def test_strength_that_is_negative_or_not_finite_is_refused(kind, strength):
    with pytest.raises(ValueError, match=rf"^strength of {kind.__name__} needs a finite number >= 0; got {strength}$"):
        kind(strength)


@pytest.mark.parametrize("kind", [L1, L2, ActivityL2])
@pytest.mark.parametrize("strength", ["0.1", None, 1j, [0.1, 0.2]])
def test_strength_that_is_no_number_is_refused(kind, strength):
    with pytest.raises(TypeError, match=f"^strength of {kind.__name__} needs one real number; got "):
        kind(strength)


def test_regularizers_say_what_they_are():
    assert [repr(one) for one in (L1(0.5), L2(np.float32(0.25)), ActivityL2(1, 2))] == [
        "L1(0.5)", "L2(0.25)", "ActivityL2(1.0, layer=2)",
    ]  # fmt: skip
    assert [kind.needs_outputs for kind in (L1, L2, ActivityL2, Regularizer)] == [False, False, True, False]


def test_a_subclass_has_to_say_how_it_penalizes():
    class Nothing(Regularizer):
        """One's own, not finished."""

    with pytest.raises(NotImplementedError, match=r"^Nothing has to say how it penalizes$"):
        Nothing(0.5)(Weights([1.0]))


# ---- their sum


def test_penalties_are_added():
    model = MLP(2, [3, 1], seed=1)
    outputs = [model.outputs(x) for x in ([0.5, -1.0], [2.0, 0.25])]
    chosen = [L1(0.5), ActivityL2(0.25, layer=2), L2(2.0)]
    alone = [chosen[0](model).data, chosen[1](outputs).data, chosen[2](model).data]
    assert min(alone) > 0
    assert penalty(chosen, model, outputs).data == pytest.approx(math.fsum(alone), rel=ROUNDING)
    assert penalty(iter(chosen), model, outputs).data == penalty(chosen, model, outputs).data


def test_gradient_of_loss_and_penalty_is_the_sum_of_theirs():
    X, Y = [[0.5, -1.0], [2.0, 0.25]], [1.0, -1.0]
    found = []
    for parts in ("loss", "penalty", "both"):
        model = MLP(2, [3, 1], "tanh", seed=1)
        loss, added = mse([model(x) for x in X], Y), penalty([L2(0.5), L1(0.25)], model)
        {"loss": loss, "penalty": added, "both": loss + added}[parts].backward()
        found.append(np.array([p.grad for p in model.parameters()]))
    assert np.allclose(found[0] + found[1], found[2], rtol=0, atol=ROUNDING * 10)


def test_one_penalty_is_itself_and_none_is_none():
    model = Weights([2.0])
    assert [node.op for node in topological_order(penalty([L2(0.5)], model)) if node.op] == ["dot", "*"]
    assert penalty([L2(0.5)], model).data == 2.0
    assert penalty([L2(0.5), L1(0.25)], model).data == 2.5
    assert penalty([], model) is None


def test_outputs_that_are_needed_and_missing_are_refused():
    with pytest.raises(ValueError, match=r"^ActivityL2\(0\.5, layer=1\) needs the outputs of the layers; got none$"):
        penalty([L2(0.5), ActivityL2(0.5)], Weights([1.0]))


@of_weights
@given(weights, strengths)
def test_value_and_gradient_are_those_of_pytorch(kind, numbers, strength):
    torch = pytest.importorskip("torch")
    model = Weights(numbers)
    ours = kind(strength)(model)
    ours.backward()
    theirs = torch.tensor(numbers, dtype=torch.float64, requires_grad=True)
    expected = strength * (theirs.abs() if kind is L1 else theirs**2).sum()
    expected.backward()
    assert ours.data == pytest.approx(expected.item(), rel=ROUNDING)
    assert [w.grad for w in model.leaves] == pytest.approx(theirs.grad.tolist(), rel=ROUNDING)
