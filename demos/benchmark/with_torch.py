"""PyTorch, on the processor: its tensors, its losses, its optimizers."""

from __future__ import annotations

from importlib import import_module
from itertools import cycle
from typing import Any

from demos.benchmark.cases import Case
from demos.benchmark.workloads import (
    EPS,
    FACTOR,
    PENALTY,
    TERM,
    A,
    B,
    Data,
    Workload,
    data_of,
    joined,
    readme_expression,
)


def case_of(workload: Workload) -> Case | None:
    """Every workload."""
    # by name: it need not be installed to check this file's types
    torch = import_module("torch")
    if workload.kind == "expression":
        return _scalars(torch, (A, B), lambda a, b: readme_expression(a, b, torch.relu))
    if workload.kind == "chain":
        return _scalars(torch, (1.0,), lambda x: _chain(x, workload.operations))
    return _network(torch, workload, data_of(workload))


def _scalars(torch: Any, numbers: tuple[float, ...], function: Any) -> Case:
    leaves = [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in numbers]

    def run(count: int) -> float:
        y: Any = None
        for _ in range(count):
            for leaf in leaves:
                leaf.grad = None
            y = function(*leaves)
            y.backward()
        return float(y.item())

    return Case(run, lambda: [float(leaf.grad) for leaf in leaves])


def _chain(y: Any, operations: int) -> Any:
    for _ in range(operations // 2):
        y = y * FACTOR + TERM
    return y


def _network(torch: Any, workload: Workload, data: Data) -> Case:
    X, Y = torch.tensor(data.X), torch.tensor(data.Y)
    if workload.loss == "categorical":
        Y = Y.argmax(dim=1)
    first = [torch.tensor(part) for layer in data.layers for part in (layer[:, :-1], layer[:, -1])]
    parameters = [part.clone().requires_grad_() for part in first]
    batches = [torch.tensor(places) for places in data.places]
    state: dict[str, Any] = {}

    def restart() -> None:
        with torch.no_grad():
            for parameter, number in zip(parameters, first):
                parameter.copy_(number)
        state["optimizer"] = _optimizer(torch, workload, parameters)
        state["batches"] = cycle(batches)

    def run(count: int) -> float:
        optimizer, order, loss = state["optimizer"], state["batches"], None
        for _ in range(count):
            x, y = (X, Y) if not workload.batch else (X[places := next(order)], Y[places])
            loss = _loss(torch, workload, parameters, x, y)
            for parameter in parameters:
                parameter.grad = None
            loss.backward()
            if optimizer is not None:
                optimizer.step()
        return float(loss.item())  # type: ignore[union-attr]

    def numbers() -> Any:
        kept = parameters if workload.optimizer else [parameter.grad for parameter in parameters]
        return joined([tensor.detach().numpy() for tensor in kept])

    restart()
    return Case(run, numbers, restart)


def _optimizer(torch: Any, workload: Workload, parameters: Any) -> Any:
    if workload.optimizer == "adam":
        return torch.optim.Adam(parameters, lr=workload.rate, eps=EPS, fused=True)
    return torch.optim.SGD(parameters, lr=workload.rate) if workload.optimizer else None


def _loss(torch: Any, workload: Workload, parameters: Any, x: Any, y: Any) -> Any:
    functional = torch.nn.functional
    hidden = torch.relu if workload.hidden == "relu" else torch.sigmoid
    layers = list(zip(parameters[::2], parameters[1::2]))
    for W, b in layers[:-1]:
        x = hidden(functional.linear(x, W, b))
    z = functional.linear(x, *layers[-1])
    if workload.loss == "categorical":
        return functional.cross_entropy(z, y)
    z = z[:, 0]
    if workload.loss == "binary":
        return functional.binary_cross_entropy_with_logits(z, y)
    if workload.loss == "mse":
        return functional.mse_loss(torch.sigmoid(z), y)
    return torch.relu(1 - y * z).mean() + PENALTY * sum((p * p).sum() for p in parameters)
