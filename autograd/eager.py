"""The float code of a primitive, printed from its formulas: what runs when a Value is computed or differentiated.

A formula called with floats through a namespace would be right and three times slower. So the table is read once in
symbols, and for each primitive and each pattern of operands there is a function of a few lines, such as

    def pull(node, adjoint, adjoints):        # multiply, both operands Values
        a = node._a
        b = node._b
        x = a._number
        y = b._number
        adjoints[a] += adjoint * y
        adjoints[b] += adjoint * x

A pattern has a letter for each operand: `v` a Value, `c` a constant (a plain float), `m` a vector that mixes both.
The text runs in `scope`, which has the functions of the float namespace; `value` adds itself.
"""

from __future__ import annotations

import linecache
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from autograd.namespaces import FUNCTIONS, floats
from autograd.primitives import Primitive, is_constant_zero, shared_among_ties
from autograd.symbolic import Vector, element, name, names_in, python_source, symbolic

NODES = "abcdefgh"
NUMBERS = "xyzuvwpq"
"""The names of the operands and of their data in printed code, whatever they are called in the formula."""

NEVER = -1
"""The stamp of a gradient that was not computed."""

scope: dict[str, Any] = {
    # how often a leaf was written: a node that is older than a leaf below it is stale
    "clock": 0,
    # the threads in which `recording` attends to what is computed, with the depths of its two kinds of blocks
    "attended": {},
    "new": object.__new__,
    "NEVER": NEVER,
    "inf": math.inf,
    "nan": math.nan,
    **{function: getattr(floats, function) for function in (*FUNCTIONS, "sum_of", "max_of", "min_of")},
}
"""The names that printed code sees."""


class RuleKey(NamedTuple):
    """Which rule it is; of the primitive, the name."""

    name: str
    pattern: str
    checked: bool


class Rule:
    """What a node does, for one primitive and one pattern of operands: pull its adjoint back, and compute itself.

    The key tells other processes which rule it is.
    """

    __slots__ = ("key", "primitive", "pull", "replay", "vectors", "wide")

    def __init__(
        self, primitive: Primitive, key: RuleKey, pull: Callable[..., None], replay: Callable[[Any], float]
    ) -> None:
        self.primitive = primitive
        self.key = key
        self.vectors = primitive.vectors
        self.wide = primitive.vectors > 0 or len(primitive.operands) > 2
        self.pull = pull
        self.replay = replay


_rules: dict[tuple[Primitive, str, bool], Rule] = {}


def rule_of(row: Primitive, pattern: str, checked: bool = True) -> Rule:
    """The rule of a primitive for one pattern; unchecked, it gives IEEE's answer outside the domain."""
    key = (row, pattern, checked)
    if key not in _rules:
        scope[f"{row.name}_primitive"] = row
        pull = _compiled(pull_source(row, pattern), f"{row.name} pull {pattern}")
        replay = _compiled(replay_source(row, pattern, checked), f"{row.name} replay {pattern}")
        _rules[key] = Rule(row, RuleKey(row.name, pattern, checked), pull, replay)
    return _rules[key]


def method(row: Primitive) -> Any:
    """The method of a Value that computes and records one primitive of one or two operands."""
    return _method(row, method_source(row), ["v"] if len(row.operands) == 1 else ["vv", "vc"])


def reflected_method(row: Primitive) -> Any:
    """The method for a Value on the right of an operator, with a number on its left."""
    return _method(row, reflected_source(row), ["cv"])


def _method(row: Primitive, source: str, patterns: Sequence[str]) -> Any:
    for pattern in patterns:
        scope[f"{row.name}_{pattern}"] = rule_of(row, pattern)
    function = _compiled(source, row.name)
    function.__name__ = row.name
    function.__module__, function.__qualname__ = "autograd.value", f"Value.{row.name}"  # by which it is pickled
    function.__doc__ = f"{row.notation.text.format(*row.operands)}, recorded."
    return function


