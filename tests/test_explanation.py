"""Explanations: what is told is what was executed, on generated graphs and on the documents, and it reads well."""

from __future__ import annotations

import html
import math
import re
import weakref
from itertools import pairwise

import pytest
from hypothesis import given

import autograd
from autograd import StaleGraph, Value, explain, float_functions, grad, topological_order
from autograd.derivatives import scales
from autograd.explanation.chain_rule import Explanation
from autograd.notation.terms import Term
from autograd.notation.typesetting import Python
from autograd.strategies.graphs import recipes
from autograd.strategies.recipes import Recipe, recorded_leaves, recorded_places, recorded_root
from demos.document_000 import apartment
from demos.document_003 import exercise
from nn import MLP, half_squared_error
from tests.mathematics import read
from tests.memory import needed

TOLERANCE = 1e-12
"""Of the scale."""

REWRITTEN = 1e-9
"""A rule that is put in order rounds otherwise than the one that was executed, and partials may cancel in it."""

SCREEN = 24


def lines(explained: Explanation) -> list[str]:
    return repr(explained).splitlines()


def forward_003() -> tuple[Value, dict[str, Value]]:
    """Document 003 as one writes it: dot, bias, sigmoid, with the names of the document."""
    w1 = [[Value(w, f"w1_{i}{j}") for j, w in enumerate(row, 1)] for i, row in enumerate(exercise.GIVEN.w1, 1)]
    b1 = [Value(b, f"b1_{i}") for i, b in enumerate(exercise.GIVEN.b1, 1)]
    w2 = [Value(w, f"w2_{i}") for i, w in enumerate(exercise.GIVEN.w2[0], 1)]
    b2 = Value(exercise.GIVEN.b2[0], "b2")
    x = [Value(number, f"x{place}") for place, number in enumerate(exercise.X, 1)]
    y1 = []
    for i, (w, b) in enumerate(zip(w1, b1), 1):
        z = autograd.dot(w, x) + b
        z.label = f"z1_{i}"
        y1.append(z.sigmoid())
        y1[-1].label = f"y1_{i}"
    z2 = autograd.dot(w2, y1) + b2
    z2.label = "z2"
    y_hat = z2.sigmoid()
    y_hat.label = "ŷ"
    J = 0.5 * (y_hat - Value(exercise.Y, "y")) ** 2
    J.label = "J"
    leaves = [*(w for row in w1 for w in row), *b1, *w2, b2, *x]
    return J, {leaf.label: leaf for leaf in leaves}


# ---- laws on generated graphs


@given(recipes(steps=9))
def test_paths_listed_and_left_out_add_up_to_the_derivative(recipe: Recipe) -> None:
    leaves = recorded_leaves(recipe)
    y = recorded_root(recipe, leaves)
    for x, slope, scale in zip(leaves, grad(y, leaves), scales(y, leaves)):
        told = y.explain(x)
        total = math.fsum(path.contribution for path in told.paths) + told.remainder
        assert abs(total - slope.data) <= TOLERANCE * scale
        assert abs(told.derivative - slope.data) <= TOLERANCE * scale
        assert len(told.paths) == min(8, told.count)


@given(recipes(steps=9))
def test_the_steps_of_a_path_multiply_to_what_it_adds(recipe: Recipe) -> None:
    leaves = recorded_leaves(recipe)
    places = recorded_places(recipe, leaves)
    for label, place in zip("abc", places[len(leaves) :: 3]):
        place.label = label
    y = places[-1]
    for x in leaves:
        for detail in ("named", "all"):
            for path in y.explain(x, detail=detail).paths:
                product = math.prod(step.partial for step in path.steps)
                assert product == pytest.approx(path.contribution, rel=TOLERANCE, abs=5e-324)
                if path.steps:
                    assert (path.steps[0].upper, path.steps[-1].lower) == (y, x)
                assert all(above.lower is below.upper for above, below in pairwise(path.steps))


