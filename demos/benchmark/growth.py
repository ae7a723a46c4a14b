"""How cost grows with width, depth, batch and graph: time to record, to compile and to run, and memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from demos.benchmark.processes import Failed, Process
from demos.benchmark.report import spoken
from demos.layout import columns
from nn.figures import COLOURS, DASHES, INK, MARKERS, PALE, SMALL, blank, dressed

MEASURES = {"record": "to record", "compile": "to compile", "run": "to run, forward and backward"}
"""The times that are measured, and how they are told."""


class Growth(NamedTuple):
    """One thing that grows: what it is called, its sizes, and what is measured for each of them."""

    name: str
    about: str
    sizes: Sequence[int]
    request: Callable[[int], dict[str, Any]]


def _network(sizes: Sequence[int], examples: int) -> dict[str, Any]:
    return {"sizes": list(sizes), "examples": examples, "operations": 0}


GROWTHS = (
    Growth("width", "2-w-w-1, 32 examples", (4, 16, 64, 256), lambda w: _network((2, w, w, 1), 32)),
    Growth("depth", "so many layers of 16, 32 examples", (1, 4, 16, 64), lambda d: _network((2, *[16] * d, 1), 32)),
    Growth("batch", "2-16-16-1", (10, 100, 1000, 10_000), lambda n: _network((2, 16, 16, 1), n)),
    Growth("large batch", "784-64-32-10", (8, 32, 128), lambda n: _network((784, 64, 32, 10), n)),
    Growth(
        "operations",
        "a chain",
        (1000, 10_000, 100_000, 1_000_000),
        lambda n: {"sizes": [], "examples": 0, "operations": n},
    ),
)
"""Each grows alone, the rest as it is."""

Point = Mapping[str, Any]
"""What was measured for one size."""


def measured(growth: Growth) -> Iterator[tuple[int, Point | Failed]]:
    """Each size in a process of its own, for its memory is measured too."""
    for size in growth.sizes:
        with Process("demos.benchmark.growing", json.dumps(growth.request(size))) as process:
            yield size, process.answer()


def table(growth: Growth, points: Mapping[int, Point | Failed]) -> str:
    """A size in each line."""
    heading = (growth.name, "nodes", "record", "compile", "run", "memory")
    lines = [heading, *(_line(size, point) for size, point in points.items())]
    return f"{growth.about}:\n{columns(lines, '>>>>>>')}"


def saved_chart(all_points: Mapping[str, Mapping[int, Point | Failed]], folder: Path) -> list[Path]:
    """Saves the chart as PNG and as SVG, and gives where. Raises ImportError where matplotlib is missing."""
    figure = chart(all_points)
    paths = [folder / f"growth.{ending}" for ending in ("png", "svg")]
    for path in paths:
        figure.savefig(path)
    return paths


def chart(all_points: Mapping[str, Mapping[int, Point | Failed]]) -> Any:
    """Times above, memory below, for each thing that grows; both scales in powers of ten."""
    abouts = {growth.name: growth.about for growth in GROWTHS}
    figure = blank(3.3 * len(all_points), 6.4)
    grid = figure.subplots(2, len(all_points), squeeze=False, sharex="col", sharey="row", height_ratios=(3, 2))
    for place, (name, points) in enumerate(all_points.items()):
        done = {size: point for size, point in points.items() if not isinstance(point, Failed)}
        _times(grid[0][place], abouts.get(name, name), done)
        _memory(grid[1][place], name, done)
        grid[1][place].set_xticks(list(points), [f"{size:,}" for size in points], fontsize=SMALL)
        grid[1][place].set_xticks([], minor=True)
    grid[0][0].set_ylabel("time", color=INK)
    grid[1][0].set_ylabel("memory", color=INK)
    signs = grid[0][0].get_legend_handles_labels()
    figure.legend(*signs, loc="outside upper center", ncols=len(MEASURES), frameon=False, labelcolor=INK)
    return figure


def _times(axes: Any, about: str, points: Mapping[int, Point]) -> None:
    dressed(axes, title=about)
    for place, (measure, about) in enumerate(MEASURES.items()):
        _line_of(axes, place, points, measure, about)
    axes.yaxis.set_major_formatter(lambda seconds, _: spoken(seconds))


def _memory(axes: Any, name: str, points: Mapping[int, Point]) -> None:
    dressed(axes, x=name)
    _line_of(axes, len(MEASURES), {size: x for size, x in points.items() if x["memory"]}, "memory", "memory")
    axes.yaxis.set_major_formatter(lambda memory, _: f"{memory:,.0f} MiB")


def _line_of(axes: Any, place: int, points: Mapping[int, Point], measure: str, about: str) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.grid(True, color=PALE, linewidth=0.4)
    look = {"color": COLOURS[place], "marker": MARKERS[place], "linestyle": DASHES[place]}
    axes.plot(list(points), [point[measure] for point in points.values()], label=about, **look)


def _line(size: int, point: Point | Failed) -> Sequence[str]:
    if isinstance(point, Failed):
        return (f"{size:,}: {point.reason}", "", "", "", "", "")
    memory = "-" if point["memory"] is None else f"{point['memory']:,.0f} MiB"
    return (f"{size:,}", f"{point['nodes']:,}", *(spoken(point[measure]) for measure in MEASURES), memory)
