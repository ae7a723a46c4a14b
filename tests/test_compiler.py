"""`compile` and `Program`: what is asked for, what runs, and what is refused."""

from __future__ import annotations

import copy
import pickle
import re
import sys
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import DomainError, StaleGraph, Value
from autograd.compiler.compilation import compile
from autograd.compiler.guards import BranchChanged
from nn import MLP, OPTIMIZERS, SGD, mse
from tests.bad_worlds import interrupted_anywhere, needs_timer
from tests.oracles import TOLERANCE, compiled
from tests.specimens import specimen

BACKENDS = ("python", "numpy")

each_backend = pytest.mark.parametrize("backend", BACKENDS)


@each_backend
def test_generated_graphs_have_their_eager_numbers(backend: str) -> None:
    for graph in (specimen(number, seed=1) for number in range(60)):
        assert max(compiled(graph, backend)) <= TOLERANCE, graph.recipe


def line() -> tuple[Value, Value, Value, Value]:
    """y = (w x + b)², and its leaves."""
    w, x, b = Value(3.0, "w"), Value(2.0, "x"), Value(1.0, "b")
    return (w * x + b) ** 2, w, x, b


@each_backend
def test_a_run_gives_the_value_and_leaves_the_gradient(backend: str) -> None:
    y, w, x, b = line()
    program = compile(y, [b, w], [x], backend=backend)
    assert program.run() == 49.0
    assert program.gradient.tolist() == [14.0, 28.0]
    assert program.parameters.tolist() == [1.0, 3.0]
    assert (w.grad_state, y.grad_state) == ("not computed", "not computed")


@each_backend
def test_inputs_are_fed_and_stay_until_they_are_fed_again(backend: str) -> None:
    y, w, x, b = line()
    program = compile(y, [w, b], [x], backend=backend)
    assert program.run([5.0]) == 256.0
    assert program.run() == 256.0
    assert program.forward([0.0]) == 1.0


@each_backend
def test_parameters_are_written_in_place_or_as_a_whole(backend: str) -> None:
    y, w, x, b = line()
    program = compile(y, [w, b], [x], backend=backend)
    program.parameters[0] = 4.0
    assert program.run() == 81.0
    program.parameters = [0.0, 1.0]
    assert program.run() == 1.0


@each_backend
def test_without_parameters_all_leaves_but_the_inputs_are_differentiated(backend: str) -> None:
    y, w, x, b = line()
    program = compile(y, inputs=[x], backend=backend)
    assert program.graph.parameters == [w, b]


@each_backend
def test_a_run_after_a_frozen_leaf_was_written_is_refused(backend: str) -> None:
    y, w, x, _ = line()
    program = compile(y, [w], backend=backend)
    assert program.run() == 49.0
    x.data = 100.0
    for use in (program.run, program.forward, program.sync, lambda: program.minimize(SGD([w]), 1)):
        with pytest.raises(StaleGraph, match=r"x was written \(100.0\) after this program was compiled"):
            use()
    assert y.data == 49.0
    x.data = 2.0
    assert compile(y.refresh(), [w], backend=backend).run() == 49.0


@each_backend
def test_parameters_that_were_written_as_values_are_read_again(backend: str) -> None:
    y, w, x, b = line()
    first, second = compile(y, [w, b], [x], backend=backend), compile(y, [w, b], [x], backend=backend)
    w.data = 4.0
    assert (first.run(), first.parameters.tolist()) == (81.0, [4.0, 1.0])
    first.parameters[1] = 2.0
    assert first.run() == 100.0
    first.minimize(SGD([w, b], lr=0.01), 2)
    assert second.run() == first.run()
    assert second.parameters.tolist() == [w.data, b.data]


@each_backend
def test_parameters_are_checked_as_inputs_are(backend: str) -> None:
    y, w, x, b = line()
    program = compile(y, [w, b], [x], backend=backend)
    for wrong, told in ((None, "array of object"), (0.5, r"shape \(2,\) got \(\)"), ([1.0], r"got \(1,\)")):
        with pytest.raises(ValueError, match=told):
            program.parameters = wrong  # type: ignore[assignment]
    with pytest.raises(ValueError, match="sequences of unequal lengths"):
        program.run([[1.0], [2.0, 3.0]])
    assert program.parameters.tolist() == [3.0, 1.0]


