"""A sketch as a picture: the DOT source of which Graphviz makes SVG, PNG and PDF.

Laws of this file:
- The same sketch gives the same source, to the byte.
- A text is text, whatever it contains.
"""

from __future__ import annotations

import html
from collections.abc import Iterator

from autograd.drawing.labels import printable_lines
from autograd.drawing.looks import DERIVATIVE, EDGES, FAINT, FONT, INK, LIT, NODES, PALE, PAPER, Look
from autograd.drawing.rows import Place, places_of
from autograd.drawing.sketches import Cell, Edge, Line, Node, Sketch
from autograd.rendering import Picture

LIT_WIDTH, ROOT_WIDTH = "3", "2"
"""In points, of the lines around what is highlighted, and around a root."""

MANY_EDGES = 150
"""With more, lines are straight, and Graphviz does not look for the best places for ever: it would take minutes."""

PIECE = 1_000
"""So many characters, of up to five bytes each, stand in one piece of a text."""

SPACERS = '<TD CELLPADDING="0"></TD>' * 6
"""Empty cells of a table, which take their share where it is stretched."""


def picture_of(sketch: Sketch) -> Picture:
    """The picture of a sketch, which it keeps as its attribute `sketch`."""
    picture = _blank(sketch)
    if sketch.rows:
        _in_rows(picture, sketch)
    else:
        _anywhere(picture, sketch)
    picture.sketch = sketch
    return picture


def _blank(sketch: Sketch) -> Picture:
    font = {"fontname": FONT, "fontcolor": INK}
    graph = {"rankdir": sketch.direction, "nodesep": "0.2", "ranksep": "0.6", "pad": "0.15", "bgcolor": PAPER}
    if sketch.is_tight:
        graph["ranksep"] = "0"
    if sketch.rows:  # neato, unlike dot, keeps to the places that it is given
        graph |= {"layout": "neato", "splines": "line", "outputorder": "edgesfirst"}
    large = {"nslimit": "1", "splines": "line"} if len(sketch.edges) > MANY_EDGES else {}
    caption = {**font, "label": f"<{_text(sketch.caption)}>", "fontsize": "11"} if sketch.caption else {}
    return Picture(
        graph_attr={**graph, **large, **caption},
        node_attr={**font, "fontsize": "11", "height": "0.3", "width": "0.3"},
        edge_attr={"fontname": FONT, "fontcolor": DERIVATIVE, "fontsize": "10", "color": FAINT, "arrowsize": "0.6"},
    )


def _anywhere(picture: Picture, sketch: Sketch) -> None:
    """Graphviz finds the places."""
    for node in sketch.nodes:
        picture.node(node.name, **_node(node))
    for edge in sketch.edges:
        picture.edge(*_ends(edge), **_edge(edge))


def _node(node: Node) -> dict[str, str]:
    attributes = {**_look(node)._asdict(), "label": _label(node)}
    if node.keeps_order:
        attributes["ordering"] = "in"
    if node.is_root:
        attributes["penwidth"] = ROOT_WIDTH
    if node.is_lit:
        attributes |= {"penwidth": LIT_WIDTH, "color": LIT}
    if node.is_pale:
        attributes["fontcolor"] = PALE
    if node.tooltip:
        attributes["tooltip"] = _tooltip(node.tooltip)
    return attributes


def _look(node: Node) -> Look:
    look = NODES[node.look]
    return look._replace(fillcolor=PAPER, color=PALE) if node.is_pale else look


def _faint(node: Node) -> str:
    return PALE if node.is_pale else FAINT


def _edge(edge: Edge) -> dict[str, str]:
    drawn, usual = EDGES[edge.look]._asdict(), EDGES["operand"]._asdict()
    attributes = {name: value for name, value in drawn.items() if value != usual[name]}
    if edge.text:
        attributes["label"] = f" {_plain(edge.text)} "
    if edge.tooltip:
        attributes |= {"tooltip": _tooltip(edge.tooltip), "labeltooltip": _tooltip(edge.tooltip)}
    if edge.width != 1:
        attributes["penwidth"] = f"{edge.width:.3g}"
    if edge.is_lit:
        attributes |= {"penwidth": LIT_WIDTH, "color": LIT}
    if edge.is_pale:
        attributes["color"] = PALE
    if edge.is_backward:
        attributes |= {"dir": "back", "arrowtail": attributes.pop("arrowhead", usual["arrowhead"])}
    return attributes


def _ends(edge: Edge) -> tuple[str, str]:
    # exchanged for one that runs backward, so that both passes have the nodes stand in one order
    return (edge.head, edge.tail) if edge.is_backward else (edge.tail, edge.head)


