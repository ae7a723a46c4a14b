"""Whether what is computed is remembered, where it was typed, and what was compared on the way.

Outside of both nothing is paid: a new node is looked at here only while `scope["attended"]` holds a thread.

Limit: before Python 3.11 a Ctrl-C may come between any two operations, and at the edge of a block leave it begun.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from autograd.callers import callers
from autograd.eager import scope


class Origin(NamedTuple):
    """The line that computed a node: its file, its number and, where it can be read, its text."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" + (f", {self.text}" if self.text else "")


class Comparison(NamedTuple):
    """`a < b` or its like between Values and numbers, and what came of it."""

    operator: Callable[[float, float], bool]
    a: Any
    b: Any
    result: bool


_origins: WeakKeyDictionary[Any, Origin] = WeakKeyDictionary()
"""A side table: a node without an origin is not a byte larger, and one with it takes it away when it goes."""


@contextmanager
def no_recording() -> Iterator[None]:
    """Inside, and in this thread alone, results are leaves: numbers are computed and nothing is remembered."""
    with _attending(suspends=1):
        yield


@contextmanager
def recording_origins() -> Iterator[None]:
    """Inside, and in this thread alone, each node is recorded with the line that computed it; slower by far.

    `origin_of` gives the line, and `diagnose` tells it.
    """
    with _attending(originates=1):
        yield


comparing: dict[int, list[Comparison]] = {}
"""The threads in which comparisons are taken note of."""


@contextmanager
def recording_comparisons() -> Iterator[list[Comparison]]:
    """Inside, and in this thread alone, every comparison of a Value is taken note of, in the list that this gives."""
    thread = get_ident()
    before, comparing[thread] = comparing.get(thread), []
    try:
        yield comparing[thread]
    finally:
        if before is None:
            del comparing[thread]
        else:
            comparing[thread] = before


def note_comparison(comparison: Comparison) -> None:
    """Takes note of a comparison in a thread that is inside of the above."""
    if get_ident() in comparing:
        comparing[get_ident()].append(comparison)


def refuse_to_forget(by: str) -> None:
    """Raises RuntimeError in a function that `compile` records: what comes of this would stay the example's."""
    if get_ident() in comparing:
        raise RuntimeError(
            f"{by} in a function that is compiled: a program would keep the example's number for all data"
            "; compute with the Value itself, or make the number an input"
        )


def origin_of(node: Any) -> Origin | None:
    """The line that computed a node; None for a leaf, for a copy, and for what was recorded outside of the block.

    Its text is empty where Python keeps none, as for lines typed into `python` itself before 3.13.
    """
    return _origins.get(node)


def attend(node: Any) -> Any:
    """A node that was just computed in a thread that is inside one of the above: a leaf, or a node with its origin."""
    suspended, originating = scope["attended"].get(get_ident(), (0, 0))
    if suspended:
        refuse_to_forget("no_recording()")
        node._rule = node._a = node._b = None
    elif originating:
        frame = next(callers(), None)
        if frame is not None:
            file, line = frame.f_code.co_filename, frame.f_lineno
            _origins[node] = Origin(file, line, linecache.getline(file, line).strip())
    return node


@contextmanager
def _attending(suspends: int = 0, originates: int = 0) -> Iterator[None]:
    """Nothing is called between the store and the yield, nor after it.

    Ctrl-C, which comes after a call, would leave the block half begun or half ended.
    """
    thread, attended = get_ident(), scope["attended"]
    suspended, originating = attended.get(thread, (0, 0))
    attended[thread] = suspended + suspends, originating + originates
    try:
        yield
    finally:
        suspended, originating = attended[thread]
        if suspended + originating > 1:
            attended[thread] = suspended - suspends, originating - originates
        else:
            del attended[thread]
