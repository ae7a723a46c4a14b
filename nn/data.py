"""Data as arrays of numbers: checked, split, standardized, one-hot, and in mini-batches.

Laws of this file:
- What goes in may be anything array-like; what comes out are arrays of float64, an example in each row. Nothing of what
  was given is written.
- Numbers that can't be taught (NaN, infinity, text, complex ones) are refused with the place where the first stands.
- Whatever is shuffled takes a seed, an int or a NumPy Generator; without one it differs from run to run.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd.coercion import real_number
from nn.models.modules import Array, Seed, count
from nn.seeds import generator

Places: TypeAlias = NDArray[np.intp]
Labels: TypeAlias = NDArray[np.int64]


def examples(X: ArrayLike, *, wanted_by: str = "examples") -> Array:
    """X as an array of float64 of the shape (n, …), an example in each row.

    An array of float64 stays itself: it is not copied. Raises ValueError where there is no example, where rows differ
    in length, and for NaN and infinity; TypeError for what is not a real number.
    """
    return _real_array(X, "X", wanted_by)


def examples_and_targets(X: ArrayLike, Y: ArrayLike, *, wanted_by: str) -> tuple[Array, Array]:
    """X and Y as arrays of float64 of the shapes (n, …), as `examples` gives them, whose errors these are too.

    Raises ValueError where X and Y differ in n, and TypeError where Y is None.
    """
    if Y is None:
        raise TypeError(f"{wanted_by} needs targets Y; got None")
    inputs, targets = _real_array(X, "X", wanted_by), _real_array(Y, "Y", wanted_by)
    if len(inputs) != len(targets):
        shapes = f"X of shape {inputs.shape} and Y of shape {targets.shape}"
        raise ValueError(f"{wanted_by} needs one target for each example; got {shapes}")
    return inputs, targets


def one_hot(labels: ArrayLike, n_classes: int | None = None) -> Array:
    """A row for each label, 1 in its place and 0 elsewhere, as document 002 (section 4.4) has its digits.

    `labels` are whole numbers from 0, of the shape (n,) or (n, 1), which give (n, n_classes); a lone one gives
    (n_classes,). Without `n_classes` the largest label is of the last class. Raises ValueError for other labels.
    """
    given = _array(labels, "labels", "one_hot")
    numbers = _real_array(np.atleast_1d(given), "labels", "one_hot")
    if numbers.shape[1:] not in ((), (1,)):
        raise ValueError(f"one_hot needs labels of shape (n,) or (n, 1); got {numbers.shape}")
    n_classes = max(1, int(numbers.max()) + 1) if n_classes is None else count(n_classes, "one_hot", "class")
    classes = whole_labels(numbers, n_classes, "labels", "one_hot").ravel()
    rows = np.zeros((len(numbers), n_classes))
    rows[np.arange(len(numbers)), classes] = 1.0
    return rows if given.ndim else rows[0]


class Standardization:
    """Numbers measured from the mean of the training data, in standard deviations: document 002, section 3.8.

    `mean` and `std` are arrays with the shape of one example. All other data are to be standardized with those of the
    training data, for which each feature then has the mean 0 and the deviation 1. A feature that is constant has the
    `std` 0, and is only measured from its constant: it becomes 0, not NaN.
    Raises what `examples` does, and ValueError for numbers so large that the mean or the deviation is infinite.
    """

    def __init__(self, X: ArrayLike) -> None:
        inputs = examples(X, wanted_by="Standardization")
        with np.errstate(over="ignore", invalid="ignore"):  # told below, in words
            # the mean of n equal numbers can differ from them by a rounding, which would count as a deviation
            self.mean: Array = np.where(inputs.min(0) == inputs.max(0), inputs[0], inputs.mean(0))
            self.std: Array = _deviation(inputs - self.mean)
        if not np.isfinite(self.mean).all() or not np.isfinite(self.std).all():
            raise ValueError("Standardization needs numbers with a finite mean and deviation; got X that overflows")
        self._unit = np.where(self.std > 0, self.std, 1.0)

    def __call__(self, X: ArrayLike) -> Array:
        """(X - mean) / std for examples in rows, or for one alone, as a new array."""
        return (self._fitting(X, "Standardization") - self.mean) / self._unit

    def inverse(self, Z: ArrayLike) -> Array:
        """Z * std + mean: what was standardized in its own units again."""
        return self._fitting(Z, "Standardization.inverse") * self._unit + self.mean

    def _fitting(self, X: ArrayLike, wanted_by: str) -> Array:
        given = _array(X, "X", wanted_by)
        numbers = _real_array(np.atleast_1d(given), "X", wanted_by).reshape(given.shape)
        if self.mean.shape not in (numbers.shape, numbers.shape[1:]):
            raise ValueError(f"{wanted_by} needs examples of the shape {self.mean.shape}; got {numbers.shape}")
        return numbers

    def __repr__(self) -> str:
        return f"Standardization(mean={_told(self.mean)}, std={_told(self.std)})"


class Part(NamedTuple):
    """Examples and their targets."""

    X: Array
    Y: Array


class Split(NamedTuple):
    """Examples to learn from, examples to stop and to choose by, and examples that nothing is fitted to."""

    train: Part
    validation: Part
    test: Part


def split(X: ArrayLike, Y: ArrayLike, validation: float = 0.0, test: float = 0.2, seed: Seed = None) -> Split:
    """The examples shuffled and dealt to train, validation and test (document 002, section 3.8), each to one of them.

    `validation` and `test` are fractions, whose sizes are rounded; the rest is for training. Raises ValueError where a
    part that is wanted would be empty, and what `examples` raises.
    """
    inputs, targets = examples_and_targets(X, Y, wanted_by="split")
    sizes = [_size(len(inputs), fraction, name) for name, fraction in (("validation", validation), ("test", test))]
    if sum(sizes) >= len(inputs):
        raise ValueError(
            f"split needs examples left for training; got {len(inputs)}, of which {sizes[0]} are for validation"
            f" and {sizes[1]} for test"
        )
    order = generator(seed, "split").permutation(len(inputs))
    ends = np.cumsum([len(inputs) - sum(sizes), sizes[0]])
    return Split(*(Part(inputs[places], targets[places]) for places in np.split(order, ends)))


def batches(n: int, size: int | None = None, rng: np.random.Generator | None = None) -> Iterator[Places]:
    """The places of n examples in mini-batches (document 002, section 3.7), in a new order where a Generator is given.

    Without a size there is one batch of all; a last batch that is smaller is kept. One batch of all keeps the order of
    the data, for its sums would differ in the last bit with the order. Raises ValueError for sizes below 1.
    """
    if hasattr(n, "__len__"):
        raise TypeError(f"batches needs the number of examples; got {type(n).__name__}: give its len()")
    n = count(n, "batches", "example")
    size = n if size is None else count(size, "batches", "example in a batch")
    if rng is not None and not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"batches needs a NumPy Generator, which goes on from epoch to epoch; got {type(rng).__name__} {rng!r}"
        )
    order = np.arange(n) if rng is None or size >= n else rng.permutation(n)
    return (order[start : start + size] for start in range(0, n, size))


# ---- requirements that losses and metrics share


def require_all(allowed: NDArray[np.bool_], numbers: Array, name: str, needs: str) -> None:
    """Raises ValueError with the first number that is not allowed, and its place: `needs …; got 2.0 at Y[3, 1]`."""
    if not allowed.all():
        place = tuple(map(int, np.argwhere(~allowed)[0]))
        raise ValueError(f"{needs}; got {float(numbers[place])!r}{_at(name, place)}")


def whole_labels(numbers: Array, n_classes: int, name: str, wanted_by: str) -> Labels:
    """Labels as whole numbers, in the shape that they have. Raises ValueError for others than 0 … n_classes - 1."""
    allowed = (numbers >= 0) & (numbers < n_classes) & (numbers == np.floor(numbers))
    require_all(allowed, numbers, name, f"{wanted_by} needs labels that are whole numbers from 0 to {n_classes - 1}")
    return numbers.astype(np.int64)


# ---- helpers


def _real_array(xs: Any, name: str, wanted_by: str) -> Array:
    array = _array(xs, name, wanted_by)
    if array.ndim == 0:
        raise TypeError(f"{wanted_by} needs an array or a list of examples as {name}; got {type(xs).__name__} {xs!r}")
    if not array.size:
        raise ValueError(f"{wanted_by} needs at least one number in {name}; got the shape {array.shape}")
    with np.errstate(over="ignore"):  # what a float can't hold is infinite, and told so below
        real = array.dtype.kind in "biuf"
        numbers = array.astype(np.float64, copy=False) if real else _converted(array, name, wanted_by)
    require_all(np.isfinite(numbers), numbers, name, f"{wanted_by} needs finite numbers in {name}")
    return numbers


def _array(xs: Any, name: str, wanted_by: str) -> NDArray[Any]:
    if np.ma.is_masked(xs):
        raise ValueError(f"{wanted_by} needs every number of {name}; got an array with masked ones")
    try:
        array = np.asarray(xs)
        return np.asarray(xs, dtype=object) if array.dtype.kind in "SU" else array  # one text makes texts of all
    except ValueError as error:
        raise ValueError(f"{wanted_by} needs rows of one length in {name}; got {_ragged(xs)}") from error


def _ragged(xs: Sequence[Any]) -> str:
    """Where the rows begin to differ."""
    lengths = [operator.length_hint(x) for x in xs]  # 0 for a number among rows
    place = next((place for place, length in enumerate(lengths) if length != lengths[0]), None)
    return "rows that differ inside" if place is None else f"lengths {lengths[0]} and {lengths[place]} (row {place})"


def _converted(array: NDArray[Any], name: str, wanted_by: str) -> Array:
    """The numbers of an array of objects, or the error of the first that is none."""
    numbers = np.empty(array.shape)
    for place in np.ndindex(array.shape):
        numbers[place] = real_number(array[place], f"{wanted_by}, for {name}[{', '.join(map(str, place))}],")
    return numbers


def _at(name: str, place: tuple[int, ...]) -> str:
    return f" at {name}[{', '.join(map(str, place))}]" if place else ""


def _deviation(distances: Array) -> Array:
    """The root of the mean square over the examples, in units of the largest: a square neither over- nor underflows."""
    largest = abs(distances).max(0)
    unit = np.where(largest > 0, largest, 1.0)
    return np.asarray(largest * np.sqrt(np.mean((distances / unit) ** 2, 0)))


def _told(array: Array) -> str:
    return np.array2string(array, precision=4, threshold=8, edgeitems=2, separator=", ", max_line_width=1000)


def _size(n: int, fraction: float, name: str) -> int:
    share = real_number(fraction, f"{name} of split")
    if not 0 <= share < 1:
        raise ValueError(f"split needs a fraction from 0 to 1 for {name}, 1 excluded; got {share!r}")
    size = round(n * share)
    if share and not size:
        raise ValueError(f"split needs at least one example for {name}; got {share!r} of {n}")
    return size
