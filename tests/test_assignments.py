"""A graph as a list of assignments: it computes what the graph computes, and its table says the same in every form."""

from __future__ import annotations

import csv
import html
import io
import re

import pytest
from hypothesis import given

import autograd
from autograd import StaleGraph, Value, assignments, float_functions, grad, topological_order
from autograd.derivatives import local_partials, scales
from autograd.strategies.graphs import recipes
from autograd.strategies.recipes import Recipe, recorded_leaves, recorded_root
from tests.graphs import GENERATED

TOLERANCE = 1e-12


def same(x: float, y: float) -> bool:
    return x == y or (x != x and y != y)


def executed(y: Value) -> dict[str, float]:
    """The names of the program with what it assigns to them."""
    names: dict[str, float] = {}
    exec(assignments(y).python(), dict(float_functions()), names)
    return names


@given(recipes(GENERATED, steps=15))
def test_the_program_gives_every_value_back_bit_for_bit(recipe: Recipe) -> None:
    y = recorded_root(recipe, recorded_leaves(recipe))
    order = topological_order(y)
    assert all(same(found, node.data) for found, node in zip(executed(y).values(), order))
    assert len(executed(y)) == len(order)


@given(recipes(steps=6))
def test_the_program_of_a_derivative_gives_it_back(recipe: Recipe) -> None:
    leaves = recorded_leaves(recipe)
    for slope in grad(recorded_root(recipe, leaves), leaves):
        assert same(list(executed(slope).values())[-1], slope.data)


@given(recipes(steps=12))
def test_a_line_has_the_value_the_partials_and_the_adjoint_of_its_node(recipe: Recipe) -> None:
    y = recorded_root(recipe, recorded_leaves(recipe))
    order = topological_order(y)
    sizes = scales(y, order)
    for line, node, slope, scale in zip(assignments(y), order, grad(y, order), sizes):
        assert line.value == node.data
        assert [slope.number for slope in line.slopes] == [float(partial) for _, partial in local_partials(node)]
        assert abs(line.adjoint - slope.data) <= TOLERANCE * scale
        assert bool(line.expression) == bool(node.operands)


@given(recipes(steps=12))
def test_listing_changes_nothing(recipe: Recipe) -> None:
    y = recorded_root(recipe, recorded_leaves(recipe))
    order = topological_order(y)
    before = [(node.data, node.grad, node.label, node.grad_state) for node in order]
    repr(assignments(y))
    assert [(node.data, node.grad, node.label, node.grad_state) for node in order] == before


def example() -> Value:
    w, x, b = Value(-3.0, "w"), Value(2.0, "x"), Value(7.0, "b|<x>")
    y = (w * x + b).relu() * x
    y.label = "y"
    return y


def test_the_table_reads_well() -> None:
    assert repr(assignments(example())).splitlines() == [
        "step   name    expression   value   local derivatives              adjoint",
        "1      w                    −3                                     4",
        "2      x                    2                                      −5",
        "3      b|<x>                7                                      2",
        "4      v1      w · x        −6      ∂/∂w = x = 2, ∂/∂x = w = −3    2",
        "5      v2      v1 + b|<x>   1       ∂/∂v1 = 1, ∂/∂b|<x> = 1        2",
        "6      v3      ReLU(v2)     1       ∂/∂v2 = heaviside(v2, 0) = 1   2",
        "7      y       v3 · x       2       ∂/∂v3 = x = 2, ∂/∂x = v3 = 1   1",
    ]


def test_html_says_the_same_and_escapes_names() -> None:
    listed = assignments(example())
    assert "<x>" not in listed.html()
    cells = re.findall(r"<t[dh]>(.*?)</t[dh]>", listed.html())
    assert " ".join(html.unescape(cell) for cell in cells).split() == listed.text().split()


def test_markdown_says_the_same_and_escapes_names() -> None:
    listed = assignments(example())
    assert r"b\|\<x\>" in listed.markdown()
    header, _, *lines = listed.markdown().splitlines()
    cells = [re.split(r"(?<!\\)\|", line)[1:-1] for line in (header, *lines)]
    assert {len(line) for line in cells} == {6}
    plain = " ".join(re.sub(r"\\(.)", r"\1", cell) for line in cells for cell in line)
    assert plain.split() == listed.text().split()


def test_csv_has_every_digit_and_every_operand() -> None:
    y = autograd.dot([Value(0.1 * place, f"w{place}") for place in range(20)], [1 / 3] * 20)
    *_, last = csv.DictReader(io.StringIO(assignments(y).csv()))
    assert float(last["value"]) == y.data
    assert last["local derivatives"].count("∂") == 2 * 20
    assert last["expression"].count("0.3333333333333333") == 20


def test_for_people_long_operations_are_abridged() -> None:
    y = autograd.sum([Value(float(place), f"x{place}") for place in range(100)])
    last = repr(assignments(y)).splitlines()[-1]
    assert "x5, …" in last
    assert "x6" not in last


def test_a_long_list_shows_its_beginning_and_its_end() -> None:
    y = Value(1.0, "x")
    for _ in range(100_000):
        y = y.sin()
    shown = repr(assignments(y)).splitlines()
    assert len(shown) == 22
    assert "99,981 more" in shown[15]
    assert shown[-1].startswith("100001   y")
    assert assignments(y)[-1].adjoint == 1.0


def test_shared_parts_do_not_double_the_list() -> None:
    y = Value(0.5, "x")
    for _ in range(2_000):
        y = y * 0.25 + y * 0.75
    assert len(assignments(y)) == 3 * 2_000 + 1
    assert list(executed(y).values())[-1] == y.data


def test_places_are_those_of_a_sequence() -> None:
    listed = assignments(example())
    assert listed[-1] == listed[6]
    assert [line.name for line in listed[:3]] == ["w", "x", "b|<x>"]
    with pytest.raises(IndexError):
        listed[7]


@pytest.mark.parametrize("label", ["class", "exp", "2x", "a b", "__import__('os')", "ŷ", "inf", "'''", "\n", "a;b=1"])
def test_names_of_the_program_are_valid_and_unique_whatever_the_labels(label: str) -> None:
    y = Value(2.0, label).exp() + Value(3.0, label)
    assert list(executed(y).values())[-1] == y.data
    assert all(name.isidentifier() for name in executed(y))


def test_after_a_number_was_changed_nothing_old_is_told() -> None:
    x = Value(1.0, "x")
    y = x.exp()
    listed = assignments(y)
    x.data = 2.0
    y.refresh()
    stale = "numbers of this graph were changed since it was told; call assignments again to tell of the new ones"
    assert repr(listed) == f"stale: {stale}"
    for form in (listed.text, listed.markdown, listed.html, listed.csv, listed.python, lambda: listed[0]):
        with pytest.raises(StaleGraph, match=stale):
            form()
    assert assignments(y)[-1].value == y.data


def test_two_values_of_one_label_have_two_names() -> None:
    y = Value(3.0, "k") * Value(2.0, "k")
    assert [line.name for line in assignments(y)[:2]] == ["k", "k_2"]
    assert assignments(y)[2].expression == "k * k_2"


def test_mistakes_are_named() -> None:
    x = Value(1.0, "x")
    y = x.exp()
    with pytest.raises(TypeError, match="assignments needs a Value; got int 3"):
        assignments(3)
    x.data = 2.0
    with pytest.raises(StaleGraph, match="x was written"):
        assignments(y)
