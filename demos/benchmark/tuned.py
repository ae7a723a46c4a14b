"""NumPy by hand, tuned: buffers that are made once, `out=`, and the bias as the weight of an input that is always 1.

This is a rival of the engine, and no part of it: its derivatives are written by hand, and are checked against those of
the others when the benchmark runs. Examples are columns. A layer is one matrix, its biases in the last column, and what
goes into it has a last row of ones: one product gives W @ A + b, and one the slopes of both. All parameters are one
flat array.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle, islice
from typing import Any, TypeAlias

import numpy as np
from numpy import add, dot, exp, greater, maximum, multiply, negative, reciprocal, sqrt, subtract

from demos.benchmark.cases import Case
from demos.benchmark.workloads import BETAS, EPS, PENALTY, Array, Workload, data_of, flat

Loss: TypeAlias = Callable[[], Any]
"""Computes the loss of the batch in the buffers, and writes its gradient."""

Network: TypeAlias = Callable[[Sequence[Array], Sequence[Array], Array, Array], Loss]
"""From views of the parameters and of the gradient, and from buffers of the examples and targets, in columns."""


def case_of(workload: Workload) -> Case | None:
    """Every network."""
    made = NETWORKS.get(workload.kind)
    if made is None:
        return None
    course = _Course(workload, made)
    if not workload.optimizer:
        return Case(course.differentiate, course.g.copy, course.restart)
    run = course.descend_by_adam if workload.optimizer == "adam" else course.descend
    return Case(run, course.p.copy, course.restart)


def xor(W: Sequence[Array], G: Sequence[Array], X: Array, Y: Array) -> Loss:
    (W1, W2), (G1, G2), V2 = W, G, weights(W[1])
    (A1, H1), A2 = with_ones(W1, X), outputs(W2, X)
    D1, D2, E, T1, T2 = (np.empty_like(x) for x in (H1, A2, A2, H1, A2))
    XT, A1T, flat_error, n = X.T, A1.T, E.reshape(-1), E.size

    def loss() -> Any:
        sigmoid(W1, X, H1)
        sigmoid(W2, A1, A2)
        subtract(A2, Y, E)
        sigmoid_slope(A2, T2)
        multiply(E, T2, D2)
        multiply(D2, 2 / n, D2)
        dot(V2, D2, D1)
        sigmoid_slope(H1, T1)
        multiply(D1, T1, D1)
        dot(D1, XT, G1)
        dot(D2, A1T, G2)
        return dot(flat_error, flat_error) / n

    return loss


def circles(W: Sequence[Array], G: Sequence[Array], X: Array, Y: Array) -> Loss:
    (W1, W2, W3), (G1, G2, G3), V2, V3 = W, G, weights(W[1]), weights(W[2])
    (A1, H1), (A2, H2), A3 = with_ones(W1, X), with_ones(W2, X), outputs(W3, X)
    D1, D2, D3, T1, T2, T3, E = (np.empty_like(x) for x in (H1, H2, A3, H1, H2, A3, A3))
    XT, A1T, A2T, flat_error, n = X.T, A1.T, A2.T, E.reshape(-1), E.size

    def loss() -> Any:
        sigmoid(W1, X, H1)
        sigmoid(W2, A1, H2)
        sigmoid(W3, A2, A3)
        subtract(A3, Y, E)
        sigmoid_slope(A3, T3)
        multiply(E, T3, D3)
        multiply(D3, 2 / n, D3)
        dot(V3, D3, D2)
        sigmoid_slope(H2, T2)
        multiply(D2, T2, D2)
        dot(V2, D2, D1)
        sigmoid_slope(H1, T1)
        multiply(D1, T1, D1)
        dot(D1, XT, G1)
        dot(D2, A1T, G2)
        dot(D3, A2T, G3)
        return dot(flat_error, flat_error) / n

    return loss


def mlp(W: Sequence[Array], G: Sequence[Array], X: Array, Y: Array) -> Loss:
    (W1, W2, W3), (G1, G2, G3), V2, V3 = W, G, weights(W[1]), weights(W[2])
    (A1, H1), (A2, H2), M = with_ones(W1, X), with_ones(W2, X), outputs(W3, X)
    D1, D2, D3 = (np.empty_like(x) for x in (H1, H2, M))
    P1, P2, P3 = (np.empty(x.shape, bool) for x in (H1, H2, M))
    XT, A1T, A2T, n = X.T, A1.T, A2.T, M.size
    parameters, gradient, slope = whole(W), whole(G), Y * (-1 / M.size)
    drawn = np.empty_like(parameters)

    def loss() -> Any:
        relu(W1, X, H1)
        relu(W2, A1, H2)
        dot(W3, A2, M)
        multiply(M, Y, M)
        subtract(1, M, M)
        maximum(M, 0, out=M)
        greater(M, 0, P3)
        multiply(slope, P3, D3)
        through(V3, D3, D2, H2, P2)
        through(V2, D2, D1, H1, P1)
        dot(D1, XT, G1)
        dot(D2, A1T, G2)
        dot(D3, A2T, G3)
        multiply(parameters, 2 * PENALTY, drawn)
        add(gradient, drawn, gradient)
        return add.reduce(M, axis=None) / n + PENALTY * dot(parameters, parameters)

    return loss


def moons(W: Sequence[Array], G: Sequence[Array], X: Array, Y: Array) -> Loss:
    (W1, W2), (G1, G2), V2 = W, G, weights(W[1])
    (A1, H1), Z = with_ones(W1, X), outputs(W2, X)
    D1, D2, P1 = np.empty_like(H1), np.empty_like(Z), np.empty(H1.shape, bool)
    entropy, XT, A1T = binary(Z, Y, D2), X.T, A1.T

    def loss() -> Any:
        relu(W1, X, H1)
        dot(W2, A1, Z)
        number = entropy()
        through(V2, D2, D1, H1, P1)
        dot(D1, XT, G1)
        dot(D2, A1T, G2)
        return number

    return loss


def deep_moons(W: Sequence[Array], G: Sequence[Array], X: Array, Y: Array) -> Loss:
    (W1, W2, W3, W4), (G1, G2, G3, G4), V2, V3, V4 = W, G, weights(W[1]), weights(W[2]), weights(W[3])
    (A1, H1), (A2, H2), (A3, H3), Z = with_ones(W1, X), with_ones(W2, X), with_ones(W3, X), outputs(W4, X)
    D1, D2, D3, D4 = (np.empty_like(x) for x in (H1, H2, H3, Z))
    P1, P2, P3 = (np.empty(x.shape, bool) for x in (H1, H2, H3))
    entropy, XT, A1T, A2T, A3T = binary(Z, Y, D4), X.T, A1.T, A2.T, A3.T

    def loss() -> Any:
        relu(W1, X, H1)
        relu(W2, A1, H2)
        relu(W3, A2, H3)
        dot(W4, A3, Z)
        number = entropy()
        through(V4, D4, D3, H3, P3)
        through(V3, D3, D2, H2, P2)
        through(V2, D2, D1, H1, P1)
        dot(D1, XT, G1)
        dot(D2, A1T, G2)
        dot(D3, A2T, G3)
        dot(D4, A3T, G4)
        return number

    return loss


def mnist(W: Sequence[Array], G: Sequence[Array], X: Array, Y: Array) -> Loss:
    (W1, W2, W3), (G1, G2, G3), V2, V3 = W, G, weights(W[1]), weights(W[2])
    (A1, H1), (A2, H2), Z = with_ones(W1, X), with_ones(W2, X), outputs(W3, X)
    D1, D2, D3, T = (np.empty_like(x) for x in (H1, H2, Z, Z))
    P1, P2 = (np.empty(x.shape, bool) for x in (H1, H2))
    largest, total, XT, A1T, A2T, n = np.empty_like(Z[0]), np.empty_like(Z[0]), X.T, A1.T, A2.T, X.shape[1]

    def loss() -> Any:
        relu(W1, X, H1)
        relu(W2, A1, H2)
        dot(W3, A2, Z)
        maximum.reduce(Z, axis=0, out=largest)
        subtract(Z, largest, Z)
        multiply(Z, Y, T)
        right = add.reduce(T, axis=None)
        exp(Z, D3)
        add.reduce(D3, axis=0, out=total)
        np.divide(D3, total, D3)
        subtract(D3, Y, D3)
        multiply(D3, 1 / n, D3)
        through(V3, D3, D2, H2, P2)
        through(V2, D2, D1, H1, P1)
        dot(D1, XT, G1)
        dot(D2, A1T, G2)
        dot(D3, A2T, G3)
        np.log(total, total)
        return (add.reduce(total) - right) / n

    return loss


NETWORKS: dict[str, Network] = {
    "xor": xor,
    "mlp": mlp,
    "moons": moons,
    "deep moons": deep_moons,
    "circles": circles,
    "mnist": mnist,
}


def weights(W: Array) -> Array:
    """The weights of a layer without its biases, transposed, as the pass back needs them: a view."""
    return W[:, :-1].T


def with_ones(W: Array, X: Array) -> tuple[Array, Array]:
    """What a layer gives to the next one, with a last row of ones, and the view of it without them."""
    A = np.ones((len(W) + 1, X.shape[1]), X.dtype)
    return A, A[:-1]


def outputs(W: Array, X: Array) -> Array:
    return np.empty((len(W), X.shape[1]), X.dtype)


def whole(parts: Sequence[Array]) -> Array:
    """The flat array of which these are views."""
    base: Any = parts[0].base
    return base  # type: ignore[no-any-return]


def sigmoid(W: Array, A: Array, out: Array) -> None:
    dot(W, A, out)
    negative(out, out)
    exp(out, out)
    add(out, 1, out)
    reciprocal(out, out)


def sigmoid_slope(A: Array, out: Array) -> None:
    subtract(1, A, out)
    multiply(out, A, out)


def relu(W: Array, A: Array, out: Array) -> None:
    dot(W, A, out)
    maximum(out, 0, out=out)


def through(V: Array, D: Array, out: Array, A: Array, positive: Array) -> None:
    """The adjoints of the z of a layer with ReLU, from those of the layer after it."""
    dot(V, D, out)
    greater(A, 0, positive)
    multiply(out, positive, out)


def binary(z: Array, y: Array, out: Array) -> Loss:
    """The cross-entropy of the sigmoids of z, for every z, which also writes its slope in z."""
    e, s, n = np.empty_like(z), np.empty_like(z), z.size
    flat_z, flat_y = z.reshape(-1), y.reshape(-1)

    def loss() -> Any:
        negative(z, out)
        exp(out, out)
        add(out, 1, out)
        reciprocal(out, out)
        subtract(out, y, out)
        multiply(out, 1 / n, out)
        np.absolute(z, e)
        negative(e, e)
        exp(e, e)
        np.log1p(e, e)
        maximum(z, 0, out=s)
        add(e, s, e)
        return (add.reduce(e, axis=None) - dot(flat_z, flat_y)) / n

    return loss


class _Adam:
    """Adam on one flat array."""

    def __init__(self, size: int, kind: Any, rate: float) -> None:
        self.m, self.v, self.s, self.u = (np.zeros(size, kind) for _ in range(4))
        self.rate, self.t = rate, 0

    def restart(self) -> None:
        self.m[:], self.v[:], self.t = 0, 0, 0

    def step(self, p: Array, g: Array) -> None:
        (b1, b2), m, v, s, u = BETAS, self.m, self.v, self.s, self.u
        self.t += 1
        multiply(m, b1, m)
        multiply(g, 1 - b1, s)
        add(m, s, m)
        multiply(v, b2, v)
        multiply(g, g, s)
        multiply(s, 1 - b2, s)
        add(v, s, v)
        sqrt(v, u)
        # both corrections in two numbers: rate · m̂ / (√v̂ + ε)
        correction = (1 - b2**self.t) ** 0.5
        add(u, EPS * correction, u)
        np.divide(m, u, s)
        multiply(s, self.rate * correction / (1 - b1**self.t), s)
        subtract(p, s, p)


class _Course:
    """A workload on its way. A batch is taken by rows into a buffer, which is read as columns."""

    def __init__(self, workload: Workload, made: Network) -> None:
        data = data_of(workload)
        self.first, self.places, self.rate = flat(data.layers), data.places, workload.rate
        self.p, self.g, self.s = (self.first.copy() for _ in range(3))
        self.ones, self.Y = np.column_stack([data.X, np.ones(len(data.X), data.X.dtype)]), data.Y
        self.x, self.y = self.ones[data.places[0]], data.Y[data.places[0]]
        columns = self.x.T if workload.batch else self.x.T.copy()
        self.loss = made(_views(self.p, data.layers), _views(self.g, data.layers), columns, self.y.T)
        self.adam = _Adam(len(self.p), self.p.dtype, workload.rate)
        self.restart()

    def restart(self) -> None:
        self.p[:] = self.first
        self.adam.restart()
        self.batches = cycle(self.places)

    def differentiate(self, count: int) -> float:
        number, loss = 0.0, self.loss
        for _ in range(count):
            number = loss()
        return float(number)

    def descend(self, count: int) -> float:
        number, loss, rate, p, g, s = 0.0, self.loss, self.rate, self.p, self.g, self.s
        for _ in range(count):
            number = loss()
            multiply(g, rate, s)
            subtract(p, s, p)
        return float(number)

    def descend_by_adam(self, count: int) -> float:
        number, loss, step, p, g = 0.0, self.loss, self.adam.step, self.p, self.g
        ones, Y, x, y = self.ones, self.Y, self.x, self.y
        for places in islice(self.batches, count):
            # with "clip" NumPy writes into `out` as it is, and makes no copy first
            ones.take(places, 0, x, "clip")
            Y.take(places, 0, y, "clip")
            number = loss()
            step(p, g)
        return float(number)


def _views(numbers: Array, layers: Sequence[Array]) -> list[Array]:
    """The matrices of the layers in a flat array."""
    ends = np.cumsum([layer.size for layer in layers])
    return [numbers[end - layer.size : end].reshape(layer.shape) for end, layer in zip(ends, layers)]
