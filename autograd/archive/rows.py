"""A graph as plain data for JSON: a row for each node, in topological order, which names operands by their places.

How to read a row: without a primitive it is a leaf. An operand is the place of a node, counted from 0, or a number in
brackets, `[2.0]`, which is a constant. The operands of an n-ary primitive are the places of its vectors: a vector that
many nodes share is there once, and one of constants alone is `{"constants": [2.0, 3.0]}`. What is as at first is left
out: an empty label, a `grad` that was not computed, `checked` where the domain is checked, and times.

`time` and `grad_time` say what was written after what, where that matters: a node is stale that is older than a leaf
below it. -1 is the time of a gradient that was not computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

from autograd.archive.documents import written_number
from autograd.eager import NEVER
from autograd.value import Operand, State, Value, grad_state, newest_stamp, stale_nodes, state_of, walk

Row: TypeAlias = dict[str, Any]


class Rows(NamedTuple):
    """The places of the roots, the nodes, each after its operands, and the vectors, all there when all nodes are."""

    roots: Sequence[int]
    nodes: Iterator[Row]
    vectors: Sequence[Any]


def rows_of(roots: Sequence[Value]) -> Rows:
    """What is below the roots. The nodes raise ValueError as `state_of` does."""
    leaves, inner = _below(roots)
    order = [*leaves, *inner]
    writing = _Writing({node: place for place, node in enumerate(order)}, _times(leaves, inner))
    return Rows([writing.places[root] for root in roots], map(writing.row, order), writing.vectors)


class _Writing:
    """The places of the nodes, the times of the stamps, and the vectors that were met so far."""

    def __init__(self, places: Mapping[Value, int], times: Mapping[int, int]) -> None:
        self.places = places
        self.times = times
        self.vectors: list[Any] = []
        self._vector_places: dict[int, int] = {}

    def row(self, node: Value) -> Row:
        """One node."""
        state = state_of(node)
        return {
            **self._operation(node, state),
            "data": written_number(state.data),
            **({"label": state.label} if state.label else {}),
            **self._gradient(state),
            **({"time": time} if (time := self.times.get(state.stamp, 0)) else {}),
        }

    def _operation(self, node: Value, state: State) -> Row:
        if state.rule is None:
            return {}
        operands = {"vectors": list(map(self._vector, node.vectors))} if node.vectors else {}
        return {
            "primitive": state.rule.name,
            **(operands or {"operands": list(map(self._operand, node.operands))}),
            **({} if state.rule.checked else {"checked": False}),
        }

    def _vector(self, vector: tuple[Operand, ...]) -> int:
        place = self._vector_places.setdefault(id(vector), len(self.vectors))
        if place == len(self.vectors):
            numbers = [x for x in vector if type(x) is float]
            is_constant = len(numbers) == len(vector)
            constants = {"constants": list(map(written_number, numbers))}
            self.vectors.append(constants if is_constant else list(map(self._operand, vector)))
        return place

    def _operand(self, x: Operand) -> Any:
        return self.places[x] if isinstance(x, Value) else [written_number(x)]

    def _gradient(self, state: State) -> Row:
        is_computed = state.grad_stamp != NEVER
        if not is_computed and repr(state.grad) == "0.0":
            return {}
        time = self.times.get(state.grad_stamp, 0) if is_computed else NEVER
        return {"grad": written_number(state.grad), **({"grad_time": time} if time else {})}


def _below(roots: Sequence[Value]) -> tuple[list[Value], list[Value]]:
    seen: dict[Value, float] = {}
    found = [walk(root, seen) for root in roots]
    leaves, inner = ([node for part in parts for node in part] for parts in zip(*found))
    return leaves, inner


def _times(leaves: Sequence[Value], inner: Sequence[Value]) -> Mapping[int, int]:
    """Small numbers in the order of the stamps; none where nothing is stale, for then no time matters."""
    newest = newest_stamp(leaves, inner)
    nodes = [*leaves, *inner]
    if not stale_nodes(leaves, inner) and not any(grad_state(node, newest) == "stale" for node in nodes):
        return {}
    stamps = {*chain.from_iterable(_stamps(map(state_of, nodes)))} - {NEVER}
    return {stamp: time for time, stamp in enumerate(sorted(stamps))}


def _stamps(states: Iterable[State]) -> Iterable[tuple[int, int]]:
    return ((state.stamp, state.grad_stamp) for state in states)
