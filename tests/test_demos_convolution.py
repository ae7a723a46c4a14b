"""Document 002, convolutions: the maps of an image, which way round a kernel lies, and what is learnt."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograd import check_gradients
from autograd.comparison import AGREES
from demos.document_002 import convolution
from demos.document_002.convolution import KERNEL, counted, data, maps
from demos.document_002.images import FLIPPED, ONE, SIDE, ZERO, zeros_and_ones
from demos.document_002.sliding import slide
from tests.stories import Briefly, words


def correlated(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Each part of the image below the kernel, times the kernel, by NumPy's own windows."""
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijrs,rs->ij", windows, kernel)


@pytest.mark.parametrize("seed", range(3))
def test_the_feature_map_is_the_cross_correlation(seed: int) -> None:
    rng = np.random.default_rng(seed)
    image, kernel = rng.normal(size=(SIDE, SIDE)), rng.normal(size=(3, 3))
    found = maps(image, kernel)
    assert data(found.feature) == pytest.approx(correlated(image, kernel))
    assert data(found.active) == pytest.approx(np.maximum(correlated(image, kernel), 0))
    windows = data(found.active)[:4, :4].reshape(2, 2, 2, 2)
    assert data(found.pooled) == pytest.approx(windows.max(axis=(1, 3)))
    assert data(found.flat).tolist() == data(found.pooled).ravel().tolist()
    check_gradients(found.flat[0] + found.flat[3], convolution._kernel_of(found)).raise_if_failed()


def test_a_flipped_kernel_gives_the_other_sign_for_this_kernel(briefly: Briefly) -> None:
    flipped = data(maps(ZERO, KERNEL[::-1, ::-1]).feature)
    assert (flipped == -correlated(ZERO, KERNEL)).all()
    text = briefly("convolution").text
    assert "25 of 25 numbers of the map have the other sign, or are 0" in text
    assert "of 25 numbers 9 stay the same, and a change of sign would explain 1. The largest, 4 and 4," in text
    assert "in row 2 and column 2 of the first map, and in row 4 and column 4 of the second" in text


def test_the_flip_of_the_corner_is_neither_itself_nor_its_negative() -> None:
    kernel, flipped = convolution.CORNER, convolution.CORNER[::-1, ::-1]
    assert not (flipped == kernel).all()
    assert not (flipped == -kernel).all()


def test_the_arrays_have_the_sizes_and_the_order_of_the_document() -> None:
    rows = counted().rows
    assert [row.computed for row in rows] == [row.printed for row in rows]
    assert {row.verdict for row in rows} == {AGREES}
    assert len(rows) == 1 + len(convolution.TENSORS) + 1


def test_images_are_rings_and_bars_in_turn_given_by_their_seed() -> None:
    first, again, other = zeros_and_ones(200, 0), zeros_and_ones(200, 0), zeros_and_ones(200, 1)
    assert (first.X == again.X).all()
    assert (first.X != other.X).any()
    assert first.Y[:4].tolist() == [0, 1, 0, 1]
    assert set(np.unique(first.X)) == {0.0, 1.0}
    for label, image in ((0, ZERO), (1, ONE)):
        moved = [np.roll(image, (i, j), (0, 1)) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        spots = [min((found != one).mean() for one in moved) for found in first.X[label == first.Y]]
        assert np.mean(spots) == pytest.approx(FLIPPED, abs=FLIPPED / 4)


def test_the_whole_story_learns_the_images(tmp_path: Path) -> None:
    text = words(convolution._learnt(brief=False), tmp_path)
    _, _, after = text.partition("it is right for ")
    on_training, _, rest = after.partition(" % of the images")
    assert float(on_training) > 95
    assert float(rest.partition("for ")[2].partition(" %")[0]) > 85


def test_the_kernels_are_drawn_before_and_after() -> None:
    pytest.importorskip("matplotlib")
    figure = convolution._kernels_chart(np.zeros((2, 1, 3, 3)), np.ones((2, 1, 3, 3)))
    names = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert names == ["kernel 1, before", "kernel 1, after", "kernel 2, before", "kernel 2, after"]


def test_the_kernel_slides_once_over_every_place(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    part = ZERO[:4, :4]
    slide(part, KERNEL, correlated(part, KERNEL), tmp_path / "slide.gif")
    with image.open(tmp_path / "slide.gif") as moving:
        assert moving.n_frames == 4
