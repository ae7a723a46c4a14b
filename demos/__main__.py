"""The command line: `python -m demos` lists the demos and runs them; see `python -m demos --help`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile

from demos.failure import DemoFailed

DEMOS = {
    "exercise": "document 003, a 2-3-1 network of sigmoids: every number of its worked exercise checked",
    "apartment": "document 000, a 1-1-1 network with ReLU: its listing beside true gradient descent",
    "networks": "documents 002 and 004, diagrams of networks: drawn from models",
    "training": "documents 001 and 002, circles and moons: learnt, measured and plotted",
}
"""The demos that run when none is named: a module of this package each, and what it is about."""

MEASUREMENTS = {
    "benchmark": "the speed of this engine beside NumPy by hand and other engines; takes some minutes",
    "accuracy": "circles and moons, how often they are learnt and how fast; takes some minutes",
    "digits": "document 002, digits: learnt by its network and by a convolutional one; takes some minutes",
}
"""Run when named only."""

WITHOUT_PICTURES = frozenset({"accuracy"})

WITH_DATA = frozenset({"digits"})
"""Those whose data may come from a folder."""

ALL = DEMOS | MEASUREMENTS

PICTURES = Path("cadena-pictures")

Story = Callable[..., Iterator[str]]
"""A function of the folder for pictures, and of `data` where a demo has some."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs what the command line asks for, and gives the exit status.

    It is 0, 1 (no pictures, or something wrong), 2 (usage) or 130 (Ctrl-C).
    """
    try:
        return _run(_parser().parse_args(arguments))
    except KeyboardInterrupt:
        return _failed("interrupted", 130)
    except BrokenPipeError:
        # the reader has gone (`| head`): the interpreter must not complain when it flushes at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except DemoFailed as error:
        return _failed(str(error), 1)
    except OSError as error:
        return _failed(f"{error.filename or 'a picture'} can't be written: {error.strerror or error}", 1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m demos",
        description="Works through the documents with the engine: prints their numbers beside the computed ones.",
        epilog=_listing(ALL),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which to run; without a name: {', '.join(DEMOS)}")
    parser.add_argument(
        "--output", type=Path, default=PICTURES, metavar="FOLDER", help="where pictures go (default: %(default)s)"
    )
    parser.add_argument(
        "--data", type=Path, metavar="FOLDER", help="where MNIST's files are (t10k-images-idx3-ubyte.gz …), for digits"
    )
    return parser


def _run(options: argparse.Namespace) -> int:
    for name in options.names:
        if name not in ALL:
            return _failed(_unknown(name), 2)
    if options.data is not None and not WITH_DATA & set(options.names):
        return _failed(f"--data is for {', '.join(WITH_DATA)}", 2)
    from demos.layout import show

    names = options.names or list(DEMOS)
    if not options.names:
        show(f"{_listing(DEMOS)}\n\nNow each in turn. A name runs one alone: python -m demos exercise\n")
    if not set(names) <= WITHOUT_PICTURES:
        _require_writable(options.output)
    for name in names:
        _tell(name, options)
    return 0


def _tell(name: str, options: argparse.Namespace) -> None:
    from demos.layout import show

    heading = f"{name} - {ALL[name]}"
    show(f"{heading}\n{'=' * len(heading)}\n")
    story: Story = import_module(f"demos.{name}").story
    given = {"data": options.data} if name in WITH_DATA else {}
    for text in story(options.output, **given):
        show(f"{text}\n")


def _listing(demos: dict[str, str]) -> str:
    width = max(map(len, demos))
    return "\n".join(["The demos:", *(f"  {name:{width}}  {about}" for name, about in demos.items())])


def _unknown(name: str) -> str:
    (nearest,) = get_close_matches(name.lower(), ALL, n=1, cutoff=0.0)
    return f"there is no demo {name!r}; did you mean {nearest!r}? The demos are: {', '.join(ALL)}"


def _require_writable(folder: Path) -> None:
    """Makes the folder, and raises the OSError now that the pictures would raise after all the work."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(folder)) from error


def _failed(message: str, status: int) -> int:
    print(f"python -m demos: {message}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
