"""Runs of the listing of document 001, from the first to the last iteration, and how far two of them are apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from demos.document_001 import listing
from demos.document_001.listing import RATE, Array, Network
from nn import accuracy

Rates: TypeAlias = tuple[float, float]
"""For b and for W."""

LOW = 0.1
"""Below it the plateau at 0.25, where all outputs are about a half, is over."""


class Course(NamedTuple):
    """A run of the listing: its losses, each before the update of its iteration, and how it ends."""

    seed: int
    losses: Array
    net: Network
    accuracy: float

    @property
    def rises(self) -> int:
        """In how many iterations the loss is larger than in the one before."""
        return int(np.sum(np.diff(self.losses) > 0))

    @property
    def descended(self) -> int | None:
        """The first iteration whose loss is below `LOW`, None where there is none."""
        low = np.flatnonzero(self.losses < LOW)
        return int(low[0]) if len(low) else None

    @property
    def largest_rise(self) -> float:
        return float(np.diff(self.losses).max())


def right_rates(rate: float, X: Array) -> Rates:
    """With them the listing's steps are those of the mean squared error's gradient, times this rate."""
    return 2 * rate, 2 / len(X) * rate


def course(seed: int, X: Array, Y: Array, iterations: int, rates: Rates = (RATE, RATE)) -> Course:
    """A run of the listing from the first to the last iteration, seeded where it makes its network."""
    return courses([seed], X, Y, iterations, rates)[0]


def courses(seeds: Sequence[int], X: Array, Y: Array, iterations: int, rates: Rates = (RATE, RATE)) -> list[Course]:
    """Such runs from several seeds, which are computed together: that takes two thirds of the time."""
    return _run(seeds, [listing.network(seed) for seed in seeds], X, Y, iterations, rates)


def after_the_unused(seed: int, X: Array, Y: Array, iterations: int) -> Course:
    """A run of the whole program, seeded before cell [8]."""
    nets = [listing.network(seed, after_the_unused=True)]
    return _run([seed], nets, X, Y, iterations, (RATE, RATE))[0]


def _run(
    seeds: Sequence[int], nets: Sequence[Network], X: Array, Y: Array, iterations: int, rates: Rates
) -> list[Course]:
    whole = listing.stacked(nets)
    losses = np.empty((len(nets), iterations))
    for place in range(iterations):
        losses[:, place] = np.mean((listing.train(whole, X, Y, rates) - Y) ** 2, axis=(1, 2))
    taught = listing.parted(whole)
    right = [accuracy(listing.forward(net, X)[-1][:, 0], Y[:, 0]) for net in taught]
    return [Course(*parts) for parts in zip(seeds, losses, taught, right)]


def distances(seed: int, X: Array, Y: Array, iterations: int, rates: Rates = (RATE, RATE)) -> Array:
    """How far the predictions of two runs are apart that differ in nothing but the length of their floats."""
    net = listing.network(seed)
    longer = listing.extended(net)
    long_X, long_Y = X.astype(np.longdouble), Y.astype(np.longdouble)
    pairs = ((listing.train(net, X, Y, rates), listing.train(longer, long_X, long_Y, rates)) for _ in range(iterations))
    return np.array([float(np.abs(one - other).max()) for one, other in pairs])
