"""`plot_loss_surface`: heights where they belong, the path in its order, and parameters as they were."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.contour import QuadContourSet
from mpl_toolkits.mplot3d import Axes3D

from autograd import Value, grad
from nn import SGD, Neuron, mse, plot_loss_surface
from tests.figures import line, points, words

ROUNDING = 1e-9  # of heights of some units

BOX: dict[str, Any] = {"x_range": (-1.0, 2.0), "y_range": (-3.0, 1.0)}
PATH = [(1.5, 0.5), (1.0, 0.0), (0.25, -1.0), (0.0, -2.0)]
XS = [-1.0, 0.0, 0.5, 2.0]
YS = [-2.5, -1.0, 0.75, 3.0]


def tilted(w: Any, b: Any) -> Any:
    return 3.0 * w + 10.0 * b


def bowl(w: Any, b: Any) -> Any:
    return (w - 0.5) ** 2 + 3.0 * (b + 1.0) ** 2


def lines(figure: Any) -> Any:
    (found,) = [drawn for drawn in figure.axes[0].collections if isinstance(drawn, QuadContourSet) and not drawn.filled]
    return found


def bands(figure: Any) -> Any:
    (found,) = [drawn for drawn in figure.axes[0].collections if isinstance(drawn, QuadContourSet) and drawn.filled]
    return found


class Straight:
    """A neuron y = w · x + b, its loss on some examples, and the numbers that it had when it was asked."""

    def __init__(self) -> None:
        self.neuron = Neuron(1, "identity", seed=0)
        self.w, self.b = self.neuron.parameters()
        self.asked: list[tuple[float, float]] = []

    def loss(self) -> Value:
        self.asked.append((self.w.data, self.b.data))
        return mse([self.neuron(x) for x in XS], YS)

    def descent(self, steps: int) -> list[tuple[float, float]]:
        optimizer, path = SGD([self.w, self.b], lr=0.1), [(self.w.data, self.b.data)]
        for _ in range(steps):
            self.neuron.zero_grad()
            mse([self.neuron(x) for x in XS], YS).backward()
            optimizer.step()
            path.append((self.w.data, self.b.data))
        return path


# ---- lines of equal height


@settings(max_examples=10, deadline=None)
@given(st.floats(-3, 3), st.floats(0.5, 3), st.integers(2, 9))
def test_each_line_is_where_the_loss_has_its_height(a: float, b: float, resolution: int) -> None:
    """The first parameter goes to the right and the second up: of a tilted plane the lines are exact."""
    drawn = lines(plot_loss_surface(lambda w, v: a * w + b * v, **BOX, resolution=resolution))
    found = 0
    for level, path in zip(drawn.levels, drawn.get_paths()):
        for x, y in path.vertices.tolist():
            assert a * x + b * y == pytest.approx(level, abs=ROUNDING)
            found += 1
    assert found > len(drawn.levels)


def test_the_axes_are_the_ranges_and_have_the_names_of_the_parameters() -> None:
    figure = plot_loss_surface(tilted, **BOX, labels=("weight", "bias"), name="cost")
    axes = figure.axes[0]
    assert (axes.get_xlim(), axes.get_ylim()) == (BOX["x_range"], BOX["y_range"])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("weight", "bias")
    assert figure.axes[1].get_ylabel() == "cost"


def test_levels_go_from_the_lowest_point_to_the_highest_ever_further_apart() -> None:
    levels = bands(plot_loss_surface(tilted, **BOX, levels=9)).levels
    assert (levels[0], levels[-1]) == (-33.0, 16.0)
    assert len(levels) == 10
    assert (np.diff(levels, 2) > 0).all()


def test_a_spike_is_cut_off_and_the_scale_says_so() -> None:
    figure = plot_loss_surface(lambda w, b: math.exp(200.0 * (w - 1.9)) + b, **BOX)
    assert bands(figure).extend == "max"
    assert 1.0 < bands(figure).levels[-1] < 20.0
    assert bands(plot_loss_surface(tilted, **BOX)).extend == "neither"


@pytest.mark.parametrize("view", ["contour", "surface"])
def test_a_loss_that_is_the_same_everywhere_is_drawn(view: Any) -> None:
    assert plot_loss_surface(lambda w, b: 2.0, **BOX, path=PATH, view=view).axes


@pytest.mark.parametrize("loss", [lambda w, b: w.log() + b, lambda w, b: math.log(w) + b], ids=["Values", "floats"])
def test_outside_of_the_domain_there_is_a_hole(loss: Any) -> None:
    for path in bands(plot_loss_surface(loss, **BOX, resolution=13)).get_paths():
        assert (path.vertices[:, 0] > 0).all()


# ---- a surface


@pytest.fixture
def surfaces(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What matplotlib was asked to draw as surfaces: x, y and z at each point."""
    drawn: list[tuple[Any, ...]] = []
    plot_surface = Axes3D.plot_surface

    def plotted(self: Any, *arrays: Any, **options: Any) -> Any:
        drawn.append(arrays)
        return plot_surface(self, *arrays, **options)

    monkeypatch.setattr(Axes3D, "plot_surface", plotted)
    return drawn


