from __future__ import annotations

import math
import os
import signal
import threading
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import DomainError, StaleGraph, Value, mean, sum
from nn import (
    MLP,
    SGD,
    ActivityL2,
    Adam,
    Convolution2D,
    Dropout,
    EarlyStopping,
    Layer,
    Module,
    Sequential,
    TrainingDiverged,
    confusion_matrix,
    evaluate,
    fit,
    load,
    load_optimizer,
    mae,
    mse,
    predict,
    save,
)
from nn.data import batches
from nn.regularizers import L1, L2

ROUNDING = 1e-10  # of the largest parameter: hundreds of steps by two orders of summation
XOR_X, XOR_Y = [(0, 0), (0, 1), (1, 0), (1, 1)], [0, 1, 1, 0]


def points(n: int, seed: int = 0) -> tuple[Any, Any]:
    """n points of the plane, and a smooth function of them."""
    X = np.random.default_rng(seed).uniform(-1, 1, (n, 2))
    return X, np.sin(2 * X[:, 0]) * X[:, 1]


def data_of(model: Module) -> list[float]:
    return [parameter.data for parameter in model.parameters()]


def numpy_descent(model: MLP, X: Any, Y: Any, lr: float, epochs: int, size: int | None, seed: int) -> Any:
    """The parameters of a 2-k-1 network of tanh after mini-batch descent on the MSE, worked out with matrices."""
    hidden, output = model.layers
    W1, b1, W2, b2 = hidden.weights, hidden.biases, output.weights, output.biases
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        for places in batches(len(X), size, rng):
            x, y = X[places], Y[places, None]
            h = np.tanh(x @ W1.T + b1)
            delta2 = 2 / len(x) * (h @ W2.T + b2 - y)
            delta1 = delta2 @ W2 * (1 - h * h)
            W2, b2 = W2 - lr * delta2.T @ h, b2 - lr * delta2.sum(0)
            W1, b1 = W1 - lr * delta1.T @ x, b1 - lr * delta1.sum(0)
    return np.concatenate([*np.hstack([W1, b1[:, None]]), *np.hstack([W2, b2[:, None]])])


class Line(Module):
    """y = w · x, and whatever a test wants to happen when it is called."""

    def __init__(self, w: float = 0.0) -> None:
        self.w = Value(w, "w")
        self.seen: list[Any] = []

    def __call__(self, x: Any) -> Value:
        self.seen.append((x, self.training))
        return self.w * x[0]

    def parameters(self) -> list[Value]:
        return [self.w]


# ---- laws


@given(st.integers(1, 9), st.one_of(st.none(), st.integers(1, 10)), st.integers(0, 2**32 - 1))
@settings(max_examples=20)
def test_training_is_the_descent_of_matrices(n, size, seed):
    X, Y = points(n, seed)
    model = MLP(2, [3, 1], "tanh", seed=seed)
    expected = numpy_descent(model, X, Y, 0.1, 4, size, seed)
    fit(model, X, Y, loss="mse", optimizer=SGD(model.parameters(), lr=0.1), epochs=4, batch_size=size, seed=seed)
    assert data_of(model) == pytest.approx(expected, rel=ROUNDING, abs=ROUNDING)


@given(st.integers(1, 20), st.one_of(st.none(), st.integers(1, 25)))
def test_every_example_is_taken_once_in_each_epoch(n, size):
    model = Line()
    targets: list[float] = []

    def loss(predictions, wanted):
        targets.extend(wanted)
        return mse(predictions, wanted)

    fit(model, np.ones((n, 1)), np.arange(n), loss=loss, optimizer="sgd", epochs=3, batch_size=size, seed=1)
    taken = np.array(targets).reshape(3, n)
    assert [sorted(epoch) for epoch in taken] == [list(range(n))] * 3


def test_the_last_batch_may_be_smaller_and_is_not_dropped():
    sizes = []

    def loss(predictions, wanted):
        sizes.append(len(predictions))
        return mse(predictions, wanted)

    fit(Line(), np.ones((10, 1)), np.ones(10), loss=loss, optimizer="sgd", epochs=1, batch_size=4)
    assert sizes == [4, 4, 2]


def test_epochs_have_orders_of_their_own_which_the_seed_gives():
    def orders(seed):
        model = Line()
        fit(model, np.arange(8)[:, None], np.zeros(8), loss="mse", optimizer="sgd", epochs=2, batch_size=1, seed=seed)
        return [x[0] for x, training in model.seen if training]

    first = orders(seed=5)
    assert first == orders(seed=5) != orders(seed=6)
    assert first[:8] != first[8:]


def test_the_same_seed_gives_the_same_training():
    X, Y = points(20)
    models = [MLP(2, [3, 1], "tanh", seed=4) for _ in range(2)]
    histories = [fit(model, X, Y, loss="mse", epochs=5, batch_size=6, seed=9) for model in models]
    assert data_of(models[0]) == data_of(models[1])
    assert dict(histories[0]) == dict(histories[1])


def test_a_training_that_is_saved_and_resumed_is_that_without_a_pause(tmp_path):
    X, Y = points(30)

    def trained(model, optimizer, epochs, seed):
        fit(model, X, Y, loss="mse", optimizer=optimizer, epochs=epochs, batch_size=None, seed=seed)

    whole = MLP(2, [3, 1], "tanh", seed=4)
    trained(whole, Adam(whole.parameters(), lr=0.05), 20, 1)
    first = MLP(2, [3, 1], "tanh", seed=4)
    adam = Adam(first.parameters(), lr=0.05)
    trained(first, adam, 10, 2)
    save(first, tmp_path / "model.json", adam)
    second = load(tmp_path / "model.json")
    trained(second, load_optimizer(tmp_path / "model.json", second.parameters()), 10, 3)
    assert data_of(second) == data_of(whole)


