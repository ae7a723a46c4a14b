"""The ailments of neurons and of layers: dead, saturated; gradients that vanish or explode (document 002, section 3.6).

Silent where all is well: what is normal in a fresh or in a trained network is not told, and each threshold says why.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import accumulate, takewhile
from operator import mul

from autograd.diagnosis.findings import Case, Finding, LayerGradient, plural
from autograd.diagnosis.neurons import Layer, Neuron, layer_name, neuron_name
from autograd.notation.typesetting import mathematical, short
from autograd.recording import origin_of
from autograd.value import Value, walk

SATURATED = 1e-3
"""A smaller slope is the tail of a sigmoid, |z| > 6.9, where a step is 250 times shorter than where it is steepest."""

SATURATED_ONCE = 1e-4
"""What a few examples must show of one neuron among others: |z| > 9 is more than a large example."""

FEWEST_EXAMPLES = 4
"""Fewer show nothing of one neuron: any fresh ReLU is closed for two examples as easily as for one."""

CLOSED_BY, CLOSED_BY_FEW = 0.5, 10.0
"""A ReLU is dead when z stays below 0 by (0.5 + 10 / examples) of what z varies over them. Fresh layers of 16 have
closed neurons too, one or four, which are closed by less, and may open again when the layers below them move; where a
step went too far z is far away. A fresh network of 3 or 4 neurons a layer is told now and then: it has a dead one."""

MOST_CLOSED = 0.5
"""When more of a layer is closed in every example, it is told whatever the distance: wide fresh layers lose less."""

VANISHING, EXPLODING = 1e-4, 1e4
"""δ of the farthest layer over that of the nearest: seven sigmoid slopes at their largest are 0.25⁷ = 6e-5. With one
learning rate for all, one end of the network then moves ten thousand times less than the other."""

FEWEST_LAYERS = 3
"""Two layers show no tendency."""

MOST_ROWS = 16
"""The rows of a table of layers: the 15 of document 002's example, and the output."""

MOST_NEURONS = 4
"""So many neurons of a layer are told one by one."""

ADVICE = {
    "dead neuron": "Lower the learning rate or start the bias above 0; leaky_relu has no dead side.",
    "saturated neuron": "Draw smaller weights or scale the inputs to about 1; relu has no flat side for z > 0.",
    "slopes": "Use fewer layers, or relu or tanh with weights of He's or Xavier's size, about 1/√inputs.",
    "small weights": "Draw larger weights: for tanh or relu of Xavier's or He's size, about 1/√inputs.",
    "large weights": "Draw smaller weights, of Xavier's or He's size (about 1/√inputs), or clip the gradient.",
}
"""Document 002, section 3.6: relu and tanh against vanishing, leaky relu against dying; small weights keep z small."""


def ailing_neurons(case: Case, layers: Sequence[Layer]) -> list[Finding]:
    """A finding for each layer with dead neurons and for each with saturated ones, in the order of the forward pass."""
    flat = [layer for layer in reversed(layers) if any(neuron.steepest < SATURATED for neuron in layer)]
    found = [("dead neuron", layer, ill) for layer, ill in _dead_in(case, flat)]
    found += [("saturated neuron", layer, _saturated(layer, is_last=layer is layers[0])) for layer in flat]
    return [_finding(case, ailment, ill, layer) for ailment, layer, ill in found if ill]


def ailing_layers(case: Case, layers: Sequence[Layer]) -> list[Finding]:
    """The finding of a gradient that vanishes or explodes between the layers nearest to y and farthest, if it does.

    Layers behind one that lets nothing through at all are left out: its neurons are dead, which is told.
    """
    layers = list(takewhile(lambda layer: any(neuron.steepest for neuron in layer), layers))
    if len(layers) < FEWEST_LAYERS:
        return []
    near, far = _delta(case, layers[0]), _delta(case, layers[-1])
    if not 0 < near < math.inf or not math.isfinite(far) or VANISHING <= far / near <= EXPLODING:
        return []
    return [_tendency(case, layers, far / near)]


# ---- dead and saturated neurons


def _dead_in(case: Case, layers: Sequence[Layer]) -> Iterator[tuple[Layer, list[Neuron]]]:
    """The dead neurons of each layer, the farthest from y first, without those that a dead layer below them closes."""
    is_silent = False
    for layer in layers:
        dead = [neuron for neuron in _dead(case, layer) if not is_silent or neuron.varies]
        yield layer, dead
        is_silent = is_silent or len(dead) == len(layer)


def _dead(case: Case, layer: Layer) -> list[Neuron]:
    """The neurons that are flat in every example, and whose weights get no derivative from anywhere else either.

    A few examples say little: that neurons are closed for them is told where nothing below their layer can learn.
    """
    closed = [neuron for neuron in layer if _is_closed(case, neuron)]
    if closed and len(closed) == len(layer) and _learns_nothing(case, layer):
        return closed
    dead = [neuron for neuron in closed if neuron.examples >= FEWEST_EXAMPLES]
    return dead if len(dead) > MOST_CLOSED * len(layer) else [neuron for neuron in dead if _is_far_below(neuron)]


def _is_closed(case: Case, neuron: Neuron) -> bool:
    is_flat = not neuron.row.saturates and neuron.steepest == 0
    return is_flat and not any(case.adjoints[weight] for weight in neuron.weights)


def _is_far_below(neuron: Neuron) -> bool:
    low, high = neuron.reach
    return high < -(CLOSED_BY + CLOSED_BY_FEW / neuron.examples) * (high - low)


