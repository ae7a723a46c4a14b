"""Values in pickles: graphs of any depth, also inside containers, with what is shared kept shared.

A pickler calls itself for what an object is made of, and would go down a chain of nodes to the limit of recursion. So a
node is written with a prelude before it: the nodes below it, in topological order. Each then finds its operands in the
memo of the pickler. The pickler takes them from an iterator, one by one: its stack is as deep for a million as for ten.

Laws of this file:
- Every node is an object of the pickle of its own. Containers, vectors and other graphs that have it refer to it.
- What a pickler has written is not gone through again: the nodes of one graph in a list cost what the graph costs.
- To unpickle is to build Values from the rows of the table. (A pickle of somebody else can still do anything: that is
  how pickles are. What comes from outside is read by `load_graph`.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from threading import local
from typing import Any
from weakref import ref

from autograd.eager import RuleKey
from autograd.value import State, Value, given, restored, state_of, walk


@given
def __reduce_ex__(self: Value, protocol: Any) -> tuple[Any, ...]:  # noqa: N807 - it becomes a method
    state = state_of(self)
    if state.rule is None:
        return unpickled_leaf, state[3:]
    return unpickled, (_before(self), *state)


def unpickled_leaf(*slots: Any) -> Value:
    """The leaf of these slots."""
    return restored(State(None, None, None, *slots))


def unpickled(_: Written, rule: RuleKey, *slots: Any) -> Value:
    """The node of a rule and these slots. Raises LookupError for a primitive that this process has not in its table."""
    return restored(State(rule, *slots))


class Written:
    """What a session and a prelude become: it is told of nodes, which are in the memo already, and forgets them."""

    def __init__(self, *_: object) -> None:
        pass

    def append(self, _: Value) -> None:
        """Forgets a node."""

    def extend(self, _: Iterable[Value]) -> None:
        """Forgets several."""


class Session:
    """The nodes that one pickler has written, or is about to write.

    Every node that it writes names it. So it is in the memo of the pickler, and lives as long as that. Asked to be
    written a second time it knows that it is another pickler that asks, which has none of the nodes, and begins anew.
    """

    __slots__ = ("__weakref__", "asked_by", "is_written", "nodes")

    def __init__(self) -> None:
        self.nodes: dict[Value, float] = {}
        self.asked_by: Any = None
        self.is_written = False
        _thread.session = ref(self)

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        if self.is_written:
            return Written, (Prelude(Session(), self.asked_by),)
        self.is_written = True
        return Written, ()


class Prelude:
    """The nodes below a root that were not written yet."""

    __slots__ = ("root", "session")

    def __init__(self, session: Session, root: Value) -> None:
        self.session = session
        self.root = root

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return Written, (self.session,), None, _nodes_before(self.root, self.session)


class _Thread(local):
    session: Any = staticmethod(lambda: None)


_thread = _Thread()
"""Of each thread the last session, as a weak reference."""


def _before(node: Value) -> Session | Prelude:
    """What is written before a node."""
    session: Session = _thread.session() or Session()
    session.asked_by = node
    return session if node in session.nodes else Prelude(session, node)


def _nodes_before(root: Value, session: Session) -> Iterator[Value]:
    is_complete = False
    try:
        leaves, inner = walk(root, session.nodes)
        inner = inner[:-1]  # without the root, which comes last
        yield from chain(leaves, inner)
        is_complete = True
    finally:
        if not is_complete:  # the pickler failed, and may be used again
            session.nodes.clear()
