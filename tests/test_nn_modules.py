from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, no_recording, topological_order
from autograd.derivatives import scales
from nn import ACTIVATIONS, MLP, SGD, Convolution2D, Dropout, Layer, Module, Neuron, half_squared_error, sse
from nn.models.activations import LAYER_ACTIVATIONS

ROUNDING = 1e-12  # of the scale: two ways to the same sum differ by some tens of roundings
PRINTED = 1e-11  # document 003 was computed anew to 12 decimals; the last of them is rounded
UNSATURATED = 0.3  # weights so small that |z| stays below 3: further out 1 - tanh² has lost digits, as documented
STEP = 1e-30  # complex step: nothing is subtracted, so it may be as small as we like

# The same functions from their definitions, for complex numbers; a kink looks at the real part.
NUMPY_ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "identity": lambda z: z,
    "step": lambda z: np.where(z.real >= 0, 1, 0),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": lambda z: np.sinh(z) / np.cosh(z),
    "relu": lambda z: np.where(z.real > 0, z, 0),
    "leaky_relu": lambda z: np.where(z.real > 0, z, 0.01 * z),
    "softplus": lambda z: np.log(1 + np.exp(z)),
}

W1, B1 = [[0.1, -0.5], [-0.3, -0.9], [0.8, 0.02]], [0.1, 0.5, 0.8]
W2, B2 = [[-0.4, 0.2, -0.5]], [0.7]
X, Y = (1.8, -3.4), 5.0


def exercise() -> MLP:
    """The network of document 003."""
    model = MLP(2, [3, 1], activation="sigmoid", output_activation="sigmoid", seed=0)
    model.layers[0].set_weights(W1, B1)
    model.layers[1].set_weights(W2, B2)
    return model


def numpy_network(parameters: Any, x: Any, sizes: list[int], activations: list[str]) -> Any:
    """The outputs in NumPy, from the parameters in one flat array: for each neuron its weights, then its bias."""
    taken = 0
    for size, activation in zip(sizes, activations):
        rows = parameters[taken : taken + size * (len(x) + 1)].reshape(size, len(x) + 1)
        taken += rows.size
        x = NUMPY_ACTIVATIONS[activation](rows[:, :-1] @ x + rows[:, -1])
    assert taken == len(parameters)
    return x


def complex_step_gradient(f: Callable[[Any], Any], at: Any) -> Any:
    return np.array([f(at + 1j * STEP * unit).imag / STEP for unit in np.eye(len(at))])


def data_of(module: Module) -> Any:
    return np.array([parameter.data for parameter in module.parameters()])


def gradient_of(module: Module) -> Any:
    return np.array([parameter.grad for parameter in module.parameters()])


# ---- laws


@given(
    st.sampled_from(sorted(NUMPY_ACTIVATIONS)),
    st.sampled_from(sorted(NUMPY_ACTIVATIONS)),
    st.lists(st.integers(1, 4), min_size=1, max_size=3),
    st.integers(0, 2**32),
)
def test_gradient_of_a_network_is_that_of_a_complex_step_through_numpy(hidden, last, sizes, seed):
    rng = np.random.default_rng(seed)
    model = MLP(3, sizes, hidden, last, seed=rng)
    for parameter in model.parameters():
        parameter.data = rng.uniform(-UNSATURATED, UNSATURATED)
    x, targets = rng.uniform(-1, 1, 3), rng.normal(size=sizes[-1])
    activations = [hidden] * (len(sizes) - 1) + [last]

    def numpy_loss(parameters: Any) -> Any:
        return 0.5 * np.sum((numpy_network(parameters, x, sizes, activations) - targets) ** 2)

    loss = half_squared_error(model(x), targets)
    loss.backward()
    assert loss.data == pytest.approx(numpy_loss(data_of(model)), rel=ROUNDING)
    allowed = ROUNDING * np.array(scales(loss, model.parameters()))
    assert np.all(abs(gradient_of(model) - complex_step_gradient(numpy_loss, data_of(model) + 0j)) <= allowed)


def test_every_named_activation_was_compared():
    assert set(NUMPY_ACTIVATIONS) == set(ACTIVATIONS)


