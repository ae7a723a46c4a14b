"""A model in training, or predicting, for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from nn.models.modules import Module


@contextmanager
def mode(model: Callable[[Any], Any], training: bool) -> Iterator[None]:
    """The model, and all that it is made of, in training or not, and afterwards as it was; a function has no mode."""
    modules = list(modules_of(model)) if isinstance(model, Module) else []
    known = [module.training for module in modules]
    try:
        for module in modules:
            module.training = training
        yield
    finally:
        for module, was in zip(modules, known):
            module.training = was


def modules_of(module: Module) -> Iterator[Module]:
    """A module, and all that it is made of; what occurs twice comes twice."""
    yield module
    for child in module.children():
        yield from modules_of(child)
