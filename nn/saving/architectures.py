"""What a model is made of, by the types of its modules and their arguments: written, read and built.

Laws of this file:
- A plan is a model of which nothing is built: what is claimed in a file is counted before it is given room.
- A module that occurs twice is one plan, and becomes one module: `{"same as": "layer1"}` is its second occurrence.
  Places are those of the labels: `layer2.layer1` is the first layer of the second.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autograd.archive.documents import DEEPEST, refusing, shown
from autograd.archive.keys import require_keys
from nn.models.modules import Module
from nn.saving.arguments import listed, plain
from nn.saving.kinds import KINDS, Kind, Rows

SAME = "same as"

MOST_FOR_ALL, MOST_FOR_EACH = 1_000_000, 1_000
"""A layer is gone through as often as it occurs: so many modules and parameters at most, and more for each number."""

UNCOUNTED = 2**63
"""From here on a size is not counted: layers that occur in layers that occur have sizes that no memory holds."""


@dataclass(frozen=True, eq=False)
class Plan:
    """A module that is not built: its kind, its arguments, its layers, and its place, the first if it has several."""

    kind: Kind
    arguments: Mapping[str, Any]
    layers: Sequence[Plan]
    place: str

    @property
    def rows(self) -> Sequence[Rows]:
        """The rows of its own parameters, without those of its layers."""
        return self.kind.rows(**self.arguments)

    @cached_property
    def size(self) -> int:
        """All that is gone through when it is built: modules and parameters, as often as they occur; or `UNCOUNTED`."""
        return min(1 + _numbers(self.rows) + sum(layer.size for layer in self.layers), UNCOUNTED)


def written(module: Any, place: str = "", places: dict[Module, str] | None = None) -> dict[str, Any]:
    """A module as plain data for JSON.

    Raises TypeError, which names the layer, for a module and a function of one's own, ValueError for what is too deep.
    """
    places = {} if places is None else places
    kind = _kind_of(module, place)
    if module in places:
        return {SAME: places[module]}
    places[module] = place
    with refusing(f"save: {_where(place)}", TypeError):
        arguments = kind.arguments_of(module)
    data: dict[str, Any] = {"type": kind.type.__name__}
    for name in kind.arguments:
        with refusing(f"save: {name} of {_where(place)}", TypeError):
            data[name] = plain(arguments[name])
    if kind.has_layers:
        data["layers"] = [written(layer, below, places) for below, layer in _placed(module.layers, place)]
    return data


def read(data: Any) -> Plan:
    """The plan that was written as `data`. Raises ValueError that says what is wrong with it, and where."""
    plan = _read(data, "", {})
    most = MOST_FOR_ALL + MOST_FOR_EACH * _numbers(rows_of(plan))
    if plan.size > most:
        raise ValueError(f"its layers occur too often: they are more than {shown(most)} modules and parameters")
    return plan


def rows_of(plan: Plan) -> list[Rows]:
    """The rows of all parameters in their order; those that are shared are there once."""
    return [rows for part in _distinct(plan, set()) for rows in part.rows]


def built(plan: Plan, known: dict[Plan, Module] | None = None) -> Module:
    """The module of a plan, with any parameters. Raises ValueError, which names the layer, for what does not fit."""
    known = {} if known is None else known
    if plan not in known:
        layers = [built(layer, known) for layer in plan.layers]
        with refusing(f"{_where(plan.place)}:"):
            known[plan] = plan.kind.type(*layers, **plan.arguments)
    return known[plan]


# ---- helpers


def _kind_of(module: Any, place: str) -> Kind:
    kind = KINDS.get(type(module).__name__)
    if kind is None or type(module) is not kind.type:
        owner = f"{type(module).__module__}.{type(module).__qualname__}"
        known = ", ".join(KINDS)
        raise TypeError(f"save: {_where(place)} is {shown(module)} ({owner}), which can't be written; {known} can")
    if place.count(".") > DEEPEST:
        raise ValueError(f"save: the model is nested more than {DEEPEST} deep")
    return kind


def _read(data: Any, place: str, known: dict[str, Plan]) -> Plan:
    if isinstance(data, dict) and data.keys() == {SAME}:
        return _read_again(data[SAME], place, known)
    kind, arguments, layers = _named_kind(data, place), {}, []
    for name, argument in kind.arguments.items():
        with refusing(f"{name} of {_where(place)}"):
            arguments[name] = argument(data[name])
    if kind.has_layers:
        with refusing(f"layers of {_where(place)}"):
            listed(data["layers"])
        layers = [_read(layer, below, known) for below, layer in _placed(data["layers"], place)]
    known[place] = Plan(kind, arguments, layers, place)
    return known[place]


def _read_again(named: Any, place: str, known: Mapping[str, Plan]) -> Plan:
    if not isinstance(named, str) or named not in known:
        raise ValueError(f'{_where(place)} is the "{SAME}" a place that ends before it; got {shown(named)}')
    return known[named]


def _named_kind(data: Any, place: str) -> Kind:
    """The kind that is named, of which exactly the arguments are given."""
    if not isinstance(data, dict):
        raise ValueError(f"{_where(place)} needs an object with a type; got {shown(data)}")
    name = data.get("type")
    if not isinstance(name, str) or name not in KINDS:
        raise ValueError(f"{_where(place)} needs a type, of {', '.join(KINDS)}; got {shown(name)}")
    wanted = ["type", *KINDS[name].arguments, *["layers"] * KINDS[name].has_layers]
    require_keys(data, wanted, f"{_where(place)}, {name},")
    return KINDS[name]


def _distinct(plan: Plan, known: set[Plan]) -> Iterator[Plan]:
    """It and what it is made of, each once, in the order in which they first occur."""
    if plan not in known:
        known.add(plan)
        yield plan
        for layer in plan.layers:
            yield from _distinct(layer, known)


def _numbers(rows: Sequence[Rows]) -> int:
    return sum(part.neurons * part.numbers for part in rows)


def _placed(layers: Sequence[Any], place: str) -> Iterator[tuple[str, Any]]:
    """The layers of what has that place, each with its own."""
    start = f"{place}." if place else ""
    return ((f"{start}layer{number}", layer) for number, layer in enumerate(layers, start=1))


def _where(place: str) -> str:
    return place or "the model"
