"""`points`: operands of one primitive as a strategy of hypothesis."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from autograd.contracts.neighbourhoods import is_inside
from autograd.contracts.operands import Point
from autograd.contracts.spelling import row_of
from autograd.primitives import Primitive
from autograd.strategies import door
from autograd.strategies.drafts import LENGTHS
from autograd.strategies.graphs import numbers
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.strategies.door import SearchStrategy


def points(primitive: Primitive | str | Callable[..., Value], largest: float = 3.0) -> SearchStrategy[Point]:
    """Points inside the domain of a primitive: for each operand a number of that size at most, or a tuple of them.

    `check_primitive(p, points=[point])` takes them. Kinks and borders may be near.
    Raises ImportError where hypothesis is missing, TypeError for what is no primitive.
    """
    row, st = row_of(primitive), door.strategies()
    number = numbers(0.0, largest)

    def vectors(length: int) -> SearchStrategy[Point]:
        drawn: SearchStrategy[Point] = st.tuples(*[st.tuples(*[number] * length)] * row.vectors)
        return drawn

    drawn = st.sampled_from(LENGTHS).flatmap(vectors) if row.vectors else st.tuples(*[number] * len(row.operands))
    found: SearchStrategy[Point] = drawn.filter(lambda point: is_inside(row, point))
    return found
