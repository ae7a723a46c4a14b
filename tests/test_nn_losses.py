"""What all losses have in common, and those that measure distances; cross-entropies have a file of their own."""

from __future__ import annotations

import gc
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograd import Value, dot, topological_order
from nn import half_squared_error, hinge, mse, sse
from nn.losses.registry import LOSSES, SCORES, SUMS, check_targets, loss_of
from nn.losses.stability import stable
from nn.losses.targets import CATEGORICAL

TOLERANCE = 1e-12  # of the scale
STEP = 1e-30  # complex step: nothing is subtracted, so it may be as small as we like


def probabilities(z: Any) -> Any:
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def absolute(x: Any) -> Any:
    return x * np.sign(x.real)


def binary(p: Any, y: Any) -> Any:
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def categorical(p: Any, y: Any) -> Any:
    return -np.sum(y * np.log(p)) / len(p)


# of arrays of n rows, which may be complex
FORMULAS: dict[str, Any] = {
    "half_squared_error": lambda p, y: np.sum((p - y) ** 2) / 2,
    "sse": lambda p, y: np.sum((p - y) ** 2),
    "mse": lambda p, y: np.mean((p - y) ** 2),
    "mae": lambda p, y: np.mean(absolute(p - y)),
    "hinge": lambda s, y: np.mean(np.where((1 - y * s).real > 0, 1 - y * s, 0)),
    "binary_crossentropy": binary,
    "binary_crossentropy_from_logits": lambda z, y: -np.mean(y * np.log(sigmoid(z)) + (1 - y) * np.log(sigmoid(-z))),
    "categorical_crossentropy": categorical,
    "categorical_crossentropy_from_logits": lambda z, y: categorical(probabilities(z), y),
}

DISTANCES = ["half_squared_error", "sse", "mse", "mae"]
ELEMENTWISE = [name for name in LOSSES if name not in CATEGORICAL]

all_losses = pytest.mark.parametrize("name", LOSSES)
elementwise_losses = pytest.mark.parametrize("name", ELEMENTWISE)
categorical_losses = pytest.mark.parametrize("name", sorted(CATEGORICAL))
distances = pytest.mark.parametrize("name", DISTANCES)

thousandths = st.floats(-1e3, 1e3).map(lambda x: round(x, 3))  # their differences are 0, or far from underflow
logits = st.floats(-20, 20).map(lambda x: round(x, 3))
shares = st.floats(0.001, 0.999)
PREDICTED: dict[str, Any] = {
    **dict.fromkeys(DISTANCES, thousandths),
    **dict.fromkeys(SCORES, logits),
    "binary_crossentropy": shares,
    "categorical_crossentropy": shares,
}


class Case(NamedTuple):
    """Predictions and targets of one shape."""

    predictions: np.ndarray
    targets: np.ndarray


@cache
def wanted(name: str) -> Any:
    """Targets of one prediction."""
    if name == "hinge":
        return st.sampled_from([-1.0, 1.0])
    return thousandths if name in DISTANCES else st.sampled_from([0.0, 1.0]) | st.floats(0, 1)


@cache
def arrays(numbers: Any, shape: tuple[int, ...]) -> Any:
    size = int(np.prod(shape))
    return st.lists(numbers, min_size=size, max_size=size).map(lambda xs: np.array(xs).reshape(shape))


@cache
def cases(name: str, ndim: int | None = None) -> Any:
    """Of every shape that the loss takes, or of those with so many axes; made once, for it is looked through first."""
    return drawn_cases(name, ndim)


@st.composite
def drawn_cases(draw: Any, name: str, ndim: int | None) -> Case:
    n, k = draw(st.integers(1, 4)), draw(st.integers(2, 4))
    if name in CATEGORICAL:
        shape = draw(shapes(((k,), (n, k)), ndim))
        weights = draw(arrays(st.integers(0, 5), shape)) + np.eye(k)[draw(st.integers(0, k - 1))]
        return Case(draw(arrays(PREDICTED[name], shape)), weights / weights.sum(-1, keepdims=True))
    shape = draw(shapes(((), (n,), (n, 1), (n, k)), ndim))
    return Case(draw(arrays(PREDICTED[name], shape)), draw(arrays(wanted(name), shape)))


@cache
def shapes(all_shapes: tuple[tuple[int, ...], ...], ndim: int | None) -> Any:
    return st.sampled_from([shape for shape in all_shapes if ndim in (None, len(shape))])


