"""Backpropagation in the matrix form of the documents, read off a graph of scalars: `explain_layers`.

The graph was recorded by running a model on one example or on several, and `runs` finds its layers and examples again.
Every number is one that was executed, and nothing is derived here: adjoints are those of `backward`, f′ is the table's.

The convention is that of document 003, "Resumen", and of 004: a row of W is a neuron, vectors are columns, and the n
examples of a batch are n columns. For a layer of k neurons and m inputs, with z = W · X + b and y = f(z):

    δ = ∂J/∂z = ∂J/∂y ⊙ f′(z)     (k, n)
    ∂J/∂W = δ · Xᵀ                (k, m)    an outer product for one example, and the sum of n of them for a batch
    ∂J/∂b = δ, added up over the examples   (k, 1)
    ∂J/∂X = Wᵀ · δ                (m, n)    which is ∂J/∂y of the layer before, for its y is X

Of softmax, whose y depend on all z of an example, δ = (∂y/∂z)ᵀ · ∂J/∂y, with a matrix (k, k) for each example. Below a
cross-entropy with targets t, δ of softmax and of sigmoid is (y - t) times a weight, and is told so where it is so in
numbers; where the model gives z, and the loss is one from logits, that is (sigmoid(z) - t) or (softmax(z) - t).
With a column of ones (document 002, section 3.8) X has a last row of ones and W a last column, and ∂J/∂X is that of the
rows before. A layer that occurs twice in a model has a column for each run, of which an example has two.

Document 003 writes Wᵀ · dY ⊙ g′(z), without the brackets that Wᵀ · (dY ⊙ g′(z)) needs; here they are inside δ.
Documents 001 (section 1.2.1) and 002 (3.5) have rows for examples and columns for neurons, which is all of it
transposed: z = X · W + b, ∂J/∂W = Xᵀ · δ, ∂J/∂X = δ · Wᵀ. Document 004 joins the last line of a layer with the first
one of the layer before: ∂L/∂z(l) = (W(l+1)ᵀ · ∂L/∂z(l+1)) ⊙ f′(z(l)).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal, NamedTuple

import numpy as np

from autograd import Value, no_recording
from autograd.derivatives import number_of
from autograd.explanation.slopes import slope, slope_formula
from autograd.notation.names import Names, one_line
from autograd.notation.terms import Operand, sizes
from autograd.notation.typesetting import DIGITS, FULL, mathematical, require_digits
from autograd.value import adjoints
from nn.backpropagation.chains import passed_over, source_of_inputs
from nn.backpropagation.equations import (
    Applied,
    Array,
    Equation,
    Formula,
    Heading,
    Html,
    LatexLines,
    Matrix,
    Note,
    Paragraph,
    Shape,
    Symbol,
    Text,
    Tokens,
    Words,
)
from nn.backpropagation.runs import Again, DenseLayer, Runs, dense_layers, feeds, neurons_of, runs_below, steps_of
from nn.models.activations import ACTIVATIONS, LAYER_ACTIVATIONS, activation_name
from nn.models.modules import Module, Neuron

ROUNDING = 1e-12
"""Of the sum of the sizes of the terms: the order of a sum makes no larger difference."""

LONGEST_NAME = 8
"""A loss with a longer name is called J in formulas."""

MOST_SYMBOLS = 12
"""A formula of f′ with more names and numbers is left out."""

MOST_LAYERS = 3
"""So many layers are told in full; of more, the last two and the first, and the others in a line each."""

MOST_LINES = 8
"""So many layers get such a line."""

REST = Words("rest")
"""What is not in the product, where there is something."""

WITHOUT_ONES = Words("without its last row")
"""Of a product: the last row is the derivative with respect to the 1, which nobody needs."""


class Symbols(NamedTuple):
    """What J and the matrices of a layer are called; without the number of the layer where there is one alone."""

    J: str
    number: int
    suffix: str
    X: str
    has_ones: bool = False

    def __call__(self, letter: str, of_J: bool = False, transposed: bool = False) -> Symbol:
        """The matrix W, b, X, z, y or δ of the layer, or the derivative of J with respect to it."""
        name = self.X if letter == "X" else letter + self.suffix
        return Symbol(name, self.J if of_J else "", transposed, self.has_ones and letter == "X" and not of_J)


@dataclass(frozen=True, eq=False, repr=False)
class LayerExplanation:
    """Backpropagation through one layer of k neurons and m inputs, for n examples, in arrays.

    `y`, `slopes` and `dY` are None where the activation was not found in the graph: it is then no function of z alone,
    such as one with random numbers, or J was computed from z itself. A neuron on which J does not depend for an example
    has NaN as z, y and slope, and 0 as adjoints. A layer that J was not computed through has n = 0.

    With `bias="ones"` the last column of `W` belongs to the input that is always 1, and the last row of `X` has these.
    Softmax has `jacobians` in place of `slopes`. Below a cross-entropy that is made for softmax or sigmoid, `targets`
    are its t, and δ is `weight` · (`probabilities` - t); these are y, also where J was computed from z itself, or,
    where y is z, the `link` of it, "sigmoid" or "softmax".

    In a layer that `is_repeated` a run reads what comes of another: the columns are runs, several for an example.
    """

    number: int
    """The place of the layer in the model, from 1."""
    activation: str
    """The name of f."""
    W: Array
    """(k, m): the weights."""
    b: Array | None
    """(k,): the biases, if there are any."""
    X: Array
    """(m, n): the inputs, a column for each example."""
    z: Array
    """(k, n): W · X + b."""
    y: Array | None
    """(k, n): f(z)."""
    slopes: Array | None
    """(k, n): f′(z), from the table."""
    dY: Array | None  # noqa: N815 - document 003 calls it so
    """(k, n): ∂J/∂y."""
    delta: Array
    """(k, n): δ = ∂J/∂z."""
    weight_gradient: Array
    """(k, m): ∂J/∂W."""
    bias_gradient: Array | None
    """(k,): ∂J/∂b, if there are biases."""
    input_gradient: Array | None
    """(m, n): ∂J/∂X, which is ∂J/∂y of the layer before, without the row of a 1; None where an input is a number."""
    rule: Operand | None
    """f′ as `autograd.explanation.slopes` tells it; None where it is too long, or not the same for all."""
    symbols: Symbols
    """What its matrices are called in what is told."""
    precision: int
    jacobians: Array | None = None
    """(n, k, k): ∂y/∂z for each example, from the table, where each y depends on all z."""
    targets: Array | None = None
    """(k, n): the t of a cross-entropy, where δ is (probabilities - t) times a weight."""
    weight: float = 1.0
    """That weight: 1/n where the loss is a mean."""
    probabilities: Array | None = None
    """(k, n): y, or the sigmoid or softmax of it, where there are targets."""
    link: str = ""
    """The name of that function; empty where the probabilities are y."""
    places: Sequence[int] = ()
    """All places of the layer in the model, more than one where it occurs more than once."""
    is_repeated: bool = False
    """Whether a run of the layer reads what comes of another one."""
    source: str = ""
    """What is said of where the inputs come from; nothing where they are those of the model or of the layer before."""

    @property
    def shows_slopes(self) -> bool:
        """Whether δ is told as a product with f′(z): not where f′ was not found, and not where it is 1 everywhere."""
        is_product = self.dY is not None and self.slopes is not None
        return is_product and not (self.rule == 1.0 and not np.any(self.delta_elsewhere))

    @property
    def examples(self) -> int:
        """n: how often the layer was run below the loss, which is more often than there are examples if it repeats."""
        return len(self.X.T)

    @property
    def column(self) -> str:
        """What a column is: an example, or a run."""
        return "run" if self.is_repeated else "example"

    @property
    def delta_elsewhere(self) -> Array | None:
        """(k, n): δ without what comes of ∂J/∂y: what other uses of z add; exactly 0 for none, None where y is."""
        if self.dY is None or self.y is None:
            return None
        with np.errstate(all="ignore"):
            if self.jacobians is not None:
                sizes = abs(self.delta) + (abs(self.dY) * abs(self.y)).sum(axis=0)
                return _rest(self.delta, _pulled_back(self.jacobians, self.dY), sizes)
            if self.slopes is None:
                return None
            sizes = abs(self.delta) + abs(self.dY) * np.fmax(abs(self.slopes), 1.0)
            return _rest(self.delta, self.dY * self.slopes, sizes)

    @property
    def input_weights(self) -> Array:
        """(k, m): the weights of the inputs, without those of a 1."""
        return self.W[:, : self.W.shape[1] - self.symbols.has_ones]

    @property
    def input_gradient_elsewhere(self) -> Array | None:
        """(m, n): ∂J/∂X without Wᵀ · δ: what other uses of the inputs add; exactly 0 for none."""
        if self.input_gradient is None:
            return None
        W = self.input_weights
        sizes = _product(abs(W).T, abs(self.delta)) + abs(self.input_gradient)
        return _rest(self.input_gradient, _product(W.T, self.delta), sizes)

    @property
    def weight_gradient_elsewhere(self) -> Array:
        """(k, m): ∂J/∂W without δ · Xᵀ: what regularizers and other uses of the weights add; exactly 0 for none."""
        sizes = _product(abs(self.delta), abs(self.X).T) + abs(self.weight_gradient)
        return _rest(self.weight_gradient, _product(self.delta, self.X.T), sizes)

    @property
    def bias_gradient_elsewhere(self) -> Array | None:
        """(k,): ∂J/∂b without the sum of δ; exactly 0 where nothing else uses the biases."""
        if self.bias_gradient is None:
            return None
        sizes = _summed(abs(self.delta)) + abs(self.bias_gradient)
        return _rest(self.bias_gradient, _summed(self.delta), sizes)

    def latex(self) -> list[str]:
        """Lines of LaTeX, each of which stands alone, without dollar signs."""
        return LatexLines(self.precision).lines(_told(self))

    def __repr__(self) -> str:
        return "\n".join(Text(self.precision).lines(_told(self)))

    def _repr_latex_(self) -> str:
        return _displayed(self.latex())

    def _repr_html_(self) -> str:
        return Html(self.precision).write(_told(self))


class LayersExplanation:
    """Backpropagation through the layers of a model, first layer first in `layers`, and told from the last one."""

    def __init__(
        self, title: str, layers: Sequence[LayerExplanation], precision: int, detail: str, passed_over: str = ""
    ) -> None:
        self.title = title
        self.passed_over = passed_over
        self.layers = tuple(layers)
        self.precision = precision
        self.detail = detail

    def latex(self) -> list[str]:
        """Lines of LaTeX, each of which stands alone, without dollar signs."""
        return LatexLines(self.precision).lines(self._told())

    def __repr__(self) -> str:
        return "\n".join(Text(self.precision).lines(self._told()))

    def _repr_latex_(self) -> str:
        return _displayed(self.latex())

    def _repr_html_(self) -> str:
        return Html(self.precision).write(self._told())

    def _told(self) -> Iterator[Paragraph]:
        yield Heading(self.title)
        column = "a run" if any(layer.is_repeated for layer in self.layers) else "an example"
        yield Note(f"A row of W is a neuron, a column of X, z, y, δ is {column}; ⊙ multiplies element by element.")
        if any(layer.symbols.has_ones for layer in self.layers):
            yield Note("[X; 1] is X above a row of ones: the last column of W does the work of a bias.")
        if self.passed_over:
            yield Note(f"Only dense layers are told; passed over: {self.passed_over}.")
        few = self.detail == "all" or len(self.layers) <= MOST_LAYERS
        middle = () if few else self.layers[-3:0:-1]
        for layer in reversed(self.layers):
            if layer not in middle:
                yield from _told(layer)
            elif layer is middle[0]:
                yield from _in_a_line_each(middle)


def explain_layers(
    model: Module, loss: Value, *, precision: int = DIGITS, detail: Literal["ends", "all"] = "ends"
) -> LayersExplanation:
    """How the loss is propagated back through the layers of a model, in the matrix form of the documents.

    `model` is an MLP, a Layer, a Neuron, or whatever has `layers` of these, also in a Sequential among them; it was run
    on one example or on several, and `loss` was computed from what it gave. Layers without neurons, such as Dropout, a
    convolution or a function of one's own, are passed over with a line that says so.

    `detail` says whether all layers of a deep model are told in full, or those at its ends; `precision` is the number
    of significant digits that are shown, 17 for all. The arrays of the result have all digits. Writes nothing.
    Activations are called once more for each z, to find their nodes again.

    Raises ValueError when the loss was not computed by the model, and when neurons share one tuple of weights, whose
    places in the graph then can't be told apart; StaleGraph when a leaf below it was written since,
    and TypeError for what is no model and no Value.

    Sources: document 003, "Resumen"; 004, "Resumen del Proceso"; 001, section 1.2.1; 002, section 3.5.
    """
    if detail not in ("ends", "all"):
        raise ValueError(f"detail is 'ends' or 'all'; got {detail!r}")
    require_digits(precision)
    if type(loss) is not Value:
        raise TypeError(f"explain_layers needs a loss that is a Value; got {type(loss).__name__} {loss!r}")
    layers = dense_layers(model)
    name = Names([loss]).given.get(loss, "")
    adjoint = adjoints(loss)
    runs = runs_below(loss, layers)
    if not any(run.zs for run in runs):
        raise ValueError(f"{name or 'this loss'} was not computed by the {_kind(model)}: no neuron is below it")
    steps = steps_of(model)
    explained = [
        _explained(
            runs[place],
            adjoint,
            _symbols(name, place, layers, runs),
            precision,
            source=source_of_inputs(place, layers, runs, steps),
            places=layer.places,
        )
        for place, layer in enumerate(layers)
    ]
    title = _title(model, loss, name, explained, precision)
    return LayersExplanation(title, explained, precision, detail, passed_over(steps))


# ---- as arrays


def _explained(
    run: Runs, adjoint: Mapping[Value, float], symbols: Symbols, precision: int, **said: Any
) -> LayerExplanation:
    W = np.array([[weight.data for weight in neuron.w] for neuron in run.neurons])
    k, m = W.shape
    biases = [neuron.b for neuron in run.neurons if neuron.b is not None]
    found = _is_found(run)
    alone = found and not run.is_joint
    given = m - run.has_ones
    delta = _matrix(run.zs, k, adjoint.__getitem__, missing=0.0)
    outputs = np.array(run.outputs, dtype=float).reshape(-1, k).T
    difference = _difference_from_targets(run, adjoint, outputs, delta)
    return LayerExplanation(
        number=symbols.number,
        activation=_activation(run.neurons),
        W=W,
        b=np.array([bias.data for bias in biases]) if biases else None,
        X=_matrix(run.inputs, m, number_of),
        z=_matrix(run.zs, k, number_of),
        y=outputs if found or difference else None,
        slopes=_slopes(run, k) if alone else None,
        dY=_matrix(run.ys, k, adjoint.__getitem__, missing=0.0) if found else None,
        delta=delta,
        weight_gradient=np.array([[adjoint.get(weight, 0.0) for weight in neuron.w] for neuron in run.neurons]),
        bias_gradient=np.array([adjoint.get(bias, 0.0) for bias in biases]) if biases else None,
        input_gradient=_matrix(run.given, given, adjoint.__getitem__) if _differentiable(run.given) else None,
        rule=_rule(run) if alone else None,
        symbols=symbols,
        precision=precision,
        jacobians=_jacobians(run, k) if found and run.is_joint else None,
        is_repeated=run.is_repeated,
        **(difference._asdict() if difference else {}),
        **said,
    )


def _is_found(run: Runs) -> bool:
    """Whether J depends on each z through y; of several y that depend on all z, through one of them at least."""
    if run.is_joint:
        return all(any(y is not None for y in ys) or zs == [None] * len(zs) for zs, ys in zip(run.zs, run.ys))
    return all((z is None) == (y is None) for z, y in _pairs(run))


class _Difference(NamedTuple):
    """δ as weight · (probabilities - targets), where the probabilities are y, or a function of it, the `link`."""

    weight: float
    probabilities: Array
    targets: Array
    link: str


def _difference_from_targets(
    run: Runs, adjoint: Mapping[Value, float], outputs: Array, delta: Array
) -> _Difference | None:
    """δ as such a difference for all examples; None where it is none in numbers."""
    kinds = {(adjoint[term.node] * term.sign, term.function) for terms in run.losses for term in terms}
    if not all(run.losses) or len(kinds) != 1:
        return None
    ((weight, function),) = kinds
    link = "" if activation_name(run.neurons[0].activation) == function else function
    probabilities = _linked(link, outputs) if link else outputs
    targets = np.array([[t for term in terms for t in term.targets] for terms in run.losses]).T
    with np.errstate(all="ignore"):
        scale = abs(weight) * (abs(probabilities) + abs(targets))
        fits = abs(delta - weight * (probabilities - targets)) <= ROUNDING * scale
    return _Difference(weight, probabilities, targets, link) if fits.all() else None


def _linked(function: str, z: Array) -> Array:
    """The sigmoid of each z, or the softmax of each column."""
    with no_recording():
        columns = [list(map(Value, column)) for column in z.T.tolist()]
        of_a_layer = LAYER_ACTIVATIONS.get(function)
        ys = [of_a_layer(zs) if of_a_layer else list(map(ACTIVATIONS[function], zs)) for zs in columns]
    return _matrix(ys, len(z), number_of)


def _jacobians(run: Runs, k: int) -> Array:
    """∂y/∂z of each example, a row for each y; NaN where the activation can't be asked."""
    return np.array([_jacobian(again, k) for again in run.again]).reshape(-1, k, k)


