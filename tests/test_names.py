"""What Values are called: labels, then the caller's variables, then numbers."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value, text, topological_order
from autograd.notation.names import Names, one_line


def names_in(y: Value) -> list[str]:
    names = Names(topological_order(y))
    return [names[node] for node in names.order]


def test_a_label_wins_over_a_variable() -> None:
    w = Value(1.0, "weight")
    assert text(w * 2.0) == "weight * 2"


def test_without_a_label_the_variable_names_it() -> None:
    w, params = Value(1.0), {"b": [Value(2.0)]}
    model = SimpleNamespace(layers=[SimpleNamespace(w=[Value(3.0)])])
    y = w * model.layers[0].w[0] + params["b"][0]
    assert text(y) == "w * model.layers[0].w[0] + params['b'][0]"


def test_what_has_no_name_is_numbered_in_topological_order() -> None:
    (y,) = [((Value(1.0) + Value(2.0)) * Value(3.0)).exp() for _ in range(1)]
    assert names_in(y) == ["v1", "v2", "v3", "v4", "v5", "y"]


def test_numbers_skip_names_that_are_taken() -> None:
    v1 = Value(1.0)
    labelled = Value(2.0, "v2")
    y = v1 + labelled * Value(3.0) * Value(4.0)
    assert names_in(y) == ["v1", "v2", "v3", "v4", "v5", "v6", "y"]


def test_a_variable_called_as_another_values_label_names_nothing() -> None:
    x = Value(1.0)
    y = x * Value(2.0, "x")
    assert text(y) == "v1 * x"
    also = x
    assert text(y) == "also * x"
    assert also is x


@pytest.mark.parametrize("label", ["", " ", "\n\t"])
def test_a_label_that_shows_nothing_is_none(label: str) -> None:
    w = Value(1.0, label)
    assert text(w) == "w"


@given(st.text())
def test_a_label_is_one_line_that_can_be_shown(label: str) -> None:
    shown = one_line(label)
    assert len(shown.splitlines()) <= 1
    assert shown == shown.strip()
    assert not any(ord(character) < 32 or 0xD800 <= ord(character) < 0xE000 for character in shown)
    assert one_line(shown) == shown


@pytest.mark.parametrize(
    ("label", "shown"),
    [("a\nb", "a b"), ("  a \t b ", "a b"), ("a\x00b", "a\ufffdb"), ("\ud800", "\ufffd"), ("\u202ea", "\ufffda")],
)
def test_what_cannot_be_shown_is_replaced(label: str, shown: str) -> None:
    assert one_line(label) == shown


def test_variables_are_looked_up_when_a_graph_is_shown_and_not_before() -> None:
    w = Value(1.0)
    y = w * 2.0
    before = text(y)
    renamed = w
    del w
    assert (before, text(y)) == ("w * 2", "renamed * 2")
    del renamed
    assert text(y) == "v1 * 2"


def test_a_large_graph_is_named_in_no_time() -> None:
    xs = [Value(1.0) for _ in range(100_000)]
    y = autograd.sum(xs)
    names = Names(topological_order(y))
    assert (names[xs[0]], names[y], names[xs[-1]][0]) == ("xs[0]", "y", "v")
