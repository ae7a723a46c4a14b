"""Tests of `autograd.page` without a browser: what stands in the file, what is refused, what is escaped."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from autograd import PRIMITIVES, StaleGraph, Value, grad, primitive, show_page, topological_order, write_page
from autograd import sum as sum_of
from autograd.drawing.graphs import draw
from autograd.drawing.looks import NODES
from autograd.notation.typesetting import ATOM
from autograd.page import showing
from autograd.page.document import SCRIPTS, _joined
from autograd.page.javascript import literal, pieces, table_source
from autograd.page.palette import LOOKS, colors, mixed
from autograd.rendering import has_layout_engine
from demos.document_003 import exercise
from nn import MLP, mse
from tests.browser import ASSETS
from tests.hostile_labels import HOSTILE, MERMAID

SMALLEST_CONTRAST = 4.5
"""Of text and what is behind it: level AA of the Web Content Accessibility Guidelines 2.2, criterion 1.4.3."""

LARGEST_PAGE = 100 * 1024
"""In bytes, without the graph."""


class Element(NamedTuple):
    name: str
    attributes: dict[str, str | None]
    text: list[str]


class Page(HTMLParser):
    """The elements of a page in order, each with the text that stands just in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.is_inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs), []))
        self.is_inside = True

    def handle_endtag(self, tag: str) -> None:
        self.is_inside = False

    def handle_data(self, data: str) -> None:
        if self.is_inside:
            self.elements[-1].text.append(data)

    def all(self, name: str) -> list[Element]:
        return [element for element in self.elements if element.name == name]


def neuron(label: str = "y") -> Value:
    x, w, b = Value(2.0, "x"), Value(-3.0, "w"), Value(7.0, "b")
    y = (w * x + b).tanh()
    y.label = label
    return y


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "page.html"


def written(y: Value, file: Path, **options: Any) -> str:
    write_page(y, file, **options)
    return file.read_text(encoding="utf-8")


def data_of(text: str) -> Any:
    data = next(e for e in Page(text).all("script") if e.attributes.get("type") == "application/json")
    return json.loads("".join(data.text))


# ---- the file


def test_it_is_one_file_that_names_no_other(file: Path) -> None:
    page = Page(written(neuron(), file))
    addresses = {"src", "href", "srcset", "action", "data", "poster", "background"}
    assert [
        e for e in page.elements if addresses & e.attributes.keys() - ({"data"} if e.name == "svg" else set())
    ] == []
    assert not {"link", "img", "iframe", "object", "embed", "base"} & {element.name for element in page.elements}
    assert "@import" not in "".join(page.all("style")[0].text)
    assert "url(" not in "".join(page.all("style")[0].text)


def test_the_policy_knows_the_one_script_and_the_one_style_by_their_hashes(file: Path) -> None:
    page = Page(written(neuron(), file))
    policy = next(e.attributes["content"] for e in page.all("meta") if "http-equiv" in e.attributes) or ""
    directives = dict(each.strip().split(" ", 1) for each in policy.split(";"))
    script = next(e for e in page.all("script") if e.attributes.get("type") == "module")
    (style,) = page.all("style")
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == hash_of("".join(script.text))
    assert directives["style-src"] == hash_of("".join(style.text))
    assert len(page.all("script")) == 2
    assert not any(name.startswith("on") or name == "style" for e in page.elements for name in e.attributes)


def hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_no_script_evaluates_text_or_asks_for_anything() -> None:
    folder = Path(showing.__file__).parent
    for name in SCRIPTS:
        code = (folder / name).read_text(encoding="utf-8")
        asked = r"\b(eval|Function|innerHTML|outerHTML|insertAdjacentHTML|fetch|XMLHttpRequest|WebSocket|import)\b"
        assert not re.search(asked, code), name
        assert "document.write" not in code


def test_no_text_of_a_script_is_changed_where_its_spaces_are_taken_out() -> None:
    """One with names in it that has another inside would be; there is none."""
    for name in SCRIPTS:
        assert not re.search(r"\$\{[^}]*`", (ASSETS / name).read_text(encoding="utf-8")), name
    code = """const { a, b } = f("x = ( y )", `${a} = ${b}`, '", "') || [c];"""
    assert _joined(code) == """const{a,b}=f("x = ( y )",`${a} = ${b}`,'", "')||[c];"""


def test_every_script_of_the_folder_is_in_the_page() -> None:
    assert {path.name for path in Path(showing.__file__).parent.glob("*.js")} == set(SCRIPTS)


