"""How weights are drawn at first, by name.

Biases start at 0, whatever the weights do. The weight of an input that is always 1 is drawn as the others are.

An initializer is `f(rng, shape, fan_in, fan_out)`: an array of that shape, from a NumPy Generator; `fan_in` inputs meet
in a neuron, and `fan_out` neurons read the same inputs. Document 002 (section 3.8) lists Xavier and Xavier-Glorot,
which are one (erratum 002-24).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from nn.choices import chosen

Array: TypeAlias = NDArray[np.float64]
Initializer: TypeAlias = Callable[[np.random.Generator, tuple[int, ...], int, int], Array]


def uniform(rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
    """From [-1, 1), as in document 001."""
    return rng.uniform(-1.0, 1.0, shape)


def uniform01(rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
    """From [0, 1), as in the listings of document 002."""
    return rng.uniform(0.0, 1.0, shape)


def he_uniform(rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
    """From ±sqrt(6 / fan_in), of variance 2 / fan_in: for ReLU (He et al., 2015)."""
    return _within(np.sqrt(6.0 / fan_in), rng, shape)


def he_normal(rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
    """Normal, of variance 2 / fan_in: for ReLU (He et al., 2015)."""
    return rng.normal(0.0, np.sqrt(2.0 / fan_in), shape)


def xavier_uniform(rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
    """From ±sqrt(6 / (fan_in + fan_out)), of variance 2 / (fan_in + fan_out) (Glorot and Bengio, 2010)."""
    return _within(np.sqrt(6.0 / (fan_in + fan_out)), rng, shape)


def xavier_normal(rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
    """Normal, of variance 2 / (fan_in + fan_out) (Glorot and Bengio, 2010)."""
    return rng.normal(0.0, np.sqrt(2.0 / (fan_in + fan_out)), shape)


def zeros(rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
    """All 0, as in document 004's rule of Hebb; neurons of one layer then stay alike when gradients teach them."""
    return np.zeros(shape)


INITIALIZERS: dict[str, Initializer] = {
    "uniform": uniform,
    "uniform01": uniform01,
    "he_uniform": he_uniform,
    "he_normal": he_normal,
    "xavier_uniform": xavier_uniform,
    "xavier_normal": xavier_normal,
    "glorot_uniform": xavier_uniform,
    "glorot_normal": xavier_normal,
    "zeros": zeros,
}
"""Every initializer that has a name; Xavier Glorot is one person, and has two."""


def initializer_of(choice: str | Initializer) -> Initializer:
    """The initializer of that name, or the given function. Raises ValueError for an unknown name."""
    return chosen(choice, INITIALIZERS, "initializer", "f(rng, shape, fan_in, fan_out)")


def _within(bound: float, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return rng.uniform(-bound, bound, shape)
