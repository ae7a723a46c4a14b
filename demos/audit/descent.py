"""Gradient descent by the engine, compiled: the run beside which a listing is judged."""

from __future__ import annotations

from collections.abc import Sequence

from autograd import Value, compile


def descent(error: Value, parameters: Sequence[Value], rate: float, epochs: int) -> list[float]:
    """The error before each update; the parameters are left as the last update makes them."""
    program = compile(error, parameters)
    errors = []
    for _ in range(epochs):
        errors.append(program.run())
        program.parameters[...] -= rate * program.gradient
    program.sync()
    return errors
