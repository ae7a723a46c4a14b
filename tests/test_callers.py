"""Who called, and what his variables hold: found without running his code, keeping anything, or taking time."""

from __future__ import annotations

import builtins
import code
import collections
import doctest
import io
import subprocess
import sys
import threading
import weakref
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest

from autograd import Value
from autograd.callers import DEEPEST, MOST_ELEMENTS, callers, names_of

in_module = Value(1.0)
shadowed = Value(1.0)
_hidden = Value(1.0)


def name_of(*things: Any, taken: Any = ()) -> Any:
    """What the caller calls one Value; of several a list."""
    found = names_of(Value, set(things), taken)
    names = [found.get(thing) for thing in things]
    del things  # it would name them itself
    return names if len(names) > 1 else names[0]


name_of.__code__ = name_of.__code__.replace(co_filename="<autograd: this function is no caller>")


# ---- where a Value is found


class Pair(NamedTuple):
    left: Value
    right: Value


class SubPair(Pair):
    pass


class Neuron:
    def __init__(self) -> None:
        self.w = [Value(1.0) for _ in range(4)]

    def own_names(self) -> Any:
        return name_of(self.w[3])


class Layer:
    def __init__(self) -> None:
        self.neurons = [Neuron(), Neuron()]


class Slotted:
    __slots__ = ("empty", "w")

    def __init__(self) -> None:
        self.w = Value(1.0)


class SlottedAndMore(Slotted):
    def __init__(self) -> None:
        super().__init__()
        self.b = Value(1.0)


@dataclass
class Data:
    w: Value


def test_a_variable() -> None:
    w = Value(1.0)
    assert name_of(w) == "w"


def test_elements_of_lists_tuples_and_dictionaries() -> None:
    ws = [Value(1.0), [Value(2.0), (Value(3.0),)]]
    params = {"w": Value(1.0), 3: Value(2.0), "it's": [Value(3.0)], (1, 2): Value(4.0)}
    ordered, by_default = OrderedDict(w=Value(1.0)), defaultdict(list, ws=[Value(2.0)])
    assert name_of(ws[0], ws[1][0], ws[1][1][0], params["w"], params[3], params["it's"][0], params[1, 2]) == [
        *("ws[0]", "ws[1][0]", "ws[1][1][0]", "params['w']", "params[3]", """params["it's"][0]""", None),
    ]
    assert name_of(ordered["w"], by_default["ws"][0]) == ["ordered['w']", "by_default['ws'][0]"]


def test_attributes_named_tuples_slots_and_arrays() -> None:
    pair, sub = Pair(Value(1.0), Value(2.0)), SubPair(Value(3.0), Value(4.0))
    slotted, more, data, space = Slotted(), SlottedAndMore(), Data(Value(1.0)), SimpleNamespace(w=Value(1.0))
    array, point = np.array([[Value(1.0), Value(2.0)]]), np.array(Value(5.0))
    assert name_of(pair.left, sub.right, slotted.w, more.w, more.b, data.w, space.w, array[0, 1], point[()]) == [
        *("pair.left", "sub.right", "slotted.w", "more.w", "more.b", "data.w", "space.w", "array[0, 1]", "point[()]"),
    ]


def test_parameters_of_a_users_own_model() -> None:
    model = SimpleNamespace(layers=[Layer()])
    assert name_of(model.layers[0].neurons[1].w[3]) == "model.layers[0].neurons[1].w[3]"
    assert sum(map("model.layers[0].neurons[1].w[3]".count, ".[")) == DEEPEST


def test_a_variable_comes_before_an_element_and_an_element_before_its_elements() -> None:
    first = [[Value(1.0)]]
    second = first[0]
    last = second[0]
    assert name_of(last) == "last"
    del last
    assert name_of(second[0]) == "second[0]"


def test_a_module_has_names_for_what_no_function_holds() -> None:
    assert name_of(in_module) == "in_module"


def test_the_nearest_frame_wins() -> None:
    outer = Value(1.0)

    def inner(argument: Value) -> Any:
        return name_of(argument)

    assert inner(outer) == "argument"
    assert inner(in_module) == "argument"


def test_a_caller_farther_away_has_names_too() -> None:
    far = Value(1.0)
    held = [far]

    def ask() -> Any:
        return name_of(*held_by_nobody())

    def held_by_nobody() -> Iterator[Value]:
        yield from held

    assert ask() == "far"


