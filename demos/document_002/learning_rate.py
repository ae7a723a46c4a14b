"""Document 002, section 3.5, figures 32 and 33: the learning rate, too small, too large, and good.

The document gives no numbers here: the bowl, the inputs and the mountain are ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from autograd import Value, grad, hessian, latex, text
from demos.document_002.descents import Way, descent, drawn_rates, save_descent
from demos.document_002.robot import drawn_walks, walks
from demos.pieces import Animation, Chart, Formula, Heading, Paragraph, Piece, Reference, Table
from demos.story import demo
from nn import mse

START = (-2.4, 1.5)
"""The blue circle of figure 32, on a bowl of ours."""

RATES = (0.01, 0.15, 0.32, 0.345)

STEPS = 60

ARRIVED = 1e-6
"""Of a bowl whose lowest point is 0: as good as there."""

MANY = 50
"""Who needs more steps than that is slow."""

INPUTS = (0.5, 5.0, 50.0)
"""Ours: one input, ever larger; the target is as large, so that w = 1 is right."""


class Large(NamedTuple):
    """What an input does to the gradient of (w·x - y)², and to w: by whole gradients, and by small steps."""

    x: float
    gradient: float
    curvature: float
    whole: Sequence[float]
    small: Sequence[float]


@demo(
    "learning-rate",
    "002",
    "3.5",
    "the learning rate: steps too small, too large and good",
    items="C39-C42",
    order=3,
)
def story(*, brief: bool) -> Iterator[Piece]:
    """Why there is a rate, what it does on a bowl, and a robot."""
    yield from _why_a_rate([large(x) for x in INPUTS])
    yield from _on_a_bowl([descent(rate, START, STEPS) for rate in RATES])
    yield from _robot(brief)


# ---- the act


def large(x: float, updates: int = 3) -> Large:
    """The updates from w = 0, with the rate 1, and with a quarter of the largest rate that converges."""
    w = Value(0.0, "w")
    loss = mse(w * x, x)
    curvature = hessian(loss, [w])[0][0].data
    gradient = grad(loss, w).data
    return Large(x, gradient, curvature, _updated(x, 1.0, updates), _updated(x, 0.25 * 2 / curvature, updates))


def _updated(x: float, rate: float, updates: int) -> list[float]:
    w = Value(0.0, "w")
    loss, weights = mse(w * x, x), []
    for _ in range(updates):
        w.data -= rate * grad(loss, w).data
        loss.refresh()
        weights.append(w.data)
    return weights


def told(way: Way) -> str:
    """What a descent did, in words."""
    if way.heights[-1] > way.heights[0]:
        return "runs away"
    turns = sum(before * after < 0 for (_, before), (_, after) in zip(way.places, way.places[1:]))
    if turns > len(way.places) / 2:
        return "bounces"
    arrival = way.arrival(ARRIVED)
    return "slow" if arrival is None or arrival > MANY else "good"


# ---- the story


def _why_a_rate(found: Sequence[Large]) -> Iterator[Piece]:
    least = min(found, key=lambda case: case.curvature)
    yield Heading("Why is there a learning rate?")
    yield Paragraph(
        "The gradient points up, so it is taken away from the weight. At first the document takes all of it away, then"
        " α times as much; α is the learning rate. Mostly it is below 1, which leaves a part of the gradient. It need"
        f" not be: for x = {least.x:g} below, every α above 0 and below {2 / least.curvature:g} leads to the minimum."
    )
    yield Formula(r"w \leftarrow w - \frac{\partial \mathrm{MSE}}{\partial w}", "w ← w - ∂MSE/∂w")
    yield Formula(r"w \leftarrow w - \alpha \cdot \frac{\partial \mathrm{MSE}}{\partial w}", "w ← w - α · ∂MSE/∂w")
    yield Paragraph(
        "Large inputs make large gradients. A neuron w·x is to give x again, so w = 1 is right, and it begins at 0. An"
        " input ten times as large makes a gradient a hundred times as large, and the weight needs no larger change:"
    )
    yield Table(
        ("x", "gradient at w = 0", "second derivative λ", "largest rate, 2/λ", "w after 1, 2, 3 whole gradients"),
        [
            (f"{case.x:g}", f"{case.gradient:g}", f"{case.curvature:g}", f"{2 / case.curvature:g}", _listed(case.whole))
            for case in found
        ],
        ">>>><",
    )
    yield Paragraph("With a rate that fits, a quarter of the largest one, each of them is on its way to 1:")
    yield Table(
        ("x", "α", "w after 1, 2, 3 updates"),
        [(f"{case.x:g}", f"{0.5 / case.curvature:g}", _listed(case.small)) for case in found],
        ">><",
    )


def _on_a_bowl(ways: Sequence[Way]) -> Iterator[Piece]:
    way = ways[0]
    yield Heading("Small, good and large rates (figure 32)")
    yield Formula(latex(way.f), text(way.f))
    yield Paragraph(
        f"A bowl of ours, from {START}; the lowest point is at 0. Its second derivatives have λmax ="
        f" {way.curvature:g} in the steepest direction. There each step multiplies the distance by 1 - α·λmax: below 1"
        f" in size only for α below 2/λmax = {2 / way.curvature:.4g}, and below 0, which is to the other side, for α"
        f" above {1 / way.curvature:.4g}."
    )
    yield Table(
        ("α", "1 - α·λmax", f"steps until f < {ARRIVED:g}", f"f after {STEPS} steps", "it is"),
        [
            (
                f"{way.rate:g}",
                f"{1 - way.rate * way.curvature:.3f}",
                str(way.arrival(ARRIVED) or f"more than {STEPS}"),
                f"{way.heights[-1]:.3g}",
                told(way),
            )
            for way in ways
        ],
        ">>>><",
    )
    yield Reference(
        "The theory of section 3.5 has the derivative 2(ŷ - y), and the listings of 4.1 and 4.3 have (ŷ - y): that,"
        " too, is a rate, half as large, and one of them would run away without it",
        ["ice-creams"],
    )
    names = [f"α = {way.rate:g}: {told(way)}" for way in ways]
    yield Chart("learning-rate-figure-32", "figure 32, four rates", lambda: drawn_rates(ways, names))
    yield Animation("learning-rate-descent", "the same, step by step", lambda path: save_descent(ways, names, path))


def _robot(brief: bool) -> Iterator[Piece]:
    found = walks(20 if brief else 80)
    first = found[0]
    yield Heading("A robot on a mountain (figure 33)")
    yield Paragraph(
        "A robot is to come down a mountain, and its camera sees 100 m. It looks around, turns to where it goes down"
        " steepest, which is minus the gradient, walks some steps, no farther than it sees, and looks again. On a"
        " mountain of ours, at each place we also look at 72 points on the circle of 100 m; on the slope the lowest one"
        " is about where minus the gradient points. At the bottom of the valley it is not, for 100 m reach beyond it:"
    )
    yield Table(
        ("step", "height in m", "slope", "minus the gradient points to", "the lowest point seen is at"),
        [
            (
                str(place),
                f"{spot.height:.1f}",
                f"{spot.slope:.3f}",
                f"{spot.downhill:.0f}°",
                f"{spot.lowest:.0f}°",
            )
            for place, spot in list(enumerate(first.spots))[:: max(1, len(first.spots) // 8)]
        ],
        ">>>>>",
    )
    yield Paragraph(
        f"This is the way from {first.name}; degrees count from the east, by north. "
        + " ".join(f"From {each.name} it comes down to {each.spots[-1].height:.1f} m." for each in found)
    )
    low, high = sorted(each.spots[-1].height for each in found)
    yield Paragraph(
        f"One valley is {high - low:.0f} m deeper than the other. Who sees 100 m ends in the valley below him, and"
        " can't know of a deeper one: the minimum that gradient descent finds need not be the lowest."
    )
    yield Chart("learning-rate-figure-33", "figure 33, the ways of the robot", lambda: drawn_walks(found))


def _listed(weights: Sequence[float]) -> str:
    return ", ".join(f"{weight:.6g}" for weight in weights)
