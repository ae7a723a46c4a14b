"""Tests of `autograd.stepping`: what is played is what `backward` does, and nothing in the graph changes."""

from __future__ import annotations

import math
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import StaleGraph, Value, dot, logsumexp, maximum, minimum, topological_order
from autograd import sum as sum_of
from autograd.derivatives import local_partials
from autograd.primitives import PRIMITIVES, is_constant_zero
from autograd.stepping import passes
from autograd.stepping.passes import BackwardStep, Flow, ForwardStep, Passes
from autograd.stepping.stepper import NoStep, Stepper, steps
from autograd.strategies.graphs import recipes
from autograd.strategies.recipes import Recipe, random_recipe, recorded_leaves, recorded_root, written_out
from autograd.value import adjoints
from demos.document_000 import apartment
from demos.document_003 import exercise

SCREEN = (24, 100)
"""Lines and columns: what anything that shows itself fits in."""

DEEP = 100_000
"""Nodes of a chain that a recursion would not survive."""


def recorded(recipe: Recipe) -> Value:
    return recorded_root(recipe, recorded_leaves(recipe))


def generated(count: int, seed: int) -> Iterator[Value]:
    random = Random(seed)
    return (recorded(random_recipe(random)) for _ in range(count))


def awkward() -> list[Value]:
    """Graphs with what is easily forgotten: NaN, infinity, -0.0, ties, constants, uses that pass nothing on."""
    x, zero, infinite, nan = Value(2.0, "x"), Value(-0.0, "zero"), Value(math.inf, "infinite"), Value(math.nan, "nan")
    overflow = (x * 500).exp()
    return [
        Value(7.0, "leaf"),
        infinite * 0.0 + infinite,
        nan * x + x,
        zero * x - zero,
        -zero + zero * zero,
        zero.sqrt() * x,
        maximum([x, 2.0, x, 1.0]) + minimum([2.0, x, x]),
        sum_of([x, 1.0, x, zero]) * dot([x, 2.0, 3.0], [1.0, x, 4.0]),
        logsumexp([x, x, 1.0]),
        (x * zero).sign() * 3 + x,
        overflow.sign() * infinite + overflow,
        (zero.log1p() / x).heaviside(zero) * infinite,
        (overflow * overflow).sign() * (x * x),
        x.sign(),
    ]


def bits(numbers: Any) -> dict[Value, str]:
    """The numbers by their bits: NaN is itself, and -0.0 is not 0.0."""
    return {node: number.hex() for node, number in numbers.items()}


def state(y: Value) -> list[Any]:
    """Everything of a graph that could be written."""
    nodes = topological_order(y)
    return [(node, node.data.hex(), node.grad.hex(), node.label, node.grad_state, node.operands) for node in nodes]


def standing(s: Stepper) -> tuple[Any, ...]:
    """Everything that a stepper tells."""
    return s.position, bits(s.values), bits(s.adjoints), repr(s.where()), s.done


def width(line: str) -> int:
    return sum(0 if unicodedata.combining(x) else 2 if unicodedata.east_asian_width(x) in "WF" else 1 for x in line)


def fits(thing: Any) -> bool:
    lines = repr(thing).split("\n")
    return len(lines) <= SCREEN[0] and max(map(width, lines)) <= SCREEN[1]


def diamond() -> Value:
    """x * 3 used twice, each with its own slope: dy/dx = 3 · (2 + 5) = 21."""
    x = Value(4.0, "x")
    a = x * 3
    u, v = a * 2, a * 5
    y = u + v
    a.label, u.label, v.label, y.label = "a", "u", "v", "y"
    return y


def by_label(y: Value, label: str) -> Value:
    (found,) = [node for node in topological_order(y) if node.label == label]
    return found


# ---- the laws


def assert_leaves_what_backward_leaves(y: Value) -> None:
    s = y.steps()
    s.end()
    assert bits(s.adjoints) == bits(adjoints(y))
    assert set(s.adjoints) == set(topological_order(y))


def assert_undoes_exactly(y: Value) -> None:
    s = y.steps()
    seen = [standing(s)]
    while s.next():
        seen.append(standing(s))
    for expected in reversed(seen):
        assert standing(s) == expected
        s.back()
    assert [standing(s), *(standing(s) for _ in s)] == seen


