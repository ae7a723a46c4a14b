"""Document 002, section 3.8: networks fit functions, too well or not well enough, and how one sees that.

The document shows figures 52 to 58 without data; the function, the noise and the networks are ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from demos.document_002.lines import Line, line_chart
from demos.pieces import Chart, Heading, Items, Paragraph, Piece, Table
from demos.story import demo
from nn import MLP, Adam, EarlyStopping, History, Part, Split, evaluate, fit, plot_history, predict, split
from nn.figures import BLUE, ORANGE, blank, dressed

Array = NDArray[np.float64]

RANGE = (-3.0, 3.0)
NOISE = 0.25
SEED = 13

CURVE = np.linspace(*RANGE, 161)
"""Where functions are drawn, and measured."""

WIDTHS = (1, 2, 4, 8)
"""Hidden neurons, for the approximation of figure 52."""

LARGE = [16, 16, 1]
"""Hidden neurons of both layers, and the output."""

SHAPES: dict[str, list[int]] = {"a line, 1-1": [1], "small, 1-3-1": [3, 1], "large, 1-16-16-1": LARGE}
"""Figures 56, 54 and 55."""

PATIENCE = 100
"""Epochs for which early stopping waits."""

RATE = 0.02
"""Of Adam."""

EVERY, LOOKED_AT = 10, 300
"""Epochs between two measurements of fresh points, and epochs in which they are measured."""

TEST_SIZE, TEST_SETS = 12, 10
"""Fresh points of one test set, and such sets."""


class Fitted(NamedTuple):
    """A network after its training: mean squared errors, and what it gives along the curve."""

    name: str
    parameters: int
    train: float
    test: float
    curve: Array


class Watched(NamedTuple):
    """A training that was watched: its history, and the squared errors of fresh points, every few epochs: (m, n)."""

    history: History
    squares: Array

    @property
    def by_validation(self) -> int:
        """The measurement that the validation data choose."""
        return int(np.argmin(self.history["val_loss"][EVERY - 1 :: EVERY][: len(self.squares)]))

    def by_test_sets(self) -> tuple[float, float]:
        """Each test set chooses a measurement: on average, what it says of it, and what all other points say."""
        told = []
        for points in np.split(np.arange(self.squares.shape[1]), TEST_SETS):
            own, others = self.squares[:, points].mean(axis=1), np.delete(self.squares, points, axis=1).mean(axis=1)
            told.append((own.min(), others[np.argmin(own)]))
        said, true = np.mean(told, axis=0).tolist()
        return said, true


@demo(
    "fitting",
    "002",
    "3.8",
    "fitting a function: well, too well, not well enough, and when to stop",
    items="C73-C80",
    errata="002-24",
    cover="fitting-fits",
)
def story(*, brief: bool) -> Iterator[Piece]:
    """Approximation, the three fits, the split, smaller networks, and early stopping."""
    epochs = 60 if brief else 1200
    yield from _approximation(epochs)
    parts = data()
    fits = [fitted(name, sizes, parts, epochs) for name, sizes in SHAPES.items()]
    yield from _fits(parts, fits)
    yield from _smaller(parts, fits, epochs)
    yield from _stopping(parts, epochs)


def truth(x: Array) -> Array:
    """The function that is to be found."""
    return np.sin(1.2 * x) + x / 6


def samples(count: int, seed: int) -> Part:
    """Points of the function with noise: X (n, 1), Y (n,)."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(*RANGE, count)
    return Part(x[:, None], truth(x) + rng.normal(0.0, NOISE, count))


def data() -> Split:
    """36 noisy points, a third of them for validation, and a third for the test."""
    return split(*samples(36, SEED), validation=1 / 3, test=1 / 3, seed=SEED)


def network(sizes: Sequence[int]) -> MLP:
    """One input, tanh in the hidden layers, and any number as output."""
    return MLP(1, sizes, "tanh", seed=SEED)


def taught(sizes: Sequence[int], part: Part, epochs: int) -> MLP:
    """A network after so many epochs of Adam with all examples at once."""
    model = network(sizes)
    fit(model, *part, loss="mse", optimizer=Adam(model.parameters(), lr=RATE), epochs=epochs, batch_size=None)
    return model


