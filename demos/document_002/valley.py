"""A data set of eight examples and two inputs (document 002, figure 49), and descents on its loss, step by step.

The document prints no numbers, so these are ours. One linear neuron without a bias has two weights, and its loss is
a valley that is steep across and flat along: what the variants of gradient descent are about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import Value, dot, grad, hessian
from nn import Optimizer, batches, mse

Array = NDArray[np.float64]

Maker: TypeAlias = Callable[[list[Value]], Optimizer]
"""What makes an optimizer of parameters."""

X = ((1.9, 0.6), (-1.4, -0.1), (0.7, -0.6), (-2.0, 0.2), (1.2, 0.7), (-0.6, 0.5), (2.1, -0.3), (-1.1, -0.7))
Y = (4.1, -0.5, -1.6, -1.2, 3.4, -0.7, 0.4, -3.4)
"""About x1 + 2·x2, and some noise."""

ROUNDING = 1e-12
"""Two losses that differ by less, relatively, are the same one, and so is a distance so small none."""

START = (-1.6, -1.5)
"""Where every descent begins."""


class Run(NamedTuple):
    """A descent: places (n + 1, 2) from the start on, and the loss on all examples at each of them."""

    places: Array
    losses: Array

    @property
    def rises(self) -> int:
        """After how many updates the loss on all examples was higher than before."""
        return rises(self.losses)


def loss(w1: Value | float, w2: Value | float) -> Value:
    """The mean squared error of ŷ = w1·x1 + w2·x2 on all eight examples."""
    return loss_on(range(len(X)), w1, w2)


def loss_on(examples: Iterable[int], w1: Value | float, w2: Value | float) -> Value:
    """The same on some of the examples, by their places."""
    chosen = list(examples)
    return mse([dot((w1, w2), X[place]) for place in chosen], [Y[place] for place in chosen])


def curvatures() -> Array:
    """The eigenvalues of the Hessian of the loss, ascending: how steep the valley is, along and across."""
    return np.asarray(np.linalg.eigvalsh(_hessian()), float)


def across(places: Array) -> Array:
    """How far each of some places (n, 2) is from the lowest point, along the steepest way across the valley; signed."""
    _, directions = np.linalg.eigh(_hessian())
    distances: Array = (places - minimum()) @ directions[:, -1]
    return distances


def gradients(place: tuple[float, float] = START) -> Array:
    """The gradient of each example alone, of shape (8, 2)."""
    w1, w2 = (Value(number) for number in place)
    return np.array([[slope.data for slope in grad(loss_on([number], w1, w2), [w1, w2])] for number in range(len(X))])


def minimum() -> Array:
    """The lowest point, where the gradient is 0: one Newton step from anywhere, for the loss is a quadratic."""
    w = [Value(number) for number in START]
    step: Array = np.linalg.solve(_hessian(), _numbers([grad(loss(*w), w)])[0])
    return np.array(START) - step


def walk(maker: Maker, epochs: int, batch_size: int | None = None, seed: int = 0) -> Iterator[Optimizer]:
    """The optimizer after each of its updates, with the gradients of batches in a new order in each epoch."""
    optimizer = maker([Value(number, name) for number, name in zip(START, ("w1", "w2"))])
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        for chosen in batches(len(X), batch_size, rng):
            optimizer.zero_grad()
            loss_on(chosen.tolist(), *optimizer.parameters).backward()
            optimizer.step()
            yield optimizer


def descend(maker: Maker, epochs: int, batch_size: int | None = None, seed: int = 0) -> Run:
    """The places of such a walk, and the losses on all examples."""
    walked = [[w.data for w in optimizer.parameters] for optimizer in walk(maker, epochs, batch_size, seed)]
    places = np.array([START, *walked])
    return Run(places, np.array([loss(*place).data for place in places.tolist()]))


def rises(losses: ArrayLike) -> int:
    """How often a loss is higher than the one before it, by more than the rounding of its sum."""
    numbers = np.asarray(losses, float)
    return int(np.sum(numbers[1:] > numbers[:-1] * (1 + ROUNDING)))


def swings(distances: ArrayLike) -> int:
    """How often a signed distance changes sides; what is 0 but for rounding, beside the first one, is on no side."""
    numbers = np.asarray(distances, float)
    sides = np.sign(numbers[abs(numbers) > ROUNDING * abs(numbers[0])])
    return int(np.sum(sides[1:] != sides[:-1]))


def _hessian() -> Array:
    """Of the loss, which is a quadratic: the same everywhere."""
    w = [Value(number) for number in START]
    return _numbers(hessian(loss(*w), w))


def _numbers(rows: Sequence[Sequence[Value]]) -> Array:
    return np.array([[entry.data for entry in row] for row in rows])