def recorded(array: Any) -> Any:
    """The numbers as Values, in lists."""
    return [recorded(x) for x in array] if np.ndim(array) else Value(float(array))


def flat(values: Any) -> list[Value]:
    return [values] if isinstance(values, Value) else [value for part in values for value in flat(part)]


def rows(name: str, array: np.ndarray) -> np.ndarray:
    return array.reshape(-1, array.shape[-1]) if name in CATEGORICAL else array.reshape(-1, 1)


def formula(name: str, predictions: np.ndarray, targets: np.ndarray) -> Any:
    return FORMULAS[name](rows(name, predictions), rows(name, targets))


def slopes(name: str, case: Case, of: int) -> np.ndarray:
    """The slopes of the formula in the predictions (0) or the targets (1), by complex steps."""
    found = []
    for place in range(case[of].size):
        moved = [array.astype(complex) for array in case]
        moved[of].reshape(-1)[place] += 1j * STEP
        found.append(formula(name, *moved).imag / STEP)
    return np.array(found)


def scale(name: str, case: Case) -> float:
    """What the rounding errors of a value are measured by: its terms have one sign, but for those of logits."""
    largest = abs(formula(name, *case))
    return max(1.0, largest, abs(case.predictions).max()) if name in SCORES else largest


# ---- laws of all losses


@all_losses
@given(data=st.data())
def test_value_is_that_of_the_formula(name, data):
    case = data.draw(cases(name))
    assert abs(LOSSES[name](*case).data - formula(name, *case)) <= TOLERANCE * scale(name, case)


@all_losses
@given(data=st.data())
def test_gradients_in_predictions_and_targets_are_those_of_complex_steps_through_the_formula(name, data):
    case = data.draw(cases(name))
    predictions, targets = recorded(case.predictions), recorded(case.targets)
    LOSSES[name](predictions, case.targets).backward()
    exact = slopes(name, case, of=0)
    unit = 0.0 if name in DISTANCES else 1 / exact.size  # slopes near 0 are differences of numbers near 1
    for prediction, slope in zip(flat(predictions), exact):
        assert abs(prediction.grad - slope) <= TOLERANCE * max(abs(slope), unit)
    LOSSES[name](case.predictions, targets).backward()
    exact = slopes(name, case, of=1)
    largest = max(1.0, abs(exact).max(), abs(case.predictions).max())
    assert np.allclose([target.grad for target in flat(targets)], exact, rtol=0, atol=TOLERANCE * largest)


@all_losses
@given(data=st.data())
def test_kind_of_sequence_does_not_matter_and_data_that_are_given_are_left_as_they_are(name, data):
    case = data.draw(cases(name))
    before = Case(*(array.copy() for array in case))
    loss, plain = LOSSES[name], LOSSES[name](*case).data
    tuples = [tuple(map(tuple, xs)) if np.ndim(xs) == 2 else xs for xs in case]
    objects = np.empty(case.predictions.shape, dtype=object)
    objects[...] = recorded(case.predictions)
    assert loss(*tuples).data == plain
    assert loss(objects, case.targets.tolist()).data == plain
    assert loss(recorded(case.predictions), recorded(case.targets)).data == plain
    assert loss(iter(recorded(case.predictions)) if case.predictions.ndim else objects, case.targets).data == plain
    assert all(map(np.array_equal, case, before))


@all_losses
@given(data=st.data())
def test_mean_of_examples_is_the_mean_of_their_losses_and_a_sum_their_sum_which_doubles_when_they_do(name, data):
    case = data.draw(cases(name, ndim=2))
    alone = [LOSSES[name](*pair).data for pair in zip(*case)]
    whole = np.sum(alone) if name in SUMS else np.mean(alone)
    assert abs(LOSSES[name](*case).data - whole) <= TOLERANCE * scale(name, case)
    twice = Case(*(np.concatenate([array, array]) for array in case))
    factor = 2 if name in SUMS else 1
    assert abs(LOSSES[name](*twice).data - factor * LOSSES[name](*case).data) <= TOLERANCE * scale(name, twice)


