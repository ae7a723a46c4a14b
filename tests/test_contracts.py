"""`check_primitive` certifies what is right, and catches a mistake planted against each contract."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import PRIMITIVES, Primitive, Value, check_primitive, eager
from autograd.contracts import writing
from autograd.contracts.checking import CONTRACTS, ContractError, check_contract
from autograd.contracts.operands import told
from autograd.contracts.samples import inside, outside
from autograd.contracts.spelling import row_of
from autograd.contracts.turns import landmarks
from autograd.primitives import Notation, is_constant_zero
from autograd.symbolic import Expression, name, symbolic
from tests import right_primitives
from tests.test_primitives import ROWS

pytestmark = pytest.mark.usefixtures("table_restored")


def square(name: str, value: Callable[..., Any], partial: Callable[..., Any], **details: Any) -> Any:
    return autograd.primitive(name, value, [partial], **details)


def bent(kind: type, factor: float = 1.001) -> Callable[[Any], Any]:
    """A factor that only one kind of operand meets."""
    return lambda x: factor if isinstance(x, kind) else 1


MISTAKES: dict[str, list[Callable[[pytest.MonkeyPatch], Any]]] = {}


def mistake(contract: str) -> Callable[[Callable[[pytest.MonkeyPatch], Any]], Callable[[pytest.MonkeyPatch], Any]]:
    def planted(make: Callable[[pytest.MonkeyPatch], Any]) -> Callable[[pytest.MonkeyPatch], Any]:
        MISTAKES.setdefault(contract, []).append(make)
        return make

    return planted


@mistake("formulas")
def a_branch_on_an_operand(_: pytest.MonkeyPatch) -> Any:
    return Primitive("forked", lambda xp, x: x if x > 0 else 0 * x, [lambda xp, x, out: 1])


@mistake("formulas")
def a_partial_too_few(_: pytest.MonkeyPatch) -> Any:
    return Primitive("lacking", lambda xp, x, y: x * y, [lambda xp, x, y, out: y])


@mistake("domain")
def a_domain_that_is_forgotten(_: pytest.MonkeyPatch) -> Any:
    return square("bare_log", lambda xp, x: xp.log(x), lambda xp, x, out: xp.divide(1, x))


@mistake("domain")
def a_pole_that_is_forgotten(_: pytest.MonkeyPatch) -> Any:
    return square("reciprocal", lambda xp, x: xp.divide(1, x), lambda xp, x, out: -out * out)


@mistake("domain")
def a_domain_that_is_not_enforced(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setitem(eager.scope, "outside", lambda row, operands: None)
    return "sqrt"


@mistake("recorded values")
def a_value_that_is_another_in_symbols(_: pytest.MonkeyPatch) -> Any:
    return square("sly", lambda xp, x: x * x * bent(Expression)(x), lambda xp, x, out: 2 * x)


@mistake("refreshed values")
def a_refresh_that_computes_nothing(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(Value, "refresh", lambda self: self)
    return "exp"


@mistake("complex values")
def a_value_that_is_another_in_complex_numbers(_: pytest.MonkeyPatch) -> Any:
    return square("sly", lambda xp, x: x * x * bent(complex)(x), lambda xp, x, out: 2 * x)


@mistake("exact values")
def a_value_that_is_another_in_fractions(_: pytest.MonkeyPatch) -> Any:
    return square("sly", lambda xp, x: x * x * (2 if isinstance(x, Fraction) else 1), lambda xp, x, out: 2 * x)


@mistake("partials by complex step")
@mistake("partials by differences")
def a_partial_that_is_slightly_wrong(_: pytest.MonkeyPatch) -> Any:
    return square("wrong", lambda xp, x: x * x, lambda xp, x, out: 2.002 * x)


@mistake("partials by complex step")
@mistake("partials by differences")
def partials_that_are_swapped(_: pytest.MonkeyPatch) -> Any:
    partials = [lambda xp, x, y, out: x, lambda xp, x, y, out: y]
    return autograd.primitive("product", lambda xp, x, y: x * y, partials)


@mistake("partials by complex step")
@mistake("partials by differences")
def a_partial_of_one_element_that_is_wrong(_: pytest.MonkeyPatch) -> Any:
    return square("squares", lambda xp, xs: xp.sum_over(lambda x: x * x, xs), lambda xp, x, out: x, n_ary=True)


@mistake("second derivatives")
def a_partial_that_is_cut_from_the_graph(_: pytest.MonkeyPatch) -> Any:
    return square("cut", lambda xp, x: x * x, lambda xp, x, out: 2 * (x.detach() if isinstance(x, Value) else x))


@mistake("single partials")
def a_partial_that_is_another_in_symbols(_: pytest.MonkeyPatch) -> Any:
    return square("sly", lambda xp, x: x * x, lambda xp, x, out: 2 * x * bent(Expression)(x))


@mistake("modes")
def a_partial_that_is_another_for_values(_: pytest.MonkeyPatch) -> Any:
    return square("sly", lambda xp, x: x * x, lambda xp, x, out: 2 * x * bent(Value)(x))


@mistake("NaN")
def a_function_that_swallows_nan(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setitem(eager.scope, "tanh", lambda x: 0.0 if x != x else math.tanh(x))
    return "tanh"


@mistake("kinks")
def a_kink_that_is_not_declared(_: pytest.MonkeyPatch) -> Any:
    return square("ramp", lambda xp, x: xp.maximum(x - 0.3, 0), lambda xp, x, out: xp.heaviside(x - 0.3, 0))


@mistake("kinks")
def a_branch_that_turns_elsewhere(_: pytest.MonkeyPatch) -> Any:
    return square(
        "ramp",
        lambda xp, x: xp.maximum(x - 0.3, 0),
        lambda xp, x, out: xp.heaviside(x - 0.3, 0),
        branch=lambda xp, x: xp.sign(x),
        ties="slope 0 at x = 0.3",
    )


@mistake("kinks")
def a_jump_that_is_not_declared(_: pytest.MonkeyPatch) -> Any:
    return square("stair", lambda xp, x: xp.sign(x), lambda xp, x, out: 0)


@mistake("kinks")
def a_kink_without_its_tie_rule(_: pytest.MonkeyPatch) -> Any:
    return square(
        "ramp", lambda xp, x: xp.maximum(x, 0), lambda xp, x, out: xp.heaviside(x, 0), branch=lambda xp, x: xp.sign(x)
    )


@mistake("attributes")
def a_selection_that_is_not_declared(_: pytest.MonkeyPatch) -> Any:
    return square(
        "peak",
        lambda xp, xs: xp.max_over(lambda x: x, xs),
        lambda xp, x, out: xp.equal(x, out),
        branch=lambda xp, x, out: xp.equal(x, out),
        ties="all of the largest",
        n_ary=True,
    )


@mistake("attributes")
def a_sum_that_claims_to_select(_: pytest.MonkeyPatch) -> Any:
    value = lambda xp, xs: xp.sum_over(lambda x: x, xs)  # noqa: E731
    return square("heap", value, lambda xp, x, out: 1, n_ary=True, selects=True)


@mistake("attributes")
def a_product_that_is_not_bilinear(_: pytest.MonkeyPatch) -> Any:
    return autograd.primitive(
        "double_dot",
        lambda xp, ws, xs: xp.sum_over(lambda w, x: 2 * w * x, ws, xs),
        [lambda xp, w, x, out: 2 * x, lambda xp, w, x, out: 2 * w],
        n_ary=True,
        bilinear=True,
    )


@mistake("attributes")
def a_line_that_claims_to_saturate(_: pytest.MonkeyPatch) -> Any:
    return square("line", lambda xp, x: 3 * x, lambda xp, x, out: 3, saturates=True)


@mistake("notation")
def a_notation_without_the_second_operand(_: pytest.MonkeyPatch) -> Any:
    partials = [lambda xp, x, y, out: y, lambda xp, x, y, out: x]
    notation = Notation("times", "times({0})", r"{0} \times {1}", operands=(0, 0), latex_operands=(0, 0))
    return autograd.primitive("times", lambda xp, x, y: x * y, partials, notation=notation)


@mistake("notation")
def a_notation_without_precedences(_: pytest.MonkeyPatch) -> Any:
    return square("sq", lambda xp, x: x * x, lambda xp, x, out: 2 * x, notation=Notation("sq", "sq({0})", "q{0}"))


@mistake("writing")
def a_python_text_that_computes_something_else(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(writing, "float_functions", lambda: {"tanh": math.atan})
    return "tanh"


@mistake("writing")
def a_latex_with_an_open_brace(_: pytest.MonkeyPatch) -> Any:
    notation = Notation("sq", "sq({0})", r"\sqrt{{{0}", operands=(0,), latex_operands=(0,))
    return square("sq", lambda xp, x: x * x, lambda xp, x, out: 2 * x, notation=notation)


@mistake("compiled")
def a_program_that_computes_another_partial(_: pytest.MonkeyPatch) -> Any:
    recorded = square("moving", lambda xp, x: x * x, lambda xp, x, out: 2 * x)
    recorded(Value(1.0)).backward()  # the eager code is printed once, the compiler reads the formula anew
    recorded.primitive.partials = (lambda xp, x, out: 2.002 * x,)
    return recorded


@mistake("partials by complex step")
@mistake("kinks")
def an_upper_kink_that_is_forgotten(_: pytest.MonkeyPatch) -> Any:
    return square(
        "relu_six",
        lambda xp, x: xp.minimum(xp.maximum(x, 0), 6),
        lambda xp, x, out: xp.heaviside(x, 0),
        branch=lambda xp, x: xp.sign(x),
        ties="slope 0 at x = 0",
    )


@mistake("partials by complex step")
@mistake("kinks")
def a_far_kink_that_is_forgotten(_: pytest.MonkeyPatch) -> Any:
    return square("capped", lambda xp, x: xp.minimum(x, 10), lambda xp, x, out: 1)


@mistake("kinks")
def a_far_kink_that_no_constant_tells(_: pytest.MonkeyPatch) -> Any:
    return square("ramp", lambda xp, x: xp.maximum(2 * x, 37), lambda xp, x, out: 2 * xp.heaviside(2 * x - 37, 0))


@mistake("kinks")
def a_far_kink_of_the_elements(_: pytest.MonkeyPatch) -> Any:
    value = lambda xp, xs: xp.sum_over(lambda x: xp.maximum(x - 10, 0), xs)  # noqa: E731
    return square("ramps", value, lambda xp, x, out: xp.heaviside(x - 10, 0), n_ary=True)


@mistake("partials by complex step")
def a_partial_that_is_wrong_from_4_on(_: pytest.MonkeyPatch) -> Any:
    return square("sq", lambda xp, x: x * x, lambda xp, x, out: 2 * x + 0.5 * xp.maximum(x - 4, 0))


@mistake("partials by complex step")
def a_partial_that_is_0_below_minus_5(_: pytest.MonkeyPatch) -> Any:
    return square("my_exp", lambda xp, x: xp.exp(x), lambda xp, x, out: out * xp.heaviside(x + 5, 1))


@mistake("partials by complex step")
def a_partial_that_is_0_beyond_10(_: pytest.MonkeyPatch) -> Any:
    return square("third", lambda xp, x: xp.power(x, 3), lambda xp, x, out: 3 * x * x * xp.heaviside(10 - x, 1))


@mistake("partials by complex step")
def a_partial_that_is_wrong_around_40(_: pytest.MonkeyPatch) -> Any:
    return square("sq", lambda xp, x: x * x, lambda xp, x, out: 2 * x + xp.exp(-(x - 40) * (x - 40)))


@mistake("partials by complex step")
def a_partial_that_is_wrong_at_17_alone(_: pytest.MonkeyPatch) -> Any:
    return square("sq", lambda xp, x: x * x, lambda xp, x, out: 2 * x + xp.equal(x, 17))


@mistake("partials by complex step")
def a_partial_that_is_wrong_where_the_value_is_least(_: pytest.MonkeyPatch) -> Any:
    return square("sq", lambda xp, x: (x - 8) * (x - 8), lambda xp, x, out: 2 * (x - 8) + 0.1 * xp.equal(x, 8))


@mistake("partials by complex step")
def a_partial_that_is_wrong_where_another_operand_is_large(_: pytest.MonkeyPatch) -> Any:
    partials = [lambda xp, x, y, out: y + xp.maximum(y - 20, 0), lambda xp, x, y, out: x]
    return autograd.primitive("product", lambda xp, x, y: x * y, partials)


@mistake("partials by complex step")
def a_partial_that_is_no_number_beyond_600(_: pytest.MonkeyPatch) -> Any:
    return square("wave", lambda xp, x: xp.sin(x), lambda xp, x, out: xp.cos(x) + 0 * xp.log(600 - x))


def far_log(shift: float, *domain: Any) -> Any:
    """log(x + shift), with a domain that may be forgotten or too large."""
    return square(
        "far_log", lambda xp, x: xp.log(x + shift), lambda xp, x, out: xp.divide(1, x + shift), domain=list(domain)
    )


@mistake("domain")
def a_far_domain_that_is_forgotten(_: pytest.MonkeyPatch) -> Any:
    return far_log(5)


@mistake("domain")
def a_domain_farther_off_that_is_forgotten(_: pytest.MonkeyPatch) -> Any:
    return far_log(100)


@mistake("domain")
def an_upper_border_that_is_forgotten(_: pytest.MonkeyPatch) -> Any:
    return square("root", lambda xp, x: xp.sqrt(50 - x), lambda xp, x, out: xp.divide(-0.5, out))


@mistake("domain")
def a_domain_that_is_too_large(_: pytest.MonkeyPatch) -> Any:
    return far_log(3, ("x > -4", lambda xp, x: x <= -4))


@mistake("domain")
def a_domain_that_is_slightly_too_large(_: pytest.MonkeyPatch) -> Any:
    return far_log(3, ("x > -3.0001", lambda xp, x: x <= -3.0001))


@mistake("domain")
def a_domain_with_a_border_that_belongs_outside(_: pytest.MonkeyPatch) -> Any:
    return far_log(3, ("x >= -3", lambda xp, x: x < -3))


@mistake("domain")
def a_pole_between_the_whole_numbers(_: pytest.MonkeyPatch) -> Any:
    return square("hyperbola", lambda xp, x: xp.divide(1, x - 0.37), lambda xp, x, out: -out * out)


def tied(value: Callable[..., Any], partial: Callable[..., Any], kink: float = 0) -> Any:
    return square("tied", value, partial, branch=lambda xp, x: xp.sign(x - kink), ties="as it is")


@mistake("kinks")
def a_slope_at_a_tie_that_is_of_neither_side(_: pytest.MonkeyPatch) -> Any:
    return tied(lambda xp, x: xp.absolute(x), lambda xp, x, out: xp.sign(x) + 7 * xp.equal(x, 0))


@mistake("kinks")
def a_slope_at_a_tie_that_is_too_large(_: pytest.MonkeyPatch) -> Any:
    return tied(lambda xp, x: xp.maximum(x, 0), lambda xp, x, out: xp.heaviside(x, 3))


@mistake("kinks")
def a_slope_at_a_far_tie_that_is_slightly_too_small(_: pytest.MonkeyPatch) -> Any:
    return tied(lambda xp, x: xp.maximum(x - 25, 0), lambda xp, x, out: xp.heaviside(x - 25, -0.01), 25)


@mistake("kinks")
def a_slope_at_a_tie_that_is_no_number(_: pytest.MonkeyPatch) -> Any:
    return tied(lambda xp, x: xp.absolute(x), lambda xp, x, out: xp.divide(x, xp.absolute(x)))


CASES = [(contract, make) for contract, makers in MISTAKES.items() for make in makers]


def test_a_mistake_is_planted_against_every_contract() -> None:
    assert set(MISTAKES) == set(CONTRACTS)


@pytest.mark.parametrize(("contract", "make"), CASES, ids=[f"{contract}: {make.__name__}" for contract, make in CASES])
def test_a_planted_mistake_breaks_its_contract(
    contract: str, make: Callable[[pytest.MonkeyPatch], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = row_of(make(monkeypatch))
    check = check_contract(row, contract, inside(row))
    assert check.verdict == "fail", check
    assert check.failures, check


FALSIFIED: dict[str, Callable[..., Any]] = {
    "slightly too large": lambda partial: 1.001 * partial,
    "negated": lambda partial: -1 * partial,
    "1 too large": lambda partial: partial + 1,
}


def falsified(row: Primitive, place: int, change: Callable[..., Any]) -> Primitive:
    """A copy of a row with one partial changed."""
    formulas = list(row.partials)
    right = formulas[place]
    formulas[place] = lambda xp, *xs: change(right(xp, *xs))
    domain = [(requirement.needs, requirement.violated) for requirement in row.domain]
    kinks = {"ties": row.ties, "branch": row.branch, "selects": row.selects, "saturates": row.saturates}
    return Primitive(f"wrong_{row.name}", row.value, formulas, domain=domain, n_ary=row.vectors > 0, **kinks)


drawn = cache(inside)
"""The points of a row, once for all that is done to its partials."""


@pytest.mark.parametrize("change", FALSIFIED.values(), ids=FALSIFIED)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_mistake_in_any_partial_of_the_table_is_caught(row: Primitive, change: Callable[..., Any]) -> None:
    for place, formula in enumerate(row.partials):
        if change(0) == 0 and is_constant_zero(formula(symbolic, *map(name, row.operands), name("out"))):
            continue  # no factor makes 0 wrong
        wrong = falsified(row, place, change)
        check = check_contract(wrong, "partials by complex step", drawn(row))
        assert check.verdict == "fail", (place, check)


RIGHT: dict[str, Callable[[], Any]] = {
    "cube": lambda: square("cube", lambda xp, x: x * x * x, lambda xp, x, out: 3 * x * x),
    "far_log": lambda: square(
        "far_log",
        lambda xp, x: xp.log(x - 500),
        lambda xp, x, out: xp.divide(1, x - 500),
        domain=[("x > 500", lambda xp, x: x <= 500)],
    ),
    "swish": lambda: square(
        "swish",
        lambda xp, x: xp.divide(x, 1 + xp.exp(-x)),
        lambda xp, x, out: xp.divide(1 + xp.exp(-x) * (1 + x), (1 + xp.exp(-x)) * (1 + xp.exp(-x))),
    ),
    "squares": lambda: square(
        "squares", lambda xp, xs: xp.sum_over(lambda x: x * x, xs), lambda xp, x, out: 2 * x, n_ary=True
    ),
    "distance": lambda: autograd.primitive(
        "distance",
        lambda xp, x, y: xp.absolute(x - y),
        [lambda xp, x, y, out: xp.sign(x - y), lambda xp, x, y, out: xp.sign(y - x)],
        branch=lambda xp, x, y: xp.sign(x - y),
        ties="slope 0 at x = y",
    ),
    "clipped": lambda: square(
        "clipped",
        lambda xp, x: xp.minimum(xp.maximum(x, -1), 1),
        lambda xp, x, out: xp.heaviside(x + 1, 0) * xp.heaviside(1 - x, 0),
        branch=lambda xp, x: xp.sign(x + 1) + xp.sign(x - 1),
        ties="slope 0 at both ends",
    ),
    "soft": lambda: square(
        "soft",
        lambda xp, x: 0.5 * x * (1 + xp.tanh(x)),
        lambda xp, x, out: 0.5 * (1 + xp.tanh(x)) + 0.5 * x * (1 - xp.power(xp.tanh(x), 2)),
    ),
    "third_power": lambda: square(
        "third_power", lambda xp, x: x * x * x - 3 * x * x + 3 * x - 1, lambda xp, x, out: 3 * x * x - 6 * x + 3
    ),
    "three": lambda: autograd.primitive(
        "three",
        lambda xp, x, y, z: x * y + xp.sin(z),
        [lambda xp, x, y, z, out: y, lambda xp, x, y, z, out: x, lambda xp, x, y, z, out: xp.cos(z)],
    ),
}


@pytest.mark.parametrize("make", RIGHT.values(), ids=RIGHT)
def test_a_right_primitive_passes_every_contract(make: Callable[[], Any]) -> None:
    assert check_primitive(make()).raise_if_failed().passed


@pytest.mark.parametrize(("name", "x"), [("soft", -1.78467), ("third_power", 0.90023), ("third_power", 1.00675)])
def test_what_rounding_leaves_of_terms_that_cancel_is_no_mistake(name: str, x: float) -> None:
    assert check_primitive(RIGHT[name](), points=[(x,)]).raise_if_failed().passed


OF_ANY_NUMBERS = ("compiled", "writing")
"""The contracts that are held, or not, at an edge as anywhere: the table's rows are asked for them."""


