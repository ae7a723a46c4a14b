"""Cross-entropies: of probabilities and from logits, with labels and with rows, and the form that training takes."""

from __future__ import annotations

import math
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import DomainError, Value, logsumexp, no_recording, softmax, topological_order
from nn import (
    LOSSES,
    Layer,
    binary_crossentropy,
    binary_crossentropy_from_logits,
    categorical_crossentropy,
    categorical_crossentropy_from_logits,
    one_hot,
)
from nn.losses.stability import check_outputs, stable

TOLERANCE = 1e-12  # of the scale
DIGITS = 1500  # so many has a probability next to 1 where a logit is 1000 or the difference of two of them

moderate = st.floats(-20, 20)
any_logits = st.floats(-1000, 1000) | st.sampled_from([-1000.0, 0.0, 1000.0])
targets_of_two = st.sampled_from([0.0, 1.0]) | st.floats(0, 1)


def recorded(array: Any) -> Any:
    """The numbers as Values, in lists."""
    return [recorded(x) for x in array] if np.ndim(array) else Value(float(array))


def primitives(root: Value) -> set[str]:
    return {node.primitive.name for node in topological_order(root) if node.primitive is not None}


@st.composite
def rows_and_labels(draw: Any, logits: Any = moderate) -> tuple[list[list[float]], list[int]]:
    n, k = draw(st.integers(1, 4)), draw(st.integers(2, 4))
    row = st.lists(logits, min_size=k, max_size=k)
    labels = draw(st.lists(st.integers(0, k - 1), min_size=n, max_size=n))
    return draw(st.lists(row, min_size=n, max_size=n)), labels


# ---- logits, exactly


def exact_binary(z: float, y: float) -> tuple[float, float]:
    """The loss of one logit and its slope, from the probability, with more digits than it needs."""
    with mpmath.workdps(DIGITS):
        p = 1 / (1 + mpmath.exp(-mpmath.mpf(z)))
        return float(-y * mpmath.log(p) - (1 - mpmath.mpf(y)) * mpmath.log(1 - p)), float(p - y)


def exact_categorical(zs: list[float], target: list[float]) -> tuple[float, list[float]]:
    with mpmath.workdps(DIGITS):
        powers = [mpmath.exp(mpmath.mpf(z)) for z in zs]
        ps = [power / sum(powers) for power in powers]
        value = -sum(y * mpmath.log(p) for y, p in zip(target, ps))
        return float(value), [float(p - y) for p, y in zip(ps, target)]


@given(any_logits, targets_of_two)
def test_binary_form_from_logits_is_exact_for_every_logit(z, y):
    logit = Value(z)
    loss = binary_crossentropy_from_logits(logit, y)
    loss.backward()
    value, slope = exact_binary(z, y)
    assert abs(loss.data - value) <= TOLERANCE * max(1, abs(z))
    assert abs(logit.grad - slope) <= TOLERANCE


@given(rows_and_labels(any_logits))
def test_categorical_form_from_logits_is_exact_for_every_logit(case):
    rows, labels = case
    for zs, target in zip(rows, one_hot(labels, len(rows[0])).tolist()):
        logits = recorded(zs)
        loss = categorical_crossentropy_from_logits(logits, target)
        loss.backward()
        value, slopes = exact_categorical(zs, target)
        assert abs(loss.data - value) <= TOLERANCE * max(1, *map(abs, zs))
        assert np.allclose([z.grad for z in logits], slopes, rtol=0, atol=TOLERANCE * max(1, *map(abs, zs)))


