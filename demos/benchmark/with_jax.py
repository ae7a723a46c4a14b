"""JAX, on the processor: a function of arrays, its gradient and its update, compiled together by `jax.jit`."""

from __future__ import annotations

from importlib import import_module
from itertools import cycle
from typing import Any

from demos.benchmark.cases import Case
from demos.benchmark.workloads import BETAS, EPS, PENALTY, A, B, Data, Workload, data_of, joined, readme_expression


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
    X, Y = jax.numpy.asarray(data.X), jax.numpy.asarray(data.Y)
    first = [jax.numpy.asarray(part) for layer in data.layers for part in (layer[:, :-1], layer[:, -1])]
    batches = [jax.numpy.asarray(places) for places in data.places]
    slope = jax.value_and_grad(lambda parameters, x, y: _loss(jax, workload, parameters, x, y))
    step = jax.jit(_step(jax, workload, slope))
    state: dict[str, Any] = {}

    def restart() -> None:
        zeros = [jax.numpy.zeros_like(part) for part in first]
        state["now"] = (list(first), zeros, zeros, 0)
        state["batches"] = cycle(batches)

    def run(count: int) -> float:
        now, order, loss, kept = state["now"], state["batches"], None, None
        for _ in range(count):
            loss, kept, now = step(now, X, Y, next(order))
        state["now"], state["kept"] = now, jax.block_until_ready(kept)
        return float(loss)  # type: ignore[arg-type]

    restart()
    return Case(run, lambda: joined(state["kept"]), restart)


def _step(jax: Any, workload: Workload, slope: Any) -> Any:
    """A function of the state, all data and the places of a batch: the loss, what is compared, and the next state."""
    (b1, b2), rate = BETAS, workload.rate

    def step(now: Any, X: Any, Y: Any, places: Any) -> Any:
        parameters, m, v, t = now
        loss, gradient = slope(parameters, *((X[places], Y[places]) if workload.batch else (X, Y)))
        if not workload.optimizer:
            return loss, gradient, now
        if workload.optimizer == "sgd":
            after = [p - rate * g for p, g in zip(parameters, gradient)]
            return loss, after, (after, m, v, t)
        t = t + 1
        m = [b1 * old + (1 - b1) * g for old, g in zip(m, gradient)]
        v = [b2 * old + (1 - b2) * g * g for old, g in zip(v, gradient)]
        kind = X.dtype
        first, second = ((1 - b**t).astype(kind) for b in (b1, b2))
        root = jax.numpy.sqrt
        after = [p - rate / first * a / (root(b / second) + EPS) for p, a, b in zip(parameters, m, v)]
        return loss, after, (after, m, v, t)

    return step


def _loss(jax: Any, workload: Workload, parameters: Any, x: Any, y: Any) -> Any:
    hidden = jax.nn.relu if workload.hidden == "relu" else jax.nn.sigmoid
    layers = list(zip(parameters[::2], parameters[1::2]))
    for W, b in layers[:-1]:
        x = hidden(x @ W.T + b)
    z = x @ layers[-1][0].T + layers[-1][1]
    if workload.loss == "categorical":
        return (jax.nn.logsumexp(z, axis=1) - (z * y).sum(axis=1)).mean()
    z = z[:, 0]
    if workload.loss == "binary":
        return (jax.nn.softplus(z) - y * z).mean()
    if workload.loss == "mse":
        return ((jax.nn.sigmoid(z) - y) ** 2).mean()
    return jax.nn.relu(1 - y * z).mean() + PENALTY * sum((p * p).sum() for p in parameters)
