"""Document 002, section 3.8: dropout, L1 and L2, initializers, standardized inputs, the learning rate, the bias.

The document gives formulas and no data; the sets of this story are ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd import Value, grad, hessian, latex, text
from demos.document_002.lines import Line, draw_lines
from demos.document_002.valley import rises
from demos.layout import percent
from demos.pieces import Chart, Diagram, Formula, Heading, Items, Output, Paragraph, Piece, Table
from demos.story import demo
from nn import (
    INITIALIZERS,
    L1,
    L2,
    MLP,
    SGD,
    Adam,
    Cosine,
    Dropout,
    Layer,
    Neuron,
    Part,
    Regularizer,
    Sequential,
    Split,
    Standardization,
    draw_network,
    evaluate,
    fit,
    mse,
    split,
)
from nn.figures import blank, dressed

Array = NDArray[np.float64]

TRUE = (2.0, -1.5, 0.8, 0.0, 0.0, 0.0, 0.0, 0.0)
"""What the inputs do to the target: five of the eight have nothing to do with it."""

RELEVANT = 3
NOISE = 1.0
SEED = 9
OTHERS = (0, 1, 2, 3, 4, 5)
"""Of data sets: the one that is shown whole was chosen for its clear paths, the others are the first ones."""

STRENGTHS = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
"""λ, by trial."""

EPOCHS = 500
"""Of a full run."""

ZERO = 1e-3
"""A weight that is nearer to 0 counts as 0: gradient descent meets |w|'s corner only in smaller and smaller steps."""

NEW = 1000
"""So many new examples measure what dropout does."""

DROPPED = 0.4
PASSES = 4

FANS = (64, 16)
"""Inputs and neurons of a layer whose weights are drawn."""

LAYERS_DEEP, WIDTH = 10, 16


class Shrunk(NamedTuple):
    """A linear neuron that learnt with a penalty: λ, weights and bias, errors on validation data and on the test."""

    strength: float
    weights: Array
    bias: float
    validation: float
    test: float

    @property
    def zeros(self) -> int:
        """How many of its weights count as 0."""
        return int(np.sum(np.abs(self.weights) < ZERO))

    @property
    def expected(self) -> float:
        """The error to be expected of new examples: known, for the inputs are made, with mean 0 and variance 1."""
        return float(NOISE**2 + np.sum((self.weights - np.array(TRUE)) ** 2) + self.bias**2)


@demo(
    "regularization",
    "002",
    "3.8",
    "dropout, L1 and L2, initial weights, standardized inputs, the bias",
    items="C81-C88",
    errata="002-24",
)
def story(*, brief: bool) -> Iterator[Piece]:
    """One remedy after the other, each on the smallest example that shows it."""
    yield from _penalties()
    yield from _paths(60 if brief else EPOCHS)
    yield from _other_seeds(OTHERS[:1] if brief else OTHERS, 30 if brief else 150)
    yield from _dropout(200 if brief else 5000)
    yield from _initializers()
    yield from _standardized()
    yield from _bias()


# ---- L1 and L2


def _penalties() -> Iterator[Piece]:
    yield Heading("L1 and L2")
    yield Paragraph("Both add to the loss what large weights cost; here for a neuron with w = (2, -0.1), and λ = 0.1.")
    neuron = Neuron(2, "identity", bias=False)
    for weight, number in zip(neuron.w, (2.0, -0.1)):
        weight.data = number
    for index, weight in enumerate(neuron.w, start=1):
        weight.label = f"w{index}"
    yield Formula("L1 = LOSS + \\lambda \\sum |w|", "L1 = LOSS + λ · Σ |w|")
    yield Formula("L2 = LOSS + \\lambda \\sum w^2", "L2 = LOSS + λ · Σ w²")
    yield Paragraph("What they add, as recorded:")
    for penalty in (L1(0.1)(neuron), L2(0.1)(neuron)):
        yield Formula(latex(penalty), text(penalty))
    pulls = {kind.__name__: _pulled(kind(0.1)(neuron), neuron.w) for kind in (L1, L2)}
    yield Table(
        ("", "penalty", "its derivative by w1 = 2", "by w2 = -0.1"),
        [(name, *(f"{number:g}" for number in pull)) for name, pull in pulls.items()],
        "<>>>",
    )
    one, two = (abs(large / small) for _, large, small in pulls.values())
    yield Paragraph(
        "A step goes against the derivative. L1 draws every weight towards 0 with the same force λ, however small it"
        f" is, and so can take it to 0: the forces on w1 and w2 are as {one:g} : 1. L2 draws with 2λw, which gets"
        f" weaker on the way: here they are as {two:g} : 1."
    )


