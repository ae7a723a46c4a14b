"""What is told of a model: predictions, evaluation, history, progress, and when early stopping has had enough."""

from __future__ import annotations

import builtins
import io
import math
import sys
import types
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from autograd.recording import no_recording
from nn import (
    MLP,
    Convolution2D,
    Dropout,
    EarlyStopping,
    Layer,
    Sequential,
    binary_crossentropy,
    confusion_matrix,
    evaluate,
    mae,
    mse,
    predict,
)
from nn.models.modes import Mode
from nn.training.evaluation import CHUNK
from nn.training.history import History
from nn.training.progress import Progress
from nn.training.scoring import output_shape

ROUNDING = 1e-12  # relative: some hundreds of terms, added up in another order


def points(n: int) -> Any:
    return np.random.default_rng(n).uniform(-1, 1, (n, 2))


# ---- predictions


@pytest.mark.parametrize(("outputs", "shape"), [(1, (7,)), (3, (7, 3))])
def test_predictions_are_what_the_model_gives_as_plain_numbers(outputs, shape):
    model, X = MLP(2, [4, outputs], "tanh", seed=0), points(7)
    predicted = predict(model, X)
    assert predicted.shape == shape
    assert predicted.dtype == float
    expected = [model(x) for x in X]
    assert predicted.ravel().tolist() == [y.data for row in expected for y in ([row] if outputs == 1 else row)]


def test_a_sequence_of_numbers_is_so_many_examples_of_one_number():
    model = MLP(1, [1], seed=0)
    assert predict(model, [1.0, 2.0]).tolist() == predict(model, [[1.0], [2.0]]).tolist()


def test_predicting_is_never_random_and_leaves_the_mode_as_it_was():
    inner = Dropout(0.5, seed=0)
    model = Sequential(Layer(2, 8, seed=0), inner, Layer(8, 1, seed=0))
    inner.train()
    first = predict(model, points(5))
    assert np.array_equal(first, predict(model, points(5)))
    assert inner.training
    assert not model.training


def test_a_model_that_gives_images_is_measured_by_images():
    model, X = Convolution2D(1, 2, 3, seed=0), np.random.default_rng(0).uniform(-1, 1, (4, 5, 5))
    Y = predict(model, X) + 0.5
    assert Y.shape == (4, 2, 3, 3)
    assert evaluate(model, X, Y, "mse", "mae") == pytest.approx({"loss": 0.25, "mae": 0.5}, rel=ROUNDING)
    with pytest.raises(ValueError, match=r"predictions of shape \(4, 2, 3, 3\) and targets of shape \(4, 2, 9\)"):
        evaluate(model, X, Y.reshape(4, 2, 9), "mse")


def test_the_mode_comes_back_after_an_error():
    model = MLP(2, [1]).train()
    with pytest.raises(ValueError, match="MLP of 2 inputs got 3"):
        predict(model, [[1.0, 2.0, 3.0]])
    assert model.training
    assert all(layer.training for layer in model.layers)


def test_a_mode_holds_for_all_that_a_model_is_made_of():
    model = Sequential(Sequential(Dropout(0.5)), Layer(1, 1))
    with Mode(model, training=True):
        assert model.layers[0].layers[0].training  # type: ignore[attr-defined]
        assert model.layers[1].training  # type: ignore[attr-defined]
    assert not model.layers[0].layers[0].training  # type: ignore[attr-defined]


def test_any_function_of_an_example_can_predict():
    assert predict(lambda x: Value(x[0]) * 2, [[1.0], [2.0]]).tolist() == [2.0, 4.0]
    assert predict(lambda x: x.sum(), np.ones((2, 1, 3, 3))).tolist() == [9.0, 9.0]


def test_images_that_a_model_gives_keep_their_shape():
    assert predict(lambda x: x, np.ones((4, 1, 3, 2))).shape == (4, 1, 3, 2)


@pytest.mark.parametrize("X", [[], [[math.nan, 1.0]], [["a", "b"]]])
def test_predict_refuses_what_is_no_data(X):
    with pytest.raises((TypeError, ValueError), match="predict"):
        predict(MLP(2, [1]), X)


