"""`Value`: one number that remembers how it was computed, and `backward`, the chain rule along that memory.

Laws of this file:
- A node keeps its operands in order, and names an operand twice that was used twice: x * x.
- Everything that walks a graph is a loop, never a recursion: a chain of a million nodes is an ordinary graph.
- Nodes point at what they were computed from and never back: a graph is freed by reference counting alone.
- Only leaves can be written. What was recorded before is then stale until `refresh`; backward refuses what is stale.
- `backward` computes this call's adjoints apart, then adds them to `grad`: called twice, it adds the same twice.

The methods that record are printed from the table, and run in `eager.scope`. What shows a Value, tells of it and
pickles it (`repr`, `explain`, `steps`) is given to it by the files that do so, above this one.
"""

from __future__ import annotations

import operator
import reprlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Literal, NamedTuple, NoReturn, TypeAlias, TypeVar, Union, final

import numpy as np

from autograd.arrays import COMPARISONS, elementwise, filled, is_array, recorded_ufunc
from autograd.callers import names_of
from autograd.coercion import real_number
from autograd.eager import NEVER, Rule, RuleKey, method, reflected_method, rule_of, scope
from autograd.namespaces import floats
from autograd.primitives import PRIMITIVES, Primitive, require_domain
from autograd.recording import Comparison, attend, comparing, note_comparison, refuse_to_forget

Operand: TypeAlias = Union["Value", float]
Unary: TypeAlias = Callable[["Value"], "Value"]
Binary: TypeAlias = Callable[["Value", Operand], "Value"]

Method = TypeVar("Method", bound=Callable[..., Any])

GradState: TypeAlias = Literal["not computed", "computed", "stale"]

NOTHING = float("0")
"""The adjoint to which nothing was added, told from other zeros by identity; a node that has it passes nothing on."""


class StaleGraph(RuntimeError):  # noqa: N818 - it names the state of the graph that was met
    """A leaf was written after the graph was recorded: the recorded numbers are those of the old leaf."""


def given(method: Method) -> Method:
    """Gives every Value a method of that name: for what tells of graphs, and need not be known to record one."""
    setattr(Value, method.__name__, method)
    return method


def _unary(name: str) -> Unary:
    return method(PRIMITIVES[name])  # type: ignore[no-any-return]


def _binary(name: str) -> Binary:
    return method(PRIMITIVES[name])  # type: ignore[no-any-return]


def _reflected(name: str) -> Binary:
    return reflected_method(PRIMITIVES[name])  # type: ignore[no-any-return]


