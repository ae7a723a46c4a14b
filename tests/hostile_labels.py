"""The figure behind "a label is text": labels written to break pictures, read back from each kind of picture.

    python -m tests.hostile_labels [--labels 2000] [--seed 0]

Prints how many came through the DOT source, the SVG and the Mermaid text, with the first that didn't, and exits with 1
when one didn't. Without a layout engine there is no SVG.
"""

from __future__ import annotations

import argparse
import re
import sys
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

from autograd import Value, draw, functions, to_mermaid
from autograd.drawing.labels import LONGEST_LINE, MOST_LINES
from autograd.rendering import Picture, has_layout_engine
from tests.pictures import drawn, flowchart, svg_nodes, tooltip

HOSTILE = [
    "a|b",
    "{a|{b}}",
    "<b>x</b>",
    "<<TABLE><TR><TD>x</TD></TR></TABLE>>",
    "</B></FONT></TD>",
    "<!-- x -->",
    "]]>",
    '"];evil[',
    '"',
    "\\",
    '\\"',
    "\\\\",
    "\\N \\G \\E \\T \\H \\L \\n \\l \\r",
    "ends in \\",
    "&",
    "&amp;",
    "&lt;b&gt;",
    "&#65; &#x41; &nosuch;",
    "%s %d {0}",
    "line 1\nline 2",
    "line 1\r\n\rline 2",
    "tab\there",
    "\x00\x01\x1b[31m\x7f\x85\x9f",
    "\ud800 alone",
    "\ufffe\uffff",
    "ŷ ∂J/∂w₁ σ 神经 🙂 e\u0301",
    "\u202eright to left",
    "",
    "  ",
    "\n",
    "'; DROP",
    "digraph",
    "n0 -> n1",
    "//x /* y */ # z",
]

MERMAID = [
    "1. one",
    "1) one",
    "12.",
    "- dash",
    "-",
    "+ plus",
    "* star",
    "  - dash",
    "`code`",
    "``",
    "    code",
    "_slanted_ __bold__",
    "*slanted* **bold** ~~struck~~",
    "title\n===",
    "title\n---",
    "---",
    "# heading",
    "> quoted",
    "http://example.com www.example.com x@example.com",
    "[link](http://example.com) ![image](x.png)",
    "| a | b |\n|---|---|",
    "end",
    "subgraph",
    "graph TD; A-->B",
    "%% comment",
    "%%{init: {}}%%",
    "click n0 call x()",
    ":::cls",
    "style a:b",
    'style: "a"',
    'classDef x:"y"',
    "#59; #quot; #9829; fa:fa-car",
    "$$x^2$$",
    "A -- text --> B",
    "A@{ shape: cyl }",
    "ﬂ°°65¶ß ﬂ°amp¶ß",
    "<br/> <br>",
    "<script>alert(1)</script>",
    "javascript:alert(1)",
]
"""What means something to Mermaid, or to the Markdown that it reads in texts."""

CHARACTERS = "|{}<>&\"'\\;[]()=-+*_~`#%$@!:./,^?x1 \n"
"""Of which the three languages make their signs."""

TOGETHER = 20
"""So many labels stand in one picture."""


def random_label(random: Random) -> str:
    """A mixture of everything above, of random Unicode and of control characters; some are very long."""
    label = "".join(_random_part(random) for _ in range(random.randint(1, 5)))
    return label * random.randint(50, 2_000) if random.random() < 0.02 else label


def _random_part(random: Random) -> str:
    return random.choice(
        (
            lambda: random.choice(HOSTILE),
            lambda: random.choice(MERMAID),
            lambda: "".join(random.choices(CHARACTERS, k=random.randint(1, 10))),
            lambda: "".join(chr(random.randrange(0x110000)) for _ in range(random.randint(1, 4))),
            lambda: "".join(chr(random.randrange(0x300)) for _ in range(random.randint(1, 6))),
        )
    )()


# ---- what is to be read


def visible(text: str) -> str:
    """A text without white space, with U+FFFD for what XML cannot hold."""
    kept = text.translate(str.maketrans("", "", "\n\r\t"))
    forbidden = {c for c in kept if unicodedata.category(c) in {"Cc", "Cs"} or ord(c) % 65536 in {0xFFFE, 0xFFFF}}
    return "".join("".join("\ufffd" if c in forbidden else c for c in kept).split())


