"""Document 002, section 3.7: momentum and the adaptive variants of gradient descent, on one and the same loss.

The document names them and gives no formula. What is shown here is read off the rules that the optimizers execute.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd import Value, grad
from demos.document_002 import valley
from demos.document_002.lines import Line, line_chart
from demos.document_002.paths import path_panels, path_picture, save_race
from demos.document_002.valley import Maker, Run
from demos.layout import percent
from demos.pieces import Animation, Chart, Heading, Items, Output, Paragraph, Piece, Table
from demos.story import demo
from nn import SGD, Adadelta, Adagrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RMSProp

VARIANTS: dict[str, Maker] = {
    "SGD": lambda w: SGD(w, lr=0.1),
    "Momentum": lambda w: Momentum(w, lr=0.05),
    "Nesterov": lambda w: Nesterov(w, lr=0.05),
    "Adagrad": lambda w: Adagrad(w, lr=0.5),
    "Adadelta": lambda w: Adadelta(w, lr=1.0, eps=1e-2),
    "RMSProp": lambda w: RMSProp(w, lr=0.1, alpha=0.9),
    "Adam": lambda w: Adam(w, lr=0.3),
    "AdamW": lambda w: AdamW(w, lr=0.3, weight_decay=0.05),
}
"""Each with settings that suit this loss; ours."""

WORDS = {
    "SGD": "the gradient, times the rate",
    "Momentum": "a velocity that all past gradients give, and that fades",
    "Nesterov": "momentum, with the gradient where the velocity leads",
    "Adagrad": "each weight has its rate, which falls with the sum of its squared gradients",
    "Adadelta": "the same with running means, and a step in the units of the weight",
    "RMSProp": "the gradient over the root of a running mean of its squares",
    "Adam": "momentum and RMSProp, both corrected for having begun at 0",
    "AdamW": "Adam, with the weights drawn towards 0 apart from the gradient",
}

LETTERS = (
    "v: the velocity of momentum; in Adadelta, RMSProp, Adam and AdamW the running mean of the squared gradients",
    "μ: the share of the velocity that stays in each update; ρ, α, β₁ and β₂ the share of a running mean that stays",
    "m: the running mean of the gradients; s: the sum of their squares; ε: a small number, against division by 0",
    "d: the step of Adadelta, and u the running mean of its squares; in Adam and AdamW d corrects v, which begins at 0",
    "λ: how strongly AdamW draws a weight towards 0",
)
"""What the rules write."""

LETTERS_OF = {
    "lr": ("η",),
    "momentum": ("μ",),
    "rho": ("ρ",),
    "alpha": ("α",),
    "betas": ("β₁", "β₂"),
    "eps": ("ε",),
    "weight_decay": ("λ",),
}
"""By which letters the rules call the settings of the optimizers."""

UPDATES = 60
WHEN = (1, 5, 20)
"""The updates whose rates are shown."""

NEAR = 1.05
"""Of the lowest loss: what counts as there."""

ADAPTIVE = ("SGD", "Adagrad", "Adadelta", "RMSProp", "Adam")


class Pull(NamedTuple):
    """One update of momentum: the gradient of w1, the velocity, and what two accounts of it give."""

    gradient: float
    velocity: float
    all_past: float
    only_last: float


@demo(
    "optimizers",
    "002",
    "3.7",
    "momentum and the adaptive variants of gradient descent on one surface",
    items="C67-C72",
    errata="002-23",
    cover="optimizers-panels",
)
def story(*, brief: bool) -> Iterator[Piece]:
    """The rules, the paths, what momentum remembers, and what the adaptive ones make of the rate."""
    updates = UPDATES // 3 if brief else UPDATES
    runs = {name: valley.descend(maker, updates) for name, maker in VARIANTS.items()}
    paths = {name: run.places for name, run in runs.items()}
    yield Paragraph(
        "Section 3.7 names the variants of gradient descent that people use, without formulas. All of them take the"
        " gradient g from backpropagation and differ in what they do with it: p is a weight, η the learning rate, t the"
        " number of the update. These lines are read off the code that is executed:"
    )
    yield Items(LETTERS)
    for name, maker in VARIANTS.items():
        yield Output(rule_of(name, next(valley.walk(maker, 1))))
    yield Items([_why_nesterov()])
    yield Heading("Eight ways down one valley")
    yield Paragraph(
        "The loss of the story 'descent': eight examples, two weights, a valley that is"
        f" {valley.curvatures()[1] / valley.curvatures()[0]:.1f} times as steep across as along. All take the gradient"
        f" of all examples, {updates} times, from the same start. The lowest loss is {_lowest():.4g}:"
    )
    yield Table(
        (
            "variant",
            "rate",
            *(f"loss after {place}" for place in WHEN),
            "rises",
            f"within {percent(NEAR - 1)}",
            "for good",
        ),
        [_line(name, run) for name, run in runs.items()],
        "<" + ">" * 7,
    )
    yield Paragraph(_why_these_rates(updates))
    yield Chart("optimizers-paths", "all paths upon one loss surface", lambda: path_picture(paths))
    yield Chart("optimizers-panels", "the same paths, one by one", lambda: path_panels(paths, 4))
    yield Chart("optimizers-losses", "the loss, update by update", lambda: _losses_chart(runs))
    yield Animation("optimizers-race", "the same paths, while they are walked", lambda path: save_race(paths, path))
    yield from _momentum()
    yield from _adaptive()


def rule_of(name: str, optimizer: Optimizer) -> str:
    """An optimizer, in words, its rule in formulas, and its settings."""
    lines = [*optimizer.explain().formulas, f"with {settings(optimizer)}"]
    return "\n".join([f"{name}: {WORDS[name]}", *(f"    {line}" for line in lines)])


def settings(optimizer: Optimizer) -> str:
    """The settings of an optimizer, by the letters of its rule."""
    given = {"lr": optimizer.lr, **optimizer.hyperparameters}
    pairs = [
        pair for name, letters in LETTERS_OF.items() if name in given for pair in zip(letters, np.ravel(given[name]))
    ]
    return ", ".join(f"{letter} = {number:g}" for letter, number in pairs)


def looked_ahead(count: int) -> tuple[float, float]:
    """w - η·μ·v after so many updates of Nesterov's momentum in its first form: the gradient is taken there."""
    optimizer = VARIANTS["Nesterov"]([Value(number) for number in valley.START])
    fading = optimizer.hyperparameters["momentum"]
    w, v = np.array(valley.START), np.zeros(2)
    for _ in range(count):
        ahead = [Value(number) for number in w - optimizer.lr * fading * v]
        v = fading * v + np.array([slope.data for slope in grad(valley.loss(*ahead), ahead)])
        w = w - optimizer.lr * v
    first, second = w - optimizer.lr * fading * v
    return float(first), float(second)


