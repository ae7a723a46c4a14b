"""Neural networks built from Values. No derivative is written in this package.

Reading order: the package `models` (neurons, layers, networks); `data`, the package `losses`, `metrics` and
`regularizers`; the packages `optimization`, `training`, which has `fit`, and `saving`. Then what shows:
`backpropagation`, which tells the derivatives of layers, `diagrams`, which draws networks, and `figures`, which plots
what they do. `choices`, `ranges`, `keys`, `seeds` and `abridging` serve all of them.
"""

from nn.backpropagation.explanation import explain_layers
from nn.data import Part, Split, Standardization, batches, one_hot, split
from nn.diagrams.networks import draw_network
from nn.figures.activations import plot_activations
from nn.figures.boundaries import plot_decision_boundary
from nn.figures.curves import plot_history
from nn.figures.digits import plot_digits
from nn.figures.surfaces import plot_loss_surface
from nn.figures.weights import plot_weights
from nn.losses.formulas import (
    binary_crossentropy,
    binary_crossentropy_from_logits,
    categorical_crossentropy,
    categorical_crossentropy_from_logits,
    half_squared_error,
    hinge,
    mae,
    mse,
    sse,
)
from nn.losses.registry import LOSSES
from nn.metrics import METRICS, accuracy, confusion_matrix
from nn.models.activations import ACTIVATIONS, LeakyReLU
from nn.models.convolution import Convolution2D
from nn.models.dropout import Dropout
from nn.models.initializers import INITIALIZERS
from nn.models.modules import Layer, Module, Neuron
from nn.models.networks import MLP, Sequential
from nn.models.perceptron import Perceptron, hebb
from nn.models.pooling import Flatten, MaxPooling2D
from nn.models.summaries import Summary
from nn.optimization.clipping import clip_norm, clip_value
from nn.optimization.optimizer import Optimizer
from nn.optimization.rules import OPTIMIZERS, SGD, Adadelta, Adagrad, Adam, AdamW, Momentum, Nesterov, RMSProp
from nn.optimization.schedules import Constant, Cosine, StepDecay
from nn.regularizers import L1, L2, ActivityL2, Regularizer
from nn.saving import ModelFileError, load, load_optimizer, save
from nn.training.evaluation import evaluate
from nn.training.fitting import TrainingDiverged, fit
from nn.training.history import History
from nn.training.prediction import predict
from nn.training.stopping import EarlyStopping

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "L1",
    "L2",
    "LOSSES",
    "METRICS",
    "MLP",
    "OPTIMIZERS",
    "SGD",
    "ActivityL2",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Constant",
    "Convolution2D",
    "Cosine",
    "Dropout",
    "EarlyStopping",
    "Flatten",
    "History",
    "Layer",
    "LeakyReLU",
    "MaxPooling2D",
    "ModelFileError",
    "Module",
    "Momentum",
    "Nesterov",
    "Neuron",
    "Optimizer",
    "Part",
    "Perceptron",
    "RMSProp",
    "Regularizer",
    "Sequential",
    "Split",
    "Standardization",
    "StepDecay",
    "Summary",
    "TrainingDiverged",
    "accuracy",
    "batches",
    "binary_crossentropy",
    "binary_crossentropy_from_logits",
    "categorical_crossentropy",
    "categorical_crossentropy_from_logits",
    "clip_norm",
    "clip_value",
    "confusion_matrix",
    "draw_network",
    "evaluate",
    "explain_layers",
    "fit",
    "half_squared_error",
    "hebb",
    "hinge",
    "load",
    "load_optimizer",
    "mae",
    "mse",
    "one_hot",
    "plot_activations",
    "plot_decision_boundary",
    "plot_digits",
    "plot_history",
    "plot_loss_surface",
    "plot_weights",
    "predict",
    "save",
    "split",
    "sse",
]
