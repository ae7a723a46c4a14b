from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from nn import Part, Split, Standardization, batches, one_hot, split
from nn.data import examples, examples_and_targets, require_all, whole_labels

EPSILON = 2**-52

seeds = st.integers(0, 2**32)
finite = st.floats(-1e6, 1e6)


def shapes(least: int = 1) -> Any:
    return st.tuples(st.integers(least, 8), st.integers(1, 3), st.integers(1, 3)).flatmap(
        lambda sizes: st.sampled_from([sizes[:1], sizes[:2], sizes])
    )


@st.composite
def tables(draw: Any, numbers: Any = finite) -> np.ndarray:
    shape = draw(shapes())
    size = math.prod(shape)
    return np.array(draw(st.lists(numbers, min_size=size, max_size=size))).reshape(shape)


# ---- examples


@given(tables())
def test_examples_are_arrays_of_float64_from_whatever_is_array_like(X):
    kinds = (X.tolist(), tuple(X.tolist()), X.astype(object), X.astype(np.longdouble), np.ma.array(X))
    for given_kind in kinds:
        found = examples(given_kind, wanted_by="fit")
        assert type(found) is np.ndarray
        assert found.dtype == np.float64
        assert np.array_equal(found, X)
    assert examples(X) is X


@given(tables())
def test_examples_with_targets_are_a_pair_of_one_length(X):
    Y = np.arange(len(X))
    inputs, targets = examples_and_targets(X, Y, wanted_by="fit")
    assert np.array_equal(inputs, X)
    assert np.array_equal(targets, Y)
    assert targets.dtype == np.float64


def test_numbers_of_every_real_kind_are_taken():
    kinds = [True, 3, np.int8(4), np.float32(0.5), Fraction(1, 4), Decimal("0.125"), np.array(2.0)]
    assert examples(kinds).tolist() == [1.0, 3.0, 4.0, 0.5, 0.25, 0.125, 2.0]
    assert examples(np.array([1, 0], dtype=bool)).tolist() == [1.0, 0.0]


def test_a_table_is_read_by_its_array_and_not_by_its_columns():
    class Table:
        def __iter__(self):
            return iter(["a", "b"])

        def __array__(self, dtype=None, copy=None):
            return np.array([[1.0, 2.0]])

    assert examples(Table()).tolist() == [[1.0, 2.0]]


class Unreadable:
    def __array__(self, dtype=None, copy=None):
        raise ValueError("not now")

    def __iter__(self):
        return iter([[1], [2, 3]])


NOT_EXAMPLES = [
    ([], ValueError, r"at least one number in X; got the shape \(0,\)"),
    ([[]], ValueError, r"at least one number in X; got the shape \(1, 0\)"),
    (np.empty((0, 3)), ValueError, r"at least one number in X; got the shape \(0, 3\)"),
    ([[1, 2], [3]], ValueError, r"rows of one length in X; got lengths 2 and 1 \(row 1\)"),
    ([[1, 2], [3, 4], 5], ValueError, r"rows of one length in X; got lengths 2 and 0 \(row 2\)"),
    ([[[1], [2]], [[3], [4, 5]]], ValueError, "rows of one length in X; got rows that differ inside"),
    (Unreadable(), ValueError, r"rows of one length in X; got lengths 1 and 2 \(row 1\)"),
    ([[1, 2], [3, math.nan]], ValueError, r"finite numbers in X; got nan at X\[1, 1\]"),
    ([1, -math.inf], ValueError, r"finite numbers in X; got -inf at X\[1\]"),
    (np.ma.array([1.0, 2.0], mask=[False, True]), ValueError, "every number of X; got an array with masked ones"),
    (3, TypeError, "an array or a list of examples as X; got int 3"),
    ("abc", TypeError, "an array or a list of examples as X; got str 'abc'"),
    (None, TypeError, "an array or a list of examples as X; got NoneType None"),
    ({1: 2}, TypeError, "an array or a list of examples as X; got dict {1: 2}"),
    ({1.0}, TypeError, r"an array or a list of examples as X; got set {1\.0}"),
]


