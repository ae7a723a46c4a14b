from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, diagnose, draw, float_functions, python_text, text, topological_order
from autograd.derivatives import scales
from nn import SGD, Layer, Sequential, half_squared_error, mse
from nn.models.convolution import Convolution2D
from nn.models.pooling import Flatten, MaxPooling2D

ROUNDING = 1e-12  # of the scale: two ways to the same sum differ by some tens of roundings
UNSATURATED = 0.1  # weights so small that |z| stays below 3: further out 1 - tanh² has lost digits, as documented
STEP = 1e-30  # complex step: nothing is subtracted, so it may be as small as we like

# from their definitions, for complex numbers; a kink looks at the real part
ACTIVATIONS: dict[str, Any] = {
    "identity": lambda z: z,
    "relu": lambda z: np.where(z.real > 0, z, 0),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": lambda z: np.sinh(z) / np.cosh(z),
}

SOBEL = [[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]]  # finds vertical edges; turned by 180° it is -SOBEL


class Geometry(NamedTuple):
    """Sizes, in pixels, of an image, of kernels, of their strides, and of the padding at each side."""

    channels: int
    kernels: int
    image: tuple[int, int]
    size: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]

    def convolution(self, activation: str = "identity", bias: bool = True, seed: Any = 0) -> Convolution2D:
        sides = {"stride": self.stride, "padding": self.padding}
        return Convolution2D(self.channels, self.kernels, self.size, activation, bias, seed, **sides)

    @property
    def image_shape(self) -> tuple[int, int, int]:
        return (self.channels, *self.image)


def pairs(least: int, most: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(least, most), st.integers(least, most))


@st.composite
def geometries(draw: Any) -> Geometry:
    size, padding = draw(pairs(1, 3)), draw(pairs(0, 2))
    image = tuple(max(1, taken - 2 * border) + draw(st.integers(0, 3)) for taken, border in zip(size, padding))
    return Geometry(draw(st.integers(1, 3)), draw(st.integers(1, 3)), image, size, draw(pairs(1, 3)), padding)


seeds = st.integers(0, 2**32)


def padded(x: Any, padding: tuple[int, int]) -> Any:
    channels, height, width = x.shape
    result = np.zeros((channels, height + 2 * padding[0], width + 2 * padding[1]), x.dtype)
    result[:, padding[0] : padding[0] + height, padding[1] : padding[1] + width] = x
    return result


def positions(geometry: Geometry) -> Iterator[tuple[int, int, slice, slice]]:
    """For each place in a feature map the rows and columns of the padded image that a kernel lies upon."""
    tops, lefts = (
        range(0, length + 2 * border - taken + 1, step)
        for length, border, taken, step in zip(geometry.image, geometry.padding, geometry.size, geometry.stride)
    )
    for (i, top), (j, left) in product(enumerate(tops), enumerate(lefts)):
        yield i, j, slice(top, top + geometry.size[0]), slice(left, left + geometry.size[1])


def direct_convolution(geometry: Geometry, x: Any, W: Any, b: Any) -> Any:
    """z of each kernel at each place, in loops."""
    places = list(positions(geometry))
    result = np.zeros((len(W), places[-1][0] + 1, places[-1][1] + 1), np.result_type(x, W, b))
    room = padded(x, geometry.padding)
    for k, (i, j, rows, columns) in product(range(len(W)), places):
        result[k, i, j] = np.sum(W[k] * room[:, rows, columns]) + b[k]
    return result


def data_of(values: Any) -> Any:
    return np.array([value.data for value in np.ravel(values)]).reshape(np.shape(values))


def gradients_of(values: Any) -> Any:
    return np.array([value.grad for value in np.ravel(values)]).reshape(np.shape(values))


