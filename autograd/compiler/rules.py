"""The rule of an optimizer, recorded on scalars: what the compiler moves parameters by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from autograd.compiler.recorded import Recorded, recorded
from autograd.compiler.statements import Body, Statements
from autograd.value import Operand, Value


class ScalarRule(NamedTuple):
    """A rule as a graph: the next `p` and `moments`, which are `results`, from the leaves p, g, t, lr and the moments.

    Rules with the same `key` are the same.
    """

    key: Any
    p: Value
    g: Value
    t: Value
    lr: Value
    moments: Sequence[Value]
    results: Sequence[Operand]

    def graph(self) -> Recorded:
        """What it computes; what is `needed` of it is computed for each parameter anew, the rest once in a step."""
        return recorded([x for x in self.results if type(x) is Value], [self.p, self.g, *self.moments], [])


def write_values(body: Body, index: int, nodes: Iterable[Value], names: dict[Value, str]) -> int:
    """Writes the values of nodes, whose names join the others; gives the index after the last of them.

    Domains are not checked: the next numbers of an optimizer follow IEEE 754.
    """
    statements = Statements(recorded([], [], []), names, fast=True)
    for node in nodes:
        statements.write_value(body, index, node, checked=False)
        names[node] = statements.name(node)
        index += 1
    return index
