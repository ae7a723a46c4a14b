"""`show_page`: the explorer of a graph in a notebook, in a frame that can reach nothing around it.

Law: where frames or scripts are not allowed, what is seen is the picture.
"""

from __future__ import annotations

import base64
import html
from contextlib import suppress
from typing import Any

from autograd.drawing.flows import draw_passes
from autograd.drawing.graphs import draw
from autograd.drawing.roles import Given
from autograd.notation.typesetting import DIGITS
from autograd.page.document import document
from autograd.page.writing import MOST_NODES, RATE, asked
from autograd.rendering import Picture, rendered
from autograd.value import Value

HEIGHT = 640
"""In pixels, of the frame."""

MOST_DRAWN = 100
"""The largest picture, in nodes, that is drawn beside the page."""


def show_page(
    y: Value,
    *,
    height: int = HEIGHT,
    precision: int = DIGITS,
    lr: float = RATE,
    max_nodes: int = MOST_NODES,
    inputs: Any = (),
    parameters: Any = (),
    targets: Any = (),
) -> Page:
    """The explorer of `write_page`, which a notebook shows in a frame of this `height` in pixels.

    Below the frame lies the picture of `draw_passes`, or of a large graph that of `draw`, where a layout engine can
    make it: it is seen where a notebook shows no frames. Options and errors are those of `write_page`.
    """
    given = Given(inputs, parameters, targets)
    graph, settings = asked(y, given, precision, lr, max_nodes)
    return Page(document(graph, settings), graph.name, _picture(y, given), height)


class Page:
    """The explorer of a graph, for a notebook: `text` is the whole HTML file."""

    def __init__(self, text: str, name: str, picture: bytes, height: int) -> None:
        if type(height) is not int or height < 1:
            raise ValueError(f"height is a number of pixels, at least 1; got {height!r}")
        self.text, self.height = text, height
        self._name, self._picture = name, picture

    def __repr__(self) -> str:
        return f"<the explorer of {self._name}: a notebook shows it, write_page makes a file of it>"

    def _repr_html_(self) -> str:
        below = _image(self._picture) if self._picture else "The explorer needs a notebook that shows frames."
        framed = self.text.replace("<html", '<html class="framed"', 1)  # without scripts, it lets the picture be seen
        frame = (
            f'<iframe sandbox="allow-scripts" srcdoc="{html.escape(framed)}" title="explorer of a graph"'
            f' style="position:absolute;inset:0;width:100%;height:100%;border:0"></iframe>'
        )
        return f'<div style="position:relative;height:{self.height}px;overflow:hidden">{below}{frame}</div>'


def _picture(y: Value, given: Given) -> bytes:
    """The SVG; nothing where it can't be drawn, and of a graph that would take long."""
    with suppress(Exception):  # a display that raises hides the notebook behind a traceback
        return rendered(_drawn(y, given).source, "svg")
    return b""


def _drawn(y: Value, given: Given) -> Picture:
    """Both passes, or of a graph that is too large for that, what `draw` collapses."""
    with suppress(ValueError):
        return draw_passes(y, max_nodes=MOST_DRAWN, **given._asdict())
    return draw(y, max_nodes=MOST_DRAWN, **given._asdict())


def _image(svg: bytes) -> str:
    data = base64.b64encode(svg).decode()
    style = "max-width:100%;max-height:100%"
    return f'<img alt="picture of the graph" style="{style}" src="data:image/svg+xml;base64,{data}">'
