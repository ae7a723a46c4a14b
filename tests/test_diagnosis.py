"""The doctor: silent when all is well, and otherwise naming the very node, neuron or layer."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given

import autograd
from autograd import StaleGraph, Value, dot, logsumexp, no_recording, origin_of, recording_origins, topological_order
from autograd.contracts.operands import mapped
from autograd.contracts.spelling import record
from autograd.diagnosis.doctor import MOST_LINES, Diagnosis, diagnose
from autograd.diagnosis.findings import Finding, examined
from autograd.diagnosis.neurons import layers_below
from autograd.notation.screens import COLUMNS
from autograd.strategies.graphs import recipes
from autograd.strategies.recipes import Recipe, random_recipe, recorded_leaves, recorded_places
from nn import MLP, half_squared_error, mse
from tests.graphs import GENERATED

INF, NAN = math.inf, math.nan

XOR = [(0, 0), (0, 1), (1, 0), (1, 1)], [0, 1, 1, 0]

PLANTED_GRAPHS = 500

ACTIVATIONS = ("sigmoid", "tanh", "softplus", "relu", "leaky_relu")
CALM = tuple(name for name in GENERATED if name not in ACTIVATIONS)
OPAQUE = ("sign", "heaviside", "equal", "maximum", "minimum", "power", "absolute", "relu", "leaky_relu")
"""Through these NaN need not pass, in one direction or the other: a slope of 0, a choice, x ** 0."""


# a variable with an underscore gives no name: the graph keeps those of the test itself
def ailments(_roots: Any) -> list[str]:
    return [finding.ailment for finding in diagnose(_roots)]


def finding(_roots: Any, ailment: str) -> Finding:
    """The only finding of that ailment."""
    (found,) = (finding for finding in diagnose(_roots) if finding.ailment == ailment)
    return found


def xor_loss(model: MLP) -> Value:
    return mse([model(x) for x in XOR[0]], XOR[1])


def moons(count: int, seed: int) -> list[tuple[float, float]]:
    """Two half circles that reach into each other."""
    random = Random(seed)
    angles = [random.uniform(0, math.pi) for _ in range(count)]
    return [
        (math.cos(t), math.sin(t)) if place % 2 else (1 - math.cos(t), 0.5 - math.sin(t))
        for place, t in enumerate(angles)
    ]


# ---- silence


@given(recipes(CALM))
def test_healthy_generated_graphs_have_nothing_to_report(recipe: Recipe) -> None:
    y = recorded_places(recipe, recorded_leaves(recipe))[-1]
    assert not diagnose(y)


@given(recipes())
def test_no_healthy_generated_graph_has_a_birth(recipe: Recipe) -> None:
    y = recorded_places(recipe, recorded_leaves(recipe))[-1]
    assert not {"nan", "infinity", "backward nan", "backward infinity"} & set(ailments(y))


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("sizes", [[3, 1], [2, 4, 8, 1], [4, 8, 1], [4, 4, 4, 1]])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "leaky_relu", "softplus"])
def test_fresh_small_networks_have_nothing_to_report(activation: str, sizes: list[int], seed: int) -> None:
    model = MLP(2, sizes, activation=activation, output_activation="sigmoid", seed=seed)
    assert not diagnose(xor_loss(model)), diagnose(xor_loss(model))


@pytest.mark.parametrize("examples", [moons(40, seed=0), XOR[0]], ids=["moons", "xor"])
@pytest.mark.parametrize("seed", range(10))
def test_fresh_relu_networks_have_nothing_to_report(examples: list[tuple[float, float]], seed: int) -> None:
    """Of their neurons a quarter are closed for all examples of XOR, by nothing: z is 0 at (0, 0)."""
    model = MLP(2, [16, 16, 1], seed=seed)
    assert not diagnose(mse([model(x) for x in examples], [1.0] * len(examples)))


def test_one_example_closes_some_relus_and_that_is_nothing() -> None:
    model = MLP(2, [8, 1], seed=0)
    y = model((1.0, -0.5))
    closed = [node for node in topological_order(y) if node.op == "relu" and node.data == 0]
    assert closed
    assert not diagnose(y)


def test_a_trained_output_that_is_sure_of_both_answers_is_not_saturated() -> None:
    w, b = Value(20.0, "w"), Value(0.0, "b")
    outputs = [(w * x + b).sigmoid() for x in (-1.0, 1.0)]
    assert not diagnose(half_squared_error(outputs, [0, 1]))
    assert ailments((w * 1.0 + b).sigmoid()) == ["saturated neuron"]


def test_a_mask_of_minus_infinity_that_does_no_harm_is_nothing() -> None:
    x = Value(2.0, "x")
    assert not diagnose(autograd.maximum([x, -INF]))
    assert not diagnose(logsumexp([x, x * 2, Value(-INF, "mask")]))


def test_infinity_behind_a_jump_is_left_alone_backward_as_backward_does() -> None:
    x = Value(0.0, "x")
    y = x.sqrt().heaviside(0.5) + x
    y.backward()
    assert x.grad == 1
    assert not diagnose(y)


def test_a_healthy_leaf_has_nothing_to_report() -> None:
    assert not diagnose(Value(3.0))


def test_nothing_to_report_is_empty_false_and_short() -> None:
    x = Value(3.0, "x")
    well = diagnose(x * x)
    assert isinstance(well, Diagnosis)
    assert (len(well), bool(well), list(well)) == (0, False, [])
    assert repr(well) == "Diagnosis of 2 nodes: nothing to report"


# ---- planted births


def _nan(kind: str, v: Value) -> Value:
    """A NaN made from a finite v; the Value is the node in which it is born."""
    infinity = Value(INF, "infinity")
    made: dict[str, Callable[[], Value]] = {
        "inf − inf": lambda: (infinity + v) - infinity,
        "sum": lambda: autograd.sum([infinity, v, -1 * infinity]),
        "0 · inf": lambda: (v - v) * infinity,
        "dot": lambda: dot([v, v - v], [v, infinity]),
        "inf / inf": lambda: (infinity + v) / infinity,
        "exp": lambda: (v * 0 + 1000).exp() - (v * 0 + 1001).exp(),
        "leaf": lambda: Value(NAN, "missing"),
        "constant": lambda: v * NAN,
    }
    return made[kind]()


@cache
def _healthy(seed: int) -> tuple[Recipe, int]:
    """A recipe, and a random place of it: both are asked for by each kind of mistake."""
    random = Random(seed)
    recipe = random_recipe(random, tuple(name for name in CALM if name not in OPAQUE))
    return recipe, random.randrange(len(recipe.leaves) + len(recipe.steps) - 1)


def _planted(seed: int, plant: Callable[[Value], tuple[Value, Value]]) -> tuple[Value, Value]:
    """A generated root, and the node in which something was planted at a random place from which it flows to the root.

    `plant` makes from a healthy Value the node to be named, and the Value that takes the healthy one's place.
    """
    recipe, place = _healthy(seed)
    places: list[Value] = list(recorded_leaves(recipe))
    named = places[0]
    for step in [None, *recipe.steps]:
        if step is not None:
            places.append(record(step.name, mapped(lambda x: places[x] if type(x) is int else x, step.operands)))
        if place == len(places) - 1 or (step is None and place < len(places)):
            named, places[place] = plant(places[place])
    # whatever the recipe left out is added, so that what was planted is below the root
    return autograd.sum([*places[len(recipe.leaves) :], places[place]]), named


@pytest.mark.parametrize("kind", ["inf − inf", "sum", "0 · inf", "dot", "inf / inf", "exp", "leaf", "constant"])
def test_the_node_where_nan_was_born_is_named_in_every_generated_graph(kind: str) -> None:
    named = 0
    for seed in range(PLANTED_GRAPHS):

        def plant(v: Value) -> tuple[Value, Value]:
            born = _nan(kind, v)
            return born, born

        y, born = _planted(seed, plant)
        assert math.isnan(y.data)
        first, *others = diagnose(y)
        named += first.ailment == "nan" and first.nodes == (born,) and not any(o.ailment == "nan" for o in others)
    assert named == PLANTED_GRAPHS


def test_the_node_where_nan_is_born_backward_is_named_in_every_generated_graph() -> None:
    """sqrt at 0 has the slope inf; times the adjoint 0 that is NaN, although every number forward is finite."""
    named = 0
    for seed in range(PLANTED_GRAPHS):

        def plant(v: Value) -> tuple[Value, Value]:
            root = (v - v).sqrt()
            return root, v + 0.0 * root

        y, born = _planted(seed, plant)
        assert math.isfinite(y.data)
        first, *others = diagnose(y)
        named += (first.ailment, first.cause, first.nodes, others) == ("backward nan", "0 · inf", (born,), [])
    assert named == PLANTED_GRAPHS


def test_the_node_where_infinity_is_born_backward_is_named_in_every_generated_graph() -> None:
    named = 0
    for seed in range(PLANTED_GRAPHS):

        def plant(v: Value) -> tuple[Value, Value]:
            root = Value(0.0, "corner").sqrt()
            return root, v + root

        y, born = _planted(seed, plant)
        first, *others = diagnose(y)
        adjoint = autograd.grad(y, born).data
        expected = ("backward infinity", "infinite partial") if adjoint else ("backward nan", "0 · inf")
        named += (first.ailment, first.cause, first.nodes, others) == (*expected, (born,), [])
    assert named == PLANTED_GRAPHS


@pytest.mark.parametrize(
    ("kind", "cause", "told"),
    [
        ("inf − inf", "inf − inf", "NaN is born: born = v1 − infinity = inf − inf = nan"),
        ("0 · inf", "0 · inf", "NaN is born: born = v1 · infinity = 0 · inf = nan"),
        ("inf / inf", "inf / inf", "NaN is born: born = v1 / infinity = inf / inf = nan"),
        ("leaf", "leaf", "NaN was given: the leaf missing = nan, first used in y = missing + x"),
        ("constant", "constant", "NaN was given as a constant: born = x · nan = 0.5 · nan = nan"),
        ("dot", "0 · inf", "NaN is born: born = dot([x, v1], [x, infinity]) = dot([0.5, 0], [0.5, inf]) = nan"),
    ],
)
def test_each_kind_of_nan_is_told_with_its_operation_operands_and_numbers(kind: str, cause: str, told: str) -> None:
    x = Value(0.5, "x")
    born = _nan(kind, x)
    born.label = born.label or "born"
    y = born + x
    found = finding(y, "nan")
    assert found.cause == cause
    assert found.text.splitlines()[0] == told


def test_the_infinity_that_made_a_nan_is_told_with_the_node_where_it_was_born() -> None:
    x = Value(1000.0, "x")
    a = x.exp()
    b = a * 2
    d = b - a
    nan, infinity = diagnose(d)
    assert nan.text == (
        "NaN is born: d = b − a = inf − inf = nan\n  its infinity comes from a = exp(x) = exp(1000) = inf"
    )
    assert (infinity.ailment, infinity.cause, infinity.nodes) == ("infinity", "overflow of exp", (a,))
    assert infinity.advice == "Subtract the largest operand before exp, or use logsumexp, softmax or sigmoid."


def test_overflow_is_born_where_all_operands_are_finite() -> None:
    a, b = Value(1e200, "a"), Value(1e250, "b")
    c = a * b
    assert finding((c * 2).tanh(), "infinity").nodes == (c,)
    assert finding(dot([a, 1.0], [b, 2.0]), "infinity").cause == "overflow"


def test_what_a_derivative_graph_does_outside_a_domain_is_named() -> None:
    x = Value(0.0, "x")
    slope = autograd.grad(x.sqrt(), x)
    found = finding(slope, "infinity")
    assert found.cause == "outside the domain"
    assert found.nodes == (slope,)


def test_sine_of_infinity_is_no_value() -> None:
    assert finding((Value(1e300, "x") * 1e300).sin(), "nan").cause == "of infinity"


def test_a_primitive_of_the_users_that_gives_nan_is_named(table_restored: None) -> None:
    broken = autograd.primitive("broken", lambda xp, x: x * xp.divide(x - x, x - x), [lambda xp, x, out: 1.0 * x])
    born = broken(Value(2.0, "x"))
    found = finding(born * 2, "nan")
    assert (found.cause, found.nodes) == ("operation", (born,))


def test_the_advice_for_every_cause_is_one_sentence() -> None:
    from autograd.diagnosis import ailments, births

    for advice in (*ailments.ADVICE.values(), *births.ADVICE.values()):
        assert advice.endswith(".")
        assert ". " not in advice.replace("w. ", "")


def test_independent_births_are_counted_and_the_first_are_told() -> None:
    leaves = [Value(NAN, f"q{place}") for place in range(50)]
    found = finding(autograd.sum(leaves), "nan")
    assert found.nodes == tuple(leaves)
    assert "q0 = nan" in found.text
    assert found.text.splitlines()[-1] == "  also in q1 = nan, q2 = nan and 47 more"


def test_long_vectors_are_abridged_to_what_matters() -> None:
    w = [Value(1.0, f"w{place}") for place in range(784)]
    x = [Value(1.0, f"x{place}") for place in range(784)]
    w[300], x[300] = Value(0.0, "w300"), Value(INF, "x300")
    z = dot(w, x)
    assert finding(z, "nan").text.splitlines()[0] == (
        "NaN is born: z = dot([…, w300, …], […, x300, …]) = dot([…, 0, …], […, inf, …]) = nan"
    )


def test_a_label_that_is_too_long_is_cut() -> None:
    told = finding(Value(NAN, "long " * 100), "nan").text
    assert told == f"NaN was given: the leaf {'long ' * 7}long… = nan"


# ---- backward


def test_the_norm_at_the_origin_is_infinity_and_then_nan_backward() -> None:
    p = Value(0.0, "p")
    square = p**2
    norm = square.sqrt()
    nan, infinity = diagnose(norm)
    assert (nan.ailment, nan.cause, nan.nodes) == ("backward nan", "0 · inf", (square,))
    assert (infinity.ailment, infinity.cause, infinity.nodes) == ("backward infinity", "infinite partial", (norm,))
    assert nan.text == (
        "NaN is born backward, at square = p² = 0² = 0\n"
        "  its adjoint · ∂square/∂p = inf · 0 = nan\n"
        "  its adjoint became infinite at norm = sqrt(square) = sqrt(0) = 0"
    )


def test_infinities_of_both_signs_that_meet_in_an_adjoint_are_named() -> None:
    p = Value(0.0, "p")
    square = p * 1.0
    for corner in (p, square):
        found = finding(corner.sqrt() * 2 - corner.sqrt(), "backward nan")
        assert (found.cause, found.nodes) == ("inf − inf", (corner,))


def test_what_no_derivative_reaches_bears_nothing() -> None:
    """The slope of a jump is not 0 but none: the first root is not met by any adjoint, and by no 0 · inf."""
    x = Value(0.0, "x")
    root = x.sqrt()
    (found,) = diagnose(x.sqrt().heaviside(0.5) + root)
    assert (found.ailment, found.nodes) == ("backward infinity", (root,))


def test_nan_does_not_pass_a_jump_backward_and_hides_no_birth_behind_it() -> None:
    x = Value(0.0, "x")
    corner = (x.heaviside(0.5) - 0.5).sqrt()
    found = diagnose(0.0 * corner + x.sqrt() * 2 - x.sqrt())
    born = {f.cause: f.nodes for f in found if f.ailment == "backward nan"}
    assert born == {"0 · inf": (corner,), "inf − inf": (x,)}


def test_what_follows_from_an_infinity_is_not_told() -> None:
    x, w = Value(0.0, "x"), Value(INF, "w")
    root = (x * 3).sqrt()
    (found,) = diagnose(root * 2)
    assert found.nodes == (root,)
    assert ailments(w * x.exp() * 2) == ["infinity"]


def test_overflow_of_a_product_and_of_a_sum_of_slopes_are_told_apart() -> None:
    x = Value(0.0, "x")
    product = ((x * 1e200) * 1e200) * 1e-300
    terms = (x * 1e308 + x * 1e308).tanh()
    assert not diagnose(product), "1e-300 · 1e200 · 1e200 is finite in this order"
    inner = x * 1e200
    assert finding((inner * 1e200), "backward infinity").nodes == (inner,)
    assert finding(terms, "backward infinity").nodes == (x,)


def test_backward_says_nothing_that_forward_said_already() -> None:
    x = Value(1000.0, "x")
    assert ailments((x.exp() - (x + 1).exp()) * 2) == ["nan", "infinity"]


def test_a_naive_sigmoid_is_well_forward_and_ill_backward() -> None:
    """1 / (1 + exp(1000)) is 0, as it should be; its derivative is 0 · inf."""
    z = Value(-1000.0, "z")
    e = (-z).exp()
    y = 1 / (1 + e)
    assert y.data == 0
    nan, infinity = (finding(y, ailment) for ailment in ("backward nan", "infinity"))
    assert nan.nodes == infinity.nodes == (e,)


def test_findings_agree_with_what_backward_gives() -> None:
    """Wherever an adjoint is not finite something is reported, and where all is finite, no birth."""
    random = Random(3)
    births = {"nan", "infinity", "backward nan", "backward infinity"}
    for _ in range(300):
        recipe = random_recipe(random)
        numbers = [random.choice((x, 0.0, -x, 1e200, INF)) for x in recipe.leaves]
        y = _unchecked(recipe._replace(leaves=tuple(numbers)))
        nodes = topological_order(y)
        y.backward()
        broken = [x for node in nodes for x in (node.data, node.grad) if not math.isfinite(x)]
        reported = births & set(ailments(y))
        assert bool(reported) >= bool([x for x in broken if math.isnan(x)] or not math.isfinite(y.data)), recipe
        assert broken or not reported, recipe
        if broken and all(math.isfinite(node.data) for node in nodes):
            assert {"backward nan", "backward infinity"} & reported, recipe


def _unchecked(recipe: Recipe) -> Value:
    """A recipe recorded outside of domains too: there with IEEE's answers."""
    places = recorded_leaves(recipe)
    for step in recipe.steps:
        operands = mapped(lambda x: places[x] if type(x) is int else x, step.operands)
        places.append(autograd.value.record(autograd.PRIMITIVES[step.name], operands, checked=False))
    return places[-1]