def _learns_nothing(case: Case, layer: Layer) -> bool:
    """Whether the derivative with respect to every leaf below a layer is 0."""
    seen: dict[Value, float] = {}
    leaves = (leaf for neuron in layer for _, z, _ in neuron.activations for leaf in walk(z, seen)[0])
    return not any(case.adjoints[leaf] for leaf in leaves)


def _saturated(layer: Layer, is_last: bool) -> list[Neuron]:
    """The neurons whose slope is next to nothing in every example.

    A neuron of the last layer that is sure of both answers is not ill but trained.
    """
    flat = [neuron for neuron in layer if neuron.row.saturates and neuron.steepest < SATURATED]
    if len(flat) < len(layer):
        flat = [neuron for neuron in flat if neuron.examples >= FEWEST_EXAMPLES or neuron.steepest < SATURATED_ONCE]
    return [neuron for neuron in flat if not is_last or math.prod(neuron.reach) > 0]


def _finding(case: Case, ailment: str, ill: list[Neuron], layer: Layer) -> Finding:
    nodes = tuple(neuron.activations[0].node for neuron in ill)
    told = [_heading(case, ailment, ill, layer), *(_told(case, neuron) for neuron in ill[:MOST_NEURONS])]
    if len(ill) > MOST_NEURONS:
        told.append(f"and {len(ill) - MOST_NEURONS:,} more")
    return Finding(ailment, ill[0].row.name, nodes, "\n  ".join(told), ADVICE[ailment], origin_of(nodes[0]))


def _heading(case: Case, ailment: str, ill: list[Neuron], layer: Layer) -> str:
    name, symbol = layer_name(case, layer), ill[0].row.notation.symbol
    examples = max(neuron.examples for neuron in ill)
    seen = f"in all {examples:,} examples" if examples > 1 else "in the only example"
    who = f"{len(ill)} of {len(layer)} neuron{plural(len(layer))}{f' of {name}' if name else ''}"
    who += " is" if len(ill) == 1 else " are"
    if ailment == "saturated neuron":
        return f"{who} saturated: the slope of {symbol} is below {short(SATURATED)} {seen}"
    return f"{who} {'dead' if examples > 1 else 'closed'}: z ≤ 0, where {symbol} is flat, {seen}"


def _told(case: Case, neuron: Neuron) -> str:
    low, high = map(mathematical, neuron.reach)
    z, most = (f"from {low} to {high}", " at most") if neuron.varies else (f"= {low}", "")
    return f"{neuron_name(case, neuron)}: z {z}, slope{most} {short(neuron.steepest)}"


# ---- gradients from layer to layer


def _tendency(case: Case, layers: Sequence[Layer], ratio: float) -> Finding:
    gradients = _gradients(case, layers)
    ailment = "vanishing gradient" if ratio < 1 else "exploding gradient"
    # where the slopes alone don't account for most of it, the weights do
    saturates = any(neuron.row.saturates for layer in layers for neuron in layer)
    by_slopes = saturates and gradients[-1].slopes ** 2 < ratio
    cause = "large weights" if ratio > 1 else "slopes" if by_slopes else "small weights"
    heading = f"the gradient {'vanishes' if ratio < 1 else 'explodes'}: {_fall(gradients, ratio, len(layers))}"
    nodes = tuple(neuron.activations[0].node for neuron in layers[-1])
    text = "\n".join([heading, *_table(gradients, len(layers))])
    return Finding(ailment, cause, nodes, text, ADVICE[cause], origin_of(nodes[0]), gradients)


def _fall(gradients: Sequence[LayerGradient], ratio: float, count: int) -> str:
    near, far = (short(gradient.delta) for gradient in (gradients[0], gradients[-1]))
    return f"over {count:,} layers δ goes from {near} to {far}, a factor of {ratio:.2g}"


def _gradients(case: Case, layers: Sequence[Layer]) -> tuple[LayerGradient, ...]:
    """The layers that are told: of very many the first and the last."""
    slopes = list(map(_mean_slope, layers))
    products = list(accumulate(slopes, mul))
    return tuple(
        LayerGradient(
            layer_name(case, layers[place]) or str(place + 1),
            len(layers[place]),
            slopes[place],
            products[place],
            _delta(case, layers[place]),
        )
        for place in range(len(layers))
        if min(place, len(layers) - 1 - place) < MOST_ROWS // 2
    )


def _delta(case: Case, layer: Layer) -> float:
    """The root mean square of ∂y/∂z over the neurons of a layer and their examples: their δ in the documents."""
    zs = {z for neuron in layer for _, z, _ in neuron.activations}
    return math.hypot(*(case.adjoints[z] for z in zs)) / math.sqrt(len(zs))


def _mean_slope(layer: Layer) -> float:
    slopes = [abs(slope) for neuron in layer for _, _, slope in neuron.activations]
    return math.fsum(slopes) / len(slopes)


def _table(gradients: Sequence[LayerGradient], count: int) -> Iterator[str]:
    """A line for each layer, the nearest to y first; of many layers those in the middle are left out."""
    yield _line("layer", "neurons", "mean slope", "their product", "δ = ∂y/∂z")
    for place, row in enumerate(gradients):
        if count > len(gradients) and place == len(gradients) // 2:
            yield _line("…", "…", "…", "…", "…")
        yield _line(row.name, str(row.neurons), *map(short, (row.slope, row.slopes, row.delta)))


def _line(*cells: str) -> str:
    return f"  {cells[0]:<16}" + "".join(f"{cell:>15}" for cell in cells[1:])
