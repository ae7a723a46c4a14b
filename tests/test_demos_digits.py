"""The digits: where they are from, what is measured of them, and what is said of files that are none."""

from __future__ import annotations

import gzip
import math
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd.comparison import AGREES, ROUNDING, WRONG
from demos import learning
from demos.__main__ import main
from demos.document_002 import digits
from demos.document_002.digits import BRIEF, Learnt, compared, compared_parts, convolutional, counted, dense, story
from demos.document_002.digits_charts import flattened, taken_for_another
from demos.document_002.mnist import CLASSES, Digits, dealt, digits_of, mnist
from demos.failure import DataMissing
from demos.pieces import Numbers, Table
from nn import MLP, History, Part, accuracy, fit
from tests.stories import Briefly, words

COUNT = 40


def written(folder: Path, images: Any, labels: Any, suffix: str = "-ubyte", part: str = "t10k") -> Path:
    """A folder with the two files of a part of MNIST."""
    pack = gzip.compress if suffix.endswith(".gz") else bytes
    for name, array in (("images", images), ("labels", labels)):
        head = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
        path = folder / f"{part}-{name}-idx{array.ndim}{suffix}"
        path.write_bytes(pack(head + array.astype(np.uint8).tobytes()))
    return folder


def some(count: int = COUNT) -> tuple[Any, Any]:
    """Images that differ by their class, and their labels."""
    labels = np.arange(count) % CLASSES
    images = np.random.default_rng(0).integers(0, 50, (count, 6, 8))
    images[np.arange(count), labels % 6, labels // 6 * 4] = 255
    return images, labels


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few steps of each training."""
    for name, number in {"HIDDEN": (8, 6), "BATCH_SIZE": 8, "FEW": 4, "MOST": 4, "PIXELS": 9}.items():
        monkeypatch.setattr(digits, name, number)


def few(count: int = 50) -> Digits:
    """The first of scikit-learn's."""
    pytest.importorskip("sklearn")
    found = digits_of(None)
    return found._replace(images=found.images[:count], labels=found.labels[:count])


def learn_densely(given: Digits, seed: int) -> Learnt:
    return dense(given, seed, epochs=2)


def learn_by_convolutions(given: Digits, seed: int) -> Learnt:
    return convolutional(given, seed, steps=10)


# ---- where the digits are from


@pytest.mark.parametrize("suffix", ["-ubyte", "-ubyte.gz"])
def test_the_digits_of_a_folder_are_those_of_its_files_from_0_to_1(suffix: str, tmp_path: Path) -> None:
    images, labels = some()
    found = mnist(written(tmp_path, images, labels, suffix))
    assert (found.images * 255).round().astype(int).tolist() == images.tolist()
    assert (found.images.min(), found.images.max()) == (0.0, 1.0)
    assert found.labels.tolist() == labels.tolist()
    assert str(tmp_path) in found.source


def test_a_dot_before_the_format_is_a_name_of_the_files_too(tmp_path: Path) -> None:
    for path in written(tmp_path, *some()).iterdir():
        path.rename(tmp_path / path.name.replace("-idx", ".idx"))
    assert len(mnist(tmp_path).labels) == COUNT


def test_the_digits_without_a_folder_are_whole_and_from_0_to_1() -> None:
    pytest.importorskip("sklearn")
    found = digits_of(None)
    assert found.images.shape == (1797, 8, 8)
    assert (found.images.min(), found.images.max()) == (0.0, 1.0)
    assert set(found.labels) == set(range(CLASSES))


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (np.zeros(COUNT - 1), "needs a label for each of the 40 images; it has 39"),
        (np.full(COUNT, 10), "needs labels from 0 to 9; it has 10"),
    ],
)
def test_labels_that_do_not_fit_are_refused_with_their_file(labels: Any, told: str, tmp_path: Path) -> None:
    folder = written(tmp_path, some()[0], labels)
    with pytest.raises(ValueError, match=told) as caught:
        mnist(folder)
    assert str(caught.value).startswith(str(folder / "t10k-labels-idx1-ubyte"))


