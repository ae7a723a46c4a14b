"""The NumPy program of a layout: each block as a few calls forward, and in reverse order backward.

Laws of this file:
- The partials are those of the table. What an adjoint is, one number throughout, another adjoint times a number, or an
  array, is followed as long as no call is needed for it: a loss that is a mean costs nothing on the way back.
- The first contribution to an adjoint is written, later ones are added. Positions of which some were written and some
  were not are set to 0 at the beginning.
- Along an axis that an operand is spread over, contributions are summed; where positions repeat in any other way they
  are sorted once, when the program is made, and summed in stretches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.compiler.code import ADJOINTS, VALUES, Array, Code
from autograd.compiler.folding import folded, simplified
from autograd.compiler.layout import Block, Layout, Operand
from autograd.compiler.lowering import Lowering
from autograd.compiler.maps import Positions, is_contiguous, is_injective, strides_of
from autograd.primitives import Requirement, is_constant_zero
from autograd.symbolic import Expression, Vector, element, name, symbolic

NOWHERE = -1

LARGEST_FACTOR = 1e100
"""Larger factors of an adjoint, and smaller than its inverse, are multiplied out: two of them could be 0 or infinite,
where the adjoint times one and then the other is neither."""

GATHERED = "_gathered"
"""The end of the names of arrays into which numbers are gathered on every run."""


class Adjoint(NamedTuple):
    """The adjoint of a block: an array times a factor, or the factor alone throughout."""

    array: Array | None
    factor: float


class Step(NamedTuple):
    """A line of the schedule: what a block is, and how many calls it takes in either direction."""

    name: str
    block: Block
    reads: list[str]
    forward: int
    backward: int


class Read(NamedTuple):
    """A block while it is computed: its result, what it reads, and where a check of its domain failed."""

    out: Array
    operands: list[Array]
    axis: int


class Emission:
    """Statements for all blocks of a layout, forward and backward."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.code = Code()
        self._leaves: Counter[str] = Counter()
        self.names = list(_names(layout.blocks))
        self.read: list[Read] = []
        self.checks: list[int] = []
        self.owner = self._owners()
        self.uses = self._uses()
        self.adjoints: dict[int, Adjoint] = {}
        self.calls = [[0] * len(layout.blocks), [0] * len(layout.blocks)]
        self.written = np.zeros(layout.size, dtype=bool)
        self.cleared = np.zeros(layout.size, dtype=bool)
        self.forward = self._forward()
        self.backward = self._backward()

    def schedule(self) -> list[Step]:
        """What is done, block after block."""
        blocks = zip(self.names, self.layout.blocks, self.read)
        return [
            Step(name, block, [_told(x, y) for x, y in zip(block.operands, read.operands)], *calls)
            for (name, block, read), calls in zip(blocks, zip(*self.calls))
        ]

    def _owners(self) -> Positions:
        """For each position the block that computes it."""
        owner = np.full(self.layout.size, NOWHERE, dtype=np.intp)
        for place, block in enumerate(self.layout.blocks):
            owner[block.base : block.base + block.size] = place
        return owner

    def _uses(self) -> list[int]:
        """For each block how often its adjoint is contributed to, roots included."""
        uses = [0] * len(self.layout.blocks)
        for block in self.layout.blocks:
            for operand in block.operands:
                if block.needed and operand.needed and operand.positions is not None:
                    for place in np.unique(self.owner[operand.positions]).tolist():
                        if place != NOWHERE:
                            uses[place] += 1
        for position in self.layout.position[self.layout.normal.roots].tolist():
            if self.owner[position] != NOWHERE:
                uses[self.owner[position]] += 1
        return uses

    # ---- forward

    def _forward(self) -> list[str]:
        self.code.body = []
        for place, block in enumerate(self.layout.blocks):
            before = len(self.code.body)
            self._compute(place, block)
            self.code.release()
            self.calls[0][place] = len(self.code.body) - before
        return self.code.body

    def _compute(self, place: int, block: Block) -> None:
        out = self._view(VALUES, block.positions, self.names[place])
        axis = _axis_of_vectors(block)
        operands = [self._operand(operand, self.names[place], axis) for operand in block.operands]
        read = Read(out, operands, axis)
        self.read.append(read)
        if block.form == "product":
            left, right = operands
            self._multiply(left, self.code.transposed(right), out)
            return
        lowering = self._lowering(block, read)
        for requirement in block.row.domain:
            self._check(place, block, requirement, lowering)
        lowering.result(self._formula(block, block.row.value), lowering.arrays["out"])

    def _view(self, buffer: str, positions: Positions, stem: str) -> Array:
        view = self.code.view(buffer, positions, stem)
        if view is None:
            raise AssertionError("a block lies in one piece")
        return view

    def _operand(self, operand: Operand, stem: str, axis: int) -> Array:
        """What is read, gathered if there is no view of it; the axis of vectors comes first where memory has it so."""
        if operand.positions is None:
            return self.code.constant(operand.constant)
        positions = _turned(operand.positions, axis)
        first = int(self.owner[positions.flat[0]])
        stem_known = self.code.name_of_view(VALUES, positions)
        known = self.names[first] if first != NOWHERE else stem_known or self._stem_of_leaves(positions)
        view = self.code.view(VALUES, positions, known)
        if view is not None:
            return view
        gathered = self.code.made(positions.shape, f"{stem}{GATHERED}")
        self.code.statement(f"take({VALUES}, {self.code.index(positions)}, None, {gathered.name}, 'clip')")
        return gathered

    def _stem_of_leaves(self, positions: Positions) -> str:
        is_parameter = positions.min() < len(self.layout.normal.graph.parameters)
        stem = ("x", "X", "w", "W")[2 * is_parameter + (positions.ndim == 2)]
        self._leaves[stem] += 1
        return f"{stem}{self._leaves[stem]}"

    def _check(self, place: int, block: Block, requirement: Requirement, lowering: Lowering) -> None:
        violated = self._formula(block, requirement.violated)
        if violated is False:
            return
        self.checks.append(place)
        number = len(self.checks) - 1
        if not isinstance(violated, Expression):
            self.code.statement(f"outside({number}, None)")
            return
        condition = lowering.result(violated)
        self.code.statement(f"if {condition.name}.any():")
        self.code.statement(f"    outside({number}, {condition.name})")

    # ---- formulas

    def _formula(self, block: Block, formula: Callable[..., Any], *more: Any) -> Any:
        """A formula of the row for what this block reads, with its constants folded in; None for no slope at all."""
        row = block.row
        if row.vectors and formula is row.value:
            terms: list[Any] = [Vector(f"x{k}", f"e{k}", element(f"e{k}")) for k in range(row.vectors)]
        elif row.vectors:
            terms = [element(f"e{k}") for k in range(row.vectors)]
        else:
            terms = [name(f"x{k}") for k in range(len(row.operands))]
        result = formula(symbolic, *terms, *more)
        if is_constant_zero(result):
            return None
        numbers = {f"x{k}": operand.constant for k, operand in enumerate(block.operands) if operand.positions is None}
        return folded(result, numbers)

    def _lowering(self, block: Block, read: Read) -> Lowering:
        arrays = {f"{'e' if block.row.vectors else 'x'}{k}": array for k, array in enumerate(read.operands)}
        out = read.out
        if block.row.vectors and read.axis:
            out = self.code.derived(out, f"{out.name}_", (*out.shape, 1), f"{out.name}[..., None]")
        return Lowering(self.code, {**arrays, "out": out}, read.axis)

    # ---- backward

    def _backward(self) -> list[str]:
        self.code.body = []
        self._seed()
        for place in reversed(range(len(self.layout.blocks))):
            block = self.layout.blocks[place]
            if block.needed:
                before = len(self.code.body)
                self._pull(place, block)
                self.code.release()
                self.calls[1][place] = len(self.code.body) - before
        statements = self.code.body
        return [*self._clearing(), *statements]

    def _seed(self) -> None:
        """The adjoint of each root is 1, or as many as it is there."""
        for root in self.layout.normal.roots:
            position = int(self.layout.position[root])
            place = int(self.owner[position])
            if place != NOWHERE and self.uses[place] == 1 and self.layout.blocks[place].size == 1:
                self.adjoints[place] = Adjoint(None, 1.0)
            else:
                self.cleared[position] = self.written[position] = True
                self.code.statement(f"{ADJOINTS}[{position}] += 1.0")

    def _clearing(self) -> Iterator[str]:
        """Statements that set what is added to before all of it was written to 0."""
        positions = np.flatnonzero(self.cleared)
        for stretch in np.split(positions, np.flatnonzero(np.diff(positions) != 1) + 1):
            if len(stretch):
                yield f"{ADJOINTS}[{stretch[0]}:{stretch[-1] + 1}] = 0.0"

    def _pull(self, place: int, block: Block) -> None:
        adjoint = self._adjoint(place, block)
        read = self.read[place]
        if block.form == "product":
            self._pull_product(place, block, read, adjoint)
        elif block.row.vectors:
            self._pull_reduction(place, block, read, adjoint)
        else:
            lowering = self._lowering(block, read)
            lowering.knows(self._formula(block, block.row.value), read.out)
            for operand, formula in zip(block.operands, block.row.partials):
                if operand.needed and operand.positions is not None:
                    self._contribute(operand.positions, adjoint, self._formula(block, formula, name("out")), lowering)

    def _adjoint(self, place: int, block: Block) -> Adjoint:
        """What was contributed to the adjoint of a block."""
        if place in self.adjoints:
            adjoint = self.adjoints[place]
            if adjoint.array is None or 1 / LARGEST_FACTOR <= abs(adjoint.factor) <= LARGEST_FACTOR:
                return adjoint
            return Adjoint(self._materialized(place, block, adjoint), 1.0)
        return Adjoint(self._view(ADJOINTS, block.positions, self._name_of_adjoint(place)), 1.0)

    def _name_of_adjoint(self, place: int) -> str:
        name = self.names[place]
        return f"delta{name[1:]}" if name[0] == "z" and name[1:].isdigit() else f"d{name}"

    def _pull_product(self, place: int, block: Block, read: Read, adjoint: Adjoint) -> None:
        given = self._materialized(place, block, adjoint)
        (left, right), (rows, columns) = read.operands, block.operands
        for operand, a, b in ((rows, given, right), (columns, self.code.transposed(given), left)):
            if operand.needed and operand.positions is not None:
                kept = operand.needed_columns
                if kept is not None:
                    b = self._columns(b, kept)
                positions = operand.positions[:, :kept]
                self._write_product(positions, a, b)

    def _columns(self, array: Array, count: int) -> Array:
        shape = (array.shape[0], count)
        return self.code.derived(array, f"{array.name}_", shape, f"{array.name}[:, :{count}]")

    def _write_product(self, positions: Positions, a: Array, b: Array) -> None:
        """Adds a · b to the adjoints, turned to the side on which they lie row after row."""
        found = strides_of(positions)
        if found is not None and not is_contiguous(positions.shape, found.strides):
            positions, a, b = positions.T, self.code.transposed(b), self.code.transposed(a)
            found = strides_of(positions)
        direct = found is not None and is_contiguous(positions.shape, found.strides)
        if direct and self._is_first(positions):
            out = self._view(ADJOINTS, positions, self._stem_of_adjoint(positions))
            self._multiply(a, b, out)
            self.written[positions] = True
            return
        result = self.code.temporary(positions.shape)
        self._multiply(a, b, result)
        self._accumulate(positions, result)

    def _multiply(self, a: Array, b: Array, out: Array) -> None:
        # BLAS takes 0 * NaN for 0 where one of the matrices is a single number
        call = "multiply" if (1, 1) in (a.shape, b.shape) else "dot"
        self.code.statement(f"{call}({a.name}, {b.name}, {out.name})")

    def _materialized(self, place: int, block: Block, adjoint: Adjoint) -> Array:
        """The adjoint as an array of the shape of the block."""
        stem = self._name_of_adjoint(place)
        if adjoint.array is None:
            return self.code.full(block.shape, adjoint.factor, stem)
        if adjoint.factor == 1.0 and adjoint.array.shape == block.shape:
            return adjoint.array
        out = self._view(ADJOINTS, block.positions, stem)
        self.code.statement(f"multiply({adjoint.array.name}, {self.code.constant(adjoint.factor).name}, {out.name})")
        return out

    def _pull_reduction(self, place: int, block: Block, read: Read, adjoint: Adjoint) -> None:
        lowering = self._lowering(block, read)
        spread = adjoint
        shape = read.operands[0].shape
        if adjoint.array is not None:
            spread = Adjoint(self._spread(adjoint.array, shape, read.axis), adjoint.factor)
        for operand, formula in zip(block.operands, block.row.partials):
            if operand.needed and operand.positions is not None:
                partial = self._formula(block, formula, name("out"))
                if block.row.selects:
                    partial = self._first_of_ties(partial, lowering, read.axis)
                self._contribute(_turned(operand.positions, read.axis), spread, partial, lowering)

    def _spread(self, array: Array, shape: tuple[int, ...], axis: int) -> Array:
        """An adjoint of reductions beside each of their elements."""
        text = f"{array.name}[..., None]" if axis else array.name
        return self.code.derived(array, f"{array.name}_", shape, f"broadcast_to({text}, {shape})")

    def _first_of_ties(self, partial: Any, lowering: Lowering, axis: int) -> Any:
        """The partial times 1 minus what elements before it have taken, as the table shares it."""
        ties = lowering.result(partial)
        before = self.code.temporary(ties.shape)
        axis %= len(ties.shape)
        self.code.statement(f"add.accumulate({ties.name}, {axis}, None, {before.name})")
        self.code.statement(f"subtract({before.name}, {ties.name}, {before.name})")
        self.code.statement(f"minimum({before.name}, {self.code.constant(1.0).name}, out={before.name})")
        taken = name("taken")
        lowering.arrays = {**lowering.arrays, "taken": before}
        return simplified("*", (partial, simplified("-", (1.0, taken))))

    # ---- contributions

    def _contribute(self, positions: Positions, adjoint: Adjoint, partial: Any, lowering: Lowering) -> None:
        """Adds adjoint · partial to the adjoints at these positions."""
        if partial is None:
            return
        if not isinstance(partial, Expression):
            self._contribute_scaled(positions, Adjoint(adjoint.array, adjoint.factor * partial))
            return
        expression = partial if adjoint.factor == 1.0 else _scaled(adjoint.factor, partial)
        if adjoint.array is not None:
            lowering.arrays = {**lowering.arrays, "adjoint": adjoint.array}
            expression = Expression("*", (name("adjoint"), expression))
        out = self._target(positions) if self._is_first(positions) else None
        result = lowering.result(expression, out) if out is not None else lowering.result(expression)
        if out is not None:
            self.written[positions] = True
        else:
            self._accumulate(positions, self._full(result, positions.shape))

    def _contribute_scaled(self, positions: Positions, adjoint: Adjoint) -> None:
        place = int(self.owner[positions.flat[0]])
        is_alone = place != NOWHERE and self.uses[place] == 1
        if is_alone and _is_all_of(positions, self.layout.blocks[place], adjoint):
            self.adjoints[place] = adjoint
            return
        if adjoint.array is None:
            self._accumulate(positions, self.code.full(positions.shape, adjoint.factor, "k"))
            return
        array = self._full(adjoint.array, positions.shape)
        if adjoint.factor != 1.0:
            scaled = self.code.temporary(positions.shape)
            self.code.statement(f"multiply({array.name}, {self.code.constant(adjoint.factor).name}, {scaled.name})")
            array = scaled
        self._accumulate(positions, array)

    def _full(self, array: Array, shape: tuple[int, ...]) -> Array:
        if array.shape == shape:
            return array
        return self.code.derived(array, f"{array.name}_", shape, f"broadcast_to({array.name}, {shape})")

    def _is_first(self, positions: Positions) -> bool:
        return not self.written[positions].any() and is_injective(positions)

    def _target(self, positions: Positions) -> Array | None:
        return self.code.view(ADJOINTS, positions, self._stem_of_adjoint(positions))

    def _stem_of_adjoint(self, positions: Positions) -> str:
        place = int(self.owner[positions.flat[0]])
        if place != NOWHERE:
            return self._name_of_adjoint(place)
        return f"d{self.code.name_of_view(VALUES, positions) or 'parameters'}"

    def _accumulate(self, positions: Positions, array: Array) -> None:
        """Writes an array to the adjoints at these positions, or adds it where something was written before."""
        spread = _spread_axes(positions)
        if spread:
            kept = (slice(0, 1) if axis in spread else slice(None) for axis in range(positions.ndim))
            positions = positions[tuple(kept)]
            total = self.code.temporary(positions.shape)
            axes = spread[0] if len(spread) == 1 else tuple(spread)
            self.code.statement(f"add.reduce({array.name}, {axes}, None, {total.name}, True)")
            array = total
        view = self._target(positions) if is_injective(positions) else None
        if view is None:
            self._scatter(positions, array)
        elif not self.written[positions].any():
            self.code.statement(f"copyto({view.name}, {array.name})")
        else:
            self._clear_the_rest(positions)
            self.code.statement(f"add({view.name}, {array.name}, {view.name})")
        self.written[positions] = True

    def _scatter(self, positions: Positions, array: Array) -> None:
        """Sums what goes to the same position, if anything does, and adds it there."""
        targets = positions
        if not is_injective(positions):
            order = np.argsort(positions.ravel(), kind="stable")
            targets, starts = np.unique(positions.ravel()[order], return_index=True)
            sorted_, sums = self.code.temporary((positions.size,)), self.code.temporary(targets.shape)
            self.code.statement(f"take({array.name}, {self.code.index(order)}, None, {sorted_.name}, 'clip')")
            self.code.statement(f"add.reduceat({sorted_.name}, {self.code.index(starts)}, 0, None, {sums.name})")
            array = sums
        where = self.code.index(targets)
        if self.written[targets].any():
            self._clear_the_rest(targets)
            old = self.code.temporary(targets.shape)
            self.code.statement(f"take({ADJOINTS}, {where}, None, {old.name}, 'clip')")
            self.code.statement(f"add({old.name}, {array.name}, {old.name})")
            array = old
        self.code.statement(f"put({ADJOINTS}, {where}, {array.name})")

    def _clear_the_rest(self, positions: Positions) -> None:
        self.cleared[positions[~self.written[positions]]] = True


