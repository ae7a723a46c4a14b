"""A Value shows itself in one line, in LaTeX and as a picture, with every state told and whatever there is to show.

Without IPython, matplotlib or a layout engine the tests that need them are skipped.
"""

from __future__ import annotations

import builtins
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import DomainError, Value, display, zero_grad
from autograd.display import LONGEST, MOST_DRAWN, nearest
from autograd.primitives import Notation
from autograd.rendering import has_layout_engine
from autograd.strategies.graphs import recipes
from autograd.strategies.recipes import Recipe, recorded_leaves, recorded_root
from tests.mathematics import read

DEEP = 100_000
"""Far beyond the recursion limit, and still quick."""


def bundle(y: Value) -> dict[str, str]:
    """What a notebook gets: the text, and what there is beside it."""
    shown = {"text/plain": repr(y), "text/latex": y._repr_latex_(), "text/html": y._repr_html_()}  # type: ignore[attr-defined]
    return {form: text for form, text in shown.items() if text is not None}


bundle.__code__ = bundle.__code__.replace(co_filename="<autograd: this function is no caller>")


def needs_layout_engine() -> None:
    if not has_layout_engine():
        pytest.skip("there is no layout engine")


# ---- one line


def test_the_example_of_the_readme() -> None:
    w, x, b = Value(2.0), Value(3.0), Value(19.1)
    z = (w * x + b).relu()
    assert repr(z) == "z = 25.1  (relu(w * x + b), grad not computed)"
    z.backward()
    assert repr(w) == "w = 2  (grad 3)"
    assert repr(z) == "z = 25.1  (relu(w * x + b), grad 1)"


def test_each_state_is_told_apart() -> None:
    x = Value(2.0, "x")
    y = x * 3.0
    assert (repr(x), repr(y)) == ("x = 2  (grad not computed)", "y = 6  (x * 3, grad not computed)")
    y.backward()
    assert (repr(x), repr(y)) == ("x = 2  (grad 3)", "y = 6  (x * 3, grad 1)")
    x.data = 1.0
    assert (repr(x), repr(y)) == ("x = 1  (grad 3 stale)", "y = 6  (x * 3, value stale, grad 1 stale)")
    y.refresh()
    assert repr(y) == "y = 3  (x * 3, grad 1 stale)"
    zero_grad([x, y])
    y.backward()
    assert (repr(x), repr(y)) == ("x = 1  (grad 3)", "y = 3  (x * 3, grad 1)")


def test_zero_is_not_a_missing_gradient() -> None:
    x = Value(0.0)
    (x * x).backward()
    assert repr(x) == "x = 0  (grad 0)"


@pytest.mark.parametrize(
    ("number", "shown"), [(math.nan, "nan"), (-math.inf, "-inf"), (-0.0, "0"), (1e-12, "1e-12"), (1 / 3, "0.3333")]
)
def test_numbers_have_four_digits_and_are_never_zero_if_they_are_not(number: float, shown: str) -> None:
    x = Value(number)
    x.backward(number)
    assert repr(x) == f"x = {shown}  (grad {shown})"


def test_what_nothing_names_is_a_value() -> None:
    assert repr(Value(2.0)) == "Value = 2  (grad not computed)"
    assert repr(Value(2.0) * Value(3.0)) == "Value = 6  (2 * 3, grad not computed)"
    assert repr(Value(-3.0) ** 2).startswith("Value = 9  ((-3) ** 2,")


def test_named_values_are_not_taken_apart() -> None:
    x = Value(2.0)
    inner = x * 3.0
    y = inner.exp() + x
    assert repr(y).startswith("y = 405.4  (exp(inner) + x,")


def test_what_is_shared_is_written_at_each_use() -> None:
    x = Value(2.0)
    (y,) = [shared * shared + shared for shared in [x + 1.0]]
    assert repr(y).startswith("y = 12  ((x + 1) * (x + 1) + (x + 1),")


