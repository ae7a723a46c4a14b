"""Document 000, "Red neuronal 1": the price of an apartment from its size, with a 1-1-1 network and ReLU.

Two runs side by side: the document's listing, word for word in plain floats but for the indentation of its loop
(000-5), and gradient descent with the gradient of the engine. Where they part is found by comparing step with step.
The listing is the document's own program: its derivatives and their mistakes are quoted here, and nothing else uses
them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from autograd import Value, draw, draw_passes, grad, latex, text, zero_grad
from autograd.comparison import Row, compare, summary
from demos.pieces import (
    Chart,
    Diagram,
    Explorer,
    Formula,
    Heading,
    Items,
    Kind,
    Numbers,
    Output,
    Paragraph,
    Piece,
    Table,
)
from demos.story import demo
from nn import MLP, draw_network, mse

SIZE, PRICE = 50, 300
"""The apartment: x in square metres, and the target y in thousands of dollars."""

RATE = 0.00001
EPOCHS = 1000
EVERY = 100
"""The listing prints its progress every so many iterations."""

NOTHING = 1e-25
"""An error that counts as 0: the prediction is then a few last places of 300 from the price."""

SMALLEST_ERROR = 1e-27
"""Half the square of the last place of 300, rounded down: an error of 0 has no place on a logarithmic axis."""

SAME = 1e-12
"""Two orders of the same operations differ by less, relatively; the mistakes differ by far more."""

NAMES = ("prediction", "error", "w2", "b2", "w1", "b1")
"""What one iteration computes, in the order in which the listing does."""


class Step(NamedTuple):
    """One iteration: prediction and error of the parameters before its update, then the updated parameters."""

    prediction: float
    error: float
    w1: float
    b1: float
    w2: float
    b2: float


class Network(NamedTuple):
    """The network as a recorded graph: four parameters and the nodes that the document names."""

    w1: Value
    b1: Value
    w2: Value
    b2: Value
    z1: Value
    a1: Value
    prediction: Value
    error: Value

    @property
    def parameters(self) -> list[Value]:
        """The vector x = (w1, b1, w2, b2) of section 1.1."""
        return [self.w1, self.b1, self.w2, self.b2]


class Parting(NamedTuple):
    """The first number in which two runs differ, with the step that computed it."""

    step: int
    name: str
    listing: float
    descent: float


@demo(
    "apartment",
    "000",
    "1",
    "the price of an apartment: a listing beside true gradient descent",
    items="A1-A20",
    errata="000-1 000-2 000-3 000-4 000-5 000-6",
)
def story(*, brief: bool) -> Iterator[Piece]:
    """The network, the listing and gradient descent side by side, and where and why they part."""
    network = forward()
    network.error.backward()
    printed, true = listing(), descent()
    yield _setting()
    yield Formula(latex(network.error), text(network.error))
    rows = compared(network, printed, true)
    yield Numbers(rows, Kind.LISTED)
    yield Paragraph(f"{summary(rows, 'listing')} {_limits()}")
    yield from _nothing_left(printed, true)
    yield _parting(parting(printed, true))
    yield Paragraph("In this table E is that before the update of the iteration, and w1 and w2 are those after it:")
    yield _side_by_side(printed, true)
    yield from _ends(printed, true)
    yield Heading("What is wrong in the document, and why")
    yield Items(_why(network, printed, true))
    yield Heading("The four derivatives (section 2), as the engine tells them")
    yield from (Output(repr(network.error.explain(parameter))) for parameter in network.parameters)
    yield _uphill(network)
    yield Heading("Pictures")
    yield Diagram("apartment-network", "the network, 1-1-1", draw_network(_layers(network), x=[SIZE], loss="E"))
    yield Diagram("apartment", "the graph with every value, adjoint and local derivative", draw(network.error))
    yield Diagram("apartment-passes", "both passes, with the adjoints that flow back", draw_passes(network.error))
    yield Chart("apartment-runs", "the error and the prediction of both runs", lambda: _curves(printed, true))
    yield Explorer("apartment-explorer", "the graph: play both passes, and train it", network.error, {"lr": RATE})


def forward() -> Network:
    """The network with the document's initial parameters, recorded once; E is half the squared error (section 1.1)."""
    x = Value(SIZE, "x1")
    w1, b1, w2, b2 = Value(0.5, "w1"), Value(0.1, "b1"), Value(0.4, "w2"), Value(0.2, "b2")
    z1 = w1 * x + b1
    a1 = z1.relu()
    prediction = w2 * a1 + b2
    error = 0.5 * (prediction - PRICE) ** 2
    z1.label, a1.label, prediction.label, error.label = "z1", "a1", "ŷ", "E"
    return Network(w1, b1, w2, b2, z1, a1, prediction, error)


