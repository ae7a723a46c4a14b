"""Statements put into functions of bounded length: one function for a small graph, many for a large one.

Python's own compiler needs more than proportional time and memory for long functions. Numbers that cross from one
function to another live in two lists, the values in `v` and the adjoints in `g`, of which the gradient is the
beginning; all others are locals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from autograd.compiler.recorded import Recorded
from autograd.compiler.statements import Body, Statements, Term, total
from autograd.symbolic import ATOM
from autograd.value import Value

WIDTH = 100
"""Characters of a tuple that stands in one line."""

LONGEST_RUN = 10
"""Values that are read or kept in one line."""


class _Part(NamedTuple):
    """A written body and the places of the nodes whose values it computes."""

    lines: str
    used: Sequence[str]
    places: range


def functions(graph: Recorded, literals: Mapping[Value, str], longest: int, fast: bool) -> Iterator[str]:
    """The texts of functions of about so many operands, among them `run(p, x)` and `forward(p, x)`.

    Each is given when it is complete, and not kept: a text of a million nodes is larger than what it becomes.
    """
    cut = list(_cut(graph.inner, longest))
    if len(cut) <= 1:
        yield from _together(graph, literals, fast)
    else:
        yield from _apart(graph, literals, cut, fast)


def _cut(nodes: Sequence[Value], longest: int) -> Iterator[range]:
    start = size = 0
    for place, node in enumerate(nodes):
        size += len(node.operands)
        if size >= longest:
            yield range(start, place + 1)
            start, size = place + 1, 0
    if start < len(nodes):
        yield range(start, len(nodes))


# ---- a small graph


def _together(graph: Recorded, literals: Mapping[Value, str], fast: bool) -> Iterator[str]:
    statements = Statements(graph, literals, fast)
    body = Body()
    body.lines += [*_unpacked("p", len(graph.parameters)), *_unpacked("x", len(graph.inputs))]
    for place, node in enumerate(graph.inner):
        statements.write_value(body, place, node)
    roots = _tuple(statements.names[root] for root in graph.roots)
    yield _function("forward(p, x)", [*body.lines, f"return {roots}"])
    for place in reversed(range(len(graph.inner))):
        statements.write_adjoints(body, place, graph.inner[place])
    gradient = _tuple(total(statements.contributions.get(leaf, [Term("0.0")])).signed for leaf in graph.parameters)
    yield _function("run(p, x)", [*body.lines, f"return {roots}, {gradient}"])


def _unpacked(name: str, length: int) -> Iterable[str]:
    names = [f"{name}{place}" for place in range(length)]
    return [f"{_tuple(names)} = {name}"] if names else []


# ---- a large one


def _apart(graph: Recorded, literals: Mapping[Value, str], cut: Sequence[range], fast: bool) -> Iterator[str]:
    statements = Statements(graph, literals, fast)
    parts = [_forward_part(statements, graph.inner, places) for places in cut]
    lists = _Lists(graph.parameters)
    for part in parts:
        lists.values_of(name for name in part.used if name[0] == "v" and int(name[1:]) not in part.places)
    lists.values_of(statements.names[root] for root in graph.roots)
    for number in reversed(range(len(cut))):
        body = Body()
        for place in reversed(cut[number]):
            statements.write_adjoints(body, place, graph.inner[place])
        body.lines += lists.kept(statements)
        lists.values_of(body.used)
        yield _function(f"reverse_{number}(p, x, v, g)", [*lists.loaded(body.used), *body.lines])
    for number, part in enumerate(parts):
        loaded = lists.loaded(name for name in part.used if name[0] != "v" or int(name[1:]) not in part.places)
        yield _function(f"forward_{number}(p, x, v)", [*loaded, part.lines, *lists.stored(part.places)])
    roots = [statements.names[root] for root in graph.roots]
    yield _function("roots(p, x, v)", [*lists.loaded(roots), f"return {_tuple(roots)}"])
    yield from _calls(len(cut), lists, len(graph.parameters))


def _forward_part(statements: Statements, nodes: Sequence[Value], places: range) -> _Part:
    body = Body()
    for place in places:
        statements.write_value(body, place, nodes[place])
    return _Part("\n    ".join(body.lines), tuple(body.used), places)


def _calls(count: int, lists: _Lists, parameters: int) -> Iterator[str]:
    """`run` and `forward`, which call the others."""
    values = [f"v = [0.0] * {len(lists.values)}", *(f"forward_{number}(p, x, v)" for number in range(count))]
    yield _function("forward(p, x)", [*values, "return roots(p, x, v)"])
    adjoints = [f"g = [0.0] * {parameters + len(lists.adjoints)}"]
    adjoints += [f"reverse_{number}(p, x, v, g)" for number in reversed(range(count))]
    yield _function("run(p, x)", [*values, *adjoints, f"return roots(p, x, v), tuple(g[:{parameters}])"])


class _Lists:
    """The places in `v` and `g` of the numbers that cross from one function to another."""

    def __init__(self, parameters: Sequence[Value]) -> None:
        self.values: dict[str, int] = {}
        self.adjoints: dict[Value, int] = {}
        self._parameters = {leaf: place for place, leaf in enumerate(parameters)}

    def values_of(self, names: Iterable[str]) -> None:
        """Gives a place to each of the names that is that of a value."""
        for name in names:
            if name[0] == "v":
                self.values.setdefault(name, len(self.values))

    def loaded(self, names: Iterable[str]) -> Iterator[str]:
        """Lines that read names of parameters, inputs and values; what lies together is read together."""
        values = []
        for name in names:
            if name[0] == "v":
                values.append(name)
            elif name[0] in "px":
                yield f"{name} = {name[0]}[{name[1:]}]"
        for run in self._runs(values):
            yield f"{', '.join(run)} = {self._slice(run)}"

    def stored(self, places: Iterable[int]) -> Iterator[str]:
        """Lines that keep the values of nodes which another function reads."""
        for run in self._runs([name for name in (f"v{place}" for place in places) if name in self.values]):
            yield f"{self._slice(run)} = {', '.join(run)}"

    def _runs(self, names: Iterable[str]) -> Iterator[list[str]]:
        """The names in groups that have places side by side."""
        run: list[str] = []
        for name in sorted(names, key=self.values.__getitem__):
            if run and (len(run) == LONGEST_RUN or self.values[name] != self.values[run[-1]] + 1):
                yield run
                run = []
            run.append(name)
        if run:
            yield run

    def _slice(self, run: Sequence[str]) -> str:
        start = self.values[run[0]]
        return f"v[{start}:{start + len(run)}]" if len(run) > 1 else f"v[{start}]"

    def kept(self, statements: Statements) -> Iterator[str]:
        """Lines that keep what was contributed to adjoints that other functions complete."""
        for node in statements.touched:
            terms = statements.contributions.get(node)
            if terms is not None:
                at = f"g[{self._place(node)}]"
                yield f"{at} = {total(terms).signed}"
                terms[:] = [Term(at, ATOM)]
        statements.touched.clear()

    def _place(self, node: Value) -> int:
        if node in self._parameters:
            return self._parameters[node]
        return len(self._parameters) + self.adjoints.setdefault(node, len(self.adjoints))


def _tuple(texts: Iterable[str]) -> str:
    """A tuple, with an element to each line where it would be long."""
    elements = [f"{text}," for text in texts]
    flat = f"({' '.join(elements)})"
    return flat if len(flat) <= WIDTH else "\n        ".join(["(", *elements]) + "\n    )"


def _function(head: str, lines: Iterable[str]) -> str:
    body = list(filter(None, lines)) or ["pass"]
    return "\n    ".join([f"def {head}:", *body]) + "\n"
