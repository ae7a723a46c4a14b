"""Documents 002 and 004: their diagrams of networks, drawn from models.

Nothing in a diagram is typed: neurons, weights and shapes are those of a model, with random weights of a fixed seed,
as the documents have them ("se inician con números aleatorios", 002, section 3.3).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from demos.layout import paragraph
from demos.pictures import Shown, gallery
from nn import MLP, Neuron, draw_network

SEED = 2


def story(folder: Path) -> Iterator[str]:
    """The demo, a paragraph or a list at a time; the pictures are saved in the folder."""
    yield paragraph(
        "Networks by layers: a line is a weight, as wide as that is large, solid where it is positive and dashed where"
        " it is negative. Blocks show the same networks as matrices, whose shapes fit together as the text of section"
        " 3.3 has it: (1,3)(3,5) → (1,5)(5,3) → (1,3)(3,2) → (1,2)."
    )
    yield "Figures of document 002:"
    yield gallery(figures(), folder)
    yield "Slides of document 004:"
    yield gallery(slides(), folder)


def figures() -> list[Shown]:
    """The figures of document 002."""
    perceptron = Neuron(3, "identity", seed=SEED)
    small = MLP(2, [3, 1], "identity", "identity", bias=False, seed=SEED)
    deep = MLP(3, [5, 3, 2], "sigmoid", "sigmoid", bias=False, seed=SEED)
    single = MLP(2, [1], output_activation="sigmoid", bias=False, seed=SEED)
    tower = MLP(2, [5, 3, 1], "sigmoid", "sigmoid", bias=False, seed=SEED)
    hidden, output = small.layers
    x = [1.0, 0.0, 1.0]
    return [
        Shown("figure-08", "8, the perceptron", draw_network(perceptron)),
        Shown("figure-13", "13, a network 2-3-1", draw_network(small, numbers=False)),
        Shown("figure-14", "14, its input layer", draw_network(small, highlight="inputs")),
        Shown("figure-15", "15, H1 and the inputs", draw_network(small, highlight=hidden.neurons[0])),
        Shown("figure-16", "16, the hidden layer and the inputs", draw_network(small, highlight=hidden)),
        Shown("figure-17", "17, the output and the hidden layer", draw_network(small, highlight=output)),
        Shown("figure-23", "23, forward propagation through 3-5-3-2", draw_network(deep, x=x)),
        Shown("figure-23-blocks", "23, as matrices", draw_network(deep, view="blocks", x=x)),
        Shown("figure-28", "28, two inputs, a sigmoid and the loss", draw_network(single, loss="MSE")),
        Shown("figure-35", "35, blocks of lego, 2-5-3-1", draw_network(tower, view="blocks", loss="MSE")),
        Shown("figure-36", "36, the same network as usual", draw_network(tower, loss="MSE")),
    ]


def slides() -> list[Shown]:
    """The slides of document 004."""
    neuron, network = Neuron(3, "sigmoid", seed=SEED), MLP(3, [4, 4, 2], "relu", "sigmoid", seed=SEED)
    return [
        Shown("slide-neuron", "a neuron, y = f(Σ w·x + b)", draw_network(neuron, x=[1.0, 0.5, -1.0])),
        Shown("slide-network", "a network with two hidden layers", draw_network(network)),
    ]
