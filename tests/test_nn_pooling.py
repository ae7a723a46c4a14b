from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, topological_order
from nn import Layer, Sequential
from nn.models.pooling import Flatten, MaxPooling2D

ROUNDING = 1e-12  # of the sum of sizes: a pixel of several windows has the sum of what they pass on, in any order

pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))


@st.composite
def poolings(draw: Any) -> tuple[MaxPooling2D, tuple[int, int, int]]:
    """A pooling, and the shape of an image that is large enough for it."""
    size = draw(pairs)
    shape = (draw(st.integers(1, 3)), *(length + draw(st.integers(0, 4)) for length in size))
    return MaxPooling2D(size, draw(st.none() | pairs)), shape


seeds = st.integers(0, 2**32)


def whole_numbers(seed: int, shape: tuple[int, ...]) -> Any:
    """So few different numbers that windows have ties."""
    return np.random.default_rng(seed).integers(-1, 2, shape).astype(float)


def recorded(numbers: Any) -> Any:
    return np.vectorize(Value, otypes=[object])(numbers)


def data_of(values: Any) -> Any:
    return np.array([value.data for value in np.ravel(values)]).reshape(np.shape(values))


def winners(pooling: MaxPooling2D, x: Any) -> dict[tuple[int, int, int], tuple[int, int, int]]:
    """For each place of what a pooling gives the place of its pixel, found in loops: the first of the largest."""
    (rows, columns), (down, right) = pooling.size, pooling.stride
    tops, lefts = range(0, x.shape[1] - rows + 1, down), range(0, x.shape[2] - columns + 1, right)
    found = {}
    for c, (i, top), (j, left) in product(range(len(x)), enumerate(tops), enumerate(lefts)):
        window = product([c], range(top, top + rows), range(left, left + columns))
        found[c, i, j] = max(window, key=lambda place: x[place])  # the first of several, as `max` gives it
    return found


# ---- laws of max pooling


@given(poolings(), seeds)
def test_what_is_pooled_is_what_loops_over_the_windows_find(case, seed):
    pooling, shape = case
    x = whole_numbers(seed, shape)
    pooled, expected = pooling(x), winners(pooling, x)
    assert pooled.shape == pooling.output_shape(shape)
    assert pooled.size == len(expected)
    assert all(pooled[place].data == x[pixel] for place, pixel in expected.items())


@given(poolings(), seeds)
def test_the_first_of_the_largest_pixels_gets_the_whole_derivative(case, seed):
    pooling, shape = case
    numbers = whole_numbers(seed, shape)
    x = recorded(numbers)
    pooled = pooling(x)
    coefficients = np.random.default_rng(seed).uniform(-1, 1, pooled.shape)
    np.sum(pooled * coefficients).backward()
    expected, size = np.zeros(shape), np.zeros(shape)
    for place, pixel in winners(pooling, numbers).items():
        expected[pixel] += coefficients[place]
        size[pixel] += abs(coefficients[place])
    gradients = np.array([pixel.grad for pixel in x.flat]).reshape(shape)
    assert np.all(abs(gradients - expected) <= ROUNDING * size)


@given(poolings())
def test_there_is_one_maximum_for_each_window_and_channel(case):
    pooling, shape = case
    pooled = pooling(recorded(np.ones(shape)))
    assert [node.op for node in topological_order(np.sum(pooled)) if node.op].count("max") == pooled.size
    assert {node.op for node in pooled.flat} == {"max"}
    assert {len(node.operands) for node in pooled.flat} == {pooling.size[0] * pooling.size[1]}


@given(poolings(), seeds)
def test_channels_do_not_meet(case, seed):
    pooling, shape = case
    x = whole_numbers(seed, shape)
    alone = [data_of(pooling(channel)).tolist() for channel in x]
    assert data_of(pooling(x)).tolist() == [rows for (rows,) in alone]


@given(poolings(), seeds)
def test_feature_maps_are_those_of_pytorch(case, seed):
    torch = pytest.importorskip("torch")
    pooling, shape = case
    x = np.random.default_rng(seed).uniform(-1, 1, shape)
    image = torch.tensor(x, requires_grad=True)
    theirs = torch.nn.functional.max_pool2d(image[None], pooling.size, pooling.stride)[0]
    pixels = recorded(x)
    ours = pooling(pixels)
    np.sum(ours).backward()
    theirs.sum().backward()
    assert data_of(ours).tolist() == theirs.tolist()
    assert [pixel.grad for pixel in pixels.flat] == image.grad.ravel().tolist()


# ---- max pooling, by example


def test_windows_lie_side_by_side_and_what_is_left_at_the_edges_is_dropped():
    x = [[1, 5, 2, 0, 9], [3, 4, 8, 7, 9], [0, 1, 6, 2, 9], [2, 1, 3, 5, 9], [9, 9, 9, 9, 9]]
    assert data_of(MaxPooling2D(2)(x)).tolist() == [[[5.0, 8.0], [2.0, 6.0]]]


def test_windows_may_overlap_and_may_leave_gaps():
    x = [[1, 5, 2, 0], [3, 4, 8, 7]]
    assert data_of(MaxPooling2D(2, stride=1)(x)).tolist() == [[[5.0, 8.0, 8.0]]]
    assert data_of(MaxPooling2D(1, stride=(1, 3))(x)).tolist() == [[[1.0, 0.0], [3.0, 7.0]]]