@pytest.mark.parametrize("row", right_primitives.RIGHT.values(), ids=right_primitives.RIGHT)
def test_what_is_right_near_an_edge_is_never_called_wrong(row: Primitive) -> None:
    points = inside(row, 0)
    checks = [check_contract(row, contract, points) for contract in CONTRACTS if contract not in OF_ANY_NUMBERS]
    assert [check for check in checks if check.verdict == "fail"] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_passes_at_the_points_that_are_drawn(row: Primitive) -> None:
    check = check_primitive(row, seed=1).raise_if_failed()
    assert {one.contract for one in check if one.verdict == "unchecked"} <= {"exact values", "attributes"}


def test_a_partial_that_bends_where_no_float_is_just_at_the_tie_is_no_mistake() -> None:
    assert check_primitive(right_primitives.RIGHT["ramp_whose_tie_no_float_hits"], points=[(-3.0,)]).passed


def test_between_two_kinks_that_are_near_no_slope_is_taken_for_that_of_a_side() -> None:
    check = check_primitive(right_primitives.RIGHT["soft_threshold"], points=[(0.0, 1e-6), (1.0, 2.0)])
    assert check["kinks"].verdict == "pass"


def test_a_tie_may_take_the_slope_of_either_side_or_one_between() -> None:
    for at_tie in (-1, -0.3, 0, 1):
        row = row_of(tied(lambda xp, x: xp.absolute(x), lambda xp, x, out, at=at_tie: xp.sign(x) + at * xp.equal(x, 0)))
        assert check_contract(row, "kinks", [(0.0,), (1.0,)]).verdict == "pass"
        del PRIMITIVES[row.name]


