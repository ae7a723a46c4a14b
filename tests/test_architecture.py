"""The arrows between the files: who may know whom, read from the import statements."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

import autograd
import nn.figures

ROOT = Path(__file__).parent.parent

HEART = ("namespaces", "symbolic", "primitives", "arrays", "callers", "eager", "recording", "value")
"""The modules of `autograd` that know only those before them; `coercion` knows none, and all may know it."""

RUN_TIME = frozenset({"numpy", "graphviz"})
"""What is installed with the packages."""

LAZY = {
    "canvas": frozenset({"matplotlib"}),
    "door": frozenset({"hypothesis"}),
    "engines": frozenset({"pygraphviz"}),
    "progress": frozenset({"tqdm"}),
}
"""What a module may import inside a function: an optional dependency."""

PACKAGES = ("autograd", "nn", "demos")
"""Each may know those before it."""

LIBRARIES = ("autograd", "nn")

PUBLIC = {
    "autograd": {*autograd.__all__, "sum", "compile"},
    "autograd.comparison": {"AGREES", "WRONG", "Row", "check_numbers", "compare", "summary", "verdict"},
    "nn": {*nn.__all__},
    "nn.figures": {*nn.figures.__all__},
}
"""What a story may know of the libraries: what their users are shown."""


class Import(NamedTuple):
    """One imported module, by its full name, and whether the statement stands at the top of the file."""

    module: str
    at_top: bool


def files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


@cache
def nodes(file: Path) -> tuple[ast.AST, ...]:
    """Every node of the syntax of a file, the module itself first."""
    return tuple(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


@cache
def imports(file: Path) -> tuple[Import, ...]:
    """Every import of a file; `from package import module` is the module, if there is one."""
    tree = nodes(file)[0]
    assert isinstance(tree, ast.Module)
    found = []
    for node in nodes(file):
        if isinstance(node, ast.Import):
            found += [Import(alias.name, node in tree.body) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            for alias in node.names:
                inside = ROOT / base.replace(".", "/") / alias.name
                is_module = inside.with_suffix(".py").exists() or inside.is_dir()
                found.append(Import(f"{base}.{alias.name}" if is_module else base, node in tree.body))
    return tuple(found)


def edges(package: str) -> dict[str, set[str]]:
    """For each module of a package the modules of the same package that it imports, by their names inside it."""
    prefix = f"{package}."
    return {
        module(file): {found.module.removeprefix(prefix) for found in imports(file) if found.module.startswith(prefix)}
        for file in files(package)
    }


def module(file: Path) -> str:
    """The name of a module inside its package: `value`, `notation.names`, `notation` for the file of a package."""
    parts = file.relative_to(ROOT).with_suffix("").parts[1:]
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


ALL = [file for package in PACKAGES for file in files(package)]
"""Each file in turn inside one test: hundreds of tests take longer to be counted than the files to be read."""


def place(file: Path, node: ast.expr | ast.stmt | ast.keyword) -> str:
    return f"{file.relative_to(ROOT)}:{node.lineno}"


@pytest.mark.parametrize("module", HEART)
def test_the_heart_knows_only_what_comes_before(module: str) -> None:
    allowed = {*HEART[: HEART.index(module)], "coercion"}
    assert edges("autograd")[module] <= allowed


def test_coercion_knows_no_other_module() -> None:
    assert edges("autograd")["coercion"] == set()


@pytest.mark.parametrize("module", ["namespaces", "symbolic", "primitives", "eager"])
def test_the_table_and_its_printers_need_no_numpy(module: str) -> None:
    assert not any(found.module.startswith("numpy") for found in imports(ROOT / "autograd" / f"{module}.py"))


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_inside_a_package_run_one_way(package: str) -> None:
    known_by = edges(package)
    remaining = {module: (known & known_by.keys()) - {module} for module, known in known_by.items()}
    while remaining:
        free = {module for module, known in remaining.items() if not known}
        assert free, f"these import each other: {remaining}"
        remaining = {module: known - free for module, known in remaining.items() if module not in free}


def test_a_package_knows_only_packages_before_it() -> None:
    for file in ALL:
        package = file.relative_to(ROOT).parts[0]
        later = PACKAGES[PACKAGES.index(package) + 1 :]
        known = [found.module for found in imports(file) if found.module.partition(".")[0] in (*later, "tests")]
        assert not known, file


def test_a_story_uses_the_public_names_alone() -> None:
    for file in sorted((ROOT / "demos").glob("document_*/*.py")):
        for node in nodes(file):
            if isinstance(node, ast.Import):
                names = {alias.name for alias in node.names if alias.name.partition(".")[0] in LIBRARIES}
                assert names <= PUBLIC.keys(), place(file, node)
            elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in LIBRARIES:
                assert node.module in PUBLIC, place(file, node)
                assert {alias.name for alias in node.names} <= PUBLIC[node.module], place(file, node)


@pytest.mark.parametrize("module", PUBLIC)
def test_what_is_listed_as_public_is_there(module: str) -> None:
    assert all(hasattr(importlib.import_module(module), name) for name in PUBLIC[module])


@pytest.mark.parametrize("package", ["autograd", "nn"])
def test_run_time_imports_are_the_standard_library_numpy_and_graphviz(package: str) -> None:
    for file in files(package):
        for found in imports(file):
            name = found.module.partition(".")[0]
            known = name in sys.stdlib_module_names or name in RUN_TIME or name in PACKAGES
            assert known or (not found.at_top and name in LAZY.get(file.stem, ())), (file.name, found)


def test_partials_are_written_in_the_table_alone() -> None:
    """No other file calls `primitive(…, partials=…)` or writes a formula of a partial, a lambda with xp and out."""
    for file in [file for file in ALL if file.name != "primitives.py"]:
        for node in nodes(file):
            if isinstance(node, ast.keyword):
                assert node.arg != "partials", place(file, node)
            elif isinstance(node, (ast.Lambda, ast.FunctionDef)):
                names = [argument.arg for argument in node.args.args]
                assert not (names[:1] == ["xp"] and names[-1:] == ["out"]), place(file, node)


def test_nn_reads_no_row_of_the_table_and_adds_none() -> None:
    for file in files("nn"):
        used = {node.attr for node in nodes(file) if isinstance(node, ast.Attribute)}
        used |= {node.id for node in nodes(file) if isinstance(node, ast.Name)}
        assert not used & {"Primitive", "PRIMITIVES", "elementwise_partials", "local_partials", "partials"}, file


@pytest.mark.parametrize("package", ["autograd", "nn"])
def test_libraries_print_nothing_and_assert_nothing(package: str) -> None:
    for file in files(package):
        for node in nodes(file):
            is_print = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
            assert not is_print
            assert not isinstance(node, ast.Assert), f"{file.name}:{node.lineno}"


def test_importing_the_engine_imports_nothing_optional() -> None:
    """In a fresh process: what is loaded lazily must not be loaded by the import."""
    optional = ("hypothesis", "pygraphviz", "matplotlib", "mpmath", "sklearn", "tqdm")
    script = f"import sys, autograd.strategies, nn.strategies; print([m for m in {optional} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