@each_backend
def test_sync_after_a_domain_error_leaves_all_as_it_was(backend: str) -> None:
    x, a = Value(2.0, "x"), Value(3.0, "a")
    y = x.log() * a
    y.backward()
    program = compile(y, [a], [x], backend=backend)
    with pytest.raises(DomainError):
        program.run([-1.0])
    with pytest.raises(DomainError):
        program.sync()
    assert (x.data, y.data, a.grad, y.is_stale) == (2.0, 3.0 * np.log(2.0), np.log(2.0), False)
    program.run([4.0])
    program.sync()
    assert (x.data, a.grad) == (4.0, np.log(4.0))


@each_backend
def test_several_roots_give_several_values_and_the_gradient_of_their_sum(backend: str) -> None:
    x = Value(3.0)
    program = compile([x * x, 2 * x], [x], backend=backend)
    assert program.run() == (9.0, 6.0)
    assert program.gradient.tolist() == [8.0]


@each_backend
def test_nested_inputs_have_a_shape(backend: str) -> None:
    xs = [[Value(1.0), Value(2.0), Value(3.0)], [Value(4.0), Value(5.0), Value(6.0)]]
    w = Value(2.0)
    y = w * sum(row[0] * row[1] - row[2] for row in xs)
    program = compile(y, [w], xs, backend=backend)
    assert program.run([[1, 1, 0], [2, 2, 1]]) == 8.0
    assert program.run(np.zeros((2, 3), np.float32)) == 0.0
    for wrong in (np.zeros((3, 2)), np.zeros(6), 1.0):
        shape = re.escape(str(np.shape(wrong)))
        with pytest.raises(ValueError, match=rf"compiled for inputs of shape \(2, 3\) got {shape}"):
            program.run(wrong)
    with pytest.raises(ValueError, match="real numbers; got an array of <U1"):
        program.run([["a"] * 3] * 2)
    assert program.run() == 0.0


@each_backend
def test_sync_writes_the_last_run_to_every_value(backend: str) -> None:
    y, w, x, b = line()
    product = next(node for node in (y.operands[0].operands if y.operands else ()) if isinstance(node, Value))
    program = compile(y, [w, b], [x], backend=backend)
    program.parameters[:] = [1.0, -1.0]
    program.run([3.0])
    program.sync()
    assert (w.data, b.data, x.data, product.data, y.data) == (1.0, -1.0, 3.0, 3.0, 4.0)
    assert (w.grad, b.grad, y.grad) == (12.0, 4.0, 1.0)
    assert y.grad_state == "computed"
    assert not y.is_stale


@each_backend
def test_a_domain_error_is_that_of_the_engine_and_the_program_runs_again(backend: str) -> None:
    x = Value(2.0, "x")
    program = compile(x.log(), [x], backend=backend)
    program.parameters[:] = [-1.0]
    with pytest.raises(DomainError, match=r"^log needs x > 0; got -1.0 \(x\)$"):
        program.run()
    program.parameters[:] = [1.0]
    assert program.run() == 0.0
    assert program.gradient.tolist() == [1.0]


@each_backend
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_minimize_takes_the_steps_of_the_optimizer(backend: str, name: str) -> None:
    X, Y = [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)], [0, 1, 1, 0]
    models = [MLP(2, [3, 1], "tanh", "sigmoid", seed=0) for _ in range(2)]
    optimizers = [OPTIMIZERS[name](model.parameters()) for model in models]
    program = compile(mse([models[0](x) for x in X], Y), models[0].parameters(), backend=backend)
    losses = program.minimize(optimizers[0], 50)
    for loss in losses:
        eager = mse([models[1](x) for x in X], Y)
        assert loss == pytest.approx(eager.data, rel=1e-10)
        models[1].zero_grad()
        eager.backward()
        optimizers[1].step()
    expected = [parameter.data for parameter in models[1].parameters()]
    assert [parameter.data for parameter in models[0].parameters()] == pytest.approx(expected, rel=1e-10)
    assert optimizers[0].steps == 50


def test_minimize_makes_graphs_of_before_stale() -> None:
    model = MLP(2, [1], seed=0)
    root = mse([model((1.0, 2.0))], [1.0])
    compile(root, model.parameters()).minimize(SGD(model.parameters(), lr=0.1), 3)
    with pytest.raises(StaleGraph):
        root.backward()


