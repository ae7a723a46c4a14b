"""NumPy by hand, plain: the expressions that a competent person writes, forward and backward.

This is a rival of the engine, and no part of it: its derivatives are written by hand, and are checked against those of
the others when the benchmark runs. Examples are columns, as in the documents, which for few neurons is also faster.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle, islice
from typing import Any, TypeAlias

import numpy as np

from demos.benchmark.cases import Case
from demos.benchmark.workloads import BETAS, EPS, PENALTY, Array, Workload, data_of, joined

Gradient: TypeAlias = Callable[[Sequence[Array], Array, Array], "tuple[Any, tuple[Array, ...]]"]
"""From W1, b1, W2, b2 …, the examples and their targets, in columns: the loss, and its gradient in the same order."""


def case_of(workload: Workload) -> Case | None:
    """Every network."""
    gradient = GRADIENTS.get(workload.kind)
    if gradient is None:
        return None
    course = _Course(workload, gradient)
    if not workload.optimizer:
        return Case(course.differentiate, lambda: joined(course.slopes), course.restart)
    run = course.descend_by_adam if workload.optimizer == "adam" else course.descend
    return Case(run, lambda: joined(course.parameters), course.restart)


def xor(parameters: Sequence[Array], X: Array, Y: Array) -> tuple[Any, tuple[Array, ...]]:
    W1, b1, W2, b2 = parameters
    A1 = sigmoid(W1 @ X + b1)
    A2 = sigmoid(W2 @ A1 + b2)
    E = A2 - Y
    D2 = E * A2 * (1 - A2) * (2 / E.size)
    D1 = (W2.T @ D2) * A1 * (1 - A1)
    return (E * E).sum() / E.size, (D1 @ X.T, over(D1), D2 @ A1.T, over(D2))


def circles(parameters: Sequence[Array], X: Array, Y: Array) -> tuple[Any, tuple[Array, ...]]:
    W1, b1, W2, b2, W3, b3 = parameters
    A1 = sigmoid(W1 @ X + b1)
    A2 = sigmoid(W2 @ A1 + b2)
    A3 = sigmoid(W3 @ A2 + b3)
    E = A3 - Y
    D3 = E * A3 * (1 - A3) * (2 / E.size)
    D2 = (W3.T @ D3) * A2 * (1 - A2)
    D1 = (W2.T @ D2) * A1 * (1 - A1)
    return (E * E).sum() / E.size, (D1 @ X.T, over(D1), D2 @ A1.T, over(D2), D3 @ A2.T, over(D3))


def mlp(parameters: Sequence[Array], X: Array, Y: Array) -> tuple[Any, tuple[Array, ...]]:
    W1, b1, W2, b2, W3, b3 = parameters
    A1 = np.maximum(W1 @ X + b1, 0)
    A2 = np.maximum(W2 @ A1 + b2, 0)
    M = 1 - Y * (W3 @ A2 + b3)
    D3 = Y * (M > 0) * (-1 / M.size)
    D2 = (W3.T @ D3) * (A2 > 0)
    D1 = (W2.T @ D2) * (A1 > 0)
    loss = np.maximum(M, 0).sum() / M.size + PENALTY * sum((p * p).sum() for p in parameters)
    slopes = (D1 @ X.T, over(D1), D2 @ A1.T, over(D2), D3 @ A2.T, over(D3))
    return loss, tuple(g + 2 * PENALTY * p for g, p in zip(slopes, parameters))


def moons(parameters: Sequence[Array], X: Array, Y: Array) -> tuple[Any, tuple[Array, ...]]:
    W1, b1, W2, b2 = parameters
    A1 = np.maximum(W1 @ X + b1, 0)
    loss, D2 = binary(W2 @ A1 + b2, Y)
    D1 = (W2.T @ D2) * (A1 > 0)
    return loss, (D1 @ X.T, over(D1), D2 @ A1.T, over(D2))


def deep_moons(parameters: Sequence[Array], X: Array, Y: Array) -> tuple[Any, tuple[Array, ...]]:
    W1, b1, W2, b2, W3, b3, W4, b4 = parameters
    A1 = np.maximum(W1 @ X + b1, 0)
    A2 = np.maximum(W2 @ A1 + b2, 0)
    A3 = np.maximum(W3 @ A2 + b3, 0)
    loss, D4 = binary(W4 @ A3 + b4, Y)
    D3 = (W4.T @ D4) * (A3 > 0)
    D2 = (W3.T @ D3) * (A2 > 0)
    D1 = (W2.T @ D2) * (A1 > 0)
    return loss, (D1 @ X.T, over(D1), D2 @ A1.T, over(D2), D3 @ A2.T, over(D3), D4 @ A3.T, over(D4))


def mnist(parameters: Sequence[Array], X: Array, Y: Array) -> tuple[Any, tuple[Array, ...]]:
    W1, b1, W2, b2, W3, b3 = parameters
    A1 = np.maximum(W1 @ X + b1, 0)
    A2 = np.maximum(W2 @ A1 + b2, 0)
    Z3 = W3 @ A2 + b3
    Z3 = Z3 - Z3.max(axis=0)
    P = np.exp(Z3)
    total = P.sum(axis=0)
    loss = (np.log(total) - (Z3 * Y).sum(axis=0)).sum() / len(total)
    D3 = (P / total - Y) / len(total)
    D2 = (W3.T @ D3) * (A2 > 0)
    D1 = (W2.T @ D2) * (A1 > 0)
    return loss, (D1 @ X.T, over(D1), D2 @ A1.T, over(D2), D3 @ A2.T, over(D3))


GRADIENTS: dict[str, Gradient] = {
    "xor": xor,
    "mlp": mlp,
    "moons": moons,
    "deep moons": deep_moons,
    "circles": circles,
    "mnist": mnist,
}


def sigmoid(Z: Array) -> Array:
    return 1 / (1 + np.exp(-Z))


def over(D: Array) -> Array:
    """The sum over the examples, as a column."""
    return D.sum(axis=1, keepdims=True)  # type: ignore[no-any-return]


def binary(z: Array, y: Array) -> tuple[Any, Array]:
    """The cross-entropy of the sigmoids of z, for every z, and its slope in z."""
    loss = (np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))).sum() / z.size
    return loss, (sigmoid(z) - y) / z.size


class _Adam:
    """Adam on a few arrays, one after the other."""

    def __init__(self, parameters: Sequence[Array], rate: float) -> None:
        self.rate, self.t = rate, 0
        self.m = [np.zeros_like(p) for p in parameters]
        self.v = [np.zeros_like(p) for p in parameters]

    def step(self, parameters: Sequence[Array], gradients: Sequence[Array]) -> None:
        (b1, b2), m, v = BETAS, self.m, self.v
        self.t += 1
        rate, correction = self.rate / (1 - b1**self.t), 1 / (1 - b2**self.t) ** 0.5
        for k, (p, g) in enumerate(zip(parameters, gradients)):
            m[k] = b1 * m[k] + (1 - b1) * g
            v[k] = b2 * v[k] + (1 - b2) * g * g
            p -= rate * m[k] / (np.sqrt(v[k]) * correction + EPS)


class _Course:
    """A workload on its way: the parameters, what Adam remembers of them, and the batches to come."""

    def __init__(self, workload: Workload, gradient: Gradient) -> None:
        self.data, self.rate, self.gradient = data_of(workload), workload.rate, gradient
        self.columns = self.data.X.T.copy(), self.data.Y
        self.restart()

    def restart(self) -> None:
        self.parameters = [part.copy() for layer in self.data.layers for part in (layer[:, :-1], layer[:, -1:])]
        self.adam = _Adam(self.parameters, self.rate)
        self.batches = cycle(self.data.places)

    def differentiate(self, count: int) -> float:
        parameters, (X, Y), gradient, loss = self.parameters, self.columns, self.gradient, 0.0
        for _ in range(count):
            loss, self.slopes = gradient(parameters, X, Y)
        return float(loss)

    def descend(self, count: int) -> float:
        parameters, (X, Y), gradient, rate, loss = self.parameters, self.columns, self.gradient, self.rate, 0.0
        for _ in range(count):
            loss, slopes = gradient(parameters, X, Y)
            for p, g in zip(parameters, slopes):
                p -= rate * g
        return float(loss)

    def descend_by_adam(self, count: int) -> float:
        parameters, gradient, step, loss = self.parameters, self.gradient, self.adam.step, 0.0
        X, Y = self.data.X, self.data.Y
        for places in islice(self.batches, count):
            loss, slopes = gradient(parameters, X[places].T, Y[places].T)
            step(parameters, slopes)
        return float(loss)
