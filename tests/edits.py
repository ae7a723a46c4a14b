"""Wrong versions of a source, found in its syntax: every term dropped, every sign turned, every sum an assignment.

An `Edit` is a piece of a text and what stands in its place. Texts for people, annotations and errors are left alone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple, TypeAlias


class Edit(NamedTuple):
    """What is wrong, in which function or class, and the text that replaces another one."""

    owner: str
    name: str
    start: int
    end: int
    wrong: str


Found: TypeAlias = "tuple[ast.AST, str]"
"""A piece of syntax, and the wrong text in its place."""

Editor: TypeAlias = "Callable[[Source, ast.AST], Iterator[Found]]"


class Source:
    """A Python source with its syntax, each piece of which has a place in the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = ast.parse(text)
        self._lines = text.splitlines(keepends=True)
        self._starts = [0, *accumulate(map(len, self._lines))]

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where a piece begins and ends in the text; syntax counts in bytes."""
        return self._index(node.lineno, node.col_offset), self._index(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def segment(self, node: ast.AST) -> str:
        """The text of a piece."""
        start, end = self.span(node)
        return self.text[start:end]

    def _index(self, line: int, column: int) -> int:
        return self._starts[line - 1] + len(self._lines[line - 1].encode()[:column].decode())


def replacement(text: str, within: tuple[int, int], owner: str, name: str, right: str, wrong: str) -> Edit:
    """The edit of a text that stands once within two places. Raises ValueError where it does not."""
    count = text.count(right, *within)
    if count != 1:
        raise ValueError(f"{name}: {right!r} occurs {count} times{f' in {owner}' if owner else ''}")
    start = text.index(right, *within)
    return Edit(owner, name, start, start + len(right), wrong)


def edits(text: str, *editors: Editor, only: Sequence[str] = ()) -> Iterator[Edit]:
    """What the editors find in a source, in its functions, or only in those of these names."""
    source = Source(text)
    for node, owner in _pieces(source.tree, ""):
        if only and not any(owner == name or owner.startswith(f"{name}.") for name in only):
            continue
        for editor in editors:
            for place, wrong in editor(source, node):
                start, end = source.span(place)
                name = f"{_short(text[start:end])} → {_short(wrong)}"
                yield Edit(owner, name, start, end, wrong)


def _pieces(node: ast.AST, owner: str) -> Iterator[tuple[ast.AST, str]]:
    """All that is computed, with the name of the function or class in which it is."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Raise, ast.JoinedStr)) or _is_text(child) or _is_annotation(node, child):
            continue
        if isinstance(node, ast.UnaryOp) and getattr(child, "value", None) == 1:  # -1, the last place or the free axis
            continue
        name = getattr(child, "name", "") if isinstance(child, (ast.FunctionDef, ast.ClassDef)) else ""
        if name == "__repr__":
            continue
        here = f"{owner}.{name}".strip(".") if name else owner or _assigned_name(child)
        yield child, here
        yield from _pieces(child, here)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_annotation(node: ast.AST, child: ast.AST) -> bool:
    return child in (getattr(node, "annotation", None), getattr(node, "returns", None))


def _assigned_name(node: ast.AST) -> str:
    """The name of what a statement of the module assigns."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return targets[0].id if targets and isinstance(targets[0], ast.Name) else ""


def _short(text: str) -> str:
    return re.sub(r"\s+", " ", text)


# ---- what is wrong in an expression


def terms(source: Source, node: ast.AST) -> Iterator[Found]:
    """A sum or a difference without one of its terms; the wrong sign would be twice as far off."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)) and not _has_text(node):
        left, right = f"({source.segment(node.left)})", f"({source.segment(node.right)})"
        yield node, left
        yield node, right if isinstance(node.op, ast.Add) else f"(-{right})"


def factors(source: Source, node: ast.AST) -> Iterator[Found]:
    """A product or a quotient without one of its factors, turned round, or a power without its exponent."""
    if not isinstance(node, ast.BinOp) or _has_text(node):
        return
    left, right = f"({source.segment(node.left)})", f"({source.segment(node.right)})"
    if isinstance(node.op, ast.Mult):
        yield node, left
        yield node, right
    elif isinstance(node.op, (ast.Div, ast.FloorDiv)):
        yield node, left
        yield node, f"({left} {'*' if isinstance(node.op, ast.Div) else '/'} {right})"
    elif isinstance(node.op, ast.Pow):
        yield node, left


def signs(source: Source, node: ast.AST) -> Iterator[Found]:
    """A minus sign that is left out."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant):
        yield node, f"({source.segment(node.operand)})"


def numbers(source: Source, node: ast.AST) -> Iterator[Found]:
    """Twice a number, and 1 instead of 0."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield node, repr(2 * node.value if node.value else 1)


