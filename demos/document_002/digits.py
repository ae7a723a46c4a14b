"""Document 002, section 4.4: digits, learnt by the network of its listing and by one of convolutions.

One part of the digits teaches, and the other measures. The weights, the order of the examples and, where MNIST's own
parts are not both there, which digits test, come from the seed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from autograd import Value, topological_order
from autograd.comparison import Row, compare
from demos.document_002.digits_charts import COLUMNS, flattened, taken_for_another
from demos.document_002.mnist import CLASSES, PURPOSES, Array, Digits, dealt, digits_of
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
    Summary,
    accuracy,
    batches,
    categorical_crossentropy,
    confusion_matrix,
    one_hot,
    plot_digits,
    plot_weights,
    predict,
)

SEED = 0

PIXELS = 784
HIDDEN = (64, 32)
EPOCHS = 50
BATCH_SIZE = 128
VALIDATION = 0.1
PENALTY = 0.001
"""The listing of document 002: its network is 784-64-32-10, with a penalty on what the first layer gives."""

RATE = 0.001
"""Keras's own for Adam, as the listing says no other."""

COUNTED_BY_KERAS = ("50240", "2080", "330", "52650")
"""What the listing's `model.summary()` would print, typed by hand: the parameters of each layer, and all of them.

Keras was never run here."""

DEALT_BY_KERAS = ("54000", "6000", "422")
"""What its `fit` would print, typed by hand as well: digits that teach and that validate, and batches of an epoch."""

PRINTED = {"train": "60000", "t10k": "10000"}
"""How many digits MNIST has to learn from, and to test with."""

IN_FIGURE = ("5 0 4 1 9 2 1 3 1 4 3 5 3 6", "2 4 3 2 7 3 8 6 9 0 5 6 0 7")
ROW = 25
"""The digits with which both rows of figure 77 begin, and how many stand in a row."""

SHARES = {"training": 98, "validation": 96, "test": 95}
"""In %, those that the document gives for its network; the first is 'almost' so much."""

KERNELS = 8
FEW = 16
STEPS = 2000
FASTER = 0.002
"""An image is recorded as thousands of scalars: batches of few of them are compiled sooner, and learn as well."""

MOST = 20
"""So many, at most, are shown of the digits that are taken for another."""

ENOUGH = 1000
"""In so many images the shades of grey are counted."""

ENCODED = (5, 7)
"""The two labels that the document writes as rows."""


class Effort(NamedTuple):
    """How much is learnt: the epochs of one network, the steps of the other, and the digits used."""

    epochs: int
    steps: int
    digits: int | None


FULL = Effort(EPOCHS, STEPS, None)
BRIEF = Effort(3, 4, 60)


class Learnt(NamedTuple):
    """A model, how it learnt, how many digits taught and validated, and what it says of those that test."""

    model: Any
    history: History
    teaching: int
    validating: int
    test: Part
    predictions: Array

    @property
    def on_test(self) -> float:
        """The share of the digits that test for which it is right."""
        return accuracy(self.predictions, self.test.Y)


def dense(digits: Digits, seed: int, epochs: int = EPOCHS) -> Learnt:
    """The network of the listing, in single precision; the last tenth of what teaches validates."""
    (X, Y), test = (Part(part.X.reshape(len(part.X), -1), part.Y) for part in dealt(digits, seed))
    kept = len(X) - round(len(X) * VALIDATION)
    model = MLP(X.shape[1], [*HIDDEN, CLASSES], "relu", "softmax", seed=seed, initializer="he_uniform")
    settings: dict[str, Any] = {"metrics": "accuracy", "regularizer": ActivityL2(PENALTY), "batch_size": BATCH_SIZE}
    return _learnt(
        model, Part(X[:kept], Y[:kept]), Part(X[kept:], Y[kept:]), test, RATE, epochs=epochs, seed=seed, **settings
    )


