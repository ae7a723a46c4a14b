"""Two usual mistakes played beside the right backward pass: a naive recursion, and `=` where `+=` belongs."""

from __future__ import annotations

import math
import operator
import reprlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from autograd.derivatives import scales
from autograd.notation.rules import places
from autograd.notation.screens import Hand, fitted, sentence, table
from autograd.stepping.passes import Flow, Numbers, Passes, contributions, left_out, plus
from autograd.value import Value

Mistake: TypeAlias = Literal["recursion", "assignment"]

MISTAKES: dict[Mistake, str] = {
    "recursion": "a recursion that doesn't wait for a node's other uses",
    "assignment": "one that writes = where += belongs",
}

FIRST_PAIRS, LAST_PAIRS, MOST_LEAVES = 2, 6, 6
"""How much of each list is shown: together they fit a screen of 24 lines."""

MOST_VISITS = 100_000
"""A recursion that visits more often is not played to its end: the visits can double at every level of a graph."""

ROUNDING = 1e-12
"""Of the scale: the same products summed in another order differ by so much at most, and are no mistake."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Beside:
    """The right backward pass beside a mistaken one.

    `steps` has pairs of flows, right and mistaken, up to the first where they part; `parts_at` counts them from 1 on,
    and is None where they never part. `right` and `mistaken` are the adjoints at the end. `mistaken` is None where the
    recursion would take more than 100,000 `visits`, and was not played to its end.
    """

    mistake: Mistake
    steps: tuple[tuple[Flow | None, Flow], ...]
    parts_at: int | None
    explanation: str
    right: Mapping[Value, float]
    mistaken: Mapping[Value, float] | None
    visits: float
    _passes: Passes

    @property
    def wrong(self) -> list[Value]:
        """The leaves whose derivatives come out wrong, by more than another order of summation can make."""
        leaves = self._passes.leaves
        if self.parts_at is None or self.mistaken is None:
            return []
        sizes = zip(leaves, scales(self._passes.root, leaves))
        return [x for x, size in sizes if not _agree(self.right[x], self.mistaken[x], size)]

    def __repr__(self) -> str:
        hand = self._passes.hand
        title = f"backward pass of {hand().name(self._passes.root)}, beside {MISTAKES[self.mistake]}"
        pairs = fitted(hand, lambda hand: _pairs(self, hand), lambda hand: _pairs(self, hand, brief=True))
        outcome = fitted(hand, lambda hand: _outcome(self, hand)) if self.parts_at else []
        return "\n".join([*sentence(title), *pairs, *sentence(_conclusion(self)), *outcome])


def beside(passes: Passes, mistake: Mistake) -> Beside:
    """The backward pass beside one with that mistake. Raises ValueError for a mistake that is not known."""
    if mistake not in [*MISTAKES]:
        raise ValueError(f"beside plays {' or '.join(map(repr, MISTAKES))}; got {reprlib.repr(mistake)}")
    right, mistaken = passes.seeded(), passes.seeded()
    flows = list(_in_order(passes, right))
    needed = Counter(flow.operand for flow in flows)
    recursion = mistake == "recursion"
    visits = _visits(passes, flows) if recursion else float(len(passes.order))
    played = _at_once(passes, mistaken) if recursion else _in_order(passes, mistaken, _overwritten)
    pairs, explanation = _until_parted(flows, played, needed, _passed_on_early if recursion else _overwrote)
    whole = not recursion or visits <= MOST_VISITS
    if whole:
        deque(played, maxlen=0)
    parts_at = len(pairs) if explanation else None
    explanation = explanation or _why_never(mistake, needed)
    return Beside(mistake, tuple(pairs), parts_at, explanation, right, mistaken if whole else None, visits, passes)


# ---- what is played


def _in_order(passes: Passes, sums: Numbers, added: Callable[[float, float], float] = operator.add) -> Iterator[Flow]:
    """Everything that is added, each node after all its users."""
    for node in passes.backward:
        yield from (flow for flow in contributions(passes, node, sums, added) if flow.adds)


def _overwritten(before: float, product: float) -> float:
    return product


def _at_once(passes: Passes, sums: Numbers) -> Iterator[Flow]:
    """Everything that this adds, which is what people write first, played with a stack in place of the recursion:

    def visit(node):
        for operand, partial in …:
            operand.grad += node.grad * partial
            visit(operand)
    """
    visits = [(contributions(passes, passes.root, sums), len(list(places(passes.root))))]
    while visits:
        flows, left = visits.pop()
        flow = next(flows, None)
        if flow is None:
            continue
        if left > 1:  # else this visit is at its end: a chain leaves none waiting
            visits.append((flows, left - 1))
        if flow.adds:
            yield flow
            visits.append((contributions(passes, flow.operand, sums), len(list(places(flow.operand)))))


def _visits(passes: Passes, flows: Iterable[Flow]) -> float:
    """How many visits the recursion makes: one for each path from the root down to each node; inf beyond 1e308."""
    paths = {**dict.fromkeys(passes.order, 0.0), passes.root: 1.0}
    for flow in flows:
        paths[flow.operand] += paths[flow.node]
    return sum(paths.values())


# ---- where they part

Parting: TypeAlias = Callable[[Flow | None, Flow, int, int], str]
"""What goes wrong in the second of two flows, whose node has received so many additions of so many; "" for nothing."""


def _until_parted(
    right: Sequence[Flow], mistaken: Iterator[Flow], needed: Mapping[Value, int], parting: Parting
) -> tuple[list[tuple[Flow | None, Flow]], str]:
    """The pairs up to the first where they part, and what happens there; nothing where they never do."""
    pairs: list[tuple[Flow | None, Flow]] = []
    received: Counter[Value] = Counter()
    for index, flow in enumerate(mistaken):
        pairs.append((right[index] if index < len(right) else None, flow))
        explanation = parting(*pairs[-1], received[flow.node], needed[flow.node])
        if explanation:
            return pairs, explanation
        received[flow.operand] += 1
    return pairs, ""


def _passed_on_early(_: Flow | None, flow: Flow, received: int, needed: int) -> str:
    if received >= needed:
        return ""
    hand = flow._passes.hand()
    return (
        f"{hand.name(flow.node)} passes on {hand.number(flow.adjoint)} while only {received} of its {needed} uses"
        f" {'has' if received == 1 else 'have'} been added; what comes later flows again"
    )


def _overwrote(right: Flow | None, flow: Flow, *_: int) -> str:
    if right is None or _agree(right.after, flow.after):
        return ""
    hand = flow._passes.hand()
    before, after, total = map(hand.number, (flow.before, flow.after, right.after))
    return f"the adjoint of {hand.name(flow.operand)} was {before}, and {after} overwrites it: it should be {total}"


def _why_never(mistake: Mistake, needed: Mapping[Value, int]) -> str:
    if mistake == "recursion":
        return "They never part: no computed node is reached twice, so each has all of its adjoint when it passes it on"
    if max(needed.values(), default=0) < 2:
        return "They never part: nothing is used twice, so there is nothing to be added up"
    return "They never part here: whatever is overwritten is nothing beside the new number"


def _agree(x: float, y: float, scale: float = 0.0) -> bool:
    """Whether the two are the same, NaN included, or differ by no more than rounding on that scale."""
    return x == y or (x != x and y != y) or (math.isfinite(x - y) and abs(x - y) <= ROUNDING * scale)


# ---- how it is told


def _pairs(beside: Beside, hand: Hand, brief: bool = False) -> list[str]:
    """The pairs as a table; where there are many, the first and, if they part, the last of them."""
    count = len(beside.steps)
    hidden = max(0, count - FIRST_PAIRS - (LAST_PAIRS if beside.parts_at else 0))
    shown = [place for place in range(count) if not FIRST_PAIRS <= place < FIRST_PAIRS + hidden]
    rows = [_pair(beside, place, hand, brief) for place in shown]
    if hidden:
        rows.insert(FIRST_PAIRS, ("", "…", f"{hidden:,} more", ""))
    return table([("", "step", "right", beside.mistake), *rows])


def _pair(beside: Beside, place: int, hand: Hand, brief: bool) -> tuple[str, ...]:
    right, mistaken = beside.steps[place]
    told = _addition(mistaken, hand, brief, overwrites=beside.mistake == "assignment")
    mark = "✗" if place + 1 == beside.parts_at else ""
    return mark, f"{place + 1:,}", _addition(right, hand, brief) if right else "", told


def _addition(flow: Flow, hand: Hand, brief: bool, overwrites: bool = False) -> str:
    """What a flow adds to what; its product is not taken apart where there is no room."""
    product = hand.number(flow.product) if brief else hand.product(flow.adjoint, flow.partial)
    told = product if overwrites else plus(hand.number(flow.before), product)
    return f"{hand.name(flow.node)} → {hand.name(flow.operand)}: {told} = {hand.number(flow.after)}"


def _conclusion(beside: Beside) -> str:
    if beside.parts_at is None:
        return f"{beside.explanation}."
    told = f"They part at step {beside.parts_at:,}: {beside.explanation}."
    if beside.mistaken is None:
        many = f"{beside.visits:,.0f}" if beside.visits < 1e15 else f"{beside.visits:.3g}"
        told += f" It is stopped there: to its end it takes {many.replace('inf', 'more than 1e+308')} visits."
    elif not beside.wrong:
        told += " With these numbers the derivatives of the leaves come out right nevertheless."
    return told


def _outcome(beside: Beside, hand: Hand) -> list[str]:
    """The derivatives of the leaves, the wrong ones first."""
    wrong = dict.fromkeys(beside.wrong)
    leaves = [*wrong, *(x for x in beside._passes.leaves if x not in wrong)]
    root = hand.name(beside._passes.root)
    rows: list[tuple[str, ...]] = [("", "at the end", "right", beside.mistake if beside.mistaken else "")]
    for x in leaves[:MOST_LEAVES]:
        mistaken = hand.number(beside.mistaken[x]) if beside.mistaken else ""
        rows.append(("✗" if x in wrong else "", f"∂{root}/∂{hand.name(x)}", hand.number(beside.right[x]), mistaken))
    return [*table(rows), *left_out(len(leaves) - MOST_LEAVES)]
