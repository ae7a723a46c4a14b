"""An optimizer in the file of its model: its class, its state, and of which of the parameters it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd import Value
from autograd.archive.documents import read_numbers, shown, written_number
from autograd.archive.keys import require_keys
from nn.optimization.optimizer import Optimizer
from nn.optimization.rules import OPTIMIZERS

ALL = "all"
"""Of which parameters an optimizer is, where it is of all, in their order."""

CLASSES = {kind.__name__: kind for kind in OPTIMIZERS.values()}


class Course(NamedTuple):
    """What a file says of an optimizer: its class, the places of its parameters in the model, and its state."""

    kind: type[Optimizer]
    places: Sequence[int]
    state: dict[str, Any]


def written(optimizer: Any, parameters: Sequence[Value]) -> dict[str, Any]:
    """An optimizer as plain data for JSON, with the places of its parameters among those of the model.

    Raises TypeError for an optimizer of one's own, ValueError for one of other parameters.
    """
    if type(optimizer) not in CLASSES.values():
        raise TypeError(f"save: of the optimizers only {', '.join(CLASSES)} can be written; got {shown(optimizer)}")
    place_of = {parameter: place for place, parameter in enumerate(parameters)}
    for parameter in optimizer.parameters:
        if parameter not in place_of:
            raise ValueError(f"save: the optimizer moves {parameter!r}, which is no parameter of the model")
    places = [place_of[parameter] for parameter in optimizer.parameters]
    state = optimizer.state_dict()
    moments = {name: list(map(written_number, moment.tolist())) for name, moment in state["moments"].items()}
    state |= {"moments": moments, "counts": state["counts"].tolist()}
    return {"parameters": ALL if places == list(range(len(parameters))) else places, "state": state}


def read(data: Any, count: int) -> Course:
    """What was written as `data`, for a model of so many parameters. Raises ValueError that says what is wrong.

    The rest of the state is looked at by `load_state_dict`.
    """
    if data is None:
        raise ValueError("it was saved without an optimizer")
    if not isinstance(data, dict):
        raise ValueError(f"optimizer needs an object; got {shown(data)}")
    require_keys(data, ("parameters", "state"), "optimizer")
    state = data["state"]
    name = state.get("class") if isinstance(state, dict) else state
    if name is state or not isinstance(name, str) or name not in CLASSES:
        raise ValueError(f"optimizer needs a state with a class, of {', '.join(CLASSES)}; got {shown(name)}")
    return Course(CLASSES[name], _places(data["parameters"], count), _arrays(state))


def _places(places: Any, count: int) -> Sequence[int]:
    if places == ALL:
        return range(count)
    are_places = isinstance(places, list) and all(type(place) is int and 0 <= place < count for place in places)
    if not are_places or not places or len(set(places)) < len(places):
        words = f'"{ALL}" or a list of different places below {count}'
        raise ValueError(f"parameters of optimizer needs {words}; got {shown(places)}")
    return list(places)


def _arrays(state: dict[str, Any]) -> dict[str, Any]:
    """The state with numbers in its lists: an array of texts would be as wide as the longest everywhere."""
    moments, counts = state.get("moments"), state.get("counts")
    if not isinstance(counts, list) or not all(type(count) is int for count in counts):
        raise ValueError(f"counts of optimizer needs a list of whole numbers; got {shown(counts)}")
    if not isinstance(moments, dict):
        raise ValueError(f"moments of optimizer needs an object; got {shown(moments)}")
    numbers = {name: read_numbers(moment, f"{shown(name)} of optimizer") for name, moment in moments.items()}
    return {**state, "moments": numbers}