@pytest.mark.parametrize(("X", "error", "message"), NOT_EXAMPLES)
def test_what_cannot_be_taught_is_refused_with_its_place(X, error, message):
    with pytest.raises(error, match=f"^fit needs {message}$"):
        examples(X, wanted_by="fit")
    if X is not None:
        with pytest.raises(error, match=f"^fit needs {message}$".replace("X", "Y")):
            examples_and_targets([1], X, wanted_by="fit")


@pytest.mark.parametrize("wrong", ["1", None, 1j, b"1", Value(1.0), np.datetime64("2020-01-01")])
def test_what_is_no_real_number_is_refused_with_its_place(wrong):
    with pytest.raises(TypeError, match=r"^fit, for X\[1, 0\], needs one real number; got "):
        examples(np.array([[1.0, 2.0], [wrong, 3.0]], dtype=object), wanted_by="fit")
    with pytest.raises(TypeError, match=r"^fit, for Y\[0\], needs one real number; got "):
        examples_and_targets([1.0], np.array([wrong]), wanted_by="fit")


@pytest.mark.parametrize("wrong", [10**400, Decimal("-1e400")])
def test_what_no_float_can_hold_is_refused_with_its_place(wrong):
    with pytest.raises(OverflowError, match=r"^fit, for X\[1, 0\], needs a number that a float can hold; got "):
        examples([[1.0, 2.0], [wrong, 3.0]], wanted_by="fit")
    with pytest.raises(OverflowError, match=r"^fit, for Y\[0\], needs a number that a float can hold; got "):
        examples_and_targets([1.0], np.array([wrong], dtype=object), wanted_by="fit")


def test_different_numbers_of_examples_and_targets_are_refused_with_both():
    with pytest.raises(ValueError, match=r"^fit needs one .* got X of shape \(2, 1\) and Y of shape \(3,\)$"):
        examples_and_targets([[1], [2]], [1, 2, 3], wanted_by="fit")


def test_no_targets_are_none_and_not_a_reason_to_take_the_examples_for_a_pair():
    with pytest.raises(TypeError, match=r"^fit needs targets Y; got None$"):
        examples_and_targets([[1, 2], [3, 4]], None, wanted_by="fit")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^split needs targets Y; got None$"):
        split([[1, 2], [3, 4]], None)  # type: ignore[arg-type]


# ---- one-hot

label_lists = st.lists(st.integers(0, 6), min_size=1, max_size=10)


@given(label_lists, st.integers(0, 3))
def test_one_hot_rows_have_a_one_in_the_place_of_the_label(labels, more):
    n_classes = max(labels) + 1 + more
    rows = one_hot(labels, n_classes)
    assert rows.tolist() == [[float(place == label) for place in range(n_classes)] for label in labels]
    assert rows.dtype == np.float64


@given(label_lists)
def test_the_largest_label_is_of_the_last_class_and_argmax_is_the_way_back(labels):
    rows = one_hot(labels)
    assert rows.shape == (len(labels), max(labels) + 1)
    assert rows.argmax(axis=1).tolist() == labels
    for kind in (np.array(labels, dtype=np.uint8), np.array(labels, dtype=float), [[label] for label in labels]):
        assert np.array_equal(one_hot(kind), rows)


def test_digits_are_those_of_document_002():
    """Section 4.4: of 5 and of 7."""
    assert one_hot(5, 10).tolist() == [0, 0, 0, 0, 0, 1, 0, 0, 0, 0]
    assert one_hot(7, 10).tolist() == [0, 0, 0, 0, 0, 0, 0, 1, 0, 0]
    assert one_hot([5, 7], 10).tolist() == [one_hot(5, 10).tolist(), one_hot(7, 10).tolist()]


def test_lone_label_gives_a_lone_row():
    assert one_hot(2).tolist() == one_hot(np.int64(2)).tolist() == one_hot(np.array(2)).tolist() == [0, 0, 1]
    assert one_hot(0).tolist() == one_hot(False).tolist() == [1]