@final
class Value:
    """A real number and, unless it is a leaf, the operation and the operands that gave it.

    `data` is a Python float. It can be written on a leaf; graphs recorded from that leaf are then stale until
    `refresh`. `grad` is 0.0 until `backward` adds to it. `label` is a name for people, and is free text.
    Raises TypeError for anything but one real number.
    """

    __slots__ = ("__weakref__", "_a", "_b", "_grad", "_grad_stamp", "_label", "_number", "_rule", "_stamp")

    _number: float  # not _data, by which masked arrays know each other: they would take the number, and not the node
    _grad: float
    _grad_stamp: int
    _a: Any  # the first operand; the tuple of the operands where there are more than two; the first vector
    _b: Any  # the second operand, the second vector, or None
    _rule: Rule | None
    _stamp: int
    _label: str

    # the last three are micrograd's, and there to be refused with an explanation
    def __init__(self, data: Any, label: str = "", _op: str = "", _label: str = "", *, _children: object = ()) -> None:
        if not isinstance(label, str) or _op or _label or _children:  # type: ignore[redundant-expr]
            _refuse_node(label)
        self._number = data if type(data) is float else real_number(data)
        self._label = label
        self._rule = None
        self._a = self._b = None
        self._grad = 0.0
        self._grad_stamp = NEVER
        self._stamp = 0  # never written

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError("Value is final; add an operation with autograd.primitive(name, value, partials)")

    # ---- what it is

    @property
    def label(self) -> str:
        """A name for people; empty where there is none. Raises TypeError where what is written to it is no text."""
        return self._label

    @label.setter
    def label(self, label: str) -> None:
        if not isinstance(label, str):
            _refuse_label(label)
        self._label = label

    @property
    def data(self) -> float:
        """The number. Only a leaf's can be written: a computed number follows from its operands."""
        return self._number

    @data.setter
    def data(self, data: Any) -> None:
        if self._rule is not None:
            raise AttributeError(f"data of a computed Value can't be written: {self!r}; write leaves, then refresh()")
        self._number = real_number(data)
        scope["clock"] += 1
        self._stamp = scope["clock"]

    @property
    def grad(self) -> float:
        """The sum of the adjoints that `backward` added since the last reset; 0.0 at first (see `grad_state`)."""
        return self._grad

    @grad.setter
    def grad(self, grad: Any) -> None:
        self._grad = real_number(grad, "grad")
        self._grad_stamp = scope["clock"] if self._grad else NEVER

    @property
    def grad_state(self) -> GradState:
        """Whether `grad` was computed, and since this Value last got its number, or a leaf below was written.

        A leaf can't know of the others in a graph: a picture, where the root is named, does.
        """
        if self._grad_stamp in (NEVER, scope["clock"]):  # nothing was written since
            return grad_state(self, self._grad_stamp)
        return grad_state(self, newest_stamp(*walk(self)))

    @property
    def op(self) -> str:
        """The symbol of the operation that gave this Value; empty for a leaf."""
        return self._rule.primitive.notation.symbol if self._rule else ""

    @property
    def primitive(self) -> Primitive | None:
        """The row of the table that gave this Value; None for a leaf."""
        return self._rule.primitive if self._rule else None

    @property
    def operands(self) -> tuple[Operand, ...]:
        """What it was computed from, in order and as often as used; constants are plain floats."""
        return tuple(_flat(self))

    @property
    def vectors(self) -> tuple[tuple[Operand, ...], ...]:
        """The vectors of an n-ary operation: one for a sum, two of equal length for a dot; none otherwise."""
        return _wide(self) if self._rule and self._rule.vectors else ()

    @property
    def is_stale(self) -> bool:
        """Whether a leaf below was written since this Value was computed. Walks the graph, if any leaf ever was."""
        return scope["clock"] > 0 and bool(stale_nodes(*walk(self)))

    # micrograd's names, to read

    @property
    def _prev(self) -> tuple[Value, ...]:
        """The operands with constants made Values, as programs written for micrograd expect."""
        return tuple(operand if type(operand) is Value else Value(operand) for operand in _flat(self))

    @property
    def _op(self) -> str:
        return self.op

    @property
    def _backward(self) -> NoReturn:
        raise AttributeError("a Value has no _backward; its rule stands in the table: autograd.primitive adds one")

    @_backward.setter
    def _backward(self, _: object) -> NoReturn:
        raise AttributeError("_backward can't be set; add an operation with autograd.primitive(name, value, partials)")

    # ---- operations: each name is a row of the table

    __add__, __radd__ = _binary("add"), _reflected("add")
    __sub__, __rsub__ = _binary("subtract"), _reflected("subtract")
    __mul__, __rmul__ = _binary("multiply"), _reflected("multiply")
    __truediv__, __rtruediv__ = _binary("divide"), _reflected("divide")
    __pow__, __rpow__ = _binary("power"), _reflected("power")
    __neg__ = _unary("negative")
    __abs__ = absolute = _unary("absolute")
    exp, log, log1p, expm1 = _unary("exp"), _unary("log"), _unary("log1p"), _unary("expm1")
    sqrt, sin, cos = _unary("sqrt"), _unary("sin"), _unary("cos")
    sign, heaviside = _unary("sign"), _binary("heaviside")
    sigmoid, tanh, softplus, relu = _unary("sigmoid"), _unary("tanh"), _unary("softplus"), _unary("relu")

    def __pos__(self) -> Value:
        return self

    def leaky_relu(self, slope: Operand = 0.01) -> Value:
        """x for x > 0, and slope * x elsewhere; the slope can be a Value, and is then learnt."""
        return record(PRIMITIVES["leaky_relu"], (self, slope))

    def maximum(self, other: Operand) -> Value:
        """The larger of two; where they are equal, this one gets the whole derivative."""
        return record(PRIMITIVES["maximum"], ((self, other),))

    def minimum(self, other: Operand) -> Value:
        """The smaller of two; where they are equal, this one gets the whole derivative."""
        return record(PRIMITIVES["minimum"], ((self, other),))

    # ---- derivatives

    def backward(self, seed: float = 1.0) -> None:
        """Adds seed * d self / d v to `v.grad` of every Value `v` below, this one included.

        Raises StaleGraph, and changes nothing, when a leaf below was written since the graph was recorded.
        An infinite partial does not raise; NaN and infinity follow IEEE, and 0 * inf is NaN.
        """
        added = iter(adjoints(self, real_number(seed, "the seed of backward")).items())
        stamp = scope["clock"]
        try:
            _accumulate(added, stamp)
        except BaseException:  # an interrupt between two nodes: all get their adjoint, or none does
            _accumulate(added, stamp)
            raise

    def refresh(self) -> Value:
        """Computes this Value and what is stale below it again from the leaves as they are now; returns itself.

        When a number falls outside a domain, the DomainError passes and every Value keeps what it had.
        """
        leaves, inner = walk(self)
        stale = stale_nodes(leaves, inner)
        old = [node for node in inner if node in stale]
        before = [node._number for node in old]
        scope["clock"] += 1
        stamp = scope["clock"]  # taken before the leaves are read: a write from now on is newer
        try:
            for node in old:
                node._number = node._rule.replay(node)  # type: ignore[union-attr]
        except BaseException:
            for node, data in zip(old, before):
                node._number = data
            raise
        for node in old:
            node._stamp = stamp
        return self

    def detach(self) -> Value:
        """A leaf with the same number and label, through which no derivative passes.

        Raises RuntimeError in a function that `compile` records.
        """
        refuse_to_forget("detach()")
        return Value(self._number, self._label)

    # ---- told by other files

    explain: Callable[..., Any]
    steps: Callable[..., Any]

    # ---- comparing and converting: `==` and `hash` are those of an object, by identity

    def __lt__(self, other: Operand) -> bool:
        return _compared(operator.lt, self, other)

    def __le__(self, other: Operand) -> bool:
        return _compared(operator.le, self, other)

    def __gt__(self, other: Operand) -> bool:
        return _compared(operator.gt, self, other)

    def __ge__(self, other: Operand) -> bool:
        return _compared(operator.ge, self, other)

    def __bool__(self) -> NoReturn:
        raise TypeError(f"the truth of {self!r} is not defined; write v.data != 0, or v is not None")

    def __float__(self, *_: object) -> NoReturn:
        raise TypeError(
            f"this conversion would leave the graph in silence: {self!r}; write v.data for the number,"
            " and v.exp(), v.log(), v.sqrt() … or numpy's functions for functions of it"
        )

    # no __index__: without it `v * [1, 2]` says that a list can't be multiplied
    __int__ = __complex__ = __round__ = __trunc__ = __floor__ = __ceil__ = __float__

    def __format__(self, spec: str) -> str:
        return format(self._number, spec) if spec else repr(self)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **options: Any) -> Any:
        if ufunc in COMPARISONS and method == "__call__" and out is None and not options:
            comparison = COMPARISONS[ufunc]
            compared = elementwise(lambda a, b: _compared(comparison, a, b), inputs)
            return compared.astype(bool) if is_array(compared) else compared
        row = recorded_ufunc(ufunc, method, options)
        return filled(elementwise(_elements_of(row), inputs), out)

    def __copy__(self) -> Value:
        copy: Value = object.__new__(Value)
        copy._number, copy._label, copy._stamp = self._number, self._label, self._stamp
        copy._grad, copy._grad_stamp = self._grad, self._grad_stamp
        copy._rule, copy._a, copy._b = self._rule, self._a, self._b
        return copy

    def __deepcopy__(self, memo: dict[Any, Any]) -> Value:
        """A copy of the whole graph below. Values that a container shares, and vectors of dots, stay shared."""
        copies: dict[Value, Value]
        copies, seen = memo.setdefault(Value, ({}, {}))
        leaves, inner = walk(self, seen)
        for node in chain(leaves, inner):
            copies[node] = copy = node.__copy__()
            copy._a, copy._b = (_copied(operand, copies, memo) for operand in (node._a, node._b))
        return copies[self]


