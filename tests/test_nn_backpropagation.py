"""`explain_layers` against backpropagation written out in NumPy, and against the documents."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from fractions import Fraction
from html.parser import HTMLParser
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import StaleGraph, Value, topological_order
from autograd import sum as vsum
from nn import (
    ACTIVATIONS,
    MLP,
    Convolution2D,
    Dropout,
    Flatten,
    Layer,
    LeakyReLU,
    MaxPooling2D,
    Module,
    Neuron,
    Sequential,
    binary_crossentropy,
    binary_crossentropy_from_logits,
    categorical_crossentropy,
    categorical_crossentropy_from_logits,
    half_squared_error,
    mse,
    sse,
)
from nn.backpropagation.equations import Equation, Matrix, Text, Words
from nn.backpropagation.explanation import LayerExplanation, LayersExplanation, explain_layers
from nn.backpropagation.explanation import _told as told_of
from nn.losses.registry import LOSSES as LOSSES_BY_NAME
from nn.losses.stability import stable
from tests.mathematics import read

ROUNDING = 1e-12  # of the scale: the same sums in another order
PRINTED = 1e-11  # document 003 was computed anew to 12 decimals; the last of them is rounded
UNSATURATED = 0.5  # the bound of weights and biases: further out 1 - tanh² has lost digits, as documented
FLOOR = 0.1  # a slope counts as at least so large in a scale, for its error is that of 1
SCREEN = 60
WIDEST = 110

SLOPES: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "identity": (lambda z: z, np.ones_like),
    "step": (lambda z: np.where(z >= 0, 1.0, 0.0), np.zeros_like),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: np.where(z > 0, 1.0, 0.0)),
    "leaky_relu": (lambda z: np.where(z > 0, z, 0.01 * z), lambda z: np.where(z > 0, 1.0, 0.01)),
    "softplus": (lambda z: np.log1p(np.exp(z)), lambda z: 1 / (1 + np.exp(-z))),
}
"""Each named activation and its derivative, written down apart from the table."""

LOSSES: dict[str, tuple[Callable[[Any, Any], Value], Callable[[Any], Any]]] = {
    "half_squared_error": (half_squared_error, lambda error: error),
    "sse": (sse, lambda error: 2 * error),
    "mse": (mse, lambda error: 2 * error / error.size),
}
"""Each loss and its derivative with respect to the outputs, from the errors ŷ - y."""


class Backward(NamedTuple):
    """What backpropagation gives for one layer."""

    X: Any
    z: Any
    y: Any
    dY: Any  # noqa: N815
    delta: Any
    dW: Any  # noqa: N815
    db: Any
    dX: Any  # noqa: N815


def numpy_backpropagation(Ws, bs, activations, X, targets, loss_slope):
    """The layers, first to last, and the scale of each of their derivatives: the same with absolute values."""
    inputs, zs, ys = [X], [], []
    for W, b, activation in zip(Ws, bs, activations):
        zs.append(W @ inputs[-1] + b[:, None])
        ys.append(SLOPES[activation][0](zs[-1]))
        inputs.append(ys[-1])
    dY = loss_slope(ys[-1] - targets)
    sizes = loss_slope(abs(ys[-1]) + abs(targets))
    layers, scales = [], []
    for W, activation, x, z, y in reversed(list(zip(Ws, activations, inputs, zs, ys))):
        slope = SLOPES[activation][1](z)
        delta, size = dY * slope, sizes * np.maximum(slope, FLOOR)
        layers.append(Backward(x, z, y, dY, delta, delta @ x.T, delta.sum(axis=1), W.T @ delta))
        forward = abs(W) @ abs(x) + 1
        scales.append(
            Backward(
                *(1 + abs(x), forward, forward, sizes, size),
                *(size @ abs(x).T, size.sum(axis=1), abs(W).T @ size),
            )
        )
        dY, sizes = layers[-1].dX, scales[-1].dX
    return layers[::-1], scales[::-1]


def close(computed, expected, scale) -> bool:
    return computed.shape == expected.shape and bool(np.all(abs(computed - expected) <= ROUNDING * (scale + 1e-300)))


def drawn(model: Module, rng: np.random.Generator) -> Any:
    """The weights and biases of a model, drawn anew."""
    for parameter in model.parameters():
        parameter.data = rng.uniform(-UNSATURATED, UNSATURATED)
    return [layer.weights for layer in model.layers], [
        layer.biases if layer.biases.size else np.zeros(len(layer.neurons)) for layer in model.layers
    ]


def exercise(label: str = "J") -> tuple[MLP, Value]:
    """The network and the cost of document 003."""
    model = MLP(2, [3, 1], activation="sigmoid", output_activation="sigmoid", seed=0)
    model.layers[0].set_weights([[0.1, -0.5], [-0.3, -0.9], [0.8, 0.02]], [0.1, 0.5, 0.8])
    model.layers[1].set_weights([[-0.4, 0.2, -0.5]], [0.7])
    loss = half_squared_error(model((1.8, -3.4)), 5.0)
    loss.label = label
    return model, loss


def batch(sizes: list[int], n: int, seed: int = 0, **choices: Any) -> tuple[MLP, Value]:
    """A network on n random examples."""
    rng = np.random.default_rng(seed)
    model = MLP(3, sizes, seed=rng, **choices)
    outputs = [model(x) for x in rng.normal(size=(n, 3))]
    flat = [y for output in outputs for y in (output if isinstance(output, list) else [output])]
    loss = mse(flat, rng.normal(size=len(flat)))
    loss.label = "J"
    return model, loss


# ---- laws


@given(
    st.lists(st.sampled_from(sorted(SLOPES)), min_size=1, max_size=4),
    st.lists(st.integers(1, 4), min_size=4, max_size=4),
    st.integers(1, 5),
    st.booleans(),
    st.sampled_from(sorted(LOSSES)),
    st.integers(0, 2**32),
)
def test_every_array_is_that_of_backpropagation_in_numpy(activations, sizes, n, bias, loss_name, seed):
    rng = np.random.default_rng(seed)
    sizes = sizes[: len(activations)]
    model = MLP(3, sizes, bias=bias, seed=rng)
    shapes = zip([3, *sizes], sizes)
    model.layers = [Layer(*shape, activation, bias, rng) for shape, activation in zip(shapes, activations)]
    Ws, bs = drawn(model, rng)
    X, targets = rng.uniform(-1, 1, (3, n)), rng.normal(size=(sizes[-1], n))
    record, loss_slope = LOSSES[loss_name]
    outputs = [model(x) for x in X.T]
    flat = [y for output in outputs for y in (output if isinstance(output, list) else [output])]
    loss = record(flat, targets.T.ravel())
    expected, scales = numpy_backpropagation(Ws, bs, activations, X, targets, loss_slope)
    explained = explain_layers(model, loss).layers
    assert len(explained) == len(expected)
    for layer, right, scale in zip(explained, expected, scales):
        computed = Backward(
            *(layer.X, layer.z, layer.y, layer.dY, layer.delta, layer.weight_gradient),
            *(layer.bias_gradient if bias else right.db, layer.W.T @ layer.delta),
        )
        for field, *three in zip(Backward._fields, computed, right, scale):
            assert close(*three), (layer.number, field)
        assert (layer.b is None) == (layer.bias_gradient is None) == (not bias)
        assert np.all(layer.slopes == pytest.approx(SLOPES[layer.activation][1](layer.z), rel=1e-10, abs=1e-14))
        assert layer.number == 1 or close(layer.input_gradient, right.dX, scale.dX)
        for rest in (layer.delta_elsewhere, layer.weight_gradient_elsewhere, layer.bias_gradient_elsewhere):
            assert rest is None or not rest.any()


def test_every_named_activation_is_compared():
    assert set(SLOPES) == set(ACTIVATIONS)


def test_gradients_are_those_that_backward_adds():
    model, loss = batch([4, 2], 6)
    explained = explain_layers(model, loss)
    loss.backward()
    for layer, told in zip(model.layers, explained.layers):
        assert np.array_equal(layer.weight_gradients, told.weight_gradient)
        assert np.array_equal(layer.bias_gradients, told.bias_gradient)


def test_the_gradient_of_one_example_is_an_outer_product():
    model, loss = batch([4, 2], 1)
    for layer in explain_layers(model, loss).layers:
        assert layer.weight_gradient == pytest.approx(np.outer(layer.delta, layer.X), rel=ROUNDING)


def test_input_gradient_is_the_adjoint_of_the_activations_below():
    model, loss = batch([4, 3, 2], 5, activation="tanh")
    first, second, third = explain_layers(model, loss).layers
    assert np.array_equal(second.input_gradient, first.dY)
    assert np.array_equal(third.input_gradient, second.dY)
    assert first.input_gradient is None, "plain numbers have no adjoint"


def test_inputs_that_are_values_have_a_gradient():
    x = [Value(0.5), Value(-1.0)]
    layer = Layer(2, 3, "tanh", seed=0)
    loss = sse(layer(x), [1, 2, 3])
    (told,) = explain_layers(layer, loss).layers
    loss.backward()
    assert told.input_gradient.ravel().tolist() == [value.grad for value in x]


def test_columns_are_examples_in_the_order_of_running():
    model = MLP(2, [3, 2], seed=0)
    examples = [(0.1, 0.2), (0.3, 0.4), (0.5, 0.6)]
    first, second, third = map(model, examples)
    # the loss meets the outputs in another order than the examples
    loss = vsum([first[0], second[0], third[0], first[1], second[1], third[1]])
    for layer in explain_layers(model, loss).layers:
        assert layer.examples == 3
    assert explain_layers(model, loss).layers[0].X.T.tolist() == [list(x) for x in examples]


def test_the_same_tuple_given_twice_is_two_examples():
    model, x = MLP(2, [3, 1], "tanh", seed=0), (0.5, -1.0)
    loss = sse([model(x), model(x)], [1, 2])
    first, second = explain_layers(model, loss).layers
    assert first.X.tolist() == [[0.5, 0.5], [-1.0, -1.0]]
    assert second.symbols.X == "y1"
    assert not first.weight_gradient_elsewhere.any()
    assert not second.input_gradient_elsewhere.any()


def test_explaining_writes_nothing():
    model, loss = batch([4, 2], 3)
    before = [(node, node.data, node.grad, node.grad_state) for node in topological_order(loss)]
    explain_layers(model, loss)
    assert before == [(node, node.data, node.grad, node.grad_state) for node in topological_order(loss)]


def test_a_copied_model_is_explained_in_its_copied_graph():
    model, loss = exercise()
    other, other_loss = copy.deepcopy((model, loss))
    assert repr(explain_layers(other, other_loss)) == repr(explain_layers(model, loss))
    with pytest.raises(ValueError, match="was not computed by the MLP 2-3-1"):
        explain_layers(model, other_loss)


def test_refreshed_graphs_are_explained_with_the_new_numbers():
    model, loss = exercise()
    model.layers[1].neurons[0].b.data = 0.0
    with pytest.raises(StaleGraph, match=re.escape("layer2.neuron1.b was written")):
        explain_layers(model, loss)
    assert explain_layers(model, loss.refresh()).layers[1].z[0, 0] == pytest.approx(0.090368054582 - 0.7)


# ---- documents

EXACT_003 = {
    "y1": [0.878681162108, 0.953469525485, 0.897706771344],
    "z2": [0.090368054582],
    "y2": [0.522576651600],
    "dY2": [-4.477423348400],
    "slopes2": [0.249490294803],
    "dW2": [-0.981551591525, -1.065095703162, -1.002804598679],
    "db2": [-1.117073671148],
    "dY1": [0.446829468459, -0.223414734230, 0.558536835574],
    "slopes1": [0.106600577464, 0.044365389456, 0.091829324028],
    "dW1": [
        *(0.085738102859, -0.161949749844, -0.017841387050, 0.033700397760, 0.092322108099, -0.174386204188),
    ],
    "db1": [0.047632279366, -0.009911881694, 0.051290060055],
}
"""Document 003 computed anew: the inventory, part D, whose second y1 has a digit wrong: σ(3.02) is 0.953469525485…"""

TOLD_003 = """\
Backpropagation of J = 10.02 through MLP 2-3-1, one example
  A row of W is a neuron, a column of X, z, y, δ is an example; ⊙ multiplies element by element.
