from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, topological_order
from nn import METRICS, accuracy, confusion_matrix, mae, mse, one_hot

numbers = st.floats(-1e3, 1e3)


@st.composite
def of_two_classes(draw: Any) -> tuple[list[float], list[int], float]:
    """Predictions, true classes, and a threshold, which some predictions may meet."""
    threshold = draw(st.sampled_from([0.5, 0.0]) | numbers)
    pairs = st.lists(st.tuples(numbers | st.just(threshold), st.integers(0, 1)), min_size=1, max_size=12)
    predictions, labels = zip(*draw(pairs))
    return list(predictions), list(labels), threshold


@st.composite
def of_many_classes(draw: Any) -> tuple[list[list[float]], list[int]]:
    """Rows of predictions, of which some have several that are the largest, and true classes."""
    n, k = draw(st.integers(1, 8)), draw(st.integers(2, 4))
    row = st.lists(st.integers(0, 3).map(float) | numbers, min_size=k, max_size=k)
    labels = st.lists(st.integers(0, k - 1), min_size=n, max_size=n)
    return draw(st.lists(row, min_size=n, max_size=n)), draw(labels)


def share(predicted: list[int], labels: list[int]) -> float:
    right = 0
    for one, other in zip(predicted, labels):
        right += one == other
    return right / len(labels)


def table(predicted: list[int], labels: list[int], n_classes: int) -> list[list[int]]:
    rows = [[0] * n_classes for _ in range(n_classes)]
    for one, other in zip(predicted, labels):
        rows[other][one] += 1
    return rows


def first_of_the_largest(row: list[float]) -> int:
    return row.index(max(row))


# ---- laws


@given(of_two_classes())
def test_two_classes_are_counted_as_a_loop_counts_them(case):
    predictions, labels, threshold = case
    predicted = [int(p > threshold) for p in predictions]
    assert accuracy(predictions, labels, threshold) == share(predicted, labels)
    matrix = confusion_matrix(predictions, labels, threshold=threshold)
    assert matrix.tolist() == table(predicted, labels, 2)
    assert matrix.dtype == np.int64


@given(of_many_classes())
def test_rows_are_counted_as_a_loop_counts_them(case):
    rows, labels = case
    predicted = [first_of_the_largest(row) for row in rows]
    assert accuracy(rows, labels) == share(predicted, labels)
    assert confusion_matrix(rows, labels).tolist() == table(predicted, labels, len(rows[0]))


@given(of_many_classes(), st.integers(0, 3))
def test_more_classes_than_the_predictions_have_are_empty_rows_and_columns(case, more):
    rows, labels = case
    n_classes = len(rows[0]) + more
    predicted = [first_of_the_largest(row) for row in rows]
    assert confusion_matrix(rows, labels, n_classes).tolist() == table(predicted, labels, n_classes)


@given(st.integers(3, 6).flatmap(lambda k: st.lists(st.tuples(*[st.integers(0, k - 1)] * 2), min_size=1, max_size=20)))
def test_labels_can_be_counted_where_the_number_of_classes_is_told(pairs):
    predicted, labels = map(list, zip(*pairs))
    assert confusion_matrix(predicted, labels, 6).tolist() == table(predicted, labels, 6)


@given(of_two_classes() | of_many_classes())
def test_accuracy_is_the_diagonal_of_the_confusion_matrix(case):
    predictions, labels, *threshold = case
    options = {"threshold": threshold[0]} if threshold else {}
    matrix = confusion_matrix(predictions, labels, **options)
    assert matrix.sum() == len(labels)
    assert accuracy(predictions, labels, **options) == np.trace(matrix) / matrix.sum()
    assert matrix.sum(axis=1).tolist() == np.bincount(labels, minlength=len(matrix)).tolist()


@given(of_two_classes())
def test_targets_of_two_classes_may_be_written_in_all_usual_ways(case):
    predictions, labels, threshold = case
    expected = accuracy(predictions, labels, threshold)
    column = np.array(labels, dtype=np.float32)[:, None]
    for targets in (tuple(labels), np.array(labels, dtype=bool), column, [2 * y - 1 for y in labels]):
        assert accuracy(predictions, targets, threshold) == expected
        assert accuracy(np.array(predictions)[:, None], targets, threshold) == expected
    assert accuracy([Value(p) for p in predictions], [Value(y) for y in labels], threshold) == expected