def _copied(operand: Any, copies: dict[Value, Value], memo: dict[Any, Any]) -> Any:
    if type(operand) is Value:
        return copies[operand]
    if type(operand) is not tuple:
        return operand
    if id(operand) not in memo:  # where `copy` looks for a tuple too: a container's stays the one of the graph
        memo[id(operand)] = tuple(copies[x] if type(x) is Value else x for x in operand)
    return memo[id(operand)]


# ---- what is kept


class State(NamedTuple):
    """All that a Value is: the key of its rule, None for a leaf, and what is in its slots."""

    rule: RuleKey | None
    a: Any
    b: Any
    data: float
    grad: float
    grad_stamp: int
    stamp: int
    label: str


def state_of(node: Value) -> State:
    """What `restored` makes such a Value from. Raises ValueError for a primitive that is not in the table any more."""
    rule = node._rule
    if rule is not None and PRIMITIVES.get(rule.key.name) is not rule.primitive:
        raise ValueError(f"{rule.key.name} was taken out of the table: a graph of it could not be read again")
    key = None if rule is None else rule.key
    return State(key, node._a, node._b, node._number, node._grad, node._grad_stamp, node._stamp, node._label)


def restored(state: State) -> Value:
    """A Value of that state. Raises LookupError for a primitive that is not in the table of this process."""
    node: Value = object.__new__(Value)
    node._rule = None if state.rule is None else _rule_named(state.rule)
    _, node._a, node._b, node._number, node._grad, node._grad_stamp, node._stamp, node._label = state
    # it may come from a process in which more was written: what is written from now on is newer
    newest = max(node._grad_stamp, node._stamp)
    if newest > scope["clock"]:  # else nothing is written: another thread may have set the clock forward meanwhile
        scope["clock"] = newest
    return node


