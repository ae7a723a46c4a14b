"""Tests of `draw_network`: each neuron is a node, each weight an edge, matrices fit together, and text stays text."""

from __future__ import annotations

import html
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograd import Value, to_mermaid
from autograd.drawing.rows import places_of
from autograd.drawing.sketches import Edge, Node, Sketch
from autograd.rendering import Picture, rendered
from nn import (
    MLP,
    SGD,
    Convolution2D,
    Dropout,
    Flatten,
    Layer,
    LeakyReLU,
    MaxPooling2D,
    Neuron,
    Sequential,
    draw_network,
    half_squared_error,
)
from nn.diagrams.neurons import WIDEST
from nn.diagrams.readings import MOST_NUMBERS
from tests.pictures import SVG, needs_engine

HOSTILE = '"]; <b>|{ \\N &amp; -->'


# ---- reading a picture


def of_look(picture: Picture, *looks: str) -> list[Node]:
    return [node for node in picture.sketch.nodes if node.look in looks]


def weights(picture: Picture) -> list[Edge]:
    return [edge for edge in picture.sketch.edges if edge.look != "operand"]


def texts(picture: Picture) -> set[str]:
    """Every text that the HTML-like labels of a picture show, as an XML parser reads them."""
    markup = re.findall(r"label=<(<TABLE.*?</TABLE>)>(?= |\])", picture.source, re.DOTALL)
    found = {text for label in markup for text in ET.fromstring(label).itertext()}
    return {text.replace("\\\\", "\\").strip() for text in found}


def lines(node: Node) -> list[str]:
    return [line.text for line in node.lines]


def shapes(picture: Picture) -> list[tuple[int, int]]:
    """The shapes of the blocks, from the input on, without biases."""
    told = [node.remark.split(" × ") for node in of_look(picture, "weights", "vector") if node.name[0] != "b"]
    return [(int(rows), int(columns)) for rows, columns in told]


def cells(picture: Picture, name: str) -> list[list[str]]:
    (node,) = (node for node in picture.sketch.nodes if node.name == name)
    return [[cell.text for cell in row] for row in node.cells]


def small(bias: bool = True) -> MLP:
    """The network of document 003."""
    model = MLP(2, [3, 1], "sigmoid", "sigmoid", bias, seed=0)
    b = ([0.1, 0.5, 0.8], [0.7]) if bias else (None, None)
    model.layers[0].set_weights([[0.1, -0.5], [-0.3, -0.9], [0.8, 0.02]], b[0])
    model.layers[1].set_weights([[-0.4, 0.2, -0.5]], b[1])
    return model


sizes = st.lists(st.integers(1, 14), min_size=1, max_size=4)


# ---- laws


@given(st.integers(1, 14), sizes)
def test_each_neuron_is_a_node_and_each_weight_an_edge_unless_they_are_abridged(
    n_inputs: int, sizes: list[int]
) -> None:
    picture = draw_network(MLP(n_inputs, sizes, seed=0))
    drawn = [min(size, 12) for size in (n_inputs, *sizes)]
    assert len(of_look(picture, "feature")) == drawn[0]
    assert len(of_look(picture, "neuron")) == sum(drawn[1:])
    assert len(of_look(picture, "rest")) == sum(size > 12 for size in (n_inputs, *sizes))
    assert len({(edge.tail, edge.head) for edge in weights(picture)}) == sum(a * b for a, b in pairwise(drawn))
    assert len(weights(picture)) == sum(a * b for a, b in pairwise(drawn))


@given(st.lists(st.floats(), min_size=1, max_size=12))
@example([math.nan, math.inf, -math.inf, 0.0, -0.0, 1e308, 5e-324])
@example([0.0, 0.0])
def test_a_line_is_wider_for_a_larger_weight_and_dashed_for_a_negative_one(numbers: list[float]) -> None:
    neuron = Neuron(len(numbers), seed=0)
    for weight, number in zip(neuron.w, numbers):
        weight.data = number
    drawn = dict(zip(numbers, weights(draw_network(neuron))))
    for number, edge in drawn.items():
        sign = "unknown" if math.isnan(number) else {1: "positive", 0: "zero", -1: "negative"}[int(np.sign(number))]
        assert edge.look == sign
        assert 0 < edge.width <= WIDEST
    ordered = sorted((number for number in drawn if not math.isnan(number)), key=abs)
    assert all(drawn[a].width <= drawn[b].width for a, b in pairwise(ordered))


@given(st.integers(1, 14), sizes, st.sampled_from(["rows", "columns"]), st.booleans())
def test_the_shapes_of_blocks_chain_together(n_inputs: int, sizes: list[int], examples: Any, bias: bool) -> None:
    picture = draw_network(MLP(n_inputs, sizes, bias=bias, seed=0), view="blocks", examples=examples)
    blocks = shapes(picture)
    if examples == "columns":
        blocks = [(columns, rows) for rows, columns in blocks]
    x, given_by = blocks[0], blocks[1:]
    assert x == (1, n_inputs)
    for weight, output in zip(given_by[::2], given_by[1::2]):
        assert x[1] == weight[0]
        assert output == (1, weight[1])
        x = output
    assert [edge.tail for edge in picture.sketch.edges[1:]] == [edge.head for edge in picture.sketch.edges[:-1]]


