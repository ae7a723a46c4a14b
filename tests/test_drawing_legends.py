"""Tests of legends: a node for each look that there is in the picture, and nothing else changes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given

from autograd import Value, draw, draw_passes
from autograd import sum as sum_of
from autograd.drawing.looks import NODES
from autograd.rendering import Picture
from tests.pictures import drawn, graphs, needs_engine, svg_nodes


def legend(picture: Picture) -> dict[str, str]:
    """The shape of each line of the legend in the source, by its text."""
    found = drawn(picture)
    return {
        " ".join(found.lines(name)): attributes["shape"]
        for name, attributes in found.nodes.items()
        if name.startswith("legend")
    }


def assert_legend(bare: Picture, shown: Picture) -> None:
    looks = {node.look for node in bare.sketch.nodes}
    assert legend(shown) == {look: NODES[look].shape for look in looks}
    assert legend(bare) == {}
    nodes = [node for node in shown.sketch.nodes if not node.name.startswith("legend")]
    edges = [edge for edge in shown.sketch.edges if not edge.tail.startswith("legend")]
    assert (nodes, edges) == (list(bare.sketch.nodes), list(bare.sketch.edges))


@given(graphs("awt"))
def test_a_legend_has_exactly_the_looks_in_the_picture(y: Value) -> None:
    assert_legend(draw(y), draw(y, legend=True))
    assert_legend(draw_passes(y), draw_passes(y, legend=True))


@given(graphs("awt"))
def test_the_edges_of_a_legend_are_hidden_and_join_its_nodes_in_a_row(y: Value) -> None:
    found = drawn(draw(y, legend=True))
    names = [name for name in found.nodes if name.startswith("legend")]
    hidden = [edge for edge in found.edges if edge.attributes.get("style") == "invis"]
    assert [(edge.tail, edge.head) for edge in hidden] == list(pairwise(names))


@pytest.mark.parametrize("collapse", ["neuron", "layer"])
def test_boxes_are_in_the_legend(collapse: Any) -> None:
    y = sum_of([Value(1.0, f"layer1.neuron1.w[{place}]") for place in range(3)])
    assert_legend(draw(y, collapse=collapse), draw(y, collapse=collapse, legend=True))
    assert list(legend(draw(y, collapse=collapse, legend=True))) == ["collapsed"]


def test_the_order_is_that_of_the_style_sheet() -> None:
    w, x, t, k = Value(2.0, "w"), Value(3.0, "x"), Value(1.0, "t"), Value(1.0, "k")
    picture = draw((w * x * k - t) ** 2, legend=True)
    assert list(legend(picture)) == ["input", "parameter", "target", "constant", "leaf", "computed"]


def test_a_legend_is_not_lit_and_tells_no_numbers() -> None:
    x = Value(3.0, "x")
    picture = draw(x * 2.0, highlight=x, legend=True)
    assert [len(drawn(picture).lines(name)) for name in drawn(picture).nodes if name.startswith("legend")] == [1, 1, 1]
    assert not any(node.is_lit for node in picture.sketch.nodes if node.name.startswith("legend"))


@needs_engine
def test_a_legend_is_drawn_beside_the_graph() -> None:
    picture = draw(Value(3.0, "x") * 2.0, legend=True)
    assert svg_nodes(picture).keys() == drawn(picture).nodes.keys()
