"""The wide way to run: a graph packed into few calls of NumPy on flat arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakMethod

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from autograd.compiler.code import HELPERS, IMPORTS, LONGEST_FUNCTION, indented
from autograd.compiler.emission import Emission
from autograd.compiler.layout import Block, Layout
from autograd.compiler.maps import strides_of
from autograd.compiler.normal import Normal
from autograd.compiler.recorded import Recorded
from autograd.notation.screens import table
from autograd.primitives import DomainError, require_domain
from autograd.value import Value

Array = NDArray[Any]

HEAD = f'''"""A graph of scalars as a program of NumPy, written by the compiler.

All numbers live in one flat array, `values`, and what is differentiated by them in another, `adjoints`, at the same
places: the parameters come first. `forward` computes the values, and after it `backward` computes the adjoints.
"""

{IMPORTS}
from numpy.lib.stride_tricks import as_strided


def view(numbers, base, shape, strides):
    return as_strided(numbers[base:], shape, [step * numbers.itemsize for step in strides])


def program(values, adjoints, places, outside):
    kind = values.dtype
{HELPERS}'''


class Packed:
    """A recorded graph as arrays and two functions. `parameters` and `gradient` are views of the flat arrays."""

    def __init__(self, graph: Recorded, dtype: Any = np.float64) -> None:
        self.normal = Normal(graph)
        self.layout = Layout(self.normal)
        emission = Emission(self.layout)
        with np.errstate(over="ignore"):
            self.values: Array = self.layout.initial().astype(dtype)
        self.adjoints: Array = np.zeros(self.layout.size, dtype)
        count = len(graph.parameters)
        self.parameters, self.gradient = self.values[:count], self.adjoints[:count]
        self.source = _source(emission)
        self.places = emission.code.places
        self.emission = emission
        self._forward, self._backward = self._executed()
        self._roots = self.layout.position[self.normal.roots]
        self._inputs = self.positions_of(graph.inputs)

    def _executed(self) -> tuple[Callable[[], None], Callable[[], None]]:
        """The two functions. They know neither each other nor this object, so that all go together."""
        scope: dict[str, Any] = {}
        own: Any = WeakMethod(self._outside)

        def outside(check: int, violated: Any) -> None:
            own()(check, violated)

        exec(compile(self.source, "<autograd: packed>", "exec"), scope)
        with np.errstate(over="ignore"):  # a constant that float32 can't hold is infinite there
            made = scope.pop("program")(self.values, self.adjoints, self.places, outside)
        del scope["view"]
        return made  # type: ignore[no-any-return]

    def feed(self, numbers: Array) -> None:
        """Takes the numbers of the inputs, in their shape."""
        self.values[self._inputs] = numbers.ravel()

    def view_of(self, leaves: Any) -> Array | None:
        """A view of the numbers of leaves, in the shape of their array; None where they do not lie so."""
        found = strides_of(self.positions_of(leaves.ravel().tolist()).reshape(leaves.shape))
        if found is None:
            return None
        size = self.values.itemsize
        return as_strided(self.values[found.base :], leaves.shape, [step * size for step in found.strides])

    def rows_of(self, leaves: Any) -> Array | None:
        """The numbers of leaves as the rows of an array that lies in one piece; a row may end in ones.

        `leaves` has the leaves of a row in each element of its first axis. None where they do not lie so.
        """
        positions = self.positions_of(leaves.ravel().tolist()).reshape(len(leaves), -1)
        count, columns = positions.shape
        base = int(positions[0, 0])
        width = int(positions[1, 0]) - base if count > 1 else columns
        rows = np.arange(base, base + count * max(width, 0)).reshape(count, -1)
        if width < columns or not np.array_equal(rows[:, :columns], positions):
            return None
        if not self.layout.are_ones(rows[:, columns:]):
            return None
        return self.values[base : base + rows.size].reshape(rows.shape)

    def positions_of(self, nodes: Sequence[Value]) -> NDArray[np.intp]:
        """Where the numbers of nodes are in `values`."""
        return self.layout.position[[self.normal.ids[node] for node in nodes]]

    def fed(self) -> list[float]:
        """The numbers of the inputs as they are."""
        return self.values[self._inputs].tolist()  # type: ignore[no-any-return]

    def run(self) -> Array:
        """The values of the roots; the gradient of their sum is then in `gradient`."""
        with np.errstate(all="ignore"):
            self._forward()
            self._backward()
        return self.values[self._roots]

    def forward(self) -> Array:
        """The values of the roots alone."""
        with np.errstate(all="ignore"):
            self._forward()
        return self.values[self._roots]

    def descend(self, optimizer: Any, steps: int, values: list[float]) -> None:
        """Takes no step: one by one, they are as fast as they can be."""

    def described(self) -> str:
        """The schedule as a table."""
        steps = self.emission.schedule()
        rows = [("", "", "shape", "reads", "forward", "backward")]
        rows += [
            (name, _what(block), str(block.shape), ", ".join(reads), str(ahead), str(back))
            for name, block, reads, ahead, back in steps
        ]
        forward, backward = sum(step.forward for step in steps), sum(step.backward for step in steps)
        size = self.values.nbytes + self.adjoints.nbytes
        nodes = len(self.normal.graph.inner)
        calls = f"{forward} calls forward, {backward} backward, {size:,} bytes"
        head = f"NumPy program of {nodes:,} node{'s' * (nodes != 1)}: {calls}"
        return "\n".join([head, *table(rows)])

    def _outside(self, check: int, violated: Any) -> None:
        """Raises the DomainError of the first member that is outside, as computing it eagerly does."""
        block = self.layout.blocks[self.emission.checks[check]]
        member = 0 if violated is None else int(np.argmax(np.broadcast_to(violated, block.shape)))
        numbers, labels = [], []
        for operand in block.operands:
            position = None if operand.positions is None else int(operand.positions.flat[member])
            numbers.append(operand.constant if position is None else float(self.values[position]))
            labels.append("" if position is None else self._label(position))
        try:
            require_domain(block.row, numbers, labels)
        except DomainError as error:
            where = np.unravel_index(member, block.shape)
            place_in = f", at {tuple(map(int, where))} of {block.shape}" if block.size > 1 else ""
            raise DomainError(f"{error}{place_in}") from None

    def _label(self, position: int) -> str:
        elements = np.flatnonzero(self.layout.position[: len(self.normal.nodes)] == position)
        return self.normal.nodes[int(elements[0])].label if len(elements) else ""


def _what(block: Block) -> str:
    return "matrix product" if block.form == "product" else block.row.name


def _source(emission: Emission) -> str:
    parts = [HEAD, *indented(emission.code.preamble, 4)]
    for name, statements in (("forward", emission.forward), ("backward", emission.backward)):
        parts += ["\n", *_functions(name, statements)]
    parts += ["\n", "    return forward, backward\n"]
    return "".join(parts)


def _functions(name: str, statements: Sequence[str]) -> list[str]:
    """A function, or several of bounded length and one that calls them."""
    if len(statements) <= LONGEST_FUNCTION:
        return [f"    def {name}():\n", *indented(statements or ["pass"], 8)]
    parts: list[str] = []
    calls: list[str] = []
    start = 0
    while start < len(statements):
        end = start + LONGEST_FUNCTION
        while end < len(statements) and statements[end].startswith(" "):  # what an `if` asks stays below it
            end += 1
        calls.append(f"{name}{len(calls) + 1}()")
        parts += [f"    def {calls[-1]}:\n", *indented(statements[start:end], 8), "\n"]
        start = end
    return [*parts, f"    def {name}():\n", *indented(calls, 8)]
