"""Early stopping: a training ends when the validation data says that it learns nothing more (document 002, 3.8).

The document stops by the error on the test data, which is then no test any more (erratum 002-24): it is the validation
data that decides here.
"""

from __future__ import annotations

import math

from nn.models.modules import count
from nn.ranges import NOT_NEGATIVE


class EarlyStopping:
    """Stops when `monitor` has not fallen by more than `min_delta` for `patience` epochs; the best epoch is kept.

    `monitor` is the name of a quantity of the history. It falls as it gets better, and with `larger_is_better=True` it
    rises instead; None says that it rises if its name ends in "accuracy".
    Raises ValueError for a patience below 1 and for a min_delta that is negative or not finite, and TypeError for a
    monitor that is no name.
    """

    def __init__(
        self,
        patience: int = 10,
        min_delta: float = 0.0,
        monitor: str = "val_loss",
        larger_is_better: bool | None = None,
    ) -> None:
        if not isinstance(monitor, str):
            raise TypeError(f"monitor of EarlyStopping needs the name of a quantity; got {monitor!r}")
        self.patience = count(patience, "EarlyStopping", "epoch of patience")
        self.min_delta = NOT_NEGATIVE.checked(min_delta, "min_delta of EarlyStopping")
        self.monitor = monitor
        self._rises = monitor.endswith("accuracy")
        self.larger_is_better = self._rises if larger_is_better is None else bool(larger_is_better)

    def is_better(self, number: float, best: float | None) -> bool:
        """Whether a number is better than the best one so far, None for none, by more than `min_delta`."""
        if best is None:
            return not math.isnan(number)
        gain = number - best if self.larger_is_better else best - number
        return gain > self.min_delta

    def __repr__(self) -> str:
        larger = f", larger_is_better={self.larger_is_better}" if self._rises or self.larger_is_better else ""
        settings = f"patience={self.patience}, min_delta={self.min_delta!r}, monitor={self.monitor!r}"
        return f"EarlyStopping({settings}{larger})"
