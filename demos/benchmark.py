"""How fast the engine is, beside micrograd where it is installed: `python -m demos benchmark`.

The same code runs both engines, with the same numbers. Rounds alternate between them and the median counts, so that
other work on the machine weighs on both alike. The chain runs in a process of its own, for its memory is measured.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import weakref
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

import autograd
import nn
from demos.layout import columns

SEED = 20240907
EXPRESSIONS = 2000
"""Runs of the small expression in one round: about 0.1 s."""
EXPRESSION_ROUNDS = 9
STEPS = 5
"""Successive steps in one round, as in training: what one step leaves to the collector weighs on the next."""
STEP_ROUNDS = 5
EXAMPLES = 100
PENALTY = 1e-4
RATE = 0.1
OPERATIONS = 1_000_000


class Engine(NamedTuple):
    """An engine under test: its classes for a number and for a network."""

    name: str
    value: Any
    mlp: Any


def story(_: Path | None = None) -> Iterator[str]:
    """The measurements, a table at a time."""
    engines = [Engine("this engine", autograd.Value, nn.MLP)]
    rival = micrograd()
    if rival:
        engines.append(rival)
    else:
        yield "micrograd is not installed, so there is nothing to compare with: pip install cadena-autograd[benchmark]"
    yield "Forward and backward; medians of rounds that alternate between the engines:"
    yield columns([_heading(engines), *_rows(engines)], alignment="<" + ">" * (len(engines) + 1))
    if rival:
        yield f"The largest relative difference between the two engines' numbers is {disagreement(*engines):.1e}."
    yield from _chain_report()


def micrograd() -> Engine | None:
    """micrograd, or None where it is not installed."""
    try:
        # by name: micrograd publishes no types, and need not be installed to check this file's
        return Engine("micrograd", import_module("micrograd.engine").Value, import_module("micrograd.nn").MLP)
    except ImportError:
        return None


def readme_expression(value: Any) -> tuple[float, float, float]:
    """The expression of micrograd's README, forward and backward: g, dg/da, dg/db."""
    a = value(-4.0)
    b = value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    return g.data, a.grad, b.grad


class Classifier:
    """An MLP(2, [16, 16, 1]) and 100 examples in two classes; every engine gets the same weights."""

    def __init__(self, engine: Engine) -> None:
        rng = np.random.default_rng(SEED)
        self.examples = rng.uniform(-1.0, 1.0, (EXAMPLES, 2)).tolist()
        self.targets = [1.0 if x * y > 0 else -1.0 for x, y in self.examples]
        self.model = engine.mlp(2, [16, 16, 1])
        for parameter in self.model.parameters():
            parameter.data = rng.uniform(-1.0, 1.0)

    def train(self) -> None:
        """One round of steps."""
        for _ in range(STEPS):
            self.step()

    def step(self) -> float:
        """One step of gradient descent on all examples; gives the loss before it."""
        scores = [self.model(example) for example in self.examples]
        margins = [(1 + -target * score).relu() for target, score in zip(self.targets, scores)]
        loss = sum(margins) * (1.0 / len(margins)) + PENALTY * sum(p * p for p in self.model.parameters())
        self.model.zero_grad()
        loss.backward()
        for parameter in self.model.parameters():
            parameter.data -= RATE * parameter.grad
        return float(loss.data)


def chain(operations: int) -> dict[str, Any]:
    """What a chain of recorded operations takes, and whether it is freed at once, with the cyclic collector off."""
    gc.disable()
    try:
        return _measured_chain(operations)
    finally:
        gc.enable()


def disagreement(ours: Engine, theirs: Engine) -> float:
    """The largest relative difference between the numbers of two engines: the expression, and the losses of a round."""
    first, second = (
        [*readme_expression(engine.value), *map(Classifier.step, [Classifier(engine)] * STEPS)]
        for engine in (ours, theirs)
    )
    return max(abs(x - y) / abs(y) for x, y in zip(first, second))


def interleaved(runs: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """The median seconds of each of the runs, in rounds that take each of them once."""
    seconds: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for run, taken in zip(runs, seconds):
            # what earlier rounds left to the collector is not this round's work
            gc.collect()
            start = perf_counter()
            run()
            taken.append(perf_counter() - start)
    return [median(taken) for taken in seconds]


def _heading(engines: Sequence[Engine]) -> list[str]:
    return ["", *(engine.name for engine in engines), "ratio"]


def _rows(engines: Sequence[Engine]) -> Iterator[list[str]]:
    expressions = interleaved([partial(_repeated, engine.value) for engine in engines], EXPRESSION_ROUNDS)
    yield _row("micrograd's README expression", [taken / EXPRESSIONS for taken in expressions])
    steps = interleaved([Classifier(engine).train for engine in engines], STEP_ROUNDS)
    yield _row(f"MLP(2, [16, 16, 1]), {EXAMPLES} examples, hinge loss, one step", [taken / STEPS for taken in steps])


def _row(name: str, seconds: Sequence[float]) -> list[str]:
    ratio = f"{seconds[1] / seconds[0]:.1f}" if len(seconds) > 1 else "-"
    return [name, *map(_duration, seconds), ratio]


def _repeated(value: Any) -> None:
    for _ in range(EXPRESSIONS):
        readme_expression(value)


def _duration(seconds: float) -> str:
    return f"{seconds * 1e3:.3g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.3g} µs"


def _measured_chain(operations: int) -> dict[str, Any]:
    x = autograd.Value(1.0)
    start = perf_counter()
    y = x
    for _ in range(operations // 2):
        y = y * 0.999 + 0.001
    forward = perf_counter()
    y.backward()
    backward = perf_counter()
    inner = weakref.ref(y.operands[0])
    del y
    freed = perf_counter()
    return {
        "forward": forward - start,
        "backward": backward - forward,
        "free": freed - backward,
        "peak": _peak_mebibytes(),
        "freed": inner() is None,
        "slope": x.grad,
    }


def _chain_report() -> Iterator[str]:
    yield f"A chain of {OPERATIONS:,} recorded operations, in a process of its own, with the cyclic collector off:"
    measured = subprocess.run(
        [sys.executable, "-m", "demos.benchmark", str(OPERATIONS)],
        capture_output=True,
        check=True,
        text=True,
        cwd=Path(__file__).resolve().parents[1],
    )
    found = json.loads(measured.stdout)
    peak = f"{found['peak']:.0f} MiB" if found["peak"] else "not measured on this system"
    freed = f"yes, in {found['free']:.2f} s" if found["freed"] else "NO"
    yield columns(
        [
            ("forward", f"{found['forward']:.2f} s"),
            ("backward", f"{found['backward']:.2f} s"),
            ("peak memory of the process", peak),
            ("freed by reference counting alone", freed),
        ],
        alignment="<>",
    )


def _peak_mebibytes() -> float | None:
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # kibibytes, but bytes on macOS
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    print(json.dumps(chain(int(sys.argv[1]))))
