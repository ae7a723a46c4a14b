"""Dropout: what a layer gives, of which some is left out at random while it is trained."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.value import value_vector
from nn.models.images import array_of, grid
from nn.models.modules import Module, Seed
from nn.models.summaries import Shape
from nn.ranges import FRACTION
from nn.seeds import generator


class Dropout(Module):
    """Each input times 0, with the probability p, else times 1 / (1 - p): `Dropout(0.5)` leaves out half of them.

    This is inverted dropout (Srivastava et al., 2014; document 002, section 3.8): what is kept is enlarged, so that an
    input is expected to be itself. Document 002 leaves that factor out, and a network would then predict with larger
    sums than it was trained with (erratum 002-24); and it draws for each epoch, where the paper draws for each example.
    Here each call draws anew, while `training`, from a generator of its own: the same seed gives the same factors, call
    for call. What predicts is given its inputs as they are, without nodes.

    Raises ValueError for a p that is not in [0, 1), TypeError for what is no number.
    """

    def __init__(self, p: float, seed: Seed = None) -> None:
        self.p = FRACTION.checked(p, "p of Dropout")
        self._rng = generator(seed, "Dropout")

    # Any: what comes has the shape of what goes in
    def __call__(self, x: Any) -> Any:
        """The inputs, in their shape: a Value or number, a list for a sequence, an array for an array or nested lists.

        While `training`, each Value gives a node x · factor, also where the factor is 0.0, and each number a number.
        Raises ValueError for nested lists of different lengths, TypeError for what is not a number.
        """
        if not self.training:
            return x
        inputs = grid(x, "Dropout")
        elements = value_vector(inputs.ravel().tolist())
        dropped = (element * factor for element, factor in zip(elements, self.factors(inputs.size)))
        if inputs.ndim == 0:
            return next(dropped)
        return array_of(dropped, inputs.shape) if isinstance(x, np.ndarray) or inputs.ndim > 1 else list(dropped)

    def factors(self, count: int) -> list[float]:
        """The next factors, as many as a call of so many inputs draws."""
        kept = self._rng.random(count) >= self.p
        factors: list[float] = np.where(kept, 1 / (1 - self.p), 0.0).tolist()
        return factors

    def output_shape(self, input_shape: Shape | None = None) -> Shape | None:
        """That of the inputs."""
        return input_shape

    def __repr__(self) -> str:
        return f"Dropout({self.p!r})"
