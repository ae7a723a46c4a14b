"""A network of images as a block for each layer, with the shapes of what goes from one to the next (002, figure 63)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from autograd.drawing.sketches import Direction, Edge, Line, Node, Sketch
from nn.abridging import abridged
from nn.backpropagation.chains import called
from nn.backpropagation.runs import steps_of
from nn.diagrams.anatomy import MOST, left_out, written
from nn.models.convolution import Convolution2D
from nn.models.images import grid
from nn.models.modules import Module
from nn.models.pooling import MaxPooling2D
from nn.models.summaries import Shape


def reads_images(model: Any) -> bool:
    """Whether a layer of a model reads images, so that it is no network of neurons side by side."""
    return any(isinstance(step, (Convolution2D, MaxPooling2D)) for step in steps_of(model))


def layers(model: Any, x: Any, loss: str, direction: Direction) -> Sketch:
    """A block for the example, if there is one, for each layer, and for the loss, in the order of their work.

    Raises ValueError for an example that does not fit the layers.
    """
    shape = None if x is None else grid(x, "draw_network").shape
    nodes = [Node("x", "feature", label="x", remark=_told(shape)), *_nodes(steps_of(model), shape)]
    shown = abridged(len(nodes), MOST + 1, first=MOST)
    rest = Node("layers", "rest", label=f"… {len(left_out(len(nodes) - 1)):,} more layers")
    drawn = [rest if place is None else nodes[place] for place in shown]
    if loss:
        drawn.append(Node("loss", "loss", label=loss))
    edges = [Edge(before.name, after.name) for before, after in pairwise(drawn)]
    return Sketch(drawn, edges, direction, caption=_caption(model, x))


def _nodes(steps: Sequence[Any], shape: Shape | None) -> Iterator[Node]:
    for number, step in enumerate(steps, start=1):
        shape = step.output_shape(shape) if isinstance(step, Module) else None
        yield _node(number, step, shape)


def _node(number: int, step: Any, shape: Shape | None) -> Node:
    size = len(step.parameters()) if isinstance(step, Module) else 0
    kind = type(step).__name__ if isinstance(step, Module) else called(step)
    symbol = written(step.activation) if hasattr(step, "activation") else ""
    lines = [Line(text) for text in (_options(step), _counted(size) if size else "") if text]
    look = "weights" if size else "vector"
    return Node(f"layer{number}", look, symbol, kind, _told(shape), lines, tooltip=f"layer {number}: {step!r}")


def _options(step: Any) -> str:
    """The size of a kernel or of a window."""
    if isinstance(step, Convolution2D):
        return f"{step.n_kernels} kernels of {step.n_channels} × {step.size[0]} × {step.size[1]}"
    return f"windows of {step.size[0]} × {step.size[1]}" if isinstance(step, MaxPooling2D) else ""


def _told(shape: Shape | None) -> str:
    return "" if shape is None else " × ".join(map(str, shape))


def _counted(size: int) -> str:
    return f"{size:,} parameter{'s' * (size != 1)}"


def _caption(model: Any, x: Any) -> str:
    title = f"{type(model).__name__}, {_counted(len(model.parameters()))}."
    shapes = "The shapes are those of what a layer gives" + ("" if x is not None else "; those of images need an x")
    return f"{title}\n{shapes}."