def _compiled(source: str, title: str) -> Callable[..., Any]:
    """The function that a source text defines; tracebacks show its lines."""
    filename = f"<autograd: {title}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    defined: dict[str, Any] = {}
    exec(compile(source, filename, "exec"), scope, defined)
    (function,) = defined.values()
    return function  # type: ignore[no-any-return]


# the clock is read before the operands are: a write by another thread in between then makes the node stale
_BEGUN = ("node = new(Value)", "node._stamp = clock")


def pull_source(row: Primitive, pattern: str) -> str:
    """`pull(node, adjoint, adjoints)`: adds adjoint * partial to the adjoint of each operand that is a Value."""
    lines = list(_pull_vectors(row, pattern) if row.vectors else _pull_scalars(row, pattern))
    return _function("pull(node, adjoint, adjoints)", lines or ["pass"])


def replay_source(row: Primitive, pattern: str, checked: bool) -> str:
    """`replay(node)`: the value computed from the operands' data as they are now."""
    if row.vectors:
        body = [*_unpacked(vectors(row)), *_result(row, _vector_operands(row, pattern))]
    else:
        checks = _checks(row) if checked else ()
        body = [*_unpacked(_nodes(row)), *_data_of_operands(row, pattern), *checks, *_result(row, _names(row))]
    return _function("replay(node)", body)


def method_source(row: Primitive) -> str:
    """`method(a)` or `method(a, b)` of a Value: computes and records a node.

    The scope has the rule of each pattern as `add_vv`, `add_vc` …, and the row itself as `add_primitive`.
    """
    binary = len(row.operands) == 2
    body = [*_BEGUN, "x = a._number"]
    if binary:
        body += [
            "if type(b) is Value:",
            "    y = b._number",
            f"    rule = {row.name}_vv",
            "else:",
            "    if type(b) is not float:",
            "        b = constant(b)",
            "        if type(b) is not float:",
            f"            return foreign({row.name}_primitive, a, b)",
            "    y = b",
            f"    rule = {row.name}_vc",
        ]
    body += [*_checks(row), *_recorded(row, "rule" if binary else f"{row.name}_v")]
    return _function(f"method(a{', b' if binary else ''})", body)


def reflected_source(row: Primitive) -> str:
    """`method(b, a)` of a Value on the right of an operator, with a number `a` on its left."""
    body = [
        "if type(a) is not float:",
        "    a = constant(a)",
        "    if type(a) is not float:",
        f"        return foreign({row.name}_primitive, a, b)",
        *_BEGUN,
        "x = a",
        "y = b._number",
    ]
    return _function("method(b, a)", [*body, *_checks(row), *_recorded(row, f"{row.name}_cv")])


def vectors(row: Primitive) -> list[str]:
    """The names of the vectors of an n-ary primitive."""
    return [f"vector{place}" for place in range(row.vectors)]


def _function(head: str, body: Iterable[str]) -> str:
    return "\n".join([f"def {head}:", *(f"    {line}" for line in body), ""])


def _names(row: Primitive) -> list[Any]:
    return [name(number) for number in NUMBERS[: len(row.operands)]]


def _nodes(row: Primitive) -> list[str]:
    return list(NODES[: len(row.operands)])


def _unpacked(names: Sequence[str]) -> list[str]:
    if len(names) > 2:
        return [f"{', '.join(names)} = node._a"]
    return [f"{name} = node.{slot}" for name, slot in zip(names, ("_a", "_b"))]


def _data_of_operands(row: Primitive, pattern: str, used: set[str] | None = None) -> Iterator[str]:
    for number, node, kind in zip(NUMBERS, NODES, pattern):
        if used is None or number in used:
            yield f"{number} = {node}._number" if kind == "v" else f"{number} = {node}"