@given(st.integers(1, 14), sizes)
def test_a_matrix_has_a_cell_for_each_element_that_is_drawn(n_inputs: int, sizes: list[int]) -> None:
    picture = draw_network(MLP(n_inputs, sizes, seed=0), view="blocks")
    for node in of_look(picture, "weights", "vector"):
        rows, columns = map(int, node.remark.split(" × "))
        assert [len(row) for row in node.cells] == [min(columns, 13)] * min(rows, 13)


@pytest.mark.parametrize("view", ["neurons", "blocks"])
@pytest.mark.parametrize("gradients", [False, True])
def test_the_same_model_gives_the_same_source_and_is_not_changed(view: Any, gradients: bool) -> None:
    model = small()
    half_squared_error(model([1.8, -3.4]), 5).backward()
    before = [(p.data, p.grad, p.grad_state, p.label) for p in model.parameters()]
    source = draw_network(model, x=[1.8, -3.4], view=view, gradients=gradients).source
    assert [(p.data, p.grad, p.grad_state, p.label) for p in model.parameters()] == before
    again = small()
    half_squared_error(again([1.8, -3.4]), 5).backward()
    assert draw_network(again, x=[1.8, -3.4], view=view, gradients=gradients).source == source


@given(st.integers(1, 14), sizes, st.sampled_from(["LR", "RL", "TB", "BT"]))
def test_nodes_of_a_row_stand_in_order_and_apart(n_inputs: int, sizes: list[int], direction: Any) -> None:
    sketch: Sketch = draw_network(MLP(n_inputs, sizes, seed=0), direction=direction, loss="MSE").sketch
    places = places_of(sketch)
    along, across = (0, 1) if direction in ("LR", "RL") else (1, 0)
    starts = []
    for row in sketch.rows:
        stand = [places.nodes[name] for name in row]
        starts.append(stand[0][along])
        assert {place[along] for place in stand} == {starts[-1]}
        steps = [b[across] - a[across] for a, b in pairwise(stand)]
        assert all((-step if across else step) > places.circle for step in steps)
        assert sum(place[across] for place in stand) == pytest.approx(0, abs=1e-9)  # inches, of rounding
    forward = starts if direction in ("LR", "BT") else [-start for start in starts]
    assert all(b - a > places.circle for a, b in pairwise(forward))


@given(st.integers(1, 6), st.lists(st.integers(1, 6), min_size=1, max_size=3), st.sampled_from(["LR", "TB"]))
def test_numbers_on_lines_do_not_overlap(n_inputs: int, sizes: list[int], direction: Any) -> None:
    sketch: Sketch = draw_network(MLP(n_inputs, sizes, seed=0), direction=direction, numbers=True).sketch
    placed = places_of(sketch).texts
    width, height = 0.45, 0.14  # inches of a text of six letters
    for number, a in placed.items():
        assert not [
            other
            for other, b in placed.items()
            if other < number and abs(a.x - b.x) < width * 0.99 and abs(a.y - b.y) < height * 0.99
        ]


# ---- figures of the documents


def test_figure_8_is_a_perceptron() -> None:
    picture = draw_network(Neuron(3, "step", seed=0))
    assert [node.label for node in of_look(picture, "feature")] == ["x1", "x2", "x3"]
    (neuron,) = of_look(picture, "neuron")
    assert (neuron.symbol, neuron.label, lines(neuron)) == ("step", "ŷ", ["b = 0"])
    assert len(weights(picture)) == 3


def test_figure_13_is_a_network_of_three_layers() -> None:
    sketch = draw_network(small()).sketch
    labels = {node.name: node.label for node in sketch.nodes}
    assert [[labels[name] for name in row] for row in sketch.rows] == [["x1", "x2"], ["h1", "h2", "h3"], ["ŷ"]]
    assert list(sketch.titles) == ["input", "hidden", "output"]
    assert [edge.text for edge in weights(draw_network(small()))][:2] == ["0.1", "−0.5"]


def strong(picture: Picture) -> set[str]:
    return {node.label for node in picture.sketch.nodes if not node.is_pale}


def lit(picture: Picture) -> set[str]:
    return {node.label for node in picture.sketch.nodes if node.is_lit}


def test_figure_14_shows_the_inputs_alone() -> None:
    picture = draw_network(small(), highlight="inputs")
    assert lit(picture) == strong(picture) == {"x1", "x2"}
    assert all(edge.is_pale for edge in weights(picture))


def test_figure_15_shows_a_neuron_with_its_weights() -> None:
    model = small()
    picture = draw_network(model, highlight=model.layers[0].neurons[0])
    assert (lit(picture), strong(picture)) == ({"h1"}, {"x1", "x2", "h1"})
    assert [edge.text for edge in weights(picture) if not edge.is_pale] == ["0.1", "−0.5"]
    assert {edge.text for edge in weights(picture) if edge.is_pale} == {""}


