"""Documents of JSON, damaged at random in a way that a seed repeats."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

ANYTHING: list[Any] = [None, True, False, 0, -1, 1, 2.5, 10**30, 10**350, "", "nan", [], {}, [[]], [1, 2]]
"""What may stand in the place of something else."""

INSERTED = [b"[" * 5000, b"9" * 500, b"\xed\xa0\x80", b'"', b"NaN", b"1e999", b"\x00"]


def nodes(whole: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a document: what holds it, and its key."""
    for key, part in list(whole.items() if isinstance(whole, dict) else enumerate(whole)):
        yield whole, key
        if isinstance(part, (dict, list)):
            yield from nodes(part)


def changed(text: str, path: str, new: Any) -> str:
    """The text with another value at a place: the keys and indices of the path, such as 'nodes/3/data'."""
    whole = json.loads(text)
    *above, last = [int(key) if key.isdigit() else key for key in path.split("/")]
    at = whole
    for key in above:
        at = at[key]
    at[last] = new
    return json.dumps(whole)


def wrapped(x: Any, depth: int) -> Any:
    for _ in range(depth):
        x = [x]
    return x


def mutated_data(text: str, random: Random, others: Sequence[Any]) -> bytes:
    """The document with parts removed, replaced, copied, nested and renamed."""
    whole = json.loads(text)
    for _ in range(random.randint(1, 2)):
        places = list(nodes(whole))
        holder, key = random.choice(places)
        act = random.choice(["remove", "replace", "copy", "nest", "rename"])
        if act == "remove":
            del holder[key]
        elif act == "replace":
            holder[key] = random.choice(others)
        elif act == "copy":
            source, at = random.choice(places)
            holder[key] = json.loads(json.dumps(source[at]))
        elif act == "nest":
            holder[key] = wrapped(holder[key], random.choice([1, 2, 150, 250]))
        elif isinstance(holder, dict):
            holder[f"{key}?"] = holder.pop(key)
    return json.dumps(whole).encode()


def mutated_bytes(text: str, random: Random) -> bytes:
    """The text with bits turned, and with pieces cut, repeated and inserted."""
    content = bytearray(text.encode())
    act = random.choice(["flip", "set", "cut", "drop", "repeat", "insert"])
    start, end = sorted(random.sample(range(len(content)), 2))
    if act == "flip":
        content[start] ^= 1 << random.randrange(8)
    elif act == "set":
        content[start] = random.choice(b'0123456789eE+-."[]{},:\\ \x00\xff')
    elif act == "cut":
        del content[start:]
    elif act == "drop":
        del content[start : min(end, start + 40)]
    elif act == "repeat":
        content[start:start] = content[start:end] * random.randint(1, 3)
    else:
        content[start:start] = random.choice(INSERTED)
    return bytes(content)


def mutated(text: str, random: Random, others: Sequence[Any], number: int) -> bytes:
    """The mutation of that number: of the document and of its bytes in turn."""
    return mutated_bytes(text, random) if number % 2 else mutated_data(text, random, others)
