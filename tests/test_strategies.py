"""Strategies for users: graphs within their bounds, which shrink to the smallest that fails, and print as programs."""

from __future__ import annotations

import builtins
import math
import re
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, example, find, given, settings

import autograd
from autograd import PRIMITIVES, Value, check_primitive, grad, strategies, topological_order
from autograd.contracts.neighbourhoods import is_inside
from autograd.derivatives import tangent
from autograd.notation.graphs import float_functions
from autograd.strategies import Expression, Recipe, door, random_recipe
from autograd.strategies.drafts import SIZE, Draft, Pick, draft
from autograd.strategies.recipes import (
    LARGEST_NUMBER,
    LARGEST_SLOPE,
    Step,
    cooked,
    pruned,
    recorded_leaves,
    recorded_root,
)
from autograd.value import adjoints
from nn import MLP, mse
from nn import strategies as learning
from tests.graphs import stepped_slope

WITHOUT_EXPLANATION = [phase for phase in Phase if phase is not Phase.explain]
"""`find` gives the smallest alone: why it fails, for which hypothesis runs it many times more, is not read."""

SEARCH = settings(max_examples=2000, database=None, derandomize=True, phases=WITHOUT_EXPLANATION)
ROUNDING = 1e-12

pytestmark = pytest.mark.usefixtures("table_restored")


def smallest(wrong: Callable[[Expression], bool], **options: Any) -> Expression:
    return find(strategies.expressions(**{"leaves": 2, "steps": 5, **options}), wrong, settings=SEARCH)


# ---- shrinking


@pytest.mark.usefixtures("rows_anew")
@pytest.mark.parametrize(("name", "written"), [("tanh", "tanh(x0)"), ("dot", "dot([x0], [x0])")])
def test_a_wrong_partial_shrinks_to_a_graph_of_one_operation(
    monkeypatch: pytest.MonkeyPatch, name: str, written: str
) -> None:
    row = PRIMITIVES[name]
    wrong = tuple(lambda xp, *xs, formula=formula: 1.001 * formula(xp, *xs) for formula in row.partials)
    monkeypatch.setattr(row, "partials", wrong)

    def differs(expression: Expression) -> bool:
        y, xs = expression
        wanted = (stepped_slope(y, x) for x in xs)
        scales = autograd.derivatives.scales(y, xs)
        return any(abs(slope.data - exact) > 1e-4 * scale for slope, exact, scale in zip(grad(y, xs), wanted, scales))

    assert repr(smallest(differs)) == f"x0 = Value(1.0)\ny = {written}"


def test_what_only_sharing_shows_shrinks_to_one_shared_leaf() -> None:
    found = smallest(lambda expression: len(grad_edges(expression.y)) > len(topological_order(expression.y)) - 1)
    assert len(found.recipe.steps) == 1
    assert len(found.xs) == 1


def grad_edges(y: Value) -> list[Any]:
    return [x for node in topological_order(y) for x in node.operands if isinstance(x, Value)]


def test_a_property_that_fails_prints_the_program_of_the_smallest_graph() -> None:
    @settings(max_examples=50, print_blob=False)
    @given(strategies.expressions(["add", "tanh", "exp"], steps=4))
    def property_of_users(expression: Expression) -> None:
        assert all(node.op != "tanh" for node in topological_order(expression.y))

    with pytest.raises(AssertionError) as caught:
        property_of_users()
    assert "x0 = Value(1.0)\ny = tanh(x0)" in "\n".join(line.strip() for line in told(caught.value).splitlines())


def told(error: BaseException) -> str:
    return "\n".join(getattr(error, "__notes__", ()))


# ---- graphs


@given(strategies.expressions())
def test_numbers_and_slopes_stay_within_the_bounds(expression: Expression) -> None:
    for node in topological_order(expression.y):
        assert abs(node.data) <= LARGEST_NUMBER
        for _, partial in autograd.derivatives.local_partials(node):
            assert abs(partial) <= LARGEST_SLOPE * (1 + ROUNDING)


@given(strategies.expressions())
def test_every_leaf_of_an_expression_is_below_its_root(expression: Expression) -> None:
    y, xs = expression
    order = topological_order(y)
    assert set(xs) == {node for node in order if not node.op}
    assert len(order) == len(xs) + len(expression.recipe.steps)


