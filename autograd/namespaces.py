"""The arithmetics in which a formula of the table can be read: floats, complex numbers, exact fractions.

A formula names its operations (`xp.exp(x)`, `x * y`) and never says what its operands are; a namespace says what
those names mean. Every namespace has the functions of `FUNCTIONS`; the operators come with the numbers themselves.
Law: in each of them a NaN among the operands gives NaN, and nothing raises where IEEE 754 has an answer.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Any, NoReturn

FUNCTIONS: dict[str, int] = {
    "exp": 1,
    "log": 1,
    "log1p": 1,
    "expm1": 1,
    "sqrt": 1,
    "sin": 1,
    "cos": 1,
    "tanh": 1,
    "absolute": 1,
    "sign": 1,
    "divide": 2,
    "power": 2,
    "heaviside": 2,
    "maximum": 2,
    "minimum": 2,
    "equal": 2,
}
"""The elementwise functions that every namespace has, with their number of operands."""

INF, NAN = math.inf, math.nan


class Scalars:
    """What the arithmetics of single numbers share: reductions, from left to right."""

    number: Callable[..., Any]
    maximum: Callable[[Any, Any], Any]
    minimum: Callable[[Any, Any], Any]

    @staticmethod
    def sum_of(terms: Iterable[Any]) -> Any:
        """The sum from left to right; Python's own `sum` compensates from 3.12 on, and would differ."""
        return reduce(add, terms)

    def max_of(self, terms: Iterable[Any]) -> Any:
        return reduce(self.maximum, terms)

    def min_of(self, terms: Iterable[Any]) -> Any:
        return reduce(self.minimum, terms)

    def sum_over(self, term: Callable[..., Any], *vectors: Iterable[Any]) -> Any:
        return self.sum_of(map(term, *vectors))

    def max_over(self, term: Callable[..., Any], *vectors: Iterable[Any]) -> Any:
        return self.max_of(map(term, *vectors))

    def min_over(self, term: Callable[..., Any], *vectors: Iterable[Any]) -> Any:
        return self.min_of(map(term, *vectors))


class Floats(Scalars):
    """Python floats with the answers of IEEE 754 where `math` raises: exp(1000) is inf, log(0) is -inf, 0/0 is NaN."""

    number = staticmethod(float)
    absolute = staticmethod(math.fabs)
    tanh = staticmethod(math.tanh)

    @staticmethod
    def exp(x: float) -> float:
        try:
            return math.exp(x)
        except OverflowError:
            return INF

    @staticmethod
    def expm1(x: float) -> float:
        try:
            return math.expm1(x)
        except OverflowError:
            return INF

    @staticmethod
    def log(x: float) -> float:
        try:
            return math.log(x)
        except ValueError:
            return -INF if x == 0 else NAN

    @staticmethod
    def log1p(x: float) -> float:
        try:
            return math.log1p(x)
        except ValueError:
            return -INF if x == -1 else NAN

    @staticmethod
    def sqrt(x: float) -> float:
        try:
            return math.sqrt(x)
        except ValueError:
            return NAN

    @staticmethod
    def sin(x: float) -> float:
        try:
            return math.sin(x)
        except ValueError:
            return NAN

    @staticmethod
    def cos(x: float) -> float:
        try:
            return math.cos(x)
        except ValueError:
            return NAN

    @staticmethod
    def sign(x: float) -> float:
        return 1.0 if x > 0 else -1.0 if x < 0 else x + 0.0

    @staticmethod
    def heaviside(x: float, at_zero: float) -> float:
        return 1.0 if x > 0 else 0.0 if x < 0 else float(at_zero) if x == 0 else x

    @staticmethod
    def maximum(x: float, y: float) -> float:
        return float(x if x >= y or x != x else y)

    @staticmethod
    def minimum(x: float, y: float) -> float:
        return float(x if x <= y or x != x else y)

    @staticmethod
    def equal(x: float, y: float) -> float:
        return 1.0 if x == y else 0.0 if x == x and y == y else NAN

    @staticmethod
    def divide(x: float, y: float) -> float:
        try:
            return x / y
        except ZeroDivisionError:
            return NAN if x == 0 or x != x else math.copysign(INF, x) * math.copysign(1.0, y)

    @staticmethod
    def power(x: float, y: float) -> float:
        try:
            return math.pow(x, y)
        except OverflowError:
            return -INF if x < 0 and y % 2 == 1 else INF
        except ValueError:
            if x != 0:
                return NAN
            return math.copysign(INF, x) if y % 2 == 1 else INF


