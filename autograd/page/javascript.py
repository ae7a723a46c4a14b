"""The rows of the table as JavaScript: a formula is read there in a namespace too, of numbers or of terms.

    (xp, x, out) => xp.multiply(out, xp.subtract(1, out))

Law: what is printed is the formula of the table, and whatever a row holds, it stays inside its own text.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from string import Formatter
from typing import Any

from autograd.namespaces import FUNCTIONS
from autograd.notation.typesetting import MATHEMATICS
from autograd.primitives import PRIMITIVES, Primitive, Requirement, is_constant_zero
from autograd.symbolic import TERMS, Expression, Vector, element, name, operations_in, source, symbolic

OPERATORS = {"+": "add", "-": "subtract", "*": "multiply", "%": "modulo", "negative": "negative"}
"""What a namespace calls the operations that formulas write with operators."""

CONDITIONS = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "&": "&&"}

ALWAYS = ("add", "subtract", "multiply", "negative", "divide", "power")
"""The rows with which terms are put in order, whatever is in a graph."""

RESERVED = frozenset(
    {
        *("arguments", "await", "case", "catch", "const", "debugger", "default", "delete", "do", "enum", "eval"),
        *("export", "extends", "false", "function", "implements", "instanceof", "interface", "let", "new", "null"),
        *("package", "private", "protected", "public", "static", "super", "switch", "this", "throw", "true", "typeof"),
        *("undefined", "var", "void", "xp", "out"),
    }
)
"""What a parameter can't be called in JavaScript, and can in Python, or means something else in a formula."""


def table_source(rows: Iterable[Primitive]) -> str:
    """`const TABLE = {…};`, with these rows of the table and those that their partials are written with."""
    wanted = dict.fromkeys([*(PRIMITIVES[row] for row in ALWAYS), *rows])
    wanted |= dict.fromkeys(PRIMITIVES[function] for row in wanted for function in sorted(_functions(row)))
    entries = [f"{literal(row.name)}: {{\n{_fields(row)}\n}}" for row in wanted]
    return "const TABLE = {\n" + ",\n".join(entries) + "\n};\n"


def _functions(row: Primitive) -> set[str]:
    """The functions of a namespace that the partials of a row call: in terms, each is a row of the table."""
    names = [name(operand) for operand in parameters(row)]
    partials = (formula(symbolic, *names, name("out")) for formula in row.partials)
    return set().union(*map(operations_in, partials)) & FUNCTIONS.keys()


def literal(data: Any) -> str:
    """JSON that is JavaScript too, and can stand in a script: it ends no element and no line."""
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _fields(row: Primitive) -> str:
    notation = row.notation
    fields = {
        "name": literal(row.name),
        "symbol": literal(notation.symbol),
        "pieces": literal(pieces(MATHEMATICS.get(row, notation.text))),
        "precedence": literal(notation.precedence),
        "needed": literal(notation.operands),
        "operands": literal(row.operands),
        **{flag: literal(value) for flag, value in _particulars(row).items() if value},
        "value": _value(row),
        "partials": f"[{', '.join(_partials(row))}]",
        "domain": f"[{', '.join(_requirement(row, each) for each in row.domain)}]",
    }
    return ",\n".join(f"{field}: {text}" for field, text in fields.items())


def _particulars(row: Primitive) -> dict[str, Any]:
    """What most rows have not."""
    is_kinked = row.branch is not None
    return {"vectors": row.vectors, "selects": row.selects, "kinked": is_kinked, "ties": row.ties}


def pieces(template: str) -> list[str | int]:
    """A template of notation in its pieces: texts, and the places of operands between them."""
    found: list[str | int] = []
    for place, (text, field, _, _) in enumerate(Formatter().parse(template)):
        if text:
            found.append(text)
        if field is not None:
            found.append(int(field) if field.isdecimal() else place)
    return found


def _value(row: Primitive) -> str:
    if not row.vectors:
        names = parameters(row)
        return _function(names, row.value(symbolic, *map(name, names)))
    vectors = [Vector(operand, f"{operand}_i", element(f"{operand}_i")) for operand in parameters(row)]
    return _function([vector.name for vector in vectors], row.value(symbolic, *vectors))


def _partials(row: Primitive) -> Iterator[str]:
    """`null` stands for a partial that is the constant 0: nothing is then added."""
    names = parameters(row)
    for formula in row.partials:
        partial = formula(symbolic, *map(name, names), name("out"))
        yield "null" if is_constant_zero(partial) else _function([*names, "out"], partial)


def _requirement(row: Primitive, requirement: Requirement) -> str:
    names = parameters(row)
    violated = _function(names, requirement.violated(symbolic, *map(name, names)))
    return f"{{needs: {literal(requirement.needs)}, violated: {violated}}}"


def parameters(row: Primitive) -> list[str]:
    """The operands of a row as JavaScript can call them."""
    return [f"{operand}_" if operand in RESERVED else operand for operand in row.operands]


def _function(names: Sequence[str], expression: Any) -> str:
    temporary = "t"
    while any(taken.startswith(temporary) for taken in names):
        temporary += "t"
    assigned, text = source(expression, _Printer({}), temporary)
    head = f"({', '.join(['xp', *names])}) =>"
    if not assigned:
        return f"{head} {text}"
    statements = " ".join(f"const {known} = {value};" for known, value in assigned)
    return f"{head} {{ {statements} return {text}; }}"


class _Printer:
    """Prints expressions as calls of the namespace `xp`; what is `known` under its name."""

    def __init__(self, known: dict[str, str]) -> None:
        self.known = known

    def text(self, expression: Any) -> str:
        if not isinstance(expression, Expression):
            return _number(float(expression))
        if expression.key in self.known:
            return self.known[expression.key]
        operation, arguments = expression.operation, expression.arguments
        if operation in TERMS:
            return str(arguments[0])
        if operation == "reduction":
            return self._reduction(*arguments)
        if operation in CONDITIONS:
            return f" {CONDITIONS[operation]} ".join(f"({self.text(argument)})" for argument in arguments)
        return f"xp.{OPERATORS.get(operation, operation)}({', '.join(map(self.text, arguments))})"

    def _reduction(self, function: str, body: Any, vectors: tuple[Vector, ...]) -> str:
        elements = ", ".join(vector.element for vector in vectors)
        names = ", ".join(vector.name for vector in vectors)
        return f"xp.{function}(({elements}) => {self.text(body)}, {names})"


def _number(x: float) -> str:
    if math.isfinite(x):
        return repr(x).removesuffix(".0")
    return "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"
