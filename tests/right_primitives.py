"""Primitives that are right, many of them near an edge: what `check_primitive` must never call wrong."""

from __future__ import annotations

from typing import Any

from autograd import Primitive

RIGHT: dict[str, Primitive] = {}


def add(name: str, *formulas: Any, **details: Any) -> None:
    RIGHT[name] = Primitive(name, *formulas, **details)


def sigmoid(xp: Any, x: Any) -> Any:
    return xp.divide(1, 1 + xp.exp(-x))


def softplus(xp: Any, x: Any) -> Any:
    return xp.maximum(x, 0) + xp.log1p(xp.exp(-xp.absolute(x)))


def clip(xp: Any, x: Any, least: float, largest: float) -> Any:
    return xp.minimum(xp.maximum(x, least), largest)


def gelu_argument(x: Any) -> Any:
    return 0.7978845608028654 * (x + 0.044715 * x * x * x)


def elu(xp: Any, x: Any) -> Any:
    return xp.maximum(x, 0) + xp.expm1(xp.minimum(x, 0))


def huber(xp: Any, x: Any, delta: float) -> Any:
    return 0.5 * xp.power(xp.minimum(xp.absolute(x), delta), 2) + delta * xp.maximum(xp.absolute(x) - delta, 0)


def smoothstep(xp: Any, x: Any) -> Any:
    return clip(xp, x, 0, 1) * clip(xp, x, 0, 1) * (3 - 2 * clip(xp, x, 0, 1))


def shifted_logsumexp(xp: Any, xs: Any) -> Any:
    largest = xp.max_over(lambda x: x, xs)
    return largest + xp.log(xp.sum_over(lambda x: xp.exp(x - largest), xs))


ALPHA, SCALE = 1.6732632423543772, 1.0507009873554805
"""Of selu."""

