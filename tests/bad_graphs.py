"""The bad input that `autograd` is given, and what each gives: an error in full, or a number.

Among the numbers are those that IEEE gives and nothing refuses: NaN, infinities, -0.0, subnormal ones.
"""

from __future__ import annotations

import copy
import math
import pickle
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np

import autograd
import nn
from autograd import PRIMITIVES, BranchChanged, DomainError, GraphFileError, StaleGraph, Value, rendering
from autograd.functions import recorder
from tests.bad_worlds import Case, World, interrupted, interrupted_in_writing, interrupting, on_full_disk

NO_DICT = " and no __dict__ for setting new attributes" if sys.version_info >= (3, 13) else ""


def write(number: float, refreshed: bool = False) -> Callable[[World], Any]:
    """What sets a case up in which the leaf below the stale graph has this number."""

    def prepare(w: World) -> None:
        w.written.data = number
        if refreshed:
            w.old.refresh()

    return prepare


def loaded_after_removal(x: Value) -> Any:
    """What loads the pickle of a graph whose primitive was taken out of the table since."""
    twice = autograd.primitive("twice", lambda xp, x: 2 * x, [lambda xp, x, out: 2])
    pickled = pickle.dumps(twice(x))
    del PRIMITIVES["twice"]
    return pickle.loads(pickled)


def program_of_log(w: World) -> autograd.Program:
    return autograd.compile(w.x.log(), inputs=[w.x])


def program_of_root(w: World, number: float) -> autograd.Program:
    """A program in which the parameter is this number, and the Values are not yet."""
    program = autograd.compile(w.root, [w.below])
    program.parameters[0] = number
    return program


def branching(w: World) -> autograd.Program:
    return autograd.compile(lambda x: x[0] if x[0] > 0 else -x[0], inputs=[2.0])


def unrecorded(act: Callable[[], Any]) -> Any:
    with autograd.no_recording():
        return act()


def with_origins(act: Callable[[], Any]) -> Any:
    with autograd.recording_origins():
        return act()