@pytest.mark.parametrize(
    ("labels", "n_classes", "message"),
    [
        ([3], 3, r"labels that are whole numbers from 0 to 2; got 3\.0 at labels\[0\]"),
        ([0, -1], 3, r"labels that are whole numbers from 0 to 2; got -1\.0 at labels\[1\]"),
        ([-5], None, r"labels that are whole numbers from 0 to 0; got -5\.0 at labels\[0\]"),
        ([[0], [0.5]], 3, r"labels that are whole numbers from 0 to 2; got 0\.5 at labels\[1, 0\]"),
        ([1, 1.5], None, r"labels that are whole numbers from 0 to 1; got 1\.5 at labels\[1\]"),
        ([math.nan], 3, r"finite numbers in labels; got nan at labels\[0\]"),
        ([], None, r"at least one number in labels; got the shape \(0,\)"),
        ([[1, 2]], None, r"labels of shape \(n,\) or \(n, 1\); got \(1, 2\)"),
        ([[[1]]], None, r"labels of shape \(n,\) or \(n, 1\); got \(1, 1, 1\)"),
        ([[1], [2, 3]], None, r"rows of one length in labels; got lengths 1 and 2 \(row 1\)"),
        ([0], 0, "at least one class; got 0"),
        ([0], -2, "at least one class; got -2"),
    ],
)
def test_labels_of_no_class_are_refused(labels, n_classes, message):
    with pytest.raises(ValueError, match=f"^one_hot needs {message}$"):
        one_hot(labels, n_classes)


def test_labels_that_are_no_numbers_are_refused():
    with pytest.raises(TypeError, match=r"^one_hot, for labels\[0\], needs one real number; got"):
        one_hot(["5"])
    with pytest.raises(TypeError):
        one_hot([1], 2.0)


# ---- standardization


def exact_moments(column: np.ndarray) -> tuple[Fraction, float]:
    """The mean, and the deviation of n (not n - 1), rounded once or twice."""
    numbers = list(map(Fraction, column.tolist()))
    mean = sum(numbers) / len(numbers)
    return mean, math.sqrt(sum((x - mean) ** 2 for x in numbers) / len(numbers))


@given(tables(st.floats(-1e3, 1e3).map(lambda x: round(x, 3))))
def test_mean_and_deviation_of_each_feature_are_those_of_exact_arithmetic(X):
    standardization = Standardization(X)
    assert standardization.mean.shape == standardization.std.shape == X.shape[1:]
    for place in np.ndindex(X.shape[1:]):
        mean, std = exact_moments(X[(slice(None), *place)])
        rounding = len(X) * EPSILON * abs(X).max()
        assert abs(standardization.mean[place] - mean) <= rounding
        assert abs(standardization.std[place] - std) <= 2 * rounding


@given(tables(st.integers(-1000, 1000).map(float)))
def test_training_data_get_the_mean_0_and_the_deviation_1(X):
    before = X.copy()
    Z = Standardization(X)(X)
    assert np.array_equal(X, before)
    constant = X.min(0) == X.max(0)
    assert abs(Z.mean(0)).max() <= 1e-12
    assert abs(Z.std(0) - np.where(constant, 0, 1)).max() <= 1e-12


@given(tables())
def test_inverse_gives_the_numbers_back(X):
    standardization = Standardization(X)
    assert abs(standardization.inverse(standardization(X)) - X).max() <= 8 * len(X) * EPSILON * max(1, abs(X).max())


def test_other_data_are_measured_with_the_training_data():
    standardization = Standardization([[0.0, 10.0], [4.0, 30.0]])
    assert (standardization.mean.tolist(), standardization.std.tolist()) == ([2.0, 20.0], [2.0, 10.0])
    assert standardization([[2.0, 20.0], [8.0, 0.0]]).tolist() == [[0.0, 0.0], [3.0, -2.0]]
    assert standardization.inverse([[0.0, 0.0], [3.0, -2.0]]).tolist() == [[2.0, 20.0], [8.0, 0.0]]


