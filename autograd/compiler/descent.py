"""Gradient descent as one loop: a narrow program and the rule of an optimizer, in straight-line Python.

Laws of this file:
- A step is taken whole or not at all, whatever ends the loop: the parameters, the moments and the number of values
  that were given belong together.
- The rule is the optimizer's own, recorded on scalars; what depends on no parameter is computed once in a step.
- What raises where IEEE 754 has an answer ends the loop, and is left to who goes on without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.compiler.inlining import FAST
from autograd.compiler.recorded import Recorded
from autograd.compiler.rules import ScalarRule, write_values
from autograd.compiler.statements import ZERO, Body, Statements, total, tuple_of
from autograd.primitives import DomainError
from autograd.value import Value

Array = NDArray[Any]

LONGEST = 2000
"""Operands, of the graph and of the rule for all parameters, up to which they are one function."""


class Descent:
    """The loop of a graph and a rule."""

    def __init__(self, graph: Recorded, literals: Mapping[Value, str], rule: ScalarRule, outside: Any) -> None:
        made: dict[str, Any] = {}
        exec(compile(_source(graph, literals, rule), "<autograd: descent>", "exec"), {**FAST, "outside": outside}, made)
        self._descend = made["descend"]

    def run(self, optimizer: Any, parameters: Array, inputs: Sequence[float], steps: int, values: list[float]) -> None:
        """Takes so many steps, or as many as there are before a number overflows: the parameters are written, the
        optimizer has taken them, and the value of the root before each of them is added to `values`.

        Takes none where parameters have taken different numbers of steps. Raises the DomainError of the eager engine.
        """
        state = optimizer.state_dict()
        taken, counts = state["steps"], np.unique(state["counts"])
        if len(counts) > 1:
            return
        data, before = parameters.tolist(), len(values)
        moments = np.array([*state["moments"].values()]).T.ravel().tolist()
        rates = map(optimizer.schedule, range(taken, taken + steps))
        try:
            self._descend(data, inputs, moments, int(counts[0]), rates, values)
        except DomainError:
            raise
        except (ArithmeticError, ValueError):
            pass
        finally:
            parameters[...] = data
            optimizer.advance(np.reshape(moments, (len(data), -1)).T, len(values) - before)


def is_short(graph: Recorded, rule: ScalarRule) -> bool:
    """Whether the loop of a graph and a rule is one function of bounded length."""
    update = sum(len(node.operands) for node in rule.graph().inner)
    return sum(len(node.operands) for node in graph.inner) + len(graph.parameters) * update <= LONGEST


def _source(graph: Recorded, literals: Mapping[Value, str], rule: ScalarRule) -> str:
    places = range(len(graph.parameters))
    parameters = [f"p{place}" for place in places]
    moments = [_moment(place, number) for place in places for number in range(len(rule.moments))]
    inputs = [f"x{place}" for place in range(len(graph.inputs))]
    body = Body()
    results = _step(body, graph, literals, rule)
    lines = [
        "def descend(p, x, m, t, rates, values):",
        f"    {tuple_of([*inputs, *parameters, *moments])} = (*x, *p, *m)",
        "    try:",
        "        for lr in rates:",
        "            t += 1",
        *(f"            {line}" for line in body.lines),
        f"            {tuple_of([*parameters, *moments])} = {tuple_of(results)}",
        "            values.append(y)",
        "    finally:",
        f"        p[:], m[:] = {tuple_of(parameters)}, {tuple_of(moments)}",
    ]
    return "\n".join(lines)


def _step(body: Body, graph: Recorded, literals: Mapping[Value, str], rule: ScalarRule) -> list[str]:
    """Writes the values, that of the root as y, the adjoints and the updates; gives the names of the next state."""
    statements = Statements(graph, literals, fast=True)
    for place, node in enumerate(graph.inner):
        statements.write_value(body, place, node)
    body.lines.append(f"y = {statements.name(graph.roots[0])}")
    for place in reversed(range(len(graph.inner))):
        statements.write_adjoints(body, place, graph.inner[place])
    gradient = [total(statements.contributions.get(leaf, [ZERO])).signed for leaf in graph.parameters]
    updates = list(_updates(body, len(graph.inner), gradient, rule))
    next_parameters, next_moments = [first for first, *_ in updates], [name for _, *rest in updates for name in rest]
    return [*next_parameters, *next_moments]


def _updates(body: Body, index: int, gradient: Sequence[str], rule: ScalarRule) -> Iterator[list[str]]:
    """Writes the rule for each of the parameters, with names from an index on; gives those of its results."""
    update = rule.graph()
    own = [node for node in update.inner if node in update.needed]
    body.lines += [f"d{place} = {slope}" for place, slope in enumerate(gradient)]
    shared = {rule.t: "t", rule.lr: "lr"}
    index = write_values(body, index, [node for node in update.inner if node not in update.needed], shared)
    for place in range(len(gradient)):
        names = {**shared, rule.p: f"p{place}", rule.g: f"d{place}"}
        names |= {moment: _moment(place, number) for number, moment in enumerate(rule.moments)}
        index = write_values(body, index, own, names)
        yield [names[x] if type(x) is Value else repr(x) for x in rule.results]


def _moment(place: int, number: int) -> str:
    return f"m{place}_{number}"
