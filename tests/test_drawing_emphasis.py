"""Tests of `draw(highlight=…)`: what is lit is what was asked for, and the numbers of a step are those of that step."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import StaleGraph, Value, draw, topological_order
from autograd import sum as sum_of
from autograd.explanation.paths import Path
from autograd.notation.rules import places
from autograd.notation.typesetting import mathematical
from autograd.rendering import Picture
from autograd.stepping.passes import BackwardStep, ForwardStep
from autograd.strategies.graphs import recipes
from autograd.strategies.recipes import Recipe, recorded_leaves, recorded_root
from nn import MLP
from tests.pictures import Arrow, drawn, graphs, is_lit, number


def lit_nodes(picture: Picture) -> set[str]:
    return {name for name, attributes in drawn(picture).nodes.items() if is_lit(attributes)}


def edge_of_each_use(y: Value, picture: Picture) -> dict[tuple[Value, int], Arrow]:
    """The edge of each use of a Value: those into a node come in the order of its `places`."""
    found, source = {}, drawn(picture)
    for name, node in named(y).items():
        edges = [edge for edge in source.into(name) if "c" not in edge.tail]
        found.update({(node, place): edge for place, edge in zip(places(node), edges)})
    return found


def named(y: Value) -> dict[str, Value]:
    return {f"n{place}": node for place, node in enumerate(topological_order(y))}


def lit_uses(y: Value, picture: Picture) -> set[tuple[Value, int]]:
    return {use for use, edge in edge_of_each_use(y, picture).items() if edge.is_lit}


def lit_values(y: Value, picture: Picture) -> set[Value]:
    return {named(y)[name] for name in lit_nodes(picture)}


def state(y: Value) -> list[list[Any]]:
    slots = [slot for slot in Value.__slots__ if slot != "__weakref__"]
    return [[getattr(node, slot) for slot in slots] for node in topological_order(y)]


# ---- laws


@given(graphs(), st.data())
def test_values_are_lit_with_the_uses_of_one_by_another(y: Value, data: st.DataObject) -> None:
    order = topological_order(y)
    chosen = data.draw(st.lists(st.sampled_from(order), max_size=5))
    picture = draw(y, highlight=chosen)
    assert lit_values(y, picture) == set(chosen)
    among = {(node, place) for node in chosen for place, x in enumerate(node.operands) if x in chosen}
    assert lit_uses(y, picture) == among


@given(recipes(), st.integers(0, 2))
def test_an_explanation_lights_the_uses_on_its_paths_and_one_path_exactly_its_own(recipe: Recipe, place: int) -> None:
    leaves = recorded_leaves(recipe)
    y = recorded_root(recipe, leaves)
    explanation = y.explain(leaves[place])
    everything = {(edge.node, edge.place) for told in explanation.paths for edge in told.path.edges}
    assert lit_uses(y, draw(y, highlight=explanation)) == everything
    for told in explanation.paths:
        for highlight in (told, told.path):
            picture = draw(y, highlight=highlight)
            uses = {(edge.node, edge.place) for edge in told.path.edges}
            assert lit_uses(y, picture) == uses
            assert lit_values(y, picture) == {x for edge in told.path.edges for x in (edge.node, edge.operand)}


@given(graphs())
def test_every_step_of_both_passes_lights_its_node_and_the_uses_through_which_numbers_flow(y: Value) -> None:
    for step in y.steps():
        picture = draw(y, highlight=step)
        if isinstance(step, ForwardStep):
            assert lit_values(y, picture) == {step.node}
            assert lit_uses(y, picture) == {(step.node, place) for place in places(step.node)}
        else:
            flows = [flow for flow in step.flows if flow.adds]
            assert lit_values(y, picture) == {step.node, *(flow.operand for flow in flows)}
            assert lit_uses(y, picture) == {(step.node, flow.place) for flow in flows}


@given(graphs())
def test_the_numbers_at_every_step_are_those_of_the_stepper_and_what_is_not_known_says_so(y: Value) -> None:
    stepper, unknown = y.steps(), "not yet computed"
    for _ in range(len(stepper) + 1):
        source = drawn(draw(y, highlight=stepper.where(), precision=17))
        in_backward = stepper.position * 2 > len(stepper)
        for name, node in named(y).items():
            value, grad = (line.split(": ", 1)[1] for line in source.lines(name)[-2:])
            assert (value == unknown) == (node not in stepper.values)
            assert value == unknown or number(value) == stepper.values[node]
            (done, uses), adjoint = stepper.count_received(node), stepper.adjoints[node]
            is_known = in_backward and (done > 0 or uses == 0)
            assert (grad == unknown) == (not is_known)
            if is_known:
                told, remark = re.fullmatch(r"(\S+) \((.*)\)", grad).groups()
                assert number(told) == adjoint
                assert remark == (f"{done} of {uses} use{'s' * (uses != 1)}" if uses else "the seed")
        stepper.next()


@given(graphs())
def test_what_has_flowed_back_stands_on_its_edge_as_a_product_that_is_right(y: Value) -> None:
    stepper = y.steps()
    flowed: dict[tuple[Value, int], Any] = {}
    for step in stepper:
        if isinstance(step, BackwardStep):
            flowed.update({(flow.node, flow.place): flow for flow in step.flows})
        if stepper.position % 3 and not stepper.done:
            continue
        for use, edge in edge_of_each_use(y, draw(y, highlight=step, precision=17)).items():
            if use not in flowed:
                is_known = use[0] in stepper.values
                assert (edge.text != "") == is_known
                assert not is_known or number(edge.text) == float(edge.tooltip)
            elif not flowed[use].adds:
                assert edge.text == "constant 0: adds nothing"
            else:
                assert_is_product(edge.text, flowed[use])


def assert_is_product(text: str, flow: Any) -> None:
    factors, product = text.split(" = ")
    adjoint, partial = (number(factor.strip("()")) for factor in factors.split(" · "))
    assert (adjoint, partial, number(product)) == (flow.adjoint, flow.partial, flow.product)
    assert number(product) == adjoint * partial


@given(graphs(), st.integers(0, 40), st.booleans())
def test_highlighting_changes_nothing_and_moves_no_stepper(y: Value, n: int, after_backward: bool) -> None:
    if after_backward:
        y.backward()
    stepper, before = y.steps(), state(y)
    for _ in range(n):
        stepper.next()
    position, values, adjoints = stepper.position, dict(stepper.values), dict(stepper.adjoints)
    draw(y, highlight=stepper)
    draw(y, highlight=topological_order(y))
    assert (stepper.position, dict(stepper.values), dict(stepper.adjoints)) == (position, values, adjoints)
    assert state(y) == before


@given(graphs(), st.integers(0, 40))
def test_a_stepper_its_where_and_its_last_step_give_the_same_picture(y: Value, n: int) -> None:
    stepper = y.steps()
    for _ in range(n):
        stepper.next()
    source = draw(y, highlight=stepper).source
    assert draw(y, highlight=stepper.where()).source == source
    if stepper.position:
        assert draw(y, highlight=stepper.where().step).source == source


@given(graphs(), st.data())
def test_without_what_is_lit_the_picture_is_the_same(y: Value, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(topological_order(y)), max_size=5))
    bare, lit = draw(y).sketch, draw(y, highlight=chosen).sketch
    assert [node._replace(is_lit=False) for node in lit.nodes] == list(bare.nodes)
    assert [edge._replace(is_lit=False) for edge in lit.edges] == list(bare.edges)


# ---- examples


def test_a_value_alone_is_lit_without_edges() -> None:
    x = Value(2.0, "x")
    y = x.exp()
    for highlight in (x, [x], (x, x), {x}):
        assert lit_nodes(draw(y, highlight=highlight)) == {"n0"}
        assert not any(edge.is_lit for edge in drawn(draw(y, highlight=highlight)).edges)


def test_nothing_is_lit_by_none_and_by_an_empty_list() -> None:
    y = Value(2.0) * 3.0
    assert draw(y).source == draw(y, highlight=None).source == draw(y, highlight=[]).source


def test_of_x_times_x_a_path_is_one_of_the_two_edges_and_the_explanation_both() -> None:
    x = Value(3.0, "x")
    y = x * x
    explanation = y.explain(x)
    lit = [[edge.is_lit for edge in drawn(draw(y, highlight=told)).edges] for told in explanation.paths]
    assert sorted(lit) == [[False, True], [True, False]]
    assert [edge.is_lit for edge in drawn(draw(y, highlight=explanation)).edges] == [True, True]
    assert [edge.is_lit for edge in drawn(draw(y, highlight=[x, y])).edges] == [True, True]


def test_an_explanation_without_paths_lights_nothing() -> None:
    x, other = Value(3.0, "x"), Value(1.0, "other")
    y = x * 2.0
    assert lit_nodes(draw(y, highlight=y.explain(other))) == set()


def test_before_the_first_step_only_leaves_are_known() -> None:
    x = Value(3.0, "x")
    y = x * 2.0
    picture = drawn(draw(y, highlight=y.steps()))
    assert picture.lines("n0")[1:] == ["value: 3", "grad: not yet computed"]
    assert picture.lines("n1")[2:] == ["value: not yet computed", "grad: not yet computed"]
    assert [edge.text for edge in picture.edges] == ["", ""]
    assert not any(map(is_lit, picture.nodes.values()))


def test_a_step_of_an_earlier_moment_is_told_as_of_that_moment() -> None:
    x = Value(3.0, "x")
    y = (x * 2.0).exp()
    stepper = y.steps()
    first = stepper.next()
    stepper.end()
    assert drawn(draw(y, highlight=first)).lines("n2")[2:] == ["value: not yet computed", "grad: not yet computed"]


def test_the_running_sum_of_an_adjoint_says_how_many_uses_have_added() -> None:
    x = Value(3.0, "x")
    y = (x + 1.0) * x
    stepper = y.steps()
    stepper.next(3)
    assert drawn(draw(y, highlight=stepper)).lines("n0")[-1] == "grad: 4 (1 of 2 uses)"
    stepper.end()
    assert drawn(draw(y, highlight=stepper)).lines("n0")[-1] == "grad: 7 (2 of 2 uses)"
    assert [edge.text for edge in drawn(draw(y, highlight=stepper)).edges] == [
        "3 · 1 = 3",
        "",
        "1 · 3 = 3",
        "1 · 4 = 4",
    ]


def test_gradients_of_an_earlier_backward_are_not_told_at_a_step() -> None:
    x = Value(3.0, "x")
    y = x * 2.0
    y.backward()
    assert "grad: not yet computed" in drawn(draw(y, highlight=y.steps())).lines("n0")


def test_a_constant_zero_adds_nothing_and_its_edge_is_not_lit() -> None:
    x, z = Value(3.0, "x"), Value(1.0, "z")
    y = x.sign() * z
    stepper = y.steps()
    stepper.end()
    (edge,) = drawn(draw(y, highlight=stepper)).into(next(name for name, node in named(y).items() if node.op == "sign"))
    assert (edge.text, edge.is_lit) == ("constant 0: adds nothing", False)


def test_an_infinite_adjoint_and_one_that_is_nan_are_told() -> None:
    x = Value(0.0, "x")
    y = x.sqrt() * 0.0
    stepper = y.steps()
    stepper.end()
    assert [edge.text for edge in drawn(draw(y, highlight=stepper)).edges if edge.text] == [
        "0 · inf = nan",
        "1 · 0 = 0",
    ]
    assert math.isnan(stepper.adjoints[x])


def test_a_highlight_without_numbers_lights_and_tells_none() -> None:
    x = Value(3.0, "x")
    y = x * 2.0
    picture = draw(y, highlight=y.steps().end(), numbers=False)
    assert lit_nodes(picture) == {"n0", "n1"}
    assert "value" not in picture.source


def test_precision_holds_for_what_flows() -> None:
    x = Value(1 / 3, "x")
    y = x * 0.123456
    told = [edge.text for edge in drawn(draw(y, highlight=y.steps().end(), precision=2)).edges]
    assert told == [f"1 · {mathematical(0.123456, 2)} = 0.12", ""]


def test_in_boxes_what_contains_something_lit_is_lit() -> None:
    xs = [Value(float(place), f"layer{place // 40}.w{place % 40}") for place in range(80)]
    halves = [sum_of(xs[:40]), sum_of(xs[40:])]
    y = halves[0] * halves[1]
    picture = draw(y, collapse="layer", highlight=y.explain(xs[0]))
    lit = {node.label for node in picture.sketch.nodes if node.is_lit}
    assert lit == {"layer0", "y"}
    assert [edge.is_lit for edge in picture.sketch.edges] == [True, False]


# ---- errors


def test_what_is_not_in_the_graph_is_a_value_error_that_names_it() -> None:
    y, other = Value(2.0, "x") * 3.0, Value(1.0, "other")
    with pytest.raises(ValueError, match="highlight needs what is in the graph that is drawn; this is not: other = 1"):
        draw(y, highlight=[y, other])


def test_an_explanation_of_a_larger_graph_is_a_value_error() -> None:
    x = Value(2.0, "x")
    h = x * 3.0
    y = h.exp()
    with pytest.raises(ValueError, match="this is not: y = "):
        draw(h, highlight=y.explain(x))
    assert lit_nodes(draw(y, highlight=h.explain(x))) == {"n0", "n1"}


@pytest.mark.parametrize("kind", ["stepper", "where", "forward", "backward"])
def test_a_step_of_another_graph_is_a_value_error(kind: str) -> None:
    h = Value(2.0, "x") * 3.0
    y = h.exp()
    stepper = y.steps()
    steps = list(y.steps())
    highlight = {"stepper": stepper, "where": stepper.where(), "forward": steps[0], "backward": steps[-1]}[kind]
    for roots in (h, [y, h]):
        with pytest.raises(ValueError, match="highlight needs a step of the graph that is drawn; this"):
            draw(roots, highlight=highlight)


@pytest.mark.parametrize("wrong", [3.0, "x", [3.0], [Value(1.0), "x"], {"a": 1}, object(), True])
def test_what_is_nothing_of_these_is_a_type_error(wrong: Any) -> None:
    with pytest.raises(TypeError, match="highlight takes Values, an explanation or a path of it, or a stepper"):
        draw(Value(1.0), highlight=wrong)


def test_a_step_of_a_graph_that_is_stale_raises_as_the_stepper_does() -> None:
    x = Value(2.0, "x")
    y = x * 3.0
    step = y.steps().next()
    x.data = 5.0
    with pytest.raises(StaleGraph, match="x was written"):
        draw(y, highlight=step)


def test_a_path_without_edges_lights_nothing() -> None:
    assert lit_nodes(draw(Value(1.0), highlight=Path(()))) == set()


def test_several_paths_of_an_explanation_are_lit_together() -> None:
    x = Value(1.5, "x")
    a = x * 3.0
    y = a * 2.0 + a * 5.0
    told = y.explain(x)
    assert draw(y, highlight=told.paths).source == draw(y, highlight=told).source
    assert draw(y, highlight=told.paths[:1]).source == draw(y, highlight=told.paths[0]).source


def test_a_picture_of_a_step_says_which_it_is() -> None:
    y = Value(1.5, "x").tanh()
    captions = [draw(y, highlight=step).sketch.caption for step in y.steps()]
    assert captions == ["step 1 of 2, forward", "step 2 of 2, backward"]
    assert draw(y, highlight=y.steps()).sketch.caption == "step 0 of 2"
    forward, backward = [draw(y, highlight=step).sketch.edges[0] for step in y.steps()]
    assert (forward.tail, forward.head, forward.is_backward) == ("n0", "n1", False)
    assert (backward.tail, backward.head, backward.is_backward) == ("n1", "n0", True)
    assert draw(y).sketch.caption == ""


def test_a_backward_step_of_a_collapsed_graph_has_edges_between_nodes_that_are_drawn() -> None:
    y = MLP(2, [3, 1], activation="tanh", seed=0)([0.5, -1.0])
    loss = (y - 1.0) ** 2
    for step in loss.steps():
        sketch = draw(loss, highlight=step, collapse="neuron").sketch
        names = {node.name for node in sketch.nodes}
        assert all({edge.tail, edge.head} <= names for edge in sketch.edges)
