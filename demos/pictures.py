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
    except NoLayoutEngine:
        path = path.with_suffix(".dot")
        path.write_text(picture.source, encoding="utf-8")
        return f"{path} (DOT source; for pictures install Graphviz, or: pip install pygraphviz)"
    return str(path)
