"""The colours of the pictures as CSS, for light and, turned over, for dark."""

from __future__ import annotations

from collections.abc import Iterator

from autograd.drawing.looks import DERIVATIVE, FAINT, INK, LIT, NODES, PAPER

LOOKS = ("input", "parameter", "target", "constant", "leaf", "computed", "collapsed")
"""The kinds of nodes that the explorer draws."""

NIGHT, MOON = "#14181d", "#e8ebee"
"""What is behind text in the dark, and text."""

DIM, GLOW = 0.4, 0.5
"""In the dark: how much of its colour the inside of a node has, and how much of white its line."""


def variables(dark: bool) -> str:
    """The declarations of all colours, such as `--input-fill: #dcecf7;`."""
    return "".join(f"--{name}: {color};" for name, color in colors(dark))


def colors(dark: bool) -> Iterator[tuple[str, str]]:
    """Each colour with its name. A node has a fill and a line, and what is written on its line is `on-line`."""
    yield from (("ink", MOON), ("paper", NIGHT)) if dark else (("ink", INK), ("paper", PAPER))
    yield "on-line", NIGHT if dark else PAPER
    yield "faint", mixed(FAINT, PAPER, 0.45) if dark else mixed(FAINT, INK, 0.2)
    yield "derivative", mixed(DERIVATIVE, "#ffd9b8", 0.62) if dark else DERIVATIVE
    yield "lit", mixed(LIT, PAPER, 0.25) if dark else LIT
    for look in LOOKS:
        fill, line = NODES[look].fillcolor, NODES[look].color
        by_night = NIGHT if fill == PAPER else mixed(NIGHT, line, DIM)
        yield f"{look}-fill", by_night if dark else fill
        yield f"{look}-line", mixed(line, PAPER, GLOW) if dark else line


def mixed(first: str, second: str, share: float) -> str:
    """A colour between two, of which the second has this share."""
    pairs = zip(_channels(first), _channels(second))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(color: str) -> list[int]:
    return [int(color[place : place + 2], 16) for place in (1, 3, 5)]