def is_told(label: str, told: Told) -> bool:
    """Whether a label is shown whole or, where it is long, its pieces in order, and the whole of it in the tooltip."""
    whole, text = visible(label), visible("".join(told.lines))
    if not label.split():  # names are made without this white space, and the node has the remark v1
        text = re.sub(r"v\d+$", "", text)
    if is_short(label):
        return text == whole
    pieces = ".*".join(map(re.escape, text.split("…")))
    in_tooltip = told.tooltip is None or visible(told.tooltip).startswith(whole)
    fits = len(told.lines) <= MOST_LINES and all(columns(line) <= LONGEST_LINE for line in told.lines)
    return "…" in text and bool(re.fullmatch(pieces, whole)) and in_tooltip and fits


def is_short(label: str) -> bool:
    lines = label.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return len(lines) <= MOST_LINES and all(
        columns(line) <= LONGEST_LINE and len(line) <= 4 * LONGEST_LINE for line in lines
    )


def columns(line: str) -> int:
    """A wide character takes two, an accent none."""
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in line)


# ---- pictures, and what is read from them


class Told(NamedTuple):
    """What a node tells beside its two numbers; Mermaid has no tooltips."""

    lines: Sequence[str]
    tooltip: str | None = None


def sum_labelled(labels: Sequence[str]) -> Value:
    """A sum of leaves with these labels, which has the first label too."""
    y = functions.sum([Value(1.0, label) for label in labels])
    y.label = labels[0]
    return y


def in_source(picture: Picture) -> list[Told]:
    found = drawn(picture)
    return [Told(found.lines(name)[:-2], tooltip(attributes)) for name, attributes in found.nodes.items()]


def in_svg(picture: Picture) -> list[Told]:
    nodes = svg_nodes(picture)
    return [Told(nodes[name].lines[:-2], nodes[name].tooltip) for name in drawn(picture).nodes]


def in_mermaid(picture: Picture) -> list[Told]:
    return [Told(node.lines[:-2]) for node in flowchart(to_mermaid(picture)).nodes.values()]


READERS: dict[str, Callable[[Picture], list[Told]]] = {
    "DOT source": in_source,
    **({"SVG": in_svg} if has_layout_engine() else {}),
    "Mermaid text": in_mermaid,
}


def lost(labels: Sequence[str], read: Callable[[Picture], list[Told]]) -> list[str]:
    """The labels that a picture of a sum of such leaves does not tell; all of them where it can't be read."""
    picture = draw(sum_labelled(labels))  # no variable holds it, whose name would stand for an empty label
    try:
        *leaves, root = read(picture)
    except (ValueError, ET.ParseError, RuntimeError):
        return list(labels)
    if len(leaves) != len(labels):
        return list(labels)
    bare = root._replace(lines=["".join(root.lines).lstrip().removeprefix("sum")])
    wrong = [label for label, told in zip(labels, leaves) if not is_told(label, told)]
    return wrong if wrong or not is_short(labels[0]) or is_told(labels[0], bare) else [labels[0]]


def lost_of_many(labels: Sequence[str], read: Callable[[Picture], list[Told]]) -> list[str]:
    """The same for any number of labels, in pictures of a few; each of these alone where one is lost."""
    found = []
    for start in range(0, len(labels), TOGETHER):
        several = labels[start : start + TOGETHER]
        if lost(several, read):
            found += [label for label in several if lost([label], read)] or [several[0]]
    return found


def main(arguments: list[str] | None = None) -> int:
    """Prints the table; 1 when a label was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile_labels", description="labels that break pictures")
    parser.add_argument("--labels", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    random = Random(options.seed)
    labels = [random_label(random) for _ in range(options.labels)]
    broken = 0
    for name, read in READERS.items():
        found = lost_of_many(labels, read)
        came = len(labels) - len(found)
        print(f"  {name:<14}{came:>6,} of {len(labels):,} came through{f'   lost: {found[0][:60]!r}' if found else ''}")
        broken += len(found)
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