def _jacobian(again: Again, k: int) -> Array:
    if None in again.ys:
        return np.full((k, k), np.nan)
    rows = [adjoints(y) for y in again.ys]
    return np.array([[row.get(z, 0.0) for z in again.zs if z is not None] for row in rows])


def _pulled_back(jacobians: Array, dY: Array) -> Array:
    """(∂y/∂z)ᵀ · ∂J/∂y, example by example."""
    return np.array([_product(jacobian.T, column) for jacobian, column in zip(jacobians, dY.T)]).reshape(dY.T.shape).T


def _differentiable(inputs: Iterable[Sequence[Any]]) -> bool:
    return all(type(x) is Value for xs in inputs for x in xs)


def _pairs(run: Runs) -> Iterator[tuple[Value | None, Value | None]]:
    return zip(chain.from_iterable(run.zs), chain.from_iterable(run.ys))


def _matrix(columns: Sequence[Sequence[Any]], k: int, read: Callable[[Any], float], missing: float = np.nan) -> Array:
    """The numbers of n columns of k nodes, in the shape (k, n)."""
    numbers = [[missing if node is None else read(node) for node in column] for column in columns]
    return np.array(numbers, dtype=float).reshape(-1, k).T


def _slopes(run: Runs, k: int) -> Array:
    numbers = [np.nan if z is None or y is None else slope(y, z) for z, y in _pairs(run)]
    return np.array(numbers, dtype=float).reshape(-1, k).T


