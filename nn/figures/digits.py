"""`plot_digits`: images of digits, or of anything, with what they are and what a model takes them for."""

from __future__ import annotations

import math
from typing import Any

from numpy.typing import ArrayLike

from nn.figures.canvas import Figure
from nn.figures.classes import labels_of
from nn.figures.mosaics import MOST, Cell, columns_of, finite, mosaic
from nn.models.modules import Array

OWNER = "plot_digits"


def plot_digits(
    images: ArrayLike,
    labels: ArrayLike | None = None,
    *,
    predictions: ArrayLike | None = None,
    columns: int | None = None,
) -> Figure:
    """The images, black on white, each with its label above it, in columns, and the wrong predictions marked.

    `images` has the shape (n, h, w), (n, 1, h, w), or (n, h · h) for square ones; one scale goes for all, from 0, or
    their lowest number, to their highest. `labels` and `predictions` have the shape (n,), or (n, k) with a number for
    each class, of which the largest counts: one-hot rows, or what a model gave. Where the two differ, the text says
    both, "7 taken for 1", and the image has a frame (document 002, figures 77 and 78). Raises ValueError for another
    shape, no images, more than 400, other numbers of labels or predictions, and ImportError without matplotlib.
    """
    pictures = _pictures(images)
    true, said = _names(labels, len(pictures), "labels"), _names(predictions, len(pictures), "predictions")
    cells = [
        Cell(picture, _text(is_, as_), None not in (is_, as_) and is_ != as_)
        for picture, is_, as_ in zip(pictures, true, said)
    ]
    return mosaic(cells, columns_of(columns, OWNER), _scale(pictures), "Greys")


def _pictures(images: ArrayLike) -> Array:
    pictures = finite(images, "images", OWNER)
    if pictures.ndim == 4 and pictures.shape[1] == 1:
        pictures = pictures[:, 0]
    if pictures.ndim == 2 and (side := math.isqrt(pictures.shape[1])) ** 2 == pictures.shape[1]:
        pictures = pictures.reshape(-1, side, side)
    if pictures.ndim != 3:
        needed = "images of shape (n, h, w), or (n, h · h) for square ones"
        raise ValueError(f"{OWNER} needs {needed}; got {pictures.shape}")
    if len(pictures) > MOST:
        raise ValueError(f"{OWNER} draws at most {MOST} images, such as images[:{MOST}]; got {len(pictures)}")
    return pictures


def _names(labels: ArrayLike | None, count: int, name: str) -> list[str | None]:
    if labels is None:
        return [None] * count
    found = labels_of(labels, OWNER, name)
    if len(found) != count:
        raise ValueError(f"{OWNER} needs one of {name} for each image; got {len(found)} for {count}")
    return [_name(label) for label in (found.argmax(axis=1) if found.ndim == 2 else found).tolist()]


def _name(label: Any) -> str:
    """3.0 and 3 are one class."""
    return str(int(label) if isinstance(label, float) and label.is_integer() else label)


def _text(label: str | None, prediction: str | None) -> str:
    if label is None or prediction is None or label == prediction:
        return label if label is not None else prediction or ""
    return f"{label} taken for {prediction}"


def _scale(pictures: Array) -> tuple[float, float]:
    low, high = float(pictures.min(initial=0.0)), float(pictures.max(initial=0.0))
    return low, high if high > low else low + 1.0
