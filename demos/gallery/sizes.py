"""How large pictures are, read from the beginnings of their files, so that pages keep their room."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import NamedTuple

BEGINNING = 4096
"""So many bytes of a file tell its size."""

PIXELS = {"pt": 96 / 72, "px": 1.0, "": 1.0, "in": 96.0}
"""Of a page, in each unit of an SVG."""

_SIDE = r'\b{}="([0-9.]+)([a-z]*)"'


class Size(NamedTuple):
    """In pixels of a page."""

    width: int
    height: int


def size(path: Path) -> Size | None:
    """The size of an SVG or a GIF; None where the file doesn't say it."""
    with path.open("rb") as file:
        beginning = file.read(BEGINNING)
    if beginning.startswith(b"GIF8"):
        return Size(*struct.unpack("<HH", beginning[6:10]))
    root = re.search(r"<svg\b[^>]*>", beginning.decode("utf-8", "replace"))
    sides = [re.search(_SIDE.format(side), root[0]) for side in ("width", "height")] if root else []
    found = [round(float(side[1]) * PIXELS[side[2]]) for side in sides if side and side[2] in PIXELS]
    return Size(*found) if len(found) == len(Size._fields) else None
