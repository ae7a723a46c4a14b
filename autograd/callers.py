"""Who called: the frames of the code that uses this library, and what its variables hold.

Laws of this file: nothing of a stranger's own code runs; nothing that was looked at is kept; the time is bounded.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache
from inspect import CO_OPTIMIZED
from itertools import islice
from types import (
    BuiltinFunctionType,
    FrameType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
    NoneType,
)
from typing import Any

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
LIBRARY = tuple(os.path.join(folder, "") for folder in (HERE, os.path.join(os.path.dirname(HERE), "nn")))
STANDARD = tuple(os.path.join(sysconfig.get_path(name), "") for name in ("stdlib", "platstdlib"))
INSTALLED = frozenset({"site-packages", "dist-packages"})
GENERATED = ("<autograd: ", "<frozen ", "<__array_function__")

NOTEBOOK = frozenset({"In", "Out", "exit", "quit"})
"""Variables that IPython keeps for itself, beside those with an underscore."""

OPAQUE = (ModuleType, type, FunctionType, BuiltinFunctionType, MethodType, str, bytes, int, float, complex, NoneType)
"""What holds no Value of the caller's, or nothing that he would call it by."""

PLAIN = frozenset(map(id, (str, bytes, bool, int, float, complex, NoneType, np.float64, np.float32, np.int64)))
"""The kinds of elements that fill large containers; by identity, for a kind may have an equality of its own."""

DULL = PLAIN.union(map(id, OPAQUE))
"""The kinds of what is passed over at a glance."""

MOST_ELEMENTS = 500
MOST_OBJECTS = 5_000
"""A container is searched so far, and all containers together: names are a courtesy, and must not take time."""

MOST_LOOKED = 20_000
"""So many variables and elements of a scope are looked at."""

OWN_REFERENCES = 3
"""Of the frame, of the variable, and of the question how many there are."""

DEEPEST = 6
"""model.layers[0].neurons[1].w[3] is six steps from its variable."""

_bases = type.__dict__["__mro__"].__get__
_namespace = type.__dict__["__dict__"].__get__
"""What `kind.__mro__` and `kind.__dict__` are, whatever the class of a class makes of these."""


def callers() -> Iterator[FrameType]:
    """The frames of the code that called, the nearest first, without those of this library, Python's and installed."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if _is_users(frame.f_code.co_filename):
            yield frame
        frame = frame.f_back


def names_of(kind: type, wanted: Collection[Any], taken: Iterable[str] = ()) -> dict[Any, str]:
    """For each wanted object of a class that a variable of the callers holds, in a container or not, its text.

    `w`, `w[0]`, `params['w']`, `model.layers[0].w`; a nearer frame before a farther one, a variable before an element.
    No two have one text, none has one that is `taken`, and a variable of a nearer frame hides those of the same name.
    """
    found: dict[Any, str] = {}
    used, hidden = set(taken), set[str]()
    seen: set[int] = set()
    scopes = _scopes() if wanted else ()
    for scope in scopes:
        visible = {name: thing for name, thing in scope.items() if name not in hidden}
        hidden.update(visible)
        for text, thing in _search(visible, kind, wanted, seen):
            if thing not in found and text not in used:
                used.add(text)
                found[thing] = text
        if len(found) == len(wanted):
            break
    return found


def _scopes() -> Iterator[dict[str, Any]]:
    """Copies of the variables of each caller, its own and then those of its module, each module once."""
    modules: set[int] = set()
    for frame in callers():
        module = frame.f_globals
        if frame.f_code.co_flags & CO_OPTIMIZED or frame.f_locals is not module:
            yield _locals(frame)
        if id(module) not in modules:
            modules.add(id(module))
            yield dict.copy(module)


def _locals(frame: FrameType) -> dict[str, Any]:
    """The local variables of a frame, in a copy that goes with the caller of this.

    Before Python 3.13 a function keeps what `f_locals` shows until it ends, and graphs with it, whatever is deleted;
    so they are taken out again, unless somebody else has it too, as the result of `locals()`, or a tracer writes it
    back into the variables.
    """
    shown: Any = frame.f_locals
    if not isinstance(shown, dict):  # the mapping that somebody gave to exec runs his code; a proxy is Python's own
        return dict(shown) if type(shown).__name__ == "FrameLocalsProxy" else {}
    copy = dict.copy(shown)
    code = frame.f_code
    alone = sys.getrefcount(shown) == OWN_REFERENCES and code.co_flags & CO_OPTIMIZED
    if alone and frame.f_trace is sys.gettrace() is sys.getprofile() is None:
        for name in (*code.co_varnames, *code.co_cellvars, *code.co_freevars):  # and not what exec put there
            shown.pop(name, None)
    return copy


@lru_cache(maxsize=1024)
def _is_users(filename: str) -> bool:
    if filename.startswith(GENERATED) or not INSTALLED.isdisjoint(filename.replace("\\", "/").split("/")):
        return False
    return filename.startswith("<") or not os.path.abspath(filename).startswith((*LIBRARY, *STANDARD))


def _search(
    variables: dict[str, Any], kind: type, wanted: Collection[Any], seen: set[int]
) -> Iterator[tuple[str, Any]]:
    """Each wanted object of the class, with the texts that pick it, the shortest first.

    The variables come first, and of the containers half of what may still be opened; those in `seen` were before.
    """
    most = (len(seen) + MOST_OBJECTS) / 2
    names = [(name, thing) for name, thing in variables.items() if _is_name(name)]
    left = MOST_LOOKED - len(names)
    waiting = deque((name, thing, 0) for name, thing in names[:MOST_LOOKED] if id(type(thing)) not in DULL)
    while waiting:
        text, thing, depth = waiting.popleft()
        if type(thing) is kind:
            if thing in wanted:
                yield text, thing
        elif left <= 0 or depth == DEEPEST or len(seen) >= most:
            continue
        elif id(thing) not in seen and not _is_opaque(type(thing)):
            seen.add(id(thing))
            place, elements = _elements(thing)
            for key, element in elements[:left]:
                if id(type(element)) in DULL or (type(element) is kind and element not in wanted):
                    continue
                if text == "self" or not _is_private(key):
                    waiting.append((text + place(key), element, depth + 1))
            left -= len(elements)


def _is_opaque(kind: type) -> bool:
    """Whether objects of a class are not looked into; one of this library's own lends no names to what it tells of."""
    if kind is tuple or kind is list or kind is dict:
        return False
    module = _namespace(kind).get("__module__")
    return issubclass(kind, OPAQUE) or (type(module) is str and module.startswith("autograd."))


