"""The chart of all workloads: how long each system took, on a scale of powers of ten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from demos.benchmark.processes import Measured, Result
from demos.benchmark.report import spoken
from demos.benchmark.systems import SYSTEMS
from demos.benchmark.workloads import Workload
from nn.figures import AS_IT_IS, COLOURS, FAINT, INK, LARGE, SMALL, blank, dressed

ACROSS = 2
"""Workloads side by side."""
WIDTH, BAR, HEAD = 7.0, 0.25, 1.0
"""Of a panel, of the room for a bar, and of what is above and below the bars, in inches."""
ROOM = 8.0
"""The scale goes on to so many times the longest time: for the number beside its bar."""


def saved_chart(
    all_results: Mapping[str, Mapping[str, Result]], workloads: Mapping[str, Workload], folder: Path
) -> list[Path]:
    """Saves the chart as PNG and as SVG, and gives where. Raises ImportError where matplotlib is missing."""
    figure = chart(all_results, workloads)
    paths = [folder / f"benchmark.{ending}" for ending in ("png", "svg")]
    for path in paths:
        figure.savefig(path)
    return paths


def chart(all_results: Mapping[str, Mapping[str, Result]], workloads: Mapping[str, Workload]) -> Any:
    """A panel for each workload, and a bar for each system, in the same order and colours in all of them."""
    systems = [name for name in SYSTEMS if any(_has(results, name) for results in all_results.values())]
    down = -(-len(all_results) // ACROSS)
    figure = blank(ACROSS * WIDTH, down * (HEAD + BAR * len(systems)) + 0.3)
    grid = figure.subplots(down, ACROSS, squeeze=False)
    for axes in grid.flat:
        axes.set_visible(False)
    for axes, (name, results) in zip(grid.flat, all_results.items()):
        axes.set_visible(True)
        _panel(axes, systems, results, workloads[name])
    figure.suptitle(
        "Shorter is faster: medians, and from the least to the most of three rounds", fontsize=LARGE, color=INK
    )
    return figure


def _panel(axes: Any, systems: Sequence[str], results: Mapping[str, Result], workload: Workload) -> None:
    dressed(axes, x=f"per {workload.per}", title=workload.about)
    axes.set_xscale("log")
    shown = {name: result for name, result in results.items() if isinstance(result, Measured)}
    longest = max(max(result.seconds) for result in shown.values()) * workload.iterations
    shortest = min(min(result.seconds) for result in shown.values()) * workload.iterations
    axes.set_xlim(shortest / 2, longest * ROOM)
    for place, name in enumerate(systems):
        if name not in shown:
            _nothing(axes, place)
        else:
            _bar(axes, place, shown[name], workload.iterations, COLOURS[list(SYSTEMS).index(name)])
    axes.set_yticks(range(len(systems)), [SYSTEMS[name].name for name in systems], fontsize=SMALL, **AS_IT_IS)
    axes.set_ylim(len(systems) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_formatter(lambda seconds, _: spoken(seconds))
    axes.xaxis.set_tick_params(which="minor", bottom=False)


def _bar(axes: Any, place: int, result: Measured, iterations: int, colour: str) -> None:
    middle, least, most = (x * iterations for x in (result.median, min(result.seconds), max(result.seconds)))
    axes.barh(place, middle, height=0.72, color=colour)
    whisker = {"ecolor": INK, "elinewidth": 1.0, "capsize": 2.5}
    axes.errorbar(middle, place, xerr=[[middle - least], [most - middle]], fmt="none", **whisker)
    mark = "  (once)" if result.is_single else ""
    axes.text(most * 1.25, place, f"{spoken(middle)}{mark}", va="center", fontsize=SMALL, color=INK, **AS_IT_IS)


def _nothing(axes: Any, place: int) -> None:
    """A row without a bar."""
    axes.annotate("-", (0, place), (4, 0), ("axes fraction", "data"), "offset points", color=FAINT, va="center")


def _has(results: Mapping[str, Result], name: str) -> bool:
    return isinstance(results.get(name), Measured)
