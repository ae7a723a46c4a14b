"""How a demo ends that found something wrong."""

from __future__ import annotations


class DemoFailed(Exception):  # noqa: N818  # what happened, as StopIteration says
    """What a demo found wrong, said after all else: the command line then ends with the status 1."""
