"""How often circles and moons are learnt, over ten seeds, and how fast: `python -m demos accuracy`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean, median, stdev

from demos.layout import columns, paragraph
from demos.learning import NEW_POINTS, Trained, trained
from demos.tasks import CIRCLES, MOONS, PRINTED, Task

SEEDS = range(10)

_RELU, _SIGMOID = MOONS

LONG = [
    CIRCLES._replace(name="circles, all in one step", batch_size=CIRCLES.points, epochs=2000),
    _RELU._replace(name="moons, 8 ReLU", rate=0.001, epochs=3000),
    _SIGMOID._replace(name="moons, 10 sigmoid", rate=0.001, epochs=6000),
    _SIGMOID._replace(name="moons, 10 sigmoid", rate=0.01, epochs=6000),
    _SIGMOID._replace(name="moons, 100-70-50 sigmoid", sizes=[100, 70, 50, 1], rate=0.02, batch_size=100, epochs=2000),
]
"""The epochs and batches of document 002, section 4.2; it has a rate for ReLU alone, and no epochs for the last."""

LONG_SEEDS = range(3)


def story(_: Path | None = None) -> Iterator[str]:
    """The measurements, a table for each task. Raises DataMissing without scikit-learn."""
    yield paragraph(
        f"Data, weights and order come from the seed. Accuracy on the data that taught, and on {NEW_POINTS} new points;"
        f" document 002 prints {PRINTED:.2%} for moons, on training data of one unknown seed."
    )
    for task in (CIRCLES, *MOONS):
        yield _table(task, [trained(task, seed, metrics=()) for seed in SEEDS])
    yield paragraph(
        f"For as long as the document has them, the medians of {len(LONG_SEEDS)} seeds. It trains the network of ReLU"
        " with the rate 0.001 of Adam; with that the sigmoids stay at a border that is almost a line. The last network"
        " is the one that it calls overfitted."
    )
    yield _long_table([(task, [trained(task, seed, metrics=()) for seed in LONG_SEEDS]) for task in LONG])


def _table(task: Task, results: Sequence[Trained]) -> str:
    rows = [(f"{task.name}, seed", "training", "new points", "seconds")]
    rows += [_row(str(seed), result) for seed, result in zip(SEEDS, results)]
    on_training, on_new = ([getattr(result, name) for result in results] for name in ("on_training", "on_new"))
    seconds = median(result.history.seconds for result in results)
    rows.append(("mean, median time", f"{mean(on_training):.4f}", f"{mean(on_new):.4f}", f"{seconds:.1f}"))
    rows.append(("standard deviation", f"{stdev(on_training):.4f}", f"{stdev(on_new):.4f}", ""))
    rows.append(("smallest", f"{min(on_training):.4f}", f"{min(on_new):.4f}", ""))
    return columns(rows, "<>>>")


def _long_table(results: Sequence[tuple[Task, Sequence[Trained]]]) -> str:
    rows = [("", "epochs", "batches of", "rate", "training", "new points", "seconds")]
    for task, found in results:
        numbers = [(result.on_training, result.on_new, result.history.seconds) for result in found]
        training, new, seconds = map(median, zip(*numbers))
        given = (task.name, f"{task.epochs:,}", f"{task.batch_size}", f"{task.rate}")
        rows.append((*given, f"{training:.4f}", f"{new:.4f}", f"{seconds:.1f}"))
    return columns(rows, "<>>>>>>")


def _row(name: str, result: Trained) -> tuple[str, str, str, str]:
    return name, f"{result.on_training:.4f}", f"{result.on_new:.4f}", f"{result.history.seconds:.1f}"
