"""Statements put into functions of bounded length: one function for a small graph, many for a large one.

Python's own compiler needs more than proportional time and memory for long functions. Numbers that cross from one
function to another live in two lists, the values in `v` and the adjoints in `g`, of which the gradient is the
beginning; all others are locals.

Law of this file: what is alike is compiled once. Names are counted from the first node of a part, and places from where
its own begin, so that a loop of a million rounds is a few functions.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from autograd.compiler.recorded import Recorded
from autograd.compiler.statements import PLACED, ZERO, Body, Statements, index_of, relative, total, tuple_of
from autograd.value import Value

LONGEST_RUN = 10
"""Values that are read or kept in one line."""


class _Part(NamedTuple):
    """A written body, the names that it uses, and what it began with: its first node, and place for an adjoint."""

    lines: str
    used: Sequence[str]
    start: int
    base: int = 0


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
    roots = tuple_of(map(statements.name, graph.roots))
    yield _function("forward(p, x)", [*body.lines, f"return {roots}"])
    for place in reversed(range(len(graph.inner))):
        statements.write_adjoints(body, place, graph.inner[place])
    gradient = tuple_of(total(statements.contributions.get(leaf, [ZERO])).signed for leaf in graph.parameters)
    yield _function("run(p, x)", [*body.lines, f"return {roots}, {gradient}"])


def _unpacked(name: str, length: int) -> Iterable[str]:
    names = [f"{name}{place}" for place in range(length)]
    return [f"{tuple_of(names)} = {name}"] if names else []


# ---- a large one


def _apart(graph: Recorded, literals: Mapping[Value, str], cut: Sequence[range], fast: bool) -> Iterator[str]:
    """Parts that read alike are one function: what differs between them are their first places in the lists."""
    statements, texts = Statements(graph, literals, fast), _Texts()
    before = {places.start: earlier.start for earlier, places in pairwise(cut)}
    forward = [_forward_part(statements, texts, graph.inner, places, before.get(places.start, 0)) for places in cut]
    adjoints = _Adjoints(graph.parameters)
    reverse = [
        _reverse_part(statements, texts, adjoints, graph.inner, places, before.get(places.start, 0))
        for places in reversed(cut)
    ]
    statements.begin(0, 0)
    roots = [statements.name(root) for root in graph.roots]
    reads = [*((part, "uw") for part in forward), *((part, "uvw") for part in reverse), (_Part("", roots, 0), "v")]
    values = _Values(reads)
    calls: list[list[str]] = [[], []]
    for part, places in zip(forward, cut):
        loaded = values.loaded((name for name in part.used if name[0] != "v"), part.start)
        text = texts.known([*loaded, part.lines, *values.stored(places)])
        yield from texts.named("forward", "p, x, v, a, n", text)
        calls[0].append(f"{texts.names['forward', text]}(p, x, v, {values.base(part.start)}, {part.start})")
    for part in reverse:
        text = texts.known([*values.loaded(part.used, part.start), part.lines])
        yield from texts.named("reverse", "p, x, v, g, a, b", text)
        calls[1].append(f"{texts.names['reverse', text]}(p, x, v, g, {values.base(part.start)}, {part.base})")
    yield _function("roots(p, x, v, a)", [*values.loaded(dict.fromkeys(roots), 0), f"return {tuple_of(roots)}"])
    yield from _calls(calls, len(values), len(adjoints), len(graph.parameters))


def _forward_part(statements: Statements, texts: _Texts, nodes: Sequence[Value], places: range, near: int) -> _Part:
    body = Body()
    statements.begin(places.start, near)
    for place in places:
        statements.write_value(body, place, nodes[place])
    return _Part(texts.known(body.lines), tuple(body.used), places.start)


def _reverse_part(
    statements: Statements, texts: _Texts, adjoints: _Adjoints, nodes: Sequence[Value], places: range, near: int
) -> _Part:
    body, base = Body(), len(adjoints)
    statements.begin(places.start, near, base, adjoints.base)
    adjoints.base = base
    for place in reversed(places):
        statements.write_adjoints(body, place, nodes[place])
    body.lines += adjoints.kept(statements)
    return _Part(texts.known(body.lines), tuple(body.used), places.start, base)


def _calls(calls: Sequence[Sequence[str]], values: int, adjoints: int, parameters: int) -> Iterator[str]:
    """`run` and `forward`, which call the others."""
    forward, reverse = [f"v = [0.0] * {values}", *calls[0]], [f"g = [0.0] * {adjoints}", *calls[1]]
    yield _function("forward(p, x)", [*forward, "return roots(p, x, v, 0)"])
    yield _function("run(p, x)", [*forward, *reverse, f"return roots(p, x, v, 0), tuple(g[:{parameters}])"])


class _Texts:
    """Texts, each once, and the names of the functions that they are."""

    def __init__(self) -> None:
        self.names: dict[tuple[str, str], str] = {}
        self._known: dict[str, str] = {}

    def known(self, lines: Iterable[str]) -> str:
        """The lines of a body, which is the same object for the same lines."""
        text = "\n    ".join(filter(None, lines))
        return self._known.setdefault(text, text)

    def named(self, kind: str, arguments: str, text: str) -> Iterator[str]:
        """The function of a text, if it is a new one."""
        if (kind, text) not in self.names:
            self.names[kind, text] = f"{kind}_{len(self.names)}"
            yield _function(f"{self.names[kind, text]}({arguments})", [text])


class _Adjoints:
    """The places in `g` of the adjoints that cross from one function to another; the gradient is its beginning."""

    def __init__(self, parameters: Sequence[Value]) -> None:
        self._parameters = {leaf: place for place, leaf in enumerate(parameters)}
        self._places: dict[Value, int] = {}
        self.base = len(parameters)

    def __len__(self) -> int:
        return len(self._parameters) + len(self._places)

    def kept(self, statements: Statements) -> Iterator[str]:
        """Lines that keep what was contributed to adjoints that other functions complete."""
        for node, terms in statements.contributions.items():
            place = self._parameters.get(node)
            place = self._places.setdefault(node, len(self)) if place is None else place
            statements.kept[node] = place
            yield f"{statements.adjoint_at(place)} = {total(terms).signed}"
        statements.contributions.clear()


class _Values:
    """The places in `v` of the values that cross from one function to another, in the order of their nodes."""

    def __init__(self, parts: Iterable[tuple[_Part, str]]) -> None:
        """`parts` come with the first letters of those names that they read from others."""
        crossing = {index_of(name, part.start) for part, letters in parts for name in part.used if name[0] in letters}
        self._indices = sorted(crossing)
        self._places = {index: place for place, index in enumerate(self._indices)}

    def __len__(self) -> int:
        return len(self._indices)

    def base(self, start: int) -> int:
        """The first place of those nodes that begin at this one."""
        return bisect_left(self._indices, start)

    def loaded(self, names: Iterable[str], start: int) -> Iterator[str]:
        """Lines that read names of parameters, inputs and values; what lies together is read together."""
        values: dict[int, str] = {}
        for name in names:
            if name[0] in "px":
                yield f"{name} = {name[0]}[{name[1:]}]"
            elif name[0] in PLACED:
                values[index_of(name, start)] = name
        far = [index for index, name in values.items() if name[0] == "u"]
        for indices, base in ((far, None), (values.keys() - set(far), self.base(start))):
            for run in self._runs(indices):
                yield f"{', '.join(values[index] for index in run)} = {self._slice(run, base)}"

    def stored(self, places: range) -> Iterator[str]:
        """Lines that keep the values of nodes which another function reads."""
        for run in self._runs([index for index in places if index in self._places]):
            names = ", ".join(f"v{index - places.start}" for index in run)
            yield f"{self._slice(run, self.base(places.start))} = {names}"

    def _runs(self, indices: Iterable[int]) -> Iterator[list[int]]:
        """The nodes in groups that have places side by side."""
        run: list[int] = []
        for index in sorted(indices):
            if run and (len(run) == LONGEST_RUN or self._places[index] != self._places[run[-1]] + 1):
                yield run
                run = []
            run.append(index)
        if run:
            yield run

    def _slice(self, run: Sequence[int], base: int | None) -> str:
        """The places of a run, after a base that is called `a`, or from the beginning."""
        ends = self._places[run[0]], self._places[run[-1]] + 1
        begin, end = (str(place) if base is None else relative("a", place - base) for place in ends)
        return f"v[{begin}:{end}]" if len(run) > 1 else f"v[{begin}]"


def _function(head: str, lines: Iterable[str]) -> str:
    body = list(filter(None, lines)) or ["pass"]
    return "\n    ".join([f"def {head}:", *body]) + "\n"
