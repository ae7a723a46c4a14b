"""Document 004, "Concepto de Backpropagation" to "Resumen", and its losses: the chain rule, factor by factor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd import Value, check_gradients, draw_passes, explain, grad, latex, text
from autograd.comparison import Row, compare
from demos.layout import multiples
from demos.pieces import Diagram, Explorer, Formula, Heading, Items, Kind, Numbers, Output, Paragraph, Piece, Table
from demos.story import demo
from nn import ACTIVATIONS, MLP, SGD, binary_crossentropy, draw_network, explain_layers, mse

Array = NDArray[np.float64]

TARGETS = [1.0, 0.0, 1.0]
PREDICTIONS = [0.8, 0.3, 0.4]
"""Ours: the slides have formulas, and no data."""

X, TARGET, WEIGHT, BIAS = 2.0, 1.0, 0.5, -0.5
"""Of the one neuron; ours, too."""

U, V = [1.0, 2.0, 3.0], [4.0, 5.0, 6.0]
PRINTED_PRODUCT = ["4", "10", "18"]

INPUTS = [1.0, -2.0]
ETA = 0.5


class OneNeuron(NamedTuple):
    """ŷ = σ(z), z = w·x + b, L = (ŷ - y)², with its nodes."""

    w: Value
    b: Value
    x: Value
    z: Value
    y_hat: Value
    L: Value


@demo(
    "backward",
    "004",
    "6",
    "losses, the chain rule factor by factor, and the Hadamard product",
    items="E20-E32 E34 E35",
    errata="004-5 004-7",
)
def story(*, brief: bool) -> Iterator[Piece]:
    """The losses, one neuron, the product of elements, a network of two layers, and a step."""
    yield Heading("The losses")
    yield from _losses()
    yield Heading("The chain rule for one neuron")
    yield from _neuron(one_neuron())
    yield Heading("The product element by element")
    yield from _hadamard()
    yield Heading("Layer by layer")
    yield from _layers()


def one_neuron() -> OneNeuron:
    """The neuron, run."""
    w, b, x = Value(WEIGHT, "w"), Value(BIAS, "b"), Value(X, "x")
    z = w * x + b
    y_hat = z.sigmoid()
    L = mse([y_hat], [TARGET])
    z.label, y_hat.label, L.label = "z", "ŷ", "L"
    return OneNeuron(w, b, x, z, y_hat, L)


def predictions() -> list[Value]:
    """ŷ of three examples."""
    return [Value(number, f"ŷ{place}") for place, number in enumerate(PREDICTIONS, start=1)]


def printed_derivatives(count: int) -> list[Row]:
    """2(ŷ - y), which the slides give for the derivative of the MSE, beside the engine's, for so many examples."""
    y_hat = predictions()[:count]
    L = mse(y_hat, TARGETS[:count])
    printed = [f"{2 * (y.data - target):.6g}" for y, target in zip(y_hat, TARGETS)]
    return compare(f"∂L/∂ŷ, n = {count}", printed, [derivative.data for derivative in grad(L, y_hat)])


def _losses() -> Iterator[Piece]:
    y_hat = predictions()
    squares, entropy = mse(y_hat, TARGETS), binary_crossentropy(y_hat, TARGETS)
    turned = mse(TARGETS, y_hat)
    yield Paragraph(
        "L measures how far predictions ŷ are from what is true, y. The slides have two, each of them twice. For three"
        f" examples that are ours, ŷ = {PREDICTIONS} and y = {TARGETS}:"
    )
    yield Formula(
        r"L = \frac{1}{n} \sum_{i=1}^{n} (\hat{y}_i - y_i)^2",
        f"MSE: L = 1/n Σ (ŷᵢ - yᵢ)² = {squares.data:.6f}",
    )
    yield Formula(
        r"L = -\frac{1}{n} \sum_{i=1}^{n} \left[ y_i \log(\hat{y}_i) + (1 - y_i) \log(1 - \hat{y}_i) \right]",
        f"cross-entropy: L = -1/n Σ [yᵢ log ŷᵢ + (1 - yᵢ) log(1 - ŷᵢ)] = {entropy.data:.6f}",
    )
    yield Paragraph("As the engine recorded them:")
    for name, loss in (("MSE", squares), ("cross-entropy", entropy)):
        yield Formula(latex(loss), f"{name} = {text(loss)}")
    yield Paragraph(
        f"The second time the square is of y - ŷ: {turned.data:.6f}, the same number. The derivative that the slides"
        " give for the MSE is 2(ŷ - y). It is right for one example, and for three it is not:"
    )
    yield Numbers([*printed_derivatives(1), *printed_derivatives(3)], Kind.EVALUATED)
    yield Paragraph(_missing(y_hat, squares))


