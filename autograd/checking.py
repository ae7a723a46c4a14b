"""Derivatives checked against oracles that do not use the rule under test.

`check_gradients` compares reverse mode with forward mode, and with differences: the complex step where every
primitive is analytic, central differences elsewhere. Law: a relative tolerance certifies; an absolute one, the noise
of rounding or of the differences, can only excuse. A tiny derivative that is 100 % wrong is never a pass.
"""

from __future__ import annotations

import inspect
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

from autograd.derivatives import between, scales, tangent
from autograd.evaluation import branches, evaluate
from autograd.namespaces import complexes
from autograd.notation.names import Names
from autograd.notation.typesetting import short
from autograd.primitives import DomainError
from autograd.value import Value, adjoints, depends, topological_order

Verdict = Literal["pass", "fail", "kink", "unchecked"]

EPSILON = sys.float_info.epsilon
WIDER_STEP = 1e-20  # shows whether the slope stays what it is when the step changes
SATURATED = 4 * EPSILON / 1e-12  # the slope of tanh and sigmoid has the error of 1, whatever EXACT times it is
EXACT = 1e-12  # rounding of some thousand operations; forward mode and the complex step have no other error
COMPLEX_STEP = 1e-30  # of |x|; no difference is taken, so nothing cancels, and h² vanishes beside 1
STEP = 6e-6  # cube root of machine epsilon: rounding and truncation of central differences are of one size there
CLOSER = (1e-2, 1e-4)  # of the step, for functions that turn within it
DIFFERENCES = 1e-6  # what central differences with that step reach on functions that are not steep
NOISE = 16  # units of the last place that each number below y may be off at the probes


class GradientError(AssertionError):
    """A derivative differs from its oracle by more than rounding explains."""


class DerivativeCheck(NamedTuple):
    """One derivative: what reverse mode says, what the oracle says, and the verdict with its reason."""

    name: str
    derivative: float
    expected: float
    oracle: str
    verdict: Verdict
    reason: str = ""

    @property
    def error(self) -> float:
        """The difference relative to the larger of the two; 0 when both are 0."""
        if self.derivative == self.expected:
            return 0.0
        error = abs(self.derivative - self.expected) / max(abs(self.derivative), abs(self.expected))
        return error if math.isfinite(error) else math.inf

    def __str__(self) -> str:
        told = f"{self.name}: {self.verdict}, {self.derivative!r} against {self.expected!r} by {self.oracle}"
        return f"{told} ({self.reason})" if self.reason else told


class GradientCheck:
    """The checks of all derivatives, in the order of the variables."""

    def __init__(self, checks: Sequence[DerivativeCheck]) -> None:
        self.checks = list(checks)

    @property
    def passed(self) -> bool:
        """Whether nothing failed. Kinks and unchecked derivatives are no failures, and no certificates."""
        return all(check.verdict != "fail" for check in self.checks)

    @property
    def worst(self) -> DerivativeCheck:
        """The failure, else the check that says least, with the largest error."""
        order: list[Verdict] = ["pass", "unchecked", "kink", "fail"]
        return max(self.checks, key=lambda check: (order.index(check.verdict), check.error))

    def raise_if_failed(self) -> GradientCheck:
        """Itself; raises GradientError that names every failure, the worst first."""
        failures = sorted((check for check in self.checks if check.verdict == "fail"), key=lambda check: -check.error)
        if failures:
            raise GradientError("; ".join(map(str, failures)))
        return self

    def __iter__(self) -> Iterator[DerivativeCheck]:
        return iter(self.checks)

    def __len__(self) -> int:
        return len(self.checks)

    def __repr__(self) -> str:
        counts = Counter(check.verdict for check in self.checks)
        told = ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common())
        return f"GradientCheck of {len(self)}: {told}; worst {self.worst}, relative error {short(self.worst.error)}"