def test_of_a_jump_no_slope_is_asked() -> None:
    row = Primitive(
        "step",
        lambda xp, x: xp.heaviside(x - 10, 0.5),
        [lambda xp, x, out: 7 * xp.equal(x, 10)],
        branch=lambda xp, x: xp.sign(x - 10),
        ties="0.5 at x = 10",
    )
    assert check_primitive(row).passed


def test_the_points_are_small_and_large_and_beside_what_the_formulas_say() -> None:
    row = row_of(an_upper_kink_that_is_forgotten(pytest.MonkeyPatch()))
    numbers = [x for (x,) in inside(row)]
    assert {0.0, 6.0, 5.0, 7.0, -1.0, 1.0} <= set(numbers)
    assert any(5.99 < x < 6 for x in numbers)
    assert any(6 < x < 6.01 for x in numbers)
    assert min(numbers) < -100
    assert max(numbers) > 100
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize(
    ("value", "place", "zero"),
    [
        (lambda xp, x: xp.log(3 * x + 1000), 0, -1000 / 3),
        (lambda xp, x: xp.divide(1, x * x - 2), 0, math.sqrt(2)),
        (lambda xp, x: xp.divide(1, xp.expm1(x - 3)), 0, 3.0),
        (lambda xp, x: xp.divide(1, xp.exp(x) - 1), 0, 0.0),
        (lambda xp, x, y: xp.maximum(x, y) + xp.log1p(y), 0, 0.25),
        (lambda xp, x, y: xp.maximum(x, y) + xp.log1p(y), 1, -1.0),
    ],
)
def test_a_turn_is_found_where_an_operand_makes_it(value: Callable[..., Any], place: int, zero: float) -> None:
    operands = value.__code__.co_argcount - 1
    partials = [lambda xp, x, out: 0] if operands == 1 else [lambda xp, x, y, out: 0] * 2
    found = landmarks(Primitive("turning", value, partials), (0.5, 0.25)[:operands], place)
    assert min(abs(x - zero) for x in found) <= math.ulp(zero)