# ---- the line of the program


def test_the_line_that_computed_the_nan_is_told() -> None:
    x = Value(1000.0, "x")
    with recording_origins():
        a = x.exp()
        d = a - a  # the very line
    nan, infinity = diagnose(d * 2)
    assert nan.origin == origin_of(d)
    assert nan.origin is not None
    assert nan.origin.file == __file__
    assert nan.origin.text == "d = a - a  # the very line"
    assert infinity.origin is not None
    assert infinity.origin.text == "a = x.exp()"
    assert f"computed at {__file__}:{nan.origin.line}" in " ".join(repr(nan).split())


def test_without_origins_no_line_is_told() -> None:
    assert finding(Value(NAN) * 2, "nan").origin is None


# ---- the ailments of document 002, section 3.6


def test_fifteen_layers_of_sigmoids_let_the_gradient_vanish_with_the_figures_of_the_document() -> None:
    """At z = 0 every slope is 0.25: eight of them multiply to 1.5e-5, ten to 9.5e-7, fifteen to 9.3e-10."""
    model = MLP(1, [1] * 15, activation="sigmoid", output_activation="sigmoid", seed=0)
    for layer in model.layers:
        layer.set_weights([[1.0]], [-0.5])
    model.layers[0].set_weights([[1.0]], [0.0])
    found = finding(model((0.0,)), "vanishing gradient")
    products = [layer.slopes for layer in found.layers]
    assert [layer.name for layer in found.layers] == [f"layer{number}" for number in range(15, 0, -1)]
    assert [f"{products[count - 1]:.1e}" for count in (8, 10, 15)] == ["1.5e-05", "9.5e-07", "9.3e-10"]
    assert found.layers[-1].delta == pytest.approx(0.25**15)
    assert found.cause == "slopes"
    assert "9.313e-10" in found.text


