"""Where the inputs of a layer come from, said in words: what stands between two layers of neurons of a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.notation.names import one_line
from nn.backpropagation.runs import DenseLayer, Runs, feeds, neurons_of
from nn.models.activations import activation_name

LONGEST = 24
"""So many characters of a layer's own words are said."""

MOST = 4
"""So many layers without neurons are named one by one."""


def passed_over(steps: Sequence[Any]) -> str:
    """The layers of a model that have no neurons side by side; empty where there are none."""
    return _named(steps, range(len(steps)))


def source_of_inputs(place: int, layers: Sequence[DenseLayer], runs: Sequence[Runs], steps: Sequence[Any]) -> str:
    """What is to be said of the inputs of a layer; empty where they are those of the model, or the outputs of another.

    `place` is that of the layer among those of neurons.
    """
    if not runs[place].inputs:
        return ""
    start = layers[place - 1].number if place else 0
    between = _named(steps, range(start, layers[place].number - 1))
    if not place:
        return f"is what comes of the inputs of the model after {between}" if between else ""
    if feeds(runs[place - 1], runs[place]):
        return ""
    below, above = len(runs[place - 1].inputs), len(runs[place].inputs)
    if below != above:
        return f"has a name of its own, for layer {start} was run {_times(below)}, and this one {_times(above)}"
    after = f", but what comes of it after {between}" if between else ": something else stands between"
    return f"is not what layer {start} gives{after}"


def called(step: Any) -> str:
    """What a layer is called in a sentence: by its repr where that is short, else its kind; a function by its name."""
    name = one_line(activation_name(step))
    return "a function" if name == "<lambda>" else name if len(name) <= LONGEST else type(step).__name__


def _named(steps: Sequence[Any], places: range) -> str:
    """layer 2, Dropout(0.5), and layer 3, Flatten(): those without neurons at some places, from 0."""
    told = [f"{called(steps[place])} (layer {place + 1})" for place in places if not neurons_of(steps[place])]
    if len(told) > MOST:
        told = [*told[: MOST - 1], f"{len(told) - MOST + 1} more"]
    return " and ".join(filter(None, [", ".join(told[:-1]), *told[-1:]]))


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
