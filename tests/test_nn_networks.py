from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, topological_order
from autograd.derivatives import scales
from nn import MLP, SGD, Layer, Module, Neuron, Sequential, half_squared_error
from nn.models.convolution import Convolution2D
from nn.models.dropout import Dropout
from nn.models.pooling import Flatten, MaxPooling2D

ROUNDING = 1e-12  # of the scale: two ways to the same sum differ by some tens of roundings
UNSATURATED = 0.3  # weights so small that |z| stays below 3: further out 1 - tanh² has lost digits, as documented
TARGETS = (4.0, 5.0)  # sizes that no output has: near one, prediction - target has lost the digits that both share
STEP = 1e-30  # complex step: nothing is subtracted, so it may be as small as we like

# from their definitions, for the complex z of a whole layer; a kink looks at the real part
NUMPY_ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": lambda z: np.sinh(z) / np.cosh(z),
    "relu": lambda z: np.where(z.real > 0, z, 0),
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "softmax": lambda z: np.exp(z) / np.sum(np.exp(z)),
}

seeds = st.integers(0, 2**32)
names = st.sampled_from(sorted(NUMPY_ACTIVATIONS))
shapes = st.lists(st.tuples(st.integers(1, 4), names), min_size=1, max_size=3)


def numpy_network(parameters: Any, x: Any, sizes: list[int], activations: list[str]) -> Any:
    """The outputs in NumPy, from the parameters in one flat array: for each neuron its weights, then its bias."""
    taken = 0
    for size, activation in zip(sizes, activations):
        rows = parameters[taken : taken + size * (len(x) + 1)].reshape(size, len(x) + 1)
        taken += rows.size
        x = NUMPY_ACTIVATIONS[activation](rows[:, :-1] @ x + rows[:, -1])
    assert taken == len(parameters)
    return x


def data_of(values: Any) -> Any:
    return np.array([value.data for value in values])


def listed(outputs: Any) -> list[Value]:
    return outputs if isinstance(outputs, list) else [outputs]


def parameter_data(module: Module) -> Any:
    return data_of(module.parameters())


# ---- laws


@given(shapes, seeds)
def test_each_layer_has_its_own_activation_and_gradients_are_those_of_numpy(layers, seed):
    sizes, activations = map(list, zip(*layers))
    rng = np.random.default_rng(seed)
    model = MLP(3, sizes, activations, seed=rng)
    for parameter in model.parameters():
        parameter.data = rng.uniform(-UNSATURATED, UNSATURATED)
    x, at = rng.uniform(-1, 1, 3), parameter_data(model) + 0j
    targets = rng.choice([-1, 1], sizes[-1]) * rng.uniform(*TARGETS, sizes[-1])

    def numpy_loss(parameters: Any) -> Any:
        return 0.5 * np.sum((numpy_network(parameters, x, sizes, activations) - targets) ** 2)

    outputs = listed(model(x))
    assert data_of(outputs) == pytest.approx(numpy_network(at, x, sizes, activations).real, rel=ROUNDING, abs=ROUNDING)
    loss = half_squared_error(outputs, targets)
    loss.backward()
    slopes = [numpy_loss(at + 1j * STEP * unit).imag / STEP for unit in np.eye(len(at))]
    allowed = ROUNDING * np.array(scales(loss, model.parameters()))
    assert np.all(abs(np.array([p.grad for p in model.parameters()]) - slopes) <= allowed)


@given(shapes, seeds)
def test_a_network_gives_what_its_layers_give_one_after_the_other(layers, seed):
    rng = np.random.default_rng(seed)
    sizes, activations = zip(*layers)
    chain = [Layer(*shape, f, seed=rng) for shape, f in zip(zip([2, *sizes], sizes), activations, strict=False)]
    x = y = rng.uniform(-1, 1, 2)
    by_hand = [y := layer(y) for layer in chain]
    given = Sequential(*chain).outputs(x)
    assert [data_of(listed(y)).tolist() for y in given] == [data_of(listed(y)).tolist() for y in by_hand]
    assert data_of(listed(Sequential(*chain)(x))).tolist() == data_of(listed(by_hand[-1])).tolist()


