"""Tests of `to_mermaid`: the text has the nodes, edges and texts of the picture, and labels are text in it.

That Mermaid itself shows these texts was seen in a browser with Mermaid 11; here the text is read back by its grammar.
"""

from __future__ import annotations

import copy
import re
from random import Random
from typing import Any, get_args

import graphviz
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, draw, draw_passes, to_mermaid
from autograd import sum as sum_of
from autograd.drawing.looks import EDGES, LIT, NODES
from autograd.drawing.mermaid import SHAPES
from autograd.drawing.sketches import Direction, Edge
from autograd.rendering import Picture
from nn import MLP, draw_network, mse
from tests.hostile_labels import HOSTILE, MERMAID, in_mermaid, lost, random_label, visible
from tests.pictures import flowchart, graphs


def assert_same(picture: Picture) -> None:
    """The Mermaid text says what the sketch says, node by node and edge by edge."""
    found, sketch = flowchart(to_mermaid(picture)), picture.sketch
    assert found.direction == sketch.direction
    assert list(found.nodes) == [node.name for node in sketch.nodes]
    for node in sketch.nodes:
        told = found.nodes[node.name]
        texts = [node.symbol, node.label, node.remark, *(line.text for line in node.lines)]
        assert visible("".join(told.lines)) == visible("".join(texts))
        assert told.look == node.look
    assert [(edge.tail, edge.head) for edge in found.edges] == [(edge.tail, edge.head) for edge in sketch.edges]
    for place, (told_edge, edge) in enumerate(zip(found.edges, sketch.edges)):
        assert "".join(told_edge.lines) == edge.text
        assert told_edge.arrow == arrow(edge)
        assert (found.styles.get(place) == f"stroke:{LIT},stroke-width:3px") == edge.is_lit
    assert found.classes.get("lit", []) == [node.name for node in sketch.nodes if node.is_lit]
    assert found.looks.keys() - {"lit", "pale"} == {node.look for node in sketch.nodes}


def arrow(edge: Edge) -> str:
    """The arrow by the style of its line and by whether it has a head."""
    look = EDGES[edge.look]
    arrows = {"solid": ("-->", "---"), "dashed": ("-.->", "-.-"), "invis": ("~~~", "~~~")}
    return arrows[look.style][look.arrowhead == "none"]


def network_loss() -> Value:
    model = MLP(2, [3, 1], "tanh", seed=0)
    return mse([model([0.1 * place, 0.5]) for place in range(5)], [0.0] * 5)


# ---- laws


@given(graphs(), st.booleans(), st.sampled_from(get_args(Direction)))
def test_nodes_edges_and_texts_are_those_of_the_picture(y: Value, numbers: bool, direction: Direction) -> None:
    assert_same(draw(y, numbers=numbers, direction=direction))


@given(graphs(), st.integers(0, 40))
def test_what_is_lit_in_the_picture_is_lit(y: Value, n: int) -> None:
    stepper = y.steps()
    for _ in range(n):
        stepper.next()
    assert_same(draw(y, highlight=stepper))


@given(graphs())
def test_both_passes_are_told_and_adjoints_run_from_a_node_to_its_operands(y: Value) -> None:
    picture = draw_passes(y, legend=True)
    assert_same(picture)
    backward = [edge for edge in flowchart(to_mermaid(picture)).edges if edge.arrow == "-.->" and edge.lines]
    assert all(int(edge.tail[1:]) > int(edge.head[1:]) for edge in backward)


@given(graphs())
def test_the_same_picture_gives_the_same_text(y: Value) -> None:
    y.label = "the root"  # else the variable that holds it is told, which a copy has not
    assert to_mermaid(y) == to_mermaid(draw(y)) == to_mermaid(copy.deepcopy(y))


@given(
    st.lists(
        st.text(max_size=12)
        | st.sampled_from(HOSTILE + MERMAID)
        | st.integers(0, 2**32).map(lambda seed: random_label(Random(seed))),
        min_size=1,
        max_size=6,
    )
)
def test_every_label_is_text_in_mermaid(labels: list[str]) -> None:
    assert not lost(labels, in_mermaid)


@given(st.text() | st.integers(0, 2**32).map(lambda seed: random_label(Random(seed))))
def test_no_line_has_a_sign_or_a_word_of_mermaid_in_a_text(label: str) -> None:
    text = to_mermaid(Value(1.0, label), numbers=False)
    (node, style) = text.removesuffix("\n").split("\n")[1:]
    quoted = re.fullmatch(r'    n0[\[>]{1,2}"([^"]+)"\]{1,2}:::(?:leaf|input|parameter)', node)
    assert quoted
    assert not re.search(r"style|classDef|%%|[;|{}<>`&\\$*~\[\]!@]", re.sub(r"#\d+;|<br/>", "", quoted[1]))
    assert style.startswith("    classDef ")


# ---- labels


@pytest.mark.parametrize("label", [*HOSTILE, *MERMAID])
def test_a_label_written_to_break_the_text_is_text_there(label: str) -> None:
    assert not lost([label], in_mermaid)