@given(recipes(steps=9))
def test_a_rule_that_is_told_has_the_number_that_is_told(recipe: Recipe) -> None:
    leaves = recorded_leaves(recipe)
    y = recorded_root(recipe, leaves)
    names = {node: f"n{place}" for place, node in enumerate(topological_order(y))}
    scope = {**float_functions(), **{name: node.data for node, name in names.items()}}
    style = Python(names.__getitem__, operators=False)
    for x in leaves:
        for path in y.explain(x, detail="all").paths + y.explain(x).paths:
            for step in path.steps:
                if type(step.rule) is Term and not _is_abridged(step.rule):
                    number = eval(style.write(step.rule), scope)
                    assert number == pytest.approx(step.partial, rel=REWRITTEN, abs=REWRITTEN), style.write(step.rule)
                elif type(step.rule) is not Term:
                    assert step.rule == pytest.approx(step.partial, rel=TOLERANCE)


def _is_abridged(rule: Term) -> bool:
    return isinstance(rule.symbol, str)


@given(recipes(steps=12))
def test_explaining_changes_nothing_and_fits_a_screen(recipe: Recipe) -> None:
    leaves = recorded_leaves(recipe)
    y = recorded_root(recipe, leaves)
    y.backward()
    nodes = topological_order(y)
    before = [(node.data, node.grad, node.label, node.operands, node.grad_state) for node in nodes]
    for x in leaves:
        assert len(lines(y.explain(x))) <= SCREEN
    assert topological_order(y) == nodes
    assert [(node.data, node.grad, node.label, node.operands, node.grad_state) for node in nodes] == before


# ---- document 003 and 000


def test_document_003_reads_as_in_the_document() -> None:
    J, leaves = forward_003()
    assert lines(J.explain(leaves["w1_11"])) == [
        "∂J/∂w1_11 = ∂J/∂ŷ · ∂ŷ/∂z2 · ∂z2/∂y1_1 · ∂y1_1/∂z1_1 · ∂z1_1/∂w1_11   the chain rule",
        "          = (ŷ − y) · ŷ(1 − ŷ) · w2_1 · y1_1(1 − y1_1) · x1           the rules",
        "          = −4.477 · 0.2495 · −0.4 · 0.1066 · 1.8                     the numbers",
        "          = 0.08574",
    ]


EXACT_003 = {
    "w1_11": 0.085738102859,
    "w1_12": -0.161949749844,
    "w1_21": -0.017841387050,
    "w1_22": 0.033700397761,
    "w1_31": 0.092322108099,
    "w1_32": -0.174386204188,
    "b1_1": 0.047632279366,
    "b1_2": -0.009911881694,
    "b1_3": 0.051290060055,
    "w2_1": -0.981551591525,
    "w2_2": -1.065095703162,
    "w2_3": -1.002804598679,
    "b2": -1.117073671148,
}


@pytest.mark.parametrize(("name", "exact"), EXACT_003.items())
def test_document_003_every_parameter_is_explained(name: str, exact: float) -> None:
    J, leaves = forward_003()
    (path,) = J.explain(leaves[name]).paths
    assert math.prod(step.partial for step in path.steps) == pytest.approx(exact, abs=1e-12)
    assert len(path.steps) == (5 if name[1] == "1" else 3)


def test_document_003_an_input_has_a_path_through_each_neuron() -> None:
    J, leaves = forward_003()
    assert lines(J.explain(leaves["x1"])) == [
        "∂J/∂x1 = 0.04877                                             the sum over 3 paths, the largest first",
        "path 1 = −4.477 · 0.2495 · −0.5 · 0.09183 · 0.8 = 0.04103    84.1 %   through ŷ, z2, y1_3, z1_3",
        "path 2 = −4.477 · 0.2495 · −0.4 · 0.1066 · 0.1 = 0.004763    9.77 %   through ŷ, z2, y1_1, z1_1",
        "path 3 = −4.477 · 0.2495 · 0.2 · 0.04437 · −0.3 = 0.002974   6.1 %   through ŷ, z2, y1_2, z1_2",
    ]


