"""Document 001, section 1.2.1, put right: `fit` takes the true gradient of the mean squared error."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from demos.document_001 import listing
from demos.document_001.courses import LOW, Course, courses, distances, right_rates
from demos.document_001.listing import EVERY, Array
from demos.document_001.maps import Mapper, Panel, animate, drawn_maps
from demos.document_001.network import twin
from demos.document_001.printed import FEWER, LEARNT, POINTS, SEED, SHORTER, points
from demos.layout import percent
from demos.learning import NEW_POINTS, Trained, taught, trained
from demos.pieces import Animation, Chart, Heading, Output, Paragraph, Piece, Table
from demos.story import demo
from demos.tasks import CIRCLES
from nn import MLP, SGD, History, Part, plot_decision_boundary
from nn.figures import BLUE, ORANGE, blank, dressed

RATE = 2.0
SEEDS = 10

Pair: TypeAlias = tuple[Course, Course]
"""Runs from one seed, as printed and put right."""


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
    "two circles: the training put right, and the map in motion",
    items="B22-B26",
    errata="001-2 001-4",
    cover="circles-right-boundary",
)
def story(*, brief: bool) -> Iterator[Piece]:
    """Gradient descent from the same weights, and then as one would do it today."""
    X, Y = points(FEWER if brief else POINTS)
    iterations = SHORTER if brief else listing.ITERATIONS
    descent = descend(X, Y, iterations)
    seeds = range(2 if brief else SEEDS)
    pairs = list(zip(courses(seeds, X, Y, iterations), courses(seeds, X, Y, iterations, right_rates(RATE, X))))
    printed, by_hand = pairs[SEED]
    yield Paragraph(
        "The points, the network 2-4-8-1, its first weights and the number of iterations are those of the story"
        " 'circles-printed', which trains as the document prints it. Put right is the gradient, the whole one of the"
        f" mean squared error (001-2): one step for all {len(X)} examples, the rate {RATE:g} for b and W alike."
    )
    yield Paragraph(
        f"Both start from the weights of seed {SEED}, and each loss is that of all examples, before the update. Of the"
        " printed program's losses more digits would be those of one machine, as 'circles-printed' shows:"
    )
    yield _plateau(descent, printed)
    yield Paragraph(_stable(X, Y, descent, by_hand))
    yield Heading("Is one seed enough?")
    yield Paragraph(
        f"How a run ends may depend on its first weights. Both programs from {len(seeds)} seeds; 'rises'"
        f" counts the iterations in which the loss rises, 'low' is the first whose loss is below {LOW:g}. Of what is"
        " printed here of runs whose loss rises, only the order of magnitude holds on another machine, whose roundings"
        " differ: 'circles-printed' measures how far, and which seeds are missed all the same:"
    )
    yield _seeds(pairs)
    yield Paragraph(_judged(pairs))
    yield Paragraph(_as_long(pairs, X, Y))
    yield Chart("circles-right-seeds", "the losses from all seeds", lambda: _seeds_chart(pairs))
    yield Heading("Its map in motion")
    yield Animation("circles-right-map", "its decisions as it learns", _animation(descent, printed.losses, X, Y))
    first, last = (Panel(f"at iteration {place * EVERY + 1}", descent.maps[place]) for place in _places(descent))
    yield Chart(
        "circles-right-maps",
        f"the map {first.title} and {last.title}, not reflected (001-4)",
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


def _plateau(descent: Descent, printed: Course) -> Table:
    """The losses from time to time: a history of the first epochs shows the plateau, and not where it ends."""
    count = len(printed.losses)
    shown = sorted({*range(0, count, max(1, count // 8)), count - 1})
    return Table(
        ("iteration", "loss as printed", "loss put right"),
        [(str(place + 1), f"{printed.losses[place]:.2f}", f"{descent.losses[place]:.5f}") for place in shown],
        ">>>",
    )


def _seeds(pairs: Sequence[Pair]) -> Table:
    lines = [
        (str(one.seed) if run is one else "", name, *_ended(run))
        for one, other in pairs
        for name, run in (("as printed", one), ("put right", other))
    ]
    return Table(("seed", "program", "rises", "low", "loss at the end", "accuracy"), lines, "><>>>>")


def _ended(run: Course) -> tuple[str, ...]:
    low = "-" if run.descended is None else str(run.descended + 1)
    return str(run.rises), low, f"{run.losses[-1]:.4f}", f"{run.accuracy:.3f}"


def _judged(pairs: Sequence[Pair]) -> str:
    """What the seeds say for the printed program and for the one put right, counted."""
    printed, right = (list(runs) for runs in zip(*pairs))
    learnt = [[run for run in runs if run.accuracy >= LEARNT] for runs in (printed, right)]
    both = [(one.descended, other.descended) for one, other in pairs if min(one.accuracy, other.accuracy) >= LEARNT]
    faster = sum(one is not None and other is not None and one < other for one, other in both)
    calm = [sum(run.rises == 0 for run in runs) for runs in (printed, right)]
    told = (
        f"Of {len(pairs)} seeds {len(learnt[0])} of the printed program end with an accuracy of {percent(LEARNT)} or"
        f" more, and {len(learnt[1])} of the one put right; the loss never rises in {calm[0]} runs of the printed"
        f" one, and in {calm[1]} of the other."
    )
    if not both:
        return f"{told} So few iterations, {len(printed[0].losses)}, do not tell which learns better."
    return f"{told} Where both learn, the printed one is below {LOW:g} first for {faster} of {len(both)} seeds."


def _as_long(pairs: Sequence[Pair], X: Array, Y: Array) -> str:
    """What other rates do from the seeds that the printed program misses: its rates for b and W are far apart."""
    for_b, for_w = listing.RATE / 2, len(X) / 2 * listing.RATE
    seeds = [one.seed for one, _ in pairs if one.accuracy < LEARNT] or [SEED]
    iterations = len(pairs[0][0].losses)
    tried = {
        f"{for_w:g} for b and W": right_rates(for_w, X),
        f"{RATE:g} for b and {for_w:g} for W": (right_rates(RATE, X)[0], right_rates(for_w, X)[1]),
        f"{for_b:g} for b and {RATE:g} for W": (right_rates(for_b, X)[0], right_rates(RATE, X)[1]),
    }
    told = [_tried(name, courses(seeds, X, Y, iterations, rates)) for name, rates in tried.items()]
    return (
        "Is it that b and W have unlike rates, or the length of the steps? The printed rates are in effect"
        f" {for_b:g} for b and {for_w:g} for W, and the corrected program's {RATE:g} for both. Other rates, from the"
        " seeds that the printed program misses, if any; in how many iterations the loss rises, and the accuracy at"
        f" the end: {'; '.join(told)}. So few runs do not part the causes."
    )


def _tried(name: str, runs: Sequence[Course]) -> str:
    return f"{name}, " + ", ".join(f"seed {run.seed}: {run.rises} and {run.accuracy:.3f}" for run in runs)


def _stable(X: Array, Y: Array, descent: Descent, by_hand: Course) -> str:
    """How far runs are apart that differ in roundings: what the document can't have, and this has."""
    few = min(SHORTER, len(by_hand.losses))
    apart = np.abs(descent.losses / by_hand.losses - 1).max()
    return (
        "How stable is it? The same gradient written by hand in NumPy, the listing's steps times 2 for b and 2/n for"
        f" W, rounds otherwise; in all {len(by_hand.losses)} iterations its losses differ from the engine's by"
        f" {apart:.1g} of themselves at most. In the first {few} of them, floats and longer floats give predictions"
        f" that differ by {distances(SEED, X, Y, few, right_rates(RATE, X)).max():.1g} at most."
    )


