"""The command line: `python -m demos` makes the gallery of all stories, and with names it tells some of them here.

See `python -m demos --help`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

from demos.catalogue import about, is_of_document, stories
from demos.failure import DataMissing, DemoFailed
from demos.gallery.exhibits import Exhibit, made, told
from demos.gallery.front import require_own
from demos.gallery.pages import BRIEF, FRONT, Shelf, file
from demos.gallery.tours import tour
from demos.layout import show
from demos.story import Story
from demos.terminal import told as in_words

MEASUREMENTS = {
    "benchmark": "the speed of this engine beside NumPy by hand and other engines; takes some minutes",
    "accuracy": "circles and moons, how often they are learnt and how fast; takes some minutes",
}
"""Run when named only: modules whose `story(folder)` gives text."""

WITHOUT_PICTURES = frozenset({"accuracy"})

GALLERY = Path("cadena-gallery")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs what the command line asks for, and gives the exit status.

    It is 0, 1 (no pages, or something wrong), 2 (usage) or 130 (Ctrl-C).
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
        return _failed(f"{error.filename or 'a page'} can't be written: {error.strerror or error}", 1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m demos",
        description="Works through the documents with the engine, and sets their numbers beside the computed ones.",
        epilog=f"stories:\n{_listing(_titles())}\n\nmeasurements, run when named only:\n{_listing(MEASUREMENTS)}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="what is told here: a story, or all of a document (003); without a name: a gallery of all stories",
    )
    parser.add_argument(
        "--output", type=_folder, default=GALLERY, metavar="FOLDER", help="of pages and pictures (default: %(default)s)"
    )
    parser.add_argument(
        "--data",
        type=_folder,
        metavar="FOLDER",
        help="where MNIST's files are (train-images-idx3-ubyte.gz …), for digits",
    )
    parser.add_argument("--brief", action="store_true", help="a quick look: fewer epochs and examples in the stories")
    return parser


def _folder(name: str) -> Path:
    """The folder of that name. Of '' a Path would make this one."""
    if not name:
        raise argparse.ArgumentTypeError("it needs the name of a folder, and got an empty one; . is this one")
    return Path(name)


def _run(options: argparse.Namespace) -> int:
    options.names = [name for given in options.names for name in _of_document(given) or [given]]
    for name in options.names:
        if name not in _titles() | MEASUREMENTS:
            return _failed(_unknown(name), 2)
    if options.data is not None and _with_data().isdisjoint(options.names or stories()):
        return _failed(f"--data is for {', '.join(sorted(_with_data()))}", 2)
    if not options.names:
        require_own(options.output)
        _require_data(options)
    if not options.names or not set(options.names) <= WITHOUT_PICTURES:
        made(options.output)
    if not options.names:
        for line in tour(options.output, options.brief, options.data):
            show(line)
    for name in options.names:
        _tell(name, options)
    return 0


def _require_data(options: argparse.Namespace) -> None:
    """Raises DemoFailed for a bad folder of data before all the work: stories read theirs before their first piece."""
    if options.data is not None:
        for name in sorted(_with_data()):
            next(told(stories()[name], options.brief, options.data), None)


def _tell(name: str, options: argparse.Namespace) -> None:
    heading = f"{name} - {(_titles() | MEASUREMENTS)[name]}"
    show(f"{heading}\n{'=' * len(heading)}\n")
    if options.brief and name in stories():
        show(f"{BRIEF}\n")
    for text in _story(stories()[name], options) if name in stories() else _measurement(name, options.output):
        show(f"{text}\n")


def _story(story: Story, options: argparse.Namespace) -> Iterator[str]:
    exhibit = Exhibit(story, options.output, _shelf(story.name, options.output), options.brief)
    for piece in told(story, options.brief, options.data):
        yield in_words(piece, exhibit.add(piece))
    exhibit.write()
    yield f"This story as a page: {options.output / file(story.name)}"


def _shelf(name: str, folder: Path) -> Shelf:
    """The pages that are there, and this one."""
    names = [each for each in stories() if each == name or (folder / file(each)).exists()]
    return Shelf(names, (folder / FRONT).exists())


def _measurement(name: str, folder: Path) -> Iterator[str]:
    texts: Iterator[str] = import_module(f"demos.{name}").story(folder)
    return texts


def _of_document(number: str) -> list[str]:
    """The stories of a document, in its order."""
    return [story.name for story in stories().values() if is_of_document(story) and story.document == number]


def _with_data() -> set[str]:
    return {story.name for story in stories().values() if story.has_data}


def _titles() -> dict[str, str]:
    return {story.name: about(story) for story in stories().values()}


def _listing(demos: dict[str, str]) -> str:
    width = max(map(len, demos))
    return "\n".join(f"  {name:{width}}  {title}" for name, title in demos.items())


def _unknown(name: str) -> str:
    names = _titles() | MEASUREMENTS
    hint = "".join(f" did you mean {nearest!r}?" for nearest in get_close_matches(name.lower(), names, n=1))
    return f"there is no demo {name!r};{hint or ' --help lists them'}"


def _failed(message: str, status: int) -> int:
    print(f"python -m demos: {message}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
