"""`explain`: why a derivative has its value, told as the chain rule that was executed.

Laws of this file:
- A path is a chain of edges of the recorded graph, and its steps go from named value to named value.
- A rule that is told is the formula of the table, a number that is told is the partial that `backward` uses.
- What is told is of the moment of the call: after a number of the graph was changed, it says that it is stale.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Iterator, Sequence
from functools import cached_property, reduce
from itertools import accumulate, islice
from typing import get_args

from autograd.explanation.lines import Line, as_html, as_latex, as_text
from autograd.explanation.paths import Edge, Path, Paths
from autograd.explanation.steps import Cutter, Detail, Step, symbols
from autograd.moment import Moment
from autograd.notation.names import Names
from autograd.notation.rules import operation
from autograd.notation.screens import COLUMNS, LONGEST_NAME, shortened, width
from autograd.notation.terms import Term, symbol
from autograd.notation.typesetting import DIGITS, Latex, Mathematics, Style, mathematical, upright
from autograd.primitives import Primitive
from autograd.value import Value, adjoints, given, topological_order

MOST_PATHS = 8
"""So many paths are listed, unless more are asked for."""

WIDTH = 80
"""Where the lines of several paths would be longer, they tell the numbers, and through what the path goes."""

FEWER = ((5, 2), (3, 1), (1, 1))
"""How many steps of a path are told, the first and the last ones, until they fit a screen."""

REMARK = 20
"""The columns for what is said behind a line, and before it."""

MOST_TOLD, MOST_OPERANDS = 8, 4
"""So many numbered values are told below, each with so many operands of a vector."""

CANCELLED = 1e-3
"""Of the sum of |contributions|: where less is left, paths cancel, and shares of it would be of any size."""

SHARE_DIGITS = 3
"""Of a share: one that is not zero does not read as zero."""


@given
def explain(
    y: Value, x: Value, *, detail: Detail = "named", precision: int = DIGITS, paths: int = MOST_PATHS
) -> Explanation:
    """Why dy/dx has its value: the chain rule along the paths from y to x, with the rules and the numbers put in.

    x may be any Value. `detail="all"` shows each executed factor and leaves out none; `precision=17` gives all digits;
    of several paths the largest are listed, as many as `paths` says. Changes nothing. Raises StaleGraph when a leaf
    was written since y was recorded, TypeError for what is no Value, ValueError for an unknown detail and for numbers
    of paths or digits below 1.
    """
    for value in (y, x):
        if type(value) is not Value:
            raise TypeError(f"explain needs two Values, y and x; got {type(value).__name__} {value!r}")
    if detail not in get_args(Detail):
        raise ValueError(f"detail is 'named' or 'all'; got {detail!r}")
    if not hasattr(paths, "__index__"):
        raise TypeError(f"paths is a whole number of paths to list; got {type(paths).__name__} {paths!r}")
    if operator.index(paths) < 1:
        raise ValueError(f"paths is the number of paths to list, 1 or more; got {paths}")
    return Explanation(y, x, detail, precision, paths)


class Explanation:
    """dy/dx told: `derivative`, the number of paths `count`, and the largest of them, `paths`.

    `count` is None where the paths are too many to be counted exactly. Text, LaTeX and HTML say the same.
    """

    def __init__(self, y: Value, x: Value, detail: Detail, precision: int, most: int) -> None:
        order = topological_order(y)
        self.y, self.x = y, x
        self._words = Words(Names(order if x in set(order) else [x, *order]), Moment(order), precision)
        self._all = Paths(y, x)
        self.derivative = adjoints(y).get(x, 0.0)
        self.count = self._all.count
        found = list(islice(self._all.largest_first(), most))
        size = sum(abs(path.contribution) for path in found)
        whole = self.derivative if CANCELLED * size < abs(self.derivative) < math.inf else None
        cutter = Cutter(self._words.names, detail)
        self.paths = [
            PathTold(y, x, path, self._fitting(path, cutter), whole, self._words, 0 if self.count == 1 else place)
            for place, path in enumerate(found, start=1)
        ]

    def _fitting(self, path: Path, cutter: Cutter) -> list[Step]:
        """The steps of a path, as many as a screen is wide; of one that is told in full, all."""
        style = self._words.style(Mathematics)
        for limits in FEWER:
            steps = cutter.steps(path, *limits)
            if cutter.is_whole or max(map(width, self._words.equal(steps, style))) <= COLUMNS - REMARK:
                break
        return steps

    @property
    def depends(self) -> bool:
        """Whether y depends on x at all: a derivative of zero does not say that."""
        return bool(self._all)

    @property
    def remainder(self) -> float:
        """What the paths that are not listed add."""
        if not self._unlisted:
            return 0.0
        return reduce(operator.sub, (told.contribution for told in self.paths), self.derivative)

    def latex(self) -> str:
        """LaTeX, aligned at the equals signs; without dollar signs."""
        return as_latex(self.lines(self._words.style(Latex)))

    def __repr__(self) -> str:
        return as_text(self.lines(self._words.style(Mathematics)))

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def _repr_html_(self) -> str:
        return as_html(self.lines(self._words.style(Mathematics)))

    def lines(self, style: Style) -> Iterator[Line]:
        """What is told, line by line."""
        quotient, name = self._words.quotient(self.y, self.x, style), self._words.name
        if self._words.moment.is_past:
            yield _stale(quotient)
        elif self.x is self.y:
            yield Line(quotient, "1", "it is the variable itself")
        elif not self.depends:
            yield Line(quotient, "0", f"{name(self.y)} does not depend on {name(self.x)}")
        elif self.count == 1:
            yield from self.paths[0].lines(style)
        else:
            yield Line(quotient, style.number(self.derivative), self._counted())
            yield from self._listed(style)

    def _counted(self) -> str:
        count = f"{self.count:,}" if self.count is not None else f"about 10^{self._all.magnitude:.0f}"
        largest = f"the largest {len(self.paths)} of them" if len(self.paths) > 1 else "the largest of them"
        shown = largest if self._unlisted else "the largest first"
        return f"the sum over {count} paths, {shown}"

    def _listed(self, style: Style) -> Iterator[Line]:
        """A line for each path, one for those that read alike, and one for the others together."""
        text = self._words.style(Mathematics)
        is_wide = any(width(" = ".join(told.addend(text))) > WIDTH for told in self.paths)
        alike: dict[tuple[str, str], list[PathTold]] = {}
        for told in self.paths:
            line = " = ".join(told.numbers_alone(style) if is_wide else told.addend(style))
            alike.setdefault((line, told.way() if is_wide else ""), []).append(told)
        first = 1
        for (line, way), group in alike.items():
            share = group[0].remark()
            remark = f"{share} each" if len(group) > 1 and share else share
            yield Line(_paths(first, len(group), style), line, "   ".join(filter(None, (remark, way))))
            first += len(group)
        if self._unlisted:
            yield Line(_worded("others", style), style.number(self.remainder), "all of them together")
        named = (told.between() if is_wide else told.named() for told in self.paths)
        yield from self._words.below({node for nodes in named for node in nodes}, style)

    @property
    def _unlisted(self) -> bool:
        return self.count is None or self.count > len(self.paths)


class PathTold:
    """One path from y to x: its `steps`, what it adds to dy/dx, and its `share` of that.

    The share is None where the paths cancel to nothing, or to no number. `place` counts the paths from 1 on; it is 0
    where there is no other, so that what the path adds is dy/dx.
    """

    def __init__(
        self, y: Value, x: Value, path: Path, steps: list[Step], whole: float | None, words: Words, place: int
    ) -> None:
        self.y, self.x, self.path, self.steps, self.place = y, x, path, steps, place
        self.contribution = path.contribution
        self.share = None if whole is None else self.contribution / whole
        self._words = words

    @property
    def closed(self) -> Edge | None:
        """The first edge that lets nothing through; None where something comes through, be it NaN."""
        if self.contribution != 0:
            return None
        return next((edge for edge in self.path.edges if edge.partial == 0), None)

    def __repr__(self) -> str:
        return as_text(self.lines(self._words.style(Mathematics)))

    def lines(self, style: Style) -> Iterator[Line]:
        """The chain rule, the rules, the numbers, the result; what would be said twice is left out."""
        quotient = self._words.quotient(self.y, self.x, style)
        if self._words.moment.is_past:
            yield _stale(quotient)
            return
        left = _paths(self.place, 1, style) if self.place else quotient
        *before, result = self.equal(style)
        remarks = ["the chain rule", "the rules", "the numbers"] if len(self.steps) > 1 else ["the rule"]
        _, rules, numbers = self._words.equal(self.steps, style)
        if len(self.steps) > 1 and rules == numbers:
            remarks = ["the chain rule", "the numbers"]
        right = before if len(self.steps) > 1 else before[1:]
        for place, (text, remark) in enumerate(zip(right, remarks)):
            yield Line("" if place else left, text, remark)
        yield Line("" if right else left, result, self._words.why(self))
        yield from self._words.below(set(self.named()), style)

    def equal(self, style: Style) -> list[str]:
        """The texts that are equal: quotients, rules, numbers, the result, without what would be said twice."""
        return list(dict.fromkeys([*self._words.equal(self.steps, style), style.number(self.contribution)]))

    def addend(self, style: Style) -> list[str]:
        """The same, without the one quotient of a single step: it would be that of the whole sum."""
        return self.equal(style)[len(self.steps) == 1 :]

    def numbers_alone(self, style: Style) -> list[str]:
        """The numbers and the result."""
        return list(dict.fromkeys([self._words.numbers(self.steps, style), style.number(self.contribution)]))

    def remark(self) -> str:
        """The share, or why there is none."""
        share = "" if self.share is None else f"{mathematical(100 * self.share, SHARE_DIGITS)} %"
        return self._words.why(self) or share

    def way(self) -> str:
        """Through what the path goes."""
        between = list(map(self._words.name, self.between()))
        return f"through {', '.join(between)}" if between else ""

    def between(self) -> list[Value]:
        """The Values in which one step ends and the next begins."""
        return [step.lower for step in self.steps[:-1]]

    def named(self) -> Iterator[Value]:
        """The Values that the steps and their rules name."""
        for step in self.steps:
            yield from (step.upper, step.lower, *symbols(step.rule))


class Words:
    """What the values of one graph are called, and what is said of them at one moment."""

    def __init__(self, names: Names, moment: Moment, precision: int) -> None:
        self.names, self.moment, self.precision = names, moment, precision
        self.style(Style)  # a precision that is none is refused now, and not when it is shown

    def style(self, kind: type[Style]) -> Style:
        return kind(self.name, self.precision)

    def name(self, thing: Value | str) -> str:
        """What a Value is called, at no great length."""
        return shortened(self.names[thing], LONGEST_NAME)

    @cached_property
    def _place(self) -> dict[Value, int]:
        return {node: place for place, node in enumerate(self.names.order)}

    def quotient(self, upper: Value, lower: Value, style: Style) -> str:
        """∂y/∂x"""
        over, under = (style.write(symbol(node)) for node in (upper, lower))
        if isinstance(style, Latex):
            return rf"\frac{{\partial {over}}}{{\partial {under}}}"
        return f"∂{bracketed(over)}/∂{bracketed(under)}"

    def why(self, told: PathTold) -> str:
        """Why a path adds nothing, or NaN; empty for one that adds a number."""
        if math.isnan(told.contribution):
            return f"diagnose({self.name(told.y)}) tells where NaN was born"
        return self._closed(told.closed) if told.closed else ""

    def _closed(self, edge: Edge) -> str:
        node, operand, style = edge.node, edge.operand, self.style(Mathematics)
        row: Primitive = node.primitive  # type: ignore[assignment]
        operation = f"{self.name(node)} = {style.write(_operation(node))}"
        if row.selects and operand.data == node.data:
            return f"closed at {operation}, where several tie: {row.ties}"
        if row.branch is None or row.vectors or edge.place:  # it is the first operand that meets the kink
            return f"closed at {operation}: {self.quotient(node, operand, style)} is 0"
        convention = f", by convention ({row.ties})" if operand.data == 0 else ""
        at = f"{self.name(operand)} = {style.number(operand.data)}"
        return f"closed at {operation}: the slope is 0 at {at}{convention}"

    def equal(self, steps: Sequence[Step], style: Style) -> list[str]:
        """A product of steps as quotients, as rules and as numbers."""
        quotients = _times(style).join(self.quotient(step.upper, step.lower, style) for step in steps)
        if len(steps) == 1:
            return [quotients, style.write(steps[0].rule), self.numbers(steps, style)]
        rules = _times(style).join(_apart(style.factor(step.rule), style) for step in steps)
        return [quotients, rules, self.numbers(steps, style)]

    def numbers(self, steps: Sequence[Step], style: Style) -> str:
        """−4.477 · 0.2495"""
        return _times(style).join(style.number(step.partial) for step in steps)

    def below(self, nodes: set[Value], style: Style) -> Iterator[Line]:
        """The values among these that are told by a number, and what they are."""
        numbered = sorted(nodes - self.names.given.keys(), key=self._place.__getitem__)
        for node in numbered[-MOST_TOLD:][::-1]:
            value = style.number(node.data)
            text = f"{style.write(_operation(node))} = {value}" if node.primitive else value
            yield Line(style.write(symbol(node)), text, "" if node.primitive else "a leaf", below=True)
        if len(numbered) > MOST_TOLD:
            yield Line("", "", f"and {len(numbered) - MOST_TOLD:,} more values without a name", below=True)


def _stale(quotient: str) -> Line:
    return Line(quotient, "", f"is stale: {Moment.told('explain')}")


def _paths(first: int, count: int, style: Style) -> str:
    """What is listed: an addend, which is not equal to the sum."""
    text = f"path {first}" if count == 1 else f"paths {first}–{first + count - 1}"
    return _worded(text, style)


def _worded(text: str, style: Style) -> str:
    return upright(text) if isinstance(style, Latex) else text


def _operation(node: Value) -> Term:
    return operation(node, MOST_OPERANDS)


def bracketed(name: str) -> str:
    """A name in a quotient: in brackets where it reads as an operation."""
    return name if re.fullmatch(r"[^\s+*/·()−-]+", name) else f"({name})"


def _apart(factor: str, style: Style) -> str:
    """The factor, in brackets where it is a product itself, so that each step has one factor and one number."""
    parts = factor.split(_times(style))
    depths = accumulate(part.count("(") - part.count(")") for part in parts[:-1])
    return style.brackets.format(factor) if 0 in depths else factor


def _times(style: Style) -> str:
    return r" \cdot " if isinstance(style, Latex) else " · "
