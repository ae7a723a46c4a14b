"""`diagnose`, the doctor: NaN and infinity where they are born, gradients that vanish or explode, dead neurons.

Laws of this file:
- Silent when all is well.
- The cause before its consequences, and each ailment with one sentence of advice.
- Looking changes nothing.

What is looked for stands in `births` (numbers) and `ailments` (neurons and layers).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from autograd.diagnosis.ailments import ailing_layers, ailing_neurons
from autograd.diagnosis.births import births
from autograd.diagnosis.findings import Finding, examined, plural
from autograd.diagnosis.neurons import layers_below
from autograd.value import Value

MOST_LINES = 24
"""The lines of a terminal."""


class Diagnosis(Sequence[Finding]):
    """The findings, the most important first; empty, and false, when all is well."""

    def __init__(self, findings: Iterable[Finding], examined: str) -> None:
        self.findings = tuple(findings)
        self.examined = examined

    @overload
    def __getitem__(self, place: int) -> Finding: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, place: int | slice) -> Finding | tuple[Finding, ...]:
        return self.findings[place]

    def __len__(self) -> int:
        return len(self.findings)

    def __repr__(self) -> str:
        """At most a screen: the first finding whole, then as many as fit; the others are counted."""
        if not self.findings:
            return f"Diagnosis of {self.examined}: nothing to report"
        lines = [f"Diagnosis of {self.examined}: {len(self)} finding{plural(len(self))}"]
        for place, finding in enumerate(self.findings):
            block = list(_numbered(place, finding))
            if place and len(lines) + len(block) > MOST_LINES - (place + 1 < len(self)):
                return "\n".join([*lines, f"and {_counted(self.findings[place:])}: see [{place}] and on"])
            lines += block
        return "\n".join(lines[:MOST_LINES])


def diagnose(y: Value | Iterable[Value]) -> Diagnosis:
    """What ails the graph below y, or below several Values: their sum is then what is differentiated.

    - NaN and infinity where they are born, forward and backward, with the operands, and with the line of the program
      for what was recorded inside `recording_origins`. An infinity that is given, and does no harm, is left alone.
    - Gradients that vanish or explode from layer to layer, saturated sigmoid neurons, dead ReLU neurons over the
      examples in the graph (document 002, section 3.6), and what to do about each.

    Changes nothing. Raises TypeError for what is no Value, ValueError for no Values, and StaleGraph as `backward` does.
    """
    case = examined(y)
    layers = layers_below(case)
    return Diagnosis([*births(case), *ailing_neurons(case, layers), *ailing_layers(case, layers)], case.size())


def _numbered(place: int, finding: Finding) -> Iterator[str]:
    for number, line in enumerate(finding.lines()):
        yield f"[{place}] {line}" if number == 0 else f"    {line}"


def _counted(findings: Sequence[Finding]) -> str:
    counts = Counter(finding.ailment for finding in findings)
    return f"{len(findings)} more, " + ", ".join(f"{count} {ailment}" for ailment, count in counts.items())