@given(recipes())
def test_played_to_the_end_it_leaves_what_backward_leaves(recipe: Recipe) -> None:
    y = recorded(recipe)
    assert_leaves_what_backward_leaves(y)
    y.backward()
    s = y.steps()
    s.end()
    assert bits(s.adjoints) == {node: node.grad.hex() for node in topological_order(y)}


def test_on_two_thousand_graphs_it_leaves_what_backward_leaves() -> None:
    for y in generated(2000, seed=5):
        assert_leaves_what_backward_leaves(y)


@pytest.mark.parametrize("y", awkward(), ids=lambda y: repr(y.data))
def test_with_nan_infinity_zeros_ties_and_constants_it_leaves_what_backward_leaves(y: Value) -> None:
    assert_leaves_what_backward_leaves(y)
    assert_undoes_exactly(y)


@given(recipes())
def test_played_back_it_is_where_it_was_at_every_step(recipe: Recipe) -> None:
    assert_undoes_exactly(recorded(recipe))


@given(recipes(), st.lists(st.integers(-6, 6).filter(bool), max_size=12))
def test_however_one_came_there_a_position_is_the_same(recipe: Recipe, moves: list[int]) -> None:
    y = recorded(recipe)
    s, direct = y.steps(), y.steps()
    for n in moves:
        s.next(n) if n > 0 else s.back(-n)
    if s.position:
        direct.next(s.position)
    assert standing(s) == standing(direct)


@given(recipes())
def test_stepping_and_showing_change_nothing_in_the_graph(recipe: Recipe) -> None:
    y = recorded(recipe)
    y.backward()
    before = state(y)
    s = y.steps().watch(y)
    for step in s:
        repr(step), repr(s), repr(s.where())
    s.start()
    s.run()
    repr(s.beside("recursion")), repr(s.beside("assignment"))
    assert state(y) == before


