"""Document 002, section 4.4: digits, learnt by its network and by one of convolutions: `python -m demos digits`.

The digits are MNIST's, from a folder that is given, or those of 8 × 8 pixels that scikit-learn ships. One part of them
teaches, and the other measures; which, and the weights and the order of the examples, come from the seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from demos.failure import DemoFailed
from demos.idx import read_idx
from demos.layout import columns, item, paragraph
from demos.learning import taught
from demos.sets import NO_DATA, has_data
from nn import (
    MLP,
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
    plot_digits,
    plot_weights,
    predict,
    split,
)
from nn.data import Split
from nn.training.programs import nodes_of

Array = NDArray[np.float64]

SEEDS = range(5)
TEST = 0.2
"""The part of the digits that nothing is learnt from."""

CLASSES = 10
HIDDEN = (64, 32)
EPOCHS = 50
BATCH_SIZE = 128
"""The network of document 002, which is 784-64-32-10 for its pixels; here its first layer has no regularizer."""

KERNELS = 8
FEW = 16
STEPS = 3000
RATE = 0.002
"""An image is recorded as thousands of scalars: batches of few of them are compiled sooner, and learn as well."""

SHOWN = 20
"""So many digits are shown as they come, and at most so many of those that are taken for another."""


class Digits(NamedTuple):
    """Images of the shape (n, h, w) from 0 to 1, their labels, of the shape (n,), and what they are."""

    images: Array
    labels: Array
    source: str


class Learnt(NamedTuple):
    """A model, how it learnt, and what it says of the digits that taught it and of the others."""

    model: Any
    history: History
    on_training: float
    on_test: float
    test: Part
    predictions: Array


def mnist(folder: Path) -> Digits:
    """The 10,000 digits that MNIST has to test with, from the IDX files of a folder, plain or packed.

    Raises ValueError for files that are none of digits, and FileNotFoundError where they are not there.
    """
    images = read_idx(_file(folder, "t10k-images", 3), 3)
    labels_file = _file(folder, "t10k-labels", 1)
    labels = read_idx(labels_file, 1)
    if len(labels) != len(images):
        raise ValueError(f"{labels_file} needs a label for each of the {len(images):,} images; it has {len(labels):,}")
    if labels.max() >= CLASSES:
        raise ValueError(f"{labels_file} needs labels from 0 to {CLASSES - 1}; it has {labels.max()}")
    return Digits(images / 255.0, labels.astype(float), f"MNIST's test digits, in {folder}")


def small_digits() -> Digits:
    """The digits of scikit-learn, whose pixels are 0 to 16."""
    from sklearn.datasets import load_digits

    found = load_digits()
    return Digits(found.images / 16.0, found.target.astype(float), "scikit-learn's digits; MNIST's with --data FOLDER")


def dense(digits: Digits, seed: int) -> Learnt:
    """The network of the document, after its 50 epochs in single precision."""
    parts = split(digits.images.reshape(len(digits.images), -1), digits.labels, test=TEST, seed=seed)
    sizes = [*HIDDEN, CLASSES]
    model = MLP(parts.train.X.shape[1], sizes, "relu", "softmax", seed=seed, initializer="he_uniform")
    return _learnt(model, parts, 0.001, epochs=EPOCHS, batch_size=BATCH_SIZE, seed=seed)


def convolutional(digits: Digits, seed: int) -> Learnt:
    """Kernels of 3 × 3, the largest of 2 × 2, and a layer of softmax, after about 3,000 steps in single precision."""
    parts = split(digits.images, digits.labels, test=TEST, seed=seed)
    height, width = ((size - 2) // 2 for size in digits.images.shape[1:])
    model = Sequential(
        Convolution2D(1, KERNELS, 3, seed=seed, initializer="he_uniform"),
        MaxPooling2D(2),
        Flatten(),
        Layer(KERNELS * height * width, CLASSES, "softmax", seed=seed + 1, initializer="he_uniform"),
    )
    epochs = max(1, round(STEPS * FEW / len(parts.train.X)))
    return _learnt(model, parts, RATE, epochs=epochs, batch_size=FEW, seed=seed)


def story(folder: Path, data: Path | None = None) -> Iterator[str]:
    """The demo, a paragraph or a table at a time; the pictures are saved in the folder.

    `data` is the folder of MNIST's files. Raises DemoFailed where they are not there, or damaged.
    """
    if data is None and not has_data():
        yield NO_DATA
        return
    digits = small_digits() if data is None else _required(data)
    n, height, width = digits.images.shape
    held_out = round(n * TEST)
    yield paragraph(
        f"{n:,} digits of {height} × {width} pixels ({digits.source}): {n - held_out:,} teach, and {held_out:,} test."
        " The seconds are those of a training, what it takes to record and to compile its graph included."
    )
    results = [dense(digits, seed) for seed in SEEDS]
    yield from _told_dense(results)
    image = convolutional(digits, SEEDS[0])
    yield from _told_convolutional(image, digits.images[0])
    yield from _pictures(results[0], image, (height, width), folder)


def _learnt(model: Any, parts: Split, rate: float, **settings: int) -> Learnt:
    optimizer = Adam(model.parameters(), lr=rate)
    history = taught(
        model, parts.train, loss="categorical_crossentropy", optimizer=optimizer, dtype="float32", **settings
    )
    on_training, predictions = accuracy(predict(model, parts.train.X), parts.train.Y), predict(model, parts.test.X)
    return Learnt(model, history, on_training, accuracy(predictions, parts.test.Y), parts.test, predictions)


def _required(folder: Path) -> Digits:
    try:
        return mnist(folder)
    except OSError as error:
        raise DemoFailed(f"{error.filename} can't be read: {error.strerror}") from error
    except ValueError as error:
        raise DemoFailed(str(error)) from error


def _file(folder: Path, name: str, dimensions: int) -> Path:
    """The file of the folder that has this name, in one of the spellings that are in use."""
    paths = [folder / f"{name}{dot}idx{dimensions}-ubyte{packed}" for packed in ("", ".gz") for dot in "-."]
    return next((path for path in paths if path.exists()), paths[0])


def _told_dense(results: Sequence[Learnt]) -> Iterator[str]:
    yield repr(results[0].model.summary())
    yield f"{EPOCHS} epochs, batches of {BATCH_SIZE}\n{_table(results)}"
    yield f"What the digits that test are taken for, with seed {SEEDS[0]}\n{_confusions(results[0])}"


def _told_convolutional(result: Learnt, image: Array) -> Iterator[str]:
    yield repr(result.model.summary((1, *image.shape)))
    yield paragraph(
        f"A graph of {nodes_of(result.model, image):,} scalars for each image, batches of {FEW}: after"
        f" {len(result.history['loss'])} epochs right for {result.on_training:.4f} of the digits that taught it, and"
        f" for {result.on_test:.4f} of those that test; {result.history.seconds:.1f} s."
    )


def _table(results: Sequence[Learnt]) -> str:
    numbers = [(result.on_training, result.on_test, result.history.seconds) for result in results]
    rows = [*zip(map(str, SEEDS), numbers), ("median", tuple(map(median, zip(*numbers))))]
    cells = [(name, f"{training:.4f}", f"{test:.4f}", f"{seconds:.1f}") for name, (training, test, seconds) in rows]
    return columns([("seed", "training", "test", "seconds"), *cells], "<>>>")


def _confusions(result: Learnt) -> str:
    matrix = confusion_matrix(result.predictions, result.test.Y)
    head = ["digit", *map(str, range(CLASSES))]
    return columns([head, *([str(digit), *map(str, row)] for digit, row in enumerate(matrix))], "<" + ">" * CLASSES)


def _pictures(first: Learnt, image: Learnt, shape: tuple[int, int], folder: Path) -> Iterator[str]:
    try:
        figures = {
            "shown": (f"{SHOWN} digits, and up to {SHOWN} that are taken for another", _shown(first, shape)),
            "weights": ("what each neuron of the first layer looks for", plot_weights(first.model[0], shape=shape)),
            "kernels": ("the kernels", plot_weights(image.model[0])),
        }
    except ImportError as error:
        yield item(f"pictures: not drawn, for {error}")
        return
    lines = []
    for name, (what, figure) in figures.items():
        path = folder / f"digits-{name}.png"
        figure.savefig(path)
        lines.append(item(f"{what}: {path}"))
    yield "\n".join(lines)


def _shown(result: Learnt, shape: tuple[int, int]) -> Any:
    wrong = np.flatnonzero(result.predictions.argmax(axis=1) != result.test.Y)
    places = np.concatenate([np.arange(min(SHOWN, len(result.test.Y))), wrong[:SHOWN]])
    pictures = result.test.X[places].reshape(-1, *shape)
    return plot_digits(pictures, result.test.Y[places], predictions=result.predictions[places], columns=SHOWN // 2)
