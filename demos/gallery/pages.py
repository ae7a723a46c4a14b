"""The page of one story."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import NamedTuple

from demos.catalogue import headline, section, stories
from demos.gallery.accounts import Account, besides
from demos.gallery.markup import Markup, element, joined
from demos.gallery.sheets import GALLERY, sheet
from demos.gallery.tables import verdicts
from demos.story import Story

FRONT = "index.html"
"""The file of the front page."""

FEW = 2
"""A story of more headings begins with a list of them."""

MANY = 12
"""More errata than these are not listed above a story."""

BRIEF = "A quick look: fewer epochs and examples than in the whole story."


class Shelf(NamedTuple):
    """The pages that there are, beside which a page stands: stories in their order, and perhaps the front page."""

    names: Sequence[str]
    has_front: bool = True

    def around(self, name: str) -> tuple[str, str]:
        """The stories before and after this one; empty where there is none."""
        place = self.names.index(name)
        return (*self.names[max(place - 1, 0) : place], "")[0], (*self.names[place + 1 : place + 2], "")[0]


def file(name: str) -> str:
    """The file of a story's page."""
    return f"{name}.html"


def page(story: Story, account: Account, parts: Sequence[Markup], shelf: Shelf, brief: bool = False) -> str:
    """The text of the page of a story, which was told as `parts`."""
    titled, headings = _numbered(parts)
    body = [*_notices(account, brief), _contents(headings), *titled]
    header = element("header", _trail(story, shelf), element("h1", headline(story)), _facts(story, account))
    return sheet(
        f"{headline(story)} – {GALLERY}", header, "\n", element("main", joined(body, "\n")), _turn(story, shelf)
    )


def _trail(story: Story, shelf: Shelf) -> Markup:
    front = element("a", "The gallery", href=FRONT) if shelf.has_front else Markup("")
    return element("p", front, " › " * shelf.has_front, section(story), class_="trail")


def _facts(story: Story, account: Account) -> Markup:
    counts = verdicts(account.counts) if account.counts.compared else ""
    told = [counts, *besides(account.tally), _errata(story.errata.split()), element("code", command(story.name))]
    return element("p", joined(filter(None, told), " · "), class_="remark")


def _errata(numbers: Sequence[str]) -> str:
    """Which they are, or how many where it would be a long list."""
    if len(numbers) > MANY:
        return f"{len(numbers)} mistakes of the documents"
    return f"mistakes of the document: {', '.join(numbers)}" if numbers else ""


def command(name: str) -> str:
    """What runs a story alone."""
    return f"python -m demos {name}"


def _notices(account: Account, brief: bool) -> Iterator[Markup]:
    if brief:
        yield element("p", BRIEF, class_="notice")
    if account.missing:
        told = "Not all of this story is told" if account.is_begun else "This story is not told"
        yield element("p", f"{told}: {account.missing}", class_="notice")
    if account.failure:
        yield element("p", f"This story did not end well: {account.failure}", class_="notice bad")


def _numbered(parts: Sequence[Markup]) -> tuple[list[Markup], list[Markup]]:
    """The parts, with names for their headings, and the headings as links to these."""
    titled, links, numbers = [], [], count(1)
    for part in parts:
        if part.startswith("<h2>"):
            name = f"part-{next(numbers)}"
            links.append(element("a", Markup(part.removeprefix("<h2>").removesuffix("</h2>")), href=f"#{name}"))
            part = Markup(part.replace("<h2>", f'<h2 id="{name}">', 1))
        titled.append(part)
    return titled, links


def _contents(links: Sequence[Markup]) -> Markup:
    if len(links) <= FEW:
        return Markup("")
    return element(
        "nav", element("ol", *(element("li", link) for link in links)), class_="contents", aria_label="parts"
    )


def _turn(story: Story, shelf: Shelf) -> Markup:
    before, after = shelf.around(story.name)
    links = [_link(name, word) for name, word in ((before, "previous"), (after, "next")) if name]
    return element("nav", *links, class_="turn", aria_label="stories") if links else Markup("")


def _link(name: str, word: str) -> Markup:
    inside = joined([element("small", word), element("b", headline(stories()[name]))])
    return element("a", inside, href=file(name), class_=word, rel="prev" if word == "previous" else "next")
