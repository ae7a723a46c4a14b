"""Document 001, sections 1.1.1 to 1.2: two circles of points, the class of a layer, two activations, two networks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd import Value, grad
from autograd.comparison import Row, compare
from demos.document_001 import listing
from demos.document_001.network import twin
from demos.pieces import Chart, Diagram, Formula, Heading, Kind, Numbers, Output, Paragraph, Piece, Table
from demos.sets import circles
from demos.story import demo
from nn import ACTIVATIONS, Part, draw_network, plot_activations
from nn.figures import BLUE, COLOURS, DASHES, MARKERS, ORANGE, PAPER, add_legend, blank, dressed

Array = NDArray[np.float64]

SEED = 0
POINTS = 500
OTHER_FACTOR = 0.8
"""Ours: with the document's 0.5 ratio and distance are equal, and nothing can be told."""

PLACES = np.linspace(-5, 5, 100)
"""Where the document draws its two activations."""

EVERY = 11
LOOKED_AT = (-2.0, 0.0, 0.5, 2.0)


class Ring(NamedTuple):
    """The points of one class: how many, and how far from the middle."""

    label: int
    points: int
    radius: float
    spread: float


@demo(
    "circles",
    "001",
    "1.1.1",
    "two circles: points, layers and activations",
    items="B1-B14",
    errata="001-1 001-7",
    cover="circles-points",
)
def story(*, brief: bool) -> Iterator[Piece]:
    """What the program of the document is made of, before anything is taught."""
    data = circles(POINTS, SEED)
    yield Heading("The points")
    yield from _points(data)
    yield Heading("A layer, and how it begins")
    yield from _layers()
    yield Heading("The activations")
    yield from _activations()


def rings(data: Part) -> list[Ring]:
    """The two classes."""
    return [_ring(data, label) for label in (0, 1)]


def _ring(data: Part, label: int) -> Ring:
    radii = np.linalg.norm(data.X[data.Y.astype(int) == label], axis=1)
    return Ring(label, len(radii), float(radii.mean()), float(radii.std()))


def _points(data: Part) -> Iterator[Piece]:
    outer, inner = rings(data)
    yield Paragraph(
        "Points in two circles are to be told apart, which no straight line can do. The program imports numpy,"
        " matplotlib, scipy, of which it uses nothing, and make_circles of scikit-learn. It gives no seed: ours is"
        f" {SEED}. What it asks for, beside what there is:"
    )
    yield Table(
        ("quantity", "the document asks for", "the points have"),
        [
            ("n, points", "500", f"{len(data.X)}"),
            ("p, features", "2", f"{data.X.shape[1]}"),
            ("factor: radius of class 1 / radius of class 0", "0.5", f"{inner.radius / outer.radius:.6f}"),
            ("noise: spread of the radii of class 0", "0.05", f"{outer.spread:.6f}"),
            ("noise: spread of the radii of class 1", "0.05", f"{inner.spread:.6f}"),
        ],
        "<>>",
    )
    yield Table(
        ("class", "points", "mean radius"),
        [(str(ring.label), str(ring.points), f"{ring.radius:.4f}") for ring in (outer, inner)],
        "<>>",
    )
    where = "outer" if outer.radius > inner.radius else "inner"
    yield Paragraph(f"Class 0, orange in the document's picture, is the {where} circle.")
    yield _factor()
    yield Chart("circles-points", "the points, class 0 orange and class 1 blue", lambda: _scattered(data))


def _factor() -> Paragraph:
    outer, inner = rings(circles(POINTS, SEED, OTHER_FACTOR))
    ratio, distance = inner.radius / outer.radius, outer.radius - inner.radius
    is_ratio = abs(ratio - OTHER_FACTOR) < abs(distance - OTHER_FACTOR)
    return Paragraph(
        "Its comment says that factor is the distance between the circles (001-7). With 0.5 ratio and distance can't be"
        f" told apart, so we draw with factor = {OTHER_FACTOR}: the ratio of the radii is {ratio:.3f}, and their"
        f" distance {distance:.3f}. The factor is the {'ratio' if is_ratio else 'distance'}."
    )