def convolutional(digits: Digits, seed: int, steps: int = STEPS) -> Learnt:
    """Kernels of 3 × 3, the largest of 2 × 2, and a layer of softmax, after about so many steps.

    It learns from no more digits than it sees in them.
    """
    train, test = dealt(digits, seed)
    train = Part(train.X[: steps * FEW], train.Y[: steps * FEW])
    height, width = ((size - 2) // 2 for size in digits.images.shape[1:])
    model = Sequential(
        Convolution2D(1, KERNELS, 3, seed=seed, initializer="he_uniform"),
        MaxPooling2D(2),
        Flatten(),
        Layer(KERNELS * height * width, CLASSES, "softmax", seed=seed + 1, initializer="he_uniform"),
    )
    epochs = max(1, round(steps * FEW / len(train.X)))
    return _learnt(model, train, None, test, FASTER, epochs=epochs, batch_size=FEW, seed=seed)


@demo(
    "digits",
    "002",
    "4.4",
    "handwritten digits, learnt by the network of the listing and by convolutions",
    items="C109-C112 E1",
    errata="002-26",
    has_data=True,
)
def story(*, brief: bool, data: Path | None = None) -> Iterator[Piece]:
    """What the document says of its digits, and what two networks learn of those that are here."""
    effort = BRIEF if brief else FULL
    whole = digits_of(data)
    digits = _first(whole, effort.digits)
    yield from _setting(digits)
    learnt = dense(digits, SEED, effort.epochs)
    summary = listed()
    yield from _told_dense(digits, learnt, summary, whole)
    image = convolutional(digits, SEED, effort.steps)
    yield from _told_convolutional(image)
    yield Heading("What is wrong in the document")
    yield Items([_why_which_set(), _why_penalty(learnt), _why_shape(summary), _why_greys(digits)])
    yield from _pictures(digits, learnt, image)


def listed() -> Summary:
    """The network of the listing, layer by layer."""
    return MLP(PIXELS, [*HIDDEN, CLASSES]).summary()


def counted(summary: Summary) -> list[Row]:
    """What the listing's own summary would print beside that of the network here."""
    *layers, whole = COUNTED_BY_KERAS
    rows = compare("parameters of the layers", layers, [row.parameters for row in summary.rows])
    return rows + compare("parameters", whole, summary.parameters)


def compared(digits: Digits) -> list[Row]:
    """What the document prints of MNIST beside those of its files that are there; nothing where none is."""
    images = [digits.images] if digits.test is None else [digits.images, digits.test.X]
    rows: list[Row] = []
    for name, found in zip(digits.parts, images):
        rows += compare(f"digits to {PURPOSES[name]}", PRINTED[name], len(found))
    return rows + compare("numbers of an image", "784", digits.images[0].size) if rows else rows


def compared_parts(learnt: Learnt) -> list[Row]:
    """What `fit` of the listing would print beside what taught here."""
    teaching, validating, steps = DEALT_BY_KERAS
    rows = compare("digits that teach", teaching, learnt.teaching)
    rows += compare("digits that validate", validating, learnt.validating)
    return rows + compare("batches of an epoch", steps, sum(1 for _ in batches(learnt.teaching, BATCH_SIZE)))


def standard_error(share: float, count: int) -> float:
    """How far a share of so many independent digits is off, on average: √(p(1 - p)/n)."""
    return math.sqrt(share * (1 - share) / count)


def _first(digits: Digits, count: int | None) -> Digits:
    test = digits.test and Part(digits.test.X[:count], digits.test.Y[:count])
    return digits._replace(images=digits.images[:count], labels=digits.labels[:count], test=test)


def _learnt(model: Any, train: Part, validation: Part | None, test: Part, rate: float, **settings: Any) -> Learnt:
    optimizer = Adam(model.parameters(), lr=rate)
    history = taught(
        model,
        train,
        validation=validation,
        loss="categorical_crossentropy",
        optimizer=optimizer,
        dtype="float32",
        **settings,
    )
    return Learnt(model, history, len(train.X), len(validation.X) if validation else 0, test, predict(model, test.X))


def _setting(digits: Digits) -> Iterator[Piece]:
    n, height, width = digits.images.shape
    yield Paragraph(
        "MNIST has 60,000 digits of 28 × 28 pixels to learn from, in files named train-*, and 10,000 to test with,"
        " named t10k-*. An image becomes a row of 784 numbers, divided by 255 (figure 78), and its label a row with a 1"
        f" in its place. Here are {n:,} digits of {height} × {width} pixels: {digits.source}."
    )
    yield Paragraph(
        "Document 004 begins with this task, as its example of what a neural network is: artificial neurons that are"
        " connected, and each connection has a weight, which says how much it counts."
    )
    heading = ("label", *map(str, range(CLASSES)))
    lines = [(str(label), *(f"{number:g}" for number in one_hot([label], CLASSES)[0])) for label in ENCODED]
    yield Table(heading, lines, ">" * len(heading))


def _told_dense(digits: Digits, learnt: Learnt, summary: Summary, whole: Digits) -> Iterator[Piece]:
    yield Heading("The network of the listing")
    yield Paragraph(
        "784-64-32-10, with ReLU and softmax. Its parameters: those that Keras's summary would print, typed"
        " here by hand, for Keras was not run, and those that nn counts:"
    )
    yield Numbers(counted(summary), Kind.LISTED, "the network here has")
    yield Output(repr(learnt.model.summary()))
    yield Paragraph(_dealt(digits, learnt))
    yield from _numbers_of_mnist(whole)
    if digits.test is not None:
        if len(digits.images) == len(whole.images):
            yield Paragraph("And what fit would print, typed by hand as well:")
            yield Numbers(compared_parts(learnt), Kind.LISTED, "here there are")
        yield Paragraph(_in_figure(digits))
    yield Paragraph(
        f"{learnt.history.epochs} epochs of Adam in batches of {BATCH_SIZE} took {learnt.history.seconds:.1f} s, with"
        " what it takes to record and to compile the graph. The shares of digits for which the network is right, with"
        f" seed {SEED}; the document has no seed. As a measure of other digits a share p of n is off by √(p(1 - p)/n),"
        " its standard error; the digits that taught are no measure of others:"
    )
    yield _shares(learnt)
    yield Paragraph("What the digits that test are taken for:")
    yield _confusions(learnt)


def _numbers_of_mnist(whole: Digits) -> Iterator[Piece]:
    """Nothing for other digits."""
    rows = compared(whole)
    if rows:
        yield Paragraph("What the document prints of MNIST's files, of those that are here:")
        yield Numbers(rows, computed="here there are")


def _dealt(digits: Digits, learnt: Learnt) -> str:
    """Which digits do what, and whether they are those of the document."""
    counts = (learnt.teaching, learnt.validating, len(learnt.test.X))
    told = "{:,} teach, {:,} validate and {:,} test".format(*counts)
    if digits.test is None:
        return (
            f"The digits are split by the seed: {told}. They are other ones than the document's, which learns from"
            " 54,000 of train-*, validates with 6,000 and tests with t10k-*, and so are the shares below."
        )
    theirs = tuple(map(int, (*DEALT_BY_KERAS[:2], PRINTED["t10k"])))
    same = "as in the document" if counts == theirs else "where the document has {:,}, {:,}, {:,}".format(*theirs)
    return f"Of train-* {told.replace(' and ', ', and of t10k-* ')}, {same}:"


def _in_figure(digits: Digits) -> str:
    printed = [int(label) for row in IN_FIGURE for label in row.split()]
    places = [
        place for number, row in enumerate(IN_FIGURE) for place in range(number * ROW, number * ROW + len(row.split()))
    ]
    same = sum(place < len(digits.labels) and digits.labels[place] == label for place, label in zip(places, printed))
    return (
        f"The rows of figure 77 begin with {' … and '.join(IN_FIGURE)} …: {same} of {len(printed)} are so in train-*."
    )


def computed_for_one(result: Learnt) -> list[Value]:
    """Every scalar that is computed for the loss of one image, in topological order."""
    x, y = (examples[0] for examples in result.test)
    return [node for node in topological_order(categorical_crossentropy(result.model(x), y)) if node.operands]


def _told_convolutional(result: Learnt) -> Iterator[Piece]:
    yield Heading("A network of convolutions")
    yield Output(repr(result.model.summary(result.test.X[0].shape)))
    epochs = result.history.epochs
    yield Paragraph(
        f"{len(computed_for_one(result)):,} scalars computed for each image, batches of {FEW}: after"
        f" {epochs} epoch{'s' * (epochs != 1)} of {result.teaching:,} digits, {result.history.seconds:.1f} s, right for"
        f" {result.on_test:.2%} of the digits that test{_error_in_words(result)}."
    )


def _error(share: float, count: int) -> str:
    """The standard error in %; '–' for 0 and 1, of which the formula says nothing."""
    return f"{100 * standard_error(share, count):.2f} %" if 0 < share < 1 else "–"


def _error_in_words(result: Learnt) -> str:
    error = _error(result.on_test, len(result.test.X))
    return "" if error == "–" else f", with a standard error of {error}"


def _shares(learnt: Learnt) -> Table:
    last = learnt.history.last
    found = {
        "training": (last["accuracy"], learnt.teaching),
        "validation": (last["val_accuracy"], learnt.validating),
        "test": (learnt.on_test, len(learnt.test.X)),
    }
    lines = [
        (name, f"{SHARES[name]} %", f"{100 * share:.2f} %", error, f"{count:,}")
        for name, (share, count) in found.items()
        for error in ["–" if name == "training" else _error(share, count)]
    ]
    return Table(("share of", "the document", "here", "standard error", "digits"), lines, "<>>>>")


def _confusions(result: Learnt) -> Table:
    matrix = confusion_matrix(result.predictions, result.test.Y)
    head = ["digit", *map(str, range(CLASSES))]
    return Table(head, [[str(digit), *map(str, row)] for digit, row in enumerate(matrix)], "<" + ">" * CLASSES)


def _why_which_set() -> str:
    validation, test = SHARES["validation"], SHARES["test"]
    return (
        f"002-26: the text has {test} % for the test, the conclusions {validation} %, which in the text is the share of"
        f" the validation. A result of 95.52 %, cut off in one place and rounded in the other, would be both. And what"
        " the listing calls X_valid are MNIST's digits to test with, while fit cuts its own validation set off."
    )


def _why_penalty(result: Learnt) -> str:
    penalty, loss = result.history.last["penalty"], result.history.last["loss"]
    return (
        f"002-26: the text does not mention activity_regularizer=l2({PENALTY}), which penalizes what the first layer"
        f" gives and not its weights: here it adds {penalty:.4f} to a loss of {loss:.4f}."
    )


def _why_shape(summary: Summary) -> str:
    second = summary.rows[1].parameters
    inputs = second // HIDDEN[1] - 1
    return (
        f"002-26: the listing gives its second layer input_shape=({PIXELS},), too, which it has no use for: with"
        f" {second:,} parameters for {HIDDEN[1]} neurons, each has a bias and {inputs} weights, one for each neuron of"
        " the first."
    )


def _why_greys(digits: Digits) -> str:
    some = digits.images[:ENOUGH]
    return (
        f"002-26: the images are said to be black and white; {len(some):,} of these have {len(np.unique(some))} shades"
        " of grey."
    )


def _pictures(digits: Digits, learnt: Learnt, image: Learnt) -> Iterator[Piece]:
    shape = digits.images.shape[1:]
    first = digits._replace(images=digits.images[: 2 * ROW], labels=digits.labels[: 2 * ROW])
    yield Heading("Pictures")
    yield Chart(
        "digits-shown",
        f"figure 77, the first {len(first.labels)} digits",
        lambda: plot_digits(first.images, first.labels, columns=COLUMNS),
    )
    yield Chart("digits-flattened", "figure 78, an image as a row", lambda: flattened(first.images[0]))
    yield Chart("digits-history", "figure 79, accuracy and loss of training and validation", learnt.history.plot)
    if learnt.on_test < 1:
        yield Chart(
            "digits-wrong",
            f"up to {MOST} digits that are taken for another",
            lambda: taken_for_another(learnt.test, learnt.predictions, shape, MOST),
        )
    yield Chart(
        "digits-weights",
        "what each neuron of the first layer looks for",
        lambda: plot_weights(learnt.model[0], shape=shape),
    )
    yield Chart("digits-kernels", "the kernels", lambda: plot_weights(image.model[0]))
