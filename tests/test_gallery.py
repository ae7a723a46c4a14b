"""The gallery: its pages show what the stories tell, as text, and name only files that are there."""

from __future__ import annotations

import builtins
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, draw
from autograd.comparison import AGREES, WRONG, compare
from autograd.rendering import NoLayoutEngine
from demos import pictures
from demos.catalogue import about, is_of_document, section, stories, subject
from demos.document_002 import digits, xor
from demos.failure import DataMissing, DemoFailed
from demos.gallery import formulas, front, pages, tables
from demos.gallery.accounts import (
    Account,
    Counts,
    Tally,
    added,
    amounts,
    besides,
    counted,
    printed,
    rule,
    sources,
    tallied,
    total,
)
from demos.gallery.exhibits import Exhibit, exhibited, made
from demos.gallery.markup import Markup, element, escaped, prose
from demos.gallery.pages import Shelf
from demos.gallery.parts import part
from demos.gallery.sheets import sheet
from demos.gallery.sizes import size
from demos.pictures import NOWHERE, Saved
from demos.pieces import (
    Animation,
    Chart,
    Diagram,
    Explorer,
    Formula,
    Heading,
    Items,
    Kind,
    Numbers,
    Output,
    Paragraph,
    Piece,
    Reference,
    Shape,
    Shapes,
    Table,
)
from demos.story import EVERY_DOCUMENT, Story
from tests.hostile_labels import HOSTILE
from tests.pages import Page, read, target
from tests.pictures import needs_engine
from tests.stories import Briefly, needs_points

INJECTIONS = [
    "<script>window.broken = 1</script>",
    "</pre></td></figure><script>window.broken = 1</script>",
    "</style></title><img src=x onerror='window.broken = 1'>",
    "\"><iframe src='https://example.org'></iframe>",
    "' onload='window.broken = 1",
    "<!-- ]]> &lt;b&gt; &amp; ${1} {} %s",
]
SUMMARY = re.compile("<summary><b>Explore</b> (.*?)</summary>")
BRIEF = [name for name, story in stories().items() if not story.has_data]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made(tmp_path)
    return tmp_path


def story_of(*pieces: Piece, ending: Exception | None = None, name: str = "exercise", title: str = "a title") -> Story:
    """A story in the place of another, which ends with an error if it is given one."""

    def tell(*, brief: bool) -> Iterator[Piece]:
        yield from pieces
        if ending is not None:
            raise ending

    return stories()[name]._replace(tell=tell, title=title)


def shown(folder: Path, *pieces: Piece, **options: Any) -> Page:
    """The page of a story of these pieces."""
    exhibited(story_of(*pieces, **options), folder, Shelf(list(stories())), brief=False, data=None)
    return read(folder / "exercise.html")


Y = Value(2.0, "x") * Value(3.0, "w")


def every_piece(text: str) -> list[Piece]:
    """Each kind of piece, with the text in every place that a page shows."""
    return [
        Heading(text),
        Paragraph(text),
        Reference(text, [text]),
        Items([text, text]),
        Output(text),
        Table((text, "n"), [(text, text)], "<>"),
        Numbers(compare(text, "6", Y), computed=text),
        Shapes([Shape(text, text, text, AGREES)], computed=text),
        Formula(rf"\text{{{text}}}", text),
        Formula(text, text),
        Diagram("exercise-diagram", text, draw(Y)),
        Explorer("exercise-explorer", text, Y),
    ]


# ---- text stays text


@pytest.mark.parametrize("text", [*INJECTIONS, *(text for text in HOSTILE if text.strip())])
def test_whatever_a_piece_says_is_text_in_its_page(text: str, plain: Page, folder: Path) -> None:
    page = shown(folder, *every_piece(text), title=text)
    assert page.faults == []
    assert outside_formulas(page) - {"pre"} == outside_formulas(plain) - {"pre"}
    for tag in ("script", "iframe", "img", "a", "style", "meta"):
        assert len(page.all(tag)) == len(plain.all(tag)), tag
    assert {name for _, attributes in page.elements for name in attributes} <= KNOWN | formulas.ATTRIBUTES


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Page:
    folder = tmp_path_factory.mktemp("plain")
    made(folder)
    return shown(folder, *every_piece("plain"))


