"""Derivatives as answers: reverse and forward mode that give Values, and touch nothing.

The formulas of the table are read in the namespace `recorded`, whose numbers are Values: a derivative is then itself
a graph, which can be drawn, explained and differentiated again. `local_partials` is the one place that says what the
partial derivatives of a node are, in whatever namespace; pictures, checks and scales read it too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias, overload

from autograd import primitives
from autograd.coercion import real_number
from autograd.namespaces import FUNCTIONS, floats
from autograd.primitives import PRIMITIVES, elementwise_partials, is_constant_zero
from autograd.value import Operand, Value, record, require_fresh, topological_order, value_operands, walk

Reader: TypeAlias = Callable[[Operand], Any]


class Recorded:
    """The namespace of Values. Outside a domain it gives IEEE's answer: an infinite partial does not raise."""

    def __getattr__(self, name: str) -> Callable[..., Operand]:
        if name not in FUNCTIONS:
            raise AttributeError(f"a formula has no function {name!r}; it has {', '.join(FUNCTIONS)}")
        row = PRIMITIVES[name]

        def function(*operands: Operand) -> Operand:
            if not any(type(operand) is Value for operand in operands):
                return float(getattr(floats, name)(*operands))
            return record(row, (operands,) if row.vectors else operands, checked=False)

        return function

    def sum_over(self, term: Callable[..., Any], *vectors: Sequence[Operand]) -> Value:
        return record(primitives.sum, (tuple(map(term, *vectors)),), checked=False)

    def max_over(self, term: Callable[..., Any], *vectors: Sequence[Operand]) -> Value:
        return record(primitives.maximum, (tuple(map(term, *vectors)),), checked=False)

    def min_over(self, term: Callable[..., Any], *vectors: Sequence[Operand]) -> Value:
        return record(primitives.minimum, (tuple(map(term, *vectors)),), checked=False)


recorded = Recorded()


def _itself(operand: Operand) -> Operand:
    return operand


def number_of(operand: Operand) -> float:
    """The number of an operand, which may be a constant."""
    return operand.data if type(operand) is Value else operand


def local_partials(
    node: Value, xp: Any = floats, read: Reader = number_of, among: Container[Value] | None = None
) -> Iterator[tuple[Value, Any]]:
    """Each operand of a node that is a Value, in order and as often as used, with the partial for that use.

    `read` says what number stands for an operand in the namespace `xp`. Operands that are not `among` the given ones
    are left out, and their formulas are not asked: x ** 2 at x = -3 never takes log(-3).
    """
    row = node.primitive
    if row is None:
        return
    out = read(node)
    if not row.vectors:
        numbers = [read(operand) for operand in node.operands]
        for operand, formula in zip(node.operands, row.partials):
            if type(operand) is Value and (among is None or operand in among):
                yield operand, formula(xp, *numbers, out)
        return
    elements = list(zip(*node.vectors))
    partials = elementwise_partials(row, xp, [tuple(map(read, element)) for element in elements], out)
    for element, element_partials in zip(elements, partials):
        for operand, partial in zip(element, element_partials):
            if type(operand) is Value and (among is None or operand in among):
                yield operand, partial


@overload
def grad(y: Value, xs: Value) -> Value: ...
@overload
def grad(y: Value, xs: Iterable[Value]) -> list[Value]: ...
def grad(y: Value, xs: Value | Iterable[Value]) -> Value | list[Value]:
    """dy/dx for each x, in reverse mode, as a Value that can be differentiated again; one x gives one Value.

    An x may be any Value below y, computed ones included. Writes nothing anywhere. Where y does not depend on x the
    result is a leaf 0.0, and `depends(y, x)` tells that from a slope of zero. Raises StaleGraph as `backward` does.
    """
    wanted = _several([xs] if isinstance(xs, Value) else xs)
    adjoints = _reverse(y, wanted, recorded, _itself)
    graph = set(topological_order(y))
    results = [_own(adjoints.get(x, 0.0), graph) for x in wanted]
    return results[0] if isinstance(xs, Value) else results


def jacobian(ys: Iterable[Value], xs: Iterable[Value]) -> list[list[Value]]:
    """The matrix of dy_i/dx_j, with a row for each y, in reverse mode."""
    wanted = _several(xs)
    if isinstance(ys, Value):
        raise TypeError(f"jacobian needs a sequence of Values to differentiate; got one Value, {ys!r}")
    return [grad(y, wanted) for y in ys]


def hessian(y: Value, xs: Iterable[Value]) -> list[list[Value]]:
    """The matrix of d²y/dx_i dx_j: the Jacobian of the gradient."""
    wanted = _several(xs)
    return jacobian(grad(y, wanted), wanted)


def jvp(y: Value, xs: Iterable[Value], direction: Iterable[Operand]) -> Value:
    """The sum of dy/dx_i · direction_i, in forward mode, as a Value that can be differentiated again.

    Raises ValueError when there is not one number for each x, and StaleGraph as `backward` does.
    """
    slope = _forward(y, _paired(xs, direction), recorded, _itself)
    return _own(slope, set(topological_order(y)))