def comparisons(source: Source, node: ast.AST) -> Iterator[Found]:
    """The border on the other side; of what has no border, the opposite."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _OTHERS:
        left, right = source.segment(node.left), source.segment(node.comparators[0])
        yield node, f"({left}) {_OTHERS[type(node.ops[0])]} ({right})"


_OTHERS: dict[type, str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}


def branches(source: Source, node: ast.AST) -> Iterator[Found]:
    """One branch for all."""
    if isinstance(node, ast.IfExp):
        yield node, f"({source.segment(node.body)})"
        yield node, f"({source.segment(node.orelse)})"


def swapped_names(names: dict[str, str]) -> Editor:
    """A function in place of a related one: a sum for a mean, a minimum for a maximum."""

    def editor(source: Source, node: ast.AST) -> Iterator[Found]:
        if isinstance(node, ast.Name) and node.id in names and isinstance(node.ctx, ast.Load):
            yield node, names[node.id]
        elif isinstance(node, ast.Attribute) and node.attr in names:
            yield node, f"{source.segment(node.value)}.{names[node.attr]}"

    return editor


def calls_left_out(*names: str) -> Editor:
    """The argument of a function in place of its value: no root, no absolute value."""

    def editor(source: Source, node: ast.AST) -> Iterator[Found]:
        if isinstance(node, ast.Call) and len(node.args) == 1 and source.segment(node.func).split(".")[-1] in names:
            yield node, f"({source.segment(node.args[0])})"

    return editor


def _has_text(node: ast.BinOp) -> bool:
    return any(
        isinstance(x, ast.JoinedStr) or (isinstance(x, ast.Constant) and isinstance(x.value, str))
        for x in ast.walk(node)
    )


# ---- what is wrong in a statement


def assignments(source: Source, node: ast.AST) -> Iterator[Found]:
    """`=` where `+=` belongs, or another one of its kind; loops that halve a number would come to no end."""
    if isinstance(node, ast.AugAssign) and not isinstance(node.op, ast.RShift):
        yield node, f"{source.segment(node.target)} = {source.segment(node.value)}"


def sums_in_tables(source: Source, node: ast.AST) -> Iterator[Found]:
    """What is new in place of the sum: `s[x] = s[x] + new if x in s else new`."""
    if isinstance(node, ast.IfExp) and isinstance(node.body, ast.BinOp) and isinstance(node.body.op, ast.Add):
        yield node, f"({source.segment(node.orelse)})"


STORES = frozenset({"append", "extend", "add", "update", "statement", "setdefault", "discard", "clear", "remove"})


def stores(source: Source, node: ast.AST) -> Iterator[Found]:
    """A call that keeps something, or a number written to a place, that is left out."""
    is_written = isinstance(node, ast.Assign) and any(isinstance(target, ast.Subscript) for target in node.targets)
    if is_written or (isinstance(node, ast.Expr) and _called(node.value) in STORES):
        yield node, "pass"


def _called(node: ast.expr) -> str:
    """The name of the method that is called, if it is one."""
    return node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""


def returns(source: Source, node: ast.AST) -> Iterator[Found]:
    """Nothing given where something was found."""
    if isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield node, "return None"


ARITHMETIC: tuple[Editor, ...] = (terms, factors, signs, numbers, comparisons, branches)
ACCUMULATIONS: tuple[Editor, ...] = (assignments, sums_in_tables)


# ---- sources that are not Python, or Python in texts

ASSIGNMENT = re.compile(r"(?<![<>=!'\"(|]) ([-+*|])= ")


def assignments_in_text(text: str, *, only: Callable[[str], bool] = lambda line: True) -> Iterator[Edit]:
    """`=` where `+=` belongs, in the lines that are chosen: of JavaScript, of Python that is written as text."""
    start = 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if only(line):
            for match in ASSIGNMENT.finditer(line):
                place = (start + match.start(), start + match.end())
                yield Edit(f"line {number}", f"{line.strip()}: = for {match[1]}=", *place, " = ")
        start += len(line)


FUNCTION = re.compile(r"^  (\w+): (.+),$", re.MULTILINE)


def negated_functions(text: str) -> Iterator[Edit]:
    """Each function of a JavaScript table of functions with the other sign."""
    for match in FUNCTION.finditer(text):
        wrong = f"(...xs) => -({match[2]})(...xs)"
        yield Edit(match[1], f"{match[1]}: the other sign", match.start(2), match.end(2), wrong)