def _rule(run: Runs) -> Operand | None:
    """The formula of f′, if one is that of all neurons and examples, and not too long."""
    rules: dict[Any, Operand] = {}
    for z, y in _pairs(run):
        if z is not None and y is not None:
            # one node of z and constants has the formula of any other such node
            alike = (y.primitive, tuple("z" if operand is z else operand for operand in y.operands))
            key = alike if not any(type(operand) is Value for operand in alike[1]) else y
            if key not in rules:
                rules[key] = slope_formula(y, z)
    first = next(iter(rules.values()), None)
    if first is None or sizes(first, MOST_SYMBOLS + 1) > MOST_SYMBOLS:
        return None
    texts = {Text(FULL).line([Formula(rule, "z", "y")]) for rule in rules.values()}
    return first if len(texts) == 1 else None


def _product(left: Array, right: Array) -> Array:
    with np.errstate(all="ignore"):  # infinity and NaN follow IEEE in silence, as they do in Values
        return left @ right


def _summed(delta: Array) -> Array:
    """Added up over the examples."""
    return _product(delta, np.ones(delta.shape[1]))


def _rest(total: Array, part: Array, sizes: Array) -> Array:
    """What is not in the part; exactly 0 where that is no more than rounding of terms of such sizes."""
    with np.errstate(all="ignore"):
        rest = total - part
        return np.where(abs(rest) > ROUNDING * sizes, rest, 0.0)


