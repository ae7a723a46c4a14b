"""Threads: graphs that share leaves, recorded and differentiated side by side, and programs that belong to one."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, Thread
from typing import Any

import numpy as np
import pytest

from autograd import StaleGraph, Value, compile, depends, grad, hessian, no_recording, recording_origins
from nn import MLP, SGD, fit, mse, predict
from tests.bad_worlds import interrupted_anywhere, needs_timer

THREADS = 8
ROUNDS = 30


def side_by_side(work: Callable[[int], Any]) -> list[Any]:
    """What `work(number)` gives in so many threads, which begin together."""
    together = Barrier(THREADS)

    def begun(number: int) -> Any:
        together.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(begun, range(THREADS)))


@pytest.fixture
def model() -> MLP:
    return MLP(2, [4, 1], activation="tanh", seed=0)


def test_gradients_of_graphs_that_share_leaves_are_those_of_one_thread(model: MLP) -> None:
    rng = np.random.default_rng(0)
    data = [(rng.normal(size=(5, 2)).tolist(), rng.normal(size=5).tolist()) for _ in range(THREADS)]
    parameters = model.parameters()

    def gradients(number: int) -> list[list[float]]:
        X, Y = data[number]
        found = []
        for _ in range(ROUNDS):
            loss = mse([model(x) for x in X], Y)
            found.append([slope.data for slope in grad(loss, parameters)])
        return found

    alone = [gradients(number) for number in range(THREADS)]
    assert side_by_side(gradients) == alone
    assert {parameter.grad for parameter in parameters} == {0.0}, "grad writes nothing"


def test_second_derivatives_of_one_graph_are_the_same_in_every_thread() -> None:
    x, y = Value(0.5, "x"), Value(-1.5, "y")
    z = (x * y).tanh() * x.exp() + y**2

    def curvatures(_: int) -> list[list[float]]:
        return [[slope.data for row in hessian(z, [x, y]) for slope in row] for _ in range(ROUNDS)]

    assert side_by_side(curvatures) == [curvatures(0)] * THREADS


def test_one_backward_of_each_thread_writes_the_adjoints_of_its_own_graph() -> None:
    def adjoints(number: int) -> list[float]:
        found = []
        for _ in range(ROUNDS):
            x = Value(1.0 + number / 10, "x")
            y = x
            for _ in range(200):
                y = (y * x).tanh()
            y.backward()
            found.append(x.grad)
        return found

    assert side_by_side(adjoints) == [adjoints(number) for number in range(THREADS)]


def test_what_one_thread_does_not_record_the_others_do() -> None:
    x = Value(2.0, "x")

    def recorded(number: int) -> set[bool]:
        found = set()
        for _ in range(ROUNDS):
            if number % 2:
                with no_recording():
                    found.add(not depends(x * 3, x))
            elif number % 4:
                with recording_origins():
                    found.add(not depends(x * 3, x))
            else:
                found.add(not depends(x * 3, x))
        return found

    assert side_by_side(recorded) == [{bool(number % 2)} for number in range(THREADS)]


def test_a_graph_that_is_loaded_while_another_thread_writes_sets_no_clock_back(monkeypatch: pytest.MonkeyPatch) -> None:
    x, recorded = Value(1.0), []

    def meanwhile(*stamps: int) -> int:
        """Where Python may turn to another thread."""
        x.data = 2.0
        recorded.append(x * 3.0)
        return max(stamps)

    with monkeypatch.context() as patched:
        patched.setattr("autograd.value.max", meanwhile, raising=False)
        pickle.loads(pickle.dumps(Value(1.0)))
    x.data = 4.0
    assert recorded[-1].is_stale


@pytest.mark.parametrize("backend", ["python", "numpy"])
def test_a_program_for_each_thread_computes_what_one_does(backend: str, model: MLP) -> None:
    rng = np.random.default_rng(1)
    X, Y = rng.normal(size=(20, 2)), rng.normal(size=20)
    losses = [mse([model(x) for x in X * (1 + number)], Y) for number in range(THREADS)]
    programs = [compile(loss, model.parameters(), backend=backend) for loss in losses]

    def run(number: int) -> tuple[float, list[float]]:
        for _ in range(ROUNDS):
            value = programs[number].run()
        return value, programs[number].gradient.tolist()

    alone = [run(number) for number in range(THREADS)]
    assert side_by_side(run) == alone


class Intruder(SGD):
    """An optimizer whose first update uses the program from another thread, and then from its own."""

    def intrude(self, program: Any, errors: list[str]) -> None:
        def use() -> None:
            for method in (program.run, program.forward, program.sync, lambda: program.minimize(self, 1)):
                with pytest.raises(RuntimeError) as caught:
                    method()
                errors.append(str(caught.value))

        other = Thread(target=use)
        other.start()
        other.join()
        use()


@pytest.mark.parametrize("backend", ["python", "numpy"])
def test_a_program_that_is_at_work_refuses_other_work_and_goes_on(backend: str, model: MLP) -> None:
    errors: list[str] = []
    loss = mse([model(x) for x in ([0, 1], [1, 0])], [1, 0])
    program = compile(loss, model.parameters(), backend=backend)

    class Once(Intruder):
        def update(self, data: Any, gradient: Any) -> None:
            if not errors:
                self.intrude(program, errors)
            super().update(data, gradient)

    values = program.minimize(Once(model.parameters(), lr=0.1), 3)
    assert values[0] > values[1] > values[2]
    needed = "needs a program that is not at work, in another thread or for an optimizer"
    assert [error.partition(";")[0] for error in errors] == [
        f"{name} {needed}" for name in ("run", "forward", "sync", "minimize") * 2
    ]
    assert program.run() < values[-1], "it is free again"


def test_a_program_is_free_again_after_an_error(model: MLP) -> None:
    x, frozen = Value(1.0, "x"), Value(2.0, "frozen")
    program = compile(x * frozen, [x])
    frozen.data = 3.0
    for _ in range(2):
        with pytest.raises(StaleGraph):
            program.run()


@needs_timer
def test_a_program_is_free_again_after_ctrl_c_at_any_moment() -> None:
    x = Value(3.0, "x")
    program = compile(x * x, [x])
    for _ in interrupted_anywhere(program.run):
        assert program.run() == 9.0


def test_a_program_shared_by_threads_gives_right_numbers_or_refuses(model: MLP) -> None:
    rng = np.random.default_rng(2)
    X, Y = rng.normal(size=(200, 2)), rng.normal(size=200)
    program = compile(mse([model(x) for x in X], Y), model.parameters())
    value = program.run()

    def run(_: int) -> set[float]:
        found = set()
        for _ in range(20 * ROUNDS):
            with suppress(RuntimeError):
                found.add(program.run())
        return found

    for found in side_by_side(run):
        assert found <= {value}


def test_models_that_learn_in_threads_learn_what_they_learn_alone() -> None:
    rng = np.random.default_rng(3)
    X = rng.normal(size=(40, 2))
    Y = (X[:, 0] * X[:, 1] > 0).astype(float)

    def learn(number: int) -> list[float]:
        model = MLP(2, [4, 1], activation="tanh", output_activation="sigmoid", seed=number)
        fit(model, X, Y, loss="binary_crossentropy", optimizer="adam", epochs=3, batch_size=8, seed=number)
        return list(predict(model, X))

    alone = [learn(number) for number in range(THREADS)]
    assert side_by_side(learn) == alone