def image_of_values(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    return np.vectorize(Value, otypes=[object])(rng.uniform(-1, 1, shape))


def weighted(features: Any, coefficients: Any) -> Value:
    """A sum in which each feature has a coefficient of its own."""
    return np.sum(features * coefficients)


def small_network() -> Sequential:
    """A convolution, a pooling and a neuron for images of 3 × 3."""
    return Sequential(
        Convolution2D(1, 2, 2, "sigmoid", seed=0), MaxPooling2D(2), Flatten(), Layer(2, 1, "sigmoid", seed=1)
    )


# ---- laws


@given(geometries(), st.sampled_from(sorted(ACTIVATIONS)), st.booleans(), seeds)
def test_feature_maps_are_those_of_a_loop_over_the_image(geometry, activation, bias, seed):
    rng = np.random.default_rng(seed)
    convolution = geometry.convolution(activation, bias, rng)
    b = rng.uniform(-1, 1, geometry.kernels) if bias else np.zeros(geometry.kernels)
    convolution.set_weights(convolution.weights, b if bias else None)
    x = rng.uniform(-1, 1, geometry.image_shape)
    features = convolution(x)
    expected = ACTIVATIONS[activation](direct_convolution(geometry, x, convolution.weights, b))
    scale = direct_convolution(geometry, abs(x), abs(convolution.weights), abs(b))
    assert features.shape == expected.shape == convolution.output_shape(x.shape)
    assert np.all(abs(data_of(features) - expected) <= ROUNDING * scale)


@given(geometries(), seeds)
def test_gradients_of_a_linear_convolution_are_those_of_a_loop(geometry, seed):
    rng = np.random.default_rng(seed)
    convolution, x = geometry.convolution(seed=rng), image_of_values(rng, geometry.image_shape)
    features = convolution(x)
    delta = rng.uniform(-1, 1, features.shape)
    loss = weighted(features, delta)
    loss.backward()
    room, to_image = padded(data_of(x), geometry.padding), padded(np.zeros(x.shape), geometry.padding)
    to_weights = np.zeros(convolution.weights.shape)
    for k, (i, j, rows, columns) in product(range(geometry.kernels), positions(geometry)):
        to_weights[k] += delta[k, i, j] * room[:, rows, columns]
        to_image[:, rows, columns] += delta[k, i, j] * convolution.weights[k]
    top, left = geometry.padding
    to_image = to_image[:, top : top + geometry.image[0], left : left + geometry.image[1]]
    largest = max(np.max(scales(loss, [*convolution.parameters(), *x.flat])), 1.0)
    assert abs(convolution.weight_gradients - to_weights).max() <= ROUNDING * largest
    assert abs(convolution.bias_gradients - delta.sum(axis=(1, 2))).max() <= ROUNDING * largest
    assert abs(gradients_of(x) - to_image).max() <= ROUNDING * largest


@given(geometries(), st.sampled_from(sorted(ACTIVATIONS)), seeds)
def test_gradients_are_those_of_a_complex_step_through_numpy(geometry, activation, seed):
    rng = np.random.default_rng(seed)
    convolution, x = geometry.convolution(activation), image_of_values(rng, geometry.image_shape)
    sizes = [convolution.weights.size, geometry.kernels, x.size]
    numbers = [rng.uniform(-UNSATURATED, UNSATURATED, size) for size in sizes[:2]]
    convolution.set_weights(numbers[0].reshape(convolution.weights.shape), numbers[1])
    features = convolution(x)
    coefficients = rng.uniform(-1, 1, features.shape)
    loss = weighted(features, coefficients)
    loss.backward()

    def numpy_loss(flat: Any) -> Any:
        W, b, pixels = np.split(flat, np.cumsum(sizes)[:2])
        z = direct_convolution(geometry, pixels.reshape(x.shape), W.reshape(convolution.weights.shape), b)
        return np.sum(coefficients * ACTIVATIONS[activation](z))

    at = np.concatenate([*numbers, data_of(x).ravel()])
    slopes = [numpy_loss(at + 1j * STEP * unit).imag / STEP for unit in np.eye(len(at))]
    ours = np.concatenate([convolution.weight_gradients.ravel(), convolution.bias_gradients, gradients_of(x).ravel()])
    weights, biases = ([w for k in convolution.kernels for w in k.w], [k.b for k in convolution.kernels])
    allowed = ROUNDING * np.array(scales(loss, [*weights, *biases, *x.flat]))
    assert np.all(abs(ours - slopes) <= allowed)


@given(st.lists(st.floats(-10, 10), min_size=3, max_size=9), st.lists(st.floats(-10, 10), min_size=1, max_size=3))
def test_a_row_is_correlated_as_numpy_correlates_it(row, kernel):
    convolution = Convolution2D(1, 1, (1, len(kernel)), "identity", bias=False)
    convolution.set_weights([[[kernel]]])
    scale = np.correlate(np.abs(row), np.abs(kernel), "valid")
    assert np.all(abs(data_of(convolution([row]))[0, 0] - np.correlate(row, kernel, "valid")) <= ROUNDING * scale)


@given(seeds)
def test_a_kernel_is_not_flipped_as_in_a_convolution(seed):
    """Erratum 002-25: document 002 describes a cross-correlation; for its kind of kernel the sign differs."""
    image = np.random.default_rng(seed).integers(-9, 9, (5, 4)).astype(float)
    described, convolved = (Convolution2D(1, 1, 3, "identity") for _ in range(2))
    described.set_weights([[SOBEL]])
    convolved.set_weights([[np.flip(SOBEL)]])
    assert data_of(described(image)).tolist() == (-data_of(convolved(image))).tolist()
    assert data_of(described(image))[0, 0, 0] == np.sum(np.array(SOBEL) * image[:3, :3])


@given(geometries(), seeds)
def test_a_kernel_as_large_as_the_image_is_a_neuron(geometry, seed):
    rng = np.random.default_rng(seed)
    convolution = Convolution2D(geometry.channels, geometry.kernels, geometry.image, "tanh", seed=rng)
    layer = Layer(np.prod(geometry.image_shape), geometry.kernels, "tanh")
    layer.set_weights(convolution.weights.reshape(geometry.kernels, -1), convolution.biases)
    x = rng.uniform(-1, 1, geometry.image_shape)
    outputs = layer(x.ravel())
    assert data_of(convolution(x)).ravel().tolist() == data_of(outputs).ravel().tolist()


@given(seeds)
def test_a_shifted_image_has_shifted_feature_maps(seed):
    rng = np.random.default_rng(seed)
    convolution, x = Convolution2D(2, 3, (2, 3), seed=rng), rng.uniform(-1, 1, (2, 6, 7))
    whole = data_of(convolution(x))
    assert data_of(convolution(x[:, 1:, 2:])).tolist() == whole[:, 1:, 2:].tolist()


@given(geometries(), seeds)
def test_padding_is_an_image_with_a_border_of_zeros(geometry, seed):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, geometry.image_shape)
    convolution, bare = geometry.convolution(seed=seed), geometry._replace(padding=(0, 0)).convolution(seed=seed)
    assert data_of(convolution(x)).tolist() == data_of(bare(padded(x, geometry.padding))).tolist()


