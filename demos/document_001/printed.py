"""Document 001, section 1.2.1: its training as printed, what it does instead of gradient descent, and what comes of it.

The program runs in plain NumPy beside the engine. Whether its steps are gradients is measured: the engine's gradient of
the mean squared error is beside them, and differences of the listing's own cost are beside both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograd import compile  # as in "compile a program"; the builtin is not used here
from autograd.comparison import Row, compare
from demos.document_001 import listing
from demos.document_001.courses import Course, after_the_unused, courses, distances
from demos.document_001.listing import EVERY, ITERATIONS, RATE, Array
from demos.document_001.maps import Panel, as_printed, drawn_maps, reflection
from demos.document_001.network import Slopes, cost, slopes, twin
from demos.layout import percent
from demos.pieces import Chart, Formula, Heading, Items, Kind, Numbers, Paragraph, Piece, Table
from demos.sets import circles
from demos.story import demo
from nn.figures import BLUE, DASHES, ORANGE, blank, dressed

SEED = 0
POINTS, FEWER = 500, 100
SHORTER = 100
"""So many points and iterations has a brief story."""

COMPARED = 151
"""Iterations in which the listing and the engine, told the same factors, agree to the digits that are shown."""

SHOWN = 5
"""So many of its predictions are compared each time that it prints them."""

APART = 1e-9
LONGEST = 320
"""In so many iterations at most floats and longer floats are compared."""

LEARNT = 0.99


@demo(
    "circles-printed",
    "001",
    "1.2.1",
    "two circles: the training as printed, unstable, and why",
    items="B15-B24",
    errata="001-2 001-3 001-4 001-5 001-6 001-8",
    cover="circles-printed-map",
)
def story(*, brief: bool) -> Iterator[Piece]:
    """The three steps, what the listing takes for a gradient, its runs, and its map."""
    X, Y = points(FEWER if brief else POINTS)
    iterations = SHORTER if brief else ITERATIONS
    yield Heading("The three steps")
    yield from _setting()
    yield from _same_run(X, Y, COMPARED // 3 + 1 if brief else COMPARED)
    yield Heading("What it takes for a gradient")
    yield from _gradients(X, Y)
    yield Items(list(_indices(X, Y)))
    yield Heading("What comes of it")
    seeds = range(2) if brief else range(10)
    found = courses(seeds, X, Y, iterations)
    whole = after_the_unused(SEED, X, Y, iterations)
    yield from _instability(found, courses(seeds, X[::-1], Y[::-1], iterations))
    differences = distances(SEED, X, Y, min(LONGEST, iterations))
    yield Paragraph(_parting(differences))
    yield Chart(
        "circles-printed-precision", "how far floats and longer floats are apart", lambda: _precision(differences)
    )
    yield Paragraph(_unused(found[SEED], whole))
    yield Chart("circles-printed-loss", "the losses of both runs", lambda: _curves(found[SEED], whole))
    yield Heading("The map of its decisions")
    yield from _maps(found[SEED], whole, X, Y)


def points(count: int) -> tuple[Array, Array]:
    """X (n, 2), and Y with the column that the document gives it."""
    X, Y = circles(count, SEED)
    return X, Y[:, None]


def _setting() -> Iterator[Piece]:
    yield Paragraph(
        "An iteration goes forward through all layers and gives what the last one says, then backward to find the error"
        " δ of each layer, and then takes a step of gradient descent. The document's formulas for the last layer, for"
        " the others, and for the step:"
    )
    yield Formula(
        r"\delta^L = \frac{\partial C}{\partial a^L} \cdot \frac{\partial a^L}{\partial z^L}",
        "δ^L = ∂C/∂a^L · ∂a^L/∂z^L",
    )
    yield Formula(
        r"\delta^{l-1} = W^l \delta^l \cdot \frac{\partial a^{l-1}}{\partial z^{l-1}}",
        "δ^(l-1) = W^l δ^l · ∂a^(l-1)/∂z^(l-1)",
    )
    yield Formula(
        r"\frac{\partial C}{\partial b^{l-1}} = \delta^{l-1} \quad"
        r" \frac{\partial C}{\partial w^{l-1}} = \delta^{l-1} a^{l-1}",
        "∂C/∂b^(l-1) = δ^(l-1), ∂C/∂w^(l-1) = δ^(l-1) a^(l-1)",
    )
    yield Paragraph(
        "The cost is the mean squared error, Σ (Yp - Yr)²/n, and its derivative is given as Yp - Yr. The code differs"
        " from the formulas, and also from gradient descent: for b it takes the mean of δ over the examples, for W the"
        f" product aᵀδ, which is a sum. Its rate is {RATE:g} (lr = 0.5 is a default that is not used, 001-8)."
    )


def _same_run(X: Array, Y: Array, iterations: int) -> Iterator[Piece]:
    """The listing beside the engine, which is told the listing's factors."""
    yield Paragraph(
        "What the factors are is measured below: for b half of the gradient of the cost, and for W n/2 times it. Told"
        f" the same, the engine repeats the listing. Every {EVERY}th iteration prints pY, of which here are the first"
        f" {SHOWN}, and keeps the loss; the seed of the weights is ours, {SEED}:"
    )
    yield Numbers(repeated(X, Y, iterations), Kind.EVALUATED)