def fitted(name: str, sizes: Sequence[int], parts: Split, epochs: int) -> Fitted:
    """What becomes of a network that learns the training part."""
    model = taught(sizes, parts.train, epochs)
    train, test = (evaluate(model, *part, loss="mse")["loss"] for part in (parts.train, parts.test))
    return Fitted(name, len(model.parameters()), train, test, predict(model, CURVE[:, None]))


# ---- figure 52


def _approximation(epochs: int) -> Iterator[Piece]:
    exact = Part(CURVE[::8, None], truth(CURVE[::8]))
    curves = {width: predict(taught([width, 1], exact, epochs), CURVE[:, None]) for width in WIDTHS}
    farthest = {width: float(np.abs(curve - truth(CURVE)).max()) for width, curve in curves.items()}
    yield Heading("A network fits a function (figure 52)")
    yield Paragraph(
        "The document says that hidden layers let a network fit almost any function. Here is one of ours,"
        " f(x) = sin(1.2x) + x/6 from -3 to 3, learnt without noise by one hidden layer of tanh. The largest distance"
        " of the network from the function:"
    )
    yield Table(
        ("hidden neurons", "largest distance"), [(str(width), f"{far:.3g}") for width, far in farthest.items()], ">>"
    )
    yield Chart("fitting-approximation", "figure 52, a function and networks", lambda: _approximation_chart(curves))


def _approximation_chart(curves: dict[int, Array]) -> Any:
    lines = [Line("the function", CURVE, truth(CURVE))]
    lines += [Line(f"{width} neuron{'s' * (width > 1)}", CURVE, curve) for width, curve in curves.items()]
    return line_chart(lines, "x", "y")


# ---- figures 53 to 57


def _fits(parts: Split, fits: Sequence[Fitted]) -> Iterator[Piece]:
    yield Heading("Underfitting, a good fit, overfitting (figures 53 to 57)")
    yield Paragraph(
        f"Now the points have noise (standard deviation {NOISE}, so that the mean squared error to be expected on"
        f" new points is not below {NOISE**2:.3g}, its variance). They are split: {len(parts.train.X)} to learn from,"
        f" {len(parts.validation.X)} for validation and {len(parts.test.X)} for the test, no point in two parts."
        " The seed is one of several tried, one with which 1,200 epochs show the difference clearly:"
    )
    yield Table(
        ("network", "parameters", "error, train", "error, test", "test / train"),
        [
            (one.name, str(one.parameters), f"{one.train:.4f}", f"{one.test:.4f}", f"{one.test / one.train:.3g}")
            for one in fits
        ],
        "<>>>>",
    )
    yield Items(_told_fits(fits))
    yield Chart("fitting-fits", "figures 53 to 57, three fits of one data set", lambda: _fits_chart(parts, fits))


def _told_fits(fits: Sequence[Fitted]) -> list[str]:
    best = min(fits, key=lambda one: one.test)
    closest = min(fits, key=lambda one: one.train)
    worst = max(fits, key=lambda one: one.train)
    over = (
        f"{'No overfitting yet' if closest is best else 'Overfitting'}: {closest.name}, has the smallest error on what"
        f" it has seen, {closest.train:.2g}. On the test its error is {closest.test:.3g},"
        f" {closest.test / closest.train:.3g} times that."
    )
    return [
        f"Underfitting: {worst.name}, has the largest error on the data that it has seen, {worst.train:.3g}.",
        over,
        f"Of these the test finds the smallest error for {best.name}, with {best.test:.3g}.",
    ]


def _fits_chart(parts: Split, fits: Sequence[Fitted]) -> Any:
    figure = blank(7.6, 3.4)
    for place, one in enumerate(fits, start=1):
        axes = dressed(figure.add_subplot(1, len(fits), place), "x", "y" if place == 1 else "", one.name)
        axes.plot(CURVE, truth(CURVE), color="black", linewidth=0.8, linestyle=":", label="the function")
        axes.plot(CURVE, one.curve, color="black", linewidth=1.8, label="the network")
        axes.plot(parts.train.X[:, 0], parts.train.Y, "o", color=BLUE, markersize=5, label="train")
        axes.plot(parts.test.X[:, 0], parts.test.Y, "s", color=ORANGE, markersize=5, label="test")
        axes.set_ylim(-2.5, 2.5)
    handles, names = axes.get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=len(names), frameon=False)
    return figure


# ---- fewer layers and neurons


