"""Tests of `autograd.drawing`: a picture tells what was executed, the same in every run, and takes labels as text."""

from __future__ import annotations

import copy
import math
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograd import derivatives, draw_passes, functions, text
from autograd.drawing.facts import Recorded
from autograd.drawing.graphs import draw
from autograd.drawing.labels import LONGEST_LINE, MOST_LINES, legible
from autograd.primitives import Notation, Primitive
from autograd.rendering import Picture, rendered
from autograd.value import Value, record, topological_order
from tests.hostile_labels import (
    HOSTILE,
    READERS,
    columns,
    in_source,
    in_svg,
    is_told,
    lost,
    lost_of_many,
    random_label,
)
from tests.pictures import SVG, drawn, graphs, needs_engine, number, tooltip

# ---- reading a picture


def texts(picture: Picture, name: str) -> list[str]:
    return drawn(picture).lines(name)


def partials(picture: Picture, head: str) -> list[str]:
    return [edge.text for edge in drawn(picture).into(head)]


def is_constant(name: str) -> bool:
    return "c" in name


# ---- laws


def numbers_of(y: Value) -> list[tuple[Any, int, int]]:
    """The plain numbers in a graph: by node and place, or where nodes share a vector, by vector and element."""
    found: dict[tuple[Any, int, int], None] = {}
    for node in topological_order(y):
        vectors = node.vectors or [node.operands]
        for column, vector in enumerate(vectors):
            key, column = (id(vector), 0) if node.vectors else (node, column)
            found.update({(key, column, place): None for place, x in enumerate(vector) if type(x) is float})
    return list(found)


@given(graphs())
def test_each_value_is_one_node_each_number_is_one_and_each_use_of_an_operand_is_one_edge(y: Value) -> None:
    order, picture = topological_order(y), drawn(draw(y))
    uses = [operand for node in order for operand in node.operands]
    assert [name for name in picture.nodes if not is_constant(name)] == [f"n{i}" for i in range(len(order))]
    assert len(picture.edges) == len(uses)
    assert sum(map(is_constant, picture.nodes)) == len(numbers_of(y))


@given(graphs())
def test_the_edges_into_a_node_come_from_its_operands_in_order_each_with_the_local_partial_of_that_use(
    y: Value,
) -> None:
    order, picture = topological_order(y), drawn(draw(y))
    names = {node: f"n{i}" for i, node in enumerate(order)}
    for node in order:
        into = [edge for edge in picture.into(names[node]) if not is_constant(edge.tail)]
        expected = [(names[operand], float(partial)) for operand, partial in derivatives.local_partials(node)]
        assert [(edge.tail, float(edge.tooltip)) for edge in into] == expected


@given(graphs())
def test_the_edges_into_a_node_come_in_the_order_of_its_operands_numbers_too(y: Value) -> None:
    order, picture = topological_order(y), drawn(draw(y))
    names = {node: f"n{i}" for i, node in enumerate(order)}
    for node in order:
        columns = node.vectors or [(operand,) for operand in node.operands]
        uses = [operand for element in zip(*columns) for operand in element]
        told = [
            number(picture.lines(edge.tail)[0]) if is_constant(edge.tail) else edge.tail
            for edge in picture.into(names[node])
        ]
        assert told == [names[x] if type(x) is Value else x for x in uses]


@given(graphs(), st.integers(1, 17), st.booleans())
def test_each_node_and_edge_tells_its_numbers_in_the_digits_asked_for(
    y: Value, precision: int, after_backward: bool
) -> None:
    if after_backward:
        y.backward()
    order, picture = topological_order(y), drawn(draw(y, precision=precision))
    for place, node in enumerate(order):
        value, grad = picture.lines(f"n{place}")[-2:]
        assert number(value.removeprefix("value: ")) == float(f"{node.data:.{precision}g}")
        slope = None if grad == "grad: not computed" else number(grad.removeprefix("grad: "))
        assert slope == (float(f"{node.grad:.{precision}g}") if after_backward else None)
    for edge in picture.edges:
        assert is_constant(edge.tail) or number(edge.text) == float(f"{float(edge.tooltip):.{precision}g}")


@given(graphs(), st.booleans())
def test_drawing_changes_nothing(y: Value, after_backward: bool) -> None:
    if after_backward:
        y.backward()
    slots = [slot for slot in Value.__slots__ if slot != "__weakref__"]
    before = [[getattr(node, slot) for slot in slots] for node in topological_order(y)]
    draw(y)
    assert [[getattr(node, slot) for slot in slots] for node in topological_order(y)] == before


