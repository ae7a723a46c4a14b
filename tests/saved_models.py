"""A saved model as text, and what its tests read off models and files."""

from __future__ import annotations

from functools import partial
from itertools import cycle
from typing import Any

import numpy as np

from nn.models.modules import Module
from nn.optimization.optimizer import Optimizer
from nn.saving import load, load_optimizer, save
from nn.training.fitting import fit
from tests import mutations

TEXT = """{
  "format": "cadena model",
  "version": 1,
  "architecture": {
    "type": "Sequential",
    "layers": [
      {"type": "Layer", "n_inputs": 2, "n_outputs": 2, "activation": "tanh", "bias": true},
      {"type": "Dropout", "p": 0.25},
      {"same as": "layer1"},
      {
        "type": "MLP",
        "n_inputs": 2,
        "sizes": [1],
        "activation": [
          {"type": "LeakyReLU", "alpha": 0.3}
        ],
        "bias": "ones"
      }
    ]
  },
  "parameters": [
    [0.1, -0.0, 5e-324],
    [1e+300, "nan", "-inf"],
    ["inf", -2.5, 0.30000000000000004]
  ],
  "optimizer": {
    "parameters": [0, 8],
    "state": {
      "class": "Momentum",
      "lr": {"class": "StepDecay", "lr": 0.1, "every": 2, "factor": 0.5},
      "hyperparameters": {"momentum": 0.9},
      "moments": {
        "v": [0.5, "inf"]
      },
      "counts": [3, 3],
      "steps": 3
    }
  }
}
"""
"""A file of version 1. It has to be read for as long as that version is."""


def bits(numbers: Any) -> list[str]:
    """Floats to the bit; all NaN are one."""
    return [float.hex(float(x)) for x in np.ravel(numbers)]


def data(model: Module) -> list[float]:
    return [parameter.data for parameter in model.parameters()]


def with_numbers(model: Any, numbers: list[float]) -> Any:
    for parameter, x in zip(model.parameters(), cycle(numbers)):
        parameter.data = x
    return model


changed = partial(mutations.changed, TEXT)
"""The text with another value at a path."""


def fitted(model: Module, optimizer: Optimizer, seed: int) -> None:
    """Taught for some epochs, in mini-batches whose order is that of the seed."""
    X = np.random.default_rng(0).uniform(-1, 1, (10, 2))
    fit(model, X, X[:, 0] * X[:, 1], loss="mse", optimizer=optimizer, epochs=3, batch_size=4, seed=seed)


def go_on(file: str, seed: int) -> None:
    """The rest of a training, for a process that knows nothing but the file."""
    model = load(file)
    optimizer = load_optimizer(file, model.parameters())
    fitted(model, optimizer, seed)
    save(model, file, optimizer)