def test_one_example_alone_is_standardized_as_in_its_row():
    standardization = Standardization([[0.0, 10.0], [4.0, 30.0]])
    assert standardization([8, 0]).tolist() == [3.0, -2.0]
    assert standardization.inverse([3, -2]).tolist() == [8.0, 0.0]
    alone = Standardization([0.0, 4.0])
    assert alone(8) == alone(np.array(8.0)) == 3.0
    assert alone.inverse(3) == 8.0
    assert alone([8, 2]).tolist() == [3.0, 0.0]


@pytest.mark.parametrize("constant", [0.1, 1e300, -3.0, 0.0, 5e-324])
@pytest.mark.parametrize("n", [1, 3, 10])
def test_constant_feature_becomes_zero_and_not_nan(constant, n):
    standardization = Standardization([[constant, float(x)] for x in range(n)])
    assert (standardization.mean[0], standardization.std[0]) == (constant, 0.0)
    assert standardization([[constant, 0.0]])[0, 0] == 0.0
    assert standardization.inverse([[0.0, 0.0]])[0, 0] == constant


@pytest.mark.parametrize("unit", [1e-320, 1e-200, 1e200])
def test_squares_that_a_float_cannot_hold_are_no_hindrance(unit):
    standardization = Standardization([0.0, 4 * unit])
    assert standardization.std == pytest.approx(2 * unit, rel=1e-3)  # below 1e-308 a float has fewer digits
    assert standardization([0.0, 4 * unit]) == pytest.approx([-1, 1], rel=1e-3)


def test_standardization_does_not_write_what_it_was_given_nor_share_it():
    X = np.array([[1.0], [3.0]])
    standardization = Standardization(X)
    X[:] = 7.0
    assert standardization([[1.0]]).tolist() == [[-1.0]]
    single = Standardization(X[:1])
    X[:] = 9.0
    assert single.mean.tolist() == [7.0]


@pytest.mark.parametrize("X", [[1e308, -1e308, 1e308, 1.7e308], [1.7e308, 1.6e308], [1.7e308, -1.7e308, -1.7e308]])
def test_numbers_that_overflow_are_refused(X):
    with pytest.raises(ValueError, match=r"^Standardization needs numbers with a finite mean and deviation; got X"):
        Standardization(X)


def test_examples_of_another_shape_are_refused_with_both():
    standardization = Standardization([[0.0, 10.0], [4.0, 30.0]])
    for call, name in ((standardization, "Standardization"), (standardization.inverse, r"Standardization\.inverse")):
        for wrong in ([[1.0]], [1.0, 2.0, 3.0], [[[1.0, 2.0]]], 1.0):
            shape = ", ".join(map(str, np.shape(wrong)))
            with pytest.raises(ValueError, match=rf"^{name} needs examples of the shape \(2,\); got \({shape},?\)$"):
                call(wrong)
        with pytest.raises(ValueError, match=rf"^{name} needs finite numbers in X; got nan at X\[1\]$"):
            call([1.0, math.nan])


def test_standardization_says_what_it_knows():
    assert repr(Standardization([[0.0, 10.0], [4.0, 30.0]])) == "Standardization(mean=[ 2., 20.], std=[ 2., 10.])"
    assert len(repr(Standardization(np.random.default_rng(0).normal(size=(3, 784))))) < 200


def test_standardized_numbers_are_those_of_scikit_learn():
    preprocessing = pytest.importorskip("sklearn.preprocessing")
    X = np.random.default_rng(1).normal(5, 3, (40, 3))
    X[:, 1] = 0.1
    theirs = preprocessing.StandardScaler().fit_transform(X)
    assert np.allclose(Standardization(X)(X), theirs, rtol=0, atol=1e-12)


# ---- split

fractions = st.sampled_from([0.0, 0.1, 0.2, 0.25, 1 / 3])


@given(st.integers(20, 60), fractions, fractions, seeds)
def test_each_example_is_in_exactly_one_part_and_keeps_its_target(n, validation, test, seed):
    X, Y = np.arange(n) * 10.0, np.arange(n)
    parts = split(X[:, None], Y, validation, test, seed)
    assert sorted(np.concatenate([part.Y for part in parts]).tolist()) == Y.tolist()
    for part in parts:
        assert np.array_equal(part.X[:, 0], part.Y * 10)


