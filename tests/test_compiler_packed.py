"""Graphs packed into calls on arrays: the numbers of the eager engine, and the program that a person would write."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from contextlib import suppress
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import PRIMITIVES, DomainError, Primitive, Value, dot, grad, maximum, mean
from autograd.compiler import packed as packing
from autograd.compiler.compilation import compile
from autograd.compiler.maps import is_contiguous, shape_for
from autograd.compiler.program import Program
from autograd.strategies.recipes import random_recipe, recorded_leaves, recorded_places, recorded_root
from autograd.value import record
from nn import (
    MLP,
    Convolution2D,
    Flatten,
    Layer,
    MaxPooling2D,
    Sequential,
    binary_crossentropy,
    categorical_crossentropy,
    hinge,
    mse,
)
from nn.losses.stability import stable

TOLERANCE = 1e-12
"""Of the scale, the sum over the paths of |product of the partials|."""

seeds = st.integers(0, 2**32 - 1)


def packed(root: Any, parameters: Any = None, **options: Any) -> Program:
    return compile(root, parameters, backend="numpy", **options)


def require_eager_numbers(program: Program, roots: list[Value], leaves: list[Value]) -> None:
    """A run of the program gives the values of the roots, and the sum of their gradients."""
    values = program.run()
    for root, value in zip(roots, values if isinstance(values, tuple) else [values]):
        assert value == pytest.approx(root.data, rel=TOLERANCE, abs=TOLERANCE)
    expected, scales = np.zeros(len(leaves)), np.zeros(len(leaves))
    for root in roots:
        expected += [slope.data for slope in grad(root, leaves)]
        scales += autograd.derivatives.scales(root, leaves)
    assert (abs(program.gradient - expected) <= TOLERANCE * scales).all()


# ---- generated graphs


@given(seeds)
def test_a_graph_and_its_gradient_are_those_of_the_engine(seed: int) -> None:
    recipe = random_recipe(Random(seed))
    leaves = recorded_leaves(recipe)
    root = recorded_root(recipe, leaves)
    require_eager_numbers(packed(root, leaves), [root], leaves)


@given(seeds)
def test_several_roots_have_the_gradient_of_their_sum(seed: int) -> None:
    recipe = random_recipe(Random(seed))
    leaves = recorded_leaves(recipe)
    roots = recorded_places(recipe, leaves)[-3:]
    require_eager_numbers(packed(roots, leaves), roots, leaves)


@given(seeds, st.integers(2, 5), st.booleans(), st.booleans())
def test_examples_that_share_leaves_are_packed_and_agree(seed: int, size: int, odd: bool, as_chain: bool) -> None:
    recipe = random_recipe(Random(seed))
    shared = recorded_leaves(recipe)
    batch = [
        [leaf if (place + odd) % 2 else Value(leaf.data) for place, leaf in enumerate(shared)] for _ in range(size)
    ]
    outputs = [recorded_root(recipe, leaves) for leaves in batch]
    root = 0.5 * (sum(outputs[1:], outputs[0]) if as_chain else autograd.sum(outputs))
    leaves = list(dict.fromkeys([*shared, *(leaf for leaves in batch for leaf in leaves)]))
    require_eager_numbers(packed(root, leaves), [root], leaves)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("features", range(1, 18))
def test_numbers_that_lie_at_any_distance_are_read_right(features: int, dtype: type) -> None:
    examples = [list(map(Value, row)) for row in np.random.default_rng(features).uniform(0.3, 0.9, (5, features))]
    leaves = [leaf for example in examples for leaf in example]
    roots = [autograd.sum([1 - x[0], x[0].cos(), (-x[-1]).exp(), (-x[features // 2]).softplus()]) for x in examples]
    program = packed(roots, leaves, dtype=dtype)
    tolerance = TOLERANCE if dtype is np.float64 else 1e-5
    assert program.run() == pytest.approx([root.data for root in roots], rel=tolerance)
    wanted = [sum(slope.data for slope in slopes) for slopes in zip(*(grad(root, leaves) for root in roots))]
    assert program.gradient == pytest.approx(wanted, rel=tolerance, abs=tolerance)


OTHER_TERMS: tuple[Callable[[Value, Value], Any], ...] = (
    lambda x, y: x,
    lambda x, y: 0.5 * x,
    lambda x, y: x + y,
    lambda x, y: autograd.sum((x, y, x)),
    lambda x, y: dot((x, y), (y, 0.5)),
)


@given(seeds, st.integers(0, 3), st.integers(0, 3), st.integers(0, 2), st.booleans())
def test_rows_of_sums_of_all_kinds_of_terms_are_packed_and_agree(
    seed: int, products: int, numbers: int, others: int, as_chain: bool
) -> None:
    random = Random(seed)
    form: list[Callable[[Value, Value], Any]] = [lambda x, y: x * y] * products + [lambda x, y: 0.5] * numbers
    form += [*random.sample(OTHER_TERMS, others), lambda x, y: 0.0]
    random.shuffle(form)
    size = random.randint(1, 4)
    leaves = [Value(random.uniform(-1.0, 1.0)) for _ in range(6)]
    rows = [[term(random.choice(leaves), random.choice(leaves)) for term in form] for _ in range(size)]
    sums = [sum(row) if as_chain else autograd.sum(row) for row in rows]
    root = autograd.sum([(total * leaf).sin() for total, leaf in zip(sums, leaves)])
    asked = random.sample(leaves, random.randint(1, 6))
    require_eager_numbers(packed(root, asked), [root], asked)


@given(seeds)
def test_new_numbers_give_what_the_engine_gives_for_them(seed: int) -> None:
    random = Random(seed)
    recipe = random_recipe(random)
    leaves = recorded_leaves(recipe)
    root = recorded_root(recipe, leaves)
    program = packed(root, leaves)
    before = [leaf.data for leaf in leaves]
    program.parameters[:] = 7.0
    with suppress(DomainError):
        program.run()
    program.parameters[:] = before
    require_eager_numbers(program, [root], leaves)


# ---- models

MODELS = {
    "sigmoids, mse": (lambda: MLP(2, [4, 8, 1], "sigmoid", "sigmoid", seed=0), mse, "numbers"),
    "no biases": (lambda: MLP(2, [3, 1], "tanh", bias=False, seed=1), mse, "numbers"),
    "a column of ones": (lambda: MLP(2, [3, 1], "softplus", bias="ones", seed=1), mse, "numbers"),
    "cross-entropy": (lambda: MLP(2, [8, 1], "relu", "sigmoid", seed=2), stable(binary_crossentropy), "classes"),
    "cross-entropy as printed": (lambda: MLP(2, [5, 1], "tanh", "sigmoid", seed=2), binary_crossentropy, "classes"),
    "hinge": (lambda: MLP(2, [4, 4, 1], "leaky_relu", seed=3), hinge, "sides"),
    "softmax, labels": (lambda: MLP(2, [6, 3], "relu", "softmax", seed=4), stable(categorical_crossentropy), "labels"),
    "softmax as printed": (lambda: MLP(2, [6, 3], "relu", "softmax", seed=4), categorical_crossentropy, "labels"),
    "one neuron": (lambda: MLP(2, [1], seed=5), mse, "numbers"),
}


@pytest.mark.parametrize("name", MODELS)
def test_models_have_the_gradients_of_the_engine(name: str) -> None:
    make, loss, kind = MODELS[name]
    rng = np.random.default_rng(0)
    X = rng.normal(size=(7, 2))
    targets = {
        "numbers": X.sum(1),
        "classes": (X[:, 0] > 0) * 1.0,
        "sides": np.where(X[:, 0] > 0, 1.0, -1.0),
        "labels": rng.integers(0, 3, 7),
    }[kind]
    model = make()
    root = loss([model(x) for x in X], targets) + 0.01 * sum(w * w for w in model.parameters())
    require_eager_numbers(packed(root, model.parameters()), [root], model.parameters())


def test_a_network_of_images_has_the_gradients_of_the_engine() -> None:
    rng = np.random.default_rng(0)
    model = Sequential(
        Convolution2D(1, 2, 3, "tanh", seed=0, padding=1),
        MaxPooling2D(2),
        Convolution2D(2, 3, 2, "relu", seed=1),
        Flatten(),
        Layer(12, 3, "softmax", seed=2),
    )
    images = rng.normal(size=(3, 6, 6))
    root = stable(categorical_crossentropy)([model(image) for image in images], [0, 2, 1])
    require_eager_numbers(packed(root, model.parameters()), [root], model.parameters())


# ---- what a person would write


def calls(program: Program, function: str) -> int:
    return len(re.findall(rf"^ +{function}\(", program.source, flags=re.MULTILINE))


@pytest.mark.parametrize("size", [3, 50])
def test_a_network_becomes_two_products_for_each_layer_and_one_less(size: int) -> None:
    X = np.random.default_rng(0).normal(size=(size, 2))
    model = MLP(2, [4, 8, 1], "sigmoid", "sigmoid", seed=0)
    program = packed(mse([model(x) for x in X], X[:, 0]), model.parameters())
    assert calls(program, "dot") == 3 + 3 + 2  # forward, weights with their biases, and inputs of all layers but one
    assert calls(program, "take") == 0
    assert calls(program, r"add\.reduce") == 1  # the loss; biases are in the products


def test_loops_over_numbers_become_the_same_products() -> None:
    rng = np.random.default_rng(0)
    W, b = [[Value(x) for x in row] for row in rng.normal(size=(3, 4))], [Value(x) for x in rng.normal(size=3)]
    X = rng.normal(size=(6, 4))
    outputs = [
        [(sum(w * x for w, x in zip(row, example)) + bias).tanh() for row, bias in zip(W, b)] for example in X.tolist()
    ]
    root = sum(y * y for ys in outputs for y in ys)
    leaves = [leaf for row, bias in zip(W, b) for leaf in (*row, bias)]
    program = packed(root, leaves)
    assert "dot(W1, X1T, z1)" in program.source
    assert calls(program, "take") == 0
    require_eager_numbers(program, [root], leaves)


def test_what_fits_no_pattern_is_gathered_and_says_so() -> None:
    xs = [Value(float(place)) for place in range(1, 7)]
    root = autograd.sum([xs[place].exp() for place in (3, 0, 5)]) + dot([xs[1], xs[4], xs[2]], [xs[0], xs[0], xs[5]])
    program = packed(root, xs)
    assert "gathered" in repr(program)
    require_eager_numbers(program, [root], xs)


SCHEDULE = """\
NumPy program of 50 nodes: 7 calls forward, 7 backward, 1,072 bytes
                             shape    reads          forward   backward
