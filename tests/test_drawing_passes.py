"""Tests of `draw_passes`: what flows back along the edges, and is added up in the nodes, is what `backward` does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import StaleGraph, Value, draw, draw_passes, functions, topological_order
from autograd import sum as sum_of
from autograd.derivatives import local_partials
from autograd.drawing.flows import MOST_ADDED
from autograd.drawing.sketches import Direction
from autograd.rendering import Picture
from autograd.strategies.graphs import recipes
from autograd.strategies.recipes import Recipe, recorded_leaves, recorded_root
from autograd.value import adjoints
from tests.pictures import Arrow, drawn, graphs, needs_engine, number, svg_nodes, tooltip


def back(picture: Picture) -> list[Arrow]:
    """The edges of the backward pass; `tail` is the operand, for they are written the other way round."""
    return [edge for edge in drawn(picture).edges if edge.attributes.get("dir") == "back"]


def forward(picture: Picture) -> list[Arrow]:
    return [edge for edge in drawn(picture).edges if "dir" not in edge.attributes]


def names(y: Value) -> dict[str, Value]:
    return {f"n{place}": node for place, node in enumerate(topological_order(y))}


def grad_line(picture: Picture, name: str) -> str:
    return drawn(picture).lines(name)[-1].removeprefix("grad: ")


def state(y: Value) -> list[list[Any]]:
    slots = [slot for slot in Value.__slots__ if slot != "__weakref__"]
    return [[getattr(node, slot) for slot in slots] for node in topological_order(y)]


def in_backward_order(picture: Picture) -> list[Arrow]:
    """The edges back as the backward pass comes to them: the node that was recorded last is the first."""
    return sorted(back(picture), key=lambda edge: -int(edge.head[1:]))


# ---- laws


@given(graphs())
def test_each_use_of_a_value_has_one_edge_forward_and_one_back_and_a_number_one_forward(y: Value) -> None:
    picture = draw_passes(y)
    there = sorted((edge.tail, edge.head) for edge in forward(picture) if "c" not in edge.tail)
    assert there == sorted((edge.tail, edge.head) for edge in back(picture))
    known = {node: name for name, node in names(y).items()}
    uses = [(known[x], known[node]) for node in known for x in node.operands if type(x) is Value]
    assert there == sorted(uses)
    assert [(edge.tail, edge.head) for edge in forward(picture)] == [
        (edge.tail, edge.head) for edge in drawn(draw(y)).edges
    ]


@given(graphs())
def test_on_each_edge_back_stands_what_backward_adds_there_and_it_adds_up_to_the_adjoints(y: Value) -> None:
    picture, adjoint, known = draw_passes(y, precision=17), adjoints(y), names(y)
    sums = dict.fromkeys(known.values(), 0.0) | {y: 1.0}
    for edge in in_backward_order(picture):
        if edge.text != "constant 0: adds nothing":
            factors, product = edge.text.split(" = ")
            incoming, partial = (number(factor.strip("()")) for factor in factors.split(" · "))
            assert incoming == adjoint[known[edge.head]]
            assert number(product) == incoming * partial == float(edge.tooltip)
            sums[known[edge.tail]] += number(product)
    assert sums == adjoint


@given(recipes())
def test_each_edge_back_stands_beside_its_edge_forward_with_the_partial_of_the_use(recipe: Recipe) -> None:
    y = recorded_root(recipe, recorded_leaves(recipe))
    known = {node: name for name, node in names(y).items()}
    edges = iter(back(draw_passes(y, precision=17)))
    for node in topological_order(y):
        if node not in flowing(y):
            continue
        for operand, partial in local_partials(node):
            edge = next(edges)
            assert (edge.tail, edge.head) == (known[operand], known[node])
            told = edge.text.split(" = ")[0].split(" · ")[-1].strip("()")
            assert told == "constant 0: adds nothing" or number(told) == float(partial)
    assert next(edges, None) is None


def flowing(y: Value) -> set[Value]:
    """The nodes to which something flows back."""
    return {step.node for step in y.steps() if hasattr(step, "flows") and step.flows}


@given(graphs())
def test_in_each_node_stands_its_adjoint_as_the_sum_of_what_flowed_in(y: Value) -> None:
    picture, adjoint, known = draw_passes(y, precision=17), adjoints(y), names(y)
    for name, node in known.items():
        edges = in_backward_order(picture)
        added = [edge.text.split(" = ")[1] for edge in edges if edge.tail == name and " = " in edge.text]
        told = grad_line(picture, name)
        if node is y:
            assert told == "1 (the seed)"
        elif not added:
            assert told == "0 (nothing flows in)"
        elif len(added) > MOST_ADDED:
            assert (number(told.split()[0]), told.split(" ", 1)[1]) == (adjoint[node], f"(the sum of {len(added)})")
        else:
            total = number(told.split(" = ")[-1])
            assert total == adjoint[node]
            assert terms(told.split(" = ")[0]) == [number(text) for text in added]
            assert (" = " in told) == (len(added) > 1)


def terms(text: str) -> list[float]:
    """The terms of a sum such as 3 − 4 + 5."""
    found = re.findall(r"(?:^| ([+−]) )(−?[\d.e+−]*\d(?:e[−+]\d+)?)", text)
    return [-number(digits) if sign == "−" else number(digits) for sign, digits in found]


@given(graphs(), st.booleans())
def test_it_writes_nothing_and_needs_no_backward(y: Value, after_backward: bool) -> None:
    first = draw_passes(y).source
    if after_backward:
        y.backward()
    again = draw_passes(y).source
    before = state(y)
    draw_passes(y)
    assert state(y) == before
    assert again == first


@given(graphs())
def test_values_are_those_of_the_graph_and_the_nodes_those_of_draw(y: Value) -> None:
    passes, plain = drawn(draw_passes(y)), drawn(draw(y))
    assert list(passes.nodes) == list(plain.nodes)
    for name in plain.nodes:
        assert passes.lines(name)[:-1] == plain.lines(name)[:-1]


# ---- examples


def test_x_times_x_flows_back_twice() -> None:
    x = Value(-3.0, "x")
    picture = draw_passes(x * x)
    assert [edge.text for edge in back(picture)] == ["1 · (−3) = −3"] * 2
    assert grad_line(picture, "n0") == "−3 − 3 = −6"


def test_edges_back_are_dashed_and_have_a_look_of_their_own() -> None:
    (edge,) = back(draw_passes(Value(2.0, "x") * 3.0))
    assert (edge.attributes["style"], edge.attributes["arrowtail"]) == ("dashed", "vee")
    assert not any(edge.text for edge in forward(draw_passes(Value(2.0, "x") * 3.0)))


def test_a_leaf_alone_has_the_seed() -> None:
    picture = draw_passes(Value(2.0, "x"))
    assert drawn(picture).lines("n0") == ["x", "value: 2", "grad: 1 (the seed)"]


def test_tooltips_tell_the_adjoint_of_these_passes_in_all_digits_not_that_of_an_earlier_backward() -> None:
    x = Value(0.1, "x")
    y = x * 3.0 + x * 0.1
    y.backward()
    y.backward()
    assert tooltip(drawn(draw_passes(y)).nodes["n0"]) == "value: 0.1, grad: 3.1 (2 of 2 uses)"
    assert tooltip(drawn(draw_passes(y)).nodes["n3"]) == f"value: {y.data!r}, grad: 1 (the seed)"


def test_many_contributions_are_told_as_their_number() -> None:
    x = Value(2.0, "x")
    assert grad_line(draw_passes(sum_of([x] * 4)), "n0") == "1 + 1 + 1 + 1 = 4"
    assert grad_line(draw_passes(sum_of([x] * 5)), "n0") == "5 (the sum of 5)"


def test_a_constant_zero_adds_nothing_and_is_told_so() -> None:
    x, z = Value(3.0, "x"), Value(1.0, "z")
    picture = draw_passes(x.sign() * z)
    assert "constant 0: adds nothing" in [edge.text for edge in back(picture)]
    assert grad_line(picture, "n0") == "0 (nothing flows in)"


def test_what_gets_no_adjoint_passes_none_on() -> None:
    x = Value(3.0, "x")
    y = (x * 2.0).sign()
    picture = draw_passes(y)
    assert grad_line(picture, "n1") == "0 (nothing flows in)"
    assert [(edge.tail, edge.head) for edge in back(picture)] == [("n1", "n2")]


def test_precision_direction_roles_and_legend_are_as_in_draw() -> None:
    a, p = Value(1 / 3, "a"), Value(3.0, "p")
    picture = draw_passes(a * p, precision=2, direction="TB", inputs=a, parameters=p, legend=True)
    assert drawn(picture).lines("n0")[1] == "value: 0.33"
    assert drawn(picture).settings["graph.rankdir"] == "TB"
    assert [node.look for node in picture.sketch.nodes[:2]] == ["input", "parameter"]
    assert [node.lines[0].text for node in picture.sketch.nodes[3:]] == ["input", "parameter", "computed"]


@needs_engine
def test_both_passes_are_drawn_with_nodes_in_the_order_of_the_forward_pass() -> None:
    x = Value(-3.0, "x")
    y = functions.dot([x, x], [2.0, x]).tanh()
    assert svg_nodes(draw_passes(y)).keys() == drawn(draw_passes(y)).nodes.keys()


# ---- errors


def test_a_stale_graph_is_refused_as_backward_does() -> None:
    x = Value(2.0, "x")
    y = x * 3.0
    x.data = 5.0
    with pytest.raises(StaleGraph, match="x was written"):
        draw_passes(y)
    y.refresh()
    assert [edge.text for edge in back(draw_passes(y))] == ["1 · 3 = 3"]


def test_a_graph_that_is_too_large_is_refused_at_once_with_its_size() -> None:
    x = Value(2.0, "x")
    with pytest.raises(ValueError, match="has 2 nodes and 200,000 edges; a picture has at most 300 nodes and 1,200"):
        draw_passes(sum_of([x] * 100_000))
    with pytest.raises(ValueError, match="has 3 nodes and 4 edges; a picture has at most 2 nodes and 8 edges"):
        draw_passes(x * 3.0, max_nodes=2)


@pytest.mark.parametrize("wrong", [3.0, None, "x", [Value(1.0)], [Value(1.0), Value(2.0)], []])
def test_what_is_not_one_value_is_a_type_error(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"(steps|draw_passes).* one Value; got"):
        draw_passes(wrong)


@pytest.mark.parametrize("option", [{"direction": "up"}, {"precision": 0}])
def test_a_wrong_option_is_a_value_error_that_names_it(option: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"{next(iter(option))} is .*got {next(iter(option.values()))!r}"):
        draw_passes(Value(1.0), **option)


@pytest.mark.parametrize("option", ["highlight", "collapse", "numbers"])
def test_what_it_does_not_take_is_a_type_error(option: str) -> None:
    with pytest.raises(TypeError, match=option):
        draw_passes(Value(1.0), **{option: None})


@pytest.mark.parametrize("direction", ["TB", "BT"])
def test_where_both_passes_run_up_and_down_their_edges_are_kept_apart(direction: Direction) -> None:
    picture = draw_passes(Value(0.5, "x").tanh(), direction=direction)
    assert [edge.text == " " for edge in picture.sketch.edges] == [True, False]
