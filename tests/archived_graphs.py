"""The figure behind "a file is data": 2,000 mutated files of a graph, each of which is read or refused with one error.

    python -m tests.archived_graphs [--files 2000] [--seed 0]

Prints what became of them, and the longest time and the most memory that one of them took. What is read is written,
read again, differentiated and drawn. Exits with 1 when there was another error, or when a file left a Value behind.
"""

from __future__ import annotations

import argparse
import copy
import gc
import json
import math
import pickle
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from random import Random
from typing import Any, NamedTuple

from hypothesis import strategies as st

import autograd
from autograd import GraphFileError, StaleGraph, Value, from_json, to_json, topological_order
from autograd.evaluation import is_checked
from autograd.strategies.recipes import Recipe, random_recipe, recorded_leaves, recorded_places
from autograd.value import stale_nodes, walk
from tests import mutations
from tests.mutations import ANYTHING, mutated

TEXT = r"""{
  "format": "cadena graph",
  "version": 1,
  "roots": [11, 19, 20],
  "nodes": [
    {"data": -0.5, "label": "w \ud83d\ude42", "grad": 0.41997434161402614},
    {"data": -0.0, "grad": 0.5524967927017532},
    {"data": 3.0, "label": "x", "grad": 6.085404953585435, "grad_time": 1, "time": 1},
    {"data": 5e-324, "grad": -0.10499358540350653},
    {"data": "nan"},
    {"primitive": "dot", "vectors": [0, 1], "data": -1.0, "grad": 0.20998717080701307},
    {"primitive": "tanh", "operands": [5], "data": -0.7615941559557649, "grad": 0.5},
    {"primitive": "add", "operands": [6, 1], "data": -0.7615941559557649, "grad": 0.5},
    {"primitive": "divide", "operands": [7, 2], "data": -0.3807970779778824, "grad": 1.0},
    {"primitive": "dot", "vectors": [2, 1], "data": "inf"},
    {"primitive": "multiply", "operands": [9, 4], "data": "nan"},
    {"primitive": "maximum", "vectors": [3], "data": "nan", "label": "y"},
    {"primitive": "negative", "operands": [8], "data": 0.3807970779778824},
    {"primitive": "divide", "operands": [12, 2], "checked": false, "data": 0.1903985389889412},
    {"primitive": "divide", "operands": [[1.0], 2], "checked": false, "data": 0.5},
    {"primitive": "multiply", "operands": [6, 6], "data": 0.5800256583859739},
    {"primitive": "subtract", "operands": [[1.0], 15], "data": 0.41997434161402614},
    {"primitive": "multiply", "operands": [14, 16], "data": 0.20998717080701307},
    {"primitive": "multiply", "operands": [17, 0], "data": -0.10499358540350653},
    {"primitive": "add", "operands": [13, 18], "data": 0.08540495358543468},
    {"primitive": "multiply", "operands": [2, 2], "data": 9.0, "grad": 1.0, "grad_time": 1, "time": 1}
  ],
  "vectors": [
    [0, 1, 0],
    [2, [0.25], 3],
    {"constants": [1.0, 2.0, "inf"]},
    [8, 10, [1e+300]]
  ]
}
"""
"""A text of version 1. It has to be read for as long as that version is."""

OTHERS: list[Any] = [*ANYTHING, 7, 20, 41, -0.5, "inf", "add", "dot", "os.system", [1.0], ["nan"], {"constants": [2]}]
"""What may stand in the place of something else."""

WAYS: dict[str, Callable[[Any], Any]] = {
    "JSON": lambda roots: from_json(to_json(roots)),
    **{f"pickle {p}": lambda roots, p=p: pickle.loads(pickle.dumps(roots, p)) for p in range(6)},
    "Python's pickler": lambda roots: pickle._loads(pickle._dumps(roots)),  # type: ignore[attr-defined]
    "deep copy": copy.deepcopy,
}
"""From a list of roots to one of others that are the same."""


# ---- graphs


def graph_of(recipe: Recipe, random: Random) -> list[Value]:
    """Some roots of a recorded recipe, with labels, gradients, and numbers that were written later."""
    leaves = recorded_leaves(recipe)
    places = recorded_places(recipe, leaves)
    roots = random.sample(places, random.randint(1, 3)) + places[-1:]
    roots += autograd.grad(roots[-1], random.sample(leaves, 1))
    for _ in range(random.randrange(4)):
        _changed(random.choice(roots), random.choice(leaves), random)
    for node in random.sample(places, 2):
        node.label = random.choice(["", "x", "ŷ", "\ud800", "a\nb", '"]}'])
    return roots


def _changed(root: Value, leaf: Value, random: Random) -> None:
    act = random.randrange(4)
    if act == 0:
        leaf.data = random.choice([leaf.data, math.nan, math.inf, -0.0, 5e-324, 0.1])
    elif act == 1:
        leaf.grad = random.choice([0.0, -0.0, math.nan, 1e300])
    else:
        try:
            root.backward() if act == 2 else root.refresh()
        except (StaleGraph, ArithmeticError):
            return


