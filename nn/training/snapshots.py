"""The state of a training at one moment, to which it can go back."""

from __future__ import annotations

from collections.abc import Sequence

from autograd import Value
from nn.optimization.optimizer import Optimizer


class Snapshot:
    """The numbers of the parameters, and the state of the optimizer."""

    def __init__(self, parameters: Sequence[Value], optimizer: Optimizer) -> None:
        self._parameters, self._optimizer = parameters, optimizer
        self._data = [parameter.data for parameter in parameters]
        self._state = optimizer.state_dict()

    def restore(self) -> None:
        """Writes all of it back: graphs recorded since are then stale."""
        for parameter, number in zip(self._parameters, self._data):
            parameter.data = number
        self._optimizer.load_state_dict(self._state)
