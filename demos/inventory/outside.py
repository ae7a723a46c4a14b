"""The items that no demo shows, each with its reason, and those that none shows yet.

Whatever is not here must have a demo.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

HISTORY = "history"
PHOTOGRAPH = "a photograph or a drawing"
IN_WORDS = "a concept in words alone"

OUTSIDE: Mapping[str, str] = MappingProxyType(
    {
        "C1": IN_WORDS,
        "C7": HISTORY,
        "C8": PHOTOGRAPH,
        "E1": IN_WORDS,
        "E2": HISTORY,
        "E3": IN_WORDS,
    }
)

NOT_YET: Mapping[str, str] = MappingProxyType(
    {
        "C89": "NLP and GAN; the CNN is shown: C91-C95",
        "C96": "two networks against one another",
    }
)