graphs = st.builds(
    lambda seed, steps: graph_of(random_recipe(Random(seed), steps=steps), Random(seed)),
    st.integers(0, 2**32 - 1),
    st.integers(1, 12),
)


def told(roots: Sequence[Value]) -> list[Any]:
    """All that can be seen of graphs, with numbers for nodes and for vectors: equal where graphs are alike."""
    places: dict[Value, int] = {}
    for root in roots:
        for node in topological_order(root):
            places.setdefault(node, len(places))
    vectors: dict[int, int] = {}
    stale = {node for root in roots for node in stale_nodes(*walk(root))}

    def operand(x: Any) -> Any:
        return places[x] if isinstance(x, Value) else float.hex(x)

    def vector(xs: tuple[Any, ...]) -> Any:
        return vectors.setdefault(id(xs), len(vectors)), list(map(operand, xs))

    def node(v: Value) -> tuple[Any, ...]:
        row = v.primitive
        states = (v.grad_state, v in stale, row and is_checked(v))
        return (row, *states, list(map(operand, v.operands)), list(map(vector, v.vectors)), *numbers(v), v.label)

    return [[places[root] for root in roots], *map(node, places)]


def numbers(v: Value) -> tuple[str, str]:
    """To the bit; all NaN are one."""
    return v.data.hex(), v.grad.hex()


# ---- files


changed = partial(mutations.changed, TEXT)
"""The text with another value at a path."""


@contextmanager
def left() -> Iterator[list[Value]]:
    """Gives, when it ends, the Values made inside that are still there, after the collector has seen to circles.

    What was there before is frozen: the collector neither walks nor lists it. In some Pythons an error that passes
    through a context manager is a circle with its own traceback.
    """
    found: list[Value] = []
    gc.freeze()
    yield found
    gc.collect()
    found += (thing for thing in gc.get_objects() if type(thing) is Value)


class Outcome(NamedTuple):
    """What became of a file: in a word, or the error that nobody expected."""

    word: str
    error: BaseException | None = None


def outcome(content: bytes) -> Outcome:
    """Reads a file, and uses what was read."""
    try:
        roots = from_json(content.decode())
    except GraphFileError as error:
        return Outcome(_kind(error))
    except UnicodeDecodeError:
        return Outcome("refused: not UTF-8")
    try:
        _use(roots)
    except Exception as error:
        return Outcome("READ, AND OF NO USE", error)
    return Outcome("read")


def _kind(error: GraphFileError) -> str:
    words = str(error).partition("as a graph: ")[2]
    if isinstance(error.__cause__, json.JSONDecodeError):
        return "refused: no JSON"
    for start, kind in (
        ("node", "a node"),
        ("vector", "a vector"),
        ("roots", "the roots"),
        ("it is nested", "nesting"),
    ):
        if words.startswith(start):
            return f"refused: {kind}"
    return "refused: the document"


def _use(roots: Any) -> None:
    text = to_json(roots)
    again = from_json(text)
    parts = list(again.values()) if isinstance(again, dict) else again if isinstance(again, list) else [again]
    if to_json(again) != text:
        raise ValueError("it is another one when it is read again")
    for root in parts:
        autograd.draw(root)
        try:
            root.refresh().backward()
        except ArithmeticError:
            continue


class Fuzzed(NamedTuple):
    """What became of how many files, what nobody expected, and what the worst of them cost."""

    words: Counter[str]
    failures: list[str]
    seconds: float
    memory: int


def fuzzed(files: int, seed: int) -> Fuzzed:
    """Mutates and reads so many files. Memory is measured while `tracemalloc` traces it."""
    random, words = Random(seed), Counter[str]()
    failures, seconds, memory = [], 0.0, 0
    for number in range(files):
        content = mutated(TEXT, random, OTHERS, number)
        if tracemalloc.is_tracing():
            tracemalloc.reset_peak()
        begun, before = time.perf_counter(), tracemalloc.get_traced_memory()[0]
        try:
            word, error = outcome(content)
        except Exception as unexpected:
            word, error = "ANOTHER ERROR", unexpected
        seconds = max(seconds, time.perf_counter() - begun)
        memory = max(memory, tracemalloc.get_traced_memory()[1] - before)
        words[word] += 1
        failures += [f"file {number}: {error!r}"] if error else []
    return Fuzzed(words, failures, seconds, memory)


def main(arguments: list[str] | None = None) -> int:
    """Prints the table; 1 when something was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.archived_graphs", description="mutated files of a graph")
    parser.add_argument("--files", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    with left() as values:
        tracemalloc.start()
        found = fuzzed(options.files, options.seed)
        tracemalloc.stop()
    print(f"{options.files:,} mutated files of {len(TEXT):,} bytes, seed {options.seed}\n")
    for word, count in sorted(found.words.items()):
        print(f"  {word:<24}{count:>6,}")
    print(
        f"\n  the longest took {found.seconds * 1e3:,.0f} ms, the largest {found.memory / 1e6:.1f} MB while it was read"
    )
    print(f"  Values that were left: {len(values)}")
    print("".join(f"\n  {failure}" for failure in found.failures[:10]), end="")
    return int(bool(found.failures) or bool(values))


if __name__ == "__main__":
    sys.exit(main())
