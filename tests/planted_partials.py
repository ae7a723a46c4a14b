"""Wrong versions of the table of primitives: of every value, partial, domain, branch and property of every row."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.edits import Edit, Source, replacement

SLIGHTLY = 1.001
"""A factor that only a sharp tolerance sees."""

COMMUTE = frozenset({"add", "multiply", "equal", "dot"})

TIES = (
    ("relu", "relu'(0) is 1", "xp.heaviside(x, 0)", "xp.heaviside(x, 1)"),
    ("relu", "relu'(0) is 1/2", "xp.heaviside(x, 0)", "xp.heaviside(x, 0.5)"),
    ("absolute", "abs'(0) is 1", "lambda xp, x, out: xp.sign(x)", "lambda xp, x, out: 2 * xp.heaviside(x, 1) - 1"),
    (
        "leaky_relu",
        "leaky_relu'(0) is 1",
        "(x, 0) + slope * xp.heaviside(-x, 1)",
        "(x, 1) + slope * xp.heaviside(-x, 0)",
    ),
    ("leaky_relu", "leaky_relu'(0) is 0", "slope * xp.heaviside(-x, 1)", "slope * xp.heaviside(-x, 0)"),
    ("power", "power'(0, 0) is NaN", "y - 1 + xp.equal(y, 0)", "y - 1"),
    ("power", "power' divides by the base", "y * xp.power(x, y - 1 + xp.equal(y, 0))", "y * xp.divide(out, x)"),
    ("power", "the slope in y at 0 is NaN", "out * xp.log(x + xp.equal(x, 0))", "out * xp.log(x)"),
    ("tanh", "tanh' overflows", "1 - out * out", "xp.divide(4, (xp.exp(x) + xp.exp(-x)) * (xp.exp(x) + xp.exp(-x)))"),
    ("softplus", "softplus overflows", "xp.maximum(x, 0) + xp.log1p(xp.exp(-xp.absolute(x)))", "xp.log1p(xp.exp(x))"),
    ("softplus", "softplus is not accurate", "+ xp.log1p(", "+ xp.log(1 + "),
    ("_logsumexp", "logsumexp overflows", "xp.exp(x - finite)", "xp.exp(x)"),
    ("_logsumexp", "logsumexp loses the rest", "xp.log(ties) + xp.log1p(xp.divide(rest, ties))", "xp.log(ties + rest)"),
    ("_logsumexp", "logsumexp of infinity is NaN", "xp.maximum(xp.minimum(largest, LARGEST), -LARGEST)", "largest"),
    ("_logsumexp", "logsumexp counts the largest twice", "- xp.equal(x, largest)", ""),
    ("shared_among_ties", "every element that ties gets all", "(1 - taken)", "1"),
    ("elementwise_partials", "the last that ties takes all", "taken = taken + partials[0]", "taken = 0"),
)
"""In which row or function, what is wrong, and a formula that is right almost everywhere."""


def table_edits(text: str) -> Iterator[Edit]:
    """Every mistake of the table; the owner of an edit is the row, or the function, that is wrong."""
    source = Source(text)
    for statement in source.tree.body:
        call = getattr(statement, "value", None)
        if isinstance(call, ast.Call) and source.segment(call.func) == "primitive":
            yield from _in_row(source, call)
    places = {_owner(node): source.span(node) for node in source.tree.body if _owner(node)}
    for owner, name, right, wrong in TIES:
        yield replacement(text, places[owner], owner, name, right, wrong)


def _owner(node: ast.AST) -> str:
    if isinstance(node, ast.FunctionDef):
        return node.name
    return node.targets[0].id if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) else ""


def _in_row(source: Source, call: ast.Call) -> Iterator[Edit]:
    row = ast.literal_eval(call.args[0])
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    partials = given["partials"].elts  # type: ignore[attr-defined]
    for place, formula in enumerate(partials):
        yield from _in_partial(source, row, place, formula)
    texts = [source.segment(formula) for formula in partials]
    if len(set(texts)) == 2:
        yield _edit(source, row, "partials swapped", given["partials"], f"[{texts[1]}, {texts[0]}]")
    yield from _in_value(source, row, given["value"])
    for name in ("branch", "selects", "bilinear", "saturates"):
        if name in given:
            yield _edit(source, row, f"{name} unsaid", given[name], "None" if name == "branch" else "False")
    for requirement in getattr(given.get("domain"), "elts", ()):
        needs, violated = requirement.elts
        yield _edit(source, row, f"{needs.value} unsaid", violated.body, "x < x")
        wrong = source.segment(violated.body)
        for right, other in (("<=", "<"), ("<", "<="), (">=", ">"), (">", ">=")):
            pattern = rf"{right}(?!=)"
            for match in re.finditer(pattern, wrong):
                text = wrong[: match.start()] + other + wrong[match.end() :]
                yield _edit(source, row, f"{needs.value}: {text}", violated.body, text)


def _in_partial(source: Source, row: str, place: int, formula: ast.Lambda) -> Iterator[Edit]:
    right, title = source.segment(formula.body), f"partial {place}"
    if right == "0":
        yield _edit(source, row, f"{title} is 1 instead of 0", formula.body, "1")
        return
    yield _edit(source, row, f"{title} · {SLIGHTLY}", formula.body, f"{SLIGHTLY} * ({right})")
    yield _edit(source, row, f"{title} with the other sign", formula.body, f"-({right})")
    yield _edit(source, row, f"{title} is 0", formula.body, "0")
    if right != "out":
        yield _edit(source, row, f"{title} is the result", formula.body, "out")
    other = _swapped(right, formula)
    if other != right:
        yield _edit(source, row, f"{title}: operands swapped", formula.body, other)


def _in_value(source: Source, row: str, value: ast.expr) -> Iterator[Edit]:
    if not isinstance(value, ast.Lambda):
        return
    right = source.segment(value.body)
    yield _edit(source, row, f"value · {SLIGHTLY}", value.body, f"{SLIGHTLY} * ({right})")
    yield _edit(source, row, "value with the other sign", value.body, f"-({right})")
    if row not in COMMUTE and _swapped(right, value) != right:
        yield _edit(source, row, "value: operands swapped", value.body, _swapped(right, value))


def _swapped(text: str, formula: ast.Lambda) -> str:
    """The formula with its first two operands in each other's place."""
    names = [argument.arg for argument in formula.args.args if argument.arg not in ("xp", "out")]
    if len(names) < 2:
        return text
    x, y = names[:2]
    return re.sub(rf"\b({x}|{y})\b", lambda match: y if match[0] == x else x, text)


def _edit(source: Source, row: str, name: str, node: ast.AST, wrong: str) -> Edit:
    return Edit(row, name, *source.span(node), wrong)
