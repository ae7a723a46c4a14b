"""Documents 001 and 002: circles and moons, learnt by the networks that the documents choose for them.

The data are those of scikit-learn, as there, and the networks and losses too; what the documents do not give, seeds,
is given here. Each model is measured on new points of the same kind, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from demos.layout import item, paragraph
from nn import MLP, Adam, History, Module, Part, accuracy, fit, plot_decision_boundary, predict

SEED = 0
NEW_POINTS = 1000
"""On so many points, drawn with another seed, a trained model is measured."""

PRINTED = 0.936
"""The accuracy that document 002 prints for two of its models of the moons, on the data that taught them."""


NO_DATA = "The data of this demo are scikit-learn's: pip install 'cadena-autograd[demos]'"


def has_data() -> bool:
    """Whether scikit-learn is installed, whose data these are."""
    try:
        import sklearn  # noqa: F401
    except ImportError:
        return False
    return True


class Task(NamedTuple):
    """Data, a network for them, and how it is trained."""

    name: str
    data: str
    points: int
    shape: dict[str, float]
    sizes: Sequence[int]
    hidden: str
    loss: str
    rate: float
    batch_size: int
    epochs: int

    def drawn(self, points: int, seed: int) -> Part:
        """So many points and their classes, by scikit-learn's function."""
        from sklearn import datasets

        return Part(*getattr(datasets, self.data)(points, random_state=seed, **self.shape))


CIRCLES = Task(
    "circles", "make_circles", 500, {"factor": 0.5, "noise": 0.05}, [4, 8, 1], "sigmoid", "mse", 0.05, 25, 40
)
"""Document 001: n = 500, a network 2-4-8-1, and the MSE, here with its true gradient, 2/n included (erratum 001-3)."""

MOONS = [
    Task("moons-relu", "make_moons", 250, {"noise": 0.25}, [8, 1], "relu", "binary_crossentropy", 0.02, 32, 150),
    Task("moons-sigmoid", "make_moons", 250, {"noise": 0.25}, [10, 1], "sigmoid", "binary_crossentropy", 0.05, 32, 150),
]
"""Document 002, section 4.2: two networks of 33 and 41 parameters. Its rate of Adam is 0.001, for 3000 epochs."""


class Trained(NamedTuple):
    """A model, how it learnt, and its accuracy on the data that taught it and on new points."""

    task: Task
    model: MLP
    history: History
    data: Part
    on_training: float
    on_new: float


def trained(task: Task, seed: int, metrics: Sequence[str] = ("accuracy",)) -> Trained:
    """A model of the task: data, weights and the order of the examples all come from the seed.

    The metrics are measured in each epoch, too. Raises KeyboardInterrupt as `taught` does.
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
    )
    return Trained(task, model, history, data, *(accuracy(predict(model, part.X), part.Y) for part in (data, new)))


def taught(model: Module, data: Part, **settings: Any) -> History:
    """The history of a model that `fit` teaches these data, with settings of its.

    Raises KeyboardInterrupt where Ctrl-C ended the training: a demo has no use for half of one.
    """
    history = fit(model, *data, **settings)
    if history.stopped.startswith("interrupted"):
        raise KeyboardInterrupt
    return history


def story(folder: Path) -> Iterator[str]:
    """The demo, a paragraph or a list at a time; the pictures are saved in the folder."""
    if not has_data():
        yield NO_DATA
        return
    yield paragraph(
        "Two sets of points that no line separates. The loss of an epoch is measured while it runs, before each step;"
        " the accuracy at the end is that of the finished model, on the data that taught it and on"
        f" {NEW_POINTS} new points of the same kind."
    )
    yield from _told(trained(CIRCLES, SEED), folder)
    yield paragraph(
        f"The moons of document 002: it prints {PRINTED:.2%} for the networks that follow, on training data and without"
        " a seed (erratum 002-27)."
    )
    for task in MOONS:
        yield from _told(trained(task, SEED), folder)


def _told(result: Trained, folder: Path) -> Iterator[str]:
    yield repr(result.model.summary())
    yield repr(result.history)
    measured = f"{result.on_training:.1%} of the training data, {result.on_new:.1%} of new points"
    lines = [f"{result.task.name}: right for {measured}; trained in {result.history.seconds:.1f} s"]
    boundary = plot_decision_boundary(result.model, *result.data)
    for what, figure in (("boundary", boundary), ("history", result.history.plot())):
        lines.append(f"{what}: {_saved(figure, folder / f'{result.task.name}-{what}.png')}")
    yield "\n".join(map(item, lines))


def _saved(figure: Any, path: Path) -> str:
    figure.savefig(path)
    return str(path)
