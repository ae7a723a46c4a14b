"""`plot_history`: what a training measured, epoch by epoch, each on a scale of its own kind."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from nn import EarlyStopping, History, Layer, fit, mse, plot_history
from tests.figures import line, points, words

RECORDS = {
    "loss": [4.0, 2.0, 1.0],
    "val_loss": [5.0, 3.0, 3.5],
    "accuracy": [0.5, 0.75, 1.0],
    "val_accuracy": [0.25, 0.5, 0.75],
    "lr": [0.1, 0.1, 0.05],
}


def panels(figure: Any) -> list[str]:
    return [axes.get_ylabel() for axes in figure.axes]


def names(axes: Any) -> list[str]:
    return [line.get_label() for line in axes.get_lines() if not line.get_label().startswith("_")]


def test_losses_metrics_and_the_learning_rate_have_a_panel_each() -> None:
    figure = plot_history(RECORDS)
    assert panels(figure) == ["loss", "metrics", "learning rate"]
    assert [names(axes) for axes in figure.axes] == [["loss", "val_loss"], ["accuracy", "val_accuracy"], ["lr"]]
    assert [axes.get_xlabel() for axes in figure.axes] == ["", "", "epoch"]


@pytest.mark.parametrize("name", RECORDS)
def test_each_line_has_a_number_for_each_epoch_from_1(name: str) -> None:
    figure = plot_history(RECORDS)
    (axes,) = [axes for axes in figure.axes if name in names(axes)]
    assert points(line(axes, name)).tolist() == [[epoch, number] for epoch, number in enumerate(RECORDS[name], 1)]
    assert name in words(figure)


def test_a_penalty_stands_with_the_loss_to_which_it_is_added() -> None:
    figure = plot_history({"loss": [2.0, 1.0], "penalty": [0.5, 0.25], "accuracy": [0.5, 1.0]})
    assert [names(axes) for axes in figure.axes] == [["loss", "penalty"], ["accuracy"]]


def test_a_learning_rate_is_drawn_in_steps_and_nothing_else_is() -> None:
    figure = plot_history(RECORDS)
    styles = {name: line(axes, name).get_drawstyle() for axes in figure.axes for name in names(axes)}
    assert styles == {**dict.fromkeys(RECORDS, "default"), "lr": "steps-post"}


def test_what_was_not_measured_has_no_panel() -> None:
    assert panels(plot_history({"mse": [1.0, 2.0]})) == ["metrics"]
    assert panels(plot_history({"loss": [1.0], "lr": []})) == ["loss"]


def test_a_learning_rate_that_stays_has_no_panel_beside_others():
    assert panels(plot_history({"loss": [1.0, 0.5], "lr": [0.1, 0.1]})) == ["loss"]
    assert panels(plot_history({"loss": [1.0, 0.5], "lr": [0.1, 0.05]})) == ["loss", "learning rate"]
    assert panels(plot_history({"lr": [0.1, 0.1]})) == ["learning rate"]


def test_a_quantity_has_one_colour_and_is_dashed_where_it_was_measured_on_validation_data() -> None:
    for axes in plot_history(RECORDS).axes[:2]:
        trained, validated = axes.get_lines()[:2]
        assert trained.get_color() == validated.get_color()
        assert (trained.get_linestyle(), validated.get_linestyle()) == ("-", "--")


def test_quantities_differ_in_colour_and_their_names_have_it() -> None:
    axes = plot_history({"loss": [1.0], "val_loss": [1.0], "data_loss": [2.0]}).axes[0]
    assert line(axes, "loss").get_color() != line(axes, "data_loss").get_color()
    assert {text.get_text(): text.get_color() for text in axes.texts} == {
        name: line(axes, name).get_color() for name in names(axes)
    }


def test_the_best_epoch_is_marked_in_each_panel_and_named() -> None:
    figure = plot_history(RECORDS, best_epoch=2)
    for axes in figure.axes:
        assert [list(line.get_xdata()) for line in axes.get_lines()].count([2, 2]) == 1
    (named,) = [text for text in figure.axes[0].texts if text.get_text() == "best epoch 2"]
    assert named.xy[0] == 2
    assert not any("best" in word for word in words(plot_history(RECORDS)))


def test_what_is_not_finite_leaves_a_gap() -> None:
    axes = plot_history({"loss": [1.0, math.nan, 3.0, math.inf]}).axes[0]
    assert np.isfinite(points(line(axes, "loss"))[:, 1]).tolist() == [True, False, True, False]


def test_a_logarithmic_scale_is_for_losses_and_for_what_is_above_0() -> None:
    figure = plot_history({**RECORDS, "loss": [4.0, 0.0, -1.0]}, log=True)
    assert [axes.get_yscale() for axes in figure.axes] == ["log", "linear", "linear"]
    assert np.isfinite(points(line(figure.axes[0], "loss"))[:, 1]).tolist() == [True, False, False]
    assert plot_history({"loss": [-1.0, 0.0]}, log=True).axes[0].get_yscale() == "linear"


def test_epochs_are_whole_numbers() -> None:
    for epochs in (1, 2, 5, 300):
        axes = plot_history({"loss": [1.0] * epochs}).axes[0]
        assert all(tick == round(tick) for tick in axes.get_xticks())
        low, high = axes.get_xlim()
        assert 0 < low < 1 <= epochs < high


def test_the_losses_have_lines_to_read_them_by() -> None:
    assert all(axes.yaxis.get_gridlines()[0].get_visible() for axes in plot_history(RECORDS).axes)


def test_a_history_is_plotted_with_its_best_epoch() -> None:
    X, Y = [[0.0], [1.0], [2.0], [3.0]], [0.0, 2.0, 4.0, 6.0]
    stopping = EarlyStopping(patience=2)
    history = fit(
        Layer(1, 1, "identity", seed=0),
        X,
        Y,
        loss=mse,
        optimizer="sgd",
        epochs=6,
        validation=(X, Y),
        early_stopping=stopping,
    )
    figure = history.plot(log=True)
    assert points(line(figure.axes[0], "loss"))[:, 1].tolist() == history["loss"]
    assert points(line(figure.axes[0], "val_loss"))[:, 1].tolist() == history["val_loss"]
    assert panels(figure) == ["loss"]
    assert f"best epoch {history.best_epoch}" in words(figure)


@pytest.mark.parametrize("records", [{}, {"loss": []}, History()])
def test_no_epochs_are_refused(records: Any) -> None:
    with pytest.raises(ValueError, match="plot_history needs at least one epoch; got none"):
        plot_history(records)


def test_epochs_of_which_none_is_finite_are_drawn_as_nothing() -> None:
    assert names(plot_history({"loss": [math.nan, math.nan]}, log=True).axes[0]) == ["loss"]


@pytest.mark.parametrize("epoch", [0, 4, -1])
def test_a_best_epoch_that_was_none_is_refused(epoch: int) -> None:
    with pytest.raises(ValueError, match=f"best_epoch from 1 to 3; got {epoch}"):
        plot_history(RECORDS, best_epoch=epoch)


def test_several_numbers_for_an_epoch_are_refused() -> None:
    with pytest.raises(ValueError, match="one number for each epoch in 'loss'; got an array of shape"):
        plot_history({"loss": [[1.0, 2.0]]})  # type: ignore[list-item]


@pytest.mark.parametrize("records", [3, [0.5, 0.25], None])
def test_what_has_no_names_is_refused(records: Any) -> None:
    with pytest.raises(TypeError, match=r"^plot_history needs a History, or a list of numbers for each name; got "):
        plot_history(records)
