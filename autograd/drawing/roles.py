"""What a leaf is to the graph: an input, a parameter, a target, a constant, or a leaf of which nobody has said.

Nothing is recorded about it; it is told, in this order, by
- what the caller says;
- names: `layer1.neuron2.w[3]` and `b` in such a place; and beside a weight, w or weight, also b, bias, θ (parameters)
  and y, t, target (targets); x and input (inputs). Digits, indices and the place before the last dot don't count;
- structure, where there are parameters: what a product of vectors multiplies them with is an input, and what a squared
  or absolute difference compares a computed value with is a target.
A plain number is a constant, unless the structure tells more. Limit: a name can mislead; the caller knows better.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Any, Literal, NamedTuple, TypeAlias

from autograd import primitives
from autograd.drawing.parts import Part, Place
from autograd.value import Operand, Value, value_operands

Role: TypeAlias = Literal["input", "parameter", "target", "constant", "leaf"]

WEIGHTS = frozenset({"w", "W", "ws", "weight", "weights"})

ALWAYS: Mapping[str, Role] = {
    **dict.fromkeys(WEIGHTS, "parameter"),
    **dict.fromkeys(("x", "X", "xs", "input", "inputs"), "input"),
}
"""What a name says wherever it stands."""

BESIDE_WEIGHTS: Mapping[str, Role] = {
    **dict.fromkeys(("b", "B", "bias", "biases", "θ", "theta"), "parameter"),
    **dict.fromkeys(("y", "Y", "ys", "t", "target", "targets"), "target"),
}
"""What a name says only beside a weight: in a · b + c, b is no bias."""

Vector: TypeAlias = tuple[Operand, ...]


class Given(NamedTuple):
    """What the caller says: Values, one or several, or something whose `parameters()` are meant, such as a module."""

    inputs: Any = ()
    parameters: Any = ()
    targets: Any = ()


class Roles:
    """The roles of the leaves in an `order`, and of the plain numbers in it by the places where they are used.

    `given` has those that the caller told, whether they are in the order or not: parameters, inputs, targets.

    Raises TypeError for what is no Value, ValueError where one gets two roles.
    """

    def __init__(self, order: Sequence[Value], names: Mapping[Value, str], given: Given) -> None:
        self.given = _told(given)
        self._leaves: dict[Value, Role] = dict(self.given)
        bases = {leaf: _base(names[leaf]) for leaf in order if not leaf.primitive and leaf in names}
        has_weights = "parameter" in self._leaves.values() or not WEIGHTS.isdisjoint(bases.values())
        known = {**ALWAYS, **(BESIDE_WEIGHTS if has_weights else {})}
        for leaf, base in bases.items():
            if base in known:
                self._leaves.setdefault(leaf, known[base])
        self._numbers: dict[Place, Role] = {}
        self._input_vectors: set[int] = set()
        self._known: dict[int, bool] = {}
        if "parameter" in self._leaves.values():
            self._read_structure(order)

    def __getitem__(self, leaf: Value) -> Role:
        return self._leaves.get(leaf, "leaf")

    def of(self, part: Part) -> Role | None:
        """The role of a leaf or of a plain number; None for what is computed."""
        if type(part) is Value:
            return None if part.primitive else self[part]
        node, place, _ = part
        if node.vectors and id(node.vectors[place // len(node.vectors[0])]) in self._input_vectors:
            return "input"
        return self._numbers.get((node, place), "constant")

    def _read_structure(self, order: Sequence[Value]) -> None:
        for node in order:
            if node.primitive is primitives.dot:
                self._read_dot(*node.vectors)
        learnt = self._learnt(order)
        for node in _differences(order):
            for place in (0, 1):
                if _is_computed(node.operands[1 - place]) and node.operands[1 - place] in learnt:
                    self._set(node, place, "target")

    def _learnt(self, order: Sequence[Value]) -> set[Operand]:
        """The parameters, and the computed nodes that depend on one."""
        learnt: set[Operand] = set()
        shared: dict[int, bool] = {}
        for node in order:
            vectors = node.vectors or (node.operands,)
            known = shared if node.vectors else {}
            is_parameter = not node.primitive and self[node] == "parameter"
            if is_parameter or any(_has_one(vector, learnt, known) for vector in vectors):
                learnt.add(node)
        return learnt

    def _read_dot(self, left: Vector, right: Vector) -> None:
        """What stands beside a vector of parameters is a vector of inputs; neurons share these vectors."""
        for vector, other in ((left, right), (right, left)):
            if id(vector) not in self._input_vectors and self._are_parameters(other):
                self._input_vectors.add(id(vector))
                for operand in vector:
                    if type(operand) is Value and not operand.primitive:
                        self._leaves.setdefault(operand, "input")

    def _are_parameters(self, vector: Vector) -> bool:
        if id(vector) not in self._known:
            self._known[id(vector)] = all(type(x) is Value and self[x] == "parameter" for x in vector)
        return self._known[id(vector)]

    def _set(self, node: Value, place: int, role: Role) -> None:
        operand = node.operands[place]
        if type(operand) is float:
            self._numbers[node, place] = role
        elif not _is_computed(operand):
            self._leaves.setdefault(operand, role)  # type: ignore[arg-type]


def _told(given: Given) -> dict[Value, Role]:
    roles: dict[Value, Role] = {}
    named: tuple[tuple[Role, Any], ...] = (
        ("parameter", given.parameters),
        ("input", given.inputs),
        ("target", given.targets),
    )
    for role, values in named:
        for value in _several(values):
            if type(value) is not Value:
                raise TypeError(f"the {role}s of a graph are Values; got {type(value).__name__} {value!r}")
            if roles.setdefault(value, role) != role:
                raise ValueError(f"a Value has one role; got {roles[value]} and {role} for {value!r}")
    return roles


def _several(values: Any) -> Iterable[Any]:
    if hasattr(values, "parameters"):
        return values.parameters()  # type: ignore[no-any-return]
    return values if isinstance(values, Iterable) else [values]


def _base(name: str) -> str:
    """The word that a name is: `w` for layer1.neuron2.w[3], w1_21 and w_out, `W` for W₁; none for weight_decay."""
    last = name.rpartition(".")[2]
    word = "".join(takewhile(str.isalpha, last))
    is_longer = last[len(word) :].lstrip("_")[:1].isalpha()
    return "" if is_longer and len(word) > 1 else word


def _differences(order: Sequence[Value]) -> list[Value]:
    """The subtractions of which only the square or the absolute value is used."""
    measured: set[Operand] = set()
    other: set[Operand] = set()
    for node in order:
        (measured if _measures(node) else other).update(value_operands(node))
    return [node for node in order if node.primitive is primitives.subtract and node in measured - other]


def _measures(node: Value) -> bool:
    """Whether a node is a square or an absolute value."""
    if node.primitive is primitives.power:
        return node.operands[1] == 2.0
    is_square = node.primitive is primitives.multiply and _are_one(*node.operands)
    return is_square or node.primitive is primitives.absolute


def _are_one(left: Operand, right: Operand) -> bool:
    """Whether two operands are the same, or the same difference computed twice: (p - t) * (p - t)."""
    if type(left) is not Value or type(right) is not Value:
        return False
    is_twice = left.primitive is right.primitive is primitives.subtract and left.operands == right.operands
    return left is right or is_twice


def _has_one(vector: Vector, among: Container[Operand], known: dict[int, bool]) -> bool:
    if id(vector) not in known:
        known[id(vector)] = any(operand in among for operand in vector)
    return known[id(vector)]


def _is_computed(operand: Operand) -> bool:
    return type(operand) is Value and operand.primitive is not None
