"""`compile`: from a recorded graph to a program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np

from autograd.compiler.guards import Guards, guarded
from autograd.compiler.narrow import Narrow
from autograd.compiler.packed import Packed
from autograd.compiler.program import Program
from autograd.compiler.recorded import Recorded, recorded
from autograd.recording import Comparison
from autograd.value import Value

Leaves: TypeAlias = "list[Value]"

BACKENDS = ("python", "numpy")

CALL, GATHERING, OPERATION = 3.0, 0.4, 0.1
"""What a call of NumPy costs, a further array from which one is gathered, and an operation on Python's floats, in
microseconds, forward and backward."""


def compile(  # as in "compile a program"; the builtin is not used here
    root: Value | Sequence[Value] | Callable[[Any], Any],
    parameters: Sequence[Value] | None = None,
    inputs: Any = (),
    dtype: Any = np.float64,
    *,
    backend: str | None = None,
) -> Program:
    """A program that computes a recorded graph, of one root or several, and its gradient, for new numbers.

    `parameters` are the leaves to differentiate, all that are no inputs when None. `inputs` are leaves that are fed
    anew on each run: a sequence of Values, or nested sequences of them, which give the shape of the array that is fed.
    `dtype` is float64 or float32. `backend` is "python", straight-line code on floats, for narrow graphs, "numpy", a
    few calls on arrays, for wide ones, or None: whichever is faster for the shape of the graph.
    Other leaves keep the numbers that they have now.
    Limit: on arrays, sums and sums of products add in another order: where products or partial sums overflow, the
    result can be a number, an infinity or NaN where the recorded graph has another of them.

    `root` can be a function of the inputs, of which `inputs` is then an example, an array of numbers or a number. It is
    called with nested lists of Values in that shape, and gives one root or several; a run on data for which it would
    have taken another branch raises BranchChanged. That is known of comparisons of Values, `x > 0`: what a function
    reads from `x.data`, and `==`, which asks whether two Values are one and the same, stay what they were, as do the
    branches of a root that was recorded before.
    Raises TypeError for what is no Value, ValueError for parameters and inputs that are computed, or given twice, and
    for an unknown dtype or backend, and RuntimeError for a function that detaches a Value or computes with one inside
    `no_recording`, whose number would stay what it was.
    """
    comparisons: Sequence[Comparison] = ()
    if callable(root):
        if np.size(inputs) == 0:
            raise ValueError("compile needs inputs for a function: an example of what it is called with; got none")
        root, inputs, comparisons = guarded(root, inputs)
    roots = [root] if type(root) is Value else _values(root, "a root, or a sequence of roots")
    fed = np.array(inputs, dtype=object)
    graph = recorded(*_checked(roots, parameters, fed.ravel().tolist()))
    kind = _kind(dtype)
    chosen = _backend(backend, graph, kind)
    runner: Any = Packed(graph, kind) if chosen == "numpy" else Narrow(graph)
    guards = Guards(comparisons, graph.parameters, graph.inputs)
    return Program(graph, runner, fed.shape, chosen, type(root) is Value, parameters is not None, guards)


def _checked(roots: list[Any], parameters: Any, inputs: list[Any]) -> tuple[Leaves, Leaves | None, Leaves]:
    named = None if parameters is None else _values(parameters, "a sequence of parameters")
    if not roots:
        raise ValueError("compile needs a root; got none")
    for value in (*roots, *(named or ()), *inputs):
        if type(value) is not Value:
            raise TypeError(f"compile needs Values; got {type(value).__name__} {value!r}")
    leaves = [*(named or ()), *inputs]
    for leaf in leaves:
        if leaf.primitive is not None:
            raise ValueError(f"compile needs leaves as parameters and inputs; got the computed Value {leaf!r}")
    for leaf, times in Counter(leaves).items():
        if times > 1:
            raise ValueError(f"compile needs each parameter and each input once; got {leaf!r} {times} times")
    return roots, named, inputs


def _values(given: Any, wanted: str) -> list[Any]:
    if type(given) is Value or not isinstance(given, Iterable):
        raise TypeError(f"compile needs {wanted}; got {type(given).__name__} {given!r}")
    return list(given)


def _kind(dtype: Any) -> Any:
    kind = np.dtype(dtype)
    if kind not in (np.float64, np.float32):
        raise ValueError(f"compile needs float64 or float32; got {kind}")
    return kind


def _backend(choice: str | None, graph: Recorded, kind: Any) -> str:
    if choice not in (None, *BACKENDS):
        raise ValueError(f"compile knows the backends {' and '.join(BACKENDS)}; got {choice!r}")
    if choice == "python" and kind != np.float64:
        raise ValueError("the backend python computes in float64; float32 needs numpy")
    if choice is not None:
        return choice
    return "numpy" if kind != np.float64 or _is_wide(graph) else "python"


def _is_wide(graph: Recorded) -> bool:
    """Whether calls on arrays are fewer than operations on floats by more than a call costs more."""
    level: dict[Any, int] = {}
    operations = 0
    for node in graph.inner:
        vectors = node.vectors
        operands = [vector[0] for vector in vectors if vector] if vectors else node.operands
        operations += sum(map(len, vectors)) if vectors else len(operands)
        level[node] = 1 + max([level.get(operand, 0) for operand in operands], default=0)
    if max(level.values(), default=0) * CALL >= operations * OPERATION:
        return False
    return _cost_of_calls(level) < operations * OPERATION


def _cost_of_calls(level: dict[Any, int]) -> float:
    """Of a call for each level of each primitive, and of what is gathered from several of these.

    The elements of a vector from several calls are gathered one by one, which saves nothing; a shared vector, once.
    """
    numbers: dict[Any, int] = {}
    calls = {node: numbers.setdefault((depth, node.primitive), len(numbers)) for node, depth in level.items()}
    read: set[tuple[int, int, int | None]] = set()
    seen: set[tuple[int, int, int]] = set()
    elements = 0
    for node, call in calls.items():
        for place, vector in enumerate(node.vectors):
            shared = call, place, id(vector)
            if shared not in seen:
                seen.add(shared)
                sources = set(map(calls.get, vector))
                read.update([(call, place, found) for found in sources])
                elements += len(vector) if len(sources) > 1 else 0
        if not node.vectors:
            read.update([(call, place, calls.get(operand)) for place, operand in enumerate(node.operands)])
    places = {(call, place) for call, place, _ in read}
    return len(numbers) * CALL + (len(read) - len(places)) * GATHERING + elements * OPERATION
