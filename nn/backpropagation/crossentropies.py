"""Cross-entropies found again in a graph: the terms of a loss of which δ is known to be ŷ - t, times a weight.

Only what was recorded is read: which logarithms, sums and products stand on the z and the y of a layer. Whether δ is
that difference in numbers is for the reader to see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from autograd import Value
from autograd.derivatives import number_of

Nodes: TypeAlias = "Sequence[Value | None]"
Users: TypeAlias = "Mapping[Value, Sequence[Value]]"


class CrossEntropy(NamedTuple):
    """A term of a loss: its node, the sign of it there, a target for each z that it is of, and what gives ŷ from z."""

    node: Value
    sign: float
    targets: Sequence[float]
    function: str


def of_softmax(zs: Nodes, ys: Nodes, users: Users) -> list[CrossEntropy]:
    """-Σ t log y, or Σ t (logsumexp(z) - z), of all neurons of a layer; nothing where the graph has neither."""
    logs = [_user(y, "log", users) for y in ys]
    return _weighted(logs, -1.0, users) or _weighted([_minus_log(z, users) for z in zs], 1.0, users)


def of_sigmoids(zs: Nodes, ys: Nodes, users: Users) -> list[CrossEntropy]:
    """t log y + (1 - t) log(1 - y), or softplus(z) - t · z, of each neuron; nothing where one has no such term."""
    terms = [_of_probability(y, users) or _of_logit(z, users) for z, y in zip(zs, ys)]
    return [] if None in terms else [term for term in terms if term is not None]


def of_logits(zs: Nodes, users: Users) -> list[CrossEntropy]:
    """Those of neurons that give z itself, of which the loss takes the sigmoids or the softmax."""
    return of_sigmoids(zs, [None] * len(zs), users) or of_softmax(zs, [None] * len(zs), users)


def _of_probability(y: Value | None, users: Users) -> CrossEntropy | None:
    log = _user(y, "log", users)
    product = _user(log, "*", users)
    both = _user(product, "+", users)
    if product is None or both is None:
        return None
    targets = [number_of(x) for x in product.operands if x is not log]
    return CrossEntropy(both, -1.0, targets, "sigmoid") if len(targets) == 1 else None


def _of_logit(z: Value | None, users: Users) -> CrossEntropy | None:
    difference = _user(_user(z, "softplus", users), "-", users)
    product = None if difference is None else difference.operands[1]
    if difference is None or type(product) is not Value or product.op != "*" or z not in product.operands:
        return None
    targets = [number_of(x) for x in product.operands if x is not z]
    return CrossEntropy(difference, 1.0, targets, "sigmoid") if len(targets) == 1 else None


def _weighted(parts: Nodes, sign: float, users: Users) -> list[CrossEntropy]:
    """Σ t · part, which with a label is the part of the right class, of which there is then no other."""
    product = _user(parts[0], "dot", users)
    if product is not None and product.vectors[1] == tuple(parts):
        return [CrossEntropy(product, sign, list(map(number_of, product.vectors[0])), "softmax")]
    known = [part for part in parts if part is not None]
    targets = [float(part is not None) for part in parts]
    return [CrossEntropy(known[0], sign, targets, "softmax")] if len(known) == 1 else []


def _minus_log(z: Value | None, users: Users) -> Value | None:
    """logsumexp(z) - z, which is -log y of softmax."""
    found = _user(z, "-", users)
    total = None if found is None else found.operands[0]
    return found if type(total) is Value and total.op == "logsumexp" else None


def _user(node: Value | None, op: str, users: Users) -> Value | None:
    """What was first computed from a node by an operation; None where that is nothing."""
    return next((user for user in users.get(node, ()) if user.op == op), None) if node is not None else None
