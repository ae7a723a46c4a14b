"""`minimize` of narrow programs: one loop on floats takes the steps that runs and updates take one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import DomainError, Value, compile
from autograd.compiler import descent
from autograd.compiler.descent import LONGEST, is_short
from autograd.compiler.program import Program
from nn import MLP, OPTIMIZERS, SGD, Adam, Cosine, Optimizer, StepDecay, mse

STEPS = 40

RATES = {
    "constant": 0.3,
    "StepDecay": StepDecay(0.3, every=7, factor=0.5),
    "Cosine": Cosine(0.3, steps=30, lowest=0.01),
    "own": lambda taken: 0.3 / (1 + taken),
}


def xor() -> Program:
    model = MLP(2, [3, 1], activation="tanh", output_activation="sigmoid", seed=1685)
    outputs = [model(x) for x in [(0, 0), (0, 1), (1, 0), (1, 1)]]
    return compile(mse(outputs, [0, 1, 1, 0]), model.parameters(), backend="python")


def one_by_one(program: Program, optimizer: Optimizer, steps: int) -> list[float]:
    values = []
    for _ in range(steps):
        values.append(program.run())
        program.parameters = optimizer.updated(program.parameters, program.gradient)
    return values


def looped(program: Program) -> bool:
    """Whether a loop was made, and taken."""
    return [found is not None for found in program._runner._descents.values()] == [True]  # type: ignore[attr-defined]


def assert_same_state(first: Optimizer, second: Optimizer) -> None:
    states = [optimizer.state_dict() for optimizer in (first, second)]
    for state in states:
        state["moments"] = {name: moment.tolist() for name, moment in state["moments"].items()}
        state["counts"] = state["counts"].tolist()
    assert states[0] == states[1]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_loop_gives_the_bits_of_single_steps(name: str, rate: str) -> None:
    first, second = xor(), xor()
    optimizers: list[Any] = [OPTIMIZERS[name](p.graph.parameters, lr=RATES[rate]) for p in (first, second)]  # type: ignore[call-arg]
    wanted = one_by_one(second, optimizers[1], STEPS)
    assert first.minimize(optimizers[0], STEPS).tolist() == wanted
    assert looped(first)
    assert first.parameters.tolist() == second.parameters.tolist()
    assert first.gradient.tolist() == second.gradient.tolist()
    assert [leaf.data for leaf in first.graph.parameters] == second.parameters.tolist()
    assert_same_state(*optimizers)


def test_the_loop_takes_all_steps_and_adds_their_values_to_those_of_before() -> None:
    program, values = xor(), [7.0]
    optimizer: Any = Adam(program.graph.parameters, lr=StepDecay(0.2, every=4, factor=0.5))
    runner: Any = program._runner
    loop, parameters = runner._straight.descent(optimizer.scalar_rule()), program.parameters.copy()
    for steps in (5, 3):
        loop.run(optimizer, parameters, [], steps, values)
    assert values == [7.0, *one_by_one(xor(), Adam(program.graph.parameters, lr=optimizer.schedule), 8)]
    assert optimizer.steps == 8


def test_the_loop_takes_no_step_where_parameters_have_taken_different_numbers_of_them() -> None:
    program = xor()
    optimizer: Any = SGD(program.graph.parameters)
    program.graph.parameters[0].grad = 1.0
    optimizer.step()
    values: list[float] = []
    runner: Any = program._runner
    runner._straight.descent(optimizer.scalar_rule()).run(optimizer, program.parameters.copy(), [], 5, values)
    assert (values, optimizer.steps) == ([], 1)


def test_a_loop_is_as_long_as_the_graph_and_the_rule_for_every_parameter(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = Value(1.0), Value(2.0)
    graph, rule = compile(x * y * 3.0, [x, y]).graph, SGD([x]).scalar_rule()
    assert rule is not None
    for longest, fits in ((4 + 2 * 4, True), (4 + 2 * 4 - 1, False)):  # p - lr * g has two operations of two operands
        monkeypatch.setattr(descent, "LONGEST", longest)
        assert is_short(graph, rule) == fits


def test_it_goes_on_where_steps_of_before_ended() -> None:
    first, second = xor(), xor()
    optimizers = [Adam(p.graph.parameters, lr=StepDecay(0.2, every=4, factor=0.5)) for p in (first, second)]
    values = [*first.minimize(optimizers[0], 5), *first.minimize(optimizers[0], 1), *first.minimize(optimizers[0], 9)]
    assert values == one_by_one(second, optimizers[1], 15)
    assert_same_state(*optimizers)


def test_a_step_of_before_is_not_explained_as_the_last_one_after_an_error() -> None:
    w = Value(1.0, "w")
    program, sgd = compile(w.log(), [w], backend="python"), SGD([w], lr=0.5)
    sgd.step()
    with pytest.raises(DomainError):
        program.minimize(sgd, 10)
    assert (looped(program), w.data, sgd.steps) == (True, -0.5, 3)
    with pytest.raises(RuntimeError, match="tells of the last step"):
        sgd.explain()


def test_a_root_that_is_a_parameter_is_given_as_it_was_before_each_step() -> None:
    w = Value(2.0, "w")
    program = compile(w**1, [w], backend="python")
    assert program.minimize(SGD([w], lr=0.5), 4).tolist() == [2.0, 1.5, 1.0, 0.5]
    assert looped(program)


def test_inputs_stay_what_they_were_fed() -> None:
    w, x = Value(0.5, "w"), Value(1.0, "x")
    program = compile((w * x - 1) ** 2, [w], [x], backend="python")
    program.run([3.0])
    program.minimize(SGD([w], lr=0.05), 60)
    assert looped(program)
    assert program.parameters[0] == pytest.approx(1 / 3)


def test_parameters_that_took_different_numbers_of_steps_are_moved_one_by_one() -> None:
    programs, optimizers = [xor(), xor()], []
    for program in programs:
        parameters = list(program.graph.parameters)
        adam = Adam(parameters, lr=0.1)
        (parameters[0] * parameters[1]).backward()
        adam.step()
        program.parameters = [parameter.data for parameter in parameters]
        optimizers.append(adam)
    values = programs[0].minimize(optimizers[0], 6).tolist()
    assert values == one_by_one(programs[1], optimizers[1], 6)
    assert_same_state(*optimizers)


def test_a_domain_error_ends_it_after_whole_steps() -> None:
    p, q = Value(1.0, "p"), Value(5.0, "q")
    program = compile(p.log() + q * q, [p, q], backend="python")
    sgd = SGD([p, q], lr=0.3)
    with pytest.raises(DomainError, match=r"log needs x > 0; got .* \(p\)"):
        program.minimize(sgd, 10)
    assert looped(program)
    assert sgd.steps == 3
    data, slow = [1.0, 5.0], SGD([p, q], lr=0.3)
    for _ in range(3):
        data = slow.updated(np.array(data), np.array([1 / data[0], 2 * data[1]])).tolist()
    assert program.parameters.tolist() == pytest.approx(data) == [p.data, q.data]
    assert p.data < 0
    program.parameters = [1.0, 1.0]
    assert program.run() == 1.0


def test_a_number_that_overflows_goes_on_as_in_single_steps() -> None:
    def program() -> Program:
        x = Value(3.0, "x")
        return compile((x * x).exp(), [x], backend="python")

    first, second = program(), program()
    optimizers = [SGD(p.graph.parameters, lr=1.0) for p in (first, second)]
    values = first.minimize(optimizers[0], 5)
    np.testing.assert_array_equal(values, one_by_one(second, optimizers[1], 5))
    assert not np.isfinite(values).all()
    assert looped(first)
    assert optimizers[0].steps == 5


def test_an_interrupt_leaves_whole_steps() -> None:
    def rate(taken: int) -> float:
        if taken == 7:
            raise KeyboardInterrupt
        return 0.1

    first, second = xor(), xor()
    adam = Adam(first.graph.parameters, lr=0.1)
    adam.lr = rate
    with pytest.raises(KeyboardInterrupt):
        first.minimize(adam, 20)
    one_by_one(second, Adam(second.graph.parameters, lr=0.1), 7)
    assert adam.steps == 7
    assert [leaf.data for leaf in first.graph.parameters] == second.parameters.tolist()


def test_each_optimizer_has_a_loop_of_its_own() -> None:
    first, second = xor(), xor()
    for name in ("sgd", "adam", "sgd"):
        optimizers = [OPTIMIZERS[name](p.graph.parameters, lr=0.1) for p in (first, second)]  # type: ignore[call-arg]
        assert first.minimize(optimizers[0], 5).tolist() == one_by_one(second, optimizers[1], 5)


class Normalized(Optimizer):
    """A rule that mixes parameters, which a loop over them can't."""

    @staticmethod
    def rule(p: Any, g: Any, t: Any, lr: Any) -> Any:
        return (p - lr * g / np.linalg.norm(g),)


