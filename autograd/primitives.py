"""The table of primitives: the only place where a derivative is written.

Each primitive is written once: its value, one formula for each operand's partial derivative, its notation, its
domain and, where it has a kink, its tie rule. A formula is an expression whose first argument is a namespace, `xp`
(see `namespaces`), and which never asks what its operands are: floats, arrays, Values, names. From these lines come
the eager code, `backward`, derivatives of derivatives, forward mode, the explanations, the pictures and the tests.

How to read an entry: `value(xp, x, y)` gives the result, `out`; `partials[i](xp, x, y, out)` gives d out / d operand i.
The operands of an n-ary primitive are vectors: its value reduces them, and its partial is for one element of each.

Rules: no `if` on an operand, for it would freeze one branch into the derivative; kinks go through `maximum`,
`heaviside`, `sign`. A quotient is `xp.divide` and a power `xp.power`, which have the answer of IEEE 754 everywhere. The
result is used where it is cheaper or safer than the operand: `1 - out * out` for tanh.
A domain is written as what violates it, so that NaN, which violates nothing, passes through: comparisons, also joined
with &, in which there may be remainders by a number other than 0, such as `y % 1`.

Limits: where the largest operand of logsumexp is infinite its partials are NaN; at x = 0 the second derivatives of
x ** y are those of the formulas, which leave out the infinite slope of log; at y = 0 the slope in y of its partial for
x is 1, and not 1 / x, because the formula says there what the partial is and not how it changes.
"""

from __future__ import annotations

import inspect
import numbers
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from keyword import kwlist
from typing import Any, NamedTuple

from autograd.namespaces import floats
from autograd.symbolic import FOR_DOMAINS, Vector, constants_in, element, is_condition, name, operations_in, symbolic

Formula = Callable[..., Any]

SUM, PRODUCT, SIGN, POWER, ATOM = range(1, 6)
"""Precedences of notation, loosest first: a + b, a * b, -a, a ** b, f(a)."""

LARGEST = sys.float_info.max

MOST_OPERANDS = 8
"""The operands that a primitive can have; more go into a vector."""


NO_NAMES = frozenset({*kwlist, "inf", "nan"})
"""What means something else where a formula is printed as Python."""


class DomainError(ArithmeticError):
    """A primitive was given numbers outside its domain: log(-1), 1 / 0, sqrt(-2), (-8) ** (1/3)."""


class Notation(NamedTuple):
    """How a primitive is written. `operands` are the precedences below which an operand needs brackets."""

    symbol: str
    text: str
    latex: str
    precedence: int = ATOM
    operands: tuple[int, ...] = ()
    latex_operands: tuple[int, ...] = ()


class Requirement(NamedTuple):
    """A condition on the operands: in words, and as the formula of what violates it."""

    needs: str
    violated: Formula


class Primitive:
    """One row of the table. Compared by identity; `PRIMITIVES` holds them by name."""

    __slots__ = (
        *("name", "value", "partials", "operands", "vectors", "notation"),
        *("domain", "ties", "branch", "selects", "bilinear", "saturates"),
    )

    def __init__(
        self,
        name: str,
        value: Formula,
        partials: Formula | Sequence[Formula],
        *,
        notation: Notation | None = None,
        domain: Sequence[tuple[str, Formula]] = (),
        ties: str = "",
        branch: Formula | None = None,
        n_ary: bool = False,
        selects: bool = False,
        bilinear: bool = False,
        saturates: bool = False,
    ) -> None:
        """What a row is made of, beside its name, value and partials.

        `domain`: pairs of what is needed, in words, and the formula of what violates it; for log
        `("x > 0", lambda xp, x: x <= 0)`. `ties`: in words, what holds at a kink. `branch`: the formula of the side of
        the kink on which the operands are, such as `xp.sign(x)`; None for what is smooth. `n_ary`: the operands are
        vectors, which `xp.sum_over(lambda x: …, xs)`, `xp.max_over` and `xp.min_over` reduce. `selects`: the value is
        one of the elements, the first of those that tie. `bilinear`: it is a sum of products, which a matrix product
        can give. `saturates`: the partial is 1 minus something, and where that is small its error is still that of 1.
        """
        self.name = name
        self.value = value
        self.partials = (partials,) if callable(partials) else tuple(partials)
        self.operands = tuple(inspect.signature(value).parameters)[1:]
        self.vectors = len(self.operands) if n_ary else 0
        self.notation = notation or _call(name, rf"\operatorname{{{name}}}", len(self.operands))
        self.domain = tuple(_requirement(name, *given) for given in domain)
        self.ties = ties
        self.branch = branch
        self.selects = selects
        self.bilinear = bilinear
        self.saturates = saturates

    @property
    def analytic(self) -> bool:
        """Whether the primitive is free of kinks and jumps: then a complex step gives its derivative everywhere."""
        return self.branch is None

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"