@elementwise_losses
@given(data=st.data())
def test_one_output_goes_in_a_row_or_in_a_column(name, data):
    predictions, targets = data.draw(cases(name, ndim=1))
    row = LOSSES[name](predictions, targets).data
    column, targets_in_column = predictions[:, None], targets[:, None]
    assert LOSSES[name](column, targets).data == row
    assert LOSSES[name](predictions, targets_in_column).data == row
    assert LOSSES[name](recorded(column), targets_in_column).data == row


@elementwise_losses
def test_lone_prediction_goes_with_a_lone_target(name):
    lone = LOSSES[name](Value(0.25), 1).data
    assert lone == LOSSES[name]([Value(0.25)], [1]).data == LOSSES[name](Value(0.25), np.array([1.0])).data
    assert lone == LOSSES[name](Value(0.25), np.float32(1)).data == LOSSES[name]([[0.25]], True).data


# ---- the factors, and which losses are of which kind


@given(st.data())
def test_squared_errors_differ_by_their_factors_alone(data):
    """Errata 002-4, 002-5 and 004-5."""
    case = data.draw(cases("sse"))
    whole = sse(*case).data
    assert half_squared_error(*case).data == 0.5 * whole
    assert mse(*case).data == whole / case.targets.size


@distances
@given(data=st.data())
def test_perfect_predictions_have_no_loss_and_no_slope(name, data):
    targets = data.draw(cases(name)).targets
    predictions = recorded(targets)
    total = LOSSES[name](predictions, targets)
    total.backward()
    assert total.data == 0
    assert {prediction.grad for prediction in flat(predictions)} == {0.0}
    assert {prediction.grad_state for prediction in flat(predictions)} == {"computed"}


def test_hinge_is_flat_from_one_on_the_right_side():
    for score, slope in [(2.0, 0.0), (1.0, 0.0), (0.5, -1.0), (-3.0, -1.0)]:
        s, opposite = Value(score), Value(-score)
        hinge(s, 1).backward()
        hinge(opposite, -1).backward()
        assert s.grad == slope == -opposite.grad


def test_scores_are_the_losses_in_which_a_large_right_prediction_costs_nothing():
    def is_of_scores(name: str) -> bool:
        predictions, target = ([800.0, -800.0], 0) if name in CATEGORICAL else (800.0, 1)
        try:
            return LOSSES[name](predictions, target).data == 0.0
        except ArithmeticError:  # no probability
            return False

    assert {name for name in LOSSES if is_of_scores(name)} == SCORES


# ---- numbers of the documents


def test_error_of_the_apartment_is_that_of_document_000():
    prediction = Value(10.24)
    error = half_squared_error(prediction, 300)
    error.backward()
    assert error.data == pytest.approx(41980.4288, rel=1e-14)
    assert prediction.grad == pytest.approx(-289.76, rel=1e-14)


def test_cost_of_the_exercise_is_that_of_document_003():
    prediction = Value(0.522576651600)
    cost = half_squared_error(prediction, 5)
    cost.backward()
    assert round(cost.data, 9) == 10.023659920
    assert round(prediction.grad, 9) == -4.477423348


TEMPERATURES = np.array([25, 26, 27, 28, 29, 29.5, 30.5, 31, 32, 33.5, 34, 36.5, 37, 37.5, 39, 40]) / 10
ICE_CREAMS = np.array([10, 18, 12, 20, 18, 20, 22, 30, 32, 30, 35, 36, 40, 38, 37, 41]) / 10
FIRST_WEIGHTS = (1.55119288, 1.01517476)  # of the seed 714
PRINTED_DIGITS = 1e-6  # relative: the weights are rounded at their ninth digit


@pytest.mark.parametrize(
    ("name", "errors"),
    [("half_squared_error", [74.24158937553847, 56.63487309723787]), ("sse", [74.24158937553847, 477.7587603494817])],
)
def test_listing_of_ice_creams_descends_on_half_the_error_that_it_prints(name, errors):
    """Document 002, section 4.1, erratum 002-5: with the factor 2 that belongs to its loss it diverges."""
    weights, found = FIRST_WEIGHTS, []
    for _ in errors:
        leaves = tuple(map(Value, weights))
        predictions = [dot(leaves, (1.0, temperature)) for temperature in TEMPERATURES]
        found.append(sse(predictions, ICE_CREAMS).data)
        LOSSES[name](predictions, ICE_CREAMS).backward()
        weights = tuple(leaf.data - 0.01 * leaf.grad for leaf in leaves)
    assert found == pytest.approx(errors, rel=PRINTED_DIGITS)