z1          matrix product   (4, 3)   W1, X1         1         1
y1          tanh             (4, 3)   z1             1         3
z2          matrix product   (1, 3)   W2, y1_2       1         2
subtract1   subtract         (1, 3)   z2, X2         1         0
power1      power            (1, 3)   subtract1, 2   1         1
sum1        sum              (1,)     power1         1         0
divide1     divide           (1,)     sum1, 3        1         0"""

STATEMENTS = """\
    def forward():
        dot(W1, X1T, z1)
        tanh(z1, y1)
        dot(W2, y1_2T, z2)
        subtract(z2, X2, subtract1)
        multiply(subtract1, subtract1, power1)
        add.reduce(power1, -1, None, sum1_, True)
        divide(sum1, k_2, divide1)

    def backward():
        multiply(k_3, subtract1, dsubtract1)
        dot(dsubtract1, y1_2, dW2)
        dot(W2_T, dsubtract1, dy1)
        multiply(y1, y1, delta1)
        subtract(k_4, delta1, delta1)
        multiply(dy1, delta1, delta1)
        dot(delta1, X1, dW1)
"""


def test_a_network_is_the_schedule_and_the_calls_that_a_person_would_write() -> None:
    model = MLP(2, [4, 1], "tanh", seed=0)
    loss = mse([model(x) for x in [(1.0, 2.0), (3.0, 4.0), (5.0, 6.0)]], [0, 1, 0])
    program = packed(loss, model.parameters())
    assert repr(program) == SCHEDULE
    assert STATEMENTS in program.source


def test_blocks_of_one_primitive_are_told_apart() -> None:
    xs = [Value(1.0), Value(2.0)]
    root = autograd.sum([x.exp().sin().exp().sin().exp() for x in xs])
    program = packed(root, xs)
    assert [line.split()[0] for line in repr(program).splitlines()[2:]] == [
        "exp1",
        "sin1",
        "exp2",
        "sin2",
        "exp3",
        "sum1",
    ]
    require_eager_numbers(program, [root], xs)


@pytest.mark.parametrize("factor", [-1.0, 3.0])
def test_products_of_matrices_get_the_adjoint_of_what_is_multiplied_by_a_number(factor: float) -> None:
    rng = np.random.default_rng(0)
    W = [[Value(x) for x in row] for row in rng.normal(size=(3, 2))]
    X = rng.normal(size=(4, 2)).tolist()
    root = autograd.sum([(factor * dot(row, x)).tanh() for row in W for x in X])
    leaves = [w for row in W for w in row]
    program = packed(root, leaves)
    assert calls(program, "dot") == 2
    require_eager_numbers(program, [root], leaves)


CALLS = {
    "divide": (6, 5),
    "power": (14, 17),
    "sqrt": (4, 2),
    "sigmoid": (4, 3),
    "tanh": (1, 3),
    "softplus": (6, 4),
    "relu": (1, 2),
    "leaky_relu": (4, 8),
    "maximum": (1, 10),
    "logsumexp": (17, 3),
}
"""Forward and backward, of a block of a primitive: what its formulas share is computed once."""


@pytest.mark.parametrize("name", CALLS)
def test_what_the_formulas_of_a_primitive_share_is_computed_once(name: str) -> None:
    row = PRIMITIVES[name]
    vectors = [
        [Value(0.3 + 0.1 * k + 0.2 * i) for i in range(max(3 * row.vectors, len(row.operands)))] for k in range(4)
    ]
    roots = [record(row, (xs,) if row.vectors else xs).sin() for xs in vectors]
    program = packed(autograd.sum(roots), [x for xs in vectors for x in xs])
    runner: Any = program._runner
    assert [step[3:] for step in runner.emission.schedule() if step.block.row is row] == [CALLS[name]]


@pytest.mark.parametrize("longest", [1, 2, 3, 4])
def test_a_cut_parts_no_check_of_a_domain_from_what_it_raises(longest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "LONGEST_FUNCTION", longest)
    x = Value(2.0, "x")
    program = packed((x.log() + 1).log(), [x])
    require_eager_numbers(program, [(x.log() + 1).log()], [x])
    program.parameters = np.array([-1.0])
    with pytest.raises(DomainError, match=r"log needs x > 0; got -1\.0 \(x\)"):
        program.run()


@pytest.mark.parametrize("factor", [1e-200, 1e200])
def test_factors_whose_product_is_no_float_leave_the_gradient_as_it_is(factor: float) -> None:
    xs = [Value(1.0), Value(2.0), Value(3.0)]
    root = autograd.sum([x.log() * (1 / factor) * factor * factor * (1 / factor) for x in xs])
    require_eager_numbers(packed(root, xs), [root], xs)


def test_long_functions_are_cut_and_all_parts_are_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "LONGEST_FUNCTION", 3)
    xs = [Value(1.0), Value(2.0)]
    root = autograd.sum([(x.exp().sin() * x).tanh() for x in xs])
    program = packed(root, xs)
    assert "def forward2():" in program.source
    require_eager_numbers(program, [root], xs)


def test_maps_tell_where_they_break_and_whether_they_lie_in_one_piece() -> None:
    assert shape_for([np.array([0, 1, 2, 10, 11, 12])]) == (2, 3)
    assert is_contiguous((2, 3, 4), (12, 4, 1))
    assert not is_contiguous((2, 3, 4), (12, 1, 3))


@pytest.mark.parametrize("asked", ["all", "products", "left", "others"])
def test_products_beside_other_terms_pass_on_what_is_needed(asked: str) -> None:
    rows = [[Value(0.1 * place - 0.2 * k) for place in range(6)] for k in range(3)]
    root = autograd.sum([autograd.sum([a * b, c * d, e, f]).tanh() for a, b, c, d, e, f in rows])
    chosen = {"all": slice(None), "products": slice(4), "left": slice(0, 4, 2), "others": slice(4, None)}[asked]
    leaves = [x for row in rows for x in row[chosen]]
    require_eager_numbers(packed(root, leaves), [root], leaves)


def test_products_beside_the_same_numbers_are_told_apart() -> None:
    leaves = [Value(0.1 * place) for place in range(8)]
    rows = [leaves[:4], leaves[4:]]
    root = autograd.sum([(a * b + c * d + 0.5 + 0.25).tanh() for a, b, c, d in rows])
    require_eager_numbers(packed(root, leaves), [root], leaves)


READERS: dict[str, Callable[[tuple[Value, ...]], Value]] = {
    "a sum and a dot": lambda terms: autograd.sum(terms) * dot(terms, (2.0, 3.0)),
    "a sum and a maximum": lambda terms: autograd.sum(terms) * maximum(terms),
    "two sums": lambda terms: autograd.sum(terms) * autograd.sum(terms).sin(),
}


@pytest.mark.parametrize("name", READERS)
def test_products_in_a_tuple_that_two_read_are_computed_for_both(name: str) -> None:
    leaves = [Value(0.1 * place) for place in range(4)]
    a, b, c, d = leaves
    root = READERS[name]((a * b, c * d))
    program = packed(root, leaves)
    for leaf in leaves:
        leaf.data += 0.5
    root.refresh()
    require_eager_numbers(program, [root], leaves)


@pytest.mark.parametrize("kind", ["numbers", "inputs", "parameters"])
def test_examples_that_come_again_are_columns_of_the_same_products(kind: str) -> None:
    model = MLP(2, [4, 1], "tanh", seed=0)
    first, second = (0.1, 0.2), (0.3, -0.4)
    examples: list[Any] = [[Value(x) if kind != "numbers" else x for x in example] for example in (first, second)]
    X = [examples[place] for place in (0, 1, 0, 0, 1)]
    leaves = [*model.parameters(), *(x for example in examples for x in example if kind == "parameters")]
    root = mse([model(x) for x in X], [0.0, 1.0, 1.0, 0.5, 0.0])
    program = packed(root, leaves)
    assert calls(program, "dot") == 5 + (kind == "parameters")  # two layers forward, three or four products backward
    require_eager_numbers(program, [root], leaves)


def test_a_temporary_array_is_used_again_once_nobody_reads_it() -> None:
    xs = [Value(1.0 + place / 4) for place in range(4)]
    root = autograd.sum([((x.tanh() * x).tanh() * x).tanh() * x for x in xs])
    program = packed(root, xs)
    assert len(re.findall(r"= empty\(", program.source)) == 1
    require_eager_numbers(program, [root], xs)


def test_the_source_is_a_program_by_itself() -> None:
    model = MLP(2, [4, 3], "relu", "softmax", seed=0)
    root = stable(categorical_crossentropy)([model(x) for x in [(1, 2), (3, 4)]], [0, 2])
    program = packed(root, model.parameters())
    runner: Any = program._runner
    values, adjoints = runner.layout.initial(), np.zeros(runner.layout.size)
    defined: dict[str, Any] = {}
    exec(program.source, defined)
    forward, backward = defined["program"](values, adjoints, runner.places, None)
    forward()
    backward()
    program.run()
    assert np.array_equal(values, runner.values)
    assert np.array_equal(adjoints[: len(program.gradient)], program.gradient)


def test_labels_are_never_code() -> None:
    x = Value(2.0, "x\nimport os; os.abort() #")
    root = x.exp()
    root.label = '"""; raise SystemExit'
    program = packed(root, [x])
    assert "abort" not in program.source
    assert "SystemExit" not in program.source
    require_eager_numbers(program, [root], [x])


