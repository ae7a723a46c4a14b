"""`save_graph`, `load_graph`, `to_json` and `from_json`: graphs as JSON that people can read, and back, to the bit.

Laws of this file:
- What is loaded is what was saved: structure, shared vectors, numbers, labels, adjoints, and what is stale. (Of a NaN
  the bits that mean nothing are not kept.)
- A file is data. Nothing in it is executed, imported or looked up but in the table of primitives: hostile or damaged,
  it is one error, and nothing is half-loaded.
- Not in a file: the names of variables, where a node was typed, and the formulas of primitives of one's own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeAlias

from autograd.archive.documents import data_of, refusing, require_format, shown
from autograd.archive.files import content_of, require_limit, require_path, write_whole
from autograd.archive.keys import require_keys
from autograd.archive.reading import is_place, nodes_of
from autograd.archive.rows import Rows, rows_of
from autograd.value import Value

FORMAT, VERSION = "cadena graph", 1

KEYS = ("format", "version", "roots", "nodes", "vectors")
"""What every file has."""

MAX_BYTES = 2**26
"""Of a text that is read, if nothing else is said: almost a million nodes.

One that is made to do harm may need 40 times as much memory while it is read.
"""

EXAMPLE = "graph.json"

Roots: TypeAlias = Value | Sequence[Value] | Mapping[str, Value]
"""One Value, or several, which may have names."""


class GraphFileError(ValueError):
    """A text that is no graph, or none that can be read: it names the file, and what is wrong."""


def save_graph(roots: Roots, file: str | os.PathLike[str]) -> None:
    """Writes what is below the roots as a JSON file that people can read; a file that is there is replaced.

    Raises TypeError and ValueError as `to_json` does, OSError where it can't be written. No file is then left or
    changed, nor when it is interrupted.
    """
    path = require_path(file, "save_graph", EXAMPLE)
    write_whole(path, _text(roots, "save_graph").encode())


def load_graph(file: str | os.PathLike[str], *, max_bytes: int = MAX_BYTES) -> Any:
    """The roots of a file as they were given: a new Value, a list of them, or a dict with their names.

    Numbers are those of the file: to compute them anew, write a leaf and `refresh`. Raises GraphFileError, which says
    what is wrong, for a file that is damaged, of another kind, written by a newer version, with a primitive that this
    process has not in its table, or larger than `max_bytes`; FileNotFoundError and other OSErrors for one that can't be
    opened; TypeError and ValueError for a limit that is none. To read one that is made to do harm may need 40 times its
    size in memory: from strangers take less than the 64 MiB that are allowed if nothing else is said.
    """
    path = require_path(file, "load_graph", EXAMPLE)
    require_limit(max_bytes, "load_graph")
    with _reading(repr(str(path))):
        return _roots(content_of(path, max_bytes))


def to_json(roots: Roots) -> str:
    """What is below the roots as JSON; `autograd.archive.rows` says how to read it.

    Raises TypeError for what is no Value, ValueError for no root and for a primitive that was taken out of the table.
    """
    return _text(roots, "to_json")


def from_json(text: str, *, max_bytes: int = MAX_BYTES) -> Any:
    """The roots of a text that `to_json` gave. Raises GraphFileError as `load_graph` does, TypeError for no text."""
    if not isinstance(text, str):
        raise TypeError(f"from_json needs a text; got {type(text).__name__} {shown(text)}")
    require_limit(max_bytes, "from_json")
    with _reading("the text"):
        if len(text) > max_bytes:
            raise ValueError(f"it has {len(text):,} characters, and max_bytes is {max_bytes:,}")
        return _roots(text.encode())


# ---- helpers


def _text(roots: Roots, wanted_by: str) -> str:
    given = _given(roots, wanted_by)
    rows = rows_of(given)
    places: Any = rows.roots[0] if isinstance(roots, Value) else rows.roots
    return "".join(_lines(dict(zip(roots, places)) if isinstance(roots, Mapping) else places, rows))


def _given(roots: Any, wanted_by: str) -> list[Value]:
    parts = roots.values() if isinstance(roots, Mapping) else roots
    given = list(parts) if isinstance(parts, Iterable) else [parts]
    for root in given:
        if type(root) is not Value:
            raise TypeError(f"{wanted_by} needs Values; got {type(root).__name__} {shown(root)}")
    if not given:
        raise ValueError(f"{wanted_by} needs at least one Value; got none")
    if isinstance(roots, Mapping) and not all(type(name) is str for name in roots):
        raise TypeError(f"{wanted_by} needs texts as names; got {shown(list(roots))}")
    return given


def _lines(roots: Any, rows: Rows) -> Iterator[str]:
    """A line for each node and for each vector."""
    written = json.JSONEncoder(allow_nan=False).encode
    yield f'{{\n  "format": "{FORMAT}",\n  "version": {VERSION},\n  "roots": {written(roots)}'
    for key, parts in (("nodes", rows.nodes), ("vectors", rows.vectors)):
        lines = ",".join(f"\n    {written(part)}" for part in parts)
        yield f',\n  "{key}": [{lines}' + ("\n  ]" if lines else "]")
    yield "\n}\n"


def _roots(content: bytes) -> Any:
    data = data_of(content)
    require_format(data, FORMAT, VERSION)
    require_keys(data, KEYS, "it")
    nodes = nodes_of(data["nodes"], data["vectors"])
    roots = data["roots"]
    places = list(roots.values()) if isinstance(roots, dict) else roots if isinstance(roots, list) else [roots]
    if not places or not all(is_place(place, len(nodes)) for place in places):
        raise ValueError(f"roots needs the places of some of {len(nodes)} nodes; got {shown(roots)}")
    if isinstance(roots, dict):
        return {name: nodes[place] for name, place in roots.items()}
    return [nodes[place] for place in roots] if isinstance(roots, list) else nodes[roots]


def _reading(name: str) -> AbstractContextManager[None]:
    return refusing(f"{name} can't be read as a graph:", GraphFileError)