# ---- against PyTorch, where it is installed


@given(geometries(), seeds)
def test_feature_maps_and_gradients_are_those_of_pytorch(geometry, seed):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(seed)
    convolution, x = geometry.convolution("tanh", seed=rng), rng.uniform(-1, 1, geometry.image_shape)
    image, W, b = (
        torch.tensor(array, dtype=torch.float64, requires_grad=True)
        for array in (x, convolution.weights, convolution.biases)
    )
    theirs = torch.nn.functional.conv2d(image[None], W, b, geometry.stride, geometry.padding)[0].tanh()
    ours = convolution(x)
    np.sum(ours).backward()
    theirs.sum().backward()
    scale = 1 + np.sum(abs(convolution.weights)) + x.size
    assert abs(data_of(ours) - theirs.detach().numpy()).max() <= ROUNDING * scale
    assert abs(convolution.weight_gradients - W.grad.numpy()).max() <= ROUNDING * scale
    assert abs(convolution.bias_gradients - b.grad.numpy()).max() <= ROUNDING * scale


# ---- the graph


@given(geometries())
def test_there_is_one_dot_for_each_kernel_and_position(geometry):
    features = geometry.convolution("relu")(np.ones(geometry.image_shape))
    ops = [node.op for node in topological_order(np.sum(features)) if node.op]
    assert [ops.count(op) for op in ("dot", "relu")] == [features.size] * 2
    assert len(ops) == 3 * features.size + max(features.size - 1, 0)  # a bias too, and what adds them all up here