def test_the_surface_has_at_each_point_the_height_of_the_loss(surfaces: list[Any]) -> None:
    axes = plot_loss_surface(bowl, **BOX, view="surface", resolution=7, name="cost").axes[0]
    ((x, y, z),) = surfaces
    assert z.tolist() == [[bowl(a, b) for a, b in zip(*row)] for row in zip(x.tolist(), y.tolist())]
    assert (x.min(), x.max(), y.min(), y.max()) == (*BOX["x_range"], *BOX["y_range"])
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_zlabel()) == ("w", "b", "cost")


def test_the_path_lies_upon_the_surface() -> None:
    axes: Any = plot_loss_surface(bowl, **BOX, path=PATH, view="surface", resolution=7).axes[0]
    x, y, z = line(axes, "path").get_data_3d()
    assert list(zip(x, y)) == PATH
    assert list(z) == [bowl(a, b) for a, b in PATH]


def test_what_lies_outside_of_the_ranges_is_left_out_of_a_surface() -> None:
    axes: Any = plot_loss_surface(bowl, **BOX, path=[(5.0, 0.0), *PATH], view="surface", resolution=7).axes[0]
    heights = line(axes, "path").get_data_3d()[2]
    assert np.isnan(heights).tolist() == [True, False, False, False, False]


def test_names_upon_a_surface_stand_beside_their_signs() -> None:
    figure = plot_loss_surface(bowl, **BOX, path=PATH, view="surface", resolution=7)
    axes: Any = figure.axes[0]
    figure.canvas.draw()
    signs = [each for each in axes.lines if each.get_marker() in ("o", "X")]
    assert len(signs) == len(axes.texts) == 2
    for sign, name in zip(signs, axes.texts):
        # a browser leaves out spaces at the beginning, so they can't keep a distance
        assert name.get_text() == name.get_text().strip()
        middle = sign.get_transform().transform(sign.get_xydata())[0]
        box = name.get_bbox_patch().get_window_extent()
        away = np.maximum(0, [box.x0 - middle[0], box.y0 - middle[1]])
        assert np.hypot(*away) > sign.get_markersize() / 2 / 72 * figure.dpi
        assert np.hypot(*away) < 3 * sign.get_markersize() / 72 * figure.dpi


# ---- the path


def test_the_path_is_drawn_from_its_start_to_its_end() -> None:
    figure = plot_loss_surface(bowl, **BOX, path=PATH)
    axes = figure.axes[0]
    assert points(line(axes, "path")).tolist() == [list(place) for place in PATH]
    places = {text.get_text(): text.xy for text in axes.texts}
    assert places == {"start": PATH[0], "end, 3 steps": PATH[-1]}


@pytest.mark.parametrize("view", ["contour", "surface"])
def test_start_and_end_differ_in_colour_and_in_shape(view: Any) -> None:
    axes = plot_loss_surface(bowl, **BOX, path=PATH, view=view, resolution=7).axes[0]
    start, end = [drawn for drawn in axes.get_lines() if len(drawn.get_xdata()) == 1]
    assert (start.get_color(), start.get_marker()) != (end.get_color(), end.get_marker())
    assert start.get_marker() != end.get_marker()


def test_a_path_of_one_place_has_a_start_and_no_end() -> None:
    assert [text.get_text() for text in plot_loss_surface(bowl, **BOX, path=PATH[:1]).axes[0].texts] == ["start"]


def test_places_that_are_not_finite_are_left_out_of_a_path() -> None:
    drawn = line(plot_loss_surface(bowl, **BOX, path=[*PATH, (math.nan, 1.0), (math.inf, 0.0)]).axes[0], "path")
    assert points(drawn).tolist() == [list(place) for place in PATH]


def test_a_range_that_is_not_given_holds_the_path_with_some_room() -> None:
    axes = plot_loss_surface(bowl, path=PATH).axes[0]
    for (low, high), numbers in zip((axes.get_xlim(), axes.get_ylim()), zip(*PATH)):
        assert low < min(numbers) < max(numbers) < high


# ---- parameters


@pytest.mark.parametrize("view", ["contour", "surface"])
def test_parameters_are_written_for_each_point_and_have_their_numbers_again_afterwards(view: Any) -> None:
    straight = Straight()
    before = (straight.w.data, straight.b.data)
    plot_loss_surface(straight.loss, **BOX, parameters=(straight.w, straight.b), path=PATH, view=view, resolution=3)
    assert (straight.w.data, straight.b.data) == before
    grid = [(x, y) for y in (-3.0, -1.0, 1.0) for x in (-1.0, 0.5, 2.0)]
    assert sorted(set(straight.asked)) == sorted({*grid, *PATH})