def _why_nesterov() -> str:
    count = max(WHEN)
    apart = np.abs(valley.descend(VARIANTS["Nesterov"], count).places[-1] - looked_ahead(count)).max()
    return (
        "Nesterov's first form keeps a weight w and takes the gradient ahead of it, at w - η·μ·v. The rule above keeps"
        " p = w - η·μ·v, the place where the gradient is taken, in place of w: a change of variable. Run in floats, the"
        f" first form is at the same p after {count} updates, to {apart:.0e}."
    )


def _why_these_rates(updates: int) -> str:
    return (
        f"'Within {percent(NEAR - 1)}' tells the first update that comes so near to the lowest loss, and 'for good'"
        f" the one from which on it stays so near until update {updates}. The rates are ours: round numbers, chosen by"
        " trial on this loss and this start so that each variant shows how it moves. Nobody sought the best for each,"
        " and another loss wants others; the table does not say which variant is the best."
    )


def _lowest() -> float:
    return valley.loss(*valley.minimum()).data


def _line(name: str, run: Run) -> tuple[str, ...]:
    near = run.losses <= NEAR * _lowest()
    first, stays = int(np.argmax(near)), len(near) - int(np.argmin(near[::-1]))
    rate = next(valley.walk(VARIANTS[name], 1)).lr
    return (
        name,
        f"{rate:g}",
        *(f"{run.losses[place]:.4g}" for place in WHEN),
        str(run.rises),
        str(first) if near.any() else "-",
        str(stays) if near[-1] else "-",
    )


