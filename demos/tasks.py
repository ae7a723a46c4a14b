"""Documents 001 and 002: sets of points with two classes, and the networks that the documents choose for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from demos.sets import circles, moons
from nn import Part

PRINTED = 0.936
"""The accuracy that document 002 prints for two of its models of the moons, on the data that taught them."""


class Task(NamedTuple):
    """Data, a network for them, and how it is trained."""

    name: str
    drawn: Callable[[int, int], Part]
    """So many points and their classes, from a seed. Raises DataMissing without scikit-learn."""

    points: int
    sizes: Sequence[int]
    hidden: str
    loss: str
    rate: float
    batch_size: int
    epochs: int


CIRCLES = Task("circles", circles, 500, [4, 8, 1], "sigmoid", "mse", 0.05, 25, 40)
"""Document 001: n = 500, a network 2-4-8-1, and the MSE, here with its true gradient, 2/n included (erratum 001-3)."""

MOONS = [
    Task("moons-relu", moons, 250, [8, 1], "relu", "binary_crossentropy", 0.02, 32, 150),
    Task("moons-sigmoid", moons, 250, [10, 1], "sigmoid", "binary_crossentropy", 0.05, 32, 150),
]
"""Document 002, section 4.2: two networks of 33 and 41 parameters. Its rate of Adam is 0.001, for 3000 epochs."""
