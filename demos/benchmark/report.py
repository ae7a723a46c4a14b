"""The tables of the benchmark: what each system took for a workload, and all workloads side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from demos.benchmark.processes import Failed, Measured, Result
from demos.benchmark.systems import SYSTEMS
from demos.benchmark.workloads import Workload
from demos.layout import columns

PLAIN = "plain"
"""The system that the others are compared with, beside the fastest."""

UNITS = (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6))

SINGLE = "*"
NOTE = f"{SINGLE} one iteration, measured once, from which an epoch is computed"


def table(workload: Workload, results: Mapping[str, Result]) -> str:
    """One workload: median, least and most of the rounds, and the ratios of the medians."""
    heading = (f"per {workload.per}", "median", "min", "max", "x fastest", "x NumPy")
    lines = [heading, *(_line(name, result, workload, results) for name, result in results.items())]
    return f"{workload.about}:\n{columns(lines, '<>>>>>')}"


def summary(all_results: Mapping[str, Mapping[str, Result]], workloads: Mapping[str, Workload]) -> str:
    """The medians of all workloads, a system in each column."""
    systems = [name for name in SYSTEMS if any(name in results for results in all_results.values())]
    lines = [["", *(SYSTEMS[name].head for name in systems)]]
    for name, results in all_results.items():
        lines.append([name, *(_median(results.get(system), workloads[name]) for system in systems)])
    return columns(lines, "<" + ">" * len(systems))


def has_single(results: Mapping[str, Result]) -> bool:
    """Whether the note has something to say."""
    return any(isinstance(result, Measured) and result.is_single for result in results.values())


def fastest(results: Mapping[str, Result]) -> float | None:
    """The least of the medians, in seconds for an iteration."""
    return min((result.median for result in results.values() if isinstance(result, Measured)), default=None)


def spoken(seconds: float) -> str:
    """A time in the unit that suits it, to three digits."""
    unit, size = next((pair for pair in UNITS if seconds >= 0.9995 * pair[1]), UNITS[-1])
    number = seconds / size
    return f"{number:,.0f} {unit}" if number >= 99.95 else f"{number:.3g} {unit}"


def _line(name: str, result: Result, workload: Workload, results: Mapping[str, Result]) -> Sequence[str]:
    if isinstance(result, Failed):
        return (f"{SYSTEMS[name].name}: failed", "", "", "", "", "")
    seconds = [taken * workload.iterations for taken in (result.median, min(result.seconds), max(result.seconds))]
    mark = SINGLE if result.is_single else ""
    times = [f"{mark}{spoken(seconds[0])}", *map(spoken, seconds[1:])]
    plain = results.get(PLAIN)
    return (
        SYSTEMS[name].name,
        *times,
        _ratio(result.median, fastest(results)),
        _ratio(result.median, plain.median if isinstance(plain, Measured) else None),
    )


def _ratio(seconds: float, other: float | None) -> str:
    if not other:
        return "-"
    ratio = seconds / other
    return f"{ratio:,.0f}" if ratio >= 99.95 else f"{ratio:.3g}" if ratio >= 9.995 else f"{ratio:.2f}"


def _median(result: Result | None, workload: Workload) -> str:
    if result is None:
        return "-"
    if isinstance(result, Failed):
        return "failed"
    mark = SINGLE if result.is_single else ""
    return f"{mark}{spoken(result.median * workload.iterations)}"