# ---- corners


def test_ties_go_to_the_first_as_they_do_eagerly() -> None:
    xs = [Value(1.0), Value(3.0), Value(3.0), Value(3.0)]
    root = maximum(xs) + maximum(xs[::-1])
    program = packed(root, xs)
    program.run()
    assert program.gradient.tolist() == [0.0, 1.0, 0.0, 1.0]


def test_a_leaf_can_be_the_root_and_a_parameter_can_be_anywhere_else() -> None:
    x, y = Value(2.0), Value(3.0)
    program = packed(x, [y, x])
    assert program.run() == 2.0
    assert program.gradient.tolist() == [0.0, 1.0]


def test_the_first_member_outside_its_domain_is_named_with_its_place() -> None:
    xs = [Value(float(x), f"x{x}") for x in (1, 2, 3)]
    program = packed(mean([x.log() for x in xs]), xs)
    program.parameters[:] = [1.0, -2.0, -3.0]
    with pytest.raises(DomainError, match=r"^log needs x > 0; got -2.0 \(x2\), at \(1,\) of \(3,\)$"):
        program.run()
    program.parameters[:] = [1.0, 1.0, 1.0]
    assert program.run() == 0.0


def test_a_number_that_float32_cannot_hold_is_infinite_without_a_warning() -> None:
    x = Value(2.0, "x")
    assert compile(x * 1e300, [x], dtype=np.float32).run() == np.inf


