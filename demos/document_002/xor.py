"""Document 002, section 4.3: XOR by gradient descent and by stochastic gradient descent.

The document's two listings (`xor_listing`) run beside the engine: the same first weights, the same order of examples,
and half of the engine's gradient, as there. The engine's networks have no derivative typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from autograd import Value, check_gradients, compile, latex, text
from autograd.comparison import Row, compare, summary
from demos.document_002 import xor_charts, xor_listing
from demos.document_002.xor_listing import (
    BATCH_HIDDEN,
    BATCH_SEED,
    RATE,
    STOCHASTIC_HIDDEN,
    STOCHASTIC_SEED,
    TRUTH_TABLE,
    Run,
    Weights,
    descend,
    descend_stochastically,
    slope_of_weighted_sum,
)
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
from nn import MLP, SGD, draw_network, plot_decision_boundary, sse

EVERY = 50
"""So many epochs lie between the compared errors of gradient descent, and twice as many between those of SGD."""

EARLY = 1000
"""The epoch after which the document says that the error is 0."""

WAVY, CALM = 750, 1000
"""Until the first of these epochs the document sees the line of SGD go up and down; after the second it is flat."""


class Epochs(NamedTuple):
    """How long both descents are."""

    batch: int
    stochastic: int


FULL = Epochs(xor_listing.BATCH_EPOCHS, xor_listing.STOCHASTIC_EPOCHS)
BRIEF = Epochs(EARLY, 500)


class Taught(NamedTuple):
    """A network of the engine that has learnt, its errors, each before its update, and their sums by epoch."""

    model: MLP
    errors: Sequence[float]
    sums: Sequence[float]

    @property
    def weights(self) -> Weights:
        """In the listing's shapes, a column for each neuron."""
        return Weights(*[layer.weights.T for layer in self.model.layers])


@demo(
    "xor",
    "002",
    "4.3",
    "XOR by gradient descent and by SGD, beside what the listings print",
    items="C106-C108",
    errata="002-5 002-9 002-10 002-11 002-12 002-13 002-14",
    cover="xor-gradient-descent-map",
)
def story(*, brief: bool) -> Iterator[Piece]:
    """The gate, gradient descent, SGD, what is wrong in the text, and the pictures."""
    epochs = BRIEF if brief else FULL
    yield from _gate()
    yield from _network()
    batch, stochastic = descent(epochs=epochs.batch), stochastic_descent(epochs.stochastic)
    yield from _batch(descend(epochs=epochs.batch), batch)
    listing = descend_stochastically(epochs=epochs.stochastic)
    yield from _stochastic(listing, stochastic)
    yield Heading("What is wrong in the document, and by how much")
    yield Items(list(_why(epochs, batch, stochastic)))
    yield Heading("Pictures")
    yield from _pictures(batch, stochastic)


def network(weights: Weights) -> MLP:
    """The listing's network: sigmoids without biases, with these weights."""
    hidden = weights.wih.shape[1]
    model = MLP(2, [hidden, 1], "sigmoid", "sigmoid", bias=False)
    for layer, numbers in zip(model.layers, weights):
        layer.set_weights(numbers.T)
    return model


def error_of(model: MLP) -> Value:
    """The sum of the squared errors of all four examples, recorded."""
    error = sse([model([a, b]) for a, b, _ in TRUTH_TABLE], [target for *_, target in TRUTH_TABLE])
    error.label = "E"
    return error


def descent(hidden: int = BATCH_HIDDEN, epochs: int = FULL.batch, rate: float = RATE / 2) -> Taught:
    """Gradient descent from the listing's first weights; half the gradient is half the rate."""
    model = network(first_weights(hidden))
    program = compile(error_of(model), model.parameters())
    errors = program.minimize(SGD(model.parameters(), lr=rate), epochs)
    return Taught(model, errors.tolist(), [])


def stochastic_descent(
    epochs: int = FULL.stochastic, hidden: int = STOCHASTIC_HIDDEN, updates_of_an_epoch: int = 4
) -> Taught:
    """SGD from the listing's first weights, with its examples in its order; half the gradient is half the rate.

    Of fewer updates than four, the examples are the last ones of each epoch.
    """
    rng = np.random.RandomState(STOCHASTIC_SEED)
    xor_listing.shuffled(rng)
    model = network(xor_listing.first_weights(rng, hidden))
    a, b, target = inputs = [Value(0.0, name) for name in ("a", "b", "y")]
    program = compile((model([a, b]) - target) ** 2, model.parameters(), inputs)
    optimizer, errors = SGD(model.parameters(), lr=RATE / 2), []
    for _ in range(epochs):
        for example in np.hstack(xor_listing.shuffled(rng))[-updates_of_an_epoch:]:
            errors.append(float(program.run(example)))
            optimizer.update(program.parameters, program.gradient)
    program.sync()
    ends = range(updates_of_an_epoch, len(errors) + 1, updates_of_an_epoch)
    return Taught(model, errors, [sum(errors[end - updates_of_an_epoch : end]) for end in ends])


