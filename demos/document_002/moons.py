"""Document 002, section 4.2: two half moons that no line separates, and three networks that learn them.

The document gives no seed and no rate; seeds and rates are ours, and how much they matter is shown: an accuracy is a
number of one seed. Data, weights and the order of the examples come from the seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from autograd import Value
from demos.document_002 import moons_charts
from demos.document_002.activations import slope_at
from demos.document_002.moons_charts import Regions
from demos.learning import NEW_POINTS, Trained, trained
from demos.pieces import Chart, Diagram, Heading, Items, Paragraph, Piece, Table
from demos.story import demo
from demos.tasks import MOONS, PRINTED, Task
from nn import draw_network, plot_decision_boundary, predict

SEED = 0
"""Of the networks that are shown."""

RELU, SIGMOID = MOONS

ADAM_RATE = 0.001
"""Of Keras's Adam where nothing else is said, as in the code of the annex."""

LISTED = RELU._replace(name="moons-listed", rate=ADAM_RATE, epochs=3000)
"""The code of the annex: its epochs, and its rate."""

SIGMOID_EPOCHS = 6000
"""Of figure 71, says the document."""

LARGE = SIGMOID._replace(name="moons-large", sizes=[100, 70, 50, 1], rate=0.02, batch_size=100, epochs=800)
"""The network of figure 70; the document does not say for how many epochs it was taught."""

MARGIN = 1.0
"""Around the points, so much of the plane is shown, as in the document."""

LEARNT = 0.3
"""A loss: half of that of a coin, and a little less."""


FINE = 0.01
"""The step of the grid on which the document's code draws a border."""


class Lengths(NamedTuple):
    """How long a story is: tasks, seeds that are tried, and steps of grids, for the large network and for others."""

    listed: Task
    large: Task
    seeds: Sequence[int]
    step: float
    fine: float


FULL = Lengths(LISTED, LARGE, range(5), 0.05, FINE)
BRIEF = Lengths(LISTED._replace(epochs=50), LARGE._replace(sizes=[10, 7, 5, 1], epochs=5), range(1), 0.2, 0.1)


@demo(
    "moons",
    "002",
    "4.2",
    "two half moons: a network that overfits, one that fits, and one that is fast",
    items="C101-C105",
    errata="002-27",
)
def story(*, brief: bool) -> Iterator[Piece]:
    """The points, the three networks, their borders, and how far an accuracy depends on the seed."""
    lengths = BRIEF if brief else FULL
    yield _setting()
    seeds = {task.name: [trained(task, seed, metrics=()) for seed in lengths.seeds] for task in MOONS}
    relu, sigmoid = (results[SEED] for results in seeds.values())
    listed = trained(lengths.listed, SEED, metrics=())
    large = trained(lengths.large, SEED, metrics=(), dtype=np.float32)
    yield from _three(seeds[SIGMOID.name], relu, listed, large)
    yield from _printed(sigmoid, seeds)
    yield from _fast(seeds)
    yield Heading("Remarks on the section (002-27)")
    yield Items(list(_remarks(large)))
    yield Heading("Pictures")
    yield from _pictures(sigmoid, relu, listed, large, lengths)


def regions(result: Trained, step: float) -> Regions:
    """What the model says of each point of the plane, rounded to a class, as the listing has it."""
    X = result.data.X
    xs, ys = (np.arange(low - MARGIN, high + MARGIN, step) for low, high in zip(X.min(axis=0), X.max(axis=0)))
    places = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    return Regions(xs, ys, np.round(predict(result.model, places)).reshape(len(ys), len(xs)))


def epochs_until(losses: Sequence[float], low: float = LEARNT) -> int | None:
    """The first epoch whose loss is below it, if there is one."""
    return next((epoch for epoch, loss in enumerate(losses, start=1) if loss < low), None)


def _setting() -> Paragraph:
    return Paragraph(
        f"make_moons(n_samples={RELU.points}, noise=0.25) of scikit-learn draws two half moons that reach into one"
        " another (figure 69). No line separates them, and with this noise they mix: a curve that parts them all has to"
        " go around single points. The document gives no seed; ours are 0, 1, 2 …, and a model is measured on"
        f" {NEW_POINTS} new points, too, which the document does not do. All networks end in a sigmoid and are taught"
        " with the cross-entropy and Adam, by nn.fit, which compiles the graph that it records from scalars."
    )