def _told(operand: Operand, array: Array) -> str:
    """How an operand is read: by its name, and what that costs."""
    if operand.positions is None:
        return f"{operand.constant:g}"
    if array.name.endswith(GATHERED):
        return f"{array.name} gathered"
    return f"{array.name} spread" if _spread_axes(operand.positions) else array.name


def _turned(positions: Positions, axis: int) -> Positions:
    """The positions of vectors with their elements along the first axis, if that is the axis of the vectors."""
    return positions.T if axis == 0 and positions.ndim == 2 else positions


def _axis_of_vectors(block: Block) -> int:
    """0 where vectors stand side by side in memory, -1 where each lies in one piece; -1 too for what has no vectors."""
    if block.form != "reduction":
        return -1
    for operand in block.operands:
        found = strides_of(operand.positions) if operand.positions is not None else None
        if found is not None and operand.positions is not None and min(operand.positions.shape) > 1:
            return 0 if found.strides[0] < found.strides[1] else -1
    return -1


def _spread_axes(positions: Positions) -> list[int]:
    """The axes along which all positions are the same."""
    return [
        axis
        for axis, n in enumerate(positions.shape)
        if n > 1 and (positions == np.take(positions, [0], axis=axis)).all()
    ]


def _is_all_of(positions: Positions, block: Block, adjoint: Adjoint) -> bool:
    """Whether the positions are those of a block, in the order in which the adjoint has them."""
    if positions.size != block.size:
        return False
    if adjoint.array is None:
        return np.array_equal(np.sort(positions.ravel()), block.positions.ravel())
    return positions.shape == block.shape and np.array_equal(positions, block.positions)


def _scaled(factor: float, expression: Expression) -> Expression:
    """2 * (3 * x) as 6 * x."""
    if expression.operation == "*":
        for inner, other in (expression.arguments, expression.arguments[::-1]):
            if not isinstance(inner, Expression):
                return Expression("*", (factor * inner, other))
    return Expression("*", (factor, expression))


def _names(blocks: Sequence[Block]) -> Iterator[str]:
    """A name for each block: z1 for a product of matrices, y1 for what comes of it alone, else that of the row."""
    products: dict[int, int] = {}
    met: Counter[str] = Counter()
    for block in blocks:
        if block.form == "product":
            met["z"] += 1
            products[block.base] = met["z"]
            yield f"z{met['z']}"
            continue
        first = block.operands[0].positions
        number = products.pop(int(first.flat[0]), 0) if first is not None and len(block.operands) == 1 else 0
        met[block.row.name] += not number
        yield f"y{number}" if number else f"{block.row.name}{met[block.row.name]}"
