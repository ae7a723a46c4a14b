"""Mistakes that change nothing that anybody could see, each with the reason: they are not planted."""

from __future__ import annotations

EQUIVALENT: dict[tuple[str, str], str] = {
    (
        "models/dropout.py Dropout.factors",
        "self._rng.random(count) >= self.p → (self._rng.random(count)) > (self.p)",
    ): "of 2**53 draws one is p itself",
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
    (
        "compiler/emission.py Emission._check",
        'self.code.statement(f"outside({number}, None)") → pass',
    ): "what was recorded has its constants inside the domains",
    (
        "compiler/recorded.py differentiated",
        "seen.update(map(id, passing if node.vectors else ())) → pass",
    ): "a vector that is looked at again adds nothing new",
    (
        "compiler/functions.py _together",
        (
            'body.lines += [*_unpacked("p", len(graph.parameters)), *_unpacked("x", len(graph.inputs))]'
            ' → body.lines = [*_unpacked("p", len(graph.parameters)), *_unpacked("x", len(graph.inputs))]'
        ),
    ): "nothing is written before",
    (
        "compiler/statements.py Statements._write_checks",
        "body.used.update(dict.fromkeys(texts)) → pass",
    ): "the value reads what its check reads",
    (
        "compiler/statements.py Statements._new_forms",
        "self._folded[row] += 1 → self._folded[row] = 1",
    ): "a template that is not kept is printed anew, and is the same",
    (
        "compiler/statements.py Statements._new_forms",
        "self._forms[row, numbers] = found → pass",
    ): "a template that is not kept is printed anew, and is the same",
    (
        "compiler/statements.py Statements._select",
        "1 → 2",
    ): "what comes behind the last that is needed passes nothing on",
    ("compiler/statements.py Statements._contribute", "0 → 1"): "numbers side by side come to the same number",
    (
        "compiler/statements.py Statements._contribute",
        "len(terms) > MOST_TERMS → (len(terms)) >= (MOST_TERMS)",
    ): "where a line is cut is a choice",
    (
        "compiler/statements.py relative",
        (
            "f\"{base} {'+' if offset > 0 else '-'} {abs(offset)}\" if offset else base"
            " → (f\"{base} {'+' if offset > 0 else '-'} {abs(offset)}\")"
        ),
    ): "a place and 0 is that place",
    (
        "compiler/statements.py product",
        "factor.sign > 0 → (factor.sign) >= (0)",
    ): "a sign is 1 or -1",
    ("compiler/descent.py LONGEST", "2000 → 4000"): "where a loop is too long is a choice",
    ("compiler/rules.py write_values", "1 → 2"): "of names it matters only that they differ",
    (
        "compiler/descent.py _updates",
        "names[x] if type(x) is Value else repr(x) → (names[x])",
    ): "a result that is a plain number is no array, which the steps one by one need",
}
"""By the place and the name of a mistake."""