@given(st.lists(st.tuples(moderate, targets_of_two), min_size=1, max_size=5))
def test_binary_forms_agree_on_the_sigmoids_of_the_logits(pairs):
    """In the slopes of the logits too, whose rounding the division by 1 - p makes larger by its inverse."""
    zs, targets = zip(*pairs)
    one, other = recorded(zs), recorded(zs)
    of_probabilities = binary_crossentropy([z.sigmoid() for z in one], targets)
    from_logits = binary_crossentropy_from_logits(other, targets)
    of_probabilities.backward()
    from_logits.backward()
    lost = max(math.exp(abs(z)) for z in zs) * 2**-52  # of the digits of 1 - p
    assert abs(of_probabilities.data - from_logits.data) <= TOLERANCE * 20 + 2 * lost
    for z, also in zip(one, other):
        assert abs(z.grad - also.grad) <= TOLERANCE + 2 * lost


@given(rows_and_labels())
def test_categorical_forms_agree_on_the_softmax_of_the_logits(case):
    rows, labels = case
    one, other = recorded(rows), recorded(rows)
    of_probabilities = categorical_crossentropy([softmax(row) for row in one], labels)
    from_logits = categorical_crossentropy_from_logits(other, labels)
    of_probabilities.backward()
    from_logits.backward()
    assert abs(of_probabilities.data - from_logits.data) <= TOLERANCE * 40
    for zs, others in zip(one, other):
        assert np.allclose([z.grad for z in zs], [z.grad for z in others], rtol=0, atol=TOLERANCE * 40)


@given(rows_and_labels())
def test_two_classes_are_one_probability(case):
    """softmax(0, z) is (1 - sigmoid(z), sigmoid(z)), so the two losses are one."""
    logits = [row[0] for row in case[0]]
    labels = [min(label, 1) for label in case[1]]
    binary = binary_crossentropy_from_logits(logits, labels).data
    categorical = categorical_crossentropy_from_logits([[0.0, z] for z in logits], labels).data
    assert abs(binary - categorical) <= TOLERANCE * 20


@pytest.mark.parametrize(("z", "y", "value", "slope"), [(1000, 1, 0, 0), (1000, 0, 1000, 1), (-1000, 1, 1000, -1)])
def test_where_a_sigmoid_is_zero_or_one_only_the_logits_have_a_loss(z, y, value, slope):
    logit = Value(float(z))
    loss = binary_crossentropy_from_logits(logit, y)
    loss.backward()
    assert (loss.data, logit.grad) == (value, slope)
    with pytest.raises(DomainError, match=r"^binary_crossentropy needs probabilities above 0 and below 1; got "):
        binary_crossentropy(Value(float(z)).sigmoid(), y)


def test_where_a_softmax_is_zero_only_the_logits_have_a_loss():
    logits = recorded([1000.0, -1000.0])
    loss = categorical_crossentropy_from_logits(logits, 1)
    loss.backward()
    assert (loss.data, [z.grad for z in logits]) == (2000.0, [1.0, -1.0])
    with pytest.raises(DomainError, match=r"^categorical_crossentropy needs probabilities above 0; got 0\.0; use cat"):
        categorical_crossentropy(softmax(recorded([1000.0, -1000.0])), 1)


@pytest.mark.parametrize("p", [0.0, 1.0, -0.5, 1.5])
@pytest.mark.parametrize("y", [0, 1, 0.5])
def test_probability_without_a_logarithm_is_refused_with_its_label_and_the_way_out(p, y):
    message = rf"above 0 and below 1; got {p} \(p1\); use binary_crossentropy_from_logits, which"
    with pytest.raises(DomainError, match=message):
        binary_crossentropy([Value(0.5), Value(p, label="p1")], [1, y])
    with pytest.raises(DomainError, match=rf"below 1; got {p}; use"):
        binary_crossentropy(p, y)


def test_row_of_targets_needs_every_probability_and_a_label_only_its_own():
    row = [Value(0.0, label="p1"), Value(1.0)]
    assert categorical_crossentropy(row, 1).data == 0.0
    for target in (0, [0, 1]):
        with pytest.raises(DomainError, match=r"needs probabilities above 0; got 0\.0 \(p1\); use categorical"):
            categorical_crossentropy(row, target)


# ---- labels and rows