@given(recipes())
def test_each_computed_node_is_one_step_of_each_pass(recipe: Recipe) -> None:
    y = recorded(recipe)
    s = y.steps()
    played = list(s)
    forward, backward = played[: len(s) // 2], played[len(s) // 2 :]
    assert all(isinstance(step, ForwardStep) for step in forward)
    assert all(isinstance(step, BackwardStep) for step in backward)
    assert [step.node for step in forward] == [node for node in topological_order(y) if node.operands]
    assert [step.node for step in backward] == [step.node for step in reversed(forward)]
    assert [step.number for step in forward] == [step.number for step in backward] == [*range(1, len(forward) + 1)]
    assert [step.position for step in played] == [*range(1, len(s) + 1)]


@given(recipes())
def test_forward_steps_have_the_values_and_what_they_were_computed_from(recipe: Recipe) -> None:
    s = recorded(recipe).steps()
    for step in s:
        if isinstance(step, ForwardStep):
            data = [x.data if isinstance(x, Value) else x for x in step.node.operands]
            assert (step.value, list(step.operands)) == (step.node.data, data)
            assert s.values[step.node] == step.value


@given(recipes())
def test_the_flows_of_a_node_are_its_local_partials_in_order(recipe: Recipe) -> None:
    for step in recorded(recipe).steps():
        if isinstance(step, BackwardStep) and step.flows:
            found = [(flow.operand, flow.partial) for flow in step.flows]
            assert found == [(operand, float(partial)) for operand, partial in local_partials(step.node)]
            assert all(step.node.operands[flow.place] is flow.operand for flow in step.flows)


@given(recipes())
def test_a_flow_says_what_it_multiplies_and_what_it_adds(recipe: Recipe) -> None:
    s = recorded(recipe).steps()
    for step in s:
        for flow in getattr(step, "flows", ()):
            assert flow.adjoint == step.adjoint == s.adjoints[step.node]
            assert flow.product == flow.adjoint * flow.partial
            assert flow.after == flow.before + flow.product


@given(recipes())
def test_a_node_passes_on_when_all_its_uses_have_flowed(recipe: Recipe) -> None:
    y = recorded(recipe)
    backward = [node for node in reversed(topological_order(y)) if node.operands]
    users: dict[Value, list[Value]] = {x: [] for x in topological_order(y)}
    for node in backward:
        for x in node.operands:
            if isinstance(x, Value):
                users[x].append(node)
    uses = {x: len(users[x]) for x in users}
    flowed: Counter[Value] = Counter()
    silent: Counter[Value] = Counter()
    for step in y.steps():
        if isinstance(step, BackwardStep):
            assert flowed[step.node] + silent[step.node] == uses[step.node]
            for flow in step.flows:
                flowed[flow.operand] += 1
                assert (flow.use, flow.uses) == (flowed[flow.operand] + silent[flow.operand], uses[flow.operand])
                assert flow.next_user is (None if flow.use == flow.uses else users[flow.operand][flow.use])
            if not step.flows:
                silent.update(x for x in step.node.operands if isinstance(x, Value))


@given(recipes(), st.sampled_from([1, 4, 17]))
def test_everything_that_shows_itself_fits_a_screen(recipe: Recipe, precision: int) -> None:
    leaves = recorded_leaves(recipe)
    leaves[0].label = "model.layers[0].neurons[12].w[3]"
    leaves[-1].label = "a label of many words " * 10
    y = recorded_root(recipe, leaves)
    s = y.steps(precision=precision)
    assert fits(s)
    for step in s:
        assert fits(step)
        assert fits(s.where())
        assert all(map(fits, getattr(step, "flows", ())))
    assert fits(s.next())
    assert fits(s.beside("recursion"))
    assert fits(s.beside("assignment"))


def test_a_thousand_operands_and_wide_characters_fit_a_screen() -> None:
    xs = [Value(float(place), label) for place, label in enumerate(["权重" * 30, "x\u0302" * 40, "x"] * 300)]
    y = dot(xs, xs) + sum_of(xs)
    for step in y.steps():
        assert fits(step)
    assert fits(y.steps().end())
    assert fits(y.steps().beside("recursion"))
    assert fits(y.steps().beside("assignment"))


def chain(length: int) -> tuple[Value, Value]:
    x = y = Value(1.0, "x")
    for _ in range(length):
        y = y * 1.00001
    return x, y


def test_a_chain_of_100_000_nodes_is_an_ordinary_graph() -> None:
    x, y = chain(DEEP)
    s = y.steps()
    assert len(s) == 2 * DEEP
    assert fits(s.until(x))
    assert bits(s.adjoints) == bits(adjoints(y))
    assert fits(s)
    assert fits(s.start())
    assert s.adjoints[x] == 0.0


def test_the_mistaken_recursion_is_itself_no_recursion() -> None:
    x, y = chain(sys.getrecursionlimit() * 5)
    beside = y.steps().beside("recursion")
    assert beside.parts_at is None
    assert beside.mistaken is not None
    assert beside.mistaken[x] == beside.right[x]
    assert fits(beside)


# ---- planted mistakes: a wrong stepper is caught by the laws

contributions = passes.contributions
backward_step = Passes.backward_step


def is_caught(law: Callable[[Value], None]) -> bool:
    """Whether some graph, of the awkward and of forty generated ones, breaks the law."""
    for y in [*awkward(), *generated(40, seed=1)]:
        try:
            law(y)
        except AssertionError:
            return True
    return False


def _drops_the_second_use(graph: Any, node: Value, sums: Any, *added: Any) -> Iterator[Flow]:
    last = sums
    for flow in contributions(graph, node, dict(sums), *added):
        if flow.place == 0:
            last[flow.operand] = flow.after
            yield flow


def _assigns(graph: Any, node: Value, sums: Any, *_: Any) -> Iterator[Flow]:
    return contributions(graph, node, sums, lambda before, product: product)


def _counts_nothing_as_zero(graph: Any, node: Value, sums: Any, *added: Any) -> Iterator[Flow]:
    sums[node] += 0.0
    return contributions(graph, node, sums, *added)


def _in_forward_order(graph: Passes, index: int, sums: Any) -> BackwardStep:
    graph.backward = [graph.root, *graph.inner[:-1]]
    return backward_step(graph, index, sums)


@pytest.mark.parametrize(
    ("owner", "name", "mistaken"),
    [
        (passes, "contributions", _assigns),
        (passes, "contributions", _drops_the_second_use),
        (passes, "contributions", _counts_nothing_as_zero),
        (passes, "is_constant_zero", lambda partial: False),
        (Passes, "backward_step", _in_forward_order),
    ],
    ids=["assigns", "drops a use", "passes on nothing", "adds constant zeros", "forward order"],
)
def test_a_planted_mistake_in_the_backward_pass_is_caught(
    owner: Any, name: str, mistaken: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner, name, mistaken)
    assert is_caught(assert_leaves_what_backward_leaves)


def test_a_planted_mistake_in_undoing_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def undo(s: Stepper) -> None:
        step = s._played.pop()
        for flow in getattr(step, "flows", ()):  # forwards: x * x gets the sum between its two uses
            s._sums[flow.operand] = flow.before
        s._values.pop(step.node, None) if isinstance(step, ForwardStep) else None

    monkeypatch.setattr(Stepper, "_undo", undo)
    assert is_caught(assert_undoes_exactly)


# ---- what is told


def test_a_backward_step_reads_as_a_line_of_the_chain_rule() -> None:
    w1, x1, b1 = Value(-0.4, "w1"), Value(1.8, "x1"), Value(0.1, "b1")
    z1 = w1 * x1
    z1.label = "z1"
    y = (z1 + b1).tanh()
    y.label = "y"
    *_, last = y.steps()
    assert repr(last).split("\n") == [
        "backward 3 of 3: z1 = w1 · x1, adjoint 0.6963, complete: 1 of 1 use",
        "        local derivative     adjoint · local            running sum           uses",
        "  → w1  ∂z1/∂w1 = x1 = 1.8   0.6963 · 1.8 = 1.253       0 + 1.253 = 1.253     1 of 1",
        "  → x1  ∂z1/∂x1 = w1 = −0.4  0.6963 · (−0.4) = −0.2785  0 − 0.2785 = −0.2785  1 of 1",
    ]


def test_a_forward_step_tells_names_numbers_and_result() -> None:
    s = diamond().steps()
    assert [repr(step) for step in s][:4] == [
        "forward 1 of 4: a = x · 3 = 4 · 3 = 12",
        "forward 2 of 4: u = a · 2 = 12 · 2 = 24",
        "forward 3 of 4: v = a · 5 = 12 · 5 = 60",
        "forward 4 of 4: y = u + v = 24 + 60 = 84",
    ]


def test_where_tells_the_last_step_the_sums_so_far_and_what_is_to_come() -> None:
    s = diamond().steps()
    s.next(6)
    assert repr(s.where()).split("\n") == [
        "y, step 6 of 8",
        "backward 2 of 4: v = a · 5, adjoint 1, complete: 1 of 1 use",
        "       local derivative  adjoint · local  running sum  uses",
        "  → a  ∂v/∂a = 5         1 · 5 = 5        0 + 5 = 5    1 of 2, then u",
        "adjoints so far:",
        "  a = 5   1 of 2 uses",
        "  u = 1   complete: 1 of 1 use",
        "  v = 1   complete: 1 of 1 use",
        "  y = 1   the seed",
        "still to come: u, a",
    ]
    assert repr(s) == repr(s.where())


def test_a_square_is_two_uses_and_is_told_as_two() -> None:
    x = Value(3.0, "x")
    y = x * x
    y.label = "y"
    assert repr(y.steps().end().step).split("\n") == [
        "backward 1 of 1: y = x · x, adjoint 1, the seed",
        "       local derivative  adjoint · local  running sum  uses",
        "  → x  ∂y/∂x = x = 3     1 · 3 = 3        0 + 3 = 3    1 of 2, then y",
        "  → x  ∂y/∂x = x = 3     1 · 3 = 3        3 + 3 = 6    2 of 2",
    ]


def test_what_adds_nothing_is_told_from_what_adds_zero() -> None:
    x = Value(2.0, "x")
    y = (x * 3).sign() + 0.0 * x
    told = "\n".join(map(repr, y.steps()))
    assert "constant 0: adds nothing" in told
    assert "to whose adjoint nothing was added: it passes nothing on" in told
    assert "1 · 0 = 0" in told


def test_what_is_constantly_zero_adds_nothing_to_an_infinite_adjoint() -> None:
    x = Value(0.0, "x")
    (flow,) = [flow for step in x.sign().sqrt().steps() for flow in getattr(step, "flows", ()) if flow.operand is x]
    assert (flow.adjoint, flow.adds, flow.product, flow.before, flow.after) == (math.inf, False, 0.0, 0.0, 0.0)


def test_ties_are_told_where_one_operand_gets_all() -> None:
    a, b = Value(2.0, "a"), Value(2.0, "b")
    (_, step) = maximum([a, b]).steps()
    assert "where operands tie, the first of the largest gets all" in repr(step)
    assert [flow.partial for flow in step.flows] == [1.0, 0.0]
    assert [flow.rule for flow in step.flows] == ["equal(a, v1)", "0"]


@pytest.mark.parametrize("name", sorted(PRIMITIVES))
def test_the_rule_of_every_primitive_is_told(name: str) -> None:
    random = Random(name)
    y = recorded(random_recipe(random, (name,), steps=2))
    *_, step = y.steps()
    assert all(flow.rule for flow in step.flows)


def test_numbers_have_the_digits_that_are_asked_for() -> None:
    y = Value(2.0, "x").exp()
    assert "7.389" in repr(y.steps().end())
    assert "7.38905609893065" in repr(y.steps(precision=17).end())


def test_a_stepper_lends_no_names_to_the_graph_that_it_plays() -> None:
    x = Value(1.0, "x")
    y = (x * 2 + 1).exp()
    held = [y.steps() for _ in range(2)]
    list(held[0])
    told = [*map(repr, held[1]), *map(repr, y.steps())]
    assert "held" not in "".join(told)


def test_the_exercise_of_document_003_flows_as_it_is_worked_out() -> None:
    """The factors along the path from J to w(1)11, and their product: 0.08574."""
    network = exercise.forward(exercise.GIVEN)
    w11 = network.model.layers[0].neurons[0].w[0]
    s = network.J.steps()
    flows = {flow.operand: flow for step in s for flow in getattr(step, "flows", ())}
    along = (network.y_hat, network.z2, network.y1[0], network.z1[0], w11)
    assert [f"{s.adjoints[x]:.4g}" for x in along] == ["-4.477", "-1.117", "0.4468", "0.04763", "0.08574"]
    factors = [flows[x].partial for x in (network.z2, network.y1[0], network.z1[0], w11)]
    assert [f"{factor:.4g}" for factor in factors] == ["0.2495", "-0.4", "0.1066", "1.8"]


def test_the_apartment_of_document_000_flows_as_section_1_derives() -> None:
    network = apartment.forward()
    w1 = network.w1
    s = network.error.steps()
    s.until("ŷ")
    s.until("ŷ")
    difference = network.prediction.data - apartment.PRICE
    assert s.adjoints[network.prediction] == difference
    s.until(w1)
    assert s.adjoints[w1] == pytest.approx(difference * 0.4 * apartment.SIZE, rel=1e-15)
    assert "ReLU" in repr(s.start()) + "".join(map(repr, s))


# ---- moving


def test_next_and_back_give_the_step_at_which_one_stands() -> None:
    s = diamond().steps()
    first, second = s.next(), s.next()
    assert (first.number, second.number) == (1, 2)
    assert s.back() == first
    assert s.next() == second
    assert s.next(100).number == 4
    assert s.done
    assert s.back(7) == first


def test_beyond_the_ends_there_is_a_step_that_is_false_and_says_so() -> None:
    s = diamond().steps()
    assert repr(s.back()) == "the start: none of the 8 steps is played; next() plays the first"
    s.end()
    assert repr(s.next()) == "the end: all 8 steps are played; back() undoes the last one, start() all"
    assert s.position == 8
    assert not s.next()
    assert isinstance(s.back(8), NoStep)
    assert s.position == 0


def test_it_iterates_over_the_steps_that_remain() -> None:
    s = diamond().steps()
    s.next(6)
    assert [step.node.label for step in s] == ["u", "a"]
    assert list(s) == []
    assert s.done


def test_the_function_and_the_method_are_one() -> None:
    y = diamond()
    assert list(map(repr, steps(y))) == list(map(repr, y.steps()))


def test_until_stops_where_the_value_and_then_the_adjoint_is_known() -> None:
    y = diamond()
    a, x = by_label(y, "a"), by_label(y, "x")
    s = y.steps()
    where = s.until(a)
    assert (s.position, where.reason) == (1, "the value of a is known")
    where = s.until(a)
    assert (s.position, where.reason, s.adjoints[a]) == (7, "the adjoint of a is complete", 7.0)
    s.until(a)
    assert s.position == 7
    s.until(x)
    assert (s.done, s.adjoints[x]) == (True, 21.0)


@given(recipes())
def test_until_stops_at_the_first_step_after_which_the_adjoint_stays(recipe: Recipe) -> None:
    y = recorded(recipe)
    final = adjoints(y)
    for node in final:
        s = y.steps()
        s.next(len(s) // 2)
        s.until(node)
        assert s.adjoints[node].hex() == final[node].hex()
        last = s.where().step
        assert not isinstance(last, BackwardStep) or any(x is node for x in last.node.operands)


def test_until_the_root_plays_the_forward_pass() -> None:
    y = diamond()
    s = y.steps()
    assert s.until(y).at == "backward"
    assert s.position == 4
    assert s.until("y").position == 4


def test_run_stops_where_something_watched_changes() -> None:
    y = diamond()
    a = by_label(y, "a")
    s = y.steps().watch(a)
    stops = [(s.run().position, s.adjoints[a]) for _ in range(4)]
    assert stops == [(1, 0.0), (6, 5.0), (7, 7.0), (8, 7.0)]
    assert s.where().known == {a: 7.0}


def test_run_says_why_it_stopped() -> None:
    s = diamond().steps().watch("a").breakpoint("u")
    assert [s.run().reason for _ in range(5)] == [
        "a is watched",
        "breakpoint u",
        "a is watched",
        "breakpoint u",
        "",
    ]


@pytest.mark.parametrize("what", ["multiply", "*", PRIMITIVES["multiply"]])
def test_a_breakpoint_on_a_primitive_stops_at_each_of_its_nodes(what: Any) -> None:
    s = diamond().steps().breakpoint(what)
    assert [s.run().position for _ in range(7)] == [1, 2, 3, 6, 7, 8, 8]


def test_a_breakpoint_on_a_value_or_its_variable_stops_at_it() -> None:
    x = Value(0.5)
    inner = x.tanh()
    y = inner * inner
    for what in (inner, "inner"):
        s = y.steps().breakpoint(what)
        assert [s.run().position for _ in range(3)] == [1, 4, 4]


def test_a_label_that_several_have_means_them_all() -> None:
    x, other = Value(1.0, "w"), Value(2.0, "w")
    y = x.exp() * other.log()
    assert y.steps().watch("w").where().known == {x: 1.0, other: 2.0}
    assert y.steps().until("w").position == 6


def test_clear_forgets_where_to_stop() -> None:
    s = diamond().steps().watch("a").breakpoint("multiply").clear()
    assert s.run().position == 8


def test_where_and_steps_do_not_move_with_the_stepper() -> None:
    s = diamond().steps()
    where, step = s.until("u"), s.where().step
    before = repr(where), repr(step)
    s.end()
    assert (repr(where), repr(step)) == before


def test_what_is_known_cannot_be_written() -> None:
    s = diamond().steps()
    for view in (s.values, s.adjoints):
        with pytest.raises(TypeError):
            view[next(iter(view))] = 1.0  # type: ignore[index]


# ---- beside


def naive(node: Value, grads: dict[Value, float]) -> None:
    """What people write first."""
    for operand, partial in local_partials(node):
        if not is_constant_zero(partial):
            grads[operand] += grads[node] * partial
            naive(operand, grads)


@given(recipes())
def test_beside_has_what_backward_and_a_naive_recursion_leave(recipe: Recipe) -> None:
    y = recorded(recipe)
    grads = {**dict.fromkeys(topological_order(y), 0.0), y: 1.0}
    naive(y, grads)
    beside = y.steps().beside("recursion")
    assert bits(beside.right) == bits(adjoints(y))
    assert beside.mistaken is not None
    assert bits(beside.mistaken) == bits(grads)


@given(recipes(steps=7))
def test_without_sharing_the_recursion_never_parts(recipe: Recipe) -> None:
    y = written_out(recipe, recorded_leaves(recipe))
    beside = y.steps().beside("recursion")
    assert (beside.parts_at, beside.wrong) == (None, [])


@given(recipes())
def test_the_recursion_parts_where_a_node_first_passes_on_too_early(recipe: Recipe) -> None:
    beside = recorded(recipe).steps().beside("recursion")
    flows = [mistaken for _, mistaken in beside.steps]
    if beside.parts_at is None:
        assert beside.wrong == []
    else:
        early = flows.pop()
        assert beside.parts_at == len(flows) + 1
        assert len([flow for flow in flows if flow.operand is early.node]) < early_uses(early, beside.right)
    assert all(flow.adjoint == beside.right[flow.node] for flow in flows)


def early_uses(flow: Flow, nodes: Any) -> int:
    uses = ((node, x) for node in nodes for x, partial in local_partials(node) if not is_constant_zero(partial))
    return len([node for node, x in uses if x is flow.node])


@given(recipes())
def test_the_assignment_parts_where_a_sum_is_first_lost(recipe: Recipe) -> None:
    beside = recorded(recipe).steps().beside("assignment")
    parted = [place for place, (right, mistaken) in enumerate(beside.steps, 1) if right.after != mistaken.after]
    assert parted == ([] if beside.parts_at is None else [len(beside.steps)])
    if beside.parts_at is None:
        assert dict(beside.right) == beside.mistaken


def test_the_diamond_parts_where_a_passes_on_too_early() -> None:
    y = diamond()
    beside = y.steps().beside("recursion")
    x = by_label(y, "x")
    assert beside.mistaken is not None
    assert (beside.parts_at, beside.right[x], beside.mistaken[x], beside.wrong) == (3, 21.0, 27.0, [x])
    assert repr(beside).split("\n") == [
        "backward pass of y, beside a recursion that doesn't wait for a node's other uses",
        "    step   right                  recursion",
        "    1      y → u: 0 + 1 · 1 = 1   y → u: 0 + 1 · 1 = 1",
        "    2      y → v: 0 + 1 · 1 = 1   u → a: 0 + 1 · 2 = 2",
        "✗   3      v → a: 0 + 1 · 5 = 5   a → x: 0 + 2 · 3 = 6",
        "They part at step 3: a passes on 2 while only 1 of its 2 uses has been added; what",
        "comes later flows again.",
        "    at the end   right   recursion",
        "✗   ∂y/∂x        21      27",
    ]


def test_the_diamond_loses_a_sum_to_an_assignment() -> None:
    beside = diamond().steps().beside("assignment")
    assert repr(beside).split("\n") == [
        "backward pass of y, beside one that writes = where += belongs",
        "    step   right                  assignment",
        "    1      y → u: 0 + 1 · 1 = 1   y → u: 1 · 1 = 1",
        "    2      y → v: 0 + 1 · 1 = 1   y → v: 1 · 1 = 1",
        "    3      v → a: 0 + 1 · 5 = 5   v → a: 1 · 5 = 5",
        "✗   4      u → a: 5 + 1 · 2 = 7   u → a: 1 · 2 = 2",
        "They part at step 4: the adjoint of a was 5, and 2 overwrites it: it should be 7.",
        "    at the end   right   assignment",
        "✗   ∂y/∂x        21      6",
    ]


def test_a_chain_never_parts_and_says_why() -> None:
    s = (Value(0.5, "x").tanh() * 3).exp().steps()
    assert "They never part: no computed node is reached twice" in repr(s.beside("recursion"))
    assert "They never part: nothing is used twice" in repr(s.beside("assignment"))


def test_beside_plays_from_the_beginning_and_does_not_move_the_stepper() -> None:
    s = diamond().steps()
    s.next(6)
    before = standing(s)
    assert repr(s.beside("recursion")) == repr(diamond().steps().beside("recursion"))
    assert standing(s) == before


@pytest.mark.parametrize(("levels", "visits"), [(100, "2.54e+30"), (3_000, "more than 1e+308")])
def test_a_recursion_without_end_is_counted_and_stopped(levels: int, visits: str) -> None:
    y = Value(1.0, "x")
    for _ in range(levels):
        y = y + y
    beside = y.steps().beside("recursion")
    assert (beside.parts_at, beside.mistaken, beside.wrong) == (2, None, [])
    told = repr(beside).replace("\n", " ")
    assert "They part at step 2: " in told
    assert f"flows again. It is stopped there: to its end it takes {visits} visits." in told
    assert fits(beside)


def test_a_parting_that_does_no_harm_is_said_to_do_none() -> None:
    x = Value(-1.0, "x")
    h = x.relu()
    y = h + h
    beside = y.steps().beside("recursion")
    assert (beside.parts_at, beside.wrong) == (2, [])
    told = repr(beside).replace("\n", " ")
    assert "They part at step 2: " in told
    assert "come out right nevertheless" in told


# ---- errors and staleness


def message(call: Callable[[], Any]) -> str:
    with pytest.raises((TypeError, ValueError)) as caught:
        call()
    return f"{type(caught.value).__name__}: {caught.value}"


def test_errors_say_what_was_needed_and_what_was_got() -> None:
    y = diamond()
    s = y.steps()
    stranger: Any = Value(2.0, "q")
    wrong: Any = 3
    told = {
        message(lambda: s.until(stranger)): "ValueError: until(q): y does not depend on it",
        message(lambda: s.watch(Value(2.5))): "ValueError: watch(2.5): y does not depend on it",
        message(lambda: s.until("q")): "ValueError: until('q'): y depends on no Value of that name",
        message(lambda: s.until(wrong)): "TypeError: until takes a Value or its name; got int 3",
        message(lambda: s.breakpoint(wrong)): "TypeError: breakpoint takes a Value, a name or a primitive; got int 3",
        message(lambda: s.breakpoint("tahn")): (
            "ValueError: breakpoint(tahn): no step of y is one; its primitives are multiply, add"
        ),
        message(lambda: s.breakpoint("x")): (
            "ValueError: breakpoint(x): no step of y is one; a leaf is given, not computed: watch it"
        ),
        message(lambda: s.next(0)): "ValueError: next(n) moves by a whole number of steps, at least 1; got 0",
        message(lambda: s.back(wrong / 2)): "ValueError: back(n) moves by a whole number of steps, at least 1; got 1.5",
        message(lambda: s.beside(wrong)): "ValueError: beside plays 'recursion' or 'assignment'; got 3",
        message(lambda: steps(wrong)): "TypeError: steps plays the graph of one Value; got int 3",
        message(lambda: y.steps(precision=0)): "ValueError: precision is a number of digits from 1 to 17; got 0",
    }
    assert list(told) == list(told.values())
    assert s.position == 0


def test_a_stale_graph_is_refused_at_once() -> None:
    y = diamond()
    by_label(y, "x").data = 5.0
    with pytest.raises(StaleGraph, match=r"^x was written \(5.0\) after this graph was recorded"):
        y.steps()


@pytest.mark.parametrize("move", ["next", "back", "run", "start", "end", "__next__"])
def test_a_leaf_that_is_written_on_the_way_stops_every_move(move: str) -> None:
    y = diamond()
    s = y.steps()
    s.next(3)
    by_label(y, "x").data = 5.0
    before = standing(s)
    assert "(stale: numbers of the graph were changed since)" in repr(s)
    with pytest.raises(StaleGraph, match=r"^x was written \(5.0\) after this graph was recorded"):
        getattr(s, move)()
    with pytest.raises(StaleGraph):
        s.beside("recursion")
    assert standing(s) == before


def test_a_refresh_on_the_way_does_not_mix_numbers() -> None:
    y = diamond()
    s = y.steps()
    s.next(3)
    by_label(y, "x").data = 5.0
    y.refresh()
    changed = "^numbers of this graph were changed since it was told; call steps again to tell of the new ones$"
    with pytest.raises(StaleGraph, match=changed):
        s.next()
    y.steps().end()


def test_a_leaf_alone_that_is_written_stops_too() -> None:
    x = Value(1.0, "x")
    s = x.steps()
    x.data = 2.0
    with pytest.raises(StaleGraph, match=r"^numbers of this graph were changed"):
        s.run()


def test_a_leaf_of_another_graph_may_be_written() -> None:
    s = diamond().steps()
    other = Value(1.0)
    for _ in s:
        other.data += 1.0
    assert s.done


def test_a_formula_that_raises_leaves_the_step_unplayed(monkeypatch: pytest.MonkeyPatch) -> None:
    s = diamond().steps()
    s.next(4)
    before = standing(s)

    def broken(node: Value) -> Iterator[tuple[Value, float]]:
        yield next(local_partials(node))
        raise ZeroDivisionError

    monkeypatch.setattr(passes, "local_partials", broken)
    with pytest.raises(ZeroDivisionError):
        s.next()
    assert standing(s) == before


def test_a_leaf_alone_has_no_steps() -> None:
    x = Value(3.0, "x")
    s = x.steps()
    assert (len(s), s.done, list(s), dict(s.adjoints)) == (0, True, [], {x: 1.0})
    assert repr(s).split("\n") == [
        "x, step 0 of 0",
        "adjoints so far:",
        "  x = 1   the seed",
        "nothing is still to come: these are the adjoints that backward() adds",
    ]


def test_run_at_the_end_gives_no_old_reason() -> None:
    y = diamond()
    s = y.steps().watch("x")
    while not s.done:
        s.run()
    assert "x" in s.where().reason
    assert s.run().reason == ""
