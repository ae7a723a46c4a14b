"""Neural networks built from Values: neurons, layers, losses, optimizers. No derivative is written in this package.

Reading order: `activations`, `modules` (neurons, layers, networks), `losses`, `optimizers`; `runs`, `equations` and
`backpropagation`, which tell the derivatives of layers; the package `diagrams`, which draws networks.
"""

from nn.activations import ACTIVATIONS
from nn.backpropagation import explain_layers
from nn.diagrams.networks import draw_network
from nn.losses import half_squared_error, mse, sse
from nn.modules import MLP, Layer, Module, Neuron
from nn.optimizers import SGD

__all__ = [
    "ACTIVATIONS",
    "MLP",
    "SGD",
    "Layer",
    "Module",
    "Neuron",
    "draw_network",
    "explain_layers",
    "half_squared_error",
    "mse",
    "sse",
]
