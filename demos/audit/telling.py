"""The audit, told: a line for each erratum, and then what the computation gave for both statements of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from demos.audit.case import IN_PART, NOT_REPRODUCED, REPRODUCED, Finding
from demos.audit.findings import CHECKS, Audit, audit
from demos.catalogue import stories
from demos.failure import DataMissing, DemoFailed
from demos.inventory.coverage import covered_errata
from demos.inventory.errata import ERRATA
from demos.inventory.items import DOCUMENTS
from demos.inventory.telling import AUDIT
from demos.pieces import Heading, Items, Paragraph, Piece, Reference, Table
from demos.story import EVERY_DOCUMENT, demo

COLUMNS = ("erratum", "where", "the document says", "right is", "difference", "found by", "reproduced")


@demo(AUDIT, EVERY_DOCUMENT, "1", "every erratum, computed as far as it can be", errata=" ".join(CHECKS))
def story(*, brief: bool) -> Iterator[Piece]:
    """All findings in a table, then one by one.

    Raises DemoFailed at the end where one is not reproduced, and DataMissing where one was passed over.
    """
    result = audit()
    yield Paragraph(summary(result))
    yield Paragraph(
        "Each finding is computed now, twice: what the document says and what is right go before the same judge. Its"
        " measure is what the engine computes, a run of the listing, a definition, a shape, or a library that is asked."
        " A finding is reproduced when the first does not hold and the second does; in part where some of it is read,"
        " and not computed."
    )
    yield Table(COLUMNS, [_line(finding) for finding in result.findings], "<<<<><<")
    if result.passed_over:
        yield Paragraph("Passed over, because something is not installed:")
        yield Items([f"{_place(erratum)} ({reason})" for erratum, reason in result.passed_over.items()])
    yield _counts(result)
    told_by = {entry.number: entry.shown_by for entry in covered_errata(stories().values())}
    for document in DOCUMENTS.values():
        yield Heading(f"Document {document}")
        yield from _document(result, document, told_by)
    _require_success(result)


def summary(result: Audit) -> str:
    """How many errata there are, are reproduced, reproduced in part, were passed over, and were not reproduced."""
    whole, in_part, failed = (len(result.judged(verdict)) for verdict in (REPRODUCED, IN_PART, NOT_REPRODUCED))
    told = f"{len(ERRATA)} errata: {whole} reproduced, {in_part} in part"
    if result.passed_over:
        told += f", {len(result.passed_over)} PASSED OVER"
    return f"{told}, {failed} NOT REPRODUCED." if failed else f"{told}."


def _require_success(result: Audit) -> None:
    failed = result.judged(NOT_REPRODUCED)
    if failed:
        raise DemoFailed(f"not reproduced: {', '.join(failed)}")
    if result.passed_over:
        reasons = "; ".join(dict.fromkeys(result.passed_over.values()))
        raise DataMissing(f"passed over: {', '.join(result.passed_over)} ({reasons})")


def _line(finding: Finding) -> tuple[str, ...]:
    where, (says, right) = finding.section or "-", (finding.says.short, finding.right.short)
    return finding.erratum, where, says, right, finding.wrong.off, finding.how, finding.verdict


def _counts(result: Audit) -> Table:
    """How many are found in which way, document by document."""
    counts = Counter((finding.how, finding.erratum.partition("-")[0]) for finding in result.findings)
    documents = list(DOCUMENTS.values())
    ways = list(dict.fromkeys(finding.how for finding in result.findings))
    lines = [(way, *(str(counts[way, document] or "-") for document in documents)) for way in ways]
    return Table(("found by", *documents), lines, "<" + ">" * len(documents))


def _document(result: Audit, document: str, told_by: Mapping[str, tuple[str, ...]]) -> Iterator[Piece]:
    for finding in result.findings:
        if finding.erratum.startswith(document):
            yield Reference(_title(finding), [name for name in told_by[finding.erratum] if name != AUDIT])
            yield Items(list(_statements(finding)))


def _statements(finding: Finding) -> Iterator[str]:
    yield f"Document: {finding.says.text} → {finding.wrong.gave}"
    yield f"Right: {finding.right.text} → {finding.confirmed.gave}"
    if finding.rest:
        yield f"Read, and not computed here: {finding.rest}"


def _title(finding: Finding) -> str:
    states = {REPRODUCED: "reproduced", IN_PART: "reproduced in part", NOT_REPRODUCED: "NOT REPRODUCED"}
    return f"{_place(finding.erratum)} ({finding.how}: {states[finding.verdict]})"


def _place(erratum: str) -> str:
    section, title = ERRATA[erratum]
    return f"{erratum}, section {section}: {title}" if section else f"{erratum}: {title}"
