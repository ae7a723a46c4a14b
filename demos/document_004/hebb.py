"""Document 004, "Fundamentos": a neuron, the rule of Hebb by hand, and how far it and the perceptron's rule go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd import grad
from autograd.comparison import WRONG, Row, compare
from demos.pieces import Chart, Diagram, Formula, Heading, Items, Numbers, Paragraph, Piece, Table
from demos.story import demo
from nn import Neuron, Perceptron, draw_network, hebb
from nn.figures import BLUE, COLOURS, DASHES, MARKERS, blank, dressed

CORNERS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
AND, XOR = [0.0, 0.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0]
EPOCHS = 20

RATE = 1.0
"""Of the perceptron: with it all weights and sums are whole numbers, which floats do not round."""

ROUNDED = 1e-12
"""A sum that is smaller, and not 0, is a rounding."""


class Lesson(NamedTuple):
    """Points, what is wanted of them, and the learning rate η."""

    points: Sequence[Sequence[float]]
    targets: Sequence[float]
    eta: float


class Taught(NamedTuple):
    """A neuron that Hebb's rule has taught, and what each point changed: Δw, and w after it."""

    neuron: Neuron
    changes: list[list[float]]
    weights: list[list[float]]


EXAMPLE = Lesson([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]], [1.0, 0.0, 0.0], 0.1)
EXERCISE = Lesson([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]], [1.0, 1.0, 0.0], 0.2)

PRINTED_CHANGES = [["0.1", "0.1"], ["0", "0"], ["0", "0"]]
PRINTED_WEIGHTS = [["0.1", "0.1"], ["0.1", "0.1"], ["0.1", "0.1"]]
PRINTED_NET, PRINTED_OUTPUT = "0", "0"
"""Of the new point [0, 0]."""


@demo(
    "hebb",
    "004",
    "2",
    "a neuron, Hebb's rule, the perceptron's, and their limits",
    items="E4-E10",
    errata="004-1 004-2 004-3",
)
def story(*, brief: bool) -> Iterator[Piece]:
    """The neuron, the example of the slides, their exercise, and another rule for the same points."""
    yield Heading("A neuron")
    yield from _neuron()
    yield Heading("Hebb's rule, by hand")
    example = taught(EXAMPLE)
    yield from _example(example)
    yield Heading("The exercise")
    yield from _exercise(taught(EXERCISE))
    yield Heading("The perceptron's rule, and what no neuron learns")
    yield from _perceptron(example)


def taught(lesson: Lesson) -> Taught:
    """A neuron with weights of 0 that each point has taught once, in order."""
    neuron = Neuron(2, "step", initializer="zeros")
    changes, weights = [], []
    for x, y in zip(lesson.points, lesson.targets):
        changes.append(hebb(neuron, x, y, lesson.eta))
        weights.append([w.data for w in neuron.w])
    return Taught(neuron, changes, weights)


def outputs(neuron: Neuron, points: Sequence[Sequence[float]]) -> list[float]:
    """What the neuron says of each point."""
    return [neuron(x).data for x in points]


def _neuron() -> Iterator[Piece]:
    yield Formula(r"y = f\left(\sum_{i=1}^{n} w_i x_i + b\right)", "y = f(Σ wᵢ xᵢ + b)")
    yield Paragraph(
        "A neuron weighs its inputs, adds a bias, and f makes its output of the sum. Here f is the step: 1 for x ≥ 0,"
        " and else 0. In the picture, with weights that are ours, lines are weights, as wide as those are"
        " large: solid where positive, dashed where negative."
    )
    drawn = Neuron(3, "step", seed=2)
    yield Diagram("hebb-neuron", "a neuron, y = f(Σ w·x + b)", draw_network(drawn, x=[1.0, 0.5, -1.0]))


def _example(example: Taught) -> Iterator[Piece]:
    yield Formula(r"\Delta w_{ij} = \eta \cdot x_i \cdot y_j", "Δw_ij = η · x_i · y_j")
    yield Paragraph(
        f"What is active together grows together: y is the output that is wanted. With η = {EXAMPLE.eta} and weights of"
        " 0, without a bias, three points in order; then the new point [0, 0] is asked:"
    )
    rows = compared(example)
    yield Numbers(rows)
    yield Items(list(_wrong(example, rows)))
    nets = [example.neuron.weighted_sum(x).data for x in EXAMPLE.points]
    yield Paragraph(
        "The objective of the slides is to classify the three points. What the neuron says of them after the lesson,"
        f" beside what is wanted; its sums are {_listed(nets)}:"
    )
    says = outputs(example.neuron, EXAMPLE.points)
    lines = [(_points([x]), f"{y:g}", f"{said:g}") for x, y, said in zip(EXAMPLE.points, EXAMPLE.targets, says)]
    yield Table(("point", "wanted", "the neuron says"), lines, "<>>")
    yield Paragraph(_bias(example, nets))


