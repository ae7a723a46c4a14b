"""Document 004, "Introducción a Adam": its equations as printed, and with the correction of Kingma and Ba."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd import Value
from autograd.comparison import Row, compare
from demos.pieces import Chart, Formula, Heading, Kind, Numbers, Output, Paragraph, Piece, Table
from demos.story import demo
from nn import SGD, Adam, Optimizer
from nn.figures import BLUE, DASHES, ORANGE, blank, dressed

Array = NDArray[np.float64]

W, GRADIENT, ETA = 0.5, 0.2, 0.1
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
"""W, g and η are those of the slide before; the slides have no numbers for the β and ε, and these are usual."""

SHOWN = 20
LONG, SHORT = 1000, 100

STEEP = 100.0
"""How many times steeper the narrow valley is in one direction."""

TURN = 30
"""By so many degrees a valley is turned that does not run along the axes."""

NEAR = 1e-4
PATIENCE, IMPATIENCE = 3000, 300


class Steps(NamedTuple):
    """What each step took off w, and w after it."""

    sizes: Array
    places: Array


@demo("adam", "004", "14", "Adam as printed, and with its correction", items="E39 E40", errata="004-4", order=1)
def story(*, brief: bool) -> Iterator[Piece]:
    """The equations in floats beside the engine, the size of the steps, and a narrow valley."""
    yield from _equations()
    count = SHORT if brief else LONG
    printed, corrected = descended(False, count), descended(True, count)
    yield Numbers(compared(printed), Kind.EVALUATED)
    yield Heading("What is missing")
    yield from _missing(printed, corrected)
    yield Heading("What it is good for")
    yield from _valley(IMPATIENCE if brief else PATIENCE)


def equations(w: float, gradients: Sequence[float]) -> list[float]:
    """The three equations of the slide in plain floats, from m = v = 0: w after each gradient."""
    places = []
    for m, v in means(gradients):
        w = w - ETA * m / (math.sqrt(v) + EPSILON)
        places.append(w)
    return places


def means(gradients: Iterable[float]) -> Iterator[tuple[float, float]]:
    """m and v after each gradient."""
    m = v = 0.0
    for g in gradients:
        m = BETA1 * m + (1 - BETA1) * g
        v = BETA2 * v + (1 - BETA2) * g**2
        yield m, v


def adam(parameters: Sequence[Value], bias_correction: bool, lr: float = ETA) -> Adam:
    """The engine's, with these β and ε."""
    return Adam(parameters, lr=lr, betas=(BETA1, BETA2), eps=EPSILON, bias_correction=bias_correction)


def descended(bias_correction: bool, count: int) -> Steps:
    """So many steps of the engine's Adam along L = g·w, whose gradient is g everywhere."""
    w = Value(W, "w")
    optimizer = adam([w], bias_correction)
    places = [w.data]
    for _ in range(count):
        optimizer.zero_grad()
        (GRADIENT * w).backward()
        optimizer.step()
        places.append(w.data)
    found = np.array(places)
    return Steps(found[:-1] - found[1:], found[1:])


def compared(printed: Steps) -> list[Row]:
    """The equations beside the engine without its correction."""
    listed = equations(W, [GRADIENT] * SHOWN)
    return [
        row
        for t, (number, computed) in enumerate(zip(listed, printed.places), start=1)
        for row in compare(f"w after step {t}", f"{number:.12f}", computed)
    ]


def _equations() -> Iterator[Piece]:
    yield Formula(r"m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t", "m(t) = β1 m(t-1) + (1 - β1) g(t)")
    yield Formula(r"v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2", "v(t) = β2 v(t-1) + (1 - β2) g(t)²")
    yield Formula(
        r"w^{(t+1)} = w^{(t)} - \eta \cdot \frac{m_t}{\sqrt{v_t} + \epsilon}", "w(t+1) = w(t) - η · m(t) / (√v(t) + ε)"
    )
    yield Paragraph(
        "m is a running mean of the gradients, and v of their squares. The slide has no numbers: w, g and η are those"
        f" of the update before it, {W}, {GRADIENT} and {ETA}, with the same gradient in every step, and β1 = {BETA1},"
        f" β2 = {BETA2}, ε = {EPSILON:g} as usual. The equations in plain floats beside the engine, told to leave out"
        " the correction:"
    )


