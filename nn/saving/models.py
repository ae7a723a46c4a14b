"""`save`, `load` and `load_optimizer`: a model, and the optimizer that teaches it, in a file and back, to the bit.

Laws of this file:
- What is saved can be loaded: a file is read back before it is written, and what could not be read is refused.
- What is loaded predicts, has the gradients and goes on learning as what was saved, bit for bit. (Of a NaN the bits
  that mean nothing are not kept.)
- A file is data. Nothing in it is executed, imported or looked up but in closed tables, and what it claims is counted
  before anything of that size is made: hostile or damaged, it is one error, and nothing is half-loaded.
- Not in a file: labels that were changed (those of a loaded model say the places), seeds and the random generator of a
  Dropout, initializers, gradients, and whether a model was being trained: a loaded one predicts.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Any, NamedTuple

from autograd import Value
from autograd.archive.documents import data_of, read_numbers, refusing, require_format, shown, text_of, written_number
from autograd.archive.files import content_of, require_limit, require_path, write_whole
from autograd.archive.keys import require_keys
from autograd.value import write_data
from nn.models.modules import Module
from nn.optimization.optimizer import Optimizer
from nn.optimization.parameters import require_values
from nn.optimization.schedules import Schedule
from nn.saving import architectures, optimizers
from nn.saving.architectures import Plan, built, rows_of
from nn.saving.kinds import Rows

FORMAT, VERSION = "cadena model", 1

KEYS = ("format", "version", "architecture", "parameters")
"""What every file has; `optimizer` may come after these."""

MAX_BYTES = 2**26
"""Of a file that is read, if nothing else is said: a million parameters with an Adam.

