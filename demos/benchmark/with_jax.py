"""JAX, on the processor: a function of arrays, its gradient and its update, compiled together by `jax.jit`."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from itertools import cycle
from typing import Any

import numpy as np

from demos.benchmark.cases import Case
from demos.benchmark.workloads import BETAS, EPS, PENALTY, A, B, Data, Workload, data_of, flat, readme_expression


def case_of(workload: Workload) -> Case | None:
    """All but the chain, for which it would have to be written as a loop of its own: unrolled, it is not compiled."""
    if workload.kind == "chain":
        return None
    # by name: it need not be installed to check this file's types
    jax = import_module("jax")
    jax.config.update("jax_enable_x64", True)
    case = _expression(jax) if workload.kind == "expression" else _network(jax, workload, data_of(workload))
    case.run(1)  # which compiles
    return case


def _expression(jax: Any) -> Case:
    compiled = jax.jit(jax.value_and_grad(lambda a, b: readme_expression(a, b, jax.nn.relu), argnums=(0, 1)))
    state: dict[str, Any] = {}

    def run(count: int) -> float:
        g: Any = None
        for _ in range(count):
            g, state["slopes"] = compiled(A, B)
        return float(g)

    return Case(run, lambda: [float(slope) for slope in state["slopes"]])


def _network(jax: Any, workload: Workload, data: Data) -> Case:
    first = jax.numpy.asarray(flat(data.layers))
    zeros = jax.numpy.zeros_like(first)
    batches = [jax.numpy.asarray(places) for places in data.places]
    X, Y = jax.numpy.asarray(data.X), jax.numpy.asarray(data.Y)
    loss_of = _loss_of(jax, workload, [layer.shape for layer in data.layers])
    slope = jax.value_and_grad(loss_of)
    state: dict[str, Any] = {}

    def restart() -> None:
        state["now"] = (first, zeros, zeros, 0) if workload.optimizer == "adam" else first
        state["batches"] = cycle(batches)

    def gradients(count: int) -> float:
        p, loss = state["now"], None
        for _ in range(count):
            loss, state["kept"] = step(p)
        return float(loss)  # type: ignore[arg-type]

    def descent(count: int) -> float:
        p, loss = state["now"], None
        for _ in range(count):
            loss, p = step(p)
        state["now"] = state["kept"] = p
        return float(loss)  # type: ignore[arg-type]

    def by_adam(count: int) -> float:
        now, order, loss = state["now"], state["batches"], None
        for _ in range(count):
            loss, now = step(now, X, Y, next(order))
        state["now"], state["kept"] = now, jax.block_until_ready(now[0])
        return float(loss)  # type: ignore[arg-type]

    made, run = {
        "": (lambda p: slope(p, X, Y), gradients),
        "sgd": (_descent(workload, slope, X, Y), descent),
        "adam": (_adam(jax, workload, slope), by_adam),
    }[workload.optimizer]
    step = jax.jit(made)
    restart()
    return Case(run, lambda: np.asarray(state["kept"]), restart)


def _descent(workload: Workload, slope: Any, X: Any, Y: Any) -> Any:
    def step(p: Any) -> Any:
        loss, g = slope(p, X, Y)
        return loss, p - workload.rate * g

    return step


def _adam(jax: Any, workload: Workload, slope: Any) -> Any:
    """A step on a batch, which is taken from all data by its places."""
    (b1, b2), rate, root = BETAS, workload.rate, jax.numpy.sqrt

    def step(now: Any, X: Any, Y: Any, places: Any) -> Any:
        p, m, v, t = now
        loss, g = slope(p, X[places], Y[places])
        t = t + 1
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        first, second = ((1 - b**t).astype(p.dtype) for b in (b1, b2))
        return loss, (p - rate / first * m / (root(v / second) + EPS), m, v, t)

    return step


def _loss_of(jax: Any, workload: Workload, shapes: Sequence[tuple[int, ...]]) -> Any:
    """The loss as a function of all parameters in one array: to hand over one costs less than to hand over eight."""
    hidden = jax.nn.relu if workload.hidden == "relu" else jax.nn.sigmoid
    ends = np.cumsum([np.prod(shape) for shape in shapes]).tolist()

    def loss_of(p: Any, x: Any, y: Any) -> Any:
        for start, end, shape in zip([0, *ends], ends, shapes):
            layer = p[start:end].reshape(shape)
            x = x @ layer[:, :-1].T + layer[:, -1]
            x = x if end == ends[-1] else hidden(x)
        return _loss(jax, workload, x, y) + (PENALTY * (p * p).sum() if workload.loss == "hinge" else 0.0)

    return loss_of


def _loss(jax: Any, workload: Workload, z: Any, y: Any) -> Any:
    if workload.loss == "categorical":
        return (jax.nn.logsumexp(z, axis=1) - (z * y).sum(axis=1)).mean()
    z = z[:, 0]
    if workload.loss == "binary":
        return (jax.nn.softplus(z) - y * z).mean()
    return ((jax.nn.sigmoid(z) - y) ** 2).mean() if workload.loss == "mse" else jax.nn.relu(1 - y * z).mean()
