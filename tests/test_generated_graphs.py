"""Laws that hold on every graph, on graphs that are generated from the whole table."""

from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import autograd
from autograd import Value, depends, grad, hessian, jvp, topological_order
from autograd.contracts.operands import mapped
from autograd.contracts.spelling import record
from autograd.derivatives import local_partials
from autograd.strategies.graphs import recipes
from autograd.strategies.recipes import (
    Recipe,
    random_recipe,
    reachable,
    recorded_leaves,
    recorded_places,
    recorded_root,
    written_out,
)
from tests import oracles
from tests.graphs import GENERATED, RATIONAL_NAMES, SMOOTH, Edge, edges, evaluated, paths, stepped_slope
from tests.oracles import ORACLES, SECOND_TOLERANCE, TOLERANCE, disagreements
from tests.specimens import Specimen

ROUNDING = 1e-13
"""Of the scale: two orders of the same sums differ by roundings, and by nothing else."""

SEEDS = st.floats(-100, 100).filter(lambda seed: seed == 0 or abs(seed) > 1e-6)
SMALL = recipes(steps=6)


def recorded(recipe: Recipe) -> tuple[Value, list[Value]]:
    leaves = recorded_leaves(recipe)
    return recorded_root(recipe, leaves), leaves


def slopes(y: Value, xs: list[Value]) -> list[float]:
    return [derivative.data for derivative in grad(y, xs)]


def agree(found: list[float], expected: list[float], y: Value, xs: list[Value], tolerance: float = ROUNDING) -> bool:
    """Whether two lists of derivatives differ by so much of the scale at most."""
    scales = autograd.derivatives.scales(y, xs)
    return all(abs(a - b) <= tolerance * scale for a, b, scale in zip(found, expected, scales))


# ---- oracles


@given(recipes())
def test_reverse_mode_agrees_with_every_oracle(recipe: Recipe) -> None:
    for key, error in disagreements(Specimen(0, recipe, rational=False)):
        assert error <= ORACLES[key].tolerance, key


@given(recipes(RATIONAL_NAMES, exact=True))
def test_reverse_mode_of_rational_graphs_agrees_with_exact_fractions(recipe: Recipe) -> None:
    graph = Specimen(0, recipe, rational=True)
    assert max(oracles.fractions(graph) or [0.0]) <= TOLERANCE
    assert max(oracles.second_fractions(graph) or [0.0]) <= SECOND_TOLERANCE


@given(recipes())
def test_values_are_those_of_the_meanings(recipe: Recipe) -> None:
    leaves = recorded_leaves(recipe)
    exact = complex(evaluated(recipe, list(map(complex, recipe.leaves)))).real
    assert recorded_root(recipe, leaves).data == pytest.approx(exact, rel=TOLERANCE, abs=TOLERANCE)


@given(recipes(SMOOTH))
def test_evaluation_in_complex_gives_the_complex_step(recipe: Recipe) -> None:
    y, leaves = recorded(recipe)
    stepped = [stepped_slope(y, x) for x in leaves]
    assert agree(stepped, slopes(y, leaves), y, leaves, TOLERANCE)


@given(recipes(steps=5), st.integers(0, 2))
def test_jvp_is_the_gradient_times_the_direction(recipe: Recipe, seed: int) -> None:
    y, leaves = recorded(recipe)
    random = Random(seed)
    direction = [random.uniform(-1, 1) for _ in leaves]
    terms = [slope * component for slope, component in zip(slopes(y, leaves), direction)]
    size = math.fsum(autograd.derivatives.scales(y, leaves))
    assert abs(jvp(y, leaves, direction).data - math.fsum(terms)) <= ROUNDING * size


# ---- the graph and its paths


@given(SMALL)
def test_gradient_is_the_sum_over_paths(recipe: Recipe) -> None:
    leaves = recorded_leaves(recipe)
    places = recorded_places(recipe, leaves)
    uses = edges(recipe, [value.data for value in places])
    root = len(places) - 1
    found = [
        math.fsum(math.prod(edge.slope for edge in path) for path in paths(uses, x, root)) for x in range(len(leaves))
    ]
    assert agree(found, slopes(places[-1], leaves), places[-1], leaves, TOLERANCE)