def test_numbers_that_are_asked_for_are_shown_in_the_background_too() -> None:
    picture = draw_network(small(), x=[1.8, -3.4], highlight="inputs", numbers=True)
    usual = draw_network(small(), x=[1.8, -3.4])
    assert all(edge.is_pale for edge in weights(picture))
    assert [edge.text for edge in weights(picture)] == [edge.text for edge in weights(usual)]
    neurons = zip(of_look(picture, "neuron"), of_look(usual, "neuron"))
    assert all(lines(pale) == lines(node) != [] for pale, node in neurons)
    blocks = draw_network(small(), view="blocks", highlight="inputs", numbers=True)
    assert cells(blocks, "W0") == cells(draw_network(small(), view="blocks", numbers=True), "W0")


@pytest.mark.parametrize(("place", "rows"), [(0, ["x1", "x2", "h1", "h2", "h3"]), (1, ["h1", "h2", "h3", "ŷ"])])
def test_figures_16_and_17_show_a_layer_with_what_it_reads(place: int, rows: list[str]) -> None:
    model = small()
    assert strong(draw_network(model, highlight=model.layers[place])) == set(rows)


def test_figure_20_shows_z_and_y_of_an_example() -> None:
    picture = draw_network(small(), x=[1.8, -3.4])
    assert [lines(node) for node in of_look(picture, "feature")] == [["1.8"], ["−3.4"]]
    assert lines(of_look(picture, "neuron")[0]) == ["b = 0.1", "z = 1.98", "y = 0.8787"]
    assert lines(of_look(picture, "neuron")[-1]) == ["b = 0.7", "z = 0.09037", "y = 0.5226"]


def test_figure_23_names_hidden_layers_by_their_numbers() -> None:
    picture = draw_network(MLP(3, [5, 3, 2], "sigmoid", "sigmoid", seed=0))
    names = [node.label for node in of_look(picture, "neuron")]
    assert names == ["h1,1", "h1,2", "h1,3", "h1,4", "h1,5", "h2,1", "h2,2", "h2,3", "ŷ1", "ŷ2"]
    assert {node.symbol for node in of_look(picture, "neuron")} == {"σ"}
    assert not any(edge.text for edge in weights(picture))


def test_figure_28_has_a_block_for_the_loss() -> None:
    picture = draw_network(MLP(2, [1], "sigmoid", "sigmoid", bias=False, seed=0), loss="MSE")
    assert [node.label for node in of_look(picture, "loss")] == ["MSE"]
    assert [(edge.tail, edge.head) for edge in picture.sketch.edges][-1] == ("n0_0", "loss")
    assert [lines(node) for node in of_look(picture, "neuron")] == [[]]


def test_figure_35_stacks_matrices() -> None:
    picture = draw_network(MLP(2, [5, 3, 1], "sigmoid", "sigmoid", bias=False, seed=0), view="blocks", loss="MSE")
    assert shapes(picture) == [(1, 2), (2, 5), (1, 5), (5, 3), (1, 3), (3, 1), (1, 1)]
    assert [node.label for node in picture.sketch.nodes] == ["x", "W1", "h1", "W2", "h2", "W3", "ŷ", "MSE"]
    assert picture.sketch.direction == "BT"


def test_blocks_hold_the_weights_of_both_conventions() -> None:
    rows = draw_network(small(), view="blocks")
    assert cells(rows, "W0") == [["0.1", "−0.3", "0.8"], ["−0.5", "−0.9", "0.02"]]
    assert cells(rows, "b0") == [["0.1", "0.5", "0.8"]]
    columns = draw_network(small(), view="blocks", examples="columns", x=[1.8, -3.4])
    assert cells(columns, "W0") == [["0.1", "−0.5"], ["−0.3", "−0.9"], ["0.8", "0.02"]]
    assert cells(columns, "y0") == [["0.8787"], ["0.9535"], ["0.8977"]]
    assert columns.sketch.direction == "LR"
    assert "x · W + b" in rows.sketch.caption
    assert "W · x + b" in columns.sketch.caption


# ---- gradients


def test_gradients_that_were_not_computed_are_not_shown_as_zero() -> None:
    picture = draw_network(small(), gradients=True)
    assert {(edge.text, edge.look) for edge in weights(picture)} == {("?", "unknown")}
    assert lines(of_look(picture, "neuron")[0]) == ["grad b = ?"]
    assert "No gradient was computed" in picture.sketch.caption
    assert cells(draw_network(small(), gradients=True, view="blocks"), "W1") == [["?"], ["?"], ["?"]]


def test_gradients_take_the_place_of_weights_and_the_caption_says_so() -> None:
    model = small()
    half_squared_error(model([1.8, -3.4]), 5).backward()
    picture = draw_network(model, gradients=True)
    assert [edge.text for edge in weights(picture)][-3:] == ["−0.9816", "−1.065", "−1.003"]
    assert "A line is the gradient of a weight" in picture.sketch.caption
    assert lines(of_look(picture, "neuron")[-1]) == ["grad b = −1.117"]
    blocks = draw_network(model, gradients=True, view="blocks")
    assert "grad W1" in {node.label for node in blocks.sketch.nodes}
    assert cells(blocks, "W1") == [["−0.9816"], ["−1.065"], ["−1.003"]]


