"""The loss as a landscape over two parameters, in numbers: its heights on a grid, and the way of a descent through it.

Law of this file: what is not a finite number is a hole, NaN, and parameters that were written have their numbers again
afterwards, whatever happened.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from autograd import Value, no_recording
from autograd.coercion import real_number
from autograd.value import read_data, write_data
from nn.models.modules import Array

Loss: TypeAlias = Callable[..., Any]
Bounds: TypeAlias = "tuple[float, float]"
Pair: TypeAlias = "tuple[Value, Value]"

SPIKE, MOST_OF_ALL = 4.0, 90
"""Where the highest point is so many times as high as 90 % of all, the landscape is cut off there."""

ROOM, LEAST_ROOM = 0.25, 0.5
"""Around a path there is so much of its range, and where it has none, or has no more than a place, that is seen."""


class Landscape(NamedTuple):
    """The loss on a grid, with a row for each y, and NaN where there is none."""

    xs: Array
    ys: Array
    heights: Array

    @property
    def top(self) -> float:
        """Up to where it is shown."""
        low, most, high = np.nanpercentile(self.heights, [0, MOST_OF_ALL, 100]).tolist()
        return float(low + SPIKE * (most - low)) if high - low > SPIKE * (most - low) > 0 else float(high)

    @property
    def is_cut(self) -> bool:
        """Whether there is more above."""
        return bool(np.nanmax(self.heights) > self.top)

    def levels(self, count: int) -> Array:
        """Heights that lie ever further apart, upward: those of a bowl are lines that are equally far apart."""
        low = float(np.nanmin(self.heights))
        rise = self.top - low or max(abs(low), 1.0) * 1e-6  # the levels of a plain differ by something, too
        return np.asarray(low + rise * (np.arange(count + 1) / count) ** 2)


class Way(NamedTuple):
    """Where a descent went, step after step; what is not finite is left out."""

    xs: Array
    ys: Array
    heights: Array


class Survey:
    """A loss that is asked for its height at one place after another; why it had none somewhere is remembered."""

    def __init__(self, loss: Loss, parameters: Pair | None, owner: str) -> None:
        self._loss, self._parameters, self._owner = loss, parameters, owner
        self._failure: Exception | None = None

    def landscape(self, xs: Array, ys: Array) -> Landscape:
        """The heights at all points of a grid. Raises ValueError where there is none at all."""
        with _kept(self._parameters or ()):
            heights = np.array([[self._height(x, y) for x in xs.tolist()] for y in ys.tolist()])
        if np.isnan(heights).all():
            because = f": {self._failure}" if self._failure else ""
            raise ValueError(f"{self._owner} found no point where the loss is a finite number{because}")
        return Landscape(xs, ys, heights)

    def way(self, places: Array) -> Way:
        """The places, of shape (n, 2), with their heights."""
        with _kept(self._parameters or ()):
            return Way(places[:, 0], places[:, 1], np.array([self._height(x, y) for x, y in places.tolist()]))

    def _height(self, x: float, y: float) -> float:
        try:
            with no_recording():
                height = self._number_at(x, y)
        except ArithmeticError as error:  # a DomainError is one
            self._failure = error
            return math.nan
        return height if math.isfinite(height) else math.nan

    def _number_at(self, x: float, y: float) -> float:
        if self._parameters is None:
            return _number_of(self._loss, x, y)
        write_data(self._parameters, (x, y))
        return _number(self._loss())


@contextmanager
def _kept(parameters: Sequence[Value]) -> Iterator[None]:
    numbers = read_data(parameters)
    try:
        yield
    finally:
        write_data(parameters, numbers)


def _number_of(loss: Loss, x: float, y: float) -> float:
    try:
        return _number(loss(Value(x), Value(y)))
    except TypeError as refused:  # math.exp, for one, takes floats alone
        try:
            return _number(loss(x, y))
        except TypeError:
            raise refused from None
        except ValueError as error:
            raise ArithmeticError(str(error)) from error  # how `math` speaks of its domains


def _number(height: Any) -> float:
    return height.data if type(height) is Value else real_number(height, "what a loss gives")


# ---- what is asked for


def parameters_of(parameters: Any, owner: str) -> Pair | None:
    """Two leaves that are parameters. Raises TypeError and ValueError in the name of the owner for anything else."""
    if parameters is None:
        return None
    pair = tuple(parameters)
    if not all(type(parameter) is Value for parameter in pair):
        raise TypeError(f"{owner} needs parameters that are Values; got {', '.join(type(p).__name__ for p in pair)}")
    if len(pair) != 2 or pair[0] is pair[1]:
        raise ValueError(f"{owner} needs two different parameters; got {pair!r}")
    if computed := [parameter for parameter in pair if parameter.primitive]:
        raise ValueError(f"{owner} needs parameters that are leaves, which can be written; got {computed[0]!r}")
    return pair[0], pair[1]


def places_of(path: ArrayLike, owner: str) -> Array:
    """The finite places of a path, of shape (n, 2). Raises ValueError in the name of the owner for another shape."""
    places = np.asarray(path, dtype=float)
    if places.ndim != 2 or places.shape[1] != 2:
        raise ValueError(f"{owner} needs a path of shape (n, 2), a position for each step; got {places.shape}")
    places = places[np.isfinite(places).all(axis=1)]
    if not len(places):
        raise ValueError(f"{owner} needs a path with at least one position of finite numbers; got none")
    return np.asarray(places)


def steps(bounds: Bounds | None, around: Sequence[float], resolution: int, name: str, owner: str) -> Array:
    """So many numbers from the one bound to the other, which lie `around` what is to be seen if they are not given."""
    low, high = _around(around, name, owner) if bounds is None else _bounds(bounds, name, owner)
    return np.linspace(low, high, at_least(resolution, 2, "resolution", owner))


def at_least(number: int, least: int, what: str, owner: str) -> int:
    """A whole number. Raises ValueError in the name of the owner for a smaller one."""
    if (count := operator.index(number)) < least:
        raise ValueError(f"{owner} needs {what} of at least {least}; got {count}")
    return count


def _around(numbers: Sequence[float], name: str, owner: str) -> Bounds:
    if not numbers:
        raise ValueError(f"{owner} needs {name}, or parameters or a path to be seen; got none of them")
    low, high = min(numbers), max(numbers)
    room = ROOM * (high - low) or LEAST_ROOM * max(1.0, abs(low))
    return low - room, high + room


def _bounds(bounds: Bounds, name: str, owner: str) -> Bounds:
    try:
        low, high = (real_number(end, name) for end in bounds)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{owner} needs {name} of two numbers, such as (-1, 1); got {bounds!r}") from error
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"{owner} needs {name} from a lower to a higher number; got {bounds!r}")
    return low, high
