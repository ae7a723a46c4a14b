"""Document 002, section 3.5, figures 29 and 30: the chain rule, from temperature through thirst to water."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from autograd import Value, depends, draw, draw_passes, grad, latex, text
from autograd.comparison import Row, compare
from demos.document_002.two_weights import Network, forward
from demos.pieces import Chart, Diagram, Explorer, Formula, Heading, Numbers, Output, Paragraph, Piece
from demos.story import demo
from nn.figures import AS_IT_IS, BLUE, INK, ORANGE, PLAIN, Figure, blank, dressed

THIRST_BY_TEMPERATURE, WATER_BY_THIRST = 0.5, 2.0
"""The document's example: one degree more makes half a unit more of thirst, and that two units more of water each."""

DEGREES = 24.0
"""Ours: the temperature of the day."""


class Day(NamedTuple):
    """The temperature, and what comes of it."""

    temperature: Value
    thirst: Value
    water: Value


@demo(
    "chain-rule",
    "002",
    "3.5",
    "the chain rule: why derivatives along a way are multiplied",
    items="C36-C37",
    order=1,
)
def story(*, brief: bool) -> Iterator[Piece]:
    """Weights that reach the loss by a detour, and the same with water, thirst and heat."""
    yield from _detour(forward())
    yield from _water(day())
    yield from _curved(curved_day())


# ---- the act


def day(degrees: float = DEGREES) -> Day:
    """Thirst and water in straight lines, with the document's rates."""
    temperature = Value(degrees, "temperature")
    thirst = THIRST_BY_TEMPERATURE * temperature
    thirst.label = "thirst"
    water = WATER_BY_THIRST * thirst
    water.label = "water"
    return Day(temperature, thirst, water)


def curved_day(degrees: float = DEGREES) -> Day:
    """Ours: thirst that begins slowly and grows faster with heat, and water that a stomach limits."""
    temperature = Value(degrees, "temperature")
    thirst = ((temperature - 20) / 8).exp()
    thirst.label = "thirst"
    water = 6 * (thirst / 4).tanh()
    water.label = "water"
    return Day(temperature, thirst, water)


def compared(today: Day) -> list[Row]:
    """The document's result beside the engine's derivative; its two rates are given, and typed into the graph."""
    return compare("∂water/∂temperature", "1", grad(today.water, today.temperature))


# ---- the story


def _detour(network: Network) -> Iterator[Piece]:
    (w1, _), loss = network.w, network.loss
    yield Heading("Weights reach the loss by a detour (figure 29)")
    yield Paragraph("The loss compares a prediction with a target. Its formula has no weight in it:")
    yield Formula(r"\mathrm{MSE} = (\hat{y} - y)^2", "MSE = (ŷ - y) ** 2")
    reached = (
        "and so the loss depends on w1 all the same" if depends(loss, w1) else "but the loss does not depend on w1"
    )
    yield Paragraph(f"But ŷ is the sigmoid of Z, and Z is made of the weights, {reached}. With these put in, it reads:")
    yield Formula(f"{latex(loss)}", f"{text(loss)}")
    yield Paragraph("How does the loss change with w1? Every step on the way from w1 to the loss has its say:")
    explanation = loss.explain(w1)
    yield Output(repr(explanation))
    yield Diagram(
        "chain-rule-figure-29",
        "figure 29, the way from w1 to the loss",
        draw(loss, highlight=explanation, direction="TB"),
    )


def _water(today: Day) -> Iterator[Piece]:
    yield Heading("Temperature, thirst, water (figure 30)")
    yield Paragraph(
        "The warmer it is, the thirstier we are; the thirstier we are, the more we drink. Water has to do with"
        " temperature by way of thirst alone. In the document's example one degree more makes 0.5 units more of thirst,"
        " and one unit more of thirst makes us drink 2 units more. Then one degree more makes us drink 0.5 · 2 = 1 unit"
        " more: each change is passed on, times a rate. So derivatives along a way are multiplied."
    )
    yield Formula(
        r"\frac{\partial \mathrm{water}}{\partial \mathrm{temperature}} ="
        r" \frac{\partial \mathrm{water}}{\partial \mathrm{thirst}}"
        r" \cdot \frac{\partial \mathrm{thirst}}{\partial \mathrm{temperature}}",
        "∂water/∂temperature = ∂water/∂thirst · ∂thirst/∂temperature",
    )
    yield Numbers(compared(today))
    yield Output(repr(today.water.explain(today.temperature)))
    today.water.backward()
    yield Diagram("chain-rule-water", "the chain, with its rates on the arrows", draw(today.water))
    yield Diagram("chain-rule-passes", "forward, and the derivatives that flow back", draw_passes(today.water))
    yield Chart("chain-rule-figure-30", "figure 30, two lines and what they make", lambda: drawn_lines(today))


def _curved(today: Day) -> Iterator[Piece]:
    yield Heading("When the lines are curves")
    yield Paragraph(
        "Then a rate holds for one place, and the rule is the same. Here is a day of ours: thirst grows faster with"
        " heat, and nobody drinks more than 6 units. Move the temperature in the explorer: at some point one degree"
        f" more hardly makes us drink more, for ∂water/∂thirst has become small. At {today.temperature.data:g} degrees:"
    )
    yield Formula(latex(today.water), text(today.water))
    yield Output(repr(today.water.explain(today.temperature)))
    today.water.backward()
    yield Explorer("chain-rule-explorer", "the curves: move the temperature, and all follows", today.water)


def drawn_lines(today: Day) -> Figure:
    """Thirst over temperature, water over thirst, and water over temperature, each with its slope."""
    figure = blank(7.2, 2.9)
    cool, hot = day(0.0), day(40.0)
    pairs = [("temperature", "thirst"), ("thirst", "water"), ("temperature", "water")]
    for axes, (low, high) in zip(figure.subplots(1, 3), pairs):
        start, now, end = ((getattr(each, low).data, getattr(each, high).data) for each in (cool, today, hot))
        slope = grad(getattr(today, high), getattr(today, low)).data
        dressed(axes, low, high)
        axes.plot(*zip(start, end), color=BLUE)
        axes.plot(*now, "o", color=ORANGE, markersize=7)
        axes.text(0.06, 0.9, f"slope {slope:g}", transform=axes.transAxes, fontsize=PLAIN, color=INK, **AS_IT_IS)
        axes.set(xlim=(start[0], end[0]), ylim=(0, 45))
    return figure