def test_the_loss_of_an_epoch_is_measured_before_each_step():
    X, Y = points(12)
    model = MLP(2, [3, 1], "tanh", seed=1)
    before = mse([model(x) for x in X], Y).data
    history = fit(model, X, Y, loss="mse", optimizer=SGD(model.parameters(), lr=0.1), epochs=2, batch_size=None)
    assert history["loss"][0] == pytest.approx(before, rel=ROUNDING)
    assert history["loss"][1] < history["loss"][0]


@pytest.mark.parametrize(("loss", "factor"), [("mse", 1), ("sse", 10), ("half_squared_error", 5)])
def test_the_loss_of_an_epoch_has_the_factor_of_the_loss_whatever_the_batches(loss, factor):
    model = Line()
    stay_still = SGD(model.parameters(), lr=1e-300)
    history = fit(model, np.ones((10, 1)), np.full(10, 2.0), loss=loss, optimizer=stay_still, epochs=1, batch_size=4)
    assert history["loss"] == [pytest.approx(4.0 * factor, rel=ROUNDING)]


@pytest.mark.parametrize("loss", ["mse", "mae", "sse"])
def test_a_smaller_batch_counts_by_its_examples(loss):
    X, Y = points(10)
    Y = Y + np.arange(10) ** 2
    model = MLP(2, [1], seed=0)
    before = evaluate(model, X, Y, loss)["loss"]
    still = SGD(model.parameters(), lr=1e-300)
    history = fit(model, X, Y, loss=loss, optimizer=still, epochs=1, batch_size=4, seed=0)
    assert history["loss"] == [pytest.approx(before, rel=ROUNDING)]


def test_images_are_taught_by_images():
    model, X = Convolution2D(1, 2, 3, seed=0), np.random.default_rng(0).uniform(-1, 1, (4, 5, 5))
    Y = predict(Convolution2D(1, 2, 3, seed=1), X)
    history = fit(model, X, Y, loss="mse", optimizer=SGD(model.parameters(), lr=0.1), epochs=3, metrics="mae")
    assert history["loss"][2] < history["loss"][0]


def test_a_probability_is_taught_through_its_logit():
    far = 800.0
    model = Sequential(Layer(1, 1, "sigmoid", bias=False, seed=0))
    model.layers[0].set_weights([[far]])
    history = fit(
        model, [[1.0]], [0.0], loss="binary_crossentropy", optimizer=SGD(model.parameters(), lr=1.0), epochs=1
    )
    assert history["loss"] == [pytest.approx(far, rel=ROUNDING)]  # -log(1 - sigmoid(800)) is 800, not log(0)
    assert data_of(model) == [pytest.approx(far - 1, rel=ROUNDING)]


# ---- what it is given


def test_xor_is_learnt_from_lists():
    model = MLP(2, [4, 1], "tanh", "sigmoid", seed=0)
    history = fit(
        model, XOR_X, XOR_Y, loss="binary_crossentropy", optimizer=Adam(model.parameters(), lr=0.1), epochs=200,
        metrics="accuracy", seed=0,
    )  # fmt: skip
    assert history["accuracy"][-1] == 1.0
    assert history["loss"][-1] < 0.05
    assert predict(model, XOR_X).round().tolist() == XOR_Y


def test_an_optimizer_is_a_name_an_optimizer_or_what_makes_one():
    def trained(optimizer_of_model):
        model = MLP(2, [1], seed=3)
        fit(model, XOR_X, XOR_Y, loss="mse", optimizer=optimizer_of_model(model), epochs=3, batch_size=None)
        return data_of(model)

    by_name = trained(lambda model: "adam")
    assert by_name == trained(lambda model: Adam(model.parameters(), lr=0.001))
    assert by_name == trained(lambda model: lambda parameters: Adam(parameters, lr=0.001))
    assert by_name == trained(lambda model: Adam)
    assert by_name != trained(lambda model: "sgd")


def test_an_optimizer_of_some_parameters_leaves_the_others():
    model = MLP(2, [2, 1], "tanh", seed=3)
    before = data_of(model)
    fit(model, XOR_X, XOR_Y, loss="mse", optimizer=SGD(model.layers[1].parameters(), lr=0.1), epochs=1)
    assert data_of(model)[:6] == before[:6]
    assert data_of(model)[6:] != before[6:]


def test_gradients_of_parameters_that_stay_are_those_of_the_last_batch_alone():
    model = MLP(2, [2, 1], "tanh", seed=3)
    still = SGD(model.layers[1].parameters(), lr=1e-300)
    fit(model, XOR_X, XOR_Y, loss="mse", optimizer=still, epochs=3, batch_size=None)
    found = model.layers[0].weight_gradients
    model.zero_grad()
    mse([model(x) for x in XOR_X], XOR_Y).backward()
    assert np.array_equal(found, model.layers[0].weight_gradients)


def test_several_outputs_have_several_targets():
    X, _ = points(30)
    Y = np.stack([X[:, 0], -X[:, 1]], axis=1)
    model = MLP(2, [2], output_activation="identity", seed=0)
    history = fit(model, X, Y, loss="mse", optimizer=SGD(model.parameters(), lr=0.5), epochs=60, batch_size=None)
    assert history["loss"][-1] < 1e-3


def test_labels_teach_a_softmax():
    X, _ = points(40)
    labels = (X[:, 0] > 0).astype(int) + 2 * (X[:, 1] > 0)
    model = MLP(2, [4], output_activation="softmax", seed=0)
    history = fit(
        model, X, labels, loss="categorical_crossentropy", optimizer=Adam(model.parameters(), lr=0.2), epochs=40,
        metrics=["accuracy"], seed=1,
    )  # fmt: skip
    assert history["accuracy"][-1] >= 0.95


