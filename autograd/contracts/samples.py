"""Points inside and outside the domain of a primitive: seeded, so that two checks see the same ones."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from autograd.contracts.neighbourhoods import is_inside
from autograd.contracts.operands import Point
from autograd.namespaces import floats
from autograd.primitives import Primitive, Requirement

NUMBERS = (0.0, 1.0, -1.0, 0.25, -0.3, 2.0, -2.0, 3.0, 0.7, 1.9, -2.4)
"""Where mistakes hide: zero, one, whole numbers, both signs; the others are ordinary."""

LARGEST, LONGEST = 3.0, 4
"""Of the numbers that are drawn, and of the vectors; functions of such numbers rarely overflow."""

WANTED, TRIES = 24, 4000
"""The points of a check, and how many are drawn to find them; where a domain lies far off, numbers of any size."""

FAR = (-3.0, 6.0)
"""The powers of ten of the numbers that are drawn for a domain that is far off."""


def inside(row: Primitive, seed: int = 0, wanted: int = WANTED) -> list[Point]:
    """Points inside the domain, each once. Raises ValueError where none is found: `points=` can then name some."""
    found: dict[Point, None] = {}
    for point in _drawn(row, seed):
        if is_inside(row, point):
            found[point] = None
        if len(found) == wanted:
            break
    if not found:
        needs = " and ".join(requirement.needs for requirement in row.domain)
        raise ValueError(
            f"check_primitive finds no point inside the domain of {row.name} ({needs}); name some: points="
        )
    return list(found)


def outside(row: Primitive, requirement: Requirement, seed: int = 0, wanted: int = WANTED) -> list[Point]:
    """Points that this requirement excludes, and none before it; none where they are too rare to be found."""
    before = row.domain[: row.domain.index(requirement)]
    found: list[Point] = []
    for point in _drawn(row, seed):
        if requirement.violated(floats, *point) and not any(other.violated(floats, *point) for other in before):
            found.append(point)
        if len(found) == wanted:
            break
    return found


def _drawn(row: Primitive, seed: int) -> Iterator[Point]:
    random = Random(f"{seed}/{row.name}")
    for attempt in range(TRIES):
        far = attempt > TRIES // 4
        if row.vectors:
            length = random.randint(1, LONGEST)
            yield tuple(tuple(_number(random, far) for _ in range(length)) for _ in range(row.vectors))
        else:
            yield tuple(_number(random, far) for _ in row.operands)


def _number(random: Random, far: bool) -> float:
    if random.random() < 0.5:
        return random.choice(NUMBERS)
    if far and random.random() < 0.5:
        return random.choice((-1.0, 1.0)) * 10 ** random.uniform(*FAR)
    return random.uniform(-LARGEST, LARGEST)
