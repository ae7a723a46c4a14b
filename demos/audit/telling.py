"""The audit, told: for each erratum what the document says, what is right, and what the computation gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from demos.audit.case import Finding
from demos.audit.findings import CHECKS, Audit, audit
from demos.failure import DemoFailed
from demos.inventory.errata import ERRATA
from demos.inventory.items import DOCUMENTS
from demos.pieces import Heading, Items, Paragraph, Piece, Table
from demos.story import EVERY_DOCUMENT, demo


@demo("audit", EVERY_DOCUMENT, "1", "every erratum that can be computed, computed", errata=" ".join(CHECKS))
def story(*, brief: bool) -> Iterator[Piece]:
    """The counts, then each finding. Raises DemoFailed at the end where one is not reproduced."""
    result = audit()
    yield Paragraph(summary(result))
    yield Paragraph(
        "Each finding is computed now, twice: what the document says and what is right go before the same judge, which"
        " takes its measure from the engine. It is reproduced when the first does not hold and the second does."
    )
    yield _counts(result)
    for document in DOCUMENTS.values():
        yield Heading(f"Document {document}")
        yield from _document(result, document)
    if result.failed:
        raise DemoFailed(f"not reproduced: {', '.join(finding.erratum for finding in result.failed)}")


def summary(result: Audit) -> str:
    """How many errata there are, are reproduced, can only be said, were passed over, and were not reproduced."""
    told = f"{len(ERRATA)} errata: {len(result.reproduced)} reproduced, {len(result.in_words)} in words only"
    if result.passed_over:
        told += f", {len(result.passed_over)} passed over"
    return f"{told}, {len(result.failed)} NOT REPRODUCED." if result.failed else f"{told}."


def _counts(result: Audit) -> Table:
    """How many are found in which way, document by document."""
    counts = Counter((finding.how, finding.erratum.partition("-")[0]) for finding in result.findings)
    documents = list(DOCUMENTS.values())
    ways = list(dict.fromkeys(finding.how for finding in result.findings))
    lines = [(way, *(str(counts[way, document] or "-") for document in documents)) for way in ways]
    return Table(("found by", *documents), lines, "<" + ">" * len(documents))


def _document(result: Audit, document: str) -> Iterator[Piece]:
    for finding in result.findings:
        if finding.erratum.startswith(document):
            yield Paragraph(_title(finding))
            yield Items(
                [
                    f"Document: {finding.says} → {finding.difference}",
                    f"Right: {finding.right} → {finding.confirmation}",
                ]
            )
    for reasons, how in ((result.in_words, "in words only"), (result.passed_over, "passed over")):
        for erratum, reason in reasons.items():
            if erratum.startswith(document):
                yield Paragraph(f"{_place(erratum)} ({how}: {reason})")


def _title(finding: Finding) -> str:
    state = "reproduced" if finding.reproduced else "NOT REPRODUCED"
    return f"{_place(finding.erratum)} ({finding.how}: {state})"


def _place(erratum: str) -> str:
    section, title = ERRATA[erratum]
    return f"{erratum}, section {section}: {title}" if section else f"{erratum}: {title}"
