"""What is computed: data, first weights and settings of each workload, from seeds, with NumPy alone.

Law of this file: every system is handed the same numbers. Weights have one order everywhere, that of the parameters of
`nn`: layer by layer, neuron by neuron, the weights of its inputs and then its bias.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]

SEED = 20240907
BETAS, EPS = (0.9, 0.999), 1e-8
"""Those of Adam, everywhere."""
PENALTY = 1e-4
"""λ of the L2 penalty of all parameters."""
FACTOR, TERM = 0.999, 0.001
"""A step of the chain is y · FACTOR + TERM."""
NOISE = 0.2
"""The standard deviation of what is added to the points of circles and moons, in part."""


class Workload(NamedTuple):
    """One computation. `kind` says which, and the rest how large it is.

    Of a network: `sizes` of its layers, inputs first, activation of the hidden ones, the loss, how many examples there
    are and how many make a batch (0 for all), and the optimizer whose step belongs to an iteration, if one does.
    `per` names what is told, which is `iterations` of them. `operations` is the length of a chain.
    """

    kind: str
    about: str
    per: str
    sizes: tuple[int, ...] = ()
    hidden: str = ""
    loss: str = ""
    examples: int = 0
    batch: int = 0
    optimizer: str = ""
    rate: float = 0.0
    iterations: int = 1
    dtype: str = "float64"
    operations: int = 0


MNIST = Workload(
    "mnist",
    "MNIST's shape, 784-64-32-10, batch 128, Adam, float32",
    "epoch of 422 steps",
    (784, 64, 32, 10),
    "relu",
    "categorical",
    2048,
    128,
    "adam",
    0.001,
    422,
    "float32",
)
"""Random numbers in the shape of the digits: what is measured is time, and nothing is read from a file."""

WORKLOADS = {
    "expression": Workload("expression", "the expression of micrograd's README, replayed", "gradient"),
    "xor": Workload(
        "xor", "XOR, 2-3-1, all examples, SGD", "epoch", (2, 3, 1), "sigmoid", "mse", 4, optimizer="sgd", rate=0.5
    ),
    "mlp": Workload("mlp", "2-16-16-1, 100 examples, hinge loss, L2", "gradient", (2, 16, 16, 1), "relu", "hinge", 100),
    "moons": Workload(
        "moons", "moons, 2-8-1, batch 32, Adam", "step", (2, 8, 1), "relu", "binary", 1024, 32, "adam", 0.01
    ),
    "deep moons": Workload(
        "deep moons",
        "moons, 2-100-70-50-1, batch 100, Adam",
        "step",
        (2, 100, 70, 50, 1),
        "relu",
        "binary",
        1000,
        100,
        "adam",
        0.001,
    ),
    "circles": Workload("circles", "circles, 2-4-8-1, 500 examples", "gradient", (2, 4, 8, 1), "sigmoid", "mse", 500),
    "mnist, float32": MNIST,
    "mnist, float64": MNIST._replace(about=MNIST.about.replace("float32", "float64"), dtype="float64"),
    "chain": Workload("chain", "a chain of a million operations, replayed", "gradient", operations=1_000_000),
}
"""Every workload by its name."""


class Data(NamedTuple):
    """What a network is taught: an example in each row of X, its targets in the same row of Y, and the batches.

    `layers` has the first weights, a matrix (neurons, inputs + 1) for each layer, the biases in its last column.
    `places` has the rows of each batch, one batch of all where there is no smaller one.
    """

    X: Array
    Y: Array
    layers: list[Array]
    places: list[Array]


def data_of(workload: Workload) -> Data:
    """The numbers of a network, in the workload's dtype."""
    rng = np.random.default_rng(SEED)
    X, Y = _EXAMPLES[workload.kind](workload, rng)
    layers = [_layer(rng, *shape) for shape in zip(workload.sizes, workload.sizes[1:])]
    size = workload.batch or workload.examples
    order = rng.permutation(workload.examples) if workload.batch else np.arange(workload.examples)
    places = [order[start : start + size] for start in range(0, workload.examples - size + 1, size)]
    kind = np.dtype(workload.dtype)
    return Data(X.astype(kind), Y.astype(kind), [layer.astype(kind) for layer in layers], places)


def flat(layers: Sequence[Array]) -> Array:
    """The matrices of all layers in the order of the parameters of `nn`."""
    return np.concatenate([np.ravel(layer) for layer in layers])


def joined(arrays: Sequence[Array]) -> Array:
    """Weights and biases that come in turns, W1, b1, W2, b2 …, in the order of the parameters of `nn`."""
    return flat([np.column_stack([W, np.ravel(b)]) for W, b in zip(arrays[::2], arrays[1::2])])


def readme_expression(a: Any, b: Any, relu: Callable[[Any], Any]) -> Any:
    """The expression of micrograd's README, of whatever numbers an engine has."""
    c = a + b
    d = a * b + b**3
    c = c + (c + 1)
    c = c + (1 + c + (-a))
    d = d + (d * 2 + relu(b + a))
    d = d + (3 * d + relu(b - a))
    e = c - d
    f = e**2
    g = f / 2.0
    return g + 10.0 / f


A, B = -4.0, 2.0
"""Its two numbers there."""


def _layer(rng: np.random.Generator, n_in: int, n_out: int) -> Array:
    bound = np.sqrt(6.0 / (n_in + n_out))
    return np.column_stack([rng.uniform(-bound, bound, (n_out, n_in)), rng.uniform(-0.1, 0.1, n_out)])


def _xor(_: Workload, rng: np.random.Generator) -> tuple[Array, Array]:
    return np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0.0, 1.0, 1.0, 0.0])


def _quadrants(workload: Workload, rng: np.random.Generator) -> tuple[Array, Array]:
    X = rng.uniform(-1.0, 1.0, (workload.examples, 2))
    return X, np.where(X[:, 0] * X[:, 1] > 0, 1.0, -1.0)


def _moons(workload: Workload, rng: np.random.Generator) -> tuple[Array, Array]:
    angles, Y = rng.uniform(0.0, np.pi, workload.examples), np.arange(workload.examples) % 2
    x, y = np.cos(angles), np.sin(angles)
    X = np.column_stack([np.where(Y, 1.0 - x, x), np.where(Y, 0.5 - y, y)])
    return X + rng.normal(0.0, NOISE, X.shape), Y


def _circles(workload: Workload, rng: np.random.Generator) -> tuple[Array, Array]:
    angles, Y = rng.uniform(0.0, 2.0 * np.pi, workload.examples), np.arange(workload.examples) % 2
    radii = np.where(Y, 0.5, 1.0) + rng.normal(0.0, NOISE / 4, workload.examples)
    return np.column_stack([radii * np.cos(angles), radii * np.sin(angles)]), Y


def _digits(workload: Workload, rng: np.random.Generator) -> tuple[Array, Array]:
    X = rng.uniform(0.0, 1.0, (workload.examples, workload.sizes[0]))
    return X, np.eye(workload.sizes[-1])[rng.integers(0, workload.sizes[-1], workload.examples)]


_EXAMPLES: dict[str, Callable[[Workload, np.random.Generator], tuple[Array, Array]]] = {
    "xor": _xor,
    "mlp": _quadrants,
    "moons": _moons,
    "deep moons": _moons,
    "circles": _circles,
    "mnist": _digits,
}
