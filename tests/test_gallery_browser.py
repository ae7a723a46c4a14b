"""The gallery in a real browser: nothing asks elsewhere, nothing complains, no page is wider than its window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograd import Value, draw
from autograd.comparison import compare
from demos.catalogue import stories
from demos.gallery.exhibits import exhibited, made
from demos.gallery.pages import Shelf
from demos.gallery.tables import FIRST
from demos.pieces import Diagram, Explorer, Formula, Heading, Items, Numbers, Output, Paragraph, Piece, Table
from tests.browser import PHONE, Browser

SIZES = [(360, 800), (1280, 900)]
LONG = "long" * 60

BROKEN = """
return [...document.querySelectorAll('.numbers td.figure')].filter((cell) => {
  const inside = document.createRange();
  inside.selectNodeContents(cell);
  return new Set([...inside.getClientRects()].map((box) => box.top)).size > 1;
}).map((cell) => cell.textContent);
"""
"""The numbers that stand in more than one line."""

PLACES = """
const names = ['quantity', 'printed', 'computed', 'verdict'];
const box = (cell) => { const { top, left, right } = cell.getBoundingClientRect(); return { top, left, right }; };
return [...document.querySelectorAll('.numbers tbody tr')].map(
  (row) => Object.fromEntries([...row.children].map((cell, place) => [names[place], box(cell)])));
