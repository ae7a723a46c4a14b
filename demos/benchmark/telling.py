"""The benchmark told: a table for each workload as it comes, then all of them, the charts, and how cost grows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from demos.benchmark import chart, growth, report
from demos.benchmark.agreement import disagreements
from demos.benchmark.growth import GROWTHS, Growth
from demos.benchmark.processes import BUDGET, ROUNDS, Failed, Result, results
from demos.benchmark.systems import SYSTEMS, is_installed
from demos.benchmark.workloads import WORKLOADS, Workload
from demos.failure import DemoFailed
from demos.layout import item, paragraph


def told(
    folder: Path,
    workloads: Mapping[str, Workload] = WORKLOADS,
    growths: Sequence[Growth] = GROWTHS,
    rounds: int = ROUNDS,
    budget: float = BUDGET,
) -> Iterator[str]:
    """The measurements, a table at a time. Raises DemoFailed at the end where systems failed or do not agree."""
    yield paragraph(
        f"Each system in a fresh process of its own, in {rounds} rounds that go from one to the next: of a round the"
        " best of a few loops, of the rounds the median, the least and the most. All have the same data, the same first"
        " weights, and the threads that they take by themselves: a machine that is busy with something else measures"
        " how they wait for each other."
    )
    yield from _absent()
    all_results: dict[str, dict[str, Result]] = {}
    wrong: list[str] = []
    for name, workload in workloads.items():
        found = all_results[name] = results(_installed(), workload, rounds, budget)
        yield report.table(workload, found)
        new = [*map(str, disagreements(workload, found)), *_failures(workload, found)]
        yield from map(item, new)
        wrong += new
    yield report.summary(all_results, workloads)
    if any(map(report.has_single, all_results.values())):
        yield report.NOTE
    yield _saved(lambda: chart.saved_chart(all_results, workloads, folder))
    yield from _growths(growths, folder)
    if wrong:
        raise DemoFailed("\n".join(["the benchmark found what is wrong:", *map(item, wrong)]))
    yield "All systems agree, in their losses and in their gradients."


def _installed() -> list[str]:
    return [name for name, system in SYSTEMS.items() if is_installed(system)]


def _absent() -> Iterator[str]:
    absent = [system for name, system in SYSTEMS.items() if name not in _installed()]
    if absent:
        yield "\n".join(item(f"{system.name} is not installed: {system.got_by}") for system in absent)


def _failures(workload: Workload, found: Mapping[str, Result]) -> list[str]:
    return [
        f"{workload.about}: {SYSTEMS[name].name} failed: {result.reason}"
        for name, result in found.items()
        if isinstance(result, Failed)
    ]


def _growths(growths: Sequence[Growth], folder: Path) -> Iterator[str]:
    if not growths:
        return
    yield paragraph("How cost grows, each size in a process of its own; memory is the most that was added to it.")
    all_points = {}
    for each in growths:
        all_points[each.name] = dict(growth.measured(each))
        yield growth.table(each, all_points[each.name])
    yield _saved(lambda: growth.saved_chart(all_points, folder))


def _saved(save: Callable[[], list[Path]]) -> str:
    try:
        paths = save()
    except ImportError as error:
        return item(f"the chart: not drawn, for {error}")
    return item(f"the chart: {', '.join(map(str, paths))}")
