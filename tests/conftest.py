"""The two profiles of hypothesis: `quick`, the same examples in every run, and `thorough`, on request.

HYPOTHESIS_PROFILE=thorough python -m pytest        or        python -m pytest --hypothesis-profile=thorough
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("quick", max_examples=40, deadline=None, derandomize=True, database=None)
settings.register_profile("thorough", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
