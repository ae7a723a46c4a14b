"""The statements of a derivative program: each node's value, then each node's adjoint, over numbers that have names.

Names are made here alone: `p0` … the parameters, `x0` … the inputs, `v0` … the values and `g0` … the adjoints of inner
nodes in topological order, from the first node of a part on, `w1` the value of the node before that one, `w2` of the
one before, `u0` … those that are farther away, `t0` … temporaries. Constants stand by value, and a label never stands
in code.

Laws of this file:
- Sums are added in the order of the eager engine, so that values are its values, digit by digit.
- A node's adjoint is written once, when all that its users contribute is known; the sign of a product is not
  computed but kept beside it, and factors 1 and -1 are left out. Nothing is multiplied by zero in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from typing import NamedTuple

from autograd.compiler.recorded import Recorded
from autograd.compiler.templates import (
    EXACT_FACTORS,
    NAME,
    NUMBER,
    OUT,
    PRODUCT,
    SUM,
    UNROLLED,
    Constants,
    Forms,
    Template,
    constants,
    forms,
    is_number,
    lists_template,
    selected_template,
    unrolled_template,
)
from autograd.evaluation import is_checked
from autograd.namespaces import floats
from autograd.primitives import Primitive
from autograd.symbolic import ATOM
from autograd.value import Operand, Value

MOST_FOLDED = 256
"""Different constants that are folded into the formulas of a row: there can be a million, and each costs a formula."""

WIDTH = 100
"""Characters of a tuple that stands in one line."""

MOST_TERMS = 32
"""Terms of a sum that stand in one line: a deeper expression would exhaust the stack of Python's own compiler."""


class Term(NamedTuple):
    """A signed piece of code. The sign is that of the whole: -1 and `a * b` mean -(a * b)."""

    text: str
    precedence: int = NAME
    sign: int = 1

    @property
    def is_number(self) -> bool:
        return self.precedence == NAME and is_number(self.text)

    @property
    def signed(self) -> str:
        return f"-{_bracketed(self, SUM + 1)}" if self.sign < 0 else self.text


ZERO, ONE = Term("0.0"), Term("1.0")


