"""A model at a glance: its layers, the shapes of what they give, and how many parameters they have."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, NamedTuple, TypeAlias

from autograd.notation.screens import shortened, table

Shape: TypeAlias = "tuple[int, ...]"

COLUMNS = ("layer", "output", "parameters")

LONGEST = 64
"""So many characters of a layer's own words are shown."""


class Row(NamedTuple):
    """A layer, the shape of what it gives for one example, None where it is not known, and its parameters."""

    layer: str
    output_shape: Shape | None
    parameters: int


class Summary(Sequence[Row]):
    """The rows of a model, and `parameters`, how many there are in all; those that are shared count once.

    `shared` says for each row how many of its parameters belong to a row before it too.
    """

    def __init__(self, title: str, rows: Sequence[Row], parameters: int, shared: Sequence[int]) -> None:
        self.title = title
        self.rows = tuple(rows)
        self.parameters = parameters
        self.shared = tuple(shared)

    def __getitem__(self, place):  # type: ignore[no-untyped-def]  # the two kinds of a Sequence's places
        return self.rows[place]

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return "\n".join([self._headline(), *table([COLUMNS, *self._cells()])])

    def _repr_html_(self) -> str:
        lines = ["".join(f"<td>{escape(cell)}</td>" for cell in cells) for cells in self._cells()]
        head = "".join(f"<th>{column}</th>" for column in COLUMNS)
        body = "".join(f"<tr>{line}</tr>" for line in lines)
        return f"<table><caption>{escape(self._headline())}</caption><tr>{head}</tr>{body}</table>"

    def _headline(self) -> str:
        once = "; those that are shared count once" if any(self.shared) else ""
        return f"{self.title}: {self.parameters:,} parameter{'s' * (self.parameters != 1)}{once}"

    def _cells(self) -> list[tuple[str, str, str]]:
        return list(map(_cells, self.rows, self.shared))


def summary_of(model: Any, input_shape: Shape | None) -> Summary:
    """The summary of a module, whose rows are its layers; that of a layer alone has one row."""
    layers: Sequence[Any] = getattr(model, "layers", [model])
    rows, shared, shape = [], [], input_shape if input_shape is None else tuple(input_shape)
    seen: set[Any] = set()
    for layer in layers:
        shape = layer.output_shape(shape) if hasattr(layer, "output_shape") else None
        parameters = layer.parameters() if hasattr(layer, "parameters") else []
        rows.append(Row(repr(layer), shape, len(parameters)))
        shared.append(len(seen.intersection(parameters)))
        seen.update(parameters)
    return Summary(type(model).__name__, rows, len(model.parameters()), shared)


def _cells(row: Row, shared: int) -> tuple[str, str, str]:
    shape = "?" if row.output_shape is None else str(row.output_shape)
    part = "" if shared == row.parameters else f"{shared:,} "
    return shortened(row.layer, LONGEST), shape, f"{row.parameters:,}{f' ({part}shared)' if shared else ''}"
