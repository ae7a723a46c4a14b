"""Document 003, "Ejercicio teórico": the derivatives of a 2-3-1 network of sigmoids, worked out by hand.

The network is built with `nn`, run, and differentiated; every number that the document prints is compared with the
computed one. Which of them are wrong is found by comparing: no list of known errors has a part in it. What the
document did instead is then computed again from its own printed numbers, and has to give its own wrong results.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd import Value, check_gradients, draw, draw_passes, grad
from autograd.comparison import AGREES, WRONG, Row, check_numbers, summary, verdict
from demos.pieces import Diagram, Explorer, Formula, Heading, Items, Numbers, Output, Paragraph, Piece
from demos.story import demo
from nn import MLP, draw_network, explain_layers, half_squared_error

Array = NDArray[np.float64]

X = [1.8, -3.4]
Y = 5.0
ETA = 0.1
"""The learning rate of the one step at the end; the document takes none."""


class Parameters(NamedTuple):
    """w(1) of shape (3, 2), b(1), w(2) of shape (1, 3), b(2); or a gradient in the same shapes."""

    w1: Any
    b1: Any
    w2: Any
    b2: Any


GIVEN = Parameters(w1=[[0.1, -0.5], [-0.3, -0.9], [0.8, 0.02]], b1=[0.1, 0.5, 0.8], w2=[[-0.4, 0.2, -0.5]], b2=[0.7])

PRINTED = {
    "w(1)·x": ["1,88", "2,52", "1,372"],
    "z(1)": ["1,98", "3,02", "2,172"],
    "y(1)": ["0,879", "0,953", "0,898"],
    "z(2)": "0,09",
    "ŷ": "0,522",
    "J": "10,02",
    "∂J/∂ŷ": "-4,478",
    "σ'(z(2))": "0,249",
    "∂J/∂w(2)": [["-0,980", "-1,062", "-1,001"]],
    "∂J/∂b(2)": ["-1,115"],
    "∂J/∂y(1)": ["0,446", "-0,223", "0,558"],
    "σ'(z(1))": ["0,106", "0,045", "0,092"],
    "∂J/∂w(1)": [["0,378", "-0,714"], ["0,252", "-0,476"], ["0,36", "-0,68"]],
    "∂J/∂b(1)": ["0,21", "0,14", "0,20"],
}
"""What the document prints, in its order and with its digits."""

FORWARD = (
    Formula(r"z^{(1)} = w^{(1)} \cdot x + b^{(1)}", "z(1) = w(1)·x + b(1)"),
    Formula(r"y^{(1)} = \sigma(z^{(1)})", "y(1) = σ(z(1))"),
    Formula(r"z^{(2)} = w^{(2)} \cdot y^{(1)} + b^{(2)}", "z(2) = w(2)·y(1) + b(2)"),
    Formula(r"\hat{y} = \sigma(z^{(2)})", "ŷ = σ(z(2))"),
    Formula(r"J = \frac{1}{2} (\hat{y} - y)^{2}", "J = 1/2 (ŷ - y)²"),
)
"""The network, step by step."""


class Network(NamedTuple):
    """The network and the nodes of its graph that the document names; z, y of layer 1 are one for each neuron."""

    model: MLP
    z1: list[Value]
    y1: list[Value]
    z2: Value
    y_hat: Value
    J: Value

    @property
    def wx1(self) -> list[Value]:
        """w(1)·x: what z(1) is without the bias."""
        return [_operand(z) for z in self.z1]

    @property
    def parameters(self) -> Parameters:
        """The parameters as arrays."""
        first, second = self.model.layers
        return Parameters(first.weights, first.biases, second.weights, second.biases)

    @property
    def gradient(self) -> Parameters:
        """The adjoints of the parameters as arrays."""
        first, second = self.model.layers
        return Parameters(first.weight_gradients, first.bias_gradients, second.weight_gradients, second.bias_gradients)


@demo(
    "exercise",
    "003",
    "1",
    "every number of a worked exercise in backpropagation, checked",
    items="D1-D22",
    errata="003-1 003-2 003-3 003-4 003-5 003-6 003-7",
)
def story(*, brief: bool) -> Iterator[Piece]:
    """The exercise, its numbers, what is wrong with them, and how that is known."""
    network = forward(GIVEN)
    network.J.backward()
    rows = compared(network)
    yield _setting()
    yield from FORWARD
    yield Numbers(rows)
    yield Paragraph(summary(rows))
    yield Heading("What is wrong in the document, and why")
    yield Items([*_why(rows), *_smaller(network)])
    yield Paragraph(_carried(rows))
    yield from _who_is_right(network)
    yield _still_downhill(network)
    yield from _told(network)
    yield Heading("Pictures")
    yield from _pictures(network)


def _pictures(network: Network) -> list[Piece]:
    model, J = network.model, network.J
    path = J.explain(model.layers[0].neurons[1].w[0])
    return [
        Diagram("exercise", "the graph with every value, adjoint and local derivative", draw(J)),
        Diagram("exercise-path", "the path from w1_21 to J", draw(J, highlight=path)),
        Diagram("exercise-passes", "both passes, with the adjoints that flow back", draw_passes(J)),
        Diagram("exercise-network", "the network", draw_network(model, x=X, loss="J = (ŷ − y)²/2")),
        Diagram("exercise-gradients", "its gradients", draw_network(model, x=X, gradients=True)),
        Diagram("exercise-blocks", "its matrices", draw_network(model, view="blocks", x=X, examples="columns")),
        Explorer("exercise-explorer", "the graph: play both passes, and change its numbers", J),
    ]


def forward(parameters: Parameters) -> Network:
    """The network with these parameters, run on the document's observation; the nodes have the document's names."""
    model = MLP(2, [3, 1], activation="sigmoid", output_activation="sigmoid")
    first, second = model.layers
    first.set_weights(parameters.w1, parameters.b1)
    second.set_weights(parameters.w2, parameters.b2)
    x = [Value(number, f"x{place}") for place, number in enumerate(X, start=1)]
    y_hat = model(x)
    z2 = _operand(y_hat)
    y1 = _values(_operand(z2).vectors[1])
    z1 = [_operand(y) for y in y1]
    network = Network(model, z1, y1, z2, y_hat, half_squared_error(y_hat, Y))
    _name(network)
    return network


def compared(network: Network) -> list[Row]:
    """Every number of the document beside the computed one; the network has run backward."""
    gradient = network.gradient
    computed = {
        "w(1)·x": network.wx1,
        "z(1)": network.z1,
        "y(1)": network.y1,
        "z(2)": network.z2,
        "ŷ": network.y_hat,
        "J": network.J,
        "∂J/∂ŷ": network.y_hat.grad,
        "σ'(z(2))": grad(network.y_hat, network.z2),
        "∂J/∂w(2)": gradient.w2,
        "∂J/∂b(2)": gradient.b2,
        "∂J/∂y(1)": [y.grad for y in network.y1],
        "σ'(z(1))": [grad(y, z) for y, z in zip(network.y1, network.z1)],
        "∂J/∂w(1)": gradient.w1,
        "∂J/∂b(1)": gradient.b1,
    }
    return check_numbers(PRINTED, computed).rows


def after_one_step(gradient: Parameters, eta: float = ETA) -> float:
    """J after one step of gradient descent along the given gradient."""
    moved = [np.asarray(w) - eta * np.asarray(slope) for w, slope in zip(GIVEN, gradient)]
    return forward(Parameters(*moved)).J.data


def printed_gradient() -> Parameters:
    """The gradient that the document prints."""
    quantities = ("∂J/∂w(1)", "∂J/∂b(1)", "∂J/∂w(2)", "∂J/∂b(2)")
    return Parameters(*[_decimals(PRINTED[quantity]).astype(float) for quantity in quantities])


def _operand(node: Value) -> Value:
    """The first operand: a neuron is activation(dot(w, x) + b)."""
    return _values(node.operands)[0]


def _values(vector: Sequence[Value | float]) -> list[Value]:
    return [operand for operand in vector if isinstance(operand, Value)]


def _name(network: Network) -> None:
    network.z2.label, network.y_hat.label, network.J.label = "z2", "ŷ", "J"
    for j, (z, y) in enumerate(zip(network.z1, network.y1), start=1):
        z.label, y.label = f"z1_{j}", f"y1_{j}"
        _name_parameters(z, f"1_{j}")
    _name_parameters(network.z2, "2_")


def _name_parameters(z: Value, place: str) -> None:
    """w1_21 and b1_2 stand in row 2 of w(1) and b(1)."""
    weighted, bias = _values(z.operands)
    for i, w in enumerate(_values(weighted.vectors[0]), start=1):
        w.label = f"w{place}{i}"
    bias.label = f"b{place}".rstrip("_")


def _setting() -> Paragraph:
    return Paragraph(
        f"Two inputs x = ({X[0]} {X[1]}), three hidden neurons and one output, each a sigmoid; the target is y = 5,"
        " which no sigmoid reaches, but that does not matter to the derivatives. The cost is J = (ŷ - y)²/2, which"
        f" stays above {half_squared_error(1.0, Y).data:g}, its value for ŷ = 1. The document works out every"
        " derivative by hand with three digits; here is each of its numbers beside the engine's:"
    )


def _why(rows: Sequence[Row]) -> Iterator[str]:
    """What the document did, for each quantity that comparing found wrong."""
    wrong = list(dict.fromkeys(row.quantity.partition("[")[0] for row in rows if row.verdict == WRONG))
    for quantity in wrong:
        own = [row for row in rows if row.quantity.partition("[")[0] == quantity]
        bad = [row for row in own if row.verdict == WRONG]
        yield f"{quantity}, {len(bad)} of {len(own)}: {EXPLANATIONS.get(quantity, _unexplained)(bad)}"


def _carried(rows: Sequence[Row]) -> str:
    """How a rounded number that is computed with makes others differ."""
    off = max(
        abs(float(_decimal(row.printed)) / row.computed - 1) for row in rows if row.quantity.startswith("σ'(z(1))")
    )
    again = _slopes_again()
    matching = _matches(again, "σ'(z(1))")
    return (
        f"What differs by rounding was computed from rounded numbers (003-4): σ'(z(1)) is off by {off * 100:.1f} % at"
        f" most, for y(1) rounded to three digits gives y(1)(1 - y(1)) = {_shown(again)}, {matching}."
    )


def _why_weights(_: Sequence[Row]) -> str:
    again = _weights_again()
    return (
        f"the document writes ∂J/∂y(1) ⊙ σ'(z(1)) · xᵀ and then puts z(1) = {_printed('z(1)')} where"
        f" ∂J/∂y(1) = {_printed('∂J/∂y(1)')} belongs (003-1); z(1) ⊙ σ'(z(1)) · xᵀ with its roundings gives"
        f" {_shown(again)}, {_matches(again, '∂J/∂w(1)')}."
    )


def _why_biases(bad: Sequence[Row]) -> str:
    ratios = ", ".join(f"{float(_decimal(row.printed)) / row.computed:.3f}" for row in bad)
    again = _biases_again()
    return (
        "the same z(1) in place of ∂J/∂y(1) (003-2); z(1) ⊙ σ'(z(1)) with its roundings gives"
        f" {_shown(again)}, {_matches(again, '∂J/∂b(1)')}; that is {ratios} times the derivative."
    )


def _smaller(network: Network) -> Iterator[str]:
    """What is no wrong number of the table."""
    rounded = Value(float(_decimal(str(PRINTED["z(2)"])))).sigmoid().data
    yield (
        f"ŷ is σ of z(2) = {PRINTED['z(2)']}, which was rounded before: {rounded:.5f}, printed as {PRINTED['ŷ']}; of"
        f" z(2) itself it is {network.y_hat.data:.5f} (003-3)."
    )
    y1, printed = _decimal(str(PRINTED["y(1)"][0])), PRINTED["σ'(z(1))"][0]
    yield (
        f"one line has 0,879(1-0,878) = {printed}; that is {y1 * (1 - _decimal('0,878'))}, and with the same y in both"
        f" places {y1 * (1 - y1)} (003-5)."
    )
    w1, upstream = np.array(GIVEN.w1), np.array([y.grad for y in network.y1])
    slope = np.array(network.gradient.b1) / upstream
    yield (
        "the summary has dJ/dX = Wᵀ · dY ⊙ g'(z), without brackets (003-6): from left to right that is"
        f" {(w1.T @ upstream).shape} ⊙ {slope.shape}, which does not fit; Wᵀ(dY ⊙ g'(z)) has the shape"
        f" {(w1.T @ (upstream * slope)).shape} of x."
    )
    z1 = network.z1[0].data
    yield (
        f"σ({z1:g}) is printed 1 / 1+e^(-1,98), which without brackets is {1 / 1 + math.exp(-z1):.3f}; with them it is"
        f" {1 / (1 + math.exp(-z1)):.3f} (003-7)."
    )


def _unexplained(_: Sequence[Row]) -> str:
    return "no explanation is known."


EXPLANATIONS = {"∂J/∂w(1)": _why_weights, "∂J/∂b(1)": _why_biases}
"""How to compute what the document did. Used for what comparing found, and not to find it."""


def _slopes_again() -> Any:
    """The document's line 0,879(1-0,879) …, in its own digits; the engine's σ' comes from the table."""
    y1 = _decimals(PRINTED["y(1)"])
    return _rounded(y1 * (1 - y1), "0.001")


