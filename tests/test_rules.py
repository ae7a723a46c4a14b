"""Tests of `autograd.rules`: what is read as the rule of a node is what the node computes."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given

from autograd import Value, dot, float_functions, maximum, topological_order
from autograd import sum as sum_of
from autograd.derivatives import local_partials
from autograd.notation.rules import operation, places, rule, rules
from autograd.notation.terms import Operand
from autograd.notation.typesetting import Python, Style
from autograd.primitives import PRIMITIVES
from autograd.strategies.graphs import recipes
from autograd.strategies.recipes import Recipe, random_recipe, recorded_leaves, recorded_root


def recorded(recipe: Recipe) -> Value:
    return recorded_root(recipe, recorded_leaves(recipe))


def number(term: Operand, node: Value) -> float:
    """What a term gives at the numbers of a node and its operands."""
    names = {x: f"x{place}" for place, x in enumerate([node, *node.operands]) if isinstance(x, Value)}
    scope = {text: x.data for x, text in names.items()}
    return float(eval(Python(names.__getitem__, operators=False).write(term), {**float_functions(), **scope}))


def text(term: Operand) -> str:
    return Style(lambda thing: thing.label if isinstance(thing, Value) else thing).write(term)


def assert_rules_give_the_partials(y: Value) -> None:
    for node in topological_order(y):
        found, executed = list(rules(node)), list(local_partials(node))
        assert [operand for operand, _ in found] == [operand for operand, _ in executed]
        for (_, term), (_, partial) in zip(found, executed):
            assert number(term, node) == pytest.approx(float(partial), rel=1e-12, abs=1e-300)


@given(recipes())
def test_the_rules_give_the_partials_that_are_executed(recipe: Recipe) -> None:
    assert_rules_give_the_partials(recorded(recipe))


@pytest.mark.parametrize("name", sorted(PRIMITIVES))
def test_the_rules_of_every_primitive_give_its_partials(name: str) -> None:
    assert_rules_give_the_partials(recorded(random_recipe(Random(name), (name,), steps=2)))


@given(recipes())
def test_places_are_those_of_the_uses_in_their_order(recipe: Recipe) -> None:
    for node in topological_order(recorded(recipe)):
        assert [node.operands[place] for place in places(node)] == [operand for operand, _ in local_partials(node)]


def test_places_among_some_values_are_theirs_alone() -> None:
    x, w = Value(2.0, "x"), Value(3.0, "w")
    assert list(places(dot([x, x], [w, 1.0]), among={x})) == [0, 1]
    assert list(places(dot([x, w], [w, x]), among={w})) == [2, 1]


def test_where_operands_tie_the_rule_of_those_that_get_nothing_is_zero() -> None:
    a, b = Value(2.0, "a"), Value(2.0, "b")
    y = maximum([a, b])
    y.label = "y"
    assert [text(term) for _, term in rules(y)] == ["equal(a, y)", "0"]


def test_a_leaf_has_no_rules() -> None:
    assert list(rules(Value(1.0))) == []
    assert rule(Value(1.0), 0, 1.0) == 0.0


@pytest.mark.parametrize(
    ("most", "told"), [(2, "sum([v0, v1, …])"), (4, "sum([v0, v1, v2, v3])"), (9, "sum([v0, v1, v2, v3])")]
)
def test_an_operation_names_the_first_operands_of_its_vectors(most: int, told: str) -> None:
    y = sum_of([Value(float(place), f"v{place}") for place in range(4)])
    assert text(operation(y, most)).replace("[", "").replace("]", "") == told.replace("[", "").replace("]", "")


def test_an_operation_reads_its_operands_as_it_is_told_to() -> None:
    x = Value(2.0, "x")
    data: Any = lambda operand: operand.data  # noqa: E731
    assert [text(operation(x * x, 2, *read)) for read in ((), (data,))] == ["x * x", "2 * 2"]