def test_a_nearer_variable_hides_one_of_the_same_name() -> None:
    def inner(_things: tuple[Value, ...], shadowed: int) -> Any:
        return name_of(*_things)

    assert inner((shadowed,), 3) is None


def test_no_text_is_given_twice_or_if_it_is_taken() -> None:
    w = Value(1.0)
    ws = [w]
    assert name_of(w, taken={"w"}) == "ws[0]"
    assert name_of(w, taken={"w", "ws[0]"}) is None
    assert ws


def test_names_with_an_underscore_and_those_of_notebooks_are_skipped() -> None:
    _private, In, Out, exit = Value(1.0), [Value(2.0)], {1: Value(3.0)}, Value(4.0)
    assert name_of(_private, In[0], Out[1], exit, _hidden) == [None] * 5


def test_what_is_private_is_skipped_outside_of_its_own_methods() -> None:
    class Private:
        def __init__(self) -> None:
            self._w = Value(1.0)

        def own_names(self) -> Any:
            return name_of(self._w)

    private, table = Private(), {"_w": Value(1.0)}
    assert name_of(private._w, table["_w"]) == [None, None]
    assert private.own_names() == "self._w"


def test_methods_lambdas_comprehensions_and_generators() -> None:
    w = Value(1.0)
    assert Neuron().own_names() == "self.w[3]"
    ask = lambda x: (name_of(x), 0)[0]  # noqa: E731 - it is lambdas that are asked for
    assert ask(w) == "x"
    assert [name_of(x) for x in [w]] == ["x"]
    assert list(map(name_of, (w,))) == ["w"]

    def generator(argument: Value) -> Iterator[Any]:
        yield name_of(argument)

    assert list(generator(w)) == ["argument"]

    class Body:
        inside = Value(1.0)
        found = name_of(inside)

    assert Body.found == "inside"

    def closure() -> Any:
        return name_of(w)

    assert closure() == "w"


def test_code_that_is_executed_has_names() -> None:
    for variables in ({}, {"__name__": "somewhere"}):
        scope: dict[str, Any] = {"Value": Value, "name_of": name_of, **variables}
        exec(
            "typed = Value(1.0)\nfound = name_of(typed)\ndef f():\n    own = Value(1.0)\n    return name_of(own)", scope
        )
        assert (scope["found"], scope["f"]()) == ("typed", "own")
        local: dict[str, Any] = {}
        exec("inside = Value(1.0)\nfound = name_of(inside)", scope, local)
        assert local["found"] == "inside"


def test_doctests_have_names() -> None:
    example = ">>> typed = Value(1.0)\n>>> typed\ntyped = 1  (grad not computed)\n"
    test = doctest.DocTestParser().get_doctest(example, {"Value": Value}, "example", None, 0)
    printed: list[str] = []
    assert doctest.DocTestRunner().run(test, out=printed.append).failed == 0, printed


def test_a_console_has_names() -> None:
    console, printed = code.InteractiveConsole({"Value": Value}), io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        for line in ("price = Value(3.0)", "rates = [Value(2.0)]", "price * rates[0]"):
            console.push(line)
    del builtins._  # type: ignore[attr-defined]  # where the console leaves what it showed
    assert printed.getvalue() == "Value = 6  (price * rates[0], grad not computed)\n"


def test_a_repl_of_its_own_process_has_names() -> None:
    typed = "from autograd import Value\nw = Value(2.0)\nz = w * 3\nz\ndef f(a):\n  return repr(a * 2)\n\nf(w)\n"
    run = subprocess.run([sys.executable, "-qi"], input=typed, capture_output=True, text=True, check=True)
    assert "z = 6  (w * 3, grad not computed)" in run.stdout
    assert "'Value = 4  (a * 2, grad not computed)'" in run.stdout
    script = "from autograd import Value; w = Value(2.0); print(w)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "w = 2  (grad not computed)\n"


# ---- who is no caller


def test_frames_of_the_library_of_python_and_of_what_is_installed_are_skipped(request: pytest.FixtureRequest) -> None:
    files = [frame.f_code.co_filename for frame in callers()]
    assert files[0] == __file__
    assert not any("site-packages" in file or "/autograd/" in file or "/nn/" in file for file in files)
    assert sorted([3, 1], key=lambda _: next(callers()).f_code.co_name == "<lambda>") == [3, 1]


