"""Document 002, section 4.1: ice creams by temperature, a line that gradient descent fits.

The document's listing (`regression_listing`) runs beside the engine, which has no derivative typed: it records the sum
of squared errors and takes half of its gradient, as the listing does. The best line is exact, in fractions.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from autograd import Value, compile, hessian, latex, text, zero_grad
from autograd.comparison import Row, compare, summary
from demos.document_002 import regression_charts, regression_listing
from demos.document_002.regression_listing import EPOCHS, RATE, SOLD, SPREAD, TEMPERATURES, Array, Run, plain_product
from demos.pieces import Chart, Diagram, Formula, Heading, Items, Kind, Numbers, Output, Paragraph, Piece, Table
from demos.story import demo
from nn import SGD, Neuron, draw_network, sse

CONSTANT = "1.5533527212309681"
"""The height of the green cross of figure 68: the listing has it typed, as the error at the end."""

OTHER_SPREAD, OTHER_EPOCHS = 1, 5000
"""The run that gives the constant: first weights without the factor 3, and more epochs."""

SPREADS = range(1, 6)
"""Factors of the first weights that are tried for it."""

EVERY = 25
"""So many epochs lie between the compared errors."""

MARKED = 500
"""The listing draws a dot at steps[500], the weights before the update of so many epochs."""

DIVERGING = 8
"""Updates with the whole gradient that are shown."""


class Model(NamedTuple):
    """The network of figure 66: w · x + b · 1, and the error of all points, recorded."""

    neuron: Neuron
    error: Value

    @property
    def weights(self) -> list[Value]:
        """Bias and slope, in the listing's order."""
        slope, bias = self.neuron.w
        return [bias, slope]


class Line(NamedTuple):
    """A line, bias and slope, and the sum of its squared errors."""

    bias: Any
    slope: Any
    error: Any


@demo(
    "ice-creams",
    "002",
    "4.1",
    "ice creams by temperature: a line, and two numbers for its error",
    items="C98-C100",
    errata="002-5 002-6 002-7 002-8 002-9",
    cover="ice-creams-line",
)
def story(*, brief: bool) -> Iterator[Piece]:
    """The points and the network, the listing and the engine, the constant, the best line, and the surface."""
    listing, engine = regression_listing.descend(), descent()
    yield from _setting()
    yield Heading("The listing and the engine, epoch by epoch")
    yield Paragraph(
        "As it stands, the listing does not run. Put right are the lines that break behind 'y=', float(weights[1])"
        " (002-9), and the indentation of steps.append and of what follows it, which a page break has taken:"
        " without it there would be one update, and print(error) would print one number. (Its last picture stops, too:"
        " it draws biazs and lozszs, where the listing has filled biaszs and lozzs.) Inside the loop, where the"
        f" update has to be, it prints an error in each epoch; here is every {EVERY}th:"
    )
    rows = compared(listing, engine)
    yield Numbers(rows, Kind.LISTED)
    yield Paragraph(f"{summary(rows, 'listing')} The weights that it keeps, and draws as dots and as a line:")
    yield Numbers(compared_weights(listing, engine), Kind.EVALUATED)
    yield from _half(listing)
    whole = descent(epochs=DIVERGING, rate=RATE)
    yield from _diverging(whole)
    yield from _constant(listing, engine)
    yield from _best_line(listing, engine)
    yield Heading("Smaller things")
    yield Items(list(_remarks(listing)))
    yield Heading("Pictures")
    yield from _pictures(engine, whole)


def recorded(weights: Array) -> Model:
    """The network with these weights, bias and slope, and the sum of its squared errors."""
    neuron = Neuron(1, "identity", bias="ones")
    slope, bias = neuron.w
    bias.data, slope.data = map(float, np.ravel(weights))
    bias.label, slope.label = "b", "w"
    error = sse([neuron([t / 10]) for t in TEMPERATURES], [sold / 10 for sold in SOLD])
    error.label = "E"
    return Model(neuron, error)


