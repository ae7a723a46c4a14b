"""What is told of a Value and of a use of it: numbers, and whether they were computed, are stale, or still to come."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from autograd.drawing.parts import Place
from autograd.notation.screens import Hand
from autograd.stepping.passes import Flow
from autograd.stepping.stepper import Stepper
from autograd.value import Value, grad_state, newest_stamp, stale_nodes


class Told(NamedTuple):
    """A number and what is to be said of it; None where there is no number yet, and the remark says so."""

    number: float | None
    remark: str = ""


class Facts(Protocol):
    """The numbers in the nodes and on the edges of a picture."""

    def value(self, node: Value) -> Told:
        """Its number."""

    def adjoint(self, node: Value) -> Told:
        """Its gradient."""

    def of_use(self, node: Value, place: int, partial: float, hand: Hand) -> str:
        """What stands on the edge into a node for its operand there, where the local derivative is `partial`."""


class Recorded:
    """What the graph holds now. One pass finds all states: a Value asked for its own would walk the graph below it."""

    def __init__(self, order: Sequence[Value]) -> None:
        leaves, inner = [x for x in order if not x.primitive], [x for x in order if x.primitive]
        self._stale = stale_nodes(leaves, inner)
        self._newest = newest_stamp(order)

    def value(self, node: Value) -> Told:
        return Told(node.data, "stale" * (node in self._stale))

    def adjoint(self, node: Value) -> Told:
        state = grad_state(node, self._newest)
        return Told(None, state) if state == "not computed" else Told(node.grad, "stale" * (state == "stale"))

    def of_use(self, node: Value, place: int, partial: float, hand: Hand) -> str:
        # the operands have new numbers and the result has not: their partial would be of no point at all
        return "stale" if node in self._stale else hand.number(partial)


class Played:
    """What a stepper knows where it stands: an adjoint is the sum so far; `flows` has what flowed back, by use."""

    def __init__(self, stepper: Stepper, flows: Mapping[Place, Flow]) -> None:
        self._stepper, self._flows = stepper, flows

    def value(self, node: Value) -> Told:
        values = self._stepper.values
        return Told(values[node]) if node in values else Told(None, "not yet computed")

    def adjoint(self, node: Value) -> Told:
        stepper = self._stepper
        done, uses = stepper.count_received(node)
        if stepper.position * 2 <= len(stepper) or (uses and not done):
            return Told(None, "not yet computed")
        return Told(stepper.adjoints[node], f"{done:,} of {uses:,} use{'s' * (uses != 1)}" if uses else "the seed")

    def of_use(self, node: Value, place: int, partial: float, hand: Hand) -> str:
        """Where an adjoint has flowed back: adjoint · local derivative = what was added."""
        flow = self._flows.get((node, place))
        if flow is not None:
            return flow_text(flow, hand)
        return hand.number(partial) if node in self._stepper.values else ""


def flow_text(flow: Flow, hand: Hand) -> str:
    """Adjoint · local derivative = what is added to the adjoint of the operand."""
    if not flow.adds:
        return "constant 0: adds nothing"
    return f"{hand.product(flow.adjoint, flow.partial)} = {hand.number(flow.product)}"


def ranged(told_of_each: Iterable[Told], hand: Hand) -> str:
    """One number, or of many the smallest and the largest; what is said of one of them is said of all."""
    several = list(told_of_each)
    remark = next((told.remark for told in several if told.remark), "")
    numbers = [told.number for told in several if told.number is not None]
    if len(numbers) < len(several):
        return remark
    undefined = any(map(math.isnan, numbers))
    known = [x for x in numbers if not math.isnan(x)]
    ends = dict.fromkeys(map(hand.number, (min(known), max(known)))) if known else ()
    text = " … ".join([*ends, *["nan"] * undefined])
    return f"{text} ({remark})" if remark else text
