"""Formulas of the table as statements of NumPy: each operation is one call that computes into an array.

Law of this file: what is lowered is the expression of the table, folded. A part that occurs twice is computed once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from autograd.compiler.code import Array, Code
from autograd.compiler.folding import simplified
from autograd.symbolic import TERMS, Expression, names_in

UFUNCS = {
    "+": "add",
    "-": "subtract",
    "*": "multiply",
    "%": "remainder",
    "&": "logical_and",
    "<": "less",
    "<=": "less_equal",
    ">": "greater",
    ">=": "greater_equal",
    "==": "equal",
    "divide": "divide",
}
"""What is called otherwise in NumPy, or is an operator."""

NO_POSITION = ("maximum", "minimum")
"""Functions of NumPy to which the result has to be given by name."""

CONDITIONS = ("<", "<=", ">", ">=", "&")

REDUCTIONS = {"sum_of": "add", "max_of": "maximum", "min_of": "minimum"}


class Lowering:
    """Computes expressions over named arrays. `axis` is that of the vectors, where there are any."""

    def __init__(self, code: Code, arrays: Mapping[str, Array], axis: int = 0) -> None:
        self.code = code
        self.arrays = arrays
        self.axis = axis
        self.known: dict[str, Array] = {}
        self.kept: set[str] = set()
        self.counts: Counter[str] = Counter()

    def knows(self, expression: Any, array: Array) -> None:
        """An expression that was computed before."""
        if isinstance(expression, Expression):
            self.known[spelled(expression).key] = array
            self.kept.add(array.name)

    def forget(self, waiting: Iterable[Any]) -> None:
        """What is in no kept array, and no part of what waits to be computed: its arrays are free."""
        needed = {key for expression in waiting for key in self._looked_up(expression)}
        self.known = {key: array for key, array in self.known.items() if key in needed or array.name in self.kept}
        self.code.release({*self.kept, *(array.name for array in self.known.values())})

    def _looked_up(self, expression: Any) -> Iterator[str]:
        """The keys of an expression down to those that kept arrays have."""
        if not isinstance(expression, Expression):
            return
        yield expression.key
        known = self.known.get(expression.key)
        if expression.operation not in TERMS and (known is None or known.name not in self.kept):
            for argument in expression.arguments:
                yield from self._looked_up(argument)

    def result(self, expression: Any, out: Array | None = None, is_read: bool = False) -> Array:
        """The array that has the numbers of a folded expression; `out` itself, if it is given.

        Nothing reads `out`, or if it `is_read`, what is there is read until the last call writes over it.
        """
        expression = spelled(expression)
        self.counts = _counted(expression)
        return self.computed(expression, out, is_read)

    def set_apart(self, expression: Any) -> Array:
        """The array that has the numbers of an expression, and stays when its operands are written over."""
        found = self.result(expression)
        if any(found.name == array.name for array in self.arrays.values()):
            found = self._copied(found, self.code.temporary(found.shape))
        self.kept.add(found.name)
        return found

    def computed(self, expression: Any, out: Array | None = None, is_read: bool = False) -> Array:
        found = self._found(expression)
        if found is not None:
            return found if out is None else self._copied(found, out)
        operation, arguments = expression.operation, expression.arguments
        if operation == "reduction":
            return self._reduced(expression, arguments[0], arguments[1], out)
        kind = "bool" if operation in CONDITIONS else ""
        operands = self._operands(arguments, None if kind else out, is_read)
        shape = np.broadcast_shapes(*[operand.shape for operand in operands])
        result = out or self._overwritten(arguments, operands, shape, kind) or self.code.temporary(shape, kind)
        for key in [key for key, array in self.known.items() if array.name == result.name]:
            del self.known[key]
        names = ", ".join(operand.name for operand in operands)
        into = f"out={result.name}" if operation in NO_POSITION else result.name
        self.code.statement(f"{UFUNCS.get(operation, operation)}({names}, {into})")
        self.known[expression.key] = result
        return result

    def _operands(self, arguments: tuple[Any, ...], out: Array | None, is_read: bool) -> list[Array]:
        """The arguments, of which the first that is not there yet is computed into `out`.

        Where that `is_read`, it is the only argument that reads it.
        """
        if out is not None and is_read:
            reading = [argument for argument in arguments if out.name in names_in(argument)]
            chosen = reading[:1] if len(reading) == 1 else []
        else:
            chosen = list(arguments)
        operands = []
        for argument in arguments:
            fits = out is not None and any(argument is each for each in chosen) and self._is_spare(argument)
            given = out if fits and out is not None and self._shape(argument) == out.shape else None
            operands.append(self.computed(argument, given, is_read))
            out = None if given is not None else out
        return operands

    def _is_spare(self, argument: Any) -> bool:
        """Whether what is computed for an argument is for nothing else."""
        return isinstance(argument, Expression) and self._found(argument) is None and self.counts[argument.key] == 1

    def _overwritten(self, arguments: tuple[Any, ...], operands: list[Array], shape: Any, kind: str) -> Array | None:
        """An operand that is for nothing else, and can hold the result."""
        for argument, operand in zip(arguments, operands):
            if not isinstance(argument, Expression) or argument.operation in TERMS:
                continue
            is_own = self.counts[argument.key] == 1 and self.known.get(argument.key) is operand
            if is_own and operand.shape == shape and not kind and operand.name not in self.kept:
                return operand
        return None

    def _shape(self, expression: Any) -> Any:
        """The shape of the array that an expression has."""
        if not isinstance(expression, Expression):
            return ()
        if expression.key in self.known:
            return self.known[expression.key].shape
        if expression.operation in TERMS:
            return self.arrays[expression.arguments[0]].shape
        if expression.operation == "reduction":
            return None
        shapes = [self._shape(argument) for argument in expression.arguments]
        return None if None in shapes else np.broadcast_shapes(*shapes)

    def _found(self, expression: Any) -> Array | None:
        if not isinstance(expression, Expression):
            return self.code.constant(float(expression))
        if expression.key in self.known:
            return self.known[expression.key]
        return self.arrays[expression.arguments[0]] if expression.operation in TERMS else None

    def _copied(self, array: Array, out: Array) -> Array:
        if array.name != out.name:
            self.code.statement(f"copyto({out.name}, {array.name})")
        return out

    def _reduced(self, expression: Expression, function: str, body: Any, out: Array | None) -> Array:
        terms = self.computed(body)
        # beside vectors whose axis is the last, the result keeps an axis of length 1
        shape = (*terms.shape[:-1], 1) if self.axis else terms.shape[1:]
        result = out or self.code.temporary(shape)
        kept = ", True" if self.axis else ""
        self.code.statement(f"{REDUCTIONS[function]}.reduce({terms.name}, {self.axis}, None, {result.name}{kept})")
        self.known[expression.key] = result
        return result


def _counted(expression: Any) -> Counter[str]:
    """How often each part of an expression is read; what is inside a part that is read again is computed once."""
    counts: Counter[str] = Counter()
    waiting = [expression]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Expression):
            counts[part.key] += 1
            if counts[part.key] == 1 and part.operation not in TERMS:
                waiting.extend(part.arguments)
    return counts


def spelled(expression: Any) -> Any:
    """The same in NumPy's words.

    A step at 0 is the sign of a maximum, which NumPy computes ten times as fast. What is compared with NaN is neither
    equal nor different but NaN, 0 / 0 here.
    """
    if not isinstance(expression, Expression) or expression.operation in TERMS:
        return expression
    operation, arguments = expression.operation, expression.arguments
    if operation == "reduction":
        function, body, vectors = arguments
        return Expression(operation, (function, spelled(body), vectors))
    arguments = tuple(map(spelled, arguments))
    if operation == "heaviside" and not isinstance(arguments[1], Expression) and arguments[1] in (0.0, 1.0):
        if arguments[1] == 0.0:
            return Expression("sign", (Expression("maximum", (0.0, arguments[0])),))
        opposite = simplified("negative", (arguments[0],))
        return Expression("-", (1.0, Expression("sign", (Expression("maximum", (0.0, opposite)),))))
    if operation == "equal":
        larger = Expression("maximum", arguments)
        return Expression("divide", (Expression("==", arguments), Expression("==", (larger, larger))))
    return Expression(operation, arguments)