# ---- what it is called


def _symbols(name: str, place: int, layers: Sequence[DenseLayer], runs: Sequence[Runs]) -> Symbols:
    number = layers[place].number
    suffix = str(number) if len(layers) > 1 else ""
    X = ("x" if len(runs[place].inputs) == 1 else "X") + (suffix if place else "")
    if place and feeds(runs[place - 1], runs[place]):
        X = f"y{layers[place - 1].number}"
    J = name if name.isidentifier() and len(name) <= LONGEST_NAME else "J"
    return Symbols(J, number, suffix, X, runs[place].has_ones)


def _activation(neurons: Sequence[Neuron]) -> str:
    chosen = [neuron.activation for neuron in neurons]
    names = {activation_name(f) if isinstance(f, str) or hasattr(f, "__name__") else "f" for f in chosen}
    return one_line(names.pop().replace("<lambda>", "f")) if len(names) == 1 else "f"


def _kind(model: Module) -> str:
    """MLP 2-3-1"""
    layers = [neurons_of(step) for step in steps_of(model) if neurons_of(step)]
    sizes = [layers[0][0].n_inputs, *map(len, layers)]
    return f"{type(model).__name__} {'-'.join(map(str, sizes))}"


def _title(
    model: Module,
    loss: Value,
    name: str,
    explained: Sequence[LayerExplanation],
    precision: int,
) -> str:
    J = explained[0].symbols.J
    called = f" ({name})" if name not in ("", J) else ""
    number = mathematical(loss.data, precision)
    return f"Backpropagation of {J} = {number}{called} through {_kind(model)}, {_counted(explained)}"