@given(geometries())
def test_kernels_share_the_tuple_of_a_patch_and_positions_the_tuple_of_a_kernel(geometry):
    convolution = geometry.convolution(bias=False)
    features = convolution(np.ones(geometry.image_shape))
    for k, i, j in np.ndindex(features.shape):
        weights, patch = features[k, i, j].vectors
        assert weights is convolution.kernels[k].w
        assert patch is features[0, i, j].vectors[1]
    assert len({id(feature.vectors[1]) for feature in features.flat}) == features[0].size


@given(geometries(), seeds)
def test_a_patch_holds_the_pixels_themselves_and_zeros_of_the_padding(geometry, seed):
    x = image_of_values(np.random.default_rng(seed), geometry.image_shape)
    features, room = geometry.convolution(bias=False)(x), padded(x, geometry.padding)
    for i, j, rows, columns in positions(geometry):
        patch = features[0, i, j].vectors[1]
        for pixel, expected in zip(patch, room[:, rows, columns].flat, strict=True):
            assert pixel is expected if type(expected) is Value else (type(pixel), pixel) == (float, 0.0)


def test_whole_numbers_of_an_image_become_floats_once():
    first, second = Convolution2D(1, 2, 2, "identity", bias=False)([[1, 2], [3, 4]]).flat
    assert first.vectors[1] == (1.0, 2.0, 3.0, 4.0)
    assert {type(pixel) for pixel in first.vectors[1]} == {float}
    assert second.vectors[1] is first.vectors[1]


def test_a_stack_of_a_convolution_a_pooling_and_a_layer_passes_the_gradient_to_every_pixel_it_saw():
    x = image_of_values(np.random.default_rng(0), (3, 3))
    loss = half_squared_error(small_network()(x), 1.0)
    loss.backward()
    seen = {pixel for node in topological_order(loss) if node.op == "dot" for pixel in node.vectors[1]} & set(x.flat)
    assert seen == set(x.flat)
    assert {pixel.grad_state for pixel in x.flat} == {"computed"}


# ---- what goes in and comes out


@pytest.mark.parametrize(
    "kind",
    [
        lambda x: x.tolist(),
        lambda x: tuple(map(tuple, x.tolist())),
        lambda x: x[None],
        lambda x: [x.tolist()],
        list,
        lambda x: x.astype(np.float32),
        lambda x: x.astype(np.int8),
        np.asfortranarray,
        np.vectorize(Value, otypes=[object]),
        lambda x: [[Value(pixel) for pixel in row] for row in x.tolist()],
        lambda x: [[Value(pixel) if pixel % 2 else pixel for pixel in row] for row in x.tolist()],
    ],
)
def test_kind_of_image_does_not_matter(kind):
    x = np.arange(12.0).reshape(3, 4)
    convolution = Convolution2D(1, 2, 2, seed=0)
    assert data_of(convolution(kind(x))).tolist() == data_of(convolution(x)).tolist()


def test_feature_maps_are_an_array_of_values():
    features = Convolution2D(1, 2, 2, seed=0)(np.ones((3, 4)))
    assert (type(features), features.dtype, features.shape) == (np.ndarray, object, (2, 2, 3))
    assert {type(feature) for feature in features.flat} == {Value}