def _pulled(penalty: Value, weights: Sequence[Value]) -> tuple[float, ...]:
    """The penalty, and its derivative by each weight."""
    return penalty.data, *(slope.data for slope in grad(penalty, weights))


@cache
def data(seed: int = SEED) -> Split:
    """90 examples: 30 to learn from, 30 for validation, 30 for the test."""
    return split(*drawn(90, seed), validation=1 / 3, test=1 / 3, seed=seed)


def drawn(count: int, seed: int) -> Part:
    """So many examples of eight inputs, of which three matter."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(count, len(TRUE)))
    return Part(X, X @ np.array(TRUE) + rng.normal(0.0, NOISE, count))


def shrunk(kind: Callable[[float], Regularizer], strength: float, epochs: int, seed: int = SEED) -> Shrunk:
    """A linear neuron that learns the training part with the penalty; its rate falls to 0."""
    parts = data(seed)
    model = MLP(len(TRUE), [1], seed=SEED)
    fit(
        model,
        *parts.train,
        loss="mse",
        optimizer=SGD(model.parameters(), lr=Cosine(0.1, steps=epochs)),
        epochs=epochs,
        batch_size=None,
        regularizer=kind(strength),
    )
    validation, test = (evaluate(model, *part, loss="mse")["loss"] for part in (parts.validation, parts.test))
    (weights,), (bias,) = model.layers[0].weights.copy(), model.layers[0].biases.tolist()
    return Shrunk(strength, weights, bias, validation, test)


def both(epochs: int, seed: int = SEED) -> dict[str, list[Shrunk]]:
    """The neuron that learnt with each λ of L1, and of L2; with λ = 0 it is the same one."""
    without, *strengths = STRENGTHS
    first = shrunk(L1, without, epochs, seed)
    return {
        kind.__name__: [first, *(shrunk(kind, strength, epochs, seed) for strength in strengths)] for kind in (L1, L2)
    }


def _paths(epochs: int) -> Iterator[Piece]:
    runs = both(epochs)
    yield Heading("Which weights go to zero")
    yield Paragraph(
        f"A linear neuron with {len(TRUE)} inputs, of which only the first {RELEVANT} matter: y = 2·x1 - 1.5·x2 +"
        f" 0.8·x3 and noise. {len(data().train.X)} examples to learn from, and as many for validation and test. λ is"
        " found by trial, as the document says; the best is the one with the smallest error on the validation data."
        f" The last column needs no examples: the noise has variance {NOISE**2:g}, and the weights that made the data"
        " are known, which gives the error to be expected of new ones. 'zero' counts the weights that are less than"
        f" {ZERO:g} from 0. The seed of the data was chosen for its clear paths, and other seeds come below. Here are"
        f" {epochs} epochs:"
    )
    for name, shrunken in runs.items():
        yield Heading(f"With {name}")
        yield _strength_table(shrunken)
    yield Items([_told_path(name, shrunken) for name, shrunken in runs.items()])
    yield Items([_why_selection(runs["L1"], runs["L2"])])
    yield Chart("regularization-paths", "the weights over λ, for L1 and L2", lambda: _paths_chart(runs))


def _strength_table(runs: Sequence[Shrunk]) -> Table:
    lines = [
        (
            f"{run.strength:g}",
            *(f"{round(weight, 2) + 0.0:.2f}" for weight in run.weights),
            str(run.zeros),
            f"{run.validation:.3f}",
            f"{run.test:.3f}",
            f"{run.expected:.3f}",
        )
        for run in runs
    ]
    names = [f"w{place}" for place in range(1, 1 + len(TRUE))]
    return Table(("λ", *names, "zero", "valid.", "test", "expected"), lines, ">" * (len(TRUE) + 5))


def _best(runs: Sequence[Shrunk]) -> Shrunk:
    return min(runs, key=lambda run: run.validation)


def _told_path(name: str, runs: Sequence[Shrunk]) -> str:
    best, without = _best(runs), runs[0]
    seen, true = best.test / without.test - 1, best.expected / without.expected - 1
    misled = (
        "" if seen * true >= 0 else f". So few test examples, {len(data().test.X)}, misjudge by chance what it does"
    )
    return (
        f"{name}: the validation data choose λ = {best.strength:g}; the error on the test is then {best.test:.3f}, and"
        f" it is {without.test:.3f} without a penalty ({percent(seen, '+.1%')}). To be expected is"
        f" {best.expected:.3f} in place of {without.expected:.3f} ({percent(true, '+.1%')}){misled}. The {RELEVANT}"
        f" weights that matter keep on average {percent(_kept(best, without))} of the size that they have without it."
    )


def _kept(run: Shrunk, without: Shrunk) -> float:
    """The mean share of the weights that matter that a penalty leaves."""
    return float(np.mean(np.abs(run.weights[:RELEVANT] / without.weights[:RELEVANT])))


def _why_selection(ones: Sequence[Shrunk], squares: Sequence[Shrunk]) -> str:
    best = _best(ones)
    zero = [f"w{place}" for place, weight in enumerate(best.weights, start=1) if abs(weight) < ZERO]
    most = max(run.zeros for run in squares)
    verdict = "Here it is L1 that does" if len(zero) > most else "These runs do not tell the two apart"
    return (
        f"002-24: the document says of both that a model then selects its variables. {verdict}: with its best λ"
        f" {len(zero)} weights are 0 ({', '.join(zero) or 'none'}), while with L2 {most or 'none'} of the weights"
        f" {'is' if most == 1 else 'are'} 0 with any λ up to {STRENGTHS[-1]:g}. {_how_l2_shrinks(squares)}"
    )


def _how_l2_shrinks(runs: Sequence[Shrunk]) -> str:
    sizes = np.abs([run.weights for run in runs])
    growing = [f"w{place}" for place, ways in enumerate(np.diff(sizes, axis=0).T, start=1) if (ways > ZERO).any()]
    total = ", ".join(f"{size:.3g}" for size in np.linalg.norm(sizes, axis=1))
    return (
        f"From λ to λ the length of all its weights is {total}; weights that at some λ are larger than at the one"
        f" before: {', '.join(growing) or 'none'}."
    )


def _paths_chart(runs: dict[str, list[Shrunk]]) -> Any:
    figure = blank(7.6, 3.8)
    for place, (name, shrunken) in enumerate(runs.items(), start=1):
        axes = dressed(figure.add_subplot(1, 2, place), "λ", "weight" if place == 1 else "", name)
        penalized = shrunken[1:]  # λ = 0 has no place on a logarithmic axis
        lines = [
            Line(f"w{number + 1}", [run.strength for run in penalized], [run.weights[number] for run in penalized])
            for number in range(RELEVANT)
        ]
        for number in range(RELEVANT, len(TRUE)):
            axes.plot(
                [run.strength for run in penalized],
                [run.weights[number] for run in penalized],
                color="#7a7265",
                linewidth=0.9,
                label="inputs that do not matter" if number == RELEVANT else None,
            )
        draw_lines(axes, lines, 3.0, x_log=True)
        axes.set_ylim(-1.9, 3.2)
        axes.legend(loc="upper right", frameon=False, fontsize=8)
    return figure


def _other_seeds(seeds: Sequence[int], epochs: int) -> Iterator[Piece]:
    yield Heading("The same with other data")
    yield Paragraph(
        f"One data set proves little. Data of other seeds ({', '.join(map(str, seeds))}), with {epochs} epochs; each"
        " penalty has the λ that its validation data choose, and the error is the one to be expected:"
    )
    found = {seed: both(epochs, seed) for seed in seeds}
    yield Table(
        ("seed", "without", "λ of L1", "error with L1", "λ of L2", "error with L2"),
        [_seed_line(seed, runs) for seed, runs in found.items()],
        ">" * 6,
    )
    yield Items([_told_seeds(name, [runs[name] for runs in found.values()]) for name in ("L1", "L2")])


def _seed_line(seed: int, runs: dict[str, list[Shrunk]]) -> tuple[str, ...]:
    cells = [(f"{best.strength:g}", f"{best.expected:.3f}") for best in map(_best, runs.values())]
    return str(seed), f"{runs['L1'][0].expected:.3f}", *cells[0], *cells[1]


def _told_seeds(name: str, sets: Sequence[Sequence[Shrunk]]) -> str:
    """In how many data sets a penalty helps and harms, and in how many it is not chosen."""
    changes = np.array([_best(runs).expected - runs[0].expected for runs in sets])
    lower, higher = int((changes < 0).sum()), int((changes > 0).sum())
    return (
        f"{name} lowers the error in {lower} of {len(sets)} data sets, raises it in {higher}, and is not chosen in"
        f" {len(sets) - lower - higher}; the mean change is {changes.mean():+.3f}."
    )


# ---- dropout


def _dropout(draws: int) -> Iterator[Piece]:
    dropout = Dropout(DROPPED, seed=SEED).train()
    hidden = [Value(number, f"h{place}") for place, number in enumerate((0.5, 1.0, -1.0, 2.0, 0.8, -0.3), start=1)]
    yield Heading("Dropout")
    yield Paragraph(
        f"While a network is trained, Dropout({DROPPED:g}) turns each neuron of a layer off with the probability"
        f" {DROPPED:g}, drawn anew in each pass, so that none can rely on another. What goes on to the next layer in"
        f" {PASSES} passes, and when it predicts:"
    )
    lines = [(f"pass {place}", *(f"{h.data + 0.0:.3g}" for h in dropout(hidden))) for place in range(1, PASSES + 1)]
    predicting = ("predicting", *(f"{h.data:.3g}" for h in dropout.eval()(hidden)))
    yield Table(("", *(h.label for h in hidden)), [*lines, predicting], "<" + ">" * len(hidden))
    yield Items([_why_scaled(draws), _why_no_gradient()])
    yield from _dropout_learns(*((30, OTHERS[:1]) if draws < 1000 else (400, OTHERS[:3])))


def _why_scaled(draws: int) -> str:
    factors = np.array(Dropout(DROPPED, seed=SEED).factors(draws))
    return (
        "002-24: what is kept has to be enlarged by 1/(1 - p), which the document leaves out. Over"
        f" {draws:,} draws the mean factor is {factors.mean():.3f}, so that on average the next layer gets the same"
        f" sums as when all neurons are on; without the enlargement it would be {np.mean(factors > 0):.3f}. And neurons"
        " are drawn for each pass, not for each epoch."
    )


def _why_no_gradient() -> str:
    x = Value(1.5, "x")
    dropout = Dropout(DROPPED, seed=SEED).train()
    slopes = [grad(dropout(x), x).data for _ in range(6)]
    shown = " ".join(f"{slope:.3g}" for slope in slopes)
    return f"A neuron that is off learns nothing in that pass; ∂(dropout(x))/∂x in six passes is {shown}."


def _dropout_learns(epochs: int, seeds: Sequence[int]) -> Iterator[Piece]:
    yield Paragraph(
        f"{len(data().train.X)} examples, and a network {len(TRUE)}-16-1, which has more parameters than that, with and"
        f" without dropout in its hidden layer, after {epochs} epochs of Adam. As {len(data().test.X)} examples may"
        f" misjudge, it is measured on {NEW:,} new ones, and for data of several seeds:"
    )
    found = {seed: [_dropped(p, epochs, seed) for p in (0.0, DROPPED)] for seed in (SEED, *seeds)}
    dropping = f"Dropout({DROPPED:g})"
    yield Table(
        ("seed", "all neurons: error, taught", "of new", f"{dropping}: error, taught", "of new"),
        [(str(seed), *(f"{error:.3f}" for pair in pairs for error in pair)) for seed, pairs in found.items()],
        ">" * 5,
    )
    yield Paragraph(_told_dropout(np.array(list(found.values()))))


def _told_dropout(errors: Array) -> str:
    """Errors by data set, dropout, and taught or new: for how many seeds dropout changes the errors which way."""
    larger, smaller = errors[:, 1, 0] > errors[:, 0, 0], errors[:, 1, 1] < errors[:, 0, 1]
    return (
        f"With dropout the error is larger on what was learnt from in {larger.sum()} of {len(errors)} data sets, and"
        f" smaller on new examples in {smaller.sum()}."
    )


def _dropped(p: float, epochs: int, seed: int) -> tuple[float, float]:
    """The errors of a network with that dropout, on the data that taught it and on new ones."""
    train = data(seed).train
    model = Sequential(
        Layer(len(TRUE), 16, "tanh", seed=SEED, initializer="xavier_uniform"),
        Dropout(p, seed=SEED),
        Layer(16, 1, "identity", seed=SEED, initializer="xavier_uniform"),
    )
    optimizer = Adam(model.parameters(), lr=0.02)
    fit(model, *train, loss="mse", optimizer=optimizer, epochs=epochs, batch_size=None, seed=SEED)
    taught, new = (evaluate(model, *part, loss="mse")["loss"] for part in (train, drawn(NEW, NEW + seed)))
    return taught, new


# ---- initial weights


def _initializers() -> Iterator[Piece]:
    inputs, neurons = FANS
    yield Heading("Initial weights")
    yield Paragraph(
        f"The document names He, Xavier and Xavier-Glorot. A layer of {neurons} neurons with {inputs} inputs, drawn by"
        f" each; and how large the numbers still are after {LAYERS_DEEP} layers of {WIDTH} neurons, which began at"
        " about 1:"
    )
    yield Table(
        ("initializer", "variance", "by its formula", "after ten ReLU", "after ten tanh"),
        [_initializer_line(name, formula) for name, formula in VARIANCES.items()],
        "<>>>>",
    )
    yield Items([_why_one_xavier(), _how_draws_vary()])


def _why_one_xavier() -> str:
    same = INITIALIZERS["xavier_uniform"] is INITIALIZERS["glorot_uniform"]
    return (
        "002-24: Xavier and Xavier-Glorot are one initializer, of Xavier Glorot and Yoshua Bengio (2010), and the"
        f" engine {'has one function for both names' if same else 'draws them apart'}. He's is for ReLU, which sets"
        f" about half of its inputs to 0; its variance is {_he_by_xavier(*FANS):g} times Xavier's for this layer, and"
        f" {_he_by_xavier(WIDTH, WIDTH):g} times where a layer has as many neurons as inputs. Xavier's is for tanh."
    )


def _he_by_xavier(inputs: int, neurons: int) -> float:
    """The variance of He's weights by that of Xavier's, 2/inputs by 2/(inputs + neurons)."""
    return (inputs + neurons) / inputs


def _how_draws_vary() -> str:
    told = [
        f"{name} with {activation} {min(sizes):.2g} to {max(sizes):.2g}"
        for name, activation in (("he_normal", "relu"), ("he_uniform", "relu"), ("xavier_uniform", "tanh"))
        for sizes in [[size_after(name, activation, seed) for seed in OTHERS]]
    ]
    return (
        f"One draw, as in the table, says little of so narrow layers. After {LAYERS_DEEP} of them, from"
        f" {len(OTHERS)} other seeds: {', '.join(told)}."
    )


VARIANCES: dict[str, tuple[str, float]] = {
    "uniform": ("1/3", 1 / 3),
    "xavier_uniform": ("2/(64 + 16)", 2 / (FANS[0] + FANS[1])),
    "glorot_uniform": ("2/(64 + 16)", 2 / (FANS[0] + FANS[1])),
    "he_uniform": ("2/64", 2 / FANS[0]),
    "he_normal": ("2/64", 2 / FANS[0]),
}


def _initializer_line(name: str, formula: tuple[str, float]) -> tuple[str, ...]:
    inputs, neurons = FANS
    layer = Layer(inputs, neurons, seed=SEED, initializer=name)
    sizes = (f"{size_after(name, activation):.2g}" for activation in ("relu", "tanh"))
    return name, f"{layer.weights.var():.4f}", f"{formula[0]} = {formula[1]:.4f}", *sizes


def size_after(initializer: str, activation: str, seed: int = SEED) -> float:
    """The root mean square of what ten layers make of numbers of that size 1."""
    rng = np.random.default_rng(seed)
    model = MLP(WIDTH, [WIDTH] * LAYERS_DEEP, activation, activation, seed=rng, initializer=initializer)
    outputs = [[y.data for y in model(tuple(x))] for x in rng.normal(size=(4, WIDTH)).tolist()]
    return float(np.sqrt(np.mean(np.square(outputs))))


# ---- standardized inputs, and the rate


def _standardized() -> Iterator[Piece]:
    yield Heading("Standardized inputs, and the learning rate")
    yield Paragraph(
        "The larger the inputs, the larger the gradient, and the smaller the rate has to be, says the document. A"
        " linear neuron on inputs of different ranges; a rate is stable below 2 / λmax, where λmax is the largest"
        " curvature of the loss:"
    )
    yield Table(
        ("inputs", "largest |∂J/∂w| at w = 0", "λmax", "λmax / λmin", "largest stable rate"),
        [_range_line(name, X) for name, X in _ranges().items()],
        "<>>>>",
    )
    raw = _ranges()["from 0 to 100"]
    standard = Standardization(raw)
    yield Output(repr(standard))
    saturated = [float(np.mean([_slope(x.sum()) for x in X])) for X in (raw, standard(raw))]
    yield Paragraph(
        "And a sigmoid is not driven into its flat tails: the mean of σ'(x1 + x2) over these inputs is"
        f" {saturated[0]:.2g} as they are, and {saturated[1]:.2g} when they are standardized."
    )
    yield Paragraph(
        "For inputs between 0 and 1 the document begins with 0.1 or 0.01 and tries on. A network 2-4-1 of sigmoids on"
        " the inputs from 0 to 1, 200 epochs:"
    )
    yield Table(
        ("rate", "loss at first", "after 200 epochs", "epochs in which it rose"),
        [_rate_line(rate) for rate in RATES],
        ">>>>",
    )


RATES = ("0.01", "0.1", "1", "10", "100")
"""As they are tried; the first two are the document's."""


