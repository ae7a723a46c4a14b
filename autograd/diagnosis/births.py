"""Where NaN and infinity are born, forward and backward: the first node, and what it was made from.

Law of this file: a birth has no birth among its causes. NaN from NaN, and an infinity from an infinity, are not told.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import NamedTuple

from autograd import primitives
from autograd.derivatives import local_partials, number_of
from autograd.diagnosis.findings import Case, Finding, numbers
from autograd.namespaces import floats
from autograd.notation.typesetting import mathematical
from autograd.primitives import Primitive, is_constant_zero
from autograd.recording import origin_of
from autograd.value import Value, value_operands

AILMENTS = ("nan", "infinity", "backward nan", "backward infinity")

MOST_TOLD = 2
"""Of many births of one kind so many are told beside the first; the others are counted."""

ADVICE = {
    ("nan", "leaf"): "Look for what wrote it: a gap in the data, or a step whose gradient was NaN already.",
    ("nan", "constant"): "Look at where this constant comes from, a gap in the data perhaps, and leave it out.",
    ("nan", "inf − inf"): "Keep both finite; of exponentials, subtract the largest before exp, or use logsumexp.",
    ("nan", "0 · inf"): "Keep the infinite factor finite, or leave the term out where its other factor is 0.",
    ("nan", "inf / inf"): "Divide before both overflow: use softmax or sigmoid, which do so.",
    ("nan", "of infinity"): "Keep the operand finite: at infinity this operation has no value.",
    ("nan", "outside the domain"): "Keep the operand inside the domain, by a maximum or by adding a small constant.",
    ("nan", "operation"): "Look at the formula of this operation: it gives NaN for numbers that are finite.",
    ("infinity", "leaf"): "Look for what wrote it: a division in the data, or a step that was far too long.",
    (
        "infinity",
        "constant",
    ): "Use a number that is large enough: an infinite one meets 0 or inf sooner or later.",
    ("infinity", "overflow of exp"): "Subtract the largest operand before exp, or use logsumexp, softmax or sigmoid.",
    ("infinity", "overflow"): "Scale the inputs to about 1 and lower the learning rate: floats end at 1.8e308.",
    ("infinity", "outside the domain"): "Keep the operand away from the border, by a maximum or a small constant.",
    ("backward nan", "0 · inf"): (
        "Keep the slope finite, as sqrt(x + 1e-12) does at x = 0, and mask operands, not results."
    ),
    ("backward nan", "inf − inf"): "Make the infinite slopes finite first, by a small constant inside the root.",
    ("backward nan", "partial"): "Keep the operands finite: the formula of this slope has no value there.",
    ("backward infinity", "infinite partial"): (
        "Keep away from where the slope is infinite: sqrt(x + 1e-12) has a finite one at x = 0."
    ),
    ("backward infinity", "overflow"): "Scale the inputs and draw smaller weights: floats end at 1.8e308.",
}
"""One sentence for each ailment and cause. That exp overflows, and what to subtract, is the softmax of document 002."""

NAN_OF_TWO = {
    primitives.add: "inf − inf",
    primitives.subtract: "inf − inf",
    primitives.sum: "inf − inf",
    primitives.multiply: "0 · inf",
    primitives.divide: "inf / inf",
}
"""What makes NaN in an operation whose operands are none."""


class Birth(NamedTuple):
    """Where NaN or an infinity appears first. Backward, `operand` is the Value whose adjoint it enters.

    `adjoint` and `partial` are the factors; where an adjoint became NaN or infinite by adding, there is no operand.
    `source` is the node in which the infinite adjoint that made a NaN was born.
    """

    ailment: str
    cause: str
    node: Value
    operand: Value | None = None
    adjoint: float = 0.0
    partial: float = 0.0
    source: Value | None = None


def births(case: Case) -> list[Finding]:
    """A finding for each kind of birth, NaN before infinity and forward before backward; within a kind, the first."""
    forward = list(_forward(case))
    # what backward makes of an infinity is told where forward made no NaN of it
    is_told = any(birth.ailment == "nan" for birth in forward)
    backward = [birth for birth in _backward(case) if not (is_told and _comes_from_forward(birth))]
    groups: dict[tuple[str, str], list[Birth]] = {}
    for birth in forward + backward:
        groups.setdefault((birth.ailment, birth.cause), []).append(birth)
    return [_finding(case, groups[kind]) for kind in sorted(groups, key=lambda kind: AILMENTS.index(kind[0]))]


# ---- forward


def _forward(case: Case) -> Iterator[Birth]:
    harmless = case.has_finite_derivatives and all(math.isfinite(root.data) for root in case.roots)
    for node in chain(case.leaves, case.inner):
        if not math.isfinite(node.data):
            ailment = "nan" if math.isnan(node.data) else "infinity"
            cause = _cause(node)
            # an infinity that was given, and does no harm, is meant: the -inf of a mask
            if cause and not (harmless and ailment == "infinity" and cause in ("leaf", "constant")):
                yield Birth(ailment, cause, node)


def _cause(node: Value) -> str:
    """Why a number is not finite, in a short word; empty where that is because an operand already is so."""
    if node.primitive is None:
        return "leaf"
    is_ill = math.isnan if math.isnan(node.data) else _is_broken
    if any(is_ill(x.data) for x in value_operands(node)):
        return ""
    data = numbers(node)
    if any(map(is_ill, data)):
        return "constant"
    if any(requirement.violated(floats, *data) for requirement in node.primitive.domain):
        return "outside the domain"
    return _cause_of_nan(node, node.primitive, data) if math.isnan(node.data) else _cause_of_infinity(node.primitive)


def _cause_of_nan(node: Value, row: Primitive, data: list[float]) -> str:
    if row is primitives.dot:
        products = (number_of(w) * number_of(x) for w, x in zip(*node.vectors))
        return "0 · inf" if any(map(math.isnan, products)) else "inf − inf"
    if row in NAN_OF_TWO:
        return NAN_OF_TWO[row]
    return "of infinity" if any(map(math.isinf, data)) else "operation"


def _cause_of_infinity(row: Primitive) -> str:
    return "overflow of exp" if row in (primitives.exp, primitives.expm1) else "overflow"


def _is_broken(x: float) -> bool:
    return not math.isfinite(x)


# ---- backward


def _backward(case: Case) -> Iterator[Birth]:
    """The births of this call's adjoints, in the order in which `backward` would meet them."""
    return iter(()) if case.has_finite_derivatives else _Adjoints(case).births()