def test_minimize_needs_the_parameters_of_the_program_and_one_root() -> None:
    y, w, x, b = line()
    with pytest.raises(ValueError, match="optimizer of the parameters that compile was given, in their order"):
        compile(y, [w, b]).minimize(SGD([b, w]), 1)
    with pytest.raises(ValueError, match="a program of one root; got 2"):
        compile([y, x], [w]).minimize(SGD([w]), 1)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Ctrl-C comes between any two operations there, not after calls")
@needs_timer
def test_values_have_what_was_learnt_after_ctrl_c_at_any_moment_of_minimize() -> None:
    w = Value(1.0, "w")
    program, optimizer = compile(lambda x: w * x if x > 0 else w, [w], 2.0), SGD([w], lr=1e-6)
    program.minimize(optimizer, 20)  # what is made on the way is not to be interrupted
    ended = set()
    for _ in interrupted_anywhere(lambda: program.minimize(optimizer, 20), longest=5e-4):
        assert [w.data] == program.parameters.tolist()
        ended.add(optimizer.steps % 20)
    assert len(ended) > 1, "it came between two steps"


# ---- which way


def test_narrow_graphs_run_in_python_and_wide_ones_on_arrays() -> None:
    y, *_ = line()
    assert compile(y).backend == "python"
    model = MLP(2, [8, 1], seed=0)
    X = np.random.default_rng(0).normal(size=(64, 2))
    assert compile(mse([model(x) for x in X], X[:, 0]), model.parameters()).backend == "numpy"
    assert compile(y, dtype=np.float32).backend == "numpy"


def one_of_many(random: Random, latest: list[Value]) -> Value:
    a, b = random.choices(latest, k=2)
    return random.choice([a.sin(), a.tanh(), a.sigmoid(), a - b, a * b])


def sum_of_some(random: Random, latest: list[Value]) -> Value:
    return autograd.sum(random.choices(latest, k=3)) * 0.3


@pytest.mark.parametrize(
    ("size", "reach", "made"), [(800, 100, one_of_many), (3000, 1500, one_of_many), (400, 100, sum_of_some)]
)
def test_a_wide_graph_without_order_runs_in_python(size: int, reach: int, made: Callable[..., Value]) -> None:
    random = Random(0)
    nodes = [Value(random.uniform(0.5, 2.0)) for _ in range(20)]
    for _ in range(size):
        nodes.append(made(random, nodes[-reach:]))
    program = compile(autograd.sum(nodes[-reach:]))
    assert program.backend == "python", "on arrays each of its levels is many calls, which gather from everywhere"


def test_a_vector_that_many_read_is_gathered_once() -> None:
    x = Value(0.5)
    features = tuple(wave(x * k) for wave in (Value.sin, Value.cos) for k in range(1, 7))
    assert compile(autograd.sum([autograd.sum(features) for _ in range(100)])).backend == "numpy"


@each_backend
def test_the_program_says_what_it_is(backend: str) -> None:
    program = compile(line()[0], backend=backend)
    titles = {"python": "Python program of 3 nodes", "numpy": "NumPy program of 3 nodes"}
    assert repr(program).startswith(titles[backend])
    assert "def " in program.source


# ---- what is refused


@pytest.mark.parametrize(
    ("arguments", "error", "told"),
    [
        (lambda y, w, x: ((), None), ValueError, "compile needs a root; got none"),
        (lambda y, w, x: ([3.0], None), TypeError, "compile needs Values; got float 3.0"),
        (lambda y, w, x: (3.0, None), TypeError, "a root, or a sequence of roots; got float 3.0"),
        (lambda y, w, x: (lambda z: None, None, [1.0]), TypeError, "a sequence of roots; got NoneType None"),
        (lambda y, w, x: (lambda: y, [w]), ValueError, "compile needs inputs for a function"),
        (lambda y, w, x: (y, w), TypeError, "a sequence of parameters; got Value"),
        (lambda y, w, x: (y, [2.0]), TypeError, "compile needs Values; got float 2.0"),
        (lambda y, w, x: (y, [y]), ValueError, "leaves as parameters and inputs; got the computed Value"),
        (lambda y, w, x: (y, [w, w]), ValueError, "each parameter and each input once"),
        (lambda y, w, x: (y, [w], [w]), ValueError, "each parameter and each input once"),
        (lambda y, w, x: (y, [w], [x], np.int64), ValueError, "float64 or float32; got int64"),
    ],
)
def test_what_cannot_be_compiled_is_refused(arguments: Any, error: type[Exception], told: str) -> None:
    y, w, x, _ = line()
    with pytest.raises(error, match=told):
        compile(*arguments(y, w, x))