def _three(sigmoids: Sequence[Trained], relu: Trained, listed: Trained, large: Trained) -> Iterator[Piece]:
    named = {
        "70": large,
        "71": sigmoids[SEED],
        "72": relu,
        "72, as listed": listed,
    }
    yield Heading("Three networks")
    heading = ("figure", "hidden", "parameters", "batch", "rate", "epochs", "right of taught", "of new")
    yield Table(heading, [_line(name, result) for name, result in named.items()], "<<>>>>>>")
    yield Paragraph(
        f"The document takes {SIGMOID_EPOCHS:,} epochs for figure 71 and {LISTED.epochs:,} for figure 72, and names no"
        f" rate: that of its Adam is {ADAM_RATE:g} where nothing else is said. With rates of ours, {SIGMOID.rate:g} and"
        f" {RELU.rate:g}, we take {RELU.epochs} epochs. The last line has the rate of the document's code and"
        f" {_listed(listed)}."
    )
    yield Paragraph(
        f"The largest network has {_parameters(large):,} parameters for {len(large.data.X)} points. Taught once, from"
        f" seed {SEED}, it is right for {large.on_training:.1%} of them and for {large.on_new:.1%} of new ones,"
        f" {_less(_gap(large))}. {_judged(large, sigmoids)}"
    )


def _listed(listed: Trained) -> str:
    epochs = listed.task.epochs
    return "its epochs" if epochs == LISTED.epochs else f"{epochs} of its {LISTED.epochs:,} epochs"


def _judged(large: Trained, sigmoids: Sequence[Trained]) -> str:
    """Whether the largest loses more on new points than the 10 sigmoids do, whatever their seed."""
    gaps = [_gap(result) for result in sigmoids]
    told = f"The 10 sigmoids, from each seed below, have {_less(min(gaps))} to {_less(max(gaps))}."
    if len(gaps) == 1:
        told = f"The 10 sigmoids, from the same seed, have {_less(gaps[0])}."
    if _gap(large) <= max(gaps):
        return f"{told} So the largest does not overfit more here."
    return f"{told} Here the largest overfits: of what it has learnt, less holds for other points (figure 70)."


def _line(name: str, result: Trained) -> tuple[str, ...]:
    task = result.task
    hidden = f"{'-'.join(map(str, task.sizes[:-1]))} {task.hidden}"
    given = (f"{_parameters(result):,}", f"{task.batch_size}", f"{task.rate:g}", f"{task.epochs:,}")
    return name, hidden, *given, _share(result), f"{result.on_new:.1%}"


def _parameters(result: Trained) -> int:
    return len(result.model.parameters())


def _share(result: Trained) -> str:
    points = len(result.data.X)
    return f"{result.on_training:.2%}, {round(result.on_training * points)}/{points}"


def _gap(result: Trained) -> float:
    """By how much it is more often right of the points that taught it than of new ones."""
    return result.on_training - result.on_new


def _less(gap: float) -> str:
    """So many points of a percentage less, or more."""
    return f"{abs(gap) * 100:.1f} points {'more' if gap < 0 else 'less'}"


def _printed(sigmoid: Trained, seeds: dict[str, list[Trained]]) -> Iterator[Piece]:
    """The accuracy that the document prints beside those of several seeds."""
    points = RELU.points
    right = round(PRINTED * points)
    yield Heading("93.60 %, and of what seed? (002-27)")
    yield Paragraph(
        f"The document prints 93.60% for figures 71 and 72, on the points that taught the networks. Of {points} points"
        f" that is {right}: one more would be {(right + 1) / points:.2%}. Beside ours of seed {SEED}:"
    )
    ours = {"71": sigmoid, "72": seeds[RELU.name][SEED]}
    lines = [(f"accuracy of figure {figure}", f"{PRINTED:.2%}", _share(result)) for figure, result in ours.items()]
    yield Table(("quantity", "the document prints", f"ours, seed {SEED}"), lines, "<>>")
    yield Paragraph("Whether they agree is chance: without its seed the number can't be reproduced. Other seeds:")
    yield _seeds_table(seeds)
    yield Paragraph(_spread(seeds))


def _seeds_table(seeds: dict[str, list[Trained]]) -> Table:
    lines = [
        (str(number), *(cell for result in results for cell in (_share(result), f"{result.on_new:.1%}")))
        for number, results in enumerate(zip(*seeds.values()))
    ]
    return Table(("seed", "8 ReLU, taught", "new", "10 sigmoid, taught", "new"), lines, ">>>>>")


def _spread(seeds: dict[str, list[Trained]]) -> str:
    if all(len(results) < 2 for results in seeds.values()):
        return f"One seed shows no spread; the whole story tries {len(FULL.seeds)}."
    found = [result.on_training for results in seeds.values() for result in results]
    spread = "; ".join(
        f"{name.removeprefix('moons-')}: {_range([result.on_training for result in results])}"
        for name, results in seeds.items()
    )
    return (
        f"So an accuracy of one seed says little: {spread}. {sum(share == PRINTED for share in found)} of {len(found)}"
        f" have {PRINTED:.2%}, {sum(share > PRINTED for share in found)} have more."
    )