def first_weights(hidden: int = BATCH_HIDDEN) -> Weights:
    """Those of the first listing."""
    return xor_listing.first_weights(np.random.RandomState(BATCH_SEED), hidden)


def first_update(slope: xor_listing.Slope = xor_listing.sigmoidderiv) -> Weights:
    """What the first listing takes off its weights first, before its rate."""
    weights = first_weights()
    x, y = xor_listing.split(np.array(TRUTH_TABLE, float))
    return xor_listing.update(x, y, *xor_listing.forward(x, weights), weights, slope)


def half_gradient(model: MLP) -> Weights:
    """Half of what was differentiated of an error, in the listing's shapes."""
    return Weights(*[layer.weight_gradients.T / 2 for layer in model.layers])


def compared(printed: Sequence[float], computed: Sequence[float]) -> list[Row]:
    """What the first listing prints beside the engine's, every so many epochs."""
    places = [0, *range(EVERY - 1, len(printed), EVERY)]
    return [row for place in places for row in compare(f"epoch {place + 1}", str(printed[place]), computed[place])]


def compared_examples(printed: Sequence[float], computed: Sequence[float]) -> list[Row]:
    """What the second listing prints beside the engine's: the errors of the four examples of an epoch, as learnt.

    Its error is an array of shape (1, 1), of which `print` shows eight digits.
    """
    examples = len(TRUTH_TABLE)
    epochs = len(printed) // examples
    return [
        row
        for epoch in [1, *range(2 * EVERY, epochs + 1, 2 * EVERY)]
        for place in range(examples)
        for number in [(epoch - 1) * examples + place]
        for row in compare(f"epoch {epoch}, example {place + 1}", _shown(printed[number]), computed[number])
    ]


def _shown(error: float) -> str:
    """What `print` shows of an array of one number, without its brackets."""
    return str(np.array([[error]])).strip("[]")


def compared_weights(printed: Weights, computed: Weights) -> list[Row]:
    """All weights at the end."""
    return [
        row
        for name, ours, theirs in zip(Weights._fields, printed, computed)
        for row in compare(name, ours.astype(str), theirs)
    ]


def rises(sums: Sequence[float], first: int, end: int) -> int:
    """How often the sum of an epoch is larger than that of the one before it, from epoch `first` to `end`."""
    return sum(after > before for before, after in pairwise(sums[first:end]))


def _gate() -> Iterator[Piece]:
    yield Paragraph(
        "The gate XOR says 1 where exactly one of its inputs is 1 (figure 73). It is OR without AND: two lines in"
        " the plane of the inputs part its examples, and one line does not. So a hidden layer is needed, whose neurons"
        " draw lines: not those of OR and AND, for without a bias each goes through (0, 0)."
    )
    lines = [(f"{a}", f"{b}", f"{a | b}", f"{a & b}", f"{a ^ b}", f"{wanted}") for a, b, wanted in TRUTH_TABLE]
    yield Table(("A", "B", "A or B", "A and B", "A xor B", "taught"), lines, ">>>>>>")


def _network() -> Iterator[Piece]:
    """The network, its error, and the first update of the listing beside half of the engine's gradient."""
    model = network(first_weights())
    yield Paragraph(
        f"The listings have two layers of sigmoids and no bias, weights from 0 to 1 at first, and the rate {RATE:g}."
        " As they stand they do not run. Three things are put right: sigmoid and sigmoidderiv, which are not defined"
        " (002-12), the indentation of the update of SGD (002-13), and float(error), an array of the shape (1, 1),"
        " which NumPy now refuses (002-9). What they print is the sum of squared errors; their update is half of its"
        " gradient, as is shown below, and so"
        f" the engine takes the rate {RATE / 2:g}. One of its four terms, (1, 0) → 1:"
    )
    term = _term(model)
    yield Formula(latex(term), text(term))
    yield Paragraph("Why its derivative for the first weight has its value, as the engine tells it:")
    yield Output(repr(term.explain(model.layers[0].neurons[0].w[0])))
    yield from _first_update()


def _term(model: MLP) -> Value:
    """The squared error of (1, 0), in which weights and activations are named as in the listing."""
    hidden, output = model.layers
    a1, a2 = model.outputs([1, 0])
    term: Value = (a2 - 1) ** 2
    a2.label, term.label = "a2", "e"
    for j, (neuron, a, who) in enumerate(zip(hidden.neurons, a1, output.neurons[0].w), start=1):
        a.label, who.label = f"a1_{j}", f"who_{j}"
        for i, wih in enumerate(neuron.w, start=1):
            wih.label = f"wih_{i}{j}"
    return term