"""
"""Where the cells of each row are."""


@pytest.fixture
def watched(browser: Browser) -> Iterator[Browser]:
    """The browser; at the end nothing was said on the console, and nothing but files was asked for.

    The page of another test may still be open until then: it was held to the same.
    """
    browser.complaints()
    browser.requests()
    yield browser
    assert browser.complaints() == []
    assert {address.partition(":")[0] for address in browser.requests()} <= {"file", "blob", "data", "about"}


def all_seen(browser: Browser) -> None:
    """Loads every picture of the page that is open, and unfolds what is folded."""
    browser.driver.execute_async_script(
        "const done = arguments[0];"
        "for (const each of document.querySelectorAll('details')) each.open = true;"
        "const images = [...document.images];"
        "for (const each of images) each.loading = 'eager';"
        "const loaded = (each) => each.complete || new Promise((resolve) => { each.onload = each.onerror = resolve; });"
        "Promise.all(images.map(loaded)).then(() => done());"
    )


@pytest.mark.parametrize("name", ["index", *stories()])
def test_a_page_shows_its_pictures_and_fits_its_window(name: str, watched: Browser, gallery: Path) -> None:
    watched.open(gallery / f"{name}.html")
    all_seen(watched)
    assert watched.run("return [...document.images].filter((each) => !each.naturalWidth).map((each) => each.src)") == []
    assert watched.run("return getComputedStyle(document.body).maxWidth") == "1080px"  # the style was let in
    for size in SIZES:
        watched.frame(*size)
        assert watched.run("return document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize("name", stories())
def test_no_number_of_a_table_is_broken_on_a_phone(name: str, watched: Browser, gallery: Path) -> None:
    watched.frame(*PHONE)
    watched.open(gallery / f"{name}.html")
    all_seen(watched)
    assert watched.run(BROKEN) == []


def test_numbers_that_do_not_fit_beside_one_another_keep_their_sides(watched: Browser, tmp_path: Path) -> None:
    made(tmp_path)
    rows = [*compare("both", "1.5", 1.5), *compare("too long", "0." + "1" * 20, 1 / 9)]
    story = stories()["exercise"]._replace(tell=lambda *, brief: iter([Numbers(rows)]))
    exhibited(story, tmp_path, Shelf(["exercise"], has_front=False), brief=False, data=None)
    watched.frame(*PHONE)
    watched.open(tmp_path / "exercise.html")
    both, long = watched.run(PLACES)
    assert both["printed"]["top"] == both["computed"]["top"] > both["quantity"]["top"] == both["verdict"]["top"]
    assert long["quantity"]["top"] < long["printed"]["top"] < long["computed"]["top"]
    assert len({place["quantity"]["left"] for place in (both, long)} | {long["printed"]["left"]}) == 1
    assert len({place["computed"]["right"] for place in (both, long)} | {long["verdict"]["right"]}) == 1


def test_a_long_table_is_folded_but_for_what_is_wrong_and_unfolds(watched: Browser, gallery: Path) -> None:
    seen = "return [...document.querySelectorAll('.long tbody tr')].map((each) => Boolean(each.offsetHeight))"
    wrong = "return [...document.querySelectorAll('.long tbody tr')].map((each) => each.classList.contains('wrong'))"
    watched.frame(*SIZES[1])
    watched.open(gallery / "exercise.html")
    assert watched.run(seen) == [place < FIRST or is_wrong for place, is_wrong in enumerate(watched.run(wrong))]
    watched.driver.find_element("css selector", ".more summary").click()
    assert all(watched.run(seen))


def tell(*, brief: bool) -> Iterator[Piece]:
    y = Value(2.0, "<script>window.broken = 1</script>") * Value(3.0, LONG)
    yield Heading(LONG)
    yield Paragraph(LONG)
    yield Items([LONG, "<img src=x onerror='window.broken = 1'>"])
    yield Output(LONG)
    yield Table(tuple("abcdefghij" * 2), [[LONG] * 20], "<" * 20)
    yield Numbers(compare(LONG, "0." + "1" * 99, 1 / 9))
    yield Formula(r"\text{<img src=x onerror='window.broken = 1'>} + " + " + ".join(["x"] * 99), "x")
    yield Diagram("exercise-diagram", LONG, draw(y))
    yield Explorer("exercise-explorer", "to be explored", y)


@pytest.mark.parametrize("size", SIZES, ids=["phone", "desktop"])
def test_what_is_too_wide_moves_in_its_own_box_and_what_is_hostile_does_nothing(
    size: tuple[int, int], watched: Browser, tmp_path: Path
) -> None:
    made(tmp_path)
    story = stories()["exercise"]._replace(tell=tell, title=LONG)
    exhibited(story, tmp_path, Shelf(["exercise"], has_front=False), brief=False, data=None)
    watched.frame(*size)
    watched.open(tmp_path / "exercise.html")
    all_seen(watched)
    assert watched.run("return document.documentElement.scrollWidth") <= size[0]
    assert watched.run("return window.broken") is None


def test_an_explorer_is_unfolded_in_its_page_and_runs(watched: Browser, gallery: Path) -> None:
    watched.frame(*SIZES[1])
    watched.open(gallery / "exercise.html")
    frame = watched.driver.find_element("css selector", "iframe")
    assert not frame.is_displayed()
    watched.run("document.querySelector('.explorer summary').click()")
    watched.run("document.querySelector('iframe').scrollIntoView()")
    assert frame.is_displayed()
    watched.driver.switch_to.frame(frame)
    try:
        assert watched.text("title").startswith("J = 10.02")
    finally:
        watched.driver.switch_to.default_content()


def test_no_explorer_is_unfolded_on_a_phone_but_a_link_leads_to_it(watched: Browser, gallery: Path) -> None:
    watched.frame(*SIZES[0])
    watched.open(gallery / "exercise.html")
    all_seen(watched)
    assert not watched.driver.find_element("css selector", "iframe").is_displayed()
    watched.driver.find_element("css selector", ".explorer .button").click()
    assert watched.text("title").startswith("J = 10.02")


def test_a_page_is_dark_where_its_reader_likes_it_dark(watched: Browser, gallery: Path) -> None:
    seen = []
    for dark in (False, True):
        watched.frame(*SIZES[1], dark=dark)
        watched.open(gallery / "index.html")
        seen.append(watched.run("const s = getComputedStyle(document.body); return [s.backgroundColor, s.color]"))
    assert seen == [["rgb(255, 255, 255)", "rgb(27, 31, 36)"], ["rgb(20, 24, 29)", "rgb(232, 235, 238)"]]