def _biases_again() -> Any:
    return _rounded(_decimals(PRINTED["z(1)"]) * _decimals(PRINTED["σ'(z(1))"]), "0.01")


def _weights_again() -> Any:
    return np.outer(_biases_again(), [Decimal(str(x)) for x in X])


def _matches(again: Any, quantity: str) -> str:
    printed = _decimals(PRINTED[quantity])
    return f"the printed numbers in {int(np.sum(again == printed))} of {printed.size} places"


def _who_is_right(network: Network) -> Iterator[Piece]:
    """The gradient check, and what its oracle says about the numbers of the document."""
    check = check_gradients(network.J, network.model.layers[0].parameters()).raise_if_failed()
    oracle = {entry.name: entry.expected for entry in check}
    printed = [row for row in compared(network) if row.quantity.startswith(("∂J/∂w(1)", "∂J/∂b(1)"))]
    agreeing = sum(verdict(row.printed, oracle[_label(row.quantity)]) == AGREES for row in printed)
    passing = sum(entry.verdict == "pass" for entry in check)
    yield Paragraph(
        f"Who is right? A gradient check asks the function J itself, by {check.worst.oracle}, and uses no rule of"
        f" differentiation. It passes {passing} of the engine's {len(check)} derivatives for the first layer; of the"
        f" document's {len(printed)} it confirms {agreeing or 'none'}. In the engine's words:"
    )
    yield Items([repr(check)])


