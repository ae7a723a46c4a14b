"""Where the digits come from: MNIST's files in a folder that is given, or the small ones that scikit-learn ships."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from demos.document_002.idx import read_idx
from demos.failure import DemoFailed
from demos.sets import small_digits
from nn import Part, split

Array = NDArray[np.float64]

CLASSES = 10

PURPOSES = {"train": "learn from", "t10k": "test with"}
"""How the names of MNIST's files begin, and what their 60,000 and 10,000 digits are for."""

KINDS = {"images": 3, "labels": 1}
"""The two files of a part, and their dimensions."""

HELD_OUT = 0.2
"""The share of the digits that tests, where MNIST's own parts are not both there."""


class Digits(NamedTuple):
    """Images of the shape (n, h, w) from 0 to 1, their labels, of the shape (n,), and what they are.

    `test` has MNIST's own digits to test with, where they are there beside those to learn from, and `parts` the names
    of MNIST's parts that are there.
    """

    images: Array
    labels: Array
    source: str
    test: Part | None = None
    parts: tuple[str, ...] = ()


def digits_of(folder: Path | None) -> Digits:
    """MNIST's from a folder, or scikit-learn's where none is given.

    Raises DemoFailed for files that are not there or damaged, and DataMissing without scikit-learn.
    """
    if folder is None:
        return Digits(
            *small_digits(),
            "the small ones of scikit-learn, whose pixels are divided by 16; MNIST's with --data FOLDER",
        )
    try:
        return mnist(folder)
    except OSError as error:
        raise DemoFailed(f"{error.filename} can't be read: {error.strerror}") from error
    except ValueError as error:
        raise DemoFailed(str(error)) from error


def mnist(folder: Path) -> Digits:
    """MNIST's digits, from the IDX files of a folder, plain or packed.

    Where train-* and t10k-* are both there, those of train-* are to learn from and those of t10k-* to test with; where
    one is, its digits are all that there are. Raises ValueError for files that are none of digits, and
    FileNotFoundError where an image or a label has none.
    """
    found = [name for name in PURPOSES if any(_file(folder, name, kind).exists() for kind in KINDS)]
    if not found:
        wanted = ", ".join(_file(folder, name, kind).name for name in PURPOSES for kind in KINDS)
        raise ValueError(f"{folder} has none of MNIST's files: {wanted}, each as it is or as .gz")
    first, *other = [_part(folder, name) for name in found]
    if other and other[0].X.shape[1:] != first.X.shape[1:]:
        sizes = " and ".join("{} × {}".format(*part.X.shape[1:]) for part in (first, *other))
        raise ValueError(f"{folder} needs images of one size in train-* and t10k-*; they have {sizes} pixels")
    test = other[0] if other else None
    return Digits(*first, _source(folder, found), test, tuple(found))


def dealt(digits: Digits, seed: int) -> tuple[Part, Part]:
    """The digits that teach and those that test: MNIST's parts, or a share that the seed chooses to test."""
    if digits.test is not None:
        return Part(digits.images, digits.labels), digits.test
    parts = split(digits.images, digits.labels, test=HELD_OUT, seed=seed)
    return parts.train, parts.test


def _part(folder: Path, name: str) -> Part:
    images_file, labels_file = (_file(folder, name, kind) for kind in KINDS)
    images, labels = read_idx(images_file, KINDS["images"]), read_idx(labels_file, KINDS["labels"])
    if len(labels) != len(images):
        raise ValueError(f"{labels_file} needs a label for each of the {len(images):,} images; it has {len(labels):,}")
    if labels.max() >= CLASSES:
        raise ValueError(f"{labels_file} needs labels from 0 to {CLASSES - 1}; it has {labels.max()}")
    return Part(images / 255.0, labels.astype(float))


def _source(folder: Path, found: Sequence[str]) -> str:
    """Which files were found, and what they are there for."""
    if len(found) == len(PURPOSES):
        return f"MNIST's files {' and '.join(f'{name}-*' for name in found)} in {folder}"
    (name,) = found
    (missing,) = PURPOSES.keys() - {name}
    return f"MNIST's files {name}-*, those to {PURPOSES[name]}, in {folder}, where there are no {missing}-*"


def _file(folder: Path, name: str, kind: str) -> Path:
    """The file of the folder that has this name, in one of the spellings that are in use."""
    endings = [f"{dot}idx{KINDS[kind]}-ubyte{packed}" for packed in ("", ".gz") for dot in "-."]
    paths = [folder / f"{name}-{kind}{ending}" for ending in endings]
    return next((path for path in paths if path.exists()), paths[0])
