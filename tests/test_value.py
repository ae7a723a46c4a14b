"""`Value`: recording, `backward`, staleness, what goes in and what comes out."""

from __future__ import annotations

import copy
import math
import operator
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import PRIMITIVES, DomainError, StaleGraph, Value, grad, no_recording, topological_order, zero_grad
from autograd import value as value_module
from autograd.value import read_data, write_data

DEEP = 100_000
"""Far beyond the recursion limit, and still quick."""

ROUNDING = 1e-15
"""A handful of roundings of numbers near 1."""


def chain(length: int = DEEP) -> tuple[Value, Value]:
    x = Value(1.0, "x")
    y = x
    for _ in range(length):
        y = y + 1.0
    return x, y


def grads(*values: Value) -> list[float]:
    return [value.grad for value in values]


# ---- recording


def test_operands_are_ordered_and_repeat() -> None:
    x, y = Value(3.0), Value(2.0)
    assert (x * x).operands == (x, x)
    assert (x - y).operands == (x, y)
    assert (y - x).operands == (y, x)
    assert (2 * x).operands == (2.0, x)
    assert autograd.dot([x, y], [y, 5]).operands == (x, y, y, 5.0)


@pytest.mark.parametrize(("make", "slope"), [(lambda x: x * x, 6.0), (lambda x: x + x, 2.0), (lambda x: x / x, 0.0)])
def test_an_operand_used_twice_counts_twice(make: Callable[[Value], Value], slope: float) -> None:
    x = Value(3.0)
    make(x).backward()
    assert x.grad == slope


def test_a_leaf_has_no_operation() -> None:
    x = Value(3.0)
    assert (x.op, x.operands, x.vectors, x.primitive) == ("", (), (), None)


def test_a_node_tells_its_operation() -> None:
    x = Value(3.0)
    assert [(x + 1).op, (x - 1).op, (x * 2).op, (x / 2).op, (-x).op, (x**2).op] == ["+", "-", "*", "/", "neg", "**"]
    assert x.tanh().primitive is autograd.PRIMITIVES["tanh"]


def test_vectors_are_kept_and_shared() -> None:
    inputs = (Value(1.0), Value(2.0))
    first, second = autograd.dot([3.0, 4.0], inputs), autograd.dot([5.0, 6.0], inputs)
    assert first.vectors[1] is second.vectors[1] is inputs
    assert first.vectors[0] == (3.0, 4.0)


def test_plus_equals_makes_a_new_node_and_leaves_the_old_one() -> None:
    a = b = Value(1.0)
    a += 2.0
    assert (a.data, b.data, a.operands) == (3.0, 1.0, (b, 2.0))


def test_unary_plus_is_the_value_itself() -> None:
    x = Value(1.0)
    assert +x is x


@pytest.mark.parametrize("function", [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow])
@pytest.mark.parametrize(
    "number",
    [3, 3.0, True, np.float64(3), np.float32(3), np.int64(3), np.array(3.0), Fraction(3), Decimal(3), np.bool_(True)],
)
def test_numbers_of_every_kind_stand_on_either_side(function: Callable[[Any, Any], Any], number: Any) -> None:
    x = Value(2.0)
    right, left = function(x, number), function(number, x)
    assert type(right) is type(left) is Value
    assert right.data == function(2.0, float(number))
    assert left.data == function(float(number), 2.0)
    assert type(right.data) is type(left.data) is float
    assert [type(operand) for operand in right.operands + left.operands] == [Value, float, float, Value]


@pytest.mark.parametrize("foreign", ["a", None, 1j, [1.0, 2.0], (1.0,), {}])
@pytest.mark.parametrize("function", [operator.add, operator.mul, operator.pow, operator.truediv])
def test_foreign_operands_are_type_errors(function: Callable[[Any, Any], Any], foreign: Any) -> None:
    x = Value(2.0)
    with pytest.raises(TypeError):
        function(x, foreign)
    with pytest.raises(TypeError):
        function(foreign, x)


@pytest.mark.parametrize("method", [Value.heaviside, Value.leaky_relu, Value.maximum, Value.minimum])
@pytest.mark.parametrize("foreign", ["a", None, [1.0]])
def test_methods_of_two_numbers_refuse_what_is_none(method: Callable[[Value, Any], Value], foreign: Any) -> None:
    with pytest.raises(TypeError, match="one real number"):
        method(Value(1.0), foreign)


# ---- what a Value takes