def _smaller(parts: Split, fits: Sequence[Fitted], epochs: int) -> Iterator[Piece]:
    more = [fitted("-".join(map(str, [1, *sizes])), sizes, parts, epochs) for sizes in ([16, 1], [2, 1])]
    yield Heading("Fewer layers, fewer neurons")
    yield Paragraph("The first remedy that the document names after the split, on the same points:")
    yield Table(
        ("network", "parameters", "error, train", "error, test"),
        [
            (one.name, str(one.parameters), f"{one.train:.4f}", f"{one.test:.4f}")
            for one in sorted([*fits[1:], *more], key=lambda one: -one.parameters)
        ],
        "<>>>",
    )


# ---- figure 58


def watched(parts: Split, epochs: int) -> Watched:
    """The large network, whose errors on validation data and on fresh points are looked at while it learns."""
    model = network(LARGE)
    fresh = samples(TEST_SIZE * TEST_SETS, SEED + 1)
    squares: list[Array] = []

    def measure(epoch: int, _: Any, history: History) -> None:
        if epoch % EVERY == 0 and epoch <= LOOKED_AT:
            squares.append((predict(model, fresh.X, compiled=False) - fresh.Y) ** 2)

    return Watched(_fit_watched(model, parts, epochs, callbacks=measure), np.array(squares))


def _fit_watched(model: MLP, parts: Split, epochs: int, **options: Any) -> History:
    optimizer = Adam(model.parameters(), lr=RATE)
    return fit(
        model,
        *parts.train,
        loss="mse",
        optimizer=optimizer,
        epochs=epochs,
        batch_size=None,
        validation=parts.validation,
        **options,
    )


def _stopping(parts: Split, epochs: int) -> Iterator[Piece]:
    seen = watched(parts, epochs)
    yield Heading("Early stopping (figure 58)")
    yield Paragraph(_told_turn(seen.history["val_loss"]))
    yield Chart(
        "fitting-turn",
        "figure 58, the error on its own and on unseen points",
        lambda: plot_history(seen.history, log=True),
    )
    yield Table(
        ("early stopping", "parameters of epoch", "train", "validation", "test"),
        [_line_of(parts, epochs, None), _line_of(parts, epochs, EarlyStopping(PATIENCE))],
        "<>>>>",
    )
    yield Paragraph(
        f"EarlyStopping({PATIENCE}) waits for {PATIENCE} epochs without a better error on the validation data, and goes"
        " back to the parameters of the best epoch."
    )
    yield Items([_why_validation(seen)])


def _told_turn(unseen: Sequence[float]) -> str:
    """Whether the error on points that are not learnt from has turned; so few epochs may not get there."""
    lowest = int(np.argmin(unseen)) + 1
    if lowest == len(unseen):
        return (
            "While the large network learns, the error on points which it has not seen is to turn up, and training is"
            f" to end there. In {lowest} epochs it does not turn:"
        )
    return (
        "While the large network learns, the error on its own points falls, but for some jumps. That on points which it"
        f" has not seen falls at first as well, turns at epoch {lowest}, and is {unseen[-1] / min(unseen):.2g} times as"
        " large at the end: what it learns from there on holds for its own points only. Training is to end where it"
        " turns:"
    )


def _line_of(parts: Split, epochs: int, stopping: EarlyStopping | None) -> tuple[str, ...]:
    model = network(LARGE)
    history = _fit_watched(model, parts, epochs, early_stopping=stopping)
    errors = [evaluate(model, *part, loss="mse")["loss"] for part in parts]
    epoch = history.best_epoch or len(history["loss"])
    name = f"patience {PATIENCE}, ran {len(history['loss'])}" if stopping else "none"
    return name, str(epoch), *(f"{error:.4f}" for error in errors)


def _why_validation(seen: Watched) -> str:
    said, true = seen.by_test_sets()
    chosen = seen.by_validation
    verdict = "too good to be true" if said < true else "here not too good"
    return (
        "002-24: the document watches the test data, which then have a part in the training, and what they say at the"
        f" end is {verdict}. {TEST_SETS} test sets of {TEST_SIZE} fresh points each choose an epoch of the first"
        f" {len(seen.squares) * EVERY}: they report {said:.4f} on average, while the points that chose nothing have"
        f" {true:.4f} at the same epochs. Of every {EVERY}th epoch the validation data choose"
        f" {(chosen + 1) * EVERY}, and then every test set is unseen: {seen.squares[chosen].mean():.4f}."
    )
