"""The two profiles of the tests: `quick` in every run, with the same examples each time; `thorough` on request."""

from __future__ import annotations

from hypothesis import settings

QUICK = 40
THOROUGH = 1000
"""Examples of each property: the thorough profile is to take half an hour on two cores."""


def is_thorough() -> bool:
    """Whether the tests that ask take the time for all that they could ask."""
    return settings().max_examples > QUICK