def test_gradients_of_examples_add_up():
    model = exercise()
    half_squared_error(model(X), Y).backward()
    alone = gradient_of(model)
    model.zero_grad()
    sse([model(X), model(X)], [Y, Y]).backward()  # twice the examples, and twice the factor
    assert gradient_of(model) == pytest.approx(4 * alone, rel=ROUNDING)


def test_gradient_reaches_inputs_that_are_values():
    x = [Value(1.8), Value(-3.4)]
    output = Neuron(2, "identity", seed=1)(x)
    output.backward()
    assert [value.grad for value in x] == [weight.data for weight in output.operands[0].vectors[0]]


@pytest.mark.parametrize("kind", [list, tuple, np.array, lambda xs: np.array(xs, dtype=np.float32), iter])
def test_kind_of_sequence_of_inputs_does_not_matter(kind):
    x = [0.5, -2.0]  # exact in 32 bits too
    assert MLP(2, [3, 1], seed=4)(kind(x)).data == MLP(2, [3, 1], seed=4)(x).data


@pytest.mark.parametrize("make", [Neuron, lambda n: Layer(n, 3), lambda n: MLP(n, [3, 1])])
@pytest.mark.parametrize("got", [0, 1, 4])
def test_wrong_number_of_inputs_is_an_error_with_both_numbers(make, got):
    module = make(3)
    with pytest.raises(ValueError, match=rf"^{type(module).__name__} of 3 inputs got {got}$"):
        module([1.0] * got)


def test_no_recording_gives_the_numbers_without_the_graph():
    model = exercise()
    with no_recording():
        prediction = model(X)
    assert prediction.operands == ()
    assert prediction.data == model(X).data


# ---- the graph


@pytest.mark.parametrize(
    ("details", "ops"),
    [
        ({}, ["dot", "+", "relu"]),
        ({"bias": False}, ["dot", "relu"]),
        ({"activation": "identity"}, ["dot", "+"]),
        ({"activation": "step"}, ["dot", "+", "heaviside"]),
        ({"activation": "identity", "bias": False}, ["dot"]),
    ],
)
def test_neuron_is_one_dot_its_bias_and_its_activation(details, ops):
    output = Neuron(3, **details, seed=0)([1.0, 2.0, 3.0])
    assert [node.op for node in topological_order(output) if node.op] == ops


def test_neurons_of_a_layer_share_one_tuple_of_inputs():
    first, *rest = Layer(2, 4, "identity", bias=False)([1, 2])
    assert all(output.vectors[1] is first.vectors[1] for output in rest)


def test_inner_layers_share_one_tuple_of_inputs():
    first, *rest = MLP(2, [3, 4], bias=False)(np.array([1.0, 2.0]))
    assert all(output.vectors[1] is first.vectors[1] for output in rest)


def test_every_example_meets_the_same_tuple_of_weights():
    neuron = Neuron(2, "identity", bias=False)
    assert neuron([1.0, 2.0]).vectors[0] is neuron.w
    assert neuron([3.0, 4.0]).vectors[0] is neuron.w


# ---- outputs


def test_one_output_is_a_value_and_more_are_a_list():
    assert type(MLP(2, [3, 1])(X)) is Value
    assert [type(output) for output in MLP(2, [3, 2])(X)] == [Value, Value]
    assert type(Layer(2, 1)(X)) is Value
    assert [type(output) for output in Layer(2, 2)(X)] == [Value, Value]


def test_a_layer_of_one_neuron_can_stand_between_others():
    model = MLP(2, [3, 1, 2], "tanh", seed=3)
    assert len(model(X)) == 2


def test_a_lone_number_is_one_input():
    for module in (Neuron(1, seed=0), Layer(1, 1, seed=0), MLP(1, [2, 1], "tanh", seed=0)):
        for x in (50, 50.0, np.float32(50), np.array(50.0), Value(50)):
            assert module(x).data == module([50.0]).data


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.ones((2, 3)), r"^Layer is called with one example; got 2 rows: predict\(model, X\) takes many"),
        ([(1, 2, 3), (4, 5, 6), (7, 8, 9)], "^Layer is called with one example; got 3 rows"),
        ([1.0, [2.0, 3.0], 4.0], "one real number; got list"),
        (["1", "2"], "one real number; got str '1'"),
        ([None, 1.0], "one real number; got NoneType"),
        ([1j, 1.0], "one real number; got complex"),
    ],
)
def test_inputs_that_are_not_numbers_are_refused(x, message):
    with pytest.raises(TypeError, match=message):
        Layer(2, 2)(x)


