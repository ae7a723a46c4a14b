"""A compiled graph: it is run with new numbers, and tells what it does."""

from __future__ import annotations

import operator
import reprlib
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, NoReturn, Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd.compiler.guards import Guards
from autograd.compiler.recorded import Recorded
from autograd.eager import scope
from autograd.primitives import DomainError
from autograd.value import StaleGraph, read_data, write_data, zero_grad

Array = NDArray[Any]

Method = TypeVar("Method", bound=Callable[..., Any])

TURN = (None,)
"""One turn, which whoever is at work has taken."""


class Runner(Protocol):
    """One of the ways to run. The parameters come first in what it reads, and are written by whoever has them."""

    parameters: Array
    gradient: Array
    source: str

    def feed(self, numbers: Array) -> None: ...
    def fed(self) -> Sequence[float]: ...
    def run(self) -> Sequence[float]: ...
    def forward(self) -> Sequence[float]: ...
    def descend(self, optimizer: Any, steps: int, values: list[float]) -> None: ...
    def described(self) -> str: ...


def alone(method: Method) -> Method:
    """The method of a Program, which raises RuntimeError while the program is at work already."""

    @wraps(method)
    def guarded(program: Program, *given: Any, **named: Any) -> Any:
        try:
            del program._turns[0]  # no call, as of a lock: an interrupt that came after it would keep the turn
        except IndexError:
            raise RuntimeError(
                f"{method.__name__} needs a program that is not at work, in another thread or for an optimizer;"
                " compile the graph once for each thread"
            ) from None
        try:
            return method(program, *given, **named)
        finally:
            program._turns[:] = TURN

    return guarded  # type: ignore[return-value]  # it takes and gives what the method does


