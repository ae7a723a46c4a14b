"""What each Value of a graph is called: its label, else the caller's variable that holds it, else v1, v2 …"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cached_property
from itertools import count

from autograd.callers import names_of
from autograd.value import Value


class Names:
    """The names of the Values in an `order`, which is topological; to be made where the caller's variables are alive.

    `given` holds the labels and the variables: `w`, `w[0]`, `model.layers[0].w`. Where several Values have one label,
    the second is `w_2`; a variable that is called as another Value's label gives no name. What has none of its own is
    numbered, v1, v2 …, in the order.
    """

    def __init__(self, order: Sequence[Value]) -> None:
        self.order = order
        labels = ((node, one_line(node.label)) for node in order if node.label != "")
        self.given: dict[Value, str] = _told_apart([(node, label) for node, label in labels if label])
        self.given |= names_of(Value, {node for node in order if node not in self.given}, self.given.values())

    def __getitem__(self, node: Value | str) -> str:
        """The name of a Value; a text, such as the ellipsis for more operands, is its own."""
        return node if isinstance(node, str) else self.given.get(node) or self._numbered[node]

    @cached_property
    def _numbered(self) -> dict[Value, str]:
        taken = set(self.given.values())
        numbers = (name for name in map("v{}".format, count(1)) if name not in taken)
        return {node: next(numbers) for node in self.order if node not in self.given}


def _told_apart(labels: Sequence[tuple[Value, str]]) -> dict[Value, str]:
    """The labels, with a number behind one that another Value has too: k, k_2, for k · k would be a lie."""
    taken = {label for _, label in labels}
    met: set[str] = set()
    given: dict[Value, str] = {}
    for node, label in labels:
        name = label if label not in met else next(name for k in count(2) if (name := f"{label}_{k}") not in taken)
        met.add(label)
        taken.add(name)
        given[node] = name
    return given


def one_line(text: object) -> str:
    """A label, or what an error says, as text in one line; U+FFFD for what can't be shown."""
    words = " ".join(str(text).split())
    return words if words.isprintable() else "".join(map(_shown, words))


def _shown(character: str) -> str:
    hidden = unicodedata.category(character) in ("Cc", "Cs", "Cf", "Zl", "Zp") or ord(character) & 0xFFFE == 0xFFFE
    return "\ufffd" if hidden else character
