"""The stepper: a graph played forward and backward one node at a time.

Laws of this file:
- `back` undoes exactly, and a move that raises moves nothing.
- Nothing that shows itself is longer than a screen, 24 lines of 100 columns. Everything else is in attributes.
"""

from __future__ import annotations

import reprlib
from collections import ChainMap
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType
from typing import Any, Literal, final

from autograd.notation.names import one_line
from autograd.notation.screens import Hand, fitted, shortened, table
from autograd.notation.typesetting import DIGITS, FULL
from autograd.primitives import Primitive
from autograd.stepping import mistakes
from autograd.stepping.mistakes import Beside, Mistake
from autograd.stepping.passes import BackwardStep, ForwardStep, Passes, Step, left_out
from autograd.value import NOTHING, Value, given

MOST_KNOWN, MOST_COMING = 6, 6
"""How much of each list is shown: with a step they fit a screen of 24 lines."""


@given
def steps(y: Value, *, precision: int = DIGITS) -> Stepper:
    """The passes through the graph of y, to be played one node at a time; nothing is played yet.

    Numbers are shown in `precision` significant digits, 17 for all; the attributes of the steps are exact. Raises
    StaleGraph as `backward` does.

        s = y.steps()
        s.next(); s.back(); s.until(h); s.watch(w).breakpoint("tanh").run(); s.where()
        for step in y.steps(): ...
        y.steps().beside("recursion")
    """
    return Stepper(y, precision=precision)