def _missing(y_hat: Sequence[Value], squares: Value) -> str:
    factors = [float(row.printed) / row.computed for row in printed_derivatives(3)]
    check = check_gradients(squares, y_hat).raise_if_failed()
    return (
        f"It is {multiples(factors)} times as large as it should be: the 1/n of the"
        f" loss is missing (004-5). The check by {check.worst.oracle}, which uses no rule, passes all of the engine's."
    )


def _neuron(one: OneNeuron) -> Iterator[Piece]:
    yield Formula(
        r"\frac{\partial L}{\partial w} = \frac{\partial L}{\partial \hat{y}} \cdot"
        r" \frac{\partial \hat{y}}{\partial z} \cdot \frac{\partial z}{\partial w}",
        "∂L/∂w = ∂L/∂ŷ · ∂ŷ/∂z · ∂z/∂w",
    )
    yield Paragraph(
        f"Forward: z = w·x + b, ŷ = σ(z), L = (ŷ - y)², with w = {WEIGHT}, b = {BIAS}, x = {X}, y = {TARGET}, which are"
        f" ours, and give z = {one.z.data:g}, ŷ = {one.y_hat.data:.6f}, L = {one.L.data:.6f}. Backward, each factor"
        " alone, by the engine:"
    )
    yield Table(("derivative", "the slides' rule", "by the engine"), factors(one), "<<>")
    yield Output(repr(explain(one.L, one.w)))
    yield Paragraph(_other_rules())
    one.L.backward()
    yield Diagram("backward-passes", "both passes, with the derivatives that flow back", draw_passes(one.L))
    yield Explorer("backward-explorer", "the graph: play both passes, and change its numbers", one.L)


def factors(one: OneNeuron) -> list[tuple[str, str, str]]:
    """Each derivative of the slides, its rule in their words, and its number."""
    wanted = {
        "∂L/∂ŷ": ("2(ŷ - y)", grad(one.L, one.y_hat)),
        "∂ŷ/∂z": ("f(z)(1 - f(z))", grad(one.y_hat, one.z)),
        "∂z/∂w": ("x", grad(one.z, one.w)),
        "∂z/∂b": ("1", grad(one.z, one.b)),
        "∂L/∂w": ("the product of three", grad(one.L, one.w)),
        "∂L/∂b": ("the product of three", grad(one.L, one.b)),
    }
    return [(name, rule, f"{number.data:.9f}") for name, (rule, number) in wanted.items()]


def _other_rules() -> str:
    slopes = {}
    for name, place in (("relu", -1.0), ("relu", 0.0), ("relu", 1.0), ("sigmoid", 0.0), ("sigmoid", 1.0)):
        z = Value(place)
        y = ACTIVATIONS[name](z)
        slopes[name, place] = (grad(y, z).data, y.data)
    relu = ", ".join(f"{slopes['relu', place][0]:g} at {place:g}" for place in (-1.0, 0.0, 1.0))
    at_zero, at_one = slopes["sigmoid", 0.0], slopes["sigmoid", 1.0]
    return (
        f"The slope of ReLU is 1 for z > 0, and else 0: {relu}. On the slides the sigmoid's reads f(z)(1 f(z)), without"
        f" its minus (004-7); as a product that would be {at_zero[1] ** 2:g} at 0, where {at_zero[0]:g} is right, and"
        f" {at_one[1] ** 2:.4f} at 1, where {at_one[0]:.4f} is: one look at 0 would not find it."
    )


def _hadamard() -> Iterator[Piece]:
    u, v = ([Value(number) for number in numbers] for numbers in (U, V))
    yield Paragraph("u ⊙ v multiplies each element of u by that of v in its place, and both have the same size:")
    yield Numbers(compare("u ⊙ v", PRINTED_PRODUCT, [a * b for a, b in zip(u, v)]))
    yield Formula(
        r"\frac{\partial L}{\partial z^{(l)}} = \frac{\partial L}{\partial a^{(l)}} \odot f'(z^{(l)})",
        "∂L/∂z(l) = ∂L/∂a(l) ⊙ f'(z(l))",
    )
    yield Paragraph(
        "In backpropagation it stands where each neuron's derivative meets the slope of its own activation. The slides"
        " write (I) for the layer (l) there (004-7). The next section has both factors in numbers."
    )


