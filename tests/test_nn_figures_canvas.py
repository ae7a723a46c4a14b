"""What all figures have in common: they open nothing, change nothing, are shown by notebooks, and texts are texts."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib
import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter
from matplotlib.axis import Axis
from mpl_toolkits.mplot3d.art3d import Text3D

from nn import (
    Layer,
    plot_activations,
    plot_decision_boundary,
    plot_digits,
    plot_history,
    plot_loss_surface,
    plot_weights,
)
from tests.figures import PNG, png, texts, words

ROOT = Path(__file__).parent.parent

X, Y = [(0.0, 0.0), (1.0, 2.0), (2.0, 1.0)], [0, 1, 1]


def boundary(text: str = "x1") -> Any:
    names = [text, "other"]
    return plot_decision_boundary(lambda x: x[0] - x[1], X, Y, class_names=names, labels=(text, text), resolution=5)


def regions(text: str = "x1") -> Any:
    names = [text, "other", text + "3"]
    return plot_decision_boundary(lambda x: [x[0], x[1], 1.0], X, [0, 1, 2], class_names=names, resolution=5)


def contours(text: str = "w") -> Any:
    path = [(0.5, 0.5), (0.1, 0.1)]
    return plot_loss_surface(lambda w, b: w * w + b, (-1, 1), (-1, 1), path=path, labels=(text, text), name=text)


def surface(text: str = "w") -> Any:
    path = [(0.5, 0.5), (0.1, 0.1)]
    options: dict[str, Any] = {"path": path, "labels": (text, text), "name": text, "resolution": 5}
    return plot_loss_surface(lambda w, b: w * w + b, (-1, 1), (-1, 1), view="surface", **options)


def activations(text: str = "f") -> Any:
    def f(z: Any) -> Any:
        return z * z

    f.__name__ = text
    return plot_activations(f)


def activations_together(text: str = "f") -> Any:
    def f(z: Any) -> Any:
        return z * z

    f.__name__ = text
    return plot_activations([f, "tanh"], together=True)


def digits(text: str = "7") -> Any:
    return plot_digits(np.eye(4)[None].repeat(2, 0), [text, text], predictions=[text, "other"])


def weights(text: str = "") -> Any:
    return plot_weights(Layer(4, 2, seed=0))


def history(text: str = "accuracy") -> Any:
    return plot_history({"loss": [2.0, 1.0], text: [0.5, 0.75]}, best_epoch=2)


PLOTS = [
    boundary,
    regions,
    contours,
    surface,
    activations,
    activations_together,
    digits,
    weights,
    history,
]

ROUNDING = 1.0
"""Of a pixel."""

DARK = {
    "figure.facecolor": "black",
    "axes.facecolor": "black",
    "axes.edgecolor": "white",
    "axes.labelcolor": "white",
    "axes.grid": True,
    "text.color": "white",
    "xtick.color": "white",
    "ytick.color": "white",
    "lines.linewidth": 7.0,
    "image.cmap": "jet",
    "image.origin": "lower",
}


class Shown(NamedTuple):
    """What a notebook is given, and the settings of matplotlib before and after."""

    formats: dict[str, Any]
    before: dict[str, Any]
    after: dict[str, Any]


@cache
def shown(plot: Callable[[], Any]) -> Shown:
    """A plot that a notebook has shown: drawn once for all that is asked of it."""
    before = dict(matplotlib.rcParams)
    formats, _ = DisplayFormatter().format(plot())
    return Shown(formats, before, dict(matplotlib.rcParams))


def picture(plot: Callable[[], Any]) -> bytes:
    """What a notebook shows of a plot."""
    data: bytes = shown(plot).formats["image/png"]
    return data


each_plot = pytest.mark.parametrize("plot", PLOTS)


@each_plot
def test_a_notebook_is_given_a_png(plot: Callable[[], Any]) -> None:
    assert picture(plot).startswith(PNG)


@each_plot
def test_a_figure_belongs_to_no_window_and_pyplot_is_not_asked(plot: Callable[[], Any]) -> None:
    managers = sys.modules.get("matplotlib._pylab_helpers")
    before = len(managers.Gcf.figs) if managers else 0
    assert plot().canvas.manager is None
    assert (len(managers.Gcf.figs) if managers else 0) == before


@each_plot
def test_no_setting_of_matplotlib_is_changed(plot: Callable[[], Any]) -> None:
    assert shown(plot).after == shown(plot).before


@each_plot
def test_a_figure_is_the_same_picture_whatever_the_style(plot: Callable[[], Any]) -> None:
    with matplotlib.rc_context(DARK):
        dark = png(plot())
    assert dark == picture(plot)


@pytest.mark.parametrize("text", ["$x^2$", r"$\frac{1$", "_hidden", "a_b^c{", "%s", "<b>&"])
@pytest.mark.parametrize("plot", [plot for plot in PLOTS if plot is not weights])
def test_a_text_is_shown_as_it_is(plot: Callable[[str], Any], text: str) -> None:
    figure = plot(text)
    assert any(text in word for word in words(figure))
    told = [written for written in texts(figure) if text in written.get_text()]
    assert not any(written.get_parse_math() or written.get_usetex() for written in told)
    figure.draw_without_rendering()


@each_plot
def test_nothing_is_written_outside_of_a_figure(plot: Callable[[], Any]) -> None:
    figure = plot()
    figure.draw_without_rendering()
    width, height = figure.bbox.size + ROUNDING
    for text in texts(figure):
        if not isinstance(text, Text3D) and text not in texts_of_ticks(figure):
            box = text.get_window_extent()
            assert -ROUNDING <= box.x0 <= box.x1 <= width, (text, box)
            assert -ROUNDING <= box.y0 <= box.y1 <= height, (text, box)


def texts_of_ticks(figure: Any) -> list[Any]:
    """Those of ticks outside of the limits stand anywhere, and are not drawn."""
    axes = [axis for axes in figure.axes for axis in axes.findobj(Axis)]
    ticks = [tick for axis in axes for tick in (*axis.majorTicks, *axis.minorTicks)]
    return [label for tick in ticks for label in (tick.label1, tick.label2)]


@each_plot
def test_a_figure_that_was_pickled_is_the_same_picture(plot: Callable[[], Any]) -> None:
    assert png(pickle.loads(pickle.dumps(plot()))) == picture(plot)


def in_a_new_process(script: str) -> str:
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return run.stdout.strip()


def test_without_matplotlib_the_error_names_what_to_install() -> None:
    script = """if True:
        import sys
        sys.modules["matplotlib"] = None
        import nn
        try:
            nn.plot_activations("tanh")
        except ImportError as error:
            print(error)
    """
    assert "pip install 'cadena-autograd[demos]'" in in_a_new_process(script)


def test_drawing_imports_no_pyplot() -> None:
    script = """if True:
        import sys, nn
        nn.plot_activations("tanh")._repr_png_()
        print("matplotlib.pyplot" in sys.modules, "matplotlib.figure" in sys.modules)
    """
    assert in_a_new_process(script) == "False True"