PRIMITIVES: dict[str, Primitive] = {}
"""The table: every primitive by its name, those that users added included."""


def primitive(name: str, value: Formula, partials: Sequence[Formula], **details: Any) -> Primitive:
    """Adds a row to the table; the arguments are those of `Primitive`.

    Raises ValueError for a name that is taken or is no Python name, for a number of partials that does not fit the
    operands, and for formulas that no namespace could read, and leaves the table as it was.
    """
    if not str(name).isidentifier() or unicodedata.normalize("NFKC", name) != name or name in NO_NAMES:
        raise ValueError(f"a primitive needs a Python name, as Python spells it; got {name!r}")
    if name in PRIMITIVES:
        raise ValueError(
            f"there is a primitive {name!r} already; take another name, or, if that one is yours, take it out first:"
            f" del autograd.PRIMITIVES[{name!r}]"
        )
    row = Primitive(name, value, partials, **details)
    check_formulas(row)
    PRIMITIVES[name] = row
    return row


def shared_among_ties(row: Primitive, partial: Any, taken: Any) -> Any:
    """The partial of one element of an n-ary primitive, when elements before it have taken the sum `taken`.

    Where one of the elements is selected, the first of those that tie gets all; elsewhere nothing is taken away.
    """
    return partial * (1 - taken) if row.selects else partial


def elementwise_partials(row: Primitive, xp: Any, elements: Sequence[tuple[Any, ...]], out: Any) -> Iterator[list[Any]]:
    """For each tuple of elements (one of each vector) of an n-ary primitive, the partials for those elements."""
    taken: Any = 0
    for xs in elements:
        partials = [shared_among_ties(row, formula(xp, *xs, out), taken) for formula in row.partials]
        if row.selects:
            taken = taken + partials[0]
        yield partials


def is_constant_zero(partial: Any) -> bool:
    """Whether a formula gave the number 0 itself, for whatever operands: nothing is then added, not even 0 * inf."""
    return type(partial) is int and partial == 0


def require_domain(row: Primitive, operands: Sequence[float], labels: Sequence[str]) -> None:
    """Raises the DomainError of the first requirement that these numbers violate.

    A label that is not empty stands in brackets behind its number, so that the culprit is found in a large graph.
    """
    for requirement in row.domain:
        if requirement.violated(floats, *operands):
            got = [f"{x!r} ({label})" if label else repr(x) for x, label in zip(operands, labels)]
            if len(got) > 1:
                got = [f"{operand} = {text}" for operand, text in zip(row.operands, got)]
            raise DomainError(f"{row.name} needs {requirement.needs}; got {', '.join(got)}")


def check_formulas(row: Primitive) -> None:
    """Raises ValueError for formulas that no namespace could read: with a branch on an operand, or too few partials."""
    if len(row.operands) > MOST_OPERANDS:
        raise ValueError(f"primitive {row.name}: at most {MOST_OPERANDS} operands; got {len(row.operands)}")
    if row.vectors > 2:
        raise ValueError(f"primitive {row.name}: an n-ary primitive has one vector or two; got {row.vectors}")
    if row.vectors and row.domain:
        raise ValueError(f"primitive {row.name}: an n-ary primitive has no domain; its elements can have one")
    if row.selects and row.vectors != 1:
        raise ValueError(f"primitive {row.name}: what selects one of its elements has one vector")
    if len(row.partials) != len(row.operands):
        raise ValueError(
            f"primitive {row.name}: {len(row.operands)} operands and {len(row.partials)} partials {_signature(row)}"
        )
    try:
        results, conditions = in_symbols(row)
    except (TypeError, AttributeError) as error:
        raise ValueError(
            f"primitive {row.name}: a formula cannot be read in symbols: {error} {_signature(row)}"
        ) from error
    for result in results:
        _check_expression(row, result)
    if not all(map(is_condition, conditions)):
        raise ValueError(f"primitive {row.name}: a domain is violated by a comparison, or by several joined with &")


