"""Python's floats by hand: what a person would write for one expression, without an engine.

This is a rival of the engine, and no part of it: its derivatives are written by hand, and are checked against those of
the others when the benchmark runs.
"""

from __future__ import annotations

from demos.benchmark.cases import Case
from demos.benchmark.workloads import FACTOR, TERM, A, B, Workload


def case_of(workload: Workload) -> Case | None:
    """The two that are small or narrow enough for it."""
    if workload.kind == "expression":
        return _expression()
    return _chain(workload.operations) if workload.kind == "chain" else None


def expression(a: float, b: float) -> tuple[float, float, float]:
    """g of micrograd's README, dg/da and dg/db: each line of it, and each line back again."""
    c1 = a + b
    d1 = a * b + b * b * b
    c2 = c1 + (c1 + 1)
    c3 = c2 + (1 + c2 - a)
    s = b + a
    d2 = d1 + (d1 * 2 + (s if s > 0 else 0.0))
    t = b - a
    d3 = d2 + (3 * d2 + (t if t > 0 else 0.0))
    e = c3 - d3
    f = e * e
    g = f / 2.0 + 10.0 / f
    de = (0.5 - 10.0 / (f * f)) * 2.0 * e
    # e falls with d3, which is 4 · d2 and t; d2 is 3 · d1 and s; c3 is 4 · c1 and -a
    dt = -de if t > 0 else 0.0
    dd2 = -4.0 * de
    ds = dd2 if s > 0 else 0.0
    dd1 = 3.0 * dd2
    dc1 = 4.0 * de
    return g, dc1 - de + dd1 * b + ds - dt, dc1 + dd1 * (a + 3.0 * b * b) + ds + dt


def _expression() -> Case:
    slopes = [0.0, 0.0]

    def run(count: int) -> float:
        g = 0.0
        for _ in range(count):
            g, slopes[0], slopes[1] = expression(A, B)
        return g

    return Case(run, lambda: slopes)


def _chain(operations: int) -> Case:
    slopes = [0.0]

    def run(count: int) -> float:
        y = 0.0
        for _ in range(count):
            y = 1.0
            for _ in range(operations // 2):
                y = y * FACTOR + TERM
            slope = 1.0
            for _ in range(operations // 2):
                slope = slope * FACTOR
            slopes[0] = slope
        return y

    return Case(run, lambda: slopes)
