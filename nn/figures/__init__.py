"""Figures, drawn with matplotlib, which is optional: what a model does, what it has learnt, and how.

What is exported here is for charts of your own in the same looks: an empty figure and its axes, names, colours.

Reading order: `palette`, `canvas` (the door to matplotlib), `labels`; `classes` (targets as plain numbers) and
`boundaries`; `landscapes` (a loss in numbers) and `surfaces`; `sampling` and `activations`; `mosaics`, `digits` and
`weights`; `curves`.
"""

from autograd.drawing.looks import FAINT, INK, PALE, PAPER
from nn.figures.canvas import (
    AS_IT_IS,
    Axes,
    Figure,
    add_legend,
    banded,
    bare,
    blank,
    centred,
    colour_bar,
    colours,
    dressed,
)
from nn.figures.labels import End, name_ends
from nn.figures.landscapes import Landscape, Survey
from nn.figures.mosaics import Cell, mosaic
from nn.figures.palette import (
    BLUE,
    COLOURS,
    DASHES,
    DIVERGING,
    DIVERGING_TINTS,
    HOLE,
    LARGE,
    MARKERS,
    ORANGE,
    PLAIN,
    SEQUENTIAL,
    SMALL,
    TINTS,
)

__all__ = [
    "AS_IT_IS",
    "BLUE",
    "COLOURS",
    "DASHES",
    "DIVERGING",
    "DIVERGING_TINTS",
    "FAINT",
    "HOLE",
    "INK",
    "LARGE",
    "MARKERS",
    "ORANGE",
    "PALE",
    "PAPER",
    "PLAIN",
    "SEQUENTIAL",
    "SMALL",
    "TINTS",
    "Axes",
    "Cell",
    "End",
    "Figure",
    "Landscape",
    "Survey",
    "add_legend",
    "banded",
    "bare",
    "blank",
    "centred",
    "colour_bar",
    "colours",
    "dressed",
    "mosaic",
    "name_ends",
]
