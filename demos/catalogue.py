"""The stories that there are, found in the packages of the documents, in the order of the documents."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from demos.story import Story

PREFIX = "document_"


@cache
def stories() -> dict[str, Story]:
    """Every story by its name, ordered by document and section."""
    told = [module.story for module in _modules() if isinstance(getattr(module, "story", None), Story)]
    return {story.name: story for story in sorted(told, key=_place)}


def _modules() -> list[ModuleType]:
    folders = sorted(Path(__file__).parent.glob(f"{PREFIX}*"))
    names = [f"demos.{folder.name}.{module.name}" for folder in folders for module in iter_modules([str(folder)])]
    return [import_module(name) for name in names]


def _place(story: Story) -> tuple[str, list[int], str]:
    return story.document, [int(part) for part in story.section.split(".")], story.name