def test_ordinary_weights_in_fifteen_sigmoid_layers_let_the_gradient_vanish() -> None:
    model = MLP(2, [4] * 15 + [1], activation="sigmoid", output_activation="sigmoid", seed=0)
    found = finding(xor_loss(model), "vanishing gradient")
    assert found.layers[-1].delta < 1e-4 * found.layers[0].delta
    assert [layer.neurons for layer in found.layers] == [1] + [4] * 15


@pytest.mark.parametrize(
    ("activation", "initializer", "is_told"),
    [("tanh", "xavier_uniform", False), ("relu", "he_uniform", False), ("sigmoid", "xavier_uniform", True)],
)
def test_the_advice_against_slopes_names_what_helps_and_weights_alone_do_not_help_sigmoids(
    activation: str, initializer: str, is_told: bool
) -> None:
    ill = MLP(2, [8] * 15 + [1], activation="sigmoid", seed=0)
    assert finding(xor_loss(ill), "vanishing gradient").advice == (
        "Use fewer layers, or relu or tanh with weights of He's or Xavier's size, about 1/√inputs."
    )
    model = MLP(2, [8] * 15 + [1], activation=activation, seed=0, initializer=initializer)
    assert ("vanishing gradient" in ailments(xor_loss(model))) == is_told


def test_deltas_are_the_root_mean_square_of_the_adjoints_of_z() -> None:
    model = MLP(2, [3] * 8 + [1], activation="sigmoid", output_activation="sigmoid", seed=4)
    y = xor_loss(model)
    y.backward()
    far = finding(y, "vanishing gradient").layers[-1]
    first = model.layers[0].neurons
    weights = {neuron.w for neuron in first}
    zs = [z for z in topological_order(y) if z.op == "+" and z.operands[0].vectors[0] in weights]
    assert len(zs) == 12
    assert far.delta == pytest.approx(math.sqrt(sum(z.grad**2 for z in zs) / 12))


