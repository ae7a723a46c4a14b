"""`plot_digits`: each image the right way up, with its own text, and the wrong predictions marked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nn import one_hot, plot_digits
from nn.figures.palette import ORANGE

RNG = np.random.default_rng(0)
IMAGES = RNG.uniform(0, 255, (5, 6, 6)).round()
LABELS = [3, 1, 4, 1, 5]


def drawn(figure: Any) -> list[Any]:
    return list(figure.axes[0].get_images())


def written(figure: Any) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def frames(figure: Any) -> list[Any]:
    return list(figure.axes[0].get_lines())


def marked(figure: Any) -> list[int]:
    """The places of the frames that stand out."""
    return [place for place, frame in enumerate(frames(figure)) if frame.get_color() == ORANGE]


def seen(figure: Any, place: int) -> Any:
    """The pixels of an image from the top left, as somebody reads them in the figure."""
    image, (bottom, top) = drawn(figure)[place], figure.axes[0].get_ylim()
    left, right, low, high = image.get_extent()
    upside_down = (image.origin == "lower") ^ ((low - high) * (bottom - top) < 0)
    pixels = np.asarray(image.get_array())
    pixels = pixels[::-1] if upside_down else pixels
    return pixels if left < right else pixels[:, ::-1]


@pytest.mark.parametrize(
    "images", [IMAGES, IMAGES.reshape(5, 36), IMAGES[:, None], IMAGES.tolist(), IMAGES.astype(np.uint8)]
)
def test_each_image_is_shown_the_right_way_up(images: Any) -> None:
    figure = plot_digits(images)
    for place, image in enumerate(IMAGES):
        assert seen(figure, place).tolist() == image.tolist()


def test_images_need_not_be_square() -> None:
    images = RNG.uniform(0, 1, (3, 4, 7))
    figure = plot_digits(images)
    assert [seen(figure, place).tolist() for place in range(3)] == images.tolist()
    left, right, low, high = drawn(figure)[0].get_extent()
    assert (right - left) / (low - high) == pytest.approx(7 / 4)


def test_images_go_from_left_to_right_and_then_down_and_lie_apart() -> None:
    figure = plot_digits(IMAGES, LABELS, columns=2)
    extents = [image.get_extent() for image in drawn(figure)]
    assert [(left > extents[0][0], top > extents[0][3]) for left, _, _, top in extents][:3] == [
        (False, False),
        (True, False),
        (False, True),
    ]
    (start, end), (bottom, top_of_all) = figure.axes[0].get_xlim(), figure.axes[0].get_ylim()
    for place, (left, right, low, high) in enumerate(extents):
        assert start <= left < right <= end
        assert top_of_all <= high < low <= bottom
        for other_left, other_right, other_low, other_high in extents[:place]:
            assert left > other_right or right < other_left or high > other_low or low < other_high


def test_images_have_one_scale_from_white_at_0_to_black_at_the_highest_number() -> None:
    for image in drawn(plot_digits([np.zeros((2, 2)), np.full((2, 2), 9.0)])):
        assert image.get_clim() == (0.0, 9.0)
        assert image.get_cmap()([0.0, 1.0]).round(2).tolist() == [[1, 1, 1, 1], [0, 0, 0, 1]]
    assert drawn(plot_digits(np.zeros((1, 2, 2))))[0].get_clim() == (0.0, 1.0)
    assert drawn(plot_digits(np.array([[[-1.0, 1.0]]])))[0].get_clim() == (-1.0, 1.0)


def test_each_image_has_its_label_above_it() -> None:
    figure = plot_digits(IMAGES, LABELS, columns=2)
    assert written(figure) == [str(label) for label in LABELS]
    for text, image in zip(figure.axes[0].texts, drawn(figure)):
        left, right, _, top = image.get_extent()
        x, y = text.get_position()
        assert left < x < right
        assert y < top
        assert text.get_verticalalignment() == "bottom"


@pytest.mark.parametrize("predictions", [[3, 7, 4, 1, 6], one_hot([3, 7, 4, 1, 6], 10), [3.0, 7.0, 4.0, 1.0, 6.0]])
@pytest.mark.parametrize("labels", [LABELS, one_hot(LABELS, 10), np.array(LABELS, dtype=float)[:, None]])
def test_wrong_predictions_are_marked_and_say_both(labels: Any, predictions: Any) -> None:
    figure = plot_digits(IMAGES, labels, predictions=predictions)
    assert written(figure) == ["3", "1 taken for 7", "4", "1", "5 taken for 6"]
    assert marked(figure) == [1, 4]
    widths = [frame.get_linewidth() for frame in frames(figure)]
    assert widths[1] > widths[0]


def test_probabilities_say_the_largest() -> None:
    figure = plot_digits(IMAGES[:2], [0, 1], predictions=[[0.6, 0.4], [0.7, 0.3]])
    assert written(figure) == ["0", "1 taken for 0"]


def test_predictions_alone_are_not_marked() -> None:
    figure = plot_digits(IMAGES, predictions=LABELS)
    assert written(figure) == [str(label) for label in LABELS]
    assert marked(figure) == []


def test_the_frame_of_an_image_is_around_it() -> None:
    figure = plot_digits(IMAGES, LABELS, predictions=[0] * 5, columns=3)
    for frame, image in zip(frames(figure), drawn(figure)):
        left, right, low, high = image.get_extent()
        assert (frame.get_xdata().min(), frame.get_xdata().max()) == (left, right)
        assert (frame.get_ydata().min(), frame.get_ydata().max()) == (high, low)


def test_long_labels_are_shortened_and_keep_apart() -> None:
    figure = plot_digits(IMAGES, ["a name " * 20, "line 1\nline 2", "", "x", "y"])
    assert max(map(len, written(figure))) <= 40
    assert "…" in written(figure)[0]
    assert written(figure)[1] == "line 1 line 2"
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text()]
    assert not any(box.overlaps(other) for place, box in enumerate(boxes) for other in boxes[:place])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"images": np.zeros((3, 5))}, r"images of shape \(n, h, w\).*got \(3, 5\)"),
        ({"images": np.zeros((3, 2, 4, 4))}, r"got \(3, 2, 4, 4\)"),
        ({"images": np.zeros(9)}, r"got \(9,\)"),
        ({"images": np.zeros((0, 4, 4))}, r"at least one number in images; got the shape \(0, 4, 4\)"),
        ({"images": np.full((1, 2, 2), np.nan)}, r"finite numbers in images; got nan at images\[0, 0, 0\]"),
        ({"images": [[[1.0, 2.0], [1.0]]]}, "array of numbers as images"),
        ({"images": np.zeros((401, 2, 2))}, "at most 400 images.*got 401"),
        ({"labels": [1, 2]}, "one of labels for each image; got 2 for 5"),
        ({"predictions": [1, 2]}, "one of predictions for each image; got 2 for 5"),
        ({"labels": [1.0, np.nan, 2.0, 3.0, 4.0]}, "labels without NaN"),
        ({"columns": 0}, "at least one column; got 0"),
    ],
)
def test_what_can_not_be_drawn_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plot_digits(**{"images": IMAGES, **change})


@pytest.mark.parametrize("change", [{"images": None}, {"images": [[["a"]]]}, {"columns": 2.5}])
def test_what_is_of_another_kind_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError), match=r"number|integer"):
        plot_digits(**{"images": IMAGES, **change})
