"""The numbers of a graph at one moment: whether what was found out then may still be told."""

from __future__ import annotations

from collections.abc import Sequence

from autograd.eager import scope
from autograd.value import StaleGraph, Value, newest_stamp


class Moment:
    """Now, for the Values in `order`. To be asked later whether a number of theirs was changed since."""

    def __init__(self, order: Sequence[Value]) -> None:
        self._order = order
        self._clock = scope["clock"]
        self._newest = newest_stamp(order)

    @property
    def is_past(self) -> bool:
        """Whether a leaf was written, or the graph computed again. Costs nothing while no leaf of any graph was."""
        clock = scope["clock"]
        if clock == self._clock:
            return False
        if newest_stamp(self._order) > self._newest:
            return True
        self._clock = clock
        return False

    def require(self, made_by: str) -> None:
        """Raises StaleGraph if it is past; `made_by` is the call that tells of the new numbers."""
        if self.is_past:
            raise StaleGraph(self.told(made_by))

    @staticmethod
    def told(made_by: str) -> str:
        """In words, that it is past."""
        return f"numbers of this graph were changed since it was told; call {made_by} again to tell of the new ones"
