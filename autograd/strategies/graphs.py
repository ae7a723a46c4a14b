"""Generated graphs as a strategy of hypothesis: `expressions`, and `recipes`, from which they are recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from autograd.contracts.spelling import row_of
from autograd.functions import Recorder
from autograd.primitives import PRIMITIVES, Primitive
from autograd.strategies import door
from autograd.strategies.drafts import SIZE, draft
from autograd.strategies.recipes import LEAVES, Recipe, cooked, pruned, recorded_leaves, recorded_root

if TYPE_CHECKING:
    from autograd.strategies.door import SearchStrategy

Chosen: TypeAlias = Sequence[Primitive | str | Recorder]
"""Primitives: rows of the table, their names, or what `autograd.primitive` gave."""

DRAFTED = 2
"""Drafts for each step that is wanted, for some are left out."""


class Expression:
    """A generated graph: `y`, its root, and `xs`, its leaves. It unpacks into the two; its repr is a program."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.xs = recorded_leaves(recipe)
        self.y = recorded_root(recipe, self.xs)

    def __iter__(self) -> Iterator[Any]:
        return iter((self.y, self.xs))

    def __repr__(self) -> str:
        return repr(self.recipe)


def expressions(
    primitives: Chosen | None = None,
    *,
    leaves: int = 3,
    steps: int = 10,
    smooth: bool = False,
    exact: bool = False,
) -> SearchStrategy[Expression]:
    """Graphs of the whole table, or of these primitives, away from kinks and from the borders of their domains.

    A graph has at most so many leaves and operations; results are shared, operands repeat, and some are constants. All
    numbers are at most 30 in size and all slopes of an operation 100. `smooth` leaves out what has a kink, and `exact`
    what has no exact value in fractions. It shrinks to the smallest graph that fails.
    Raises ImportError where hypothesis is missing, TypeError for what is no primitive, ValueError where none is left,
    and for less than one leaf or step.
    """
    rows = [row_of(given) for given in (PRIMITIVES if primitives is None else primitives)]
    names = tuple(row.name for row in rows if row.analytic or not smooth)
    if not names:
        kind = "primitive without a kink" if smooth else "primitive"
        raise ValueError(f"expressions needs at least one {kind}; got {[row.name for row in rows]}")
    if leaves < 1 or steps < 1:
        raise ValueError(f"expressions needs at least one leaf and one step; got {leaves} and {steps}")
    return recipes(names, leaves, steps, exact).map(pruned).map(Expression)


def recipes(
    names: Sequence[str] | None = None, leaves: int = 3, steps: int = 10, exact: bool = False
) -> SearchStrategy[Recipe]:
    """Recipes of so many leaves, which need not all be used, and of one step to so many."""
    st, chosen = door.strategies(), tuple(names or PRIMITIVES)
    codes = st.binary(min_size=SIZE, max_size=SIZE)
    lists = st.one_of(
        st.lists(codes, min_size=1, max_size=DRAFTED * steps),
        st.lists(codes, min_size=steps, max_size=DRAFTED * steps),  # of themselves lists are short
    )
    starts = st.lists(numbers(*LEAVES), min_size=leaves, max_size=leaves)

    def made(start: list[float], drafted: list[bytes]) -> Recipe:
        return cooked(start, (draft(code, chosen) for code in drafted), steps, exact)

    found: SearchStrategy[Recipe] = st.builds(made, starts, lists).filter(lambda recipe: bool(recipe.steps))
    return found


def numbers(smallest: float = 0.0, largest: float = 2.5) -> SearchStrategy[float]:
    """Finite floats of both signs whose size is between these bounds."""
    floats = door.strategies().floats
    both: SearchStrategy[float] = floats(smallest, largest) | floats(-largest, -smallest)
    return both