def _rule_named(key: RuleKey) -> Rule:
    if key.name not in PRIMITIVES:
        raise LookupError(f"the graph has the primitive {key.name!r}: add it with autograd.primitive before it is read")
    return rule_of(PRIMITIVES[key.name], key.pattern, key.checked)


_stamp_of = operator.attrgetter("_stamp")


# ---- walking


def topological_order(root: Value) -> list[Value]:
    """Every node below `root`, itself included, each after the nodes it was computed from; leaves come first.

    Raises TypeError for what is no Value.
    """
    if type(root) is not Value:
        raise TypeError(f"topological_order needs a Value; got {type(root).__name__} {reprlib.repr(root)}")
    leaves, inner = walk(root)
    return leaves + inner


def depends(y: Value, x: Value) -> bool:
    """Whether `x` is below `y`: where it is not, dy/dx is 0 for every value of x, which a zero slope does not say."""
    for value in (y, x):
        if type(value) is not Value:
            raise TypeError(f"depends needs two Values; got {type(value).__name__} {reprlib.repr(value)}")
    leaves, inner = walk(y)
    return x in (leaves if x._rule is None else inner)


def adjoints(root: Value, seed: float = 1.0) -> dict[Value, float]:
    """seed * d root / d v for every Value `v` below `root`: the chain rule, in reverse topological order.

    Writes nothing. Raises StaleGraph when a leaf below was written since the graph was recorded.
    """
    result: dict[Value, float] = {}
    leaves, inner = walk(root, result)
    require_fresh(leaves, inner)
    result[root] = seed
    pass_on(reversed(inner), result)
    return result