def _seeds_chart(pairs: Sequence[Pair]) -> Any:
    looks: dict[bool, dict[str, Any]] = {
        True: {"color": BLUE, "linewidth": 0.8, "linestyle": "-"},
        False: {"color": ORANGE, "linewidth": 1.6, "linestyle": "--"},
    }
    figure = blank(7.2, 3.6)
    titles = ("as printed", "put right")
    for place, (axes, title) in enumerate(zip(figure.subplots(1, 2, sharex=True, sharey=True), titles)):
        dressed(axes, "iteration", "" if place else "loss", f"{title}, {len(pairs)} seeds")
        for pair in pairs:
            axes.plot(pair[place].losses, rasterized=True, **looks[pair[place].accuracy >= LEARNT])
        axes.set_ylim(0, 0.45)
    axes.plot([], [], label=f"accuracy of {LEARNT:.0%} or more", **looks[True])
    axes.plot([], [], label="below", **looks[False])
    axes.legend(frameon=False, loc="upper right")
    return figure


def _animation(descent: Descent, printed: Array, X: Array, Y: Array) -> Any:
    losses = {"put right": descent.losses, "as printed": printed}
    return partial(animate, maps=descent.maps, losses=losses, every=EVERY, X=X, Y=Y)


def _as_today(result: Trained) -> Iterator[Piece]:
    task = result.task
    yield Paragraph(
        f"Today one would hardly take {listing.ITERATIONS} steps with all examples. Adam with the rate {task.rate:g},"
        f" in batches of {task.batch_size}, for {task.epochs} epochs, from weights drawn as Glorot says:"
    )
    yield Output(repr(result.history))
    yield Paragraph(
        f"It is right for {result.on_training:.1%} of the points that taught it, and for {result.on_new:.1%} of"
        f" {NEW_POINTS} new ones."
    )
    yield Chart("circles-right-history", "how it learnt", result.history.plot)
    yield Chart("circles-right-boundary", "its decisions", lambda: plot_decision_boundary(result.model, *result.data))