@pytest.mark.parametrize(
    ("name", "ops"),
    [
        ("half_squared_error", ["-", "**", "*"]), ("sse", ["-", "**"]), ("mse", ["-", "**"]), ("mae", ["-", "abs"]),
        ("hinge", ["*", "-", "relu"]),
    ],
)  # fmt: skip
def test_lone_prediction_is_recorded_as_the_documents_write_it(name, ops):
    assert [node.op for node in topological_order(LOSSES[name](Value(3.0), 1.0)) if node.op] == ops


# ---- what is refused


def refused(error: type[Exception], match: str, loss: Any, *arguments: Any) -> None:
    """The call raises, and no node was recorded, which the traceback would keep."""
    gc.freeze()  # so that only what is new is counted
    with pytest.raises(error, match=match) as caught:
        loss(*arguments)
    recorded_until_then = sum(type(thing) is Value for thing in gc.get_objects())
    assert caught.tb is not None
    assert recorded_until_then == 0


@elementwise_losses
@pytest.mark.parametrize(
    ("predictions", "targets", "shapes"),
    [
        ([0.5], [1.0, 1.0], r"\(1,\) and targets of shape \(2,\)"),
        (0.5, [], r"\(\) and targets of shape \(0,\)"),
        ([0.5] * 3, 1.0, r"\(3,\) and targets of shape \(\)"),
        ([0.5] * 3, [[1.0] * 3], r"\(3,\) and targets of shape \(1, 3\)"),
        ([[0.5] * 2] * 3, [[1.0] * 3] * 2, r"\(3, 2\) and targets of shape \(2, 3\)"),
        ([[0.5] * 2] * 3, [1.0] * 6, r"\(3, 2\) and targets of shape \(6,\)"),
    ],
)
def test_shapes_that_do_not_fit_are_refused_with_both(name, predictions, targets, shapes):
    needs = f"^{name} needs one target for each prediction; got predictions of shape {shapes}$"
    refused(ValueError, needs, LOSSES[name], recorded(predictions), targets)


@categorical_losses
@pytest.mark.parametrize(
    ("predictions", "targets", "message"),
    [
        ([[0.5] * 2] * 3, [0, 1], r"one label, or 2 probabilities, for each .* shape \(3, 2\) and .* shape \(2,\)"),
        ([[0.5] * 2] * 3, [[1.0, 0, 0]] * 2, r"one label, or 2 probabilities, .* \(3, 2\) and .* shape \(2, 3\)"),
        ([0.5] * 3, [1, 0], r"one label, or 3 probabilities, .* shape \(3,\) and .* shape \(2,\)"),
        ([[0.5]] * 3, [0] * 3, r"a row of two classes or more for each example; got the shape \(3, 1\)"),
        (0.5, 0, r"a row of two classes or more for each example; got the shape \(\)"),
        ([[[0.5] * 2]], [0], r"a row of two classes or more for each example; got the shape \(1, 1, 2\)"),
    ],
)
def test_rows_of_classes_that_do_not_fit_are_refused_with_both(name, predictions, targets, message):
    refused(ValueError, f"^{name} needs {message}$", LOSSES[name], recorded(predictions), targets)


@all_losses
@pytest.mark.parametrize("nothing", [[], (), np.empty(0)])
def test_no_predictions_are_refused(name, nothing):
    refused(ValueError, f"^{name} needs at least one prediction; got none$", LOSSES[name], nothing, nothing)


@categorical_losses
def test_no_examples_of_two_classes_are_refused(name):
    message = f"^{name} needs at least one prediction; got none$"
    refused(ValueError, message, LOSSES[name], np.empty((0, 2)), np.empty((0, 2)))


RANGE = {
    "hinge": "-1 or 1",
    "binary_crossentropy": "from 0 to 1",
    "binary_crossentropy_from_logits": "from 0 to 1",
}


@pytest.mark.parametrize("name", RANGE)
@pytest.mark.parametrize("wrong", [-0.5, 1.5, 2.0, np.nan, np.inf])
def test_targets_outside_the_range_are_refused_with_their_place(name, wrong):
    message = f"^{name} needs targets that are {RANGE[name]}; got {float(wrong)!r} at targets"
    refused(ValueError, rf"{message}\[1\]$", LOSSES[name], recorded([0.5, 0.5]), [1, wrong])
    refused(ValueError, rf"{message}\[1, 0\]$", LOSSES[name], recorded([[0.5] * 2] * 2), [[1, 1], [wrong, 1]])
    refused(ValueError, f"{message[:-11]}$", LOSSES[name], Value(0.5), wrong)