def test_where_floats_are_too_few_nothing_is_judged_and_the_report_says_so() -> None:
    naive = Primitive(
        "naive",
        lambda xp, x: xp.log(1 + xp.exp(x)),
        [lambda xp, x, out: xp.divide(xp.exp(x), 1 + xp.exp(x))],
    )
    check = check_primitive(naive, seed=1)
    assert check.passed
    assert check.beyond
    assert all(x > 709 for (x,) in check.beyond)
    more = f" and {len(check.beyond) - 1} more" if len(check.beyond) > 1 else ""
    where = f"naive(x = {check.beyond[0][0]}){more}, where a result inside a formula overflows or underflows"
    assert repr(check).splitlines()[1:] == [f"  not looked at: {where}"]
    assert not check_primitive("softplus", seed=1).beyond


def test_a_point_that_is_given_is_judged_even_where_a_formula_overflows() -> None:
    check = check_primitive("exp", points=[(800.0,)])
    assert check.beyond == []
    assert check.passed


def test_the_report_names_what_is_unchecked_and_says_why() -> None:
    check = check_primitive("tanh")
    assert repr(check) == "PrimitiveCheck of tanh, 17 contracts: 16 pass, 1 unchecked (exact values)"
    assert str(check["exact values"]) == "exact values: unchecked, there was nothing to compare"


