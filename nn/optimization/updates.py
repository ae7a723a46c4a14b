"""What a step of an optimizer changed: its rule as formulas, and a table with a line for each parameter.

Law of this file: what is told is what was executed. The numbers are those of the step, and a formula is read off the
rule itself, which is run on Values in the place of its arrays.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from itertools import chain, count
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd import Value
from autograd.notation.graphs import graph_term
from autograd.notation.names import Names
from autograd.notation.screens import COLUMNS, LONGEST_NAME, SHORTEST_NAME, shortened, table, width
from autograd.notation.typesetting import Mathematics, mathematical
from autograd.value import topological_order, value_operands
from nn.abridging import abridged

Array: TypeAlias = NDArray[np.float64]

MOST_LINES, FIRST_LINES = 16, 14
"""A table of more parameters than that shows the first ones and the last."""

RATE = "η"
"""The learning rate in formulas, as in document 004: `lr(g + v)` would read as a function."""

SYMBOL = 0.5
"""The number of every Value in a rule that is told: inside the domain of roots, quotients and powers of fractions."""


class Change(NamedTuple):
    """One parameter in one step, with all digits: `gradient` is None where it was not computed, and nothing moved.

    The moments are those after the step; `steps` is how many steps this parameter has taken, t in the formulas.
    """

    parameter: str
    before: float
    gradient: float | None
    moments: dict[str, float]
    change: float
    after: float
    steps: int


class Step(NamedTuple):
    """The numbers of one step, in arrays in the order of the parameters; `moved` says of which there was a gradient."""

    number: int
    lr: float
    before: Array
    gradients: Array
    moved: NDArray[np.bool_]
    moments: Sequence[Array]
    after: Array
    counts: Any  # one number, or an array where they differ


class Rule(NamedTuple):
    """The rule of an optimizer in words: its class, the names of its moments, its formulas and its constants."""

    optimizer: str
    moments: tuple[str, ...]
    formulas: Sequence[str]
    constants: Sequence[tuple[str, float]]


class Update(Sequence[Change]):
    """The changes of one step, one for each parameter, by its place or by its name, as in `["layer1.neuron1.w[0]"]`.

    `formulas` are the rule, a line for each assignment. Raises KeyError for a name that no parameter has.
    """

    def __init__(self, rule: Rule, step: Step, names: Sequence[str]) -> None:
        self.optimizer, self.step, self.lr, self.formulas = rule.optimizer, step.number, step.lr, tuple(rule.formulas)
        self._rule, self._numbers, self._names = rule, step, names
        self._counts = np.broadcast_to(step.counts, step.before.shape)

    def __len__(self) -> int:
        return len(self._numbers.before)

    def __getitem__(self, place):  # type: ignore[no-untyped-def]  # the two kinds of a Sequence's places, and names
        if isinstance(place, slice):
            return [self._change(at) for at in range(*place.indices(len(self)))]
        if isinstance(place, str):
            return self._change(self._place(place))
        return self._change(range(len(self))[place])

    def __repr__(self) -> str:
        header = [shortened(line) for line in (self._headline(), *(f"    {line}" for line in self.formulas))]
        return "\n".join([*header, "", *_fitted(self._rows())])

    def _repr_html_(self) -> str:
        lines = "".join(f"<p>{html.escape(line)}</p>" for line in (self._headline(), *self.formulas))
        head, *rows = self._rows()
        cells = ["".join(f"<th>{html.escape(cell)}</th>" for cell in head)]
        cells += ["".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows]
        body = "\n".join(f"<tr>{line}</tr>" for line in cells)
        return f'<div class="tex2jax_ignore mathjax_ignore">{lines}\n<table>\n{body}\n</table></div>'

    def _place(self, name: str) -> int:
        if name not in self._names:
            near = get_close_matches(name, self._names, n=1)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            raise KeyError(f"no parameter of this step is called {name!r}{meant}")
        return self._names.index(name)

    def _change(self, at: int) -> Change:
        numbers = self._numbers
        before, after = float(numbers.before[at]), float(numbers.after[at])
        moments = {name: float(moment[at]) for name, moment in zip(self._rule.moments, numbers.moments)}
        moved = bool(numbers.moved[at])
        gradient = float(numbers.gradients[at]) if moved else None
        change = after - before if moved else 0.0  # an infinite parameter that stays has no change of inf - inf
        return Change(self._names[at], before, gradient, moments, change, after, int(self._counts[at]))

    def _headline(self) -> str:
        style = Mathematics()
        t = "" if self._has_counts() else "t = "
        constants = (
            f"{letter} = {style.constant(x)}" for letter, x in ((f"lr = {RATE}", self.lr), *self._rule.constants)
        )
        return f"{self.optimizer}, step {t}{self.step:,}: {', '.join(constants)}"

    def _has_counts(self) -> bool:
        """Whether t is not the number of the step for all: somebody joined late."""
        return bool(np.any(self._counts != self.step))

    def _rows(self) -> list[tuple[str, ...]]:
        t = ["t"] * self._has_counts()
        rows = [("parameter", "before", "gradient", *self._rule.moments, "change", "after", *t)]
        for place in abridged(len(self), MOST_LINES, FIRST_LINES):
            hidden = len(self) - FIRST_LINES - 1
            rows.append(("⋮", f"{hidden:,} more", *[""] * (len(rows[0]) - 2)) if place is None else self._cells(place))
        return rows

    def _cells(self, at: int) -> tuple[str, ...]:
        line = self._change(at)
        moved = line.gradient is not None
        gradient, change = (mathematical(line.gradient or 0.0), mathematical(line.change)) if moved else UNMOVED
        numbers = (mathematical(line.before), gradient, *map(mathematical, line.moments.values()), change)
        return line.parameter, *numbers, mathematical(line.after), *[f"{line.steps:,}"] * self._has_counts()


UNMOVED = ("not computed", "not moved")
"""What stands for the gradient and the change of a parameter that was left alone."""


def formulas(rule: Callable[..., Any], moments: Sequence[str], letters: Mapping[str, Any]) -> list[str]:
    """The rule as assignments, `p ← p − η · g`; none, if it can't be run on Values.

    A hyper-parameter has a letter or several; what is no text, as a choice, is given to the rule as it is. What is used
    twice is told apart, as d. A letter of a moment is the old number until the line that gives the new one.
    """
    with suppress(Exception):  # a rule of one's own may do what is not recorded
        letters = {name: _symbols(letter) for name, letter in letters.items()}
        p, *new = rule(*map(_symbols, ("p", "g", "t", RATE, *moments)), **letters)
        return list(_assignments({**dict(zip(new, moments)), p: "p"}))
    return []


def _assignments(results: dict[Value, str]) -> Iterator[str]:
    order = list(dict.fromkeys(chain.from_iterable(map(topological_order, results))))
    named = _shared(order, results) | results
    style = Mathematics(lambda node: named.get(node) or node.label)
    for node in order:
        if node in named and node.primitive:
            yield f"{named[node]} ← {style.write(graph_term(topological_order(node), named))}"


def _shared(order: Sequence[Value], results: Mapping[Value, str]) -> dict[Value, str]:
    """A name for each node that is used more than once, and has none."""
    uses = Counter(chain.from_iterable(map(value_operands, order)))
    shared = (node for node in order if uses[node] > 1 and node.primitive and node not in results)
    return {node: f"d{number if number > 1 else ''}" for node, number in zip(shared, count(1))}


def _symbols(letters: Any) -> Any:
    if isinstance(letters, tuple):
        return tuple(map(_symbols, letters))
    return Value(SYMBOL, letters) if isinstance(letters, str) else letters


def _fitted(rows: list[tuple[str, ...]]) -> list[str]:
    """The rows as a table that fits a screen: names are as long as there is room for them."""
    others = sum(max(map(width, column)) + 3 for column in list(zip(*rows))[1:])
    longest = min(LONGEST_NAME, max(SHORTEST_NAME, COLUMNS - others))
    return [shortened(line) for line in table([(shortened(name, longest), *cells) for name, *cells in rows])]


def names_of_parameters(parameters: Sequence[Value]) -> Sequence[str]:
    """What the parameters are called: their labels, else the variables of who asks, else v1, v2 …"""
    names = Names(parameters)
    return [names[parameter] for parameter in parameters]
