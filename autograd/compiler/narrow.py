"""The narrow way to run: straight-line Python on local floats, for graphs in which calls on arrays would not pay."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.compiler.descent import Descent, is_short
from autograd.compiler.recorded import Recorded
from autograd.compiler.straight import Straight
from autograd.value import read_data

Array = NDArray[Any]


class Narrow:
    """A recorded graph as functions of floats. `parameters` is read by the next run, `gradient` is that of the last."""

    def __init__(self, graph: Recorded) -> None:
        self.graph = graph
        self._straight = Straight(graph)
        self.parameters: Array = np.array(read_data(graph.parameters))
        self._inputs: list[float] = read_data(graph.inputs)
        self._descents: dict[Any, Descent | None] = {}
        self._gradient: tuple[float, ...] = (0.0,) * len(graph.parameters)
        self._slopes: Array = np.zeros(len(graph.parameters))

    @property
    def source(self) -> str:
        return self._straight.source

    @property
    def gradient(self) -> Array:
        self._slopes[:] = self._gradient
        return self._slopes

    def feed(self, numbers: Array) -> None:
        """Takes the numbers of the inputs, in their shape."""
        self._inputs = numbers.astype(float).ravel().tolist()

    def fed(self) -> list[float]:
        """The numbers of the inputs as they are."""
        return self._inputs

    def run(self) -> tuple[float, ...]:
        """The values of the roots; the gradient of their sum is then in `gradient`."""
        values, self._gradient = self._straight.run(self.parameters.tolist(), self._inputs)
        return values

    def forward(self) -> tuple[float, ...]:
        """The values of the roots alone."""
        return self._straight.forward(self.parameters.tolist(), self._inputs)

    def descend(self, optimizer: Any, steps: int, values: list[float]) -> None:
        """Takes as many of the steps as one loop on floats can, if the rule of the optimizer can be put into one."""
        rule = optimizer.scalar_rule() if hasattr(optimizer, "scalar_rule") else None
        if rule is None or steps < 1:
            return
        if rule.key not in self._descents:
            self._descents[rule.key] = self._straight.descent(rule) if is_short(self.graph, rule) else None
        descent = self._descents[rule.key]
        if descent is not None:
            descent.run(optimizer, self.parameters, self._inputs, steps, values)

    def described(self) -> str:
        """What runs, in a line."""
        nodes, lines = len(self.graph.inner), self.source.count("\n")
        return f"Python program of {nodes:,} node{'s' * (nodes != 1)}: {lines:,} lines on floats (program.source)"