def check_gradients(f_or_y: Value | Callable[..., Value], xs: Iterable[Any]) -> GradientCheck:
    """Checks dy/dx for each x: of a recorded y and its Values xs, or of a function at the numbers xs.

    A function is called as f(*values), and again at each probe: where it branches otherwise there, a kink is
    reported, and a number that left the graph by `.data` is a failure. A recorded graph has its branches frozen.
    Nothing of the caller's changes.
    Raises TypeError when there is nothing to differentiate, ValueError for no variables.
    """
    if isinstance(xs, Value):
        raise TypeError(f"check_gradients needs a sequence of variables; got one Value, {xs!r}")
    given = list(xs)
    if not given:
        raise ValueError("check_gradients needs at least one variable; got none")
    if isinstance(f_or_y, Value):
        y, variables = f_or_y, given
        probe: Prober = _Replayed(f_or_y)
        known = Names([x for x in variables if isinstance(x, Value)]).given
        names = [known.get(x, f"x{place}") for place, x in enumerate(variables)]
    else:
        names = _names(f_or_y, given)
        variables = [Value(x.data if isinstance(x, Value) else x, name) for x, name in zip(given, names)]
        y, probe = _recorded(f_or_y, variables), _Called(f_or_y)
    pulled = adjoints(y)
    # what y changes when every number below it changes by its own size: times epsilon, the rounding in y
    rounding = sum(abs(adjoint * node.data) for node, adjoint in pulled.items() if adjoint)
    sizes = scales(y, variables, SATURATED)
    return GradientCheck(
        [
            _checked(_Case(y, variables, place, name, pulled.get(variables[place], 0.0), sizes[place], rounding, probe))
            for place, name in enumerate(names)
        ]
    )


class _Probe(NamedTuple):
    """A value near the point, and on which side of each kink it was computed."""

    value: float
    trace: Any


Prober = Callable[[Sequence[Value], int, float], _Probe]


class _Case(NamedTuple):
    """One derivative under check, with what its oracles need."""

    y: Value
    variables: Sequence[Value]
    place: int
    name: str
    derivative: float
    scale: float
    rounding: float
    prober: Prober

    @property
    def x(self) -> Value:
        return self.variables[self.place]

    @property
    def step(self) -> float:
        """The step of central differences, relative to |x|."""
        return STEP * abs(self.x.data) or STEP

    def probe(self, shift: float) -> _Probe:
        return self.prober(self.variables, self.place, self.x.data + shift)

    def check(self, expected: float, oracle: str, verdict: Verdict, reason: str) -> DerivativeCheck:
        return DerivativeCheck(self.name, self.derivative, expected, oracle, verdict, reason)


def _checked(case: _Case) -> DerivativeCheck:
    y, x = case.y, case.x
    forward = tangent(y, [x], [1.0])
    verdict, reason = _exact_verdict(case.derivative, forward, forward, EXACT * case.scale)
    if verdict == "fail":
        return case.check(forward, "forward mode", verdict, reason)
    analytic = all(node.primitive and node.primitive.analytic for node in between(y, [x])[0])
    if not (analytic and isinstance(case.prober, _Replayed)):
        differences = _against_differences(case)
        if not analytic or differences.verdict in ("fail", "kink"):
            return differences
    if not depends(y, x):
        return case.check(0.0, "structure", "pass", "does not depend on it")
    step, wider_step = (step * abs(x.data) or step for step in (COMPLEX_STEP, WIDER_STEP))
    expected, wider = (_complex_step(y, x, h) for h in (step, wider_step))
    verdict, reason = _exact_verdict(case.derivative, expected, wider, EXACT * case.scale + sys.float_info.min / step)
    return case.check(expected, "complex step", verdict, reason)


def _complex_step(y: Value, x: Value, step: float) -> float:
    slope = evaluate(y, {x: complex(x.data, step)}, complexes).imag / step
    return float(slope)


def _exact_verdict(derivative: float, expected: float, wider: float, noise: float) -> tuple[Verdict, str]:
    """The verdict against an oracle that takes no difference; `wider` is what it says of a larger step.

    `noise` is what rounding, of terms that cancel, and underflow, beside a tiny step, can do.
    """
    if not (math.isfinite(derivative) and math.isfinite(expected)):
        return _not_finite_verdict(derivative, expected, wider)
    difference = abs(derivative - expected)
    if difference <= EXACT * max(abs(derivative), abs(expected)):
        return "pass", ""
    if difference <= noise:
        return "unchecked", f"lost in rounding of the size {short(noise)}"
    if abs(expected) < abs(wider) / 2 and abs(derivative) <= abs(wider):
        return "unchecked", "the slope of the oracle vanishes with its step"
    return "fail", ""


def _not_finite_verdict(derivative: float, expected: float, wider: float) -> tuple[Verdict, str]:
    """A slope that is infinite shows in an oracle that grows as its step shrinks; a NaN is no slope at all."""
    if math.isnan(expected):
        return "unchecked", "the oracle gives no number"
    if derivative == expected or abs(expected) > 2 * abs(wider):
        return "unchecked", "infinite"
    return "fail", "not finite"


