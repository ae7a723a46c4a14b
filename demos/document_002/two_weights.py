"""Document 002, section 3.5, figures 28, 31 and 34: two weights, a sigmoid, and one step down the gradient.

The document gives letters; the numbers are ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd import Value, check_gradients, draw_passes, grad, latex, text, zero_grad
from demos.document_002.shapes import sized
from demos.layout import multiples
from demos.pieces import Diagram, Explorer, Formula, Heading, Items, Output, Paragraph, Piece, Shapes, Table
from demos.story import demo
from nn import MLP, Neuron, draw_network, mse, sse

Array = NDArray[np.float64]

X, Y = [0.5, -1.0], 1.0
WEIGHTS = [0.8, 0.3]
"""Ours."""

ALPHA = 0.5
"""Ours: the learning rate."""

BATCH, TARGETS = [[0.5, -1.0], [1.0, 0.5], [-0.5, 0.25], [0.0, 1.0]], [1.0, 1.0, 0.0, 0.0]
"""Four examples, ours, which tell a sum from a mean."""

PRINTED = {
    "X": "1×2",
    "W": "2×1",
    "Z": "1×1",
    "∂MSE/∂ŷ": "1×1",
    "∂sigmoid/∂Z": "1×1",
    "δ, their product": "1×1",
    "Xᵀ, transposed inputs": "2×1",
    "gradient": "2×1",
    "updated W": "2×1",
}
"""The shapes that the document prints for figure 34, in the order of the passes."""


class Network(NamedTuple):
    """The network of figure 28, recorded on the example."""

    w: list[Value]
    Z: Value
    prediction: Value
    loss: Value

    @property
    def gradient(self) -> list[float]:
        """∂MSE/∂w1 and ∂MSE/∂w2."""
        return [slope.data for slope in grad(self.loss, self.w)]


@demo(
    "two-weights",
    "002",
    "3.5",
    "two weights: a derivative of three factors, and one step down",
    items="C34-C35 C38 C43-C44",
    errata="002-3 002-4",
    order=2,
)
def story(*, brief: bool) -> Iterator[Piece]:
    """The network, its two derivatives, the same in matrices, one update, and what is wrong."""
    network = forward()
    yield from _network(network)
    yield from _factors(network)
    yield from _in_matrices(network)
    yield from _update(network)
    yield Heading("What is wrong in the document, and why")
    yield Items([_why_w2(network), _why_mean()])
    yield from _pictures(network)


# ---- the act


def forward(weights: Sequence[float] = WEIGHTS) -> Network:
    """X·W = Z, ŷ = sigmoid(Z), and the loss Σ(ŷ - y)² that the document calls MSE."""
    x1, x2 = (Value(number, f"x{place}") for place, number in enumerate(X, start=1))
    w1, w2 = (Value(number, f"w{place}") for place, number in enumerate(weights, start=1))
    Z = x1 * w1 + x2 * w2
    Z.label = "Z"
    prediction = Z.sigmoid()
    prediction.label = "ŷ"
    loss = sse(prediction, Value(Y, "y"))
    loss.label = "MSE"
    return Network([w1, w2], Z, prediction, loss)


def matrices(network: Network) -> dict[str, Array]:
    """The passes of figure 34 in the document's matrices; the slopes are the engine's."""
    x = np.array([X])
    outer = np.array([[grad(network.loss, network.prediction).data]])
    inner = np.array([[grad(network.prediction, network.Z).data]])
    weights = np.array([[w.data] for w in network.w])
    gradient = x.T @ (outer * inner)
    return {
        "X": x,
        "W": weights,
        "Z": x @ weights,
        "∂MSE/∂ŷ": outer,
        "∂sigmoid/∂Z": inner,
        "δ": outer * inner,
        "Xᵀ": x.T,
        "gradient": gradient,
        "updated": weights - ALPHA * gradient,
    }


def as_printed(network: Network, alpha: float = 1.0) -> list[float]:
    """The weights after the document's update: w1 - ∂MSE/∂w1 and w2 - ∂MSE/∂w1 (002-3)."""
    by_w1, _ = network.gradient
    return [w.data - alpha * by_w1 for w in network.w]


def updated(network: Network, alpha: float = 1.0) -> list[float]:
    """The weights after one step of gradient descent."""
    return [w.data - alpha * slope for w, slope in zip(network.w, network.gradient)]


# ---- the story


def _network(network: Network) -> Iterator[Piece]:
    model = MLP(2, [1], output_activation="sigmoid", bias=False)
    model.layers[0].set_weights([WEIGHTS])
    yield Heading("The network of figure 28")
    yield Paragraph(
        f"Two inputs {X}, two weights {WEIGHTS}, a sigmoid and a loss; the output is to be {Y:g}. Forward propagation:"
    )
    yield Formula(f"Z = {latex(network.Z)}", f"Z = {text(network.Z)} = {network.Z.data:.6g}")
    yield Formula(r"\hat{y} = \mathrm{sigmoid}(Z)", f"ŷ = sigmoid(Z) = {network.prediction.data:.6g}")
    yield Formula(r"\mathrm{MSE} = \sum_{i=1}^{n} (\hat{y}_i - y_i)^2", f"MSE = Σ (ŷ - y)² = {network.loss.data:.6g}")
    yield Diagram(
        "two-weights-figure-28", "figure 28, two inputs, a sigmoid and the loss", draw_network(model, x=X, loss="MSE")
    )


