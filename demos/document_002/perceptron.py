"""Document 002, sections 3.1 and 3.2: a line through data, and a line between data: regression and the perceptron.

The document gives one number, a height of 109 cm at 10 years; all data here are ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd import Value, grad, latex, text
from demos.pieces import Chart, Diagram, Formula, Heading, Output, Paragraph, Piece, Table
from demos.story import demo
from nn import (
    ACTIVATIONS,
    MLP,
    SGD,
    Adam,
    Neuron,
    Part,
    Perceptron,
    accuracy,
    draw_network,
    fit,
    plot_decision_boundary,
    predict,
)
from nn.figures import AS_IT_IS, BLUE, FAINT, ORANGE, PLAIN, Axes, Figure, blank, dressed

Array = NDArray[np.float64]

SEED = 2

YEARS = np.array([2, 4, 5, 7, 8, 11, 12, 13, 15, 16], dtype=float)
HEIGHTS = np.array([73, 83, 85, 92, 104, 114, 115, 125, 129, 138], dtype=float)
"""Ours, in cm: ten children whose best line says 109 cm at 10 years, as the line of figure 3 does."""

NEW_AGE = 10.0

SHOWN = 8
"""Of the mistakes of the first epochs."""

CLASSES = ("class 0", "class 1")


class Line(NamedTuple):
    """What was learnt of the children: the neuron, in decades and metres, and its line in years and centimetres."""

    model: Neuron
    slope: float
    height_at_birth: float

    def __call__(self, years: float) -> float:
        return self.slope * years + self.height_at_birth


class Separated(NamedTuple):
    """A perceptron, the data that it was taught, and how many mistakes it made in each epoch."""

    model: Perceptron
    data: Part
    mistakes: Sequence[int]


class Curved(NamedTuple):
    """A network with a hidden layer, and the part of the examples of which it says the right class."""

    model: MLP
    right: float


@demo(
    "perceptron",
    "002",
    "3.1",
    "a line through data, a line between data, and where no line helps",
    items="C3-C4 C9-C14 C26",
    cover="perceptron-figure-22",
)
def story(*, brief: bool) -> Iterator[Piece]:
    """Linear regression, the perceptron on data that a line separates and does not, and a network for the latter."""
    yield from _regression(fitted())
    yield from _formulas()
    apart, rings = separated(blobs(), 100), separated(ring(), 20 if brief else 100)
    yield from _one_line(apart)
    yield from _no_line(rings, apart)
    yield from _a_network(rings, curved(rings.data, 40 if brief else 300))


# ---- the act


def fitted(epochs: int = 600) -> Line:
    """The line of a neuron without an activation that gradient descent fits to the children."""
    model = Neuron(1, "identity", seed=SEED)
    fit(
        model,
        YEARS / 10,
        HEIGHTS / 100,
        loss="mse",
        optimizer=SGD(model.parameters(), 0.5),
        batch_size=None,
        epochs=epochs,
        progress=False,
    )
    decade, birth = (parameter.data for parameter in model.parameters())
    return Line(model, 10 * decade, 100 * birth)


def blobs(points: int = 25) -> Part:
    """Two heaps of points with a line's room between them. Figure 10; the data are ours."""
    rng = np.random.default_rng(SEED)
    low, high = (rng.uniform(-1, 1, (points, 2)) + centre for centre in ([1.0, 1.0], [2.5, 2.3]))
    X = np.concatenate([low, high])
    apart = abs(X.sum(axis=1) - 3.4) > 0.2
    return Part(X[apart], np.repeat([0.0, 1.0], points)[apart])


def ring(points: int = 35) -> Part:
    """Points in the middle, and points around them, which no line separates. Figure 11; the data are ours."""
    rng = np.random.default_rng(SEED)
    angle = rng.uniform(0, 2 * np.pi, 2 * points)
    radius = np.concatenate([rng.uniform(0, 0.7, points), rng.uniform(1.2, 1.8, points)])
    X = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return Part(X, np.repeat([1.0, 0.0], points))


def separated(data: Part, epochs: int) -> Separated:
    """A perceptron that has learnt by its rule, from weights 0, until an epoch without a mistake or to the end."""
    order = np.random.default_rng(SEED).permutation(len(data.X))
    model = Perceptron(2)
    return Separated(model, data, model.learn_all(data.X[order], data.Y[order], epochs=epochs))