@cache
def _ranges() -> dict[str, Array]:
    unit = np.random.default_rng(SEED).uniform(size=(20, 2))
    hundred = 100 * unit
    return {"from 0 to 1": unit, "from 0 to 100": hundred, "standardized": Standardization(hundred)(hundred)}


def curvature(X: Array) -> tuple[float, Array]:
    """The largest derivative of the loss of a linear neuron at 0, and the eigenvalues of its Hessian."""
    unit = _ranges()["from 0 to 1"]
    targets = (unit[:, 0] - unit[:, 1]).tolist()
    neuron = Neuron(X.shape[1], "identity")
    for parameter in neuron.parameters():
        parameter.data = 0.0
    J = mse([neuron(tuple(x)) for x in X.tolist()], targets)
    slopes = [abs(slope.data) for slope in grad(J, neuron.parameters())]
    rows = [[entry.data for entry in row] for row in hessian(J, neuron.parameters())]
    return max(slopes), np.linalg.eigvalsh(np.array(rows))


def _range_line(name: str, X: Array) -> tuple[str, ...]:
    steepest, spread = curvature(X)
    return (
        name,
        f"{steepest:.3g}",
        f"{spread[-1]:.4g}",
        f"{spread[-1] / spread[0]:,.4g}",
        f"{2 / spread[-1]:.2g}",
    )