def test_the_same_graph_gives_the_same_file(file: Path) -> None:
    assert written(neuron(), file) == written(neuron(), file)


def test_the_page_is_small_beside_its_graph(file: Path) -> None:
    text = written(exercise.forward(exercise.GIVEN).J, file)
    graph = literal(data_of(text))
    assert graph in text
    assert len(text.encode()) - len(graph) <= LARGEST_PAGE


def test_the_graph_is_not_changed(file: Path) -> None:
    y = neuron()
    before = [(node.data, node.grad, node.grad_state, node.label) for node in topological_order(y)]
    write_page(y, file)
    show_page(y)
    assert [(node.data, node.grad, node.grad_state, node.label) for node in topological_order(y)] == before


# ---- what is in it


def test_the_graph_is_told_as_it_was_recorded(file: Path) -> None:
    data = data_of(written(neuron(), file, lr=0.25, precision=6))
    assert [part.get("name") for part in data["parts"]] == ["w", "x", "b", "v1", "v2", "y"]
    assert [part.get("operands") for part in data["parts"]] == [None, None, None, [0, 1], [3, 2], [4]]
    assert [part.get("role") for part in data["parts"]][:3] == ["parameter", "input", "parameter"]
    assert [part.get("row") for part in data["parts"]][3:] == ["multiply", "add", "tanh"]
    assert (data["root"], data["lr"], data["precision"]) == (5, 0.25, 6)


def test_numbers_that_json_lacks_are_texts(file: Path) -> None:
    y = Value(math.inf, "a") * Value(math.nan, "b") * -math.inf
    assert [part.get("data") for part in data_of(written(y, file))["parts"]] == ["inf", "nan", None, None, "-inf"]


def test_a_number_in_a_shared_vector_is_one_part(file: Path) -> None:
    model = MLP(2, [3, 1], seed=0)
    loss = mse([model((1.0, 2.0))], [1.0])
    plain = [part["data"] for part in data_of(written(loss, file))["parts"] if "name" not in part]
    assert plain.count(2.0) <= 2  # the input, and the exponent


def test_derivatives_are_not_asked_for_their_domains(file: Path) -> None:
    x = Value(0.0, "x")
    slope = grad(x.sqrt(), x)
    parts = data_of(written(slope, file))["parts"]
    assert [part["unchecked"] for part in parts if part.get("row") == "divide"] == [True]
    assert not any("unchecked" in part for part in data_of(written(neuron() / 2, file))["parts"])


def test_inputs_parameters_and_targets_are_what_the_caller_says(file: Path) -> None:
    a, b, c = Value(1.0, "a"), Value(2.0, "b"), Value(3.0, "c")
    parts = data_of(written(a * b - c, file, inputs=a, parameters=[b], targets=c))["parts"]
    assert [part.get("role") for part in parts[:3]] == ["input", "parameter", "target"]


def test_leaves_are_listed_as_the_caller_gives_them_and_then_as_they_were_typed(file: Path) -> None:
    model = MLP(2, [2, 1], seed=0)
    x, t = [Value(1.0, "x1"), Value(2.0, "x2")], Value(0.0, "t")
    data = data_of(written((model(x) - t) ** 2, file, parameters=model, inputs=reversed(x)))
    listed = [data["parts"][place]["name"] for place in data["leaves"]]
    assert listed == [*(parameter.label for parameter in model.parameters()), "x2", "x1", "t"]
    data = data_of(written(Value(1.0, "b") * Value(2.0, "a") - Value(3.0, "c"), file))
    assert [data["parts"][place]["name"] for place in data["leaves"]] == ["b", "a", "c"]


def test_a_large_graph_has_the_groups_of_the_pictures(file: Path) -> None:
    model = MLP(2, [4, 1], seed=0)
    loss = mse([model((k % 2, k)) for k in range(30)], [0.0] * 30)
    data = data_of(written(loss, file, parameters=model))
    named = {each["level"]: {group["name"] for group in each["groups"]} for each in data["groupings"]}
    assert data["isLarge"]
    assert "layer1.neuron2" in named["neuron"]
    assert "layer1" in named["layer"]
    for name in ("layer1.neuron2", "layer1"):
        level = "neuron" if "." in name else "layer"
        assert name in draw(loss, collapse=level, parameters=model).source  # type: ignore[arg-type]
    for each in data["groupings"]:
        assert len(each["of"]) == len(data["parts"])
        assert {group for group in each["of"] if group >= 0} == set(range(len(each["groups"])))


# ---- what is escaped


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """The page of a neuron whose labels are words."""
    return Page(written(neuron(), tmp_path_factory.mktemp("plain") / "page.html"))