def _factors(network: Network) -> Iterator[Piece]:
    yield Heading("Each derivative is a product of three factors (figure 31)")
    yield Paragraph(
        "A weight changes Z, Z changes ŷ, and ŷ changes the loss. The first two factors are the same for both weights;"
        " the last one is the input of the weight."
    )
    yield from (Output(repr(network.loss.explain(w))) for w in network.w)
    check = check_gradients(network.loss, network.w).raise_if_failed()
    yield Paragraph(f"A gradient check agrees, which asks the function itself: {check!r}.")


def _in_matrices(network: Network) -> Iterator[Piece]:
    found = matrices(network)
    yield Heading("The same in matrices: why the input is transposed (figure 34)")
    yield Paragraph(
        "The weights are a column, 2×1, so their gradient must be one. The common factors are a single number, 1×1,"
        " and the inputs are a row, 1×2. Only the column of the inputs fits:"
    )
    yield Formula(
        r"\begin{pmatrix} x_1 \\ x_2 \end{pmatrix} \cdot \left( \frac{\partial \mathrm{sigmoid}}{\partial Z} \right)"
        r" \cdot \left( \frac{\partial \mathrm{MSE}}{\partial \hat{y}} \right)",
        "Xᵀ · (∂sigmoid/∂Z) · (∂MSE/∂ŷ):  (2×1)(1×1)(1×1) = (2×1)",
    )
    yield Shapes(sized(PRINTED, found))
    yield Table(
        ("", "by matrices", "by the engine"),
        [
            (f"∂MSE/∂w{place}", f"{product:.12g}", f"{slope:.12g}")
            for place, (product, slope) in enumerate(zip(found["gradient"][:, 0], network.gradient), start=1)
        ],
        "<>>",
    )


def _update(network: Network) -> Iterator[Piece]:
    after = forward(updated(network, ALPHA))
    yield Heading("One update")
    yield Formula(
        r"\begin{pmatrix} w_1 \\ w_2 \end{pmatrix} \leftarrow \begin{pmatrix} w_1 \\ w_2 \end{pmatrix}"
        r" - \alpha \cdot \nabla \mathrm{MSE}",
        "(w1; w2) ← (w1; w2) - α · ∇MSE",
    )
    yield Paragraph(f"With α = {ALPHA:g} the loss goes from {network.loss.data:.6f} to {after.loss.data:.6f}:")
    yield Table(
        ("weight", "before", "gradient", "after"),
        [
            (w.label, f"{w.data:g}", f"{slope:.6f}", f"{new.data:.6f}")
            for w, slope, new in zip(network.w, network.gradient, after.w)
        ],
        "<>>>",
    )


def _why_w2(network: Network) -> str:
    by_w1, by_w2 = network.gradient
    wrong, right = (forward(weights) for weights in (as_printed(network), updated(network)))
    rises = "rises" if wrong.loss.data > network.loss.data else "falls less"
    return (
        f"002-3: the document prints 'Nuevo w2 = w2 - ∂MSE/∂w1'. That takes {by_w1:.6f} away from w2, where ∂MSE/∂w2 ="
        f" {by_w2:.6f} belongs: the loss {rises}, from {network.loss.data:.6f} to {wrong.loss.data:.6f}; with the right"
        f" derivative it becomes {right.loss.data:.6f}. The formula with α, further on, has it right."
    )


def _why_mean() -> str:
    model = Neuron(2, "sigmoid", bias=False)
    for weight, number in zip(model.w, WEIGHTS):
        weight.data = number
    predictions = [model(x) for x in BATCH]
    total, mean = sse(predictions, TARGETS), mse(predictions, TARGETS)
    zero_grad(model.parameters())
    ratios = [whole.data / part.data for whole, part in zip(grad(total, model.w), grad(mean, model.w))]
    return (
        f"002-4: what the document calls MSE, Σ(ŷ - y)², is a sum and no mean: 1/n is missing, and in"
        f" step (7) of 2-5-3-1 even the =. On {len(BATCH)} examples"
        f" of ours the sum is {total.data:.6f} and the mean {mean.data:.6f}, and the derivatives of the sum are"
        f" {multiples(ratios)} times those of the mean: a rate that fits one need not fit"
        " the other. With one example they are the same."
    )


def _pictures(network: Network) -> Iterator[Piece]:
    network.loss.backward()
    yield Heading("Pictures")
    path = network.loss.explain(network.w[0])
    yield Diagram(
        "two-weights-figure-31", "figure 31, the way back to the weights", draw_passes(network.loss, direction="TB")
    )
    yield Output(repr(path.paths[0]))
    yield Explorer(
        "two-weights-explorer",
        "the network: play both passes, and train it",
        network.loss,
        {"parameters": network.w, "lr": ALPHA},
    )
