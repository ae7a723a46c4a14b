"""Pictures in motion: a figure in which some artists are drawn again for each frame, in a GIF."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from nn.figures import Figure

if TYPE_CHECKING:
    from PIL.Image import Image

Frame = TypeVar("Frame")

DOTS = 80
"""Per inch."""

COLOURS = 256
"""As many as a picture of a GIF may have."""


def save_motion(
    figure: Figure,
    moving: Sequence[Any],
    draw: Callable[[Frame], object],
    frames: Iterable[Frame],
    path: Path,
    per_second: int,
) -> None:
    """Draws what moves for each frame, and all else once, which takes a tenth of the time.

    `moving` are artists in the order in which they are drawn, one upon the other; `draw` sets them for a frame.
    """
    for artist in moving:
        artist.set_animated(True)
    figure.set_dpi(DOTS)
    canvas: Any = figure.canvas
    canvas.draw()
    still = canvas.copy_from_bbox(figure.bbox)
    pictures = []
    for frame in frames:
        draw(frame)
        canvas.restore_region(still)
        for artist in moving:
            artist.axes.draw_artist(artist)
        pictures.append(_seen(figure).quantize(COLOURS))
    _write(pictures, path, per_second)


def _seen(figure: Figure) -> Image:
    """What is drawn, in pixels."""
    from PIL import Image

    canvas: Any = figure.canvas
    return Image.fromarray(np.array(canvas.buffer_rgba())).convert("RGB")


def _write(pictures: Sequence[Image], path: Path, per_second: int) -> None:
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=1000 // per_second, loop=0)
