"""`check_primitive`: all contracts of a primitive in one call, with a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

from autograd.coercion import real_number
from autograd.contracts import borders, declarations, programs, slopes, values, writing
from autograd.contracts.comparisons import Comparison, Contract
from autograd.contracts.operands import Point, mapped, told
from autograd.contracts.samples import Samples, samples
from autograd.contracts.spelling import row_of
from autograd.primitives import Primitive
from autograd.value import Value

Verdict = Literal["pass", "fail", "unchecked"]

CONTRACTS: dict[str, Contract] = {
    "formulas": declarations.formulas,
    "domain": borders.domain,
    "recorded values": values.recorded_values,
    "refreshed values": values.refreshed_values,
    "complex values": values.complex_values,
    "exact values": values.exact_values,
    "partials by complex step": slopes.complex_step,
    "partials by differences": slopes.differences,
    "second derivatives": slopes.second_derivatives,
    "single partials": slopes.single_partials,
    "modes": slopes.modes,
    "NaN": borders.not_a_number,
    "kinks": declarations.kinks,
    "attributes": declarations.attributes,
    "notation": writing.notation,
    "writing": writing.writing,
    "compiled": programs.compiled,
}
"""Every contract by its name. The docstring of each is the law."""


class ContractError(AssertionError):
    """A primitive breaks a contract."""


class ContractCheck(NamedTuple):
    """One contract: how many comparisons it made at the points, those that failed, and what it raised, if it did."""

    primitive: Primitive
    contract: str
    comparisons: int
    failures: tuple[Comparison, ...] = ()
    raised: str = ""

    @property
    def verdict(self) -> Verdict:
        """Unchecked is what found nothing to compare: no failure, and no certificate."""
        if self.failures or self.raised:
            return "fail"
        return "pass" if self.comparisons else "unchecked"

    @property
    def law(self) -> str:
        """What the contract says."""
        return (CONTRACTS[self.contract].__doc__ or "").strip()

    def __repr__(self) -> str:
        if self.raised:
            return f"{self.contract}: {self.verdict}, it raised {self.raised}"
        if not self.comparisons:
            return f"{self.contract}: {self.verdict}, there was nothing to compare"
        if not self.failures:
            return f"{self.contract}: {self.verdict}, {self.comparisons} comparisons"
        first = self.failures[0]
        at = f"{self.contract}: {self.verdict}, {len(self.failures)} of {self.comparisons}, first at "
        return f"{at}{told(self.primitive, first.point)}, {first.what}: expected {first.expected}, got {first.got}"


class PrimitiveCheck:
    """The checks of all contracts, in the order of `CONTRACTS`, and the points that were drawn and not looked at."""

    def __init__(self, primitive: Primitive, checks: Sequence[ContractCheck], beyond: Sequence[Point] = ()) -> None:
        self.primitive = primitive
        self.checks = list(checks)
        self.beyond = list(beyond)

    @property
    def passed(self) -> bool:
        """Whether no contract is broken."""
        return not self.failures

    @property
    def failures(self) -> list[ContractCheck]:
        """The contracts that are broken."""
        return [check for check in self.checks if check.verdict == "fail"]

    def raise_if_failed(self) -> PrimitiveCheck:
        """Itself; raises ContractError that names every broken contract with the first operands that show it."""
        if self.failures:
            raise ContractError(f"primitive {self.primitive.name}: {'; '.join(map(str, self.failures))}")
        return self

    def __getitem__(self, contract: str) -> ContractCheck:
        """One check by its name. Raises KeyError for a contract that is not there."""
        checks = {check.contract: check for check in self.checks}
        if contract not in checks:
            raise KeyError(f"there is no contract {contract!r}; there are {', '.join(checks)}")
        return checks[contract]

    def __iter__(self) -> Iterator[ContractCheck]:
        return iter(self.checks)

    def __len__(self) -> int:
        return len(self.checks)

    def __repr__(self) -> str:
        counts = Counter(check.verdict for check in self.checks)
        verdicts = [f"{count} {verdict}" for verdict, count in counts.most_common()]
        unchecked = [check.contract for check in self.checks if check.verdict == "unchecked"]
        verdicts = [f"{some} ({', '.join(unchecked)})" if "unchecked" in some else some for some in verdicts]
        head = f"PrimitiveCheck of {self.primitive.name}, {len(self)} contracts: {', '.join(verdicts)}"
        return "\n".join([head, *(f"  {check}" for check in self.failures), *self._not_looked_at()])

    def _not_looked_at(self) -> list[str]:
        """A line of the points left out, if there are any."""
        if not self.beyond:
            return []
        first, *others = self.beyond
        at = f"{told(self.primitive, first)}{f' and {len(others)} more' if others else ''}"
        return [f"  not looked at: {at}, where a result inside a formula overflows or underflows"]


def check_primitive(
    primitive: Primitive | str | Callable[..., Value], points: Sequence[Point] | None = None, *, seed: int = 0
) -> PrimitiveCheck:
    """Checks every contract of a primitive: a row of the table, its name, or what `autograd.primitive` gave.

    `points` are operands inside its domain, a tuple each, of numbers, or for an n-ary primitive of tuples of numbers.
    By default they are drawn there, from `seed` and nothing else, so that two checks see the same: 24 of small numbers,
    16 of numbers up to 1000 of both signs, and for some of them each operand put where the formulas turn, and on both
    sides: at their constants, and where a kink, a pole, the border of a function or of the domain lies, up to 1000.
    Nothing needs to be installed for it. A contract that raises is broken, and says so.

    Limits: what happens elsewhere is not seen, such as a mistake between two points that no formula has a sign of, or
    where several operands turn at once; nor a kink whose slopes differ by less than 0.001, nor a pole that lies between
    two floats, as that of 1 / (x * x - 2). Where a result inside a formula overflows or underflows, and answers are no
    numbers or disagree, nothing is judged: log(1 + exp(x)) at 800. The report says at which. How a partial changes is
    not asked where a kink inside a formula is just at its tie.
    Raises TypeError for what is no primitive and for operands that are no numbers, ValueError where no point is found
    inside the domain, and for points that don't have an operand in each place.
    """
    row = row_of(primitive)
    at = samples(row, seed) if points is None else Samples([_point(row, point) for point in _listed(points)], [])
    if not at.judged:
        raise ValueError("check_primitive needs at least one point; got none")
    return PrimitiveCheck(row, [check_contract(row, contract, at.judged) for contract in CONTRACTS], at.beyond)


def _listed(points: Any) -> list[Any]:
    if not isinstance(points, Iterable):
        raise TypeError(f"check_primitive needs points, a tuple each; got {type(points).__name__} {points!r}")
    return list(points)


def _point(row: Primitive, point: Any) -> Point:
    """The point in floats: what is wrong with it is not to be told as a mistake of the primitive."""
    named = ", ".join(row.operands)
    if not isinstance(point, tuple) or len(point) != len(row.operands):
        raise ValueError(f"check_primitive needs points of {row.name} that are tuples ({named}); got {point!r}")
    if row.vectors and not _are_vectors(point):
        form = "tuples of numbers, as many in each and at least one"
        raise ValueError(f"check_primitive needs points of {row.name} whose {named} are {form}; got {point!r}")
    return mapped(lambda x: real_number(x, f"a point of {row.name}"), point)


def _are_vectors(point: Point) -> bool:
    return all(isinstance(part, tuple) and part and len(part) == len(point[0]) for part in point)


def check_contract(row: Primitive, contract: str, points: Sequence[Point]) -> ContractCheck:
    """One contract of a row, at these points."""
    comparisons: list[Comparison] = []
    raised = ""
    try:
        comparisons.extend(CONTRACTS[contract](row, points))
    except Exception as error:  # a formula of the user's runs here, and may raise whatever it likes
        raised = f"{type(error).__name__}: {error}"
    failures = tuple(comparison for comparison in comparisons if not comparison.agrees)
    return ContractCheck(row, contract, len(comparisons), failures, raised)
