"""Tests of `autograd.drawing`: a picture tells what was executed, the same in every run, and takes labels as text."""

from __future__ import annotations

import copy
import math
import os
import re
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograd import derivatives, drawing, functions
from autograd.drawing import draw
from autograd.primitives import Notation, Primitive
from autograd.rendering import Picture, has_layout_engine, rendered
from autograd.value import Value, record, topological_order

SVG = "{http://www.w3.org/2000/svg}"

needs_engine = pytest.mark.skipif(not has_layout_engine(), reason="no layout engine is installed")


# ---- reading a picture


class Edge(NamedTuple):
    tail: str
    head: str
    attributes: str


def node_sources(picture: Picture) -> dict[str, str]:
    """The attributes of each node, by its name."""
    found = (re.fullmatch(r"\t(\w+) \[(.*)\]\n", line, re.DOTALL) for line in picture.body)
    return {match[1]: match[2] for match in found if match}


def edges(picture: Picture) -> list[Edge]:
    found = (re.fullmatch(r"\t(\w+) -> (\w+)(.*)\n", line, re.DOTALL) for line in picture.body)
    return [Edge(*match.groups()) for match in found if match]


def attribute(source: str, name: str) -> str:
    match = re.search(rf'(?:^|[ \[]){name}=(?:"([^"]*)"|([^\s"\]]+))', source)
    return (match[1] if match[1] is not None else match[2]).strip() if match else ""


def texts(picture: Picture, name: str) -> list[str]:
    """The lines of text that a node shows, as an XML parser reads its HTML-like label."""
    source = node_sources(picture)[name]
    markup = source[source.index("label=<") + len("label=<") :]
    markup = markup[: markup.rindex("</TABLE>") + len("</TABLE>")]
    return [text.strip().replace("\\\\", "\\") for text in ET.fromstring(markup).itertext() if text.strip()]


def partials(picture: Picture, head: str) -> list[str]:
    return [attribute(edge.attributes, "label") for edge in edges(picture) if edge.head == head]


# ---- generated graphs


GROWN: list[Callable[..., Value]] = [
    lambda x, y, z: x + y,
    lambda x, y, z: x * y,
    lambda x, y, z: 2.5 - x,
    lambda x, y, z: x.tanh(),
    lambda x, y, z: functions.sum([x, 1.5, y, x]),
    lambda x, y, z: functions.dot([x, y, 0.5], [z, x, y]),
]


@st.composite
def graphs(draw_from: Any) -> Value:
    """A root of a small graph with shared nodes, constants, n-ary nodes and repeated operands."""
    values = [Value(draw_from(st.floats(-3, 3)), label) for label in "abc"]
    for grow in draw_from(st.lists(st.sampled_from(GROWN), max_size=12)):
        operands = [draw_from(st.sampled_from(values)) for _ in range(3)]
        values.append(grow(*operands))
    return values[-1]


def is_constant(name: str) -> bool:
    return "c" in name


# ---- laws


@given(graphs())
def test_each_value_is_one_node_and_each_use_of_an_operand_one_edge(y: Value) -> None:
    order, picture = topological_order(y), draw(y)
    uses = [operand for node in order for operand in node.operands]
    assert [name for name in node_sources(picture) if not is_constant(name)] == [f"n{i}" for i in range(len(order))]
    assert len(edges(picture)) == len(uses)
    assert sum(map(is_constant, node_sources(picture))) == sum(type(operand) is float for operand in uses)


@given(graphs())
def test_the_number_on_each_edge_is_the_local_partial_of_that_use(y: Value) -> None:
    order, picture = topological_order(y), draw(y)
    names = {node: f"n{i}" for i, node in enumerate(order)}
    for node in order:
        drawn = [edge for edge in edges(picture) if edge.head == names[node] and not is_constant(edge.tail)]
        expected = [(names[operand], float(partial)) for operand, partial in derivatives.local_partials(node)]
        assert [(edge.tail, float(attribute(edge.attributes, "tooltip"))) for edge in drawn] == expected


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
    states = drawing._states(order)
    assert {node: state.stale for node, state in states.items()} == {node: node.is_stale for node in order}
    # a node alone can't know that its adjoint is of an old root; the picture of that root can
    assert all(state.adjoint in (node.grad_state, "stale") for node, state in states.items())
    assert all(
        (state.adjoint == "not computed") == (node.grad_state == "not computed") for node, state in states.items()
    )


