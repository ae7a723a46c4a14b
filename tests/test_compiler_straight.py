"""Straight-line programs give the numbers of the eager engine, from source that nothing but the compiler wrote."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Sequence
from random import Random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import PRIMITIVES, DomainError, Value
from autograd.compiler.folding import folded
from autograd.compiler.inlining import CONDITIONS, SAFE, inlined
from autograd.compiler.recorded import recorded
from autograd.compiler.straight import Straight
from autograd.contracts.operands import flat, patterns
from autograd.contracts.spelling import record
from autograd.contracts.spelling import recorded as recorded_sample
from autograd.derivatives import scales
from autograd.primitives import Primitive
from autograd.strategies.graphs import recipes
from autograd.strategies.recipes import Recipe, random_recipe, recorded_leaves, recorded_places
from autograd.symbolic import Expression, name, python_source, symbolic
from autograd.value import record as record_row
from tests.graphs import complex_slope
from tests.hostile_labels import HOSTILE
from tests.memory import needed
from tests.samples import OUTSIDE, SAMPLES

TOLERANCE = 1e-12
"""Of the scale: what the compiler promises."""

VALUE_TOLERANCE = 1e-13
"""Of the largest number: x * x and x ** 2.0 differ in their last digit, and later nodes enlarge it."""

SHORT = 5
"""Operands in a function of a graph that is cut into many."""

NUMBERS = (0.0, -0.0, 1.0, -1.0, 2.5, -0.3, 1e-300, math.inf, -math.inf, math.nan)


def compiled(roots: Sequence[Value], parameters: Sequence[Value], inputs: Sequence[Value] = (), **how: int) -> Straight:
    return Straight(recorded(roots, parameters, inputs), **how)


def ran(program: Straight, parameters: Sequence[Value], inputs: Sequence[Value] = ()) -> Any:
    return program.run([leaf.data for leaf in parameters], [leaf.data for leaf in inputs])


def executed(program: Straight) -> ModuleType:
    """The source as a module of its own, which sees nothing of the engine."""
    module = ModuleType("program")
    exec(program.source, module.__dict__)
    return module


def eager_gradient(roots: Sequence[Value], parameters: Sequence[Value]) -> list[float]:
    for leaf in parameters:
        leaf.grad = 0.0
    for root in roots:
        root.backward()
    return [leaf.grad for leaf in parameters]


def same(a: float, b: float) -> bool:
    return a == b or (a != a and b != b)


def require_agreement(program: Straight, roots: Sequence[Value], parameters: Sequence[Value]) -> None:
    """Values and gradients of a run are those of the eager engine."""
    values, gradient = ran(program, parameters)
    largest = max(1.0, *(abs(node.data) for root in roots for node in autograd.topological_order(root)))
    assert all(abs(value - root.data) <= VALUE_TOLERANCE * largest for value, root in zip(values, roots))
    sizes = [math.fsum(size) for size in zip(*(scales(root, parameters) for root in roots))]
    expected = eager_gradient(roots, parameters)
    assert len(gradient) == len(parameters)
    assert all(abs(a - b) <= TOLERANCE * size for a, b, size in zip(gradient, expected, sizes))


# ---- generated graphs


@given(recipes(steps=12), st.sampled_from([SHORT, 1000]))
def test_generated_graphs_give_the_eager_numbers(recipe: Recipe, longest: int) -> None:
    leaves = recorded_leaves(recipe)
    root = recorded_places(recipe, leaves)[-1]
    require_agreement(compiled([root], leaves, longest=longest), [root], leaves)


def test_five_hundred_larger_graphs_of_several_roots_give_the_eager_numbers() -> None:
    random = Random(6)
    for number in range(500):
        recipe = random_recipe(random, leaves=4, steps=20)
        leaves = recorded_leaves(recipe)
        places = recorded_places(recipe, leaves)
        roots = [places[-1], random.choice(places), random.choice(places)]
        parameters = random.sample(leaves, 3)
        require_agreement(compiled(roots, parameters, longest=(SHORT, 30, 1000)[number % 3]), roots, parameters)


@given(recipes(("add", "multiply", "tanh", "dot", "sigmoid", "logsumexp", "softplus"), steps=8))
def test_gradients_are_those_of_a_complex_step(recipe: Recipe) -> None:
    leaves = recorded_leaves(recipe)
    root = recorded_places(recipe, leaves)[-1]
    gradient = ran(compiled([root], leaves), leaves)[1]
    for place, (slope, scale) in enumerate(zip(gradient, scales(root, leaves, saturated=1.0))):
        assert abs(slope - complex_slope(recipe, place)) <= TOLERANCE * scale


@given(recipes(steps=8), st.integers(0, 2**32 - 1))
def test_new_numbers_give_what_recording_with_them_gives(recipe: Recipe, seed: int) -> None:
    leaves = recorded_leaves(recipe)
    program = compiled([recorded_places(recipe, leaves)[-1]], leaves[:1], leaves[1:])
    moved = recipe._replace(leaves=tuple(x * (1 + 1e-3 * Random(seed).random()) for x in recipe.leaves))
    others = recorded_leaves(moved)
    root = recorded_places(moved, others)[-1]
    values, gradient = ran(program, others[:1], others[1:])
    assert values[0] == pytest.approx(root.data, rel=TOLERANCE, abs=TOLERANCE)
    assert program.forward([others[0].data], [leaf.data for leaf in others[1:]]) == values
    assert abs(gradient[0] - eager_gradient([root], others[:1])[0]) <= TOLERANCE * scales(root, others[:1])[0]


@given(recipes(steps=8), st.sampled_from([SHORT, 1000]))
def test_source_executed_by_itself_gives_the_same_numbers(recipe: Recipe, longest: int) -> None:
    leaves = recorded_leaves(recipe)
    program = compiled(recorded_places(recipe, leaves)[-2:], leaves[:2], leaves[2:], longest=longest)
    module = executed(program)
    parameters, inputs = [leaf.data for leaf in leaves[:2]], [leaf.data for leaf in leaves[2:]]
    assert module.run(parameters, inputs) == program.run(parameters, inputs)
    assert module.forward(parameters, inputs) == program.forward(parameters, inputs)


@given(recipes(steps=15), st.integers(1, 20))
def test_many_functions_give_the_numbers_of_one(recipe: Recipe, longest: int) -> None:
    leaves = recorded_leaves(recipe)
    roots = recorded_places(recipe, leaves)[-3:]
    assert ran(compiled(roots, leaves, longest=longest), leaves) == ran(compiled(roots, leaves), leaves)


# ---- every row of the table


@pytest.mark.parametrize("row", PRIMITIVES.values(), ids=lambda row: row.name)
def test_every_row_gives_its_eager_numbers_for_every_pattern_of_values_and_constants(row: Primitive) -> None:
    for point in SAMPLES[row.name]:
        for kinds in patterns(point):
            root, leaves = recorded_sample(row.name, point, kinds)
            program = compiled([root], leaves)
            (value,), gradient = ran(program, leaves)
            assert value == pytest.approx(root.data, rel=4e-16, abs=0) or same(value, root.data), (point, kinds)
            for slope, expected in zip(gradient, eager_gradient([root], leaves)):
                assert slope == pytest.approx(expected, rel=TOLERANCE, abs=0) or same(slope, expected), (point, kinds)


@pytest.mark.parametrize("row", PRIMITIVES.values(), ids=lambda row: row.name)
def test_every_row_gives_infinity_and_nan_where_the_eager_engine_does(row: Primitive) -> None:
    vectors = row.vectors or len(row.operands)
    for a in NUMBERS:
        for b in NUMBERS[:: 1 if vectors > 1 or row.vectors else len(NUMBERS)]:
            leaves = [Value(a), Value(b)]
            operands = {0: tuple(leaves[: len(row.operands)]), 1: (tuple(leaves),), 2: ((leaves[0],), (leaves[1],))}
            root = record_row(row, operands[row.vectors], checked=False)
            program = compiled([root], leaves)
            (value,), gradient = ran(program, leaves)
            assert same(value, root.data), (a, b)
            assert all(map(same, gradient, eager_gradient([root], leaves))), (a, b, gradient)
            assert all(map(same, executed(program).run([a, b], [])[1], gradient)), (a, b)


@pytest.mark.parametrize("name", ["sum", "dot", "maximum", "minimum", "logsumexp"])
@pytest.mark.parametrize("length", [1, 2, 16, 17, 33, 100])
def test_vectors_of_every_length_give_the_eager_numbers(name: str, length: int) -> None:
    random = Random(length)
    leaves = [Value(random.uniform(-1, 1)) for _ in range(length)]
    mixed = [leaf if random.random() < 0.7 else random.choice((1.0, -1.0, 0.0, leaf.data)) for leaf in leaves]
    for vector in (leaves, mixed, [leaves[0]] * length, [*leaves, leaves[0]]):
        root = record(name, (tuple(vector), tuple(reversed(vector))) if name == "dot" else (tuple(vector),))
        (value,), gradient = ran(compiled([root], leaves, longest=50), leaves)
        assert value == root.data
        assert gradient == pytest.approx(eager_gradient([root], leaves), rel=TOLERANCE, abs=TOLERANCE)


def test_a_row_that_was_added_is_compiled() -> None:
    row = Primitive(
        "spread",
        value=lambda xp, xs: xp.max_over(lambda x: x, xs) - xp.min_over(lambda x: x, xs),
        partials=[lambda xp, x, out: xp.exp(x) * xp.exp(x) + xp.divide(xp.exp(x), out)],
        n_ary=True,
    )
    for length in (3, 40):
        leaves = [Value(0.1 * place) for place in range(length)]
        root = record_row(row, (tuple(leaves),))
        assert ran(compiled([root], leaves), leaves) == ((root.data,), tuple(eager_gradient([root], leaves)))


# ---- graphs that have something special


def test_the_first_of_those_that_tie_gets_all() -> None:
    x, y, z = (Value(1.0) for _ in range(3))
    for roots in ([autograd.maximum([0.0, x, y, x, z])], [autograd.minimum([y, z, y])], [x.relu() + y.maximum(1.0)]):
        program = compiled(roots, [x, y, z])
        assert list(ran(program, [x, y, z])[1]) == eager_gradient(roots, [x, y, z])


def test_what_no_root_depends_on_has_no_slope_and_roots_can_be_anything() -> None:
    x, y, unused, fed = Value(3.0), Value(2.0), Value(7.0), Value(5.0)
    roots = [x, x * y, x * y, fed, Value(1.5), fed * 2.0, x * y]
    for longest in (1, 1000):
        program = compiled([*roots, roots[1]], [unused, x, y], [fed], longest=longest)
        values, gradient = program.run([7.0, 3.0, 2.0], [5.0])
        assert values == (3.0, 6.0, 6.0, 5.0, 1.5, 10.0, 6.0, 6.0)
        assert gradient == (0.0, 9.0, 12.0)


def test_a_graph_without_nodes_or_parameters_is_a_program() -> None:
    x = Value(3.0)
    assert compiled([x], [x]).run([4.0], []) == ((4.0,), (1.0,))
    assert compiled([x], []).run([], []) == ((3.0,), ())
    assert compiled([x.exp()], [], [x]).run([], [0.0]) == ((1.0,), ())
    assert compiled([x.sign()], [x]).run([-2.0], []) == ((-1.0,), (0.0,))


def test_a_leaf_that_is_no_parameter_keeps_the_number_it_had() -> None:
    x, constant = Value(3.0), Value(math.inf)
    program = compiled([x + constant, x * Value(-math.inf), x + Value(math.nan), x * -0.0], [x])
    constant.data = 1.0
    values = ran(program, [x])[0]
    assert repr(values) == repr(executed(program).run([3.0], [])[0]) == "(inf, -inf, nan, -0.0)"


def test_zero_times_infinity_is_not_folded() -> None:
    x = Value(1.0)
    values, gradient = compiled([x * 0.0, 0.0 * x], [x]).run([math.inf], [])
    assert all(map(math.isnan, values))
    assert gradient == (0.0,)
    assert math.isnan(compiled([(x * 0.0) * 1e400], [x]).run([1.0], [])[1][0])


def test_a_constant_zero_partial_adds_nothing_even_to_an_infinite_adjoint() -> None:
    x, y = Value(2.0), Value(3.0)
    root = x.sign() * math.inf + x.heaviside(y) * math.inf
    assert ran(compiled([root], [x, y]), [x, y])[1][0] == eager_gradient([root], [x])[0] == 0.0


def test_a_sum_that_is_subtracted_stands_in_brackets() -> None:
    x = Value(0.5)
    root = x - x.tanh()
    assert ran(compiled([root], [x]), [x])[1] == (eager_gradient([root], [x])[0],)


def test_ten_thousand_uses_of_a_leaf_in_one_function_are_added_in_lines_of_a_few() -> None:
    x, others = Value(0.5), [Value(place + 2.0) for place in range(10_000)]
    root = autograd.dot([x] * len(others), others)
    values, gradient = ran(compiled([root], [x], others, longest=10**6), [x], others)
    assert (*values, *gradient) == (root.data, *eager_gradient([root], [x]))


def test_constants_that_differ_in_their_sign_or_number_are_told_apart() -> None:
    x = Value(2.0)
    constants = [0.0, -0.0, 1.0, -1.0, 2.0, 3.0, 0.5, -2.0, 1e-5, -1e22]
    roots = (
        [x * c for c in constants] + [x + c for c in constants] + [x**c for c in constants] + [c - x for c in constants]
    )
    roots += [x / c for c in constants if c] + [c / x for c in constants] + [abs(c) ** x for c in constants]
    values, gradient = ran(compiled(roots, [x]), [x])
    assert repr(values) == repr(tuple(root.data for root in roots))
    assert gradient[0] == pytest.approx(eager_gradient(roots, [x])[0], rel=TOLERANCE)


def test_an_overflow_is_infinity_as_in_the_eager_engine() -> None:
    x = Value(-1.0)
    roots = [x.sigmoid(), (x * -1.0).exp(), (x * x) ** 3.0]
    program = compiled(roots, [x])
    for number in (-800.0, -1e200, -1.0):
        x.data = number
        for root in roots:
            root.refresh()
        values, gradient = ran(program, [x])
        assert values == pytest.approx([root.data for root in roots], rel=1e-15)
        assert gradient == pytest.approx(eager_gradient(roots, [x]), rel=TOLERANCE)


def test_the_derivative_of_a_derivative_is_compiled_without_checks_as_it_was_recorded() -> None:
    x = Value(0.0)
    slope = autograd.grad((x + 1.0).sqrt() * x, x)
    assert ran(compiled([slope], [x]), [x])[0] == (slope.data,)
    infinite = autograd.grad(x.sqrt(), x)
    assert ran(compiled([infinite], [x]), [x])[0] == (math.inf,)


# ---- outside a domain


@pytest.mark.parametrize(("name", "point"), [(name, point) for name, found in OUTSIDE.items() for point, _ in found])
@pytest.mark.parametrize("longest", [1, 1000])
def test_a_domain_error_is_that_of_the_eager_engine_and_the_program_runs_again(
    name: str, point: tuple[float, ...], longest: int
) -> None:
    inside = SAMPLES[name][0]
    for kinds in [kinds for kinds in patterns(point) if all(kinds)]:
        root, leaves = recorded_sample(name, inside, kinds, labels="w")
        program = compiled([root * 1.0 + 2.0], leaves, longest=longest)
        before = ran(program, leaves)
        with pytest.raises(DomainError) as eager:
            recorded_sample(name, point, kinds, labels="w")
        for function in (program.run, program.forward):
            with pytest.raises(DomainError) as found:
                function(flat(point), [])
            assert str(found.value) == str(eager.value)
        with pytest.raises(ArithmeticError, match="node 0 got numbers outside its domain"):
            executed(program).run(flat(point), [])
        assert ran(program, leaves) == before


# ---- the source


@pytest.mark.parametrize("label", HOSTILE)
def test_labels_do_not_change_the_source_whose_names_are_the_compilers(label: str) -> None:
    def source(label: str) -> str:
        x, y = Value(2.0, label), Value(3.0, label)
        z = (x * y).log()
        z.label = label
        return compiled([z + y * Value(1.5, label)], [x], [y], longest=2).source

    assert source(label) == source("")


def test_generated_code_has_names_of_the_compiler_alone() -> None:
    recipe = random_recipe(Random(1), steps=30)
    leaves = recorded_leaves(recipe)
    program = compiled([recorded_places(recipe, leaves)[-1]], leaves[:2], leaves[2:], longest=10)
    functions = [node for node in ast.parse(program.source).body if isinstance(node, ast.FunctionDef)]
    ours = [node for node in functions if re.fullmatch(r"(forward|reverse)(_\d+)?|run|roots", node.name)]
    names = {node.id for function in ours for node in ast.walk(function) if isinstance(node, ast.Name)}
    known = {*SAFE, "outside", "tuple", "roots", "p", "x", "v", "g", "a", "b", "n"}
    assert all(name in known or re.fullmatch(r"[pxuvwgt]\d+(_\d+)?|e\d|(forward|reverse)_\d+", name) for name in names)


def test_the_source_is_the_program_that_a_person_would_write() -> None:
    w, b, x = Value(0.5, "w"), Value(0.1, "b"), Value(2.0, "x")
    loss = ((w * x + b).sigmoid() - 1.0) ** 2.0
    source = compiled([loss], [w, b], [x]).source
    assert source[source.index("def run(") :] == (
        "def run(p, x):\n"
        "    (p0, p1,) = p\n"
        "    (x0,) = x\n"
        "    v0 = p0 * x0\n"
        "    v1 = v0 + p1\n"
        "    v2 = divide(1.0, 1.0 + exp(-v1))\n"
        "    v3 = v2 - 1.0\n"
        "    v4 = v3 * v3\n"
        "    g3 = 2.0 * v3\n"
        "    g1 = g3 * (v2 * (1.0 - v2))\n"
        "    return (v4,), (g1 * x0, g1,)\n"
    )


STATEMENTS = """\
    (p0, p1, p2,) = p
    v0 = p0 * p1
    v1 = v0
    v1 = maximum(v1, p0)
    v1 = maximum(v1, 3.0)
    v1 = maximum(v1, p1)
    v2 = p0 * p1
    v3 = v2 * p2
    v4 = v1 + v3
    v5 = v4 + p0
    v6 = v5 + p0
    v7 = p1 - p2
    v9 = p0 - v7
    t0 = equal(v0, v1)
    t1 = equal(p0, v1) * (1.0 - t0)
    t2 = t0 + t1
    t3 = equal(3.0, v1) * (1.0 - t2)
    t4 = t2 + t3
    return (v6, v9,), (3.0 + p2 * p1 + t1 + t0 * p1, -1.0 + p2 * p0 + equal(p1, v1) * (1.0 - t4) + t0 * p0, 1.0 + v2,)