@given(graphs())
def test_the_same_graph_gives_the_same_source(y: Value) -> None:
    y.label = "the root"  # else the variable that holds it is told, which a copy has not
    assert draw(y).source == draw(y).source == draw(copy.deepcopy(y)).source


@given(graphs(), st.lists(st.tuples(st.sampled_from(["write", "backward", "refresh"]), st.integers(0, 20)), max_size=6))
def test_a_picture_knows_what_is_stale_as_each_node_does(y: Value, steps: list[tuple[str, int]]) -> None:
    order = topological_order(y)
    for step, place in steps:
        node = order[place % len(order)]
        if step == "write" and not node.operands:
            node.data = node.data + 1
        elif step == "refresh":
            node.refresh()
        elif step == "backward" and not node.is_stale:
            node.backward()
    picture = drawn(draw(y))
    for name, node in zip([name for name in picture.nodes if not is_constant(name)], order):
        value, grad = picture.lines(name)[-2:]
        assert ("(stale)" in value) == node.is_stale
        assert (grad == "grad: not computed") == (node.grad_state == "not computed")
        # a node alone can't know that its adjoint is of an old root; the picture of that root can
        assert "(stale)" in grad or node.grad_state != "stale"
        assert all((edge.text == "stale") == node.is_stale for edge in picture.into(name) if not is_constant(edge.tail))


def test_a_written_leaf_makes_every_adjoint_in_the_picture_stale() -> None:
    x, w = Value(2.0), Value(3.0)
    y = x * w
    y.backward()
    x.data = 5.0
    order = topological_order(y)
    assert {Recorded(order).adjoint(node).remark for node in order} == {"stale"}


@given(st.floats(allow_nan=False, allow_infinity=False).filter(bool), st.integers(1, 17))
@example(3e-5, 4)
@example(5e-324, 1)
def test_a_number_that_is_not_zero_never_reads_as_zero(x: float, precision: int) -> None:
    (shown,) = [text for text in texts(draw(Value(x), precision=precision), "n0") if text.startswith("value: ")]
    assert number(shown.removeprefix("value: ")) != 0


