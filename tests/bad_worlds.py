"""Where bad input is tried: a few graphs, a model that was trained a little, and a folder, all of which are compared.

`World` is made anew for each case. `tried` makes the call of a case in a world, and tells what it gave and changed.
"""

from __future__ import annotations

import errno
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import IO, Any, NamedTuple, NoReturn
from unittest.mock import patch

import numpy as np
import pytest

import autograd
import nn
from autograd import PRIMITIVES, Value
from autograd.eager import scope

SAVED = {"graph.json": "[]", "model.json": "old", "picture.dot": "old", "picture.svg": "old", "page.html": "old"}
"""The files that are in the folder before the call."""


class World:
    """What a call can spoil. Every Value of it, and all else that `state` tells, is to be the same after an error."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in SAVED.items():
            (folder / name).write_text(text)
        self.graph()
        self.network()

    def graph(self) -> None:
        """y has its gradients, old is stale, root is not, trap can be interrupted, and alone is a leaf."""
        self.x, self.w, self.zero = Value(2.0, "x"), Value(-3.0, "w"), Value(0.0, "zero")
        self.nan, self.inf, self.tiny = Value(np.nan, "nan"), Value(np.inf, "inf"), Value(5e-324, "tiny")
        self.alone, self.written = Value(7.0, "alone"), Value(1.0, "written")
        self.old = self.written.log() * 2
        self.old.backward()
        self.below = Value(1.0, "below")
        self.doubled = self.below * 2
        self.root = self.doubled.log()
        self.written.data = 4.0
        self.inner = self.x * self.w
        self.y = self.inner + self.x.exp()
        self.y.label = "y"
        self.y.backward()
        self.trap = (self.x.sin() * self.y).sin() * self.x
        self.program = autograd.compile(self.y, [self.x, self.w])
        self.program.run()
        self.fed = autograd.compile(self.inner, [self.w], inputs=[self.x])
        self.fed.run([2.0])

    def network(self) -> None:
        """A model and its optimizer after one step, with the gradients of that step, and its data."""
        self.X, self.Y = np.array([[0.5, -1.0], [2.0, 1.0], [0.0, 0.25]]), np.array([1.0, 0.0, 1.0])
        self.model = nn.MLP(2, [2, 1], "tanh", seed=1)
        self.neuron = nn.Neuron(2, "sigmoid", seed=2)
        self.layer = nn.Layer(2, 2, "relu", seed=3)
        self.optimizer = nn.Adam(self.model.parameters())
        self.loss = nn.mse([self.model(row) for row in self.X], self.Y)
        self.loss.backward()
        self.optimizer.step()

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def values(self) -> Iterator[tuple[str, Value]]:
        """Every Value of the world, with where it is met first."""
        roots = [value for value in vars(self).values() if isinstance(value, Value)]
        modules = [self.model, self.neuron, self.layer]
        parameters = [parameter for module in modules for parameter in module.parameters()]
        met: set[Value] = set()
        for i, root in enumerate([*roots, *parameters]):
            for j, node in enumerate(autograd.topological_order(root)):
                if node not in met:
                    met.add(node)
                    yield f"node {j} of root {i}, {node.label}", node

    def state(self) -> dict[str, Any]:
        """All that a call that failed may not have changed, by name."""
        nodes = {
            name: (node.data.hex(), node.grad.hex(), node.label, node.grad_state, node.is_stale)
            for name, node in self.values()
        }
        files = {path.name: path.read_bytes() for path in sorted(self.folder.rglob("*"))}
        return {
            **nodes,
            "files": files,
            "optimizer": repr(self.optimizer.state_dict()),
            "rate": self.optimizer.lr,
            "training": self.model.training,
            "data": (self.X.tolist(), self.Y.tolist()),
            "programs": [[p.parameters.tolist(), p.gradient.tolist()] for p in (self.program, self.fed)],
            "table": dict(PRIMITIVES),
            "attended": scope["attended"],
            "Ctrl-C": signal.getsignal(signal.SIGINT),
        }


class Case(NamedTuple):
    """A call, and the error that it gives, told in full; without an error, the answer as Python shows it.

    The folder of the world stands in the message as FOLDER. `prepare` sets the world up before it is looked at.
    """

    name: str
    call: Callable[[World], Any]
    error: type[BaseException] | None
    message: str
    prepare: Callable[[World], Any] | None = None


class Outcome(NamedTuple):
    """What a call gave: the type and the message of its error, or None and its answer."""

    error: type[BaseException] | None
    message: str


class Trial(NamedTuple):
    """What a case gave, and the names of what was not the same after it."""

    outcome: Outcome
    changed: list[str]


def tried(case: Case, folder: Path) -> Trial:
    """A case in a new world, whose files are in this folder. The table is put back in any case."""
    table, world = dict(PRIMITIVES), World(folder)
    if case.prepare:
        case.prepare(world)
    before = world.state()
    try:
        return Trial(_outcome(case, world), _differences(before, world.state()))
    finally:
        for name in PRIMITIVES.keys() - table.keys():
            del PRIMITIVES[name]


def _outcome(case: Case, world: World) -> Outcome:
    try:
        answer = repr(case.call(world))
    except (Exception, KeyboardInterrupt) as error:
        return Outcome(type(error), str(error).replace(str(world.folder), "FOLDER"))
    return Outcome(None, answer)


def _differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [name for name in sorted(before.keys() | after.keys()) if before.get(name) != after.get(name)]


# ---- what can go wrong around a call


def _interrupt(*_: Any) -> NoReturn:
    raise KeyboardInterrupt


@contextmanager
def interrupted_in(function: str) -> Iterator[None]:
    """Ctrl-C arrives when a rule of the engine computes this function of floats."""
    with patch.dict(scope, {function: _interrupt}):
        yield


class _Full:
    """A stream to a disk on which there is no room for the second half."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream

    def __enter__(self) -> _Full:
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()

    def write(self, content: bytes) -> NoReturn:
        self.stream.write(content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")


@contextmanager
def full_disk() -> Iterator[None]:
    """The disk is full in the middle of each file."""
    with patch("autograd.archive.files.open", lambda *given: _Full(open(*given)), create=True):
        yield


def on_full_disk(write: Callable[[], Any]) -> Any:
    with full_disk():
        return write()


def interrupted(function: str, act: Callable[[], Any]) -> Any:
    with interrupted_in(function):
        return act()


def interrupted_in_writing(write: Callable[[], Any]) -> Any:
    """Ctrl-C arrives when a file is written, and not in its place yet."""
    with patch("autograd.archive.files.os.replace", _interrupt):
        return write()


needs_timer = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no timer that interrupts")


def pressed_twice(number: int, frame: Any) -> None:
    """Ctrl-C and Ctrl-C again, whatever hears them."""
    signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGINT)


def interrupted_anywhere(
    act: Callable[[], Any], times: int = 1000, longest: float = 1e-4, press: Any = signal.default_int_handler
) -> Iterator[None]:
    """Goes on after each Ctrl-C, which came at a moment of its own while `act` was done again and again.

    It comes within the `longest` time, in seconds, and does what `press` does, which raises KeyboardInterrupt. The test
    fails where `act` swallows it.
    """
    random = Random(0)
    before = signal.signal(signal.SIGALRM, press)
    try:
        for _ in range(times):
            with suppress(KeyboardInterrupt):
                signal.setitimer(signal.ITIMER_REAL, random.uniform(1e-6, longest))
                _again_until_interrupted(act)
            yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _again_until_interrupted(act: Callable[[], Any]) -> NoReturn:
    # a function of its own: in Python 3.12 and 3.13 no `with` around it holds while it jumps back to its condition
    while signal.getitimer(signal.ITIMER_REAL)[0]:
        act()
    time.sleep(1)  # which is interrupted where the signal is still on its way
    pytest.fail("Ctrl-C came, and no KeyboardInterrupt left what was done")


def interrupting(*_: Any) -> NoReturn:
    """A loss, a callback or a schedule in which Ctrl-C arrives."""
    raise KeyboardInterrupt
