"""The items that no demo shows, each with its reason, and those that none shows yet.

Whatever is not here must have a demo.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

HISTORY = "history"

OUTSIDE: Mapping[str, str] = MappingProxyType(
    {
        "C1": "a summary of the document itself",
        "C7": HISTORY,
        "C8": "drawings of cells, from other sources",
        "E2": HISTORY,
        "E3": "digits and feedforward show two of them",
    }
)

NOT_YET: Mapping[str, str] = MappingProxyType(
    {
        "C89": "NLP and GAN; the CNN is shown: C91-C95",
        "C96": "two networks against one another",
    }
)