def pass_on(nodes: Iterable[Value], sums: dict[Value, float]) -> None:
    """Adds to the `sums` of the operands what each of the computed nodes, one after the other, has in its own."""
    for node in nodes:
        adjoint = sums[node]
        if adjoint is not NOTHING:
            node._rule.pull(node, adjoint, sums)  # type: ignore[union-attr]


def require_fresh(leaves: Sequence[Value], inner: Sequence[Value]) -> None:
    """Raises StaleGraph when a leaf was written after an inner node above it was computed."""
    stale = stale_nodes(leaves, inner) if scope["clock"] else ()
    if stale:
        first = next(node for node in inner if node in stale)
        newest = max(walk(first)[0], key=_stamp_of)
        raise StaleGraph(
            f"{_name(newest) or 'a leaf'} was written ({newest._number!r}) after this graph was recorded;"
            " call refresh() on the result to compute the graph again, or record it anew"
        )


def read_data(values: Iterable[Value]) -> list[float]:
    """The number of each of the Values, as `value.data` gives it, all at once."""
    return [value._number for value in values]


def write_data(leaves: Iterable[Value], numbers: Iterable[float]) -> None:
    """Writes a float to each of the leaves, as `leaf.data = number` does, all at once: graphs of them are then stale.

    Raises AttributeError for a computed Value, ValueError where there are more of one than of the other; those before
    are written then.
    """
    scope["clock"] += 1
    stamp = scope["clock"]
    for leaf, number in zip(leaves, numbers, strict=True):
        if leaf._rule is not None:
            leaf.data = number  # which says why it can't
        leaf._number = number if type(number) is float else real_number(number)
        leaf._stamp = stamp


def value_operands(node: Value) -> Iterator[Value]:
    """The operands that are Values, in order and as often as used."""
    return (operand for operand in _flat(node) if type(operand) is Value)


def _flat(node: Value) -> Iterable[Operand]:
    if node._rule is None:
        return ()
    if node._rule.wide:
        return chain.from_iterable(_wide(node))
    return (node._a,) if node._b is None else (node._a, node._b)


def _wide(node: Value) -> tuple[tuple[Operand, ...], ...]:
    return (node._a,) if node._b is None else (node._a, node._b)


def stale_nodes(leaves: Sequence[Value], inner: Sequence[Value]) -> set[Value]:
    """The inner nodes of a graph that are older than one of their operands, or were computed from such a node."""
    written = newest_stamp(leaves)
    if written == 0 or newest_stamp(leaves, inner) <= min(map(_stamp_of, inner), default=written):
        return set()
    stale: set[Value] = set()
    for node in inner:
        if any(operand._stamp > node._stamp or operand in stale for operand in value_operands(node)):
            stale.add(node)
    return stale


def newest_stamp(*nodes: Iterable[Value]) -> int:
    """When the newest of the nodes got its number, on the clock of written leaves."""
    return max(map(_stamp_of, chain(*nodes)), default=0)


def grad_state(node: Value, newest: int) -> GradState:
    """The state of a node's `grad` in a graph of which the newest node has the stamp `newest`."""
    if node._grad_stamp == NEVER:
        return "not computed"
    return "stale" if newest > node._grad_stamp else "computed"


