"""cadena: a scalar autograd engine that shows its work.

Reading order: `primitives` (every derivative, once) and `value` (recording and backward) are the heart. Below them are
`namespaces`, `symbolic`, `coercion`, `notation`, `arrays`, `eager`; above them `functions`, `derivatives`,
`evaluation`, `checking`, `drawing`, `rendering`.
"""

from autograd.checking import GradientCheck, check_gradients
from autograd.derivatives import directional_derivative, grad, hessian, jacobian, jvp
from autograd.drawing import draw
from autograd.functions import dot, logsumexp, maximum, mean, minimum, primitive, softmax
from autograd.functions import sum as sum  # not in __all__: a star import must not replace Python's own
from autograd.primitives import PRIMITIVES, DomainError, Primitive
from autograd.value import StaleGraph, Value, depends, no_recording, topological_order, zero_grad

__all__ = [
    "PRIMITIVES",
    "DomainError",
    "GradientCheck",
    "Primitive",
    "StaleGraph",
    "Value",
    "check_gradients",
    "depends",
    "directional_derivative",
    "dot",
    "draw",
    "grad",
    "hessian",
    "jacobian",
    "jvp",
    "logsumexp",
    "maximum",
    "mean",
    "minimum",
    "no_recording",
    "primitive",
    "softmax",
    "topological_order",
    "zero_grad",
]