def test_one_example_in_the_place_of_a_row_is_refused_with_what_to_write():
    with pytest.raises(
        ValueError, match=r"^MLP of 2 inputs got 1; predict needs an example in each row: write \[\[…\]\]"
    ):
        predict(MLP(2, [1], seed=0), [0.0, 1.0])
    with pytest.raises(ValueError, match=r"^MLP of 2 inputs got 3$"):
        predict(MLP(2, [1], seed=0), [[0.0, 1.0, 2.0]])


# ---- evaluation


@given(st.integers(1, 12))
def test_evaluation_is_the_loss_of_all_examples(n):
    model, X = MLP(2, [3, 1], "tanh", seed=0), points(n)
    Y = X[:, 0] * X[:, 1]
    expected = mse([model(x) for x in X], Y).data
    assert evaluate(model, X, Y, loss="mse") == {"loss": pytest.approx(expected, rel=ROUNDING)}


@pytest.mark.parametrize(("loss", "factor"), [("mse", 1), ("sse", CHUNK + 3), ("half_squared_error", (CHUNK + 3) / 2)])
def test_evaluation_in_parts_is_that_of_the_whole(loss, factor):
    n = CHUNK + 3
    found = evaluate(lambda x: Value(x[0]), np.zeros((n, 1)), np.full(n, 2.0), loss)
    assert found["loss"] == pytest.approx(4.0 * factor, rel=ROUNDING)


def test_metrics_are_told_by_name():
    def bias(predictions, targets):
        return float(np.mean(predictions - targets))

    found = evaluate(lambda x: Value(x[0]), [[0.75], [0.25], [0.9]], [1, 0, 0], "mse", ["accuracy", bias])
    assert found["accuracy"] == 2 / 3
    assert found["bias"] == pytest.approx(0.3)


def test_a_metric_that_gives_a_value_is_taken_for_its_number():
    found = evaluate(lambda x: Value(x[0]), [[0.5], [1.0]], [1.0, 3.0], "mse", [mae, mse])
    assert {name: type(number) for name, number in found.items()} == dict.fromkeys(["loss", "mae", "mse"], float)
    assert found["mae"] == 1.25


@pytest.mark.parametrize(
    ("metric", "told"),
    [
        (lambda predictions, targets: "good", "'<lambda>', for what it gives, needs one real number; got str 'good'"),
        (
            confusion_matrix,
            r"'confusion_matrix', for what it gives, needs one real number; got ndarray of shape \(2, 2\)",
        ),
        (lambda predictions, targets: None, "needs one real number; got NoneType"),
    ],
)
def test_a_metric_needs_to_give_one_number(metric, told):
    with pytest.raises(TypeError, match=f"^metric .*{told}"):
        evaluate(lambda x: Value(x[0]), [[0.5], [1.0]], [1.0, 0.0], "mse", metric)


@pytest.mark.parametrize("name", ["loss", "lr", "penalty", "val_loss", "val_mine"])
def test_the_names_of_other_quantities_of_the_history_are_no_metrics(name):
    def mine(predictions, targets):
        return 0.0

    mine.__name__ = name
    with pytest.raises(ValueError, match=f"^metrics need names of their own; got {name!r}, which the history has"):
        evaluate(lambda x: Value(x[0]), [[0.5]], [1.0], "mse", mine)


def test_a_loss_needs_to_give_one_value():
    with pytest.raises(TypeError, match=r"^loss '<lambda>' needs to give one Value; got float 3\.0$"):
        evaluate(lambda x: Value(x[0]), [[0.5]], [1.0], lambda predictions, targets: 3.0)  # type: ignore[arg-type,return-value]


def test_evaluation_needs_targets():
    with pytest.raises(TypeError, match=r"^evaluate needs targets Y; got None$"):
        evaluate(lambda x: Value(x[0]), [[0.5], [1.0]], None, "mse")  # type: ignore[arg-type]


def test_scores_are_decided_at_zero_and_probabilities_at_one_half():
    def model(x):
        return Value(x[0])

    X, Y = [[0.25], [-0.25]], [1, 0]
    assert evaluate(model, X, Y, "binary_crossentropy_from_logits", "accuracy")["accuracy"] == 1.0
    assert evaluate(model, X, [1, -1], "hinge", "accuracy")["accuracy"] == 1.0
    assert evaluate(model, [[0.25], [0.75]], [0, 1], "binary_crossentropy", "accuracy")["accuracy"] == 1.0


