"""An optimizer's rule as calls of NumPy that move flat arrays in place.

Laws of this file:
- The arrays are moved piece after piece, each small enough for a cache: an update is bound by memory otherwise.
- What depends on no parameter is computed once in a step, on floats.
- A result is written over the number that it follows, once nothing else reads that.
- The numbers are those of the rule on whole arrays, bit by bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.compiler.code import HELPERS, IMPORTS, Code, indented
from autograd.compiler.code import Array as Named
from autograd.compiler.folding import folded
from autograd.compiler.inlining import FAST
from autograd.compiler.lowering import Lowering, spelled
from autograd.compiler.recorded import Recorded
from autograd.compiler.rules import ScalarRule, write_values
from autograd.compiler.statements import Body
from autograd.symbolic import TERMS, Expression, name, symbolic
from autograd.value import Value

Array = NDArray[Any]

PIECE = 16384
"""Numbers of each array that are moved at once."""


class Updating:
    """Moves `parameters` by their `gradient`, and `moments` with them, arrays of one dtype that stay where they are.

    Raises ValueError for a rule that sums over vectors.
    """

    def __init__(self, rule: ScalarRule, parameters: Array, gradient: Array, moments: Sequence[Array]) -> None:
        graph = rule.graph()
        if any(node.vectors for node in graph.inner):
            raise ValueError("a rule that is moved along arrays needs to be elementwise; got one of vectors")
        shared = _shared(rule, graph)
        self._common = _common(rule, graph, shared)
        self._cells = [np.zeros((), parameters.dtype) for _ in shared]
        arrays = [parameters, gradient, *moments]
        pieces = [slice(start, start + PIECE) for start in range(0, len(parameters), PIECE)]
        made: dict[int, Callable[..., None]] = {}
        self._moves: list[tuple[Callable[..., None], list[Array]]] = []
        for piece in pieces:
            parts = [array[piece] for array in arrays]
            size = len(parts[0])
            if size not in made:
                made[size] = _made(_source(rule, graph, shared, size), parameters.dtype, self._cells)
            self._moves.append((made[size], parts))

    def step(self, t: int, lr: float) -> None:
        """One step, the t-th of all parameters, at the rate lr."""
        for cell, number in zip(self._cells, self._common(t, lr)):
            cell[()] = number
        with np.errstate(all="ignore"):
            for move, parts in self._moves:
                move(*parts)


def _shared(rule: ScalarRule, graph: Recorded) -> list[Value]:
    """What depends on no parameter, and is read by what does, or is a result."""
    own = [node for node in graph.inner if node in graph.needed]
    read = [operand for node in own for operand in node.operands] + [*rule.results]
    return [x for x in dict.fromkeys(read) if type(x) is Value and x not in graph.needed]


def _common(rule: ScalarRule, graph: Recorded, shared: Sequence[Value]) -> Callable[[int, float], Sequence[float]]:
    """The function of t and lr that gives what is shared."""
    body, names = Body(), {rule.t: "t", rule.lr: "lr"}
    write_values(body, 0, [node for node in graph.inner if node not in graph.needed], names)
    results = "".join(f"{names[node]}, " for node in shared)
    made: dict[str, Any] = {}
    text = "\n    ".join(["def common(t, lr):", *body.lines, f"return ({results})"])
    exec(compile(text, "<autograd: updating>", "exec"), dict(FAST), made)
    return made["common"]  # type: ignore[no-any-return]


def _made(source: str, kind: Any, cells: Sequence[Array]) -> Callable[..., None]:
    scope: dict[str, Any] = {}
    exec(compile(source, "<autograd: updating>", "exec"), scope)
    return scope.pop("updating")(kind, *cells)  # type: ignore[no-any-return]


def _source(rule: ScalarRule, graph: Recorded, shared: Sequence[Value], size: int) -> str:
    """A function that makes the function which moves arrays of that size."""
    moved = ["p", *(f"m{place}" for place in range(len(rule.moments)))]
    names = dict(zip([rule.p, *rule.moments], moved)) | {rule.g: "g"}
    cells = {node: f"c{place}" for place, node in enumerate(shared)}
    code = Code()
    arrays = {given: Named(given, (size,)) for given in names.values()} | {c: Named(c, ()) for c in cells.values()}
    formulas = _formulas(graph, {node: name(text) for node, text in (names | cells).items()})
    results = {target: formulas(result) for target, result in zip(moved, rule.results)}
    _write(Lowering(code, arrays), results)
    head = f"def updating({', '.join(['kind', *cells.values()])}):\n"
    inner = f"    def update({', '.join(['p', 'g', *moved[1:]])}):\n"
    body = code.body or ["pass"]
    parts = [IMPORTS, "\n\n", head, HELPERS, *indented(code.preamble, 4), "\n", inner, *indented(body, 8)]
    return "".join([*parts, "\n    return update\n"])


def _formulas(graph: Recorded, known: dict[Value, Expression]) -> Callable[[Any], Any]:
    """What gives the folded formula of a result in names."""
    for node in graph.inner:
        if node in graph.needed and node not in known:
            operands = [known[x] if type(x) is Value else x for x in node.operands]
            known[node] = folded(node.primitive.value(symbolic, *operands))  # type: ignore[union-attr, assignment]
    return lambda result: spelled(known[result] if type(result) is Value else result)


def _write(lowering: Lowering, results: dict[str, Any]) -> None:
    """Computes each result into its array, at the end where another one still reads that."""
    waiting, late = dict(reversed(results.items())), []  # p, which reads the moments, comes last
    while waiting:
        target = next((target for target in waiting if target not in _read(lowering, waiting, target)), None)
        chosen = target or next(iter(waiting))
        expression, array = waiting.pop(chosen), lowering.arrays[chosen]
        if target is None:
            late.append((array, lowering.set_apart(expression)))
        else:
            lowering.result(expression, array, is_read=True)
            lowering.knows(expression, array)
        lowering.forget(waiting.values())
    for array, found in late:
        lowering.code.statement(f"copyto({array.name}, {found.name})")


def _read(lowering: Lowering, waiting: dict[str, Any], target: str) -> set[str]:
    """The names that are read by the others, once the target is computed."""
    known = {key for key, array in lowering.known.items() if array.name in lowering.kept}
    known |= {waiting[target].key} if isinstance(waiting[target], Expression) else set()
    return {text for other, formula in waiting.items() if other != target for text in _names(formula, known)}


def _names(formula: Any, known: set[str]) -> Iterator[str]:
    if not isinstance(formula, Expression) or formula.key in known:
        return
    if formula.operation in TERMS:
        yield formula.arguments[0]
        return
    for argument in formula.arguments:
        yield from _names(argument, known)