def walk(root: Value, seen: dict[Value, float] | None = None) -> tuple[list[Value], list[Value]]:
    """The leaves below `root`, and the inner nodes, each after its operands, in the order in which they were typed.

    What is in `seen` is passed over; what is found joins it, with an adjoint to which nothing was added.
    """
    seen = {} if seen is None else seen
    leaves: list[Value] = []
    inner: list[Value] = []
    if root in seen:
        return leaves, inner
    if root._rule is None:
        seen[root] = NOTHING
        return [root], inner
    finished: set[int] = set()
    path: list[Any] = []  # what is begun: a node before its second operand, a list of operands that wait, or None
    node: Value = root
    while True:  # `node` is an inner node, met for the first time
        seen[node] = NOTHING
        begun: Any = node
        operand = node._a
        if type(operand) is Value:
            if operand not in seen:
                if operand._rule is not None:
                    path.append(node)
                    node = operand
                    continue
                seen[operand] = NOTHING
                leaves.append(operand)
        elif type(operand) is tuple:
            path.append(node)
            begun = _waiting(node, finished, seen, leaves)
        while True:
            if type(begun) is Value:
                operand = begun._b
                if type(operand) is Value and operand not in seen:
                    if operand._rule is not None:
                        path.append(begun)
                        path.append(None)
                        node = operand
                        break
                    seen[operand] = NOTHING
                    leaves.append(operand)
                inner.append(begun)
            elif begun is None:
                inner.append(path.pop())
            elif begun:
                path.append(begun)
                node = begun.pop()
                if node not in seen:
                    break
            else:
                inner.append(path.pop())
                finished.update((id(inner[-1]._a), id(inner[-1]._b)))
            if not path:
                return leaves, inner
            begun = path.pop()


def _waiting(node: Value, finished: set[int], seen: dict[Value, float], leaves: list[Value]) -> list[Value]:
    """The inner nodes among the operands of a wide node, the first one last; leaves not met before are placed.

    A vector whose elements are all placed is not walked again: the neurons of a layer share their vector of inputs,
    the examples of a batch their vectors of weights.
    """
    waiting = []
    for vector in _wide(node):
        if id(vector) not in finished:
            for operand in vector:
                if type(operand) is Value and operand not in seen:
                    if operand._rule is not None:
                        waiting.append(operand)
                    else:
                        seen[operand] = NOTHING
                        leaves.append(operand)
    return waiting[::-1]


def _accumulate(added: Iterator[tuple[Value, float]], stamp: int) -> None:
    for node, adjoint in added:
        node._grad += adjoint
        node._grad_stamp = stamp


# ---- recording


def zero_grad(values: Iterable[Value]) -> None:
    """Sets `grad` of each to 0.0, not computed.

    Raises TypeError, and changes nothing, for what is no Value, and for a Value alone: it takes a sequence.
    """
    if isinstance(values, Value):
        raise TypeError(f"zero_grad needs a sequence of Values; got one Value, {values!r}")
    if not isinstance(values, Iterable):
        raise TypeError(f"zero_grad needs a sequence of Values; got {type(values).__name__} {reprlib.repr(values)}")
    several = list(values)
    for value in several:
        if type(value) is not Value:
            raise TypeError(f"zero_grad needs Values; got {type(value).__name__} {reprlib.repr(value)}")
    for value in several:
        value.grad = 0.0


def record(row: Primitive, operands: Any, checked: bool = True) -> Value:
    """Computes and records one primitive; for an n-ary one, `operands` are vectors.

    Numbers become floats; without a Value among the operands the result is a leaf. Unchecked, numbers outside the
    domain give IEEE's answer instead of a DomainError. Raises TypeError for what is not a number.
    """
    if row.vectors:
        operands, pattern = _vectors(operands, row.name)
        lengths = set(map(len, operands))
        if len(lengths) > 1 or 0 in lengths:
            raise ValueError(f"{row.name} needs {_wanted(row)}; got {' and '.join(map(str, map(len, operands)))}")
    else:
        operands = tuple(x if type(x) is Value or type(x) is float else real_number(x, row.name) for x in operands)
        pattern = "".join("v" if type(x) is Value else "c" for x in operands)
    if "v" not in pattern and "m" not in pattern:
        if checked:
            require_domain(row, operands, [""] * len(operands))
        return Value(float(row.value(floats, *operands)))
    node: Value = object.__new__(Value)
    node._rule = rule = rule_of(row, pattern, checked)
    node._a, node._b = (operands, None) if rule.wide and not rule.vectors else (*operands, None)[:2]
    node._grad = 0.0
    node._grad_stamp = NEVER
    node._stamp = scope["clock"]
    node._label = ""
    node._number = rule.replay(node)
    return attend(node) if scope["attended"] else node