def test_one_kernel_gives_an_array_too():
    assert Convolution2D(1, 1, 2, seed=0)(np.ones((2, 2))).shape == (1, 1, 1)


def test_an_image_is_not_changed():
    x = np.arange(9.0).reshape(3, 3)
    Convolution2D(1, 1, 2, padding=1)(x)
    assert x.tolist() == np.arange(9.0).reshape(3, 3).tolist()


def test_images_of_several_shapes_take_turns():
    convolution, rng = Convolution2D(1, 1, 2, "identity", seed=0), np.random.default_rng(0)
    images = [rng.uniform(-1, 1, shape) for shape in ((1, 3, 4), (1, 4, 3), (1, 2, 6), (1, 3, 4))]
    for x in images:
        geometry = Geometry(1, 1, x.shape[1:], (2, 2), (1, 1), (0, 0))
        expected = direct_convolution(geometry, x, convolution.weights, convolution.biases)
        assert data_of(convolution(x)) == pytest.approx(expected, rel=0, abs=2 * ROUNDING)


@pytest.mark.parametrize(
    ("shape", "details", "given"),
    [
        ((1, 28, 28), {}, (4, 26, 26)),
        ((28, 28), {}, (4, 26, 26)),
        ((28, 28), {"padding": 1}, (4, 28, 28)),
        ((28, 28), {"stride": 2}, (4, 13, 13)),
        ((28, 28), {"stride": (2, 3), "padding": (0, 1)}, (4, 13, 10)),
        ((3, 3), {}, (4, 1, 1)),
        ((1, 1), {"padding": 1}, (4, 1, 1)),
        (None, {}, None),
    ],
)
def test_output_shape(shape, details, given):
    convolution = Convolution2D(1, 4, 3, **details)
    assert convolution.output_shape(shape) == given
    if shape:
        assert convolution(np.zeros(shape)).shape == given


# ---- parameters


def test_labels_say_kernel_channel_row_and_column():
    convolution = Convolution2D(2, 2, (1, 2), label="layer1")
    assert [parameter.label for parameter in convolution.parameters()] == [
        *("layer1.kernel1.w[0,0,0]", "layer1.kernel1.w[0,0,1]", "layer1.kernel1.w[1,0,0]", "layer1.kernel1.w[1,0,1]"),
        "layer1.kernel1.b",
        *("layer1.kernel2.w[0,0,0]", "layer1.kernel2.w[0,0,1]", "layer1.kernel2.w[1,0,0]", "layer1.kernel2.w[1,0,1]"),
        "layer1.kernel2.b",
    ]
    assert Convolution2D(1, 1, 1).kernels[0].w[0].label == "kernel1.w[0,0,0]"


def test_a_network_labels_by_place():
    network = Sequential(Flatten(), small_network().layers[0])
    assert network.layers[1].kernels[1].w[3].label == "layer2.kernel2.w[0,1,1]"
    assert network.layers[1].kernels[1].b.label == "layer2.kernel2.b"


def test_weights_are_written_and_read_by_kernel_channel_row_and_column():
    convolution, numbers = Convolution2D(2, 3, (2, 4)), np.arange(48.0).reshape(3, 2, 2, 4)
    convolution.set_weights(numbers, [7.0, 8.0, 9.0])
    assert convolution.weights.tolist() == numbers.tolist()
    assert convolution.biases.tolist() == [7.0, 8.0, 9.0]
    (weight,) = (w for w in convolution.parameters() if w.label == "kernel3.w[1,0,2]")
    assert weight.data == numbers[2, 1, 0, 2]


def test_gradients_have_the_shapes_of_weights_and_biases():
    convolution = Convolution2D(2, 3, (2, 4))
    assert convolution.weight_gradients.shape == convolution.weights.shape == (3, 2, 2, 4)
    assert convolution.bias_gradients.shape == convolution.biases.shape == (3,)
    assert Convolution2D(2, 3, 1, bias=False).biases.shape == (0,)


