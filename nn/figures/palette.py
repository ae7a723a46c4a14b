"""The colours of figures, which people see alike whatever their colour vision: those of Okabe and Ito, on white.

What differs in colour differs in a marker or in dashes too: it is told apart in print.
"""

from __future__ import annotations

from typing import Any

from autograd.drawing.looks import INK, PAPER

BLUE, ORANGE = "#0072b2", "#d55e00"

COLOURS = (ORANGE, BLUE, "#00795a", "#a8467f", "#8a6100", INK, "#2f8fcb", "#7a7265")
"""Of classes and of lines, in order: the first class is orange and the second blue, as in document 001."""

TINTS = ("#fbd9bd", "#c5dff0", "#bfe3d6", "#eccfe0", "#f3e3b5", "#d3d6da", "#dcf0fb", "#e6e1d6")
"""The same, light: what lies behind."""

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
"""Of classes, in order."""

DASHES: tuple[Any, ...] = (
    "-",
    (0, (5, 2)),
    (0, (1, 1.3)),
    (0, (6, 2, 1, 2)),
    (0, (9, 2)),
    (0, (3, 1.5, 1, 1.5, 1, 1.5)),
)
"""Of lines, in order."""

DIVERGING = ("#a63a00", "#e98b4a", "#fbe3d0", PAPER, "#d3e6f3", "#569fce", "#00507d")
"""From much below the middle to much above it: orange, white, blue."""

DIVERGING_TINTS = ("#f7b78e", "#fce0cb", PAPER, "#d3e6f3", "#98c6e4")
"""The same, light."""

HOLE = "#e3e6e9"
"""Where there is no number."""

SEQUENTIAL = ("#0f4a70", "#3f88b8", "#8fbcdb", "#cfe2ef", "#f3f7fa")
"""From low to high: a valley is deep blue."""

PLAIN, SMALL, LARGE = 10.0, 9.0, 11.5
"""Sizes of letters, in points."""