def test_tiny_weights_let_the_gradient_vanish_though_the_slopes_do_not() -> None:
    model = MLP(2, [4] * 6 + [1], activation="tanh", seed=0)
    for parameter in model.parameters():
        parameter.data *= 0.05
    found = finding(xor_loss(model), "vanishing gradient")
    assert found.cause == "small weights"
    assert found.advice.startswith("Draw larger weights")


def test_scaled_up_weights_let_the_gradient_explode() -> None:
    model = MLP(2, [8] * 8 + [1], seed=0)
    for parameter in model.parameters():
        parameter.data *= 5
    found = finding(xor_loss(model), "exploding gradient")
    assert found.layers[-1].delta > 1e4 * found.layers[0].delta
    assert found.text.startswith("the gradient explodes: over 8 layers δ goes from")


@pytest.mark.parametrize(("layers", "told"), [(4, []), (6, ["exploding gradient"])])
def test_a_gradient_explodes_from_ten_thousandfold_on(layers: int, told: list[str]) -> None:
    """Ten times from layer to layer is 10³ over four layers, and 10⁵ over six."""
    y = Value(1.0, "x")
    for _ in range(layers):
        y = (y * 10).relu()
    assert ailments(y) == told


def test_a_layer_lies_at_the_end_of_the_longest_path() -> None:
    x, a, b = (Value(number) for number in (0.1, 0.2, 0.3))
    first = x.tanh()
    inputs = (first,)
    second = dot((b,), inputs).tanh()
    third = (second + dot((a,), inputs)).tanh()
    fourth = (third + first).tanh()
    layers = layers_below(examined(fourth + first))
    assert [[activation.node for neuron in layer for activation in neuron.activations] for layer in layers] == [
        [fourth],
        [third],
        [second],
        [first],
    ]