def test_a_kink_that_is_not_declared_is_told_with_the_keywords_that_declare_it() -> None:
    check = check_primitive(a_far_kink_that_is_forgotten(pytest.MonkeyPatch()))
    assert "expected a branch that tells its sides apart, and ties (branch=, ties= of autograd.primitive)" in str(
        check["kinks"]
    )


def test_a_constant_that_no_float_can_hold_is_told_by_the_contracts() -> None:
    check = check_primitive(Primitive("far", lambda xp, x: xp.maximum(x, 10**400), [lambda xp, x, out: 1]))
    assert "it raised OverflowError: int too large" in str(check["recorded values"])


def test_a_domain_of_either_or_is_told_to_be_two_requirements() -> None:
    domain = [("0 < x < 1", lambda xp, x: (x <= 0) | (x >= 1))]
    with pytest.raises(ValueError, match=r"a domain has no \|: list two requirements in its place, each a pair"):
        autograd.primitive("logit", lambda xp, x: xp.log(x), [lambda xp, x, out: 1], domain=domain)


def test_the_report_names_contract_operands_expected_and_got() -> None:
    check = check_primitive(a_partial_that_is_slightly_wrong(pytest.MonkeyPatch()), points=[(0.5,)])
    assert check.checks == list(check)
    assert len(check) == len(CONTRACTS)
    told_first = (
        "partials by complex step: fail, 1 of 1, first at wrong(x = 0.5), ∂/∂x, complex step: expected 1.0, got"
    )
    assert str(check.failures[0]).startswith(told_first)
    assert repr(check).splitlines()[0].startswith("PrimitiveCheck of wrong, 17 contracts: ")
    assert repr(check).splitlines()[1].strip().startswith(told_first)
    with pytest.raises(ContractError, match=r"^primitive wrong: partials by complex step: fail, .*; partials by diff"):
        check.raise_if_failed()


