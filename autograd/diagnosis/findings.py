"""What a diagnosis is made of: the graph that is looked at, how its nodes are told, and what was found in it."""

from __future__ import annotations

import heapq
import math
import reprlib
import textwrap
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from autograd import primitives
from autograd.derivatives import number_of
from autograd.notation.names import Names
from autograd.notation.rules import by_name
from autograd.notation.screens import COLUMNS
from autograd.notation.terms import Term, symbol
from autograd.notation.typesetting import Mathematics, mathematical
from autograd.recording import Origin
from autograd.value import NOTHING, Operand, Value, adjoints, record, require_fresh, value_operands, walk

MOST_ELEMENTS = 4
"""Of a longer vector, the elements that matter most are written, and dots for the others."""

LONGEST_NAME = 40
"""A label is free text; what is longer is cut."""


class LayerGradient(NamedTuple):
    """One layer, counted from y: its neurons over all examples, |slope| of their activations on average, and δ.

    `slopes` is the product of the mean slopes from y down to here; δ is the root mean square of ∂y/∂z over the
    layer's neurons and examples, where z is what an activation is applied to.
    """

    name: str
    neurons: int
    slope: float
    slopes: float
    delta: float


class Finding(NamedTuple):
    """One ailment: where it is, in words and numbers, and one sentence of advice.

    `ailment` and `cause` are short words that do not change; `nodes` are the Values that have it: where NaN or an
    infinity was born, the first one first; or for each neuron its activation in the first example. `origin` is the
    line that computed the first of the nodes, if that was recorded inside `recording_origins`. `layers` are those of
    a gradient that vanishes or explodes, the nearest to y first; of more than 16 the first and the last 8.
    """

    ailment: str
    cause: str
    nodes: tuple[Value, ...]
    text: str
    advice: str
    origin: Origin | None = None
    layers: tuple[LayerGradient, ...] = ()

    def lines(self) -> list[str]:
        """What is told, in lines that fit a terminal: the ailment, the line of the program, the advice."""
        told = self.text.split("\n")
        if self.origin:
            told.append(f"  computed at {self.origin}")
        return [line for text in (*told, f"  → {self.advice}") for line in _wrapped(text)]

    def __repr__(self) -> str:
        return "\n".join(self.lines())


class Case:
    """The graph below some roots, with d (sum of the roots) / d v for every Value v: what is looked at.

    Raises StaleGraph when a leaf below was written since the graph was recorded.
    """

    def __init__(self, roots: Sequence[Value]) -> None:
        self.roots = roots
        self.root = roots[0] if len(roots) == 1 else _total(roots)
        self.leaves, inner = walk(self.root)
        require_fresh(self.leaves, inner)
        self.adjoints = adjoints(self.root)
        self.nodes_above_leaves = inner
        self.inner = inner if len(roots) == 1 else inner[:-1]

    def reached(self, node: Value) -> bool:
        """Whether any derivative came to the node, be it 0; where none does, none is passed on."""
        return self.adjoints[node] is not NOTHING

    @cached_property
    def has_finite_derivatives(self) -> bool:
        return all(map(math.isfinite, self.adjoints.values()))

    def size(self) -> str:
        """How many nodes were looked at, in words."""
        count = len(self.leaves) + len(self.inner)
        return f"{count:,} node{plural(count)}"

    # ---- how nodes are told

    @cached_property
    def _names(self) -> Names:
        return Names([*self.leaves, *self.nodes_above_leaves])

    def name(self, node: Value) -> str:
        name = self._names[node]
        return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"

    def formula(self, node: Value) -> str:
        """A computed node by its name and its operation: `d = a − b`."""
        return f"{self.name(node)} = {self._operation(node, by_name)}"

    def equation(self, node: Value) -> str:
        """A node by its name, its operation in names and in numbers, and its number: `d = a − b = inf − inf = nan`."""
        parts = [self.formula(node), self._operation(node, number_of)] if node.primitive else [self.name(node)]
        return " = ".join(dict.fromkeys([*parts, mathematical(node.data)]))

    def _operation(self, node: Value, read: Callable[[Operand], Any]) -> str:
        """The operation of a computed node on what is read of its operands; long vectors are abridged."""
        operands = _abridged(node) if node.vectors else node.operands
        term = Term(node.primitive, _mapped(lambda x: symbol(x) if type(x) is str else read(x), operands))
        return Mathematics(lambda thing: thing if type(thing) is str else self.name(thing)).write(term)

    def partial(self, node: Value, operand: Value) -> str:
        return f"∂{self.name(node)}/∂{self.name(operand)}"

    def user(self, leaf: Value) -> Value | None:
        """The first node that was computed from a leaf."""
        return next((node for node in self.inner if any(x is leaf for x in value_operands(node))), None)


def examined(y: Any) -> Case:
    """The case of one Value, or of several. Raises TypeError for what is no Value, ValueError for none."""
    roots: Any = [y] if isinstance(y, Value) or not isinstance(y, Iterable) or isinstance(y, str) else list(y)
    for root in roots:
        if type(root) is not Value:
            raise TypeError(f"diagnose needs a Value, or several; got {type(root).__name__} {reprlib.repr(root)}")
    if not roots:
        raise ValueError("diagnose needs at least one Value; got none")
    return Case(roots)


def numbers(node: Value) -> list[float]:
    """The numbers of all operands."""
    return list(map(number_of, node.operands))


def plural(count: int) -> str:
    return "" if count == 1 else "s"


def _total(roots: Sequence[Value]) -> Value:
    total = record(primitives.sum, (tuple(roots),))
    if total.primitive is None:
        raise RuntimeError("diagnose of several Values records their sum: call it outside of no_recording()")
    return total


def _mapped(function: Callable[[Any], Any], operands: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(tuple(map(function, x)) if type(x) is tuple else function(x) for x in operands)


def _abridged(node: Value) -> tuple[tuple[Any, ...], ...]:
    """The vectors of an n-ary node, with dots in them for runs of elements that matter less."""
    elements = list(zip(*node.vectors))
    if len(elements) <= MOST_ELEMENTS:
        return node.vectors
    weights = list(map(_weight, elements))
    largest = heapq.nlargest(MOST_ELEMENTS - 1, range(len(elements)), key=weights.__getitem__)
    if max(weights) == math.inf:
        largest = [place for place in largest if weights[place] == math.inf]
    shown: list[tuple[Any, ...]] = []
    last = -1
    for place in [*sorted(largest), len(elements)]:
        shown += [("…",) * len(node.vectors)] * (place > last + 1) + elements[place : place + 1]
        last = place
    return tuple(zip(*shown))


def _weight(element: tuple[Operand, ...]) -> float:
    """How much an element matters: infinitely, where it is not finite."""
    size = abs(math.prod(map(number_of, element)))
    return size if math.isfinite(size) else math.inf


def _wrapped(line: str) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    return textwrap.wrap(line, COLUMNS - 4, subsequent_indent=indent, drop_whitespace=len(line) > COLUMNS - 4) or [""]