def test_a_layer_of_which_no_derivative_comes_is_none() -> None:
    x = Value(0.1, "x")
    assert layers_below(examined(x.tanh().heaviside(1.0) + x)) == []


def test_a_neuron_at_the_tail_of_the_sigmoid_is_saturated_and_named() -> None:
    model = MLP(2, [4, 1], activation="sigmoid", output_activation="sigmoid", seed=0)
    model.layers[0].set_weights([[0.1, 0.2], [1, 1], [0.3, 0.1], [-1, -1]], [0, 12, 0, -12])
    found = finding(xor_loss(model), "saturated neuron")
    assert repr(found) == (
        "2 of 4 neurons of layer1 are saturated: the slope of sigmoid is below 0.001 in all 4 examples\n"
        "  layer1.neuron2: z from 12 to 14, slope at most 6.144e-06\n"
        "  layer1.neuron4: z from −14 to −12, slope at most 6.144e-06\n"
        "  → Draw smaller weights or scale the inputs to about 1; relu has no flat side for z > 0."
    )
    assert len(found.nodes) == 2


def test_a_neuron_that_is_steep_for_one_example_is_not_saturated() -> None:
    model = MLP(2, [1, 1], activation="tanh", seed=0)
    model.layers[0].set_weights([[20.0, 20.0]], [0.0])
    assert not diagnose(xor_loss(model))