def test_a_gradient_that_is_zero_and_one_of_old_weights_are_told_apart() -> None:
    model = MLP(2, [1], seed=0)
    half_squared_error(model([0.0, 1.0]), 5).backward()
    assert [edge.look for edge in weights(draw_network(model, gradients=True))] == ["zero", "negative"]
    assert "Stale" not in draw_network(model, gradients=True).sketch.caption
    model.layers[0].neurons[0].w[0].grad = 0.0
    assert "1 of 3 gradients is not computed." in draw_network(model, gradients=True).sketch.caption
    half_squared_error(model([0.0, 1.0]), 5).backward()
    SGD(model.parameters(), lr=0.1).step()
    picture = draw_network(model, gradients=True)
    assert "Stale: parameters were written" in picture.sketch.caption
    assert weights(picture)[1].tooltip.endswith(", stale")


@pytest.mark.parametrize("view", ["neurons", "blocks"])
def test_gradients_of_all_parameters_are_counted_also_of_those_that_are_not_drawn(view: Any) -> None:
    model = small()
    half_squared_error(model.layers[0].neurons[0]([1.8, -3.4]), 5).backward()
    caption = draw_network(model, gradients=True, view=view).sketch.caption
    assert "10 of 13 gradients are not computed." in caption
    assert "backward()" not in caption
    large = MLP(40, [30, 1], seed=0)
    large.layers[0].neurons[0].w[20].grad = 1.0
    half_squared_error(large.layers[0].neurons[15]([1.0] * 40), 5).backward()
    caption = draw_network(large, gradients=True, view=view).sketch.caption
    assert "1,219 of 1,261 gradients are not computed." in caption
    assert "No gradient was computed: call" in draw_network(small(), gradients=True, view=view).sketch.caption


# ---- numbers, names and text


@pytest.mark.parametrize("view", ["neurons", "blocks"])
def test_the_caption_counts_parameters(view: Any) -> None:
    captions = {n: draw_network(MLP(n, [50], bias=False, seed=0), view=view).sketch.caption for n in (1, 1053)}
    assert captions[1].startswith("MLP 1-50, 50 parameters")
    assert captions[1053].startswith("MLP 1053-50, 52,650 parameters")
    single = draw_network(Neuron(1, bias=False, seed=0), view=view).sketch.caption
    assert re.match(r"Neuron 1-1, 1 parameter\b", single)


def test_the_caption_of_blocks_says_how_large_the_elements_of_the_deepest_colours_are() -> None:
    def legend(**options: Any) -> list[str]:
        caption: str = draw_network(small(), view="blocks", **options).sketch.caption
        return caption.split("\n")[1:]

    assert legend() == ["The deeper its colour, the larger an element (weights up to 0.9)."]
    assert legend(x=[1.8, -3.4], numbers=False) == [
        "The deeper its colour, the larger an element (weights up to 0.9, others up to 3.4).",
        "Those with − are negative.",
    ]
    assert legend(gradients=True)[0] == "The deeper its colour, the larger an element."