def test_generated_code_of_the_engine_is_no_caller() -> None:
    seen: list[str] = []

    class Spy(float):
        def __float__(self) -> float:
            seen.append(next(callers()).f_code.co_name)
            return 2.0

    assert (Value(1.0) * Spy(3.0)).data in (2.0, 3.0)
    assert set(seen) <= {"__float__"}


# ---- nothing of a stranger's own code runs


class Explosive(type):
    def __getattribute__(cls, name: str) -> Any:
        raise AssertionError(f"the class was asked for {name}")

    def __instancecheck__(cls, _: Any) -> bool:
        raise AssertionError

    def __subclasscheck__(cls, _: Any) -> bool:
        raise AssertionError

    def __eq__(cls, _: object) -> bool:
        raise AssertionError

    def __hash__(cls) -> int:
        raise AssertionError


def _explode(*_: Any, **__: Any) -> Any:
    raise AssertionError("a stranger's code ran")


EXPLODING = dict.fromkeys(
    [
        *("__getattribute__", "__getattr__", "__eq__", "__hash__", "__len__", "__iter__", "__bool__", "__repr__"),
        *("__getitem__", "__contains__", "__array__", "__str__", "__dir__", "__format__", "__copy__", "keys", "items"),
    ],
    _explode,
)


def strange(*bases: type) -> Any:
    """A class whose every method raises, as does all that is asked of itself."""
    namespace = {**EXPLODING, "_fields": property(_explode), "prop": property(_explode)}
    return type.__call__(Explosive, "Strange", bases, namespace)


def test_nothing_of_a_strangers_own_code_runs() -> None:
    stranger, proxy = (
        object.__new__(strange()),
        type("Proxy", (), dict.fromkeys(["__dict__", "__class__"], property(_explode)))(),
    )
    numbers, table = list.__new__(strange(list)), dict.__new__(strange(dict))
    pair = tuple.__new__(strange(tuple), (Value(3.0),))
    object.__setattr__(stranger, "w", Value(1.0))
    list.append(numbers, Value(2.0))
    dict.__setitem__(table, "w", Value(4.0))
    assert name_of(
        object.__getattribute__(stranger, "w"),
        list.__getitem__(numbers, 0),
        tuple.__getitem__(pair, 0),
        dict.__getitem__(table, "w"),
    ) == ["stranger.w", "numbers[0]", "pair[0]", "table['w']"]
    assert proxy is not None


def test_a_mapping_that_somebody_executes_code_in_is_left_alone() -> None:
    class Mapping(collections.UserDict):  # type: ignore[type-arg]
        def keys(self) -> Any:
            return _explode()

    scope: dict[str, Any] = {"Value": Value, "name_of": name_of}
    exec("inside = Value(1.0)\nfound = name_of(inside)", scope, mapping := Mapping())
    assert mapping["found"] == "mapping.data['inside']"


def test_a_named_tuple_without_names_is_a_tuple() -> None:
    kind = type("Odd", (tuple,), {"_fields": 3})
    odd, fewer = kind((Value(1.0),)), type("Fewer", (tuple,), {"_fields": ("a",)})((Value(1.0), Value(2.0)))
    assert name_of(odd[0], fewer[0], fewer[1]) == ["odd[0]", "fewer.a", "fewer[1]"]


# ---- in bounded time


def test_containers_may_hold_themselves() -> None:
    cycle: list[Any] = [Value(1.0)]
    cycle.insert(0, cycle)
    table: dict[str, Any] = {}
    table["self"], table["w"] = table, Value(2.0)
    assert name_of(cycle[1], table["w"]) == ["cycle[1]", "table['w']"]


def test_containers_of_any_size_take_no_time() -> None:
    numbers, entries = list(range(10**6)), dict.fromkeys(range(10**6), 1.0)
    rows = [[[float(place)] * 10 for place in range(100)] for _ in range(1000)]
    objects = [[SimpleNamespace(a=[SimpleNamespace()] * 10) for _ in range(100)] for _ in range(100)]
    array = np.full((1000, 100), None)
    w = Value(1.0)
    for _ in range(3):
        assert names_of(Value, {w, Value(2.0)}) == {w: "w"}
    assert [len(held) for held in (numbers, entries, rows, objects, array)] == [10**6, 10**6, 1000, 100, 1000]