def test_of_equal_pixels_the_first_in_row_major_order_is_taken():
    x = recorded(np.array([[0.0, 7.0], [7.0, 7.0]]))
    MaxPooling2D(2)(x)[0, 0, 0].backward()
    assert [pixel.grad for pixel in x.flat] == [0.0, 1.0, 0.0, 0.0]


def test_what_is_pooled_is_an_array_of_values_for_an_image_of_numbers_too():
    pooled = MaxPooling2D(2)(np.ones((4, 2)))
    assert (pooled.dtype, pooled.shape) == (object, (1, 2, 1))
    assert {type(value) for value in pooled.flat} == {Value}


@pytest.mark.parametrize(
    ("pooling", "shape", "given"),
    [
        (MaxPooling2D(2), (3, 28, 28), (3, 14, 14)),
        (MaxPooling2D(2), (28, 28), (1, 14, 14)),
        (MaxPooling2D(3), (28, 28), (1, 9, 9)),
        (MaxPooling2D((1, 2), stride=(3, 1)), (2, 7, 7), (2, 3, 6)),
        (MaxPooling2D(2), None, None),
    ],
)
def test_output_shape_of_a_pooling(pooling, shape, given):
    assert pooling.output_shape(shape) == given
    if shape:
        assert pooling(np.zeros(shape)).shape == given


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: MaxPooling2D(0), ValueError, "MaxPooling2D needs a size of at least 1; got 0"),
        (lambda: MaxPooling2D(2, stride=0), ValueError, "MaxPooling2D needs a stride of at least 1; got 0"),
        (lambda: MaxPooling2D((2,)), ValueError, r"a size of one number or a pair, rows and columns; got \(2,\)"),
        (lambda: MaxPooling2D(2.0), TypeError, "a size of whole numbers, rows and columns; got 2.0"),
        (lambda: MaxPooling2D(2)(np.ones((1, 3))), ValueError, r"at least \(2, 2\) rows, columns; got \(1, 3\)"),
        (lambda: MaxPooling2D(2).output_shape((3, 1)), ValueError, r"at least \(2, 2\) rows, columns; got \(3, 1\)"),
        (lambda: MaxPooling2D(2)(np.ones(4)), ValueError, r"MaxPooling2D needs an image of shape .* the shape \(4,\)"),
        (lambda: MaxPooling2D(2)([[1, 2], [3]]), ValueError, r"MaxPooling2D needs rows of one length; got \[\[1, 2\]"),
        (lambda: MaxPooling2D(2)([["a", 1], [2, 3]]), TypeError, "needs one real number; got str 'a'"),
    ],
)
def test_a_pooling_refuses_what_it_can_not_do(make, error, message):
    with pytest.raises(error, match=message):
        make()


# ---- flattening


def test_document_002_a_matrix_of_pixels_becomes_a_row():
    p1, p2, p3, p4 = pixels = [Value(number) for number in range(4)]
    assert Flatten()([[p1, p2], [p3, p4]]) == pixels  # Values compare by identity


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), seeds)
def test_flattening_is_row_major_for_any_shape(shape, seed):
    numbers = np.random.default_rng(seed).uniform(-1, 1, shape)
    x = recorded(numbers)
    assert Flatten()(x) == x.ravel().tolist()
    assert Flatten()(numbers) == numbers.ravel().tolist()
    assert Flatten()(numbers.tolist()) == numbers.ravel().tolist()
    assert Flatten().output_shape(tuple(shape)) == (x.size,)


def test_numbers_stay_numbers_and_values_are_not_recorded_again():
    x = Value(2.0)
    flat = Flatten()([[x, 1], [np.float32(0.5), True]])
    assert flat == [x, 1.0, 0.5, 1.0]
    assert [type(element) for element in flat] == [Value, float, float, float]


def test_order_in_memory_does_not_matter():
    x = np.arange(6.0).reshape(2, 3)
    assert Flatten()(np.asfortranarray(x)) == Flatten()(x) == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]


def test_a_layer_reads_what_was_flattened():
    layer, x = Layer(8, 3, seed=0), np.random.default_rng(0).uniform(-1, 1, (2, 2, 2))
    network = Sequential(Flatten(), layer)
    assert [y.data for y in network(x)] == [y.data for y in layer(x.ravel())]
    assert network.summary((2, 2, 2))[0].output_shape == (8,)


def test_shape_of_nothing_known_is_not_known():
    assert Flatten().output_shape(None) is None


def test_flattening_refuses_rows_of_several_lengths():
    with pytest.raises(ValueError, match=r"^Flatten needs rows of one length; got \[\[1\], \[2, 3\]\]$"):
        Flatten()([[1], [2, 3]])


def test_the_windows_of_a_rectangle_lie_side_by_side_if_nothing_else_is_said():
    pooling = MaxPooling2D((2, 3))
    assert pooling.stride == (2, 3)
    assert pooling.output_shape((4, 6)) == (1, 2, 2)
    assert data_of(pooling(np.arange(24.0).reshape(4, 6))).tolist() == [[[8.0, 11.0], [20.0, 23.0]]]


# ---- both


@pytest.mark.parametrize("module", [MaxPooling2D(2), Flatten()])
def test_neither_has_parameters(module):
    assert module.parameters() == module.weight_parameters() == []


def test_reprs():
    assert repr(MaxPooling2D(2)) == "MaxPooling2D((2, 2))"
    assert repr(MaxPooling2D((2, 3), stride=1)) == "MaxPooling2D((2, 3), stride=(1, 1))"
    assert repr(Flatten()) == "Flatten()"
