"""Tests of collapsed pictures: boxes lose nothing, tell derivatives that are right, and stand for what people mean."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, dot, draw, grad, softmax, topological_order
from autograd import sum as sum_of
from autograd.derivatives import local_partials
from autograd.drawing.boxes import MOST_ALIKE, Alike, Boxes, computed_keys
from autograd.drawing.collapsed import MOST_TOLD
from autograd.drawing.graphs import LEVELS, Collapse
from autograd.drawing.parts import Number, Part, Parts
from autograd.drawing.roles import Given, Roles
from autograd.drawing.sketches import Edge, Node
from autograd.notation.names import Names
from autograd.rendering import Picture
from nn import MLP, Layer, Neuron, half_squared_error, mse
from tests.pictures import GROWN, drawn, number

WIDE = [
    lambda x, y, z: sum_of([(x + float(k)).tanh() for k in range(14)]),
    lambda x, y, z: dot([Value(k / 10) for k in range(14)], [x, y] * 7),
    lambda x, y, z: sum_of([x] * 13 + [y]),
    lambda x, y, z: sum_of([1.5] * 13 + [y]),
    lambda x, y, z: sum_of([Value(0.5, "w"), x]).sigmoid(),
]
"""What makes graphs large: more than a few that are alike, and many uses of one value."""

LABELS = ["", "", "", "a.u", "a.neuron1.w", "a.neuron2.b", "b.z", "neuron1.w", "free"]


@st.composite
def scoped_graphs(draw_from: Any) -> Value:
    """A root of a graph of which any Value may have a label with dots."""
    values = [Value(draw_from(st.floats(-2, 2)), label) for label in ("x", "a.neuron1.w", "b.u")]
    for grow in draw_from(st.lists(st.sampled_from([*GROWN, *WIDE]), min_size=1, max_size=10)):
        grown = grow(*(draw_from(st.sampled_from(values)) for _ in range(3)))
        grown.label = draw_from(st.sampled_from(LABELS))
        values.append(grown)
    return values[-1]


levels: Any = st.sampled_from(LEVELS)


def boxes_of(y: Value, level: Any) -> Boxes:
    order = topological_order(y)
    parts = Parts(order)
    return Boxes(parts, Roles(order, Names(order).given, Given()), computed_keys(parts, level))


def counted(edge: Edge) -> float:
    """How many uses an edge stands for, by its width."""
    return 10 ** (edge.width - 1)


def box(picture: Picture, label: str) -> Node:
    (found,) = (node for node in picture.sketch.nodes if node.label == label)
    return found


def labels(picture: Picture) -> list[str]:
    return [node.label for node in picture.sketch.nodes if node.look == "collapsed"]


def told(node: Node) -> list[str]:
    return [line.text for line in node.lines]


# ---- laws


@given(scoped_graphs(), levels)
def test_each_value_and_each_number_is_in_exactly_one_box_and_each_box_is_one_node(y: Value, level: Any) -> None:
    boxes = boxes_of(y, level)
    members = [part for parts in boxes.members.values() for part in parts]
    order = topological_order(y)
    shared = Parts(order)
    everything = {use.part for node in order for use in shared.uses(node)} | set(order)
    assert len(members) == len(set(members)) == len(everything)
    assert set(members) == everything
    picture = draw(y, collapse=level)
    assert len(picture.sketch.nodes) == len(boxes.members)
    assert len(drawn(picture).nodes) == len(boxes.members)
    assert boxes.size.nodes == len(boxes.members)


@given(scoped_graphs(), levels)
def test_the_counts_on_the_edges_add_up_to_the_uses_between_boxes(y: Value, level: Any) -> None:
    boxes, picture = boxes_of(y, level), draw(y, collapse=level)
    shared, order = Parts(topological_order(y)), topological_order(y)
    names = dict(zip(boxes.members, (node.name for node in picture.sketch.nodes)))
    expected: Counter[tuple[str, str]] = Counter(
        (names[boxes.of[use.part]], names[boxes.of[node]])
        for node in order
        for use in shared.uses(node)
        if boxes.of[use.part] != boxes.of[node]
    )
    found: Counter[tuple[str, str]] = Counter()
    for edge in picture.sketch.edges:
        found[edge.tail, edge.head] += round(counted(edge))
        if edge.text.startswith("×"):
            assert edge.text == f"×{round(counted(edge)):,}"
    assert found == expected
    assert len(picture.sketch.edges) <= boxes.size.edges


@given(scoped_graphs(), levels)
def test_the_number_on_an_edge_into_a_box_of_one_output_is_its_derivative_through_the_box(y: Value, level: Any) -> None:
    boxes, picture = boxes_of(y, level), draw(y, collapse=level, precision=17)
    keys = dict(zip((node.name for node in picture.sketch.nodes), boxes.members))
    for edge in picture.sketch.edges:
        tail, head = keys[edge.tail], keys[edge.head]
        sources, results = outputs(y, boxes, tail), outputs(y, boxes, head)
        if boxes.is_alone(head) or len(sources) != 1 or len(results) != 1 or not results[0].primitive:
            continue
        slope = through(boxes.members[head], sources[0], results[0])
        assert number(edge.text) == pytest.approx(slope, rel=1e-9, abs=1e-12)


def outputs(y: Value, boxes: Boxes, key: Hashable) -> list[Value]:
    """The Values of a box that are used outside of it, or are the root."""
    used = {x for node in topological_order(y) if boxes.of[node] != key for x in node.operands if type(x) is Value}
    return [part for part in boxes.members[key] if type(part) is Value and (part in used or part is y)]


def through(parts: Sequence[Part], source: Value, result: Value) -> float:
    """d result / d source by tangents, pushed forward through these parts alone."""
    tangents = {source: 1.0}
    for node in topological_order(result):
        if node in parts and node.primitive:
            tangents[node] = math.fsum(partial * tangents.get(x, 0.0) for x, partial in local_partials(node))
    return tangents.get(result, 0.0)


@given(scoped_graphs(), levels, st.booleans())
def test_a_box_tells_how_many_values_parameters_and_outputs_it_has_and_in_what_range_these_are(
    y: Value, level: Any, after_backward: bool
) -> None:
    if after_backward:
        y.backward()
    boxes, picture = boxes_of(y, level), draw(y, collapse=level, precision=17)
    for node, (key, parts) in zip(picture.sketch.nodes, boxes.members.items()):
        if boxes.is_alone(key):
            continue
        assert node.look == "collapsed"
        results = outputs(y, boxes, key)
        numbers = [x.data for x in results] + [part.data for part in parts if type(part) is Number]
        assert ends(told(node), "value: ") == pytest.approx([min(numbers), max(numbers)], abs=0)
        grads = [x.grad for x in results]
        if results and after_backward:
            assert ends(told(node), "grad: ") == [min(grads), max(grads)]
        if isinstance(key, Alike):
            assert re.sub(r"[^\d]", "", node.label) == str(len(parts))
        else:
            assert (f"{len(results):,} outputs" in told(node)) == (len(results) > 1)
            operations = list(dict.fromkeys(part.op for part in parts if part.primitive))
            assert not operations or told(node)[0].startswith(", ".join(operations[:4]))


def ends(lines: Sequence[str], title: str) -> list[float]:
    (text,) = (line.removeprefix(title) for line in lines if line.startswith(title))
    first, *rest = map(number, text.split(" … "))
    return [first, *rest] if rest else [first, first]


@given(scoped_graphs(), levels)
def test_collapsing_changes_nothing_and_gives_the_same_source_again(y: Value, level: Any) -> None:
    slots = [slot for slot in Value.__slots__ if slot != "__weakref__"]
    before = [[getattr(node, slot) for slot in slots] for node in topological_order(y)]
    assert draw(y, collapse=level).source == draw(y, collapse=level).source
    assert [[getattr(node, slot) for slot in slots] for node in topological_order(y)] == before


@given(st.lists(st.integers(1, 4), min_size=1, max_size=3), st.integers(1, 3), st.integers(0, 1000))
@settings(max_examples=20)
def test_where_there_is_no_way_around_a_neuron_the_numbers_on_its_edges_are_gradients(
    sizes: Sequence[int], n_inputs: int, seed: int
) -> None:
    model = MLP(n_inputs, sizes, "tanh", "sigmoid", seed=seed)
    features = [Value(0.3 * place - 0.2, f"x{place}") for place in range(n_inputs)]
    result = sum_of([model(features)] if sizes[-1] == 1 else model(features))
    picture = draw(result, collapse="neuron", precision=17)
    names = {node.name: node.label for node in picture.sketch.nodes}
    order = topological_order(result)
    by_scope = {f"layer{i}.neuron{j}": _output(order, f"layer{i}.neuron{j}") for i, j in _neurons(sizes)}
    ends = {**{x.label: x for x in features}, **by_scope}
    checked = 0
    for edge in picture.sketch.edges:
        if names[edge.head] in by_scope:
            slope = grad(ends[names[edge.head]], ends[names[edge.tail]]).data
            assert number(edge.text) == pytest.approx(slope, rel=1e-9, abs=1e-15)
            checked += 1
    assert checked == sum(a * b for a, b in zip([n_inputs, *sizes], sizes))


def _neurons(sizes: Sequence[int]) -> list[tuple[int, int]]:
    return [(i, j) for i, size in enumerate(sizes, 1) for j in range(1, size + 1)]


def _output(order: Sequence[Value], scope: str) -> Value:
    """The last Value of a neuron: an activation of w · x + b."""
    z = next(node for node in order if any(str(getattr(x, "label", "")) == f"{scope}.b" for x in node.operands))
    return next(node for node in order if node.operands == (z,) and node.op in ("tanh", "sigmoid"))


# ---- networks


def network(sizes: Sequence[int] = (3, 2, 1), examples: int = 4) -> tuple[MLP, Value]:
    model = MLP(2, sizes, "tanh", seed=0)
    loss = mse([model((0.1 * i, 1 - 0.1 * i)) for i in range(examples)], list(range(examples)))
    return model, loss


def test_by_neuron_each_neuron_is_a_box_over_all_examples() -> None:
    _, loss = network()
    picture = draw(loss, collapse="neuron")
    assert sorted(labels(picture)) == [
        f"layer{i}.neuron{j}" for i, j in ((1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (3, 1))
    ]
    assert told(box(picture, "layer2.neuron2"))[:3] == ["dot, +, tanh", "4 parameters", "4 outputs"]


def test_by_layer_each_layer_is_a_box_over_all_examples() -> None:
    _, loss = network()
    picture = draw(loss, collapse="layer")
    assert sorted(labels(picture)) == ["layer1", "layer2", "layer3"]
    assert told(box(picture, "layer1"))[:3] == ["dot, +, tanh", "9 parameters", "12 outputs"]
    assert told(box(picture, "layer3"))[:3] == ["dot, +", "3 parameters", "4 outputs"]
    names = {node.name: node.label for node in picture.sketch.nodes}
    between = {
        (names[e.tail], names[e.head]): e.text for e in picture.sketch.edges if names[e.head].startswith("layer")
    }
    assert (between["layer1", "layer2"], between["layer2", "layer3"]) == ("×24", "×8")


def test_boxes_have_a_shape_of_their_own() -> None:
    _, loss = network()
    nodes = drawn(draw(loss, collapse="layer")).nodes
    assert {attributes["shape"] for name, attributes in nodes.items() if name.startswith("b")} == {"box3d"}


def test_the_neurons_of_a_layer_alone_are_boxes_and_a_neuron_alone_has_no_name_for_one() -> None:
    outputs = Layer(2, 2, "tanh", seed=0)([1, 2])
    assert sorted(labels(draw(outputs, collapse="neuron"))) == ["neuron1", "neuron2"]
    assert labels(draw(outputs, collapse="layer")) == ["layer"]
    assert labels(draw(Neuron(3, "tanh", seed=0)([1, 2, 3]), collapse="layer")) == []


def test_five_hundred_examples_collapse_to_few_boxes() -> None:
    _, loss = network(examples=500)
    picture = draw(loss)
    assert len(picture.sketch.nodes) < 20
    assert {"500 targets", "1,000 inputs", "× 500"} <= set(labels(picture))
    assert told(box(picture, "500 targets")) == ["value: 0 … 499"]


def test_a_softmax_head_is_collapsed_with_its_classes() -> None:
    model = MLP(3, [4, 5], "tanh", seed=0)
    picture = draw(softmax(model([0.5, -1.0, 2.0])), collapse="layer")
    assert labels(picture) == ["layer2", "layer1"]
    roots = [node for node in picture.sketch.nodes if node.is_root]
    assert [node.symbol for node in roots] == ["exp"] * 5
    many = MLP(3, [4, 20], "tanh", seed=0)
    collapsed = draw(softmax(many([0.5, -1.0, 2.0])), collapse="layer")
    assert sorted(label for label in labels(collapsed) if "layer" not in label) == ["× 20", "× 20"]


def test_kernels_are_neurons_of_their_layer() -> None:
    kernels = [(Value(0.5, f"layer1.kernel{k}.w[0,0,0]"), Value(0.0, f"layer1.kernel{k}.b")) for k in (1, 2)]
    maps = [dot((w,), (Value(x, "x"),)) + b for w, b in kernels for x in (1.0, 2.0)]
    result = dot(tuple(Value(1.0, f"layer2.neuron1.w[{i}]") for i in range(4)), tuple(z.relu() for z in maps))
    assert labels(draw(result, collapse="neuron"))[:3] == ["layer2.neuron1", "layer1.kernel1", "layer1.kernel2"]
    by_layer = draw(result, collapse="layer")
    assert labels(by_layer)[:2] == ["layer2", "layer1"]
    assert told(box(by_layer, "layer1"))[:3] == ["dot, +, relu", "4 parameters", "4 outputs"]


def test_an_activation_belongs_to_its_neuron_and_one_after_it_does_not() -> None:
    w, b, x = Value(1.0, "layer1.neuron1.w[0]"), Value(2.0, "layer1.neuron1.b"), Value(3.0, "x")
    a = (w * x + b).tanh()
    picture = draw(a.sigmoid(), collapse="neuron")
    assert [(node.label, node.symbol) for node in picture.sketch.nodes] == [
        ("layer1.neuron1", ""),
        ("x", ""),
        ("", "sigmoid"),
    ]
    assert told(picture.sketch.nodes[0])[:2] == ["*, +, tanh", "2 parameters"]


def test_labels_with_dots_of_a_graph_made_by_hand_are_scopes() -> None:
    x = Value(0.5, "x")
    z = (x * 2.0).tanh()
    z.label = "encoder.z"
    e = z * 3.0
    e.label = "encoder.e"
    d = e + 1.0
    d.label = "decoder.d"
    y = d.exp()
    y.label = "decoder.y"
    picture = draw(y, collapse="layer")
    assert labels(picture) == ["encoder", "decoder"]
    names = {node.name: node.label or "number" for node in picture.sketch.nodes}
    edges = {(names[edge.tail], names[edge.head]): edge.text for edge in picture.sketch.edges}
    assert number(edges["encoder", "decoder"]) == pytest.approx(y.data, rel=1e-3)


def test_a_box_of_one_output_tells_the_derivative_and_one_of_several_how_many_uses() -> None:
    x = Value(0.5, "x")
    p, q = x * 2.0, x * 3.0
    p.label, q.label = "box.p", "box.q"
    edges = draw([p, q], collapse="layer").sketch.edges
    assert [edge.text for edge in edges if edge.tail == "n0"] == ["×2"]
    r = p * q
    r.label = "box.r"
    edges = draw(r, collapse="layer").sketch.edges
    assert [edge.text for edge in edges if edge.tail == "n0"] == ["6"]


def test_of_a_value_that_is_used_in_and_around_a_box_the_edge_tells_the_way_through_the_box() -> None:
    x = Value(0.5, "x")
    inside = x * 2.0
    inside.label = "box.a"
    result = inside * x
    result.label = "box.b"
    y = result * x
    edges = {(e.tail, e.head): e.text for e in draw(y, collapse="layer").sketch.edges}
    names = {node.label: node.name for node in draw(y, collapse="layer").sketch.nodes}
    assert edges[names["x"], names["box"]] == "2"  # 2x² has the slope 4x
    assert edges[names["x"], names["y"]] == "0.5"


def test_a_way_that_enters_a_box_later_is_not_part_of_the_derivative_on_the_first_edge() -> None:
    x = Value(0.5, "x")
    outside = x * 5.0
    inside = x * 2.0
    inside.label = "box.a"
    y = inside * outside
    y.label = "box.b"
    picture = draw(y, collapse="layer")
    names = {node.label or node.symbol: node.name for node in picture.sketch.nodes}
    edges = {(edge.tail, edge.head): edge.text for edge in picture.sketch.edges}
    assert edges[names["x"], names["box"]] == "5"  # 2 · outside; all of ∂y/∂x is 10
    assert edges[names["outside"], names["box"]] == "1"


def test_between_a_box_of_several_outputs_and_one_of_one_output_stands_how_many_uses_there_are() -> None:
    _, loss = network(sizes=(3, 1), examples=1)
    picture = draw(loss, collapse="layer")
    names = {node.label: node.name for node in picture.sketch.nodes}
    edges = {(edge.tail, edge.head): edge.text for edge in picture.sketch.edges}
    assert edges[names["layer1"], names["layer2"]] == "×3"


@pytest.mark.parametrize("count", [MOST_ALIKE, MOST_ALIKE + 1])
def test_a_few_that_are_alike_are_drawn_one_by_one(count: int) -> None:
    leaves = [Value(float(place)) for place in range(count)]
    picture = draw(sum_of([leaf.exp() for leaf in leaves]), collapse="neuron")
    assert len(picture.sketch.nodes) == (2 * count + 1 if count == MOST_ALIKE else 3)
    expected = [f"{count} leaves", f"× {count}"]
    assert labels(picture) == ([] if count == MOST_ALIKE else expected)


def test_numbers_and_values_that_are_alike_are_told_together() -> None:
    weights = tuple(Value(1.0, f"w[{place}]") for place in range(20))
    features = tuple(Value(float(place)) if place % 2 else float(place) for place in range(20))
    picture = draw(dot(weights, features), collapse="neuron")
    assert told(box(picture, "20 inputs")) == ["value: 0 … 19", "grad: not computed"]
    assert told(box(picture, "20 parameters"))[0] == "value: 1"


def test_a_value_used_a_few_times_by_one_node_has_an_edge_for_each_use_and_for_many_one_edge() -> None:
    x = Value(2.0, "x")
    assert [edge.text for edge in draw(sum_of([x] * 12), collapse="neuron").sketch.edges] == ["1"] * 12
    assert [edge.text for edge in draw(sum_of([x] * 13), collapse="neuron").sketch.edges] == ["×13"]


# ---- what is stale, not computed, not asked for


def test_what_is_stale_or_not_computed_is_told_on_boxes() -> None:
    model, loss = network(sizes=(3, 1), examples=1)
    assert "grad: not computed" in told(box(draw(loss, collapse="layer"), "layer1"))
    loss.backward()
    assert not any("(" in line for line in told(box(draw(loss, collapse="layer"), "layer1")))
    model.parameters()[0].data = 5.0
    picture = draw(loss, collapse="layer")
    assert all(line.endswith("(stale)") for line in told(box(picture, "layer1"))[-2:])
    names = {node.label: node.name for node in picture.sketch.nodes}
    by_neuron = draw(loss, collapse="neuron")
    assert told(box(by_neuron, "layer2.neuron1"))[-2].endswith("(stale)")
    names = {node.name: node.label for node in by_neuron.sketch.nodes}
    into = [edge.text for edge in by_neuron.sketch.edges if names[edge.head] == "layer2.neuron1"]
    assert into == ["stale"] * 3
    loss.refresh()
    assert not any("stale" in line for line in told(box(draw(loss, collapse="layer"), "layer1"))[-2:-1])


def test_without_numbers_boxes_tell_what_is_in_them_and_how_many_uses_there_are() -> None:
    _, loss = network()
    picture = draw(loss, collapse="layer", numbers=False)
    assert told(box(picture, "layer1")) == ["dot, +, tanh", "9 parameters", "12 outputs"]
    assert "value:" not in picture.source
    assert {edge.text for edge in picture.sketch.edges} == {"", "×3", "×8", "×24"}


def test_at_a_step_boxes_tell_what_is_known_there() -> None:
    _, loss = network(sizes=(3, 1), examples=1)
    stepper = loss.steps()
    lines = told(box(draw(loss, collapse="layer", highlight=stepper), "layer2"))
    assert lines[-2:] == ["value: not yet computed", "grad: not yet computed"]
    stepper.end()
    lines = told(box(draw(loss, collapse="layer", highlight=stepper), "layer2"))
    assert re.fullmatch(r"value: [−\d.]+", lines[-2])
    assert re.fullmatch(r"grad: [−\d.]+ \(1 of 1 use\)", lines[-1])


def test_undefined_numbers_do_not_hide_the_others() -> None:
    picture = draw(sum_of([Value(x) for x in (*range(20), math.nan)]), collapse="neuron")
    assert told(box(picture, "21 leaves"))[0] == "value: 0 … 19 … nan"


def test_the_label_of_a_box_is_text() -> None:
    label = 'a"b<c>&\\N' + "x" * 100
    leaves = [Value(1.0, f"{label}.w{place}") for place in range(2)]
    picture = draw(sum_of(leaves), collapse="layer")
    (name,) = (name for name in drawn(picture).nodes if name.startswith("b"))
    assert drawn(picture).lines(name)[0].startswith('a"b<c>&\\Nx')


# ---- how large a picture is


def test_auto_is_never_then_neuron_then_layer() -> None:
    _, loss = network()
    sizes = {level: len(draw(loss, collapse=level).sketch.nodes) for level in ("never", *LEVELS)}
    assert sizes["never"] > sizes["neuron"] > sizes["layer"]
    for level, size in sizes.items():
        assert draw(loss, max_nodes=size).source == draw(loss, collapse=level).source


def test_a_graph_that_is_too_large_even_so_is_refused_with_all_its_sizes() -> None:
    _, loss = network()
    sizes = {}
    for level in ("never", *LEVELS):
        sketch = draw(loss, collapse=level).sketch
        sizes[level] = f"{len(sketch.nodes)} nodes and {len(sketch.edges)} edges"
    with pytest.raises(ValueError, match="this graph has") as refused:
        draw(loss, max_nodes=5)
    assert str(refused.value).startswith(
        f"this graph has {sizes['never']}, collapsed by neuron {sizes['neuron']}, collapsed by layer {sizes['layer']};"
        " a picture has at most 5 nodes and 20 edges: draw a part of it"
    )


@pytest.mark.parametrize("level", ["neuron", "layer"])
def test_a_level_that_is_asked_for_is_drawn_or_refused(level: Collapse) -> None:
    _, loss = network()
    with pytest.raises(ValueError, match=rf"collapsed by {level} \d+ nodes") as refused:
        draw(loss, collapse=level, max_nodes=5)
    assert str(refused.value).count("collapsed by") == 1


def test_a_million_uses_of_one_value_are_one_edge() -> None:
    picture = draw(sum_of([Value(2.0, "x")] * 1_000_000))
    assert [(edge.text, edge.width) for edge in picture.sketch.edges] == [("×1,000,000", 4.0)]
    assert len(drawn(picture).nodes) == 2


def test_a_thousand_products_of_two_values_are_three_nodes() -> None:
    x = Value(2.0, "x")
    picture = draw(dot([x] * 1_000, [2 * x] * 1_000))
    assert [edge.text for edge in picture.sketch.edges if edge.text.startswith("×")] == ["×1,000"] * 2


def test_a_chain_of_two_hundred_thousand_is_refused() -> None:
    y = Value(1.0)
    for _ in range(200_000):
        y = -y
    with pytest.raises(ValueError, match="has 200,001 nodes and 200,000 edges, collapsed by neuron at least 200,001"):
        draw(y)


def test_a_network_for_digits_with_twenty_examples_is_a_picture_of_layers() -> None:
    model = MLP(784, [64, 32, 10], "relu", seed=0)
    outputs = [model([float(place % 7) for place in range(784)]) for _ in range(20)]
    picture = draw([x for output in outputs for x in output])
    assert labels(picture)[:3] == ["layer3", "layer2", "layer1"]
    assert told(box(picture, "layer1"))[1:3] == ["50,240 parameters", "1,280 outputs"]


def test_a_loss_of_one_example_of_a_small_network_is_not_collapsed() -> None:
    model = MLP(2, [3, 1], seed=0)
    loss = half_squared_error(model([1, 2]), 1)
    assert draw(loss).source == draw(loss, collapse="never").source


def test_neurons_that_were_typed_as_sums_of_products_collapse_as_those_of_modules_do() -> None:
    xs = [Value(0.5, "x0"), Value(-1.0, "x1"), Value(2.0, "x2")]
    outputs = []
    for place in ("layer1.neuron1", "layer1.neuron2"):
        z = Value(0.1, f"{place}.b")
        for index, x in enumerate(xs):
            z = z + Value(0.3 * index - 0.2, f"{place}.w[{index}]") * x
        outputs.append(z.tanh())
    y = outputs[0] * outputs[1]
    y.backward()
    sketch = draw(y, collapse="neuron").sketch
    assert [node.label for node in sketch.nodes if node.look == "collapsed"] == ["layer1.neuron1", "layer1.neuron2"]
    assert len(sketch.nodes) == len(xs) + 3


def test_a_number_with_a_point_is_no_place_and_what_has_a_label_of_its_own_is_in_no_box() -> None:
    a, b = Value(1.0, "3.14"), Value(2.0, "3.15")
    assert not [node for node in draw(a * b + a, collapse="neuron").sketch.nodes if node.look == "collapsed"]
    loss = MLP(2, [3, 1], seed=0)([1.0, 2.0])
    loss.label = "loss"
    assert "loss" in [node.label for node in draw(loss, collapse="layer").sketch.nodes]


def test_an_edge_from_values_and_plain_numbers_together_has_no_derivative() -> None:
    y = MLP(20, [1], output_activation="tanh", seed=0)([Value(0.1, "x0"), *[0.1 * place for place in range(19)]])
    edges = draw(y, collapse="neuron").sketch.edges
    assert [edge.text for edge in edges] == ["×20"]


def test_auto_takes_layers_where_neurons_have_too_many_edges_to_be_legible() -> None:
    y = MLP(3, [20, 20, 1], seed=0)([1.0, 2.0, 3.0])
    labels = [node.label for node in draw(y).sketch.nodes]
    assert {"layer1", "layer2", "layer3"} <= set(labels)
    by_neuron = draw(y, collapse="neuron").sketch
    assert len(by_neuron.edges) > MOST_TOLD
    assert not any("." in edge.text for edge in by_neuron.edges)
