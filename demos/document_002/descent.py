"""Document 002, section 3.7: the training algorithm; gradient descent with all, with some, and with single examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from autograd import Value, latex, text
from demos.document_002 import valley
from demos.document_002.lines import Line, line_chart
from demos.document_002.paths import path_panels
from demos.document_002.valley import Run, rises
from demos.layout import percent
from demos.pieces import Chart, Formula, Heading, Items, Output, Paragraph, Piece, Table
from demos.story import demo
from nn import MLP, SGD, fit

RATE = 0.15

SIZES = (8, 4, 2, 1)
"""Of batches: all examples are gradient descent, one is SGD, what is between is mini-batch."""

ORDERS = 8
"""Of the examples, with which SGD is tried."""

SHARES = (0.5, 1.0, 1.9, 2.0, 2.1)
"""Learning rates, as multiples of 1 / λmax."""

XOR = (((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)), (0.0, 1.0, 1.0, 0.0))

XOR_RATES = (1.0, 30.0)
XOR_SEED = 2


class Batched(NamedTuple):
    """A descent with batches of one size."""

    size: int
    run: Run


@demo(
    "descent",
    "002",
    "3.7",
    "gradient descent with all examples, with one, and with some",
    items="C62-C66",
    errata="002-22",
    cover="descent-paths",
)
def story(*, brief: bool) -> Iterator[Piece]:
    """The five steps, the three variants on one data set, and whether the error of the first oscillates."""
    yield Paragraph(
        "Figure 49 shows a data set of eight examples with two inputs, without numbers; these are ours. One linear"
        " neuron ŷ = w1·x1 + w2·x2 learns it, so that the loss is a landscape over two weights:"
    )
    yield Table(
        ("example", "x1", "x2", "y"),
        [
            (str(place), *(f"{number:g}" for number in (*x, y)))
            for place, (x, y) in enumerate(zip(valley.X, valley.Y), 1)
        ],
        ">>>>",
    )
    yield from _five_steps()
    runs = batched(10 if brief else 20)
    yield from _variants(runs)
    yield from _oscillation(brief)


def batched(epochs: int) -> list[Batched]:
    """The descents with batches of each size, from one start and with one rate."""
    return [Batched(size, valley.descend(lambda w: SGD(w, RATE), epochs, size)) for size in SIZES]


# ---- the algorithm


def _five_steps() -> Iterator[Piece]:
    w = [Value(number, name) for number, name in zip(valley.START, ("w1", "w2"))]
    one = valley.loss_on([0], *w)
    one.label = "J"
    one.backward()
    optimizer = SGD(w, RATE)
    yield Heading("The training algorithm in five steps")
    yield Table(("step", "the document", "here"), STEPS, "><<")
    yield Paragraph(
        "Steps 2 to 4 once, with the first example alone, as SGD does: its error, a derivative, the update."
    )
    yield Formula(f"J = {latex(one)} = {one.data:.6g}", f"J = {text(one)} = {one.data:.6g}")
    yield Output(repr(one.explain(w[0])))
    optimizer.step()
    yield Output(str(optimizer.explain()))


STEPS = (
    ("1", "initialize the weights", f"w1 = {valley.START[0]}, w2 = {valley.START[1]}"),
    ("2", "compute the error", "J = mse(predictions, targets)"),
    ("3", "use it to compute the gradient", "J.backward()"),
    ("4", "subtract it, times the learning rate", "optimizer.step()"),
    ("5", "repeat steps 2 to 4", "fit(…) has the loop"),
)


# ---- all, one, some


def _variants(runs: Sequence[Batched]) -> Iterator[Piece]:
    epochs = (len(runs[0].run.places) - 1) // _updates(runs[0])
    yield Heading("All examples, one, or some")
    yield Paragraph(
        "An epoch is over when every example was seen once. Gradient descent updates once in an epoch, with the"
        " gradient of all; stochastic gradient descent (SGD) once for each example; mini-batches are between. All start"
        f" at the same weights, with the rate {RATE:g}, and have {epochs} epochs. 'Rises' counts the updates after"
        " which the loss on all eight examples was higher than before; the last column is how far the gradient of such"
        " a batch is from that of all at the start, over all batches that there are:"
    )
    yield Table(
        ("batch", "updates", "rises", "loss, 1 epoch", "lowest", "at the end", "gradient off by"),
        [_batch_line(batched) for batched in runs],
        "<>>>>>>",
    )
    yield Paragraph(_told_variants(runs))
    yield Paragraph(_told_orders(runs[0].run, orders(epochs)))
    yield Chart(
        "descent-paths",
        "figures 50 and 51, the ways to the minimum (star)",
        lambda: path_panels({_name(batched.size): batched.run.places for batched in runs}, 2),
    )
    yield Chart("descent-losses", "the loss on all examples, epoch by epoch", lambda: _losses_chart(runs))


def _updates(batched: Batched) -> int:
    return len(valley.X) // batched.size


def _name(size: int) -> str:
    kind = "gradient descent" if size == len(valley.X) else "SGD" if size == 1 else "mini-batch"
    return f"{size}, {kind}"


def _batch_line(batched: Batched) -> tuple[str, ...]:
    run = batched.run
    losses = [run.losses[_updates(batched)], run.losses.min(), run.losses[-1]]
    return (
        _name(batched.size),
        f"{_updates(batched)} an epoch",
        f"{run.rises} of {len(run.losses) - 1}",
        *(f"{loss:.4g}" for loss in losses),
        percent(gradient_noise(batched.size)),
    )


def gradient_noise(size: int) -> float:
    """The root mean square of how far the gradient of a batch is from that of all, in lengths of the latter."""
    each = valley.gradients()
    whole = each.mean(axis=0)
    batches = [each[list(chosen)].mean(axis=0) - whole for chosen in combinations(range(len(each)), size)]
    return float(np.sqrt(np.mean(np.sum(np.square(batches), axis=1))) / np.linalg.norm(whole))


def _told_variants(runs: Sequence[Batched]) -> str:
    first, *_, last = runs
    return (
        f"Gradient descent goes down with {first.run.rises or 'no'} rises, and updates {_updates(first)} time for"
        f" {len(valley.X)} gradients. SGD zig-zags: {last.run.rises} rises. With a constant rate it keeps on moving,"
        " since the gradient of one example is not 0 where that of all is. The larger the batch, the nearer its"
        " gradient is to that of all, and the more an update costs."
    )


def orders(epochs: int) -> list[Run]:
    """SGD with the examples in one order after the other."""
    return [valley.descend(lambda w: SGD(w, RATE), epochs, 1, seed) for seed in range(ORDERS)]


def _told_orders(first: Run, others: Sequence[Run]) -> str:
    after = [run.losses[len(valley.X)] for run in others], first.losses[1]
    at_end = [run.losses[-1] for run in others], first.losses[-1]
    return (
        "The table has one sequence of orders, new in each epoch. Other orders give another way. Of"
        f" {len(others)} tries SGD's loss is {_span(*after)} after the first epoch, and {_span(*at_end)} at the end."
    )


def _span(losses: Sequence[float], of_all: float) -> str:
    lower = sum(loss < of_all for loss in losses)
    return (
        f"from {min(losses):.3g} to {max(losses):.3g} (below the {of_all:.3g} of gradient descent in"
        f" {lower or 'none'} of them)"
    )


def _losses_chart(runs: Sequence[Batched]) -> Any:
    lines = [Line(_name(one.size), np.arange(len(one.run.losses)) / _updates(one), one.run.losses) for one in runs]
    return line_chart(lines, "epoch", "loss on all eight examples", y_log=True)


# ---- does the error of gradient descent oscillate?


def _oscillation(brief: bool) -> Iterator[Piece]:
    along, across = valley.curvatures()
    yield Heading("Does the error of gradient descent oscillate?")
    yield Paragraph(
        "The document says that it does not, since it sees all examples. That holds for a rate that is small enough:"
        f" the Hessian of this loss has the eigenvalues λ = {along:.4g} along the valley and {across:.4g} across it,"
        " and a step multiplies the distance from the bottom by 1 - rate · λ. It falls while rate · λmax < 2:"
    )
    yield Table(
        ("rate · λmax", "rate", "factor across", "swings across", "rises", "loss after 30 updates"),
        [_share_line(share) for share in SHARES],
        ">>>>>>",
    )
    yield Paragraph(
        "The factor is below 0 where rate · λmax is above 1: then each step leads to the other side of the valley, and"
        " below 2 the loss falls all the same. At 1 one step leads to the bottom of the valley. A swing is counted"
        " where the distance from the lowest point, across the valley, changes its sign. Where the loss is no"
        " quadratic, as in a network, it can rise now and then and still end low. Here gradient descent on all four"
        " examples of XOR, 2-3-1 sigmoids:"
    )
    runs = [xor_losses(rate, 200 if brief else 2000) for rate in XOR_RATES]
    yield Table(
        ("rate", "rises", "first loss", "last loss"),
        [_xor_line(rate, losses) for rate, losses in zip(XOR_RATES, runs)],
        ">>>>",
    )
    yield Items([_verdict(runs)])
    yield Chart("descent-oscillation", "the error of gradient descent on XOR, with two rates", lambda: _xor_chart(runs))


def _share_line(share: float) -> tuple[str, ...]:
    rate = share / valley.curvatures()[-1]
    run = valley.descend(lambda w: SGD(w, rate), 30)
    return (
        f"{share:g}",
        f"{rate:.4g}",
        f"{1 - share:.2g}",
        f"{valley.swings(valley.across(run.places))} of 30",
        f"{run.rises} of 30",
        f"{run.losses[-1]:.4g}",
    )


def xor_losses(rate: float, epochs: int) -> list[float]:
    """The losses of full-batch gradient descent on XOR."""
    model = MLP(2, [3, 1], "sigmoid", "sigmoid", seed=XOR_SEED)
    optimizer = SGD(model.parameters(), lr=rate)
    return fit(model, *XOR, loss="mse", optimizer=optimizer, epochs=epochs, batch_size=None)["loss"]


def _xor_line(rate: float, losses: Sequence[float]) -> tuple[str, ...]:
    return f"{rate:g}", f"{rises(losses)} of {len(losses) - 1}", f"{losses[0]:.4f}", f"{losses[-1]:.2g}"


def _verdict(runs: Sequence[Sequence[float]]) -> str:
    counts = {rate: rises(losses) for rate, losses in zip(XOR_RATES, runs)}
    rising = [rate for rate, count in counts.items() if count]
    if not rising:
        return "Neither of these rates lets the error rise: as the document says."
    told = ", ".join(f"with the rate {rate:g} it rises {counts[rate]} times" for rate in rising)
    return f"002-22: the error of gradient descent can oscillate: {told}, though all examples are seen in every step."


def _xor_chart(runs: Sequence[Sequence[float]]) -> Any:
    lines = [Line(f"rate {rate:g}", range(1, 1 + len(losses)), losses) for rate, losses in zip(XOR_RATES, runs)]
    return line_chart(lines[::-1], "epoch: one update with all examples", "mean squared error", y_log=True)
