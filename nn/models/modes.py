"""A model in training, or predicting, for a while."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import repeat
from typing import Any

from nn.models.modules import Module


class Mode:
    """The model, and all that it is made of, in training or not, and afterwards as it was; a function has no mode.

    `begin` and `restore` write all modes at once. Who is to be whole whenever Ctrl-C comes calls `restore` in a
    `finally`: in a `with` statement it may come as the block ends, before anything is restored.
    """

    def __init__(self, model: Callable[[Any], Any], training: bool) -> None:
        modules = list(modules_of(model)) if isinstance(model, Module) else []
        known = [module.training for module in modules]
        self.begin = at_once(setattr, modules, repeat("training"), repeat(training))
        self.restore = at_once(setattr, modules, repeat("training"), known)

    def __enter__(self) -> None:
        try:
            self.begin()
        except BaseException:
            self.restore()
            raise

    def __exit__(self, *_: object) -> None:
        self.restore()


def at_once(function: Callable[..., Any], *arguments: Iterable[Any]) -> Callable[[], object]:
    """What calls a function of C, once, with the arguments that stand in each place; Ctrl-C comes before it or after.

    Limit: before Python 3.11, and for a module whose attributes are written by code of its own, it may come between.
    """
    return partial(deque, map(function, *arguments), 0)


def modules_of(module: Module) -> Iterator[Module]:
    """A module, and all that it is made of; what occurs twice comes twice."""
    yield module
    for child in module.children():
        yield from modules_of(child)