def test_validation_is_a_pair_or_the_end_of_the_examples():
    X, Y = points(20)

    def trained(**given):
        model = MLP(2, [1], seed=0)
        return fit(model, loss="mse", optimizer="sgd", epochs=2, batch_size=None, seed=0, **given)

    by_fraction = trained(X=X, Y=Y, validation=0.25)
    assert dict(by_fraction) == dict(trained(X=X[:15], Y=Y[:15], validation=(X[15:], Y[15:])))
    assert list(by_fraction) == ["loss", "val_loss", "lr"]


@pytest.mark.parametrize(("fraction", "kept"), [(0.25, 3), (0.4, 2), (0.6, 2), (0.75, 1)])
def test_the_number_of_examples_that_are_held_out_is_rounded(fraction, kept):
    model = Line()
    fit(model, [[1.0]] * 4, [1.0] * 4, loss="mse", optimizer="sgd", epochs=1, validation=fraction)
    assert [training for _, training in model.seen].count(True) == kept


def test_validation_data_teaches_nothing():
    X, Y = points(20)
    models = [MLP(2, [1], seed=0) for _ in range(2)]
    fit(models[0], X[:15], Y[:15], loss="mse", epochs=2, seed=0)
    fit(models[1], X[:15], Y[:15], loss="mse", epochs=2, seed=0, validation=(X[15:], 100 * Y[15:]))
    assert data_of(models[0]) == data_of(models[1])


@pytest.mark.parametrize("size", [4, 10])
def test_the_penalty_of_an_epoch_is_the_mean_over_its_examples_whatever_the_batches(size):
    X, Y = points(10)
    model = MLP(2, [3, 1], seed=0)
    expected = ActivityL2(0.5)([model.outputs(x) for x in X]).data
    history = fit(
        model, X, Y, loss="mse", optimizer=SGD(model.parameters(), lr=1e-30), epochs=1, batch_size=size,
        regularizer=ActivityL2(0.5),
    )  # fmt: skip
    assert history["penalty"] == [pytest.approx(expected, rel=ROUNDING)]


@pytest.mark.parametrize("regularizer", [L1(0.1), L2(0.1)])
def test_a_regularizer_adds_its_penalty_to_what_is_minimized(regularizer):
    model, again = (MLP(2, [1], seed=3) for _ in range(2))
    expected = regularizer(model).data
    history = fit(
        model, XOR_X, XOR_Y, loss="mse", optimizer=SGD(model.parameters(), lr=0.1), epochs=1, batch_size=None,
        regularizer=regularizer,
    )  # fmt: skip
    assert history["penalty"] == [pytest.approx(expected, rel=ROUNDING)]
    assert history["loss"] == [mse([again(x) for x in XOR_X], XOR_Y).data]
    (mse([again(x) for x in XOR_X], XOR_Y) + regularizer(again)).backward()
    SGD(again.parameters(), lr=0.1).step()
    assert data_of(model) == pytest.approx(data_of(again), rel=ROUNDING)


def test_a_regularizer_of_activities_sees_the_layers():
    model, again = (MLP(2, [3, 1], seed=3) for _ in range(2))
    fit(
        model, XOR_X, XOR_Y, loss="mse", optimizer=SGD(model.parameters(), lr=0.1), epochs=1, batch_size=None,
        regularizer=[ActivityL2(0.5, layer=1), L2(0.25)],
    )  # fmt: skip
    layers = [again.outputs(x) for x in XOR_X]
    squares = [a * a for given in layers for a in given[0]]
    weights = [w * w for w in again.weight_parameters()]
    (mse([given[-1] for given in layers], XOR_Y) + 0.5 / 4 * sum(squares) + 0.25 * sum(weights)).backward()
    SGD(again.parameters(), lr=0.1).step()
    assert data_of(model) == pytest.approx(data_of(again), rel=ROUNDING)


def test_losses_can_be_metrics_and_are_told_as_numbers():
    history = fit(Line(), [[1.0]], [3.0], loss="mse", optimizer="sgd", epochs=2, metrics=[mae, mse])
    assert history["mae"][0] == 3.0
    assert all(type(number) is float for numbers in history.values() for number in numbers)
    assert "mae" in repr(history)


def test_metrics_are_tried_on_as_many_examples_as_there_are_without_computing_them_one_by_one(monkeypatch):
    calls, call = [], MLP.__call__
    monkeypatch.setattr(MLP, "__call__", lambda model, x: calls.append(x) or call(model, x))
    X, Y = points(400)
    fit(MLP(2, [3, 1], "tanh", seed=0), X, Y, loss="mse", optimizer="sgd", epochs=1, batch_size=50, metrics="mae")
    assert len(calls) < len(X) / 2


def test_the_best_accuracy_is_kept_without_saying_that_larger_is_better():
    model, seen = Line(), []

    def some_accuracy(predictions, targets):
        return [0.5, 0.9, 0.7, 0.6][len(seen)]

    def note(epoch, model, history):
        seen.append(model.w.data)

    history = fit(
        model, [[1.0]], [1.0], loss="mse", optimizer=SGD([model.w], lr=0.1), epochs=4, metrics=some_accuracy,
        callbacks=note, early_stopping=EarlyStopping(9, monitor="some_accuracy"),
    )  # fmt: skip
    assert history.best_epoch == 2
    assert model.w.data == seen[1]


