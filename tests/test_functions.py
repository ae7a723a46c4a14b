"""Functions on sequences, and primitives that users add."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

import autograd
from autograd import PRIMITIVES, DomainError, Value, grad, hessian, jvp
from autograd.primitives import MOST_OPERANDS, Notation

ROUNDING = 1e-15
"""A handful of roundings of numbers near 1."""


pytestmark = pytest.mark.usefixtures("table_restored")


# ---- sequences


def test_a_sum_is_one_node_added_from_left_to_right() -> None:
    xs = [Value(1e16), Value(1.0), Value(-1e16), Value(1.0)]
    y = autograd.sum(xs)
    assert (y.data, y.operands, y.op) == (((1e16 + 1.0) - 1e16) + 1.0, tuple(xs), "sum")


def test_the_sum_and_the_dot_of_nothing_are_zero() -> None:
    assert (autograd.sum([]).data, autograd.dot([], []).data) == (0.0, 0.0)


@pytest.mark.parametrize(
    "function", [autograd.mean, autograd.maximum, autograd.minimum, autograd.logsumexp, autograd.softmax]
)
def test_of_nothing_there_is_no_mean_and_no_largest(function: Callable[[Any], Any]) -> None:
    with pytest.raises(ValueError, match=f"{function.__name__} needs at least one operand"):
        function([])


def test_functions_take_generators_and_mixed_numbers() -> None:
    x = Value(2.0)
    assert autograd.sum(number for number in (x, 3, True)).data == 6.0
    assert autograd.mean([x, 4]).data == 3.0
    assert autograd.maximum(number for number in (1, x)).data == 2.0
    assert autograd.minimum((1, x)).data == 1.0
    assert autograd.dot((number for number in (1, x)), (number for number in (x, 3.0))).data == 8.0


def test_functions_of_numbers_alone_give_a_leaf() -> None:
    y = autograd.sum([1.0, 2.0])
    assert (type(y), y.data, y.operands) == (Value, 3.0, ())


@pytest.mark.parametrize("xs", [["a"], [None], [[1.0]], [1j]])
def test_what_is_not_a_number_in_a_sequence_is_a_type_error(xs: list[Any]) -> None:
    with pytest.raises(TypeError, match="one real number"):
        autograd.sum([Value(1.0), *xs])


def test_python_s_own_sum_works_too() -> None:
    xs = [Value(1.0), Value(2.0)]
    assert sum(xs).data == 3.0  # type: ignore[union-attr]


def test_dot_needs_vectors_of_one_length() -> None:
    with pytest.raises(ValueError, match="2 and 1"):
        autograd.dot([Value(1.0), 2.0], [3.0])


def test_a_dot_that_uses_a_value_on_both_sides_counts_both() -> None:
    x, y = Value(3.0), Value(2.0)
    autograd.dot([x, y], [x, x]).backward()
    assert (x.grad, y.grad) == (2 * 3.0 + 2.0, 3.0)


def test_softmax_is_positive_sums_to_one_and_ignores_a_shift() -> None:
    xs = [Value(x) for x in (0.5, -1.0, 2.0)]
    outputs = autograd.softmax(xs)
    assert sum(output.data for output in outputs) == pytest.approx(1.0, rel=ROUNDING)
    assert all(output.data > 0 for output in outputs)
    shifted = autograd.softmax([x + 1000.0 for x in xs])
    assert [output.data for output in shifted] == pytest.approx([output.data for output in outputs], rel=1e-12)


def test_the_gradient_of_logsumexp_is_softmax() -> None:
    xs = [Value(x) for x in (0.5, -1.0, 2.0, 2.0)]
    slopes = [slope.data for slope in grad(autograd.logsumexp(xs), xs)]
    assert slopes == pytest.approx([output.data for output in autograd.softmax(xs)], rel=ROUNDING)


def test_the_slope_of_the_mean_is_shared_equally() -> None:
    xs = [Value(1.0), Value(2.0), Value(4.0), Value(8.0)]
    assert [slope.data for slope in grad(autograd.mean(xs), xs)] == [0.25] * 4


# ---- primitives that users add


def cube() -> Callable[..., Value]:
    return autograd.primitive("cube", lambda xp, x: x * x * x, [lambda xp, x, out: 3 * x * x])


def test_a_users_primitive_has_every_reader_at_once() -> None:
    function = cube()
    x = Value(2.0, "x")
    y = function(x)
    y.backward()
    assert (y.data, y.op, x.grad, repr(y)) == (8.0, "cube", 12.0, "y = 8  (cube(x), grad 1)")
    assert (grad(y, x).data, jvp(y, [x], [1.0]).data, hessian(y, [x])[0][0].data) == (12.0, 12.0, 12.0)
    x.data = 3.0
    assert y.refresh().data == 27.0
    assert function.__name__ == "cube"


def test_a_users_primitive_is_put_right_and_what_was_recorded_keeps_its_rule() -> None:
    def squared_log(factor: float) -> Callable[..., Value]:
        partial = lambda xp, x, out: factor * xp.divide(xp.log(x), x)  # noqa: E731
        return autograd.primitive("squared_log", lambda xp, x: xp.power(xp.log(x), 2), [partial])

    x = Value(math.e)
    wrong = squared_log(1.0)(x)
    with pytest.raises(ValueError, match=r"yours, take it out first: del autograd.PRIMITIVES\['squared_log'\]$"):
        squared_log(2.0)
    del autograd.PRIMITIVES["squared_log"]
    right = squared_log(2.0)(x)
    slopes = [grad(y, x).data for y in (wrong, right)]
    assert slopes == pytest.approx([1 / math.e, 2 / math.e])
    for y, slope in zip((wrong, right), slopes):
        program = autograd.compile(y, [x])
        program.run()
        assert program.gradient.tolist() == [slope]


def test_a_users_primitive_takes_numbers_and_vectors() -> None:
    hypotenuse = autograd.primitive(
        "hypotenuse",
        lambda xp, xs: xp.sqrt(xp.sum_over(lambda x: x * x, xs)),
        [lambda xp, x, out: xp.divide(x, out)],
        n_ary=True,
    )
    x = Value(3.0)
    y = hypotenuse([x, 4.0])
    assert (y.data, grad(y, x).data) == (5.0, 0.6)
    assert cube()(2.0).data == 8.0


def test_a_users_domain_and_notation_are_kept() -> None:
    half_power = autograd.primitive(
        "half_power",
        lambda xp, x: xp.sqrt(x),
        [lambda xp, x, out: xp.divide(0.5, out)],
        domain=[("x >= 0", lambda xp, x: x < 0)],
        notation=Notation("√", "√{0}", r"\sqrt{{{0}}}", operands=(5,), latex_operands=(0,)),
    )
    with pytest.raises(DomainError, match=r"half_power needs x >= 0; got -2\.0 \(side\)"):
        half_power(Value(-2.0, "side"))
    assert "√area" in repr(half_power(Value(4.0, "area")))


def test_a_users_kink_follows_its_formula() -> None:
    clip = autograd.primitive(
        "clip",
        lambda xp, x: xp.minimum(xp.maximum(x, -1), 1),
        [lambda xp, x, out: xp.equal(x, out)],
        ties="slope 1 at the corners",
        branch=lambda xp, x: xp.sign(x - 1) + xp.sign(x + 1),
    )
    x = Value(1.0)
    assert (grad(clip(x), x).data, grad(clip(x * 3.0), x).data) == (1.0, 0.0)


def test_a_users_constant_may_be_infinite() -> None:
    same = autograd.primitive("same_number", lambda xp, x: xp.minimum(x, math.inf), [lambda xp, x, out: 1])
    assert same(Value(2.0)).data == 2.0


def _sum_of(size: int) -> Callable[..., Value]:
    names = ", ".join(f"x{place}" for place in range(size))
    value = eval(f"lambda xp, {names}: {names.replace(',', ' +')}")
    return autograd.primitive("sum_of_some", value, [eval(f"lambda xp, {names}, out: 1")] * size)


@pytest.mark.parametrize("size", [1, 2, 3, 5, MOST_OPERANDS])
def test_a_users_primitive_may_have_several_operands(size: int) -> None:
    xs = [Value(float(place)) for place in range(size)]
    y = _sum_of(size)(*xs)
    y.backward()
    assert y.operands == tuple(xs)
    assert [x.grad for x in xs] == [1.0] * size == [slope.data for slope in grad(y, xs)]
    xs[-1].data = 10.0
    assert y.refresh().data == sum(x.data for x in xs)


def test_too_many_operands_are_refused() -> None:
    with pytest.raises(ValueError, match=f"{MOST_OPERANDS} operands; got {MOST_OPERANDS + 1}"):
        _sum_of(MOST_OPERANDS + 1)


@pytest.mark.parametrize("name", ["tanh", "not a name", ""])
def test_a_name_that_is_taken_or_no_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"name|already"):
        autograd.primitive(name, lambda xp, x: x, [lambda xp, x, out: 1])
    assert PRIMITIVES["tanh"].partials


BAD: dict[str, tuple[Any, list[Any]]] = {
    "too few partials": (lambda xp, x, y: x + y, [lambda xp, x, y, out: 1]),
    "a function of math": (lambda xp, x: math.exp(x), [lambda xp, x, out: out]),
    "an unknown function": (lambda xp, x: xp.arctan(x), [lambda xp, x, out: 1]),
    "a partial with too few arguments": (lambda xp, x: x, [lambda xp, x: 1]),
    "an if": (lambda xp, x: max(0, x), [lambda xp, x, out: 1]),
    "an if in a partial": (lambda xp, x: x, [lambda xp, x, out: 1 if x > 0 else 0]),
}


@pytest.mark.parametrize("case", BAD)
def test_formulas_that_do_not_fit_are_refused_and_the_table_stays(case: str) -> None:
    value, partials = BAD[case]
    before = dict(PRIMITIVES)
    with pytest.raises(ValueError, match="bad"):
        autograd.primitive("bad", value, partials)
    assert before == PRIMITIVES


def test_a_number_of_operands_that_does_not_fit_is_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"cube takes 1 operands? \(x\); got 2"):
        cube()(Value(1.0), Value(2.0))


def test_a_name_is_free_again_when_its_row_is_deleted() -> None:
    first = cube()(Value(2.0))
    del PRIMITIVES["cube"]
    second = autograd.primitive("cube", lambda xp, x: -x, [lambda xp, x, out: -1])
    x = Value(2.0)
    assert (first.data, second(x).data, grad(second(x), x).data) == (8.0, -2.0, -1.0)
