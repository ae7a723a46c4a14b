"""Document 002, section 4.4: digits, learnt by the network of its listing and by one of convolutions.

One part of the digits teaches, and the other measures; which, the weights and the order of the examples come from the
seed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from autograd.comparison import Row, compare
from demos.document_002.mnist import CLASSES, Array, Digits, digits_of
from demos.learning import taught
from demos.pieces import Chart, Heading, Items, Kind, Numbers, Output, Paragraph, Piece, Table
from demos.story import demo
from nn import (
    MLP,
    ActivityL2,
    Adam,
    Convolution2D,
    Flatten,
    History,
    Layer,
    MaxPooling2D,
    Part,
    Sequential,
    accuracy,
    confusion_matrix,
    one_hot,
    plot_digits,
    plot_weights,
    predict,
    split,
)
from nn.data import Split
from nn.training.programs import nodes_of

SEEDS = range(3)
TEST = 0.2
"""The part of the digits that nothing is learnt from."""

HIDDEN = (64, 32)
EPOCHS = 50
BATCH_SIZE = 128
VALIDATION = 0.1
PENALTY = 0.001
"""The listing of document 002: its network is 784-64-32-10, with a penalty on what the first layer gives."""

KERNELS = 8
FEW = 16
STEPS = 3000
RATE = 0.002
"""An image is recorded as thousands of scalars: batches of few of them are compiled sooner, and learn as well."""

SHOWN = 20
"""So many digits are shown as they come, and at most so many of those that are taken for another."""

ONE_HOT = {5: "0 0 0 0 0 1 0 0 0 0", 7: "0 0 0 0 0 0 0 1 0 0"}
"""The two labels that the document writes as rows."""

PIXELS = 28 * 28

PARAMETERS = {"first layer": "50240", "second layer": "2080", "last layer": "330", "all parameters": "52650"}
"""What Keras prints for model.summary() of the listing."""


class Effort(NamedTuple):
    """How much is learnt: the networks' seeds, the epochs of one and the steps of the other, and the digits used."""

    seeds: Sequence[int]
    epochs: int
    steps: int
    digits: int | None


FULL = Effort(SEEDS, EPOCHS, STEPS, None)
BRIEF = Effort(SEEDS[:1], 3, 20, 200)


class Learnt(NamedTuple):
    """A model, how it learnt, and what it says of the digits that taught it and of the others."""

    model: Any
    history: History
    on_training: float
    on_test: float
    test: Part
    predictions: Array


def dense(digits: Digits, seed: int, epochs: int = EPOCHS) -> Learnt:
    """The network of the listing, in single precision; a tenth of what teaches it validates."""
    parts = split(digits.images.reshape(len(digits.images), -1), digits.labels, test=TEST, seed=seed)
    model = MLP(parts.train.X.shape[1], [*HIDDEN, CLASSES], "relu", "softmax", seed=seed, initializer="he_uniform")
    settings: dict[str, Any] = {"validation": VALIDATION, "metrics": "accuracy", "regularizer": ActivityL2(PENALTY)}
    return _learnt(model, parts, 0.001, epochs=epochs, batch_size=BATCH_SIZE, seed=seed, **settings)


