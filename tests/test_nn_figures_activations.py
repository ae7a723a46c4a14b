"""`plot_activations`: the function, and the slope that the engine gives, each where it belongs."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, no_recording
from nn import ACTIVATIONS, LeakyReLU, plot_activations
from nn.figures.labels import spread
from tests.figures import line, points, words

ROUNDING = 1e-12  # of numbers of some units
BY_TRAPEZOIDS = 1e-3  # 400 pieces of a smooth slope, and half a piece at a kink

CONTINUOUS = [name for name in ACTIVATIONS if name != "step"]


def logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


KNOWN: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "identity": (lambda x: x, lambda x: 1.0),
    "sigmoid": (logistic, lambda x: logistic(x) * logistic(-x)),
    "tanh": (math.tanh, lambda x: 1 / math.cosh(x) ** 2),
    "softplus": (lambda x: math.log1p(math.exp(x)), logistic),
}
"""Functions and derivatives, as in the documents."""


def drawn(figure: Any, label: str, panel: int = 0) -> Any:
    """(n, 2): the points of a line that are seen."""
    found = points(line(figure.axes[panel], label))
    return found[np.isfinite(found).all(axis=1)]


def dots(axes: Any) -> list[tuple[float, float, str]]:
    """Full and empty dots: x, y and the colour inside."""
    marked = [line for line in axes.get_lines() if line.get_marker() == "o"]
    return [(x, y, line.get_markerfacecolor()) for line in marked for x, y in points(line).tolist()]


# ---- the function and its derivative


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("place", [0, 1], ids=["f(x)", "f′(x)"])
def test_each_line_is_what_its_name_says(name: str, place: int) -> None:
    x, y = drawn(plot_activations(name), ("f(x)", "f′(x)")[place]).T
    np.testing.assert_allclose(y, [KNOWN[name][place](at) for at in x.tolist()], rtol=ROUNDING, atol=ROUNDING)
    assert (x[0], x[-1]) == (-5.0, 5.0)


@pytest.mark.parametrize("name", CONTINUOUS)
@pytest.mark.parametrize("x_range", [(-5.0, 5.0), (-1.0, 3.0)])
def test_the_area_under_the_derivative_is_what_the_function_rises_by(name: str, x_range: tuple[float, float]) -> None:
    figure = plot_activations(name, x_range=x_range)
    f, slope = drawn(figure, "f(x)"), drawn(figure, "f′(x)")
    widths, heights = np.diff(slope[:, 0]), (slope[1:, 1] + slope[:-1, 1]) / 2
    assert float(widths @ heights) == pytest.approx(f[-1, 1] - f[0, 1], abs=BY_TRAPEZOIDS)


@settings(max_examples=10, deadline=None)
@given(st.floats(-2, 2), st.floats(-2, 2))
def test_a_function_of_ones_own_has_its_derivative(a: float, b: float) -> None:
    figure = plot_activations(lambda z: a * z * z + (b * z).tanh())
    x, y = drawn(figure, "f′(x)").T
    np.testing.assert_allclose(y, 2 * a * x + b / np.cosh(b * x) ** 2, rtol=1e-9, atol=1e-9)


def test_a_function_that_does_not_depend_on_x_has_the_slope_zero() -> None:
    figure = plot_activations(lambda z: Value(2.0))
    assert set(drawn(figure, "f(x)")[:, 1]) == {2.0}
    assert set(drawn(figure, "f′(x)")[:, 1]) == {0.0}


def test_no_gradient_is_written() -> None:
    alpha = Value(0.5)
    plot_activations(lambda z: alpha * z.tanh())
    assert alpha.grad_state == "not computed"


# ---- jumps and gaps


def test_a_jump_is_no_line_and_its_dots_say_which_value_is_taken() -> None:
    axes = plot_activations("step", derivatives=False).axes[0]
    y = points(line(axes, "f(x)"))[:, 1]
    joined = np.isfinite(y[1:]) & np.isfinite(y[:-1])
    assert set(np.diff(y)[joined]) == {0.0}
    (left, right) = sorted(dots(axes), key=lambda dot: dot[1])
    assert left[1:] == (0.0, "#ffffff")
    assert left[0] == pytest.approx(0.0, abs=ROUNDING)
    assert right == (0.0, 1.0, line(axes, "f(x)").get_color())


def test_a_kink_of_the_function_is_a_jump_of_its_derivative() -> None:
    axes = plot_activations("relu").axes[0]
    found = {(round(x, 9), y, inside) for x, y, inside in dots(axes)}
    assert found == {(0.0, 0.0, line(axes, "f′(x)").get_color()), (0.0, 1.0, "#ffffff")}
    assert np.isfinite(points(line(axes, "f(x)"))).all()


def test_where_a_function_has_no_value_there_is_a_gap() -> None:
    figure = plot_activations(lambda z: z.log())
    assert drawn(figure, "f(x)")[:, 0].min() > 0
    assert drawn(figure, "f′(x)")[:, 0].min() > 0


# ---- panels


def test_all_that_have_a_name_are_shown_if_none_is_named() -> None:
    figure = plot_activations()
    assert [axes.get_title() for axes in figure.axes] == list(ACTIVATIONS)
    for panel in range(len(ACTIVATIONS)):
        assert len(drawn(figure, "f(x)", panel)) > 400


def test_names_and_functions_can_be_mixed_and_two_of_one_name_are_two() -> None:
    def swish(z: Value) -> Value:
        return z * z.sigmoid()

    figure = plot_activations(["tanh", swish, LeakyReLU(0.3), lambda z: z, lambda z: -z])
    assert [axes.get_title() for axes in figure.axes] == ["tanh", "swish", "leaky_relu(0.3)", "f", "f"]
    assert drawn(figure, "f(x)", 3)[0, 1] == -drawn(figure, "f(x)", 4)[0, 1]


def test_without_derivatives_none_is_drawn() -> None:
    axes = plot_activations("tanh", derivatives=False).axes[0]
    assert not [line for line in axes.get_lines() if line.get_label() == "f′(x)"]


def test_function_and_derivative_differ_in_colour_and_in_dashes() -> None:
    axes = plot_activations("tanh").axes[0]
    f, slope = line(axes, "f(x)"), line(axes, "f′(x)")
    assert f.get_color() != slope.get_color()
    assert f.get_linestyle() != slope.get_linestyle()


def test_together_functions_share_a_panel_and_their_derivatives_the_one_below() -> None:
    names = ["sigmoid", "tanh", "softplus"]
    figure = plot_activations(names, together=True, derivatives=True)
    assert [axes.get_ylabel() for axes in figure.axes] == ["f(x)", "f′(x)"]
    for panel in (0, 1):
        for name in names:
            x, y = drawn(figure, name, panel).T
            np.testing.assert_allclose(y, [KNOWN[name][panel](at) for at in x.tolist()], rtol=ROUNDING, atol=ROUNDING)
    looks = {(line(figure.axes[0], name).get_color(), line(figure.axes[0], name).get_linestyle()) for name in names}
    assert len(looks) == len(names)


def test_together_there_is_one_panel_if_nothing_else_is_said() -> None:
    assert len(plot_activations(["relu", "tanh"], together=True).axes) == 1


def test_each_line_is_named_where_it_ends_in_its_colour() -> None:
    figure = plot_activations(together=True)
    axes = figure.axes[0]
    assert set(ACTIVATIONS) <= set(words(figure))
    for text in axes.texts:
        assert text.get_color() == line(axes, text.get_text()).get_color()


@given(st.lists(st.floats(-1, 2), min_size=1, max_size=12), st.floats(0.001, 0.2))
def test_names_keep_their_order_and_a_distance(places: list[float], gap: float) -> None:
    moved = np.array(spread(places, gap))
    order = np.argsort(places, kind="stable")
    assert (np.diff(moved[order]) >= gap - ROUNDING).all()
    assert moved.mean() == pytest.approx(np.mean(places), abs=1e-9)


@given(st.lists(st.integers(0, 20), min_size=1, unique=True))
def test_names_that_are_far_enough_apart_stay_where_they_are(places: list[int]) -> None:
    assert spread(places, 0.9) == pytest.approx(places)


# ---- errors


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"names": "no such"}, "no activation 'no such'; known are"),
        ({"names": "softmax"}, "softmax needs the z of all neurons"),
        ({"names": []}, "at least one activation; got none"),
        ({"x_range": (1.0, -1.0)}, "x_range from a lower to a higher"),
        ({"x_range": (0.0, math.inf)}, "x_range from a lower to a higher"),
        ({"x_range": (0.0, math.nan)}, "x_range from a lower to a higher"),
        ({"names": lambda z: z.log(), "x_range": (-2.0, -1.0)}, "no finite value"),
    ],
)
def test_what_can_not_be_drawn_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plot_activations(**change)


@pytest.mark.parametrize("together", [False, True])
def test_the_letter_of_what_goes_in_can_be_chosen(together: bool) -> None:
    figure = plot_activations(["tanh", "relu"], together=together, derivatives=True, variable="z")
    assert {axes.get_xlabel() for axes in figure.axes} == {"z"}
    texts = {text.get_text() for axes in figure.axes for text in axes.texts} | {a.get_ylabel() for a in figure.axes}
    assert {"f(z)", "f′(z)"} <= texts
    assert not any("x" in text for text in texts)


def test_a_letter_that_is_no_text_is_refused() -> None:
    with pytest.raises(TypeError, match="variable of plot_activations is a text, such as 'z'; got int 3"):
        plot_activations("tanh", variable=cast(str, 3))


def test_a_function_that_gives_no_value_is_refused() -> None:
    with pytest.raises(TypeError, match="gives one Value for one Value; f gave float"):
        plot_activations(lambda z: 1.0)


def test_inside_no_recording_there_are_no_derivatives_but_there_are_functions() -> None:
    with no_recording():
        with pytest.raises(RuntimeError, match="plot_activations takes derivatives"):
            plot_activations("tanh")
        assert plot_activations("tanh", derivatives=False).axes
