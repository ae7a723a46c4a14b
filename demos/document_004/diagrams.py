"""Document 004, the diagrams of its slides, drawn from models with random weights of a fixed seed."""

from __future__ import annotations

from collections.abc import Iterator

from demos.pieces import Diagram, Paragraph, Piece
from demos.story import demo
from nn import MLP, Neuron, draw_network

SEED = 2


@demo("slides", "004", "1", "the diagrams of its slides, drawn from models", items="E4 E10-E12")
def story(*, brief: bool) -> Iterator[Piece]:
    """A neuron, and a network with two hidden layers."""
    yield Paragraph("Lines are weights, as wide as those are large: solid where positive, dashed where negative.")
    neuron, network = Neuron(3, "sigmoid", seed=SEED), MLP(3, [4, 4, 2], "relu", "sigmoid", seed=SEED)
    yield Diagram("slide-neuron", "a neuron, y = f(Σ w·x + b)", draw_network(neuron, x=[1.0, 0.5, -1.0]))
    yield Diagram("slide-network", "a network with two hidden layers", draw_network(network))