@pytest.mark.parametrize(
    ("data", "expected"),
    [(3, 3.0), (True, 1.0), (False, 0.0), (np.float32(0.5), 0.5), (np.int8(-2), -2.0), (np.array([7.0]), 7.0)],
)
def test_data_becomes_a_python_float(data: Any, expected: float) -> None:
    for leaf in (Value(data), Value(0.0)):
        leaf.data = data
        assert leaf.data == expected
        assert type(leaf.data) is float


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("3", "str '3'"),
        (None, "NoneType"),
        (1j, "complex"),
        ([1.0], "list"),
        (np.array([1.0, 2.0]), r"shape \(2,\)"),
        (Value(1.0), "Value"),
        (np.array("a"), "ndarray"),
    ],
)
def test_anything_but_one_real_number_is_a_type_error_that_says_what_came(data: Any, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        Value(data)
    leaf = Value(0.0)
    for attribute in ("data", "grad"):
        with pytest.raises(TypeError, match=said):
            setattr(leaf, attribute, data)
    assert (leaf.data, leaf.grad) == (0.0, 0.0)


@pytest.mark.parametrize("make", [Value, lambda number: Value(1.0) * number, lambda number: number + Value(1.0)])
def test_an_integer_beyond_floats_fails_at_the_door(make: Callable[[int], Value]) -> None:
    with pytest.raises(OverflowError):
        make(10**400)


def test_nodes_are_not_built_by_hand() -> None:
    x = Value(1.0)
    by_hand: list[tuple[Any, ...]] = [(2.0, (x,), "+"), (2.0, (x, x)), (2.0, "a", "+")]
    for arguments in by_hand:
        with pytest.raises(TypeError, match=r"autograd\.primitive"):
            Value(*arguments)


def test_value_is_final_and_has_no_other_attributes() -> None:
    with pytest.raises(TypeError, match="final"):
        type("Sub", (Value,), {})
    with pytest.raises(AttributeError):
        Value(1.0).velocity = 3.0  # type: ignore[attr-defined]


# ---- backward


def test_the_diamond_sums_both_branches() -> None:
    x = Value(1.0)
    y = x * 3.0
    (y * 2.0 + y * 5.0).backward()
    assert grads(x, y) == [21.0, 7.0]


def test_backward_twice_doubles_leaves_and_inner_nodes() -> None:
    x = Value(3.0)
    inner = x * x
    y = inner * x
    y.backward()
    assert grads(x, inner, y) == [27.0, 3.0, 1.0]
    y.backward()
    assert grads(x, inner, y) == [54.0, 6.0, 2.0]


def test_two_losses_accumulate() -> None:
    x = Value(2.0)
    shared = x * x
    (shared * 1.0).backward()
    (shared * 3.0).backward()
    assert grads(x, shared) == [16.0, 4.0]


def test_backward_of_a_leaf_is_its_seed() -> None:
    x = Value(2.0)
    x.backward()
    x.backward(seed=-3)
    assert x.grad == -2.0


def test_backward_takes_a_seed_and_only_a_number() -> None:
    x = Value(2.0)
    y = x * 3.0
    y.backward(0.5)
    y.backward(np.float64(2.0))
    assert x.grad == 7.5
    with pytest.raises(TypeError, match="one real number"):
        y.backward("1")  # type: ignore[arg-type]
    assert x.grad == 7.5


def test_nothing_is_clipped() -> None:
    x = Value(3.0)
    (x**4).backward()
    assert x.grad == 108.0


def test_nan_and_infinity_arrive_at_the_leaves() -> None:
    x, y = Value(0.0), Value(math.inf)
    (x * y).backward()
    assert grads(x, y) == [math.inf, 0.0]
    z = Value(math.nan)
    z.relu().backward()
    assert math.isnan(z.relu().data)
    assert math.isnan(z.grad)


def test_zero_grad_makes_gradients_not_computed() -> None:
    x = Value(2.0)
    y = x * x
    y.backward()
    zero_grad([x, y])
    assert [(node.grad, node.grad_state) for node in (x, y)] == [(0.0, "not computed")] * 2
    zero_grad(node for node in [x])


def test_grad_can_be_written_as_micrograd_does() -> None:
    x = Value(2.0)
    (x * x).backward()
    x.grad = 0
    assert (x.grad, type(x.grad), x.grad_state) == (0.0, float, "not computed")


@pytest.mark.parametrize("interrupted_at", [0, 1, 2, 3])
def test_an_interrupt_while_gradients_are_written_gives_all_or_none(
    monkeypatch: pytest.MonkeyPatch, interrupted_at: int
) -> None:
    x = Value(3.0)
    inner = x * x
    y = inner + x
    real = value_module._accumulate
    calls: list[int] = []

    def interrupted(added: Iterator[tuple[Value, float]], stamp: int) -> None:
        if not calls:
            calls.append(1)
            real(iter([next(added) for _ in range(interrupted_at)]), stamp)
            raise KeyboardInterrupt
        real(added, stamp)

    monkeypatch.setattr(value_module, "_accumulate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        y.backward()
    assert grads(x, inner, y) in ([0.0, 0.0, 0.0], [7.0, 1.0, 1.0])


def test_an_interrupt_inside_a_partial_leaves_every_gradient_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    x = Value(3.0)
    first = x.sin()
    y = first * 2.0 + x
    y.backward()
    before = [(node.grad, node.grad_state) for node in topological_order(y)]
    monkeypatch.setattr(first._rule, "pull", interrupt)
    with pytest.raises(KeyboardInterrupt):
        y.backward()
    assert [(node.grad, node.grad_state) for node in topological_order(y)] == before


# ---- staleness


def test_a_stale_graph_is_named_and_not_differentiated() -> None:
    x, w = Value(3.0, "x"), Value(2.0, "weight")
    y = x * w
    w.data = 5.0
    assert y.is_stale
    assert not x.is_stale
    for ask in (y.backward, lambda: grad(y, x)):
        with pytest.raises(StaleGraph, match=r"weight.*5\.0.*refresh"):
            ask()
    assert grads(x, w, y) == [0.0, 0.0, 0.0]


def test_the_leaf_that_is_named_is_the_one_that_made_the_graph_stale() -> None:
    culprit, innocent = Value(1.0, "culprit"), Value(1.0, "innocent")
    old = culprit * 2.0
    culprit.data = 2.0
    innocent.data = 3.0
    y = old + innocent * 2.0
    with pytest.raises(StaleGraph, match="culprit"):
        y.backward()


def test_an_unlabelled_leaf_is_told_by_its_variable_and_number() -> None:
    x = Value(3.0)
    y = x * x
    x.data = 4.25
    with pytest.raises(StaleGraph, match=r"x was written \(4\.25\)"):
        y.backward()


def test_refresh_computes_the_same_graph_with_the_new_numbers() -> None:
    x, w = Value(3.0), Value(2.0)
    inner = x * w
    y = inner + x
    w.data = 5.0
    assert y.refresh() is y
    assert (y.data, inner.data, y.is_stale) == (18.0, 15.0, False)
    y.backward()
    assert grads(x, w) == [6.0, 3.0]


def test_refreshing_one_graph_leaves_another_stale() -> None:
    x = Value(1.0)
    shared = x * 2.0
    first, second = shared + 1.0, shared + 2.0
    x.data = 10.0
    first.refresh()
    assert (first.is_stale, shared.is_stale, second.is_stale) == (False, False, True)
    with pytest.raises(StaleGraph):
        second.backward()
    assert second.refresh().data == 22.0


def test_what_is_recorded_from_a_stale_node_is_stale() -> None:
    x = Value(1.0)
    old = x * 2.0
    x.data = 10.0
    assert (old + 1.0).is_stale
    assert not (x * 2.0).is_stale


def test_refresh_after_a_domain_error_leaves_everything_as_it_was() -> None:
    x = Value(4.0, "x")
    first = x + 1.0
    y = first * (x - 2.0).log()
    before = y.data
    x.data = 1.0
    with pytest.raises(DomainError, match="log"):
        y.refresh()
    assert (first.data, y.data, y.is_stale) == (5.0, before, True)
    x.data = 4.0
    assert y.refresh().data == before


def test_data_of_a_computed_value_cannot_be_written() -> None:
    x = Value(3.0, "x")
    y = x * x
    with pytest.raises(AttributeError, match="leaves"):
        y.data = 5.0
    assert (y.data, y.is_stale) == (9.0, False)


def test_states_of_a_gradient_are_told_apart() -> None:
    x = Value(3.0, "x")
    y = x * x
    assert (x.grad_state, y.grad_state) == ("not computed", "not computed")
    y.backward()
    assert (x.grad_state, y.grad_state) == ("computed", "computed")
    x.data = 4.0
    assert (x.grad_state, y.grad_state) == ("stale", "stale")
    y.refresh()
    assert (x.grad_state, y.grad_state) == ("stale", "stale")
    zero_grad([x, y])
    y.backward()
    assert (x.grad_state, y.grad_state) == ("computed", "computed")


def test_a_zero_gradient_that_was_computed_is_not_a_missing_one() -> None:
    x = Value(0.0)
    (x * x).backward()
    assert (x.grad, x.grad_state) == (0.0, "computed")
    assert "grad 0" in repr(x)
    assert "not computed" in repr(Value(0.0))


# ---- showing


def test_repr_tells_label_number_operation_and_gradient() -> None:
    x = Value(2.0, "x")
    y = x * 3.0
    assert repr(x) == "x = 2  (grad not computed)"
    assert repr(y) == "y = 6  (x * 3, grad not computed)"
    y.backward()
    assert repr(x) == "x = 2  (grad 3)"
    x.data = 1.0
    assert repr(y) == "y = 6  (x * 3, value stale, grad 1 stale)"


def test_a_small_number_never_reads_as_zero() -> None:
    x = Value(3e-5)
    x.backward(1e-12)
    assert repr(x) == "x = 3e-05  (grad 1e-12)"


def test_repr_of_a_long_sum_is_short() -> None:
    assert "…" in repr(autograd.sum([Value(float(x)) for x in range(100)]))


def test_format_gives_the_number() -> None:
    x = Value(math.pi, "x")
    assert f"{x:.3f}" == "3.142"
    assert f"{x}" == repr(x) == str(x)


# ---- comparing and converting


def test_values_compare_by_number_and_are_equal_by_identity() -> None:
    x, y, same = Value(1.0), Value(2.0), Value(1.0)
    assert (x < y, x <= same, y > x, y >= 3, operator.lt(0, x), operator.gt(5.0, y)) == (
        True,
        True,
        True,
        False,
        True,
        True,
    )
    assert np.float64(0.5) < x
    number: Any = 1.0
    assert (x == same, x != same, x == number, x == x) == (False, True, False, True)
    assert len({x, y, same}) == 3
    assert x in {x: 1}
    with pytest.raises(TypeError):
        x < "a"  # type: ignore[operator]


def test_nan_compares_with_nothing() -> None:
    assert not Value(math.nan) < 1.0
    assert not Value(math.nan) >= 1.0


@pytest.mark.parametrize("leave", [float, int, complex, round, math.exp, math.floor, math.trunc, math.sqrt])
def test_there_is_no_silent_way_out_of_the_graph(leave: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match=r"v\.data"):
        leave(Value(2.0))


def test_truth_is_not_defined() -> None:
    with pytest.raises(TypeError, match=r"v\.data"):
        bool(Value(0.0))


# ---- numpy

UFUNCS = [
    *("exp", "log", "log1p", "expm1", "sqrt", "sin", "cos", "tanh", "absolute", "fabs", "sign", "negative"),
]
BINARY_UFUNCS = [
    "add",
    "subtract",
    "multiply",
    "divide",
    "true_divide",
    "power",
    "float_power",
    "maximum",
    "minimum",
    "heaviside",
]


@pytest.mark.parametrize("name", UFUNCS)
def test_numpys_functions_record(name: str) -> None:
    x = Value(0.5)
    y = getattr(np, name)(x)
    assert type(y) is Value
    assert y.data == pytest.approx(float(getattr(np, name)(0.5)), rel=ROUNDING)
    assert x in y.operands


@pytest.mark.parametrize("name", BINARY_UFUNCS)
@pytest.mark.parametrize("number", [3.0, np.float64(3.0), np.array(3.0), 3])
def test_numpys_functions_of_two_numbers_record_on_either_side(name: str, number: Any) -> None:
    x, ufunc = Value(0.5), getattr(np, name)
    for y, expected in ((ufunc(x, number), ufunc(0.5, 3.0)), (ufunc(number, x), ufunc(3.0, 0.5))):
        assert type(y) is Value
        assert y.data == float(expected)
        assert x in y.operands


@pytest.mark.parametrize("function", [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow])
def test_arrays_go_element_by_element(function: Callable[[Any, Any], Any]) -> None:
    x, array = Value(2.0), np.array([1.0, 3.0])
    for result, expected in ((function(x, array), function(2.0, array)), (function(array, x), function(array, 2.0))):
        assert result.dtype == object
        assert [value.data for value in result] == list(expected)
        assert all(x in value.operands for value in result)


@pytest.mark.parametrize("function", [operator.add, operator.sub, operator.mul])
def test_masked_arrays_record_on_either_side_what_is_not_masked(function: Callable[[Any, Any], Any]) -> None:
    x, array = Value(2.0), np.ma.MaskedArray([1.0, 3.0, 4.0], mask=[False, True, False])
    for result, expected in ((function(x, array), function(2.0, array)), (function(array, x), function(array, 2.0))):
        assert result.mask.tolist() == [False, True, False]
        assert [value.data for value in result.compressed()] == expected.compressed().tolist()
        assert all(x in value.operands for value in result.compressed())


def test_object_arrays_of_values_work_like_numbers() -> None:
    xs = np.array([Value(1.0), Value(2.0)])
    weights = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert [value.data for value in weights @ xs] == [5.0, 11.0]
    assert [value.data for value in xs * xs + 1] == [2.0, 5.0]
    assert xs.sum().data == 3.0
    assert [value.data for value in np.exp(xs)] == [math.e, math.exp(2.0)]


@pytest.mark.parametrize(
    "call", [np.arctan, np.add.reduce, np.floor, np.isnan], ids=["arctan", "add.reduce", "floor", "isnan"]
)
def test_what_numpy_cannot_record_says_so(call: Callable[[Value], Any]) -> None:
    with pytest.raises(TypeError, match=r"v\.data|np\."):
        call(Value(1.0))


# ---- the explicit ways out


def test_detach_cuts_the_derivative_and_keeps_number_and_label() -> None:
    x = Value(3.0, "x")
    copy_ = x.detach()
    assert (copy_.data, copy_.label, copy_.operands) == (3.0, "x", ())
    assert grad(x * copy_, x).data == 3.0


def test_nothing_is_recorded_inside_no_recording() -> None:
    x = Value(3.0)
    with no_recording():
        inside = [x * x, x + 1, 2 - x, x.tanh(), autograd.sum([x, x]), x.maximum(0), np.exp(x), x.leaky_relu()]
        with no_recording():
            inside.append(-x)
        inside.append(x / 2)
    assert [value.operands for value in inside] == [()] * len(inside)
    assert inside[0].data == 9.0
    assert (x * x).operands == (x, x)


def test_recording_goes_on_after_an_exception_inside() -> None:
    x = Value(3.0)
    with pytest.raises(DomainError), no_recording():
        x / 0.0
    assert (x * x).operands == (x, x)


def test_no_recording_is_a_matter_of_its_own_thread() -> None:
    x, recorded = Value(3.0), []
    with no_recording():
        thread = threading.Thread(target=lambda: recorded.append((x * x).operands))
        thread.start()
        thread.join()
    assert recorded == [(x, x)]


# ---- threads


def test_grad_in_eight_threads_that_share_leaves_gives_the_same_numbers() -> None:
    xs = [Value(0.1 * place) for place in range(1, 20)]
    y = autograd.sum([(a * b).tanh() for a in xs for b in xs])
    expected = [derivative.data for derivative in grad(y, xs)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: [derivative.data for derivative in grad(y, xs)], range(16)))
    assert found == [expected] * 16
    assert all(x.grad == 0.0 for x in xs)


# ---- deep graphs


def test_a_deep_chain_is_recorded_differentiated_shown_and_refreshed() -> None:
    x, y = chain()
    assert y.data == DEEP + 1
    y.backward()
    assert x.grad == 1.0
    assert repr(y).startswith("y = ")
    assert len(topological_order(y)) == DEEP + 1
    x.data = 5.0
    assert "stale" in repr(y)
    assert y.refresh().data == DEEP + 5


def test_a_deep_chain_is_copied() -> None:
    x, y = chain()
    twin = copy.deepcopy(y)
    assert len(topological_order(twin)) == DEEP + 1
    twin.backward()
    assert (topological_order(twin)[0].grad, x.grad) == (1.0, 0.0)


def test_a_deep_graph_of_vectors_needs_no_recursion() -> None:
    x = y = Value(1.0)
    for _ in range(20_000):
        y = autograd.sum([y, 0.5, y * 0.0])
    y.backward()
    assert x.grad == 1.0


@pytest.mark.parametrize(
    "use", [repr, Value.backward, Value.refresh, lambda y: grad(y, y), topological_order, copy.deepcopy]
)
@pytest.mark.usefixtures("no_collector")
def test_a_graph_is_freed_by_reference_counting_alone(use: Callable[[Value], Any]) -> None:
    x, y = chain()
    wide = autograd.dot([y, x], [x, y])
    middle = weakref.ref(topological_order(y)[DEEP // 2])
    references = [weakref.ref(x), weakref.ref(y), weakref.ref(wide), middle]
    use(wide)
    del x, y, wide
    assert [reference() for reference in references] == [None] * len(references)


def test_shared_vectors_keep_operands_before_their_users() -> None:
    """Layers whose neurons share one tuple of inputs, of which some are shared with later layers too."""
    inputs = tuple(Value(0.1 * place) for place in range(3))
    layer = inputs
    for _ in range(5):
        layer = tuple(autograd.dot((0.5, 0.25, *inputs[:1]), layer).tanh() + layer[0] for _ in range(3))
    y = autograd.dot(layer, layer)
    order = topological_order(y)
    position = {node: index for index, node in enumerate(order)}
    assert len(position) == len(order) == 3 + 5 * 3 * 3 + 1
    for node in order:
        assert all(position[x] < position[node] for x in node.operands if isinstance(x, Value))


# ---- copies


def test_a_deep_copy_is_apart_from_the_original() -> None:
    x = Value(3.0, "x")
    y = x * x + x
    twin = copy.deepcopy(y)
    twin.backward()
    assert [node.grad for node in topological_order(y)] == [0.0] * 3
    (leaf, *_) = topological_order(twin)
    assert (leaf is not x, leaf.label, leaf.grad) == (True, "x", 7.0)
    leaf.data = 5.0
    assert (twin.is_stale, y.is_stale, x.data) == (True, False, 3.0)
    assert twin.refresh().data == 30.0


def test_a_deep_copy_of_a_container_keeps_what_is_shared() -> None:
    x = Value(3.0)
    inner = x * x
    model: dict[str, Any] = {"leaf": x, "outputs": [inner + 1.0, inner + 2.0], "inner": inner}
    twin = copy.deepcopy(model)
    first, second = twin["outputs"]
    assert first.operands[0] is second.operands[0] is twin["inner"]
    assert twin["inner"].operands == (twin["leaf"], twin["leaf"])
    assert twin["leaf"] is not x


def test_a_deep_copy_keeps_shared_vectors_shared() -> None:
    inputs = (Value(1.0), Value(2.0))
    outputs = copy.deepcopy([autograd.dot((3.0, 4.0), inputs), autograd.dot((5.0, 6.0), inputs)])
    assert outputs[0].vectors[1] is outputs[1].vectors[1]
    assert outputs[0].vectors[1][0] is not inputs[0]


def test_a_deep_copy_keeps_gradients_and_staleness() -> None:
    x = Value(3.0)
    y = x * x
    y.backward()
    twin = copy.deepcopy(y)
    assert (twin.grad, twin.grad_state, twin.operands[0].grad) == (1.0, "computed", 6.0)  # type: ignore[union-attr]
    x.data = 4.0
    assert copy.deepcopy(y).is_stale


def test_a_shallow_copy_shares_its_operands() -> None:
    x = Value(3.0)
    y = x * x
    twin = copy.copy(y)
    assert (twin is not y, twin.operands, twin.data) == (True, (x, x), 9.0)


# ---- micrograd's names


def test_micrograds_names_are_readable() -> None:
    x = Value(3.0)
    y = x * 2.0
    assert y._op == "*"
    assert y._prev[0] is x
    assert [operand.data for operand in y._prev] == [3.0, 2.0]
    assert (x._prev, x._op) == ((), "")


def test_micrograds_backward_closure_is_refused_with_advice() -> None:
    x = Value(3.0)
    with pytest.raises(AttributeError, match=r"autograd\.primitive"):
        x._backward = lambda: None
    with pytest.raises(AttributeError, match=r"autograd\.primitive"):
        x._backward


def test_errors_name_the_label_of_the_culprit() -> None:
    price = Value(-1.0, "price")
    with pytest.raises(DomainError, match=r"log needs x > 0; got -1\.0 \(price\)"):
        price.log()
    with pytest.raises(DomainError, match=r"divide needs y != 0; got x = 1\.0, y = 0\.0 \(rate\)"):
        1.0 / Value(0.0, "rate")


def test_domain_error_is_an_arithmetic_error() -> None:
    assert issubclass(DomainError, ArithmeticError)


def test_division_is_exact() -> None:
    wrong = [n for n in range(1, 3000) if (Value(float(n)) / float(n)).data != 1.0]
    assert wrong == []
    assert (Value(1.0) / 49.0).data == 1.0 / 49.0


# ---- what reviews found


def test_a_node_recorded_from_a_stale_one_stays_stale_when_only_that_one_is_refreshed() -> None:
    x = Value(1.0, "x")
    h = x.tanh()
    x.data = 3.0
    z = h.exp()
    h.refresh()
    assert z.is_stale
    with pytest.raises(StaleGraph, match="x was written"):
        grad(z, x)
    assert grad(z.refresh(), x).data == pytest.approx(math.exp(math.tanh(3.0)) * (1 - math.tanh(3.0) ** 2), rel=1e-12)


def test_refresh_of_what_is_fresh_makes_nothing_stale() -> None:
    x, other = Value(1.0), Value(2.0)
    h = x.tanh()
    y, z = h.exp(), h * other
    other.data = 5.0
    y.refresh()
    z.refresh()
    assert not y.is_stale
    y.backward()


def test_a_copied_container_keeps_the_vectors_that_it_shares_with_the_graph() -> None:
    weights = (Value(1.0), Value(2.0))
    for container in ((weights, autograd.dot(weights, [3.0, 4.0])), (autograd.dot(weights, [3.0, 4.0]), weights)):
        copied = copy.deepcopy(container)
        vector, product = sorted(copied, key=lambda part: isinstance(part, Value))
        assert product.vectors[0] is vector


def test_numpy_compares_element_by_element_and_equality_is_identity() -> None:
    v, w = Value(1.0), Value(1.0)
    assert (np.array([v, w], dtype=object) == v).tolist() == [True, False]
    assert (np.array([1.0, 2.0]) != v).tolist() == [True, True]
    assert (np.array([0.0, 2.0]) < v).tolist() == [True, False]
    assert np.float64(1.0) != v
    with pytest.raises(TypeError, match=r"np\.less"):
        np.less(v, 2.0, out=np.empty((), dtype=bool))


def test_vectors_of_different_lengths_are_refused_for_every_primitive(table_restored: None) -> None:
    distance = autograd.primitive(
        "distance",
        lambda xp, xs, ys: xp.sum_over(lambda x, y: (x - y) * (x - y), xs, ys),
        [lambda xp, x, y, out: 2 * (x - y), lambda xp, x, y, out: 2 * (y - x)],
        n_ary=True,
    )
    with pytest.raises(ValueError, match="distance needs two vectors of one length, at least 1; got 2 and 3"):
        distance([Value(1.0), 2.0], [1.0, 2.0, 3.0])


def test_a_partial_that_uses_a_part_of_out_twice_runs_in_a_loop(table_restored: None) -> None:
    norm = autograd.primitive(
        "norm",
        lambda xp, xs: xp.sqrt(xp.sum_over(lambda x: x * x, xs)),
        [lambda xp, x, out: xp.divide(x, xp.absolute(out) + xp.exp(out) - xp.exp(out))],
        n_ary=True,
    )
    x = Value(3.0)
    norm([x, 4.0]).backward()
    assert x.grad == pytest.approx(0.6, rel=1e-12)


def test_a_vector_that_nothing_flows_to_gets_nothing(table_restored: None) -> None:
    count = autograd.primitive(
        "count", lambda xp, xs: xp.sum_over(lambda x: xp.equal(x, x), xs), [lambda xp, x, out: 0], n_ary=True
    )
    x = Value(3.0)
    count([x, 4.0]).backward()
    assert (x.grad, x.grad_state) == (0.0, "computed")


@pytest.mark.parametrize(
    ("value", "partials", "details", "message"),
    [
        (lambda xp, x: xp.exp(x, x), [lambda xp, x, out: out], {}, "xp.exp takes 1 operands; got 2"),
        (lambda xp, x: None, [lambda xp, x, out: out], {}, "None, which is no expression"),
        (lambda xp, x: x * x, [lambda xp, x, out: x * (x > 0)], {}, "> is for domains"),
        (lambda xp, x: x % 1, [lambda xp, x, out: 1], {}, "% is for domains"),
        (lambda xp, x: 1 / x, [lambda xp, x, out: out], {}, r"xp\.divide\(x, y\) has an answer"),
        (lambda xp, x: x**2, [lambda xp, x, out: 2 * x], {}, r"xp\.power\(x, y\) has an answer"),
        (lambda xp, x: x * x, [lambda xp, x: 2 * x], {}, "each partial the same and out"),
        (lambda xp, x: x, [lambda xp, x, out: 1], {"domain": ["x > 0"]}, "a domain is a list of pairs"),
        (
            lambda xp, xs: xp.sum_over(lambda x: xp.sum_over(lambda y: x * y, xs), xs),
            [lambda xp, x, out: x],
            {"n_ary": True},
            "can't stand inside another",
        ),
        (lambda xp, xs: xp.sum_over(lambda x: x, xs) - len(xs), [lambda xp, x, out: 1], {"n_ary": True}, r"no len\(\)"),
        (lambda xp, xs: xp.exp(xs[0]), [lambda xp, x, out: 1], {"n_ary": True}, "not subscriptable"),
        (lambda xp, x: abs(x), [lambda xp, x, out: 1], {}, r"xp\.absolute"),
        (lambda xp, x: Decimal("0.5") * x, [lambda xp, x, out: 1], {}, "no number"),
        (lambda xp, x: x, [lambda xp, x, out: 1], {"domain": [("x != 0", lambda xp, x: x == 0)]}, r"xp\.equal"),
        (lambda xp, x: x, [lambda xp, x, out: 1], {"domain": [("x", lambda xp, x: xp.equal(x, 0))]}, "a comparison"),
        (lambda xp, x: x, [lambda xp, x, out: 1], {"domain": [("x", lambda xp, x: x % x > 1)]}, "a remainder is by"),
        (lambda xp, x: x, [lambda xp, x, out: 1], {"domain": [("x", lambda xp, x: 2 % x > 1)]}, "a remainder is by"),
        (lambda xp, x: x, [lambda xp, x, out: 1], {"domain": [("x", lambda xp, x: x % 0 > 1)]}, "a remainder is by"),
        (lambda xp, x: x, [lambda xp, x, out: 1], {"branch": "x"}, "not callable"),
    ],
)
def test_formulas_that_some_reader_would_read_otherwise_are_refused(
    value: Any, partials: Any, details: dict[str, Any], message: str
) -> None:
    before = dict(PRIMITIVES)
    with pytest.raises(ValueError, match=message):
        autograd.primitive("refused", value, partials, **details)
    assert before == PRIMITIVES


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (lambda v: v * [1, 2], "can.t multiply sequence"),
        (lambda v: round(v, 2), "would leave the graph"),
        (lambda v: grad(3.0, v), "of one Value"),
        (lambda v: autograd.depends(v, 3), "depends needs two Values; got int"),
        (lambda v: autograd.hessian(v, v), "with respect to a sequence of Values; got one Value"),
        (lambda v: autograd.jacobian(v, [v]), "jacobian needs a sequence of Values to differentiate; got one Value"),
        (lambda v: autograd.topological_order(3), "topological_order needs a Value; got int 3"),  # type: ignore[arg-type]
        (autograd.zero_grad, "zero_grad needs a sequence"),
        (lambda v: autograd.zero_grad([v, "v"]), "zero_grad needs Values; got str 'v'"),
        (autograd.sum, "sum needs a sequence of operands; got one Value"),
        (lambda v: v.maximum("a"), "maximum needs one real number; got str 'a'"),
        (lambda v: v.backward("a"), "the seed of backward needs one real number"),
        (lambda v: setattr(v, "grad", "a"), "grad needs one real number"),
        (lambda v: Value(1.0, "x", "", "y"), "makes a leaf"),
    ],
)
def test_a_mistake_is_named_where_it_is_made(mistake: Callable[[Value], Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        mistake(Value(1.0))


def test_a_number_that_no_float_holds_is_named() -> None:
    with pytest.raises(OverflowError, match="a Value needs a number that a float can hold"):
        Value(10**400)


def test_a_negative_number_under_a_power_is_shown_in_brackets() -> None:
    assert repr(Value(-3.0) ** 2).startswith("Value = 9  ((-3) ** 2,")


def test_many_numbers_are_read_at_once_computed_ones_too() -> None:
    x, y = Value(1.0), Value(2.0)
    assert read_data([x, y, x + y, x]) == [1.0, 2.0, 3.0, 1.0]
    x.data = 5.0
    assert read_data(iter([x])) == [5.0]


def test_many_leaves_are_written_at_once_and_their_graphs_are_stale() -> None:
    x, y = Value(1.0, "x"), Value(2.0, "y")
    product, other = x * y, y + 1
    write_data([x, y], [3.0, np.float64(4.0)])
    assert (x.data, y.data, type(y.data)) == (3.0, 4.0, float)
    assert (product.is_stale, other.is_stale) == (True, True)
    assert product.refresh().data == 12.0
    with pytest.raises(AttributeError, match="data of a computed Value can't be written"):
        write_data([x, product], [5.0, 6.0])
    with pytest.raises(ValueError, match="argument"):
        write_data([x, y], [7.0])
    assert (x.data, y.data, product.data) == (7.0, 4.0, 12.0)
