"""What all optimizers share: from the gradients of the parameters to their next numbers.

Laws of this file:
- A rule is one formula of flat arrays, elementwise, and is written once: Values hand it their numbers, and whoever
  holds the parameters in one flat array hands `updated` or `update` that array. All get the same bits.
- Whatever a rule remembers, the optimizer holds: two optimizers on the same parameters do not meet.
- An optimizer reads `grad` and writes `data`, and nothing else; `zero_grad` alone resets a gradient.
- A parameter counts its own steps: one whose gradient was not computed takes none, and what is remembered of it stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from typing import Any, ClassVar, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd import Value, zero_grad
from autograd.archive.keys import require_keys
from autograd.compiler.rules import ScalarRule
from autograd.compiler.updating import Updating
from autograd.value import read_data, write_data
from nn.optimization.hyperparameters import checked, constants, letters_of
from nn.optimization.parameters import leaves_of
from nn.optimization.scalars import scalar_rule
from nn.optimization.schedules import Constant, Rate, Schedule, schedule_from_state, schedule_of, schedule_state
from nn.optimization.states import read_counts, read_moment, read_steps
from nn.optimization.updates import Rule, Step, Update, formulas, names_of_parameters

Array: TypeAlias = NDArray[np.float64]

Number: TypeAlias = Any
"""In a rule: a flat array with an element for each parameter, or a Value when the rule is told as a formula."""


class _Held(NamedTuple):
    """Arrays that are moved again and again, and what moves them; None where a rule has to be run on whole ones."""

    data: Array
    gradients: Array
    settings: dict[str, Any]
    moments: list[Array]
    moves: Updating | None


class Optimizer:
    """What moves parameters along a rule. A subclass names its moments, and has the `rule`.

    Parameters are leaves; one that is named twice moves once. `lr` is a number, a schedule, or any function from the
    number of steps taken to the rate of the next. Raises ValueError for no parameters, for a computed Value among
    them, and for a setting that is out of its range.
    """

    moments: ClassVar[tuple[str, ...]] = ()
    """The letters of what the rule remembers of each parameter, in the order in which it takes and gives them."""

    is_formula: ClassVar[bool] = False
    """A class says True of its own rule, if that is one formula of numbers, the same one whatever they are, and of one
    parameter alone: it is then compiled. What a subclass inherits does not count, for it may change the rule."""

    def __init__(self, parameters: Iterable[Value], lr: Rate, **hyperparameters: Any) -> None:
        self._parameters = leaves_of(parameters, type(self).__name__)
        self._hyperparameters = checked(hyperparameters, type(self).__name__)
        self._moments = [np.zeros(len(self._parameters)) for _ in self.moments]
        self._counts: int | NDArray[np.int64] = 0  # one number as long as all have taken equally many steps
        self._steps = 0
        self._last: Step | None = None
        self._held: _Held | None = None
        self.lr = lr

    @staticmethod
    def rule(*numbers: Number, **hyperparameters: Any) -> tuple[Number, ...]:
        """The next p and the next moments from (p, g, t, lr, *moments). A formula: it changes none of its arguments."""
        raise NotImplementedError("an optimizer needs a rule(p, g, t, lr, *moments) that gives (p, *moments)")

    # ---- settings

    @property
    def parameters(self) -> list[Value]:
        """What it moves, in the order of the flat arrays."""
        return list(self._parameters)

    @property
    def lr(self) -> float:
        """The learning rate of the next step. It can be written between two steps, a schedule as well as a number."""
        return self._schedule(self._steps)

    @lr.setter
    def lr(self, lr: Rate) -> None:
        schedule = schedule_of(lr, f"lr of {type(self).__name__}")
        schedule(self._steps)  # one that gives no rate is refused here rather than in the middle of training
        self._schedule = schedule

    @property
    def schedule(self) -> Schedule:
        """Where the learning rate comes from; it is asked with the `steps` of this optimizer.

        It can be written too, as it is, and is not asked before the next step.
        """
        return self._schedule

    @schedule.setter
    def schedule(self, schedule: Schedule) -> None:
        self._schedule = schedule

    @property
    def steps(self) -> int:
        """How many steps were taken, those included for which no gradient was computed."""
        return self._steps

    @property
    def hyperparameters(self) -> dict[str, Any]:
        """What else the rule is given, by name."""
        return dict(self._hyperparameters)

    def __repr__(self) -> str:
        lr = self._schedule.lr if isinstance(self._schedule, Constant) else self._schedule
        settings = [f"{name}={setting!r}" for name, setting in {"lr": lr, **self._hyperparameters}.items()]
        count = len(self._parameters)
        return f"{type(self).__name__}({count} parameter{'s' * (count != 1)}, {', '.join(settings)})"

    # ---- steps

    def updated(self, data: Array, gradients: Array, explained: bool = False) -> Array:
        """The next numbers of all parameters, as a new array: a step for who holds them in flat arrays.

        `explain` tells of one that is to be `explained`, of which copies are kept.
        Raises ValueError for arrays that have another shape than (number of parameters,), and takes no step.
        """
        count = len(self._parameters)
        for array in (data, gradients):
            if np.shape(array) != (count,):
                owner, got = type(self).__name__, np.shape(array)
                raise ValueError(f"{owner} needs arrays of shape ({count},), an element for each parameter; got {got}")
        number, lr = self._steps + 1, self.lr
        after = self._advanced(np.asarray(data, np.float64), np.asarray(gradients, np.float64), None)
        self._last = None
        if explained:  # of copies, for the arrays are the caller's, who may write into them
            before, slopes = np.array(data, np.float64), np.array(gradients, np.float64)
            moved = np.full(count, True)
            self._last = Step(number, lr, before, slopes, moved, self._moments, after.copy(), self._counts)
        return after

    def update(self, data: Array, gradients: Array, explained: bool = False) -> None:
        """Moves the flat array of all parameters, of float64 or float32, where it is; else as `updated`.

        For who calls it with the same arrays again and again, calls on pieces of them are made of the rule.
        """
        number, lr, counts = self._steps + 1, self.lr, self._counts
        moves = self._moves_of(data, gradients)
        if moves is None or not isinstance(counts, int):
            data[...] = self.updated(data, gradients, explained)
            return
        copies = (np.array(data, np.float64), np.array(gradients, np.float64)) if explained else None
        moves.step(counts + 1, lr)
        self._counts, self._steps, self._last = counts + 1, number, None
        if copies:
            moved, moments = np.full(len(data), True), [moment.copy() for moment in self._moments]
            self._last = Step(number, lr, *copies, moved, moments, np.array(data, np.float64), self._counts)

    def _moves_of(self, data: Array, gradients: Array) -> Updating | None:
        """What moves these arrays, made anew when they or the settings are others; it has what is remembered."""
        held, settings = self._held, self._hyperparameters
        if held is None or held.data is not data or held.gradients is not gradients or held.settings != settings:
            held = self._held = self._hold(data, gradients)
        if held.moves is not None and held.moments is not self._moments:
            for array, moment in zip(held.moments, self._moments):
                array[:] = moment
            self._moments = held.moments
        return held.moves

    def _hold(self, data: Array, gradients: Array) -> _Held:
        rule, fits = self.scalar_rule(), data.shape == gradients.shape == (len(self._parameters),)
        settings = dict(self._hyperparameters)
        if rule is None or not fits or data.dtype != gradients.dtype:
            return _Held(data, gradients, settings, [], None)
        moments = [np.empty_like(data) for _ in self._moments]
        return _Held(data, gradients, settings, moments, Updating(rule, data, gradients, moments))

    def scalar_rule(self) -> ScalarRule | None:
        """The rule with its settings as a graph of scalars; None if its class does not say that it is a formula."""
        if not type(self).__dict__.get("is_formula"):
            return None
        return scalar_rule(self.rule, self.moments, self._hyperparameters)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_held": None}  # a copy has arrays of its own

    def advance(self, moments: Sequence[Array], steps: int) -> None:
        """Takes over what a loop with its rule has made of the moments, in so many steps of all parameters."""
        self._moments = [np.array(moment, np.float64) for moment in moments]
        self._counts, self._steps, self._last = self._counts + steps, self._steps + steps, None

    def step(self) -> None:
        """Writes the next number of every parameter: graphs recorded before are then stale.

        A parameter whose gradient was not computed is left as it is, and does not make a graph stale. A step that is
        interrupted was not taken.
        """
        number, lr = self._steps + 1, self.lr
        moved = np.array([parameter.grad_state != "not computed" for parameter in self._parameters])
        before = np.array(read_data(self._parameters))
        gradients = np.array([parameter.grad for parameter in self._parameters])
        state = self._steps, self._moments, self._counts, self._last
        try:
            after = self._advanced(before, gradients, None if moved.all() else moved)
            write_data(compress(self._parameters, moved), after[moved].tolist())
            self._last = Step(number, lr, before, gradients, moved, self._moments, after, self._counts)
        except BaseException:
            self._steps, self._moments, self._counts, self._last = state
            self._write_back(before.tolist())
            raise

    def _write_back(self, numbers: Sequence[float]) -> None:
        """Writes the parameters that have another number; where none has, no graph becomes stale."""
        other = [x.data != number for x, number in zip(self._parameters, numbers)]
        if any(other):
            write_data(compress(self._parameters, other), compress(numbers, other))

    def zero_grad(self) -> None:
        """Sets the gradient of every parameter to 0.0, not computed."""
        zero_grad(self._parameters)

    def explain(self) -> Update:
        """What the last `step` changed: the rule, and for each parameter its gradient, moments, change and numbers.

        Raises RuntimeError before the first step, and after an `updated` that was not to be explained.
        """
        if self._last is None:
            raise RuntimeError(f"explain of {type(self).__name__} tells of the last step(); call step() first")
        return Update(self._told(), self._last, names_of_parameters(self._parameters))

    def _told(self) -> Rule:
        letters = letters_of(self._hyperparameters)
        told = formulas(self.rule, self.moments, letters)
        return Rule(type(self).__name__, self.moments, told, list(constants(self._hyperparameters)))

    def _advanced(self, data: Array, gradients: Array, moved: NDArray[np.bool_] | None) -> Array:
        """The next numbers, where only those `moved` move, if any are named; moments and counts go on with them."""
        numbers, counts = [data, *self._moments], self._counts
        with np.errstate(all="ignore"):  # an overflow follows IEEE in silence, as it does in Values
            if moved is None and isinstance(counts, int):
                after, *moments = self._ruled(numbers, gradients, counts + 1)
            else:
                after, *moments = self._ruled_by_count(numbers, gradients, moved)
        given = (data, gradients)  # a rule may give them as they are, and they are the caller's
        self._moments = [np.array(x) if any(np.may_share_memory(x, each) for each in given) else x for x in moments]
        self._steps += 1
        self._counts = _joined(counts + (1 if moved is None else moved))
        return after

    def _ruled_by_count(
        self, numbers: Sequence[Array], gradients: Array, moved: NDArray[np.bool_] | None
    ) -> Sequence[Array]:
        """The rule for those that moved. Those that took equally many steps go together: in a rule t is one number."""
        counts = np.full(len(gradients), self._counts)
        moving = np.full(len(gradients), True) if moved is None else moved
        new = [np.array(x) for x in numbers]
        for count in np.unique(counts[moving]).tolist():
            group = moving & (counts == count)
            parts = self._ruled([x[group] for x in numbers], gradients[group], count + 1)
            for whole, part in zip(new, parts):
                whole[group] = part
        return new

    def _ruled(self, numbers: Sequence[Array], gradients: Array, t: int) -> Sequence[Array]:
        p, *moments = numbers
        new: Any = self.rule(p, gradients, t, self.lr, *moments, **self._hyperparameters)
        if not isinstance(new, tuple) or len(new) != len(numbers):
            wanted = ", ".join(("p", *self.moments))
            raise TypeError(f"the rule of {type(self).__name__} needs to give a tuple of {wanted}; got {new!r}")
        return new

    # ---- saving

    def state_dict(self) -> dict[str, Any]:
        """All that the next steps depend on beside the parameters, as plain data and copies of arrays.

        `moments` has a float64 array for each, `counts` is an int64 array, how many steps each parameter has taken.
        A learning rate that a function of one's own gives is not in it: the optimizer that loads it needs that again.
        """
        return {
            "class": type(self).__name__,
            "lr": schedule_state(self._schedule),
            "hyperparameters": {
                name: list(x) if isinstance(x, tuple) else x for name, x in self._hyperparameters.items()
            },
            "moments": {name: moment.astype(np.float64) for name, moment in zip(self.moments, self._moments)},
            "counts": np.full(len(self._parameters), self._counts, dtype=np.int64),
            "steps": self._steps,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Takes over what `state_dict` gave: the next steps are bit for bit those of the optimizer that gave it.

        Lists are taken for arrays. Raises ValueError or TypeError that says what does not fit, and changes nothing.
        """
        owner, count = type(self).__name__, len(self._parameters)
        require_keys(state, ("class", "lr", "hyperparameters", "moments", "counts", "steps"), f"the state of {owner}")
        if state["class"] != owner:
            raise ValueError(f"{owner} needs a state of its own class; got one of {state['class']!r}")
        schedule = schedule_from_state(state["lr"], self._schedule, f"lr of {owner}")
        require_keys(state["hyperparameters"], self._hyperparameters, f"the hyperparameters of {owner}")
        hyperparameters = checked(state["hyperparameters"], owner)
        require_keys(state["moments"], self.moments, f"the moments of {owner}")
        moments = [read_moment(state["moments"][name], count, f"{name} of {owner}") for name in self.moments]
        counts = read_counts(state["counts"], count, f"counts of {owner}")
        steps = read_steps(state["steps"], counts, f"steps of {owner}")
        schedule(steps)
        joined = _joined(counts)
        # nothing is called from here on, after which Ctrl-C would come
        self._schedule, self._hyperparameters, self._moments = schedule, hyperparameters, moments
        self._steps, self._counts, self._last = steps, joined, None


def _joined(counts: int | NDArray[np.int64]) -> int | NDArray[np.int64]:
    """One number in the place of an array of equal ones: all parameters then go through the rule at once."""
    return int(counts[0]) if not isinstance(counts, int) and np.all(counts == counts[0]) else counts
