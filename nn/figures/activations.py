"""`plot_activations`: the activations, and their derivatives as the engine takes them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from autograd import Value, grad, no_recording
from autograd.coercion import real_number
from autograd.drawing.looks import PALE, PAPER
from nn.figures.canvas import Axes, Figure, blank, dressed
from nn.figures.labels import End, name_ends
from nn.figures.palette import BLUE, COLOURS, DASHES, ORANGE
from nn.figures.sampling import Curve, curve
from nn.models.activations import ACTIVATIONS, Activation, activation_of

Choice: TypeAlias = "str | Activation"

Named: TypeAlias = "tuple[str, Activation]"

OWNER = "plot_activations"

MOST_IN_A_ROW = 4


class Shown(NamedTuple):
    """A curve and how it is drawn."""

    curve: Curve
    name: str
    colour: str
    dashes: object = "-"


def plot_activations(
    names: Choice | Sequence[Choice] | None = None,
    *,
    x_range: tuple[float, float] = (-5.0, 5.0),
    derivatives: bool | None = None,
    together: bool = False,
    variable: str = "x",
) -> Figure:
    """Each activation, with its derivative, in a panel of its own; or all activations `together` in one.

    `names` are names of activations, functions of one Value, or both; without them all that have a name are shown
    (documents 002, figures 42 and 45 to 47, and 004). The derivative is what the engine gives at each point, also at a
    kink; together they have a panel below, if `derivatives` says so. A jump is no
    line: where its place is known, as 0 is, a full dot is the value there, and an empty one is not. Where a function
    has no finite value there is a gap. `variable` is the letter of what goes into them: with "z" the lines are f(z) and
    f′(z).

    Raises ValueError for an unknown name, for softmax, which is of a whole layer, for no names, for a range that is
    none and for a function without a finite value in it; TypeError for a function that gives no Value and a variable
    that is no text; RuntimeError inside `no_recording`, where there are no derivatives; and ImportError without
    matplotlib.
    """
    chosen = [names] if isinstance(names, str) or callable(names) else list(ACTIVATIONS if names is None else names)
    functions = [(_name(choice), activation_of(choice)) for choice in chosen]
    if not functions:
        raise ValueError(f"{OWNER} needs at least one activation; got none")
    low, high = _ends(x_range)
    if not isinstance(variable, str):
        raise TypeError(f"variable of {OWNER} is a text, such as 'z'; got {type(variable).__name__} {variable!r}")
    derivatives = not together if derivatives is None else derivatives
    if derivatives:
        _require_recording()
    if together:
        return _in_one_panel(functions, low, high, derivatives, variable)
    return _in_panels(functions, low, high, derivatives, variable)


def _name(choice: Choice) -> str:
    name = choice if isinstance(choice, str) else getattr(choice, "__name__", repr(choice))
    return "f" if name == "<lambda>" else name


def _ends(x_range: tuple[float, float]) -> tuple[float, float]:
    low, high = (real_number(end, f"x_range of {OWNER}") for end in x_range)
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"{OWNER} needs x_range from a lower to a higher number; got {x_range!r}")
    return low, high


def _require_recording() -> None:
    x = Value(0.0)
    if (x + x).primitive is None:
        raise RuntimeError(f"{OWNER} takes derivatives, and inside no_recording() there are none")


# ---- numbers


def _value(f: Activation) -> Callable[[float], float]:
    def at(x: float) -> float:
        try:
            with no_recording():
                y = _result(f, Value(x)).data
        except ArithmeticError:  # outside of its domain
            return math.nan
        return y if math.isfinite(y) else math.nan

    return at


def _slope(f: Activation) -> Callable[[float], float]:
    def at(x: float) -> float:
        z = Value(x)
        try:
            slope = grad(_result(f, z), z).data
        except ArithmeticError:
            return math.nan
        return slope if math.isfinite(slope) else math.nan

    return at


def _result(f: Activation, z: Value) -> Value:
    y = f(z)
    if type(y) is not Value:
        raise TypeError(f"an activation gives one Value for one Value; {_name(f)} gave {type(y).__name__} {y!r}")
    return y


# ---- panels


def _in_panels(functions: Sequence[Named], low: float, high: float, derivatives: bool, variable: str) -> Figure:
    across = min(len(functions), MOST_IN_A_ROW)
    down = -(-len(functions) // across)
    figure = blank(max(2.7 * across, 4.6), 2.4 * down if down > 1 else 3.1)
    for place, (name, f) in enumerate(functions, start=1):
        axes = dressed(figure.add_subplot(down, across, place), variable, title=name)
        shown = [Shown(curve(_value(f), low, high), f"f({variable})", BLUE)]
        if derivatives:
            shown.append(Shown(curve(_slope(f), low, high), f"f′({variable})", ORANGE, DASHES[1]))
        _draw(axes, shown, low, high, height=1.9)
    return figure


def _in_one_panel(functions: Sequence[Named], low: float, high: float, derivatives: bool, variable: str) -> Figure:
    figure = blank(7.2, 4.8 * (1 + derivatives) if derivatives else 4.8)
    of = [(_value, f"f({variable})"), (_slope, f"f′({variable})")][: 1 + derivatives]
    for place, (sampled, y) in enumerate(of, start=1):
        axes = dressed(figure.add_subplot(len(of), 1, place), variable, y)
        shown = [
            Shown(curve(sampled(f), low, high), name, COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)])
            for number, (name, f) in enumerate(functions)
        ]
        _draw(axes, shown, low, high, height=4.0)
    return figure


def _draw(axes: Axes, shown: Sequence[Shown], low: float, high: float, height: float) -> None:
    axes.axhline(0.0, color=PALE, linewidth=0.8, zorder=0)
    axes.axvline(0.0, color=PALE, linewidth=0.8, zorder=0)
    ends = []
    for one in shown:
        axes.plot(*zip(*one.curve.points), color=one.colour, linestyle=one.dashes, linewidth=2.0, label=one.name)
        for dots, filling in ((one.curve.limits, PAPER), (one.curve.taken, one.colour)):
            if dots:
                axes.plot(*zip(*dots), "o", color=one.colour, markerfacecolor=filling, markersize=5, zorder=3)
        finite = [point for point in one.curve.points if math.isfinite(point[1])]
        if not finite:
            raise ValueError(f"{OWNER} found no finite value of {one.name} from {low:g} to {high:g}")
        ends.append(End(*finite[-1], one.name, one.colour))
    axes.set_xlim(low, high)
    name_ends(axes, ends, height)