KNOWN = frozenset(
    (
        *("alt", "alttext", "charset", "class", "content", "height", "href", "http-equiv", "id", "lang", "loading"),
        *("name", "rel", "sandbox", "src", "title", "width", "aria-label"),
    )
)
"""The attributes of pages."""


def outside_formulas(page: Page) -> set[str]:
    return page.tags - formulas.ELEMENTS


@needs_engine
@pytest.mark.parametrize("text", INJECTIONS)
def test_what_is_said_in_a_page_is_said_in_full(text: str, folder: Path) -> None:
    page = shown(folder, *every_piece(text))
    wanted = " ".join(text.split())
    assert page.text.count(wanted) >= 12
    assert [each.attributes["alt"] for each in page.all("img")] == [text]
    assert [each.attributes["title"] for each in page.all("iframe")] == [text]


@pytest.mark.parametrize("text", INJECTIONS)
def test_a_reason_is_text_too(text: str, folder: Path) -> None:
    for ending in (ValueError(text), DataMissing(text)):
        page = shown(folder, ending=ending)
        assert page.faults == []
        assert page.tags & {"script", "img", "iframe"} == set()
        assert " ".join(text.split()) in page.text
    account = Account("exercise", missing=text, failure=text)
    assert Page(front.front([account])).tags & {"script", "img", "iframe"} == set()


@given(st.text())
def test_escaped_text_is_read_back_but_for_what_no_page_can_hold(text: str) -> None:
    page = Page(element("p", text, title=text))
    assert page.faults == []
    kept = "".join(page.texts)
    assert kept == page.elements[0].attributes["title"] or text == ""
    assert kept.encode() is not None
    plain = "".join(character for character in text if character.isprintable())
    assert plain == "".join(character for character in kept if character.isprintable() and character in plain)


def test_markup_is_escaped_once() -> None:
    inner = element("b", "1 < 2")
    assert element("p", inner, " & ") == "<p><b>1 &lt; 2</b> &amp; </p>"
    assert escaped(inner) is inner
    assert isinstance(inner, Markup)


def test_what_is_no_piece_is_refused() -> None:
    with pytest.raises(TypeError, match="a piece of a story is shown"):
        part("words", NOWHERE)  # type: ignore[arg-type]


# ---- formulas


needs_library = pytest.mark.skipif(not formulas.has_library(), reason="latex2mathml is not installed")

FORMULAS = [
    r"\sigma(x) = \frac{1}{1 + e^{-x}}",
    r"0.5 \cdot {\left(w_{2} \cdot \operatorname{ReLU}\left(w_{1} \cdot x_{1}\right) - 300\right)}^{2}",
    r"\begin{cases} x & x > 0 \\ 0 & x \le 0 \end{cases}",
    r"\begin{aligned} m &= \beta_1 m + g \\ v &= g^2 \end{aligned}",
    r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix} \odot \mathbf{W}^{\top}",
    r"\nabla f = \left(\frac{\partial f}{\partial x_1}, \ldots\right)",
    r"\hat{y} = \sqrt{\sum_{i=1}^{n} x_i} \quad \text{if } x \neq 0",
]


def test_what_stands_between_two_backticks_is_code(folder: Path) -> None:
    page = shown(folder, Paragraph("call `fit(<model>)` or ` alone"), Items(["`a` and `b`"]), Output("`as it is`"))
    assert "call fit(<model>) or ` alone" in page.text
    assert "a and b" in page.text
    assert "`as it is`" in page.text
    assert len(page.all("code")) == 4  # and the command of the story


def test_a_number_is_not_parted_from_its_unit() -> None:
    assert prose("off by 1.4 % at 20 degrees, 3 models") == "off by 1.4\u00a0% at 20\u00a0degrees, 3 models"
    assert prose("`7 % 3` is 1 %") == "<code>7 % 3</code> is 1\u00a0%"