def test_dropout_is_on_while_training_and_off_when_measured():
    seen = []

    class Spy(Dropout):
        def __call__(self, x: Any) -> Any:
            seen.append(self.training)
            return super().__call__(x)

    model = Sequential(Layer(2, 3, seed=0), Spy(0.5, seed=1), Layer(3, 1, "identity", seed=2))
    fit(model, XOR_X, XOR_Y, loss="mse", epochs=1, batch_size=None, validation=(XOR_X[:1], XOR_Y[:1]))
    assert seen == [False, *[True] * 4, False]
    assert not model.layers[1].training


def test_clipping_bounds_the_step():
    model = Line()
    fit(model, [[1000.0]], [1.0], loss="mse", optimizer=SGD([model.w], lr=1.0), epochs=1, clip_norm=0.25)
    assert model.w.data == 0.25


def test_callbacks_see_each_epoch_and_can_end_it():
    calls = []

    def stop_at_3(epoch, model, history):
        calls.append((epoch, history.epochs))
        return epoch == 3

    history = fit(Line(), [[1.0]], [1.0], loss="mse", optimizer="sgd", epochs=9, callbacks=stop_at_3)
    assert calls == [(1, 1), (2, 2), (3, 3)]
    assert history.stopped == "a callback ended it"


@pytest.mark.parametrize("true", [True, np.True_])
@pytest.mark.parametrize("place", [0, 1])
def test_each_of_several_callbacks_is_called_and_can_end_the_first_epoch(true, place):
    calls = []

    def made(number):
        return lambda epoch, model, history: calls.append((epoch, number)) or (true if number == place else None)

    history = fit(Line(), [[1.0]], [1.0], loss="mse", optimizer="sgd", epochs=9, callbacks=[made(0), made(1)])
    assert calls == [(1, 0), (1, 1)]
    assert history.stopped == "a callback ended it"


@pytest.mark.parametrize("given_back", [[1], 1, "stop", 0.5])
def test_only_true_ends_a_training(given_back):
    def give(epoch, model, history):
        return given_back

    history = fit(Line(), [[1.0]], [1.0], loss="mse", optimizer="sgd", epochs=3, callbacks=give)
    assert (history.epochs, history.stopped) == (3, "all epochs done")


def test_the_time_is_taken_and_the_bar_closed_also_after_an_error(monkeypatch):
    closed = []

    def close(progress):
        closed.append(progress)

    monkeypatch.setattr("nn.training.progress.Progress.close", close)
    histories = [fit(Line(), [[1.0]], [1.0], loss="mse", optimizer="sgd", epochs=1)]
    with pytest.raises(TrainingDiverged) as caught:
        fit(Line(2.0), [[1.0]], [1.0], loss="mse", optimizer=lambda ps: SGD(ps, lr=1e200), epochs=9)
    histories.append(caught.value.history)
    assert all(history.seconds > 0 for history in histories)
    assert len(closed) == 2


def test_a_schedule_is_told_in_the_history():
    model = Line()
    optimizer = SGD([model.w], lr=lambda step: 1 / (step + 1))
    history = fit(model, [[1.0], [1.0]], [1.0, 1.0], loss="mse", optimizer=optimizer, epochs=3, batch_size=1)
    assert history["lr"] == [1, 1 / 3, 1 / 5]


# ---- early stopping


def test_counts_and_fractions_of_numpy_are_taken():
    X, Y = points(8)
    settings = {"epochs": np.int64(2), "batch_size": np.int32(3), "early_stopping": np.int64(3)}
    history = fit(MLP(2, [1], seed=0), X, Y, loss="mse", validation=np.float32(0.25), **settings)
    assert history.epochs == 2


def test_early_stopping_waits_patiently_and_restores_the_best_epoch():
    model = Line()
    data, losses = [], [5.0, 4.0, 4.5, 3.0, 3.5, 3.2, 9.0]
    model.w.data = 0.0

    def note(epoch, model, history):
        data.append(model.w.data)

    def metric(predictions, targets):
        return losses[len(data)] if len(predictions) == 2 else 0.0

    history = fit(
        model, [[1.0]], [1.0], loss="mse", optimizer=SGD([model.w], lr=0.1), epochs=99,
        validation=([[1.0], [1.0]], [1.0, 1.0]), metrics=metric, callbacks=note,
        early_stopping=EarlyStopping(3, monitor="val_metric"),
    )  # fmt: skip
    assert history["val_metric"] == losses
    assert history.best_epoch == 4
    assert model.w.data == data[3]
    assert history.stopped == "early stopping"


def test_the_best_epoch_is_restored_when_all_epochs_are_done():
    model = Line()
    # far too large: each epoch is worse than the one before
    history = fit(
        model, [[1.0]], [1.0], loss="mse", optimizer=SGD([model.w], lr=1.5), epochs=4, validation=([[1.0]], [1.0]),
        early_stopping=50,
    )  # fmt: skip
    assert history.stopped == "all epochs done"
    assert history.best_epoch == 1
    assert (model.w.data - 1) ** 2 == history["val_loss"][0] == min(history["val_loss"])


def test_no_epoch_is_called_the_best_before_its_parameters_are_back():
    model, seen = Line(2.0), []
    with pytest.raises(TrainingDiverged) as caught:
        fit(
            model, [[1.0]], [1.0], loss="mse", optimizer=SGD([model.w], lr=1e100), epochs=9,
            early_stopping=EarlyStopping(9, monitor="loss"), callbacks=lambda e, m, h: seen.append(h.best_epoch),
        )  # fmt: skip
    assert set(seen) == {None}
    assert caught.value.history.best_epoch is None


