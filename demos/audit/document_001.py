"""What is wrong in document 001: circles, learnt by a network in NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Value
from demos import sets
from demos.audit.case import (
    DEFINITIONS,
    EXECUTED,
    GRADIENTS,
    RELATIVE,
    SHAPES,
    Case,
    Judgement,
    Statement,
    check,
    fits,
    near,
    slopes,
)
from demos.document_001.courses import course
from demos.document_001.listing import ITERATIONS, Network, deltas, forward, grid, network, slope_of, train
from demos.document_001.listing import sigmoid as quoted_sigmoid
from demos.document_001.maps import as_printed, changed
from demos.document_001.network import twin
from demos.document_001.printed import points
from demos.failure import DataMissing
from nn import half_squared_error, mse, predict

Array = NDArray[np.float64]

SEED = 0

POINTS = 500
"""As many as the document has."""

ROUNDED = 1e-9
"""Centres of cells are rounded, and so is what the network says there."""

NO_MATPLOTLIB = "what is drawn by matplotlib is asked of it: pip install matplotlib"

POINTS_OF_SIGMOID = (-2.0, 0.0, 0.5, 2.0)

FEW = 40
"""Points for what does not depend on their number."""


@check("001-1", GRADIENTS)
def sigmoid() -> Case:
    """The derivative of the sigmoid, printed as a formula of x."""
    xs = [Value(x, f"x{place}") for place, x in enumerate(POINTS_OF_SIGMOID)]
    computed = [slopes(x.sigmoid(), [x])[0] for x in xs]
    judged = near(computed, quantity=f"at x = {', '.join(map(str, POINTS_OF_SIGMOID))}: ")

    def judge(formula: Callable[[Any], Any]) -> Judgement:
        return judged(formula(np.array(POINTS_OF_SIGMOID)))

    return Case(
        Statement("the derivative of the sigmoid is 1/(1 - x)", lambda x: 1 / (1 - x), "1/(1 - x)"),
        Statement(
            "it is σ(x)(1 - σ(x)), which the listing has: x * (1 - x), applied to σ(x)",
            _through_activation,
            "σ(x)(1 - σ(x))",
        ),
        judge,
    )


@check("001-2", GRADIENTS)
def two_rates() -> Case:
    """How many times the gradient of the mean squared error the listing subtracts, for each array."""
    X, Y = rings()
    layers = network(SEED)
    out = forward(layers, X)
    found = deltas(layers, out, Y)
    gradient = _gradient(layers, X, Y, mse)

    def judge(update: Callable[[Array, Array], tuple[Array, Array]]) -> Judgement:
        pairs = [zip(update(a, delta), own) for a, delta, own in zip(out, found, gradient)]
        factors = np.array([[np.vdot(taken, slope) / np.vdot(slope, slope) for taken, slope in pair] for pair in pairs])
        of_b, of_W = factors[:, 0], factors[:, 1]
        told = f"times the gradient: {_common(of_b)} for b and {_common(of_W)} for W, in all {len(layers)} layers"
        off = f"×{np.mean(of_b):.3g}, ×{np.mean(of_W):.3g}"
        return Judgement(bool(np.allclose(factors, 1, rtol=RELATIVE, atol=0)), told, off)

    return Case(
        Statement(
            "one rate: b -= mean(δ) · lr and W -= aᵀδ · lr",
            lambda a, d: (d.mean(axis=0), a.T @ d),
            "mean(δ), and aᵀδ",
        ),
        Statement(
            "both sums times 2/n: the gradient of the mean squared error",
            lambda a, d: (2 / len(a) * d.sum(axis=0), 2 / len(a) * a.T @ d),
            "both sums times 2/n",
        ),
        judge,
    )


@check("001-3", GRADIENTS)
def slope_of_mse() -> Case:
    """The derivative of the mean squared error by the predictions."""
    X, Y = rings()
    predicted = forward(network(SEED), X)[-1].ravel()
    predictions = [Value(y) for y in predicted]
    # the first and the last are of different classes
    places = [0, 1, -2, -1]
    computed = np.array(slopes(mse(predictions, Y.ravel()), [predictions[place] for place in places]))

    def judge(slope: Callable[[Any], Any]) -> Judgement:
        given = slope((predicted - Y.ravel())[places])
        told = near(computed, quantity=f"for n = {POINTS}: ")(given)
        factor = f"{np.mean(given / computed):.6g}"
        return Judgement(told.holds, f"{told.gave}; {factor} times the derivative", f"×{factor}")

    return Case(
        Statement("the derivative of Σ(Yp - Yr)²/n is Yp - Yr", lambda difference: difference, "Yp - Yr"),
        Statement("it is 2(Yp - Yr)/n", lambda difference: 2 * difference / POINTS, "2(Yp - Yr)/n"),
        judge,
    )


@check("001-4", EXECUTED)
def reflected() -> Case:
    """What matplotlib paints at a point, and what the network says there: of the run whose map the story shows."""
    net = course(SEED, *points(POINTS), ITERATIONS).net
    model, drawn = twin(net), as_printed(net)

    def judge(arranged: Callable[[Array], Array]) -> Judgement:
        centres, painted = _painted(arranged(drawn))
        said = predict(model, centres)
        off = float(np.max(np.abs(painted - said)))
        turned = f"{100 * changed(painted, said):.1f} %"
        told = f"{turned} of the cells are painted as the other class; off by up to {off:.2g}"
        return Judgement(off <= ROUNDED, told, turned)

    return Case(
        Statement("pcolormesh(_x0, _x1, _Y), where _Y[i0, i1] belongs to (x0[i0], x1[i1])", lambda Y: Y, "_Y"),
        Statement("pcolormesh(_x0, _x1, _Y.T): rows of the array are rows of the picture", np.transpose, "_Y.T"),
        judge,
    )


@check("001-5", SHAPES)
def input_of_the_layer() -> Case:
    """With which activations δ is multiplied."""
    X, Y = rings(FEW)
    layers = network(SEED)
    out, wanted = forward(layers, X), _gradient(layers, X, Y, half_squared_error)[1][1]
    delta = deltas(layers, out, Y)[1]

    def judge(place: int) -> Judgement:
        return fits(wanted, lambda: out[place].T @ delta)

    return Case(
        Statement("∂C/∂w of a layer is its δ times its own a (the second layer, 4 → 8)", 2, "δ · its own a"),
        Statement("∂C/∂w of a layer is its δ times its input, the a of the layer before", 1, "δ · its input"),
        judge,
    )


@check("001-6", SHAPES)
def order_of_the_product() -> Case:
    """How δ goes back through W."""
    X, Y = rings(FEW)
    layers = network(SEED)
    out = forward(layers, X)
    delta, slope, a = deltas(layers, out, Y)[1], _gradient(layers, X, Y, half_squared_error)[0][1], out[1]

    def judge(product: Callable[[Array, Array], Array]) -> Judgement:
        return fits(slope, lambda: X.T @ (product(layers[1].W, delta) * slope_of(a)))

    return Case(
        Statement("δ of the layer before is W·δ ⊙ …, where examples are rows", np.dot, "W·δ"),
        Statement("it is δ·Wᵀ ⊙ …, as the listing has it; ∂C/∂W of that layer follows", lambda W, d: d @ W.T, "δ·Wᵀ"),
        judge,
    )


@check("001-7", DEFINITIONS)
def factor() -> Case:
    """What `factor` is; with the document's 0.5 the two meanings give the same number, with 0.2 they do not."""
    given = 0.2
    part = sets.circles(POINTS, SEED, factor=given)
    radii = np.hypot(part.X[:, 0], part.X[:, 1])
    outer, inner = (float(np.mean(radii[ring == part.Y])) for ring in (0.0, 1.0))

    def judge(measured: float) -> Judgement:
        told = f"with factor = {given} the radii are {outer:.4f} and {inner:.4f}, which gives {measured:.4f}"
        off = abs(measured - given)
        return Judgement(off < 0.02, told, f"{off:.3g}")  # the noise of the points is 0.05

    return Case(
        Statement("factor is the distance between the circles", outer - inner, "a distance"),
        Statement("factor is the inner radius divided by the outer one", inner / outer, "a ratio of radii"),
        judge,
    )


