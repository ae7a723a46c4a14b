"""cadena: a scalar autograd engine that shows its work.

Reading order: `primitives` (every derivative, once) and `value` (recording and backward) are the heart. Below them are
`namespaces`, `symbolic`, `coercion`, `arrays`, `callers`, `eager`, `recording`; above them `functions`, `derivatives`,
`evaluation`, `checking`. What tells of graphs: the packages `notation`, `explanation`, `stepping`, `diagnosis`, and
`drawing`, `rendering`, `display`, `page`. The package `archive` saves and pickles them, `compiler` makes programs.
For tests: the packages `contracts`, what every primitive keeps, and `strategies`, graphs that hypothesis generates.
"""

from autograd import display as display  # it gives Values their repr and the displays of notebooks
from autograd.archive import GraphFileError, from_json, load_graph, save_graph, to_json
from autograd.checking import GradientCheck, check_gradients
from autograd.compiler.compilation import compile as compile  # not in __all__, for the same reason as `sum` below
from autograd.compiler.guards import BranchChanged
from autograd.compiler.program import Program
from autograd.contracts.checking import PrimitiveCheck, check_primitive
from autograd.derivatives import directional_derivative, grad, hessian, jacobian, jvp
from autograd.diagnosis.doctor import Diagnosis, diagnose
from autograd.drawing.flows import draw_passes
from autograd.drawing.graphs import draw
from autograd.drawing.mermaid import to_mermaid
from autograd.explanation.chain_rule import Explanation, explain
from autograd.functions import dot, logsumexp, maximum, mean, minimum, primitive, softmax
from autograd.functions import sum as sum  # not in __all__: a star import must not replace Python's own
from autograd.notation.assignments import Assignments, assignments
from autograd.notation.graphs import float_functions, latex, python_text, text
from autograd.page.showing import show_page
from autograd.page.writing import write_page
from autograd.primitives import PRIMITIVES, DomainError, Primitive
from autograd.recording import Origin, no_recording, origin_of, recording_origins
from autograd.stepping.stepper import Stepper, steps
from autograd.value import StaleGraph, Value, depends, topological_order, zero_grad

__all__ = [
    "PRIMITIVES",
    "Assignments",
    "BranchChanged",
    "Diagnosis",
    "DomainError",
    "Explanation",
    "GradientCheck",
    "GraphFileError",
    "Origin",
    "Primitive",
    "PrimitiveCheck",
    "Program",
    "StaleGraph",
    "Stepper",
    "Value",
    "assignments",
    "check_gradients",
    "check_primitive",
    "depends",
    "diagnose",
    "directional_derivative",
    "dot",
    "draw",
    "draw_passes",
    "explain",
    "float_functions",
    "from_json",
    "grad",
    "hessian",
    "jacobian",
    "jvp",
    "latex",
    "load_graph",
    "logsumexp",
    "maximum",
    "mean",
    "minimum",
    "no_recording",
    "origin_of",
    "primitive",
    "python_text",
    "recording_origins",
    "save_graph",
    "show_page",
    "softmax",
    "steps",
    "text",
    "to_json",
    "to_mermaid",
    "topological_order",
    "write_page",
    "zero_grad",
]