class _Adjoints:
    """The adjoints propagated once more, slowly, where they are not finite: each contribution looked at by itself."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.adjoints = case.adjoints
        self.contributions: dict[Value, list[float]] = {}  # those that are not NaN
        self.has_nan: set[Value] = set()  # to whose adjoint a NaN was added
        self.finished: set[int] = set()  # the vectors whose elements are all among them
        self.sources: dict[Value, Value] = {}  # for an infinite adjoint the node in which it was born

    def births(self) -> Iterator[Birth]:
        for node in reversed(self.case.nodes_above_leaves):
            yield from self._of_sum(node)
            if math.isnan(self.adjoints[node]) and not _stops_some(node.primitive):
                self._spread(node)
            elif self.case.reached(node):
                yield from self._of_products(node)
        for leaf in self.case.leaves:
            yield from self._of_sum(leaf)

    def _spread(self, node: Value) -> None:
        """What NaN does: there is no product to look at, and of a large graph most is like this."""
        for vector in node.vectors or (node.operands,):
            if not node.vectors or id(vector) not in self.finished:
                self.has_nan.update(x for x in vector if type(x) is Value)
        self.finished.update(map(id, node.vectors))

    def _of_products(self, node: Value) -> Iterator[Birth]:
        broken = {x for x in value_operands(node) if _is_broken(self.adjoints[x])}
        if not broken:
            return
        adjoint = self.adjoints[node]
        data = [node.data, *numbers(node)]
        for operand, partial in local_partials(node, among=broken):
            if not is_constant_zero(partial):
                product = adjoint * partial
                self._add(node, operand, product)
                cause = _cause_of_product(adjoint, partial, data) if _is_broken(product) else ""
                if cause:
                    ailment = "backward nan" if math.isnan(product) else "backward infinity"
                    yield Birth(ailment, cause, node, operand, adjoint, partial, self.sources.get(node))

    def _add(self, node: Value, operand: Value, product: float) -> None:
        if math.isnan(product):
            self.has_nan.add(operand)
        else:
            self.contributions.setdefault(operand, []).append(product)
        if math.isinf(product):
            self.sources.setdefault(operand, self.sources.get(node, node))

    def _of_sum(self, node: Value) -> Iterator[Birth]:
        """A birth where the contributions to an adjoint are all well, and their sum is not."""
        terms = self.contributions.pop(node, [])
        total = self.adjoints[node]
        if not terms or node in self.has_nan:
            return
        if math.isnan(total):
            yield Birth("backward nan", "inf − inf", node, source=self.sources.get(node))
        elif math.isinf(total) and not any(map(math.isinf, terms)):
            self.sources[node] = node
            yield Birth("backward infinity", "overflow", node)


@cache
def _stops_some(row: Primitive) -> bool:
    """Whether a formula of the partials is the number 0 itself, through which no NaN passes."""
    unknown = [math.nan] * (len(row.operands) + 1)
    return any(is_constant_zero(partial(floats, *unknown)) for partial in row.partials)


def _comes_from_forward(birth: Birth) -> bool:
    """Whether an infinity of the forward pass stands behind a birth of the backward pass."""
    met = birth.node if _is_broken(birth.partial) else birth.source
    return met is not None and any(map(math.isinf, (met.data, *numbers(met))))


def _cause_of_product(adjoint: float, partial: float, data: list[float]) -> str:
    """Why adjoint · partial is not finite; empty where that is because something before it is not."""
    if math.isnan(adjoint) or any(map(math.isnan, data)):
        return ""
    if math.isnan(partial):
        return "partial"
    if math.isnan(adjoint * partial):
        return "0 · inf"
    if math.isinf(adjoint):
        return ""
    if math.isinf(partial):
        return "" if any(map(math.isinf, data)) else "infinite partial"
    return "overflow"


# ---- in words


def _finding(case: Case, group: list[Birth]) -> Finding:
    first = group[0]
    nodes = tuple(dict.fromkeys(birth.node for birth in group))
    told = [_told(case, first), *_sources(case, first)]
    if len(nodes) > 1:
        told.append(f"also in {_listed([case.equation(node) for node in nodes[1 : 1 + MOST_TOLD]], len(nodes) - 1)}")
    advice = ADVICE[first.ailment, first.cause]
    return Finding(first.ailment, first.cause, nodes, "\n  ".join(told), advice, origin_of(first.node))


def _told(case: Case, birth: Birth) -> str:
    what = "NaN" if birth.ailment.endswith("nan") else "infinity"
    node = birth.node
    if birth.cause == "leaf":
        user = case.user(node)
        used = f", first used in {case.formula(user)}" if user is not None else ""
        return f"{what} was given: the leaf {case.equation(node)}{used}"
    if birth.cause == "constant":
        return f"{what} was given as a constant: {case.equation(node)}"
    if not birth.ailment.startswith("backward"):
        return f"{what} is born: {case.equation(node)}"
    return _told_backward(case, birth, f"{what} is born backward")


def _told_backward(case: Case, birth: Birth, what: str) -> str:
    if birth.operand is None:
        name = case.name(birth.node)
        met = "infinities of both signs add up" if birth.cause == "inf − inf" else "finite terms add up to an infinity"
        return f"{what}, in the adjoint of {name}: {met} from the nodes that use {name}"
    local = case.partial(birth.node, birth.operand)
    factors = f"{mathematical(birth.adjoint)} · {mathematical(birth.partial)}"
    product = mathematical(birth.adjoint * birth.partial)
    return f"{what}, at {case.equation(birth.node)}\n  its adjoint · {local} = {factors} = {product}"


def _sources(case: Case, birth: Birth) -> Iterator[str]:
    """Where the infinities were born from which a NaN was made."""
    if birth.source is not None:
        yield f"its adjoint became infinite at {case.equation(birth.source)}"
    if birth.ailment.endswith("nan") and birth.cause != "constant":
        made = list(dict.fromkeys(_births_of_infinity(birth.node)))
        if made:
            yield f"its infinity comes from {_listed([case.equation(node) for node in made[:MOST_TOLD]], len(made))}"


def _births_of_infinity(node: Value) -> Iterator[Value]:
    """For each infinite operand the node from which it got its infinity."""
    for infinite in dict.fromkeys(x for x in value_operands(node) if math.isinf(x.data)):
        below: Value | None = infinite
        while below is not None:
            infinite = below
            below = next((x for x in value_operands(infinite) if math.isinf(x.data)), None)
        yield infinite


def _listed(texts: list[str], count: int) -> str:
    rest = count - len(texts)
    return ", ".join(texts) + (f" and {rest:,} more" if rest else "")