def _first_update() -> Iterator[Piece]:
    model = network(first_weights())
    error = error_of(model)
    error.backward()
    check = check_gradients(error, model.parameters()).raise_if_failed()
    yield Paragraph("The listing's first update of all weights beside half of the engine's gradient:")
    rows = compared_weights(first_update(), half_gradient(model))
    yield Numbers(rows, Kind.EVALUATED, "half the engine's gradient")
    yield Paragraph(
        f"Who checks the engine? A complex step through the error itself, without a rule of derivation: {check!r}."
    )


def _batch(listing: Run, engine: Taught) -> Iterator[Piece]:
    rows = compared(listing.errors, engine.errors)
    yield Heading("Gradient descent: all four examples in each update (figure 74)")
    yield Paragraph(
        f"Seed {BATCH_SEED}, {BATCH_HIDDEN} hidden neurons, {len(listing.errors)} epochs. The listing prints an error"
        f" in each epoch, before its update; here is every {EVERY}th beside the engine's, which is compiled to a loop"
        " on floats:"
    )
    yield Numbers(rows, Kind.LISTED)
    yield Paragraph(f"{summary(rows, 'listing')} The weights at the end, which it does not print:")
    yield Numbers(compared_weights(listing.weights, engine.weights), Kind.EVALUATED)
    yield Paragraph("What the neurons say then:")
    yield _answers(engine.model)


def _stochastic(listing: Run, engine: Taught) -> Iterator[Piece]:
    rows = compared_examples(listing.errors, engine.errors)
    yield Heading("SGD: one example in each update (figures 75 and 76)")
    yield Paragraph(
        f"Seed {STOCHASTIC_SEED}, {STOCHASTIC_HIDDEN} hidden neurons, {len(listing.sums)} epochs of four updates, in an"
        " order that is shuffled in each. The figures show the sum of the four errors of an epoch; the listing prints"
        " each. The engine's graph is that of one example, into which the examples are fed:"
    )
    yield Numbers(rows, Kind.LISTED)
    yield Paragraph(f"{summary(rows, 'listing')} The weights at the end, which it does not print:")
    yield Numbers(compared_weights(listing.weights, engine.weights), Kind.EVALUATED)
    yield Paragraph("What the neurons say then:")
    yield _answers(engine.model)
    yield _waves(engine.sums)


def _answers(model: MLP) -> Table:
    """What each neuron says of each example."""
    lines = []
    for a, b, _ in TRUTH_TABLE:
        hidden, output = model.outputs([a, b])
        lines.append([f"{a}", f"{b}", *(f"{neuron:.3f}" for neuron in hidden), f"{output:.3f}"])
    names = [f"h{place}" for place in range(1, len(hidden) + 1)]
    return Table(("A", "B", *names, "ŷ"), lines, ">" * (3 + len(names)))


def _waves(sums: Sequence[float]) -> Paragraph:
    """How often the line rises in each of its parts, as far as it goes."""
    ends = [end for end in (WAVY, CALM) if end < len(sums)] + [len(sums)]
    counts = [rises(sums, max(start - 1, 0), end) for start, end in zip([0, *ends], ends)]
    told = ", ".join(f"{count} times until epoch {end}" for count, end in zip(counts, ends))
    return Paragraph(
        f"Until epoch {WAVY} the line goes up and down, says the document. From one epoch to the next it rises {told}."
        f" {_why_calm(counts) if len(sums) > CALM else _cut(len(sums))}"
    )


def _why_calm(counts: Sequence[int]) -> str:
    if counts[-1]:
        return "So it does not become flat."
    return (
        "An update that suits one example may undo a little of what another has taught. Gradient descent sees all four"
        " at once."
    )


def _cut(epochs: int) -> str:
    """What is said where too few epochs were run to say more."""
    return f"What comes later is not seen here: of {FULL.stochastic} epochs {epochs} were run."


def _why(epochs: Epochs, batch: Taught, stochastic: Taught) -> Iterator[str]:
    wide = descent(STOCHASTIC_HIDDEN, epochs.batch)
    yield _why_whole(epochs, batch)
    yield _why_hidden(batch, wide)
    yield _why_not_zero(epochs, batch, wide)
    yield _why_slope(epochs, batch, wide, stochastic)
    yield _why_indented(epochs, stochastic)
    yield _why_sums(stochastic)


def _why_whole(epochs: Epochs, batch: Taught) -> str:
    whole = descent(epochs=epochs.batch, rate=RATE)
    return (
        f"002-5: with the whole gradient, as in section 3.5, the last error of {epochs.batch} epochs is"
        f" {whole.errors[-1]:.9g} and not {batch.errors[-1]:.9g}."
    )