One that is made to do harm may need 70 times as much memory while it is read.
"""

EXAMPLE = "model.json"

UNREADABLE = "save: what was written could not be read:"


class ModelFileError(ValueError):
    """A file that is no model, or none that can be read: it names the file, and what is wrong."""


def save(model: Module, file: str | os.PathLike[str], optimizer: Optimizer | None = None) -> None:
    """Writes a model as a JSON file that people can read, with the optimizer that is given; an old file is replaced.

    `parameters` has a row for each neuron, the weights and then the bias, in the order of `model.parameters()`.
    Raises TypeError, which names the layer, for a module, an activation or an optimizer of one's own, and for a
    parameter that became something else than a Value; ValueError for a model that shares parameters otherwise than by
    layers that occur twice, and for an optimizer of other parameters; OSError where it can't be written. No file is
    then left or changed, nor when it is interrupted.
    """
    if not isinstance(model, Module):
        own = "; it has a method save of its own" if callable(getattr(model, "save", None)) else ""
        raise TypeError(f"save needs a model, such as MLP(2, [4, 1]); got {type(model).__name__} {shown(model)}{own}")
    path, architecture = require_path(file, "save", EXAMPLE), architectures.written(model)
    with refusing(UNREADABLE):
        rows = rows_of(architectures.read(architecture))
    data = {"format": FORMAT, "version": VERSION, "architecture": architecture, "parameters": _written(model, rows)}
    if optimizer is not None:
        data["optimizer"] = optimizers.written(optimizer, model.parameters())
    content = f"{text_of(data)}\n".encode()
    with refusing(UNREADABLE):
        _model(_contents(content))
    write_whole(path, content)


def load(file: str | os.PathLike[str], *, max_bytes: int = MAX_BYTES) -> Module:
    """The model of a file, as a new one that predicts.

    Raises ModelFileError, which says what is wrong, for a file that is damaged, of another kind, written by a newer
    version or larger than `max_bytes`; FileNotFoundError and other OSErrors for one that can't be opened; TypeError
    and ValueError for a limit that is none.
    """
    path = require_path(file, "load", EXAMPLE)
    require_limit(max_bytes, "load")
    with _reading(path):
        return _model(_contents(content_of(path, max_bytes)))


def load_optimizer(
    file: str | os.PathLike[str],
    parameters: Iterable[Value],
    *,
    lr: Schedule | Callable[[int], float] | None = None,
    max_bytes: int = MAX_BYTES,
) -> Optimizer:
    """The optimizer of a file with its state, for the parameters of the loaded model: `model.parameters()`.

    A function of one's own that gave the learning rate is not in a file: `lr` is that again.
    Raises ModelFileError as `load` does, and for a file without an optimizer; ValueError for another number of
    parameters, and for an lr where the file has one; nothing is changed.
    """
    path = require_path(file, "load_optimizer", EXAMPLE)
    require_limit(max_bytes, "load_optimizer")
    with _reading(path):
        contents = _contents(content_of(path, max_bytes))
        kind, places, state = optimizers.read(contents.optimizer, len(contents.numbers))
    settings: dict[str, Any] = {} if lr is None else {"lr": lr}
    whole = kind(parameters, **settings)
    if len(whole.parameters) != len(contents.numbers):
        needed, got = len(contents.numbers), len(whole.parameters)
        raise ValueError(f"load_optimizer needs the {needed} parameters of the model in {str(path)!r}; got {got}")
    optimizer = kind([whole.parameters[place] for place in places], **settings)
    with _reading(path):
        optimizer.load_state_dict(state)
    if lr is not None and optimizer.schedule != whole.schedule:
        raise ValueError(f"the optimizer in {str(path)!r} has a learning rate: write another to `lr` after loading")
    return optimizer


# ---- helpers


class Contents(NamedTuple):
    """What a file says, as far as it was looked at: a plan, a number for each parameter, and what it has besides."""

    plan: Plan
    numbers: list[float]
    optimizer: Any


def _contents(content: bytes) -> Contents:
    data = data_of(content)
    require_format(data, FORMAT, VERSION)
    require_keys(data, [*KEYS, *["optimizer"] * ("optimizer" in data)], "it")
    plan = architectures.read(data["architecture"])
    return Contents(plan, _read(data["parameters"], rows_of(plan)), data.get("optimizer"))


def _read(rows: Any, wanted: Sequence[Rows]) -> list[float]:
    """The numbers of rows as long as they should be. What is wanted may be huge, and is counted, never made."""
    count = sum(part.neurons for part in wanted)
    if not isinstance(rows, list) or len(rows) != count:
        got = len(rows) if isinstance(rows, list) else shown(rows)
        raise ValueError(f"parameters needs {shown(count)} rows, one for each neuron; got {got}")
    lengths = chain.from_iterable(repeat(part.numbers, part.neurons) for part in wanted)
    return [x for number, (row, length) in enumerate(zip(rows, lengths), start=1) for x in _row(row, length, number)]


def _row(row: Any, length: int, number: int) -> list[float]:
    numbers = read_numbers(row, f"row {number} of parameters")
    if len(numbers) != length:
        raise ValueError(f"row {number} of parameters needs {shown(length)} numbers; got {len(numbers)}")
    return numbers


def _written(model: Module, wanted: Sequence[Rows]) -> list[list[float | str]]:
    parameters = model.parameters()
    require_values(parameters, "save")
    numbers = [written_number(parameter.data) for parameter in parameters]
    lengths = [rows.numbers for rows in wanted for _ in range(rows.neurons)]
    if sum(lengths) != len(numbers):
        only = "only layers that occur twice in a Sequential can share parameters"
        raise ValueError(f"save: the model has {len(numbers)} parameters, and its layers {sum(lengths)}; {only}")
    rest = iter(numbers)
    return [list(islice(rest, length)) for length in lengths]


def _model(contents: Contents) -> Module:
    model = built(contents.plan)
    write_data(model.parameters(), contents.numbers)
    return model


def _reading(path: Path) -> AbstractContextManager[None]:
    return refusing(f"{str(path)!r} can't be read as a model:", ModelFileError)