@pytest.mark.parametrize(
    "label", [*HOSTILE, *MERMAID, "</script><script>x</script>", "$title ${graph} $$", "]]>--><!--"]
)
def test_a_label_is_text_wherever_it_stands(file: Path, plain: Page, label: str) -> None:
    page = Page(written(neuron(label), file))
    assert [e.name for e in page.elements] == [e.name for e in plain.elements]
    assert [set(e.attributes) for e in page.elements] == [set(e.attributes) for e in plain.elements]
    assert page.all("script")[1].text == plain.all("script")[1].text


@pytest.mark.parametrize("text", ["</script>", "<!--", "&amp;", "\u2028\u2029", "\\\"'", "\ud800", "🙂"])
def test_a_literal_ends_no_element_and_no_line(text: str) -> None:
    printed = literal([text])
    assert json.loads(printed) == [text]
    assert printed.isascii()
    assert not set("<>&\n") & set(printed)


# ---- what is refused


def test_a_stale_graph_is_refused(file: Path) -> None:
    x = Value(1.0, "x")
    y = x * 2
    x.data = 3.0
    for make in (lambda: write_page(y, file), lambda: show_page(y)):
        with pytest.raises(StaleGraph, match="refresh"):
            make()
    assert not file.exists()


def test_a_graph_that_is_too_large_is_refused_with_its_size(file: Path) -> None:
    y = sum_of([Value(1.0, f"x{k}") * k for k in range(600)])
    with pytest.raises(ValueError, match=r"this graph has 1,801 nodes and 1,800 edges; a page has at most 1,000 nodes"):
        write_page(y, file)
    assert not file.exists()
    write_page(y, file, max_nodes=2_000)
    assert file.exists()


@pytest.mark.parametrize("y", [None, 1.0, [Value(1.0)], "y"])
def test_what_is_no_value_is_refused(file: Path, y: Any) -> None:
    with pytest.raises(TypeError, match="a page shows the graph of one Value; got"):
        write_page(y, file)
    with pytest.raises(TypeError, match="a page shows the graph of one Value; got"):
        show_page(y)


@pytest.mark.parametrize("lr", [0.0, -1.0, math.inf, math.nan])
def test_what_is_no_learning_rate_is_refused(file: Path, lr: float) -> None:
    with pytest.raises(ValueError, match="lr is a learning rate, a number above 0; got"):
        write_page(neuron(), file, lr=lr)


@pytest.mark.parametrize(
    ("options", "error"),
    [({"precision": 0}, ValueError), ({"precision": 18}, ValueError), ({"precision": 1.5}, TypeError)],
)
def test_what_is_no_precision_is_refused(file: Path, options: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="precision"):
        write_page(neuron(), file, **options)


@pytest.mark.parametrize("role", ["inputs", "parameters", "targets"])
def test_a_role_of_which_nothing_is_in_the_graph_is_refused(file: Path, role: str) -> None:
    x, other = Value(2.0, "x"), Value(3.0, "other")
    y = x * 2
    for told in (other, [other], y):
        with pytest.raises(ValueError, match=f"the {role} of a page are leaves of its graph; got"):
            write_page(y, file, **{role: told})
        with pytest.raises(ValueError, match="leaves of its graph"):
            show_page(y, **{role: told})
    assert not file.exists()
    write_page(y, file, **{role: [x, other]})  # a module can have parameters that this loss does not use


def test_paths_are_refused_as_save_refuses_them(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"a page is saved as a file that ends in \.html; got 'page\.htm'"):
        write_page(neuron(), tmp_path / "page.htm")
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        write_page(neuron(), tmp_path / "nowhere" / "page.html")
    with pytest.raises(TypeError, match=r"write_page needs a path, such as 'page\.html'; got int"):
        write_page(neuron(), 3)  # type: ignore[arg-type]


