"""Document 002, section 3.6: gradients that vanish, saturated neurons and dead ones, measured in real networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from statistics import median
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd import Value, diagnose
from demos.document_002.activations import slope_at
from demos.document_002.lines import Line, line_chart
from demos.pieces import Chart, Formula, Heading, Items, Output, Paragraph, Piece, Table
from demos.story import demo
from nn import MLP, SGD, Adam, Layer, LeakyReLU, Sequential, fit, mse

Array = NDArray[np.float64]

DEPTHS = (8, 10, 15)
"""Layers of sigmoids that the section speaks of."""

PRINTED_RANGE = ("0", "0.25")
"""Of σ', as the section prints it."""

WIDTH = 8
"""Neurons of each hidden layer; ours, as are all data of this story."""

EXAMPLES, FEWER = 32, 8
"""To learn from, and to measure gradients with."""

SEED = 4

SEEDS = (0, 1, 2, 3, SEED)
"""Of the weights, where one network is not enough to judge by; the last one is that of the others."""

KINDS: dict[str, tuple[Any, str]] = {
    "sigmoid, uniform": ("sigmoid", "uniform"),
    "sigmoid, Xavier": ("sigmoid", "xavier_uniform"),
    "tanh, Xavier": ("tanh", "xavier_uniform"),
    "ReLU, He": ("relu", "he_uniform"),
    "Leaky ReLU, He": (LeakyReLU(0.1), "he_uniform"),
}
"""Activation and initializer of the hidden layers."""

LONG = 5.0
"""A learning rate that is too large for the network of the last part."""

TAIL = (-40.0, -10.0, -0.01, 10.0, 36.0, 37.0, 40.0)


class Measured(NamedTuple):
    """The gradient of one network: the root mean square of ∂J/∂W for each layer, that of the inputs first."""

    kind: str
    sizes: list[float]

    @property
    def fall(self) -> float:
        """How many times less the first layer gets than the last."""
        return self.sizes[-1] / self.sizes[0]


@demo(
    "vanishing",
    "002",
    "3.6",
    "gradients that vanish, saturated neurons and dead ones",
    items="C54 C55 C58",
    errata="002-17 002-18",
)
def story(*, brief: bool) -> Iterator[Piece]:
    """Products of slopes, what they do to networks, and what helps."""
    yield Paragraph(
        "Backpropagation multiplies by one derivative of the activation for each layer on the way back (figure 43)."
        " That of the sigmoid is 0.25 at most. Section 3.6 speaks of 8, 10 and 15 layers; of the product of their"
        " slopes there remains at best:"
    )
    yield Formula(
        "σ'(z^{(n)}) \\cdots σ'(z^{(2)}) \\cdot σ'(z^{(1)}) \\le 0.25^n",
        "σ'(z(n)) · … · σ'(z(2)) · σ'(z(1)) ≤ 0.25^n",
    )
    yield Table(
        ("layers", "z = 0 in all: σ'(0)^n", "z = 2 in all: σ'(2)^n"),
        [(str(depth), f"{product(depth, 0.0):.12g}", f"{product(depth, 2.0):.5g}") for depth in DEPTHS],
        ">>>",
    )
    yield ends()
    yield Paragraph(
        "That bounds the slopes, not the gradient. Each layer on the way back also multiplies by its weights and sums"
        " over its neurons: large weights can make up for the slopes, small ones make it worse."
    )
    yield from _layer_by_layer(SEEDS[-2:] if brief else SEEDS)
    yield from _learning(brief)
    yield from _tails()
    yield from _dying(brief)


def product(depth: int, z: float) -> float:
    """The product of so many slopes of the sigmoid, all at the same z."""
    return slope_at(Value.sigmoid, z) ** depth


def ends() -> Table:
    """The two ends of the range of σ', and the largest slope of a network of the most layers."""
    slopes = _slopes_of(network("sigmoid", "uniform", max(DEPTHS)))
    low, high = PRINTED_RANGE
    lines = [
        ("σ'(-40)", low, f"{slope_at(Value.sigmoid, -40.0):.5g}"),
        ("σ'(0)", high, f"{slope_at(Value.sigmoid, 0.0):.5g}"),
        (f"the largest of {len(slopes):,} slopes, {max(DEPTHS)} layers", "", f"{max(slopes):.9g}"),
    ]
    return Table(("slope", "range in the document", "the engine computes"), lines, "<>>")


def data(examples: int = EXAMPLES) -> tuple[Array, Array]:
    """Points in a square, of class 1 where the signs of both coordinates are the same: X (n, 2), Y (n,)."""
    X = np.random.default_rng(SEED).uniform(-1, 1, (examples, 2))
    return X, (X[:, 0] * X[:, 1] > 0).astype(float)