def _slope(z: float) -> float:
    x = Value(z)
    return grad(x.sigmoid(), x).data


def _rate_line(rate: str) -> tuple[str, ...]:
    X = _ranges()["from 0 to 1"]
    model = MLP(2, [4, 1], "sigmoid", "sigmoid", seed=SEED)
    optimizer = SGD(model.parameters(), lr=float(rate))
    losses = fit(
        model, X, (X[:, 0] > X[:, 1]).astype(float), loss="mse", optimizer=optimizer, epochs=200, batch_size=None
    )["loss"]
    return rate, f"{losses[0]:.4f}", f"{losses[-1]:.4f}", str(rises(losses))


# ---- bias


START = (0.4, -0.7, 0.25)
"""w1, w2, and the bias, or w0."""

POINT = (1.8, -3.4)


def _neurons() -> dict[str, tuple[Neuron, bool]]:
    """One neuron in three ways, and whether its data need a column of ones."""
    ways = {
        "a bias": (Neuron(2, "sigmoid"), False),
        "a column of ones": (Neuron(3, "sigmoid", bias=False), True),
        'bias="ones"': (Neuron(2, "sigmoid", bias="ones"), False),
    }
    for neuron, _ in ways.values():
        for parameter, number in zip(neuron.parameters(), START):
            parameter.data = number
    return ways


