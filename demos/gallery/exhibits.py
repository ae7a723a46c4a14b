"""A story on its way into a page: its pieces are added one at a time, and the page is written at the end, whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryFile
from time import perf_counter
from urllib.parse import unquote

from autograd.archive.files import UNFINISHED, write_whole
from demos.catalogue import owner
from demos.failure import DataMissing, DemoFailed
from demos.gallery.accounts import Account, added, tallied
from demos.gallery.markup import Markup
from demos.gallery.pages import Shelf, file, page
from demos.gallery.parts import PICTURES, address, part, referring
from demos.gallery.sizes import Size, size
from demos.pictures import NOWHERE, Saved, saved
from demos.pieces import Comparison, Picture, Piece, Reference
from demos.story import Story

ROOM = Size(320, 194)
"""Pixels for a picture on the front page."""


class Exhibit:
    """The page of a story, not yet written. The folder has a folder for pictures (see `made`)."""

    def __init__(self, story: Story, folder: Path, shelf: Shelf, brief: bool = False) -> None:
        self.story = story
        self._folder, self._shelf, self._brief = folder, shelf, brief
        self._parts: list[Markup] = []
        self._account = Account(story.name)
        self._names: set[str] = set()
        self._pages = {name: file(name) for name in shelf.names}
        self._begun = perf_counter()

    def add(self, piece: Piece) -> Saved:
        """Takes a piece in, and gives where it was saved, if it is a picture.

        Raises ValueError, and saves nothing, for a second picture of the same name, and for one whose name doesn't
        begin with that of the story: it could be a picture of another one too.
        """
        if isinstance(piece, Comparison):
            self._account = self._account._replace(tally=added([self._account.tally, tallied([piece])]))
        where = self._hung(piece) if isinstance(piece, Picture) else NOWHERE
        self._parts.append(referring(piece, self._pages) if isinstance(piece, Reference) else part(piece, where))
        return where

    def write(self, missing: str = "", failure: str = "") -> Account:
        """Writes the page, and gives the account of the story."""
        seconds = perf_counter() - self._begun
        account = self._account._replace(
            thumbnail=self._thumbnail(), seconds=seconds, missing=missing, is_begun=bool(self._parts), failure=failure
        )
        text = page(self.story, account, self._parts, self._shelf, self._brief)
        write_whole(self._folder / file(self.story.name), text.encode())
        return account

    def _thumbnail(self) -> str:
        """The cover of the story, or the picture that fills its room best without being enlarged."""
        stills = [path for path in self._account.pictures if path.endswith(".svg")]
        cover = f"{PICTURES}/{self.story.cover}.svg"
        return cover if cover in stills else max(stills, key=self._filled, default="")

    def _filled(self, address: str) -> float:
        known = size(self._folder / unquote(address))
        if known is None:
            return 0.0
        scale = min(1.0, ROOM.width / known.width, ROOM.height / known.height)
        return scale * known.width * scale * known.height

    def _hung(self, piece: Picture) -> Saved:
        name = piece.name.lower()
        if name in self._names:
            raise ValueError(f"the story {self.story.name!r} has two pictures of the name {piece.name!r}")
        if owner(name) != self.story.name:
            raise ValueError(
                f"a picture of the story {self.story.name!r} can't be called {piece.name!r}: {_belongs(name)}"
            )
        self._names.add(name)
        where = saved(piece, self._folder / PICTURES)
        if where.path is not None and not where.remark:
            self._account = self._account._replace(pictures=(*self._account.pictures, address(where.path)))
        return where


def exhibited(story: Story, folder: Path, shelf: Shelf, brief: bool, data: Path | None) -> Account:
    """Tells a story into its page. What goes wrong is said there and in the account; what came before it is shown."""
    exhibit = Exhibit(story, folder, shelf, brief)
    try:
        for piece in told(story, brief, data):
            exhibit.add(piece)
    except DataMissing as error:
        return exhibit.write(missing=str(error))
    except Exception as error:  # one story must not take the others with it
        return exhibit.write(failure=_reason(error))
    return exhibit.write()


def told(story: Story, brief: bool = False, data: Path | None = None) -> Iterator[Piece]:
    """The pieces of a story, which is given the folder of data if it takes one."""
    options = {"data": data} if story.has_data else {}
    return story(brief=brief, **options)


def made(folder: Path) -> None:
    """Makes the folder of the gallery, and that of its pictures.

    Raises the OSError now that the first page would raise after all the work.
    """
    try:
        (folder / PICTURES).mkdir(parents=True, exist_ok=True)
        for each in (folder, folder / PICTURES):
            with TemporaryFile(dir=each):
                pass
    except OSError as error:
        reason = "a file is in its way" if isinstance(error, FileExistsError | NotADirectoryError) else error.strerror
        raise OSError(error.errno, reason, str(folder)) from error


def swept(folder: Path) -> None:
    """Removes from the gallery what was being written when its writer was ended."""
    for unfinished in folder.rglob(f".*{UNFINISHED}"):
        if unfinished.is_dir():
            rmtree(unfinished, ignore_errors=True)
        else:
            unfinished.unlink(missing_ok=True)


def _belongs(picture: str) -> str:
    return f"the name belongs to {owner(picture)!r}" if owner(picture) else "it begins with the name of no story"


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, DemoFailed) else f"{type(error).__name__}: {error}"