def network(activation: Any, initializer: str, depth: int, seed: int = SEED) -> MLP:
    """Two inputs, so many hidden layers, and a sigmoid as output."""
    sizes = [WIDTH] * depth + [1]
    return MLP(2, sizes, activation, "sigmoid", seed=seed, initializer=initializer)


def loss_of(model: Callable[[Any], Any], examples: int = EXAMPLES) -> Value:
    """The mean squared error on the examples, recorded."""
    X, Y = data(examples)
    J = mse([model(tuple(x)) for x in X.tolist()], Y.tolist())
    J.label = "J"
    return J


def measured(kind: str, depth: int, seed: int = SEED) -> Measured:
    """The sizes of the gradient, layer by layer."""
    model = network(*KINDS[kind], depth, seed)
    model.zero_grad()
    loss_of(model, FEWER).backward()
    return Measured(kind, [float(np.sqrt(np.mean(layer.weight_gradients**2))) for layer in model.layers])


def _slopes_of(model: MLP) -> list[float]:
    """σ' of every neuron for every example."""
    slopes = []
    for x in data(FEWER)[0].tolist():
        for layer, inputs in zip(model.layers, [x, *model.outputs(tuple(x))]):
            given = tuple(inputs) if isinstance(inputs, (list, tuple)) else (inputs,)
            slopes += [slope_at(Value.sigmoid, neuron.weighted_sum(given).data) for neuron in layer.neurons]
    return slopes


# ---- layer by layer


def _layer_by_layer(seeds: Sequence[int]) -> Iterator[Piece]:
    yield Heading("In a real network, layer by layer")
    yield Paragraph(
        f"A network 2-{WIDTH}-…-{WIDTH}-1 of {max(DEPTHS)} hidden layers of sigmoids, with random weights"
        f" (seed {SEED}), on {FEWER} points. Nobody tells the doctor that it is deep; it measures δ of each layer:"
    )
    found = diagnose(loss_of(network("sigmoid", "uniform", max(DEPTHS)), FEWER))
    yield Output(repr(found))
    layers = found[0].layers
    yield Paragraph(_beside_the_bound(layers[-1].delta / layers[0].delta, len(layers) - 1))
    runs = {kind: [[measured(kind, depth, seed) for seed in seeds] for depth in DEPTHS] for kind in KINDS}
    falls = {kind: [[run.fall for run in some] for some in by_depth] for kind, by_depth in runs.items()}
    yield Paragraph(
        "How much less the first hidden layer's weights get than the last ones (root mean square of ∂J/∂W, last layer"
        " over first layer), for other activations and initial weights. One network says little: these are medians of"
        f" {len(seeds)} networks, and the least and the most; the doctor sees the one of seed {SEED} and"
        f" {max(DEPTHS)} layers:"
    )
    yield Table(
        ("hidden layers of", *(f"{depth} layers" for depth in DEPTHS), f"{max(DEPTHS)}: least to most", "the doctor"),
        [_fall_line(kind, falls[kind]) for kind in KINDS],
        "<>>>><",
    )
    yield Paragraph(_weights_of(falls["sigmoid, uniform"], falls["sigmoid, Xavier"]))
    drawn = [by_depth[-1][-1] for by_depth in runs.values()]
    yield Chart(
        "vanishing-layers",
        f"the gradient of each layer, {max(DEPTHS)} hidden ones, seed {SEED}",
        lambda: _layers_chart(drawn),
    )


def _beside_the_bound(fall: float, steps: int) -> str:
    """What remains of δ after so many layers of sigmoids, and what their slopes alone could leave of it."""
    bound = slope_at(Value.sigmoid, 0.0) ** steps
    told = f"{steps} layers further back there is {fall:.2g} of δ. Their slopes alone leave 0.25^{steps} = {bound:.2g}"
    if fall <= bound:
        return f"{told} at most: here the weights do not make up for them."
    return f"{told} at most: the weights, and the sums over neurons, made that at least {fall / bound:.2g} times more."


def _fall_line(kind: str, falls: Sequence[Sequence[float]]) -> tuple[str, ...]:
    """A line of the table; the falls are those of all seeds for each depth."""
    found = diagnose(loss_of(network(*KINDS[kind], max(DEPTHS)), FEWER))
    told = ", ".join(dict.fromkeys(finding.ailment for finding in found)) or "nothing to report"
    spread = f"{min(falls[-1]):,.3g} to {max(falls[-1]):,.3g}"
    return kind, *(f"{median(some):,.3g}" for some in falls), spread, told