def curved(data: Part, epochs: int) -> Curved:
    """A network 2-4-1 that has learnt the data."""
    model = MLP(2, [4, 1], "tanh", "sigmoid", seed=SEED)
    optimizer = Adam(model.parameters(), 0.1)
    fit(model, *data, loss="binary_crossentropy", optimizer=optimizer, batch_size=None, epochs=epochs, progress=False)
    return Curved(model, accuracy(predict(model, data.X), data.Y))


# ---- the story


def _regression(line: Line) -> Iterator[Piece]:
    slope, birth = np.polyfit(YEARS, HEIGHTS, 1)
    yield Heading("A line through data: linear regression (section 3.1)")
    yield Paragraph(
        "Supervised learning has inputs and outputs, looks for a function that goes from one to the other, and then"
        " predicts outputs of new inputs. In figures 2 and 3 the input is an age and the output a height. The document"
        " gives one number, 109 cm at 10 years, and no data: these ten children are ours, and made so that their best"
        " line says the same."
    )
    yield Table(("years", *(f"{age:g}" for age in YEARS)), [("cm", *(f"{cm:g}" for cm in HEIGHTS))], "<" + ">" * 10)
    yield Paragraph(
        "The function is the smallest network, a neuron with one input and no activation. Gradient descent moves w and"
        f" b until the mean squared error is smallest: height = {line.slope:.4f}·age + {line.height_at_birth:.3f}."
        f" Algebra finds the same line at once, {slope:.4f}·age + {birth:.3f}. The new child is 10 years old, and"
        f" {line(NEW_AGE):.2f} cm tall."
    )
    yield Chart("perceptron-regression", "figures 2 and 3, the line and its prediction", lambda: _drawn_line(line))


def _formulas() -> Iterator[Piece]:
    yield Heading("The perceptron (section 3.2)")
    x, w, b = Value(2.0, "x"), Value(0.75, "w"), Value(-1.0, "b")
    f = x * w + b
    f.label = "f"
    yield Paragraph(
        "Rosenblatt's neuron adds up its inputs, each times a weight, and a bias: with one input, the line from above."
        " To classify, a step makes 1 of what is 0 or more, and 0 of the rest."
    )
    yield Formula(latex(f), text(f))
    neuron = Neuron(3, "identity", seed=SEED)
    yield Diagram("perceptron-figure-08", "figure 8, the perceptron", draw_network(neuron))
    yield Diagram(
        "perceptron-figure-09",
        "figure 9, the perceptron with a step",
        draw_network(Perceptron(3, SEED, initializer="uniform"), x=[1.0, 0.5, -1.0]),
    )
    yield _stepped(neuron)
    yield Paragraph("At 0 the step jumps; that its slope there is 0 is a convention.")


def _stepped(neuron: Neuron) -> Table:
    """Sums and what the step makes of them, for a few inputs, with the slope of the step."""
    lines = []
    for x in ([1.0, 0.5, -1.0], [-1.0, 1.0, 0.0], [0.0, 0.0, 0.0], [0.2, -1.0, 2.0]):
        z = neuron.weighted_sum(x)
        y = ACTIVATIONS["step"](z)
        lines.append((" ".join(f"{part:g}" for part in x), f"{z.data:.4f}", f"{y.data:g}", f"{grad(y, z).data:g}"))
    return Table(("x", "x·w + b", "step", "slope of the step"), lines, "<>>>")


def _one_line(apart: Separated) -> Iterator[Piece]:
    w1, w2, b = (parameter.data for parameter in apart.model.parameters())
    right = accuracy(predict(apart.model, apart.data.X), apart.data.Y)
    yield Heading("Data that a line separates (figure 10)")
    yield Paragraph(
        f"{len(apart.data.X)} points of ours. The slope of the step is 0, so gradient descent can't teach it; the"
        " perceptron has a rule of its own: after a mistake it adds the input to the weights, or takes it away."
        f" Mistakes in each epoch: {_listed(apart.mistakes)}. After {len(apart.mistakes)} epochs its line is"
        f" {w1:.4g}·x1 {w2:+.4g}·x2 {b:+.4g} = 0, and it says the right class of {right:.0%} of the points."
    )
    yield Chart("perceptron-figure-10", "figure 10, the line that it learnt", lambda: _sums(apart))


