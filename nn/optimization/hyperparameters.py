"""Hyper-parameters of rules: how each is written in formulas, and what it may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.coercion import real_number
from nn.ranges import FRACTION, NOT_NEGATIVE, POSITIVE


class Hyperparameter(NamedTuple):
    """How a hyper-parameter of that name is written in formulas, and what checks it; a choice is never written."""

    letters: str | tuple[str, str]
    checked: Callable[[Any, str], Any]


def _fractions(pair: Any, name: str) -> tuple[float, float]:
    if not isinstance(pair, Sequence) or len(pair) != 2:
        raise ValueError(f"{name} needs two numbers >= 0 and < 1; got {pair!r}")
    first, second = (FRACTION.checked(x, name) for x in pair)
    return first, second


def _choice(choice: Any, name: str) -> bool:
    if not isinstance(choice, (bool, np.bool_)):
        raise TypeError(f"{name} needs True or False; got {choice!r}")
    return bool(choice)


HYPERPARAMETERS = {
    "momentum": Hyperparameter("μ", FRACTION.checked),
    "alpha": Hyperparameter("α", FRACTION.checked),
    "rho": Hyperparameter("ρ", FRACTION.checked),
    "betas": Hyperparameter(("β₁", "β₂"), _fractions),
    "eps": Hyperparameter("ε", POSITIVE.checked),
    "weight_decay": Hyperparameter("λ", NOT_NEGATIVE.checked),
    "bias_correction": Hyperparameter("", _choice),
}
"""All that the rules of this package have."""


def checked(hyperparameters: Mapping[str, Any], owner: str) -> dict[str, Any]:
    """The same, each as its rule takes it. Raises ValueError or TypeError for one that is out of its range."""
    return {name: _known(name).checked(x, f"{name} of {owner}") for name, x in hyperparameters.items()}


def constants(hyperparameters: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Each letter with its number."""
    for name, x in hyperparameters.items():
        letters = _known(name).letters
        if not isinstance(x, bool):
            yield from zip(letters, x) if isinstance(letters, tuple) else [(letters, x)]


def letters_of(hyperparameters: Mapping[str, Any]) -> dict[str, Any]:
    """What stands for each in a formula: its letter or letters, and a choice as it is."""
    return {name: x if isinstance(x, bool) else _known(name).letters for name, x in hyperparameters.items()}


def _known(name: str) -> Hyperparameter:
    """That of this package which has the name; in a rule of one's own it can be any number, written by its name."""
    return HYPERPARAMETERS.get(name) or Hyperparameter(name, real_number)
