"""Document 002, section 3.5, figures 35 to 41: backpropagation through 2-5-3-1, with deltas, as matrices with shapes.

The document gives letters and shapes; the example and the weights are ours. Its matrices have a column for each neuron:
W of the document is `layer.weights.T`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd import Value, check_gradients
from demos.document_002.shapes import sized
from demos.pieces import Chart, Diagram, Explorer, Formula, Heading, Items, Output, Paragraph, Piece, Shapes, Table
from demos.story import demo
from nn import MLP, SGD, draw_network, explain_layers, plot_history, sse

Array = NDArray[np.float64]

SEED = 2

X, Y = [0.5, -1.0], 1.0
"""Ours: one example."""

ALPHA = 0.5
"""Ours: the learning rate."""

UPDATES = 200

WEIGHTS = ("Wih1", "Wh1h2", "Wh2o")
"""The matrices, from the input to the output, as the document calls them."""

FORWARD = {
    "input (1), a column": "2×1",
    "Wih1 (1)": "2×5",
    "Zh1 (1)": "1×5",
    "Zh1 (2)": "1×5",
    "ah1 (3)": "1×5",
    "Wh1h2 (3)": "5×3",
    "Zh2 (3)": "1×3",
    "Zh2 (4)": "1×3",
    "ah2 (5)": "1×3",
    "Wh2o (5)": "3×1",
    "Zo (5)": "1×1",
    "Zo (6)": "1×1",
    "Wih1 in the list": "1×5",
    "Wh1h2 in the list": "5×3",
    "Wh2o in the list": "3×1",
}
"""The steps (1) to (6), and the list below them."""

BACKWARD = {
    "δo, figure 38": "1×1",
    "ŷ(1-ŷ), figure 38": "1×1",
    "2(ŷ-y), figure 38": "1×1",
    "∇Wh2o, figure 38": "3×1",
    "ah2ᵀ, figure 38": "3×1",
    "Zo, figure 37": "1×1",
    "Zh2, figure 37": "1×3",
    "δh1, figure 41": "1×5",
    "δh2, figure 41": "1×3",
    "Wh1h2ᵀ, figure 41": "3×5",
    "ah1(1-ah1), figure 41": "1×5",
    "∇Wih1, figure 41": "2×5",
    "inputᵀ, figure 41": "2×1",
}
"""Deltas and gradients, as far as the text of the document has their shapes."""

UPDATE = {
    "Wih1 before the updates": "1×5",
    "Wh1h2 before the updates": "5×3",
    "Wh2o before the updates": "3×1",
    "Wh2o updated": "3×1",
    "∇Wh2o": "3×1",
    "Wh1h2 updated": "5×3",
    "∇Wh1h2": "5×3",
    "Wih1 updated": "2×5",
    "∇Wih1": "2×5",
}
"""The last formulas of the section, and the sentence before them."""


class Run(NamedTuple):
    """The model, run on the example, with its loss."""

    model: MLP
    loss: Value

    @property
    def gradients(self) -> list[Array]:
        """What `backward` left in the weights, in the document's layout."""
        return [layer.weight_gradients.T for layer in self.model.layers]


@demo(
    "backpropagation",
    "002",
    "3.5",
    "two hidden layers, their deltas, and gradients as matrices",
    items="C45-C52",
    errata="002-15 002-16",
    order=4,
)
def story(*, brief: bool) -> Iterator[Piece]:
    """2-5-3-1 forward and backward, by the document's matrices and by the engine, and what is wrong in the shapes."""
    run = forward()
    run.loss.backward()
    found = matrices(run)
    yield from _network(run)
    yield from _forward(run, found)
    yield from _deltas(run, found)
    yield from _gradients(run, found)
    yield from _updates(found, 20 if brief else UPDATES)
    yield Heading("What is wrong in the document, and why")
    yield Items([_why_shape(found), _why_column(found)])
    yield Heading("Backpropagation, as the engine tells it")
    yield Paragraph(_transposed())
    yield Output(repr(explain_layers(run.model, run.loss)))
    yield Explorer(
        "backpropagation-explorer",
        "the network: play both passes, and train it",
        run.loss,
        {"parameters": run.model, "lr": ALPHA},
    )


# ---- the act


