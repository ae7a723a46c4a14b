"""Compiled steps: the numbers of steps that are recorded anew, whatever is trained, and how."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Value
from nn import (
    ACTIVATIONS,
    L1,
    L2,
    MLP,
    OPTIMIZERS,
    SGD,
    ActivityL2,
    Adam,
    Convolution2D,
    Dropout,
    Flatten,
    History,
    Layer,
    LeakyReLU,
    MaxPooling2D,
    Module,
    Perceptron,
    Sequential,
    TrainingDiverged,
    evaluate,
    fit,
    predict,
)
from nn.losses.registry import LOSSES
from nn.training.courses import course_of
from nn.training.prediction import ROUNDS, TOGETHER
from nn.training.programs import Batch, Outputs, is_compilable, is_compilable_training
from nn.training.steps import FEWEST_STEPS, CompiledSteps, EagerSteps, steps_of

ROUNDING = 1e-10
"""Of the largest parameter, after 50 steps."""

RNG = np.random.default_rng(0)
X = RNG.normal(size=(20, 2))
CLASSES = (X[:, 0] * X[:, 1] > 0) * 1.0
LABELS = RNG.integers(0, 3, 20)
IMAGES = RNG.normal(size=(9, 6, 6))


def both(make: Callable[[], Module], inputs: Any, targets: Any, **options: Any) -> tuple[History, History]:
    """The histories of the same training in both ways, after their models were found equal."""
    models, histories = [make() for _ in range(2)], []
    for model, compiled in zip(models, (True, False)):
        given = {"epochs": 10, "batch_size": 4, "seed": 1, **options}
        if callable(given.get("optimizer")):
            given["optimizer"] = given["optimizer"](model.parameters())
        histories.append(fit(model, inputs, targets, compiled=compiled, **given))
    ours, theirs = ([parameter.data for parameter in model.parameters()] for model in models)
    assert np.allclose(ours, theirs, rtol=0, atol=ROUNDING * max(map(abs, theirs)))
    assert list(histories[0]) == list(histories[1])
    for name, numbers in histories[0].items():
        assert numbers == pytest.approx(histories[1][name], rel=ROUNDING, abs=ROUNDING)
    return histories[0], histories[1]


def net() -> MLP:
    return MLP(2, [4, 1], "tanh", "sigmoid", seed=0)


# ---- the same numbers


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_takes_the_same_fifty_steps(name: str) -> None:
    both(net, X, CLASSES, loss="binary_crossentropy", optimizer=name)


@pytest.mark.parametrize("regularizer", [L1(0.01), L2(0.02), ActivityL2(0.1), [L1(0.01), ActivityL2(0.1, 2)]])
def test_regularizers_are_in_the_steps_and_in_the_history(regularizer: Any) -> None:
    compiled, _ = both(net, X, CLASSES, loss="mse", regularizer=regularizer, optimizer="sgd")
    assert compiled["penalty"][0] > 0


@pytest.mark.parametrize("size", [None, 1, 6, 20, 33])
def test_batches_of_every_size_the_last_one_included(size: int | None) -> None:
    both(net, X, CLASSES, loss="mse", batch_size=size, metrics=["accuracy", "mae"])


def test_dropout_draws_the_same_masks() -> None:
    def make() -> Sequential:
        first, second = Dropout(0.4, seed=5), Dropout(0.2, seed=6)
        return Sequential(first, Layer(2, 6, "relu", seed=1), second, Layer(6, 3, "softmax", seed=2))

    both(make, X, LABELS, loss="categorical_crossentropy")


def test_labels_in_a_column_are_labels() -> None:
    both(lambda: MLP(2, [3], output_activation="softmax", seed=0), X, LABELS[:, None], loss="categorical_crossentropy")


def test_a_dropout_that_occurs_twice_draws_for_both_in_turn() -> None:
    def make() -> Sequential:
        dropout = Dropout(0.3, seed=5)
        return Sequential(
            Layer(2, 6, "relu", seed=1), dropout, Layer(6, 4, "tanh", seed=2), dropout, Layer(4, 1, seed=3)
        )

    both(make, X, CLASSES, loss="mse")


LOSSES_AND_TARGETS = {
    "half_squared_error": ("identity", CLASSES),
    "sse": ("identity", X),
    "mse": ("identity", X),
    "mae": ("identity", CLASSES[:, None]),
    "hinge": ("identity", 2 * CLASSES - 1),
    "binary_crossentropy": ("sigmoid", CLASSES),
    "binary_crossentropy_from_logits": ("identity", CLASSES),
    "categorical_crossentropy": ("softmax", LABELS),
    "categorical_crossentropy_from_logits": ("identity", np.eye(3)[LABELS]),
}


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_is_taught(name: str) -> None:
    activation, targets = LOSSES_AND_TARGETS[name]
    outputs = 3 if name.startswith("categorical") else 1 if targets.size == len(targets) else 2
    both(lambda: MLP(2, [5, outputs], "tanh", activation, seed=3), X, targets, loss=name, optimizer="sgd")


MODELS = {
    "one neuron": lambda: MLP(2, [1], seed=0),
    "no bias": lambda: MLP(2, [3, 1], "softplus", bias=False, seed=0),
    "a column of ones": lambda: MLP(2, [3, 1], "tanh", bias="ones", seed=0),
    "mixed activations": lambda: MLP(2, [3, 3, 2, 1], ["relu", LeakyReLU(0.3), "sigmoid", "identity"], seed=0),
    "a layer alone": lambda: Layer(2, 1, "tanh", seed=0),
    "a shared layer": lambda: Sequential(*[Layer(2, 2, "tanh", seed=0)] * 2, Layer(2, 1, "identity", seed=1)),
}


@pytest.mark.parametrize("name", MODELS)
def test_every_model_is_taught(name: str) -> None:
    both(MODELS[name], X, CLASSES, loss="mse", optimizer="sgd")


def test_a_network_of_images_is_taught() -> None:
    def make() -> Sequential:
        convolution = Convolution2D(1, 2, 3, "tanh", seed=0)
        return Sequential(convolution, MaxPooling2D(2), Flatten(), Dropout(0.1, seed=0), Layer(8, 3, "softmax", seed=1))

    both(make, IMAGES, LABELS[:9], loss="categorical_crossentropy", epochs=4)


def test_clipping_validation_and_early_stopping_go_along() -> None:
    compiled, eager = both(
        net, X, CLASSES, loss="mse", optimizer=lambda ps: SGD(ps, lr=2.0), clip_norm=0.05, validation=0.25,
        early_stopping=2, epochs=30,
    )  # fmt: skip
    assert (compiled.best_epoch, compiled.stopped) == (eager.best_epoch, eager.stopped)


# ---- who holds the parameters


def test_callbacks_see_and_may_write_the_parameters() -> None:
    seen = []

    def halve(epoch: int, model: Any, history: History) -> None:
        seen.append(model.layers[0].weights.copy())
        model.layers[0].set_weights(model.layers[0].weights / 2)

    both(net, X, CLASSES, loss="mse", optimizer="sgd", callbacks=halve)
    assert not np.array_equal(seen[0], seen[1])


def test_the_optimizer_tells_of_the_last_step() -> None:
    model = net()
    adam = Adam(model.parameters())
    fit(model, X, CLASSES, loss="mse", optimizer=adam, epochs=3, compiled=True, seed=0)
    told = adam.explain()
    assert (told.step, told[0].after) == (3, model.parameters()[0].data)


def test_a_divergence_has_a_diagnosis_and_the_last_good_parameters() -> None:
    model = net()
    with pytest.raises(TrainingDiverged, match=r"the loss became (inf|nan)") as caught:
        fit(model, X * 1e200, CLASSES * 1e200, loss="mse", optimizer="sgd", epochs=3, compiled=True)
    assert caught.value.diagnosis
    assert [parameter.data for parameter in model.parameters()] == [parameter.data for parameter in net().parameters()]


def test_what_is_diagnosed_is_the_loss_with_the_parameters_and_the_penalty_that_made_it_infinite() -> None:
    model = MLP(1, [1], bias=False, seed=0)
    model.layers[0].set_weights([[1.0]])
    with pytest.raises(TrainingDiverged, match=r"in epoch 1, .*: the loss became inf\n.*\n\[0\] infinity is born"):
        fit(
            model, [[1.0]] * 6, [0.0] * 6, loss="mse", optimizer=SGD(model.parameters(), lr=1e200), epochs=1,
            batch_size=3, compiled=True,
        )  # fmt: skip
    model.layers[0].set_weights([[100.0]])
    with pytest.raises(TrainingDiverged, match=r"in epoch 1, .*: the loss became inf\n.*\n\[0\] infinity is born"):
        fit(model, [[0.0]] * 6, [0.0] * 6, loss="mse", optimizer="sgd", regularizer=L2(1e305), compiled=True)
    assert model.parameters()[0].data == 100.0


# ---- what is compiled, and what is not


def test_only_what_is_known_not_to_branch_is_compiled() -> None:
    class Own(Module):
        def __call__(self, x: Any) -> Any:
            return x[0]

    assert is_compilable(net())
    assert not is_compilable(Own())
    assert not is_compilable(Sequential(Layer(2, 1), lambda x: x))
    assert not is_compilable(Sequential(Layer(2, 1), Own()))
    assert not is_compilable(Sequential(Sequential(Layer(2, 2), lambda x: x), Layer(2, 1)))
    assert not is_compilable(MLP(2, [1, 1], Value.tanh))
    assert is_compilable_training(net(), LOSSES["mse"], [L2(0.1)])
    assert not is_compilable_training(net(), lambda y, t: y[0], [])
    assert not is_compilable_training(net(), LOSSES["mse"], [type("Own", (L2,), {})(0.1)])


def test_an_activation_of_ones_own_that_has_a_name_is_run_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACTIVATIONS, "bent", lambda z: z if z > 0 else 0.1 * z)
    assert not is_compilable(MLP(2, [3, 1], activation="bent", seed=0))
    monkeypatch.setitem(ACTIVATIONS, "relu", lambda z: z if z > 0 else 0 * z)
    assert not is_compilable(MLP(2, [3, 1], activation="relu", seed=0))
    assert is_compilable(MLP(2, [3, 1], activation="tanh", seed=0))


def test_what_cannot_be_compiled_is_refused_where_that_is_demanded() -> None:
    model = MLP(2, [1], output_activation=Value.tanh)
    with pytest.raises(ValueError, match="fit can compile models, activations, losses and regularizers of nn"):
        fit(model, X, CLASSES, loss="mse", compiled=True)
    own = net()
    with pytest.raises(ValueError, match="taught in all their parameters"):
        fit(own, X, CLASSES, loss="mse", optimizer=SGD(own.parameters()[:3]), compiled=True)


def test_it_is_compiled_where_that_pays() -> None:
    model = net()
    course = course_of(
        model, X, CLASSES, loss="mse", optimizer="sgd", batch_size=10, validation=None, metrics=(), regularizer=(),
        clip_norm=None, seed=0,
    )  # fmt: skip
    assert course.steps_of_an_epoch == 2
    assert isinstance(steps_of(course, FEWEST_STEPS, None), CompiledSteps)
    assert isinstance(steps_of(course, FEWEST_STEPS - 1, None), EagerSteps)
    assert isinstance(steps_of(course, 1, True), CompiledSteps)
    assert isinstance(steps_of(course, 1000, False), EagerSteps)


@pytest.mark.parametrize(("size", "steps"), [(None, 1), (1, 20), (6, 4), (10, 2), (20, 1), (33, 1)])
def test_a_last_batch_that_is_smaller_is_a_step_too(size: int | None, steps: int) -> None:
    course = course_of(
        net(), X, CLASSES, loss="mse", optimizer="sgd", batch_size=size, validation=None, metrics=(), regularizer=(),
        clip_norm=None, seed=0,
    )  # fmt: skip
    assert course.steps_of_an_epoch == steps


def test_an_optimizer_with_the_parameters_in_another_order_moves_each_by_its_own_gradient() -> None:
    models = [net(), net()]
    for model, turned in zip(models, (1, -1)):
        adam = Adam(model.parameters()[::turned])
        fit(model, X, CLASSES, loss="mse", optimizer=adam, epochs=10, seed=1)
        assert [told.after for told in adam.explain()] == [parameter.data for parameter in adam.parameters]
    ours, theirs = ([parameter.data for parameter in model.parameters()] for model in models)
    assert ours == pytest.approx(theirs, rel=ROUNDING)


def test_a_step_function_has_no_slope_in_either_way() -> None:
    for compiled in (True, False):
        with pytest.warns(RuntimeWarning, match="every gradient was 0"):
            fit(Perceptron(2), X, CLASSES, loss="mse", epochs=2, compiled=compiled)


# ---- predictions

PREDICTORS = {
    "one output": (net, X),
    "one number": (lambda: MLP(1, [3, 1], "tanh", seed=0), X[:, 0]),
    "several outputs": (lambda: MLP(2, [4, 3], "relu", "softmax", seed=0), X),
    "a dropout": (lambda: Sequential(Dropout(0.5, seed=0), Layer(2, 2, seed=0)), X),
    "identity alone": (lambda: Sequential(Flatten()), X),
    "images": (lambda: Sequential(Convolution2D(1, 2, 3, seed=0), MaxPooling2D(2)), IMAGES),
}


@pytest.mark.parametrize("name", PREDICTORS)
@pytest.mark.parametrize("count", [3, TOGETHER, ROUNDS * TOGETHER + 5])
def test_predictions_are_those_of_examples_one_by_one(name: str, count: int) -> None:
    make, inputs = PREDICTORS[name]
    many = np.resize(inputs, (count, *inputs.shape[1:])) + 0.01 * np.arange(count).reshape(-1, *[1] * (inputs.ndim - 1))
    model = make()
    expected = predict(model, many, compiled=False)
    for compiled in (True, None):
        found = predict(model, many, compiled)
        assert found.shape == expected.shape
        assert found == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_predictions_see_the_parameters_as_they_are() -> None:
    model = net()
    before = predict(model, X, compiled=True)
    model.layers[0].set_weights(model.layers[0].weights * 2)
    assert not np.allclose(predict(model, X, compiled=True), before)


def test_a_model_of_ones_own_is_predicted_one_by_one() -> None:
    assert predict(lambda x: 2 * x[0], np.ones((ROUNDS * TOGETHER, 1))).tolist() == [2.0] * ROUNDS * TOGETHER
    with pytest.raises(ValueError, match="predict can compile models of nn with activations of nn; got"):
        predict(lambda x: x[0], X, compiled=True)


def test_fewer_examples_go_together_where_each_is_a_large_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    made = Outputs.__init__

    def noting(self: Outputs, model: Module, inputs: Any) -> None:
        sizes.append(len(inputs))
        made(self, model, inputs)

    monkeypatch.setattr(Outputs, "__init__", noting)
    monkeypatch.setattr("nn.training.prediction.MOST_NODES", 500)
    images = Sequential(Convolution2D(1, 2, 3, seed=0), Flatten(), Layer(2 * 4 * 4, 1, seed=1))
    together = 500 // (1 + 3 * 32 + 2)  # products, biases and activations, and the last sum with its bias
    found = predict(images, IMAGES, compiled=True)
    assert sizes == [together]
    assert found.tolist() == pytest.approx(predict(images, IMAGES, compiled=False).tolist(), rel=1e-12)
    predict(MLP(2, [3, 1], seed=0), np.ones((300, 2)))
    assert sizes[1:] == [500 // (1 + 3 * 3 + 2)]


@pytest.mark.parametrize("name", LOSSES)
def test_what_is_evaluated_in_chunks_is_what_is_recorded(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    inputs, of_classes = rng.normal(size=(4 * TOGETHER + 7, 2)), name.startswith("categorical")
    activation = "softmax" if of_classes else "sigmoid"
    model = Sequential(Layer(2, 4, "tanh", seed=1), Dropout(0.5, seed=2), Layer(4, 3 if of_classes else 1, activation))
    targets = rng.integers(0, 3 if of_classes else 2, len(inputs))
    targets = 2 * targets - 1 if name == "hinge" else targets
    if name.endswith("from_logits"):
        model = MLP(2, [4, 3 if of_classes else 1], activation="tanh", seed=1)
    runs: list[int] = []
    run = Batch.run
    monkeypatch.setattr(Batch, "run", lambda self, X, Y: runs.append(len(X)) or run(self, X, Y))
    found, wanted = (evaluate(model, inputs, targets, name, "accuracy", compiled=how) for how in (None, False))
    assert found == pytest.approx(wanted, rel=1e-12)
    assert runs == [TOGETHER] * 4


def test_validation_is_compiled_where_it_is_measured_in_every_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []
    run = Batch.run
    monkeypatch.setattr(Batch, "run", lambda self, X, Y: runs.append(len(X)) or run(self, X, Y))
    _, history = both(
        lambda: MLP(2, [3, 1], activation="tanh", seed=0), X, CLASSES, loss="mse", validation=0.3, metrics="accuracy"
    )
    assert runs.count(6) == 10
    assert len(history["val_accuracy"]) == 10


def test_validation_data_of_chunks_of_two_sizes_is_measured_with_the_parameters_as_they_are() -> None:
    held_out = np.resize(X, (TOGETHER + 6, 2)), np.resize(CLASSES, TOGETHER + 6)
    compiled, _ = both(net, X, CLASSES, loss="mse", optimizer="sgd", validation=held_out)
    assert len(set(compiled["val_loss"])) == 10


SINGLE = 1e-4
"""Of the largest parameter, after steps in single precision."""


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_steps_in_float32_are_close_to_those_in_float64(name: str) -> None:
    models = [MLP(2, [5, 3], activation="tanh", output_activation="softmax", seed=2) for _ in range(2)]
    for model, dtype in zip(models, ("float32", np.float64)):
        history = fit(
            model,
            X,
            LABELS,
            loss="categorical_crossentropy",
            optimizer=name,
            epochs=5,
            batch_size=8,
            seed=3,
            dtype=dtype,
        )
        assert history.stopped == "all epochs done"
    single, double = ([parameter.data for parameter in model.parameters()] for model in models)
    assert np.allclose(single, double, rtol=0, atol=SINGLE * max(map(abs, double)))
    assert single == np.float32(single).tolist() != double


def test_float32_needs_compiled_steps() -> None:
    model = MLP(2, [1], seed=0)
    before = [parameter.data for parameter in model.parameters()]
    with pytest.raises(ValueError, match="float32 in compiled steps alone; got compiled=False"):
        fit(model, X, CLASSES, loss="mse", epochs=1, dtype="float32", compiled=False)
    with pytest.raises(ValueError, match="float64 or float32; got the dtype int64"):
        fit(model, X, CLASSES, loss="mse", epochs=1, dtype=int)
    with pytest.raises(ValueError, match="fit can compile"):
        fit(model, X, CLASSES, loss=lambda p, t: (p[0][0] - t[0]) ** 2, epochs=1, dtype="float32")
    assert [parameter.data for parameter in model.parameters()] == before


def test_a_gradient_that_is_not_finite_ends_compiled_steps_too() -> None:
    model = MLP(2, [2, 1], seed=0)
    model.layers[0].set_weights([[1e200, 1e200], [1e200, -1e200]], [0.0, 0.0])
    with pytest.raises(TrainingDiverged, match=r"the gradient of .* became|the loss became"):
        fit(model, X, CLASSES, loss="mae", epochs=5, optimizer="sgd", compiled=True)


def test_a_gradient_that_is_not_finite_is_found_before_it_is_taken() -> None:
    model = MLP(1, [1], bias=False, seed=0)
    model.layers[0].set_weights([[1e-200]])
    with pytest.raises(TrainingDiverged, match=r": the gradient of layer1\.\S+ became inf") as caught:
        fit(model, [[1e300]] * 5, [0.0] * 5, loss="mse", epochs=5, optimizer="sgd", compiled=True)
    assert caught.value.diagnosis
    assert model.parameters()[0].data == 1e-200


def test_a_slope_that_is_tiny_is_a_slope(recwarn: pytest.WarningsRecorder) -> None:
    model = MLP(1, [1], bias=False, seed=0)
    fit(model, [[1e-200]] * 5, [1.0] * 5, loss="mae", epochs=1, optimizer="sgd", batch_size=None, compiled=True)
    assert not recwarn.list
