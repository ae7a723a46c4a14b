"""One way to choose by name: the registries of `nn` are asked alike, and refuse alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from nn import ACTIVATIONS, INITIALIZERS, LOSSES, METRICS, OPTIMIZERS, Neuron, fit
from nn.choices import ELSEWHERE, chosen
from nn.losses.registry import loss_of
from nn.models.activations import activation_of
from nn.models.initializers import initializer_of
from nn.training.evaluation import metrics_of

REGISTRIES = [
    pytest.param(ACTIVATIONS, activation_of, id="activation"),
    pytest.param(INITIALIZERS, initializer_of, id="initializer"),
    pytest.param(LOSSES, loss_of, id="loss"),
    pytest.param(METRICS, lambda choice: next(iter(metrics_of([choice], LOSSES["mse"]).values())), id="metric"),
]


@pytest.mark.parametrize(("registry", "ask"), REGISTRIES)
def test_a_name_is_its_function_and_a_function_is_itself(
    registry: Mapping[str, Any], ask: Callable[[Any], Any]
) -> None:
    assert registry
    for name, function in registry.items():
        assert ask(name) is function
        assert ask(function) is function


@pytest.mark.parametrize(("registry", "ask"), REGISTRIES)
@pytest.mark.parametrize("choice", ["nothing", "", None, 3, ["mse"], {}])
def test_anything_else_is_refused_with_all_names(
    registry: Mapping[str, Any], ask: Callable[[Any], Any], choice: object
) -> None:
    with pytest.raises(ValueError, match=re.escape(f" {choice!r}; known are {', '.join(registry)}")):
        ask(choice)


def test_the_error_says_what_else_could_be_given() -> None:
    with pytest.raises(ValueError, match="there is no taste 'sour'; known are sweet, and any apple"):
        chosen("sour", {"sweet": print}, "taste", "apple")


@pytest.mark.parametrize(
    ("ask", "choice", "meant"),
    [
        (loss_of, "MSE", "mse"),
        (loss_of, "bce", "binary_crossentropy"),
        (loss_of, "BinaryCrossentropy", "binary_crossentropy"),
        (activation_of, "Tanh", "tanh"),
        (activation_of, "linear", "identity"),
        (initializer_of, "xavier_unifrom", "xavier_uniform"),
        (lambda choice: metrics_of(choice, LOSSES["mse"]), "acc", "accuracy"),
    ],
)
def test_the_name_that_is_meant_is_told(ask: Callable[[Any], Any], choice: str, meant: str) -> None:
    with pytest.raises(ValueError, match=f"{choice!r}; known are .*; did you mean {meant!r}\\?$"):
        ask(choice)


@pytest.mark.parametrize("choice", ["nothing", "acc", ""])
def test_where_no_name_is_near_none_is_guessed(choice: str) -> None:
    with pytest.raises(ValueError, match=r"function of predictions and targets$"):
        loss_of(choice)


def test_each_name_that_others_use_is_of_something_that_is_here() -> None:
    known = {**ACTIVATIONS, **INITIALIZERS, **LOSSES, **METRICS, **OPTIMIZERS}
    assert set(ELSEWHERE.values()) <= set(known)
    assert not set(ELSEWHERE) & set(known)


def test_optimizers_are_chosen_by_name_too() -> None:
    for name in OPTIMIZERS:
        assert fit(Neuron(1, seed=0), [[1.0]], [1.0], loss="mse", optimizer=name, epochs=1).epochs == 1