def _counted(explained: Sequence[LayerExplanation]) -> str:
    """How many examples there are, where the runs of all layers say the same, or else how often layers were run."""
    run = [layer for layer in explained if layer.examples]
    counts = {_examples(layer) for layer in run} - {None}
    if counts == {1}:
        return "one example"
    if len(counts) == 1:
        return f"{counts.pop()} examples"
    return f"{' or '.join(dict.fromkeys(str(layer.examples) for layer in run))} runs of a layer"


def _examples(layer: LayerExplanation) -> int | None:
    """How many examples a layer was run for; None where that can't be told of one that is repeated."""
    if not layer.is_repeated:
        return layer.examples
    each = len(layer.places)
    return layer.examples // each if each > 1 and layer.examples % each == 0 else None


# ---- what is told


def _told(layer: LayerExplanation) -> Iterator[Paragraph]:
    """The equations of a layer, below the one of its forward pass."""
    yield _heading(layer)
    if not layer.examples:
        yield from _passed_by(layer)
        return
    yield from _delta(layer)
    yield _weights(layer)
    if layer.bias_gradient is not None:
        yield _biases(layer)
    if layer.number > 1 and layer.input_gradient is not None:
        yield _inputs(layer)
    yield from map(Note, _notes(layer))


def _passed_by(layer: LayerExplanation) -> Iterator[Paragraph]:
    """What is told of a layer that J was not computed through, but whose parameters it may depend on all the same."""
    yield Note(f"{layer.symbols.J} was not computed through this layer.")
    for letter, total in (("W", layer.weight_gradient), ("b", layer.bias_gradient)):
        if total is not None and total.any():
            matrix = Matrix(total) if letter == "W" else _flat(total)
            yield Equation(layer.symbols(letter, of_J=True), (REST,), (Shape(*matrix.numbers.shape),), (matrix,))
    yield from map(Note, _rest_notes(layer))


