"""The two passes of a graph as steps, one for each computed node: what `backward` does, and in the same order.

Laws of this file:
- All steps of both passes leave the adjoints of `value.adjoints`, bit for bit. Nothing in the graph changes.
- A step keeps the running sums that it found, by which it is undone exactly.
- What is shown of a step leaves room on a screen of 24 lines. Everything else is in its attributes.
"""

from __future__ import annotations

import operator
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from autograd.derivatives import local_partials
from autograd.moment import Moment
from autograd.notation import rules
from autograd.notation.names import Names
from autograd.notation.screens import COLUMNS, LONGEST_NAME, Hand, fitted, table, width
from autograd.primitives import is_constant_zero
from autograd.value import NOTHING, Value, require_fresh, value_operands, walk

Numbers: TypeAlias = MutableMapping[Value, float]

MOST_OPERANDS = 4
"""An operation names so many operands of a vector."""

MOST_FLOWS, MOST_TALL_FLOWS = 5, 2
"""A step shows so many: a line for each in a table, or five where the table is too wide."""


class Passes:
    """The nodes of a graph in the order of each pass, who uses whom, and what everything is called.

    `len` counts the steps of both passes. Raises StaleGraph as `backward` does.
    """

    def __init__(self, root: Value, precision: int) -> None:
        self.root, self.precision = root, precision
        self.leaves, self.inner = walk(root)
        require_fresh(self.leaves, self.inner)
        self.order = self.leaves + self.inner
        self.backward = self.inner[::-1]
        self.uses: dict[Value, list[int]] = {node: [] for node in self.order}
        for index, node in enumerate(self.backward):
            for operand in value_operands(node):
                self.uses[operand].append(index)
        self.names = Names(self.order)
        self.moment = Moment(self.order)

    def __len__(self) -> int:
        return 2 * len(self.inner)

    @cached_property
    def index(self) -> dict[Value, int]:
        """The place of each computed node in the forward pass."""
        return {node: index for index, node in enumerate(self.inner)}

    def hand(self, longest: int = LONGEST_NAME) -> Hand:
        """How the names and numbers of this graph are written."""
        return Hand(self.names, self.precision, longest)

    def seeded(self) -> Numbers:
        """The running sums with which a backward pass begins."""
        return {**dict.fromkeys(self.order, NOTHING), self.root: 1.0}

    def require_unchanged(self) -> None:
        """Raises StaleGraph when a leaf was written, or the graph computed again, since this began."""
        if self.moment.is_past:
            require_fresh(self.leaves, self.inner)
            self.moment.require("steps")

    def forward_step(self, index: int) -> ForwardStep:
        """The step that computes one node."""
        node = self.inner[index]
        operands = tuple(x.data if type(x) is Value else x for x in node.operands)
        return ForwardStep(index + 1, node, operands, node.data, self)

    def backward_step(self, index: int, sums: Numbers) -> BackwardStep:
        """The step in which one node passes its adjoint on; writes the running sums that it makes into `sums`."""
        node = self.backward[index]
        return BackwardStep(index + 1, node, sums[node], tuple(contributions(self, node, sums)), self)

    def count_received(self, x: Value, position: int) -> tuple[int, int]:
        """How many uses of x have added to its adjoint, or had nothing to add, after so many steps; and of how many."""
        return bisect_left(self.uses[x], position - len(self.inner)), len(self.uses[x])

    def received(self, x: Value, position: int) -> str:
        """How many uses of x have added to its adjoint, in words."""
        done, uses = self.count_received(x, position)
        if not uses:
            return "the seed"
        return f"{'complete: ' * (done == uses)}{done:,} of {uses:,} use{'s' * (uses != 1)}"


def contributions(
    passes: Passes, node: Value, sums: Numbers, added: Callable[[float, float], float] = operator.add
) -> Iterator[Flow]:
    """What a node passes on, use by use, added to the running sums while it is read; nothing if it has nothing."""
    adjoint = sums[node]
    if adjoint is NOTHING:
        return
    for place, (operand, partial) in zip(rules.places(node), local_partials(node)):
        before = sums[operand]
        adds = not is_constant_zero(partial)
        product = adjoint * partial if adds else 0.0
        sums[operand] = after = added(before, product) if adds else before
        yield Flow(node, operand, place, float(partial), adjoint, product, before, after, adds, passes)