def test_numbers_stand_on_lines_while_these_are_few() -> None:
    assert all(edge.text for edge in weights(draw_network(MLP(MOST_NUMBERS // 2, [2], seed=0))))
    assert not any(edge.text for edge in weights(draw_network(MLP(MOST_NUMBERS // 3 + 1, [3], seed=0))))
    assert all(edge.text for edge in weights(draw_network(MLP(9, [3], seed=0), numbers=True)))
    bare = draw_network(small(), numbers=False, x=[1.8, -3.4])
    assert not any(edge.text for edge in weights(bare))
    assert not any(node.lines for node in bare.sketch.nodes)


def test_tooltips_have_the_label_and_all_digits() -> None:
    model = MLP(1, [1], seed=0)
    model.layers[0].neurons[0].w[0].data = 0.1 + 0.2
    (edge,) = weights(draw_network(model))
    assert edge.tooltip == "layer1.neuron1.w[0]: 0.30000000000000004"
    assert edge.text == "0.3"
    assert [edge.text for edge in weights(draw_network(model, precision=17))] == ["0.30000000000000004"]


def test_a_large_matrix_shows_signs_in_place_of_numbers() -> None:
    model = MLP(5, [5], seed=0)
    shown = cells(draw_network(model, view="blocks"), "W0")
    assert [[text == "−" for text in row] for row in shown] == (model.layers[0].weights.T < 0).tolist()


def test_names_of_inputs_and_outputs_can_be_given() -> None:
    picture = draw_network(small(), input_names=["m²", "rooms"], output_names=["price"])
    assert [node.label for node in of_look(picture, "feature")] == ["m²", "rooms"]
    assert of_look(picture, "neuron")[-1].label == "price"
    with pytest.raises(ValueError, match=r"a name for each input, 2 in all; got \['one'\]"):
        draw_network(small(), input_names=["one"])


def test_names_of_matrices_can_be_given_and_are_seen_in_blocks_with_biases_beside() -> None:
    names = ["before", "U"]
    picture = draw_network(small(), view="blocks", matrix_names=names)
    assert [node.label for node in of_look(picture, "weights")] == ["before", "b1", "U", "b2"]
    assert len({node.name for node in picture.sketch.nodes}) == len(picture.sketch.nodes)
    gradients = draw_network(small(), view="blocks", gradients=True, matrix_names=names)
    assert [node.label for node in of_look(gradients, "weights")] == ["grad before", "grad b1", "grad U", "grad b2"]
    assert draw_network(small(), matrix_names=names).source == draw_network(small()).source
    with pytest.raises(ValueError, match=r"a name for each matrix, 2 in all; got \['one'\]"):
        draw_network(small(), matrix_names=["one"])


def test_a_long_name_of_an_output_stands_in_lines_so_that_circles_stay_small() -> None:
    model = MLP(2, [3, 2], "tanh", "softmax", seed=0)
    names = ["setosa", "a very long name of versicolor"]
    picture = draw_network(model, output_names=names)
    short, long = of_look(picture, "neuron")[-2:]
    assert (short.label, lines(short)) == ("setosa", ["b = 0"])
    assert (long.label, long.symbol) == ("", "softmax")
    assert lines(long) == ["a very long", "name of", "versicolor", "b = 0"]
    assert long.tooltip.startswith(f"{names[1]}: neuron 2 of layer 2")
    usual, wide = (
        places_of(drawn.sketch).circle for drawn in (draw_network(model, output_names=["setosa"] * 2), picture)
    )
    assert wide <= 1.2 * usual
    pale = of_look(draw_network(model, output_names=names, highlight="inputs"), "neuron")[-1]
    assert lines(pale) == ["a very long", "name of", "versicolor"]
    (word,) = of_look(draw_network(Neuron(2, seed=0), output_names=["Massenwirkungsgesetz"]), "neuron")
    assert [len(line) for line in lines(word)] == [12, 5]


@pytest.mark.parametrize("names", [["m²", "rooms"], ("m²", "rooms"), np.array(["m²", "rooms"]), {"m²": 1, "rooms": 2}])
def test_names_may_come_in_whatever_gives_them_in_order(names: Any) -> None:
    for inputs in (names, iter(names), (name for name in names)):
        picture = draw_network(small(), input_names=inputs)
        assert [node.label for node in of_look(picture, "feature")] == ["m²", "rooms"]


@pytest.mark.parametrize("names", ["ab", "", None, 3])
def test_names_that_are_no_sequence_of_names_are_refused(names: Any) -> None:
    with pytest.raises(TypeError, match="input_names is a sequence of names, one for each input; got "):
        draw_network(small(), input_names=names)
    with pytest.raises(TypeError, match="output_names is a sequence of names, one for each output; got "):
        draw_network(small(), output_names=names)
    with pytest.raises(TypeError, match="matrix_names is a sequence of names, one for each matrix; got "):
        draw_network(small(), matrix_names=names)


@pytest.mark.parametrize(("x", "error"), [(3, ValueError), ([], ValueError), ("ab", TypeError), ([[1, 2]], TypeError)])
def test_an_example_that_does_not_fit_is_refused_by_its_name(x: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="draw_network needs x with 2 numbers, one for each input"):
        draw_network(small(), x=x)


@pytest.mark.parametrize("numbers", ["x", 1, [True]])
def test_numbers_are_wanted_or_not_or_not_said(numbers: Any) -> None:
    with pytest.raises(TypeError, match="numbers is True, False or None; got "):
        draw_network(small(), numbers=numbers)


def test_activations_have_their_symbols_or_names() -> None:
    def squared(z: Value) -> Value:
        return z * z

    chosen: list[Any] = ["sigmoid", "tanh", "relu", "identity", squared, Value.sigmoid, lambda z: z]
    symbols = [of_look(draw_network(Neuron(1, f, seed=0)), "neuron")[0].symbol for f in chosen]
    assert symbols == ["σ", "tanh", "ReLU", "", "squared", "σ", "f"]


@pytest.mark.parametrize("view", ["neurons", "blocks"])
def test_text_stays_text(view: Any) -> None:
    model = small()
    model.layers[0].neurons[0].w[0].label = HOSTILE
    names: Any = {"input_names": [HOSTILE, "\x00"], "output_names": [HOSTILE], "matrix_names": [HOSTILE, "\x00"]}
    picture = draw_network(model, view=view, loss=HOSTILE, **names)
    assert HOSTILE in texts(picture)
    assert html.escape("<b>") in picture.source
    assert not re.search(r"<b>", picture.source)
    assert HOSTILE not in picture.source


@needs_engine
@pytest.mark.parametrize("view", ["neurons", "blocks"])
def test_text_stays_text_when_it_is_laid_out(view: Any) -> None:
    drawn = ET.fromstring(rendered(draw_network(small(), view=view, loss=HOSTILE, x=[1, 2]).source, "svg"))
    assert HOSTILE in {(element.text or "").replace("\xa0", " ") for element in drawn.iter(f"{SVG}text")}


# ---- large ones


def test_layers_of_more_than_twelve_neurons_are_abridged() -> None:
    assert not of_look(draw_network(MLP(12, [12], seed=0)), "rest")
    sketch = draw_network(MLP(13, [50], seed=0)).sketch
    labels = {node.name: node.label for node in sketch.nodes}
    inputs, outputs = ([labels[name] for name in row] for row in sketch.rows)
    assert inputs == [*(f"x{i}" for i in range(1, 12)), "⋮ 1 more", "x13"]
    assert outputs == [*(f"ŷ{i}" for i in range(1, 12)), "⋮ 38 more", "ŷ50"]
    assert list(sketch.titles) == ["input · 13", "output · 50"]
    assert not {"x_rest", "n0_rest"} & {end for edge in sketch.edges for end in (edge.tail, edge.head)}


def test_matrices_of_more_than_twelve_rows_are_abridged() -> None:
    shown = cells(draw_network(MLP(13, [50], seed=0), view="blocks"), "W0")
    assert (len(shown), len(shown[0])) == (13, 13)
    assert (shown[0][11], shown[11][0], shown[11][11]) == ("…", "⋮", "⋱")


@pytest.mark.parametrize("view", ["neurons", "blocks"])
def test_networks_of_more_than_twelve_layers_are_abridged(view: Any) -> None:
    picture = draw_network(MLP(2, [2] * 30, seed=0), view=view)
    assert [node.label for node in of_look(picture, "rest")] == ["… 18 more layers"]
    assert len(of_look(picture, "neuron", "weights")) == 24
    assert "MLP 2-2-2-2-2-2-2-2-2-2-2-…-2" in picture.sketch.caption


def test_what_is_left_out_is_highlighted_with_its_rest() -> None:
    model = MLP(2, [20], seed=0)
    assert lit(draw_network(model, highlight=model.layers[0].neurons[15])) == {"⋮ 8 more"}


# ---- models


def test_a_layer_that_is_applied_twice_is_drawn_twice() -> None:
    model = MLP(2, [2, 1], seed=0)
    model.layers.insert(1, model.layers[0])
    picture = draw_network(model, x=[1, 2], highlight=model.layers[0])
    assert len(of_look(picture, "neuron")) == 5
    assert lit(picture) == {"h1,1", "h1,2", "h2,1", "h2,2"}
    assert "9 parameters" in picture.sketch.caption


def test_what_is_no_layer_of_neurons_is_applied_and_not_drawn() -> None:
    model = MLP(1, [2, 1], "identity", seed=0)
    model.layers.insert(1, lambda ys: [2 * y for y in ys])  # type: ignore[arg-type]
    picture = draw_network(model, x=3)
    assert len(of_look(picture, "neuron")) == 3
    assert lines(of_look(picture, "neuron")[-1])[-1] == f"y = {model(3).data:.4g}".replace("-", "−")


def test_what_can_not_be_drawn_is_refused() -> None:
    model = small()
    with pytest.raises(TypeError, match="a model with layers of neurons is needed here; got int 3"):
        draw_network(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="loss is the text of a block, such as 'MSE'; got Value"):
        draw_network(model, loss=Value(1.0))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="draw_network needs x with 2 numbers, one for each input; got 3"):
        draw_network(model, x=[1, 2, 3])
    with pytest.raises(ValueError, match="view is one of neurons, blocks; got 'lego'"):
        draw_network(model, view="lego")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="examples is one of rows, columns"):
        draw_network(model, examples="batch")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="direction is one of LR, RL, TB, BT; got 'up'"):
        draw_network(model, direction="up")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="precision"):
        draw_network(model, precision=0)


def test_layers_that_do_not_fit_together_are_refused() -> None:
    model = small()
    model.layers[1] = Layer(4, 1, seed=0)
    with pytest.raises(ValueError, match="got 3 outputs of layer 1, and 4 inputs of layer 2"):
        draw_network(model)


def test_a_highlight_is_a_part_of_the_model() -> None:
    with pytest.raises(ValueError, match="this is not: Neuron"):
        draw_network(small(), highlight=[Neuron(2, seed=0)])
    with pytest.raises(TypeError, match="highlight takes neurons, layers and 'inputs'; got str 'outputs'"):
        draw_network(small(), highlight="outputs")  # type: ignore[arg-type]
    model = small()
    picture = draw_network(model, highlight=["inputs", model.layers[1]])
    assert lit(picture) == {"x1", "x2", "ŷ"}
    assert draw_network(model, highlight=[]).source == draw_network(model).source


@pytest.mark.parametrize("view", ["neurons", "blocks"])
@pytest.mark.parametrize("direction", ["LR", "RL", "TB", "BT"])
@needs_engine
def test_a_network_is_laid_out_in_order(view: Any, direction: Any) -> None:
    drawn = ET.fromstring(rendered(draw_network(small(), view=view, direction=direction).source, "svg"))
    stand = {
        (element.text or "").strip(): (float(element.get("x", 0)), float(element.get("y", 0)))
        for element in drawn.iter(f"{SVG}text")
    }
    chain = ("x1", "h1", "ŷ") if view == "neurons" else ("x", "W1", "W2", "ŷ")
    steps = [(stand[b][0] - stand[a][0], stand[b][1] - stand[a][1]) for a, b in pairwise(chain)]
    forward = {"LR": lambda x, y: x, "RL": lambda x, y: -x, "TB": lambda x, y: y, "BT": lambda x, y: -y}[direction]
    assert all(forward(*step) > 0 for step in steps)
    if view == "neurons":
        axis = 1 if direction in ("LR", "RL") else 0
        assert stand["h1"][axis] < stand["h2"][axis] < stand["h3"][axis]


def test_a_network_is_mermaid_too() -> None:
    text = to_mermaid(draw_network(small(), loss="MSE"))
    assert 'n1_0(("σ ŷ<br/>b = 0.7")):::neuron' in text
    assert 'x_1 -.-|"−0.5"| n0_0' in text
    assert "n1_0 --> loss" in text


# ---- an input that is always 1


def with_ones(n_inputs: int = 2, sizes: Sequence[int] = (3, 1)) -> MLP:
    return MLP(n_inputs, list(sizes), "sigmoid", "sigmoid", "ones", seed=0)


@given(st.integers(1, 14), sizes)
def test_each_weight_of_a_1_is_an_edge_from_it(n_inputs: int, sizes: list[int]) -> None:
    model = with_ones(n_inputs, sizes)
    sketch = draw_network(model).sketch
    ones = [node.name for node in sketch.nodes if node.label == "1"]
    assert len(ones) == len(sizes), "one beside the inputs, and one beside each hidden layer"
    assert [row[-1] for row in sketch.rows[:-1]] == ones
    for one, layer in zip(ones, model.layers):
        drawn = [place for place in range(len(layer.neurons)) if place < 11 or place == len(layer.neurons) - 1]
        drawn = list(range(len(layer.neurons))) if len(layer.neurons) <= 12 else drawn
        told = [edge.tooltip for edge in sketch.edges if edge.tail == one]
        assert told == [f"{w.label}: {w.data!r}".replace("-", "−") for w in (layer.neurons[j].w[-1] for j in drawn)]
    names = {node.name for node in sketch.nodes}
    assert {end for edge in sketch.edges for end in (edge.tail, edge.head)} <= names
    assert f" {len(model.parameters()):,} parameter" in sketch.caption


@given(st.integers(1, 14), sizes, st.sampled_from(["rows", "columns"]))
def test_the_shapes_of_blocks_chain_together_over_a_1(n_inputs: int, sizes: list[int], examples: Any) -> None:
    picture = draw_network(with_ones(n_inputs, sizes), view="blocks", examples=examples)
    blocks = shapes(picture)
    if examples == "columns":
        blocks = [(columns, rows) for rows, columns in blocks]
    widths = [n_inputs, *sizes]
    assert blocks[1::2] == [(before + 1, after) for before, after in pairwise(widths)]
    assert blocks[::2] == [*((1, width + 1) for width in widths[:-1]), (1, widths[-1])]
    for node in of_look(picture, "vector")[:-1]:
        assert node.cells[-1][-1].text == "1"
    assert of_look(picture, "vector")[-1].cells[-1][-1].text == ""


def test_the_numbers_beside_a_1_are_those_of_the_model() -> None:
    model = with_ones()
    picture = draw_network(model, x=[1.8, -3.4])
    z = model.layers[0].neurons[0].weighted_sum([1.8, -3.4]).data
    assert lines(of_look(picture, "neuron")[0])[0] == f"z = {z:.4g}".replace("-", "−")
    assert lines(of_look(picture, "neuron")[-1])[-1] == f"y = {model([1.8, -3.4]).data:.4g}"
    assert not any(line.startswith("b") for node in of_look(picture, "neuron") for line in lines(node))
    rows = draw_network(model, x=[1.8, -3.4], view="blocks")
    assert cells(rows, "x") == [["1.8", "−3.4", "1"]]
    assert [node.label for node in rows.sketch.nodes] == ["[x, 1]", "W1", "[h, 1]", "W2", "ŷ"]
    assert "An example is a row, [x, 1] · W." in rows.sketch.caption
    columns = draw_network(model, view="blocks", examples="columns")
    assert cells(columns, "x") == [[""], [""], ["1"]]
    assert "An example is a column, W · [x; 1]." in columns.sketch.caption


def test_a_1_is_highlighted_with_the_inputs_and_strong_below_what_reads_it() -> None:
    model = with_ones()
    assert lit(draw_network(model, highlight="inputs")) == {"x1", "x2", "1"}
    ones = [node for node in draw_network(model, highlight=model.layers[1]).sketch.nodes if node.label == "1"]
    assert [(node.is_lit, node.is_pale) for node in ones] == [(False, True), (False, False)]


def test_a_1_beside_layers_that_are_left_out_is_left_out() -> None:
    sketch = draw_network(with_ones(2, [2] * 30)).sketch
    assert sum(node.label == "1" for node in sketch.nodes) == 11
    # the last layer reads one that is left out
    assert "n28_one" not in {edge.tail for edge in sketch.edges}


# ---- what is applied and not drawn


def test_what_is_not_drawn_is_named() -> None:
    model = Sequential(Layer(2, 2, seed=0), Dropout(0.5, seed=0), Sequential(Layer(2, 3, "softmax", seed=1)))
    for view in ("neurons", "blocks"):
        caption = draw_network(model, view=view).sketch.caption  # type: ignore[arg-type]
        assert "Not drawn: Dropout(0.5) (layer 2)." in caption
        assert "softmax: each output depends on all z of its layer." in caption
        assert "Sequential 2-2-3, 15 parameters" in caption
    assert "Not drawn" not in draw_network(small()).sketch.caption
    assert "softmax" not in draw_network(small()).sketch.caption


def test_softmax_is_shown_with_its_probabilities() -> None:
    layer = Layer(2, 3, "softmax", seed=0)
    picture = draw_network(layer, x=[0.5, -1.0])
    shown = [f"y = {y.data:.4g}" for y in layer([0.5, -1.0])]
    assert [lines(node)[-1] for node in of_look(picture, "neuron")] == shown


def test_an_example_is_predicted_also_in_training_and_draws_no_random_number() -> None:
    def trained() -> Sequential:
        return Sequential(Layer(2, 6, seed=0), Dropout(0.5, seed=0), Layer(6, 1, seed=1)).train()

    model, other = trained(), trained()
    x = [0.5, -1.0]
    picture = draw_network(model, x=x)
    assert model.training
    assert model.layers[1].training  # type: ignore[attr-defined]
    assert model(x).data == other(x).data
    told = lines(of_look(picture, "neuron")[-1])[-1]
    assert told == f"y = {model.eval()(x).data:.4g}".replace("-", "−")


def test_an_alpha_is_shown() -> None:
    (node,) = of_look(draw_network(Neuron(1, LeakyReLU(0.3), seed=0)), "neuron")
    assert node.symbol == "leaky ReLU(0.3)"


# ---- networks of images


def images() -> Sequential:
    return Sequential(
        *(Convolution2D(1, 4, 3, seed=0), MaxPooling2D(2), Flatten(), lambda xs: xs),
        Layer(676, 10, "softmax", seed=0),
    )


def test_a_network_of_images_is_a_block_for_each_layer() -> None:
    """Figure 63 of document 002, with other sizes."""
    picture = draw_network(images(), x=np.zeros((28, 28)), loss="cross-entropy")
    assert [(node.label, node.remark) for node in picture.sketch.nodes] == [
        ("x", "28 × 28"),
        ("Convolution2D", "4 × 26 × 26"),
        ("MaxPooling2D", "4 × 13 × 13"),
        ("Flatten", "676"),
        ("a function", ""),
        ("Layer", "10"),
        ("cross-entropy", ""),
    ]
    told = {node.label: (node.symbol, lines(node)) for node in picture.sketch.nodes}
    assert told["Convolution2D"] == ("ReLU", ["4 kernels of 1 × 3 × 3", "40 parameters"])
    assert told["MaxPooling2D"] == ("", ["windows of 2 × 2"])
    assert told["Layer"] == ("softmax", ["6,770 parameters"])
    assert [edge.tail for edge in picture.sketch.edges[1:]] == [edge.head for edge in picture.sketch.edges[:-1]]
    assert picture.sketch.caption.startswith("Sequential, 6,810 parameters.")


def test_without_an_image_shapes_that_are_not_known_are_not_shown() -> None:
    picture = draw_network(images(), direction="TB")
    assert [node.remark for node in picture.sketch.nodes] == ["", "", "", "", "", "10"]
    assert "those of images need an x" in picture.sketch.caption
    assert picture.sketch.direction == "TB"


def test_many_layers_of_images_are_abridged() -> None:
    model = Sequential(*(Convolution2D(1, 1, 1, seed=0) for _ in range(30)))
    nodes = draw_network(model).sketch.nodes
    assert [node.label for node in nodes] == [
        "x",
        *["Convolution2D"] * 11,
        "… 18 more layers",
        "Convolution2D",
    ]


@pytest.mark.parametrize(
    "option", [{"gradients": True}, {"highlight": "inputs"}, {"input_names": ["x"]}, {"matrix_names": ["W"]}]
)
def test_what_a_picture_of_whole_layers_has_no_place_for_is_refused(option: Any) -> None:
    with pytest.raises(ValueError, match=f"draw_network has no {next(iter(option))} for a model that reads images"):
        draw_network(images(), **option)


def test_an_image_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="at least"):
        draw_network(images(), x=np.zeros((2, 2)))


@needs_engine
def test_text_of_a_network_of_images_stays_text() -> None:
    drawn = ET.fromstring(rendered(draw_network(images(), loss=HOSTILE).source, "svg"))
    assert HOSTILE in {(element.text or "").replace("\xa0", " ") for element in drawn.iter(f"{SVG}text")}