def descent(epochs: int = EPOCHS) -> list[Step]:
    """True gradient descent, with as many updates as the listing makes: one, and one for each epoch."""
    network = forward()
    steps = []
    for _ in range(1 + epochs):
        prediction, error = network.prediction.data, network.error.data
        zero_grad(network.parameters)
        network.error.backward()
        for parameter in network.parameters:
            parameter.data -= RATE * parameter.grad
        network.error.refresh()
        steps.append(Step(prediction, error, *[parameter.data for parameter in network.parameters]))
    return steps


def listing(epochs: int = EPOCHS) -> list[Step]:
    """The document's listing (section 4), its loop indented again, in plain floats; one update is made before it."""
    w1, b1, w_out, b_out = 0.5, 0.1, 0.4, 0.2
    steps = []
    d_z_out_d_w_out = None
    for _ in range(1 + epochs):
        z1 = w1 * SIZE + b1
        a1 = max(0.0, z1)
        prediction = w_out * a1 + b_out
        error = 0.5 * ((prediction - PRICE) * (prediction - PRICE))
        d_error_d_z_out = prediction - PRICE
        if d_z_out_d_w_out is None:
            d_z_out_d_w_out = a1  # before the loop only: 000-3
        w_out -= RATE * d_error_d_z_out * d_z_out_d_w_out
        b_out -= RATE * d_error_d_z_out * 1
        d_z_out_d_a1 = w_out  # updated already: 000-2
        d_error_d_a1 = d_error_d_z_out * d_z_out_d_a1
        d_a1_d_z1 = 1 if z1 > 0 else 0
        w1 -= RATE * d_error_d_a1 * d_a1_d_z1 * SIZE
        b1 -= RATE * d_error_d_a1 * d_a1_d_z1 * 1
        steps.append(Step(prediction, error, w1, b1, w_out, b_out))
    return steps


def compared(network: Network, printed: Sequence[Step], true: Sequence[Step]) -> list[Row]:
    """What the listing prints beside gradient descent; the network has run backward, and stands at the start."""
    epochs = len(printed) - 1
    rows = compare("Predicción inicial", str(printed[0].prediction), network.prediction)
    rows += compare("Error inicial", str(printed[0].error), network.error)
    for name, parameter in zip(("w1", "b1", "w2", "b2"), network.parameters):
        rows += compare(f"∂C/∂{name}", "", parameter.grad)
    rows += compare("Peso w1 actualizado", str(printed[0].w1), true[0].w1)
    rows += compare("Sesgo b1 actualizado", str(printed[0].b1), true[0].b1)
    rows += compare("Peso w_out actualizado", str(printed[0].w2), true[0].w2)
    rows += compare("Sesgo b_out actualizado", str(printed[0].b2), true[0].b2)
    vanished = _vanished(printed, true)
    for iteration in _progress(epochs):
        if iteration not in vanished:
            rows += compare(f"Iteración {iteration}, Error", str(printed[iteration].error), true[iteration].error)
        rows += compare(
            f"Iteración {iteration}, Predicción", str(printed[iteration].prediction), true[iteration].prediction
        )
    return rows + compare("Predicción final", str(printed[-1].prediction), true[-1].prediction)


def parting(printed: Sequence[Step], true: Sequence[Step]) -> Parting | None:
    """The first number, in the order in which they are computed, that differs by more than rounding."""
    for place, (ours, theirs) in enumerate(zip(true, printed), start=1):
        for name in NAMES:
            right, wrong = getattr(ours, name), getattr(theirs, name)
            if abs(right - wrong) > SAME * abs(right):
                return Parting(place, name, wrong, right)
    return None


def predicted(step: Step) -> float:
    """What the network predicts with the parameters after a step."""
    network = forward()
    for parameter, number in zip(network.parameters, (step.w1, step.b1, step.w2, step.b2)):
        parameter.data = number
    return network.prediction.refresh().data


def invariant(step: Step) -> float:
    """w2² - w1² - b1²: gradient descent with small steps hardly changes it, for one gradient feeds all three."""
    return step.w2**2 - step.w1**2 - step.b1**2


def _vanished(printed: Sequence[Step], true: Sequence[Step]) -> list[int]:
    """The iterations in whose printed errors neither run has digits left."""
    return [place for place in _progress(len(printed) - 1) if max(_both("error", printed, true, place)) <= NOTHING]