layer 2: y2 = sigmoid(W2 · y1 + b2)                 (1, 1) = (1, 3) · (3, 1) + (1, 1)
  δ2 = ∂J/∂y2 ⊙ y2 ⊙ (1 − y2)                       (1, 1) = (1, 1) ⊙ (1, 1)
     = [−4.477] ⊙ [0.2495] = [−1.117]
  ∂J/∂W2 = δ2 · y1ᵀ                                 (1, 3) = (1, 1) · (1, 3)
         = [−1.117] · [0.8787 0.9535 0.8977] = [−0.9816 −1.065 −1.003]
  ∂J/∂b2 = δ2                                       (1, 1)
         = [−1.117]
  ∂J/∂y1 = W2ᵀ · δ2                                 (3, 1) = (3, 1) · (1, 1)
           ⎡−0.4⎤              ⎡ 0.4468⎤
         = ⎢ 0.2⎥ · [−1.117] = ⎢−0.2234⎥
           ⎣−0.5⎦              ⎣ 0.5585⎦
layer 1: y1 = sigmoid(W1 · x + b1)                  (3, 1) = (3, 2) · (2, 1) + (3, 1)
  δ1 = ∂J/∂y1 ⊙ y1 ⊙ (1 − y1)                       (3, 1) = (3, 1) ⊙ (3, 1)
       ⎡ 0.4468⎤   ⎡ 0.1066⎤   ⎡  0.04763⎤
     = ⎢−0.2234⎥ ⊙ ⎢0.04437⎥ = ⎢−0.009912⎥
       ⎣ 0.5585⎦   ⎣0.09183⎦   ⎣  0.05129⎦
  ∂J/∂W1 = δ1 · xᵀ                                  (3, 2) = (3, 1) · (1, 2)
           ⎡  0.04763⎤                ⎡ 0.08574 −0.1619⎤
         = ⎢−0.009912⎥ · [1.8 −3.4] = ⎢−0.01784  0.0337⎥
           ⎣  0.05129⎦                ⎣ 0.09232 −0.1744⎦
  ∂J/∂b1 = δ1                                       (3, 1)
         = [0.04763 −0.009912 0.05129]ᵀ"""


def test_document_003_has_the_exact_numbers():
    first, second = explain_layers(*exercise()).layers
    told = {
        "y1": first.y,
        "z2": second.z,
        "y2": second.y,
        "dY2": second.dY,
        "slopes2": second.slopes,
        "dW2": second.weight_gradient,
        "db2": second.bias_gradient,
        "dY1": first.dY,
        "slopes1": first.slopes,
        "dW1": first.weight_gradient,
        "db1": first.bias_gradient,
    }
    assert told.keys() == EXACT_003.keys()
    for name, numbers in told.items():
        assert numbers.ravel() == pytest.approx(EXACT_003[name], abs=PRINTED), name


def test_document_003_reads_like_its_summary():
    assert repr(explain_layers(*exercise())) == TOLD_003


def test_document_000_is_two_layers_of_one_neuron():
    model = MLP(1, [1, 1], "relu", "identity", seed=0)
    model.layers[0].set_weights([[0.5]], [0.1])
    model.layers[1].set_weights([[0.4]], [0.2])
    E = half_squared_error(model([50.0]), 300.0)
    explained = explain_layers(model, E)
    first, second = explained.layers
    gradient = [first.weight_gradient, first.bias_gradient, second.weight_gradient, second.bias_gradient]
    assert np.concatenate(list(map(np.ravel, gradient))) == pytest.approx([-5795.2, -115.904, -7272.976, -289.76])
    text = repr(explained)
    assert "δ2 = ∂E/∂y2 " in text, "the output is linear"
    assert "δ1 = ∂E/∂y1 ⊙ heaviside(z1, 0)" in text
    assert "[−115.9] ⊙ [1] = [−115.9]" in text


def test_document_002_has_the_shapes_of_its_blocks():
    """Figure 35: 2-5-3-1; the document has a column for each neuron, so its shapes are ours turned around."""
    model = MLP(2, [5, 3, 1], "sigmoid", "sigmoid", seed=0)
    MSE = sse(model([0.5, -0.5]), 1.0)
    layers = explain_layers(model, MSE).layers
    assert [layer.W.T.shape for layer in layers] == [(2, 5), (5, 3), (3, 1)]
    assert [layer.weight_gradient.T.shape for layer in layers] == [(2, 5), (5, 3), (3, 1)]
    assert [layer.delta.T.shape for layer in layers] == [(1, 5), (1, 3), (1, 1)]
    hidden1, hidden2, output = (layer.delta.T for layer in layers)
    a1, a2, y_hat = (layer.y.T for layer in layers)
    W2, W3 = (layer.W.T for layer in layers[1:])
    assert output == pytest.approx(y_hat * (1 - y_hat) * 2 * (y_hat - 1), rel=ROUNDING)
    assert hidden2 == pytest.approx((output @ W3.T) * a2 * (1 - a2), rel=ROUNDING)
    assert hidden1 == pytest.approx((hidden2 @ W2.T) * a1 * (1 - a1), rel=ROUNDING)
    third = layers[2].weight_gradient.T
    assert third == pytest.approx(a2.T @ output, rel=ROUNDING)


def test_document_004_gives_delta_from_the_layer_above():
    first, second = explain_layers(*exercise()).layers
    assert first.delta == pytest.approx((second.W.T @ second.delta) * first.slopes, rel=ROUNDING)


# ---- honest about what it finds


def test_a_loss_of_another_model_is_refused_by_name():
    _, loss = exercise()
    other = MLP(4, [2, 1])
    with pytest.raises(ValueError, match=r"^J was not computed by the MLP 4-2-1: no neuron is below it$"):
        explain_layers(other, loss)


@pytest.mark.parametrize("model", [Module(), None, [MLP(2, [1])]])
def test_what_has_no_neurons_is_refused(model):
    with pytest.raises(TypeError, match="layers of neurons"):
        explain_layers(model, Value(1.0))


def test_a_loss_that_is_no_value_is_refused():
    model, loss = exercise()
    with pytest.raises(TypeError, match="a loss that is a Value; got float"):
        explain_layers(model, loss.data)


def test_unknown_detail_and_no_digits_are_refused():
    model, loss = exercise()
    with pytest.raises(ValueError, match="detail"):
        explain_layers(model, loss, detail="most")
    with pytest.raises(ValueError, match="precision"):
        explain_layers(model, loss, precision=0)


def test_what_a_regularizer_adds_is_told_apart():
    model, loss = exercise()
    J = loss + 0.5 * vsum(w * w for layer in model.layers for neuron in layer.neurons for w in neuron.w)
    explained = explain_layers(model, J)
    for layer in explained.layers:
        assert layer.weight_gradient_elsewhere == pytest.approx(layer.W)
        assert layer.weight_gradient == pytest.approx(layer.delta @ layer.X.T + layer.W)
        assert not layer.bias_gradient_elsewhere.any()
    text = repr(explained)
    assert "∂J/∂W2 = δ2 · y1ᵀ + rest" in text
    assert "[−1.117] · [0.8787 0.9535 0.8977] + [−0.4 0.2 −0.5] = [−1.382 −0.8651 −1.503]" in text
    assert "rest: J depends on it in other ways too" in text


def test_a_bias_that_is_used_elsewhere_is_told_apart():
    model, loss = exercise()
    J = loss + 3 * model.layers[0].neurons[1].b
    first, second = explain_layers(model, J).layers
    assert first.bias_gradient_elsewhere == pytest.approx([0, 3, 0])
    assert not second.bias_gradient_elsewhere.any()
    assert "∂J/∂b1 = δ1 + rest" in repr(first)


def test_a_loss_on_hidden_activations_is_told_apart():
    """The activity regularizer of document 002, section 4.4."""
    model = MLP(2, [3, 1], "tanh", seed=0)
    output = model([0.5, -1.0])
    hidden = output.operands[0].vectors[1]
    J = half_squared_error(output, 1.0) + vsum(hidden)
    first, second = explain_layers(model, J).layers
    assert second.input_gradient_elsewhere == pytest.approx(np.ones((3, 1)))
    assert "∂J/∂y1 = W2ᵀ · δ2 + rest" in repr(second)
    assert np.array_equal(second.input_gradient, first.dY)


def test_a_loss_on_z_itself_is_told_apart():
    neuron = Neuron(1, "sigmoid", seed=0)
    y = neuron([2.0])
    J = y + 10 * y.operands[0]
    (layer,) = explain_layers(neuron, J).layers
    assert layer.delta_elsewhere == pytest.approx(np.array([[10.0]]))
    assert "δ = ∂J/∂y ⊙ y ⊙ (1 − y) + rest" in repr(layer)


def test_an_output_on_which_the_loss_does_not_depend_is_told():
    model = MLP(2, [3, 2], "tanh", "tanh", seed=0)
    J = model([0.5, -1.0])[1] * 1.0
    _, second = explain_layers(model, J).layers
    assert np.isnan(second.z[0, 0])
    assert second.delta[0, 0] == 0
    assert not second.weight_gradient[0].any()
    assert not second.weight_gradient_elsewhere.any()
    assert "nan: in that run J does not depend on that neuron, and δ is 0." in repr(second)


def test_a_layer_that_the_loss_does_not_pass_is_told():
    model = MLP(2, [3, 1], "tanh", seed=0)
    J = vsum(model([0.5, -1.0]).operands[0].vectors[1])
    _, second = explain_layers(model, J).layers
    assert second.examples == 0
    assert second.delta.shape == (1, 0)
    assert not second.weight_gradient.any()
    assert "J was not computed through this layer." in repr(second)


def test_a_regularizer_is_told_of_a_layer_that_the_loss_does_not_pass():
    model = MLP(2, [3, 1], "tanh", seed=0)
    J = vsum(model([0.5, -1.0]).operands[0].vectors[1]) + vsum(model.layers[1].neurons[0].w)
    _, second = explain_layers(model, J).layers
    assert second.weight_gradient_elsewhere.tolist() == [[1, 1, 1]]
    assert "rest: J depends on it in other ways too" in repr(second)


@pytest.mark.parametrize(("activation", "reason"), [("step", "the slope of step is"), ("relu", "the slope of relu is")])
def test_a_layer_that_learns_nothing_is_told(activation, reason):
    model = MLP(1, [2, 1], activation, seed=0)
    model.layers[0].set_weights([[-1.0], [-2.0]])
    J = half_squared_error(model([3.0]), 1.0)
    assert f"δ1 is 0: {reason}, so this layer learns nothing from J." in repr(explain_layers(model, J))


def test_a_layer_below_a_dead_one_learns_nothing():
    model = MLP(1, [2, 2, 1], "tanh", seed=0)
    model.layers[1] = Layer(2, 2, "step", seed=0)
    J = half_squared_error(model([3.0]), 1.0)
    assert "δ1 is 0: ∂J/∂y1 is, so this layer learns nothing from J." in repr(explain_layers(model, J))


def swish(z: Value) -> Value:
    return z * z.sigmoid()


def test_an_activation_of_several_nodes_is_told_by_its_derivative():
    model = MLP(2, [3, 2], swish, swish, seed=0)
    J = sse(model([0.5, -1.0]), [1, 2])
    for layer in explain_layers(model, J).layers:
        s = 1 / (1 + np.exp(-layer.z))
        assert layer.y == pytest.approx(layer.z * s, rel=ROUNDING)
        assert layer.slopes == pytest.approx(s + layer.z * s * (1 - s), rel=ROUNDING)
        assert not layer.delta_elsewhere.any()
    text = repr(explain_layers(model, J))
    assert "y2 = swish(W2 · y1 + b2)" in text
    assert "δ2 = ∂J/∂y2 ⊙ (sigmoid(z2) + z2 ⊙ sigmoid(z2) ⊙ (1 − sigmoid(z2)))" in text


@pytest.mark.parametrize(
    ("activation", "rule"),
    [
        (lambda z: z, "δ = ∂J/∂y "),
        (lambda z: z.maximum(0.0), "δ = ∂J/∂y ⊙ equal(z, y)"),
        (lambda z: z if z.data > 0 else 0.5 * z, "δ = ∂J/∂y ⊙ ∂y/∂z "),  # another formula on each side
        (lambda z: z**3, "δ = ∂J/∂y ⊙ 3 · (z ⊙ z)"),
        (lambda z: (z.sin() * z.cos() * z.exp() + z.tanh() * z.sigmoid()).tanh(), "δ = ∂J/∂y ⊙ ∂y/∂z "),  # too long
    ],
)
def test_the_rule_of_any_function_is_told_or_left_out(activation, rule):
    layer = Layer(1, 2, activation, seed=0)
    layer.set_weights([[1.0], [-2.0]])
    J = sse(layer([0.7]), [1, 2])
    (told,) = explain_layers(layer, J).layers
    assert rule in repr(told)
    assert told.delta == pytest.approx(told.dY * told.slopes, rel=ROUNDING)


def test_a_slope_that_is_learnt_is_told_as_its_number():
    slope = Value(0.25, "slope")
    layer = Layer(2, 2, lambda z: z.leaky_relu(slope), seed=0)
    J = sse(layer([0.5, -1.0]), [1, 2])
    assert "heaviside(z, 0) + 0.25 · heaviside(−z, 1)" in repr(explain_layers(layer, J))


def test_an_activation_with_random_numbers_is_left_out():
    rng = np.random.default_rng(0)
    model = MLP(2, [3, 1], lambda z: z * rng.uniform(1, 2), seed=0)
    J = half_squared_error(model([0.5, -1.0]), 1.0)
    first, second = explain_layers(model, J).layers
    assert first.y is first.slopes is first.dY is first.delta_elsewhere is None
    assert not first.weight_gradient_elsewhere.any(), "δ is right all the same"
    assert "δ1 = ∂J/∂z1 " in repr(first)
    assert "δ1 is read off the graph: f is no function of z1 alone, or was changed since, or J" in repr(first)
    assert second.symbols.X == "x2"


def test_what_stands_between_two_layers_is_not_passed_over():
    class Halved(Module):
        """A network whose hidden activations are halved on their way."""

        layers = (Layer(2, 3, "tanh", seed=0), Layer(3, 1, "identity", seed=1))

    hidden = Halved.layers[0]([0.5, -1.0])
    J = half_squared_error(Halved.layers[1]([0.5 * y for y in hidden]), 1.0)
    first, second = explain_layers(Halved(), J).layers
    assert first.dY == pytest.approx(0.5 * second.input_gradient)
    assert "∂J/∂x2 = W2ᵀ · δ2" in repr(second)
    assert "y1" not in repr(second)


def test_layers_without_neurons_keep_their_numbers_free():
    model = MLP(2, [3, 1], "tanh", seed=0)
    model.layers = [Module(), *model.layers]
    outputs = model.layers[2](model.layers[1]([0.5, -1.0]))
    explained = explain_layers(model, half_squared_error(outputs, 1.0))
    assert [layer.number for layer in explained.layers] == [2, 3]
    assert explained.layers[1].symbols.X == "y2"


def test_a_layer_that_is_used_twice_has_two_runs_for_an_example():
    model = MLP(2, [2, 2], "tanh", "tanh", seed=0)
    model.layers = [model.layers[0]] * 2
    J = sse(model([0.5, -1.0]), [1, 2])
    (layer,) = explain_layers(model, J).layers
    assert layer.examples == 2
    assert not layer.weight_gradient_elsewhere.any()


@given(st.integers(2, 3), st.integers(1, 3), st.integers(0, 2**32))
def test_a_layer_that_occurs_more_than_once_is_told_by_its_runs(times, n, seed):
    rng = np.random.default_rng(seed)
    shared = Layer(2, 2, "tanh", seed=rng)
    model = Sequential(Layer(2, 2, "tanh", seed=rng), *[shared] * times, Layer(2, 1, "identity", seed=rng))
    J = mse([model(x) for x in rng.normal(size=(n, 2))], rng.normal(size=n))
    explained = explain_layers(model, J)
    first, repeated, _ = explained.layers
    J.backward()
    assert np.array_equal(repeated.weight_gradient, shared.weight_gradients)
    assert not repeated.weight_gradient_elsewhere.any()
    assert [layer.examples for layer in explained.layers] == [n, n * times, n]
    assert [layer.is_repeated for layer in explained.layers] == [False, True, False]
    assert repeated.places == [*range(2, 2 + times)]
    examples = "one example" if n == 1 else f"{n} examples"
    title, note, *_ = repr(explained).splitlines()
    assert title.endswith(f" through Sequential 2{'-2' * (times + 1)}-1, {examples}")
    assert "δ is a run; " in note
    assert "∂J/∂b2 = δ2 summed over the runs " in repr(repeated)
    assert f"not an example: the model has it {times} times, and a run reads what comes of another." in repr(repeated)
    assert "run" not in repr(first)


def test_a_layer_is_repeated_also_where_another_stands_between_its_runs():
    shared, between = Layer(2, 2, "tanh", seed=0), Layer(2, 2, "tanh", seed=1)
    model = Sequential(shared, between, shared)
    explained = explain_layers(model, mse(model([0.5, -1.0]), [1, 2]))
    assert [layer.is_repeated for layer in explained.layers] == [True, False]
    assert [layer.examples for layer in explained.layers] == [2, 1]
    assert "through Sequential 2-2-2-2, one example\n" in repr(explained)


def test_a_layer_that_reads_what_it_gave_has_runs_and_nobody_knows_how_many_examples():
    layer = Layer(2, 2, "softmax", seed=0)
    explained = explain_layers(layer, mse(layer(Dropout(0.1, seed=0).train()(layer([0.5, -1.0]))), [1, 2]))
    assert "through Layer 2-2, 2 runs of a layer\n" in repr(explained)
    assert "not an example: a run reads what comes of another." in repr(explained)
    assert "for each run " in repr(explained)
    assert "that of the first run " in repr(explained)
    assert "example\n" not in repr(explained)


def test_a_layer_of_a_pair_that_was_run_once_for_each_example_has_examples():
    shared = Layer(2, 2, "tanh", seed=0)
    J = mse([shared([0.5, -1.0]), shared([1.0, 2.0])], [[1, 2], [3, 4]])
    explained = explain_layers(Sequential(shared, shared), J)
    assert "Sequential 2-2-2, 2 examples\n" in repr(explained)
    assert not explained.layers[0].is_repeated


def test_infinities_and_nans_pass_in_silence():
    model = MLP(1, [2, 1], "identity", seed=0)
    model.layers[0].set_weights([[np.inf], [np.nan]])
    J = model([1.0])
    assert "nan" in repr(explain_layers(model, J))


# ---- every combination

LEAKY = LeakyReLU(0.3)

HIDDEN: list[Any] = [*sorted(ACTIVATIONS), LEAKY, "softmax", Value.tanh]

OUTPUTS: dict[str, list[Any]] = {
    "half_squared_error": [*sorted(ACTIVATIONS), LEAKY, "softmax"],
    "sse": ["identity", "softmax", "sigmoid"],
    "mse": ["identity", "softmax", LEAKY],
    "mae": ["identity", "softmax", "tanh"],
    "hinge": ["identity", "tanh", "softmax"],
    "binary_crossentropy": ["sigmoid", "softmax", Value.sigmoid],
    "binary_crossentropy_from_logits": ["identity", "softplus", "softmax"],
    "categorical_crossentropy": ["softmax", "sigmoid"],
    "categorical_crossentropy_from_logits": ["identity", "tanh", "softmax"],
}
"""The activations of the last layer with which a loss is tried."""


class Recorded:
    """Every z of every neuron, in the order of recording, while it is open."""

    def __enter__(self) -> dict[Neuron, list[Value]]:
        self.original = Neuron._summed
        zs: dict[Neuron, list[Value]] = {}

        def spy(neuron: Neuron, inputs: Any) -> Value:
            z = self.original(neuron, inputs)
            zs.setdefault(neuron, []).append(z)
            return z

        Neuron._summed = spy  # type: ignore[method-assign]
        return zs

    def __exit__(self, *_: object) -> None:
        Neuron._summed = self.original  # type: ignore[method-assign]


def drawn_targets(loss_name: str, n: int, k: int, rng: np.random.Generator) -> Any:
    """Targets that a loss can have; for classes labels, one-hot rows or probabilities."""
    if loss_name.startswith("categorical"):
        labels = rng.integers(k, size=n)
        return [labels, np.eye(k)[labels], rng.dirichlet(np.ones(k), size=n)][rng.integers(3)]
    if loss_name == "hinge":
        return rng.choice([-1.0, 1.0], size=(n, k))
    return rng.uniform(size=(n, k))


def told_delta(layer: LayerExplanation) -> Any:
    """What the formula with which δ is told gives in numbers."""
    if layer.targets is not None:
        return layer.weight * (layer.probabilities - layer.targets)
    if layer.jacobians is not None:
        return np.array([J.T @ dy for J, dy in zip(layer.jacobians, layer.dY.T)]).T
    if layer.dY is None:
        return layer.delta
    return layer.dY * layer.slopes if layer.shows_slopes else layer.dY


@pytest.mark.parametrize("loss_name", sorted(OUTPUTS))
@given(
    st.data(),
    st.lists(st.tuples(st.sampled_from(HIDDEN), st.integers(1, 3)), max_size=3),
    st.sampled_from([True, False, "ones"]),
    st.integers(1, 4),
    st.integers(2, 3),
    st.booleans(),
    st.integers(0, 2**32),
)
def test_what_is_told_is_what_backward_gives_for_every_combination(
    loss_name, data, hidden, bias, n, k, is_stable, seed
):
    output, rng = data.draw(st.sampled_from(OUTPUTS[loss_name])), np.random.default_rng(seed)
    shapes = [*hidden, (output, k)]
    widths = [2, *(width for _, width in shapes)]
    model = Sequential(*(Layer(m, w, f, bias, rng) for m, (f, w) in zip(widths, shapes)))
    loss = stable(LOSSES_BY_NAME[loss_name]) if is_stable else LOSSES_BY_NAME[loss_name]
    with Recorded() as zs:
        J = loss([model(x) for x in rng.uniform(-1, 1, (n, 2))], drawn_targets(loss_name, n, k, rng))
    explained = explain_layers(model, J)
    J.backward()
    below = None
    for layer, told in zip(model.layers, explained.layers):
        assert np.array_equal(told.delta, [[z.grad for z in zs[neuron]] for neuron in layer.neurons])
        assert np.array_equal(told.weight_gradient, layer.weight_gradients)
        assert told.bias_gradient is None or np.array_equal(told.bias_gradient, layer.bias_gradients)
        assert np.array_equal(told.W, layer.weights)
        assert told.X.shape == (layer.n_inputs + (bias == "ones"), n)
        assert bias != "ones" or told.X[-1].tolist() == [1.0] * n
        for rest in (told.delta_elsewhere, told.weight_gradient_elsewhere, told.bias_gradient_elsewhere):
            assert rest is None or not rest.any()
        known = ~np.isnan(told.z)  # where the loss depends on that neuron
        assert not told.delta[~known].any()
        sizes = abs(told.delta) + (0 if told.y is None else np.fmax(abs(told.y), 1) * told_scale(told))
        assert np.all((abs(told_delta(told) - told.delta) <= ROUNDING * sizes)[known])
        right = {
            "δ": told.delta,
            "W": told.weight_gradient,
            "b": told.bias_gradient,
            told.symbols.X: told.input_gradient,
        }
        for left, (computed, said) in written(told).items():
            name = left.rpartition("∂")[2] if left[0] == "∂" else left
            exact = right[name if name == told.symbols.X else name[0]] if "∂y" not in left[:2] else told.jacobians[0]
            assert np.array_equal(np.squeeze(said), np.squeeze(exact))
            error, size = abs(computed - said)[~np.isnan(computed)], np.nanmax(abs(computed), initial=1)
            assert np.all(error <= 10 * ROUNDING * size * max(1, np.nanmax(told_scale(told))))
        if below is not None:
            assert f"y{below.number}" == told.symbols.X, "each layer reads the one before it"
            assert np.array_equal(told.input_gradient, below.dY)
            assert not told.input_gradient_elsewhere.any()
        below = told
    assert repr(explained)
    assert explained.latex()


def written(layer: LayerExplanation) -> dict[str, tuple[Any, Any]]:
    """Of each equation that is told what its numbers give when they are computed, and what is said that they give."""
    sides = {}
    for equation in told_of(layer):
        if isinstance(equation, Equation):
            names: dict[str, Any] = {}
            formula = ""
            for token in equation.numbers:
                name = f"m{len(names)}"
                if isinstance(token, Matrix):
                    names[name], formula = token.numbers, formula + name
                elif isinstance(token, Words):
                    names[name], formula = np.eye(len(layer.W)) * float(Fraction(token.text)), formula + name
                else:
                    formula += str(token).replace("·", "@").replace("⊙", "*").replace("−", "-")
            *computed, said = formula.split("=")
            sides[Text().line([equation.left])] = (eval((computed or [said])[0], names), names[said.strip()])
    return sides


def told_scale(layer: LayerExplanation) -> Any:
    """How large the terms are that are added up in δ."""
    if layer.targets is not None:
        return abs(layer.weight)
    return 1.0 if layer.dY is None else np.abs(layer.dY).sum(axis=0)


def test_every_loss_with_a_name_is_tried():
    assert set(OUTPUTS) == set(LOSSES_BY_NAME)


@given(st.integers(1, 3), st.integers(1, 3), st.sampled_from(sorted(SLOPES)), st.integers(0, 2**32))
def test_a_column_of_ones_has_the_gradients_of_a_bias(n, k, activation, seed):
    rng = np.random.default_rng(seed)
    with_bias = MLP(2, [k, 2], activation, seed=rng)
    with_ones = MLP(2, [k, 2], activation, bias="ones", seed=rng)
    drawn(with_bias, rng)
    for layer, other in zip(with_bias.layers, with_ones.layers):
        other.set_weights(np.column_stack([layer.weights, layer.biases]))
    X, targets = rng.uniform(-1, 1, (n, 2)), rng.normal(size=(n, 2))
    expected, told = (
        explain_layers(model, mse([model(x) for x in X], targets)).layers for model in (with_bias, with_ones)
    )
    for right, layer in zip(expected, told):
        columns = np.column_stack([right.weight_gradient, right.bias_gradient])
        assert layer.z == pytest.approx(right.z, rel=1e-9, abs=ROUNDING)
        assert layer.delta == pytest.approx(right.delta, rel=1e-9, abs=ROUNDING)
        assert layer.weight_gradient == pytest.approx(columns, rel=1e-9, abs=ROUNDING)
        assert layer.b is layer.bias_gradient is None
        assert (layer.input_gradient is None) == (right.input_gradient is None)
        assert right.input_gradient is None or layer.input_gradient == pytest.approx(right.input_gradient, abs=1e-11)


@given(st.integers(2, 4), st.integers(1, 3), st.integers(0, 2**32))
def test_the_jacobian_of_softmax_is_that_of_the_books(k, n, seed):
    rng = np.random.default_rng(seed)
    layer = Layer(2, k, "softmax", seed=rng)
    J = sse([layer(x) for x in rng.normal(size=(n, 2))], rng.normal(size=(n, k)))
    (told,) = explain_layers(layer, J).layers
    for jacobian, y in zip(told.jacobians, told.y.T):
        assert jacobian == pytest.approx(np.diag(y) - np.outer(y, y), abs=ROUNDING)


# ---- softmax and cross-entropies


def classifier(n: int = 3, output: str = "softmax", bias: Any = True, k: int = 3) -> tuple[MLP, list[Any]]:
    model = MLP(2, [2, k], "tanh", output, bias, seed=0)
    return model, [model(x) for x in np.random.default_rng(0).normal(size=(n, 2))]


ROWS = [[0.1, 0.2, 0.7], [1.0, 0.0, 0.0], [0.25, 0.5, 0.25]]


@pytest.mark.parametrize("targets", [[2, 0, 1], np.eye(3)[[2, 0, 1]], ROWS])
@pytest.mark.parametrize("loss", [categorical_crossentropy, stable(categorical_crossentropy)])
def test_below_a_cross_entropy_delta_is_the_difference_from_the_targets(loss, targets):
    model, outputs = classifier()
    J = loss(outputs, targets)
    last = explain_layers(model, J).layers[-1]
    assert last.weight == 1 / 3
    assert last.targets.T.tolist() == (np.eye(3)[targets] if np.ndim(targets) == 1 else np.array(targets)).tolist()
    assert last.y.T.tolist() == [[y.data for y in row] for row in outputs]
    assert "δ2 = 1/3 · (y2 − t2) " in repr(last)
    assert "t2: the targets of J, a cross-entropy" in repr(last)


def test_one_example_below_a_cross_entropy_has_no_weight():
    model, outputs = classifier(1)
    text = repr(explain_layers(model, categorical_crossentropy(outputs, [2])))
    assert "δ2 = y2 − t2 " in text
    assert "⎡0⎤" in text
    assert "the 1/y2 of its logarithm cancels in (∂y2/∂z2)ᵀ · ∂J/∂y2." in text


def test_a_weight_that_is_no_part_of_a_whole_is_told_as_its_number():
    model, outputs = classifier(1)
    last = explain_layers(model, 0.3 * categorical_crossentropy(outputs, [2])).layers[-1]
    assert "δ2 = 0.3 · (y2 − t2) " in repr(last)
    assert r"\delta_{2} = \mathrm{0.3} \cdot \left(y_{2} - t_{2}\right) \qquad (3 \times 1)" in last.latex()


def test_examples_of_different_weights_are_told_with_the_jacobian():
    model, (first, second, _) = classifier()
    J = categorical_crossentropy(first, 0) + 5 * categorical_crossentropy(second, 1)
    last = explain_layers(model, J).layers[-1]
    assert last.targets is None
    assert not last.delta_elsewhere.any()
    assert "δ2 = (∂y2/∂z2)ᵀ · ∂J/∂y2 for each example" in repr(last)


def test_a_second_use_of_the_probabilities_is_not_passed_over():
    model, outputs = classifier()
    J = categorical_crossentropy(outputs, [2, 0, 1]) + outputs[0][0] ** 2
    last = explain_layers(model, J).layers[-1]
    assert last.targets is None
    assert last.delta == pytest.approx(told_delta(last), abs=ROUNDING)
    assert "(y2 − t2)" not in repr(last)


def test_a_second_use_of_the_z_of_softmax_is_told_apart():
    model, outputs = classifier(1)
    z = outputs[0][1].operands[0].operands[0]
    last = explain_layers(model, sse(outputs, [[0.0, 0.0, 1.0]]) + 3 * z).layers[-1]
    assert last.delta_elsewhere.ravel() == pytest.approx([0, 3, 0])
    assert "δ2 = (∂y2/∂z2)ᵀ · ∂J/∂y2 + rest" in repr(last)
    several, more = classifier(3)
    last = explain_layers(several, sse(more, ROWS) + 3 * more[0][1].operands[0].operands[0]).layers[-1]
    assert last.delta_elsewhere[:, 0] == pytest.approx([0, 3, 0])
    assert "δ2 = (∂y2/∂z2)ᵀ · ∂J/∂y2 + rest for each example" in repr(last)


def test_targets_whose_sum_is_not_quite_one_are_not_told_as_a_difference():
    model, outputs = classifier(1)
    last = explain_layers(model, categorical_crossentropy(outputs, [[0.1, 0.2, 0.7 + 5e-7]])).layers[-1]
    assert last.targets is None
    assert last.delta == pytest.approx(told_delta(last), abs=ROUNDING)


def test_softmax_below_another_loss_is_told_with_its_jacobian():
    model, outputs = classifier(1)
    text = repr(explain_layers(model, mse(outputs, ROWS[:1])))
    assert "δ2 = (∂y2/∂z2)ᵀ · ∂J/∂y2                          (3, 1) = (3, 3) · (3, 1)" in text
    several, more = classifier(3)
    text = repr(explain_layers(several, mse(more, ROWS)))
    assert "δ2 = (∂y2/∂z2)ᵀ · ∂J/∂y2 for each example         (3, 1) = (3, 3) · (3, 1)" in text
    assert "∂y2/∂z2 = that of the first example" in text


@pytest.mark.parametrize("activation", ["sigmoid", Value.sigmoid])
def test_sigmoids_below_a_stable_cross_entropy_are_told_though_it_was_computed_from_z(activation):
    model = MLP(2, [2, 2], "tanh", activation, seed=0)
    outputs = [model(x) for x in ([1.0, 2.0], [0.5, -1.0])]
    J = stable(binary_crossentropy)(outputs, [[0, 1], [1, 0.25]])
    last = explain_layers(model, J).layers[-1]
    assert last.dY is last.slopes is None
    assert last.targets.T.tolist() == [[0, 1], [1, 0.25]]
    assert last.y.T.tolist() == [[y.data for y in row] for row in outputs]
    assert "δ2 = 1/4 · (y2 − t2) " in repr(last)
    assert "a cross-entropy of sigmoid that was computed from z2 itself." in repr(last)


@pytest.mark.parametrize("activation", ["sigmoid", Value.sigmoid])
def test_sigmoids_below_a_cross_entropy_of_probabilities_are_told_as_a_difference(activation):
    model = MLP(2, [2, 2], "tanh", activation, seed=0)
    outputs = [model(x) for x in ([1.0, 2.0], [0.5, -1.0])]
    last = explain_layers(model, binary_crossentropy(outputs, [[0, 1], [1, 0.25]])).layers[-1]
    assert last.targets.T.tolist() == [[0, 1], [1, 0.25]]
    assert np.array_equal(last.probabilities, last.y)
    assert last.weight == 1 / 4
    assert last.link == ""
    assert "δ2 = 1/4 · (y2 − t2) " in repr(last)
    said = "a cross-entropy: the 1/y2 and 1/(1 − y2) of its logarithms cancel the slope y2 ⊙ (1 − y2)."
    assert f"t2: the targets of J, {said}" in repr(last)
    assert not last.delta_elsewhere.any()


def test_one_sigmoid_below_a_cross_entropy_has_no_weight():
    neuron = Neuron(2, "sigmoid", seed=0)
    (told,) = explain_layers(neuron, binary_crossentropy(neuron([0.5, -1.0]), 1)).layers
    assert "δ = y − t " in repr(told)


def test_a_second_use_of_a_sigmoid_is_not_passed_over():
    neuron = Neuron(2, "sigmoid", seed=0)
    y = neuron([0.5, -1.0])
    (told,) = explain_layers(neuron, binary_crossentropy(y, 1) + y**2).layers
    assert told.targets is None
    assert "δ = ∂J/∂y ⊙ y ⊙ (1 − y) " in repr(told)


@pytest.mark.parametrize(
    ("loss", "targets", "function"),
    [
        (categorical_crossentropy_from_logits, [2, 0, 1], "softmax"),
        (categorical_crossentropy_from_logits, ROWS, "softmax"),
        (binary_crossentropy_from_logits, ROWS, "sigmoid"),
    ],
)
def test_logits_are_told_by_what_the_loss_makes_of_them(loss, targets, function):
    model, outputs = classifier(output="identity")
    last = explain_layers(model, loss(outputs, targets)).layers[-1]
    weight = 3 if function == "softmax" else 9
    assert last.link == function
    assert f"δ2 = 1/{weight} · ({function}(z2) − t2) " in repr(last)
    assert f"a cross-entropy of {function} that was computed from z2 itself." in repr(last)
    exponentials = np.exp(last.z)
    scale = exponentials.sum(axis=0) if function == "softmax" else 1 + exponentials
    assert last.probabilities == pytest.approx(exponentials / scale, rel=ROUNDING)
    assert last.targets.T.tolist() == (np.eye(3)[targets].tolist() if np.ndim(targets) == 1 else targets)
    assert np.array_equal(last.delta, last.dY)
    assert np.array_equal(last.y, last.z)


def test_logits_below_any_other_loss_are_their_own_outputs():
    model, outputs = classifier(output="identity")
    last = explain_layers(model, mse(outputs, ROWS)).layers[-1]
    assert last.targets is last.probabilities is None
    assert "δ2 = ∂J/∂y2 " in repr(last)


def test_a_loss_that_is_computed_from_z_in_any_other_way_is_read_off_the_graph():
    layer = Layer(2, 2, "sigmoid", seed=0)
    J = vsum(y.operands[0] ** 2 for y in layer([0.5, -1.0]))
    (told,) = explain_layers(layer, J).layers
    assert told.y is told.targets is None
    assert told.delta == pytest.approx(2 * told.z)
    assert "δ is read off the graph: J was computed from z itself, or sigmoid was changed since." in repr(told)


def test_a_neuron_of_a_softmax_layer_alone_is_not_told_by_a_wrong_formula():
    layer = Layer(2, 3, "softmax", seed=0)
    J = sse(layer([0.5, -1.0]), [0, 0, 1])
    (told,) = explain_layers(layer.neurons[0], J).layers
    assert told.targets is told.jacobians is None
    assert "δ = ∂J/∂z " in repr(told)


# ---- ones, names, and what stands between


def test_a_row_of_ones_is_shown():
    model, outputs = classifier(1, "sigmoid", "ones", k=1)
    text = repr(explain_layers(model, half_squared_error(outputs[0], 1.0)))
    assert "through MLP 2-2-1, one example" in text
    assert "[X; 1] is X above a row of ones: the last column of W does the work of a bias." in text
    assert "layer 2: y2 = sigmoid(W2 · [y1; 1])                 (1, 1) = (1, 3) · (3, 1)" in text
    assert "∂J/∂W2 = δ2 · [y1; 1]ᵀ                            (1, 3) = (1, 1) · (1, 3)" in text
    assert "∂J/∂y1 = W2ᵀ · δ2 without its last row            (2, 1) = (2, 1) · (1, 1)" in text
    assert "∂J/∂W1 = δ1 · [x; 1]ᵀ " in text
    assert " 1]\n" in text or " 1] =" in text
    assert "ones" not in repr(explain_layers(*exercise()))


def test_latex_of_a_row_of_ones_is_mathematics():
    model, outputs = classifier(2, "softmax", "ones")
    lines = explain_layers(model, categorical_crossentropy(outputs, [0, 1])).latex()
    assert any(r"\delta_{2} \cdot [y_{1};\, 1]^{T}" in line for line in lines)
    for line in lines:
        if "pmatrix" not in line:
            read(line)


def test_an_alpha_is_told():
    layer = Layer(2, 2, LEAKY, seed=0)
    text = repr(explain_layers(layer, sse(layer([0.5, -1.0]), [1, 2])))
    assert "y = leaky_relu(0.3)(W · x + b)" in text
    assert "heaviside(z, 0) + 0.3 · heaviside(−z, 1)" in text


def test_layers_of_a_sequential_in_another_are_told_as_one_chain():
    inner = Sequential(Layer(3, 2, "tanh", seed=1), Sequential(Layer(2, 2, "relu", seed=2)))
    model = Sequential(Layer(2, 3, "tanh", seed=0), inner, Layer(2, 1, "identity", seed=3))
    explained = explain_layers(model, half_squared_error(model([0.5, -1.0]), 1.0))
    assert [layer.number for layer in explained.layers] == [1, 2, 3, 4]
    assert [layer.symbols.X for layer in explained.layers] == ["x", "y1", "y2", "y3"]
    assert "passed over" not in repr(explained)


def doubled(ys: Any) -> list[Any]:
    return [2 * y for y in ys]


def between(*steps: Any, training: bool = False) -> LayersExplanation:
    model = Sequential(Layer(2, 3, "tanh", seed=0), *steps, Layer(3, 1, "identity", seed=1)).train(training)
    return explain_layers(model, half_squared_error(model([0.5, -1.0]), 1.0))


def test_a_dropout_that_is_off_hands_over_what_the_layer_gives():
    explained = between(Dropout(0.5, seed=0))
    assert explained.layers[1].symbols.X == "y1"
    assert "Only dense layers are told; passed over: Dropout(0.5) (layer 2)." in repr(explained)
    assert "not what layer 1 gives" not in repr(explained)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([Dropout(0.5, seed=0)], "Dropout(0.5) (layer 2)"),
        ([doubled], "doubled (layer 2)"),
        ([lambda ys: [2 * y for y in ys], doubled], "a function (layer 2) and doubled (layer 3)"),
        ([doubled] * 3, "doubled (layer 2), doubled (layer 3) and doubled (layer 4)"),
        ([doubled] * 6, "doubled (layer 2), doubled (layer 3), doubled (layer 4) and 3 more"),
    ],
)
def test_what_stands_between_two_layers_is_said_in_a_line(steps, said):
    explained = between(*steps, training=True)
    number = len(steps) + 2
    x = f"x{number}"
    assert x == explained.layers[1].symbols.X
    assert f"{x} is not what layer 1 gives, but what comes of it after {said}." in repr(explained)
    assert f"passed over: {said}." in repr(explained)


def test_something_without_a_name_between_two_layers_is_said_too():
    class Halved(Module):
        layers = (Layer(2, 3, "tanh", seed=0), Layer(3, 1, "identity", seed=1))

    hidden = Halved.layers[0]([0.5, -1.0])
    J = half_squared_error(Halved.layers[1]([0.5 * y for y in hidden]), 1.0)
    assert "x2 is not what layer 1 gives: something else stands between." in repr(explain_layers(Halved(), J))


def test_a_layer_that_is_run_more_often_than_the_next_is_said():
    shared = Layer(2, 2, "tanh", seed=0)
    model = Sequential(shared, Layer(2, 2, "tanh", seed=1), shared)
    explained = explain_layers(model, sse(model([0.5, -1.0]), [1, 2]))
    assert [layer.number for layer in explained.layers] == [1, 2]
    said = "x2 has a name of its own, for layer 1 was run 2 times, and this one once."
    assert said in repr(explained)


def test_convolutions_and_poolings_are_passed_over_with_a_line():
    rng = np.random.default_rng(0)
    model = Sequential(
        *(Convolution2D(1, 2, 3, seed=0), MaxPooling2D(2), Flatten()),
        *(Layer(8, 3, "tanh", seed=0), Layer(3, 2, "softmax", seed=0)),
    )
    J = categorical_crossentropy([model(x) for x in rng.normal(size=(2, 6, 6))], [0, 1])
    explained = explain_layers(model, J)
    J.backward()
    first, last = explained.layers
    assert (first.number, last.number, last.symbols.X) == (4, 5, "y4")
    assert np.array_equal(first.weight_gradient, model.layers[3].weight_gradients)
    named = "Convolution2D (layer 1), MaxPooling2D((2, 2)) (layer 2) and Flatten() (layer 3)"
    assert f"passed over: {named}." in repr(explained)
    assert f"X is what comes of the inputs of the model after {named}." in repr(first)
    assert "∂J/∂X = W4ᵀ · δ4 " in repr(first), "what a convolution is given back"


def test_what_comes_after_the_last_layer_is_said_too():
    model = Sequential(Layer(2, 2, "tanh", seed=0), doubled)
    text = repr(explain_layers(model, sse(model([0.5, -1.0]), [1, 2])))
    assert "passed over: doubled (layer 2)." in text


# ---- what is shown


def test_a_model_of_one_layer_has_no_numbers():
    for model in (
        Layer(2, 1, "tanh", seed=0),
        Neuron(2, "tanh", seed=0),
        MLP(2, [1], output_activation="tanh", seed=0),
    ):
        J = half_squared_error(model([0.5, -1.0]), 1.0)
        text = repr(explain_layers(model, J))
        assert f"through {type(model).__name__} 2-1, one example" in text
        assert "\ny = tanh(W · x + b) " in text
        assert "∂J/∂W = δ · xᵀ" in text
        assert "layer" not in text


def test_a_layer_without_bias_tells_none():
    text = repr(explain_layers(*batch([2], 1, bias=False)))
    assert "y = W · x  " in text
    assert "b" not in text.replace("Backpropagation", "").replace("by", "").replace("column", "")


def test_what_the_loss_adds_to_a_neuron_without_bias_is_not_taken_for_its_bias():
    neuron = Neuron(1, "identity", bias=False, seed=0)
    z = neuron([2.0])
    (layer,) = explain_layers(neuron, (z + 1.0) ** 2).layers
    assert layer.z == z.data
    assert layer.b is None


def test_a_batch_adds_up_over_the_examples():
    text = repr(explain_layers(*batch([4, 1], 5, activation="tanh")))
    assert "5 examples" in text
    assert "∂J/∂b1 = δ1 summed over the examples" in text
    assert "∂J/∂W1 = δ1 · Xᵀ                                  (4, 3) = (4, 5) · (5, 3)" in text


def test_rows_that_are_too_wide_are_stacked():
    lines = repr(explain_layers(*batch([4, 1], 5, activation="tanh", output_activation="sigmoid"))).splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("  δ2"))
    assert [line.strip()[0] for line in lines[first + 1 : first + 4]] == ["=", "⊙", "="]
    assert "…" not in lines[first + 1]


@pytest.mark.parametrize("sizes", [[16, 4], [100, 100], [2], [64, 32, 10]])
def test_a_model_of_up_to_three_layers_fills_about_a_screen(sizes):
    lines = repr(explain_layers(*batch(sizes, 20, activation="sigmoid"))).splitlines()
    assert len(lines) <= SCREEN
    assert max(map(len, lines)) <= WIDEST


def test_deep_models_are_abridged_unless_asked():
    model, loss = batch([3] * 30, 2, activation="tanh")
    lines = repr(explain_layers(model, loss)).splitlines()
    assert len(lines) <= SCREEN
    assert "… 20 layers more; detail='all' tells every one" in lines
    assert any(
        re.match(r"layer 28: y28 = tanh\(W28 · y27 \+ b28\) +δ28 \(3, 2\), \|δ28\| ≤ \d", line) for line in lines
    )
    everything = repr(explain_layers(model, loss, detail="all"))
    assert [int(number) for number in re.findall(r"^layer (\d+):", everything, re.MULTILINE)] == [*range(30, 0, -1)]
    assert "∂J/∂W17 = δ17 · y16ᵀ" in everything


def test_one_layer_of_many_can_be_looked_at():
    model, loss = batch([3] * 10, 2, activation="tanh")
    assert repr(explain_layers(model, loss).layers[4]).startswith("layer 5: y5 = tanh(W5 · y4 + b5)")


def test_all_digits_are_shown_when_asked_for():
    model, loss = exercise()
    explained = explain_layers(model, loss, precision=17)
    for number in explained.layers[0].weight_gradient.ravel().tolist():
        assert repr(number).replace("-", "−") in repr(explained)


def test_zero_has_no_sign():
    model = MLP(1, [1, 1], "relu", seed=0)
    model.layers[0].set_weights([[-1.0]])
    J = half_squared_error(model([3.0]), 1.0)
    assert not re.search(r"[−-]0[\] ]", repr(explain_layers(model, J)))


def test_the_loss_is_called_as_its_label_or_its_variable():
    model, loss = exercise(label="")
    assert "∂loss/∂W2" in repr(explain_layers(model, loss))
    loss.label = "E"
    assert "∂E/∂W2" in repr(explain_layers(model, loss))
    loss.label = "the cost of <b>one</b> day"
    text = repr(explain_layers(model, loss))
    assert "of J = 10.02 (the cost of <b>one</b> day) through" in text
    assert "∂J/∂W2" in text


# ---- LaTeX and HTML

LABELS = ["J", "<b>bold</b>", "a$b_c^d{e}\\f%", "ŷ", "</script>", "two\nlines"]


@pytest.mark.parametrize("label", LABELS)
def test_lines_of_latex_without_matrices_are_mathematics(label):
    model, loss = batch([3, 3, 3, 2, 1], 2, activation="leaky_relu", output_activation="softplus")
    loss = loss + model.layers[0].neurons[0].b
    loss.label = label
    lines = explain_layers(model, loss).latex()
    plain = [line for line in lines if "pmatrix" not in line]
    assert len(plain) > 10
    for line in plain:
        read(line)
    for line in lines:
        assert "\n" not in line
        assert line.count(r"\begin{pmatrix}") == line.count(r"\end{pmatrix}")
        assert line.count(r"\left(") == line.count(r"\right)")


def test_latex_says_what_the_text_says():
    lines = explain_layers(*exercise()).latex()
    symbols, shapes = (
        r"\frac{\partial J}{\partial W_{1}} = \delta_{1} \cdot x^{T}",
        r"(3 \times 2) = (3 \times 1) \cdot (1 \times 2)",
    )
    assert rf"{symbols} \qquad {shapes}" in lines
    assert r"\delta_{2} = \frac{\partial J}{\partial y_{2}} \odot y_{2} \odot \left(1 - y_{2}\right)" in lines[3]
    told = re.findall(r"\d+\.\d+", TOLD_003)
    assert sorted(told) == sorted(re.findall(r"\d+\.\d+", "\n".join(lines)))


def test_notebooks_get_one_formula_in_dollars():
    for shown in (explain_layers(*exercise()), explain_layers(*exercise()).layers[0]):
        latex = shown._repr_latex_()
        assert latex.startswith(r"$$\begin{array}{l} ")
        assert latex.endswith(r" \end{array}$$")
        assert latex.count("$") == 4


class Reader(HTMLParser):
    """The tags and the text of a page; tags are closed in the order in which they were opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.open.append(tag)
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.mark.parametrize("label", [*LABELS, "&amp; &", "#"])
def test_html_is_escaped_and_closed(label):
    model, loss = exercise(label=label)
    reader = Reader()
    reader.feed(explain_layers(model, loss)._repr_html_())
    assert reader.open == []
    assert reader.tags == {"div", "span", "table", "tr", "td", "sup"}
    assert " ".join(label.split()) in "".join(reader.text)