def test_evaluation_of_a_saturated_probability_needs_no_logarithm_of_zero():
    model = MLP(1, [1], output_activation="sigmoid", bias=False)
    model.layers[0].set_weights([[800.0]])
    assert evaluate(model, [[1.0]], [0.0], binary_crossentropy)["loss"] == pytest.approx(800.0, rel=ROUNDING)


def test_the_mean_over_parts_of_different_sizes_is_that_of_all_examples(monkeypatch):
    monkeypatch.setattr("nn.training.evaluation.CHUNK", 4)
    model, X = MLP(2, [1], seed=0), points(10)
    Y = np.arange(10.0) ** 2
    assert evaluate(model, X, Y, "mse")["loss"] == pytest.approx(mse([model(x) for x in X], Y).data, rel=ROUNDING)


def test_evaluation_writes_no_gradient():
    model = MLP(2, [1])
    evaluate(model, points(3), np.zeros(3), "mse")
    assert {parameter.grad_state for parameter in model.parameters()} == {"not computed"}


@pytest.mark.parametrize(("loss", "count"), [(binary_crossentropy, 32), (mse, 1)])
def test_before_the_first_step_few_of_many_examples_are_looked_at(loss, count):
    seen = []

    def noted(z):
        seen.append(z)
        return z.sigmoid()

    assert output_shape(MLP(1, [1], output_activation=noted, seed=0), [[0.5]] * 100, loss) == ()
    assert len(seen) == count


# ---- early stopping


@given(st.floats(-10, 10), st.floats(-10, 10), st.floats(0, 2))
def test_better_is_less_by_more_than_delta_or_more_where_larger_is_better(number, best, delta):
    assert EarlyStopping(1, delta).is_better(number, best) == (best - number > delta)
    assert EarlyStopping(1, delta, larger_is_better=True).is_better(number, best) == (number - best > delta)


def test_the_first_number_is_the_best_so_far_and_nan_never_is():
    assert EarlyStopping().is_better(5.0, None)
    assert not EarlyStopping().is_better(math.nan, None)
    assert not EarlyStopping().is_better(math.nan, 5.0)


@pytest.mark.parametrize(
    ("given", "told"),
    [((0,), "one epoch of patience; got 0"), ((1, -0.1), "min_delta"), ((1, math.nan), "min_delta")],
)
def test_patience_and_delta_have_their_limits(given, told):
    with pytest.raises(ValueError, match=told):
        EarlyStopping(*given)


@pytest.mark.parametrize(
    ("monitor", "larger_is_better", "rises"),
    [
        ("val_loss", None, False),
        ("val_accuracy", None, True),
        ("accuracy", None, True),
        ("val_my_accuracy", None, True),
        ("val_mae", None, False),
        ("val_accuracy", False, False),
        ("val_f1", True, True),
    ],
)
def test_an_accuracy_is_better_where_it_is_larger_unless_it_is_said_otherwise(monitor, larger_is_better, rises):
    stopping = EarlyStopping(monitor=monitor, larger_is_better=larger_is_better)
    assert stopping.is_better(0.9, 0.8) == rises
    assert stopping.is_better(0.8, 0.9) != rises
    again = eval(repr(stopping))
    assert (again.monitor, again.larger_is_better) == (monitor, rises)


def test_a_monitor_that_is_no_name_is_refused():
    with pytest.raises(TypeError, match=r"^monitor of EarlyStopping needs the name of a quantity; got 3$"):
        EarlyStopping(monitor=3)  # type: ignore[arg-type]


def test_early_stopping_says_what_it_waits_for():
    assert EarlyStopping().patience == 10
    assert repr(EarlyStopping(5)) == "EarlyStopping(patience=5, min_delta=0.0, monitor='val_loss')"
    assert repr(EarlyStopping(5, 0.1, "val_accuracy", True)).endswith("'val_accuracy', larger_is_better=True)")


# ---- history


def history_of(epochs: int) -> History:
    history = History()
    for epoch in range(1, epochs + 1):
        history.append({"loss": 1 / epoch, "lr": 0.1})
    return history


def test_a_history_is_a_mapping_of_lists():
    history = history_of(3)
    assert dict(history) == {"loss": [1.0, 1 / 2, 1 / 3], "lr": [0.1] * 3}
    assert history.epochs == 3
    assert history.last == {"loss": 1 / 3, "lr": 0.1}