def _losses_chart(runs: dict[str, Run]) -> Any:
    lines = [Line(name, range(len(run.losses)), run.losses - _lowest()) for name, run in runs.items()]
    return line_chart(lines, "updates", "loss, above the lowest", y_log=True)


# ---- momentum


def pulls(count: int = 6) -> list[Pull]:
    """The first updates of momentum, with its velocity told in two ways."""
    gradients: list[float] = []
    told = []
    for optimizer in valley.walk(VARIANTS["Momentum"], count):
        update = optimizer.explain()[0]
        gradients.append(update.gradient or 0.0)
        fading = optimizer.hyperparameters["momentum"]
        all_past = sum(fading**age * g for age, g in enumerate(reversed(gradients)))
        only_last = gradients[-1] + fading * (gradients[-2] if len(gradients) > 1 else 0.0)
        told.append(Pull(gradients[-1], update.moments["v"], all_past, only_last))
    return told


def _momentum() -> Iterator[Piece]:
    told = pulls()
    yield Heading("What momentum remembers")
    yield Table(
        ("update", "gradient g of w1", "velocity v", "Σ 0.9^k g(t - k)", "g + 0.9 · previous g"),
        [(str(place), *(f"{number:.6g}" for number in pull)) for place, pull in enumerate(told, 1)],
        ">>>>>",
    )
    yield Items([_why_all_past(told)])


def _why_all_past(told: Sequence[Pull]) -> str:
    last = told[-1]
    accounts = {"of all past gradients": last.all_past, "of the previous gradient alone": last.only_last}
    fitting = [name for name, number in accounts.items() if np.isclose(last.velocity, number, rtol=1e-12, atol=0)]
    return (
        "002-23: the document says that momentum and Nesterov take the gradient of the previous step into account. At"
        f" update {len(told)} the velocity {last.velocity:.6g} is the fading sum {' and '.join(fitting)}, which is"
        f" {last.all_past:.6g}; the previous one alone would give {last.only_last:.6g}. ('adadelata' is Adadelta.)"
    )


# ---- adaptive rates


def rates(name: str, when: Sequence[int] = WHEN) -> list[tuple[float, float]]:
    """What became of the learning rate at these updates, for w1 and w2: the change of a weight over its gradient."""
    found = []
    for optimizer in valley.walk(VARIANTS[name], max(when)):
        first, second = (-weight.change / (weight.gradient or np.nan) for weight in optimizer.explain())
        found.append((first, second))
    return [found[place - 1] for place in when]


def _adaptive() -> Iterator[Piece]:
    yield Heading("What the adaptive ones make of the learning rate")
    yield Paragraph(
        "The change of a weight, divided by its gradient, is the rate that it really got. SGD has one for both weights"
        " and all times. At update 1 the others give w2, whose gradients are small, more than w1, which is what a"
        " valley asks for:"
    )
    yield Table(
        ("-Δw / g", *(f"w{i}, update {place}" for place in WHEN for i in (1, 2))),
        [(name, *(f"{rate:.4g}" for pair in rates(name) for rate in pair)) for name in ADAPTIVE],
        "<" + ">" * 6,
    )
    yield Paragraph(
        "Where a rate is below 0 a weight moved along its gradient, uphill by it: the mean m of Adam still remembers"
        " older gradients of the other sign."
    )
