"""Document 002, section 3.6: the activation functions, each with its derivative as the engine takes it.

No derivative is typed here: formulas and slopes are those of graphs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from autograd import Value, grad, jacobian, latex, softmax, text
from autograd.comparison import Row, compare
from demos.pieces import Chart, Diagram, Formula, Heading, Items, Numbers, Output, Paragraph, Piece, Table
from demos.story import demo
from nn import MLP, LeakyReLU, draw_network, plot_activations
from nn.figures import BLUE, COLOURS, DASHES, ORANGE, blank, dressed

if TYPE_CHECKING:
    import matplotlib.figure

FAR = 40.0
"""Far out in both tails."""

STEEPEST = "0.25"
"""The largest slope of the sigmoid (section 3.6)."""

RANGES = {"sigmoid": ("0", "1"), "tanh": ("-1", "1")}
"""Of what they give (section 3.6)."""

SHARES = ("70", "25", "5")
"""The percentages of figure 48."""

SLOPES = (0.01, 0.1, 0.3)
"""Of the left branch of Leaky ReLU; ours."""

POINTS = (-2.0, -1.0, 1.0, 2.0)

X = (1.0, 2.0)
"""An example for figure 48; ours."""


@demo(
    "activations",
    "002",
    "3.6",
    "the activation functions and their derivatives",
    items="C53 C56 C57 C59-C61",
    errata="002-17 002-19 002-20",
)
def story(*, brief: bool) -> Iterator[Piece]:
    """Sigmoid, tanh, ReLU, Leaky ReLU and softmax, and which output needs which."""
    yield Paragraph(
        "A neuron's activation makes a network more than one linear function. Section 3.6 shows five of them. What"
        " backpropagation needs of each is its derivative, and the engine writes that down from the recorded graph:"
    )
    yield from _formulas()
    yield Chart(
        "activations-curves",
        "figures 42 and 45 to 47, each function with its derivative",
        lambda: plot_activations(["sigmoid", "tanh", "relu", LeakyReLU(0.1)], variable="z"),
    )
    yield ends()
    yield Paragraph(_why_ends())
    yield Numbers(compared())
    yield from _sigmoid()
    yield from _tanh()
    yield from _leaky()
    yield from _softmax()
    yield from _rules()


def compared() -> list[Row]:
    """The largest slope of the sigmoid, where the derivative of the derivative is 0."""
    z = Value(0.0)
    return compare("σ'(z) at its largest", STEEPEST, grad(z.sigmoid(), z))


def ends() -> Table:
    """The ranges, beside what is found far out on both sides. Nothing is compared: an end is never reached."""
    functions = {"sigmoid": Value.sigmoid, "tanh": Value.tanh}
    lines = [
        (name, f"{low} to {high}", *(f"{functions[name](Value(z)).data:.5g}" for z in (-FAR, FAR)))
        for name, (low, high) in RANGES.items()
    ]
    return Table(("function", "range in the document", f"at z = {-FAR:g}", f"at z = {FAR:g}"), lines, "<>>>")


def _why_ends() -> str:
    """Where the table shows an end of a range, though none is reached: what is missing is too little for a float."""
    one, other = Value(-FAR).sigmoid().data, 2 * Value(-2 * FAR).sigmoid().data
    return (
        f"No end is ever reached: where the table shows 1 or -1, that is rounding. 1 - σ({FAR:g}) = σ({-FAR:g}) ="
        f" {one:.2g}, and 1 - tanh({FAR:g}) = 2σ({-2 * FAR:g}) = {other:.2g}; but a computer's largest number below 1"
        f" is {1 - math.nextafter(1.0, 0.0):.2g} less than 1."
    )


def raw_scores() -> list[Value]:
    """Raw scores that give the percentages of figure 48; the last one is 0, for only differences count."""
    shares = [float(share) for share in SHARES]
    return [Value(math.log(share / shares[-1]), f"z{place}") for place, share in enumerate(shares, start=1)]


def slope_at(f: Callable[[Value], Value], x: float) -> float:
    """The derivative of a function of one Value, by the engine."""
    z = Value(x, "z")
    return grad(f(z), z).data


def leaky_values(x: float = POINTS[0]) -> list[float]:
    """Leaky ReLU at one place, for each slope of its left branch."""
    return [LeakyReLU(alpha)(Value(x)).data for alpha in SLOPES]


def _formulas() -> Iterator[Piece]:
    z = Value(1.0, "z")
    for y in (z.sigmoid(), z.tanh(), z.relu(), z.leaky_relu(Value(0.1, "α"))):
        slope = grad(y, z)
        yield Formula(f"f = {latex(y)}, \\quad f' = {latex(slope)}", f"f = {text(y)},   f' = {text(slope)}")


def _sigmoid() -> Iterator[Piece]:
    zs = (-10.0, -2.0, -0.001, 0.0, 0.001, 2.0, 10.0)
    z = Value(0.0, "z")
    bend = grad(grad(z.sigmoid(), z), z).data
    yield Heading("Sigmoid: how steep, and where")
    slopes = [slope_at(Value.sigmoid, z) for z in zs]
    yield Table(
        ("z", "σ(z)", "σ'(z)"),
        [(f"{z:g}", f"{Value(z).sigmoid().data:.10g}", f"{slope:.5g}") for z, slope in zip(zs, slopes)],
        ">>>",
    )
    yield Paragraph(
        "002-17: the document gives σ' the range from 0 to 0.25. For large and small z it says once that the"
        " derivatives 'son casi 0', and then that the derivative 'es 0'. The largest is"
        f" {max(slopes):g}, at z = {zs[slopes.index(max(slopes))]:g}, where the derivative of the derivative"
        f" is {bend:g}; but {'none' if all(slopes) else 'not each'} of these is 0: the range is (0, 0.25], and σ'(10)"
        f" is {slope_at(Value.sigmoid, 10.0):.5g}. What that does to deep networks is the story 'vanishing'."
    )


def _tanh() -> Iterator[Piece]:
    z = Value(0.7, "z")
    printed = (1 - (-2 * z).exp()) / (1 + (-2 * z).exp())
    twice = 2 * (2 * z).sigmoid() - 1
    yield Heading("tanh")
    yield Paragraph("The document's formula (figure 45), recorded as it is printed, is the engine's tanh:")
    yield Formula(latex(printed), text(printed))
    forms = [("the printed formula", printed), ("tanh(z)", z.tanh()), ("2σ(2z) - 1", twice)]
    yield Table(
        ("at z = 0.7", "value", "derivative"),
        [(name, f"{y.data:.15g}", f"{grad(y, z).data:.15g}") for name, y in forms],
        "<>>",
    )
    yield Paragraph(
        "It is a sigmoid, stretched: from -1 to 1 in place of 0 to 1, and"
        f" {slope_at(Value.tanh, 0.0) / slope_at(Value.sigmoid, 0.0):g} times as steep at 0. An output that has to"
        " reach from -1 to 1 can be a tanh."
    )


def _leaky() -> Iterator[Piece]:
    yield Heading("ReLU and Leaky ReLU")
    yield Table(
        ("f(z) for", *(f"z = {x:g}" for x in POINTS), "slope for z < 0", "slope at 0"),
        [_leaky_line("ReLU", Value.relu), *(_leaky_line(f"α = {alpha:g}", LeakyReLU(alpha)) for alpha in SLOPES)],
        "<" + ">" * 6,
    )
    yield Items([_why_leaky(), _why_at_zero()])
    yield Chart("activations-leaky", "figure 47 with three slopes", _leaky_chart)


def _leaky_line(name: str, f: Callable[[Value], Value]) -> tuple[str, ...]:
    numbers = [*(f(Value(x)).data for x in POINTS), slope_at(f, -1.0), slope_at(f, 0.0)]
    return name, *(f"{number:g}" for number in numbers)


def _why_leaky() -> str:
    values = leaky_values()
    shown = " ".join(f"{value:g}" for value in values)
    if values == sorted(values):
        return f"With a larger α the negative side is higher, as the document says: f({POINTS[0]:g}) = {shown}."
    sizes = [abs(value) for value in values]
    grow = "only their size grows" if sizes == sorted(sizes) else "and their size does not grow either"
    return (
        "002-19: the document says that with a large α the values for negative z are larger. From α ="
        f" {SLOPES[0]:g} to α = {SLOPES[-1]:g} f({POINTS[0]:g}) is {shown}: they fall; {grow}."
    )


def _why_at_zero() -> str:
    zero = Value(0.0)
    conventions = {"x ≥ 0": zero * zero.heaviside(1.0), "x > 0": zero * zero.heaviside(0.0)}
    values = " and ".join(f"{y.data:g} with {name}" for name, y in conventions.items())
    return (
        "002-20: this document takes x itself for x ≥ 0, document 000 for x > 0. At 0 both give the same,"
        f" {values}; the derivative there is a convention: documents 000 and 004 take 0, and so does the engine,"
        f" ReLU'(0) = {slope_at(Value.relu, 0.0):g}."
    )


def _leaky_chart() -> matplotlib.figure.Figure:
    figure = blank(7.2, 3.6)
    axes = dressed(figure.add_subplot(), "z", "f(z)", "Leaky ReLU: a larger α goes lower")
    xs = (-3.0, 0.0, 1.0)
    functions: list[tuple[str, Callable[[Value], Value]]] = [("ReLU, α = 0", Value.relu)]
    functions += [(f"α = {alpha:g}", LeakyReLU(alpha)) for alpha in SLOPES]
    for (name, f), colour, dashes in zip(functions, COLOURS, DASHES):
        axes.plot(xs, [f(Value(x)).data for x in xs], color=colour, linestyle=dashes, linewidth=2.0, label=name)
    axes.legend(frameon=False, loc="lower right")
    return figure


def _softmax() -> Iterator[Piece]:
    scores = raw_scores()
    chances = softmax(scores)
    for place, chance in enumerate(chances, start=1):
        chance.label = f"p{place}"
    yield Heading("Softmax")
    yield Formula("p_i = \\frac{e^{z_i}}{\\sum_j e^{z_j}}", "p_i = exp(z_i) / (exp(z_1) + exp(z_2) + exp(z_3))")
    yield Paragraph(
        "Figure 48 shows 70 %, 25 % and 5 %, but not the raw scores that they come from. The percentages determine the"
        " differences of the scores, for exp(z1)/exp(z2) = 70/25; one number added to all changes nothing:"
    )
    yield Table(
        ("scores", "z1", "z2", "z3", "p1", "p2", "p3"), [_scored(shift, scores) for shift in (0.0, 3.0)], "<>>>>>>"
    )
    yield Items([f"z{i} - z{j} = {_difference(scores, i, j):.11f}" for i, j in ((1, 2), (2, 3), (1, 3))])
    yield Paragraph(
        "Each probability depends on all scores: the derivatives are a matrix. A row sums to 0, since one number added"
        " to all scores changes nothing; a column sums to 0, since the probabilities still sum to 1 when one score"
        " changes: what one class wins the others lose."
    )
    yield Table(("∂p/∂z", "z1", "z2", "z3", "sum"), _slopes_of_softmax(chances, scores), "<>>>>")
    yield Diagram(
        "activations-softmax",
        "figure 48, a network that gives these probabilities",
        draw_network(_network(scores), x=X),
    )
    yield Chart("activations-shares", "figure 48, raw scores and probabilities", lambda: _bars(scores, chances))


def _difference(scores: Sequence[Value], i: int, j: int) -> float:
    return scores[i - 1].data - scores[j - 1].data


def _scored(shift: float, scores: Sequence[Value]) -> tuple[str, ...]:
    moved = [score + shift for score in scores]
    name = f"all {shift:+g}" if shift else "our choice"
    return name, *(f"{z.data:.4f}" for z in moved), *(f"{100 * p.data:.4f} %" for p in softmax(moved))


def _slopes_of_softmax(chances: Sequence[Value], scores: Sequence[Value]) -> list[tuple[str, ...]]:
    """The lines of the matrix, each with its sum, and the sums of the columns."""
    rows = [[slope.data for slope in row] for row in jacobian(chances, scores)]
    lines = [(f"p{place}", *(f"{x:.4f}" for x in row), _sum(row)) for place, row in enumerate(rows, start=1)]
    return [*lines, ("sum", *map(_sum, zip(*rows)), "")]


def _sum(slopes: Sequence[float]) -> str:
    return f"{math.fsum(slopes):.4f}".replace("-0.0000", "0.0000")


def _network(scores: Sequence[Value]) -> MLP:
    """Two inputs and three classes: its raw scores for the example are the given ones."""
    model = MLP(len(X), [len(scores)], output_activation="softmax", bias=False)
    model.layers[0].set_weights([[score.data / len(X) / x for x in X] for score in scores])
    return model


def _bars(scores: Sequence[Value], chances: Sequence[Value]) -> matplotlib.figure.Figure:
    figure = blank(7.2, 3.2)
    names = [f"class {place}" for place in range(1, 1 + len(scores))]
    for place, (numbers, y, title, colour, form) in enumerate(
        [
            ([z.data for z in scores], "z", "raw scores", BLUE, "{:.2f}"),
            ([100 * p.data for p in chances], "probability, %", "after softmax", ORANGE, "{:.0f} %"),
        ],
        start=1,
    ):
        axes = dressed(figure.add_subplot(1, 2, place), "", y, title)
        bars = axes.bar(names, numbers, color=colour, width=0.6)
        axes.bar_label(bars, [form.format(number) for number in numbers])
        axes.margins(y=0.15)
    return figure


def _rules() -> Iterator[Piece]:
    z = Value(1.2, "z")
    two = softmax([z, 0.0])[0].data
    yield Heading("Which activation for which output")
    yield Table(
        ("task", "output activation", "because it gives", "for raw z = 1.2, -0.4, 0.1"),
        [_rule(*rule) for rule in RULES],
        "<<<<",
    )
    yield Paragraph(
        "Sigmoid is the softmax of two classes, one of which has the score 0:"
        f" σ(1.2) = {z.sigmoid().data:.6f}, and softmax(1.2, 0) gives {two:.6f}. Layers of one network may differ:"
    )
    yield Output(str(_mixed().summary()))
    slopes = ", ".join(f"{slope:.3g}" for slope in _mixed_slopes())
    yield Paragraph(f"The chain rule goes through all of them: |∂y/∂w| of the first weight of each layer is {slopes}.")


RULES = (
    ("two classes", "sigmoid", "a probability"),
    ("many classes", "softmax", "probabilities that sum to 1"),
    ("regression", "identity", "any number"),
    ("regression, y ≥ 0", "relu", "no negative number"),
    ("outputs from -1 to 1", "tanh", "a number in between"),
)
"""Section 3.6: the task, the activation and its reason."""

SCORES = (1.2, -0.4, 0.1)


def _rule(task: str, activation: str, reason: str) -> tuple[str, str, str, str]:
    neurons = len(SCORES)
    model = MLP(neurons, [neurons], output_activation=activation, bias=False)
    model.layers[0].set_weights([[float(i == j) for j in range(neurons)] for i in range(neurons)])
    return task, activation, reason, " ".join(f"{y.data:.3f}" for y in model(SCORES))


def _mixed() -> MLP:
    return MLP(2, [4, 3, 1], activation=["sigmoid", "relu", "tanh"], seed=1)


def _mixed_slopes() -> list[float]:
    model = _mixed()
    weights = [layer.neurons[0].w[0] for layer in model.layers]
    return [abs(slope.data) for slope in grad(model([0.5, -1.0]), weights)]