def test_the_source_is_the_same_in_every_process() -> None:
    program = (
        "from autograd import Value, dot, draw, grad\n"
        "x = [Value(i + 0.5, f'x{i}') for i in range(5)]\ny = (dot(x, x[::-1]) * x[0] - 3 / x[1]).tanh()\n"
        "y.backward()\nprint(draw(y).source + draw(grad(y, x[0])).source)"
    )
    sources = set()
    for seed in ("0", "1", "4711"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        ended = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
        sources.add(ended.stdout)
    assert len(sources) == 1
    assert sources.pop().count(b"digraph") == 2


# ---- what a picture tells


def neuron() -> Value:
    w, x, b = Value(2.0, "w"), Value(-3.0, "x"), Value(10.0, "b")
    y = (w * x + b).relu()
    y.label = "y"
    return y


def test_a_neuron_shows_operations_labels_values_and_adjoints() -> None:
    y = neuron()
    y.backward()
    picture = draw(y)
    assert texts(picture, "n0") == ["w", "value: 2", "grad: −3"]
    assert texts(picture, "n1") == ["x", "value: −3", "grad: 2"]
    assert texts(picture, "n3") == ["*", "v1", "value: −6", "grad: 1"]
    assert texts(picture, "n5") == ["relu", "y", "value: 4", "grad: 1"]
    assert partials(picture, "n3") == ["−3", "2"]


def test_what_has_no_name_has_the_remark_by_which_text_and_steps_call_it() -> None:
    y = (Value(2.0) * Value(-3.0, "x")).tanh()
    stepper = y.steps()
    stepper.end()
    picture = draw(y)
    assert [texts(picture, f"n{place}")[:-2] for place in range(4)] == [["v1"], ["x"], ["*", "v2"], ["tanh", "y"]]
    assert "v1 * x" in text(y)
    assert "∂v2/∂v1" in repr(stepper)


def test_an_adjoint_is_not_computed_before_backward_and_a_computed_zero_is_a_zero() -> None:
    x = Value(-1.0, "x")
    y = x.relu()
    assert "grad: not computed" in texts(draw(y), "n0")
    y.backward()
    assert "grad: 0" in texts(draw(y), "n0")


def test_after_a_write_what_is_old_says_so_until_refresh_and_backward() -> None:
    x, w = Value(2.0, "x"), Value(3.0, "w")
    y = x * w
    y.backward()
    x.data = 5.0
    picture = draw(y)
    assert texts(picture, "n0") == ["x", "value: 5", "grad: 3 (stale)"]
    assert texts(picture, "n1") == ["w", "value: 3", "grad: 2 (stale)"]
    assert texts(picture, "n2") == ["*", "y", "value: 6 (stale)", "grad: 1 (stale)"]
    assert partials(picture, "n2") == ["stale", "stale"]
    y.refresh()
    assert texts(draw(y), "n2") == ["*", "y", "value: 15", "grad: 1 (stale)"]
    y.grad = 0.0
    y.backward()
    assert texts(draw(y), "n2") == ["*", "y", "value: 15", "grad: 1"]


def test_what_is_computed_from_something_stale_is_stale() -> None:
    x = Value(2.0)
    y = -x
    x.data = 3.0
    assert texts(draw(y.exp()), "n2")[:3] == ["exp", "v1", "value: 0.1353 (stale)"]


def test_x_times_x_has_two_edges() -> None:
    x = Value(-3.0, "x")
    edges = drawn(draw(x * x)).edges
    assert [(edge.tail, edge.head, edge.text) for edge in edges] == [("n0", "n1", "−3")] * 2


def test_the_edges_of_a_dot_come_pair_by_pair_and_those_of_a_sum_in_order() -> None:
    w = [Value(2.0), Value(3.0)]
    picture = draw(functions.dot(w, [Value(5.0), 7.0]))
    assert [edge.tail for edge in drawn(picture).edges] == ["n0", "n2", "n1", "n3c3"]
    assert partials(picture, "n3") == ["5", "2", "7", ""]
    summed = drawn(draw(functions.sum([w[1], 1.0, w[0], w[1]])))
    assert [edge.tail for edge in summed.edges] == ["n0", "n2c1", "n1", "n0"]


def test_a_constant_is_a_node_of_its_own_for_each_use() -> None:
    picture = drawn(draw(2.0 ** (Value(3.0, "x") - 2.0)))
    assert {name: picture.lines(name) for name in picture.nodes if is_constant(name)} == {"n1c1": ["2"], "n2c0": ["2"]}


def test_a_number_in_a_vector_that_several_nodes_share_is_one_node() -> None:
    features = (0.5, -1.5)
    neurons = [functions.dot((Value(1.0), Value(2.0)), features) for _ in range(3)]
    picture = drawn(draw(neurons))
    constants = [name for name in picture.nodes if is_constant(name)]
    assert [picture.lines(name) for name in constants] == [["0.5"], ["−1.5"]]
    assert [sum(edge.tail == name for edge in picture.edges) for name in constants] == [3, 3]


def test_tooltips_have_all_digits() -> None:
    x = Value(0.1 + 0.2, "x")
    y = 3.0 * x
    y.backward()
    assert tooltip(drawn(draw(y)).nodes["n0"]) == "value: 0.30000000000000004, grad: 3"
    assert texts(draw(y), "n0") == ["x", "value: 0.3", "grad: 3"]


def test_precision_is_the_number_of_significant_digits() -> None:
    picture = draw(Value(math.pi).exp(), precision=2)
    assert texts(picture, "n0") == ["v1", "value: 3.1", "grad: not computed"]
    assert partials(picture, "n1") == ["23"]


def test_without_numbers_there_are_labels_operations_and_constants() -> None:
    picture = draw(neuron() ** 2, numbers=False)
    assert [texts(picture, f"n{place}") for place in (0, 3, 5, 6)] == [["w"], ["*"], ["relu", "y"], ["**"]]
    assert set(partials(picture, "n3")) == {""}
    assert not re.search("value|grad|tooltip=.*value", picture.source)
    assert texts(picture, "n6c1") == ["2"]


def test_a_leaf_without_label_and_numbers_is_an_empty_node() -> None:
    assert texts(draw(Value(1.0), numbers=False), "n0") == []


def test_infinite_and_undefined_numbers_are_drawn() -> None:
    x = Value(0.0, "x")
    picture = draw(x.sqrt() * math.nan)
    assert partials(picture, "n1") == ["inf"]
    assert "value: nan" in texts(picture, "n2")


def test_a_derivative_is_drawn_like_any_graph() -> None:
    x = Value(0.5, "x")
    picture = draw(derivatives.grad(x.tanh() * x, x))
    assert {"tanh", "+", "*"} <= {texts(picture, name)[0] for name in drawn(picture).nodes if not is_constant(name)}


def test_several_values_are_drawn_in_one_picture_and_share_their_nodes() -> None:
    x, w = Value(0.5, "x"), Value(2.0, "w")
    picture = draw([x * w, x + w, x])
    assert list(drawn(picture).nodes) == ["n0", "n1", "n2", "n3"]
    assert [name for name, attributes in drawn(picture).nodes.items() if attributes.get("penwidth")] == [
        "n0",
        "n2",
        "n3",
    ]


@pytest.mark.parametrize("direction", ["LR", "RL", "TB", "BT"])
def test_a_picture_goes_to_the_right_to_the_left_down_or_up(direction: str) -> None:
    assert f"rankdir={direction}" in draw(Value(1.0), direction=direction).source


# ---- what is refused


def test_a_graph_of_more_than_max_nodes_is_refused_with_its_size() -> None:
    y = Value(1.0)
    for _ in range(3):
        y = y + Value(1.0)
    assert len(drawn(draw(y, max_nodes=7)).nodes) == 7
    told = "this graph has 7 nodes and 6 edges; a picture has at most 6 nodes and 24 edges: draw a part of it"
    with pytest.raises(ValueError, match=f"^{told}.*, raise max_nodes, or give its Values labels"):
        draw(y, max_nodes=6, collapse="never")


def test_constants_count_as_nodes() -> None:
    with pytest.raises(ValueError, match="has 301 nodes and 300 edges;"):
        draw(functions.sum([Value(1.0), *[2.0] * 298, 3.0]), collapse="never")


def test_a_graph_of_few_nodes_and_many_edges_is_refused() -> None:
    with pytest.raises(ValueError, match=r"2 nodes and 100,000 edges; .* 300 nodes and 1,200 edges:"):
        draw(functions.sum([Value(1.0)] * 100_000), collapse="never")


def test_a_long_chain_is_refused_without_recursion() -> None:
    y = Value(1.0)
    for _ in range(200_000):
        y = -y
    with pytest.raises(ValueError, match="this graph has 200,001 nodes"):
        draw(y, collapse="never")


def test_a_long_chain_is_drawn_when_asked_for() -> None:
    y = Value(1.0)
    for _ in range(3_000):
        y = -y
    assert len(drawn(draw(y, max_nodes=4_000)).edges) == 3_000


@pytest.mark.parametrize("other", [3.0, None, "x", [3.0], [Value(1.0), None]])
def test_what_is_not_a_value_is_a_type_error(other: Any) -> None:
    with pytest.raises(TypeError, match="draw needs a Value, or several; got"):
        draw(other)


@pytest.mark.parametrize("option", [{"direction": "lr"}, {"direction": "up"}, {"precision": 0}, {"collapse": "a"}])
def test_a_wrong_option_is_a_value_error_that_names_it(option: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"{next(iter(option))} is .*got {next(iter(option.values()))!r}"):
        draw(Value(1.0), **option)


# ---- labels are text

labels = st.lists(
    st.text(st.sampled_from('|{}<>&"\\;[]=-/bNGl#x; \n') | st.characters(), max_size=12)
    | st.sampled_from(HOSTILE)
    | st.integers(0, 2**32).map(lambda seed: random_label(Random(seed))),
    min_size=1,
    max_size=8,
)


@pytest.mark.parametrize("label", HOSTILE)
def test_a_label_written_to_break_the_source_is_text_there(label: str) -> None:
    assert not lost([label], in_source)


@given(labels)
def test_every_label_is_text_in_the_source(labels: list[str]) -> None:
    assert not lost(labels, in_source)


@needs_engine
def test_labels_written_to_break_the_picture_are_text_in_it() -> None:
    assert not lost(HOSTILE, in_svg)


@needs_engine
@given(labels)
def test_every_label_is_text_in_the_picture(labels: list[str]) -> None:
    assert not lost(labels, in_svg)


@pytest.mark.parametrize("name", READERS)
def test_seeded_hostile_labels_come_through_all_kinds_of_pictures(name: str) -> None:
    random = Random(1)
    assert lost_of_many([random_label(random) for _ in range(100)], READERS[name]) == []


LONG = {
    "letters": "abcdefghij" * 1_000,
    "accents": "e" + "\u0301" * 9_999,
    "wide characters": "神经" * 5_000,
    "markup": '<&\\">' * 2_000,
    "lines": "\n".join(f"line {place}" for place in range(1_000)),
    "a path": "model." + "layers[3]." * 1_000 + "w[3]",
}


@pytest.mark.parametrize("kind", LONG)
def test_a_label_of_ten_thousand_characters_is_shortened_and_whole_in_the_tooltip(kind: str) -> None:
    label = LONG[kind]
    source = draw(Value(1.0, label))
    (told, *_), (name,) = in_source(source), drawn(source).nodes
    assert sum(map(len, told.lines)) < 500
    assert any("…" in line for line in told.lines)
    assert tooltip(drawn(source).nodes[name]) == f"{label}\nvalue: 1, grad: not computed"
    assert is_told(label, told)


@needs_engine
def test_long_labels_are_drawn() -> None:
    assert not lost(list(LONG.values()), in_svg)


@given(st.text() | st.integers(0, 2**32).map(lambda seed: random_label(Random(seed))))
def test_a_legible_label_fits_and_what_fits_is_left_alone(label: str) -> None:
    lines = legible(label).split("\n")
    assert len(lines) <= MOST_LINES or legible(label) == label
    assert all(columns(line) <= LONGEST_LINE for line in lines) or legible(label) == label
    assert legible(legible(label)) == legible(label)
    if len(label) <= LONGEST_LINE // 2 and len(label.splitlines()) <= MOST_LINES:
        assert legible(label) == label


def test_the_end_of_a_long_label_tells_it_from_others() -> None:
    first, second = (legible(f"{'layers[0].' * 20}w[{place}]") for place in range(2))
    assert first.endswith("layers[0].w[0]")
    assert second.endswith("layers[0].w[1]")


@pytest.mark.parametrize("label", ["  ", "\n", "\t\r\n"])
def test_a_label_of_white_space_takes_no_room(label: str) -> None:
    assert draw(Value(1.0, label)).source == draw(Value(1.0)).source


def test_in_place_of_a_label_of_white_space_stands_the_name_of_the_variable() -> None:
    x = Value(1.0, "  ")
    assert texts(draw(x), "n0") == ["x", "value: 1", "grad: not computed"]


def test_a_value_without_a_label_is_drawn_with_the_callers_name_for_it() -> None:
    weights = [Value(2.0), Value(3.0)]
    y = functions.sum(weights)
    assert [texts(draw(y), name)[0] for name in ("n0", "n1")] == ["weights[0]", "weights[1]"]
    assert texts(draw(y), "n2")[:2] == ["sum", "y"]


def test_the_symbol_of_an_operation_is_text() -> None:
    row = Primitive("odd", lambda xp, x: x, [lambda xp, x, out: 1], notation=Notation("<|\\N&", "odd({0})", "odd"))
    assert texts(draw(record(row, [Value(1.0)])), "n1")[0] == "<|\\N&"


# ---- with an engine


@needs_engine
@pytest.mark.parametrize("form", ["svg", "png", "pdf"])
@pytest.mark.parametrize("numbers", [True, False])
def test_every_kind_of_node_is_laid_out(form: str, numbers: bool) -> None:
    y = functions.dot([Value(1.0), Value(2.0, "w")], [0.5, Value(3.0)]) ** 2
    beginning = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}[form]
    assert rendered(draw(y, numbers=numbers).source, form).startswith(beginning)


