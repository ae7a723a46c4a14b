"""The digits: where they are from, what is measured of them, and what is said of files that are none."""

from __future__ import annotations

import gzip
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd.comparison import AGREES
from demos import learning
from demos.__main__ import main
from demos.document_002 import digits
from demos.document_002.digits import BRIEF, Learnt, compared, convolutional, dense, story
from demos.document_002.mnist import CLASSES, Digits, digits_of, mnist
from demos.failure import DataMissing
from demos.pieces import Chart, Table
from nn import History, accuracy, fit
from tests.stories import told

COUNT = 40


def written(folder: Path, images: Any, labels: Any, suffix: str = "-ubyte") -> Path:
    """A folder with the two files of MNIST."""
    pack = gzip.compress if suffix.endswith(".gz") else bytes
    for name, array in (("images", images), ("labels", labels)):
        head = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
        path = folder / f"t10k-{name}-idx{array.ndim}{suffix}"
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
    for name, number in {"HIDDEN": (8, 6), "BATCH_SIZE": 8, "FEW": 4, "SHOWN": 4}.items():
        monkeypatch.setattr(digits, name, number)


def few(count: int = 50) -> Digits:
    """The first of scikit-learn's."""
    pytest.importorskip("sklearn")
    found = digits_of(None)
    return found._replace(images=found.images[:count], labels=found.labels[:count])


def learn_densely(given: Digits, seed: int) -> Learnt:
    return dense(given, seed, epochs=2)


def learn_by_convolutions(given: Digits, seed: int) -> Learnt:
    return convolutional(given, seed, steps=4)


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


# ---- what is learnt


@pytest.mark.usefixtures("quick")
def test_the_digits_that_test_are_a_fifth_that_nothing_was_learnt_from() -> None:
    given = few()
    for learn in (learn_densely, learn_by_convolutions):
        result = learn(given, 3)
        taught = {tuple(image.ravel()) for image in given.images} - {tuple(x.ravel()) for x in result.test.X}
        assert (len(result.test.X), len(taught)) == (10, 40)
        assert result.on_test == accuracy(result.predictions, result.test.Y)
        assert result.predictions.shape == (10, CLASSES)


def test_the_network_of_the_document_has_as_many_parameters_as_it_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digits, "_learnt", lambda model, *_, **settings: (model, settings))
    given = Digits(np.zeros((10, 28, 28)), np.arange(10.0), "nothing")
    model, settings = dense(given, 3)
    assert model.summary().parameters == 52_650
    penalty = settings.pop("regularizer")
    assert (penalty.strength, penalty.layer) == (0.001, 1)
    assert settings == {"epochs": 50, "batch_size": 128, "seed": 3, "validation": 0.1, "metrics": "accuracy"}
    convolution, _, _, last = convolutional(given, 0)[0].layers
    assert (len(convolution.kernels), convolution.size, last.activation) == (8, (3, 3), "softmax")


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
    assert result.on_training >= least


# ---- what is told


@pytest.mark.usefixtures("quick")
def test_the_story_tells_every_seed_and_the_confusions(monkeypatch: pytest.MonkeyPatch) -> None:
    given, effort = few(), BRIEF._replace(seeds=range(2), digits=50)
    monkeypatch.setattr(digits, "BRIEF", effort)
    results = [dense(given, seed, effort.epochs) for seed in range(2)]
    _, accuracies, confusions = (piece for piece in story(brief=True) if isinstance(piece, Table))
    assert [line[3] for line in accuracies.lines[:2]] == [f"{result.on_test:.4f}" for result in results]
    assert [line[2] for line in accuracies.lines[:2]] == [
        f"{result.history['val_accuracy'][-1]:.4f}" for result in results
    ]
    less, more = sorted(result.on_training for result in results)
    assert less < more
    assert accuracies.lines[2][:2] == ("median", f"{(less + more) / 2:.4f}")
    counts = np.array([line[1:] for line in confusions.lines], dtype=int)
    assert counts.shape == (CLASSES, CLASSES)
    assert counts.sum(1).tolist() == [results[0].test.Y.tolist().count(digit) for digit in range(CLASSES)]
    assert counts.trace() == round(results[0].on_test * 10)


@pytest.mark.usefixtures("quick")
def test_the_story_says_where_its_digits_are_from_and_draws_them(tmp_path: Path) -> None:
    few()
    text = told(story(brief=True), tmp_path)
    assert "(scikit-learn's digits; MNIST's with --data FOLDER): 160 teach, and 40 test" in text
    assert {path.stem for path in tmp_path.iterdir()} == {
        piece.name for piece in story(brief=True) if isinstance(piece, Chart)
    }


def test_the_network_has_the_parameters_of_the_listing_and_another_would_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [row.verdict for row in compared()] == [AGREES] * 4
    monkeypatch.setattr(digits, "HIDDEN", (64, 30))
    assert [row.verdict == AGREES for row in compared()] == [True, False, False, False]


def test_labels_become_the_rows_of_the_document() -> None:
    lines = digits._labels().lines
    assert [line[1] for line in lines] == [line[2] for line in lines]
    assert len(lines) == 2


@pytest.mark.usefixtures("quick")
def test_after_the_first_digits_those_that_are_taken_for_another_are_shown() -> None:
    pytest.importorskip("matplotlib")
    result = learn_densely(few(), 0)
    texts = [text.get_text() for text in digits._shown(result, (8, 8)).axes[0].texts]
    assert len(texts) == 8
    assert all("taken for" in text for text in texts[4:])


@pytest.mark.usefixtures("quick")
def test_digits_of_a_folder_need_no_scikit_learn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    folder = written(tmp_path, *some())
    pieces = " ".join(told(story(brief=True, data=folder), tmp_path).split())
    assert "40 digits of 6 × 8 pixels (MNIST's test digits, in " in pieces
    assert "32 teach, and 8 test" in pieces
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