def _heading(layer: LayerExplanation) -> Heading:
    symbol, k, m, n = layer.symbols, *layer.W.shape, layer.examples
    tokens: Tokens = (symbol("W"), "·", symbol("X"))
    shapes: Tokens = (Shape(k, n), "=", Shape(k, m), "·", Shape(m, n))
    if layer.b is not None:
        tokens, shapes = (*tokens, "+", symbol("b")), (*shapes, "+", Shape(k, 1))
    applied = tokens if layer.activation == "identity" else (Applied(layer.activation, tokens),)
    words = f"layer {layer.number}: " if symbol.suffix else ""
    return Heading(words, (symbol("y"), "=", *applied), shapes if n else ())


def _delta(layer: LayerExplanation) -> Iterator[Equation]:
    symbol, shape = layer.symbols, Shape(*layer.delta.shape)
    if layer.targets is not None:
        yield _difference(layer)
    elif layer.dY is None:
        yield Equation(symbol("δ"), (symbol("z", of_J=True),), (shape,), (Matrix(layer.delta),))
    elif layer.jacobians is not None:
        yield from _jacobian_products(layer)
    elif not layer.shows_slopes:
        yield Equation(symbol("δ"), (symbol("y", of_J=True),), (shape,), (Matrix(layer.delta),))
    else:
        yield _slope_product(layer)


def _slope_product(layer: LayerExplanation) -> Equation:
    symbol, shape = layer.symbols, Shape(*layer.delta.shape)
    slopes = Symbol(symbol("z").name, of=symbol("y").name)
    formula = slopes if layer.rule is None else Formula(layer.rule, symbol("z").name, symbol("y").name)
    return _equation(
        symbol("δ"),
        (symbol("y", of_J=True), "⊙", formula),
        (shape, "=", shape, "⊙", shape),
        (Matrix(layer.dY), "⊙", Matrix(layer.slopes)),  # type: ignore[arg-type]
        layer.delta_elsewhere,
        layer.delta,
    )