def descent(spread: float = SPREAD, epochs: int = EPOCHS, rate: float = RATE / 2) -> Run:
    """The engine's descent from the listing's first weights; half the gradient is half the rate."""
    model = recorded(regression_listing.first_weights(spread))
    program, optimizer = compile(model.error, model.weights), SGD(model.weights, lr=rate)
    errors, steps = [], []
    for _ in range(epochs):
        steps.append(program.parameters.copy())
        errors.append(float(program.run()))
        optimizer.update(program.parameters, program.gradient)
    return Run(errors, np.array(steps), program.parameters.copy())


def compared(listing: Run, engine: Run) -> list[Row]:
    """What the listing, put right, prints beside the engine's."""
    places = [0, *range(EVERY - 1, len(listing.errors), EVERY)]
    return [
        row
        for place in places
        for row in compare(f"error, epoch {place + 1}", str(listing.errors[place]), engine.errors[place])
    ]


def compared_weights(listing: Run, engine: Run) -> list[Row]:
    """The weights that the listing keeps and draws, and does not print, beside the engine's."""
    rows: list[Row] = []
    kept = {f"at steps[{place}]": (listing.steps[place - 1], engine.steps[place - 1]) for place in (1, MARKED)}
    for when, ours in {**kept, "at the end": (listing.weights, engine.weights)}.items():
        for name, printed, computed in zip(("bias", "slope"), *ours):
            rows += compare(f"{name} {when}", str(printed), computed)
    return rows


def best_line() -> Line:
    """The line of the least sum of squared errors, in fractions, by the normal equations."""
    xs, ys = ([Fraction(str(number)) / 10 for number in numbers] for numbers in (TEMPERATURES, SOLD))
    n, sx, sy = len(xs), sum(xs), sum(ys)
    slope = (n * sum(x * y for x, y in zip(xs, ys)) - sx * sy) / (n * sum(x * x for x in xs) - sx * sx)
    bias = (sy - slope * sx) / n
    return Line(bias, slope, sum((bias + slope * x - y) ** 2 for x, y in zip(xs, ys)))


def curvatures() -> tuple[Array, Array]:
    """The eigenvalues of the error's Hessian, the smaller first, and its directions as columns; by the engine."""
    model = recorded(np.zeros(2))
    matrix = np.array([[entry.data for entry in row] for row in hessian(model.error, model.weights)])
    values, directions = np.linalg.eigh(matrix)
    return values, directions


def updates_until(error: float, spread: float) -> float:
    """After how many updates descent has this error: what is left of the error falls by a factor in each update.

    The error is that of the best line and a half of curvature times distance squared, in each of two directions; the
    steep one is over at once, and this is the other.
    """
    best, (values, directions) = best_line(), curvatures()
    target = np.array([float(best.bias), float(best.slope)])
    distance = directions[:, 0] @ (regression_listing.first_weights(spread).ravel() - target)
    left = float(Fraction(error) - best.error) / (values[0] / 2 * distance**2)
    return math.log(left) / (2 * math.log(1 - RATE / 2 * values[0]))


def _setting() -> Iterator[Piece]:
    yield Paragraph(
        f"{len(SOLD)} days, the temperature of each, from {min(TEMPERATURES)} to {max(TEMPERATURES)} degrees, and how"
        " many ice creams were sold (figure 65). Both are divided by 10. The network (figure 66) has two inputs, the"
        " temperature x and a 1 whose weight is the bias, and no activation: ŷ = w·x + b, a line. Its error is the sum"
        f" of squares E. The document starts from random weights (seed {regression_listing.SEED}) and takes {EPOCHS}"
        f" steps of gradient descent with the rate {RATE}."
    )
    yield Formula(r"E = \sum_{i=1}^{16} {\left(w x_i + b \cdot 1 - y_i\right)}^{2}", "E = Σ (w·x + b·1 - y)²")
    neuron = recorded(regression_listing.first_weights()).neuron
    term = (neuron([TEMPERATURES[0] / 10]) - SOLD[0] / 10) ** 2
    yield Paragraph("The engine records it from scalars, one such term for each day. The first day's, with its slope:")
    yield Formula(latex(term), text(term))
    yield Output(repr(term.explain(neuron.w[0])))