@check("001-8", EXECUTED, rest="that scipy, the first network and the rate 0.5 are not used")
def older_output() -> Case:
    """To which parameters the output and its loss belong that are shown."""
    X, Y = rings(FEW)
    before, after = network(SEED), network(SEED)
    returned = train(after, X, Y)
    loss = mse(returned, Y).data

    def judge(layers: Network) -> Judgement:
        own = mse(predict(twin(layers), X), Y).data
        return near(own, "the network", quantity="the loss shown is ")(loss)

    return Case(
        Statement("pY and the loss that are shown are those of the network just updated", after, "of the new weights"),
        Statement(
            "they are those before the update; so the loss drawn at place i is that of update 25·i",
            before,
            "of the old weights",
        ),
        judge,
    )


def rings(points: int = POINTS) -> tuple[Array, Array]:
    """Points in two rings, and their classes as a column: ours, in place of the document's, which have no seed."""
    angles = np.linspace(0, 4 * np.pi, points, endpoint=False)
    outer = np.arange(points) < points // 2
    X = np.where(outer, 1.0, 0.5)[:, np.newaxis] * np.column_stack([np.cos(angles), np.sin(angles)])
    return X, np.where(outer, 0.0, 1.0)[:, np.newaxis]


def _painted(drawn: Array) -> tuple[Array, Array]:
    """Where matplotlib paints each number of an array over the places of the map, and which: (2500, 2) and (2500,).

    Raises DataMissing without matplotlib.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise DataMissing(NO_MATPLOTLIB) from error
    places, _ = grid()
    mesh = Figure().add_subplot().pcolormesh(places, places, drawn, shading="nearest")
    corners = np.asarray(mesh.get_coordinates())
    centres = (corners[:-1, :-1] + corners[1:, 1:]) / 2
    return centres.reshape(-1, 2), np.asarray(mesh.get_array(), dtype=float).ravel()


def _common(factors: Array) -> str:
    """A number that several arrays have in common; the range where they differ."""
    low, high = f"{np.min(factors):.6g}", f"{np.max(factors):.6g}"
    return low if low == high else f"{low} to {high}"


def _through_activation(x: Any) -> Any:
    return slope_of(quoted_sigmoid(x))


def _gradient(layers: Network, X: Array, Y: Array, loss: Callable[[Any, Any], Value]) -> list[tuple[Array, Array]]:
    """The engine's gradient of a loss by b and W of each layer, in the shapes of the listing."""
    model = twin(layers)
    loss([model(x) for x in X.tolist()], Y).backward()
    return [(own.bias_gradients[np.newaxis], own.weight_gradients.T) for own in model.layers]