# ---- parameters


def test_labels_say_the_place():
    assert [parameter.label for parameter in MLP(2, [2, 1]).parameters()] == [
        "layer1.neuron1.w[0]",
        "layer1.neuron1.w[1]",
        "layer1.neuron1.b",
        "layer1.neuron2.w[0]",
        "layer1.neuron2.w[1]",
        "layer1.neuron2.b",
        "layer2.neuron1.w[0]",
        "layer2.neuron1.w[1]",
        "layer2.neuron1.b",
    ]
    assert MLP(4, [2]).layers[0].neurons[1].w[3].label == "layer1.neuron2.w[3]"


def test_what_was_made_alone_has_shorter_labels():
    assert [parameter.label for parameter in Layer(1, 2).parameters()] == [
        "neuron1.w[0]",
        "neuron1.b",
        "neuron2.w[0]",
        "neuron2.b",
    ]
    assert [parameter.label for parameter in Neuron(2).parameters()] == ["w[0]", "w[1]", "b"]


def test_parameters_come_layer_by_layer_neuron_by_neuron_weights_then_bias():
    model = MLP(2, [3, 1])
    expected = [p for layer in model.layers for neuron in layer.neurons for p in (*neuron.w, neuron.b)]
    assert model.parameters() == expected  # Values compare by identity
    assert len(set(expected)) == 3 * 3 + 4


def test_without_bias_there_are_weights_alone():
    model = MLP(2, [3, 1], bias=False)
    assert [parameter.label[-4:] for parameter in model.parameters()] == ["w[0]", "w[1]"] * 3 + ["w[0]", "w[1]", "w[2]"]
    assert model.layers[0].neurons[0].b is None
    assert model.layers[0].biases.shape == model.layers[0].bias_gradients.shape == (0,)


def test_zero_grad_makes_every_gradient_not_computed():
    model = exercise()
    model(X).backward()
    assert {parameter.grad_state for parameter in model.parameters()} == {"computed"}
    model.zero_grad()
    assert {parameter.grad_state for parameter in model.parameters()} == {"not computed"}
    assert not gradient_of(model).any()


def test_a_module_has_the_parameters_that_its_class_names():
    class Pair(Module):
        def __init__(self) -> None:
            self.left, self.right = Neuron(1, seed=1), Neuron(2, seed=2)

        def parameters(self) -> list[Value]:
            return self.left.parameters() + self.right.parameters()

    pair = Pair()
    (pair.left([1.0]) + pair.right([1.0, 2.0])).backward()
    pair.zero_grad()
    assert not gradient_of(pair).any()
    assert len(pair.parameters()) == 5
    assert Module().parameters() == []


def test_a_deep_copy_learns_apart():
    model = exercise()
    twin = copy.deepcopy(model)
    before = data_of(model)
    half_squared_error(twin(X), Y).backward()
    SGD(twin.parameters(), lr=0.1).step()
    assert (data_of(model) == before).all()
    assert not gradient_of(model).any()
    assert (data_of(twin) != before).all()
    assert [p.label for p in twin.parameters()] == [p.label for p in model.parameters()]


def test_a_copy_has_the_same_parameters_and_a_deep_copy_has_others():
    layer = Layer(2, 3, "tanh", seed=0)
    assert copy.copy(layer).neurons is layer.neurons
    twin, same = copy.deepcopy([layer, layer])
    assert twin is same
    assert twin.activation == "tanh"
    assert not set(twin.parameters()) & set(layer.parameters())
    layer.owner = layer
    round_about = copy.deepcopy(layer)
    assert round_about.owner is round_about


# ---- random weights