def test_a_written_leaf_makes_every_adjoint_in_the_picture_stale() -> None:
    x, w = Value(2.0), Value(3.0)
    y = x * w
    y.backward()
    x.data = 5.0
    assert {state.adjoint for state in drawing._states(topological_order(y)).values()} == {"stale"}


@given(st.floats(allow_nan=False, allow_infinity=False).filter(bool), st.integers(1, 17))
@example(3e-5, 4)
@example(5e-324, 1)
def test_a_number_that_is_not_zero_never_reads_as_zero(x: float, precision: int) -> None:
    (shown,) = [text for text in texts(draw(Value(x), precision=precision), "n0") if text.startswith("value: ")]
    assert float(shown.removeprefix("value: ")) != 0


def test_the_source_is_the_same_in_every_process() -> None:
    program = (
        "from autograd import Value, dot, grad\nfrom autograd.drawing import draw\n"
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
    assert texts(picture, "n0") == ["w", "value: 2", "grad: -3"]
    assert texts(picture, "n1") == ["x", "value: -3", "grad: 2"]
    assert texts(picture, "n3") == ["*", "value: -6", "grad: 1"]
    assert texts(picture, "n5") == ["relu", "y", "value: 4", "grad: 1"]
    assert partials(picture, "n3") == ["-3", "2"]


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
    assert texts(draw(y.exp()), "n2")[:2] == ["exp", "value: 0.1353 (stale)"]


def test_x_times_x_has_two_edges() -> None:
    x = Value(-3.0, "x")
    drawn = edges(draw(x * x))
    assert [(edge.tail, edge.head, attribute(edge.attributes, "label")) for edge in drawn] == [("n0", "n1", "-3")] * 2


def test_the_edges_of_a_dot_come_pair_by_pair_and_those_of_a_sum_in_order() -> None:
    w = [Value(2.0), Value(3.0)]
    picture = draw(functions.dot(w, [Value(5.0), 7.0]))
    assert [edge.tail for edge in edges(picture)] == ["n0", "n2", "n1", "n3c3"]
    assert partials(picture, "n3") == ["5", "2", "7", ""]
    assert [edge.tail for edge in edges(draw(functions.sum([w[1], 1.0, w[0], w[1]])))] == ["n0", "n2c1", "n1", "n0"]


def test_a_constant_is_a_node_of_its_own_for_each_use() -> None:
    picture = draw(2.0 ** (Value(3.0, "x") - 2.0))
    labels = {name: attribute(source, "label") for name, source in node_sources(picture).items()}
    assert {name: label for name, label in labels.items() if is_constant(name)} == {"n1c1": "2", "n2c0": "2"}


def test_leaves_computed_nodes_and_constants_differ_in_shape() -> None:
    sources = node_sources(draw(Value(1.0) + 2.0))
    assert len({attribute(source, "shape") for source in sources.values()}) == len(sources) == 3


def test_tooltips_have_all_digits() -> None:
    x = Value(0.1 + 0.2, "x")
    y = 3.0 * x
    y.backward()
    source = node_sources(draw(y))["n0"]
    assert attribute(source, "tooltip") == "value: 0.30000000000000004, grad: 3.0"
    assert texts(draw(y), "n0") == ["x", "value: 0.3", "grad: 3"]


def test_precision_is_the_number_of_significant_digits() -> None:
    picture = draw(Value(math.pi).exp(), precision=2)
    assert texts(picture, "n0")[0] == "value: 3.1"
    assert partials(picture, "n1") == ["23"]


def test_without_numbers_there_are_labels_operations_and_constants() -> None:
    picture = draw(neuron() ** 2, numbers=False)
    assert [texts(picture, f"n{place}") for place in (0, 3, 5, 6)] == [["w"], ["*"], ["relu", "y"], ["**"]]
    assert set(partials(picture, "n3")) == {""}
    assert not re.search("value|grad|tooltip=.*value", picture.source)
    assert attribute(node_sources(picture)["n6c1"], "label") == "2"


def test_a_leaf_without_label_and_numbers_is_an_empty_node() -> None:
    assert attribute(node_sources(draw(Value(1.0), numbers=False))["n0"], "label") == ""


def test_infinite_and_undefined_numbers_are_drawn() -> None:
    x = Value(0.0, "x")
    picture = draw(x.sqrt() * math.nan)
    assert partials(picture, "n1") == ["inf"]
    assert "value: nan" in texts(picture, "n2")


def test_a_derivative_is_drawn_like_any_graph() -> None:
    x = Value(0.5, "x")
    picture = draw(derivatives.grad(x.tanh() * x, x))
    assert {"tanh", "+", "*"} <= {texts(picture, name)[0] for name in node_sources(picture) if not is_constant(name)}


def test_several_values_are_drawn_in_one_picture_and_share_their_nodes() -> None:
    x, w = Value(0.5, "x"), Value(2.0, "w")
    picture = draw([x * w, x + w, x])
    assert list(node_sources(picture)) == ["n0", "n1", "n2", "n3"]


@pytest.mark.parametrize("direction", ["LR", "RL", "TB", "BT"])
def test_a_picture_goes_to_the_right_to_the_left_down_or_up(direction: str) -> None:
    assert f"rankdir={direction}" in draw(Value(1.0), direction=direction).source


# ---- what is refused


def test_a_graph_of_more_than_max_nodes_is_refused_with_its_size() -> None:
    y = Value(1.0)
    for _ in range(3):
        y = y + Value(1.0)
    assert len(node_sources(draw(y, max_nodes=7))) == 7
    with pytest.raises(ValueError, match=r"7 nodes and 6 edges, .* at most 6 and 24: draw a part.*raise max_nodes"):
        draw(y, max_nodes=6)


def test_constants_count_as_nodes() -> None:
    with pytest.raises(ValueError, match="301 nodes"):
        draw(functions.sum([Value(1.0), *[2.0] * 298, 3.0]))


def test_a_graph_of_few_nodes_and_many_edges_is_refused() -> None:
    with pytest.raises(ValueError, match=r"2 nodes and 100,000 edges, .* 300 and 1,200:"):
        draw(functions.sum([Value(1.0)] * 100_000))


def test_a_long_chain_is_refused_without_recursion() -> None:
    y = Value(1.0)
    for _ in range(200_000):
        y = -y
    with pytest.raises(ValueError, match="200,001 nodes"):
        draw(y)


def test_a_long_chain_is_drawn_when_asked_for() -> None:
    y = Value(1.0)
    for _ in range(3_000):
        y = -y
    assert len(edges(draw(y, max_nodes=4_000))) == 3_000


@pytest.mark.parametrize("other", [3.0, None, "x", [3.0], [Value(1.0), None]])
def test_what_is_not_a_value_is_a_type_error(other: Any) -> None:
    with pytest.raises(TypeError, match="draw needs a Value, or several; got"):
        draw(other)


@pytest.mark.parametrize("option", [{"direction": "lr"}, {"direction": "up"}, {"precision": 0}])
def test_a_wrong_option_is_a_value_error_that_names_it(option: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"{next(iter(option))} is .*got {next(iter(option.values()))!r}"):
        draw(Value(1.0), **option)


# ---- labels are text

HOSTILE = [
    "a|b",
    "{a|{b}}",
    "<b>x</b>",
    "<<TABLE><TR><TD>x</TD></TR></TABLE>>",
    "</B></FONT></TD>",
    "<!-- x -->",
    "]]>",
    '"];evil[',
    '"',
    "\\",
    '\\"',
    "\\\\",
    "\\N \\G \\E \\T \\H \\L \\n \\l \\r",
    "ends in \\",
    "&",
    "&amp;",
    "&lt;b&gt;",
    "&#65; &#x41; &nosuch;",
    "%s %d {0}",
    "line 1\nline 2",
    "line 1\r\n\rline 2",
    "tab\there",
    "\x00\x01\x1b[31m\x7f\x85\x9f",
    "\ud800 alone",
    "\ufffe\uffff",
    "ŷ ∂J/∂w₁ σ 神经 🙂 e\u0301",
    "\u202eright to left",
    "",
    "  ",
    "\n",
    "'; DROP",
    "digraph",
    "n0 -> n1",
    "//x /* y */ # z",
]


def shown(label: str) -> str:
    """What is to be read, without white space: U+FFFD stands for what XML cannot hold."""
    kept = label.translate(str.maketrans("", "", "\n\r\t"))
    forbidden = {c for c in kept if unicodedata.category(c) in {"Cc", "Cs"} or ord(c) % 65536 in {0xFFFE, 0xFFFF}}
    return "".join("".join("\ufffd" if c in forbidden else c for c in kept).split())


def picture_of(labels: list[str]) -> Picture:
    """A sum of leaves with these labels, which has the first label too."""
    return draw(sum_labelled(labels))  # no variable holds it, whose name would stand for an empty label


def sum_labelled(labels: list[str]) -> Value:
    y = functions.sum([Value(1.0, label) for label in labels])
    y.label = labels[0]
    return y


def labels_drawn(lines: list[list[str]]) -> list[str]:
    """The labels again: of the sum, what stands between the operation and the numbers, and so for its leaves."""
    *leaves, root = ["".join("".join(node[:-2]).split()) for node in lines]
    return [*leaves, root.removeprefix("sum")]


def assert_source_shows(labels: list[str]) -> None:
    picture = picture_of(labels)
    assert list(node_sources(picture)) == [f"n{place}" for place in range(len(labels) + 1)]
    lines = [texts(picture, name) for name in node_sources(picture)]
    assert labels_drawn(lines) == [*map(shown, labels), shown(labels[0])]


def assert_svg_shows(labels: list[str]) -> None:
    nodes: dict[str, list[str]] = {}
    svg = ET.fromstring(rendered(picture_of(labels).source, "svg"))
    groups = [group for group in svg.iter(f"{SVG}g") if group.get("class") in ("node", "edge")]
    for group in groups:
        if group.get("class") == "node":
            nodes[group.findtext(f"{SVG}title", "")] = ["".join(text.itertext()) for text in group.iter(f"{SVG}text")]
    assert len(groups) == 2 * len(labels) + 1
    lines = [nodes[f"n{place}"] for place in range(len(labels) + 1)]
    assert labels_drawn(lines) == [*map(shown, labels), shown(labels[0])]


labels = st.lists(
    st.text(st.sampled_from('|{}<>&"\\;[]=-/bNGl#x; \n') | st.characters(), max_size=12) | st.sampled_from(HOSTILE),
    min_size=1,
    max_size=8,
)


@pytest.mark.parametrize("label", HOSTILE)
def test_a_label_written_to_break_the_source_is_text_there(label: str) -> None:
    assert_source_shows([label])


@given(labels)
def test_every_label_is_text_in_the_source(labels: list[str]) -> None:
    assert_source_shows(labels)


@needs_engine
def test_labels_written_to_break_the_picture_are_text_in_it() -> None:
    assert_svg_shows(HOSTILE)


@needs_engine
@given(labels)
def test_every_label_is_text_in_the_picture(labels: list[str]) -> None:
    assert_svg_shows(labels)


@pytest.mark.parametrize("label", ["  ", "\n", "\t\r\n"])
def test_a_label_of_white_space_takes_no_room(label: str) -> None:
    assert draw(Value(1.0, label)).source == draw(Value(1.0)).source


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