def test_float32_is_close_and_stays_float32() -> None:
    model = MLP(2, [4, 1], "tanh", seed=0)
    root = mse([model(x) for x in [(1, 2), (3, 4)]], [0, 1])
    single, double = packed(root, model.parameters(), dtype=np.float32), packed(root, model.parameters())
    assert single.run() == pytest.approx(double.run(), rel=1e-5)
    assert single.parameters.dtype == single.gradient.dtype == np.float32
    assert single.gradient == pytest.approx(double.gradient, rel=1e-4, abs=1e-6)


SPECIAL = (0.0, -0.0, 0.5, -3.0, 2.0, 1e308, -1e308, np.inf, -np.inf, np.nan)


@pytest.mark.parametrize("row", PRIMITIVES.values(), ids=PRIMITIVES.keys())
def test_every_row_has_its_eager_numbers_for_special_operands_too(row: Primitive) -> None:
    for numbers in product(SPECIAL, repeat=min(2, row.vectors or len(row.operands))):
        leaves = [Value(number) for number in numbers]
        operands = [leaves] * row.vectors if row.vectors else leaves
        try:
            root = record(row, tuple(operands))
        except DomainError:
            continue
        root.backward()
        program = packed(root, leaves)
        found = [program.run(), *program.gradient.tolist()]
        wanted = [root.data, *(leaf.grad for leaf in leaves)]
        assert found == pytest.approx(wanted, rel=1e-12, abs=0.0, nan_ok=True), (row.name, numbers)


