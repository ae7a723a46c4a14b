"""Rows of plain data as Values again: nothing in them is trusted.

Laws of this file:
- A place is one of a node before: no row can name itself or what comes after it, so that there are no cycles.
- A primitive is a row of the table, with as many operands as that has; no word is looked up anywhere else.
- What is read is as large as what was written. A vector that many nodes share is read once, and looked at once.
- Numbers are kept as they are written, whatever the operands would give: those of a stale node are old ones, those of a
  compiled program are rounded in another order.
Raises ValueError that says what is wrong, and in which row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd.archive.documents import read_number, shown
from autograd.archive.rows import Row
from autograd.eager import NEVER, RuleKey
from autograd.primitives import PRIMITIVES, Primitive
from autograd.value import Operand, State, Value, restored

LEAF_KEYS = frozenset({"data", "label", "grad", "grad_time", "time"})
NODE_KEYS = LEAF_KEYS | {"primitive", "checked", "operands"}
WIDE_KEYS = LEAF_KEYS | {"primitive", "checked", "vectors"}


class Vector(NamedTuple):
    """The elements of a vector that were read, the letter of its pattern, and a place that is above all of its own."""

    elements: Sequence[Any]
    kind: str
    end: int


class Operation(NamedTuple):
    """What gave a node: the key of its rule, and its operands as they are in its slots."""

    rule: RuleKey | None = None
    a: Any = None
    b: Any = None


def nodes_of(rows: Any, vectors: Any) -> list[Value]:
    """The nodes of rows."""
    if not isinstance(rows, list) or not isinstance(vectors, list):
        raise ValueError("nodes and vectors need lists")
    reading = _Reading(vectors, len(rows))
    for row in rows:
        reading.read(row)
    return reading.nodes


def is_place(x: Any, end: int) -> bool:
    """Whether it is a whole number that counts below the end."""
    return type(x) is int and 0 <= x < end


class _Reading:
    """The nodes that were made so far, and the vectors of these."""

    def __init__(self, vectors: Sequence[Any], count: int) -> None:
        self.nodes: list[Value] = []
        self._latest = 2 * count  # each node has two times
        self._vectors = [_vector(vector, f"vector {place}", count) for place, vector in enumerate(vectors)]
        self._tuples: dict[int, tuple[Operand, ...]] = {}

    def read(self, row: Any) -> None:
        """Makes the node of one more row."""
        if not isinstance(row, dict) or "data" not in row:
            raise ValueError(f"{self._where} needs an object with data; got {shown(row)}")
        try:
            operation = self._operation(row)
            state = State(*operation, read_number(row["data"]), *_gradient(row, self._latest), *self._rest(row))
        except ValueError as error:
            raise ValueError(f"{self._where} {error}") from None
        self.nodes.append(restored(state))

    @property
    def _where(self) -> str:
        return f"node {len(self.nodes)}"

    def _operation(self, row: Row) -> Operation:
        if "primitive" not in row:
            _require_known(row, LEAF_KEYS)
            return Operation()
        primitive = _primitive(row["primitive"])
        _require_known(row, WIDE_KEYS if primitive.vectors else NODE_KEYS)
        pattern, a, b = self._wide(row, primitive) if primitive.vectors else self._narrow(row, primitive)
        if not {"v", "m"} & set(pattern):
            raise ValueError(f"({primitive.name}) needs a node among its operands; got constants alone")
        checked = row.get("checked", True)
        if type(checked) is not bool:
            raise ValueError(f"({primitive.name}) needs true or false for checked; got {shown(checked)}")
        return Operation(RuleKey(primitive.name, pattern, checked), a, b)

    def _narrow(self, row: Row, primitive: Primitive) -> tuple[str, Any, Any]:
        count, got = len(primitive.operands), row.get("operands")
        if not isinstance(got, list) or len(got) != count:
            raise ValueError(f"({primitive.name}) needs a list of {count} operands; got {shown(got)}")
        for x in got:
            _require_operand(x, len(self.nodes))
        operands = tuple(map(self._operand, got))
        pattern = "".join("v" if type(x) is Value else "c" for x in operands)
        return pattern, *(((operands, None)) if count > 2 else (*operands, None)[:2])

    def _wide(self, row: Row, primitive: Primitive) -> tuple[str, Any, Any]:
        count, got = primitive.vectors, row.get("vectors")
        if not isinstance(got, list) or len(got) != count or not all(is_place(x, len(self._vectors)) for x in got):
            words = f"a list of {count}, each the place of one of {len(self._vectors)} vectors"
            raise ValueError(f"({primitive.name}) needs {words}; got {shown(got)}")
        vectors = [self._vectors[place] for place in got]
        if max(vector.end for vector in vectors) > len(self.nodes):
            raise ValueError(f"({primitive.name}) needs vectors of nodes before it; got one that comes later")
        if len({len(vector.elements) for vector in vectors}) > 1:
            raise ValueError(f"({primitive.name}) needs vectors of one length; got {_lengths(vectors)}")
        a, b = (*map(self._tuple, got), None)[:2]
        return "".join(vector.kind for vector in vectors), a, b

    def _tuple(self, place: int) -> tuple[Operand, ...]:
        if place not in self._tuples:
            self._tuples[place] = tuple(map(self._operand, self._vectors[place].elements))
        return self._tuples[place]

    def _operand(self, x: Any) -> Operand:
        return self.nodes[x] if type(x) is int else x if type(x) is float else read_number(x[0])

    def _rest(self, row: Row) -> tuple[int, str]:
        label = row.get("label", "")
        if type(label) is not str:
            raise ValueError(f"needs a text as its label; got {shown(label)}")
        return _time(row, "time", 0, self._latest), label


def _primitive(name: Any) -> Primitive:
    if not isinstance(name, str) or name not in PRIMITIVES:
        known = "one of its own is added with autograd.primitive before the graph is read"
        raise ValueError(f"needs a primitive of the table; got {shown(name)}: {known}")
    return PRIMITIVES[name]


def _require_known(row: Row, known: frozenset[str]) -> None:
    if not row.keys() <= known:
        raise ValueError(
            f"has {', '.join(sorted(known))}, and no {shown(next(key for key in row if key not in known))}"
        )


def _require_operand(x: Any, end: int) -> None:
    if not is_place(x, end) and not (isinstance(x, list) and len(x) == 1):
        raise ValueError(f"needs as operands places of nodes before it, or numbers like [2.0]; got {shown(x)}")


def _vector(data: Any, owner: str, count: int) -> Vector:
    try:
        return _constants(data) if isinstance(data, dict) else _elements(data, count)
    except ValueError as error:
        raise ValueError(f"{owner} {error}") from None


def _constants(data: Row) -> Vector:
    numbers = data.get("constants")
    if data.keys() != {"constants"} or not isinstance(numbers, list) or not numbers:
        raise ValueError(f"needs a list of constants, at least one; got {shown(data)}")
    return Vector(list(map(read_number, numbers)), "c", 0)


def _elements(data: Any, count: int) -> Vector:
    if not isinstance(data, list) or not data:
        raise ValueError(f"needs a list of operands, at least one; got {shown(data)}")
    for x in data:
        _require_operand(x, count)
    places = [x for x in data if type(x) is int]
    kind = "v" if len(places) == len(data) else "m" if places else "c"
    return Vector(data, kind, max(places, default=-1) + 1)


def _lengths(vectors: Sequence[Vector]) -> str:
    return " and ".join(str(len(vector.elements)) for vector in vectors)


def _gradient(row: Row, latest: int) -> tuple[float, int]:
    if "grad" not in row:
        if "grad_time" in row:
            raise ValueError("needs a grad where it has a grad_time")
        return 0.0, NEVER
    grad, time = read_number(row["grad"]), _time(row, "grad_time", NEVER, latest)
    if time == NEVER and grad != 0:
        raise ValueError(f"needs a grad of 0 where it was not computed; got {grad!r}")
    return grad, time


def _time(row: Row, key: str, first: int, latest: int) -> int:
    time = row.get(key, 0)
    if type(time) is not int or not first <= time <= latest:
        raise ValueError(f"needs a whole number from {first} to {latest} as its {key}; got {shown(time)}")
    return time
