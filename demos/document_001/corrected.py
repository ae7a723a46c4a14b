"""Document 001, section 1.2.1, put right: `fit` takes the true gradient of the mean squared error."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from demos.document_001 import listing
from demos.document_001.courses import course, distances
from demos.document_001.listing import EVERY, Array
from demos.document_001.maps import Mapper, Panel, animate, drawn_maps
from demos.document_001.network import twin
from demos.document_001.printed import FEWER, POINTS, SEED, SHORTER, points
from demos.learning import NEW_POINTS, Trained, taught, trained
from demos.pieces import Animation, Chart, Heading, Output, Paragraph, Piece, Table
from demos.story import demo
from demos.tasks import CIRCLES
from nn import MLP, SGD, History, Part, accuracy, plot_decision_boundary, predict

RATE = 2.0


class Descent(NamedTuple):
    """How the network learnt, and its maps, one for each `EVERY` epochs, the first of them after one."""

    model: MLP
    history: History
    maps: list[Array]

    @property
    def losses(self) -> Array:
        """Of each epoch, before its update."""
        return np.array(self.history["loss"])


@demo(
    "circles-right",
    "001",
    "1.2.1",
    "its training put right, and its map in motion",
    items="B22-B26",
    errata="001-2 001-4",
)
def story(*, brief: bool) -> Iterator[Piece]:
    """Gradient descent from the same weights, and then as one would do it today."""
    X, Y = points(FEWER if brief else POINTS)
    iterations = SHORTER if brief else listing.ITERATIONS
    descent = descend(X, Y, iterations)
    printed = course(SEED, X, Y, iterations)
    yield Paragraph(
        "The same points, the same network 2-4-8-1 with the same first weights, and as many iterations, with the whole"
        f" gradient of the mean squared error (001-2): one step for all {len(X)} examples, the rate {RATE:g} for b and"
        " W alike."
    )
    yield Output(repr(descent.history))
    yield _side_by_side(descent, printed.losses, printed.accuracy, X, Y)
    yield Paragraph(_stable(X, Y, min(SHORTER, iterations), descent))
    yield Animation("circles-right-map", "its decisions as it learns", _animation(descent, printed.losses, X, Y))
    first, last = (Panel(f"after {place * EVERY + 1} iterations", descent.maps[place]) for place in _places(descent))
    yield Chart(
        "circles-right-maps",
        "the map early and at the end, not reflected (001-4)",
        lambda: drawn_maps([[first, last]], X, Y),
    )
    yield Heading("With Adam, in small batches")
    yield from _as_today(trained(CIRCLES._replace(points=len(X), epochs=10 if brief else CIRCLES.epochs), SEED))


def descend(X: Array, Y: Array, iterations: int) -> Descent:
    """The engine's network, from the first weights of the listing's, taught all examples at once."""
    model = twin(listing.network(SEED))
    mapper, maps = Mapper(model), []

    def look(epoch: int, *_: Any) -> None:
        if epoch % EVERY == 1:
            maps.append(mapper())

    history = taught(
        model,
        Part(X, Y),
        loss="mse",
        optimizer=SGD(model.parameters(), lr=RATE),
        epochs=iterations,
        batch_size=None,
        callbacks=look,
        progress=False,
    )
    return Descent(model, history, maps)


def _places(descent: Descent) -> tuple[int, int]:
    return 5 * len(descent.maps) // 8, len(descent.maps) - 1


def _side_by_side(descent: Descent, printed: Array, ends_at: float, X: Array, Y: Array) -> Table:
    runs = (
        ("as printed", printed, ends_at),
        ("put right", descent.losses, accuracy(predict(descent.model, X), Y[:, 0])),
    )
    return Table(
        ("", "iterations in which the loss rises", "loss at the end", "accuracy at the end"),
        [(name, str(np.sum(np.diff(losses) > 0)), f"{losses[-1]:.5f}", f"{end:.3f}") for name, losses, end in runs],
        "<>>>",
    )


def _stable(X: Array, Y: Array, iterations: int, descent: Descent) -> str:
    """How far runs are apart that differ in roundings: what the document can't have, and this has."""
    rates = (2 * RATE, 2 / len(X) * RATE)
    net = listing.network(SEED)
    losses = [listing.l2_cost(listing.train(net, X, Y, rates), Y) for _ in range(iterations)]
    apart = np.abs(descent.losses[:iterations] / losses - 1).max()
    return (
        f"It is stable: in {iterations} iterations floats and longer floats give predictions that differ by"
        f" {distances(SEED, X, Y, iterations, rates).max():.1g} at most. The same gradient written by hand in NumPy,"
        f" the listing's steps times 2 for b and 2/n for W, gives the losses of the engine to {apart:.1g}."
    )


def _animation(descent: Descent, printed: Array, X: Array, Y: Array) -> Any:
    losses = {"put right": descent.losses, "as printed": printed}
    return partial(animate, maps=descent.maps, losses=losses, every=EVERY, X=X, Y=Y)


def _as_today(result: Trained) -> Iterator[Piece]:
    task = result.task
    yield Paragraph(
        f"Today one would hardly take {listing.ITERATIONS} steps with all examples. Adam with the rate {task.rate:g},"
        f" in batches of {task.batch_size}, needs {task.epochs} epochs, from weights drawn as Glorot says:"
    )
    yield Output(repr(result.history))
    yield Paragraph(
        f"It is right for {result.on_training:.1%} of the points that taught it, and for {result.on_new:.1%} of"
        f" {NEW_POINTS} new ones."
    )
    yield Chart("circles-right-history", "how it learnt", result.history.plot)
    yield Chart("circles-right-boundary", "its decisions", lambda: plot_decision_boundary(result.model, *result.data))
