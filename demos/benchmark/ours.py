"""This engine, eager and compiled: the workloads as a user of `autograd` and `nn` writes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle, islice
from typing import Any

import numpy as np

import autograd
import nn
from autograd import Value
from demos.benchmark.cases import Case
from demos.benchmark.workloads import (
    BETAS,
    EPS,
    FACTOR,
    PENALTY,
    TERM,
    A,
    B,
    Data,
    Workload,
    data_of,
    flat,
    readme_expression,
)
from nn.training.courses import course_of
from nn.training.steps import Steps, steps_of

LOSSES: dict[str, Callable[..., Any]] = {
    "mse": nn.mse,
    "hinge": nn.hinge,
    "binary": nn.binary_crossentropy,
    "categorical": nn.categorical_crossentropy_from_logits,
}


def eager(workload: Workload) -> Case | None:
    """Every workload, recorded anew in each iteration."""
    if workload.kind in ("expression", "chain"):
        return _recorded_scalars(workload)
    model, data = _model(workload), data_of(workload)
    if workload.kind in ("moons", "deep moons"):
        return _fitted(workload, model, data, compiled=False)
    return _recorded_network(workload, model, data)


def compiled(workload: Workload) -> Case | None:
    """Every workload, recorded once: trainings on mini-batches are the steps that `fit` takes."""
    if workload.kind in ("expression", "chain"):
        return _compiled_scalars(workload)
    model, data = _model(workload), data_of(workload)
    if workload.batch:
        return _fitted(workload, model, data, compiled=True)
    return _minimized(workload, model, data) if workload.optimizer else _differentiated(workload, model, data)


def chain(x: Value, operations: int) -> Value:
    """So many operations, one after the other."""
    y = x
    for _ in range(operations // 2):
        y = y * FACTOR + TERM
    return y


def _scalars(workload: Workload) -> tuple[list[Value], Callable[..., Value]]:
    """The leaves of a workload without a network, and what is recorded of them."""
    if workload.kind == "chain":
        return [Value(1.0)], lambda x: chain(x, workload.operations)
    return [Value(A), Value(B)], lambda a, b: readme_expression(a, b, Value.relu)


def _recorded_scalars(workload: Workload) -> Case:
    leaves, function = _scalars(workload)

    def run(count: int) -> float:
        number = 0.0
        for _ in range(count):
            y = function(*leaves)
            autograd.zero_grad(leaves)
            y.backward()
            number = y.data
        return number

    return Case(run, lambda: [leaf.grad for leaf in leaves])


def _compiled_scalars(workload: Workload) -> Case:
    leaves, function = _scalars(workload)
    return _repeated(autograd.compile(function(*leaves), leaves, backend="python"))


def _repeated(program: autograd.Program) -> Case:
    def run(count: int) -> float:
        number = 0.0
        for _ in range(count):
            number = program.run()
        return number

    return Case(run, lambda: np.array(program.gradient))


def _model(workload: Workload) -> nn.MLP:
    ends_in = "sigmoid" if workload.loss in ("mse", "binary") else "identity"
    n_inputs, *sizes = workload.sizes
    return nn.MLP(n_inputs, sizes, workload.hidden, ends_in, seed=0)


def _write(model: nn.MLP, numbers: Sequence[float]) -> None:
    for parameter, number in zip(model.parameters(), numbers):
        parameter.data = number


def _optimizer(workload: Workload, model: nn.MLP) -> nn.Optimizer:
    if workload.optimizer == "adam":
        return nn.Adam(model.parameters(), workload.rate, BETAS, EPS)
    return nn.SGD(model.parameters(), workload.rate)


def _objective(workload: Workload, model: nn.MLP, examples: Any, targets: Any) -> Value:
    """The loss of a batch, recorded; with the penalty of all parameters where it is the hinge loss."""
    loss: Value = LOSSES[workload.loss]([model(x) for x in examples], targets)
    if workload.loss != "hinge":
        return loss
    parameters = model.parameters()
    return loss + PENALTY * autograd.dot(parameters, parameters)


def _recorded_network(workload: Workload, model: nn.MLP, data: Data) -> Case:
    first, parameters = flat(data.layers).tolist(), model.parameters()
    state: dict[str, Any] = {}

    def restart() -> None:
        _write(model, first)
        if workload.optimizer:
            state["optimizer"] = _optimizer(workload, model)
        state["batches"] = cycle(data.places)

    def run(count: int) -> float:
        number = 0.0
        for _ in range(count):
            places = next(state["batches"])
            loss = _objective(workload, model, data.X[places].tolist(), data.Y[places])
            autograd.zero_grad(parameters)
            loss.backward()
            number = loss.data
            if workload.optimizer:
                state["optimizer"].step()
        return number

    restart()
    kind = "data" if workload.optimizer else "grad"
    return Case(run, lambda: [getattr(parameter, kind) for parameter in parameters], restart)


def _differentiated(workload: Workload, model: nn.MLP, data: Data) -> Case:
    _write(model, flat(data.layers).tolist())
    objective = _objective(workload, model, data.X.tolist(), data.Y)
    return _repeated(autograd.compile(objective, model.parameters()))


def _minimized(workload: Workload, model: nn.MLP, data: Data) -> Case:
    first = flat(data.layers)
    _write(model, first.tolist())
    program = autograd.compile(_objective(workload, model, data.X.tolist(), data.Y), model.parameters())
    state = {"optimizer": _optimizer(workload, model)}

    def restart() -> None:
        program.parameters[:] = first
        state["optimizer"] = _optimizer(workload, model)

    return Case(
        lambda count: float(program.minimize(state["optimizer"], count)[-1]),
        lambda: np.array(program.parameters),
        restart,
    )


def _fitted(workload: Workload, model: nn.MLP, data: Data, *, compiled: bool) -> Case:
    """The steps of `nn.fit`, in an order of examples that all systems share."""
    first, optimizer = flat(data.layers).tolist(), _optimizer(workload, model)
    fresh, steps = optimizer.state_dict(), _steps(workload, model, data, optimizer, compiled)
    batches = cycle(data.places)

    def restart() -> None:
        nonlocal batches
        _write(model, first)
        optimizer.load_state_dict(fresh)
        steps.begin()
        batches = cycle(data.places)

    def run(count: int) -> float:
        return [steps.take(places, False).loss for places in islice(batches, count)][-1]

    def numbers() -> list[float]:
        steps.hand_back()
        return [parameter.data for parameter in model.parameters()]

    restart()
    run(1)  # which compiles
    return Case(run, numbers, restart)


def _steps(workload: Workload, model: nn.MLP, data: Data, optimizer: nn.Optimizer, compiled: bool) -> Steps:
    course = course_of(
        model,
        data.X,
        data.Y,
        loss=LOSSES[workload.loss],
        optimizer=optimizer,
        batch_size=workload.batch,
        validation=None,
        metrics=(),
        regularizer=(),
        clip_norm=None,
        seed=0,
    )
    return steps_of(course, workload.examples, compiled, workload.dtype)
