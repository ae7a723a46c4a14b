"""The paths of a graph against an enumeration that knows nothing of them, and paths beyond enumeration."""

from __future__ import annotations

import math
from itertools import islice, pairwise

import pytest
from hypothesis import given

from autograd import StaleGraph, Value, grad
from autograd import sum as sum_of
from autograd.derivatives import scales
from autograd.explanation.paths import MOST_COUNTED, Path, Paths
from autograd.strategies.graphs import recipes
from autograd.strategies.recipes import Recipe, reachable, recorded_leaves, recorded_places
from tests.graphs import edges, paths

TOLERANCE = 1e-12
"""Of the scale, as for every derivative."""

LEVELS = 10_000
"""Far beyond the recursion limit, and beyond what a float or the counting reaches."""


def contributions(found: Paths) -> list[float]:
    return [path.contribution for path in found.largest_first()]


def doubling(levels: int, weights: tuple[float, float] = (0.75, 0.25)) -> tuple[Value, Value]:
    """A graph in which every level has two paths to the one below."""
    x = y = Value(1.0, "x")
    for _ in range(levels):
        y = y * weights[0] + y * weights[1]
    return x, y


@given(recipes(steps=7))
def test_they_are_the_paths_of_the_recipe(recipe: Recipe) -> None:
    leaves = recorded_leaves(recipe)
    places = recorded_places(recipe, leaves)
    below = reachable(recipe)
    uses = [edge for edge in edges(recipe, [value.data for value in places]) if edge.target in below]
    for place, x in enumerate(leaves):
        expected = [math.prod(edge.slope for edge in path) for path in paths(uses, place, len(places) - 1)]
        found = Paths(places[-1], x)
        assert found.count == len(expected)
        (scale,) = scales(places[-1], [x])
        assert sorted(contributions(found)) == pytest.approx(sorted(expected), rel=1e-9, abs=TOLERANCE * scale)


@given(recipes(steps=12))
def test_contributions_add_up_to_the_derivative(recipe: Recipe) -> None:
    leaves = recorded_leaves(recipe)
    y = recorded_places(recipe, leaves)[-1]
    for x, slope, scale in zip(leaves, grad(y, leaves), scales(y, leaves)):
        assert abs(math.fsum(contributions(Paths(y, x))) - slope.data) <= TOLERANCE * scale


@given(recipes(steps=12))
def test_their_number_and_its_logarithm_agree(recipe: Recipe) -> None:
    leaves = recorded_leaves(recipe)
    y = recorded_places(recipe, leaves)[-1]
    for found in (Paths(y, x) for x in leaves):
        assert found.count is not None
        assert found.magnitude == pytest.approx(math.log10(found.count) if found else -math.inf, rel=TOLERANCE)


@given(recipes(steps=12))
def test_the_largest_come_first(recipe: Recipe) -> None:
    leaves = recorded_leaves(recipe)
    y = recorded_places(recipe, leaves)[-1]
    for x in leaves:
        sizes = [abs(contribution) for contribution in contributions(Paths(y, x))]
        assert all(a >= b * (1 - TOLERANCE) for a, b in pairwise(sizes))


@given(recipes(steps=8))
def test_a_path_runs_from_the_root_down_to_the_variable(recipe: Recipe) -> None:
    leaves = recorded_leaves(recipe)
    y = recorded_places(recipe, leaves)[-1]
    for x in leaves:
        for path in Paths(y, x).largest_first():
            if path.edges:
                assert (path.edges[0].node, path.edges[-1].operand) == (y, x)
                assert all(above.operand is below.node for above, below in pairwise(path.edges))


def test_an_operand_used_twice_is_two_paths() -> None:
    x = Value(3.0)
    assert contributions(Paths(x * x, x)) == [3.0, 3.0]


def test_no_path_leads_to_what_is_not_below() -> None:
    x, y = Value(1.0), Value(2.0)
    found = Paths(y * 2, x)
    assert (bool(found), found.count, contributions(found)) == (False, 0, [])


def test_one_path_without_edges_leads_to_oneself() -> None:
    x = Value(1.0)
    found = Paths(x, x)
    assert (bool(found), found.count, list(found.largest_first())) == (True, 1, [Path(())])


def test_paths_beyond_counting_are_known_by_their_logarithm() -> None:
    x, y = doubling(LEVELS)
    found = Paths(y, x)
    assert found.count is None
    assert found.magnitude == pytest.approx(LEVELS * math.log10(2), rel=1e-9)
    first = next(found.largest_first())
    assert first.contribution == pytest.approx(0.75**LEVELS, rel=1e-9)
    assert len(first.edges) == 2 * LEVELS


def test_so_many_paths_are_counted_exactly() -> None:
    x, y = doubling(49)
    assert Paths(y, x).count == 2**49 < MOST_COUNTED
    x, y = doubling(50)
    assert Paths(y, x).count is None


def test_the_largest_of_very_many_are_found_in_order() -> None:
    x, y = doubling(60)
    largest = [path.contribution for path in islice(Paths(y, x).largest_first(), 62)]
    assert largest[0] == pytest.approx(0.75**60)
    assert largest[1:61] == pytest.approx([0.75**59 * 0.25] * 60)
    assert largest[61] == pytest.approx(0.75**58 * 0.25**2)


def test_many_that_tie_do_not_slow_the_search() -> None:
    x, y = doubling(2000, weights=(0.5, 0.5))
    assert [path.contribution for path in islice(Paths(y, x).largest_first(), 3)] == [0.5**2000] * 3


def test_what_is_constantly_zero_stops_an_infinite_slope() -> None:
    x = Value(0.0)
    y = x.sqrt().sign()
    (path,) = Paths(y, x).largest_first()
    assert (path.contribution, grad(y, x).data) == (0.0, 0.0)


def test_a_path_that_carries_nan_comes_first() -> None:
    x = Value(0.0)
    y = sum_of([x * 5.0, x.sqrt() * 0.0])
    found = contributions(Paths(y, x))
    assert math.isnan(found[0])
    assert found[1] == 5.0


def test_a_stale_graph_has_no_paths() -> None:
    x = Value(1.0, "x")
    y = x * 2
    x.data = 2.0
    with pytest.raises(StaleGraph, match="x was written"):
        Paths(y, x)


def test_paths_of_one_size_come_in_the_order_of_the_operands() -> None:
    x = Value(2.0)
    addends = [x + 2.0, x - 2.0, x + 1.0, x - 1.0]
    first, *rest = Paths(sum_of(addends), x).largest_first()
    assert [path.edges[0].operand for path in (first, *rest)] == addends
