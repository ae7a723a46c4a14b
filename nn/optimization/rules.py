"""The rules of the optimizers, each written once.

In a rule p is the parameter, g its gradient, t the number of the step, from 1, and lr the learning rate; then come the
moments, which are 0 at first. The updates and the defaults are those of PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from autograd import Value
from nn.choices import chosen
from nn.optimization.optimizer import Number, Optimizer
from nn.optimization.schedules import Rate


class SGD(Optimizer):
    """Gradient descent, p ← p - lr · dJ/dp: document 000 (section 3); Cauchy 1847.

    The rule is one and the same for the three that document 004 names: where J is the loss on all examples it is
    gradient descent (GD); on one of them, drawn at random, it is stochastic (SGD: Robbins and Monro 1951); on some
    of them it is mini-batch gradient descent.
    """

    is_formula = True

    def __init__(self, parameters: Iterable[Value], lr: Rate = 0.01) -> None:
        super().__init__(parameters, lr)

    @staticmethod
    def rule(p: Number, g: Number, t: Number, lr: Number) -> tuple[Number]:
        return (p - lr * g,)


class Momentum(Optimizer):
    """Gradient descent with a velocity, which past gradients give and which fades: the heavy ball, Polyak 1964.

    Polyak has the learning rate inside the velocity, which is the same as long as the rate does not change.
    """

    moments = ("v",)
    is_formula = True

    def __init__(self, parameters: Iterable[Value], lr: Rate = 0.01, momentum: float = 0.9) -> None:
        super().__init__(parameters, lr, momentum=momentum)

    @staticmethod
    def rule(p: Number, g: Number, t: Number, lr: Number, v: Number, *, momentum: Number) -> tuple[Number, ...]:
        v = momentum * v + g
        return p - lr * v, v


class Nesterov(Optimizer):
    """Momentum with the gradient at the place to which the velocity leads: Nesterov 1983; Sutskever et al. 2013.

    p is that place, where the gradient is taken, and which is one velocity ahead of the iterates of these papers.
    """

    moments = ("v",)
    is_formula = True

    def __init__(self, parameters: Iterable[Value], lr: Rate = 0.01, momentum: float = 0.9) -> None:
        super().__init__(parameters, lr, momentum=momentum)

    @staticmethod
    def rule(p: Number, g: Number, t: Number, lr: Number, v: Number, *, momentum: Number) -> tuple[Number, ...]:
        v = momentum * v + g
        return p - lr * (g + momentum * v), v


class Adagrad(Optimizer):
    """Each parameter has a rate of its own, which falls with the sum of its squared gradients: Duchi et al. 2011."""

    moments = ("s",)
    is_formula = True

    def __init__(self, parameters: Iterable[Value], lr: Rate = 0.01, eps: float = 1e-10) -> None:
        super().__init__(parameters, lr, eps=eps)

    @staticmethod
    def rule(p: Number, g: Number, t: Number, lr: Number, s: Number, *, eps: Number) -> tuple[Number, ...]:
        s = s + g**2
        return p - lr * g / (np.sqrt(s) + eps), s


class Adadelta(Optimizer):
    """A step d in the units of the parameter, by the mean squares of gradients, v, and of steps, u: Zeiler 2012."""

    moments = ("v", "u")
    is_formula = True

    def __init__(self, parameters: Iterable[Value], lr: Rate = 1.0, rho: float = 0.9, eps: float = 1e-6) -> None:
        super().__init__(parameters, lr, rho=rho, eps=eps)

    @staticmethod
    def rule(
        p: Number, g: Number, t: Number, lr: Number, v: Number, u: Number, *, rho: Number, eps: Number
    ) -> tuple[Number, ...]:
        v = rho * v + (1 - rho) * g**2
        d = np.sqrt(u + eps) / np.sqrt(v + eps) * g
        u = rho * u + (1 - rho) * d**2
        return p - lr * d, v, u


class RMSProp(Optimizer):
    """The gradient divided by the root of a running mean of its squares: Tieleman and Hinton 2012 (lecture 6.5)."""

    moments = ("v",)
    is_formula = True

    def __init__(self, parameters: Iterable[Value], lr: Rate = 0.01, alpha: float = 0.99, eps: float = 1e-8) -> None:
        super().__init__(parameters, lr, alpha=alpha, eps=eps)

    @staticmethod
    def rule(
        p: Number, g: Number, t: Number, lr: Number, v: Number, *, alpha: Number, eps: Number
    ) -> tuple[Number, ...]:
        v = alpha * v + (1 - alpha) * g**2
        return p - lr * g / (np.sqrt(v) + eps), v


class Adam(Optimizer):
    """Running means of the gradient, m, and of its square, v, corrected for having begun at 0: Kingma and Ba 2015.

    Without `bias_correction` it is document 004 as printed, whose first step is 3.16 times as large (erratum 004-4).
    """

    moments = ("m", "v")
    is_formula = True

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: Rate = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        bias_correction: bool = True,
    ) -> None:
        super().__init__(parameters, lr, betas=betas, eps=eps, bias_correction=bias_correction)

    @staticmethod
    def rule(
        p: Number,
        g: Number,
        t: Number,
        lr: Number,
        m: Number,
        v: Number,
        *,
        betas: tuple[Number, Number],
        eps: Number,
        bias_correction: bool,
    ) -> tuple[Number, ...]:
        b1, b2 = betas
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g**2
        if bias_correction:
            d = np.sqrt(1 - b2**t)  # of the root of v, and put where it costs no operation on arrays
            return p - lr * d / (1 - b1**t) * m / (np.sqrt(v) + eps * d), m, v
        return p - lr * m / (np.sqrt(v) + eps), m, v


class AdamW(Optimizer):
    """Adam, for which the parameter is first drawn towards 0, apart from the gradient: Loshchilov and Hutter 2019."""

    moments = ("m", "v")
    is_formula = True

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: Rate = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
        bias_correction: bool = True,
    ) -> None:
        settings = {"betas": betas, "eps": eps, "weight_decay": weight_decay, "bias_correction": bias_correction}
        super().__init__(parameters, lr, **settings)

    @staticmethod
    def rule(
        p: Number, g: Number, t: Number, lr: Number, m: Number, v: Number, *, weight_decay: Number, **adam: Any
    ) -> tuple[Number, ...]:
        return Adam.rule((1 - lr * weight_decay) * p, g, t, lr, m, v, **adam)


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "adagrad": Adagrad,
    "adadelta": Adadelta,
    "rmsprop": RMSProp,
    "adam": Adam,
    "adamw": AdamW,
}
"""Every optimizer by its name; all settings have defaults."""


def optimizer_of(
    choice: str | Optimizer | Callable[[list[Value]], Optimizer], parameters: Iterable[Value]
) -> Optimizer:
    """The optimizer of that name for the parameters, the given one as it is, or what the function makes of them.

    Raises ValueError for an unknown name, TypeError for what is none of these.
    """
    if isinstance(choice, str):
        made_by = chosen(choice, OPTIMIZERS, "optimizer", "Optimizer")
        return made_by(parameters)  # type: ignore[call-arg]  # each has a default for lr
    made: Any = choice if isinstance(choice, Optimizer) or not callable(choice) else choice(list(parameters))
    if not isinstance(made, Optimizer):
        raise TypeError(f"an Optimizer is needed, its name, or a function that makes one; got {made!r}")
    return made
