"""`save_graph`, `load_graph`, `to_json`, `from_json`: what comes back is what was saved, and works as that did."""

from __future__ import annotations

import copy
import errno
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import (
    PRIMITIVES,
    DomainError,
    GraphFileError,
    StaleGraph,
    Value,
    compile,
    draw,
    from_json,
    grad,
    load_graph,
    save_graph,
    to_json,
    topological_order,
)
from autograd.eager import scope
from nn import MLP
from tests.archived_graphs import TEXT, WAYS, graphs, numbers, told


def neuron() -> tuple[Value, Value]:
    x = Value(0.5, "x")
    y = (x * 3.0 + Value(0.25, "b")).tanh()
    y.label = "y"
    return x, y


def cube() -> Callable[..., Value]:
    return autograd.primitive("cube", lambda xp, x: x * x * x, [lambda xp, x, out: 3 * x * x])


# ---- laws


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@given(roots=graphs)
def test_what_comes_back_is_what_was_saved(way: Callable[[Any], Any], roots: list[Value]) -> None:
    before = told(roots)
    again = way(roots)
    assert told(again) == before == told(roots)
    assert not {node for root in roots for node in topological_order(root)} & set(again)


@given(graphs)
def test_a_loaded_graph_is_saved_as_the_same_text(roots: list[Value]) -> None:
    text = to_json(roots)
    assert to_json(from_json(text)) == text


@given(graphs)
def test_a_loaded_graph_behaves_as_the_one_that_was_saved(roots: list[Value]) -> None:
    for root, again in zip(roots, from_json(to_json(roots))):
        outcomes = []
        for one in (root, again):
            try:
                one.refresh().backward(2.0)
                outcomes.append([numbers(node) for node in topological_order(one)])
            except DomainError as error:
                outcomes.append(str(error).split(" (")[0])
        assert outcomes[0] == outcomes[1]


@given(st.lists(st.floats(), min_size=1, max_size=20))
def test_every_float_comes_back_to_the_bit(floats: list[float]) -> None:
    leaves = [Value(x) for x in floats]
    leaves[0].grad = floats[-1]
    y = autograd.dot(tuple(floats), leaves)
    for way in WAYS.values():
        (again,) = way([y])
        assert list(map(numbers, again.vectors[1])) == list(map(numbers, leaves))
        assert list(map(float.hex, again.vectors[0])) == list(map(float.hex, floats))


@pytest.mark.parametrize("x", [5e-324, -5e-324, 2.2250738585072014e-308, sys.float_info.max, -0.0, 0.1, 1e22, 2.0**53])
def test_the_ends_of_the_floats_come_back(x: float) -> None:
    assert from_json(to_json(Value(x))).data.hex() == x.hex()


# ---- roots


def test_roots_come_back_as_they_were_given() -> None:
    x, y = neuron()
    one, several, named = (from_json(to_json(roots)) for roots in (y, (y, x, y), {"loss": y, "input": x}))
    assert (one.label, [root.label for root in several]) == ("y", ["y", "x", "y"])
    assert several[0] is several[2]
    assert list(named) == ["loss", "input"]
    assert named["input"] in topological_order(named["loss"])


@pytest.mark.parametrize(
    ("roots", "kind", "words"),
    [
        (3, TypeError, "needs Values; got int 3"),
        ([Value(1.0), 2.0], TypeError, r"needs Values; got float 2\.0"),
        (MLP(1, [1]), TypeError, "needs Values; got .*"),
        ([], ValueError, "needs at least one Value; got none"),
        ({}, ValueError, "needs at least one Value; got none"),
        ({1: Value(1.0)}, TypeError, r"needs texts as names; got \[1\]"),
    ],
)
def test_what_is_no_graph_is_refused_before_anything_is_written(
    tmp_path: Path, roots: Any, kind: Any, words: str
) -> None:
    with pytest.raises(kind, match=f"^to_json {words}"):
        to_json(roots)
    with pytest.raises(kind, match=f"^save_graph {words}"):
        save_graph(roots, tmp_path / "graph.json")
    assert list(tmp_path.iterdir()) == []


# ---- what a loaded graph is good for


def test_a_loaded_graph_is_explained_drawn_and_compiled_as_the_one_that_was_saved() -> None:
    x, y = neuron()
    again = from_json(to_json({"y": y, "x": x}))
    assert repr(again["y"].explain(again["x"])) == repr(y.explain(x))
    assert draw(again["y"]).source == draw(y).source
    assert compile(again["y"], [again["x"]]).source == compile(y, [x]).source
    assert told([copy.deepcopy(again["y"])]) == told([y])
    assert grad(grad(again["y"], again["x"]), again["x"]).data == grad(grad(y, x), x).data