@given(st.integers(20, 60), fractions, fractions, seeds)
def test_parts_have_the_sizes_that_are_asked_for(n, validation, test, seed):
    parts = split(np.arange(n), np.arange(n), validation, test, seed)
    assert isinstance(parts, Split)
    assert all(isinstance(part, Part) for part in parts)
    assert len(parts.validation.X) == round(n * validation)
    assert len(parts.test.X) == round(n * test)
    assert len(parts.train.X) == n - round(n * validation) - round(n * test)


@given(seeds)
def test_same_seed_deals_the_same(seed):
    X = np.arange(30)
    first, second = split(X, X, 0.2, 0.2, seed), split(X, X, 0.2, 0.2, np.random.default_rng(seed))
    for part, also in zip(first, second):
        assert np.array_equal(part.X, also.X)
    assert not np.array_equal(first.train.X, split(X, X, 0.2, 0.2, seed + 1).train.X)


def test_without_a_seed_every_split_is_another_one():
    X = np.arange(100)
    assert not np.array_equal(split(X, X).train.X, split(X, X).train.X)


def test_every_example_comes_into_every_part():
    X = np.arange(10)
    parts = [split(X, X, 0.2, 0.2, seed) for seed in range(100)]
    for place in range(3):
        assert {x for part in parts for x in part[place].X.tolist()} == set(map(float, X))


def test_split_copies_and_keeps_the_shape_of_images():
    X, Y = np.zeros((5, 2, 3)), np.eye(5)
    parts = split(X, Y, seed=0)
    assert (parts.train.X.shape, parts.train.Y.shape) == ((4, 2, 3), (4, 5))
    assert (parts.validation.X.shape, parts.test.Y.shape) == ((0, 2, 3), (1, 5))
    parts.train.X[:] = 1.0
    assert not X.any()


@pytest.mark.parametrize(
    ("n", "validation", "test", "message"),
    [
        (10, 0.0, 1.0, r"a fraction from 0 to 1 for test, 1 excluded; got 1\.0"),
        (10, -0.1, 0.2, r"a fraction from 0 to 1 for validation, 1 excluded; got -0\.1"),
        (10, math.nan, 0.2, "a fraction from 0 to 1 for validation, 1 excluded; got nan"),
        (10, 2, 0.2, r"a fraction from 0 to 1 for validation, 1 excluded; got 2\.0"),
        (3, 0.0, 0.1, r"at least one example for test; got 0\.1 of 3"),
        (3, 0.1, 0.4, r"at least one example for validation; got 0\.1 of 3"),
        (10, 0.5, 0.5, "examples left for training; got 10, of which 5 are for validation and 5 for test"),
        (3, 0.0, 0.9, "examples left for training; got 3, of which 0 are for validation and 3 for test"),
        (10, 0.6, 0.6, "examples left for training; got 10, of which 6 are for validation and 6 for test"),
    ],
)
def test_parts_that_would_be_empty_are_refused(n, validation, test, message):
    with pytest.raises(ValueError, match=f"^split needs {message}$"):
        split(np.arange(n), np.arange(n), validation, test)


def test_split_refuses_what_examples_refuses():
    with pytest.raises(ValueError, match=r"^split needs one target for each example; got"):
        split([1, 2, 3], [1, 2])
    with pytest.raises(ValueError, match=r"^split needs finite numbers in Y; got nan at Y\[1\]$"):
        split([1, 2], [1, math.nan])
    with pytest.raises(TypeError, match=r"^test of split needs one real number; got str '0\.2'$"):
        split([1, 2], [1, 2], test="0.2")


@pytest.mark.parametrize("seed", ["a", -1, 1.5])
def test_what_is_no_seed_is_refused_by_that_name(seed):
    with pytest.raises((TypeError, ValueError), match=r"^seed of split needs a whole number from 0 up, .*; got "):
        split([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], seed=seed)


