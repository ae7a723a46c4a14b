"""Where every number lives: nodes that are alike become blocks of a flat array, and operands views of it.

Laws of this file:
- Nodes of one level (the longest path from the leaves), one row and one form are a group: one operation on arrays.
- A block is contiguous. Leaves are placed when something first reads them, as the array that it needs; parameters come
  first, in the order in which they were given.
- In a group of dots, lefts that meet the same rights are a product of matrices: neurons × examples, kernels × patches.
  An addend that belongs to a left, as a bias does, is a last column of the lefts, which meets a row of ones.
- Where an operand is no strided view, it is gathered: right, slower, and to be seen in the schedule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd.compiler.maps import Positions, Shape, shape_for, strides_of
from autograd.compiler.normal import NONE, Ids, Item, Normal
from autograd.primitives import Primitive, add, dot
from autograd.symbolic import Expression, name, symbolic

UNPLACED = -1

MOST_PRODUCTS, FEWEST_PAIRS = 8, 16
"""More products than that, with fewer pairs of vectors in each, are one elementwise operation on gathered rows."""

PLAIN = ("+", "-", "*", "divide")
"""Operations for which it does not matter whether all members have the same constant."""


@dataclass
class Operand:
    """What a block reads: positions, in the shape in which it is read, or one number for all members.

    `needed` says whether it has an adjoint; of the last axis of a matrix only the first `needed_columns` can have one.
    """

    positions: Positions | None
    constant: float = 0.0
    needed: bool = False
    needed_columns: int | None = None


@dataclass
class Block:
    """Nodes that are computed by one operation on arrays; the results lie from `base` on, in the shape `shape`.

    `form` is "elementwise", where operands have the shape of the result; "reduction", where vectors have one axis more,
    the last; or "product", where a matrix (rows, n) meets a matrix (columns, n).
    """

    form: str
    row: Primitive
    base: int
    shape: Shape
    operands: list[Operand]
    needed: bool
    members: Ids

    @property
    def size(self) -> int:
        return int(np.prod(self.shape))

    @property
    def positions(self) -> Positions:
        return np.arange(self.base, self.base + self.size, dtype=np.intp).reshape(self.shape)


@dataclass
class Layout:
    """Blocks in the order of their work, and the position of each element of a normal form."""

    normal: Normal
    blocks: list[Block] = field(default_factory=list)
    size: int = 0

    def __post_init__(self) -> None:
        normal = self.normal
        self.position = np.full(len(normal.data), UNPLACED, dtype=np.intp)
        self.needed = np.zeros(len(normal.data), dtype=bool)
        self.needed[list(normal.needed)] = True
        self._is_leaf, self._is_constant = normal.is_leaf, normal.is_constant
        self._numbers = np.array(normal.data)
        self._meets_ones = self._meeting_ones()
        self._ones: set[int] = set()
        self._block_at: dict[int, Block] = {}
        self.place([normal.ids[parameter] for parameter in normal.graph.parameters])
        for group in self._groups():
            self._pack(group)
        self.place([normal.ids[leaf] for leaf in normal.graph.inputs])
        self.place([*normal.roots, *(normal.ids[node] for node in normal.graph.watched)])

    # ---- numbers

    def initial(self) -> Any:
        """The flat array of all numbers as they are now, ones and constants included; what is computed is 0."""
        values = np.zeros(self.size)
        placed = self.position >= 0
        values[self.position[placed]] = self._numbers[placed]
        values[list(self._ones)] = 1.0
        return values

    def place(self, elements: Iterable[int]) -> None:
        """Gives the next positions to the elements that have none."""
        ids = np.array(list(dict.fromkeys(elements)), dtype=np.intp)
        new = ids[self.position[ids] == UNPLACED] if len(ids) else ids
        self.position[new] = np.arange(self.size, self.size + len(new))
        self.size += len(new)

    # ---- groups

    def _groups(self) -> Iterable[list[Item]]:
        """Items that are alike, level by level; dots come first in a level."""
        groups: dict[Any, list[Item]] = defaultdict(list)
        level = np.zeros(len(self.normal.data), dtype=np.intp)
        of_vector: dict[int, int] = {}

        def vector_level(vector: int) -> int:
            if vector not in of_vector:
                of_vector[vector] = int(level[self.normal.vectors[vector]].max())
            return of_vector[vector]

        for item in self.normal.items:
            elements = (e for e in (*item.operands, item.addend) if e != NONE)
            below = [*map(vector_level, item.vectors), *(int(level[e]) for e in elements)]
            level[item.out] = 1 + max(below)
            groups[(1 + max(below), item.row is not dot, self._form(item))].append(item)
        return (groups[key] for key in sorted(groups, key=lambda key: key[:2]))

    def _form(self, item: Item) -> Any:
        """What members of a group have in common."""
        lengths = tuple(len(self.normal.vectors[vector]) for vector in item.vectors)
        constants = tuple(
            (self._numbers[e] if self._splits(item.row) else True) if self._is_constant[e] else None
            for e in item.operands
        )
        return item.row.name, lengths, item.addend != NONE, constants, bool(self.needed[item.out])

    def _splits(self, row: Primitive) -> bool:
        value = row.value(symbolic, *map(name, row.operands)) if not row.vectors else None
        return not (isinstance(value, Expression) and value.operation in PLAIN)

    def are_ones(self, positions: Positions) -> bool:
        """Whether at these positions there are ones that biases meet."""
        return self._ones.issuperset(positions.ravel().tolist())

    def _meeting_ones(self) -> Any:
        """For each element whether it is in a vector whose other side can have a bias."""
        mask = np.zeros(len(self.normal.data), dtype=bool)
        for vector in {vector for item in self.normal.items if item.addend != NONE for vector in item.vectors}:
            mask[self.normal.vectors[vector]] = True
        return mask & ~self._is_leaf

    def _pack(self, group: list[Item]) -> None:
        row = group[0].row
        if row is dot:
            self._pack_dots(group)
        elif row.vectors:
            self._pack_reduction(group)
        else:
            operands, members = [item.operands for item in group], [item.out for item in group]
            self._pack_elementwise(row, np.array(operands).T, np.array(members, dtype=np.intp))

    # ---- elementwise

    def _pack_elementwise(self, row: Primitive, operands: Ids, members: Ids) -> Block:
        """One operation on the operands, of shape (operands, members)."""
        order = self._order(operands)
        operands, members = operands[:, order], members[order]
        read = [self._read(ids) for ids in operands]
        maps = [operand.positions for operand in read if operand.positions is not None]
        shape = self._shape(maps) if maps else (len(members),)
        for operand in read:
            if operand.positions is not None:
                operand.positions = operand.positions.reshape(shape)
        return self._add("elementwise", row, shape, read, members)

    def _order(self, operands: Ids) -> Any:
        """Members by the position of the first operand that has one."""
        for ids in operands:
            positions = self.position[ids]
            if (positions != UNPLACED).all():
                return np.argsort(positions, kind="stable")
        return np.arange(operands.shape[1])

    def _read(self, ids: Ids) -> Operand:
        if self._is_constant[ids].all() and len(np.unique(self._numbers[ids])) == 1:
            return Operand(None, float(self._numbers[ids[0]]))
        self.place(ids.tolist())
        return Operand(self.position[ids], needed=bool(self.needed[ids].any()))

    def _shape(self, maps: Sequence[Positions]) -> Shape:
        """The shape of a block that one of the operands is, if all maps are affine in it; else the best there is."""
        for positions in maps:
            block = self._block_at.get(int(positions[0]))
            if block is None or not np.array_equal(block.positions.ravel(), positions):
                continue
            if all(strides_of(other.reshape(block.shape)) is not None for other in maps):
                return block.shape
        return shape_for(maps)

    def _add(self, form: str, row: Primitive, shape: Shape, operands: list[Operand], members: Ids) -> Block:
        """The block of members in order, which get the next positions, and a row of ones behind, if they meet any."""
        block = Block(form, row, self.size, shape, operands, bool(self.needed[members].any()), members)
        self.place(members.tolist())
        if self._meets_ones[members].any():
            self._ones.update(range(self.size, self.size + shape[-1]))
            self.size += shape[-1]
        self._block_at[block.base] = block
        self.blocks.append(block)
        return block

    # ---- reductions

    def _pack_reduction(self, group: list[Item]) -> None:
        known = self.normal.vectors
        vectors = [np.stack([known[item.vectors[k]] for item in group]) for k in range(group[0].row.vectors)]
        members = np.array([item.out for item in group], dtype=np.intp)
        for ids in vectors:
            if (self.position[ids] != UNPLACED).all() and len(members) > 1:
                order = np.argsort(self.position[ids[:, 0]], kind="stable")
                vectors, members = [other[order] for other in vectors], members[order]
                break
        if not group[0].row.selects:
            vectors = self._in_memory_order(vectors)
        operands = [self._read_matrix(ids) for ids in vectors]
        self._add("reduction", group[0].row, members.shape, operands, members)

    def _in_memory_order(self, vectors: list[Ids]) -> list[Ids]:
        """Vectors whose elements stand as they lie in memory: a sum has no order, and then it may be one of a view."""
        positions = [self.position[ids] for ids in vectors]
        if any((found == UNPLACED).any() for found in positions):
            return vectors
        if all(strides_of(found) is not None for found in positions):
            return vectors
        order = np.lexsort(positions[::-1])
        return [np.take_along_axis(ids, order, axis=-1) for ids in vectors]

    def _read_matrix(self, ids: Ids) -> Operand:
        self.place(ids.ravel().tolist())
        return Operand(self.position[ids], needed=bool(self.needed[ids].any()))

    # ---- products

    def _pack_dots(self, group: list[Item]) -> None:
        pairs: dict[tuple[int, int], Item] = {}
        rest: list[Item] = []
        meets: dict[int, list[int]] = defaultdict(list)
        again: dict[int, int] = {}
        for item in group:
            left, right = item.vectors
            while (left, right) in pairs:  # the same example once more
                right = self._copy_of(right, again)
            pairs[left, right] = item._replace(vectors=(left, right))
            meets[left].append(right)
        rectangles: dict[frozenset[int], list[int]] = defaultdict(list)
        for left, rights in meets.items():
            rectangles[frozenset(rights)].append(left)
        several = len(rectangles) > 1 and all(len(rights) * len(lefts) == 1 for rights, lefts in rectangles.items())
        many = len(rectangles) > MOST_PRODUCTS and len(pairs) < FEWEST_PAIRS * len(rectangles)
        if several or many:
            rest = list(group)
        else:
            for lefts in rectangles.values():
                self._pack_product([[pairs[left, right] for right in meets[lefts[0]]] for left in lefts])
        if rest:
            self._pack_rows(rest)

    def _copy_of(self, vector: int, copies: dict[int, int]) -> int:
        """Another vector of the same elements, or of the same numbers, the same one for all that ask."""
        if vector not in copies:
            ids = self.normal.vectors[vector]
            if self._is_constant[ids].all():
                ids = self._new(ids, self._numbers[ids])
            copies[vector] = self.normal.added(ids)
        return copies[vector]

    def _pack_rows(self, group: list[Item]) -> None:
        """Dots that share nothing: elementwise products of rows, added up."""
        with_addends = group[0].addend != NONE
        members = np.array([item.out for item in group], dtype=np.intp)
        outs = self._new(members) if with_addends else members
        self._pack_reduction([item._replace(out=out) for item, out in zip(group, outs.tolist())])
        if with_addends:
            self._pack_elementwise(add, np.array([outs, [item.addend for item in group]]), members)

    def _new(self, likes: Ids, numbers: Any = None) -> Ids:
        """New elements, each needed where another one is; constants, where they are given numbers."""
        first, count = len(self.position), len(likes)
        is_constant = np.full(count, numbers is not None)
        self.position = np.append(self.position, np.full(count, UNPLACED, dtype=np.intp))
        self._numbers = np.append(self._numbers, np.zeros(count) if numbers is None else numbers)
        self.needed = np.append(self.needed, self.needed[likes])
        self._is_leaf = np.append(self._is_leaf, is_constant)
        self._is_constant = np.append(self._is_constant, is_constant)
        self._meets_ones = np.append(self._meets_ones, np.zeros(count, dtype=bool))
        return np.arange(first, first + count, dtype=np.intp)

    def _pack_product(self, items: list[list[Item]]) -> None:
        """Lefts × rights as one product of matrices."""
        table = np.array([[item.out for item in row] for row in items], dtype=np.intp)
        lefts = np.stack([self.normal.vectors[row[0].vectors[0]] for row in items])
        rights = np.stack([self.normal.vectors[item.vectors[1]] for item in items[0]])
        addends = np.array([[item.addend for item in row] for row in items], dtype=np.intp)
        by_left, by_right = self._order_of_rows(lefts), self._order_of_rows(rights)
        lefts, rights = lefts[by_left], rights[by_right]
        table, addends = table[by_left][:, by_right], addends[by_left][:, by_right]
        if table.size == 1:
            lefts, rights = self._in_memory_order([lefts, rights])
        folded = self._with_ones(lefts, rights, addends)
        if folded is not None:
            self._add("product", dot, table.shape, folded, table.ravel())
            return
        outs = table
        if addends[0, 0] != NONE:
            outs = self._new(table.ravel()).reshape(table.shape)
        operands = [self._read_matrix(lefts), self._read_matrix(rights)]
        self._add("product", dot, outs.shape, operands, outs.ravel())
        if outs is not table:
            self._pack_elementwise(add, np.array([outs.ravel(), addends.ravel()]), table.ravel())

    def _order_of_rows(self, vectors: Ids) -> Any:
        first = self.position[vectors[:, 0]]
        return np.argsort(first, kind="stable") if (first != UNPLACED).all() else np.arange(len(vectors))

    def _with_ones(self, lefts: Ids, rights: Ids, addends: Ids) -> list[Operand] | None:
        """Both matrices with a column more, where the addends belong to the lefts alone or to the rights alone."""
        if addends[0, 0] == NONE:
            return None
        if (addends == addends[:, :1]).all():
            return self._augmented(lefts, addends[:, 0], rights)
        if (addends == addends[:1]).all():
            swapped = self._augmented(rights, addends[0], lefts)
            return None if swapped is None else swapped[::-1]
        return None

    def _augmented(self, weights: Ids, biases: Ids, others: Ids) -> list[Operand] | None:
        with_biases = np.column_stack([weights, biases])
        if (self.position[with_biases] == UNPLACED).any():
            return None
        biased = self.position[with_biases]
        ones = self._ones_of(others)
        if strides_of(biased) is None or ones is None:
            return None
        needed = [bool(self.needed[ids].any()) for ids in (with_biases, others)]
        return [Operand(biased, needed=needed[0]), Operand(ones, needed=needed[1], needed_columns=others.shape[1])]

    def _ones_of(self, vectors: Ids) -> Positions | None:
        """The positions of vectors, and of a one behind each; None where there is no room."""
        count, length = vectors.shape
        if (self.position[vectors] == UNPLACED).all() and len(np.unique(vectors)) == vectors.size:
            block = np.arange(self.size, self.size + count * (length + 1), dtype=np.intp).reshape(count, length + 1)
            self.position[vectors] = block[:, :length]
            self._ones.update(block[:, length].tolist())
            self.size += block.size
            return block
        if (self.position[vectors] == UNPLACED).any():
            return None
        positions = self.position[vectors]
        step = positions[:, -1] - positions[:, -2] if length > 1 else np.full(count, count)
        behind = positions[:, -1] + step
        return np.column_stack([positions, behind]) if self._ones.issuperset(behind.tolist()) else None