def _checks(row: Primitive) -> Iterator[str]:
    """Lines that raise when the numbers are outside the domain; the error itself is made from the same table."""
    for requirement in row.domain:
        assignments, violated = python_source(requirement.violated(symbolic, *_names(row)))
        yield from assignments
        yield f"if {violated}:"
        yield f"    outside({row.name}_primitive, ({', '.join(_nodes(row))},))"


def _result(row: Primitive, operands: Sequence[Any]) -> Iterator[str]:
    assignments, value = python_source(row.value(symbolic, *operands))
    yield from assignments
    yield f"return {value}"


def _recorded(row: Primitive, rule: str) -> Iterator[str]:
    assignments, value = python_source(row.value(symbolic, *_names(row)))
    yield from assignments
    yield f"node._number = {value}"
    yield f"node._rule = {rule}"
    yield "node._a = a"
    yield f"node._b = {'b' if len(row.operands) == 2 else None}"
    yield "node._grad = 0.0"
    yield "node._grad_stamp = NEVER"
    yield "node._label = ''"
    yield "return attend(node) if attended else node"


def _pull_scalars(row: Primitive, pattern: str) -> Iterator[str]:
    partials = [formula(symbolic, *_names(row), name("out")) for formula in row.partials]
    pulled = [place for place, kind in enumerate(pattern) if kind == "v" and not is_constant_zero(partials[place])]
    used = {number for place in pulled for number in names_in(partials[place])}
    for line, number, place in zip(_unpacked(_nodes(row)), NUMBERS, range(len(pattern))):
        if place in pulled or number in used or len(pattern) > 2:
            yield line
    yield from _data_of_operands(row, pattern, used)
    if "out" in used:
        yield "out = node._number"
    for place in pulled:
        assignments, partial = python_source(partials[place], temporary=f"{NODES[place]}_t")
        yield from assignments
        yield _accumulated(NODES[place], partial)


def _accumulated(node: str, partial: str) -> str:
    # 1 * adjoint and -1 * adjoint are exact: leaving the product out changes no digit
    if partial == "1.0":
        return f"adjoints[{node}] += adjoint"
    if partial == "-1.0":
        return f"adjoints[{node}] -= adjoint"
    return f"adjoints[{node}] += adjoint * {partial if partial.isidentifier() else f'({partial})'}"


def _element(node: str, kind: str) -> Any:
    return element(
        {"v": f"{node}._number", "c": node, "m": f"({node}._number if type({node}) is Value else {node})"}[kind]
    )


def _vector_operands(row: Primitive, pattern: str) -> list[Vector]:
    return [Vector(vector, node, _element(node, kind)) for vector, node, kind in zip(vectors(row), NODES, pattern)]


def _pull_vectors(row: Primitive, pattern: str) -> Iterator[str]:
    operands = _vector_operands(row, pattern)
    elements = [operand.number for operand in operands]
    partials = [formula(symbolic, *elements, name("out")) for formula in row.partials]
    yield from _unpacked(vectors(row))
    if any("out" in names_in(partial) for partial in partials):
        yield "out = node._number"
    if row.selects:
        yield "taken = 0.0"
    loop = ", ".join(NODES[: row.vectors])
    over = vectors(row)[0] if row.vectors == 1 else f"zip({', '.join(vectors(row))})"
    yield f"for {loop} in {over}:"
    body = [
        f"    {line}"
        for partial, node, kind in zip(partials, NODES, pattern)
        if kind != "c" and not is_constant_zero(partial)
        for line in _pull_element(row, partial, node, kind)
    ]
    yield from body or ["    pass"]


def _pull_element(row: Primitive, partial: Any, node: str, kind: str) -> Iterator[str]:
    assignments, text = python_source(shared_among_ties(row, partial, name("taken")), temporary=f"{node}_t")
    yield from assignments
    if row.selects:
        yield f"partial = {text}"
        yield "taken += partial"
        text = "partial"
    guard = f"if type({node}) is Value: " if kind == "m" else ""
    yield f"{guard}{_accumulated(node, text)}"