def network() -> MLP:
    """Two inputs, three hidden neurons, two outputs: sigmoids with weights that are ours."""
    model = MLP(2, [3, 2], "sigmoid", "sigmoid", seed=4)
    model.layers[0].neurons[0].w[0].label = "w1_11"
    return model


def _layers() -> Iterator[Piece]:
    model = network()
    L = mse(model(INPUTS), [1.0, 0.0])
    L.label = "L"
    L.backward()
    yield Formula(
        r"\frac{\partial L}{\partial z^{(l)}} = \left(W^{(l+1)}\right)^T"
        r" \frac{\partial L}{\partial z^{(l+1)}} \odot f'(z^{(l)})",
        "∂L/∂z(l) = (W(l+1))ᵀ ∂L/∂z(l+1) ⊙ f'(z(l))",
    )
    yield Paragraph(
        "A network with a hidden layer and two outputs, run on one example: the forward pass, and then the backward"
        " pass, as the engine read it off the graph of scalars:"
    )
    yield Output(repr(explain_layers(model, L)))
    yield from _from_above(model)
    yield Items(list(_shapes(model)))
    yield Output(repr(explain(L, model.layers[0].neurons[0].w[0])))
    yield Diagram("backward-network", "the network", draw_network(model, x=INPUTS, loss="L"))
    yield Diagram("backward-gradients", "its gradients", draw_network(model, gradients=True))
    yield from _step(model, L)


class Backward(NamedTuple):
    """∂L/∂z of both layers, and f'(z) of the hidden one, by the engine; the derivative of L for z is that for b."""

    above: Array
    hidden: Array
    slopes: Array


def deltas(model: MLP) -> Backward:
    """Of a model whose loss has run backward on the inputs."""
    first, second = model.layers
    zs = [neuron.weighted_sum(INPUTS) for neuron in first.neurons]
    slopes = [grad(z.sigmoid(), z).data for z in zs]
    return Backward(second.bias_gradients, first.bias_gradients, np.array(slopes))


def _from_above(model: MLP) -> Iterator[Piece]:
    found = deltas(model)
    product = model.layers[1].weights.T @ found.above * found.slopes
    yield Paragraph("The formula of the slides in numbers, beside what the engine has for the hidden layer:")
    yield Table(
        ("hidden neuron", "(Wᵀ ∂L/∂z(2))", "f'(z(1))", "their product", "∂L/∂z(1), engine"),
        [
            (str(place), *(f"{number:.9f}" for number in numbers))
            for place, numbers in enumerate(
                zip(model.layers[1].weights.T @ found.above, found.slopes, product, found.hidden), start=1
            )
        ],
        "<>>>>",
    )


def _shapes(model: MLP) -> Iterator[str]:
    """Erratum 004-7."""
    delta, x = deltas(model).hidden, np.array(INPUTS)
    outer = np.outer(delta, x)
    fits = np.allclose(outer, model.layers[0].weight_gradients, rtol=1e-12, atol=0)
    paths = len(model.layers[1].neurons)
    yield (
        f"∂z/∂W = x is meant for one neuron. For a layer δ has the shape {delta.shape} and x {x.shape}, whose product"
        f" {_product(delta, x)}; the outer product δ·xᵀ has the shape {outer.shape} of W, and"
        f" {'is' if fits else 'is not'} the engine's ∂L/∂W (004-7)."
    )
    yield (
        "∂L/∂W = ∂L/∂ŷ · ∂ŷ/∂z · ∂z/∂W has three factors, and is right for the last layer. For a weight of a hidden"
        f" one the chain goes on through that layer, here along {paths} paths (004-7):"
    )


def _product(delta: Array, x: Array) -> str:
    try:
        return f"has the shape {(delta @ x).shape}"
    except ValueError:
        return "does not exist"


def _step(model: MLP, L: Value) -> Iterator[Piece]:
    before = L.data
    optimizer = SGD(model.parameters(), lr=ETA)
    optimizer.step()
    yield Formula(
        r"W \leftarrow W - \eta \frac{\partial L}{\partial W}, \quad"
        r" b \leftarrow b - \eta \frac{\partial L}{\partial b}",
        "W ← W - η ∂L/∂W, b ← b - η ∂L/∂b",
    )
    yield Paragraph(
        "These are the three phases: forward, backward, and the update of all weights and biases. One update with"
        f" η = {ETA} takes L from {before:.6f} to {L.refresh().data:.6f}."
    )
