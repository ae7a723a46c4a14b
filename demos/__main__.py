"""The command line: `python -m demos` lists the demos and runs them; see `python -m demos --help`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile

from demos.catalogue import stories
from demos.failure import DataMissing, DemoFailed
from demos.layout import show
from demos.terminal import told

MEASUREMENTS = {
    "benchmark": "the speed of this engine beside NumPy by hand and other engines; takes some minutes",
    "accuracy": "circles and moons, how often they are learnt and how fast; takes some minutes",
}
"""Run when named only: modules whose `story(folder)` gives text."""

WITHOUT_PICTURES = frozenset({"accuracy"})

WITH_DATA = frozenset({"digits"})
"""Those whose data may come from a folder."""

PICTURES = Path("cadena-pictures")


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
    except (DataMissing, DemoFailed) as error:
        return _failed(str(error), 1)
    except OSError as error:
        return _failed(f"{error.filename or 'a picture'} can't be written: {error.strerror or error}", 1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m demos",
        description="Works through the documents with the engine: prints their numbers beside the computed ones.",
        epilog=f"{_listing(_titles())}\n\n{_listing(MEASUREMENTS)}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="which to run; without a name: all stories")
    parser.add_argument(
        "--output", type=Path, default=PICTURES, metavar="FOLDER", help="where pictures go (default: %(default)s)"
    )
    parser.add_argument(
        "--data", type=Path, metavar="FOLDER", help="where MNIST's files are (t10k-images-idx3-ubyte.gz …), for digits"
    )
    return parser


def _run(options: argparse.Namespace) -> int:
    for name in options.names:
        if name not in _titles() | MEASUREMENTS:
            return _failed(_unknown(name), 2)
    if options.data is not None and not WITH_DATA & set(options.names):
        return _failed(f"--data is for {', '.join(WITH_DATA)}", 2)
    names = options.names or list(stories())
    if not options.names:
        show(f"{_listing(_titles())}\n\nNow each in turn. A name runs one alone: python -m demos exercise\n")
    if not set(names) <= WITHOUT_PICTURES:
        _require_writable(options.output)
    for name in names:
        _tell(name, options)
    return 0


def _tell(name: str, options: argparse.Namespace) -> None:
    heading = f"{name} - {(_titles() | MEASUREMENTS)[name]}"
    show(f"{heading}\n{'=' * len(heading)}\n")
    for text in _texts(name, options):
        show(f"{text}\n")


def _texts(name: str, options: argparse.Namespace) -> Iterator[str]:
    if name in stories():
        given = {"data": options.data} if name in WITH_DATA else {}
        return (told(piece, options.output) for piece in stories()[name](**given))
    texts: Iterator[str] = import_module(f"demos.{name}").story(options.output)
    return texts


def _titles() -> dict[str, str]:
    return {story.name: f"document {story.document}, {story.title}" for story in stories().values()}


def _listing(demos: dict[str, str]) -> str:
    width = max(map(len, demos))
    return "\n".join(f"  {name:{width}}  {about}" for name, about in demos.items())


def _unknown(name: str) -> str:
    names = _titles() | MEASUREMENTS
    (nearest,) = get_close_matches(name.lower(), names, n=1, cutoff=0.0)
    return f"there is no demo {name!r}; did you mean {nearest!r}? The demos are: {', '.join(names)}"


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
