"""Pickles and deep copies of graphs: any depth, inside containers, with what is shared kept shared."""

from __future__ import annotations

import copy
import gc
import io
import pickle
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import autograd
from autograd import Value, topological_order
from autograd.archive import pickling
from autograd.eager import scope
from nn import (
    MLP,
    SGD,
    Adam,
    Convolution2D,
    Dropout,
    Flatten,
    Layer,
    MaxPooling2D,
    Module,
    Neuron,
    Perceptron,
    Sequential,
)
from tests.archived_graphs import told
from tests.large_archives import main
from tests.profiles import is_thorough

DEEP = 5_000
"""Far deeper than Python calls, and quick."""

each_pickler = pytest.mark.parametrize(
    ("dumps", "loads"),
    [(pickle.dumps, pickle.loads), (pickle._dumps, pickle._loads)],  # type: ignore[attr-defined]
    ids=["C", "Python"],
)
each_copy = pytest.mark.parametrize(
    "copied", [lambda thing: pickle.loads(pickle.dumps(thing)), copy.deepcopy], ids=["pickle", "deepcopy"]
)


def chain(length: int) -> tuple[Value, Value]:
    x = y = Value(1.0, "x")
    for _ in range(length):
        y = y + 1.0
    return x, y


class Counting(io.RawIOBase):
    """A file that keeps nothing, and fails when it has got more than so many bytes."""

    def __init__(self, most: int) -> None:
        self.room = most

    def writable(self) -> bool:
        return True

    def write(self, part: Any) -> int:
        self.room -= len(part)
        if self.room < 0:
            raise OSError("full")
        return len(part)


# ---- containers


@each_pickler
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_what_a_container_shares_stays_shared(dumps: Any, loads: Any, protocol: int) -> None:
    x, y = chain(DEEP)
    weights = (x, Value(2.0))
    product = autograd.dot(weights, (3.0, 4.0))
    again = loads(dumps({"a": y, "b": [x, y], "weights": weights, "product": product}, protocol))
    assert again["a"] is again["b"][1]
    assert again["b"][0] is topological_order(again["a"])[0] is again["weights"][0]
    assert again["product"].vectors[0] is again["weights"]
    assert len(topological_order(again["a"])) == DEEP + 1
    again["a"].backward()
    assert (again["b"][0].grad, x.grad) == (1.0, 0.0)