@given(of_many_classes())
def test_targets_of_many_classes_may_be_labels_or_rows(case):
    rows, labels = case
    expected, hot = accuracy(rows, labels), one_hot(labels, len(rows[0]))
    softened = 0.8 * hot + 0.1
    for targets in (np.array(labels), [[label] for label in labels], hot, hot.tolist(), 2 * hot - 1, softened):
        assert accuracy(rows, targets) == expected
        assert np.array_equal(confusion_matrix(rows, targets), confusion_matrix(rows, labels))
    assert accuracy([[Value(x) for x in row] for row in rows], labels) == expected


@given(of_two_classes() | of_many_classes())
def test_counts_are_those_of_scikit_learn(case):
    metrics = pytest.importorskip("sklearn.metrics")
    predictions, labels, *threshold = case
    options = {"threshold": threshold[0]} if threshold else {}
    array = np.array(predictions)
    predicted = (array > threshold[0]).astype(int) if threshold else array.argmax(axis=1)
    classes = range(2 if threshold else array.shape[1])
    assert accuracy(predictions, labels, **options) == metrics.accuracy_score(labels, predicted)
    theirs = metrics.confusion_matrix(labels, predicted, labels=classes)
    assert np.array_equal(confusion_matrix(predictions, labels, **options), theirs)


# ---- decisions


def test_prediction_at_the_threshold_is_of_the_class_0():
    """Document 002, section 4.2: 0.5 is rounded to 0."""
    assert accuracy([0.5], [0]) == 1.0
    assert accuracy([np.nextafter(0.5, 1)], [1]) == 1.0
    assert accuracy([0.0], [0], threshold=0) == accuracy([5e-324], [1], threshold=0) == 1.0


def test_threshold_of_predictions_does_not_decide_for_targets():
    assert accuracy([0.7, 0.95], [0, 1], threshold=0.9) == 1.0
    assert accuracy([-3.0, 3.0], [0.4, 0.6], threshold=0) == 1.0
    assert accuracy([-3.0], [0.5], threshold=0) == 1.0


def test_first_of_the_largest_is_the_predicted_class():
    assert accuracy([[0.25, 0.375, 0.375]], [1]) == 1.0
    assert confusion_matrix([[0.5, 0.5]], [1]).tolist() == [[0, 0], [1, 0]]


def test_rows_are_true_classes_and_columns_are_predicted_ones():
    assert confusion_matrix([0.9, 0.8, 0.1, 0.7], [1, 0, 0, 0]).tolist() == [[1, 2], [0, 1]]


def test_lone_prediction_is_an_example():
    assert accuracy(0.75, 1) == accuracy(Value(0.75), [1]) == accuracy([[0.25, 0.75]], 1) == 1.0


def test_infinite_scores_decide():
    assert accuracy([-np.inf, np.inf], [0, 1], threshold=0) == accuracy([[-np.inf, 0.0]], [1]) == 1.0


# ---- what can't be compared

both = pytest.mark.parametrize("metric", [accuracy, confusion_matrix])