@pytest.mark.parametrize(
    "make",
    [
        lambda x: autograd.sum([x + float(place) for place in range(100)]),
        lambda x: autograd.dot([x] * 1000, [x * 2.0] * 1000),
        lambda x: autograd.sum([x] * 1_000_000),
        lambda x: autograd.maximum([float(place) for place in range(1_000_000)] + [x]),
    ],
    ids=["sums", "dot", "a million", "a million constants"],
)
def test_large_operations_are_abridged(make: Any) -> None:
    y = make(Value(1.0))
    line = repr(y)
    assert "…" in line
    assert len(line) <= LONGEST
    assert set(bundle(y)) == {"text/plain", "text/latex"} or len(nearest(y, MOST_DRAWN + 1)) <= MOST_DRAWN


@pytest.mark.parametrize(
    "step", [lambda x: x + 1.0, lambda x: x.tanh(), lambda x: x * x * 0.5, lambda x: 1.0 - x, lambda x: -x]
)
def test_deep_chains_are_abridged(step: Any) -> None:
    y = Value(1.0, "x")
    for _ in range(DEEP):
        y = step(y)
    line = repr(y)
    assert line.startswith("y = ")
    assert "…" in line
    assert len(line) <= LONGEST
    assert "text/html" not in bundle(y)


@given(recipes(steps=12), st.booleans())
def test_a_line_is_short_and_one_line(recipe: Recipe, backward: bool) -> None:
    y = recorded_root(recipe, recorded_leaves(recipe))
    if backward:
        y.backward(1e-30)
    assert len(repr(y)) <= LONGEST
    assert "\n" not in repr(y)


@given(st.lists(st.text(), min_size=3, max_size=3))
def test_any_label_gives_a_line(labels: list[str]) -> None:
    a, b, c = (Value(1.0, label) for label in labels)
    y = (a * b + c).relu()
    y.label = labels[0] * 40
    for line in (repr(y), repr(a)):
        assert len(line) <= LONGEST
        assert len(line.splitlines()) == 1
    assert bundle(y)["text/latex"].startswith("$")


def test_long_names_are_shortened() -> None:
    x = Value(1.0, "x" * 500)
    y = x * x
    y.label = "y" * 500
    assert repr(x) == f"{'x' * 39}… = 1  (grad not computed)"
    assert len(repr(y)) <= LONGEST


# ---- nothing raises


@pytest.mark.parametrize("label", ["a\nb\x00", "\ud800", "$", "}{", "%s"])
def test_a_display_never_raises_whatever_the_label(label: str) -> None:
    x = Value(1.0)
    x.label = label
    y = x * 2.0
    for value in (x, y):
        assert " = " in repr(value)
        assert "text/plain" in bundle(value)


def test_a_display_never_raises_whatever_the_notation(table_restored: None) -> None:
    broken = autograd.primitive(
        "broken", lambda xp, x: 2 * x, [lambda xp, x, out: 2], notation=Notation("b", "b({0})", "{no}")
    )
    y = broken(Value(1.0))
    assert repr(y) == "y = 2  (b(1), grad not computed)"
    assert "text/latex" not in bundle(y)
    object.__setattr__(y.primitive, "notation", Notation("b", "{7}", ""))
    assert repr(y) == "Value = 2.0"


def test_a_stale_graph_outside_of_its_domain_is_shown() -> None:
    x = Value(1.0)
    y = x.log()
    x.data = -1.0
    with pytest.raises(DomainError):
        y.refresh()
    assert repr(y) == "y = 0  (log(x), value stale, grad not computed)"
    assert "stale" in bundle(y)["text/latex"]


# ---- what a notebook shows


def test_latex_tells_name_operation_number_and_states() -> None:
    w, x = Value(2.0), Value(3.0)
    z = (w * x).relu()
    assert bundle(z)["text/latex"] == (
        r"$\displaystyle z = \operatorname{ReLU}\left(w \cdot x\right) = 6"
        r" \quad \mathrm{(grad\ not\ computed)}$"
    )
    z.backward()
    w.data = 1.0
    assert r"\mathrm{(value\ stale,\ grad\ 1\ stale)}" in bundle(z)["text/latex"]
    assert bundle(x)["text/latex"] == r"$\displaystyle x = 3 \quad \mathrm{(grad\ 2)}$"
    assert bundle(Value(-0.5))["text/latex"] == r"$\displaystyle -0.5 \quad \mathrm{(grad\ not\ computed)}$"


