"""Seeds: where everything random comes from."""

from __future__ import annotations

import numpy as np


def generator(seed: int | np.random.Generator | None, owner: str) -> np.random.Generator:
    """A NumPy Generator from a seed, the given one as it is, or for None one that differs from run to run.

    Raises TypeError and ValueError, in the name of the owner, for what is no seed.
    """
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError) as error:
        needs = f"seed of {owner} needs a whole number from 0 up, a NumPy Generator, or None"
        raise type(error)(f"{needs}; got {type(seed).__name__} {seed!r}") from error
