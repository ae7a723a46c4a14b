"""Every system in a fresh process of its own, for each workload; rounds go from one to the next and round again.

Other work on the machine, and its heat, so weigh on all alike. The processes wait while another one is measured, and
all have the threads that the machine gives them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any, NamedTuple

from demos.benchmark.workloads import Workload

ROOT = Path(__file__).resolve().parents[2]

ROUNDS, BUDGET = 3, 0.3
"""How often each process is measured, and for how many seconds each time."""


class Measured(NamedTuple):
    """What one system did: the seconds of an iteration in each round, its first losses, its numbers.

    `is_single` says that the time is that of one iteration alone, which takes longer than a round may.
    """

    seconds: tuple[float, ...]
    losses: tuple[float, ...]
    numbers: tuple[float, ...]
    is_single: bool

    @property
    def median(self) -> float:
        """The seconds that count."""
        return median(self.seconds)


class Failed(NamedTuple):
    """A system that did not come to an end, and the last line of what it said."""

    reason: str


Result = Measured | Failed


class Process:
    """A worker: a question is a line, and so is its answer."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._errors = TemporaryFile()  # noqa: SIM115  # closed by __exit__
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            encoding="utf-8",
            cwd=ROOT,
        )

    def __enter__(self) -> Process:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._errors:
            self._process.kill()
            self._process.__exit__(kind, error, trace)

    def answer(self, question: str = "") -> dict[str, Any] | Failed:
        """What it says next, after a question if there is one."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            if question:
                self._process.stdin.write(f"{question}\n")
                self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        return json.loads(line) if line else self._failed()

    def _failed(self) -> Failed:
        status = self._process.wait()
        self._errors.seek(0)
        said = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        return Failed(said[-1] if said else f"it ended with {status}")


def results(
    systems: Sequence[str], workload: Workload, rounds: int = ROUNDS, budget: float = BUDGET
) -> dict[str, Result]:
    """What each of the systems that have the workload did. Those without it are left out."""
    arguments = json.dumps(workload._asdict())
    with ExitStack() as stack:
        processes = {name: stack.enter_context(Process("demos.benchmark.worker", name, arguments)) for name in systems}
        ready = {name: process.answer() for name, process in processes.items()}
        failed = {name: answer for name, answer in ready.items() if isinstance(answer, Failed)}
        able = {name: processes[name] for name, answer in ready.items() if name not in failed and answer["can"]}  # type: ignore[call-overload]
        found = {**failed, **_measured(able, rounds, budget)}
    return {name: found[name] for name in systems if name in found}


def _measured(processes: Mapping[str, Process], rounds: int, budget: float) -> dict[str, Result]:
    answers: dict[str, list[dict[str, Any]]] = {name: [] for name in processes}
    failed: dict[str, Failed] = {}
    for _ in range(rounds):
        for name, process in processes.items():
            if name in failed or (answers[name] and answers[name][0]["is_single"]):
                continue
            answer = process.answer(str(budget))
            if isinstance(answer, Failed):
                failed[name] = answer
            else:
                answers[name].append(answer)
    return {name: failed.get(name) or _joined(answers[name]) for name in processes}


def _joined(answers: Sequence[dict[str, Any]]) -> Measured:
    first = answers[0]
    seconds = tuple(answer["seconds"] for answer in answers)
    return Measured(seconds, tuple(first["losses"]), tuple(first["numbers"]), first["is_single"])