def test_a_stale_graph_stays_stale_and_is_refreshed_after_loading() -> None:
    x, y = neuron()
    y.backward()
    x.data = 2.0
    again = from_json(to_json([y, x]))
    assert again[0].data == y.data != y.refresh().data
    assert (again[0].is_stale, again[1].grad_state) == (True, "stale")
    with pytest.raises(StaleGraph, match="x was written"):
        again[0].backward()
    assert again[0].refresh().data == y.data


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_gradients_of_numbers_that_were_refreshed_since_stay_stale(way: Callable[[Any], Any]) -> None:
    x, y = neuron()
    y.backward()
    x.data = 2.0
    y.refresh()
    for root, leaf in (from_json(to_json([y, x])), way([y, x])):
        assert (root.is_stale, root.grad_state, leaf.grad_state) == (False, "stale", "stale")


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_graph_of_a_process_that_wrote_much_can_be_written_in_one_that_wrote_nothing(
    way: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    x, y = neuron()
    monkeypatch.setitem(scope, "clock", scope["clock"] + 1_000)
    x.data = 1.0
    y.refresh()
    y.backward()
    text, content = to_json([y, x]), pickle.dumps([y, x])
    monkeypatch.setitem(scope, "clock", 0)
    for root, leaf in (from_json(text), pickle.loads(content), way([y, x])):
        assert (root.is_stale, root.grad_state, leaf.grad_state) == (False, "computed", "computed")
        leaf.data = 3.0
        assert (root.is_stale, root.grad_state) == (True, "stale")
        assert root.refresh().data == np.tanh(9.25)


def test_brackets_in_a_label_are_not_nested() -> None:
    label = '[{"' * 1_000
    assert from_json(to_json(Value(1.0, label))).label == label


def test_numbers_are_kept_whatever_the_operands_would_give() -> None:
    x, y = neuron()
    again = from_json(to_json([y, x]).replace(repr(y.data), "0.5"))
    assert again[0].data == 0.5
    again[1].data = again[1].data
    assert again[0].refresh().data == y.data


def test_the_text_grows_with_the_graph_and_not_with_its_paths_or_shared_vectors() -> None:
    y = Value(1.0)
    for _ in range(200):
        y = y + y
    assert len(to_json(y)) < 200 * 100
    model, inputs = MLP(50, [50, 1], seed=1), tuple(map(Value, range(50)))
    assert len(to_json(model(inputs))) < 200 * len(model.parameters())


# ---- the format


def test_a_text_of_version_1_is_read_and_written_as_ever() -> None:
    y, slope, z = from_json(TEXT)
    assert (y.label, repr(y.data), slope.data) == ("y", "nan", 0.08540495358543468)
    assert (y.is_stale, slope.is_stale, z.is_stale, z.grad_state) == (True, True, False, "computed")
    h = y.vectors[0][0]
    assert (h.grad_state, h.operands[1].grad_state, h.op) == ("stale", "computed", "/")
    assert to_json([y, slope, z]) == TEXT


def test_numbers_may_be_written_by_hand_without_a_point() -> None:
    text = to_json(Value(2.0) * -0.0).replace(": 2.0", ": 2").replace("[-0.0]", "[-0]")
    product = from_json(text)
    assert repr(product.operands[1]) == "-0.0"
    assert type(product.operands[0].data) is float


# ---- primitives of one's own


@pytest.mark.usefixtures("table_restored")
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_primitive_of_ones_own_comes_back(way: Callable[[Any], Any]) -> None:
    blend = autograd.primitive(
        "blend",
        lambda xp, a, b, t: a + t * (b - a),
        [lambda xp, a, b, t, out: 1 - t, lambda xp, a, b, t, out: t, lambda xp, a, b, t, out: b - a],
    )
    y = blend(Value(1.0), 3.0, cube()(Value(0.5)))
    (again,) = way([y])
    assert told([again]) == told([y])
    assert again.refresh().data == 1.25


@pytest.mark.usefixtures("table_restored")
def test_a_process_that_lacks_the_primitive_names_it(tmp_path: Path) -> None:
    y = cube()(Value(2.0)) + 1.0
    save_graph(y, tmp_path / "graph.json")
    content = pickle.dumps(y)
    row = PRIMITIVES.pop("cube")
    words = (
        r"graph\.json' can't be read as a graph: node 1 needs a primitive of the table; got 'cube': one of its own is"
    )
    with pytest.raises(GraphFileError, match=words):
        load_graph(tmp_path / "graph.json")
    with pytest.raises(
        LookupError, match=r"the graph has the primitive 'cube': add it with autograd\.primitive before"
    ):
        pickle.loads(content)
    for act in (to_json, pickle.dumps):
        with pytest.raises(ValueError, match="cube was taken out of the table"):
            act(y)
    PRIMITIVES["cube"] = row
    assert told([pickle.loads(content)]) == told([load_graph(tmp_path / "graph.json")]) == told([y])


# ---- files


def test_a_graph_is_loaded_in_another_process(tmp_path: Path) -> None:
    x, y = neuron()
    y.backward()
    save_graph({"y": y, "x": x}, tmp_path / "graph.json")
    (tmp_path / "graph.pickle").write_bytes(pickle.dumps({"y": y, "x": x}))
    script = """
import pickle, sys, autograd
for graph in (autograd.load_graph("graph.json"), pickle.load(open("graph.pickle", "rb"))):
    graph["x"].data = 1.0
    print(graph["y"].is_stale, graph["y"].refresh().data, autograd.grad(graph["y"], graph["x"]).data, graph["x"].grad)
"""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    slope = x.grad
    x.data = 1.0
    line = f"True {y.refresh().data} {grad(y, x).data} {slope}"
    assert run.stdout.splitlines() == [line, line]


def test_saving_is_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "graph.json"
    save_graph(Value(1.0), file)
    old = file.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(
            "os.replace", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left on device"))
        )
        with pytest.raises(OSError, match=r"No space left on device: .*graph\.json"):
            save_graph(Value(2.0), file)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [old]
    save_graph(Value(2.0), str(file))
    assert load_graph(str(file)).data == 2.0


def test_paths_and_texts_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"^save_graph needs a path, such as 'graph\.json'; got int 3"):
        save_graph(Value(1.0), 3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^load_graph needs a path, such as 'graph\.json'; got NoneType"):
        load_graph(None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^from_json needs a text; got bytes b'{}'"):
        from_json(b"{}")  # type: ignore[arg-type]
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        save_graph(Value(1.0), tmp_path / "nowhere" / "graph.json")
    with pytest.raises(FileNotFoundError, match=r"graph\.json"):
        load_graph(tmp_path / "graph.json")
