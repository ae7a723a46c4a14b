"""Pictures in motion: what moves is drawn for each frame, and all else once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from demos.motion import DOTS, save_motion
from nn.figures.canvas import blank


def test_what_moves_is_in_its_place_in_each_frame_and_all_else_stays(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    image = pytest.importorskip("PIL.Image")
    figure = blank(1.0, 1.0)
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 4), ylim=(0, 4))
    axes.axis("off")
    axes.plot([0, 4], [3, 3], color="blue")
    (moving,) = axes.plot([], [], "s", color="red", markersize=8)
    save_motion(figure, [moving], lambda x: moving.set_data([x], [1]), [1, 2, 3], tmp_path / "x.gif", 5)
    with image.open(tmp_path / "x.gif") as shown:
        assert (shown.n_frames, shown.size, shown.info["duration"]) == (3, (DOTS, DOTS), 200)
        for frame, x in enumerate((1, 2, 3)):
            shown.seek(frame)
            red, _, blue = np.moveaxis(np.array(shown.convert("RGB")).astype(int), -1, 0)
            rows, columns = np.nonzero(red - blue > 100)
            assert (columns.mean(), rows.mean()) == pytest.approx((DOTS * x / 4, DOTS * 3 / 4), abs=1)
            assert (blue - red > 100)[DOTS // 4 - 1 : DOTS // 4 + 1].any(axis=0).all()
