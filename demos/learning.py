"""Models that learn a task, and how well they do: on the data that taught them, and on new points of the same kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from demos.tasks import Task
from nn import MLP, Adam, History, Module, Part, accuracy, fit, predict

NEW_POINTS = 1000
"""On so many points, drawn with another seed, a trained model is measured."""


class Trained(NamedTuple):
    """A model, how it learnt, and its accuracy on the data that taught it and on new points."""

    task: Task
    model: MLP
    history: History
    data: Part
    on_training: float
    on_new: float


def trained(task: Task, seed: int, metrics: Sequence[str] = ("accuracy",), **settings: Any) -> Trained:
    """A model of the task: data, weights and the order of the examples all come from the seed.

    The metrics are measured in each epoch, too; other settings are those of `fit`. Raises KeyboardInterrupt as `taught`
    does, and DataMissing.
    """
    data, new = task.drawn(task.points, seed), task.drawn(NEW_POINTS, seed + NEW_POINTS)
    model = MLP(2, task.sizes, task.hidden, "sigmoid", seed=seed, initializer="xavier_uniform")
    history = taught(
        model,
        data,
        loss=task.loss,
        optimizer=Adam(model.parameters(), lr=task.rate),
        epochs=task.epochs,
        batch_size=task.batch_size,
        metrics=metrics,
        seed=seed,
        **settings,
    )
    said = np.split(predict(model, np.concatenate([data.X, new.X])), [len(data.X)])
    return Trained(task, model, history, data, *(accuracy(numbers, part.Y) for numbers, part in zip(said, (data, new))))


def taught(model: Module, data: Part, **settings: Any) -> History:
    """The history of a model that `fit` teaches these data, with settings of its.

    Raises KeyboardInterrupt where Ctrl-C ended the training: a demo has no use for half of one.
    """
    history = fit(model, *data, **settings)
    if history.stopped.startswith("interrupted"):
        raise KeyboardInterrupt
    return history