def _half(listing: Run) -> Iterator[Piece]:
    """Erratum 002-5: the first update of the listing beside the gradient of the engine."""
    model = recorded(regression_listing.first_weights())
    model.error.backward()
    moved = (listing.steps[0] - listing.steps[1]) / RATE
    lines = [
        (name, f"{update:.12g}", f"{weight.grad:.12g}", f"{weight.grad / update:.12g}")
        for name, update, weight in zip(("bias", "slope"), moved, model.weights)
    ]
    yield Heading("Half a gradient, and why it has to be half (002-5)")
    yield Paragraph(
        "The theory of the document has the derivative 2(ŷ - y) (section 3.5); the listing has (ŷ - y), and so takes"
        " half of the gradient of the error that it prints. Its first update beside the engine's gradient:"
    )
    yield Table(("first update", "listing", "engine, dE/d…", "ratio"), lines, alignment="<>>>")


def _diverging(whole: Run) -> Iterator[Piece]:
    least, most = curvatures()[0]
    errors = ", ".join(f"{error:.5g}" for error in whole.errors)
    yield Paragraph(
        "That is no harm: half a gradient is half a rate. But it is what makes the listing work. A step multiplies"
        " the distance from the minimum by 1 - rate · curvature, along each eigenvector of the Hessian, which the"
        f" engine differentiates out: the curvatures are {least:.6g} and {most:.6g}. Where rate · curvature exceeds 2,"
        f" each step is thrown further than it came. Half a gradient has {RATE / 2 * most:.4f}, the whole one"
        f" {RATE * most:.4f}, and with it the errors are {errors} …"
    )
    yield Paragraph(
        f"The listing is near that edge: along the steep direction each step leaves {1 - RATE / 2 * most:.2f} of the"
        " distance, so it jumps from side to side of the valley (figure 68), while along the flat one it leaves"
        f" {1 - RATE / 2 * least:.4f}, and takes {math.log(10) / -math.log(1 - RATE / 2 * least):.0f} steps for one"
        " more digit."
    )


def _constant(listing: Run, engine: Run) -> Iterator[Piece]:
    """Erratum 002-6: where the number comes from that the listing has typed."""
    other = descent(OTHER_SPREAD, OTHER_EPOCHS)
    plain = regression_listing.descend(OTHER_SPREAD, OTHER_EPOCHS, product=plain_product)
    rows = compare(f"error of {EPOCHS} epochs, as listed", CONSTANT, engine.errors[-1])
    yield Heading("Two numbers for one error (002-6)")
    yield Paragraph(
        f"The listing prints {listing.errors[-1]!r} at its end. But it draws the green cross of figure 68, the end of"
        f" the descent, at the height {CONSTANT}, a number that it has typed:"
    )
    yield Numbers(rows)
    yield Paragraph(
        f"These numbers have 16 digits: to be {_off(listing):.6e} off is no rounding, but another run. Which? The"
        " formula of the descent says how many updates it takes to have the typed error, from the weights of the seed"
        f" times a factor. The listing has the factor {SPREAD}; an error is printed before its update, so"
        f" {OTHER_EPOCHS} epochs print that of {OTHER_EPOCHS - 1}:"
    )
    asked = [f"{updates_until(float(CONSTANT), spread):.1f}" for spread in SPREADS]
    yield Table(("factor", *map(str, SPREADS)), [("updates", *asked)], "<" + ">" * len(asked))
    yield Paragraph(
        f"The factor {OTHER_SPREAD} asks for a round number: np.random.random((2,1)) without *{SPREAD}, and"
        f" epoch={OTHER_EPOCHS}. With sums from left to right and each operation rounded by itself that run prints"
        f" {plain.errors[-1]!r}, the document's number {_likeness(plain.errors[-1])}. The engine adds in another order,"
        f" and has {other.errors[-1]!r}."
    )


def _off(listing: Run) -> float:
    return listing.errors[-1] - float(CONSTANT)


def _likeness(number: float) -> str:
    if str(number) == CONSTANT:
        return "bit for bit"
    return f"but for {abs(number - float(CONSTANT)):.1e}"