@pytest.mark.parametrize(("name", "wrong"), [("hinge", 0.0), ("binary_crossentropy", -1.0)])
def test_targets_of_another_convention_are_refused(name, wrong):
    refused(ValueError, f"got {wrong}", LOSSES[name], Value(0.5), wrong)


@distances
def test_distances_from_nan_are_nan(name):
    assert np.isnan(LOSSES[name]([Value(1.0), Value(2.0)], [1.0, np.nan]).data)


@all_losses
@pytest.mark.parametrize("wrong", ["1", None, 1j, object(), b"1"])
def test_what_is_no_number_is_refused(name, wrong):
    right = [0.5, 0.5]
    refused(TypeError, "needs one real number; got", LOSSES[name], [0.5, wrong], right)
    refused(TypeError, "needs one real number; got", LOSSES[name], right, [0.5, wrong])
    refused(TypeError, "needs one real number; got", LOSSES[name], wrong, right)
    refused(TypeError, "needs one real number; got", LOSSES[name], np.array([wrong, wrong]), right)


@all_losses
def test_rows_of_different_lengths_are_refused(name):
    message = r"^rows need one shape; got \(2,\) and \(1,\) \(row 1\)$"
    refused(ValueError, message, LOSSES[name], [[0.5, 0.5], [0.5]], [[1.0, 0.0], [1.0]])
    refused(ValueError, r"got \(\) and \(1,\) \(row 1\)$", LOSSES[name], [0.5, [0.5]], [1.0, 0.0])


@all_losses
def test_masked_numbers_are_refused(name):
    masked = np.ma.array([0.5, 0.5], mask=[False, True])
    message = "^losses and metrics need every number; got an array with masked ones$"
    refused(ValueError, message, LOSSES[name], recorded([0.5, 0.5]), masked)
    refused(ValueError, message, LOSSES[name], [masked, masked], [0, 1])


def test_arrays_of_other_kinds_are_arrays():
    predictions = recorded([[1.0], [2.0]])
    expected = mse(predictions, [1.0, 4.0]).data
    with pytest.warns(PendingDeprecationWarning):
        matrix = np.matrix([[1.0], [4.0]])
    for targets in (matrix, np.ma.array([1.0, 4.0]), np.array([1, 4], dtype=np.int8), np.array([1, 4], dtype=object)):
        assert mse(predictions, targets).data == expected

    class Table:
        """As those of pandas: an iteration gives the names of the columns."""

        def __iter__(self):
            return iter(["a"])

        def __array__(self, dtype=None, copy=None):
            return np.array([[1.0], [4.0]])

    assert mse(predictions, Table()).data == expected


# ---- losses by name


def test_names_are_those_of_the_functions():
    assert {name: loss.__name__ for name, loss in LOSSES.items()} == {name: name for name in FORMULAS}
    assert set(LOSSES) >= SCORES | SUMS | CATEGORICAL


@all_losses
def test_loss_of_a_name_is_the_loss_and_of_a_loss_itself(name):
    assert loss_of(name) is loss_of(LOSSES[name]) is LOSSES[name]


def test_loss_of_ones_own_is_taken_as_it_is():
    def cubes(predictions: Any, targets: Any) -> Value:
        return Value(0.0)

    assert loss_of(cubes) is cubes
    assert stable(cubes) is cubes


@pytest.mark.parametrize("choice", ["MSE", "", None, 3, ["mse"]])
def test_unknown_name_is_refused_with_those_that_are_known(choice):
    with pytest.raises(ValueError, match=r"^there is no loss .*; known are half_squared_error, sse, mse, mae, .* any"):
        loss_of(choice)


# ---- targets before there are predictions


@all_losses
@given(data=st.data())
def test_targets_that_a_loss_takes_pass_the_check(name, data):
    predictions, targets = data.draw(cases(name, ndim=2))
    assert check_targets(LOSSES[name], targets, predictions.shape[1:]) is None


