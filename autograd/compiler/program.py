"""A compiled graph: it is run with new numbers, and tells what it does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd.compiler.guards import Guards
from autograd.compiler.recorded import Recorded
from autograd.value import write_data, zero_grad

Array = NDArray[Any]


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


class Program:
    """A recorded graph that computes the same numbers, and the same gradients, for new data of its leaves.

    `parameters` is a flat array of the parameters in the order given, which can be written; `gradient` is a flat array
    in the same order, that of the last `run`, for the sum of the roots where there are several. Other leaves than
    parameters and inputs, and the branches that were taken while the graph was recorded, are frozen.
    """

    def __init__(
        self,
        graph: Recorded,
        runner: Runner,
        shape: tuple[int, ...],
        backend: str,
        is_single: bool,
        guards: Guards,
    ) -> None:
        self.graph = graph
        self._guards = guards
        self.backend = backend
        self._runner = runner
        self._shape = shape
        self._is_single = is_single

    @property
    def parameters(self) -> Array:
        """The numbers of the parameters, a flat array that the next run reads."""
        return self._runner.parameters

    @parameters.setter
    def parameters(self, numbers: ArrayLike) -> None:
        self._runner.parameters[...] = numbers

    @property
    def gradient(self) -> Array:
        """∂ root / ∂ parameter of the last run, a flat array that the next run overwrites; 0 before the first."""
        return self._runner.gradient

    @property
    def source(self) -> str:
        """The program as Python: what is executed."""
        return self._runner.source

    def run(self, inputs: ArrayLike | None = None) -> Any:
        """The value of the root, or a tuple of those of all roots; the gradient is then in `gradient`.

        `inputs` is an array of the shape that was given; without it the last ones stay. Raises ValueError for another
        shape, DomainError as an eager computation does, BranchChanged where a compiled function would have taken
        another branch; the program can run again after each.
        """
        self._feed(inputs)
        return self._given(self._runner.run())

    def forward(self, inputs: ArrayLike | None = None) -> Any:
        """The value of the root, or of all roots, without a gradient: for prediction."""
        self._feed(inputs)
        return self._given(self._runner.forward())

    def sync(self) -> None:
        """Writes the numbers of the last run, and its adjoints, to all recorded Values.

        Graphs of these leaves that were recorded elsewhere are then stale.
        """
        graph = self.graph
        self._write_parameters()
        write_data(graph.inputs, self._runner.fed())
        zero_grad([*graph.parameters, *graph.leaves, *graph.inner])
        for root in graph.roots:
            root.refresh()
        for root in graph.roots:
            root.backward()

    def minimize(self, optimizer: Any, steps: int) -> Array:
        """Runs and updates the parameters so many times; gives the value of the root before each update.

        `optimizer` is made of the parameters of the program, in their order, and has `update(data, gradient)`, which
        moves a flat array of them, as those of `nn` have. The Values are written at the end, and after an error with
        what was reached before it. Raises ValueError for other parameters, and for several roots.
        """
        if not self._is_single:
            raise ValueError(f"minimize needs a program of one root; got {len(self.graph.roots)}")
        if list(optimizer.parameters) != list(self.graph.parameters):
            raise ValueError("minimize needs an optimizer of the parameters that compile was given, in their order")
        values: list[float] = []
        try:
            if not self._guards.comparisons:
                self._runner.descend(optimizer, steps - 1, values)  # the last step is run apart: its gradient stays
            while len(values) < steps:
                self._check()
                value = float(self._runner.run()[0])
                optimizer.update(self.parameters, self.gradient)
                values.append(value)
        finally:
            self._write_parameters()
        return np.array(values)

    def __repr__(self) -> str:
        return self._runner.described()

    def _write_parameters(self) -> None:
        write_data(self.graph.parameters, self.parameters.tolist())

    def _given(self, values: Sequence[float]) -> Any:
        return float(values[0]) if self._is_single else tuple(map(float, values))

    def _feed(self, inputs: ArrayLike | None) -> None:
        if inputs is not None:
            self._runner.feed(self._numbers(inputs))
        self._check()

    def _check(self) -> None:
        if self._guards.comparisons:
            self._guards.check(self.parameters.tolist(), self._runner.fed())

    def _numbers(self, inputs: ArrayLike) -> Array:
        numbers = np.asarray(inputs)
        if numbers.dtype.kind not in "biuf":
            raise ValueError(f"a program needs inputs that are real numbers; got an array of {numbers.dtype}")
        if numbers.shape != self._shape:
            raise ValueError(f"a program compiled for inputs of shape {self._shape} got {numbers.shape}")
        return numbers