def test_the_slope_at_ten_is_saturated_as_the_document_draws_it() -> None:
    """σ'(10) = 4.5e-5; at 6 it is 0.0025, and still moves."""
    z = Value(10.0, "z")
    y = z.sigmoid()
    assert finding(y, "saturated neuron").text.splitlines()[1] == "  y = sigmoid(z): z = 10, slope 4.54e-05"
    assert not diagnose(Value(6.0).sigmoid())


def test_a_dying_relu_is_told_over_a_data_set() -> None:
    model = MLP(2, [6, 1], seed=1)
    model.layers[0].neurons[2].b.data = -10.0  # type: ignore[union-attr]
    examples = moons(50, seed=1)
    y = mse([model(x) for x in examples], [1.0] * 50)
    found = finding(y, "dead neuron")
    y.backward()
    assert found.text.splitlines()[0] == (
        "1 of 6 neurons of layer1 is dead: z ≤ 0, where relu is flat, in all 50 examples"
    )
    assert found.text.splitlines()[1].startswith("  layer1.neuron3: z from −")
    assert found.advice == "Lower the learning rate or start the bias above 0; leaky_relu has no dead side."
    assert [w.grad for w in model.layers[0].neurons[2].parameters()] == [0, 0, 0]


@pytest.mark.parametrize("weights_first", [True, False])
def test_a_neuron_without_bias_is_told_by_its_weights(weights_first: bool) -> None:
    w = (Value(-1.0, "layer1.neuron1.w[0]"), Value(-2.0, "layer1.neuron1.w[1]"))
    examples = [(1.0 + place / 10, 2.0) for place in range(20)]
    ys = [(dot(w, x) if weights_first else dot(x, w)).relu() for x in examples]
    assert finding(ys, "dead neuron").text == (
        "1 of 1 neuron of layer1 is dead: z ≤ 0, where relu is flat, in all 20 examples\n"
        "  layer1.neuron1: z from −6.9 to −5, slope at most 0"
    )