@given(st.integers(0, 2**32))
def test_same_seed_gives_the_same_weights_and_another_seed_others(seed):
    assert (data_of(MLP(2, [3, 1], seed=seed)) == data_of(MLP(2, [3, 1], seed=seed))).all()
    assert (data_of(Neuron(3, seed=seed)) != data_of(Neuron(3, seed=seed + 1)))[:3].all()


def test_weights_are_drawn_uniformly_row_after_row_and_biases_start_at_zero():
    rng, model = np.random.default_rng(7), MLP(2, [3, 4], seed=7)
    assert (model.layers[0].weights == rng.uniform(-1, 1, (3, 2))).all()
    assert (model.layers[1].weights == rng.uniform(-1, 1, (4, 3))).all()
    assert not model.layers[0].biases.any()


def test_weights_fill_the_interval_from_minus_one_to_one():
    weights = Layer(100, 100, seed=0).weights
    assert weights.min() >= -1
    assert weights.max() < 1
    # 10,000 draws: each tenth of the interval is expected to hold 1000, give or take 30
    assert abs(np.histogram(weights, bins=10, range=(-1, 1))[0] - 1000).max() < 150


def test_a_generator_goes_on_where_it_was():
    rng = np.random.default_rng(7)
    both = Neuron(2, seed=rng), Neuron(2, seed=rng)
    assert [w.data for neuron in both for w in neuron.w] == [w.data for w in Neuron(4, seed=7).w]


def test_the_generators_of_the_process_are_left_alone():
    before = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002 - it is the global one that is meant
    MLP(2, [3, 1])
    MLP(2, [3, 1], seed=1)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before  # noqa: NPY002


# ---- weights as arrays


def test_weights_are_written_and_read_in_the_shapes_of_the_documents():
    layer = Layer(2, 3)
    layer.set_weights(W1, B1)
    assert layer.weights.tolist() == W1
    assert layer.biases.tolist() == B1
    assert layer.neurons[2].w[0].data == 0.8


def test_weights_without_biases_leave_the_biases():
    layer = Layer(2, 3)
    layer.set_weights(W1, B1)
    layer.set_weights(np.zeros((3, 2)))
    assert layer.biases.tolist() == B1


@pytest.mark.parametrize("module", [Layer(2, 3, seed=0), Convolution2D(1, 2, 2, seed=0)])
@pytest.mark.parametrize("name", ["weights", "biases", "weight_gradients", "bias_gradients"])
def test_arrays_are_copies_that_say_that_writing_to_them_does_nothing(module, name):
    before = getattr(module, name)
    with pytest.raises(ValueError, match="read-only"):
        getattr(module, name)[0] = 9.0
    assert before.copy().flags.writeable
    module.set_weights(module.weights + 1.0, module.biases + 1.0)
    assert (getattr(module, name) == before).all() == name.endswith("gradients"), "a copy stays as it was"


@pytest.mark.parametrize("bias", [True, False])
def test_what_a_layer_gives_another_takes(bias):
    layer, other = Layer(2, 3, bias=bias, seed=0), Layer(2, 3, bias=bias, seed=1)
    other.set_weights(layer.weights, layer.biases)
    assert (data_of(other) == data_of(layer)).all()


@pytest.mark.parametrize(
    ("W", "b", "message"),
    [
        (np.ones((2, 3)), None, r"W of shape \(3, 2\); got \(2, 3\)"),
        (np.ones(6), None, r"W of shape \(3, 2\); got \(6,\)"),
        (np.ones((3, 2)), [1.0], r"b of shape \(3,\); got \(1,\)"),
        (np.ones((3, 2)), 1.0, r"b of shape \(3,\); got \(\)"),
        (np.ones((3, 2)), np.ones((3, 1)), r"b of shape \(3,\); got \(3, 1\)"),
    ],
)
def test_weights_of_another_shape_are_an_error_with_both_shapes_and_change_nothing(W, b, message):
    layer = Layer(2, 3, seed=0)
    before = data_of(layer)
    with pytest.raises(ValueError, match=message):
        layer.set_weights(W, b)
    assert (data_of(layer) == before).all()


def test_biases_for_a_layer_without_are_an_error_and_change_nothing():
    layer = Layer(2, 3, bias=False, seed=0)
    before = data_of(layer)
    with pytest.raises(ValueError, match=r"b of shape \(0,\); got \(3,\)"):
        layer.set_weights(W1, B1)
    assert (data_of(layer) == before).all()