def _progress(epochs: int) -> range:
    return range(1, epochs + 1, EVERY)


def _setting() -> Paragraph:
    return Paragraph(
        "One input, the size x1 = 50 of an apartment; one hidden neuron, z1 = w1·x1 + b1, a1 = ReLU(z1); one output,"
        " the price ŷ = w2·a1 + b2, which is to become 300. The cost is E = (ŷ - y)²/2. The document shows no"
        " results, so its listing is run, and what it prints then stands beside the engine's gradient descent with the"
        f" same rate {RATE:g} and the same number of updates. One thing is put right: the updates and the progress"
        " belong into the loop, out of which a page break took them (000-5). As it stands the listing prints 7 numbers:"
        " the first prediction and error, the four parameters after one update, and a last prediction."
    )


def _limits() -> str:
    return (
        "The listing prints 16 digits, and what differs in the last ones does not differ by rounding: b1 is near"
        " because the steps are small, and not because the way is right."
    )


def _nothing_left(printed: Sequence[Step], true: Sequence[Step]) -> Iterator[Piece]:
    """The errors that are not compared; nothing where all are."""
    vanished = _vanished(printed, true)
    if vanished:
        yield Paragraph(
            f"The errors of other iterations are not compared: below {NOTHING:g} the prediction is a few last places of"
            f" {PRICE} from the price, and no digit of its error has a meaning. Both count as 0 there:"
        )
        lines = [(str(place), *map(str, _both("error", printed, true, place))) for place in vanished]
        yield Table(("iteration", "E, listing", "E, true"), lines, ">>>")


def _parting(found: Parting | None) -> Paragraph:
    if found is None:
        return Paragraph("The two runs are the same.")
    return Paragraph(
        f"Where they part: the first number that differs is {found.name} at update {found.step}. The listing computes"
        f" {found.listing!r}, gradient descent {found.descent:.12g}. Everything before it agrees to rounding."
    )


def _side_by_side(printed: Sequence[Step], true: Sequence[Step]) -> Table:
    heading = ("iteration", "E, listing", "E, true", "w1, listing", "w1, true", "w2, listing", "w2, true")
    shown = ("error", "w1", "w2")
    lines = [
        (str(place), *(f"{number:.6g}" for name in shown for number in _both(name, printed, true, place)))
        for place in _progress(len(printed) - 1)
    ]
    return Table(heading, lines, alignment=">" * len(heading))


def _both(name: str, printed: Sequence[Step], true: Sequence[Step], place: int) -> tuple[float, float]:
    return getattr(printed[place], name), getattr(true[place], name)


def _ends(printed: Sequence[Step], true: Sequence[Step]) -> Iterator[Piece]:
    lines = [
        (name, f"{wrong:.15g}", f"{right:.15g}", f"{wrong - right:+.6g}")
        for name in ("w1", "b1", "w2", "b2")
        for wrong, right in [_both(name, printed, true, -1)]
    ]
    yield Table(("at the end", "listing", "true", "difference"), lines, alignment="<>>>")
    yield Paragraph(
        "Both end at the price, for many parameters predict 300, but at different ones. w2² - w1² - b1² is"
        f" {invariant(Step(0, 0, 0.5, 0.1, 0.4, 0.2)):.4g} at the start, and gradient descent hardly changes it:"
        f" {invariant(true[-1]):.4g} at the end; with the listing it is {invariant(printed[-1]):.4g}."
    )


def _why(network: Network, printed: Sequence[Step], true: Sequence[Step]) -> list[str]:
    return [
        _why_three_components(network),
        _why_updated_weight(network, printed[0], true[0]),
        _why_old_activation(network, printed, true),
        _why_early_prediction(printed),
        _why_behind_the_loop(),
        _why_half(network),
    ]


def _why_three_components(network: Network) -> str:
    w1, b1, w2, b2 = (f"{parameter.grad:.12g}" for parameter in network.parameters)
    return (
        "000-1: section 2 prints ∇C with three components, (∂C/∂w2, ∂C/∂w1, ∂C/∂b1), for the four unknowns"
        f" (w1, b1, w2, b2): ∂C/∂b2 = {b2} is missing, and x - α∇C would take {w2}, which belongs to w2, for ∂C/∂w1 ="
        f" {w1}; right is ({w1}, {b1}, {w2}, {b2})."
    )


