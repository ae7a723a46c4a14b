"""The bad input that `nn` is given, and what each gives: an error in full, or a number."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

import autograd
import nn
from autograd import DomainError, Value
from nn import ModelFileError, TrainingDiverged
from tests.bad_worlds import Case, World, interrupted_in_writing, interrupting, on_full_disk


def stepped(grad: float) -> float:
    """Where a parameter of 1 is after a step with this gradient."""
    parameter = Value(1.0)
    parameter.grad = grad
    nn.SGD([parameter], lr=1.0).step()
    return parameter.data


def stepped_at(w: World, rate: Callable[[int], Any]) -> None:
    """A step at a rate that a schedule gives; the rate is put back in any case."""
    before = w.optimizer.lr
    w.optimizer.lr = rate
    try:
        w.optimizer.step()
    finally:
        w.optimizer.lr = before


def with_gradient(grad: float) -> Callable[[World], None]:
    """What sets a case up in which the first gradient of the model is this number."""

    def prepare(w: World) -> None:
        w.model.parameters()[0].grad = grad

    return prepare


def with_numbers() -> nn.MLP:
    model = nn.MLP(2, [1], seed=0)
    model.layers[0].neurons[0].w = [1, 2]  # type: ignore[assignment]
    return model


def saved(w: World) -> None:
    nn.save(w.model, w.path("model.json"), w.optimizer)


def saved_alone(w: World) -> None:
    nn.save(w.model, w.path("model.json"))


def cut_off(w: World) -> None:
    """The file of the model lacks its end."""
    saved(w)
    file = w.folder / "model.json"
    file.write_text(file.read_text()[:100])


def with_second_moment(w: World, moment: Any) -> dict[str, Any]:
    """The state of the optimizer with another second moment; the first is in order."""
    state = w.optimizer.state_dict()
    return {**state, "moments": {**state["moments"], "v": moment}}


CASES: list[Case] = [
    # ---- models
    Case("an MLP of no inputs", lambda w: nn.MLP(0, [1]), ValueError, "MLP needs at least one input; got 0"),
    Case(
        "an MLP of half an input",
        lambda w: nn.MLP(1.5, [1]),
        TypeError,
        "MLP needs at least one input, as a whole number; got float 1.5",
    ),
    Case(
        "an MLP with a number as its sizes",
        lambda w: nn.MLP(2, 3),
        TypeError,
        "MLP needs the sizes of its layers, such as [4, 1]; got 3",
    ),
    Case("an MLP of no layers", lambda w: nn.MLP(2, []), ValueError, "MLP needs at least one layer; got 0"),
    Case(
        "an MLP with a layer of no neurons",
        lambda w: nn.MLP(2, [3, 0]),
        ValueError,
        "Layer needs at least one output; got 0",
    ),
    Case(
        "an MLP with an unknown activation",
        lambda w: nn.MLP(2, [1], output_activation="swish"),
        ValueError,
        "there is no activation 'swish'; known are identity, step, sigmoid, tanh, relu, leaky_relu, "
        "softplus, softmax, and any function of a Value",
    ),
    Case(
        "an MLP with too many activations",
        lambda w: nn.MLP(2, [3, 1], ["tanh", "relu", "relu"]),
        ValueError,
        "MLP needs one activation for each of 2 layers; got ['tanh', 'relu', 'relu']",
    ),
    Case(
        "an MLP with an unknown initializer",
        lambda w: nn.MLP(2, [1], initializer="chance"),
        ValueError,
        "there is no initializer 'chance'; known are uniform, uniform01, he_uniform, he_normal, "
        "xavier_uniform, xavier_normal, glorot_uniform, glorot_normal, zeros, and any f(rng, shape, "
        "fan_in, fan_out)",
    ),
    Case(
        "an MLP with a text as its seed",
        lambda w: nn.MLP(2, [1], seed="one"),
        TypeError,
        "seed of MLP needs a whole number from 0 up, a NumPy Generator, or None; got str 'one'",
    ),
    Case(
        "an MLP with a negative seed",
        lambda w: nn.MLP(2, [1], seed=-1),
        ValueError,
        "seed of MLP needs a whole number from 0 up, a NumPy Generator, or None; got int -1",
    ),
    Case(
        "an MLP with a bias that is none",
        lambda w: nn.MLP(2, [1], bias="yes"),
        ValueError,
        "a bias is True, False, or 'ones' for an input that is always 1; got 'yes'",
    ),
    Case("an MLP called with too few inputs", lambda w: w.model([1.0]), ValueError, "MLP of 2 inputs got 1"),
    Case(
        "an MLP called with a batch",
        lambda w: w.model(w.X),
        TypeError,
        "MLP is called with one example; got 3 rows: predict(model, X) takes many, and so does [model(x) for x in X]",
    ),
    Case("an MLP called with a number", lambda w: w.model(1.0), ValueError, "MLP of 2 inputs got 1"),
    Case(
        "an MLP called with texts",
        lambda w: w.model(["a", "b"]),
        TypeError,
        "an input of MLP needs one real number; got str 'a'",
    ),
    Case(
        "an MLP called with None",
        lambda w: w.model(None),
        TypeError,
        "MLP needs the numbers of one example; got NoneType None",
    ),
    Case(
        "a neuron called with too many inputs",
        lambda w: w.neuron([1.0, 2.0, 3.0]),
        ValueError,
        "Neuron of 2 inputs got 3",
    ),
    Case(
        "a neuron with softmax called",
        lambda w: nn.Neuron(2, "softmax")([1.0, 2.0]),
        ValueError,
        "softmax needs the z of all neurons of a layer; got one neuron: call the layer",
    ),
    Case(
        "a neuron with a negative number of inputs",
        lambda w: nn.Neuron(-2),
        ValueError,
        "Neuron needs at least one input; got -2",
    ),
    Case(
        "a layer called with nested lists",
        lambda w: w.layer([[1.0], [2.0]]),
        TypeError,
        "Layer is called with one example; got 2 rows: predict(model, X) takes many, and so does [model(x) for x in X]",
    ),
    Case(
        "a layer given weights of another shape",
        lambda w: w.layer.set_weights([[1.0, 2.0]], [0.0, 0.0]),
        ValueError,
        "set_weights needs W of shape (2, 2); got (1, 2)",
    ),
    Case(
        "a layer given a bias of another shape",
        lambda w: w.layer.set_weights([[1.0, 2.0], [3.0, 4.0]], [0.0]),
        ValueError,
        "set_weights needs b of shape (2,); got (1,)",
    ),
    Case(
        "a layer given weights of None",
        lambda w: w.layer.set_weights([[None, 1.0], [2.0, 3.0]], [0.0, 0.0]),
        TypeError,
        "set_weights, for W, needs one real number; got NoneType None",
    ),
    Case(
        "layers that don't fit",
        lambda w: nn.Sequential(nn.Layer(2, 3), nn.Layer(2, 1)),
        ValueError,
        "Layer of 2 inputs got the shape (3,)",
    ),
    Case(
        "a Sequential of a number",
        lambda w: nn.Sequential(3),
        TypeError,
        "Sequential needs layers that can be called; got int 3",
    ),
    Case(
        "a LeakyReLU with an infinite slope",
        lambda w: nn.LeakyReLU(math.inf),
        ValueError,
        "LeakyReLU needs a finite alpha; got inf",
    ),
    Case(
        "a Dropout of everything",
        lambda w: nn.Dropout(1.0),
        ValueError,
        "p of Dropout needs a number >= 0 and < 1; got 1.0",
    ),
    Case(
        "a Dropout of NaN",
        lambda w: nn.Dropout(math.nan),
        ValueError,
        "p of Dropout needs a number >= 0 and < 1; got nan",
    ),
    Case(
        "a convolution called with too small an image",
        lambda w: nn.Convolution2D(1, 1, 3, seed=1)([[1.0]]),
        ValueError,
        "Convolution2D needs an image of at least (3, 3) rows, columns; got (1, 1)",
    ),
    Case(
        "a perceptron taught an output of 2",
        lambda w: nn.Perceptron(2).learn_all([[1.0, 0.0]], [2]),
        ValueError,
        "Perceptron learns the outputs 0 and 1; got 2.0",
    ),
    Case("a model of NaN inputs", lambda w: w.neuron([math.nan, 1.0]).data, None, "nan"),
    Case("a model of infinite inputs", lambda w: w.neuron([math.inf, 1.0]).data, None, "0.0"),
    Case("a model of huge inputs", lambda w: w.model([1e308, 1e308]).data, None, "-0.5306841974978379"),
    # ---- losses and metrics
    Case(
        "a loss of two lengths",
        lambda w: nn.mse([w.x, w.w], [1.0]),
        ValueError,
        "mse needs one target for each prediction; got predictions of shape (2,) and targets of shape (1,)",
    ),
    Case("a loss of nothing", lambda w: nn.mse([], []), ValueError, "mse needs at least one prediction; got none"),
    Case("a loss of texts", lambda w: nn.mse(["a"], [1.0]), TypeError, "a vector needs one real number; got str 'a'"),
    Case(
        "a loss of targets of another shape",
        lambda w: nn.mse([[w.x], [w.w]], [[1.0, 2.0], [3.0, 4.0]]),
        ValueError,
        "mse needs one target for each prediction; got predictions of shape (2, 1) and targets of shape (2, 2)",
    ),
    Case(
        "a crossentropy of a target of 2",
        lambda w: nn.binary_crossentropy([w.y.sigmoid()], [2.0]),
        ValueError,
        "binary_crossentropy needs targets that are from 0 to 1; got 2.0 at targets[0]",
    ),
    Case(
        "a crossentropy of a prediction of 2",
        lambda w: nn.binary_crossentropy([w.x], [1.0]),
        DomainError,
        "binary_crossentropy needs probabilities above 0 and below 1; got 2.0 (x); use "
        "binary_crossentropy_from_logits, which takes the z before the probability and has no log(0)",
    ),
    Case(
        "a crossentropy of targets that don't sum to 1",
        lambda w: nn.categorical_crossentropy_from_logits([[w.x, w.w]], [[1.0, 1.0]]),
        ValueError,
        "categorical_crossentropy_from_logits needs targets that are probabilities, with the sum 1 for "
        "each example; got 2.0 at targets[0]",
    ),
    Case(
        "a crossentropy of a class that is none",
        lambda w: nn.categorical_crossentropy_from_logits([[w.x, w.w]], [7]),
        ValueError,
        "categorical_crossentropy_from_logits needs labels that are whole numbers from 0 to 1; got 7.0 at targets[0]",
    ),
    Case(
        "a hinge of a target of 3",
        lambda w: nn.hinge([w.x], [3.0]),
        ValueError,
        "hinge needs targets that are -1 or 1; got 3.0 at targets[0]",
    ),
    Case(
        "an accuracy of two lengths",
        lambda w: nn.accuracy([1.0, 0.0], [1.0]),
        ValueError,
        "accuracy needs one target for each prediction; got predictions of shape (2,) and targets of shape (1,)",
    ),
    Case(
        "an accuracy of nothing",
        lambda w: nn.accuracy([], []),
        ValueError,
        "accuracy needs at least one of the predictions; got none",
    ),
    Case("a loss of NaN", lambda w: nn.mse([w.nan], [1.0]).data, None, "nan"),
    Case("a loss of numbers whose squares overflow", lambda w: nn.mse([Value(1e200)], [0.0]).data, None, "inf"),
    Case(
        "a crossentropy of a sure mistake",
        lambda w: nn.binary_crossentropy_from_logits([Value(-1000.0)], [1.0]).data,
        None,
        "1000.0",
    ),
    Case("a negative L2", lambda w: nn.L2(-1.0), ValueError, "strength of L2 needs a finite number >= 0; got -1.0"),
    Case("an L2 of NaN", lambda w: nn.L2(math.nan), ValueError, "strength of L2 needs a finite number >= 0; got nan"),
    # ---- optimizers and schedules
    Case(
        "an optimizer of nothing",
        lambda w: nn.SGD([]),
        ValueError,
        "SGD needs at least one parameter; got none (an iterator is empty when it was used)",
    ),
    Case(
        "an optimizer of numbers", lambda w: nn.SGD([1.0]), TypeError, "SGD needs Values as parameters; got float 1.0"
    ),
    Case(
        "an optimizer of a Value alone",
        lambda w: nn.SGD(w.x),
        TypeError,
        "SGD needs a list of parameters, such as model.parameters(); got Value",
    ),
    Case(
        "an optimizer of a computed Value",
        lambda w: nn.SGD([w.y]),
        ValueError,
        "SGD can only write leaves; got the computed Value y = 1.389  (w.inner + exp(x), grad 1)",
    ),
    Case("an optimizer of the same Value twice", lambda w: nn.SGD([w.x, w.x]), None, "SGD(1 parameter, lr=0.01)"),
    Case(
        "a negative learning rate",
        lambda w: nn.SGD([w.x], lr=-0.1),
        ValueError,
        "lr of SGD needs a positive, finite number; got -0.1",
    ),
    Case(
        "a learning rate that is NaN",
        lambda w: nn.Adam([w.x], lr=math.nan),
        ValueError,
        "lr of Adam needs a positive, finite number; got nan",
    ),
    Case(
        "a learning rate that is infinite",
        lambda w: nn.Adam([w.x], lr=math.inf),
        ValueError,
        "lr of Adam needs a positive, finite number; got inf",
    ),
    Case(
        "a learning rate that is a text",
        lambda w: nn.SGD([w.x], lr="fast"),
        TypeError,
        "lr of SGD needs one real number; got str 'fast'",
    ),
    Case(
        "a learning rate written as a text",
        lambda w: setattr(w.optimizer, "lr", "fast"),
        TypeError,
        "lr of Adam needs one real number; got str 'fast'",
    ),
    Case(
        "a beta of 1",
        lambda w: nn.Adam([w.x], betas=(1.0, 0.999)),
        ValueError,
        "betas of Adam needs a number >= 0 and < 1; got 1.0",
    ),
    Case(
        "one beta",
        lambda w: nn.Adam([w.x], betas=0.9),
        ValueError,
        "betas of Adam needs two numbers >= 0 and < 1; got 0.9",
    ),
    Case(
        "an eps of zero",
        lambda w: nn.Adam([w.x], eps=0.0),
        ValueError,
        "eps of Adam needs a positive, finite number; got 0.0",
    ),
    Case(
        "a momentum of 2",
        lambda w: nn.Momentum([w.x], momentum=2.0),
        ValueError,
        "momentum of Momentum needs a number >= 0 and < 1; got 2.0",
    ),
    Case("a step with a gradient of NaN", lambda w: stepped(math.nan), None, "nan"),
    Case("a step with an infinite gradient", lambda w: stepped(math.inf), None, "-inf"),
    Case("a step with a subnormal gradient", lambda w: stepped(5e-324), None, "1.0"),
    Case(
        "a step with a schedule that gives a text",
        lambda w: stepped_at(w, lambda step: "fast"),
        TypeError,
        "a schedule needs one real number; got str 'fast'",
    ),
    Case(
        "a step with a schedule that gives NaN",
        lambda w: stepped_at(w, lambda step: math.nan),
        ValueError,
        "a rate needs to be a finite number >= 0; <lambda> gave nan after 1 steps",
    ),
    Case("Ctrl-C in a schedule", lambda w: stepped_at(w, interrupting), KeyboardInterrupt, ""),
    Case(
        "a state of another optimizer",
        lambda w: w.optimizer.load_state_dict(nn.SGD([w.x]).state_dict()),
        ValueError,
        "Adam needs a state of its own class; got one of 'SGD'",
    ),
    Case(
        "a state of other parameters",
        lambda w: w.optimizer.load_state_dict(nn.Adam([w.x]).state_dict()),
        ValueError,
        "m of Adam needs an array of shape (9,), an element for each parameter; got (1,)",
    ),
    Case(
        "a state that is none",
        lambda w: w.optimizer.load_state_dict(3),
        TypeError,
        "the state of Adam needs a dict; got int",
    ),
    Case(
        "a schedule of a negative rate",
        lambda w: nn.Constant(-1.0),
        ValueError,
        "lr of Constant needs a positive, finite number; got -1.0",
    ),
    Case(
        "a schedule that steps down never",
        lambda w: nn.StepDecay(0.1, 0, 0.5),
        ValueError,
        "StepDecay needs at least one step before the rate falls; got 0",
    ),
    Case("a schedule of no steps", lambda w: nn.Cosine(0.1, 0), ValueError, "Cosine needs at least one step; got 0"),
    Case(
        "clipping at zero",
        lambda w: nn.clip_norm(w.model.parameters(), 0.0),
        ValueError,
        "max_norm of clip_norm needs a positive number; got 0.0",
    ),
    Case(
        "clipping at NaN",
        lambda w: nn.clip_value(w.model.parameters(), math.nan),
        ValueError,
        "limit of clip_value needs a positive number; got nan",
    ),
    Case(
        "clipping numbers",
        lambda w: nn.clip_norm([1.0], 1.0),
        TypeError,
        "clip_norm needs Values as parameters; got float 1.0",
    ),
    # ---- training
    Case(
        "fitting a number",
        lambda w: nn.fit(3, w.X, w.Y, loss="mse"),
        TypeError,
        "fit needs a model with parameters(), such as a Module; got int 3",
    ),
    Case(
        "fitting to data of two lengths",
        lambda w: nn.fit(w.model, w.X, w.Y[:2], loss="mse"),
        ValueError,
        "fit needs one target for each example; got X of shape (3, 2) and Y of shape (2,)",
    ),
    Case(
        "fitting to nothing",
        lambda w: nn.fit(w.model, [], [], loss="mse"),
        ValueError,
        "fit needs at least one number in X; got the shape (0,)",
    ),
    Case(
        "fitting to inputs that are too wide",
        lambda w: nn.fit(w.model, np.ones((3, 5)), w.Y, loss="mse", progress=False),
        ValueError,
        "MLP of 2 inputs got 5",
    ),
    Case(
        "fitting to inputs of None",
        lambda w: nn.fit(w.model, [[None, 1.0]], [1.0], loss="mse"),
        TypeError,
        "fit, for X[0, 0], needs one real number; got NoneType None",
    ),
    Case(
        "fitting to inputs with NaN",
        lambda w: nn.fit(w.model, [[math.nan, 1.0]], [1.0], loss="mse", progress=False),
        ValueError,
        "fit needs finite numbers in X; got nan at X[0, 0]",
    ),
    Case(
        "fitting to targets with infinity",
        lambda w: nn.fit(w.model, [[0.0, 1.0]], [math.inf], loss="mse", progress=False),
        ValueError,
        "fit needs finite numbers in Y; got inf at Y[0]",
    ),
    Case(
        "fitting to targets of another shape",
        lambda w: nn.fit(w.model, w.X, np.ones((3, 2)), loss="mse", progress=False),
        ValueError,
        "mse needs one target for each prediction; got predictions of shape (3,) and targets of shape (3, 2)",
    ),
    Case(
        "fitting to an unknown loss",
        lambda w: nn.fit(w.model, w.X, w.Y, loss="square"),
        ValueError,
        "there is no loss 'square'; known are half_squared_error, sse, mse, mae, hinge, "
        "binary_crossentropy, binary_crossentropy_from_logits, categorical_crossentropy, "
        "categorical_crossentropy_from_logits, and any function of predictions and targets",
    ),
    Case(
        "fitting with an unknown optimizer",
        lambda w: nn.fit(w.model, w.X, w.Y, loss="mse", optimizer="newton"),
        ValueError,
        "there is no optimizer 'newton'; known are sgd, momentum, nesterov, adagrad, adadelta, rmsprop, "
        "adam, adamw, and any Optimizer",
    ),
    Case(
        "fitting with an optimizer of others",
        lambda w: nn.fit(w.model, w.X, w.Y, loss="mse", optimizer=nn.SGD([w.x]), progress=False),
        ValueError,
        "fit needs an optimizer of the model's parameters; got 1 that are not in MLP of [Layer(2, 2, "
        "activation='tanh'), Layer(2, 1, activation='identity')]",
    ),
    Case(
        "fitting for no epochs",
        lambda w: nn.fit(w.model, w.X, w.Y, loss="mse", epochs=0),
        ValueError,
        "fit needs at least one epoch; got 0",
    ),
    Case(
        "fitting for half an epoch",
        lambda w: nn.fit(w.model, w.X, w.Y, loss="mse", epochs=0.5),
        TypeError,
        "fit needs at least one epoch, as a whole number; got float 0.5",
    ),
    Case(
        "fitting in batches of none",
        lambda w: nn.fit(w.model, w.X, w.Y, loss="mse", batch_size=0),
        ValueError,
        "fit needs at least one example in a batch; got 0",
    ),
    Case(
        "fitting with more than all examples held out",
        lambda w: nn.fit(w.model, w.X, w.Y, loss="mse", validation=1.5),
        ValueError,
        "validation is a pair (X, Y), or a fraction that leaves examples on both sides; got 1.5 of 3 examples",
    ),
    Case(
        "fitting with an unknown metric",
        lambda w: nn.fit(w.model, w.X, w.Y, loss="mse", metrics="beauty"),
        ValueError,
        "there is no metric 'beauty'; known are accuracy, mse, mae, and any function of predictions and targets",
    ),
    Case(
        "fitting with a callback that is none",
        lambda w: nn.fit(w.model, w.X, w.Y, loss="mse", callbacks=3),
        TypeError,
        "fit needs a callback that can be called, or a list of them; got 3",
    ),
    Case(
        "fitting with a regularizer that is none",
        lambda w: nn.fit(w.model, w.X, w.Y, loss="mse", regularizer="L2"),
        TypeError,
        "fit needs a Regularizer, such as L2(0.01), or a list of them; got 'L2'",
    ),
    Case(
        "fitting with a norm of zero",
        lambda w: nn.fit(w.model, w.X, w.Y, loss="mse", clip_norm=0),
        ValueError,
        "clip_norm of fit needs a positive number; got 0.0",
    ),
    Case(
        "fitting with early stopping without validation",
        lambda w: nn.fit(w.model, w.X, w.Y, loss="mse", early_stopping=3),
        ValueError,
        "EarlyStopping(patience=3, min_delta=0.0, monitor='val_loss') needs a quantity of the history: "
        "loss, lr; val_ ones need validation=",
    ),
    Case(
        "fitting with a seed that is a text",
        lambda w: nn.fit(w.model, w.X, w.Y, loss="mse", seed="one"),
        TypeError,
        "seed of fit needs a whole number from 0 up, a NumPy Generator, or None; got str 'one'",
    ),
    Case(
        "fitting until it diverges",
        lambda w: nn.fit(w.model, w.X, w.Y * 1e200, loss="mse", optimizer=w.optimizer, progress=False),
        TrainingDiverged,
        "training diverged in epoch 1, and went back to the last good parameters: the loss became inf\n"
        "Diagnosis of 41 nodes: 1 finding\n"
        "[0] infinity is born: v10 = v9² = (−1e+200)² = inf\n"
        "      also in v30 = v29² = (−1e+200)² = inf\n"
        "      → Scale the inputs to about 1 and lower the learning rate: floats end at 1.8e308.",
    ),
    Case(
        "Ctrl-C in a loss",
        lambda w: nn.fit(w.model, w.X, w.Y, loss=interrupting, optimizer=w.optimizer, progress=False),
        KeyboardInterrupt,
        "",
    ),
    Case(
        "Ctrl-C in a metric",
        lambda w: nn.fit(w.model, w.X, w.Y, loss="mse", optimizer=w.optimizer, metrics=interrupting, progress=False),
        KeyboardInterrupt,
        "",
    ),
    Case("predicting with too few inputs", lambda w: nn.predict(w.model, [[1.0]]), ValueError, "MLP of 2 inputs got 1"),
    Case(
        "predicting for a number",
        lambda w: nn.predict(w.model, 1.0),
        TypeError,
        "predict needs an array or a list of examples as X; got float 1.0",
    ),
    Case(
        "predicting with a number",
        lambda w: nn.predict(3, w.X),
        TypeError,
        "predict needs a model that can be called; got int 3",
    ),
    Case(
        "predicting for rows of two lengths",
        lambda w: nn.predict(w.model, [[1.0], [1.0, 2.0]]),
        ValueError,
        "predict needs rows of one length in X; got lengths 1 and 2 (row 1)",
    ),
    Case(
        "predicting for NaN",
        lambda w: nn.predict(w.neuron, [[math.nan, 0.0]]).tolist(),
        ValueError,
        "predict needs finite numbers in X; got nan at X[0, 0]",
    ),
    Case(
        "evaluating data of two lengths",
        lambda w: nn.evaluate(w.model, w.X, w.Y[:1], "mse"),
        ValueError,
        "evaluate needs one target for each example; got X of shape (3, 2) and Y of shape (1,)",
    ),
    Case(
        "evaluating a number",
        lambda w: nn.evaluate(3, w.X, w.Y, "mse"),
        TypeError,
        "evaluate needs a model that can be called; got int 3",
    ),
    Case(
        "evaluating an unknown loss",
        lambda w: nn.evaluate(w.model, w.X, w.Y, "square"),
        ValueError,
        "there is no loss 'square'; known are half_squared_error, sse, mse, mae, hinge, "
        "binary_crossentropy, binary_crossentropy_from_logits, categorical_crossentropy, "
        "categorical_crossentropy_from_logits, and any function of predictions and targets",
    ),
    # ---- data
    Case(
        "one_hot of a text among numbers",
        lambda w: nn.one_hot([0, 1, "a"]),
        TypeError,
        "one_hot, for labels[2], needs one real number; got str 'a'",
    ),
    Case(
        "predictions for a text among numbers",
        lambda w: nn.predict(w.neuron, [[0, 0], [0, "x"]]),
        TypeError,
        "predict, for X[1, 1], needs one real number; got str 'x'",
    ),
    Case(
        "one_hot of a fraction",
        lambda w: nn.one_hot([0.5]),
        ValueError,
        "one_hot needs labels that are whole numbers from 0 to 0; got 0.5 at labels[0]",
    ),
    Case(
        "one_hot of a negative class",
        lambda w: nn.one_hot([-1]),
        ValueError,
        "one_hot needs labels that are whole numbers from 0 to 0; got -1.0 at labels[0]",
    ),
    Case(
        "one_hot of a class that is too large",
        lambda w: nn.one_hot([3], 2),
        ValueError,
        "one_hot needs labels that are whole numbers from 0 to 1; got 3.0 at labels[0]",
    ),
    Case(
        "batches of none",
        lambda w: list(nn.batches(10, 0)),
        ValueError,
        "batches needs at least one example in a batch; got 0",
    ),
    Case(
        "batches of a negative number",
        lambda w: list(nn.batches(-1)),
        ValueError,
        "batches needs at least one example; got -1",
    ),
    Case(
        "a split of more than all",
        lambda w: nn.split(w.X, w.Y, test=1.0),
        ValueError,
        "split needs a fraction from 0 to 1 for test, 1 excluded; got 1.0",
    ),
    Case(
        "a split of two lengths",
        lambda w: nn.split(w.X, w.Y[:2]),
        ValueError,
        "split needs one target for each example; got X of shape (3, 2) and Y of shape (2,)",
    ),
    Case(
        "a standardization of nothing",
        lambda w: nn.Standardization([]),
        ValueError,
        "Standardization needs at least one number in X; got the shape (0,)",
    ),
    Case(
        "a standardization of NaN",
        lambda w: nn.Standardization([[math.nan], [1.0]]),
        ValueError,
        "Standardization needs finite numbers in X; got nan at X[0, 0]",
    ),
    Case(
        "a standardization called with another width",
        lambda w: nn.Standardization(w.X)(np.ones((2, 5))),
        ValueError,
        "Standardization needs examples of the shape (2,); got (2, 5)",
    ),
    Case(
        "confusion of two lengths",
        lambda w: nn.confusion_matrix([1.0], [1.0, 0.0]),
        ValueError,
        "confusion_matrix needs one target for each prediction; got predictions of shape (1,) and "
        "targets of shape (2,)",
    ),
    # ---- saving
    Case(
        "a model that is none",
        lambda w: nn.save(3, w.path("model.json")),
        TypeError,
        "save needs a model, such as MLP(2, [4, 1]); got int 3",
    ),
    Case(
        "a model saved in a missing folder",
        lambda w: nn.save(w.model, w.path("missing/model.json")),
        FileNotFoundError,
        "there is no folder 'FOLDER/missing' to save 'model.json' in: make it first",
    ),
    Case(
        "a model saved to a number",
        lambda w: nn.save(w.model, 3),
        TypeError,
        "save needs a path, such as 'model.json'; got int 3",
    ),
    Case(
        "a model saved in place of a folder",
        lambda w: nn.save(w.model, str(w.folder)),
        FileExistsError,
        "'FOLDER' is there, and is no file that could be replaced",
    ),
    Case(
        "a model with a function of one's own",
        lambda w: nn.save(nn.MLP(2, [1], output_activation=autograd.softmax), w.path("model.json")),
        TypeError,
        "save: activation of the model is a function of one's own, softmax, which can't be written; "
        "identity, step, sigmoid, tanh, relu, leaky_relu, softplus, softmax, LeakyReLU with its alpha "
        "can",
    ),
    Case(
        "a model with an optimizer of others",
        lambda w: nn.save(w.model, w.path("model.json"), nn.SGD([w.x])),
        ValueError,
        "save: the optimizer moves x = 2  (grad 4.389), which is no parameter of the model",
    ),
    Case(
        "a model saved on a full disk",
        lambda w: on_full_disk(lambda: nn.save(w.model, w.path("model.json"), w.optimizer)),
        OSError,
        "[Errno 28] No space left on device: 'FOLDER/model.json'",
    ),
    Case(
        "a model loaded from a missing file",
        lambda w: nn.load(w.path("missing.json")),
        FileNotFoundError,
        "[Errno 2] No such file or directory: 'FOLDER/missing.json'",
    ),
    Case(
        "a model loaded from a file that is none",
        lambda w: nn.load(w.path("model.json")),
        ModelFileError,
        "'FOLDER/model.json' can't be read as a model: Expecting value: line 1 column 1 (char 0)",
    ),
    Case(
        "a model saved whose weights became numbers",
        lambda w: nn.save(with_numbers(), w.path("model.json")),
        TypeError,
        "save needs Values as parameters; got int 1",
    ),
    Case(
        "a model loaded from a folder",
        lambda w: nn.load(str(w.folder)),
        ModelFileError,
        "'FOLDER' can't be read as a model: it is a folder, a device or a pipe",
    ),
    Case(
        "a model loaded from too large a file",
        lambda w: nn.load(w.path("model.json"), max_bytes=1),
        ModelFileError,
        "'FOLDER/model.json' can't be read as a model: it has 3 bytes, and max_bytes is 1",
    ),
    Case(
        "a model with a limit that is a text",
        lambda w: nn.load(w.path("model.json"), max_bytes="1"),
        TypeError,
        "load needs a number as max_bytes; got str '1'",
    ),
    Case(
        "an optimizer with a limit below zero",
        lambda w: nn.load_optimizer(w.path("model.json"), [w.x], max_bytes=-1),
        ValueError,
        "load_optimizer needs max_bytes of 0 or more; got -1",
    ),
    Case(
        "an optimizer loaded from a missing file",
        lambda w: nn.load_optimizer(w.path("missing.json"), [w.x]),
        FileNotFoundError,
        "[Errno 2] No such file or directory: 'FOLDER/missing.json'",
    ),
    Case(
        "a batch of another width to a Perceptron",
        lambda w: nn.Perceptron(2).learn([1.0], 1),
        ValueError,
        "Perceptron of 2 inputs got 1",
    ),
    Case(
        "hebb with a rate of zero",
        lambda w: nn.hebb(w.neuron, [1.0, 2.0], 1.0, 0.0),
        ValueError,
        "lr of hebb needs a positive, finite number; got 0.0",
    ),
    Case(
        "a network drawn of a number",
        lambda w: nn.draw_network(3),
        TypeError,
        "a model with layers of neurons is needed here; got int 3",
    ),
    Case(
        "a network drawn with too few inputs",
        lambda w: nn.draw_network(w.model, x=[1.0]),
        ValueError,
        "draw_network needs x with 2 numbers, one for each input; got 1",
    ),
    Case(
        "layers explained of a loss that is none",
        lambda w: nn.explain_layers(w.model, 3.0),
        TypeError,
        "explain_layers needs a loss that is a Value; got float 3.0",
    ),
    Case(
        "layers explained of another loss",
        lambda w: nn.explain_layers(w.model, w.y),
        ValueError,
        "y was not computed by the MLP 2-2-1: no neuron is below it",
    ),
    # ---- what could be half-done
    Case(
        "weights that fit and a bias that is None",
        lambda w: w.layer.set_weights([[1.0, 2.0], [3.0, 4.0]], [0.0, None]),
        TypeError,
        "set_weights, for b, needs one real number; got NoneType None",
    ),
    Case(
        "a batch for a perceptron whose second output is 2",
        lambda w: nn.Perceptron(2).learn_all([[1.0, 0.0], [0.0, 1.0]], [1, 2]),
        ValueError,
        "Perceptron learns the outputs 0 and 1; got 2.0",
    ),
    Case(
        "hebb with an output of NaN",
        lambda w: nn.hebb(w.neuron, [1.0, 2.0], math.nan, 0.1),
        ValueError,
        "hebb, for y, needs finite numbers; got nan",
    ),
    Case(
        "clipping a parameter and a number",
        lambda w: nn.clip_value([*w.model.parameters(), 1.0], 1e-9),
        TypeError,
        "clip_value needs Values as parameters; got float 1.0",
    ),
    Case(
        "clipping the norm of a gradient of NaN",
        lambda w: nn.clip_norm(w.model.parameters(), 1e-9),
        FloatingPointError,
        "clip_norm needs gradients of a finite norm; got the norm nan (layer1.neuron1.w[0] has nan)",
        with_gradient(math.nan),
    ),
    Case(
        "a state without steps",
        lambda w: w.optimizer.load_state_dict({k: v for k, v in w.optimizer.state_dict().items() if k != "steps"}),
        ValueError,
        "the state of Adam needs steps; got ['class', 'lr', 'hyperparameters', 'moments', 'counts']",
    ),
    Case(
        "a state with a second moment of another length",
        lambda w: w.optimizer.load_state_dict(with_second_moment(w, np.zeros(2))),
        ValueError,
        "v of Adam needs an array of shape (9,), an element for each parameter; got (2,)",
    ),
    Case(
        "a state whose steps are half",
        lambda w: w.optimizer.load_state_dict({**w.optimizer.state_dict(), "steps": 0.5}),
        TypeError,
        "steps of Adam needs a whole number; got 0.5",
    ),
    Case(
        "a model loaded from a file that is cut off",
        lambda w: nn.load(w.path("model.json")),
        ModelFileError,
        "'FOLDER/model.json' can't be read as a model: Expecting value: line 6 column 16 (char 100)",
        cut_off,
    ),
    Case(
        "an optimizer of other parameters loaded",
        lambda w: nn.load_optimizer(w.path("model.json"), [w.x]),
        ValueError,
        "load_optimizer needs the 9 parameters of the model in 'FOLDER/model.json'; got 1",
        saved,
    ),
    Case(
        "an optimizer loaded from a model that has none",
        lambda w: nn.load_optimizer(w.path("model.json"), w.model.parameters()),
        ModelFileError,
        "'FOLDER/model.json' can't be read as a model: it was saved without an optimizer",
        saved_alone,
    ),
    Case(
        "Ctrl-C while a model is saved",
        lambda w: interrupted_in_writing(lambda: nn.save(w.model, w.path("model.json"), w.optimizer)),
        KeyboardInterrupt,
        "",
    ),
    Case(
        "fitting with validation data of another width",
        lambda w: nn.fit(w.model, w.X, w.Y, loss="mse", validation=([[1.0]], [1.0]), progress=False),
        ValueError,
        "validation needs examples of the shape (2,); got (1,)",
    ),
    Case(
        "fitting with a loss that gives a number",
        lambda w: nn.fit(w.model, w.X, w.Y, loss=lambda p, t: 1.0, progress=False),
        TypeError,
        "loss '<lambda>' needs to give one Value; got float 1.0",
    ),
    Case(
        "fitting with a metric that gives a text",
        lambda w: nn.fit(w.model, w.X, w.Y, loss="mse", metrics=lambda p, t: "good", progress=False),
        TypeError,
        "metric '<lambda>', for what it gives, needs one real number; got str 'good'",
    ),
    Case(
        "fitting in whole numbers",
        lambda w: nn.fit(w.model, w.X, w.Y, loss="mse", dtype=int, progress=False),
        ValueError,
        "fit computes in float64 or float32; got the dtype int64",
    ),
    Case(
        "fitting, uncompiled, until it diverges",
        lambda w: nn.fit(w.model, w.X, w.Y * 1e200, loss="mse", optimizer=w.optimizer, compiled=False, progress=False),
        TrainingDiverged,
        "training diverged in epoch 1, and went back to the last good parameters: the loss became inf\n"
        "Diagnosis of 41 nodes: 1 finding\n"
        "[0] infinity is born: v10 = v9² = (−1e+200)² = inf\n"
        "      also in v30 = v29² = (−1e+200)² = inf\n"
        "      → Scale the inputs to about 1 and lower the learning rate: floats end at 1.8e308.",
    ),
]
"""What nn refuses, or answers with a number of IEEE's."""