def directional_derivative(y: Value, xs: Iterable[Value], direction: Iterable[float]) -> Value:
    """The slope of y along a direction of length 1: ∇y · v / ‖v‖ (document 002, section 3.4).

    Raises ValueError for the direction 0, and when there is not one number for each x.
    """
    numbers = [real_number(component, "a direction") for component in direction]
    length = math.hypot(*numbers)
    if not (0 < length < math.inf):
        raise ValueError(f"a direction needs a length that is finite and not 0; got {numbers}")
    return jvp(y, xs, [component / length for component in numbers])


def tangent(y: Value, xs: Sequence[Value], direction: Sequence[float]) -> float:
    """The sum of dy/dx_i · direction_i as a number: forward mode in floats, recording nothing."""
    return float(_forward(y, _paired(xs, direction), floats, number_of))


def scales(y: Value, xs: Sequence[Value], saturated: float = 0.0) -> list[float]:
    """For each x the sum over the paths from x to y of |product of the partials|.

    It is what rounding is measured against: 0.1x + 0.2x - 0.3x has the derivative 0 and the scale 0.6. A partial of a
    primitive that saturates counts at least as `saturated`.
    """

    def size(node: Value, partial: float) -> float:
        return max(abs(partial), saturated) if node.primitive and node.primitive.saturates else abs(partial)

    sizes = _reverse(y, xs, floats, number_of, size)
    return [float(sizes.get(x, 0.0)) for x in xs]


def _own(derivative: Operand, graph: Container[Value]) -> Value:
    """A Value apart from the graph: d(w·x)/dw is x, and labelling the derivative must not rename x."""
    if type(derivative) is not Value:
        return Value(derivative)
    return 1.0 * derivative if derivative in graph else derivative


def _several(xs: Any) -> list[Value]:
    if isinstance(xs, Value):
        raise TypeError(f"a derivative is taken here with respect to a sequence of Values; got one Value, {xs!r}")
    wanted = list(xs) if isinstance(xs, Iterable) else [xs]
    for x in wanted:
        if type(x) is not Value:
            raise TypeError(f"a derivative is taken with respect to Values; got {type(x).__name__} {x!r}")
    return wanted


def _paired(xs: Iterable[Value], direction: Iterable[Any]) -> dict[Value, Any]:
    wanted, components = _several(xs), list(direction)
    if len(wanted) != len(components):
        raise ValueError(f"a direction needs one number for each variable; got {len(components)} for {len(wanted)}")
    seeds: dict[Value, Any] = {}
    for x, component in zip(wanted, components):
        component = component if type(component) is Value else real_number(component, "a direction")
        if type(component) is Value or component != 0:  # not moving adds nothing, not even 0 * inf
            seeds[x] = seeds[x] + component if x in seeds else component
    return seeds


def between(y: Value, xs: Iterable[Value]) -> tuple[list[Value], set[Value]]:
    """The nodes of the graph of y that depend on one of the xs, each after its operands; and these with the xs."""
    if type(y) is not Value:
        raise TypeError(f"a derivative is taken of one Value (jacobian takes several); got {type(y).__name__} {y!r}")
    leaves, inner = walk(y)
    require_fresh(leaves, inner)
    reached = set(xs)
    nodes = []
    for node in inner:
        if any(operand in reached for operand in value_operands(node)):
            reached.add(node)
            nodes.append(node)
    return nodes, reached


def _reverse(
    y: Value, xs: Iterable[Value], xp: Any, read: Reader, size: Callable[[Value, Any], Any] = lambda _, partial: partial
) -> dict[Value, Any]:
    """dy/dv for each v among the xs and between them and y; `size` of a node and its partial stands for the partial."""
    nodes, reached = between(y, xs)
    adjoints: dict[Value, Any] = {y: 1.0}
    for node in reversed(nodes):
        for operand, partial in local_partials(node, xp, read, among=reached):
            if node in adjoints and not is_constant_zero(partial):
                contribution = _product(adjoints[node], size(node, partial))
                adjoints[operand] = adjoints[operand] + contribution if operand in adjoints else contribution
    return adjoints


def _forward(y: Value, seeds: Mapping[Value, Any], xp: Any, read: Reader) -> Any:
    """dy along the direction that the seeds give."""
    tangents = dict(seeds)
    for node in between(y, seeds)[0]:
        for operand, partial in local_partials(node, xp, read, among=tangents):
            if not is_constant_zero(partial):
                contribution = _product(tangents[operand], partial)
                tangents[node] = tangents[node] + contribution if node in tangents else contribution
    return tangents.get(y, 0.0)


def _product(derivative: Any, partial: Any) -> Any:
    """derivative * partial, without the factors 1 and -1, which would only lengthen a recorded graph."""
    if type(derivative) is float and derivative == 1:
        return partial
    if type(partial) is int:
        return derivative if partial == 1 else -derivative if partial == -1 else derivative * partial
    return derivative * partial
