"""What is asked for: a network, and how it is to be drawn."""

from __future__ import annotations

from typing import NamedTuple

from autograd.drawing.sketches import Direction
from nn.diagrams.anatomy import Network
from nn.diagrams.highlights import Lit
from nn.diagrams.readings import Reading


class Request(NamedTuple):
    """A network, and how it is to be drawn; `numbers` is None where it depends on how many there are."""

    network: Network
    reading: Reading
    lit: Lit
    numbers: bool | None
    loss: str
    direction: Direction
