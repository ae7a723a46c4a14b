"""Deep, wide and doubling graphs through everything that walks a graph, and what is left when they are dropped."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Value, compile, draw, hessian
from nn import MLP, Adam, fit, predict
from tests.load import ACTS, SHAPES, measured

NODES = 3 * sys.getrecursionlimit()
"""More than what is recursive would survive."""

ROUNDS = 1000
WARM = 500
"""Rounds after which Python has as many tuples of each size in store, up to 2,000, as it keeps for later."""

SPARE = 100
"""Objects, and blocks of memory, of Python's own tables and of other threads; one that each round leaves behind is ten
times as much."""


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("act", ACTS)
def test_what_walks_a_graph_is_not_recursive(shape: str, act: str) -> None:
    seconds, more = measured(shape, act, NODES)
    assert seconds >= 0
    assert more >= 0


def recorded() -> tuple[Value, Value, Value]:
    w, x, b = Value(0.5, "w"), Value(1.5, "x"), Value(0.1, "b")
    return ((w * x + b).tanh() - 1) ** 2 + x.log(), w, b


def a_round() -> None:
    """Record, backward, explain, compile, and drop."""
    y, w, b = recorded()
    y.backward()
    repr(y.explain(w))
    compile(y, [w, b]).run()


@pytest.mark.usefixtures("no_collector")
def test_a_thousand_rounds_leave_nothing_behind() -> None:
    for _ in range(WARM):
        a_round()
    objects, blocks = len(gc.get_objects()), sys.getallocatedblocks()
    for _ in range(ROUNDS):
        a_round()
    assert len(gc.get_objects()) <= objects + SPARE
    assert sys.getallocatedblocks() <= blocks + SPARE


def learn() -> None:
    X = np.linspace(-1, 1, 40).reshape(20, 2)
    model = MLP(2, [3, 1], "tanh", "sigmoid", seed=0)
    fit(model, X, X[:, 0] > 0, loss="binary_crossentropy", optimizer="adam", epochs=2, seed=0)
    predict(model, X)


def minimize(backend: str) -> None:
    y, w, b = recorded()
    program = compile(y, [w, b], backend=backend)
    program.minimize(Adam([w, b], lr=0.01), 5)
    program.sync()
    repr(program)


def run_in_parts() -> None:
    w = z = Value(0.5, "w")
    for _ in range(2000):
        z = (z * w).sin()
    compile(z, [w], backend="python").run()


def run_out_of_range() -> None:
    w = Value(0.5, "w")
    compile((w * 2000).exp(), [w], backend="python").run()


def curvature() -> None:
    y, w, b = recorded()
    hessian(y, [w, b])


EVERYTHING: dict[str, Callable[[], Any]] = {
    "a program of NumPy": lambda: compile(recorded()[0], backend="numpy").run(),
    "a program in parts": run_in_parts,
    "a program that overflows": run_out_of_range,
    "a program that minimizes": lambda: minimize("python"),
    "a program of NumPy that minimizes": lambda: minimize("numpy"),
    "a function compiled": lambda: compile(lambda x: 2 * x if x > 0 else x, [], inputs=2.0).run(3.0),
    "a training": learn,
    "pictures": lambda: (str(draw(recorded()[0])), str(autograd.draw_passes(recorded()[0]))),
    "the stepper": lambda: list(recorded()[0].steps()),
    "the doctor": lambda: repr(autograd.diagnose(recorded()[0])),
    "a gradient check": lambda: autograd.check_gradients(lambda x: (x * 2).tanh(), [0.5]),
    "second derivatives": curvature,
    "a table of assignments": lambda: repr(autograd.assignments(recorded()[0])),
    "the page": lambda: autograd.show_page(recorded()[0])._repr_html_(),
}


@pytest.mark.parametrize("act", EVERYTHING.values(), ids=EVERYTHING)
@pytest.mark.usefixtures("no_collector")
def test_what_was_used_is_freed_without_the_collector(act: Callable[[], Any]) -> None:
    for _ in range(3):
        act()
    gc.collect()
    act()
    assert gc.collect() == 0
