"""Mistakes that change nothing that anybody could see, each with the reason: they are not planted."""

from __future__ import annotations

EQUIVALENT: dict[tuple[str, str], str] = {
    ("explanation/paths.py Paths.largest_first", "0.0 → 1"): "where the search begins has no other beside it",
    ("explanation/paths.py Paths.largest_first", "0 → 1"): "where the search begins has no other beside it",
    ("explanation/paths.py Paths.largest_first", "1 → 2"): "of the numbers of paths and levels only the order matters",
    (
        "explanation/paths.py _size",
        "math.log(abs(edge.partial)) if math.isfinite(edge.partial) else math.inf → (math.log(abs(edge.partial)))",
    ): "the logarithm of infinity is infinite, and NaN is met where sizes are added",
    ("explanation/slopes.py _between", "0.0 → 1"): "that z was seen is all that the walk asks of it",
    (
        "stepping/mistakes.py _until_parted",
        "received[flow.operand] += 1 → received[flow.operand] = 1",
    ): "a recursion passes on what was added first, and parts there where more is needed",
}
"""By the place and the name of a mistake."""
