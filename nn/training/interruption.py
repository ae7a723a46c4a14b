"""Ctrl-C, taken note of while something runs that is to end in order."""

from __future__ import annotations

import signal
import threading
from types import FrameType


class Interruption:
    """From `begin` to `end` the first Ctrl-C only sets `asked`; the second raises KeyboardInterrupt, as ever.

    Who undoes what an error left half done writes `is_over` first: no Ctrl-C raises then. `end` can be called twice.
    Only the main thread of a program hears Ctrl-C: in another one, and where Python ignores it, nothing is changed.

    Limit: before Python 3.11 it may come between any two operations, and leave what is undone half done; so may what
    the handler of another signal raises, if it comes a second time.
    """

    def __init__(self) -> None:
        self.asked = False
        self.is_over = False
        heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        self._hears = heard and threading.current_thread() is threading.main_thread()

    def begin(self) -> None:
        """Hears Ctrl-C in Python's place."""
        if self._hears:
            signal.signal(signal.SIGINT, self._ask)

    def end(self) -> None:
        """Leaves it to Python again."""
        if self._hears:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if self.asked and not self.is_over:
            raise KeyboardInterrupt
        self.asked = True