class Body:
    """Lines of one function, and the names that they use; numbers and temporaries are among these."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.used: dict[str, None] = {}


class Statements:
    """Writes the statements of a recorded graph, forward in the order of its nodes and then in reverse.

    `literals` are the leaves that are constants. `fast` statements use operators, and functions that may raise.
    """

    def __init__(self, graph: Recorded, literals: Mapping[Value, str], fast: bool) -> None:
        self._fixed = dict(literals)
        self._fixed.update({leaf: f"x{place}" for place, leaf in enumerate(graph.inputs)})
        self._fixed.update({leaf: f"p{place}" for place, leaf in enumerate(graph.parameters)})
        self._index: dict[Value, int] = {}
        self._start: int | None = None
        self._near = 0
        self.contributions: dict[Value, list[Term]] = {}
        self.kept: dict[Value, int] = {}
        self._needed = graph.needed
        self._fast = fast
        self._fresh = count()
        self._forms: dict[tuple[Primitive, Constants], Forms] = {}
        self._folded: Counter[Primitive] = Counter()
        for root in graph.roots:
            if root in graph.needed:
                self._contribute(Body(), root, ONE)

    def begin(self, start: int, near: int, base: int = 0, near_base: int = 0) -> None:
        """Begins a part of which `start` is the first node, and `base` the first place for an adjoint that is kept.

        Nodes and places from the near ones on are named by how far they are, so that parts which are alike read alike.
        """
        self._start, self._near, self._base, self._near_base = start, near, base, near_base
        self._fresh = count()

    def name(self, node: Value) -> str:
        """What the value of a node is called in this part."""
        found = self._fixed.get(node)
        if found is not None:
            return found
        index = self._index[node]
        if index < self._near:
            return f"u{index}"
        place = index - (self._start or 0)
        return f"v{place}" if place >= 0 else f"w{-place}"

    def adjoint_at(self, place: int) -> str:
        """Where an adjoint is kept from part to part."""
        return f"g[{place if place < self._near_base else relative('b', place - self._base)}]"

    # ---- forward

    def write_value(self, body: Body, index: int, node: Value, checked: bool = True) -> None:
        """Writes the check of the domain, unless it is left out, and the value of a node, whose name is then known."""
        row = node.primitive
        if row is None:
            return
        texts = self._texts(node.operands)
        if checked and row.domain and is_checked(node):
            self._write_checks(body, index, row, texts)
        name = f"v{index - (self._start or 0)}"
        value = self._wide_value(body, name, row, node, texts) if row.vectors else self._value(body, row, texts)
        text = _written(body, name, _positive(value)).text
        if text[0] in PLACED:
            self._index[node] = index_of(text, self._start or 0)
        else:
            self._fixed[node] = text

    def _write_checks(self, body: Body, index: int, row: Primitive, texts: Sequence[str]) -> None:
        for template in self._forms_for(row, texts).domain:
            body.lines.append(f"if {self._filled(body, template, texts).text}:")
            place = index if self._start is None else relative("n", index - self._start)
            body.lines.append(f"    outside({place}, ({', '.join(texts)},))")
            body.used.update(dict.fromkeys(texts))

    def _value(self, body: Body, row: Primitive, texts: Sequence[str]) -> Term:
        return self._filled(body, self._forms_for(row, texts).value, texts)  # type: ignore[arg-type]  # of scalars

    def _wide_value(self, body: Body, name: str, row: Primitive, node: Value, texts: Sequence[str]) -> Term:
        vectors = [self._texts(vector) for vector in node.vectors]
        elements = list(zip(*vectors))
        if self._forms_for(row, elements[0]).steps is not None:
            return self._reduced(body, name, row, elements)
        if len(texts) <= UNROLLED:
            return self._filled(body, unrolled_template(row, _numbers_in(texts), self._fast), texts)
        lists = [self._temporary(body, f"[{', '.join(vector)}]") for vector in vectors]
        body.used.update(dict.fromkeys(texts))
        return self._filled(body, lists_template(row, self._fast), lists)

    def _reduced(self, body: Body, name: str, row: Primitive, elements: Sequence[tuple[str, ...]]) -> Term:
        """The value of a row that is one reduction, from left to right, in lines of a few terms."""
        result = ONE
        for place, element in enumerate(elements):
            first, step = self._forms_for(row, element).steps  # type: ignore[misc]  # one reduction
            if place and (step.precedence != SUM or place % MOST_TERMS == 0):
                body.lines.append(f"{name} = {result.signed}")
                result = Term(name)
            result = self._filled(body, step if place else first, element, before=result.signed)
        return result

    # ---- reverse

    def write_adjoints(self, body: Body, index: int, node: Value) -> None:
        """Writes the adjoint of a node, and keeps what it contributes to those of its operands."""
        self._fetch(node)
        terms = self.contributions.pop(node, None)
        row = node.primitive
        if terms is None or row is None:
            return
        adjoint = _written(body, f"g{index - (self._start or 0)}", total(terms))
        if row.selects:
            self._select(body, row, node, adjoint)
            return
        for element in zip(*node.vectors) if row.vectors else (node.operands,):
            self._pull(body, row, node, element, adjoint)

    def _pull(self, body: Body, row: Primitive, node: Value, operands: Sequence[Operand], adjoint: Term) -> None:
        texts = self._texts(operands)
        needed = self._needed
        for operand, template in zip(operands, self._forms_for(row, texts).partials):
            if template is not None and operand in needed:
                partial = self._filled(body, template, texts, self.name(node))
                self._contribute(body, operand, product(adjoint, partial))

    def _select(self, body: Body, row: Primitive, node: Value, adjoint: Term) -> None:
        """The first of the elements that tie takes all: each gets its partial of what is left."""
        (vector,) = node.vectors
        last = max(place for place, operand in enumerate(vector) if operand in self._needed)
        taken = ""
        for place, operand in enumerate(vector[: last + 1]):
            texts = self._texts((operand,))
            template = selected_template(row, _numbers_in(texts), not place, self._fast)
            partial = self._filled(body, template, texts, self.name(node), taken)
            if place < last:
                partial = Term(self._temporary(body, partial.signed))
                taken = self._temporary(body, f"{taken} + {partial.text}") if taken else partial.text
            if operand in self._needed:
                self._contribute(body, operand, product(adjoint, partial))

    def _contribute(self, body: Body, operand: Value, term: Term) -> None:
        self._fetch(operand)
        terms = self.contributions.get(operand)
        if terms is None:
            self.contributions[operand] = [term]
            return
        terms.append(term)
        if terms[0].is_number and term.is_number:
            terms[:] = [total(terms)]
        elif len(terms) > MOST_TERMS:
            terms[:] = [Term(self._temporary(body, total(terms).text))]

    def _fetch(self, node: Value) -> None:
        """Puts what another part kept among the contributions."""
        place = self.kept.pop(node, None)
        if place is not None:
            self.contributions[node] = [Term(self.adjoint_at(place), ATOM)]

    # ---- texts

    def _texts(self, operands: Sequence[Operand]) -> list[str]:
        return [self.name(operand) if type(operand) is Value else repr(operand) for operand in operands]

    def _forms_for(self, row: Primitive, texts: Sequence[str]) -> Forms:
        """The templates of a row for operands with these texts."""
        key = row, _numbers_in(texts)
        return self._forms.get(key) or self._new_forms(*key)

    def _new_forms(self, row: Primitive, numbers: Constants) -> Forms:
        folded = constants(row, numbers)
        if any(folded) and self._folded[row] >= MOST_FOLDED:
            folded = (None,) * len(numbers)
        found = forms(row, folded, self._fast)
        if self._folded[row] < MOST_FOLDED:
            self._folded[row] += 1
            self._forms[row, numbers] = found
        return found

    def _filled(self, body: Body, template: Template, texts: Sequence[str], out: str = "", before: str = "") -> Term:
        assignments, text, precedence, sign, used = template
        if precedence == NAME and not assignments:
            return Term(self._named(body, text, texts, out, used), NAME, sign)
        for place in used:
            body.used[out if place == OUT else texts[place]] = None
        if not assignments:
            return Term(text.format(*texts, out=out, before=before), precedence, sign)
        t = f"t{next(self._fresh)}"
        for assignment in assignments:
            body.lines.append(assignment.format(*texts, out=out, before=before, t=t))
        return Term(text.format(*texts, out=out, before=before, t=t), precedence, sign)

    def _named(self, body: Body, text: str, texts: Sequence[str], out: str, used: Sequence[int]) -> str:
        """The operand that a template of one name stands for, or its number."""
        for place in used:
            text = out if place == OUT else texts[place]
            body.used[text] = None
        return text

    def _temporary(self, body: Body, text: str) -> str:
        name = f"t{next(self._fresh)}"
        body.lines.append(f"{name} = {text}")
        return name


def index_of(name: str, start: int) -> int:
    """The node whose value has this name in the part that begins at `start`."""
    return PLACED[name[0]](int(name[1:]), start)


PLACED: dict[str, Callable[[int, int], int]] = {
    "v": lambda place, start: start + place,
    "w": lambda place, start: start - place,
    "u": lambda place, start: place,
}
"""The first letters of the names of values, and which node they mean."""


def relative(base: str, offset: int) -> str:
    """A place so many after another one."""
    return f"{base} {'+' if offset > 0 else '-'} {abs(offset)}" if offset else base


def tuple_of(texts: Iterable[str]) -> str:
    """A tuple, with an element to each line where it would be long."""
    elements = [f"{text}," for text in texts]
    flat = f"({' '.join(elements)})"
    return flat if len(flat) <= WIDTH else "\n        ".join(["(", *elements]) + "\n    )"


def product(adjoint: Term, partial: Term) -> Term:
    """adjoint * partial, computed where both are numbers."""
    for factor, other in ((partial, adjoint), (adjoint, partial)):
        if factor.text in EXACT_FACTORS:
            is_same = (factor.sign > 0) == (factor.text == "1.0")
            return other if is_same else other._replace(sign=-other.sign)
    sign = adjoint.sign * partial.sign
    if adjoint.is_number and partial.is_number:
        return Term(repr(float(adjoint.text) * float(partial.text)), NAME, sign)
    return Term(f"{adjoint.text} * {_bracketed(partial, PRODUCT + 1)}", PRODUCT, sign)


def total(terms: Sequence[Term]) -> Term:
    """The sum from left to right, computed where all are numbers."""
    if len(terms) == 1:
        return terms[0]
    if all(term.is_number for term in terms):
        return Term(repr(floats.sum_of(term.sign * float(term.text) for term in terms)))
    rest = "".join(f" {'-' if term.sign < 0 else '+'} {_bracketed(term, SUM + 1)}" for term in terms[1:])
    return Term(terms[0].signed + rest, SUM)


def _positive(term: Term) -> Term:
    """The term with its sign written out."""
    return Term(term.signed, SUM) if term.sign < 0 else term


def _bracketed(term: Term, needed: int) -> str:
    return term.text if term.precedence >= needed else f"({term.text})"


def _written(body: Body, name: str, term: Term) -> Term:
    """The term under a name, which is its own where it has one; its sign stays with it."""
    if term.precedence == NAME:
        return term
    body.lines.append(f"{name} = {term.text}")
    return Term(name, sign=term.sign)


def _numbers_in(texts: Sequence[str]) -> Constants:
    """The texts that are numbers, None for each of the others."""
    return tuple([text if text[0] in NUMBER else None for text in texts])
