"""The items that no demo shows, and the errata that no computation shows, each with its reason.

Whatever is not here must have a demo.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

HISTORY = "history"
PHOTOGRAPH = "a photograph or a drawing"
IN_WORDS = "a concept in words alone"
NOT_YET = "not yet shown"

OUTSIDE: Mapping[str, str] = MappingProxyType(
    {
        "C1": IN_WORDS,
        "C6": IN_WORDS,
        "C7": HISTORY,
        "C8": PHOTOGRAPH,
        "C89": "CNN: C91-C95; GAN, NLP not yet shown",
        "C96": NOT_YET,
        "E1": IN_WORDS,
        "E2": HISTORY,
        "E3": IN_WORDS,
    }
)

ERRATA_IN_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "002-27": "models and sections are counted, and not computed: two models are said and three shown, sections 5"
        " and 6 are numbered twice; and without a seed no run can have the same 93.60 %",
    }
)