# ---- what a step is


@dataclass(frozen=True, slots=True, repr=False)
class ForwardStep:
    """One node computed: its operation, the numbers of its operands, in order, and its value.

    `number` counts the steps of this pass from 1 on.
    """

    number: int
    node: Value
    operands: tuple[float, ...]
    value: float
    _passes: Passes = field(compare=False)

    @property
    def root(self) -> Value:
        """The Value whose graph is played."""
        return self._passes.root

    @property
    def position(self) -> int:
        """How many steps of both passes are played with it."""
        return self.number

    @property
    def changed(self) -> Iterable[Value]:
        """What this step gave a number to: the node."""
        return (self.node,)

    def __repr__(self) -> str:
        return "\n".join(
            fitted(
                self._passes.hand,
                lambda hand: [" = ".join(_equal_texts(self, hand))],
                lambda hand: "\n    = ".join(_equal_texts(self, hand)).split("\n"),
            )
        )


@dataclass(frozen=True, slots=True, repr=False)
class BackwardStep:
    """One node passes its adjoint on: a flow for each use of an operand that is a Value.

    There are none where nothing was ever added to the node's own adjoint. `number` counts the steps of this pass from
    1 on.
    """

    number: int
    node: Value
    adjoint: float
    flows: tuple[Flow, ...]
    _passes: Passes = field(compare=False)

    @property
    def root(self) -> Value:
        """The Value whose graph is played."""
        return self._passes.root

    @property
    def position(self) -> int:
        """How many steps of both passes are played with it."""
        return len(self._passes.inner) + self.number

    @property
    def changed(self) -> Iterable[Value]:
        """The operands to whose adjoints this step added something."""
        return (flow.operand for flow in self.flows if flow.adds)

    def __repr__(self) -> str:
        return "\n".join(
            fitted(
                self._passes.hand,
                lambda hand: [*_head(self, hand), *_flow_table(self, hand, coming=True)],
                lambda hand: [*_head(self, hand), *_flow_table(self, hand, coming=False)],
                lambda hand: [*_head(self, hand), *_flow_list(self, hand)],
            )
        )


Step: TypeAlias = ForwardStep | BackwardStep


@dataclass(frozen=True, slots=True, repr=False)
class Flow:
    """What one use of an operand adds to its adjoint: the incoming adjoint times the local derivative.

    `place` counts the node's operands, those of vectors one vector after the other. `before` and `after` are the
    operand's running sums. A partial that is the constant 0 adds nothing, not even 0 · inf; `adds` tells.
    """

    node: Value
    operand: Value
    place: int
    partial: float
    adjoint: float
    product: float
    before: float
    after: float
    adds: bool
    _passes: Passes = field(compare=False)

    @property
    def rule(self) -> str:
        """The local derivative as the table's formula, with the names of the graph: `x1`, `a(1 − a)`."""
        return _rule(self, self._passes.hand())

    @property
    def use(self) -> int:
        """Which of the operand's uses this is, in the order of the backward pass, from 1 on."""
        passes, operands = self._passes, self.node.operands
        here = [place for place in rules.places(self.node) if operands[place] is self.operand]
        before = bisect_left(passes.uses[self.operand], len(passes.inner) - 1 - passes.index[self.node])
        return before + here.index(self.place) + 1

    @property
    def uses(self) -> int:
        """How often the operand is used in the graph."""
        return len(self._passes.uses[self.operand])

    @property
    def next_user(self) -> Value | None:
        """The node from which the operand's next use comes; None after the last."""
        users, use = self._passes.uses[self.operand], self.use
        return self._passes.backward[users[use]] if use < len(users) else None

    def __repr__(self) -> str:
        return "\n".join(fitted(self._passes.hand, lambda hand: [_flow_line(self, hand)]))


