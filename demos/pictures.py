"""Pictures of graphs, saved where there is a layout engine, and as DOT source where there is none."""

from __future__ import annotations

from pathlib import Path

from autograd import Value
from autograd.drawing import draw
from autograd.rendering import NoLayoutEngine, save


def save_graph(y: Value, path: Path) -> str:
    """Saves the graph of y as the SVG picture `path`, or as DOT beside it; gives a line that says which and where."""
    picture = draw(y)
    try:
        save(picture, path)
    except NoLayoutEngine as error:
        path = path.with_suffix(".dot")
        save(picture, path)
        return f"{path} (DOT source, for {error})"
    return str(path)