def test_what_a_formula_raises_breaks_the_contract_and_is_told() -> None:
    def value(xp: Any, x: Any) -> Any:
        if isinstance(x, complex):
            raise RuntimeError("no such number")
        return x * x

    check = check_primitive(square("stubborn", value, lambda xp, x, out: 2 * x))
    assert str(check["complex values"]) == "complex values: fail, it raised RuntimeError: no such number"


def test_every_contract_states_its_law() -> None:
    assert all(check.law.endswith(".") for check in check_primitive("tanh", points=[(0.5,)]))


@pytest.mark.parametrize("given", [PRIMITIVES["dot"], "dot", autograd.functions.recorder(PRIMITIVES["dot"])])
def test_a_primitive_is_given_by_row_by_name_or_by_its_function(given: Any) -> None:
    assert check_primitive(given, points=[((1.0, 2.0), (3.0, -1.0))]).primitive is PRIMITIVES["dot"]


@pytest.mark.parametrize("given", ["no such", math.exp, 3.0, None])
def test_what_is_no_primitive_is_a_type_error(given: Any) -> None:
    with pytest.raises(TypeError, match="a primitive is meant by"):
        check_primitive(given)


def test_without_points_there_is_nothing_to_check() -> None:
    with pytest.raises(ValueError, match="at least one point"):
        check_primitive("tanh", points=[])
    nowhere = square("nowhere", lambda xp, x: x, lambda xp, x, out: 1, domain=[("x > 9e9", lambda xp, x: x <= 9e9)])
    with pytest.raises(ValueError, match=r"no point inside the domain of nowhere \(x > 9e9\); name some: points="):
        check_primitive(nowhere)
    assert check_primitive(nowhere, points=[(1e10,)]).passed