def _weights_of(uniform: Sequence[Sequence[float]], xavier: Sequence[Sequence[float]]) -> str:
    """Whether weights of Xavier's size help networks of sigmoids, counted pair by pair."""
    pairs = [pair for falls in zip(uniform, xavier) for pair in zip(*falls)]
    worse = sum(wide < narrow for wide, narrow in pairs)
    return (
        "Xavier's size keeps the gradient where slopes are near 1, as those of tanh are at 0. A slope of 0.25 at most"
        f" it does not make up for: its weights are smaller than the uniform ones, and in {worse} of {len(pairs)} pairs"
        " of networks of sigmoids the first layer gets even less of what the last one gets."
    )


def _layers_chart(runs: Sequence[Measured]) -> Any:
    places = range(len(runs[0].sizes), 0, -1)
    lines = [Line(run.kind, places, run.sizes[::-1]) for run in runs]
    figure = line_chart(
        lines, "layer, the last one first: backpropagation goes to the right", "root mean square of ∂J/∂W", y_log=True
    )
    figure.axes[0].invert_xaxis()
    return figure


# ---- what that does to learning


def _learning(brief: bool) -> Iterator[Piece]:
    depth, epochs = (4, 10) if brief else (10, 300)
    yield Heading("What that does to learning")
    yield Paragraph(
        f"{EXAMPLES} points now, of which those {FEWER} are the first; {depth} hidden layers, {epochs} epochs of"
        f" gradient descent (rate 0.1) on all {EXAMPLES}, seed {SEED}. How far the weights of a layer moved, relative"
        " to their size:"
    )
    lines = [learnt(kind, depth, epochs) for kind in ("sigmoid, uniform", "tanh, Xavier", "ReLU, He")]
    yield Table(("hidden layers of", "first layer moved", "last layer moved", "loss before", "after"), lines, "<>>>>")


def learnt(kind: str, depth: int, epochs: int) -> tuple[str, ...]:
    """A line of the table: how far first and last layer moved in a training, and its losses."""
    model = network(*KINDS[kind], depth)
    before = [layer.weights.copy() for layer in model.layers]
    history = fit(
        model, *data(), loss="mse", optimizer=SGD(model.parameters(), lr=0.1), epochs=epochs, batch_size=None, seed=SEED
    )
    moved = [_moved(layer.weights, start) for layer, start in zip(model.layers, before)]
    losses = history["loss"]
    return kind, f"{moved[0]:.2g}", f"{moved[-1]:.2g}", f"{losses[0]:.4f}", f"{losses[-1]:.4f}"


def _moved(after: Array, before: Array) -> float:
    return float(np.linalg.norm(after - before) / np.linalg.norm(before))


# ---- saturated neurons


def _tails() -> Iterator[Piece]:
    yield Heading("The flat tails of the sigmoid (figure 44)")
    yield Table(
        ("z", "σ(z)", "σ'(z) = σ(1 - σ)", "derivative of 1/(1 + exp(-z))"),
        [(f"{z:g}", f"{Value(z).sigmoid().data:.17g}", *(f"{slope:.5g}" for slope in _both(z))) for z in TAIL],
        ">>>>",
    )
    yield Items([_why_not_zero(), _why_negative()])
    model = _saturated()
    yield Paragraph(
        "A neuron is as good as dead when its z is far out for every example. Here the first of four hidden sigmoids"
        " has the bias 20; the doctor tells, and one training shows what the other three do better:"
    )
    yield Output(repr(diagnose(loss_of(model))))
    yield _stuck(model)


def _both(z: float) -> tuple[float, float]:
    """The slope as the table of primitives has it, and that of the formula recorded step by step."""
    return slope_at(Value.sigmoid, z), slope_at(lambda x: 1 / (1 + (-x).exp()), z)


def first_zero() -> float:
    """The smallest z, to 0.01, where σ' is 0 in floating point: σ is then rounded to 1."""
    return next(z / 100 for z in range(5000) if slope_at(Value.sigmoid, z / 100) == 0)


def _why_not_zero() -> str:
    z = first_zero()
    return (
        "002-17: of the derivatives out there the document says once 'son casi 0', then 'es 0'. The first is right:"
        f" σ'(10) = {_both(10.0)[0]:.5g}. A computer's σ'(z) = σ(1 - σ) becomes 0 from z = {z:g} on, where σ(z) is"
        f" rounded to 1; the formula taken step by step still has {_both(z)[1]:.2g} there."
    )


def _why_negative() -> str:
    return (
        "002-18: 'un número demasiado grande o demasiado pequeño', as the document says, has to mean far above or far"
        " below 0. A small number is near 0, and there"
        f" σ' is largest: σ'(-0.01) = {_both(-0.01)[0]:.6g}, σ'(-10) = {_both(-10.0)[0]:.5g}."
    )