def _difference(layer: LayerExplanation) -> Equation:
    """δ = weight · (y - t), or of a function of z in place of y"""
    symbol, shape = layer.symbols, Shape(*layer.delta.shape)
    y, t = Matrix(layer.probabilities), Matrix(layer.targets)  # type: ignore[arg-type]
    probabilities = Applied(layer.link, (symbol("z"),)) if layer.link else symbol("y")
    symbols: Tokens = (probabilities, "−", symbol("t"))
    if layer.weight == 1.0:
        return Equation(symbol("δ"), symbols, (shape,), (y, "−", t, "=", Matrix(layer.delta)))
    weight = Words(_fraction(layer.weight, layer.precision))
    numbers: Tokens = (weight, "· (", y, "−", t, ") =", Matrix(layer.delta))
    return Equation(symbol("δ"), (weight, "·", Applied("", symbols)), (shape,), numbers)


def _fraction(weight: float, precision: int) -> str:
    """1/n where a number is that, which a mean has made of 1."""
    inverse = 1 / weight if weight > 0 else 0.0
    is_part = 1 < inverse < np.inf and 1 / round(inverse) == weight
    return f"1/{round(inverse)}" if is_part else mathematical(weight, precision)


def _jacobian_products(layer: LayerExplanation) -> Iterator[Equation]:
    """δ as the product of a matrix and ∂J/∂y; in numbers for one example, of several δ alone, and the first matrix."""
    symbol, (k, n) = layer.symbols, layer.delta.shape
    dYdZ = Symbol(symbol("z").name, of=symbol("y").name)
    symbols: Tokens = (Applied("", (dYdZ,), transposed=True), "·", symbol("y", of_J=True))
    shapes: Tokens = (Shape(k, 1), "=", Shape(k, k), "·", Shape(k, 1))
    jacobian, rest = layer.jacobians[0], layer.delta_elsewhere  # type: ignore[index]
    if n == 1:
        numbers: Tokens = (Matrix(jacobian.T), "·", Matrix(layer.dY))  # type: ignore[arg-type]
        yield _equation(symbol("δ"), symbols, shapes, numbers, rest, layer.delta)
        return
    added: Tokens = ("+", REST) if np.any(rest) else ()
    each = Words(f"for each {layer.column}")
    yield Equation(symbol("δ"), (*symbols, *added, each), shapes, (Matrix(layer.delta),))
    yield Equation(dYdZ, (Words(f"that of the first {layer.column}"),), (Shape(k, k),), (Matrix(jacobian),))


def _weights(layer: LayerExplanation) -> Equation:
    symbol, k, m, n = layer.symbols, *layer.W.shape, layer.examples
    return _equation(
        symbol("W", of_J=True),
        (symbol("δ"), "·", symbol("X", transposed=True)),
        (Shape(k, m), "=", Shape(k, n), "·", Shape(n, m)),
        (Matrix(layer.delta), "·", Matrix(layer.X.T)),
        layer.weight_gradient_elsewhere,
        layer.weight_gradient,
    )


def _inputs(layer: LayerExplanation) -> Equation:
    symbol, W, n = layer.symbols, layer.input_weights, layer.examples
    k, m = W.shape
    product: Tokens = (symbol("W", transposed=True), "·", symbol("δ"))
    return _equation(
        symbol("X", of_J=True),
        (*product, WITHOUT_ONES) if symbol.has_ones else product,
        (Shape(m, n), "=", Shape(m, k), "·", Shape(k, n)),
        (Matrix(W.T), "·", Matrix(layer.delta)),
        layer.input_gradient_elsewhere,
        layer.input_gradient,
    )


def _equation(left: Symbol, symbols: Tokens, shapes: Tokens, numbers: Tokens, rest: Any, total: Any) -> Equation:
    """left = symbols + rest, in numbers too; without a rest where there is none."""
    if np.any(rest):
        return Equation(left, (*symbols, "+", REST), shapes, (*numbers, "+", Matrix(rest), "=", Matrix(total)))
    return Equation(left, symbols, shapes, (*numbers, "=", Matrix(total)))


def _biases(layer: LayerExplanation) -> Equation:
    symbol, shape = layer.symbols, Shape(len(layer.W), 1)
    told: Tokens = (symbol("δ"),) if layer.examples == 1 else (symbol("δ"), Words(f"summed over the {layer.column}s"))
    total, rest = _flat(layer.bias_gradient), _flat(layer.bias_gradient_elsewhere)
    if not np.any(rest.numbers):
        return Equation(symbol("b", of_J=True), told, (shape,), (total,))
    numbers: Tokens = (_flat(_summed(layer.delta)), "+", rest, "=", total)
    return Equation(symbol("b", of_J=True), (*told, "+", REST), (shape,), numbers)