@final
class Stepper:
    """The forward pass and then the backward pass of y: where they stand, what is known, what is to come.

    Move with `next`, `back`, `start`, `end`, `until`, `run`; say where `run` stops with `watch` and `breakpoint`; look
    with `where`, `values`, `adjoints`, or at its repr. An iterator of the steps that remain. `len` counts all steps:
    one for each computed node in each pass. Every move raises StaleGraph when a number of the graph was changed since
    the stepper began.
    """

    __slots__ = ("_breakpoints", "_passes", "_played", "_reason", "_sums", "_values", "_watched")

    def __init__(self, y: Value, *, precision: int = DIGITS) -> None:
        if type(y) is not Value:
            raise TypeError(f"steps plays the graph of one Value; got {type(y).__name__} {reprlib.repr(y)}")
        if type(precision) is not int or not 1 <= precision <= FULL:
            raise ValueError(f"precision is a number of digits from 1 to {FULL}; got {reprlib.repr(precision)}")
        self._passes = passes = Passes(y, precision)
        self._values: dict[Value, float] = {leaf: leaf.data for leaf in passes.leaves}
        self._sums = passes.seeded()
        self._played: list[Step] = []
        self._watched: dict[Value, None] = {}
        self._breakpoints: dict[Value, str] = {}
        self._reason = ""

    def __repr__(self) -> str:
        return repr(self.where())

    def __len__(self) -> int:
        return len(self._passes)

    def __iter__(self) -> Iterator[Step]:
        return self

    def __next__(self) -> Step:
        if self.done:
            raise StopIteration
        return self._play()

    # ---- where it stands

    @property
    def root(self) -> Value:
        """The Value whose graph is played."""
        return self._passes.root

    @property
    def position(self) -> int:
        """How many steps are played."""
        return len(self._played)

    @property
    def done(self) -> bool:
        """Whether both passes are played to their end."""
        return self.position == len(self)

    @property
    def values(self) -> Mapping[Value, float]:
        """The numbers that are known by now: those of the leaves from the start. A view that moves with the steps."""
        return MappingProxyType(self._values)

    @property
    def adjoints(self) -> Mapping[Value, float]:
        """The running sum of every Value: 1.0 at y, the seed, and 0.0 where nothing was added. A view that moves."""
        return MappingProxyType(self._sums)

    def count_received(self, x: Value) -> tuple[int, int]:
        """How many uses of x have added to its adjoint so far, or had nothing to add; and of how many."""
        return self._passes.count_received(x, self.position)

    def where(self) -> Where:
        """The last step in full, the numbers so far of what is watched or named, and what is still to come."""
        passes, pending = self._passes, self._in_forward_pass
        numbers, shown = (self._values if pending else self._sums), self._shown()
        nodes, start = (passes.inner, self.position) if pending else (passes.backward, self.position - len(passes) // 2)
        return Where(
            position=self.position,
            step=self._last,
            reason=self._reason,
            known={node: numbers[node] for node in islice(shown, MOST_KNOWN)},
            others=max(0, len(shown) - MOST_KNOWN),
            coming=tuple(nodes[start : start + MOST_COMING]),
            _passes=passes,
        )

    # ---- moving

    def next(self, n: int = 1) -> Step | NoStep:
        """Plays the next step, or the next n, and gives the last of them.

        At the end it gives a NoStep, which says so and is false: `while step := s.next(): …`.
        """
        if self.done:
            return NoStep("end", self._passes)
        return self._move(self.position + _whole(n, "next"))

    def back(self, n: int = 1) -> Step | NoStep:
        """Undoes the last step, or the last n, and gives the step at which it then stands; a NoStep at the start."""
        return self._move(self.position - _whole(n, "back"))

    def start(self) -> Where:
        """Undoes everything."""
        self._move(0)
        return self.where()

    def end(self) -> Where:
        """Plays everything, past every breakpoint."""
        self._move(len(self))
        return self.where()

    def until(self, x: Value | str) -> Where:
        """Plays until x is known: its value or, where that is known already, its adjoint with all its uses.

        Breakpoints don't stop it. A text means every Value of that label or variable. Raises ValueError for what y
        does not depend on.
        """
        passes, xs = self._passes, _named(self._passes, x, "until")
        target, reason = max(passes.index.get(x, -1) + 1 for x in xs), "the value of {} is known"
        if target <= self.position:
            uses = [index + 1 for x in xs for index in passes.uses[x]]
            target, reason = len(passes) // 2 + max(uses, default=0), "the adjoint of {} is complete"
        self._move(max(target, self.position))
        self._reason = reason.format(passes.names[xs[0]])
        return self.where()

    def run(self) -> Where:
        """Plays until a step is a breakpoint or changes what is watched, or to the end; that step is then played."""
        self._passes.require_unchanged()
        self._reason = ""
        for step in self:
            self._reason = self._reason_to_stop(step)
            if self._reason:
                break
        return self.where()

    # ---- where to stop

    def watch(self, *xs: Value | str) -> Stepper:
        """Makes `run` stop where a value is computed, or something is added to its adjoint; `where` then shows these.

        A text means every Value of that label or variable. Raises ValueError for what y does not depend on.
        """
        found = [node for x in xs for node in _named(self._passes, x, "watch")]
        self._watched.update(dict.fromkeys(found))
        return self

    def breakpoint(self, what: Value | Primitive | str) -> Stepper:
        """Makes `run` stop at a computed Value, or at all of a primitive, a primitive's name, or a label.

        Raises ValueError where no step is such a one. A leaf has no step: `watch` it.
        """
        self._breakpoints.update(_steps_of(self._passes, what))
        return self

    def clear(self) -> Stepper:
        """Forgets what is watched and every breakpoint."""
        self._watched.clear()
        self._breakpoints.clear()
        return self

    # ---- mistakes

    def beside(self, mistake: Mistake) -> Beside:
        """The backward pass, from its beginning, beside a mistaken one, up to the first step where they part.

        "recursion": each node passes on at once what was added to it so far, without waiting for its other uses.
        "assignment": `=` in place of `+=`. The stepper itself does not move.
        """
        self._passes.require_unchanged()
        return mistakes.beside(self._passes, mistake)

    # ---- one step

    @property
    def _in_forward_pass(self) -> bool:
        return self.position < len(self._passes.inner)

    @property
    def _last(self) -> Step | NoStep:
        return self._played[-1] if self._played else NoStep("start", self._passes)

    def _move(self, target: int) -> Step | NoStep:
        self._passes.require_unchanged()
        self._reason = ""
        while self.position < min(target, len(self)):
            self._play()
        while self.position > max(target, 0):
            self._undo()
        return self._last

    def _play(self) -> Step:
        self._passes.require_unchanged()
        self._reason = ""
        step = self._forward() if self._in_forward_pass else self._backward()
        self._played.append(step)
        return step

    def _forward(self) -> ForwardStep:
        step = self._passes.forward_step(self.position)
        self._values[step.node] = step.value
        return step

    def _backward(self) -> BackwardStep:
        found: ChainMap[Value, float] = ChainMap({}, self._sums)
        step = self._passes.backward_step(self.position - len(self._passes.inner), found)
        self._sums.update(found.maps[0])  # all at once: a formula that raises leaves no half of a step
        return step

    def _undo(self) -> None:
        step = self._played.pop()
        if isinstance(step, ForwardStep):
            del self._values[step.node]
        else:
            for flow in reversed(step.flows):  # x * x: what the first of them found stood there before
                self._sums[flow.operand] = flow.before

    def _reason_to_stop(self, step: Step) -> str:
        if step.node in self._breakpoints:
            return f"breakpoint {self._breakpoints[step.node]}"
        watched = [node for node in step.changed if node in self._watched]
        return f"{self._passes.names[watched[0]]} is watched" if watched else ""

    def _shown(self) -> Collection[Value]:
        """The Values whose numbers `where` shows: what is watched, or else what has a name, or else all; if known."""
        passes = self._passes
        nodes = self._watched or [node for node in passes.order if node in passes.names.given] or passes.order
        if self._in_forward_pass:
            return [node for node in nodes if node in self._values]
        return [x for x in nodes if self._watched or self.done or self._sums[x] is not NOTHING]


@dataclass(frozen=True, slots=True, repr=False)
class NoStep:
    """Where there is no step: before the first or after the last. It is false, and shows which."""

    at: Literal["start", "end"]
    _passes: Passes = field(compare=False)

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        if self.at == "end":
            return f"the end: all {len(self._passes):,} steps are played; back() undoes the last one, start() all"
        return f"the start: none of the {len(self._passes):,} steps is played; next() plays the first"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Where:
    """Where a stepper stood: it does not move with it.

    `position` counts the steps that were played, `step` is the last of them, and `reason` says why it stopped there.
    `known` has the values so far in the forward pass, and the running sums in the backward pass, of at most six Values;
    `others` counts those left out. `coming` has the nodes that are next in this pass, six at most.
    """

    position: int
    step: Step | NoStep
    reason: str
    known: Mapping[Value, float]
    others: int
    coming: tuple[Value, ...]
    _passes: Passes

    @property
    def root(self) -> Value:
        """The Value whose graph was played."""
        return self._passes.root

    @property
    def at(self) -> Literal["forward", "backward"]:
        """Which pass is at hand; when the forward pass is played, the backward pass."""
        return "forward" if self.position < len(self._passes.inner) else "backward"

    def __repr__(self) -> str:
        passes = self._passes
        name = passes.hand().name(passes.root)
        head = f"{name}, step {self.position:,} of {len(passes):,}" + (f": {self.reason}" if self.reason else "")
        head += " (stale: numbers of the graph were changed since)" if passes.moment.is_past else ""
        step = repr(self.step).split("\n") if self.step or len(passes) else []
        known = fitted(passes.hand, lambda hand: _known(self, hand)) if self.known else []
        return "\n".join([shortened(head), *step, *known, *fitted(passes.hand, lambda hand: [_coming(self, hand)])])


def _known(where: Where, hand: Hand) -> list[str]:
    rows = [(f"  {hand.name(x)}", f"= {hand.number(number)}", _state(where, x)) for x, number in where.known.items()]
    title = "values so far:" if where.at == "forward" else "adjoints so far:"
    return [title, *table(rows, " "), *left_out(where.others)]


def _state(where: Where, x: Value) -> str:
    """What an adjoint holds; of a value there is nothing to be said."""
    if where.at == "forward":
        return ""
    received = where._passes.received(x, where.position)
    silent = where.known[x] is NOTHING and not received.startswith("0")
    return f"  {received}{', which added nothing' * silent}"


def _coming(where: Where, hand: Hand) -> str:
    passes = where._passes
    if not where.coming:
        return "nothing is still to come: these are the adjoints that backward() adds"
    more = len(passes.inner) - where.position % len(passes.inner) - len(where.coming)
    rest = (f" … and {more:,} more" if more else "") + (", then the backward pass" if where.at == "forward" else "")
    return f"still to come: {', '.join(map(hand.name, where.coming))}{rest}"


# ---- what is asked for


def _whole(n: Any, asked_by: str) -> int:
    if type(n) is not int or n < 1:
        raise ValueError(f"{asked_by}(n) moves by a whole number of steps, at least 1; got {reprlib.repr(n)}")
    return n


def _named(passes: Passes, x: Value | str, asked_by: str) -> list[Value]:
    """The Value itself, or those that a text names. Raises ValueError where there is none below the root."""
    root = passes.names[passes.root]
    if type(x) is Value:
        if x not in passes.uses:
            raise ValueError(f"{asked_by}({one_line(x.label) or repr(x.data)}): {root} does not depend on it")
        return [x]
    if not isinstance(x, str):
        raise TypeError(f"{asked_by} takes a Value or its name; got {type(x).__name__} {reprlib.repr(x)}")
    found = [node for node in passes.order if x in (node.label, passes.names[node])]
    if not found:
        raise ValueError(f"{asked_by}({x!r}): {root} depends on no Value of that name")
    return found


def _steps_of(passes: Passes, what: Value | Primitive | str) -> dict[Value, str]:
    """The computed nodes that are meant, each with the text by which it was asked for."""
    names = passes.names
    if type(what) is Value:
        (node,) = _named(passes, what, "breakpoint")
        found, text = [node] if node.primitive else [], names[node]
    elif isinstance(what, (str, Primitive)):
        text = what if isinstance(what, str) else what.name
        found = [node for node in passes.inner if what in _callings(passes, node)]
    else:
        kind = type(what).__name__
        raise TypeError(f"breakpoint takes a Value, a name or a primitive; got {kind} {reprlib.repr(what)}")
    if not found:
        raise ValueError(f"breakpoint({text}): no step of {names[passes.root]} is one; {_offered(passes, text)}")
    return dict.fromkeys(found, text)


def _callings(passes: Passes, node: Value) -> tuple[Any, ...]:
    row = node.primitive
    return (row, row and row.name, node.op, node.label, passes.names[node])


def _offered(passes: Passes, text: str) -> str:
    if any(text in (leaf.label, passes.names[leaf]) for leaf in passes.leaves):
        return "a leaf is given, not computed: watch it"
    rows = dict.fromkeys(node.primitive.name for node in passes.inner if node.primitive)
    return f"its primitives are {', '.join(rows)}" if rows else "it is a leaf"