# ---- tables


def numbered(lines: int) -> Table:
    return Table(("n",), [(f"line {place}",) for place in range(1, lines + 1)], ">")


def test_a_long_table_stands_whole_in_the_page_with_what_unfolds_it(folder: Path) -> None:
    page = shown(folder, numbered(tables.FIRST + tables.WORTH))
    assert f"{tables.WORTH} more rows" in page.text
    assert page.text.count("line ") == tables.FIRST + tables.WORTH
    assert not shown(folder, numbered(tables.FIRST + tables.WORTH - 1)).all("details")
    assert f":nth-child(n + {tables.FIRST + 1})" in page.style


def test_what_is_wrong_is_not_folded(folder: Path) -> None:
    rows = compare("a", ["1"] * 12, [2.0] * 12)
    assert not shown(folder, Numbers(rows)).all("details")
    page = shown(folder, Numbers([*rows, *compare("b", ["1"] * 5, [1.0] * 5)]))
    assert "5 more rows" in page.text
    assert "✓ 5 agree ✗ 12 wrong" in page.text


@needs_library
@pytest.mark.parametrize("latex", FORMULAS)
def test_a_formula_is_mathml_that_knows_its_text(latex: str) -> None:
    found = formulas.mathml(latex, "its text")
    assert found is not None
    tree = ElementTree.fromstring(found)
    assert tree.tag == "math"
    assert tree.attrib["alttext"] == "its text"
    assert "\\" not in "".join(tree.itertext())
    assert {node.tag for node in tree.iter()} <= formulas.ELEMENTS


@needs_library
def test_signs_and_numbers_of_a_formula_are_kept() -> None:
    found = formulas.mathml(r"x_1 \cdot 0.25 < \hat{y} - \sigma", "")
    assert "".join(ElementTree.fromstring(found or "").itertext()) == "x1·0.25<y^−σ"


@needs_library
@pytest.mark.parametrize(
    "latex",
    [r"\frac{", r"\nosuch x", r"a & b", r"\left( x", "}", r"\href{javascript:alert(1)}{", r"x^{1}^{2}", r"\boxed{x}"],
)
def test_a_formula_that_cannot_be_converted_is_shown_as_its_text(latex: str, folder: Path) -> None:
    page = shown(folder, Formula(latex, "the text of it"))
    assert "math" not in page.tags
    assert "the text of it" in page.text
    assert formulas.NO_LIBRARY not in page.text


@needs_library
def test_a_link_or_a_colour_in_a_formula_is_left_out() -> None:
    found = formulas.mathml(r"\href{javascript:alert(1)}{x} + \color{red}{y}", "") or ""
    assert "javascript" not in found
    assert "red" not in found


def test_without_the_library_a_formula_is_its_text_and_a_remark_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    real = builtins.__import__

    def absent(name: str, *rest: Any, **named: Any) -> Any:
        if name.startswith("latex2mathml"):
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", absent)
    page = shown(folder, Formula(r"\frac{1}{2}", "1 / 2"))
    assert "math" not in page.tags
    assert "1 / 2" in page.text
    assert "pip install latex2mathml" in page.text


# ---- pictures and explorers


@needs_engine
def test_a_picture_has_its_words_its_room_and_a_link_to_itself(folder: Path) -> None:
    page = shown(folder, Diagram("exercise-diagram", "the graph", draw(Value(1.0, "x") + 1)))
    (image,) = page.all("img")
    (link,) = [each for each in page.all("a") if each.attributes["href"] == image.attributes["src"]]
    known = size(target(folder / "exercise.html", str(link.attributes["href"])))
    assert known is not None
    assert (image.attributes["width"], image.attributes["height"]) == tuple(map(str, known))
    assert image.attributes["alt"] == "the graph"


