"""`draw`: the recorded graph as a picture: values and adjoints in the nodes, local derivatives on the edges.

Laws of this file:
- A Value is one node, with its operation in it; an operand that is used twice has two edges.
- What a picture tells is what was executed: the symbols come from the table, the local derivatives from its formulas.
- Names are given in topological order (n0, n1 …), so that the same graph gives the same DOT source to the byte.
- A label is text, whatever it contains.
"""

from __future__ import annotations

import html
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

from autograd.derivatives import local_partials
from autograd.notation.names import Names
from autograd.rendering import Picture
from autograd.value import GradState, Operand, Value, grad_state, newest_stamp, stale_nodes, walk

DIRECTIONS = ("LR", "RL", "TB", "BT")
"""From the leaves to the root: to the right, to the left, down, up."""

MOST_EDGES_PER_NODE = 4
"""A picture of n nodes is refused above so many times n edges: it would take minutes, and nobody could read it."""

Number: TypeAlias = Callable[[float], str]


class Look(NamedTuple):
    """How a kind of node looks. Kinds differ in shape, not in colour alone."""

    shape: str
    style: str
    fillcolor: str
    color: str
    margin: str


INK, PAPER, DERIVATIVE, LINE = "#1b1f24", "#ffffff", "#a63a00", "#6b7682"
"""The colours of text, of what is behind it, of everything that is a derivative, and of edges."""

LOOKS = {
    "leaf": Look("note", "filled", "#fdf1d3", "#8a6100", "0.1,0.05"),
    "computed": Look("box", "filled,rounded", "#eef3f8", "#34506b", "0.08,0.05"),
    "constant": Look("ellipse", "filled", PAPER, "#8c8c8c", "0.03,0.02"),
}

FONT = "Helvetica,Arial,DejaVu Sans,sans-serif"


class State(NamedTuple):
    """Whether a node's number is older than a leaf below it, and what is known of its adjoint."""

    stale: bool
    adjoint: GradState


def draw(
    y: Value | Iterable[Value],
    *,
    precision: int = 4,
    direction: str = "LR",
    numbers: bool = True,
    max_nodes: int = 300,
) -> Picture:
    """The graph below y (or below several Values) as a `graphviz.Digraph`; `autograd.rendering.save` writes it.

    Numbers have `precision` significant digits; tooltips have all. Without `numbers` there are labels, operations and
    constants. Changes nothing. Raises ValueError, at once, for a graph of more than `max_nodes` nodes (a constant is a
    node), or of so many edges that nobody could read it, and for a direction that is not one of LR, RL, TB, BT.
    """
    if direction not in DIRECTIONS:
        raise ValueError(f"a direction is one of {', '.join(DIRECTIONS)}; got {direction!r}")
    if precision < 1:
        raise ValueError(f"precision is a number of significant digits, 1 or more; got {precision!r}")
    order = _nodes(y)
    _require_drawable(order, max_nodes)
    number = f"{{:.{precision}g}}".format if numbers else None
    picture = _blank(direction)
    names = {node: f"n{position}" for position, node in enumerate(order)}
    variables = Names(order).given
    for node, state in _states(order).items():
        picture.node(names[node], **_node(node, str(node.label) or variables.get(node, ""), state, number))
        _add_edges(picture, node, state, names, number)
    return picture


# ---- the graph


def _nodes(y: Value | Iterable[Value]) -> list[Value]:
    """Every node below, each after its operands."""
    roots: Any = y if isinstance(y, Iterable) else [y]
    order: list[Value] = []
    seen: dict[Value, float] = {}
    for root in roots:
        if type(root) is not Value:
            raise TypeError(f"draw needs a Value, or several; got {type(root).__name__} {root!r}")
        leaves, inner = walk(root, seen)
        order += leaves + inner
    if not order:
        raise ValueError("draw needs at least one Value; got none")
    return order


def _require_drawable(order: Sequence[Value], max_nodes: int) -> None:
    used = Counter(type(operand) for node in order for operand in node.operands)
    nodes, edges = len(order) + used[float], used.total()
    most_edges = MOST_EDGES_PER_NODE * max_nodes
    if nodes > max_nodes or edges > most_edges:
        raise ValueError(
            f"this graph has {nodes:,} nodes and {edges:,} edges, and a picture at most {max_nodes:,} and"
            f" {most_edges:,}: draw a part of it (an inner Value), or raise max_nodes"
        )


def _states(order: Sequence[Value]) -> dict[Value, State]:
    """The state of every node, in one pass: a Value that is asked for its own walks the graph below it."""
    stale = stale_nodes([node for node in order if not node.primitive], [node for node in order if node.primitive])
    newest = newest_stamp(order)
    return {node: State(node in stale, grad_state(node, newest)) for node in order}