def _signature(row: Primitive) -> str:
    operands = ", ".join(row.operands) or "the operands"
    return f"(value takes xp, {operands}, and each partial the same and out)"


def in_symbols(row: Primitive) -> tuple[list[Any], list[Any]]:
    """Value, partials and branch of a row as trees, and the conditions that violate its domain.

    The operands are called x0, x1 …, the value out; vectors are xs0, xs1, and x0, x1 are then their elements. Raises
    what a formula raises that no symbols can be put in.
    """
    names = [name(f"x{place}") for place in range(len(row.operands))]
    vectors = [Vector(f"xs{place}", f"x{place}", element(f"x{place}")) for place in range(row.vectors)]
    with_out = [*names, name("out")]
    results = [row.value(symbolic, *(vectors or names)), *(partial(symbolic, *with_out) for partial in row.partials)]
    if row.branch is not None:
        results.append(row.branch(symbolic, *(with_out if row.vectors else names)))
    return results, [requirement.violated(symbolic, *names) for requirement in row.domain]


def _check_expression(row: Primitive, result: Any) -> None:
    for_domains = operations_in(result) & FOR_DOMAINS
    if for_domains:
        symbols = ", ".join(sorted(for_domains))
        raise ValueError(f"primitive {row.name}: {symbols} is for domains; kinks go through xp.heaviside")
    for constant in constants_in(result):
        if not isinstance(constant, numbers.Real):
            raise ValueError(f"primitive {row.name}: a formula has {constant!r}, which is no expression and no number")


def _requirement(name: str, *given: Any) -> Requirement:
    if len(given) != 2 or not isinstance(given[0], str) or not callable(given[1]):
        raise ValueError(f"primitive {name}: a domain is a list of pairs (what is needed, formula of what violates it)")
    return Requirement(*given)


def _call(symbol: str, latex: str, operands: int = 1) -> Notation:
    """f(x, y)"""
    places = ", ".join(f"{{{place}}}" for place in range(operands))
    latex = latex.replace("{", "{{").replace("}", "}}")
    loose = (0,) * operands
    return Notation(symbol, f"{symbol}({places})", rf"{latex}\left({places}\right)", ATOM, loose, loose)


def _infix(symbol: str, latex: str, precedence: int, right: int) -> Notation:
    """x + y, with the precedence that the right operand needs: one more where (x - y) - z differs from x - (y - z)."""
    needed = (precedence, right)
    return Notation(symbol, f"{{0}} {symbol} {{1}}", f"{{0}} {latex} {{1}}", precedence, needed, needed)


# ---- arithmetic

add = primitive(
    "add",
    value=lambda xp, x, y: x + y,
    partials=[lambda xp, x, y, out: 1, lambda xp, x, y, out: 1],
    notation=_infix("+", "+", SUM, PRODUCT),
)

subtract = primitive(
    "subtract",
    value=lambda xp, x, y: x - y,
    partials=[lambda xp, x, y, out: 1, lambda xp, x, y, out: -1],
    notation=_infix("-", "-", SUM, PRODUCT),
)

multiply = primitive(
    "multiply",
    value=lambda xp, x, y: x * y,
    partials=[lambda xp, x, y, out: y, lambda xp, x, y, out: x],
    notation=_infix("*", r"\cdot", PRODUCT, SIGN),
)

divide = primitive(
    "divide",
    value=lambda xp, x, y: xp.divide(x, y),
    partials=[lambda xp, x, y, out: xp.divide(1, y), lambda xp, x, y, out: xp.divide(-out, y)],
    notation=_infix("/", "/", PRODUCT, SIGN)._replace(latex=r"\frac{{{0}}}{{{1}}}", latex_operands=(0, 0)),
    domain=[("y != 0", lambda xp, x, y: (y <= 0) & (y >= 0))],
)