def test_parameters_are_those_of_the_kernels_and_weights_alone_are_penalized():
    convolution = Convolution2D(2, 3, 2)
    assert convolution.parameters() == [p for kernel in convolution.kernels for p in (*kernel.w, kernel.b)]
    assert convolution.weight_parameters() == [w for kernel in convolution.kernels for w in kernel.w]


def test_weights_are_drawn_kernel_after_kernel_row_major_and_biases_start_at_zero():
    convolution = Convolution2D(2, 3, (2, 4), seed=7)
    assert (convolution.weights == np.random.default_rng(7).uniform(-1, 1, (3, 2, 2, 4))).all()
    assert not convolution.biases.any()


@given(seeds)
def test_same_seed_same_weights(seed):
    assert (Convolution2D(1, 2, 2, seed=seed).weights == Convolution2D(1, 2, 2, seed=seed).weights).all()
    assert (Convolution2D(1, 2, 2, seed=seed).weights != Convolution2D(1, 2, 2, seed=seed + 1).weights).all()


def test_an_initializer_is_told_how_many_inputs_and_outputs_a_pixel_of_a_patch_has():
    told = []

    def initializer(rng, shape, fan_in, fan_out):
        told.append((shape, fan_in, fan_out))
        return np.zeros(shape)

    Convolution2D(3, 5, (2, 4), initializer=initializer)
    assert told == [((3 * 2 * 4,), 3 * 2 * 4, 5 * 2 * 4)] * 5


def test_a_deep_copy_learns_apart():
    convolution = Convolution2D(1, 2, 2, seed=0)
    twin, before = copy.deepcopy(convolution), convolution.weights
    np.sum(twin(np.ones((3, 3)))).backward()
    SGD(twin.parameters(), lr=0.1).step()
    assert (convolution.weights == before).all()
    assert (twin.weights != before).any()
    assert twin.kernels[0].w[0].label == "kernel1.w[0,0,0]"