def _missing(printed: Steps, corrected: Steps) -> Iterator[Piece]:
    ratios = printed.sizes / corrected.sizes
    by_algebra, peak = algebra(len(ratios)), int(np.argmax(ratios))
    yield Paragraph(
        "m and v begin at 0, and are too small for a while. Kingma and Ba (2015) divide them by 1 - β1^t and 1 - β2^t"
        f" for that reason; the slide does not (004-4). The first step goes to {printed.places[0]:.12f} where"
        f" {corrected.places[0]:.9f} is right, and is {ratios[0]:.6g} times as long. With the same gradient in every"
        f" step it gets worse, up to {ratios[peak]:.5g} times at step {peak + 1}, and after {len(ratios)} steps it is"
        f" still {ratios[-1]:.4f} times. By algebra, without ε, it is (1 - β1^t) / √(1 - β2^t): {by_algebra[0]:.6g} at"
        f" first, and {by_algebra.max():.5g} at most; the measured ratios differ from that by at most"
        f" {np.abs(ratios / by_algebra - 1).max():.0e} of it."
    )
    yield Table(
        ("step", "as printed", "corrected", "ratio"),
        [
            (str(t), *(f"{steps.sizes[t - 1]:.9f}" for steps in (printed, corrected)), f"{ratios[t - 1]:.6f}")
            for t in (1, 2, 5, peak + 1, 50, 100, len(ratios))
        ],
        ">>>>",
    )
    yield from _corrections()
    yield Paragraph(
        "In the engine's words, the first step of each; it takes the corrections out of the fraction, which gives the"
        " same numbers:"
    )
    for bias_correction in (False, True):
        yield Output(repr(_first(bias_correction).explain()))
    yield Paragraph(_conclusion())
    yield Chart("adam-ratio", "the printed steps by the corrected ones", lambda: _curve(ratios, peak))


def corrected_means(count: int) -> list[tuple[float, ...]]:
    """m, v, m̂ and v̂ after each of so many steps with the same gradient."""
    steps = enumerate(means([GRADIENT] * count), start=1)
    return [(m, v, m / (1 - BETA1**t), v / (1 - BETA2**t)) for t, (m, v) in steps]


def _corrections() -> Iterator[Piece]:
    yield Paragraph("The lines that the slide lacks, and the step with them:")
    yield Formula(r"\hat{m}_t = \frac{m_t}{1 - \beta_1^t}", "m̂(t) = m(t) / (1 - β1^t)")
    yield Formula(r"\hat{v}_t = \frac{v_t}{1 - \beta_2^t}", "v̂(t) = v(t) / (1 - β2^t)")
    yield Formula(
        r"w^{(t+1)} = w^{(t)} - \eta \cdot \frac{\hat{m}_t}{\sqrt{\hat{v}_t} + \epsilon}",
        "w(t+1) = w(t) - η · m̂(t) / (√v̂(t) + ε)",
    )
    yield Table(
        ("step", "m", "v", "m̂", "v̂", "m / √v", "m̂ / √v̂"),
        [
            (str(t), *(f"{number:.6g}" for number in (m, v, m_hat, v_hat, m / v**0.5, m_hat / v_hat**0.5)))
            for t, (m, v, m_hat, v_hat) in enumerate(corrected_means(3), start=1)
        ],
        ">" * 7,
    )


def _conclusion() -> str:
    m, v, m_hat, v_hat = corrected_means(1)[0]
    return (
        f"The first step as printed is {(m / v**0.5) / (m_hat / v_hat**0.5):.3f} times as long as it should be: it"
        f" divides m = (1 - β1)·g, {m / GRADIENT:.3g} of the gradient, by √v = √(1 - β2)·g, which is only"
        f" {v**0.5 / GRADIENT:.4g} of it: both are too small at first, and √v more than m. With m̂ and v̂, which are"
        f" {m_hat:g} = g and {v_hat:g} = g², the first step has the length η but for ε, however"
        " large the gradient is."
    )