@pytest.mark.parametrize(
    ("given", "error", "told"),
    [
        (("adam", 3), TypeError, "minimize needs an optimizer, such as nn.Adam\\(parameters\\); got 'adam'"),
        ((SGD, 3), TypeError, "got <class"),
        ((None, 3), TypeError, "got None"),
        ((SGD([Value(1.0)]), 3), ValueError, "optimizer of the parameters"),
    ],
)
def test_minimize_says_what_it_needs(given: Any, error: type[Exception], told: str) -> None:
    y, w, *_ = line()
    with pytest.raises(error, match=told):
        compile(y, [w]).minimize(*given)


def test_minimize_counts_steps() -> None:
    y, w, *_ = line()
    program = compile(y, [w])
    with pytest.raises(ValueError, match="0 or more; got -1"):
        program.minimize(SGD([w]), -1)
    with pytest.raises(TypeError, match="float"):
        program.minimize(SGD([w]), 2.5)  # type: ignore[arg-type]
    assert program.minimize(SGD([w]), 0).tolist() == []
    assert w.data == 3.0


def test_an_unknown_backend_and_one_that_has_no_float32_are_refused() -> None:
    y, *_ = line()
    with pytest.raises(ValueError, match="backends python and numpy; got 'c'"):
        compile(y, backend="c")
    with pytest.raises(ValueError, match="float32 needs numpy"):
        compile(y, dtype=np.float32, backend="python")


# ---- functions, and the branches that they take


@each_backend
def test_a_function_is_recorded_for_the_shape_of_its_example(backend: str) -> None:
    w = Value(2.0, "w")
    program = compile(lambda rows: sum(w * x * y for x, y in rows), [w], np.ones((3, 2)), backend=backend)
    assert program.run() == 6.0
    assert program.run([[1, 2], [3, 4], [5, 6]]) == 88.0
    assert program.gradient.tolist() == [44.0]
    assert compile(lambda x: x * x, (), 3.0, backend=backend).run(4.0) == 16.0


@each_backend
def test_a_run_that_would_take_another_branch_is_refused(backend: str) -> None:
    w = Value(1.0, "w")

    def clipped(xs: list[Value]) -> Value:
        y = w * xs[0]
        return y if y < 2 and xs[1] >= 0.0 else xs[1] * 2

    program = compile(clipped, [w], [1.0, 0.0], backend=backend)
    assert program.run([1.5, 3.0]) == 1.5
    with pytest.raises(BranchChanged, match=r"where a < 2 was True, and it is False for a = 2.5; compile"):
        program.run([2.5, 3.0])
    with pytest.raises(BranchChanged, match=r"where inputs\[1\] >= 0.0 was True.* for inputs\[1\] = -1.0;"):
        program.forward([1.0, -1.0])
    program.parameters[:] = [4.0]
    with pytest.raises(BranchChanged, match="a < 2"):
        program.minimize(SGD([w]), 1)
    program.parameters[:] = [1.0]
    assert program.run([1.0, 1.0]) == 1.0


def test_comparisons_of_what_never_changes_are_no_guards() -> None:
    limit, w = Value(1.0), Value(3.0)
    program = compile(lambda x: x * w if limit < 2 else x, [w], 1.0)
    assert program._guards.comparisons == []
    assert program.run(2.0) == 6.0


@each_backend
def test_minimize_needs_parameters_that_were_named(backend: str) -> None:
    y, w, *_ = line()
    with pytest.raises(ValueError, match="parameters that were named"):
        compile(y, backend=backend).minimize(SGD([w]), 1)


@each_backend
def test_a_program_is_compiled_again_not_copied(backend: str) -> None:
    program = compile(line()[0], backend=backend)
    for copied in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="a Program can't be copied or pickled; compile the graph again"):
            copied(program)


@each_backend
def test_a_branch_that_has_changed_is_told_before_what_is_outside_of_the_old_one(backend: str) -> None:
    def bent(x: Value) -> Value:
        y = x.log() if x > 0 else -x
        return y * 2 if y < 3 else y

    program = compile(bent, None, 1.0, backend=backend)
    with pytest.raises(BranchChanged, match="inputs > 0 was True"):
        program.run(-1.0)
    assert program.run(2.0) == pytest.approx(2 * np.log(2.0))
