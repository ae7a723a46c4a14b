"""The figures 73 to 76 of document 002, section 4.3."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from demos.document_002.xor_listing import TRUTH_TABLE
from nn.figures import BLUE, COLOURS, INK, MARKERS, PLAIN, Axes, add_legend, bare, blank, dressed

BACK = [(0.0, 0.0), (0.35, 0.5), (0.35, 1.5), (0.0, 2.0)]
"""The inner side of the gate, from below, as the points of a Bézier curve; it is drawn twice."""

UPPER = [(0.0, 2.0), (1.1, 2.0), (1.8, 1.6), (2.2, 1.0)]
"""From its back to its tip; below it is the same."""

GAP = 0.25
"""Between the two lines of the back: it tells XOR from OR."""


def gate() -> Any:
    """Figure 73: the symbol of the gate, and its four points in the plane of its inputs."""
    figure = blank(8, 3.6)
    left, right = figure.subplots(1, 2)
    _draw_symbol(bare(left))
    dressed(right, "A", "B")
    for wanted, marker, colour in zip((0, 1), MARKERS, COLOURS):
        places = [(a, b) for a, b, target in TRUTH_TABLE if target == wanted]
        right.scatter(*zip(*places), s=90, marker=marker, color=colour)
    right.set(xlim=(-0.4, 1.4), ylim=(-0.4, 1.4), xticks=(0, 1), yticks=(0, 1), aspect="equal")
    add_legend(right, ["A xor B = 0", "A xor B = 1"])
    return figure


def errors(numbers: Sequence[float]) -> Any:
    """Figure 74: the error by epoch."""
    return _line(numbers, "error", "training lr 1")


def sums(numbers: Sequence[float]) -> Any:
    """Figures 75 and 76: the sum of the errors of each epoch."""
    return _line(numbers, "sum of the errors of an epoch", "")


def _line(numbers: Sequence[float], name: str, title: str) -> Any:
    figure = blank(7.2, 4)
    axes = dressed(figure.add_subplot(), "epoch", name, title)
    axes.plot(range(1, len(numbers) + 1), numbers, color=BLUE, linewidth=1.2)
    axes.set(xlim=(0, len(numbers)), ylim=(0, None))
    return figure


def _draw_symbol(axes: Axes) -> None:
    shifted = [(x - GAP, y) for x, y in BACK]
    lower = [(x, 2.0 - y) for x, y in UPPER]
    for curve in (BACK, shifted, UPPER, lower):
        _draw_curve(axes, curve)
    for name, y in (("A", 1.5), ("B", 0.5)):
        axes.plot((-0.8, -0.06), (y, y), color=INK)
        axes.text(-0.9, y, name, ha="right", va="center", fontsize=PLAIN)
    axes.plot((2.2, 2.9), (1, 1), color=INK)
    axes.text(3.0, 1, "A xor B", va="center", fontsize=PLAIN)
    axes.set(xlim=(-1.3, 4.2), ylim=(-0.4, 2.4), aspect="equal")


def _draw_curve(axes: Axes, points: Sequence[tuple[float, float]]) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    codes = [Path.MOVETO, *[Path.CURVE4] * 3]
    axes.add_patch(PathPatch(Path(points, codes), fill=False, edgecolor=INK, linewidth=1.5))