def _no_line(rings: Separated, apart: Separated) -> Iterator[Piece]:
    right = accuracy(predict(rings.model, rings.data.X), rings.data.Y)
    fewest = min(rings.mistakes)
    yield Heading("Data that no line separates (figure 11)")
    yield Paragraph(
        f"{len(rings.data.X)} points, one class around the other. After {len(rings.mistakes)} epochs it still makes"
        f" {rings.mistakes[-1]} mistakes in an epoch, moving its line after each, and it never made fewer than"
        f" {fewest}. Its last line, at rest, says the right class of {right:.0%}; there are better ones, but none that"
        " is right for all. More epochs do not help: the boundary of x·w + b is a line. That is the limit which Minsky"
        " and Papert made known in 1969."
    )
    yield Chart("perceptron-figure-11", "figure 11, no line is right", lambda: _sums(rings))
    yield Chart("perceptron-mistakes", "mistakes in each epoch, of both data", lambda: _drawn_mistakes(rings, apart))


def _a_network(rings: Separated, network: Curved) -> Iterator[Piece]:
    yield Heading("Several of them: a multilayer perceptron (figures 12 and 22)")
    yield Paragraph(
        "Four neurons side by side look at the same point, and one neuron looks at them. With a curved activation its"
        f" boundary may be curved too, and gradients teach it: it says the right class of {network.right:.0%} of the"
        " points that no line separates. How its numbers go forward is the story `forward`; how it learns,"
        " `backpropagation`."
    )
    yield Output(repr(network.model.summary()))
    yield Diagram("perceptron-figure-12", "figure 12, a multilayer perceptron", draw_network(network.model))
    yield Chart(
        "perceptron-figure-22",
        "figure 22, data that are not linear, classified",
        lambda: _map(network.model, rings.data),
    )


def _listed(mistakes: Sequence[int]) -> str:
    first, last = mistakes[:SHOWN], mistakes[SHOWN:][-2:]
    gap = ["…"] if len(mistakes) > SHOWN + 2 else []
    return ", ".join(map(str, [*first, *gap, *last]))


# ---- the pictures


def _map(model: Any, data: Part) -> Figure:
    return plot_decision_boundary(model, *data, class_names=CLASSES)


def _sums(taught: Separated) -> Figure:
    """The sums before the step, whose line at 0 is straight; the step of them, asked point by point, has stairs."""
    figure = plot_decision_boundary(taught.model.weighted_sum, *taught.data, threshold=0.0, class_names=CLASSES)
    figure.axes[-1].set_ylabel("sum before the step, boundary at 0")
    return figure


def _drawn_line(line: Line) -> Figure:
    figure = blank(6.0, 4.0)
    axes = dressed(figure.add_subplot(), "age in years", "height in cm")
    ends = np.array([0.0, 18.0])
    axes.plot(ends, line.slope * ends + line.height_at_birth, color=BLUE, label="the line that was learnt", zorder=1)
    axes.scatter(YEARS, HEIGHTS, color=ORANGE, marker="o", s=30, label="the children", zorder=2)
    height = line(NEW_AGE)
    axes.plot([NEW_AGE, NEW_AGE, 0], [0, height, height], color=FAINT, linestyle=":", zorder=0)
    axes.scatter([NEW_AGE], [height], color=BLUE, marker="D", s=50, label="the prediction at 10 years", zorder=3)
    axes.annotate(f"{height:.0f} cm", (NEW_AGE, height), (NEW_AGE + 0.5, height - 6), fontsize=PLAIN, **AS_IT_IS)
    axes.set(xlim=(0, 18), ylim=(50, 150))
    axes.legend(frameon=False, fontsize=PLAIN, loc="upper left")
    return figure


def _drawn_mistakes(rings: Separated, apart: Separated) -> Figure:
    figure = blank(6.0, 3.2)
    axes: Axes = dressed(figure.add_subplot(), "epoch", "mistakes")
    for run, name, colour, marker in ((rings, "figure 11", ORANGE, "."), (apart, "figure 10", BLUE, "s")):
        epochs = np.arange(1, len(run.mistakes) + 1)
        axes.plot(epochs, run.mistakes, color=colour, marker=marker, markersize=5, linewidth=1, label=name)
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, fontsize=PLAIN)
    return figure