def test_document_003_all_digits_on_request() -> None:
    J, leaves = forward_003()
    assert "−4.477423348400042 · 0.2494902948025341 · −0.4" in repr(J.explain(leaves["w1_11"], precision=17))


def forward_000() -> tuple[Value, dict[str, Value]]:
    w1, b1, w2, b2 = Value(0.5, "w1"), Value(0.1, "b1"), Value(0.4, "w2"), Value(0.2, "b2")
    x, y = Value(50.0, "x"), Value(300.0, "y")
    z1 = w1 * x + b1
    a1 = z1.relu()
    y_hat = w2 * a1 + b2
    for node, label in ((z1, "z1"), (a1, "a1"), (y_hat, "ŷ")):
        node.label = label
    C = 0.5 * (y_hat - y) ** 2
    C.label = "C"
    return C, {"w1": w1, "b1": b1, "w2": w2, "b2": b2}


@pytest.mark.parametrize(
    ("name", "rules", "exact"),
    [
        ("w1", "(ŷ − y) · w2 · heaviside(z1, 0) · x", -5795.2),
        ("b1", "(ŷ − y) · w2 · heaviside(z1, 0) · 1", -115.904),
        ("w2", "(ŷ − y) · a1", -7272.976),
        ("b2", "(ŷ − y) · 1", -289.76),
    ],
)
def test_document_000_every_parameter_is_explained(name: str, rules: str, exact: float) -> None:
    C, leaves = forward_000()
    told = C.explain(leaves[name])
    assert f"= {rules} " in repr(told)
    assert told.derivative == pytest.approx(exact, rel=1e-12)
    assert math.prod(step.partial for step in told.paths[0].steps) == pytest.approx(exact, rel=1e-12)


def test_the_demos_tell_their_own_derivatives() -> None:
    network = exercise.forward(exercise.GIVEN)
    assert network.J.explain(network.model.parameters()[0]).derivative == pytest.approx(EXACT_003["w1_11"], abs=1e-12)
    apartments = apartment.forward()
    assert [apartments.error.explain(parameter).derivative for parameter in apartments.parameters] == pytest.approx(
        [-5795.2, -115.904, -7272.976, -289.76], rel=1e-12
    )


# ---- several paths


def test_paths_are_listed_with_their_shares_the_largest_first() -> None:
    x = Value(3.0, "x")
    a = x * 3
    b, c = a * 2, a * 5
    s = b + c
    assert lines(s.explain(x)) == [
        " ∂s/∂x = 21                                       the sum over 2 paths, the largest first",
        "path 1 = ∂s/∂c · ∂c/∂a · ∂a/∂x = 1 · 5 · 3 = 15   71.4 %",
        "path 2 = ∂s/∂b · ∂b/∂a · ∂a/∂x = 1 · 2 · 3 = 6    28.6 %",
    ]


def test_shares_add_up_to_the_whole() -> None:
    x = Value(0.7)
    y = x.sin() * x.exp() - x * x
    assert math.fsum(path.share for path in y.explain(x).paths) == pytest.approx(1)


def test_paths_that_read_alike_share_a_line() -> None:
    x = Value(3.0)
    y = x * x
    assert lines(y.explain(x)) == [
        "    ∂y/∂x = 6       the sum over 2 paths, the largest first",
        "paths 1–2 = x = 3   50 % each",
    ]


def test_paths_that_cancel_show_no_shares() -> None:
    x = Value(3.0)
    y = 0.1 * x + 0.2 * x - 0.3 * x
    explained = y.explain(x)
    assert [path.share for path in explained.paths] == [None, None, None]
    assert "%" not in repr(explained)