@pytest.mark.parametrize("name", ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"])
@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:-1])])
def test_files_that_are_damaged_or_not_there_end_the_demo_in_one_line(
    damage: Callable[[Path], Any], name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(written(tmp_path, *some()) / name)
    assert main(["digits", "--data", str(tmp_path), "--output", str(tmp_path / "pictures")]) == 1
    err = capsys.readouterr().err
    assert err.startswith(f"python -m demos: {tmp_path / name} can't be read")
    assert err.count("\n") == 1


def test_both_parts_of_a_folder_are_kept_apart(tmp_path: Path) -> None:
    images, labels = some()
    written(written(tmp_path, images[:9], labels[:9]), images[9:], labels[9:], "-ubyte.gz", "train")
    found = mnist(tmp_path)
    assert found.test is not None
    assert (found.images * 255).round().tolist() == images[9:].tolist()
    assert (found.test.X * 255).round().tolist() == images[:9].tolist()
    assert (found.labels.tolist(), found.test.Y.tolist()) == (labels[9:].tolist(), labels[:9].tolist())
    taught, test = dealt(found, 3)
    assert (taught.Y.tolist(), test.Y.tolist()) == (found.labels.tolist(), found.test.Y.tolist())
    assert found.source == f"MNIST's files train-* and t10k-* in {tmp_path}"


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("t10k", "MNIST's files t10k-*, those to test with, in {}, where there are no train-*"),
        ("train", "MNIST's files train-*, those to learn from, in {}, where there are no t10k-*"),
    ],
)
def test_one_part_alone_is_named_with_the_one_that_is_missing(part: str, told: str, tmp_path: Path) -> None:
    found = mnist(written(tmp_path, *some(), part=part))
    assert (found.source, found.test) == (told.format(tmp_path), None)


@pytest.mark.parametrize("kind", ["images-idx3", "labels-idx1"])
def test_half_of_a_part_is_refused_and_not_passed_over(kind: str, tmp_path: Path) -> None:
    written(written(tmp_path, *some()), *some(), part="train")
    (tmp_path / f"train-{kind}-ubyte").unlink()
    with pytest.raises(FileNotFoundError) as caught:
        mnist(tmp_path)
    assert str(caught.value.filename) == str(tmp_path / f"train-{kind}-ubyte")


def test_parts_of_unlike_images_are_refused(tmp_path: Path) -> None:
    images, labels = some()
    written(written(tmp_path, images, labels), images[:, 1:], labels, part="train")
    with pytest.raises(
        ValueError, match=r"needs images of one size in train-\* and t10k-\*; they have 5 × 8 and 6 × 8"
    ):
        mnist(tmp_path)


# ---- what is learnt


@pytest.mark.usefixtures("quick")
def test_the_digits_that_test_are_a_fifth_that_nothing_was_learnt_from() -> None:
    given = few()
    for learn in (learn_densely, learn_by_convolutions):
        result = learn(given, 3)
        taught = {tuple(image.ravel()) for image in given.images} - {tuple(x.ravel()) for x in result.test.X}
        assert (len(result.test.X), len(taught), result.teaching + result.validating) == (10, 40, 40)
        assert result.on_test == accuracy(result.predictions, result.test.Y)
        assert result.predictions.shape == (10, CLASSES)


def test_the_network_of_the_document_is_taught_as_in_its_listing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digits, "_learnt", lambda *given, **settings: (given, settings))
    given = Digits(np.zeros((10, 28, 28)), np.arange(10.0), "nothing")
    (model, train, validation, test, rate), settings = dense(given, 3)
    assert (model.summary().parameters, rate) == (52_650, 0.001)
    assert [len(part.X) for part in (train, validation, test)] == [7, 1, 2]
    penalty = settings.pop("regularizer")
    assert (penalty.strength, penalty.layer) == (0.001, 1)
    assert settings == {"epochs": 50, "batch_size": 128, "seed": 3, "metrics": "accuracy"}
    convolution, _, _, last = convolutional(given, 0)[0][0].layers
    assert (len(convolution.kernels), convolution.size, last.activation) == (8, (3, 3), "softmax")