def test_hinges_that_are_all_closed_are_no_dead_neuron_where_their_variable_has_a_derivative() -> None:
    x = Value(-100.0, "x")
    assert not diagnose(autograd.sum([x, *((x - k).relu() for k in range(9))]))


def test_a_closed_neuron_that_others_go_around_is_nothing() -> None:
    w, v = Value(0.1, "w"), Value(1.0, "v")
    hidden = (w * 3.0).tanh()
    assert not diagnose((v * hidden - 5).relu() + hidden)
    assert ailments((v * hidden - 5).relu()) == ["dead neuron"]


def test_a_leaky_relu_has_no_dead_side() -> None:
    model = MLP(2, [6, 1], activation="leaky_relu", seed=1)
    model.layers[0].neurons[2].b.data = -10.0  # type: ignore[union-attr]
    assert not diagnose(xor_loss(model))


def test_a_layer_that_is_closed_for_its_only_example_is_told_for_nothing_below_can_learn() -> None:
    w, b = Value(-2.0, "w"), Value(0.5, "b")
    y = (w * 3.0 + b).relu()
    loss = 0.5 * (y - 4) ** 2
    found = finding(loss, "dead neuron")
    assert found.nodes == (y,)
    assert found.text.startswith("1 of 1 neuron is closed: z ≤ 0, where relu is flat, in the only example\n  y = ReLU(")
    assert not diagnose(loss + w * b), "w and b get a derivative on another way"


def test_a_dead_layer_is_told_and_not_what_follows_from_it() -> None:
    model = MLP(2, [4] * 6 + [1], seed=0)
    layer = model.layers[3]
    layer.set_weights(layer.weights, [-100.0] * 4)
    found = finding(xor_loss(model), "dead neuron")
    assert found.text.startswith("4 of 4 neurons of layer4 are dead")
    assert ailments(xor_loss(model)) == ["dead neuron"]
    for above in model.layers[4:6]:
        above.set_weights(above.weights, [3.0] * 4)
    assert ailments(xor_loss(model)) == ["dead neuron"], "δ is 0 behind it, which is no tendency"


def test_examples_of_a_neuron_typed_by_hand_are_one_neuron() -> None:
    w1, w2, b = Value(-1.0, "w1"), Value(-2.0, "w2"), Value(-0.5, "b")
    ys = [(w1 * x1 + w2 * x2 + b).relu() for x1, x2 in XOR[0]]
    found = finding(ys, "dead neuron")
    assert found.nodes == (ys[0],)
    assert found.text.splitlines()[1] == "  the neuron of w1, w2, b: z from −3.5 to −0.5, slope at most 0"


# ---- several Values, errors, and the graph afterwards


def test_several_values_are_diagnosed_together_and_a_shared_birth_once() -> None:
    x = Value(NAN, "x")
    assert finding([x * 2, x * 3], "nan").nodes == (x,)
    model = MLP(2, [3, 2], seed=0)
    outputs = [output for example in XOR[0] for output in model(example)]
    model.layers[0].neurons[1].b.data = -10.0  # type: ignore[union-attr]
    outputs = [output.refresh() for output in outputs]
    assert repr(diagnose(iter(outputs))).splitlines()[1:] == repr(diagnose(autograd.sum(outputs))).splitlines()[1:]


def test_infinities_of_several_roots_are_not_added() -> None:
    x = Value(1000.0, "x")
    assert ailments([x.exp(), -(x.exp())])[0] == "infinity"


def test_what_is_no_value_is_refused_by_name() -> None:
    with pytest.raises(TypeError) as error:
        diagnose(3.0)  # type: ignore[arg-type]
    assert str(error.value) == "diagnose needs a Value, or several; got float 3.0"
    with pytest.raises(TypeError) as error:
        diagnose([Value(1.0), [Value(2.0)]])  # type: ignore[list-item]
    assert str(error.value).startswith("diagnose needs a Value, or several; got list [")
    with pytest.raises(TypeError, match="got str 'loss'"):
        diagnose("loss")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^diagnose needs at least one Value; got none$"):
        diagnose([])


def test_stale_graphs_are_refused_as_backward_refuses_them() -> None:
    x = Value(2.0, "x")
    y = x * x
    x.data = 3.0
    for roots in (y, [y, y * 2]):
        with pytest.raises(StaleGraph, match=r"^x was written"):
            diagnose(roots)
    assert not diagnose(y.refresh())


def test_several_values_where_nothing_is_recorded_are_refused_and_one_is_not() -> None:
    x = Value(2.0, "x")
    y = x * NAN
    with no_recording():
        assert ailments(y) == ["nan"]
        with pytest.raises(RuntimeError, match=r"^diagnose of several Values records their sum: call it outside"):
            diagnose([y, y])


