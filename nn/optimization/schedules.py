"""Learning rates: a schedule is called with the number of steps taken, 0 before the first, and gives the next rate.

Laws of this file:
- A schedule is a pure function of that number: who stops and goes on later has the same rates.
- A rate is finite and not negative. One that is written as a number is positive; a schedule may come down to 0.
- The schedules of this file can be written as plain data and read back; a function of one's own can't, and whoever
  reads it has to bring it along.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeAlias

from autograd.archive.keys import require_keys
from autograd.coercion import real_number
from nn.models.modules import count
from nn.ranges import FACTOR, NOT_NEGATIVE, POSITIVE, Range

Rate: TypeAlias = "float | Schedule | Callable[[int], float]"
"""What can be given as a learning rate."""


class Schedule:
    """A learning rate for each step. A subclass says `rate`."""

    def __call__(self, steps_taken: int) -> float:
        """The rate of the next step. Raises ValueError for less than no steps, and for a rate that is none."""
        taken = operator.index(steps_taken)
        if taken < 0:
            raise ValueError(f"a schedule needs the number of steps taken, 0 or more; got {taken}")
        rate = real_number(self.rate(taken), "a schedule")
        if not NOT_NEGATIVE.holds(rate):
            raise ValueError(f"a rate needs to be {NOT_NEGATIVE.words}; {self!r} gave {rate!r} after {taken} steps")
        return rate

    def rate(self, steps_taken: int) -> float:
        """The rate after so many steps, 0 or more."""
        raise NotImplementedError(f"{type(self).__name__} needs a method rate(steps_taken)")


@dataclass(frozen=True)
class Constant(Schedule):
    """The same rate for every step."""

    lr: float

    def __post_init__(self) -> None:
        _set(self, lr=POSITIVE.checked(self.lr, "lr of Constant"))

    def rate(self, steps_taken: int) -> float:
        return self.lr


@dataclass(frozen=True)
class StepDecay(Schedule):
    """lr · factor^⌊n / every⌋ after n steps: multiplied by the factor after every so many of them."""

    lr: float
    every: int
    factor: float

    def __post_init__(self) -> None:
        _set(
            self,
            lr=POSITIVE.checked(self.lr, "lr of StepDecay"),
            every=count(self.every, "StepDecay", "step before the rate falls"),
            factor=FACTOR.checked(self.factor, "factor of StepDecay"),
        )

    def rate(self, steps_taken: int) -> float:
        return self.lr * self.factor ** (steps_taken // self.every)


@dataclass(frozen=True)
class Cosine(Schedule):
    """From lr down to the lowest along half a wave of a cosine, in so many steps; it then stays there.

    lr - (lr - lowest) · (1 - cos(π · n / steps)) / 2 after n steps: equation 5 of Loshchilov and Hutter, "SGDR", 2017,
    read from above, and without its restarts.
    """

    lr: float
    steps: int
    lowest: float = 0.0

    def __post_init__(self) -> None:
        lr = POSITIVE.checked(self.lr, "lr of Cosine")
        lowest = Range(f"a number >= 0 and <= lr = {lr!r}", lambda x: 0 <= x <= lr)
        _set(
            self,
            lr=lr,
            steps=count(self.steps, "Cosine", "step"),
            lowest=lowest.checked(self.lowest, "lowest of Cosine"),
        )

    def rate(self, steps_taken: int) -> float:
        if steps_taken >= self.steps:
            return self.lowest
        down = (1 - math.cos(math.pi * (steps_taken / self.steps))) / 2
        return max(self.lr - (self.lr - self.lowest) * down, self.lowest)  # lr exactly at first, rounding or not


@dataclass(frozen=True)
class Custom(Schedule):
    """The rates that a function of one's own gives."""

    function: Callable[[int], float]

    def rate(self, steps_taken: int) -> float:
        return self.function(steps_taken)

    def __repr__(self) -> str:
        return getattr(self.function, "__name__", repr(self.function))


SCHEDULES: dict[str, type[Schedule]] = {"Constant": Constant, "StepDecay": StepDecay, "Cosine": Cosine}
"""Those that can be written, by their names."""


def schedule_of(lr: Rate, name: str) -> Schedule:
    """The schedule that a learning rate means: itself, a constant one, or the rates that a function gives.

    Raises TypeError for what is no number, ValueError for one that is not positive and finite.
    """
    if isinstance(lr, Schedule):
        return lr
    return Custom(lr) if callable(lr) else Constant(POSITIVE.checked(lr, name))


def schedule_state(schedule: Schedule) -> float | dict[str, Any]:
    """A schedule as plain data: a number for a constant rate, else its class and settings; of one's own, its name."""
    if type(schedule) is Constant:
        return schedule.lr
    if not _is_own(schedule):
        return {"class": type(schedule).__name__, **asdict(schedule)}  # type: ignore[call-overload]
    return {"class": OWN, "name": repr(schedule)}


def schedule_from_state(state: Any, present: Schedule, name: str) -> Schedule:
    """The schedule that was written as `state`, or the `present` one, if both are of one's own.

    Raises ValueError or TypeError that says what is wrong with the state of `name`.
    """
    if not isinstance(state, Mapping):
        return Constant(POSITIVE.checked(state, name))
    kind = state.get("class")
    if kind not in (OWN, *SCHEDULES):
        raise ValueError(f"{name} needs a schedule of the class {', '.join(SCHEDULES)}; got {kind!r}")
    wanted = ["name"] if kind == OWN else [field.name for field in fields(SCHEDULES[kind])]  # type: ignore[arg-type]
    require_keys(state, ["class", *wanted], f"{name}, {kind},")
    if kind == OWN and not _is_own(present):
        raise ValueError(f"{name} was given by {state['name']!r}, which can't be written: set lr to it before loading")
    return present if kind == OWN else SCHEDULES[kind](**{key: state[key] for key in wanted})


OWN = "own"
"""What is written as the class of a schedule that can't be."""


def _is_own(schedule: Schedule) -> bool:
    return type(schedule) not in SCHEDULES.values()


def _set(schedule: Schedule, **settings: float) -> None:
    """Writes the settings as they are after the checks: a frozen dataclass is written in its `__post_init__` alone."""
    for name, setting in settings.items():
        object.__setattr__(schedule, name, setting)
