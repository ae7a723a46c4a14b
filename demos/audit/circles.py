"""The program of document 001 (section 1.2.1) as far as the audit runs it, quoted in NumPy."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

POINTS = 500
"""As many as the document has."""


class Layer(NamedTuple):
    """b of shape (1, n) and W of shape (m, n)."""

    b: Array
    W: Array


def rings(points: int = POINTS) -> tuple[Array, Array]:
    """Points in two rings, and their classes as a column: ours, in place of the document's, which have no seed."""
    angles = np.linspace(0, 4 * np.pi, points, endpoint=False)
    outer = np.arange(points) < points // 2
    X = np.where(outer, 1.0, 0.5)[:, np.newaxis] * np.column_stack([np.cos(angles), np.sin(angles)])
    return X, np.where(outer, 0.0, 1.0)[:, np.newaxis]


def create_nn(topology: list[int], seed: int) -> list[Layer]:
    """The layers, with numbers from -1 to 1 of NumPy's legacy generator, b before W; the document gives no seed."""
    rng = np.random.RandomState(seed)
    return [Layer(rng.rand(1, n) * 2 - 1, rng.rand(m, n) * 2 - 1) for m, n in pairwise(topology)]


def outputs(layers: list[Layer], X: Array) -> list[Array]:
    """What `out` holds: the inputs, and the activations of each layer."""
    out = [X]
    for layer in layers:
        out.append(1 / (1 + np.e ** (-(out[-1] @ layer.W + layer.b))))
    return out


def deltas(layers: list[Layer], out: list[Array], Y: Array) -> list[Array]:
    """The δ of each layer, of shape (examples, neurons)."""
    found = [(out[-1] - Y) * out[-1] * (1 - out[-1])]
    for layer, a in zip(reversed(layers), reversed(out[:-1])):
        found.insert(0, found[0] @ layer.W.T * a * (1 - a))
    return found[1:]


def train(layers: list[Layer], X: Array, Y: Array, lr: float) -> tuple[Array, list[Layer]]:
    """What one call returns, and the updated layers."""
    out = outputs(layers, X)
    updates = zip(layers, out, deltas(layers, out, Y))
    moved = [Layer(b - lr * delta.mean(axis=0), W - lr * a.T @ delta) for (b, W), a, delta in updates]
    return out[-1], moved
