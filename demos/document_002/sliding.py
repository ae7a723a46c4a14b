"""A kernel that slides over an image and fills its feature map, in motion (document 002, figures 60 and 61)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demos.motion import save_motion
from nn.figures import DIVERGING, HOLE, ORANGE, bare, blank, colours

Array = NDArray[np.float64]

PER_SECOND = 4

CENTRED: Any = {"ha": "center", "va": "center", "fontsize": 9}

MAP_SCALE = (-6.0, 6.0)
"""Of the colours of the feature map: the largest number, 3, is to be legible on its colour."""


def slide(image: Array, kernel: Array, feature_map: Array, path: Path) -> None:
    """Writes the GIF: one picture for each number of the feature map. Raises ImportError without matplotlib."""
    figure = blank(7.2, 3.0)
    left, middle, right = (bare(axes) for axes in figure.subplots(1, 3, width_ratios=[7, 3, 5]))
    _draw_numbers(left, image, "Greys", (0.0, 2.0), "image")
    _draw_numbers(middle, kernel, colours(DIVERGING), (-2.0, 2.0), "kernel")
    image_of_map, *numbers = _draw_numbers(
        right, feature_map, colours(DIVERGING).with_extremes(bad=HOLE), MAP_SCALE, "feature map"
    )
    frames = [_frame(left, kernel.shape), _frame(right, (1, 1))]

    def show(place: tuple[int, ...]) -> None:
        filled = np.where(_before(feature_map.shape, place), feature_map, np.nan)
        image_of_map.set_data(filled)
        for number, written in zip(filled.flat, numbers):
            written.set_visible(np.isfinite(number))
        for frame in frames:
            frame.set_xy((place[1] - 0.5, place[0] - 0.5))

    save_motion(figure, [image_of_map, *frames, *numbers], show, np.ndindex(feature_map.shape), path, PER_SECOND)


def _before(shape: tuple[int, ...], place: tuple[int, ...]) -> Any:
    """Where a number stands that has been computed, row after row, up to a place."""
    return np.arange(np.prod(shape)).reshape(shape) <= np.ravel_multi_index(place, shape)


def _draw_numbers(axes: Any, numbers: Array, colours: Any, scale: tuple[float, float], title: str) -> list[Any]:
    """The image, and then its numbers, row after row."""
    image = axes.imshow(numbers, cmap=colours, vmin=scale[0], vmax=scale[1])
    axes.set_title(title, fontsize=10)
    axes.set(xlim=(-0.6, numbers.shape[1] - 0.4), ylim=(numbers.shape[0] - 0.4, -0.6))
    places = np.ndindex(numbers.shape)
    return [image, *(axes.text(*place[::-1], f"{numbers[place]:g}", **CENTRED) for place in places)]


def _frame(axes: Any, size: tuple[int, ...]) -> Any:
    from matplotlib.patches import Rectangle

    height, width = size
    return axes.add_patch(Rectangle((-0.5, -0.5), width, height, fill=False, edgecolor=ORANGE, linewidth=3))
