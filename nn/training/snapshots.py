"""The state of a training at one moment, to which it can go back."""

from __future__ import annotations

from collections.abc import Sequence

from autograd import Value
from autograd.value import read_data, write_data
from nn.optimization.optimizer import Optimizer


class Snapshot:
    """The numbers of the parameters, and the state of the optimizer, its schedule included, whatever that is."""

    def __init__(self, parameters: Sequence[Value], optimizer: Optimizer) -> None:
        self._parameters, self._optimizer = parameters, optimizer
        self._data = read_data(parameters)
        # a schedule that is a function can't be in a state, and a constant one stands in its place
        self._state, self._schedule = {**optimizer.state_dict(), "lr": 1.0}, optimizer.schedule

    def restore(self) -> None:
        """Writes all of it back: graphs recorded since are then stale."""
        write_data(self._parameters, self._data)
        self._optimizer.load_state_dict(self._state)
        self._optimizer.schedule = self._schedule
