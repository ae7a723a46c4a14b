"""Circles and moons: what is learnt, and how that is measured."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from demos import accuracy, learning
from demos.__main__ import main
from demos.failure import DataMissing
from demos.learning import NEW_POINTS, trained
from demos.tasks import CIRCLES, MOONS
from nn import MLP, History, fit


def test_the_networks_of_the_moons_have_as_many_parameters_as_the_document_says() -> None:
    assert [MLP(2, task.sizes).summary().parameters for task in MOONS] == [33, 41]


def test_circles_are_learnt_with_the_true_gradient() -> None:
    pytest.importorskip("sklearn")
    result = trained(CIRCLES, seed=3)
    assert len(result.data.X) == 500
    assert [len(layer.neurons) for layer in result.model.layers] == [4, 8, 1]
    assert result.on_training >= 0.99
    assert result.on_new >= 0.99
    assert result.history["loss"][-1] < 0.01


def test_a_training_is_given_by_its_seed_and_measured_on_points_that_it_has_not_seen() -> None:
    pytest.importorskip("sklearn")
    task = MOONS[0]._replace(epochs=2)
    first, again, other = (trained(task, seed) for seed in (4, 4, 5))
    assert dict(first.history) == dict(again.history) != dict(other.history)
    new = task.drawn(NEW_POINTS, 4 + NEW_POINTS)
    assert not set(map(tuple, first.data.X)) & set(map(tuple, new.X))


def test_an_interrupt_of_a_training_ends_the_whole_demo_with_130(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("sklearn")
    taught = []

    def interrupt(*_: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    def interrupted(model: MLP, *data: Any, **options: Any) -> History:
        taught.append(model)
        return fit(model, *data, **{**options, "epochs": 2, "callbacks": interrupt})

    monkeypatch.setattr(learning, "fit", interrupted)
    assert main(["accuracy", "--output", str(tmp_path)]) == 130
    assert len(taught) == 1
    assert capsys.readouterr().err == "python -m demos: interrupted\n"


def test_the_table_of_accuracies_has_each_seed_and_what_they_have_in_common(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sklearn")
    monkeypatch.setattr(accuracy, "MOONS", [])
    monkeypatch.setattr(accuracy, "CIRCLES", CIRCLES._replace(points=20, epochs=1))
    monkeypatch.setattr(accuracy, "SEEDS", range(2))
    monkeypatch.setattr(accuracy, "LONG", [])
    results = [trained(accuracy.CIRCLES, seed) for seed in range(2)]
    lines = [line.split() for line in list(accuracy.story())[1].splitlines()]
    assert [line[1] for line in lines[1:3]] == [f"{result.on_training:.4f}" for result in results]
    assert lines[-1][1] == f"{min(result.on_training for result in results):.4f}"


def test_the_table_of_long_trainings_has_the_medians_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sklearn")
    short = [task._replace(points=20, epochs=epochs) for epochs, task in enumerate(accuracy.LONG[:2], start=1)]
    for name, tasks in {"SEEDS": range(2), "MOONS": [], "CIRCLES": short[0], "LONG": short}.items():
        monkeypatch.setattr(accuracy, name, tasks)
    head, *lines = list(accuracy.story())[-1].splitlines()
    assert head.split() == ["epochs", "batches", "of", "rate", "training", "new", "points", "seconds"]
    for line, task in zip(lines, short, strict=True):
        results = [trained(task, seed) for seed in accuracy.LONG_SEEDS]
        on_training = sorted(result.on_training for result in results)
        on_new = sorted(result.on_new for result in results)
        assert line.startswith(task.name)
        assert line.split()[-6:-1] == [
            str(task.epochs),
            str(task.batch_size),
            str(task.rate),
            f"{on_training[1]:.4f}",
            f"{on_new[1]:.4f}",
        ]


def test_the_long_trainings_are_those_of_the_document() -> None:
    by_name = {task.name: task for task in accuracy.LONG}
    relu, sigmoid = by_name["moons, 8 ReLU"], by_name["moons, 10 sigmoid"]
    overfitted = by_name["moons, 100-70-50 sigmoid"]
    assert (relu.sizes, relu.hidden, relu.batch_size, relu.epochs, relu.rate) == ([8, 1], "relu", 32, 3000, 0.001)
    assert (sigmoid.sizes, sigmoid.hidden, sigmoid.epochs) == ([10, 1], "sigmoid", 6000)
    assert (overfitted.sizes, overfitted.hidden, overfitted.batch_size) == ([100, 70, 50, 1], "sigmoid", 100)
    circles = accuracy.LONG[0]
    assert (circles.epochs, circles.batch_size) == (2000, circles.points)


def test_without_scikit_learn_the_measurements_say_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(DataMissing):
        list(accuracy.story())
    assert main(["accuracy"]) == 1
    assert "pip install 'cadena-autograd[demos]'" in capsys.readouterr().err
