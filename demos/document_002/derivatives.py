"""Document 002, section 3.4: losses, the derivative as a rate of change, the gradient, and the steepest direction.

The document prints one function value, f(1) = 2; functions, mountain and predictions are ours.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from autograd import Value, directional_derivative, grad, latex, text
from autograd.comparison import Row, compare
from demos.document_002.slopes import (
    LITTLE,
    MOUNTAIN,
    NEAR_ANGLES,
    Climb,
    climbs,
    drawn_angles,
    drawn_climbs,
    drawn_secants,
    save_secants,
    shortest,
)
from demos.pieces import Animation, Chart, Diagram, Formula, Heading, Items, Numbers, Paragraph, Piece, Table
from demos.story import demo
from nn import MLP, binary_crossentropy, draw_network, mae, mse

SEED = 2

PREDICTIONS, TARGETS = [0.9, 0.4, 0.2], [1.0, 1.0, 0.0]
"""Ours: three predicted probabilities, and what was right."""

INPUTS, TARGET = [1.0, -2.0], 1.0
"""Ours: the example of a network with three parameters."""

INCREASES = [1.0, 0.5, 0.1, 0.01, 0.001]
"""By how much the input grows, ever less."""

POINT = (1.0, 1.0)
"""Where f = x² + 3y² is looked at."""

STEP = 0.5
"""Degrees between the directions that are tried."""


class Bowl(NamedTuple):
    """f = x² + 3y² at a point, and its gradient."""

    x: Value
    y: Value
    f: Value
    gradient: tuple[float, float]

    @property
    def norm(self) -> float:
        """‖∇f‖."""
        return math.hypot(*self.gradient)

    @property
    def angle(self) -> float:
        """Where the gradient points, in degrees from the x axis."""
        return math.degrees(math.atan2(self.gradient[1], self.gradient[0]))

    def along(self, degrees: float) -> float:
        """D_v f for the v of length 1 that points there."""
        radians = math.radians(degrees)
        return directional_derivative(self.f, [self.x, self.y], [math.cos(radians), math.sin(radians)]).data


class Slopes(NamedTuple):
    """D_v f in each of many directions around the point: degrees from the x axis, and the slope there."""

    degrees: Sequence[float]
    slopes: Sequence[float]

    @property
    def steepest(self) -> float:
        """The direction of the largest slope that was found."""
        return self.degrees[self.slopes.index(max(self.slopes))]


@demo(
    "derivatives",
    "002",
    "3.4",
    "losses, rates of change, and the steepest direction",
    items="C28-C33",
    errata="002-1 002-2",
    cover="derivatives-figure-26",
)
def story(*, brief: bool) -> Iterator[Piece]:
    """Losses, one derivative, a column of them, a mountain, and slopes in all directions."""
    yield from _losses()
    yield from _rate()
    yield from _column()
    yield from _mountain(climbs())
    yield from _directions(bowl())


# ---- the act


def function(x: Value) -> Value:
    """x² + 1: ours, with f(1) = 2 as in figure 25."""
    return x**2 + 1


def bowl() -> Bowl:
    """f = x² + 3y², recorded at the point."""
    x, y = (Value(number, name) for number, name in zip(POINT, "xy"))
    f = x**2 + 3 * y**2
    f.label = "f"
    slopes = grad(f, [x, y])
    return Bowl(x, y, f, (slopes[0].data, slopes[1].data))


def around(landscape: Bowl) -> Slopes:
    """The slope in every direction, `STEP` degrees apart."""
    degrees = [place * STEP for place in range(int(360 / STEP))]
    return Slopes(degrees, [landscape.along(angle) for angle in degrees])


def compared(landscape: Bowl, found: Slopes) -> list[Row]:
    """What the document says of the steepest direction, 'when the cosine is 0', beside what was found."""
    between = math.radians(found.steepest - landscape.angle)
    return compare("cos α where D_v f is largest", "0", math.cos(between))


# ---- the story


def _losses() -> Iterator[Piece]:
    yield Heading("The loss says how wrong the network is")
    yield Paragraph(
        "Weights start at random, so predictions do too. A loss makes one number of predictions ŷ and targets y, and"
        f" training makes it small. The document names three. Here ŷ = {PREDICTIONS} and y = {TARGETS}, which are ours;"
        " the slopes say how the loss grows with each ŷ: below 0 where ŷ is too small."
    )
    losses: list[tuple[str, Callable[..., Value]]] = [
        ("MSE, mean squared error", mse),
        ("MAE, mean absolute error", mae),
        ("cross-entropy", binary_crossentropy),
    ]
    yield Formula(r"\mathrm{MSE} = \frac{1}{n} \sum_i (\hat{y}_i - y_i)^2", "MSE = 1/n · Σ (ŷ - y)²")
    yield Formula(r"\mathrm{MAE} = \frac{1}{n} \sum_i |\hat{y}_i - y_i|", "MAE = 1/n · Σ |ŷ - y|")
    yield Formula(
        r"H = -\frac{1}{n} \sum_i \left[ y_i \log \hat{y}_i + (1 - y_i) \log (1 - \hat{y}_i) \right]",
        "H = -1/n · Σ [y log ŷ + (1 - y) log(1 - ŷ)]",
    )
    heading = ("loss", "value", *(f"slope by ŷ{place}" for place in range(1, 1 + len(TARGETS))))
    yield Table(heading, [_loss(name, loss) for name, loss in losses], "<>>>>")
    model = MLP(2, [3, 1], "sigmoid", "sigmoid", bias=False, seed=SEED)
    yield Diagram("derivatives-figure-24", "figure 24, a network and its loss", draw_network(model, loss="Loss"))


def _loss(name: str, loss: Callable[..., Value]) -> tuple[str, ...]:
    predictions = [Value(number) for number in PREDICTIONS]
    value = loss(predictions, TARGETS)
    return name, f"{value.data:.6f}", *(f"{slope.data:.4f}" for slope in grad(value, predictions))


def _rate() -> Iterator[Piece]:
    x = Value(1.0, "x")
    y = function(x)
    y.label = "y"
    secants = [(function(Value(1 + by)).data - y.data) / by for by in INCREASES]
    yield Heading("A derivative is a rate of change")
    yield Paragraph(
        "A number goes in and a number comes out: in figure 25 a 1 goes in and a 2 comes out. Which function that is,"
        " the document does not say; ours is:"
    )
    yield Formula(f"y = {latex(y)}", f"y = {text(y)}")
    yield Paragraph(
        "Now the input grows a little. How much does the output grow, for each unit of the input? The less the input"
        f" grows, the nearer is the answer to {grad(y, x).data:g}, which is dy/dx as the engine gives it at once:"
    )
    yield Table(
        ("input grows by", "output grows by", "rate"),
        [(f"{by:g}", f"{rate * by:.6g}", f"{rate:.6g}") for by, rate in zip(INCREASES, secants)],
        ">>>",
    )
    yield Chart("derivatives-rate", "figure 25, rates of change", lambda: drawn_secants(function, x, INCREASES))
    yield Animation(
        "derivatives-secants", "the same, as the increase becomes smaller", lambda path: save_secants(function, x, path)
    )


def _column() -> Iterator[Piece]:
    model = MLP(2, [1], output_activation="sigmoid", seed=SEED)
    prediction = model(INPUTS)
    loss = mse(prediction, TARGET)
    loss.backward()
    lines = [
        (parameter.label, f"{parameter.data:.6f}", f"∂loss/∂{parameter.label}", f"{parameter.grad:.6f}")
        for parameter in model.parameters()
    ]
    yield Heading("A gradient is a column of derivatives")
    yield Paragraph(
        "A network has many parameters. A partial derivative says how the loss changes with one of them while the"
        " others stay; the gradient collects all of them. Here is that of a network with two weights, a bias and a"
        f" sigmoid, ours: weights of a seed, the inputs {INPUTS} and the target {TARGET:g}. It predicts"
        f" {prediction.data:.6f}, and the loss, MSE, is {loss.data:.6f}:"
    )
    yield Formula(
        r"\nabla \mathrm{loss} = \begin{bmatrix} \frac{\partial \mathrm{loss}}{\partial p_1} \\ \vdots \\"
        r" \frac{\partial \mathrm{loss}}{\partial p_n} \end{bmatrix}",
        "∇loss = (∂loss/∂p1, …, ∂loss/∂pn), a column",
    )
    yield Table(("parameter", "is", "partial derivative", "number"), lines, "<><>")


def _mountain(found: Sequence[Climb]) -> Iterator[Piece]:
    yield Heading("A mountain: which way is steepest? (figure 26)")
    yield Paragraph(
        f"We stand at {MOUNTAIN.start_height:g} m and want to get to the level of {MOUNTAIN.level:g} m, the next in the"
        " figure. Some ways are longer than others. The mountain is ours, and the engine gives its gradient; the ways"
        " are straight, at angles to the gradient:"
    )
    yield Table(
        ("angle to the gradient", "slope there", f"metres to the level of {MOUNTAIN.level:g}"),
        [(f"{climb.angle:+g}°", f"{climb.slope:.4f}", f"{climb.distance:.1f}") for climb in found],
        ">>>",
    )
    yield Paragraph(
        f"The shortest of these {len(found)} ways is at {shortest(found).angle:+g}°; where we stand it is steepest at"
        f" {max(found, key=lambda climb: climb.slope).angle:+g}°. The opposite way, minus the gradient, goes down"
        " fastest at first. That is gradient descent."
    )
    yield Paragraph(_steepest_or_shortest())
    yield Chart("derivatives-figure-26", "figure 26, the ways to the next level", lambda: drawn_climbs(found))


def _steepest_or_shortest() -> str:
    """The gradient knows where we stand; the way to the level leads farther."""
    (own,) = climbs([0.0])
    best = shortest(climbs(NEAR_ANGLES))
    near = shortest(climbs(NEAR_ANGLES, MOUNTAIN.start_height + LITTLE))
    beaten = best.distance < own.distance and best.angle != 0
    told = (
        f"here the straight way at {best.angle:+g}° is a little shorter, {best.distance:.2f} m and not"
        f" {own.distance:.2f} m"
        if beaten
        else f"here no way within {max(NEAR_ANGLES):g}° of it, half a degree apart, is shorter"
    )
    return (
        "Steepest is not always shortest. The document says of the gradient's direction 'llegamos al siguiente nivel"
        " más rápido'. The gradient tells of the place where we stand, and the mountain changes on the way:"
        f" {told}. The nearer the level, the nearer are the two: for {LITTLE:g} m more of height the shortest of the"
        f" same ways is at {near.angle:+g}°."
    )


def _directions(landscape: Bowl) -> Iterator[Piece]:
    found = around(landscape)
    rows = compared(landscape, found)
    yield Heading("Why the gradient, and no other vector? (figure 27)")
    yield Paragraph(
        f"Take f = x² + 3y² at the point {POINT}, ours. Its gradient is ({landscape.gradient[0]:g},"
        f" {landscape.gradient[1]:g}), which points {landscape.angle:.3f}° from the x axis and has the length"
        f" {landscape.norm:.12g}. The derivative in the direction of v, a vector of length 1, is a product of vectors:"
    )
    yield Formula(
        r"D_{\vec{v}} f = \nabla f \cdot \vec{v} = \|\nabla f\| \, \|\vec{v}\| \cos \alpha",
        "D_v f = ∇f · v = ‖∇f‖ ‖v‖ cos α",
    )
    yield Paragraph("The engine takes it in forward mode, without a gradient; the formula gives the same:")
    yield Table(
        ("α", "direction", "D_v f, engine", "‖∇f‖ cos α"),
        [_slope(landscape, alpha) for alpha in (0, 30, 60, 90, 120, 150, 180)],
        ">>>>",
    )
    yield Paragraph(
        f"Of {len(found.degrees)} directions, {STEP:g}° apart, {found.steepest:g}° is the steepest, with"
        f" {max(found.slopes):.6f}; the gradient's own, {landscape.angle:.3f}°, has"
        f" {landscape.along(landscape.angle):.12g}, and {_steeper(landscape, found)} of them is steeper."
    )
    yield Chart(
        "derivatives-figure-27",
        "figure 27, the slope in every direction",
        lambda: drawn_angles(found.degrees, found.slopes, landscape.angle),
    )
    yield Heading("What is wrong in the document, and why")
    yield Numbers(rows, computed="trying gives")
    yield Items(_why(landscape))


def _steeper(landscape: Bowl, found: Slopes) -> str:
    own = landscape.along(landscape.angle)
    return str(sum(slope > own for slope in found.slopes) or "none")


def _slope(landscape: Bowl, alpha: float) -> tuple[str, ...]:
    degrees = landscape.angle + alpha
    product = landscape.norm * math.cos(math.radians(alpha))
    return f"{alpha:g}°", f"{degrees:.3f}°", _number(landscape.along(degrees)), _number(product)


def _number(number: float) -> str:
    return f"{round(number, 6) + 0.0:.6f}"  # no minus before 0


def _why(landscape: Bowl) -> list[str]:
    across = landscape.along(landscape.angle + 90)
    return [
        (
            "002-1: the document says that D_v f is largest 'when the cosine is 0, because cos(0) = 1'. It is the angle"
            f" that is 0. Where the cosine is 0, at 90° to the gradient, the slope is {round(across, 12) + 0.0:g}: one"
            " walks along the level."
        ),
        (
            "002-2: it says that the lengths ‖∇f‖ and ‖v‖ 'are unit vectors'. Lengths are numbers, and only v has the"
            f" length 1: were ‖∇f‖ 1 too, no slope could be larger than 1, and here it is {landscape.norm:.5g}."
        ),
    ]