def test_the_same_graph_is_there_afterwards() -> None:
    model = MLP(2, [3] * 5 + [1], activation="sigmoid", seed=0)
    y = xor_loss(model) * INF
    y.backward()
    before = [(v, v.data.hex(), v.grad.hex(), v.label, v.operands, v.grad_state) for v in topological_order(y)]
    repr(diagnose(y))
    diagnose([y, y])
    assert [(v, v.data.hex(), v.grad.hex(), v.label, v.operands, v.grad_state) for v in topological_order(y)] == before


def test_copies_have_the_same_diagnosis() -> None:
    y = (Value(1000.0, "x").exp() * 0.0).tanh()
    assert repr(diagnose(copy.deepcopy(y))) == repr(diagnose(y))


# ---- in a terminal


def _worst() -> Value:
    """A graph with all that can be told, and long names."""
    model = MLP(2, [4] * 20 + [1], activation="sigmoid", seed=0)
    for parameter in model.parameters():
        parameter.label = f"a {'very ' * 40}long label, {parameter.label}"
    model.layers[3].set_weights([[1.0] * 4] * 4, [50.0] * 4)
    loss = xor_loss(model)
    zero = Value(0.0, "zero")
    return autograd.sum([loss, (Value(1e300) * 1e300) * 0.0, zero.sqrt() - zero.sqrt(), zero * NAN, *_many()])


def _many() -> list[Value]:
    return [Value(NAN, f"missing {'much ' * 30} {place}") for place in range(9)]


@pytest.mark.parametrize("make", [_worst, lambda: Value(1000.0).exp() * 0.0], ids=["worst", "short"])
def test_a_diagnosis_fits_a_terminal(make: Callable[[], Value]) -> None:
    diagnosis = diagnose(make())
    lines = repr(diagnosis).splitlines()
    assert len(diagnosis) >= 2
    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= COLUMNS


def test_a_gradient_over_a_thousand_layers_fits_a_terminal() -> None:
    y = Value(0.5, "x")
    for _ in range(1000):
        y = (y * 0.5).sigmoid()
    lines = repr(diagnose(y)).splitlines()
    assert len(lines) <= MOST_LINES
    assert any(line.split() == ["…"] * 5 for line in lines)
    assert lines[-2].split()[0] == "1000"
    assert lines[-1].startswith("      → ")


def test_findings_that_do_not_fit_are_counted() -> None:
    told = repr(diagnose(_worst()))
    assert " more, " in told.splitlines()[-1]


def test_findings_are_read_by_position() -> None:
    nan, infinity = diagnosis = diagnose(Value(1000.0, "x").exp() * 0.0)
    assert (diagnosis[0], diagnosis[-1], diagnosis[:1]) == (nan, infinity, (nan,))
    assert repr(diagnosis).startswith("Diagnosis of 3 nodes: 2 findings\n[0] NaN is born: ")


# ---- large graphs


def _large(nan_at: int = -1) -> Value:
    random = Random(0)
    leaves = [Value(random.uniform(-1, 1)) for _ in range(1000)]
    y = leaves[0]
    for step in range(50_000):
        y = (y * random.choice(leaves)).sin() if step % 3 else y + random.choice(leaves) * 0.5
        y = y + Value(INF) * 0.0 if step == nan_at else y
    return y


def _network(weight: float = 0.5) -> Value:
    random = Random(1)
    model = MLP(4, [16, 16, 1], activation="tanh", seed=0)
    model.layers[0].neurons[0].w[0].data = weight
    return mse([model([random.uniform(-1, 1) for _ in range(4)]) for _ in range(1000)], [0.0] * 1000)


@pytest.mark.parametrize(
    ("make", "births"),
    [(_large, 0), (lambda: _large(25_000), 1), (_network, 0), (lambda: _network(NAN), 1), (lambda: _network(INF), 1)],
    ids=["chain", "chain with NaN", "network", "network with NaN", "network with an infinite weight"],
)
def test_a_hundred_thousand_nodes_are_diagnosed(make: Callable[[], Value], births: int) -> None:
    y = make()
    diagnosis = diagnose(y)
    assert len(topological_order(y)) >= 100_000
    assert bool(diagnosis) == bool(births)


def test_a_million_nodes_in_a_chain_are_no_recursion() -> None:
    y = Value(NAN, "x")
    for _ in range(200_000):
        y = y + 1.0
    assert finding(y, "nan").text.startswith("NaN was given: the leaf x = nan, first used in v1 = x + 1")
