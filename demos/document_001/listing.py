"""The program of document 001 in plain NumPy, as it is printed (sections 1.1.2 to 1.2.1), with a seed that is ours.

Its function `train` is here in four: `forward`, `deltas`, `steps` and `train`. They do the same in the same order, and
what stands between two of them can be looked at. Rows are examples; nothing of the engine is used. With extended
precision given, it computes in that; and with stacks of arrays, in all networks of the stack at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

UNUSED = [2, 4, 8, 16, 8, 4, 1]
"""The network of its cell [8], which it makes and never trains."""

TOPOLOGY = [2, 4, 8, 1]
RATE = 0.05
ITERATIONS = 2000
EVERY = 25
"""It prints, and draws its map, so often."""

RESOLUTION = 50
EDGE = 1.5
"""Its map has 50 × 50 points, from -1.5 to 1.5 in both directions."""


class NeuralLayer:
    """Biases `b` of the shape (1, n_neur), which are drawn first, and weights `W` of the shape (n_conn, n_neur)."""

    def __init__(self, n_conn: int, n_neur: int, rng: np.random.RandomState) -> None:
        self.b: Array = rng.rand(1, n_neur) * 2 - 1
        self.W: Array = rng.rand(n_conn, n_neur) * 2 - 1


Network = list[NeuralLayer]


def seeded(seed: int) -> np.random.RandomState:
    """NumPy's legacy generator, which is the one behind `np.random.rand`."""
    return np.random.RandomState(seed)


def create_nn(topology: Sequence[int], rng: np.random.RandomState) -> Network:
    """A network with so many inputs, and so many neurons in each layer."""
    return [NeuralLayer(topology[place], topology[place + 1], rng) for place in range(len(topology) - 1)]


def network(seed: int, *, after_the_unused: bool = False) -> Network:
    """The network that it trains, seeded where cell [11] makes it, or before cell [8], which takes numbers too."""
    rng = seeded(seed)
    if after_the_unused:
        create_nn(UNUSED, rng)
    return create_nn(TOPOLOGY, rng)


def sigmoid(x: Array) -> Array:
    """1 / (1 + e⁻ˣ), as it writes it."""
    y: Array = 1 / (1 + np.e ** (-x))
    return y


def slope_of(a: Array) -> Array:
    """x * (1-x), which it gives the activation a for x."""
    slope: Array = a * (1 - a)
    return slope


def relu(x: Array) -> Array:
    """max(0, x)."""
    y: Array = np.maximum(0, x)
    return y


def l2_cost(predicted: Array, real: Array) -> float:
    """The mean of the squares."""
    return float(np.mean((predicted - real) ** 2))


def transposed(matrix: Array) -> Array:
    """Its rows as columns; of a stack of matrices, those of each."""
    return np.swapaxes(matrix, -1, -2)


def forward(net: Network, X: Array) -> list[Array]:
    """X and the activations of each layer, of the shape (examples, neurons)."""
    out = [X]
    for layer in net:
        out.append(sigmoid(out[-1] @ layer.W + layer.b))
    return out


def deltas(net: Network, out: Sequence[Array], Y: Array) -> list[Array]:
    """What it calls the error of each layer, with Yp - Yr for the derivative of its cost."""
    found = [(out[-1] - Y) * slope_of(out[-1])]
    for layer, a in zip(net[:0:-1], out[-2:0:-1]):
        found.insert(0, found[0] @ transposed(layer.W) * slope_of(a))
    return found


def steps(net: Network, X: Array, Y: Array) -> tuple[Array, list[tuple[Array, Array]]]:
    """What the network gives for X, and for each layer what it takes off b and W, before its rate."""
    out = forward(net, X)
    taken = [
        (np.mean(delta, axis=-2, keepdims=True), transposed(a) @ delta) for a, delta in zip(out, deltas(net, out, Y))
    ]
    return out[-1], taken


def train(net: Network, X: Array, Y: Array, rates: tuple[float, float] = (RATE, RATE)) -> Array:
    """One iteration: moves b and W, and gives what the network gave before. It has one rate for both."""
    predicted, taken = steps(net, X, Y)
    for layer, (b, W) in zip(net, taken):
        layer.b = layer.b - b * rates[0]
        layer.W = layer.W - W * rates[1]
    return predicted


def grid() -> tuple[Array, Array]:
    """The places of its map along one direction, and all of its points, x0 after x0: (2500, 2)."""
    places = np.linspace(-EDGE, EDGE, RESOLUTION)
    return places, np.stack(np.meshgrid(places, places, indexing="ij"), axis=-1).reshape(-1, 2)


def extended(net: Network) -> Network:
    """The same network in the longest floats that NumPy has here."""
    twin = create_nn([2, *(layer.b.size for layer in net)], seeded(0))
    for own, layer in zip(twin, net):
        own.b, own.W = layer.b.astype(np.longdouble), layer.W.astype(np.longdouble)
    return twin


def stacked(nets: Sequence[Network]) -> Network:
    """One network whose arrays are those of all of these, one upon the other."""
    whole = [copy(layer) for layer in nets[0]]
    for own, *layers in zip(whole, *nets):
        own.b, own.W = np.stack([layer.b for layer in layers]), np.stack([layer.W for layer in layers])
    return whole


def parted(whole: Network) -> list[Network]:
    """The networks of a stack."""
    nets = [[copy(layer) for layer in whole] for _ in whole[0].b]
    for place, net in enumerate(nets):
        for own, layer in zip(net, whole):
            own.b, own.W = layer.b[place], layer.W[place]
    return nets