def test_a_loss_of_parameters_is_drawn_as_that_loss() -> None:
    straight = Straight()

    def loss(w: float, b: float) -> float:
        return sum((w * x + b - y) ** 2 for x, y in zip(XS, YS)) / len(XS)

    by_parameters = plot_loss_surface(straight.loss, **BOX, parameters=(straight.w, straight.b), resolution=9)
    by_hand = plot_loss_surface(loss, **BOX, resolution=9)
    np.testing.assert_allclose(lines(by_parameters).levels, lines(by_hand).levels, rtol=1e-12)
    for path, other in zip(lines(by_parameters).get_paths(), lines(by_hand).get_paths()):
        np.testing.assert_allclose(path.vertices, other.vertices, atol=ROUNDING)


def test_parameters_have_their_numbers_again_when_the_loss_raises() -> None:
    straight = Straight()
    before = (straight.w.data, straight.b.data)

    def failing() -> Value:
        if len(straight.asked) > 4:
            raise RuntimeError("no loss")
        return straight.loss()

    with pytest.raises(RuntimeError, match="no loss"):
        plot_loss_surface(failing, **BOX, parameters=(straight.w, straight.b))
    assert (straight.w.data, straight.b.data) == before


def test_nothing_is_recorded_and_no_gradient_is_written() -> None:
    straight, found = Straight(), []
    straight.loss().backward()
    before = [parameter.grad for parameter in straight.neuron.parameters()]

    def loss() -> Value:
        found.append(straight.loss())
        return found[-1]

    plot_loss_surface(loss, **BOX, parameters=(straight.w, straight.b), resolution=3)
    assert all(value.primitive is None for value in found)
    assert [parameter.grad for parameter in straight.neuron.parameters()] == before
    assert grad(straight.loss(), straight.w).data != 0.0


def test_axes_have_the_labels_of_the_parameters_and_lie_around_their_numbers() -> None:
    straight = Straight()
    axes = plot_loss_surface(straight.loss, parameters=(straight.w, straight.b), resolution=3).axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("w[0]", "b")
    assert sum(axes.get_xlim()) / 2 == pytest.approx(straight.w.data)
    assert sum(axes.get_ylim()) / 2 == pytest.approx(straight.b.data)


def test_a_descent_on_a_neuron_goes_down_on_its_own_surface() -> None:
    straight = Straight()
    path = straight.descent(8)
    figure = plot_loss_surface(
        straight.loss, parameters=(straight.w, straight.b), path=path, view="surface", resolution=5
    )
    axes: Any = figure.axes[0]
    heights = line(axes, "path").get_data_3d()[2]
    assert (np.diff(heights) < 0).all()
    assert any("end, 8 steps" in word for word in words(figure))


# ---- errors

COMPUTED = Value(1.0) + 1.0
LEAF = Value(1.0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x_range": (1.0, -1.0)}, "x_range from a lower to a higher"),
        ({"y_range": (0.0, math.inf)}, "y_range from a lower to a higher"),
        ({"x_range": None}, "x_range, or parameters or a path"),
        ({"path": [1.0, 2.0]}, r"path of shape \(n, 2\).*got \(2,\)"),
        ({"path": [(1.0, 2.0, 3.0)]}, r"path of shape \(n, 2\).*got \(1, 3\)"),
        ({"path": [(math.nan, 1.0)]}, "at least one position"),
        ({"path": np.zeros((0, 2))}, "at least one position"),
        ({"resolution": 1}, "resolution of at least 2; got 1"),
        ({"levels": 1}, "levels of at least 2; got 1"),
        ({"view": "globe"}, "view is one of contour, surface; got 'globe'"),
        ({"loss": lambda w, b: math.nan}, "no point where the loss is a finite number"),
        ({"loss": lambda w, b: (w - 100.0).log()}, "no point where the loss is a finite number: log needs"),
        ({"loss": lambda: LEAF, "parameters": (LEAF, COMPUTED)}, "leaves"),
        ({"loss": lambda: LEAF, "parameters": (LEAF, LEAF)}, "two different parameters"),
        ({"loss": lambda: LEAF, "parameters": (LEAF,)}, "two different parameters"),
    ],
)
def test_what_can_not_be_drawn_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plot_loss_surface(**{"loss": bowl, **BOX, "resolution": 3, **change})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"loss": Value(1.0)}, "needs a function.*got Value"),
        ({"loss": lambda w, b: "high"}, "str"),
        ({"x_range": 3.0}, "x_range of two numbers"),
        ({"x_range": (1.0,)}, "x_range of two numbers"),
        ({"parameters": (1.0, 2.0)}, "parameters that are Values; got float, float"),
    ],
)
def test_what_is_of_another_kind_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        plot_loss_surface(**{"loss": bowl, **BOX, "resolution": 3, **change})
