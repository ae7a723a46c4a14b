"""Mistakes planted in the engine, one at a time, to see that the tests catch each.

    python -m tests.planted_mistakes [--only multiply] [--workers 2]

Every partial formula of every primitive is scaled, negated, dropped and replaced by the result; operands are swapped;
values are falsified; tie rules are turned; the walk and the pulls forget. Each mistake runs in a process of its own, in
which the table is changed before anything reads it, against the tests that are about it, until the first one fails.
Prints the table of the caught and the missed, and exits with 1 when one was missed.
"""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
TABLE = "tests/test_primitives.py"
GRAPHS = ("tests/test_generated_graphs.py", "tests/test_value.py", "tests/test_derivatives.py")

SLIGHTLY, TWICE = 1.001, 2.0
"""A factor that only a sharp tolerance sees, and one that nobody may miss."""

PYTEST = ("-q", "-p", "no:cacheprovider", "--no-header")

PASSED, FAILED = 10, 11
"""The exit status of a process in which all tests passed, and one failed: 10 more than that of pytest, for Python
itself exits with 1. Any other status means that the mistake broke the run, and nothing was learnt of the tests."""


class Mistake(NamedTuple):
    """A name, the tests that are to see it, and what plants it: in the table, or else in the loaded engine."""

    name: str
    tests: tuple[str, ...]
    plant: Callable[[], None]
    in_table: bool = True


CONTROL = Mistake("nothing", (TABLE, "tests/test_derivatives.py"), lambda: None)
"""No mistake at all, which no test may see."""


def mistakes() -> Iterator[Mistake]:
    """Every mistake. Nothing is planted yet."""
    rows = importlib.import_module("autograd.primitives").PRIMITIVES
    for name, row in list(rows.items()):
        yield from _in_partials(name, row)
        yield from _in_value(name, row)
    yield from _in_ties()
    yield from _in_engine()


def plant_and_test(name: str, aside: Sequence[str] = ()) -> int:
    """Plants one mistake in this process and runs its tests but those `aside`: PASSED, FAILED or another status."""
    _table_alone()
    mistake = next(mistake for mistake in (CONTROL, *mistakes()) if mistake.name == name)
    if mistake.in_table:
        mistake.plant()
    del sys.modules["autograd"]
    importlib.import_module("autograd")
    if not mistake.in_table:
        mistake.plant()
    pytest = importlib.import_module("pytest")
    deselected = [f"--deselect={test}" for test in aside]
    return PASSED + int(pytest.main([*PYTEST, "-x", *deselected, *mistake.tests]))


def failing() -> list[str]:
    """The tests that fail without any mistake: what they say of a mistake is nothing."""
    command = [sys.executable, "-m", "pytest", *PYTEST, "-rfE", TABLE, *GRAPHS]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return [
        line.split(" ", 1)[1].split(" - ")[0] for line in output.splitlines() if line.startswith(("FAILED ", "ERROR "))
    ]


def verdicts(chosen: Sequence[Mistake], workers: int, aside: Sequence[str]) -> Iterator[tuple[Mistake, str]]:
    """For each mistake whether it was caught, missed, or broke the run before any test could tell."""
    with ThreadPoolExecutor(workers) as pool:
        for mistake, status in zip(chosen, pool.map(lambda mistake: _status(mistake, aside), chosen)):
            yield mistake, {FAILED: "caught", PASSED: "MISSED"}.get(status, f"BROKEN (status {status})")


