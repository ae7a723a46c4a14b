"""Mathematics in LaTeX, read by matplotlib."""

from __future__ import annotations

from functools import cache

import pytest


@cache
def read(formula: str) -> None:
    """Raises ValueError where it is none; each formula is read once, for that takes longer than to tell it.

    Without matplotlib the test that asks is skipped.
    """
    pytest.importorskip("matplotlib.mathtext").MathTextParser("path").parse(f"${formula}$")
