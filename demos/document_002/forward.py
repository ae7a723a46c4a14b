"""Document 002, section 3.3: forward propagation, from sums of two products to a network with two hidden layers.

The document gives shapes and no numbers; inputs and weights are ours. Its matrices have a column for each neuron, those
of `nn` a row: W of the document is `layer.weights.T`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd import Value, draw, grad, latex, text
from demos.document_002.grids import Transform, drawn_grids, transforms
from demos.document_002.shapes import sized
from demos.pieces import Chart, Diagram, Explorer, Formula, Heading, Items, Paragraph, Piece, Shapes, Table
from demos.story import demo
from nn import MLP, Neuron, draw_network, plot_activations, predict

Array = NDArray[np.float64]

SEED = 2

X = [1.0, 2.0]
WEIGHTS = [0.5, -1.0, 0.25, 0.75, -1.5, 1.0, 2.0, -1.0, 0.5]
"""Ours: w1 … w9, as the document counts them: two for each hidden neuron, three for the output."""

X3 = [1.0, 0.0, 1.0]

TINY = 1e-12
"""Sums in another order differ by less."""

PRINTED_SMALL = {"X": "1×2", "W": "2×3", "H": "1×3", "W2": "3×1"}

PRINTED_STEPS = {
    "X, step 1": "1×3",
    "W1, step 1": "3×5",
    "Z1, step 1": "1×5",
    "Z1, step 2": "1×5",
    "a1, step 3": "1×5",
    "W2, step 3": "5×3",
    "Z2, step 3": "1×3",
    "Z2, step 4": "1×3",
    "a2, step 5": "1×3",
    "W3, step 5": "3×2",
    "Z3, step 5": "1×2",
    "Z3, step 6": "1×2",
}
"""The steps (1) to (6) of the network 3-5-3-2, as printed."""


class ByHand(NamedTuple):
    """The network 2-3-1 of figure 13 as sums, recorded one by one."""

    hidden: list[Value]
    output: Value

    @property
    def numbers(self) -> list[float]:
        return [value.data for value in (*self.hidden, self.output)]


@demo(
    "forward",
    "002",
    "3.3",
    "forward propagation: sums, matrices, and what an activation adds",
    items="C15-C25 C27",
    errata="002-21",
)
def story(*, brief: bool) -> Iterator[Piece]:
    """2-3-1 by hand and as matrices, lines that stay lines, the sigmoid, four steps, and 3-5-3-2."""
    model = small("identity")
    yield from _network(model)
    yield from _by_hand(model)
    yield from _straight(model)
    yield from _bent(small("sigmoid"))
    yield from _deep()
    yield Heading("What is wrong in the document, and why")
    yield Items(_why(transforms()))


# ---- the act


def small(activation: str) -> MLP:
    """The network 2-3-1 of figure 13, without biases, as the document has it."""
    model = MLP(2, [3, 1], activation, activation, bias=False)
    hidden, output = model.layers
    hidden.set_weights(np.reshape(WEIGHTS[:6], (3, 2)))
    output.set_weights([WEIGHTS[6:]])
    return model


def by_hand() -> ByHand:
    """The document's sums, one by one."""
    x1, x2 = (Value(number, f"x{place}") for place, number in enumerate(X, start=1))
    w1, w2, w3, w4, w5, w6, w7, w8, w9 = (Value(number, f"w{place}") for place, number in enumerate(WEIGHTS, start=1))
    H1 = x1 * w1 + x2 * w2
    H2 = x1 * w3 + x2 * w4
    H3 = x1 * w5 + x2 * w6
    output = H1 * w7 + H2 * w8 + H3 * w9
    H1.label, H2.label, H3.label, output.label = "H1", "H2", "H3", "Output"
    return ByHand([H1, H2, H3], output)


def matrices(model: MLP, x: Sequence[float]) -> dict[str, Array]:
    """X, and W, Z and a of each layer, in the document's layout: the example is a row, a neuron is a column."""
    found = {"X": np.array([x])}
    a = found["X"]
    for place, layer in enumerate(model.layers, start=1):
        W = layer.weights.T
        z = a @ W
        a = np.array([[neuron(row).data for neuron in layer.neurons] for row in a])
        found |= {f"W{place}": W, f"Z{place}": z, f"a{place}": a}
    return found


# ---- the story


def _network(model: MLP) -> Iterator[Piece]:
    hidden, output = model.layers
    yield Heading("A network 2-3-1")
    yield Paragraph(
        "Two numbers go in, three hidden neurons read them, and one output neuron reads these. Lines are weights, as"
        " wide as those are large: solid where positive, dashed where negative. The document gives letters; the numbers"
        " are ours."
    )
    yield Diagram("forward-figure-13", "figure 13, the network", draw_network(model, numbers=False))
    yield Diagram("forward-figure-14", "figure 14, its input layer", draw_network(model, highlight="inputs"))
    yield Diagram("forward-figure-15", "figure 15, H1 and the inputs", draw_network(model, highlight=hidden.neurons[0]))
    yield Diagram(
        "forward-figure-16", "figure 16, the hidden layer and the inputs", draw_network(model, highlight=hidden)
    )
    yield Diagram(
        "forward-figure-17", "figure 17, the output and the hidden layer", draw_network(model, highlight=output)
    )


