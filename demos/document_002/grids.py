"""What layers do to a grid: figure 18 of document 002, with transforms that its section 3.3 does not name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn import Layer, predict
from nn.figures import BLUE, FAINT, INK, ORANGE, TINTS, Figure, blank, dressed

Array = NDArray[np.float64]

REACH, POINTS = 2, 33
"""The grid goes from -2 to 2; each of its lines is seen at so many places."""

ROUNDING = 1e-12
"""Lines that bend less are straight."""

SIDE = float(np.sqrt(0.5))

MATRICES = {
    "rotation": [[SIDE, -SIDE], [SIDE, SIDE]],
    "scaling": [[1.5, 0.0], [0.0, 0.5]],
    "shear": [[1.0, 1.0], [0.0, 1.0]],
    "reflection": [[-1.0, 0.0], [0.0, 1.0]],
}
"""Ours: W of a layer 2-2 without bias and activation, a row for each neuron. The first two are the document's."""

SHIFT = [1.0, 0.5]
"""The biases of a layer that has some."""


class Transform(NamedTuple):
    """A layer 2-2, and where it takes the lines of the grid, the edge of its corner, and the origin.

    Their shapes are (lines, points, 2), (points, 2) and (2,). The corner is where both coordinates are above 0: it
    shows a plane that was turned over.
    """

    name: str
    layer: Layer
    lines: Array
    corner: Array
    origin: Array

    @property
    def determinant(self) -> float:
        """How areas grow; below 0 where the plane is turned over. Of the weights: an activation has another say."""
        return float(np.linalg.det(self.layer.weights))

    @property
    def angle(self) -> float:
        """Between the images of the axes, in degrees. Of the weights alone."""
        first, second = self.layer.weights.T
        return float(np.degrees(np.arccos(first @ second / np.linalg.norm(first) / np.linalg.norm(second))))

    @property
    def factors(self) -> tuple[float, float]:
        """Singular values of the weights: W is an orthogonal matrix, a scaling by these, and an orthogonal one."""
        larger, smaller = np.linalg.svd(self.layer.weights, compute_uv=False)
        return float(larger), float(smaller)

    @property
    def bend(self) -> float:
        """How far the middle of a line is from the middle between its ends, where that is farthest."""
        middle = self.lines[:, POINTS // 2]
        return float(np.linalg.norm(middle - (self.lines[:, 0] + self.lines[:, -1]) / 2, axis=1).max())

    @property
    def is_bent(self) -> bool:
        """Whether a line is no longer straight."""
        return self.bend > ROUNDING


def transforms() -> list[Transform]:
    """What four matrices do, then a bias beside the first, then an activation after a smaller one."""
    found = [_transform(name, W) for name, W in MATRICES.items()]
    turned = _transform("with bias", MATRICES["rotation"], SHIFT)
    return [*found, turned, _transform("with tanh", np.multiply(MATRICES["rotation"], 0.6).tolist(), None, "tanh")]


def _transform(
    name: str, W: Sequence[Sequence[float]], b: Sequence[float] | None = None, activation: str = "identity"
) -> Transform:
    layer = Layer(2, 2, activation, bias=b is not None)
    layer.set_weights(W, b)
    lines, square = _grid(), _square()
    points = predict(layer, np.concatenate([lines.reshape(-1, 2), square, [[0.0, 0.0]]]))
    moved, origin = points[: lines.size // 2].reshape(lines.shape), points[-1]
    return Transform(name, layer, moved, points[lines.size // 2 : -1], origin)


def _grid() -> Array:
    """The lines of the grid, (lines, points, 2): the upright ones, then the others."""
    along = np.linspace(-REACH, REACH, POINTS)
    places = np.arange(-REACH, REACH + 1.0)
    upright = np.stack(np.broadcast_arrays(places[:, None], along[None, :]), axis=-1)
    return np.concatenate([upright, upright[..., ::-1]])


def _square() -> Array:
    """The edge of the corner of the grid, around once."""
    low, high, along = np.zeros(POINTS), np.full(POINTS, float(REACH)), np.linspace(0, REACH, POINTS)
    x, y = ([along, high, along[::-1], low], [low, along, high, along[::-1]])
    return np.stack([np.concatenate(x), np.concatenate(y)], axis=1)


def drawn_grids(found: Sequence[Transform]) -> Figure:
    """The grid after each transform, upon the grid before it."""
    figure = blank(7.2, 5.4)
    for axes, transform in zip(figure.subplots(2, 3).flat, found):
        dressed(axes, "x1", "x2", transform.name)
        axes.fill(*transform.corner.T, color=TINTS[1])
        for line in _grid():
            axes.plot(*line.T, color=FAINT, linewidth=0.5, alpha=0.4)
        for place, line in enumerate(transform.lines):
            axes.plot(*line.T, color=BLUE if place < len(transform.lines) // 2 else INK, linewidth=1.1)
        axes.plot(*transform.origin, "o", color=ORANGE, markersize=7)
        axes.set(xlim=(-4.2, 4.2), ylim=(-4.2, 4.2), aspect="equal", xticks=[-4, 0, 4], yticks=[-4, 0, 4])
    return figure
