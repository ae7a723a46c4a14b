"""Mistakes planted in the project, one at a time, to see that the tests catch each.

    python -m tests.planted_mistakes [--kind losses] [--only Adam] [--processes 2]

Every partial of every primitive, every sum of the passes, of the compiler and of the page, every term of every rule and
every loss is made wrong in a copy of the project, and the tests that are about it are asked until one fails. Prints a
table: where, what, which tests, and the first test that failed, or MISSED. Exits with 1 where one was missed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import NamedTuple

from tests.planted_kinds import KINDS, mistakes
from tests.planting import MISSED, Mistake, Verdict, copied, load, tested, verdict

LONGEST_WORDS = 70
"""Columns of what is wrong."""


class Total(NamedTuple):
    """What became of the mistakes of a kind."""

    kind: str
    planted: int
    missed: int
    seconds: float


def main(arguments: list[str] | None = None) -> int:
    """Prints the table; 1 where a mistake was missed, or a test fails without any."""
    parser = argparse.ArgumentParser(prog="python -m tests.planted_mistakes", description="do the tests see mistakes?")
    parser.add_argument("--kind", choices=KINDS, action="append", help="only mistakes of this kind")
    parser.add_argument("--only", action="append", help="only mistakes with this text in their place or their name")
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args(arguments)
    chosen = [
        mistake
        for mistake in mistakes()
        if mistake.kind in (options.kind or KINDS)
        and any(text in f"{mistake.place}: {mistake.name}" for text in options.only or [""])
    ]
    load()
    with TemporaryDirectory() as folder:
        return _printed(chosen, Path(folder), options.processes)


def verdicts(chosen: Sequence[Mistake], folder: Path, processes: int) -> Iterator[Verdict]:
    """What the tests say of each mistake, in order; each process has a copy of its own in the folder."""
    with get_context("fork").Pool(processes, _begin, (folder,)) as pool:
        yield from pool.imap(_verdict, chosen)


def failing(chosen: Sequence[Mistake], folder: Path) -> str:
    """The first test that fails without any mistake: what it says of one is nothing."""
    copied(folder)
    asked = {mistake.tests for mistake in chosen}
    files = {(test,) for tests in asked for test in tests if test.endswith(".py")}
    runs = (tested(tests, folder).caught_by for tests in sorted(min(asked, files, key=len)))
    return next(filter(None, runs), "")


def _printed(chosen: Sequence[Mistake], folder: Path, processes: int) -> int:
    broken = failing(chosen, folder / "right") if chosen else "no test is asked: there is no such mistake"
    if broken:
        print(f"without any mistake: {broken}")
        return 1
    totals = []
    for kind in dict.fromkeys(mistake.kind for mistake in chosen):
        started = time.monotonic()
        of_kind = [mistake for mistake in chosen if mistake.kind == kind]
        missed = 0
        for mistake, found in zip(of_kind, verdicts(of_kind, folder, processes)):
            print(_line(mistake, found), flush=True)
            missed += found.caught_by == MISSED
        totals.append(Total(kind, len(of_kind), missed, time.monotonic() - started))
    for kind, planted, missed, seconds in totals:
        print(f"{kind:<12} {planted:>5} planted {planted - missed:>5} caught {missed:>5} missed {seconds:>7.0f} s")
    return int(any(total.missed for total in totals))


def _line(mistake: Mistake, found: Verdict) -> str:
    asked = " ".join(test.removeprefix("tests/test_").removesuffix(".py") for test in mistake.tests)
    words = mistake.name if len(mistake.name) <= LONGEST_WORDS else f"{mistake.name[: LONGEST_WORDS - 1]}…"
    caught_by = found.caught_by.removeprefix("tests/") or "MISSED"
    return f"{mistake.kind} | {mistake.place} | {words} | {asked} | {caught_by} | {found.seconds:.1f} s"


_copy = Path()


def _begin(folder: Path) -> None:
    global _copy  # noqa: PLW0603 - of this process
    _copy = Path(mkdtemp(dir=folder))
    copied(_copy)


def _verdict(mistake: Mistake) -> Verdict:
    return verdict(mistake, _copy)


if __name__ == "__main__":
    sys.exit(main())