def repeated(X: Array, Y: Array, iterations: int) -> list[Row]:
    """Losses and predictions of the listing beside those of the engine with the listing's factors."""
    net = listing.network(SEED)
    model = twin(net)
    program = compile([*(model(x) for x in X[:SHOWN]), cost(model, X, Y)], model.parameters())
    descent = compile(cost(model, X, Y), model.parameters())
    weights = set(model.weight_parameters())
    rates = RATE * np.array([len(X) / 2 if parameter in weights else 1 / 2 for parameter in model.parameters()])
    rows: list[Row] = []
    for iteration in range(iterations):
        if iteration % EVERY == 0:
            program.parameters = descent.parameters
            rows += _iteration(iteration, listing.forward(net, X)[-1], Y, program.forward())
        listing.train(net, X, Y)
        descent.run()
        descent.parameters = descent.parameters - rates * descent.gradient
    return rows


def _iteration(iteration: int, predicted: Array, Y: Array, computed: Sequence[float]) -> list[Row]:
    *outputs, loss = computed
    rows = compare(f"loss, iteration {iteration}", f"{listing.l2_cost(predicted, Y):.6f}", loss)
    printed = [f"{number:.6f}" for number in predicted[:SHOWN, 0]]
    return rows + compare(f"pY, iteration {iteration}", printed, outputs)


def _gradients(X: Array, Y: Array) -> Iterator[Piece]:
    """Erratum 001-2 and 001-3, in numbers."""
    found = slopes(listing.network(SEED), X, Y)
    yield Paragraph(
        "At the start, before any update: what the listing takes for the derivative of its cost, in the first element"
        " of each array of parameters, and the derivative by the engine:"
    )
    rows = [
        row for each in found for row in compare(f"∂C/∂{each.name}", f"{each.listing[0, 0]:.8g}", each.engine[0, 0])
    ]
    yield Numbers(rows, Kind.EVALUATED)
    yield Table(
        ("array", "shape", "smallest factor", "largest factor", "engine and differences"),
        [
            (each.name, str(each.listing.shape), f"{low:.10g}", f"{high:.10g}", f"{each.disagreement:.1e}")
            for each in found
            for low, high in [(each.factors.min(), each.factors.max())]
        ],
        "<<>>>",
    )
    yield Paragraph(_factors(found, len(X)))


def _factors(found: Sequence[Slopes], n: int) -> str:
    b, W = (float(np.mean([each.factors.mean() for each in found if each.name[0] == kind])) for kind in "bW")
    return (
        f"In all six arrays, and in each of their elements, the factor is {b:.6g} for b and {W:.6g} for W (001-2). The"
        " last column asks the listing's own cost, by differences and without any rule, and confirms the engine. Where"
        " do the factors come from? The derivative of the mean of (Yp - Yr)² is 2/n (Yp - Yr), and the document leaves"
        f" out 2/n, which is {2 / n:g} (001-3): a sum over the examples is then n/2 = {n / 2:g} times as large, and"
        f" the mean, which divides by n once more, is half of the right one. So the rate {RATE:g} is in effect"
        f" {RATE * b:.4g} for b and {RATE * W:.4g} for W: W learns {W / b:.0f} times as fast as b."
    )


