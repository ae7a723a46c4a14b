"""`draw_network`: the usual diagrams of a network, which show its weights, or their gradients.

Neurons stand by layers, or matrices fit together. Nothing is derived here: gradients are those that `backward` left in
the parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, TypeAlias

from autograd.drawing.dot import picture_of
from autograd.drawing.sketches import Direction, require_direction, require_one_of
from autograd.notation.typesetting import DIGITS, require_digits
from autograd.rendering import Picture
from nn.diagrams.anatomy import network_of
from nn.diagrams.blocks import Examples, blocks
from nn.diagrams.highlights import lit_in
from nn.diagrams.layers import layers, reads_images
from nn.diagrams.neurons import neurons
from nn.diagrams.readings import Reading
from nn.diagrams.requests import Request
from nn.models.modules import Layer, Module, Neuron

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
    input_names: Iterable[str] = (),
    output_names: Iterable[str] = (),
    matrix_names: Iterable[str] = (),
    examples: Examples = "rows",
    direction: Direction | None = None,
    precision: int = DIGITS,
) -> Picture:
    """The network as a `graphviz.Digraph`; `autograd.rendering.save` writes it.

    `model` is an MLP, a Layer, a Neuron, or whatever has `layers` of these. It is shown as neurons by layers: a line is
    a weight, as wide as that is large, solid where it is positive and dashed where it is negative (document 002,
    figures 8, 13 to 17, 23, 28 and 36). With `view="blocks"` it is shown as matrices that fit together by their shapes
    (figure 35); `examples` concerns these alone: an example is a row, x · W, as in document 002, or a column, W · x, as
    in 003, which `examples="columns"` asks for. Neurons go to the right, "LR", blocks of rows up, "BT", and blocks of
    columns to the right, where `direction` does not say otherwise.

    `gradients` are drawn in place of the weights. With an example `x`, a sequence of numbers or Values, one for each
    input, each neuron has its z and its y, and blocks have their vectors. `loss` is the text of a block behind the
    outputs. `highlight` takes neurons, layers and "inputs": they stand out, with all that they read. `input_names` and
    `output_names` are used in place of x1, x2 and ŷ; in blocks, which name vectors alone, they are not seen.
    `matrix_names` are those of the weights, one for each layer, in place of W1, W2; they are seen in blocks alone.

    With `bias="ones"` the input that is always 1 is drawn beside the others. Layers without neurons, such as Dropout,
    are applied, as in predicting, and named, and not drawn. A model that reads images is drawn as a block for each
    layer with the shapes of what it gives, whatever the view; where convolutions are, these need an image `x`.

    Numbers are shown where there are at most 24, on lines or in each matrix, and not of what a highlight leaves in the
    background; or everywhere, or nowhere, as `numbers` says. They have `precision` significant digits,
    17 for all; tooltips of nodes and lines have all. Layers of more than 12 neurons, matrices of
    more than 12 rows or columns, and networks of more than 12 layers are abridged.

    Changes nothing. Raises TypeError for what is no model, no highlight, no text, no vector of numbers, no sequence of
    names, and for `numbers` that are not True, False or None; ValueError for layers that do not fit together, an
    example or names of the wrong length, a highlight that is not in the model, options that are none, and for a model
    that reads images where gradients, a highlight or names are asked for.
    """
    require_one_of("view", view, View)
    require_one_of("examples", examples, Examples)
    if not isinstance(loss, str):
        raise TypeError(f"loss is the text of a block, such as 'MSE'; got {type(loss).__name__} {loss!r}")
    if numbers is not None and not isinstance(numbers, bool):
        raise TypeError(f"numbers is True, False or None; got {type(numbers).__name__} {numbers!r}")
    if reads_images(model):
        names = {"input_names": input_names, "output_names": output_names, "matrix_names": matrix_names}
        _require_usual(gradients=gradients, highlight=highlight, **names)
        return picture_of(layers(model, x, loss, require_direction(direction or "LR")))
    network = network_of(model, x, input_names, output_names, matrix_names)
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


def _require_usual(**options: Any) -> None:
    """Raises ValueError for an option that a picture of whole layers has no place for."""
    for name, given in options.items():
        if given is not None and given is not False and given != ():
            raise ValueError(f"draw_network has no {name} for a model that reads images; got {given!r}")
