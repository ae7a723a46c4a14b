"""Document 004, "Redes Neuronales Artificiales" and "Redes Feedforward": layers, the slides' example, and a limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from autograd import Value, latex, text
from demos.learning import taught
from demos.pieces import Diagram, Formula, Heading, Output, Paragraph, Piece, Table
from demos.story import demo
from nn import MLP, SGD, Neuron, Part, draw_network, predict

W1, W2 = [0.5, -0.3], [0.8, 0.1]
"""Of the two hidden neurons, as the slides give them."""

W_OUT = [0.6, 0.4]
INPUTS = [[2.0, 1.0], [1.0, 2.0]]
"""Ours: the slides give no numbers for W_salida and x."""

TURN = 0.5
"""Of a wave, from one number to the next, in radians."""


@demo(
    "feedforward",
    "004",
    "5",
    "layers, the flow of numbers forward, and an example",
    items="E11 E12 E17-E19",
    errata="004-7",
)
def story(*, brief: bool) -> Iterator[Piece]:
    """What a network is made of, the example of the slides with numbers, and sequences."""
    yield Heading("Layers")
    network = MLP(3, [4, 4, 2], "relu", "sigmoid", seed=2)
    yield Paragraph(
        "A network has a layer of inputs, hidden layers, and one of outputs; its neurons are connected by weights, and"
        " numbers flow forward. The slides draw one with two hidden layers; this one has random weights, and a line is"
        " as wide as its weight is large:"
    )
    yield Output(repr(network.summary()))
    yield Diagram("feedforward-network", "a network with two hidden layers", draw_network(network))
    yield Heading("The example of the slides")
    yield from _example()
    yield Heading("What it can't do, and what it can")
    yield from _sequences(60 if brief else 300)


def example() -> MLP:
    """The network of the slides: two hidden neurons with ReLU, no biases, and one output."""
    model = MLP(2, [2, 1], "relu", "identity", bias=False)
    hidden, output = model.layers
    hidden.set_weights([W1, W2])
    output.set_weights([W_OUT])
    for name, neuron in zip(("W1", "W2", "W_salida"), (*hidden.neurons, *output.neurons)):
        neuron.w[0].label, neuron.w[1].label = f"{name}_1", f"{name}_2"
    return model


def _example() -> Iterator[Piece]:
    model = example()
    yield Paragraph(
        f"W1 = {W1} and W2 = {W2} are the slides'; W_salida = {W_OUT} and two inputs are ours, for they give none. A"
        " hidden neuron has h = max(0, W·x), and the output is y = W_salida·h:"
    )
    y = model([Value(INPUTS[0][0], "x1"), Value(INPUTS[0][1], "x2")])
    yield Formula(f"y = {latex(y)}", f"y = {text(y)}")
    for number, x in enumerate(INPUTS, start=1):
        yield Diagram(f"feedforward-example-{number}", f"the network with x = {x}", draw_network(model, x=x))
    yield Table(
        ("x", "W1·x", "W2·x", "h1", "h2", "y"),
        [(str(x), *(f"{number:.4g}" for number in _numbers(model, x))) for x in INPUTS],
        "<>>>>>",
    )
    cut = [x for x in INPUTS if min(_numbers(model, x)[2:4]) == 0]
    yield Paragraph(
        f"ReLU lets through what is positive; of {len(INPUTS)} inputs {len(cut)} has a neuron that gives 0."
    )


def _numbers(model: MLP, x: Sequence[float]) -> list[float]:
    hidden, _ = model.layers
    sums = [neuron.weighted_sum(x).data for neuron in hidden.neurons]
    h, y = model.outputs(x)
    return [*sums, *(value.data for value in h), y.data]


def _sequences(epochs: int) -> Iterator[Piece]:
    model = example()
    alone = model(INPUTS[0]).data
    after = [model(x).data for x in (INPUTS[1], INPUTS[0])][-1]
    yield Paragraph(
        "Classification, regression and prediction are what the slides name as its uses. As its limit they say that it"
        " can't handle sequences. It has no memory, indeed: what it says of"
        f" {INPUTS[0]} is {alone:.4g}, alone, and {after:.4g} after another input."
        " But several numbers of a sequence can be its inputs (004-7). One neuron without activation is taught to give"
        " the next number of a wave from the last two:"
    )
    wave = np.sin(TURN * np.arange(40))
    neuron = Neuron(2, "identity", bias=False, seed=0)
    data = Part(np.stack([wave[:-2], wave[1:-1]], axis=1), wave[2:])
    history = taught(
        neuron, data, loss="mse", optimizer=SGD(neuron.parameters(), lr=0.5), epochs=epochs, batch_size=None, seed=0
    )
    error = float(np.abs(predict(neuron, data.X) - data.Y).max())
    before, last = (w.data for w in neuron.w)
    yield Paragraph(
        f"After {len(history['loss'])} epochs it errs by {error:.1g} at most, with the weights {before:.6f} and"
        f" {last:.6f}: trigonometry has -1 and 2 cos {TURN:g} = {2 * np.cos(TURN):.6f}. The limit is the length of the"
        " window, which is chosen before."
    )