def _flat(vector: Any) -> Matrix:
    return Matrix(np.reshape(vector, (-1, 1)), flat=True)


def _notes(layer: LayerExplanation) -> Iterator[str]:
    J, delta = layer.symbols.J, layer.symbols("δ").name
    if layer.is_repeated:
        yield f"A column is a run of the layer, not an example: {_why_runs(layer)}."
    if layer.source:
        yield f"{layer.symbols.X} {layer.source}."
    if layer.targets is not None:
        yield _why_difference(layer)
    elif layer.dY is None:
        yield f"{delta} is read off the graph: {_why_read(layer)}."
    if layer.shows_slopes and np.isnan(layer.z).any() and not layer.delta[np.isnan(layer.z)].any():
        yield f"nan: in that run {J} does not depend on that neuron, and δ is 0."
    yield from _rest_notes(layer)
    if not layer.delta.any():
        yield f"{delta} is 0: {_why_zero(layer)}, so this layer learns nothing from {J}."


def _why_runs(layer: LayerExplanation) -> str:
    """Why an example has several columns."""
    reads = "a run reads what comes of another"
    return f"the model has it {len(layer.places)} times, and {reads}" if len(layer.places) > 1 else reads


def _why_difference(layer: LayerExplanation) -> str:
    """Where the slopes of the activation are gone, for those of the logarithms cancel them."""
    J, y, z, t = layer.symbols.J, *(layer.symbols(letter).name for letter in "yzt")
    said = f"{t}: the targets of {J}, a cross-entropy"
    if layer.link or layer.dY is None or not layer.dY.any():
        return f"{said} of {layer.link or layer.activation} that was computed from {z} itself."
    if layer.jacobians is None:
        return f"{said}: the 1/{y} and 1/(1 − {y}) of its logarithms cancel the slope {y} ⊙ (1 − {y})."
    return f"{said}: the 1/{y} of its logarithm cancels in (∂{y}/∂{z})ᵀ · ∂{J}/∂{y}."


def _why_read(layer: LayerExplanation) -> str:
    J, z, f = layer.symbols.J, layer.symbols("z").name, layer.activation
    if f in ACTIVATIONS or f in LAYER_ACTIVATIONS:
        return f"{J} was computed from {z} itself, or {f} was changed since"
    return f"{f} is no function of {z} alone, or was changed since, or {J} was computed from {z} itself"


def _rest_notes(layer: LayerExplanation) -> Iterator[str]:
    rests = (layer.delta_elsewhere, layer.weight_gradient_elsewhere, layer.bias_gradient_elsewhere)
    inputs = layer.input_gradient_elsewhere if layer.number > 1 else None
    if any(rest is not None and np.any(rest) for rest in (*rests, inputs)):
        yield f"rest: {layer.symbols.J} depends on it in other ways too, such as a regularizer or a second loss."


def _why_zero(layer: LayerExplanation) -> str:
    y, z = layer.symbols("y").name, layer.symbols("z").name
    if layer.dY is None or layer.slopes is None:
        return f"{layer.symbols.J} does not change with {z}"
    if not layer.dY.any():
        return f"∂{layer.symbols.J}/∂{y} is"
    return f"the slope of {layer.activation} is" if not layer.slopes.any() else "one factor is, everywhere"


def _in_a_line_each(layers: Sequence[LayerExplanation]) -> Iterator[Paragraph]:
    """What is told of layers in the middle; where they are too many, of the first and the last of them."""
    shown = layers if len(layers) <= MOST_LINES else [*layers[: MOST_LINES // 2], *layers[-MOST_LINES // 2 + 1 :]]
    for layer in layers:
        if layer in shown:
            delta = layer.symbols("δ").name
            largest = mathematical(abs(layer.delta).max(initial=0.0), layer.precision)
            size = Words(f"{delta} {layer.delta.shape}, |{delta}| ≤ {largest}")
            yield _heading(layer)._replace(shapes=(size,))
        elif layer is layers[MOST_LINES // 2]:
            yield Heading(f"… {len(layers) - len(shown)} layers more; detail='all' tells every one")


def _displayed(lines: Sequence[str]) -> str:
    rows = r" \\[6pt] ".join(rf"\displaystyle {line}" for line in lines)
    return rf"$$\begin{{array}}{{l}} {rows} \end{{array}}$$"