@pytest.mark.parametrize(
    ("label", "written"),
    [
        ("w1", "w1"),
        ("∂J/∂w₁ = −0.5 · (ŷ − y)", "∂J/∂w₁ = −0.5 · (ŷ − y)"),
        ('"', "#34;"),
        ("a;b", "a#59;b"),
        ("#59;", "#35;59#59;"),
        ("1. one", "#49;. one"),
        ("1) one", "#49;) one"),
        ("12.", "#49;2."),
        ("- dash", "#45; dash"),
        ("-1", "-1"),
        ("1.5 one", "1.5 one"),
        ("`code`", "#96;code#96;"),
        ("a\nb", "a<br/>b"),
        ("\\n", "#92;#8288;n"),
        ("$$", "#36;#8288;#36;"),
        ("fa:fa-car", "fa:#8288;fa-car"),
        ("style a:b", "#115;tyle a:b"),
        ("classDef", "#99;lassDef"),
        ("\x00", "#65533;"),
    ],
)
def test_what_mermaid_or_markdown_read_as_theirs_is_written_as_a_number(label: str, written: str) -> None:
    assert f'["{written}"]' in to_mermaid(Value(1.0, label), numbers=False) or label == "w1"


def test_a_node_without_text_has_a_space_for_mermaid_reads_no_empty_text() -> None:
    text = to_mermaid(sum_of([Value(1.0)]), numbers=False)
    assert 'n0[" "]:::leaf' in text
    assert '""' not in text


# ---- pictures


def test_a_neuron_is_told_in_full() -> None:
    w, x, b = Value(2.0, "w"), Value(-3.0, "x"), Value(10.0, "b")
    y = w * x + b
    y.label = "y"
    y.backward()
    assert to_mermaid(draw(y, highlight=[w])).splitlines() == [
        "flowchart LR",
        '    n0[["w<br/>value: 2<br/>grad: −3"]]:::parameter',
        '    n1>"x<br/>value: −3<br/>grad: 2"]:::input',
        '    n2[["b<br/>value: 10<br/>grad: 1"]]:::parameter',
        '    n3("#42; v1<br/>value: −6<br/>grad: 1"):::computed',
        '    n4("#43; y<br/>value: 4<br/>grad: 1"):::computed',
        '    n0 -->|"−3"| n3',
        '    n1 -->|"2"| n3',
        '    n3 -->|"1"| n4',
        '    n2 -->|"1"| n4',
        *(f"    classDef {look} {style_of(look)}" for look in ("input", "parameter", "computed")),
        f"    classDef lit stroke:{LIT},stroke-width:3px",
        "    class n0 lit",
        "    linkStyle 0,1,2,3 stroke:#6b7682,stroke-width:1px",
    ]


def style_of(look: str) -> str:
    return f"fill:{NODES[look].fillcolor},stroke:{NODES[look].color},color:#1b1f24"


@pytest.mark.parametrize("collapse", ["never", "neuron", "layer"])
def test_collapsed_pictures_are_told(collapse: Any) -> None:
    picture = draw(network_loss(), collapse=collapse, legend=True)
    assert_same(picture)
    brackets = {node.brackets for node in flowchart(to_mermaid(picture)).nodes.values() if node.look == "collapsed"}
    assert brackets == (set() if collapse == "never" else {"[()]"})


def test_roles_have_shapes_of_their_own() -> None:
    w, x, t, k = Value(2.0, "w"), Value(3.0, "x"), Value(1.0, "t"), Value(1.0, "k")
    nodes = flowchart(to_mermaid((w * x * k - t) ** 2)).nodes.values()
    assert len({node.brackets for node in nodes}) == len({node.look for node in nodes}) == 6
    told_apart = ("input", "parameter", "target", "constant", "leaf", "computed", "collapsed")
    assert len({SHAPES[look] for look in told_apart}) == len(told_apart)


def test_a_network_is_told() -> None:
    assert_same(draw_network(MLP(2, [3, 1], seed=0)))


def test_a_value_is_drawn_with_the_options_of_draw() -> None:
    y = Value(1 / 3, "x") * 2.0
    assert to_mermaid(y, precision=2, direction="TB") == to_mermaid(draw(y, precision=2, direction="TB"))
    assert to_mermaid([y, y]) == to_mermaid(draw([y, y]))


# ---- errors


def test_options_beside_a_picture_that_is_drawn_are_a_type_error_that_names_them() -> None:
    with pytest.raises(
        TypeError, match="the picture is drawn already; give precision, legend to the function that draws"
    ):
        to_mermaid(draw(Value(1.0)), precision=3, legend=True)


@pytest.mark.parametrize("wrong", [3.0, None, "flowchart", [1.0]])
def test_what_is_neither_a_picture_nor_a_value_is_a_type_error(wrong: Any) -> None:
    with pytest.raises(TypeError):
        to_mermaid(wrong)


def test_an_option_that_draw_has_not_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="shape"):
        to_mermaid(Value(1.0), shape="box")


def test_every_look_has_a_shape() -> None:
    assert SHAPES.keys() == NODES.keys()


@pytest.mark.parametrize("other", [3, None, "x", graphviz.Digraph(), Picture()])
def test_what_is_no_picture_of_this_library_is_a_type_error(other: Any) -> None:
    with pytest.raises(TypeError, match="to_mermaid takes a picture of this library, or Values; got "):
        to_mermaid(other)
