"""Neural networks built from Values: neurons, layers, losses, optimizers. No derivative is written in this package.

Reading order: `activations`, `modules` (neurons, layers, networks), `losses`; the package `optimization`; `runs`,
`equations` and `backpropagation`, which tell the derivatives of layers; the package `diagrams`, which draws networks.
"""

from nn.activations import ACTIVATIONS
from nn.backpropagation import explain_layers
from nn.diagrams.networks import draw_network
from nn.losses import half_squared_error, mse, sse
from nn.modules import MLP, Layer, Module, Neuron
from nn.optimization.clipping import clip_norm, clip_value
from nn.optimization.optimizer import Optimizer
from nn.optimization.rules import OPTIMIZERS, SGD, Adadelta, Adagrad, Adam, AdamW, Momentum, Nesterov, RMSProp
from nn.optimization.schedules import Constant, Cosine, StepDecay

__all__ = [
    "ACTIVATIONS",
    "MLP",
    "OPTIMIZERS",
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Constant",
    "Cosine",
    "Layer",
    "Module",
    "Momentum",
    "Nesterov",
    "Neuron",
    "Optimizer",
    "RMSProp",
    "StepDecay",
    "clip_norm",
    "clip_value",
    "draw_network",
    "explain_layers",
    "half_squared_error",
    "mse",
    "sse",
]
