"""`draw_network`: the usual diagrams of a network, which show its weights, or their gradients.

Neurons stand by layers, or matrices fit together. Nothing is derived here: gradients are those that `backward` left in
the parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias, get_args

from autograd.drawing.dot import picture_of
from autograd.drawing.sketches import Direction, require_direction
from autograd.notation.typesetting import DIGITS, require_digits
from autograd.rendering import Picture
from nn.diagrams.anatomy import network_of
from nn.diagrams.blocks import Examples, blocks
from nn.diagrams.highlights import lit_in
from nn.diagrams.neurons import neurons
from nn.diagrams.readings import Reading
from nn.diagrams.requests import Request
from nn.modules import Layer, Module, Neuron

View: TypeAlias = Literal["neurons", "blocks"]


def draw_network(
    model: Module,
    *,
    x: Any = None,
    view: View = "neurons",
    gradients: bool = False,
    numbers: bool | None = None,
    loss: str = "",
    highlight: Neuron | Layer | Literal["inputs"] | Sequence[Any] | None = None,
    input_names: Sequence[str] = (),
    output_names: Sequence[str] = (),
    examples: Examples = "rows",
    direction: Direction | None = None,
    precision: int = DIGITS,
) -> Picture:
    """The network as a `graphviz.Digraph`; `autograd.rendering.save` writes it. `model` is as for `explain_layers`.

    It shows the neurons by layers: a line is a weight, as wide as that is large, solid where it is positive and dashed
    where it is negative. With `view="blocks"` it shows the matrices, which fit together by their shapes: an example is
    a row, x · W, as in document 002, or a column, W · x, as in 003, which `examples="columns"` asks for. `gradients`
    are drawn in place of the weights. With an example `x` each neuron has its z and its y. `loss` is the text of a
    block behind the outputs. `highlight` takes neurons, layers and "inputs": they stand out, with all that they read.

    Numbers are shown where there are few, or as `numbers` says, with `precision` significant digits, 17 for all;
    tooltips of nodes and lines have all. Layers of more than 12 neurons, matrices of more than 12 rows or columns, and
    networks of more than 12 layers are abridged.

    Changes nothing. Raises TypeError for what is no model, no highlight and no text; ValueError for layers that do not
    fit together, an example of the wrong length, a highlight that is not in the model, and options that are none.
    """
    _require("view", view, View)
    _require("examples", examples, Examples)
    if not isinstance(loss, str):
        raise TypeError(f"loss is the text of a block, such as 'MSE'; got {type(loss).__name__} {loss!r}")
    network = network_of(model, x, input_names, output_names)
    upward = view == "blocks" and examples == "rows"  # so the columns of a matrix stand below what they give
    request = Request(
        network,
        Reading(gradients, require_digits(precision)),
        lit_in(network, highlight),
        numbers,
        loss,
        require_direction(direction or ("BT" if upward else "LR")),
    )
    return picture_of(neurons(request) if view == "neurons" else blocks(request, examples))


def _require(name: str, value: str, options: Any) -> None:
    if value not in get_args(options):
        raise ValueError(f"{name} is one of {', '.join(get_args(options))}; got {value!r}")