def test_every_variable_is_found_however_much_the_containers_before_it_hold() -> None:
    first = [[SimpleNamespace(a=[SimpleNamespace()]) for _ in range(100)] for _ in range(100)]
    last = Value(1.0)
    assert name_of(last, in_module) == ["last", "in_module"]
    assert first


def test_a_container_of_numbers_leaves_room_for_a_model() -> None:
    data = [[float(x) for x in range(64)] for _ in range(2000)]
    model = SimpleNamespace(layers=[Layer(), Layer()])
    assert name_of(model.layers[1].neurons[0].w[2]) == "model.layers[1].neurons[0].w[2]"
    assert data


def test_of_a_long_list_the_first_elements_have_names() -> None:
    xs = [Value(1.0) for _ in range(MOST_ELEMENTS + 1)]
    assert name_of(xs[0], xs[MOST_ELEMENTS - 1], xs[MOST_ELEMENTS]) == ["xs[0]", f"xs[{MOST_ELEMENTS - 1}]", None]


# ---- nothing is kept, nothing is lost


@pytest.mark.usefixtures("no_collector")
@pytest.mark.skipif(sys.gettrace() is not None, reason="a tracer keeps the variables of a function")
def test_a_graph_that_was_shown_inside_a_function_is_freed_when_its_variables_are_deleted() -> None:
    x = Value(1.0)
    y = x * 2.0
    freed = [weakref.ref(x), weakref.ref(y)]
    assert repr(y) == "y = 2  (x * 2, grad not computed)"
    assert _shown_in_a_closure(freed)
    del x, y
    assert [reference() for reference in freed] == [None] * 4


def _shown_in_a_closure(freed: list[Any]) -> bool:
    def outer() -> Callable[[], str]:
        cell = Value(1.0)
        own = cell.exp()
        freed.extend([weakref.ref(cell), weakref.ref(own)])
        return lambda: repr(cell) + repr(own)

    inner = outer()
    return "own" in inner() and "cell" in inner()


def test_variables_are_what_they_were() -> None:
    w, number, text = Value(1.0), 3, "text"
    cell = [1]

    def closure() -> Any:
        return cell, name_of(w)

    assert closure()[1] == "w"
    assert name_of(w) == "w"
    assert (w.data, number, text, cell) == (1.0, 3, "text", [1])
    assert {"w", "number", "text", "cell"} <= set(locals())


def test_what_locals_gave_is_never_emptied() -> None:
    w, number = Value(1.0), 3
    held = locals()
    assert name_of(w) in ("w", "held['w']")
    assert (held["w"], held["number"]) == (w, number)


def test_what_exec_made_in_a_function_stays() -> None:
    w = Value(1.0)
    scope = locals()
    exec("made = 5", globals(), scope)
    del scope
    before = "made" in locals()
    assert name_of(w) == "w"
    assert ("made" in locals()) == before


@pytest.mark.parametrize("install", ["settrace", "setprofile"])
def test_a_tracer_or_profiler_that_shows_values_changes_no_variable(install: str) -> None:
    shown: list[str] = []

    def watch(frame: Any, event: str, _: Any) -> Any:
        value = frame.f_locals.get("watched")
        if value is not None:
            shown.append(repr(value))
        return watch

    def function() -> tuple[float, int]:
        watched = Value(1.0)
        number = 1
        number += len([watched])
        return watched.data, number

    before = getattr(sys, install.replace("set", "get"))()
    getattr(sys, install)(watch)
    try:
        result = function()
    finally:
        getattr(sys, install)(before)
    assert result == (1.0, 2)
    assert "value = 1  (grad not computed)" in shown


def test_each_thread_has_its_own_callers() -> None:
    found: dict[str, Any] = {}
    here = Value(1.0)

    def elsewhere() -> None:
        there = Value(2.0)
        found["names"] = name_of(there, here)

    del_name: Callable[[], None] = elsewhere
    thread = threading.Thread(target=del_name)
    thread.start()
    thread.join()
    assert found["names"] == ["there", "here"]


def test_other_containers_are_looked_into_as_objects() -> None:
    queue = deque([Value(1.0)])
    assert name_of(queue[0]) is None