CASES: list[Case] = [
    # ---- numbers that are none
    Case("a Value of a text", lambda w: Value("2"), TypeError, "a Value needs one real number; got str '2'"),
    Case("a Value of None", lambda w: Value(None), TypeError, "a Value needs one real number; got NoneType None"),
    Case(
        "a Value of a complex number",
        lambda w: Value(1 + 2j),
        TypeError,
        "a Value needs one real number; got complex (1+2j)",
    ),
    Case("a Value of a list", lambda w: Value([1.0]), TypeError, "a Value needs one real number; got list [1.0]"),
    Case(
        "a Value of a Value",
        lambda w: Value(w.x),
        TypeError,
        "a Value needs one real number; got Value x = 2  (grad 4.389)",
    ),
    Case(
        "a Value of an array of two",
        lambda w: Value(np.array([1.0, 2.0])),
        TypeError,
        "a Value needs one real number; got ndarray of shape (2,) array([1., 2.])",
    ),
    Case(
        "a Value of a whole number that no float holds",
        lambda w: Value(10**400),
        OverflowError,
        "a Value needs a number that a float can hold; got 100000000000000000...0000000000000000000",
    ),
    Case(
        "a Value of a whole number that Python prints not",
        lambda w: Value(-(10**5000)),
        OverflowError,
        "a Value needs a number that a float can hold; got a whole number of 16,610 bits",
    ),
    Case(
        "a Value of a decimal number that no float holds",
        lambda w: Value(Decimal("-1e400")),
        OverflowError,
        "a Value needs a number that a float can hold; got Decimal('-1E+400')",
    ),
    Case("a Value of an infinite decimal number", lambda w: Value(Decimal("-Infinity")).data, None, "-inf"),
    Case(
        "a Value of a duration",
        lambda w: Value(np.timedelta64(3, "ns")),
        TypeError,
        f"a Value needs one real number; got timedelta64 {np.timedelta64(3, 'ns')!r}",
    ),
    Case(
        "a Value of what is masked",
        lambda w: Value(np.ma.masked),
        TypeError,
        "a Value needs one real number; got MaskedConstant of shape () masked",
    ),
    Case(
        "a Value with children, as in micrograd",
        lambda w: Value(2.0, (w.x, w.w), "+"),
        TypeError,
        "Value(data, label) makes a leaf; a node is made by computing with Values, and a new operation "
        "by autograd.primitive(name, value, partials)",
    ),
    Case(
        "a Value with a label that is no text",
        lambda w: Value(2.0, label=3),
        TypeError,
        "a label is text, empty where there is none; got int 3",
    ),
    Case(
        "a label taken away by None",
        lambda w: setattr(w.y, "label", None),
        TypeError,
        "a label is text, empty where there is none; got NoneType None",
    ),
    Case(
        "a class of one's own from Value",
        lambda w: type("Mine", (Value,), {}),
        TypeError,
        "Value is final; add an operation with autograd.primitive(name, value, partials)",
    ),
    Case(
        "setting _backward",
        lambda w: setattr(w.y, "_backward", print),
        AttributeError,
        "_backward can't be set; add an operation with autograd.primitive(name, value, partials)",
    ),
    Case(
        "writing a text to a leaf",
        lambda w: setattr(w.x, "data", "3"),
        TypeError,
        "a Value needs one real number; got str '3'",
    ),
    Case(
        "writing a computed Value",
        lambda w: setattr(w.y, "data", 3.0),
        AttributeError,
        "data of a computed Value can't be written: y = 1.389  (w.inner + exp(x), grad 1); write leaves, "
        "then refresh()",
    ),
    Case(
        "writing a text to grad",
        lambda w: setattr(w.x, "grad", "0"),
        TypeError,
        "grad needs one real number; got str '0'",
    ),
    Case(
        "writing an attribute that is none",
        lambda w: setattr(w.x, "gradient", 0.0),
        AttributeError,
        "'Value' object has no attribute 'gradient'" + NO_DICT,
    ),
    # ---- operations
    Case("adding a text", lambda w: w.x + "1", TypeError, "unsupported operand type(s) for +: 'Value' and 'str'"),
    Case("adding None", lambda w: w.x + None, TypeError, "unsupported operand type(s) for +: 'Value' and 'NoneType'"),
    Case(
        "multiplying by a list",
        lambda w: w.x * [1.0, 2.0],
        TypeError,
        "can't multiply sequence by non-int of type 'Value'",
    ),
    Case(
        "a power modulo",
        lambda w: pow(w.x, 2, 3),
        TypeError,
        "Value.power() takes 2 positional arguments but 3 were given",
    ),
    Case(
        "a whole number that no float holds, added",
        lambda w: w.x + 10**400,
        OverflowError,
        "an operand needs a number that a float can hold; got 100000000000000000...0000000000000000000",
    ),
    Case(
        "a whole number that Python prints not, multiplied",
        lambda w: 10**5000 * w.x,
        OverflowError,
        "an operand needs a number that a float can hold; got a whole number of 16,610 bits",
    ),
    Case(
        "a duration, added",
        lambda w: w.x + np.timedelta64(3, "D"),
        TypeError,
        f"add needs one real number; got timedelta64 {np.timedelta64(3, 'D')!r}",
    ),
    Case(
        "the matrix product of two Values",
        lambda w: w.x @ w.w,
        TypeError,
        "unsupported operand type(s) for @: 'Value' and 'Value'",
    ),
    Case(
        "the maximum of a Value and a text",
        lambda w: w.x.maximum("1"),
        TypeError,
        "maximum needs one real number; got str '1'",
    ),
    Case(
        "a primitive with too few operands",
        lambda w: recorder(PRIMITIVES["power"])(),
        TypeError,
        "power takes 2 operands (x, y); got 0",
    ),
    Case(
        "a primitive with an operand that is no number",
        lambda w: recorder(PRIMITIVES["exp"])("2"),
        TypeError,
        "exp needs one real number; got str '2'",
    ),
    Case(
        "the sum of a Value",
        lambda w: autograd.sum(w.x),
        TypeError,
        "sum needs a sequence of operands; got one Value, x = 2  (grad 4.389)",
    ),
    Case("the sum of texts", lambda w: autograd.sum(["a"]), TypeError, "sum needs one real number; got str 'a'"),
    Case("the mean of nothing", lambda w: autograd.mean([]), ValueError, "mean needs at least one operand; got none"),
    Case(
        "the maximum of nothing",
        lambda w: autograd.maximum([]),
        ValueError,
        "maximum needs at least one operand; got none",
    ),
    Case(
        "the logsumexp of nothing",
        lambda w: autograd.logsumexp([]),
        ValueError,
        "logsumexp needs at least one operand; got none",
    ),
    Case(
        "the softmax of nothing",
        lambda w: autograd.softmax([]),
        ValueError,
        "softmax needs at least one operand; got none",
    ),
    Case(
        "a dot of two lengths",
        lambda w: autograd.dot([w.x], [1.0, 2.0]),
        ValueError,
        "dot needs two vectors of one length, at least 1; got 1 and 2",
    ),
    Case(
        "a dot of a list of lists",
        lambda w: autograd.dot([[w.x]], [[1.0]]),
        TypeError,
        "dot needs one real number; got list [x = 2  (grad 4.389)]",
    ),
    # ---- domains
    Case("the logarithm of zero", lambda w: w.zero.log(), DomainError, "log needs x > 0; got 0.0 (zero)"),
    Case("the logarithm of a negative number", lambda w: w.w.log(), DomainError, "log needs x > 0; got -3.0 (w)"),
    Case("log1p of -1", lambda w: Value(-1.0, "p").log1p(), DomainError, "log1p needs x > -1; got -1.0 (p)"),
    Case("the root of a negative number", lambda w: w.w.sqrt(), DomainError, "sqrt needs x >= 0; got -3.0 (w)"),
    Case("a division by zero", lambda w: w.x / 0, DomainError, "divide needs y != 0; got x = 2.0 (x), y = 0.0"),
    Case(
        "a division by a Value of zero",
        lambda w: w.x / w.zero,
        DomainError,
        "divide needs y != 0; got x = 2.0 (x), y = 0.0 (zero)",
    ),
    Case(
        "a number divided by a Value of zero",
        lambda w: 1 / w.zero,
        DomainError,
        "divide needs y != 0; got x = 1.0, y = 0.0 (zero)",
    ),
    Case(
        "a zero to a negative power",
        lambda w: w.zero**-1,
        DomainError,
        "power needs x != 0 for a negative exponent; got x = 0.0 (zero), y = -1.0",
    ),
    Case(
        "a negative base to a fraction",
        lambda w: w.w**0.5,
        DomainError,
        "power needs a whole exponent for a negative base; got x = -3.0 (w), y = 0.5",
    ),
    Case(
        "the logarithm of a number whose label has two lines",
        lambda w: Value(-1.0, "a\nb").log(),
        DomainError,
        "log needs x > 0; got -1.0 ('a\\nb')",
    ),
    # ---- numbers at the edge
    Case("the sum of NaN", lambda w: (w.nan + 1).data, None, "nan"),
    Case("the power 0 of NaN", lambda w: (w.nan**0).data, None, "1.0"),
    Case("infinity minus infinity", lambda w: (w.inf - w.inf).data, None, "nan"),
    Case("zero times infinity", lambda w: (w.zero * w.inf).data, None, "nan"),
    Case("exp of a huge number", lambda w: Value(1000.0).exp().data, None, "inf"),
    Case("exp of a very negative number", lambda w: Value(-1000.0).exp().data, None, "0.0"),
    Case("a product that overflows", lambda w: (Value(1e308) * 10).data, None, "inf"),
    Case("a product that is subnormal", lambda w: (Value(1e-308) * 1e-10).data, None, "1e-318"),
    Case("half of the smallest number", lambda w: (w.tiny / 2).data, None, "0.0"),
    Case("one divided by the smallest number", lambda w: (1 / w.tiny).data, None, "inf"),
    Case("the logarithm of the smallest number", lambda w: w.tiny.log().data, None, "-744.4400719213812"),
    Case("minus zero", lambda w: (-w.zero).data, None, "-0.0"),
    Case("the root of minus zero", lambda w: (-w.zero).sqrt().data, None, "-0.0"),
    Case("the sigmoid of minus infinity", lambda w: (-w.inf).sigmoid().data, None, "0.0"),
    Case("softplus of a huge number", lambda w: Value(1e300).softplus().data, None, "1e+300"),
    Case("logsumexp of huge numbers", lambda w: autograd.logsumexp([Value(1e308), Value(1e308)]).data, None, "1e+308"),
    Case("the sum of nothing", lambda w: autograd.sum([]).data, None, "0.0"),
    Case("the derivative of relu at zero", lambda w: autograd.grad(w.zero.relu(), w.zero).data, None, "0.0"),
    Case("the derivative of abs at zero", lambda w: autograd.grad(abs(w.zero), w.zero).data, None, "0.0"),
    Case("the derivative of the root at zero", lambda w: autograd.grad(w.zero.sqrt(), w.zero).data, None, "inf"),
    Case(
        "the derivative of exp where it overflows",
        lambda w: autograd.grad(Value(1000.0).exp() * w.x, w.x).data,
        None,
        "inf",
    ),
    Case("the derivative through NaN", lambda w: autograd.grad(w.nan * w.x, w.x).data, None, "nan"),
    Case("the slope of tanh far out", lambda w: autograd.grad((w.x * 1e300).tanh(), w.x).data, None, "0.0"),
    Case("a boolean as a number", lambda w: Value(True).data, None, "1.0"),
    Case("an array of one element as a number", lambda w: Value(np.array([[3]])).data, None, "3.0"),
    # ---- comparing, hashing, converting
    Case(
        "the truth of a Value",
        lambda w: bool(w.x),
        TypeError,
        "the truth of x = 2  (grad 4.389) is not defined; write v.data != 0, or v is not None",
    ),
    Case(
        "the float of a Value",
        lambda w: float(w.x),
        TypeError,
        "this conversion would leave the graph in silence: x = 2  (grad 4.389); write v.data for the "
        "number, and v.exp(), v.log(), v.sqrt() … or numpy's functions for functions of it",
    ),
    Case(
        "the int of a Value",
        lambda w: int(w.x),
        TypeError,
        "this conversion would leave the graph in silence: x = 2  (grad 4.389); write v.data for the "
        "number, and v.exp(), v.log(), v.sqrt() … or numpy's functions for functions of it",
    ),
    Case(
        "rounding a Value",
        lambda w: round(w.x),
        TypeError,
        "this conversion would leave the graph in silence: x = 2  (grad 4.389); write v.data for the "
        "number, and v.exp(), v.log(), v.sqrt() … or numpy's functions for functions of it",
    ),
    Case(
        "math.exp of a Value",
        lambda w: math.exp(w.x),
        TypeError,
        "this conversion would leave the graph in silence: x = 2  (grad 4.389); write v.data for the "
        "number, and v.exp(), v.log(), v.sqrt() … or numpy's functions for functions of it",
    ),
    Case(
        "an index that is a Value",
        lambda w: [1, 2, 3][w.x],
        TypeError,
        "list indices must be integers or slices, not Value",
    ),
    Case(
        "comparing with a text",
        lambda w: w.x < "1",
        TypeError,
        "'<' not supported between instances of 'Value' and 'str'",
    ),
    Case(
        "comparing with None",
        lambda w: w.x >= None,
        TypeError,
        "'>=' not supported between instances of 'Value' and 'NoneType'",
    ),
    Case("NaN compared with itself", lambda w: (w.nan < w.nan, w.nan >= w.nan), None, "(False, False)"),
    Case("equality with its number", lambda w: w.x == 2.0, None, "False"),
    Case(
        "a Value found by identity in a set",
        lambda w: (w.x in {w.x, w.w}, Value(2.0) in {w.x, w.w}),
        None,
        "(True, False)",
    ),
    Case("the maximum by Python of NaN and a number", lambda w: max(w.nan, w.x).label, None, "'nan'"),
    Case("a loop over a Value", lambda w: list(w.x), TypeError, "'Value' object is not iterable"),
    Case(
        "an unknown way to format",
        lambda w: f"{w.x:q}",
        ValueError,
        "Unknown format code 'q' for object of type 'float'",
    ),
    # ---- NumPy
    Case(
        "an array plus a Value of text",
        lambda w: np.array(["a"]) + w.x,
        TypeError,
        "add needs one real number; got str 'a'",
    ),
    Case(
        "a ufunc without a primitive",
        lambda w: np.arctan(w.x),
        TypeError,
        "np.arctan is not recorded; these are: np.absolute, np.add, np.cos, np.divide, np.exp, np.expm1, "
        "np.fabs, np.float_power, np.heaviside, np.log, np.log1p, np.maximum, np.minimum, np.multiply, "
        "np.negative, np.power, np.sign, np.sin, np.sqrt, np.subtract, np.tanh; v.data is the plain "
        "number",
    ),
    Case(
        "a reduction over Values", lambda w: np.add.reduce([w.x, w.w]), None, "Value = -1  (x + w, grad not computed)"
    ),
    Case(
        "a ufunc with a mask",
        lambda w: np.exp(w.x, where=False),
        TypeError,
        "np.exp with where is not recorded; these are: np.absolute, np.add, np.cos, np.divide, np.exp, "
        "np.expm1, np.fabs, np.float_power, np.heaviside, np.log, np.log1p, np.maximum, np.minimum, "
        "np.multiply, np.negative, np.power, np.sign, np.sin, np.sqrt, np.subtract, np.tanh; v.data is "
        "the plain number",
    ),
    Case(
        "an outer product",
        lambda w: np.multiply.outer(w.x, w.w),
        TypeError,
        "np.multiply.outer is not recorded; these are: np.absolute, np.add, np.cos, np.divide, np.exp, "
        "np.expm1, np.fabs, np.float_power, np.heaviside, np.log, np.log1p, np.maximum, np.minimum, "
        "np.multiply, np.negative, np.power, np.sign, np.sin, np.sqrt, np.subtract, np.tanh; v.data is "
        "the plain number",
    ),
    Case(
        "a float array that takes a Value",
        lambda w: np.zeros(2).__setitem__(0, w.x),
        TypeError,
        "this conversion would leave the graph in silence: x = 2  (grad 4.389); write v.data for the "
        "number, and v.exp(), v.log(), v.sqrt() … or numpy's functions for functions of it",
    ),
    Case(
        "an array of floats of Values",
        lambda w: np.array([w.x, w.w], dtype=float),
        TypeError,
        "this conversion would leave the graph in silence: x = 2  (grad 4.389); write v.data for the "
        "number, and v.exp(), v.log(), v.sqrt() … or numpy's functions for functions of it",
    ),
    Case("numpy's logarithm of zero", lambda w: np.log(w.zero), DomainError, "log needs x > 0; got 0.0 (zero)"),
    Case(
        "NumPy on the left, zero on the right",
        lambda w: np.float64(1) / w.zero,
        DomainError,
        "divide needs y != 0; got x = 1.0, y = 0.0 (zero)",
    ),
    Case(
        "an array on the left, zero on the right",
        lambda w: np.array([1.0, 2.0]) / w.zero,
        DomainError,
        "divide needs y != 0; got x = 1.0, y = 0.0 (zero)",
    ),
    Case(
        "an array into an output of floats",
        lambda w: np.multiply(w.x, np.ones(2), out=np.zeros(2)),
        TypeError,
        "an array of float64 can't hold Values: the result is an array of objects",
    ),
    Case("NumPy's number on the left", lambda w: (np.float64(2) * w.x).data, None, "4.0"),
    Case("an array on the left", lambda w: [v.data for v in np.array([1.0, 2.0]) * w.x], None, "[2.0, 4.0]"),
    Case("NumPy compares", lambda w: np.greater(w.x, np.array([1.0, 3.0])).tolist(), None, "[True, False]"),
    Case(
        "np.isnan of a Value",
        lambda w: np.isnan(w.nan),
        TypeError,
        "np.isnan is not recorded; these are: np.absolute, np.add, np.cos, np.divide, np.exp, np.expm1, "
        "np.fabs, np.float_power, np.heaviside, np.log, np.log1p, np.maximum, np.minimum, np.multiply, "
        "np.negative, np.power, np.sign, np.sin, np.sqrt, np.subtract, np.tanh; v.data is the plain "
        "number",
    ),
    # ---- derivatives
    Case(
        "backward of a graph that was written",
        lambda w: w.old.backward(),
        StaleGraph,
        "written was written (4.0) after this graph was recorded; call refresh() on the result to "
        "compute the graph again, or record it anew",
    ),
    Case(
        "the gradient of a graph that was written",
        lambda w: autograd.grad(w.old, w.written),
        StaleGraph,
        "written was written (4.0) after this graph was recorded; call refresh() on the result to "
        "compute the graph again, or record it anew",
    ),
    Case(
        "backward with a text as its seed",
        lambda w: w.y.backward("1"),
        TypeError,
        "the seed of backward needs one real number; got str '1'",
    ),
    Case(
        "backward with a Value as its seed",
        lambda w: w.y.backward(w.x),
        TypeError,
        "the seed of backward needs one real number; got Value x = 2  (grad 4.389)",
    ),
    Case(
        "refresh out of the domain",
        lambda w: w.old.refresh(),
        DomainError,
        "log needs x > 0; got 0.0 (written)",
        write(0.0),
    ),
    Case(
        "backward of a graph that was written out of the domain",
        lambda w: w.old.backward(),
        StaleGraph,
        "written was written (0.0) after this graph was recorded; call refresh() on the result to "
        "compute the graph again, or record it anew",
        write(0.0),
    ),
    Case(
        "backward of a graph that was written with NaN",
        lambda w: w.old.refresh().data,
        None,
        "nan",
        write(math.nan, refreshed=True),
    ),
    Case(
        "the gradient of a number",
        lambda w: autograd.grad(3.0, [w.x]),
        TypeError,
        "a derivative is taken of one Value (jacobian takes several); got float 3.0",
    ),
    Case(
        "the gradient for a number",
        lambda w: autograd.grad(w.y, [3.0]),
        TypeError,
        "a derivative is taken with respect to Values; got float 3.0",
    ),
    Case(
        "the gradient for one number that is alone",
        lambda w: autograd.grad(w.y, 3.0),
        TypeError,
        "a derivative is taken with respect to Values; got float 3.0",
    ),
    Case(
        "a direction that is too long",
        lambda w: autograd.jvp(w.y, [w.x], [1.0, 2.0]),
        ValueError,
        "a direction needs one number for each variable; got 2 for 1",
    ),
    Case(
        "a direction of texts",
        lambda w: autograd.jvp(w.y, [w.x], ["1"]),
        TypeError,
        "a direction needs one real number; got str '1'",
    ),
    Case(
        "jvp of a number",
        lambda w: autograd.jvp(2.0, [w.x], [1.0]),
        TypeError,
        "a derivative is taken of one Value (jacobian takes several); got float 2.0",
    ),
    Case(
        "a directional derivative that is too short",
        lambda w: autograd.directional_derivative(w.y, [w.x, w.w], [1.0]),
        ValueError,
        "a direction needs one number for each variable; got 1 for 2",
    ),
    Case(
        "the hessian of a number",
        lambda w: autograd.hessian(2.0, [w.x]),
        TypeError,
        "a derivative is taken of one Value (jacobian takes several); got float 2.0",
    ),
    Case(
        "the hessian for a Value alone",
        lambda w: autograd.hessian(w.y, w.x),
        TypeError,
        "a derivative is taken here with respect to a sequence of Values; got one Value, x = 2  (grad 4.389)",
    ),
    Case(
        "the jacobian of a Value alone",
        lambda w: autograd.jacobian(w.y, [w.x]),
        TypeError,
        "jacobian needs a sequence of Values to differentiate; got one Value, y = 1.389  (w.inner + exp(x), grad 1)",
    ),
    Case(
        "jvp of a graph that was written",
        lambda w: autograd.jvp(w.old, [w.written], [1.0]),
        StaleGraph,
        "written was written (4.0) after this graph was recorded; call refresh() on the result to "
        "compute the graph again, or record it anew",
    ),
    Case(
        "the hessian of a graph that was written",
        lambda w: autograd.hessian(w.old, [w.written]),
        StaleGraph,
        "written was written (4.0) after this graph was recorded; call refresh() on the result to "
        "compute the graph again, or record it anew",
    ),
    Case(
        "resetting a Value alone",
        lambda w: autograd.zero_grad(w.x),
        TypeError,
        "zero_grad needs a sequence of Values; got one Value, x = 2  (grad 4.389)",
    ),
    Case(
        "resetting a Value and a text",
        lambda w: autograd.zero_grad([w.x, "x"]),
        TypeError,
        "zero_grad needs Values; got str 'x'",
    ),
    Case(
        "resetting nothing",
        lambda w: autograd.zero_grad(None),
        TypeError,
        "zero_grad needs a sequence of Values; got NoneType None",
    ),
    Case(
        "depends of a number",
        lambda w: autograd.depends(w.y, 2.0),
        TypeError,
        "depends needs two Values; got float 2.0",
    ),
    Case(
        "the order of a number",
        lambda w: autograd.topological_order(2.0),
        TypeError,
        "topological_order needs a Value; got float 2.0",
    ),
    Case(
        "gradients checked of a number",
        lambda w: autograd.check_gradients(3.0, [w.x]),
        TypeError,
        "check_gradients needs a Value, or a function that gives one; got float 3.0",
    ),
    Case(
        "gradients checked for a number",
        lambda w: autograd.check_gradients(w.y, [1.0]),
        TypeError,
        "a derivative is taken with respect to Values; got float 1.0",
    ),
    Case(
        "gradients checked of a function that gives a number",
        lambda w: autograd.check_gradients(lambda x: 1.0, [2.0]),
        TypeError,
        "check_gradients needs a function that gives a Value; got float 1.0",
    ),
    Case(
        "gradients checked for no inputs",
        lambda w: autograd.check_gradients(w.y, []),
        ValueError,
        "check_gradients needs at least one variable; got none",
    ),
    Case(
        "gradients checked of a graph that was written",
        lambda w: autograd.check_gradients(w.old, [w.written]),
        StaleGraph,
        "written was written (4.0) after this graph was recorded; call refresh() on the result to "
        "compute the graph again, or record it anew",
    ),
    Case(
        "gradients checked outside the domain",
        lambda w: autograd.check_gradients(lambda x: x.log(), [-1.0]),
        DomainError,
        "log needs x > 0; got -1.0 (x)",
    ),
    Case("Ctrl-C during backward", lambda w: interrupted("cos", w.trap.backward), KeyboardInterrupt, ""),
    Case(
        "Ctrl-C during grad", lambda w: interrupted("cos", lambda: autograd.grad(w.trap, [w.x])), KeyboardInterrupt, ""
    ),
    Case("Ctrl-C during refresh", lambda w: interrupted("log", w.old.refresh), KeyboardInterrupt, ""),
    Case("Ctrl-C during recording", lambda w: interrupted("exp", w.x.exp), KeyboardInterrupt, ""),
    # ---- the compiler
    Case(
        "compiling a number",
        lambda w: autograd.compile(3.0),
        TypeError,
        "compile needs a root, or a sequence of roots; got float 3.0",
    ),
    Case("compiling nothing", lambda w: autograd.compile([]), ValueError, "compile needs a root; got none"),
    Case(
        "compiling with a parameter that is no Value",
        lambda w: autograd.compile(w.y, [2.0]),
        TypeError,
        "compile needs Values; got float 2.0",
    ),
    Case(
        "compiling with a parameter that is computed",
        lambda w: autograd.compile(w.y, [w.inner]),
        ValueError,
        "compile needs leaves as parameters and inputs; got the computed Value w.inner = -6  (x * w, grad 1)",
    ),
    Case(
        "compiling with the same parameter twice",
        lambda w: autograd.compile(w.y, [w.x, w.x]),
        ValueError,
        "compile needs each parameter and each input once; got x = 2  (grad 4.389) 2 times",
    ),
    Case(
        "compiling with a parameter that is not in the graph",
        lambda w: autograd.compile(w.y, [w.alone]),
        None,
        "Python program of 3 nodes: 16 lines on floats (program.source)",
    ),
    Case(
        "compiling with an input that is a parameter",
        lambda w: autograd.compile(w.y, [w.x], inputs=[w.x]),
        ValueError,
        "compile needs each parameter and each input once; got x = 2  (grad 4.389) 2 times",
    ),
    Case(
        "compiling for an unknown backend",
        lambda w: autograd.compile(w.y, backend="cuda"),
        ValueError,
        "compile knows the backends python and numpy; got 'cuda'",
    ),
    Case(
        "compiling for an unknown type",
        lambda w: autograd.compile(w.y, dtype=int),
        ValueError,
        "compile needs float64 or float32; got int64",
    ),
    Case(
        "compiling a graph that was written",
        lambda w: autograd.compile(w.old, [w.written]),
        None,
        "Python program of 2 nodes: 42 lines on floats (program.source)",
    ),
    Case(
        "running with inputs that it has not",
        lambda w: w.program.run([1.0]),
        ValueError,
        "a program compiled for inputs of shape (0,) got (1,)",
    ),
    Case(
        "running with too many inputs",
        lambda w: w.fed.run([1.0, 2.0]),
        ValueError,
        "a program compiled for inputs of shape (1,) got (2,)",
    ),
    Case(
        "running with texts",
        lambda w: w.fed.run(["a"]),
        ValueError,
        "a program needs inputs that are real numbers; got an array of <U1",
    ),
    Case(
        "running with what is masked",
        lambda w: w.fed.run(np.ma.MaskedArray([1.0], mask=[True])),
        ValueError,
        "a program needs every number of the inputs; got an array with masked ones",
    ),
    Case(
        "running with Values",
        lambda w: w.fed.run([w.x]),
        ValueError,
        "a program needs inputs that are real numbers; got an array of object",
    ),
    Case(
        "minimizing with no optimizer",
        lambda w: w.program.minimize("adam", 3),
        TypeError,
        "minimize needs an optimizer, such as nn.Adam(parameters); got 'adam'",
    ),
    Case(
        "minimizing with a class",
        lambda w: w.program.minimize(nn.Adam, 3),
        TypeError,
        "minimize needs an optimizer, such as nn.Adam(parameters); got <class 'nn.optimization.rules.Adam'>",
    ),
    Case(
        "minimizing less than no steps",
        lambda w: w.program.minimize(nn.SGD([w.x, w.w]), -1),
        ValueError,
        "minimize needs a number of steps, 0 or more; got -1",
    ),
    Case(
        "minimizing half a step",
        lambda w: w.program.minimize(nn.SGD([w.x, w.w]), 0.5),
        TypeError,
        "minimize needs a whole number of steps; got float 0.5",
    ),
    Case(
        "minimizing other parameters",
        lambda w: w.program.minimize(nn.SGD([w.x]), 1),
        ValueError,
        "minimize needs an optimizer of the parameters that compile was given, in their order; got [x = "
        "2  (grad 4.389)] for [x = 2  (grad 4.389), w = -3  (grad 2)]",
    ),
    Case(
        "Ctrl-C while minimizing",
        lambda w: w.program.minimize(nn.SGD([w.x, w.w], lr=interrupting), 3),
        KeyboardInterrupt,
        "",
    ),
    Case(
        "a program pickled",
        lambda w: pickle.dumps(w.program),
        TypeError,
        "a Program can't be copied or pickled; compile the graph again",
    ),
    Case(
        "a program copied",
        lambda w: copy.deepcopy(w.program),
        TypeError,
        "a Program can't be copied or pickled; compile the graph again",
    ),
    # ---- primitives of one's own
    Case(
        "a primitive whose name is taken",
        lambda w: autograd.primitive("exp", lambda xp, x: x, [lambda xp, x, out: 1]),
        ValueError,
        "there is a primitive 'exp' already; take another name, or, if that one is yours, take it out first: "
        "del autograd.PRIMITIVES['exp']",
    ),
    Case(
        "a primitive whose name is no name",
        lambda w: autograd.primitive("my exp", lambda xp, x: x, [lambda xp, x, out: 1]),
        ValueError,
        "a primitive needs a Python name, as Python spells it; got 'my exp'",
    ),
    Case(
        "a primitive without a partial",
        lambda w: autograd.primitive("mine", lambda xp, x: x, []),
        ValueError,
        "primitive mine: 1 operands and 0 partials (value takes xp, x, and each partial the same and out)",
    ),
    Case(
        "a primitive whose value does not take the namespace",
        lambda w: autograd.primitive("mine", lambda x: x * x, [lambda x, out: 2 * x]),
        ValueError,
        "primitive mine: 0 operands and 1 partials (value takes xp, the operands, and each partial the same and out)",
    ),
    Case(
        "a primitive that branches",
        lambda w: autograd.primitive("mine", lambda xp, x: xp.exp(x) if x > 0 else x, [lambda xp, x, out: 1]),
        ValueError,
        "primitive mine: a formula cannot be read in symbols: a formula can't branch on its operands; "
        "kinks go through xp.maximum, xp.heaviside, xp.sign (value takes xp, x, and each partial the "
        "same and out)",
    ),
    Case(
        "a primitive that uses math",
        lambda w: autograd.primitive("mine", lambda xp, x: math.exp(x), [lambda xp, x, out: out]),
        ValueError,
        "primitive mine: a formula cannot be read in symbols: must be real number, not Expression (value "
        "takes xp, x, and each partial the same and out)",
    ),
    Case(
        "a primitive of an unknown function",
        lambda w: autograd.primitive("mine", lambda xp, x: xp.gamma(x), [lambda xp, x, out: 1]),
        ValueError,
        "primitive mine: a formula cannot be read in symbols: a formula has no function 'gamma'; it has "
        "exp, log, log1p, expm1, sqrt, sin, cos, tanh, absolute, sign, divide, power, heaviside, "
        "maximum, minimum, equal, sum_over(term, xs), max_over(term, xs), min_over(term, xs) (value "
        "takes xp, x, and each partial the same and out)",
    ),
    Case(
        "a primitive that divides",
        lambda w: autograd.primitive("mine", lambda xp, x: 1 / x, [lambda xp, x, out: -out * out]),
        ValueError,
        "primitive mine: a formula cannot be read in symbols: xp.divide(x, y) has an answer for y = 0 in "
        "every namespace; x / y has not (value takes xp, x, and each partial the same and out)",
    ),
    Case(
        "a primitive with an unknown detail",
        lambda w: autograd.primitive("mine", lambda xp, x: x, [lambda xp, x, out: 1], colour="red"),
        TypeError,
        "Primitive.__init__() got an unexpected keyword argument 'colour'",
    ),
    Case(
        "a primitive whose partial has too few operands",
        lambda w: autograd.primitive("mine", lambda xp, x: x, [lambda xp: 1]),
        ValueError,
        "primitive mine: a formula cannot be read in symbols: <lambda>.<locals>.<lambda>() takes 1 "
        "positional argument but 3 were given (value takes xp, x, and each partial the same and out)",
    ),
    Case(
        "a primitive checked that is not in the table",
        lambda w: autograd.check_primitive("gamma"),
        TypeError,
        "a primitive is meant by its name, its row, or what autograd.primitive gave; got 'gamma'",
    ),
    Case(
        "a primitive checked that is none",
        lambda w: autograd.check_primitive(3),
        TypeError,
        "a primitive is meant by its name, its row, or what autograd.primitive gave; got 3",
    ),
    Case(
        "a primitive checked at points that don't fit",
        lambda w: autograd.check_primitive("exp", [(1.0, 2.0)]),
        ValueError,
        "check_primitive needs points of exp that are tuples (x); got (1.0, 2.0)",
    ),
    # ---- telling and drawing
    Case(
        "explaining a number",
        lambda w: autograd.explain(2.0, w.x),
        TypeError,
        "explain needs two Values, y and x; got float 2.0",
    ),
    Case(
        "explaining for a number",
        lambda w: autograd.explain(w.y, 2.0),
        TypeError,
        "explain needs two Values, y and x; got float 2.0",
    ),
    Case(
        "explaining in unknown detail",
        lambda w: autograd.explain(w.y, w.x, detail="some"),
        ValueError,
        "detail is 'named' or 'all'; got 'some'",
    ),
    Case(
        "explaining no paths",
        lambda w: autograd.explain(w.y, w.x, paths=0),
        ValueError,
        "paths is the number of paths to list, 1 or more; got 0",
    ),
    Case(
        "explaining half a path",
        lambda w: autograd.explain(w.y, w.x, paths=0.5),
        TypeError,
        "paths is a whole number of paths to list; got float 0.5",
    ),
    Case(
        "explaining with half a digit",
        lambda w: autograd.explain(w.y, w.x, precision=0.5),
        TypeError,
        "precision is a whole number of digits; got float 0.5",
    ),
    Case(
        "explaining a graph that was written",
        lambda w: str(autograd.explain(w.old, w.written)),
        StaleGraph,
        "written was written (4.0) after this graph was recorded; call refresh() on the result to "
        "compute the graph again, or record it anew",
    ),
    Case(
        "stepping through a number",
        lambda w: autograd.steps(2.0),
        TypeError,
        "steps plays the graph of one Value; got float 2.0",
    ),
    Case(
        "diagnosing a number",
        lambda w: autograd.diagnose(2.0),
        TypeError,
        "diagnose needs a Value, or several; got float 2.0",
    ),
    Case(
        "the text of a number",
        lambda w: autograd.text(2.0),
        TypeError,
        "the text of a Value can be told; got float 2.0",
    ),
    Case("drawing a number", lambda w: autograd.draw(2.0), TypeError, "draw needs a Value, or several; got float 2.0"),
    Case("drawing nothing", lambda w: autograd.draw([]), ValueError, "draw needs at least one Value; got none"),
    Case(
        "drawing in an unknown direction",
        lambda w: autograd.draw(w.y, direction="up"),
        ValueError,
        "direction is one of LR, RL, TB, BT; got 'up'",
    ),
    Case(
        "drawing with an unknown collapse",
        lambda w: autograd.draw(w.y, collapse="some"),
        ValueError,
        "collapse is one of auto, never, neuron, layer; got 'some'",
    ),
    Case(
        "drawing at most no nodes",
        lambda w: autograd.draw(w.y, max_nodes=0),
        ValueError,
        "max_nodes is a number of nodes, 1 or more; got 0",
    ),
    Case(
        "drawing with no digits",
        lambda w: autograd.draw(w.y, precision=0),
        ValueError,
        "precision is a number of significant digits, 1 or more; got 0",
    ),
    Case(
        "drawing a highlight of another graph",
        lambda w: autograd.draw(w.y, highlight=w.alone),
        ValueError,
        "highlight needs what is in the graph that is drawn; this is not: alone = 7  (grad not computed)",
    ),
    Case(
        "drawing an input that is no Value",
        lambda w: autograd.draw(w.y, inputs=[2.0]),
        TypeError,
        "the inputs of a graph are Values; got float 2.0",
    ),
    Case(
        "drawing a Value in two roles",
        lambda w: autograd.draw(w.y, inputs=[w.x], targets=[w.x]),
        ValueError,
        "a Value has one role; got input and target for x = 2  (grad 4.389)",
    ),
    Case(
        "drawing the passes of two Values",
        lambda w: autograd.draw_passes([w.x, w.y]),
        TypeError,
        "draw_passes draws the passes of one Value; got list [x = 2  (grad 4.389), y = 1.389  (w...xp(x), grad 1)]",
    ),
    Case(
        "a picture that is none",
        lambda w: rendering.save("digraph {}", w.path("picture.svg")),
        TypeError,
        "save needs a picture, such as draw(y); got str 'digraph {}'",
    ),
    Case(
        "a picture with an unknown ending",
        lambda w: rendering.save(autograd.draw(w.y), w.path("picture.jpg")),
        ValueError,
        "a picture is saved as a file that ends in .svg, .png, .pdf, .dot; got 'picture.jpg'",
    ),
    Case(
        "a picture in a missing folder",
        lambda w: rendering.save(autograd.draw(w.y), w.path("missing/picture.dot")),
        FileNotFoundError,
        "there is no folder 'FOLDER/missing' to save 'picture.dot' in: make it first",
    ),
    Case(
        "a picture to a number",
        lambda w: rendering.save(autograd.draw(w.y), 3),
        TypeError,
        "save needs a path, such as 'picture.svg'; got int 3",
    ),
    Case(
        "a picture on a full disk",
        lambda w: on_full_disk(lambda: rendering.save(autograd.draw(w.y), w.path("picture.dot"))),
        OSError,
        "[Errno 28] No space left on device: 'FOLDER/picture.dot'",
    ),
    Case(
        "a page of a number",
        lambda w: autograd.write_page(2.0, w.path("page.html")),
        TypeError,
        "a page shows the graph of one Value; got float 2.0",
    ),
    Case(
        "a page with an unknown ending",
        lambda w: autograd.write_page(w.y, w.path("page.txt")),
        ValueError,
        "a page is saved as a file that ends in .html; got 'page.txt'",
    ),
    Case(
        "a page in a missing folder",
        lambda w: autograd.write_page(w.y, w.path("missing/page.html")),
        FileNotFoundError,
        "there is no folder 'FOLDER/missing' to save 'page.html' in: make it first",
    ),
    Case(
        "a page with a rate of zero",
        lambda w: autograd.write_page(w.y, w.path("page.html"), lr=0),
        ValueError,
        "lr is a learning rate, a number above 0; got 0",
    ),
    Case(
        "a page with a rate that is NaN",
        lambda w: autograd.write_page(w.y, w.path("page.html"), lr=math.nan),
        ValueError,
        "lr is a learning rate, a number above 0; got nan",
    ),
    Case(
        "a page with 18 digits",
        lambda w: autograd.write_page(w.y, w.path("page.html"), precision=18),
        ValueError,
        "precision is a number of significant digits, 17 at most, which are all; got 18",
    ),
    Case(
        "a page of a graph that is too large",
        lambda w: autograd.write_page(w.y, w.path("page.html"), max_nodes=2),
        ValueError,
        "this graph has 5 nodes and 5 edges; a page has at most 2 nodes and 8 edges: draw a part of it (an "
        "inner Value), raise max_nodes, or compute it of fewer operands, such as fewer examples",
    ),
    Case(
        "a page on a full disk",
        lambda w: on_full_disk(lambda: autograd.write_page(w.y, w.path("page.html"))),
        OSError,
        "[Errno 28] No space left on device: 'FOLDER/page.html'",
    ),
    Case(
        "a page whose input is no leaf",
        lambda w: autograd.write_page(w.y, w.path("page.html"), inputs=[w.inner]),
        ValueError,
        "the inputs of a page are leaves of its graph; got [w.inner = -6  (x * w, grad 1)]",
    ),
    # ---- keeping graphs
    Case("JSON of a number", lambda w: autograd.to_json(2.0), TypeError, "to_json needs Values; got float 2.0"),
    Case("JSON of nothing", lambda w: autograd.to_json([]), ValueError, "to_json needs at least one Value; got none"),
    Case("a graph from a number", lambda w: autograd.from_json(3), TypeError, "from_json needs a text; got int 3"),
    Case(
        "a graph from no JSON",
        lambda w: autograd.from_json('{"format": '),
        GraphFileError,
        "the text can't be read as a graph: Expecting value: line 1 column 12 (char 11)",
    ),
    Case(
        "a graph from nothing",
        lambda w: autograd.from_json(""),
        GraphFileError,
        "the text can't be read as a graph: Expecting value: line 1 column 1 (char 0)",
    ),
    Case(
        "a graph from other JSON",
        lambda w: autograd.from_json("[]"),
        GraphFileError,
        'the text can\'t be read as a graph: it has not the format "cadena graph"',
    ),
    Case(
        "a graph that refers to a node after it",
        lambda w: autograd.from_json(autograd.to_json(w.y).replace("[0, 1]", "[0, 9]")),
        GraphFileError,
        "the text can't be read as a graph: node 2 needs as operands places of nodes before it, or "
        "numbers like [2.0]; got 9",
    ),
    Case(
        "a graph from too large a text",
        lambda w: autograd.from_json(autograd.to_json(w.y), max_bytes=10),
        GraphFileError,
        "the text can't be read as a graph: it has 462 characters, and max_bytes is 10",
    ),
    Case(
        "a graph with a limit that is a text",
        lambda w: autograd.from_json("{}", max_bytes="64 MiB"),
        TypeError,
        "from_json needs a number as max_bytes; got str '64 MiB'",
    ),
    Case(
        "a graph with a limit of NaN",
        lambda w: autograd.load_graph(w.path("graph.json"), max_bytes=math.nan),
        ValueError,
        "load_graph needs max_bytes of 0 or more; got nan",
    ),
    Case(
        "a graph from an unknown primitive",
        lambda w: autograd.from_json(autograd.to_json(w.y).replace('"exp"', '"gamma"')),
        GraphFileError,
        "the text can't be read as a graph: node 3 needs a primitive of the table; got 'gamma': one of "
        "its own is added with autograd.primitive before the graph is read",
    ),
    Case(
        "a graph of a number saved",
        lambda w: autograd.save_graph(2.0, w.path("graph.json")),
        TypeError,
        "save_graph needs Values; got float 2.0",
    ),
    Case(
        "a graph saved in a missing folder",
        lambda w: autograd.save_graph(w.y, w.path("missing/graph.json")),
        FileNotFoundError,
        "there is no folder 'FOLDER/missing' to save 'graph.json' in: make it first",
    ),
    Case(
        "a graph saved in place of a folder",
        lambda w: autograd.save_graph(w.y, str(w.folder)),
        FileExistsError,
        "'FOLDER' is there, and is no file that could be replaced",
    ),
    Case(
        "a graph saved to a number",
        lambda w: autograd.save_graph(w.y, 3),
        TypeError,
        "save_graph needs a path, such as 'graph.json'; got int 3",
    ),
    Case(
        "a graph saved on a full disk",
        lambda w: on_full_disk(lambda: autograd.save_graph(w.y, w.path("graph.json"))),
        OSError,
        "[Errno 28] No space left on device: 'FOLDER/graph.json'",
    ),
    Case(
        "a graph loaded from a missing file",
        lambda w: autograd.load_graph(w.path("missing.json")),
        FileNotFoundError,
        "[Errno 2] No such file or directory: 'FOLDER/missing.json'",
    ),
    Case(
        "a graph loaded from a folder",
        lambda w: autograd.load_graph(str(w.folder)),
        GraphFileError,
        "'FOLDER' can't be read as a graph: it is a folder, a device or a pipe",
    ),
    Case(
        "a graph loaded from another file",
        lambda w: autograd.load_graph(w.path("graph.json")),
        GraphFileError,
        "'FOLDER/graph.json' can't be read as a graph: it has not the format \"cadena graph\"",
    ),
    Case(
        "a pickle that is cut off",
        lambda w: pickle.loads(pickle.dumps(w.y)[:-20]),
        pickle.UnpicklingError,
        "pickle data was truncated",
    ),
    Case(
        "a pickle of a primitive that was taken out",
        lambda w: loaded_after_removal(w.x),
        LookupError,
        "the graph has the primitive 'twice': add it with autograd.primitive before it is read",
    ),
    Case("a NaN through a pickle", lambda w: pickle.loads(pickle.dumps(w.nan)).data, None, "nan"),
    Case("minus zero through JSON", lambda w: autograd.from_json(autograd.to_json(-w.zero)).data, None, "-0.0"),
    Case(
        "the smallest number through JSON", lambda w: autograd.from_json(autograd.to_json(w.tiny)).data, None, "5e-324"
    ),
    # ---- what could be half-done
    Case(
        "resetting a Value that is followed by None",
        lambda w: autograd.zero_grad([w.y, w.x, None]),
        TypeError,
        "zero_grad needs Values; got NoneType None",
    ),
    Case(
        "writing a whole number that no float holds",
        lambda w: setattr(w.x, "data", 10**400),
        OverflowError,
        "a Value needs a number that a float can hold; got 100000000000000000...0000000000000000000",
    ),
    Case(
        "a power of a whole number that no float holds",
        lambda w: (10**400) ** w.x,
        OverflowError,
        "an operand needs a number that a float can hold; got 100000000000000000...0000000000000000000",
    ),
    Case(
        "running a program out of the domain",
        lambda w: program_of_log(w).run([-1.0]),
        DomainError,
        "log needs x > 0; got -1.0 (x)",
    ),
    Case(
        "running a program that branches otherwise",
        lambda w: branching(w).run([-1.0]),
        BranchChanged,
        "the program was compiled where inputs[0] > 0 was True, and it is False for inputs[0] = -1.0; "
        "compile the function again for these data",
    ),
    Case(
        "compiling a function that detaches a Value",
        lambda w: autograd.compile(lambda x: x.detach() * x, inputs=2.0),
        RuntimeError,
        "detach() in a function that is compiled: a program would keep the example's number for all data; "
        "compute with the Value itself, or make the number an input",
    ),
    Case(
        "compiling a function that computes without recording",
        lambda w: autograd.compile(lambda x: unrecorded(lambda: x * x), inputs=2.0),
        RuntimeError,
        "no_recording() in a function that is compiled: a program would keep the example's number for all data; "
        "compute with the Value itself, or make the number an input",
    ),
    Case(
        "synchronizing a program whose parameter is out of the domain",
        lambda w: program_of_root(w, -1.0).sync(),
        DomainError,
        "log needs x > 0; got -2.0 (w.doubled)",
    ),
    Case(
        "refresh out of the domain behind what is in it",
        lambda w: w.root.refresh(),
        DomainError,
        "log needs x > 0; got -2.0 (w.doubled)",
        lambda w: setattr(w.below, "data", -1.0),
    ),
    Case(
        "an error while nothing is recorded",
        lambda w: unrecorded(w.zero.log),
        DomainError,
        "log needs x > 0; got 0.0 (zero)",
    ),
    Case(
        "an error while origins are recorded",
        lambda w: with_origins(w.zero.log),
        DomainError,
        "log needs x > 0; got 0.0 (zero)",
    ),
    Case(
        "Ctrl-C while explaining",
        lambda w: interrupted("cos", lambda: str(autograd.explain(w.trap, w.x))),
        KeyboardInterrupt,
        "",
    ),
    Case(
        "Ctrl-C while a graph is saved",
        lambda w: interrupted_in_writing(lambda: autograd.save_graph(w.y, w.path("graph.json"))),
        KeyboardInterrupt,
        "",
    ),
    Case(
        "Ctrl-C while a picture is saved",
        lambda w: interrupted_in_writing(lambda: rendering.save(autograd.draw(w.y), w.path("picture.dot"))),
        KeyboardInterrupt,
        "",
    ),
    Case(
        "Ctrl-C while a page is written",
        lambda w: interrupted_in_writing(lambda: autograd.write_page(w.y, w.path("page.html"))),
        KeyboardInterrupt,
        "",
    ),
    Case(
        "stepping back too far",
        lambda w: w.y.steps().back(0),
        ValueError,
        "back(n) moves by a whole number of steps, at least 1; got 0",
    ),
    Case(
        "the gradient of a graph with an infinite partial",
        lambda w: autograd.grad(w.zero.sqrt() * w.zero, w.zero).data,
        None,
        "nan",
    ),
    Case("a subnormal seed", lambda w: autograd.grad(w.tiny * w.tiny, w.tiny).data, None, "1e-323"),
    Case("the power 0 of 0", lambda w: (w.zero**0).data, None, "1.0"),
    Case("the exponent NaN of 1", lambda w: (Value(1.0) ** w.nan).data, None, "1.0"),
    Case("heaviside of NaN", lambda w: w.nan.heaviside(1.0).data, None, "nan"),
    Case("relu of NaN", lambda w: w.nan.relu().data, None, "nan"),
    Case("the maximum of NaN and a number", lambda w: w.nan.maximum(1.0).data, None, "nan"),
    Case("sigmoid of a huge negative number", lambda w: Value(-1e308).sigmoid().data, None, "0.0"),
    Case(
        "a copy of a stale graph",
        lambda w: copy.deepcopy(w.old).backward(),
        StaleGraph,
        "written was written (4.0) after this graph was recorded; call refresh() on the result to "
        "compute the graph again, or record it anew",
    ),
    Case(
        "a pickle of a stale graph",
        lambda w: pickle.loads(pickle.dumps(w.old)).backward(),
        StaleGraph,
        "written was written (4.0) after this graph was recorded; call refresh() on the result to "
        "compute the graph again, or record it anew",
    ),
    Case(
        "a float32 program of a number that float32 has not",
        lambda w: float(autograd.compile(w.x * 1e300, [w.x], dtype=np.float32).run()),
        None,
        "inf",
    ),
]
"""What autograd refuses, or answers with a number of IEEE's."""