negative = primitive(
    "negative",
    value=lambda xp, x: -x,
    partials=[lambda xp, x, out: -1],
    notation=Notation("neg", "-{0}", "-{0}", SIGN, (POWER,), (POWER,)),
)

power = primitive(
    "power",
    value=lambda xp, x, y: xp.power(x, y),
    partials=[
        # the exponent is y - 1, but 0 where y is 0: the slope there is 0 at x = 0 too, where 0 * 0 ** -1 would be NaN
        lambda xp, x, y, out: y * xp.power(x, y - 1 + xp.equal(y, 0)),
        # log(x), but log(1) where x is 0: 0 ** y has no slope in y for y > 0, where 0 * log(0) would be NaN
        lambda xp, x, y, out: out * xp.log(x + xp.equal(x, 0)),
    ],
    notation=Notation("**", "{0} ** {1}", "{{{0}}}^{{{1}}}", POWER, (ATOM, SIGN), (ATOM, 0)),
    domain=[
        ("x != 0 for a negative exponent", lambda xp, x, y: (x <= 0) & (x >= 0) & (y < 0)),
        ("a whole exponent for a negative base", lambda xp, x, y: (x < 0) & (y % 1 > 0)),
    ],
)

# ---- exponentials, logarithms, roots, waves

exp = primitive(
    "exp",
    value=lambda xp, x: xp.exp(x),
    partials=[lambda xp, x, out: out],
    notation=_call("exp", r"\exp"),
)

log = primitive(
    "log",
    value=lambda xp, x: xp.log(x),
    partials=[lambda xp, x, out: xp.divide(1, x)],
    notation=_call("log", r"\log"),
    domain=[("x > 0", lambda xp, x: x <= 0)],
)

log1p = primitive(
    "log1p",
    value=lambda xp, x: xp.log1p(x),
    partials=[lambda xp, x, out: xp.divide(1, 1 + x)],
    domain=[("x > -1", lambda xp, x: x <= -1)],
)

expm1 = primitive(
    "expm1",
    value=lambda xp, x: xp.expm1(x),
    partials=[lambda xp, x, out: xp.exp(x)],
)

sqrt = primitive(
    "sqrt",
    value=lambda xp, x: xp.sqrt(x),
    partials=[lambda xp, x, out: xp.divide(0.5, out)],
    notation=Notation("sqrt", "sqrt({0})", r"\sqrt{{{0}}}", ATOM, (0,), (0,)),
    domain=[("x >= 0", lambda xp, x: x < 0)],
)

sin = primitive(
    "sin",
    value=lambda xp, x: xp.sin(x),
    partials=[lambda xp, x, out: xp.cos(x)],
    notation=_call("sin", r"\sin"),
)

cos = primitive(
    "cos",
    value=lambda xp, x: xp.cos(x),
    partials=[lambda xp, x, out: -xp.sin(x)],
    notation=_call("cos", r"\cos"),
)

# ---- kinks and jumps

absolute = primitive(
    "absolute",
    value=lambda xp, x: xp.absolute(x),
    partials=[lambda xp, x, out: xp.sign(x)],
    notation=Notation("abs", "abs({0})", r"\left|{0}\right|", ATOM, (0,), (0,)),
    ties="slope 0 at x = 0",
    branch=lambda xp, x: xp.sign(x),
)

sign = primitive(
    "sign",
    value=lambda xp, x: xp.sign(x),
    partials=[lambda xp, x, out: 0],
    ties="sign(0) = 0",
    branch=lambda xp, x: xp.sign(x),
)

heaviside = primitive(
    "heaviside",
    value=lambda xp, x, at_zero: xp.heaviside(x, at_zero),
    partials=[lambda xp, x, at_zero, out: 0, lambda xp, x, at_zero, out: xp.equal(x, 0)],
    ties="at_zero at x = 0",
    branch=lambda xp, x, at_zero: xp.sign(x),
)

equal = primitive(
    "equal",
    value=lambda xp, x, y: xp.equal(x, y),
    partials=[lambda xp, x, y, out: 0, lambda xp, x, y, out: 0],
    ties="1 where x and y are the same number, else 0",
    branch=lambda xp, x, y: xp.sign(x - y),
)