def _why_hidden(batch: Taught, wide: Taught) -> str:
    return (
        f"002-10: the text says {STOCHASTIC_HIDDEN} hidden neurons for both; the listing of gradient descent has"
        f" {BATCH_HIDDEN}. In epoch {EARLY} the error is {batch.errors[EARLY - 1]:.9g} with {BATCH_HIDDEN} and"
        f" {wide.errors[EARLY - 1]:.9g} with {STOCHASTIC_HIDDEN}."
    )


def _why_not_zero(epochs: Epochs, batch: Taught, wide: Taught) -> str:
    later = f", nor after {epochs.batch}" if epochs.batch > EARLY else ""
    return (
        f"002-11: 'after {EARLY} epochs the error gets to 0' holds for neither{later}: it is then"
        f" {batch.errors[-1]:.6g} and {wide.errors[-1]:.6g}. No sigmoid gives 0 or 1, so it never will be."
    )


def _why_slope(epochs: Epochs, batch: Taught, wide: Taught, stochastic: Taught) -> str:
    other = [
        descend(hidden=hidden, epochs=EARLY, slope=slope_of_weighted_sum).errors[-1]
        for hidden in (BATCH_HIDDEN, STOCHASTIC_HIDDEN)
    ]
    single = descend_stochastically(epochs=epochs.stochastic, slope=slope_of_weighted_sum).sums[-1]
    pairs = [*zip(other, (batch.errors[EARLY - 1], wide.errors[EARLY - 1])), (single, stochastic.sums[-1])]
    first, second, third = (f"{after:.3g} in place of {before:.3g}" for after, before in pairs)
    return (
        "002-12: sigmoid and sigmoidderiv are not defined in the listing. It gives sigmoidderiv the activation a, so it"
        " has to be a(1 - a), with which the update is half the gradient, as above. Were it σ'(z) with z = a, the error"
        f" in epoch {EARLY} would be {first} with {BATCH_HIDDEN} neurons, {second} with {STOCHASTIC_HIDDEN}, and the"
        f" sum of SGD in epoch {epochs.stochastic} {third}."
    )


def _why_indented(epochs: Epochs, stochastic: Taught) -> str:
    sums = descend_stochastically(epochs=epochs.stochastic, updates_of_an_epoch=1).sums
    return (
        "002-13: in the text of the annex the backward block stands behind the loop over the examples, so only the last"
        f" one of each epoch is learnt. The number of epoch {epochs.stochastic} is then {sums[-1]:.9g}, where with four"
        f" updates it is {stochastic.sums[-1]:.9g}. {_why_not_flat(sums) if len(sums) > CALM else _cut(len(sums))}"
    )


def _why_not_flat(sums: Sequence[float]) -> str:
    count = rises(sums, CALM - 1, len(sums))
    told = "The line does not become flat then, as it does in figure 75" if count else "It becomes flat all the same"
    return f"{told}: after epoch {CALM} it rises {count} times."


def _why_sums(stochastic: Taught) -> str:
    model, counted = stochastic.model, stochastic.sums[-1]
    return (
        "002-14: the two lines do not measure the same. Gradient descent has the error of one set of weights; what SGD"
        f" sums is measured while the weights change: {counted:.9g} in the last epoch, where the weights that it leaves"
        f" have {error_of(model).data:.9g}."
    )


def _pictures(batch: Taught, stochastic: Taught) -> list[Piece]:
    start, early = network(first_weights()), stochastic.sums[:CALM]
    return [
        Chart("xor-gate", "figure 73, the gate, and its four points", xor_charts.gate),
        Chart(
            "xor-gradient-descent",
            f"figure 74, {len(batch.errors)} epochs of gradient descent",
            lambda: xor_charts.errors(batch.errors),
        ),
        Chart("xor-sgd", f"figure 75, {len(stochastic.sums)} epochs of SGD", lambda: xor_charts.sums(stochastic.sums)),
        Chart("xor-sgd-zoom", f"figure 76, its first {len(early)} epochs", lambda: xor_charts.sums(early)),
        *_networks("xor-gradient-descent", "gradient descent", batch.model),
        *_networks("xor-sgd", "SGD", stochastic.model),
        Explorer("xor-explorer", "the network 2-3-1 at its start, and teach it", error_of(start), _explored(start)),
    ]


def _networks(name: str, what: str, model: MLP) -> Iterator[Piece]:
    """The network and what it says of each point of the plane."""
    x, y = xor_listing.split(np.array(TRUTH_TABLE))
    yield Diagram(f"{name}-network", f"the network that {what} leaves", draw_network(model, input_names=["A", "B"]))
    yield Chart(
        f"{name}-map",
        f"what that of {what} says of each point",
        lambda: plot_decision_boundary(model, x, y.ravel(), margin=0.5, labels=("A", "B"), class_names=["0", "1"]),
    )


def _explored(model: MLP) -> dict[str, Any]:
    return {"lr": RATE / 2, "parameters": model}