def _saturated() -> MLP:
    model = MLP(2, [4, 1], "sigmoid", "sigmoid", seed=SEED)
    model.layers[0].neurons[0].b.data = 20.0  # type: ignore[union-attr]
    return model


def _stuck(model: MLP) -> Table:
    before = model.layers[0].weights.copy()
    fit(model, *data(), loss="mse", optimizer=SGD(model.parameters(), lr=1.0), epochs=100, batch_size=None, seed=SEED)
    moved = np.abs(model.layers[0].weights - before).max(axis=1)
    lines = [(f"hidden neuron {place}", f"{far:.3g}") for place, far in enumerate(moved.tolist(), start=1)]
    return Table(("after 100 epochs", "largest change of its weights"), lines, "<>")


# ---- dying ReLU


def _dying(brief: bool) -> Iterator[Piece]:
    yield Heading("Dying ReLU")
    yield Paragraph(
        "A ReLU is 0 for z < 0, and so is its derivative. One step that is too long can take all neurons of a layer"
        " there, for every example, and no gradient leads back. The same start and the same long step"
        f" (rate {LONG:g}), with ReLU and with Leaky ReLU, then an ordinary training with Adam:"
    )
    epochs = 20 if brief else 1000
    killed = [killed_and_taught(name, f, epochs) for name, f in (("ReLU", "relu"), ("Leaky ReLU", LeakyReLU(0.1)))]
    yield Table(
        ("hidden layer of", "closed for all", "largest |∂J/∂w|", "loss", f"{epochs} epochs later", "closed for all"),
        [fate.line for fate in killed],
        "<>>>>>",
    )
    yield Output(killed[0].diagnosis)
    yield Paragraph(_dead(killed[0]))
    yield Paragraph(_leaky(killed[1]))


def _dead(fate: Fate) -> str:
    variance = float(np.var(data()[1]))
    return (
        f"The dead layer ({fate.closed} of {WIDTH} neurons) gives 0 for every example. Only the output's bias still"
        " learns, and can do no better than the mean of the targets, the loss of which is their variance,"
        f" {variance:.4g}."
    )


def _leaky(fate: Fate) -> str:
    """What a slope on the negative side does; the neurons are counted, for a loss does not tell which came back."""
    linear = best_linear_loss()
    where = "below" if fate.loss < linear else "not below"
    return (
        f"With a slope on the negative side the layer gets a gradient, and learns. {WIDTH - fate.closed} of {WIDTH}"
        f" neurons came back, to z > 0 for some example; {fate.closed} have z ≤ 0 for all. There Leaky ReLU is linear,"
        f" but not dead. The loss, {fate.loss:.4g}, is {where} the {linear:.4g} of the best linear function of the"
        " inputs, and a network whose neurons are all closed is one."
    )


def best_linear_loss() -> float:
    """The mean squared error of the least squares' line through the examples."""
    X, Y = data()
    inputs = np.column_stack([X, np.ones(len(X))])
    w, *_ = np.linalg.lstsq(inputs, Y, rcond=None)
    return float(np.mean((inputs @ w - Y) ** 2))


class Fate(NamedTuple):
    """What became of a hidden layer after a step that was too long; loss and `closed` neurons are those at the end."""

    line: tuple[str, ...]
    diagnosis: str
    gradient: float
    loss: float
    closed: int


def killed_and_taught(name: str, activation: Any, epochs: int) -> Fate:
    """One long step, what it leaves, and a training from there."""
    X, Y = data()
    model = Sequential(
        Layer(2, WIDTH, activation, seed=SEED, initializer="he_uniform"),
        Layer(WIDTH, 1, "identity", seed=SEED, initializer="uniform01"),
    )
    loss_of(model).backward()
    SGD(model.parameters(), lr=LONG).step()
    model.zero_grad()
    J = loss_of(model)
    J.backward()
    hidden: Layer = model[0]
    gradient = float(np.abs(hidden.weight_gradients).max())
    killed = _closed(hidden)
    found = repr(diagnose(J))
    history = fit(model, X, Y, loss="mse", optimizer=Adam(model.parameters(), lr=0.3), epochs=epochs, batch_size=None)
    loss = history["loss"][-1]
    closed = _closed(hidden)
    counts = [f"{number} of {WIDTH}" for number in (killed, closed)]
    line = (name, counts[0], f"{gradient:.3g}", f"{J.data:.4g}", f"{loss:.4g}", counts[1])
    return Fate(line, found, gradient, loss, closed)


def _closed(layer: Layer) -> int:
    """How many neurons have no z above 0, in any example."""
    examples = [tuple(x) for x in data()[0].tolist()]
    return sum(all(neuron.weighted_sum(x).data <= 0 for x in examples) for neuron in layer.neurons)