@given(SMALL)
def test_recorded_edges_are_those_of_the_recipe(recipe: Recipe) -> None:
    places = recorded_places(recipe, recorded_leaves(recipe))
    place = {value: index for index, value in enumerate(places)}
    below = reachable(recipe)
    expected = [edge for edge in edges(recipe, [value.data for value in places]) if edge.target in below]
    found = [
        Edge(place[operand], place[node], float(partial))
        for node in places
        if place[node] in below
        for operand, partial in local_partials(node)
    ]
    assert sorted(edge[:2] for edge in found) == sorted(edge[:2] for edge in expected)


@given(recipes())
def test_the_nodes_visited_are_the_nodes_reachable(recipe: Recipe) -> None:
    leaves = recorded_leaves(recipe)
    places = recorded_places(recipe, leaves)
    below = reachable(recipe)
    order = topological_order(places[-1])
    assert len(order) == len(below)
    assert set(order) == {places[place] for place in below}
    assert [depends(places[-1], value) for value in places] == [place in below for place in range(len(places))]


@given(recipes())
def test_topological_order_puts_operands_first_and_leaves_before_all(recipe: Recipe) -> None:
    order = topological_order(recorded(recipe)[0])
    position = {node: index for index, node in enumerate(order)}
    for node in order:
        assert all(position[x] < position[node] for x in node.operands if isinstance(x, Value))
    is_leaf = [not node.op for node in order]
    assert is_leaf == sorted(is_leaf, reverse=True)


@given(recipes(), st.integers(0, 2**32 - 1))
def test_any_valid_topological_order_gives_the_same_gradient(recipe: Recipe, seed: int) -> None:
    y, leaves = recorded(recipe)
    adjoints = dict.fromkeys(topological_order(y), 0.0)
    adjoints[y] = 1.0
    for node in _random_reverse_order(y, Random(seed)):
        for operand, partial in local_partials(node):
            adjoints[operand] += adjoints[node] * partial
    assert agree([adjoints.get(x, 0.0) for x in leaves], slopes(y, leaves), y, leaves)


def _random_reverse_order(y: Value, random: Random) -> list[Value]:
    """Every node below y after all the nodes that use it, otherwise in random order."""
    users = dict.fromkeys(topological_order(y), 0)
    for node in users:
        for operand in node.operands:
            if isinstance(operand, Value):
                users[operand] += 1
    ready, order = [y], []
    while ready:
        node = ready.pop(random.randrange(len(ready)))
        order.append(node)
        for operand in node.operands:
            if isinstance(operand, Value):
                users[operand] -= 1
                if users[operand] == 0:
                    ready.append(operand)
    return order


@given(recipes(steps=7))
def test_sharing_a_subexpression_is_writing_it_twice(recipe: Recipe) -> None:
    leaves = recorded_leaves(recipe)
    shared, duplicated = recorded_root(recipe, leaves), written_out(recipe, leaves)
    assert shared.data == duplicated.data
    assert agree(slopes(duplicated, leaves), slopes(shared, leaves), shared, leaves)


# ---- backward and grad


@given(recipes())
def test_backward_is_grad_on_every_node(recipe: Recipe) -> None:
    y, _ = recorded(recipe)
    nodes = topological_order(y)
    derivatives = slopes(y, nodes)
    y.backward()
    assert agree([node.grad for node in nodes], derivatives, y, nodes)


@given(recipes())
def test_backward_twice_doubles_every_gradient(recipe: Recipe) -> None:
    y, _ = recorded(recipe)
    y.backward()
    once = [node.grad for node in topological_order(y)]
    y.backward()
    assert [node.grad for node in topological_order(y)] == [2 * adjoint for adjoint in once]


@given(recipes(), SEEDS)
def test_backward_is_linear_in_the_seed(recipe: Recipe, seed: float) -> None:
    y, leaves = recorded(recipe)
    y.backward(seed)
    expected = [seed * slope for slope in slopes(y, leaves)]
    scales = autograd.derivatives.scales(y, leaves)
    for leaf, derivative, scale in zip(leaves, expected, scales):
        assert abs(leaf.grad - derivative) <= ROUNDING * abs(seed) * scale


@given(recipes())
def test_grad_jvp_and_hessian_change_nothing(recipe: Recipe) -> None:
    y, leaves = recorded(recipe)
    y.backward()
    nodes = topological_order(y)
    before = [(node.data, node.grad, node.label, node.operands, node.grad_state) for node in nodes]
    grad(y, leaves)
    jvp(y, leaves, [1.0] * len(leaves))
    hessian(y, leaves)
    assert topological_order(y) == nodes
    assert [(node.data, node.grad, node.label, node.operands, node.grad_state) for node in nodes] == before