@pytest.mark.parametrize(
    ("W", "b"),
    [([["1", "2"]], None), ([[1j, 2]], None), ([[Value(1), 2]], None), ([[1.0, 2.0]], ["b"]), ([[1.0, None]], None)],
)
def test_weights_that_are_not_numbers_are_refused_and_change_nothing(W, b):
    layer = Layer(2, 1, seed=0)
    before = data_of(layer)
    with pytest.raises(TypeError, match="one real number"):
        layer.set_weights(W, b)
    assert (data_of(layer) == before).all()


# ---- activations and sizes


def test_an_activation_may_be_any_function_of_a_value():
    swish = Neuron(2, lambda z: z * z.sigmoid(), seed=0)
    z = Neuron(2, "identity", seed=0)(X)
    assert swish(X).data == (z * z.sigmoid()).data


def test_hidden_layers_and_output_have_the_activations_given():
    model = MLP(2, [3, 3, 1], "tanh", "softplus")
    assert [layer.neurons[-1].activation for layer in model.layers] == ["tanh", "tanh", "softplus"]
    assert [layer.neurons[0].activation for layer in MLP(2, [3, 1]).layers] == ["relu", "identity"]


def test_step_is_one_at_zero():
    neuron = Neuron(1, "step", seed=0)
    assert [neuron([x]).data for x in (0.0, 1.0, -1.0)] == [1.0, float(neuron.w[0] > 0), float(neuron.w[0] < 0)]


@pytest.mark.parametrize(
    "make", [lambda name: Neuron(2, name), lambda name: Layer(2, 2, name), lambda name: MLP(2, [2], "relu", name)]
)
@pytest.mark.parametrize("name", ["ReLU", "", None])
def test_an_unknown_activation_is_an_error_that_lists_the_known(make, name):
    known = ", ".join([*ACTIVATIONS, *LAYER_ACTIVATIONS])
    with pytest.raises(ValueError, match=f"no activation {name!r}; known are {known}"):
        make(name)


def test_nonlin_is_another_word_for_the_activation():
    assert Neuron(2, nonlin=True).activation == Neuron(2, True).activation == "relu"
    assert Neuron(2, nonlin=False).activation == Neuron(2, False).activation == "identity"
    assert [neuron.activation for neuron in Layer(2, 2, nonlin=False).neurons] == ["identity", "identity"]


def test_nonlin_beside_an_activation_is_an_error():
    with pytest.raises(ValueError, match="activation or nonlin, not both; got 'tanh' and False"):
        Neuron(2, "tanh", nonlin=False)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Neuron(0), "Neuron needs at least one input; got 0"),
        (lambda: Layer(0, 2), "Layer needs at least one input; got 0"),
        (lambda: Layer(2, -1), "Layer needs at least one output; got -1"),
        (lambda: MLP(0, [1]), "MLP needs at least one input; got 0"),
        (lambda: MLP(2, []), "MLP needs at least one layer; got 0"),
        (lambda: MLP(2, [3, 0]), "Layer needs at least one output; got 0"),
    ],
)
def test_sizes_below_one_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_sizes_are_whole_numbers():
    with pytest.raises(TypeError, match="float"):
        Layer(2, 3.0)


def test_repr_says_sizes_and_activations():
    assert repr(Neuron(2, abs, bias=False)) == "Neuron(2, activation=abs, bias=False)"
    assert repr(MLP(2, [3, 1])) == "MLP of [Layer(2, 3, activation='relu'), Layer(3, 1, activation='identity')]"


# ---- document 003


def test_document_003_forward():
    model = exercise()
    y1 = model.layers[0](X)
    prediction = model(X)
    assert [y.data for y in y1] == pytest.approx([0.878681162108, 0.953469525485, 0.897706771344], abs=PRINTED)
    assert prediction.operands[0].data == pytest.approx(0.090368054582, abs=PRINTED)
    assert prediction.data == pytest.approx(0.522576651600, abs=PRINTED)
    assert half_squared_error(prediction, Y).data == pytest.approx(10.023659920399, abs=PRINTED)