@needs_engine
def test_x_times_x_has_two_edges_in_the_picture() -> None:
    x = Value(-3.0, "x")
    svg = ET.fromstring(rendered(draw(x * x).source, "svg"))
    assert [title.text for title in svg.iter(f"{SVG}title")].count("n0->n1") == 2


def test_a_stale_edge_tells_no_number_even_in_its_tooltip() -> None:
    x = Value(2.0, "x")
    y = x * x * 3.0
    x.data = 7.0
    assert {(edge.text, edge.tooltip) for edge in draw(y).sketch.edges if edge.look == "operand"} == {("stale", "")}


@pytest.mark.parametrize(("max_nodes", "error"), [(None, TypeError), ("many", TypeError), (0, ValueError)])
@pytest.mark.parametrize("drawing", [draw, draw_passes])
def test_a_size_that_is_none_is_refused(drawing: Any, max_nodes: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"max_nodes is a .*got "):
        drawing(Value(1.0), max_nodes=max_nodes)


def test_a_picture_of_many_edges_has_straight_lines_and_the_search_for_places_has_an_end() -> None:
    x = Value(0.3, "x")
    y = x
    for _ in range(8):
        y = (y * x).tanh()
    many = draw(derivatives.grad(derivatives.grad(y, x), x)).graph_attr
    few = draw(x * x).graph_attr
    # either of them alone takes twenty times as long as both
    assert (many["splines"], many["nslimit"]) == ("line", "1")
    assert not {"splines", "nslimit"} & few.keys()
