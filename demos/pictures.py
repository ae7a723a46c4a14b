"""Pictures, saved where there is a layout engine, and as DOT source where there is none."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from autograd.rendering import NoLayoutEngine, Picture, save
from demos.layout import item


def saved(picture: Picture, path: Path) -> str:
    """Saves the SVG picture `path`, or DOT beside it; gives a line that says which and where."""
    try:
        save(picture, path)
    except NoLayoutEngine as error:
        path = path.with_suffix(".dot")
        save(picture, path)
        return f"{path} (DOT source, for {error})"
    return str(path)


class Shown(NamedTuple):
    """A picture, what it shows, and the name of its file, without an ending."""

    name: str
    what: str
    picture: Picture


def gallery(pictures: Iterable[Shown], folder: Path) -> str:
    """Saves the pictures; gives a list of what they show, and where they are."""
    return "\n".join(item(f"{what}: {saved(picture, folder / f'{name}.svg')}") for name, what, picture in pictures)
