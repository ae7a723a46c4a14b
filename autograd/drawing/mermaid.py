"""A picture as Mermaid text, which GitHub, GitLab and many editors draw where it stands in a Markdown file.

Laws of this file:
- The nodes, edges and texts are those of the picture; shapes and colours as near as Mermaid has them.
- A text is text, whatever it contains: what Mermaid or Markdown could read as theirs is written as a number.
Limits: numbers in the cells of a matrix are left out, and Mermaid finds places for nodes in its own way. As GitHub runs
it, it draws no more than 500 edges and 50,000 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from autograd.drawing.graphs import draw
from autograd.drawing.labels import printable_lines
from autograd.drawing.looks import EDGES, INK, LIT, NODES, PALE, PAPER
from autograd.drawing.sketches import Edge, Node, Sketch
from autograd.rendering import Picture
from autograd.value import Value

SHAPES: Mapping[str, str] = {
    "input": '>"{}"]',
    "parameter": '[["{}"]]',
    "target": '{{{{"{}"}}}}',
    "constant": '(["{}"])',
    "leaf": '["{}"]',
    "computed": '("{}")',
    "collapsed": '[("{}")]',
    "neuron": '(("{}"))',
    "loss": '{{{{"{}"}}}}',
    "vector": '("{}")',
    "rest": '("{}")',
    "feature": '["{}"]',
    "weights": '["{}"]',
}
"""How Mermaid writes a node of each look, with its text."""

ARROWS: Mapping[str, str] = {"solid": "-->", "dashed": "-.->", "invis": "~~~"}
LINES: Mapping[str, str] = {"solid": "---", "dashed": "-.-"}
"""The arrow for each style of line, and the line without a head."""

LIT_LINE = f"stroke:{LIT},stroke-width:3px"

PALE_LOOK = f"fill:{PAPER},stroke:{PALE},color:{PALE}"

PLAIN = frozenset(" .,:+-=_/()·…−∂")
"""What stands for itself in a text, beside letters and digits."""

NUMBERED = re.compile(r"^(?=(?:\d+[.)]|[-+])(?: |$))|(?=style|classDef)")
"""Before characters that are written as numbers: of lists in Markdown, and of Mermaid's words for styles."""

APART = re.compile(r"(?<=\\)(?=n)|(?<=\$)(?=\$)|(?<=:)(?=fa-)|(?<=ﬂ)(?=°)|(?<=¶)(?=ß)")
"""Between characters that Mermaid reads as its own even where they are numbers: line ends, mathematics, icons."""

JOINER = "\u2060"
"""A character of no width, which keeps them apart."""


def to_mermaid(picture: Picture | Value | Iterable[Value], **options: Any) -> str:
    """A picture of this library as Mermaid text; a Value, or several, are drawn first, with the options of `draw`.

    In a Markdown file it stands between a line "```mermaid" and a line "```". Raises TypeError for what is neither,
    and for options beside a picture that is drawn already; otherwise as `draw` does.
    """
    sketch = _sketch(picture, options)
    return "\n".join([f"flowchart {sketch.direction}", *(f"    {line}" for line in _lines(sketch))]) + "\n"


def _sketch(picture: Any, options: Mapping[str, Any]) -> Sketch:
    if isinstance(picture, (Value, list, tuple)):
        return draw(picture, **options).sketch  # type: ignore[no-any-return]
    sketch = getattr(picture, "sketch", None)
    if not isinstance(sketch, Sketch):
        raise TypeError(f"to_mermaid takes a picture of this library, or Values; got {type(picture).__name__}")
    if options:
        raise TypeError(f"the picture is drawn already; give {', '.join(options)} to the function that draws it")
    return sketch


def _lines(sketch: Sketch) -> Iterator[str]:
    for node in sketch.nodes:
        shape = SHAPES[node.look]
        yield f"{node.name}{shape.format(_text(_lines_of(node)) or ' ')}:::{node.look}"
    for edge in sketch.edges:
        yield f"{edge.tail} {_arrow(edge)}{_edge_text(edge)} {edge.head}"
    for look in sorted({node.look for node in sketch.nodes}, key=list(NODES).index):
        yield f"classDef {look} fill:{NODES[look].fillcolor},stroke:{NODES[look].color},color:{INK}"
    yield from _class("lit", LIT_LINE, [node.name for node in sketch.nodes if node.is_lit])
    yield from _class("pale", PALE_LOOK, [node.name for node in sketch.nodes if node.is_pale])
    yield from _line_styles(sketch.edges)


def _class(name: str, look: str, nodes: Sequence[str]) -> Iterator[str]:
    if nodes:
        yield f"classDef {name} {look}"
        yield f"class {','.join(nodes)} {name}"


def _arrow(edge: Edge) -> str:
    look = EDGES[edge.look]
    return LINES[look.style] if look.arrowhead == "none" else ARROWS[look.style]


def _line_styles(edges: Sequence[Edge]) -> Iterator[str]:
    """The colours and widths of the edges, by their places."""
    places: dict[str, list[str]] = {}
    for place, edge in enumerate(edges):
        if EDGES[edge.look].style != "invis":
            color = PALE if edge.is_pale else EDGES[edge.look].color
            usual = f"stroke:{color},stroke-width:{edge.width:.3g}px"
            places.setdefault(LIT_LINE if edge.is_lit else usual, []).append(str(place))
    for style, having in places.items():
        yield f"linkStyle {','.join(having)} {style}"


def _lines_of(node: Node) -> Iterator[str]:
    title = " ".join(part for part in (node.symbol, node.label, node.remark) if part)
    return (text for text in (title, *(line.text for line in node.lines)) if text)


def _edge_text(edge: Edge) -> str:
    text = _text([edge.text])
    return f'|"{text}"|' if text else ""


def _text(texts: Iterable[str]) -> str:
    """Texts below one another."""
    return "<br/>".join(_escaped(line) for text in texts for line in printable_lines(text))


def _escaped(line: str) -> str:
    apart = APART.sub(JOINER, line)
    numbered = {match.start() for match in NUMBERED.finditer(apart)}
    return "".join(
        x if place not in numbered and (x in PLAIN or x.isalnum()) else f"#{ord(x)};" for place, x in enumerate(apart)
    )