def convolutional(digits: Digits, seed: int, steps: int = STEPS) -> Learnt:
    """Kernels of 3 × 3, the largest of 2 × 2, and a layer of softmax, after about so many steps."""
    parts = split(digits.images, digits.labels, test=TEST, seed=seed)
    height, width = ((size - 2) // 2 for size in digits.images.shape[1:])
    model = Sequential(
        Convolution2D(1, KERNELS, 3, seed=seed, initializer="he_uniform"),
        MaxPooling2D(2),
        Flatten(),
        Layer(KERNELS * height * width, CLASSES, "softmax", seed=seed + 1, initializer="he_uniform"),
    )
    epochs = max(1, round(steps * FEW / len(parts.train.X)))
    return _learnt(model, parts, RATE, epochs=epochs, batch_size=FEW, seed=seed)


@demo(
    "digits",
    "002",
    "4.4",
    "digits, learnt by the network of its listing and by convolutions",
    items="C109-C112",
    errata="002-26",
    has_data=True,
)
def story(*, brief: bool, data: Path | None = None) -> Iterator[Piece]:
    """What the document says of its digits, and what two networks learn of those that are here."""
    effort = BRIEF if brief else FULL
    digits = _first(digits_of(data), effort.digits)
    yield _setting(digits)
    yield _labels()
    yield Numbers(compared(), Kind.LISTED)
    results = [dense(digits, seed, effort.epochs) for seed in effort.seeds]
    yield from _told_dense(results, effort)
    image = convolutional(digits, effort.seeds[0], effort.steps)
    yield from _told_convolutional(image, digits.images[0])
    yield Heading("What is wrong in the document")
    yield Items([_why_which_set(), _why_penalty(results[0]), _why_greys(digits)])
    yield from _pictures(results[0], image, digits.images.shape[1:])


def compared() -> list[Row]:
    """The parameters that model.summary() of the listing prints, beside those of the network here."""
    found = MLP(PIXELS, [*HIDDEN, CLASSES]).summary()
    counts = [*(row.parameters for row in found), found.parameters]
    return [row for (name, printed), count in zip(PARAMETERS.items(), counts) for row in compare(name, printed, count)]


def _labels() -> Table:
    lines = [
        (str(label), printed, " ".join(f"{cell:g}" for cell in one_hot([label], CLASSES)[0]))
        for label, printed in ONE_HOT.items()
    ]
    return Table(("label", "the document writes", "one_hot gives"), lines, ">>>")


def _first(digits: Digits, count: int | None) -> Digits:
    return digits._replace(images=digits.images[:count], labels=digits.labels[:count])


def _learnt(model: Any, parts: Split, rate: float, **settings: Any) -> Learnt:
    optimizer = Adam(model.parameters(), lr=rate)
    history = taught(
        model, parts.train, loss="categorical_crossentropy", optimizer=optimizer, dtype="float32", **settings
    )
    on_training, predictions = accuracy(predict(model, parts.train.X), parts.train.Y), predict(model, parts.test.X)
    return Learnt(model, history, on_training, accuracy(predictions, parts.test.Y), parts.test, predictions)


def _setting(digits: Digits) -> Paragraph:
    n, height, width = digits.images.shape
    held_out = round(n * TEST)
    steps = math.ceil(60_000 * (1 - VALIDATION) / BATCH_SIZE)
    return Paragraph(
        "MNIST has 60,000 digits of 28 × 28 pixels to learn from and 10,000 to test with. An image becomes a row of 784"
        " numbers, divided by 255, and its label a row with a 1 in its place. The listing's network, 784-64-32-10 with"
        f" ReLU and softmax, has {_of_the_listing():,} parameters and takes {steps} steps an epoch. Here are"
        f" {n:,} digits of {height} × {width} pixels ({digits.source}): {n - held_out:,} teach, and {held_out:,} test."
    )


def _of_the_listing() -> int:
    return MLP(PIXELS, [*HIDDEN, CLASSES]).summary().parameters


def _told_dense(results: Sequence[Learnt], effort: Effort) -> Iterator[Piece]:
    yield Heading("The network of the listing")
    yield Output(repr(results[0].model.summary()))
    yield Paragraph(
        f"{effort.epochs} epochs of Adam, batches of {BATCH_SIZE}, a tenth of what teaches kept to validate. The"
        " seconds are those of a training, what it takes to record and to compile its graph included. The document has"
        " 98 % in training, 96 % in validation and 95 % in its test, with 60,000 digits and no seed."
    )
    yield _table(results)
    yield Paragraph(f"What the digits that test are taken for, with seed {effort.seeds[0]}:")
    yield _confusions(results[0])


def _told_convolutional(result: Learnt, image: Array) -> Iterator[Piece]:
    yield Heading("A network of convolutions")
    yield Output(repr(result.model.summary((1, *image.shape))))
    yield Paragraph(
        f"A graph of {nodes_of(result.model, image):,} scalars for each image, batches of {FEW}: after"
        f" {len(result.history['loss'])} epochs right for {result.on_training:.4f} of the digits that taught it, and"
        f" for {result.on_test:.4f} of those that test; {result.history.seconds:.1f} s."
    )


def _table(results: Sequence[Learnt]) -> Table:
    names = ("training", "validation", "test", "seconds")
    numbers = [_measured(result) for result in results]
    rows = [*zip(map(str, SEEDS), numbers), ("median", tuple(map(median, zip(*numbers))))]
    cells = [(name, *(f"{share:.4f}" for share in shares), f"{seconds:.1f}") for name, (*shares, seconds) in rows]
    return Table(("seed", *names), cells, "<>>>>")


def _measured(result: Learnt) -> tuple[float, ...]:
    return result.on_training, result.history.last["val_accuracy"], result.on_test, result.history.seconds


def _confusions(result: Learnt) -> Table:
    matrix = confusion_matrix(result.predictions, result.test.Y)
    head = ["digit", *map(str, range(CLASSES))]
    return Table(head, [[str(digit), *map(str, row)] for digit, row in enumerate(matrix)], "<" + ">" * CLASSES)


def _why_which_set() -> str:
    return (
        "002-26: the text has 95 % for the test, the conclusions 96 %, which is the share of the validation; and what"
        " the listing calls X_valid are MNIST's digits to test with, while fit cuts its own validation set off."
    )


def _why_penalty(result: Learnt) -> str:
    penalty, loss = result.history.last["penalty"], result.history.last["loss"]
    return (
        f"002-26: the text does not mention activity_regularizer=l2({PENALTY}), which penalizes what the first layer"
        f" gives and not its weights: here it adds {penalty:.4f} to a loss of {loss:.4f}."
    )


def _why_greys(digits: Digits) -> str:
    shades = len(np.unique(digits.images))
    return f"002-26: the images are said to be black and white; these have {shades} shades of grey."


def _pictures(first: Learnt, image: Learnt, shape: tuple[int, ...]) -> Iterator[Piece]:
    height, width = shape
    yield Heading("Pictures")
    yield Chart(
        "digits-shown",
        f"{SHOWN} digits, and up to {SHOWN} that are taken for another (figure 77)",
        lambda: _shown(first, (height, width)),
    )
    yield Chart("digits-history", "accuracy and loss of training and validation (figure 79)", first.history.plot)
    yield Chart(
        "digits-weights",
        "what each neuron of the first layer looks for",
        lambda: plot_weights(first.model[0], shape=(height, width)),
    )
    yield Chart("digits-kernels", "the kernels", lambda: plot_weights(image.model[0]))


def _shown(result: Learnt, shape: tuple[int, int]) -> Any:
    wrong = np.flatnonzero(result.predictions.argmax(axis=1) != result.test.Y)
    places = np.concatenate([np.arange(min(SHOWN, len(result.test.Y))), wrong[:SHOWN]])
    pictures = result.test.X[places].reshape(-1, *shape)
    return plot_digits(pictures, result.test.Y[places], predictions=result.predictions[places], columns=SHOWN // 2)