@given(recipes(steps=12))
def test_latex_is_mathematics_that_matplotlib_reads(recipe: Recipe) -> None:
    y = recorded_root(recipe, recorded_leaves(recipe))
    # \displaystyle says how large it is set, and mathtext knows one size
    read(bundle(y)["text/latex"].removeprefix(r"$\displaystyle ").removesuffix("$"))


def graph_of(nodes: int) -> Value:
    return autograd.sum([Value(float(place)) for place in range(nodes - 1)])


def test_a_graph_of_a_hundred_nodes_is_drawn_and_a_larger_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "has_layout_engine", lambda: True)
    monkeypatch.setattr(display, "rendered", lambda source, form: b"<svg/>")
    shown = bundle(graph_of(MOST_DRAWN))["text/html"]
    assert shown.startswith("<div>$\\displaystyle ")
    assert shown.endswith("$</div><svg/>")
    assert set(bundle(graph_of(MOST_DRAWN + 1))) == {"text/plain", "text/latex"}


def test_labels_are_escaped_in_the_mathematics_of_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "has_layout_engine", lambda: True)
    monkeypatch.setattr(display, "rendered", lambda source, form: b"<?xml?><svg/>")
    shown = bundle(Value(1.0, "<script>alert(1)</script>"))["text/html"]
    assert "<script" not in shown
    assert shown.endswith("</div><svg/>")


def test_without_a_layout_engine_there_is_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "has_layout_engine", lambda: False)
    assert set(bundle(graph_of(3))) == {"text/plain", "text/latex"}


def test_an_engine_that_fails_gives_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> bytes:
        raise RuntimeError

    monkeypatch.setattr(display, "has_layout_engine", lambda: True)
    monkeypatch.setattr(display, "rendered", fail)
    assert set(bundle(graph_of(3))) == {"text/plain", "text/latex"}


def test_what_is_nearest_comes_first_and_never_more_than_asked() -> None:
    x = Value(1.0)
    inner = x + 1.0
    y = inner * x
    assert nearest(y, 10) == [y, inner, x]
    assert nearest(y, 2) == [y, inner]
    assert nearest(y, 1) == [y]


# ---- IPython


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.delattr(builtins, "_", raising=False)  # doctest leaves one behind, and IPython keeps off it
    interactive = pytest.importorskip("IPython.core.interactiveshell")
    config = pytest.importorskip("traitlets.config").Config()
    config.HistoryManager.enabled = False
    shell = interactive.InteractiveShell.instance(config=config)
    shell.run_cell("from autograd import Value, sum as total")
    yield lambda: shell  # the tests are callers too, and would name what the shell holds
    interactive.InteractiveShell.clear_instance()


def shown(shell: Any, cell: str) -> Any:
    result = shell().run_cell(cell, store_history=True)
    result.raise_error()
    data, _ = shell().display_formatter.format(result.result)
    return data


def test_ipython_shows_text_latex_and_the_picture(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    needs_layout_engine()
    data = shown(shell, "w, x, b = Value(2.0), Value(3.0), Value(19.1)\nz = (w * x + b).relu()\nz")
    assert set(data) >= {"text/plain", "text/latex", "text/html"}
    assert "<svg" in data["text/html"]
    assert "Traceback" not in capsys.readouterr().out


def test_ipython_shows_no_picture_of_a_large_graph(shell: Any) -> None:
    data = shown(shell, f"total([Value(1.0) for _ in range({MOST_DRAWN})])")
    assert {"text/plain", "text/latex"} <= set(data)
    assert "text/html" not in data


def test_names_are_those_of_the_cells(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    shell().run_cell("w, rates = Value(2.0), [Value(3.0)]", store_history=True)
    shell().run_cell("z = w * rates[0]\nz", store_history=True)
    shell().run_cell("def f(a):\n    return repr(a * rates[0])\nprint(f(w))", store_history=True)
    shell().run_cell("w * 3", store_history=True)
    shell().run_cell("_ * 2", store_history=True)
    printed = capsys.readouterr().out
    assert "z = 6  (w * rates[0], grad not computed)" in printed
    assert "Value = 6  (a * rates[0], grad not computed)" in printed
    assert "Value = 6  (w * 3, grad not computed)" in printed
    assert "Value = 12  (w * 3 * 2, grad not computed)" in printed
    assert "Out[" not in printed.replace("Out[2]:", "").replace("Out[4]:", "").replace("Out[5]:", "")
