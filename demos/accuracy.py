"""How often circles and moons are learnt, over ten seeds: `python -m demos accuracy`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean, median, stdev

from demos.layout import columns, paragraph
from demos.training import CIRCLES, MOONS, NEW_POINTS, NO_DATA, PRINTED, Task, Trained, has_data, trained

SEEDS = range(10)


def story(_: Path | None = None) -> Iterator[str]:
    """The measurements, a table for each task."""
    if not has_data():
        yield NO_DATA
        return
    yield paragraph(
        f"Data, weights and order come from the seed. Accuracy on the data that taught, and on {NEW_POINTS} new points;"
        f" document 002 prints {PRINTED:.2%} for moons, on training data of one unknown seed."
    )
    for task in (CIRCLES, *MOONS):
        yield _table(task, [trained(task, seed) for seed in SEEDS])


def _table(task: Task, results: Sequence[Trained]) -> str:
    rows = [(f"{task.name}, seed", "training", "new points", "seconds")]
    rows += [_row(str(seed), result) for seed, result in zip(SEEDS, results)]
    on_training, on_new = ([getattr(result, name) for result in results] for name in ("on_training", "on_new"))
    seconds = median(result.history.seconds for result in results)
    rows.append(("mean, median time", f"{mean(on_training):.4f}", f"{mean(on_new):.4f}", f"{seconds:.1f}"))
    rows.append(("standard deviation", f"{stdev(on_training):.4f}", f"{stdev(on_new):.4f}", ""))
    rows.append(("smallest", f"{min(on_training):.4f}", f"{min(on_new):.4f}", ""))
    return columns(rows, "<>>>")


def _row(name: str, result: Trained) -> tuple[str, str, str, str]:
    return name, f"{result.on_training:.4f}", f"{result.on_new:.4f}", f"{result.history.seconds:.1f}"