def _is_name(name: Any) -> bool:
    return type(name) is str and name.isidentifier() and not name.startswith("_") and name not in NOTEBOOK


def _is_private(key: Any) -> bool:
    """Whether it is nobody's to name but that of the object's own methods: `self._w`."""
    return type(key) is str and key.startswith("_")


def _elements(thing: Any) -> tuple[Callable[[Any], str], list[tuple[Any, Any]]]:
    """What a container holds, each with its key, and the text that picks what has a key; nothing, if all is plain."""
    kind = type(thing)
    if issubclass(kind, (list, tuple)):
        return _in_sequence(thing, kind)
    if issubclass(kind, dict):
        entries = _first(dict.items(thing))
        if _is_plain([element for _, element in entries]):
            return _item, []
        return _item, [entry for entry in entries if type(entry[0]) in (str, int)]
    if kind is np.ndarray:
        places = islice(np.ndindex(thing.shape), MOST_ELEMENTS) if thing.dtype.kind == "O" else ()
        return _item_of_array, [(index, thing[index]) for index in places]
    return ".{}".format, _first(_attributes(thing))


def _in_sequence(thing: Any, kind: type) -> tuple[Callable[[Any], str], list[tuple[Any, Any]]]:
    base: Any = list if issubclass(kind, list) else tuple
    elements = _first(base.__iter__(thing))
    if _is_plain(elements):
        return _item, []
    fields = () if kind is base else _fields(kind)
    return (lambda place: f".{fields[place]}" if place < len(fields) else f"[{place}]"), [*enumerate(elements)]


def _item(key: Any) -> str:
    return f"[{key!r}]"


def _item_of_array(index: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, index)) or '()'}]"


def _fields(kind: type) -> tuple[str, ...]:
    """The names of the elements of a named tuple."""
    fields = next((names["_fields"] for names in map(_namespace, _bases(kind)) if "_fields" in names), ())
    return fields if type(fields) is tuple and all(type(field) is str for field in fields) else ()


def _first(elements: Iterable[Any]) -> list[Any]:
    """The first of the elements, taken in one go: another thread may be changing the container."""
    try:
        return list(islice(elements, MOST_ELEMENTS))
    except RuntimeError:
        return []


def _is_plain(elements: Iterable[Any]) -> bool:
    return PLAIN.issuperset(map(id, map(type, elements)))


def _attributes(thing: Any) -> Iterator[tuple[str, Any]]:
    """What the object itself holds, in slots or not, without asking its properties or its class."""
    where: Any = None
    for base in _bases(type(thing)):
        names = _namespace(base)
        where = where or names.get("__dict__")
        if "__slots__" in names:
            for field, slot in names.items():
                if type(slot) is MemberDescriptorType:
                    try:
                        yield field, slot.__get__(thing)
                    except AttributeError:  # it is empty
                        continue
    if type(where) in (GetSetDescriptorType, MemberDescriptorType):  # and not a property of the class's own
        yield from (entry for entry in dict.items(where.__get__(thing)) if type(entry[0]) is str)