def test_of_many_paths_the_largest_are_told_and_the_rest_is_summed() -> None:
    x = y = Value(1.0, "x")
    for _ in range(20):
        y = y * 0.75 + y * 0.25
    explained = y.explain(x, paths=3)
    assert explained.count == 2**20
    assert len(explained.paths) == 3
    first, *_, last = repr(explained).splitlines()[:5]
    assert first.endswith("the sum over 1,048,576 paths, the largest 3 of them")
    assert last.endswith("all of them together")
    assert math.fsum([explained.remainder, *(path.contribution for path in explained.paths)]) == pytest.approx(1)


def test_each_path_can_be_told_in_full() -> None:
    J, leaves = forward_003()
    assert repr(J.explain(leaves["x1"]).paths[1]).splitlines()[1:] == [
        "       = (ŷ − y) · ŷ(1 − ŷ) · w2_1 · y1_1(1 − y1_1) · w1_11     the rules",
        "       = −4.477 · 0.2495 · −0.4 · 0.1066 · 0.1                  the numbers",
        "       = 0.004763",
    ]


# ---- degenerate cases


def test_the_variable_itself() -> None:
    x = Value(3.0, "x")
    assert lines(x.explain(x)) == ["∂x/∂x = 1   it is the variable itself"]


def test_what_does_not_depend_is_told_from_zero() -> None:
    x, w = Value(3.0, "x"), Value(2.0, "w")
    y = x * 0.0
    assert lines(y.explain(w)) == ["∂y/∂w = 0   y does not depend on w"]
    assert not y.explain(w).depends
    assert y.explain(x).depends
    assert lines(y.explain(x)) == ["∂y/∂x = 0   closed at y = x · 0: ∂y/∂x is 0"]


def test_a_path_closed_by_a_relu_is_told() -> None:
    z = Value(-3.0, "z")
    a = z.relu()
    assert lines(a.explain(z))[-1] == "      = 0                 closed at a = ReLU(z): the slope is 0 at z = −3"


def test_contributions_that_no_float_holds_are_told() -> None:
    x = Value(1.0, "x")
    for factors in ([1e308] * 12, [math.inf] * 12, [math.inf, -math.inf] * 6):
        y = autograd.sum([x * factor for factor in factors])
        explained = y.explain(x)
        assert len(lines(explained)) <= SCREEN
        assert not math.isfinite(explained.remainder) or explained.remainder == 0
        assert all(path.share is None for path in explained.paths)


def test_nan_is_no_closed_path_and_its_rule_is_not_zero() -> None:
    x = Value(0.0, "x")
    y = x.sqrt() * 0.0
    assert lines(y.explain(x)) == [
        "∂y/∂x = 0 · (0.5 / sqrt(x))   the rule",
        "      = nan                   diagnose(y) tells where NaN was born",
    ]


def test_at_the_kink_the_convention_is_told() -> None:
    z = Value(0.0, "z")
    a = z.relu()
    assert lines(a.explain(z))[-1].endswith("the slope is 0 at z = 0, by convention (slope 0 at x = 0)")


def test_one_closed_path_among_others_is_told_on_its_line() -> None:
    x = Value(-3.0, "x")
    y = x.relu() + 2 * x
    assert [line.split("   ")[-1] for line in lines(y.explain(x))[1:3]] == [
        "100 %",
        "closed at v1 = ReLU(x): the slope is 0 at x = −3",
    ]


def test_the_largest_of_several_passes_and_the_others_are_closed() -> None:
    xs = [Value(1.0, "a"), Value(5.0, "b"), Value(5.0, "c")]
    y = autograd.maximum(xs)
    assert [lines(y.explain(x))[-1].split("   ")[-1].strip() for x in xs] == [
        "closed at y = max(a, b, c): ∂y/∂a is 0",
        "= 1",
        "closed at y = max(a, b, c), where several tie: the first of the largest gets all",
    ]


# ---- names