def _range(shares: Sequence[float]) -> str:
    return f"{min(shares):.1%} to {max(shares):.1%}"


def _fast(seeds: dict[str, list[Trained]]) -> Iterator[Piece]:
    """What the document says of ReLU: that teaching takes less."""
    relus, sigmoids = seeds[RELU.name], seeds[SIGMOID.name]
    relu, rate = relus[SEED], RELU.rate
    slow = trained(SIGMOID._replace(rate=rate), SEED, metrics=())
    first, later = map(_low, (relu, slow))
    yield Heading("Is ReLU faster?")
    yield Paragraph(
        f"With ReLU the time to train gets much smaller, says the document, and shows that {LISTED.epochs:,} epochs of"
        f" it do what {SIGMOID_EPOCHS:,} of sigmoid do. Both with the same rate {rate:g}, from seed {SEED}, ReLU has a"
        f" loss below {LEARNT} {_when(first, relu)}, and sigmoid {_when(later, slow)}. That depends on the rate: here"
        " is the first such epoch where sigmoid has the larger rate of ours (- for none):"
    )
    epochs = [(_low(one), _low(other)) for one, other in zip(relus, sigmoids)]
    heading = ("seed", f"8 ReLU, rate {rate:g}", f"10 sigmoid, rate {SIGMOID.rate:g}")
    lines = [(str(number), *(str(epoch or "-") for epoch in pair)) for number, pair in enumerate(epochs)]
    yield Table(heading, lines, ">>>")
    yield Paragraph(_faster(epochs))
    curves = {"8 ReLU": relu.history["loss"], "10 sigmoid": slow.history["loss"]}
    yield Chart("moons-losses", "the loss of both, with the same rate", lambda: moons_charts.losses(curves))


def _low(result: Trained) -> int | None:
    return epochs_until(result.history["loss"])


def _when(epoch: int | None, result: Trained) -> str:
    return f"in epoch {epoch}" if epoch else f"in none of {result.task.epochs} epochs"


def _faster(epochs: Sequence[tuple[int | None, int | None]]) -> str:
    """How often ReLU is there before sigmoid, and where it always is, what may be the reason."""
    sooner = sum(relu is not None and (sigmoid is None or relu < sigmoid) for relu, sigmoid in epochs)
    told = f"ReLU is there first for {sooner} of {len(epochs)} seed{'s' * (len(epochs) != 1)}."
    if sooner < len(epochs):
        return told
    steepest = slope_at(Value.sigmoid, 0.0)
    return (
        f"{told} A reason may be the slopes: that of a sigmoid is at most {steepest:g}, by which gradients get smaller"
        " on their way through it, and that of an open ReLU is 1."
    )


def _remarks(large: Trained) -> Iterator[str]:
    yield "002-27: the text announces two models and shows three; the code is that of figure 72 alone."
    yield (
        "002-27, elsewhere in the document: conclusions and bibliography both have the number 5, the annexes 6 where"
        " the index has 7, and figure 11 has no caption."
    )
    yield (
        "Of figure 70 it says that the network 'clasifica bien todos los puntos', and gives no epochs: ours is right"
        f" for {_share(large)} of them after {large.task.epochs}."
    )


def _pictures(sigmoid: Trained, relu: Trained, listed: Trained, large: Trained, lengths: Lengths) -> Iterator[Piece]:
    yield Chart("moons-points", "figure 69, the points", lambda: moons_charts.points(sigmoid.data))
    hidden = "-".join(map(str, large.task.sizes[:-1]))
    for name, what, result, step in (
        ("moons-large", f"figure 70, {hidden} sigmoids", large, lengths.step),
        ("moons-sigmoid", "figure 71, 10 sigmoids", sigmoid, lengths.fine),
        ("moons-relu", "figure 72, 8 ReLUs, with the rate of ours", relu, lengths.fine),
        ("moons-listed", "figure 72, 8 ReLUs, with the rate of the code", listed, lengths.fine),
    ):
        yield _bordered(name, f"{what}, on a grid of step {step:g}", result, regions(result, step))
    yield Chart(
        "moons-relu-output",
        "figure 72 before the outputs are rounded",
        lambda: plot_decision_boundary(relu.model, *relu.data),
    )
    yield Diagram("moons-relu-network", "the network of figure 72", draw_network(relu.model, numbers=False))


def _bordered(name: str, what: str, result: Trained, shown: Regions) -> Chart:
    share = f"right for {result.on_training:.2%} of the points that taught it"
    return Chart(name, what, lambda: moons_charts.border(shown, result.data, share))