CATEGORICAL = [categorical_crossentropy, categorical_crossentropy_from_logits]

categorical_losses = pytest.mark.parametrize("loss", CATEGORICAL)


@categorical_losses
@given(rows_and_labels(st.floats(0.01, 1)))
def test_labels_are_one_hot_rows(loss, case):
    rows, labels = case
    one, other = recorded(rows), recorded(rows)
    by_label, by_row = loss(one, labels), loss(other, one_hot(labels, len(rows[0])))
    by_label.backward()
    by_row.backward()
    assert abs(by_label.data - by_row.data) <= TOLERANCE
    for ps, others in zip(one, other):
        assert np.allclose([p.grad for p in ps], [p.grad for p in others], rtol=TOLERANCE, atol=TOLERANCE)


@categorical_losses
@pytest.mark.parametrize(
    "labels", [(2, 0), np.array([2, 0]), np.array([2.0, 0.0]), [[2], [0]], np.array([[2], [0]], dtype=np.uint8)]
)
def test_labels_come_in_a_row_or_in_a_column_of_any_kind_of_number(loss, labels):
    rows = [[0.25, 0.25, 0.5], [0.5, 0.25, 0.25]]
    assert loss(recorded(rows), labels).data == loss(rows, [2, 0]).data


@categorical_losses
def test_lone_row_has_a_lone_label(loss):
    row = [0.25, 0.25, 0.5]
    lone = loss(recorded(row), 2).data
    assert lone == loss([row], [2]).data == loss([row], 2).data == loss(row, [2]).data == loss(row, np.int64(2)).data


def test_square_of_predictions_takes_labels_as_well_as_rows():
    """Where n is k, the shape of the targets still tells them apart."""
    rows = [[0.5, 0.25, 0.25], [0.25, 0.5, 0.25], [0.25, 0.25, 0.5]]
    assert categorical_crossentropy(rows, [0, 1, 2]).data == categorical_crossentropy(rows, np.eye(3)).data
    assert categorical_crossentropy(rows, [0, 1, 2]).data == pytest.approx(math.log(2), rel=TOLERANCE)


def test_labels_record_the_right_class_alone():
    row = recorded([0.25, 0.25, 0.5])
    assert [node for node in topological_order(categorical_crossentropy(row, 2)) if node in row] == [row[2]]


@categorical_losses
@pytest.mark.parametrize("label", [-1, 3, 0.5, np.nan, np.inf])
def test_label_of_no_class_is_refused_with_its_place(loss, label):
    needs = f"{loss.__name__} needs labels that are whole numbers from 0 to 2; got {float(label)!r} at targets"
    with pytest.raises(ValueError, match=rf"^{needs}\[1\]$"):
        loss([[0.25, 0.25, 0.5]] * 2, [0, label])


@categorical_losses
@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([1.5, -0.5], r"none negative; got -0\.5 at targets\[1, 1\]"),
        ([np.nan, 1.0], r"none negative; got nan at targets\[1, 0\]"),
        ([0.5, 0.25], r"with the sum 1 for each example; got 0\.75 at targets\[1\]"),
        ([1.0, 1.0], r"with the sum 1 for each example; got 2\.0 at targets\[1\]"),
        ([np.inf, 0.0], r"with the sum 1 for each example; got inf at targets\[1\]"),
        ([0.0, 0.0], r"with the sum 1 for each example; got 0\.0 at targets\[1\]"),
    ],
)
def test_rows_that_are_no_probabilities_are_refused(loss, row, message):
    with pytest.raises(ValueError, match=f"^{loss.__name__} needs targets that are probabilities, {message}$"):
        loss([[0.5, 0.5]] * 2, [[0.0, 1.0], row])


@categorical_losses
def test_probabilities_of_32_bits_are_probabilities(loss):
    targets = np.full((1, 3), 1 / 3, dtype=np.float32)
    assert float(targets.astype(float).sum()) != 1.0
    assert loss([[0.5, 0.25, 0.25]], targets).data == pytest.approx(loss([[0.5, 0.25, 0.25]], [[1 / 3] * 3]).data)