def _never_raising(function: Callable[[complex], complex]) -> Callable[[complex], complex]:
    """A function of `cmath` that gives NaN where it would raise."""

    def answered(z: complex) -> complex:
        try:
            return function(z)
        except (ValueError, OverflowError):
            return complex(NAN, NAN)

    return answered


class Complexes(Scalars):
    """Complex numbers, for the complex step: what compares, compares real parts, and whole powers multiply.

    The imaginary part of f(x + ih) / h is f'(x) to the last digits for h as small as 1e-30, so each function
    keeps the relative accuracy of a tiny imaginary part (Squire and Trapp, SIAM Review 40, 1998).
    """

    number = staticmethod(complex)
    tanh = staticmethod(_never_raising(cmath.tanh))
    sqrt = staticmethod(_never_raising(cmath.sqrt))
    sin = staticmethod(_never_raising(cmath.sin))
    cos = staticmethod(_never_raising(cmath.cos))

    @staticmethod
    def exp(z: complex) -> complex:
        try:
            return cmath.exp(z)
        except OverflowError:
            return complex(INF, 0.0)
        except ValueError:
            return complex(NAN, NAN)

    @staticmethod
    def log(z: complex) -> complex:
        return cmath.log(z) if z else complex(-INF, 0.0)

    @staticmethod
    def log1p(z: complex) -> complex:
        return complex(Floats.log1p(z.real), math.atan2(z.imag, 1 + z.real))

    @staticmethod
    def expm1(z: complex) -> complex:
        return complex(Floats.expm1(z.real), Floats.exp(z.real) * Floats.sin(z.imag))

    @staticmethod
    def absolute(z: complex) -> complex:
        return z if z.real >= 0 or z.real != z.real else -z

    @staticmethod
    def sign(z: complex) -> float:
        return Floats.sign(z.real)

    @staticmethod
    def heaviside(z: complex, at_zero: complex) -> complex:
        return at_zero if z.real == 0 else Floats.heaviside(z.real, 0.0)

    @staticmethod
    def maximum(x: complex, y: complex) -> complex:
        return x if x.real >= y.real or x.real != x.real else y

    @staticmethod
    def minimum(x: complex, y: complex) -> complex:
        return x if x.real <= y.real or x.real != x.real else y

    @staticmethod
    def equal(x: complex, y: complex) -> float:
        return Floats.equal(x.real, y.real)

    @staticmethod
    def divide(x: complex, y: complex) -> complex:
        return x / y if y else complex(Floats.divide(x.real, 0.0), Floats.divide(x.imag, 0.0))

    @staticmethod
    def power(x: complex, y: complex) -> complex:
        # (-3 + 1e-20j) ** 101.0 goes through logarithms in Python, and loses the imaginary part
        if y.imag == 0 and y.real % 1 == 0:
            return _whole_power(x, int(y.real))
        if x == 0:
            return complex(Floats.power(0.0, y.real))
        return Complexes.exp(y * Complexes.log(x))


class Fractions(Scalars):
    """Exact fractions, for the primitives whose value is rational: + - * /, whole powers, comparisons."""

    number = staticmethod(Fraction)
    absolute = staticmethod(abs)

    @staticmethod
    def sign(x: Fraction) -> int:
        return (x > 0) - (x < 0)

    @staticmethod
    def heaviside(x: Fraction, at_zero: Fraction) -> Fraction | int:
        return 1 if x > 0 else 0 if x < 0 else at_zero

    @staticmethod
    def maximum(x: Fraction, y: Fraction) -> Fraction:
        return max(x, y)

    @staticmethod
    def minimum(x: Fraction, y: Fraction) -> Fraction:
        return min(x, y)

    @staticmethod
    def equal(x: Fraction, y: Fraction) -> int:
        return int(x == y)

    @staticmethod
    def divide(x: Fraction, y: Fraction) -> Fraction:
        return Fraction(x) / y

    @staticmethod
    def power(x: Fraction, y: Fraction) -> Fraction:
        if y != int(y):
            raise TypeError(f"a fraction to the power {y} has no exact value")
        return Fraction(x) ** int(y)

    def __getattr__(self, name: str) -> NoReturn:
        if name in FUNCTIONS:
            raise TypeError(f"{name} of a fraction has no exact value")
        raise AttributeError(name)


def _whole_power(x: complex, n: int) -> complex:
    if n < 0:
        return Complexes.divide(1, _whole_power(x, -n))
    result = complex(1.0)
    while n:
        if n & 1:
            result *= x
        x *= x
        n >>= 1
    return result


floats = Floats()
complexes = Complexes()
fractions = Fractions()