"""


def test_sums_of_products_have_no_brackets_numbers_are_added_up_and_what_ties_is_shared() -> None:
    x, y, z = Value(0.5), Value(2.0), Value(3.0)
    roots = [autograd.maximum([x * y, x, 3.0, y]) + x * y * z + x + x, x - (y - z) / 1.0]
    program = compiled(roots, [x, y, z])
    assert program.source.endswith(f"def run(p, x):\n{STATEMENTS}")
    require_agreement(program, roots, [x, y, z])


X = name("x")

FOLDED: list[tuple[Any, Any]] = [
    (1 * X, X),
    (X * 1.0, X),
    (-1.0 * X, -X),
    (Expression("negative", (-X,)), X),
    (0 * X, 0.0 * X),
    (symbolic.divide(X, 1), X),
    (symbolic.divide(X, 2), symbolic.divide(X, 2.0)),
    (symbolic.power(X, 0), 1.0),
    (symbolic.power(X, 1), X),
    (symbolic.power(X, 2), X * X),
    (symbolic.power(X, 3), symbolic.power(X, 3.0)),
    (symbolic.exp(Expression("*", (2, 3))), math.exp(6.0)),
    (Expression("%", (7.0, 4.0)), 3.0),
    (Expression("&", (Expression("<", (1.0, 2.0)), X > 0)), X > 0.0),
    (Expression("&", (X > 0, Expression(">", (1.0, 2.0)))), False),
    (Expression("<", (1.0, 2.0)), True),
    (True, True),
    (3, 3.0),
]


@pytest.mark.parametrize(("expression", "simpler"), FOLDED, ids=map(str, range(len(FOLDED))))
def test_what_needs_only_numbers_is_computed_and_what_changes_nothing_is_left_out(
    expression: Any, simpler: Any
) -> None:
    found = folded(expression)
    assert type(found) is type(simpler)
    assert getattr(found, "key", found) == getattr(simpler, "key", simpler)


@pytest.mark.parametrize("row", [PRIMITIVES["logsumexp"], PRIMITIVES["sum"]], ids=lambda row: row.name)
def test_many_operands_are_read_from_other_functions(row: Primitive) -> None:
    leaves = [Value(0.1 * place) for place in range(20)]
    root = record_row(row, ([leaf.tanh() for leaf in leaves],))
    require_agreement(compiled([root], leaves, longest=7), [root], leaves)


def test_a_leaf_of_many_uses_has_no_endless_line() -> None:
    x = Value(0.5)
    root = autograd.sum([(x + place).tanh() for place in range(200)])
    program = compiled([root], [x])
    assert max(map(len, program.source.splitlines())) < 500
    require_agreement(program, [root], [x])


def test_only_what_lies_between_a_parameter_and_a_root_has_an_adjoint() -> None:
    x, y = Value(2.0), Value(3.0)
    source = compiled([(y.exp() * y).sin() * x + y.tanh()], [x], [y]).source
    assert not re.search(r"\bg\d", source)


def test_a_long_graph_is_cut_into_functions_of_bounded_length() -> None:
    x, c = Value(1.0), Value(0.99)
    y = x
    for place in range(1000):
        y = (y * c + 0.01 * place).tanh()
    program = compiled([y], [x, c], longest=100)
    lengths = lengths_of_functions(program)
    assert len(lengths) > 50
    assert max(lengths) <= 2 * 100
    require_agreement(program, [y], [x, c])


def test_what_a_loop_repeats_is_one_function() -> None:
    x, c, first = Value(1.0), Value(0.99), Value(0.2)
    far = first.exp()
    y = x
    for _ in range(1000):
        y = (y * c + 0.01).tanh() * (far + 1.5).log() + y
    program = compiled([y], [x, c, first], longest=100)
    assert len(lengths_of_functions(program)) < 40
    assert "outside(n + " in program.source
    require_agreement(program, [y], [x, c, first])


def lengths_of_functions(program: Straight) -> list[int]:
    tree = ast.parse(program.source)
    return [len(node.body) for node in tree.body if isinstance(node, ast.FunctionDef)]


def test_a_domain_error_in_a_repeated_function_names_the_node_of_its_round() -> None:
    x, step = Value(1.0, "x"), Value(0.001, "step")
    total: Value = Value(0.0)
    left = x
    for number in range(300):
        left = left - step
        left.label = f"left {number}"
        total = total + left.sqrt()
    program = compiled([total], [x, step], longest=60)
    assert len(lengths_of_functions(program)) < 20
    with pytest.raises(DomainError, match=r"sqrt needs x >= 0; got -.* \(left 50\)"):
        program.run([0.505, 0.01], [])


def test_a_chain_of_a_hundred_thousand_operations_is_compiled() -> None:
    x, c = Value(1.0), Value(0.999)
    y = x
    for _ in range(50_000):
        y = y * c + 0.5
    program = compiled([y], [x, c])
    values, gradient = ran(program, [x, c])
    assert values == (y.data,)
    assert gradient == pytest.approx(eager_gradient([y], [x, c]), rel=TOLERANCE)


def test_a_leaf_of_ten_thousand_uses_and_a_sum_of_ten_thousand_terms_are_compiled() -> None:
    x = Value(0.5)
    terms = [x * float(place) for place in range(10_000)]
    for root in (autograd.sum(terms), autograd.dot(terms, terms)):
        values, gradient = ran(compiled([root], [x]), [x])
        assert values == (root.data,)
        assert gradient == pytest.approx(eager_gradient([root], [x]), rel=TOLERANCE)


# ---- folding and inlining


OPERANDS = [name("x"), name("y"), 0.0, -0.0, 1.0, -1.0, 2.0, 0.5, math.inf]


def _function(expression: Any) -> Callable[[float, float], float]:
    """The expression as a function of x and y, in the functions that never raise."""
    assignments, text = python_source(expression)
    scope = dict(SAFE)
    exec("\n    ".join(["def f(x, y):", *assignments, f"return float({text})"]), scope)
    function: Callable[[float, float], float] = scope["f"]
    return function


def _expressions() -> list[Expression]:
    binary: list[Callable[[Any, Any], Any]] = [
        *(lambda a, b, operation=operation: Expression(operation, (a, b)) for operation in ("+", "-", "*")),
        *(lambda a, b, function=function: getattr(symbolic, function)(a, b) for function in ("divide", "power")),
        *(lambda a, b, function=function: getattr(symbolic, function)(a, b) for function in ("maximum", "minimum")),
        *(lambda a, b, function=function: getattr(symbolic, function)(a, b) for function in ("heaviside", "equal")),
    ]
    pairs = [operation(a, b) for operation in binary for a in OPERANDS for b in OPERANDS]
    unary = [
        symbolic.sign(name("x")),
        symbolic.sign(-name("x")),
        -Expression("negative", (name("x"),)),
        symbolic.exp(name("x") * 1),
    ]
    return [*pairs, *unary, *(symbolic.tanh(pair) * -1 for pair in pairs[::7])]


@pytest.mark.parametrize("rewrite", [folded, inlined], ids=["folded", "inlined"])
def test_a_rewritten_expression_has_the_same_number_for_every_operand(rewrite: Callable[[Any], Any]) -> None:
    for expression in _expressions():
        old, new = _function(expression), _function(rewrite(expression))
        for x in NUMBERS:
            for y in NUMBERS:
                try:
                    found = new(x, y)
                except ZeroDivisionError:
                    assert rewrite is inlined
                    continue
                expected = old(x, y)
                assert same(found, expected), (expression.key, x, y)
                assert math.copysign(1.0, found) == math.copysign(1.0, expected) or found != found, expression.key


def test_every_condition_is_the_function_that_it_stands_for() -> None:
    assert {expression.operation for expression in _expressions()} >= set(CONDITIONS)


def test_constant_conditions_become_the_truth() -> None:
    x = name("x")
    assert folded(Expression("&", (x < 0, Expression("<", (2.0, 1.0))))) is False
    assert folded(Expression("&", (Expression("<", (1.0, 2.0)), x < 0))).key == (x < 0.0).key  # type: ignore[union-attr]
    assert folded(Expression("%", (5.5, 1.0))) == 0.5


def test_the_second_power_is_a_product_with_its_own_derivative() -> None:
    x = Value(3.0)
    source = compiled([x**2 + x**1 + x**0], [x]).source
    assert "power" not in source
    assert "v0 = p0 * p0" in source
    assert "2.0 * p0" in source


def test_compiling_keeps_little_memory() -> None:
    x = Value(1.0)
    y = x
    for _ in range(5_000):
        y = y * 0.5 + 1.0
    graph = recorded([y], [x], [])
    assert Straight(graph).run([1.0], [])[0] == (y.data,)
    assert needed(lambda: Straight(graph)).kept < 100 * len(graph.inner)
