"""Document 002, section 3.1, figures 1 and 4: what belongs to what, and groups that nobody has named.

The document has pictures of both and no data: the points are ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd import Value, mean, minimum, text
from demos.pieces import Chart, Formula, Heading, Paragraph, Piece, Table
from demos.story import demo
from nn import SGD
from nn.figures import AS_IT_IS, COLOURS, INK, LARGE, MARKERS, PAPER, TINTS, Figure, bare, blank, dressed

Array = NDArray[np.float64]

SEED = 2

MIDDLES = ((-2.0, 1.0), (1.5, 2.0), (0.5, -1.8))
"""Around these the points are drawn; the engine is not told."""

SPREAD, POINTS = 0.5, 15
"""Of each heap."""

STARTS = ((-0.5, 0.5), (0.5, 0.5), (0.0, -0.5))
"""Where the centres begin."""

RATE = 0.5

TRIES = 12
"""Other starts."""

ALIKE = 0.01
"""Losses that differ by less, relatively, belong to one minimum."""


class Clusters(NamedTuple):
    """Points, the way of each centre (steps, centres, 2), the losses on it, and the nearest centre of each point."""

    points: Array
    ways: Array
    losses: Sequence[float]
    nearest: NDArray[np.intp]

    @property
    def means(self) -> Array:
        """The mean of the points of each group."""
        return np.array([self.points[self.nearest == place].mean(axis=0) for place in range(len(STARTS))])


@demo("clusters", "002", "3.1", "groups that nobody has named, found by gradient descent", items="C2 C5")
def story(*, brief: bool) -> Iterator[Piece]:
    """How the fields lie in one another, and clustering by gradient descent."""
    yield Heading("One field inside the other (figure 1)")
    yield Paragraph(
        "Artificial intelligence is the widest of the three. Machine learning is a part of it: what learns its rules"
        " from data. Deep learning is a part of that: networks of several layers, of which this document tells."
    )
    yield Chart("clusters-figure-1", "figure 1, three fields", drawn_fields)
    steps = 20 if brief else 60
    yield from _clustering(clustered(steps), elsewhere(steps, TRIES))


def points() -> Array:
    """The points, in an order that says nothing of their heaps."""
    rng = np.random.default_rng(SEED)
    drawn = np.concatenate([rng.normal(middle, SPREAD, (POINTS, 2)) for middle in MIDDLES])
    return drawn[rng.permutation(len(drawn))]


def loss(inputs: Array, centres: Sequence[Sequence[Value]]) -> Value:
    """The mean squared distance of the points to the centre that is nearest to each."""
    return mean([minimum([(x - a) ** 2 + (y - b) ** 2 for a, b in centres]) for x, y in inputs.tolist()])


def clustered(steps: int, starts: Sequence[Sequence[float]] = STARTS) -> Clusters:
    """The centres after so many steps of gradient descent."""
    inputs = points()
    centres = [[Value(place[0]), Value(place[1])] for place in starts]
    parameters = [coordinate for centre in centres for coordinate in centre]
    J, optimizer = loss(inputs, centres), SGD(parameters, RATE)
    ways, losses = [_numbers(centres)], [J.data]
    for _ in range(steps):
        optimizer.zero_grad()
        J.backward()
        optimizer.step()
        J.refresh()
        ways.append(_numbers(centres))
        losses.append(J.data)
    distances = np.linalg.norm(inputs[:, None] - ways[-1][None], axis=2)
    return Clusters(inputs, np.array(ways), losses, distances.argmin(axis=1))


def elsewhere(steps: int, tries: int) -> list[Clusters]:
    """The same, with the centres at points that are drawn."""
    rng, inputs = np.random.default_rng(0), points()
    starts = [inputs[rng.choice(len(inputs), len(STARTS), replace=False)].tolist() for _ in range(tries)]
    return [clustered(steps, start) for start in starts]


def _numbers(centres: Sequence[Sequence[Value]]) -> Array:
    return np.array([[coordinate.data for coordinate in centre] for centre in centres])


def _told_starts(found: Clusters, others: Sequence[Clusters]) -> str:
    worst = max(others, key=lambda other: other.losses[-1])
    higher = sum(other.losses[-1] > found.losses[-1] * (1 + ALIKE) for other in others)
    told = (
        f"{higher} end higher, one at {worst.losses[-1]:.4f} with groups of {_sizes(worst)} points: a local minimum."
        if higher
        else "none ends higher."
    )
    return (
        f"We chose the number of centres, {len(STARTS)}, and where they begin. Gradient descent goes down from there"
        f" and need not find the lowest loss of all. Of {len(others)} other starts, at points drawn at random, {told}"
    )


def _sizes(found: Clusters) -> str:
    *most, last = map(str, sorted(np.bincount(found.nearest, minlength=len(STARTS)).tolist()))
    return f"{', '.join(most)} and {last}"


def _clustering(found: Clusters, others: Sequence[Clusters]) -> Iterator[Piece]:
    yield Heading("Unsupervised learning: clusters (figure 4)")
    yield Paragraph(
        f"{len(found.points)} points of ours, and no outputs: nobody says which belong together. Three centres are to"
        " be near to them: the loss is the mean squared distance to the nearest centre, and gradient descent moves the"
        " centres. For one point and two centres it reads:"
    )
    x, y = Value(0.0, "x"), Value(0.0, "y")
    a1, b1, a2, b2 = (Value(1.0, name) for name in ("a1", "b1", "a2", "b2"))
    one = minimum([(x - a1) ** 2 + (y - b1) ** 2, (x - a2) ** 2 + (y - b2) ** 2])
    yield Formula(r"\min \left( (x - a_1)^2 + (y - b_1)^2, (x - a_2)^2 + (y - b_2)^2 \right)", text(one))
    yield Paragraph(
        f"The loss goes from {found.losses[0]:.4f} to {found.losses[-1]:.4f} in {len(found.losses) - 1} steps. The"
        " squared distance to the points of a group is smallest in their mean, and there the centres go: the farthest"
        f" is {np.linalg.norm(found.ways[-1] - found.means, axis=1).max():.1e} from it."
    )
    yield Paragraph(_told_starts(found, others))
    lines = [
        (str(place + 1), str(sum(found.nearest == place)), _pair(centre), _pair(middle))
        for place, (centre, middle) in enumerate(zip(found.ways[-1], found.means))
    ]
    yield Table(("group", "points", "its centre", "mean of its points"), lines, "<>>>")
    yield Chart(
        "clusters-figure-4",
        "figure 4, groups, and the ways of their centres, which are large",
        lambda: drawn_clusters(found),
    )


def _pair(place: Array) -> str:
    return f"({place[0]:.4f}, {place[1]:.4f})"


def drawn_clusters(found: Clusters) -> Figure:
    """The points by their nearest centres, and how the centres came there."""
    figure = blank(6.0, 4.6)
    axes = dressed(figure.add_subplot(), "x", "y")
    for place, way in enumerate(found.ways.swapaxes(0, 1)):
        own = found.points[found.nearest == place]
        colour, marker = COLOURS[place], MARKERS[place]
        axes.scatter(own[:, 0], own[:, 1], color=colour, marker=marker, s=30, edgecolor=PAPER, linewidth=0.5)
        axes.plot(*way.T, color=INK, linewidth=1, marker=".", markersize=4)
        axes.plot(*way[-1], marker=marker, color=colour, markeredgecolor=INK, markersize=13)
    axes.set_aspect("equal")
    return figure


def drawn_fields() -> Figure:
    """Three discs, each in the one before it."""
    from matplotlib.patches import Circle

    figure = blank(4.6, 4.4)
    axes = bare(figure.add_subplot())
    names = ("Artificial intelligence", "Machine learning", "Deep learning")
    for place, (name, radius) in enumerate(zip(names, (3.0, 2.15, 1.3))):
        axes.add_patch(Circle((0, radius - 3), radius, facecolor=TINTS[1 - place % 2], edgecolor=INK))
        axes.text(0, 2 * radius - 3.7, name, ha="center", fontsize=LARGE, color=INK, **AS_IT_IS)
    axes.set(xlim=(-3.1, 3.1), ylim=(-3.1, 3.1), aspect="equal")
    return figure
