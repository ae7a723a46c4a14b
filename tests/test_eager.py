"""The code that is printed from the table: it is short, complete and says what the formulas say."""

from __future__ import annotations

import ast
import builtins
from itertools import product

import pytest

import autograd
from autograd import PRIMITIVES, Primitive, Value, eager
from autograd.functions import recorder

ROWS = list(PRIMITIVES.values())
each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


def patterns(row: Primitive) -> list[str]:
    letters = "vcm" if row.vectors else "vc"
    return ["".join(kinds) for kinds in product(letters, repeat=len(row.operands)) if set(kinds) != {"c"}]


def sources(row: Primitive) -> list[str]:
    found = [eager.pull_source(row, pattern) for pattern in patterns(row)]
    found += [eager.replay_source(row, pattern, checked) for pattern in patterns(row) for checked in (True, False)]
    if not row.vectors:
        found.append(eager.method_source(row))
    return found


def test_the_pull_of_a_product_is_the_one_that_the_file_shows() -> None:
    pull = ast.unparse(ast.parse(eager.pull_source(PRIMITIVES["multiply"], "vv")))
    lines = [line for line in (eager.__doc__ or "").splitlines() if line.startswith("    ")]
    shown = ast.unparse(ast.parse("\n".join(line[4:] for line in lines)))
    assert pull == shown


@each_row
def test_printed_code_uses_no_unknown_name(row: Primitive) -> None:
    rules = {f"{row.name}_{pattern}" for pattern in patterns(row)} | {f"{row.name}_primitive"}
    for source in sources(row):
        (function,) = ast.parse(source).body
        names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
        bound = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        bound |= {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
        free = {node.id for node in names} - bound - set(dir(builtins)) - rules
        assert free <= set(eager.scope), (source, free - set(eager.scope))


@each_row
def test_a_pull_adds_once_for_each_value_and_never_for_a_constant(row: Primitive) -> None:
    for pattern in patterns(row):
        source = eager.pull_source(row, pattern)
        constant_zero = [
            formula(
                autograd.symbolic.symbolic, *map(autograd.symbolic.name, row.operands), autograd.symbolic.name("out")
            )
            for formula in row.partials
        ]
        expected = sum(
            kind != "c" and not (type(partial) is int and partial == 0) for kind, partial in zip(pattern, constant_zero)
        )
        assert source.count("adjoints[") == expected, source
        assert " = adjoint" not in source.replace("+=", "").replace("-=", "")


@pytest.mark.parametrize(("row", "pattern"), [("add", "vv"), ("subtract", "vv"), ("negative", "v"), ("sum", "v")])
def test_partials_of_one_are_not_multiplied(row: str, pattern: str) -> None:
    assert "*" not in eager.pull_source(PRIMITIVES[row], pattern)


def test_a_formula_of_an_operand_that_needs_none_is_not_computed() -> None:
    assert "log" not in eager.pull_source(PRIMITIVES["power"], "vc")
    assert "log" in eager.pull_source(PRIMITIVES["power"], "vv")


def test_an_unchecked_replay_asks_no_domain() -> None:
    row = PRIMITIVES["log"]
    assert "outside" in eager.replay_source(row, "v", checked=True)
    assert "outside" not in eager.replay_source(row, "v", checked=False)


@pytest.mark.parametrize(
    "names",
    [
        ("a", "b"),
        ("b", "a"),
        ("node", "adjoint"),
        ("adjoints", "Value"),
        ("exp", "out_"),
        ("t0", "a_t0"),
        ("vector0", "taken"),
    ],
)
def test_a_users_operands_may_have_any_name(names: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = names
    scope: dict[str, object] = {}
    exec(
        f"value = lambda xp, {first}, {second}: xp.exp({first}) * {second} * {second}\n"
        f"partials = [lambda xp, {first}, {second}, out: out,"
        f" lambda xp, {first}, {second}, out: 2 * xp.exp({first}) * {second}]",
        scope,
    )
    row = Primitive("named", scope["value"], scope["partials"])  # type: ignore[arg-type]
    monkeypatch.setitem(PRIMITIVES, "named", row)
    x, y = Value(0.0), Value(3.0)
    z = recorder(row)(x, y)
    z.backward()
    assert (z.data, x.grad, y.grad) == (9.0, 9.0, 6.0)