add("softplus_by_sigmoid", softplus, [lambda xp, x, out: sigmoid(xp, x)])
add("naive_softplus", lambda xp, x: xp.log(1 + xp.exp(x)), [lambda xp, x, out: xp.divide(xp.exp(x), 1 + xp.exp(x))])
add(
    "gelu",
    lambda xp, x: 0.5 * x * (1 + xp.tanh(gelu_argument(x))),
    [
        lambda xp, x, out: (
            0.5 * (1 + xp.tanh(gelu_argument(x)))
            + 0.5
            * x
            * (1 - xp.tanh(gelu_argument(x)) * xp.tanh(gelu_argument(x)))
            * 0.7978845608028654
            * (1 + 3 * 0.044715 * x * x)
        )
    ],
)
add("swish", lambda xp, x: x * sigmoid(xp, x), [lambda xp, x, out: sigmoid(xp, x) + out * (1 - sigmoid(xp, x))])
add(
    "swish_naive",
    lambda xp, x: xp.divide(x, 1 + xp.exp(-x)),
    [lambda xp, x, out: xp.divide(1 + xp.exp(-x) * (1 + x), (1 + xp.exp(-x)) * (1 + xp.exp(-x)))],
)
add(
    "mish",
    lambda xp, x: x * xp.tanh(softplus(xp, x)),
    [lambda xp, x, out: xp.tanh(softplus(xp, x)) + x * (1 - xp.power(xp.tanh(softplus(xp, x)), 2)) * sigmoid(xp, x)],
)
add(
    "mish_naive",
    lambda xp, x: x * xp.tanh(xp.log1p(xp.exp(x))),
    [
        lambda xp, x, out: (
            xp.tanh(xp.log1p(xp.exp(x))) + x * (1 - xp.power(xp.tanh(xp.log1p(xp.exp(x))), 2)) * sigmoid(xp, x)
        )
    ],
)
add(
    "elu",
    elu,
    [lambda xp, x, out: xp.heaviside(x, 0) + xp.exp(xp.minimum(x, 0)) * xp.heaviside(-x, 1)],
    branch=lambda xp, x: xp.sign(x),
    ties="slope 1 at 0",
)
add("elu_smooth", elu, [lambda xp, x, out: xp.exp(xp.minimum(x, 0))])
add(
    "selu",
    lambda xp, x: SCALE * (xp.maximum(x, 0) + ALPHA * xp.expm1(xp.minimum(x, 0))),
    [lambda xp, x, out: SCALE * (xp.heaviside(x, 0) + ALPHA * xp.exp(xp.minimum(x, 0)) * xp.heaviside(-x, 1))],
    branch=lambda xp, x: xp.sign(x),
    ties="left slope",
)
add(
    "selu_from_the_right",
    lambda xp, x: SCALE * (xp.maximum(x, 0) + ALPHA * xp.expm1(xp.minimum(x, 0))),
    [lambda xp, x, out: SCALE * (xp.heaviside(x, 1) + ALPHA * xp.exp(xp.minimum(x, 0)) * xp.heaviside(-x, 0))],
    branch=lambda xp, x: xp.heaviside(x, 0),
    ties="right slope",
)
add(
    "softsign",
    lambda xp, x: xp.divide(x, 1 + xp.absolute(x)),
    [lambda xp, x, out: xp.divide(1, (1 + xp.absolute(x)) * (1 + xp.absolute(x)))],
)
add(
    "softsign_declared",
    lambda xp, x: xp.divide(x, 1 + xp.absolute(x)),
    [lambda xp, x, out: xp.divide(1, xp.power(1 + xp.absolute(x), 2))],
    branch=lambda xp, x: xp.sign(x),
    ties="none",
)
add(
    "hard_sigmoid",
    lambda xp, x: clip(xp, x * 0.2 + 0.5, 0, 1),
    [lambda xp, x, out: 0.2 * xp.heaviside(x + 2.5, 0) * xp.heaviside(2.5 - x, 0)],
    branch=lambda xp, x: xp.sign(x + 2.5) + xp.sign(x - 2.5),
    ties="slope 0",
)
add(
    "hard_sigmoid_of_six",
    lambda xp, x: xp.divide(clip(xp, x + 3, 0, 6), 6),
    [lambda xp, x, out: xp.divide(xp.heaviside(x + 3, 0) * xp.heaviside(3 - x, 0), 6)],
    branch=lambda xp, x: xp.sign(x + 3) + xp.sign(x - 3),
    ties="slope 0",
)
add(
    "relu6",
    lambda xp, x: clip(xp, x, 0, 6),
    [lambda xp, x, out: xp.heaviside(x, 0) * xp.heaviside(6 - x, 0)],
    branch=lambda xp, x: xp.sign(x) + xp.sign(x - 6),
    ties="slope 0",
)
add(
    "hard_tanh_of_halves",
    lambda xp, x: clip(xp, x, -1, 1),
    [lambda xp, x, out: xp.heaviside(x + 1, 0.5) * xp.heaviside(1 - x, 0.5)],
    branch=lambda xp, x: xp.sign(x + 1) + xp.sign(x - 1),
    ties="half",
)
add(
    "huber",
    lambda xp, x: huber(xp, x, 1.5),
    [lambda xp, x, out: clip(xp, x, -1.5, 1.5)],
    branch=lambda xp, x: xp.sign(x - 1.5) + xp.sign(x + 1.5),
    ties="one slope",
)
add("huber_smooth", lambda xp, x: huber(xp, x, 1.5), [lambda xp, x, out: clip(xp, x, -1.5, 1.5)])
add("huber20", lambda xp, x: huber(xp, x, 20), [lambda xp, x, out: clip(xp, x, -20, 20)])
add(
    "logcosh",
    lambda xp, x: xp.absolute(x) + xp.log1p(xp.exp(-2 * xp.absolute(x))) - 0.6931471805599453,
    [lambda xp, x, out: xp.tanh(x)],
)
add("logcosh_naive", lambda xp, x: xp.log(0.5 * (xp.exp(x) + xp.exp(-x))), [lambda xp, x, out: xp.tanh(x)])
add("smoothstep", smoothstep, [lambda xp, x, out: 6 * clip(xp, x, 0, 1) * (1 - clip(xp, x, 0, 1))])
add(
    "smoothstep_declared",
    smoothstep,
    [lambda xp, x, out: 6 * clip(xp, x, 0, 1) * (1 - clip(xp, x, 0, 1))],
    branch=lambda xp, x: xp.sign(x) + xp.sign(x - 1),
    ties="slope 0",
)
add("xlogx", lambda xp, x: x * xp.log(x), [lambda xp, x, out: xp.log(x) + 1], domain=[("x > 0", lambda xp, x: x <= 0)])
add(
    "logit",
    lambda xp, x: xp.log(x) - xp.log1p(-x),
    [lambda xp, x, out: xp.divide(1, x * (1 - x))],
    domain=[("x > 0", lambda xp, x: x <= 0), ("x < 1", lambda xp, x: x >= 1)],
)
add(
    "logit2",
    lambda xp, x: xp.log(xp.divide(x, 1 - x)),
    [lambda xp, x, out: xp.divide(1, x) + xp.divide(1, 1 - x)],
    domain=[("x > 0", lambda xp, x: x <= 0), ("x < 1", lambda xp, x: x >= 1)],
)
add(
    "entropy",
    lambda xp, x: -x * xp.log(x) - (1 - x) * xp.log1p(-x),
    [lambda xp, x, out: xp.log1p(-x) - xp.log(x)],
    domain=[("x > 0", lambda xp, x: x <= 0), ("x < 1", lambda xp, x: x >= 1)],
)
add(
    "hypot",
    lambda xp, x, y: xp.sqrt(x * x + y * y),
    [lambda xp, x, y, out: xp.divide(x, out), lambda xp, x, y, out: xp.divide(y, out)],
    domain=[("not both 0", lambda xp, x, y: (x <= 0) & (x >= 0) & (y <= 0) & (y >= 0))],
)
add("powshift", lambda xp, x: xp.power(x - 4, 3), [lambda xp, x, out: 3 * xp.power(x - 4, 2)])
add(
    "powshift_half",
    lambda xp, x: xp.power(x - 4, 1.5),
    [lambda xp, x, out: 1.5 * xp.power(x - 4, 0.5)],
    domain=[("x >= 4", lambda xp, x: x < 4)],
)
add(
    "cbrtshift",
    lambda xp, x: xp.power(x + 20, 0.25),
    [lambda xp, x, out: 0.25 * xp.power(x + 20, -0.75)],
    domain=[("x > -20", lambda xp, x: x <= -20)],
)
add(
    "rational",
    lambda xp, x: xp.divide(x + 1, (x - 2) * (x + 3)),
    [
        lambda xp, x, out: (
            xp.divide(1, (x - 2) * (x + 3)) - xp.divide((x + 1) * (2 * x + 1), (x - 2) * (x - 2) * (x + 3) * (x + 3))
        )
    ],
    domain=[("x != 2", lambda xp, x: (x <= 2) & (x >= 2)), ("x != -3", lambda xp, x: (x <= -3) & (x >= -3))],
)
add("rational2", lambda xp, x: xp.divide(1, x * x - 2), [lambda xp, x, out: -2 * x * out * out])
add(
    "rational3",
    lambda xp, x: xp.divide(x * x, 1 + x * x),
    [lambda xp, x, out: xp.divide(2 * x, (1 + x * x) * (1 + x * x))],
)
add(
    "pole037",
    lambda xp, x: xp.divide(1, x - 0.37),
    [lambda xp, x, out: -out * out],
    domain=[("x != 0.37", lambda xp, x: (x <= 0.37) & (x >= 0.37))],
)
add("sumsq", lambda xp, xs: xp.sum_over(lambda x: x * x, xs), [lambda xp, x, out: 2 * x], n_ary=True)
add(
    "norm1",
    lambda xp, xs: xp.sum_over(lambda x: xp.absolute(x - 2), xs),
    [lambda xp, x, out: xp.sign(x - 2)],
    n_ary=True,
    branch=lambda xp, x, out: xp.sign(x - 2),
    ties="0",
)
add(
    "softabs",
    lambda xp, xs: xp.sqrt(1 + xp.sum_over(lambda x: x * x, xs)),
    [lambda xp, x, out: xp.divide(x, out)],
    n_ary=True,
)
add(
    "wsum",
    lambda xp, ws, xs: xp.sum_over(lambda w, x: w * x * x, ws, xs),
    [lambda xp, w, x, out: x * x, lambda xp, w, x, out: 2 * w * x],
    n_ary=True,
)
add(
    "sqdist",
    lambda xp, ws, xs: xp.sum_over(lambda w, x: (w - x) * (w - x), ws, xs),
    [lambda xp, w, x, out: 2 * (w - x), lambda xp, w, x, out: 2 * (x - w)],
    n_ary=True,
)
add(
    "naive_logsumexp",
    lambda xp, xs: xp.log(xp.sum_over(xp.exp, xs)),
    [lambda xp, x, out: xp.exp(x - out)],
    n_ary=True,
)
add("shifted_logsumexp", shifted_logsumexp, [lambda xp, x, out: xp.exp(x - out)], n_ary=True)
add(
    "largest",
    lambda xp, xs: xp.max_over(lambda x: x, xs),
    [lambda xp, x, out: xp.equal(x, out)],
    branch=lambda xp, x, out: xp.equal(x, out),
    ties="first",
    n_ary=True,
    selects=True,
)
add(
    "max2",
    lambda xp, x, y: xp.maximum(x, y),
    [lambda xp, x, y, out: xp.heaviside(x - y, 0.5), lambda xp, x, y, out: xp.heaviside(y - x, 0.5)],
    branch=lambda xp, x, y: xp.sign(x - y),
    ties="half each",
)
add(
    "gauss",
    lambda xp, x, m, s: xp.exp(-0.5 * xp.power(xp.divide(x - m, s), 2)),
    [
        lambda xp, x, m, s, out: -out * xp.divide(x - m, s * s),
        lambda xp, x, m, s, out: out * xp.divide(x - m, s * s),
        lambda xp, x, m, s, out: out * xp.divide((x - m) * (x - m), s * s * s),
    ],
    domain=[("s > 0", lambda xp, x, m, s: s <= 0)],
)
add("gaussian", lambda xp, x: xp.exp(-x * x), [lambda xp, x, out: -2 * x * out])
add(
    "asinh",
    lambda xp, x: xp.sign(x) * xp.log(xp.absolute(x) + xp.sqrt(x * x + 1)),
    [lambda xp, x, out: xp.divide(1, xp.sqrt(x * x + 1))],
)
add("sinh", lambda xp, x: 0.5 * (xp.exp(x) - xp.exp(-x)), [lambda xp, x, out: 0.5 * (xp.exp(x) + xp.exp(-x))])
add(
    "tanh_naive",
    lambda xp, x: xp.divide(xp.exp(x) - xp.exp(-x), xp.exp(x) + xp.exp(-x)),
    [lambda xp, x, out: 1 - out * out],
)
add("tan", lambda xp, x: xp.divide(xp.sin(x), xp.cos(x)), [lambda xp, x, out: 1 + out * out])
add("signedsq", lambda xp, x: x * xp.absolute(x), [lambda xp, x, out: 2 * xp.absolute(x)])
add(
    "pinball",
    lambda xp, y, q, t: xp.maximum(t * (y - q), (t - 1) * (y - q)),
    [
        lambda xp, y, q, t, out: t - xp.heaviside(q - y, 0),
        lambda xp, y, q, t, out: xp.heaviside(q - y, 0) - t,
        lambda xp, y, q, t, out: y - q,
    ],
    branch=lambda xp, y, q, t: xp.sign(y - q),
    ties="slope t at y=q",
)
add("poly", lambda xp, x: x * x * x - 6 * x * x + 11 * x - 6, [lambda xp, x, out: 3 * x * x - 12 * x + 11])
add("polyfar", lambda xp, x: x * x * x - 90 * x * x + 2700 * x - 27000, [lambda xp, x, out: 3 * x * x - 180 * x + 2700])
add(
    "logx5",
    lambda xp, x: xp.log(x + 5),
    [lambda xp, x, out: xp.divide(1, x + 5)],
    domain=[("x > -5", lambda xp, x: x <= -5)],
)
add(
    "logx100",
    lambda xp, x: xp.log(x + 100),
    [lambda xp, x, out: xp.divide(1, x + 100)],
    domain=[("x > -100", lambda xp, x: x <= -100)],
)
add(
    "sqrt50",
    lambda xp, x: xp.sqrt(50 - x),
    [lambda xp, x, out: xp.divide(-0.5, out)],
    domain=[("x <= 50", lambda xp, x: x > 50)],
)
add(
    "step10",
    lambda xp, x: xp.heaviside(x - 10, 0.5),
    [lambda xp, x, out: 0],
    branch=lambda xp, x: xp.sign(x - 10),
    ties="half at 10",
)
add("steephill", lambda xp, x: xp.tanh(1000 * (x - 7)), [lambda xp, x, out: 1000 * (1 - out * out)])
add("fastsin", lambda xp, x: xp.sin(30 * x), [lambda xp, x, out: 30 * xp.cos(30 * x)])
add(
    "acosh",
    lambda xp, x: xp.log(x + xp.sqrt(x * x - 1)),
    [lambda xp, x, out: xp.divide(1, xp.sqrt(x * x - 1))],
    domain=[("x > 1", lambda xp, x: x <= 1)],
)
add(
    "atanh",
    lambda xp, x: 0.5 * (xp.log1p(x) - xp.log1p(-x)),
    [lambda xp, x, out: xp.divide(1, 1 - x * x)],
    domain=[("x > -1", lambda xp, x: x <= -1), ("x < 1", lambda xp, x: x >= 1)],
)
add(
    "soft_threshold",
    lambda xp, x, t: xp.sign(x) * xp.maximum(xp.absolute(x) - t, 0),
    [
        lambda xp, x, t, out: xp.heaviside(xp.absolute(x) - t, 0),
        lambda xp, x, t, out: -xp.sign(x) * xp.heaviside(xp.absolute(x) - t, 0),
    ],
    domain=[("t > 0", lambda xp, x, t: t <= 0)],
    branch=lambda xp, x, t: xp.sign(xp.absolute(x) - t),
    ties="0 at |x| = t",
)
add(
    "hinge",
    lambda xp, y, s: xp.maximum(1 - y * s, 0),
    [lambda xp, y, s, out: -s * xp.heaviside(1 - y * s, 0), lambda xp, y, s, out: -y * xp.heaviside(1 - y * s, 0)],
    branch=lambda xp, y, s: xp.sign(1 - y * s),
    ties="0",
)
add(
    "bce",
    lambda xp, p, y: -(y * xp.log(p) + (1 - y) * xp.log1p(-p)),
    [lambda xp, p, y, out: xp.divide(1 - y, 1 - p) - xp.divide(y, p), lambda xp, p, y, out: xp.log1p(-p) - xp.log(p)],
    domain=[("p > 0", lambda xp, p, y: p <= 0), ("p < 1", lambda xp, p, y: p >= 1)],
)
add(
    "bcelogits",
    lambda xp, z, y: softplus(xp, z) - y * z,
    [lambda xp, z, y, out: sigmoid(xp, z) - y, lambda xp, z, y, out: -z],
)
add(
    "elu_shift",
    lambda xp, x: xp.maximum(x - 8, 0) + xp.expm1(xp.minimum(x - 8, 0)),
    [lambda xp, x, out: xp.exp(xp.minimum(x - 8, 0))],
)
add(
    "sqrtabs",
    lambda xp, x: xp.sqrt(xp.absolute(x)),
    [lambda xp, x, out: xp.divide(0.5 * xp.sign(x), out)],
    branch=lambda xp, x: xp.sign(x),
    ties="no slope at 0",
    domain=[("x != 0", lambda xp, x: (x <= 0) & (x >= 0))],
)
add(
    "harmonic",
    lambda xp, x, y: xp.divide(2 * x * y, x + y),
    [
        lambda xp, x, y, out: xp.divide(2 * y * y, (x + y) * (x + y)),
        lambda xp, x, y, out: xp.divide(2 * x * x, (x + y) * (x + y)),
    ],
    domain=[("x > 0", lambda xp, x, y: x <= 0), ("y > 0", lambda xp, x, y: y <= 0)],
)
add("log_of_exp", lambda xp, x: 600 + xp.log(xp.exp(x)), [lambda xp, x, out: 1])
add(
    "planck",
    lambda xp, x: xp.divide(x, xp.exp(x) - 1),
    [lambda xp, x, out: xp.divide(1 - out * xp.exp(x), xp.exp(x) - 1)],
    domain=[("x > 0", lambda xp, x: x <= 0)],
)
add(
    "ramp_whose_tie_no_float_hits",
    lambda xp, x: 50 * xp.power(xp.maximum(0.1 * x + 0.3, 0), 2),
    [lambda xp, x, out: 10 * xp.maximum(0.1 * x + 0.3, 0)],
)
add("logistic_loss", lambda xp, x: xp.log1p(xp.exp(-x)), [lambda xp, x, out: sigmoid(xp, x) - 1])
