"""What is highlighted in a network."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from nn.diagrams.anatomy import Network
from nn.models.modules import Neuron


class Lit(NamedTuple):
    """Places that are highlighted, of a stage and in it; the inputs are the stage -1. None: everything is as usual."""

    places: frozenset[tuple[int, int]] | None = None

    @property
    def is_on(self) -> bool:
        """Whether anything is highlighted."""
        return self.places is not None

    def has(self, stage: int, places: Iterable[int]) -> bool:
        """Whether one of these places is highlighted."""
        return self.places is not None and any((stage, place) in self.places for place in places)

    def has_stage(self, stage: int) -> bool:
        """Whether a place of that stage is highlighted."""
        return self.places is not None and any(known == stage for known, _ in self.places)

    def is_pale(self, stage: int, places: Iterable[int]) -> bool:
        """Whether they are left in the background: others are highlighted, and do not read them."""
        return self.is_on and not self.has(stage, places) and not self.has_stage(stage + 1)


def lit_in(network: Network, highlight: Any) -> Lit:
    """What `highlight` means for a network: None, "inputs", a neuron, a layer, or several of these.

    Raises TypeError for anything else, and ValueError for what is not in this network.
    """
    several = isinstance(highlight, (list, tuple, set, frozenset))
    things = highlight if several else [] if highlight is None else [highlight]
    return Lit(frozenset(place for thing in things for place in _places(network, thing)) if things else None)


def _places(network: Network, thing: Any) -> list[tuple[int, int]]:
    if isinstance(thing, str) and thing == "inputs":
        return [(-1, place) for place in range(len(network.inputs))]
    if not isinstance(thing, Neuron) and not hasattr(thing, "neurons"):
        raise TypeError(f"highlight takes neurons, layers and 'inputs'; got {type(thing).__name__} {thing!r}")
    places = [
        (i, j)
        for i, stage in enumerate(network.stages)
        for j, neuron in enumerate(stage.neurons)
        if neuron is thing or stage.layer is thing
    ]
    if not places:
        raise ValueError(f"highlight needs what is in the network that is drawn; this is not: {thing!r}")
    return places