class Signed(Optimizer):
    """A rule that takes another branch for another number."""

    @staticmethod
    def rule(p: Any, g: Any, t: Any, lr: Any) -> Any:
        return (p - (lr if t < 5 else 2 * lr) * g,)


class First(Optimizer):
    """A velocity that begins as the gradient, which is the caller's array."""

    moments = ("v",)

    @staticmethod
    def rule(p: Any, g: Any, t: Any, lr: Any, v: Any) -> Any:
        v = g if t == 1 else 0.9 * v + 0.1 * g
        return p - lr * v, v


class Inherited(Adam):
    """A subclass with a rule of its own."""

    @staticmethod
    def rule(p: Any, g: Any, t: Any, lr: Any, m: Any, v: Any, **settings: Any) -> Any:
        return p - lr * g, m, v


@pytest.mark.parametrize("kind", [Normalized, Signed, First, Inherited])
def test_a_rule_that_is_no_formula_of_one_parameter_is_run_as_it_is(kind: Any) -> None:
    first, second = xor(), xor()
    optimizers = [kind(p.graph.parameters, 0.2) for p in (first, second)]
    assert optimizers[0].scalar_rule() is None
    assert first.minimize(optimizers[0], 12).tolist() == one_by_one(second, optimizers[1], 12)


def test_a_graph_that_would_be_a_long_function_is_run_step_by_step() -> None:
    x = Value(1.0, "x")
    y: Value = x
    for _ in range(LONGEST):
        y = y * 0.999
    program = compile(y, [x], backend="python")
    sgd = SGD([x], lr=0.1)
    rule = sgd.scalar_rule()
    assert rule is not None
    assert not is_short(program.graph, rule)
    assert len(program.minimize(sgd, 3)) == 3
    assert sgd.steps == 3