class Program:
    """A recorded graph that computes the same numbers, and the same gradients, for new data of its leaves.

    `parameters` is a flat array of the parameters in the order given, which can be written; `gradient` is a flat array
    in the same order, that of the last `run`, for the sum of the roots where there are several. A parameter whose Value
    is written, by an optimizer's step for instance, is read again before the next run. Other leaves than parameters and
    inputs, and the branches that were taken while the graph was recorded, are frozen: a run after such a leaf was
    written raises StaleGraph.

    A program has one set of buffers: `run`, `forward`, `sync` and `minimize` raise RuntimeError while one of them is at
    work in another thread. Threads that take turns find in `gradient` what the last of them computed.
    """

    def __init__(
        self,
        graph: Recorded,
        runner: Runner,
        shape: tuple[int, ...],
        backend: str,
        is_single: bool,
        is_named: bool,
        guards: Guards,
    ) -> None:
        self.graph = graph
        self._guards = guards
        self.backend = backend
        self._runner = runner
        self._shape = shape
        self._is_single = is_single
        self._is_named = is_named
        self._turns = [*TURN]
        self._clock = scope["clock"]
        fed = {*graph.parameters, *graph.inputs}
        self._frozen = [leaf for leaf in graph.leaves if leaf not in fed]

    @property
    def parameters(self) -> Array:
        """The numbers of the parameters, a flat array that the next run reads."""
        self._read_what_was_written()
        return self._runner.parameters

    @parameters.setter
    def parameters(self, numbers: ArrayLike) -> None:
        self._read_what_was_written()
        self._runner.parameters[:] = _real(numbers, (len(self.graph.parameters),), "parameters")

    @property
    def gradient(self) -> Array:
        """∂ root / ∂ parameter of the last run, a flat array that the next run overwrites; 0 before the first."""
        return self._runner.gradient

    @property
    def source(self) -> str:
        """The program as Python: what is executed."""
        return self._runner.source

    @alone
    def run(self, inputs: ArrayLike | None = None) -> Any:
        """The value of the root, or a tuple of those of all roots; the gradient is then in `gradient`.

        `inputs` is an array of the shape that was given; without it the last ones stay. Raises ValueError for another
        shape, DomainError as an eager computation does, BranchChanged where a compiled function would have taken
        another branch, StaleGraph where a frozen leaf was written; the program can run again after each.
        """
        self._feed(inputs)
        return self._given(self._runner.run())

    @alone
    def forward(self, inputs: ArrayLike | None = None) -> Any:
        """The value of the root, or of all roots, without a gradient: for prediction."""
        self._feed(inputs)
        return self._given(self._runner.forward())

    @alone
    def sync(self) -> None:
        """Writes parameters and inputs as they are to the Values, and all recorded numbers and adjoints that follow.

        After a run those are its own; after `minimize` those with the parameters of the last update.
        Graphs of these leaves that were recorded elsewhere are then stale, after an error too. After a DomainError all
        numbers and adjoints are as they were.
        """
        graph = self.graph
        self._read_what_was_written()
        leaves = [*graph.parameters, *graph.inputs]
        before = read_data(leaves)
        write_data(leaves, [*self._runner.parameters.tolist(), *self._runner.fed()])
        try:
            self._refresh()
        except DomainError:
            write_data(leaves, before)
            self._refresh()
            raise
        self._clock = scope["clock"]
        zero_grad([*graph.parameters, *graph.leaves, *graph.inner])
        for root in graph.roots:
            root.backward()

    @alone
    def minimize(self, optimizer: Any, steps: int) -> Array:
        """Runs and updates the parameters so many times; gives the value of the root before each update.

        `optimizer` is made of the parameters of the program, in their order, and has `update(data, gradient)`, which
        moves a flat array of them, as those of `nn` have. The Values are written at the end, and after an error with
        what was reached before it. What is no longer finite is not looked for: the values tell.
        A step of calls on arrays that is interrupted can be half taken.
        Raises ValueError for other parameters, for none that were named, for several roots, and for less than no steps;
        TypeError for what is no optimizer.
        """
        if not self._is_single:
            raise ValueError(f"minimize needs a program of one root; got {len(self.graph.roots)}")
        if not self._is_named:
            raise ValueError("minimize needs parameters that were named: compile(root, parameters)")
        if isinstance(optimizer, type) or not hasattr(optimizer, "update"):
            raise TypeError(f"minimize needs an optimizer, such as nn.Adam(parameters); got {optimizer!r}")
        if not hasattr(steps, "__index__"):
            raise TypeError(f"minimize needs a whole number of steps; got {type(steps).__name__} {steps!r}")
        if operator.index(steps) < 0:
            raise ValueError(f"minimize needs a number of steps, 0 or more; got {steps}")
        self._read_what_was_written()
        if list(optimizer.parameters) != list(self.graph.parameters):
            raise ValueError(
                "minimize needs an optimizer of the parameters that compile was given, in their order;"
                f" got {reprlib.repr(list(optimizer.parameters))} for {reprlib.repr(list(self.graph.parameters))}"
            )
        values: list[float] = []
        try:
            if not self._guards.comparisons:
                self._runner.descend(optimizer, steps - 1, values)  # the last step is run apart: its gradient stays
            for _ in range(len(values), steps):  # before 3.14, Ctrl-C at the end of a while would pass `finally` by
                self._check()
                value = float(self._runner.run()[0])
                optimizer.update(self._runner.parameters, self.gradient)
                values.append(value)
        finally:
            try:
                self._write_parameters()
            except KeyboardInterrupt:  # which came while they were written
                self._write_parameters()
                raise
        return np.array(values)

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("a Program can't be copied or pickled; compile the graph again")

    def __repr__(self) -> str:
        return self._runner.described()

    def _write_parameters(self) -> None:
        write_data(self.graph.parameters, self._runner.parameters.tolist())
        self._clock = scope["clock"]

    def _read_what_was_written(self) -> None:
        """Takes the numbers of parameters whose Values were written since they were last read or written here."""
        before, self._clock = self._clock, scope["clock"]
        if before == self._clock:
            return
        for place, leaf in enumerate(self.graph.parameters):
            if leaf._stamp > before:
                self._runner.parameters[place] = leaf.data
        for leaf in self._frozen:
            if leaf._stamp > before:
                self._clock = before
                raise StaleGraph(
                    f"{leaf.label or 'a leaf'} was written ({leaf.data!r}) after this program was compiled, which keeps"
                    " its number; compile again, or name it among the parameters or inputs"
                )

    def _refresh(self) -> None:
        for root in self.graph.roots:
            root.refresh()

    def _given(self, values: Sequence[float]) -> Any:
        return float(values[0]) if self._is_single else tuple(map(float, values))

    def _feed(self, inputs: ArrayLike | None) -> None:
        self._read_what_was_written()
        if inputs is not None:
            self._runner.feed(_real(inputs, self._shape, "inputs"))
        self._check()

    def _check(self) -> None:
        if self._guards.comparisons:
            self._guards.check(self._runner.parameters.tolist(), self._runner.fed())


def _real(given: ArrayLike, shape: tuple[int, ...], wanted: str) -> Array:
    """Real numbers in an array of the shape."""
    if np.ma.is_masked(given):
        raise ValueError(f"a program needs every number of the {wanted}; got an array with masked ones")
    try:
        numbers = np.asarray(given)
    except ValueError:
        got = "nested sequences of unequal lengths"
        raise ValueError(f"a program compiled for {wanted} of shape {shape} got {got}") from None
    if numbers.dtype.kind not in "biuf":
        raise ValueError(f"a program needs {wanted} that are real numbers; got an array of {numbers.dtype}")
    if numbers.shape != shape:
        raise ValueError(f"a program compiled for {wanted} of shape {shape} got {numbers.shape}")
    return numbers
