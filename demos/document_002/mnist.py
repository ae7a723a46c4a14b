"""Where the digits come from: MNIST's files in a folder that is given, or the small ones that scikit-learn ships."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from demos.document_002.idx import read_idx
from demos.failure import DemoFailed
from demos.sets import small_digits

Array = NDArray[np.float64]

CLASSES = 10


class Digits(NamedTuple):
    """Images of the shape (n, h, w) from 0 to 1, their labels, of the shape (n,), and what they are."""

    images: Array
    labels: Array
    source: str


def digits_of(folder: Path | None) -> Digits:
    """MNIST's from a folder, or scikit-learn's where none is given.

    Raises DemoFailed for files that are not there or damaged, and DataMissing without scikit-learn.
    """
    if folder is None:
        return Digits(*small_digits(), "scikit-learn's digits; MNIST's with --data FOLDER")
    try:
        return mnist(folder)
    except OSError as error:
        raise DemoFailed(f"{error.filename} can't be read: {error.strerror}") from error
    except ValueError as error:
        raise DemoFailed(str(error)) from error


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


def _file(folder: Path, name: str, dimensions: int) -> Path:
    """The file of the folder that has this name, in one of the spellings that are in use."""
    paths = [folder / f"{name}{dot}idx{dimensions}-ubyte{packed}" for packed in ("", ".gz") for dot in "-."]
    return next((path for path in paths if path.exists()), paths[0])
