"""The front page, `index.html`: the stories by document, and the totals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from errno import EEXIST
from itertools import groupby
from pathlib import Path

from autograd.comparison import AGREES, CUT_OFF, ROUNDING, WRONG
from demos.catalogue import headline, is_of_document, section, stories, subject
from demos.gallery.accounts import SOURCE, Account, Tally, added, amounts, plural, printed, rule, sources
from demos.gallery.markup import Markup, element, joined
from demos.gallery.pages import BRIEF, FRONT, file
from demos.gallery.sheets import GALLERY, sheet
from demos.gallery.tables import CLASSES, SIGNS, verdicts

ABOUT = (
    "Five Spanish texts on neural networks, worked through with a scalar autograd engine that shows its work. What"
    " a text prints, and what its listings would print, stands beside what the engine computes, of long runs a part;"
    " where they differ, the story says why."
)


def front(accounts: Sequence[Account], brief: bool = False) -> str:
    """The text of the front page, for stories in the order in which they are to stand."""
    notice = element("p", BRIEF, class_="notice") if brief else Markup("")
    by_document = groupby(accounts, key=lambda account: stories()[account.name].document)
    groups = {document: list(of) for document, of in by_document}
    header = element("header", element("h1", "The gallery"), element("p", ABOUT), _texts(groups), _totals(accounts))
    return sheet(GALLERY, header, notice, element("main", *(_group(*group) for group in groups.items())))


def require_own(folder: Path) -> None:
    """Raises the OSError of a front page that can't be written, for one that is there and not a gallery's."""
    page = folder / FRONT
    if page.exists() and element("title", GALLERY) not in page.read_text(encoding="utf-8", errors="replace"):
        raise FileExistsError(EEXIST, "it is there, and no page of a gallery; --output names another folder", str(page))


def in_documents(accounts: Iterable[Account]) -> Tally:
    """What was compared in the documents' own stories; what looks back on all of them would count it again."""
    return added(account.tally for account in accounts if is_of_document(stories()[account.name]))


def _texts(documents: Iterable[str]) -> Markup:
    """Which documents these are: what each is called, with a link to its stories, and what it teaches."""
    told = {document: subject(document) for document in documents}
    return element(
        "dl",
        *(
            element("div", element("dt", element("a", title, href=f"#{_place(document)}")), element("dd", lesson))
            for document, (title, lesson) in told.items()
        ),
        class_="texts",
    )


def _place(document: str) -> str:
    return f"document-{document}"


def _totals(accounts: Sequence[Account]) -> Markup:
    tally = in_documents(accounts)
    counts = printed(tally)
    pictures = sum(len(account.pictures) for account in accounts)
    told = [
        ("stories", len(accounts), None),
        ("numbers compared", counts.compared, None),
        (f"{SIGNS[AGREES]} agree", counts.agrees, CLASSES[AGREES]),
        (f"{SIGNS[CUT_OFF]} cut off", counts.cut_off, CLASSES[CUT_OFF]),
        (f"{SIGNS[ROUNDING]} differ by rounding", counts.rounding, CLASSES[ROUNDING]),
        (f"{SIGNS[WRONG]} wrong in the {SOURCE}", counts.wrong, CLASSES[WRONG]),
        ("pictures", pictures, None),
    ]
    figures = element(
        "dl",
        *(
            element("div", element("dt", name), element("dd", f"{number:,}"), class_=look)
            for name, number, look in told
        ),
        class_="totals",
    )
    return joined([figures, *(element("p", words, class_="remark") for words in (sources(tally), rule()))])


def _group(document: str, accounts: Sequence[Account]) -> Markup:
    title, _ = subject(document)
    cards = element("ul", *map(_card, accounts), class_="cards")
    return element("section", element("h2", title, id=_place(document)), cards, class_="group")


def _card(account: Account) -> Markup:
    story = stories()[account.name]
    title = element("h3", element("a", headline(story), href=file(story.name)))
    words = element("div", element("p", section(story), class_="section"), title, _told(account), class_="words")
    return element("li", _small(account), words, class_="card")


def _small(account: Account) -> Markup:
    if not account.thumbnail:
        return element("div", "∂", class_="small empty", aria_hidden="true")
    return element("div", element("img", src=account.thumbnail, alt="", loading="lazy"), class_="small")


def _told(account: Account) -> Markup:
    pictures = len(account.pictures)
    shown = amounts(account.tally) + [plural(pictures, "picture")] * bool(pictures)
    lines = [
        verdicts(account.counts),
        *(element("span", told, class_="remark") for told in (", ".join(shown), account.remark)),
    ]
    return element("p", joined(lines, Markup("<br>")), class_="told")