def test_the_best_epoch_comes_back_with_a_schedule_that_a_callback_replaced():
    model = Line()
    optimizer = SGD([model.w], lr=lambda n: 0.1 if n < 3 else 3.0)
    own, seen = optimizer.schedule, []

    def replace(epoch, model, history):
        seen.append(model.w.data)
        if epoch == 5:
            optimizer.lr = 3.5

    history = fit(
        model, [[1.0]], [1.0], loss="mse", optimizer=optimizer, epochs=7, callbacks=replace,
        validation=([[1.0]], [1.0]), early_stopping=50,
    )  # fmt: skip
    assert history.best_epoch == 3
    assert (model.w.data, optimizer.schedule, optimizer.steps) == (seen[2], own, 3)


def test_the_best_epoch_comes_back_with_rates_that_end_with_the_training():
    rates = [0.1, 0.1, 0.1]
    model = Line()
    history = fit(
        model, [[1.0]], [1.0], loss="mse", optimizer=SGD([model.w], lr=lambda n: rates[n]), epochs=3,
        validation=([[1.0]], [1.0]), early_stopping=50,
    )  # fmt: skip
    assert history.best_epoch == 3


def test_of_several_reasons_early_stopping_is_told_first():
    model = Line()
    still = SGD([model.w], lr=1e-300)
    history = fit(
        model, [[1.0]], [1.0], loss="mse", optimizer=still, epochs=2, early_stopping=EarlyStopping(1, monitor="loss"),
        callbacks=lambda epoch, model, history: epoch == 2,
    )  # fmt: skip
    assert (history.epochs, history.best_epoch, history.stopped) == (2, 1, "early stopping")


@pytest.mark.parametrize("patience", [1, 2])
def test_early_stopping_that_never_saw_a_number_stops_after_its_patience(patience):
    history = fit(
        Line(), [[1.0]], [1.0], loss="mse", optimizer="sgd", epochs=9, metrics=lambda predictions, targets: math.nan,
        early_stopping=EarlyStopping(patience, monitor="<lambda>"),
    )  # fmt: skip
    assert (history.epochs, history.best_epoch, history.stopped) == (patience, None, "early stopping")


def test_early_stopping_without_validation_is_refused():
    with pytest.raises(ValueError, match=r"monitor='val_loss'\) needs a quantity of the history: loss, lr; val_ ones"):
        fit(Line(), [[1.0]], [1.0], loss="mse", early_stopping=3)


# ---- what goes wrong on the way


@pytest.mark.parametrize(
    ("model", "loss"),
    [
        (MLP(2, [1], output_activation="step", seed=0), "mse"),
        (MLP(2, [3, 1], "step", "step", seed=0), "sse"),
        (Sequential(Layer(2, 1, "softmax", seed=0)), "mse"),
    ],
)
def test_a_training_without_any_slope_is_warned_of_at_the_line_that_calls_it(model, loss):
    with pytest.warns(RuntimeWarning, match="fit learnt nothing in the first epoch: every gradient was 0") as caught:
        fit(model, XOR_X, XOR_Y, loss=loss, epochs=3)
    assert [warning.filename for warning in caught] == [__file__]


def test_a_loss_of_0_has_no_slope_and_needs_none():
    fit(Line(1.0), [[1.0]], [1.0], loss="mse", optimizer="sgd", epochs=2)


@pytest.mark.parametrize("seed", range(6))
def test_one_slope_in_the_first_epoch_is_enough(seed):
    fit(Line(), [[0.0], [1.0], [0.0]], [1.0] * 3, loss="mse", optimizer="sgd", epochs=1, batch_size=1, seed=seed)


def test_a_divergence_says_why_and_goes_back_to_the_last_good_epoch():
    model = Line(2.0)
    optimizer = SGD([model.w], lr=1e100)
    kept = []

    def note(epoch, model, history):
        kept.append(model.w.data)

    with pytest.raises(TrainingDiverged) as caught:
        fit(model, [[1.0]], [1.0], loss="mse", optimizer=optimizer, epochs=9, callbacks=note)
    epoch = caught.value.history.epochs + 1
    assert f"training diverged in epoch {epoch}, and went back" in str(caught.value)
    assert "the loss became inf" in str(caught.value)
    assert "² = inf" in str(caught.value)
    assert caught.value.diagnosis
    # the epoch that diverged began with numbers whose loss is infinite: those of the one before are good
    assert model.w.data == [2.0, *kept][epoch - 2]
    assert math.isfinite(mse([model([1.0])], [1.0]).data)
    assert caught.value.history.stopped.startswith(f"diverged in epoch {epoch}")


def test_a_divergence_in_the_middle_of_an_epoch_goes_back_to_its_beginning():
    model = Line(0.5)

    def loss(predictions, targets):
        return mean([p * 0.0 + math.nan if t == 7 else p * 1.0 for p, t in zip(predictions, targets)])

    with pytest.raises(TrainingDiverged, match="in epoch 1"):
        fit(model, [[1.0]] * 8, range(8), loss=loss, optimizer=SGD([model.w], lr=0.1), batch_size=1, seed=0)
    assert model.w.data == 0.5


def test_an_infinite_gradient_is_found_before_it_is_taken():
    model = Line(0.0)
    with pytest.raises(TrainingDiverged, match="gradient of w became inf") as caught:
        fit(model, [[1.0]], [1.0], loss=lambda predictions, targets: predictions[0].sqrt(), optimizer="sgd")
    assert model.w.data == 0.0
    assert caught.value.diagnosis


def test_a_parameter_without_a_label_is_told_as_one():
    model = Line(0.0)
    model.w.label = ""
    with pytest.raises(TrainingDiverged, match="the gradient of a parameter became inf"):
        fit(model, [[1.0]], [1.0], loss=lambda predictions, targets: predictions[0].sqrt(), optimizer="sgd")


