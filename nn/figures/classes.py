"""Targets as classes, in whatever way they are written: labels, 0 and 1, -1 and 1, one-hot rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Classes(NamedTuple):
    """For each example the place of its class, and for each class its name."""

    places: NDArray[np.intp]
    names: tuple[str, ...]


def classes_of(y: ArrayLike, count: int, names: Sequence[str] | None, wanted_by: str) -> Classes:
    """The classes of `y`, of which there are `count`.

    `y` has the shape (n,) or (n, 1): labels, of which names tell the place, if they are among them, and numbers by
    their order; or the shape (n, count): one 1 in each row, the rest 0. Raises ValueError where it has other classes.
    """
    named = None if names is None else tuple(map(str, names))
    if named is not None and len(set(named)) != count:
        raise ValueError(f"{wanted_by} needs different class_names for {count} classes; got {', '.join(named)}")
    labels = labels_of(y, wanted_by)
    if labels.ndim == 2:
        return _one_hot(labels, count, named, wanted_by)
    known = _known(labels, count, named)
    strange = sorted({str(label) for label in labels.tolist() if label not in known})
    if strange or len(known) != count:
        found = ", ".join(dict.fromkeys(map(str, sorted(labels.tolist(), key=str))))
        raise ValueError(f"{wanted_by} needs y of {count} classes, as many as the model tells apart; got {found}")
    told = named or tuple(label if isinstance(label, str) else f"class {_short(label)}" for label in known)
    return Classes(np.array([known[label] for label in labels.tolist()], dtype=np.intp), told)


def labels_of(y: ArrayLike, wanted_by: str, name: str = "y") -> NDArray[Any]:
    """`y` as an array of shape (n,), or (n, k) with k > 1. Raises ValueError for another shape, and for NaN."""
    labels = np.asarray(y)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim not in (1, 2):
        raise ValueError(f"{wanted_by} needs {name} of shape (n,), or (n, k); got {labels.shape}")
    if labels.dtype.kind == "f" and np.isnan(labels).any():
        raise ValueError(f"{wanted_by} needs {name} without NaN; got one at {int(np.isnan(labels).argmax())}")
    return labels


def _one_hot(rows: NDArray[Any], count: int, names: tuple[str, ...] | None, wanted_by: str) -> Classes:
    if rows.shape[1] != count:
        raise ValueError(f"{wanted_by} needs y of {count} classes, as many as the model tells apart; got {rows.shape}")
    for number, row in enumerate(rows.tolist()):
        if sorted(row) != [0] * (count - 1) + [1]:
            raise ValueError(f"{wanted_by} needs one 1 and else 0 in each row of y; got {row} in row {number}")
    return Classes(rows.argmax(axis=1), names or tuple(f"class {number}" for number in range(count)))


def _known(labels: NDArray[Any], count: int, names: tuple[str, ...] | None) -> dict[Any, int]:
    """The place of each label. That of a number does not depend on which other classes have examples."""
    found = set(labels.tolist())
    if names and found <= set(names):
        return {name: place for place, name in enumerate(names)}
    if labels.dtype.kind in "biuf" and found <= set(range(count)):
        return {place: place for place in range(count)}
    if labels.dtype.kind in "biuf" and count == 2 and found <= {-1, 1}:
        return {-1: 0, 1: 1}
    ordered = sorted(found) if labels.dtype.kind in "biuf" else sorted(found, key=str)
    return {label: place for place, label in enumerate(ordered)}


def _short(label: Any) -> str:
    whole = isinstance(label, float) and label.is_integer()
    return str(int(label) if whole or isinstance(label, bool) else label).replace("-", "−")
