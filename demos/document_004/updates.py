"""Document 004, "Optimización": an update in numbers, and gradient descent on all examples, on one, and on some."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd import Value
from autograd.comparison import compare
from demos.pieces import Chart, Formula, Heading, Numbers, Output, Paragraph, Piece, Table
from demos.story import demo
from nn import SGD, Neuron, Part, batches, mse
from nn.figures import BLUE, ORANGE, blank, dressed

Array = NDArray[np.float64]

W, GRADIENT, ETA = 0.5, 0.2, 0.1
PRINTED = "0.48"

SEED = 3
POINTS, SLOPE, HEIGHT, NOISE = 40, 2.0, 1.0, 0.2
"""Ours: points around a line."""

RATE = 0.1
EPOCHS, FEWER = 12, 3
VARIANTS = {"gradient descent": None, "mini-batches of 8": 8, "stochastic": 1}
"""The size of the batches makes the variant."""


class Walk(NamedTuple):
    """Where a descent went, (w, b) after each update, and the loss on all examples after each epoch."""

    path: Array
    losses: list[float]


@demo("updates", "004", "14", "an update in numbers, and three kinds of gradient descent", items="E33 E36-E38")
def story(*, brief: bool) -> Iterator[Piece]:
    """One update by hand, and the same rule with batches of three sizes."""
    yield Formula(r"w^{(t+1)} = w^{(t)} - \eta \cdot \frac{\partial L}{\partial w}", "w(t+1) = w(t) - η · ∂L/∂w")
    yield Paragraph(
        f"The example of the slides: w = {W}, η = {ETA}, and a gradient of {GRADIENT}. Which loss has it they do not"
        f" say; ours is L = {GRADIENT} · w, whose derivative is that everywhere."
    )
    w, optimizer = updated()
    yield Numbers(compare("w(t+1)", PRINTED, w))
    yield Output(repr(optimizer.explain()))
    yield Heading("On all examples, on one, on some")
    yield from _variants(FEWER if brief else EPOCHS)


def updated() -> tuple[Value, SGD]:
    """w after the update, and what made it."""
    w = Value(W, "w")
    L = GRADIENT * w
    L.backward()
    optimizer = SGD([w], lr=ETA)
    optimizer.step()
    return w, optimizer


def _variants(epochs: int) -> Iterator[Piece]:
    yield Formula(r"w^{(t+1)} = w^{(t)} - \eta \cdot \nabla L", "w(t+1) = w(t) - η · ∇L")
    data = points()
    walks = {name: walk(data, size, epochs) for name, size in VARIANTS.items()}
    yield Paragraph(
        "The rule is one and the same; what differs is of which examples L is the loss. Of all of them: gradient"
        " descent. Of one at a time: stochastic (SGD). Of a few: mini-batches. A neuron y = w·x + b, which is taught"
        f" {POINTS} points around the line {SLOPE:g}x + {HEIGHT:g}, with the rate {RATE}, from w = b = 0, for {epochs}"
        " epochs each:"
    )
    yield Table(
        ("", "updates in an epoch", "loss after 1 epoch", f"after {epochs}", "w", "b"),
        [
            (
                name,
                str(len(found.path) // epochs),
                *(f"{loss:.5f}" for loss in (found.losses[0], found.losses[-1])),
                *(f"{number:.3f}" for number in found.path[-1]),
            )
            for name, found in walks.items()
        ],
        "<>>>>>",
    )
    best = best_line(data)
    yield Paragraph(
        f"The line of least squares has w = {best[0]:.3f} and b = {best[1]:.3f}. An epoch looks at each point once, for"
        f" all three, and small batches make more updates in it. {compared(walks)} Each gradient of a small batch is"
        " that of a few points, so that the way zig-zags, and goes on moving around the lowest place."
    )
    yield Chart("updates-ways", "the three ways on the loss of all points", lambda: _ways(data, walks))


def compared(walks: Mapping[str, Walk]) -> str:
    """Which walk is lower after its first epoch, and which after its last."""
    first, last = (_lowest_first(walks, epoch) for epoch in (0, -1))
    epochs = len(next(iter(walks.values())).losses)
    return (
        f"Here the losses are, from the lowest, after 1 epoch {', '.join(first)}, and after {epochs}"
        f" {', '.join(last) if last != first else 'in the same order'}; with other data or another rate it may be"
        " otherwise."
    )


def _lowest_first(walks: Mapping[str, Walk], epoch: int) -> list[str]:
    return sorted(walks, key=lambda name: walks[name].losses[epoch])


def points() -> Part:
    """X (n,) and Y (n,)."""
    rng = np.random.default_rng(SEED)
    X = rng.uniform(-1.5, 1.5, POINTS)
    return Part(X, SLOPE * X + HEIGHT + NOISE * rng.normal(size=POINTS))


def best_line(data: Part) -> Array:
    """w and b of the line of least squares."""
    best: Array = np.polyfit(data.X, data.Y, 1)
    return best


def walk(data: Part, size: int | None, epochs: int) -> Walk:
    """A descent with batches of that size."""
    neuron = Neuron(1, "identity", initializer="zeros")
    optimizer = SGD(neuron.parameters(), lr=RATE)
    rng = np.random.default_rng(SEED)
    path = [[parameter.data for parameter in neuron.parameters()]]
    losses = []
    for _ in range(epochs):
        for places in batches(len(data.X), size, rng):
            optimizer.zero_grad()
            mse([neuron(x) for x in data.X[places]], data.Y[places]).backward()
            optimizer.step()
            path.append([parameter.data for parameter in neuron.parameters()])
        losses.append(mse([neuron(x) for x in data.X], data.Y).data)
    return Walk(np.array(path), losses)


def _ways(data: Part, walks: dict[str, Walk]) -> Any:
    figure = blank(8.4, 3.2)
    ws, bs = np.linspace(-0.3, 2.6, 60), np.linspace(-0.3, 1.6, 60)
    errors = ws[None, :, None] * data.X + bs[:, None, None] - data.Y
    heights = np.log10(np.mean(errors**2, axis=-1))
    for axes, (name, found) in zip(figure.subplots(1, len(walks), sharey=True), walks.items()):
        dressed(axes, "w", "b" if name == next(iter(walks)) else "", name)
        axes.contour(ws, bs, heights, 12, colors="#9aa5b1", linewidths=0.6, linestyles="solid")
        axes.plot(*found.path.T, color=BLUE, linewidth=1.0, marker=".", markersize=3, rasterized=True)
        axes.plot(*found.path[-1], "o", color=ORANGE, markersize=6)
    return figure