@categorical_losses
def test_labels_that_are_values_are_refused(loss):
    with pytest.raises(TypeError, match=f"^{loss.__name__} needs labels that are plain numbers; got a Value = 1 "):
        loss([0.5, 0.5], Value(1.0))


# ---- the form that training takes


@given(st.lists(st.tuples(any_logits, targets_of_two), min_size=1, max_size=5))
def test_stable_binary_form_is_that_from_logits(pairs):
    zs, targets = zip(*pairs)
    one, other = recorded(zs), recorded(zs)
    safe = stable(binary_crossentropy)([z.sigmoid() for z in one], targets)
    from_logits = binary_crossentropy_from_logits(other, targets)
    safe.backward()
    from_logits.backward()
    assert safe.data == from_logits.data
    assert [z.grad for z in one] == [z.grad for z in other]
    assert "sigmoid" not in primitives(safe)


@given(rows_and_labels(any_logits))
def test_stable_categorical_form_is_that_from_logits(case):
    rows, labels = case
    for targets in (labels, one_hot(labels, len(rows[0]))):
        one, other = recorded(rows), recorded(rows)
        safe = stable(categorical_crossentropy)([softmax(row) for row in one], targets)
        from_logits = categorical_crossentropy_from_logits(other, targets)
        safe.backward()
        from_logits.backward()
        assert safe.data == from_logits.data
        assert [[z.grad for z in row] for row in one] == [[z.grad for z in row] for row in other]
        assert "log" not in primitives(safe)


@given(st.lists(st.tuples(moderate, targets_of_two), min_size=1, max_size=5), rows_and_labels())
def test_stable_form_is_the_same_number(pairs, case):
    zs, targets = zip(*pairs)
    ps = [z.sigmoid() for z in recorded(zs)]
    lost = max(math.exp(abs(z)) for z in zs) * 2**-52  # of the digits of 1 - p
    difference = stable(binary_crossentropy)(ps, targets).data - binary_crossentropy(ps, targets).data
    assert abs(difference) <= TOLERANCE * 20 + 2 * lost
    rows = [softmax(row) for row in recorded(case[0])]
    difference = stable(categorical_crossentropy)(rows, case[1]).data - categorical_crossentropy(rows, case[1]).data
    assert abs(difference) <= TOLERANCE * 40


def test_stable_form_has_the_slopes_of_targets_that_are_values():
    row = recorded([0.3, -0.2, 0.9])
    found = []
    for loss in (categorical_crossentropy, stable(categorical_crossentropy)):
        targets = recorded([0.5, 0.25, 0.25])
        loss(softmax(row), targets).backward()
        found.append([target.grad for target in targets])
    assert found[0] == pytest.approx(found[1], rel=TOLERANCE)


@pytest.mark.parametrize("shape", [(), (1,), (3,), (3, 1), (3, 2)])
def test_stable_form_keeps_the_shape(shape):
    ps = [Value(0.5).sigmoid() for _ in range(math.prod(shape))]
    predictions = np.array(ps, dtype=object).reshape(shape)
    expected = binary_crossentropy(predictions, np.ones(shape)).data
    assert stable(binary_crossentropy)(predictions, np.ones(shape)).data == pytest.approx(expected, rel=TOLERANCE)
    with pytest.raises(ValueError, match=r"^binary_crossentropy needs one target for each prediction; got"):
        stable(binary_crossentropy)(predictions, np.ones((7, 7)))


def test_stable_form_reads_the_logits_of_layers():
    layer = Layer(2, 3, "softmax", seed=1)
    outputs = [layer(x) for x in ([300.0, -800.0], [900.0, 10.0])]
    loss = stable(categorical_crossentropy)(outputs, [2, 0])
    assert math.isfinite(loss.data)
    assert {"logsumexp", "dot"} <= primitives(loss)
    assert not {"exp", "log"} & primitives(loss)