def _indices(X: Array, Y: Array) -> Iterator[str]:
    """Errata 001-5 and 001-6: which products can be formed, and give the shape of the weights."""
    net = listing.network(SEED)
    out = listing.forward(net, X)
    deltas = listing.deltas(net, out, Y)
    shapes = [
        (layer.W.shape, (a.T @ d).shape, (own.T @ d).shape) for layer, a, own, d in zip(net, out, out[1:], deltas)
    ]
    told = ", ".join(f"W{place} {W}: {code} and {text}" for place, (W, code, text) in enumerate(shapes, start=1))
    fitting = [sum(shape[which] == shape[0] for shape in shapes) for which in (1, 2)]
    yield (
        "001-5: ∂C/∂w^(l-1) = δ^(l-1) a^(l-1) takes the activation of the same layer, and the code that of the layer"
        f" before, which is what goes into it. Shapes of the weights, of the code's product and of the text's: {told}."
        f" The code's fits {fitting[0]} of {len(shapes)} layers, the text's {fitting[1]}."
    )
    yield (
        f"001-6: W^l δ^l is W{net[1].W.shape} times δ{deltas[1].shape} for the second layer, for an example is a row;"
        f" {_product(net[1].W, deltas[1])}. The code's δ^l (W^l)ᵀ has the shape {(deltas[1] @ net[1].W.T).shape}, that"
        " of δ of the layer before."
    )


def _product(W: Array, delta: Array) -> str:
    try:
        return f"NumPy gives something of the shape {(W @ delta).shape}"
    except ValueError:
        return "NumPy refuses this product"


def _instability(found: Sequence[Course], again: Sequence[Course]) -> Iterator[Piece]:
    """Runs from several seeds, and the same with the points in another order."""
    yield Paragraph(
        "Gradient descent with steps that are small enough never makes the loss larger. The listing's"
        f" {len(found[SEED].losses)} iterations, each from other first weights, for the document gives no seed. Each"
        " number is there twice, the second time for the same points in reverse order: that changes nothing but"
        " roundings, as another machine does, or np.exp(-x) for np.e ** (-x). Digits in which the two differ are not"
        " the document's:"
    )
    yield Table(
        ("seed", "iterations in which the loss rises", "largest rise", "loss at the end", "accuracy at the end"),
        [
            (str(one.seed), *(f"{a}, {b}" for a, b in zip(_measured(one), _measured(other))))
            for one, other in zip(found, again)
        ],
        "<>>>>",
    )
    yield Paragraph(f"{_missed(found)} {_held(found, again)}")


def _measured(run: Course) -> tuple[str, ...]:
    return str(run.rises), f"{run.largest_rise:.2f}", f"{run.losses[-1]:.4f}", f"{run.accuracy:.3f}"


def _missed(found: Sequence[Course]) -> str:
    missed = [each for each in found if each.accuracy < LEARNT]
    ends = ", ".join(f"seed {each.seed} at {each.accuracy:.3f}" for each in missed)
    return f"Of {len(found)} seeds, {len(missed)} end below {percent(LEARNT)}{': ' if ends else ''}{ends}."


def _held(found: Sequence[Course], again: Sequence[Course]) -> str:
    """What two runs of each seed have in common that differ in their roundings, and what they don't."""
    is_same = all((one.accuracy < LEARNT) == (other.accuracy < LEARNT) for one, other in zip(found, again))
    which = f"The other order {'misses the same' if is_same else 'does not miss the same'}."
    apart = [_apart(one.rises, other.rises) for one, other in zip(found, again)]
    if not max(apart):
        return f"{which} In so few iterations the loss rises as often in both orders."
    largest = max(_apart(one.largest_rise, other.largest_rise) for one, other in zip(found, again))
    rising = sum(min(one.rises, other.rises) > 0 for one, other in zip(found, again))
    return (
        f"{which} In both the loss rises in {rising} of {len(found)} runs; how often differs by up to"
        f" {percent(max(apart))}, and the largest rise by up to {percent(largest)}: only their order of magnitude holds"
        " on another machine."
    )