def _uses(node: Value) -> Iterator[Operand]:
    """The operands, constants included, in the order of `local_partials`: that of a dot goes pair by pair."""
    if not node.vectors:
        yield from node.operands
    for element in zip(*node.vectors):
        yield from element


# ---- the picture


def _blank(direction: str) -> Picture:
    font = {"fontname": FONT, "fontcolor": INK}
    return Picture(
        graph_attr={"rankdir": direction, "nodesep": "0.2", "ranksep": "0.6", "pad": "0.15", "bgcolor": PAPER},
        node_attr={**font, "fontsize": "11", "height": "0.3", "width": "0.3"},
        edge_attr={"fontname": FONT, "fontcolor": DERIVATIVE, "fontsize": "10", "color": LINE, "arrowsize": "0.6"},
    )


def _node(node: Value, label: str, state: State, number: Number | None) -> dict[str, Any]:
    look = LOOKS["computed" if node.primitive else "leaf"]._asdict()
    attributes = {**look, "label": _label(node, label, state, number)}
    if node.primitive and not node.vectors:  # x / y reads from top to bottom; in a dot, shared inputs would only tangle
        attributes["ordering"] = "in"
    if number:
        attributes["tooltip"] = ", ".join(_number_lines(node, state, repr))
    return attributes


def _add_edges(picture: Picture, node: Value, state: State, names: dict[Value, str], number: Number | None) -> None:
    partials = local_partials(node)
    for position, operand in enumerate(_uses(node)):
        if type(operand) is Value:
            _, partial = next(partials)
            picture.edge(names[operand], names[node], **_edge(float(partial), state, number))
        else:
            constant = f"{names[node]}c{position}"
            text = (number or "{:.4g}".format)(operand)
            picture.node(constant, label=text, tooltip=repr(operand), fontsize="10", **LOOKS["constant"]._asdict())
            picture.edge(constant, names[node], style="dashed")


def _edge(partial: float, state: State, number: Number | None) -> dict[str, str]:
    if not number:
        return {}
    if state.stale:  # the operands have new numbers and the result has not: their partial would be of no point at all
        return {"label": "stale"}
    exact = repr(partial)
    return {"label": f" {number(partial)} ", "tooltip": exact, "labeltooltip": exact}


# ---- what stands in a node


def _label(node: Value, label: str, state: State, number: Number | None) -> str:
    """An HTML-like label: the operation and the label, the value, the adjoint."""
    rows = [_title(node, label)]
    if number:
        value, adjoint = _number_lines(node, state, number)
        rows += [value, f'<FONT COLOR="{DERIVATIVE}">{adjoint}</FONT>']
    cells = "".join(f"<TR><TD>{row}</TD></TR>" for row in rows if row)
    return f'<<TABLE BORDER="0" CELLPADDING="1" CELLSPACING="0">{cells}</TABLE>>' if cells else ""


def _title(node: Value, label: str) -> str:
    """The operation, light on dark, with the label beside it; empty for a leaf without a label."""
    cells, label = "", _text(label)
    if node.primitive:
        symbol = f'<FONT COLOR="{PAPER}"><B> {_escaped(node.primitive.notation.symbol)} </B></FONT>'
        cells += f'<TD STYLE="ROUNDED" BGCOLOR="{LOOKS["computed"].color}">{symbol}</TD>'
    if label:
        cells += f'<TD><FONT POINT-SIZE="13"><B>{label}</B></FONT></TD>'
    return f'<TABLE BORDER="0" CELLPADDING="2" CELLSPACING="1"><TR>{cells}</TR></TABLE>' if cells else ""


def _number_lines(node: Value, state: State, number: Number) -> tuple[str, str]:
    value = f"value: {number(node.data)}" + (" (stale)" if state.stale else "")
    if state.adjoint == "not computed":
        return value, "grad: not computed"
    return value, f"grad: {number(node.grad)}" + (" (stale)" if state.adjoint == "stale" else "")


def _text(label: str) -> str:
    """A label as lines of HTML-like text; empty for a label that shows nothing."""
    lines = label.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").split("\n")
    shown = [_escaped("".join(map(_visible, line))) for line in lines]
    return "<BR/>".join(shown) if any(line.strip() for line in shown) else ""


def _visible(character: str) -> str:
    """The character, or U+FFFD for what no XML file can hold: control characters, surrogates, non-characters."""
    forbidden = unicodedata.category(character) in ("Cc", "Cs") or ord(character) & 0xFFFE == 0xFFFE
    return "\ufffd" if forbidden else character


def _escaped(text: str) -> str:
    """Text that means itself in an HTML-like label, where Graphviz gives backslashes a meaning too."""
    return html.escape(text).replace("\\", "\\\\")