def main(arguments: list[str] | None = None) -> int:
    """Prints the table; 1 when a mistake was not caught."""
    parser = argparse.ArgumentParser(prog="python -m tests.planted_mistakes", description="do the tests see mistakes?")
    parser.add_argument("--only", default="", help="plant only mistakes whose name contains this text")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--plant", help=argparse.SUPPRESS)
    parser.add_argument("--aside", action="append", default=[], help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.plant:
        return plant_and_test(options.plant, options.aside)
    aside = failing()
    for test in aside:
        print(f"fails without a mistake, and is left aside: {test}")
    chosen = [mistake for mistake in mistakes() if options.only in mistake.name]
    found = []
    for mistake, verdict in verdicts(chosen, options.workers, aside):
        print(f"{mistake.name:<48}{verdict}", flush=True)
        found.append(verdict)
    caught = found.count("caught")
    print(f"\n{caught} of {len(found)} mistakes caught, {len(found) - caught} missed")
    return int(caught < len(found) or not found)


def _status(mistake: Mistake, aside: Sequence[str]) -> int:
    command = [sys.executable, "-m", "tests.planted_mistakes", "--plant", mistake.name]
    command += [f"--aside={test}" for test in aside]
    return subprocess.run(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    ).returncode


def _table_alone() -> None:
    """Loads the table without the engine that reads it: the package is a bare folder while this runs."""
    for module in [module for module in sys.modules if module.partition(".")[0] == "autograd"]:
        del sys.modules[module]
    package = types.ModuleType("autograd")
    package.__path__ = [str(ROOT / "autograd")]
    sys.modules["autograd"] = package
    importlib.import_module("autograd.primitives")


# ---- in the table


def _in_partials(name: str, row: Any) -> Iterator[Mistake]:
    rows = _rows()

    def replaced(place: int, formula: Callable[..., Any]) -> Callable[[], None]:
        def plant() -> None:
            partials = list(rows[name].partials)
            partials[place] = formula
            rows[name].partials = tuple(partials)

        return plant

    for place, formula in enumerate(row.partials):
        title = f"{name}: partial {place}"
        if _is_zero(row, formula):
            yield Mistake(f"{title} is 1 instead of 0", _table_tests(name), replaced(place, lambda xp, *xs: 1))
            continue
        yield Mistake(f"{title} * {SLIGHTLY}", _table_tests(name), replaced(place, _scaled(formula, SLIGHTLY)))
        yield Mistake(f"{title} * {TWICE}", _table_tests(name), replaced(place, _scaled(formula, TWICE)))
        yield Mistake(f"{title} negated", _table_tests(name), replaced(place, _scaled(formula, -1.0)))
        yield Mistake(f"{title} dropped", _table_tests(name), replaced(place, lambda xp, *xs: 0))
        if name != "exp":  # whose partial is the result
            yield Mistake(f"{title} is the result", _table_tests(name), replaced(place, lambda xp, *xs: xs[-1]))
    if len(row.partials) == 2 and name not in ("add", "equal"):  # whose partials are the same formula

        def swap() -> None:
            rows[name].partials = rows[name].partials[::-1]

        yield Mistake(f"{name}: partials swapped", _table_tests(name), swap)


def _in_value(name: str, row: Any) -> Iterator[Mistake]:
    rows, value = _rows(), row.value

    def replaced(formula: Callable[..., Any]) -> Callable[[], None]:
        def plant() -> None:
            formula.__signature__ = _signature(value)  # type: ignore[attr-defined]
            rows[name].value = formula

        return plant

    yield Mistake(f"{name}: value * {SLIGHTLY}", _table_tests(name), replaced(_scaled(value, SLIGHTLY)))
    yield Mistake(f"{name}: value negated", _table_tests(name), replaced(_scaled(value, -1.0)))
    if len(row.operands) == 2 and name not in ("add", "multiply", "equal", "dot"):  # which commute
        yield Mistake(f"{name}: operands swapped", _table_tests(name), replaced(lambda xp, x, y: value(xp, y, x)))


TIES: dict[str, tuple[str, Callable[..., Any]]] = {
    "relu'(0) is 1": ("relu", lambda xp, x, out: xp.heaviside(x, 1)),
    "relu'(0) is 1/2": ("relu", lambda xp, x, out: xp.heaviside(x, 0.5)),
    "abs'(0) is 1": ("absolute", lambda xp, x, out: 2 * xp.heaviside(x, 1) - 1),
    "leaky_relu'(0) is 1": ("leaky_relu", lambda xp, x, s, out: xp.heaviside(x, 1) + s * xp.heaviside(-x, 0)),
    "leaky_relu'(0) is 0": ("leaky_relu", lambda xp, x, s, out: xp.heaviside(x, 0) + s * xp.heaviside(-x, 0)),
    "power'(0, 0) is NaN": ("power", lambda xp, x, y, out: y * xp.power(x, y - 1)),
    "power' divides by the base": ("power", lambda xp, x, y, out: y * xp.divide(out, x)),
    "tanh' overflows": (
        "tanh",
        lambda xp, x, out: xp.divide(4, (xp.exp(x) + xp.exp(-x)) * (xp.exp(x) + xp.exp(-x))),
    ),
}
"""A falsified first partial that is right almost everywhere."""


def _in_ties() -> Iterator[Mistake]:
    rows = _rows()
    for title, (name, formula) in TIES.items():

        def plant(name: str = name, formula: Callable[..., Any] = formula) -> None:
            rows[name].partials = (formula, *rows[name].partials[1:])

        yield Mistake(title, _table_tests(name), plant)
    table = sys.modules["autograd.primitives"]

    def all_ties() -> None:
        table.shared_among_ties = lambda row, partial, taken: partial  # type: ignore[attr-defined]

    yield Mistake("every element that ties gets all", (TABLE,), all_ties)
    for name in ("divide", "log", "log1p", "sqrt", "power"):

        def unguarded(name: str = name) -> None:
            rows[name].domain = ()

        yield Mistake(f"{name}: no domain", _table_tests(name), unguarded)


def _is_zero(row: Any, formula: Callable[..., Any]) -> bool:
    symbols = importlib.import_module("autograd.symbolic")
    partial = formula(symbols.symbolic, *map(symbols.name, row.operands), symbols.name("out"))
    return type(partial) is int and partial == 0


def _scaled(formula: Callable[..., Any], factor: float) -> Callable[..., Any]:
    return lambda xp, *xs: factor * formula(xp, *xs)


def _signature(formula: Callable[..., Any]) -> Any:
    return importlib.import_module("inspect").signature(formula)


def _rows() -> Any:
    return sys.modules["autograd.primitives"].PRIMITIVES


def _table_tests(name: str) -> tuple[str, ...]:
    return (TABLE, "-k", name)


# ---- in the engine


def _in_engine() -> Iterator[Mistake]:
    def source_of_pulls(change: Callable[[str], str]) -> Callable[[], None]:
        def plant() -> None:
            eager: Any = importlib.import_module("autograd.eager")
            real = eager.pull_source
            eager.pull_source = lambda row, pattern: change(real(row, pattern))

        return plant

    yield Mistake("pull: = for +=", GRAPHS, source_of_pulls(_assigned))
    yield Mistake("pull: the last operand is forgotten", GRAPHS, source_of_pulls(_last_forgotten))
    yield Mistake("pull: the adjoint is left out", GRAPHS, source_of_pulls(lambda text: text.replace("adjoint * ", "")))
    for title, attribute, change in ENGINE:

        def plant(attribute: str = attribute, change: Callable[[Any], Any] = change) -> None:
            value = importlib.import_module("autograd.value")
            changed = change(getattr(value, attribute))
            for module in [module for name, module in sys.modules.items() if name.partition(".")[0] == "autograd"]:
                if hasattr(module, attribute):
                    setattr(module, attribute, changed)

        yield Mistake(title, GRAPHS, plant, in_table=False)


def _assigned(source: str) -> str:
    return source.replace("] += adjoint", "] = adjoint").replace("] -= adjoint", "] = -adjoint")


def _last_forgotten(source: str) -> str:
    lines = source.splitlines()
    adding = [place for place, line in enumerate(lines) if "adjoints[" in line]
    if len(adding) > 1:
        lines[adding[-1]] = "    pass"
    return "\n".join([*lines, ""])


def _without_an_inner_node(walk: Callable[..., Any]) -> Callable[..., Any]:
    def mistaken(*arguments: Any) -> Any:
        leaves, inner = walk(*arguments)
        return leaves, inner[:-2] + inner[-1:] if len(inner) > 2 else inner

    return mistaken


def _in_reverse(walk: Callable[..., Any]) -> Callable[..., Any]:
    def mistaken(*arguments: Any) -> Any:
        leaves, inner = walk(*arguments)
        return leaves, inner[:-1][::-1] + inner[-1:]

    return mistaken


def _overwriting(_: Callable[..., Any]) -> Callable[..., Any]:
    def mistaken(added: Any, stamp: int) -> None:
        for node, adjoint in added:
            node._grad = adjoint
            node._grad_stamp = stamp

    return mistaken


def _from_the_old_gradients(adjoints: Callable[..., Any]) -> Callable[..., Any]:
    def mistaken(root: Any, seed: float = 1.0) -> Any:
        return {node: adjoint + node.grad for node, adjoint in adjoints(root, seed).items()}

    return mistaken


def _seedless(adjoints: Callable[..., Any]) -> Callable[..., Any]:
    return lambda root, seed=1.0: adjoints(root)


ENGINE: tuple[tuple[str, str, Callable[[Any], Any]], ...] = (
    ("walk: an inner node is missing", "walk", _without_an_inner_node),
    ("walk: not in topological order", "walk", _in_reverse),
    ("backward: = for += in grad", "_accumulate", _overwriting),
    ("backward: old gradients flow again", "adjoints", _from_the_old_gradients),
    ("backward: the seed is ignored", "adjoints", _seedless),
    ("stale graphs pass", "require_fresh", lambda _: lambda leaves, inner: None),
)
"""A name of `autograd.value`, and what becomes of it."""


if __name__ == "__main__":
    if "--plant" not in sys.argv:
        _table_alone()
    sys.exit(main())