def algebra(count: int) -> Array:
    """How many times longer a step is without correction where the gradient stays the same, and ε is nothing."""
    t = np.arange(1, count + 1)
    ratios: Array = (1 - BETA1**t) / np.sqrt(1 - BETA2**t)
    return ratios


def _first(bias_correction: bool) -> Adam:
    w = Value(W, "w")
    (GRADIENT * w).backward()
    optimizer = adam([w], bias_correction)
    optimizer.step()
    return optimizer


def _valley(patience: int) -> Iterator[Piece]:
    yield Paragraph(
        "The slides praise fast convergence, and robustness for problems of many dimensions. A valley of two, ours,"
        " L = (u² + k v²)/2 from u = v = 1: a step of gradient descent may not be longer than the steep direction"
        f" allows. Updates until L is below {NEAR:g} for good (- for more than {patience}):"
    )
    counts = {k: [needed(k, make, patience) for make in _optimizers(k).values()] for k in (1.0, STEEP, STEEP**2)}
    yield Table(
        ("k", "optimizer", "updates"),
        [(f"{k:g}", name, _told(n)) for k, found in counts.items() for name, n in zip(_optimizers(k), found)],
        "><>",
    )
    descent, ours = counts[1.0][:2]
    yield Paragraph(
        f"Adam divides each coordinate's step by the size of its own gradients, and with the one rate {ETA} it needs"
        f" {_listed([found[1] for found in counts.values()])} updates; gradient descent has a rate that fits k, and"
        f" needs {_listed([found[0] for found in counts.values()])}. Where all directions are alike it takes"
        f" {_told(descent)}, and Adam {_told(ours)}."
    )
    turned = [needed(k, _optimizers(k)[f"Adam, η = {ETA}"], patience, TURN) for k in counts]
    yield Paragraph(
        f"This valley runs along the axes u and v. The same one turned by {TURN}°, from the same place in it: the"
        f" steep direction is now a part of both coordinates, and Adam needs {_listed(turned)}. Gradient descent"
        " does not notice the turn."
    )


def _listed(counts: Sequence[int | None]) -> str:
    return ", ".join(map(_told, counts))


def _optimizers(k: float) -> dict[str, Any]:
    return {
        f"gradient descent, η = {1 / k:g}": lambda parameters: SGD(parameters, lr=1 / k),
        f"Adam, η = {ETA}": lambda parameters: adam(parameters, True),
        f"Adam as printed, η = {ETA}": lambda parameters: adam(parameters, False),
    }


def needed(k: float, make: Any, patience: int, turn: float = 0.0) -> int | None:
    """How many updates it takes until L stays near its least for good, None for more than there is patience for.

    The valley may be turned by so many degrees; it is entered at the same place in it.
    """
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    u, v = Value(cos - sin, "u"), Value(sin + cos, "v")
    along, across = (u, v) if turn == 0 else (cos * u + sin * v, cos * v - sin * u)
    L = (along * along + k * (across * across)) / 2
    optimizer: Optimizer = make([u, v])
    last = None
    for step in range(patience):
        if L.data >= NEAR:
            last = step
        optimizer.zero_grad()
        L.backward()
        optimizer.step()
        L.refresh()
    return None if last is None or last == patience - 1 else last + 1


def _told(count: int | None) -> str:
    return "-" if count is None else str(count)


def _curve(ratios: Array, peak: int) -> Any:
    figure = blank(7.0, 3.4)
    axes = dressed(figure.add_subplot(), "step t", "printed step / corrected step")
    steps = np.arange(1, len(ratios) + 1)
    axes.semilogx(steps, ratios, color=BLUE, linewidth=1.8)
    axes.axhline(1.0, color=ORANGE, linestyle=DASHES[1], linewidth=1.2)
    axes.plot([1, peak + 1], ratios[[0, peak]], "o", color=ORANGE)
    axes.annotate(f"{ratios[0]:.5f} at t = 1", (1, ratios[0]), xytext=(8, -4), textcoords="offset points")
    axes.annotate(
        f"{ratios[peak]:.4f} at t = {peak + 1}", (peak + 1, ratios[peak]), xytext=(10, 0), textcoords="offset points"
    )
    axes.set_ylim(0, None)
    return figure