def network() -> MLP:
    """2-5-3-1 of sigmoids without biases, with random weights: Wih1_23 stands in row 2 and column 3 of Wih1."""
    model = MLP(2, [5, 3, 1], "sigmoid", "sigmoid", bias=False, seed=SEED)
    for name, layer in zip(WEIGHTS, model.layers):
        for column, neuron in enumerate(layer.neurons, start=1):
            for row, weight in enumerate(neuron.w, start=1):
                weight.label = f"{name}_{row}{column}"
    return model


def forward(model: MLP | None = None) -> Run:
    """The model on the example, and the loss Σ(ŷ - y)²."""
    model = model or network()
    outputs = model.outputs([Value(number, f"x{place}") for place, number in enumerate(X, start=1)])
    for layer, neurons in enumerate(outputs[:-1], start=1):
        for place, neuron in enumerate(neurons, start=1):
            _name(neuron, f"ah{layer}_{place}", f"Zh{layer}_{place}")
    prediction = outputs[-1]
    _name(prediction, "ŷ", "Zo")
    loss = sse(prediction, Value(Y, "y"))
    loss.label = "MSE"
    return Run(model, loss)


def _name(a: Value, name: str, name_of_Z: str) -> None:
    a.label = name
    Z = next(operand for operand in a.operands if isinstance(operand, Value))
    Z.label = name_of_Z


def matrices(run: Run) -> dict[str, Array]:
    """Both passes by the document's formulas, word for word, in its layout; nothing else uses these derivatives."""
    Wih1, Wh1h2, Wh2o = (layer.weights.T for layer in run.model.layers)
    x = np.array([X])
    Zh1 = x @ Wih1
    ah1 = _sigmoid(Zh1)
    Zh2 = ah1 @ Wh1h2
    ah2 = _sigmoid(Zh2)
    Zo = ah2 @ Wh2o
    y_hat = _sigmoid(Zo)
    by_Z, by_y = y_hat * (1 - y_hat), 2 * (y_hat - Y)
    delta_o = by_Z * by_y
    delta_h2 = (delta_o @ Wh2o.T) * (ah2 * (1 - ah2))
    delta_h1 = (delta_h2 @ Wh1h2.T) * (ah1 * (1 - ah1))
    return {
        "input": x, "Wih1": Wih1, "Zh1": Zh1, "ah1": ah1, "Wh1h2": Wh1h2, "Zh2": Zh2, "ah2": ah2, "Wh2o": Wh2o,
        "Zo": Zo, "ŷ": y_hat, "ŷ(1-ŷ)": by_Z, "2(ŷ-y)": by_y, "δo": delta_o, "δh2": delta_h2, "δh1": delta_h1,
        "ah1(1-ah1)": ah1 * (1 - ah1), "inputᵀ": x.T, "ah2ᵀ": ah2.T, "Wh1h2ᵀ": Wh1h2.T,
        "∇Wh2o": ah2.T @ delta_o, "∇Wh1h2": ah1.T @ delta_h2, "∇Wih1": x.T @ delta_h1,
    }  # fmt: skip


