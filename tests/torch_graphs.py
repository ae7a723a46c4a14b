"""Generated graphs in PyTorch, where it is installed: its own functions, its own derivatives."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from importlib.util import find_spec
from typing import Any

from autograd.contracts.operands import mapped
from autograd.strategies.recipes import Recipe

INSTALLED = find_spec("torch") is not None

SAME_NAME = ("exp", "log", "log1p", "sqrt", "sin", "cos", "absolute", "sign", "sigmoid", "tanh", "relu")
"""What PyTorch calls as the table does."""

MEANINGS: dict[str, Callable[..., Any]] = {
    "add": lambda torch, x, y: torch.add(x, y),
    "subtract": lambda torch, x, y: torch.sub(x, y),
    "multiply": lambda torch, x, y: torch.mul(x, y),
    "divide": lambda torch, x, y: torch.div(x, y),
    "negative": lambda torch, x: torch.neg(x),
    "power": lambda torch, x, y: torch.pow(x, y),
    **{name: lambda torch, x, name=name: getattr(torch, name)(x) for name in SAME_NAME},
    # the derivative of torch.expm1 is its result + 1, which has few digits of exp(x) for x = -13
    "expm1": lambda torch, x: torch.exp(x) - 1.0,
    # torch.heaviside and comparisons have no derivative there; it is 0
    "heaviside": lambda torch, x, at_zero: torch.where(x > 0, 1.0, 0.0) + 0.0 * x,
    "equal": lambda torch, x, y: torch.where(x == y, 1.0, 0.0) + 0.0 * (x + y),
    "maximum": lambda torch, xs: reduce(torch.maximum, xs),
    "minimum": lambda torch, xs: reduce(torch.minimum, xs),
    # torch's softplus is x itself from 20 on
    "softplus": lambda torch, x: torch.logaddexp(x, torch.zeros_like(x)),
    "leaky_relu": lambda torch, x, slope: torch.where(x > 0, x, slope * x),
    "sum": lambda torch, xs: torch.stack(xs).sum(),
    "dot": lambda torch, ws, xs: torch.dot(torch.stack(ws), torch.stack(xs)),
    "logsumexp": lambda torch, xs: torch.logsumexp(torch.stack(xs), 0),
}


def slopes(recipe: Recipe) -> list[float]:
    """The gradient of the root."""
    return [slope.item() for slope in _gradient(*_recorded(recipe))]


def curvatures(recipe: Recipe) -> list[float]:
    """The entries of the Hessian, row by row: the gradient of each first derivative."""
    root, leaves = _recorded(recipe)
    return [entry.item() for first in _gradient(root, leaves) for entry in _gradient(first, leaves)]


def _recorded(recipe: Recipe) -> tuple[Any, list[Any]]:
    import torch

    leaves = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in recipe.leaves]
    tensors = list(leaves)
    for step in recipe.steps:
        operands = mapped(
            lambda x: tensors[x] if type(x) is int else torch.tensor(x, dtype=torch.float64), step.operands
        )
        tensors.append(MEANINGS[step.name](torch, *operands))
    return tensors[-1], leaves


def _gradient(y: Any, leaves: list[Any]) -> list[Any]:
    import torch

    if not y.requires_grad:
        return [torch.zeros((), dtype=torch.float64) for _ in leaves]
    found: list[Any] = list(
        torch.autograd.grad(y, leaves, create_graph=True, allow_unused=True, materialize_grads=True)
    )
    return found
