"""The door to hypothesis: the one file that imports it, when a strategy is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["NEEDED", "SearchStrategy", "strategies"]

NEEDED = "strategies are those of hypothesis, which is not installed: pip install hypothesis"


def strategies() -> Any:
    """The module `hypothesis.strategies`. Raises ImportError, which says what to install, where it is missing."""
    try:
        from hypothesis import strategies as module
    except ImportError as error:
        raise ImportError(NEEDED) from error
    return module