@given(strategies.expressions(smooth=True, leaves=2, steps=6))
def test_smooth_expressions_have_no_kink_and_the_slopes_of_the_complex_step(expression: Expression) -> None:
    y, xs = expression
    assert all(node.primitive is None or node.primitive.analytic for node in topological_order(y))
    assert 1 <= len(xs) <= 2
    assert 1 <= len(expression.recipe.steps) <= 6
    for x, slope, scale in zip(xs, grad(y, xs), autograd.derivatives.scales(y, xs)):
        assert abs(slope.data - stepped_slope(y, x)) <= ROUNDING * scale


@given(strategies.expressions(exact=True, steps=5))
def test_exact_expressions_have_a_value_in_fractions(expression: Expression) -> None:
    exact = autograd.evaluation.evaluate(expression.y, {}, autograd.namespaces.fractions)
    assert float(exact) == pytest.approx(expression.y.data, rel=ROUNDING, abs=ROUNDING)


def test_an_exponent_that_is_whole_only_by_rounding_has_no_exact_power() -> None:
    difference = Draft("subtract", ((Pick(1, False),), (Pick(0, False, 0.5),)))
    product = Draft("multiply", ((Pick(3, False),), (Pick(0, False),)))
    power = Draft("power", ((Pick(2, False),), (Pick(0, False),)))
    steps = Step("subtract", (1, 0.5)), Step("multiply", (0, 3)), Step("power", (2, 4))
    chosen = [2.5, 1.7, 2.0], [difference, product, power], 3
    floats = cooked(*chosen)
    assert recorded_root(floats, recorded_leaves(floats)).data == 2.0 ** (2.5 * (1.7 - 0.5)) == 8.0
    assert (floats.steps, cooked(*chosen, exact=True).steps) == (steps, steps[:2])


@given(strategies.expressions(["add", "multiply", PRIMITIVES["tanh"]]))
def test_the_primitives_can_be_chosen(expression: Expression) -> None:
    names = {step.name for step in expression.recipe.steps}
    assert names <= {"add", "multiply", "tanh"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"primitives": []}, "at least one primitive; got []"),
        (
            {"primitives": ["relu", "sign"], "smooth": True},
            "at least one primitive without a kink; got ['relu', 'sign']",
        ),
        ({"leaves": 0}, "at least one leaf and one step; got 0 and 10"),
        ({"steps": 0}, "at least one leaf and one step; got 3 and 0"),
    ],
)
def test_what_no_expression_is_made_of_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^expressions needs {re.escape(message)}$"):
        strategies.expressions(**given)


def test_a_primitive_of_a_user_is_generated_inside_its_domain() -> None:
    root = autograd.primitive(
        "shifted_root",
        lambda xp, x: xp.sqrt(x - 1),
        [lambda xp, x, out: xp.divide(0.5, out)],
        domain=[("x >= 1", lambda xp, x: x < 1)],
    )

    used = []

    @given(strategies.expressions([root, "add"]))
    def forward_is_reverse(expression: Expression) -> None:
        y, xs = expression
        used.extend(node for node in topological_order(y) if node.op == "shifted_root")
        assert all(node.operands[0].data >= 1 for node in topological_order(y) if node.op == "shifted_root")
        for x in xs:
            assert tangent(y, [x], [1.0]) == pytest.approx(adjoints(y)[x], rel=ROUNDING)

    forward_is_reverse()
    assert used


def test_the_whole_table_is_generated_and_results_are_shared() -> None:
    seen: set[str] = set()
    shared = []

    @settings(max_examples=200)
    @given(strategies.expressions())
    def look(expression: Expression) -> None:
        seen.update(step.name for step in expression.recipe.steps)
        edges = grad_edges(expression.y)
        shared.append(len(edges) > len(set(edges)))

    look()
    assert seen == set(PRIMITIVES)
    assert sum(shared) > len(shared) / 4