@pytest.mark.parametrize(("factor", "told", "good"), [(0.0, "gradient", 0.8**4), (math.inf, "loss", 0.8**2)])
def test_a_beginning_whose_loss_is_finite_is_good_even_if_its_gradient_is_not(factor, told, good):
    model, calls = Line(1.0), []

    def loss(predictions, targets):
        calls.append(predictions)
        broken = (predictions[0] - predictions[0].data).sqrt() + factor  # 0 or inf; its slope is infinite
        return broken if len(calls) == 5 else mse(predictions, targets)

    with pytest.raises(TrainingDiverged, match=f"in epoch 3, .*: the {told} .*became inf"):
        fit(model, [[1.0]] * 2, [0.0] * 2, loss=loss, optimizer=SGD([model.w], lr=0.1), epochs=9, batch_size=1)
    assert model.w.data == pytest.approx(good, rel=ROUNDING)


def test_an_infinite_last_step_is_no_success():
    model = MLP(2, [1], seed=0)
    before = data_of(model)
    with pytest.raises(TrainingDiverged, match=r"in epoch 1, .*: layer1\.neuron1\.\S+ became -?inf") as caught:
        fit(model, XOR_X, np.multiply(XOR_Y, 1e10), loss="mse", optimizer=SGD(model.parameters(), lr=1e308), epochs=1)
    assert data_of(model) == before
    assert caught.value.history.epochs == 0


def test_an_infinite_step_before_ctrl_c_is_no_success():
    model = Line()

    def loss(predictions, targets):
        if model.training:
            os.kill(os.getpid(), signal.SIGINT)
        return mse(predictions, targets)

    with pytest.raises(TrainingDiverged, match="w became inf"):
        fit(model, [[1.0]] * 2, [1e10] * 2, loss=loss, optimizer=SGD([model.w], lr=1e308), epochs=1, batch_size=1)
    assert model.w.data == 0.0


def test_an_infinite_loss_of_the_validation_data_is_a_divergence():
    model = Line(0.5)
    with pytest.raises(TrainingDiverged, match="the loss of the validation data became inf"):
        fit(
            model, [[1.0]], [1.0], loss="mse", optimizer=SGD([model.w], lr=0.1), epochs=3,
            validation=([[1e200]], [0.0]),
        )  # fmt: skip
    assert model.w.data == 0.5


def test_an_infinite_penalty_of_a_finite_loss_is_a_divergence():
    model = Line(0.5)

    class Infinite(L2):
        def __call__(self, model):
            return super().__call__(model) * 1e308 * 1e308

    with pytest.raises(TrainingDiverged, match="the loss became inf"):
        fit(model, [[1.0]], [1.0], loss="mse", optimizer=SGD([model.w], lr=0.1), epochs=1, regularizer=Infinite(1.0))
    assert model.w.data == 0.5


@pytest.mark.parametrize("part", ["loss", "metric", "validation"])
@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_an_error_in_the_middle_of_an_epoch_undoes_it(part, error):
    model, after = Line(), []
    optimizer = Adam([model.w], lr=0.1)

    def fails(where):
        if part == where and len(after) == 2 and model.w.data != after[-1]:
            raise error

    def loss(predictions, targets):
        fails("loss" if model.training else "validation")
        return mse(predictions, targets)

    def metric(predictions, targets):
        fails("metric")
        return 0.0

    def note(epoch, model, history):
        after.append(model.w.data)

    with pytest.raises(error):
        fit(
            model, [[1.0]] * 3, [1.0] * 3, loss=loss, optimizer=optimizer, epochs=5, batch_size=1, metrics=metric,
            validation=([[1.0]], [1.0]), callbacks=note,
        )  # fmt: skip
    assert model.w.data == after[-1]
    assert (len(after), optimizer.steps) == (2, 6)
    assert not model.training


def test_a_domain_error_on_the_way_goes_back_and_says_which():
    model = Line(1.0)

    def loss(predictions, targets):
        return predictions[0].log()

    with pytest.raises(TrainingDiverged, match=r"log needs x > 0; got -") as caught:
        fit(model, [[1.0]], [1.0], loss=loss, optimizer=SGD([model.w], lr=0.6), epochs=9)
    assert isinstance(caught.value.__cause__, DomainError)
    assert model.w.data > 0


def test_the_optimizer_goes_back_too():
    model = Line(2.0)
    optimizer = Adam([model.w], lr=1e300)
    with pytest.raises(TrainingDiverged):
        fit(model, [[1.0]], [1.0], loss="mse", optimizer=optimizer, epochs=5)
    fresh = Adam([Value(2.0)], lr=1e300)
    assert optimizer.state_dict().keys() == fresh.state_dict().keys()
    assert np.array_equal(optimizer.state_dict()["steps"], fresh.state_dict()["steps"])


def test_an_error_of_a_callback_keeps_what_was_learnt():
    model = Line()

    def fail(epoch, model, history):
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError, match="disk full"):
        fit(model, [[1.0]], [1.0], loss="mse", optimizer=SGD([model.w], lr=0.1), epochs=5, callbacks=fail)
    assert model.w.data == pytest.approx(0.2)
    assert not model.training


def test_ctrl_c_stops_after_the_running_step_and_keeps_what_was_learnt():
    model = Line()

    def loss(predictions, targets):
        if len(model.seen) == 8:  # one dry run, four examples of the first epoch, and three of the second
            os.kill(os.getpid(), signal.SIGINT)
        return mse(predictions, targets)

    history = fit(
        model, [[1.0]] * 4, [1.0] * 4, loss=loss, optimizer=SGD([model.w], lr=0.25), epochs=99, batch_size=1
    )  # fmt: skip
    assert history.stopped == "interrupted in epoch 2, after 3 of 4 steps"
    assert history.epochs == 1
    assert model.w.data == 1 - 0.5**7
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_ctrl_c_interrupts_at_once_and_undoes_the_epoch():
    model = Line()

    def loss(predictions, targets):
        if len(model.seen) == 4:
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)
        return mse(predictions, targets)

    with pytest.raises(KeyboardInterrupt):
        fit(model, [[1.0]] * 2, [1.0] * 2, loss=loss, optimizer=SGD([model.w], lr=0.25), epochs=99, batch_size=1)
    assert model.w.data == 1 - 0.5**2
    assert not model.training