def test_of_mnists_parts_the_last_tenth_validates_and_the_numbers_are_the_documents(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(digits, "_learnt", _untaught)
    monkeypatch.setattr(digits, "HIDDEN", ())
    labels = np.arange(60_000.0)
    given = Digits(
        labels.reshape(-1, 1, 1),
        labels,
        "numbers",
        Part(labels[:10_000].reshape(-1, 1, 1), labels[:10_000]),
        ("train", "t10k"),
    )
    learnt = dense(given, 0)
    assert [row.quantity for row in compared(given) if row.verdict != AGREES] == ["numbers of an image"]
    assert {row.verdict for row in compared_parts(learnt)} == {AGREES}
    assert learnt.history == ([0.0, 53_999.0], [54_000.0, 59_999.0])
    assert "as in the document" in digits._dealt(given, learnt)
    smaller = learnt._replace(teaching=54_001)
    assert [row.quantity for row in compared_parts(smaller) if row.verdict != AGREES] == ["digits that teach"]
    assert "where the document has 54,000" in digits._dealt(given, smaller)


def _untaught(model: Any, train: Part, validation: Part, test: Part, *_: Any, **settings: Any) -> Learnt:
    """No history, but the first and the last label of what teaches and of what validates."""
    ends: Any = tuple([part.Y[0], part.Y[-1]] for part in (train, validation))
    return Learnt(model, ends, len(train.X), len(validation.X), test, test.Y)


@pytest.mark.usefixtures("quick")
def test_in_few_steps_few_digits_are_learnt_from() -> None:
    result = convolutional(few(), 0, steps=5)
    assert (result.teaching, result.history.epochs) == (20, 1)


@pytest.mark.usefixtures("quick")
def test_a_seed_gives_the_whole_training() -> None:
    given = few()
    for learn in (learn_densely, learn_by_convolutions):
        first, again, other = (learn(given, seed) for seed in (1, 1, 2))
        assert dict(first.history) == dict(again.history) != dict(other.history)
        assert first.predictions.tolist() == again.predictions.tolist()


@pytest.mark.parametrize(("learn", "effort", "least"), [(dense, 25, 0.8), (convolutional, 300, 0.75)])
def test_digits_are_learnt(learn: Any, effort: int, least: float, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, number in {"HIDDEN": (16,), "BATCH_SIZE": 10, "FEW": 8}.items():
        monkeypatch.setattr(digits, name, number)
    result = learn(few(250), 0, effort)
    assert result.on_test >= least


# ---- what is told


@pytest.mark.usefixtures("quick")
def test_the_story_tells_the_shares_and_the_confusions() -> None:
    result = dense(few(BRIEF.digits), digits.SEED, BRIEF.epochs)
    _, shares, confusions = (piece for piece in story(brief=True) if isinstance(piece, Table))
    found = [result.history.last["accuracy"], result.history.last["val_accuracy"], result.on_test]
    assert [line[2] for line in shares.lines] == [f"{100 * share:.2f} %" for share in found]
    assert [line[4] for line in shares.lines] == [str(count) for count in (43, 5, 12)]
    assert [line[3] for line in shares.lines] == ["–", *(digits._error(*of) for of in zip(found[1:], (5, 12)))]
    counts = np.array([line[1:] for line in confusions.lines], dtype=int)
    assert counts.shape == (CLASSES, CLASSES)
    assert counts.sum(1).tolist() == [result.test.Y.tolist().count(digit) for digit in range(CLASSES)]
    assert counts.trace() == round(result.on_test * 12)


def test_no_more_is_inferred_from_two_shares_than_that_they_differ() -> None:
    told = digits._why_which_set()
    assert "the text has 95 % for the test, the conclusions 96 %, which in the text is the share of the" in told
    assert (math.floor(95.52), round(95.52)) == (95, 96)
    assert "standard error" not in told


@pytest.mark.parametrize(("share", "shown"), [(0.0, "–"), (1.0, "–"), (0.9, "1.50 %")])
def test_no_error_is_said_of_shares_of_which_the_formula_knows_none(share: float, shown: str) -> None:
    assert digits._error(share, 400) == shown


def test_the_standard_error_is_that_of_many_draws() -> None:
    shares = np.random.default_rng(0).binomial(400, 0.9, 4000) / 400
    assert digits.standard_error(0.9, 400) == pytest.approx(float(shares.std()), rel=0.05)


def test_the_story_says_where_its_digits_are_from_and_draws_them(briefly: Briefly, gallery: Path) -> None:
    pytest.importorskip("sklearn")
    told = briefly("digits")
    text = told.text
    assert "60 digits of 8 × 8 pixels: the small ones of scikit-learn, whose pixels are divided by 16;" in text
    assert "; MNIST's with --data FOLDER." in text
    assert "Document 004 begins with this task, as its example of what a neural network is" in text
    assert "The digits are split by the seed: 43 teach, 5 validate and 12 test. They are other ones than the" in text
    assert "here there are" not in text
    assert {path.stem for path in (gallery / "pictures").glob("digits*")} == set(told.pictures)


@pytest.mark.usefixtures("quick")
def test_the_story_of_both_parts_compares_them_with_the_document(tmp_path: Path) -> None:
    images, labels = some(60)
    labels[:14], labels[25:39] = ([int(label) for label in row.split()] for row in digits.IN_FIGURE)
    labels[0] = 1
    written(written(tmp_path, *some(20)), images, labels, part="train")
    pieces = list(story(brief=True, data=tmp_path))
    text = words(pieces, tmp_path)
    assert f"MNIST's files train-* and t10k-* in {tmp_path}" in text
    assert (
        "Of train-* 54 teach, 6 validate, and of t10k-* 20 test, where the document has 54,000, 6,000, 10,000" in text
    )
    assert "27 of 28 are so in train-*" in text
    rows = [row for piece in pieces if isinstance(piece, Numbers) for row in piece.rows]
    assert [(row.printed, row.computed) for row in rows if row.quantity.startswith("digits")] == [
        ("60000", 60.0),
        ("10000", 20.0),
        ("54000", 54.0),
        ("6000", 6.0),
    ]


def test_what_is_compared_of_mnist_is_that_of_the_files_that_are_there(tmp_path: Path) -> None:
    alone = mnist(written(tmp_path, *some(), part="train"))
    assert [(row.printed, row.computed) for row in compared(alone)] == [("60000", 40.0), ("784", 48.0)]
    both = mnist(written(tmp_path, *some(20)))
    assert [row.printed for row in compared(both)] == ["60000", "10000", "784"]
    assert compared(both._replace(parts=())) == []


@pytest.mark.usefixtures("quick")
def test_a_brief_story_counts_all_digits_of_the_files_and_not_those_it_uses(tmp_path: Path) -> None:
    written(written(tmp_path, *some(20)), *some(80), part="train")
    rows = [row for piece in story(brief=True, data=tmp_path) if isinstance(piece, Numbers) for row in piece.rows]
    assert [row.computed for row in rows if row.quantity.startswith("digits")] == [80.0, 20.0]


def test_the_parameters_of_the_listing_are_counted_in_its_network() -> None:
    summary = digits.listed()
    assert {row.verdict for row in counted(summary)} == {AGREES}
    other = MLP(digits.PIXELS, [*digits.HIDDEN, CLASSES], bias=False).summary()
    assert {row.verdict for row in counted(other)} <= {ROUNDING, WRONG}
    assert "has a bias and 64 weights, one for each neuron of the first" in digits._why_shape(summary)


@pytest.mark.usefixtures("quick")
def test_the_digits_that_are_taken_for_another_are_shown() -> None:
    pytest.importorskip("matplotlib")
    result = learn_densely(few(), 0)
    texts = taken_for_another(result.test, result.predictions, (8, 8), 4).axes[0].texts
    assert len(texts) == 4
    assert all("taken for" in text.get_text() for text in texts)


def test_an_image_stands_above_its_numbers_in_one_row() -> None:
    pytest.importorskip("matplotlib")
    image = np.arange(12.0).reshape(3, 4)
    above, below = flattened(image).axes
    assert above.images[0].get_array().tolist() == image.tolist()
    assert below.images[0].get_array().tolist() == [image.ravel().tolist()]


@pytest.mark.usefixtures("quick")
def test_digits_of_a_folder_need_no_scikit_learn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    folder = written(tmp_path, *some())
    pieces = words(story(brief=True, data=folder), tmp_path)
    assert (
        f"40 digits of 6 × 8 pixels: MNIST's files t10k-*, those to test with, in {folder}, where there are" in pieces
    )
    assert "29 teach, 3 validate and 8 test" in pieces
    assert [row.printed for row in compared(mnist(folder))] == ["10000", "784"]
    assert "digits to test with 10000 40 wrong in the document" in " ".join(pieces.split())
    with pytest.raises(DataMissing, match="scikit-learn"):
        next(story(brief=True))


def test_the_folder_of_data_is_refused_for_demos_that_read_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["exercise", "--data", str(tmp_path)]) == 2
    assert capsys.readouterr() == ("", "python -m demos: --data is for digits\n")


@pytest.mark.usefixtures("quick")
def test_an_interrupt_ends_the_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*given: Any, **settings: Any) -> History:
        history = fit(*given, **{**settings, "epochs": 1})
        history.stopped = "interrupted in epoch 1, after 1 of 1 steps"
        return history

    monkeypatch.setattr(learning, "fit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        learn_densely(few(), 0)


def test_a_folder_without_digits_is_told_which_files_are_wanted(tmp_path: Path) -> None:
    with pytest.raises(
        ValueError, match="has none of MNIST's files: train-images-idx3-ubyte, train-labels-idx1-ubyte, "
    ):
        mnist(tmp_path / "nowhere")