@given(strategies.recipes())
@example(Recipe((1.0,), (Step("maximum", ((0,),)), Step("minimum", ((1,),)))))
def test_the_repr_is_a_program_of_the_same_value(recipe: Recipe) -> None:
    scope = {**float_functions(), "Value": float, "abs": abs, "dot": dot}
    scope |= {"max": lambda *xs: max(xs), "min": lambda *xs: min(xs), "sum": lambda *xs: builtins.sum(xs)}
    exec(repr(recipe), scope)
    assert scope["y"] == pytest.approx(Expression(recipe).y.data, rel=ROUNDING, abs=ROUNDING)


def dot(ws: list[float], xs: list[float]) -> float:
    return builtins.sum(w * x for w, x in zip(ws, xs))


def test_a_negative_constant_stands_in_brackets() -> None:
    recipe = Recipe((2.0,), (Step("power", (-2.0, 0)), Step("subtract", (1, -3.0)), Step("tanh", (-0.5,))))
    assert repr(recipe) == "x0 = Value(2.0)\nv1 = (-2.0) ** x0\nv2 = v1 - (-3.0)\ny = tanh(-0.5)"


def test_pruning_keeps_the_root_and_what_is_below_it() -> None:
    recipe = Recipe((1.0, 2.0, 0.5), (Step("exp", (0,)), Step("multiply", (1, 2)), Step("sin", (4,))))
    assert pruned(recipe) == Recipe((2.0, 0.5), (Step("multiply", (0, 1)), Step("sin", (2,))))


@pytest.mark.parametrize("seed", range(20))
def test_seeded_recipes_have_as_many_steps_as_are_wanted_and_are_the_same_again(seed: int) -> None:
    recipe = random_recipe(Random(seed), steps=7)
    assert len(recipe.steps) == 7
    assert recipe == random_recipe(Random(seed), steps=7)


def test_drafts_that_make_no_sense_are_left_out() -> None:
    log_of_a_negative, sine = (draft(bytes([0] * SIZE), [name]) for name in ("log", "sin"))
    assert cooked([-1.0], [log_of_a_negative, sine, log_of_a_negative], steps=5).steps == (Step("sin", (0,)),)


# ---- points, models, data


@pytest.mark.parametrize("name", ["power", "log", "dot", "relu"])
def test_points_are_inside_the_domain_and_can_be_checked(name: str) -> None:
    @settings(max_examples=5)
    @given(strategies.points(name))
    def keeps_its_contracts(point: Any) -> None:
        assert is_inside(PRIMITIVES[name], point)
        recorded = autograd.contracts.spelling.record(name, autograd.contracts.operands.mapped(Value, point))
        assert not math.isnan(recorded.data)

    keeps_its_contracts()
    point = find(strategies.points(name), lambda point: True, settings=SEARCH)
    assert check_primitive(name, points=[point]).checks


@settings(max_examples=10)
@given(learning.models(inputs=3, activations=learning.SMOOTH), learning.data(inputs=3, examples=3))
def test_models_fit_their_data_and_can_be_differentiated(model: MLP, data: Any) -> None:
    rows, targets = data
    assert 1 <= len(rows) == len(targets) <= 3
    loss = mse([model(row) for row in rows], targets)
    parameters = model.parameters()
    loss.backward()
    assert [p.grad for p in parameters] == pytest.approx([slope.data for slope in grad(loss, parameters)])


def test_a_model_shrinks_to_the_smallest_that_fails() -> None:
    model = find(learning.models(), lambda model: len(model.layers) > 1, settings=SEARCH)
    assert [len(layer.neurons) for layer in model.layers] == [1, 1]


@given(learning.data(classes=3, examples=4))
def test_classes_are_whole_numbers_below_their_count(data: Any) -> None:
    assert set(data[1]) <= {0, 1, 2}
    assert all(len(row) == 2 for row in data[0])


# ---- without hypothesis


@pytest.mark.parametrize(
    "ask",
    [strategies.expressions, strategies.recipes, lambda: strategies.points("tanh"), learning.models, learning.data],
)
def test_without_hypothesis_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, ask: Callable[[], Any]
) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: Any, **named: Any) -> Any:
        if name.partition(".")[0] == "hypothesis":
            raise ImportError(name)
        return real(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match="pip install hypothesis") as caught:
        ask()
    assert str(caught.value) == door.NEEDED
    assert check_primitive("tanh", points=[(0.5,)]).passed