def test_it_trains_in_another_thread():
    model = Line()
    thread = threading.Thread(
        target=lambda: fit(model, [[1.0]], [1.0], loss="mse", optimizer=SGD([model.w], lr=0.5), epochs=1)
    )
    thread.start()
    thread.join()
    assert model.w.data == 1.0


# ---- what it refuses, before the first step

GOOD: dict[str, Any] = {"X": [[1.0], [2.0]], "Y": [1.0, 2.0], "loss": "mse"}


@pytest.mark.parametrize(
    ("change", "error", "told"),
    [
        ({"X": []}, ValueError, "at least one number in X"),
        ({"X": [[1.0], [math.nan]]}, ValueError, "nan"),
        ({"X": [[1.0], [math.inf]]}, ValueError, "inf"),
        ({"Y": [1.0, math.nan]}, ValueError, "nan"),
        ({"Y": [1.0]}, ValueError, "2.*1"),
        ({"Y": [[1.0, 2.0], [1.0, 2.0]]}, ValueError, "2"),
        ({"X": [["a"], ["b"]]}, (TypeError, ValueError), "number"),
        ({"X": [[1.0], [1.0, 2.0]]}, ValueError, "shape|ragged|length"),
        ({"loss": "MSE"}, ValueError, "no loss 'MSE'; known are .*mse"),
        ({"loss": "binary_crossentropy"}, ValueError, r"2\.0"),
        ({"loss": "hinge"}, ValueError, r"2\.0"),
        ({"optimizer": "Adamm"}, ValueError, "no optimizer 'Adamm'; known are .*adam"),
        ({"optimizer": SGD([Value(1.0)], lr=0.1)}, ValueError, "optimizer of the model's parameters; got 1"),
        ({"metrics": "acc"}, ValueError, "no metric 'acc'; known are accuracy"),
        ({"metrics": ["accuracy", "accuracy"]}, ValueError, "'accuracy' twice"),
        ({"epochs": 0}, ValueError, "at least one epoch; got 0"),
        ({"epochs": 1.5}, TypeError, r"^fit needs at least one epoch, as a whole number; got float 1\.5$"),
        ({"batch_size": 1.5}, TypeError, r"^fit needs at least one example in a batch, as a whole number; got float 1"),
        ({"Y": None}, TypeError, "^fit needs targets Y; got None$"),
        ({"X": [[1.0, 2.0], [3.0, 4.0]], "Y": None}, TypeError, "^fit needs targets Y; got None$"),
        ({"validation": ([[1.0]], None)}, TypeError, "^fit, for validation, needs targets Y; got None$"),
        ({"validation": "0.2"}, TypeError, r"^validation is a pair \(X, Y\), or a fraction; got str '0\.2'$"),
        ({"validation": [1, 2, 3]}, TypeError, r"or a fraction; got list \[1, 2, 3\]$"),
        ({"validation": math.nan}, ValueError, "on both sides; got nan"),
        ({"metrics": lambda p, t: "x"}, TypeError, "^metric '<lambda>', for what it gives, needs one real number"),
        ({"metrics": confusion_matrix, "Y": [0, 1]}, TypeError, "^metric 'confusion_matrix', for what it gives"),
        ({"metrics": "accuracy"}, ValueError, r"^accuracy needs .*targets of 0 or 1.*got 2\.0"),
        (
            {"Y": [0, 1], "metrics": "accuracy", "validation": ([[1.0]], [5.0])},
            ValueError,
            r"^fit, for validation: accuracy needs .*; got 5\.0",
        ),
        (
            {"Y": [-1, 1], "loss": "hinge", "validation": ([[1.0]], [5.0])},
            ValueError,
            r"^fit, for validation: hinge needs targets that are -1 or 1; got 5\.0",
        ),
        ({"early_stopping": "x"}, TypeError, "^early_stopping is an EarlyStopping, or its patience; got str 'x'$"),
        ({"early_stopping": True}, TypeError, "^early_stopping is an EarlyStopping, or its patience; got bool True$"),
        ({"early_stopping": 1.5}, TypeError, r"or its patience; got float 1\.5$"),
        ({"seed": "a"}, TypeError, "^seed of fit needs a whole number from 0 up, a NumPy Generator, or None; got str"),
        ({"seed": -1}, ValueError, "^seed of fit needs a whole number from 0 up, .*; got int -1$"),
        ({"batch_size": 0}, ValueError, "at least one example in a batch; got 0"),
        (
            {"batch_size": True},
            TypeError,
            "example in a batch, as a whole number; got bool True$",
        ),
        ({"epochs": True}, TypeError, "^fit needs at least one epoch, as a whole number; got bool True$"),
        ({"epochs": "3"}, TypeError, "^fit needs at least one epoch, as a whole number; got str '3'$"),
        ({"validation": True}, TypeError, r"^validation is a pair \(X, Y\), or a fraction; got bool True$"),
        ({"validation": math.inf}, ValueError, "on both sides; got inf"),
        ({"validation": -0.5}, ValueError, "on both sides; got -0.5"),
        (
            {"Y": [0, 1], "loss": "binary_crossentropy_from_logits", "validation": ([[1.0]], [2.0])},
            ValueError,
            r"^fit, for validation: binary_crossentropy_from_logits needs targets that are from 0 to 1; got 2\.0",
        ),
        ({"validation": 1.5}, ValueError, "fraction that leaves examples on both sides; got 1.5 of 2 examples"),
        ({"validation": 0.1}, ValueError, "on both sides; got 0.1"),
        ({"validation": ([[1.0]], [1.0, 2.0])}, ValueError, "for validation"),
        ({"validation": ([[1.0, 2.0]], [1.0])}, ValueError, r"examples of the shape \(1,\); got \(2,\)"),
        ({"early_stopping": 0}, ValueError, "at least one epoch of patience; got 0"),
        ({"clip_norm": -1.0}, ValueError, "clip_norm of fit needs a positive number; got -1.0"),
        ({"regularizer": 0.01}, TypeError, r"needs a Regularizer, such as L2\(0.01\), or a list of them; got 0.01"),
        ({"regularizer": ActivityL2(0.1)}, TypeError, r"needs a model with outputs\(x\)"),
        ({"callbacks": [print, "log"]}, TypeError, "callback that can be called, or a list of them; got 'log'"),
    ],
)
def test_what_does_not_fit_is_refused_before_the_first_step(change, error, told):
    model = Line(0.5)
    with pytest.raises(error, match=told):
        fit(model, **{**GOOD, **change})
    assert model.w.data == 0.5
    assert model.w.grad_state == "not computed"
    assert not any(training for _, training in model.seen)


