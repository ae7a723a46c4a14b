from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, topological_order
from nn import half_squared_error, mse, sse

ROUNDING = 1e-14  # relative: the terms are squares, so nothing cancels in the sum of ten
STEP = 1e-30  # complex step: nothing is subtracted, so it may be as small as we like

LOSSES = [half_squared_error, sse, mse]

# of complex predictions too
NUMPY_LOSSES: dict[Any, Any] = {
    half_squared_error: lambda predictions, targets: 0.5 * np.sum((predictions - targets) ** 2),
    sse: lambda predictions, targets: np.sum((predictions - targets) ** 2),
    mse: lambda predictions, targets: np.mean((predictions - targets) ** 2),
}

all_losses = pytest.mark.parametrize("loss", LOSSES)
numbers = st.floats(-1e3, 1e3).map(lambda x: round(x, 3))  # differences of thousandths: 0, or far from underflow
pairs = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=10)


# ---- laws


@all_losses
@given(pairs=pairs)
def test_value_and_gradient_are_those_of_numpy(loss, pairs):
    outputs, targets = (np.array(column) for column in zip(*pairs))
    predictions = [Value(output) for output in outputs]
    total = loss(predictions, targets)
    total.backward()
    assert total.data == pytest.approx(NUMPY_LOSSES[loss](outputs, targets), rel=ROUNDING, abs=0)
    for prediction, unit in zip(predictions, np.eye(len(outputs))):
        slope = NUMPY_LOSSES[loss](outputs + 1j * STEP * unit, targets).imag / STEP
        assert prediction.grad == pytest.approx(slope, rel=ROUNDING, abs=0)


@given(pairs=pairs)
def test_losses_differ_by_their_factors_alone(pairs):
    predictions, targets = ([Value(x) for x in column] for column in zip(*pairs))
    whole = sse(predictions, targets).data
    assert half_squared_error(predictions, targets).data == 0.5 * whole
    assert mse(predictions, targets).data == whole / len(pairs)


@all_losses
@given(pairs=pairs)
def test_perfect_predictions_have_no_loss_and_no_slope(loss, pairs):
    targets = [target for _, target in pairs]
    predictions = [Value(target) for target in targets]
    total = loss(predictions, targets)
    total.backward()
    assert total.data == 0
    assert {prediction.grad for prediction in predictions} == {0.0}


# ---- what goes in


@all_losses
def test_a_lone_prediction_goes_with_a_lone_target(loss):
    lone = loss(Value(3.0), 5)
    assert lone.data == loss([Value(3.0)], [5]).data == loss(Value(3.0), np.array([5.0])).data
    assert lone.data == NUMPY_LOSSES[loss](np.array([3.0]), np.array([5.0]))


@pytest.mark.parametrize(
    ("loss", "ops"), [(half_squared_error, ["-", "**", "*"]), (sse, ["-", "**"]), (mse, ["-", "**"])]
)
def test_a_lone_prediction_is_recorded_as_the_documents_write_it(loss, ops):
    assert [node.op for node in topological_order(loss(Value(3.0), 5.0)) if node.op] == ops


@all_losses
@pytest.mark.parametrize("kind", [tuple, iter, np.array, lambda xs: np.array(xs).reshape(-1, 1)])
def test_kind_of_sequence_of_targets_does_not_matter(loss, kind):
    predictions = [Value(1.0), Value(2.0)]
    assert loss(predictions, kind([3.0, 5.0])).data == loss(predictions, [3.0, 5.0]).data


@all_losses
def test_targets_may_be_values_with_slopes_of_their_own(loss):
    prediction, target = Value(3.0), Value(5.0)
    loss(prediction, target).backward()
    assert target.grad == -prediction.grad != 0


@all_losses
@pytest.mark.parametrize(("predictions", "targets"), [([1.0, 2.0], [3.0, 5.0]), (1.0, 3.0)])
def test_predictions_may_be_plain_numbers(loss, predictions, targets):
    total = loss(predictions, targets)
    assert type(total) is Value
    assert total.data == NUMPY_LOSSES[loss](np.array(predictions), np.array(targets))


@all_losses
@pytest.mark.parametrize(
    ("predictions", "targets", "got"),
    [([1.0], [1.0, 2.0], "1 and 2"), (Value(1.0), [], "1 and 0"), ([1.0] * 3, 1.0, "3 and 1")],
)
def test_different_numbers_of_predictions_and_targets_are_an_error_with_both(loss, predictions, targets, got):
    with pytest.raises(ValueError, match=f"^{loss.__name__} needs one target for each prediction; got {got}$"):
        loss(predictions, targets)


@all_losses
def test_no_predictions_are_an_error(loss):
    with pytest.raises(ValueError, match=f"^{loss.__name__} needs at least one prediction; got none$"):
        loss([], [])


@all_losses
@pytest.mark.parametrize("predictions", [[[Value(1.0), Value(2.0)]], ["1"], [None]])
def test_predictions_that_are_not_numbers_are_refused(loss, predictions):
    with pytest.raises(TypeError, match="needs one real number"):
        loss(predictions, [1.0])
