"""The stories that there are, found in the packages of the documents, in the order of the documents.

What looks back on all documents is a story too; its module stands in FURTHER, and its document is EVERY_DOCUMENT.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from demos.story import EVERY_DOCUMENT, Story

PREFIX = "document_"

FURTHER = ("demos.audit.telling", "demos.inventory.telling")
"""Modules outside the packages of the documents whose `story` is told as well, after the others, in this order."""


@cache
def stories() -> dict[str, Story]:
    """Every story by its name, in the order of documents and sections."""
    found = [story for module in _modules() if (story := _story(module))]
    further = [story for name in FURTHER if (story := _story(import_module(name)))]
    return {story.name: story for story in [*sorted(found, key=_place), *further]}


def is_of_document(story: Story) -> bool:
    """Whether it is about a section of one document."""
    return story.document != EVERY_DOCUMENT


def section(story: Story) -> str:
    """Where its matter stands: 'Document 003, section 1'."""
    return f"Document {story.document}, section {story.section}" if is_of_document(story) else "All documents"


def subject(document: str) -> tuple[str, str]:
    """What a document is called, and what it teaches: what its package says of itself."""
    if document == EVERY_DOCUMENT:
        return "All documents", "What looks back on all five: their mistakes, computed, and what is shown where."
    told = import_module(f"demos.{PREFIX}{document}").__doc__ or ""
    title, _, lesson = told.partition("\n\n")
    return title.rstrip("."), " ".join(lesson.split())


def about(story: Story) -> str:
    """What it is about, with the document: 'document 000, the price of an apartment'."""
    return f"document {story.document}, {story.title}" if is_of_document(story) else f"all documents, {story.title}"


def headline(story: Story) -> str:
    """Its title where that stands by itself."""
    return story.title[:1].upper() + story.title[1:]


def owner(picture: str) -> str:
    """The story to which a picture of this name belongs: that with the longest name that it begins with; '' for none.

    Files are named after pictures, and file systems may not tell 'a' from 'A'.
    """
    name = f"{picture.lower()}-"
    return max((story for story in stories() if name.startswith(f"{story.lower()}-")), key=len, default="")


def _modules() -> list[ModuleType]:
    folders = sorted(Path(__file__).parent.glob(f"{PREFIX}*"))
    names = [f"demos.{folder.name}.{module.name}" for folder in folders for module in iter_modules([str(folder)])]
    return [import_module(name) for name in names]


def _story(module: ModuleType) -> Story | None:
    story = getattr(module, "story", None)
    return story if isinstance(story, Story) else None


def _place(story: Story) -> tuple[str, list[int], int, str]:
    return story.document, [int(part) for part in story.section.split(".")], story.order, story.name
