"""All stories at once: as many processes as the machine has cores, each telling one story after another.

Where the system has nothing that processes could share, this one tells them all.

Laws of this file:
- An interrupt is the business of the first process alone: it ends the others, which say nothing.
- A worker computes with one thread: all cores have work already.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import active_children, get_context
from pathlib import Path

from demos.catalogue import stories
from demos.gallery.accounts import Account
from demos.gallery.exhibits import exhibited, swept
from demos.gallery.pages import Shelf

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""What says to a library for matrices how many threads it may have; it is read when that is loaded."""

ALLOCATIONS = 100_000
"""After so many the collector looks for cycles: graphs have none, and it would walk them in vain, and often."""

DIED = "its process came to an end; it may have had too little memory"


def all_exhibited(names: Sequence[str], folder: Path, brief: bool, data: Path | None) -> Iterator[Account]:
    """The accounts of the stories, as they come to their ends; their pages are then written.

    Whoever stops asking, or is interrupted, ends the processes.
    """
    others = active_children()
    with _environment(dict.fromkeys(THREADS, "1")), _interrupts_ignored():
        pool = _pool(_cores(len(names)))
        told = (
            {pool.submit(_exhibited, name, tuple(names), folder, brief, data): name for name in _by_length(names)}
            if pool
            else {}
        )
    if pool is None:
        yield from _exhibited_here(names, folder, brief, data)
        return
    try:
        for future in as_completed(told):
            yield _account(future.result, told[future])
    except BaseException:
        with _interrupts_ignored():  # a second one would leave processes behind, and what is half written
            for process in set(active_children()) - set(others):
                process.kill()
            pool.shutdown(cancel_futures=True)
            swept(folder)
        raise
    pool.shutdown()


def _pool(processes: int) -> ProcessPoolExecutor | None:
    """Processes that tell stories; None where there can be no locks for them, which Linux keeps in /dev/shm."""
    try:
        return ProcessPoolExecutor(processes, get_context("spawn"), initializer=_begin)
    except (OSError, NotImplementedError):
        return None


def _exhibited_here(names: Sequence[str], folder: Path, brief: bool, data: Path | None) -> Iterator[Account]:
    try:
        for name in names:
            yield _account(partial(_exhibited, name, names, folder, brief, data), name)
    except BaseException:
        swept(folder)
        raise


def _by_length(names: Sequence[str]) -> list[str]:
    """Those that read a folder of data take longest, and begin first, so that no core waits for another at the end."""
    return sorted(names, key=lambda name: not stories()[name].has_data)


def _exhibited(name: str, names: Sequence[str], folder: Path, brief: bool, data: Path | None) -> Account:
    return exhibited(stories()[name], folder, Shelf(names), brief, data)


def _account(ask: Callable[[], Account], name: str) -> Account:
    try:
        return ask()
    except BrokenProcessPool:
        return Account(name, failure=DIED)
    except Exception as error:  # the page could not be written
        return Account(name, failure=f"{type(error).__name__}: {error}")


def _cores(most: int) -> int:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(usable, most))


@contextmanager
def _environment(given: dict[str, str]) -> Iterator[None]:
    """What processes that start inside find in their environment."""
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Inside, interrupts do nothing; processes that start there ignore them from their first moment on."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _begin() -> None:
    """What each process does first: interrupts are ignored here too where what is ignored is not handed down."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(ALLOCATIONS)
