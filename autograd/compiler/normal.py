"""Normal form, for packing only: what is recorded, in few kinds of operations, on numbered elements.

Laws of this file:
- A chain of `+` is one sum, and a sum of products is one dot: what a loop adds up term by term becomes what it means.
  The recorded graph stays as it was typed; a node that was absorbed has no number of its own here.
- Every element has a number: Values first, then constants. A vector that is shared by identity is numbered once, so
  the work is linear in what was recorded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd.compiler.recorded import Recorded, differentiated
from autograd.primitives import Primitive, add, dot, multiply
from autograd.primitives import sum as sum_
from autograd.value import Value

Ids = NDArray[np.intp]

NONE = -1
"""The number of no element."""

FEWEST_PRODUCTS = 2
"""A sum of so many products is a dot."""


class Item(NamedTuple):
    """One operation: its row, and its result.

    `operands` are elements; of an n-ary row there are `vectors` in their place, as numbers of `Normal.vectors`. A dot
    can have an `addend`, which is added to it.
    """

    row: Primitive
    out: int
    operands: tuple[int, ...] = ()
    vectors: tuple[int, ...] = ()
    addend: int = NONE


class Normal:
    """A recorded graph in normal form. `data` has the number of each element now, `items` stand in order."""

    def __init__(self, graph: Recorded) -> None:
        self.graph = graph
        nodes = [*dict.fromkeys((*graph.parameters, *graph.inputs, *graph.leaves)), *graph.inner]
        self.ids = {node: place for place, node in enumerate(nodes)}
        self.nodes = nodes
        self.data = [node.data for node in nodes]
        self.vectors: list[Ids] = []
        self._vectors_of_tuples: dict[int, int] = {}
        self._vectors_of_ids: dict[tuple[Any, ...], int] = {}
        self._uses = self._counted()
        self._absorbed: set[Value] = set()
        self._computed: set[int] = set()
        self._differentiated = differentiated(graph)
        self.needed = {self.ids[node] for node in self._differentiated}
        self.items = self._items()[::-1]

    @property
    def roots(self) -> list[int]:
        """The elements of the roots."""
        return [self.ids[root] for root in self.graph.roots]

    @property
    def is_leaf(self) -> NDArray[np.bool_]:
        """For each element whether it is a number that nothing computes."""
        computed = np.zeros(len(self.data), dtype=bool)
        computed[[item.out for item in self.items]] = True
        return ~computed

    @property
    def is_constant(self) -> NDArray[np.bool_]:
        """For each element whether it is a plain number, or a leaf that nobody writes or feeds."""
        constant = self.is_leaf
        constant[[self.ids[leaf] for leaf in (*self.graph.parameters, *self.graph.inputs)]] = False
        return constant

    def _counted(self) -> Counter[Any]:
        """How often each node is used."""
        uses: Counter[Any] = Counter((*self.graph.roots, *self.graph.watched))
        vectors: Counter[int] = Counter()
        known: dict[int, tuple[Any, ...]] = {}
        for node in self.graph.inner:
            for vector in node.vectors:  # counted once for all that share it
                known[id(vector)] = vector
                vectors[id(vector)] += 1
            if not node.vectors:
                uses.update(node.operands)
        for place, count in vectors.items():
            for element in known[place]:
                uses[element] += count
        return uses

    def _items(self) -> list[Item]:
        """The items, the last one first."""
        items: list[Item] = []
        for node in reversed(self.graph.inner):  # so that a node knows whether the one above absorbed it
            if node not in self._absorbed:
                items.extend(self._normal(node))
        return items

    def _normal(self, node: Value) -> Iterator[Item]:
        """The item of a node, after which those follow that it needs and that are no nodes."""
        row: Any = node.primitive
        if row is add or row is sum_:
            yield from self._sum(node)
        elif row.vectors:
            yield Item(row, self.ids[node], vectors=tuple(map(self._vector, node.vectors)))
        else:
            yield Item(row, self.ids[node], tuple(self._element(operand) for operand in node.operands))

    def _sum(self, node: Value) -> Iterator[Item]:
        terms = self._terms(node)
        factors = [term for term in terms if self._is_absorbable(term, multiply)]
        dots = [term for term in terms if self._is_absorbable(term, dot)]
        taken = {*factors, *dots}
        rest: list[Any] = [term for term in terms if not (type(term) is Value and term in taken)]
        if len(factors) >= FEWEST_PRODUCTS:
            yield from self._as_dot(node, factors, [*dots, *rest])
        elif len(dots) == 1 and not factors and len(rest) == 1:
            self._absorbed.add(dots[0])
            yield self._dot_of(dots[0], self.ids[node], rest[0])
        elif len(terms) == 2 and node.primitive is add:
            yield Item(add, self.ids[node], tuple(map(self._element, terms)))
        else:
            yield Item(sum_, self.ids[node], vectors=(self._vector_of(tuple(map(self._element, terms))),))

    def _as_dot(self, node: Value, factors: Sequence[Value], rest: Sequence[Any]) -> Iterator[Item]:
        self._absorbed.update(factors)
        pairs = [tuple(map(self._element, factor.operands)) for factor in factors]
        left, right = (self._vector_of(ids) for ids in zip(*pairs))
        if len(rest) <= 1:
            addend = self._element(rest[0]) if rest else NONE
            yield Item(dot, self.ids[node], vectors=(left, right), addend=addend)
            return
        products = self._sum_of(factors)
        yield Item(sum_, self.ids[node], vectors=(self._vector_of((products, *map(self._element, rest))),))
        yield Item(dot, products, vectors=(left, right))

    def _sum_of(self, factors: Sequence[Value]) -> int:
        """The element of a sum of products that no node is."""
        products = self._new()
        self._computed.add(products)
        if not self._differentiated.isdisjoint(factors):
            self.needed.add(products)
        return products

    def _dot_of(self, node: Value, out: int, addend: Any) -> Item:
        return Item(dot, out, vectors=tuple(map(self._vector, node.vectors)), addend=self._element(addend))

    def _terms(self, node: Value) -> list[Any]:
        """What is added, left to right, through nodes that nobody else uses; 0 is left out."""
        terms: list[Any] = []
        waiting: list[Any] = [node]
        while waiting:
            term = waiting.pop()
            opened = term is node or self._is_absorbable(term, add) or self._is_absorbable(term, sum_)
            if opened:
                if term is not node:
                    self._absorbed.add(term)
                waiting.extend(reversed(term.operands if term.primitive is add else term.vectors[0]))
            elif type(term) is Value or term != 0:
                terms.append(term)
        return terms or [0.0]

    def _is_absorbable(self, term: Any, row: Primitive) -> bool:
        return type(term) is Value and term.primitive is row and self._uses[term] == 1

    def _element(self, operand: Any) -> int:
        return self.ids[operand] if type(operand) is Value else self._new(operand)

    def _new(self, number: float = 0.0) -> int:
        self.data.append(number)
        return len(self.data) - 1

    def _vector(self, operands: tuple[Any, ...]) -> int:
        if id(operands) not in self._vectors_of_tuples:
            self._vectors_of_tuples[id(operands)] = self._vector_of(tuple(map(self._element, operands)))
        return self._vectors_of_tuples[id(operands)]

    def _vector_of(self, ids: tuple[int, ...]) -> int:
        # numbers are shared by what they are: a loop writes the same example anew for each neuron
        is_plain = min(ids) >= len(self.nodes) and self._computed.isdisjoint(ids)
        key = (None, *(self.data[e] for e in ids)) if is_plain else ids
        if key not in self._vectors_of_ids:
            self._vectors_of_ids[key] = self.added(np.array(ids, dtype=np.intp))
        return self._vectors_of_ids[key]

    def added(self, ids: Ids) -> int:
        """The number of a vector of its own."""
        self.vectors.append(ids)
        return len(self.vectors) - 1