# ---- what it refuses


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Convolution2D(0, 1, 1), ValueError, "Convolution2D needs at least one channel; got 0"),
        (lambda: Convolution2D(1, 0, 1), ValueError, "Convolution2D needs at least one kernel; got 0"),
        (lambda: Convolution2D(1, 1, 0), ValueError, "Convolution2D needs a size of at least 1; got 0"),
        (lambda: Convolution2D(1, 1, (2, 0)), ValueError, r"a size of at least 1; got \(2, 0\)"),
        (lambda: Convolution2D(1, 1, (1, 2, 3)), ValueError, r"a size of one number or a pair.*; got \(1, 2, 3\)"),
        (lambda: Convolution2D(1, 1, 1.5), TypeError, "a size of whole numbers, rows and columns; got 1.5"),
        (lambda: Convolution2D(1, 1, "3"), TypeError, "a size of whole numbers, rows and columns; got '3'"),
        (lambda: Convolution2D(1, 1, 1, stride=0), ValueError, "Convolution2D needs a stride of at least 1; got 0"),
        (lambda: Convolution2D(1, 1, 1, padding=-1), ValueError, "Convolution2D needs a padding of at least 0; got -1"),
        (lambda: Convolution2D(1, 1, 1, "softmax"), ValueError, "an activation of one neuron; got 'softmax'"),
        (lambda: Convolution2D(1, 1, 1, "ReLU"), ValueError, "there is no activation 'ReLU'; known are"),
        (lambda: Convolution2D(1, 1, 1, bias="ones"), ValueError, "needs a bias of True or False; got 'ones'"),
        (lambda: Convolution2D(1, 1, 1, initializer="he"), ValueError, "there is no initializer 'he'; known are"),
    ],
)
def test_what_can_not_be_is_refused_when_it_is_made(make, error, message):
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (np.ones((3, 4, 4)), ValueError, r"^Convolution2D of 2 channels got 3, in an image of shape .* = \(3, 4, 4\)$"),
        (np.ones((4, 4)), ValueError, r"of 2 channels got 1, in an image of shape .* = \(1, 4, 4\)$"),
        (np.ones((2, 1, 4)), ValueError, r"an image of at least \(2, 3\) rows, columns; got \(1, 4\)$"),
        (np.ones((2, 4, 2)), ValueError, r"an image of at least \(2, 3\) rows, columns; got \(4, 2\)$"),
        (np.ones(4), ValueError, r"an image of shape \(channels, height, width\), .*; got the shape \(4,\)"),
        (np.ones((1, 2, 4, 4)), ValueError, r"got the shape \(1, 2, 4, 4\)"),
        (np.ones((2, 0, 4)), ValueError, r"got the shape \(2, 0, 4\)"),
        (1.0, ValueError, r"got the shape \(\)"),
        ([[1, 2, 3], [1, 2]], ValueError, r"^Convolution2D needs rows of one length; got \[\[1, 2, 3\], \[1, 2\]\]"),
        ([[[1, 2], [3, 4]], [[1, 2]]], ValueError, "needs rows of one length"),
        ([[1, 2], 3], ValueError, "needs rows of one length"),
        ([np.ones((2, 2)), np.ones((2, 3))], ValueError, "needs rows of one length"),
        (np.full((2, 4, 4), "1"), TypeError, "needs one real number; got str '1'"),
        (np.full((2, 4, 4), 1j), TypeError, "needs one real number; got complex 1j"),
        (np.full((2, 4, 4), None), TypeError, "needs one real number; got NoneType"),
    ],
)
def test_what_is_no_image_for_it_is_refused(x, error, message):
    with pytest.raises(error, match=message):
        Convolution2D(2, 1, (2, 3))(x)


def test_an_image_too_small_in_spite_of_its_padding_is_an_error_that_says_so():
    with pytest.raises(ValueError, match=r"got \(1, 1\) and at each side a padding of \(1, 1\)$"):
        Convolution2D(1, 1, 4, padding=1)(np.ones((1, 1)))


@pytest.mark.parametrize("shape", [(3, 4, 4), (4, 4), (2, 1, 4), (4,), (1, 2, 4, 4), (2, 0, 4), (10,)])
def test_output_shape_refuses_what_a_call_refuses(shape):
    convolution = Convolution2D(2, 1, (2, 3))
    with pytest.raises(ValueError, match="Convolution2D") as of_shape:
        convolution.output_shape(shape)
    with pytest.raises(ValueError, match="Convolution2D") as of_call:
        convolution(np.ones(shape))
    assert str(of_shape.value) == str(of_call.value)


@pytest.mark.parametrize(
    ("W", "b", "error", "message"),
    [
        (np.ones((2, 4)), None, ValueError, r"set_weights needs W of shape \(2, 1, 2, 2\); got \(2, 4\)"),
        (np.ones((1, 2, 2, 2)), None, ValueError, r"W of shape \(2, 1, 2, 2\); got \(1, 2, 2, 2\)"),
        (np.ones((2, 1, 2, 2)), [1.0], ValueError, r"b of shape \(2,\); got \(1,\)"),
        (np.full((2, 1, 2, 2), "1"), None, TypeError, "one real number; got"),
        (np.ones((2, 1, 2, 2)), [1.0, None], TypeError, "one real number; got NoneType"),
    ],
)
def test_weights_that_do_not_fit_are_refused_and_change_nothing(W, b, error, message):
    convolution = Convolution2D(1, 2, 2, seed=0)
    before = data_of(convolution.parameters())
    with pytest.raises(error, match=message):
        convolution.set_weights(W, b)
    assert (data_of(convolution.parameters()) == before).all()


# ---- what it says


