"""Pictures read back: the DOT source, by the grammar of that language, the SVG, and the Mermaid text.

Nothing here reads a sketch: what a picture shows is what stands in these texts. A label that broke out of its quotes
would be no DOT, or nodes and edges that nobody drew.
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

import pytest
from hypothesis import strategies

from autograd import Value, functions
from autograd.rendering import Picture, has_layout_engine, rendered

SVG = "{http://www.w3.org/2000/svg}"
LINK_TITLE = "{http://www.w3.org/1999/xlink}title"

needs_engine = pytest.mark.skipif(not has_layout_engine(), reason="no layout engine is installed")

Attributes: TypeAlias = "dict[str, str]"
"""As Graphviz hands them on to what draws: texts still have its backslashes and entities."""


class Arrow(NamedTuple):
    """An edge as it is written: of one that runs backward, `tail` is where the picture has it end."""

    tail: str
    head: str
    attributes: Attributes

    @property
    def text(self) -> str:
        return plain(self.attributes.get("label", "")).strip()

    @property
    def tooltip(self) -> str:
        return tooltip(self.attributes)

    @property
    def is_lit(self) -> bool:
        return is_lit(self.attributes)


class Drawn(NamedTuple):
    """The statements of a DOT source, in order."""

    nodes: dict[str, Attributes]
    edges: list[Arrow]
    settings: Attributes

    def into(self, head: str) -> list[Arrow]:
        return [edge for edge in self.edges if edge.head == head]

    def lines(self, name: str) -> list[str]:
        """The texts that a node shows."""
        return shown_lines(self.nodes[name].get("label", ""))


def drawn(picture: Picture) -> Drawn:
    """What stands in the DOT source. Raises ValueError for what is no DOT."""
    tokens = _Tokens(picture.source)
    found = Drawn({}, [], {})
    tokens.need("digraph")
    tokens.need("{")
    while not tokens.take("}"):
        name = tokens.name()
        if tokens.take("->"):
            found.edges.append(Arrow(name, tokens.name(), tokens.attributes()))
        elif name in ("graph", "node", "edge"):
            found.settings.update({f"{name}.{key}": x for key, x in tokens.attributes().items()})
        elif name in found.nodes:
            raise ValueError(f"{name} is there twice")
        else:
            found.nodes[name] = tokens.attributes()
    tokens.need_end()
    return found


def is_lit(attributes: Attributes) -> bool:
    return attributes.get("penwidth") == "3"


class _Tokens:
    """The tokens of the language DOT (https://graphviz.org/doc/info/lang.html), without comments and subgraphs."""

    WORD = re.compile(r"[A-Za-z_\u0080-\U0010ffff][\w\u0080-\U0010ffff]*|-?(?:\.\d+|\d+(?:\.\d*)?)")
    QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
    SPACE = re.compile(r"\s*")
    BRACKET = re.compile("[<>]")

    def __init__(self, source: str) -> None:
        self.source, self.place = source, 0

    def take(self, sign: str) -> bool:
        """Whether the sign comes next; it is then read."""
        self._skip()
        found = self.source.startswith(sign, self.place)
        self.place += len(sign) * found
        return found

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise ValueError(f"no {sign} at {self._here()}")

    def need_end(self) -> None:
        self._skip()
        if self.place < len(self.source):
            raise ValueError(f"something after the end: {self._here()}")

    def name(self) -> str:
        """A word, what stands in quotes, or markup with its outermost < and >."""
        self._skip()
        if self.source.startswith("<", self.place):
            return self._markup()
        quoted = self.QUOTED.match(self.source, self.place)
        found = quoted or self.WORD.match(self.source, self.place)
        if found is None:
            raise ValueError(f"no name at {self._here()}")
        self.place = found.end()
        return re.sub(r"\\(.)", _of_pair, quoted[1], flags=re.DOTALL) if quoted else found[0]

    def attributes(self) -> Attributes:
        found: Attributes = {}
        if self.take("["):
            while not self.take("]"):
                name = self.name()
                self.need("=")
                if name in found:
                    raise ValueError(f"{name} is there twice")
                found[name] = self.name()
        return found

    def _markup(self) -> str:
        start, depth = self.place, 0
        for bracket in self.BRACKET.finditer(self.source, start):
            depth += 1 if bracket[0] == "<" else -1
            if not depth:
                self.place = bracket.end()
                return self.source[start : self.place]
        raise ValueError(f"no end of {self._here()}")

    def _skip(self) -> None:
        self.place = self.SPACE.match(self.source, self.place).end()  # type: ignore[union-attr]

    def _here(self) -> str:
        return repr(self.source[self.place : self.place + 40])


def _of_pair(pair: re.Match[str]) -> str:
    """What DOT itself makes of a backslash and a character; the others are for Graphviz to read."""
    return {'"': '"', "\n": ""}.get(pair[1], pair[0])


def shown_lines(label: str) -> list[str]:
    """The texts in HTML-like markup, as an XML parser reads them."""
    if not label:
        return []
    assert label.startswith("<<TABLE")
    found = (_unslashed(text).strip() for text in ET.fromstring(label[1:-1]).itertext())
    return [text for text in found if text]


def plain(text: str) -> str:
    """A text without markup, as Graphviz reads it: first the backslashes, then the entities."""
    return html.unescape(_unslashed(text))


def tooltip(attributes: Attributes) -> str:
    """Of a tooltip Graphviz reads the backslashes twice."""
    once = re.sub(r"\\\\", r"\\", attributes.get("tooltip", ""))
    return plain(once)


def _unslashed(text: str) -> str:
    """Raises ValueError for an escape that would not stand for itself: \\N is the name of the node."""
    unknown = [pair for pair in re.findall(r"\\.?", text, re.DOTALL) if pair not in ("\\\\", "\\n")]
    if unknown:
        raise ValueError(f"{unknown} in {text!r}")
    return re.sub(r"\\(.)", lambda pair: "\n" if pair[1] == "n" else pair[1], text)


# ---- SVG


class SvgNode(NamedTuple):
    """The texts of a node, and what a browser tells where the pointer rests."""

    lines: list[str]
    tooltip: str


def svg_nodes(picture: Picture) -> dict[str, SvgNode]:
    """The nodes in the SVG, by name. Raises ValueError where it has other edges than the source."""
    svg = ET.fromstring(rendered(picture.source, "svg"))
    groups = {kind: [group for group in svg.iter(f"{SVG}g") if group.get("class") == kind] for kind in ("node", "edge")}
    seen = [edge for edge in drawn(picture).edges if edge.attributes.get("style") != "invis"]
    edges = sorted(f"{edge.tail}->{edge.head}" for edge in seen)
    if sorted(group.findtext(f"{SVG}title", "") for group in groups["edge"]) != edges:
        raise ValueError("the SVG has other edges than the source")
    return {group.findtext(f"{SVG}title", ""): _svg_node(group) for group in groups["node"]}


def _svg_node(group: ET.Element) -> SvgNode:
    titles = [title for link in group.iter(f"{SVG}a") if (title := link.get(LINK_TITLE))]
    return SvgNode(["".join(text.itertext()) for text in group.iter(f"{SVG}text")], "".join(titles))


# ---- Mermaid


class MermaidNode(NamedTuple):
    """A node: the brackets that make its shape, its lines, and its class."""

    brackets: str
    lines: list[str]
    look: str


class MermaidEdge(NamedTuple):
    tail: str
    head: str
    arrow: str
    lines: list[str]


class Flowchart(NamedTuple):
    """The statements of a Mermaid text, in order.

    `classes` has the nodes that are given a class apart from their own, and `styles` those of edges, by their places.
    """

    direction: str
    nodes: dict[str, MermaidNode]
    edges: list[MermaidEdge]
    looks: dict[str, str]
    classes: dict[str, list[str]]
    styles: dict[int, str]


def flowchart(text: str) -> Flowchart:
    """What stands in a Mermaid text. Raises ValueError for a line that is none of the statements of a picture."""
    first, *lines = text.removesuffix("\n").split("\n")
    found = Flowchart(first.removeprefix("flowchart "), {}, [], {}, {}, {})
    for line in lines:
        for pattern, add in _STATEMENTS:
            match = re.fullmatch(f" {{4}}{pattern}", line)
            if match:
                add(found, *match.groups())
                break
        else:
            raise ValueError(f"no statement: {line!r}")
    return found


def _add_node(found: Flowchart, name: str, opening: str, text: str, closing: str, look: str) -> None:
    if name in found.nodes:
        raise ValueError(f"{name} is there twice")
    found.nodes[name] = MermaidNode(opening + closing, mermaid_lines(text), look)


def _add_edge(found: Flowchart, tail: str, arrow: str, text: str | None, head: str) -> None:
    found.edges.append(MermaidEdge(tail, head, arrow, mermaid_lines(text or "")))


def _add_styles(found: Flowchart, places: str, style: str) -> None:
    found.styles.update(dict.fromkeys(map(int, places.split(",")), style))


_STATEMENTS: Sequence[tuple[str, Callable[..., None]]] = (
    (r'(\w+)([>({\[]+)"([^"]*)"([\])}]+):::(\w+)', _add_node),
    (r'(\w+) (-->|-\.->|~~~|---|-\.-)(?:\|"([^"]*)"\|)? (\w+)', _add_edge),
    (r"classDef (\w+) ([^;\"]*)", lambda found, look, style: found.looks.update({look: style})),
    (r"class ([\w,]+) (\w+)", lambda found, names, look: found.classes.update({look: names.split(",")})),
    (r"linkStyle ([\d,]+) ([^;\"]*)", _add_styles),
)


APART = re.compile("(?<=[\\\\$:ﬂ¶])\u2060(?=n|[$]|fa-|°|ß)")
"""A character that nobody sees, where Mermaid would read characters as its own even if they are numbers."""


def mermaid_lines(text: str) -> list[str]:
    """The lines of a text in quotes. Raises ValueError for a character that Mermaid or Markdown may read as theirs."""
    lines = text.split("<br/>") if text else []
    return [shown for line in lines if (shown := _unescaped(line)).strip()]


def _unescaped(line: str) -> str:
    rest = re.sub(r"#\d+;", "", line)
    wrong = [x for x in rest if not (x.isalnum() or x in " .,:+-=_/()·…−∂")]
    if wrong:
        raise ValueError(f"{wrong} in {line!r}")
    return APART.sub("", re.sub(r"#(\d+);", lambda number: chr(int(number[1])), line))


# ---- generated graphs


GROWN: list[Callable[..., Value]] = [
    lambda x, y, z: x + y,
    lambda x, y, z: x * y,
    lambda x, y, z: x * x,
    lambda x, y, z: 2.5 - x,
    lambda x, y, z: x.tanh(),
    lambda x, y, z: x.leaky_relu(0.5),
    lambda x, y, z: functions.sum([x, 1.5, y, x]),
    lambda x, y, z: functions.maximum([y, x, 0.25]),
    lambda x, y, z: functions.dot([x, y, 0.5], [z, x, y]),
    lambda x, y, z: functions.dot(*[(x, 2.0, y)] * 2),
]


@strategies.composite
def graphs(draw_from: Any, labels: str = "abc") -> Value:
    """A root of a small graph with shared nodes, constants, n-ary nodes and repeated operands."""
    values = [Value(draw_from(strategies.floats(-3, 3)), label) for label in labels]
    for grow in draw_from(strategies.lists(strategies.sampled_from(GROWN), max_size=12)):
        operands = [draw_from(strategies.sampled_from(values)) for _ in range(3)]
        values.append(grow(*operands))
    return values[-1]


def number(text: str) -> float:
    """A number with a real minus sign, read again."""
    return float(text.replace("−", "-"))