def compared(example: Taught) -> list[Row]:
    """Every number of the example of the slides."""
    rows: list[Row] = []
    for place, (changes, weights) in enumerate(zip(PRINTED_CHANGES, PRINTED_WEIGHTS)):
        rows += compare(f"Δw, point {place + 1}", changes, example.changes[place])
        rows += compare(f"w after point {place + 1}", weights, example.weights[place])
    rows += compare("net of [0, 0]", PRINTED_NET, example.neuron.weighted_sum([0.0, 0.0]))
    return rows + compare("y of [0, 0]", PRINTED_OUTPUT, example.neuron([0.0, 0.0]))


def _wrong(example: Taught, rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        if row.verdict == WRONG and row.quantity == "y of [0, 0]":
            net = example.neuron.weighted_sum([0.0, 0.0]).data
            yield (
                f"{row.quantity}: the slides say f({net:g}) = {row.printed}, and a few lines above that f is 1 where"
                f" x ≥ 0; by that definition f({net:g}) = {row.computed:g} (004-1). The neuron does not put [0, 0] into"
                f" class {row.printed}."
            )
        elif row.verdict == WRONG:
            yield f"{row.quantity}: no explanation is known."


def _bias(example: Taught, nets: Sequence[float]) -> str:
    """What is missed, with either step, and which biases would help."""
    wrong = sum(y != wanted for y, wanted in zip(outputs(example.neuron, EXAMPLE.points), EXAMPLE.targets))
    strict = sum((net > 0) != wanted for net, wanted in zip(nets, EXAMPLE.targets))
    ones, zeros = ([net for net, y in zip(nets, EXAMPLE.targets) if y == wanted] for wanted in (1, 0))
    low, high = -min(ones), -max(zeros)
    twin = taught(EXAMPLE).neuron
    middle = (low + high) / 2
    _set_bias(twin, middle)
    right = sum(y == wanted for y, wanted in zip(outputs(twin, EXAMPLE.points), EXAMPLE.targets))
    return (
        f"{wrong} of 3 are wrong (004-2), and {strict} of 3 with a step that is 0 at 0: Hebb's rule looks at no error,"
        f" and learns nothing where y = 0. A bias of at least {low:.1f} and below {high:.1f} would mend it: with"
        f" b = {middle:.2f} the same weights are right for {right} of 3. The rule has none to offer."
    )


def _set_bias(neuron: Neuron, number: float) -> None:
    if neuron.b is not None:
        neuron.b.data = number


def _exercise(exercise: Taught) -> Iterator[Piece]:
    yield Paragraph(
        f"To be solved by hand: η = {EXERCISE.eta}, and the points {_points(EXERCISE.points)} with y ="
        f" {_listed(EXERCISE.targets)}. The slide of the solution is blank (004-3); the engine's is this:"
    )
    rows: list[Row] = []
    for place, (x, weights) in enumerate(zip(EXERCISE.points, exercise.weights), start=1):
        rows += compare(f"w after point {place}, {_points([x])}", ["", ""], weights)
    rows += compare("net of [1, 1]", "", exercise.neuron.weighted_sum([1.0, 1.0]))
    rows += compare("y of [1, 1]", "", exercise.neuron([1.0, 1.0]))
    yield Numbers(rows)
    says = outputs(exercise.neuron, EXERCISE.points)
    strict = [float(exercise.neuron.weighted_sum(x).data > 0) for x in EXERCISE.points]
    yield Paragraph(
        f"Of its own three points the neuron says {_listed(says)}, where {_listed(EXERCISE.targets)} is wanted: with"
        " this step [0, 0] is always of class 1 as long as there is no bias. With a step that is 0 at 0 it would be"
        f" {_listed(strict)}."
    )


def _perceptron(example: Taught) -> Iterator[Piece]:
    neuron = example.neuron
    slopes = [grad(neuron(x), w).data for x in CORNERS for w in neuron.w]
    yield Paragraph(
        "Gradients do not help: the step has slope 0 wherever it has one, and all the derivatives of the neuron's"
        f" output for its weights are {max(map(abs, slopes)):g}. The rule of the perceptron, which the history on the"
        " slides names first, looks at the error: w ← w + η (y - ŷ) x, and b likewise. Mistakes in each epoch, until"
        f" there is none, or for {EPOCHS} epochs, with η = {RATE:g}; beside it what Hebb's rule makes of the same"
        " points:"
    )
    lessons = {
        "the slides' three points": EXAMPLE._replace(eta=RATE),
        "AND": Lesson(CORNERS, AND, RATE),
        "XOR": Lesson(CORNERS, XOR, RATE),
    }
    results = {name: (lesson, *_learnt(lesson)) for name, lesson in lessons.items()}
    yield Table(
        ("", "perceptron, mistakes in each epoch", "perceptron right", "Hebb right"),
        [
            (name, _shortened(mistakes), _right(perceptron, lesson), _right(taught(lesson).neuron, lesson))
            for name, (lesson, perceptron, mistakes) in results.items()
        ],
        "<<>>",
    )
    yield Paragraph(_rate(results["the slides' three points"][2]))
    if touched := "; ".join(_on_the_line(results)):
        yield Paragraph(
            "A point on the learnt line has the sum 0, and is right only because this step is 1 at 0, which is what"
            f" 004-3 is about. With a step that is 0 at 0: {touched}."
        )
    mistakes = results["XOR"][2]
    yield Paragraph(
        f"No line has the two points of XOR on one side and the others on the other: after {len(mistakes)} epochs there"
        f" are still {mistakes[-1]} mistakes in each, and there always will be. That takes a hidden layer."
    )
    learnt = results["the slides' three points"][1]
    lines = {"Hebb": _line(neuron), "perceptron": _line(learnt)}
    yield Chart("hebb-lines", "the slides' points, and where each neuron changes its mind", lambda: _drawn(lines))


def _learnt(lesson: Lesson) -> tuple[Perceptron, list[int]]:
    perceptron = Perceptron(2)
    return perceptron, perceptron.learn_all(lesson.points, lesson.targets, lr=lesson.eta, epochs=EPOCHS)


def _rate(mistakes: Sequence[int]) -> str:
    """What the learning rate changes: nothing but roundings."""
    slides, counted = _learnt(EXAMPLE)
    told = (
        f"In exact numbers η decides nothing here: from weights of 0 it is a factor of every sum, and the step looks at"
        f" the sign. With η = {RATE:g} all numbers are whole."
    )
    if counted == mistakes:
        return f"{told} The slides' η = {EXAMPLE.eta} makes the same mistakes."
    nets = {_points([x]): slides.weighted_sum(x).data for x in EXAMPLE.points}
    rounded = " and ".join(f"{net:.2g} for {x}" for x, net in nets.items() if 0 < abs(net) < ROUNDED)
    return (
        f"{told} With the slides' η = {EXAMPLE.eta} floats round, and the mistakes are {_shortened(counted)}: it ends"
        f" with a sum of {rounded}, which is 0 but for roundings, and the step puts it below."
    )


def _on_the_line(lessons: Mapping[str, tuple[Lesson, Perceptron, list[int]]]) -> Iterator[str]:
    """Which of the learnt lines pass through a point, of which the step at 0 decides."""
    for name, (lesson, perceptron, mistakes) in lessons.items():
        nets = [perceptron.weighted_sum(x).data for x in lesson.points]
        places = [x for x, net in zip(lesson.points, nets) if net == 0]
        if places and not mistakes[-1]:
            strict = sum((net > 0) == wanted for net, wanted in zip(nets, lesson.targets))
            yield f"of {name} it passes through {_points(places)}, and {strict} of {len(nets)} would be right"


def _right(neuron: Neuron, lesson: Lesson) -> str:
    right = sum(y == wanted for y, wanted in zip(outputs(neuron, lesson.points), lesson.targets))
    return f"{right} of {len(lesson.targets)}"


def _shortened(mistakes: Sequence[int]) -> str:
    shown = " ".join(map(str, mistakes[:10]))
    return f"{shown} …" if len(mistakes) > 10 else shown


def _line(neuron: Neuron) -> tuple[float, float, float]:
    """w1, w2 and b, of the line w1·x1 + w2·x2 + b = 0."""
    w1, w2 = (w.data for w in neuron.w)
    return w1, w2, neuron.b.data if neuron.b is not None else 0.0


def _listed(numbers: Sequence[float]) -> str:
    return ", ".join(f"{number:g}" for number in numbers)


def _points(points: Sequence[Sequence[float]]) -> str:
    return ", ".join(f"[{_listed(point)}]" for point in points)


def _drawn(lines: dict[str, tuple[float, float, float]]) -> Any:
    figure = blank(5.2, 4.4)
    axes = dressed(figure.add_subplot(), "x1", "x2")
    for label in (0, 1):
        xs, ys = np.array([x for x, y in zip(EXAMPLE.points, EXAMPLE.targets) if y == label]).T
        axes.scatter(xs, ys, s=70, color=COLOURS[label], marker=MARKERS[label], label=f"y = {label}", zorder=2)
    places = np.array([-1.0, 2.0])
    for (name, (w1, w2, b)), dashes, colour in zip(lines.items(), DASHES, (COLOURS[2], BLUE)):
        axes.plot(
            places, -(w1 * places + b) / w2, color=colour, linestyle=dashes, label=f"{name}: 1 on the upper right"
        )
    axes.set(xlim=(-0.5, 1.6), ylim=(-0.5, 1.6), aspect="equal")
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(0, 1.2), ncols=2)
    return figure
