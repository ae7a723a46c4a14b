"""What the tests know of each primitive without reading the table: its meaning, sample points, points outside.

A meaning is a plain function of numbers, `meaning(m, x, y)`, where `m` is a module of functions: `cmath` for complex
numbers, `mpmath` for hundreds of digits; those of rational primitives ask nothing of `m` and take fractions too.
No derivative is written here: slopes come from complex steps and difference quotients of the meanings.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from functools import reduce
from itertools import product
from typing import Any

from autograd import PRIMITIVES
from autograd.contracts.operands import Point

INF, NAN = math.inf, math.nan


def _whole(x: Any) -> bool:
    return bool(x.imag == 0 and x.real % 1 == 0)


def _power(m: Any, x: Any, y: Any) -> Any:
    if _whole(y):
        n = int(y.real)
        result = reduce(operator.mul, [x] * abs(n), x * 0 + 1)
        return 1 / result if n < 0 else result
    return m.exp(y * m.log(x)) if x.real > 0 else x * 0


def _log1p(m: Any, x: Any) -> Any:
    # an identity that keeps the digits of a small x, as log(1 + x) would not
    return 2 * m.atanh(x / (2 + x))


def _sign(x: Any) -> int:
    return int(x.real > 0) - int(x.real < 0)


def _dot(m: Any, ws: Sequence[Any], xs: Sequence[Any]) -> Any:
    return reduce(operator.add, map(operator.mul, ws, xs))


MEANINGS: dict[str, Callable[..., Any]] = {
    "add": lambda m, x, y: x + y,
    "subtract": lambda m, x, y: x - y,
    "multiply": lambda m, x, y: x * y,
    "divide": lambda m, x, y: x / y,
    "negative": lambda m, x: -x,
    "power": _power,
    "exp": lambda m, x: m.exp(x),
    "log": lambda m, x: m.log(x),
    "log1p": _log1p,
    "expm1": lambda m, x: 2 * m.sinh(x / 2) * m.exp(x / 2) if abs(x.real) < 0.5 else m.exp(x) - 1,
    "sqrt": lambda m, x: m.sqrt(x),
    "sin": lambda m, x: m.sin(x),
    "cos": lambda m, x: m.cos(x),
    "absolute": lambda m, x: x if x.real >= 0 else -x,
    "sign": lambda m, x: x * 0 + _sign(x),
    "heaviside": lambda m, x, at_zero: at_zero if x.real == 0 else x * 0 + (x.real > 0),
    "equal": lambda m, x, y: x * 0 + (x.real == y.real),
    "maximum": lambda m, xs: max(xs, key=lambda x: x.real),
    "minimum": lambda m, xs: min(xs, key=lambda x: x.real),
    "sigmoid": lambda m, x: 1 / (1 + m.exp(-x)),
    "tanh": lambda m, x: m.tanh(x),
    "softplus": lambda m, x: (x if x.real > 0 else 0) + _log1p(m, m.exp(-x if x.real > 0 else x)),
    "relu": lambda m, x: x if x.real > 0 else x * 0,
    "leaky_relu": lambda m, x, slope: x if x.real > 0 else slope * x,
    "sum": lambda m, xs: reduce(operator.add, xs),
    "dot": _dot,
    "logsumexp": lambda m, xs: m.log(reduce(operator.add, map(m.exp, xs))),
}
"""What each primitive computes, said without the table."""

RATIONAL = frozenset(
    {
        *("add", "subtract", "multiply", "divide", "negative", "absolute", "sign", "heaviside", "equal"),
        *("maximum", "minimum", "relu", "leaky_relu", "sum", "dot"),
    }
)
"""The primitives that give a fraction for fractions; `power` does for whole exponents."""

KINKED = frozenset({"absolute", "sign", "heaviside", "equal", "maximum", "minimum", "relu", "leaky_relu"})
"""The primitives with a kink or a jump."""

EVERYWHERE = (
    0.0,
    1.0,
    -1.0,
    0.25,
    -0.3,
    3.7,
    -2.4,
    1e-8,
    -1e-8,
    1e-300,
    -1e-300,
    30.0,
    -30.0,
    300.0,
    -300.0,
    1e10,
    -1e10,
)
MODERATE = (0.0, 1.0, -1.0, 0.25, -0.3, 3.7, -2.4, 1e-8, 30.0, -30.0)

VECTORS = (
    (1.5,),
    (-0.7, 2.0),
    (3.0, -1.0, 0.5),
    (1e-8, -1e-8, 1e3),
    (30.0, -30.0, 29.0, 0.0),
    (-2.0, -2.5, -2.25, 1e-300),
)


def _positive(points: Sequence[float]) -> list[Point]:
    return [(x,) for x in points if x > 0]


SAMPLES: dict[str, list[Point]] = {
    **{name: [(x,) for x in EVERYWHERE] for name in PRIMITIVES if len(PRIMITIVES[name].operands) == 1},
    **{
        name: list(product(MODERATE, repeat=2))
        for name in ("add", "subtract", "multiply", "heaviside", "equal", "leaky_relu")
    },
    "divide": [(x, y) for x, y in product(EVERYWHERE, (1.0, -1.0, 0.25, -3.7, 1e-8, 1e10))],
    "power": [
        *product((0.25, 1.0, 3.7, 1e-8, 30.0), (0.0, 1.0, -1.0, 2.0, 0.5, -2.5, 3.0)),
        *product((-3.0, -0.25, -1.0), (0.0, 1.0, 2.0, 3.0, -1.0, -2.0)),
        *product((0.0,), (0.0, 1.0, 2.0, 0.5, 3.5)),
    ],
    "log": _positive((*EVERYWHERE, 1.0000001, 0.9999999, 1e300)),
    "log1p": [(x,) for x in EVERYWHERE if x > -1],
    "sqrt": _positive((*EVERYWHERE, 1e300, 2.0)),
    **{name: [(xs,) for xs in VECTORS] for name in ("maximum", "minimum", "sum", "logsumexp")},
    "dot": [(xs, tuple(0.5 - x for x in reversed(xs))) for xs in VECTORS],
}
"""Points inside the domain of each primitive: negative, tiny, large, zero."""

OUTSIDE: dict[str, list[tuple[Point, str]]] = {
    "divide": [((1.0, 0.0), "y != 0"), ((0.0, -0.0), "y != 0")],
    "power": [
        ((0.0, -1.0), "x != 0 for a negative exponent"),
        ((0.0, -0.5), "x != 0 for a negative exponent"),
        ((-8.0, 1 / 3), "a whole exponent for a negative base"),
        ((-2.0, -0.5), "a whole exponent for a negative base"),
    ],
    "log": [((0.0,), "x > 0"), ((-1.0,), "x > 0"), ((-INF,), "x > 0")],
    "log1p": [((-1.0,), "x > -1"), ((-2.5,), "x > -1")],
    "sqrt": [((-2.0,), "x >= 0"), ((-1e-300,), "x >= 0")],
}
"""Points outside the domains, with what the primitive needs there."""

SMOOTH_SAMPLES = [
    (name, point)
    for name in PRIMITIVES
    for point in SAMPLES[name]
    if not (name in KINKED and any(x == 0 for x in point))
    and not (name in ("power", "equal") and (point[0] == 0 or point[0] == point[1]))
]
"""The samples away from kinks and from the borders of domains."""