def _in_rows(picture: Picture, sketch: Sketch) -> None:
    """Each node at its place; the texts of edges, and titles of rows, are nodes that stand on top of the lines."""
    places = places_of(sketch)
    for node in sketch.nodes:
        side = f"{places.circle:.4g}"
        size = {"width": side, "height": side} if NODES[node.look].shape == "circle" else {}
        picture.node(node.name, **{**_node(node), **size}, pos=_pinned(places.nodes[node.name]))
    for edge in sketch.edges:
        picture.edge(*_ends(edge), **_edge(edge._replace(text="")))
    for number, place in places.texts.items():
        edge = sketch.edges[number]
        picture.node(f"text{number}", **_words(edge.text, EDGES[edge.look].fontcolor, edge.tooltip), pos=_pinned(place))
    for number, (title, place) in enumerate(zip(sketch.titles, places.titles)):
        picture.node(f"title{number}", **_words(title, FAINT), pos=_pinned(place))


def _pinned(place: Place) -> str:
    return f"{place.x:.4f},{place.y:.4f}!"


def _words(text: str, color: str, tooltip: str = "") -> dict[str, str]:
    """A text that stands alone, with paper behind it."""
    label = f'<<TABLE BORDER="0" CELLPADDING="1" BGCOLOR="{PAPER}"><TR><TD>{_text(text)}</TD></TR></TABLE>>'
    shown = {"shape": "plain", "label": label, "fontsize": "10", "fontcolor": color}
    return {**shown, "tooltip": _tooltip(tooltip)} if tooltip else shown


# ---- labels: a table of lines, in the markup that Graphviz calls HTML-like


def _label(node: Node) -> str:
    lines = [_line(line) for line in node.lines]
    rows = [row for row in (_title(node), _matrix(node), *lines) if row]
    cells = "".join(f"<TR><TD>{row}</TD></TR>" for row in rows)
    return f'<<TABLE BORDER="0" CELLPADDING="1" CELLSPACING="0">{cells}</TABLE>>' if cells else ""


def _title(node: Node) -> str:
    """The operation, light on dark, with the label and the remark beside it; empty for a node that has none of them."""
    cells = "".join(_title_cells(node))
    if cells and node.cells:  # a matrix may be far wider, and would stretch the title
        cells = f"{SPACERS}{cells}{SPACERS}"
    return f'<TABLE BORDER="0" CELLPADDING="2" CELLSPACING="1"><TR>{cells}</TR></TABLE>' if cells else ""


def _title_cells(node: Node) -> Iterator[str]:
    if node.symbol:
        symbol = f'<FONT COLOR="{PAPER}"><B> {_text(node.symbol)} </B></FONT>'
        yield f'<TD STYLE="ROUNDED" BGCOLOR="{_look(node).color}">{symbol}</TD>'
    if label := _text(node.label):
        yield f'<TD><FONT POINT-SIZE="13"><B>{label}</B></FONT></TD>'
    if remark := _text(node.remark):
        yield f'<TD><FONT POINT-SIZE="9" COLOR="{_faint(node)}"><I>{remark}</I></FONT></TD>'


def _matrix(node: Node) -> str:
    rows = "".join(f"<TR>{''.join(_cell(cell, node.cell_width) for cell in row)}</TR>" for row in node.cells)
    border = f'BORDER="0" CELLBORDER="1" COLOR="{_faint(node)}"'
    return f'<TABLE {border} CELLPADDING="3" CELLSPACING="0">{rows}</TABLE>' if rows else ""


def _cell(cell: Cell, width: int) -> str:
    return f'<TD WIDTH="{width}" HEIGHT="16" BGCOLOR="{cell.color}">{_text(cell.text)}</TD>'


def _line(line: Line) -> str:
    text = _text(line.text)
    return f'<FONT COLOR="{DERIVATIVE}">{text}</FONT>' if line.is_derivative else text


# ---- text


def _text(label: str) -> str:
    """A label as HTML-like text, which is empty for a label that shows nothing."""
    return "<BR/>".join(html.escape(line).replace("\\", "\\\\") for line in printable_lines(label))


def _plain(text: str, backslash: str = "\\\\") -> str:
    """A text for where there is no markup. Graphviz reads entities and backslashes there too."""
    return "\\n".join(_plain_line(line, backslash) for line in printable_lines(text))


def _tooltip(text: str) -> str:
    """The same for tooltips, whose backslashes Graphviz reads twice."""
    return _plain(text, "\\\\" * 2)


def _plain_line(line: str, backslash: str) -> str:
    # in pieces, between which DOT has a backslash and a line end: Graphviz refuses 16,384 bytes without a backslash
    pieces = (line[start : start + PIECE] for start in range(0, len(line), PIECE))
    return "\\\n".join(html.escape(piece, quote=False).replace("\\", backslash) for piece in pieces)
