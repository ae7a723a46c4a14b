"""Losses by name, and what is known of each."""

from __future__ import annotations

from nn.choices import chosen
from nn.losses.formulas import (
    Loss,
    binary_crossentropy,
    binary_crossentropy_from_logits,
    categorical_crossentropy,
    categorical_crossentropy_from_logits,
    half_squared_error,
    hinge,
    mae,
    mse,
    sse,
)
from nn.losses.shapes import shaped
from nn.losses.targets import CATEGORICAL, class_targets, require_targets
from nn.models.modules import Array

LOSSES: dict[str, Loss] = {
    "half_squared_error": half_squared_error,
    "sse": sse,
    "mse": mse,
    "mae": mae,
    "hinge": hinge,
    "binary_crossentropy": binary_crossentropy,
    "binary_crossentropy_from_logits": binary_crossentropy_from_logits,
    "categorical_crossentropy": categorical_crossentropy,
    "categorical_crossentropy_from_logits": categorical_crossentropy_from_logits,
}
"""Every loss that has a name."""

SCORES = frozenset({"binary_crossentropy_from_logits", "categorical_crossentropy_from_logits", "hinge"})
"""Those whose predictions are scores, with the decision at 0, and not probabilities, with the decision at 1/2."""

SUMS = frozenset({"half_squared_error", "sse"})
"""Those that grow with the number of examples; all others are means."""


def loss_of(choice: str | Loss) -> Loss:
    """The loss of that name, or the given function of predictions and targets.

    Raises ValueError for an unknown name.
    """
    return chosen(choice, LOSSES, "loss", "function of predictions and targets")


def check_targets(loss: Loss, targets: Array, output_shape: tuple[int, ...]) -> None:
    """Raises the errors that the loss would raise for these targets, an example in each row, and records nothing.

    `output_shape` is that of what the model gives for an example: () for one Value, (k,) for k, and so on. A loss of
    one's own is not asked.
    """
    name = next((name for name, known in LOSSES.items() if known is loss), None)
    if name in CATEGORICAL:
        class_targets((len(targets), *(output_shape or (1,))), shaped(targets), name)
    elif name is not None:
        require_targets((len(targets), *output_shape), shaped(targets), name)