def test_html_says_the_numbers_of_the_text():
    reader = Reader()
    reader.feed(explain_layers(*exercise())._repr_html_())
    assert sorted(re.findall(r"−?\d+\.\d+", " ".join(reader.text))) == sorted(re.findall(r"−?\d+\.\d+", TOLD_003))


def test_html_of_a_layer_alone_is_a_part_of_that_of_all():
    explained: LayersExplanation = explain_layers(*exercise())
    part = explained.layers[0]._repr_html_().removeprefix('<div style="line-height:1.3">').removesuffix("</div>")
    assert part in explained._repr_html_()


def test_neurons_that_share_their_weights_are_refused() -> None:
    layer = Layer(2, 2, "tanh", seed=0)
    layer.neurons[1].w = layer.neurons[0].w
    loss = vsum(layer([1.0, 2.0]))
    with pytest.raises(ValueError, match="got the same for neuron 1 of layer 1 and neuron 2 of layer 1"):
        explain_layers(layer, loss)


def test_the_rows_of_the_latex_end_where_tex_ends_them() -> None:
    model = MLP(2, [1], seed=0)
    shown = explain_layers(model, half_squared_error(model([1.0, 2.0]), 1.0))._repr_latex_()
    assert shown.count(r"\\[6pt]") == len(explain_layers(model, half_squared_error(model([1.0, 2.0]), 1.0)).latex()) - 1