def test_numbers_do_not_stand_for_the_elements_that_have_their_places() -> None:
    leaves = [Value(place + 0.5) for place in range(6)]
    a, b, c, d, e, f = leaves
    root = dot((b, c, d), (e, f, a)) * dot((e, f), (2.0, 3.0))
    assert packed(root, leaves).run() == root.data


def test_what_nothing_reaches_has_no_adjoint() -> None:
    a = Value(0.0, "a")
    root = a.sqrt().sign() + a
    program = packed(root, [a])
    root.backward()
    assert (program.run(), program.gradient.tolist()) == (0.0, [a.grad])
    assert a.grad == 1.0


def test_what_nothing_reaches_has_no_adjoint_beside_what_is_alike_and_has_one() -> None:
    a, b = Value(0.0, "a"), Value(2.0, "b")
    root = (a * math.inf).sign() + b * math.inf
    program = packed(root, [a, b])
    program.run()
    assert program.gradient.tolist() == [0.0, math.inf]


@pytest.mark.parametrize("weight", [0.0, 2.0])
def test_a_product_of_single_numbers_keeps_nan(weight: float) -> None:
    w, xs = Value(weight), [Value(number) for number in (1.0, np.nan, np.inf)]
    program = packed([dot((w,), (x,)) for x in xs], [w])
    assert program.run() == pytest.approx([weight * x.data for x in xs], nan_ok=True)


def test_an_adjoint_of_zero_keeps_nan_on_the_way_back() -> None:
    ws = [Value(1.0), Value(np.nan), Value(np.inf)]
    root = 0.0 * dot(ws, (1.0, np.nan, np.inf))
    program = packed(root, ws)
    program.run()
    root.backward()
    assert program.gradient.tolist() == pytest.approx([w.grad for w in ws], nan_ok=True)


@pytest.mark.parametrize("number", [np.inf, -np.inf, np.nan, 1e300])
def test_constants_that_are_not_finite_stay_so(number: float) -> None:
    xs = [Value(float(place)) for place in range(1, 40)]
    root = autograd.sum([x + number for x in xs])
    assert packed(root, xs).run() == pytest.approx(root.data, nan_ok=True)