def test_a_function_is_no_model_that_can_be_taught():
    with pytest.raises(TypeError, match=r"fit needs a model with parameters\(\), such as a Module; got function"):
        fit(lambda x: x[0], **GOOD)  # type: ignore[arg-type]


def test_inputs_of_the_wrong_number_are_refused_by_the_model():
    with pytest.raises(ValueError, match="MLP of 3 inputs got 2"):
        fit(MLP(3, [1]), XOR_X, XOR_Y, loss="mse")


def test_a_loss_that_gives_no_value_is_refused_before_the_first_step():
    model = Line(0.5)
    with pytest.raises(TypeError, match=r"^loss '<lambda>' needs to give one Value; got float 3\.0$"):
        fit(model, [[1.0]], [1.0], loss=lambda predictions, targets: 3.0)  # type: ignore[arg-type,return-value]
    assert model.w.data == 0.5


@pytest.mark.parametrize(
    ("loss", "outputs", "end", "targets", "told"),
    [
        (
            "binary_crossentropy_from_logits",
            1,
            "sigmoid",
            XOR_Y,
            "use binary_crossentropy, or end the model in identity",
        ),
        ("categorical_crossentropy_from_logits", 2, "softmax", XOR_Y, "use categorical_crossentropy, or end"),
        ("categorical_crossentropy_from_logits", 2, "sigmoid", XOR_Y, "use categorical_crossentropy, or end"),
        (
            "binary_crossentropy",
            1,
            lambda z: z * 0 - 0.5,
            XOR_Y,
            r"ends in sigmoid; .*_from_logits .*; got -0\.5 at outputs\[0\]",
        ),
        (
            "binary_crossentropy",
            1,
            lambda z: z * 0 + 1.5,
            XOR_Y,
            r"ends in sigmoid; binary_crossentropy_from_logits takes any number; got 1\.5",
        ),
        (
            "categorical_crossentropy",
            2,
            lambda z: z * 0 + 1.5,
            XOR_Y,
            r"ends in softmax; .*; got 1\.5 at outputs\[0, 0\]",
        ),
        ("binary_crossentropy", 1, "identity", XOR_Y, r"got -.* at outputs\[[123]\]"),
        ("categorical_crossentropy", 2, "identity", XOR_Y, r"got .* at outputs\[[123], [01]\]"),
    ],
)
def test_outputs_that_the_loss_cannot_take_are_refused(loss, outputs, end, targets, told):
    model = MLP(2, [outputs], output_activation=end, seed=0)
    before = data_of(model)
    for use in (fit, evaluate):
        with pytest.raises(ValueError, match=f"^{loss} needs .*{told}"):
            use(model, XOR_X, targets, loss=loss)
    assert data_of(model) == before


@pytest.mark.parametrize(
    ("loss", "outputs", "end"),
    [
        ("binary_crossentropy_from_logits", 1, "identity"),
        ("categorical_crossentropy_from_logits", 2, "identity"),
        ("binary_crossentropy", 1, "sigmoid"),
        ("categorical_crossentropy", 2, "softmax"),
        ("binary_crossentropy", 1, lambda z: z * 0 + 0.5),
        ("mse", 1, "sigmoid"),
        ("hinge", 1, "tanh"),
    ],
)
def test_outputs_that_the_loss_can_take_are_taken(loss, outputs, end):
    targets = [-1, 1, 1, -1] if loss == "hinge" else XOR_Y
    assert evaluate(MLP(2, [outputs], output_activation=end, seed=0), XOR_X, targets, loss)["loss"] > 0


@pytest.mark.parametrize("labels", [[0, 1, 2, 3], [0.5, 1, 0, 1], [-1, 0, 1, 0]])
def test_labels_out_of_range_are_refused(labels):
    model = MLP(2, [3], output_activation="softmax", seed=0)
    before = data_of(model)
    with pytest.raises(ValueError, match="label"):
        fit(model, XOR_X, labels, loss="categorical_crossentropy")
    assert data_of(model) == before


def test_graphs_of_before_are_stale_after_training():
    model = Line(0.5)
    y = model([1.0])
    fit(model, [[1.0]], [1.0], loss="mse", optimizer="sgd", epochs=1)
    with pytest.raises(StaleGraph, match="w was written"):
        y.backward()