NOT_SIGMOIDS = {
    "plain numbers": lambda z: [0.25, 0.5],
    "leaves": lambda z: recorded([0.25, 0.5]),
    "one that is none": lambda z: [z.sigmoid(), Value(0.5)],
    "one that is a number": lambda z: [z.sigmoid(), 0.5],
    "what sigmoids became": lambda z: [z.sigmoid() * 0.5, z.sigmoid() * 0.25],
    "another function": lambda z: [z.exp(), z.exp()],
}


@pytest.mark.parametrize("kind", NOT_SIGMOIDS)
def test_other_predictions_than_sigmoids_have_the_loss_of_probabilities(kind):
    predictions = NOT_SIGMOIDS[kind](Value(-0.75))
    loss = stable(binary_crossentropy)(predictions, [1, 0])
    assert loss.data == binary_crossentropy(predictions, [1, 0]).data
    assert "log" in primitives(loss) or kind == "plain numbers"


def _of_sums(zs: list[Value]) -> list[Value]:
    total = logsumexp(zs)
    return [(z + total).exp() for z in zs]


NOT_SOFTMAX = {
    "plain numbers": lambda ps, zs: [0.25, 0.25, 0.5],
    "leaves": lambda ps, zs: recorded([0.25, 0.25, 0.5]),
    "another order": lambda ps, zs: [ps[1], ps[0], ps[2]],
    "a part": lambda ps, zs: ps[:2],
    "a part of it is a number": lambda ps, zs: [ps[0], ps[1], 0.5],
    "a part of it is another softmax": lambda ps, zs: [ps[0], ps[1], softmax(zs)[2]],
    "a softmax, and a number": lambda ps, zs: [*softmax(zs[:2]), 0.5],
    "what a softmax became": lambda ps, zs: [p * 0.5 for p in ps],
    "exponentials": lambda ps, zs: [z.exp() for z in zs],
    "exponentials of other differences": lambda ps, zs: [(z - Value(1.0)).exp() for z in zs],
    "exponentials of differences from one number": lambda ps, zs: [(z - 1.0).exp() for z in zs],
    "exponentials of differences from one Value": lambda ps, zs: [(z - zs[0]).exp() for z in zs],
    "exponentials of sums": lambda ps, zs: [(z + 0.5).exp() for z in zs],
    "exponentials of sums with their logsumexp": lambda ps, zs: _of_sums(zs),
}


@pytest.mark.parametrize("kind", NOT_SOFTMAX)
def test_other_rows_than_a_softmax_have_the_loss_of_probabilities(kind):
    zs = recorded([0.5, -0.25, 0.75])
    row = NOT_SOFTMAX[kind](softmax(zs), zs)
    loss = stable(categorical_crossentropy)([softmax(zs)[: len(row)], row], [1, 1])
    assert loss.data == categorical_crossentropy([softmax(zs)[: len(row)], row], [1, 1]).data
    assert "log" in primitives(loss)


def test_what_was_not_recorded_has_no_logits():
    with no_recording():
        p, row = Value(50.0).sigmoid(), softmax([Value(900.0), Value(0.0)])
        assert stable(binary_crossentropy)(Value(0.5).sigmoid(), 1).data == -math.log(Value(0.5).sigmoid().data)
    with pytest.raises(DomainError):
        stable(binary_crossentropy)(p, 1)
    with pytest.raises(DomainError):
        stable(categorical_crossentropy)(row, 1)


def test_stable_forms_have_the_names_and_the_errors_of_the_losses():
    for loss in (binary_crossentropy, categorical_crossentropy):
        assert stable(loss).__name__ == loss.__name__
        with pytest.raises(ValueError, match=f"^{loss.__name__} needs at least one prediction; got none$"):
            stable(loss)([], [])
    with pytest.raises(ValueError, match=r"^binary_crossentropy needs targets that are from 0 to 1; got 2\.0$"):
        stable(binary_crossentropy)(Value(1.0).sigmoid(), 2)
    with pytest.raises(ValueError, match=r"^categorical_crossentropy needs labels"):
        stable(categorical_crossentropy)(softmax(recorded([1.0, 2.0])), 2)


