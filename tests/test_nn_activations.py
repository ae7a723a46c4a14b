from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import PRIMITIVES, Value, topological_order
from nn import ACTIVATIONS, MLP, Layer, Neuron, explain_layers, half_squared_error
from nn.models.activations import LAYER_ACTIVATIONS, LeakyReLU, activation_name, activation_of, is_of_a_layer

ULPS = 4 * 2**-52  # relative: four roundings

FROM_THE_DOCUMENTS = {
    "identity": lambda z: z,
    "step": lambda z: 1.0 if z >= 0 else 0.0,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "relu": lambda z: z if z > 0 else 0.0,
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "softplus": lambda z: math.log1p(math.exp(z)),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
@given(z=st.floats(-30, 30))
def test_named_activation_is_the_function_of_the_documents(name, z):
    assert ACTIVATIONS[name](Value(z)).data == pytest.approx(FROM_THE_DOCUMENTS[name](z), rel=ULPS, abs=0)


@pytest.mark.parametrize("name", sorted(set(ACTIVATIONS) - {"identity"}))
def test_named_activation_is_one_node_of_the_table(name):
    z = Value(0.5)
    result = ACTIVATIONS[name](z)
    assert topological_order(result) == [z, result]
    assert result.primitive is PRIMITIVES["heaviside" if name == "step" else name]


def test_identity_records_nothing():
    z = Value(0.5)
    assert ACTIVATIONS["identity"](z) is z


@pytest.mark.parametrize(("name", "slope"), [("relu", 0.0), ("leaky_relu", 0.01), ("step", 0.0)])
def test_slope_at_the_kink_is_the_one_of_the_documents(name, slope):
    z = Value(0.0)
    ACTIVATIONS[name](z).backward()
    assert z.grad == slope


def test_a_function_is_its_own_activation():
    assert activation_of(Value.sin) is Value.sin
    assert activation_of("tanh") is ACTIVATIONS["tanh"]


def test_an_unknown_name_is_an_error_that_lists_the_known():
    with pytest.raises(
        ValueError, match=r"no activation 'selu'; known are identity, step, sigmoid, .*, and any function of a Value"
    ):
        activation_of("selu")


@pytest.mark.parametrize("name", ["step", "softmax"])
def test_an_error_that_lists_the_known_lists_those_of_a_layer_too(name):
    with pytest.raises(ValueError, match=rf"known are .*\b{name}\b"):
        activation_of("selu")


# ---- leaky ReLU with an α of one's own


@given(alpha=st.floats(-2, 2), z=st.floats(-30, 30))
def test_leaky_relu_is_the_identity_above_zero_and_alpha_times_z_elsewhere(alpha, z):
    x = Value(z)
    y = LeakyReLU(alpha)(x)
    y.backward()
    assert y.data == (z if z > 0 else alpha * z)
    assert x.grad == (1.0 if z > 0 else alpha)


def test_erratum_002_19_a_larger_alpha_makes_negative_numbers_larger_in_magnitude():
    """Document 002 has it that their value is the larger."""
    values = [LeakyReLU(alpha)(Value(-2.0)).data for alpha in (0.01, 0.1, 0.3)]
    assert values == pytest.approx([-0.02, -0.2, -0.6], rel=ULPS)
    assert values == sorted(values, reverse=True)


def test_leaky_relu_is_one_node_that_holds_alpha():
    z = Value(-2.0)
    y = LeakyReLU(0.3)(z)
    assert topological_order(y) == [z, y]
    assert (y.primitive, y.operands) == (PRIMITIVES["leaky_relu"], (z, 0.3))


def test_leaky_relu_by_name_has_the_alpha_of_the_class():
    neuron, named = Neuron(1, LeakyReLU(), seed=0), Neuron(1, "leaky_relu", seed=0)
    for x in (-1.0, 1.0):
        assert neuron([x]).data == named([x]).data


def test_a_network_of_leaky_relus_is_told_by_their_name():
    model = MLP(2, [2, 1], LeakyReLU(0.3), seed=0)
    assert repr(model.layers[0]) == "Layer(2, 2, activation=leaky_relu(0.3))"
    told = explain_layers(model, half_squared_error(model([1.0, -2.0]), 1.0))
    assert told.layers[0].activation == "leaky_relu(0.3)"
    z = told.layers[0].z
    assert told.layers[0].y.tolist() == [[x if x > 0 else 0.3 * x for x in row] for row in z.tolist()]


@pytest.mark.parametrize("alpha", [math.nan, math.inf, -math.inf])
def test_an_alpha_is_finite(alpha):
    with pytest.raises(ValueError, match=f"^LeakyReLU needs a finite alpha; got {alpha}$"):
        LeakyReLU(alpha)


@pytest.mark.parametrize("alpha", ["0.1", None, [0.1], Value(0.1)])
def test_an_alpha_is_a_number(alpha):
    with pytest.raises(TypeError, match="LeakyReLU, for alpha, needs one real number; got"):
        LeakyReLU(alpha)


# ---- activations of a whole layer


@given(st.lists(st.floats(-30, 30), min_size=1, max_size=5))
def test_softmax_by_name_is_the_softmax_of_all_z_of_the_layer(zs):
    layer = Layer(1, len(zs), "softmax")
    layer.set_weights([[0.0]] * len(zs), zs)
    outputs = layer([1.0])
    probabilities = [y.data for y in (outputs if isinstance(outputs, list) else [outputs])]
    total = math.fsum(math.exp(z) for z in zs)
    # the exponent z - log(total) is as large as 60, and its rounding is a relative one of exp
    assert probabilities == pytest.approx([math.exp(z) / total for z in zs], rel=60 * ULPS)


def test_document_002_softmax_of_figure_48():
    """The scores are not in the text; their differences follow from 70 %, 25 % and 5 %."""
    layer = Layer(1, 3, "softmax")
    layer.set_weights([[0.0]] * 3, [2.63905732962, 1.60943791243, 0.0])
    assert [y.data for y in layer([1.0])] == pytest.approx([0.7, 0.25, 0.05], rel=1e-11)  # as the scores are printed


def test_softmax_in_the_middle_of_a_network():
    model = MLP(2, [3, 1], ["softmax", "identity"], seed=0)
    hidden, _ = model.outputs([1.0, 2.0])
    assert sum(y.data for y in hidden) == pytest.approx(1, rel=3 * ULPS)


def test_neurons_of_a_softmax_have_no_output_alone_and_have_a_z():
    layer = Layer(2, 3, "softmax", seed=0)
    assert layer.neurons[1].weighted_sum([1.0, 2.0]).op == "+"
    with pytest.raises(ValueError, match="got one neuron: call the layer"):
        layer.neurons[1]([1.0, 2.0])


def test_an_activation_of_a_layer_is_told_from_one_of_a_neuron():
    assert [name for name in [*ACTIVATIONS, *LAYER_ACTIVATIONS] if is_of_a_layer(name)] == ["softmax"]
    assert not is_of_a_layer(Value.relu)
    with pytest.raises(ValueError, match="softmax needs the z of all neurons of a layer; got one neuron"):
        activation_of("softmax")


def test_names_of_activations():
    assert activation_name("tanh") == "tanh"
    assert activation_name(Value.sin) == "sin"
    assert activation_name(LeakyReLU(0.3)) == "leaky_relu(0.3)"