def _apart(one: float, other: float) -> float:
    """The part by which the larger is larger."""
    low, high = sorted((one, other))
    return high / low - 1 if low > 0 else float(high > low)


def _parting(differences: Array) -> str:
    apart = np.flatnonzero(differences > APART)
    when = f"at iteration {apart[0]}" if len(apart) else f"not in {len(differences)} iterations"
    return (
        "The same program with longer floats (NumPy's longdouble) differs in its roundings alone. From the seed"
        f" {SEED}, what the two predict is here further apart than {APART:g} {when}, and by {differences.max():.2g}"
        f" within {len(differences)} iterations. Where they part, digits are those of a machine, and not of the"
        " document."
    )


def _unused(alone: Course, whole: Course) -> str:
    return (
        "The network of cell [8] is never used (001-8), and decides all the same, for it takes numbers from the"
        f" generator. Above, the seed {SEED} is set where cell [11] makes its network: it ends with a loss of about"
        f" {alone.losses[-1]:.1g} and an accuracy of {alone.accuracy:.2f}. Set before cell [8], it ends at about"
        f" {whole.losses[-1]:.1g} and {whole.accuracy:.2f}, and the loss rises in about {float(f'{whole.rises:.1g}'):g}"
        " iterations. What an iteration prints is what the network said before its update, so that the last update is"
        " never seen; and the losses are drawn over their place in the list, which is the iteration divided by"
        f" {EVERY}."
    )


def _maps(alone: Course, whole: Course, X: Array, Y: Array) -> Iterator[Piece]:
    maps = {"cell [11] alone": as_printed(alone.net), "after cell [8]": as_printed(whole.net)}
    told = "; ".join(
        f"{name}, by {found.largest:.1f} at most, and {percent(found.changed)} of the points change their class"
        for name, found in ((name, reflection(drawn)) for name, drawn in maps.items())
    )
    yield Paragraph(
        "The map asks the network at 50 × 50 points. The listing puts x0 into the rows of _Y, and pcolormesh takes"
        " rows for what goes up: the picture is reflected in its diagonal (001-4), and right is _Y.T. After"
        f" {len(alone.losses)} iterations the two differ, in digits that hold on other machines too: {told}."
    )
    rows = [[Panel(f"as printed, {name}", drawn), Panel("put right: _Y.T", drawn.T)] for name, drawn in maps.items()]
    yield Chart("circles-printed-map", "the map as printed and put right", lambda: drawn_maps(rows, X, Y))


def _curves(alone: Course, whole: Course) -> Any:
    figure = blank(7.2, 5.0)
    for axes, shown, title in zip(
        figure.subplots(2, sharex=True), (alone, whole), ("cell [11] alone", "after cell [8]")
    ):
        dressed(axes, "" if shown is alone else "iteration", "loss", title)
        axes.plot(shown.losses, color=BLUE, linewidth=0.8, label="each iteration", rasterized=True)
        kept = range(0, len(shown.losses), EVERY)
        axes.plot(kept, shown.losses[kept], "o", color=ORANGE, markersize=3.5, label=f"every {EVERY}th, which it keeps")
        axes.set_ylim(0, None)
        axes.legend(frameon=False, loc="upper right")
    return figure


def _precision(differences: Array) -> Any:
    figure = blank(7.2, 3.4)
    axes = dressed(figure.add_subplot(), "iteration", "largest difference of pY")
    axes.semilogy(np.where(differences > 0, differences, np.nan), color=BLUE, linewidth=1.4)
    axes.axhline(APART, color=ORANGE, linestyle=DASHES[1], linewidth=1.2)
    axes.text(0, 1.5 * APART, f"{APART:g}", color=ORANGE, fontsize=9)
    return figure
