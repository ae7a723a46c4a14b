"""The whole gallery: every story told by the workers, a line for each when it is done, and then the front page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from time import perf_counter

from autograd.archive.files import write_whole
from autograd.comparison import in_words
from demos.catalogue import stories
from demos.failure import DemoFailed
from demos.gallery.accounts import SOURCE, Account, plural, printed, sources
from demos.gallery.front import front, in_documents
from demos.gallery.pages import FRONT
from demos.gallery.workers import all_exhibited
from demos.layout import paragraph


def tour(folder: Path, brief: bool = False, data: Path | None = None) -> Iterator[str]:
    """Writes the gallery, and tells in lines how far it is; what failed is raised as DemoFailed when all is written.

    The folder is there (see `exhibits.made`).
    """
    names, begun = list(stories()), perf_counter()
    width, accounts = max(map(len, names)), []
    yield f"All stories are told; their pages and pictures go to {folder}.\n"
    for account in all_exhibited(names, folder, brief, data):
        accounts.append(account)
        yield _line(account, len(accounts), len(names), width)
    accounts.sort(key=lambda account: names.index(account.name))
    write_whole(folder / FRONT, front(accounts, brief).encode())
    yield _ending(accounts, folder, perf_counter() - begun)
    require_success(accounts)


def require_success(accounts: Iterable[Account]) -> None:
    """Raises DemoFailed with the stories that failed, if any did."""
    failed = [f"{account.name} failed: {account.failure}" for account in accounts if account.failure]
    if failed:
        raise DemoFailed("; ".join(failed))


def _line(account: Account, place: int, most: int, width: int) -> str:
    numbers, pictures = account.counts.compared, len(account.pictures)
    told = f"{plural(numbers, 'number'):>12}, {plural(pictures, 'picture'):>11}"
    return f"{place:3} of {most}  {account.name:{width}} {account.seconds:6.1f} s  {account.remark or told}"


def _ending(accounts: Sequence[Account], folder: Path, seconds: float) -> str:
    tally, pictures = in_documents(accounts), sum(len(account.pictures) for account in accounts)
    address = (folder / FRONT).resolve().as_uri()
    judged = in_words(printed(tally).by_verdict, SOURCE)
    told = f"{seconds:.0f} s, {plural(pictures, 'picture')}. {judged} {sources(tally)}"
    return f"\n{paragraph(told)}\n\nThe gallery is {address}\nOpen it in a browser, or: python -m webbrowser {address}"
