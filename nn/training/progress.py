"""A progress bar of epochs, made by tqdm where that is installed and somebody can see it."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping
from typing import Any

from autograd.notation.typesetting import mathematical

DIGITS = 4


class Progress:
    """A bar for so many epochs: with None if tqdm is installed and stderr is a terminal or a notebook's, else silent.

    With True there is one wherever stderr leads, and ImportError without tqdm; with False there is none.
    """

    def __init__(self, epochs: int, wanted: bool | None = None) -> None:
        self._bar = None if wanted is False else _bar(epochs, demanded=wanted is True)

    def advance(self, record: Mapping[str, float]) -> None:
        """One epoch more, and its numbers."""
        if self._bar is not None:
            told = {name: mathematical(number, DIGITS) for name, number in record.items() if name != "lr"}
            self._bar.set_postfix(told, refresh=False)
            self._bar.update()

    def close(self) -> None:
        """Leaves the bar as it stands."""
        if self._bar is not None:
            self._bar.close()


def _bar(epochs: int, demanded: bool) -> Any:
    if not (demanded or _in_notebook() or _on_terminal()):
        return None
    try:
        with warnings.catch_warnings():  # a notebook without widgets gets a bar of text, which needs no advice
            warnings.simplefilter("ignore")
            from tqdm.auto import tqdm
    except ImportError as error:
        if demanded:
            raise ImportError("progress=True needs tqdm: pip install 'cadena-autograd[demos]'") from error
        return None
    return tqdm(total=epochs, unit="epoch")


def _on_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


def _in_notebook() -> bool:
    """Whether this runs in the kernel of a notebook; IPython is there if it does."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return shell is not None and hasattr(shell, "kernel")
