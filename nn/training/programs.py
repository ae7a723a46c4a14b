"""Models as compiled programs: what a model gives for a batch, and the gradient of its loss, at the speed of arrays.

Laws of this file:
- A batch is recorded once, example by example, with the examples, the targets and the factors of every Dropout as
  leaves that are fed anew: the numbers are those that the model gives eagerly, the factors those that it would draw.
- What is compiled is known not to branch on its data: modules, activations, losses and regularizers of this package.
  Anything of one's own is run as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any, NamedTuple, TypeGuard

import numpy as np
from numpy.typing import DTypeLike

from autograd import Value
from autograd.compiler.packed import Packed
from autograd.compiler.recorded import recorded
from nn.data import one_hot
from nn.losses.formulas import Loss
from nn.losses.registry import LOSSES
from nn.losses.stability import stable
from nn.losses.targets import CATEGORICAL
from nn.models.activations import ACTIVATIONS, LAYER_ACTIVATIONS, LeakyReLU
from nn.models.convolution import Convolution2D
from nn.models.dropout import Dropout
from nn.models.images import array_of
from nn.models.modes import Mode, at_once, modules_of
from nn.models.modules import Array, Layer, Module, Neuron
from nn.models.networks import MLP, Sequential
from nn.models.perceptron import Perceptron
from nn.models.pooling import Flatten, MaxPooling2D
from nn.regularizers import L1, L2, ActivityL2, Regularizer, penalty

MODULES = (Neuron, Layer, MLP, Sequential, Convolution2D, MaxPooling2D, Flatten, Dropout, Perceptron)
"""The modules that never look at the numbers that they are given."""

REGULARIZERS = (L1, L2, ActivityL2)

OWN_ACTIVATIONS = {**ACTIVATIONS, **LAYER_ACTIVATIONS}
OWN_LOSSES = tuple(LOSSES.values())
"""Those of this package: what else is entered under a name might branch on its data."""


def is_compilable(model: Any) -> TypeGuard[Module]:
    """Whether all that a model is made of is known never to branch on its data."""
    return isinstance(model, Module) and all(map(_is_known, modules_of(model)))


def _is_known(module: Module) -> bool:
    """Whether it is a module of this package, and what it applies, functions between layers included, is too."""
    parts = (module, *getattr(module, "layers", ()))
    activation = getattr(module, "activation", "")
    return all(type(part) in MODULES for part in parts) and (_is_own(activation) or type(activation) is LeakyReLU)


def _is_own(activation: Any) -> bool:
    """Whether it is a name that means what it meant at first; no activation at all is known too."""
    if not isinstance(activation, str):
        return False
    meant = {**ACTIVATIONS, **LAYER_ACTIVATIONS}.get(activation)
    return meant is OWN_ACTIVATIONS.get(activation)


def is_compilable_training(model: Any, loss: Loss, regularizers: Sequence[Regularizer]) -> bool:
    """Whether a step of a training can be compiled."""
    known = all(type(regularizer) in REGULARIZERS for regularizer in regularizers)
    return known and loss in OWN_LOSSES and is_compilable(model)


def rows_of_targets(loss: Loss, Y: Array, n_outputs: int) -> Array:
    """The targets as a program reads them: labels as rows of so many classes, all others as they are."""
    is_labels = loss in [LOSSES[name] for name in CATEGORICAL] and Y.size == len(Y)
    return one_hot(Y.ravel(), n_outputs) if is_labels else Y


class Measured(NamedTuple):
    """What a run of a batch gives beside its gradient: its loss, its penalty, and outputs, if they are asked for."""

    loss: float
    penalty: float
    outputs: Array | None


def nodes_of(model: Module, x: Array) -> int:
    """How many nodes are recorded where the model is given one example."""
    with Mode(model, training=False):
        outputs = np.array(model(next(_examples(_leaves(x[None])))), dtype=object)
    return len(recorded([], [], [], outputs.ravel().tolist()).inner)


class Outputs:
    """What a model that can be compiled gives for examples, so many at a time as are given here, without a gradient."""

    def __init__(self, model: Module, X: Array) -> None:
        self._size = len(X)
        inputs = _leaves(X)
        with Mode(model, training=False):
            outputs = np.array([model(x) for x in _examples(inputs)], dtype=object)
        nodes = outputs.ravel().tolist()
        self._runner = Packed(recorded([], model.parameters(), inputs.ravel().tolist(), nodes))
        self._feed = _Fed(self._runner, inputs)
        self._places = self._runner.positions_of(nodes).reshape(outputs.shape)

    def run(self, X: Array) -> Array:
        """The outputs for any number of examples; what is over in the last run is of examples before them."""
        parts = []
        for start in range(0, len(X), self._size):
            part = X[start : start + self._size]
            self._feed(part)
            self._runner.forward()
            parts.append(self._runner.values[self._places[: len(part)]])
        return np.concatenate(parts)


class Batch:
    """The loss of a model on as many examples as are given here, its penalty, and the gradient of their sum.

    The targets are those of `rows_of_targets`. Without `training` there is no gradient, and nothing random.
    """

    def __init__(
        self,
        model: Module,
        loss: Loss,
        regularizers: Sequence[Regularizer],
        X: Array,
        Y: Array,
        with_outputs: bool = True,
        dtype: DTypeLike = np.float64,
        training: bool = True,
    ) -> None:
        self._inputs, self._targets = _leaves(X), _leaves(Y)
        self._training = training
        masks = [_Mask(module) for module in dict.fromkeys(modules_of(model)) if type(module) is Dropout]
        with Mode(model, training=training):
            layers = _recorded(model, self._inputs, masks)
        self.outputs = [given[-1] for given in layers]
        self.loss = stable(loss)(self.outputs, self._targets)
        self.penalty = penalty(regularizers, model, layers)
        self.objective = self.loss if self.penalty is None else self.loss + self.penalty
        self._with_outputs = with_outputs
        self._masks = masks
        self._runner = self._compiled(model, dtype)

    def _compiled(self, model: Module, dtype: DTypeLike) -> Packed:
        drawn = [factor for mask in self._masks for factor in mask.factors]
        inputs = [*self._inputs.ravel().tolist(), *self._targets.ravel().tolist(), *drawn]
        flat = np.array(self.outputs, dtype=object)
        shown = flat.ravel().tolist() if self._with_outputs else []
        watched = [x for x in (self.loss, self.penalty, *shown) if x is not None]
        roots = [self.objective] if self._training else []
        runner = Packed(recorded(roots, model.parameters(), inputs, watched), dtype)
        self._feeds = [_Fed(runner, self._inputs), _Fed(runner, self._targets)]
        self._mask_places = [runner.positions_of(mask.factors) for mask in self._masks]
        self._output_places = runner.positions_of(shown).reshape(flat.shape) if shown else None
        self._loss_place = int(runner.positions_of([self.loss])[0])
        self._penalty_place = None if self.penalty is None else int(runner.positions_of([self.penalty])[0])
        return runner

    @property
    def parameters(self) -> Array:
        """Those of the next run, a flat array that can be written."""
        return self._runner.parameters  # type: ignore[no-any-return]

    @property
    def gradient(self) -> Array:
        """That of the last run, flat, in the order of the parameters."""
        return self._runner.gradient

    def hold(self, X: Array, Y: Array) -> None:
        """Keeps examples and targets, of which `run_on` takes those of a batch."""
        for feed, numbers in zip(self._feeds, (X, Y)):
            feed.hold(numbers)

    def run_on(self, places: Any) -> Measured:
        """One run on the examples at these places of those that it holds."""
        for feed in self._feeds:
            feed.take(places)
        return self._ran()

    def run(self, X: Array, Y: Array) -> Measured:
        """One run on the examples X with the targets Y."""
        for feed, numbers in zip(self._feeds, (X, Y)):
            feed(numbers)
        return self._ran()

    def _ran(self) -> Measured:
        runner = self._runner
        for mask, places in zip(self._masks, self._mask_places):
            runner.values[places] = mask.drawn()
        if self._training:
            runner.run()
        else:
            runner.forward()
        added = 0.0 if self._penalty_place is None else float(runner.values[self._penalty_place])
        outputs = None if self._output_places is None else runner.values[self._output_places]
        return Measured(float(runner.values[self._loss_place]), added, outputs)


class _Fed:
    """Writes numbers to the leaves of an array, an example in each row, through a view where there is one."""

    def __init__(self, runner: Packed, leaves: Any) -> None:
        self._values = runner.values
        self._view = runner.view_of(leaves)
        self._rows = runner.rows_of(leaves)
        self._places = runner.positions_of(leaves.ravel().tolist()).reshape(leaves.shape)
        self._table: Array | None = None

    def __call__(self, numbers: Array) -> None:
        """Writes the first rows, as many as there are."""
        if self._view is not None:
            self._view[: len(numbers)] = numbers
        else:
            self._values[self._places[: len(numbers)]] = numbers

    def hold(self, numbers: Array) -> None:
        """Keeps the examples from which `take` takes, in the rows in which they are written."""
        self._table = numbers
        if self._rows is not None:
            self._table = np.ones((len(numbers), self._rows.shape[1]), self._values.dtype)
            self._table[:, : numbers[0].size] = numbers.reshape(len(numbers), -1)

    def take(self, places: Any) -> None:
        """Writes the examples at these places of those that it holds, as many as there are rows."""
        if self._table is None:
            raise ValueError("take needs examples; hold them first")
        if self._rows is None:
            self(self._table[places])
        else:
            self._table.take(places, 0, self._rows, "clip")


class _Mask:
    """The factors of one Dropout for a batch, as leaves, in the order in which they are drawn."""

    def __init__(self, dropout: Dropout) -> None:
        self.dropout = dropout
        self.factors: list[Value] = []

    def recorded(self, count: int) -> list[Value]:
        new = [Value(1.0) for _ in range(count)]
        self.factors += new
        return new

    def drawn(self) -> list[float]:
        """As many factors as there are, in one draw, which gives what as many draws of one example do."""
        return self.dropout.factors(len(self.factors))


def _recorded(model: Module, inputs: Any, masks: Sequence[_Mask]) -> list[list[Any]]:
    """What each layer gives for each example, where each Dropout gives leaves for its factors."""
    dropouts = [mask.dropout.__dict__ for mask in masks]
    remove = at_once(dict.pop, dropouts, repeat("factors"), repeat(None))
    try:
        for dropout, mask in zip(dropouts, masks):
            dropout["factors"] = mask.recorded
        return [_outputs(model, x) for x in _examples(inputs)]
    finally:
        remove()


def _leaves(numbers: Array) -> Any:
    """A Value for each number, in an array of the same shape."""
    return array_of(map(Value, numbers.ravel().tolist()), numbers.shape)


def _examples(leaves: Any) -> Iterator[Any]:
    """Examples as a model takes them: vectors as tuples, images as arrays."""
    if leaves.ndim <= 2:
        yield from (tuple(row) for row in leaves.reshape(len(leaves), -1).tolist())
    else:
        yield from leaves


def _outputs(model: Any, x: Any) -> list[Any]:
    """What each layer gives; that of a model without layers alone."""
    return model.outputs(x) if hasattr(model, "outputs") else [model(x)]