def test_without_a_layout_engine_the_page_links_to_the_source(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    real = pictures.save

    def no_engine(picture: Any, path: Path) -> None:
        if path.suffix != ".dot":
            raise NoLayoutEngine("none here")
        real(picture, path)

    monkeypatch.setattr(pictures, "save", no_engine)
    page = shown(folder, Diagram("exercise-diagram", "the graph", draw(Value(1.0, "x") + 1)))
    assert page.all("img") == []
    assert "DOT source, for none here" in page.text
    assert "pictures/exercise-diagram.dot" in page.addresses


def test_what_matplotlib_is_missing_for_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for piece in (Chart("c", "a chart", lambda: None), Animation("a", "it moves", lambda path: None)):  # type: ignore[arg-type, return-value]
        page = Page(part(piece, Saved(None, pictures.NO_MATPLOTLIB)))
        assert page.text == f"{piece.what}: {pictures.NO_MATPLOTLIB}"


def test_an_animation_is_a_picture_and_is_saved_whole_or_not_at_all(folder: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    first, last = (image.new("RGB", (30, 20), colour) for colour in ("red", "blue"))

    def moving(path: Path) -> None:
        first.save(path, save_all=True, append_images=[last])

    def stopped(path: Path) -> None:
        path.write_bytes(b"GIF89a")
        raise ValueError("stopped")

    page = shown(folder, Animation("exercise-moves", "it moves", moving))
    (drawn,) = page.all("img")
    assert (drawn.attributes["width"], drawn.attributes["height"]) == ("30", "20")
    (still,) = page.all("source")
    assert still.attributes == {"srcset": "pictures/exercise-moves.png", "media": "(prefers-reduced-motion: reduce)"}
    with image.open(folder / "pictures" / "exercise-moves.png") as seen:
        assert (seen.size, seen.getpixel((3, 3))) == ((30, 20), (0, 0, 255))
    page = shown(folder, Animation("exercise-stops", "it stops", stopped))
    assert "ValueError: stopped" in page.text
    assert {path.name for path in (folder / "pictures").iterdir()} == {"exercise-moves.gif", "exercise-moves.png"}


def test_an_explorer_may_run_its_script_and_nothing_else(folder: Path) -> None:
    page = shown(folder, Explorer("exercise-explorer", "to be explored", Value(1.0, "x") + 1))
    (frame,) = page.all("iframe")
    assert frame.attributes["sandbox"] == "allow-scripts"
    assert frame.attributes["loading"] == "lazy"
    assert "pictures/exercise-explorer.html" in [each.attributes["href"] for each in page.all("a")]


def test_the_words_of_an_explorer_do_not_repeat_those_of_its_button(gallery: Path) -> None:
    found = [words for path in gallery.glob("*.html") for words in SUMMARY.findall(path.read_text(encoding="utf-8"))]
    assert found
    assert [words for words in found if "explor" in words.lower()] == []


@pytest.mark.parametrize(
    ("beginning", "known"),
    [
        ('<?xml version="1.0"?>\n<svg width="72pt" height="36.0pt" viewBox="0 0 72 36">', (96, 48)),
        ('<svg height="10px"\n width="20">', (20, 10)),
        ('<svg width="100%" height="3em">', None),
        ('<svg viewBox="0 0 1 1"><rect width="5" height="5"/>', None),
        ("", None),
    ],
)
def test_sizes_are_read_in_pixels(beginning: str, known: tuple[int, int] | None, tmp_path: Path) -> None:
    path = tmp_path / "x.svg"
    path.write_text(beginning, encoding="utf-8")
    assert size(path) == known


# ---- numbers


def test_the_table_of_numbers_has_the_numbers_and_their_verdicts_in_words_and_signs(folder: Path) -> None:
    rows = [
        *compare("a", "0,25", 0.25),
        *compare("b", "0,251", 0.25),
        *compare("e", "0,24", 0.248),
        *compare("c", "9", 0.25),
        *compare("d", "", 0.25),
    ]
    page = shown(folder, Numbers(rows, Kind.LISTED))
    for told in (
        "a 0,25 0.25 ✓ agrees",
        "b 0,251 0.25 ≈ rounding",
        "e 0,24 0.248 … cut off",
        "c 9 0.25 ✗ wrong in the listing",
        "d - 0.25 – not printed",
    ):
        assert told in page.text
    assert "quantity its listing would print the engine computes verdict" in page.text
    assert page.text.count("✓ 1 agree … 1 cut off ≈ 1 rounding ✗ 1 wrong") == 2  # of the story, and below the table


def test_counts_leave_out_what_is_not_printed_and_add_up() -> None:
    rows = [*compare("a", ["1", "2", "3", "4", ""], [1.0] * 5), *compare("b", ["1.001", "1.005"], [1.0, 1.0])]
    rows += compare("c", ["0,44", "0,9"], [0.449, 0.99])
    assert counted(rows) == Counts(agrees=1, cut_off=2, rounding=1, wrong=4)
    assert counted(rows).compared == 8
    assert total([]) == Counts()
    assert total([counted(rows), Counts(10, 20, 30, 40)]) == Counts(11, 22, 31, 44)


def test_shapes_are_shown_with_their_verdicts(folder: Path) -> None:
    page = shown(folder, Shapes([Shape("W", "2×5", "2×5", AGREES), Shape("b", "1×5", "5×1", WRONG)]))
    assert "quantity the document's shape the array has verdict" in page.text
    assert "W 2×5 2×5 ✓ agrees b 1×5 5×1 ✗ wrong in the document ✓ 1 agree ✗ 1 wrong" in page.text


SOME: Tally = {Kind.PRINTED: Counts(1, 4, 2, 3), Kind.SHAPE: Counts(9, wrong=1)}
OTHERS: Tally = {Kind.LISTED: Counts(1000), Kind.PRINTED: Counts(10), Kind.EVALUATED: Counts(1)}


def test_what_documents_print_is_counted_and_what_else_is_compared_stands_beside_it() -> None:
    both = added([SOME, OTHERS])
    assert both == {**OTHERS, **SOME, Kind.PRINTED: Counts(11, 4, 2, 3)}
    assert printed(both) == Counts(1011, 4, 2, 3)
    assert besides(both) == ["10 shapes (1 wrong)", "1 formula value"]
    assert amounts(both) == ["1,020 numbers compared", *besides(both)]
    assert amounts({Kind.SHAPE: Counts(1)}) == ["1 shape"]
    assert besides({Kind.PRINTED: Counts(1), Kind.SHAPE: Counts()}) == []
    assert sources(both) == (
        "20 of the numbers stand in the documents; their listings, put right where they do not run, would print 1,000."
        " Compared as well, and not counted: 10 shapes (1 wrong) and 1 formula value."
    )
    assert sources({}) == (
        "0 of the numbers stand in the documents; their listings, put right where they do not run, would print 0."
    )


def test_tables_are_tallied_by_their_kinds() -> None:
    rows, shapes = compare("a", ["1", "2", ""], [1.0] * 3), [Shape("W", "2×5", "2×5", AGREES)]
    pieces = [Numbers(rows), Numbers(rows, Kind.LISTED), Shapes(shapes), Numbers(rows)]
    assert tallied(pieces) == {
        Kind.PRINTED: Counts(2, wrong=2),
        Kind.LISTED: Counts(1, wrong=1),
        Kind.SHAPE: Counts(1),
    }


@needs_points
def test_the_documents_print_at_least_300_numbers_that_are_compared(briefly: Briefly) -> None:
    brief = {name: printed(tallied(briefly(name).tables)) for name in BRIEF if is_of_document(stories()[name])}
    brief["xor"] = counted([*xor.compared(*longest(4000)), *xor.compared_examples(*longest(8000))])
    brief["digits"] = counted(digits.counted(digits.listed()))
    assert total(brief.values()).compared >= 300


def longest(numbers: int) -> tuple[list[float], list[float]]:
    """Runs of so many errors, as long as the listing's are, and not learnt: how many are compared is asked."""
    return [1.0] * numbers, [1.0] * numbers


@pytest.mark.parametrize("name", BRIEF)
def test_every_number_of_a_story_is_in_its_page(name: str, gallery: Path, briefly: Briefly) -> None:
    page = read(gallery / f"{name}.html")
    try:
        tables = briefly(name).tables
    except DataMissing as missing:
        pytest.skip(str(missing))
    for table in tables:
        lines = re.search(r"<tbody>(.*)</tbody>", part(table, NOWHERE))
        assert lines is not None
        assert lines[1] in page.source


# ---- pages that hold together


def paths(gallery: Path) -> list[Path]:
    return [gallery / "index.html", *(gallery / f"{name}.html" for name in stories())]


def test_there_is_a_page_for_every_story_and_a_front_page_and_nothing_else(gallery: Path) -> None:
    assert sorted(gallery.iterdir()) == sorted([*paths(gallery), gallery / "pictures"])


def test_every_file_that_a_page_names_is_there_and_every_picture_is_named(gallery: Path) -> None:
    named = set()
    for path in paths(gallery):
        for address in read(path).addresses:
            assert "://" not in address
            assert target(path, address).is_file(), address
            named.add(target(path, address).resolve())
    assert set((gallery / "pictures").resolve().iterdir()) <= named


def test_pages_are_well_formed_and_have_no_script_and_no_style_but_the_one(gallery: Path) -> None:
    for path in paths(gallery):
        page = read(path)
        assert page.faults == []
        assert "script" not in page.tags
        assert not [name for each in page.elements for name in each.attributes if name == "style" or name[:2] == "on"]
        assert page.source.startswith("<!doctype html>")
        names = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
        assert len(names) == len(set(names))
        assert {f"#{name}" for name in names} >= {address for address in page.addresses if address.startswith("#")}


def test_nothing_in_the_gallery_refers_to_another_host(gallery: Path) -> None:
    for path in [*paths(gallery), *(gallery / "pictures").iterdir()]:
        if path.suffix in {".html", ".svg"}:
            source = path.read_text(encoding="utf-8")
            assert not re.search(
                r"""(?:\b(?:src|href|srcset|action|data)\s*=\s*["']?|url\(["']?|@import\s*["']?)\s*(?:https?:)?//""",
                source,
            )


def test_the_policy_of_every_page_allows_its_style_and_files_beside_it_alone(gallery: Path) -> None:
    for path in paths(gallery):
        (policy,) = read(path).all("meta", **{"http-equiv": "Content-Security-Policy"})
        told = dict(each.strip().partition(" ")[::2] for each in str(policy.attributes["content"]).split(";"))
        assert told.pop("default-src") == "'none'"
        assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", told.pop("style-src"))
        files, nothing = "'self' file:", "'none'"
        assert told == {"img-src": files, "frame-src": files, "base-uri": nothing, "form-action": nothing}


def test_previous_and_next_lead_through_all_stories(gallery: Path) -> None:
    names, way = list(stories()), []
    here = names[0]
    while here:
        way.append(here)
        following = read(gallery / f"{here}.html").all("a", rel="next")
        here = str(following[0].attributes["href"]).removesuffix(".html") if following else ""
    assert way == names
    back = [read(gallery / f"{name}.html").all("a", rel="prev") for name in names]
    assert [each[0].attributes["href"] if each else "" for each in back] == [
        "",
        *(f"{name}.html" for name in names[:-1]),
    ]


def test_a_page_alone_links_to_no_page_that_is_not_there(folder: Path) -> None:
    exhibit = Exhibit(story_of(Paragraph("words")), folder, Shelf(["exercise"], has_front=False))
    exhibit.add(Paragraph("words"))
    exhibit.write()
    assert read(folder / "exercise.html").addresses == []


def test_a_reference_links_to_the_pages_that_are_there_and_names_the_other_stories(folder: Path) -> None:
    exhibit = Exhibit(story_of(), folder, Shelf(["exercise", "xor"], has_front=False))
    exhibit.add(Reference("More <b>", ["xor", "moons"]))
    exhibit.add(Reference("Nothing more", []))
    exhibit.write()
    page = read(folder / "exercise.html")
    assert "More <b>. See xor , moons." in page.text  # a link stands by itself
    assert "Nothing more" in page.text
    assert "Nothing more." not in page.text
    assert page.addresses.count("xor.html") == 2  # one of them leads to the next story
    assert "moons.html" not in page.addresses


def test_a_long_story_begins_with_links_to_its_parts(folder: Path) -> None:
    page = shown(folder, *(Heading(f"part {letter} <b>") for letter in "abc"))
    assert page.text.count("part b <b>") == 2
    assert {"#part-1", "#part-2", "#part-3"} <= set(page.addresses)
    assert not [each for each in shown(folder, Heading("alone")).addresses if each.startswith("#")]


def test_the_same_story_gives_the_same_page(folder: Path) -> None:
    first = shown(folder, *every_piece("x")).source
    assert shown(folder, *every_piece("x")).source == first


# ---- the front page


@needs_points
def test_the_front_page_has_every_story_with_its_counts_and_the_totals(gallery: Path, briefly: Briefly) -> None:
    page = read(gallery / "index.html")
    tallies = {name: tallied(briefly(name).tables) for name in BRIEF}
    for name, story in stories().items():
        assert story.title[1:] in page.text
        assert section(story) in page.text
        assert " ".join(subject(story.document)) in page.text
        assert subject(story.document)[1]
        for told in amounts(tallies.get(name, {})):
            assert told in page.text
    if tallies.keys() == stories().keys():
        of_all = added(tally for name, tally in tallies.items() if is_of_document(stories()[name]))
        counts = printed(of_all)
        assert f"numbers compared {counts.compared:,}" in page.text
        assert (
            f"✓ agree {counts.agrees:,} … cut off {counts.cut_off:,} ≈ differ by rounding {counts.rounding:,}"
            in page.text
        )
        assert f"✗ wrong in the document or its listing {counts.wrong:,}" in page.text
        assert sources(of_all) in page.text
    assert pages.BRIEF in page.text


@needs_engine
@needs_points
def test_a_card_shows_the_cover_of_its_story(gallery: Path) -> None:
    covers = {f"pictures/{story.cover}.svg" for story in stories().values() if story.cover}
    assert covers
    assert covers <= {each.attributes["src"] for each in read(gallery / "index.html").all("img")}


def test_counts_of_the_front_page_are_those_of_the_accounts() -> None:
    names = list(stories())[:2]
    accounts = [
        Account(names[0], SOME, ("pictures/a.svg", "pictures/b.gif"), "pictures/a.svg"),
        Account(names[1], OTHERS, ("pictures/c.svg",)),
    ]
    page = Page(front.front(accounts))
    assert (
        "✓ 1 agree … 4 cut off ≈ 2 rounding ✗ 3 wrong 10 numbers compared, 10 shapes (1 wrong), 2 pictures" in page.text
    )
    assert "✓ 1,010 agree 1,010 numbers compared, 1 formula value, 1 picture" in page.text
    for told in (
        "stories 2",
        "numbers compared 1,020",
        "✓ agree 1,011",
        sources(added([SOME, OTHERS])),
        "… cut off 4",
        "≈ differ by rounding 2",
        rule(),
        "pictures 3",
    ):
        assert told in page.text
    assert [each.attributes["src"] for each in page.all("img")] == ["pictures/a.svg"]


def test_what_looks_back_on_all_documents_is_shown_and_its_numbers_are_not_counted_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    back = stories()["exercise"]._replace(name="looking-back", document=EVERY_DOCUMENT, title="looking back")
    monkeypatch.setitem(stories(), "looking-back", back)
    page = Page(front.front([Account("exercise", SOME), Account("looking-back", SOME)]))
    assert "numbers compared 10 " in page.text
    assert page.text.count("10 numbers compared") == 2
    assert "All documents" in page.text
    assert about(back) == "all documents, looking back"


# ---- what goes wrong


def test_a_story_without_its_data_is_passed_over_and_says_why(folder: Path) -> None:
    account = exhibited(story_of(ending=DataMissing("no files <here>")), folder, Shelf(list(stories())), False, None)
    assert (account.missing, account.failure) == ("no files <here>", "")
    assert "This story is not told: no files <here>" in read(folder / "exercise.html").text
    assert account.remark == "not told: no files <here>"
    assert "not told: no files <here>" in Page(front.front([account])).text


def test_a_story_that_lacks_something_at_the_end_is_told_up_to_there_and_says_so(folder: Path) -> None:
    story = story_of(Paragraph("so far"), ending=DataMissing("passed over: one"))
    account = exhibited(story, folder, Shelf(list(stories())), False, None)
    page = read(folder / "exercise.html")
    assert "Not all of this story is told: passed over: one" in page.text
    assert "so far" in page.text
    assert account.remark == "not told in full: passed over: one"


def test_a_long_list_of_errata_is_told_as_a_number(folder: Path) -> None:
    for numbers, told in ((["000-1", "000-2"], "000-1, 000-2"), (["000-1"] * 13, "13 mistakes of the documents")):
        story = story_of()._replace(errata=" ".join(numbers))
        exhibited(story, folder, Shelf(["exercise"]), False, None)
        assert told in read(folder / "exercise.html").text


@pytest.mark.parametrize(
    ("ending", "told"),
    [(ZeroDivisionError("by zero"), "ZeroDivisionError: by zero"), (DemoFailed("two differ"), "two differ")],
)
def test_a_story_that_fails_shows_how_far_it_came_and_why(ending: Exception, told: str, folder: Path) -> None:
    story = story_of(Paragraph("so far"), Numbers(compare("a", "1", 1.0)), ending=ending)
    account = exhibited(story, folder, Shelf(list(stories())), False, None)
    assert (account.failure, account.counts) == (told, Counts(agrees=1))
    page = read(folder / "exercise.html")
    assert f"This story did not end well: {told}" in page.text
    assert "so far" in page.text
    assert f"failed: {told}" in Page(front.front([account])).text


def test_two_pictures_of_one_name_in_a_story_are_refused(folder: Path) -> None:
    graph = draw(Value(1.0, "x") + 1)
    account = exhibited(
        story_of(Diagram("exercise", "", graph), Diagram("Exercise", "", graph)),
        folder,
        Shelf(list(stories())),
        False,
        None,
    )
    assert account.failure == "ValueError: the story 'exercise' has two pictures of the name 'Exercise'"


@pytest.mark.parametrize(
    ("name", "belongs"),
    [
        ("circles-right-map", "the name belongs to 'circles-right'"),
        ("APARTMENT", "the name belongs to 'apartment'"),
        ("circlesmap", "it begins with the name of no story"),
        ("graph", "it begins with the name of no story"),
    ],
)
def test_a_picture_that_could_be_one_of_another_story_is_refused_before_it_is_saved(
    name: str, belongs: str, folder: Path
) -> None:
    telling = story_of(Diagram(name, "", draw(Value(1.0, "x") + 1)), name="circles")
    account = exhibited(telling, folder, Shelf(list(stories())), False, None)
    assert account.failure == f"ValueError: a picture of the story 'circles' can't be called {name!r}: {belongs}"
    assert list((folder / "pictures").iterdir()) == []


def test_no_story_has_the_name_of_the_front_page_or_of_the_folder_of_pictures() -> None:
    assert not {"index", "pictures"} & {name.lower() for name in stories()}


def test_a_page_that_cannot_be_written_leaves_the_old_one(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    shown(folder, Paragraph("old"))

    def full(old: Path, new: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        shown(folder, Paragraph("new"))
    assert "old" in read(folder / "exercise.html").text
    assert sorted(path.name for path in folder.iterdir()) == ["exercise.html", "pictures"]


def test_the_sheet_says_what_it_is() -> None:
    page = Page(sheet("a <title>", Markup("<p>words</p>")))
    assert page.all("html", lang="en")
    assert page.all("meta", charset="utf-8")
    assert "a <title>" in page.text
    assert "$" not in page.style
