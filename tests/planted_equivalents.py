"""Mistakes that change nothing that anybody could see, each with the reason: they are not planted."""

from __future__ import annotations

EQUIVALENT: dict[tuple[str, str], str] = {}
"""By the place and the name of a mistake."""
