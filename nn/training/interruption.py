"""Ctrl-C, taken note of while something runs that is to end in order."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType


class Interruption:
    """While it is entered the first Ctrl-C only sets `asked`; the second raises KeyboardInterrupt, as ever.

    Only the main thread of a program hears Ctrl-C: in another one, and where Python ignores it, nothing is changed.
    """

    def __init__(self) -> None:
        self.asked = False
        self._before: object = None

    def __enter__(self) -> Interruption:
        heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if heard and threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._ask)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, where: TracebackType | None) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