def test_every_other_loss_is_stable_as_it_is():
    others = set(LOSSES.values()) - {binary_crossentropy, categorical_crossentropy}
    assert {stable(loss) for loss in others} == others


# ---- numbers


def test_binary_crossentropy_is_as_document_004_prints_it():
    p, y = [0.9, 0.2, 0.6], [1, 0, 1]
    printed = -1 / 3 * (math.log(0.9) + math.log(1 - 0.2) + math.log(0.6))
    assert binary_crossentropy(p, y).data == pytest.approx(printed, rel=TOLERANCE)


def test_undecided_predictions_cost_the_logarithm_of_the_number_of_classes():
    binary = binary_crossentropy_from_logits([Value(0.0)] * 3, [0, 1, 0.5])
    digits = categorical_crossentropy_from_logits([[Value(7.0)] * 10] * 2, [5, 7])
    assert binary.data == pytest.approx(math.log(2), rel=TOLERANCE)
    assert digits.data == pytest.approx(math.log(10), rel=TOLERANCE)


# ---- PyTorch


@given(rows_and_labels())
def test_labels_give_value_and_gradient_of_pytorch(case):
    torch = pytest.importorskip("torch")
    rows, labels = case
    theirs = torch.tensor(rows, dtype=torch.float64, requires_grad=True)
    expected = torch.nn.functional.cross_entropy(theirs, torch.tensor(labels))
    expected.backward()
    for loss, end in ((categorical_crossentropy_from_logits, list), (categorical_crossentropy, softmax)):
        ours = recorded(rows)
        total = loss([end(row) for row in ours], labels)
        total.backward()
        assert abs(total.data - expected.item()) <= TOLERANCE * 40
        gradient = [[z.grad for z in row] for row in ours]
        assert np.allclose(gradient, theirs.grad.numpy(), rtol=0, atol=TOLERANCE * 40)


@given(st.lists(st.tuples(any_logits, st.sampled_from([0.0, 1.0])), min_size=1, max_size=5))
def test_far_logits_give_value_and_gradient_of_pytorch(pairs):
    torch = pytest.importorskip("torch")
    zs, targets = zip(*pairs)
    theirs = torch.tensor(zs, dtype=torch.float64, requires_grad=True)
    expected = torch.nn.functional.binary_cross_entropy_with_logits(theirs, torch.tensor(targets, dtype=torch.float64))
    expected.backward()
    ours = recorded(zs)
    total = stable(binary_crossentropy)([z.sigmoid() for z in ours], targets)
    total.backward()
    assert abs(total.data - expected.item()) <= TOLERANCE * 1000
    assert np.allclose([z.grad for z in ours], theirs.grad.numpy(), rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("loss", [categorical_crossentropy, categorical_crossentropy_from_logits])
@pytest.mark.parametrize("last", [0.5005, 0.4995])
def test_probabilities_that_miss_the_sum_1_by_more_than_a_rounding_are_refused(loss: Any, last: float) -> None:
    with pytest.raises(ValueError, match="with the sum 1 for each example"):
        loss([[0.25, 0.75], [0.5, 0.5]], [[0.0, 1.0], [0.5, last]])
    loss([[0.25, 0.75]], [[0.5, float(np.float32(0.1)) + 0.4]])


def test_rows_of_which_one_is_no_softmax_are_no_probabilities() -> None:
    zs = [Value(1.0), Value(2.0)]
    check_outputs(categorical_crossentropy_from_logits, [softmax(zs), zs])
    with pytest.raises(ValueError, match="needs the z before"):
        check_outputs(categorical_crossentropy_from_logits, [softmax(zs), softmax(zs)])