def _wanted(row: Primitive) -> str:
    return "a vector of at least one operand" if row.vectors == 1 else "two vectors of one length, at least 1"


def value_vector(xs: Iterable[Any], wanted_by: str = "a vector") -> tuple[Operand, ...]:
    """`xs` as a tuple of Values and floats, which is `xs` itself if it is one."""
    (vector,), _ = _vectors((xs,), wanted_by)
    return vector


def _vectors(operands: Sequence[Iterable[Any]], wanted_by: str) -> tuple[tuple[tuple[Operand, ...], ...], str]:
    """The vectors as tuples of Values and floats, and their pattern. A tuple that is one already stays the same."""
    vectors, pattern = [], ""
    for xs in operands:
        vector = xs if type(xs) is tuple else tuple(xs)
        kinds = set(map(type, vector))
        if not kinds <= _OPERANDS:
            vector = tuple(x if type(x) is Value else real_number(x, wanted_by) for x in vector)
            kinds = set(map(type, vector))
        vectors.append(vector)
        pattern += "m" if len(kinds) > 1 else "v" if Value in kinds else "c"
    return tuple(vectors), pattern


_OPERANDS = {Value, float}


def _refuse_node(label: object) -> NoReturn:
    if not isinstance(label, (str, tuple, set, list)):
        _refuse_label(label)
    raise TypeError(
        "Value(data, label) makes a leaf; a node is made by computing with Values,"
        " and a new operation by autograd.primitive(name, value, partials)"
    )


def _refuse_label(label: object) -> NoReturn:
    raise TypeError(f"a label is text, empty where there is none; got {type(label).__name__} {reprlib.repr(label)}")


def _constant(x: Any) -> Any:
    """A number as a float, and anything else as it is."""
    if type(x) is int:
        try:
            return float(x)
        except OverflowError:
            return real_number(x, "an operand")
    if is_array(x):
        return x
    try:
        return real_number(x, "an operand")
    except TypeError:
        return x


def _foreign(row: Primitive, a: Any, b: Any) -> Any:
    """A Value met something that is not a number: an array goes element by element, the rest is not ours."""
    if is_array(a) or is_array(b):
        return elementwise(_elements_of(row), (a, b))
    if row.notation.text.startswith("{0}"):
        return NotImplemented
    return real_number(b, row.name)


def _elements_of(row: Primitive) -> Callable[..., Value]:
    return lambda *xs: record(row, (xs,) if row.vectors else xs)


def _name(node: Value) -> str:
    """For an error: the label, or else the caller's variable that holds it; empty where there is neither.

    A label that would not stay in its line is told as Python writes it.
    """
    name = node.label or names_of(Value, {node}).get(node, "")
    return name if name.isprintable() else repr(name)


def _outside(row: Primitive, operands: tuple[Operand, ...]) -> None:
    data = [x._number if type(x) is Value else x for x in operands]
    labels = [_name(x) if type(x) is Value else "" for x in operands]
    require_domain(row, data, labels)


def _compared(comparison: Callable[[float, float], bool], a: Any, b: Any) -> bool:
    if comparison in (operator.is_, operator.is_not):
        return comparison(a, b)
    numbers_only = [x._number if type(x) is Value else _constant(x) for x in (a, b)]
    if any(type(x) is not float for x in numbers_only):
        return NotImplemented  # type: ignore[no-any-return]
    result = bool(comparison(*numbers_only))
    if comparing:
        note_comparison(Comparison(comparison, a, b, result))
    return result


scope.update({"Value": Value, "constant": _constant, "foreign": _foreign, "outside": _outside, "attend": attend})
