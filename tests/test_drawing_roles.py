"""Tests of `autograd.drawing.roles`: what a leaf is to the graph, by what is said, by names, and by structure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, dot, draw, topological_order
from autograd import sum as sum_of
from autograd.drawing.looks import NODES
from autograd.rendering import Picture
from nn import MLP, Neuron, half_squared_error, mse, sse
from tests.pictures import drawn, graphs

ROLES = ("input", "parameter", "target", "constant", "leaf")


def looks(picture: Picture) -> dict[str, str]:
    """The look of each labelled leaf, and of each plain number by its text."""
    nodes = [node for node in picture.sketch.nodes if node.look in ROLES]
    return {node.label or node.lines[0].text: node.look for node in nodes}


def role(picture: Picture, label: str) -> str:
    return looks(picture)[label]


def values(*labels: str) -> list[Value]:
    return [Value(float(place + 1), label) for place, label in enumerate(labels)]


def names(label: str) -> str:
    """The role of a leaf of this name in x · w + leaf."""
    x, w, leaf = values("left", "w", label)
    return role(draw(x * w + leaf), label)


# ---- laws


@given(graphs(), st.data())
def test_every_leaf_has_one_role_every_number_too_and_what_is_computed_has_none(y: Value, data: st.DataObject) -> None:
    leaves = _leaves(y)
    chosen = data.draw(st.lists(st.sampled_from(["input", "parameter", "target", ""]), min_size=3, max_size=3))
    said = {
        f"{kind}s": [leaf for leaf, told in zip(leaves, chosen) if told == kind]
        for kind in ("input", "parameter", "target")
    }
    for node in draw(y, **said).sketch.nodes:
        is_number = "c" in node.name
        is_computed = bool(node.symbol)
        assert node.look in (("constant", "input", "target") if is_number else ("computed",) if is_computed else ROLES)


@given(graphs(), st.lists(st.sampled_from(["input", "parameter", "target"]), min_size=3, max_size=3))
def test_what_the_caller_says_wins_over_names_and_structure(y: Value, chosen: Sequence[str]) -> None:
    leaves = _leaves(y)
    told = dict(zip(leaves, chosen))
    for label, leaf in zip(("w", "x", "y"), leaves):
        leaf.label = label
    said = {f"{kind}s": [leaf for leaf in leaves if told[leaf] == kind] for kind in ("input", "parameter", "target")}
    found = looks(draw(y, **said))
    assert {leaf.label: found[leaf.label] for leaf in leaves} == {leaf.label: told[leaf] for leaf in leaves}


@given(graphs())
def test_roles_change_neither_the_nodes_nor_the_edges_nor_what_they_tell(y: Value) -> None:
    bare, told = draw(y).sketch, draw(y, parameters=_leaves(y)[:1], inputs=_leaves(y)[1:]).sketch
    assert bare.edges == told.edges
    assert [node._replace(look="") for node in bare.nodes] == [node._replace(look="") for node in told.nodes]


def test_the_looks_of_all_roles_differ_in_shape_or_lines_not_in_colour_alone() -> None:
    shown = [NODES[look] for look in (*ROLES, "computed", "collapsed")]
    assert len({(look.shape, look.peripheries, look.style) for look in shown}) == len(shown)
    assert len({look.shape for look in shown}) >= len(shown) - 1  # target and computed: two lines, round corners


def test_each_role_has_its_shape_in_the_source() -> None:
    x, w, t, other = values("x", "w", "t", "other")
    nodes = drawn(draw((x * w + other * 7.0 - t) ** 2)).nodes
    found = {(attributes["shape"], attributes["peripheries"], attributes["style"]) for attributes in nodes.values()}
    assert len(found) == 6


# ---- names


@pytest.mark.parametrize("name", ["w", "W", "weight", "w1", "w_21", "w₁", "W[0]", "weights[3]", "layer1.neuron2.w[3]"])
def test_a_weight_is_a_parameter_by_its_name(name: str) -> None:
    (leaf,) = values(name)
    assert role(draw(leaf * 2.0), name) == "parameter"


@pytest.mark.parametrize("name", ["x", "X", "x1", "x_2", "x₁", "xs[0]", "input", "inputs[1]", "batch.x[0]"])
def test_an_input_is_told_by_its_name(name: str) -> None:
    (leaf,) = values(name)
    assert role(draw(leaf * 2.0), name) == "input"


@pytest.mark.parametrize("name", ["b", "B", "b1", "b[0]", "bias", "biases[0]", "θ", "theta", "layer1.neuron2.b"])
def test_a_bias_is_a_parameter_beside_a_weight(name: str) -> None:
    assert names(name) == "parameter"


@pytest.mark.parametrize("name", ["y", "t", "t1", "ys[0]", "target", "targets[1]"])
def test_a_target_is_told_by_its_name_beside_a_weight(name: str) -> None:
    assert names(name) == "target"


def test_in_a_times_b_plus_c_b_is_no_bias_and_y_no_target() -> None:
    a, b, c, y = values("a", "b", "c", "y")
    assert set(looks(draw(a * b + c - y)).values()) == {"leaf"}


def test_x_and_y_alone_are_an_input_and_a_leaf() -> None:
    x, y = values("x", "y")
    assert looks(draw(x * y)) == {"x": "input", "y": "leaf"}


@pytest.mark.parametrize("name", ["width", "wx", "height", "xor", "bound", "tau", "yield", "1w", "", "_w", "ŵ"])
def test_other_names_say_nothing(name: str) -> None:
    x, w, leaf = values("left", "w", name or "?")
    leaf.label = name
    nodes = draw([x * w, leaf.exp()]).sketch.nodes
    assert [node.look for node in nodes if node.label in (name, "leaf") and not node.symbol] == ["leaf"]


def test_the_callers_variable_is_a_name_too() -> None:
    w, x, b = Value(2.0), Value(3.0), Value(1.0)
    assert looks(draw(w * x + b)) == {"w": "parameter", "x": "input", "b": "parameter"}


def test_a_computed_value_with_the_name_of_a_leaf_is_computed() -> None:
    x = Value(3.0) * 2.0
    x.label = "x"
    assert [node.look for node in draw(x).sketch.nodes if node.label == "x"] == ["computed"]


# ---- structure


def test_in_a_module_parameters_inputs_and_the_target_are_told_apart() -> None:
    model = MLP(2, [3, 1], "tanh", seed=0)
    loss = half_squared_error(model([1.5, -2.5]), 1)
    looked = looks(draw(loss))
    assert [looked[parameter.label] for parameter in model.parameters()] == ["parameter"] * 13
    assert (looked["1.5"], looked["−2.5"], looked["1"]) == ("input", "input", "target")
    assert looked["0.5"] == "constant"


def test_values_that_are_given_to_a_module_are_inputs_whatever_their_names() -> None:
    features = values("height", "width")
    assert looks(draw(Neuron(2, seed=0)(features)))["height"] == "input"


@pytest.mark.parametrize("is_left", [True, False])
def test_what_stands_beside_a_vector_of_parameters_in_a_dot_is_an_input(is_left: bool) -> None:
    weights, features = values("w1", "w2", "w3"), [Value(5.0, "height"), 7.0, Value(1.0).exp()]
    vectors = (weights, features) if is_left else (features, weights)
    nodes = draw(dot(*vectors)).sketch.nodes
    looked = {node.label or node.lines[-1].text: node.look for node in nodes if node.look in ROLES}
    assert (looked["height"], looked["7"]) == ("input", "input")


def test_a_dot_of_vectors_that_are_no_parameters_says_nothing() -> None:
    w, x = values("w", "height")
    assert looks(draw(dot([w, x], [x, 7.0])))["7"] == "constant"


def test_a_parameter_that_is_multiplied_with_parameters_stays_one() -> None:
    weights = tuple(values("w1", "w2"))
    assert set(looks(draw(dot(weights, weights))).values()) == {"parameter"}


def squared(difference: Value) -> Value:
    return difference * difference


def and_itself(difference: Value) -> Value:
    return difference**2 + difference


DIFFERENCES: dict[str, Any] = {
    "(p − t)²": lambda p, t: (p - t) ** 2,
    "(t − p)²": lambda p, t: (t - p) ** 2,
    "|p − t|": lambda p, t: (p - t).absolute(),
    "|t − p|": lambda p, t: abs(t - p),
    "d · d, d = p − t": lambda p, t: squared(p - t),
    "d · d, d = t − p": lambda p, t: squared(t - p),
    "(p − t) · (p − t)": lambda p, t: (p - t) * (p - t),
    "(t − p) · (t − p)": lambda p, t: (t - p) * (t - p),
    "½ (p − t)²": lambda p, t: 0.5 * (p - t) ** 2,
}


@pytest.mark.parametrize("difference", DIFFERENCES)
@pytest.mark.parametrize("target", [Value(4.25, "price"), 4.25])
def test_what_a_squared_or_absolute_difference_compares_with_is_a_target(difference: str, target: Any) -> None:
    w, x = values("w", "x")
    looked = looks(draw(DIFFERENCES[difference](w * x, target)))
    assert looked.get("price", looked.get("4.25")) == "target"


OTHERS: dict[str, Any] = {
    "p − t": lambda p, t: p - t,
    "(p − t)³": lambda p, t: (p - t) ** 3,
    "(p + t)²": lambda p, t: (p + t) ** 2,
    "(p − t) · (t − p)": lambda p, t: (p - t) * (t - p),
    "(p − t) · (p + t)": lambda p, t: (p - t) * (p + t),
    "d² + d, d = p − t": lambda p, t: and_itself(p - t),
    "of a sum": lambda p, t: sum_of([p - t]) ** 2,
}


@pytest.mark.parametrize("other", OTHERS)
def test_what_is_subtracted_otherwise_is_no_target(other: str) -> None:
    w, x = values("w", "x")
    assert looks(draw(OTHERS[other](w * x, Value(4.25, "price"))))["price"] == "leaf"


def test_without_parameters_a_squared_difference_says_nothing() -> None:
    a, b = values("a", "c")
    assert set(looks(draw((a * a - b) ** 2)).values()) == {"leaf", "constant"}


def test_a_difference_of_two_leaves_has_no_target() -> None:
    w, a, b = values("w", "a", "c")
    assert looks(draw(w + (a - b) ** 2)) == {"w": "parameter", "a": "leaf", "c": "leaf", "2": "constant"}


@pytest.mark.parametrize("loss", [mse, sse])
def test_the_targets_of_a_loss_over_examples_are_targets(loss: Any) -> None:
    model = MLP(1, [1], seed=0)
    looked = looks(draw(loss([model([x]) for x in (0.25, 0.75)], [11.0, 12.0])))
    assert (looked["11"], looked["12"], looked["0.25"], looked["0.75"]) == ("target", "target", "input", "input")


# ---- what the caller says


def test_one_value_several_or_a_module_can_be_said() -> None:
    model = Neuron(2, seed=0)
    for parameter in model.parameters():
        parameter.label = f"k{parameter.label[-3:]}"
    a, t = values("a", "price")
    loss = (model([a, 3.0]) - t) ** 2
    assert set(looks(draw(loss)).values()) == {"leaf", "constant"}
    looked = looks(draw(loss, parameters=model))
    assert (looked["a"], looked["3"], looked["price"]) == ("input", "input", "target")
    assert looks(draw(loss, targets=t, inputs=[a], parameters=model.parameters())) == looked


def test_a_module_given_as_inputs_means_its_parameters() -> None:
    model = Neuron(1, seed=0)
    assert set(looks(draw(model([2.0]), inputs=model)).values()) == {"input", "constant"}


def test_what_is_said_makes_names_mean_more() -> None:
    a, b = values("a", "b")
    assert looks(draw(a * b)) == {"a": "leaf", "b": "leaf"}
    assert looks(draw(a * b, parameters=a)) == {"a": "parameter", "b": "parameter"}


def test_a_value_that_is_not_in_the_graph_may_be_said() -> None:
    a, other = values("a", "w")
    assert looks(draw(a * 2.0, parameters=other))["a"] == "leaf"


@pytest.mark.parametrize("role", ["inputs", "parameters", "targets"])
@pytest.mark.parametrize("wrong", [3.0, [3.0], "x", [Value(1.0), None]])
def test_what_is_no_value_has_no_role(role: str, wrong: Any) -> None:
    with pytest.raises(TypeError, match=f"the {role} of a graph are Values; got"):
        draw(Value(1.0), **{role: wrong})


def test_a_value_has_one_role() -> None:
    a = Value(1.0, "a")
    with pytest.raises(ValueError, match="a Value has one role; got input and target for a = 1"):
        draw(a + sum_of([a, a]), inputs=a, targets=[a])


def _leaves(y: Value) -> list[Value]:
    """The leaves of a graph, in its order."""
    return [node for node in topological_order(y) if not node.operands]


@pytest.mark.parametrize("name", ["weight_decay", "bias_correction", "input_dim", "T", "target_rate"])
def test_a_word_that_is_only_the_beginning_of_a_name_says_nothing(name: str) -> None:
    w, other = Value(1.0, "w"), Value(2.0, name)
    assert look(draw(w * other), other) == "leaf"


@pytest.mark.parametrize("name", ["w_out", "w1_21", "W₁", "b_out", "weights[3]", "bias2"])
def test_a_letter_with_a_place_and_a_word_with_a_number_are_names_of_parameters(name: str) -> None:
    w, other = Value(1.0, "w"), Value(2.0, name)
    assert look(draw(w * other), other) == "parameter"


def test_what_is_compared_with_a_mean_of_data_is_no_target() -> None:
    w, p, q = Value(1.0, "w"), Value(2.0, "p"), Value(3.0, "q")
    mean = (p + q) / 2.0
    picture = draw(w * ((p - mean) ** 2 + (q - mean) ** 2))
    assert look(picture, p) == look(picture, q) == "leaf"


def look(picture: Picture, leaf: Value) -> str:
    (node,) = [node for node in picture.sketch.nodes if node.label == leaf.label]
    return node.look
