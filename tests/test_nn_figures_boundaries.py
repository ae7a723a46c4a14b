"""`plot_decision_boundary`: what stands at a point of the picture is what the model says of that point."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.collections import PathCollection, QuadMesh
from matplotlib.colors import to_rgba
from matplotlib.contour import QuadContourSet

from autograd import Value
from nn import MLP, Dropout, Layer, Neuron, Sequential, fit, mse, plot_decision_boundary
from nn.figures.palette import TINTS
from tests.figures import vertices, words

ROUNDING = 1e-9  # of coordinates of some units

X = np.array([[0.0, 10.0], [1.0, 30.0], [2.0, 10.0], [3.0, 40.0]])
Y = np.array([0, 1, 0, 1])

coefficients = st.floats(-3, 3)


def only(axes: Any, kind: type) -> Any:
    (found,) = [artist for artist in axes.collections if isinstance(artist, kind)]
    return found


def the_map(figure: Any) -> Any:
    return only(figure.axes[0], QuadMesh)


def scattered(figure: Any) -> list[Any]:
    return [artist for artist in figure.axes[0].collections if isinstance(artist, PathCollection)]


def lines(figure: Any) -> list[Any]:
    return [drawn for drawn in figure.axes[0].collections if isinstance(drawn, QuadContourSet) and not drawn.filled]


def regions(figure: Any) -> list[Any]:
    return [drawn for drawn in figure.axes[0].collections if isinstance(drawn, QuadContourSet) and drawn.filled]


def mapped(figure: Any) -> tuple[Any, Any]:
    """The points of the map, of shape (n, 2), and the numbers that stand there."""
    mesh = the_map(figure)
    return mesh.get_coordinates().reshape(-1, 2), np.asarray(mesh.get_array()).ravel()


def region_at(figure: Any, point: Any) -> int:
    """The class whose colour is seen at a point: what is drawn last covers the rest."""
    above = [drawn for drawn in regions(figure) if any(path.contains_point(point) for path in drawn.get_paths())]
    return [to_rgba(tint) for tint in TINTS].index(tuple(above[-1].get_facecolor()[0]))


# ---- one output


@settings(max_examples=15, deadline=None)
@given(coefficients, coefficients, coefficients, st.integers(2, 7))
@example(0.0, 0.0, -5e-324, 2)
def test_the_map_shows_at_each_point_what_the_model_gives_there(a: float, b: float, c: float, resolution: int) -> None:
    """Erratum 001-4: the map of document 001 is reflected in the diagonal."""

    def model(x: Any) -> float:
        return a * x[0] + b * x[1] + c * x[0] * x[0] * x[1]

    at, numbers = mapped(plot_decision_boundary(model, X, Y, resolution=resolution))
    assert numbers.tolist() == [model(point) for point in at.tolist()]
    assert len(at) == resolution**2


def test_the_first_feature_goes_to_the_right_and_the_second_up() -> None:
    figure = plot_decision_boundary(lambda x: x[0], X, Y, margin=0.5)
    axes = figure.axes[0]
    assert (axes.get_xlim(), axes.get_ylim()) == ((-1.5, 4.5), (-5.0, 55.0))
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x1", "x2")
    at, numbers = mapped(figure)
    assert numbers.tolist() == at[:, 0].tolist()


@settings(max_examples=15, deadline=None)
@given(st.floats(0.2, 3), st.floats(-3, 3), st.floats(0.3, 2.7))
def test_the_line_stands_where_the_output_is_the_threshold(a: float, b: float, threshold: float) -> None:
    figure = plot_decision_boundary(
        lambda x: a * x[0] + b * (x[1] - 25) / 25, X, Y, threshold=threshold * a, resolution=9
    )
    (line,) = lines(figure)
    x, y = vertices(line).T
    assert len(x) > 1
    np.testing.assert_allclose(a * x + b * (y - 25) / 25, threshold * a, atol=ROUNDING)


@pytest.mark.parametrize(
    ("scale", "shift", "y", "threshold"),
    [
        (0.25, 0.2, [0, 1, 0, 1], 0.5),
        (0.25, 0.2, list("abab"), 0.5),
        (0.25, 0.2, [-1, 1, -1, 1], 0.0),
        (4.0, -5.0, [0, 0, 1, 1], 0.0),
        (1.0, -1.2, [0, 0, 1, 1], 0.0),
        (1.0, -1.2, list("aabb"), 0.0),
        (0.4, -0.1, [0, 0, 1, 1], 0.5),
        (0.4, -0.1, [-1, -1, 1, 1], 0.0),
    ],
)
def test_without_a_threshold_it_is_0_for_scores_and_a_half_for_probabilities_and_what_was_fitted_to_0_and_1(
    scale: float, shift: float, y: Any, threshold: float
) -> None:
    figure = plot_decision_boundary(lambda x: scale * x[0] + shift, X, y, margin=0.0 if shift > 0 else 0.12)
    for drawn in lines(figure):
        assert vertices(drawn)[:, 0] == pytest.approx((threshold - shift) / scale)
    (mark,) = [drawn for drawn in figure.axes[1].get_lines() if len(drawn.get_ydata()) == 2]
    assert list(mark.get_ydata()) == [threshold, threshold]
    assert f"output of the model, boundary at {threshold:g}" in words(figure)


def test_no_line_is_drawn_where_the_model_never_changes_its_mind() -> None:
    assert not lines(plot_decision_boundary(lambda x: 0.9, X, Y))


@pytest.mark.parametrize("threshold", [0.2, 0.5])
def test_the_threshold_has_the_colour_in_the_middle_and_probabilities_a_scale_from_0_to_1(threshold: float) -> None:
    norm = the_map(plot_decision_boundary(lambda x: x[0] / 10 + 0.2, X, Y, threshold=threshold)).norm
    assert norm([0.0, threshold, 1.0]).tolist() == [0.0, 0.5, 1.0]


def test_scores_have_a_scale_as_far_up_as_down() -> None:
    norm = the_map(plot_decision_boundary(lambda x: x[1] - 20, X, [-1, 1, -1, 1], margin=0.0)).norm
    assert norm([-20.0, 0.0, 20.0]).tolist() == [0.0, 0.5, 1.0]


def test_where_the_model_gives_no_number_there_is_a_hole() -> None:
    def model(x: Any) -> float:
        return float("nan") if x[0] < 1 else x[0]

    figure = plot_decision_boundary(model, X, Y, resolution=8)
    at, _ = mapped(figure)
    hidden = np.ma.getmaskarray(the_map(figure).get_array()).ravel()
    assert hidden.tolist() == (at[:, 0] < 1).tolist()
    assert hidden.any()


# ---- several outputs


CENTRES = [(0.5, 15.0), (2.5, 35.0), (0.2, 38.0), (2.9, 12.0)]


def nearest(x: Any) -> list[float]:
    return [-((x[0] - a) ** 2) - ((x[1] - b) / 10) ** 2 for a, b in CENTRES]


def test_each_point_has_the_colour_of_the_class_of_the_largest_output() -> None:
    figure = plot_decision_boundary(nearest, CENTRES, [0, 1, 2, 3], resolution=80)
    for point in np.random.default_rng(0).uniform((0, 10), (3, 40), (200, 2)).tolist():
        second, first = sorted(nearest(point))[-2:]
        if first - second > 0.05:  # a grid knows a boundary up to a cell
            assert region_at(figure, point) == nearest(point).index(first)


def test_each_line_is_where_the_two_largest_outputs_are_equal() -> None:
    figure = plot_decision_boundary(nearest, CENTRES, [0, 1, 2, 3], resolution=200)
    assert len(lines(figure)) == len(CENTRES)
    for line in lines(figure):
        for point in vertices(line).tolist():
            second, first = sorted(nearest(point))[-2:]
            assert first - second < 0.1  # about what the outputs change by in a cell


def test_a_class_that_is_never_the_largest_has_no_region_and_no_line() -> None:
    figure = plot_decision_boundary(lambda x: [x[0], 1.5, -9.0], X, [0, 1, 2, 0])
    assert region_at(figure, (0.5, 20.0)) == 1
    assert region_at(figure, (2.5, 20.0)) == 0
    assert len(lines(figure)) == 2


# ---- the data


@pytest.mark.parametrize(
    ("y", "names"),
    [
        ([0, 1, 0, 1], ["class 0", "class 1"]),
        ([[0.0], [1.0], [0.0], [1.0]], ["class 0", "class 1"]),
        ([-1, 1, -1, 1], ["class −1", "class 1"]),
        ([False, True, False, True], ["class 0", "class 1"]),
        (["cat", "dog", "cat", "dog"], ["cat", "dog"]),
        ([[1, 0], [0, 1], [1, 0], [0, 1]], ["class 0", "class 1"]),
    ],
)
def test_the_data_of_each_class_stand_where_they_are_with_a_colour_and_a_shape_of_their_own(y: Any, names: Any) -> None:
    figure = plot_decision_boundary(lambda x: x[0], X, y)
    first, second = scattered(figure)
    assert np.asarray(first.get_offsets()).tolist() == X[::2].tolist()
    assert np.asarray(second.get_offsets()).tolist() == X[1::2].tolist()
    assert tuple(first.get_facecolor()[0]) != tuple(second.get_facecolor()[0])
    assert first.get_paths()[0].vertices.tolist() != second.get_paths()[0].vertices.tolist()
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == names


def test_the_sign_of_a_class_has_the_colour_of_what_lies_behind_it() -> None:
    figure = plot_decision_boundary(nearest, CENTRES, [0, 1, 2, 3])
    for place, drawn in enumerate(scattered(figure)):
        red, green, blue, _ = drawn.get_facecolor()[0]
        tint = to_rgba(TINTS[region_at(figure, CENTRES[place])])
        assert np.argmax(tint[:3]) == np.argmax((red, green, blue))


def test_class_names_are_in_the_order_of_the_outputs() -> None:
    figure = plot_decision_boundary(lambda x: x[0], X, ["b", "a", "b", "a"], class_names=["b", "a"])
    assert np.asarray(scattered(figure)[0].get_offsets()).tolist() == X[::2].tolist()
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == ["b", "a"]


def test_a_class_without_examples_keeps_its_place() -> None:
    figure = plot_decision_boundary(nearest, X, [0, 3, 0, 3])
    assert [len(drawn.get_offsets()) for drawn in scattered(figure)] == [2, 0, 0, 2]


@pytest.mark.parametrize("data", [[(1.0, 2.0)], [(1.0, 2.0), (1.0, 5.0)]])
def test_one_point_and_points_on_a_line_have_a_plane_around_them(data: Any) -> None:
    axes = plot_decision_boundary(lambda x: x[0] - 1, data, [0, 1][: len(data)]).axes[0]
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    assert all(left < x < right and bottom < y < top for x, y in data)


# ---- models


def test_the_model_predicts_while_it_is_asked_and_is_then_in_training_as_it_was() -> None:
    model = Sequential(Layer(2, 3, "tanh", seed=0), Dropout(0.5, seed=0), Layer(3, 1, "sigmoid", seed=1)).train()
    first, second = (mapped(plot_decision_boundary(model, X, Y, resolution=4))[1] for _ in range(2))
    assert first.tolist() == second.tolist()
    assert model.training
    assert all(child.training for child in model.children())


def test_networks_of_one_and_of_several_outputs_can_be_drawn() -> None:
    assert the_map(plot_decision_boundary(MLP(2, [3, 1], seed=0), X, Y, resolution=4))
    assert regions(plot_decision_boundary(Layer(2, 3, "softmax", seed=0), X, [0, 1, 2, 0], resolution=4))


def test_parameters_and_gradients_stay_as_they_are() -> None:
    model = Neuron(2, "sigmoid", seed=0)
    mse([model(x) for x in X.tolist()], Y.tolist()).backward()
    before = [(parameter.data, parameter.grad) for parameter in model.parameters()]
    plot_decision_boundary(model, X, Y, resolution=4)
    assert [(parameter.data, parameter.grad) for parameter in model.parameters()] == before


def test_what_was_fitted_can_be_shown() -> None:
    model = Neuron(2, "sigmoid", seed=0)
    fit(model, X / [1, 10], Y, loss=mse, optimizer="adam", epochs=2)
    assert the_map(plot_decision_boundary(model, X / [1, 10], Y, resolution=4))


# ---- errors


def score(x: Any) -> float:
    return float(x[0])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"X": X[:, :1]}, r"shape \(n, 2\).*got \(4, 1\)"),
        ({"X": np.zeros((4, 3))}, r"shape \(n, 2\).*got \(4, 3\)"),
        ({"X": [1.0, 2.0]}, r"shape \(n, 2\).*got \(2,\)"),
        ({"X": np.zeros((0, 2))}, "at least one"),
        ({"X": [(0.0, float("nan"))] * 4}, "finite.*nan"),
        ({"X": [(0.0, float("inf"))] * 4}, "finite.*inf"),
        ({"X": [(0.0, 1.0), (2.0,)]}, "one length"),
        ({"y": [0, 1, 0]}, "one y for each row of X; got 3 for 4"),
        ({"y": [0, 1, 2, 1]}, "2 classes"),
        ({"y": [0.0, float("nan"), 1.0, 1.0]}, "without NaN"),
        ({"y": [[1, 0], [0, 1], [1, 1], [0, 1]]}, r"one 1 .*\[1, 1\] in row 2"),
        ({"y": [[1, 0, 0]] * 4}, "2 classes"),
        ({"y": np.zeros((4, 2, 2))}, r"shape \(n,\)"),
        ({"class_names": ["a"]}, "class_names for 2 classes; got a"),
        ({"class_names": ["a", "a"]}, "different class_names"),
        ({"threshold": float("nan")}, "finite threshold"),
        ({"model": nearest, "y": [0, 1, 2, 3], "threshold": 0.5}, "no threshold for a model of 4 outputs"),
        ({"resolution": 1}, "resolution of at least 2; got 1"),
        ({"model": lambda x: float("nan")}, "gives finite numbers; got none"),
        ({"model": Layer(3, 1, seed=0)}, "Layer of 3 inputs got 2"),
        ({"model": lambda x: [[1.0, 2.0]]}, "one or more outputs"),
    ],
)
def test_what_can_not_be_drawn_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plot_decision_boundary(**{"model": score, "X": X, "y": Y, **change})


@pytest.mark.parametrize("change", [{"model": Value(1.0)}, {"resolution": 2.5}, {"threshold": "high"}])
def test_what_is_of_another_kind_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        plot_decision_boundary(**{"model": score, "X": X, "y": Y, **change})
