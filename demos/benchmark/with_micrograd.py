"""micrograd, as its README and its demonstration use it."""

from __future__ import annotations

import math
from importlib import import_module
from typing import Any

from demos.benchmark.cases import Case
from demos.benchmark.workloads import PENALTY, A, B, Workload, data_of, flat, readme_expression


def case_of(workload: Workload) -> Case | None:
    """What it can do in seconds: it recurses, which no long chain survives, and has neither exp nor log."""
    if workload.kind == "expression":
        return _expression()
    return _network(workload) if workload.kind in ("xor", "mlp") else None


def _engine() -> Any:
    # by name: it publishes no types, and need not be installed to check this file's
    return import_module("micrograd.engine").Value


def _expression() -> Case:
    Value, leaves = _engine(), []  # type: ignore[var-annotated]

    def run(count: int) -> float:
        g: Any = None
        for _ in range(count):
            leaves[:] = Value(A), Value(B)
            g = readme_expression(leaves[0], leaves[1], Value.relu)
            g.backward()
        return float(g.data)

    return Case(run, lambda: [leaf.grad for leaf in leaves])


def _network(workload: Workload) -> Case:
    data = data_of(workload)
    examples, targets, first = data.X.tolist(), data.Y.tolist(), flat(data.layers).tolist()
    model = import_module("micrograd.nn").MLP(workload.sizes[0], list(workload.sizes[1:]))
    parameters = model.parameters()
    loss_of = _squares if workload.kind == "xor" else _hinge

    def restart() -> None:
        for parameter, number in zip(parameters, first):
            parameter.data = number

    def run(count: int) -> float:
        loss: Any = None
        for _ in range(count):
            loss = loss_of(model, examples, targets)
            model.zero_grad()
            loss.backward()
            if workload.optimizer:
                for parameter in parameters:
                    parameter.data -= workload.rate * parameter.grad
        return float(loss.data)

    restart()
    kind = "data" if workload.optimizer else "grad"
    return Case(run, lambda: [getattr(parameter, kind) for parameter in parameters], restart)


def _hinge(model: Any, examples: Any, targets: Any) -> Any:
    scores = [model(example) for example in examples]
    margins = [(1 + -target * score).relu() for target, score in zip(targets, scores)]
    return sum(margins) * (1.0 / len(margins)) + PENALTY * sum(p * p for p in model.parameters())


def _squares(model: Any, examples: Any, targets: Any) -> Any:
    errors = [_sigmoids(model, example) - target for example, target in zip(examples, targets)]
    return sum(error**2 for error in errors) * (1.0 / len(errors))


def _sigmoids(model: Any, x: Any) -> Any:
    """Its network with sigmoids, which it does not have."""
    for layer in model.layers:
        x = [_sigmoid(sum((w * y for w, y in zip(neuron.w, x)), neuron.b)) for neuron in layer.neurons]
    return x[0]


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + _exp(-z))


def _exp(x: Any) -> Any:
    """An operation of one's own, as its users write them."""
    out = _engine()(math.exp(x.data), (x,), "exp")

    def backward() -> None:
        x.grad += out.data * out.grad

    out._backward = backward
    return out
