"""Strategies of hypothesis for tests of learning: `models`, and `data` that fits them.

Those of graphs and numbers are in `autograd.strategies`. A model that fails is printed as the call that makes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograd.strategies import door, numbers
from nn.models.activations import ACTIVATIONS, Activation
from nn.models.initializers import INITIALIZERS
from nn.models.networks import MLP

if TYPE_CHECKING:
    from autograd.strategies.door import SearchStrategy

    Row = list[float]

SMOOTH = ("identity", "tanh", "sigmoid", "softplus")
"""The activations without a kink: of a model of these every oracle knows the derivative."""

LAST_SEED = 2**16
"""Weights come from a seed up to this."""


def models(
    inputs: int = 2,
    outputs: int = 1,
    *,
    hidden: int = 2,
    width: int = 4,
    activations: Sequence[str | Activation] = tuple(ACTIVATIONS),
) -> SearchStrategy[MLP]:
    """Networks `MLP(inputs, [… outputs])` of at most so many hidden layers, each at most so wide.

    Activations, initializers and seeds are drawn, and models shrink to few and narrow layers, with the first of the
    activations. Raises ImportError where hypothesis is missing.
    """
    st = door.strategies()
    sizes = st.lists(st.integers(1, width), max_size=hidden).map(lambda widths: [*widths, outputs])
    built: SearchStrategy[MLP] = st.builds(
        MLP,
        st.just(inputs),
        sizes,
        st.sampled_from(tuple(activations)),
        st.sampled_from(tuple(activations)),
        seed=st.integers(0, LAST_SEED),
        initializer=st.sampled_from(tuple(INITIALIZERS)),
    )
    return built


def data(
    inputs: int = 2, *, classes: int | None = None, examples: int = 8, largest: float = 2.5
) -> SearchStrategy[tuple[list[Row], Row]]:
    """Examples and their targets: one to so many rows of `inputs` numbers, and for each row a target.

    A number is no larger than `largest` in size. A target is a number too, or with `classes` a class, from 0.
    Raises ImportError where hypothesis is missing.
    """
    st = door.strategies()
    number = numbers(0.0, largest)
    target = number if classes is None else st.integers(0, classes - 1)
    example = st.tuples(st.lists(number, min_size=inputs, max_size=inputs), target)
    rows = st.lists(example, min_size=1, max_size=examples)
    columns: SearchStrategy[tuple[list[Row], Row]] = rows.map(lambda pairs: tuple(map(list, zip(*pairs))))
    return columns