def _kink(case: _Case) -> str:
    """Where a kink or a branch of the function lies near the point; empty when there is none."""
    step = case.step
    try:
        here, *around = (case.probe(shift).trace for shift in (0.0, step, -step, step / 2, -step / 2))
    except DomainError:
        return ""
    return f"a kink within {short(step)} of {short(case.x.data)}" if any(trace != here for trace in around) else ""


def _against_differences(case: _Case) -> DerivativeCheck:
    """The verdict of central differences; where they fail, one that passes with a smaller step is believed instead.

    Only a pass is: a function that turns within a step is resolved by a smaller one, and noise certifies nothing.
    """
    first = _against_differences_at(case, case.step)
    kink = _kink(case)
    if kink:
        return first._replace(verdict="kink", reason=kink)
    if first.verdict != "fail":
        return first
    closer = (_against_differences_at(case, case.step * factor) for factor in CLOSER)
    return next((check for check in closer if check.verdict == "pass"), first)


def _against_differences_at(case: _Case, step: float) -> DerivativeCheck:
    """Central differences at h and h/2, extrapolated; their disagreement is the measure of their own error."""
    oracle = "central differences"
    try:
        wide, narrow = (_slope(case, h) for h in (step, step / 2))
    except DomainError as error:
        return case.check(math.nan, oracle, "unchecked", f"a probe leaves the domain: {error}")
    expected = (4 * narrow - wide) / 3
    noise = (NOISE * EPSILON * case.rounding + sys.float_info.min) / step + 2 * abs(wide - narrow)
    return case.check(expected, oracle, *_difference_verdict(case.derivative, expected, wide, noise))


def _slope(case: _Case, h: float) -> float:
    return (case.probe(h).value - case.probe(-h).value) / (2 * h)


def _difference_verdict(derivative: float, expected: float, wide: float, noise: float) -> tuple[Verdict, str]:
    if not (math.isfinite(derivative) and math.isfinite(expected)):
        return _not_finite_verdict(derivative, expected, wide)
    difference = abs(derivative - expected)
    if difference <= DIFFERENCES * max(abs(derivative), abs(expected)):
        return "pass", ""
    if difference <= noise:
        return "unchecked", f"within the noise of the differences, {short(noise)}"
    return "fail", ""


class _Replayed:
    """Probes of a recorded graph: it is computed again from other numbers."""

    def __init__(self, y: Value) -> None:
        self.y = y

    def __call__(self, variables: Sequence[Value], place: int, x: float) -> _Probe:
        numbers = {variables[place]: x}
        return _Probe(evaluate(self.y, numbers), list(branches(self.y, numbers)))


class _Called:
    """Probes of a function: it is called and recorded anew, and may take another branch."""

    def __init__(self, f: Callable[..., Value]) -> None:
        self.f = f

    def __call__(self, variables: Sequence[Value], place: int, x: float) -> _Probe:
        y = _recorded(self.f, [Value(x if at == place else v.data) for at, v in enumerate(variables)])
        return _Probe(y.data, (_structure(y), list(branches(y, {}))))


def _structure(y: Value) -> list[tuple[Any, ...]]:
    """What was recorded, without the numbers: each node's operation and the places of its operands."""
    order = topological_order(y)
    places = {node: place for place, node in enumerate(order)}
    return [(node.op, *(places[x] if type(x) is Value else "constant" for x in node.operands)) for node in order]


def _recorded(f: Callable[..., Value], variables: Sequence[Value]) -> Value:
    y = f(*variables)
    if not isinstance(y, Value):
        raise TypeError(f"check_gradients needs a function that gives a Value; got {type(y).__name__} {y!r}")
    return y


def _names(f: Callable[..., Value], given: Sequence[Any]) -> list[str]:
    """The labels of the Values, else the names of the function's parameters, else x0, x1 …"""
    if not callable(f):
        raise TypeError(f"check_gradients needs a Value, or a function that gives one; got {type(f).__name__} {f!r}")
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except ValueError:
        parameters = []
    plain = [parameter.name for parameter in parameters if parameter.kind is not parameter.VAR_POSITIONAL]
    defaults = plain if len(plain) == len(given) else [f"x{place}" for place in range(len(given))]
    return [x.label if isinstance(x, Value) and x.label else name for x, name in zip(given, defaults)]
