"""Pictures of a story, saved in a folder; where something is missing that draws them, a reason in their place.

Law: a file is written whole or not at all.
"""

from __future__ import annotations

from functools import singledispatch
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from autograd import write_page
from autograd.archive.files import UNFINISHED, write_whole
from autograd.rendering import NoLayoutEngine, save
from demos.pieces import Animation, Chart, Diagram, Explorer
from nn.figures import Figure

NO_MATPLOTLIB = "not drawn (pip install matplotlib)"

SALT: Any = {"svg.hashsalt": "cadena", "svg.fonttype": "none"}
"""The same picture has the same bytes, and its letters are letters."""


class Saved(NamedTuple):
    """Where a picture is, if it is, and what there is to say about that."""

    path: Path | None
    remark: str = ""
    still: Path | None = None
    """Of a picture that moves the last one, for readers who prefer that nothing moves."""


NOWHERE = Saved(None)
"""Where the pieces are that are no pictures."""


@singledispatch
def saved(piece: object, folder: Path) -> Saved:
    """Saves a Diagram or a Chart as SVG, an Animation as GIF with a PNG beside it, or an Explorer as HTML."""
    raise TypeError(f"a Diagram, a Chart, an Animation or an Explorer is saved; got {piece!r}")


@saved.register
def _(piece: Diagram, folder: Path) -> Saved:
    path = folder / f"{piece.name}.svg"
    try:
        save(piece.graph, path)
    except NoLayoutEngine as error:
        path = path.with_suffix(".dot")
        save(piece.graph, path)
        return Saved(path, f"DOT source, for {error}")
    return Saved(path)


@saved.register
def _(piece: Chart, folder: Path) -> Saved:
    try:
        from matplotlib import rc_context
    except ImportError:
        return Saved(None, NO_MATPLOTLIB)
    path = folder / f"{piece.name}.svg"
    drawn = BytesIO()
    with rc_context(SALT):
        _laid_out(piece.draw()).savefig(drawn, format="svg", metadata={"Date": None})
    write_whole(path, drawn.getvalue())
    return Saved(path)


def _laid_out(figure: Figure) -> Figure:
    """The figure with everything in its place as SVG: `savefig` would draw the whole of it to find the places."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    layout, dots = figure.get_layout_engine(), figure.get_dpi()
    if layout is not None:
        FigureCanvasSVG(figure)
        layout.execute(figure)
        figure.set_dpi(dots)  # to measure letters, SVG has changed it
        figure.set_layout_engine(None)
    return figure


@saved.register
def _(piece: Animation, folder: Path) -> Saved:
    path = folder / f"{piece.name}.gif"
    still = path.with_suffix(".png")
    with TemporaryDirectory(UNFINISHED, ".", folder) as beside:
        unfinished = Path(beside) / path.name
        try:
            piece.save(unfinished)
        except ImportError:
            return Saved(None, NO_MATPLOTLIB)
        write_whole(still, _last(unfinished))
        unfinished.replace(path)
    return Saved(path, still=still)


def _last(moving: Path) -> bytes:
    """The last picture of a GIF as PNG, by the library with which matplotlib writes both."""
    from PIL import Image

    drawn = BytesIO()
    with Image.open(moving) as picture:
        picture.seek(getattr(picture, "n_frames", 1) - 1)
        picture.convert("RGB").save(drawn, "png", optimize=True)
    return drawn.getvalue()


@saved.register
def _(piece: Explorer, folder: Path) -> Saved:
    path = folder / f"{piece.name}.html"
    write_page(piece.root, path, **piece.options)
    return Saved(path)
