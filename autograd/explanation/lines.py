"""The lines of an explanation, as text, as LaTeX and as HTML, which say the same."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import NamedTuple

from autograd.notation.screens import table, width
from autograd.notation.typesetting import upright


class Line(NamedTuple):
    """What is equal to what, and a word about it; or `below`, what a numbered name stands for."""

    left: str
    right: str
    remark: str = ""
    below: bool = False

    @property
    def equal(self) -> str:
        return f"= {self.right}" if self.right else ""


def as_text(lines: Iterable[Line]) -> str:
    """The equals signs and the remarks one below the other, and the numbered names apart."""
    listed = list(lines)
    main = [line for line in listed if not line.below]
    left = max(width(line.left) for line in main)
    cells = [(" " * (left - width(line.left)) + line.left + f" {line.equal}", line.remark) for line in main]
    below = [f"{line.left} {line.equal}   {line.remark}".strip() for line in listed if line.below]
    indented = [f"{'':>{left}} {'' if place else 'where':5} {text}" for place, text in enumerate(below)]
    return "\n".join([*table(cells), *indented])


def as_latex(lines: Iterable[Line]) -> str:
    """Aligned at the equals signs; without dollar signs."""
    told = [f"{line.left} &{line.equal}{f' && {upright(line.remark)}' if line.remark else ''}" for line in lines]
    return "\\begin{aligned}\n" + " \\\\\n".join(told) + "\n\\end{aligned}"


def as_html(lines: Iterable[Line]) -> str:
    """A table, in which every name is text: a page that typesets dollar signs is told to leave it alone."""
    rows = ("".join(map(_cell, (line.left, line.equal, line.remark))) for line in lines)
    return f'<table class="tex2jax_ignore mathjax_ignore">{"".join(f"<tr>{row}</tr>" for row in rows)}</table>'


def _cell(text: str) -> str:
    return f'<td style="text-align:left;white-space:nowrap;padding:0 1.5em 0 0">{html.escape(text)}</td>'
