"""How a demo ends that found something wrong, or that lacks what it needs."""

from __future__ import annotations


class DemoFailed(Exception):  # noqa: N818  # what happened, as StopIteration says
    """What a demo found wrong, said after all else: the command line then ends with the status 1."""


class DataMissing(Exception):  # noqa: N818  # what happened, as StopIteration says
    """What has to be installed for the data of a demo; it is passed over."""