@given(shapes, seeds)
def test_an_mlp_is_a_sequence_of_layers_that_draw_one_after_the_other(layers, seed):
    sizes, activations = map(list, zip(*layers))
    model, rng = MLP(2, sizes, activations, seed=seed), np.random.default_rng(seed)
    chain = Sequential(*(Layer(*shape, f, seed=rng) for *shape, f in zip([2, *sizes], sizes, activations)))
    assert parameter_data(model).tolist() == parameter_data(chain).tolist()
    assert [p.label for p in model.parameters()] == [p.label for p in chain.parameters()]
    assert data_of(listed(model([0.5, -1]))).tolist() == data_of(listed(chain([0.5, -1]))).tolist()


@given(st.lists(st.integers(1, 4), min_size=1, max_size=3), seeds)
def test_a_column_of_ones_does_the_work_of_biases(sizes, seed):
    """Document 002, section 3.8: z = x1·w1 + x2·w2 + 1·w0."""
    rng = np.random.default_rng(seed)
    biased, ones = (MLP(2, sizes, "tanh", bias=bias) for bias in (True, "ones"))
    for layer, twin in zip(biased.layers, ones.layers):
        W, b = rng.uniform(-1, 1, layer.weights.shape), rng.uniform(-1, 1, layer.biases.shape)
        layer.set_weights(W, b)
        twin.set_weights(np.column_stack([W, b]))
    x, targets = rng.uniform(-1, 1, 2), rng.uniform(-1, 1, sizes[-1])
    for model in (biased, ones):
        half_squared_error(model(x), targets).backward()
    assert data_of(listed(biased(x))).tolist() == data_of(listed(ones(x))).tolist()
    for layer, twin in zip(biased.layers, ones.layers):
        expected = np.column_stack([layer.weight_gradients, layer.bias_gradients])
        assert twin.weight_gradients.tolist() == expected.tolist()


@given(st.lists(st.integers(1, 4), min_size=1, max_size=3), seeds)
def test_no_bias_is_a_bias_of_zero(sizes, seed):
    with_bias, without = (MLP(2, sizes, "tanh", bias=bias, seed=seed) for bias in (True, False))
    x = np.random.default_rng(seed).uniform(-1, 1, 2)
    assert data_of(listed(without(x))).tolist() == data_of(listed(with_bias(x))).tolist()
    assert len(with_bias.parameters()) - len(without.parameters()) == sum(sizes)


@given(st.lists(st.floats(-30, 30), min_size=2, max_size=5))
def test_softmax_gives_probabilities_of_classes(zs):
    layer = Layer(1, len(zs), "softmax")
    layer.set_weights(np.zeros((len(zs), 1)), zs)
    probabilities = layer([0.0])
    exponentials = np.exp(np.array(zs) - max(zs))
    assert data_of(probabilities) == pytest.approx(exponentials / exponentials.sum(), rel=100 * ROUNDING, abs=0)
    assert sum(data_of(probabilities)) == pytest.approx(1, rel=ROUNDING)
    (-probabilities[0].log()).backward()  # of the cross-entropy: p - 1 for the class that is right, p for another
    assert layer.bias_gradients == pytest.approx(data_of(probabilities) - np.eye(len(zs))[0], abs=ROUNDING)


# ---- outputs


def test_outputs_come_first_layer_first_and_the_last_is_the_output():
    model = MLP(2, [3, 1], "tanh", seed=0)
    hidden, last = model.outputs([1.0, 2.0])
    assert [type(y) for y in hidden] == [Value] * 3
    assert last.data == model([1.0, 2.0]).data
    assert set(hidden) <= set(topological_order(last))


def test_outputs_are_of_one_run():
    model = MLP(2, [3, 2, 1], seed=0)
    *_, hidden, last = model.outputs([1.0, 2.0])
    assert last.operands[0].vectors[1] == tuple(hidden)


def test_any_function_may_stand_between_layers():
    model = Sequential(Layer(2, 3, seed=0), lambda ys: [y * 2 for y in ys], Layer(3, 1, "identity", seed=1))
    hidden, doubled, last = model.outputs([1.0, -2.0])
    assert [y.operands for y in doubled] == [(y, 2.0) for y in hidden]
    last.backward()
    assert model.layers[0].weight_gradients.any()
    assert len(model.parameters()) == 9 + 4


def test_a_network_may_be_a_layer_of_another():
    inner = MLP(2, [3, 2], "tanh", seed=0)
    outer = Sequential(inner, Layer(2, 1, seed=1))
    assert outer([1.0, 2.0]).data == outer.layers[1](inner([1.0, 2.0])).data
    assert outer.parameters()[: len(inner.parameters())] == inner.parameters()


