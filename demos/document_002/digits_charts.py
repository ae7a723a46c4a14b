"""Pictures of digits for document 002, section 4.4: figure 78, and the digits that are taken for another."""

from __future__ import annotations

from typing import Any

import numpy as np

from demos.document_002.mnist import Array
from nn import Part, plot_digits
from nn.figures import ORANGE, blank, dressed

COLUMNS = 10


def flattened(image: Array) -> Any:
    """Figure 78: an image, a line between two of its rows, and below it all of its numbers in one row."""
    height, width = image.shape
    figure = blank(8, 5)
    above, below = figure.subplots(2, 1, height_ratios=[5, 1])
    dressed(above, "", "row of the image", f"an image of {height} × {width} pixels")
    above.imshow(image, cmap="Greys", vmin=0.0, vmax=1.0, interpolation="nearest")
    above.hlines(np.arange(1, height) - 0.5, -0.5, width - 0.5, color=ORANGE, linewidth=0.6)
    dressed(below, f"its rows one after the other: {image.size} numbers from 0 to 1")
    below.imshow(image.reshape(1, -1), cmap="Greys", vmin=0.0, vmax=1.0, interpolation="nearest", aspect="auto")
    below.vlines(np.arange(1, height) * width - 0.5, -0.5, 0.5, color=ORANGE, linewidth=0.6)
    below.set_yticks([])
    return figure


def taken_for_another(test: Part, predictions: Array, shape: tuple[int, ...], most: int) -> Any:
    """The first digits for which a model is wrong, with what it takes them for; there has to be one."""
    wrong = np.flatnonzero(predictions.argmax(axis=1) != test.Y)[:most]
    images = test.X[wrong].reshape(-1, *shape)
    return plot_digits(images, test.Y[wrong], predictions=predictions[wrong], columns=COLUMNS)