def biased(neuron: Neuron, has_ones: bool) -> tuple[float, Array, Array]:
    """z of one example, the gradient of its output, and the parameters after a training."""
    ones = (1.0,) if has_ones else ()
    slopes = [slope.data for slope in grad(neuron((*POINT, *ones)), neuron.parameters())]
    z = neuron.weighted_sum((*POINT, *ones)).data
    unit = _ranges()["from 0 to 1"]
    X = np.column_stack([unit, np.ones(len(unit))]) if has_ones else unit
    optimizer = SGD(neuron.parameters(), lr=1.0)
    fit(neuron, X, (unit[:, 0] > 0.4).astype(float), loss="mse", optimizer=optimizer, epochs=100, batch_size=None)
    return z, np.array(slopes), np.array([parameter.data for parameter in neuron.parameters()])


def _bias() -> Iterator[Piece]:
    x1, x2 = POINT
    w1, w2, w0 = START
    yield Heading("The bias, and the column of ones")
    yield Formula("z = x_1 w_1 + x_2 w_2 + 1 \\cdot w_0", "z = x1·w1 + x2·w2 + 1·w0")
    found = {name: biased(*way) for name, way in _neurons().items()}
    yield Paragraph(
        f"z = {x1}·{w1} + ({x2})·({w2}) + 1·{w0} = {x1 * w1 + x2 * w2 + w0:g}. A bias, the column of ones that the"
        " document adds to the data, and the engine's neuron with an input that is always 1 are one and the same:"
    )
    yield Table(
        ("neuron with", "z", "∂y/∂w1", "∂y/∂w2", "∂y/∂bias", "w1, learnt", "w2", "bias"),
        [
            (name, f"{z:g}", *(f"{number:.4g}" for number in (*slopes, *learnt)))
            for name, (z, slopes, learnt) in found.items()
        ],
        "<" + ">" * 7,
    )
    first, *others = (learnt for _, _, learnt in found.values())
    apart = max(float(np.abs(learnt - first).max()) for learnt in others)
    yield Paragraph(f"After 100 epochs their parameters differ by {apart:.2g} at most. ∂y/∂bias is σ'(z) times 1.")
    ones, _ = _neurons()['bias="ones"']
    yield Diagram("regularization-bias", "the neuron whose bias is the weight of a 1", draw_network(ones, x=POINT))