def test_a_file_is_replaced_whole_and_stays_where_writing_fails(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("old", encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(OSError, match="No space left"):
            write_page(neuron(), file)
    assert file.read_text(encoding="utf-8") == "old"
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    write_page(neuron(), file)
    assert file.read_text(encoding="utf-8").startswith("<!doctype html>")


# ---- the formulas


@pytest.mark.usefixtures("table_restored")
def test_whatever_a_row_is_called_or_holds_it_stays_inside_its_own_text(file: Path) -> None:
    primitive(
        "new",
        lambda xp, delete, var: xp.exp(delete) * var,
        [lambda xp, delete, var, out: out, lambda xp, delete, var, out: xp.exp(delete)],
        domain=[("</script><script>x</script>", lambda xp, delete, var: (delete > 1000) & (var % 2 < -1))],
        ties="*/ `${x}` '\" </script>",
    )
    row = PRIMITIVES["new"]
    source = table_source([row])
    assert "(xp, delete_, var_) => xp.multiply(xp.exp(delete_), var_)" in source
    assert "(xp, delete_, var_) => ((delete_) > (1000)) && ((xp.modulo(var_, 2)) < (-1))" in source
    assert "</script>" not in source


def test_only_the_rows_that_are_needed_are_in_a_page(file: Path) -> None:
    script = "".join(Page(written(neuron(), file)).all("script")[1].text)
    assert '"tanh":{' in script
    assert '"logsumexp":{' not in script


def test_a_partial_that_is_the_constant_zero_is_none() -> None:
    source = table_source([PRIMITIVES["heaviside"]])
    assert "partials: [null, (xp, x, at_zero, out) => xp.equal(x, 0)]" in source


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{0} + {1}", [0, " + ", 1]),
        ("f({})", ["f(", 0, ")"]),
        ("|{0}|", ["|", 0, "|"]),
        ("{0}{1}", [0, 1]),
        ("{{{0}}}", ["{", 0, "}"]),
    ],
)
def test_a_template_of_notation_is_cut_into_its_pieces(template: str, expected: list[Any]) -> None:
    assert pieces(template) == expected


def test_the_tightest_precedence_in_the_scripts_is_that_of_the_table() -> None:
    code = (Path(showing.__file__).parent / "notation.js").read_text(encoding="utf-8")
    assert f"const [PRODUCT, SIGN, POWER, ATOM] = [2, 3, 4, {ATOM}];" in code


# ---- colours


def luminance(color: str) -> float:
    """Relative luminance, as the guidelines define it."""
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in channels]
    return sum(weight * x for weight, x in zip((0.2126, 0.7152, 0.0722), linear))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_all_text_stands_out_from_what_is_behind_it(dark: bool) -> None:
    color = dict(colors(dark))
    behind = ["paper", *(f"{look}-fill" for look in LOOKS)]
    pairs = [(text, under) for text in ("ink", "derivative") for under in behind] + [("faint", "paper")]
    pairs += [("on-line", "computed-line"), ("on-line", "collapsed-line")]
    ratios = {(text, under): contrast(color[text], color[under]) for text, under in pairs}
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < SMALLEST_CONTRAST} == {}


def test_by_day_the_colours_are_those_of_the_pictures() -> None:
    color = dict(colors(dark=False))
    assert all(color[f"{look}-fill"] == NODES[look].fillcolor for look in LOOKS)
    assert all(color[f"{look}-line"] == NODES[look].color for look in LOOKS)


def test_a_mixture_has_its_share_of_both() -> None:
    assert mixed("#000000", "#ffffff", 0.0) == "#000000"
    assert mixed("#000000", "#ffffff", 1.0) == "#ffffff"
    assert mixed("#102030", "#304050", 0.5) == "#203040"


# ---- a notebook


def test_a_notebook_shows_the_page_in_a_frame_that_may_do_nothing_but_run_scripts() -> None:
    (frame,) = Page(show_page(neuron())._repr_html_()).all("iframe")
    assert frame.attributes["sandbox"] == "allow-scripts"
    assert (frame.attributes["srcdoc"] or "").startswith("<!doctype html>")


def test_where_there_are_no_frames_the_picture_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Page(show_page(neuron())._repr_html_())
    if has_layout_engine():
        (image,) = shown.all("img")
        assert (image.attributes["src"] or "").startswith("data:image/svg+xml;base64,")
    monkeypatch.setattr(showing, "rendered", lambda *_: (_ for _ in ()).throw(RuntimeError("no engine")))
    shown = Page(show_page(neuron())._repr_html_())
    assert shown.all("img") == []
    assert "needs a notebook that shows frames" in "".join(text for e in shown.elements for text in e.text)


def test_the_page_of_a_notebook_is_that_of_the_file(file: Path) -> None:
    y = neuron()
    assert show_page(y, lr=0.5).text == written(y, file, lr=0.5)
    assert repr(show_page(y)) == "<the explorer of y: a notebook shows it, write_page makes a file of it>"


@pytest.mark.parametrize("height", [0, -5, 1.5, "tall"])
def test_a_height_is_a_number_of_pixels(height: Any) -> None:
    with pytest.raises(ValueError, match="height is a number of pixels, at least 1; got"):
        show_page(neuron(), height=height)