def test_document_003_every_derivative():
    model = exercise()
    prediction = model(X)
    half_squared_error(prediction, Y).backward()
    hidden, last = model.layers
    y1 = prediction.operands[0].operands[0].vectors[1]
    assert prediction.grad == pytest.approx(-4.477423348400, abs=PRINTED)
    assert [y.grad for y in y1] == pytest.approx([0.446829468459, -0.223414734230, 0.558536835574], abs=PRINTED)
    expected_w1 = [
        [0.085738102859, -0.161949749844],
        [-0.017841387050, 0.033700397760],
        [0.092322108099, -0.174386204188],
    ]
    assert hidden.weight_gradients == pytest.approx(np.array(expected_w1), abs=PRINTED)
    assert hidden.bias_gradients == pytest.approx(
        np.array([0.047632279366, -0.009911881694, 0.051290060055]), abs=PRINTED
    )
    expected_w2 = [[-0.981551591525, -1.065095703162, -1.002804598679]]
    assert last.weight_gradients == pytest.approx(np.array(expected_w2), abs=PRINTED)
    assert last.bias_gradients == pytest.approx(np.array([-1.117073671148]), abs=PRINTED)


def test_document_003_one_step_is_that_of_the_matrix_form():
    model, lr = exercise(), 0.1
    half_squared_error(model(X), Y).backward()
    SGD(model.parameters(), lr).step()

    def sigma(z: Any) -> Any:
        return 1 / (1 + np.exp(-z))

    w1, b1, w2, b2, x = map(np.array, (W1, B1, W2, B2, X))
    y1 = sigma(w1 @ x + b1)
    prediction = sigma(w2 @ y1 + b2)
    delta2 = (prediction - Y) * prediction * (1 - prediction)
    delta1 = (w2.T @ delta2) * y1 * (1 - y1)
    assert model.layers[1].weights == pytest.approx(w2 - lr * np.outer(delta2, y1), rel=ROUNDING)
    assert model.layers[1].biases == pytest.approx(b2 - lr * delta2, rel=ROUNDING)
    assert model.layers[0].weights == pytest.approx(w1 - lr * np.outer(delta1, x), rel=ROUNDING)
    assert model.layers[0].biases == pytest.approx(b1 - lr * delta1, rel=ROUNDING)
    # erratum 003-2: the cost after this step
    assert half_squared_error(model(X), Y).data == pytest.approx(9.596201, abs=5e-7)


@pytest.mark.parametrize(
    "make", [Neuron, lambda n, **given: Layer(n, 2, **given), lambda n, **given: MLP(n, [2], **given)]
)
def test_an_initializer_that_gives_no_weights_is_named(make):
    def short(rng, shape, fan_in, fan_out):
        return np.zeros(1)

    def words(rng, shape, fan_in, fan_out):
        return ["a"] * shape[0]

    told = r"^Neuron needs an initializer that gives the shape \(3,\); got \(1,\) from 'short'$"
    with pytest.raises(ValueError, match=told):
        make(3, initializer=short)
    with pytest.raises(TypeError, match=r"^Neuron, for a weight from 'words', needs one real number; got str 'a'$"):
        make(3, initializer=words)


@pytest.mark.parametrize(
    ("make", "owner"),
    [
        (lambda: Neuron(1, seed="a"), "Neuron"),
        (lambda: Layer(1, 1, seed="a"), "Layer"),
        (lambda: MLP(1, [1], seed="a"), "MLP"),
        (lambda: Dropout(0.5, seed="a"), "Dropout"),
    ],
)
def test_what_is_no_seed_is_refused_by_who_has_it(make, owner):
    with pytest.raises(TypeError, match=f"^seed of {owner} needs a whole number from 0 up, .*; got str 'a'$"):
        make()


def test_neurons_of_a_layer_share_the_numbers_of_a_tuple_of_ints():
    layer = Layer(2, 3, "identity", bias=False, seed=0)
    first, *rest = layer((1, 2))
    assert all(output.vectors[1] is first.vectors[1] for output in rest)
    assert [y.data for y in (first, *rest)] == [y.data for y in layer([1.0, 2.0])]