@given(recipes(), recipes())
def test_gradient_of_a_sum_is_the_sum_of_gradients(f: Recipe, g: Recipe) -> None:
    leaves, others = recorded_leaves(f), recorded_leaves(g)
    places = recorded_places(f, leaves)
    xs = [*leaves, *others]
    for other in (places[len(places) // 2], recorded_root(g, others)):
        total = places[-1] + other
        apart = [a + b for a, b in zip(slopes(places[-1], xs), slopes(other, xs))]
        assert agree(slopes(total, xs), apart, total, xs)


@given(recipes())
def test_refreshing_after_new_numbers_gives_the_graph_recorded_anew(recipe: Recipe) -> None:
    y, leaves = recorded(recipe)
    numbers = [x * (1 + 1e-3) for x in recipe.leaves]
    for leaf, x in zip(leaves, numbers):
        leaf.data = x
    anew, _ = recorded(recipe._replace(leaves=tuple(numbers)))
    y.refresh()
    assert [node.data for node in topological_order(y)] == [node.data for node in topological_order(anew)]


# ---- second derivatives


@given(recipes(SMOOTH, leaves=2, steps=5))
def test_hessian_is_symmetric(recipe: Recipe) -> None:
    y, leaves = recorded(recipe)
    assume(not _has_exponent_zero(y))
    (_, xy), (yx, _) = ([entry.data for entry in line] for line in hessian(y, leaves))
    assert xy == pytest.approx(yx, rel=SECOND_TOLERANCE, abs=SECOND_TOLERANCE * _second_scale(y, leaves))


@given(recipes(SMOOTH, leaves=2, steps=5))
def test_hessian_is_the_complex_step_of_the_gradient(recipe: Recipe) -> None:
    y, leaves = recorded(recipe)
    assume(not _has_exponent_zero(y))
    for first, line in zip(grad(y, leaves), hessian(y, leaves)):
        for x, entry in zip(leaves, line):
            stepped = stepped_slope(first, x)
            assert abs(entry.data - stepped) <= SECOND_TOLERANCE * _second_scale(y, leaves)


def _has_exponent_zero(y: Value) -> bool:
    """Whether an exponent that depends on something is 0, where the table leaves out a second derivative of x ** y."""
    powers = (node for node in topological_order(y) if node.op == "**")
    return any(isinstance(exponent, Value) and exponent.data == 0 for _, exponent in (node.operands for node in powers))


def _second_scale(y: Value, leaves: list[Value]) -> float:
    """The largest scale of a first derivative's own derivatives, or 1."""
    return max(1.0, *(scale for first in grad(y, leaves) for scale in autograd.derivatives.scales(first, leaves)))


# ---- Euler's theorem

HOMOGENEOUS = ("add", "subtract", "negative", "absolute", "maximum", "minimum", "relu", "sum")
"""Primitives that take numbers of one degree to a number of that degree; constants are made leaves below."""


@given(recipes(HOMOGENEOUS, leaves=3, steps=8), st.sampled_from([1, 2, 3]))
def test_eulers_theorem_holds_for_homogeneous_functions(recipe: Recipe, degree: int) -> None:
    """Σ x ∂f/∂x = k f for f of degree k: here f is a function of degree 1, to the power k."""
    leaves = recorded_leaves(recipe)
    constants = [Value(1.0)]
    places = list(leaves)
    for step in recipe.steps:
        operands = _constants_replaced(step.operands, places, constants[0])
        places.append(_of_degree_one(step.name, operands))
    y = places[-1] ** degree
    xs = leaves + constants
    total = math.fsum(x.data * slope for x, slope in zip(xs, slopes(y, xs)))
    size = math.fsum(abs(x.data) * scale for x, scale in zip(xs, autograd.derivatives.scales(y, xs)))
    assert abs(total - degree * y.data) <= ROUNDING * (size + abs(y.data))


def _constants_replaced(operands: tuple[object, ...], places: list[Value], one: Value) -> tuple[object, ...]:
    return mapped(lambda x: places[x] if type(x) is int else x * one, operands)


def _of_degree_one(name: str, operands: tuple[object, ...]) -> Value:
    return record(name, operands)


# ---- the generator itself


def test_generated_graphs_use_the_whole_table_share_and_repeat() -> None:
    random = Random(0)
    steps = [step for _ in range(300) for step in random_recipe(random).steps]
    assert {step.name for step in steps} == set(GENERATED)
    assert any(len(set(step.operands)) < len(step.operands) for step in steps if step.name == "multiply")
    assert any(isinstance(x, float) for step in steps for x in step.operands)