@pytest.mark.parametrize(
    ("image", "reader"),
    [
        ([Convolution2D(1, 4, 3)], Layer(4, 2)),
        ([Convolution2D(1, 4, 3), MaxPooling2D(2), Dropout(0.5)], Neuron(4)),
        ([Sequential(Convolution2D(1, 4, 3))], MLP(4, [2])),
    ],
)
def test_neurons_that_would_be_given_an_image_are_refused_with_what_is_missing(image, reader):
    told = r"needs a list of numbers, and (Convolution2D|MaxPooling2D) gives images: put Flatten\(\) between them; got "
    with pytest.raises(ValueError, match=told):
        Sequential(*image, reader)
    for between in (Flatten(), np.ravel):
        assert Sequential(*image, between, reader)


def test_a_network_is_a_sequence_of_its_layers():
    layers = [Layer(2, 3), Dropout(0.5), Layer(3, 1)]
    model = Sequential(*layers)
    assert len(model) == 3
    assert list(model) == layers
    assert model[0] is layers[0]
    assert model[-1] is layers[-1]
    assert model[1:] == layers[1:]


def test_neurons_may_be_layers():
    chain = Sequential(Neuron(2, seed=0), Neuron(1, seed=1))
    assert chain([1.0, 2.0]).data == chain.layers[1](chain.layers[0]([1.0, 2.0])).data
    assert chain.layers[1].b.label == "layer2.b"


def test_an_mlp_takes_one_tuple_of_inputs_for_all_neurons():
    first, *rest = MLP(2, [3, 4], bias=False)([1, 2])
    assert all(y.vectors[1] is first.vectors[1] for y in rest)


def test_with_ones_the_neurons_share_their_inputs_too():
    first, *rest = Layer(2, 4, "identity", "ones")([1, 2])
    assert first.vectors[1] == (1.0, 2.0, 1.0)
    assert all(y.vectors[1] is first.vectors[1] for y in rest)


# ---- activations


def test_a_list_has_an_activation_for_each_layer():
    model = MLP(2, [3, 3, 1], ["tanh", Value.sin, "sigmoid"])
    assert [layer.activation for layer in model.layers] == ["tanh", Value.sin, "sigmoid"]
    assert [layer.activation for layer in MLP(2, [3, 1], ("relu", "tanh")).layers] == ["relu", "tanh"]


def test_one_activation_is_for_the_hidden_layers_and_the_output_has_its_own():
    model = MLP(4, [3, 3, 2], "tanh", "softmax")
    assert [layer.activation for layer in model.layers] == ["tanh", "tanh", "softmax"]
    assert sum(y.data for y in model([1, 2, 3, 4])) == pytest.approx(1, rel=ROUNDING)


@pytest.mark.parametrize(
    ("activations", "output", "message"),
    [
        (["tanh"], "identity", r"^MLP needs one activation for each of 2 layers; got \['tanh'\]$"),
        (["tanh"] * 3, "identity", "needs one activation for each of 2 layers; got"),
        ([], "identity", r"needs one activation for each of 2 layers; got \[\]"),
        (["tanh", "relu"], "sigmoid", "each of 2 layers, and no output_activation beside it; got"),
        (["tanh", "ReLU"], "identity", "there is no activation 'ReLU'; known are"),
    ],
)
def test_activations_that_do_not_fit_the_layers_are_an_error(activations, output, message):
    with pytest.raises(ValueError, match=message):
        MLP(2, [3, 1], activations, output)


def test_softmax_of_one_neuron_is_an_error_that_says_where_it_belongs():
    alone = Neuron(2, "softmax")
    with pytest.raises(ValueError, match="softmax needs the z of all neurons of a layer; got one neuron"):
        alone([1.0, 2.0])
    assert alone.weighted_sum([1.0, 2.0]).op == "+"


# ---- biases and initializers


def test_the_xor_listings_of_document_002_have_no_biases_and_start_in_the_unit_interval():
    model = MLP(2, [3, 1], "sigmoid", "sigmoid", bias=False, seed=7, initializer="uniform01")
    rng = np.random.default_rng(7)
    assert model.layers[0].weights.tolist() == rng.random((3, 2)).tolist()
    assert model.layers[1].weights.tolist() == rng.random((1, 3)).tolist()
    assert len(model.parameters()) == 9