def _why_updated_weight(network: Network, printed: Step, true: Step) -> str:
    longer = (printed.w1 - network.w1.data) / (true.w1 - network.w1.data) - 1
    return (
        f"000-2: the listing takes w_out for ∂z_out/∂a1 after it has updated it ({printed.w2:.12g} in place of"
        f" {network.w2.data:g}), so the first w1 is {printed.w1!r}, where {true.w1:.12g} is right: the first steps"
        f" of w1 and b1 are {longer * 100:.1f} % too long (b1 itself is within 1 % only because its step is small)."
    )


def _why_old_activation(network: Network, printed: Sequence[Step], true: Sequence[Step]) -> str:
    last = printed[-2]
    place = min(1 + EVERY, len(printed) - 1)
    return (
        f"000-3: the loop never computes d_z_out_d_w_out again: it stays the first a1 = {network.a1.data:g}, while a1"
        f" grows to {last.w1 * SIZE + last.b1:.4g}; w_out then learns too slowly, and at iteration {place} the error"
        f" is {printed[place].error:.4e}, where true gradient descent has {true[place].error:.2e}."
    )


def _why_early_prediction(printed: Sequence[Step]) -> str:
    return (
        "000-4: what an iteration prints is the prediction before its update:"
        f" 'Iteración 1' says {printed[1].prediction:.6g}, while the parameters that it leaves predict"
        f" {predicted(printed[1]):.6g}; so the final prediction, {printed[-1].prediction!r}, is that of"
        f" {len(printed) - 1} updates, and with the one before the loop {len(printed)} are made (here the last one"
        f" changes it by {predicted(printed[-1]) - printed[-1].prediction:.2g}: the error has vanished long before)."
    )


def _why_behind_the_loop() -> str:
    alone = listing(1)[-1].prediction
    return (
        "000-5: a page break took the indentation of the updates. As they stand, behind the loop, there is one in all,"
        f" and the final prediction is {alone!r}; in the loop they belong."
    )


def _why_half(network: Network) -> str:
    whole, half = mse([network.prediction], [PRICE]).data, network.error.data
    return (
        f"000-6: the listing (section 4) calls E the mean squared error, which is {whole:.12g} for this one"
        f" example: E = {half:.12g} is {half / whole:g} of it. The half is there so that the derivative is ŷ - y."
    )


def _uphill(network: Network) -> Paragraph:
    """What a step along the gradient does, and one against it (section 2), and the slope of ReLU at 0."""
    up, down = (_error_after(network, sign * RATE) for sign in (1, -1))
    kink = Value(0.0, "z")
    return Paragraph(
        "The gradient points to where E grows, so descent goes against it (section 3): a step against it takes E from"
        f" {network.error.data:.6g} to {down:.6g}, and one along it to {up:.6g}. The slope of ReLU is 1 for z1 ="
        f" {network.z1.data:g}, and at z = 0, by agreement, {grad(kink.relu(), kink).data:g}: there w1, b1 and w2"
        " would get no gradient, and only b2 would learn."
    )


def _error_after(network: Network, share: float) -> float:
    """E after so many gradients were added to the parameters."""
    moved = forward()
    for parameter, known in zip(moved.parameters, network.parameters):
        parameter.data += share * known.grad
    moved.error.refresh()
    return moved.error.data


def _layers(network: Network) -> MLP:
    """The same network as layers, with the same numbers."""
    model = MLP(1, [1, 1], "relu", "identity")
    for layer, w, b in zip(model.layers, (network.w1, network.w2), (network.b1, network.b2)):
        layer.set_weights([[w.data]], [b.data])
    return model


def _settled(steps: Sequence[Step]) -> int:
    """A round number of updates after which the error counts as 0."""
    moving = sum(step.error > NOTHING for step in steps)
    return (moving // EVERY + 1) * EVERY


def _curves(printed: Sequence[Step], true: Sequence[Step]) -> Any:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 6.5), layout="constrained")
    errors, predictions = figure.subplots(2, 1, sharex=True)
    for steps, label, style in ((printed, "the listing", "C1--"), (true, "true gradient descent", "C0-")):
        errors.plot([max(step.error, SMALLEST_ERROR) for step in steps], style, label=label)
        predictions.plot([step.prediction for step in steps], style, label=label)
    predictions.axhline(PRICE, color="black", linewidth=0.8, linestyle=":", label="target y")
    errors.set(
        yscale="log", ylabel="error E", title="Document 000: one rate, two gradients", xlim=(0, _settled(printed))
    )
    predictions.set(xlabel="updates made before (later ones change nothing)", ylabel="prediction ŷ (thousand dollars)")
    for axes in (errors, predictions):
        axes.legend()
    return figure
