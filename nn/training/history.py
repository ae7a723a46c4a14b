"""What happened in a training, epoch by epoch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from autograd.notation.screens import table
from autograd.notation.typesetting import mathematical
from nn.abridging import abridged

MOST_EPOCHS, FIRST_EPOCHS, DIGITS = 12, 8, 4
"""A repr shows so many epochs, of more the first ones and the last, in so many significant digits."""


class History(Mapping[str, "list[float]"]):
    """For each quantity its numbers, one for each epoch that was finished: "loss", "val_loss", "accuracy", "lr" …

    The loss and the metrics of an epoch are measured while it runs, each batch before the step that it teaches; those
    of the validation data, `val_…`, after its last step. `stopped` says why training ended, `best_epoch` of which epoch
    the parameters are where early stopping chose one (from 1), `seconds` how long it took.
    """

    def __init__(self) -> None:
        self._records: dict[str, list[float]] = {}
        self.stopped = ""
        self.best_epoch: int | None = None
        self.seconds = 0.0

    def append(self, record: Mapping[str, float]) -> None:
        """Takes the numbers of one more epoch."""
        for name, number in record.items():
            self._records.setdefault(name, []).append(number)

    @property
    def epochs(self) -> int:
        """How many epochs were finished."""
        return max(map(len, self._records.values()), default=0)

    @property
    def last(self) -> dict[str, float]:
        """The numbers of the last epoch; empty before the first is finished."""
        return {name: numbers[-1] for name, numbers in self._records.items()}

    def plot(self, **options: Any) -> Any:
        """The figure of `plot_history`, with matplotlib."""
        from nn.figures.curves import plot_history

        return plot_history(self, best_epoch=self.best_epoch, **options)

    def __getitem__(self, name: str) -> list[float]:
        if name not in self._records:
            raise KeyError(f"there is no {name!r} in this history; there are {', '.join(self._records) or 'no epochs'}")
        return self._records[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def __repr__(self) -> str:
        return "\n".join([self._headline(), *(table(list(self._rows())) if self._records else [])])

    def _repr_html_(self) -> str:
        cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in self._rows())
        body = "".join(f"<tr>{row}</tr>" for row in cells)
        return f"<table><caption>{escape(self._headline())}</caption>{body}</table>"

    def _headline(self) -> str:
        epochs = f"{self.epochs} epoch{'s' * (self.epochs != 1)}"
        told = f"History of {epochs}, {mathematical(self.seconds, 3)} s: {self.stopped or 'running'}"
        return told if self.best_epoch is None else f"{told}; the parameters are those of epoch {self.best_epoch}"

    def _rows(self) -> Iterator[list[str]]:
        yield ["epoch", *self._records]
        for place in abridged(self.epochs, MOST_EPOCHS, FIRST_EPOCHS):
            if place is None:
                yield ["…"] * (len(self._records) + 1)
            else:
                yield [str(place + 1), *(mathematical(numbers[place], DIGITS) for numbers in self._records.values())]
