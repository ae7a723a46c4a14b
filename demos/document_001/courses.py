"""Runs of the listing of document 001, from the first to the last iteration, and how far two of them are apart."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from demos.document_001 import listing
from demos.document_001.listing import RATE, Array, Network
from nn import accuracy

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


def course(
    seed: int,
    X: Array,
    Y: Array,
    iterations: int,
    rates: tuple[float, float] = (RATE, RATE),
    *,
    after_the_unused: bool = False,
) -> Course:
    """A run of the listing from the first to the last iteration, with rates for b and W."""
    net = listing.network(seed, after_the_unused=after_the_unused)
    losses = np.array([listing.l2_cost(listing.train(net, X, Y, rates), Y) for _ in range(iterations)])
    return Course(seed, losses, net, accuracy(listing.forward(net, X)[-1][:, 0], Y[:, 0]))


def distances(seed: int, X: Array, Y: Array, iterations: int, rates: tuple[float, float] = (RATE, RATE)) -> Array:
    """How far the predictions of two runs are apart that differ in nothing but the length of their floats."""
    net = listing.network(seed)
    longer = listing.extended(net)
    long_X, long_Y = X.astype(np.longdouble), Y.astype(np.longdouble)
    pairs = ((listing.train(net, X, Y, rates), listing.train(longer, long_X, long_Y, rates)) for _ in range(iterations))
    return np.array([float(np.abs(one - other).max()) for one, other in pairs])