def _best_line(listing: Run, engine: Run) -> Iterator[Piece]:
    """Erratum 002-7: the line of the listing beside the best one."""
    best, end = best_line(), recorded(engine.weights)
    error = end.error.data
    yield Heading("Is it the best line? (002-7)")
    yield Paragraph('"Nuestra red calcula la mejor recta", says section 4.1. The best line is known exactly:')
    lines = [
        ("gradient descent", f"{listing.weights[1]:.12g}", f"{listing.weights[0]:.12g}", f"{error:.12g}"),
        ("the best line", *(f"{float(number):.12g}" for number in (best.slope, best.bias, best.error))),
        ("  in fractions", *(str(number) for number in (best.slope, best.bias, best.error))),
    ]
    yield Table((f"after {EPOCHS} epochs", "slope", "bias", "error E"), lines, alignment="<>>>")
    yield Paragraph(
        f"The error is within {error / float(best.error) - 1:.1e} of the least, relatively, and yet the slope is"
        f" {1 - engine.weights[1] / float(best.slope):.1%} and the bias {1 - engine.weights[0] / float(best.bias):.1%}"
        f" short: the valley is flat along its floor. The engine's gradient there, by bias and slope, is"
        f" {_gradient(end)}, and at the best line {_gradient(recorded(np.array([best.bias, best.slope], float)))}."
    )


def _gradient(model: Model) -> str:
    zero_grad(model.weights)
    model.error.backward()
    return f"({', '.join(f'{weight.grad:.2g}' for weight in model.weights)})"


def _remarks(listing: Run) -> Iterator[str]:
    x, _ = regression_listing.points()
    after = recorded(listing.weights).error.data
    yield (
        "002-8: the text divides the inputs by 10; the listing divides the targets too, and not the 1 of the bias: its"
        f" first row is {x[0].tolist()}. So the axis 'Temp°' of figure 67 has {x[0, 1]:g} where it means"
        f" {TEMPERATURES[0]} degrees."
    )
    yield "002-8: the list of steps begins with (0, 0, 0), which is no step: steps[1] are the first weights."
    yield (
        f"002-8: the green cross stands at the weights after the last update, where the error is {after:.12g};"
        f" what is printed last, {listing.errors[-1]:.12g}, is the error before it, and the height of the cross,"
        f" {CONSTANT}, is neither."
    )
    yield (
        f"002-9: float(weights[1]), an array of one number, today: {_ending(lambda: float(np.ones((1,))))}."
        " weights[1].item() works. The listing of SGD for XOR has float(error) and float(zrror), of arrays of the shape"
        " (1, 1), and ends in the same way."
    )
    yield (
        f'002-9: plt.figure().gca(projection="3d"), today: {_ending(regression_charts.axes_as_listed)}.'
        ' add_subplot(projection="3d") works.'
    )


def _ending(act: Callable[[], object]) -> str:
    """How what the listing does ends with the libraries that are installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            act()
        except (TypeError, ImportError, Warning) as error:
            return f"{type(error).__name__}, {error}"
    return "works"


def _pictures(engine: Run, whole: Run) -> list[Piece]:
    best = best_line()
    lines = {"gradient descent": engine.weights, "least squares": np.array([best.bias, best.slope], float)}
    drawn = draw_network(
        recorded(engine.weights).neuron, x=[TEMPERATURES[0] / 10], loss="E", input_names=["temperature"]
    )
    return [
        Chart("ice-creams-points", "figure 65, the points", regression_charts.points),
        Diagram("ice-creams-network", "figure 66, the network, with the first day", drawn),
        Chart("ice-creams-line", "figure 67, the line, and the best one", lambda: regression_charts.fitted(lines)),
        Chart(
            "ice-creams-surface",
            "figure 68, the error and the descent; the square is steps[500]",
            lambda: _surface(engine, "surface"),
        ),
        Chart("ice-creams-valley", "the same from above", lambda: _surface(engine, "contour")),
        Chart(
            "ice-creams-errors",
            "the error with half the gradient and with the whole one",
            lambda: regression_charts.errors(engine.errors, whole.errors),
        ),
    ]


def _surface(engine: Run, view: str) -> Any:
    model = recorded(engine.weights)
    program = compile(model.error, inputs=model.weights)
    return regression_charts.surface(lambda *weights: program.forward([w.data for w in weights]), engine, MARKED, view)
