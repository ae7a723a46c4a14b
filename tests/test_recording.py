"""Where a node was typed, and that this costs nothing unless it is asked for."""

from __future__ import annotations

import linecache
import sys
import threading
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd
import nn
from autograd import Origin, Value, no_recording, origin_of, recording_origins, topological_order
from autograd import recording as recording_module
from autograd.eager import method_source, pull_source, replay_source, scope
from autograd.primitives import PRIMITIVES
from autograd.value import attend
from tests.bad_worlds import interrupted_anywhere, needs_timer


def line_of(function: Callable[..., Any], offset: int) -> int:
    return function.__code__.co_firstlineno + offset


def test_each_node_has_the_line_that_computed_it() -> None:
    x, w = Value(1.0), Value(2.0)
    with recording_origins():
        y = x * w
        z = y.exp() + 1.0
    first = line_of(test_each_node_has_the_line_that_computed_it, 3)
    assert origin_of(y) == Origin(__file__, first, "y = x * w")
    assert origin_of(z) == Origin(__file__, first + 1, "z = y.exp() + 1.0")
    assert origin_of(z.operands[0]) == origin_of(z)
    assert str(origin_of(y)) == f"{__file__}:{first}, y = x * w"


@pytest.mark.parametrize(
    "compute",
    [
        lambda x: x + 1,
        lambda x: 1 - x,
        lambda x: -x,
        lambda x: x.tanh(),
        lambda x: x.leaky_relu(0.1),
        lambda x: x.maximum(0.0),
        lambda x: autograd.sum([x, x]),
        lambda x: autograd.dot([x], [x]),
        lambda x: autograd.mean([x, x]),
        lambda x: autograd.softmax([x, 2.0])[0],
        lambda x: np.exp(x) + 0.0,
        lambda x: (np.array([1.0, 2.0]) * x)[1],
        lambda x: autograd.grad(x * x * x, x),
        lambda x: nn.MLP(1, [2, 1], seed=0)([x]),
    ],
)
def test_the_line_is_the_users_whatever_computed_it(compute: Callable[[Value], Any]) -> None:
    with recording_origins():
        result = compute(Value(0.5))
    y = result[0] if isinstance(result, (list, tuple)) else result
    nodes = [node for node in topological_order(y) if node.primitive]
    assert nodes
    for node in nodes:
        origin = origin_of(node)
        assert origin is not None
        assert (origin.file, origin.line) == (__file__, compute.__code__.co_firstlineno)


def test_a_leaf_has_no_origin_and_neither_has_what_was_recorded_outside() -> None:
    x = Value(1.0)
    before = x * 2.0
    with recording_origins():
        leaf = Value(2.0)
        constant = autograd.sum([])
    after = x * 2.0
    assert [origin_of(node) for node in (x, before, leaf, constant, after)] == [None] * 5


def test_blocks_nest_and_end_with_an_exception() -> None:
    x = Value(1.0)
    with recording_origins():
        with recording_origins():
            pass
        inside = x * 2.0
    assert origin_of(inside) is not None
    with pytest.raises(ZeroDivisionError), recording_origins():
        raise ZeroDivisionError
    assert origin_of(x * 2.0) is None
    assert scope["attended"] == {}


def test_blocks_that_end_in_another_order_than_they_began_end_one_by_one() -> None:
    x, first, second, third = Value(2.0), no_recording(), no_recording(), recording_origins()
    for block in (first, second, third):
        block.__enter__()
    first.__exit__(None, None, None)
    assert (x * 3).operands == ()
    second.__exit__(None, None, None)
    assert origin_of(x * 3) is not None
    third.__exit__(None, None, None)
    assert scope["attended"] == {}


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Ctrl-C comes between any two operations there, not after calls")
@needs_timer
def test_after_ctrl_c_at_any_moment_of_a_block_it_has_ended() -> None:
    x = Value(2.0)

    def computed() -> None:
        with no_recording():
            pass

    for _ in interrupted_anywhere(computed):
        assert (x * 3).operands == (x, 3.0)
        assert scope["attended"] == {}


def test_without_recording_there_is_nothing_to_have_an_origin() -> None:
    x = Value(1.0)
    with recording_origins(), no_recording():
        inside = x * 2.0
    with no_recording(), recording_origins():
        also = x * 2.0
    assert [(node.operands, origin_of(node)) for node in (inside, also)] == [((), None)] * 2


def test_a_thread_of_its_own_is_not_meant() -> None:
    x, made = Value(1.0), []

    def compute() -> None:
        made.append(x * 2.0)

    with recording_origins():
        thread = threading.Thread(target=compute)
        thread.start()
        thread.join()
    assert origin_of(made[0]) is None

    def compute_with_origins() -> None:
        with recording_origins():
            made.append(x * 3.0)

    thread = threading.Thread(target=compute_with_origins)
    thread.start()
    thread.join()
    assert (origin_of(made[1]) or Origin("", 0, "")).text == "made.append(x * 3.0)"


def test_code_without_a_file_has_its_line_and_its_text_where_it_can_be_read() -> None:
    filename, source = "<typed somewhere>", "\ny = x * 2.0\n"
    for known, text in ((False, ""), (True, "y = x * 2.0")):
        if known:
            linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        names = {"x": Value(1.0)}
        with recording_origins():
            exec(compile(source, filename, "exec"), names)
        assert origin_of(names["y"]) == Origin(filename, 2, text)
    linecache.cache.pop(filename)
    assert str(Origin(filename, 2, "")) == "<typed somewhere>:2"


@pytest.mark.usefixtures("no_collector")
def test_an_origin_goes_with_its_node() -> None:
    x, before = Value(1.0), len(recording_module._origins)
    with recording_origins():
        y = x.exp() * 2.0
    freed = weakref.ref(y)
    assert len(recording_module._origins) == before + 2
    del y
    assert freed() is None
    assert len(recording_module._origins) == before


# ---- nothing is paid


@pytest.mark.parametrize("name", ["add", "multiply", "exp", "leaky_relu"])
def test_recording_looks_once_whether_a_thread_is_attended_and_at_nothing_else(name: str) -> None:
    row = PRIMITIVES[name]
    source = method_source(row)
    patterns = source.count("node = new(Value)")
    assert source.count("attend") == 2 * patterns  # `return attend(node) if attended else node`
    assert source.count("return attend(node) if attended else node") == patterns
    names = {name for line in (source, pull_source(row, "v" * len(row.operands))) for name in line.split()}
    assert not names & {"sys", "_getframe", "origin", "names_of", "linecache", "get_ident"}
    assert "attend" not in replay_source(row, "v" * len(row.operands), True)


def test_a_node_is_not_a_field_larger() -> None:
    assert set(Value.__slots__) == {
        *("__weakref__", "_a", "_b", "_number", "_grad", "_grad_stamp", "_rule", "_stamp", "_label"),
    }


def test_outside_of_both_blocks_no_node_is_attended_to(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Any) -> Any:
        raise AssertionError("a node was attended to")

    monkeypatch.setitem(scope, "attend", refuse)
    x = Value(1.0)
    assert (x * 2.0 + x.exp()).data == pytest.approx(4.718281828)
    with pytest.raises(AssertionError), recording_origins():
        x * 2.0
    assert attend is not refuse