def _sigmoid(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


def deltas(run: Run) -> list[Array]:
    """δh1, δh2 and δo as the engine has them: ∂MSE/∂Z, a row each."""
    return [layer.delta.T for layer in explain_layers(run.model, run.loss).layers]


def losses(updates: int) -> list[float]:
    """The loss before each update of gradient descent, and after the last one."""
    run = forward()
    optimizer = SGD(run.model.parameters(), ALPHA)
    found = [run.loss.data]
    for _ in range(updates):
        optimizer.zero_grad()
        run.loss.backward()
        optimizer.step()
        found.append(run.loss.refresh().data)
    return found


def refusal(left: Array, right: Array) -> str:
    """What NumPy says of a product of matrices that do not fit; nothing for one that do."""
    try:
        np.dot(left, right)
    except ValueError as error:
        return str(error)
    return ""


# ---- the story


def _network(run: Run) -> Iterator[Piece]:
    model = run.model
    yield Heading("The network as blocks, and as usual (figures 35 and 36)")
    yield Paragraph(
        "Two inputs, hidden layers of 5 and 3 neurons, one output, all sigmoids. As blocks of lego it is read from"
        " below: a row of inputs, times a matrix, is a row again, and the blocks fit where their shapes do. There x"
        " is the input, and h1 and h2 have what the hidden layers give, ah1 and ah2. The document has no numbers here."
        f" Ours are the input ({' '.join(f'{x:g}' for x in X)}), the target y = {Y:g}, and random weights of a seed."
    )
    yield Diagram(
        "backpropagation-figure-35",
        "figure 35, blocks of lego, 2-5-3-1",
        draw_network(model, view="blocks", x=X, loss="MSE", matrix_names=WEIGHTS),
    )
    yield Diagram("backpropagation-figure-36", "figure 36, the same network as usual", draw_network(model, loss="MSE"))


def _forward(run: Run, found: Mapping[str, Array]) -> Iterator[Piece]:
    yield Heading("Forward, in seven steps")
    yield Table(
        ("step", "what", "numbers"),
        [
            ("(1)", "input · Wih1 = Zh1", _cells(found["Zh1"])),
            ("(2)", "ah1 = sigmoid(Zh1)", _cells(found["ah1"])),
            ("(3)", "ah1 · Wh1h2 = Zh2", _cells(found["Zh2"])),
            ("(4)", "ah2 = sigmoid(Zh2)", _cells(found["ah2"])),
            ("(5)", "ah2 · Wh2o = Zo", _cells(found["Zo"])),
            ("(6)", "ŷ = sigmoid(Zo)", _cells(found["ŷ"])),
            ("(7)", "MSE = Σ(ŷ - y)²", f"{run.loss.data:.6f}"),
        ],
        "<<<",
    )
    yield Shapes(sized(FORWARD, found))


def _deltas(run: Run, found: Mapping[str, Array]) -> Iterator[Piece]:
    yield Heading("Backward: one delta for each layer (figure 37)")
    yield Paragraph(
        "The derivatives of all weights share factors. What they share is worked out once: δ of a layer says how the"
        " loss changes with the Z of its neurons, and the δ of the layer before is made from it."
    )
    yield Formula(
        r"\delta_{o} = \frac{\partial \mathrm{MSE}}{\partial \hat{y}} \cdot \frac{\partial \hat{y}}{\partial Z_o}"
        r" = \hat{y} (1 - \hat{y}) \cdot 2 (\hat{y} - y)",
        "δo = ŷ(1 - ŷ) · 2(ŷ - y)",
    )
    yield Formula(
        r"\delta_{h2} = \left[ \delta_{o} \cdot W_{h2o}^T \right] \odot a_{h2} (1 - a_{h2})",
        "δh2 = [δo · Wh2oᵀ] ⊙ ah2(1 - ah2)",
    )
    yield Formula(
        r"\delta_{h1} = \left[ \delta_{h2} \cdot W_{h1h2}^T \right] \odot a_{h1} (1 - a_{h1})",
        "δh1 = [δh2 · Wh1h2ᵀ] ⊙ ah1(1 - ah1)",
    )
    lines = []
    for name, own in zip(("δo", "δh2", "δh1"), reversed(deltas(run))):
        lines += [(name, "the document's formula", _cells(found[name])), ("", "the engine, ∂MSE/∂Z", _cells(own))]
    yield Table(("", "from", "numbers"), lines, "<<<")
    yield from _without_deltas(run)


def _without_deltas(run: Run) -> Iterator[Piece]:
    first, middle, last = (layer.neurons[0].w[0] for layer in run.model.layers)
    yield Paragraph(
        "Without deltas the same factors come again and again. Here is one weight of each matrix, from the last to the"
        " first; the first one reaches the loss in several ways, of which the one that adds most is told:"
    )
    yield from (Output(repr(run.loss.explain(weight))) for weight in (last, middle))
    told = run.loss.explain(first)
    yield Output(repr(told.paths[0]))
    shares = " + ".join(f"{path.contribution:.4g}" for path in told.paths)
    yield Paragraph(f"Its {len(told.paths)} ways together: {shares} = {told.derivative:.4g}.".replace("+ -", "- "))


def _gradients(run: Run, found: Mapping[str, Array]) -> Iterator[Piece]:
    check = check_gradients(run.loss, run.model.parameters()).raise_if_failed()
    yield Heading("Every gradient is a product of two matrices (figures 38 to 41)")
    yield Paragraph("What went into the weights, transposed, times the δ of the layer that they lead to:")
    yield Formula(r"\nabla W_{h2o} = a_{h2}^T \cdot \delta_{o}", "∇Wh2o = ah2ᵀ · δo:  (3×1)(1×1) = (3×1)")
    yield Formula(r"\nabla W_{h1h2} = a_{h1}^T \cdot \delta_{h2}", "∇Wh1h2 = ah1ᵀ · δh2:  (5×1)(1×3) = (5×3)")
    yield Formula(r"\nabla W_{ih1} = \mathrm{input}^T \cdot \delta_{h1}", "∇Wih1 = inputᵀ · δh1:  (2×1)(1×5) = (2×5)")
    yield Shapes(sized(BACKWARD, found))
    yield Paragraph("As the engine has them, from scalars, weight by weight:")
    yield from (_matrix(f"∇{name}", own) for name, own in reversed(list(zip(WEIGHTS, run.gradients))))
    yield Table(
        ("gradient", "weights", "largest difference between matrices and scalars"),
        [
            (f"∇{name}", str(own.size), f"{abs(found[f'∇{name}'] - own).max():.1e}")
            for name, own in zip(WEIGHTS, run.gradients)
        ],
        "<>>",
    )
    passing = sum(entry.verdict == "pass" for entry in check)
    yield Paragraph(
        f"A gradient check, which uses no rule of differentiation, passes {passing} of the {len(check)} derivatives."
    )
    yield Diagram(
        "backpropagation-gradients",
        "the gradients as matrices",
        draw_network(run.model, view="blocks", gradients=True, matrix_names=WEIGHTS),
    )


def _updates(found: Mapping[str, Array], updates: int) -> Iterator[Piece]:
    after = {f"∇{name}": found[f"∇{name}"] for name in WEIGHTS}
    after |= {name: found[name] - ALPHA * found[f"∇{name}"] for name in WEIGHTS}
    fell = losses(updates)
    yield Heading("The update")
    yield Formula(r"W \leftarrow W - \alpha \cdot \nabla W", "W ← W - α · ∇W, for each of the three matrices")
    yield Shapes(sized(UPDATE, after))
    yield Paragraph(
        f"With α = {ALPHA:g} the loss goes from {fell[0]:.6f} to {fell[1]:.6f} in one update, and to {fell[-1]:.6f} in"
        f" {updates}."
    )
    yield Chart("backpropagation-loss", "the loss, update by update", lambda: plot_history({"loss": fell}))


def _transposed() -> str:
    names = (*WEIGHTS, "ah1", "ah2", "ŷ", "δh1", "δh2", "δo")
    own = [f"{letter}{layer}" for letter in "Wyδ" for layer in range(1, 1 + len(WEIGHTS))]
    return (
        "Here layers have numbers, a row of W is a neuron and an example is a column, as in document 003. Everything is"
        f" the transpose of what is above: {', '.join(f'{new} = {old}ᵀ' for new, old in zip(own, names))}."
    )


def _why_shape(found: Mapping[str, Array]) -> str:
    wrong = refusal(found["input"], np.zeros((1, 5)))
    misprinted = [
        shape
        for told, shape in (FORWARD | UPDATE).items()
        if told.startswith("Wih1") and shape != _shape(found["Wih1"])
    ]
    return (
        f"002-15: {len(misprinted)} times the document says that (W_ih1) is {misprinted[0]}. It leads from 2 inputs to"
        f" 5 neurons, and is {_shape(found['Wih1'])}, as step (1) and figure 41 have it. With 1×5 NumPy refuses"
        f" input · Wih1: '{wrong}'."
    )


def _why_column(found: Mapping[str, Array]) -> str:
    wrong = refusal(found["input"].T, found["Wih1"])
    return (
        f"002-16: step (1) has the inputs as a column, {_shape(found['input'].T)}, before Wih1,"
        f" {_shape(found['Wih1'])}. NumPy refuses: '{wrong}'. It must be the row,"
        f" {_shape(found['input'])}, and gives {_shape(found['Zh1'])}."
    )


def _matrix(name: str, matrix: Array) -> Table:
    heading = (name, *(f"neuron {place}" for place in range(1, 1 + matrix.shape[1])))
    lines = [(f"from {place}", *(f"{number:.6f}" for number in row)) for place, row in enumerate(matrix, start=1)]
    return Table(heading, lines, "<" + ">" * matrix.shape[1])


def _cells(row: Array) -> str:
    return "  ".join(f"{number:.6f}" for number in row.flat)


def _shape(matrix: Array) -> str:
    return "×".join(map(str, matrix.shape))
