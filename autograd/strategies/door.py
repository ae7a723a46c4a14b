"""The door to hypothesis: the one file that imports it, when a strategy is asked for."""

from __future__ import annotations

from typing import Any

NEEDED = "strategies are those of hypothesis, which is not installed: pip install hypothesis"


def strategies() -> Any:
    """The module `hypothesis.strategies`. Raises ImportError, which says what to install, where it is missing."""
    try:
        from hypothesis import strategies as module
    except ImportError as error:
        raise ImportError(NEEDED) from error
    return module