def _label(quantity: str) -> str:
    """The label of the parameter of a quantity: ∂J/∂w(1)[2,1] is the derivative for w1_21."""
    return quantity.removeprefix("∂J/∂").replace("(1)[", "1_").replace(",", "").rstrip("]")


def _still_downhill(network: Network) -> Paragraph:
    right, wrong = network.gradient, printed_gradient()
    u, v = (np.concatenate([np.ravel(gradient.w1), gradient.b1]) for gradient in (right, wrong))
    lengths = np.linalg.norm(v) / np.linalg.norm(u)
    cosine = u @ v / np.linalg.norm(u) / np.linalg.norm(v)
    return Paragraph(
        f"Why is it easily missed? The wrong gradient of the first layer is {lengths:.2f} times as long and points"
        f" elsewhere (cosine {cosine:.3f}), but still downhill: one step with η = {ETA} takes J from {network.J:.6f} to"
        f" {after_one_step(wrong):.6f} with the document's gradient, and to {after_one_step(right):.6f} with the right"
        " one. Looking at the loss does not find such a mistake; a gradient check does."
    )


def _told(network: Network) -> Iterator[Piece]:
    """The derivative of the first weight along its path, and all of them in the matrix form of the document."""
    yield Paragraph(
        "The engine tells why a derivative has its value: the chain rule that it executed, from J to w(1)[1,1], and"
        " then layer by layer, in the form of the document's summary:"
    )
    yield Output(repr(network.J.explain(network.model.layers[0].neurons[0].w[0])))
    yield Output(repr(explain_layers(network.model, network.J)))


def _decimal(printed: str) -> Decimal:
    return Decimal(printed.replace(",", "."))


def _decimals(printed: Any) -> Any:
    """Printed numbers as an array of exact decimals: the document's own hand arithmetic."""
    return np.vectorize(_decimal, otypes=[object])(np.array(printed, dtype=object))


def _rounded(numbers: Any, unit: str) -> Any:
    return np.vectorize(lambda number: number.quantize(Decimal(unit)), otypes=[object])(numbers)


def _printed(quantity: str) -> str:
    return _shown(_decimals(PRINTED[quantity]))


def _shown(numbers: Any) -> str:
    rows = numbers if numbers.ndim == 2 else [numbers]
    return " ".join(f"({' '.join(str(number).replace('.', ',') for number in row)})" for row in rows)