@both
@pytest.mark.parametrize(
    ("predictions", "targets", "message"),
    [
        ([0.5, 0.5], [1], r"one target for each prediction; .* of shape \(2,\) and targets of shape \(1,\)"),
        ([0.5, 0.5], [[1, 0], [0, 1]], r"one target for each prediction; .* \(2,\) and targets of shape \(2, 2\)"),
        ([[0.5, 0.5]], [[1, 0, 0]], r"a label or a row of as many classes .* \(1, 2\) and targets of shape \(1, 3\)"),
        ([], [], "at least one of the predictions; got none"),
        ([0.5], [], "at least one of the targets; got none"),
        (np.empty((2, 0)), [0, 1], "at least one of the predictions; got none"),
        (np.zeros((1, 2, 2)), [0], r"numbers, or rows of numbers, as predictions; got the shape \(1, 2, 2\)"),
        ([[0.5, 0.5]], np.zeros((1, 2, 2)), r"numbers, or rows of numbers, as targets; got the shape \(1, 2, 2\)"),
        ([0.5, np.nan], [0, 1], r"predictions without NaN; got nan at predictions\[1\]"),
        ([[0.5, np.nan]], [0], r"predictions without NaN; got nan at predictions\[0, 1\]"),
        ([0.5, 0.5], [0, np.nan], r"targets without NaN; got nan at targets\[1\]"),
        ([0.5, 0.5], [0, 2], r"targets of 0 or 1, or of -1 or 1; got 2\.0 at targets\[1\]"),
        ([0.5, 0.5], [0, -0.5], r"targets of 0 or 1, or of -1 or 1; got -0\.5 at targets\[1\]"),
        ([0.5, 0.5, 0.5], [-1, 1, 0], r"targets of 0 or 1, or of -1 or 1; got 0\.0 at targets\[2\]"),
        ([[0.5, 0.5]] * 2, [0, 2], r"labels that are whole numbers from 0 to 1; got 2\.0 at targets\[1\]"),
        ([[0.5, 0.5]] * 2, [0, -1], r"labels that are whole numbers from 0 to 1; got -1\.0 at targets\[1\]"),
        ([[0.5, 0.5]] * 2, [0, 0.5], r"labels that are whole numbers from 0 to 1; got 0\.5 at targets\[1\]"),
        ([[0.5, 0.5]] * 2, [[0, 1], [0, 0]], r"of which one number is the largest; got \[0\.0, 0\.0\] at targets\[1\]"),
        ([[0.5] * 3] * 2, [[1, 1, 0], [0, 0, 0]], r"one number is .*; got \[1\.0, 1\.0, 0\.0\] at targets\[0\]"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused(metric, predictions, targets, message):
    with pytest.raises(ValueError, match=f"^{metric.__name__} needs .*{message}$"):
        metric(predictions, targets)


@both
def test_what_is_no_number_is_refused(metric):
    for predictions, targets in [(["1"], [1]), ([0.5], [None]), ([1j], [1])]:
        with pytest.raises(TypeError, match="needs one real number"):
            metric(predictions, targets)
    with pytest.raises(TypeError, match=f"^threshold of {metric.__name__} needs one real number; got str"):
        metric([0.5], [1], threshold="0")
    with pytest.raises(ValueError, match=f"^{metric.__name__} needs a threshold that .*; got nan$"):
        metric([0.5], [1], threshold=np.nan)


@both
def test_what_is_no_number_is_told_with_the_metric_and_its_side(metric):
    for predictions, targets, side in [
        ([0.2], ["a"], "targets"),
        ([0.2], None, "targets"),
        (["x"], [1], "predictions"),
    ]:
        with pytest.raises(TypeError, match=f"^{metric.__name__}, for {side}: .* needs one real number; got"):
            metric(predictions, targets)
    with pytest.raises(ValueError, match=f"^{metric.__name__}, for predictions: rows need one shape"):
        metric([[0.2, 0.8], [1.0]], [0, 1])


@both
def test_labels_in_the_place_of_rows_of_predictions_are_refused_with_what_to_do(metric):
    rows = np.eye(3)
    needs = "rows of predictions for more than two classes, and for single ones targets of 0 or 1"
    with pytest.raises(ValueError, match=f"^{metric.__name__} needs {needs}"):
        metric(rows.argmax(1), [0, 1, 2])


def test_numbers_of_classes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"^confusion_matrix needs at least 3 classes for such predictions; got 2$"):
        confusion_matrix([[1.0, 0.0, 0.0]], [0], 2)
    with pytest.raises(ValueError, match=r"^confusion_matrix needs at least 2 classes for such predictions; got 1$"):
        confusion_matrix([0.0], [0], 1)
    with pytest.raises(ValueError, match=r"from 0 to 2; got 3\.0 at predictions\[1\]$"):
        confusion_matrix([0, 3], [0, 1], 3)
    with pytest.raises(ValueError, match=r"from 0 to 2; got 0\.5 at predictions\[0\]$"):
        confusion_matrix([0.5], [0], 3)
    with pytest.raises(TypeError):
        confusion_matrix([0], [0], 3.0)


# ---- metrics by name


def test_metrics_have_names():
    assert METRICS["accuracy"] is accuracy
    assert {name: metric.__name__ for name, metric in METRICS.items()} == {name: name for name in METRICS}
    assert set(METRICS) == {"accuracy", "mse", "mae"}


@pytest.mark.parametrize("loss", [mse, mae])
@given(pairs=st.lists(st.tuples(numbers, numbers), min_size=1, max_size=8))
def test_metrics_of_losses_are_their_plain_numbers(loss, pairs):
    predictions, targets = zip(*pairs)
    leaves = [Value(p) for p in predictions]
    found = METRICS[loss.__name__](leaves, targets)
    assert type(found) is float
    assert found == loss(predictions, targets).data
    assert [topological_order(leaf) for leaf in leaves] == [[leaf] for leaf in leaves]


def test_metrics_of_losses_give_nan_for_nan():
    assert np.isnan(METRICS["mse"]([np.nan], [0.0]))


def test_metrics_of_losses_record_nothing():
    computed = []

    def targets():
        computed.append(Value(1.0) * 2.0)
        yield computed[0]

    assert METRICS["mse"]([Value(3.0)], targets()) == 1.0
    assert computed[0].primitive is None