def _layers() -> Iterator[Piece]:
    layer = listing.NeuralLayer(2, 4, listing.seeded(SEED))
    numbers = listing.seeded(SEED).rand(12) * 2 - 1
    order = "b" if np.array_equal(layer.b.ravel(), numbers[:4]) else "W"
    yield Paragraph(
        f"A layer is made of n_conn inputs, n_neur neurons and an activation. Of the numbers that the generator gives,"
        f" drawn from [-1, 1), {order} takes the first. NumPy's legacy generator with the seed {SEED}, for a layer of 2"
        " inputs and 4 neurons:"
    )
    rows = [("b", *layer.b[0]), *((f"W, row {row}", *numbers) for row, numbers in enumerate(layer.W, start=1))]
    yield Table(
        ("", *(f"neuron {place}" for place in range(1, 5))),
        [(name, *(f"{number:.6f}" for number in numbers)) for name, *numbers in rows],
        "<>>>>",
    )
    yield Paragraph(
        "Two layers made by hand are commented out (cell [6]); a loop over the topology makes the list of layers that"
        " is the network (cells [7] and [8]). It makes two: one with five hidden layers, which nothing ever teaches,"
        " and at the end the one that is trained. In the engine, with the listing's numbers:"
    )
    deep, trained = (
        twin(listing.create_nn(sizes, listing.seeded(SEED))) for sizes in (listing.UNUSED, listing.TOPOLOGY)
    )
    yield Output(repr(deep.summary()))
    yield Output(repr(trained.summary()))
    yield Diagram("circles-network", "the network that is trained, 2-4-8-1", draw_network(trained))
    yield Diagram("circles-unused", "the other, as matrices that fit together", draw_network(deep, view="blocks"))


def _activations() -> Iterator[Piece]:
    yield Formula(r"\sigma(x) = \frac{1}{1 + e^{-x}}", "σ(x) = 1 / (1 + e^(-x))")
    yield Formula(r"\mathrm{ReLU}(x) = \max(0, x)", "ReLU(x) = max(0, x)")
    apart = max(
        np.abs(f(PLACES) - [ACTIVATIONS[name](Value(x)).data for x in PLACES]).max()
        for name, f in (("sigmoid", listing.sigmoid), ("relu", listing.relu))
    )
    yield Paragraph(
        "The document draws both over linspace(-5, 5, 100). At these 100 places its code and the engine differ by"
        f" {apart:.1g} at most. Every {EVERY}th of them, and the slope of the sigmoid, for which the code has"
        " x(1 - x) of the activation x:"
    )
    yield Numbers(curves(), Kind.EVALUATED)
    yield Paragraph(
        "The text says another thing than the code: that the derivative of the sigmoid is 1/(1 - x) (001-1). Beside the"
        " engine's derivative:"
    )
    yield Numbers(printed_slopes(), Kind.EVALUATED)
    yield Paragraph(_pole())
    yield Chart(
        "circles-activations",
        "sigmoid and ReLU from -5 to 5, with their derivatives",
        lambda: plot_activations(["sigmoid", "relu"], x_range=(-5.0, 5.0)),
    )
    true = [slope(x) for x in PLACES]
    yield Chart("circles-slope", "the derivative of the sigmoid, and what the text says it is", lambda: _slopes(true))


def slope(x: float) -> float:
    """The derivative of the sigmoid by the engine."""
    z = Value(x)
    return grad(ACTIVATIONS["sigmoid"](z), z).data


def curves() -> list[Row]:
    """The document's code beside the engine, at some of its places."""
    rows = []
    for x in PLACES[::EVERY]:
        a = listing.sigmoid(x)
        rows += compare(f"sigmoid({x:.4f})", repr(float(a)), ACTIVATIONS["sigmoid"](Value(x)))
        rows += compare(f"its slope at {x:.4f}", repr(float(listing.slope_of(a))), slope(x))
        rows += compare(f"ReLU({x:.4f})", repr(float(listing.relu(x))), ACTIVATIONS["relu"](Value(x)))
    return rows


def printed_slopes() -> list[Row]:
    """1/(1 - x) beside the engine, where it has a value."""
    return [row for x in LOOKED_AT for row in compare(f"σ'({x:g})", f"{1 / (1 - x):.6g}", slope(x))]


def _pole() -> str:
    return (
        f"At x = 1 that formula divides by 0, where the slope is {slope(1.0):.6f}; for x > 1 it is negative, and the"
        " sigmoid grows everywhere. What it means may be x(1 - x), for the activation x, which is what the code has."
    )


def _scattered(data: Part) -> Any:
    figure = blank(4.8, 4.9)
    axes = dressed(figure.add_subplot(), "x1", "x2")
    for label in (0, 1):
        xs, ys = data.X[data.Y.astype(int) == label].T
        axes.scatter(
            xs, ys, s=18, color=COLOURS[label], marker=MARKERS[label], edgecolors=PAPER, linewidths=0.5, rasterized=True
        )
    axes.set_aspect("equal")
    add_legend(axes, ["class 0", "class 1"])
    return figure


def _slopes(true: list[float]) -> Any:
    figure = blank(7.0, 3.6)
    axes = dressed(figure.add_subplot(), "x", "slope")
    axes.plot(PLACES, true, color=BLUE, linewidth=1.8, label="σ'(x) = σ(x)(1 - σ(x)), by the engine")
    for number, side in enumerate((PLACES[PLACES < 1], PLACES[PLACES > 1])):
        name = "" if number else "1/(1 - x), as the text says"
        axes.plot(side, 1 / (1 - side), color=ORANGE, linestyle=DASHES[1], linewidth=1.8, label=name or "_")
    axes.set_ylim(-2, 2)
    axes.legend(frameon=False, loc="upper left")
    return figure
