"""`plot_weights`: the weights of each neuron and each kernel as an image, on one scale with 0 in the middle."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nn import MLP, Convolution2D, Layer, Neuron, plot_weights


def drawn(figure: Any) -> list[Any]:
    return list(figure.axes[0].get_images())


def images(figure: Any) -> list[Any]:
    return [np.asarray(image.get_array()).tolist() for image in drawn(figure)]


def written(figure: Any) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def tops(figure: Any) -> list[float]:
    return [round(image.get_extent()[3], 9) for image in drawn(figure)]


# ---- neurons


def test_each_neuron_is_an_image_of_its_weights_row_after_row() -> None:
    layer = Layer(6, 3, seed=0)
    figure = plot_weights(layer, shape=(2, 3))
    assert images(figure) == layer.weights.reshape(3, 2, 3).tolist()
    assert written(figure) == ["neuron 1", "neuron 2", "neuron 3"]


@pytest.mark.parametrize(("inputs", "shape"), [(9, (3, 3)), (784, (28, 28)), (6, (1, 6)), (1, (1, 1))])
def test_without_a_shape_the_image_is_square_if_it_can_be_and_otherwise_a_row(inputs: int, shape: Any) -> None:
    figure = plot_weights(Layer(inputs, 2, seed=0))
    assert [np.shape(image) for image in images(figure)] == [shape, shape]


@pytest.mark.parametrize("bias", [True, False, "ones"])
def test_the_weight_in_place_of_a_bias_belongs_to_no_pixel(bias: Any) -> None:
    layer = Layer(4, 2, bias=bias, seed=0)
    assert images(plot_weights(layer)) == layer.weights[:, :4].reshape(2, 2, 2).tolist()
    neuron = Neuron(4, bias=bias, seed=0)
    assert images(plot_weights(neuron)) == [np.reshape([weight.data for weight in neuron.w[:4]], (2, 2)).tolist()]


def test_a_layer_of_a_network_and_an_array_can_be_drawn() -> None:
    model = MLP(4, [3, 1], seed=0)
    assert images(plot_weights(model.layers[0])) == images(plot_weights(model.layers[0].weights))


def test_what_has_weights_of_its_own_can_be_drawn() -> None:
    assert images(plot_weights(SimpleNamespace(weights=[[1.0, 2.0, 3.0, 4.0]]))) == [[[1.0, 2.0], [3.0, 4.0]]]


# ---- kernels


def test_each_kernel_is_an_image() -> None:
    convolution = Convolution2D(1, 3, (2, 4), seed=0)
    figure = plot_weights(convolution)
    assert images(figure) == convolution.weights[:, 0].tolist()
    assert written(figure) == ["kernel 1", "kernel 2", "kernel 3"]


def test_kernels_of_several_channels_have_a_row_for_each_kernel_and_a_column_for_each_channel() -> None:
    convolution = Convolution2D(2, 3, 2, seed=0)
    figure = plot_weights(convolution)
    assert images(figure) == convolution.weights.reshape(6, 2, 2).tolist()
    assert written(figure)[:3] == ["kernel 1, channel 1", "kernel 1, channel 2", "kernel 2, channel 1"]
    rows = tops(figure)
    assert rows[0] == rows[1] < rows[2] == rows[3] < rows[4] == rows[5]


# ---- how they look


def test_all_images_have_one_scale_with_0_in_the_middle_and_a_bar_that_says_so() -> None:
    figure = plot_weights(np.array([[1.0, 2.0], [-5.0, 0.5]]))
    assert {image.get_clim() for image in drawn(figure)} == {(-5.0, 5.0)}
    assert drawn(figure)[0].get_cmap()(0.5)[:3] == pytest.approx((1, 1, 1), abs=0.02)
    assert figure.axes[1].get_ylabel() == "weight"
    assert figure.axes[1].get_ylim() == (-5.0, 5.0)


def test_positive_weights_are_blue_and_negative_ones_orange() -> None:
    colours = drawn(plot_weights(np.array([[1.0, -1.0]])))[0].get_cmap()
    (red, _, blue, _), (other_red, _, other_blue, _) = colours(1.0), colours(0.0)
    assert blue > red
    assert other_red > other_blue


def test_weights_of_zero_are_drawn() -> None:
    assert drawn(plot_weights(np.zeros((1, 4))))[0].get_clim() == (-1.0, 1.0)


def test_columns_say_how_many_stand_side_by_side() -> None:
    rows = tops(plot_weights(Layer(4, 5, seed=0), columns=2))
    assert rows[0] == rows[1] < rows[2] == rows[3] < rows[4]


def test_a_figure_is_no_wider_than_a_page_however_many_there_are() -> None:
    assert plot_weights(Layer(4, 100, seed=0)).get_figwidth() < 12


# ---- errors


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"shape": (2, 3)}, r"shape \(h, w\) with h · w = 4.*got \(2, 3\)"),
        ({"shape": (4,)}, r"shape \(h, w\) with h · w = 4.*got \(4,\)"),
        ({"shape": (-2, -2)}, r"shape \(h, w\) with h · w = 4"),
        ({"columns": 0}, "at least one column; got 0"),
        ({"layer": np.zeros((401, 4))}, "at most 400 images; got 401"),
        ({"layer": np.zeros(4)}, r"weights of shape .*got \(4,\)"),
        ({"layer": np.zeros((0, 4))}, r"at least one number in weights; got the shape \(0, 4\)"),
        ({"layer": np.array([[1.0, np.nan]])}, r"finite numbers in weights; got nan at weights\[0, 1\]"),
        ({"layer": Convolution2D(1, 1, 2, seed=0), "shape": (2, 2)}, r"no shape for kernels.*got \(2, 2\)"),
    ],
)
def test_what_can_not_be_drawn_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plot_weights(**{"layer": Layer(4, 2, seed=0), **change})


@pytest.mark.parametrize("layer", [MLP(2, [1], seed=0), 3.0, None])
def test_what_has_no_weights_is_refused(layer: Any) -> None:
    with pytest.raises(TypeError, match="plot_weights needs a Layer, a Neuron or a Convolution2D"):
        plot_weights(layer)