def _by_hand(model: MLP) -> Iterator[Piece]:
    sums, (layer, last) = by_hand(), model.layers
    W, W2 = layer.weights.T, last.weights.T
    H = np.array([X]) @ W
    yield Heading("Sums, and the same as a product of matrices")
    yield Paragraph(
        f"Each neuron adds up its inputs, each times its weight. Here (x1 x2) = ({' '.join(_cells(X))}); W is in the"
        f" table, and W2, the column (w7 w8 w9), is ({' '.join(_cells(W2[:, 0]))}):"
    )
    yield from (Formula(f"{value.label} = {latex(value)}", f"{value.label} = {text(value)}") for value in sums.hidden)
    yield Formula(
        r"\begin{pmatrix} x_1 & x_2 \end{pmatrix}"
        r" \begin{pmatrix} w_1 & w_3 & w_5 \\ w_2 & w_4 & w_6 \end{pmatrix}"
        r" = \begin{pmatrix} H_1 & H_2 & H_3 \end{pmatrix}",
        "(x1 x2) · (w1 w3 w5; w2 w4 w6) = (H1 H2 H3)",
    )
    yield Table(("W", "H1", "H2", "H3"), [(f"x{place}", *_cells(row)) for place, row in enumerate(W, start=1)], "<>>>")
    yield Paragraph("Three ways to the same numbers: the sums, the products X·W and H·W2, and the network of `nn`.")
    ways = (sums.numbers, [*H[0], *(H @ W2)[0]], [*(h.data for h in model.outputs(X)[0]), model(X).data])
    names = ("sums, one by one", "X·W, H·W2", "MLP(2, [3, 1])")
    yield Table(("", "H1", "H2", "H3", "Output"), [(name, *_cells(way)) for name, way in zip(names, ways)], "<>>>>")
    yield Paragraph("The shapes must fit: the columns of the left matrix are as many as the rows of the right one.")
    yield Shapes(sized(PRINTED_SMALL, {"X": [X], "W": W, "H": H, "W2": W2}))
    yield Diagram("forward-graph", "the sums as a graph", draw(sums.output))


def _straight(model: MLP) -> Iterator[Piece]:
    W, W2 = (layer.weights.T for layer in model.layers)
    once, twice = np.array([X]) @ (W @ W2), np.array([X]) @ W @ W2
    alike = "the same" if np.all(abs(once - twice) <= TINY * abs(twice)) else "not the same"
    found = transforms()
    yield Heading("Lines stay lines: why matrices are not enough (figure 18)")
    yield Paragraph(
        f"Two layers without activations are one: W·W2 is a single matrix {_shape(W @ W2)}, (X·W)·W2 ="
        f" {twice[0, 0]:g} and X·(W·W2) = {once[0, 0]:g} are {alike}, whatever X is. Layers help only with something"
        " between them. A layer 2-2 shows it on a grid: a matrix turns it, stretches it or turns it over; lines stay"
        " lines, and the origin, the orange point, stays where it is until there is a bias."
    )
    yield Table(
        ("layer", "origin goes to", "angle of the axes", "determinant", "largest bend of a line"),
        [_transformed(transform) for transform in found],
        "<>>>>",
    )
    yield Chart("forward-figure-18", "figure 18, what layers do to a grid", lambda: drawn_grids(found))
    yield Paragraph(
        "The angle is that between the images of the two axes, the determinant says how areas grow and whether the"
        " plane is turned over, and a bend is the distance of the middle of a line from the middle between its ends."
        " Only the activation bends. In the picture the grey grid is the one before, and the corner where both"
        " coordinates are above 0 is filled."
    )