def test_with_ones_there_is_a_column_of_weights_more_and_no_bias():
    model = MLP(2, [3, 1], bias="ones")
    assert [layer.weights.shape for layer in model.layers] == [(3, 3), (1, 4)]
    assert [layer.biases.shape for layer in model.layers] == [(0,), (0,)]
    assert [p.label for p in model.layers[1].parameters()] == [f"layer2.neuron1.w[{index}]" for index in range(4)]


@pytest.mark.parametrize("bias", [True, False, "ones"])
def test_weights_are_penalized_and_what_works_as_a_bias_is_not(bias):
    model = MLP(2, [3, 1], bias=bias)
    expected = [weight for layer in model.layers for neuron in layer.neurons for weight in neuron.w[: neuron.n_inputs]]
    assert model.weight_parameters() == expected
    assert len(expected) == 3 * 2 + 3


def test_an_initializer_is_that_of_every_layer():
    assert not parameter_data(MLP(2, [3, 1], initializer="zeros")).any()
    told = []

    def initializer(rng, shape, fan_in, fan_out):
        told.append((shape, fan_in, fan_out))
        return np.full(shape, 0.25)

    model = MLP(2, [3, 1], initializer=initializer)
    assert told == [((2,), 2, 3)] * 3 + [((3,), 3, 1)]
    assert model.layers[1].weights.tolist() == [[0.25] * 3]


@pytest.mark.parametrize("bias", ["yes", None, 2, ()])
def test_a_bias_is_one_of_three(bias):
    with pytest.raises(ValueError, match="a bias is True, False, or 'ones' for an input that is always 1; got"):
        MLP(2, [3, 1], bias=bias)


# ---- labels and parameters


def test_labels_are_places():
    model = Sequential(Layer(2, 1), Flatten(), MLP(1, [1]), Neuron(1))
    assert [p.label for p in model.parameters()] == [
        *("layer1.neuron1.w[0]", "layer1.neuron1.w[1]", "layer1.neuron1.b"),
        *("layer3.layer1.neuron1.w[0]", "layer3.layer1.neuron1.b"),
        *("layer4.w[0]", "layer4.b"),
    ]


def test_a_network_can_be_given_a_place():
    model = MLP(1, [1, 1])
    model.rename("critic")
    assert [p.label for p in model.parameters()][::2] == ["critic.layer1.neuron1.w[0]", "critic.layer2.neuron1.w[0]"]


def test_a_layer_that_occurs_twice_shares_its_parameters_and_has_its_first_place():
    shared = Layer(2, 2, "tanh", seed=0)
    model = Sequential(shared, shared, Layer(2, 1, seed=1))
    assert shared.neurons[0].w[0].label == "layer1.neuron1.w[0]"
    assert model.parameters() == shared.parameters() + model.layers[2].parameters()
    assert len(model.weight_parameters()) == 4 + 2


def test_gradients_of_a_layer_that_occurs_twice_add_up():
    shared = Layer(1, 1, "identity", bias=False)
    shared.set_weights([[3.0]])
    Sequential(shared, shared)([5.0]).backward()
    assert shared.weight_gradients.tolist() == [[2 * 3.0 * 5.0]]  # of w² · x


def test_zero_grad_reaches_every_layer():
    model = Sequential(Layer(2, 2, "tanh", seed=0), Layer(2, 1, seed=1))
    model([1.0, 2.0]).backward()
    model.zero_grad()
    assert {p.grad_state for p in model.parameters()} == {"not computed"}


def test_a_deep_copy_learns_apart_and_what_was_shared_stays_so():
    shared = Layer(2, 2, "tanh", seed=0)
    model = Sequential(shared, shared)
    twin, before = copy.deepcopy(model), parameter_data(model).tolist()
    twin([1.0, 2.0])[0].backward()
    SGD(twin.parameters(), lr=0.1).step()
    assert twin.layers[0] is twin.layers[1]
    assert parameter_data(model).tolist() == before != parameter_data(twin).tolist()


# ---- training and predicting


def test_a_network_predicts_until_it_is_told_to_train():
    model = Sequential(Layer(2, 2), Sequential(Dropout(0.5), Layer(2, 2)), Dropout(0.5))
    every = [model, *model.layers, *model.layers[1].layers, *model.layers[0].neurons]
    assert {module.training for module in every} == {False}
    assert model.train() is model
    assert {module.training for module in every} == {True}
    assert model.eval() is model
    assert {module.training for module in every} == {False}
    model.train(False)
    assert {module.training for module in every} == {False}


