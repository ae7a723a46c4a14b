"""Document 002, the diagrams of networks, drawn from models.

Nothing in a diagram is typed: neurons, weights and shapes are those of a model, with random weights of a fixed seed,
as the document has them ("se inician con números aleatorios", section 3.3).
"""

from __future__ import annotations

from collections.abc import Iterator

from demos.pieces import Diagram, Paragraph, Piece
from demos.story import demo
from nn import MLP, Neuron, draw_network

SEED = 2


@demo(
    "diagrams",
    "002",
    "3.3",
    "the diagrams of its networks, drawn from models",
    items="C9 C14-C16 C27 C29 C34 C45",
)
def story(*, brief: bool) -> Iterator[Piece]:
    """The figures of the document that show a network."""
    yield Paragraph(
        "Networks by layers: a line is a weight, as wide as that is large, solid where it is positive and dashed where"
        " it is negative. Blocks show the same networks as matrices, whose shapes fit together as the text of section"
        " 3.3 has it: (1,3)(3,5) → (1,5)(5,3) → (1,3)(3,2) → (1,2)."
    )
    yield from figures()


def figures() -> list[Diagram]:
    """The figures of document 002."""
    perceptron = Neuron(3, "identity", seed=SEED)
    small = MLP(2, [3, 1], "identity", "identity", bias=False, seed=SEED)
    deep = MLP(3, [5, 3, 2], "sigmoid", "sigmoid", bias=False, seed=SEED)
    single = MLP(2, [1], output_activation="sigmoid", bias=False, seed=SEED)
    tower = MLP(2, [5, 3, 1], "sigmoid", "sigmoid", bias=False, seed=SEED)
    hidden, output = small.layers
    x = [1.0, 0.0, 1.0]
    return [
        Diagram("figure-08", "figure 8, the perceptron", draw_network(perceptron)),
        Diagram("figure-13", "figure 13, a network 2-3-1", draw_network(small, numbers=False)),
        Diagram("figure-14", "figure 14, its input layer", draw_network(small, highlight="inputs")),
        Diagram("figure-15", "figure 15, H1 and the inputs", draw_network(small, highlight=hidden.neurons[0])),
        Diagram("figure-16", "figure 16, the hidden layer and the inputs", draw_network(small, highlight=hidden)),
        Diagram("figure-17", "figure 17, the output and the hidden layer", draw_network(small, highlight=output)),
        Diagram("figure-23", "figure 23, forward propagation through 3-5-3-2", draw_network(deep, x=x)),
        Diagram("figure-23-blocks", "figure 23, as matrices", draw_network(deep, view="blocks", x=x)),
        Diagram("figure-28", "figure 28, two inputs, a sigmoid and the loss", draw_network(single, loss="MSE")),
        Diagram("figure-35", "figure 35, blocks of lego, 2-5-3-1", draw_network(tower, view="blocks", loss="MSE")),
        Diagram("figure-36", "figure 36, the same network as usual", draw_network(tower, loss="MSE")),
    ]