# ---- how a step is told


def plus(x: str, y: str) -> str:
    """A number and what is added to it: 5 + 2, 5 − 2."""
    return f"{x} − {y[1:]}" if y[0] == "−" else f"{x} + {y}"


def left_out(number: int) -> list[str]:
    """A line that says how many more there are, if there are more."""
    return [f"  … and {number:,} more"] if number > 0 else []


def _equal_texts(step: ForwardStep, hand: Hand) -> Iterable[str]:
    """The name of the node, then its operation in names and in numbers, and its value, each unless it is said."""
    numbers = dict(zip(step.node.operands, step.operands))
    named = hand.write(rules.operation(step.node, MOST_OPERANDS))
    numbered = hand.write(rules.operation(step.node, MOST_OPERANDS, numbers.__getitem__))
    head = f"forward {step.number:,} of {len(step._passes.inner):,}: {hand.name(step.node)}"
    return dict.fromkeys((head, named, numbered, hand.number(step.value)))


def _head(step: BackwardStep, hand: Hand) -> list[str]:
    passes, row = step._passes, step.node.primitive
    name = f"backward {step.number:,} of {len(passes.inner):,}: {hand.name(step.node)}"
    operation = hand.write(rules.operation(step.node, MOST_OPERANDS))
    adjoint = f"adjoint {hand.number(step.adjoint)}, {passes.received(step.node, len(passes))}"
    if step.adjoint is NOTHING:
        adjoint = "to whose adjoint nothing was added: it passes nothing on"
    joined = f"{name} = {operation}, {adjoint}"
    ties = [f"  where operands tie, {row.ties}"] if row and row.selects and step.flows else []
    return [joined, *ties] if width(joined) <= COLUMNS else [f"{name}, {adjoint}", f"    = {operation}", *ties]


HEADINGS = ("", "local derivative", "adjoint · local", "running sum", "uses")


def _flow_table(step: BackwardStep, hand: Hand, coming: bool) -> list[str]:
    rows = [_cells(flow, hand, coming) for flow in step.flows[:MOST_FLOWS]]
    return [*table([HEADINGS, *rows], "  "), *left_out(len(step.flows) - MOST_FLOWS)] if rows else []


def _flow_list(step: BackwardStep, hand: Hand) -> list[str]:
    """A line for each cell of the table."""
    cells = (cell for flow in step.flows[:MOST_TALL_FLOWS] for cell in zip(HEADINGS, _cells(flow, hand)) if cell[1])
    lines = [f"      {title}: {cell}" if title else cell for title, cell in cells]
    return [*lines, *left_out(len(step.flows) - MOST_TALL_FLOWS)]


def _cells(flow: Flow, hand: Hand, coming: bool = True) -> tuple[str, ...]:
    """A flow as a row: where to, local derivative, product, running sum, which use it is and whose is to come."""
    slope = f"∂{hand.name(flow.node)}/∂{hand.name(flow.operand)}"
    number, product, before, after = map(hand.number, (flow.partial, flow.product, flow.before, flow.after))
    use, uses, user = flow.use, flow.uses, flow.next_user
    then = f", then {hand.name(user)}{' …' * (uses - use > 1)}" if coming and user is not None else ""
    return (
        f"  → {hand.name(flow.operand)}",
        " = ".join(dict.fromkeys((slope, _rule(flow, hand), number))),
        f"{hand.product(flow.adjoint, flow.partial)} = {product}" if flow.adds else "",
        f"{plus(before, product)} = {after}" if flow.adds else "constant 0: adds nothing",
        f"{use:,} of {uses:,}{then}",
    )


def _rule(flow: Flow, hand: Hand) -> str:
    return hand.write(rules.rule(flow.node, flow.place, flow.partial))


def _flow_line(flow: Flow, hand: Hand) -> str:
    cells = [cell.strip() for cell in _cells(flow, hand)[:-1] if cell]
    return f"{hand.name(flow.node)} {', '.join(cells)}"