def test_an_unlabelled_model_is_told_in_named_weights_and_numbered_values() -> None:
    model = MLP(2, [2, 1], "tanh", "sigmoid", seed=0)
    L = half_squared_error(model([1.0, -2.0]), 1.0)
    told = lines(L.explain(model.layers[0].neurons[0].w[1]))
    assert told[0].split(" = ")[1].count("·") == 2
    assert "−2(1 − v3²)" in told[1]
    assert told[4].lstrip().startswith("where v")


def test_what_is_small_and_has_no_name_is_written_out() -> None:
    x = Value(2.0, "x")
    y = (x * x).sin()
    assert "cos(x²) · x" in repr(y.explain(x))


def test_the_callers_variables_name_the_steps() -> None:
    x = Value(0.5)
    inner = x.exp()
    outer = inner.tanh()
    assert lines(outer.explain(x))[0].startswith("∂outer/∂x = ∂outer/∂inner · ∂inner/∂x")


def test_two_values_of_one_label_are_told_apart() -> None:
    p, q = Value(3.0, "k"), Value(2.0, "k")
    z = p * q
    assert lines(z.explain(p))[0] == "∂z/∂k = k_2   the rule"


def test_the_numbered_values_that_are_told_occur_above() -> None:
    w = Value(0.5, "w")
    loss = autograd.sum([((w * place).tanh() - 1) ** 2 for place in range(20)])
    told = repr(loss.explain(w))
    above, below = told.split("where")
    assert all(name in above for name in re.findall(r"^\s*(v\d+) =", below, flags=re.MULTILINE))


def test_lines_fit_a_screen_as_long_as_not_all_is_asked_for() -> None:
    x = y = Value(0.5, "x")
    for _ in range(20):
        y = (y * Value(0.9, "a label that is long, " * 20)).tanh()
    assert max(map(len, lines(y.explain(x)))) <= 125


def test_all_detail_shows_every_executed_factor() -> None:
    J, leaves = forward_003()
    (path,) = J.explain(leaves["w1_11"], detail="all").paths
    assert [step.partial for step in path.steps] == [edge.partial for edge in path.path.edges]
    assert len(path.steps) == 9


def test_a_name_that_could_be_misread_is_bracketed() -> None:
    x = Value(2.0, "a + b")
    y = x.exp()
    assert lines(y.explain(x))[0].startswith("∂y/∂(a + b) = ")


# ---- derivatives of derivatives, large graphs


def test_second_derivatives_are_explained() -> None:
    x = Value(0.5, "x")
    y = x.sin()
    slope = grad(y, x)
    assert lines(slope.explain(x)) == ["∂slope/∂x = −sin(x)   the rule", "          = −0.4794"]


def test_a_chain_of_a_hundred_thousand_nodes_fits_a_screen() -> None:
    x = y = Value(1.0, "x")
    for _ in range(100_000):
        y = y.sin()
    explained = y.explain(x)
    assert len(repr(explained).splitlines()) <= SCREEN
    assert "more ⋯" in repr(explained)
    assert math.prod(step.partial for step in explained.paths[0].steps) == pytest.approx(explained.derivative, rel=1e-9)


def test_paths_that_double_at_every_level_are_counted_not_listed() -> None:
    x = y = Value(1.0, "x")
    for _ in range(2_000):
        y = y * 0.75 + y * 0.25
    explained = y.explain(x)
    assert explained.count is None
    assert "about 10^602 paths, the largest 8 of them" in repr(explained)
    assert len(repr(explained).splitlines()) <= SCREEN


# ---- LaTeX, HTML, errors


def explanations() -> list[Explanation]:
    J, leaves = forward_003()
    x = Value(3.0, 'a "|<b>&#_{x}$ \\')
    z = (x * -2).relu()
    return [J.explain(leaves["w1_11"]), J.explain(leaves["x1"]), z.explain(x), x.explain(z), (x * x).tanh().explain(x)]


