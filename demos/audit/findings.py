"""All findings of the audit, in the order of the errata."""

from __future__ import annotations

from types import ModuleType
from typing import NamedTuple

from demos.audit import document_000, document_001, document_002, document_002_practice, document_003, document_004
from demos.audit.case import Check, Finding, failed, found
from demos.failure import DataMissing, DemoFailed
from demos.inventory.errata import ERRATA

MODULES = (document_000, document_001, document_002, document_002_practice, document_003, document_004)


def _checks(modules: tuple[ModuleType, ...]) -> dict[str, Check]:
    """The checks of the modules by their erratum, in the order of the errata."""
    made = {entry.erratum: entry for module in modules for entry in vars(module).values() if isinstance(entry, Check)}
    return {erratum: made[erratum] for erratum in ERRATA if erratum in made}


CHECKS = _checks(MODULES)


class Audit(NamedTuple):
    """What was found, and what could not be looked for, by its erratum with the reason."""

    findings: list[Finding]
    passed_over: dict[str, str]

    def judged(self, verdict: str) -> list[str]:
        """The errata whose findings have this verdict."""
        return [finding.erratum for finding in self.findings if finding.verdict == verdict]


def audit() -> Audit:
    """Computes all findings now.

    A finding for which something is not installed is passed over, with the reason. One that fails on the way, as where
    the engine's derivatives do not pass their check, is not reproduced, and the others are computed all the same.
    """
    findings: list[Finding] = []
    passed_over = {}
    for checked in CHECKS.values():
        try:
            findings.append(found(checked))
        except DataMissing as error:
            passed_over[checked.erratum] = str(error)
        except DemoFailed as error:
            findings.append(failed(checked, error))
    return Audit(findings, passed_over)
