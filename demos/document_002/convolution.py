"""Document 002, section 3.9: images, convolution, pooling, flattening, and a small network of these that learns.

The document's figures are not in its text: image and kernel are ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import shorten
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd import Value, check_gradients, dot, grad
from demos.document_002.images import SIDE, ZERO, zeros_and_ones
from demos.document_002.shapes import beside
from demos.document_002.sliding import slide
from demos.layout import percent
from demos.learning import taught
from demos.pieces import Animation, Chart, Diagram, Formula, Heading, Items, Output, Paragraph, Piece, Shapes, Table
from demos.story import demo
from nn import (
    Adam,
    Convolution2D,
    Flatten,
    Layer,
    MaxPooling2D,
    Sequential,
    accuracy,
    draw_network,
    plot_digits,
    predict,
)
from nn.figures import DIVERGING, Cell, colours, mosaic

Array = NDArray[np.float64]

KERNEL = np.array([[1.0, 0.0, -1.0], [1.0, 0.0, -1.0], [1.0, 0.0, -1.0]])
"""It finds where black at the left meets white at the right, with 3, and the reverse, with -3."""

CORNER = ZERO[1:4, 1:4]
"""The corner of the ring at the upper left, which it finds; its flip is neither itself nor its negative."""

TENSORS: dict[str, Any] = {
    "0": 1,
    "1": [1, 2, 3],
    "2": [[1, 2, 3], [4, 5, 6], [7, 8, 9]],
    "3": [[[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[4, 5, 6], [7, 8, 9], [1, 2, 3]]],
}
"""Figure 64: arrays, and of how many dimensions they are said to be."""

PIXELS = [["1", "2"], ["3", "4"]]
FLAT = ["1", "2", "3", "4"]
"""Pixel1 to pixel4 of the document, before and after flattening."""

IMAGES, NEW, EPOCHS, SEED = 120, 400, 60, 1


class Maps(NamedTuple):
    """What becomes of an image: (5, 5) feature map, after ReLU, (2, 2) after pooling, and in one row."""

    feature: Any
    active: Any
    pooled: Any
    flat: list[Any]


def maps(image: Array, kernel: Array) -> Maps:
    """The image through a kernel, ReLU, the largest of 2 × 2, and flattening, recorded."""
    convolution = with_kernel(kernel)
    feature = convolution(image)[0]
    active = np.vectorize(Value.relu, otypes=[object])(feature)
    pooled = MaxPooling2D(2)(active[np.newaxis])
    return Maps(feature, active, pooled[0], Flatten()(pooled))


def with_kernel(kernel: Array) -> Convolution2D:
    """A convolution of one kernel, without bias and activation."""
    convolution = Convolution2D(1, 1, kernel.shape, "identity", bias=False)
    convolution.set_weights(kernel[np.newaxis, np.newaxis])
    return convolution


def data(values: Any) -> Array:
    """The numbers of an array of Values."""
    numbers: Array = np.vectorize(lambda value: value.data, otypes=[float])(values)
    return numbers


def counted() -> Shapes:
    """What follows from the sizes alone: inputs, dimensions, and the order of flattening."""
    flat = Flatten()(np.array(PIXELS, dtype=float))
    rows = [
        beside(f"inputs of an image {SIDE} × {SIDE}", "49", str(ZERO.size)),
        *(
            beside(f"dimensions of {shorten(str(tensor), 30, placeholder=' …')}", printed, str(np.array(tensor).ndim))
            for printed, tensor in TENSORS.items()
        ),
        beside("(p1 p2; p3 p4) flattened", " ".join(FLAT), " ".join(f"{number:g}" for number in flat)),
    ]
    return Shapes(rows, computed="the arrays have")


@demo(
    "convolution",
    "002",
    "3.9",
    "images, kernels, feature maps, pooling, and a network of these",
    items="C90-C95 C97",
    errata="002-25",
    cover="convolution-kernels",
)
def story(*, brief: bool) -> Iterator[Piece]:
    """An image on its way through a kernel, ReLU and pooling; which way the derivative goes; and what is learnt."""
    yield Paragraph(
        "An image is a matrix of pixels: here 1 is black and 0 white, as in figure 59. Taken as it is, each pixel is an"
        " input; arrays of more dimensions are called tensors (figure 64)."
    )
    yield Chart("convolution-image", "a zero as a matrix (figure 59; the picture is ours)", lambda: plot_digits([ZERO]))
    yield counted()
    found = maps(ZERO, KERNEL)
    yield from _convolved(found)
    yield from _which_way_round(CORNER)
    yield from _pooled(found)
    yield from _derivatives(found)
    yield from _learnt(brief)


def _convolved(found: Maps) -> Iterator[Piece]:
    yield Heading("A kernel slides over the image")
    yield Paragraph(
        "A kernel of 3 × 3 is multiplied, element by element, by the part of the image below it, and the sum is a"
        " number of the feature map (figure 60). At the top left:"
    )
    corner = ZERO[:3, :3]
    lines = [tuple(map(_row, rows)) for rows in zip(corner, KERNEL, corner * KERNEL)]
    yield Table(("image", "kernel", "products"), lines, "<<<")
    yield Formula(
        r"m_{ij} = \sum_{r,s} k_{rs} \, x_{i+r,\, j+s}",
        "m[i, j] = Σ k[r, s] · x[i + r, j + s], over rows r and columns s",
    )
    yield Paragraph(
        f"whose sum is {found.feature[0, 0].data:g}. One pixel further to the right comes the next number (figure 61)."
        f" The whole map, {_shape(found.feature)} for an image of {_shape(ZERO)}:"
    )
    yield Output(_matrix(data(found.feature)))
    yield Animation(
        "convolution-sliding",
        "the kernel slides, and the map fills (figures 60 and 61)",
        lambda path: slide(ZERO, KERNEL, data(found.feature), path),
    )


def _which_way_round(kernel: Array) -> Iterator[Piece]:
    turned = kernel[::-1, ::-1]
    first, mirrored = (data(maps(ZERO, each).feature) for each in (KERNEL, KERNEL[::-1, ::-1]))
    slid, flipped = (data(maps(ZERO, each).feature) for each in (kernel, turned))
    yield Heading("Correlation and convolution")
    yield Paragraph(
        "What the document describes is a cross-correlation; a convolution flips the kernel first, in rows and in"
        " columns (002-25). The kernel above is a bad witness: its flip is its negative, and"
        f" {int((mirrored == -first).sum())} of {first.size} numbers of the map have the other sign, or are 0. A kernel"
        " that looks for a ring's corner at the upper left shows what a flip does:"
    )
    lines = [tuple(map(_row, rows)) for rows in zip(kernel, turned)]
    yield Table(("kernel", "flipped"), lines, "<<")
    lines = [tuple(map(_row, rows)) for rows in zip(slid, flipped)]
    yield Table(("correlation", "convolution"), lines, "<<")
    yield Items([_why_flipped(slid, flipped)])


def _why_flipped(slid: Array, flipped: Array) -> str:
    places = [
        tuple(int(place) + 1 for place in np.unravel_index(found.argmax(), found.shape)) for found in (slid, flipped)
    ]
    same, opposite = int((flipped == slid).sum()), int((flipped == -slid).sum())
    return (
        f"002-25: of {slid.size} numbers {same} stay the same, and a change of sign would explain {opposite}. The"
        f" largest, {slid.max():g} and {flipped.max():g}, is in row {places[0][0]} and column {places[0][1]} of the"
        f" first map, and in row {places[1][0]} and column {places[1][1]} of the second. A flip turns what a kernel"
        " looks for, and is no change of sign. TensorFlow, Keras and PyTorch leave the kernel as it is, and so does the"
        " engine: a learnt one is only written the other way."
    )


def _pooled(found: Maps) -> Iterator[Piece]:
    yield Heading("Activation, pooling, flattening")
    yield Paragraph(
        "ReLU lets through only the edges of one kind, whose numbers are above 0, and makes 0 of all others:"
    )
    yield Output(_matrix(data(found.active)))
    yield Paragraph(
        f"The largest in each window of 2 × 2 makes the map {_shape(found.pooled)} (figure 62); what is left at the"
        " right and at the bottom for an incomplete window is dropped. In one row it is the input of a usual network:"
    )
    yield Output(f"{_matrix(data(found.pooled))}\n\n{_row(data(found.flat))}")


def _derivatives(found: Maps) -> Iterator[Piece]:
    yield Heading("Which way the derivatives go")
    total = found.flat[0] + found.flat[1] + found.flat[2] + found.flat[3]
    total.label = "total"
    places = [*found.feature.ravel()]
    slopes = np.array([slope.data for slope in grad(total, places)]).reshape(found.feature.shape)
    yield Paragraph(
        "The derivative of the sum of the four, by each number of the feature map: it reaches the largest of each"
        " window alone, the first of them where several are equal, and none where ReLU is 0."
    )
    yield Output(_matrix(slopes))
    kernel, energy = _kernel_of(found), dot(found.feature.ravel(), found.feature.ravel())
    energy.label = "energy"
    yield Paragraph(
        "The kernel is used at every position, so a derivative by its weights is a sum over all of them. For the sum of"
        " the squares of the map, and its nine weights; that is how kernels are trained:"
    )
    yield Output(_matrix(np.array([slope.data for slope in grad(energy, kernel)]).reshape(KERNEL.shape)))
    yield Items([repr(check_gradients(energy, kernel).raise_if_failed())])


def _kernel_of(found: Maps) -> Sequence[Value]:
    """The weights of the kernel that the maps were recorded with, row-major."""
    weights: Sequence[Value] = found.feature[0, 0].vectors[0]
    return weights


def _learnt(brief: bool) -> Iterator[Piece]:
    yield Heading("A small network of convolutions")
    data, new = zeros_and_ones(IMAGES, SEED), zeros_and_ones(NEW, SEED + 1)
    model = Sequential(
        Convolution2D(1, 2, 3, seed=SEED), MaxPooling2D(2), Flatten(), Layer(8, 1, "sigmoid", seed=SEED + 1)
    )
    before = model[0].weights.copy()
    adam = Adam(model.parameters(), lr=0.02)
    settings = {"loss": "binary_crossentropy", "optimizer": adam, "batch_size": 20, "metrics": "accuracy", "seed": SEED}
    history = taught(model, data, epochs=EPOCHS // 20 if brief else EPOCHS, **settings)
    yield Paragraph(
        f"Rings and bars, moved by a pixel and spotted: {IMAGES} images teach the two kernels, which begin at random,"
        f" and {NEW} others measure. All {len(model.parameters())} parameters are learnt with Adam (figure 63)."
    )
    yield Output(repr(model.summary((1, SIDE, SIDE))))
    yield Diagram("convolution-network", "the network (figure 63)", draw_network(model, x=data.X[0], loss="loss"))
    right, on_others = (percent(accuracy(predict(model, part.X), part.Y), ".1%") for part in (data, new))
    yield Paragraph(
        f"After {len(history['loss'])} epochs it is right for {right} of the"
        f" images that taught it and for {on_others} of the others."
    )
    yield Chart("convolution-digits", "some of the images", lambda: plot_digits(data.X[:12], data.Y[:12], columns=6))
    yield Chart("convolution-history", "how it learns", history.plot)
    after = model[0].weights
    yield Chart("convolution-kernels", "the kernels before and after training", lambda: _kernels_chart(before, after))


def _kernels_chart(before: Array, after: Array) -> Any:
    cells = [
        Cell(kernel[0], f"kernel {number}, {when}")
        for number, kernels in enumerate(zip(before, after), start=1)
        for when, kernel in zip(("before", "after"), kernels)
    ]
    far = float(max(np.abs(before).max(), np.abs(after).max()))
    return mosaic(cells, 4, (-far, far), colours(DIVERGING), scale="weight")


def _shape(array: Any) -> str:
    return " × ".join(map(str, np.shape(array)))


def _row(numbers: Any, width: int = 2) -> str:
    return " ".join(f"{number + 0.0:{width}g}" for number in numbers).replace("-", "−")


def _matrix(numbers: Array) -> str:
    width = max(2, *(len(f"{number + 0.0:g}") for number in numbers.flat))
    return "\n".join(_row(row, width) for row in numbers)