@pytest.mark.parametrize(
    ("name", "targets", "n_outputs"),
    [
        ("mse", [[1.0, 2.0]], 3), ("mae", [[1.0, 2.0]], 1), ("sse", [1.0, 2.0], 2), ("hinge", [1.0, 0.0], 1),
        ("half_squared_error", [[1.0], [2.0]], 2), ("binary_crossentropy", [[0.0], [2.0]], 1),
        ("binary_crossentropy_from_logits", [-1.0, 1.0], 1), ("categorical_crossentropy", [0.0, 3.0], 3),
        ("categorical_crossentropy", [[0.5, 0.6]], 2), ("categorical_crossentropy_from_logits", [0.5, 1.0], 2),
        ("categorical_crossentropy_from_logits", [[0.0, 1.0]], 3),
    ],
)  # fmt: skip
def test_check_raises_what_the_loss_would_raise(name, targets, n_outputs):
    array = np.array(targets)
    predictions = np.full((len(array), n_outputs) if n_outputs > 1 else len(array), 0.5)
    with pytest.raises(ValueError, match=name) as raised:
        LOSSES[name](predictions, array)
    with pytest.raises(ValueError, match=name) as checked:
        check_targets(LOSSES[name], array, predictions.shape[1:])
    assert str(checked.value) == str(raised.value)


@categorical_losses
@pytest.mark.parametrize("targets", [[0.0, 1.0, 0.0], [0.0, 1.0, 1.0], [[1.0], [1.0], [1.0]]])
def test_classes_of_a_model_with_one_output_are_refused(name, targets):
    """The targets of n examples are not taken for the probabilities of one."""
    with pytest.raises(ValueError, match=rf"^{name} needs a row of two classes or more .* got the shape \(3, 1\)$"):
        check_targets(LOSSES[name], np.array(targets), ())


def test_loss_of_ones_own_is_not_asked_about_its_targets():
    check_targets(lambda predictions, targets: Value(0.0), np.array([[np.nan]]), (5,))


# ---- PyTorch


def of_pytorch(torch: Any, name: str, predictions: Any, targets: Any) -> Any:
    functions = {
        "sse": lambda: torch.nn.functional.mse_loss(predictions, targets, reduction="sum"),
        "mse": lambda: torch.nn.functional.mse_loss(predictions, targets),
        "mae": lambda: torch.nn.functional.l1_loss(predictions, targets),
        # a margin of 1 to what is not alike
        "hinge": lambda: torch.nn.functional.hinge_embedding_loss(predictions * targets, -torch.ones_like(targets)),
        "binary_crossentropy": lambda: torch.nn.functional.binary_cross_entropy(predictions, targets),
        "binary_crossentropy_from_logits": lambda: torch.nn.functional.binary_cross_entropy_with_logits(
            predictions, targets
        ),
        "categorical_crossentropy": lambda: torch.nn.functional.cross_entropy(predictions.log(), targets),
        "categorical_crossentropy_from_logits": lambda: torch.nn.functional.cross_entropy(predictions, targets),
    }
    return functions[name]()


@pytest.mark.parametrize("name", [name for name in LOSSES if name != "half_squared_error"])
@given(data=st.data())
def test_value_and_gradient_are_those_of_pytorch(name, data):
    torch = pytest.importorskip("torch")
    case = data.draw(cases(name))
    if name == "hinge":  # at whose kink PyTorch has the slope of the other side
        assume(not np.any(case.predictions * case.targets == 1))
    if name == "categorical_crossentropy":  # PyTorch has it from logits alone, and so from probabilities with the sum 1
        case = Case(case.predictions / case.predictions.sum(-1, keepdims=True), case.targets)
    theirs = torch.tensor(case.predictions, requires_grad=True)
    expected = of_pytorch(torch, name, theirs, torch.tensor(case.targets))
    expected.backward()
    ours = recorded(case.predictions)
    total = LOSSES[name](ours, case.targets)
    total.backward()
    assert abs(total.data - expected.item()) <= TOLERANCE * scale(name, case)
    if name != "categorical_crossentropy":  # whose slopes would be those along the sum 1
        slopes_of_theirs = theirs.grad.numpy().ravel()
        largest = max(abs(slopes_of_theirs).max(), 1 / theirs.numel())
        gradient = [prediction.grad for prediction in flat(ours)]
        assert np.allclose(gradient, slopes_of_theirs, rtol=0, atol=TOLERANCE * largest)