@pytest.mark.parametrize("place", range(5))
def test_latex_is_parsed_line_by_line(place: int) -> None:
    explained = explanations()[place]
    first, *lines, last = explained.latex().split("\n")
    assert (first, last) == (r"\begin{aligned}", r"\end{aligned}")
    for line in lines:
        formula = re.sub(r"(?<!\\)&|\\\\$", "", line)
        # \& and \# are LaTeX that mathtext does not know
        read(formula.replace(r"\&", "").replace(r"\#", ""))


@pytest.mark.parametrize("place", range(5))
def test_html_says_the_same_as_the_text(place: int) -> None:
    explained = explanations()[place]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", explained._repr_html_())
    words = " ".join(html.unescape(cell) for cell in cells).split()
    assert words == [word for word in repr(explained).split() if word != "where"]


def test_labels_are_escaped_in_html() -> None:
    x = Value(1.0, "<script>alert(1)</script>")
    y = x.exp()
    assert "<script>" not in y.explain(x)._repr_html_()


def test_a_stale_graph_is_refused() -> None:
    x = Value(1.0, "x")
    y = x.exp()
    x.data = 2.0
    with pytest.raises(StaleGraph, match="x was written"):
        y.explain(x)


def test_after_a_number_was_changed_it_says_that_it_is_stale() -> None:
    x = Value(1.0, "x")
    y = x.exp()
    explained = y.explain(x)
    x.data = 2.0
    stale = (
        "∂y/∂x is stale: numbers of this graph were changed since it was told; call explain again to tell of the new"
        " ones"
    )
    assert " ".join(repr(explained).split()) == stale
    y.refresh()
    assert "is stale" in repr(explained)
    assert "is stale" in repr(explained.paths[0])


def test_a_path_of_several_is_not_said_to_be_the_derivative() -> None:
    x = Value(2.0, "x")
    y = x * x.sin()
    y.label = "y"
    first, second = explain(y, x).paths
    assert " ".join(repr(first).split()) == "path 1 = sin(x) the rule = 0.9093"
    assert repr(second).startswith("path 2 = x · cos(x)")
    (alone,) = explain(x.sin(), x).paths
    assert repr(alone) == repr(explain(x.sin(), x)) != repr(first)


@pytest.mark.usefixtures("no_collector")
def test_an_explanation_is_freed_with_its_graph_by_reference_counting_alone() -> None:
    x = Value(1.0)
    y = (x * x).exp()
    reference = weakref.ref(y)
    explained = y.explain(x)
    repr(explained)
    del explained, y
    assert reference() is None


def test_labels_do_not_make_memory_grow_with_their_square() -> None:
    x = y = Value(1.0, "x")
    for place in range(4_000):
        y = y.sin()
        y.label = f"y{place}"
    assert needed(lambda: y.explain(x, detail="all")).peak < 50e6


def test_mistakes_are_named() -> None:
    x = Value(1.0, "x")
    for paths in (0, -1):
        with pytest.raises(ValueError, match=f"paths is the number of paths to list, 1 or more; got {paths}"):
            x.exp().explain(x, paths=paths)
    with pytest.raises(TypeError, match=r"precision is a whole number of digits; got float 1\.5"):
        x.exp().explain(x, precision=1.5)
    with pytest.raises(ValueError, match="precision is a number of significant digits, 1 or more; got 0"):
        x.exp().explain(x, precision=0)
    with pytest.raises(TypeError, match=r"explain needs two Values, y and x; got float 2\.0"):
        x.explain(2.0)
    with pytest.raises(ValueError, match="detail is 'named' or 'all'; got 'some'"):
        x.exp().explain(x, detail="some")


def test_the_method_and_the_function_are_the_same() -> None:
    x = Value(1.0, "x")
    y = x.exp()
    assert repr(explain(y, x)) == repr(y.explain(x))
