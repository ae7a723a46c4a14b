"""Images of 7 × 7 pixels, such as figure 59 of document 002 has one: a ring for 0, and a bar for 1; 1 is black."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nn import Part

Array = NDArray[np.float64]

SIDE = 7

ZERO = np.array(
    [
        [0, 0, 0, 0, 0, 0, 0],
        [0, 0, 1, 1, 1, 0, 0],
        [0, 1, 0, 0, 0, 1, 0],
        [0, 1, 0, 0, 0, 1, 0],
        [0, 1, 0, 0, 0, 1, 0],
        [0, 0, 1, 1, 1, 0, 0],
        [0, 0, 0, 0, 0, 0, 0],
    ],
    dtype=float,
)
"""The picture is ours: that of the document is not in its text."""

ONE = np.zeros((SIDE, SIDE))
ONE[1:6, 3] = 1.0

FLIPPED = 0.06
"""The share of pixels that are turned from black to white or back, so that no two images are alike."""


def zeros_and_ones(count: int, seed: int) -> Part:
    """So many images, rings and bars in turn, moved by a pixel at most and spotted: X (n, 7, 7), Y (n,)."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    return Part(np.array([_spotted(ONE if label else ZERO, rng) for label in labels]), labels.astype(float))


def _spotted(image: Array, rng: np.random.Generator) -> Array:
    moved = np.roll(image, rng.integers(-1, 2, 2), (0, 1))
    turned = rng.random(image.shape) < FLIPPED
    return np.where(turned, 1.0 - moved, moved)
