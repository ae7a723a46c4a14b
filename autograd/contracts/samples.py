"""Points inside and outside the domain of a primitive: seeded, so that two checks see the same ones.

Three kinds lie inside: small numbers, large ones, and those around which a formula turns.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from random import Random
from typing import NamedTuple

from autograd.contracts.neighbourhoods import COMPLEX_STEP, is_inside, number, stepped
from autograd.contracts.operands import Point, flat, replaced, spread
from autograd.contracts.spelling import partials
from autograd.contracts.turns import landmarks, leaves_range
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

LARGE, LARGE_SHARE, LARGE_WANTED = (0.5, 3.0), 0.7, 16
"""The powers of ten of the large numbers of a check, how many they are beside ordinary ones, and in how many points."""

BASES = 3
"""The points whose operands, one after the other, are put where a formula turns."""

BESIDE = (0.0, 1e-6, 0.01, 1.0)
"""How far from where a formula turns, of the number if it is larger than 1; the last as it is."""

ALIKE = 1e-9
"""Slopes that differ by so little agree, whatever a formula goes through."""

MOST_BESIDE = 150
"""The points beside turns; of more, some are left out."""


class Samples(NamedTuple):
    """Points inside the domain: those that are judged, and those where floats are too few for it."""

    judged: list[Point]
    beyond: list[Point]


def inside(row: Primitive, seed: int = 0) -> list[Point]:
    """The points inside the domain at which the primitive is judged. Raises ValueError where none is found."""
    return samples(row, seed).judged


def samples(row: Primitive, seed: int = 0) -> Samples:
    """Points inside the domain, each once. Raises ValueError where none is found: `points=` can then name some."""
    small = _small(row, seed)
    further = dict.fromkeys((*_beside_turns(row, small), *_large(row, seed)))
    others = [point for point in further if point not in small]
    beyond = [point for point in others if _is_beyond(row, point)]
    return Samples([*small, *(point for point in others if point not in beyond)], beyond)


def _small(row: Primitive, seed: int) -> list[Point]:
    found: dict[Point, None] = {}
    for point in _drawn(row, seed):
        if is_inside(row, point):
            found[point] = None
        if len(found) == WANTED:
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


def _beside_turns(row: Primitive, points: list[Point]) -> Sequence[Point]:
    """Points that differ from a few of these in one number, which is where a formula turns, or beside."""
    found: dict[Point, None] = {}
    for point in spread(points, BASES):
        for place in range(len(flat(point))):
            for x in landmarks(row, point, place):
                beside = (replaced(point, place, other) for other in around(x))
                found.update(dict.fromkeys(other for other in beside if is_inside(row, other)))
    return spread(list(found), MOST_BESIDE) if found else []


def around(x: float) -> list[float]:
    """A number and those beside it, smallest first."""
    *shares, whole = BESIDE
    steps = [*(share * max(abs(x), 1.0) for share in shares), whole]
    return sorted({x + sign * step for step in steps for sign in (1, -1)})


def _large(row: Primitive, seed: int) -> list[Point]:
    random = Random(f"{seed}/{row.name}/large")
    drawn = (_point(row, random, _large_number) for _ in range(TRIES))
    return list(islice((point for point in drawn if is_inside(row, point)), LARGE_WANTED))


def _large_number(random: Random) -> float:
    """A large one, at times an ordinary one: large operands of both kinds hide what happens with one of them."""
    large = random.choice((-1.0, 1.0)) * 10 ** random.uniform(*LARGE)
    return large if random.random() < LARGE_SHARE else random.uniform(-LARGEST, LARGEST)


def _is_beyond(row: Primitive, point: Point) -> bool:
    """Whether answers are no numbers, or disagree, as a result in a formula is too large or small for a float."""
    try:
        slopes, found = [stepped(row, point, place) for place in range(len(flat(point)))], partials(row, point)
        finite = all(map(math.isfinite, (number(row, point), *slopes, *found)))
        agree = all(math.isclose(x, y, rel_tol=ALIKE, abs_tol=COMPLEX_STEP) for x, y in zip(slopes, found))
        return not (finite and agree) and leaves_range(row, point)
    except Exception:  # what a formula raises is told by the contract that asks it
        return False


def _drawn(row: Primitive, seed: int) -> Iterator[Point]:
    random = Random(f"{seed}/{row.name}")
    for attempt in range(TRIES):
        yield _point(row, random, _far_number if attempt > TRIES // 4 else _number)


def _point(row: Primitive, random: Random, number: Callable[[Random], float]) -> Point:
    if not row.vectors:
        return tuple(number(random) for _ in row.operands)
    length = random.randint(1, LONGEST)
    return tuple(tuple(number(random) for _ in range(length)) for _ in range(row.vectors))


def _number(random: Random, far: bool = False) -> float:
    if random.random() < 0.5:
        return random.choice(NUMBERS)
    if far and random.random() < 0.5:
        return random.choice((-1.0, 1.0)) * 10 ** random.uniform(*FAR)
    return random.uniform(-LARGEST, LARGEST)


_far_number = partial(_number, far=True)
