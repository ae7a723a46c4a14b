"""`write_page`: the explorer of a graph as a file."""

from __future__ import annotations

import math
import os
import reprlib
from typing import Any

from autograd.archive.files import write_whole
from autograd.coercion import real_number
from autograd.drawing.roles import Given
from autograd.notation.typesetting import DIGITS, FULL, require_digits
from autograd.page.contents import Graph, Settings
from autograd.page.document import document
from autograd.rendering.files import file_to_write
from autograd.value import Value

ENDINGS = (".html",)

MOST_NODES = 1_000
"""The largest graph, in nodes, that is made a page of unasked."""

RATE = 0.1
"""The learning rate at which the explorer starts."""


def write_page(
    y: Value,
    path: str | os.PathLike[str],
    *,
    precision: int = DIGITS,
    lr: float = RATE,
    max_nodes: int = MOST_NODES,
    inputs: Any = (),
    parameters: Any = (),
    targets: Any = (),
) -> None:
    """Writes the explorer of the graph below y: one HTML file, which needs no server, no network and no layout engine.

    In it both passes are played step by step, a node tells its formula, its numbers and why dy/d(node) has its value,
    leaves are changed, and steps of gradient descent taken, from the learning rate `lr` on; everything is computed anew
    in the page, from the formulas of the table. The parameters move; where there are none, all leaves. Numbers are
    shown in `precision` significant digits, 17 for all. `inputs`, `parameters` (a module will do) and `targets` say
    what leaves are, as for `draw`, and in what order they are listed. A large graph opens collapsed by neuron or layer,
    where labels tell them.

    Changes nothing in the graph. A file that is there is replaced. Raises TypeError for what is no Value and no path,
    ValueError for another ending than .html, for a precision that is not 1 to 17 and a rate that is not above 0, for
    inputs, parameters or targets of which none is a leaf of the graph, and for a graph of more than `max_nodes` nodes
    or four times as many edges, StaleGraph as `backward` does, FileNotFoundError for a folder that is not there, and
    OSError where the file can't be written; no file is then left or changed.
    """
    target = file_to_write(path, "write_page", "page", ENDINGS)
    graph, settings = asked(y, Given(inputs, parameters, targets), precision, lr, max_nodes)
    write_whole(target, document(graph, settings).encode())


def asked(y: Value, given: Given, precision: int, lr: float, max_nodes: int) -> tuple[Graph, Settings]:
    """What the page is made of. Raises what `write_page` does, but for what has to do with files."""
    if type(y) is not Value:
        raise TypeError(f"a page shows the graph of one Value; got {type(y).__name__} {reprlib.repr(y)}")
    rate = real_number(lr, "lr")
    if not 0 < rate < math.inf:
        raise ValueError(f"lr is a learning rate, a number above 0; got {lr!r}")
    if require_digits(precision) > FULL:
        raise ValueError(f"precision is a number of significant digits, {FULL} at most, which are all; got {precision}")
    return Graph(y, given, precision, max_nodes), Settings(precision, rate)