@pytest.mark.parametrize("order", [list, lambda nodes: nodes[::-1], lambda nodes: nodes[::2] + nodes[1::2]])
def test_all_nodes_of_a_graph_cost_what_the_graph_costs(
    order: Callable[[Sequence[Value]], list[Value]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(scope, "clock", 0)  # late times have more bytes
    nodes = order(topological_order(chain(10_000)[1]))
    content = pickle.dumps(nodes)
    assert len(content) < 60 * len(nodes)  # 5 more would be a prelude for each node
    again = pickle.loads(content)
    assert told([again[place] for place in (0, 5_000, -1)]) == told([nodes[place] for place in (0, 5_000, -1)])


def test_a_pickler_that_is_used_again_writes_what_is_new() -> None:
    x, y = chain(DEEP)
    stream = io.BytesIO()
    pickler = pickle.Pickler(stream)
    for root in (y, y * 2.0, x):
        pickler.dump(root)
    assert len(stream.getvalue()) < 100 * DEEP
    unpickler = pickle.Unpickler(io.BytesIO(stream.getvalue()))
    first, second, leaf = (unpickler.load() for _ in range(3))
    assert second.operands[0] is first
    assert topological_order(first)[0] is leaf


def test_two_picklers_in_turn_have_each_the_whole_graph() -> None:
    y = chain(DEEP)[1]
    streams = [io.BytesIO(), io.BytesIO()]
    picklers = [pickle.Pickler(stream) for stream in streams]
    roots = [y]
    for _ in range(3):
        for pickler in picklers:
            pickler.dump(roots[-1])
        for _ in range(DEEP // 10):
            y = y + 1.0
        roots.append(y)
    for stream in streams:
        unpickler = pickle.Unpickler(io.BytesIO(stream.getvalue()))
        again = [unpickler.load() for _ in range(3)]
        assert [len(topological_order(root)) for root in again] == [len(topological_order(root)) for root in roots[:3]]
        assert topological_order(again[0])[0] is topological_order(again[2])[0]


@pytest.mark.parametrize("pickler", [pickle.Pickler, pickle._Pickler], ids=["C", "Python"])  # type: ignore[attr-defined]
def test_a_pickler_that_failed_in_the_middle_can_be_used_again(pickler: Any) -> None:
    y = chain(DEEP)[1]
    file = Counting(100_000)
    writing = pickler(file)
    with pytest.raises(OSError, match="full"):
        writing.dump(y)
    file.room = 100 * DEEP
    writing.dump([y, y * 2.0])
    assert len(pickle.dumps(y)) < 100 * DEEP


def test_threads_pickle_one_graph_at_once() -> None:
    y = chain(DEEP)[1]
    expected = pickle.dumps(y)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: pickle.dumps(y), range(16))) == {expected}


def test_what_was_recorded_on_top_meanwhile_is_written_too() -> None:
    x, y = chain(3)
    pickle.dumps(y)
    again = pickle.loads(pickle.dumps([y * x, y]))
    assert told(again) == told([y * x, y])


def test_nothing_of_a_graph_is_kept_when_it_is_pickled(no_collector: None) -> None:
    x, y = chain(1_000)
    references = [weakref.ref(x), weakref.ref(y)]
    again = pickle.loads(pickle.dumps([y, x]))
    references += [weakref.ref(again[0]), weakref.ref(again[1])]
    del x, y, again
    assert [reference() for reference in references] == [None] * 4
    assert pickling._thread.session() is None


def test_a_pickle_names_nothing_but_what_builds_values() -> None:
    x, y = chain(3)
    named = set()

    class Watching(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> Any:
            named.add((module, name))
            return super().find_class(module, name)

    Watching(io.BytesIO(pickle.dumps({"y": autograd.dot((x, y), (1.0, y))}))).load()
    pickling_names = {("autograd.archive.pickling", name) for name in ("unpickled", "unpickled_leaf", "Written")}
    assert named == {*pickling_names, ("autograd.eager", "RuleKey")}


# ---- models


def fitted() -> tuple[MLP, Adam, Value]:
    model = MLP(2, [3, 1], "tanh", seed=1)
    optimizer = Adam(model.parameters(), 0.1)
    for _ in range(3):
        loss = (model([0.5, -2.0]) - 1.0) ** 2
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model, optimizer, loss


@each_copy
def test_a_model_its_optimizer_and_a_loss_stay_together(copied: Callable[[Any], Any]) -> None:
    model, optimizer, loss = fitted()
    again = copied({"model": model, "optimizer": optimizer, "loss": loss})
    parameters = again["model"].parameters()
    assert list(again["optimizer"].parameters) == parameters
    assert set(parameters) <= set(topological_order(again["loss"]))
    assert not set(parameters) & set(model.parameters())
    for one, moves, error in ((model, optimizer, loss), tuple(again.values())):
        moves.zero_grad()
        error.refresh().backward()
        moves.step()
        assert [p.data for p in one.parameters()] == [p.data for p in model.parameters()]


@pytest.mark.parametrize(
    "module",
    [
        *(Module(), Neuron(2), Layer(2, 3, "leaky_relu"), Layer(2, 2, "softmax"), MLP(2, [2, 1], Value.tanh)),
        *(Perceptron(2), Dropout(0.5), Flatten(), Sequential(Layer(2, 2), Dropout(0.5)).train()),
        *(Convolution2D(1, 2, 2), MaxPooling2D(2)),
    ],
)
def test_modules_are_pickled_with_their_parameters(module: Any) -> None:
    again = pickle.loads(pickle.dumps(module))
    assert type(again) is type(module)
    assert again.training == module.training
    assert told([*again.parameters(), Value(0.0)]) == told([*module.parameters(), Value(0.0)])
    assert repr(again).split(" at ")[0] == repr(module).split(" at ")[0]


def test_a_model_of_a_function_without_a_name_says_so() -> None:
    with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
        pickle.dumps(Layer(2, 2, lambda z: z))


def test_an_optimizer_goes_on_after_a_pickle() -> None:
    parameter = Value(1.0)
    sgd = SGD([parameter], 0.5)
    parameter.grad = 1.0
    again = pickle.loads(pickle.dumps(sgd))
    again.step()
    assert (parameter.data, again.parameters[0].data) == (1.0, 0.5)


# ---- load


def test_a_chain_of_a_million_nodes_is_pickled() -> None:
    """A tenth of it in the quick profile."""
    nodes = 1_000_000 if is_thorough() else 100_000
    twin = pickle.loads(pickle.dumps(chain(nodes)[1]))
    twin.backward()
    leaf, *inner = topological_order(twin)
    assert (leaf.grad, twin.data, len(inner)) == (1.0, nodes + 1.0, nodes)


@each_copy
def test_a_sum_of_many_operands(copied: Callable[[Any], Any]) -> None:
    x = Value(1.0)
    twin = copied(autograd.sum((x, *(Value(1.0) for _ in range(DEEP - 2)), x)))
    assert (len(twin.operands), twin.operands[0] is twin.operands[-1]) == (DEEP, True)
    assert (twin.data, twin.vectors[0][1].data) == (DEEP, 1.0)


@each_copy
def test_paths_that_double_at_each_of_many_levels(copied: Callable[[Any], Any]) -> None:
    y = x = Value(0.5)
    for level in range(DEEP):
        y = y + y if level % 2 else autograd.dot((y, y), (0.25, 0.25))
    twin = copied([y, x])
    assert len(topological_order(twin[0])) == DEEP + 1
    twin[0].backward()
    assert twin[1].grad == 1.0


def test_the_table_of_large_graphs(capfd: pytest.CaptureFixture[str]) -> None:
    for case in ("doubling paths", "a network"):
        assert main(["--scale", "0.01", "--only", case, "JSON"]) == 0
    assert capfd.readouterr().out.count("JSON") == 2


def test_a_graph_in_json_needs_no_recursion() -> None:
    y = chain(DEEP)[1]
    assert len(topological_order(autograd.from_json(autograd.to_json(y)))) == DEEP + 1


@each_copy
def test_a_thousand_copies_leave_nothing(copied: Callable[[Any], Any], no_collector: None) -> None:
    x, y = chain(10)
    copied([x, y])
    before = len(gc.get_objects())
    for _ in range(1_000):
        copied([x, y])
    assert len(gc.get_objects()) - before < 50
