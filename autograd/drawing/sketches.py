"""What is in a picture, whatever draws it: nodes, edges, and who stands beside whom.

All text here is free text, as people read it; whoever draws a sketch escapes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar, get_args

T = TypeVar("T")

Direction: TypeAlias = Literal["LR", "RL", "TB", "BT"]
"""From the leaves to the root: to the right, to the left, down, up."""


class Line(NamedTuple):
    """A line of text in a node; those of derivatives have the colour of derivatives."""

    text: str
    is_derivative: bool = False


class Cell(NamedTuple):
    """An element of a matrix that is drawn: the colour behind it, and its number, which may be empty."""

    color: str
    text: str = ""


class Node(NamedTuple):
    """A node: from top to bottom its operation, its name and what is remarked beside it, a matrix, and lines.

    `look` is a key of `looks.NODES`. `keeps_order` says that the edges into it come in the order in which they are
    added, as x / y reads from top to bottom. `is_lit` is for what is highlighted, `is_pale` for what is left in the
    background beside it, `is_root` for where a graph ends. Cells are `cell_width` points wide at least.
    """

    name: str
    look: str
    symbol: str = ""
    label: str = ""
    remark: str = ""
    lines: Sequence[Line] = ()
    cells: Sequence[Sequence[Cell]] = ()
    tooltip: str = ""
    keeps_order: bool = False
    is_lit: bool = False
    is_root: bool = False
    is_pale: bool = False
    cell_width: int = 16


class Edge(NamedTuple):
    """An edge from the node `tail` to the node `head`; `look` is a key of `looks.EDGES`, `width` is in points.

    One that `is_backward` runs against the direction of the picture.
    """

    tail: str
    head: str
    look: str = "operand"
    text: str = ""
    tooltip: str = ""
    width: float = 1.0
    is_lit: bool = False
    is_backward: bool = False
    is_pale: bool = False


class Sketch(NamedTuple):
    """A picture to be drawn.

    Each of the `rows` names nodes that stand side by side, across the direction, in order; where there are rows, every
    node is in one of them, and `titles` says what they are. In a picture that `is_tight` what follows each other
    stands as close as can be.
    """

    nodes: Sequence[Node]
    edges: Sequence[Edge]
    direction: Direction = "LR"
    rows: Sequence[Sequence[str]] = ()
    titles: Sequence[str] = ()
    caption: str = ""
    is_tight: bool = False


def require_one_of(name: str, value: T, options: Any) -> T:
    """The value itself. Raises ValueError where it is none of the `options`, a Literal."""
    if value not in get_args(options):
        raise ValueError(f"{name} is one of {', '.join(get_args(options))}; got {value!r}")
    return value


def require_direction(direction: Direction) -> Direction:
    """The direction itself. Raises ValueError for one that is none."""
    return require_one_of("direction", direction, Direction)
