"""A recorded graph as it is handed to the compiler: nodes in topological order, parameters, inputs, roots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd.primitives import Primitive, is_constant_zero
from autograd.symbolic import name, symbolic
from autograd.value import Value, walk


class Recorded(NamedTuple):
    """Leaves and inner nodes below the roots, each once, and the leaves among them that are asked about.

    `parameters` are differentiated, `inputs` are fed anew on each run; either can have leaves that no root depends on.
    What is `watched` is computed too, and has no part in the gradient.
    `needed` has every node that lies between a parameter and a root, parameters included: these alone have adjoints.
    """

    roots: Sequence[Value]
    leaves: Sequence[Value]
    inner: Sequence[Value]
    parameters: Sequence[Value]
    inputs: Sequence[Value]
    needed: set[Value]
    watched: Sequence[Value] = ()


def recorded(
    roots: Sequence[Value],
    parameters: Sequence[Value] | None,
    inputs: Sequence[Value],
    watched: Sequence[Value] = (),
) -> Recorded:
    """What is below the roots. Without parameters, all leaves that are no inputs are differentiated."""
    seen: dict[Value, float] = {}
    leaves: list[Value] = []
    inner: list[Value] = []
    for root in roots:
        for found, new in zip((leaves, inner), walk(root, seen)):
            found.extend(new)
    if parameters is None:
        fed = set(inputs)
        parameters = [leaf for leaf in leaves if leaf not in fed]
    needed = _needed(parameters, inner)
    for node in watched:
        for found, new in zip((leaves, inner), walk(node, seen)):
            found.extend(new)
    return Recorded(roots, leaves, inner, parameters, inputs, needed, watched)


def _needed(parameters: Sequence[Value], inner: Sequence[Value]) -> set[Value]:
    needed = set(parameters)
    vectors: dict[int, bool] = {}  # looked at once for all nodes that share them

    def is_needed(vector: tuple[object, ...]) -> bool:
        if id(vector) not in vectors:
            vectors[id(vector)] = not needed.isdisjoint(vector)
        return vectors[id(vector)]

    for node in inner:
        vectors_of_node = node.vectors
        if any(map(is_needed, vectors_of_node)) if vectors_of_node else not needed.isdisjoint(node.operands):
            needed.add(node)
    return needed


def differentiated(graph: Recorded) -> set[Value]:
    """What is needed and has an adjoint: below a step, whose partial is the number 0, there is none, which is not 0."""
    rows: set[Any] = {node.primitive for node in graph.inner}
    stops = {row: [is_constant_zero(partial) for partial in _partials(row)] for row in rows}
    if not any(map(any, stops.values())):
        return graph.needed
    reached: set[Any] = set(graph.roots)
    seen: set[int] = set()  # vectors, each once for all nodes that share it
    for node in reversed(graph.inner):
        if node in reached:
            vectors = node.vectors or [(operand,) for operand in node.operands]
            passing = [vector for vector, stopped in zip(vectors, stops[node.primitive]) if not stopped]
            reached.update(*(vector for vector in passing if id(vector) not in seen))
            seen.update(map(id, passing if node.vectors else ()))
    return {*graph.parameters, *(graph.needed & reached)}


def _partials(row: Primitive) -> list[Any]:
    operands = [name(operand) for operand in (*row.operands, "out")]
    return [partial(symbolic, *operands) for partial in row.partials]