maximum = primitive(
    "maximum",
    value=lambda xp, xs: xp.max_over(lambda x: x, xs),
    partials=[lambda xp, x, out: xp.equal(x, out)],
    notation=_call("max", r"\max"),
    ties="the first of the largest gets all",
    branch=lambda xp, x, out: xp.equal(x, out),
    n_ary=True,
    selects=True,
)

minimum = primitive(
    "minimum",
    value=lambda xp, xs: xp.min_over(lambda x: x, xs),
    partials=[lambda xp, x, out: xp.equal(x, out)],
    notation=_call("min", r"\min"),
    ties="the first of the smallest gets all",
    branch=lambda xp, x, out: xp.equal(x, out),
    n_ary=True,
    selects=True,
)

# ---- activations

sigmoid = primitive(
    "sigmoid",
    value=lambda xp, x: xp.divide(1, 1 + xp.exp(-x)),
    partials=[lambda xp, x, out: out * (1 - out)],
    notation=_call("sigmoid", r"\sigma"),
    saturates=True,
)

tanh = primitive(
    "tanh",
    value=lambda xp, x: xp.tanh(x),
    partials=[lambda xp, x, out: 1 - out * out],
    notation=_call("tanh", r"\tanh"),
    saturates=True,
)

softplus = primitive(
    "softplus",
    value=lambda xp, x: xp.maximum(x, 0) + xp.log1p(xp.exp(-xp.absolute(x))),
    # the sigmoid of x, in the form whose own derivative stays finite in both tails
    partials=[lambda xp, x, out: -xp.expm1(-out)],
)

relu = primitive(
    "relu",
    value=lambda xp, x: xp.maximum(0, x),
    partials=[lambda xp, x, out: xp.heaviside(x, 0)],
    notation=_call("relu", r"\operatorname{ReLU}"),
    ties="slope 0 at x = 0",
    branch=lambda xp, x: xp.sign(x),
)

leaky_relu = primitive(
    "leaky_relu",
    value=lambda xp, x, slope: xp.maximum(0, x) + slope * xp.minimum(0, x),
    partials=[
        lambda xp, x, slope, out: xp.heaviside(x, 0) + slope * xp.heaviside(-x, 1),
        lambda xp, x, slope, out: xp.minimum(x, 0),
    ],
    notation=_call("leaky_relu", r"\operatorname{LeakyReLU}", 2),
    ties="the given slope at x = 0",
    branch=lambda xp, x, slope: xp.sign(x),
)

# ---- n-ary: the granularity of the documents

sum = primitive(
    "sum",
    value=lambda xp, xs: xp.sum_over(lambda x: x, xs),
    partials=[lambda xp, x, out: 1],
    notation=_call("sum", r"\operatorname{sum}"),
    n_ary=True,
)

dot = primitive(
    "dot",
    value=lambda xp, ws, xs: xp.sum_over(lambda w, x: w * x, ws, xs),
    partials=[lambda xp, w, x, out: x, lambda xp, w, x, out: w],
    notation=Notation("dot", "dot([{0}], [{1}])", r"\left({0}\right) \cdot \left({1}\right)", ATOM, (0, 0), (0, 0)),
    n_ary=True,
    bilinear=True,
)


def _logsumexp(xp: Any, xs: Any) -> Any:
    # log(k + rest) for the k largest and the rest, in two parts: log(1 + 1e-20) would lose the rest altogether
    largest = xp.max_over(lambda x: x, xs)
    ties = xp.sum_over(lambda x: xp.equal(x, largest), xs)
    finite = xp.maximum(xp.minimum(largest, LARGEST), -LARGEST)  # inf - inf would be NaN
    rest = xp.sum_over(lambda x: xp.exp(x - finite) - xp.equal(x, largest), xs)
    return finite + (xp.log(ties) + xp.log1p(xp.divide(rest, ties)))


logsumexp = primitive(
    "logsumexp",
    value=_logsumexp,
    partials=[lambda xp, x, out: xp.exp(x - out)],
    notation=_call("logsumexp", r"\operatorname{logsumexp}"),
    n_ary=True,
)
