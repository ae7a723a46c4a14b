"""Pictures in motion: a figure drawn again for each frame, in a GIF."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from nn.figures.canvas import Figure

Frame = TypeVar("Frame")

DOTS = 80
"""Per inch."""


def save_motion(
    figure: Figure, draw: Callable[[Frame], None], frames: Iterable[Frame], path: Path, per_second: int
) -> None:
    """Draws each frame and writes all of them; each is drawn once. Raises ImportError without matplotlib."""
    from matplotlib.animation import PillowWriter

    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # where everything is, is found once, and not for each frame
    writer = PillowWriter(per_second)
    with writer.saving(figure, str(path), DOTS):
        for frame in frames:
            draw(frame)
            writer.grab_frame()
