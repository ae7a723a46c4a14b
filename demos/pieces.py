"""What a story is made of. A terminal shows the pieces as text, and the gallery as parts of a page.

Pieces say what is to be seen, not how: no widths, no markup, no files. Names of pictures become names of files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from autograd import Value
from autograd.comparison import WRONG, Row, cells
from autograd.rendering import Picture as Graph

if TYPE_CHECKING:
    import matplotlib.figure

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Heading(NamedTuple):
    """A title inside a story."""

    text: str


class Paragraph(NamedTuple):
    """Words."""

    text: str


class Reference(NamedTuple):
    """Words, and the names of the stories that tell more."""

    text: str
    names: Sequence[str]


class Items(NamedTuple):
    """A list, each item in words."""

    texts: Sequence[str]


class Output(NamedTuple):
    """What a session shows, letter by letter: the repr of an explanation, a formula, a listing."""

    text: str


class Table(NamedTuple):
    """Cells in lines under a heading; `alignment` has '<' or '>' for each column."""

    heading: Sequence[str]
    lines: Sequence[Sequence[str]]
    alignment: str


class Kind(Enum):
    """Whose the numbers are that stand beside computed ones; each is named as the table titles its column."""

    PRINTED = "the document prints"
    """In its text, a figure or a table."""

    LISTED = "its listing would print"
    """With the document's own numbers and seed, when it is put right where it does not run; each story says where."""

    SHAPE = "the document's shape"
    """Rows × columns of a matrix, one row for both."""

    EVALUATED = "its formulas give"
    """At numbers or seeds of ours, or without printing it: the document has no such number."""


class Numbers(NamedTuple):
    """Numbers of a document beside computed ones (see `autograd.comparison`), and their kind, which is not SHAPE."""

    rows: Sequence[Row]
    kind: Kind = Kind.PRINTED
    computed: str = "the engine computes"


class Shape(NamedTuple):
    """A matrix: its shape in the document and that of the array, such as '2×5', and the verdict."""

    quantity: str
    printed: str
    computed: str
    verdict: str


class Shapes(NamedTuple):
    """Shapes in a document beside those of arrays."""

    rows: Sequence[Shape]
    kind: Kind = Kind.SHAPE
    computed: str = "the array has"


class Formula(NamedTuple):
    """A formula in LaTeX, for pages, and as text, for terminals: what `latex(y)` and `text(y)` give, or typed."""

    latex: str
    text: str


class Diagram(NamedTuple):
    """A graph or a network, drawn; what it shows, in a few words; and the name of its file, without an ending."""

    name: str
    what: str
    graph: Graph


class Chart(NamedTuple):
    """A figure of matplotlib, drawn when it is asked for: matplotlib may be missing."""

    name: str
    what: str
    draw: Callable[[], matplotlib.figure.Figure]


class Animation(NamedTuple):
    """Pictures in motion: `save` writes a GIF to the path that it is given, with matplotlib, which may be missing."""

    name: str
    what: str
    save: Callable[[Path], None]


class Explorer(NamedTuple):
    """The page that explores a graph; the options are those of `write_page`."""

    name: str
    what: str
    root: Value
    options: Mapping[str, Any] = NOTHING


WRONG_IN_LISTING = "wrong in the listing"
"""What is said of a number that no document prints, but its listing would."""

Comparison: TypeAlias = Numbers | Shapes
"""What stands beside something computed, with verdicts."""

Picture: TypeAlias = Diagram | Chart | Animation | Explorer
"""What is saved in a file of its own."""

Piece: TypeAlias = Heading | Paragraph | Reference | Items | Output | Table | Comparison | Formula | Picture


def lines_of(piece: Comparison) -> list[tuple[str, str, str, str]]:
    """The heading of such a table, and its lines."""
    lines = piece.rows if isinstance(piece, Shapes) else map(cells, piece.rows)
    found = {WRONG: WRONG_IN_LISTING} if piece.kind is Kind.LISTED else {}
    told = [(name, printed, computed, found.get(verdict, verdict)) for name, printed, computed, verdict in lines]
    return [("quantity", piece.kind.value, piece.computed, "verdict"), *told]