def test_a_generator_is_a_seed_as_it_is():
    rng, X = np.random.default_rng(0), np.arange(30)
    first, second = split(X, X, seed=rng), split(X, X, seed=rng)
    assert not np.array_equal(first.train.X, second.train.X)


# ---- batches


@given(st.integers(1, 50), st.integers(1, 60), st.none() | seeds)
def test_batches_have_every_place_exactly_once(n, size, seed):
    rng = None if seed is None else np.random.default_rng(seed)
    dealt = list(batches(n, size, rng))
    assert sorted(np.concatenate(dealt).tolist()) == list(range(n))
    assert [len(batch) for batch in dealt] == [size] * (n // size) + [n % size] * (n % size > 0)


def test_without_a_generator_the_order_is_that_of_the_data_and_a_last_part_is_kept():
    assert [batch.tolist() for batch in batches(7, 3)] == [[0, 1, 2], [3, 4, 5], [6]]


@given(st.integers(1, 50), st.integers(0, 9), st.none() | seeds)
def test_one_batch_of_all_keeps_the_order_of_the_data(n, more, seed):
    rng = None if seed is None else np.random.default_rng(seed)
    for size in (None, n + more):
        (batch,) = batches(n, size, rng)
        assert batch.tolist() == list(range(n))


def test_generator_shuffles_anew_in_every_epoch_and_the_same_from_one_seed():
    def epochs(seed: int) -> list[list[int]]:
        rng = np.random.default_rng(seed)
        return [np.concatenate(list(batches(30, 8, rng))).tolist() for _ in range(3)]

    first = epochs(4)
    assert first == epochs(4) != epochs(5)
    assert first[0] != first[1] != first[2] != sorted(first[2])


def test_places_can_index_examples():
    X = np.arange(10) * 2.0
    assert np.concatenate([X[places] for places in batches(10, 4)]).tolist() == X.tolist()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((0,), ValueError, "at least one example; got 0"),
        ((3, 0), ValueError, "at least one example in a batch; got 0"),
        ((3, -1), ValueError, "at least one example in a batch; got -1"),
        ((3, 2, 4), TypeError, "a NumPy Generator, which goes on from epoch to epoch; got int 4"),
        (([[1], [2]], 2), TypeError, r"the number of examples; got list: give its len\(\)"),
        ((np.ones((4, 2)), 2), TypeError, r"the number of examples; got ndarray: give its len\(\)"),
        ((3, 1.5), TypeError, r"at least one example in a batch, as a whole number; got float 1\.5"),
    ],
)
def test_batches_that_cannot_be_are_refused_at_once(arguments, error, message):
    with pytest.raises(error, match=f"^batches needs {message}$"):
        batches(*arguments)


def test_sizes_that_are_no_whole_numbers_are_refused():
    for arguments in ((3.0,), (3, 1.5), ("3",)):
        with pytest.raises(TypeError):
            batches(*arguments)


# ---- requirements that are shared


def test_first_number_that_is_not_allowed_is_told_with_its_place():
    numbers = np.array([[1.0, 2.0], [-1.0, -2.0]])
    require_all(numbers < 3, numbers, "Y", "it needs all below 3")
    with pytest.raises(ValueError, match=r"^it needs all above 0; got -1\.0 at Y\[1, 0\]$"):
        require_all(numbers > 0, numbers, "Y", "it needs all above 0")
    with pytest.raises(ValueError, match=r"^it needs 1; got 2\.0$"):
        require_all(np.bool_(False), np.array(2.0), "Y", "it needs 1")


@given(st.lists(st.floats(), min_size=1, max_size=5), st.integers(1, 5))
def test_labels_are_the_whole_numbers_below_the_number_of_classes(numbers, n_classes):
    array = np.array(numbers)
    if all(x in range(n_classes) for x in numbers):
        assert whole_labels(array, n_classes, "Y", "it").tolist() == numbers
    else:
        with pytest.raises(ValueError, match=r"^it needs labels that are whole numbers from 0 to "):
            whole_labels(array, n_classes, "Y", "it")
