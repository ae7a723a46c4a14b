"""The sets of points of documents 001 and 002, by scikit-learn's functions; nothing is fetched."""

from __future__ import annotations

from types import ModuleType

from demos.failure import DataMissing
from nn import Part

NO_DATA = "its data are scikit-learn's: pip install 'cadena-autograd[demos]'"


def circles(points: int = 500, seed: int | None = 0, factor: float = 0.5) -> Part:
    """Two rings around one centre, the outer one of class 0: X (n, 2) and Y (n,). Document 001, section 1.1.1.

    The factor is the radius of the inner one, where that of the outer one is 1.
    """
    return Part(*_datasets().make_circles(points, factor=factor, noise=0.05, random_state=seed))


def moons(points: int = 250, seed: int | None = 0) -> Part:
    """Two half moons in one another: X (n, 2) and Y (n,). Document 002, section 4.2."""
    return Part(*_datasets().make_moons(points, noise=0.25, random_state=seed))


def small_digits() -> Part:
    """1,797 digits of 8 × 8 pixels from 0 to 1: X (n, 8, 8) and their labels Y (n,)."""
    found = _datasets().load_digits()
    return Part(found.images / 16.0, found.target.astype(float))


def _datasets() -> ModuleType:
    try:
        from sklearn import datasets
    except ImportError as error:
        raise DataMissing(NO_DATA) from error
    module: ModuleType = datasets
    return module