CUBE = Primitive("cube", lambda xp, x: x * x * x, [lambda xp, x, out: 3 * x * x])


@pytest.mark.parametrize(
    ("given", "points", "error", "message"),
    [
        (CUBE, 5, TypeError, "check_primitive needs points, a tuple each; got int 5"),
        (CUBE, [("a",)], TypeError, "a point of cube needs one real number; got str 'a'"),
        (CUBE, [(1j,)], TypeError, "a point of cube needs one real number; got complex 1j"),
        (CUBE, [(10**400,)], OverflowError, "a point of cube needs a number that a float can hold; got 1000"),
        ("sum", [([1.0],)], ValueError, "check_primitive needs points of sum whose xs are tuples of numbers"),
        ("sum", [((),)], ValueError, "check_primitive needs points of sum whose xs are tuples of numbers"),
        ("dot", [((1.0,), (2.0, 3.0))], ValueError, "check_primitive needs points of dot whose ws, xs are tuples of"),
    ],
)
def test_what_is_wrong_with_a_point_is_no_mistake_of_the_primitive(
    given: Any, points: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"^{re.escape(message)}"):
        check_primitive(given, points=points)


@pytest.mark.parametrize("x", [True, np.float64(2.0), 1e308, -math.inf])
def test_a_right_primitive_is_right_at_any_number(x: Any) -> None:
    assert check_primitive(CUBE, points=[(x,)]).passed


def test_a_contract_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(KeyError, match="there is no contract 'values'; there are formulas, domain, recorded values"):
        check_primitive("exp", points=[(1.0,)])["values"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_samples_are_the_same_for_one_seed_and_lie_where_they_should(row: Primitive) -> None:
    assert inside(row, 3) == inside(row, 3)
    assert inside(row, 3) != inside(row, 4)
    for requirement in row.domain:
        for points, violated in ((inside(row), False), (outside(row, requirement), True)):
            assert points
            assert {requirement.violated(autograd.namespaces.floats, *point) for point in points} == {violated}


def test_a_point_is_told_as_the_call_that_it_is() -> None:
    assert told(PRIMITIVES["power"], (-3.0, 2.0)) == "power(x = -3.0, y = 2.0)"
    assert told(PRIMITIVES["dot"], ((1.0,), (2.0,))) == "dot(ws = (1.0,), xs = (2.0,))"