def _bent(model: MLP) -> Iterator[Piece]:
    z = Value(0.0, "z")
    f = z.sigmoid()
    found = matrices(model, X)
    far = [Value(number).sigmoid().data for number in (-10, 10)]
    yield Heading("The sigmoid, and forward propagation in four steps")
    yield Formula(r"f(z) = \frac{1}{1 + e^{-z}}", "f(z) = 1 / (1 + e^(-z))")
    yield Paragraph(
        f"It makes a number between 0 and 1 of any number: f(0) = {f.data:g}, f(-10) = {far[0]:.6f}, f(10) ="
        f" {far[1]:.6f}. Where it is steepest, at 0, its slope is {grad(f, z).data:g}. It belongs to the neurons of"
        " hidden layers and of the output, never to inputs: these are data. A neuron takes z, the weighted sum, and"
        " gives a = f(z)."
    )
    yield Chart(
        "forward-figure-19", "figure 19, the sigmoid and its slope", lambda: plot_activations("sigmoid", variable="z")
    )
    yield Paragraph(f"With the same X, W and W2, for (x1 x2) = ({' '.join(_cells(X))}):")
    yield Table(
        ("step", "what", "numbers"),
        [
            ("(1)", "X·W = (Z1 Z2 Z3)", "  ".join(_cells(found["Z1"][0]))),
            ("(2)", "a = sigmoid(Z1 Z2 Z3)", "  ".join(_cells(found["a1"][0]))),
            ("(3)", "a·W2 = (Z4)", "  ".join(_cells(found["Z2"][0]))),
            ("(4)", "a = sigmoid(Z4), the output", "  ".join(_cells(found["a2"][0]))),
        ],
        "<<<",
    )
    x = [Value(number, f"x{place}") for place, number in enumerate(X, start=1)]
    output = model(x)
    output.label = "Output"
    yield Paragraph(
        f"The network of `nn` gives {output.data:.6g}. A network is one large function, made of small ones, each of"
        " which takes what the one before it gives: Output = f4(f3(f2(f1(x)))) for these four steps (figure 21)."
    )
    yield Diagram(
        "forward-figure-20", "figure 20, z goes into a neuron and a, here y, comes out", draw_network(model, x=X)
    )
    yield Diagram(
        "forward-figure-21",
        "figure 21, one function inside the other: f1 and f2 are layer1, f3 is layer2, f4 the output",
        draw(output, collapse="layer"),
    )
    yield Explorer(
        "forward-explorer", "the four steps: play them one by one", output, {"inputs": x, "parameters": model}
    )


def _deep() -> Iterator[Piece]:
    model = MLP(3, [5, 3, 2], "sigmoid", "sigmoid", bias=False, seed=SEED)
    found = matrices(model, X3)
    outputs = predict(model, [X3])[0]
    yield Heading("Two hidden layers: 3-5-3-2 (figure 23)")
    yield Paragraph(
        "However many layers there are, the steps are the same: times a matrix, then the sigmoid of each element. The"
        " weights are random to begin with (here with a seed), so what comes out means nothing yet:"
        f" ({'  '.join(_cells(outputs))}) for x = (1 0 1). The document prints a shape for each step:"
    )
    yield Shapes(sized(PRINTED_STEPS, found))
    yield Diagram("forward-figure-23", "figure 23, forward propagation through 3-5-3-2", draw_network(model, x=X3))
    yield Diagram("forward-figure-23-blocks", "figure 23, as matrices", draw_network(model, view="blocks", x=X3))


def _why(found: Sequence[Transform]) -> list[str]:
    neuron = Neuron(1, "identity")
    for parameter, number in zip(neuron.parameters(), (2.0, 3.0)):
        parameter.data = number
    both, apart = neuron([1.0 + 4.0]).data, neuron([1.0]).data + neuron([4.0]).data
    shear, mirror = (next(each for each in found if each.name == name) for name in ("shear", "reflection"))
    output = small("identity").layers[-1].weights.T
    return [
        (
            "002-21: the sigmoid is printed f(x) = 1/(1 + e^(-z)), with two letters for one number: x and z must be the"
            " same."
        ),
        (
            "002-21: 'Las transformaciones lineales solo rotan, escalan al espacio' leaves out the reflection: turning"
            " has the determinant 1, and scaling by factors above 0 one above 0, and so has whatever is made of both."
            f" The reflection has {mirror.determinant:g}: it turns the plane over. The shear is made of both, though"
            " it is neither one turn nor one scaling along the axes, which keep the axes at 90°: it brings them to"
            f" {shear.angle:.4g}°. It is a turn, a scaling by {shear.factors[0]:.4g} and {shear.factors[1]:.4g}, and"
            " another turn."
        ),
        (
            f"002-21: x·w + b is not linear but affine. With w = 2, b = 3: f(0) = {neuron([0.0]).data:g} and not 0, so"
            f" the origin does not stay; and f(1 + 4) = {both:g}, but f(1) + f(4) = {apart:g}."
        ),
        (
            "002-21: 'capa oculta' means hidden layer, like 'capa hidden'; figure 17 and the text say it of the layer"
            f" that W2, {_shape(output)}, leads to. That has {output.shape[1]} neuron: it is the output."
        ),
    ]


def _transformed(transform: Transform) -> tuple[str, ...]:
    origin = "  ".join(f"{number:.3g}" for number in transform.origin)
    if transform.is_bent:
        return transform.name, origin, "-", "-", f"{transform.bend:.3g}"
    return transform.name, origin, f"{transform.angle:.4g}°", f"{transform.determinant:.3g}", f"{transform.bend:.1g}"


def _cells(numbers: Any) -> list[str]:
    return [f"{number:.6g}" for number in numbers]


def _shape(matrix: Array) -> str:
    return "×".join(map(str, matrix.shape))
