"""Narrow graphs as straight-line Python over local floats: forward and reverse, without any object."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from types import FunctionType
from typing import Any, TypeAlias

from autograd.compiler.descent import Descent
from autograd.compiler.functions import functions
from autograd.compiler.inlining import FAST, SAFE
from autograd.compiler.recorded import Recorded
from autograd.compiler.rules import ScalarRule
from autograd.namespaces import FUNCTIONS, Floats
from autograd.primitives import DomainError, require_domain
from autograd.value import Value

Numbers: TypeAlias = "tuple[float, ...]"

LONGEST = 1000
"""Operands in one function."""

HEADER = """\
import math
from functools import reduce
from operator import add

inf = INF = math.inf
nan = NAN = math.nan
"""

HELPERS = {
    "absolute": "absolute = math.fabs\n",
    "tanh": "tanh = math.tanh\n",
    "sum_of": "def sum_of(terms):\n    return reduce(add, terms)\n",
    "max_of": "def max_of(terms):\n    return reduce(maximum, terms)\n",
    "min_of": "def min_of(terms):\n    return reduce(minimum, terms)\n",
    "outside": (
        "def outside(node, numbers):\n"
        '    raise ArithmeticError(f"node {node} got numbers outside its domain: {numbers}")\n'
    ),
}
"""What a program needs to be executed by itself, beside the functions of the float namespace."""


class Straight:
    """A recorded graph as a program of straight-line Python.

    The parameters and inputs of a run are plain floats, as many as the graph has. A run raises the DomainError of the
    eager engine, and others can follow it. Leaves that are neither keep the data that they had when this was made.
    """

    def __init__(self, graph: Recorded, longest: int = LONGEST) -> None:
        fed = {*graph.parameters, *graph.inputs}
        self._graph = graph
        self._literals = {leaf: repr(leaf.data) for leaf in graph.leaves if leaf not in fed}
        self._longest = longest
        self._outside = partial(_require_domain, graph.inner)
        self._fast = self._compiled(fast=True)
        self._safe: dict[str, Any] = {}

    def run(self, parameters: Sequence[float], inputs: Sequence[float]) -> tuple[Numbers, Numbers]:
        """The values of the roots, and the gradient of their sum: one number for each parameter, in order."""
        try:
            return self._fast["run"](parameters, inputs)  # type: ignore[no-any-return]
        except (ArithmeticError, ValueError) as error:
            return self._again(error)["run"](parameters, inputs)  # type: ignore[no-any-return]

    def forward(self, parameters: Sequence[float], inputs: Sequence[float]) -> Numbers:
        """The values of the roots."""
        try:
            return self._fast["forward"](parameters, inputs)  # type: ignore[no-any-return]
        except (ArithmeticError, ValueError) as error:
            return self._again(error)["forward"](parameters, inputs)  # type: ignore[no-any-return]

    def descent(self, rule: ScalarRule) -> Descent:
        """The loop that minimizes the root by the rule of an optimizer."""
        return Descent(self._graph, self._literals, rule, self._outside)

    @property
    def source(self) -> str:
        """The program as the text of a module with `run(p, x)` and `forward(p, x)`, which needs nothing else.

        It is written anew when asked for. What runs is this text with operators in place of `divide`, `maximum` …
        """
        texts = sorted(self._texts(fast=False), key=_order)
        return "\n\n".join([HEADER, *_helpers(texts), *texts])

    def _again(self, error: Exception) -> dict[str, Any]:
        """The program that gives infinity or NaN where the fast one raised."""
        if isinstance(error, DomainError):
            raise error
        self._safe = self._safe or self._compiled(fast=False)
        return self._safe

    def _texts(self, fast: bool) -> Iterator[str]:
        return functions(self._graph, self._literals, self._longest, fast)

    def _compiled(self, fast: bool) -> dict[str, Any]:
        scope = {**(FAST if fast else SAFE), "outside": self._outside}
        parts: dict[str, Any] = {}
        for text in self._texts(fast):
            exec(compile(text, "<autograd: straight>", "exec"), scope, parts)
        called = {name: parts.pop(name) for name in ("run", "forward")}
        # they call the others, which know nobody: no circle, so that all go with the program
        names = {**scope, **parts}
        return {name: FunctionType(function.__code__, names) for name, function in called.items()}


def _require_domain(inner: Sequence[Value], place: int, data: Sequence[float]) -> None:
    node = inner[place]
    labels = [operand.label if type(operand) is Value else "" for operand in node.operands]
    require_domain(node.primitive, data, labels)  # type: ignore[arg-type]


def _order(text: str) -> int:
    """Values before adjoints before the functions that call the others."""
    return next((place for place, kind in enumerate(("def forward_", "def reverse_")) if text.startswith(kind)), 2)


def _helpers(texts: Iterable[str]) -> Iterator[str]:
    """The definitions of the functions that the texts call."""
    called = {name for text in texts for name in re.findall(r"\b([a-z_][a-z_0-9]*)\(", text)}
    called |= {extreme for extreme in ("maximum", "minimum") if f"{extreme[:3]}_of" in called}
    for function in sorted(called & {*FUNCTIONS, *HELPERS}):
        yield HELPERS.get(function) or _definition(function)


def _definition(function: str) -> str:
    """The text of a function of the float namespace."""
    return textwrap.dedent(inspect.getsource(getattr(Floats, function))).removeprefix("@staticmethod\n")