def test_one_network_in_training_leaves_the_others():
    model, other = MLP(2, [1]), MLP(2, [1])
    model.train()
    assert not other.training
    assert not Module.training


# ---- shapes


@pytest.mark.parametrize(
    ("model", "shape", "given"),
    [
        (MLP(2, [3, 4]), None, (4,)),
        (MLP(2, [3, 4]), (2,), (4,)),
        (Sequential(Flatten(), Layer(6, 2)), (2, 3), (2,)),
        (Sequential(Dropout(0.5)), (2, 3), (2, 3)),
        (Sequential(Dropout(0.5)), None, None),
        (Sequential(Layer(2, 3), list), None, None),
        (Sequential(list, Layer(2, 3)), (2,), (3,)),
        (Sequential(MLP(2, [3]), Neuron(3)), (2,), (1,)),
    ],
)
def test_output_shape_is_that_of_the_last_layer_where_it_is_known(model, shape, given):
    assert model.output_shape(shape) == given


@pytest.mark.parametrize(
    ("model", "shape", "message"),
    [
        (MLP(2, [3, 1]), (3,), r"^Layer of 2 inputs got the shape \(3,\)$"),
        (MLP(2, [3, 1]), (2, 1), r"^Layer of 2 inputs got the shape \(2, 1\)$"),
        (Sequential(Flatten(), Layer(6, 2)), (2, 4), r"^Layer of 6 inputs got the shape \(8,\)$"),
        (Sequential(Neuron(6)), (5,), r"^Neuron of 6 inputs got the shape \(5,\)$"),
    ],
)
def test_a_shape_that_does_not_fit_is_an_error_of_the_layer(model, shape, message):
    with pytest.raises(ValueError, match=message):
        model.output_shape(shape)
    with pytest.raises(ValueError, match=message):
        model.summary(shape)


# ---- what it refuses


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (Sequential, ValueError, r"^Sequential needs at least one layer; got 0$"),
        (lambda: Sequential(Layer(2, 3), 3), TypeError, "^Sequential needs layers that can be called; got int 3$"),
        (lambda: Sequential([Layer(2, 3)]), TypeError, "Sequential needs layers that can be called; got list"),
        (lambda: Sequential(Layer(2, 3), Layer(2, 1)), ValueError, r"^Layer of 2 inputs got the shape \(3,\)$"),
        (lambda: Sequential(MLP(2, [3]), Neuron(2)), ValueError, r"^Neuron of 2 inputs got the shape \(3,\)$"),
        (lambda: MLP(0, [1]), ValueError, r"^MLP needs at least one input; got 0$"),
        (lambda: MLP(2, []), ValueError, r"^MLP needs at least one layer; got 0$"),
        (lambda: MLP(2, [3, 0]), ValueError, r"^Layer needs at least one output; got 0$"),
        (lambda: MLP(2, 3), TypeError, r"^MLP needs the sizes of its layers, such as \[4, 1\]; got 3$"),
        (lambda: MLP(2, "31"), TypeError, r"^MLP needs the sizes of its layers, such as \[4, 1\]; got '31'$"),
    ],
)
def test_what_is_no_network_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_a_layer_that_does_not_fit_labels_nothing_anew():
    first, second = Layer(2, 3), Layer(2, 1)
    with pytest.raises(ValueError, match="Layer of 2 inputs got the shape"):
        Sequential(first, second)
    assert first.neurons[0].b.label == second.neurons[0].b.label == "neuron1.b"


@pytest.mark.parametrize("x", [[1.0], [1.0, 2.0, 3.0]])
def test_an_example_of_the_wrong_length_is_an_error_in_the_name_of_the_network(x):
    model = MLP(2, [3, 1])
    with pytest.raises(ValueError, match=f"^MLP of 2 inputs got {len(x)}$"):
        model(x)
    with pytest.raises(ValueError, match=f"^MLP of 2 inputs got {len(x)}$"):
        model.outputs(x)


# ---- what it says


def test_repr_lists_the_layers():
    assert repr(Sequential(Layer(2, 3), Dropout(0.5))) == "Sequential(Layer(2, 3, activation='relu'), Dropout(0.5))"
    assert repr(MLP(2, [1], bias="ones")) == "MLP of [Layer(2, 1, activation='identity', bias='ones')]"