def test_an_unknown_quantity_is_an_error_that_lists_the_known():
    with pytest.raises(KeyError, match="no 'val_loss' in this history; there are loss, lr"):
        history_of(1)["val_loss"]
    with pytest.raises(KeyError, match="no epochs"):
        History()["loss"]


def test_a_short_history_is_shown_whole_and_a_long_one_by_its_ends():
    lines = repr(history_of(12)).splitlines()
    assert lines[0] == "History of 12 epochs, 0 s: running"
    assert [line.split()[0] for line in lines[1:]] == ["epoch", *map(str, range(1, 13))]
    lines = repr(history_of(1000)).splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["epoch", *map(str, range(1, 9)), "…", "1000"]
    assert lines[2].split() == ["1", "1", "0.1"]


def test_a_history_says_why_it_ended_and_which_epoch_was_best():
    history = history_of(2)
    history.stopped, history.best_epoch, history.seconds = "early stopping", 1, 0.25
    told = "History of 2 epochs, 0.25 s: early stopping; the parameters are those of epoch 1"
    assert repr(history).splitlines()[0] == told
    assert f"<caption>{told}</caption>" in history._repr_html_()


def test_an_empty_history_is_shown_too():
    assert repr(History()) == "History of 0 epochs, 0 s: running"


def test_names_of_metrics_are_text_in_html():
    history = History()
    history.append({"<script>": 1.0})
    assert "<script>" not in history._repr_html_()
    assert "&lt;script&gt;" in history._repr_html_()


# ---- progress


class Bar:
    def __init__(self, total: int, unit: str) -> None:
        self.total, self.done, self.told, self.closed = total, 0, [], False  # type: ignore[var-annotated]
        made.append(self)

    def set_postfix(self, told: dict[str, str], refresh: bool) -> None:
        self.told.append(told)

    def update(self) -> None:
        self.done += 1

    def close(self) -> None:
        self.closed = True


made: list[Bar] = []


@pytest.fixture
def bars(monkeypatch: pytest.MonkeyPatch) -> list[Bar]:
    """The bars that are made, by a stand-in for tqdm."""
    made.clear()
    package, auto = types.ModuleType("tqdm"), types.ModuleType("tqdm.auto")
    auto.tqdm = Bar  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tqdm", package)
    monkeypatch.setitem(sys.modules, "tqdm.auto", auto)
    return made


def terminal(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What stands in for a terminal as stderr; a fixture could not, for the capture of a test begins after it."""
    stream = io.StringIO()
    stream.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stderr", stream)
    return stream


def test_where_nobody_sees_it_there_is_no_bar(bars):
    Progress(3).advance({"loss": 1.0})
    assert bars == []


def test_on_a_terminal_there_is_a_bar_unless_it_is_not_wanted(bars, monkeypatch):
    terminal(monkeypatch)
    Progress(3, wanted=False).advance({"loss": 1.0})
    assert bars == []
    progress = Progress(3)
    progress.advance({"loss": 1 / 3, "lr": 0.1})
    progress.close()
    (bar,) = bars
    assert (bar.total, bar.done, bar.told, bar.closed) == (3, 1, [{"loss": "0.3333"}], True)


def test_in_a_notebook_there_is_a_bar(bars, monkeypatch):
    module = types.ModuleType("IPython")
    module.get_ipython = lambda: types.SimpleNamespace(kernel=object())  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", module)
    Progress(3)
    assert len(bars) == 1


def without_tqdm(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def imported(name: str, *rest: Any) -> Any:
        if name.partition(".")[0] == "tqdm":
            raise ModuleNotFoundError("No module named 'tqdm'")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", imported)


def test_without_tqdm_it_is_silent_unless_a_bar_is_demanded(monkeypatch):
    stream = terminal(monkeypatch)
    without_tqdm(monkeypatch)
    Progress(3).advance({"loss": 1.0})
    assert stream.getvalue() == ""
    with pytest.raises(ImportError, match=r"progress=True needs tqdm: pip install 'cadena-autograd\[demos\]'"):
        Progress(3, wanted=True)


def test_recording_may_be_off_around_a_prediction():
    with no_recording():
        assert predict(MLP(1, [1], seed=0), [[1.0]]).shape == (1,)