def test_repr_says_what_is_not_usual():
    assert repr(Convolution2D(1, 4, 3)) == "Convolution2D(1, 4, (3, 3), activation='relu')"
    assert repr(Convolution2D(2, 4, (1, 3), "tanh", bias=False, stride=2, padding=(0, 1))) == (
        "Convolution2D(2, 4, (1, 3), activation='tanh', bias=False, stride=(2, 2), padding=(0, 1))"
    )
    assert repr(Convolution2D(1, 1, 1, Value.sin)) == "Convolution2D(1, 1, (1, 1), activation=sin)"


def test_summary_of_a_network_for_images():
    network = Sequential(Convolution2D(1, 8, 3), MaxPooling2D(2), Flatten(), Layer(1352, 10, "softmax"))
    summary = network.summary((28, 28))
    assert [row.output_shape for row in summary] == [(8, 26, 26), (8, 13, 13), (1352,), (10,)]
    assert [row.parameters for row in summary] == [8 * 10, 0, 0, 13_530]
    assert summary.parameters == 13_610


def test_a_network_whose_layer_does_not_fit_the_feature_maps_is_an_error_of_its_summary():
    network = Sequential(Convolution2D(1, 8, 3), Flatten(), Layer(1352, 10))
    with pytest.raises(ValueError, match=r"Layer of 1352 inputs got the shape \(5408,\)"):
        network.summary((28, 28))


# ---- what reads its graph


def test_explanation_of_a_weight_has_a_path_for_each_position_and_the_derivative():
    network = small_network()
    loss = half_squared_error(network(np.random.default_rng(0).uniform(size=(3, 3))), 1.0)
    loss.backward()
    weight = network.layers[0].kernels[1].w[2]
    explanation = loss.explain(weight)
    assert explanation.count == 4
    assert explanation.derivative == weight.grad != 0
    assert "∂loss/∂layer1.kernel2.w[0,1,0]" in repr(explanation)


def test_python_text_of_a_graph_computes_it():
    loss = half_squared_error(small_network()(np.random.default_rng(0).uniform(size=(3, 3))), 1.0)
    expression, names = python_text(loss)
    numbers = {name: value.data for name, value in names.items()}
    assert eval(expression, float_functions(), numbers) == loss.data
    assert "layer1.kernel2.w[0,1,1]" in text(loss)


def test_a_picture_has_a_box_for_each_kernel():
    loss = half_squared_error(small_network()(np.random.default_rng(0).uniform(size=(3, 3))), 1.0)
    boxes = {node.label for node in draw(loss, collapse="neuron").sketch.nodes}
    assert {"layer1.kernel1", "layer1.kernel2", "layer4.neuron1"} <= boxes


def test_a_dead_kernel_is_diagnosed_by_its_name():
    network = Sequential(Convolution2D(1, 2, 2, "relu", seed=0), Flatten(), Layer(8, 1, "identity", seed=1))
    network.layers[0].set_weights(network.layers[0].weights, [-50.0, 50.0])
    diagnosis = repr(diagnose(network(np.random.default_rng(0).uniform(size=(3, 3)))))
    assert "layer1.kernel1" in diagnosis
    assert "layer1.kernel2" not in diagnosis


# ---- it learns


def test_kernels_learn_to_tell_vertical_lines_from_horizontal_ones():
    lines = [np.zeros((4, 4)) for _ in range(8)]
    for place in range(4):
        lines[place][:, place] = lines[4 + place][place] = 1.0
    targets = [1.0] * 4 + [0.0] * 4
    network = Sequential(
        Convolution2D(1, 2, 2, "relu", seed=1), MaxPooling2D(3), Flatten(), Layer(2, 1, "sigmoid", seed=1)
    )
    optimizer = SGD(network.parameters(), lr=2.0)
    for _ in range(60):
        optimizer.zero_grad()
        mse([network(x) for x in lines], targets).backward()
        optimizer.step()
    assert [round(network(x).data) for x in lines] == targets
